/* test-message.c - what a message says of itself: computed values, code pages, problems
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

static char *
get_text (IMsgMessage *message,
          guint32      tag)
{
  return imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message), tag);
}

static const struct
{
  const char *name;
  const char *subject;
  const char *prefix; /* set beside it; NULL for none */
  const char *stored_prefix;
  const char *rest;
} subjects[] = {
  { "re", "RE: Words", NULL, "RE: ", "Words" },
  { "one-letter", "V: Words", NULL, "V: ", "Words" },
  { "other-script", "Отв: Слова", NULL, "Отв: ", "Слова" },
  { "four-letters", "Memo: Words", NULL, NULL, "Memo: Words" },
  { "digits", "R2: Words", NULL, NULL, "R2: Words" },
  { "no-blank", "RE:Words", NULL, NULL, "RE:Words" },
  { "plain", "Words", NULL, NULL, "Words" },
  { "only-prefix", "FW: ", NULL, "FW: ", "" },
  { "explicit", "Memo 2: Words", "Memo 2: ", "Memo 2: ", "Words" },
  { "explicit-wrong", "RE: Words", "XX: ", "RE: ", "Words" },
  { "empty", "", NULL, NULL, "" },
};

static void
test_subject (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgMessage) read = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *prefix = NULL;
  g_autofree char *rest = NULL;

  g_assert_true (imsg_message_set_subject (message, subjects[i].subject, &error));
  if (subjects[i].prefix != NULL)
    g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message),
                                                    IMSG_PR_SUBJECT_PREFIX, subjects[i].prefix,
                                                    &error));
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  read = test_open_message (bytes);
  g_assert_cmpstr (imsg_message_get_subject (read), ==, subjects[i].subject);
  prefix = get_text (read, IMSG_PR_SUBJECT_PREFIX);
  rest = get_text (read, IMSG_PR_NORMALIZED_SUBJECT);
  g_assert_cmpstr (prefix, ==, subjects[i].stored_prefix);
  g_assert_cmpstr (rest, ==, subjects[i].rest);
}

/* A changed subject changes its parts, and nothing else. */
static void
test_subject_edit (void)
{
  g_autoptr(GBytes) before = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (before);
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GPtrArray) diff = NULL;

  g_assert_true (imsg_message_set_subject (message, "AW: A subject", NULL));
  after = test_save_message (message);
  diff = test_diff_bytes (before, after);
  /* As long as before, so that the entries stay the same too */
  test_assert_diff (diff, "! /__substg1.0_0037001F", "! /__substg1.0_003D001F", NULL);
}

/* A new message is one that Outlook opens: both sets of rules find nothing. */
static void
test_new_is_valid (gconstpointer data)
{
  const gboolean unicode = GPOINTER_TO_UINT (data);
  g_autoptr(GBytes) bytes = test_new_message_bytes (unicode);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ, NULL, &error);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GPtrArray) seen = NULL;

  g_assert_no_error (error);
  problems = imsg_storage_validate_message (
    storage, unicode ? IMSG_VALIDATE_FORMAT | IMSG_VALIDATE_OUTLOOK : IMSG_VALIDATE_FORMAT, NULL,
    &error);
  g_assert_no_error (error);
  for (guint i = 0; i < problems->len; i++)
    g_error ("%s: %s", imsg_problem_get_where (problems->pdata[i]),
             imsg_problem_get_text (problems->pdata[i]));
  message = test_open_message (bytes);
  g_assert_true (imsg_property_object_is_unicode (IMSG_PROPERTY_OBJECT (message)) == unicode);
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message),
                                                 IMSG_PR_MESSAGE_FLAGS), ==, 0x1A);
  g_assert_true (imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (message),
                                                 IMSG_PR_CREATION_TIME));
  seen = imsg_message_list_problems (message);
  g_assert_cmpuint (seen->len, ==, 0);
}

