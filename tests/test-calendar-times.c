/* test-calendar-times.c - when the events of a calendar are, and by which clocks
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-calendar-util.h"

#include <string.h>

#define APPOINTMENT "PSETID_Appointment"

/* The pattern of a series, from the end of its fixed part ([MS-OXOCAL] 2.2.1.44.5) */
static guint32
read_u32 (IMsgMessage *message,
          gsize        offset_from_deleted)
{
  g_autoptr(GBytes) pattern = imsg_property_object_get_bytes (
    IMSG_PROPERTY_OBJECT (message), test_find_named (message, APPOINTMENT, 0x8216));
  gsize size;
  const guint8 *bytes = g_bytes_get_data (pattern, &size);
  /* daily and other patterns differ in length; the count of deleted days is behind nine or so words */
  guint16 type = (guint16) (bytes[6] | bytes[7] << 8);
  gsize offset = (type == 0 ? 22 : type == 3 ? 30 : 26) + offset_from_deleted;
  guint32 value;

  g_assert_cmpuint (offset + 4, <=, size);
  memcpy (&value, bytes + offset, 4);
  return GUINT32_FROM_LE (value);
}

/* Of a series of which no day is left out: where these stand behind the fixed part */
#define END_DATE 24
#define START_OFFSET 36
#define END_OFFSET 40

static char *
format_day (guint32 minutes)
{
  g_autoptr(GDateTime) first = g_date_time_new_utc (1601, 1, 1, 0, 0, 0);
  g_autoptr(GDateTime) day = g_date_time_add_minutes (first, (int) minutes);

  return g_date_time_format (day, "%Y-%m-%d");
}

/* America/New_York: until 2006 from April to October, then from March to November */
#define NEW_YORK                                                                                    \
  "BEGIN:VTIMEZONE\nTZID:New York\n"                                                                \
  "BEGIN:DAYLIGHT\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\nDTSTART:19870405T020000\n"                 \
  "RRULE:FREQ=YEARLY;UNTIL=20060402T070000Z;BYMONTH=4;BYDAY=1SU\nEND:DAYLIGHT\n"                    \
  "BEGIN:STANDARD\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\nDTSTART:19671029T020000\n"                 \
  "RRULE:FREQ=YEARLY;UNTIL=20061029T060000Z;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n"                  \
  "BEGIN:DAYLIGHT\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\nDTSTART:20070311T020000\n"                 \
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\nEND:DAYLIGHT\n"                                           \
  "BEGIN:STANDARD\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\nDTSTART:20071104T020000\n"                 \
  "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\nEND:STANDARD\nEND:VTIMEZONE\n"

/* When standard and daylight time begin: month and n-th (5 = last) Sunday, of PidLidTimeZoneStruct */
static void
assert_rule (IMsgMessage *message,
             guint        standard_month,
             guint        standard_nth,
             guint        daylight_month,
             guint        daylight_nth)
{
  g_autoptr(GBytes) zone = imsg_property_object_get_bytes (
    IMSG_PROPERTY_OBJECT (message), test_find_named (message, APPOINTMENT, 0x8233));
  const guint8 *bytes = g_bytes_get_data (zone, NULL);

  g_assert_cmpuint (bytes[16], ==, standard_month);
  g_assert_cmpuint (bytes[20], ==, standard_nth);
  g_assert_cmpuint (bytes[34], ==, daylight_month);
  g_assert_cmpuint (bytes[38], ==, daylight_nth);
}

