/* test-calendar-util.h - what the tests of calendars need
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libical/ical.h>

#include "test-util.h"

G_BEGIN_DECLS

/* The zone of Berlin, as "Here" */
#define TEST_ZONE_BERLIN                                                                                      \
  "BEGIN:VTIMEZONE\r\nTZID:Here\r\nBEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"    \
  "DTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"           \
  "BEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nDTSTART:19701025T030000\r\n"         \
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"

/* Each asserts that it went well; length may be -1. */
GPtrArray     *test_import_calendar  (IMsgSession  *session,
                                      const char   *text,
                                      gssize        length);
/* The one message of one item, the lines of its components given, beside the zone "Here" */
IMsgMessage   *test_import_component (IMsgSession  *session,
                                      const char   *component);
/* Asserts that nothing was lost and libical has no fault to find. */
icalcomponent *test_export_calendar  (IMsgMessage  *message);

/* Named properties: a time as "2024-07-08T08:00Z", a number or boolean that has to be there */
void           test_assert_time      (IMsgMessage  *message,
                                      const char   *set,
                                      guint32       id,
                                      const char   *expected);
gint64         test_get_int          (IMsgMessage  *message,
                                      const char   *set,
                                      guint32       id);
/* Where the problems of a message are: "RRULE RDATE" */
void           test_assert_losses    (IMsgMessage  *message,
                                      const char   *expected);

G_END_DECLS
