/* test-calendar-occurrences.c - the occurrences of a series that differ from it, in and out
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-calendar-util.h"

#include <string.h>

#define APPOINTMENT "PSETID_Appointment"
#define MEETING "PSETID_Meeting"

/* Daily at ten in Berlin, in Room 1; behind it the lines of other components of the same UID */
static IMsgMessage *
import_series (IMsgSession *session,
               const char  *lines,
               const char  *others)
{
  g_autofree char *text = g_strconcat (
    "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Here:20240108T100000\r\n"
    "DTEND;TZID=Here:20240108T110000\r\nRRULE:FREQ=DAILY;COUNT=5\r\nSUMMARY:Standup\r\n"
    "LOCATION:Room 1\r\n", lines, "END:VEVENT\r\n", others, NULL);

  return test_import_component (session, text);
}

/* The one on the ninth, still at ten */
#define NINTH                                                                                       \
  "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;TZID=Here:20240109T100000\r\n"                            \
  "DTSTART;TZID=Here:20240109T100000\r\nDTEND;TZID=Here:20240109T110000\r\n"

static icalcomponent *
find_occurrence (icalcomponent *calendar)
{
  icalcomponent *event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);

  while (event != NULL &&
         icalcomponent_get_first_property (event, ICAL_RECURRENCEID_PROPERTY) == NULL)
    event = icalcomponent_get_next_component (calendar, ICAL_VEVENT_COMPONENT);
  g_assert_nonnull (event);
  return event;
}

/* What an occurrence has not is none of the series' either. */
static void
test_emptied (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = import_series (session, "", NINTH "END:VEVENT\r\n");
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *occurrence = find_occurrence (calendar);

  g_assert_null (icalcomponent_get_location (occurrence));
  g_assert_null (icalcomponent_get_summary (occurrence));
  icalcomponent_free (calendar);
}

static IMsgMessage *
open_only_inner (IMsgMessage *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, 0);
  IMsgMessage *inner;

  g_assert_cmpuint (g_list_model_get_n_items (attachments), ==, 1);
  inner = imsg_attachment_open_message (attachment, NULL, NULL);
  g_assert_nonnull (inner);
  return inner;
}

/* What one day is about, and how much it matters */
static void
test_weight (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = import_series (
    session, "CATEGORIES:Blue\r\nCLASS:PRIVATE\r\nPRIORITY:9\r\n",
    NINTH "CATEGORIES:Red\r\nCLASS:PUBLIC\r\nPRIORITY:1\r\nEND:VEVENT\r\n");
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *occurrence = find_occurrence (calendar);

  g_assert_cmpint (icalcomponent_count_properties (occurrence, ICAL_CATEGORIES_PROPERTY), ==, 1);
  g_assert_cmpstr (icalproperty_get_categories (icalcomponent_get_first_property (
                     occurrence, ICAL_CATEGORIES_PROPERTY)), ==, "Red");
  g_assert_cmpint (icalproperty_get_class (icalcomponent_get_first_property (
                     occurrence, ICAL_CLASS_PROPERTY)), ==, ICAL_CLASS_PUBLIC);
  g_assert_cmpint (icalproperty_get_priority (icalcomponent_get_first_property (
                     occurrence, ICAL_PRIORITY_PROPERTY)), ==, 1);
  icalcomponent_free (calendar);
}

/* Who comes on one day only, and what each says of that day */
static void
test_attendees (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = import_series (
    session, "ORGANIZER:mailto:boss@example.org\r\n"
             "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.org\r\n",
    NINTH "ORGANIZER:mailto:boss@example.org\r\n"
          "ATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.org\r\n"
          "ATTENDEE:mailto:bob@example.org\r\nEND:VEVENT\r\n");
  g_autoptr(IMsgMessage) inner = open_only_inner (message);
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *occurrence = find_occurrence (calendar);
  icalproperty *ann = icalcomponent_get_first_property (occurrence, ICAL_ATTENDEE_PROPERTY);

  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (inner)), ==, 2);
  g_assert_cmpint (test_get_int (inner, APPOINTMENT, 0x8217), ==, 1);
  g_assert_cmpint (icalcomponent_count_properties (occurrence, ICAL_ATTENDEE_PROPERTY), ==, 2);
  g_assert_cmpint (icalparameter_get_partstat (icalproperty_get_first_parameter (
                     ann, ICAL_PARTSTAT_PARAMETER)), ==, ICAL_PARTSTAT_DECLINED);
  icalcomponent_free (calendar);
}

/* Of two versions the newer one is kept, and that once. */
static void
test_changed_twice (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = import_series (
    session, "", NINTH "SEQUENCE:1\r\nSUMMARY:Old\r\nEND:VEVENT\r\n"
                 NINTH "SEQUENCE:2\r\nSUMMARY:New\r\nEND:VEVENT\r\n");
  g_autoptr(IMsgMessage) inner = open_only_inner (message);
  g_autofree char *losses = test_list_problems (message);

  g_assert_cmpstr (imsg_message_get_subject (inner), ==, "New");
  g_assert_true (g_str_has_prefix (losses, "RECURRENCE-ID"));
}

