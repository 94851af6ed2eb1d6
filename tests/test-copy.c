/* test-copy.c - copying properties, recipients and attachments between objects
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

static IMsgMessage *
new_message (gboolean unicode)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (unicode);

  return test_open_message (bytes);
}

static IMsgMessage *
new_empty (IMsgSession *session)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_create_message (session, "IPM.Note", &error);

  g_assert_no_error (error);
  return message;
}

static guint
count_recipients (IMsgMessage *message)
{
  return g_list_model_get_n_items (imsg_message_get_recipients (message));
}

static guint
count_attachments (IMsgMessage *message)
{
  return g_list_model_get_n_items (imsg_message_get_attachments (message));
}

static gboolean
has_problem (GPtrArray *problems,
             guint32    tag,
             int        code)
{
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    if (imsg_problem_get_tag (problems->pdata[i]) == tag)
      {
        g_assert_cmpint (imsg_problem_get_code (problems->pdata[i]), ==, code);
        g_assert_cmpuint (imsg_problem_get_index (problems->pdata[i]), !=, G_MAXUINT);
        return TRUE;
      }
  return FALSE;
}

static void
test_all (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) destination = new_empty (session);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (destination),
                                                  IMSG_PR_SENDER_NAME, "stays", &error));
  g_assert_true (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source),
                                               IMSG_PROPERTY_OBJECT (destination), NULL, 0,
                                               IMSG_COPY_NONE, NULL, &problems, &error));
  g_assert_no_error (error);
  g_assert_true (has_problem (problems, IMSG_PR_STORE_SUPPORT_MASK, IMSG_ERROR_COMPUTED));
  g_assert_true (has_problem (problems, IMSG_PR_DISPLAY_TO, IMSG_ERROR_COMPUTED));
  test_assert_string (destination, IMSG_PR_SUBJECT, "RE: A subject");
  test_assert_string (destination, IMSG_PR_BODY, "Text\r\n");
  test_assert_string (destination, IMSG_PR_SENDER_NAME, "stays");
  g_assert_cmpuint (count_recipients (destination), ==, 2);
  g_assert_cmpuint (count_attachments (destination), ==, 1);
  {
    g_autoptr(IMsgAttachment) attachment =
      g_list_model_get_item (imsg_message_get_attachments (destination), 0);
    g_autoptr(GBytes) data = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                                             IMSG_PR_ATTACH_DATA_BIN);

    g_assert_cmpmem (g_bytes_get_data (data, NULL), g_bytes_get_size (data), "some bytes", 10);
    g_assert_cmpstr (imsg_attachment_get_file_name (attachment), ==, "data.bin");
  }
  /* The source is what it was, and both copies are messages of their own */
  g_assert_false (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (source)));
  imsg_message_close (source);
  {
    g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (destination, NULL, &error);
    g_autoptr(IMsgMessage) read = NULL;

    g_assert_no_error (error);
    read = imsg_message_open_bytes (bytes, IMSG_OPEN_READ_ONLY, NULL, &error);
    g_assert_no_error (error);
    test_assert_string (read, IMSG_PR_DISPLAY_TO, "Ann");
    test_assert_string (read, IMSG_PR_DISPLAY_CC, "Bob");
  }
}

