/* test-calendar-text.c - what the items of a calendar say, and what of it has no place in a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-calendar-util.h"

#include <string.h>

#define TASK "PSETID_Task"

/* A comma in the name of a category makes it no two. */
static void
test_category (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20240115T100000Z\r\n"
             "CATEGORIES:Work,Doe\\, Jane\r\nEND:VEVENT\r\n");
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);
  icalproperty *category = icalcomponent_get_first_property (event, ICAL_CATEGORIES_PROPERTY);

  g_assert_cmpstr (icalproperty_get_categories (category), ==, "Work");
  category = icalcomponent_get_next_property (event, ICAL_CATEGORIES_PROPERTY);
  g_assert_cmpstr (icalproperty_get_categories (category), ==, "Doe, Jane");
  g_assert_null (icalcomponent_get_next_property (event, ICAL_CATEGORIES_PROPERTY));
  icalcomponent_free (calendar);
}

/* HTML beside the description, as Outlook and as Thunderbird write it */
static const struct
{
  const char *path;
  const char *line;
  const char *html; /* nullable */
} descriptions[] = {
  { "outlook", "X-ALT-DESC;FMTTYPE=text/html:<b>Bold</b>\\, text\r\n", "<b>Bold</b>, text" },
  { "thunderbird", "DESCRIPTION;ALTREP=\"data:text/html,%3Cb%3EBold%3C%2Fb%3E%20%C3%BC\":Bold\r\n",
    "<b>Bold</b> \303\274" },
  { "base64", "DESCRIPTION;ALTREP=\"data:text/html;base64,PGI+Qm9sZDwvYj4=\":Bold\r\n",
    "<b>Bold</b>" },
  { "elsewhere", "DESCRIPTION;ALTREP=\"https://example.org/a\":Bold\r\n", NULL },
};

static void
test_description (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strconcat ("BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20240115T100000Z\r\n",
                                       descriptions[i].line, "END:VEVENT\r\n", NULL);
  g_autoptr(IMsgMessage) message = test_import_component (session, text);
  g_autofree char *html = NULL;

  g_assert_cmpint (imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (message), IMSG_PR_HTML),
                   ==, descriptions[i].html != NULL);
  if (descriptions[i].html == NULL)
    return;
  html = imsg_message_get_body (message, IMSG_BODY_FORMAT_HTML, NULL, NULL);
  g_assert_cmpstr (html, ==, descriptions[i].html);
  test_assert_losses (message, "");
}

/* A task has days, those of where it is; that there was an hour is told. */
static void
test_hours_of_task (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VTODO\r\nUID:a\r\nDTSTART;VALUE=DATE:20240301\r\n"
             "DUE;TZID=Here:20240305T170000\r\nCOMPLETED:20240304T233000Z\r\nEND:VTODO\r\n");
  g_autoptr(IMsgMessage) plain = test_import_component (
    session, "BEGIN:VTODO\r\nUID:a\r\nDUE;VALUE=DATE:20240305\r\n"
             "COMPLETED:20240304T000000Z\r\nEND:VTODO\r\n");

  test_assert_time (message, TASK, 0x8104, "2024-03-01T00:00Z");
  test_assert_time (message, TASK, 0x8105, "2024-03-05T00:00Z");
  test_assert_time (message, TASK, 0x810F, "2024-03-05T00:00Z");
  test_assert_losses (message, "DUE COMPLETED");
  test_assert_time (plain, TASK, 0x810F, "2024-03-04T00:00Z");
  test_assert_losses (plain, "");
}

static void
test_status_of_journal (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = test_import_component (
    session, "BEGIN:VJOURNAL\r\nUID:a\r\nSTATUS:FINAL\r\nEND:VJOURNAL\r\n");

  test_assert_losses (message, "STATUS");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/calendar-text/category", test_category);
  TEST_ADD_TABLE ("/imsg/calendar-text/description", descriptions, test_description);
  g_test_add_func ("/imsg/calendar-text/hours-of-task", test_hours_of_task);
  g_test_add_func ("/imsg/calendar-text/status-of-journal", test_status_of_journal);
  return g_test_run ();
}
