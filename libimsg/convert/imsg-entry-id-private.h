/* imsg-entry-id-private.h - the entry ids that name people
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who an entry id stands for; each part NULL where the entry id has none. */
typedef struct
{
  char *name;
  char *address_type;
  char *address;
} IMsgEntryIdPerson;

/* One-off entry ids and those of the address book, also wrapped as a distribution list does
 * ([MS-OXCDATA] 2.2.5); FALSE for any other. Text that is not UTF-16 is in code_page. */
gboolean   _imsg_entry_id_parse         (const guint8       *bytes,
                                         gsize               n_bytes,
                                         guint               code_page,
                                         IMsgEntryIdPerson  *person);
void       _imsg_entry_id_person_clear  (IMsgEntryIdPerson  *person);

/* "IMCEAEX-_o=First_cn=a+20b@example.org" stands for the EX address "/o=First/cn=a b"; FALSE for an
 * address that is no such one. */
gboolean   _imsg_imcea_decode           (const char         *smtp,
                                         char              **address_type,
                                         char              **address);

/* The entry ids of a FLATENTRYLIST (PR_REPLY_RECIPIENT_ENTRIES), (element-type GBytes). */
GPtrArray *_imsg_flat_entry_list_parse  (GBytes             *bytes);
GBytes    *_imsg_flat_entry_list_build  (GPtrArray          *entry_ids);

G_END_DECLS