/* Excluded by id, whatever the type. */
static void
test_excluded (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) destination = new_empty (session);
  const guint32 excluded[] = {
    IMSG_PR_MESSAGE_RECIPIENTS, IMSG_PR_MESSAGE_ATTACHMENTS,
    imsg_property_tag_change_type (IMSG_PR_BODY, IMSG_PROPERTY_TYPE_UNSPECIFIED),
  };
  const guint32 null_tag[] = { IMSG_PROPERTY_TYPE_NULL };
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_property_object_copy_to (
    IMSG_PROPERTY_OBJECT (source), IMSG_PROPERTY_OBJECT (destination), excluded,
    G_N_ELEMENTS (excluded), IMSG_COPY_NONE, NULL, NULL, &error));
  g_assert_no_error (error);
  test_assert_string (destination, IMSG_PR_SUBJECT, "RE: A subject");
  test_assert_string (destination, IMSG_PR_BODY, NULL);
  g_assert_cmpuint (count_recipients (destination), ==, 0);
  g_assert_cmpuint (count_attachments (destination), ==, 0);
  g_assert_false (imsg_property_object_copy_to (
    IMSG_PROPERTY_OBJECT (source), IMSG_PROPERTY_OBJECT (destination), null_tag, 1,
    IMSG_COPY_NONE, NULL, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
}

static void
test_some (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) destination = new_empty (session);
  const guint32 included[] = { IMSG_PR_SUBJECT, 0x68010003, IMSG_PR_MESSAGE_RECIPIENTS,
                               IMSG_PR_NORMALIZED_SUBJECT };
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_property_object_copy_properties (
    IMSG_PROPERTY_OBJECT (source), IMSG_PROPERTY_OBJECT (destination), included,
    G_N_ELEMENTS (included), IMSG_COPY_NONE, NULL, &problems, &error));
  g_assert_no_error (error);
  test_assert_string (destination, IMSG_PR_SUBJECT, "RE: A subject");
  test_assert_string (destination, IMSG_PR_BODY, NULL);
  g_assert_cmpuint (count_recipients (destination), ==, 2);
  g_assert_cmpuint (count_attachments (destination), ==, 0);
  g_assert_cmpuint (problems->len, ==, 2);
  g_assert_cmpuint (imsg_problem_get_index (problems->pdata[0]), ==, 1);
  g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_NOT_FOUND);
  g_assert_cmpuint (imsg_problem_get_index (problems->pdata[1]), ==, 3);
  g_assert_cmpint (imsg_problem_get_code (problems->pdata[1]), ==, IMSG_ERROR_COMPUTED);
  g_assert_false (imsg_property_object_copy_properties (
    IMSG_PROPERTY_OBJECT (source), IMSG_PROPERTY_OBJECT (destination), included, 0, IMSG_COPY_NONE,
    NULL, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
}

static void
test_move (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) destination = new_empty (session);
  const guint32 included[] = { IMSG_PR_BODY, IMSG_PR_MESSAGE_ATTACHMENTS };
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_property_object_copy_properties (
    IMSG_PROPERTY_OBJECT (source), IMSG_PROPERTY_OBJECT (destination), included,
    G_N_ELEMENTS (included), IMSG_COPY_MOVE, NULL, NULL, &error));
  g_assert_no_error (error);
  test_assert_string (destination, IMSG_PR_BODY, "Text\r\n");
  test_assert_string (source, IMSG_PR_BODY, NULL);
  test_assert_string (source, IMSG_PR_SUBJECT, "RE: A subject");
  g_assert_cmpuint (count_attachments (source), ==, 0);
  g_assert_cmpuint (count_attachments (destination), ==, 1);
}

static void
test_no_replace (void)
{
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) destination = new_message (TRUE);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_set_subject (destination, "Mine", &error));
  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (source),
                                                  IMSG_PR_SENDER_NAME, "Ann", &error));
  g_assert_true (imsg_message_remove_recipient (destination, 0, &error));
  g_assert_true (imsg_property_object_copy_to (
    IMSG_PROPERTY_OBJECT (source), IMSG_PROPERTY_OBJECT (destination), NULL, 0,
    IMSG_COPY_NO_REPLACE, NULL, NULL, &error));
  g_assert_no_error (error);
  test_assert_string (destination, IMSG_PR_SUBJECT, "Mine");
  test_assert_string (destination, IMSG_PR_SENDER_NAME, "Ann");
  g_assert_cmpuint (count_recipients (destination), ==, 1);
  g_assert_true (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source),
                                               IMSG_PROPERTY_OBJECT (destination), NULL, 0,
                                               IMSG_COPY_NONE, NULL, NULL, &error));
  test_assert_string (destination, IMSG_PR_SUBJECT, "RE: A subject");
  g_assert_cmpuint (count_recipients (destination), ==, 2);
}

static void
test_names (void)
{
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) destination = new_message (TRUE);
  g_autoptr(GError) error = NULL;
  guint id, other_id;

  imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (destination), IMSG_PS_PUBLIC_STRINGS,
                                     "Other", TRUE, &error);
  id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (source), IMSG_PS_PUBLIC_STRINGS,
                                          "Keywords", TRUE, &error);
  g_assert_true (imsg_property_object_set_string (
    IMSG_PROPERTY_OBJECT (source), imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), "word",
    &error));
  g_assert_true (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source),
                                               IMSG_PROPERTY_OBJECT (destination), NULL, 0,
                                               IMSG_COPY_NONE, NULL, NULL, &error));
  g_assert_no_error (error);
  other_id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (destination),
                                                IMSG_PS_PUBLIC_STRINGS, "Keywords", FALSE, &error);
  g_assert_cmpuint (other_id, ==, id + 1);
  test_assert_string (destination, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, other_id),
                      "word");
  g_assert_false (imsg_property_object_has_value (
    IMSG_PROPERTY_OBJECT (destination), imsg_property_tag (IMSG_PROPERTY_TYPE_UNSPECIFIED, id)));
}

