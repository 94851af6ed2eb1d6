/* imsg-storage-private.h - what the floors above may do with a storage
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-blob-private.h"
#include "imsg-guid-private.h"
#include "imsg-limits-private.h"
#include "imsg-storage.h"
#include "imsg-storage-engine-private.h"

G_BEGIN_DECLS

/* Opening with a session's bounds. Errors as imsg_storage_open_file(). */
IMsgStorage *_imsg_storage_open_file_with_limits (GFile              *file,
                                                  IMsgStorageFlags    flags,
                                                  const IMsgLimits   *limits,
                                                  GCancellable       *cancellable,
                                                  GError            **error);
IMsgStorage *_imsg_storage_open_bytes_with_limits (GBytes            *bytes,
                                                   IMsgStorageFlags   flags,
                                                   const IMsgLimits  *limits,
                                                   GCancellable      *cancellable,
                                                   GError           **error);
/* Safe to call from a worker thread: open is plain work on immutable data and makes one object. */

/* Members without objects: quick walks over what the storage holds now, leaving out those whose
 * names have fewer units. The name is UTF-8 and valid during the call. Return FALSE to stop. */
typedef gboolean (*IMsgStorageForeachFunc)       (const char           *name,
                                                  IMsgStorageEntryKind  kind,
                                                  guint64               n_bytes,
                                                  gpointer              user_data);
void         _imsg_storage_foreach               (IMsgStorage          *self,
                                                  guint                 min_units,
                                                  IMsgStorageForeachFunc func,
                                                  gpointer              user_data);
/* FALSE when there is no such member; names are compared without case. */
gboolean     _imsg_storage_lookup                (IMsgStorage          *self,
                                                  const char           *name,
                                                  IMsgStorageEntryKind *kind,
                                                  guint64              *n_bytes);

/* How often it was changed, and all in it: what its open streams hold becomes part of it. Who hears of
 * that may close it. */
guint64      _imsg_storage_count_changes         (IMsgStorage          *self);

/* How many bytes all streams in it have, at any depth. */
guint64      _imsg_storage_measure               (IMsgStorage          *self);

/* What a stream of the file holds, where it lies together in memory (until the storage changes or
 * closes) or fits into the buffer; NULL when it does neither, and when there is none. */
const guint8 *_imsg_storage_peek_stream          (IMsgStorage          *self,
                                                  const char           *name,
                                                  guint8               *buffer,
                                                  gsize                 n_buffer,
                                                  gsize                *n_bytes);
/* What a stream holds. NOT_FOUND, CORRUPT_DATA, CLOSED. */
IMsgBlob    *_imsg_storage_get_blob              (IMsgStorage          *self,
                                                  const char           *name,
                                                  GError              **error);
/* Makes or replaces a stream of blob or bytes, which are not copied; in the place of a storage of that
 * name too: where a stream has to be, that is damage which nobody could read. NO_ACCESS,
 * INVALID_PARAMETER, CLOSED. */
gboolean     _imsg_storage_put_stream            (IMsgStorage          *self,
                                                  const char           *name,
                                                  IMsgBlob             *blob,
                                                  GBytes               *bytes,
                                                  GError              **error);
/* Empties and removes a member if there is one; TRUE when there was none. */
gboolean     _imsg_storage_clear                 (IMsgStorage          *self,
                                                  const char           *name,
                                                  GError              **error);

void         _imsg_storage_get_class_guid        (IMsgStorage          *self,
                                                  IMsgGuid             *class_id);
gboolean     _imsg_storage_set_class_guid        (IMsgStorage          *self,
                                                  const IMsgGuid       *class_id,
                                                  GError              **error);

/* Bytes of memory held for the storage's tree (for IMsg.Session's account of itself). */
gsize        _imsg_storage_get_memory_use        (IMsgStorage          *self);

/* Progress of the next commit or save_as of a root. */
void         _imsg_storage_set_progress          (IMsgStorage          *self,
                                                  IMsgProgressFunc      progress,
                                                  gpointer              user_data);

G_END_DECLS
