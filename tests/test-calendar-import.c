/* test-calendar-import.c - calendars as messages, and back
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-calendar-util.h"

#include <libical/ical.h>
#include <string.h>

#define APPOINTMENT "PSETID_Appointment"
#define COMMON "PSETID_Common"
#define MEETING "PSETID_Meeting"
#define TASK "PSETID_Task"

/* Saves, opens again, and checks that it is what Outlook takes. */
static void
save (IMsgMessage *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) again = NULL;
  g_autoptr(GPtrArray) problems = NULL;

  g_assert_no_error (error);
  again = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_assert_no_error (error);
  problems = imsg_message_list_problems (again);
  g_assert_cmpuint (problems->len, ==, 0);
}

static const char event[] =
  "BEGIN:VEVENT\r\nUID:event-1@example.org\r\nDTSTAMP:20240101T000000Z\r\n"
  "DTSTART;TZID=Here:20240708T100000\r\nDURATION:PT90M\r\nSUMMARY:Lunch\\, late\r\n"
  "LOCATION:Caf\xC3\r\n \xA9\r\nDESCRIPTION:One\\nTwo\r\nSEQUENCE:3\r\nPRIORITY:2\r\n"
  "CLASS:PRIVATE\r\nCATEGORIES:Red,Blue\r\nCONTACT:Ann\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n"
  "ORGANIZER;CN=Boss:mailto:boss@example.org\r\n"
  "ATTENDEE;CN=\"May, B\";ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED;RSVP=TRUE:mailto:may@example.org\r\n"
  "ATTENDEE;CUTYPE=ROOM:mailto:room@example.org\r\n"
  "ATTACH;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=text/plain;FILENAME=a.txt:SGVsbG8=\r\n"
  "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER;RELATED=END:-PT2H\r\nEND:VALARM\r\n"
  "END:VEVENT\r\n";

static void
test_event (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (session, event);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(IMsgRecipient) may = g_list_model_get_item (recipients, 0);
  g_autoptr(IMsgRecipient) room = g_list_model_get_item (recipients, 1);
  g_autoptr(IMsgAttachment) attachment =
    g_list_model_get_item (imsg_message_get_attachments (message), 0);
  g_autoptr(GBytes) zone = NULL;
  g_autofree char *body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, NULL);
  icalcomponent *calendar, *out;

  g_assert_cmpstr (imsg_message_get_message_class (message), ==, "IPM.Appointment");
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "Lunch, late");
  test_assert_time (message, APPOINTMENT, 0x820D, "2024-07-08T08:00Z");
  test_assert_time (message, APPOINTMENT, 0x820E, "2024-07-08T09:30Z");
  test_assert_time (message, COMMON, 0x8516, "2024-07-08T08:00Z");
  test_assert_string (message, test_find_named (message, APPOINTMENT, 0x8208), "Café");
  g_assert_cmpstr (body, ==, "One\r\nTwo");
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8201), ==, 3);
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8205), ==, 3);
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8213), ==, 90);
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8217), ==, 1);
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8223), ==, 0);
  g_assert_cmpint (test_get_int (message, COMMON, 0x8506), ==, 1);
  /* two hours before the end are thirty minutes before the start */
  g_assert_cmpint (test_get_int (message, COMMON, 0x8501), ==, 30);
  test_assert_time (message, COMMON, 0x8560, "2024-07-08T07:30Z");
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_IMPORTANCE), ==, 2);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_SENSITIVITY), ==, 2);
  g_assert_true (imsg_property_object_get_boolean (object, IMSG_PR_RESPONSE_REQUESTED));
  g_assert_true (imsg_property_object_get_boolean (object, IMSG_PR_REPLY_REQUESTED));
  g_assert_cmpstr (imsg_message_get_sender_name (message), ==, "Boss");
  g_assert_cmpstr (imsg_recipient_get_name (may), ==, "May, B");
  g_assert_cmpint (imsg_recipient_get_recipient_type (may), ==, IMSG_RECIPIENT_TYPE_CC);
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (may),
                                                 IMSG_PR_RECIPIENT_TRACKSTATUS), ==, 4);
  g_assert_cmpint (imsg_recipient_get_recipient_type (room), ==, IMSG_RECIPIENT_TYPE_BCC);
  g_assert_cmpstr (imsg_attachment_get_file_name (attachment), ==, "a.txt");
  g_assert_cmpuint (imsg_attachment_get_size (attachment), ==, 5);
  zone = imsg_property_object_get_bytes (object, test_find_named (message, APPOINTMENT, 0x825E));
  g_assert_cmpmem ((const char *) g_bytes_get_data (zone, NULL) + 8, 18, "W\0.\0 \0E\0u\0r\0o\0p\0e\0", 18);
  test_assert_losses (message, "");
  save (message);

  calendar = test_export_calendar (message);
  out = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  g_assert_cmpstr (icalcomponent_get_uid (out), ==, "event-1@example.org");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtstart (out)), ==, "20240708T100000");
  g_assert_cmpstr (icalcomponent_get_description (out), ==, "One\nTwo");
  g_assert_cmpint (icalcomponent_count_properties (out, ICAL_CATEGORIES_PROPERTY), ==, 2);
  g_assert_cmpint (icalcomponent_count_properties (out, ICAL_ATTACH_PROPERTY), ==, 1);
  g_assert_cmpint (icalcomponent_count_properties (out, ICAL_CONTACT_PROPERTY), ==, 1);
  g_assert_cmpint (icalproperty_get_priority (icalcomponent_get_first_property (
                     out, ICAL_PRIORITY_PROPERTY)), ==, 1);
  icalcomponent_free (calendar);
}

