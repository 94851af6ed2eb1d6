/* bench-compound.c - speed of the compound-file engine, beside libgsf and plain reads
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "../compound-util.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <gsf/gsf.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define N_ROUNDS 15
#define MEBIBYTE ((guint64) 1 << 20)
#define BUDGET_EVERY_STREAM 2.5

typedef void (*BenchFunc) (gpointer data);

typedef struct
{
  GPtrArray    *paths; /* (element-type filename) of samples */
  GBytes       *bytes;
  CompoundTree *tree;
  const char   *path;
  const char   *other_path;
  guint64       n_bytes; /* what a run went through, so that none is optimized away */
  guint         n_streams;
} Bench;

static guint8 slice[MEBIBYTE];

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double difference = *(const double *) a - *(const double *) b;

  return difference < 0 ? -1 : difference > 0;
}

/* The median of a few runs, in milliseconds, after one that warms up */
static double
measure (BenchFunc func,
         gpointer  data,
         guint     n_rounds)
{
  double times[N_ROUNDS];

  if (n_rounds > 1)
    func (data);
  for (guint i = 0; i < n_rounds; i++)
    {
      gint64 start = g_get_monotonic_time ();

      func (data);
      times[i] = (g_get_monotonic_time () - start) / 1000.0;
    }
  qsort (times, n_rounds, sizeof *times, compare_doubles);
  return times[n_rounds / 2];
}

static void
read_plain (gpointer data)
{
  Bench *bench = data;

  for (guint i = 0; i < bench->paths->len; i++)
    {
      int fd = open (g_ptr_array_index (bench->paths, i), O_RDONLY | O_CLOEXEC);
      gssize n = 0;

      while ((n = read (fd, slice, sizeof slice)) > 0)
        bench->n_bytes += n;
      close (fd);
    }
}

static void
walk_ours (Bench         *bench,
           IMsgDirectory *directory,
           gboolean       is_reading)
{
  g_autoptr(GArray) storages = g_array_new (FALSE, TRUE, sizeof (guint32));

  g_array_set_size (storages, 1);
  for (guint i = 0; i < storages->len; i++)
    {
      guint n_children = 0;
      const guint32 *children =
        _imsg_directory_get_children (directory, g_array_index (storages, guint32, i), &n_children);

      for (guint j = 0; j < n_children; j++)
        {
          IMsgDirectoryEntry entry;

          _imsg_directory_get_entry (directory, children[j], &entry);
          if (entry.kind == IMSG_STORAGE_ENTRY_STORAGE)
            g_array_append_val (storages, children[j]);
          else if (is_reading)
            {
              g_autoptr(IMsgBlob) blob = _imsg_directory_open_stream (directory, children[j], NULL);
              guint64 offset = 0;
              gssize n = 0;

              while ((n = _imsg_blob_read (blob, offset, slice, sizeof slice, NULL, NULL)) > 0)
                offset += n;
              bench->n_bytes += offset;
              bench->n_streams++;
            }
        }
    }
}

static void
open_ours (gpointer data)
{
  Bench *bench = data;

  for (guint i = 0; i < bench->paths->len; i++)
    _imsg_directory_unref (compound_open_path (g_ptr_array_index (bench->paths, i), NULL));
}

static void
list_ours (gpointer data)
{
  Bench *bench = data;

  for (guint i = 0; i < bench->paths->len; i++)
    {
      g_autoptr(IMsgDirectory) directory = compound_open_path (g_ptr_array_index (bench->paths, i),
                                                               NULL);

      walk_ours (bench, directory, FALSE);
    }
}

static void
read_ours (gpointer data)
{
  Bench *bench = data;

  for (guint i = 0; i < bench->paths->len; i++)
    {
      g_autoptr(IMsgDirectory) directory = compound_open_path (g_ptr_array_index (bench->paths, i),
                                                               NULL);

      walk_ours (bench, directory, TRUE);
    }
}

static void
walk_gsf (Bench     *bench,
          GsfInfile *infile,
          gboolean   is_reading)
{
  int n = gsf_infile_num_children (infile);

  for (int i = 0; i < n; i++)
    {
      GsfInput *child = gsf_infile_child_by_index (infile, i);

      if (gsf_infile_num_children (GSF_INFILE (child)) >= 0)
        walk_gsf (bench, GSF_INFILE (child), is_reading);
      else if (is_reading)
        while (gsf_input_remaining (child) > 0)
          {
            gsize n_bytes = MIN ((gsize) gsf_input_remaining (child), 65536);

            if (gsf_input_read (child, n_bytes, slice) == NULL)
              break;
            bench->n_bytes += n_bytes;
          }
      g_object_unref (child);
    }
}

