/* inspector-compare-window.h - two messages side by side, property by property
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

void inspector_compare_window_present (GtkWindow     *parent,
                                       InspectorView *view);

G_END_DECLS
