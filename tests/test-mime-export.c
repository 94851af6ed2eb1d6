/* test-mime-export.c - messages as MIME, read back by GMime
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gmime/gmime.h>
#include <string.h>

#include "test-mime-util.h"
#include "test-util.h"

static void
set_sender (IMsgMessage *message,
            const char  *name,
            const char  *address)
{
  mime_set_string (message, IMSG_PR_SENT_REPRESENTING_NAME, name);
  mime_set_string (message, IMSG_PR_SENT_REPRESENTING_ADDRTYPE, "SMTP");
  mime_set_string (message, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, address);
}

static GMimeMessage *
parse (const char *text)
{
  g_autoptr(GObject) stream = G_OBJECT (g_mime_stream_mem_new_with_buffer (text, strlen (text)));
  g_autoptr(GObject) parser = G_OBJECT (g_mime_parser_new_with_stream (GMIME_STREAM (stream)));
  GMimeMessage *message = g_mime_parser_construct_message (GMIME_PARSER (parser), NULL);

  g_assert_nonnull (message);
  return message;
}

static GMimeMessage *
export_and_parse (IMsgMessage *message)
{
  g_autofree char *text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);

  return parse (text);
}

static gboolean
is_type (GMimeObject *part,
         const char  *type,
         const char  *subtype)
{
  return g_mime_content_type_is_type (g_mime_object_get_content_type (part), type, subtype);
}

static GMimeObject *
get_part (GMimeObject *multipart,
          int          index)
{
  g_assert_true (GMIME_IS_MULTIPART (multipart));
  g_assert_cmpint (g_mime_multipart_get_count (GMIME_MULTIPART (multipart)), >, index);
  return g_mime_multipart_get_part (GMIME_MULTIPART (multipart), index);
}

/* With LF line ends, and none at the end. */
static char *
get_text (GMimeObject *part)
{
  g_autofree char *text = NULL;
  GString *lines;

  g_assert_true (GMIME_IS_TEXT_PART (part));
  text = g_mime_text_part_get_text (GMIME_TEXT_PART (part));
  g_assert_nonnull (text);
  lines = g_string_new (g_strchomp (text));
  g_string_replace (lines, "\r\n", "\n", 0);
  return g_string_free (lines, FALSE);
}

/* One body, no attachment: one part, and nothing around it. */
static void
test_plain_text (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GObject) mime = NULL;
  g_autofree char *text = NULL;
  g_autofree char *source = NULL;

  mime_set_string (message, IMSG_PR_SUBJECT, "Grüße aus 東京");
  set_sender (message, "Ärzte, Verein der", "arzt@example.org");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Ms To", "to@example.org");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_CC, "cc@example.org", "cc@example.org");
  mime_set_body (message, IMSG_BODY_FORMAT_TEXT, "first line\r\n.\r\nthird line: ü");

  source = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  mime = G_OBJECT (parse (source));
  g_assert_cmpstr (g_mime_message_get_subject (GMIME_MESSAGE (mime)), ==, "Grüße aus 東京");
  g_assert_true (is_type (g_mime_message_get_mime_part (GMIME_MESSAGE (mime)), "text", "plain"));
  text = get_text (g_mime_message_get_mime_part (GMIME_MESSAGE (mime)));
  g_assert_cmpstr (text, ==, "first line\n.\nthird line: ü");
  g_assert_cmpint (internet_address_list_length (
                     g_mime_message_get_to (GMIME_MESSAGE (mime))), ==, 1);
  g_assert_cmpint (internet_address_list_length (
                     g_mime_message_get_cc (GMIME_MESSAGE (mime))), ==, 1);

  /* every line ends in CR LF */
  for (const char *c = strchr (source, '\n'); c != NULL; c = strchr (c + 1, '\n'))
    g_assert_cmpint (c[-1], ==, '\r');
}

