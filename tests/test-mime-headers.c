/* test-mime-headers.c - headers as they are, and as they should not be
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-mime-util.h"

/* --- text --- */

/* The subject as it comes, which stands for all headers that are text. */
static const struct
{
  const char *name;
  const char *raw;
  const char *expected; /* NULL: none */
} subjects[] = {
  { "plain", "Subject: Hello\r\n", "Hello" },
  { "folded", "Subject: one\r\n two\r\n\tthree\r\n", "one two three" },
  { "lf-only", "Subject: one\n two\n", "one two" },
  { "raw-utf-8", "Subject: gr\xc3\xbc\xc3\x9f\r\n", "grüß" },
  { "raw-latin-1", "Subject: gr\xfc\xdf\r\n", "grüß" },
  { "encoded", "Subject: =?utf-8?B?Z3LDvMOf?=\r\n", "grüß" },
  { "lower-case", "Subject: =?iso-8859-1?q?gr=fc=df?=\r\n", "grüß" },
  { "with-language", "Subject: =?iso-8859-1*de?Q?gr=FC=DF?=\r\n", "grüß" },
  { "two-words", "Subject: =?utf-8?Q?a?= =?utf-8?Q?b?=\r\n", "ab" },
  { "cut-inside-a-character",
    "Subject: =?utf-8?B?w7w=?= =?utf-8?Q?=C3?=\r\n =?utf-8?Q?=BC?=\r\n", "üü" },
  { "in-quotes", "Subject: \"=?utf-8?Q?=C3=BC?=\"\r\n", "\"ü\"" },
  { "glued-to-text", "Subject: x=?utf-8?Q?=C3=BC?=y\r\n", "xüy" },
  { "blank-inside", "Subject: =?utf-8?Q?a b?=\r\n", "a b" },
  { "japanese", "Subject: =?iso-2022-jp?B?GyRCJDMkcxsoQg==?=\r\n", "こん" },
  { "gb2312-is-gbk", "Subject: =?gb2312?B?6Eg=?=\r\n", "鐷" },
  { "padding-missing", "Subject: =?utf-8?B?w6k?=\r\n", "é" },
  { "two-charsets", "Subject: =?iso-8859-1?Q?=E9?= =?koi8-r?Q?=C0?=\r\n", "éю" },
  { "unknown-charset", "Subject: =?x-nobody?Q?abc?=\r\n", "abc" },
  { "unknown-encoding", "Subject: =?utf-8?X?abc?=\r\n", "=?utf-8?X?abc?=" },
  { "bad-base64", "Subject: =?utf-8?B?Z3LDvMOf!?=\r\n", "grüß" },
  { "unterminated", "Subject: =?utf-8?Q?abc\r\n", "=?utf-8?Q?abc" },
  { "nothing-encoded", "Subject: =?utf-8?Q?\x3f= x\r\n", "x" },
  { "wrong-bytes", "Subject: =?utf-8?Q?a=FFb?=\r\n", "aÿb" },
  { "cut-off", "Subject: =?utf-8?Q?=C3=BC=C3?=\r\n", "ü\xef\xbf\xbd" },
  { "raw-beside-utf-16", "Subject: gr\xfc\xdf\r\nContent-Type: text/plain; charset=utf-16\r\n",
    "grüß" },
  { "raw-beside-ebcdic", "Subject: gr\xfc\xdf\r\nContent-Type: text/plain; charset=ibm037\r\n",
    "grüß" },
  { "twice", "Subject: first\r\nSubject: second\r\n", "first" },
  { "no-blank", "Subject:x\r\n", "x" },
  { "blank-before-colon", "Subject : x\r\n", "x" },
  { "other-case", "SUBJECT: x\r\n", "x" },
  { "bare-cr", "Subject: a\rb\r\n", "ab" },
  { "empty", "Subject:\r\n", "" },
  { "missing", "X: y\r\n", NULL },
  { "behind-a-mark", "\xef\xbb\xbfSubject: x\r\n", "x" },
  { "behind-from", "From somebody Mon Jan  8 09:00:00 2024\r\nSubject: x\r\n", "x" },
  { "behind-rubbish", "this is no header\r\nSubject: x\r\n", "x" },
};

