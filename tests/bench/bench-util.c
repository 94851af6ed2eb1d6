/* bench-util.c - measuring, comparing and reporting in benchmarks
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "bench-util.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define SLICE ((gsize) 1 << 20)

static gboolean is_missed;

double
bench_measure_once (BenchFunc func,
                    gpointer  data)
{
  gint64 start = g_get_monotonic_time ();

  func (data);
  return (double) (g_get_monotonic_time () - start) / 1000.0;
}

double
bench_measure_work (BenchFunc func,
                    gpointer  data)
{
  double before_ms = bench_get_processor_ms ();

  func (data);
  return bench_get_processor_ms () - before_ms;
}

void
bench_measure (const BenchFunc *funcs,
               gpointer         data,
               guint            n_funcs,
               guint            n_rounds,
               double          *times_ms)
{
  for (guint round = 0; round <= n_rounds; round++)
    for (guint i = 0; i < n_funcs; i++)
      {
        double time_ms = bench_measure_work (funcs[i], data);

        if (round < 2 || time_ms < times_ms[i])
          times_ms[i] = time_ms;
      }
}

static void
report_kept (gboolean is_kept)
{
  g_print ("%s\n", is_kept ? "kept" : "MISSED");
  is_missed |= !is_kept;
}

void
bench_report (const char  *what,
              double       ours,
              const char  *other_name,
              double       other,
              BenchBudget  kind,
              double       budget)
{
  g_print ("%-44s ours %10.2f ms, %s %10.2f ms: ", what, ours, other_name, other);
  switch (kind)
    {
    case BENCH_AT_MOST:
      g_print ("%.3f x it, budget %g x, ", ours / other, budget);
      report_kept (ours <= other * budget);
      break;
    case BENCH_AT_LEAST:
      g_print ("%.1f x ours, budget %g x, ", other / ours, budget);
      report_kept (other >= ours * budget);
      break;
    case BENCH_NO_BUDGET:
    default:
      g_print ("ours is %.3f x it\n", ours / other);
    }
}

void
bench_report_bound (const char *what,
                    double      figure,
                    double      bound,
                    const char *unit)
{
  g_print ("%-44s %.2f %s, budget %g %s, ", what, figure, unit, bound, unit);
  report_kept (figure <= bound);
}

void
bench_skip (const char *what,
            const char *reason)
{
  g_print ("%-44s left out: %s\n", what, reason);
}

int
bench_finish (void)
{
  return is_missed ? 1 : 0;
}

gboolean
bench_run_child (BenchChild *child,
                 const char *first_argument,
                 ...)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;
  int status = 0;
  va_list arguments;

  g_ptr_array_add (argv, self);
  va_start (arguments, first_argument);
  for (const char *next = first_argument; next != NULL; next = va_arg (arguments, const char *))
    g_ptr_array_add (argv, (char *) next);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  if (!g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
                     &status, &error) ||
      !g_spawn_check_wait_status (status, &error))
    {
      g_print ("%s: %s\n", first_argument, error->message);
      is_missed = TRUE;
      return FALSE;
    }
  return sscanf (output,
                 "%lf %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %lf %" G_GUINT64_FORMAT,
                 &child->time_ms, &child->peak_kib, &child->n_bytes, &child->system_ms,
                 &child->n_faults) == 5;
}

int
bench_be_child (BenchFunc      func,
                gpointer       data,
                const guint64 *n_bytes)
{
  double time_ms = bench_measure_once (func, data);

  bench_print_child (time_ms, bench_get_memory (), *n_bytes);
  return 0;
}

void
bench_print_child (double  time_ms,
                   guint64 peak_kib,
                   guint64 n_bytes)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  g_print ("%.6f %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %.3f %ld\n", time_ms, peak_kib,
           n_bytes, (double) usage.ru_stime.tv_sec * 1000 + (double) usage.ru_stime.tv_usec / 1000,
           usage.ru_minflt);
}

double
bench_get_processor_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1000 + (double) now.tv_nsec / 1e6;
}

/* A line of what the system says of this process, in KiB; 0 when it does not say. */
static guint64
read_status (const char *key)
{
  g_autofree char *status = NULL;
  const char *line = NULL;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    line = strstr (status, key);
  return line != NULL ? g_ascii_strtoull (line + strlen (key) + strspn (line + strlen (key), " \t"),
                                          NULL, 10)
                      : 0;
}

guint64
bench_get_memory (void)
{
  struct rusage usage;
  guint64 peak_kib = read_status ("VmHWM:");

  if (peak_kib > 0)
    return peak_kib;
  getrusage (RUSAGE_SELF, &usage);
  return (guint64) usage.ru_maxrss;
}

/* Linux forgets the peak when 5 is written there; where it does not, the peak is that of before. */
guint64
bench_forget_peak (void)
{
  int fd = open ("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

  if (fd >= 0)
    {
      if (write (fd, "5", 1) != 1)
        g_printerr ("The peak of memory cannot be reset\n");
      close (fd);
    }
  return bench_get_memory ();
}

static void
list_folder (GPtrArray  *paths,
             const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          list_folder (paths, path);
          g_free (path);
        }
      else
        g_ptr_array_add (paths, path);
    }
  g_clear_pointer (&dir, g_dir_close);
}

GPtrArray *
bench_list_samples (void)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *samples = g_getenv ("IMSG_SAMPLES");
  g_autofree char *folder = samples != NULL ? g_build_filename (samples, "msg", NULL) : NULL;

  if (folder != NULL)
    list_folder (paths, folder);
  return paths;
}

gboolean
bench_has_room (const char *folder,
                guint64     n_mebibytes)
{
  struct statvfs info;

  return statvfs (folder, &info) == 0 &&
         (guint64) info.f_bavail * info.f_frsize >= n_mebibytes << 20;
}

char *
bench_make_folder (void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp ("imsg-bench-XXXXXX", &error);

  if (folder == NULL)
    g_error ("No temporary folder: %s", error->message);
  return folder;
}

void
bench_remove_folder (const char *folder)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  list_folder (paths, folder);
  for (guint i = 0; i < paths->len; i++)
    g_unlink (paths->pdata[i]);
  g_rmdir (folder);
}

guint64
bench_drain (GInputStream *stream)
{
  static guint8 slice[SLICE];
  g_autoptr(GError) error = NULL;
  guint64 n_total = 0;
  gssize n;

  while ((n = g_input_stream_read (stream, slice, sizeof slice, NULL, &error)) > 0)
    n_total += (guint64) n;
  if (n < 0)
    g_error ("A stream cannot be read: %s", error->message);
  return n_total;
}

/* Copies with reads and writes, the least that a rewrite can cost. */
void
bench_copy (const char *from,
            const char *to,
            gboolean    is_synced)
{
  g_autofree guint8 *slice = g_malloc (SLICE);
  int input = open (from, O_RDONLY | O_CLOEXEC);
  int output = open (to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gssize n;

  while ((n = read (input, slice, SLICE)) > 0)
    if (write (output, slice, (gsize) n) != n)
      g_error ("%s: cannot be written", to);
  if (is_synced && fsync (output) != 0)
    g_error ("%s: cannot be synced", to);
  close (input);
  close (output);
}
