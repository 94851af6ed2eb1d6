/* test-calendar.c - appointments, tasks and contacts as iCalendar and vCard
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <libical/ical.h>
#include <string.h>

#define APPOINTMENT "PSETID_Appointment"

/* Weekly on Monday from 2024-01-08, 5 times, 10:00 to 10:30; the occurrence of 01-15 moved to
 * 01-16 11:00 with the subject "Hi". */
static const char recurrence[] =
  "04300430 0B200100 0000 C0210000 01000000 00000000 02000000 22200000 05000000 00000000"
  "01000000 6004430D 01000000 000A430D 00DD420D 807A430D 06300000 09300000 58020000 76020000"
  "0100 940C430D B20C430D B806430D 0100 03000200 4869 00000000 04000000 00000000 00000000"
  "940C430D B20C430D B806430D 02004800 6900 00000000 00000000";

static guint32
named (IMsgMessage      *message,
       const char       *set,
       guint32           id,
       IMsgPropertyType  type)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (set, id);
  g_autoptr(GError) error = NULL;
  guint property = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                               TRUE, &error);

  g_assert_no_error (error);
  return imsg_property_tag (type, property);
}

static void
set_time (IMsgMessage *message,
          const char  *set,
          guint32      id,
          const char  *iso8601)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (iso8601, NULL);
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (message),
                                     named (message, set, id, IMSG_PROPERTY_TYPE_SYSTIME), time,
                                     &error);
  g_assert_no_error (error);
}

static void
set_text (IMsgMessage *message,
          guint32      tag,
          const char  *text)
{
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), tag, text, &error);
  g_assert_no_error (error);
}

static IMsgMessage *
create_appointment (IMsgSession *session,
                    const char  *message_class)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_create_message (session, message_class, &error);

  g_assert_no_error (error);
  set_text (message, IMSG_PR_SUBJECT, "Standup; daily, short");
  set_text (message, named (message, APPOINTMENT, 0x8208, IMSG_PROPERTY_TYPE_UNICODE), "Room 1");
  set_time (message, APPOINTMENT, 0x820D, "2024-01-08T10:00:00Z");
  set_time (message, APPOINTMENT, 0x820E, "2024-01-08T10:30:00Z");
  return message;
}

static icalcomponent *
export_calendar (IMsgMessage  *message,
                 GPtrArray   **losses)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;
  icalcomponent *calendar;

  imsg_message_export_icalendar (message, memory, NULL, losses, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (memory, "", 1, NULL, NULL, NULL);
  calendar =
    icalparser_parse_string (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)));
  g_assert_nonnull (calendar);
  g_assert_cmpint (icalcomponent_count_errors (calendar), ==, 0);
  return calendar;
}

static void
test_appointment (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Appointment");
  icalcomponent *calendar = export_calendar (message, NULL);
  icalcomponent *event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);

  g_assert_nonnull (event);
  g_assert_cmpstr (icalcomponent_get_summary (event), ==, "Standup; daily, short");
  g_assert_cmpstr (icalcomponent_get_location (event), ==, "Room 1");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtstart (event)), ==,
                   "20240108T100000Z");
  /* RFC 5546: without an organizer it is no published one */
  g_assert_cmpint (icalcomponent_get_method (calendar), ==, ICAL_METHOD_NONE);
  g_assert_true (icalrestriction_check (calendar));
  g_assert_cmpint (icalcomponent_count_errors (calendar), ==, 0);
  icalcomponent_free (calendar);
}

static void
test_recurrence (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Appointment");
  g_autoptr(GBytes) bytes = test_bytes_from_hex (recurrence);
  g_autoptr(GError) error = NULL;
  icalcomponent *calendar, *event, *moved = NULL, *series = NULL;
  struct icalrecurrencetype rule;

  imsg_property_object_set_bytes (
    IMSG_PROPERTY_OBJECT (message),
    named (message, APPOINTMENT, 0x8216, IMSG_PROPERTY_TYPE_BINARY), bytes, &error);
  g_assert_no_error (error);
  calendar = export_calendar (message, NULL);
  for (event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT); event != NULL;
       event = icalcomponent_get_next_component (calendar, ICAL_VEVENT_COMPONENT))
    if (icalcomponent_get_first_property (event, ICAL_RECURRENCEID_PROPERTY) != NULL)
      moved = event;
    else
      series = event;

  g_assert_nonnull (series);
  g_assert_nonnull (moved);
  rule = icalproperty_get_rrule (icalcomponent_get_first_property (series, ICAL_RRULE_PROPERTY));
  g_assert_cmpint (rule.freq, ==, ICAL_WEEKLY_RECURRENCE);
  g_assert_cmpint (rule.count, ==, 5);
  /* moved, so not left out */
  g_assert_null (icalcomponent_get_first_property (series, ICAL_EXDATE_PROPERTY));
  g_assert_cmpstr (icalcomponent_get_summary (moved), ==, "Hi");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtstart (moved)), ==,
                   "20240116T110000Z");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_recurrenceid (moved)), ==,
                   "20240115T100000Z");
  icalcomponent_free (calendar);
}

