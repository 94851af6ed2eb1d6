/* imsg-icalendar-import-recurrence.c - RRULE, EXDATE and RECURRENCE-ID as a recurrence
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-icalendar-import-private.h"
#include "imsg-icalendar-private.h"
#include "imsg-limits-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

/* An attachment that is a changed occurrence: PR_ATTACHMENT_FLAGS */
#define ATTACHMENT_FLAG_EXCEPTION 0x2

static guint32
to_date (guint32 minutes)
{
  return minutes - minutes % IMSG_MINUTES_PER_DAY;
}

static GDateTime *
to_utc (guint32             minutes,
        const IMsgTimeZone *zone)
{
  g_autoptr(GTimeZone) glib = zone != NULL ? _imsg_time_zone_to_glib (zone)
                                           : g_time_zone_new_utc ();
  g_autoptr(GDateTime) local = _imsg_recurrence_to_date (minutes, glib);

  return local != NULL ? g_date_time_to_utc (local) : NULL;
}

static int
compare_dates (gconstpointer a,
               gconstpointer b)
{
  guint32 first = *(const guint32 *) a;
  guint32 second = *(const guint32 *) b;

  return first < second ? -1 : first > second;
}

static int
compare_exceptions (gconstpointer a,
                    gconstpointer b)
{
  return compare_dates (&((const IMsgException *) a)->start, &((const IMsgException *) b)->start);
}

/* --- the pattern --- */

/* UNTIL as the clocks of the series show it: what has no zone is of theirs. */
static gboolean
read_until (IMsgCalendarImport     *import,
            struct icaltimetype     value,
            const IMsgCalendarTime *start,
            guint32                *minutes)
{
  icalproperty *until;
  g_auto(IMsgCalendarTime) last = { 0 };
  gboolean is_read;

  if (!icaltime_is_utc (value))
    {
      if (_imsg_calendar_read_clock (value, minutes))
        return TRUE;
      _imsg_calendar_import_add_loss (import, "RRULE", _("The time is out of reach"));
      return FALSE;
    }
  until = icalproperty_new (ICAL_RECURRENCEID_PROPERTY);
  icalproperty_set_value (until, icalvalue_new_datetime (value));
  is_read = _imsg_calendar_import_read_time (import, until, &last) &&
            _imsg_calendar_time_get_minutes_in (import, "RRULE", &last, start, minutes);
  icalproperty_free (until);
  return is_read;
}

static void
read_end (IMsgCalendarImport              *import,
          const struct icalrecurrencetype *rule,
          const IMsgCalendarTime          *start,
          IMsgRecurrence                  *recurrence)
{
  guint32 last;

  if (rule->count > 0)
    {
      recurrence->end_type = IMSG_RECURRENCE_END_COUNT;
      recurrence->count = (guint32) rule->count;
    }
  else if (!icaltime_is_null_time (rule->until) &&
           read_until (import, rule->until, start, &last))
    {
      recurrence->end_type = IMSG_RECURRENCE_END_DATE;
      recurrence->end_date = to_date (last);
      /* an end before the hour of the series leaves that day out */
      if (!rule->until.is_date && recurrence->end_date > 0 &&
          last % IMSG_MINUTES_PER_DAY < start->minutes % IMSG_MINUTES_PER_DAY)
        recurrence->end_date -= IMSG_MINUTES_PER_DAY;
    }
  _imsg_recurrence_complete (recurrence);
  if (rule->count > 0 && recurrence->end_type == IMSG_RECURRENCE_END_NEVER)
    _imsg_calendar_import_add_loss (import, "RRULE",
                                    _("The series counts further than a message can; it has no end"));
}

/* The days of a series that are left out or moved, as far as there are such days in it. */
static void
keep_real_days (IMsgRecurrence *recurrence,
                GHashTable     *wanted)
{
  IMsgOccurrences occurrences;
  guint32 last = 0;
  guint32 date;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    last = MAX (last, GPOINTER_TO_UINT (key));
  _imsg_occurrences_init (&occurrences, recurrence);
  while (_imsg_occurrences_next (&occurrences, &date) && date <= last)
    if (g_hash_table_contains (wanted, GUINT_TO_POINTER (date)))
      g_array_append_val (recurrence->deleted, date);
}

