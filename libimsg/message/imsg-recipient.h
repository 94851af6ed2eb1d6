/* imsg-recipient.h - one row of the recipient table
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-property-object.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_RECIPIENT_TYPE_ORIGINATOR = 0,
  IMSG_RECIPIENT_TYPE_TO = 1,
  IMSG_RECIPIENT_TYPE_CC = 2,
  IMSG_RECIPIENT_TYPE_BCC = 3,
} IMsgRecipientType;

#define IMSG_TYPE_RECIPIENT (imsg_recipient_get_type ())
IMSG_DECLARE_INTERNAL_TYPE (IMsgRecipient, imsg_recipient, IMSG, RECIPIENT, IMsgPropertyObject)

typedef struct _IMsgMessage IMsgMessage;

IMSG_AVAILABLE_IN_ALL
guint32            imsg_recipient_get_row_id         (IMsgRecipient      *self);
IMSG_AVAILABLE_IN_ALL
IMsgRecipientType  imsg_recipient_get_recipient_type (IMsgRecipient      *self);
IMSG_AVAILABLE_IN_ALL
gboolean           imsg_recipient_set_recipient_type (IMsgRecipient      *self,
                                                      IMsgRecipientType   type,
                                                      GError            **error);
IMSG_AVAILABLE_IN_ALL
const char        *imsg_recipient_get_name           (IMsgRecipient      *self);
IMSG_AVAILABLE_IN_ALL
const char        *imsg_recipient_get_address        (IMsgRecipient      *self);
IMSG_AVAILABLE_IN_ALL
const char        *imsg_recipient_get_address_type   (IMsgRecipient      *self);
IMSG_AVAILABLE_IN_ALL
gboolean           imsg_recipient_set_address        (IMsgRecipient      *self,
                                                      const char         *name,
                                                      const char         *address,
                                                      GError            **error);
IMSG_AVAILABLE_IN_ALL
IMsgMessage       *imsg_recipient_get_message        (IMsgRecipient      *self);

G_END_DECLS
