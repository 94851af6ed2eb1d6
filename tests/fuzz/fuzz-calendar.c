/* fuzz-calendar.c - iCalendar of any bytes as a message, and that message as iCalendar
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-main.h"

#include "imsg-icalendar-private.h"
#include "imsg-session.h"

static const char *const texts[] = {
  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u@example.org\r\n"
  "DTSTART:20240108T090000Z\r\nDURATION:PT1H\r\nSUMMARY:s\r\nLOCATION:l\r\nSEQUENCE:2\r\n"
  "ORGANIZER;CN=O:mailto:o@example.org\r\n"
  "ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED:mailto:p@example.org\r\n"
  "RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO,WE\r\nEXDATE:20240115T090000Z\r\nCATEGORIES:a,b\r\n"
  "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
  "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
  "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
  "END:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\n"
  "TZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
  "BEGIN:VEVENT\r\nDTSTART;TZID=Z:20240108T090000\r\nDTEND;TZID=Z:20240108T100000\r\n"
  "TRANSP:TRANSPARENT\r\nCLASS:PRIVATE\r\nPRIORITY:1\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n"
  "END:VEVENT\r\nEND:VCALENDAR\r\n",
  "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20240108\r\n"
  "DESCRIPTION:a\\nb\\, c\r\n \r\n folded\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:p@example.org\r\n"
  "END:VEVENT\r\nBEGIN:VTODO\r\nDUE:20240108T090000Z\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
};

void
fuzz_add_seeds (GPtrArray *seeds)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (seeds, g_bytes_new_static (texts[i], strlen (texts[i])));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autofree char *text = g_strndup ((const char *) data, n_bytes);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  gboolean is_whole = FALSE;

  g_assert_no_error (error);
  if (!_imsg_calendar_import (message, valid, NULL, &is_whole, &error))
    g_assert_nonnull (error);
  else if (imsg_message_is_calendar (message))
    {
      g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
      g_autoptr(GPtrArray) losses = NULL;

      imsg_message_export_icalendar (message, memory, NULL, &losses, &error);
      g_assert_no_error (error);
    }
  imsg_session_close (session);
  return 0;
}