static void
read_deleted (IMsgCalendarImport     *import,
              icalcomponent          *series,
              const IMsgCalendarTime *start,
              GHashTable             *wanted)
{
  for (icalproperty *property = icalcomponent_get_first_property (series, ICAL_EXDATE_PROPERTY);
       property != NULL; property = icalcomponent_get_next_property (series, ICAL_EXDATE_PROPERTY))
    {
      g_auto(IMsgCalendarTime) time = { 0 };
      guint32 minutes = 0;

      if (_imsg_calendar_import_read_time (import, property, &time) &&
          _imsg_calendar_time_get_minutes_in (import, "EXDATE", &time, start, &minutes))
        g_hash_table_add (wanted, GUINT_TO_POINTER (to_date (minutes)));
    }
}

/* --- occurrences that differ --- */

static gboolean
is_same_text (const char *a,
              const char *b)
{
  return g_strcmp0 (a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static gboolean
is_canceled (icalcomponent *component)
{
  return icalcomponent_get_status (component) == ICAL_STATUS_CANCELLED;
}

static void
read_differences (IMsgCalendarImport     *import,
                  icalcomponent          *series,
                  icalcomponent          *occurrence,
                  const IMsgCalendarTime *start,
                  const IMsgCalendarTime *end,
                  gboolean                is_all_day,
                  IMsgException          *exception)
{
  const char *summary = icalcomponent_get_summary (occurrence);
  const char *location = icalcomponent_get_location (occurrence);
  gint64 busy = _imsg_calendar_import_read_busy (occurrence);
  gint64 minutes = 0, series_minutes = 0;
  gboolean rings = _imsg_calendar_import_read_alarm (import, occurrence, start, end, &minutes);
  gboolean series_rings =
    _imsg_calendar_import_read_alarm (import, series, start, end, &series_minutes);

  if (!is_same_text (summary, icalcomponent_get_summary (series)))
    {
      exception->flags |= IMSG_EXCEPTION_SUBJECT;
      exception->subject = g_strdup (summary != NULL ? summary : "");
    }
  if (!is_same_text (location, icalcomponent_get_location (series)))
    {
      exception->flags |= IMSG_EXCEPTION_LOCATION;
      exception->location = g_strdup (location != NULL ? location : "");
    }
  if (rings != series_rings)
    {
      exception->flags |= IMSG_EXCEPTION_REMINDER_SET;
      exception->reminder_set = rings;
    }
  if (rings && (!series_rings || minutes != series_minutes))
    {
      exception->flags |= IMSG_EXCEPTION_REMINDER_DELTA;
      exception->reminder_delta = (guint32) minutes;
    }
  if (busy != _imsg_calendar_import_read_busy (series))
    {
      exception->flags |= IMSG_EXCEPTION_BUSY_STATUS;
      exception->busy_status = (guint32) busy;
    }
  if (start->is_date != is_all_day)
    {
      exception->flags |= IMSG_EXCEPTION_ALL_DAY;
      exception->all_day = start->is_date;
    }
  if (!is_same_text (icalcomponent_get_description (occurrence),
                     icalcomponent_get_description (series)))
    exception->flags |= IMSG_EXCEPTION_BODY;
  if (is_canceled (occurrence) && !is_canceled (series))
    {
      exception->flags |= IMSG_EXCEPTION_MEETING_TYPE;
      exception->meeting_type = IMSG_STATE_MEETING | IMSG_STATE_CANCELED;
    }
}

/* FALSE for one that the series has no place for (told). */
static gboolean
read_exception (IMsgCalendarImport     *import,
                icalcomponent          *series,
                icalcomponent          *occurrence,
                const IMsgCalendarTime *series_start,
                IMsgException          *exception)
{
  icalproperty *replaced =
    icalcomponent_get_first_property (occurrence, ICAL_RECURRENCEID_PROPERTY);
  g_auto(IMsgCalendarTime) original = { 0 };
  g_auto(IMsgCalendarTime) start = { 0 };
  g_auto(IMsgCalendarTime) end = { 0 };

  if (!_imsg_calendar_import_read_time (import, replaced, &original) ||
      !_imsg_calendar_import_read_span (import, occurrence, &start, &end) ||
      !_imsg_calendar_time_get_minutes_in (import, "RECURRENCE-ID", &original, series_start,
                                           &exception->original_start) ||
      !_imsg_calendar_time_get_minutes_in (import, "DTSTART", &start, series_start,
                                           &exception->start) ||
      !_imsg_calendar_time_get_minutes_in (import, "DTEND", &end, series_start, &exception->end))
    {
      _imsg_calendar_import_add_loss (import, "RECURRENCE-ID",
                                      _("A changed occurrence has no time and is left out"));
      return FALSE;
    }
  if (icalproperty_get_first_parameter (replaced, ICAL_RANGE_PARAMETER) != NULL)
    _imsg_calendar_import_add_loss (import, "RECURRENCE-ID",
                                    _("A change of all later occurrences is kept for one of them"));
  /* the day is what counts; the hour is the one of the series */
  exception->original_start =
    to_date (exception->original_start) + series_start->minutes % IMSG_MINUTES_PER_DAY;
  exception->end = MAX (exception->end, exception->start);
  read_differences (import, series, occurrence, &start, &end, series_start->is_date, exception);
  return TRUE;
}

static void
exception_free_texts (IMsgException *exception)
{
  g_clear_pointer (&exception->subject, g_free);
  g_clear_pointer (&exception->location, g_free);
}

static gboolean
has_date (GArray  *dates,
          guint32  date)
{
  return g_array_binary_search (dates, &date, compare_dates, NULL);
}

static void
read_exceptions (IMsgCalendarImport     *import,
                 const IMsgCalendarItem *item,
                 const IMsgCalendarTime *start,
                 IMsgRecurrence         *recurrence,
                 GHashTable             *wanted)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < item->occurrences->len; i++)
    {
      IMsgException exception = { 0 };
      guint32 date;

      if (!read_exception (import, item->main, g_ptr_array_index (item->occurrences, i), start,
                           &exception))
        {
          exception_free_texts (&exception);
          continue;
        }
      date = to_date (exception.original_start);
      if (recurrence->exceptions->len >= IMSG_MAX_EXCEPTIONS ||
          !g_hash_table_add (seen, GUINT_TO_POINTER (date)))
        {
          _imsg_calendar_import_add_loss (import, "RECURRENCE-ID",
                                          _("An occurrence is changed twice, or too many are"));
          exception_free_texts (&exception);
          continue;
        }
      g_hash_table_add (wanted, GUINT_TO_POINTER (date));
      /* without anybody to tell, one that is off is a day that is left out */
      if ((exception.flags & IMSG_EXCEPTION_MEETING_TYPE) != 0 &&
          icalcomponent_get_first_property (item->main, ICAL_ATTENDEE_PROPERTY) == NULL)
        exception_free_texts (&exception);
      else
        g_array_append_val (recurrence->exceptions, exception);
    }
  keep_real_days (recurrence, wanted);
  for (guint i = recurrence->exceptions->len; i > 0; i--)
    if (!has_date (recurrence->deleted, to_date (g_array_index (recurrence->exceptions,
                                                                IMsgException, i - 1)
                                                   .original_start)))
      {
        _imsg_calendar_import_add_loss (import, "RECURRENCE-ID",
                                        _("An occurrence is changed that the series has not"));
        g_array_remove_index (recurrence->exceptions, i - 1);
      }
  g_array_sort (recurrence->exceptions, compare_exceptions);
  for (guint i = 0; i < recurrence->exceptions->len; i++)
    {
      guint32 date = to_date (g_array_index (recurrence->exceptions, IMsgException, i).start);

      g_array_append_val (recurrence->modified, date);
    }
}

