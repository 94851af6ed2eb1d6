/* imsg-code-page-utf7.c - UTF-7
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-internal-private.h"

#define REPLACEMENT_UTF8 "\xEF\xBF\xBD"

static const char base64_digits[] =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
base64_value (guint8 byte)
{
  if (byte >= 'A' && byte <= 'Z')
    return byte - 'A';
  if (byte >= 'a' && byte <= 'z')
    return byte - 'a' + 26;
  if (byte >= '0' && byte <= '9')
    return byte - '0' + 52;
  return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

void
_imsg_utf7_decode_to (const guint8 *bytes,
                      gsize         n_bytes,
                      GString      *out,
                      gsize        *n_replaced)
{
  g_autoptr(GByteArray) units = g_byte_array_new ();
  gsize i = 0;

  while (i < n_bytes)
    {
      guint32 bits = 0;
      guint n_bits = 0;
      gsize first;

      if (bytes[i] != '+')
        {
          gsize start = i;

          while (i < n_bytes && bytes[i] != '+' && bytes[i] < 0x80)
            i++;
          g_string_append_len (out, (const char *) bytes + start, i - start);
          if (i < n_bytes && bytes[i] >= 0x80)
            {
              g_string_append_len (out, REPLACEMENT_UTF8, 3);
              (*n_replaced)++;
              i++;
            }
          continue;
        }

      first = ++i;
      g_byte_array_set_size (units, 0);
      while (i < n_bytes && base64_value (bytes[i]) >= 0)
        {
          bits = bits << 6 | base64_value (bytes[i++]);
          n_bits += 6;
          if (n_bits >= 16)
            {
              guint8 unit[2] = { bits >> (n_bits - 8) & 0xFF, bits >> (n_bits - 16) & 0xFF };

              g_byte_array_append (units, unit, 2);
              n_bits -= 16;
              bits &= (1u << n_bits) - 1;
            }
        }
      _imsg_utf16_decode_to (TRUE, units->data, units->len, out, n_replaced);
      if (i < n_bytes && bytes[i] == '-')
        {
          if (i == first)
            g_string_append_c (out, '+');
          i++;
        }
      else if (i == first)
        {
          /* A plus that shifts nothing is one that nobody encoded. */
          g_string_append_c (out, '+');
        }
    }
}

static gboolean
is_utf7_direct (gunichar character)
{
  return character < 0x7F && character != '+' && character != '\\' && character != '~' &&
         (character >= 0x20 || character == '\t' || character == '\r' || character == '\n');
}

GBytes *
_imsg_utf7_encode (const char *text,
                   gsize       length)
{
  GByteArray *out = g_byte_array_new ();
  gsize i = 0;

  while (i < length)
    {
      gsize start = i;
      g_autoptr(GBytes) units = NULL;
      const guint8 *unit;
      gsize n_unit_bytes;
      guint32 bits = 0;
      guint n_bits = 0;

      while (i < length && is_utf7_direct ((guint8) text[i]))
        i++;
      g_byte_array_append (out, (const guint8 *) text + start, i - start);
      if (i == length)
        break;
      if (text[i] == '+')
        {
          g_byte_array_append (out, (const guint8 *) "+-", 2);
          i++;
          continue;
        }

      start = i;
      while (i < length && text[i] != '+' && !is_utf7_direct ((guint8) text[i]))
        i++;
      units = _imsg_utf16be_encode (text + start, i - start);
      unit = g_bytes_get_data (units, &n_unit_bytes);
      g_byte_array_append (out, (const guint8 *) "+", 1);
      for (gsize k = 0; k < n_unit_bytes; k++)
        {
          bits = (bits << 8 | unit[k]) & 0xFFFF;
          n_bits += 8;
          while (n_bits >= 6)
            {
              n_bits -= 6;
              g_byte_array_append (out, (const guint8 *) &base64_digits[bits >> n_bits & 0x3F], 1);
            }
        }
      if (n_bits > 0)
        g_byte_array_append (out, (const guint8 *) &base64_digits[bits << (6 - n_bits) & 0x3F], 1);
      g_byte_array_append (out, (const guint8 *) "-", 1);
    }
  return g_byte_array_free_to_bytes (out);
}
