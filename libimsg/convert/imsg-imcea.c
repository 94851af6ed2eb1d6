/* imsg-imcea.c - addresses of other systems inside those of the Internet ([MS-OXCMAIL] 2.1.3.2)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-entry-id-private.h"

#define PREFIX "IMCEA"

/* No honest type is longer than "X400". */
#define MAX_TYPE 32

gboolean
_imsg_imcea_decode (const char  *smtp,
                    char       **address_type,
                    char       **address)
{
  const char *hyphen = strchr (smtp, '-');
  const char *at = strrchr (smtp, '@');
  g_autoptr(GString) decoded = NULL;

  if (g_ascii_strncasecmp (smtp, PREFIX, strlen (PREFIX)) != 0 || hyphen == NULL || at == NULL ||
      at <= hyphen + 1 || hyphen == smtp + strlen (PREFIX) ||
      hyphen > smtp + strlen (PREFIX) + MAX_TYPE)
    return FALSE;
  for (const char *c = smtp + strlen (PREFIX); c < hyphen; c++)
    if (!g_ascii_isalnum (*c))
      return FALSE;
  decoded = g_string_new (NULL);
  for (const char *c = hyphen + 1; c < at; c++)
    if (*c == '_')
      g_string_append_c (decoded, '/');
    else if (*c == '+' && at - c > 2 && g_ascii_isxdigit (c[1]) && g_ascii_isxdigit (c[2]))
      {
        g_string_append_c (decoded, (char) (g_ascii_xdigit_value (c[1]) << 4 |
                                            g_ascii_xdigit_value (c[2])));
        c += 2;
      }
    else
      g_string_append_c (decoded, *c);
  if (memchr (decoded->str, '\0', decoded->len) != NULL ||
      !g_utf8_validate (decoded->str, (gssize) decoded->len, NULL))
    return FALSE;
  *address_type = g_ascii_strup (smtp + strlen (PREFIX), hyphen - smtp - (gssize) strlen (PREFIX));
  *address = g_string_free (g_steal_pointer (&decoded), FALSE);
  return TRUE;
}