/* All the days of a series, with what was moved and left out, as libical sees them */
static const char series[] =
  "BEGIN:VEVENT\r\nUID:series\r\nDTSTAMP:20240101T000000Z\r\nDTSTART;TZID=Here:20240318T100000\r\n"
  "DTEND;TZID=Here:20240318T103000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=6\r\n"
  "EXDATE;TZID=Here:20240401T100000\r\nEXDATE:20240415T080000Z\r\nSUMMARY:Standup\r\n"
  "LOCATION:Room 1\r\nEND:VEVENT\r\n"
  "BEGIN:VEVENT\r\nUID:series\r\nDTSTAMP:20240101T000000Z\r\n"
  "RECURRENCE-ID;TZID=Here:20240408T100000\r\nDTSTART;TZID=Here:20240409T110000\r\n"
  "DTEND;TZID=Here:20240409T120000\r\nSUMMARY:Moved\r\nDESCRIPTION:Why\r\nLOCATION:Room 1\r\n"
  "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n";

static void
test_series (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (session, series);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(IMsgAttachment) attachment =
    g_list_model_get_item (imsg_message_get_attachments (message), 0);
  g_autoptr(IMsgMessage) inner = NULL;
  g_autoptr(GBytes) pattern =
    imsg_property_object_get_bytes (object, test_find_named (message, APPOINTMENT, 0x8216));
  g_autoptr(GDateTime) start = NULL;
  icalcomponent *calendar, *out, *moved = NULL, *main = NULL;

  test_assert_losses (message, "");
  g_assert_cmpuint (g_bytes_get_size (pattern), >, 100);
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8223), ==, 1);
  g_assert_cmpint (test_get_int (message, MEETING, 0x0005), ==, 1);
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8231), ==, 2);
  test_assert_string (message, test_find_named (message, APPOINTMENT, 0x8232),
               "every Monday from 10:00 to 10:30");
  test_assert_string (message, test_find_named (message, APPOINTMENT, 0x8234),
               "(UTC+01:00) W. Europe Standard Time");
  /* midnight where the series is, before and after the clocks went forward */
  test_assert_time (message, APPOINTMENT, 0x8235, "2024-03-17T23:00Z");
  test_assert_time (message, APPOINTMENT, 0x8236, "2024-04-21T22:00Z");
  g_assert_cmpuint (test_find_named (message, APPOINTMENT, 0x8233), !=, 0);
  g_assert_cmpuint (test_find_named (message, APPOINTMENT, 0x8260), !=, 0);

  g_assert_true (imsg_attachment_is_hidden (attachment));
  start = imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (attachment),
                                             IMSG_PR_EXCEPTION_STARTTIME);
  g_assert_cmpint (g_date_time_get_hour (start), ==, 11);
  inner = imsg_attachment_open_message (attachment, NULL, NULL);
  g_assert_cmpstr (imsg_message_get_subject (inner), ==, "Moved");
  test_assert_time (inner, APPOINTMENT, 0x8228, "2024-04-08T08:00Z");
  save (message);

  calendar = test_export_calendar (message);
  for (out = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT); out != NULL;
       out = icalcomponent_get_next_component (calendar, ICAL_VEVENT_COMPONENT))
    if (icalcomponent_get_first_property (out, ICAL_RECURRENCEID_PROPERTY) != NULL)
      moved = out;
    else
      main = out;
  g_assert_nonnull (main);
  g_assert_nonnull (moved);
  g_assert_cmpint (icalcomponent_count_properties (main, ICAL_EXDATE_PROPERTY), ==, 2);
  g_assert_null (icalcomponent_get_description (main));
  g_assert_cmpstr (icalcomponent_get_description (moved), ==, "Why");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_recurrenceid (moved)), ==,
                   "20240408T100000");
  g_assert_cmpint (icalproperty_get_transp (icalcomponent_get_first_property (
                     moved, ICAL_TRANSP_PROPERTY)), ==, ICAL_TRANSP_TRANSPARENT);
  icalcomponent_free (calendar);
}

