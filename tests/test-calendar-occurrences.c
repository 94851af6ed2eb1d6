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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/calendar-occurrences/emptied", test_emptied);
  return g_test_run ();
}
