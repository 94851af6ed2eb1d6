/* inspector-recipient-list.h - people typed or pasted as a list of addresses
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *address;
} InspectorPerson;

/* (transfer full) (element-type InspectorPerson): what has no address in it is left out */
GPtrArray  *inspector_recipient_list_parse (const char        *text);
const char *inspector_recipient_type_word  (IMsgRecipientType  type);

G_END_DECLS
