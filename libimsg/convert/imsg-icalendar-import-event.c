/* imsg-icalendar-import-event.c - a VEVENT as an appointment or meeting ([MS-OXCICAL] 2.1.3)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-icalendar-import-private.h"
#include "imsg-icalendar-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

#define RESPONSE_ORGANIZED 1
#define RESPONSE_NOT_RESPONDED 5
#define MEETING_TYPE_NEW 1
#define SIDE_EFFECTS 369
#define ICON_APPOINTMENT 0x400
#define ICON_RECURRING 0x401
#define ICON_MEETING 0x402
#define ICON_RECURRING_MEETING 0x403
#define ICON_REQUEST 0x404
#define ICON_ACCEPTED 0x405
#define ICON_DECLINED 0x406
#define ICON_TENTATIVE 0x407
#define ICON_CANCELED 0x408

#define BUSY_FREE 0
#define BUSY_TENTATIVE 1
#define BUSY_BUSY 2

/* A year; what rings earlier is no reminder. */
#define MAX_REMINDER_MINUTES (366 * 24 * 60)

static const guint8 wrapped_uid[12] = { 'v', 'C', 'a', 'l', '-', 'U', 'i', 'd', 1, 0, 0, 0 };

static const char *const busy_names[] = { "FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE" };

const char *
_imsg_calendar_choose_event_class (icalproperty_method method,
                                   icalcomponent      *event)
{
  icalproperty *attendee = icalcomponent_get_first_property (event, ICAL_ATTENDEE_PROPERTY);
  icalparameter *status =
    attendee != NULL ? icalproperty_get_first_parameter (attendee, ICAL_PARTSTAT_PARAMETER) : NULL;

  switch ((int) method)
    {
    case ICAL_METHOD_REQUEST:
      return "IPM.Schedule.Meeting.Request";
    case ICAL_METHOD_CANCEL:
      return "IPM.Schedule.Meeting.Canceled";
    case ICAL_METHOD_COUNTER:
      return "IPM.Schedule.Meeting.Resp.Tent";
    case ICAL_METHOD_REPLY:
      if (status == NULL)
        return NULL;
      return icalparameter_get_partstat (status) == ICAL_PARTSTAT_ACCEPTED
               ? "IPM.Schedule.Meeting.Resp.Pos"
             : icalparameter_get_partstat (status) == ICAL_PARTSTAT_DECLINED
               ? "IPM.Schedule.Meeting.Resp.Neg"
               : "IPM.Schedule.Meeting.Resp.Tent";
    case ICAL_METHOD_NONE:
    case ICAL_METHOD_PUBLISH:
      return "IPM.Appointment";
    default:
      return NULL;
    }
}

static gint64
get_icon (const char *message_class,
          gboolean    is_meeting,
          gboolean    is_recurring)
{
  static const struct
  {
    const char *message_class;
    gint64      icon;
  } icons[] = { { "IPM.Schedule.Meeting.Request", ICON_REQUEST },
                { "IPM.Schedule.Meeting.Canceled", ICON_CANCELED },
                { "IPM.Schedule.Meeting.Resp.Pos", ICON_ACCEPTED },
                { "IPM.Schedule.Meeting.Resp.Neg", ICON_DECLINED },
                { "IPM.Schedule.Meeting.Resp.Tent", ICON_TENTATIVE } };

  for (guint i = 0; i < G_N_ELEMENTS (icons); i++)
    if (strcmp (icons[i].message_class, message_class) == 0)
      return icons[i].icon;
  if (is_meeting)
    return is_recurring ? ICON_RECURRING_MEETING : ICON_MEETING;
  return is_recurring ? ICON_RECURRING : ICON_APPOINTMENT;
}

/* --- identity --- */

static int
from_hex (const char *text,
          GByteArray *bytes)
{
  for (; *text != '\0'; text += 2)
    {
      int high = g_ascii_xdigit_value (text[0]);
      int low = high >= 0 ? g_ascii_xdigit_value (text[1]) : -1;
      guint8 byte;

      if (low < 0)
        return -1;
      byte = (guint8) (high << 4 | low);
      g_byte_array_append (bytes, &byte, 1);
    }
  return (int) bytes->len;
}

