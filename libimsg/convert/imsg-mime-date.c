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

/* "10:00:00.123": parts of a second are no part of RFC 5322. */
static void
drop_fraction (char *text)
{
  char *first = strchr (text, ':');
  char *second = first != NULL ? strchr (first + 1, ':') : NULL;
  gsize n_digits = second != NULL ? strspn (second + 1, "0123456789") : 0;
  char *fraction = n_digits == 2 ? second + 3 : NULL;

  if (fraction != NULL && (*fraction == '.' || *fraction == ',') && g_ascii_isdigit (fraction[1]))
    memset (fraction, ' ', 1 + strspn (fraction + 1, "0123456789"));
}

/* "+01:00" behind a time */
static void
join_offset (char *text)
{
  char *colon = strrchr (text, ':');

  if (colon == NULL || colon - text < 4 || strchr ("+-", colon[-3]) == NULL ||
      !g_ascii_isspace (colon[-4]) || !g_ascii_isdigit (colon[-2]) ||
      !g_ascii_isdigit (colon[-1]) || !g_ascii_isdigit (colon[1]) || !g_ascii_isdigit (colon[2]) ||
      g_ascii_isdigit (colon[3]))
    return;
  colon[0] = colon[1];
  colon[1] = colon[2];
  colon[2] = ' ';
}

/* Hours that "10:00 PM" is later than it says, or "12:00 AM" earlier. */
static int
count_hours_off (const char *text)
{
  const char *colon = strchr (text, ':');
  const char *behind = colon != NULL ? colon + 1 + strspn (colon + 1, "0123456789: ") : NULL;
  guint64 hour;

  if (colon == NULL || colon - text < 2 || (g_ascii_toupper (behind[0]) != 'A' &&
                                            g_ascii_toupper (behind[0]) != 'P') ||
      g_ascii_toupper (behind[1]) != 'M' || g_ascii_isalnum (behind[2]))
    return 0;
  hour = g_ascii_strtoull (g_ascii_isdigit (colon[-2]) ? colon - 2 : colon - 1, NULL, 10);
  if (g_ascii_toupper (behind[0]) == 'P')
    return hour < 12 ? 12 : 0;
  return hour == 12 ? -12 : 0;
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
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *mended = NULL;
  g_autoptr(GDateTime) date = NULL;
  gboolean is_leap_second;
  int n_hours;

  if (text == NULL || strlen (text) > MAX_DATE_BYTES)
    return NULL;
  mended = g_strstrip (g_strdup (text));
  if (strlen (mended) > 10 && g_ascii_isdigit (mended[0]) && mended[10] == 'T')
    return g_date_time_new_from_iso8601 (mended, utc);
  if (strchr (mended, ':') == NULL)
    mend_time (mended);
  drop_fraction (mended);
  join_offset (mended);
  mend_zone (mended);
  n_hours = count_hours_off (mended);
  is_leap_second = mend_leap_second (mended);
  date = g_mime_utils_header_decode_date (mended);
  if (date == NULL || (n_hours == 0 && !is_leap_second))
    return g_steal_pointer (&date);
  return g_date_time_add_full (date, 0, 0, 0, n_hours, 0, is_leap_second);
}
