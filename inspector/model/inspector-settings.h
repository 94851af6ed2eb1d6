/* inspector-settings.h - what is kept between runs
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define INSPECTOR_APPLICATION_ID "io.github.libimsg.Inspector"

/* NULL when the settings are not installed: then the defaults hold and nothing is kept */
GSettings *inspector_settings_get (void);

G_END_DECLS