/* A UID that is a global object id in hex is that; any other is wrapped into one. */
static GByteArray *
build_global_id (const char *uid)
{
  GByteArray *bytes = g_byte_array_new ();
  static const guint8 zeros[20] = { 0 };
  guint32 length = GUINT32_TO_LE ((guint32) (sizeof wrapped_uid + strlen (uid) + 1));

  if (from_hex (uid, bytes) >= IMSG_GLOBAL_ID_MIN_BYTES &&
      memcmp (bytes->data, IMSG_GLOBAL_ID_PREFIX, IMSG_GLOBAL_ID_PREFIX_BYTES) == 0)
    {
      memset (bytes->data + 16, 0, 4);
      return bytes;
    }
  g_byte_array_set_size (bytes, 0);
  g_byte_array_append (bytes, (const guint8 *) IMSG_GLOBAL_ID_PREFIX, IMSG_GLOBAL_ID_PREFIX_BYTES);
  g_byte_array_append (bytes, zeros, sizeof zeros);
  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  g_byte_array_append (bytes, wrapped_uid, sizeof wrapped_uid);
  g_byte_array_append (bytes, (const guint8 *) uid, (guint) strlen (uid) + 1);
  return bytes;
}

/* The day that an occurrence would have had where the series is: its start tells the zone. */
static GDateTime *
get_original_day (IMsgCalendarImport     *import,
                  icalcomponent          *event,
                  const IMsgCalendarTime *original)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_auto(IMsgCalendarTime) start = { 0 };
  guint32 minutes = original->minutes;

  if (original->utc == NULL)
    return NULL;
  if (_imsg_calendar_import_read_time (
        import, icalcomponent_get_first_property (event, ICAL_DTSTART_PROPERTY), &start) &&
      !_imsg_calendar_time_get_minutes_in (import, "RECURRENCE-ID", original, &start, &minutes))
    return NULL;
  return _imsg_recurrence_to_date (minutes, utc);
}

/* The id of one occurrence has its date in it, the clean one has not. */
gboolean
_imsg_calendar_import_uid (IMsgCalendarImport *import,
                           icalcomponent      *event,
                           GError            **error)
{
  const char *uid = icalcomponent_get_uid (event);
  icalproperty *replaced = icalcomponent_get_first_property (event, ICAL_RECURRENCEID_PROPERTY);
  g_auto(IMsgCalendarTime) original = { 0 };
  g_autoptr(GByteArray) bytes = NULL;
  g_autoptr(GBytes) clean = NULL;
  g_autoptr(GBytes) id = NULL;
  g_autoptr(GDateTime) day = NULL;

  if (replaced != NULL && _imsg_calendar_import_read_time (import, replaced, &original) &&
      (!_imsg_named_set_time (import->message, IMSG_SET_APPOINTMENT, 0x8228, original.utc, error) ||
       !_imsg_named_set_boolean (import->message, IMSG_SET_MEETING, 0x0005, TRUE, error) ||
       !_imsg_named_set_boolean (import->message, IMSG_SET_MEETING, 0x000A, TRUE, error)))
    return FALSE;
  if (uid == NULL || *uid == '\0')
    return TRUE;
  bytes = build_global_id (uid);
  clean = g_bytes_new (bytes->data, bytes->len);
  day = get_original_day (import, event, &original);
  if (day != NULL)
    {
      bytes->data[16] = (guint8) (g_date_time_get_year (day) >> 8);
      bytes->data[17] = (guint8) g_date_time_get_year (day);
      bytes->data[18] = (guint8) g_date_time_get_month (day);
      bytes->data[19] = (guint8) g_date_time_get_day_of_month (day);
    }
  id = g_bytes_new (bytes->data, bytes->len);
  return _imsg_named_set_bytes (import->message, IMSG_SET_MEETING, 0x0003, id, error) &&
         _imsg_named_set_bytes (import->message, IMSG_SET_MEETING, 0x0023, clean, error);
}

/* --- times --- */

/* The zones that start and end are shown in. */
static gboolean
set_zones (IMsgCalendarImport     *import,
           const IMsgCalendarTime *start,
           const IMsgCalendarTime *end,
           GError                **error)
{
  g_autoptr(GBytes) start_zone = NULL;
  g_autoptr(GBytes) end_zone = NULL;

  if (start->zone == NULL)
    return TRUE;
  start_zone = _imsg_time_zone_build_definition (start->zone, FALSE);
  end_zone = _imsg_time_zone_build_definition (end->zone != NULL ? end->zone : start->zone, FALSE);
  return _imsg_named_set_bytes (import->message, IMSG_SET_APPOINTMENT, 0x825E, start_zone, error) &&
         _imsg_named_set_bytes (import->message, IMSG_SET_APPOINTMENT, 0x825F, end_zone, error);
}

