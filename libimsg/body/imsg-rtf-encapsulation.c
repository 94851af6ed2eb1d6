/* imsg-rtf-encapsulation.c - HTML and plain text into RTF
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-rtf.h"

#include "imsg-html-private.h"

#define FONTS "{\\fonttbl{\\f0\\fswiss\\fcharset0 Arial;}}\r\n"

/* [MS-OXRTFEX] 2.1.3.1: the number of an htmltag is where it stands, what it is, and two bits. */
#define TAG_IN_BODY 0x00
#define TAG_IN_HEAD 0x01
#define TAG_IN_HTML 0x02
#define TAG_OUTSIDE 0x03
#define TAG_IN_PARAGRAPH 0x04
#define TAG_CLOSING 0x08

typedef enum
{
  SHOWN_AS_NOTHING,
  SHOWN_AS_PARAGRAPH,
  SHOWN_AS_LINE,
  SHOWN_AS_TAB,
  SHOWN_AS_BOLD,
  SHOWN_AS_ITALIC,
  SHOWN_AS_UNDERLINE,
  SHOWN_AS_STRIKE,
  HIDDEN_CONTENT,
} Appearance;

static const struct
{
  char   name[12];
  guint8 type;
  guint8 appearance; /* of an element's end, but for emphasis and <br> */
} tags[] = {
  { "html", 0x10, SHOWN_AS_NOTHING }, { "head", 0x20, SHOWN_AS_NOTHING },
  { "body", 0x30, SHOWN_AS_NOTHING }, { "p", 0x40, SHOWN_AS_PARAGRAPH },
  { "div", 0x60, SHOWN_AS_PARAGRAPH }, { "br", 0x70, SHOWN_AS_LINE },
  { "pre", 0x80, SHOWN_AS_PARAGRAPH }, { "font", 0x90, SHOWN_AS_NOTHING },
  { "span", 0x90, SHOWN_AS_NOTHING }, { "b", 0x90, SHOWN_AS_BOLD },
  { "strong", 0x90, SHOWN_AS_BOLD }, { "i", 0x90, SHOWN_AS_ITALIC },
  { "em", 0x90, SHOWN_AS_ITALIC }, { "u", 0x90, SHOWN_AS_UNDERLINE },
  { "s", 0x90, SHOWN_AS_STRIKE }, { "strike", 0x90, SHOWN_AS_STRIKE },
  { "h1", 0xA0, SHOWN_AS_PARAGRAPH }, { "h2", 0xA0, SHOWN_AS_PARAGRAPH },
  { "h3", 0xA0, SHOWN_AS_PARAGRAPH }, { "h4", 0xA0, SHOWN_AS_PARAGRAPH },
  { "h5", 0xA0, SHOWN_AS_PARAGRAPH }, { "h6", 0xA0, SHOWN_AS_PARAGRAPH },
  { "title", 0xB0, HIDDEN_CONTENT }, { "style", 0xF0, HIDDEN_CONTENT },
  { "script", 0xF0, HIDDEN_CONTENT }, { "li", 0x50, SHOWN_AS_PARAGRAPH },
  { "tr", 0x50, SHOWN_AS_PARAGRAPH }, { "td", 0xF0, SHOWN_AS_TAB }, { "th", 0xF0, SHOWN_AS_TAB },
  { "blockquote", 0x50, SHOWN_AS_PARAGRAPH },
};

typedef struct
{
  const char *html;
  gsize       length;
  gsize       at;
  GString    *out;
  guint       place;              /* TAG_IN_… */
  guint       is_in_paragraph : 1;
  guint       lacks_comment_end : 1;
  guint       lacks_markup_end : 1; /* no > from here to the end, so nobody looks again */
} Writer;

static void
append_unit (GString *out,
             guint    unit)
{
  g_string_append_printf (out, "\\u%d?", unit >= 0x8000 ? (int) unit - 0x10000 : (int) unit);
}

