/* inspector-print.h - a message on paper
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* HTML as a page where it can be shown, else the text; load_remote as the window shows it now */
void inspector_print_message (GtkWindow      *parent,
                              InspectorView  *view,
                              IMsgMessage    *message,
                              gboolean        load_remote);

G_END_DECLS
