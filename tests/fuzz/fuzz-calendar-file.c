/* fuzz-calendar-file.c - calendars and cards as messages, and out again
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"
#include "imsg-icalendar.h"
#include "imsg-vcard.h"

static const char event[] =
  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Here\r\n"
  "BEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nDTSTART:19700329T020000\r\n"
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\n"
  "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nDTSTART:19701025T030000\r\n"
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
  "BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20240101T000000Z\r\nDTSTART;TZID=Here:20240318T100000\r\n"
  "DTEND;TZID=Here:20240318T103000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=6\r\n"
  "EXDATE;TZID=Here:20240401T100000\r\nSUMMARY:S\\, a\r\nORGANIZER;CN=B:mailto:b@example.org\r\n"
  "ATTENDEE;CN=\"M, B\";PARTSTAT=DECLINED;RSVP=TRUE:mailto:m@example.org\r\n"
  "ATTACH;VALUE=BINARY;ENCODING=BASE64;FILENAME=a.txt:SGVsbG8=\r\nCATEGORIES:a,b\r\n"
  "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
  "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;TZID=Here:20240408T100000\r\n"
  "DTSTART;TZID=Here:20240409T110000\r\nDURATION:P1DT2H\r\nSUMMARY:Moved\r\nEND:VEVENT\r\n"
  "END:VCALENDAR\r\n";

static const char others[] =
  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-TIMEZONE:Europe/Berlin\r\nBEGIN:VTODO\r\nUID:t\r\n"
  "DTSTART;VALUE=DATE:20240301\r\nDUE:20240305T003000\r\nRRULE:FREQ=MONTHLY;BYDAY=2TU;UNTIL=20250101\r\n"
  "STATUS:IN-PROCESS\r\nPERCENT-COMPLETE:25\r\nX-MS-ACTUAL-WORK:90\r\nEND:VTODO\r\n"
  "BEGIN:VJOURNAL\r\nDTSTART:20240301T100000Z\r\nDESCRIPTION:a\\nb\r\nEND:VJOURNAL\r\n"
  "BEGIN:VEVENT\r\nDTSTART;TZID=America/New_York:20240301T100000\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\n"
  "END:VCALENDAR\r\n";

static const char cards[] =
  "BEGIN:VCARD\r\nVERSION:3.0\r\nN:King;Ada;A;Lady;II\r\nFN:Ada\\; King\r\nORG:E\\, Ltd;R\r\n"
  "EMAIL;TYPE=PREF:a@example.org\r\nTEL;TYPE=\"home,voice\":1\r\nADR;TYPE=WORK:1;2;3;4;5;6;7\r\n"
  "BDAY:1815-12-10\r\nUID:urn:uuid:1\r\nKEY;ENCODING=b:MAMBAf8=\r\nCATEGORIES:a,b\r\n"
  "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=FC=\r\nl\r\nPHOTO:data:image/png;base64,iVBOR\r\n"
  "END:VCARD\r\nBEGIN:VCARD\r\nKIND:group\r\nFN:T\r\nMEMBER:mailto:b@example.org\r\n"
  "MEMBER:urn:uuid:1\r\nEND:VCARD\r\n";

void
fuzz_add_seeds (GPtrArray *seeds)
{
  g_ptr_array_add (seeds, g_bytes_new_static (event, sizeof event - 1));
  g_ptr_array_add (seeds, g_bytes_new_static (others, sizeof others - 1));
  g_ptr_array_add (seeds, g_bytes_new_static (cards, sizeof cards - 1));
}

/* What was made can be written, and what was written can be read. */
static void
write_and_read (IMsgMessage *message)
{
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr(GInputStream) in = NULL;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) again = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_calendar = imsg_message_is_calendar (message);

  if (is_calendar)
    imsg_message_export_icalendar (message, out, NULL, NULL, &error);
  else
    imsg_message_export_vcard (message, out, NULL, NULL, &error);
  g_assert_no_error (error);
  in = g_memory_input_stream_new_from_data (
    g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (out)),
    (gssize) g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (out)), NULL);
  again = is_calendar ? imsg_session_import_icalendar (session, in, NULL, &error)
                      : imsg_session_import_vcard (session, in, NULL, &error);
  g_assert_no_error (error);
  imsg_session_close (session);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) calendar =
    g_memory_input_stream_new_from_data (data, (gssize) n_bytes, NULL);
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (data, (gssize) n_bytes, NULL);
  g_autoptr(GPtrArray) items = imsg_session_import_icalendar (session, calendar, NULL, NULL);
  g_autoptr(GPtrArray) people = imsg_session_import_vcard (session, stream, NULL, NULL);

  for (guint i = 0; items != NULL && i < items->len; i++)
    write_and_read (items->pdata[i]);
  for (guint i = 0; people != NULL && i < people->len; i++)
    write_and_read (people->pdata[i]);
  imsg_session_close (session);
  return 0;
}
