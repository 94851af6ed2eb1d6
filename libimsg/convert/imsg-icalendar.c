/* imsg-icalendar.c - appointments, meetings, tasks and journals as iCalendar ([MS-OXCICAL])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body.h"
#include "imsg-icalendar-private.h"
#include "imsg-mime-private.h"
#include "imsg-property-tags.h"
#include "imsg-text-lines-private.h"

#include <glib/gi18n-lib.h>

/* A reminder of "the default" is stored as this many minutes; Outlook takes 15. */
#define DEFAULT_REMINDER 0x5AE980E1
#define DEFAULT_REMINDER_MINUTES 15

/* libical leaves the commas in categories alone: in the name of one, which would become two, a control
 * that no text has stands for it until all is written. */
#define COMMA_OF_CATEGORY '\x01'

static const struct
{
  const char      *message_class;
  IMsgCalendarKind kind;
  const char      *method;
} calendar_classes[] = {
  { "IPM.Schedule.Meeting.Request", IMSG_CALENDAR_EVENT, "REQUEST" },
  { "IPM.Schedule.Meeting.Resp.Pos", IMSG_CALENDAR_EVENT, "REPLY" },
  { "IPM.Schedule.Meeting.Resp.Tent", IMSG_CALENDAR_EVENT, "REPLY" },
  { "IPM.Schedule.Meeting.Resp.Neg", IMSG_CALENDAR_EVENT, "REPLY" },
  { "IPM.Schedule.Meeting.Canceled", IMSG_CALENDAR_EVENT, "CANCEL" },
  { "IPM.Appointment", IMSG_CALENDAR_EVENT, "PUBLISH" },
  { "IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}", IMSG_CALENDAR_EVENT, "PUBLISH" },
  { "IPM.TaskRequest", IMSG_CALENDAR_TODO, "PUBLISH" },
  { "IPM.Task", IMSG_CALENDAR_TODO, "PUBLISH" },
  { "IPM.Activity", IMSG_CALENDAR_JOURNAL, "PUBLISH" },
};

static int
find_class (IMsgMessage *message)
{
  for (guint i = 0; i < G_N_ELEMENTS (calendar_classes); i++)
    if (_imsg_mime_class_is (message, calendar_classes[i].message_class))
      return (int) i;
  return -1;
}

static IMsgCalendarKind
get_kind (IMsgMessage *message)
{
  int found = find_class (message);

  return found >= 0 ? calendar_classes[found].kind : IMSG_CALENDAR_NONE;
}

/**
 * imsg_message_is_calendar:
 * @self: a message
 *
 * Tells whether iCalendar can carry the message: an appointment, a meeting request, answer or
 * cancellation, a task, a journal entry.
 *
 * Source: [MS-OXCICAL] 2.1.3.1.1.1.
 *
 * Returns: %TRUE if it can
 * Since: 1.0
 */
gboolean
imsg_message_is_calendar (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);

  return find_class (self) >= 0;
}

/**
 * imsg_message_get_calendar_method:
 * @self: a message
 *
 * Tells what the calendar is sent for: `REQUEST`, `REPLY`, `COUNTER`, `CANCEL` or `PUBLISH`.
 *
 * Source: [MS-OXCICAL] 2.1.3.1.1.1.
 *
 * Returns: (nullable): the method, or %NULL when the message is no calendar
 * Since: 1.0
 */
const char *
imsg_message_get_calendar_method (IMsgMessage *self)
{
  int found;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  found = find_class (self);
  if (found < 0)
    return NULL;
  /* an answer that proposes another time */
  if (_imsg_mime_class_is (self, "IPM.Schedule.Meeting.Resp.Tent"))
    {
      guint32 tag = _imsg_calendar_find_tag (self, "PSETID_Appointment", 0x8257);

      if (tag != 0 && imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (self), tag))
        return "COUNTER";
    }
  return calendar_classes[found].method;
}

guint32
_imsg_calendar_find_tag (IMsgMessage *message,
                         const char  *set,
                         guint32      id)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (set, id);
  guint property = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                               FALSE, NULL);

  return property != 0 ? imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message),
                                                        imsg_property_tag (0, property))
                       : 0;
}

