/* imsg-rtf-seven-bit.c - RTF as text, which means the same
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-rtf-private.h"

typedef struct
{
  GString *out;
  gsize    depth;         /* of groups */
  gsize    data_depth;    /* of the group whose text is digits, of a picture or an object; or 0 */
} Writer;

/* What stands behind \bin, as the digits that pictures and objects have without it. Elsewhere it is
 * nothing, so nothing is written. */
static void
append_binary (Writer       *writer,
               const guint8 *bytes,
               gsize         n_bytes)
{
  static const char digits[] = "0123456789abcdef";

  if (writer->data_depth == 0)
    return;
  /* It ends the word before, if there is one. */
  g_string_append_c (writer->out, ' ');
  for (gsize i = 0; i < n_bytes; i++)
    {
      g_string_append_c (writer->out, digits[bytes[i] >> 4]);
      g_string_append_c (writer->out, digits[bytes[i] & 15]);
    }
}

/* A word, which stands behind a backslash, and its number */
static gsize
append_word (Writer       *writer,
             const guint8 *rtf,
             gsize         n_bytes)
{
  gboolean is_negative = FALSE;
  guint64 number = 0;
  gsize n_name;
  gsize at = 1;

  while (at < n_bytes && g_ascii_isalpha (rtf[at]))
    at++;
  n_name = at - 1;
  if (at + 1 < n_bytes && rtf[at] == '-' && g_ascii_isdigit (rtf[at + 1]))
    {
      is_negative = TRUE;
      at++;
    }
  for (; at < n_bytes && g_ascii_isdigit (rtf[at]); at++)
    number = MIN (number * 10 + (rtf[at] - '0'), G_MAXINT32);
  if (n_name == 3 && memcmp (rtf + 1, "bin", 3) == 0 && number > 0 && !is_negative)
    {
      if (at < n_bytes && rtf[at] == ' ')
        at++;
      number = MIN (number, n_bytes - at);
      append_binary (writer, rtf + at, number);
      return at + number;
    }
  if (writer->data_depth == 0 && ((n_name == 4 && memcmp (rtf + 1, "pict", 4) == 0) ||
                                  (n_name == 7 && memcmp (rtf + 1, "objdata", 7) == 0)))
    writer->data_depth = writer->depth;
  g_string_append_len (writer->out, (const char *) rtf, at);
  /* A NUL, which is left out, ends the word. */
  if (at < n_bytes && rtf[at] == '\0')
    g_string_append_c (writer->out, ' ');
  return at;
}

static gsize
append_control (Writer       *writer,
                const guint8 *rtf,
                gsize         n_bytes)
{
  gsize n = MIN (2, n_bytes);

  if (n == 2 && g_ascii_isalpha (rtf[1]))
    return append_word (writer, rtf, n_bytes);
  /* A backslash or brace is a symbol; bytes that are no ASCII are none that counts. */
  if (n == 1 || (rtf[1] < 0x80 && rtf[1] != '\0'))
    g_string_append_len (writer->out, (const char *) rtf, n);
  return n;
}

static void
append_byte (Writer *writer,
             guint8  byte)
{
  if (byte >= 0x80)
    {
      g_string_append_printf (writer->out, "\\'%02x", byte);
      return;
    }
  if (byte == '{')
    writer->depth++;
  else if (byte == '}' && writer->depth > 0)
    writer->depth--;
  if (writer->depth < writer->data_depth)
    writer->data_depth = 0;
  if (byte != '\0')
    g_string_append_c (writer->out, byte);
}

char *
_imsg_rtf_to_seven_bit (const guint8 *rtf,
                        gsize         n_bytes)
{
  Writer writer = { g_string_sized_new (n_bytes + 1), 0, 0 };

  for (gsize at = 0; at < n_bytes;)
    {
      if (rtf[at] == '\\')
        at += append_control (&writer, rtf + at, n_bytes - at);
      else
        append_byte (&writer, rtf[at++]);
    }
  return g_string_free (writer.out, FALSE);
}
