/* inspector-window.h - one window, which is one session
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_WINDOW (inspector_window_get_type ())
G_DECLARE_FINAL_TYPE (InspectorWindow, inspector_window, INSPECTOR, WINDOW, AdwApplicationWindow)

InspectorWindow *inspector_window_new        (GtkApplication   *application);
void             inspector_window_open_files (InspectorWindow  *self,
                                              GFile           **files,
                                              int               n_files);
/* What a crash left behind, if there is any */
void             inspector_window_offer_recovery (InspectorWindow *self);

G_END_DECLS
