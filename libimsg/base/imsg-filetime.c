/* imsg-filetime.c - FILETIME: 100 ns ticks since 1601-01-01 UTC
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-filetime-private.h"

#define SECONDS_1601_TO_1970 G_GINT64_CONSTANT (11644473600)
/* 9999-12-31 23:59:59, the last second a GDateTime can be */
#define LAST_SECOND G_GINT64_CONSTANT (253402300799)

guint64
_imsg_filetime_now (void)
{
  return ((guint64) g_get_real_time () + (guint64) SECONDS_1601_TO_1970 * G_USEC_PER_SEC) * 10;
}

/* 0, Outlook's "none" and the largest value all stand for "not set". */
gboolean
_imsg_filetime_is_set (guint64 ticks)
{
  return ticks != 0 && ticks != IMSG_FILETIME_NONE && ticks < G_MAXINT64;
}

/* NULL for a time outside the years 1 to 9999; below the microsecond digits are dropped. */
GDateTime *
_imsg_filetime_to_date_time (guint64 ticks)
{
  gint64 seconds = (gint64) (ticks / IMSG_TICKS_PER_SECOND) - SECONDS_1601_TO_1970;
  gint64 microseconds = (gint64) (ticks % IMSG_TICKS_PER_SECOND) / 10;
  g_autoptr(GDateTime) whole = NULL;

  if (seconds > LAST_SECOND)
    return NULL;
  whole = g_date_time_new_from_unix_utc (seconds);
  return whole != NULL ? g_date_time_add (whole, microseconds) : NULL;
}

/* FALSE for a time before 1601. */
gboolean
_imsg_filetime_from_date_time (GDateTime *date_time,
                               guint64   *ticks)
{
  gint64 seconds = g_date_time_to_unix (date_time) + SECONDS_1601_TO_1970;

  if (seconds < 0)
    return FALSE;
  *ticks = (guint64) seconds * IMSG_TICKS_PER_SECOND +
           (guint64) g_date_time_get_microsecond (date_time) * 10;
  return TRUE;
}

/* UTC with a Z, and a fraction of seven digits where it is not zero. */
char *
_imsg_filetime_to_rfc3339 (guint64 ticks)
{
  g_autoptr(GDateTime) date_time = _imsg_filetime_to_date_time (ticks);
  g_autofree char *seconds = NULL;
  guint fraction = (guint) (ticks % IMSG_TICKS_PER_SECOND);

  if (date_time == NULL)
    return NULL;
  seconds = g_date_time_format (date_time, "%Y-%m-%dT%H:%M:%S");
  if (fraction == 0)
    return g_strconcat (seconds, "Z", NULL);
  return g_strdup_printf ("%s.%07uZ", seconds, fraction);
}
