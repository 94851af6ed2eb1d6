/* imsg-icalendar-recurrence.c - RRULE, EXDATE and the occurrences that differ
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-icalendar-private.h"

static gboolean
is_date_property (icalcomponent *component)
{
  icalproperty *start = icalcomponent_get_first_property (component, ICAL_DTSTART_PROPERTY);

  return start != NULL && icalproperty_get_dtstart (start).is_date;
}

static GTimeZone *
get_glib_zone (const IMsgTimeZone *zone)
{
  return zone != NULL ? _imsg_time_zone_to_glib (zone) : g_time_zone_new_utc ();
}

static void
add_end (const IMsgRecurrence *recurrence,
         const IMsgTimeZone   *zone,
         gboolean              is_date,
         GString              *rule)
{
  g_autoptr(GTimeZone) local = NULL;
  g_autoptr(GDateTime) last = NULL;
  g_autoptr(GDateTime) utc = NULL;
  g_autofree char *text = NULL;

  if (recurrence->end_type == IMSG_RECURRENCE_END_COUNT)
    {
      g_string_append_printf (rule, ";COUNT=%u", MAX (recurrence->count, 1));
      return;
    }
  if (recurrence->end_type != IMSG_RECURRENCE_END_DATE ||
      recurrence->end_date == IMSG_RECURRENCE_NO_END)
    return;
  local = get_glib_zone (zone);
  last = _imsg_recurrence_to_date (recurrence->end_date +
                                     (recurrence->has_times ? recurrence->start_offset : 0),
                                   local);
  if (last == NULL)
    return;
  utc = g_date_time_to_utc (last);
  text = is_date ? g_date_time_format (last, "%Y%m%d") : g_date_time_format (utc, "%Y%m%dT%H%M%SZ");
  g_string_append_printf (rule, ";UNTIL=%s", text);
}

/* Deleted occurrences; a moved one is among the deleted dates too, but gets its own component. */
static void
add_exclusions (IMsgCalendarExport   *export,
                const IMsgRecurrence *recurrence,
                const IMsgTimeZone   *zone,
                gboolean              is_date,
                icalcomponent        *component)
{
  g_autoptr(GTimeZone) local = get_glib_zone (zone);
  g_autoptr(GHashTable) moved = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < recurrence->exceptions->len; i++)
    {
      guint32 original =
        g_array_index (recurrence->exceptions, IMsgException, i).original_start;

      g_hash_table_add (moved, GUINT_TO_POINTER (original - original % IMSG_MINUTES_PER_DAY));
    }
  for (guint i = 0; i < recurrence->deleted->len; i++)
    {
      guint32 date = g_array_index (recurrence->deleted, guint32, i);
      g_autoptr(GDateTime) time = NULL;

      if (g_hash_table_contains (moved, GUINT_TO_POINTER (date)))
        continue;
      time = _imsg_recurrence_to_date (date + recurrence->start_offset, local);
      if (time != NULL)
        icalcomponent_add_property (component, _imsg_calendar_new_time (export,
                                                                        ICAL_EXDATE_PROPERTY, time,
                                                                        zone, is_date));
    }
}

static void
replace_property (icalcomponent *component,
                  icalproperty  *property)
{
  icalproperty_kind kind = icalproperty_isa (property);
  icalproperty *old = icalcomponent_get_first_property (component, kind);

  if (old != NULL)
    {
      icalcomponent_remove_property (component, old);
      icalproperty_free (old);
    }
  icalcomponent_add_property (component, property);
}

static void
remove_properties (icalcomponent     *component,
                   icalproperty_kind  kind)
{
  icalproperty *property;

  while ((property = icalcomponent_get_first_property (component, kind)) != NULL)
    {
      icalcomponent_remove_property (component, property);
      icalproperty_free (property);
    }
}

