/* inspector-history.h - what was done in a session, to be undone and done again
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Does or undoes a step; data is the step's own. */
typedef gboolean (*InspectorStepFunc)  (gpointer   data,
                                        GError   **error);
/* Lets an older step take over what a newer one with the same merge key did. */
typedef void     (*InspectorMergeFunc) (gpointer   older,
                                        gpointer   newer);

/* Whether what a step is about is there no more */
typedef gboolean (*InspectorSubjectFunc) (gpointer subject);

typedef struct
{
  InspectorStepFunc  apply;
  InspectorStepFunc  revert;
  InspectorMergeFunc merge;    /* NULL when steps of the kind never merge */
  GDestroyNotify     destroy;
} InspectorStepKind;

#define INSPECTOR_HISTORY_MAX_STEPS 500
#define INSPECTOR_HISTORY_MAX_BYTES (64 * 1024 * 1024)

#define INSPECTOR_TYPE_HISTORY (inspector_history_get_type ())
G_DECLARE_FINAL_TYPE (InspectorHistory, inspector_history, INSPECTOR, HISTORY, GObject)

InspectorHistory *inspector_history_new            (void);

gboolean          inspector_history_do             (InspectorHistory         *self,
                                                    const char               *label,
                                                    const InspectorStepKind  *kind,
                                                    gpointer                  data,
                                                    gpointer                  subject,
                                                    guint32                   tag,
                                                    const char               *merge_key,
                                                    gsize                     n_bytes,
                                                    GError                  **error);
void              inspector_history_begin_group    (InspectorHistory         *self,
                                                    const char               *label);
void              inspector_history_end_group      (InspectorHistory         *self);
void              inspector_history_cancel_group   (InspectorHistory         *self);

gboolean          inspector_history_undo           (InspectorHistory         *self,
                                                    GError                  **error);
gboolean          inspector_history_redo           (InspectorHistory         *self,
                                                    GError                  **error);
const char       *inspector_history_get_undo_label (InspectorHistory         *self);
const char       *inspector_history_get_redo_label (InspectorHistory         *self);

void              inspector_history_mark_saved     (InspectorHistory         *self);
gboolean          inspector_history_is_saved       (InspectorHistory         *self);
char            **inspector_history_list_unsaved   (InspectorHistory         *self);
void              inspector_history_stop_merging   (InspectorHistory         *self);
void              inspector_history_drop           (InspectorHistory         *self,
                                                    InspectorSubjectFunc      is_gone);
void              inspector_history_clear          (InspectorHistory         *self);

G_END_DECLS
