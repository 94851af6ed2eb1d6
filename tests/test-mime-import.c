/* test-mime-import.c - e-mail as messages, and there and back again
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-mime-util.h"
#include "test-util.h"

static void
test_headers (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session,
    "Received: from x by y; Mon, 8 Jan 2024 10:00:05 +0100\r\n"
    "From: =?utf-8?q?J=C3=B6rg?= <joerg@example.org>\r\n"
    "Sender: Office <office@example.org>\r\n"
    "To: \"Last, First\" <first@example.org>, Group: a@example.org, b@example.org;\r\n"
    "Cc: c@example.org\r\nReply-To: Answers <answers@example.org>\r\n"
    "Subject: =?iso-8859-1?Q?Caf=E9?=\r\nDate: Mon, 8 Jan 2024 10:00:00 +0100\r\n"
    "Message-ID: <id@example.org>\r\nReferences: <a@x> <b@x>\r\nImportance: high\r\n"
    "Thread-Index: AdpCEQ9VABEiM0RVZneImaq7zN3u/w==\r\nX-Thing: value\r\n"
    "\r\nHello\r\n");
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(IMsgRecipient) first = g_list_model_get_item (recipients, 0);
  g_autoptr(GDateTime) sent = imsg_message_get_sent_time (message);
  g_autoptr(GDateTime) received = imsg_message_get_received_time (message);
  g_autoptr(GPtrArray) reply_to = imsg_message_list_reply_to (message);
  g_autofree char *body = NULL;
  g_autoptr(GError) error = NULL;
  guint id;

  g_assert_cmpstr (imsg_message_get_subject (message), ==, "Café");
  test_assert_string (message, IMSG_PR_SENT_REPRESENTING_NAME, "Jörg");
  test_assert_string (message, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, "joerg@example.org");
  test_assert_string (message, IMSG_PR_SENDER_EMAIL_ADDRESS, "office@example.org");
  test_assert_string (message, IMSG_PR_INTERNET_MESSAGE_ID, "<id@example.org>");
  g_assert_cmpuint (g_list_model_get_n_items (recipients), ==, 4);
  g_assert_cmpstr (imsg_recipient_get_name (first), ==, "Last, First");
  g_assert_cmpint (g_date_time_to_unix (sent), ==, 1704704400);
  g_assert_cmpint (g_date_time_to_unix (received), ==, 1704704405);
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message),
                                                 IMSG_PR_IMPORTANCE), ==, 2);
  g_assert_cmpuint (reply_to->len, ==, 1);
  g_assert_cmpstr (imsg_address_get_smtp (g_ptr_array_index (reply_to, 0)), ==,
                   "answers@example.org");
  id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message), IMSG_PS_INTERNET_HEADERS,
                                          "X-Thing", FALSE, &error);
  g_assert_no_error (error);
  test_assert_string (message, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), "value");
  body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_strchomp (body), ==, "Hello");
}

/* What declares no charset, or a wrong one, is still read. */
static const struct
{
  const char *name;
  const char *content_type;
  const char *bytes;
  const char *expected;
} charsets[] = {
  { "none-utf-8", NULL, "gr\xc3\xbc\xc3\x9f", "grüß" },
  { "none-windows-1252", NULL, "gr\xfc\xdf", "grüß" },
  { "us-ascii-with-8-bit", "text/plain; charset=us-ascii", "gr\xfc\xdf", "grüß" },
  { "koi8-r", "text/plain; charset=koi8-r", "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет" },
  { "iso-2022-jp", "text/plain; charset=iso-2022-jp", "\x1b$B$3$s\x1b(B", "こん" },
  { "shift-jis", "text/plain; charset=shift_jis", "\x82\xb1\x82\xf1", "こん" },
  { "shift-jis-of-windows", "text/plain; charset=shift_jis", "\x87\x40\x87\x8a", "①㈱" },
  { "iso-2022-jp-of-windows", "text/plain; charset=iso-2022-jp", "\x1b$B-!-j\x1b(B", "①㈱" },
  { "korean-of-windows", "text/plain; charset=ks_c_5601-1987", "\x8c\x63\xb9\xe6", "똠방" },
  { "latin-1-of-windows", "text/plain; charset=iso-8859-1", "\x93gr\xfc\xdf\x94 \x80", "“grüß” €" },
  { "turkish-of-windows", "text/plain; charset=iso-8859-9", "\x93\xfe\x94", "“ş”" },
  { "macintosh", "text/plain; charset=x-mac-cyrillic", "\x8f\xf0", "Пр" },
  { "unknown", "text/plain; charset=x-nobody-knows", "gr\xfc\xdf", "grüß" },
  { "utf-8-that-is-none", "text/plain; charset=utf-8", "gr\xfc\xdf", "grüß" },
  { "utf-8-by-another-name", "text/plain; charset=euc-jp", "gr\xc3\xbc\xc3\x9f", "grüß" },
  { "escapes", NULL, "\x1b$B$3$s\x1b(B", "こん" },
  { "escapes-of-old", "text/plain; charset=us-ascii", "\x1b$@$3$s\x1b(J", "こん" },
  { "escapes-of-korean", NULL, "\x1b$)C\x0eGQ19\x0f", "한국" },
  { "escapes-in-utf-8", "text/plain; charset=utf-8", "\x1b$B$3$s\x1b(B", "こん" },
};

