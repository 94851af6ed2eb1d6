/* test-hostile-message.c - messages damaged above the container, and files damaged at random
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

#define PROPERTIES "__properties_version1.0"
#define N_MUTATIONS 2000
#define OPENS (-1)
#define FILE_NAME_BYTES 200

/* --- by table: the property stream of a message, after its 32 bytes of header --- */

static const struct
{
  const char *name;
  guint       n_header; /* bytes of it that are there */
  const char *entries;  /* hex */
  int         code;     /* of opening */
  int         problem;  /* of the first problem, after every value was read; 0: none */
} streams[] = {
  { "empty", 0, "", OPENS, IMSG_ERROR_CORRUPT_DATA },
  { "half-a-header", 16, "", OPENS, IMSG_ERROR_CORRUPT_DATA },
  { "no-entries", 32, "", OPENS, 0 },
  { "half-an-entry", 32, "0300173600000000", OPENS, IMSG_ERROR_CORRUPT_DATA },
  { "twice", 32,
    "0300173606000000" "0100000000000000" "0300173606000000" "0200000000000000", OPENS,
    IMSG_ERROR_CORRUPT_DATA },
  { "no-stream", 32, "0201173606000000" "0500000000000000", OPENS, IMSG_ERROR_NOT_FOUND },
  { "no-list", 32, "1f10173606000000" "0800000000000000", OPENS, 0 },
  { "promises-4-gib", 32, "0201173606000000" "ffffffff00000000", OPENS, IMSG_ERROR_NOT_FOUND },
  { "unknown-type", 32, "ff00173606000000" "0100000000000000", OPENS, 0 },
  { "all-ones", 32, "ffffffffffffffff" "ffffffffffffffff", OPENS, 0 },
};

static GBytes *
make_stream (guint       n_header,
             const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_set_size (bytes, n_header);
  if (n_header > 0)
    memset (bytes->data, 0, n_header);
  for (const char *at = hex; *at != '\0'; at += 2)
    {
      guint8 byte = (guint8) (g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1]));

      g_byte_array_append (bytes, &byte, 1);
    }
  return g_byte_array_free_to_bytes (bytes);
}

static void read_message (IMsgMessage *message);

static void
read_values (IMsgPropertyObject *object)
{
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_object_list_tags (object, &n_tags);

  for (gsize i = 0; i < n_tags; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) value = imsg_property_object_get_value (object, tags[i], &error);
      g_autoptr(GBytes) raw = imsg_property_object_get_raw (object, tags[i], NULL);

      g_assert_true ((value == NULL) == (error != NULL));
      g_assert_true (value == NULL || raw != NULL);
    }
}

static void
read_message (IMsgMessage *message)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  GListModel *attachments = imsg_message_get_attachments (message);

  read_values (IMSG_PROPERTY_OBJECT (message));
  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgPropertyObject) recipient = g_list_model_get_item (recipients, i);

      read_values (recipient);
    }
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      g_autofree char *name = imsg_attachment_dup_safe_file_name (attachment);
      g_autoptr(IMsgMessage) embedded = NULL;

      read_values (IMSG_PROPERTY_OBJECT (attachment));
      g_assert_null (strchr (name, '/'));
      g_assert_true (g_utf8_validate (name, -1, NULL));
      if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
        embedded = imsg_attachment_open_message (attachment, NULL, NULL);
      if (embedded != NULL)
        read_message (embedded);
    }
}

static void
test_stream (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgStorage) storage =
    imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  g_autoptr(GBytes) stream = make_stream (streams[i].n_header, streams[i].entries);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;

  imsg_storage_write_stream (storage, PROPERTIES, stream, &error);
  g_assert_no_error (error);
  message = imsg_message_open_on_storage (storage, IMSG_OPEN_READ_ONLY, NULL, &error);
  if (streams[i].code != OPENS)
    {
      g_assert_error (error, IMSG_ERROR, streams[i].code);
      return;
    }
  g_assert_no_error (error);
  read_message (message);
  problems = imsg_message_list_problems (message);
  if (streams[i].problem == 0)
    g_assert_cmpuint (problems->len, ==, 0);
  else
    {
      g_assert_cmpuint (problems->len, >, 0);
      g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, streams[i].problem);
    }
}

/* --- names of attachments, which become names of files --- */

