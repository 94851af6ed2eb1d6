/* imsg-icalendar-import-time.c - the times and zones that a calendar names
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-icalendar-import-private.h"

#include <glib/gi18n-lib.h>

/* 1601 and 4500, in seconds since 1970: what a message can hold */
#define FIRST_SECOND G_GINT64_CONSTANT (-11644473600)
#define LAST_SECOND G_GINT64_CONSTANT (79839129600)

#define SECONDS_PER_DAY 86400

/* libical writes the changes of a zone out up to the year 2035. */
#define LAST_PROBED_YEAR 2029
#define FIRST_PROBED_YEAR 1970

void
_imsg_calendar_zone_free (gpointer data)
{
  IMsgCalendarZone *zone = data;

  g_clear_pointer (&zone->rule, _imsg_time_zone_free);
  g_clear_pointer (&zone->glib, g_time_zone_unref);
  g_free (zone);
}

void
_imsg_calendar_time_clear (IMsgCalendarTime *time)
{
  g_clear_pointer (&time->utc, g_date_time_unref);
}

static int
get_defined_offset (gint64   seconds,
                    gpointer user_data)
{
  struct icaltimetype time =
    icaltime_from_timet_with_zone ((time_t) seconds, 0, icaltimezone_get_utc_timezone ());

  return icaltimezone_get_utc_offset_of_utc_time (user_data, &time, NULL);
}

/* The definition of the calendar holds; one that is only named has to be known. */
static IMsgCalendarZone *
find_zone (IMsgCalendarImport *import,
           const char         *id,
           int                 year)
{
  IMsgCalendarZone *zone = g_hash_table_lookup (import->zones, id);
  icaltimezone *defined;
  IMsgTimeZone *rule;

  if (zone != NULL)
    return zone;
  defined = icalcomponent_get_timezone (import->calendar, id);
  if (defined != NULL)
    {
      const char *name;

      rule = _imsg_time_zone_new_probed (get_defined_offset, defined,
                                         CLAMP (year, FIRST_PROBED_YEAR, LAST_PROBED_YEAR));
      name = _imsg_time_zone_find_name (rule, id);
      rule->name = g_strdup (name != NULL ? name : id);
    }
  else
    rule = _imsg_time_zone_new_known (id);
  if (rule == NULL)
    return NULL;
  zone = g_new0 (IMsgCalendarZone, 1);
  zone->defined = defined;
  zone->rule = rule;
  zone->glib = _imsg_time_zone_to_glib (rule);
  g_hash_table_insert (import->zones, g_strdup (id), zone);
  return zone;
}

/* A time of no zone is one of wherever the reader is; many calendars say where that is. */
static const char *
find_calendar_zone (IMsgCalendarImport *import)
{
  return _imsg_calendar_import_find_x (import->calendar, "X-WR-TIMEZONE");
}

static GDateTime *
to_utc (const IMsgCalendarZone *zone,
        struct icaltimetype     value)
{
  gint64 seconds;

  if (zone != NULL && zone->defined == NULL)
    {
      g_autoptr(GDateTime) local =
        g_date_time_new (zone->glib, value.year, value.month, value.day, value.hour, value.minute,
                         MIN (value.second, 59));

      if (local == NULL)
        return NULL;
      seconds = g_date_time_to_unix (local);
    }
  else
    seconds = icaltime_as_timet_with_zone (value, zone != NULL
                                                    ? (icaltimezone *) zone->defined
                                                    : icaltimezone_get_utc_timezone ());
  return seconds >= FIRST_SECOND && seconds < LAST_SECOND ? g_date_time_new_from_unix_utc (seconds)
                                                          : NULL;
}

static const char *
get_tzid (icalproperty *property)
{
  icalparameter *parameter = icalproperty_get_first_parameter (property, ICAL_TZID_PARAMETER);

  return parameter != NULL ? icalparameter_get_tzid (parameter) : NULL;
}

static struct icaltimetype
get_time_value (icalproperty *property)
{
  icalvalue *value = icalproperty_get_value (property);

  if (value == NULL)
    return icaltime_null_time ();
  switch ((int) icalvalue_isa (value))
    {
    case ICAL_DATE_VALUE:
      return icalvalue_get_date (value);
    case ICAL_DATETIME_VALUE:
      return icalvalue_get_datetime (value);
    default:
      return icaltime_null_time ();
    }
}

