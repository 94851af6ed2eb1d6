/* imsg-icalendar-import-time.c - the times and zones that a calendar names
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-icalendar-import-private.h"

#include <glib/gi18n-lib.h>

#define SECONDS_PER_DAY 86400

/* libical writes the changes of a zone out up to the year 2035. */
#define LAST_PROBED_YEAR 2029
#define FIRST_PROBED_YEAR 1970

/* Two changes, each on another day of its week */
#define MAX_ODD_DAYS 14

static void
rule_free (gpointer data)
{
  if (data != NULL)
    _imsg_time_zone_free (data);
}

void
_imsg_calendar_zone_free (gpointer data)
{
  IMsgCalendarZone *zone = data;

  g_clear_pointer (&zone->clocks, g_time_zone_unref);
  g_clear_pointer (&zone->known, _imsg_time_zone_free);
  g_ptr_array_unref (zone->rules);
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
static const IMsgCalendarZone *
find_zone (IMsgCalendarImport *import,
           const char         *id)
{
  IMsgCalendarZone *zone = g_hash_table_lookup (import->zones, id);
  icaltimezone *defined;
  g_autoptr(IMsgTimeZone) known = NULL;

  if (zone != NULL)
    return zone;
  defined = icalcomponent_get_timezone (import->calendar, id);
  if (defined == NULL)
    known = _imsg_time_zone_new_known (id);
  if (defined == NULL && known == NULL)
    return NULL;
  zone = g_new0 (IMsgCalendarZone, 1);
  zone->defined = defined;
  zone->rules = g_ptr_array_new_with_free_func (rule_free);
  if (known != NULL)
    {
      zone->clocks = _imsg_time_zone_new_clocks (id);
      if (zone->clocks == NULL)
        zone->clocks = _imsg_time_zone_to_glib (known);
      zone->known = g_steal_pointer (&known);
    }
  g_hash_table_insert (import->zones, g_strdup (id), zone);
  return zone;
}

/* Whether the clocks of a year go by a rule, as far as one can be given: where the law says "the Friday
 * before the last Sunday" none is right in all years, and the known one is better than a guess. */
static gboolean
goes_by (const IMsgTimeZone *rule,
         GTimeZone          *clocks,
         int                 year)
{
  g_autoptr(GTimeZone) own = _imsg_time_zone_to_glib (rule);
  g_autoptr(GDateTime) noon = g_date_time_new_utc (year, 1, 1, 12, 0, 0);
  gint64 seconds = g_date_time_to_unix (noon);
  guint n_odd_days = 0;

  for (guint day = 0; day < 365 && n_odd_days <= MAX_ODD_DAYS; day++, seconds += SECONDS_PER_DAY)
    n_odd_days += _imsg_time_zone_get_glib_offset (seconds, own) !=
                  _imsg_time_zone_get_glib_offset (seconds, clocks);
  return n_odd_days <= MAX_ODD_DAYS;
}

static IMsgTimeZone *
new_rule (const IMsgCalendarZone *zone,
          int                     year)
{
  IMsgTimeZone *rule;
  const char *id, *name;

  if (zone->defined == NULL)
    {
      if (goes_by (zone->known, zone->clocks, year))
        return _imsg_time_zone_copy (zone->known);
      rule = _imsg_time_zone_new_probed (_imsg_time_zone_get_glib_offset, zone->clocks, year);
      rule->name = g_strdup (zone->known->name);
      return rule;
    }
  id = icaltimezone_get_tzid (zone->defined);
  rule = _imsg_time_zone_new_probed (get_defined_offset, zone->defined, year);
  name = _imsg_time_zone_find_name (rule, id);
  rule->name = g_strdup (name != NULL ? name : id);
  return rule;
}

/* There may be a rule for each time that lawmakers had another idea. */
static const IMsgTimeZone *
get_rule (const IMsgCalendarZone *zone,
          int                     year)
{
  guint index = (guint) (CLAMP (year, FIRST_PROBED_YEAR, LAST_PROBED_YEAR) - FIRST_PROBED_YEAR);
  IMsgTimeZone *rule;

  if (zone->rules->len <= index)
    g_ptr_array_set_size (zone->rules, LAST_PROBED_YEAR - FIRST_PROBED_YEAR + 1);
  rule = g_ptr_array_index (zone->rules, index);
  if (rule == NULL)
    {
      rule = new_rule (zone, FIRST_PROBED_YEAR + (int) index);
      zone->rules->pdata[index] = rule;
    }
  return rule;
}

gboolean
_imsg_calendar_time_take_rule (IMsgCalendarTime *time,
                               int               year)
{
  const IMsgTimeZone *rule = time->named != NULL ? get_rule (time->named, year) : NULL;
  g_autoptr(GTimeZone) clocks = NULL;
  g_autoptr(GDateTime) local = NULL;

  if (rule == NULL || _imsg_time_zone_is_same_rule (rule, time->zone))
    return FALSE;
  time->zone = rule;
  clocks = _imsg_time_zone_to_glib (rule);
  local = _imsg_recurrence_to_date (time->minutes, clocks);
  if (local != NULL)
    {
      g_date_time_unref (time->utc);
      time->utc = g_date_time_to_utc (local);
    }
  return TRUE;
}

static gint64
get_offset (const IMsgCalendarZone *zone,
            gint64                  seconds)
{
  if (zone == NULL)
    return 0;
  return zone->defined != NULL ? get_defined_offset (seconds, zone->defined)
                               : _imsg_time_zone_get_glib_offset (seconds, zone->clocks);
}

/* A time that the clocks leave out is told by those before (RFC 5545 3.3.5). */
static GDateTime *
to_utc (const IMsgCalendarZone *zone,
        struct icaltimetype     value)
{
  gint64 clock = icaltime_as_timet_with_zone (value, icaltimezone_get_utc_timezone ());
  gint64 seconds = clock;

  if (zone != NULL && zone->defined == NULL)
    {
      g_autoptr(GDateTime) local =
        g_date_time_new (zone->clocks, value.year, value.month, value.day, value.hour,
                         value.minute, MIN (value.second, 59));

      if (local == NULL)
        return NULL;
      seconds = g_date_time_to_unix (local);
    }
  else if (zone != NULL)
    seconds = icaltime_as_timet_with_zone (value, zone->defined);
  if (seconds < IMSG_FIRST_SECOND || seconds >= IMSG_LAST_SECOND)
    return NULL;
  if (seconds + get_offset (zone, seconds) != clock)
    seconds = clock - get_offset (zone, seconds - 1);
  return g_date_time_new_from_unix_utc (seconds);
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
_imsg_calendar_read_clock (struct icaltimetype  value,
                           guint32             *minutes)
{
  g_autoptr(GDateTime) clock =
    g_date_time_new_utc (value.year, value.month, value.day, value.hour, value.minute, 0);
  gint64 seconds = clock != NULL ? g_date_time_to_unix (clock) : IMSG_LAST_SECOND;

  if (seconds < IMSG_FIRST_SECOND || seconds >= IMSG_LAST_SECOND)
    return FALSE;
  *minutes = (guint32) ((seconds - IMSG_FIRST_SECOND) / 60);
  return TRUE;
}

gboolean
_imsg_calendar_time_get_minutes_in (IMsgCalendarImport     *import,
                                    const char             *where,
                                    const IMsgCalendarTime *time,
                                    const IMsgCalendarTime *series,
                                    guint32                *minutes)
{
  gint64 seconds, n_minutes;

  *minutes = time->minutes;
  if (time->is_date || time->named == series->named)
    return TRUE;
  seconds = g_date_time_to_unix (time->utc);
  n_minutes = (seconds + get_offset (series->named, seconds) - IMSG_FIRST_SECOND) / 60;
  if (n_minutes < 0 || n_minutes > G_MAXUINT32)
    {
      _imsg_calendar_import_add_loss (import, where, _("The time is out of reach"));
      return FALSE;
    }
  *minutes = (guint32) n_minutes;
  return TRUE;
}

gboolean
_imsg_calendar_import_read_time (IMsgCalendarImport *import,
                                 icalproperty       *property,
                                 IMsgCalendarTime   *time)
{
  struct icaltimetype value;
  const char *where;
  const char *id;

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
      const char *used = id != NULL ? id : import->own_zone;

      if (used == NULL && value.is_date)
        used = import->only_zone;
      time->named = used != NULL ? find_zone (import, used) : NULL;
      if (time->named == NULL && used != NULL)
        _imsg_calendar_import_add_loss (import, where,
                                        _("The zone “%s” is not known; UTC is used"), used);
      else if (time->named == NULL && !value.is_date)
        _imsg_calendar_import_add_loss (import, where,
                                        _("The time has no zone, as a message must; UTC is used"));
    }
  if (value.is_date)
    value.hour = value.minute = value.second = 0;
  value.is_date = 0;
  value.zone = NULL;
  if (time->named != NULL)
    time->zone = get_rule (time->named, value.year);
  time->utc = to_utc (time->named, value);
  if (time->utc == NULL || !_imsg_calendar_read_clock (value, &time->minutes))
    {
      _imsg_calendar_import_add_loss (import, where, _("The time is out of reach"));
      _imsg_calendar_time_clear (time);
      return FALSE;
    }
  return TRUE;
}

gboolean
_imsg_calendar_import_read_x_time (IMsgCalendarImport *import,
                                   icalcomponent      *component,
                                   const char         *name,
                                   IMsgCalendarTime   *time)
{
  icalproperty *x = _imsg_calendar_import_find_x_property (component, name);
  const char *text = x != NULL ? icalproperty_get_x (x) : NULL;
  const char *id = x != NULL ? get_tzid (x) : NULL;
  struct icaltimetype value = text != NULL ? icaltime_from_string (text) : icaltime_null_time ();
  icalproperty *property;
  gboolean is_read;

  memset (time, 0, sizeof *time);
  if (icaltime_is_null_time (value))
    return FALSE;
  property = icalproperty_new_dtstart (value);
  if (id != NULL)
    icalproperty_add_parameter (property, icalparameter_new_tzid (id));
  is_read = _imsg_calendar_import_read_time (import, property, time);
  icalproperty_free (property);
  return is_read;
}

/* Days go by the clock, whatever it does meanwhile; hours and what is less go by (RFC 5545 3.3.6). */
static gboolean
add_duration (const IMsgCalendarTime *start,
              gint64                  days,
              gint64                  seconds,
              IMsgCalendarTime       *end)
{
  gint64 clock = IMSG_FIRST_SECOND + (gint64) start->minutes * 60 + days * SECONDS_PER_DAY;
  gint64 utc;

  *end = *start;
  end->utc = NULL;
  if (days < 0 || days > G_MAXUINT16 * 366 || seconds < 0 || clock >= IMSG_LAST_SECOND)
    return FALSE;
  if (days > 0)
    end->utc = to_utc (start->named,
                       icaltime_from_timet_with_zone ((time_t) clock, 0,
                                                      icaltimezone_get_utc_timezone ()));
  else
    end->utc = g_date_time_ref (start->utc);
  if (end->utc == NULL)
    return FALSE;
  utc = g_date_time_to_unix (end->utc) + seconds;
  g_clear_pointer (&end->utc, g_date_time_unref);
  if (seconds >= IMSG_LAST_SECOND || utc >= IMSG_LAST_SECOND)
    return FALSE;
  end->utc = g_date_time_new_from_unix_utc (utc);
  end->minutes = seconds == 0
                   ? (guint32) ((clock - IMSG_FIRST_SECOND) / 60)
                   : (guint32) ((utc + get_offset (start->named, utc) - IMSG_FIRST_SECOND) / 60);
  return end->utc != NULL;
}

static gboolean
read_end (IMsgCalendarImport     *import,
          icalcomponent          *component,
          const IMsgCalendarTime *start,
          IMsgCalendarTime       *end)
{
  icalproperty *last = icalcomponent_get_first_property (component, ICAL_DTEND_PROPERTY);
  icalproperty *length = icalcomponent_get_first_property (component, ICAL_DURATION_PROPERTY);
  gboolean is_empty_day = FALSE;

  if (last != NULL && _imsg_calendar_import_read_time (import, last, end))
    {
      int order = g_date_time_compare (end->utc, start->utc);

      /* a day that ends where it begins was meant to be one */
      is_empty_day = order == 0 && start->is_date && end->is_date;
      if (order >= 0 && !is_empty_day)
        return TRUE;
    }
  _imsg_calendar_time_clear (end);
  if (last == NULL && length != NULL)
    {
      struct icaldurationtype duration = icalproperty_get_duration (length);
      gint64 days = (gint64) duration.weeks * 7 + (gint64) duration.days;
      gint64 seconds = (gint64) duration.hours * 3600 + (gint64) duration.minutes * 60 +
                       (gint64) duration.seconds;

      if (!duration.is_neg && add_duration (start, days, seconds, end))
        return TRUE;
    }
  if (!is_empty_day && (last != NULL || length != NULL))
    _imsg_calendar_import_add_loss (import, last != NULL ? "DTEND" : "DURATION",
                                    _("The end lies before the start, or out of reach"));
  if (start->is_date && add_duration (start, 1, 0, end))
    return TRUE;
  *end = *start;
  g_date_time_ref (end->utc);
  return TRUE;
}

/* Exchange says of a whole day that it is one, and when it begins and ends. */
static gboolean
is_all_day (icalcomponent          *component,
            const IMsgCalendarTime *start,
            const IMsgCalendarTime *end)
{
  const char *stored = _imsg_calendar_import_find_microsoft (component, "ALLDAYEVENT");

  return stored != NULL && g_ascii_strcasecmp (stored, "TRUE") == 0 &&
         start->minutes % IMSG_MINUTES_PER_DAY == 0 && end->minutes % IMSG_MINUTES_PER_DAY == 0 &&
         end->minutes > start->minutes;
}

gboolean
_imsg_calendar_import_read_span (IMsgCalendarImport *import,
                                 icalcomponent      *component,
                                 IMsgCalendarTime   *start,
                                 IMsgCalendarTime   *end)
{
  memset (end, 0, sizeof *end);
  if (!_imsg_calendar_import_read_time (
        import, icalcomponent_get_first_property (component, ICAL_DTSTART_PROPERTY), start) ||
      !read_end (import, component, start, end))
    return FALSE;
  if (is_all_day (component, start, end))
    start->is_date = end->is_date = TRUE;
  return TRUE;
}
