/* test-mime-hostile.c - e-mail that would take the stack, the memory or the day of whoever reads it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-mime-util.h"

#define START "From: a@example.org\r\nMIME-Version: 1.0\r\n"
#define DIGEST "Content-Type: multipart/digest; boundary=b\r\n\r\n"
#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n\r\n"

/* A beginning, something over and over, and an end. */
static const struct
{
  const char *name;
  const char *begin;
  const char *repeated;
  guint       n_times;
  const char *end;
  int         code; /* 0: it is read */
} mails[] = {
  { "message-in-base64", START "Content-Type: message/rfc822\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nVG86", "YTph", 100000, "", IMSG_ERROR_TOO_BIG },
  { "multiparts-inside", START, MIXED "--b\r\n", 5000, "\r\nx\r\n", 0 },
  { "messages-inside", START, "Content-Type: message/rfc822\r\n\r\n", 50000, "x", 0 },
  { "parts", START MIXED, "--b\r\n\r\nx\r\n", 65535, "--b--\r\n", 0 },
  { "parts-too-many", START MIXED, "--b\r\n\r\nx\r\n", 65536, "--b--\r\n", IMSG_ERROR_TOO_BIG },
  { "nearly-boundaries", START MIXED, "--b-\r\n", 500000, "", 0 },
  { "boundary-of-blanks", START "Content-Type: multipart/mixed; boundary=\"  \"\r\n\r\n",
    "--  \r\n\r\nx\r\n", 1000, "", 0 },
  { "parameters", START "Content-Type: text/plain", "; a=b", 100000, "\r\n\r\nx", 0 },
  { "continued-parameter", START "Content-Type: a/b", "; name*1=b", 100000, "\r\n\r\nx", 0 },
  { "comments", "To: ", "(", 500000, "\r\n\r\nx", 0 },
  { "quotes", "To: ", "\"\\\"", 500000, "\r\n\r\nx", 0 },
  { "angles", "To: ", "<", 500000, "\r\n\r\nx", 0 },
  { "words", "Subject: ", "=?utf-8?Q?a?= ", 200000, "\r\n\r\nx", 0 },
  { "padded-words", "To: ", "=?utf-8?B?w6k=?= <a@b.c>,\r\n ", 600, "d@e.f\r\n\r\nx", 0 },
  { "recipients-too-many", "To: ", "a@b.c,", 65537, "\r\n\r\nx", IMSG_ERROR_TOO_BIG },
  { "names", "To: ", "\"a b\",", 4096, "\r\n\r\nx", 0 },
  { "names-with-commas", "To: ", "\"\\\\\\\"b, a\" <a@b.c>,", 5000, "\r\n\r\nx", 0 },
  { "names-too-many", "To: ", "\"a b\",", 4097, "\r\n\r\nx", IMSG_ERROR_TOO_BIG },
  { "receipts", "Disposition-Notification-To: ", "a:", 200000, "\r\n\r\nx", 0 },
  { "receipts-in-groups", "Disposition-Notification-To: ", "a:", 200000, ";\r\n\r\nx", 0 },
  { "people-unquoted", "Disposition-Notification-To: ", "\"<a (b, ", 200000, "\r\n\r\nx", 0 },
  { "people-in-brackets", "Disposition-Notification-To: ", "[", 500000, "\r\n\r\nx", 0 },
  { "people-in-words", "Disposition-Notification-To: ", "=?utf-8?Q?", 256, "\r\n\r\nx", 0 },
  { "people-without-address", "Disposition-Notification-To: ", "\"a b\", ",
    200000, "\r\n\r\nx", 0 },
  { "pieces-of-a-name", START "Content-Type: a/b", "; name*1023*=b", 100000, "\r\n\r\nx", 0 },
  { "recipients-in-lines", "", "To: =?utf-8?Q?a?= <a@b.c>\r\n", 4000, "\r\nx", 0 },
  { "authors", "From: ", "a@b.c,", 200000, "\r\n\r\nx", 0 },
  { "keywords", "Keywords: ", "a,", 500000, "\r\n\r\nx", 0 },
  { "long-header", "X: ", "0123456789abcdef", 524000, "\r\n\r\nx", 0 },
  { "long-header-too-long", "X: ", "0123456789abcdef", 524288, "\r\n\r\nx", IMSG_ERROR_TOO_BIG },
  { "long-header-of-a-part", START MIXED "--b\r\nX: ", "0123456789abcdef", 524288, "\r\n\r\nx",
    IMSG_ERROR_TOO_BIG },
  { "header-lines-too-many", START MIXED "--b\r\nContent-Type: message/rfc822\r\n\r\n", "a: b\r\n",
    65537, "\r\nx", IMSG_ERROR_TOO_BIG },
  { "header-lines-folded", START MIXED "--b\r\nContent-Type:\r\n (x) message/rfc822\r\n\r\n",
    "a: b\r\n", 65537, "\r\nx", IMSG_ERROR_TOO_BIG },
  { "header-lines-of-a-digest", START DIGEST "--b\r\n\r\n", "a: b\r\n", 65537, "\r\nx",
    IMSG_ERROR_TOO_BIG },
  { "header-lines-not-encoded", START MIXED "--b\r\nContent-Type: message/rfc822\r\n"
    "Content-Transfer-Encoding: base64\r\n x\r\n\r\n", "a: b\r\n", 65537, "\r\nx",
    IMSG_ERROR_TOO_BIG },
  { "lines-of-base64", START MIXED "--b\r\nContent-Type: message/rfc822\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\n", "0123456789abcdef\r\n", 65537, "--b--\r\n", 0 },
  /* but not the text of a part that says what it is */
  { "text-in-a-digest", START DIGEST "--b\r\nContent-Type: text/plain\r\n\r\n", "a: b\r\n", 65537,
    "\r\nx", 0 },
  { "text-of-a-name", START "Content-Type: text/plain; name=message\r\n\r\n", "a: b\r\n", 65537, "",
    0 },
  { "groups", "To: ", "a:", 200000, "\r\n\r\nx", IMSG_ERROR_TOO_BIG },
  { "groups-behind-a-decoded-boundary",
    START "Content-Type: multipart/mixed; boundary=\"=?utf-8?Q?b?=\"\r\n\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nTo: ", "a:", 200000, "\r\n\r\nx",
    IMSG_ERROR_TOO_BIG },
  { "groups-behind-a-folded-boundary", START "Content-Type: multipart/mixed; boundary\r\n =b\r\n\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nTo: ", "a:", 200000, "\r\n\r\nx",
    IMSG_ERROR_TOO_BIG },
  { "groups-behind-a-boundary-in-lines",
    START "Content-Type: multipart/mixed; boundary=b\r\n c\r\n\r\n"
    "--b c\r\nContent-Type: message/rfc822\r\n\r\nTo: ", "a:", 200000, "\r\n\r\nx",
    IMSG_ERROR_TOO_BIG },
  { "lines-behind-a-folded-boundary",
    START "Content-Type: multipart/mixed; boundary\r\n =b\r\n\r\n--b\r\n", "a: b\r\n", 65537,
    "\r\nx", IMSG_ERROR_TOO_BIG },
  { "groups-behind-no-boundary", START "\r\n--b\r\nTo: ", "a:", 200000, "\r\n\r\nx",
    IMSG_ERROR_TOO_BIG },
  { "pairs-behind-no-boundary", START "\r\n--- \r\nto:\r\n", "  key: value\r\n", 2000, "", 0 },
  { "groups-behind-two-cr", "X: y\r\n\r\r\nTo: ", "a:", 200000, "\r\n\r\nx", IMSG_ERROR_TOO_BIG },
  /* what only looks like a boundary is text, of any length and any number of lines */
  { "log-in-a-text", START "\r\nFrom: the log\r\n", "    12:00:01 started\r\n", 200, "", 0 },
  { "pairs-in-a-text", START "\r\nto:\r\n", "  key: value\r\n", 300, "", 0 },
  { "queries-in-a-text", START "\r\n", "  <a href=?page=1>p</a>\r\n", 300, "", 0 },
  { "long-text", START MIXED "--b\r\n\r\n--- a/file\r\n", "0123456789abcde\n", 524288, "--b--\r\n",
    0 },
  { "files-in-a-text", "Subject: s\r\n\r\n", "begin 644 a\n#86)C\n`\nend\n", 65537, "",
    IMSG_ERROR_TOO_BIG },
  { "files-that-do-not-end", "Subject: s\r\n\r\n", "begin 644 a\n#86)C\n", 200000, "", 0 },
  { "yenc-that-does-not-end", "Subject: s\r\n\r\n", "=ybegin line=128 size=99 name=a\n", 100000, "",
    0 },
  { "enriched", START "Content-Type: text/enriched\r\n\r\n", "<bold>", 200000, "", 0 },
  { "references", START "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    "Content-Type: text/html\r\n\r\n", "<a b=\"=(", 200000,
    "\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <a>\r\n\r\nx\r\n--b--\r\n", 0 },
};