/* A recurrence cut at any byte is a loss told, and the event still goes out. */
static void
test_recurrence_cut (void)
{
  g_autoptr(GBytes) whole = test_bytes_from_hex (recurrence);

  for (gsize size = 1; size < g_bytes_get_size (whole); size += 3)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Appointment");
      g_autoptr(GBytes) cut = g_bytes_new_from_bytes (whole, 0, size);
      g_autoptr(GPtrArray) losses = NULL;
      icalcomponent *calendar;

      imsg_property_object_set_bytes (
        IMSG_PROPERTY_OBJECT (message),
        named (message, APPOINTMENT, 0x8216, IMSG_PROPERTY_TYPE_BINARY), cut, NULL);
      calendar = export_calendar (message, &losses);
      g_assert_nonnull (icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT));
      if (size < 50)
        g_assert_cmpuint (losses->len, ==, 1);
      icalcomponent_free (calendar);
    }
}

/* W. Europe: UTC+1, daylight time from the last Sunday of March to that of October. */
static void
test_time_zone (void)
{
  static const char zone[] = "C4FFFFFF 00000000 C4FFFFFF 0000 0000 0A00 0000 0500 0300 0000 0000 "
                             "0000 0000 0000 0300 0000 0500 0200 0000 0000 0000";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Appointment");
  g_autoptr(GBytes) bytes = test_bytes_from_hex (zone);
  icalcomponent *calendar;

  imsg_property_object_set_bytes (
    IMSG_PROPERTY_OBJECT (message),
    named (message, APPOINTMENT, 0x8233, IMSG_PROPERTY_TYPE_BINARY), bytes, NULL);
  calendar = export_calendar (message, NULL);
  g_assert_nonnull (icalcomponent_get_first_component (calendar, ICAL_VTIMEZONE_COMPONENT));
  g_assert_cmpint (icalcomponent_get_dtstart (icalcomponent_get_first_component (
                     calendar, ICAL_VEVENT_COMPONENT)).hour, ==, 11);
  icalcomponent_free (calendar);
}

static void
set_bytes (IMsgMessage *message,
           const char  *set,
           guint32      id,
           GBytes      *bytes)
{
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message),
                                  named (message, set, id, IMSG_PROPERTY_TYPE_BINARY), bytes,
                                  &error);
  g_assert_no_error (error);
}

static void
set_flag (IMsgMessage *message,
          const char  *set,
          guint32      id)
{
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (message),
                                    named (message, set, id, IMSG_PROPERTY_TYPE_BOOLEAN), TRUE,
                                    &error);
  g_assert_no_error (error);
}

/* Russia: UTC+3 until 2011, then UTC+4, and UTC+3 again; the last rule is the one in force. */
static const char moscow[] =
  "02010600 02000000 0300"
  "02013E00 0000 41060100 00000100 00000000 00000000 4CFFFFFF 00000000 C4FFFFFF"
  "00000A00 00000500 03000000 00000000 00000300 00000500 02000000 00000000"
  "02013E00 0000 DB070100 00000100 00000000 00000000 10FFFFFF 00000000 00000000"
  "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
  "02013E00 0200 DF070100 00000100 00000000 00000000 4CFFFFFF 00000000 00000000"
  "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000";

