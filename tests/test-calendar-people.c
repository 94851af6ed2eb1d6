/* test-calendar-people.c - who takes part in what a calendar is about
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-calendar-util.h"
#include "test-mime-util.h"

#define INVITATION                                                                                   \
  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\n"                                 \
  "BEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20240101T000000Z\r\nSUMMARY:Plans\r\n"                           \
  "DTSTART:20240708T080000Z\r\nDTEND:20240708T090000Z\r\n"                                           \
  "ORGANIZER;CN=Boss:mailto:boss@example.org\r\n"                                                    \
  "ATTENDEE;CN=Boss;PARTSTAT=ACCEPTED:mailto:Boss@example.org\r\n"                                   \
  "ATTENDEE;CN=May;ROLE=REQ-PARTICIPANT:mailto:may@example.org\r\n"                                  \
  "ATTENDEE;CN=Jo;ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE:mailto:jo@example.org\r\n"                 \
  "END:VEVENT\r\nEND:VCALENDAR\r\n"

#define MAIL(to)                                                                                     \
  "From: Boss <boss@example.org>\r\n" to "Subject: Plans\r\nMIME-Version: 1.0\r\n"                   \
  "Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\n" INVITATION

/* "to May 0 may@example.org", one on a line: type, name, track status, address */
static void
assert_recipients (IMsgMessage *message,
                   const char  *expected)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(GString) lines = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      static const char *const types[] = { "from", "to", "cc", "bcc" };
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);
      g_autoptr(IMsgAddress) address = imsg_recipient_resolve_address (recipient);

      g_string_append_printf (
        lines, "%s %s %d %s\n", types[imsg_recipient_get_recipient_type (recipient)],
        imsg_recipient_get_name (recipient),
        (int) imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (recipient),
                                            IMSG_PR_RECIPIENT_TRACKSTATUS),
        imsg_address_get_smtp (address));
    }
  g_assert_cmpstr (lines->str, ==, expected);
}

static char *
dup_named_text (IMsgMessage *message,
                guint32      id)
{
  return imsg_property_object_get_string (
    IMSG_PROPERTY_OBJECT (message), test_find_named (message, "PSETID_Appointment", id));
}

/* Each is invited by a mail of their own, as Google does it: the others are in the calendar only. */
static void
test_mail_to_one (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, MAIL ("To: MAY@example.org\r\n"));
  g_autofree char *all = dup_named_text (message, 0x8238);
  g_autofree char *optional = dup_named_text (message, 0x823C);

  assert_recipients (message, "to MAY@example.org 0 MAY@example.org\ncc Jo 2 jo@example.org\n");
  g_assert_cmpstr (all, ==, "MAY@example.org; Jo");
  g_assert_cmpstr (optional, ==, "Jo");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 0);
  test_assert_losses (message, "");
  imsg_session_close (session);
}

/* Who only may come is in To all the same; a list of mail is nobody that the calendar knows. */
static void
test_mail_to_all (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, MAIL ("To: Jo <jo@example.org>, May <may@example.org>, team@example.org\r\n"));

  assert_recipients (message, "cc Jo 2 jo@example.org\nto May 0 may@example.org\n"
                              "to team@example.org 0 team@example.org\n");
  imsg_session_close (session);
}

/* The organizer is one of the recipients, and marked so ([MS-OXOCAL] 2.2.4.10.1). */
static void
test_organizer_attends (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, INVITATION, -1);
  IMsgMessage *message = messages->pdata[0];
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(IMsgRecipient) organizer = g_list_model_get_item (recipients, 0);
  g_autofree char *all = dup_named_text (message, 0x8238);
  icalcomponent *calendar = test_export_calendar (message);
  icalcomponent *event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);

  assert_recipients (message, "to Boss 3 Boss@example.org\nto May 0 may@example.org\n"
                              "cc Jo 2 jo@example.org\n");
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (organizer),
                                                 IMSG_PR_RECIPIENT_FLAGS), ==, 3);
  g_assert_cmpstr (all, ==, "May; Jo");
  g_assert_cmpint (icalcomponent_count_properties (event, ICAL_ATTENDEE_PROPERTY), ==, 2);
  icalcomponent_free (calendar);
  imsg_session_close (session);
}

