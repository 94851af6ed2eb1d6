/* imsg-spool.c - an output stream whose bytes become a blob
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-spool-private.h"
#include "imsg-stream-private.h"
#include "imsg-task-private.h"

#include <glib/gi18n-lib.h>

struct _IMsgSpool
{
  GOutputStream parent_instance;

  IMsgSpoolData *data;
  guint64        position; /* may lie behind the end */
  IMsgSpoolFunc  publish;
  gpointer       publish_data;
  GDestroyNotify publish_destroy;
  gint           is_ended; /* atomic */
  guint          is_dirty : 1; /* something to publish */
};

static void imsg_spool_seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IMsgSpool, _imsg_spool, G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, imsg_spool_seekable_init))

static gboolean
check_not_ended (IMsgSpool  *self,
                 GError    **error)
{
  if (!g_atomic_int_get (&self->is_ended))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                       _("The storage of this stream was closed"));
  return FALSE;
}

static void
drop_publish (IMsgSpool *self)
{
  GDestroyNotify destroy = self->publish_destroy;

  self->publish = NULL;
  self->publish_destroy = NULL;
  if (destroy != NULL)
    destroy (self->publish_data);
  self->publish_data = NULL;
}

gboolean
_imsg_spool_publish (IMsgSpool  *self,
                     GError    **error)
{
  g_autoptr(IMsgBlob) blob = NULL;

  if (self->publish == NULL || !self->is_dirty)
    return TRUE;
  blob = _imsg_spool_data_snapshot (self->data);
  /* Who hears of it may write more */
  self->is_dirty = FALSE;
  if (self->publish (blob, self->publish_data, error))
    return TRUE;
  self->is_dirty = TRUE;
  return FALSE;
}

static gssize
imsg_spool_write (GOutputStream  *stream,
                  const void     *buffer,
                  gsize           n_bytes,
                  GCancellable   *cancellable,
                  GError        **error)
{
  IMsgSpool *self = IMSG_SPOOL (stream);

  if (!check_not_ended (self, error) ||
      !_imsg_spool_data_write (self->data, self->position, buffer, n_bytes, error))
    return -1;
  self->position += n_bytes;
  self->is_dirty = TRUE;
  return n_bytes;
}

static gboolean
imsg_spool_flush (GOutputStream  *stream,
                  GCancellable   *cancellable,
                  GError        **error)
{
  IMsgSpool *self = IMSG_SPOOL (stream);

  /* Closing flushes first, cancelled or not. */
  return check_not_ended (self, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error) &&
         _imsg_spool_publish (self, error);
}

/* As with files, closing with a cancelled cancellable keeps what was there before. */
static gboolean
imsg_spool_close (GOutputStream  *stream,
                  GCancellable   *cancellable,
                  GError        **error)
{
  IMsgSpool *self = IMSG_SPOOL (stream);
  gboolean is_published = FALSE;

  if (!check_not_ended (self, error))
    return FALSE;
  is_published = !g_cancellable_set_error_if_cancelled (cancellable, error) &&
                 _imsg_spool_publish (self, error);
  drop_publish (self);
  return is_published;
}

/* --- without waiting: done at once, for a thread of GIO's would change the storage and call the
 * handlers of its owner there --- */

static void
imsg_spool_write_async (GOutputStream       *stream,
                        const void          *buffer,
                        gsize                n_bytes,
                        int                  io_priority,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);
  GError *error = NULL;
  gssize n_written = imsg_spool_write (stream, buffer, n_bytes, cancellable, &error);

  _imsg_task_return_count (task, n_written, error);
}