/* One definition has a rule for each event's own year; a series has the one that it ends with. */
static void
test_zone_of_two_ages (void)
{
  static const char text[] =
    "BEGIN:VCALENDAR\n" NEW_YORK
    "BEGIN:VEVENT\nDTSTART;TZID=New York:20030602T100000\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n"
    "BEGIN:VEVENT\nDTSTART;TZID=New York:20240603T100000\nRRULE:FREQ=WEEKLY\nEND:VEVENT\n"
    "BEGIN:VEVENT\nDTSTART;TZID=New York:20030602T100000\nRRULE:FREQ=WEEKLY\n"
    "EXDATE;TZID=New York:20240318T100000\nEND:VEVENT\nEND:VCALENDAR\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);

  assert_rule (messages->pdata[0], 10, 5, 4, 1);
  assert_rule (messages->pdata[1], 11, 1, 3, 2);
  assert_rule (messages->pdata[2], 11, 1, 3, 2);
  test_assert_losses (messages->pdata[0], "");
  test_assert_losses (messages->pdata[1], "");
  test_assert_losses (messages->pdata[2], "DTSTART");
}

/* A series outlives a change of the rules: what is told in UTC is read by the clocks of its own year,
 * nine in New York both in winter and, since 2007, in the middle of March. */
static void
test_across_a_change (void)
{
  static const char text[] =
    "BEGIN:VCALENDAR\n" NEW_YORK
    "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=New York:20030404T090000\n"
    "DTEND;TZID=New York:20030404T100000\nRRULE:FREQ=WEEKLY;UNTIL=20240315T130000Z\nEND:VEVENT\n"
    "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;TZID=New York:20240308T090000\n"
    "DTSTART:20240314T150000Z\nDTEND:20240314T160000Z\nEND:VEVENT\nEND:VCALENDAR\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);
  IMsgMessage *message = messages->pdata[0];
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *series = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  icalcomponent *moved = icalcomponent_get_next_component (calendar, ICAL_VEVENT_COMPONENT);

  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtstart (series)), ==,
                   "20030404T090000");
  g_assert_nonnull (strstr (icalproperty_as_ical_string (
                              icalcomponent_get_first_property (series, ICAL_RRULE_PROPERTY)),
                            "UNTIL=20240315T130000Z"));
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtstart (moved)), ==,
                   "20240314T110000");
  /* and it has its message */
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 1);
  icalcomponent_free (calendar);
}

/* A zone that is only named had other clocks, too. */
static const struct
{
  const char *path;
  const char *start;
  const char *utc;
} past[] = {
  { "iana", "TZID=America/New_York:20051031T100000", "2005-10-31T15:00Z" },
  { "prefix", "TZID=/mozilla.org/20050126_1/Europe/Moscow:20120601T100000", "2012-06-01T06:00Z" },
  { "windows", "TZID=Russian Standard Time:20120601T100000", "2012-06-01T06:00Z" },
  { "now", "TZID=Russian Standard Time:20240601T100000", "2024-06-01T07:00Z" },
};

