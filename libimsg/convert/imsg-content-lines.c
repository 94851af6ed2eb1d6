/* imsg-content-lines.c - the lines that vCard is written in (RFC 2425)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-content-lines-private.h"

void
_imsg_content_line_escape (GString    *value,
                           const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    switch (*c)
      {
      case '\\':
      case ',':
      case ';':
        g_string_append_c (value, '\\');
        g_string_append_c (value, *c);
        break;
      case '\n':
        g_string_append (value, "\\n");
        break;
      case '\r':
        if (c[1] != '\n')
          g_string_append (value, "\\n");
        break;
      default:
        /* other controls may not stand in a value */
        if ((guchar) *c >= ' ' || *c == '\t')
          g_string_append_c (value, *c);
      }
}

void
_imsg_content_line_append (GString    *lines,
                           const char *name,
                           const char *value)
{
  g_autofree char *line = g_strconcat (name, ":", value, NULL);
  const char *rest = line;
  gsize n_left = strlen (line);
  gsize room = IMSG_CONTENT_LINE_BYTES;

  while (n_left > room)
    {
      const char *end = rest + room;

      /* never inside a character */
      while (((guchar) *end & 0xC0) == 0x80 && end > rest + 1)
        end--;
      g_string_append_len (lines, rest, end - rest);
      g_string_append (lines, "\r\n ");
      n_left -= (gsize) (end - rest);
      rest = end;
      room = IMSG_CONTENT_LINE_BYTES - 1;
    }
  g_string_append (lines, rest);
  g_string_append (lines, "\r\n");
}

void
_imsg_content_line_append_text (GString    *lines,
                                const char *name,
                                const char *text)
{
  g_autoptr(GString) value = NULL;

  if (text == NULL || *text == '\0')
    return;
  value = g_string_new (NULL);
  _imsg_content_line_escape (value, text);
  _imsg_content_line_append (lines, name, value->str);
}