static void
test_subject (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strconcat (subjects[row].raw, "\r\nbody\r\n", NULL);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autofree char *subject = g_strdup (imsg_message_get_subject (message));
  g_autofree char *expected = g_strdup (subjects[row].expected);

  g_assert_cmpstr (subject != NULL ? g_strstrip (subject) : NULL, ==,
                   expected != NULL ? g_strstrip (expected) : NULL);
}

/* --- people --- */

static const struct
{
  const char *name;
  const char *to;
  const char *expected; /* "name|address;…" */
} lists[] = {
  { "bare", "a@example.org", "a@example.org|a@example.org" },
  { "angles", "<a@example.org>", "a@example.org|a@example.org" },
  { "named", "Ann Lee <a@example.org>", "Ann Lee|a@example.org" },
  { "quoted", "\"Lee, Ann \\\"A\\\"\" <a@example.org>", "Lee, Ann \"A\"|a@example.org" },
  { "quoted-address", "'a@example.org' <a@example.org>", "'a@example.org'|a@example.org" },
  { "comment", "a@example.org (Ann Lee)", "Ann Lee|a@example.org" },
  { "encoded", "=?utf-8?Q?J=C3=B6rg?= <a@example.org>", "Jörg|a@example.org" },
  { "encoded-in-quotes", "\"=?utf-8?Q?J=C3=B6rg?=\" <a@example.org>", "Jörg|a@example.org" },
  { "raw-8-bit", "J\xf6rg <a@example.org>", "Jörg|a@example.org" },
  { "raw-utf-8", "J\xc3\xb6rg <a@example.org>", "Jörg|a@example.org" },
  { "two", "a@example.org, b@example.org",
    "a@example.org|a@example.org;b@example.org|b@example.org" },
  { "semicolons", "a@example.org; b@example.org; c@example.org",
    "a@example.org|a@example.org;b@example.org|b@example.org;c@example.org|c@example.org" },
  { "semicolons-and-names", "Ann Lee <a@example.org>; Bo <b@example.org>;",
    "Ann Lee|a@example.org;Bo|b@example.org" },
  { "empty-items", ",, a@example.org,, ,b@example.org,",
    "a@example.org|a@example.org;b@example.org|b@example.org" },
  { "brackets", "z@example.org, [Team] Ann <a@example.org>, b@[192.0.2.1], c@[IPv6:::1]; d@d",
    "z@example.org|z@example.org;[Team] Ann|a@example.org;b@[192.0.2.1]|b@[192.0.2.1];"
    "c@[IPv6:::1]|c@[IPv6:::1];d@d|d@d" },
  { "dots", "Ann <a..b@example.org>, a.@example.org",
    "Ann|a..b@example.org;a.@example.org|a.@example.org" },
  { "at-between-words", "Ann Lee @ Company <a@example.org>", "Ann Lee @ Company|a@example.org" },
  { "comma-in-name", "Lee, Ann <a@example.org>, b@example.org",
    "Lee, Ann|a@example.org;b@example.org|b@example.org" },
  { "comma-behind-at", "Ann@Company, Inc <a@example.org>",
    "Ann@Company|Ann@Company;Inc|a@example.org" },
  { "angles-around-the-name", "<Ann> <a@example.org>", "Ann|a@example.org" },
  { "no-comma", "Ann <a@example.org> Bo <b@example.org>\r\n c@example.org d@example.org",
    "Ann|a@example.org;Bo c@example.org d@example.org|b@example.org" },
  { "backslash", "Ann \\ Lee <a@example.org>", "Ann \\ Lee|a@example.org" },
  { "link", "<mailto:a@example.org>, mailto:b@example.org",
    "a@example.org|a@example.org;b@example.org|b@example.org" },
  { "gateway", "Ann [SMTP:a@example.org]", "Ann|a@example.org" },
  { "unclosed-comment", "a@example.org (Ann", "Ann|a@example.org" },
  { "comment-in-name", "Ann (at work) <a@example.org>", "Ann (at work)|a@example.org" },
  { "no-address", "Mail Delivery System <>, \"Lee, Bo\"", "Mail Delivery System|;Lee, Bo|" },
  { "empty-angles", "a@example.org <>", "a@example.org|a@example.org" },
  { "all-in-a-word", "=?utf-8?Q?J=C3=B6rg_=3Ca=40example=2Eorg=3E?=", "Jörg|a@example.org" },
  { "all-in-quotes", "\"Ann <a@example.org>\"", "Ann|a@example.org" },
  { "comma-in-a-word", "=?utf-8?Q?Lee,_Ann?= <a@example.org>", "Lee, Ann|a@example.org" },
  { "of-this-machine", "root (Cron), postmaster", "Cron|root;postmaster|postmaster" },
  { "blanks-of-old", "ann @ example.org", "ann@example.org|ann@example.org" },
  { "group", "Friends: a@example.org, Bo <b@example.org>;, c@example.org",
    "a@example.org|a@example.org;Bo|b@example.org;c@example.org|c@example.org" },
  { "group-without-end", "Friends: a@example.org, Bo <b@example.org>",
    "a@example.org|a@example.org;Bo|b@example.org" },
  { "colon-in-name", "Company: Ann <a@example.org>", "Company: Ann|a@example.org" },
  { "undisclosed", "undisclosed-recipients:;", "" },
  { "name-only", "Ann Lee:;", "Ann Lee|" },
  { "unclosed-angle", "Ann <a@example.org", "Ann|a@example.org" },
  { "unclosed-quote", "\"Ann <a@example.org>", NULL },
  { "route", "<@relay.example,@other.example:a@example.org>", "a@example.org|a@example.org" },
  { "dots-in-name", "Ann B. Lee <a@example.org>", "Ann B. Lee|a@example.org" },
  { "at-in-name", "ann@home <a@example.org>", "ann@home|a@example.org" },
  { "semicolon-in-quotes", "\"Lee; Ann\" <a@example.org>; b@example.org (b; c)",
    "Lee; Ann|a@example.org;b; c|b@example.org" },
  { "quoted-local-part", "\"a b\"@example.org", NULL },
  { "international", "Ann <ann@b\xc3\xbc" "cher.example>", "Ann|ann@xn--bcher-kva.example" },
  { "folded", "Ann\r\n Lee\r\n <a@example.org>", "Ann Lee|a@example.org" },
  { "nothing", "", "" },
  { "nothing-behind-a-route", "smtp:@b:, smtp:, mailto:@, <mailto:>", NULL },
  { "rubbish", "<<<>>>@@,;:", NULL },
};