static void
test_computed (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *to = get_text (message, IMSG_PR_DISPLAY_TO);
  g_autofree char *cc = get_text (message, IMSG_PR_DISPLAY_CC);
  g_autofree char *bcc = get_text (message, IMSG_PR_DISPLAY_BCC);
  g_autoptr(GError) error = NULL;
  g_autofree guint32 *tags = NULL;
  gsize n_tags;
  guint n_tables = 0;

  g_assert_cmpstr (to, ==, "Ann");
  g_assert_cmpstr (cc, ==, "Bob");
  g_assert_cmpstr (bcc, ==, "");
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_OBJECT_TYPE), ==, 5);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_ACCESS_LEVEL), ==, 1);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_ACCESS), ==, 3);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_MESSAGE_SIZE), >, 500);
  g_assert_cmphex (imsg_property_object_get_int (object, IMSG_PR_STORE_SUPPORT_MASK), ==,
                   0x00040E79);
  g_assert_null (imsg_property_object_get_value (object, IMSG_PR_MESSAGE_RECIPIENTS, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
  tags = imsg_property_object_list_tags (object, &n_tags);
  for (gsize i = 0; i < n_tags; i++)
    n_tables += tags[i] == IMSG_PR_MESSAGE_RECIPIENTS || tags[i] == IMSG_PR_MESSAGE_ATTACHMENTS;
  g_assert_cmpuint (n_tables, ==, 2);
}

static void
count_cb (GObject    *property,
          GParamSpec *pspec,
          guint      *count)
{
  (*count)++;
}

static IMsgProperty *
find_property (IMsgMessage *message,
               guint32      tag)
{
  GListModel *list = imsg_property_object_get_properties (IMSG_PROPERTY_OBJECT (message));

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (list, i);

      if (imsg_property_get_tag (property) == tag)
        return g_steal_pointer (&property);
    }
  g_assert_not_reached ();
}

/* Who watches a computed property is told when what it follows from changes. */
static void
test_list_follows_computed (void)
{
  static const guint32 tags[] = { IMSG_PR_DISPLAY_TO, IMSG_PR_HASATTACH,
                                  IMSG_PR_NORMALIZED_SUBJECT, IMSG_PR_ACCESS };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(GPtrArray) watched = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GFile) file = test_new_file ("computed.msg");
  g_autoptr(GError) error = NULL;
  guint counts[G_N_ELEMENTS (tags)] = { 0 };

  g_assert_true (imsg_message_set_subject (message, "A: B: words", &error));
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_ptr_array_add (watched, find_property (message, tags[i]));
      g_signal_connect (watched->pdata[i], "notify::value", G_CALLBACK (count_cb), &counts[i]);
    }
  recipient = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Ann", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (counts[0], ==, 1);
  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (recipient),
                                                  IMSG_PR_DISPLAY_NAME, "Bob", &error));
  g_assert_cmpuint (counts[0], ==, 2);
  counts[1] = 0;
  attachment = imsg_message_create_attachment (message, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (counts[1], ==, 1);
  counts[2] = 0;
  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message),
                                                  IMSG_PR_SUBJECT_PREFIX, "A: B: ", &error));
  g_assert_cmpuint (counts[2], >=, 1);
  counts[3] = 0;
  g_assert_true (imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READONLY, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (counts[3], >=, 1);
}

static const struct
{
  const char *path;
  gboolean    unicode;
  const char *stored;
  gsize       n_stored;
  gsize       n_text;
} terminated[] = {
  { "unicode", TRUE, "A\0\0\0\0", 6, 2 },
  { "ansi", FALSE, "A\0\0", 3, 1 },
  { "only-terminators", TRUE, "\0\0\0\0\0", 6, 0 },
  { "half-a-unit", TRUE, "A\0\0\0\0", 5, 5 },
};

