/* test-mime-report.c - delivery and read reports to MIME and back
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-mime-util.h"
#include "test-util.h"

static const struct
{
  const char *message_class;
  const char *type;
  const char *field;
} kinds[] = {
  { "REPORT.IPM.Note.NDR", "delivery-status", "Action: failed\r\nStatus: 5.4.0\r\n" },
  { "REPORT.IPM.Note.DR", "delivery-status", "Action: delivered\r\nStatus: 2.0.0\r\n" },
  { "REPORT.IPM.Note.Delayed.DR", "delivery-status", "Action: delayed\r\nStatus: 4.0.0\r\n" },
  { "REPORT.IPM.Note.Relayed.DR", "delivery-status", "Action: relayed\r\n" },
  { "REPORT.IPM.Note.Expanded.DR", "delivery-status", "Action: expanded\r\n" },
  { "REPORT.IPM.Note.IPNRN", "disposition-notification",
    "Disposition: manual-action/MDN-sent-automatically; displayed\r\n" },
  { "REPORT.IPM.Note.IPNNRN", "disposition-notification",
    "Disposition: manual-action/MDN-sent-automatically; deleted\r\n" },
};

static void
test_kind (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, kinds[row].message_class);
  g_autoptr(IMsgMessage) back = NULL;
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autofree char *text = NULL;
  g_autofree char *type = g_strdup_printf ("report-type=%s", kinds[row].type);
  g_autofree char *part = g_strdup_printf ("Content-Type: message/%s\r\n", kinds[row].type);
  g_autofree char *again = NULL;
  guint n_parts = 0;

  mime_set_string (message, IMSG_PR_SUBJECT, "Report");
  mime_set_string (message, IMSG_PR_SENT_REPRESENTING_NAME, "Reader");
  mime_set_string (message, IMSG_PR_SENT_REPRESENTING_ADDRTYPE, "SMTP");
  mime_set_string (message, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, "reader@example.org");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Gone", "gone@example.org");
  mime_set_string (message, IMSG_PR_REPORT_TEXT, "What the report says.");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, type));
  g_assert_nonnull (strstr (text, part));
  g_assert_nonnull (strstr (text, kinds[row].field));
  g_assert_nonnull (strstr (text, "What the report says."));

  back = mime_import (session, text);
  g_assert_cmpstr (imsg_message_get_message_class (back), ==, kinds[row].message_class);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (back)), ==, 1);
  recipient = g_list_model_get_item (imsg_message_get_recipients (back), 0);
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, "Gone");
  g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, "gone@example.org");

  /* the part is not written twice */
  again = mime_export (back, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  for (const char *c = strstr (again, kinds[row].field); c != NULL;
       c = strstr (c + 1, kinds[row].field))
    n_parts++;
  g_assert_cmpuint (n_parts, ==, 1);
  g_assert_null (strstr (again, "name=ATT"));
}

/* What another system wrote, as a mail server delivers it. */
static const char bounce[] =
  "From: MAILER-DAEMON@example.net\r\nTo: Ann <ann@example.org>\r\nSubject: Undelivered\r\n"
  "Date: Mon, 8 Jan 2024 10:00:00.5 +01:00\r\nMIME-Version: 1.0\r\n"
  "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
  "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
  "Reporting-MTA: dns; mx.example.net\r\nArrival-Date: Mon, 8 Jan 2024 09:59:00 +0100\r\n"
  "X-MSExch-Correlation-Key: AQID\r\n\r\n"
  "Original-Recipient: rfc822;bo@example.net\r\nFinal-Recipient: RFC822; <Bo@example.net>\r\n"
  "Action: failed\r\nStatus: 5.1.1 (no such user)\r\nRemote-MTA: dns; in.example.net\r\n"
  "Diagnostic-Code: smtp; 550 5.1.1 no such\r\n  user\r\nX-Display-Name: =?utf-8?Q?B=C3=B6?=\r\n\r\n"
  "Final-Recipient: rfc822; cy@example.net\r\nAction: delayed\r\nStatus: 4.4.7\r\n"
  "X-Supplementary-Info: <mx.example.net #4.4.7 smtp;400>\r\n\r\n"
  "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: original\r\n\r\ntext\r\n--b--\r\n";

