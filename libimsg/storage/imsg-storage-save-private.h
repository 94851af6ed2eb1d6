/* imsg-storage-save-private.h - writing a storage from a picture of it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-storage-object-private.h"

G_BEGIN_DECLS

/* What a storage held at one moment, and where it is to go. Taken and applied by the thread that
 * uses the storage; written by any, meanwhile. */
typedef struct _IMsgStorageSave IMsgStorageSave;

/* file: NULL for the storage's own. */
IMsgStorageSave *_imsg_storage_save_new    (IMsgStorage       *storage,
                                            GFile             *file,
                                            IMsgStorageFlags   flags,
                                            gboolean           is_forced,
                                            GError           **error);
void             _imsg_storage_save_free   (IMsgStorageSave   *self);
gboolean         _imsg_storage_save_write  (IMsgStorageSave   *self,
                                            GOutputStream     *sink,
                                            gboolean           header_last,
                                            GCancellable      *cancellable,
                                            GError           **error);
GBytes          *_imsg_storage_save_write_to_bytes (IMsgStorageSave  *self,
                                                    GCancellable     *cancellable,
                                                    GError          **error);
/* Writes the file, puts it in place and reads its directory. */
gboolean         _imsg_storage_save_run    (IMsgStorageSave   *self,
                                            GCancellable      *cancellable,
                                            GError           **error);
/* The storage goes on with the new file. */
void             _imsg_storage_save_apply  (IMsgStorageSave   *self,
                                            IMsgStorage       *storage);

/* What a transaction goes back to from now on. */
void             _imsg_storage_set_base    (IMsgStorage       *storage,
                                            IMsgNode          *node);
/* Of it and of all that is open in the same transaction. */
void             _imsg_storage_clear_modified (IMsgStorage    *storage);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgStorageSave, _imsg_storage_save_free)

G_END_DECLS