static gboolean
set_times (IMsgCalendarImport     *import,
           const IMsgCalendarTime *start,
           const IMsgCalendarTime *end,
           GError                **error)
{
  IMsgMessage *message = import->message;
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  return _imsg_named_set_time (message, IMSG_SET_APPOINTMENT, 0x820D, start->utc, error) &&
         _imsg_named_set_time (message, IMSG_SET_APPOINTMENT, 0x820E, end->utc, error) &&
         _imsg_named_set_time (message, IMSG_SET_COMMON, 0x8516, start->utc, error) &&
         _imsg_named_set_time (message, IMSG_SET_COMMON, 0x8517, end->utc, error) &&
         _imsg_named_set_int (message, IMSG_SET_APPOINTMENT, 0x8213,
                              MIN (g_date_time_difference (end->utc, start->utc) /
                                     G_TIME_SPAN_MINUTE,
                                   G_MAXINT32),
                              error) &&
         _imsg_named_set_boolean (message, IMSG_SET_APPOINTMENT, 0x8215, start->is_date, error) &&
         imsg_property_object_set_datetime (object, IMSG_PR_START_DATE, start->utc, error) &&
         imsg_property_object_set_datetime (object, IMSG_PR_END_DATE, end->utc, error) &&
         set_zones (import, start, end, error);
}

/* Who proposes another time may say beside it which one it was ([MS-OXCICAL] 2.1.3.1.1.20.59-60). */
static gboolean
set_proposal (IMsgCalendarImport     *import,
              icalcomponent          *event,
              const IMsgCalendarTime *start,
              const IMsgCalendarTime *end,
              GError                **error)
{
  IMsgMessage *message = import->message;
  g_auto(IMsgCalendarTime) original_start = { 0 };
  g_auto(IMsgCalendarTime) original_end = { 0 };

  if (!_imsg_named_set_boolean (message, IMSG_SET_APPOINTMENT, 0x8257, TRUE, error) ||
      !_imsg_named_set_time (message, IMSG_SET_APPOINTMENT, 0x8250, start->utc, error) ||
      !_imsg_named_set_time (message, IMSG_SET_APPOINTMENT, 0x8251, end->utc, error))
    return FALSE;
  if (_imsg_calendar_import_read_x_time (import, event, "X-MS-OLK-ORIGINALSTART",
                                         &original_start) &&
      _imsg_calendar_import_read_x_time (import, event, "X-MS-OLK-ORIGINALEND", &original_end) &&
      g_date_time_compare (original_end.utc, original_start.utc) >= 0)
    {
      /* told in UTC, it is still where the other one is */
      if (original_start.zone == NULL)
        {
          original_start.zone = start->zone;
          original_start.is_date = start->is_date;
        }
      return set_times (import, &original_start, &original_end, error);
    }
  return set_times (import, start, end, error);
}

/* --- busy, alarm --- */

static gint64
find_busy_name (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (busy_names); i++)
    if (g_ascii_strcasecmp (name, busy_names[i]) == 0)
      return i;
  return -1;
}

gint64
_imsg_calendar_import_read_busy (icalcomponent *event)
{
  gint64 stored =
    find_busy_name (_imsg_calendar_import_find_microsoft (event, "BUSYSTATUS"));
  icalproperty *transparency = icalcomponent_get_first_property (event, ICAL_TRANSP_PROPERTY);

  if (stored >= 0)
    return stored;
  if (transparency != NULL && icalproperty_get_transp (transparency) == ICAL_TRANSP_TRANSPARENT)
    return BUSY_FREE;
  return icalcomponent_get_status (event) == ICAL_STATUS_TENTATIVE ? BUSY_TENTATIVE : BUSY_BUSY;
}