/* alternative { plain, related { html, image } }, and the file beside them */
static void
test_structure (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  IMsgAttachment *image;
  g_autoptr(GObject) mime = NULL;
  GMimeObject *root, *alternative, *related, *shown;
  g_autofree char *html = NULL;

  mime_set_body (message, IMSG_BODY_FORMAT_HTML,
            "<html><body><p>See <img src=\"cid:pic@1\"></p></body></html>");
  image = mime_attach (message, "pic.png", "image/png", "\x89PNG", 4);
  mime_set_string (image, IMSG_PR_ATTACH_CONTENT_ID, "pic@1");
  mime_attach (message, "Übersicht „neu“.pdf", "application/pdf", "%PDF-1.7", 8);

  mime = G_OBJECT (export_and_parse (message));
  root = g_mime_message_get_mime_part (GMIME_MESSAGE (mime));
  g_assert_true (is_type (root, "multipart", "mixed"));
  alternative = get_part (root, 0);
  g_assert_true (is_type (alternative, "multipart", "alternative"));
  g_assert_true (is_type (get_part (alternative, 0), "text", "plain"));
  related = get_part (alternative, 1);
  g_assert_true (is_type (related, "multipart", "related"));
  html = get_text (get_part (related, 0));
  g_assert_nonnull (strstr (html, "cid:pic@1"));
  shown = get_part (related, 1);
  g_assert_cmpstr (g_mime_object_get_content_id (shown), ==, "pic@1");
  g_assert_cmpstr (g_mime_object_get_disposition (shown), ==, "inline");
  g_assert_cmpstr (g_mime_part_get_filename (GMIME_PART (get_part (root, 1))), ==,
                   "Übersicht „neu“.pdf");
}

static void
test_embedded_message (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) inner = imsg_attachment_create_message (attachment, &error);
  g_autoptr(GObject) mime = NULL;
  GMimeObject *part;

  g_assert_no_error (error);
  mime_set_string (inner, IMSG_PR_SUBJECT, "Inside");
  mime_set_body (inner, IMSG_BODY_FORMAT_TEXT, "inner text");
  mime_set_body (message, IMSG_BODY_FORMAT_TEXT, "outer text");

  mime = G_OBJECT (export_and_parse (message));
  part = get_part (g_mime_message_get_mime_part (GMIME_MESSAGE (mime)), 1);
  g_assert_true (GMIME_IS_MESSAGE_PART (part));
  g_assert_cmpstr (g_mime_message_get_subject (g_mime_message_part_get_message (
                     GMIME_MESSAGE_PART (part))), ==, "Inside");
}

/* Bcc is kept for the archive, and never sent. */
static void
test_blind_copies (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree char *kept = NULL;
  g_autofree char *sent = NULL;

  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_BCC, "Secret", "secret@example.org");
  kept = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  sent = mime_export (message, IMSG_MIME_EXPORT_SEND, NULL);
  g_assert_nonnull (strstr (kept, "secret@example.org"));
  g_assert_null (strstr (sent, "secret@example.org"));
  g_assert_nonnull (strstr (sent, "undisclosed-recipients"));
}

/* A property cannot add a header of its own. */
static void
test_injection (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GObject) mime = NULL;
  GMimeHeaderList *headers;

  mime_set_string (message, IMSG_PR_SUBJECT, "harmless\r\nX-Evil: 1\r\n\r\nbody");
  mime_set_string (message, IMSG_PR_IN_REPLY_TO_ID, "<a@b>\nX-Evil: 2");
  set_sender (message, "Name\r\nX-Evil: 3", "a@example.org\r\nX-Evil: 4");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "To\nX-Evil: 5", "to@example.org");
  mime = G_OBJECT (export_and_parse (message));
  headers = g_mime_object_get_header_list (GMIME_OBJECT (mime));
  g_assert_false (g_mime_header_list_contains (headers, "X-Evil"));
}

static void
assert_no_line (const char *text,
                const char *start)
{
  g_autofree char *line = g_strconcat ("\n", start, NULL);

  g_assert_null (strstr (text, line));
}

/* Nor can one add headers to a part of it, or a part. */
static void
test_injection_into_parts (void)
{
  static const char evil[] = "value\r\nX-Evil: 1\r\n\r\nmore";
  static const guint32 tags[] = { IMSG_PR_ATTACH_LONG_FILENAME, IMSG_PR_ATTACH_CONTENT_ID,
                                  IMSG_PR_ATTACH_CONTENT_LOCATION, IMSG_PR_DISPLAY_NAME,
                                  0x371B001F /* PidTagTextAttachmentCharset */ };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  IMsgAttachment *file = mime_attach (message, "a.txt", NULL, "a", 1);
  g_autofree char *text = NULL;

  mime_set_body (message, IMSG_BODY_FORMAT_HTML, "<p>text</p>");
  mime_set_string (message, IMSG_PR_BODY_CONTENT_ID, evil);
  mime_set_string (message, IMSG_PR_BODY_CONTENT_LOCATION, evil);
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    mime_set_string (file, tags[i], evil);
  mime_set_string (file, IMSG_PR_ATTACH_MIME_TAG, "text/plain; a=\"b\r\nX-Evil: 1\"");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  assert_no_line (text, "X-Evil");
}