char *
_imsg_calendar_get_text (IMsgMessage *message,
                         const char  *set,
                         guint32      id)
{
  guint32 tag = _imsg_calendar_find_tag (message, set, id);

  return tag != 0 ? _imsg_mime_get_text (message, tag) : NULL;
}

gint64
_imsg_calendar_get_int (IMsgMessage *message,
                        const char  *set,
                        guint32      id)
{
  guint32 tag = _imsg_calendar_find_tag (message, set, id);

  if (tag == 0)
    return 0;
  if (imsg_property_tag_get_property_type (tag) == IMSG_PROPERTY_TYPE_BOOLEAN)
    return imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (message), tag);
  return imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message), tag);
}

GDateTime *
_imsg_calendar_get_time (IMsgMessage *message,
                         const char  *set,
                         guint32      id)
{
  guint32 tag = _imsg_calendar_find_tag (message, set, id);

  return tag != 0 ? imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (message), tag) : NULL;
}

GBytes *
_imsg_calendar_get_bytes (IMsgMessage *message,
                          const char  *set,
                          guint32      id)
{
  guint32 tag = _imsg_calendar_find_tag (message, set, id);

  return tag != 0 ? imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (message), tag) : NULL;
}

/* Controls may not stand in a value (RFC 5545 3.1), but those that end a line: VT is Outlook's soft
 * break. */
static char *
clean_text (const char *text)
{
  GString *cleaned = g_string_sized_new (strlen (text));

  for (const char *c = text; *c != '\0'; c++)
    if ((*c == '\r' && c[1] != '\n') || *c == '\v' || *c == '\n')
      g_string_append_c (cleaned, '\n');
    else if ((guchar) *c >= ' ' || *c == '\t')
      g_string_append_c (cleaned, *c);
  return g_string_free (cleaned, FALSE);
}

void
_imsg_calendar_add_x (icalcomponent *component,
                      const char    *name,
                      const char    *value)
{
  g_autofree char *cleaned = value != NULL ? clean_text (value) : NULL;
  icalproperty *property;

  if (cleaned == NULL || *cleaned == '\0')
    return;
  property = icalproperty_new_x (cleaned);
  icalproperty_set_x_name (property, name);
  icalcomponent_add_property (component, property);
}

/* --- time zones --- */

static IMsgTimeZone *
read_zone (IMsgMessage  *message,
           guint32       id,
           IMsgTimeZone *(*parse) (GBytes *, GError **))
{
  g_autoptr(GBytes) bytes = _imsg_calendar_get_bytes (message, "PSETID_Appointment", id);

  return bytes != NULL ? parse (bytes, NULL) : NULL;
}

/* The times of a pattern are in the zone of the pattern ([MS-OXOCAL] 2.2.1.39, 2.2.1.41), which older
 * programs only describe; those of start and end say where these are shown. */
IMsgTimeZone *
_imsg_calendar_get_zone (IMsgMessage *message)
{
  gboolean has_pattern = _imsg_calendar_find_tag (message, "PSETID_Appointment", 0x8216) != 0;
  IMsgTimeZone *zone = read_zone (message, 0x8260, _imsg_time_zone_parse_definition);

  if (zone == NULL && has_pattern)
    zone = read_zone (message, 0x8233, _imsg_time_zone_parse_struct);
  if (zone == NULL)
    zone = read_zone (message, 0x825E, _imsg_time_zone_parse_definition);
  if (zone == NULL)
    zone = read_zone (message, 0x825F, _imsg_time_zone_parse_definition);
  if (zone == NULL)
    zone = read_zone (message, 0x8233, _imsg_time_zone_parse_struct);
  return zone;
}

/* The n-th (5 = last) of a weekday in a month: RFC 5545 wants the start to be one of its rule. */
static int
get_nth_day (int   year,
             int   month,
             guint weekday,
             guint nth)
{
  g_autoptr(GDateTime) first = g_date_time_new_utc (year, month, 1, 0, 0, 0);
  int day = 1 + (int) (weekday + 7 - (guint) g_date_time_get_day_of_week (first) % 7) % 7;

  day += 7 * (int) (CLAMP (nth, 1, 5) - 1);
  while (day > g_date_get_days_in_month ((GDateMonth) month, (GDateYear) year))
    day -= 7;
  return day;
}

