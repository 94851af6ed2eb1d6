/* imsg-mime-sink.c - what GMime writes to: a stream of GIO
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "imsg-mime-stream-private.h"

/* GMime writes a line at a time; less than what malloc() asks the system for on its own. */
#define BUFFER_BYTES 65536

typedef struct
{
  GMimeStream    parent_instance;

  GOutputStream *stream;
  GCancellable  *cancellable;
  GError        *error; /* the first one */
  char          *buffer;
  gsize          n_buffered;
  char           last; /* the byte before */
  gboolean       has_crlf;
} IMsgMimeSink;

typedef struct
{
  GMimeStreamClass parent_class;
} IMsgMimeSinkClass;

static GType _imsg_mime_sink_get_type (void);
G_DEFINE_TYPE (IMsgMimeSink, _imsg_mime_sink, GMIME_TYPE_STREAM)

static void
imsg_mime_sink_finalize (GObject *object)
{
  IMsgMimeSink *self = (IMsgMimeSink *) object;

  g_clear_object (&self->stream);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_free (self->buffer);
  G_OBJECT_CLASS (_imsg_mime_sink_parent_class)->finalize (object);
}

static ssize_t
imsg_mime_sink_read (GMimeStream *stream,
                     char        *buffer,
                     size_t       n_bytes)
{
  errno = EBADF;
  return -1;
}

static gboolean
write_out (IMsgMimeSink *self,
           const char   *bytes,
           gsize         n_bytes)
{
  if (self->error == NULL)
    g_output_stream_write_all (self->stream, bytes, n_bytes, NULL, self->cancellable, &self->error);
  return self->error == NULL;
}

static gboolean
flush_buffer (IMsgMimeSink *self)
{
  gsize n_buffered = self->n_buffered;

  self->n_buffered = 0;
  return n_buffered == 0 ? self->error == NULL : write_out (self, self->buffer, n_buffered);
}

static gboolean
put (IMsgMimeSink *self,
     const char   *bytes,
     gsize         n_bytes)
{
  if (n_bytes > BUFFER_BYTES - self->n_buffered)
    {
      if (!flush_buffer (self))
        return FALSE;
      if (n_bytes >= BUFFER_BYTES)
        return write_out (self, bytes, n_bytes);
    }
  if (self->buffer == NULL)
    self->buffer = g_malloc (BUFFER_BYTES);
  memcpy (self->buffer + self->n_buffered, bytes, n_bytes);
  self->n_buffered += n_bytes;
  return TRUE;
}

static gboolean
put_lines (IMsgMimeSink *self,
           const char   *bytes,
           gsize         n_bytes)
{
  const char *end = bytes + n_bytes;

  while (bytes < end)
    {
      const char *line_end = memchr (bytes, '\n', (gsize) (end - bytes));
      const char *stop = line_end != NULL ? line_end : end;

      if (stop > bytes)
        {
          if (!put (self, bytes, (gsize) (stop - bytes)))
            return FALSE;
          self->last = stop[-1];
        }
      if (line_end == NULL)
        break;
      if (!put (self, self->last == '\r' ? "\n" : "\r\n", self->last == '\r' ? 1 : 2))
        return FALSE;
      self->last = '\n';
      bytes = line_end + 1;
    }
  return TRUE;
}

static ssize_t
imsg_mime_sink_write (GMimeStream *stream,
                      const char  *buffer,
                      size_t       n_bytes)
{
  IMsgMimeSink *self = (IMsgMimeSink *) stream;

  if (self->error != NULL || !(self->has_crlf ? put_lines (self, buffer, n_bytes)
                                              : put (self, buffer, n_bytes)))
    {
      errno = EIO;
      return -1;
    }
  stream->position += (gint64) n_bytes;
  return (ssize_t) n_bytes;
}

/* GMime flushes behind each header; what is buffered goes out when it is full, or at the end. */
static int
imsg_mime_sink_flush (GMimeStream *stream)
{
  return 0;
}

static int
imsg_mime_sink_close (GMimeStream *stream)
{
  return 0;
}

static gboolean
imsg_mime_sink_eos (GMimeStream *stream)
{
  return FALSE;
}

static int
imsg_mime_sink_reset (GMimeStream *stream)
{
  return 0;
}

static gint64
imsg_mime_sink_seek (GMimeStream     *stream,
                     gint64           offset,
                     GMimeSeekWhence  whence)
{
  errno = ESPIPE;
  return -1;
}

static gint64
imsg_mime_sink_tell (GMimeStream *stream)
{
  return stream->position;
}

static gint64
imsg_mime_sink_length (GMimeStream *stream)
{
  return stream->position;
}

static GMimeStream *
imsg_mime_sink_substream (GMimeStream *stream,
                          gint64       start,
                          gint64       end)
{
  return NULL;
}

static void
_imsg_mime_sink_class_init (IMsgMimeSinkClass *klass)
{
  GMimeStreamClass *stream_class = (GMimeStreamClass *) klass;

  G_OBJECT_CLASS (klass)->finalize = imsg_mime_sink_finalize;
  stream_class->read = imsg_mime_sink_read;
  stream_class->write = imsg_mime_sink_write;
  stream_class->flush = imsg_mime_sink_flush;
  stream_class->close = imsg_mime_sink_close;
  stream_class->eos = imsg_mime_sink_eos;
  stream_class->reset = imsg_mime_sink_reset;
  stream_class->seek = imsg_mime_sink_seek;
  stream_class->tell = imsg_mime_sink_tell;
  stream_class->length = imsg_mime_sink_length;
  stream_class->substream = imsg_mime_sink_substream;
}

static void
_imsg_mime_sink_init (IMsgMimeSink *self)
{
}

GMimeStream *
_imsg_mime_sink_new (GOutputStream *stream,
                     gboolean       has_crlf,
                     GCancellable  *cancellable)
{
  IMsgMimeSink *self = g_object_new (_imsg_mime_sink_get_type (), NULL);

  self->stream = g_object_ref (stream);
  self->has_crlf = has_crlf;
  g_set_object (&self->cancellable, cancellable);
  g_mime_stream_construct (GMIME_STREAM (self), 0, -1);
  return GMIME_STREAM (self);
}

gboolean
_imsg_mime_sink_write_raw (GMimeStream *sink,
                           const char  *bytes,
                           gsize        n_bytes)
{
  IMsgMimeSink *self = (IMsgMimeSink *) sink;

  if (n_bytes == 0)
    return self->error == NULL;
  self->last = bytes[n_bytes - 1];
  return put (self, bytes, n_bytes);
}

void
_imsg_mime_sink_fail (GMimeStream *sink,
                      GError      *error)
{
  IMsgMimeSink *self = (IMsgMimeSink *) sink;

  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

gboolean
_imsg_mime_sink_finish (GMimeStream  *sink,
                        GError      **error)
{
  IMsgMimeSink *self = (IMsgMimeSink *) sink;

  if (flush_buffer (self))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}
