/* imsg-blob-stream.c - a seekable input stream over a blob
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-blob-private.h"
#include "imsg-stream-private.h"

#include <glib/gi18n-lib.h>

#define IMSG_TYPE_BLOB_STREAM (imsg_blob_stream_get_type ())
G_DECLARE_FINAL_TYPE (IMsgBlobStream, imsg_blob_stream, IMSG, BLOB_STREAM, GInputStream)

struct _IMsgBlobStream
{
  GInputStream parent_instance;

  IMsgBlob *blob;
  guint64   position; /* may lie behind the end */
  gint      is_ended; /* atomic */
};

static void imsg_blob_stream_seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IMsgBlobStream, imsg_blob_stream, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE,
                                                      imsg_blob_stream_seekable_init))

static gboolean
check_not_ended (IMsgBlobStream  *self,
                 GError         **error)
{
  if (!g_atomic_int_get (&self->is_ended))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                       _("The storage of this stream was closed"));
  return FALSE;
}

static gssize
imsg_blob_stream_read (GInputStream  *stream,
                       void          *buffer,
                       gsize          n_bytes,
                       GCancellable  *cancellable,
                       GError       **error)
{
  IMsgBlobStream *self = IMSG_BLOB_STREAM (stream);
  gssize n = 0;

  if (!check_not_ended (self, error))
    return -1;
  n = _imsg_blob_read (self->blob, self->position, buffer, n_bytes, cancellable, error);
  if (n > 0)
    self->position += n;
  return n;
}

static gssize
imsg_blob_stream_skip (GInputStream  *stream,
                       gsize          n_bytes,
                       GCancellable  *cancellable,
                       GError       **error)
{
  IMsgBlobStream *self = IMSG_BLOB_STREAM (stream);
  guint64 size = _imsg_blob_get_size (self->blob);

  if (!check_not_ended (self, error))
    return -1;
  n_bytes = MIN (n_bytes, size - MIN (size, self->position));
  self->position += n_bytes;
  return n_bytes;
}

static void
imsg_blob_stream_finalize (GObject *object)
{
  IMsgBlobStream *self = IMSG_BLOB_STREAM (object);

  g_clear_pointer (&self->blob, _imsg_blob_unref);

  G_OBJECT_CLASS (imsg_blob_stream_parent_class)->finalize (object);
}

static void
imsg_blob_stream_class_init (IMsgBlobStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  object_class->finalize = imsg_blob_stream_finalize;

  stream_class->read_fn = imsg_blob_stream_read;
  stream_class->skip = imsg_blob_stream_skip;
}

static void
imsg_blob_stream_init (IMsgBlobStream *self)
{
}

static goffset
imsg_blob_stream_tell (GSeekable *seekable)
{
  return IMSG_BLOB_STREAM (seekable)->position;
}

static gboolean
imsg_blob_stream_can_seek (GSeekable *seekable)
{
  return TRUE;
}

static gboolean
imsg_blob_stream_seek (GSeekable     *seekable,
                       goffset        offset,
                       GSeekType      type,
                       GCancellable  *cancellable,
                       GError       **error)
{
  IMsgBlobStream *self = IMSG_BLOB_STREAM (seekable);

  return check_not_ended (self, error) &&
         _imsg_stream_seek (&self->position, _imsg_blob_get_size (self->blob), offset, type,
                            error);
}

static gboolean
imsg_blob_stream_can_truncate (GSeekable *seekable)
{
  return FALSE;
}

static gboolean
imsg_blob_stream_truncate (GSeekable     *seekable,
                           goffset        offset,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       _("A stream open for reading cannot be cut"));
  return FALSE;
}

static void
imsg_blob_stream_seekable_init (GSeekableIface *iface)
{
  iface->tell = imsg_blob_stream_tell;
  iface->can_seek = imsg_blob_stream_can_seek;
  iface->seek = imsg_blob_stream_seek;
  iface->can_truncate = imsg_blob_stream_can_truncate;
  iface->truncate_fn = imsg_blob_stream_truncate;
}

GInputStream *
_imsg_blob_open_stream (IMsgBlob *blob)
{
  IMsgBlobStream *self = g_object_new (IMSG_TYPE_BLOB_STREAM, NULL);

  self->blob = _imsg_blob_ref (blob);
  return G_INPUT_STREAM (self);
}

void
_imsg_blob_stream_end (GInputStream *stream)
{
  g_atomic_int_set (&IMSG_BLOB_STREAM (stream)->is_ended, TRUE);
}

gboolean
_imsg_stream_seek (guint64    *position,
                   guint64     size,
                   goffset     offset,
                   GSeekType   type,
                   GError    **error)
{
  goffset start = type == G_SEEK_SET ? 0 : type == G_SEEK_CUR ? (goffset) *position
                                                              : (goffset) size;

  if ((offset < 0 && offset < -start) || (offset > 0 && start > G_MAXOFFSET - offset))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("No position before the start of a stream, nor after the largest"));
      return FALSE;
    }
  *position = start + offset;
  return TRUE;
}
