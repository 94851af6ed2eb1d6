/* imsg-icalendar-import.c - a VEVENT as an appointment or meeting ([MS-OXCICAL] 2.1.3)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-icalendar-private.h"
#include "imsg-mime-private.h"
#include "imsg-property-tags.h"

#define APPOINTMENT "PSETID_Appointment"
#define MEETING "PSETID_Meeting"
#define COMMON "PSETID_Common"

/* A longer calendar is no invitation; it stays an attachment. */
#define MAX_CALENDAR_BYTES (256 * 1024)

/* A calendar in a VCALENDAR: an event, and an alarm in that, with room to spare. */
#define MAX_CALENDAR_DEPTH 8

/* libical writes out each change a zone ever had: only rules that come about once a year, and few
 * of them, or one made up could keep it busy for hours. */
#define MAX_ZONE_RULES 64

/* 1601 and 9999, in seconds since 1970 */
#define FIRST_SECOND G_GINT64_CONSTANT (-11644473600)
#define LAST_SECOND G_GINT64_CONSTANT (253402300799)

#define STATE_MEETING 0x1
#define STATE_RECEIVED 0x2
#define STATE_CANCELED 0x4
#define SIDE_EFFECTS 369
#define ICON_APPOINTMENT 0x400

/* The beginning of every global object id: [MS-OXOCAL] 2.2.1.27 */
static const guint8 global_id_prefix[16] = { 0x04, 0x00, 0x00, 0x00, 0x82, 0x00, 0xE0, 0x00,
                                             0x74, 0xC5, 0xB7, 0x10, 0x1A, 0x82, 0xE0, 0x08 };
static const guint8 wrapped_uid[12] = { 'v', 'C', 'a', 'l', '-', 'U', 'i', 'd', 1, 0, 0, 0 };

static guint32
create_tag (IMsgMessage       *message,
            const char        *set,
            guint32            id,
            IMsgPropertyType   type,
            GError           **error)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (set, id);
  guint property = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                               TRUE, error);

  return property != 0 ? imsg_property_tag (type, property) : 0;
}