/* Between the widths of text, both ways; what has no place is a problem. */
static void
test_widths (void)
{
  g_autoptr(IMsgMessage) unicode = new_message (TRUE);
  g_autoptr(IMsgMessage) ansi = new_message (FALSE);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  const guint32 included[] = { IMSG_PR_BODY, IMSG_PR_SUBJECT };

  g_assert_true (imsg_message_set_subject (unicode, "café", &error));
  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (unicode), IMSG_PR_BODY,
                                                  "日本", &error));
  g_assert_true (imsg_property_object_copy_properties (
    IMSG_PROPERTY_OBJECT (unicode), IMSG_PROPERTY_OBJECT (ansi), included, 2, IMSG_COPY_NONE, NULL,
    &problems, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_BAD_CHARWIDTH);
  test_assert_string (ansi, IMSG_PR_SUBJECT, "café");
  test_assert_string (ansi, IMSG_PR_BODY, "Text\r\n");
  g_assert_cmphex (imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (ansi), IMSG_PR_SUBJECT), ==,
                   0x0037001E);
  g_assert_true (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (ansi),
                                               IMSG_PROPERTY_OBJECT (unicode), NULL, 0,
                                               IMSG_COPY_NONE, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmphex (imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (unicode), IMSG_PR_BODY), ==,
                   IMSG_PR_BODY);
}

static void
test_refused (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) read_only =
    imsg_message_open_bytes (bytes, IMSG_OPEN_READ_ONLY, NULL, NULL);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (source, NULL);
  g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (attachment, NULL);
  struct
  {
    gpointer      source;
    gpointer      destination;
    IMsgCopyFlags flags;
    int           code;
  } calls[] = {
    { source, source, IMSG_COPY_NONE, IMSG_ERROR_NO_ACCESS },
    { source, read_only, IMSG_COPY_NONE, IMSG_ERROR_NO_ACCESS },
    { read_only, source, IMSG_COPY_MOVE, IMSG_ERROR_NO_ACCESS },
    { source, embedded, IMSG_COPY_NONE, IMSG_ERROR_FOLDER_CYCLE },
    { attachment, source, IMSG_COPY_NONE, IMSG_ERROR_INTERFACE_NOT_SUPPORTED },
    { read_only, source, (IMsgCopyFlags) 8, IMSG_ERROR_INVALID_FLAGS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (imsg_property_object_copy_to (calls[i].source, calls[i].destination, NULL, 0,
                                                    calls[i].flags, NULL, NULL, &error));
      g_assert_error (error, IMSG_ERROR, calls[i].code);
    }
}

static void
test_cancelled (void)
{
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) destination = new_message (TRUE);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source),
                                                IMSG_PROPERTY_OBJECT (destination), NULL, 0,
                                                IMSG_COPY_NONE, cancellable, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* An 8-bit message as Outlook writes one: its code page stands behind its text. */
static IMsgMessage *
new_with_code_page (guint       code_page,
                    gboolean    is_written_down,
                    const char *subject)
{
  IMsgMessage *message = new_message (FALSE);
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_set_code_page (message, code_page, &error));
  g_assert_true (imsg_message_set_subject (message, subject, &error));
  recipient = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, subject, "a@x.example",
                                          &error);
  g_assert_no_error (error);
  if (is_written_down)
    g_assert_true (imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message),
                                                 IMSG_PR_MESSAGE_CODEPAGE, (gint32) code_page,
                                                 &error));
  return message;
}

static const struct
{
  const char *path;
  guint       code_page;
  gboolean    is_written_down;
  const char *subject;
} code_pages[] = {
  { "cyrillic", 1251, TRUE, "Привет" },
  { "japanese", 932, TRUE, "日本語" },
  { "other-bytes-in-1252", 1251, TRUE, "10 €" },
  { "chosen-by-caller", 1251, FALSE, "Привет" },
};