/* What repeats does so by the zone of its pattern, wherever the start was shown. */
static void
test_zone_of_pattern (void)
{
  static const char berlin[] = "C4FFFFFF 00000000 C4FFFFFF 0000 0000 0A00 0000 0500 0300 0000 0000 "
                               "0000 0000 0000 0300 0000 0500 0200 0000 0000 0000";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Appointment");
  g_autoptr(GBytes) of_start = test_bytes_from_hex (moscow);
  g_autoptr(GBytes) of_pattern = test_bytes_from_hex (berlin);
  g_autoptr(GBytes) pattern = test_bytes_from_hex (recurrence);
  icalcomponent *calendar;

  set_bytes (message, APPOINTMENT, 0x825E, of_start);
  set_bytes (message, APPOINTMENT, 0x8233, of_pattern);
  for (guint i = 0; i < 2; i++)
    {
      calendar = export_calendar (message, NULL);
      g_assert_cmpint (icalcomponent_get_dtstart (icalcomponent_get_first_component (
                         calendar, ICAL_VEVENT_COMPONENT)).hour, ==, i == 0 ? 13 : 11);
      icalcomponent_free (calendar);
      set_bytes (message, APPOINTMENT, 0x8216, pattern);
    }
}

/* A whole day is the day that it was, whatever the zone has become since. */
static void
test_all_day_of_old_rule (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Appointment");
  g_autoptr(GBytes) zone = test_bytes_from_hex (moscow);
  icalcomponent *calendar, *event;

  set_flag (message, APPOINTMENT, 0x8215);
  set_bytes (message, APPOINTMENT, 0x825E, zone);
  set_time (message, APPOINTMENT, 0x820D, "2012-05-31T20:00:00Z");
  set_time (message, APPOINTMENT, 0x820E, "2012-06-01T20:00:00Z");
  calendar = export_calendar (message, NULL);
  event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtstart (event)), ==, "20120601");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtend (event)), ==, "20120602");
  icalcomponent_free (calendar);
}

#define GLOBAL_ID "040000008200E00074C5B7101A82E008"
#define ID_REST "A048DAF17405D9010000000000000000100000003C10A5564C9D36459E7780C78BAFCB77"

/* What a message of one occurrence says of it when it has no replace time: the day in its id */
static const struct
{
  const char *path;
  const char *id;
  gint64      clock; /* of the pattern, -1 when it is absent */
  gboolean    is_all_day;
  const char *recurrence_id; /* nullable */
  const char *uid;
} ids[] = {
  { "series", GLOBAL_ID "00000000" ID_REST, -1, FALSE, NULL, GLOBAL_ID "00000000" ID_REST },
  { "occurrence", GLOBAL_ID "07E80110" ID_REST, 9 << 12 | 15 << 6, FALSE, "20240116T091500Z",
    GLOBAL_ID "00000000" ID_REST },
  { "no-clock", GLOBAL_ID "07E80110" ID_REST, -1, FALSE, "20240116T100000Z",
    GLOBAL_ID "00000000" ID_REST },
  { "whole-day", GLOBAL_ID "07E80110" ID_REST, 0, TRUE, "20240116", GLOBAL_ID "00000000" ID_REST },
  { "no-day", GLOBAL_ID "07E80D40" ID_REST, -1, FALSE, NULL, GLOBAL_ID "00000000" ID_REST },
  /* "event-1@google.com-AAAA-xyz", and bytes that are neither */
  { "plain", "6576656E742D3140676F6F676C652E636F6D2D414141412D78797A", -1, FALSE, NULL,
    "event-1@google.com-AAAA-xyz" },
  { "other", "0102030405060708090A0B0C0D0E0F101112131415", -1, FALSE, NULL,
    "0102030405060708090A0B0C0D0E0F101112131415" },
};

static void
test_id (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Schedule.Meeting.Canceled");
  g_autoptr(GBytes) id = test_bytes_from_hex (ids[i].id);
  icalcomponent *calendar, *event;
  icalproperty *replaced;

  set_bytes (message, "PSETID_Meeting", 0x0003, id);
  if (ids[i].clock >= 0)
    imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message),
                                  named (message, "PSETID_Meeting", 0x000E,
                                         IMSG_PROPERTY_TYPE_LONG),
                                  ids[i].clock, NULL);
  if (ids[i].is_all_day)
    set_flag (message, APPOINTMENT, 0x8215);
  calendar = export_calendar (message, NULL);
  event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  replaced = icalcomponent_get_first_property (event, ICAL_RECURRENCEID_PROPERTY);
  g_assert_cmpstr (icalcomponent_get_uid (event), ==, ids[i].uid);
  g_assert_cmpstr (replaced != NULL ? icalproperty_get_value_as_string (replaced) : NULL, ==,
                   ids[i].recurrence_id);
  icalcomponent_free (calendar);
}

