/* test-snapshot.c - messages as they were, read in other threads
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

static IMsgMessage *
new_message (IMsgSession *session)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  IMsgMessage *message = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_MODIFY,
                                                               NULL, &error);

  g_assert_no_error (error);
  imsg_message_set_subject (message, "Before", &error);
  g_assert_no_error (error);
  imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT, "What was written", &error);
  g_assert_no_error (error);
  return message;
}

static void
test_alone (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = new_message (session);
  g_autoptr(IMsgMessage) snapshot = imsg_message_dup_snapshot (message, NULL, &error);
  g_autoptr(GBytes) bytes = NULL;

  g_assert_no_error (error);
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  imsg_message_set_subject (message, "After", &error);
  g_assert_no_error (error);
  imsg_message_close (message);
  imsg_session_close (session);

  g_assert_cmpstr (imsg_message_get_subject (snapshot), ==, "Before");
  g_assert_null (imsg_message_get_session (snapshot));
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (snapshot)), ==, 2);
  bytes = imsg_message_write_to_bytes (snapshot, NULL, &error);
  g_assert_no_error (error);

  imsg_message_set_subject (snapshot, "Not this one", &error);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_assert_finalize_object (g_steal_pointer (&snapshot));
}

static void
test_embedded (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = new_message (session);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (attachment, &error);
  g_autoptr(IMsgMessage) snapshot = NULL;

  g_assert_no_error (error);
  imsg_message_set_subject (embedded, "Inside", &error);
  g_assert_no_error (error);
  snapshot = imsg_message_dup_snapshot (embedded, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (snapshot), ==, "Inside");
  g_assert_null (imsg_message_get_parent (snapshot));
}

static void
test_closed (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = new_message (session);

  imsg_message_close (message);
  g_assert_null (imsg_message_dup_snapshot (message, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
}

typedef struct
{
  gboolean   is_done;
  IMsgBody  *body;
  GPtrArray *losses;
  GError    *error;
} Result;

static void
result_clear (Result *result)
{
  g_clear_pointer (&result->body, imsg_body_unref);
  g_clear_pointer (&result->losses, g_ptr_array_unref);
  g_clear_error (&result->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static void
read_cb (GObject      *source,
         GAsyncResult *asynchronous,
         gpointer      user_data)
{
  Result *result = user_data;

  result->body = imsg_message_read_body_finish (IMSG_MESSAGE (source), asynchronous,
                                                &result->error);
  result->is_done = TRUE;
}

static void
test_body (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = new_message (session);
  g_auto(Result) result = { FALSE };
  g_autofree char *text = NULL;

  imsg_message_read_body_async (message, IMSG_BODY_FORMAT_TEXT, NULL, read_cb, &result);
  g_assert_false (result.is_done);
  imsg_message_close (message);
  test_run_until (&result.is_done);
  g_assert_no_error (result.error);
  text = imsg_body_dup_text (result.body);
  g_assert_cmpstr (text, ==, "What was written");
}

static void
test_body_cancelled (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = new_message (session);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Result) result = { FALSE };

  imsg_message_read_body_async (message, IMSG_BODY_FORMAT_TEXT, cancellable, read_cb, &result);
  g_cancellable_cancel (cancellable);
  test_run_until (&result.is_done);
  g_assert_null (result.body);
  g_assert_nonnull (result.error);
}

static void
export_cb (GObject      *source,
           GAsyncResult *asynchronous,
           gpointer      user_data)
{
  Result *result = user_data;

  imsg_message_export_mime_finish (IMSG_MESSAGE (source), asynchronous, &result->losses,
                                   &result->error);
  result->is_done = TRUE;
}

static void
test_mime (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = new_message (session);
  g_autoptr(GOutputStream) expected = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_auto(Result) result = { FALSE };

  imsg_message_export_mime (message, expected, NULL, &error);
  g_assert_no_error (error);
  imsg_message_export_mime_async (message, stream, IMSG_MIME_EXPORT_ARCHIVE, NULL, export_cb,
                                  &result);
  imsg_message_set_subject (message, "After", &error);
  g_assert_no_error (error);
  test_run_until (&result.is_done);
  g_assert_no_error (result.error);
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), ==,
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (expected)));
  g_assert_nonnull (strstr (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                            "Subject: Before"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/snapshot/alone", test_alone);
  g_test_add_func ("/imsg/snapshot/embedded", test_embedded);
  g_test_add_func ("/imsg/snapshot/closed", test_closed);
  g_test_add_func ("/imsg/snapshot/body", test_body);
  g_test_add_func ("/imsg/snapshot/body-cancelled", test_body_cancelled);
  g_test_add_func ("/imsg/snapshot/mime", test_mime);
  return g_test_run ();
}