static const struct
{
  const char *name;
  const char *lines; /* of an event on 2024-03-18 at 10 */
  const char *losses;
} losing[] = {
  { "rdate", "RDATE:20240501T100000Z\r\n", "RDATE" },
  { "secondly", "RRULE:FREQ=SECONDLY;COUNT=1000000000\r\n", "RRULE" },
  { "two-rules", "RRULE:FREQ=DAILY;COUNT=3\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n", "RRULE" },
  { "short-months", "RRULE:FREQ=MONTHLY;BYMONTHDAY=31\r\n", "RRULE DTSTART" },
  { "geo", "GEO:1;2\r\nURL:http://example.org\r\n", "GEO URL" },
  { "x", "X-OTHER:1\r\n", "X-OTHER" },
  { "delegate", "ATTENDEE;SENT-BY=\"mailto:a@example.org\":mailto:b@example.org\r\n", "ATTENDEE" },
  { "late-alarm", "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:PT5M\r\nEND:VALARM\r\n", "VALARM" },
  { "unknown-zone", "RECURRENCE-ID;TZID=Nowhere:20240318T100000\r\n", "RECURRENCE-ID" },
  { "before-start", "DTEND:20200101T000000Z\r\n", "DTEND" },
  { "no-address", "ATTENDEE:urn:x\r\n", "ATTENDEE" },
  { "unreadable-rule", "RRULE:FREQ=DAILY;COUNT=5;FOO=1\r\n", "RRULE" },
  { "unreadable-end", "DTEND:2024-01-15 11:00\r\n", "DTEND" },
  { "empty-line", "LOCATION:\r\n", "" },
  { "path-of-a-server", "ATTENDEE;CN=Bob:/aMTkw/principal/\r\n", "ATTENDEE" },
  { "address-beside-path", "ATTENDEE;CN=Bob;EMAIL=bob@example.org:/aMTkw/principal/\r\n", "" },
  { "comment-of-a-request", "COMMENT:x\r\n", "COMMENT" },
  { "absurd-count", "RRULE:FREQ=DAILY;COUNT=2000000000\r\n", "RRULE" },
};

/* What a message cannot say is told, and the rest is there. */
static void
test_losing (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strconcat ("BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20240101T000000Z\r\n"
                 "DTSTART:20240318T100000Z\r\nSUMMARY:There\r\n",
                 losing[i].lines, "END:VEVENT\r\n", NULL);
  g_autoptr(IMsgMessage) message = test_import_component (session, text);

  test_assert_losses (message, losing[i].losses);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "There");
  test_assert_time (message, APPOINTMENT, 0x820D, "2024-03-18T10:00Z");
}

static void
test_all_day (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20240101T000000Z\r\nDTSTART;VALUE=DATE:20240318\r\n"
             "RRULE:FREQ=YEARLY\r\nEND:VEVENT\r\n");
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *out = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);

  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8215), ==, 1);
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8213), ==, 1440);
  test_assert_losses (message, "");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtstart (out)), ==, "20240318");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtend (out)), ==, "20240319");
  icalcomponent_free (calendar);
}

/* Whole days are those of somewhere: of Berlin they begin at ten in the evening of UTC. */
static void
test_all_day_round (void)
{
  static const char text[] =
    "BEGIN:VCALENDAR\r\n" TEST_ZONE_BERLIN "BEGIN:VEVENT\r\nUID:a\r\n"
    "DTSTART;VALUE=DATE:20240715\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);
  icalcomponent *calendar = test_export_calendar (messages->pdata[0]);
  g_autofree char *written = icalcomponent_as_ical_string_r (calendar);
  g_autoptr(GPtrArray) round = test_import_calendar (session, written, -1);
  IMsgMessage *message = round->pdata[0];

  g_assert_nonnull (strstr (written, "DTSTART;VALUE=DATE:20240715\r\n"));
  test_assert_losses (message, "");
  test_assert_time (message, APPOINTMENT, 0x820D, "2024-07-14T22:00Z");
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8215), ==, 1);
  icalcomponent_free (calendar);
}

/* An all-day appointment of a zone that the message does not name: the nearest day */
static void
test_all_day_somewhere (void)
{
  static const char *const starts[] = { "2024-03-17T23:00:00Z", "2024-03-18T05:00:00Z" };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) message = test_import_component (
        session, "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;VALUE=DATE:20240318\r\nEND:VEVENT\r\n");
      g_autoptr(GDateTime) start = g_date_time_new_from_iso8601 (starts[i], NULL);
      icalcomponent *calendar;

      imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (message),
                                         test_find_named (message, APPOINTMENT, 0x820D), start,
                                         NULL);
      calendar = test_export_calendar (message);
      g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtstart (
                         icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT))),
                       ==, "20240318");
      icalcomponent_free (calendar);
    }
}

