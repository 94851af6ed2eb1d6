/* test-source.c - what compound files are read from: memory, and files under a budget
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-checker.h"
#include "compound-util.h"
#include "imsg-error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGE ((gsize) 300000) /* over what is held in memory */

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static guint8
byte_at (guint64 offset)
{
  return (offset * 7 + (offset >> 8) * 3 + (offset >> 16)) & 0xFF;
}

static void
write_file (const char *path,
            gsize       n_bytes)
{
  g_autofree guint8 *data = g_malloc (MAX (n_bytes, 1));
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < n_bytes; i++)
    data[i] = byte_at (i);
  /* In the place of what was there, not over it */
  g_file_set_contents_full (path, (const char *) data, n_bytes, G_FILE_SET_CONTENTS_CONSISTENT,
                            0666, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("imsg-source-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->path = g_build_filename (fixture->folder, "file", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  GDir *folder = g_dir_open (fixture->folder, 0, NULL);
  const char *name = NULL;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_dir_close (folder);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static IMsgSource *
open_source (const char  *path,
             GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);

  return _imsg_source_new_for_file (file, NULL, error);
}

static void
check_range (IMsgSource *source,
             guint64     offset,
             gsize       n_bytes)
{
  g_autofree guint8 *buffer = g_malloc (n_bytes + 1);
  g_autoptr(GError) error = NULL;
  guint64 size = _imsg_source_get_size (source);
  gsize expected = offset >= size ? 0 : MIN (n_bytes, size - offset);
  gssize n = _imsg_source_read (source, offset, buffer, n_bytes, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (n, ==, expected);
  for (gsize i = 0; i < expected; i++)
    if (buffer[i] != byte_at (offset + i))
      g_error ("byte %" G_GUINT64_FORMAT " is wrong", offset + i);
}

static void
test_read (Fixture       *fixture,
           gconstpointer  data)
{
  static const gsize sizes[] = { 0, 1, 1000, 262144, 262145, LARGE };
  static const gsize lengths[] = { 0, 1, 64, 4096, 16383, 16384, 16385, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgSource) source = NULL;

      write_file (fixture->path, sizes[i]);
      source = open_source (fixture->path, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (_imsg_source_get_size (source), ==, sizes[i]);
      g_assert_cmpint (_imsg_source_peek (source, 0, sizes[i]) != NULL, ==, sizes[i] <= 262144);
      g_assert_null (_imsg_source_peek (source, 1, sizes[i]));
      g_assert_cmpuint (_imsg_source_get_memory_use (source), <,
                        sizes[i] <= 262144 ? sizes[i] + 512 : 512);
      for (guint j = 0; j < G_N_ELEMENTS (lengths); j++)
        for (guint64 offset = 0; offset < sizes[i] + 20000; offset += 9973)
          check_range (source, offset, lengths[j]);
      check_range (source, G_MAXUINT64, 10);
    }
}

static void
test_refusals (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GFile) file = g_file_new_for_path (fixture->path);
  guint8 byte = 0;
  IMsgSource *source = open_source (fixture->path, &error);

  g_assert_null (source);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (open_source (fixture->folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_clear_error (&error);
  write_file (fixture->path, LARGE);
  source = open_source (fixture->path, &error);
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_null (_imsg_source_new_for_file (file, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpint (_imsg_source_read (source, 0, &byte, 1, cancellable, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  _imsg_source_unref (source);
}

static void
test_fifo (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSource) source = open_source ("/dev/null", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (_imsg_source_get_size (source), ==, 0);
  g_assert_null (_imsg_source_get_identity (source));
}

static gpointer
write_to_pipe (gpointer path)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (write (fd, "ten bytes!", 10), ==, 10);
  close (fd);
  return NULL;
}

/* A pipe gives what it has once, to whom it was opened for */
static void
test_pipe (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  for (guint i = 0; i < 50; i++)
    {
      GThread *writer = g_thread_new ("writer", write_to_pipe, fixture->path);
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgSource) source = open_source (fixture->path, &error);

      g_thread_join (writer);
      g_assert_no_error (error);
      g_assert_cmpuint (_imsg_source_get_size (source), ==, 10);
    }
}

static guint
count_descriptors (void)
{
  GDir *folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  if (folder == NULL)
    return 0;
  while (g_dir_read_name (folder) != NULL)
    n++;
  g_dir_close (folder);
  return n;
}

/* Hundreds of large files open, few of them really, and all of them readable. */
static void
test_budget (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) sources =
    g_ptr_array_new_with_free_func ((GDestroyNotify) _imsg_source_unref);
  guint n_before = count_descriptors ();

  write_file (fixture->path, LARGE);
  for (guint i = 0; i < 400; i++)
    {
      g_autoptr(GError) error = NULL;

      g_ptr_array_add (sources, open_source (fixture->path, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpuint (count_descriptors (), <=, n_before + 128);
  for (guint round = 0; round < 3; round++)
    for (guint i = 0; i < sources->len; i++)
      check_range (g_ptr_array_index (sources, round == 1 ? sources->len - 1 - i : i),
                   i * 512 + round * 10000, 20000);
  g_assert_cmpuint (count_descriptors (), <=, n_before + 128);

  for (guint i = 0; i < 200; i++)
    g_assert_true (_imsg_source_pin (g_ptr_array_index (sources, i), NULL));
  g_unlink (fixture->path);
  for (guint i = 0; i < 200; i++)
    check_range (g_ptr_array_index (sources, i), i, 100);
  g_ptr_array_set_size (sources, 0);
  g_assert_cmpuint (count_descriptors (), ==, n_before);
}

/* Closes the descriptor of an idle source by opening more files than the budget has. */
static void
spend_budget (Fixture *fixture)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);

  g_autoptr(GPtrArray) sources =
    g_ptr_array_new_with_free_func ((GDestroyNotify) _imsg_source_unref);

  write_file (other, LARGE);
  for (guint i = 0; i < 130; i++)
    g_ptr_array_add (sources, open_source (other, NULL));
}

static void
test_changed (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSource) replaced = NULL;
  g_autoptr(IMsgSource) pinned = NULL;
  g_autoptr(IMsgSource) removed = NULL;
  g_autoptr(GFile) file = g_file_new_for_path (fixture->path);
  g_autofree char *now = NULL;
  guint8 byte = 0;

  write_file (fixture->path, LARGE);
  replaced = open_source (fixture->path, &error);
  pinned = open_source (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (_imsg_source_get_identity (replaced), ==, _imsg_source_get_identity (pinned));
  now = _imsg_source_identify_file (file, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (_imsg_source_get_identity (replaced), ==, now);
  spend_budget (fixture);
  check_range (replaced, 290000, 100);

  /* Another mode is no other content */
  g_chmod (fixture->path, 0600);
  spend_budget (fixture);
  check_range (replaced, 280000, 100);

  /* Saved over: what was pinned before reads the old file, what was not says so */
  g_assert_true (_imsg_source_pin (pinned, &error));
  g_assert_true (_imsg_source_pin (pinned, &error));
  spend_budget (fixture);
  write_file (fixture->path, LARGE + 10);
  g_free (now);
  now = _imsg_source_identify_file (file, &error);
  g_assert_cmpstr (_imsg_source_get_identity (replaced), !=, now);
  check_range (pinned, 1000, 100000);
  g_assert_cmpint (_imsg_source_read (replaced, 100000, &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);
  g_assert_false (_imsg_source_pin (replaced, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);

  removed = open_source (fixture->path, &error);
  spend_budget (fixture);
  g_unlink (fixture->path);
  g_assert_cmpint (_imsg_source_read (removed, 100000, &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_cut (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSource) source = NULL;
  g_autofree guint8 *buffer = g_malloc (LARGE);

  write_file (fixture->path, LARGE);
  source = open_source (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (truncate (fixture->path, 100000), ==, 0);
  g_assert_cmpint (_imsg_source_read (source, 200000, buffer, 100, NULL, &error), ==, -1);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);
  g_assert_cmpint (_imsg_source_read (source, 0, buffer, LARGE, NULL, &error), ==, -1);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
}

static gpointer
read_all_over (gpointer data)
{
  IMsgSource *source = data;
  g_autoptr(GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 3000; i++)
    check_range (source, g_rand_int_range (random, 0, LARGE), g_rand_int_range (random, 1, 900));
  return NULL;
}

static void
test_threads (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSource) source = NULL;
  GThread *threads[8];

  write_file (fixture->path, LARGE);
  source = open_source (fixture->path, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("read", read_all_over, source);
  for (guint i = 0; i < 5; i++)
    spend_budget (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* A blob outlives its directory, and the file it came from being renamed over. */
static void
test_blob_outlives (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(GFile) file = g_file_new_for_path (fixture->path);
  g_autoptr(IMsgSource) source = NULL;
  g_autoptr(IMsgBlob) blob = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree guint8 *buffer = g_malloc (LARGE);
  IMsgDirectory *directory = NULL;
  const CompoundEntry *entry = NULL;
  guint n_children = 0;

  compound_tree_add_stream (tree, 0, "Large", LARGE, 5);
  compound_tree_write_path (tree, 3, fixture->path, &error);
  g_assert_no_error (error);
  source = _imsg_source_new_for_file (file, NULL, &error);
  directory = _imsg_compound_read (source, NULL, NULL, &error);
  g_assert_no_error (error);
  blob = _imsg_directory_open_stream (directory,
                                      _imsg_directory_get_children (directory, 0, &n_children),
                                      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_children, ==, 1);
  _imsg_directory_unref (directory);

  g_assert_true (_imsg_source_pin (source, &error));
  write_file (fixture->path, 10);
  g_clear_pointer (&source, _imsg_source_unref);
  spend_budget (fixture);
  g_assert_cmpint (_imsg_blob_read (blob, 0, buffer, LARGE, NULL, &error), ==, LARGE);
  g_assert_no_error (error);
  entry = &g_array_index (tree->entries, CompoundEntry, 1);
  g_assert_cmpmem (buffer, LARGE,
                   g_bytes_get_data (_imsg_blob_peek_bytes (entry->blob), NULL), LARGE);
}

/* A file cut while it is open is no damage of the format, and no signal. */
static void
test_cut_compound (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(IMsgDirectory) directory = NULL;
  g_autoptr(GFile) file = g_file_new_for_path (fixture->path);
  g_autoptr(IMsgSource) source = NULL;
  g_autoptr(GError) error = NULL;

  compound_tree_add_stream (tree, 0, "Large", LARGE, 5);
  compound_tree_write_path (tree, 3, fixture->path, &error);
  g_assert_no_error (error);
  source = _imsg_source_new_for_file (file, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (truncate (fixture->path, 700), ==, 0);
  directory = _imsg_compound_read (source, NULL, NULL, &error);
  g_assert_null (directory);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
}

/* A sink that leaves holes where there are zeros. */
#define TEST_TYPE_SPARSE_SINK (test_sparse_sink_get_type ())
G_DECLARE_FINAL_TYPE (TestSparseSink, test_sparse_sink, TEST, SPARSE_SINK, GOutputStream)

struct _TestSparseSink
{
  GOutputStream parent_instance;

  int           fd;
  goffset       offset;
};

G_DEFINE_TYPE (TestSparseSink, test_sparse_sink, G_TYPE_OUTPUT_STREAM)

static gssize
test_sparse_sink_write (GOutputStream  *stream,
                        const void     *buffer,
                        gsize           n_bytes,
                        GCancellable   *cancellable,
                        GError        **error)
{
  static const guint8 zeros[4096];
  TestSparseSink *self = TEST_SPARSE_SINK (stream);
  gsize n = MIN (n_bytes, sizeof zeros);

  if (memcmp (buffer, zeros, n) != 0)
    g_assert_cmpint (pwrite (self->fd, buffer, n, self->offset), ==, n);
  self->offset += n;
  return n;
}

static void
test_sparse_sink_class_init (TestSparseSinkClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = test_sparse_sink_write;
}

static void
test_sparse_sink_init (TestSparseSink *self)
{
}

#define ZEROS_SIZE ((guint64) 0x80000000 + 5000000)

/* Zeros without memory, but a mark at every MiB. */
static gssize
zeros_read (gpointer       source,
            guint64        offset,
            gpointer       buffer,
            gsize          n_bytes,
            GCancellable  *cancellable,
            GError       **error)
{
  guint64 mark = (offset + 0xFFFFF) & ~G_GUINT64_CONSTANT (0xFFFFF);

  memset (buffer, 0, n_bytes);
  for (; mark < offset + n_bytes; mark += 0x100000)
    ((guint8 *) buffer)[mark - offset] = 1 + (mark >> 20) % 250;
  return n_bytes;
}

static void
zeros_free (gpointer source)
{
}

static const IMsgBlobClass zeros_class = { zeros_read, zeros_free };

/* A file over 2 GiB: version 4 unasked, its range-lock sector unused. On disk a sparse one. */
static void
test_range_lock (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(IMsgBlob) zeros = _imsg_blob_new (&zeros_class, NULL, ZEROS_SIZE);
  g_autoptr(IMsgBlob) blob = NULL;
  g_autoptr(IMsgDirectory) directory = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree guint8 *ours = g_malloc (1 << 20);
  g_autofree guint8 *theirs = g_malloc (1 << 20);
  g_autoptr(TestSparseSink) sink = g_object_new (TEST_TYPE_SPARSE_SINK, NULL);
  guint32 first = 0;
  guint n_children = 0;

  sink->fd = g_open (fixture->path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  g_assert_cmpint (sink->fd, >=, 0);
  compound_tree_add_blob (tree, 0, "Huge", zeros);
  compound_tree_add_stream (tree, 0, "Second", 100000, 1);
  _imsg_compound_write (compound_tree_list (tree), tree->entries->len, 3, G_OUTPUT_STREAM (sink),
                        TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  if (ftruncate (sink->fd, sink->offset) != 0)
    {
      g_test_skip ("The file system has no files this big");
      close (sink->fd);
      return;
    }
  close (sink->fd);
  compound_checker_check_path (fixture->path, &error);
  g_assert_no_error (error);
  directory = compound_open_path (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (_imsg_directory_get_version (directory), ==, 4);
  g_assert_cmpuint (_imsg_directory_get_problems (directory)->len, ==, 0);
  first = _imsg_directory_get_children (directory, 0, &n_children);
  g_assert_cmpuint (n_children, ==, 2);
  blob = _imsg_directory_open_stream (directory, first, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (_imsg_blob_get_size (blob), ==, ZEROS_SIZE);
  for (guint64 offset = 0x7FE00000; offset < ZEROS_SIZE; offset += 1 << 20)
    {
      gssize n = _imsg_blob_read (blob, offset, ours, 1 << 20, NULL, &error);

      g_assert_no_error (error);
      zeros_read (NULL, offset, theirs, n, NULL, NULL);
      g_assert_true (memcmp (ours, theirs, n) == 0);
    }
}

int
main (int   argc,
      char *argv[])
{
#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  g_test_init (&argc, &argv, NULL);
  ADD ("/imsg/source/read", test_read);
  ADD ("/imsg/source/refusals", test_refusals);
  ADD ("/imsg/source/no-regular-file", test_fifo);
  ADD ("/imsg/source/pipe", test_pipe);
  ADD ("/imsg/source/budget", test_budget);
  ADD ("/imsg/source/changed", test_changed);
  ADD ("/imsg/source/cut", test_cut);
  ADD ("/imsg/source/threads", test_threads);
  ADD ("/imsg/source/blob-outlives", test_blob_outlives);
  ADD ("/imsg/source/cut-compound-file", test_cut_compound);
  ADD ("/imsg/compound-file/range-lock", test_range_lock);
  return g_test_run ();
}