static void
test_charset (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strdup_printf ("Subject: x\r\n%s%s%sContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n",
                     charsets[row].content_type != NULL ? "Content-Type: " : "",
                     charsets[row].content_type != NULL ? charsets[row].content_type : "",
                     charsets[row].content_type != NULL ? "\r\n" : "", charsets[row].bytes);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autofree char *body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, NULL);

  g_assert_nonnull (body);
  g_assert_cmpstr (g_strchomp (body), ==, charsets[row].expected);
}

/* In a header it is the same, encoded or not: what it is in, the first text tells. */
static void
test_charset_of_headers (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  const char *type = charsets[row].content_type != NULL ? charsets[row].content_type : "text/plain";
  const char *charset = strstr (type, "charset=");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *encoded =
    g_base64_encode ((const guchar *) charsets[row].bytes, strlen (charsets[row].bytes));
  g_autofree char *word =
    g_strdup_printf ("=?%s?B?%s?=", charset != NULL ? charset + 8 : "x-unknown", encoded);
  g_autofree char *text = g_strdup_printf (
    "Subject: %s\r\nTo: %s <a@example.org>\r\nX-Raw: %s\r\nMIME-Version: 1.0\r\nContent-Type: %s;"
    "\r\n name=\"%s\"\r\nContent-Disposition: attachment\r\n\r\nx\r\n",
    word, word, charsets[row].bytes, type, word);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autoptr(IMsgRecipient) recipient =
    g_list_model_get_item (imsg_message_get_recipients (message), 0);
  g_autofree char *block = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message),
                                                            IMSG_PR_TRANSPORT_MESSAGE_HEADERS);
  g_autofree char *as_it_came = g_strdup_printf ("Subject: %s\r\n", word);
  g_autofree char *decoded = g_strdup_printf ("X-Raw: %s\r\n", charsets[row].expected);

  g_assert_cmpstr (imsg_message_get_subject (message), ==, charsets[row].expected);
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, charsets[row].expected);
  g_assert_cmpstr (imsg_attachment_get_file_name (mime_get_attachment (message, 0)), ==,
                   charsets[row].expected);
  g_assert_nonnull (strstr (block, as_it_came));
  g_assert_nonnull (strstr (block, decoded));
}

static const char nested[] =
  "From: a@example.org\r\nSubject: outer\r\nMIME-Version: 1.0\r\n"
  "Content-Type: multipart/mixed; boundary=m\r\n\r\n"
  "--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
  "--a\r\nContent-Type: text/plain\r\n\r\nplain body\r\n"
  "--a\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
  "--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>html <img src=\"cid:i@1\"></p>\r\n"
  "--r\r\nContent-Type: image/png; name=i.png\r\nContent-ID: <i@1>\r\n"
  "Content-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--r--\r\n--a--\r\n"
  "--m\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment;\r\n"
  " filename*=utf-8''%C3%9Cber%2F..%2Fx.bin\r\n\r\nbytes\r\n"
  "--m\r\nContent-Type: message/rfc822\r\n\r\n"
  "From: b@example.org\r\nSubject: inner\r\n\r\ninner body\r\n--m--\r\n";