static void
test_zone_of_calendar (void)
{
  static const char text[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-TIMEZONE:America/New_York\r\nBEGIN:VEVENT\r\nUID:a\r\n"
    "DTSTART:20240708T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  static const char floating[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n"
    "DTSTART:20240708T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);
  g_autoptr(GPtrArray) floats = test_import_calendar (session, floating, -1);

  test_assert_time (messages->pdata[0], APPOINTMENT, 0x820D, "2024-07-08T14:00Z");
  test_assert_losses (messages->pdata[0], "");
  test_assert_time (floats->pdata[0], APPOINTMENT, 0x820D, "2024-07-08T10:00Z");
  test_assert_losses (floats->pdata[0], "DTSTART");
}

/* Times that the clocks of the series do not have: they are behind those of UTC as 1601 begins. */
static const struct
{
  const char *name;
  const char *lines; /* of a series in New York, and after it */
  const char *losses;
} unreachable[] = {
  { "end", "RRULE:FREQ=DAILY;UNTIL=16010101T000000Z\r\n", "RRULE" },
  { "left-out", "RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:16010101T000000Z\r\n", "EXDATE" },
  { "left-out-in-9999", "RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:99991231T235959Z\r\n", "EXDATE" },
  { "moved-from",
    "RRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\n"
    "DTSTART;TZID=America/New_York:20240319T120000\r\nRECURRENCE-ID:16010101T000000Z\r\n",
    "RECURRENCE-ID RECURRENCE-ID" },
  { "moved-to",
    "RRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\n"
    "DTSTART:16010101T000000Z\r\nRECURRENCE-ID;TZID=America/New_York:20240319T100000\r\n",
    "DTSTART RECURRENCE-ID" },
};

static void
test_unreachable (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strconcat ("BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=America/New_York:20240318T100000\r\n",
                 unreachable[i].lines, "END:VEVENT\r\n", NULL);
  g_autoptr(IMsgMessage) message = test_import_component (session, text);

  test_assert_losses (message, unreachable[i].losses);
  test_assert_time (message, APPOINTMENT, 0x820D, "2024-03-18T14:00Z");
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8223), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 0);
}

static void
test_task (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session,
    "BEGIN:VTODO\r\nUID:task-1\r\nDTSTAMP:20240101T000000Z\r\nDTSTART;VALUE=DATE:20240301\r\n"
    "DUE;TZID=Here:20240305T003000\r\nSUMMARY:Do it\r\nSTATUS:IN-PROCESS\r\nPERCENT-COMPLETE:25\r\n"
    "RRULE:FREQ=DAILY;INTERVAL=3\r\nX-MS-ACTUAL-WORK:90\r\nX-MS-OWNER:Ann\r\n"
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\n"
    "TRIGGER;VALUE=DATE-TIME:20240304T080000Z\r\nEND:VALARM\r\nEND:VTODO\r\n");
  g_autoptr(GVariant) percent = imsg_property_object_get_value (
    IMSG_PROPERTY_OBJECT (message), test_find_named (message, TASK, 0x8102), NULL);
  g_autoptr(GBytes) pattern = imsg_property_object_get_bytes (
    IMSG_PROPERTY_OBJECT (message), test_find_named (message, TASK, 0x8116));
  icalcomponent *calendar, *todo;

  g_assert_cmpstr (imsg_message_get_message_class (message), ==, "IPM.Task");
  test_assert_losses (message, "DUE");
  test_assert_time (message, TASK, 0x8104, "2024-03-01T00:00Z");
  /* the day where it is due, and the moment */
  test_assert_time (message, TASK, 0x8105, "2024-03-05T00:00Z");
  test_assert_time (message, COMMON, 0x8517, "2024-03-04T23:30Z");
  test_assert_time (message, COMMON, 0x8502, "2024-03-04T08:00Z");
  g_assert_cmpint (test_get_int (message, TASK, 0x8101), ==, 1);
  g_assert_cmpint (test_get_int (message, TASK, 0x811C), ==, 0);
  g_assert_cmpint (test_get_int (message, TASK, 0x8126), ==, 1);
  g_assert_cmpint (test_get_int (message, TASK, 0x8110), ==, 90);
  g_assert_cmpfloat (g_variant_get_double (percent), ==, 0.25);
  /* no times of day behind the pattern */
  g_assert_cmpuint (g_bytes_get_size (pattern), ==, 50);
  save (message);

  calendar = test_export_calendar (message);
  todo = icalcomponent_get_first_component (calendar, ICAL_VTODO_COMPONENT);
  g_assert_cmpstr (icalcomponent_get_uid (todo), ==, "task-1");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_due (todo)), ==, "20240305");
  g_assert_nonnull (icalcomponent_get_first_property (todo, ICAL_RRULE_PROPERTY));
  icalcomponent_free (calendar);
}

