/* test-body-util.h - what the tests of bodies share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef void (*TestRtfFunc) (const char *path,
                             gboolean    is_outermost,
                             GBytes     *compressed,
                             gpointer    user_data);

/* The folder of sample messages, or NULL (and the test is skipped). */
char   *test_dup_samples    (void);
/* Calls back with each PR_RTF_COMPRESSED under a folder of the samples, those of embedded messages
 * included; @path is relative to the samples. */
guint   test_foreach_rtf    (const char  *folder,
                             TestRtfFunc  func,
                             gpointer     user_data);

G_END_DECLS