static void
check_nested (IMsgMessage *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  g_autoptr(IMsgAttachment) image = g_list_model_get_item (attachments, 0);
  g_autoptr(IMsgAttachment) file = g_list_model_get_item (attachments, 1);
  g_autoptr(IMsgAttachment) embedded = g_list_model_get_item (attachments, 2);
  g_autoptr(IMsgMessage) inner = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *html = imsg_message_get_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error);
  g_autofree char *plain = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (attachments), ==, 3);
  g_assert_nonnull (strstr (html, "cid:i@1"));
  g_assert_cmpstr (g_strchomp (plain), ==, "plain body");
  g_assert_cmpstr (imsg_attachment_get_content_id (image), ==, "i@1");
  g_assert_true (imsg_attachment_is_inline (image));
  /* the path in a name is not for us to follow */
  g_assert_cmpstr (imsg_attachment_get_file_name (file), ==, "x.bin");
  g_assert_false (imsg_attachment_is_inline (file));
  g_assert_cmpint (imsg_attachment_get_method (embedded), ==,
                   IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE);
  inner = imsg_attachment_open_message (embedded, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (inner), ==, "inner");
}

static void
test_structure (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, nested);

  check_nested (message);
}

/* Imported, written as a .msg, opened again: nothing got lost on the way. */
static void
test_saved (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, nested);
  g_autoptr(IMsgMessage) reopened = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  reopened = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_READ_ONLY, NULL,
                                                   &error);
  g_assert_no_error (error);
  check_nested (reopened);
}

/* .eml to message to .eml to message: the second is like the first. */
static void
test_there_and_back (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) first = mime_import (session, nested);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(IMsgMessage) second = NULL;
  g_autoptr(GError) error = NULL;

  imsg_message_export_mime (first, memory, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (memory, "", 1, NULL, NULL, NULL);
  second = mime_import (session, g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)));
  check_nested (second);
}

static void
test_clear_signed (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "Subject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/signed;"
             " protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b\r\n\r\n"
             "--b\r\nContent-Type: text/plain\r\n\r\nsigned  text \r\n"
             "--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nMIIB\r\n--b--\r\n");
  GListModel *attachments = imsg_message_get_attachments (message);
  g_autoptr(IMsgAttachment) entity = g_list_model_get_item (attachments, 0);
  g_autoptr(GBytes) bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (entity),
                                                            IMSG_PR_ATTACH_DATA_BIN);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autofree char *body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, NULL);

  g_assert_cmpstr (imsg_message_get_message_class (message), ==,
                   "IPM.Note.SMIME.MultipartSigned");
  g_assert_cmpuint (g_list_model_get_n_items (attachments), ==, 1);
  g_assert_nonnull (strstr (text, "--b\r\nContent-Type: text/plain\r\n\r\nsigned  text \r\n--b"));
  g_assert_true (g_str_has_prefix (text, "Content-Type: multipart/signed"));
  g_assert_cmpstr (g_strchomp (body), ==, "signed  text");
}

static void
test_mbox (void)
{
  static const char mbox[] = "From a@example.org Mon Jan  8 09:00:00 2024\n"
                             "Subject: one\n\n>From here\n>>From there\nFrom inside\n\n"
                             "From b@example.org Mon Jan  8 09:00:00 2024\n"
                             "Subject: two\n\nsecond\n\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (mbox, -1, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = imsg_session_import_mbox (session, stream, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (messages->len, ==, 2);
  /* the empty line in front of the next entry is the file's */
  test_assert_string (g_ptr_array_index (messages, 0), IMSG_PR_BODY,
                      "From here\r\n>From there\r\nFrom inside\r\n");
  g_assert_cmpstr (imsg_message_get_subject (g_ptr_array_index (messages, 1)), ==, "two");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_session_get_messages (session)), ==, 2);
}

/* What stands in front of the first entry is none; a file without any has no message. */
static void
test_no_mbox (void)
{
  static const char text[] = "Subject: one\n\nFrom somewhere\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (text, -1, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (imsg_session_import_mbox (session, stream, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
}

