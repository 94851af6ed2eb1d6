/* imsg-content-lines-private.h - the lines that vCard is written in (RFC 2425)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

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

G_END_DECLS