/* Text that a file has with its terminator is read as a stream without. */
static void
test_stream_terminator (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr(GBytes) bytes = test_new_message_bytes (terminated[row].unicode);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  guint32 tag = imsg_property_object_find_tag (object, IMSG_PR_BODY);
  g_autoptr(GError) error = NULL;
  g_autoptr(GOutputStream) writing =
    imsg_property_object_replace_stream (object, tag, NULL, &error);
  g_autoptr(GInputStream) reading = NULL;
  char buffer[16];
  gsize n_bytes;

  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (writing, terminated[row].stored,
                                            terminated[row].n_stored, NULL, NULL, &error));
  g_assert_true (g_output_stream_close (writing, NULL, &error));
  g_bytes_unref (test_save_message (message));
  reading = imsg_property_object_open_stream (object, tag, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_input_stream_read_all (reading, buffer, sizeof buffer, &n_bytes, NULL, &error));
  g_assert_cmpuint (n_bytes, ==, terminated[row].n_text);
}

/* A file that has the subject in two parts only. */
static void
test_derived_subject (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GBytes) stream = NULL;
  g_autoptr(GByteArray) without = g_byte_array_new ();
  const guint8 *data;
  gsize n_bytes;

  storage = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED, NULL,
                                     &error);
  g_assert_no_error (error);
  stream = imsg_storage_read_stream (storage, "__properties_version1.0", NULL, &error);
  data = g_bytes_get_data (stream, &n_bytes);
  g_byte_array_append (without, data, 32);
  for (gsize at = 32; at + 16 <= n_bytes; at += 16)
    if (memcmp (data + at, "\x1F\x00\x37\x00", 4) != 0)
      g_byte_array_append (without, data + at, 16);
  g_assert_cmpuint (without->len, ==, n_bytes - 16);
  after = g_bytes_new (without->data, without->len);
  g_assert_true (imsg_storage_write_stream (storage, "__properties_version1.0", after, &error));
  g_clear_object (&message);
  message = imsg_message_open_on_storage (storage, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "RE: A subject");
}

/* --- code pages ([MS-OXMSG] 2.1, and what real files have) --- */

static const struct
{
  const char *name;
  guint32     message_code_page; /* 0 = absent */
  guint32     internet_code_page;
  guint32     locale;
  const char *bytes; /* of the subject */
  guint       expected;
} code_pages[] = {
  { "nothing", 0, 0, 0, "x", 1252 },
  { "locale-only", 0, 65001, 0x0407, "x", 1252 },
  { "locale-beats-internet", 0, 1251, 0x0407, "x", 1252 },
  { "japanese", 0, 50220, 0x0411, "x", 932 },
  { "chinese", 0, 950, 0x0404, "x", 950 },
  { "said", 1251, 1251, 0, "x", 1251 },
  { "said-beats-all", 1252, 65001, 0x0409, "x", 1252 },
  { "wrong-for-chinese", 1252, 20127, 0x0804, "\xC4\xE3\xBA\xC3", 936 },
  { "chinese-but-ascii", 1252, 20127, 0x0804, "x", 1252 },
  { "chinese-but-no-text-of-it", 1252, 20127, 0x0804, "\xC4 b", 1252 },
  { "utf-8", 65001, 0, 0x0407, "x", 65001 },
  { "utf-8-that-mail-says", 0, 65001, 0x0407, "Gr\xC3\xBC\xC3\x9F" "e", 65001 },
  { "chinese-that-may-be-utf-8", 0, 65001, 0x0804, "\xC4\xA3\xCD\xB3", 936 },
  { "utf-8-that-the-text-is-not", 0, 65001, 0x0419, "\xC3\xF0", 1251 },
  { "utf-8-that-nothing-says", 0, 0, 0x0407, "\xC3\xBC", 1252 },
  { "utf-16-is-none", 1200, 0, 0x0419, "x", 1251 },
  { "unknown-is-none", 12345, 28592, 0, "x", 1250 },
  { "internet-only", 0, 28592, 0, "x", 1250 },
  { "internet-ascii", 0, 20127, 0, "x", 1252 },
};

