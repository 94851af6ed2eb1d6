/* bench-compound.c - what the compound-file engine costs, beside libgsf and plain reads and writes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-work.h"

#include <gsf/gsf.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MEBIBYTE ((guint64) 1 << 20)
#define N_ROUNDS 15
#define BUDGET_EVERY_STREAM 2.5
#define N_WAYS 3
/* What takes long to do once is not waited for longer than this. */
#define SECONDS_MAX 60

static const char *const way_names[N_WAYS] = { "ours", "libgsf", "plain" };

typedef struct
{
  const char *key;
  const char *name;
  void      (*prepare) (CompoundWork *work,
                        const char   *folder);
  BenchFunc   ways[N_WAYS]; /* ours, libgsf's, plain; NULL where there is no such thing */
  guint       n_rounds[N_WAYS]; /* after one that warms up; 0: once, as it takes long */
  gboolean    is_synced;        /* the disk is waited for: measured by the clock */
} Row;

/* --- what they work on --- */

static void
prepare_samples (CompoundWork *work,
                 const char   *folder)
{
  work->paths = bench_list_samples ();
  work->n_streams = G_MAXUINT;
}

static void
prepare_twenty (CompoundWork *work,
                const char   *folder)
{
  prepare_samples (work, folder);
  work->n_streams = 20;
}

static void
prepare_file (CompoundWork *work,
              const char   *folder,
              const char   *name)
{
  work->paths = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (work->paths, g_build_filename (folder, name, NULL));
  work->n_streams = G_MAXUINT;
}

static void
prepare_children (CompoundWork *work,
                  const char   *folder)
{
  prepare_file (work, folder, "children.msg");
}

static void
prepare_gibibyte (CompoundWork *work,
                  const char   *folder)
{
  prepare_file (work, folder, "gibibyte.msg");
}

static void
prepare_half (CompoundWork *work,
              const char   *folder)
{
  prepare_file (work, folder, "half.msg");
  work->output = g_build_filename (folder, "changed.msg", NULL);
}

static CompoundTree *
make_rows (guint n_rows,
           guint n_streams)
{
  CompoundTree *tree = compound_tree_new ();

  for (guint i = 0; i < n_rows; i++)
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
prepare_messages (CompoundWork *work,
                  const char   *folder)
{
  work->tree = make_rows (4, 15);
  compound_tree_add_stream (work->tree, 0, "__substg1.0_37010102", 20000, 1);
  work->n_times = 100;
}

static void
prepare_rows (CompoundWork *work,
              const char   *folder)
{
  work->tree = make_rows (20000, 7);
  work->n_times = 1;
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
  return (gssize) n_bytes;
}

static void
pattern_free (gpointer source)
{
}

static const IMsgBlobClass pattern_class = { pattern_read, pattern_free };

static CompoundTree *
make_large (guint64 n_bytes)
{
  CompoundTree *tree = compound_tree_new ();
  g_autoptr(IMsgBlob) blob = _imsg_blob_new (&pattern_class, NULL, n_bytes);

  compound_tree_add_stream (tree, 0, "Small", 100, 1);
  compound_tree_add_blob (tree, 0, "Large", blob);
  return tree;
}

static void
prepare_large (CompoundWork *work,
               const char   *folder)
{
  work->tree = make_large (1024 * MEBIBYTE);
  work->n_times = 1;
  work->output = g_build_filename (folder, "written.msg", NULL);
}

static const Row rows[] = {
  { "open", "samples: open", prepare_samples,
    { compound_work_open_ours, compound_work_open_gsf, compound_work_read_plain },
    { N_ROUNDS, N_ROUNDS, N_ROUNDS } },
  { "list", "samples: open and list", prepare_samples,
    { compound_work_list_ours, compound_work_list_gsf, compound_work_read_plain },
    { N_ROUNDS, N_ROUNDS, N_ROUNDS } },
  { "twenty", "samples: open, read 20 streams", prepare_twenty,
    { compound_work_read_ours, compound_work_read_gsf, compound_work_read_plain },
    { N_ROUNDS, N_ROUNDS, N_ROUNDS } },
  { "read", "samples: open, read every stream", prepare_samples,
    { compound_work_read_ours, compound_work_read_gsf, compound_work_read_plain },
    { N_ROUNDS, N_ROUNDS, N_ROUNDS } },
  { "children", "20 000 members: open and list", prepare_children,
    { compound_work_list_ours, compound_work_list_gsf, compound_work_read_plain },
    { N_ROUNDS, 0, N_ROUNDS } },
  { "gibibyte", "1 GiB stream: open and read", prepare_gibibyte,
    { compound_work_read_ours, compound_work_read_gsf, compound_work_read_plain }, { 3, 3, 3 } },
  { "large", "1 GiB stream: write", prepare_large,
    { compound_work_write_ours, compound_work_write_gsf, compound_work_write_plain }, { 3, 3, 3 } },
  { "messages", "100 messages: write", prepare_messages,
    { compound_work_write_ours, compound_work_write_gsf, NULL }, { N_ROUNDS, 5, 0 } },
  { "rows", "20 000 x 7 streams: write", prepare_rows,
    { compound_work_write_ours, compound_work_write_gsf, NULL }, { 5, 0, 0 } },
  { "change", "500 MiB: change a stream, sync", prepare_half,
    { compound_work_change_ours, compound_work_change_gsf, compound_work_copy_plain },
    { 3, 3, 3 }, TRUE },
};

/* --- measuring --- */

/* In a signal handler: tells the parent as bench_print_child() does, with no page counted. */
static void
give_up (int number)
{
  struct rusage usage;
  char line[64];
  int n;

  getrusage (RUSAGE_SELF, &usage);
  n = snprintf (line, sizeof line, "%d %ld 0 0 0\n", SECONDS_MAX * 1000, usage.ru_maxrss);
  _exit (write (STDOUT_FILENO, line, (size_t) n) == n ? 0 : 1);
}

static void
limit_processor_time (void)
{
  struct rlimit limit = { SECONDS_MAX, RLIM_INFINITY };

  signal (SIGXCPU, give_up);
  setrlimit (RLIMIT_CPU, &limit);
}

static double
measure_way (const Row    *row,
             guint         way,
             CompoundWork *work)
{
  double least_ms = G_MAXDOUBLE;
  double time_ms = 0;

  if (row->n_rounds[way] == 0)
    {
      limit_processor_time ();
      return bench_measure_work (row->ways[way], work);
    }
  if (!row->is_synced)
    {
      bench_measure (&row->ways[way], work, 1, row->n_rounds[way], &time_ms);
      return time_ms;
    }
  for (guint i = 0; i < row->n_rounds[way]; i++)
    least_ms = MIN (least_ms, bench_measure_once (row->ways[way], work));
  return least_ms;
}

/* A child does one thing in one way: its memory is its own. */
static int
be_child (const char *folder,
          const char *key,
          guint       way)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].key, key) == 0 && way < N_WAYS)
      {
        CompoundWork work = { NULL };
        guint64 before_kib;
        double time_ms;

        rows[i].prepare (&work, folder);
        before_kib = bench_forget_peak ();
        time_ms = measure_way (&rows[i], way, &work);
        bench_print_child (time_ms, bench_get_memory () - before_kib, work.n_bytes);
        return 0;
      }
  return 2;
}

