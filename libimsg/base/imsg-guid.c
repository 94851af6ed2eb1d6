/* imsg-guid.c - GUIDs, by value, in their stored byte order
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-guid-private.h"

/* Which stored byte each pair of hex digits goes to: the first three fields are little-endian. */
static const guint8 text_order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

/* Reads the hyphenated form, in either case, with or without braces. */
gboolean
_imsg_guid_parse (const char *text,
                  IMsgGuid   *guid)
{
  IMsgGuid parsed;
  gsize length = strlen (text);

  if (length == 38 && text[0] == '{' && text[37] == '}')
    text++;
  else if (length != 36)
    return FALSE;

  for (guint i = 0, at = 0; i < 16; i++, at += 2)
    {
      int high, low;

      if (at == 8 || at == 13 || at == 18 || at == 23)
        if (text[at++] != '-')
          return FALSE;
      high = g_ascii_xdigit_value (text[at]);
      low = high < 0 ? -1 : g_ascii_xdigit_value (text[at + 1]);
      if (low < 0)
        return FALSE;
      parsed.bytes[text_order[i]] = (guint8) (high << 4 | low);
    }
  *guid = parsed;
  return TRUE;
}

/* Lower case, hyphens, no braces: the form of the public API. */
void
_imsg_guid_print (const IMsgGuid *guid,
                  char            text[IMSG_GUID_STRING_SIZE])
{
  static const char digits[] = "0123456789abcdef";
  char *out = text;

  for (guint i = 0; i < 16; i++)
    {
      guint8 byte = guid->bytes[text_order[i]];

      if (i == 4 || i == 6 || i == 8 || i == 10)
        *out++ = '-';
      *out++ = digits[byte >> 4];
      *out++ = digits[byte & 15];
    }
  *out = '\0';
}

char *
_imsg_guid_to_text (const IMsgGuid *guid)
{
  char *text = g_malloc (IMSG_GUID_STRING_SIZE);

  _imsg_guid_print (guid, text);
  return text;
}

gboolean
_imsg_guid_equal (const IMsgGuid *a,
                  const IMsgGuid *b)
{
  return memcmp (a->bytes, b->bytes, 16) == 0;
}

guint
_imsg_guid_hash (const IMsgGuid *guid)
{
  guint32 words[4];

  memcpy (words, guid->bytes, 16);
  return words[0] ^ words[1] * 31 ^ words[2] * 131 ^ words[3] * 1031;
}

gboolean
_imsg_guid_is_nil (const IMsgGuid *guid)
{
  static const IMsgGuid nil;

  return _imsg_guid_equal (guid, &nil);
}

/* A random GUID, version 4. */
void
_imsg_guid_random (IMsgGuid *guid)
{
  for (guint i = 0; i < sizeof guid->bytes; i += 4)
    {
      guint32 word = g_random_int ();

      memcpy (guid->bytes + i, &word, sizeof word);
    }
  /* The third group is stored low byte first: its highest digit is the version. */
  guid->bytes[7] = (guid->bytes[7] & 0x0F) | 0x40;
  guid->bytes[8] = (guid->bytes[8] & 0x3F) | 0x80;
}
