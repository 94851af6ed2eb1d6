/* imsg-text-lines-private.h - how the lines of a text end
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Behind what ends a line: CR LF, LF, or the CR of old systems; the same place at the end. */
const char *_imsg_text_skip_line_end (const char *text);
/* A text whose lines all end so. Takes one walk, which g_string_replace() does not. */
char       *_imsg_text_end_lines     (const char *text,
                                      const char *line_end);

G_END_DECLS