IMsgRecurrence *
_imsg_calendar_import_read_recurrence (IMsgCalendarImport     *import,
                                       const IMsgCalendarItem *item,
                                       const IMsgCalendarTime *start,
                                       const IMsgCalendarTime *end)
{
  icalproperty *property = icalcomponent_get_first_property (item->main, ICAL_RRULE_PROPERTY);
  g_autoptr(IMsgRecurrence) recurrence = NULL;
  g_autoptr(GHashTable) wanted = g_hash_table_new (NULL, NULL);
  g_autoptr(GError) error = NULL;
  struct icalrecurrencetype rule;
  IMsgOccurrences occurrences;
  gboolean is_exact = TRUE;
  guint32 first, last;

  if (icalcomponent_get_first_property (item->main, ICAL_RDATE_PROPERTY) != NULL)
    _imsg_calendar_import_add_loss (import, "RDATE", _("Days outside of the pattern are not kept"));
  if (property == NULL || icalcomponent_get_first_property (item->main, ICAL_RECURRENCEID_PROPERTY))
    {
      if (item->occurrences->len > 0)
        _imsg_calendar_import_add_loss (import, "RECURRENCE-ID",
                                        _("Occurrences are changed of what is no series"));
      return NULL;
    }
  rule = icalproperty_get_rrule (property);
  recurrence = _imsg_recurrence_from_rrule (&rule, to_date (start->minutes), &is_exact, &error);
  if (recurrence == NULL)
    {
      _imsg_calendar_import_add_loss (import, "RRULE", "%s", error->message);
      return NULL;
    }
  if (icalcomponent_count_properties (item->main, ICAL_RRULE_PROPERTY) > 1)
    _imsg_calendar_import_add_loss (import, "RRULE", _("Of several rules the first is kept"));
  if (!is_exact)
    _imsg_calendar_import_add_loss (import, "RRULE",
                                    _("In months that are too short the last day is taken"));
  recurrence->has_times = icalcomponent_isa (item->main) == ICAL_VEVENT_COMPONENT;
  recurrence->start_offset = start->minutes % IMSG_MINUTES_PER_DAY;
  recurrence->end_offset = recurrence->start_offset;
  if (_imsg_calendar_time_get_minutes_in (import, "DTEND", end, start, &last) && last > start->minutes)
    recurrence->end_offset += last - start->minutes;
  read_end (import, &rule, start, recurrence);

  _imsg_occurrences_init (&occurrences, recurrence);
  if (!_imsg_occurrences_next (&occurrences, &first) || first != to_date (start->minutes))
    _imsg_calendar_import_add_loss (import, "DTSTART", _("The start is no day of the series"));
  read_deleted (import, item->main, start, wanted);
  if (recurrence->has_times)
    read_exceptions (import, item, start, recurrence, wanted);
  else
    keep_real_days (recurrence, wanted);
  return g_steal_pointer (&recurrence);
}