/* All text of an 8-bit message has a place in a new one, and is read from its file. */
static void
test_code_page (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_open (IMSG_SESSION_NONE, NULL);
  g_autoptr(IMsgMessage) source = new_with_code_page (
    code_pages[row].code_page, code_pages[row].is_written_down, code_pages[row].subject);
  g_autoptr(IMsgMessage) destination = new_empty (session);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgMessage) read = NULL;
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source),
                                               IMSG_PROPERTY_OBJECT (destination), NULL, 0,
                                               IMSG_COPY_NONE, NULL, &problems, &error));
  g_assert_no_error (error);
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    g_assert_cmpint (imsg_problem_get_code (problems->pdata[i]), ==, IMSG_ERROR_COMPUTED);
  bytes = imsg_message_write_to_bytes (destination, NULL, &error);
  g_assert_no_error (error);
  read = test_open_message (bytes);
  g_assert_cmpuint (imsg_message_get_code_page (read), ==, code_pages[row].code_page);
  test_assert_string (read, IMSG_PR_SUBJECT, code_pages[row].subject);
  recipient = g_list_model_get_item (imsg_message_get_recipients (read), 2);
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, code_pages[row].subject);
}

/* A move takes from the source only what the destination has. */
static void
test_move_keeps (void)
{
  g_autoptr(IMsgSession) session = imsg_session_open (IMSG_SESSION_NONE, NULL);
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) other = new_message (TRUE);
  g_autoptr(IMsgMessage) ansi = new_empty (session);
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_remove_recipient (other, 0, &error));
  g_assert_true (imsg_property_object_copy_to (
    IMSG_PROPERTY_OBJECT (source), IMSG_PROPERTY_OBJECT (other), NULL, 0,
    IMSG_COPY_MOVE | IMSG_COPY_NO_REPLACE, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_recipients (other), ==, 1);
  g_assert_cmpuint (count_recipients (source), ==, 2);
  g_assert_cmpuint (count_attachments (source), ==, 1);

  recipient = imsg_message_add_recipient (source, IMSG_RECIPIENT_TYPE_TO, "Иван", "i@x.example",
                                          &error);
  g_assert_no_error (error);
  g_assert_true (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source),
                                               IMSG_PROPERTY_OBJECT (ansi), NULL, 0, IMSG_COPY_MOVE,
                                               NULL, &problems, &error));
  g_assert_no_error (error);
  g_assert_true (has_problem (problems, IMSG_PR_MESSAGE_RECIPIENTS, IMSG_ERROR_BAD_CHARWIDTH));
  g_assert_cmpuint (count_recipients (ansi), ==, 3);
  g_assert_cmpuint (count_recipients (source), ==, 3);
  g_assert_cmpuint (count_attachments (source), ==, 0);
}

static guint
find_place (IMsgMessage *message,
            guint32      tag)
{
  gsize n_tags;
  g_autofree guint32 *tags =
    imsg_property_object_list_tags (IMSG_PROPERTY_OBJECT (message), &n_tags);

  for (guint i = 0; i < n_tags; i++)
    if (tags[i] == tag)
      return i;
  return G_MAXUINT;
}

/* What cannot be deleted is told of by its place in the list of tags, however little is copied. */
static void
test_move_mandatory (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) destination = new_empty (session);
  const guint32 excluded[] = { IMSG_PR_MESSAGE_CLASS, IMSG_PR_MESSAGE_FLAGS };
  guint place = find_place (source, IMSG_PR_BODY);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_property_object_set_attributes (
    IMSG_PROPERTY_OBJECT (source), IMSG_PR_BODY,
    IMSG_PROPERTY_ATTRIBUTES_MANDATORY | IMSG_PROPERTY_ATTRIBUTES_READABLE, &error));
  g_assert_true (imsg_property_object_copy_to (
    IMSG_PROPERTY_OBJECT (source), IMSG_PROPERTY_OBJECT (destination), excluded,
    G_N_ELEMENTS (excluded), IMSG_COPY_MOVE, NULL, &problems, &error));
  g_assert_no_error (error);
  g_assert_true (has_problem (problems, IMSG_PR_BODY, IMSG_ERROR_NO_ACCESS));
  for (guint i = 0; i < problems->len; i++)
    if (imsg_problem_get_tag (problems->pdata[i]) == IMSG_PR_BODY)
      g_assert_cmpuint (imsg_problem_get_index (problems->pdata[i]), ==, place);
  test_assert_string (source, IMSG_PR_BODY, "Text\r\n");
}

