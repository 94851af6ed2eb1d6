/* inspector-value-time.c - times as an editor shows them, and back
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-value.h"

#include <glib/gi18n.h>
#include <string.h>

#define TICKS_PER_SECOND G_GUINT64_CONSTANT (10000000)
/* Seconds from 1601-01-01 to 1970-01-01 */
#define UNIX_EPOCH_SECONDS G_GINT64_CONSTANT (11644473600)
/* The last second GDateTime can hold is in the year 9999 */
#define MAX_TIME_SECONDS G_GINT64_CONSTANT (253402300799)

static gboolean
fail (GError     **error,
      const char  *message)
{
  g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE, message);
  return FALSE;
}

/* The fraction of a second in ticks; text is behind the point, end behind its digits */
static gboolean
parse_fraction (const char  *text,
                guint64     *ticks,
                const char **end)
{
  guint n_digits = 0;

  *ticks = 0;
  for (; g_ascii_isdigit (*text); text++)
    {
      if (++n_digits > 7)
        return FALSE;
      *ticks = *ticks * 10 + (*text - '0');
    }
  *end = text;
  for (guint i = n_digits; i < 7; i++)
    *ticks *= 10;
  return n_digits > 0;
}

/* "2026-01-31 12:34:56.1234567 +02:00", or ticks as a number. Without a zone it is UTC. */
gboolean
inspector_value_parse_time (const char  *text,
                            guint64     *ticks,
                            GError     **error)
{
  const char *message = _("Type a date and time, such as 2026-01-31 12:30:00 or "
                          "2026-01-31 12:30:00 +02:00.");
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autofree char *seconds_text = NULL;
  g_autofree char *iso = NULL;
  g_autoptr(GDateTime) time = NULL;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  const char *rest = NULL;
  const char *point = NULL;
  guint64 fraction = 0;
  gint64 seconds;

  if (g_ascii_strncasecmp (stripped, "0x", 2) == 0)
    return g_ascii_string_to_unsigned (stripped + 2, 16, 0, G_MAXUINT64, ticks, NULL) ||
           fail (error, message);
  if (g_ascii_string_to_unsigned (stripped, 10, 0, G_MAXUINT64, ticks, NULL))
    return TRUE;

  if (strlen (stripped) == 10)
    seconds_text = g_strconcat (stripped, "T00:00:00", NULL);
  else if (strlen (stripped) == 16)
    seconds_text = g_strconcat (stripped, ":00", NULL);
  else
    seconds_text = g_strdup (stripped);
  if (strlen (seconds_text) < 19)
    return fail (error, message);
  if (seconds_text[10] == ' ')
    seconds_text[10] = 'T';

  point = seconds_text + 19;
  rest = point;
  if (*point == '.' && !parse_fraction (point + 1, &fraction, &rest))
    return fail (error, message);
  while (*rest == ' ')
    rest++;
  if (g_str_equal (rest, "UTC"))
    rest = "Z";

  iso = g_strdup_printf ("%.19s%s", seconds_text, rest);
  time = g_date_time_new_from_iso8601 (iso, utc);
  if (time == NULL)
    return fail (error, message);

  seconds = g_date_time_to_unix (time) + UNIX_EPOCH_SECONDS;
  if (seconds < 0)
    return fail (error, _("Times before the year 1601 cannot be stored."));
  *ticks = (guint64) seconds * TICKS_PER_SECOND + fraction;
  return TRUE;
}

/* NULL when the time is beyond the calendar */
GDateTime *
inspector_value_ticks_to_time (guint64 ticks)
{
  gint64 seconds = (gint64) (ticks / TICKS_PER_SECOND) - UNIX_EPOCH_SECONDS;

  if (seconds > MAX_TIME_SECONDS)
    return NULL;
  return g_date_time_new_from_unix_utc (seconds);
}

/* All the precision there is; what lies beyond the calendar comes as ticks */
char *
inspector_value_format_time (guint64  ticks,
                             gboolean local)
{
  g_autoptr(GDateTime) utc = inspector_value_ticks_to_time (ticks);
  g_autoptr(GDateTime) time = NULL;
  g_autofree char *date = NULL;
  guint64 fraction = ticks % TICKS_PER_SECOND;

  if (utc == NULL)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, ticks);

  time = local ? g_date_time_to_local (utc) : g_date_time_ref (utc);
  date = g_date_time_format (time, "%Y-%m-%d %H:%M:%S");
  if (fraction != 0)
    {
      g_autofree char *digits = g_strdup_printf ("%07" G_GUINT64_FORMAT, fraction);
      g_autofree char *whole = g_steal_pointer (&date);

      for (char *end = digits + 6; end > digits && *end == '0'; end--)
        *end = '\0';
      date = g_strdup_printf ("%s.%s", whole, digits);
    }

  if (local)
    {
      g_autofree char *zone = g_date_time_format (time, "%:z");

      return g_strdup_printf ("%s %s", date, zone);
    }
  return g_strdup_printf ("%s Z", date);
}

guint64
inspector_value_get_now (void)
{
  gint64 seconds = g_get_real_time () / G_USEC_PER_SEC;

  return (guint64) (seconds + UNIX_EPOCH_SECONDS) * TICKS_PER_SECOND;
}

/* The same time of day, to the tick, on another day; both in the local zone or both in UTC */
guint64
inspector_value_move_to_day (guint64    ticks,
                             GDateTime *day,
                             gboolean   local)
{
  g_autoptr(GDateTime) utc = inspector_value_ticks_to_time (ticks);
  g_autoptr(GTimeZone) zone = local ? g_time_zone_new_local () : g_time_zone_new_utc ();
  g_autoptr(GDateTime) time = NULL;
  g_autoptr(GDateTime) moved = NULL;
  gint64 seconds;

  if (utc == NULL)
    utc = g_date_time_new_from_unix_utc (0);
  time = g_date_time_to_timezone (utc, zone);
  moved = g_date_time_new (zone, g_date_time_get_year (day), g_date_time_get_month (day),
                           g_date_time_get_day_of_month (day), g_date_time_get_hour (time),
                           g_date_time_get_minute (time), g_date_time_get_second (time));
  if (moved == NULL)
    return ticks;
  seconds = g_date_time_to_unix (moved) + UNIX_EPOCH_SECONDS;
  if (seconds < 0)
    return ticks;
  return (guint64) seconds * TICKS_PER_SECOND + ticks % TICKS_PER_SECOND;
}