/* --- storing --- */

/* A message of its own inside the series, for what the pattern has no room for. */
static gboolean
attach_exception (IMsgCalendarImport     *import,
                  icalcomponent          *occurrence,
                  const IMsgException    *exception,
                  const IMsgTimeZone     *zone,
                  GError                **error)
{
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (import->message, error);
  g_autoptr(IMsgMessage) message =
    attachment != NULL ? imsg_attachment_create_message (attachment, error) : NULL;
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) start = _imsg_recurrence_to_date (exception->start, utc);
  g_autoptr(GDateTime) end = _imsg_recurrence_to_date (exception->end, utc);
  g_autoptr(GDateTime) replaced = to_utc (exception->original_start, zone);
  g_auto(IMsgCalendarTime) own_start = { 0 };
  g_auto(IMsgCalendarTime) own_end = { 0 };
  IMsgCalendarImport inner = *import;
  gboolean is_done;

  if (message == NULL)
    return FALSE;
  inner.message = message;
  _imsg_calendar_import_tell_rest (import, occurrence);
  inner.n_losses = 0;
  _imsg_calendar_import_read_span (&inner, occurrence, &own_start, &own_end);
  is_done =
    imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), IMSG_PR_MESSAGE_CLASS,
                                     IMSG_CLASS_EXCEPTION, error) &&
    _imsg_calendar_import_event_values (&inner, occurrence, &own_start, &own_end, error) &&
    _imsg_calendar_import_people (&inner, occurrence, error) &&
    _imsg_named_set_int (message, IMSG_SET_APPOINTMENT, 0x8217,
                         _imsg_calendar_get_int (import->message, IMSG_SET_APPOINTMENT, 0x8217) |
                           exception->meeting_type,
                         error);
  import->n_losses += inner.n_losses;
  return is_done &&
         _imsg_named_set_time (message, IMSG_SET_APPOINTMENT, 0x8228, replaced, error) &&
         imsg_property_object_set_string (object, IMSG_PR_DISPLAY_NAME, "Untitled", error) &&
         imsg_property_object_set_boolean (object, IMSG_PR_ATTACHMENT_HIDDEN, TRUE, error) &&
         imsg_property_object_set_int (object, IMSG_PR_ATTACHMENT_FLAGS, ATTACHMENT_FLAG_EXCEPTION,
                                       error) &&
         imsg_property_object_set_int (object, IMSG_PR_ATTACHMENT_LINKID, 0, error) &&
         (start == NULL || imsg_property_object_set_datetime (object, IMSG_PR_EXCEPTION_STARTTIME,
                                                              start, error)) &&
         (end == NULL ||
          imsg_property_object_set_datetime (object, IMSG_PR_EXCEPTION_ENDTIME, end, error)) &&
         (replaced == NULL || imsg_property_object_set_datetime (
                                object, IMSG_PR_EXCEPTION_REPLACETIME, replaced, error));
}