static void
open_with_gsf (Bench    *bench,
               gboolean  is_walking)
{
  for (guint i = 0; i < bench->paths->len; i++)
    {
      GsfInput *input = gsf_input_mmap_new (g_ptr_array_index (bench->paths, i), NULL);
      GsfInfile *infile = gsf_infile_msole_new (input, NULL);

      if (is_walking)
        walk_gsf (bench, infile, TRUE);
      g_object_unref (infile);
      g_object_unref (input);
    }
}

static void
open_gsf (gpointer data)
{
  open_with_gsf (data, FALSE);
}

static void
read_gsf (gpointer data)
{
  open_with_gsf (data, TRUE);
}

static void
open_bytes_ours (gpointer data)
{
  Bench *bench = data;
  g_autoptr(IMsgDirectory) directory = compound_open_bytes (bench->bytes, NULL);

  walk_ours (bench, directory, FALSE);
}

static void
open_bytes_gsf (gpointer data)
{
  Bench *bench = data;
  GsfInput *input = gsf_input_memory_new (g_bytes_get_data (bench->bytes, NULL),
                                          g_bytes_get_size (bench->bytes), FALSE);
  GsfInfile *infile = gsf_infile_msole_new (input, NULL);

  g_object_unref (infile);
  g_object_unref (input);
}

static void
write_ours (gpointer data)
{
  Bench *bench = data;
  g_autoptr(GBytes) bytes = compound_tree_write (bench->tree, 3, NULL);

  bench->n_bytes += g_bytes_get_size (bytes);
}

static void
write_100_ours (gpointer data)
{
  for (guint i = 0; i < 100; i++)
    write_ours (data);
}

static void
write_gsf (gpointer data)
{
  Bench *bench = data;
  GsfOutput *sink = gsf_output_memory_new ();
  GsfOutfile *root = gsf_outfile_msole_new (sink);
  guint n = bench->tree->entries->len;
  g_autofree GsfOutput **outputs = g_new0 (GsfOutput *, n);

  outputs[0] = GSF_OUTPUT (root);
  for (guint i = 1; i < n; i++)
    {
      IMsgWriterEntry *entry = &g_array_index (bench->tree->entries, IMsgWriterEntry, i);
      g_autofree char *name = _imsg_name_to_utf8 (entry->entry.name, entry->entry.n_units);

      outputs[i] = gsf_outfile_new_child (GSF_OUTFILE (outputs[entry->parent]), name,
                                          entry->blob == NULL);
      if (entry->blob != NULL)
        {
          GBytes *bytes = _imsg_blob_peek_bytes (entry->blob);

          gsf_output_write (outputs[i], g_bytes_get_size (bytes), g_bytes_get_data (bytes, NULL));
          gsf_output_close (outputs[i]);
        }
    }
  for (guint i = n; i-- > 0;)
    {
      if (!gsf_output_is_closed (outputs[i]))
        gsf_output_close (outputs[i]);
      g_object_unref (outputs[i]);
    }
  g_object_unref (sink);
}

static void
write_100_gsf (gpointer data)
{
  for (guint i = 0; i < 100; i++)
    write_gsf (data);
}

static void
read_file_plain (gpointer data)
{
  Bench *bench = data;
  int fd = open (bench->path, O_RDONLY | O_CLOEXEC);
  gssize n = 0;

  while ((n = read (fd, slice, sizeof slice)) > 0)
    bench->n_bytes += n;
  close (fd);
}

static void
read_file_ours (gpointer data)
{
  Bench *bench = data;
  g_autoptr(IMsgDirectory) directory = compound_open_path (bench->path, NULL);

  walk_ours (bench, directory, TRUE);
}

static void
read_file_gsf (gpointer data)
{
  Bench *bench = data;
  GsfInput *input = gsf_input_stdio_new (bench->path, NULL);
  GsfInfile *infile = gsf_infile_msole_new (input, NULL);

  walk_gsf (bench, infile, TRUE);
  g_object_unref (infile);
  g_object_unref (input);
}

static void
sync_path (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  fsync (fd);
  close (fd);
}