static const struct
{
  const char *name;
  const char *stored;
  const char *safe;
} names[] = {
  { "up", "../../etc/passwd", "_.._etc_passwd" },
  { "absolute", "/etc/passwd", "_etc_passwd" },
  { "backslashes", "..\\..\\boot.ini", "_.._boot.ini" },
  { "drive", "C:\\autoexec.bat", "C__autoexec.bat" },
  { "other-stream", "a.txt:evil.exe", "a.txt_evil.exe" },
  { "wildcards", "a*b?\"<c>|", "a_b___c__" },
  { "dot", ".", "attachment" },
  { "dots", "..", "attachment" },
  { "hidden", ".bashrc", "bashrc" },
  { "dots-at-the-end", "a.exe. . ", "a.exe" },
  { "spaces", "   ", "attachment" },
  { "newline", "a\nb.txt", "ab.txt" },
  { "escape", "a\033[31mb.txt", "a[31mb.txt" },
  { "delete", "a\177b.txt", "ab.txt" },
  { "c1-control", "a\302\205\302\233b.txt", "ab.txt" },
  { "line-separator", "a\342\200\250b.txt", "ab.txt" },
  { "reserved", "CON", "_CON" },
  { "reserved-lower", "nul.txt", "_nul.txt" },
  { "reserved-with-blank", "aux .txt", "_aux .txt" },
  { "reserved-port", "COM1", "_COM1" },
  { "reserved-printer", "lpt9.tar.gz", "_lpt9.tar.gz" },
  { "reserved-no-longer", "CONSOLE", "CONSOLE" },
  { "bidirectional", "invoice\342\200\256fdp.exe", "invoicefdp.exe" },
  { "bidirectional-isolate", "a\342\201\246b\342\201\251.exe", "ab.exe" },
  { "bidirectional-mark", "a\342\200\217b\330\234.exe", "ab.exe" },
  { "zero-width", "a\342\200\213b\357\273\277.exe", "ab.exe" },
};

static char *
make_safe (const char *stored)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  char *safe = NULL;

  /* Past the setter, which may refuse: files hold what they hold */
  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (attachment), IMSG_PR_ATTACH_LONG_FILENAME,
                                   stored, &error);
  g_assert_no_error (error);
  safe = imsg_attachment_dup_safe_file_name (attachment);
  g_assert_cmpuint (strlen (safe), <=, FILE_NAME_BYTES);
  g_assert_true (g_utf8_validate (safe, -1, NULL));
  return safe;
}

static void
test_name (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *safe = make_safe (names[i].stored);

  g_assert_cmpstr (safe, ==, names[i].safe);
}

/* What was made of n times a text, and another after it, is n_kept times the text and the other. */
static void
check_repeated (const char *text,
                gsize       n,
                const char *after,
                gsize       n_kept,
                const char *after_kept)
{
  g_autoptr(GString) stored = g_string_new (NULL);
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autofree char *safe = NULL;

  for (gsize i = 0; i < n; i++)
    g_string_append (stored, text);
  for (gsize i = 0; i < n_kept; i++)
    g_string_append (expected, text);
  g_string_append (stored, after);
  g_string_append (expected, after_kept);
  safe = make_safe (stored->str);
  g_assert_cmpstr (safe, ==, expected->str);
}

static void
test_long_name (void)
{
  check_repeated ("x", FILE_NAME_BYTES, "", FILE_NAME_BYTES, "");
  check_repeated ("x", FILE_NAME_BYTES + 1, "", FILE_NAME_BYTES, "");
  check_repeated ("x", 10000, "", FILE_NAME_BYTES, "");
  check_repeated ("x", 10000, ".pdf", FILE_NAME_BYTES - 4, ".pdf");
  check_repeated ("\303\251", 10000, "", FILE_NAME_BYTES / 2, "");
  check_repeated ("x", FILE_NAME_BYTES - 1, " yyyy", FILE_NAME_BYTES - 1, "");
}

/* Were each taken off by itself, this would go on for minutes. */
static void
test_many_dots (void)
{
  check_repeated (".", 2000000, "a", 0, "a");
}

/* --- limits: as much as there may be, and one more --- */

static IMsgSession *
new_session (IMsgLimit limit,
             guint64   value)
{
  IMsgSession *session = imsg_session_new ();

  imsg_session_set_limit (session, limit, value);
  return session;
}

static IMsgMessage *
open_limited (IMsgSession *session,
              GBytes      *bytes)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message =
    imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_READ_ONLY, NULL, &error);

  g_assert_no_error (error);
  return message;
}

/* None, or one: that there are too many. */
static void
check_too_big (GPtrArray *problems,
               gboolean   is_past)
{
  g_assert_cmpuint (problems->len, ==, is_past ? 1 : 0);
  if (is_past)
    g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_TOO_BIG);
}

