/* test-storage-stream.c - written streams of a storage, where nobody waits for them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "storage-util.h"
#include "test-util.h"

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GOutputStream *stream = G_OUTPUT_STREAM (source);
  const char *how = g_object_get_data (source, "how");
  g_autoptr(GError) error = NULL;

  if (g_str_equal (how, "close"))
    g_output_stream_close_finish (stream, result, &error);
  else if (g_str_equal (how, "flush"))
    g_output_stream_flush_finish (stream, result, &error);
  else
    g_output_stream_splice_finish (stream, result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
changed_cb (GListModel *entries,
            guint       position,
            guint       n_removed,
            guint       n_added,
            GThread   **thread)
{
  *thread = g_thread_self ();
}

/* What a stream brings is in the storage, and told of, in the thread that the storage is used in */
static void
test_async (gconstpointer how)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_data ("hello", 5, NULL);
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  GThread *thread = NULL;
  gboolean is_done = FALSE;

  stream = imsg_storage_replace_stream (storage, "s", &error);
  g_assert_no_error (error);
  g_signal_connect (imsg_storage_get_entries (storage), "items-changed", G_CALLBACK (changed_cb),
                    &thread);
  g_object_set_data (G_OBJECT (stream), "how", (gpointer) how);
  if (g_str_equal (how, "splice"))
    g_output_stream_splice_async (stream, input, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, 0, NULL,
                                  done_cb, &is_done);
  else
    {
      g_assert_true (g_output_stream_write_all (stream, "hello", 5, NULL, NULL, &error));
      if (g_str_equal (how, "close"))
        g_output_stream_close_async (stream, 0, NULL, done_cb, &is_done);
      else
        g_output_stream_flush_async (stream, 0, NULL, done_cb, &is_done);
    }
  g_assert_false (is_done);
  test_run_until (&is_done);
  g_assert_true (thread == g_thread_self ());
  storage_assert_text (storage, "s", "hello");
}

/* A stream that is edited is one, however often it is opened */
static void
test_edited_twice (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) first = NULL;
  g_autoptr(GIOStream) second = NULL;

  storage_write_text (storage, "s", "0000");
  first = imsg_storage_edit_stream (storage, "s", FALSE, &error);
  g_assert_no_error (error);
  second = imsg_storage_edit_stream (storage, "S", FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (first == second);
  g_output_stream_write_all (g_io_stream_get_output_stream (second), "AA", 2, NULL, NULL, &error);
  g_clear_object (&second);
  g_output_stream_write_all (g_io_stream_get_output_stream (first), "BB", 2, NULL, NULL, &error);
  g_assert_no_error (error);
  storage_commit (storage);
  storage_assert_text (storage, "s", "AABB");

  g_assert_true (g_io_stream_close (first, NULL, &error));
  second = imsg_storage_edit_stream (storage, "s", FALSE, &error);
  g_assert_true (first != second);
}

static void
write_more_cb (IMsgStorage *storage,
               GParamSpec  *pspec,
               GIOStream   *stream)
{
  if (imsg_storage_is_modified (storage))
    g_output_stream_write_all (g_io_stream_get_output_stream (stream), "more", 4, NULL, NULL, NULL);
}

/* What is written by who hears that the storage takes what was written before is not lost */
static void
test_written_by_handler (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream = imsg_storage_edit_stream (storage, "s", TRUE, &error);
  GOutputStream *output = g_io_stream_get_output_stream (stream);

  storage_commit (storage);
  g_signal_connect (storage, "notify::modified", G_CALLBACK (write_more_cb), stream);
  g_output_stream_write_all (output, "some", 4, NULL, NULL, &error);
  storage_commit (storage);
  storage_assert_text (storage, "s", "some");
  g_assert_true (g_io_stream_close (stream, NULL, &error));
  storage_assert_text (storage, "s", "somemore");
}

/* Whoever writes a stream in another way, what was written last is there */
static void
test_edited_and_written (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) edited = NULL;
  g_autoptr(GOutputStream) replaced = NULL;
  GOutputStream *output = NULL;

  storage_write_text (storage, "s", "0000");
  edited = imsg_storage_edit_stream (storage, "s", FALSE, &error);
  g_assert_no_error (error);
  output = g_io_stream_get_output_stream (edited);
  g_output_stream_write_all (output, "AA", 2, NULL, NULL, &error);
  storage_write_text (storage, "S", "written");
  storage_commit (storage);
  storage_assert_text (storage, "s", "written");
  g_output_stream_write_all (output, "BB", 2, NULL, NULL, &error);
  storage_commit (storage);
  storage_assert_text (storage, "s", "wrBBten");

  replaced = imsg_storage_replace_stream (storage, "s", &error);
  g_output_stream_write_all (replaced, "replaced", 8, NULL, NULL, &error);
  g_assert_true (g_output_stream_close (replaced, NULL, &error));
  g_output_stream_write_all (output, "CC", 2, NULL, NULL, &error);
  g_assert_true (g_io_stream_close (edited, NULL, &error));
  g_assert_no_error (error);
  storage_assert_text (storage, "s", "replCCed");
}

static void
read_cb (GObject      *stream,
         GAsyncResult *result,
         gpointer      n_read)
{
  *(gssize *) n_read = g_input_stream_read_finish (G_INPUT_STREAM (stream), result, NULL);
}

/* A read that began before a write comes before it, though it is waited for afterwards */
static void
test_read_async (void)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
      g_autoptr(GError) error = NULL;
      g_autoptr(GIOStream) stream = NULL;
      char buffer[4] = "";
      gssize n_read = -2;

      storage_write_text (storage, "s", "0123456789");
      stream = imsg_storage_edit_stream (storage, "s", FALSE, &error);
      g_input_stream_read_async (g_io_stream_get_input_stream (stream), buffer, sizeof buffer, 0,
                                 NULL, read_cb, &n_read);
      g_output_stream_write_all (g_io_stream_get_output_stream (stream), "AA", 2, NULL, NULL,
                                 &error);
      while (n_read == -2)
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (g_io_stream_close (stream, NULL, &error));
      g_assert_cmpmem (buffer, n_read, "0123", 4);
      storage_assert_text (storage, "s", "0123AA6789");
    }
}

/* No position is so far that what is before it is lost */
static void
test_far (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream = imsg_storage_edit_stream (storage, "s", TRUE, &error);
  GOutputStream *output = g_io_stream_get_output_stream (stream);

  g_output_stream_write_all (output, "begin", 5, NULL, NULL, &error);
  g_assert_true (g_seekable_seek (G_SEEKABLE (stream), (goffset) 1 << 57, G_SEEK_SET, NULL, &error));
  g_assert_false (g_output_stream_write_all (output, "x", 1, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  storage_commit (storage);
  storage_assert_text (storage, "s", "begin");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/imsg/storage-stream/async/close", "close", test_async);
  g_test_add_data_func ("/imsg/storage-stream/async/flush", "flush", test_async);
  g_test_add_data_func ("/imsg/storage-stream/async/splice", "splice", test_async);
  g_test_add_func ("/imsg/storage-stream/edited-twice", test_edited_twice);
  g_test_add_func ("/imsg/storage-stream/written-by-handler", test_written_by_handler);
  g_test_add_func ("/imsg/storage-stream/edited-and-written", test_edited_and_written);
  g_test_add_func ("/imsg/storage-stream/read-async", test_read_async);
  g_test_add_func ("/imsg/storage-stream/far", test_far);

  return g_test_run ();
}
