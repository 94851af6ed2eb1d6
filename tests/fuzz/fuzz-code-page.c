/* fuzz-code-page.c - bytes of any kind in every code page
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-main.h"

#include "imsg-code-page-private.h"

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const char texts[] = "a\x1B$B0l\x1B(Bb\x93\xFA~{Dc~}+Jjo-\x0E" "GQ\x0F\xE2\x82\xAC";

  /* The first byte picks the page. */
  for (guint8 i = 0; i < 26; i++)
    {
      GByteArray *bytes = g_byte_array_new ();

      g_byte_array_append (bytes, &i, 1);
      g_byte_array_append (bytes, (const guint8 *) texts, sizeof texts);
      g_ptr_array_add (seeds, g_byte_array_free_to_bytes (bytes));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  static const guint pages[] = {
    437, 874, 932, 936, 949, 950, 1200, 1201, 1252, 1255, 1258, 1361, 10001, 20866, 28598, 50220,
    50221, 50225, 51932, 51950, 52936, 54936, 65000, 65001, 720, 10006,
  };
  guint page;
  gsize length;
  gsize n_replaced;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autoptr(GBytes) encoded = NULL;

  if (n_bytes == 0)
    return 0;
  page = pages[data[0] % G_N_ELEMENTS (pages)];
  text = _imsg_code_page_decode (page, data + 1, n_bytes - 1, &length, &n_replaced);
  for (gsize i = 0; i < length; i += strlen (text + i) + 1)
    g_assert_true (g_utf8_validate (text + i, -1, NULL));
  /* What can be written reads the same again; only 50220 widens narrow katakana. */
  if (page == 50220)
    return 0;
  encoded = _imsg_code_page_encode (page, text, length, NULL);
  if (encoded != NULL)
    {
      gsize again_length;

      again = _imsg_code_page_decode (page, g_bytes_get_data (encoded, NULL),
                                      g_bytes_get_size (encoded), &again_length, &n_replaced);
      g_assert_cmpmem (again, again_length, text, length);
    }
  return 0;
}