/* Nor a person to a report. */
static void
test_injection_into_report (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "REPORT.IPM.Note.NDR");
  g_autofree char *text = NULL;

  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO,
                      "Joe\nAction: delivered\n\nFinal-Recipient: rfc822;evil@example.org",
                      "EX:/o=First/cn=joe");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "\nFinal-Recipient: unknown;Joe "));
  assert_no_line (text, "Action: delivered");
  assert_no_line (text, "Final-Recipient: rfc822");
}

/* An X.500 name is no address: the name goes out, and the loss is told. */
static void
test_address_that_is_none (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autofree char *text = NULL;
  g_autofree char *known = NULL;

  mime_set_string (message, IMSG_PR_SENT_REPRESENTING_NAME, "Inside Person");
  mime_set_string (message, IMSG_PR_SENT_REPRESENTING_ADDRTYPE, "EX");
  mime_set_string (message, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, "/o=X/cn=person");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, NULL, "EX:/o=X/cn=Recipients/cn=nameless");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  g_assert_null (strstr (text, "/o=X"));
  g_assert_nonnull (strstr (text, "Inside Person"));
  g_assert_nonnull (strstr (text, "To: nameless:;\r\n"));

  recipient = g_list_model_get_item (imsg_message_get_recipients (message), 0);
  mime_set_string (recipient, IMSG_PR_SMTP_ADDRESS, "nameless@example.org");
  known = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (known, "To: nameless@example.org\r\n"));
  g_assert_cmpuint (losses->len, >=, 1);
  g_assert_cmpstr (imsg_problem_get_where (g_ptr_array_index (losses, 0)), ==, "From");
}

/* Old writers put a name into the address, or have nothing but the name; Outlook puts an address
 * without a name in quotes. */
static void
test_mailboxes (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree char *text = NULL;

  set_sender (message, "Ann", "Ann <ann@example.org>");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "No Address", "No Address");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_CC, "Jörg", "Jörg");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_BCC, "'Bo@example.org'", "bo@example.org");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "From: Ann <ann@example.org>\r\n"));
  g_assert_nonnull (strstr (text, "Bcc: bo@example.org\r\n"));
  g_assert_nonnull (strstr (text, "To: No Address:;\r\n"));
  g_assert_nonnull (strstr (text, "?= :;\r\n"));
}

/* What stands in front of the @ is part of the address whatever its letters are: in quotes. */
static void
test_local_parts (void)
{
  static const struct
  {
    const char *address;
    const char *written;
  } mailboxes[] = {
    { "\"ann lee\"@example.org", "\"ann lee\"@example.org" },
    { "\"ann..lee\"@example.org", "\"ann..lee\"@example.org" },
    { "\"/G=Ann/S=Lee/\"@gate.example", "\"/G=Ann/S=Lee/\"@gate.example" },
    { "\"a\\\"b\\\\c\"@example.org", "\"a\\\"b\\\\c\"@example.org" },
    { "ann lee@example.org", "\"ann lee\"@example.org" },
    { "ann,x@y,lee@example.org", "\"ann,x@y,lee\"@example.org" },
    { "ann@example.org,x", "ann@example.org_x" },
    { "ann@[192.0.2.1]", "ann@[192.0.2.1]" },
    { "'ann@example.org'", "ann@example.org" },
    { "SMTP:ann@example.org", "ann@example.org" },
    { "mailto:ann@example.org", "ann@example.org" },
    { "ann@[IPv6:2001:db8::1]", "ann@[IPv6:2001:db8::1]" },
    { "ann@[IPv6:x", "ann@_IPv6_x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (mailboxes); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
      g_autoptr(IMsgMessage) back = NULL;
      g_autoptr(IMsgRecipient) recipient = NULL;
      g_autofree char *text = NULL;
      g_autofree char *line = g_strdup_printf ("To: Ann <%s>\r\n", mailboxes[i].written);

      mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Ann", "a@example.org");
      recipient = g_list_model_get_item (imsg_message_get_recipients (message), 0);
      mime_set_string (recipient, IMSG_PR_EMAIL_ADDRESS, mailboxes[i].address);
      text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
      g_assert_nonnull (strstr (text, line));
      back = mime_import (session, text);
      g_clear_object (&recipient);
      recipient = g_list_model_get_item (imsg_message_get_recipients (back), 0);
      g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, mailboxes[i].written);
    }
}

