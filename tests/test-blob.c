/* test-blob.c - blobs, and the spools they come from
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-blob-private.h"
#include "imsg-error.h"

#include <string.h>
#include <sys/resource.h>

#define MIB ((gsize) 1 << 20)

static void
assert_blob (IMsgBlob      *blob,
             gconstpointer  data,
             gsize          n_bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = _imsg_blob_read_all (blob, G_MAXUINT64, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (_imsg_blob_get_size (blob), ==, n_bytes);
  /* One comparison: g_assert_cmpmem() of megabytes is slow to build its message. */
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, n_bytes);
  g_assert_true (n_bytes == 0 || memcmp (g_bytes_get_data (bytes, NULL), data, n_bytes) == 0);
}

/* What a spool should hold, written down in the simplest way. */
static void
model_write (GByteArray *model,
             gsize       offset,
             guint8     *data,
             gsize       n_bytes)
{
  gsize n_old = model->len;

  if (offset + n_bytes > n_old)
    {
      g_byte_array_set_size (model, offset + n_bytes);
      if (offset > n_old)
        memset (model->data + n_old, 0, offset - n_old);
    }
  memcpy (model->data + offset, data, n_bytes);
}

static void
model_truncate (GByteArray *model,
                gsize       n_bytes)
{
  gsize n_old = model->len;

  g_byte_array_set_size (model, n_bytes);
  if (n_bytes > n_old)
    memset (model->data + n_old, 0, n_bytes - n_old);
}

typedef struct
{
  IMsgBlob   *blob;
  GByteArray *model;
} Snapshot;

static void
snapshot_clear (gpointer data)
{
  Snapshot *snapshot = data;

  _imsg_blob_unref (snapshot->blob);
  g_byte_array_unref (snapshot->model);
}

/* Writes, cuts, seeks behind the end and takes snapshots in an arbitrary order; whatever comes
 * later, each snapshot shows what was there. data: the largest offset. */
static void
test_random (gconstpointer data)
{
  gsize max = GPOINTER_TO_SIZE (data);

  for (guint seed = 0; seed < 24; seed++)
    {
      g_autoptr(GRand) random = g_rand_new_with_seed (seed);
      g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
      g_autoptr(GByteArray) model = g_byte_array_new ();
      g_autoptr(GArray) snapshots = g_array_new (FALSE, FALSE, sizeof (Snapshot));
      g_autoptr(GError) error = NULL;
      g_autofree guint8 *buffer = g_malloc (max);

      g_array_set_clear_func (snapshots, snapshot_clear);
      for (guint step = 0; step < 60; step++)
        {
          guint what = g_rand_int_range (random, 0, 10);
          gsize offset = g_rand_int_range (random, 0, max);
          gsize n_bytes = g_rand_int_range (random, 0, MAX (max / 8, 2));

          if (what < 7)
            {
              if (what < 3)
                offset = model->len;
              for (gsize i = 0; i < n_bytes; i++)
                buffer[i] = g_rand_int (random);
              g_assert_true (g_seekable_seek (G_SEEKABLE (spool), offset, G_SEEK_SET, NULL,
                                              &error));
              g_assert_true (g_output_stream_write_all (G_OUTPUT_STREAM (spool), buffer, n_bytes,
                                                        NULL, NULL, &error));
              g_assert_cmpint (g_seekable_tell (G_SEEKABLE (spool)), ==, offset + n_bytes);
              if (n_bytes > 0)
                model_write (model, offset, buffer, n_bytes);
            }
          else if (what < 8)
            {
              g_assert_true (g_seekable_truncate (G_SEEKABLE (spool), offset, NULL, &error));
              model_truncate (model, offset);
            }
          else
            {
              Snapshot snapshot = { _imsg_spool_snapshot (spool, &error), g_byte_array_new () };

              g_byte_array_append (snapshot.model, model->data, model->len);
              if (snapshots->len > 3)
                g_array_remove_index (snapshots, g_rand_int_range (random, 0, snapshots->len));
              g_array_append_val (snapshots, snapshot);
            }
          g_assert_no_error (error);
        }
      for (guint i = 0; i < snapshots->len; i++)
        {
          Snapshot *snapshot = &g_array_index (snapshots, Snapshot, i);

          assert_blob (snapshot->blob, snapshot->model->data, snapshot->model->len);
        }
      {
        g_autoptr(IMsgBlob) last = _imsg_spool_snapshot (spool, &error);

        assert_blob (last, model->data, model->len);
      }
    }
}

typedef struct
{
  IMsgBlob *blob;
  guint     n_calls;
  gboolean  is_refused;
} Published;

static gboolean
publish_cb (IMsgBlob  *blob,
            gpointer   user_data,
            GError   **error)
{
  Published *published = user_data;

  published->n_calls++;
  if (published->is_refused)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS, "No");
      return FALSE;
    }
  g_clear_pointer (&published->blob, _imsg_blob_unref);
  published->blob = _imsg_blob_ref (blob);
  return TRUE;
}

