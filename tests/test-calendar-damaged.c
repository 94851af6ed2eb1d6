/* test-calendar-damaged.c - calendars and cards of old programs, and such as were cut
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-calendar-util.h"

#include <string.h>

/* vCalendar 1.0: quoted-printable, soft line breaks, other rules of recurrence */
static void
test_old (void)
{
  static const char text[] =
    "BEGIN:VCALENDAR\r\nVERSION:1.0\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20240115T100000Z\r\n"
    "SUMMARY;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller\r\nCATEGORIES:Red;Blue\r\n"
    "DESCRIPTION;ENCODING=QUOTED-PRINTABLE:First=0D=0A=\r\n second\r\nRRULE:D1 #5\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);
  g_autofree char *body =
    imsg_message_get_body (messages->pdata[0], IMSG_BODY_FORMAT_TEXT, NULL, NULL);
  g_autofree char *losses = test_list_problems (messages->pdata[0]);
  icalcomponent *calendar = test_export_calendar (messages->pdata[0]);

  g_assert_cmpuint (messages->len, ==, 1);
  g_assert_cmpstr (imsg_message_get_subject (messages->pdata[0]), ==, "Müller");
  g_assert_cmpstr (body, ==, "First\r\n second");
  g_assert_cmpstr (losses, ==, "");
  g_assert_cmpint (icalcomponent_count_properties (icalcomponent_get_first_component (
                                                     calendar, ICAL_VEVENT_COMPONENT),
                                                   ICAL_CATEGORIES_PROPERTY),
                   ==, 2);
  icalcomponent_free (calendar);
}

/* Their rules, and what becomes of them; NULL for one that is lost */
static const struct
{
  const char *path;
  const char *rule;
  const char *converted;
  const char *losses;
} old_rules[] = {
  { "daily", "D2 #10", "FREQ=DAILY;COUNT=10;INTERVAL=2", "" },
  { "daily-until", "D1 20240120T100000Z", "FREQ=DAILY;UNTIL=20240120T100000Z", "" },
  { "no-end-said", "D1", "FREQ=DAILY;COUNT=2", "" },
  { "weekly", "W2 MO FR #0", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "" },
  { "month-position", "MP1 3+ MO #4", "FREQ=MONTHLY;COUNT=4;BYDAY=3MO", "" },
  { "month-last", "MP1 1- FR #4", "FREQ=MONTHLY;COUNT=4;BYDAY=-1FR", "DTSTART" },
  { "month-day", "MD1 15 #4", "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=15", "" },
  { "month-end", "MD1 LD #4", "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=-1", "DTSTART" },
  { "yearly", "YM1 1 #4", "FREQ=YEARLY;COUNT=4;BYMONTHDAY=15;BYMONTH=1", "" },
  { "hours", "D1 0600 1200 #4", NULL, "RRULE" },
  { "no-position", "MP1 MO #4", NULL, "RRULE" },
  { "no-rule", "X1 #4", NULL, "RRULE" },
};

static void
test_old_rule (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup_printf (
    "BEGIN:VCALENDAR\r\nVERSION:1.0\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20240115T100000Z\r\n"
    "RRULE:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", old_rules[i].rule);
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);
  icalcomponent *calendar = test_export_calendar (messages->pdata[0]);
  icalcomponent *event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  icalproperty *rule = icalcomponent_get_first_property (event, ICAL_RRULE_PROPERTY);
  struct icalrecurrencetype expected =
    icalrecurrencetype_from_string (old_rules[i].converted != NULL ? old_rules[i].converted : "");

  test_assert_losses (messages->pdata[0], old_rules[i].losses);
  g_assert_cmpint (rule != NULL, ==, old_rules[i].converted != NULL);
  if (rule != NULL)
    {
      struct icalrecurrencetype written = icalproperty_get_rrule (rule);
      g_autofree char *written_text = icalrecurrencetype_as_string_r (&written);
      g_autofree char *expected_text = icalrecurrencetype_as_string_r (&expected);

      g_assert_cmpstr (written_text, ==, expected_text);
    }
  icalcomponent_free (calendar);
}

/* What rings, and who takes part */
static void
test_old_people (void)
{
  static const char text[] =
    "BEGIN:VCALENDAR\r\nVERSION:1.0\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20240115T100000Z\r\n"
    "AALARM:20240115T094500Z;;1;\r\nDALARM:20240115T094500Z;PT5M;2;Wake\r\n"
    "ATTENDEE;ROLE=ORGANIZER:Ann Lee <ann@example.org>\r\n"
    "ATTENDEE;STATUS=DECLINED;RSVP=YES:\"Berg, Bo\" <bo@example.org>\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);
  GListModel *recipients = imsg_message_get_recipients (messages->pdata[0]);
  g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, 0);

  test_assert_losses (messages->pdata[0], "");
  test_assert_time (messages->pdata[0], "PSETID_Common", 0x8560, "2024-01-15T09:45Z");
  test_assert_string (messages->pdata[0], IMSG_PR_SENT_REPRESENTING_NAME, "Ann Lee");
  g_assert_cmpuint (g_list_model_get_n_items (recipients), ==, 1);
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, "Berg, Bo");
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (recipient),
                                                 IMSG_PR_RECIPIENT_TRACKSTATUS), ==, 4);
}