/* Somebody without an address is kept by name; nobody is nobody. */
static void
test_nameless_recipients (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "To: Inside Person:;, b@example.org\r\nCc: undisclosed-recipients:;\r\n\r\nb\r\n");
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(IMsgRecipient) first = g_list_model_get_item (recipients, 0);
  g_autofree char *text = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (recipients), ==, 2);
  g_assert_cmpstr (imsg_recipient_get_name (first), ==, "Inside Person");
  g_assert_null (imsg_recipient_get_address (first));
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "To: Inside Person:;,\r\n b@example.org\r\n"));
}

/* Whatever is signed stays as it is: white space behind a boundary, lines without a colon, a part
 * that does not end. */
static void
test_signed_bytes (void)
{
  static const char body[] =
    "for old readers\r\n--b  \r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c \t\r\n"
    "no header\r\n\r\ntext \r\n\r\n--c--\r\n\r\n--b\r\nContent-Type: application/pgp-signature\r\n"
    "\r\n-----BEGIN PGP SIGNATURE-----\r\n--b-- \r\n";
  static const char type[] = "Content-Type: multipart/signed; protocol=\"application/pgp-signature\";"
                             "\r\n\tmicalg=pgp-sha256; boundary=b\r\n\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *entity = g_strconcat (type, body, NULL);
  g_autofree char *text = g_strconcat ("Subject: s\r\nMIME-Version: 1.0\r\n", entity,
                                       "behind it\r\n", NULL);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autofree char *back = NULL;

  g_assert_cmpstr (imsg_message_get_message_class (message), ==, "IPM.Note.SMIME.MultipartSigned");
  mime_assert_data (mime_get_attachment (message, 0), entity, strlen (entity));
  back = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_true (g_str_has_suffix (back, entity));
}

/* A clear-signed message inside another, and in a mailbox file with other line ends. */
static void
test_signed_inside (void)
{
  static const char entity[] =
    "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\r\n\r\n"
    "--b\r\n\r\nsigned\r\n\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nMIIB\r\n"
    "--b--\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strconcat (
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nouter\r\n"
    "--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nMIME-Version: 1.0\r\n", entity,
    "\r\n--m\r\nContent-Type: text/plain; name=a.txt\r\n\r\nbehind\r\n--m--\r\n", NULL);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autoptr(IMsgMessage) inner = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *back = NULL;

  inner = imsg_attachment_open_message (mime_get_attachment (message, 0), NULL, &error);
  g_assert_no_error (error);
  mime_assert_data (mime_get_attachment (inner, 0), entity, strlen (entity));
  mime_assert_data (mime_get_attachment (message, 1), "behind", 6);
  back = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (back, entity));
}

/* Rubbish is a message with a body of rubbish, or an error; never a crash. */
static const struct
{
  const char *name;
  const char *text;
} damaged[] = {
  { "empty-line", "\r\n" },
  { "empty-html", "Content-Type: text/html\r\n\r\n" },
  { "no-boundary", "Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nbody\r\n" },
  { "unclosed", "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nbody" },
  { "bad-base64", "Content-Transfer-Encoding: base64\r\n\r\n!!!!\r\n" },
  { "nul-header", "Subject: a\001b\r\n: nothing\r\nX\xff: y\r\n\r\n" },
  { "bad-date", "Date: yesterday\r\nReceived: ;\r\nThread-Index: ****\r\n\r\n" },
  { "empty-report", "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
                    "--b\r\n\r\nt\r\n--b\r\n\r\n--b--\r\n" },
  { "two-content-types", "Content-Type: text/plain\r\nContent-Type: multipart/signed; boundary=s;"
                         " protocol=\"application/pkcs7-signature\"\r\n\r\n--s\r\n\r\nx\r\n--s--\r\n" },
  { "invitation-backwards", "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n"
                            "METHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20240108T090000Z\r\n"
                            "DTEND:20240107T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n" },
  { "empty-addresses", "From: <>\r\nTo: ,,,;\r\nCc: x:;\r\n\r\n" },
};

static void
test_damaged (gconstpointer data)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, damaged[GPOINTER_TO_UINT (data)].text);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (message, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 512);
}

/* More levels than are followed: the rest stays as it was written. */
static void
test_nested_too_deep (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 200; i++)
    g_string_append (text, "Content-Type: message/rfc822\r\n\r\n");
  g_string_append (text, "Subject: deep\r\n\r\nbody\r\n");
  message = mime_import (session, text->str);
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
}