/* The organizer may keep a copy of the mail, which goes to nobody else of that name; Outlook sends
 * none. */
static void
test_organizer_in_mail (void)
{
  static const char to[] = "To: May <may@example.org>, Boss <boss@example.org>\r\n";
  static const char calendar[] =
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u\r\n"
    "DTSTART:20240708T080000Z\r\nORGANIZER:mailto:boss@example.org\r\n"
    "ATTENDEE;CN=May:mailto:may@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *mail = g_strconcat ("From: boss@example.org\r\n", to,
                                       "Content-Type: text/calendar\r\n\r\n", calendar, NULL);
  g_autoptr(IMsgMessage) message = mime_import (session, mail);
  g_autoptr(IMsgMessage) round = mime_go_round (session, message);
  g_autofree char *all = dup_named_text (round, 0x8238);
  g_autofree char *archived = mime_export (round, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_autofree char *sent = mime_export (round, IMSG_MIME_EXPORT_SEND, NULL);

  assert_recipients (round, "to May 0 may@example.org\nto Boss 0 boss@example.org\n");
  g_assert_cmpstr (all, ==, "May");
  g_assert_nonnull (strstr (archived, "To: May <may@example.org>,\r\n Boss <boss@example.org>\r\n"));
  g_assert_nonnull (strstr (sent, "To: May <may@example.org>\r\n"));
  g_assert_null (strstr (sent, "ATTENDEE;CN=Boss"));
  imsg_session_close (session);
}

/* One's own appointment has oneself as its organizer and in To, as Outlook writes it. */
static void
test_own_appointment (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Appointment");
  g_autoptr(IMsgMessage) round = NULL;
  g_autoptr(IMsgRecipient) row = NULL;

  imsg_message_set_sender (message, "Boss", "boss@example.org", NULL);
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Boss", "boss@example.org");
  round = mime_go_round (session, message);
  row = g_list_model_get_item (imsg_message_get_recipients (round), 0);
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (row),
                                                 IMSG_PR_RECIPIENT_FLAGS), ==, 3);
  imsg_session_close (session);
}

/* Who passes an invitation on, or a program that sends it, is no organizer: answers go to that. */
static void
test_mail_from_another (void)
{
  static const struct
  {
    const char *mail;
    const char *expected; /* of what is written */
  } mails[] = {
    { "From: Cy <cy@example.org>\r\n",
      "From: Boss <boss@example.org>\r\nSender: Cy <cy@example.org>\r\n" },
    { "From: Cy <cy@example.org>\r\nSender: program@example.org\r\n",
      "From: Boss <boss@example.org>\r\nSender: Cy <cy@example.org>\r\n" },
    { "From: B. <BOSS@example.org>\r\nSender: program@example.org\r\n",
      "From: \"B.\" <BOSS@example.org>\r\nSender: program@example.org\r\n" },
    { "", "From: Boss <boss@example.org>\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autofree char *mail = g_strconcat (
        mails[i].mail, "Content-Type: text/calendar; method=REQUEST\r\n\r\n" INVITATION, NULL);
      g_autoptr(IMsgMessage) message = mime_import (session, mail);
      g_autoptr(IMsgMessage) round = mime_go_round (session, message);
      g_autofree char *text = mime_export (round, IMSG_MIME_EXPORT_ARCHIVE, NULL);
      icalcomponent *calendar = test_export_calendar (round);
      icalproperty *organizer =
        icalcomponent_get_first_property (icalcomponent_get_first_real_component (calendar),
                                          ICAL_ORGANIZER_PROPERTY);

      g_assert_true (g_str_has_prefix (text, mails[i].expected));
      g_assert_cmpint (g_ascii_strcasecmp (icalproperty_get_organizer (organizer),
                                           "mailto:boss@example.org"), ==, 0);
      icalcomponent_free (calendar);
      imsg_session_close (session);
    }
}

