/* imsg-mime-date.c - dates as mailers write them into headers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gmime/gmime.h>
#include <stdlib.h>
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

static gboolean
is_meridian (const char *text)
{
  return (g_ascii_toupper (text[0]) == 'A' || g_ascii_toupper (text[0]) == 'P') &&
         g_ascii_toupper (text[1]) == 'M' && !g_ascii_isalnum (text[2]);
}

/* Hours that "10:00 PM" is later than it says, or "12:00 AM" earlier. */
static int
count_hours_off (const char *text)
{
  const char *colon = strchr (text, ':');
  const char *behind = colon != NULL ? colon + 1 + strspn (colon + 1, "0123456789: ") : NULL;
  guint64 hour;

  if (colon == NULL || colon - text < 2 || !is_meridian (behind))
    return 0;
  hour = g_ascii_strtoull (g_ascii_isdigit (colon[-2]) ? colon - 2 : colon - 1, NULL, 10);
  if (g_ascii_toupper (behind[0]) == 'P')
    return hour < 12 ? 12 : 0;
  return hour == 12 ? -12 : 0;
}

/* Where the zone is told behind a time, or would be: behind "PM", and the year of asctime(). */
static const char *
find_zone (const char *text)
{
  const char *colon = strchr (text, ':');
  const char *zone = colon != NULL ? colon + 1 + strspn (colon + 1, "0123456789:") : NULL;

  while (zone != NULL && *zone != '\0')
    if (g_ascii_isspace (*zone))
      zone++;
    else if (is_meridian (zone))
      zone += 2;
    else if (strspn (zone, "0123456789") == 4)
      zone += 4;
    else
      break;
  return zone;
}

/* "+0100", "+01:00", "+1" or "+100"; NULL when it is none, else what follows. */
static const char *
read_offset (const char *text,
             int        *minutes)
{
  gsize n_digits = *text == '+' || *text == '-' ? strspn (text + 1, "0123456789") : 0;
  const char *end = text + 1 + n_digits;
  int number;

  if (n_digits == 0 || n_digits > 4)
    return NULL;
  number = atoi (text + 1);
  if (n_digits <= 2)
    number *= 100;
  if (n_digits <= 2 && *end == ':' && strspn (end + 1, "0123456789") == 2)
    {
      number += atoi (end + 1);
      end += 3;
    }
  *minutes = number / 100 * 60 + number % 100;
  return end;
}

/* RFC 5322 4.3 has names for the zones of North America alone, and takes any other for UTC: a time
 * that is hours off. Of a name with several meanings this is the one of most of the world's
 * e-mail. */
static const char *
read_name (const char *text,
           int        *minutes)
{
  static const struct
  {
    const char *name;
    int         minutes;
  } zones[] = {
    { "HST", -600 }, { "AKST", -540 }, { "AKDT", -480 }, { "AST", -240 }, { "NST", -210 },
    { "ADT", -180 }, { "NDT", -150 },  { "BST", 60 },    { "CET", 60 },   { "MET", 60 },
    { "MEZ", 60 },   { "WEST", 60 },   { "CEST", 120 },  { "EET", 120 },  { "MEST", 120 },
    { "MESZ", 120 }, { "SAST", 120 },  { "EEST", 180 },  { "MSK", 180 },  { "MSD", 240 },
    { "IST", 330 },  { "AWST", 480 },  { "HKT", 480 },   { "SGT", 480 },  { "JST", 540 },
    { "KST", 540 },  { "ACST", 570 },  { "AEST", 600 },  { "ACDT", 630 }, { "AEDT", 660 },
    { "NZST", 720 }, { "NZDT", 780 },
  };
  gsize n_quotes = *text == '"' ? 1 : 0;

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      gsize length = strlen (zones[i].name);
      const char *end = text + n_quotes + length;

      if (strncmp (text + n_quotes, zones[i].name, length) == 0 && !g_ascii_isalnum (*end))
        {
          *minutes = zones[i].minutes;
          return end + (n_quotes > 0 && *end == '"' ? 1 : 0);
        }
    }
  return NULL;
}

/* The zone as RFC 5322 has it; where a name and an offset are told, as in "GMT+01:00" and
 * "CET +0100", the offset counts. */
static char *
mend_zone (char *text)
{
  const char *zone = find_zone (text);
  const char *name_end = zone;
  const char *rest = NULL;
  char sign;
  int minutes = 0;

  if (zone == NULL)
    return text;
  while (g_ascii_isalpha (*name_end))
    name_end++;
  while (g_ascii_isspace (*name_end))
    name_end++;
  rest = read_offset (name_end, &minutes);
  sign = rest != NULL ? *name_end : '+';
  if (rest == NULL)
    {
      rest = read_name (zone, &minutes);
      sign = minutes < 0 ? '-' : '+';
      minutes = ABS (minutes);
    }
  if (rest != NULL)
    {
      char *mended = g_strdup_printf ("%.*s %c%02d%02d%s", (int) (zone - text), text, sign,
                                      minutes / 60, minutes % 60, rest);

      g_free (text);
      text = mended;
    }
  return text;
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
  mended = mend_zone (mended);
  n_hours = count_hours_off (mended);
  is_leap_second = mend_leap_second (mended);
  date = g_mime_utils_header_decode_date (mended);
  if (date == NULL || (n_hours == 0 && !is_leap_second))
    return g_steal_pointer (&date);
  return g_date_time_add_full (date, 0, 0, 0, n_hours, 0, is_leap_second);
}