static void
test_too_many_parts (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  imsg_session_set_limit (session, IMSG_LIMIT_IMPORT_PARTS, 3);
  stream = g_memory_input_stream_new_from_data (nested, -1, NULL);
  g_assert_null (imsg_session_import_mime (session, stream, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_session_get_messages (session)), ==, 0);
}

/* Words that end in padding, one behind the other: a run that must be read to its end. */
static void
test_padded_words (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "Subject: =?UTF-8?B?44KzIA==?=\r\n =?utf-8?b?IOauvw==?=\r\n"
             "From: =?UTF-8?B?4oKs?= =?UTF-8?B?4oKsIA==?= =?UTF-8?B?4oKs?= <a@example.org>\r\n\r\n");

  g_assert_cmpstr (imsg_message_get_subject (message), ==, "コ  殿");
  test_assert_string (message, IMSG_PR_SENT_REPRESENTING_NAME, "€€ €");
}

/* Headers that would take the stack or the time of whoever reads them. */
static const struct
{
  const char *name;
  const char *header;
  const char *repeated;
  guint       n_most;
} hostile_headers[] = {
  { "groups", "To:", "a:", 256 },
  { "words", "Subject:", "=?utf-8?Q?a", 257 },
  { "lines", "X: y\r\n", "X: y\r\n", 65535 },
  { "lines-inside", "Content-Type: message/rfc822\r\n\r\n", "X: y\r\n", 65536 },
};

static void
test_hostile_header (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  const guint counts[] = { hostile_headers[row].n_most, hostile_headers[row].n_most + 1, 200000 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr(GString) text = g_string_new (hostile_headers[row].header);
      g_autoptr(GInputStream) stream = NULL;
      g_autoptr(IMsgMessage) message = NULL;
      g_autoptr(GError) error = NULL;

      for (guint j = 0; j < counts[i]; j++)
        g_string_append (text, hostile_headers[row].repeated);
      g_string_append (text, "\r\n\r\nbody\r\n");
      stream = g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
      message = imsg_session_import_mime (session, stream, NULL, &error);
      if (i == 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
    }
}

static const char invitation[] =
  "From: Ann <ann@example.org>\r\nTo: bob@example.org\r\nSubject: Lunch\r\nMIME-Version: 1.0\r\n"
  "Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\n"
  "Come\r\n--a\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n"
  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Here\r\n"
  "BEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\n%s"
  "END:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:event-1@example.org\r\n"
  "DTSTAMP:20240101T000000Z\r\nDTSTART;TZID=Here:20240108T100000\r\nDURATION:PT90M\r\n"
  "SUMMARY:Lunch\r\nLOCATION:Café\r\nSEQUENCE:3\r\nTRANSP:TRANSPARENT\r\n"
  "ORGANIZER:mailto:ann@example.org\r\nATTENDEE:mailto:bob@example.org\r\n%s"
  "END:VEVENT\r\nEND:VCALENDAR\r\n--a--\r\n";

static void
test_flag_and_name (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "From: =?utf-8?Q?J=C3=B6rg?= :;\r\nX-Message-Flag: Call back\r\n\r\nb\r\n");
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  test_assert_string (message, IMSG_PR_SENT_REPRESENTING_NAME, "Jörg");
  test_assert_string (message, test_find_named (message, "PSETID_Common", 0x8530), "Call back");
  imsg_message_export_mime (message, memory, NULL, &error);
  g_assert_no_error (error);
  text = g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)));
  g_assert_nonnull (strstr (text, "X-Message-Flag: Call back\r\n"));
  g_assert_nonnull (strstr (text, " :;\r\n"));
}

