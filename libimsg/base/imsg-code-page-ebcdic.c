/* imsg-code-page-ebcdic.c - pages of one byte a character that have nothing of ASCII
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-internal-private.h"

typedef struct
{
  guint16 characters[256];   /* 0xFFFD where there is none */
} Table;

static gpointer tables[64]; /* (element-type Table), by position among the pages of the kind */

static guint
get_position (const IMsgCodePageInfo *info)
{
  guint position = 0;

  for (const IMsgCodePageInfo *at = _imsg_code_pages; at < info; at++)
    position += at->kind == IMSG_CODE_PAGE_KIND_EBCDIC;
  g_assert (position < G_N_ELEMENTS (tables));
  return position;
}

static gpointer
table_new (const IMsgCodePageInfo *info)
{
  Table *table = g_new (Table, 1);
  GIConv converter = g_iconv_open ("UTF-16LE", info->converter);

  for (guint i = 0; i < 256; i++)
    {
      guint8 byte = i;
      guint8 out[4];
      char *in_at = (char *) &byte;
      char *out_at = (char *) out;
      gsize n_in = 1;
      gsize n_out = sizeof out;

      table->characters[i] = 0xFFFD;
      if (converter != (GIConv) -1 &&
          g_iconv (converter, &in_at, &n_in, &out_at, &n_out) != (gsize) -1 && n_out == 2)
        table->characters[i] = out[0] | out[1] << 8;
    }
  if (converter != (GIConv) -1)
    g_iconv_close (converter);
  return table;
}

static const Table *
get_table (const IMsgCodePageInfo *info)
{
  return _imsg_code_page_get_table (&tables[get_position (info)], info, table_new);
}

void
_imsg_ebcdic_decode_to (const IMsgCodePageInfo *info,
                        const guint8           *bytes,
                        gsize                   n_bytes,
                        GString                *out,
                        gsize                  *n_replaced)
{
  const Table *table = get_table (info);

  for (gsize i = 0; i < n_bytes; i++)
    {
      gunichar character = table->characters[bytes[i]];
      char utf8[6];

      *n_replaced += character == 0xFFFD;
      g_string_append_len (out, utf8, g_unichar_to_utf8 (character, utf8));
    }
}

int
_imsg_ebcdic_encode_character (const IMsgCodePageInfo *info,
                               gunichar                character)
{
  const Table *table = get_table (info);

  for (guint i = 0; character != 0xFFFD && i < 256; i++)
    {
      if (table->characters[i] == character)
        return i;
    }
  return -1;
}
