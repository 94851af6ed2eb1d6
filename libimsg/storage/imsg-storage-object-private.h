/* imsg-storage-object-private.h - a storage from the inside, for the files it is written in
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-error.h"
#include "imsg-node-private.h"
#include "imsg-storage-private.h"
#include "imsg-stream-private.h"

G_BEGIN_DECLS

#define IMSG_TYPE_STORAGE_ENTRIES (_imsg_storage_entries_get_type ())
G_DECLARE_FINAL_TYPE (IMsgStorageEntries, _imsg_storage_entries, IMSG, STORAGE_ENTRIES, GObject)

/* What only a root has. */
typedef struct
{
  GFile           *file;     /* NULL in memory */
  IMsgSource      *source;   /* NULL until there is a file or bytes */
  char            *identity; /* of the file when last written, where that is not the source's */
  char            *etag;     /* the same for files with no local path */
  GPtrArray       *problems; /* (element-type IMsgProblem) */
  IMsgLimits       limits;
  guint            version;  /* 0: the writer chooses */
  gboolean         is_source_old; /* the file was written, and is not what source reads */
  gboolean         is_new;   /* nothing was written yet */
  gboolean         is_replacing; /* a new file may take the place of an old one */
  gboolean         is_saving;
  IMsgProgressFunc progress;
  gpointer         progress_data;
} IMsgStorageRoot;

struct _IMsgStorage
{
  GObject parent_instance;

  IMsgStorage        *parent;   /* NULL in a root */
  IMsgStorageRoot    *root;     /* NULL but in a root */
  IMsgNode           *node;     /* NULL once closed */
  IMsgNode           *base;     /* what a transaction of its own began with; NULL: its parent's */
  char               *name;     /* UTF-8; of a child NULL until asked for */
  GHashTable         *children; /* (element-type IMsgStorage IMsgStorage): open ones by name,
                                 * unowned; NULL when none */
  GPtrArray          *streams;  /* (element-type GWeakRef): streams to end with it; may be NULL */
  IMsgStorageEntries *entries;  /* NULL until asked for */
  gunichar2           units[IMSG_NAME_UNITS];
  guint8              n_units;
  guint               name_hash; /* of a child, while its parent remembers it */
  guint               depth;    /* 0 in a root */
  guint64             n_changes;
  guint               is_writable : 1;
  guint               is_attached : 1; /* the node of the parent holds ours */
  guint               is_modified : 1;
  guint               is_news : 1; /* that it is modified was not told yet */
  guint               is_closed : 1;
};

enum
{
  IMSG_STORAGE_PROP_0,
  IMSG_STORAGE_PROP_NAME,
  IMSG_STORAGE_PROP_FILE,
  IMSG_STORAGE_PROP_PARENT,
  IMSG_STORAGE_PROP_WRITABLE,
  IMSG_STORAGE_PROP_MODIFIED,
  IMSG_STORAGE_PROP_CLOSED,
  IMSG_STORAGE_PROP_VERSION,
  IMSG_STORAGE_PROP_CLASS_ID,
  IMSG_STORAGE_PROP_ENTRIES,
  IMSG_STORAGE_N_PROPS,
};

extern GParamSpec *_imsg_storage_properties[IMSG_STORAGE_N_PROPS];

/* --- imsg-storage.c --- */

void             _imsg_storage_notify         (IMsgStorage           *self,
                                               guint                  property);
IMsgStorage     *_imsg_storage_get_root       (IMsgStorage           *self);
gboolean         _imsg_storage_check_open     (IMsgStorage           *self,
                                               GError               **error);
gboolean         _imsg_storage_check_writable (IMsgStorage           *self,
                                               GError               **error);
void             _imsg_storage_set_modified   (IMsgStorage           *self,
                                               gboolean               is_modified);
