/* inspector-html-view.h - an HTML body, with no script and no network
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>
#include <imsg.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_HTML_VIEW (inspector_html_view_get_type ())
G_DECLARE_FINAL_TYPE (InspectorHtmlView, inspector_html_view, INSPECTOR, HTML_VIEW, AdwBin)

GtkWidget *inspector_html_view_new         (void);
/* The message gives the inline images; it may be NULL */
void       inspector_html_view_show        (InspectorHtmlView *self,
                                            const char        *html,
                                            IMsgMessage       *message,
                                            gboolean           load_remote);
void       inspector_html_view_clear       (InspectorHtmlView *self);
void       inspector_html_view_print       (InspectorHtmlView *self,
                                            GtkWindow         *parent);

G_END_DECLS
