/* imsg-rtf-field.c - what the instructions of fields in RTF say
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-rtf-reader-private.h"

#include "imsg-code-page-private.h"

#include <string.h>

static const char *
skip_blanks (const char *at)
{
  while (g_ascii_isspace (*at))
    at++;
  return at;
}

/* Up to the closing quote: \" and \\ stand for the character behind the backslash. */
static char *
take_quoted (const char **at)
{
  GString *argument = g_string_new (NULL);
  const char *p = *at + 1;

  for (; *p != '\0' && *p != '"'; p++)
    {
      if (*p == '\\' && (p[1] == '\\' || p[1] == '"'))
        p++;
      g_string_append_c (argument, *p);
    }
  *at = *p == '"' ? p + 1 : p;
  return g_string_free (argument, FALSE);
}

/* One argument of a field, quoted or not, from a place where there is one. */
static char *
take_argument (const char **at)
{
  const char *start = *at;
  const char *end;

  if (*start == '"')
    return take_quoted (at);
  end = start + strcspn (start, " \t\r\n\\");
  if (end == start)
    end++;
  *at = end;
  return g_strndup (start, end - start);
}

/* HYPERLINK "…" \l "…"; \o, \t and \n are the screen tip, the frame, a new window. */
char *
_imsg_rtf_field_parse_link (const char *instruction)
{
  const char *at = skip_blanks (instruction);
  g_autofree char *target = NULL;
  g_autofree char *anchor = NULL;

  if (g_ascii_strncasecmp (at, "HYPERLINK", 9) != 0)
    return NULL;
  for (at = skip_blanks (at + 9); *at != '\0'; at = skip_blanks (at))
    {
      g_autofree char *argument = NULL;
      char option = 0;

      if (*at == '\\' && at[1] != '\0')
        {
          option = at[1];
          at = skip_blanks (g_utf8_next_char (at + 1));
          if (*at == '\0' || (option != 'l' && *at != '"'))
            continue;
        }
      argument = take_argument (&at);
      if (option == 'l' && anchor == NULL)
        anchor = g_steal_pointer (&argument);
      else if (option == 0 && target == NULL)
        target = g_steal_pointer (&argument);
    }
  if (anchor == NULL)
    return g_steal_pointer (&target);
  return g_strconcat (target != NULL ? target : "", "#", anchor, NULL);
}

/* SYMBOL number \f "font" \u: a byte of the font, with \u a character. */
gunichar
_imsg_rtf_field_parse_symbol (const char *instruction)
{
  const char *at = skip_blanks (instruction);
  g_autofree char *font = NULL;
  g_autofree char *text = NULL;
  gboolean is_unicode = FALSE;
  guint64 number;
  char *end = NULL;
  gunichar symbol;
  guint8 byte;

  if (g_ascii_strncasecmp (at, "SYMBOL", 6) != 0 || !g_ascii_isspace (at[6]))
    return 0;
  at = skip_blanks (at + 6);
  number = g_ascii_strncasecmp (at, "0x", 2) == 0 ? g_ascii_strtoull (at + 2, &end, 16)
                                                  : g_ascii_strtoull (at, &end, 10);
  for (at = skip_blanks (end); *at != '\0'; at = skip_blanks (at))
    {
      if (*at == '\\' && g_ascii_tolower (at[1]) == 'u')
        is_unicode = TRUE;
      if (*at == '\\' && g_ascii_tolower (at[1]) == 'f' && font == NULL)
        {
          at = skip_blanks (at + 2);
          if (*at != '\0')
            font = take_argument (&at);
        }
      else
        at++;
    }
  if (is_unicode || number > 0xFF)
    return number > 0 && number <= 0x10FFFF && g_unichar_validate (number) ? number : 0;
  symbol = _imsg_rtf_find_symbol (font, number);
  if (symbol != 0 || number < 0x20)
    return symbol;
  byte = number;
  text = _imsg_code_page_decode (IMSG_CODE_PAGE_WINDOWS_1252, &byte, 1, NULL, NULL);
  return g_utf8_get_char (text);
}

/* Behind a backslash of an equation: the character that it protects, or a switch that is passed
 * over with its number. */
static const char *
read_equation_switch (const char *at,
                      GString    *item,
                      gboolean   *is_raised)
{
  const char *name = at;

  if (*at != '\0' && strchr ("\\,;()", *at) != NULL)
    {
      if (item != NULL)
        g_string_append_c (item, *at);
      return at + 1;
    }
  while (g_ascii_isalpha (*at) || *at == '*')
    at++;
  if (at - name == 2 && g_ascii_strncasecmp (name, "up", 2) == 0)
    *is_raised = TRUE;
  at = skip_blanks (at);
  while (g_ascii_isdigit (*at) || *at == '-')
    at++;
  return at;
}

/* Text in the parentheses of an equation: the first item of the outermost, and the others */
typedef struct
{
  GString *items[2];
  guint    position;    /* of the item that takes what follows */
  guint    depth;       /* of parentheses */
  gboolean is_raised;   /* something is */
} Equation;

static const char *
read_equation_character (Equation   *equation,
                         const char *at)
{
  GString *item = equation->depth > 0 ? equation->items[equation->position] : NULL;
  char character = *at++;

  switch (character)
    {
    case '\\':
      return read_equation_switch (at, item, &equation->is_raised);
    case '"':
      if (equation->depth > 0)
        break;
      at += strcspn (at, "\"");
      return *at == '"' ? at + 1 : at;
    case '(':
      equation->depth++;
      return at;
    case ')':
      equation->depth -= equation->depth > 0;
      return at;
    case ',':
    case ';':
      if (equation->depth == 1)
        {
          equation->position = 1;
          return at;
        }
      break;
    default:
      break;
    }
  if (item != NULL)
    g_string_append_c (item, character);
  return at;
}

/* EQ \o(\s\up 9(reading),text): what Word has for a text with its reading above it, and for one in
 * a circle. Its result is but a drawing. NULL for other fields, and for what draws no text. */
char *
_imsg_rtf_field_parse_equation (const char *instruction)
{
  g_autoptr(GString) first = g_string_new (NULL);
  g_autoptr(GString) last = g_string_new (NULL);
  Equation equation = { { first, last }, 0, 0, FALSE };
  const char *at = skip_blanks (instruction);

  if (g_ascii_strncasecmp (at, "EQ", 2) != 0 || g_ascii_isalnum (at[2]))
    return NULL;
  at += 2;
  while (*at != '\0')
    at = read_equation_character (&equation, at);
  if (equation.is_raised && first->len > 0 && last->len > 0)
    return g_strdup_printf ("%s(%s)", last->str, first->str);
  return first->len + last->len > 0 ? g_strconcat (first->str, last->str, NULL) : NULL;
}