/* What a member's entry shows is told by the list of its parent. */
void             _imsg_storage_tell_parent    (IMsgStorage           *self);
/* A root over a directory (NULL: empty). Takes source. */
IMsgStorage     *_imsg_storage_new_root       (IMsgDirectory         *directory,
                                               IMsgSource            *source,
                                               GFile                 *file,
                                               IMsgStorageFlags       flags,
                                               const IMsgLimits      *limits);

/* --- imsg-storage-open.c --- */

IMsgDirectory   *_imsg_storage_read_directory (IMsgSource            *source,
                                               const IMsgLimits      *limits,
                                               GCancellable          *cancellable,
                                               GError               **error);

/* --- imsg-storage-members.c --- */

/* For looking up: FALSE when no element can have that name. */
gboolean         _imsg_storage_encode_name    (const char            *name,
                                               gunichar2              units[IMSG_NAME_UNITS],
                                               guint                 *n_units);
gboolean         _imsg_storage_find           (IMsgStorage           *self,
                                               const char            *name,
                                               IMsgMember            *member);
/* As find, with an error. kind 0: any. */
gboolean         _imsg_storage_need           (IMsgStorage           *self,
                                               const char            *name,
                                               IMsgStorageEntryKind   kind,
                                               IMsgMember            *member,
                                               GError               **error);
/* The node, safe to change, the whole way up to where its transaction began. */
IMsgNode        *_imsg_storage_edit           (IMsgStorage           *self);
/* Tells that it and those above are modified; handlers may close anything. */
void             _imsg_storage_edited         (IMsgStorage           *self);
/* A member's node, safe to change; self was edited. NULL: no such member. */
IMsgNode        *_imsg_storage_edit_member    (IMsgStorage           *self,
                                               const gunichar2       *units,
                                               guint                  n_units);
IMsgStorage     *_imsg_storage_peek_child     (IMsgStorage           *self,
                                               const gunichar2       *units,
                                               guint                  n_units);
void             _imsg_storage_add_member     (IMsgStorage           *self,
                                               IMsgNode              *member);
/* Ends a child and whatever is open below. */
void             _imsg_storage_end            (IMsgStorage           *self);
void             _imsg_storage_end_children   (IMsgStorage           *self);
/* Another tree: what was open below finds its place in it, or is ended. is_changed: it does not
 * hold the same. */
void             _imsg_storage_set_node       (IMsgStorage           *self,
                                               IMsgNode              *node,
                                               gboolean               is_changed);
void             _imsg_storage_remember_child (IMsgStorage           *self,
                                               IMsgStorage           *child);
void             _imsg_storage_forget_child   (IMsgStorage           *self,
                                               IMsgStorage           *child);

/* --- imsg-storage-streams.c --- */

void             _imsg_storage_end_streams    (IMsgStorage           *self);
/* Lets what was written to open read/write streams, here and below, be part of the storage. */
gboolean         _imsg_storage_publish_streams (IMsgStorage          *self,
                                                GError              **error);

/* A stream has another name; NULL: it is gone, and what is written to it is too. */
void             _imsg_storage_move_streams   (IMsgStorage           *self,
                                               const gunichar2       *units,
                                               guint                  n_units,
                                               const char            *new_name);

/* --- imsg-storage-entries.c --- */

IMsgStorageEntries *_imsg_storage_entries_new (IMsgStorage           *storage);
/* The storage goes; the list becomes empty. */
void             _imsg_storage_entries_detach (IMsgStorageEntries    *self);
void             _imsg_storage_entries_changed (IMsgStorageEntries   *self,
                                               guint                  position,
                                               guint                  n_removed,
                                               guint                  n_added);
void             _imsg_storage_entries_moved  (IMsgStorageEntries    *self,
                                               guint                  old_position,
                                               guint                  new_position);
/* Everything may be different now. */
void             _imsg_storage_entries_reset  (IMsgStorageEntries    *self);

/* --- imsg-storage-entry.c --- */

IMsgStorageEntry *_imsg_storage_entry_new     (const IMsgDirectoryEntry *entry);

G_END_DECLS
