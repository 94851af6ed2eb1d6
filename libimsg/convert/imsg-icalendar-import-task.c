/* imsg-icalendar-import-task.c - VTODO as a task, VJOURNAL as a journal entry
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-icalendar-import-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

#define ICON_TASK 0x500
#define ICON_RECURRING_TASK 0x501
#define ICON_JOURNAL 0x600
#define SIDE_EFFECTS_TASK 0x110

#define STATUS_NOT_STARTED 0
#define STATUS_IN_PROGRESS 1
#define STATUS_COMPLETE 2
#define STATUS_DEFERRED 4
#define N_STATUSES 5

/* The plain day of a time, which tasks store as its midnight in UTC */
static GDateTime *
get_day (IMsgCalendarImport *import,
         const char         *where,
         guint32             minutes)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();

  if (minutes % IMSG_MINUTES_PER_DAY != 0)
    _imsg_calendar_import_add_loss (import, where, _("A task has a day, the hour is not kept"));
  return _imsg_recurrence_to_date (minutes - minutes % IMSG_MINUTES_PER_DAY, utc);
}

static gboolean
set_day (IMsgCalendarImport *import,
         icalproperty       *property,
         guint32             id,
         guint32             common_id,
         IMsgCalendarTime   *time,
         GError            **error)
{
  g_autoptr(GDateTime) day = NULL;

  if (property == NULL || !_imsg_calendar_import_read_time (import, property, time))
    return TRUE;
  day = get_day (import, icalproperty_get_property_name (property), time->minutes);
  return _imsg_named_set_time (import->message, IMSG_SET_TASK, id, day, error) &&
         _imsg_named_set_time (import->message, IMSG_SET_COMMON, common_id, time->utc, error);
}

/* By DUE, or by start and length */
static gboolean
set_due (IMsgCalendarImport *import,
         icalcomponent      *todo,
         IMsgCalendarTime   *due,
         GError            **error)
{
  icalproperty *property = icalcomponent_get_first_property (todo, ICAL_DUE_PROPERTY);
  g_auto(IMsgCalendarTime) start = { 0 };
  g_autoptr(GDateTime) day = NULL;

  if (property != NULL ||
      icalcomponent_get_first_property (todo, ICAL_DURATION_PROPERTY) == NULL)
    return set_day (import, property, 0x8105, 0x8517, due, error);
  if (!_imsg_calendar_import_read_span (import, todo, &start, due))
    return TRUE;
  day = get_day (import, "DURATION", due->minutes);
  return _imsg_named_set_time (import->message, IMSG_SET_TASK, 0x8105, day, error) &&
         _imsg_named_set_time (import->message, IMSG_SET_COMMON, 0x8517, due->utc, error);
}

static gint64
read_status (icalcomponent *todo)
{
  const char *stored = _imsg_calendar_import_find_x (todo, "X-MS-TASK-STATUS");
  gint64 status;

  if (stored != NULL &&
      g_ascii_string_to_signed (stored, 10, 0, N_STATUSES - 1, &status, NULL))
    return status;
  switch ((int) icalcomponent_get_status (todo))
    {
    case ICAL_STATUS_COMPLETED:
      return STATUS_COMPLETE;
    case ICAL_STATUS_INPROCESS:
      return STATUS_IN_PROGRESS;
    case ICAL_STATUS_CANCELLED:
      return STATUS_DEFERRED;
    default:
      return STATUS_NOT_STARTED;
    }
}

/* COMPLETED is told in UTC; the day is the one that it was where the task is. */
static GDateTime *
read_completed (IMsgCalendarImport     *import,
                icalproperty           *completed,
                const IMsgCalendarTime *place)
{
  g_auto(IMsgCalendarTime) time = { 0 };
  guint32 minutes;

  if (completed == NULL || !_imsg_calendar_import_read_time (import, completed, &time))
    return NULL;
  minutes = time.minutes;
  /* a plain midnight is a day that was written without an hour */
  if (minutes % IMSG_MINUTES_PER_DAY != 0 && place->utc != NULL &&
      !_imsg_calendar_time_get_minutes_in (import, "COMPLETED", &time, place, &minutes))
    return NULL;
  return get_day (import, "COMPLETED", minutes);
}