static void
check_rows (IMsgLimit   limit,
            guint       n_rows,
            GListModel *(*get_rows) (IMsgMessage *message))
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);

  for (guint most = n_rows; most + 1 >= n_rows; most--)
    {
      g_autoptr(IMsgSession) session = new_session (limit, most);
      g_autoptr(IMsgMessage) message = open_limited (session, bytes);
      g_autoptr(GPtrArray) problems = NULL;

      g_assert_cmpuint (g_list_model_get_n_items (get_rows (message)), ==, most);
      problems = imsg_message_list_problems (message);
      check_too_big (problems, most < n_rows);
      if (most == 0)
        break;
    }
}

static void
test_limit_recipients (void)
{
  check_rows (IMSG_LIMIT_RECIPIENTS, 2, imsg_message_get_recipients);
}

static void
test_limit_attachments (void)
{
  check_rows (IMSG_LIMIT_ATTACHMENTS, 1, imsg_message_get_attachments);
}

static GBytes *
make_nested (guint depth)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_create_message (session, "IPM.Note", &error);
  GBytes *bytes = NULL;

  g_ptr_array_add (held, message);
  for (guint i = 0; i < depth; i++)
    {
      IMsgAttachment *attachment = imsg_message_create_attachment (message, &error);

      message = imsg_attachment_create_message (attachment, &error);
      g_assert_no_error (error);
      g_ptr_array_add (held, attachment);
      g_ptr_array_add (held, message);
    }
  bytes = imsg_message_write_to_bytes (held->pdata[0], NULL, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
test_limit_nesting (void)
{
  const guint depth = 3;
  g_autoptr(GBytes) bytes = make_nested (depth);

  for (guint most = depth - 1; most <= depth; most++)
    {
      g_autoptr(IMsgSession) session = new_session (IMSG_LIMIT_NESTING, most);
      g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr(GError) error = NULL;
      IMsgMessage *message = open_limited (session, bytes);

      g_ptr_array_add (held, message);
      for (guint i = 0; i < depth && message != NULL; i++)
        {
          IMsgAttachment *attachment =
            g_list_model_get_item (imsg_message_get_attachments (message), 0);

          g_ptr_array_add (held, attachment);
          message = imsg_attachment_open_message (attachment, NULL, &error);
          if (message != NULL)
            g_ptr_array_add (held, message);
        }
      if (most == depth)
        g_assert_no_error (error);
      else
        g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
    }
}

static void
test_limit_value (void)
{
  const gsize n_bytes = 5000;
  g_autofree char *text = g_strnfill (n_bytes, 'x');
  g_autoptr(IMsgSession) writer = imsg_session_open (IMSG_SESSION_NONE, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) source = imsg_session_create_message (writer, "IPM.Note", &error);
  g_autoptr(GBytes) bytes = NULL;

  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (source), IMSG_PR_BODY, text, &error);
  bytes = imsg_message_write_to_bytes (source, NULL, &error);
  g_assert_no_error (error);
  for (gsize most = n_bytes - 1; most <= n_bytes; most++)
    {
      g_autoptr(IMsgSession) session = new_session (IMSG_LIMIT_VALUE_BYTES, most);
      g_autoptr(IMsgMessage) message = open_limited (session, bytes);
      g_autoptr(GVariant) value = imsg_property_object_get_value (
        IMSG_PROPERTY_OBJECT (message), imsg_property_tag_change_type (IMSG_PR_BODY, 0), &error);

      if (most == n_bytes)
        g_assert_no_error (error);
      else
        g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
      g_clear_error (&error);
    }
}

/* A body that is as long as the limit, and one longer: cut there, and told of. */
static void
check_body (IMsgLimit      limit,
            IMsgBodyFormat format,
            guint32        tag,
            GBytes        *stored,
            gsize          n_bytes)
{
  for (gsize most = n_bytes - 1; most <= n_bytes; most++)
    {
      g_autoptr(IMsgSession) session = new_session (limit, most);
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
      g_autoptr(IMsgBody) body = NULL;
      g_autoptr(GPtrArray) problems = NULL;

      imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message), tag, stored, &error);
      g_assert_no_error (error);
      body = imsg_message_read_body (message, format, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (imsg_body_get_bytes (body)), ==, most);
      problems = imsg_body_list_problems (body);
      check_too_big (problems, most < n_bytes);
    }
}

static void
test_limit_rtf (void)
{
  g_autoptr(GString) rtf = g_string_new ("{\\rtf1 ");
  g_autoptr(GBytes) plain = NULL;
  g_autoptr(GBytes) compressed = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (rtf, "text ");
  g_string_append_c (rtf, '}');
  plain = g_bytes_new (rtf->str, rtf->len);
  compressed = imsg_rtf_compress (plain);
  check_body (IMSG_LIMIT_RTF_BYTES, IMSG_BODY_FORMAT_RTF, IMSG_PR_RTF_COMPRESSED, compressed,
              rtf->len);
}