static void
test_list (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup_printf ("To: %s\r\nSubject: s\r\n\r\nbody\r\n", lists[row].to);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(GString) found = g_string_new (NULL);

  /* whatever it was, the rest of the message is not taken along */
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "s");
  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);
      const char *address = imsg_recipient_get_address (recipient);

      g_string_append_printf (found, "%s%s|%s", i > 0 ? ";" : "",
                              imsg_recipient_get_name (recipient), address != NULL ? address : "");
    }
  g_test_message ("%s", found->str);
  if (lists[row].expected != NULL)
    g_assert_cmpstr (found->str, ==, lists[row].expected);
}

/* The author, who may have no address, or be what a comma in a name left over. */
static void
test_authors (void)
{
  static const struct
  {
    const char *from;
    const char *name;
    const char *address;
  } authors[] = {
    { "Ann Lee", "Ann Lee", NULL },
    { "MAILER-DAEMON <>", "MAILER-DAEMON", NULL },
    { "Ann@Company, Inc <a@example.org>", "Inc", "a@example.org" },
    { "a@localhost, b@localhost", "a@localhost", "a@localhost" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (authors); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autofree char *text = g_strdup_printf ("From: %s\r\n\r\nx\r\n", authors[i].from);
      g_autoptr(IMsgMessage) message = mime_import (session, text);
      g_autofree char *address = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message),
                                                                  IMSG_PR_SENDER_EMAIL_ADDRESS);

      g_assert_cmpstr (imsg_message_get_sender_name (message), ==, authors[i].name);
      g_assert_cmpstr (address, ==, authors[i].address);
    }
}

