/* bench-util.h - measuring, comparing and reporting in benchmarks
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

typedef void (*BenchFunc) (gpointer data);

typedef enum
{
  BENCH_NO_BUDGET,
  BENCH_AT_MOST,  /* ours is to be at most so many times the other */
  BENCH_AT_LEAST, /* the other is to be at least so many times ours */
} BenchBudget;

/* What a child process took */
typedef struct
{
  double  time_ms;  /* of its work, without starting */
  guint64 peak_kib; /* resident memory, at its highest */
  guint64 n_bytes;  /* what it went through, as it said */
  double  system_ms; /* of its processor time, from its start */
  guint64 n_faults;  /* pages the system gave it, from its start */
} BenchChild;

/* The shortest of some runs of each, in milliseconds of processor time, in turns so that what else
 * the machine does to the processor's caches meets all of them alike, after one that warms up. */
void      bench_measure       (const BenchFunc *funcs,
                               gpointer         data,
                               guint            n_funcs,
                               guint            n_rounds,
                               double          *times_ms);
/* One run: by the clock, for what waits for a disk; and in processor time */
double    bench_measure_once  (BenchFunc        func,
                               gpointer         data);
double    bench_measure_work  (BenchFunc        func,
                               gpointer         data);

/* A line: ours, the other, the ratio, and whether a budget is kept */
void      bench_report        (const char      *what,
                               double           ours,
                               const char      *other_name,
                               double           other,
                               BenchBudget      kind,
                               double           budget);
/* A figure that has a bound of its own */
void      bench_report_bound  (const char      *what,
                               double           figure,
                               double           bound,
                               const char      *unit);
void      bench_skip          (const char      *what,
                               const char      *reason);
/* The exit code: 1 when a budget was missed */
int       bench_finish        (void);

/* Runs this program again with other arguments, and waits for it. */
gboolean  bench_run_child     (BenchChild      *child,
                               const char      *first_argument,
                               ...) G_GNUC_NULL_TERMINATED;
/* What such a child does: work, then print what it took. */
int       bench_be_child      (BenchFunc        func,
                               gpointer         data,
                               const guint64   *n_bytes);

/* What a child says in the end when it measures by itself */
void      bench_print_child   (double           time_ms,
                               guint64          peak_kib,
                               guint64          n_bytes);

/* Time this process was running, which others on the machine do not lengthen */
double    bench_get_processor_ms (void);
/* Resident memory at its highest, in KiB */
guint64   bench_get_memory    (void);
/* What that is from now on: resident memory as it is, which is returned */
guint64   bench_forget_peak   (void);
GPtrArray *bench_list_samples (void);
gboolean  bench_has_room      (const char      *folder,
                               guint64          n_mebibytes);
char     *bench_make_folder   (void);
void      bench_remove_folder (const char      *folder);
/* Reads to the end, in slices of a mebibyte. */
guint64   bench_drain         (GInputStream    *stream);
void      bench_copy          (const char      *from,
                               const char      *to,
                               gboolean         is_synced);

G_END_DECLS
