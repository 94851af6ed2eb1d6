/* imsg-mime-flowed.c - the paragraphs of a text in format=flowed (RFC 3676)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-import-private.h"
#include "imsg-text-lines-private.h"

/* In front of a signature; never part of a paragraph, although it ends in a space. */
#define SIGNATURE "-- "

typedef struct
{
  const char *text; /* behind its quotes and the space that keeps them apart from it */
  gsize       length;
  gsize       depth; /* quotes */
  gboolean    has_end;
  gboolean    is_signature;
  gboolean    is_flowed; /* the next one goes on with its paragraph */
} Line;

/* Quotes first, then the stuffing, then what the end says: RFC 3676 4. */
static const char *
read_line (const char *text,
           Line       *line)
{
  gsize length = strcspn (text, "\r\n");
  const char *next = _imsg_text_skip_line_end (text + length);

  line->depth = strspn (text, ">");
  line->text = text + line->depth;
  if (*line->text == ' ')
    line->text++;
  line->length = (gsize) (text + length - line->text);
  line->has_end = next > text + length;
  line->is_signature = line->length == strlen (SIGNATURE) &&
                       memcmp (line->text, SIGNATURE, line->length) == 0;
  line->is_flowed = line->length > 0 && line->text[line->length - 1] == ' ' &&
                    !line->is_signature && line->has_end;
  return next;
}

static void
append_quotes (GString    *out,
               const Line *line)
{
  for (gsize i = 0; i < line->depth; i++)
    g_string_append_c (out, '>');
  if (line->depth > 0 && line->length > 0)
    g_string_append_c (out, ' ');
}

char *
_imsg_mime_unflow (const char *text,
                   gboolean    has_extra_spaces)
{
  GString *out = g_string_sized_new (strlen (text));
  Line line = { NULL };

  while (*text != '\0')
    {
      const Line before = line;

      text = read_line (text, &line);
      if (!before.is_flowed || line.depth != before.depth || line.is_signature)
        {
          /* a paragraph that nothing goes on with ends there */
          if (before.is_flowed)
            g_string_append (out, "\r\n");
          append_quotes (out, &line);
        }
      g_string_append_len (out, line.text,
                           (gssize) (line.length - (line.is_flowed && has_extra_spaces ? 1 : 0)));
      if (!line.is_flowed && line.has_end)
        g_string_append (out, "\r\n");
    }
  if (line.is_flowed)
    g_string_append (out, "\r\n");
  return g_string_free (out, FALSE);
}
