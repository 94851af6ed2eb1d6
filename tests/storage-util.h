/* storage-util.h - a storage in a file for tests, and what is asked of it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

#define STORAGE_LARGE ((gsize) 700000) /* over what a source holds in memory */

/* A file with a small and a large stream and a storage in it, in a folder of its own; the data of
 * the test are flags for its making. */
typedef struct
{
  char  *folder;
  char  *path;
  GFile *file;
} StorageFixture;

void         storage_fixture_set_up    (StorageFixture   *fixture,
                                        gconstpointer     data);
void         storage_fixture_tear_down (StorageFixture   *fixture,
                                        gconstpointer     data);

/* Each asserts that it went well. */
IMsgStorage *storage_open_path         (const char       *path,
                                        IMsgStorageFlags  flags);
IMsgStorage *storage_create             (IMsgStorage      *storage,
                                         const char       *name);
void         storage_write_text        (IMsgStorage      *storage,
                                        const char       *name,
                                        const char       *text);
void         storage_assert_text       (IMsgStorage      *storage,
                                        const char       *name,
                                        const char       *text);
void         storage_commit            (IMsgStorage      *storage);

/* Name, hash and attributes of everything in a file, one a line. */
char        *storage_describe_path     (const char       *path);
/* That an independent reader finds nothing wrong with the file. */
void         storage_check_structure   (const char       *path);
guint        storage_count_files       (const char       *folder);

G_END_DECLS
