/* inspector-preferences.h - what a person may choose for all windows
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void inspector_preferences_present (GtkWindow *parent);

G_END_DECLS
