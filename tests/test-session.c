/* test-session.c - sessions: what they hold, what they say, and what closing them does
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

static GFile *
write_message (const char *name)
{
  GFile *file = test_new_file (name);
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(GError) error = NULL;

  g_file_replace_contents (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL,
                           FALSE, G_FILE_CREATE_NONE, NULL, NULL, &error);
  g_assert_no_error (error);
  return file;
}

static void
test_flags (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) plain = imsg_session_open (IMSG_SESSION_NONE, &error);
  g_autoptr(IMsgSession) unicode = NULL;

  g_assert_no_error (error);
  g_assert_false (imsg_session_is_unicode (plain));
  unicode = imsg_session_open (IMSG_SESSION_UNICODE, &error);
  g_assert_no_error (error);
  g_assert_true (imsg_session_is_unicode (unicode));
  g_assert_null (imsg_session_open ((IMsgSessionFlags) 1, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS);
  g_assert_cmphex (imsg_error_get_scode (error), ==, 0x80040106);
}

static void
append_name (IMsgSession *session,
             IMsgMessage *message,
             gpointer     user_data)
{
  g_string_append_c (user_data, imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message))
                                  ? '-' : '+');
}

static void
count_cb (gpointer  object,
          guint    *count)
{
  (*count)++;
}

static void
test_messages (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  GListModel *messages = imsg_session_get_messages (session);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) first = NULL;
  g_autoptr(IMsgMessage) second = NULL;
  g_autoptr(IMsgMessage) item = NULL;
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GString) closed = g_string_new (NULL);
  guint n_closed = 0;

  g_signal_connect (session, "message-opened", G_CALLBACK (append_name), log);
  g_signal_connect (session, "message-closed", G_CALLBACK (append_name), log);
  first = imsg_session_create_message (session, "IPM.Note", &error);
  g_assert_no_error (error);
  second = imsg_session_create_message (session, "IPM.Contact", &error);
  g_assert_no_error (error);
  g_signal_connect (first, "closed", G_CALLBACK (count_cb), &n_closed);
  g_assert_cmpuint (g_list_model_get_n_items (messages), ==, 2);
  item = g_list_model_get_item (messages, 1);
  g_assert_true (item == second);
  g_assert_true (imsg_message_get_session (first) == session);
  g_assert_true (imsg_session_has_unsaved_changes (session));
  g_assert_cmpuint (imsg_session_get_memory_use (session), >, 0);

  imsg_message_close (first);
  imsg_message_close (first);
  g_assert_cmpuint (n_closed, ==, 1);
  g_assert_null (imsg_message_get_session (first));
  g_assert_cmpuint (g_list_model_get_n_items (messages), ==, 1);
  imsg_session_close (session);
  g_assert_cmpstr (log->str, ==, "++--");
  g_assert_cmpuint (g_list_model_get_n_items (messages), ==, 0);
  g_assert_false (imsg_session_has_unsaved_changes (session));

  g_assert_null (imsg_session_create_message (session, "IPM.Note", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_assert_cmphex (imsg_error_get_scode (error), ==, 0x80040108);
}

static void
note_order (IMsgMessage *message,
            GPtrArray   *order)
{
  g_ptr_array_add (order, message);
}

static void
test_close_newest_first (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) order = g_ptr_array_new ();
  IMsgMessage *messages[3];
  guint n_closed = 0;

  g_signal_connect (session, "closed", G_CALLBACK (count_cb), &n_closed);
  for (guint i = 0; i < 3; i++)
    {
      messages[i] = imsg_session_create_message (session, "IPM.Note", NULL);
      g_signal_connect (messages[i], "closed", G_CALLBACK (note_order), order);
    }
  imsg_session_close (session);
  imsg_session_close (session);
  g_assert_cmpuint (n_closed, ==, 1);
  g_assert_cmpuint (order->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (order->pdata[i] == messages[2 - i]);
      g_assert_finalize_object (messages[i]);
    }
}

/* Everything that is open, at any depth, is closed with the session, and stays valid memory. */
static void
test_close_under_references (void)
{
  g_autoptr(GFile) file = write_message ("close.msg");
  IMsgSession *session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_session_open_message (session, file, IMSG_OPEN_MODIFY, NULL, &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  g_autoptr(IMsgAttachment) outer = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (outer, &error);
  g_autoptr(IMsgRecipient) recipient =
    g_list_model_get_item (imsg_message_get_recipients (message), 0);
  g_autoptr(GInputStream) stream = imsg_attachment_open_stream (attachment, NULL, &error);
  g_autoptr(GOutputStream) writing =
    imsg_property_object_replace_stream (IMSG_PROPERTY_OBJECT (message), IMSG_PR_HTML, NULL, &error);
  g_autoptr(IMsgProperty) property =
    g_list_model_get_item (imsg_property_object_get_properties (IMSG_PROPERTY_OBJECT (message)), 0);
  GListModel *recipients = imsg_message_get_recipients (message);
  IMsgPropertyObject *objects[] = {
    IMSG_PROPERTY_OBJECT (message), IMSG_PROPERTY_OBJECT (attachment), IMSG_PROPERTY_OBJECT (outer),
    IMSG_PROPERTY_OBJECT (embedded), IMSG_PROPERTY_OBJECT (recipient),
  };
  char buffer[4];

  g_assert_no_error (error);
  g_object_ref (recipients);
  imsg_session_close (session);
  g_assert_finalize_object (session);

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      gsize n_tags;

      g_assert_true (imsg_property_object_is_closed (objects[i]));
      g_assert_false (imsg_property_object_is_writable (objects[i]));
      g_assert_false (imsg_property_object_is_modified (objects[i]));
      g_assert_null (imsg_property_object_get_value (objects[i], IMSG_PR_DISPLAY_NAME, &error));
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
      g_clear_error (&error);
      g_assert_false (imsg_property_object_set_string (objects[i], IMSG_PR_DISPLAY_NAME, "x",
                                                       &error));
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
      g_clear_error (&error);
      g_free (imsg_property_object_list_tags (objects[i], &n_tags));
      g_assert_cmpuint (n_tags, ==, 0);
      g_assert_null (imsg_property_object_get_string (objects[i], IMSG_PR_SUBJECT));
      g_assert_null (imsg_property_object_get_storage (objects[i]));
      g_assert_false (imsg_property_object_revert_value (objects[i], 0, NULL));
      g_assert_cmpuint (g_list_model_get_n_items (imsg_property_object_get_properties (objects[i])),
                        ==, 0);
    }
  g_assert_cmpint (g_input_stream_read (stream, buffer, 4, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (g_output_stream_write_all (writing, "x", 1, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_null (imsg_property_get_value (property, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (imsg_message_save (message, IMSG_SAVE_NONE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_null (imsg_message_write_to_bytes (message, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_null (imsg_attachment_open_message (outer, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_null (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "x", NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_assert_cmpuint (g_list_model_get_n_items (recipients), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 0);
  g_assert_null (imsg_message_get_subject (message));
  g_assert_null (imsg_attachment_get_message (attachment));
  g_assert_null (imsg_attachment_get_message (outer));
  g_assert_null (imsg_recipient_get_message (recipient));
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==, IMSG_ATTACHMENT_METHOD_NONE);
  g_assert_nonnull (imsg_attachment_get_file_name (attachment));
  g_assert_false (imsg_attachment_is_inline (attachment));
  g_object_unref (recipients);
}

/* Without a session a message ends with its last reference. */
static void
test_no_session (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_message_open_bytes (bytes, IMSG_OPEN_MODIFY, NULL, &error);
  IMsgAttachment *attachment;
  guint n_closed = 0;

  g_assert_no_error (error);
  g_signal_connect (message, "closed", G_CALLBACK (count_cb), &n_closed);
  attachment = imsg_message_find_attachment (message, 0);
  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (attachment),
                                                  IMSG_PR_DISPLAY_NAME, "changed", &error));
  g_assert_finalize_object (message);
  g_assert_cmpuint (n_closed, ==, 1);
  g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (attachment)));
  g_assert_finalize_object (attachment);
}

typedef struct
{
  gboolean     done;
  IMsgMessage *message;
  GError      *error;
} Opened;

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Opened *opened = user_data;

  opened->message = imsg_session_open_message_finish (IMSG_SESSION (source), result,
                                                      &opened->error);
  opened->done = TRUE;
}

static void
test_async (void)
{
  g_autoptr(GFile) file = write_message ("async.msg");
  g_autoptr(GFile) missing = test_new_file ("missing.msg");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Opened opened = { 0 };

  imsg_session_open_message_async (session, file, IMSG_OPEN_READ_ONLY, NULL, opened_cb, &opened);
  g_assert_false (opened.done);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_session_get_messages (session)), ==, 0);
  test_run_until (&opened.done);
  g_assert_no_error (opened.error);
  g_assert_cmpstr (imsg_message_get_subject (opened.message), ==, "RE: A subject");
  g_assert_true (g_file_equal (imsg_message_get_file (opened.message), file));
  g_clear_object (&opened.message);

  opened.done = FALSE;
  imsg_session_open_message_async (session, missing, IMSG_OPEN_READ_ONLY, NULL, opened_cb, &opened);
  test_run_until (&opened.done);
  g_assert_nonnull (opened.error);
  g_clear_error (&opened.error);

  opened.done = FALSE;
  g_cancellable_cancel (cancellable);
  imsg_session_open_message_async (session, file, IMSG_OPEN_READ_ONLY, cancellable, opened_cb,
                                   &opened);
  test_run_until (&opened.done);
  g_assert_error (opened.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&opened.error);

  opened.done = FALSE;
  imsg_session_open_message_async (session, file, IMSG_OPEN_READ_ONLY, NULL, opened_cb, &opened);
  imsg_session_close (session);
  test_run_until (&opened.done);
  g_assert_error (opened.error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&opened.error);

  opened.done = FALSE;
  imsg_session_open_message_async (session, file, IMSG_OPEN_READ_ONLY, NULL, opened_cb, &opened);
  test_run_until (&opened.done);
  g_assert_error (opened.error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&opened.error);
}

static void
test_not_a_message (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GBytes) text = g_bytes_new_static ("no message at all", 17);
  g_autoptr(IMsgStorage) empty =
    imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  g_autoptr(GBytes) compound = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (imsg_session_open_message_from_bytes (session, text, IMSG_OPEN_READ_ONLY, NULL,
                                                       &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
  g_clear_error (&error);
  compound = imsg_storage_write_to_bytes (empty, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (imsg_session_open_message_from_bytes (session, compound, IMSG_OPEN_MODIFY, NULL,
                                                       &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
  g_clear_error (&error);
  g_assert_null (imsg_session_open_message_from_bytes (session, compound, (IMsgOpenFlags) 0x40,
                                                       NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS);
  g_clear_error (&error);
  g_assert_null (imsg_session_create_message (session, "IPM.Note.", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_session_get_messages (session)), ==, 0);
}

static void
test_on_storage (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GBytes) foreign = g_bytes_new_static ("mine", 4);
  g_autoptr(IMsgStorage) storage =
    imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  g_autoptr(IMsgStorage) read_only = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) kept = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_storage_write_stream (storage, "Foreign", foreign, &error));
  message = imsg_session_open_message_on_storage (session, storage,
                                                  IMSG_OPEN_MODIFY | IMSG_OPEN_NO_COMMIT, NULL,
                                                  &error);
  g_assert_no_error (error);
  g_assert_true (imsg_message_set_subject (message, "On a storage", &error));
  g_assert_true (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);
  /* The commit was left to us */
  g_assert_true (imsg_storage_is_modified (storage));
  g_assert_true (imsg_storage_commit (storage, IMSG_COMMIT_DEFAULT, NULL, &error));
  imsg_message_close (message);
  g_assert_false (imsg_storage_is_closed (storage));
  g_clear_object (&message);

  bytes = imsg_storage_write_to_bytes (storage, NULL, &error);
  g_assert_no_error (error);
  read_only = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ, NULL, &error);
  g_assert_null (imsg_session_open_message_on_storage (session, read_only, IMSG_OPEN_MODIFY, NULL,
                                                       &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  message = imsg_session_open_message_on_storage (session, read_only, IMSG_OPEN_READ_ONLY, NULL,
                                                  &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "On a storage");
  kept = imsg_storage_read_stream (read_only, "Foreign", NULL, &error);
  g_assert_true (g_bytes_equal (kept, foreign));
}

static void
test_template (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GFile) file = test_new_file ("template.oft");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgMessage) template_message = NULL;
  g_autoptr(IMsgMessage) fresh = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  g_autofree char *class_id = NULL;

  g_assert_true (imsg_message_set_subject (message, "A form", &error));
  g_assert_true (imsg_message_write_to_file (message, file, NULL, &error));
  g_assert_no_error (error);
  storage = imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, &error);
  class_id = imsg_storage_dup_class_id (storage);
  g_assert_cmpstr (class_id, ==, "0006f046-0000-0000-c000-000000000046");

  template_message = imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_assert_true (imsg_message_is_template (template_message));
  fresh = imsg_session_open_message (session, file, IMSG_OPEN_AS_TEMPLATE, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (imsg_message_is_template (fresh));
  g_assert_null (imsg_message_get_file (fresh));
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (fresh)));
  g_assert_true (imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (fresh)));
  g_assert_cmpstr (imsg_message_get_subject (fresh), ==, "A form");
}

static void
test_limits (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GPtrArray) problems = NULL;

  g_assert_cmpuint (imsg_session_get_limit (session, IMSG_LIMIT_RECIPIENTS), ==,
                    imsg_limit_get_default (IMSG_LIMIT_RECIPIENTS));
  imsg_session_set_limit (session, IMSG_LIMIT_RECIPIENTS, 1);
  imsg_session_set_limit (session, IMSG_LIMIT_ATTACHMENTS, 1);
  imsg_session_set_limit (session, IMSG_LIMIT_NESTING, 0);
  imsg_session_set_limit (session, IMSG_LIMIT_VALUE_BYTES, 4096);
  message = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (message)), ==, 1);
  problems = imsg_message_list_problems (message);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_TOO_BIG);
  g_assert_null (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "x", NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_clear_error (&error);
  g_assert_null (imsg_message_create_attachment (message, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_clear_error (&error);
  {
    g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
    g_autofree char *long_text = g_strnfill (5000, 'x');

    g_assert_null (imsg_attachment_create_message (attachment, &error));
    g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
    g_clear_error (&error);
    g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), IMSG_PR_BODY,
                                                    long_text, &error));
    g_clear_pointer (&bytes, g_bytes_unref);
    bytes = imsg_message_write_to_bytes (message, NULL, &error);
    g_assert_no_error (error);
  }
  g_clear_object (&message);
  message = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_null (imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (message), IMSG_PR_BODY,
                                                 &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_clear_error (&error);
  {
    g_autoptr(GInputStream) stream = imsg_property_object_open_stream (
      IMSG_PROPERTY_OBJECT (message), IMSG_PR_BODY, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpint (g_input_stream_skip (stream, 20000, NULL, &error), ==, 10000);
  }
}

static void
test_default_code_page (void)
{
  g_autoptr(IMsgSession) session = imsg_session_open (IMSG_SESSION_NONE, NULL);
  g_autoptr(IMsgMessage) message = NULL;
  g_auto(GStrv) trace = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (imsg_session_get_default_code_page (session), ==, 1252);
  imsg_session_set_default_code_page (session, 1251);
  message = imsg_session_create_message (session, "IPM.Note", &error);
  g_assert_cmpuint (imsg_message_get_code_page (message), ==, 1251);
  trace = imsg_message_get_code_page_trace (message);
  g_assert_true (g_str_has_prefix (trace[g_strv_length (trace) - 1], "The default"));
  g_assert_true (imsg_message_set_subject (message, "Тема", &error));
  g_assert_false (imsg_message_set_subject (message, "日本", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "Тема");
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/session/flags", test_flags);
  g_test_add_func ("/imsg/session/messages", test_messages);
  g_test_add_func ("/imsg/session/close-newest-first", test_close_newest_first);
  g_test_add_func ("/imsg/session/close-under-references", test_close_under_references);
  g_test_add_func ("/imsg/session/no-session", test_no_session);
  g_test_add_func ("/imsg/session/async", test_async);
  g_test_add_func ("/imsg/session/not-a-message", test_not_a_message);
  g_test_add_func ("/imsg/session/on-storage", test_on_storage);
  g_test_add_func ("/imsg/session/template", test_template);
  g_test_add_func ("/imsg/session/limits", test_limits);
  g_test_add_func ("/imsg/session/default-code-page", test_default_code_page);
  status = g_test_run ();
  test_remove_files ();
  return status;
}