/* Whoever is missing is missing: nothing is made up. */
static void
test_missing (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, "X-Nothing: else\r\n\r\nbody\r\n");
  g_autoptr(GDateTime) sent = imsg_message_get_sent_time (message);
  g_autofree char *text = NULL;

  g_assert_null (sent);
  g_assert_null (imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING));
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (message)), ==, 0);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_null (strstr (text, "From:"));
  g_assert_null (strstr (text, "To:"));
}

/* --- dates --- */

static const struct
{
  const char *name;
  const char *date;
  gint64      seconds; /* -1: none */
} dates[] = {
  { "plain", "Mon, 8 Jan 2024 10:00:00 +0100", 1704704400 },
  { "no-weekday", "8 Jan 2024 09:00:00 +0000", 1704704400 },
  { "comment", "Mon, 8 Jan 2024 10:00:00 +0100 (CET)", 1704704400 },
  { "gmt", "Mon, 08 Jan 2024 09:00:00 GMT", 1704704400 },
  { "us-zone", "Mon, 8 Jan 2024 04:00:00 EST", 1704704400 },
  { "no-seconds", "Mon, 8 Jan 2024 09:00 +0000", 1704704400 },
  { "two-digit-year", "Mon, 8 Jan 24 09:00:00 +0000", 1704704400 },
  { "asctime", "Mon Jan  8 09:00:00 2024", 1704704400 },
  { "zone-before-offset", "Mon Jan 08 2024 10:00:00 GMT+0100 (CET)", 1704704400 },
  { "dots", "Mon, 8 Jan 2024 10.00.00 +0100", 1704704400 },
  { "fraction", "Mon, 8 Jan 2024 10:00:00.123 +0100", 1704704400 },
  { "offset-with-colon", "Mon, 8 Jan 2024 10:00:00 +01:00", 1704704400 },
  { "offset-with-colon-and-comment", "Mon, 8 Jan 2024 04:00 -05:00 (EST)", 1704704400 },
  { "iso-8601", "2024-01-08T10:00:00.5+01:00", 1704704400 },
  { "iso-8601-utc", " 2024-01-08T09:00:00Z", 1704704400 },
  { "afternoon", "Monday, January 8, 2024 9:00:00 PM +0000", 1704704400 + 12 * 3600 },
  { "noon", "Mon, 8 Jan 2024 12:00 pm +0000", 1704704400 + 3 * 3600 },
  { "midnight", "Mon, 8 Jan 2024 12:00 AM +0000", 1704704400 - 9 * 3600 },
  { "zone-by-name", "Mon, 8 Jan 2024 18:00:00 JST", 1704704400 },
  { "zone-in-quotes", "Mon, 8 Jan 2024 10:00:00 \"CET\"", 1704704400 },
  { "zone-west-of-utc", "Mon, 8 Jan 2024 05:30:00 NST", 1704704400 },
  { "zone-before-year", "Mon Jan  8 10:00:00 CET 2024", 1704704400 },
  { "zone-behind-year", "Mon Jan  8 12:00:00 2024 MSK", 1704704400 },
  { "zone-behind-afternoon", "Mon, 8 Jan 2024 02:30 PM IST", 1704704400 },
  { "zone-beside-offset", "Mon, 8 Jan 2024 10:00:00 CET +0200", 1704704400 - 3600 },
  { "zone-longer", "Mon, 8 Jan 2024 09:00:00 CETX", 1704704400 },
  { "zone-unknown", "Mon, 8 Jan 2024 09:00:00 XYZ", 1704704400 },
  { "offset-of-hours", "Mon, 8 Jan 2024 18:00:00 GMT+9", 1704704400 },
  { "offset-of-three-digits", "Mon, 8 Jan 2024 10:00:00 +100", 1704704400 },
  { "offset-without-blank", "2024-01-08 03:30:00-05:30", 1704704400 },
  { "offset-with-name-and-colon", "Mon, 8 Jan 2024 10:00:00 UTC+01:00", 1704704400 },
  { "offset-behind-year", "Mon Jan  8 10:00:00 2024 +0100", 1704704400 },
  { "leap-second", "Sat, 31 Dec 2016 23:59:60 +0000", 1483228800 },
  { "rubbish", "yesterday", -1 },
  { "empty", "", -1 },
};

