/* test-util.h - what several tests need
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

/* Paths of the sample files below a folder of $IMSG_SAMPLES ("msg", "malformed"), sorted; empty
 * when there are none. */
GPtrArray   *test_list_samples      (const char   *folder);
/* One sample; NULL when there are none. */
GFile       *test_get_sample        (const char   *path);

/* A file of its own in a folder that is removed at the end. */
GFile       *test_new_file          (const char   *name);
GBytes      *test_read_file         (GFile        *file);
void         test_remove_files      (void);

/* Every member of two storages, with all bytes: NULL when they are the same, else the first path
 * that differs. */
char        *test_compare_storages  (IMsgStorage  *a,
                                     IMsgStorage  *b);
/* The paths that differ, sorted: "+ new", "- gone", "! other". */
GPtrArray   *test_diff_storages     (IMsgStorage  *a,
                                     IMsgStorage  *b);
GPtrArray   *test_diff_bytes        (GBytes       *a,
                                     GBytes       *b);
void         test_assert_diff       (GPtrArray    *diff,
                                     const char   *first,
                                     ...) G_GNUC_NULL_TERMINATED;

guint        test_count_problems    (IMsgMessage  *message);

/* A message with two recipients and one attachment, as the bytes of a file. */
GBytes      *test_new_message_bytes (gboolean      unicode);

/* Runs the main context until *done. */
void         test_run_until         (gboolean     *done);

G_END_DECLS
