/* imsg-content-lines-private.h - the lines that vCard and iCalendar are written in (RFC 2425)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Octets of a line before it is folded, without its end. */
#define IMSG_CONTENT_LINE_BYTES 75

/* Appends name:value and CR LF, folded between characters; the value is written as it is. */
void _imsg_content_line_append      (GString     *lines,
                                     const char  *name,
                                     const char  *value);
/* The same for a text value, escaped; nothing for NULL or "". */
void _imsg_content_line_append_text (GString     *lines,
                                     const char  *name,
                                     const char  *text);
/* Appends text with backslashes, commas, semicolons and line ends escaped. */
void _imsg_content_line_escape      (GString     *value,
                                     const char  *text);

/* --- imsg-content-lines-read.c --- */

typedef struct
{
  char *name;  /* upper case */
  char *value; /* upper case for a TYPE, else as it is; "" for a parameter without */
} IMsgContentParameter;

typedef struct
{
  char   *group;      /* nullable: upper case */
  char   *name;       /* upper case, its group cut off */
  GArray *parameters; /* (element-type IMsgContentParameter); one for each value */
  char   *value;      /* valid UTF-8, its transfer encoding undone but for base64; still escaped */
} IMsgContentLine;

/* A whole stream in UTF-8 (or none that is known), of at most IMSG_MAX_CALENDAR_BYTES (TOO_BIG). */
GBytes          *_imsg_content_lines_read          (GInputStream           *stream,
                                                    GCancellable           *cancellable,
                                                    GError                **error);
/* Joins folded lines: folds may stand inside a character. */
GBytes          *_imsg_content_lines_unfold        (GBytes                 *folded);
/* (element-type IMsgContentLine) of a stream of them; what is no line is left out. Lines that are
 * folded, or go on behind a soft line break, are joined. */
GPtrArray       *_imsg_content_lines_parse         (GBytes                 *bytes);
const char      *_imsg_content_line_get_parameter  (const IMsgContentLine  *line,
                                                    const char             *name);
/* Whether TYPE (or a parameter without a name, as in vCard 2.1) names it. */
gboolean         _imsg_content_line_has_type       (const IMsgContentLine  *line,
                                                    const char             *type);
/* The value, or the parts between separators, unescaped. */
char            *_imsg_content_line_dup_text       (const IMsgContentLine  *line);
GPtrArray       *_imsg_content_line_split          (const IMsgContentLine  *line,
                                                    char                    separator);
/* The parts between semicolons, each a list: its values with blanks between them. */
GPtrArray       *_imsg_content_line_split_lists    (const IMsgContentLine  *line);
/* The bytes of base64, or of a data: URI; NULL when the value is neither. */
GBytes          *_imsg_content_line_decode         (const IMsgContentLine  *line);

G_END_DECLS