/* A pattern of every third day from 2024-01-08 for a task; sliding is its SlidingFlag */
static IMsgMessage *
create_recurring_task (IMsgSession *session,
                       const char  *sliding)
{
  IMsgMessage *message = imsg_session_create_message (session, "IPM.Task", NULL);
  g_autofree char *hex =
    g_strconcat ("0430 0430 0A20 0000 0000 00000000 E0100000", sliding, "21200000 03000000 00000000"
                 "01000000 20F4420D 00000000 00DD420D 807A430D", NULL);
  g_autoptr(GBytes) pattern = test_bytes_from_hex (hex);

  set_time (message, "PSETID_Task", 0x8105, "2024-01-08T00:00:00Z");
  set_bytes (message, "PSETID_Task", 0x8116, pattern);
  return message;
}

/* iCalendar has a method for a proposal, and another for a refusal. */
static void
test_refusal_with_proposal (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Schedule.Meeting.Resp.Neg");
  g_autoptr(GPtrArray) losses = NULL;

  set_flag (message, APPOINTMENT, 0x8257);
  icalcomponent_free (export_calendar (message, &losses));
  g_assert_cmpuint (losses->len, ==, 1);
  g_assert_cmpstr (imsg_problem_get_where (losses->pdata[0]), ==, "METHOD");
}

/* The companies of a task come back as those that went out. */
static void
test_companies (void)
{
  static const char *const companies[] = { "ACME", "Engines, Ltd", NULL };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Task", NULL);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GPtrArray) again = NULL;
  g_autoptr(GVariant) value = NULL;
  g_autofree const char **names = NULL;

  imsg_property_object_set_value (
    IMSG_PROPERTY_OBJECT (message),
    named (message, "PSETID_Common", 0x8539, IMSG_PROPERTY_TYPE_MV_UNICODE),
    g_variant_new_strv (companies, -1), NULL);
  imsg_message_export_icalendar (message, memory, NULL, NULL, NULL);
  g_output_stream_close (memory, NULL, NULL);
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  stream = g_memory_input_stream_new_from_bytes (bytes);
  again = imsg_session_import_icalendar (session, stream, NULL, NULL);
  value = imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (again->pdata[0]),
                                          test_find_named (again->pdata[0], "PSETID_Common", 0x8539),
                                          NULL);
  names = g_variant_get_strv (value, NULL);
  g_assert_true (g_strv_equal ((const char *const *) names, companies));
}

/* Ends of lines in all the ways they come; other controls may not stand in a calendar. */
static void
test_controls (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Appointment");
  icalcomponent *calendar, *event;

  set_text (message, IMSG_PR_SUBJECT, "a\x0b" "b\x01" "c");
  set_text (message, IMSG_PR_BODY, "one\x0btwo\x0c" "2\rthree\r\nfour\x07");
  calendar = export_calendar (message, NULL);
  event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  g_assert_cmpstr (icalcomponent_get_summary (event), ==, "a\nbc");
  g_assert_cmpstr (icalcomponent_get_description (event), ==, "one\ntwo2\nthree\nfour");
  icalcomponent_free (calendar);
}

/* A task that is only due has no start, which a rule needs. */
static void
test_due_series (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_recurring_task (session, "00000000");
  icalcomponent *calendar = export_calendar (message, NULL);
  icalcomponent *todo = icalcomponent_get_first_component (calendar, ICAL_VTODO_COMPONENT);
  icalproperty *left_out = icalcomponent_get_first_property (todo, ICAL_EXDATE_PROPERTY);
  icalproperty *rule = icalcomponent_get_first_property (todo, ICAL_RRULE_PROPERTY);

  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtstart (todo)), ==, "20240108");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_due (todo)), ==, "20240108");
  g_assert_true (icalproperty_get_rrule (rule).until.is_date);
  g_assert_true (icalproperty_get_exdate (left_out).is_date);
  icalcomponent_free (calendar);
}

/* The next one comes so many days after this one is done: no fixed days. */
static void
test_regenerating_task (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_recurring_task (session, "01000000");
  g_autoptr(GPtrArray) losses = NULL;
  icalcomponent *calendar = export_calendar (message, &losses);
  icalcomponent *todo = icalcomponent_get_first_component (calendar, ICAL_VTODO_COMPONENT);

  g_assert_null (icalcomponent_get_first_property (todo, ICAL_RRULE_PROPERTY));
  g_assert_cmpuint (losses->len, ==, 1);
  g_assert_cmpstr (imsg_problem_get_where (losses->pdata[0]), ==, "RRULE");
  icalcomponent_free (calendar);
}