static gboolean
set_int (IMsgMessage  *message,
         const char   *set,
         guint32       id,
         gint64        value,
         GError      **error)
{
  guint32 tag = create_tag (message, set, id, IMSG_PROPERTY_TYPE_LONG, error);

  return tag != 0 &&
         imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

static gboolean
set_boolean (IMsgMessage  *message,
             const char   *set,
             guint32       id,
             gboolean      value,
             GError      **error)
{
  guint32 tag = create_tag (message, set, id, IMSG_PROPERTY_TYPE_BOOLEAN, error);

  return tag != 0 &&
         imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

static gboolean
set_time (IMsgMessage  *message,
          const char   *set,
          guint32       id,
          GDateTime    *value,
          GError      **error)
{
  guint32 tag = create_tag (message, set, id, IMSG_PROPERTY_TYPE_SYSTIME, error);

  return tag != 0 &&
         imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

static gboolean
set_bytes (IMsgMessage  *message,
           guint32       id,
           GBytes       *value,
           GError      **error)
{
  guint32 tag = create_tag (message, MEETING, id, IMSG_PROPERTY_TYPE_BINARY, error);

  return tag != 0 &&
         imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

/* --- before libical works with it --- */

/* libical frees components by recursion and writes to the log when one ends that never began. */
static gboolean
is_balanced (const char *text)
{
  guint depth = 0;

  for (const char *line = text; line != NULL;)
    {
      if (g_ascii_strncasecmp (line, "BEGIN:", 6) == 0)
        depth++;
      else if (g_ascii_strncasecmp (line, "END:", 4) == 0 && depth-- == 0)
        return FALSE;
      if (depth > MAX_CALENDAR_DEPTH)
        return FALSE;
      line = strpbrk (line, "\r\n");
      if (line != NULL)
        line += strspn (line, "\r\n");
    }
  return depth == 0;
}

static gboolean
is_yearly (icalproperty *property)
{
  struct icalrecurrencetype rule = icalproperty_get_rrule (property);

  return rule.freq == ICAL_YEARLY_RECURRENCE &&
         rule.by_second[0] == ICAL_RECURRENCE_ARRAY_MAX &&
         rule.by_minute[0] == ICAL_RECURRENCE_ARRAY_MAX &&
         rule.by_hour[0] == ICAL_RECURRENCE_ARRAY_MAX &&
         rule.by_year_day[0] == ICAL_RECURRENCE_ARRAY_MAX &&
         rule.by_week_no[0] == ICAL_RECURRENCE_ARRAY_MAX;
}

static gboolean
has_harmless_zones (icalcomponent *calendar)
{
  guint n_rules = 0;

  for (icalcomponent *zone =
         icalcomponent_get_first_component (calendar, ICAL_VTIMEZONE_COMPONENT);
       zone != NULL;
       zone = icalcomponent_get_next_component (calendar, ICAL_VTIMEZONE_COMPONENT))
    for (icalcomponent *part = icalcomponent_get_first_component (zone, ICAL_ANY_COMPONENT);
         part != NULL; part = icalcomponent_get_next_component (zone, ICAL_ANY_COMPONENT))
      for (icalproperty *rule = icalcomponent_get_first_property (part, ICAL_RRULE_PROPERTY);
           rule != NULL; rule = icalcomponent_get_next_property (part, ICAL_RRULE_PROPERTY))
        if (++n_rules > MAX_ZONE_RULES || !is_yearly (rule))
          return FALSE;
  return TRUE;
}

/* --- what an event says --- */

static GDateTime *
to_date_time (struct icaltimetype time)
{
  gint64 seconds;

  if (icaltime_is_null_time (time) || !icaltime_is_valid_time (time))
    return NULL;
  seconds = icaltime_as_timet_with_zone (time, time.zone);
  return seconds >= FIRST_SECOND && seconds <= LAST_SECOND
           ? g_date_time_new_from_unix_utc (seconds)
           : NULL;
}

static int
from_hex (const char  *text,
          GByteArray  *bytes)
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
static gboolean
import_uid (IMsgMessage    *message,
            icalcomponent  *event,
            GError        **error)
{
  const char *uid = icalcomponent_get_uid (event);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(GBytes) id = NULL;

  if (uid == NULL || *uid == '\0')
    return TRUE;
  if (from_hex (uid, bytes) < 40 ||
      memcmp (bytes->data, global_id_prefix, sizeof global_id_prefix) != 0)
    {
      static const guint8 zeros[20] = { 0 };
      guint32 length = GUINT32_TO_LE ((guint32) (sizeof wrapped_uid + strlen (uid) + 1));

      g_byte_array_set_size (bytes, 0);
      g_byte_array_append (bytes, global_id_prefix, sizeof global_id_prefix);
      g_byte_array_append (bytes, zeros, sizeof zeros);
      g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
      g_byte_array_append (bytes, wrapped_uid, sizeof wrapped_uid);
      g_byte_array_append (bytes, (const guint8 *) uid, (guint) strlen (uid) + 1);
    }
  else
    memset (bytes->data + 16, 0, 4);
  id = g_bytes_new (bytes->data, bytes->len);
  return set_bytes (message, 0x0003, id, error) && set_bytes (message, 0x0023, id, error);
}

static gboolean
import_times (IMsgMessage    *message,
              icalcomponent  *event,
              gboolean        is_counter,
              GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  struct icaltimetype first = icalcomponent_get_dtstart (event);
  g_autoptr(GDateTime) start = to_date_time (first);
  g_autoptr(GDateTime) end = NULL;

  if (start == NULL)
    return TRUE;
  end = to_date_time (icalcomponent_get_dtend (event));
  if (end != NULL && g_date_time_compare (end, start) < 0)
    g_clear_pointer (&end, g_date_time_unref);
  if (end == NULL)
    end = first.is_date ? g_date_time_add_days (start, 1) : g_date_time_ref (start);
  if (end == NULL)
    return TRUE;
  if (is_counter && (!set_boolean (message, APPOINTMENT, 0x8257, TRUE, error) ||
                     !set_time (message, APPOINTMENT, 0x8250, start, error) ||
                     !set_time (message, APPOINTMENT, 0x8251, end, error)))
    return FALSE;
  return set_time (message, APPOINTMENT, 0x820D, start, error) &&
         set_time (message, APPOINTMENT, 0x820E, end, error) &&
         set_time (message, COMMON, 0x8516, start, error) &&
         set_time (message, COMMON, 0x8517, end, error) &&
         set_int (message, APPOINTMENT, 0x8213,
                  MIN (g_date_time_difference (end, start) / G_TIME_SPAN_MINUTE, G_MAXINT32),
                  error) &&
         set_boolean (message, APPOINTMENT, 0x8215, first.is_date, error) &&
         imsg_property_object_set_datetime (object, IMSG_PR_START_DATE, start, error) &&
         imsg_property_object_set_datetime (object, IMSG_PR_END_DATE, end, error);
}

static const char *
find_x (icalcomponent *event,
        const char    *name)
{
  for (icalproperty *property = icalcomponent_get_first_property (event, ICAL_X_PROPERTY);
       property != NULL; property = icalcomponent_get_next_property (event, ICAL_X_PROPERTY))
    {
      const char *own = icalproperty_get_x_name (property);

      if (own != NULL && g_ascii_strcasecmp (own, name) == 0)
        return icalproperty_get_x (property);
    }
  return NULL;
}

static gboolean
import_busy_status (IMsgMessage    *message,
                    icalcomponent  *event,
                    GError        **error)
{
  static const char *const names[] = { "FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE" };
  const char *stored = find_x (event, "X-MICROSOFT-CDO-BUSYSTATUS");
  icalproperty *transparency = icalcomponent_get_first_property (event, ICAL_TRANSP_PROPERTY);
  gint64 status =
    transparency != NULL && icalproperty_get_transp (transparency) == ICAL_TRANSP_TRANSPARENT ? 0
                                                                                              : 2;

  for (guint i = 0; stored != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (stored, names[i]) == 0)
      status = i;
  return set_int (message, APPOINTMENT, 0x8205, status, error);
}

/* Minutes before the start at which the first alarm rings. */
static gboolean
import_alarm (IMsgMessage    *message,
              icalcomponent  *event,
              GError        **error)
{
  icalcomponent *alarm = icalcomponent_get_first_component (event, ICAL_VALARM_COMPONENT);
  icalproperty *property =
    alarm != NULL ? icalcomponent_get_first_property (alarm, ICAL_TRIGGER_PROPERTY) : NULL;
  struct icaltriggertype trigger;
  int seconds;

  if (property == NULL)
    return set_boolean (message, COMMON, 0x8503, FALSE, error);
  trigger = icalproperty_get_trigger (property);
  seconds = icaldurationtype_as_int (trigger.duration);
  if (!icaltime_is_null_time (trigger.time) || seconds > 0 || seconds == G_MININT)
    return TRUE;
  return set_boolean (message, COMMON, 0x8503, TRUE, error) &&
         set_int (message, COMMON, 0x8501, -seconds / 60, error);
}

static const char *
skip_mailto (const char *uri)
{
  return uri != NULL && g_ascii_strncasecmp (uri, "mailto:", 7) == 0 && uri[7] != '\0' ? uri + 7
                                                                                        : NULL;
}

/* The headers of the mail come first; a calendar that came with none names people itself. */
static gboolean
import_people (IMsgMessage    *message,
               icalcomponent  *event,
               GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  icalproperty *organizer = icalcomponent_get_first_property (event, ICAL_ORGANIZER_PROPERTY);
  const char *address =
    organizer != NULL ? skip_mailto (icalproperty_get_organizer (organizer)) : NULL;
  const char *name = organizer != NULL ? icalproperty_get_parameter_as_string (organizer, "CN")
                                       : NULL;

  if (address != NULL && !imsg_property_object_has_value (object, IMSG_PR_SENT_REPRESENTING_NAME) &&
      (!imsg_property_object_set_string (object, IMSG_PR_SENT_REPRESENTING_NAME,
                                         name != NULL ? name : address, error) ||
       !imsg_property_object_set_string (object, IMSG_PR_SENT_REPRESENTING_ADDRTYPE, "SMTP",
                                         error) ||
       !imsg_property_object_set_string (object, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, address,
                                         error)))
    return FALSE;
  if (g_list_model_get_n_items (imsg_message_get_recipients (message)) > 0)
    return TRUE;
  for (icalproperty *attendee = icalcomponent_get_first_property (event, ICAL_ATTENDEE_PROPERTY);
       attendee != NULL;
       attendee = icalcomponent_get_next_property (event, ICAL_ATTENDEE_PROPERTY))
    {
      const char *own = skip_mailto (icalproperty_get_attendee (attendee));
      icalparameter *role = icalproperty_get_first_parameter (attendee, ICAL_ROLE_PARAMETER);
      icalparameter_role kind = role != NULL ? icalparameter_get_role (role)
                                             : ICAL_ROLE_REQPARTICIPANT;
      const char *shown = icalproperty_get_parameter_as_string (attendee, "CN");
      g_autoptr(IMsgRecipient) recipient = NULL;

      if (own == NULL)
        continue;
      recipient = imsg_message_add_recipient (message,
                                              kind == ICAL_ROLE_OPTPARTICIPANT ? IMSG_RECIPIENT_TYPE_CC
                                              : kind == ICAL_ROLE_NONPARTICIPANT
                                                ? IMSG_RECIPIENT_TYPE_BCC
                                                : IMSG_RECIPIENT_TYPE_TO,
                                              shown != NULL ? shown : own, own, error);
      if (recipient == NULL)
        return FALSE;
    }
  return TRUE;
}

static const char *
choose_class (icalproperty_method  method,
              icalcomponent       *event)
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

static gboolean
import_text (IMsgMessage    *message,
             icalcomponent  *event,
             GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  const char *summary = icalcomponent_get_summary (event);
  const char *location = icalcomponent_get_location (event);
  const char *description = icalcomponent_get_description (event);

  if (summary != NULL && imsg_message_get_subject (message) == NULL &&
      !imsg_message_set_subject (message, summary, error))
    return FALSE;
  if (description != NULL && !imsg_property_object_has_value (object, IMSG_PR_BODY) &&
      !imsg_property_object_has_value (object, IMSG_PR_HTML))
    {
      g_autoptr(GString) lines = g_string_new (description);

      g_string_replace (lines, "\r", "", 0);
      g_string_replace (lines, "\n", "\r\n", 0);
      if (!imsg_property_object_set_string (object, IMSG_PR_BODY, lines->str, error))
        return FALSE;
    }
  if (location != NULL)
    {
      guint32 tag = create_tag (message, APPOINTMENT, 0x8208, IMSG_PROPERTY_TYPE_UNICODE, error);

      if (tag == 0 || !imsg_property_object_set_string (object, tag, location, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
import_event (IMsgMessage          *message,
              icalcomponent        *event,
              icalproperty_method   method,
              const char           *message_class,
              GError              **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  gboolean is_meeting =
    method == ICAL_METHOD_REQUEST || method == ICAL_METHOD_CANCEL ||
    icalcomponent_get_first_property (event, ICAL_ATTENDEE_PROPERTY) != NULL;
  gint64 state = (is_meeting ? STATE_MEETING : 0) |
                 (is_meeting && message_class[4] == 'S' ? STATE_RECEIVED : 0) |
                 (method == ICAL_METHOD_CANCEL ? STATE_CANCELED : 0);
  icalproperty *sequence = icalcomponent_get_first_property (event, ICAL_SEQUENCE_PROPERTY);
  g_autoptr(GDateTime) stamp = to_date_time (icalcomponent_get_dtstamp (event));

  return imsg_property_object_set_string (object, IMSG_PR_MESSAGE_CLASS, message_class, error) &&
         imsg_property_object_set_int (object, IMSG_PR_ICON_INDEX, ICON_APPOINTMENT, error) &&
         set_int (message, COMMON, 0x8510, SIDE_EFFECTS, error) &&
         set_int (message, APPOINTMENT, 0x8217, state, error) &&
         set_int (message, APPOINTMENT, 0x8201,
                  sequence != NULL ? MAX (icalproperty_get_sequence (sequence), 0) : 0, error) &&
         (stamp == NULL ||
          set_time (message, MEETING,
                    method == ICAL_METHOD_REPLY || method == ICAL_METHOD_COUNTER ? 0x0001 : 0x001A,
                    stamp, error)) &&
         import_text (message, event, error) && import_uid (message, event, error) &&
         import_times (message, event, method == ICAL_METHOD_COUNTER, error) &&
         import_busy_status (message, event, error) && import_alarm (message, event, error) &&
         import_people (message, event, error);
}

gboolean
_imsg_calendar_import (IMsgMessage  *message,
                       const char   *text,
                       gboolean     *is_whole,
                       GError      **error)
{
  icalcomponent *calendar = NULL;
  icalcomponent *event = NULL;
  const char *message_class;
  gboolean is_done = TRUE;

  *is_whole = FALSE;
  if (strlen (text) <= MAX_CALENDAR_BYTES && is_balanced (text))
    calendar = icalparser_parse_string (text);
  if (calendar == NULL)
    return TRUE;
  if (icalcomponent_isa (calendar) == ICAL_VCALENDAR_COMPONENT && has_harmless_zones (calendar))
    event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  if (event != NULL)
    {
      icalproperty_method method = icalcomponent_get_method (calendar);

      message_class = choose_class (method, event);
      /* a series and its exceptions are told by the part alone */
      *is_whole =
        message_class != NULL &&
        icalcomponent_count_components (calendar, ICAL_VEVENT_COMPONENT) == 1 &&
        icalcomponent_get_first_property (event, ICAL_RRULE_PROPERTY) == NULL &&
        icalcomponent_get_first_property (event, ICAL_RDATE_PROPERTY) == NULL;
      event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
      if (message_class != NULL)
        is_done = import_event (message, event, method, message_class, error);
    }
  icalcomponent_free (calendar);
  return is_done;
}
