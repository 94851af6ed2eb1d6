/* test-mime-address.c - how somebody's Internet address is found, step by step
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-mime-util.h"
#include "test-util.h"

/* The tags of a recipient, of the sender, and of who is represented. */
enum
{
  NAME,
  TYPE,
  ADDRESS,
  ENTRY_ID,
  SMTP,
  SEARCH_KEY,
  N_TAGS
};

static const guint32 recipient_tags[N_TAGS] = { 0x3001001F, 0x3002001F, 0x3003001F, 0x0FFF0102,
                                                0x39FE001F, 0x300B0102 };
static const guint32 sender_tags[N_TAGS] = { 0x0C1A001F, 0x0C1E001F, 0x0C1F001F, 0x0C190102,
                                             0x5D01001F, 0x0C1D0102 };
static const guint32 represented_tags[N_TAGS] = { 0x0042001F, 0x0064001F, 0x0065001F, 0x00410102,
                                                  0x5D02001F, 0x003B0102 };

/* "EX" or "SMTP" one-off, name A, as UTF-16 or as 8-bit text */
#define ONE_OFF "00000000 812B1FA4BEA310199D6E00DD010F5402 0000 "
#define ONE_OFF_SMTP ONE_OFF "0190 4100 0000 5300 4D00 5400 5000 0000 6100 4000 6200 2E00 6300 0000"
#define ONE_OFF_SMTP_8 ONE_OFF "0110 4100 534D545000 6140622E6300"
#define ONE_OFF_EX ONE_OFF "0190 4100 0000 4500 5800 0000 2F00 6F00 0000"
#define ONE_OFF_CUT ONE_OFF "0190 4100 0000 5300 4D00 5400 5000 0000 6100 4000 6200 2E00 6300"
#define BOOK_EX "00000000 DCA740C8C042101AB4B908002B2FE182 01000000 00000000 2F6F3D4F2F636E3D7800"
#define WRAPPED "00000000 C091ADD3519DCF11A4A900AA0047FAA4 B0 "

typedef struct
{
  const char      *name;
  const char      *values[N_TAGS]; /* entry id and search key hexadecimal */
  const char      *headers;
  const char      *smtp;
  const char      *shown;
  const char      *address;
  IMsgAddressStep  step;
} Person;