/* Messages are in the order of their items, one of a series that is not there among them. */
static void
test_order (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (
    session, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:b\r\nRECURRENCE-ID:20240115T230000Z\r\n"
             "DTSTART:20240116T010000Z\r\nSUMMARY:1\r\nEND:VEVENT\r\n"
             "BEGIN:VEVENT\r\nUID:c\r\nDTSTART:20240116T010000Z\r\nSUMMARY:2\r\nEND:VEVENT\r\n"
             "END:VCALENDAR\r\n", -1);

  g_assert_cmpuint (messages->len, ==, 2);
  g_assert_cmpstr (imsg_message_get_subject (messages->pdata[0]), ==, "1");
  g_assert_cmpstr (imsg_message_get_subject (messages->pdata[1]), ==, "2");
}

/* The day in the id is the one of the organizer's clocks; the message is of one of a series. */
static void
test_alone (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20240115T230000Z\r\n"
             "DTSTART;TZID=Here:20240116T010000\r\nEND:VEVENT\r\n");
  g_autoptr(GBytes) id = imsg_property_object_get_bytes (
    IMSG_PROPERTY_OBJECT (message), test_find_named (message, MEETING, 0x0003));

  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (id, NULL) + 16, 4, "\x07\xE8\x01\x10", 4);
  g_assert_cmpint (test_get_int (message, MEETING, 0x0005), ==, 1);
  g_assert_cmpint (test_get_int (message, MEETING, 0x000A), ==, 1);
  g_assert_cmpint (test_get_int (message, APPOINTMENT, 0x8223), ==, 0);
}

/* A day may be about something else, in words of its own or without any. */
static const struct
{
  const char *path;
  const char *lines;
  const char *text; /* nullable */
  const char *html; /* nullable */
} bodies[] = {
  { "as-the-series", "DESCRIPTION:Daily\r\nX-ALT-DESC;FMTTYPE=text/html:<p>Daily</p>\r\n", "Daily",
    "<p>Daily</p>" },
  { "own", "DESCRIPTION:Today\r\n", "Today", NULL },
  { "own-html", "DESCRIPTION:Today\r\nX-ALT-DESC;FMTTYPE=text/html:<p>Today</p>\r\n", "Today",
    "<p>Today</p>" },
  { "emptied", "", NULL, NULL },
};

static void
test_body (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *other = g_strconcat (NINTH, bodies[i].lines, "END:VEVENT\r\n", NULL);
  g_autoptr(IMsgMessage) message = import_series (
    session, "DESCRIPTION:Daily\r\nX-ALT-DESC;FMTTYPE=text/html:<p>Daily</p>\r\n", other);
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *occurrence = find_occurrence (calendar);
  icalproperty *x = icalcomponent_get_first_property (occurrence, ICAL_X_PROPERTY);

  while (x != NULL && strcmp (icalproperty_get_x_name (x), "X-ALT-DESC") != 0)
    x = icalcomponent_get_next_property (occurrence, ICAL_X_PROPERTY);
  g_assert_cmpstr (icalcomponent_get_description (occurrence), ==, bodies[i].text);
  g_assert_cmpstr (x != NULL ? icalproperty_get_x (x) : NULL, ==, bodies[i].html);
  icalcomponent_free (calendar);
}

/* One that is off does not take place: a day left out, or, where people were told, one that says so. */
static void
test_canceled (void)
{
  static const char attendee[] = "ATTENDEE:mailto:may@example.org\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) own =
    import_series (session, "", NINTH "STATUS:CANCELLED\r\nEND:VEVENT\r\n");
  g_autoptr(IMsgMessage) meeting =
    import_series (session, attendee,
                   NINTH "STATUS:CANCELLED\r\nATTENDEE:mailto:may@example.org\r\nEND:VEVENT\r\n");
  g_autoptr(IMsgMessage) inner = open_only_inner (meeting);
  icalcomponent *calendar = test_export_calendar (own);
  icalcomponent *event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);

  g_assert_null (icalcomponent_get_next_component (calendar, ICAL_VEVENT_COMPONENT));
  g_assert_nonnull (strstr (icalproperty_as_ical_string (
                              icalcomponent_get_first_property (event, ICAL_EXDATE_PROPERTY)),
                            "20240109T100000"));
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (own)), ==, 0);
  icalcomponent_free (calendar);

  g_assert_cmpint (test_get_int (meeting, APPOINTMENT, 0x8217), ==, 1);
  g_assert_cmpint (test_get_int (inner, APPOINTMENT, 0x8217), ==, 5);
  calendar = test_export_calendar (meeting);
  g_assert_cmpint (icalcomponent_get_status (find_occurrence (calendar)), ==,
                   ICAL_STATUS_CANCELLED);
  icalcomponent_free (calendar);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/calendar-occurrences/emptied", test_emptied);
  g_test_add_func ("/imsg/calendar-occurrences/weight", test_weight);
  TEST_ADD_TABLE ("/imsg/calendar-occurrences/body", bodies, test_body);
  g_test_add_func ("/imsg/calendar-occurrences/canceled", test_canceled);
  g_test_add_func ("/imsg/calendar-occurrences/attendees", test_attendees);
  g_test_add_func ("/imsg/calendar-occurrences/changed-twice", test_changed_twice);
  g_test_add_func ("/imsg/calendar-occurrences/alone", test_alone);
  g_test_add_func ("/imsg/calendar-occurrences/order", test_order);
  return g_test_run ();
}
