/* imsg-spool-stream.c - a spool as a read/write stream with one position
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-spool-private.h"

#include "imsg-task-private.h"

/* --- the half that reads --- */

#define IMSG_TYPE_SPOOL_INPUT (imsg_spool_input_get_type ())
G_DECLARE_FINAL_TYPE (IMsgSpoolInput, imsg_spool_input, IMSG, SPOOL_INPUT, GInputStream)

struct _IMsgSpoolInput
{
  GInputStream parent_instance;

  IMsgSpool *spool;
};

#define IMSG_TYPE_SPOOL_STREAM (imsg_spool_stream_get_type ())
G_DECLARE_FINAL_TYPE (IMsgSpoolStream, imsg_spool_stream, IMSG, SPOOL_STREAM, GIOStream)

struct _IMsgSpoolStream
{
  GIOStream parent_instance;

  IMsgSpool      *spool;
  IMsgSpoolInput *input;
};

static void imsg_spool_input_seekable_init (GSeekableIface *iface);
static void imsg_spool_stream_seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IMsgSpoolInput, imsg_spool_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE,
                                                      imsg_spool_input_seekable_init))

G_DEFINE_FINAL_TYPE_WITH_CODE (IMsgSpoolStream, imsg_spool_stream, G_TYPE_IO_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE,
                                                      imsg_spool_stream_seekable_init))

static gssize
imsg_spool_input_read (GInputStream  *stream,
                       void          *buffer,
                       gsize          n_bytes,
                       GCancellable  *cancellable,
                       GError       **error)
{
  return _imsg_spool_read (IMSG_SPOOL_INPUT (stream)->spool, buffer, n_bytes, cancellable, error);
}

/* At once: a thread of GIO's would read while the owner writes, and move the one position */
static void
imsg_spool_input_read_async (GInputStream        *stream,
                             void                *buffer,
                             gsize                n_bytes,
                             int                  io_priority,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);
  GError *error = NULL;
  gssize n_read = imsg_spool_input_read (stream, buffer, n_bytes, cancellable, &error);

  _imsg_task_return_count (task, n_read, error);
}

static gssize
imsg_spool_input_read_finish (GInputStream  *stream,
                              GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static void
imsg_spool_input_finalize (GObject *object)
{
  IMsgSpoolInput *self = IMSG_SPOOL_INPUT (object);

  g_clear_object (&self->spool);

  G_OBJECT_CLASS (imsg_spool_input_parent_class)->finalize (object);
}

static void
imsg_spool_input_class_init (IMsgSpoolInputClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  object_class->finalize = imsg_spool_input_finalize;

  stream_class->read_fn = imsg_spool_input_read;
  stream_class->read_async = imsg_spool_input_read_async;
  stream_class->read_finish = imsg_spool_input_read_finish;
}

static void
imsg_spool_input_init (IMsgSpoolInput *self)
{
}

/* Both halves and the whole seek the one position of the spool. */
static GSeekable *
get_spool (GSeekable *seekable)
{
  return IMSG_IS_SPOOL_INPUT (seekable) ? G_SEEKABLE (IMSG_SPOOL_INPUT (seekable)->spool)
                                        : G_SEEKABLE (IMSG_SPOOL_STREAM (seekable)->spool);
}

static goffset
seekable_tell (GSeekable *seekable)
{
  return g_seekable_tell (get_spool (seekable));
}

static gboolean
seekable_can_seek (GSeekable *seekable)
{
  return TRUE;
}

static gboolean
seekable_seek (GSeekable     *seekable,
               goffset        offset,
               GSeekType      type,
               GCancellable  *cancellable,
               GError       **error)
{
  return g_seekable_seek (get_spool (seekable), offset, type, cancellable, error);
}

static gboolean
seekable_truncate (GSeekable     *seekable,
                   goffset        offset,
                   GCancellable  *cancellable,
                   GError       **error)
{
  return g_seekable_truncate (get_spool (seekable), offset, cancellable, error);
}

static void
imsg_spool_input_seekable_init (GSeekableIface *iface)
{
  iface->tell = seekable_tell;
  iface->can_seek = seekable_can_seek;
  iface->seek = seekable_seek;
  iface->can_truncate = seekable_can_seek;
  iface->truncate_fn = seekable_truncate;
}

/* --- the whole --- */

static GInputStream *
imsg_spool_stream_get_input (GIOStream *stream)
{
  return G_INPUT_STREAM (IMSG_SPOOL_STREAM (stream)->input);
}

static GOutputStream *
imsg_spool_stream_get_output (GIOStream *stream)
{
  return G_OUTPUT_STREAM (IMSG_SPOOL_STREAM (stream)->spool);
}

static void
imsg_spool_stream_finalize (GObject *object)
{
  IMsgSpoolStream *self = IMSG_SPOOL_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->spool);

  G_OBJECT_CLASS (imsg_spool_stream_parent_class)->finalize (object);
}

static void
imsg_spool_stream_class_init (IMsgSpoolStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  object_class->finalize = imsg_spool_stream_finalize;

  stream_class->get_input_stream = imsg_spool_stream_get_input;
  stream_class->get_output_stream = imsg_spool_stream_get_output;
}

static void
imsg_spool_stream_init (IMsgSpoolStream *self)
{
}

static void
imsg_spool_stream_seekable_init (GSeekableIface *iface)
{
  imsg_spool_input_seekable_init (iface);
}

GIOStream *
_imsg_spool_open_io_stream (IMsgSpool *spool)
{
  IMsgSpoolStream *self = g_object_new (IMSG_TYPE_SPOOL_STREAM, NULL);

  self->spool = g_object_ref (spool);
  self->input = g_object_new (IMSG_TYPE_SPOOL_INPUT, NULL);
  self->input->spool = g_object_ref (spool);
  return G_IO_STREAM (self);
}