/* What a header or the calendar of a message says is not lost with its property. */
static void
test_named_properties (void)
{
  static const struct
  {
    const char *message_class;
    const char *set;
    guint32     id;
    const char *name; /* nullable: by number */
    guint       n_lost;
  } properties[] = {
    { "IPM.Note", "PS_PUBLIC_STRINGS", 0, "Keywords", 0 },
    { "IPM.Note", "PS_PUBLIC_STRINGS", 0, "Color", 1 },
    { "IPM.Note", "PS_INTERNET_HEADERS", 0, "x-color", 0 },
    { "IPM.Note", "PSETID_Common", 0x8530, NULL, 0 },
    { "IPM.Note", "PSETID_Appointment", 0x8208, NULL, 1 },
    { "IPM.Appointment", "PSETID_Appointment", 0x8208, NULL, 0 },
    { "IPM.Appointment", "PSETID_Appointment", 0x8209, NULL, 1 },
    { "IPM.Contact", "PSETID_Address", 0x8062, NULL, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) message = mime_create (session, properties[i].message_class);
      g_autoptr(IMsgPropertyName) name =
        properties[i].name != NULL
          ? imsg_property_name_new_string (properties[i].set, properties[i].name)
          : imsg_property_name_new_id (properties[i].set, properties[i].id);
      guint id = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                             TRUE, NULL);
      g_autoptr(GPtrArray) losses = NULL;
      g_autofree char *text = NULL;
      guint n_lost = 0;

      mime_set_string (message, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), "green");
      text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
      for (guint k = 0; k < losses->len; k++)
        n_lost += strcmp (imsg_problem_get_where (losses->pdata[k]), "named properties") == 0;
      g_assert_cmpuint (n_lost, ==, properties[i].n_lost);
      imsg_session_close (session);
    }
}

/* A changed occurrence is no file, and no file is a message/… part: those allow no base64. */
static void
test_not_attached (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Appointment");
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(IMsgMessage) exception = NULL;
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  mime_attach (message, "report.txt", "message/delivery-status", "x", 1);
  attachment = imsg_message_create_attachment (message, &error);
  g_assert_no_error (error);
  exception = imsg_attachment_create_message (attachment, &error);
  g_assert_no_error (error);
  imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (attachment), IMSG_PR_ATTACHMENT_HIDDEN,
                                    TRUE, &error);
  g_assert_no_error (error);
  mime_set_string (attachment, IMSG_PR_DISPLAY_NAME, "Moved");
  mime_attach (exception, "agenda.txt", "text/plain", "x", 1);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  mime_assert_loss (losses, "Moved", "stay behind: 1");
  g_assert_nonnull (strstr (text, "report.txt"));
  g_assert_nonnull (strstr (text, "text/calendar"));
  g_assert_null (strstr (text, "Content-Type: message/"));
}

static void
test_nul_in_text (void)
{
  static const char wide[] = "T\0o\0";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(IMsgMessage) imported = NULL;
  g_autoptr(GString) mail = g_string_new ("Subject: x\r\nContent-Type: text/plain\r\n\r\n");
  g_autoptr(GError) error = NULL;
  g_autofree char *body = NULL;

  g_string_append_len (mail, wide, 4);
  stream = g_memory_input_stream_new_from_data (mail->str, (gssize) mail->len, NULL);
  imported = imsg_session_import_mime (session, stream, NULL, &error);
  g_assert_no_error (error);
  body = imsg_message_get_body (imported, IMSG_BODY_FORMAT_TEXT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_strchomp (body), ==, "To");
}