static void
test_limit_html (void)
{
  g_autofree char *html = g_strnfill (3000, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (html, 3000);

  check_body (IMSG_LIMIT_HTML_BYTES, IMSG_BODY_FORMAT_HTML, IMSG_PR_HTML, bytes, 3000);
}

/* What is made of a body can be many times as long, and is held to the same bound */
static void
test_limit_made (void)
{
  const gsize most = 100000;
  const struct
  {
    IMsgBodyFormat  format;
    guint32         tag;
    const char     *head;
    const char     *unit;
  } bodies[] = {
    { IMSG_BODY_FORMAT_TEXT, IMSG_PR_HTML, "<ol><ol><ol><ol><ol><ol><ol><ol>", "<li>x" },
    { IMSG_BODY_FORMAT_HTML, IMSG_PR_BODY, "", "\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(IMsgSession) session = new_session (IMSG_LIMIT_HTML_BYTES, most);
      g_autoptr(GString) stored = g_string_new (bodies[i].head);
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
      g_autoptr(IMsgBody) body = NULL;
      g_autoptr(GPtrArray) problems = NULL;

      while (stored->len < most - 10)
        g_string_append (stored, bodies[i].unit);
      if (bodies[i].tag == IMSG_PR_BODY)
        imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), bodies[i].tag, stored->str,
                                         &error);
      else
        {
          g_autoptr(GBytes) bytes = g_bytes_new (stored->str, stored->len);

          imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message), bodies[i].tag, bytes,
                                          &error);
        }
      g_assert_no_error (error);
      body = imsg_message_read_body (message, bodies[i].format, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (imsg_body_get_bytes (body)), <, 5 * most);
      problems = imsg_body_list_problems (body);
      check_too_big (problems, TRUE);
    }
}

/* --- at random --- */

static void
read_bodies (IMsgMessage *message)
{
  static const IMsgBodyFormat formats[] = { IMSG_BODY_FORMAT_TEXT, IMSG_BODY_FORMAT_RTF,
                                            IMSG_BODY_FORMAT_HTML };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *body = imsg_message_get_body (message, formats[i], NULL, NULL);

      g_assert_true (body == NULL || g_utf8_validate (body, -1, NULL));
    }
}

static void
try_bytes (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_message_open_bytes (bytes, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_autoptr(GOutputStream) sink = NULL;
  g_autofree char *json = NULL;

  g_assert_true ((message == NULL) == (error != NULL));
  if (message == NULL)
    return;
  read_message (message);
  read_bodies (message);
  json = imsg_message_to_json (message, IMSG_JSON_BODIES, NULL, NULL);
  g_assert_true (json == NULL || g_utf8_validate (json, -1, NULL));
  sink = g_memory_output_stream_new_resizable ();
  imsg_message_export_mime (message, sink, NULL, NULL);
}

static GBytes *
mutate (GBytes *bytes,
        GRand  *random)
{
  gsize n_bytes = 0;
  guint8 *data = g_bytes_unref_to_data (g_bytes_ref (bytes), &n_bytes);
  guint n_changes = (guint) g_rand_int_range (random, 1, 12);

  for (guint i = 0; i < n_changes && n_bytes > 0; i++)
    {
      gsize at = g_rand_int (random) % n_bytes;

      switch (g_rand_int_range (random, 0, 4))
        {
        case 0:
          data[at] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
          break;
        case 1:
          data[at] = (guint8) g_rand_int (random);
          break;
        case 2:
          memset (data + at, g_rand_boolean (random) ? 0xFF : 0, MIN (n_bytes - at, 4));
          break;
        default:
          n_bytes = g_rand_int_range (random, 0, 20) == 0 ? at : n_bytes;
        }
    }
  return g_bytes_new_take (data, n_bytes);
}

static void
test_mutations (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");
  g_autoptr(GPtrArray) seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GRand) random = g_rand_new_with_seed (20240611);
  guint n_samples;

  g_ptr_array_add (seeds, test_new_message_bytes (TRUE));
  g_ptr_array_add (seeds, test_new_message_bytes (FALSE));
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (paths->pdata[i]);
      g_autoptr(GBytes) bytes = test_read_file (file);

      if (g_bytes_get_size (bytes) <= 128 << 10)
        g_ptr_array_add (seeds, g_steal_pointer (&bytes));
    }
  n_samples = seeds->len;
  for (guint i = 0; i < N_MUTATIONS; i++)
    {
      g_autoptr(GBytes) bytes = mutate (seeds->pdata[i % n_samples], random);

      try_bytes (bytes);
    }
}