static void
add_zone_part (icalcomponent        *zone,
               icalcomponent_kind    kind,
               const IMsgTransition *transition,
               gint32                offset_from,
               gint32                offset_to)
{
  static const char *const days[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };
  icalcomponent *part = icalcomponent_new (kind);
  struct icaltimetype start = icaltime_null_time ();

  start.year = transition->year != 0 ? transition->year : 1601;
  start.month = MAX (transition->month, 1);
  start.day = transition->year != 0 || transition->month == 0
                ? MAX (transition->day, 1)
                : get_nth_day (start.year, start.month, transition->day_of_week, transition->day);
  start.hour = transition->hour;
  start.minute = transition->minute;
  icalcomponent_add_property (part, icalproperty_new_dtstart (start));
  icalcomponent_add_property (part, icalproperty_new_tzoffsetfrom (offset_from * 60));
  icalcomponent_add_property (part, icalproperty_new_tzoffsetto (offset_to * 60));
  if (transition->month != 0 && transition->year == 0)
    {
      g_autofree char *rule =
        g_strdup_printf ("FREQ=YEARLY;BYMONTH=%u;BYDAY=%d%s", transition->month,
                         transition->day >= 5 ? -1 : (int) MAX (transition->day, 1),
                         days[transition->day_of_week]);

      icalcomponent_add_property (
        part, icalproperty_new_rrule (icalrecurrencetype_from_string (rule)));
    }
  icalcomponent_add_component (zone, part);
}

/* A calendar defines each zone it uses, once. */
static void
define_zone (IMsgCalendarExport *export,
             const IMsgTimeZone *zone,
             const char         *id)
{
  gint32 standard_offset = -(zone->bias + zone->standard_bias);
  gint32 daylight_offset = -(zone->bias + zone->daylight_bias);
  icalcomponent *component;

  if (!g_hash_table_add (export->zones, g_strdup (id)))
    return;
  component = icalcomponent_new (ICAL_VTIMEZONE_COMPONENT);
  icalcomponent_add_property (component, icalproperty_new_tzid (id));
  _imsg_calendar_add_x (component, "X-LIC-LOCATION", _imsg_time_zone_find_iana (id));
  if (_imsg_time_zone_has_daylight (zone))
    {
      add_zone_part (component, ICAL_XSTANDARD_COMPONENT, &zone->standard, daylight_offset,
                     standard_offset);
      add_zone_part (component, ICAL_XDAYLIGHT_COMPONENT, &zone->daylight, standard_offset,
                     daylight_offset);
    }
  else
    {
      const IMsgTransition never = { 0 };

      add_zone_part (component, ICAL_XSTANDARD_COMPONENT, &never, standard_offset, standard_offset);
    }
  icalcomponent_add_component (export->calendar, component);
}

icalproperty *
_imsg_calendar_new_time (IMsgCalendarExport *export,
                         icalproperty_kind   kind,
                         GDateTime          *time,
                         const IMsgTimeZone *zone,
                         gboolean            is_date)
{
  g_autoptr(GTimeZone) local = zone != NULL ? _imsg_time_zone_to_glib (zone)
                                            : g_time_zone_new_utc ();
  g_autoptr(GDateTime) shown = g_date_time_to_timezone (time, local);
  struct icaltimetype value = icaltime_null_time ();
  icalproperty *property = icalproperty_new (kind);

  value.year = g_date_time_get_year (shown);
  value.month = g_date_time_get_month (shown);
  value.day = g_date_time_get_day_of_month (shown);
  value.is_date = is_date;
  if (!is_date)
    {
      value.hour = g_date_time_get_hour (shown);
      value.minute = g_date_time_get_minute (shown);
      value.second = g_date_time_get_second (shown);
      if (zone == NULL)
        value.zone = icaltimezone_get_utc_timezone ();
    }
  icalproperty_set_value (property, is_date ? icalvalue_new_date (value)
                                            : icalvalue_new_datetime (value));
  if (is_date)
    icalproperty_add_parameter (property, icalparameter_new_value (ICAL_VALUE_DATE));
  if (zone != NULL)
    {
      g_autofree char *id = _imsg_time_zone_get_id (zone);

      /* a day has none, but where it is one may be of use to who reads the calendar */
      define_zone (export, zone, id);
      if (!is_date)
        icalproperty_add_parameter (property, icalparameter_new_tzid (id));
    }
  return property;
}

