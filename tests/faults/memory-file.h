/* memory-file.h - a file with no local path, as those of GVfs are
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEST_TYPE_MEMORY_FILE (test_memory_file_get_type ())
G_DECLARE_FINAL_TYPE (TestMemoryFile, test_memory_file, TEST, MEMORY_FILE, GObject)

TestMemoryFile *test_memory_file_new       (GBytes         *bytes);
/* NULL: there is no such file. */
GBytes         *test_memory_file_get_bytes (TestMemoryFile *self);
/* As if somebody else wrote to it */
void            test_memory_file_set_bytes (TestMemoryFile *self,
                                            GBytes         *bytes);
/* From then on its disk is full after so many bytes; -1: it never is. */
void            test_memory_file_set_room  (TestMemoryFile *self,
                                            gssize          n_bytes);

G_END_DECLS
