/* inspector-focus.h - the keyboard goes back to where it was when a menu closes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* An item of a submenu keeps the focus in GTK when its menu closes, and no key is heard any more */
void inspector_focus_return_from_menus (GtkWindow *window);

G_END_DECLS