/* Days that are left out, each once and no more than a series has */
static void
test_many_left_out (void)
{
  enum { MAX_DAYS = 65536 };
  g_autoptr(GBytes) head = test_bytes_from_hex ("0430 0430 0A20 0000 0000 00000000 A0050000 00000000"
                                                "23200000 0A000000 00000000");
  g_autoptr(GBytes) rest = test_bytes_from_hex ("00000000 00DD420D DF80E95A 06300000 09300000"
                                                "58020000 76020000 0000 00000000 00000000");

  for (guint n = MAX_DAYS; n <= MAX_DAYS + 1; n++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Appointment");
      g_autoptr(GByteArray) bytes = g_byte_array_new ();
      g_autoptr(GBytes) pattern = NULL;
      g_autoptr(GPtrArray) losses = NULL;
      icalcomponent *calendar;
      guint32 n_stored = GUINT32_TO_LE (2 * n);

      g_byte_array_append (bytes, g_bytes_get_data (head, NULL), (guint) g_bytes_get_size (head));
      g_byte_array_append (bytes, (const guint8 *) &n_stored, 4);
      for (guint i = 0; i < 2 * n; i++)
        {
          guint32 date = GUINT32_TO_LE (0x0D42DD00 + i / 2 * 1440);

          g_byte_array_append (bytes, (const guint8 *) &date, 4);
        }
      g_byte_array_append (bytes, g_bytes_get_data (rest, NULL), (guint) g_bytes_get_size (rest));
      pattern = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
      set_bytes (message, APPOINTMENT, 0x8216, pattern);
      calendar = export_calendar (message, &losses);
      g_assert_cmpint (icalcomponent_count_properties (icalcomponent_get_first_component (
                                                         calendar, ICAL_VEVENT_COMPONENT),
                                                       ICAL_EXDATE_PROPERTY),
                       ==, MAX_DAYS);
      g_assert_cmpuint (losses->len, ==, n == MAX_DAYS ? 0 : 1);
      icalcomponent_free (calendar);
    }
}

static const struct
{
  const char         *message_class;
  icalproperty_method method;
} methods[] = {
  { "IPM.Schedule.Meeting.Request", ICAL_METHOD_REQUEST },
  { "IPM.Schedule.Meeting.Resp.Pos", ICAL_METHOD_REPLY },
  { "IPM.Schedule.Meeting.Resp.Neg", ICAL_METHOD_REPLY },
  { "IPM.Schedule.Meeting.Canceled", ICAL_METHOD_CANCEL },
  { "ipm.appointment.custom", ICAL_METHOD_NONE },
};

static void
test_methods (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr(IMsgMessage) message = create_appointment (session, methods[i].message_class);
      icalcomponent *calendar = export_calendar (message, NULL);

      g_assert_cmpint (icalcomponent_get_method (calendar), ==, methods[i].method);
      icalcomponent_free (calendar);
    }
}

static void
test_attendees (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_appointment (session, "IPM.Schedule.Meeting.Request");
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(GError) error = NULL;
  icalcomponent *calendar, *event;
  icalproperty *attendee;
  icalparameter *role;

  set_text (message, IMSG_PR_SENT_REPRESENTING_NAME, "Boss");
  set_text (message, IMSG_PR_SENT_REPRESENTING_ADDRTYPE, "SMTP");
  set_text (message, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, "boss@example.org");
  recipient = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_CC, "May \"B\"",
                                          "may@example.org", &error);
  g_assert_no_error (error);
  calendar = export_calendar (message, NULL);
  event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  g_assert_cmpstr (icalproperty_get_organizer (icalcomponent_get_first_property (
                     event, ICAL_ORGANIZER_PROPERTY)), ==, "mailto:boss@example.org");
  attendee = icalcomponent_get_first_property (event, ICAL_ATTENDEE_PROPERTY);
  g_assert_cmpstr (icalproperty_get_attendee (attendee), ==, "mailto:may@example.org");
  role = icalproperty_get_first_parameter (attendee, ICAL_ROLE_PARAMETER);
  g_assert_cmpint (icalparameter_get_role (role), ==, ICAL_ROLE_OPTPARTICIPANT);
  icalcomponent_free (calendar);
}