/* One character, as RTF has it; the bytes that it took. */
static gsize
append_character (GString    *out,
                  const char *text,
                  gsize       length)
{
  gunichar character = (guint8) *text;
  gsize n = 1;

  if (character >= 0x80)
    {
      character = g_utf8_get_char_validated (text, length);
      if (character >= 0x80000000u)
        character = 0xFFFD;
      else
        n = g_utf8_next_char (text) - text;
      if (character >= 0x10000)
        {
          append_unit (out, 0xD800 + ((character - 0x10000) >> 10));
          append_unit (out, 0xDC00 + ((character - 0x10000) & 0x3FF));
        }
      else
        append_unit (out, character);
      return n;
    }
  switch (character)
    {
    case '\\':
    case '{':
    case '}':
      g_string_append_c (out, '\\');
      g_string_append_c (out, character);
      break;
    case '\r':
      if (length > 1 && text[1] == '\n')
        n = 2;
      g_string_append (out, "\\par ");
      break;
    case '\n':
      g_string_append (out, "\\par ");
      break;
    case '\t':
      g_string_append (out, "\\tab ");
      break;
    case '\0':
      break;
    default:
      if (character < 0x20)
        g_string_append_printf (out, "\\'%02x", character);
      else
        g_string_append_c (out, character);
    }
  return n;
}

/* A stretch of what is the same in RTF and, but for < and &, in HTML */
static gsize
get_plain_length (const char *text,
                  gsize       length)
{
  gsize n = 0;

  while (n < length && text[n] >= 0x20 && text[n] < 0x7F && text[n] != '\\' && text[n] != '{' &&
         text[n] != '}' && text[n] != '<' && text[n] != '&')
    n++;
  return n;
}

static void
append_text (GString    *out,
             const char *text,
             gsize       length)
{
  for (gsize i = 0; i < length;)
    {
      gsize n = get_plain_length (text + i, length - i);

      g_string_append_len (out, text + i, n);
      i += n;
      if (i < length)
        i += append_character (out, text + i, length - i);
    }
}

static void
append_tag (Writer *writer,
            guint   number,
            gsize   start,
            gsize   end)
{
  g_string_append_printf (writer->out, "{\\*\\htmltag%u ", number);
  append_text (writer->out, writer->html + start, end - start);
  g_string_append_c (writer->out, '}');
}

static void
append_for_rtf (Writer     *writer,
                const char *rtf)
{
  g_string_append_printf (writer->out, "\\htmlrtf%s\\htmlrtf0 ", rtf);
}

static gsize
find_tag_end (Writer *writer,
              gsize   start)
{
  char quote = 0;

  for (gsize i = start; i < writer->length; i++)
    {
      char byte = writer->html[i];

      if (quote != 0 ? byte == quote : (byte == '"' || byte == '\''))
        quote = quote != 0 ? 0 : byte;
      else if (byte == '>' && quote == 0)
        return i + 1;
      else if (byte == '<' && i > start && quote == 0)
        return i;
    }
  return writer->length;
}

static int
find_tag (const char *name,
          gsize       n_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      if (strlen (tags[i].name) == n_name && g_ascii_strncasecmp (tags[i].name, name, n_name) == 0)
        return i;
    }
  return -1;
}

static guint
get_tag_number (Writer *writer,
                guint   type,
                gboolean is_end)
{
  guint number = type | (is_end ? TAG_CLOSING : 0);

  switch (type)
    {
    case 0x10: return number | TAG_OUTSIDE;
    case 0x20: return number | (is_end ? TAG_IN_HEAD : TAG_IN_HTML);
    case 0x30: return number | TAG_IN_HTML;
    default: break;
    }
  number |= writer->place;
  if (writer->place == TAG_IN_BODY && writer->is_in_paragraph && type != 0x40)
    number |= TAG_IN_PARAGRAPH;
  return number;
}

