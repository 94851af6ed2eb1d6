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

/* The paths that differ, sorted: "+ new", "- gone", "! other". */
GPtrArray   *test_diff_bytes        (GBytes       *a,
                                     GBytes       *b);
void         test_assert_diff       (GPtrArray    *diff,
                                     const char   *first,
                                     ...) G_GNUC_NULL_TERMINATED;

guint        test_count_problems    (IMsgMessage  *message);

/* A message of bytes that can be changed; and its bytes when it was saved. Each asserts that it
 * went well. */
IMsgMessage *test_open_message      (GBytes       *bytes);
GBytes      *test_save_message      (IMsgMessage  *message);
/* The tag that a named property has in a message, 0 for none. */
guint32      test_find_named        (IMsgMessage  *message,
                                     const char   *set,
                                     guint32       id);
void         test_assert_string     (gpointer      object,
                                     guint32       tag,
                                     const char   *expected);
/* Where the problems of a message are, or what a conversion lost: "RRULE RDATE". */
char        *test_list_problems     (IMsgMessage  *message);

/* Bytes of hexadecimal digits; blanks between them are passed over. */
GBytes      *test_bytes_from_hex    (const char   *hex);

/* A test for each row of a table, named by its path. */
#define TEST_ADD_TABLE(prefix, table, function)                               \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)                            \
    {                                                                         \
      g_autofree char *path = g_strconcat (prefix, "/", table[i].path, NULL); \
                                                                              \
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), function);            \
    }

/* A message with two recipients and one attachment, as the bytes of a file. */
GBytes      *test_new_message_bytes (gboolean      unicode);

/* Runs the main context until *done. */
void         test_run_until         (gboolean     *done);

G_END_DECLS
