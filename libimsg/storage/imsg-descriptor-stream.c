/* imsg-descriptor-stream.c - a seekable output stream over a file descriptor
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-replacement-private.h"
#include "imsg-stream-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

/* So much at a time is handed to the disk. */
#define WRITEBACK_SIZE ((guint64) 1 << 20)

#define IMSG_TYPE_DESCRIPTOR_STREAM (imsg_descriptor_stream_get_type ())
G_DECLARE_FINAL_TYPE (IMsgDescriptorStream, imsg_descriptor_stream, IMSG, DESCRIPTOR_STREAM,
                      GOutputStream)

struct _IMsgDescriptorStream
{
  GOutputStream parent_instance;

  guint64 position;
  guint64 n_started; /* bytes from the file's beginning that are on their way to the disk */
  int     fd; /* not ours to close */
};

static void imsg_descriptor_stream_seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IMsgDescriptorStream, imsg_descriptor_stream, G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE,
                                                      imsg_descriptor_stream_seekable_init))

static void
set_error_from_errno (GError **error,
                      int      saved_errno)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               _("The new file could not be written: %s"), g_strerror (saved_errno));
}

/* What is written is synced in the end: the disk may as well begin while the rest is still copied.
 * Whether it does is of no matter, and its errors are the sync's. */
static void
start_writeback (IMsgDescriptorStream *self)
{
#ifdef SYNC_FILE_RANGE_WRITE
  if (self->position < self->n_started + WRITEBACK_SIZE)
    return;
  sync_file_range (self->fd, self->n_started, self->position - self->n_started,
                   SYNC_FILE_RANGE_WRITE);
  self->n_started = self->position;
#endif
}

static gssize
imsg_descriptor_stream_write (GOutputStream  *stream,
                              const void     *buffer,
                              gsize           n_bytes,
                              GCancellable   *cancellable,
                              GError        **error)
{
  IMsgDescriptorStream *self = IMSG_DESCRIPTOR_STREAM (stream);
  gssize n = 0;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  do
    n = pwrite (self->fd, buffer, n_bytes, self->position);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    {
      set_error_from_errno (error, errno);
      return -1;
    }
  self->position += n;
  start_writeback (self);
  return n;
}

static void
imsg_descriptor_stream_class_init (IMsgDescriptorStreamClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = imsg_descriptor_stream_write;
}

static void
imsg_descriptor_stream_init (IMsgDescriptorStream *self)
{
  self->fd = -1;
}

static goffset
imsg_descriptor_stream_tell (GSeekable *seekable)
{
  return IMSG_DESCRIPTOR_STREAM (seekable)->position;
}

static gboolean
imsg_descriptor_stream_can_seek (GSeekable *seekable)
{
  return TRUE;
}

static gboolean
imsg_descriptor_stream_seek (GSeekable     *seekable,
                             goffset        offset,
                             GSeekType      type,
                             GCancellable  *cancellable,
                             GError       **error)
{
  IMsgDescriptorStream *self = IMSG_DESCRIPTOR_STREAM (seekable);
  struct stat info = { 0 };

  if (type == G_SEEK_END && fstat (self->fd, &info) != 0)
    {
      set_error_from_errno (error, errno);
      return FALSE;
    }
  return _imsg_stream_seek (&self->position, info.st_size, offset, type, error);
}

static gboolean
imsg_descriptor_stream_truncate (GSeekable     *seekable,
                                 goffset        offset,
                                 GCancellable  *cancellable,
                                 GError       **error)
{
  if (ftruncate (IMSG_DESCRIPTOR_STREAM (seekable)->fd, offset) == 0)
    return TRUE;
  set_error_from_errno (error, errno);
  return FALSE;
}

static void
imsg_descriptor_stream_seekable_init (GSeekableIface *iface)
{
  iface->tell = imsg_descriptor_stream_tell;
  iface->can_seek = imsg_descriptor_stream_can_seek;
  iface->seek = imsg_descriptor_stream_seek;
  iface->can_truncate = imsg_descriptor_stream_can_seek;
  iface->truncate_fn = imsg_descriptor_stream_truncate;
}

GOutputStream *
_imsg_descriptor_stream_new (int fd)
{
  IMsgDescriptorStream *self = g_object_new (IMSG_TYPE_DESCRIPTOR_STREAM, NULL);

  self->fd = fd;
  return G_OUTPUT_STREAM (self);
}