static void
test_date (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup_printf ("Date: %s\r\n\r\nbody\r\n", dates[row].date);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autoptr(GDateTime) sent = imsg_message_get_sent_time (message);

  g_assert_cmpint (sent != NULL ? g_date_time_to_unix (sent) : -1, ==, dates[row].seconds);
}

/* The zone of the sender comes back as long as the instant is the same. */
static void
test_zone (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "Date: Mon, 8 Jan 2024 10:00:00 +0530\r\n\r\nbody\r\n");
  g_autoptr(GDateTime) other = g_date_time_new_utc (2024, 1, 8, 12, 0, 0);
  g_autoptr(GError) error = NULL;
  g_autofree char *same = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_autofree char *edited = NULL;

  g_assert_nonnull (strstr (same, "Date: Mon, 08 Jan 2024 10:00:00 +0530\r\n"));
  imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (message), IMSG_PR_CLIENT_SUBMIT_TIME,
                                     other, &error);
  g_assert_no_error (error);
  edited = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (edited, "Date: Mon, 08 Jan 2024 12:00:00 +0000\r\n"));
}

/* --- there and back --- */

/* Headers that properties stand for: what comes in goes out. */
static const char *const kept[] = {
  "In-Reply-To: <a@example.org>", "References: <a@example.org> <b@example.org>",
  "Message-Id: <c@example.org>", "Thread-Topic: Lunch",
  "Thread-Index: AdpCEQ9VABEiM0RVZneImaq7zN3u/wAEtv5a", "Importance: High", "Importance: Low",
  "Priority: urgent", "Priority: non-urgent", "Sensitivity: Company-Confidential",
  "Keywords: one, two", "Reply-By: Mon, 08 Jan 2024 09:00:00 +0000",
  "Expires: Mon, 08 Jan 2024 09:00:00 +0000", "X-Message-Flag: Call back",
  "X-Auto-Response-Suppress: DR, OOF", "X-Auto-Response-Suppress: All",
  "List-Help: <mailto:help@example.org>", "List-Unsubscribe: <https://example.org/?a=b>",
  "Content-Language: de-CH", "Content-Class: voice", "Content-Class: urn:content-class:custom.Order",
  "Content-Class: something", "X-MS-TNEF-Correlator: <key@example.org>",
  "X-Microsoft-Classified: true", "X-Microsoft-Classification: Secret",
  "X-Microsoft-ClassDesc: Not for others", "X-Microsoft-ClassID: 1234",
  "X-Microsoft-ClassKeep: true", "Disposition-Notification-To: Ann <a@example.org>",
  "Return-Receipt-To: a@example.org", "Reply-To: Ann <a@example.org>,\r\n b@example.org",
  "Auto-Submitted: auto-replied", "X-Unknown: kept as it is",
  "Received: from a by b; Mon, 8 Jan 2024 09:00:00 +0000",
};

static void
test_kept (gconstpointer data)
{
  const char *header = data;
  gboolean is_receipt = g_str_has_prefix (header, "Return-Receipt-To");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup_printf ("MIME-Version: 1.0\r\n%s%s\r\n\r\nbody\r\n",
                                           is_receipt ? "From: a@example.org\r\n" : "", header);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autofree char *line = g_strdup_printf ("%s\r\n", header);
  g_autofree char *name = g_strndup (line, strcspn (line, ":") + 1);
  g_autofree char *back = NULL;
  const char *found;

  /* out of properties, and not of the headers it came with */
  if (!g_str_has_prefix (header, "Received"))
    {
      g_autoptr(GError) error = NULL;

      imsg_property_object_delete_value (IMSG_PROPERTY_OBJECT (message),
                                         IMSG_PR_TRANSPORT_MESSAGE_HEADERS, &error);
      g_assert_no_error (error);
    }
  back = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_test_message ("%s", back);
  /* those that became named properties have their names in lower case */
  if (strstr (back, name) == NULL)
    for (char *c = line; *c != ':'; c++)
      *c = g_ascii_tolower (*c);
  found = strstr (back, line);
  g_assert_nonnull (found);
  g_assert_null (strstr (found + 1, name));
}

