/* imsg-code-page-single.c - pages of one byte a character
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "imsg-code-page-internal-private.h"

/* A single-byte page, ready for use. */
typedef struct
{
  struct
  {
    guint16 character;
    guint8  byte;
  } by_character[128];   /* sorted by character */
  char    utf8[128][4];  /* not terminated */
  guint8  n_utf8[128];
  guint8  is_missing[128];
  guint   n_characters;
} SingleByteTable;

static gpointer tables[128]; /* (element-type SingleByteTable), by position in _imsg_code_pages */

static int
compare_by_character (const void *a,
                      const void *b)
{
  return *(const guint16 *) a - *(const guint16 *) b;
}

/* What iconv reads a byte as; 0 for nothing. CP1258 holds a base letter back until it knows what
 * follows; the reset lets it go. */
static gunichar
convert_byte (GIConv converter,
              guint8 byte)
{
  guint8 out[16] = { 0 };
  char *in_at = (char *) &byte;
  char *out_at = (char *) out;
  gsize n_in = 1;
  gsize n_out = sizeof out;

  g_iconv (converter, NULL, NULL, NULL, NULL);
  if (g_iconv (converter, &in_at, &n_in, &out_at, &n_out) == (gsize) -1)
    return 0;
  g_iconv (converter, NULL, NULL, &out_at, &n_out);
  return n_out == sizeof out - 2 ? out[0] | out[1] << 8 : 0;
}

static void
table_put (SingleByteTable *table,
           guint8           byte,
           gunichar         character)
{
  guint i = byte - 128;
  char utf8[6];

  if (character == 0 || character == 0xFFFD)
    {
      table->is_missing[i] = TRUE;
      character = 0xFFFD;
    }
  else
    {
      table->by_character[table->n_characters].character = character;
      table->by_character[table->n_characters].byte = byte;
      table->n_characters++;
    }
  table->n_utf8[i] = g_unichar_to_utf8 (character, utf8);
  memcpy (table->utf8[i], utf8, table->n_utf8[i]);
}

static gpointer
table_new (const IMsgCodePageInfo *info)
{
  SingleByteTable *table = g_new0 (SingleByteTable, 1);
  GIConv converter = (GIConv) -1;

  if (info->high_half == NULL)
    converter = _imsg_converter_get ("UTF-16LE", info->converter);
  for (guint byte = 128; byte < 256; byte++)
    {
      gunichar character = 0;

      if (info->high_half != NULL)
        character = info->high_half[byte - 128];
      else if (converter != (GIConv) -1)
        character = convert_byte (converter, byte);
      if (character == 0)
        character = _imsg_code_page_get_exception (info->code_page, byte);
      if (character == 0 && byte < 0xA0)
        character = byte;
      table_put (table, byte, character);
    }
  qsort (table->by_character, table->n_characters, sizeof table->by_character[0],
         compare_by_character);
  return table;
}

static const SingleByteTable *
get_table (const IMsgCodePageInfo *info)
{
  g_assert (info - _imsg_code_pages < (gssize) G_N_ELEMENTS (tables));
  return _imsg_code_page_get_table (&tables[info - _imsg_code_pages], info, table_new);
}

void
_imsg_single_byte_decode_to (const IMsgCodePageInfo *info,
                             const guint8           *bytes,
                             gsize                   n_bytes,
                             GString                *out,
                             gsize                  *n_replaced)
{
  const SingleByteTable *table = get_table (info);
  gsize n_out = n_bytes;
  char *at;

  for (gsize i = 0; i < n_bytes; i++)
    {
      if (bytes[i] >= 0x80)
        n_out += table->n_utf8[bytes[i] - 0x80] - 1;
    }

  /* Room for a copy of four bytes whatever the character's length. */
  g_string_set_size (out, out->len + n_out + 4);
  at = out->str + out->len - n_out - 4;
  for (gsize i = 0; i < n_bytes; i++)
    {
      guint8 byte = bytes[i];

      if (byte < 0x80)
        {
          *at++ = byte;
          continue;
        }
      memcpy (at, table->utf8[byte - 0x80], 4);
      at += table->n_utf8[byte - 0x80];
      *n_replaced += table->is_missing[byte - 0x80];
    }
  g_string_truncate (out, at - out->str);
}

int
_imsg_single_byte_encode_character (const IMsgCodePageInfo *info,
                                    gunichar                character)
{
  const SingleByteTable *table = get_table (info);
  guint low = 0;
  guint high = table->n_characters;

  if (character < 0x80)
    return character;
  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (table->by_character[middle].character < character)
        low = middle + 1;
      else
        high = middle;
    }
  if (low < table->n_characters && table->by_character[low].character == character)
    return table->by_character[low].byte;
  return -1;
}
