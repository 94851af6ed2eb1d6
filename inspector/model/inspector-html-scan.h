/* inspector-html-scan.h - what an HTML body would fetch from elsewhere
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint inspector_html_count_remote (const char *html);

G_END_DECLS
