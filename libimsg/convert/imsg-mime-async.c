/* imsg-mime-async.c - messages written as MIME in another thread
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-mime.h"

#include "imsg-task-private.h"

typedef struct
{
  IMsgMessage         *snapshot;  /* only the worker uses it */
  GOutputStream       *stream;
  IMsgMimeExportFlags  flags;
  GPtrArray           *losses;
} ExportTask;

static void
export_task_free (gpointer data)
{
  ExportTask *export = data;

  g_clear_object (&export->snapshot);
  g_clear_object (&export->stream);
  g_clear_pointer (&export->losses, g_ptr_array_unref);
  g_free (export);
}

static void
export_in_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  ExportTask *export = task_data;
  g_autoptr(GError) error = NULL;

  if (imsg_message_export_mime_full (export->snapshot, export->stream, export->flags, cancellable,
                                     &export->losses, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imsg_message_export_mime_async:
 * @self: a message
 * @stream: where to; nobody else may use it before this is done
 * @flags: what it is for
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Writes the message as MIME, as [method@IMsg.Message.export_mime_full] does, in another thread.
 *
 * What is written is the message as it is now: it can be changed and closed meanwhile.
 *
 * Since: 1.0
 */
void
imsg_message_export_mime_async (IMsgMessage         *self,
                                GOutputStream       *stream,
                                IMsgMimeExportFlags  flags,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  ExportTask *export;

  g_return_if_fail (IMSG_IS_MESSAGE (self));
  g_return_if_fail (G_IS_OUTPUT_STREAM (stream));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imsg_message_export_mime_async);
  export = g_new0 (ExportTask, 1);
  export->stream = g_object_ref (stream);
  export->flags = flags;
  g_task_set_task_data (task, export, export_task_free);
  export->snapshot = imsg_message_dup_snapshot (self, cancellable, &error);
  if (export->snapshot == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    _imsg_task_run_in_thread (task, export_in_thread);
}

/**
 * imsg_message_export_mime_finish:
 * @self: a message
 * @result: the result
 * @losses: (out) (optional) (transfer container) (nullable) (element-type IMsgProblem): return
 *   location for what MIME cannot carry
 * @error: return location for an error
 *
 * Finishes what [method@IMsg.Message.export_mime_async] began.
 *
 * Fails as [method@IMsg.Message.export_mime_full] does, and with %IMSG_ERROR_BUSY when a save was
 * running.
 *
 * Returns: whether it was written
 * Since: 1.0
 */
gboolean
imsg_message_export_mime_finish (IMsgMessage   *self,
                                 GAsyncResult  *result,
                                 GPtrArray    **losses,
                                 GError       **error)
{
  ExportTask *export;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  export = g_task_get_task_data (G_TASK (result));
  if (losses != NULL)
    *losses = g_steal_pointer (&export->losses);
  return g_task_propagate_boolean (G_TASK (result), error);
}