static const Person people[] = {
  { "smtp-type", { "A", "smtp", "a@b.c" }, NULL, "a@b.c", "A", "a@b.c",
    IMSG_ADDRESS_STEP_SMTP_TYPE },
  { "name-around", { "A", "SMTP", "A <a@b.c>" }, NULL, "a@b.c", "A", "A <a@b.c>",
    IMSG_ADDRESS_STEP_SMTP_TYPE },
  { "smtp-property", { "A", "EX", "/o=O/cn=x", NULL, "a@b.c" }, NULL, "a@b.c", "A", "/o=O/cn=x",
    IMSG_ADDRESS_STEP_SMTP_PROPERTY },
  { "type-before-property", { "A", "SMTP", "a@b.c", NULL, "x@y.z" }, NULL, "a@b.c", "A", "a@b.c",
    IMSG_ADDRESS_STEP_SMTP_TYPE },
  { "one-off", { NULL, NULL, NULL, ONE_OFF_SMTP }, NULL, "a@b.c", "A", "a@b.c",
    IMSG_ADDRESS_STEP_ONE_OFF_ENTRY_ID },
  { "one-off-8-bit", { NULL, NULL, NULL, ONE_OFF_SMTP_8 }, NULL, "a@b.c", "A", "a@b.c",
    IMSG_ADDRESS_STEP_ONE_OFF_ENTRY_ID },
  { "one-off-without-nul", { NULL, NULL, NULL, ONE_OFF_CUT }, NULL, "a@b.c", "A", "a@b.c",
    IMSG_ADDRESS_STEP_ONE_OFF_ENTRY_ID },
  { "one-off-wrapped", { "B", NULL, NULL, WRAPPED ONE_OFF_SMTP }, NULL, "a@b.c", "B", "a@b.c",
    IMSG_ADDRESS_STEP_ONE_OFF_ENTRY_ID },
  { "one-off-ex", { NULL, NULL, NULL, ONE_OFF_EX }, NULL, NULL, "A", "/o", IMSG_ADDRESS_STEP_NONE },
  { "book-ex", { "A", NULL, NULL, BOOK_EX }, NULL, NULL, "A", "/o=O/cn=x",
    IMSG_ADDRESS_STEP_NONE },
  { "book-ex-and-key", { "A", NULL, NULL, BOOK_EX, NULL, "534D54503A4140422E4300" }, NULL, "a@b.c",
    "A", "/o=O/cn=x", IMSG_ADDRESS_STEP_SEARCH_KEY },
  { "looks-like-one", { "A", "UNKNOWN", "a@b.c" }, NULL, "a@b.c", "A", "a@b.c",
    IMSG_ADDRESS_STEP_LOOKS_LIKE_SMTP },
  { "x500-with-at", { "A", "EX", "/o=O/cn=a@b.c" }, NULL, NULL, "A", "/o=O/cn=a@b.c",
    IMSG_ADDRESS_STEP_NONE },
  { "key-of-ex", { "A", "EX", "/o=O", NULL, NULL, "45583A2F4F3D4F00" }, NULL, NULL, "A", "/o=O",
    IMSG_ADDRESS_STEP_NONE },
  { "key-with-rubbish", { "A", NULL, NULL, NULL, NULL, "534D54503A0D0A41404200" }, NULL, NULL, "A",
    NULL, IMSG_ADDRESS_STEP_NONE },
  { "headers", { "Ann Lee", "EX", "/o=O" },
    "Received: by x\r\nFROM: \"Ann Lee\"\r\n <a@b.c>\r\nSender: Ann Lee <s@b.c>\r\n", "a@b.c",
    "Ann Lee", "/o=O", IMSG_ADDRESS_STEP_TRANSPORT_HEADERS },
  { "headers-encoded", { "Jörg", "EX", "/o=O" },
    "From: =?utf-8?Q?J=C3=B6rg?= <a@b.c>\r\nSender: =?iso-8859-1?Q?J=F6rg?= <s@b.c>\r\n", "a@b.c",
    "Jörg", "/o=O", IMSG_ADDRESS_STEP_TRANSPORT_HEADERS },
  { "headers-of-another", { "Ann Lee", "EX", "/o=O" },
    "From: Bo Berg <b@b.c>\r\nSender: Bo <b@b.c>\r\n", NULL, "Ann Lee", "/o=O",
    IMSG_ADDRESS_STEP_NONE },
  { "headers-behind-the-end", { "Ann Lee", "EX", "/o=O" },
    "X: y\r\n\r\nFrom: Ann Lee <a@b.c>\r\nSender: Ann Lee <a@b.c>\r\n", NULL, "Ann Lee", "/o=O",
    IMSG_ADDRESS_STEP_NONE },
};

static void
set_hex (gpointer    object,
         guint32     tag,
         const char *hex)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  for (const char *c = hex; *c != '\0'; c++)
    if (*c != ' ')
      {
        guint8 byte = (guint8) (g_ascii_xdigit_value (c[0]) << 4 | g_ascii_xdigit_value (c[1]));

        g_byte_array_append (bytes, &byte, 1);
        c++;
      }
  mime_set_bytes (object, tag, bytes->data, bytes->len);
}

static void
fill (gpointer       object,
      const guint32 *tags,
      const Person  *person)
{
  for (guint i = 0; i < N_TAGS; i++)
    if (person->values[i] != NULL && (tags[i] & 0xFFFF) == 0x0102)
      set_hex (object, tags[i], person->values[i]);
    else if (person->values[i] != NULL)
      mime_set_string (object, tags[i], person->values[i]);
}

static void
check (const IMsgAddress *address,
       const Person      *person)
{
  g_assert_nonnull (address);
  g_assert_cmpstr (imsg_address_get_smtp (address), ==, person->smtp);
  g_assert_cmpint (imsg_address_get_step (address), ==, person->step);
  g_assert_cmpstr (imsg_address_get_name (address), ==, person->shown);
  g_assert_cmpstr (imsg_address_get_address (address), ==, person->address);
}