/* RFC 5322 2.1.1: a line has at most 998 characters, however long what it holds is. */
static void
test_line_lengths (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(IMsgMessage) back = NULL;
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(GString) name = g_string_new ("Long");
  g_autoptr(GString) quoted = g_string_new ("Long,");
  g_autoptr(GString) ids = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  for (guint i = 0; i < 200; i++)
    {
      g_string_append (name, " name");
      g_string_append (quoted, " \"name\"");
      g_string_append_printf (ids, "<%u@example.org>", i);
    }
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, name->str, "a@example.org");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, quoted->str, "b@example.org");
  mime_set_string (message, IMSG_PR_INTERNET_REFERENCES, ids->str);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  lines = g_strsplit (text, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (strlen (lines[i]), <=, 998);
  g_assert_nonnull (strstr (text, "\nReferences: <0@example.org> <1@example.org> "));

  back = mime_import (session, text);
  recipient = g_list_model_get_item (imsg_message_get_recipients (back), 0);
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, name->str);
  g_clear_object (&recipient);
  recipient = g_list_model_get_item (imsg_message_get_recipients (back), 1);
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, quoted->str);
}

/* Trace headers are kept, those that a property speaks for are not doubled. */
static void
test_transport_headers (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree char *kept = NULL;
  g_autofree char *sent = NULL;

  mime_set_string (message, IMSG_PR_SUBJECT, "New subject");
  mime_set_string (message, IMSG_PR_TRANSPORT_MESSAGE_HEADERS,
              "Received: from a by b;\r\n\tMon, 8 Jan 2024 09:00:00 +0100\r\n"
              "Subject: Old subject\r\nX-Spam: no\r\nContent-Type: text/plain\r\n"
              "Date: Mon, 8 Jan 2024 09:00:00 +0100\r\n\r\nX-Body: 1\r\n");
  kept = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  sent = mime_export (message, IMSG_MIME_EXPORT_SEND, NULL);
  g_assert_nonnull (strstr (kept, "Received: from a by b;\r\n\tMon, 8 Jan"));
  g_assert_nonnull (strstr (kept, "X-Spam: no"));
  g_assert_nonnull (strstr (kept, "+0100"));
  g_assert_null (strstr (kept, "Old subject"));
  g_assert_null (strstr (kept, "X-Body"));
  g_assert_null (strstr (sent, "X-Spam"));
}

/* The signed entity of a clear-signed message goes out byte for byte. */
static void
test_clear_signed (void)
{
  static const char entity[] =
    "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n"
    "\tmicalg=sha-256; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
    "signed  text \r\n--b\r\nContent-Type: application/pkcs7-signature\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nMIIB\r\n--b--\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note.SMIME.MultipartSigned");
  g_autofree char *text = NULL;

  mime_attach (message, "smime.p7m", "multipart/signed", entity, strlen (entity));
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_true (g_str_has_suffix (text, entity));
  g_assert_nonnull (strstr (text, "MIME-Version: 1.0"));
}

static void
test_opaque_signed (void)
{
  static const guint8 der[] = { 0x30, 0x82, 0x01, 0x00, 0x06, 0x09, 0x2A, 0x86,
                                0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03, 0xA0 };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note.SMIME");
  g_autoptr(GObject) mime = NULL;
  GMimeObject *root;

  mime_attach (message, "smime.p7m", "application/octet-stream", der, sizeof der);
  mime = G_OBJECT (export_and_parse (message));
  root = g_mime_message_get_mime_part (GMIME_MESSAGE (mime));
  g_assert_true (is_type (root, "application", "pkcs7-mime"));
  g_assert_cmpstr (g_mime_object_get_content_type_parameter (root, "smime-type"), ==,
                   "enveloped-data");
}

static void
test_delivery_report (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "REPORT.IPM.Note.NDR");
  g_autofree char *text = NULL;

  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Gone", "gone@example.org");
  mime_set_body (message, IMSG_BODY_FORMAT_TEXT, "It did not arrive.");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "report-type=delivery-status"));
  g_assert_nonnull (strstr (text, "Final-Recipient: rfc822;gone@example.org"));
  g_assert_nonnull (strstr (text, "Action: failed"));
}