static gboolean
set_progress (IMsgCalendarImport     *import,
              icalcomponent          *todo,
              const IMsgCalendarTime *place,
              GError                **error)
{
  IMsgMessage *message = import->message;
  icalproperty *percent = icalcomponent_get_first_property (todo, ICAL_PERCENTCOMPLETE_PROPERTY);
  icalproperty *completed = icalcomponent_get_first_property (todo, ICAL_COMPLETED_PROPERTY);
  gint64 status = read_status (todo);
  gboolean is_complete = status == STATUS_COMPLETE || completed != NULL;
  double done = percent != NULL ? CLAMP (icalproperty_get_percentcomplete (percent), 0, 100) / 100.0
                                : 0;
  g_autoptr(GDateTime) day = read_completed (import, completed, place);

  /* [MS-OXOTASK] 2.2.2.2.3 */
  if (is_complete && percent != NULL && done < 1)
    _imsg_calendar_import_add_loss (import, "PERCENT-COMPLETE",
                                    _("A task that is complete is so to 100 %%"));
  return _imsg_named_set_int (message, IMSG_SET_TASK, 0x8101,
                              is_complete ? STATUS_COMPLETE : status, error) &&
         _imsg_named_set_double (message, IMSG_SET_TASK, 0x8102, is_complete ? 1 : done, error) &&
         _imsg_named_set_boolean (message, IMSG_SET_TASK, 0x811C, is_complete, error) &&
         _imsg_named_set_time (message, IMSG_SET_TASK, 0x810F, day, error);
}

static gboolean
set_alarm (IMsgCalendarImport     *import,
           icalcomponent          *todo,
           const IMsgCalendarTime *start,
           const IMsgCalendarTime *due,
           GError                **error)
{
  g_autoptr(GDateTime) rings = _imsg_calendar_import_find_alarm (import, todo, start, due);

  return _imsg_named_set_boolean (import->message, IMSG_SET_COMMON, 0x8503, rings != NULL, error) &&
         _imsg_named_set_time (import->message, IMSG_SET_COMMON, 0x8502, rings, error) &&
         _imsg_named_set_time (import->message, IMSG_SET_COMMON, 0x8560, rings, error);
}

/* What only the Microsoft properties say; the same names go out. */
static gboolean
set_microsoft (IMsgCalendarImport *import,
               icalcomponent      *todo,
               GError            **error)
{
  static const struct
  {
    const char *name;
    guint32     id;
  } minutes[] = { { "X-MS-ACTUAL-WORK", 0x8110 }, { "X-MS-ESTIMATED-WORK", 0x8111 } };
  const char *companies = _imsg_calendar_import_find_x (todo, "X-MS-COMPANIES");

  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      const char *text = _imsg_calendar_import_find_x (todo, minutes[i].name);
      gint64 value;

      if (text != NULL && g_ascii_string_to_signed (text, 10, 0, G_MAXINT32, &value, NULL) &&
          !_imsg_named_set_int (import->message, IMSG_SET_TASK, minutes[i].id, value, error))
        return FALSE;
    }
  if (companies != NULL)
    {
      g_auto(GStrv) names = g_strsplit (companies, "; ", -1);
      g_autoptr(GPtrArray) texts = g_ptr_array_new ();

      for (guint i = 0; names[i] != NULL; i++)
        g_ptr_array_add (texts, names[i]);
      if (!_imsg_named_set_texts (import->message, IMSG_SET_COMMON, 0x8539, texts, error))
        return FALSE;
    }
  return _imsg_named_set_text (import->message, IMSG_SET_TASK, 0x811F,
                               _imsg_calendar_import_find_x (todo, "X-MS-OWNER"), error) &&
         _imsg_named_set_text (import->message, IMSG_SET_COMMON, 0x8534,
                               _imsg_calendar_import_find_x (todo, "X-MS-MILEAGE"), error) &&
         _imsg_named_set_text (import->message, IMSG_SET_COMMON, 0x8535,
                               _imsg_calendar_import_find_x (todo, "X-MS-BILLING"), error);
}

static gboolean
set_recurrence (IMsgCalendarImport     *import,
                const IMsgCalendarItem *item,
                const IMsgCalendarTime *start,
                const IMsgCalendarTime *due,
                GError                **error)
{
  const IMsgCalendarTime *first = start->utc != NULL ? start : due;
  g_autoptr(IMsgRecurrence) recurrence = NULL;
  g_autoptr(GBytes) pattern = NULL;

  if (first->utc != NULL)
    recurrence = _imsg_calendar_import_read_recurrence (import, item, first, first);
  else if (icalcomponent_get_first_property (item->main, ICAL_RRULE_PROPERTY) != NULL)
    _imsg_calendar_import_add_loss (import, "RRULE", _("The task has no day to count from"));
  if (item->occurrences->len > 0 && recurrence != NULL)
    _imsg_calendar_import_add_loss (import, "RECURRENCE-ID",
                                    _("A task has no room for changed occurrences"));
  if (recurrence != NULL)
    pattern = _imsg_recurrence_build (recurrence, imsg_message_get_code_page (import->message));
  return _imsg_named_set_boolean (import->message, IMSG_SET_TASK, 0x8126, recurrence != NULL,
                                  error) &&
         (pattern == NULL ||
          (_imsg_named_set_bytes (import->message, IMSG_SET_TASK, 0x8116, pattern, error) &&
           imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (import->message), IMSG_PR_ICON_INDEX,
                                         ICON_RECURRING_TASK, error)));
}