static void
bench_row (const Row  *row,
           const char *folder)
{
  double ours_ms = 0;

  g_print ("%-34s", row->name);
  for (guint way = 0; way < N_WAYS; way++)
    {
      char number[] = { (char) ('0' + way), '\0' };
      BenchChild child;

      if (row->ways[way] == NULL || !bench_run_child (&child, folder, row->key, number, NULL))
        continue;
      g_print (" %s%s %s%9.2f ms %6.1f MiB", way > 0 ? "| " : "", way_names[way],
               child.n_faults == 0 ? "over " : "", child.time_ms, (double) child.peak_kib / 1024);
      if (way == 0)
        ours_ms = child.time_ms;
      else
        g_print (" (ours %.2f x)", ours_ms / child.time_ms);
    }
  g_print ("\n");
}

static void
write_file (const char   *folder,
            const char   *name,
            CompoundTree *tree)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;

  if (!compound_tree_write_path (tree, 3, path, &error))
    g_error ("%s: %s", path, error->message);
}

static void
write_files (const char *folder)
{
  g_autoptr(CompoundTree) children = compound_tree_new ();
  g_autoptr(CompoundTree) gibibyte = make_large (1024 * MEBIBYTE);
  g_autoptr(CompoundTree) half = make_large (500 * MEBIBYTE);

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *name = g_strdup_printf ("__recip_version1.0_#%08X", i);

      compound_tree_add_stream (children, 0, name, 20, i);
    }
  write_file (folder, "children.msg", children);
  write_file (folder, "gibibyte.msg", gibibyte);
  write_file (folder, "half.msg", half);
}

/* The budget, in turns within one process */
static void
bench_budget (void)
{
  static const BenchFunc ways[] = { compound_work_read_ours, compound_work_read_plain };
  CompoundWork work = { NULL };
  double times_ms[G_N_ELEMENTS (ways)];
  gsize memory = 0;

  prepare_samples (&work, NULL);
  bench_measure (ways, &work, G_N_ELEMENTS (ways), 4 * N_ROUNDS, times_ms);
  bench_report ("the engine alone: open and every stream", times_ms[0], "plain read()", times_ms[1],
                BENCH_AT_MOST, BUDGET_EVERY_STREAM);
  for (guint i = 0; i < work.paths->len; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (work.paths->pdata[i]);
      g_autoptr(IMsgSource) source = _imsg_source_new_for_file (file, NULL, NULL);
      g_autoptr(IMsgDirectory) directory = _imsg_compound_read (source, NULL, NULL, NULL);

      memory += _imsg_source_get_memory_use (source) + _imsg_directory_get_memory_use (directory);
    }
  g_print ("    memory of an open sample: %.1f KiB on average\n",
           (double) memory / work.paths->len / 1024);
  g_ptr_array_unref (work.paths);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GPtrArray) samples = bench_list_samples ();
  g_autofree char *folder = NULL;

  gsf_init ();
  if (argc == 4)
    return be_child (argv[1], argv[2], (guint) (argv[3][0] - '0'));
  folder = bench_make_folder ();
  if (!bench_has_room (folder, 4096))
    {
      bench_skip ("compound files", "under 4 GiB of room for temporary files");
      bench_remove_folder (folder);
      return 77;
    }
  write_files (folder);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_has_prefix (rows[i].name, "samples") && samples->len == 0)
      bench_skip (rows[i].name, "IMSG_SAMPLES names no samples");
    else if (argc < 2 || strcmp (argv[1], rows[i].key) == 0)
      bench_row (&rows[i], folder);
  if (samples->len > 0)
    bench_budget ();
  bench_remove_folder (folder);
  return bench_finish ();
}
