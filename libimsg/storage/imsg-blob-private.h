/* imsg-blob-private.h - immutable bytes that need not be in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A blob is what a stream holds: bytes in memory, a region of a storage file, or a spool file.
 * It is immutable, atomically ref-counted, readable from any thread, and keeps what it reads from
 * alive: a blob of a file that was renamed away still reads the old file. */
typedef struct _IMsgBlob IMsgBlob;

typedef struct
{
  /* Reads up to n_bytes at offset; fewer only at the end of the blob. Damage is
   * IMSG_ERROR_CORRUPT_DATA, a failed read a G_IO_ERROR. -1 on error. */
  gssize (*read) (gpointer       source,
                  guint64        offset,
                  gpointer       buffer,
                  gsize          n_bytes,
                  GCancellable  *cancellable,
                  GError       **error);
  void   (*free) (gpointer       source);
} IMsgBlobClass;

IMsgBlob     *_imsg_blob_new           (const IMsgBlobClass  *klass,
                                        gpointer              source,
                                        guint64               n_bytes);
IMsgBlob     *_imsg_blob_new_for_bytes (GBytes               *bytes);
/* The same for a part, without another GBytes until somebody peeks. */
IMsgBlob     *_imsg_blob_new_for_part  (GBytes               *whole,
                                        gsize                 offset,
                                        gsize                 n_bytes);
IMsgBlob     *_imsg_blob_new_empty     (void);
/* A local file of over max_copied bytes, kept open and read when asked for: OBJECT_CHANGED once it
 * was changed in place; it may be removed or renamed. NULL when it is none that this can be said
 * of: then it is to be read at once, which also tells what is wrong with it. */
IMsgBlob     *_imsg_blob_new_for_file  (GFile                *file,
                                        guint64               max_copied);
IMsgBlob     *_imsg_blob_ref           (IMsgBlob             *self);
void          _imsg_blob_unref         (IMsgBlob             *self);

guint64       _imsg_blob_get_size      (const IMsgBlob       *self);
/* The bytes when they are in memory already, else NULL; borrowed. */
GBytes       *_imsg_blob_peek_bytes    (IMsgBlob             *self);
gssize        _imsg_blob_read          (IMsgBlob             *self,
                                        guint64               offset,
                                        gpointer              buffer,
                                        gsize                 n_bytes,
                                        GCancellable         *cancellable,
                                        GError              **error);
/* All of it; over max_bytes is IMSG_ERROR_TOO_BIG. */
GBytes       *_imsg_blob_read_all      (IMsgBlob             *self,
                                        guint64               max_bytes,
                                        GCancellable         *cancellable,
                                        GError              **error);
/* Takes self. What a damaged file does not have of a stream cannot be carried over; what it has is,
 * and this is that part. The same blob when there is all of it. */
IMsgBlob     *_imsg_blob_clip          (IMsgBlob             *self);
/* Takes self. Text without its terminator: what ends in units of zeros, 1 byte or 2, without them. */
IMsgBlob     *_imsg_blob_clip_text     (IMsgBlob             *self,
                                        gsize                 unit);
/* All of it, or that part; only of a stream of which there is nothing it is an error. */
GBytes       *_imsg_blob_read_readable (IMsgBlob             *self,
                                        guint64               max_bytes,
                                        gboolean             *is_cut,
                                        GCancellable         *cancellable,
                                        GError              **error);
/* A seekable stream over it. */
GInputStream *_imsg_blob_open_stream   (IMsgBlob             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgBlob, _imsg_blob_unref)

/* A spool takes bytes written in any order (GSeekable, truncatable) and becomes a blob: in memory
 * up to 1 MiB, then in an unlinked temporary file. */
#define IMSG_TYPE_SPOOL (_imsg_spool_get_type ())
G_DECLARE_FINAL_TYPE (IMsgSpool, _imsg_spool, IMSG, SPOOL, GOutputStream)

IMsgSpool    *_imsg_spool_new          (void);
/* What is in it now, as a blob; later writes do not change that blob. */
IMsgBlob     *_imsg_spool_snapshot     (IMsgSpool            *self,
                                        GError              **error);
/* Called with each snapshot when the stream is closed, flushed or committed. */
typedef gboolean (*IMsgSpoolFunc)      (IMsgBlob             *blob,
                                        gpointer              user_data,
                                        GError              **error);
void          _imsg_spool_set_publish  (IMsgSpool            *self,
                                        IMsgSpoolFunc         publish,
                                        gpointer              user_data,
                                        GDestroyNotify        destroy);
/* A read/write view sharing one position, as IStream is; starts with the bytes of blob. */
GIOStream    *_imsg_spool_open_io_stream (IMsgSpool          *self);
gboolean      _imsg_spool_fill         (IMsgSpool            *self,
                                        IMsgBlob             *blob,
                                        GCancellable         *cancellable,
                                        GError              **error);

G_END_DECLS