/* What nobody may set in the destination is not copied over: what is read-only there, and what a
 * stream is writing, a named property under whichever id it has in either. */
static void
test_read_only (void)
{
  g_autoptr(IMsgMessage) source = new_message (TRUE);
  g_autoptr(IMsgMessage) destination = new_message (TRUE);
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  guint32 included[2] = { IMSG_PR_SUBJECT, 0 };
  guint id;

  g_assert_true (imsg_message_set_subject (destination, "Mine", &error));
  g_assert_true (imsg_property_object_set_attributes (IMSG_PROPERTY_OBJECT (destination),
                                                      IMSG_PR_SUBJECT,
                                                      IMSG_PROPERTY_ATTRIBUTES_READABLE, &error));
  imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (source), IMSG_PS_PUBLIC_STRINGS, "Other",
                                     TRUE, &error);
  id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (source), IMSG_PS_PUBLIC_STRINGS,
                                          "Keywords", TRUE, &error);
  included[1] = imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id);
  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (source), included[1],
                                                  "word", &error));
  id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (destination),
                                          IMSG_PS_PUBLIC_STRINGS, "Keywords", TRUE, &error);
  stream = imsg_property_object_replace_stream (
    IMSG_PROPERTY_OBJECT (destination), imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), NULL,
    &error);
  g_assert_no_error (error);

  g_assert_true (imsg_property_object_copy_properties (
    IMSG_PROPERTY_OBJECT (source), IMSG_PROPERTY_OBJECT (destination), included, 2, IMSG_COPY_NONE,
    NULL, &problems, &error));
  g_assert_no_error (error);
  g_assert_true (has_problem (problems, IMSG_PR_SUBJECT, IMSG_ERROR_COMPUTED));
  g_assert_true (has_problem (problems, included[1], IMSG_ERROR_NO_ACCESS));
  test_assert_string (destination, IMSG_PR_SUBJECT, "Mine");
  test_assert_string (destination, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), NULL);
}

/* Every sample, copied into a new message and written: what was there is there. */
static void
test_samples (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no folder");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(GFile) file = g_file_new_for_path (paths->pdata[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) source =
        imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, &error);
      g_autoptr(IMsgMessage) copy = new_empty (session);
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(IMsgMessage) read = NULL;
      g_autofree char *body = NULL;

      g_assert_no_error (error);
      if (!imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source),
                                         IMSG_PROPERTY_OBJECT (copy), NULL, 0, IMSG_COPY_NONE, NULL,
                                         NULL, &error))
        g_error ("%s: %s", (const char *) paths->pdata[i], error->message);
      bytes = imsg_message_write_to_bytes (copy, NULL, &error);
      if (bytes == NULL)
        g_error ("%s: %s", (const char *) paths->pdata[i], error->message);
      read = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_READ_ONLY, NULL,
                                                   &error);
      g_assert_no_error (error);
      g_assert_cmpstr (imsg_message_get_subject (read), ==, imsg_message_get_subject (source));
      body = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (source), IMSG_PR_BODY);
      test_assert_string (read, IMSG_PR_BODY, body);
      g_assert_cmpuint (count_recipients (read), ==, count_recipients (source));
      g_assert_cmpuint (count_attachments (read), ==, count_attachments (source));
      for (guint j = 0; j < count_attachments (source); j++)
        {
          g_autoptr(IMsgAttachment) one =
            g_list_model_get_item (imsg_message_get_attachments (source), j);
          g_autoptr(IMsgAttachment) two =
            g_list_model_get_item (imsg_message_get_attachments (read), j);

          g_assert_cmpint (imsg_attachment_get_method (one), ==, imsg_attachment_get_method (two));
          if (imsg_attachment_get_method (one) == IMSG_ATTACHMENT_METHOD_BY_VALUE)
            g_assert_cmpuint (imsg_attachment_get_size (one), ==, imsg_attachment_get_size (two));
        }
    }
}

/* The end of a message whose attachment is at the end of the file, cut */
static IMsgMessage *
new_cut (gsize n_bytes,
         gsize n_cut)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = new_empty (session);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(GBytes) data = g_bytes_new_take (g_strnfill (n_bytes, 'x'), n_bytes);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) cut = NULL;

  g_assert_true (imsg_attachment_set_bytes (attachment, data, &error));
  g_assert_true (imsg_message_set_subject (message, "cut", &error));
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  cut = g_bytes_new_from_bytes (bytes, 0, g_bytes_get_size (bytes) - n_cut);
  return test_open_message (cut);
}