/* A class that a header stands for. */
static void
test_content_class (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) voice = mime_import (session, "Content-Class: voice-ca\r\n\r\nb\r\n");
  g_autoptr(IMsgMessage) order = mime_create (session, "IPM.Note.Custom.Order");
  g_autoptr(IMsgMessage) contact = mime_create (session, "IPM.Contact");
  g_autoptr(GPtrArray) losses = NULL;
  g_autofree char *text = mime_export (order, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_autofree char *other = mime_export (contact, IMSG_MIME_EXPORT_ARCHIVE, &losses);

  g_assert_cmpstr (imsg_message_get_message_class (voice), ==, "IPM.Note.Microsoft.Voicemail.UM.CA");
  g_assert_nonnull (strstr (text, "Content-Class: urn:content-class:custom.Order\r\n"));
  mime_assert_loss (losses, "PR_MESSAGE_CLASS", "IPM.Contact");
}

#define MESSAGE_FLAG_READ 0x1
#define MESSAGE_FLAG_UNSENT 0x8

static gint64
get_flags (IMsgMessage *message)
{
  return imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message), IMSG_PR_MESSAGE_FLAGS);
}

/* A draft is one still; what is attached to it was sent. */
static void
test_unsent (void)
{
  static const char draft[] =
    "X-Unsent: 1\r\nContent-Type: message/rfc822\r\n\r\nX-Unsent: 1\r\n\r\nbody\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, draft);
  g_autoptr(IMsgMessage) sent = mime_import (session, "X-Unsent: 0\r\n\r\nbody\r\n");
  g_autoptr(IMsgMessage) inner =
    imsg_attachment_open_message (mime_get_attachment (message, 0), NULL, NULL);

  g_assert_cmpint (get_flags (message), ==, MESSAGE_FLAG_READ | MESSAGE_FLAG_UNSENT);
  g_assert_cmpint (get_flags (sent), ==, MESSAGE_FLAG_READ);
  g_assert_cmpint (get_flags (inner) & MESSAGE_FLAG_UNSENT, ==, 0);
}

/* A draft in an archive is written on by the next program; what is sent says nothing of it. */
static void
test_draft (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "X-Unsent: 1\r\nContent-Type: message/rfc822\r\n\r\nSubject: a\r\n\r\nbody\r\n");
  g_autoptr(IMsgMessage) inner =
    imsg_attachment_open_message (mime_get_attachment (message, 0), NULL, NULL);
  g_autoptr(IMsgMessage) round = NULL;
  g_autofree char *draft = NULL;
  g_autofree char *sent = NULL;
  g_autofree char *archived = NULL;
  const char *header;

  mime_set_int (inner, IMSG_PR_MESSAGE_FLAGS, MESSAGE_FLAG_UNSENT);
  draft = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  sent = mime_export (message, IMSG_MIME_EXPORT_SEND, NULL);
  header = strstr (draft, "X-Unsent: 1\r\n");
  g_assert_nonnull (header);
  g_assert_null (strstr (header + 1, "X-Unsent"));
  g_assert_null (strstr (sent, "X-Unsent"));
  round = mime_go_round (session, message);
  g_assert_cmpint (get_flags (round), ==, MESSAGE_FLAG_READ | MESSAGE_FLAG_UNSENT);
  mime_set_int (round, IMSG_PR_MESSAGE_FLAGS, MESSAGE_FLAG_READ);
  archived = mime_export (round, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_null (strstr (archived, "X-Unsent"));
}