/* --- what events and tasks have in common --- */

void
_imsg_calendar_add_text (icalcomponent *component,
                         const char    *text,
                         icalproperty  *(*make) (const char *))
{
  g_autofree char *cleaned = text != NULL ? clean_text (text) : NULL;

  if (cleaned != NULL && *cleaned != '\0')
    icalcomponent_add_property (component, make (cleaned));
}

static void
add_alarm (IMsgMessage   *message,
           icalcomponent *component)
{
  gint64 minutes = _imsg_calendar_get_int (message, "PSETID_Common", 0x8501);
  struct icaltriggertype trigger;
  icalcomponent *alarm;

  if (_imsg_calendar_get_int (message, "PSETID_Common", 0x8503) == 0)
    return;
  if (minutes == DEFAULT_REMINDER)
    minutes = DEFAULT_REMINDER_MINUTES;
  memset (&trigger, 0, sizeof trigger);
  trigger.time = icaltime_null_time ();
  if (icalcomponent_isa (component) == ICAL_VTODO_COMPONENT)
    {
      g_autoptr(GDateTime) time = _imsg_calendar_get_time (message, "PSETID_Common", 0x8502);

      if (time == NULL)
        return;
      trigger.time = icaltime_from_timet_with_zone ((time_t) g_date_time_to_unix (time), 0,
                                                    icaltimezone_get_utc_timezone ());
    }
  else
    trigger.duration = icaldurationtype_from_int (
      (int) -60 * (int) CLAMP (minutes, 0, 365 * 24 * 60));
  alarm = icalcomponent_new (ICAL_VALARM_COMPONENT);
  icalcomponent_add_property (alarm, icalproperty_new_action (ICAL_ACTION_DISPLAY));
  icalcomponent_add_property (alarm, icalproperty_new_description ("Reminder"));
  icalcomponent_add_property (alarm, icalproperty_new_trigger (trigger));
  icalcomponent_add_component (component, alarm);
}

/* The names of PidLidContacts */
static void
add_contacts (IMsgMessage   *message,
              icalcomponent *component)
{
  guint32 tag = _imsg_calendar_find_tag (message, "PSETID_Common", 0x853A);
  g_autoptr(GVariant) value =
    tag != 0 ? imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (message), tag, NULL) : NULL;
  g_autofree const char **names = NULL;

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return;
  names = g_variant_get_strv (value, NULL);
  for (guint i = 0; names[i] != NULL; i++)
    _imsg_calendar_add_text (component, names[i], icalproperty_new_contact);
}

char *
_imsg_calendar_get_html (IMsgCalendarExport *export,
                         IMsgMessage        *message)
{
  IMsgBodyFormat native;

  if (!imsg_message_get_native_body_format (message, &native) || native != IMSG_BODY_FORMAT_HTML)
    return NULL;
  return imsg_message_get_body (message, IMSG_BODY_FORMAT_HTML, export->cancellable, NULL);
}

void
_imsg_calendar_add_html (icalcomponent *component,
                         const char    *html)
{
  icalproperty *property;

  if (html == NULL)
    return;
  property = icalproperty_new_x (html);
  icalproperty_set_x_name (property, "X-ALT-DESC");
  icalproperty_add_parameter (property, icalparameter_new_fmttype ("text/html"));
  icalcomponent_add_property (component, property);
}