static void
append_entry (GByteArray *array,
              guint32     tag,
              guint32     value,
              guint32     rest)
{
  const guint32 words[4] = { GUINT32_TO_LE (tag), GUINT32_TO_LE (6), GUINT32_TO_LE (value),
                             GUINT32_TO_LE (rest) };

  g_byte_array_append (array, (const guint8 *) words, 16);
}

static void
test_code_page (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgStorage) storage =
    imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  g_autoptr(GByteArray) array = g_byte_array_new ();
  static const guint8 header[32];
  const gsize length = strlen (code_pages[i].bytes);
  g_autoptr(GBytes) subject = g_bytes_new (code_pages[i].bytes, length);
  g_autoptr(GBytes) stream = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) trace = NULL;

  g_byte_array_append (array, header, sizeof header);
  append_entry (array, 0x0037001E, (guint32) length + 1, 0);
  /* Transport headers with no stream are empty, and say nothing */
  append_entry (array, 0x007D001E, 1, 0);
  if (code_pages[i].message_code_page != 0)
    append_entry (array, IMSG_PR_MESSAGE_CODEPAGE, code_pages[i].message_code_page, 0);
  if (code_pages[i].internet_code_page != 0)
    append_entry (array, IMSG_PR_INTERNET_CPID, code_pages[i].internet_code_page, 0);
  if (code_pages[i].locale != 0)
    append_entry (array, IMSG_PR_MESSAGE_LOCALE_ID, code_pages[i].locale, 0);
  stream = g_bytes_new (array->data, array->len);
  g_assert_true (imsg_storage_write_stream (storage, "__properties_version1.0", stream, &error));
  g_assert_true (imsg_storage_write_stream (storage, "__substg1.0_0037001E", subject, &error));
  message = imsg_message_open_on_storage (storage, IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (imsg_property_object_is_unicode (IMSG_PROPERTY_OBJECT (message)));
  g_assert_cmpuint (imsg_message_get_code_page (message), ==, code_pages[i].expected);
  trace = imsg_message_get_code_page_trace (message);
  g_assert_cmpuint (g_strv_length (trace), >=, 1);

  g_assert_true (imsg_message_set_code_page (message, 437, &error));
  g_assert_cmpuint (imsg_message_get_code_page (message), ==, 437);
  g_assert_false (imsg_message_set_code_page (message, 77777, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_UNKNOWN_CODE_PAGE);
  g_assert_true (imsg_message_set_code_page (message, 0, NULL));
  g_assert_cmpuint (imsg_message_get_code_page (message), ==, code_pages[i].expected);
  g_assert_false (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
}

static void
test_code_page_view (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (FALSE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(IMsgRecipient) recipient =
    g_list_model_get_item (imsg_message_get_recipients (message), 0);
  g_autoptr(GBytes) raw = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_set_subject (message, "é", &error));
  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (recipient),
                                                  IMSG_PR_DISPLAY_NAME, "é", &error));
  g_assert_true (imsg_message_set_code_page (message, 1251, &error));
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "й");
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, "й");
  raw = imsg_property_object_get_raw (IMSG_PROPERTY_OBJECT (message), IMSG_PR_SUBJECT, &error);
  g_assert_cmpmem (g_bytes_get_data (raw, NULL), g_bytes_get_size (raw), "\xE9", 1);
}

/* --- damage --- */

