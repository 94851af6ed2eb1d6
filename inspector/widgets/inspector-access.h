/* inspector-access.h - names that a screen reader says
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* All controls in a widget: by their text, else by their tooltip. Those that cannot be used will
 * tell why. */
void inspector_access_name_controls  (GtkWidget   *widget);
/* For text that comes later: GTK would say it with its mnemonic and without. With an icon the text
 * is only said. */
void inspector_access_set_button     (GtkButton   *button,
                                      const char  *icon_name,
                                      const char  *label);
/* Lets a control be used, or tells in its tooltip why it cannot be; reason is NULL when it can */
void inspector_access_enable         (GtkWidget   *widget,
                                      const char  *reason);
/* The same for all buttons inside a widget that do an action of it */
void inspector_access_enable_action  (GtkWidget   *widget,
                                      const char  *action,
                                      const char  *reason);
/* The button inside a drop-down is what has the focus, so it has the name too */
void inspector_access_name_drop_down (GtkDropDown *drop_down,
                                      const char  *name);

/* Right and Left open and close the selected row of a tree in a list or column view */
void inspector_access_add_tree_keys  (GtkWidget   *list);

/* Escape and Ctrl+W close a window that is beside the main one */
void inspector_access_add_close_keys (GtkWindow   *window);

G_END_DECLS