/* An occurrence of its own: the series with what differs put over it. */
static void
add_exception (IMsgCalendarExport  *export,
               const IMsgException *exception,
               const IMsgTimeZone  *zone,
               gboolean             is_date,
               icalcomponent       *series)
{
  static const char *const busy[] = { "FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE" };
  g_autoptr(GTimeZone) local = get_glib_zone (zone);
  g_autoptr(GDateTime) start = _imsg_recurrence_to_date (exception->start, local);
  g_autoptr(GDateTime) end = _imsg_recurrence_to_date (exception->end, local);
  g_autoptr(GDateTime) original = _imsg_recurrence_to_date (exception->original_start, local);
  icalcomponent *occurrence;

  if (start == NULL || end == NULL || original == NULL)
    return;
  occurrence = icalcomponent_new_clone (series);
  remove_properties (occurrence, ICAL_RRULE_PROPERTY);
  remove_properties (occurrence, ICAL_EXDATE_PROPERTY);
  icalcomponent_add_property (occurrence,
                              _imsg_calendar_new_time (export, ICAL_RECURRENCEID_PROPERTY, original,
                                                       zone, is_date));
  if ((exception->flags & IMSG_EXCEPTION_ALL_DAY) != 0)
    is_date = exception->all_day != 0;
  replace_property (occurrence, _imsg_calendar_new_time (export, ICAL_DTSTART_PROPERTY, start, zone,
                                                         is_date));
  replace_property (occurrence, _imsg_calendar_new_time (export, ICAL_DTEND_PROPERTY, end, zone,
                                                         is_date));
  if (exception->subject != NULL && *exception->subject != '\0')
    replace_property (occurrence, icalproperty_new_summary (exception->subject));
  if (exception->location != NULL && *exception->location != '\0')
    replace_property (occurrence, icalproperty_new_location (exception->location));
  if ((exception->flags & IMSG_EXCEPTION_BUSY_STATUS) != 0 &&
      exception->busy_status < G_N_ELEMENTS (busy))
    replace_property (occurrence, icalproperty_new_transp (exception->busy_status == 0
                                                             ? ICAL_TRANSP_TRANSPARENT
                                                             : ICAL_TRANSP_OPAQUE));
  icalcomponent_add_component (export->calendar, occurrence);
}

void
_imsg_calendar_add_recurrence (IMsgCalendarExport *export,
                               IMsgMessage        *message,
                               const char         *set,
                               guint32             id,
                               const IMsgTimeZone *zone,
                               icalcomponent      *component)
{
  g_autoptr(GBytes) bytes = _imsg_calendar_get_bytes (message, set, id);
  g_autoptr(IMsgRecurrence) recurrence = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *rule = NULL;
  gboolean is_date = is_date_property (component);
  g_autoptr(GString) whole = NULL;
  struct icalrecurrencetype parsed;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return;
  recurrence = _imsg_recurrence_parse (bytes, imsg_message_get_code_page (message), &error);
  if (recurrence != NULL)
    rule = _imsg_recurrence_to_rrule (recurrence, &error);
  if (rule == NULL)
    {
      _imsg_problem_list_add (export->losses, _imsg_problem_new_error ("RRULE", error));
      return;
    }
  whole = g_string_new (rule);
  add_end (recurrence, zone, is_date, whole);
  parsed = icalrecurrencetype_from_string (whole->str);
  if (parsed.freq == ICAL_NO_RECURRENCE)
    {
      _imsg_problem_list_add (export->losses,
                              _imsg_problem_new ("RRULE", IMSG_ERROR_CORRUPT_DATA,
                                                 "The recurrence makes no rule: %s", whole->str));
      return;
    }
  icalcomponent_add_property (component, icalproperty_new_rrule (parsed));
  add_exclusions (export, recurrence, zone, is_date, component);
  for (guint i = 0; i < recurrence->exceptions->len; i++)
    add_exception (export, &g_array_index (recurrence->exceptions, IMsgException, i), zone, is_date,
                   component);
}
