/* imsg-code-page-multi.c - pages of one or two bytes a character and no state, by iconv
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "imsg-code-page-internal-private.h"

/* What is converted at a time */
#define RUN_BYTES 1024

#define CODE_PAGE_BIG5 950

/* Windows' own characters of its user in Big5, where Eten's are */
#define FIRST_ETEN 0xF6B1
#define LAST_ETEN 0xF848

static const char utf8_name[] = "UTF-8";
static const char gb18030_name[] = "GB18030";
static const char hkscs_name[] = "BIG5-HKSCS";

static void
append_character (GString  *out,
                  gunichar  character)
{
  char utf8[6];

  g_string_append_len (out, utf8, g_unichar_to_utf8 (character, utf8));
}

/* Where the stretch that needs a converter ends: at plain ASCII again, which then goes the quick
 * way. Two bytes under 0x30 in a row end it, for such a byte is never a trail byte. */
static gsize
get_run_end (const guint8 *bytes,
             gsize         start,
             gsize         limit)
{
  for (gsize i = start + 1; i + 1 < limit; i++)
    {
      if (bytes[i] < 0x30 && bytes[i + 1] < 0x30)
        return i;
    }
  return limit;
}

/* Windows reads a backslash where the Johab standard has the won sign. */
static void
restore_backslashes (GString *out,
                     gsize    start)
{
  gsize to = start;

  for (gsize from = start; from < out->len; from++)
    {
      if (out->len - from >= 3 && memcmp (out->str + from, "\xE2\x82\xA9", 3) == 0)
        {
          out->str[to++] = '\\';
          from += 2;
        }
      else
        out->str[to++] = out->str[from];
    }
  g_string_truncate (out, to);
}

/* A character that takes so many bytes in another charset than the page's; FALSE when it has none
 * there. */
static gboolean
append_character_of (const char   *charset,
                     const guint8 *bytes,
                     gsize         n_bytes,
                     GString      *out)
{
  GIConv converter = _imsg_converter_get (utf8_name, charset);
  char buffer[8];
  char *in_at = (char *) bytes;
  char *out_at = buffer;
  gsize n_out = sizeof buffer;
  gsize n_in = n_bytes;

  if (converter == (GIConv) -1 ||
      g_iconv (converter, &in_at, &n_in, &out_at, &n_out) == (gsize) -1 || n_in > 0)
    return FALSE;
  g_string_append_len (out, buffer, out_at - buffer);
  return TRUE;
}

/* What calls itself GB2312 or GBK may hold what only GB18030 has: characters of four bytes, and
 * pairs that were assigned later. The bytes it took; 0 when that has no character there either. */
static gsize
append_gb18030_character (GString      *out,
                          const guint8 *bytes,
                          gsize         n_bytes)
{
  gsize n_taken;

  if (n_bytes < 2 || bytes[0] < 0x81 || bytes[0] == 0xFF)
    return 0;
  n_taken = g_ascii_isdigit (bytes[1]) ? 4 : 2;
  if (n_taken > n_bytes || !append_character_of (gb18030_name, bytes, n_taken, out))
    return 0;
  return n_taken;
}

/* What calls itself Big5 may hold what only Hong Kong's supplement has. Of the pairs that Windows
 * leaves to its user these are the ones that mean the same to others. */
static gsize
append_hkscs_character (GString      *out,
                        const guint8 *bytes,
                        gsize         n_bytes)
{
  if (n_bytes < 2 || bytes[0] < 0x81 || bytes[0] == 0xFF || bytes[1] < 0x40)
    return 0;
  return append_character_of (hkscs_name, bytes, 2, out) ? 2 : 0;
}

/* Pairs from C6A1 to C8FE are read by the converter as by Windows: for its user's own characters. */
static gboolean
is_of_user (gunichar character)
{
  return character >= FIRST_ETEN && character <= LAST_ETEN;
}

/* All others have Eten's there, as Hong Kong's supplement does: kana, numbers in circles. FALSE when
 * these have none in the place of one of the user's. */
static gboolean
append_eten_character (GString  *out,
                       gunichar  character)
{
  /* The row begins in its middle, where the 63 trail bytes under 0x7F have gone by. */
  guint index = character - FIRST_ETEN + 63;
  guint8 pair[2];

  pair[0] = 0xC6 + index / 157;
  pair[1] = index % 157 < 63 ? 0x40 + index % 157 : 0xA1 + index % 157 - 63;
  return append_character_of (hkscs_name, pair, 2, out);
}

static gboolean
is_eten_character (gunichar character)
{
  g_autoptr(GString) eten = NULL;

  if (!is_of_user (character))
    return FALSE;
  eten = g_string_new (NULL);
  return append_eten_character (eten, character);
}