static void
copy_plain (gpointer data)
{
  Bench *bench = data;
  int from = open (bench->path, O_RDONLY | O_CLOEXEC);
  int to = open (bench->other_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gssize n = 0;

  while ((n = read (from, slice, sizeof slice)) > 0)
    if (write (to, slice, n) != n)
      g_error ("The disk is full");
  fsync (to);
  close (from);
  close (to);
}

static void
change_ours (gpointer data)
{
  Bench *bench = data;
  g_autoptr(IMsgDirectory) directory = compound_open_path (bench->path, NULL);
  guint n_children = 0;
  const guint32 *children = _imsg_directory_get_children (directory, 0, &n_children);
  g_autoptr(CompoundTree) tree = compound_tree_new ();

  for (guint i = 0; i < n_children; i++)
    {
      IMsgDirectoryEntry entry;
      g_autofree char *name = NULL;
      g_autoptr(IMsgBlob) blob = NULL;

      _imsg_directory_get_entry (directory, children[i], &entry);
      name = _imsg_name_to_utf8 (entry.name, entry.n_units);
      blob = _imsg_directory_open_stream (directory, children[i], NULL);
      if (entry.n_bytes > MEBIBYTE)
        compound_tree_add_blob (tree, 0, name, blob);
      else
        compound_tree_add_stream (tree, 0, name, entry.n_bytes, 99);
    }
  if (!compound_tree_write_path (tree, 3, bench->other_path, NULL))
    g_error ("The disk is full");
  sync_path (bench->other_path);
}

static gssize
pattern_read (gpointer       source,
              guint64        offset,
              gpointer       buffer,
              gsize          n_bytes,
              GCancellable  *cancellable,
              GError       **error)
{
  memset (buffer, 1 + (offset >> 20) % 200, n_bytes);
  return n_bytes;
}

static void
pattern_free (gpointer source)
{
}

static const IMsgBlobClass pattern_class = { pattern_read, pattern_free };

static void
report (const char *what,
        double      ours,
        double      gsf,
        double      plain)
{
  g_print ("%-34s %9.2f ms", what, ours);
  if (gsf > 0)
    g_print ("   libgsf %9.2f ms (%6.1f x ours)", gsf, gsf / ours);
  if (plain > 0)
    g_print ("   plain %9.2f ms (ours is %5.2f x)", plain, ours / plain);
  g_print ("\n");
}

static long
get_peak_memory (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

static void
add_samples (GPtrArray  *paths,
             const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  if (dir == NULL)
    {
      g_ptr_array_add (paths, g_strdup (folder));
      return;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      add_samples (paths, path);
    }
  g_dir_close (dir);
}

static void
bench_samples (void)
{
  const char *samples = g_getenv ("IMSG_SAMPLES");
  g_autofree char *folder = samples != NULL ? g_build_filename (samples, "msg", NULL) : NULL;
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  Bench bench = { .paths = paths };
  double plain = 0;
  double ours = 0;
  gsize memory = 0;

  if (folder == NULL || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_print ("IMSG_SAMPLES names no samples: left out\n");
      return;
    }
  add_samples (paths, folder);
  plain = measure (read_plain, &bench, N_ROUNDS);
  report ("samples: open", measure (open_ours, &bench, N_ROUNDS),
          measure (open_gsf, &bench, N_ROUNDS), plain);
  report ("samples: open and list", measure (list_ours, &bench, N_ROUNDS), 0, plain);
  ours = measure (read_ours, &bench, N_ROUNDS);
  report ("samples: open, read every stream", ours, measure (read_gsf, &bench, N_ROUNDS), plain);
  g_print ("    budget: %.1f x plain; %s\n", BUDGET_EVERY_STREAM,
           ours / plain <= BUDGET_EVERY_STREAM ? "kept" : "MISSED");
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (g_ptr_array_index (paths, i));
      g_autoptr(IMsgSource) source = _imsg_source_new_for_file (file, NULL, NULL);
      g_autoptr(IMsgDirectory) directory = _imsg_compound_read (source, NULL, NULL, NULL);

      memory += _imsg_source_get_memory_use (source) + _imsg_directory_get_memory_use (directory);
    }
  g_print ("    memory of an open sample: %.1f KiB on average\n",
           (double) memory / paths->len / 1024);
}

static void
bench_children (void)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  Bench bench = { .tree = tree };

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *name = g_strdup_printf ("__recip_version1.0_#%08X", i);

      compound_tree_add_stream (tree, 0, name, 20, i);
    }
  report ("20 000 members: write", measure (write_ours, &bench, 5), 0, 0);
  bench.bytes = compound_tree_write (tree, 3, NULL);
  report ("20 000 members: open and list", measure (open_bytes_ours, &bench, 5),
          measure (open_bytes_gsf, &bench, 1), 0);
  g_bytes_unref (bench.bytes);
}

