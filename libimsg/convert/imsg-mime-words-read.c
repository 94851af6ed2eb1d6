/* imsg-mime-words-read.c - encoded words in headers that are read (RFC 2047)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-base64-private.h"
#include "imsg-code-page-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-mime-words-private.h"

#define ESCAPE '\x1b'

typedef struct
{
  const char *charset;
  gsize       charset_length;
  gboolean    is_base64;
  const char *text;
  gsize       text_length;
  const char *end; /* behind "?=" */
} Word;

/* "=?charset?B?text?=" at the beginning of bytes; blanks in the text are taken, as some write
 * them. */
static gboolean
parse_word (const char *bytes,
            Word       *word)
{
  const char *c;

  if (bytes[0] != '=' || bytes[1] != '?')
    return FALSE;
  word->charset = bytes + 2;
  word->charset_length = strcspn (word->charset, "? \t\r\n");
  c = word->charset + word->charset_length;
  if (word->charset_length == 0 || c[0] != '?' || c[1] == '\0' || strchr ("BbQq", c[1]) == NULL ||
      c[2] != '?')
    return FALSE;
  word->is_base64 = g_ascii_tolower (c[1]) == 'b';
  word->text = c + 3;
  for (c = word->text; *c != '\0'; c++)
    if (c[0] == '?' && c[1] == '=')
      {
        word->text_length = (gsize) (c - word->text);
        word->end = c + 2;
        return TRUE;
      }
    else if ((c[0] == '?' && c > word->text && c[-1] == '=') ||
             (c[0] == '"' && (word->is_base64 || c[1] == ';')))
      /* another word, or the end of a parameter, and no end of this one */
      return FALSE;
  return FALSE;
}

const char *
_imsg_mime_find_word_end (const char *bytes)
{
  Word word;

  return parse_word (bytes, &word) ? word.end : NULL;
}

static void
append_base64 (GByteArray *bytes,
               const Word *word)
{
  IMsgBase64Decoder decoder = { 0 };
  guint n_before = bytes->len;
  gsize n_decoded;

  g_byte_array_set_size (bytes, n_before + (guint) word->text_length + 4);
  n_decoded = _imsg_base64_decode (&decoder, word->text, word->text_length,
                                   bytes->data + n_before);
  n_decoded += _imsg_base64_decode_end (&decoder, bytes->data + n_before + n_decoded);
  g_byte_array_set_size (bytes, n_before + (guint) n_decoded);
}

static void
append_quoted (GByteArray *bytes,
               const Word *word)
{
  for (gsize i = 0; i < word->text_length; i++)
    {
      const char *c = word->text + i;
      guint8 byte = *c == '_' ? ' ' : (guint8) *c;

      if (*c == '=' && i + 2 < word->text_length && g_ascii_isxdigit (c[1]) &&
          g_ascii_isxdigit (c[2]))
        {
          byte = (guint8) (g_ascii_xdigit_value (c[1]) << 4 | g_ascii_xdigit_value (c[2]));
          i += 2;
        }
      g_byte_array_append (bytes, &byte, 1);
    }
}

/* Words beside one another, each of which may end inside a character of the next when both are of
 * one charset; returns what is behind them. */
static const char *
decode_run (const Word *first,
            GString    *text)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  Word word = *first;
  Word next;
  gboolean has_next;

  do
    {
      if (word.is_base64)
        append_base64 (bytes, &word);
      else
        append_quoted (bytes, &word);
      has_next = parse_word (word.end + strspn (word.end, " \t\r\n"), &next);
      if (!has_next || next.charset_length != word.charset_length ||
          g_ascii_strncasecmp (next.charset, word.charset, word.charset_length) != 0)
        {
          g_autofree char *charset = g_strndup (word.charset, word.charset_length);
          g_autoptr(GBytes) run = g_bytes_new (bytes->data, bytes->len);
          g_autofree char *decoded = NULL;

          /* RFC 2231 5: a language may follow */
          charset[strcspn (charset, "*")] = '\0';
          decoded = _imsg_mime_decode_text (run, charset);
          g_string_append (text, decoded);
          g_byte_array_set_size (bytes, 0);
        }
      if (has_next)
        word = next;
    }
  while (has_next);
  return word.end;
}

char *
_imsg_mime_decode_words (const char *text)
{
  GString *out = g_string_new (NULL);
  const char *copied = text;
  Word word;

  for (const char *c = strstr (text, "=?"); c != NULL; c = strstr (c, "=?"))
    if (parse_word (c, &word))
      {
        g_string_append_len (out, copied, c - copied);
        c = copied = decode_run (&word, out);
      }
    else
      c += 2;
  g_string_append (out, copied);
  return g_string_free (out, FALSE);
}

char *
_imsg_mime_decode_raw (const char *raw,
                       const char *charset)
{
  g_autoptr(GBytes) bytes = NULL;
  gboolean is_usable;
  guint code_page;

  /* but ASCII with escapes may be in a charset of 7 bits */
  if (g_utf8_validate (raw, -1, NULL) && (!g_str_is_ascii (raw) || strchr (raw, ESCAPE) == NULL))
    return NULL;
  code_page = charset != NULL ? _imsg_code_page_from_charset (charset) : 0;
  bytes = g_bytes_new (raw, strlen (raw));
  /* that of a body in base64 may be one that no header can be in */
  is_usable = _imsg_code_page_has_ascii (code_page) &&
              _imsg_code_page_is_valid (code_page, raw, strlen (raw));
  return _imsg_mime_decode_text (bytes, is_usable ? charset : NULL);
}

char *
_imsg_mime_mend_words (const char *raw,
                       const char *charset)
{
  g_autofree char *text = _imsg_mime_decode_raw (raw, charset);
  g_autoptr(GString) out = NULL;
  const char *copied = text != NULL ? text : raw;
  Word word;

  for (const char *c = strstr (copied, "=?"); c != NULL; c = strstr (c, "=?"))
    {
      g_autoptr(GString) decoded = NULL;

      if (!parse_word (c, &word))
        {
          c += 2;
          continue;
        }
      if (out == NULL)
        out = g_string_new (NULL);
      decoded = g_string_new (NULL);
      g_string_append_len (out, copied, c - copied);
      c = copied = decode_run (&word, decoded);
      if (decoded->len > 0)
        {
          g_autofree char *encoded =
            g_base64_encode ((const guchar *) decoded->str, decoded->len);

          g_string_append_printf (out, "=?utf-8?B?%s?=", encoded);
        }
    }
  if (out == NULL)
    return g_steal_pointer (&text);
  g_string_append (out, copied);
  return g_string_free (g_steal_pointer (&out), FALSE);
}