static void
test_past (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strdup_printf ("BEGIN:VEVENT\r\nUID:a\r\nDTSTART;%s\r\nEND:VEVENT\r\n", past[i].start);
  g_autoptr(IMsgMessage) message = test_import_component (session, text);

  if (!g_file_test ("/usr/share/zoneinfo/Europe/Moscow", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("The system has no time zone database");
      return;
    }
  test_assert_time (message, APPOINTMENT, 0x820D, past[i].utc);
  test_assert_losses (message, "");
}

/* "The Friday before the last Sunday" is no rule of Windows': the one that it goes by is kept, and does
 * not change. */
static void
test_no_rule (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Asia/Jerusalem:20230102T100000\r\n"
             "RRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n");

  if (!g_file_test ("/usr/share/zoneinfo/Asia/Jerusalem", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("The system has no time zone database");
      return;
    }
  assert_rule (message, 10, 5, 3, 4);
  test_assert_time (message, APPOINTMENT, 0x820D, "2023-01-02T08:00Z");
  test_assert_losses (message, "");
}

/* Another time is proposed, and the one that was asked for is told beside it. */
static void
test_proposal (void)
{
  static const char text[] =
    "BEGIN:VCALENDAR\r\nMETHOD:COUNTER\r\n" TEST_ZONE_BERLIN
    "BEGIN:VEVENT\r\nUID:a\r\nATTENDEE;PARTSTAT=TENTATIVE:mailto:may@example.org\r\n"
    "DTSTART;TZID=Here:20240715T140000\r\nDTEND;TZID=Here:20240715T153000\r\n"
    "X-MS-OLK-ORIGINALSTART;TZID=Here:20240715T100000\r\n"
    "X-MS-OLK-ORIGINALEND;TZID=Here:20240715T110000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);
  IMsgMessage *message = messages->pdata[0];
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  g_autofree char *written = icalcomponent_as_ical_string_r (event);

  test_assert_losses (message, "");
  test_assert_time (message, APPOINTMENT, 0x820D, "2024-07-15T08:00Z");
  test_assert_time (message, APPOINTMENT, 0x820E, "2024-07-15T09:00Z");
  test_assert_time (message, APPOINTMENT, 0x8250, "2024-07-15T12:00Z");
  test_assert_time (message, APPOINTMENT, 0x8251, "2024-07-15T13:30Z");
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8213), ==, 60);
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtstart (event)), ==,
                   "20240715T140000");
  g_assert_nonnull (strstr (written, "\nX-MS-OLK-ORIGINALSTART:20240715T080000Z\r\n"));
  g_assert_nonnull (strstr (written, "\nX-MS-OLK-ORIGINALEND:20240715T090000Z\r\n"));
  icalcomponent_free (calendar);
}

/* What another time is proposed for keeps its zone on the way, and that it takes the whole day. */
static void
test_proposal_round (void)
{
  static const char text[] =
    "BEGIN:VCALENDAR\r\nMETHOD:COUNTER\r\n" TEST_ZONE_BERLIN
    "BEGIN:VEVENT\r\nUID:a\r\nATTENDEE;PARTSTAT=TENTATIVE:mailto:may@example.org\r\n"
    "DTSTART;TZID=Here:20240715T000000\r\nDTEND;TZID=Here:20240716T000000\r\n"
    "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\n"
    "X-MS-OLK-ORIGINALSTART:20240713T220000Z\r\n"
    "X-MS-OLK-ORIGINALEND:20240714T220000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);
  IMsgMessage *message = messages->pdata[0];

  test_assert_losses (message, "");
  test_assert_time (message, APPOINTMENT, 0x820D, "2024-07-13T22:00Z");
  g_assert_true (imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (message),
                                                   test_find_named (message, APPOINTMENT, 0x8215)));
  g_assert_cmphex (test_find_named (message, APPOINTMENT, 0x825E), !=, 0);
}

/* Who proposes a time and does not say which one it was does not get words put into the mouth. */
static void
test_proposal_alone (void)
{
  static const char text[] =
    "BEGIN:VCALENDAR\r\nMETHOD:COUNTER\r\n"
    "BEGIN:VEVENT\r\nUID:a\r\nATTENDEE;PARTSTAT=TENTATIVE:mailto:may@example.org\r\n"
    "DTSTART:20240715T140000Z\r\nDTEND:20240715T153000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);
  icalcomponent *calendar = test_export_calendar (messages->pdata[0]);
  g_autofree char *written = icalcomponent_as_ical_string_r (calendar);

  test_assert_time (messages->pdata[0], APPOINTMENT, 0x8250, "2024-07-15T14:00Z");
  g_assert_null (strstr (written, "X-MS-OLK"));
  icalcomponent_free (calendar);
}

