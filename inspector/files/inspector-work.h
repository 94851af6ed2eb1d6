/* inspector-work.h - what takes time, done in a thread on a copy of the message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

/* Called in a thread of its own. The message is a copy that nobody else uses; it is NULL when the
 * work was started without one. */
typedef gpointer (*InspectorWorkFunc) (IMsgMessage   *snapshot,
                                       gpointer       data,
                                       GCancellable  *cancellable,
                                       GError       **error);

/* The data is the worker's alone until it is done, and let go of on the main thread */
void     inspector_work_run_async  (IMsgMessage          *message,
                                    InspectorWorkFunc     func,
                                    gpointer              data,
                                    GDestroyNotify        data_free,
                                    GDestroyNotify        result_free,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gpointer inspector_work_run_finish (GAsyncResult         *result,
                                    GError              **error);

/* Whether an error says only that somebody cancelled */
gboolean inspector_work_is_cancelled (const GError       *error);

G_END_DECLS