static void
test_damage (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage =
    imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED, NULL,
                             &error);
  g_autoptr(IMsgStorage) attach = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  gboolean found_subject = FALSE, found_attachment = FALSE;

  /* An attachment with no list of properties, and one that holds the place of a number */
  attach = imsg_storage_open_storage (storage, "__attach_version1.0_#00000000",
                                      IMSG_STORAGE_READ_WRITE, &error);
  g_assert_true (imsg_storage_remove (attach, "__properties_version1.0", &error));
  g_assert_true (imsg_storage_remove (storage, "__substg1.0_0037001F", &error));
  g_assert_no_error (error);
  message = imsg_message_open_on_storage (storage, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_assert_no_error (error);
  imsg_message_get_subject (message);
  attachment = imsg_message_find_attachment (message, 0);
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==, IMSG_ATTACHMENT_METHOD_NONE);
  g_assert_cmpstr (imsg_attachment_get_file_name (attachment), ==, "attachment-1");
  {
    g_autofree char *body = get_text (message, IMSG_PR_BODY);

    g_assert_cmpstr (body, ==, "Text\r\n");
  }
  problems = imsg_message_list_problems (message);
  for (guint i = 0; i < problems->len; i++)
    {
      const char *where = imsg_problem_get_where (problems->pdata[i]);

      found_subject |= strstr (where, "0037001F") != NULL;
      found_attachment |= g_str_has_prefix (where, "__attach_version1.0_#00000000");
    }
  g_assert_true (found_attachment);
  g_test_message ("subject is a problem: %d", found_subject);
  /* Looked at twice, told once */
  imsg_message_get_subject (message);
  {
    g_autoptr(GPtrArray) again = imsg_message_list_problems (message);

    g_assert_cmpuint (again->len, ==, problems->len);
  }
}

/* Thousands of recipients and attachments cost time in step with their number. */
static void
test_many (void)
{
  const guint n_members = 3000;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(GBytes) data = g_bytes_new_static ("x", 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgMessage) read = NULL;

  for (guint i = 0; i < n_members; i++)
    {
      g_autofree char *address = g_strdup_printf ("user%u@example.com", i);
      g_autoptr(IMsgRecipient) recipient =
        imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_BCC, NULL, address, &error);
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);

      g_assert_nonnull (recipient);
      g_assert_true (imsg_attachment_set_bytes (attachment, data, &error));
    }
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  read = test_open_message (bytes);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (read)), ==, n_members);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (read)), ==, n_members);
  for (guint i = 0; i < n_members; i++)
    {
      g_autofree char *address = g_strdup_printf ("user%u@example.com", i);
      g_autoptr(IMsgRecipient) recipient =
        g_list_model_get_item (imsg_message_get_recipients (read), i);

      g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, address);
    }
}

static char *
list_names (IMsgMessage *message)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);

      g_string_append_printf (names, "%s ", imsg_recipient_get_name (recipient));
    }
  return g_string_free (names, FALSE);
}

/* Recipients that were moved go back to where the file has them, and those that went as well. */
static void
test_discard_moved (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(IMsgRecipient) third =
    imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Cyd", "c@x.example", NULL);
  g_autofree char *moved = NULL;
  g_autofree char *names = NULL;
  g_autoptr(GBytes) saved = test_save_message (message);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_remove_recipient (message, 0, &error));
  g_assert_true (imsg_message_move_recipient (message, 2, 0, &error));
  g_assert_no_error (error);
  moved = list_names (message);
  g_assert_cmpstr (moved, ==, "Cyd Bob ");
  imsg_message_discard_changes (message);
  names = list_names (message);
  g_assert_cmpstr (names, ==, "Ann Bob Cyd ");
  g_assert_false (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  /* Found by its number again */
  g_assert_true (imsg_message_remove_recipient (message, 0, &error));
  g_assert_no_error (error);
}

/* Whoever sets the flags need not know of attachments: those decide about their bit. */
static void
test_flags (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(GBytes) saved = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message),
                                               IMSG_PR_MESSAGE_FLAGS, 1, &error));
  saved = test_save_message (message);
  g_assert_cmphex (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message),
                                                 IMSG_PR_MESSAGE_FLAGS), ==, 0x11);
  g_assert_true (imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (message),
                                                   IMSG_PR_HASATTACH));
}

