/* imsg-mime-source.c - what GMime reads from: a stream of GIO
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>

#include "imsg-mime-stream-private.h"

/* Shared by a source and those made of it, each with a position of its own. To GMime a read that
 * fails is an end like any other: the first error ends all reading, and is kept. */
typedef struct
{
  GInputStream *stream;
  GCancellable *cancellable;
  GError       *error;
} Reading;

typedef struct
{
  GMimeStream  parent_instance;
  Reading     *reading; /* counted */
} IMsgMimeSource;

typedef struct
{
  GMimeStreamClass parent_class;
} IMsgMimeSourceClass;

static GType _imsg_mime_source_get_type (void);
G_DEFINE_TYPE (IMsgMimeSource, _imsg_mime_source, GMIME_TYPE_STREAM)

static void
reading_clear (gpointer data)
{
  Reading *reading = data;

  g_clear_object (&reading->stream);
  g_clear_object (&reading->cancellable);
  g_clear_error (&reading->error);
}

static gboolean
seek (Reading   *reading,
      goffset    offset,
      GSeekType  type)
{
  return reading->error == NULL && g_seekable_seek (G_SEEKABLE (reading->stream), offset, type,
                                                    reading->cancellable, &reading->error);
}

static void
imsg_mime_source_finalize (GObject *object)
{
  IMsgMimeSource *self = (IMsgMimeSource *) object;

  g_rc_box_release_full (self->reading, reading_clear);
  G_OBJECT_CLASS (_imsg_mime_source_parent_class)->finalize (object);
}

static ssize_t
imsg_mime_source_read (GMimeStream *stream,
                       char        *buffer,
                       size_t       n_bytes)
{
  Reading *reading = ((IMsgMimeSource *) stream)->reading;
  gssize n_read = -1;

  if (stream->bound_end != -1)
    n_bytes = (size_t) MIN ((gint64) n_bytes, MAX (stream->bound_end - stream->position, 0));
  if (n_bytes == 0)
    return 0;
  if (g_seekable_tell (G_SEEKABLE (reading->stream)) != stream->position)
    seek (reading, stream->position, G_SEEK_SET);
  if (reading->error == NULL)
    n_read = g_input_stream_read (reading->stream, buffer, n_bytes, reading->cancellable,
                                  &reading->error);
  if (n_read < 0)
    {
      errno = EIO;
      return -1;
    }
  stream->position += n_read;
  return n_read;
}

static ssize_t
imsg_mime_source_write (GMimeStream *stream,
                        const char  *buffer,
                        size_t       n_bytes)
{
  errno = EBADF;
  return -1;
}

static int
imsg_mime_source_flush (GMimeStream *stream)
{
  return 0;
}

static int
imsg_mime_source_close (GMimeStream *stream)
{
  return 0;
}

static gint64
imsg_mime_source_length (GMimeStream *stream)
{
  Reading *reading = ((IMsgMimeSource *) stream)->reading;

  if (stream->bound_end != -1)
    return stream->bound_end - stream->bound_start;
  if (!seek (reading, 0, G_SEEK_END))
    return -1;
  return g_seekable_tell (G_SEEKABLE (reading->stream)) - stream->bound_start;
}

static gboolean
imsg_mime_source_eos (GMimeStream *stream)
{
  gint64 length = imsg_mime_source_length (stream);

  return length >= 0 && stream->position >= stream->bound_start + length;
}

static int
imsg_mime_source_reset (GMimeStream *stream)
{
  stream->position = stream->bound_start;
  return 0;
}

static gint64
imsg_mime_source_seek (GMimeStream     *stream,
                       gint64           offset,
                       GMimeSeekWhence  whence)
{
  gint64 target = offset;

  if (whence == GMIME_STREAM_SEEK_CUR)
    target += stream->position;
  else if (whence == GMIME_STREAM_SEEK_END)
    {
      gint64 length = imsg_mime_source_length (stream);

      if (length < 0)
        return -1;
      target += stream->bound_start + length;
    }
  if (target < stream->bound_start || (stream->bound_end != -1 && target > stream->bound_end))
    {
      errno = EINVAL;
      return -1;
    }
  stream->position = target;
  return target;
}

static gint64
imsg_mime_source_tell (GMimeStream *stream)
{
  return stream->position;
}

static GMimeStream *
imsg_mime_source_substream (GMimeStream *stream,
                            gint64       start,
                            gint64       end)
{
  IMsgMimeSource *self = (IMsgMimeSource *) stream;
  IMsgMimeSource *substream = g_object_new (_imsg_mime_source_get_type (), NULL);

  substream->reading = g_rc_box_acquire (self->reading);
  g_mime_stream_construct (GMIME_STREAM (substream), start, end);
  return GMIME_STREAM (substream);
}

static void
_imsg_mime_source_class_init (IMsgMimeSourceClass *klass)
{
  GMimeStreamClass *stream_class = (GMimeStreamClass *) klass;

  G_OBJECT_CLASS (klass)->finalize = imsg_mime_source_finalize;
  stream_class->read = imsg_mime_source_read;
  stream_class->write = imsg_mime_source_write;
  stream_class->flush = imsg_mime_source_flush;
  stream_class->close = imsg_mime_source_close;
  stream_class->eos = imsg_mime_source_eos;
  stream_class->reset = imsg_mime_source_reset;
  stream_class->seek = imsg_mime_source_seek;
  stream_class->tell = imsg_mime_source_tell;
  stream_class->length = imsg_mime_source_length;
  stream_class->substream = imsg_mime_source_substream;
}

static void
_imsg_mime_source_init (IMsgMimeSource *self)
{
}

GMimeStream *
_imsg_mime_source_new (GInputStream *stream,
                       gint64        start,
                       GCancellable *cancellable)
{
  IMsgMimeSource *self = g_object_new (_imsg_mime_source_get_type (), NULL);

  self->reading = g_rc_box_new0 (Reading);
  self->reading->stream = g_object_ref (stream);
  g_set_object (&self->reading->cancellable, cancellable);
  g_mime_stream_construct (GMIME_STREAM (self), start, -1);
  return GMIME_STREAM (self);
}

gboolean
_imsg_mime_source_check (GMimeStream  *source,
                         GError      **error)
{
  const Reading *reading = ((IMsgMimeSource *) source)->reading;

  if (reading->error == NULL)
    return TRUE;
  g_clear_error (error);
  g_propagate_error (error, g_error_copy (reading->error));
  return FALSE;
}