/* Exchange marks a whole day with a property of its own; only from midnight to midnight it counts. */
static const struct
{
  const char *path;
  const char *lines;
  gboolean    is_all_day;
  gint64      sequence;
} exchange[] = {
  { "all-day", "DTSTART;TZID=Here:20240115T000000\r\nDTEND;TZID=Here:20240116T000000\r\n"
               "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\nSEQUENCE:0\r\n"
               "X-MICROSOFT-CDO-APPT-SEQUENCE:3\r\n", TRUE, 3 },
  { "older-name", "DTSTART;TZID=Here:20240115T000000\r\nDTEND;TZID=Here:20240116T000000\r\n"
                  "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE\r\nSEQUENCE:2\r\n", TRUE, 2 },
  { "false", "DTSTART;TZID=Here:20240115T000000\r\nDTEND;TZID=Here:20240116T000000\r\n"
             "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE\r\n", FALSE, 0 },
  { "no-midnight", "DTSTART;TZID=Here:20240115T100000\r\nDTEND;TZID=Here:20240116T000000\r\n"
                   "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\n", FALSE, 0 },
};

static void
test_exchange (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strconcat ("BEGIN:VEVENT\r\nUID:a\r\n", exchange[i].lines, "END:VEVENT\r\n", NULL);
  g_autoptr(IMsgMessage) message = test_import_component (session, text);

  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8215), ==, exchange[i].is_all_day);
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8201), ==, exchange[i].sequence);
  test_assert_losses (message, "");
}

/* The last day of a daily series at ten o'clock in Berlin */
static const struct
{
  const char *path;
  const char *until;
  const char *last;
} ends[] = {
  { "at-its-hour", "20240110T090000Z", "2024-01-10" },
  /* so Apple ends a series of which "all future events" became another */
  { "a-second-before", "20240110T085959Z", "2024-01-09" },
  { "no-zone", "20240110T235959", "2024-01-10" },
  { "no-zone-before", "20240110T095959", "2024-01-09" },
  { "day", "20240110", "2024-01-10" },
};

static void
test_end (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strdup_printf ("BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Here:20240108T100000\r\n"
                     "RRULE:FREQ=DAILY;UNTIL=%s\r\nEND:VEVENT\r\n", ends[i].until);
  g_autoptr(IMsgMessage) message = test_import_component (session, text);
  g_autofree char *last = format_day (read_u32 (message, END_DATE));

  g_assert_cmpstr (last, ==, ends[i].last);
  test_assert_losses (message, "");
}

/* Clocks go forward in the night to 31 March 2024, back in the night to 27 October. */
static const struct
{
  const char *path;
  const char *lines;
  guint32     start;
  guint32     end; /* minutes of the day in which each of the series starts and ends */
} lengths[] = {
  { "night-shift", "DTSTART;TZID=Here:20240330T220000\r\nDTEND;TZID=Here:20240331T060000\r\n",
    22 * 60, 30 * 60 },
  { "night-shift-utc", "DTSTART;TZID=Here:20240330T220000\r\nDTEND:20240331T040000Z\r\n",
    22 * 60, 30 * 60 },
  { "short-day", "DTSTART;VALUE=DATE:20240331\r\nDTEND;VALUE=DATE:20240401\r\n", 0, 1440 },
  { "long-day", "DTSTART;VALUE=DATE:20241027\r\n", 0, 1440 },
  { "nominal-day", "DTSTART;TZID=Here:20240330T100000\r\nDURATION:P1D\r\n", 600, 600 + 1440 },
  { "exact-day", "DTSTART;TZID=Here:20240330T100000\r\nDURATION:PT24H\r\n", 600, 660 + 1440 },
};

static void
test_length (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strconcat ("BEGIN:VEVENT\r\nUID:a\r\nRRULE:FREQ=DAILY;INTERVAL=7\r\n", lengths[i].lines,
                 "END:VEVENT\r\n", NULL);
  g_autoptr(IMsgMessage) message = test_import_component (session, text);

  g_assert_cmpuint (read_u32 (message, START_OFFSET), ==, lengths[i].start);
  g_assert_cmpuint (read_u32 (message, END_OFFSET), ==, lengths[i].end);
  test_assert_losses (message, "");
  /* no end is no moment that a zone could move */
  test_assert_time (message, APPOINTMENT, 0x8236, "4500-08-31T23:59Z");
}

