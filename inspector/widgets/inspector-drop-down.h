/* inspector-drop-down.h - drop-downs that are no wider than there is room for
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Takes the words */
GtkWidget *inspector_drop_down_new              (GtkStringList *words);
/* By their subjects */
GtkWidget *inspector_drop_down_new_for_messages (GListModel    *messages);

G_END_DECLS
