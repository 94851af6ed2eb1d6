/* imsg-code-page.c - Windows code pages to and from UTF-8
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "imsg-code-page-internal-private.h"

#include <glib/gi18n-lib.h>

#define N_CACHED_CONVERTERS 4
#define EBCDIC_QUESTION_MARK "\x6F"

/* A single-byte page, ready for use; made once and never freed. */
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

typedef struct
{
  const char *to;   /* static, compared by address */
  const char *from;
  GIConv      converter;
} CachedConverter;

typedef struct
{
  CachedConverter entries[N_CACHED_CONVERTERS];
  guint           next;
} ConverterCache;

static SingleByteTable *single_byte_tables[128]; /* by position in _imsg_code_pages, atomic */

static const char utf8_name[] = "UTF-8";
static const char gb18030_name[] = "GB18030";

static void
converter_cache_free (gpointer data)
{
  ConverterCache *cache = data;

  for (guint i = 0; i < N_CACHED_CONVERTERS; i++)
    {
      if (cache->entries[i].to != NULL)
        g_iconv_close (cache->entries[i].converter);
    }
  g_free (cache);
}

static GPrivate converter_cache = G_PRIVATE_INIT (converter_cache_free);

/* Opening a converter costs more than converting a subject, so each thread keeps a few. */
static GIConv
get_converter (const char *to,
               const char *from)
{
  ConverterCache *cache = g_private_get (&converter_cache);
  CachedConverter *entry;
  GIConv converter;

  if (cache == NULL)
    {
      cache = g_new0 (ConverterCache, 1);
      g_private_set (&converter_cache, cache);
    }
  for (guint i = 0; i < N_CACHED_CONVERTERS; i++)
    {
      entry = &cache->entries[i];
      if (entry->to == to && entry->from == from)
        {
          g_iconv (entry->converter, NULL, NULL, NULL, NULL);
          return entry->converter;
        }
    }

  converter = g_iconv_open (to, from);
  if (converter == (GIConv) -1)
    return converter;
  entry = &cache->entries[cache->next];
  cache->next = (cache->next + 1) % N_CACHED_CONVERTERS;
  if (entry->to != NULL)
    g_iconv_close (entry->converter);
  entry->to = to;
  entry->from = from;
  entry->converter = converter;
  return converter;
}

static int
compare_code_page (const void *key,
                   const void *member)
{
  guint code_page = *(const guint *) key;
  const IMsgCodePageInfo *info = member;

  return (code_page > info->code_page) - (code_page < info->code_page);
}

const IMsgCodePageInfo *
_imsg_code_page_get_info (guint code_page)
{
  return bsearch (&code_page, _imsg_code_pages, _imsg_n_code_pages, sizeof *_imsg_code_pages,
                  compare_code_page);
}

static gunichar
get_exception (guint  code_page,
               guint8 byte)
{
  for (guint i = 0; i < _imsg_n_code_page_exceptions; i++)
    {
      if (_imsg_code_page_exceptions[i].code_page == code_page &&
          _imsg_code_page_exceptions[i].byte == byte)
        return _imsg_code_page_exceptions[i].character;
    }
  return 0;
}

/* The byte of a character that only Windows has in the page, or -1. */
static int
get_exception_byte (guint    code_page,
                    gunichar character)
{
  for (guint i = 0; i < _imsg_n_code_page_exceptions; i++)
    {
      if (_imsg_code_page_exceptions[i].code_page == code_page &&
          _imsg_code_page_exceptions[i].character == character)
        return _imsg_code_page_exceptions[i].byte;
    }
  return -1;
}

gsize
_imsg_ascii_prefix (const guint8 *bytes,
                    gsize         n_bytes)
{
  gsize i = 0;

  for (; i + 8 <= n_bytes; i += 8)
    {
      guint64 word;

      memcpy (&word, bytes + i, 8);
      if (word & G_GUINT64_CONSTANT (0x8080808080808080))
        break;
    }
  while (i < n_bytes && bytes[i] < 0x80)
    i++;
  return i;
}

/* Single-byte pages */

static int
compare_by_character (const void *a,
                      const void *b)
{
  return *(const guint16 *) a - *(const guint16 *) b;
}

static SingleByteTable *
single_byte_table_new (const IMsgCodePageInfo *info)
{
  SingleByteTable *table = g_new0 (SingleByteTable, 1);
  GIConv converter = (GIConv) -1;

  if (info->high_half == NULL)
    converter = get_converter ("UTF-16LE", info->converter);
  for (guint i = 0; i < 128; i++)
    {
      guint8 byte = i + 128;
      gunichar character = 0;

      if (info->high_half != NULL)
        character = info->high_half[i];
      else if (converter != (GIConv) -1)
        {
          /* CP1258 holds a base letter back until it knows what follows; the reset lets it go. */
          guint8 out[16] = { 0 };
          char *in_at = (char *) &byte;
          char *out_at = (char *) out;
          gsize n_in = 1;
          gsize n_out = sizeof out;

          g_iconv (converter, NULL, NULL, NULL, NULL);
          if (g_iconv (converter, &in_at, &n_in, &out_at, &n_out) != (gsize) -1)
            {
              g_iconv (converter, NULL, NULL, &out_at, &n_out);
              if (n_out == sizeof out - 2)
                character = out[0] | out[1] << 8;
            }
        }
      if (character == 0)
        character = get_exception (info->code_page, byte);
      if (character == 0 && byte < 0xA0)
        character = byte;
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
      {
        char utf8[6];

        table->n_utf8[i] = g_unichar_to_utf8 (character, utf8);
        memcpy (table->utf8[i], utf8, table->n_utf8[i]);
      }
    }
  qsort (table->by_character, table->n_characters, sizeof table->by_character[0],
         compare_by_character);
  return table;
}

