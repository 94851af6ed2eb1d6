/* imsg-mime-mailbox-private.h - people as mailers write them into headers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* name: on one line; NULL for an address alone. address: NULL for a name alone. */
typedef struct
{
  char *name;
  char *address;
} IMsgMailbox;

/* Adds those of a header to mailboxes, groups flattened. What RFC 5322 does not allow is taken for
 * what it was meant to be; an empty group is a name alone. */
void    _imsg_mime_parse_mailboxes (const char *value,
                                    GArray     *mailboxes);
/* (element-type IMsgMailbox) */
GArray *_imsg_mailbox_array_new    (void);
/* Behind what a link or a gateway puts in front of an address. */
const char *_imsg_mailbox_skip_scheme (const char *address);

G_END_DECLS
