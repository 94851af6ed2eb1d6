/* inspector-value-pane.h - the selected property, to be read closely and edited
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_VALUE_PANE (inspector_value_pane_get_type ())
G_DECLARE_FINAL_TYPE (InspectorValuePane, inspector_value_pane, INSPECTOR, VALUE_PANE, GtkWidget)

void inspector_value_pane_set_view (InspectorValuePane *self,
                                    InspectorView      *view);
void inspector_value_pane_edit     (InspectorValuePane *self);
void inspector_value_pane_apply    (InspectorValuePane *self);
void inspector_value_pane_revert   (InspectorValuePane *self);
/* Applies what is valid, keeps what is not as a draft */
void inspector_value_pane_commit   (InspectorValuePane *self);
void inspector_value_pane_reload   (InspectorValuePane *self);
/* Whether something is typed that is not applied; "edit-changed" tells that this may be another */
gboolean inspector_value_pane_has_edit (InspectorValuePane *self);

G_END_DECLS
