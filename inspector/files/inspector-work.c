/* inspector-work.c - what takes time, done in a thread on a copy of the message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-work.h"

typedef struct
{
  IMsgMessage       *snapshot;
  InspectorWorkFunc  func;
  gpointer           data;
  GDestroyNotify     data_free;
  GDestroyNotify     result_free;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_object (&work->snapshot);
  if (work->data != NULL && work->data_free != NULL)
    work->data_free (work->data);
  g_free (work);
}

static void
work_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Work *work = task_data;
  GError *error = NULL;
  gpointer result = work->func (work->snapshot, work->data, cancellable, &error);

  /* Its storage goes where it was used */
  g_clear_object (&work->snapshot);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, work->result_free);
}

void
inspector_work_run_async (IMsgMessage         *message,
                          InspectorWorkFunc    func,
                          gpointer             data,
                          GDestroyNotify       data_free,
                          GDestroyNotify       result_free,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, inspector_work_run_async);
  work->func = func;
  work->data = data;
  work->data_free = data_free;
  work->result_free = result_free;
  g_task_set_task_data (task, work, work_free);
  if (message != NULL)
    work->snapshot = imsg_message_dup_snapshot (message, cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_run_in_thread (task, work_in_thread);
}

gpointer
inspector_work_run_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
inspector_work_is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, IMSG_ERROR, IMSG_ERROR_CANCELLED);
}
