/* imsg-html-attribute.c - what attributes of HTML say of lists and quotations
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-html-private.h"

#define MAX_ATTRIBUTE 4096
#define MAX_ROMAN 3999

char *
_imsg_html_dup_attribute (const char *value,
                          gsize       length)
{
  GString *out = g_string_new (NULL);

  length = MIN (length, MAX_ATTRIBUTE);
  for (gsize i = 0; i < length;)
    {
      gsize n = 0;

      if (value[i] == '&')
        n = _imsg_html_append_reference (out, value + i, length - i, TRUE);
      if (n == 0)
        {
          if (!g_ascii_iscntrl (value[i]))
            g_string_append_c (out, value[i]);
          n = 1;
        }
      i += n;
    }
  /* A value cut at the bound may end in half a character. */
  if (!g_utf8_validate (out->str, -1, NULL))
    {
      char *valid = g_utf8_make_valid (out->str, -1);

      g_string_free (out, TRUE);
      return valid;
    }
  return g_string_free (out, FALSE);
}

guint
_imsg_html_parse_number (const char *text)
{
  guint64 number = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32, &number, NULL))
    return 0;
  return number;
}

static gboolean
contains (const char *text,
          const char *word)
{
  gsize n_word = strlen (word);

  for (; text != NULL && *text != '\0'; text++)
    {
      if (g_ascii_strncasecmp (text, word, n_word) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What a style says of a property; NULL for nothing. */
static const char *
find_style (const char *style,
            const char *property)
{
  gsize n_property = strlen (property);

  while (style != NULL && *style != '\0')
    {
      const char *end = strchrnul (style, ';');

      while (g_ascii_isspace (*style))
        style++;
      if (g_ascii_strncasecmp (style, property, n_property) == 0)
        {
          style += n_property;
          while (g_ascii_isspace (*style))
            style++;
          if (*style == ':')
            {
              do
                style++;
              while (g_ascii_isspace (*style));
              return style;
            }
        }
      style = *end == ';' ? end + 1 : end;
    }
  return NULL;
}

IMsgHtmlNumbering
_imsg_html_parse_numbering (const char *type,
                            const char *style)
{
  static const struct
  {
    const char        *name;
    IMsgHtmlNumbering  numbering;
  } styles[] = {
    { "decimal", IMSG_HTML_DECIMAL }, { "lower-alpha", IMSG_HTML_LOWER_LETTERS },
    { "lower-latin", IMSG_HTML_LOWER_LETTERS }, { "upper-alpha", IMSG_HTML_UPPER_LETTERS },
    { "upper-latin", IMSG_HTML_UPPER_LETTERS }, { "lower-roman", IMSG_HTML_LOWER_ROMAN },
    { "upper-roman", IMSG_HTML_UPPER_ROMAN },
  };
  const char *name = find_style (style, "list-style-type");

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (styles); i++)
    {
      if (g_ascii_strncasecmp (name, styles[i].name, strlen (styles[i].name)) == 0)
        return styles[i].numbering;
    }
  if (type == NULL || strlen (type) != 1)
    return IMSG_HTML_DECIMAL;
  switch (*type)
    {
    case 'a': return IMSG_HTML_LOWER_LETTERS;
    case 'A': return IMSG_HTML_UPPER_LETTERS;
    case 'i': return IMSG_HTML_LOWER_ROMAN;
    case 'I': return IMSG_HTML_UPPER_ROMAN;
    default: return IMSG_HTML_DECIMAL;
    }
}

static void
append_roman (GString *out,
              guint    number)
{
  static const struct
  {
    guint       value;
    const char *letters;
  } numerals[] = {
    { 1000, "m" }, { 900, "cm" }, { 500, "d" }, { 400, "cd" }, { 100, "c" }, { 90, "xc" },
    { 50, "l" }, { 40, "xl" }, { 10, "x" }, { 9, "ix" }, { 5, "v" }, { 4, "iv" }, { 1, "i" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (numerals); i++)
    {
      for (; number >= numerals[i].value; number -= numerals[i].value)
        g_string_append (out, numerals[i].letters);
    }
}

/* a to z, then aa, ab and on */
static void
append_letters (GString *out,
                guint    number)
{
  gsize start = out->len;

  for (; number > 0; number = (number - 1) / 26)
    g_string_insert_c (out, (gssize) start, 'a' + (number - 1) % 26);
}

void
_imsg_html_append_number (GString           *out,
                          IMsgHtmlNumbering  numbering,
                          guint              number)
{
  gsize start = out->len;

  switch (numbering)
    {
    case IMSG_HTML_LOWER_LETTERS:
    case IMSG_HTML_UPPER_LETTERS:
      append_letters (out, number);
      break;
    case IMSG_HTML_LOWER_ROMAN:
    case IMSG_HTML_UPPER_ROMAN:
      if (number <= MAX_ROMAN)
        append_roman (out, number);
      break;
    default:
      break;
    }
  if (out->len == start)
    g_string_append_printf (out, "%u", number);
  else if (numbering == IMSG_HTML_UPPER_LETTERS || numbering == IMSG_HTML_UPPER_ROMAN)
    {
      for (gsize i = start; i < out->len; i++)
        out->str[i] = g_ascii_toupper (out->str[i]);
    }
}

/* Thunderbird and Apple's Mail say so; Gmail, Yahoo, Proton and Outlook for Mac have names for it.
 * Word takes these away, but not the line beside the text, by which Zimbra's is known too. */
gboolean
_imsg_html_is_citation (const char *type,
                        const char *class,
                        const char *id,
                        const char *style)
{
  const char *border = find_style (style, "border-left");

  return (type != NULL && g_ascii_strcasecmp (type, "cite") == 0) || contains (class, "quote") ||
         contains (id, "quote") ||
         (border != NULL && *border != '0' && g_ascii_strncasecmp (border, "none", 4) != 0);
}
