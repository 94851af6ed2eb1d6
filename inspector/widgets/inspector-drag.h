/* inspector-drag.h - attachments and messages dragged out, as files that are written when asked for
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>
#include <imsg.h>

G_BEGIN_DECLS

/* What the widget stands for at a place in it; (transfer none) (nullable) */
typedef IMsgPropertyObject *(*InspectorDragFunc) (GtkWidget *widget,
                                                  double     x,
                                                  double     y);

void     inspector_drag_add          (GtkWidget         *widget,
                                      InspectorDragFunc  func);
gboolean inspector_drag_is_from      (GdkDrop           *drop,
                                      GtkWidget         *window);
gboolean inspector_drag_wrote         (GFile             *file);
/* The files that were written for others to take */
void     inspector_drag_remove_files (void);

G_END_DECLS