static const SingleByteTable *
get_single_byte_table (const IMsgCodePageInfo *info)
{
  SingleByteTable **slot = &single_byte_tables[info - _imsg_code_pages];
  SingleByteTable *table = g_atomic_pointer_get (slot);

  if (table == NULL)
    {
      table = single_byte_table_new (info);
      if (!g_atomic_pointer_compare_and_exchange (slot, NULL, table))
        {
          g_free (table);
          table = g_atomic_pointer_get (slot);
        }
    }
  return table;
}

static void
single_byte_decode (const IMsgCodePageInfo *info,
                    const guint8           *bytes,
                    gsize                   n_bytes,
                    GString                *out,
                    gsize                  *n_replaced)
{
  const SingleByteTable *table = get_single_byte_table (info);
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

/* The byte of a character, or -1. */
static int
single_byte_encode_character (const SingleByteTable *table,
                              gunichar               character)
{
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

/* Stateless multi-byte pages, by iconv */

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

/* What calls itself GB2312 or GBK may hold what only GB18030 has: characters of four bytes, and pairs
 * that were assigned later. The bytes it took; 0 when GB18030 has no character there either. */
static gsize
append_gb18030_character (GString      *out,
                          const guint8 *bytes,
                          gsize         n_bytes)
{
  GIConv converter;
  char buffer[8];
  char *in_at = (char *) bytes;
  char *out_at = buffer;
  gsize n_out = sizeof buffer;
  gsize n_in;
  gsize n_taken;

  if (n_bytes < 2 || bytes[0] < 0x81 || bytes[0] == 0xFF)
    return 0;
  n_taken = g_ascii_isdigit (bytes[1]) ? 4 : 2;
  converter = n_taken <= n_bytes ? get_converter (utf8_name, gb18030_name) : (GIConv) -1;
  if (converter == (GIConv) -1)
    return 0;
  n_in = n_taken;
  if (g_iconv (converter, &in_at, &n_in, &out_at, &n_out) == (gsize) -1 || n_in > 0)
    return 0;
  g_string_append_len (out, buffer, out_at - buffer);
  return n_taken;
}

static void
multi_byte_decode (const IMsgCodePageInfo *info,
                   const guint8           *bytes,
                   gsize                   n_bytes,
                   GString                *out,
                   gsize                  *n_replaced)
{
  GIConv converter = get_converter (utf8_name, info->converter);
  gsize start = out->len;
  char buffer[4096];
  gsize run_end = 0;
  gsize i = 0;

  while (i < n_bytes)
    {
      char *in_at;
      char *out_at = buffer;
      gsize n_out = sizeof buffer;
      gsize n_in;
      gsize n_run;
      int error_number = EILSEQ;

      if (i >= run_end)
        {
          gsize n_ascii = _imsg_ascii_prefix (bytes + i, n_bytes - i);

          g_string_append_len (out, (const char *) bytes + i, n_ascii);
          i += n_ascii;
          if (i == n_bytes)
            break;
          run_end = get_run_end (bytes, i, MIN (n_bytes, i + sizeof buffer / 4));
        }

      n_run = run_end - i;
      in_at = (char *) bytes + i;
      n_in = n_run;
      if (converter != (GIConv) -1)
        {
          gsize result = g_iconv (converter, &in_at, &n_in, &out_at, &n_out);

          error_number = result == (gsize) -1 ? errno : 0;
          g_string_append_len (out, buffer, out_at - buffer);
          i = run_end - n_in;
        }
      if (error_number == EINVAL && n_in < n_run && run_end < n_bytes)
        {
          /* The run's end cut a character: it begins the next run. */
          run_end = i;
          if (bytes[i] >= 0x80)
            continue;
          error_number = EILSEQ;
          run_end = i + 1;
        }
      if (error_number == EILSEQ || error_number == EINVAL)
        {
          gunichar character = get_exception (info->code_page, bytes[i]);
          gsize n_taken = 0;

          if (info->ansi == 936)
            {
              n_taken = append_gb18030_character (out, bytes + i, n_bytes - i);
              /* Opening the other converter may have closed ours. */
              converter = get_converter (utf8_name, info->converter);
            }
          if (n_taken > 0)
            {
              i += n_taken;
              continue;
            }
          if (character == 0 && bytes[i] < 0x80)
            character = bytes[i];
          if (character == 0)
            {
              character = 0xFFFD;
              (*n_replaced)++;
            }
          append_character (out, character);
          i++;
        }
    }

  if (info->code_page == 1361)
    restore_backslashes (out, start);
}

/* The bytes of one character; 0 when it has no place. */
static gsize
multi_byte_encode_character (const IMsgCodePageInfo *info,
                             GIConv                  converter,
                             const char             *utf8,
                             gsize                   n_utf8,
                             gunichar                character,
                             guint8                  out[8])
{
  char *in_at = (char *) utf8;
  char *out_at = (char *) out;
  gsize n_in = n_utf8;
  gsize n_out = 8;
  int byte;

  if (character < 0x80)
    {
      out[0] = character;
      return 1;
    }
  byte = get_exception_byte (info->code_page, character);
  if (byte >= 0)
    {
      out[0] = byte;
      return 1;
    }
  if (converter == (GIConv) -1)
    return 0;
  g_iconv (converter, NULL, NULL, NULL, NULL);
  if (g_iconv (converter, &in_at, &n_in, &out_at, &n_out) != 0 || n_in != 0)
    return 0;
  /* Yen, won and overline are not ASCII's backslash and tilde. */
  if (n_out == 7 && out[0] < 0x80)
    return 0;
  return 8 - n_out;
}

gsize
_imsg_code_page_encode_character (guint      code_page,
                                  gunichar   character,
                                  guint8     out[8])
{
  const IMsgCodePageInfo *info = _imsg_code_page_get_info (code_page);
  char utf8[6];
  gsize n_utf8 = g_unichar_to_utf8 (character, utf8);
  int byte;

  if (info->kind != IMSG_CODE_PAGE_KIND_SINGLE)
    return multi_byte_encode_character (info, get_converter (info->converter, utf8_name), utf8,
                                        n_utf8, character, out);
  byte = single_byte_encode_character (get_single_byte_table (info), character);
  out[0] = byte;
  return byte >= 0 ? 1 : 0;
}

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
      single_byte_decode (info, bytes, n_bytes, out, n_replaced);
      break;
    case IMSG_CODE_PAGE_KIND_MULTI:
      multi_byte_decode (info, bytes, n_bytes, out, n_replaced);
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

/* Encodes with '?' for what has no place, or stops there when @first_missing is given. */
static GBytes *
encode (const IMsgCodePageInfo *info,
        const char             *text,
        gsize                   length,
        gunichar               *first_missing,
        gsize                  *n_replaced)
{
  GByteArray *out;
  const SingleByteTable *table = NULL;
  GIConv converter = (GIConv) -1;
  IMsgStatefulEncoder stateful = { 0 };
  gboolean is_ebcdic = FALSE;
  gsize i = 0;

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
      table = get_single_byte_table (info);
      break;
    case IMSG_CODE_PAGE_KIND_MULTI:
      converter = get_converter (info->converter, utf8_name);
      break;
    case IMSG_CODE_PAGE_KIND_EBCDIC:
      is_ebcdic = TRUE;
      break;
    default:
      stateful.info = info;
    }

  out = g_byte_array_sized_new (MIN (length, G_MAXUINT / 2));
  while (i < length)
    {
      gsize n_ascii = 0;
      gunichar character;
      guint8 bytes[8];
      gsize n_bytes = 0;
      gsize n_utf8;

      if (stateful.info == NULL && !is_ebcdic)
        n_ascii = _imsg_ascii_prefix ((const guint8 *) text + i, length - i);
      g_byte_array_append (out, (const guint8 *) text + i, n_ascii);
      i += n_ascii;
      if (i == length)
        break;

      character = text[i] == '\0' ? 0 : g_utf8_get_char_validated (text + i, length - i);
      n_utf8 = character >= 0x80000000u ? 1 : g_unichar_to_utf8 (character, NULL);
      if (character >= 0x80000000u)
        character = 0xFFFD;
      if (stateful.info != NULL)
        n_bytes = _imsg_stateful_encode_character (&stateful, character, out) ? 1 : 0;
      else
        {
          if (table != NULL || is_ebcdic)
            {
              int byte = is_ebcdic ? _imsg_ebcdic_encode_character (info, character)
                                   : single_byte_encode_character (table, character);

              bytes[0] = byte;
              n_bytes = byte >= 0 ? 1 : 0;
            }
          else
            n_bytes = multi_byte_encode_character (info, converter, text + i, n_utf8, character,
                                                   bytes);
          g_byte_array_append (out, bytes, n_bytes);
        }
      if (n_bytes == 0)
        {
          (*n_replaced)++;
          if (first_missing != NULL)
            {
              *first_missing = character;
              g_byte_array_unref (out);
              return NULL;
            }
          if (stateful.info != NULL)
            _imsg_stateful_encode_character (&stateful, '?', out);
          else
            g_byte_array_append (out, (const guint8 *) (is_ebcdic ? EBCDIC_QUESTION_MARK : "?"), 1);
        }
      i += n_utf8;
    }
  if (stateful.info != NULL)
    _imsg_stateful_encode_finish (&stateful, out);
  return g_byte_array_free_to_bytes (out);
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