static gboolean
set_busy (IMsgCalendarImport *import,
          icalcomponent      *event,
          GError            **error)
{
  gint64 busy = _imsg_calendar_import_read_busy (event);
  gint64 intended =
    find_busy_name (_imsg_calendar_import_find_microsoft (event, "INTENDEDSTATUS"));

  if (intended < 0 && import->method == ICAL_METHOD_REQUEST)
    intended = busy;
  /* [MS-OXCICAL] 2.1.3.1.1.20.31: until it is answered a request is tentative */
  if (import->method == ICAL_METHOD_REQUEST && busy == BUSY_BUSY &&
      _imsg_calendar_import_find_microsoft (event, "BUSYSTATUS") == NULL)
    busy = BUSY_TENTATIVE;
  return _imsg_named_set_int (import->message, IMSG_SET_APPOINTMENT, 0x8205, busy, error) &&
         (intended < 0 ||
          _imsg_named_set_int (import->message, IMSG_SET_APPOINTMENT, 0x8224, intended, error));
}

/* In seconds since 1970; FALSE for an alarm that has no time, or nothing to count from. */
static gboolean
read_trigger (icalcomponent          *alarm,
              const IMsgCalendarTime *start,
              const IMsgCalendarTime *end,
              gint64                 *rings)
{
  icalproperty *property = icalcomponent_get_first_property (alarm, ICAL_TRIGGER_PROPERTY);
  icalparameter *related = property != NULL ? icalproperty_get_first_parameter (
                                                property, ICAL_RELATED_PARAMETER)
                                            : NULL;
  gboolean is_at_end = related != NULL && icalparameter_get_related (related) == ICAL_RELATED_END;
  const IMsgCalendarTime *from = (is_at_end && end->utc != NULL) || start->utc == NULL ? end : start;
  struct icaltriggertype trigger;
  gint64 seconds;

  if (property == NULL)
    return FALSE;
  trigger = icalproperty_get_trigger (property);
  if (!icaltime_is_null_time (trigger.time))
    {
      *rings = icaltime_as_timet_with_zone (trigger.time, icaltimezone_get_utc_timezone ());
      return icaltime_is_valid_time (trigger.time);
    }
  if (from->utc == NULL)
    return FALSE;
  seconds = (gint64) trigger.duration.weeks * 604800 + (gint64) trigger.duration.days * 86400 +
            (gint64) trigger.duration.hours * 3600 + (gint64) trigger.duration.minutes * 60 +
            trigger.duration.seconds;
  *rings = g_date_time_to_unix (from->utc) + (trigger.duration.is_neg ? -seconds : seconds);
  return TRUE;
}

/* Apple says so of a default that is not wanted. */
static gboolean
is_none (icalcomponent *alarm)
{
  icalproperty *action = icalcomponent_get_first_property (alarm, ICAL_ACTION_PROPERTY);

  return action != NULL && g_strcmp0 (icalproperty_get_value_as_string (action), "NONE") == 0;
}

GDateTime *
_imsg_calendar_import_find_alarm (IMsgCalendarImport     *import,
                                  icalcomponent          *component,
                                  const IMsgCalendarTime *start,
                                  const IMsgCalendarTime *end)
{
  gboolean is_event = icalcomponent_isa (component) == ICAL_VEVENT_COMPONENT;
  gint64 latest = is_event ? g_date_time_to_unix (start->utc) : IMSG_LAST_SECOND - 1;
  gint64 earliest = is_event ? latest - MAX_REMINDER_MINUTES * 60 : IMSG_FIRST_SECOND;
  GDateTime *found = NULL;
  guint n_alarms = 0;

  for (icalcomponent *alarm = icalcomponent_get_first_component (component, ICAL_VALARM_COMPONENT);
       alarm != NULL;
       alarm = icalcomponent_get_next_component (component, ICAL_VALARM_COMPONENT))
    {
      gint64 rings;

      if (is_none (alarm))
        continue;
      n_alarms++;
      if (!read_trigger (alarm, start, end, &rings) || rings < earliest || rings > latest)
        continue;
      /* to be heard and to be seen at once is one */
      if (found == NULL)
        found = g_date_time_new_from_unix_utc (rings);
      else if (g_date_time_to_unix (found) == rings)
        n_alarms--;
    }
  if (n_alarms > 0 && found == NULL)
    _imsg_calendar_import_add_loss (import, "VALARM", "%s",
                                    is_event
                                      ? _("The alarm rings after the start, or years before")
                                      : _("The alarm has no time that can be kept"));
  else if (n_alarms > 1)
    _imsg_calendar_import_add_loss (import, "VALARM", _("Of several alarms one is kept"));
  return found;
}