static const struct
{
  const char *lines;
  gint64      status;
  gint64      is_complete;
} progress[] = {
  { "", 0, 0 },
  { "STATUS:NEEDS-ACTION\r\n", 0, 0 },
  { "STATUS:COMPLETED\r\n", 2, 1 },
  { "COMPLETED:20240301T100000Z\r\n", 2, 1 },
  { "STATUS:CANCELLED\r\n", 4, 0 },
  { "STATUS:NEEDS-ACTION\r\nX-MS-TASK-STATUS:3\r\n", 3, 0 },
};

static void
test_task_status (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (progress); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autofree char *text = g_strconcat ("BEGIN:VTODO\r\nUID:a\r\nSUMMARY:x\r\n",
                                           progress[i].lines, "END:VTODO\r\n", NULL);
      g_autoptr(IMsgMessage) message = test_import_component (session, text);

      g_assert_cmpint (test_get_int (message, TASK, 0x8101), ==, progress[i].status);
      g_assert_cmpint (test_get_int (message, TASK, 0x811C), ==, progress[i].is_complete);
    }
}

/* A task that is done and half done: the half is told. */
static void
test_task_contradiction (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VTODO\r\nUID:a\r\nSTATUS:COMPLETED\r\nPERCENT-COMPLETE:50\r\nEND:VTODO\r\n");

  g_assert_cmpint (test_get_int (message, TASK, 0x811C), ==, 1);
  test_assert_losses (message, "PERCENT-COMPLETE");
}

static void
test_journal (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VJOURNAL\r\nUID:j\r\nDTSTART:20240301T100000Z\r\nSUMMARY:Called\r\n"
             "DESCRIPTION:About\\; things\r\nX-MS-LOG-TYPE:Phone call\r\n"
             "X-MS-LOG-END:20240301T103000Z\r\nEND:VJOURNAL\r\n");
  g_autofree char *body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, NULL);

  g_assert_cmpstr (imsg_message_get_message_class (message), ==, "IPM.Activity");
  g_assert_cmpstr (body, ==, "About; things");
  test_assert_time (message, "PSETID_Log", 0x8706, "2024-03-01T10:00Z");
  g_assert_cmpint (test_get_int (message, "PSETID_Log", 0x8707), ==, 30);
  test_assert_string (message, test_find_named (message, "PSETID_Log", 0x8700), "Phone call");
  test_assert_losses (message, "");
  save (message);
}

/* An answer is from the one who answers, to the organizer. */
static void
test_answer (void)
{
  static const char text[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:a\r\n"
    "DTSTAMP:20240101T000000Z\r\nDTSTART:20240708T100000Z\r\nSUMMARY:Lunch\r\n"
    "ORGANIZER:mailto:boss@example.org\r\n"
    "ATTENDEE;CN=May;PARTSTAT=TENTATIVE:mailto:may@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);
  IMsgMessage *message = messages->pdata[0];
  g_autoptr(IMsgRecipient) recipient =
    g_list_model_get_item (imsg_message_get_recipients (message), 0);
  icalcomponent *calendar, *out;

  g_assert_cmpstr (imsg_message_get_message_class (message), ==, "IPM.Schedule.Meeting.Resp.Tent");
  g_assert_cmpstr (imsg_message_get_sender_name (message), ==, "May");
  g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, "boss@example.org");
  calendar = test_export_calendar (message);
  g_assert_cmpint (icalcomponent_get_method (calendar), ==, ICAL_METHOD_REPLY);
  out = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  g_assert_cmpstr (icalproperty_get_organizer (icalcomponent_get_first_property (
                     out, ICAL_ORGANIZER_PROPERTY)), ==, "mailto:boss@example.org");
  g_assert_cmpstr (icalproperty_get_attendee (icalcomponent_get_first_property (
                     out, ICAL_ATTENDEE_PROPERTY)), ==, "mailto:may@example.org");
  icalcomponent_free (calendar);
}