static void
test_author (gconstpointer data)
{
  const Person *person = data;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(IMsgAddress) sender = NULL;
  g_autoptr(IMsgAddress) represented = NULL;

  fill (message, sender_tags, person);
  fill (message, represented_tags, person);
  if (person->headers != NULL)
    mime_set_string (message, IMSG_PR_TRANSPORT_MESSAGE_HEADERS, person->headers);
  represented = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
  check (represented, person);
  sender = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENDER);
  if (person->step == IMSG_ADDRESS_STEP_TRANSPORT_HEADERS)
    g_assert_cmpstr (imsg_address_get_smtp (sender), ==, "s@b.c");
  else
    check (sender, person);
}

static void
test_recipient (gconstpointer data)
{
  const Person *person = data;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRecipient) recipient = imsg_message_create_recipient (message, &error);
  g_autoptr(IMsgAddress) address = NULL;

  g_assert_no_error (error);
  fill (recipient, recipient_tags, person);
  address = imsg_recipient_resolve_address (recipient);
  check (address, person);
}

/* Who is among the recipients has been looked up there. */
static void
test_author_among_recipients (void)
{
  static const Person author = { NULL, { "A", "EX", "/O=O/CN=x" }, NULL, "a@b.c", "A", "/O=O/CN=x",
                                 IMSG_ADDRESS_STEP_RECIPIENT };
  static const Person rows[] = {
    { NULL, { "A", "EX", "/o=O/cn=y", NULL, "y@b.c" } },
    { NULL, { "A", "X", "/o=O/cn=x", NULL, "x@b.c" } },
    { NULL, { "A", "EX", "/o=O/cn=x" } },
    { NULL, { "B", "EX", "/o=O/cn=x", NULL, "a@b.c" } },
  };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Appointment");
  g_autoptr(IMsgAddress) address = NULL;

  fill (message, represented_tags, &author);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(IMsgRecipient) recipient = imsg_message_create_recipient (message, NULL);

      fill (recipient, recipient_tags, &rows[i]);
    }
  address = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
  check (address, &author);
}

/* Some writers leave the name of the one whom the sender speaks for out, who is the same. */
static void
test_named_sender (void)
{
  static const Person sender = { NULL, { "Ann", "SMTP", "A@b.c" } };
  static const Person represented = { NULL, { "a@b.c", "SMTP", "a@b.c" } };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree char *text = NULL;

  fill (message, sender_tags, &sender);
  fill (message, represented_tags, &represented);
  text = mime_export (message, IMSG_MIME_EXPORT_SEND, NULL);
  g_assert_true (g_str_has_prefix (text, "From: Ann <A@b.c>\r\n"));
  g_assert_null (strstr (text, "Sender:"));
}

static void
test_nobody (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");

  g_assert_null (imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_RECEIVED_BY));
}

/* An address of Exchange that was packed into one of the Internet, unpacked and still there. */
static void
test_encapsulated (void)
{
  static const char mailbox[] = "IMCEAEX-_o=First_cn=a+20b+5Fc@example.org";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup_printf ("From: Ann <%s>\r\nTo: <%s>\r\n\r\nb\r\n", mailbox,
                                           mailbox);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autoptr(IMsgRecipient) recipient =
    g_list_model_get_item (imsg_message_get_recipients (message), 0);
  g_autofree char *back = NULL;

  test_assert_string (message, IMSG_PR_SENT_REPRESENTING_ADDRTYPE, "EX");
  test_assert_string (message, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, "/o=First/cn=a b_c");
  test_assert_string (message, 0x5D02001F, mailbox);
  test_assert_string (recipient, IMSG_PR_ADDRTYPE, "EX");
  test_assert_string (recipient, IMSG_PR_EMAIL_ADDRESS, "/o=First/cn=a b_c");
  test_assert_string (recipient, IMSG_PR_SMTP_ADDRESS, mailbox);
  back = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (back, "From: Ann <IMCEAEX-_o=First_cn=a+20b+5Fc@example.org>\r\n"));
}

static const char *const not_encapsulated[] = {
  "imcea@example.org", "IMCEA-x@example.org", "IMCEAEX@example.org", "IMCEAEX-@example.org",
  "IMCEAEX-+00@example.org", "IMCEAEX-+FF@example.org",
};