gboolean
_imsg_calendar_import_read_alarm (IMsgCalendarImport     *import,
                                  icalcomponent          *component,
                                  const IMsgCalendarTime *start,
                                  const IMsgCalendarTime *end,
                                  gint64                 *minutes)
{
  g_autoptr(GDateTime) rings = _imsg_calendar_import_find_alarm (import, component, start, end);

  if (rings != NULL)
    *minutes = g_date_time_difference (start->utc, rings) / G_TIME_SPAN_MINUTE;
  return rings != NULL;
}

static gboolean
set_alarm (IMsgCalendarImport     *import,
           icalcomponent          *event,
           const IMsgCalendarTime *start,
           const IMsgCalendarTime *end,
           GError                **error)
{
  IMsgMessage *message = import->message;
  g_autoptr(GDateTime) rings = NULL;
  gint64 minutes;

  if (!_imsg_calendar_import_read_alarm (import, event, start, end, &minutes))
    return _imsg_named_set_boolean (message, IMSG_SET_COMMON, 0x8503, FALSE, error);
  rings = g_date_time_add_minutes (start->utc, (int) -minutes);
  return _imsg_named_set_boolean (message, IMSG_SET_COMMON, 0x8503, TRUE, error) &&
         _imsg_named_set_int (message, IMSG_SET_COMMON, 0x8501, minutes, error) &&
         _imsg_named_set_time (message, IMSG_SET_COMMON, 0x8502, start->utc, error) &&
         _imsg_named_set_time (message, IMSG_SET_COMMON, 0x8560, rings, error);
}

/* --- all of it --- */

/* What only the Microsoft properties say. */
static gboolean
set_microsoft (IMsgCalendarImport *import,
               icalcomponent      *event,
               GError            **error)
{
  const char *owner = _imsg_calendar_import_find_microsoft (event, "OWNERAPPTID");
  const char *refuses = _imsg_calendar_import_find_x (event, "X-MICROSOFT-DISALLOW-COUNTER");
  gint64 id;

  if (owner != NULL && g_ascii_string_to_signed (owner, 10, G_MININT32, G_MAXINT32, &id, NULL) &&
      !imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (import->message), IMSG_PR_OWNER_APPT_ID,
                                     id, error))
    return FALSE;
  return refuses == NULL ||
         _imsg_named_set_boolean (import->message, IMSG_SET_APPOINTMENT, 0x825A,
                                  g_ascii_strcasecmp (refuses, "TRUE") == 0, error);
}

gboolean
_imsg_calendar_import_event_values (IMsgCalendarImport     *import,
                                    icalcomponent          *event,
                                    const IMsgCalendarTime *start,
                                    const IMsgCalendarTime *end,
                                    GError                **error)
{
  return _imsg_calendar_import_common (import, event, error) &&
         _imsg_calendar_import_uid (import, event, error) &&
         _imsg_named_set_text (import->message, IMSG_SET_APPOINTMENT, 0x8208,
                               icalcomponent_get_location (event), error) &&
         (start->utc == NULL ||
          ((import->method == ICAL_METHOD_COUNTER
              ? set_proposal (import, event, start, end, error)
              : set_times (import, start, end, error)) &&
           set_alarm (import, event, start, end, error))) &&
         set_busy (import, event, error) && set_microsoft (import, event, error);
}

/* Exchange counts for itself which of two versions is the newer one. */
static gint64
read_sequence (icalcomponent *event)
{
  const char *stored = _imsg_calendar_import_find_microsoft (event, "APPT-SEQUENCE");
  icalproperty *sequence = icalcomponent_get_first_property (event, ICAL_SEQUENCE_PROPERTY);
  gint64 value;

  if (stored != NULL && g_ascii_string_to_signed (stored, 10, 0, G_MAXINT32, &value, NULL))
    return value;
  return sequence != NULL ? MAX (icalproperty_get_sequence (sequence), 0) : 0;
}

