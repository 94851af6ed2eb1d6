/* imsg-code-page.c - Windows code pages to and from UTF-8
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-internal-private.h"

#include <glib/gi18n-lib.h>

void
_imsg_code_page_decode_to (guint         code_page,
                           const guint8 *bytes,
                           gsize         n_bytes,
                           GString      *out,
                           gsize        *n_replaced)
{
  const IMsgCodePageInfo *info = _imsg_code_page_get_info (code_page);

  if (n_bytes == 0)
    return;
  if (info == NULL)
    info = _imsg_code_page_get_info (IMSG_CODE_PAGE_WINDOWS_1252);
  switch (info->kind)
    {
    case IMSG_CODE_PAGE_KIND_SINGLE:
      _imsg_single_byte_decode_to (info, bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_MULTI:
      _imsg_multi_byte_decode_to (info, bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_UTF8:
      _imsg_utf8_repair_to (bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_UTF16LE:
      _imsg_utf16_decode_to (FALSE, bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_UTF16BE:
      _imsg_utf16_decode_to (TRUE, bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_UTF7:
      _imsg_utf7_decode_to (bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_ISO2022_JP:
      _imsg_iso2022_jp_decode_to (bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_ISO2022_KR:
      _imsg_iso2022_kr_decode_to (bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_ISO2022_CN:
      _imsg_iso2022_cn_decode_to (info, bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_HZ:
      _imsg_hz_decode_to (bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_EBCDIC:
      _imsg_ebcdic_decode_to (info, bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_UTF32LE:
      _imsg_utf32_decode_to (FALSE, bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_UTF32BE:
      _imsg_utf32_decode_to (TRUE, bytes, n_bytes, out, n_replaced);
      break;
    default:
      g_assert_not_reached ();
    }
}

char *
_imsg_code_page_decode (guint       code_page,
                        const void *bytes,
                        gsize       n_bytes,
                        gsize      *length_out,
                        gsize      *n_replaced)
{
  gsize replaced = 0;
  GString *out;

  if (_imsg_code_page_is_ascii_compatible (code_page) && n_bytes > 0 &&
      _imsg_ascii_prefix (bytes, n_bytes) == n_bytes)
    {
      char *text = g_malloc (n_bytes + 1);

      memcpy (text, bytes, n_bytes);
      text[n_bytes] = '\0';
      if (length_out != NULL)
        *length_out = n_bytes;
      if (n_replaced != NULL)
        *n_replaced = 0;
      return text;
    }

  out = g_string_sized_new (n_bytes + n_bytes / 4 + 16);
  _imsg_code_page_decode_to (code_page, bytes, n_bytes, out, &replaced);
  if (length_out != NULL)
    *length_out = out->len;
  if (n_replaced != NULL)
    *n_replaced = replaced;
  return g_string_free (out, FALSE);
}

gboolean
_imsg_code_page_is_valid (guint       code_page,
                          const void *bytes,
                          gsize       n_bytes)
{
  gsize n_replaced;

  g_free (_imsg_code_page_decode (code_page, bytes, n_bytes, NULL, &n_replaced));
  return n_replaced == 0;
}

gboolean
_imsg_code_page_has_ascii (guint code_page)
{
  static const char ascii[] = "<meta charset=";
  g_autofree char *text = _imsg_code_page_decode (code_page, ascii, sizeof ascii - 1, NULL, NULL);

  return strcmp (text, ascii) == 0;
}

/* What needs no more than the bytes of the text; NULL for a page that goes by the character. */
static GBytes *
encode_whole (const IMsgCodePageInfo *info,
              const char             *text,
              gsize                   length)
{
  switch (info->kind)
    {
    case IMSG_CODE_PAGE_KIND_UTF8:
      return g_bytes_new (text, length);
    case IMSG_CODE_PAGE_KIND_UTF16LE:
      return _imsg_utf16_encode (text, length);
    case IMSG_CODE_PAGE_KIND_UTF16BE:
      return _imsg_utf16be_encode (text, length);
    case IMSG_CODE_PAGE_KIND_UTF32LE:
      return _imsg_utf32_encode (FALSE, text, length);
    case IMSG_CODE_PAGE_KIND_UTF32BE:
      return _imsg_utf32_encode (TRUE, text, length);
    case IMSG_CODE_PAGE_KIND_UTF7:
      return _imsg_utf7_encode (text, length);
    case IMSG_CODE_PAGE_KIND_SINGLE:
    case IMSG_CODE_PAGE_KIND_MULTI:
    case IMSG_CODE_PAGE_KIND_EBCDIC:
    case IMSG_CODE_PAGE_KIND_ISO2022_JP:
    case IMSG_CODE_PAGE_KIND_ISO2022_KR:
    case IMSG_CODE_PAGE_KIND_ISO2022_CN:
    case IMSG_CODE_PAGE_KIND_HZ:
    default:
      return NULL;
    }
}

/* Vietnamese Windows writes a letter and its tone: the page has hardly any that are both. 0 for what
 * is more than that. */
