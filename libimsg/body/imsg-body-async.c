/* imsg-body-async.c - bodies read in another thread
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-body.h"

#include "imsg-task-private.h"

typedef struct
{
  IMsgMessage    *snapshot;  /* only the worker uses it */
  IMsgBodyFormat  format;
} ReadTask;

static void
read_task_free (gpointer data)
{
  ReadTask *read = data;

  g_clear_object (&read->snapshot);
  g_free (read);
}

static void
read_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  ReadTask *read = task_data;
  g_autoptr(GError) error = NULL;
  IMsgBody *body = imsg_message_read_body (read->snapshot, read->format, cancellable, &error);

  if (body == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, body, (GDestroyNotify) imsg_body_unref);
}

/**
 * imsg_message_read_body_async:
 * @self: a message
 * @format: the format wanted
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Reads the body as [method@IMsg.Message.read_body] does, in another thread.
 *
 * What is read is the message as it is now: it can be changed and closed meanwhile.
 *
 * Since: 1.0
 */
void
imsg_message_read_body_async (IMsgMessage         *self,
                              IMsgBodyFormat       format,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  ReadTask *read;

  g_return_if_fail (IMSG_IS_MESSAGE (self));
  g_return_if_fail (format >= IMSG_BODY_FORMAT_TEXT && format <= IMSG_BODY_FORMAT_HTML);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imsg_message_read_body_async);
  read = g_new0 (ReadTask, 1);
  read->format = format;
  g_task_set_task_data (task, read, read_task_free);
  read->snapshot = imsg_message_dup_snapshot (self, cancellable, &error);
  if (read->snapshot == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    _imsg_task_run_in_thread (task, read_in_thread);
}

/**
 * imsg_message_read_body_finish:
 * @self: a message
 * @result: the result
 * @error: return location for an error
 *
 * Finishes what [method@IMsg.Message.read_body_async] began.
 *
 * Fails as [method@IMsg.Message.read_body] does, and with %IMSG_ERROR_BUSY when a save was running.
 *
 * Returns: (transfer full): the body
 * Since: 1.0
 */
IMsgBody *
imsg_message_read_body_finish (IMsgMessage   *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