/* What an organization thinks of a message is written for the archive, and never believed. */
static void
test_organization (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(IMsgMessage) forged = mime_import (
    session, "X-MS-Exchange-Organization-SCL: -1\r\n\r\nbody\r\n");
  g_autofree char *kept_text = NULL;
  g_autofree char *sent = NULL;

  mime_set_int (message, IMSG_PR_CONTENT_FILTER_SCL, 7);
  kept_text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  sent = mime_export (message, IMSG_MIME_EXPORT_SEND, NULL);
  g_assert_nonnull (strstr (kept_text, "X-MS-Exchange-Organization-SCL: 7\r\n"));
  g_assert_null (strstr (sent, "SCL"));
  g_assert_false (imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (forged),
                                                  IMSG_PR_CONTENT_FILTER_SCL));
}

/* Who is not named in what is sent is told to the sender. */
static void
test_blind_copies_told (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GPtrArray) losses = NULL;
  g_autofree char *text = NULL;

  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_BCC, "a", "a@example.org");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_BCC, "b", "b@example.org");
  text = mime_export (message, IMSG_MIME_EXPORT_SEND, &losses);
  mime_assert_loss (losses, "Bcc", "2 blind recipients");
}

/* A value that is too long for a line, and one that cannot be broken. */
static void
test_long (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(IMsgMessage) back = NULL;
  g_autoptr(GString) subject = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  for (guint i = 0; i < 3000; i++)
    g_string_append (subject, i % 40 == 39 ? " " : i % 7 == 0 ? "ü" : "x");
  for (guint i = 0; i < 3000; i++)
    g_string_append_c (subject, 'y');
  mime_set_string (message, IMSG_PR_SUBJECT, subject->str);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  lines = g_strsplit (text, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (strlen (lines[i]), <=, 998);
  back = mime_import (session, text);
  g_assert_cmpstr (imsg_message_get_subject (back), ==, subject->str);
}

#define ADD_ROWS(path, rows, func) \
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) \
    { \
      g_autofree char *full = g_strconcat ("/imsg/mime-headers/" path "/", rows[i].name, NULL); \
\
      g_test_add_data_func (full, GUINT_TO_POINTER (i), func); \
    }

/* --- where they begin --- */

static const struct
{
  const char *name;
  const char *mail;
  const char *subject; /* or NULL: all of it is text */
} beginnings[] = {
  { "byte-order-mark", "\xef\xbb\xbfSubject: x\r\n\r\ntext", "x" },
  { "line-of-a-mailbox", "From a@b.c Mon Jan  1 00:00:00 2024\nSubject: x\n\ntext", "x" },
  { "empty-lines", "\r\n\r\nFrom: a@b.c\r\nSubject: x\r\n\r\ntext", "x" },
  { "text-with-a-colon", "\r\nNote: this is text\r\nSubject: none\r\n", NULL },
};

static void
test_beginning (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, beginnings[row].mail);

  g_assert_cmpstr (imsg_message_get_subject (message), ==, beginnings[row].subject);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD_ROWS ("subject", subjects, test_subject)
  ADD_ROWS ("list", lists, test_list)
  g_test_add_func ("/imsg/mime-headers/authors", test_authors);
  g_test_add_func ("/imsg/mime-headers/missing", test_missing);
  ADD_ROWS ("date", dates, test_date)
  ADD_ROWS ("beginning", beginnings, test_beginning)
  g_test_add_func ("/imsg/mime-headers/zone", test_zone);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *header = g_strndup (kept[i], strcspn (kept[i], ":"));
      g_autofree char *path = g_strdup_printf ("/imsg/mime-headers/kept/%u-%s", i, header);

      g_test_add_data_func (path, kept[i], test_kept);
    }
  g_test_add_func ("/imsg/mime-headers/content-class", test_content_class);
  g_test_add_func ("/imsg/mime-headers/unsent", test_unsent);
  g_test_add_func ("/imsg/mime-headers/draft", test_draft);
  g_test_add_func ("/imsg/mime-headers/organization", test_organization);
  g_test_add_func ("/imsg/mime-headers/blind-copies-told", test_blind_copies_told);
  g_test_add_func ("/imsg/mime-headers/long", test_long);
  return g_test_run ();
}
