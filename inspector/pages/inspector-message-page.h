/* inspector-message-page.h - a message as its reader sees it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_MESSAGE_PAGE (inspector_message_page_get_type ())
G_DECLARE_FINAL_TYPE (InspectorMessagePage, inspector_message_page, INSPECTOR, MESSAGE_PAGE,
                      GtkWidget)

void inspector_message_page_set_view (InspectorMessagePage *self,
                                      InspectorView        *view);
/* Whether remote images were asked for */
gboolean   inspector_message_page_has_remote (InspectorMessagePage *self);
/* Nothing can be changed any more until another message is shown */
void inspector_message_page_lock (InspectorMessagePage *self);

/* In the body */
void inspector_message_page_start_search (InspectorMessagePage *self);

G_END_DECLS