static void
follow_structure (Writer   *writer,
                  guint     type,
                  gboolean  is_end)
{
  switch (type)
    {
    case 0x10:
      writer->place = is_end ? TAG_OUTSIDE : TAG_IN_HTML;
      break;
    case 0x20:
      writer->place = is_end ? TAG_IN_HTML : TAG_IN_HEAD;
      break;
    case 0x30:
      writer->place = is_end ? TAG_IN_HTML : TAG_IN_BODY;
      break;
    case 0x40:
      writer->is_in_paragraph = !is_end;
      break;
    default:
      break;
    }
}

/* The content of <style>, <script> and <title> goes whole into a tag: no RTF reader shows it. */
static void
append_hidden_content (Writer     *writer,
                       const char *name,
                       gsize       n_name)
{
  gsize start = writer->at;
  gsize end = start;

  for (; end < writer->length; end++)
    {
      if (writer->html[end] == '<' && writer->length - end > n_name + 1 &&
          writer->html[end + 1] == '/' &&
          g_ascii_strncasecmp (writer->html + end + 2, name, n_name) == 0)
        break;
    }
  if (end > start)
    append_tag (writer, 0xF0 | writer->place, start, end);
  writer->at = end;
}

static void
append_element (Writer *writer)
{
  gsize start = writer->at;
  gboolean is_end = writer->html[start + 1] == '/';
  const char *name = writer->html + start + (is_end ? 2 : 1);
  gsize end = find_tag_end (writer, start);
  gsize n_name = 0;
  int tag;

  while (name + n_name < writer->html + end && g_ascii_isalnum (name[n_name]))
    n_name++;
  tag = find_tag (name, n_name);
  append_tag (writer, get_tag_number (writer, tag >= 0 ? tags[tag].type : 0xF0, is_end), start,
              end);
  writer->at = end;
  if (tag < 0)
    return;
  follow_structure (writer, tags[tag].type, is_end);
  switch (tags[tag].appearance)
    {
    case SHOWN_AS_PARAGRAPH:
      if (is_end)
        append_for_rtf (writer, "\\par");
      break;
    case SHOWN_AS_LINE: append_for_rtf (writer, "\\line"); break;
    case SHOWN_AS_TAB:
      if (is_end)
        append_for_rtf (writer, "\\tab");
      break;
    case SHOWN_AS_BOLD: append_for_rtf (writer, is_end ? "\\b0" : "\\b"); break;
    case SHOWN_AS_ITALIC: append_for_rtf (writer, is_end ? "\\i0" : "\\i"); break;
    case SHOWN_AS_UNDERLINE: append_for_rtf (writer, is_end ? "\\ul0" : "\\ul"); break;
    case SHOWN_AS_STRIKE: append_for_rtf (writer, is_end ? "\\strike0" : "\\strike"); break;
    case HIDDEN_CONTENT:
      if (!is_end)
        append_hidden_content (writer, name, n_name);
      break;
    default:
      break;
    }
}

static void
append_markup (Writer *writer)
{
  const char *at = writer->html + writer->at;
  gsize left = writer->length - writer->at;
  const char *end = NULL;

  if (left > 1 && (g_ascii_isalpha (at[1]) || (at[1] == '/' && left > 2)))
    {
      append_element (writer);
      return;
    }
  if (left >= 4 && memcmp (at, "<!--", 4) == 0 && !writer->lacks_comment_end)
    {
      end = memmem (at, left, "-->", 3);
      writer->lacks_comment_end = end == NULL;
      if (end != NULL)
        end += 3;
    }
  else if (left > 1 && (at[1] == '!' || at[1] == '?') && !writer->lacks_markup_end)
    {
      end = memchr (at, '>', left);
      writer->lacks_markup_end = end == NULL;
      if (end != NULL)
        end++;
    }
  if (end == NULL)
    end = at + 1;
  append_tag (writer, 0xF0 | writer->place, writer->at, end - writer->html);
  writer->at = end - writer->html;
}