static void
test_task (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Task", &error);
  icalcomponent *calendar, *todo;

  set_text (message, IMSG_PR_SUBJECT, "Do it");
  set_time (message, "PSETID_Task", 0x8105, "2024-02-01T00:00:00Z");
  imsg_property_object_set_value (
    IMSG_PROPERTY_OBJECT (message),
    named (message, "PSETID_Task", 0x8102, IMSG_PROPERTY_TYPE_DOUBLE), g_variant_new_double (0.5),
    &error);
  g_assert_no_error (error);
  calendar = export_calendar (message, NULL);
  todo = icalcomponent_get_first_component (calendar, ICAL_VTODO_COMPONENT);
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_due (todo)), ==, "20240201");
  g_assert_cmpint (icalproperty_get_percentcomplete (icalcomponent_get_first_property (
                     todo, ICAL_PERCENTCOMPLETE_PROPERTY)), ==, 50);
  icalcomponent_free (calendar);
}

static void
test_no_calendar (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;

  g_assert_false (imsg_message_export_icalendar (message, memory, NULL, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
  g_clear_error (&error);
  g_assert_false (imsg_message_export_vcard (message, memory, NULL, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
}

static void
test_contact (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Contact", NULL);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;
  const char *text;

  set_text (message, IMSG_PR_DISPLAY_NAME, "Ada King; Countess");
  set_text (message, IMSG_PR_SURNAME, "King");
  set_text (message, IMSG_PR_GIVEN_NAME, "Ada");
  set_text (message, IMSG_PR_BUSINESS_TELEPHONE_NUMBER, "+44 1");
  set_text (message, named (message, "PSETID_Address", 0x8082, IMSG_PROPERTY_TYPE_UNICODE), "SMTP");
  set_text (message, named (message, "PSETID_Address", 0x8083, IMSG_PROPERTY_TYPE_UNICODE),
            "ada@example.org");
  set_text (message, named (message, "PSETID_Address", 0x8046, IMSG_PROPERTY_TYPE_UNICODE),
            "London, a city with a very, very long name that has to be folded, with ümlauts öäü");
  imsg_message_export_vcard (message, memory, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (memory, "", 1, NULL, NULL, NULL);
  text = g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory));
  g_assert_nonnull (strstr (text, "\r\nN:King;Ada;;;\r\n"));
  g_assert_nonnull (strstr (text, "\r\nFN:Ada King\\; Countess\r\n"));
  g_assert_nonnull (strstr (text, "\r\nEMAIL;TYPE=INTERNET,PREF:ada@example.org\r\n"));
  g_assert_nonnull (strstr (text, "\r\nTEL;TYPE=WORK,VOICE:+44 1\r\n"));
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *line = text; *line != '\0';)
    {
      const char *end = strstr (line, "\r\n");

      g_assert_nonnull (end);
      g_assert_cmpint (end - line, <=, 75);
      line = end + 2;
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/icalendar/appointment", test_appointment);
  g_test_add_func ("/imsg/icalendar/recurrence", test_recurrence);
  g_test_add_func ("/imsg/icalendar/recurrence-cut", test_recurrence_cut);
  g_test_add_func ("/imsg/icalendar/time-zone", test_time_zone);
  g_test_add_func ("/imsg/icalendar/zone-of-pattern", test_zone_of_pattern);
  g_test_add_func ("/imsg/icalendar/all-day-of-old-rule", test_all_day_of_old_rule);
  TEST_ADD_TABLE ("/imsg/icalendar/id", ids, test_id);
  g_test_add_func ("/imsg/icalendar/controls", test_controls);
  g_test_add_func ("/imsg/icalendar/refusal-with-proposal", test_refusal_with_proposal);
  g_test_add_func ("/imsg/icalendar/companies", test_companies);
  g_test_add_func ("/imsg/icalendar/due-series", test_due_series);
  g_test_add_func ("/imsg/icalendar/regenerating-task", test_regenerating_task);
  g_test_add_func ("/imsg/icalendar/many-left-out", test_many_left_out);
  g_test_add_func ("/imsg/icalendar/methods", test_methods);
  g_test_add_func ("/imsg/icalendar/attendees", test_attendees);
  g_test_add_func ("/imsg/icalendar/task", test_task);
  g_test_add_func ("/imsg/icalendar/no-calendar", test_no_calendar);
  g_test_add_func ("/imsg/vcard/contact", test_contact);
  return g_test_run ();
}
