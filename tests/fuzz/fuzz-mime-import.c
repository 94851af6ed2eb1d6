/* fuzz-mime-import.c - e-mail of any bytes as a message, and that message out again
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-main.h"

#include "imsg-icalendar.h"
#include "imsg-mime.h"

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const char *const texts[] = {
    "Received: from x by y; Mon, 8 Jan 2024 10:00:05 +0100\r\n"
    "From: =?utf-8?q?J=C3=B6rg?= <a@example.org>\r\nTo: G: a@example.org, \"b\" <b@example.org>;\r\n"
    "Subject: =?iso-8859-1?B?Q2Fm?= =?iso-8859-1?B?6Q==?=\r\nThread-Index: AdpCEQ9VABEiM0RVZneImaq7zN3u/w==\r\n"
    "Keywords: a, b\r\nReply-To: c@example.org\r\nX-Priority: 1\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
    "Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
    "--a\r\nContent-Type: multipart/related; boundary=r; start=\"<h@x>\"\r\n\r\n"
    "--r\r\nContent-Type: text/html; charset=gb2312\r\nContent-ID: <h@x>\r\n\r\n<img src=\"cid:i@1\">\r\n"
    "--r\r\nContent-Type: image/png\r\nContent-ID: <i@1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n"
    "--r--\r\n--a--\r\n--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nbody\r\n"
    "--m\r\nContent-Disposition: attachment; filename*0*=utf-8''%C3%9C; filename*1=b.txt\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\n--m--\r\n",
    "From: a@example.org\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n"
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u@example.org\r\n"
    "DTSTART:20240108T090000Z\r\nDURATION:PT1H\r\nSUMMARY:s\r\nLOCATION:l\r\nSEQUENCE:2\r\n"
    "ORGANIZER;CN=O:mailto:o@example.org\r\nATTENDEE;ROLE=OPT-PARTICIPANT:mailto:p@example.org\r\n"
    "RRULE:FREQ=DAILY\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n",
    "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s\r\n\r\n"
    "--s\r\nContent-Type: text/plain\r\n\r\nsigned\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--s--\r\n",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;x\r\n\r\nAction: failed\r\n--b--\r\n",
    "Subject: x\r\n\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (seeds, g_bytes_new_static (texts[i], strlen (texts[i])));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize) n_bytes,
                                                                        NULL);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_import_mime (session, stream, NULL, &error);

  if (message == NULL)
    g_assert_nonnull (error);
  else
    {
      /* What came in can go out again */
      imsg_message_export_mime_full (message, memory, IMSG_MIME_EXPORT_ARCHIVE, NULL, &losses,
                                     &error);
      g_assert_no_error (error);
      if (imsg_message_is_calendar (message))
        {
          g_autoptr(GOutputStream) calendar = g_memory_output_stream_new_resizable ();

          imsg_message_export_icalendar (message, calendar, NULL, NULL, &error);
          g_assert_no_error (error);
        }
    }
  imsg_session_close (session);
  return 0;
}