/* Calendar servers name people by paths, and others write what a URI may not hold. */
static void
test_addresses (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20240708T100000Z\r\n"
             "ORGANIZER;CN=Boss;EMAIL=boss@example.org:/aMTkw/principal/\r\n"
             "ATTENDEE;CN=May:mailto:may%2Bb@example.org\r\nEND:VEVENT\r\n");
  g_autoptr(IMsgRecipient) may =
    g_list_model_get_item (imsg_message_get_recipients (message), 0);

  test_assert_string (message, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, "boss@example.org");
  g_assert_cmpstr (imsg_recipient_get_address (may), ==, "may+b@example.org");
}

/* What is said in an answer is its text, in and out; without a status it is none, and nobody's roles
 * are turned round. */
static void
test_answer_text (void)
{
  static const char format[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:a\r\n"
    "DTSTART:20240708T100000Z\r\nDESCRIPTION:Agenda\r\nCOMMENT:I come late\r\n"
    "ORGANIZER:mailto:boss@example.org\r\nATTENDEE%s:mailto:may@example.org\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autofree char *answer = g_strdup_printf (format, ";PARTSTAT=ACCEPTED");
  g_autofree char *none = g_strdup_printf (format, "");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, answer, -1);
  g_autoptr(GPtrArray) others = test_import_calendar (session, none, -1);
  g_autofree char *body =
    imsg_message_get_body (messages->pdata[0], IMSG_BODY_FORMAT_TEXT, NULL, NULL);
  icalcomponent *calendar = test_export_calendar (messages->pdata[0]);

  g_assert_cmpstr (body, ==, "I come late");
  test_assert_losses (messages->pdata[0], "");
  g_assert_cmpstr (icalcomponent_get_comment (icalcomponent_get_first_component (
                     calendar, ICAL_VEVENT_COMPONENT)), ==, "I come late");
  test_assert_string (others->pdata[0], IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS,
                      "boss@example.org");
  icalcomponent_free (calendar);
}

/* A request of a program that does not know Outlook's states: tentative until it is answered */
static void
test_request_is_tentative (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (
    session, "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a\r\n"
             "DTSTART:20240708T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", -1);

  g_assert_cmpint (test_get_int (messages->pdata[0], APPOINTMENT, 0x8205), ==, 1);
  g_assert_cmpint (test_get_int (messages->pdata[0], APPOINTMENT, 0x8224), ==, 2);
}

#define ALARM(lines) "BEGIN:VALARM\r\n" lines "END:VALARM\r\n"
#define NOT_WANTED ALARM ("ACTION:NONE\r\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\r\n")

/* When it rings, of an event on Monday at ten or a task from Monday to Friday */
static const struct
{
  const char *path;
  const char *component;
  const char *alarms;
  const char *rings; /* nullable */
  const char *losses;
} alarms[] = {
  { "default-not-wanted", "VEVENT", NOT_WANTED, NULL, "" },
  { "behind-a-default", "VEVENT", NOT_WANTED ALARM ("ACTION:DISPLAY\r\nTRIGGER:-PT15M\r\n"),
    "2024-07-08T09:45Z", "" },
  { "behind-a-late-one", "VEVENT", ALARM ("ACTION:DISPLAY\r\nTRIGGER:PT5M\r\n")
    ALARM ("ACTION:DISPLAY\r\nTRIGGER:-PT5M\r\n"), "2024-07-08T09:55Z", "VALARM" },
  { "before-due", "VTODO", ALARM ("ACTION:DISPLAY\r\nTRIGGER;RELATED=END:-PT15M\r\n"),
    "2024-07-12T09:45Z", "DTSTART DUE" },
  { "after-start", "VTODO", ALARM ("ACTION:DISPLAY\r\nTRIGGER:PT9H\r\n"), "2024-07-08T19:00Z",
    "DTSTART DUE" },
};

static void
test_alarm (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  gboolean is_event = strcmp (alarms[i].component, "VEVENT") == 0;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strconcat (
    "BEGIN:", alarms[i].component, "\r\nUID:a\r\nDTSTART:20240708T100000Z\r\n",
    is_event ? "" : "DUE:20240712T100000Z\r\n", alarms[i].alarms, "END:", alarms[i].component,
    "\r\n", NULL);
  g_autoptr(IMsgMessage) message = test_import_component (session, text);

  g_assert_cmpint (test_get_int (message, COMMON, 0x8503), ==, alarms[i].rings != NULL);
  if (alarms[i].rings != NULL)
    test_assert_time (message, COMMON, 0x8560, alarms[i].rings);
  test_assert_losses (message, alarms[i].losses);
}

