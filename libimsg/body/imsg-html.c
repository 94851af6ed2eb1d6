/* imsg-html.c - HTML bodies: the charset they declare, and HTML of plain text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body-private.h"
#include "imsg-code-page-private.h"
#include "imsg-html-private.h"

/* So much text is escaped between two looks at what it came to */
#define ESCAPED_AT_ONCE ((gsize) 1 << 16)

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
                      gsize       max_bytes,
                      gsize      *length_out,
                      GPtrArray  *problems)
{
  GString *out = g_string_sized_new (length + length / 8 + 256);
  gsize at = 0;

  g_string_append (out, "<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"></head>\r\n<body>"
                        "<pre style=\"white-space:pre-wrap;font-family:inherit\">\r\n");
  while (at < length && out->len <= max_bytes)
    {
      gsize end = MIN (length, at + ESCAPED_AT_ONCE);

      while (end < length && ((guint8) text[end] & 0xC0) == 0x80)
        end++;
      _imsg_html_append_escaped (out, text + at, end - at);
      at = end;
    }
  if (at < length)
    _imsg_body_tell_cut (problems, "PR_BODY", max_bytes);
  g_string_append (out, "</pre></body></html>\r\n");
  *length_out = out->len;
  return g_string_free (out, FALSE);
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

/* Where a meta element names a charset: in an attribute of that name, or in the content that stands
 * for a header. Other content may speak of charsets without naming its own. */
static gboolean
find_meta_charset (const char *html,
                   gsize       start,
                   gsize       end,
                   gsize      *value_start,
                   gsize      *value_end)
{
  gboolean is_header = find_ignoring_case (html, end, start, "http-equiv") < end;
  char quote = 0;

  for (gsize i = start; i < end; i++)
    {
      if (quote != 0 ? html[i] == quote : (html[i] == '"' || html[i] == '\''))
        quote = quote != 0 ? 0 : html[i];
      else if ((html[i] == 'c' || html[i] == 'C') && (quote == 0 || is_header) &&
               i + 7 <= end && g_ascii_strncasecmp (html + i, "charset", 7) == 0)
        return find_value (html, i, end, "charset", value_start, value_end);
    }
  return FALSE;
}

/* Where a charset's name stands in HTML, and in what */
typedef struct
{
  gsize    start;
  gsize    end;
  gboolean is_meta;    /* not an XML declaration */
} CharsetName;

/* The next place at or behind *at where the prolog names a charset: an XML declaration that it
 * begins with, or a meta element. */
static gboolean
find_next_charset (const char  *html,
                   gsize        n_bytes,
                   gsize       *at,
                   CharsetName *name)
{
  gsize n = MIN (n_bytes, IMSG_HTML_PROLOG_SIZE);
  gsize i = *at;
  gsize start;
  gsize end;

  if (i == 0 && n > 5 && memcmp (html, "<?xml", 5) == 0)
    {
      i = find_ignoring_case (html, n, 0, "?>");
      *at = i;
      if (find_value (html, 5, i, "encoding", &start, &end))
        {
          *name = (CharsetName) { start, end, FALSE };
          return TRUE;
        }
    }
  while (i < n)
    {
      const char *tag = memchr (html + i, '<', n - i);

      if (tag == NULL)
        break;
      i = tag - html;
      if (n - i >= 4 && memcmp (tag, "<!--", 4) == 0)
        i = find_ignoring_case (html, n, i, "-->");
      else if (n - i > 5 && g_ascii_strncasecmp (tag, "<meta", 5) == 0 && !g_ascii_isalnum (tag[5]))
        {
          gsize tag_start = i;

          i = find_ignoring_case (html, n, i, ">");
          *at = i;
          if (find_meta_charset (html, tag_start, i, &start, &end))
            {
              *name = (CharsetName) { start, end, TRUE };
              return TRUE;
            }
        }
      else
        i++;
    }
  return FALSE;
}

/* Browsers believe a meta element rather than an XML declaration. */
char *
_imsg_html_find_charset (const void *html,
                         gsize       n_bytes)
{
  CharsetName name = { 0, 0, FALSE };
  gsize at = 0;

  while (!name.is_meta && find_next_charset (html, n_bytes, &at, &name))
    ;
  return name.end > 0 ? g_strndup ((const char *) html + name.start, name.end - name.start) : NULL;
}

GBytes *
_imsg_html_declare_utf8 (GBytes *html)
{
  gsize n_bytes;
  const char *bytes = g_bytes_get_data (html, &n_bytes);
  g_autoptr(GString) out = NULL;
  gsize n_copied = 0;
  CharsetName name;
  gsize at = 0;

  while (find_next_charset (bytes, n_bytes, &at, &name))
    {
      g_autofree char *charset = g_strndup (bytes + name.start, name.end - name.start);

      if (_imsg_code_page_from_charset (charset) == IMSG_CODE_PAGE_UTF8)
        continue;
      if (out == NULL)
        out = g_string_sized_new (n_bytes + 64);
      g_string_append_len (out, bytes + n_copied, name.start - n_copied);
      g_string_append (out, "utf-8");
      n_copied = name.end;
    }
  if (out == NULL)
    return g_bytes_ref (html);
  g_string_append_len (out, bytes + n_copied, n_bytes - n_copied);
  return g_string_free_to_bytes (g_steal_pointer (&out));
}