static void
test_bounce (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, bounce);
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(IMsgRecipient) first = g_list_model_get_item (recipients, 0);
  g_autoptr(IMsgRecipient) second = g_list_model_get_item (recipients, 1);
  g_autoptr(IMsgAddress) receiver = NULL;
  g_autoptr(GDateTime) arrived = NULL;
  g_autoptr(GDateTime) reported = NULL;
  g_autoptr(GBytes) key = NULL;
  g_autofree char *back = NULL;

  g_assert_cmpstr (imsg_message_get_message_class (message), ==, "REPORT.IPM.Note.NDR");
  g_assert_cmpuint (g_list_model_get_n_items (recipients), ==, 2);
  g_assert_cmpstr (imsg_recipient_get_name (first), ==, "Bö");
  g_assert_cmpstr (imsg_recipient_get_address (first), ==, "Bo@example.net");
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (first),
                                                 IMSG_PR_NDR_STATUS_CODE), ==, 511);
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (first),
                                                 IMSG_PR_NDR_DIAG_CODE), ==, 35);
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (first),
                                                 IMSG_PR_NDR_REASON_CODE), ==, 1);
  test_assert_string (first, IMSG_PR_SUPPLEMENTARY_INFO, "550 5.1.1 no such  user");
  test_assert_string (first, IMSG_PR_DSN_REMOTE_MTA, "in.example.net");
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (second),
                                                 IMSG_PR_NDR_STATUS_CODE), ==, 447);
  test_assert_string (second, IMSG_PR_SUPPLEMENTARY_INFO, "<mx.example.net #4.4.7 smtp;400>");
  test_assert_string (message, imsg_property_tag_from_name ("PidTagReportingMessageTransferAgent"),
                      "mx.example.net");
  receiver = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_RECEIVED_BY);
  g_assert_cmpstr (imsg_address_get_smtp (receiver), ==, "ann@example.org");
  arrived = imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (message),
                                               IMSG_PR_ORIGINAL_SUBMIT_TIME);
  g_assert_cmpint (g_date_time_to_unix (arrived), ==, 1704704340);
  key = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (message), IMSG_PR_PARENT_KEY);
  g_assert_cmpuint (g_bytes_get_size (key), ==, 3);

  reported = imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (message), IMSG_PR_REPORT_TIME);
  g_assert_cmpint (g_date_time_to_unix (reported), ==, 1704704400);

  /* the fields as they came, those that no property has as well; the original behind them */
  back = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (back, "Original-Recipient: rfc822;bo@example.net\r\n"));
  g_assert_nonnull (strstr (back, "Subject: original"));
}

/* It goes to who sent the message, and not to those who did not get it. */
static void
test_bounce_goes_to (void)
{
  static const char *const receivers[] = { "To: Ann <ann@example.org>\r\n",
                                           "To: Ann Lee <ann@example.org>\r\n" };
  static const guint32 received_by[] = { 0x0040001F, 0x0075001F, 0x0076001F, 0x5D07001F,
                                         IMSG_PR_RECEIVED_BY_ENTRYID,
                                         IMSG_PR_RECEIVED_BY_SEARCH_KEY };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, bounce);
  g_autoptr(IMsgMessage) back = mime_go_round (session, message);
  g_autoptr(IMsgAddress) receiver =
    imsg_message_resolve_address (back, IMSG_ADDRESS_ROLE_RECEIVED_BY);
  g_autofree char *sent = mime_export (back, IMSG_MIME_EXPORT_SEND, NULL);
  g_autofree char *by_headers = NULL;
  g_autofree char *by_rows = NULL;

  g_assert_cmpstr (imsg_address_get_smtp (receiver), ==, "ann@example.org");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (back)), ==, 2);
  g_assert_nonnull (strstr (sent, receivers[0]));
  for (guint i = 0; i < G_N_ELEMENTS (received_by); i++)
    imsg_property_object_delete_value (IMSG_PROPERTY_OBJECT (back), received_by[i], NULL);
  mime_set_string (back, IMSG_PR_TRANSPORT_MESSAGE_HEADERS, receivers[1]);
  by_headers = mime_export (back, IMSG_MIME_EXPORT_SEND, NULL);
  g_assert_nonnull (strstr (by_headers, receivers[1]));
  imsg_property_object_delete_value (IMSG_PROPERTY_OBJECT (back),
                                        IMSG_PR_TRANSPORT_MESSAGE_HEADERS, NULL);
  by_rows = mime_export (back, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (by_rows, "<Bo@example.net>,\r\n cy@example.net\r\n"));
}

