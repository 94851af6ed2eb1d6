/* imsg-mime-header-private.h - the headers of an exported message, one at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-mime-private.h"

G_BEGIN_DECLS

/* --- imsg-mime-headers.c --- */

typedef struct
{
  const char *name;
  guint32     tag;
} IMsgMimeTextHeader;

/* What a header of a property that is text is called, both ways; ends with a name of NULL. */
extern const IMsgMimeTextHeader _imsg_mime_text_headers[];

/* --- imsg-mime-header.c --- */

/* A value without line ends and white space around it. */
char     *_imsg_mime_clean_value           (const char        *value);
gboolean  _imsg_mime_is_header_name        (const char        *name);
/* TRUE for one that properties speak for, or that belongs to the structure. */
gboolean  _imsg_mime_is_produced           (const char        *name);
/* Adds a header as it stands: encoded already, its lines folded with LF. */
void      _imsg_mime_add_raw_header        (GMimeMessage      *mime,
                                            const char        *name,
                                            const char        *value);
/* Adds text, encoded where it must be; nothing for an empty one. */
void      _imsg_mime_add_header            (GMimeMessage      *mime,
                                            const char        *name,
                                            const char        *value);
void      _imsg_mime_add_date_header       (GMimeMessage      *mime,
                                            const char        *name,
                                            GDateTime         *date);
gboolean  _imsg_mime_has_header            (GMimeMessage      *mime,
                                            const char        *name);
/* The first of that name in PR_TRANSPORT_MESSAGE_HEADERS, unfolded; block may be NULL. */
char     *_imsg_mime_find_transport_header (const char        *block,
                                            const char        *name);
/* All of them that properties do not speak for. */
void      _imsg_mime_add_transport_headers (const char        *block,
                                            GMimeMessage      *mime);

/* --- imsg-mime-people.c --- */

/* From, Sender, To, Cc, Bcc, and whom answers and receipts go to. */
void      _imsg_mime_add_people            (IMsgMimeExport    *export,
                                            IMsgMessage       *message,
                                            GMimeMessage      *mime,
                                            const char        *block);

/* --- imsg-mime-named.c --- */

/* Keywords, flags, classification. */
void      _imsg_mime_add_named             (IMsgMessage       *message,
                                            GMimeMessage      *mime);
/* One header that was kept when the message was received; NULL when it was not. */
char     *_imsg_mime_dup_named_header      (IMsgMessage       *message,
                                            const char        *header);
/* Headers kept as named properties when the message was received. */
void      _imsg_mime_add_named_headers     (IMsgMessage       *message,
                                            GMimeMessage      *mime);

G_END_DECLS