void
_imsg_calendar_add_importance (IMsgPropertyObject *object,
                               icalcomponent      *component)
{
  static const struct
  {
    int         priority;
    const char *stored; /* nullable */
  } weights[] = { { 9, "0" }, { 5, NULL }, { 1, "2" } };
  gint64 importance = imsg_property_object_get_int (object, IMSG_PR_IMPORTANCE);

  if (!imsg_property_object_has_value (object, IMSG_PR_IMPORTANCE) || importance < 0 ||
      importance >= (gint64) G_N_ELEMENTS (weights))
    return;
  icalcomponent_add_property (component, icalproperty_new_priority (weights[importance].priority));
  _imsg_calendar_add_x (component, "X-MICROSOFT-CDO-IMPORTANCE", weights[importance].stored);
}

void
_imsg_calendar_add_class (IMsgPropertyObject *object,
                          icalcomponent      *component)
{
  static const icalproperty_class classes[] = { ICAL_CLASS_PUBLIC, ICAL_CLASS_X, ICAL_CLASS_PRIVATE,
                                                ICAL_CLASS_CONFIDENTIAL };
  gint64 sensitivity = imsg_property_object_get_int (object, IMSG_PR_SENSITIVITY);
  icalproperty *property;

  if (sensitivity < 0 || sensitivity >= (gint64) G_N_ELEMENTS (classes))
    return;
  property = icalproperty_new_class (classes[sensitivity]);
  if (classes[sensitivity] == ICAL_CLASS_X)
    {
      icalvalue *value = icalvalue_new_class (ICAL_CLASS_X);

      icalvalue_set_x (value, "X-PERSONAL");
      icalproperty_set_value (property, value);
    }
  icalcomponent_add_property (component, property);
}

void
_imsg_calendar_add_categories (IMsgPropertyObject *object,
                               icalcomponent      *component)
{
  guint id = imsg_property_object_resolve_name (object, IMSG_PS_PUBLIC_STRINGS, "Keywords", FALSE,
                                                NULL);
  guint32 tag = id != 0 ? imsg_property_object_find_tag (object, imsg_property_tag (0, id)) : 0;
  g_autoptr(GVariant) keywords = tag != 0 ? imsg_property_object_get_value (object, tag, NULL)
                                          : NULL;
  g_autofree const char **list = NULL;

  if (keywords == NULL || !g_variant_is_of_type (keywords, G_VARIANT_TYPE_STRING_ARRAY))
    return;
  list = g_variant_get_strv (keywords, NULL);
  for (guint i = 0; list[i] != NULL; i++)
    {
      g_autofree char *cleaned = clean_text (list[i]);

      g_strdelimit (cleaned, ",", COMMA_OF_CATEGORY);
      if (*cleaned != '\0')
        icalcomponent_add_property (component, icalproperty_new_categories (cleaned));
    }
}

void
_imsg_calendar_add_common (IMsgCalendarExport *export,
                           IMsgMessage        *message,
                           icalcomponent      *component)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *subject = _imsg_mime_get_text (message, IMSG_PR_SUBJECT);
  g_autofree char *body =
    imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, export->cancellable, NULL);
  g_autofree char *html = _imsg_calendar_get_html (export, message);

  _imsg_calendar_add_text (component, subject, icalproperty_new_summary);
  if (body != NULL)
    {
      g_autofree char *lines = _imsg_text_end_lines (g_strchomp (body), "\n");

      _imsg_calendar_add_text (component, lines,
                               _imsg_mime_class_is (message, "IPM.Schedule.Meeting.Resp")
                                 ? icalproperty_new_comment
                                 : icalproperty_new_description);
    }
  _imsg_calendar_add_html (component, html);
  _imsg_calendar_add_importance (object, component);
  _imsg_calendar_add_class (object, component);
  _imsg_calendar_add_categories (object, component);
  add_contacts (message, component);
  add_alarm (message, component);
  _imsg_calendar_add_attachments (export, message, component);
}

static char *
write_calendar (icalcomponent *calendar)
{
  static const char comma[] = { COMMA_OF_CATEGORY, '\0' };
  char *text = icalcomponent_as_ical_string_r (calendar);
  g_auto(GStrv) parts = g_strsplit (text, comma, -1);

  icalmemory_free_buffer (text);
  return g_strjoinv ("\\,", parts);
}

