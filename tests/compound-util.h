/* compound-util.h - making, walking and listing compound files in tests
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-storage-engine-private.h"

G_BEGIN_DECLS

typedef struct
{
  IMsgDirectoryEntry entry;
  guint32            parent; /* number of its storage */
  IMsgBlob          *blob;   /* owned; NULL in a storage */
} CompoundEntry;

/* What goes into a file; starts with the root, number 0. */
typedef struct
{
  GArray *entries; /* (element-type CompoundEntry) */
  GArray *listed;  /* (element-type IMsgWriterEntry), as last asked for; NULL until then */
} CompoundTree;

CompoundTree  *compound_tree_new                (void);
/* Everything a directory holds; streams that cannot be read whole are left out. */
CompoundTree  *compound_tree_new_from_directory (IMsgDirectory     *directory);
void           compound_tree_free               (CompoundTree      *self);
/* The entries as the writer takes them; valid until the tree is changed, or listed again. */
const IMsgWriterEntry *compound_tree_list       (CompoundTree      *self);
guint32        compound_tree_add_storage        (CompoundTree      *self,
                                                 guint32            parent,
                                                 const char        *name);
guint32        compound_tree_add_blob           (CompoundTree      *self,
                                                 guint32            parent,
                                                 const char        *name,
                                                 IMsgBlob          *blob);
/* A stream of n_bytes that are different in each place and for each seed. */
guint32        compound_tree_add_stream         (CompoundTree      *self,
                                                 guint32            parent,
                                                 const char        *name,
                                                 gsize              n_bytes,
                                                 guint              seed);
GBytes        *compound_tree_write              (CompoundTree      *self,
                                                 guint              version,
                                                 GError           **error);
gboolean       compound_tree_write_path         (CompoundTree      *self,
                                                 guint              version,
                                                 const char        *path,
                                                 GError           **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CompoundTree, compound_tree_free)

IMsgDirectory *compound_open_bytes              (GBytes            *bytes,
                                                 GError           **error);
IMsgDirectory *compound_open_path               (const char        *path,
                                                 GError           **error);
/* A line "path, size, SHA-256" for each stream, sorted: ours, libgsf's, olefile's (NULL when there
 * is none). A stream that cannot be read whole has no hash. For a folder olefile lists all files
 * in it, each with a line for its name, and between them a line with a form feed. */
char          *compound_list                    (IMsgDirectory     *directory,
                                                 guint             *n_whole);
char          *compound_list_with_gsf           (GBytes            *bytes);
char          *compound_list_with_olefile       (const char        *path);

/* Runs func in a thread with a stack of 512 KiB and waits for it. */
void           compound_run_on_small_stack      (GFunc              func,
                                                 gpointer           data,
                                                 gpointer           user_data);

G_END_DECLS