static void
test_not_encapsulated (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (not_encapsulated); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autofree char *text = g_strdup_printf ("To: <%s>\r\n\r\nb\r\n", not_encapsulated[i]);
      g_autoptr(IMsgMessage) message = mime_import (session, text);
      g_autoptr(IMsgRecipient) recipient =
        g_list_model_get_item (imsg_message_get_recipients (message), 0);

      test_assert_string (recipient, IMSG_PR_ADDRTYPE, "SMTP");
      test_assert_string (recipient, IMSG_PR_EMAIL_ADDRESS, not_encapsulated[i]);
    }
}

/* Whom answers go to: a name and an address in one entry id, or an address of Exchange. */
static void
test_reply_to (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(GPtrArray) list = NULL;
  g_autofree char *text = NULL;

  set_hex (message, IMSG_PR_REPLY_RECIPIENT_ENTRIES,
           "02000000 68000000 32000000 " ONE_OFF_SMTP "0000 26000000 " BOOK_EX "0000");
  list = imsg_message_list_reply_to (message);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpint (imsg_address_get_step (g_ptr_array_index (list, 0)), ==,
                   IMSG_ADDRESS_STEP_ONE_OFF_ENTRY_ID);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  g_assert_nonnull (strstr (text, "Reply-To: A <a@b.c>,"));
  g_assert_nonnull (strstr (text, ",\r\n x:;\r\n"));
  mime_assert_loss (losses, "Reply-To", "has no Internet address (EX)");
}

/* Who is known to Exchange has the name of PR_REPLY_RECIPIENT_NAMES and the address of the header,
 * as far as it can be told whose they are. */
static const struct
{
  const char *name;
  const char *names;
  const char *header;
  const char *expected;
} replies[] = {
  { "by-place", "Ann; Bö", "Ann <ann@example.org>,\r\n =?utf-8?B?QsO2?= <boe@example.org>",
    "Ann <ann@example.org>|Bö <boe@example.org>" },
  { "names-of-the-header", NULL, "Ann <ann@example.org>, boe@example.org",
    "Ann <ann@example.org>|boe@example.org" },
  { "by-name", "Ann; Bö", "BÖ <boe@example.org>", "Ann </o=O/cn=x>|Bö <boe@example.org>" },
  { "other-names", "Ann", "Cy <cy@example.org>", "/o=O/cn=x|/o=O/cn=x" },
  { "nothing-known", NULL, NULL, "/o=O/cn=x|/o=O/cn=x" },
};

static void
test_reply_to_of_exchange (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GString) found = g_string_new (NULL);

  set_hex (message, IMSG_PR_REPLY_RECIPIENT_ENTRIES,
           "02000000 54000000 26000000 " BOOK_EX "0000 26000000 " BOOK_EX "0000");
  if (replies[row].names != NULL)
    mime_set_string (message, IMSG_PR_REPLY_RECIPIENT_NAMES, replies[row].names);
  if (replies[row].header != NULL)
    {
      g_autofree char *block = g_strconcat ("Reply-To: ", replies[row].header, "\r\n", NULL);

      mime_set_string (message, IMSG_PR_TRANSPORT_MESSAGE_HEADERS, block);
    }
  list = imsg_message_list_reply_to (message);
  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *text = imsg_address_to_text (g_ptr_array_index (list, i));

      g_string_append_printf (found, "%s%s", i > 0 ? "|" : "", text);
    }
  g_assert_cmpstr (found->str, ==, replies[row].expected);
}

/* People whom nothing but the header tells of go out as it has them. */
static void
test_people_of_headers (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree char *text = NULL;

  mime_set_string (message, IMSG_PR_TRANSPORT_MESSAGE_HEADERS,
                   "From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.org>\r\n"
                   "Reply-To: Ann <ann@example.org>,\r\n =?utf-8?B?QsO2?= <boe@example.org>\r\n");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "From: =?utf-8?B?SsO2cmc=?= <joerg@example.org>\r\n"));
  g_assert_nonnull (strstr (text, "Reply-To: Ann <ann@example.org>,\r\n"
                                  " =?utf-8?B?QsO2?= <boe@example.org>\r\n"));
}

