/* imsg-one-off.c - entry ids and search keys of addresses that are in no address book
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-recipient-private.h"

#include <string.h>

/* MUIDOOP: [MS-OXCDATA] 2.2.5.1 */
static const guint8 one_off_provider[16] = { 0x81, 0x2B, 0x1F, 0xA4, 0xBE, 0xA3, 0x10, 0x19,
                                             0x9D, 0x6E, 0x00, 0xDD, 0x01, 0x0F, 0x54, 0x02 };

/* Send as plain MIME; with 0x8000 the text is UTF-16 */
#define ONE_OFF_NO_RICH_INFO 0x0001
#define ONE_OFF_UNICODE 0x8000

static void
append_text (GByteArray *array,
             const char *text,
             gboolean    unicode,
             guint       code_page)
{
  static const guint8 terminator[2];
  g_autoptr(GBytes) bytes = unicode ? _imsg_utf16_encode (text, strlen (text))
                                    : _imsg_code_page_encode_lossy (code_page, text, strlen (text),
                                                                    NULL);
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);

  g_byte_array_append (array, data, (guint) n_bytes);
  g_byte_array_append (array, terminator, unicode ? 2 : 1);
}

/* flags 4 · provider 16 · version 2 · flags 2 · name · address type · address */
GBytes *
_imsg_one_off_build (const char *name,
                     const char *address_type,
                     const char *address,
                     gboolean    unicode,
                     guint       code_page)
{
  static const guint8 none[4];
  GByteArray *array = g_byte_array_new ();
  guint16 flags = GUINT16_TO_LE (ONE_OFF_NO_RICH_INFO | (unicode ? ONE_OFF_UNICODE : 0));

  g_byte_array_append (array, none, 4);
  g_byte_array_append (array, one_off_provider, sizeof one_off_provider);
  g_byte_array_append (array, none, 2);
  g_byte_array_append (array, (const guint8 *) &flags, 2);
  append_text (array, name, unicode, code_page);
  append_text (array, address_type, unicode, code_page);
  append_text (array, address, unicode, code_page);
  return g_byte_array_free_to_bytes (array);
}

GBytes *
_imsg_search_key_build (const char *address_type,
                        const char *address)
{
  g_autofree char *key = g_strconcat (address_type, ":", address, NULL);
  char *upper = g_str_is_ascii (key) ? g_ascii_strup (key, -1) : g_utf8_strup (key, -1);

  return g_bytes_new_take (upper, strlen (upper) + 1);
}
