/* imsg-crc.c - the checksum of compressed RTF and of names of properties
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-crc-private.h"
#include "imsg-little-endian-private.h"

/* Eight tables, so that eight bytes go at a time: one by one they would take as long as the RTF takes
 * to decompress. */
static const guint32 (*get_crc_tables (void))[256]
{
  static guint32 tables[8][256];
  static gsize are_made = 0;

  if (g_once_init_enter (&are_made))
    {
      for (guint i = 0; i < 256; i++)
        {
          guint32 value = i;

          for (guint bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xEDB88320u : 0);
          tables[0][i] = value;
        }
      for (guint i = 0; i < 256; i++)
        {
          for (guint k = 1; k < 8; k++)
            tables[k][i] = tables[k - 1][i] >> 8 ^ tables[0][tables[k - 1][i] & 0xFF];
        }
      g_once_init_leave (&are_made, 1);
    }
  return (const guint32 (*)[256]) tables;
}

guint32
_imsg_crc_continue (guint32       crc,
                    const guint8 *bytes,
                    gsize         n_bytes)
{
  const guint32 (*tables)[256] = get_crc_tables ();

  for (; n_bytes >= 8; bytes += 8, n_bytes -= 8)
    {
      guint32 low = _imsg_get_u32 (bytes) ^ crc;
      guint32 high = _imsg_get_u32 (bytes + 4);

      crc = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^
            tables[4][low >> 24] ^ tables[3][high & 0xFF] ^ tables[2][high >> 8 & 0xFF] ^
            tables[1][high >> 16 & 0xFF] ^ tables[0][high >> 24];
    }
  while (n_bytes-- > 0)
    crc = crc >> 8 ^ tables[0][(crc ^ *bytes++) & 0xFF];
  return crc;
}

guint32
_imsg_crc (const guint8 *bytes,
           gsize         n_bytes)
{
  return _imsg_crc_continue (0, bytes, n_bytes);
}