static gsize
encode_vietnamese (const IMsgCodePageInfo *info,
                   gunichar                character,
                   guint8                  bytes[2])
{
  gunichar parts[4];
  gsize n_parts = g_unichar_fully_decompose (character, FALSE, parts, G_N_ELEMENTS (parts));
  gunichar letter = parts[0];
  gunichar tone = 0;
  int first, second;

  for (gsize i = 1; i < MIN (n_parts, G_N_ELEMENTS (parts)); i++)
    {
      int class = g_unichar_combining_class (parts[i]);

      if (tone == 0 && (parts[i] == 0x0300 || parts[i] == 0x0301 || parts[i] == 0x0303 ||
                        parts[i] == 0x0309 || parts[i] == 0x0323))
        tone = parts[i];
      /* Two marks of one class stand on one another */
      else if ((tone != 0 && class == g_unichar_combining_class (tone)) ||
               !g_unichar_compose (letter, parts[i], &letter))
        return 0;
    }
  first = _imsg_single_byte_encode_character (info, letter);
  second = tone != 0 ? _imsg_single_byte_encode_character (info, tone) : -1;
  if (first < 0 || second < 0)
    return 0;
  bytes[0] = first;
  bytes[1] = second;
  return 2;
}

/* Whether the character has a place in the page. */
static gboolean
encode_character (IMsgStatefulEncoder *encoder,
                  gunichar             character,
                  GByteArray          *out)
{
  guint8 bytes[8];
  gsize n_bytes = 1;
  int byte = 0;

  switch (encoder->info->kind)
    {
    case IMSG_CODE_PAGE_KIND_SINGLE:
      byte = _imsg_single_byte_encode_character (encoder->info, character);
      bytes[0] = byte;
      if (byte >= 0 || encoder->info->code_page != 1258)
        break;
      byte = 0;
      n_bytes = encode_vietnamese (encoder->info, character, bytes);
      break;
    case IMSG_CODE_PAGE_KIND_EBCDIC:
      byte = _imsg_ebcdic_encode_character (encoder->info, character);
      bytes[0] = byte;
      break;
    case IMSG_CODE_PAGE_KIND_MULTI:
      n_bytes = _imsg_multi_byte_encode_character (encoder->info, character, bytes);
      break;
    default:
      return _imsg_stateful_encode_character (encoder, character, out);
    }
  if (byte < 0 || n_bytes == 0)
    return FALSE;
  g_byte_array_append (out, bytes, n_bytes);
  return TRUE;
}

/* Encodes with '?' for what has no place, or stops there when first_missing is given. */
static GBytes *
encode (const IMsgCodePageInfo *info,
        const char             *text,
        gsize                   length,
        gunichar               *first_missing,
        gsize                  *n_replaced)
{
  g_autoptr(GByteArray) out = NULL;
  IMsgStatefulEncoder encoder = { info, 0, FALSE };
  gboolean keeps_ascii =
    info->kind == IMSG_CODE_PAGE_KIND_SINGLE || info->kind == IMSG_CODE_PAGE_KIND_MULTI;
  GBytes *whole = encode_whole (info, text, length);
  gsize i = 0;

  if (whole != NULL)
    return whole;
  out = g_byte_array_sized_new (MIN (length, G_MAXUINT / 2));
  while (i < length)
    {
      gunichar character;

      if (keeps_ascii)
        {
          gsize n_ascii = _imsg_ascii_prefix ((const guint8 *) text + i, length - i);

          g_byte_array_append (out, (const guint8 *) text + i, n_ascii);
          i += n_ascii;
          if (i == length)
            break;
        }

      character = text[i] == '\0' ? 0 : g_utf8_get_char_validated (text + i, length - i);
      if (character >= 0x80000000u)
        {
          character = 0xFFFD;
          i++;
        }
      else
        i += g_unichar_to_utf8 (character, NULL);
      if (encode_character (&encoder, character, out))
        continue;
      (*n_replaced)++;
      if (first_missing != NULL)
        {
          *first_missing = character;
          return NULL;
        }
      encode_character (&encoder, '?', out);
    }
  _imsg_stateful_encode_finish (&encoder, out);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

GBytes *
_imsg_code_page_encode (guint        code_page,
                        const char  *text,
                        gsize        length,
                        GError     **error)
{
  const IMsgCodePageInfo *info = _imsg_code_page_get_info (code_page);
  gunichar missing = 0;
  gsize n_replaced = 0;
  GBytes *bytes;

  if (info == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_UNKNOWN_CODE_PAGE, _("Code page %u is not known"),
                   code_page);
      return NULL;
    }
  bytes = encode (info, text, length, &missing, &n_replaced);
  if (bytes == NULL)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH,
                 _("U+%04X has no place in code page %u"), missing, code_page);
  return bytes;
}

GBytes *
_imsg_code_page_encode_lossy (guint       code_page,
                              const char *text,
                              gsize       length,
                              gsize      *n_replaced)
{
  const IMsgCodePageInfo *info = _imsg_code_page_get_info (code_page);
  gsize replaced = 0;
  GBytes *bytes;

  if (info == NULL)
    info = _imsg_code_page_get_info (IMSG_CODE_PAGE_WINDOWS_1252);
  bytes = encode (info, text, length, NULL, &replaced);
  if (n_replaced != NULL)
    *n_replaced = replaced;
  return bytes;
}

char *
_imsg_text_make_valid (const char *text,
                       gsize       length)
{
  gsize n_replaced = 0;
  GString *out = g_string_sized_new (length + 16);

  _imsg_utf8_repair_to ((const guint8 *) text, length, out, &n_replaced);
  if (n_replaced == 0)
    return g_string_free (out, FALSE);
  g_string_free (out, TRUE);
  return _imsg_code_page_decode (IMSG_CODE_PAGE_WINDOWS_1252, text, length, NULL, NULL);
}
