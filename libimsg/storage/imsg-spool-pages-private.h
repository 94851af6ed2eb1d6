/* imsg-spool-pages-private.h - the large form of a spool: pages over a blob
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-blob-private.h"

G_BEGIN_DECLS

/* What was not written over is read from a blob; what was, from pages of 64 KiB in an unlinked
 * temporary file. A snapshot shares the pages; a page that a snapshot shows is written elsewhere. */
typedef struct _IMsgSpoolPages IMsgSpoolPages;

IMsgSpoolPages *_imsg_spool_pages_new      (IMsgBlob             *base);
void            _imsg_spool_pages_free     (IMsgSpoolPages       *self);
guint64         _imsg_spool_pages_get_size (const IMsgSpoolPages *self);
gboolean        _imsg_spool_pages_write    (IMsgSpoolPages       *self,
                                            guint64               offset,
                                            gconstpointer         bytes,
                                            gsize                 n_bytes,
                                            GError              **error);
gssize          _imsg_spool_pages_read     (IMsgSpoolPages       *self,
                                            guint64               offset,
                                            gpointer              buffer,
                                            gsize                 n_bytes,
                                            GCancellable         *cancellable,
                                            GError              **error);
gboolean        _imsg_spool_pages_truncate (IMsgSpoolPages       *self,
                                            guint64               n_bytes,
                                            GError              **error);
IMsgBlob       *_imsg_spool_pages_snapshot (IMsgSpoolPages       *self);

G_END_DECLS