static void
test_invitation (void)
{
  /* the 72 bytes that stand for the UID, their size at 36 */
  static const guint8 global_id[] = { 0x20, 0, 0, 0, 'v', 'C', 'a', 'l', '-', 'U', 'i', 'd', 1 };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup_printf (invitation, "", "");
  g_autofree char *series = g_strdup_printf (invitation, "", "RRULE:FREQ=DAILY\r\n");
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autofree char *hours = g_strdup_printf (invitation, "", "RRULE:FREQ=HOURLY\r\n");
  g_autoptr(IMsgMessage) recurring = mime_import (session, series);
  g_autoptr(IMsgMessage) hourly = mime_import (session, hours);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GDateTime) start =
    imsg_property_object_get_datetime (object,
                                       test_find_named (message, "PSETID_Appointment", 0x820D));
  g_autoptr(GDateTime) end =
    imsg_property_object_get_datetime (object,
                                       test_find_named (message, "PSETID_Appointment", 0x820E));
  g_autoptr(GBytes) id =
    imsg_property_object_get_bytes (object, test_find_named (message, "PSETID_Meeting", 0x0003));
  g_autofree char *body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, NULL);

  g_assert_cmpstr (imsg_message_get_message_class (message), ==, "IPM.Schedule.Meeting.Request");
  g_assert_cmpint (g_date_time_to_unix (start), ==, 1704704400);
  g_assert_cmpint (g_date_time_to_unix (end), ==, 1704704400 + 90 * 60);
  test_assert_string (message, test_find_named (message, "PSETID_Appointment", 0x8208), "Café");
  g_assert_cmpint (imsg_property_object_get_int (
                     object, test_find_named (message, "PSETID_Appointment", 0x8201)), ==, 3);
  g_assert_cmpint (imsg_property_object_get_int (
                     object, test_find_named (message, "PSETID_Appointment", 0x8205)), ==, 0);
  g_assert_cmpuint (g_bytes_get_size (id), ==, 72);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (id, NULL) + 36, sizeof global_id, global_id,
                   sizeof global_id);
  g_assert_cmpstr (g_strchomp (body), ==, "Come");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (message)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 0);

  /* a series is a message too; its part is kept when it says more than a message can */
  g_assert_cmpstr (imsg_message_get_message_class (recurring), ==, "IPM.Schedule.Meeting.Request");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (recurring)), ==, 0);
  g_assert_cmpuint (test_find_named (recurring, "PSETID_Appointment", 0x8216), !=, 0);
  g_assert_cmpstr (imsg_message_get_message_class (hourly), ==, "IPM.Schedule.Meeting.Request");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (hourly)), ==, 1);
}

/* A zone that changes each second is not written out: the mail stays a mail with a file. */
static void
test_invitation_hostile (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup_printf (invitation, "RRULE:FREQ=SECONDLY\r\n", "");
  g_autoptr(IMsgMessage) message = mime_import (session, text);

  g_assert_cmpstr (imsg_message_get_message_class (message), ==, "IPM.Note");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/mime-import/headers", test_headers);
  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/mime-import/charset/", charsets[i].name, NULL);

      g_autofree char *headers = g_strconcat (path, "/headers", NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_charset);
      g_test_add_data_func (headers, GUINT_TO_POINTER (i), test_charset_of_headers);
    }
  g_test_add_func ("/imsg/mime-import/padded-words", test_padded_words);
  g_test_add_func ("/imsg/mime-import/structure", test_structure);
  g_test_add_func ("/imsg/mime-import/saved", test_saved);
  g_test_add_func ("/imsg/mime-import/there-and-back", test_there_and_back);
  g_test_add_func ("/imsg/mime-import/clear-signed", test_clear_signed);
  g_test_add_func ("/imsg/mime-import/flag-and-name", test_flag_and_name);
  g_test_add_func ("/imsg/mime-import/invitation", test_invitation);
  g_test_add_func ("/imsg/mime-import/invitation-hostile", test_invitation_hostile);
  for (guint i = 0; i < G_N_ELEMENTS (hostile_headers); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/imsg/mime-import/hostile-header/%s", hostile_headers[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_hostile_header);
    }
  g_test_add_func ("/imsg/mime-import/signed-bytes", test_signed_bytes);
  g_test_add_func ("/imsg/mime-import/signed-inside", test_signed_inside);
  g_test_add_func ("/imsg/mime-import/nameless-recipients", test_nameless_recipients);
  g_test_add_func ("/imsg/mime-import/mbox", test_mbox);
  g_test_add_func ("/imsg/mime-import/no-mbox", test_no_mbox);
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/mime-import/damaged/", damaged[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_damaged);
    }
  g_test_add_func ("/imsg/mime-import/nested-too-deep", test_nested_too_deep);
  g_test_add_func ("/imsg/mime-import/too-many-parts", test_too_many_parts);
  return g_test_run ();
}
