/* imsg-mime-import-private.h - the parts of an import from MIME
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gmime/gmime.h>

#include "imsg-address.h"
#include "imsg-blob-private.h"
#include "imsg-mime.h"

G_BEGIN_DECLS

/* What an import carries along. */
typedef struct
{
  GInputStream *stream;  /* the whole e-mail */
  GCancellable *cancellable;
  guint         depth;   /* embedded messages around this one */
  guint         n_parts; /* parts seen so far, of all depths */
  guint64       max_parts;
  guint64       max_depth;
  guint64       max_header_bytes;
  const char   *charset; /* of the first text of the message; NULL when it tells none */
} IMsgMimeImport;

/* Subject, people, times, thread, everything a header says. */
gboolean _imsg_mime_import_headers       (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeMessage       *mime,
                                          GError            **error);
/* Its parts: people, and what becomes named properties or is kept as it came. */
gboolean _imsg_mime_import_people        (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeMessage       *mime,
                                          GError            **error);
gboolean _imsg_mime_import_named         (IMsgMessage        *message,
                                          GMimeMessage       *mime,
                                          GError            **error);
/* The headers as they came, before they are mended. */
gboolean _imsg_mime_import_header_block  (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeMessage       *mime,
                                          GError            **error);
/* A header as the property named like it; nothing for a NULL value. */
gboolean _imsg_mime_set_named_header     (IMsgMessage        *message,
                                          const char         *name,
                                          const char         *value,
                                          GError            **error);
/* A header as text for people: decoded, unfolded, valid UTF-8; NULL when absent or empty. */
char    *_imsg_mime_get_header           (GMimeMessage       *mime,
                                          const char         *name);
/* Nothing for text that is absent or empty. */
gboolean _imsg_mime_set_text             (IMsgMessage        *message,
                                          guint32             tag,
                                          const char         *text,
                                          GError            **error);
gboolean _imsg_mime_set_int              (IMsgMessage        *message,
                                          guint32             tag,
                                          gint64              value,
                                          GError            **error);
/* Bodies and attachments. */
gboolean _imsg_mime_import_content       (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeObject        *content,
                                          GError            **error);
/* --- imsg-mime-mend.c --- */

/* The charset of the first text; NULL when it tells none. */
char    *_imsg_mime_find_text_charset    (GMimeObject        *content);
/* Makes the headers such that GMime understands what the mailer meant. */
void     _imsg_mime_mend_headers         (IMsgMimeImport     *import,
                                          GMimeObject        *object);
/* A parameter of RFC 2231 (name*=charset'language'text, or in pieces) that GMime would decode by
 * fewer charsets; NULL when it is not written so. */
char    *_imsg_mime_get_extended         (GMimeObject        *object,
                                          const char         *header,
                                          const char         *name);
/* One more part; FALSE with TOO_BIG past the limit. */
gboolean _imsg_mime_count_part           (IMsgMimeImport     *import,
                                          GError            **error);
/* One part as an attachment; what may be shown inside the HTML is added to candidates
 * (element-type IMsgAttachment) unless that is NULL. */
gboolean _imsg_mime_import_attachment    (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeObject        *part,
                                          GPtrArray          *candidates,
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
/* The e-mail in import->stream, and what it is read from: as long as one is used, so is the other.
 * NULL with TOO_BIG or a G_IO_ERROR, or with CORRUPT_DATA when there is none. */
GMimeMessage *_imsg_mime_parse           (IMsgMimeImport     *import,
                                          GMimeStream       **source,
                                          GError            **error);
/* The class of a report; NULL when it is none that Outlook has. */
const char *_imsg_mime_choose_report_class (GMimeObject      *content);
/* What the machine-readable part tells, after everything else; the part itself stays attached. */
gboolean _imsg_mime_import_report        (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeMessage       *mime,
                                          GError            **error);
/* The name may be NULL. */
gboolean _imsg_mime_set_person           (IMsgMessage        *message,
                                          IMsgAddressRole     role,
                                          const char         *name,
                                          const char         *address,
                                          GError            **error);
/* The signed entity as the one attachment, byte for byte, and its bodies for display. */
gboolean _imsg_mime_import_signed        (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GMimeMessage       *mime,
                                          GMimeObject        *content,
                                          GError            **error);
/* The stream, at its start, or one in its place whose lines end as those of e-mail do; NULL with an
 * error. */
GInputStream *_imsg_mime_mend_line_ends  (GInputStream       *stream,
                                          GCancellable       *cancellable,
                                          GError            **error);
/* "Name: value", or the beginning of it. */
gboolean _imsg_mime_is_header_line       (const char         *line,
                                          gsize               length);
/* FALSE with TOO_BIG for headers that GMime would not come back from, of an e-mail that begins at
 * offset; leaves the stream at its start. */
gboolean _imsg_mime_scan                 (GInputStream       *stream,
                                          gint64              offset,
                                          guint64             max_header_bytes,
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
/* Takes a file out of a text; FALSE with an error to stop. */
typedef gboolean (*IMsgMimeFileFunc)     (const char         *name,
                                          GBytes             *bytes,
                                          gpointer            user_data,
                                          GError            **error);
/* Gives out each whole file that is written into a text with uuencode or yEnc; what is left. */
GBytes  *_imsg_mime_split_text           (GBytes             *text,
                                          IMsgMimeFileFunc    take_file,
                                          gpointer            user_data,
                                          GError            **error);
/* A text in format=flowed: each paragraph on one line, quotes in front of it, lines ended by CR LF.
 * With DelSp=yes the space at the end of a line is no part of it. */
char    *_imsg_mime_unflow               (const char         *text,
                                          gboolean            has_extra_spaces);
/* text/enriched, or text/richtext, as a whole HTML document in UTF-8. */
char    *_imsg_mime_enriched_to_html     (const char         *text,
                                          gboolean            is_richtext);
/* Bytes under a name that came with them. */
gboolean _imsg_mime_import_file          (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          const char         *name,
                                          GBytes             *bytes,
                                          GError            **error);
/* Marks the pictures that the HTML shows, of those that came as part of it. */
gboolean _imsg_mime_mark_shown           (IMsgMimeImport     *import,
                                          IMsgMessage        *message,
                                          GPtrArray          *candidates,
                                          GError            **error);
/* Text of unknown bytes: by the charset named, if they can be that, else as UTF-8, else as
 * windows-1252; by the escapes of ISO-2022 where they are ASCII otherwise. */
char    *_imsg_mime_decode_text          (GBytes             *bytes,
                                          const char         *charset);

G_END_DECLS