/* Of the first attachment */
static gsize
count_data (IMsgMessage *message)
{
  g_autoptr(IMsgAttachment) attachment =
    g_list_model_get_item (imsg_message_get_attachments (message), 0);
  g_autoptr(GBytes) data =
    imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment), IMSG_PR_ATTACH_DATA_BIN);

  return data != NULL ? g_bytes_get_size (data) : 0;
}

/* What there is of a damaged stream is copied, what is missing told of, and the copy can be saved. */
static void
test_damaged (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) source = new_cut (20000, 5000);
  g_autoptr(IMsgMessage) copy = new_empty (session);
  g_autoptr(IMsgMessage) outer = new_empty (session);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source),
                                               IMSG_PROPERTY_OBJECT (copy), NULL, 0, IMSG_COPY_NONE,
                                               NULL, &problems, &error));
  g_assert_no_error (error);
  g_assert_true (has_problem (problems, IMSG_PR_MESSAGE_ATTACHMENTS, IMSG_ERROR_CORRUPT_DATA));
  {
    g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (copy, NULL, &error);
    g_autoptr(IMsgMessage) read = NULL;

    g_assert_no_error (error);
    read = test_open_message (bytes);
    g_assert_cmpstr (imsg_message_get_subject (read), ==, "cut");
    g_assert_cmpuint (count_data (read), >=, 14000);
    g_assert_cmpuint (count_data (read), <, 20000);
  }
  /* Put into another message, it is a problem of that one */
  {
    g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (outer, &error);
    g_autoptr(GPtrArray) told = NULL;
    g_autoptr(GBytes) bytes = NULL;

    g_assert_true (imsg_attachment_set_message (attachment, source, NULL, &error));
    told = imsg_message_list_problems (outer);
    g_assert_cmpuint (told->len, ==, 1);
    g_assert_cmpint (imsg_problem_get_code (told->pdata[0]), ==, IMSG_ERROR_CORRUPT_DATA);
    bytes = imsg_message_write_to_bytes (outer, NULL, &error);
    g_assert_no_error (error);
    g_assert_nonnull (bytes);
  }
}

/* An entry for text with no stream of its own is empty text, and stays that. */
static void
test_text_without_stream (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) copy = new_empty (session);
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(IMsgMessage) source = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  char byte;

  storage = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ_WRITE, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (imsg_storage_remove (storage, "__substg1.0_1000001F", &error));
  source = imsg_message_open_on_storage (storage, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_assert_no_error (error);
  test_assert_string (source, IMSG_PR_BODY, "");
  stream = imsg_property_object_open_stream (IMSG_PROPERTY_OBJECT (source), IMSG_PR_BODY, NULL,
                                             &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (stream, &byte, 1, NULL, &error), ==, 0);

  g_assert_true (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source),
                                               IMSG_PROPERTY_OBJECT (copy), NULL, 0, IMSG_COPY_NONE,
                                               NULL, &problems, &error));
  g_assert_false (has_problem (problems, IMSG_PR_BODY, IMSG_ERROR_NOT_FOUND));
  test_assert_string (copy, IMSG_PR_BODY, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/copy/all", test_all);
  g_test_add_func ("/imsg/copy/excluded", test_excluded);
  g_test_add_func ("/imsg/copy/some", test_some);
  g_test_add_func ("/imsg/copy/move", test_move);
  g_test_add_func ("/imsg/copy/move-keeps", test_move_keeps);
  g_test_add_func ("/imsg/copy/move-mandatory", test_move_mandatory);
  g_test_add_func ("/imsg/copy/no-replace", test_no_replace);
  g_test_add_func ("/imsg/copy/read-only", test_read_only);
  g_test_add_func ("/imsg/copy/names", test_names);
  g_test_add_func ("/imsg/copy/widths", test_widths);
  TEST_ADD_TABLE ("/imsg/copy/code-page", code_pages, test_code_page);
  g_test_add_func ("/imsg/copy/refused", test_refused);
  g_test_add_func ("/imsg/copy/cancelled", test_cancelled);
  g_test_add_func ("/imsg/copy/damaged", test_damaged);
  g_test_add_func ("/imsg/copy/text-without-stream", test_text_without_stream);
  g_test_add_func ("/imsg/copy/samples", test_samples);
  return g_test_run ();
}
