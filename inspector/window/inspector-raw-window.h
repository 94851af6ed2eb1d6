/* inspector-raw-window.h - the storages and streams of a file that is no message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>
#include <imsg.h>

G_BEGIN_DECLS

/* The window has the storage, and closes it */
void inspector_raw_window_present (GtkWindow    *parent,
                                   IMsgStorage  *storage,
                                   const char   *title);

G_END_DECLS
