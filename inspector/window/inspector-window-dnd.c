/* inspector-window-dnd.c - files dropped on the window
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-drag.h"

/* What is let go over the window it was taken from is open already, and was no file */
static gboolean
accept_cb (GtkDropTarget   *target,
           GdkDrop         *drop,
           InspectorWindow *self)
{
  return !inspector_drag_is_from (drop, GTK_WIDGET (self)) &&
         gdk_content_formats_match (gtk_drop_target_get_formats (target),
                                    gdk_drop_get_formats (drop));
}

static gboolean
drop_cb (GtkDropTarget   *target,
         const GValue    *value,
         double           x,
         double           y,
         InspectorWindow *self)
{
  GSList *list = g_value_get_boxed (value);
  g_autoptr(GPtrArray) files = g_ptr_array_new ();

  for (GSList *item = list; item != NULL; item = item->next)
    g_ptr_array_add (files, item->data);
  inspector_window_open_files (self, (GFile **) files->pdata, files->len);
  return files->len > 0;
}

void
_inspector_window_add_drop (InspectorWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "accept", G_CALLBACK (accept_cb), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