static gboolean
set_state (IMsgCalendarImport *import,
           icalcomponent      *event,
           const char         *message_class,
           gboolean            is_recurring,
           GError            **error)
{
  IMsgMessage *message = import->message;
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  icalproperty_method method = import->method;
  gboolean is_answer = _imsg_calendar_import_is_answer (import);
  gboolean is_meeting =
    method == ICAL_METHOD_REQUEST || method == ICAL_METHOD_CANCEL || is_answer ||
    icalcomponent_get_first_property (event, ICAL_ATTENDEE_PROPERTY) != NULL;
  gboolean is_received = is_meeting && message_class[4] == 'S';
  gboolean is_canceled = method == ICAL_METHOD_CANCEL ||
                         icalcomponent_get_status (event) == ICAL_STATUS_CANCELLED;
  g_auto(IMsgCalendarTime) stamp = { 0 };

  _imsg_calendar_import_read_time (
    import, icalcomponent_get_first_property (event, ICAL_DTSTAMP_PROPERTY), &stamp);
  return imsg_property_object_set_string (object, IMSG_PR_MESSAGE_CLASS, message_class, error) &&
         imsg_property_object_set_int (object, IMSG_PR_ICON_INDEX,
                                       get_icon (message_class, is_meeting, is_recurring), error) &&
         _imsg_named_set_int (message, IMSG_SET_COMMON, 0x8510, SIDE_EFFECTS, error) &&
         _imsg_named_set_int (message, IMSG_SET_APPOINTMENT, 0x8217,
                              (is_meeting ? IMSG_STATE_MEETING : 0) |
                                (is_received ? IMSG_STATE_RECEIVED : 0) |
                                (is_canceled ? IMSG_STATE_CANCELED : 0),
                              error) &&
         _imsg_named_set_int (message, IMSG_SET_APPOINTMENT, 0x8218,
                              method == ICAL_METHOD_REQUEST  ? RESPONSE_NOT_RESPONDED
                              : is_meeting && !is_received ? RESPONSE_ORGANIZED
                                                             : 0,
                              error) &&
         _imsg_named_set_boolean (message, IMSG_SET_APPOINTMENT, 0x8229, is_meeting, error) &&
         (method != ICAL_METHOD_REQUEST ||
          _imsg_named_set_int (message, IMSG_SET_MEETING, 0x0026, MEETING_TYPE_NEW, error)) &&
         _imsg_named_set_int (message, IMSG_SET_APPOINTMENT, 0x8201, read_sequence (event),
                              error) &&
         _imsg_named_set_time (message, IMSG_SET_MEETING, is_answer ? 0x0001 : 0x001A, stamp.utc,
                               error);
}

static int
get_last_year (const IMsgRecurrence *recurrence)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) last = _imsg_recurrence_to_date (recurrence->end_date, utc);

  return last != NULL ? g_date_time_get_year (last) : G_MAXINT;
}

gboolean
_imsg_calendar_import_event (IMsgCalendarImport      *import,
                             const IMsgCalendarItem  *item,
                             const char              *message_class,
                             GError                 **error)
{
  g_auto(IMsgCalendarTime) start = { 0 };
  g_auto(IMsgCalendarTime) end = { 0 };
  g_autoptr(IMsgRecurrence) recurrence = NULL;
  gboolean is_occurrence =
    icalcomponent_get_first_property (item->main, ICAL_RECURRENCEID_PROPERTY) != NULL;

  if (_imsg_calendar_import_read_span (import, item->main, &start, &end))
    recurrence = _imsg_calendar_import_read_recurrence (import, item, &start, &end);
  if (recurrence != NULL &&
      _imsg_calendar_time_take_rule (&start, get_last_year (recurrence)))
    {
      _imsg_calendar_time_take_rule (&end, get_last_year (recurrence));
      _imsg_calendar_import_add_loss (import, "DTSTART",
                                      _("The zone changes its rules during the series; the last are "
                                        "kept"));
    }
  _imsg_calendar_import_tell_rest (import, item->main);
  return set_state (import, item->main, message_class, recurrence != NULL, error) &&
         _imsg_calendar_import_event_values (import, item->main, &start, &end, error) &&
         _imsg_calendar_import_people (import, item->main, error) &&
         _imsg_named_set_boolean (import->message, IMSG_SET_APPOINTMENT, 0x8223, recurrence != NULL,
                                  error) &&
         _imsg_named_set_boolean (import->message, IMSG_SET_MEETING, 0x0005,
                                  recurrence != NULL || is_occurrence, error) &&
         (recurrence == NULL ||
          _imsg_calendar_import_series (import, item, recurrence, &start, &end, error));
}