/* Groups in groups take no stack: a header that came with a file is not scanned before. */
static void
test_hostile_headers (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GString) headers = g_string_new ("From: ");
  g_autoptr(IMsgAddress) address = NULL;

  for (guint i = 0; i < 200000; i++)
    g_string_append (headers, "a:");
  g_string_append (headers, ";\r\n");
  mime_set_string (message, IMSG_PR_SENT_REPRESENTING_NAME, "Joe");
  mime_set_string (message, IMSG_PR_TRANSPORT_MESSAGE_HEADERS, headers->str);
  address = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
  g_assert_cmpstr (imsg_address_get_name (address), ==, "Joe");
  g_assert_null (imsg_address_get_smtp (address));
}

/* Somebody whom nobody has looked up is known by what was typed. */
static void
test_not_looked_up (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree char *text = NULL;

  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "typed@example.org", NULL);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "To: typed@example.org\r\n"));
}

/* The domain of an address is ASCII in e-mail, whatever alphabet a message has it in. */
static const struct
{
  const char *name;
  const char *header; /* as it comes in */
  const char *address;
} domains[] = {
  { "ascii", "joe@xn--bcher-kva.example", "joe@xn--bcher-kva.example" },
  { "utf-8", "joe@bücher.example", "joe@xn--bcher-kva.example" },
  { "sharp-s", "joe@xn--strae-oqa.example", "joe@xn--strae-oqa.example" },
  { "not-of-letters", "joe@a_b.example", "joe@a_b.example" },
};

static void
test_domain (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *mail = g_strdup_printf ("From: %s\r\nTo: %s\r\n\r\ntext", domains[row].header,
                                           domains[row].header);
  g_autoptr(IMsgMessage) message = mime_import (session, mail);
  g_autoptr(IMsgRecipient) recipient =
    g_list_model_get_item (imsg_message_get_recipients (message), 0);
  g_autofree char *text = NULL;
  g_autofree char *expected = g_strdup_printf ("From: %s\r\nTo: %s\r\n", domains[row].address,
                                               domains[row].address);

  g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, domains[row].address);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, expected));
}

static void
test_stored_domain (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree char *text = NULL;

  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Joe", "SMTP:joe@bücher.example");
  mime_add_recipient (message, IMSG_RECIPIENT_TYPE_CC, "Jörg", "SMTP:jörg@bücher.example");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "To: Joe <joe@xn--bcher-kva.example>\r\n"));
  g_assert_nonnull (strstr (text, "<jörg@bücher.example>\r\n"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autofree char *author = g_strconcat ("/imsg/mime-address/author/", people[i].name, NULL);
      g_autofree char *recipient = g_strconcat ("/imsg/mime-address/recipient/", people[i].name,
                                                NULL);

      g_test_add_data_func (author, &people[i], test_author);
      if (people[i].headers == NULL)
        g_test_add_data_func (recipient, &people[i], test_recipient);
    }
  g_test_add_func ("/imsg/mime-address/named-sender", test_named_sender);
  g_test_add_func ("/imsg/mime-address/nobody", test_nobody);
  g_test_add_func ("/imsg/mime-address/author-among-recipients", test_author_among_recipients);
  g_test_add_func ("/imsg/mime-address/encapsulated", test_encapsulated);
  g_test_add_func ("/imsg/mime-address/not-encapsulated", test_not_encapsulated);
  g_test_add_func ("/imsg/mime-address/reply-to", test_reply_to);
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autofree char *path =
        g_strconcat ("/imsg/mime-address/reply-to-of-exchange/", replies[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_reply_to_of_exchange);
    }
  g_test_add_func ("/imsg/mime-address/people-of-headers", test_people_of_headers);
  g_test_add_func ("/imsg/mime-address/hostile-headers", test_hostile_headers);
  g_test_add_func ("/imsg/mime-address/not-looked-up", test_not_looked_up);
  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/mime-address/domain/", domains[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_domain);
    }
  g_test_add_func ("/imsg/mime-address/stored-domain", test_stored_domain);
  return g_test_run ();
}
