/* imsg-icalendar-import-old.c - vCalendar 1.0, as Outlook and telephones wrote it, as iCalendar
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-content-lines-private.h"
#include "imsg-icalendar-import-private.h"

static gboolean
is_old (const char *data,
        gsize       n_bytes)
{
  static const char version[] = "VERSION:1.0";
  const char *at = data;

  while ((at = g_strstr_len (at, (gssize) (n_bytes - (gsize) (at - data)), version)) != NULL)
    {
      if (at > data && (at[-1] == '\n' || at[-1] == '\r'))
        return TRUE;
      at += strlen (version);
    }
  return FALSE;
}

/* What lists several values does so with semicolons there. */
static gboolean
is_list (const char *name)
{
  return strcmp (name, "CATEGORIES") == 0 || strcmp (name, "EXDATE") == 0;
}

static void
append_line (GString               *text,
             const IMsgContentLine *line)
{
  const char *encoding = _imsg_content_line_get_parameter (line, "ENCODING");

  g_string_append (text, line->name);
  if (encoding != NULL && g_ascii_strcasecmp (encoding, "BASE64") == 0)
    g_string_append (text, ";VALUE=BINARY;ENCODING=BASE64");
  g_string_append_c (text, ':');
  for (const char *c = line->value; *c != '\0'; c++)
    if (*c == '\n')
      g_string_append (text, "\\n");
    else if (*c != '\r')
      g_string_append_c (text, *c == ';' && is_list (line->name) ? ',' : *c);
  g_string_append_c (text, '\n');
}

GBytes *
_imsg_calendar_modernize (GBytes *bytes)
{
  gsize n_bytes = 0;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  g_autoptr(GPtrArray) lines = NULL;
  GString *text;
  gsize length;

  if (n_bytes == 0 || !is_old (data, n_bytes))
    return g_bytes_ref (bytes);
  lines = _imsg_content_lines_parse (bytes);
  text = g_string_sized_new (n_bytes);
  for (guint i = 0; i < lines->len; i++)
    append_line (text, g_ptr_array_index (lines, i));
  length = text->len;
  return g_bytes_new_take (g_string_free (text, FALSE), length);
}
