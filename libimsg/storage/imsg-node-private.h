/* imsg-node-private.h - the tree behind a storage: a directory, and what was changed above it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-storage-engine-private.h"

G_BEGIN_DECLS

typedef struct _IMsgNodeList IMsgNodeList;

/* A node is an element that somebody touched. Its members are those of its directory entry until
 * it is loaded; then each has a node of its own. A node that is shared belongs to more than one
 * tree (a transaction and what it began with) and is cloned before it is changed; cloning makes
 * the members shared in turn, so that a change costs the storages on its path and no more. */
typedef struct
{
  guint              ref_count;
  guint              is_shared : 1;
  guint              is_loaded : 1; /* members is right; always in nodes with no directory */
  guint32            number;        /* in directory */
  guint              next_member;   /* where the next look-up in directory will likely end */
  IMsgDirectoryEntry entry;
  IMsgDirectory     *directory;     /* NULL: made by a caller */
  IMsgBlob          *blob;          /* of a stream; NULL: the one of its entry in directory */
  GBytes            *bytes;         /* of one in memory, instead of a blob: most are, and short */
  IMsgNodeList      *members;       /* NULL when none */
} IMsgNode;

/* A member of a storage, whether it has a node yet or not. */
typedef struct
{
  IMsgNode           *node;      /* borrowed; NULL in a storage not loaded */
  IMsgDirectory      *directory; /* borrowed; where it is when it has no node */
  guint32             number;
  IMsgDirectoryEntry  entry;
} IMsgMember;

/* FALSE to stop. */
typedef gboolean (*IMsgMemberFunc)         (const IMsgMember          *member,
                                            gpointer                   user_data);

IMsgNode        *_imsg_node_new            (IMsgStorageEntryKind       kind,
                                            const gunichar2           *name,
                                            guint                      n_units);
IMsgNode        *_imsg_node_new_for_entry  (IMsgDirectory             *directory,
                                            guint32                    number);
/* A node for a member: its own, or a new one over its entry. */
IMsgNode        *_imsg_node_new_for_member (const IMsgMember          *member);
IMsgNode        *_imsg_node_ref            (IMsgNode                  *self);
void             _imsg_node_unref          (IMsgNode                  *self);
/* Not shared; its members are. */
IMsgNode        *_imsg_node_clone          (IMsgNode                  *self);
/* A copy that no thread or tree knows, for another storage; blobs are shared. */
IMsgNode        *_imsg_node_copy           (const IMsgMember          *member);

guint            _imsg_node_get_n_members  (IMsgNode                  *self);
gboolean         _imsg_node_get_member     (IMsgNode                  *self,
                                            guint                      position,
                                            IMsgMember                *member);
/* Members come in the order of their names, the short ones first: begins with those of at least so
 * many units. */
void             _imsg_node_foreach        (IMsgNode                  *self,
                                            guint                      min_units,
                                            IMsgMemberFunc             func,
                                            gpointer                   user_data);
/* Names are compared without case. */
gboolean         _imsg_node_find           (IMsgNode                  *self,
                                            const gunichar2           *name,
                                            guint                      n_units,
                                            IMsgMember                *member);
/* The same for an ASCII name, of a node that is not loaded, and of the member only the number. */
gboolean         _imsg_node_find_number    (IMsgNode                  *self,
                                            const char                *name,
                                            guint                      n_units,
                                            guint32                   *number);
/* Where it is in the order, or would be. */
guint            _imsg_node_get_position   (IMsgNode                  *self,
                                            const gunichar2           *name,
                                            guint                      n_units);

/* How many bytes its streams have, and those of what is inside it. */
guint64          _imsg_node_measure        (IMsgNode                  *self);

/* These change a node, which must not be shared. */
void             _imsg_node_load           (IMsgNode                  *self);
void             _imsg_node_insert         (IMsgNode                  *self,
                                            IMsgNode                  *member);
gboolean         _imsg_node_remove         (IMsgNode                  *self,
                                            const gunichar2           *name,
                                            guint                      n_units);
/* Takes the place of the member of that name. */
gboolean         _imsg_node_replace        (IMsgNode                  *self,
                                            IMsgNode                  *member);
void             _imsg_node_set_blob       (IMsgNode                  *self,
                                            IMsgBlob                  *blob);
void             _imsg_node_set_bytes      (IMsgNode                  *self,
                                            GBytes                    *bytes);
/* Whether a stream holds other bytes than its entry in the directory. */
gboolean         _imsg_node_is_written     (const IMsgNode            *self);

IMsgBlob        *_imsg_member_open_blob    (const IMsgMember          *member,
                                            GError                   **error);
void             _imsg_member_init_node    (IMsgMember                *member,
                                            IMsgNode                  *node);
/* How many storages deep it goes, itself included; 0 for a stream. */
guint            _imsg_member_get_depth    (const IMsgMember          *member);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgNode, _imsg_node_unref)

/* --- imsg-node-list.c: members in the order of their names --- */

/* FALSE to stop. */
typedef gboolean (*IMsgNodeFunc)           (IMsgNode                  *node,
                                            gpointer                   user_data);

IMsgNodeList    *_imsg_node_list_new       (void);
void             _imsg_node_list_free      (IMsgNodeList              *self);
guint            _imsg_node_list_get_length (const IMsgNodeList       *self);
/* The position must be below the length. */
IMsgNode        *_imsg_node_list_get       (const IMsgNodeList        *self,
                                            guint                      position);
IMsgNode        *_imsg_node_list_find      (const IMsgNodeList        *self,
                                            const gunichar2           *units,
                                            guint                      n_units);
guint            _imsg_node_list_get_position (const IMsgNodeList     *self,
                                               const gunichar2        *units,
                                               guint                   n_units);
/* These two take the node; the first wants one that comes after all others. */
void             _imsg_node_list_append    (IMsgNodeList              *self,
                                            IMsgNode                  *node);
void             _imsg_node_list_insert    (IMsgNodeList              *self,
                                            IMsgNode                  *node);
gboolean         _imsg_node_list_remove    (IMsgNodeList              *self,
                                            const gunichar2           *units,
                                            guint                      n_units);
/* Takes a reference, and the place of the node of that name. */
gboolean         _imsg_node_list_replace   (IMsgNodeList              *self,
                                            IMsgNode                  *node);
void             _imsg_node_list_foreach   (const IMsgNodeList        *self,
                                            guint                      first,
                                            IMsgNodeFunc               func,
                                            gpointer                   user_data);

G_END_DECLS
