/* inspector-shown-text.c - text of a file, as long as it is fit to be shown in a line or two
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-shown-text.h"

#include <string.h>

#define WORD_BYTES_MAX 4000

/* All of a label's text is laid out, however little of it there is room for, and more than once for
 * each size that is tried: a hundred thousand characters hold the window for seconds. */
char *
inspector_dup_shown_text (const char *text)
{
  const char *end = text;

  if (text == NULL)
    return NULL;
  for (guint i = 0; i < INSPECTOR_SHOWN_CHARACTERS && *end != '\0'; i++)
    end = g_utf8_next_char (end);
  return *end == '\0' ? g_strdup (text) : g_strdup_printf ("%.*s…", (int) (end - text), text);
}

gboolean
inspector_has_endless_word (const char *text)
{
  gsize n_bytes = 0;

  for (; *text != '\0'; text += n_bytes + strspn (text + n_bytes, " \t\r\n"))
    {
      n_bytes = strcspn (text, " \t\r\n");
      if (n_bytes > WORD_BYTES_MAX)
        return TRUE;
    }
  return FALSE;
}
