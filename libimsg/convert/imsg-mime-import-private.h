/* imsg-mime-import-private.h - the parts of an import from MIME
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gmime/gmime.h>

#include "imsg-blob-private.h"
#include "imsg-mime.h"

G_BEGIN_DECLS

/* What an import carries along. */
typedef struct
{
  GCancellable *cancellable;
  guint         depth;   /* embedded messages around this one */
  guint         n_parts; /* parts seen so far, of all depths */
  guint64       max_parts;
  guint64       max_depth;
} IMsgMimeImport;

/* Subject, people, times, thread, everything a header says. */
gboolean _imsg_mime_import_headers       (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeMessage       *mime,
                                          GError            **error);
/* Bodies and attachments. */
gboolean _imsg_mime_import_content       (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeObject        *content,
                                          GError            **error);
/* One part as an attachment. */
gboolean _imsg_mime_import_attachment    (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeObject        *part,
                                          gboolean            is_inline,
                                          GError            **error);
/* An object as it was written, in lines that end in CR LF. */
IMsgBlob *_imsg_mime_write_object        (GMimeObject        *object,
                                          GCancellable       *cancellable,
                                          GError            **error);
/* All of it into an empty message. */
gboolean _imsg_mime_import_message       (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeMessage       *mime,
                                          GError            **error);
/* The message class that the content asks for. */
char    *_imsg_mime_choose_message_class (GMimeMessage       *mime);
/* FALSE with TOO_BIG for headers that GMime would not come back from; leaves the stream at its
 * start. */
gboolean _imsg_mime_scan                 (GInputStream       *stream,
                                          gboolean            is_mbox,
                                          GCancellable       *cancellable,
                                          GError            **error);
/* FALSE for a NULL object; without regard to case, "*" is any. */
gboolean _imsg_mime_is_type              (GMimeObject        *object,
                                          const char         *type,
                                          const char         *subtype);
/* Writes the decoded bytes of a part. */
gboolean _imsg_mime_decode_part          (GMimePart          *part,
                                          GOutputStream      *stream,
                                          GCancellable       *cancellable,
                                          GError            **error);
/* The decoded bytes of a part, at most max_bytes; NULL with TOO_BIG past them. */
GBytes  *_imsg_mime_read_part            (GMimePart          *part,
                                          guint64             max_bytes,
                                          GError            **error);
/* Text of unknown bytes: by the charset named, else as UTF-8, else as windows-1252. */
char    *_imsg_mime_decode_text          (GBytes             *bytes,
                                          const char         *charset,
                                          guint              *code_page);

G_END_DECLS