static GBytes *
write_with_attachments (guint n_attachments)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  GBytes *bytes;

  for (guint i = 0; i < n_attachments; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.txt", i);
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
      g_autofree char *address = g_strdup_printf ("%u@example.org", i);
      g_autoptr(IMsgRecipient) recipient =
        imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, NULL, address, &error);

      imsg_attachment_set_file_name (attachment, name, &error);
      g_assert_no_error (error);
    }
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  return bytes;
}

/* What a limit leaves aside stays in the file, and its place is given to nobody. */
static void
test_left_aside (void)
{
  g_autoptr(GBytes) bytes = write_with_attachments (4);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(GBytes) written = NULL;
  g_autoptr(IMsgMessage) read = NULL;
  g_autoptr(GString) names = g_string_new (NULL);

  imsg_session_set_limit (session, IMSG_LIMIT_ATTACHMENTS, 2);
  imsg_session_set_limit (session, IMSG_LIMIT_RECIPIENTS, 2);
  message = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_no_error (error);
  imsg_message_delete_attachment (message, 1, &error);
  attachment = imsg_message_create_attachment (message, &error);
  imsg_attachment_set_file_name (attachment, "new.txt", &error);
  imsg_message_remove_recipient (message, 1, &error);
  recipient = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, NULL, "n@example.org",
                                          &error);
  g_assert_no_error (error);
  written = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);

  read = test_open_message (written);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(IMsgAttachment) item =
        g_list_model_get_item (imsg_message_get_attachments (read), i);
      g_autoptr(IMsgRecipient) person =
        g_list_model_get_item (imsg_message_get_recipients (read), i);

      g_string_append_printf (names, "%s %s ", imsg_attachment_get_file_name (item),
                              imsg_recipient_get_address (person));
    }
  g_assert_cmpstr (names->str, ==,
                   "0.txt 0@example.org 2.txt 2@example.org 3.txt 3@example.org "
                   "new.txt n@example.org ");
  g_assert_cmpuint (test_count_problems (read), ==, 0);
}

/* Who is told that a recipient went may close the message: nothing waits for it to come back. */
static void
test_closed_by_removal (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) outer = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (outer, &error);
  g_autoptr(IMsgMessage) message = imsg_attachment_create_message (attachment, &error);
  IMsgRecipient *recipient =
    imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Ann", NULL, &error);

  imsg_message_save (message, IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (imsg_message_get_recipients (message), "items-changed",
                            G_CALLBACK (imsg_message_close), message);
  imsg_message_remove_recipient (message, imsg_recipient_get_row_id (recipient), &error);
  g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)));
  g_assert_finalize_object (recipient);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imsg/message/subject/%s", subjects[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_subject);
    }
  for (guint i = 0; i < G_N_ELEMENTS (code_pages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imsg/message/code-page/%s", code_pages[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_code_page);
    }
  g_test_add_func ("/imsg/message/subject-edit", test_subject_edit);
  g_test_add_data_func ("/imsg/message/new-is-valid/unicode", GUINT_TO_POINTER (1),
                        test_new_is_valid);
  g_test_add_data_func ("/imsg/message/new-is-valid/ansi", GUINT_TO_POINTER (0), test_new_is_valid);
  g_test_add_func ("/imsg/message/computed", test_computed);
  g_test_add_func ("/imsg/message/derived-subject", test_derived_subject);
  g_test_add_func ("/imsg/message/code-page-view", test_code_page_view);
  g_test_add_func ("/imsg/message/damage", test_damage);
  g_test_add_func ("/imsg/message/discard-moved", test_discard_moved);
  g_test_add_func ("/imsg/message/flags", test_flags);
  TEST_ADD_TABLE ("/imsg/message/stream-terminator", terminated, test_stream_terminator);
  g_test_add_func ("/imsg/message/list-follows-computed", test_list_follows_computed);
  g_test_add_func ("/imsg/message/many", test_many);
  g_test_add_func ("/imsg/message/left-aside", test_left_aside);
  g_test_add_func ("/imsg/message/closed-by-removal", test_closed_by_removal);
  status = g_test_run ();
  test_remove_files ();
  return status;
}