static gssize
imsg_spool_write_finish (GOutputStream  *stream,
                         GAsyncResult   *result,
                         GError        **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static void
run_at_once (GOutputStream       *stream,
             gboolean           (*run) (GOutputStream  *stream,
                                        GCancellable   *cancellable,
                                        GError        **error),
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;

  if (run (stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
imsg_spool_flush_async (GOutputStream       *stream,
                        int                  io_priority,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  run_at_once (stream, imsg_spool_flush, cancellable, callback, user_data);
}

static void
imsg_spool_close_async (GOutputStream       *stream,
                        int                  io_priority,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  run_at_once (stream, imsg_spool_close, cancellable, callback, user_data);
}

static gboolean
imsg_spool_run_finish (GOutputStream  *stream,
                       GAsyncResult   *result,
                       GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
imsg_spool_dispose (GObject *object)
{
  IMsgSpool *self = IMSG_SPOOL (object);

  /* The parent class closes, and so publishes. */
  G_OBJECT_CLASS (_imsg_spool_parent_class)->dispose (object);

  drop_publish (self);
}

static void
imsg_spool_finalize (GObject *object)
{
  IMsgSpool *self = IMSG_SPOOL (object);

  g_clear_pointer (&self->data, _imsg_spool_data_free);

  G_OBJECT_CLASS (_imsg_spool_parent_class)->finalize (object);
}

static void
_imsg_spool_class_init (IMsgSpoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GOutputStreamClass *stream_class = G_OUTPUT_STREAM_CLASS (klass);

  object_class->dispose = imsg_spool_dispose;
  object_class->finalize = imsg_spool_finalize;

  stream_class->write_fn = imsg_spool_write;
  stream_class->flush = imsg_spool_flush;
  stream_class->close_fn = imsg_spool_close;
  stream_class->write_async = imsg_spool_write_async;
  stream_class->write_finish = imsg_spool_write_finish;
  stream_class->flush_async = imsg_spool_flush_async;
  stream_class->flush_finish = imsg_spool_run_finish;
  stream_class->close_async = imsg_spool_close_async;
  stream_class->close_finish = imsg_spool_run_finish;
}

static void
_imsg_spool_init (IMsgSpool *self)
{
  self->data = _imsg_spool_data_new ();
  self->is_dirty = TRUE;
}

static goffset
imsg_spool_tell (GSeekable *seekable)
{
  return IMSG_SPOOL (seekable)->position;
}

static gboolean
imsg_spool_can_seek (GSeekable *seekable)
{
  return TRUE;
}

static gboolean
imsg_spool_seek (GSeekable     *seekable,
                 goffset        offset,
                 GSeekType      type,
                 GCancellable  *cancellable,
                 GError       **error)
{
  IMsgSpool *self = IMSG_SPOOL (seekable);

  return check_not_ended (self, error) &&
         _imsg_stream_seek (&self->position, _imsg_spool_data_get_size (self->data), offset, type,
                            error);
}

static gboolean
imsg_spool_truncate (GSeekable     *seekable,
                     goffset        offset,
                     GCancellable  *cancellable,
                     GError       **error)
{
  IMsgSpool *self = IMSG_SPOOL (seekable);

  if (!check_not_ended (self, error))
    return FALSE;
  if (g_output_stream_is_closed (G_OUTPUT_STREAM (self)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _("The stream is closed"));
      return FALSE;
    }
  if (offset < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("A stream cannot be shorter than nothing"));
      return FALSE;
    }
  if (!_imsg_spool_data_truncate (self->data, offset, error))
    return FALSE;
  self->is_dirty = TRUE;
  return TRUE;
}

static void
imsg_spool_seekable_init (GSeekableIface *iface)
{
  iface->tell = imsg_spool_tell;
  iface->can_seek = imsg_spool_can_seek;
  iface->seek = imsg_spool_seek;
  iface->can_truncate = imsg_spool_can_seek;
  iface->truncate_fn = imsg_spool_truncate;
}

IMsgSpool *
_imsg_spool_new (void)
{
  return g_object_new (IMSG_TYPE_SPOOL, NULL);
}

void
_imsg_spool_set_publish (IMsgSpool      *self,
                         IMsgSpoolFunc   publish,
                         gpointer        user_data,
                         GDestroyNotify  destroy)
{
  drop_publish (self);
  self->publish = publish;
  self->publish_data = user_data;
  self->publish_destroy = destroy;
}

IMsgBlob *
_imsg_spool_snapshot (IMsgSpool  *self,
                      GError    **error)
{
  return _imsg_spool_data_snapshot (self->data);
}

gboolean
_imsg_spool_fill (IMsgSpool     *self,
                  IMsgBlob      *blob,
                  GCancellable  *cancellable,
                  GError       **error)
{
  if (!_imsg_spool_data_set_blob (self->data, blob, cancellable, error))
    return FALSE;
  self->is_dirty = FALSE;
  return TRUE;
}

void
_imsg_spool_end (IMsgSpool *self)
{
  g_atomic_int_set (&self->is_ended, TRUE);
  drop_publish (self);
}

gssize
_imsg_spool_read (IMsgSpool     *self,
                  gpointer       buffer,
                  gsize          n_bytes,
                  GCancellable  *cancellable,
                  GError       **error)
{
  gssize n = 0;

  if (!check_not_ended (self, error))
    return -1;
  n = _imsg_spool_data_read (self->data, self->position, buffer, n_bytes, cancellable, error);
  if (n > 0)
    self->position += n;
  return n;
}
