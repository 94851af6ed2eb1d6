/* inspector-print.h - a message on paper
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>
#include <imsg.h>

G_BEGIN_DECLS

gboolean inspector_print_message (GtkWindow    *parent,
                                  IMsgMessage  *message,
                                  GError      **error);

G_END_DECLS
