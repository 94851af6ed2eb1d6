/* inspector-message-details.h - what an appointment, contact or task is about, by its class
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

typedef struct
{
  char *label;
  char *text;
} InspectorDetail;

/* (transfer full) (element-type InspectorDetail): empty for plain mail */
GPtrArray *inspector_message_list_details (IMsgMessage *message);

G_END_DECLS
