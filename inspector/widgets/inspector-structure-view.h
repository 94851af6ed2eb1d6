/* inspector-structure-view.h - a binary value as the tree of its parts
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>
#include <imsg.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_STRUCTURE_VIEW (inspector_structure_view_get_type ())
G_DECLARE_FINAL_TYPE (InspectorStructureView, inspector_structure_view, INSPECTOR, STRUCTURE_VIEW,
                      GtkWidget)

void inspector_structure_view_set_root (InspectorStructureView *self,
                                        IMsgStructureNode      *root);

gboolean inspector_structure_view_select_byte (InspectorStructureView *self,
                                               guint64                 byte,
                                               gsize                  *offset,
                                               gsize                  *n_bytes);

G_END_DECLS
