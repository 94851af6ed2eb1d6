/* imsg-mime-words.c - encoded words in headers (RFC 2047)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "imsg-mime-words-private.h"

/* RFC 5322 2.1.1: where a line is folded, if it can be. */
#define FOLD_COLUMN 76

/* Bytes of text in one encoded word: with "=?utf-8?B?" and "?=" it stays under 75 characters. */
#define WORD_BYTES 45
#define QUOTED_WORD_BYTES 20

/* Letters that may stand in a quoted word of a phrase as they are: RFC 2047 5 (3). */
static gboolean
is_plain (char c)
{
  return g_ascii_isalnum (c) || strchr ("!*+-/", c) != NULL;
}

/* The longest run of whole characters of at most n_bytes whose length divides by 3, so that its
 * base64 has no padding: some decoders stop at padding in the middle of a run of words. */
static gsize
find_unpadded_length (const char *text,
                      gsize       n_bytes)
{
  gsize found = 0;

  for (const char *c = g_utf8_next_char (text); (gsize) (c - text) <= n_bytes;
       c = g_utf8_next_char (c))
    {
      if ((c - text) % 3 == 0)
        found = (gsize) (c - text);
      if (*c == '\0')
        break;
    }
  return found;
}

static gsize
find_length (const char *text,
             gsize       n_bytes)
{
  gsize found = 0;

  for (const char *c = g_utf8_next_char (text); (gsize) (c - text) <= n_bytes;
       c = g_utf8_next_char (c))
    {
      found = (gsize) (c - text);
      if (*c == '\0')
        break;
    }
  return found;
}

static void
append_base64_word (GString    *out,
                    const char *text,
                    gsize       length)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *) text, length);

  g_string_append_printf (out, "=?utf-8?B?%s?=", encoded);
}

static void
append_quoted_word (GString    *out,
                    const char *text,
                    gsize       length)
{
  g_string_append (out, "=?utf-8?Q?");
  for (gsize i = 0; i < length; i++)
    if (is_plain (text[i]))
      g_string_append_c (out, text[i]);
    else if (text[i] == ' ')
      g_string_append_c (out, '_');
    else
      g_string_append_printf (out, "=%02X", (guchar) text[i]);
  g_string_append (out, "?=");
}

static char *
encode (const char *text)
{
  GString *out = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize n_left = strlen (text);
      gsize length = n_left <= WORD_BYTES ? n_left : find_unpadded_length (text, WORD_BYTES);

      if (out->len > 0)
        g_string_append (out, "\n ");
      if (length > 0)
        append_base64_word (out, text, length);
      else
        {
          length = find_length (text, QUOTED_WORD_BYTES);
          append_quoted_word (out, text, length);
        }
      text += length;
    }
  return g_string_free (out, FALSE);
}

static gboolean
must_encode (const char *text)
{
  gsize run = 0;

  for (const char *c = text; *c != '\0'; c++)
    {
      if ((guchar) *c >= 0x7F || ((guchar) *c < ' ' && *c != '\t'))
        return TRUE;
      run = *c == ' ' || *c == '\t' ? 0 : run + 1;
      /* a line cannot be folded inside a word */
      if (run > 900)
        return TRUE;
    }
  return strstr (text, "=?") != NULL;
}

/* In front of white space, which stays: that is what is left when the line is unfolded. */
static char *
fold (const char *text)
{
  GString *out = g_string_new (NULL);
  gsize column = 0;

  for (const char *c = text; *c != '\0'; c++)
    {
      if ((*c == ' ' || *c == '\t') && column > 0 && c[1] != '\0' && c[1] != ' ' && c[1] != '\t')
        {
          gsize word = strcspn (c + 1, " \t");

          if (column + 1 + word > FOLD_COLUMN)
            {
              g_string_append_c (out, '\n');
              column = 0;
            }
        }
      g_string_append_c (out, *c);
      column++;
    }
  return g_string_free (out, FALSE);
}

char *
_imsg_mime_encode_text (const char *text)
{
  return must_encode (text) ? encode (text) : fold (text);
}

char *
_imsg_mime_encode_phrase (const char *name)
{
  g_autoptr(GString) quoted = NULL;
  gboolean is_atoms = *name != '\0';

  if (must_encode (name))
    return encode (name);
  for (const char *c = name; *c != '\0' && is_atoms; c++)
    is_atoms = g_ascii_isalnum (*c) || strchr (" !#$%&'*+-/=?^_`{|}~", *c) != NULL;
  if (is_atoms)
    return fold (name);
  quoted = g_string_new ("\"");
  for (const char *c = name; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_c (quoted, '\\');
      g_string_append_c (quoted, *c);
    }
  g_string_append_c (quoted, '"');
  return fold (quoted->str);
}

char *
_imsg_mime_to_ascii_address (const char *address)
{
  g_autoptr(GObject) mailbox = NULL;
  const char *encoded;

  if (g_str_is_ascii (address))
    return g_strdup (address);
  mailbox = G_OBJECT (internet_address_mailbox_new (NULL, address));
  encoded = internet_address_mailbox_get_idn_addr (INTERNET_ADDRESS_MAILBOX (mailbox));
  return g_strdup (encoded != NULL && g_str_is_ascii (encoded) ? encoded : address);
}