/* Two recipients, and two attachments */
static IMsgStorage *
open_storage_of_two (void)
{
  g_autoptr(GBytes) one = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (one);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(GBytes) bytes = NULL;
  IMsgStorage *storage;

  g_assert_true (imsg_attachment_set_file_name (attachment, "second", &error));
  bytes = test_save_message (message);
  storage = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED, NULL,
                                     &error);
  g_assert_no_error (error);
  return storage;
}

/* Storages that have the last of all numbers leave new ones no number after them. */
static const struct
{
  const char *path;
  const char *last;
  const char *content; /* by the numbers of attachments */
} last_numbers[] = {
  { "used", "FFFFFFFF", "Ann Bob new-0 new-1 data.bin new-0 new-1 second " },
  { "next", "FFFFFFFE", "Ann Bob new-0 new-1 data.bin new-1 second new-0 " },
};

static void
test_last_number (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const char *last = last_numbers[row].last;
  g_autofree char *recipient_name = g_strconcat ("__recip_version1.0_#", last, NULL);
  g_autofree char *attachment_name = g_strconcat ("__attach_version1.0_#", last, NULL);
  g_autoptr(GBytes) changed = NULL;
  g_autoptr(GBytes) saved = NULL;
  g_autoptr(GBytes) properties = NULL;
  g_autofree guint8 *header = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = open_storage_of_two ();
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(IMsgMessage) read = NULL;
  g_autoptr(GString) content = g_string_new (NULL);
  GListModel *lists[2];
  gsize n_bytes;

  properties = imsg_storage_read_stream (storage, PROPERTIES, NULL, &error);
  header = g_bytes_unref_to_data (g_steal_pointer (&properties), &n_bytes);
  memset (header + 8, 0, 8);
  properties = g_bytes_new (header, n_bytes);
  g_assert_true (imsg_storage_write_stream (storage, PROPERTIES, properties, &error));
  g_assert_true (imsg_storage_rename (storage, "__recip_version1.0_#00000001", recipient_name,
                                      &error));
  g_assert_true (imsg_storage_rename (storage, "__attach_version1.0_#00000001", attachment_name,
                                      &error));
  changed = imsg_storage_write_to_bytes (storage, NULL, &error);
  g_assert_no_error (error);

  message = test_open_message (changed);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("new-%u", i);
      g_autoptr(IMsgRecipient) recipient =
        imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, name, NULL, &error);
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);

      g_assert_true (imsg_attachment_set_file_name (attachment, name, &error));
    }
  saved = test_save_message (message);
  read = test_open_message (saved);
  lists[0] = imsg_message_get_recipients (read);
  lists[1] = imsg_message_get_attachments (read);
  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < g_list_model_get_n_items (lists[i]); j++)
      {
        g_autoptr(IMsgPropertyObject) item = g_list_model_get_item (lists[i], j);
        g_autofree char *name = imsg_property_object_get_string (
          item, i == 0 ? IMSG_PR_DISPLAY_NAME : IMSG_PR_ATTACH_LONG_FILENAME);

        g_string_append_printf (content, "%s ", name);
      }
  g_assert_cmpstr (content->str, ==, last_numbers[row].content);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/hostile-message/stream/", streams[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_stream);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/hostile-message/name/", names[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_name);
    }
  g_test_add_func ("/imsg/hostile-message/name/10000-characters", test_long_name);
  g_test_add_func ("/imsg/hostile-message/name/many-dots", test_many_dots);
  g_test_add_func ("/imsg/hostile-message/limit/recipients", test_limit_recipients);
  g_test_add_func ("/imsg/hostile-message/limit/attachments", test_limit_attachments);
  g_test_add_func ("/imsg/hostile-message/limit/nesting", test_limit_nesting);
  g_test_add_func ("/imsg/hostile-message/limit/value", test_limit_value);
  g_test_add_func ("/imsg/hostile-message/limit/rtf", test_limit_rtf);
  g_test_add_func ("/imsg/hostile-message/limit/html", test_limit_html);
  g_test_add_func ("/imsg/hostile-message/limit/made", test_limit_made);
  TEST_ADD_TABLE ("/imsg/hostile-message/last-number", last_numbers, test_last_number);
  g_test_add_func ("/imsg/hostile-message/mutations", test_mutations);
  return g_test_run ();
}
