/* inspector-view.h - the state of one window, which every page is given
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-history.h"
#include "inspector-node.h"

G_BEGIN_DECLS

#define INSPECTOR_TYPE_VIEW (inspector_view_get_type ())
G_DECLARE_FINAL_TYPE (InspectorView, inspector_view, INSPECTOR, VIEW, GObject)

InspectorView      *inspector_view_new               (void);
IMsgSession        *inspector_view_get_session       (InspectorView       *self);
void                inspector_view_renew_session     (InspectorView       *self);
InspectorHistory   *inspector_view_get_history       (InspectorView       *self);

InspectorNode      *inspector_view_get_node          (InspectorView       *self);
void                inspector_view_set_node          (InspectorView       *self,
                                                      InspectorNode       *node);
IMsgMessage        *inspector_view_get_message       (InspectorView       *self);
/* The object whose properties are shown, and the selected one of them (0: none) */
IMsgPropertyObject *inspector_view_get_object        (InspectorView       *self);
void                inspector_view_set_object        (InspectorView       *self,
                                                      IMsgPropertyObject  *object);
IMsgProperty       *inspector_view_get_property      (InspectorView       *self);
void                inspector_view_set_property      (InspectorView       *self,
                                                      IMsgProperty        *property);
const char         *inspector_view_get_lock_reason   (InspectorView       *self);
gboolean            inspector_view_can_edit          (InspectorView       *self);

/* Told to the window: trouble for the strip, a passing word, a thing to go to */
void                inspector_view_report            (InspectorView       *self,
                                                      const char          *what,
                                                      const GError        *error);
void                inspector_view_toast             (InspectorView       *self,
                                                      const char          *text);
/* Work that takes time, told to the window, which shows how far it is; the result stops it.
 * Several may be under way. */
GCancellable       *inspector_view_start_work        (InspectorView       *self);
void                inspector_view_end_work          (InspectorView       *self);
void                inspector_view_reveal            (InspectorView       *self,
                                                      IMsgPropertyObject  *object,
                                                      guint32              tag,
                                                      const char          *page);
void                inspector_view_return_to_row     (InspectorView       *self);
/* What was typed and is not valid yet, kept beside its property */
const char         *inspector_view_get_draft         (InspectorView       *self,
                                                      IMsgPropertyObject  *object,
                                                      guint32              tag);
void                inspector_view_set_draft         (InspectorView       *self,
                                                      IMsgPropertyObject  *object,
                                                      guint32              tag,
                                                      const char          *text);
char              **inspector_view_list_drafts       (InspectorView       *self,
                                                      IMsgMessage         *message);
void                inspector_view_forget_closed_drafts (InspectorView    *self);

IMsgMessage        *inspector_object_get_message     (IMsgPropertyObject  *object);
IMsgMessage        *inspector_object_get_root        (IMsgPropertyObject  *object);
IMsgProperty       *inspector_object_find_property   (IMsgPropertyObject  *object,
                                                      guint32              tag);

void                inspector_view_note_reading      (InspectorView      *self);

G_END_DECLS