/* The one who answers is in the calendar too, unless that names others beside. */
static void
test_answer_from_another (void)
{
  static const struct
  {
    const char *attendees;
    const char *author;
  } answers[] = {
    { "ATTENDEE;CN=May;PARTSTAT=ACCEPTED:mailto:may@example.org\r\n", "may@example.org" },
    { "ATTENDEE;CN=May;PARTSTAT=ACCEPTED:mailto:may@example.org\r\n"
      "ATTENDEE:mailto:jo@example.org\r\n", "cy@example.org" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autofree char *mail = g_strconcat (
        "From: cy@example.org\r\nTo: boss@example.org\r\nContent-Type: text/calendar\r\n\r\n"
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:u\r\n"
        "DTSTART:20240708T080000Z\r\nORGANIZER:mailto:boss@example.org\r\n", answers[i].attendees,
        "END:VEVENT\r\nEND:VCALENDAR\r\n", NULL);
      g_autoptr(IMsgMessage) message = mime_import (session, mail);
      g_autoptr(IMsgAddress) author =
        imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
      g_autoptr(IMsgAddress) sender =
        imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENDER);

      g_assert_cmpstr (imsg_message_get_message_class (message), ==,
                       "IPM.Schedule.Meeting.Resp.Pos");
      g_assert_cmpstr (imsg_address_get_smtp (author), ==, answers[i].author);
      g_assert_cmpstr (imsg_address_get_smtp (sender), ==, "cy@example.org");
      imsg_session_close (session);
    }
}

/* A secretary invites: who that is stays, in a mail and in a file of its own. */
static void
test_sent_by (void)
{
  static const struct
  {
    const char *mail;   /* nullable: a file */
    const char *sent_by;
    const char *sender;
    const char *losses;
  } invitations[] = {
    { NULL, "mailto:May%20B@example.org", "May B@example.org", "" },
    { NULL, "urn:x", "boss@example.org", "ORGANIZER" },
    { "From: boss@example.org\r\n", "mailto:may@example.org", "may@example.org", "" },
    { "From: boss@example.org\r\nSender: MAY@example.org\r\n", "mailto:may@example.org",
      "MAY@example.org", "" },
    { "From: cy@example.org\r\n", "mailto:may@example.org", "cy@example.org", "ORGANIZER" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (invitations); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autofree char *calendar = g_strdup_printf (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20240708T080000Z\r\n"
        "ORGANIZER;SENT-BY=\"%s\":mailto:boss@example.org\r\n"
        "ATTENDEE:mailto:jo@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", invitations[i].sent_by);
      g_autofree char *mail = g_strconcat (invitations[i].mail != NULL ? invitations[i].mail : "",
                                           "Content-Type: text/calendar\r\n\r\n", calendar, NULL);
      g_autoptr(GPtrArray) messages =
        invitations[i].mail == NULL ? test_import_calendar (session, calendar, -1) : NULL;
      g_autoptr(IMsgMessage) message =
        messages != NULL ? g_object_ref (messages->pdata[0]) : mime_import (session, mail);
      g_autoptr(IMsgAddress) sender =
        imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENDER);
      icalcomponent *exported = test_export_calendar (message);
      icalproperty *organizer =
        icalcomponent_get_first_property (icalcomponent_get_first_real_component (exported),
                                          ICAL_ORGANIZER_PROPERTY);
      icalparameter *sent_by =
        icalproperty_get_first_parameter (organizer, ICAL_SENTBY_PARAMETER);

      test_assert_losses (message, invitations[i].losses);
      g_assert_cmpstr (sender != NULL ? imsg_address_get_smtp (sender) : "boss@example.org", ==,
                       invitations[i].sender);
      g_assert_cmpstr (icalproperty_get_organizer (organizer), ==, "mailto:boss@example.org");
      g_assert_cmpint (sent_by != NULL, ==, strcmp (invitations[i].sender, "boss@example.org") != 0);
      imsg_session_close (session);
      icalcomponent_free (exported);
    }
}

