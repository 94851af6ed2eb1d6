/* imsg-text-lines.c - how the lines of a text end
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-text-lines-private.h"

const char *
_imsg_text_skip_line_end (const char *text)
{
  if (*text == '\r' && text[1] == '\n')
    return text + 2;
  return *text == '\r' || *text == '\n' ? text + 1 : text;
}

char *
_imsg_text_end_lines (const char *text,
                      const char *line_end)
{
  GString *out = g_string_sized_new (strlen (text));

  while (*text != '\0')
    {
      gsize length = strcspn (text, "\r\n");
      const char *next = _imsg_text_skip_line_end (text + length);

      g_string_append_len (out, text, (gssize) length);
      if (next > text + length)
        g_string_append (out, line_end);
      text = next;
    }
  return g_string_free (out, FALSE);
}