static gboolean
has_organizer (icalcomponent *calendar)
{
  icalcomponent *component = icalcomponent_get_first_real_component (calendar);

  return component != NULL &&
         icalcomponent_get_first_property (component, ICAL_ORGANIZER_PROPERTY) != NULL;
}

static gboolean
export_calendar (IMsgMessage    *self,
                 gboolean        is_part,
                 GOutputStream  *stream,
                 GCancellable   *cancellable,
                 GPtrArray     **losses,
                 GError        **error)
{
  g_autoptr(GPtrArray) told = NULL;
  g_autoptr(GHashTable) zones = NULL;
  IMsgCalendarExport export = { NULL };
  const char *method;
  g_autofree char *text = NULL;
  gboolean is_written;

  if (losses != NULL)
    *losses = NULL;
  if (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (self)))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The message is closed"));
      return FALSE;
    }
  if (!imsg_message_is_calendar (self))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("A message of class %s is nothing for a calendar"),
                   imsg_message_get_message_class (self));
      return FALSE;
    }

  told = _imsg_problem_list_new ();
  zones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  export.losses = told;
  export.cancellable = cancellable;
  export.zones = zones;
  export.is_part = is_part;
  export.calendar = icalcomponent_new (ICAL_VCALENDAR_COMPONENT);
  icalcomponent_add_property (export.calendar, icalproperty_new_version ("2.0"));
  icalcomponent_add_property (export.calendar,
                              icalproperty_new_prodid ("-//libimsg//libimsg 1.0//EN"));
  switch (get_kind (self))
    {
    case IMSG_CALENDAR_TODO:
      _imsg_calendar_add_todo (&export, self);
      break;
    case IMSG_CALENDAR_JOURNAL:
      _imsg_calendar_add_journal (&export, self);
      break;
    case IMSG_CALENDAR_EVENT:
    case IMSG_CALENDAR_NONE:
    default:
      _imsg_calendar_add_event (&export, self);
    }

  /* RFC 5546 3.2.1: what is published has an organizer */
  method = imsg_message_get_calendar_method (self);
  if (strcmp (method, "PUBLISH") != 0 || has_organizer (export.calendar))
    icalcomponent_add_property (export.calendar,
                                icalproperty_new_method (icalproperty_string_to_method (method)));
  text = write_calendar (export.calendar);
  icalcomponent_free (export.calendar);
  is_written = g_output_stream_write_all (stream, text, strlen (text), NULL, cancellable, error);
  if (is_written && losses != NULL)
    *losses = g_steal_pointer (&told);
  return is_written;
}

/**
 * imsg_message_export_icalendar:
 * @self: a message
 * @stream: where to write
 * @cancellable: (nullable): cancels it
 * @losses: (out) (optional) (transfer container) (element-type IMsgProblem): what iCalendar
 *   cannot carry
 * @error: return location for an error
 *
 * Writes an appointment, meeting message, task or journal entry as iCalendar, with its recurrence,
 * the occurrences that differ, time zones and attendees, and with its attachments as far as they are
 * files and stay below 8 MiB together.
 *
 * Fails with `IMSG_ERROR_NO_SUPPORT` when @self is none of these, `IMSG_ERROR_CLOSED` once it is
 * closed, a %G_IO_ERROR when writing fails or is cancelled.
 * Source: [MS-OXCICAL] 2.1.3.
 *
 * Returns: %TRUE when all was written
 * Since: 1.0
 */
gboolean
imsg_message_export_icalendar (IMsgMessage    *self,
                               GOutputStream  *stream,
                               GCancellable   *cancellable,
                               GPtrArray     **losses,
                               GError        **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return export_calendar (self, FALSE, stream, cancellable, losses, error);
}

gboolean
_imsg_message_export_calendar_part (IMsgMessage    *self,
                                    GOutputStream  *stream,
                                    GCancellable   *cancellable,
                                    GPtrArray     **losses,
                                    GError        **error)
{
  return export_calendar (self, TRUE, stream, cancellable, losses, error);
}