static void
test_mail (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GString) text = g_string_new (mails[row].begin);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < mails[row].n_times; i++)
    g_string_append (text, mails[row].repeated);
  g_string_append (text, mails[row].end);
  stream = g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
  message = imsg_session_import_mime (session, stream, NULL, &error);
  if (mails[row].code == 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, IMSG_ERROR, mails[row].code);
}

/* The bound of the headers is the session's, for each block of them. */
static void
test_header_bytes (void)
{
  static const char mail[] = "X: 0123\r\n" MIXED "--b\r\nX: 0123456789\r\n\r\n--b--\r\n";
  const guint longest = strlen ("X: 0123\r\n" MIXED);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (mail, -1, NULL);
      g_autoptr(IMsgMessage) message = NULL;
      g_autoptr(GError) error = NULL;

      imsg_session_set_limit (session, IMSG_LIMIT_HEADER_BYTES, longest - i);
      message = imsg_session_import_mime (session, stream, NULL, &error);
      if (i == 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
    }
}

/* What a message holds may take as long to write as an e-mail takes to read: a type of many words. */
static void
test_stored_type (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GString) type = g_string_new ("application/pdf; ");
  g_autoptr(GPtrArray) losses = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (type, "=?utf-8?Q?x ");
  mime_attach (message, "a.pdf", type->str, "%PDF", 4);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  g_assert_nonnull (strstr (text, "Content-Type: application/pdf; name=a.pdf\r\n"));
  mime_assert_loss (losses, "a.pdf", "The type");
}

/* An address that would begin groups in groups, were it written as it is. */
static void
test_stored_address (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GString) address = g_string_new ("a@");
  g_autofree char *text = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (address, "b:");
  mime_set_string (message, IMSG_PR_SENDER_NAME, "Ann");
  mime_set_string (message, IMSG_PR_SENDER_ADDRTYPE, "SMTP");
  mime_set_string (message, IMSG_PR_SENDER_EMAIL_ADDRESS, address->str);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "From: Ann <a@b_b_"));
}

/* Cancelled before, and in the middle of reading. */
static void
test_cancelled (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (START "\r\nx", -1, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (imsg_session_import_mime (session, stream, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_session_get_messages (session)), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/mime-hostile/", mails[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_mail);
    }
  g_test_add_func ("/imsg/mime-hostile/header-bytes", test_header_bytes);
  g_test_add_func ("/imsg/mime-hostile/stored-type", test_stored_type);
  g_test_add_func ("/imsg/mime-hostile/stored-address", test_stored_address);
  g_test_add_func ("/imsg/mime-hostile/cancelled", test_cancelled);
  return g_test_run ();
}
