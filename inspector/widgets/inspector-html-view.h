/* inspector-html-view.h - an HTML body, with no script and no network
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>
#include <imsg.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_HTML_VIEW (inspector_html_view_get_type ())
G_DECLARE_FINAL_TYPE (InspectorHtmlView, inspector_html_view, INSPECTOR, HTML_VIEW, AdwBin)

G_END_DECLS