/* An answer may go to others too, who may come first. */
static void
test_answer_to_several (void)
{
  static const char answer[] =
    "From: may@example.org\r\nTo: jo@example.org, boss@example.org\r\n"
    "Content-Type: text/calendar\r\n\r\n"
    "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20240708T080000Z\r\n"
    "ORGANIZER:mailto:boss@example.org\r\n"
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:may@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  static const IMsgRecipientType types[] = { IMSG_RECIPIENT_TYPE_CC, IMSG_RECIPIENT_TYPE_TO,
                                             IMSG_RECIPIENT_TYPE_TO };
  static const char *const people[] = { "jo@example.org", "boss@example.org", "cy@example.org" };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) imported = mime_import (session, answer);
  g_autoptr(IMsgMessage) made = mime_create (session, "IPM.Schedule.Meeting.Resp.Pos");
  IMsgMessage *const messages[] = { imported, made };

  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    mime_add_recipient (made, types[i], people[i], people[i]);
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      icalcomponent *calendar = test_export_calendar (messages[i]);
      icalproperty *organizer =
        icalcomponent_get_first_property (icalcomponent_get_first_real_component (calendar),
                                          ICAL_ORGANIZER_PROPERTY);

      g_assert_cmpstr (icalproperty_get_organizer (organizer), ==, "mailto:boss@example.org");
      icalcomponent_free (calendar);
    }
  imsg_session_close (session);
}

/* Who was taken off one occurrence has a row that says so ([MS-OXOCAL] 2.2.4.10.1). */
static void
test_taken_off (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = test_import_calendar (session, INVITATION, -1);
  IMsgMessage *message = messages->pdata[0];
  g_autoptr(IMsgRecipient) may =
    g_list_model_get_item (imsg_message_get_recipients (message), 1);
  icalcomponent *calendar;

  mime_set_int (may, IMSG_PR_RECIPIENT_FLAGS, 0x21);
  calendar = test_export_calendar (message);
  g_assert_cmpint (icalcomponent_count_properties (
                     icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT),
                     ICAL_ATTENDEE_PROPERTY), ==, 1);
  icalcomponent_free (calendar);
  imsg_session_close (session);
}

/* Where the calendar does not say what it is for, the mail does (RFC 6047 2.4). */
static void
test_method_of_mail (void)
{
  static const struct
  {
    const char *mail;
    const char *calendar;
    const char *message_class;
  } methods[] = {
    { "; method=request", "", "IPM.Schedule.Meeting.Request" },
    { "; method=CANCEL", "", "IPM.Schedule.Meeting.Canceled" },
    { "; method=CANCEL", "METHOD:REQUEST\r\n", "IPM.Schedule.Meeting.Request" },
    { "; method=nothing", "", "IPM.Appointment" },
    { "", "", "IPM.Appointment" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autofree char *mail = g_strdup_printf (
        "From: a@example.org\r\nContent-Type: text/calendar%s\r\n\r\nBEGIN:VCALENDAR\r\n%s"
        "BEGIN:VEVENT\r\nUID:u\r\nDTSTART:20240708T080000Z\r\nORGANIZER:mailto:a@example.org\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n", methods[i].mail, methods[i].calendar);
      g_autoptr(IMsgMessage) message = mime_import (session, mail);

      g_assert_cmpstr (imsg_message_get_message_class (message), ==, methods[i].message_class);
      imsg_session_close (session);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/calendar-people/mail-to-one", test_mail_to_one);
  g_test_add_func ("/imsg/calendar-people/mail-to-all", test_mail_to_all);
  g_test_add_func ("/imsg/calendar-people/organizer-attends", test_organizer_attends);
  g_test_add_func ("/imsg/calendar-people/organizer-in-mail", test_organizer_in_mail);
  g_test_add_func ("/imsg/calendar-people/own-appointment", test_own_appointment);
  g_test_add_func ("/imsg/calendar-people/mail-from-another", test_mail_from_another);
  g_test_add_func ("/imsg/calendar-people/answer-from-another", test_answer_from_another);
  g_test_add_func ("/imsg/calendar-people/sent-by", test_sent_by);
  g_test_add_func ("/imsg/calendar-people/answer-to-several", test_answer_to_several);
  g_test_add_func ("/imsg/calendar-people/taken-off", test_taken_off);
  g_test_add_func ("/imsg/calendar-people/method-of-mail", test_method_of_mail);
  return g_test_run ();
}