gboolean
_imsg_calendar_import_task (IMsgCalendarImport     *import,
                            const IMsgCalendarItem *item,
                            GError                **error)
{
  static const icalproperty_kind people[] = { ICAL_ORGANIZER_PROPERTY, ICAL_ATTENDEE_PROPERTY };
  IMsgMessage *message = import->message;
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  icalcomponent *todo = item->main;
  g_auto(IMsgCalendarTime) start = { 0 };
  g_auto(IMsgCalendarTime) due = { 0 };

  _imsg_calendar_import_tell_rest (import, todo);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      icalproperty *property = icalcomponent_get_first_property (todo, people[i]);

      if (property != NULL)
        _imsg_calendar_import_add_loss (import, icalproperty_get_property_name (property),
                                        _("Who takes part in a task is not kept"));
    }
  return imsg_property_object_set_string (object, IMSG_PR_MESSAGE_CLASS, "IPM.Task", error) &&
         imsg_property_object_set_int (object, IMSG_PR_ICON_INDEX, ICON_TASK, error) &&
         _imsg_named_set_int (message, IMSG_SET_COMMON, 0x8510, SIDE_EFFECTS_TASK, error) &&
         _imsg_calendar_import_common (import, todo, error) &&
         _imsg_calendar_import_uid (import, todo, error) &&
         set_day (import, icalcomponent_get_first_property (todo, ICAL_DTSTART_PROPERTY), 0x8104,
                  0x8516, &start, error) &&
         set_due (import, todo, &due, error) &&
         set_progress (import, todo, due.utc != NULL ? &due : &start, error) &&
         set_alarm (import, todo, &start, &due, error) &&
         set_microsoft (import, todo, error) && set_recurrence (import, item, &start, &due, error);
}

gboolean
_imsg_calendar_import_journal (IMsgCalendarImport     *import,
                               const IMsgCalendarItem *item,
                               GError                **error)
{
  IMsgMessage *message = import->message;
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  const char *type = _imsg_calendar_import_find_x (item->main, "X-MS-LOG-TYPE");
  const char *until = _imsg_calendar_import_find_x (item->main, "X-MS-LOG-END");
  g_auto(IMsgCalendarTime) start = { 0 };
  g_autoptr(GDateTime) end = NULL;

  _imsg_calendar_import_tell_rest (import, item->main);
  if (icalcomponent_get_first_property (item->main, ICAL_RRULE_PROPERTY) != NULL)
    _imsg_calendar_import_add_loss (import, "RRULE", _("A journal entry does not recur"));
  if (icalcomponent_get_first_property (item->main, ICAL_STATUS_PROPERTY) != NULL)
    _imsg_calendar_import_add_loss (import, "STATUS", _("A journal entry has no status"));
  _imsg_calendar_import_read_time (
    import, icalcomponent_get_first_property (item->main, ICAL_DTSTART_PROPERTY), &start);
  if (until != NULL)
    end = g_date_time_new_from_iso8601 (until, NULL);
  if (end == NULL && start.utc != NULL)
    end = g_date_time_ref (start.utc);
  if (start.utc != NULL &&
      !_imsg_named_set_int (message, IMSG_SET_LOG, 0x8707,
                            CLAMP (g_date_time_difference (end, start.utc) / G_TIME_SPAN_MINUTE, 0,
                                   G_MAXINT32),
                            error))
    return FALSE;
  return imsg_property_object_set_string (object, IMSG_PR_MESSAGE_CLASS, "IPM.Activity", error) &&
         imsg_property_object_set_int (object, IMSG_PR_ICON_INDEX, ICON_JOURNAL, error) &&
         _imsg_calendar_import_common (import, item->main, error) &&
         _imsg_calendar_import_uid (import, item->main, error) &&
         _imsg_named_set_time (message, IMSG_SET_LOG, 0x8706, start.utc, error) &&
         _imsg_named_set_time (message, IMSG_SET_LOG, 0x8708, end, error) &&
         _imsg_named_set_time (message, IMSG_SET_COMMON, 0x8516, start.utc, error) &&
         _imsg_named_set_time (message, IMSG_SET_COMMON, 0x8517, end, error) &&
         _imsg_named_set_text (message, IMSG_SET_LOG, 0x8700, type != NULL ? type : "Note", error) &&
         _imsg_named_set_text (message, IMSG_SET_LOG, 0x8712, type != NULL ? type : "Note", error);
}
