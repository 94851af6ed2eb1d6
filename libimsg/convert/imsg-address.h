/* imsg-address.h - who somebody is: name, stored address, and the Internet address found for it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-message.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_ADDRESS_STEP_NONE,
  IMSG_ADDRESS_STEP_SMTP_TYPE,
  IMSG_ADDRESS_STEP_SMTP_PROPERTY,
  IMSG_ADDRESS_STEP_ONE_OFF_ENTRY_ID,
  IMSG_ADDRESS_STEP_LOOKS_LIKE_SMTP,
  IMSG_ADDRESS_STEP_SEARCH_KEY,
  IMSG_ADDRESS_STEP_TRANSPORT_HEADERS,
  IMSG_ADDRESS_STEP_RECIPIENT,
} IMsgAddressStep;

typedef enum
{
  IMSG_ADDRESS_ROLE_SENDER,
  IMSG_ADDRESS_ROLE_SENT_REPRESENTING,
  IMSG_ADDRESS_ROLE_RECEIVED_BY,
  IMSG_ADDRESS_ROLE_RECEIVED_REPRESENTING,
  IMSG_ADDRESS_ROLE_READ_RECEIPT,
} IMsgAddressRole;

#define IMSG_TYPE_ADDRESS (imsg_address_get_type ())

typedef struct _IMsgAddress IMsgAddress;

IMSG_AVAILABLE_IN_ALL
GType            imsg_address_get_type          (void);
IMSG_AVAILABLE_IN_ALL
IMsgAddress     *imsg_address_ref               (IMsgAddress        *self);
IMSG_AVAILABLE_IN_ALL
void             imsg_address_unref             (IMsgAddress        *self);
IMSG_AVAILABLE_IN_ALL
const char      *imsg_address_get_name          (const IMsgAddress  *self);
IMSG_AVAILABLE_IN_ALL
const char      *imsg_address_get_address_type  (const IMsgAddress  *self);
IMSG_AVAILABLE_IN_ALL
const char      *imsg_address_get_address       (const IMsgAddress  *self);
IMSG_AVAILABLE_IN_ALL
const char      *imsg_address_get_smtp          (const IMsgAddress  *self);
IMSG_AVAILABLE_IN_ALL
IMsgAddressStep  imsg_address_get_step          (const IMsgAddress  *self);
/* "Name <address>", for people */
IMSG_AVAILABLE_IN_ALL
char            *imsg_address_to_text           (const IMsgAddress  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgAddress, imsg_address_unref)

/* NULL when the message says nothing about that role */
IMSG_AVAILABLE_IN_ALL
IMsgAddress     *imsg_message_resolve_address   (IMsgMessage        *self,
                                                 IMsgAddressRole     role);
IMSG_AVAILABLE_IN_ALL
IMsgAddress     *imsg_recipient_resolve_address (IMsgRecipient      *self);
/* (transfer container) (element-type IMsgAddress): PR_REPLY_RECIPIENT_ENTRIES */
IMSG_AVAILABLE_IN_ALL
GPtrArray       *imsg_message_list_reply_to     (IMsgMessage        *self);

G_END_DECLS
