/* imsg-mime-private.h - the parts of an export to MIME
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gmime/gmime.h>

#include "imsg-address.h"
#include "imsg-mime.h"
#include "imsg-problem-private.h"

G_BEGIN_DECLS

/* PidTagTextAttachmentCharset has no name of MAPI's. */
#define IMSG_TAG_TEXT_ATTACHMENT_CHARSET 0x371B001F

/* PR_ATTACH_FLAGS: shown inside the HTML */
#define IMSG_ATTACH_RENDERED_IN_BODY 0x4

/* A content type that was stored; GMime takes the square of its length where it has many words. */
#define IMSG_MAX_MIME_TYPE_BYTES 1000

/* A bit of PR_MESSAGE_FLAGS */
#define IMSG_MESSAGE_FLAG_UNSENT 0x8

/* What an export carries along. */
typedef struct
{
  IMsgMimeExportFlags  flags;
  GCancellable        *cancellable;
  GPtrArray           *losses; /* (element-type IMsgProblem) */
  guint                depth;  /* embedded messages around this one */
} IMsgMimeExport;

/* GMime's tables, once for the process. */
void           _imsg_mime_init                  (void);

/* A property as text, NULL when absent or empty. */
char          *_imsg_mime_get_text              (IMsgMessage       *message,
                                                 guint32            tag);
/* TRUE for a class or one derived from it, without regard to case. */
gboolean       _imsg_mime_class_is              (IMsgMessage       *message,
                                                 const char        *message_class);
/* Where, a format and its arguments. Most who export do not ask what stays behind. */
#define _imsg_mime_add_loss(export, where, ...) \
  _imsg_problem_list_tell ((export)->losses, (where), IMSG_ERROR_NO_SUPPORT, __VA_ARGS__)

/* The Content-Class that stands for a class, and the class that one stands for; NULL for those that
 * have none. */
char          *_imsg_mime_class_to_content      (const char        *message_class);
char          *_imsg_mime_class_from_content    (const char        *content_class);

/* All headers of the message but those of its content. */
void           _imsg_mime_fill_headers          (IMsgMimeExport    *export,
                                                 IMsgMessage       *message,
                                                 GMimeMessage      *mime);

/* Text and HTML, and what is shown inside the HTML; never NULL. Attachments that went into it are
 * added to inlined. */
GMimeObject   *_imsg_mime_build_body            (IMsgMimeExport    *export,
                                                 IMsgMessage       *message,
                                                 GHashTable        *inlined);
GMimePart     *_imsg_mime_build_text_part       (const char        *subtype,
                                                 const char        *text,
                                                 gsize              length);

/* Adds the attachments that the HTML refers to (element-type IMsgAttachment), unowned. */
void           _imsg_mime_find_shown            (IMsgMessage          *message,
                                                 const char           *html,
                                                 GHashTable           *shown);

/* A part that is written from a stream that can be sought: base64, or as it is with any other
 * encoding. Only a sink can take it. What cannot be read is told as a loss under where. */
GMimePart     *_imsg_mime_file_part_new         (IMsgMimeExport       *export,
                                                 const char           *mime_type,
                                                 GMimeContentEncoding  encoding,
                                                 GInputStream         *stream,
                                                 const char           *where);
/* NULL for one that has nothing to send (told as a loss). */
GMimeObject   *_imsg_mime_build_attachment      (IMsgMimeExport    *export,
                                                 IMsgAttachment    *attachment,
                                                 gboolean           is_inline);

/* Where a file is MacBinary what other systems know as the file, else the stream itself. */
GInputStream  *_imsg_mime_open_data_fork        (IMsgMimeExport       *export,
                                                 IMsgAttachment       *attachment,
                                                 GInputStream         *stream);

/* An object of another application: what is inside it, or the storage it is. */
GMimeObject   *_imsg_mime_build_ole             (IMsgMimeExport       *export,
                                                 IMsgAttachment       *attachment);
/* Name, description, disposition, ids: what every kind of part says of itself. */
void           _imsg_mime_describe_part         (GMimeObject          *part,
                                                 IMsgAttachment       *attachment,
                                                 const char           *file_name,
                                                 gboolean              is_inline);
/* Without angle brackets and line ends; nothing for one that is NULL or empty. */
void           _imsg_mime_set_content_id        (GMimeObject          *part,
                                                 const char           *content_id);
/* What the name of a file suggests; never how a message is built. */
char          *_imsg_mime_guess_type            (const char           *file_name);
guint          _imsg_mime_get_code_page         (IMsgAttachment       *attachment);

/* The machine-readable part of a report; NULL when the message is none. The attachment that it was
 * made of, if it was, goes into kept. */
GMimeObject   *_imsg_mime_build_report_part     (IMsgMimeExport    *export,
                                                 IMsgMessage       *message,
                                                 const char       **report_type,
                                                 IMsgAttachment   **kept);
/* Whether a header or the calendar of a message says what a named property does. */
gboolean       _imsg_mime_carries               (IMsgMessage            *message,
                                                 const IMsgPropertyName *name);

/* Whether the recipients are those it is about, and not those it goes to. */
gboolean       _imsg_mime_is_delivery_report    (IMsgMessage       *message);

/* The whole message; NULL with an error only when cancelled, too deep, or closed. */
GMimeMessage  *_imsg_mime_build_message         (IMsgMimeExport    *export,
                                                 IMsgMessage       *message,
                                                 GError           **error);
/* The signed entity of a clear-signed message, which must go out byte for byte; NULL when the
 * message is none. */
IMsgAttachment *_imsg_mime_find_signed_entity   (IMsgMessage       *message);

G_END_DECLS
