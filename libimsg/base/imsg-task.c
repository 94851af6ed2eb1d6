/* imsg-task.c - work in another thread on behalf of this one
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-task-private.h"

typedef struct
{
  GTask           *task;
  GTaskThreadFunc  func;
} Work;

static void
run (GTask        *carrier,
     gpointer      source_object,
     gpointer      task_data,
     GCancellable *cancellable)
{
  Work *work = task_data;

  work->func (work->task, g_task_get_source_object (work->task),
              g_task_get_task_data (work->task), cancellable);
  g_task_return_boolean (carrier, TRUE);
}

static void
carried_cb (GObject      *source_object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_object_unref (G_TASK (user_data));
}

void
_imsg_task_run_in_thread (GTask           *task,
                          GTaskThreadFunc  func)
{
  g_autoptr(GTask) carrier = g_task_new (NULL, g_task_get_cancellable (task), carried_cb,
                                         g_object_ref (task));
  Work *work = g_new (Work, 1);

  work->task = task;
  work->func = func;
  g_task_set_source_tag (carrier, _imsg_task_run_in_thread);
  g_task_set_check_cancellable (carrier, FALSE);
  g_task_set_priority (carrier, g_task_get_priority (task));
  g_task_set_task_data (carrier, work, g_free);
  g_task_run_in_thread (carrier, run);
}

void
_imsg_task_return_count (GTask  *task,
                         gssize  count,
                         GError *error)
{
  if (count < 0)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, count);
}