static void
append_big5 (GString    *out,
             const char *text,
             gsize       length)
{
  const char *end = text + length;

  for (const char *at = text; (at = memchr (at, 0xEF, end - at)) != NULL;)
    {
      gunichar character = g_utf8_get_char (at);

      if (is_of_user (character))
        {
          g_string_append_len (out, text, at - text);
          text = append_eten_character (out, character) ? at + 3 : at;
        }
      at += 3;
    }
  g_string_append_len (out, text, end - text);
}

/* What the converter refuses at the start of the bytes; gives how many that took. */
static gsize
append_refused (const IMsgCodePageInfo *info,
                const guint8           *bytes,
                gsize                   n_bytes,
                GString                *out,
                gsize                  *n_replaced)
{
  gunichar character = _imsg_code_page_get_exception (info->code_page, bytes[0]);
  gsize n_taken = 0;

  if (info->ansi == 936)
    n_taken = append_gb18030_character (out, bytes, n_bytes);
  else if (info->code_page == CODE_PAGE_BIG5)
    n_taken = append_hkscs_character (out, bytes, n_bytes);
  if (n_taken > 0)
    return n_taken;
  if (character == 0 && bytes[0] < 0x80)
    character = bytes[0];
  if (character == 0)
    {
      character = 0xFFFD;
      (*n_replaced)++;
    }
  append_character (out, character);
  return 1;
}

/* Converts what it can of a run; 0, or the errno of what stopped it at n_taken. */
static int
convert_run (const IMsgCodePageInfo *info,
             const guint8           *bytes,
             gsize                   n_bytes,
             GString                *out,
             gsize                  *n_taken)
{
  GIConv converter = _imsg_converter_get (utf8_name, info->converter);
  char buffer[4 * RUN_BYTES];
  char *in_at = (char *) bytes;
  char *out_at = buffer;
  gsize n_in = n_bytes;
  gsize n_out = sizeof buffer;
  gsize result;
  int error_number;

  *n_taken = 0;
  if (converter == (GIConv) -1)
    return EILSEQ;
  result = g_iconv (converter, &in_at, &n_in, &out_at, &n_out);
  error_number = result == (gsize) -1 ? errno : 0;
  if (info->code_page == CODE_PAGE_BIG5)
    append_big5 (out, buffer, out_at - buffer);
  else
    g_string_append_len (out, buffer, out_at - buffer);
  *n_taken = n_bytes - n_in;
  return error_number;
}

void
_imsg_multi_byte_decode_to (const IMsgCodePageInfo *info,
                            const guint8           *bytes,
                            gsize                   n_bytes,
                            GString                *out,
                            gsize                  *n_replaced)
{
  gsize start = out->len;
  gsize run_end = 0;
  gsize i = 0;

  while (i < n_bytes)
    {
      gsize n_taken;
      int error_number;

      if (i >= run_end)
        {
          gsize n_ascii = _imsg_ascii_prefix (bytes + i, n_bytes - i);

          g_string_append_len (out, (const char *) bytes + i, n_ascii);
          i += n_ascii;
          if (i == n_bytes)
            break;
          run_end = get_run_end (bytes, i, MIN (n_bytes, i + RUN_BYTES));
        }

      error_number = convert_run (info, bytes + i, run_end - i, out, &n_taken);
      i += n_taken;
      if (error_number == EINVAL && n_taken > 0 && run_end < n_bytes)
        {
          /* The run's end cut a character: it begins the next run. */
          run_end = i;
          if (bytes[i] >= 0x80)
            continue;
          error_number = EILSEQ;
          run_end = i + 1;
        }
      if (error_number == EILSEQ || error_number == EINVAL)
        i += append_refused (info, bytes + i, n_bytes - i, out, n_replaced);
    }

  if (info->code_page == 1361)
    restore_backslashes (out, start);
}

gsize
_imsg_multi_byte_encode_character (const IMsgCodePageInfo *info,
                                   gunichar                character,
                                   guint8                  out[8])
{
  GIConv converter;
  char utf8[6];
  char *in_at = utf8;
  char *out_at = (char *) out;
  gsize n_in = g_unichar_to_utf8 (character, utf8);
  gsize n_out = 8;
  int byte;

  if (character < 0x80)
    {
      out[0] = character;
      return 1;
    }
  byte = _imsg_code_page_get_exception_byte (info->code_page, character);
  if (byte >= 0)
    {
      out[0] = byte;
      return 1;
    }
  converter = _imsg_converter_get (info->converter, utf8_name);
  if (converter == (GIConv) -1 ||
      g_iconv (converter, &in_at, &n_in, &out_at, &n_out) != 0 || n_in != 0)
    return 0;
  /* Yen, won and overline are not ASCII's backslash and tilde. */
  if (n_out == 7 && out[0] < 0x80)
    return 0;
  /* It would be read as another. */
  if (info->code_page == CODE_PAGE_BIG5 && is_eten_character (character))
    return 0;
  return 8 - n_out;
}
