/* imsg-stream-private.h - what the streams of a storage share, and how it ends them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-blob-private.h"

G_BEGIN_DECLS

/* Moves *position as GSeekable says; behind the end is fine, before the start is not. */
gboolean      _imsg_stream_seek            (guint64              *position,
                                            guint64               size,
                                            goffset               offset,
                                            GSeekType             type,
                                            GError              **error);

/* From now on every call on the stream fails with G_IO_ERROR_CLOSED; nothing is published. */
void          _imsg_blob_stream_end        (GInputStream         *stream);
void          _imsg_spool_end              (IMsgSpool            *self);
/* Publishes what was not yet published. */
gboolean      _imsg_spool_publish          (IMsgSpool            *self,
                                            GError              **error);

/* Bytes that can be written anywhere, and read at any time: what a spool holds. In memory up to
 * 1 MiB, then in pages of an unlinked temporary file. */
typedef struct _IMsgSpoolData IMsgSpoolData;

IMsgSpoolData *_imsg_spool_data_new         (void);
void           _imsg_spool_data_free        (IMsgSpoolData        *self);
/* Starts over with the bytes of blob; those of a large one are not copied before they are written
 * over. */
gboolean       _imsg_spool_data_set_blob    (IMsgSpoolData        *self,
                                             IMsgBlob             *blob,
                                             GCancellable         *cancellable,
                                             GError              **error);
guint64        _imsg_spool_data_get_size    (const IMsgSpoolData  *self);
gboolean       _imsg_spool_data_write       (IMsgSpoolData        *self,
                                             guint64               offset,
                                             gconstpointer         bytes,
                                             gsize                 n_bytes,
                                             GError              **error);
gssize         _imsg_spool_data_read        (IMsgSpoolData        *self,
                                             guint64               offset,
                                             gpointer              buffer,
                                             gsize                 n_bytes,
                                             GCancellable         *cancellable,
                                             GError              **error);
gboolean       _imsg_spool_data_truncate    (IMsgSpoolData        *self,
                                             guint64               n_bytes,
                                             GError              **error);
/* What it holds now; later writes do not change the blob. */
IMsgBlob      *_imsg_spool_data_snapshot    (IMsgSpoolData        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgSpoolData, _imsg_spool_data_free)

G_END_DECLS
