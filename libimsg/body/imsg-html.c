/* imsg-html.c - HTML bodies: characters, charset, and HTML of plain text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include <libxml/HTMLparser.h>

#include "imsg-html-private.h"

#include "imsg-code-page-private.h"

#define MAX_REFERENCE_NAME 10

void
_imsg_html_append_escaped (GString    *out,
                           const char *text,
                           gsize       length)
{
  gsize start = 0;

  for (gsize i = 0; i < length; i++)
    {
      const char *reference;

      switch (text[i])
        {
        case '&': reference = "&amp;"; break;
        case '<': reference = "&lt;"; break;
        case '>': reference = "&gt;"; break;
        case '"': reference = "&quot;"; break;
        default: continue;
        }
      g_string_append_len (out, text + start, i - start);
      g_string_append (out, reference);
      start = i + 1;
    }
  g_string_append_len (out, text + start, length - start);
}

char *
_imsg_html_from_text (const char *text,
                      gsize       length,
                      gsize      *length_out)
{
  GString *out = g_string_sized_new (length + length / 8 + 256);

  g_string_append (out, "<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"></head>\r\n<body>"
                        "<pre style=\"white-space:pre-wrap;font-family:inherit\">\r\n");
  _imsg_html_append_escaped (out, text, length);
  g_string_append (out, "</pre></body></html>\r\n");
  *length_out = out->len;
  return g_string_free (out, FALSE);
}

static void
append_character (GString *out,
                  guint32  number)
{
  gunichar character = number;

  /* Browsers read the numbers of C1 controls as 1252, as they were meant. */
  if (number >= 0x80 && number < 0xA0)
    {
      char byte = number;
      g_autofree char *text = _imsg_code_page_decode (IMSG_CODE_PAGE_WINDOWS_1252, &byte, 1, NULL,
                                                      NULL);

      g_string_append (out, text);
      return;
    }
  if (character == 0 || !g_unichar_validate (character))
    character = 0xFFFD;
  g_string_append_unichar (out, character);
}

static gsize
append_numeric_reference (GString    *out,
                          const char *html,
                          gsize       length)
{
  gboolean is_hexadecimal = length > 2 && (html[2] == 'x' || html[2] == 'X');
  gsize i = is_hexadecimal ? 3 : 2;
  gsize first = i;
  guint32 number = 0;

  for (; i < length; i++)
    {
      int digit = is_hexadecimal ? g_ascii_xdigit_value (html[i]) : g_ascii_digit_value (html[i]);

      if (digit < 0)
        break;
      if (number <= 0x10FFFF)
        number = number * (is_hexadecimal ? 16 : 10) + digit;
    }
  if (i == first)
    return 0;
  append_character (out, number);
  return i < length && html[i] == ';' ? i + 1 : i;
}

gsize
_imsg_html_append_reference (GString    *out,
                             const char *html,
                             gsize       length)
{
  char name[MAX_REFERENCE_NAME + 1];
  const htmlEntityDesc *entity;
  gsize n = 0;

  if (length > 1 && html[1] == '#')
    return append_numeric_reference (out, html, length);
  while (n < MAX_REFERENCE_NAME && n + 1 < length && g_ascii_isalnum (html[n + 1]))
    {
      name[n] = html[n + 1];
      n++;
    }
  name[n] = '\0';
  if (n < 2)
    return 0;
  entity = htmlEntityLookup ((const xmlChar *) name);
  if (entity != NULL)
    g_string_append_unichar (out, entity->value);
  else if (strcmp (name, "apos") == 0)
    g_string_append_c (out, '\'');
  else
    return 0;
  n++;
  return n < length && html[n] == ';' ? n + 1 : n;
}

static gsize
find_ignoring_case (const char *text,
                    gsize       length,
                    gsize       from,
                    const char *word)
{
  gsize n_word = strlen (word);

  for (gsize i = from; i + n_word <= length; i++)
    {
      if (g_ascii_strncasecmp (text + i, word, n_word) == 0)
        return i;
    }
  return length;
}

/* Where the charset's name stands in a tag, between start and end; FALSE when it names none. */
static gboolean
find_value (const char *html,
            gsize       start,
            gsize       end,
            const char *attribute,
            gsize      *value_start,
            gsize      *value_end)
{
  gsize i = find_ignoring_case (html, end, start, attribute);

  if (i == end)
    return FALSE;
  i += strlen (attribute);
  while (i < end && g_ascii_isspace (html[i]))
    i++;
  if (i == end || html[i] != '=')
    return FALSE;
  i++;
  while (i < end && (g_ascii_isspace (html[i]) || html[i] == '"' || html[i] == '\''))
    i++;
  *value_start = i;
  while (i < end && html[i] != '\0' &&
         (g_ascii_isalnum (html[i]) || strchr ("-_.:+", html[i]) != NULL))
    i++;
  *value_end = i;
  return i > *value_start;
}

/* Where the prolog names a charset: <meta charset>, http-equiv, or an XML declaration. */
static gboolean
find_charset (const char *html,
              gsize       n_bytes,
              gsize      *value_start,
              gsize      *value_end)
{
  gsize n = MIN (n_bytes, IMSG_HTML_PROLOG_SIZE);
  gsize i = 0;

  if (n > 5 && memcmp (html, "<?xml", 5) == 0)
    {
      gsize end = find_ignoring_case (html, n, 0, "?>");

      if (find_value (html, 5, end, "encoding", value_start, value_end))
        return TRUE;
    }
  while ((i = find_ignoring_case (html, n, i, "<meta")) < n)
    {
      gsize end = find_ignoring_case (html, n, i, ">");

      if (find_value (html, i, end, "charset", value_start, value_end))
        return TRUE;
      i = end;
    }
  return FALSE;
}

char *
_imsg_html_find_charset (const void *html,
                         gsize       n_bytes)
{
  gsize start;
  gsize end;

  if (!find_charset (html, n_bytes, &start, &end))
    return NULL;
  return g_strndup ((const char *) html + start, end - start);
}

char *
_imsg_html_declare_utf8 (char  *html,
                         gsize  length,
                         gsize *length_out)
{
  static const char declaration[] = "<meta charset=\"utf-8\">";
  GString *out;
  gsize start;
  gsize end;

  out = g_string_sized_new (length + 64);
  if (find_charset (html, length, &start, &end))
    {
      g_string_append_len (out, html, start);
      g_string_append (out, "utf-8");
      g_string_append_len (out, html + end, length - end);
    }
  else
    {
      gsize n = MIN (length, IMSG_HTML_PROLOG_SIZE);
      gsize at = find_ignoring_case (html, n, 0, "<head");

      /* <header> is no head. */
      if (at < n && at + 5 < n && (html[at + 5] == '>' || g_ascii_isspace (html[at + 5])))
        at = find_ignoring_case (html, n, at, ">");
      else if ((at = find_ignoring_case (html, n, 0, "<html")) < n)
        at = find_ignoring_case (html, n, at, ">");
      else
        at = n;
      at = at < n ? at + 1 : 0;
      g_string_append_len (out, html, at);
      g_string_append (out, declaration);
      g_string_append_len (out, html + at, length - at);
    }
  g_free (html);
  *length_out = out->len;
  return g_string_free (out, FALSE);
}
