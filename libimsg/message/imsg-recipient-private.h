/* imsg-recipient-private.h - what the floor of messages knows of a recipient
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-message-private.h"
#include "imsg-recipient.h"

G_BEGIN_DECLS

struct _IMsgRecipient
{
  IMsgPropertyObject parent_instance;

  IMsgMessage       *message; /* unowned; NULL once closed */
  guint32            row_id;
  char              *name;    /* of the getters that lend text */
  char              *address;
  char              *address_type;
};

struct _IMsgRecipientClass
{
  IMsgPropertyObjectClass parent_class;
};

IMsgPropertyObject *_imsg_recipient_make        (IMsgMessage           *message,
                                                 const IMsgObjectSlot  *slot);
gboolean            _imsg_recipient_init_new    (IMsgRecipient         *self,
                                                 IMsgRecipientType      type,
                                                 const char            *name,
                                                 const char            *address,
                                                 guint32                index,
                                                 GError               **error);
void                _imsg_recipient_forget_text (IMsgRecipient         *self);
/* The type of an address, and where in it what is behind the type begins. */
char               *_imsg_address_split         (const char            *address,
                                                 const char           **rest);

/* --- imsg-one-off.c --- */

/* An entry id that holds name, type and address itself ([MS-OXCDATA] 2.2.5.1). */
GBytes             *_imsg_one_off_build         (const char            *name,
                                                 const char            *address_type,
                                                 const char            *address,
                                                 gboolean               unicode,
                                                 guint                  code_page);
/* "SMTP:A@B.EXAMPLE" and a NUL. */
GBytes             *_imsg_search_key_build      (const char            *address_type,
                                                 const char            *address);

G_END_DECLS