static void
test_publish (void)
{
  Published published = { 0 };
  IMsgSpool *spool = _imsg_spool_new ();
  GOutputStream *stream = G_OUTPUT_STREAM (spool);
  g_autoptr(GError) error = NULL;

  _imsg_spool_set_publish (spool, publish_cb, &published, NULL);
  g_assert_true (g_output_stream_write_all (stream, "one", 3, NULL, NULL, &error));
  g_assert_cmpuint (published.n_calls, ==, 0);
  g_assert_true (g_output_stream_flush (stream, NULL, &error));
  g_assert_true (g_output_stream_flush (stream, NULL, &error));
  g_assert_cmpuint (published.n_calls, ==, 1);
  assert_blob (published.blob, "one", 3);
  g_assert_true (g_output_stream_write_all (stream, "two", 3, NULL, NULL, &error));
  assert_blob (published.blob, "one", 3);
  g_assert_true (g_output_stream_close (stream, NULL, &error));
  assert_blob (published.blob, "onetwo", 6);
  g_assert_cmpuint (published.n_calls, ==, 2);
  g_assert_false (g_output_stream_write_all (stream, "x", 1, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (g_seekable_truncate (G_SEEKABLE (stream), 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_finalize_object (spool);
  g_clear_pointer (&published.blob, _imsg_blob_unref);
}

/* Nothing written at all is an empty stream; a refusal is told; a cancelled close drops it all. */
static void
test_publish_corners (void)
{
  Published published = { 0 };
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  IMsgSpool *spool = _imsg_spool_new ();

  _imsg_spool_set_publish (spool, publish_cb, &published, NULL);
  g_assert_true (g_output_stream_close (G_OUTPUT_STREAM (spool), NULL, &error));
  assert_blob (published.blob, "", 0);
  g_object_unref (spool);

  published.n_calls = 0;
  g_cancellable_cancel (cancelled);
  spool = _imsg_spool_new ();
  _imsg_spool_set_publish (spool, publish_cb, &published, NULL);
  g_output_stream_write_all (G_OUTPUT_STREAM (spool), "x", 1, NULL, NULL, &error);
  g_assert_false (g_output_stream_close (G_OUTPUT_STREAM (spool), cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_object_unref (spool);
  g_assert_cmpuint (published.n_calls, ==, 0);

  published.is_refused = TRUE;
  spool = _imsg_spool_new ();
  _imsg_spool_set_publish (spool, publish_cb, &published, NULL);
  g_assert_false (g_output_stream_close (G_OUTPUT_STREAM (spool), NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_object_unref (spool);
  g_clear_pointer (&published.blob, _imsg_blob_unref);
}

static void
test_io_stream (void)
{
  g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
  g_autoptr(GBytes) bytes = g_bytes_new_static ("0123456789", 10);
  g_autoptr(IMsgBlob) blob = _imsg_blob_new_for_bytes (bytes);
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  GInputStream *input = NULL;
  GOutputStream *output = NULL;
  char buffer[16] = "";

  g_assert_true (_imsg_spool_fill (spool, blob, NULL, &error));
  stream = _imsg_spool_open_io_stream (spool);
  input = g_io_stream_get_input_stream (stream);
  output = g_io_stream_get_output_stream (stream);

  g_assert_cmpint (g_input_stream_read (input, buffer, 4, NULL, &error), ==, 4);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (output)), ==, 4);
  g_assert_cmpint (g_output_stream_write (output, "ab", 2, NULL, &error), ==, 2);
  g_assert_cmpint (g_input_stream_read (input, buffer, 16, NULL, &error), ==, 4);
  g_assert_cmpmem (buffer, 4, "6789", 4);
  g_assert_cmpint (g_input_stream_read (input, buffer, 16, NULL, &error), ==, 0);
  g_assert_true (g_seekable_seek (G_SEEKABLE (stream), -3, G_SEEK_END, NULL, &error));
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (input)), ==, 7);
  g_assert_true (g_seekable_truncate (G_SEEKABLE (stream), 5, NULL, &error));
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (stream)), ==, 7);
  g_assert_cmpint (g_output_stream_write (output, "Z", 1, NULL, &error), ==, 1);
  g_assert_true (g_seekable_seek (G_SEEKABLE (input), 0, G_SEEK_SET, NULL, &error));
  g_assert_cmpint (g_input_stream_read (input, buffer, 16, NULL, &error), ==, 8);
  g_assert_cmpmem (buffer, 8, "0123a\0\0Z", 8);
  g_assert_false (g_seekable_seek (G_SEEKABLE (stream), -1, G_SEEK_SET, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (g_io_stream_close (stream, NULL, &error));
  g_assert_no_error (error);
}

/* A megabyte at a time into 64 MiB, flushed each time, and then one byte in each page of what was
 * published: memory stays small, and so does the time, or this would not end. */
static void
test_large (void)
{
  g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
  g_autoptr(IMsgBlob) before = NULL;
  g_autoptr(IMsgBlob) after = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree guint8 *buffer = g_malloc (MIB);
  struct rusage start;
  struct rusage end;
  guint8 byte = 0;

  getrusage (RUSAGE_SELF, &start);
  for (guint i = 0; i < 64; i++)
    {
      g_autoptr(IMsgBlob) snapshot = NULL;

      memset (buffer, i, MIB);
      g_assert_true (g_output_stream_write_all (G_OUTPUT_STREAM (spool), buffer, MIB, NULL, NULL,
                                                &error));
      snapshot = _imsg_spool_snapshot (spool, &error);
    }
  before = _imsg_spool_snapshot (spool, &error);
  for (guint i = 0; i < 1024; i++)
    {
      g_assert_true (g_seekable_seek (G_SEEKABLE (spool), i * (goffset) 65536 + 7, G_SEEK_SET,
                                      NULL, &error));
      g_assert_cmpint (g_output_stream_write (G_OUTPUT_STREAM (spool), "!", 1, NULL, &error), ==,
                       1);
    }
  after = _imsg_spool_snapshot (spool, &error);
  for (guint i = 0; i < 1024; i++)
    {
      g_assert_cmpint (_imsg_blob_read (before, i * (guint64) 65536 + 7, &byte, 1, NULL, &error),
                       ==, 1);
      g_assert_cmpuint (byte, ==, i / 16);
      g_assert_cmpint (_imsg_blob_read (after, i * (guint64) 65536 + 7, &byte, 1, NULL, &error),
                       ==, 1);
      g_assert_cmpuint (byte, ==, '!');
      g_assert_cmpint (_imsg_blob_read (after, i * (guint64) 65536 + 8, &byte, 1, NULL, &error),
                       ==, 1);
      g_assert_cmpuint (byte, ==, i / 16);
    }
  getrusage (RUSAGE_SELF, &end);
#ifndef __SANITIZE_ADDRESS__
  /* the sanitizer and valgrind keep what was freed */
  if (g_getenv ("IMSG_TEST_VALGRIND") == NULL)
    g_assert_cmpint (end.ru_maxrss - start.ru_maxrss, <, 16 * 1024);
#endif
}

static void
test_stream (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("0123456789", 10);
  g_autoptr(IMsgBlob) blob = _imsg_blob_new_for_bytes (bytes);
  g_autoptr(GInputStream) stream = _imsg_blob_open_stream (blob);
  g_autoptr(GError) error = NULL;
  char buffer[16] = "";

  g_assert_cmpint (g_input_stream_skip (stream, 3, NULL, &error), ==, 3);
  g_assert_cmpint (g_input_stream_read (stream, buffer, 16, NULL, &error), ==, 7);
  g_assert_cmpmem (buffer, 7, "3456789", 7);
  g_assert_cmpint (g_input_stream_skip (stream, 3, NULL, &error), ==, 0);
  g_assert_true (g_seekable_seek (G_SEEKABLE (stream), 100, G_SEEK_SET, NULL, &error));
  g_assert_cmpint (g_input_stream_read (stream, buffer, 16, NULL, &error), ==, 0);
  g_assert_cmpint (g_input_stream_skip (stream, 3, NULL, &error), ==, 0);
  g_assert_true (g_seekable_seek (G_SEEKABLE (stream), -101, G_SEEK_CUR, NULL, &error) == FALSE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (g_seekable_can_truncate (G_SEEKABLE (stream)));
  g_assert_false (g_seekable_truncate (G_SEEKABLE (stream), 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_read_all (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("0123456789", 10);
  g_autoptr(IMsgBlob) blob = _imsg_blob_new_for_bytes (bytes);
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();
  g_autoptr(GBytes) all = NULL;
  g_autoptr(GError) error = NULL;

  all = _imsg_blob_read_all (blob, 10, NULL, &error);
  g_assert_true (all == bytes);
  g_assert_null (_imsg_blob_read_all (blob, 9, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_clear_error (&error);
  g_cancellable_cancel (cancelled);
  g_assert_null (_imsg_blob_read_all (blob, 10, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/imsg/spool/random/memory", GSIZE_TO_POINTER (5000), test_random);
  g_test_add_data_func ("/imsg/spool/random/across", GSIZE_TO_POINTER (2 * MIB), test_random);
  g_test_add_data_func ("/imsg/spool/random/pages", GSIZE_TO_POINTER (6 * MIB), test_random);
  g_test_add_func ("/imsg/spool/publish", test_publish);
  g_test_add_func ("/imsg/spool/publish/corners", test_publish_corners);
  g_test_add_func ("/imsg/spool/io-stream", test_io_stream);
  g_test_add_func ("/imsg/spool/large", test_large);
  g_test_add_func ("/imsg/blob/stream", test_stream);
  g_test_add_func ("/imsg/blob/read-all", test_read_all);
  return g_test_run ();
}
