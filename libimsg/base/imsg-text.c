/* imsg-text.c - text in Windows code pages
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-text.h"

/**
 * imsg_text_decode:
 * @code_page: a Windows code page; an unknown one is read as 1252
 * @bytes: the text
 *
 * Decodes 8-bit text.
 *
 * What cannot be decoded becomes U+FFFD. The text ends where there is a NUL.
 *
 * Returns: (transfer full): UTF-8
 * Since: 1.0
 */
char *
imsg_text_decode (guint   code_page,
                  GBytes *bytes)
{
  gsize n_bytes;
  const void *data;

  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &n_bytes);
  return _imsg_code_page_decode (code_page, data, n_bytes, NULL, NULL);
}

/**
 * imsg_text_encode:
 * @code_page: a Windows code page
 * @text: UTF-8
 * @error: return location for an error
 *
 * Encodes text in 8 bits.
 *
 * Fails with `IMSG_ERROR_BAD_CHARWIDTH` when a character has no place in the code page, and
 * `IMSG_ERROR_UNKNOWN_CODE_PAGE`.
 *
 * Returns: (transfer full): the bytes, without a terminator
 * Since: 1.0
 */
GBytes *
imsg_text_encode (guint        code_page,
                  const char  *text,
                  GError     **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return _imsg_code_page_encode (code_page, text, strlen (text), error);
}

/**
 * imsg_text_encode_lossy:
 * @code_page: a Windows code page
 * @text: UTF-8
 *
 * Encodes text in 8 bits, with question marks for what has no place in the code page.
 *
 * Returns: (transfer full): the bytes, without a terminator
 * Since: 1.0
 */
GBytes *
imsg_text_encode_lossy (guint       code_page,
                        const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return _imsg_code_page_encode_lossy (code_page, text, strlen (text), NULL);
}
