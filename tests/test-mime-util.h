/* test-mime-util.h - what the tests of e-mail have in common
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

/* Each of these asserts that it went well. */
IMsgMessage    *mime_create       (IMsgSession          *session,
                                   const char           *message_class);
IMsgMessage    *mime_import       (IMsgSession          *session,
                                   const char           *text);
/* MIME, with a NUL behind it. */
char           *mime_export       (IMsgMessage          *message,
                                   IMsgMimeExportFlags   flags,
                                   GPtrArray           **losses);
/* Exported for the archive, and imported again into the session. */
IMsgMessage    *mime_go_round     (IMsgSession          *session,
                                   IMsgMessage          *message);

void            mime_set_string   (gpointer              object,
                                   guint32               tag,
                                   const char           *value);
void            mime_set_int      (gpointer              object,
                                   guint32               tag,
                                   gint64                value);
void            mime_set_bytes    (gpointer              object,
                                   guint32               tag,
                                   const void           *bytes,
                                   gsize                 n_bytes);
void            mime_add_recipient (IMsgMessage         *message,
                                   IMsgRecipientType     type,
                                   const char           *name,
                                   const char           *address);
void            mime_set_body     (IMsgMessage          *message,
                                   IMsgBodyFormat        format,
                                   const char           *content);
/* Borrowed: the message holds it. */
IMsgAttachment *mime_attach       (IMsgMessage          *message,
                                   const char           *name,
                                   const char           *mime_type,
                                   const void           *bytes,
                                   gsize                 n_bytes);
IMsgAttachment *mime_get_attachment (IMsgMessage        *message,
                                   guint                 position);

void            mime_assert_data  (IMsgAttachment       *attachment,
                                   const void           *bytes,
                                   gsize                 n_bytes);
/* That one loss, and only one, has this in its words. */
void            mime_assert_loss  (GPtrArray            *losses,
                                   const char           *where,
                                   const char           *text);

G_END_DECLS
