/* inspector-message-body.h - the body of a message, in each format it can be had in
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_MESSAGE_BODY (inspector_message_body_get_type ())
G_DECLARE_FINAL_TYPE (InspectorMessageBody, inspector_message_body, INSPECTOR, MESSAGE_BODY,
                      GtkWidget)

void     inspector_message_body_set_view    (InspectorMessageBody *self,
                                             InspectorView        *view);
/* NULL shows nothing and stops what is being read */
void     inspector_message_body_set_message (InspectorMessageBody *self,
                                             IMsgMessage          *message);
/* After the body was changed */
void     inspector_message_body_reload      (InspectorMessageBody *self);
/* Whether remote images are shown, which printing then does too */
void     inspector_message_body_start_search (InspectorMessageBody *self);
gboolean inspector_message_body_has_remote  (InspectorMessageBody *self);
/* Nothing can be changed any more until another message is shown */
void inspector_message_body_lock (InspectorMessageBody *self);

G_END_DECLS
