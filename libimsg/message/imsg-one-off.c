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
#define ONE_OFF_HEADER_BYTES 24

/* How many bytes a text takes at most, its terminator included. */
static gsize
measure_text (const char *text,
              gboolean    unicode)
{
  return unicode ? 2 * (strlen (text) + 1) : strlen (text) + 1;
}

static void
append_text (GByteArray *array,
             const char *text,
             gboolean    unicode,
             guint       code_page)
{
  static const guint8 terminator[2];
  g_autoptr(GBytes) bytes = NULL;

  if (unicode)
    {
      guint n_before = array->len;

      g_byte_array_set_size (array, n_before + (guint) measure_text (text, TRUE));
      g_byte_array_set_size (array, n_before + (guint) _imsg_utf16_encode_to (
                                      text, strlen (text), array->data + n_before));
    }
  else
    {
      bytes = _imsg_code_page_encode_lossy (code_page, text, strlen (text), NULL);
      g_byte_array_append (array, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
    }
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
  const char *texts[] = { name, address_type, address };
  gsize n_bytes = ONE_OFF_HEADER_BYTES;
  GByteArray *array;
  guint16 flags = GUINT16_TO_LE (ONE_OFF_NO_RICH_INFO | (unicode ? ONE_OFF_UNICODE : 0));

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    n_bytes += measure_text (texts[i], unicode);
  array = g_byte_array_sized_new ((guint) n_bytes);
  g_byte_array_append (array, none, 4);
  g_byte_array_append (array, one_off_provider, sizeof one_off_provider);
  g_byte_array_append (array, none, 2);
  g_byte_array_append (array, (const guint8 *) &flags, 2);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    append_text (array, texts[i], unicode, code_page);
  return g_byte_array_free_to_bytes (array);
}

GBytes *
_imsg_search_key_build (const char *address_type,
                        const char *address)
{
  char *key = g_strconcat (address_type, ":", address, NULL);
  gsize length = 0;

  if (g_str_is_ascii (key))
    {
      for (; key[length] != '\0'; length++)
        key[length] = g_ascii_toupper (key[length]);
    }
  else
    {
      char *upper = g_utf8_strup (key, -1);

      g_free (key);
      key = upper;
      length = strlen (key);
    }
  return g_bytes_new_take (key, length + 1);
}
