/* imsg-unicode.c - UTF-8 made sound, UTF-16 to and from UTF-8
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-internal-private.h"

#define REPLACEMENT_UTF8 "\xEF\xBF\xBD"

gsize
_imsg_ascii_prefix (const guint8 *bytes,
                    gsize         n_bytes)
{
  gsize i = 0;

  for (; i + 8 <= n_bytes; i += 8)
    {
      guint64 word;

      memcpy (&word, bytes + i, 8);
      if (word & G_GUINT64_CONSTANT (0x8080808080808080))
        break;
    }
  while (i < n_bytes && bytes[i] < 0x80)
    i++;
  return i;
}

/* The length of the character at the start, or 0 with the number of bytes to give up. Surrogates
 * and overlong forms are refused, as the standard's table of well-formed sequences has it. */
static gsize
utf8_character_length (const guint8 *bytes,
                       gsize         n_bytes,
                       gsize        *n_bad)
{
  guint8 lead = bytes[0];
  guint8 low = 0x80;
  guint8 high = 0xBF;
  gsize n;

  *n_bad = 1;
  if (lead < 0x80)
    return 1;
  if (lead < 0xC2 || lead > 0xF4)
    return 0;
  n = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead == 0xE0)
    low = 0xA0;
  else if (lead == 0xED)
    high = 0x9F;
  else if (lead == 0xF0)
    low = 0x90;
  else if (lead == 0xF4)
    high = 0x8F;
  for (gsize i = 1; i < n; i++)
    {
      if (i >= n_bytes || bytes[i] < low || bytes[i] > high)
        {
          *n_bad = i;
          return 0;
        }
      low = 0x80;
      high = 0xBF;
    }
  return n;
}

void
_imsg_utf8_repair_to (const guint8 *bytes,
                      gsize         n_bytes,
                      GString      *out,
                      gsize        *n_replaced)
{
  gsize start = 0;
  gsize i = 0;

  while (i < n_bytes)
    {
      gsize n_bad;
      gsize n;

      if (bytes[i] < 0x80)
        {
          i += _imsg_ascii_prefix (bytes + i, n_bytes - i);
          continue;
        }
      n = utf8_character_length (bytes + i, n_bytes - i, &n_bad);
      if (n > 0)
        {
          i += n;
          continue;
        }
      g_string_append_len (out, (const char *) bytes + start, i - start);
      g_string_append_len (out, REPLACEMENT_UTF8, 3);
      (*n_replaced)++;
      i += n_bad;
      start = i;
    }
  g_string_append_len (out, (const char *) bytes + start, i - start);
}

/* How many units of little-endian UTF-16 at the start are ASCII; looked at four at a time. */
static gsize
utf16_ascii_prefix (const guint8 *bytes,
                    gsize         n_units)
{
  gsize i = 0;
  guint64 four;

  for (; i + 4 <= n_units; i += 4)
    {
      memcpy (&four, bytes + 2 * i, sizeof four);
      if ((GUINT64_FROM_LE (four) & G_GUINT64_CONSTANT (0xFF80FF80FF80FF80)) != 0)
        break;
    }
  while (i < n_units && bytes[2 * i] < 0x80 && bytes[2 * i + 1] == 0)
    i++;
  return i;
}

static void
copy_low_bytes (char         *to,
                const guint8 *bytes,
                gsize         n_units)
{
  gsize i = 0;

  for (; i + 4 <= n_units; i += 4)
    {
      guint64 four;
      guint32 low;

      memcpy (&four, bytes + 2 * i, sizeof four);
      four = GUINT64_FROM_LE (four);
      four = (four | four >> 8) & G_GUINT64_CONSTANT (0x0000FFFF0000FFFF);
      low = GUINT32_TO_LE ((guint32) (four | four >> 16));
      memcpy (to + i, &low, sizeof low);
    }
  for (; i < n_units; i++)
    to[i] = (char) bytes[2 * i];
}

/* Writes at most three bytes for each unit (a pair takes four), and returns the end. */
static char *
utf16_decode_units (gboolean      is_big_endian,
                    const guint8 *bytes,
                    gsize         n_units,
                    char         *at,
                    gsize        *n_replaced)
{
  guint low_at = is_big_endian ? 1 : 0;
  guint high_at = 1 - low_at;
  gsize i = 0;

  while (i < n_units)
    {
      const guint8 *unit = bytes + i * 2;
      gunichar character = unit[low_at] | unit[high_at] << 8;

      i++;
      if (character < 0x80)
        {
          *at++ = character;
          continue;
        }
      if (character >= 0xD800 && character < 0xE000)
        {
          gunichar low = i < n_units ? (gunichar) (unit[2 + low_at] | unit[2 + high_at] << 8) : 0;

          if (character < 0xDC00 && low >= 0xDC00 && low < 0xE000)
            {
              character = 0x10000 + ((character - 0xD800) << 10) + (low - 0xDC00);
              i++;
            }
          else
            {
              character = 0xFFFD;
              (*n_replaced)++;
            }
        }
      if (character < 0x800)
        {
          *at++ = 0xC0 | character >> 6;
          *at++ = 0x80 | (character & 0x3F);
        }
      else if (character < 0x10000)
        {
          *at++ = 0xE0 | character >> 12;
          *at++ = 0x80 | (character >> 6 & 0x3F);
          *at++ = 0x80 | (character & 0x3F);
        }
      else
        {
          *at++ = 0xF0 | character >> 18;
          *at++ = 0x80 | (character >> 12 & 0x3F);
          *at++ = 0x80 | (character >> 6 & 0x3F);
          *at++ = 0x80 | (character & 0x3F);
        }
    }
  return at;
}

