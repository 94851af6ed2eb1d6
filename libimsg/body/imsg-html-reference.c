/* imsg-html-reference.c - character references of HTML
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-html-private.h"

#include "imsg-code-page-private.h"

/* Of the longest name, and of the longest that counts without its semicolon */
#define MAX_NAME 31
#define MAX_BARE_NAME 6

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

/* The bytes that a reference by number takes from the & on; 0 when it is none. */
static gsize
read_number (const char *html,
             gsize       length,
             guint32    *number)
{
  gboolean is_hexadecimal = length > 2 && (html[2] == 'x' || html[2] == 'X');
  gsize i = is_hexadecimal ? 3 : 2;
  gsize first = i;

  *number = 0;
  if (length < 2 || html[1] != '#')
    return 0;
  for (; i < length; i++)
    {
      int digit = is_hexadecimal ? g_ascii_xdigit_value (html[i]) : g_ascii_digit_value (html[i]);

      if (digit < 0)
        break;
      if (*number <= 0x10FFFF)
        *number = *number * (is_hexadecimal ? 16 : 10) + digit;
    }
  if (i == first)
    return 0;
  return i < length && html[i] == ';' ? i + 1 : i;
}

static gsize
append_numeric_reference (GString    *out,
                          const char *html,
                          gsize       length)
{
  guint32 number;
  gsize n = read_number (html, length, &number);

  if (n == 0)
    return 0;
  /* Word of old wrote a character beyond 16 bits as two references. */
  if (number >= 0xD800 && number < 0xDC00 && n < length && html[n] == '&')
    {
      guint32 low;
      gsize n_low = read_number (html + n, length - n, &low);

      if (n_low > 0 && low >= 0xDC00 && low < 0xE000)
        {
          number = 0x10000 + ((number - 0xD800) << 10) + (low - 0xDC00);
          n += n_low;
        }
    }
  append_character (out, number);
  return n;
}

static const IMsgHtmlEntity *
find_entity (const char *name,
             gsize       n_name)
{
  guint low = 0;
  guint high = _imsg_n_html_entities;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      const IMsgHtmlEntity *entity = &_imsg_html_entities[middle];
      int order = memcmp (name, _imsg_html_entity_pool + entity->offset,
                          MIN (n_name, entity->n_name));

      if (order == 0 && n_name == entity->n_name)
        return entity;
      if (order < 0 || (order == 0 && n_name < entity->n_name))
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}

static void
append_entity (GString              *out,
               const IMsgHtmlEntity *entity)
{
  g_string_append (out, _imsg_html_entity_pool + entity->offset + entity->n_name + 1);
}

/* With its semicolon any name counts; without, the longest old one that begins here, but not in an
 * attribute that goes on: "?a=1&copy=2" is no copyright. */
gsize
_imsg_html_append_reference (GString    *out,
                             const char *html,
                             gsize       length,
                             gboolean    is_attribute)
{
  const char *name = html + 1;
  const IMsgHtmlEntity *entity;
  gsize n = 0;

  if (length > 1 && *name == '#')
    return append_numeric_reference (out, html, length);
  while (n < MAX_NAME && n + 1 < length && g_ascii_isalnum (name[n]))
    n++;
  if (n + 1 < length && name[n] == ';')
    {
      entity = find_entity (name, n);
      if (entity != NULL)
        {
          append_entity (out, entity);
          return n + 2;
        }
    }
  for (gsize n_bare = MIN (n, MAX_BARE_NAME); n_bare >= 2; n_bare--)
    {
      entity = find_entity (name, n_bare);
      if (entity == NULL || !entity->is_bare)
        continue;
      if (is_attribute && n_bare + 1 < length &&
          (g_ascii_isalnum (name[n_bare]) || name[n_bare] == '='))
        return 0;
      append_entity (out, entity);
      return n_bare + 1;
    }
  return 0;
}