/* A report that tells no other address than the one the message was sent to, and one in UTF-8. */
static void
test_other_recipients (void)
{
  static const struct
  {
    const char *fields;
    const char *type;
    const char *name;
    const char *address;
  } reports[] = {
    { "Original-Recipient: rfc822;bo@example.net", "delivery-status", "bo@example.net",
      "bo@example.net" },
    { "Final-Recipient: utf-8; j\xc3\xb6rg@example.net", "global-delivery-status",
      "jörg@example.net", "jörg@example.net" },
    { "Final-Recipient: rfc822; bo@example.net\r\nX-Display-Name: =?ks_c_5601-1987?B?jGO55g==?=",
      "delivery-status", "똠방", "bo@example.net" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (reports); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autofree char *text =
        g_strdup_printf ("Subject: s\r\nTo: ann@example.org\r\n"
                         "Content-Type: multipart/report; report-type=delivery-status; boundary=b"
                         "\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/%s\r\n\r\n"
                         "Reporting-MTA: dns; mx.example.net\r\n\r\n%s\r\nAction: failed\r\n"
                         "--b--\r\n", reports[i].type, reports[i].fields);
      g_autofree char *part = g_strdup_printf ("Content-Type: message/%s\r\n", reports[i].type);
      g_autoptr(IMsgMessage) message = mime_import (session, text);
      g_autofree char *once = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
      g_autoptr(IMsgMessage) back = mime_import (session, once);
      GListModel *recipients = imsg_message_get_recipients (back);
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, 0);

      g_assert_nonnull (strstr (once, part));
      g_assert_null (strstr (once, "octet-stream"));
      g_assert_cmpuint (g_list_model_get_n_items (recipients), ==, 1);
      g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, reports[i].name);
      g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, reports[i].address);
    }
}

/* Who read it, and by what Outlook finds the message that was read. */
static void
test_receipt (void)
{
  static const guint8 parent_key[] = { 0, 1, 2, 3 };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "REPORT.IPM.Note.IPNRN");
  g_autoptr(IMsgMessage) back = NULL;
  g_autoptr(GBytes) key = NULL;
  g_autofree char *text = NULL;

  mime_set_bytes (message, IMSG_PR_PARENT_KEY, parent_key, sizeof parent_key);
  mime_set_string (message, IMSG_PR_SENDER_NAME, "Bö");
  mime_set_string (message, IMSG_PR_SENDER_ADDRTYPE, "SMTP");
  mime_set_string (message, IMSG_PR_SENDER_EMAIL_ADDRESS, "bo@example.org");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "\nFinal-Recipient: rfc822;bo@example.org\r\n"));
  g_assert_nonnull (strstr (text, "\nX-MSExch-Correlation-Key: AAECAw==\r\n"));
  g_assert_nonnull (strstr (text, "\nX-Display-Name: =?"));

  back = mime_import (session, text);
  key = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (back), IMSG_PR_PARENT_KEY);
  g_assert_nonnull (key);
  g_assert_cmpmem (g_bytes_get_data (key, NULL), g_bytes_get_size (key), parent_key,
                   sizeof parent_key);
}