void
_imsg_utf16_decode_to (gboolean      is_big_endian,
                       const guint8 *bytes,
                       gsize         n_bytes,
                       GString      *out,
                       gsize        *n_replaced)
{
  gsize start = out->len;
  char *end;

  g_string_set_size (out, start + n_bytes / 2 * 3);
  end = utf16_decode_units (is_big_endian, bytes, n_bytes / 2, out->str + start, n_replaced);
  g_string_truncate (out, end - out->str);
}

char *
_imsg_utf16_decode (const void *bytes,
                    gsize       n_bytes,
                    gsize      *length_out,
                    gsize      *n_replaced)
{
  gsize n_units = n_bytes / 2;
  gsize n_ascii = utf16_ascii_prefix (bytes, n_units);
  gsize n_rest = n_units - n_ascii;
  char *text = g_malloc (n_ascii + 3 * n_rest + 1);
  char *end = text + n_ascii;
  gsize replaced = 0;

  copy_low_bytes (text, bytes, n_ascii);
  if (n_rest > 0)
    end = utf16_decode_units (FALSE, (const guint8 *) bytes + 2 * n_ascii, n_rest, end, &replaced);
  *end = '\0';
  if (length_out != NULL)
    *length_out = end - text;
  if (n_replaced != NULL)
    *n_replaced = replaced;
  /* Most characters take less than the room that was made for them. */
  if (n_rest > 128)
    text = g_realloc (text, end - text + 1);
  return text;
}

/* Two bytes for each of the text are room enough; returns how many it took. */
static gsize
utf16_encode_to (gboolean    is_big_endian,
                 const char *text,
                 gsize       length,
                 guint8     *out)
{
  const guint8 *bytes = (const guint8 *) text;
  guint low_at = is_big_endian ? 1 : 0;
  guint high_at = 1 - low_at;
  guint8 *at = out;
  gsize i = 0;

  while (i < length)
    {
      gunichar character = bytes[i];
      gsize n_bad;
      gsize n;

      if (character < 0x80)
        {
          at[low_at] = character;
          at[high_at] = 0;
          at += 2;
          i++;
          continue;
        }
      n = utf8_character_length (bytes + i, length - i, &n_bad);
      character = n == 0 ? 0xFFFD : g_utf8_get_char (text + i);
      i += n == 0 ? n_bad : n;
      if (character >= 0x10000)
        {
          gunichar high = 0xD800 + ((character - 0x10000) >> 10);

          at[low_at] = high & 0xFF;
          at[high_at] = high >> 8;
          at += 2;
          character = 0xDC00 + ((character - 0x10000) & 0x3FF);
        }
      at[low_at] = character & 0xFF;
      at[high_at] = character >> 8;
      at += 2;
    }
  return at - out;
}

static GBytes *
utf16_encode (gboolean    is_big_endian,
              const char *text,
              gsize       length)
{
  guint8 *bytes = g_malloc (length * 2 + 2);

  return g_bytes_new_take (bytes, utf16_encode_to (is_big_endian, text, length, bytes));
}

gsize
_imsg_utf16_encode_to (const char *text,
                       gsize       length,
                       guint8     *bytes)
{
  return utf16_encode_to (FALSE, text, length, bytes);
}

GBytes *
_imsg_utf16_encode (const char *text,
                    gsize       length)
{
  return utf16_encode (FALSE, text, length);
}

GBytes *
_imsg_utf16be_encode (const char *text,
                      gsize       length)
{
  return utf16_encode (TRUE, text, length);
}

void
_imsg_utf32_decode_to (gboolean      is_big_endian,
                       const guint8 *bytes,
                       gsize         n_bytes,
                       GString      *out,
                       gsize        *n_replaced)
{
  for (gsize i = 0; i + 4 <= n_bytes; i += 4)
    {
      guint32 character;
      char utf8[6];

      memcpy (&character, bytes + i, 4);
      character = is_big_endian ? GUINT32_FROM_BE (character) : GUINT32_FROM_LE (character);
      if (!g_unichar_validate (character))
        {
          character = 0xFFFD;
          (*n_replaced)++;
        }
      g_string_append_len (out, utf8, g_unichar_to_utf8 (character, utf8));
    }
}

GBytes *
_imsg_utf32_encode (gboolean    is_big_endian,
                    const char *text,
                    gsize       length)
{
  GByteArray *out = g_byte_array_sized_new (MIN (length, G_MAXUINT / 4) * 4);

  for (gsize i = 0; i < length;)
    {
      gsize n_bad;
      gsize n = utf8_character_length ((const guint8 *) text + i, length - i, &n_bad);
      guint32 character = n == 0 ? 0xFFFD : g_utf8_get_char (text + i);
      guint32 stored = is_big_endian ? GUINT32_TO_BE (character) : GUINT32_TO_LE (character);

      g_byte_array_append (out, (const guint8 *) &stored, 4);
      i += n == 0 ? n_bad : n;
    }
  return g_byte_array_free_to_bytes (out);
}
