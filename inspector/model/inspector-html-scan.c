/* inspector-html-scan.c - what an HTML body would fetch from elsewhere
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-html-scan.h"

#include <string.h>

static const char *
skip_blanks_and_quotes (const char *at)
{
  while (g_ascii_isspace (*at) || *at == '"' || *at == '\'')
    at++;
  return at;
}

static gboolean
is_remote (const char *at)
{
  return g_ascii_strncasecmp (at, "http:", 5) == 0 || g_ascii_strncasecmp (at, "https:", 6) == 0 ||
         g_ascii_strncasecmp (at, "//", 2) == 0;
}

/* Only for people to read: what is fetched is decided by the policy of the view, not by this.
 * Counts sources and backgrounds of elements and url() of styles, in one pass. */
guint
inspector_html_count_remote (const char *html)
{
  static const char * const attributes[] = { "src", "background", "poster", "srcset" };
  guint n_remote = 0;

  for (const char *at = html; *at != '\0'; at++)
    {
      if ((*at == 'u' || *at == 'U') && g_ascii_strncasecmp (at, "url(", 4) == 0)
        {
          n_remote += is_remote (skip_blanks_and_quotes (at + 4));
          at += 3;
          continue;
        }
      if (!g_ascii_isspace (*at) && *at != '"' && *at != '\'')
        continue;
      for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
        {
          gsize length = strlen (attributes[i]);
          const char *after = NULL;

          if (g_ascii_strncasecmp (at + 1, attributes[i], length) != 0)
            continue;
          after = at + 1 + length;
          while (g_ascii_isspace (*after))
            after++;
          if (*after == '=')
            n_remote += is_remote (skip_blanks_and_quotes (after + 1));
          break;
        }
    }
  return n_remote;
}