gboolean
_imsg_calendar_import_read_time (IMsgCalendarImport *import,
                                 icalproperty       *property,
                                 IMsgCalendarTime   *time)
{
  struct icaltimetype value;
  const char *where;
  const char *id;
  const IMsgCalendarZone *zone = NULL;
  g_autoptr(GDateTime) clock = NULL;

  memset (time, 0, sizeof *time);
  if (property == NULL)
    return FALSE;
  value = get_time_value (property);
  where = icalproperty_get_property_name (property);
  if (icaltime_is_null_time (value) || !icaltime_is_valid_time (value) || value.month < 1 ||
      value.month > 12 || value.day < 1 || value.day > 31)
    {
      _imsg_calendar_import_add_loss (import, where, _("The time is none"));
      return FALSE;
    }
  time->is_date = value.is_date;
  id = get_tzid (property);
  if (!icaltime_is_utc (value))
    {
      const char *used = id != NULL ? id : find_calendar_zone (import);

      zone = used != NULL ? find_zone (import, used, value.year) : NULL;
      if (zone == NULL && used != NULL)
        _imsg_calendar_import_add_loss (import, where,
                                        _("The zone “%s” is not known; UTC is used"), used);
      else if (zone == NULL && !value.is_date)
        _imsg_calendar_import_add_loss (import, where,
                                        _("The time has no zone, as a message must; UTC is used"));
    }
  if (value.is_date)
    value.hour = value.minute = value.second = 0;
  value.is_date = 0;
  value.zone = NULL;
  time->utc = to_utc (zone, value);
  time->zone = zone != NULL ? zone->rule : NULL;
  time->glib = zone != NULL ? zone->glib : NULL;
  clock = g_date_time_new_utc (value.year, value.month, value.day, value.hour, value.minute, 0);
  if (time->utc == NULL || clock == NULL || g_date_time_to_unix (clock) < FIRST_SECOND ||
      g_date_time_to_unix (clock) >= LAST_SECOND)
    {
      _imsg_calendar_import_add_loss (import, where, _("The time is out of reach"));
      _imsg_calendar_time_clear (time);
      return FALSE;
    }
  time->minutes = (guint32) ((g_date_time_to_unix (clock) - FIRST_SECOND) / 60);
  return TRUE;
}

/* So much later; the clocks of the zone may have changed meanwhile, but by no more than an hour. */
static gboolean
add_seconds (const IMsgCalendarTime *start,
             gint64                  seconds,
             IMsgCalendarTime       *end)
{
  *end = *start;
  end->utc = seconds >= 0 && seconds < LAST_SECOND ? g_date_time_add_seconds (start->utc, seconds)
                                                   : NULL;
  if (end->utc == NULL || g_date_time_to_unix (end->utc) >= LAST_SECOND)
    {
      g_clear_pointer (&end->utc, g_date_time_unref);
      return FALSE;
    }
  end->minutes += (guint32) (seconds / 60);
  return TRUE;
}

gboolean
_imsg_calendar_import_read_span (IMsgCalendarImport *import,
                                 icalcomponent      *component,
                                 IMsgCalendarTime   *start,
                                 IMsgCalendarTime   *end)
{
  icalproperty *first = icalcomponent_get_first_property (component, ICAL_DTSTART_PROPERTY);
  icalproperty *last = icalcomponent_get_first_property (component, ICAL_DTEND_PROPERTY);
  icalproperty *length = icalcomponent_get_first_property (component, ICAL_DURATION_PROPERTY);

  memset (end, 0, sizeof *end);
  if (!_imsg_calendar_import_read_time (import, first, start))
    return FALSE;
  if (last != NULL && _imsg_calendar_import_read_time (import, last, end) &&
      g_date_time_compare (end->utc, start->utc) >= 0)
    return TRUE;
  _imsg_calendar_time_clear (end);
  if (last == NULL && length != NULL)
    {
      struct icaldurationtype duration = icalproperty_get_duration (length);
      gint64 seconds = (gint64) duration.weeks * 7 * SECONDS_PER_DAY +
                       (gint64) duration.days * SECONDS_PER_DAY + (gint64) duration.hours * 3600 +
                       (gint64) duration.minutes * 60 + duration.seconds;

      if (!duration.is_neg && add_seconds (start, seconds, end))
        return TRUE;
    }
  if (last != NULL || length != NULL)
    _imsg_calendar_import_add_loss (import, last != NULL ? "DTEND" : "DURATION",
                                    _("The end lies before the start, or out of reach"));
  if (start->is_date && add_seconds (start, SECONDS_PER_DAY, end))
    return TRUE;
  *end = *start;
  g_date_time_ref (end->utc);
  return TRUE;
}