static gboolean
attach_exceptions (IMsgCalendarImport     *import,
                   const IMsgCalendarItem *item,
                   const IMsgRecurrence   *recurrence,
                   const IMsgCalendarTime *start,
                   GError                **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < item->occurrences->len; i++)
    {
      icalcomponent *occurrence = g_ptr_array_index (item->occurrences, i);
      IMsgException own = { 0 };
      gboolean is_kept = FALSE;

      /* by the day, for those that the series did not take */
      if (!read_exception (import, item->main, occurrence, start, &own))
        continue;
      for (guint k = 0; k < recurrence->exceptions->len && !is_kept; k++)
        {
          const IMsgException *kept = &g_array_index (recurrence->exceptions, IMsgException, k);

          is_kept = kept->original_start == own.original_start && kept->start == own.start;
        }
      is_kept = is_kept && g_hash_table_add (seen, GUINT_TO_POINTER (to_date (own.original_start)));
      if (is_kept && !attach_exception (import, occurrence, &own, start->zone, error))
        {
          exception_free_texts (&own);
          return FALSE;
        }
      exception_free_texts (&own);
    }
  return TRUE;
}

gboolean
_imsg_calendar_import_series (IMsgCalendarImport     *import,
                              const IMsgCalendarItem *item,
                              IMsgRecurrence         *recurrence,
                              const IMsgCalendarTime *start,
                              const IMsgCalendarTime *end,
                              GError                **error)
{
  IMsgMessage *message = import->message;
  guint code_page = imsg_message_get_code_page (message);
  g_autoptr(GBytes) pattern = _imsg_recurrence_build (recurrence, code_page);
  g_autofree char *text = _imsg_recurrence_to_text (recurrence);
  g_autoptr(GDateTime) first = to_utc (recurrence->start_date, start->zone);
  /* [MS-OXOCAL] 2.2.1.15: what stands for "never" is the same everywhere */
  g_autoptr(GDateTime) last = recurrence->end_type == IMSG_RECURRENCE_END_NEVER
                                ? g_date_time_new_utc (4500, 8, 31, 23, 59, 0)
                                : to_utc (recurrence->end_date, start->zone);
  g_autoptr(IMsgTimeZone) zone = start->zone != NULL ? _imsg_time_zone_copy (start->zone)
                                                     : _imsg_time_zone_new_known ("UTC");
  g_autofree char *zone_text = _imsg_time_zone_to_text (zone);
  g_autoptr(GBytes) zone_struct = _imsg_time_zone_build_struct (zone);
  g_autoptr(GBytes) zone_definition = _imsg_time_zone_build_definition (zone, TRUE);

  return _imsg_named_set_bytes (message, IMSG_SET_APPOINTMENT, 0x8216, pattern, error) &&
         _imsg_named_set_int (message, IMSG_SET_APPOINTMENT, 0x8231,
                              recurrence->frequency - IMSG_FREQUENCY_DAILY + 1, error) &&
         _imsg_named_set_text (message, IMSG_SET_APPOINTMENT, 0x8232, text, error) &&
         _imsg_named_set_time (message, IMSG_SET_APPOINTMENT, 0x8235, first, error) &&
         _imsg_named_set_time (message, IMSG_SET_APPOINTMENT, 0x8236, last, error) &&
         _imsg_named_set_bytes (message, IMSG_SET_APPOINTMENT, 0x8233, zone_struct, error) &&
         _imsg_named_set_text (message, IMSG_SET_APPOINTMENT, 0x8234, zone_text, error) &&
         _imsg_named_set_bytes (message, IMSG_SET_APPOINTMENT, 0x8260, zone_definition, error) &&
         attach_exceptions (import, item, recurrence, start, error);
}