static CompoundTree *
make_recipients (guint n_recipients,
                 guint n_streams)
{
  CompoundTree *tree = compound_tree_new ();

  for (guint i = 0; i < n_recipients; i++)
    {
      g_autofree char *name = g_strdup_printf ("__attach_version1.0_#%08X", i);
      guint32 storage = compound_tree_add_storage (tree, 0, name);

      for (guint j = 0; j < n_streams; j++)
        {
          g_autofree char *stream = g_strdup_printf ("__substg1.0_%04X001F", 0x3000 + j);

          compound_tree_add_stream (tree, storage, stream, 40 + 30 * j, i);
        }
    }
  return tree;
}

static void
bench_writing (void)
{
  g_autoptr(CompoundTree) typical = make_recipients (4, 15);
  g_autoptr(CompoundTree) small = make_recipients (2000, 7);
  g_autoptr(CompoundTree) large = make_recipients (16000, 7);
  Bench bench = { .tree = typical };
  double small_ms = 0;
  double large_ms = 0;
  double gsf_ms = 0;

  compound_tree_add_stream (typical, 0, "__substg1.0_37010102", 20000, 1);
  report ("100 messages: write", measure (write_100_ours, &bench, 9),
          measure (write_100_gsf, &bench, 5), 0);
  bench.tree = small;
  small_ms = measure (write_ours, &bench, 5);
  gsf_ms = measure (write_gsf, &bench, 1);
  report ("2 000 x 7 streams: write", small_ms, gsf_ms, 0);
  bench.tree = large;
  large_ms = measure (write_ours, &bench, 5);
  report ("16 000 x 7 streams: write", large_ms, 0, 0);
  g_print ("    8 times as many cost %.1f times as much; libgsf at 2 000: %.1f x ours at 16 000\n",
           large_ms / small_ms, gsf_ms / large_ms);
}

static void
bench_large_files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("imsg-bench-XXXXXX", NULL);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "large.msg", NULL) : NULL;
  g_autofree char *other_path = folder != NULL ? g_build_filename (folder, "copy.msg", NULL) : NULL;
  Bench bench = { .path = path, .other_path = other_path };
  struct statvfs info;

  if (folder == NULL || statvfs (folder, &info) != 0 ||
      (guint64) info.f_bavail * info.f_frsize < 4096 * MEBIBYTE)
    g_print ("Under 4 GiB of room for temporary files: large files left out\n");
  else
    {
      g_autoptr(CompoundTree) tree = compound_tree_new ();
      g_autoptr(CompoundTree) half = compound_tree_new ();
      g_autoptr(IMsgBlob) gibibyte = _imsg_blob_new (&pattern_class, NULL, 1024 * MEBIBYTE);
      g_autoptr(IMsgBlob) half_gibibyte = _imsg_blob_new (&pattern_class, NULL, 500 * MEBIBYTE);
      gint64 start = g_get_monotonic_time ();

      compound_tree_add_blob (tree, 0, "Large", gibibyte);
      if (!compound_tree_write_path (tree, 3, path, NULL))
        g_error ("The disk is full");
      report ("1 GiB stream: write", (g_get_monotonic_time () - start) / 1000.0, 0, 0);
      report ("1 GiB stream: open and read", measure (read_file_ours, &bench, 3),
              measure (read_file_gsf, &bench, 3), measure (read_file_plain, &bench, 3));
      compound_tree_add_stream (half, 0, "Small", 100, 1);
      compound_tree_add_blob (half, 0, "Large", half_gibibyte);
      if (!compound_tree_write_path (half, 3, path, NULL))
        g_error ("The disk is full");
      sync_path (path);
      report ("500 MiB: change a stream, sync", measure (change_ours, &bench, 3), 0,
              measure (copy_plain, &bench, 3));
    }
  if (folder != NULL)
    {
      g_unlink (path);
      g_unlink (other_path);
      g_rmdir (folder);
    }
}

int
main (int   argc,
      char *argv[])
{
  gsf_init ();
  bench_large_files ();
  g_print ("    peak memory so far: %ld MiB\n", get_peak_memory ());
  bench_samples ();
  bench_children ();
  bench_writing ();
  return 0;
}
