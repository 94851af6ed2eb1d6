/* test-message-save-meanwhile.c - OLE storages that are written to while their message is saved
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

typedef struct
{
  IMsgSession    *session;
  IMsgMessage    *message;
  IMsgAttachment *attachment;
  IMsgStorage    *storage; /* new in the attachment */
  GFile          *file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->file = test_new_file ("storage-meanwhile.msg");
  fixture->session = imsg_session_new ();
  fixture->message = imsg_session_create_message (fixture->session, "IPM.Note", &error);
  fixture->attachment = imsg_message_create_attachment (fixture->message, &error);
  fixture->storage = imsg_attachment_create_storage (fixture->attachment, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  imsg_session_close (fixture->session);
  g_object_unref (fixture->storage);
  g_object_unref (fixture->attachment);
  g_object_unref (fixture->message);
  g_object_unref (fixture->session);
  g_object_unref (fixture->file);
}

static void
write_text (Fixture    *fixture,
            const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;

  imsg_storage_write_stream (fixture->storage, "Contents", bytes, &error);
  g_assert_no_error (error);
}

static void
saved_as_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  gboolean *is_done = user_data;
  g_autoptr(GError) error = NULL;

  imsg_message_save_as_finish (IMSG_MESSAGE (source), result, &error);
  g_assert_no_error (error);
  *is_done = TRUE;
}

static void
begin_save (Fixture  *fixture,
            gboolean *is_done)
{
  imsg_message_save_as_async (fixture->message, fixture->file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL,
                              saved_as_cb, is_done);
}

static void
save (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  imsg_message_save (fixture->message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_modified (Fixture  *fixture,
                 gboolean  expected)
{
  g_assert_cmpint (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (fixture->message)), ==,
                   expected);
}

static void
assert_holds (IMsgAttachment *attachment,
              const char     *name,
              const char     *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_attachment_open_storage (attachment, NULL, &error);
  g_autoptr(GBytes) bytes = NULL;

  g_assert_no_error (error);
  bytes = imsg_storage_read_stream (storage, name, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void
assert_saved (Fixture    *fixture,
              const char *name,
              const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) read =
    imsg_message_open_file (fixture->file, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_autoptr(IMsgAttachment) attachment = NULL;

  g_assert_no_error (error);
  attachment = g_list_model_get_item (imsg_message_get_attachments (read), 0);
  assert_holds (attachment, name, text);
}

/* It is not in the file, but unsaved. */
static void
test_written (Fixture       *fixture,
              gconstpointer  data)
{
  gboolean is_done = FALSE;

  write_text (fixture, "first");
  begin_save (fixture, &is_done);
  write_text (fixture, "second");
  test_run_until (&is_done);
  assert_saved (fixture, "Contents", "first");
  assert_modified (fixture, TRUE);
  save (fixture);
  assert_modified (fixture, FALSE);
  assert_saved (fixture, "Contents", "second");
}

/* The same of what a stream that is open has not been told to flush. */
static void
test_open_stream (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream = imsg_storage_edit_stream (fixture->storage, "Open", TRUE, &error);
  gboolean is_done = FALSE;

  g_assert_no_error (error);
  begin_save (fixture, &is_done);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), "text", 4, NULL, NULL, &error);
  g_assert_no_error (error);
  test_run_until (&is_done);
  assert_saved (fixture, "Open", "");
  assert_modified (fixture, TRUE);
  save (fixture);
  assert_saved (fixture, "Open", "text");
}

/* Without it the storage is what was saved, and not what was there before. */
static void
test_discarded (Fixture       *fixture,
                gconstpointer  data)
{
  gboolean is_done = FALSE;

  write_text (fixture, "first");
  begin_save (fixture, &is_done);
  write_text (fixture, "second");
  test_run_until (&is_done);
  imsg_attachment_discard_changes (fixture->attachment);
  assert_modified (fixture, FALSE);
  assert_holds (fixture->attachment, "Contents", "first");
}

#define ADD(name, test)                                                                             \
  g_test_add ("/imsg/message-save/storage/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("written", test_written);
  ADD ("open-stream", test_open_stream);
  ADD ("discarded", test_discarded);
  return g_test_run ();
}