#define EVENTS                                                                                      \
  "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20240708T100000Z\nSUMMARY:1\nEND:VEVENT\n"                 \
  "BEGIN:VEVENT\nDTSTART:20240708T100000Z\nSUMMARY:2\n"

/* What came before the cut is there, and the cut is told. */
static void
test_cut_calendar (void)
{
  static const char *const texts[] = { EVENTS "END:VEVENT\n", EVENTS "END:VEVENT", EVENTS };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(GPtrArray) messages = test_import_calendar (session, texts[i], -1);

      g_assert_cmpuint (messages->len, ==, 2);
      g_assert_cmpstr (imsg_message_get_subject (messages->pdata[1]), ==, "2");
      test_assert_losses (messages->pdata[0], "");
      test_assert_losses (messages->pdata[1], "VCALENDAR");
    }
}

/* An end that is missing further in, one of nothing, and a calendar that begins in another */
static void
test_unbalanced (void)
{
  static const char *const texts[] = {
    EVENTS "END:VCALENDAR\n",
    EVENTS "BEGIN:VALARM\nACTION:NONE\nEND:VEVENT\nEND:VCALENDAR\n",
    EVENTS "END:VTODO\nEND:VEVENT\nEND:VCALENDAR\n",
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20240708T100000Z\nSUMMARY:1\nEND:VEVENT\n"
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20240708T100000Z\nSUMMARY:2\nEND:VEVENT\n"
    "END:VCALENDAR\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(GPtrArray) messages = test_import_calendar (session, texts[i], -1);

      g_assert_cmpuint (messages->len, ==, 2);
      g_assert_cmpstr (imsg_message_get_subject (messages->pdata[0]), ==, "1");
      g_assert_cmpstr (imsg_message_get_subject (messages->pdata[1]), ==, "2");
      test_assert_losses (messages->pdata[1], "VCALENDAR");
    }
}

static void
test_carriage_returns (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdelimit (g_strdup (EVENTS "END:VEVENT\nEND:VCALENDAR\n"), "\n", '\r');
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);

  g_assert_cmpuint (messages->len, ==, 2);
  test_assert_losses (messages->pdata[1], "");
}

/* A card that lost its end does not take the next one with it. */
static void
test_cut_card (void)
{
  static const char text[] = "BEGIN:VCARD\nFN:1\nBEGIN:VCARD\nFN:2\nAGENT:\nBEGIN:VCARD\nFN:x\n"
                             "END:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:3\n";
  static const char *const losses[] = { "END", "AGENT", "END" };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (text, sizeof text - 1, NULL);
  g_autoptr(GPtrArray) messages = imsg_session_import_vcard (session, stream, NULL, NULL);

  g_assert_cmpuint (messages->len, ==, 3);
  for (guint i = 0; i < messages->len; i++)
    test_assert_losses (messages->pdata[i], losses[i]);
}

/* A task that says how long it takes is due at the end of that. */
static void
test_long_task (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VTODO\r\nUID:a\r\nDTSTART;TZID=Here:20240708T100000\r\nDURATION:P2D\r\n"
             "ORGANIZER:mailto:boss@example.org\r\nEND:VTODO\r\n");

  /* a task is one's own */
  test_assert_losses (message, "ORGANIZER DTSTART DURATION");
  test_assert_time (message, "PSETID_Task", 0x8105, "2024-07-10T00:00Z");
  test_assert_time (message, "PSETID_Common", 0x8517, "2024-07-10T08:00Z");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/calendar-damaged/old", test_old);
  g_test_add_func ("/imsg/calendar-damaged/cut-calendar", test_cut_calendar);
  TEST_ADD_TABLE ("/imsg/calendar-damaged/old-rule", old_rules, test_old_rule);
  g_test_add_func ("/imsg/calendar-damaged/old-people", test_old_people);
  g_test_add_func ("/imsg/calendar-damaged/unbalanced", test_unbalanced);
  g_test_add_func ("/imsg/calendar-damaged/carriage-returns", test_carriage_returns);
  g_test_add_func ("/imsg/calendar-damaged/cut-card", test_cut_card);
  g_test_add_func ("/imsg/calendar-damaged/long-task", test_long_task);
  return g_test_run ();
}