/* Diagnostics of X.400 are statuses of the Internet: out by the stored code, and back. */
static const struct
{
  int         diagnostic;
  int         reason;
  const char *status;
} codes[] = {
  { 0, 0, "5.1.0" },  { 1, 0, "5.1.4" },   { 8, 0, "5.6.3" },  { 16, 0, "5.5.3" },
  { 18, 0, "5.3.3" }, { 22, 0, "4.6.4" },  { 29, 0, "5.7.1" }, { 35, 0, "5.1.1" },
  { 48, 0, "5.1.2" }, { 99, 0, "5.0.0" },  { -1, 1, "5.1.0" }, { -1, 2, "5.6.5" },
  { -1, 5, "5.3.0" }, { -1, 77, "5.4.0" },
};

static void
test_codes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) message = mime_create (session, "REPORT.IPM.Note.NDR");
      g_autoptr(IMsgRecipient) recipient = NULL;
      g_autofree char *text = NULL;
      g_autofree char *field = g_strdup_printf ("Status: %s\r\n", codes[i].status);

      mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Gone", "gone@example.org");
      recipient = g_list_model_get_item (imsg_message_get_recipients (message), 0);
      mime_set_int (recipient, IMSG_PR_NDR_DIAG_CODE, codes[i].diagnostic);
      mime_set_int (recipient, IMSG_PR_NDR_REASON_CODE, codes[i].reason);
      text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
      g_test_message ("%d, %d", codes[i].diagnostic, codes[i].reason);
      g_assert_nonnull (strstr (text, field));
    }
}

/* What calls itself a report and says nothing of the kind is an ordinary message. */
static const struct
{
  const char *name;
  const char *type;
  const char *part;
  const char *message_class;
} damaged[] = {
  { "empty", "delivery-status", "", "IPM.Note" },
  { "no-action", "delivery-status", "Reporting-MTA: x\r\n", "IPM.Note" },
  { "action-in-a-text", "delivery-status", "X: Action: failed\r\n", "IPM.Note" },
  { "other-type", "feedback-report", "Action: failed\r\n", "IPM.Note" },
  { "only-colons", "delivery-status", ":::\r\n\r\n:\r\n: Action\r\n", "IPM.Note" },
  { "no-recipient", "delivery-status", "Action: failed\r\nStatus: 9.9.9\r\n", "REPORT.IPM.Note.NDR" },
  { "no-address", "delivery-status", "Action: failed\r\nFinal-Recipient: ;\r\n",
    "REPORT.IPM.Note.NDR" },
  { "severest", "delivery-status", "Action: delivered\r\n\r\nAction: FAILED\r\n",
    "REPORT.IPM.Note.NDR" },
  { "no-disposition", "disposition-notification", "Disposition\r\n", "REPORT.IPM.Note.IPNNRN" },
};

static void
test_damaged (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup_printf (
    "To: a@example.org\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/report; report-type=%s; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
    "Content-Type: message/%s\r\n\r\n%s\r\n--b--\r\n", damaged[row].type, damaged[row].type,
    damaged[row].part);
  g_autoptr(IMsgMessage) message = mime_import (session, text);

  g_assert_cmpstr (imsg_message_get_message_class (message), ==, damaged[row].message_class);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (message)), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/mime-report/kind/", kinds[i].message_class, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_kind);
    }
  g_test_add_func ("/imsg/mime-report/bounce", test_bounce);
  g_test_add_func ("/imsg/mime-report/bounce-goes-to", test_bounce_goes_to);
  g_test_add_func ("/imsg/mime-report/other-recipients", test_other_recipients);
  g_test_add_func ("/imsg/mime-report/receipt", test_receipt);
  g_test_add_func ("/imsg/mime-report/codes", test_codes);
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/mime-report/damaged/", damaged[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_damaged);
    }
  return g_test_run ();
}