/* A global object id in hex is that, its date cleared; an occurrence alone has its own. */
static void
test_identity (void)
{
  static const char hex[] =
    "040000008200E00074C5B7101A82E00807E8071500000000000000000000000000000000"
    "1000000000112233445566778899AABBCCDDEEFF";
  g_autofree char *text =
    g_strdup_printf ("BEGIN:VEVENT\r\nUID:%s\r\nRECURRENCE-ID;TZID=Here:20240708T100000\r\n"
                     "DTSTART;TZID=Here:20240709T100000\r\nEND:VEVENT\r\n", hex);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (session, text);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GBytes) id =
    imsg_property_object_get_bytes (object, test_find_named (message, MEETING, 0x0003));
  g_autoptr(GBytes) clean =
    imsg_property_object_get_bytes (object, test_find_named (message, MEETING, 0x0023));
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *out = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);

  g_assert_cmpuint (g_bytes_get_size (id), ==, 56);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (id, NULL) + 16, 4, "\x07\xE8\x07\x08", 4);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (clean, NULL) + 16, 4, "\0\0\0\0", 4);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (clean, NULL) + 40, 16,
                   "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF", 16);
  test_assert_time (message, APPOINTMENT, 0x8228, "2024-07-08T08:00Z");
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_recurrenceid (out)), ==,
                   "20240708T100000");
  icalcomponent_free (calendar);
}

static void
test_several (void)
{
  static const char text[] =
    "\r\nBEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a\nDTSTART:20240708T100000Z\nSUMMARY:1\n"
    "END:VEVENT\nBEGIN:VTODO\nUID:b\nSUMMARY:2\nEND:VTODO\nEND:VCALENDAR\n"
    "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART:20240708T100000Z\nSUMMARY:3\nEND:VEVENT\n"
    "BEGIN:VEVENT\nDTSTART:20240708T100000Z\nSUMMARY:4\nEND:VEVENT\nEND:VCALENDAR\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);

  g_assert_cmpuint (messages->len, ==, 4);
  for (guint i = 0; i < messages->len; i++)
    {
      g_autofree char *expected = g_strdup_printf ("%u", i + 1);

      g_assert_cmpstr (imsg_message_get_subject (messages->pdata[i]), ==, expected);
    }
}

/* Each calendar of files that were joined may begin with a byte order mark. */
static void
test_byte_order_mark (void)
{
  static const char text[] =
    "\xEF\xBB\xBF" "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:Bäume\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
    "\xEF\xBB\xBF" "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:2\r\nEND:VTODO\r\nEND:VCALENDAR\r\n";
  static const char *const encodings[] = { "UTF-8", "UTF-16LE", "UTF-16BE" };

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      gsize size = 0;
      g_autofree char *bytes = g_convert (text, -1, encodings[i], "UTF-8", NULL, &size, NULL);
      g_autoptr(GPtrArray) messages = test_import_calendar (session, bytes, (gssize) size);

      g_assert_cmpuint (messages->len, ==, 2);
      g_assert_cmpstr (imsg_message_get_subject (messages->pdata[0]), ==, "Bäume");
    }
}

