/* mapi-storage-private.h - IStorage over a storage of the library
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mapi-stream-private.h"

G_BEGIN_DECLS

typedef struct _MapiStorage MapiStorage;

struct _MapiStorage
{
  IStorage      iface;
  int           ref_count;
  IMsgStorage  *storage;           /* owned */
  DWORD         mode;              /* as Stat gives it */
  MapiStorage  *parent;            /* unowned, cleared when it dies; NULL in a root */
  char         *key;               /* (nullable): under which the parent knows it */
  GHashTable   *open_streams;      /* key → MapiContent, unowned: what is open right below */
  GHashTable   *open_storages;     /* key → MapiStorage, unowned */
  GPtrArray    *enumerators;       /* (element-type IEnumSTATSTG), unowned: those of it */
  gboolean      is_reverted;
  HRESULT       dead_code;         /* what a reverted one answers; 0 for STG_E_REVERTED */
  gboolean      is_root;
  char         *path;              /* (nullable): of a root in a file */
  gboolean      delete_on_release;
  ILockBytes   *lock_bytes;        /* (nullable): a root's bytes, rewritten at Commit */
  IStream      *stream;            /* (nullable): likewise */
  guint64       stream_start;      /* where in the stream they begin */
  gpointer      share;             /* (nullable): its place among the openers of the file */
  /* Told at the last release, before anything is let go. */
  void        (*closed)            (MapiStorage *self,
                                    gpointer     user_data);
  /* Told after a commit; data is closed_data. */
  HRESULT     (*committed)         (MapiStorage *self,
                                    gpointer     user_data);
  gpointer      closed_data;
};

/* Takes the storage. */
MapiStorage *mapi_storage_new          (IMsgStorage        *storage,
                                        DWORD               mode);
/* The storage behind an interface of ours, else NULL. */
MapiStorage *mapi_storage_peek         (LPSTORAGE           iface);
HRESULT      mapi_storage_check        (MapiStorage        *self);
gboolean     mapi_storage_can_edit     (MapiStorage        *self);
/* Ends it and all that is open in it: from then on they answer code (0: STG_E_REVERTED). */
void         mapi_storage_revert_tree  (MapiStorage        *self,
                                        HRESULT             code);
gboolean     mapi_storage_is_open_name (MapiStorage        *self,
                                        const char         *name);
/* Makes what was written to open streams count, here and in the storages below. */
HRESULT      mapi_storage_flush        (MapiStorage        *self);

/* STG_E_INVALIDNAME, or the name as UTF-8 */
HRESULT      mapi_storage_take_name    (const OLECHAR      *name,
                                        char              **utf8);

/* Methods in files of their own */
HRESULT      mapi_storage_copy_to      (IStorage           *iface,
                                        DWORD               n_excluded,
                                        const IID          *excluded,
                                        SNB                 excluded_names,
                                        IStorage           *destination);
HRESULT      mapi_storage_move_element (IStorage           *iface,
                                        const OLECHAR      *name,
                                        IStorage           *destination,
                                        const OLECHAR      *new_name,
                                        DWORD               flags);
HRESULT      mapi_storage_stat         (IStorage           *iface,
                                        STATSTG            *stat,
                                        DWORD               flags);
HRESULT      mapi_storage_enumerate    (IStorage           *iface,
                                        DWORD               reserved1,
                                        void               *reserved2,
                                        DWORD               reserved3,
                                        IEnumSTATSTG      **enumerator);
/* Ends the enumerators, when code is not 0; they know it no more. */
void         mapi_storage_let_go_enumerators (MapiStorage  *self,
                                              HRESULT       code);
HRESULT      mapi_storage_commit       (IStorage           *iface,
                                        DWORD               flags);

/* Copies the members whose names begin with prefix, in place of those that are there. */
HRESULT      mapi_storage_copy_prefixed (IMsgStorage       *source,
                                         const char        *prefix,
                                         IStorage          *destination);

/* Roots: whether a file, or bytes like one, can be opened or made with a mode. */
HRESULT      mapi_storage_check_open_mode   (DWORD          mode);
HRESULT      mapi_storage_check_create_mode (DWORD          mode);
extern const guint8 mapi_storage_signature[8];
/* Roots: forget the opener. */
void         mapi_share_release        (gpointer            share);

G_END_DECLS
