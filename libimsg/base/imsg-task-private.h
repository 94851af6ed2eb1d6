/* imsg-task-private.h - work in another thread on behalf of this one
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* As g_task_run_in_thread(), but what the task holds, its source object and its data, is let go in the
 * thread that the task returns to: GTask leaves that to whichever thread is the last. */
void _imsg_task_run_in_thread (GTask           *task,
                               GTaskThreadFunc  func);
/* How many bytes were moved, or below 0 the error, which is taken. */
void _imsg_task_return_count  (GTask           *task,
                               gssize           count,
                               GError          *error);

G_END_DECLS
