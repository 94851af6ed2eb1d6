/* inspector-access.h - names that a screen reader says
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* All controls in a widget: by their text, else by their tooltip */
void inspector_access_name_controls  (GtkWidget   *widget);
/* The button inside a drop-down is what has the focus, so it has the name too */
void inspector_access_name_drop_down (GtkDropDown *drop_down,
                                      const char  *name);

/* Right and Left open and close the selected row of a tree in a list or column view */
void inspector_access_add_tree_keys  (GtkWidget   *list);

/* Escape and Ctrl+W close a window that is beside the main one */
void inspector_access_add_close_keys (GtkWindow   *window);

G_END_DECLS
