/* inspector-tree.h - the session as a tree of messages
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_TREE (inspector_tree_get_type ())
G_DECLARE_FINAL_TYPE (InspectorTree, inspector_tree, INSPECTOR, TREE, GtkWidget)

void     inspector_tree_set_view      (InspectorTree      *self,
                                       InspectorView      *view);
/* The keyboard goes on with the selected row */
void     inspector_tree_focus_row     (InspectorTree      *self);
void     inspector_tree_start_search  (InspectorTree      *self);
/* Selects the row of an object, opening what is above it */
gboolean inspector_tree_reveal        (InspectorTree      *self,
                                       InspectorNodeKind   kind,
                                       IMsgPropertyObject *object);
/* A row that is clicked is activated, not only selected */
void     inspector_tree_set_opens_on_click (InspectorTree *self,
                                            gboolean       opens_on_click);

G_END_DECLS