static void
append_reference (Writer *writer)
{
  g_autoptr(GString) character = g_string_new (NULL);
  gsize n = _imsg_html_append_reference (character, writer->html + writer->at,
                                         writer->length - writer->at, FALSE);

  if (n == 0)
    {
      g_string_append_c (writer->out, '&');
      writer->at++;
      return;
    }
  append_tag (writer, 0x50 | TAG_IN_PARAGRAPH, writer->at, writer->at + n);
  g_string_append (writer->out, "\\htmlrtf ");
  if (strcmp (character->str, "\xC2\xA0") == 0)
    g_string_append (writer->out, "\\'a0");
  else
    append_text (writer->out, character->str, character->len);
  g_string_append (writer->out, "\\htmlrtf0 ");
  writer->at += n;
}

static GBytes *
encapsulate_html (const char *html,
                  gsize       length)
{
  Writer writer = { html, length, 0, NULL, TAG_OUTSIDE, FALSE, FALSE };

  writer.out = g_string_sized_new (length * 2 + 256);
  g_string_append (writer.out,
                   "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0" FONTS
                   "{\\colortbl\\red0\\green0\\blue0;}\r\n"
                   "\\uc1\\pard\\plain\\deftab360 \\f0\\fs24\r\n{\\*\\htmltag64}");
  while (writer.at < length)
    {
      switch (html[writer.at])
        {
        case '<':
          append_markup (&writer);
          break;
        case '&':
          append_reference (&writer);
          break;
        case '\r':
        case '\n':
          /* To HTML the line end is a space; RTF readers must see one. */
          g_string_append (writer.out, "{\\*\\htmltag0 ");
          writer.at += append_character (writer.out, html + writer.at, length - writer.at);
          g_string_append (writer.out, "}\\htmlrtf  \\htmlrtf0 \r\n");
          break;
        default:
          {
            gsize n = get_plain_length (html + writer.at, length - writer.at);

            g_string_append_len (writer.out, html + writer.at, n);
            if (n == 0)
              n = append_character (writer.out, html + writer.at, length - writer.at);
            writer.at += n;
          }
        }
    }
  g_string_append_c (writer.out, '}');
  return g_string_free_to_bytes (writer.out);
}

/**
 * imsg_rtf_from_html:
 * @html: HTML in UTF-8
 *
 * Encapsulates HTML in RTF.
 *
 * [func@IMsg.rtf_to_html] gives the same HTML back, with every line ending in CR LF. Programs that
 * know RTF only see the text with its paragraphs and emphasis.
 *
 * Source: [MS-OXRTFEX] 3.1.2.
 *
 * Returns: (transfer full): the RTF, not compressed
 * Since: 1.0
 */
GBytes *
imsg_rtf_from_html (const char *html)
{
  g_return_val_if_fail (html != NULL, NULL);

  return encapsulate_html (html, strlen (html));
}

/**
 * imsg_rtf_from_text:
 * @text: text in UTF-8
 *
 * Encapsulates plain text in RTF.
 *
 * [func@IMsg.rtf_to_text] gives the same text back, with every line ending in CR LF.
 *
 * Source: [MS-OXRTFEX] 3.1.2.
 *
 * Returns: (transfer full): the RTF, not compressed
 * Since: 1.0
 */
GBytes *
imsg_rtf_from_text (const char *text)
{
  gsize length;
  GString *out;

  g_return_val_if_fail (text != NULL, NULL);

  length = strlen (text);
  out = g_string_sized_new (length + length / 8 + 128);
  g_string_append (out, "{\\rtf1\\ansi\\ansicpg1252\\fromtext \\deff0" FONTS
                        "\\uc1\\pard\\plain\\deftab360 \\f0\\fs20 ");
  for (gsize i = 0; i < length;)
    {
      gboolean is_line_end = text[i] == '\r' || text[i] == '\n';

      i += append_character (out, text + i, length - i);
      if (is_line_end)
        g_string_append (out, "\r\n");
    }
  g_string_append_c (out, '}');
  return g_string_free_to_bytes (out);
}