/* Moved into the night in which the clocks go forward, it still ends at six. */
static void
test_moved_length (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Here:20240323T200000\r\n"
             "DTEND;TZID=Here:20240324T060000\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\n"
             "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;TZID=Here:20240330T200000\r\n"
             "DTSTART;TZID=Here:20240330T220000\r\nDTEND;TZID=Here:20240331T060000\r\n"
             "END:VEVENT\r\n");
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);

  while (icalcomponent_get_first_property (event, ICAL_RECURRENCEID_PROPERTY) == NULL)
    event = icalcomponent_get_next_component (calendar, ICAL_VEVENT_COMPONENT);
  g_assert_cmpstr (icaltime_as_ical_string (icalcomponent_get_dtend (event)), ==,
                   "20240331T060000");
  icalcomponent_free (calendar);
}

static const struct
{
  const char *path;
  const char *lines;
  const char *start;
  const char *end;
} spans[] = {
  /* the only zone of a calendar is the one that its days are in */
  { "short-day", "DTSTART;VALUE=DATE:20240331\r\n", "2024-03-30T23:00Z", "2024-03-31T22:00Z" },
  { "long-day", "DTSTART;VALUE=DATE:20241027\r\n", "2024-10-26T22:00Z", "2024-10-27T23:00Z" },
  { "day-of-no-length", "DTSTART;VALUE=DATE:20240115\r\nDTEND;VALUE=DATE:20240115\r\n",
    "2024-01-14T23:00Z", "2024-01-15T23:00Z" },
  { "nominal-day", "DTSTART;TZID=Here:20240330T100000\r\nDURATION:P1D\r\n", "2024-03-30T09:00Z",
    "2024-03-31T08:00Z" },
  { "day-and-hours", "DTSTART;TZID=Here:20240330T100000\r\nDURATION:P1DT2H\r\n",
    "2024-03-30T09:00Z", "2024-03-31T10:00Z" },
  /* half past two is left out by the clocks: half past three */
  { "in-the-gap", "DTSTART;TZID=Here:20240331T023000\r\n", "2024-03-31T01:30Z",
    "2024-03-31T01:30Z" },
  { "in-the-gap-by-name", "DTSTART;TZID=Europe/Berlin:20240331T023000\r\n", "2024-03-31T01:30Z",
    "2024-03-31T01:30Z" },
};

static void
test_span (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strconcat ("BEGIN:VEVENT\r\nUID:a\r\n", spans[i].lines, "END:VEVENT\r\n", NULL);
  g_autoptr(IMsgMessage) message = test_import_component (session, text);

  test_assert_time (message, APPOINTMENT, 0x820D, spans[i].start);
  test_assert_time (message, APPOINTMENT, 0x820E, spans[i].end);
  test_assert_losses (message, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/calendar-times/zone-of-two-ages", test_zone_of_two_ages);
  g_test_add_func ("/imsg/calendar-times/across-a-change", test_across_a_change);
  TEST_ADD_TABLE ("/imsg/calendar-times/past", past, test_past);
  g_test_add_func ("/imsg/calendar-times/no-rule", test_no_rule);
  g_test_add_func ("/imsg/calendar-times/proposal", test_proposal);
  g_test_add_func ("/imsg/calendar-times/proposal-round", test_proposal_round);
  g_test_add_func ("/imsg/calendar-times/proposal-alone", test_proposal_alone);
  TEST_ADD_TABLE ("/imsg/calendar-times/exchange", exchange, test_exchange);
  TEST_ADD_TABLE ("/imsg/calendar-times/end", ends, test_end);
  TEST_ADD_TABLE ("/imsg/calendar-times/length", lengths, test_length);
  g_test_add_func ("/imsg/calendar-times/moved-length", test_moved_length);
  TEST_ADD_TABLE ("/imsg/calendar-times/span", spans, test_span);
  return g_test_run ();
}
