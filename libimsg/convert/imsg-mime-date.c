/* imsg-mime-date.c - dates as mailers write them into headers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "imsg-mime-date-private.h"

/* Longer ones are none; a comment may stand behind a date. */
#define MAX_DATE_BYTES 1000

/* "10.00.00", as some write a time: colons in place of the dots. */
static void
mend_time (char *text)
{
  for (char *c = text; *c != '\0'; c += MAX (strspn (c, "0123456789."), 1))
    if (strspn (c, "0123456789.") == 8 && c[2] == '.' && c[5] == '.' &&
        (c == text || c[-1] == ' '))
      c[2] = c[5] = ':';
}

/* "GMT+0100": what counts is the offset. */
static void
mend_zone (char *text)
{
  static const char *const zones[] = { "GMT", "UTC" };

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      char *zone = strstr (text, zones[i]);

      if (zone != NULL && (zone[3] == '+' || zone[3] == '-') && g_ascii_isdigit (zone[4]))
        memset (zone, ' ', 3);
    }
}

/* A day may end in a 61st second, which no time here can be: it is the one behind. */
static gboolean
mend_leap_second (char *text)
{
  char *first = strchr (text, ':');
  char *second = first != NULL ? strchr (first + 1, ':') : NULL;

  if (second == NULL || strncmp (second, ":60", 3) != 0 || g_ascii_isdigit (second[3]))
    return FALSE;
  memcpy (second, ":59", 3);
  return TRUE;
}

GDateTime *
_imsg_mime_decode_date (const char *text)
{
  g_autofree char *mended = NULL;
  g_autoptr(GDateTime) date = NULL;
  gboolean is_leap_second;

  if (text == NULL || strlen (text) > MAX_DATE_BYTES)
    return NULL;
  mended = g_strdup (text);
  if (strchr (mended, ':') == NULL)
    mend_time (mended);
  mend_zone (mended);
  is_leap_second = mend_leap_second (mended);
  date = g_mime_utils_header_decode_date (mended);
  return date != NULL && is_leap_second ? g_date_time_add_seconds (date, 1)
                                        : g_steal_pointer (&date);
}
