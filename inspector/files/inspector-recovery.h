/* inspector-recovery.h - what is not saved, kept where a crash does not reach it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

G_BEGIN_DECLS

#define INSPECTOR_TYPE_RECOVERY (inspector_recovery_get_type ())
G_DECLARE_FINAL_TYPE (InspectorRecovery, inspector_recovery, INSPECTOR, RECOVERY, GObject)

/* Follows the session of the view, and keeps a copy of each message in it that is edited */
InspectorRecovery *inspector_recovery_new         (InspectorView        *view);
/* Once nothing of the session is wanted any more */
void               inspector_recovery_discard     (InspectorRecovery    *self);

/* One message that a process which is gone did not save */
typedef struct
{
  char  *path;      /* of the copy */
  char  *title;
  GFile *original;  /* where it came from; NULL for nowhere */
} InspectorRecovered;

void               inspector_recovered_free       (gpointer              recovered);
/* (element-type InspectorRecovered): looked for in a thread */
void               inspector_recovery_find_async  (GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
GPtrArray         *inspector_recovery_find_finish (GAsyncResult         *result,
                                                   GError              **error);
/* The message was opened from the copy, which is this process's from now on */
void               inspector_recovery_take        (InspectorRecovery    *self,
                                                   IMsgMessage          *message,
                                                   InspectorRecovered   *recovered);
/* Forgets all of them for good */
void               inspector_recovery_forget      (GPtrArray            *recovered);

G_END_DECLS
