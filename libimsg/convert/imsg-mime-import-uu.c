/* imsg-mime-import-uu.c - files that are written into a text: uuencode and yEnc
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-import-private.h"

/* A line of what is looked at, without its end. */
typedef struct
{
  const char *text;
  gsize       length;
  const char *next;
} TextLine;

static gboolean
take_line (const char *text,
           const char *end,
           TextLine   *line)
{
  const char *line_end;

  if (text >= end)
    return FALSE;
  line_end = memchr (text, '\n', (gsize) (end - text));
  line->text = text;
  line->next = line_end != NULL ? line_end + 1 : end;
  line->length = (gsize) ((line_end != NULL ? line_end : end) - text);
  while (line->length > 0 && text[line->length - 1] == '\r')
    line->length--;
  return TRUE;
}

static gboolean
is_line (const TextLine *line,
         const char     *text)
{
  return line->length == strlen (text) && memcmp (line->text, text, line->length) == 0;
}

static gboolean
has_prefix (const TextLine *line,
            const char     *prefix)
{
  return line->length >= strlen (prefix) && memcmp (line->text, prefix, strlen (prefix)) == 0;
}

/* --- uuencode --- */

/* "begin 644 name" */
static char *
parse_uu_begin (const TextLine *line)
{
  gsize offset = 6;

  if (!has_prefix (line, "begin "))
    return NULL;
  while (offset < line->length && line->text[offset] >= '0' && line->text[offset] <= '7')
    offset++;
  if (offset < 9 || offset > 10 || offset + 1 >= line->length || line->text[offset] != ' ')
    return NULL;
  return g_strndup (line->text + offset + 1, line->length - offset - 1);
}

/* A character for the number of bytes, four characters for three of them. Blanks at the end may
 * have been lost on the way, a check sum may stand there. */
static gboolean
decode_uu_line (const TextLine *line,
                GByteArray     *bytes)
{
  guint n_bytes = line->length > 0 ? ((guint) line->text[0] - ' ') & 63 : 0;
  gsize n_characters = (n_bytes + 2) / 3 * 4;

  if (n_bytes == 0 || line->length > n_characters + 2)
    return FALSE;
  for (gsize i = 0; i < line->length; i++)
    if (line->text[i] < ' ' || line->text[i] > '`')
      return FALSE;
  for (gsize i = 0; i < n_characters; i += 4)
    {
      guint bits = 0;
      guint8 group[3];

      for (gsize j = 1; j <= 4; j++)
        bits = bits << 6 | (i + j < line->length ? ((guint) line->text[i + j] - ' ') & 63 : 0);
      group[0] = (guint8) (bits >> 16);
      group[1] = (guint8) (bits >> 8);
      group[2] = (guint8) bits;
      g_byte_array_append (bytes, group, MIN (3, n_bytes - (guint) (i / 4 * 3)));
    }
  return TRUE;
}

/* From the line behind "begin"; NULL unless each line is right and an end comes. */
static GByteArray *
decode_uu (const char  *text,
           const char  *end,
           const char **behind)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  TextLine line;

  while (take_line (text, end, &line))
    {
      if (is_line (&line, "end"))
        {
          *behind = line.next;
          return g_steal_pointer (&bytes);
        }
      if (!is_line (&line, "`") && !is_line (&line, " ") && !is_line (&line, "") &&
          !decode_uu_line (&line, bytes))
        return NULL;
      text = line.next;
    }
  return NULL;
}

/* --- yEnc --- */

/* "=ybegin line=128 size=123 name=file of that name", of one part */
static char *
parse_y_begin (const TextLine *line,
               guint64        *size)
{
  g_autofree char *text = NULL;
  const char *name;
  const char *number;

  if (!has_prefix (line, "=ybegin "))
    return NULL;
  text = g_strndup (line->text, line->length);
  name = strstr (text, " name=");
  number = strstr (text, " size=");
  if (name == NULL || number == NULL || number > name || strstr (text, " part=") != NULL)
    return NULL;
  *size = g_ascii_strtoull (number + 6, NULL, 10);
  return g_strdup (name + 6);
}

static GByteArray *
decode_y (const char  *text,
          const char  *end,
          guint64      size,
          const char **behind)
{
  g_autoptr(GByteArray) bytes = NULL;
  TextLine line;

  if (size > (guint64) (end - text))
    return NULL;
  bytes = g_byte_array_new ();
  while (take_line (text, end, &line))
    {
      if (has_prefix (&line, "=yend "))
        {
          *behind = line.next;
          return bytes->len == size ? g_steal_pointer (&bytes) : NULL;
        }
      /* else each beginning would be followed to the end of the text */
      if (has_prefix (&line, "=y") || bytes->len > size)
        return NULL;
      for (gsize i = 0; i < line.length; i++)
        {
          guint8 byte = (guint8) line.text[i];

          if (byte == '=' && ++i < line.length)
            byte = (guint8) (line.text[i] - 64);
          byte = (guint8) (byte - 42);
          g_byte_array_append (bytes, &byte, 1);
        }
      text = line.next;
    }
  return NULL;
}

GBytes *
_imsg_mime_split_text (GBytes           *text,
                       IMsgMimeFileFunc  take_file,
                       gpointer          user_data,
                       GError          **error)
{
  gsize n_text;
  const char *start = g_bytes_get_data (text, &n_text);
  const char *copied = start;
  const char *end;
  g_autoptr(GString) rest = NULL;
  TextLine line;

  if (n_text == 0)
    return g_bytes_ref (text);
  end = start + n_text;
  for (const char *c = start; take_line (c, end, &line); c = line.next)
    {
      g_autoptr(GByteArray) bytes = NULL;
      g_autoptr(GBytes) file = NULL;
      g_autofree char *name = NULL;
      const char *behind = NULL;
      guint64 size = 0;

      if ((name = parse_uu_begin (&line)) != NULL)
        bytes = decode_uu (line.next, end, &behind);
      else if ((name = parse_y_begin (&line, &size)) != NULL)
        bytes = decode_y (line.next, end, size, &behind);
      if (bytes == NULL)
        continue;
      file = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
      if (!take_file (name, file, user_data, error))
        return NULL;
      if (rest == NULL)
        rest = g_string_new (NULL);
      g_string_append_len (rest, copied, line.text - copied);
      copied = line.next = behind;
    }
  if (rest == NULL)
    return g_bytes_ref (text);
  g_string_append_len (rest, copied, end - copied);
  return g_string_free_to_bytes (g_steal_pointer (&rest));
}