/* References are told, and never followed. */
static void
test_reference (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) losses = NULL;
  g_autofree char *text = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);

  g_assert_no_error (error);
  imsg_attachment_set_reference (attachment, IMSG_ATTACHMENT_METHOD_BY_REFERENCE, "/etc/passwd",
                                 &error);
  g_assert_no_error (error);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  g_assert_nonnull (strstr (text, "/etc/passwd"));
  g_assert_null (strstr (text, "root:"));
  g_assert_cmpuint (losses->len, >=, 1);
}

/* Lines that look like the start of another entry are quoted, deeper each time. */
static void
test_mbox (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;
  const char *text;

  mime_set_body (message, IMSG_BODY_FORMAT_TEXT, "From here\r\n>From there\r\nFrombork\r\n");
  imsg_message_export_mbox (message, memory, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (memory, "", 1, NULL, NULL, NULL);
  text = g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory));
  g_assert_true (g_str_has_prefix (text, "From MAILER-DAEMON "));
  g_assert_nonnull (strstr (text, "\n>From here\n>>From there\nFrombork\n"));
  g_assert_null (strchr (text, '\r'));
  g_assert_true (g_str_has_suffix (text, "\n\n"));
}

static void
test_cancelled (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (imsg_message_export_mime (message, memory, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_closed (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;

  imsg_session_close (session);
  g_assert_false (imsg_message_export_mime (message, memory, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
}

/* Every sample goes out as something that a MIME parser reads with the same subject. */
static void
test_samples (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");
  guint n_exported = 0;

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no samples");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = paths->pdata[i];
      g_autoptr(GFile) file = g_file_new_for_path (path);
      g_autoptr(IMsgMessage) message =
        imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, NULL);
      g_autoptr(GObject) mime = NULL;
      const char *exported;

      if (message == NULL)
        continue;
      mime = G_OBJECT (export_and_parse (message));
      exported = g_mime_message_get_subject (GMIME_MESSAGE (mime));
      if (imsg_message_get_subject (message) != NULL && *imsg_message_get_subject (message))
        {
          g_autofree char *expected = g_strdup (imsg_message_get_subject (message));

          g_strdelimit (expected, "\r\n", ' ');
          g_test_message ("%s", path);
          g_assert_cmpstr (exported, ==, g_strstrip (expected));
        }
      n_exported++;
      imsg_message_close (message);
    }
  g_assert_cmpuint (n_exported, >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_mime_init ();
  g_test_add_func ("/imsg/mime-export/plain-text", test_plain_text);
  g_test_add_func ("/imsg/mime-export/structure", test_structure);
  g_test_add_func ("/imsg/mime-export/embedded-message", test_embedded_message);
  g_test_add_func ("/imsg/mime-export/blind-copies", test_blind_copies);
  g_test_add_func ("/imsg/mime-export/injection", test_injection);
  g_test_add_func ("/imsg/mime-export/injection-into-parts", test_injection_into_parts);
  g_test_add_func ("/imsg/mime-export/injection-into-report", test_injection_into_report);
  g_test_add_func ("/imsg/mime-export/address-that-is-none", test_address_that_is_none);
  g_test_add_func ("/imsg/mime-export/mailboxes", test_mailboxes);
  g_test_add_func ("/imsg/mime-export/local-parts", test_local_parts);
  g_test_add_func ("/imsg/mime-export/named-properties", test_named_properties);
  g_test_add_func ("/imsg/mime-export/not-attached", test_not_attached);
  g_test_add_func ("/imsg/mime-export/nul-in-text", test_nul_in_text);
  g_test_add_func ("/imsg/mime-export/line-lengths", test_line_lengths);
  g_test_add_func ("/imsg/mime-export/transport-headers", test_transport_headers);
  g_test_add_func ("/imsg/mime-export/clear-signed", test_clear_signed);
  g_test_add_func ("/imsg/mime-export/opaque-signed", test_opaque_signed);
  g_test_add_func ("/imsg/mime-export/delivery-report", test_delivery_report);
  g_test_add_func ("/imsg/mime-export/reference", test_reference);
  g_test_add_func ("/imsg/mime-export/mbox", test_mbox);
  g_test_add_func ("/imsg/mime-export/cancelled", test_cancelled);
  g_test_add_func ("/imsg/mime-export/closed", test_closed);
  g_test_add_func ("/imsg/mime-export/samples", test_samples);
  return g_test_run ();
}