/* Zones may have rules that come about once a year, in each way that programs write them. */
static const struct
{
  const char *path;
  const char *rule;
  gboolean    is_refused;
} zone_rules[] = {
  { "nth-weekday", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", FALSE },
  { "weekday-on-or-after", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU", FALSE },
  { "day", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1", FALSE },
  { "day-of-start", "FREQ=YEARLY;UNTIL=20100101T000000Z", FALSE },
  { "each-second", "FREQ=SECONDLY", TRUE },
  { "each-day", "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", TRUE },
  { "each-sunday", "FREQ=YEARLY;BYDAY=SU", TRUE },
  { "each-month", "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12", TRUE },
  { "day-of-each-month", "FREQ=YEARLY;BYMONTHDAY=1", TRUE },
  { "days-of-a-month", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1,2,3", TRUE },
};

static void
test_zone_rule (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *text = g_strdup_printf (
    "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:a\r\nBEGIN:STANDARD\r\n"
    "DTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:%s\r\n"
    "END:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART;TZID=a:20240101T000000\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n", zone_rules[i].rule);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (text, (gssize) strlen (text), NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = imsg_session_import_icalendar (session, stream, NULL, &error);

  if (zone_rules[i].is_refused)
    g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
  else
    g_assert_no_error (error);
}

static const struct
{
  const char *name;
  const char *text;
} damaged[] = {
  { "empty", "" },
  { "no-calendar", "BEGIN:VCARD\r\nEND:VCARD\r\n" },
  { "no-item", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VFREEBUSY\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n" },
  { "ends-behind-blank", "END ;X=1:VCALENDAR\r\nBEGIN:VCALENDAR\r\n" },
  { "ends-first", "END:VCALENDAR\r\nBEGIN:VCALENDAR\r\n" },
};

static void
test_damaged (gconstpointer data)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (data, (gssize) strlen (data), NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = imsg_session_import_icalendar (session, stream, NULL, &error);

  g_assert_null (messages);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
}

/* Thousands of absurd rules, or of days left out, in the time of sober ones */
static void
test_many (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GString) text = g_string_new ("BEGIN:VCALENDAR\r\n");
  g_autoptr(GPtrArray) messages = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append (text, "BEGIN:VEVENT\r\nDTSTART;TZID=Europe/Berlin:20240318T100000\r\n"
                           "RRULE:FREQ=DAILY;COUNT=2000000000\r\nEND:VEVENT\r\n");
  g_string_append (text, "BEGIN:VEVENT\r\nDTSTART;TZID=Europe/Berlin:20240318T100000\r\n"
                         "RRULE:FREQ=DAILY\r\nEXDATE:20240319T090000Z");
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, ",20240401T%06uZ", i);
  g_string_append (text, "\r\nSUMMARY:\\\xC3\xA9\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  messages = test_import_calendar (session, text->str, -1);
  g_assert_cmpuint (messages->len, ==, 501);
  /* what libical makes of an escaped character of several bytes is no text */
  g_assert_cmpstr (imsg_message_get_subject (messages->pdata[500]), ==, "é");
}

static void
test_nested (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, i % 2 == 0 ? "BEGIN:VCALENDAR\r\n" : "BEGIN ;X=1:VEVENT\rEND:VEVENT\n");
  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "END:VCALENDAR\r\n");
  stream = g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
  messages = imsg_session_import_icalendar (session, stream, NULL, &error);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
}

static void
test_limits (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *large = g_strnfill (16 * 1024 * 1024 + 1, ' ');
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (large, (gssize) strlen (large), NULL);
  g_autoptr(GInputStream) several = NULL;
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  static const char text[] = "BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nBEGIN:VTODO\nEND:VTODO\n"
                             "END:VCALENDAR\n";

  g_assert_null (imsg_session_import_icalendar (session, stream, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_clear_error (&error);

  imsg_session_set_limit (session, IMSG_LIMIT_IMPORT_PARTS, 1);
  several = g_memory_input_stream_new_from_data (text, sizeof text - 1, NULL);
  g_assert_null (imsg_session_import_icalendar (session, several, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_clear_error (&error);

  g_cancellable_cancel (cancelled);
  g_seekable_seek (G_SEEKABLE (several), 0, G_SEEK_SET, NULL, NULL);
  g_assert_null (imsg_session_import_icalendar (session, several, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/calendar-import/event", test_event);
  g_test_add_func ("/imsg/calendar-import/series", test_series);
  for (guint i = 0; i < G_N_ELEMENTS (losing); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/calendar-import/losing/", losing[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_losing);
    }
  g_test_add_func ("/imsg/calendar-import/all-day", test_all_day);
  g_test_add_func ("/imsg/calendar-import/all-day-round", test_all_day_round);
  g_test_add_func ("/imsg/calendar-import/all-day-somewhere", test_all_day_somewhere);
  g_test_add_func ("/imsg/calendar-import/zone-of-calendar", test_zone_of_calendar);
  for (guint i = 0; i < G_N_ELEMENTS (unreachable); i++)
    {
      g_autofree char *path =
        g_strconcat ("/imsg/calendar-import/unreachable/", unreachable[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_unreachable);
    }
  g_test_add_func ("/imsg/calendar-import/task", test_task);
  g_test_add_func ("/imsg/calendar-import/task-status", test_task_status);
  g_test_add_func ("/imsg/calendar-import/task-contradiction", test_task_contradiction);
  g_test_add_func ("/imsg/calendar-import/journal", test_journal);
  g_test_add_func ("/imsg/calendar-import/answer", test_answer);
  g_test_add_func ("/imsg/calendar-import/answer-text", test_answer_text);
  g_test_add_func ("/imsg/calendar-import/addresses", test_addresses);
  g_test_add_func ("/imsg/calendar-import/request-is-tentative", test_request_is_tentative);
  TEST_ADD_TABLE ("/imsg/calendar-import/alarm", alarms, test_alarm);
  g_test_add_func ("/imsg/calendar-import/identity", test_identity);
  g_test_add_func ("/imsg/calendar-import/several", test_several);
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/calendar-import/damaged/", damaged[i].name, NULL);

      g_test_add_data_func (path, damaged[i].text, test_damaged);
    }
  g_test_add_func ("/imsg/calendar-import/byte-order-mark", test_byte_order_mark);
  TEST_ADD_TABLE ("/imsg/calendar-import/zone-rule", zone_rules, test_zone_rule);
  g_test_add_func ("/imsg/calendar-import/many", test_many);
  g_test_add_func ("/imsg/calendar-import/nested", test_nested);
  g_test_add_func ("/imsg/calendar-import/limits", test_limits);
  return g_test_run ();
}
