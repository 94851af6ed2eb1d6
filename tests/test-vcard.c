/* test-vcard.c - cards as contacts and distribution lists, and back
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

#define ADDRESS "PSETID_Address"

/* A picture of one pixel */
#define PNG                                                                                         \
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

static GPtrArray *
import_bytes (IMsgSession *session,
              GBytes      *bytes)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GError) error = NULL;
  GPtrArray *messages = imsg_session_import_vcard (session, stream, NULL, &error);

  g_assert_no_error (error);
  return messages;
}

static GPtrArray *
import_text (IMsgSession *session,
             const char  *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return import_bytes (session, bytes);
}

static guint32
find_tag (IMsgMessage *message,
          guint32      id)
{
  return test_find_named (message, ADDRESS, id);
}

static char *
export_card (IMsgMessage *message)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(GError) error = NULL;

  imsg_message_export_vcard (message, memory, NULL, &losses, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (losses->len, ==, 0);
  g_output_stream_write_all (memory, "", 1, NULL, NULL, NULL);
  return g_strdup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)));
}

static const char card[] =
  "BEGIN:VCARD\r\nVERSION:3.0\r\nN:King;Ada;Augusta;Lady;II\r\nFN:Ada King\\; Countess\r\n"
  "ORG:Engines\\, Ltd;Research\r\nTITLE:Analyst\r\nEMAIL;TYPE=INTERNET,PREF:ada@example.org\r\n"
  "item1.EMAIL:ada@work.example\r\nTEL;TYPE=HOME,VOICE:1\r\nTEL;HOME:2\r\n"
  "TEL;TYPE=\"cell,voice\":3\r\nTEL;TYPE=WORK,FAX:4\r\nX-MS-TEL;TYPE=ASSISTANT:5\r\n"
  "ADR;TYPE=WORK:Box 1;Floor 2;Street 3;London;Region;NW1;UK\r\n"
  "ADR;TYPE=HOME,PREF:;;Home st;Town;;1;DE\r\nBDAY:1815-12-10\r\nX-MS-ANNIVERSARY:18350708\r\n"
  "URL;TYPE=HOME:http://home.example\r\nX-MS-IMADDRESS:ada@im.example\r\nX-MS-MANAGER:Boss\r\n"
  "X-MS-CHILD:Byron\r\nX-MS-CHILD:Annabella\r\nX-WAB-GENDER:1\r\nKEY;ENCODING=b:MAMBAf8=\r\n"
  "CATEGORIES:a,b\\,c\r\nCLASS:PRIVATE\r\nNOTE:Line 1\\nLi\r\n ne 2\r\n"
  "PHOTO;ENCODING=b;TYPE=PNG:" PNG "\r\nEND:VCARD\r\n";

static void
check_contact (IMsgMessage *message)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(IMsgAttachment) photo =
    g_list_model_get_item (imsg_message_get_attachments (message), 0);
  g_autoptr(GVariant) indices = NULL;
  g_autoptr(GDateTime) birthday = NULL;
  g_autofree char *body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, NULL);
  g_autofree char *losses = test_list_problems (message);

  g_assert_cmpstr (losses, ==, "");
  g_assert_cmpstr (imsg_message_get_message_class (message), ==, "IPM.Contact");
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "Ada King; Countess");
  test_assert_string (message, IMSG_PR_SURNAME, "King");
  test_assert_string (message, IMSG_PR_MIDDLE_NAME, "Augusta");
  test_assert_string (message, IMSG_PR_GENERATION, "II");
  test_assert_string (message, IMSG_PR_COMPANY_NAME, "Engines, Ltd");
  test_assert_string (message, IMSG_PR_DEPARTMENT_NAME, "Research");
  test_assert_string (message, find_tag (message, 0x8082), "SMTP");
  test_assert_string (message, find_tag (message, 0x8083), "ada@example.org");
  test_assert_string (message, find_tag (message, 0x8093), "ada@work.example");
  test_assert_string (message, IMSG_PR_HOME_TELEPHONE_NUMBER, "1");
  test_assert_string (message, IMSG_PR_HOME2_TELEPHONE_NUMBER, "2");
  test_assert_string (message, IMSG_PR_MOBILE_TELEPHONE_NUMBER, "3");
  test_assert_string (message, IMSG_PR_BUSINESS_FAX_NUMBER, "4");
  test_assert_string (message, IMSG_PR_ASSISTANT_TELEPHONE_NUMBER, "5");
  test_assert_string (message, find_tag (message, 0x8045), "Floor 2\r\nStreet 3");
  test_assert_string (message, find_tag (message, 0x8046), "London");
  test_assert_string (message, IMSG_PR_HOME_ADDRESS_CITY, "Town");
  test_assert_string (message, IMSG_PR_PERSONAL_HOME_PAGE, "http://home.example");
  test_assert_string (message, find_tag (message, 0x8062), "ada@im.example");
  test_assert_string (message, IMSG_PR_MANAGER_NAME, "Boss");
  g_assert_cmpstr (body, ==, "Line 1\r\nLine 2");
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_SENSITIVITY), ==, 2);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_GENDER), ==, 1);
  birthday = imsg_property_object_get_datetime (object, find_tag (message, 0x80DE));
  g_assert_cmpint (g_date_time_get_year (birthday), ==, 1815);
  g_assert_cmpint (g_date_time_get_day_of_month (birthday), ==, 10);
  /* what the address book goes by */
  indices = imsg_property_object_get_value (object, find_tag (message, 0x8028), NULL);
  g_assert_cmpuint (g_variant_n_children (indices), ==, 2);
  g_assert_cmpint (imsg_property_object_get_int (object, find_tag (message, 0x8029)), ==, 3);
  g_assert_true (imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (photo),
                                                   IMSG_PR_ATTACHMENT_CONTACTPHOTO));
  g_assert_cmpuint (imsg_attachment_get_size (photo), ==, 70);
}

static void
test_contact (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (session, card);
  IMsgMessage *message = messages->pdata[0];
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) again = NULL;

  g_assert_cmpuint (messages->len, ==, 1);
  check_contact (message);
  /* letters go to the preferred one */
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message),
                                                 find_tag (message, 0x8022)), ==, 1);
  test_assert_string (message, IMSG_PR_LOCALITY, "Town");
  test_assert_string (message, IMSG_PR_POSTAL_ADDRESS, "Home st\r\nTown 1\r\nDE");
  test_assert_string (message, find_tag (message, 0x801B),
                      "Box 1\r\nFloor 2\r\nStreet 3\r\nLondon Region NW1\r\nUK");

  text = export_card (message);
  g_assert_nonnull (strstr (text, "\r\nKEY;ENCODING=b:MAMBAf8=\r\n"));
  g_assert_nonnull (strstr (text, "\r\nX-MS-CHILD:Annabella\r\n"));
  again = import_text (session, text);
  check_contact (again->pdata[0]);
}

/* As Outlook writes them: another charset, transfer encoding, soft line breaks */
static void
test_old (void)
{
  static const char text[] =
    "begin:vcard\nVERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg\n"
    "FN;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:J=F6rg M=\n=FCller\nTEL;HOME;FAX:99\n"
    "AGENT:\nBEGIN:VCARD\nFN:Somebody else\nEND:VCARD\n"
    "NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab=\n\nPHOTO;JPEG;BASE64:/9j/4AAQ\nEND:VCARD\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (session, text);
  IMsgMessage *message = messages->pdata[0];
  g_autofree char *body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, NULL);
  g_autofree char *losses = test_list_problems (message);

  g_assert_cmpuint (messages->len, ==, 1);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "Jörg Müller");
  test_assert_string (message, IMSG_PR_SURNAME, "Müller");
  test_assert_string (message, IMSG_PR_HOME_FAX_NUMBER, "99");
  g_assert_cmpstr (body, ==, "a\r\nb");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 1);
  g_assert_cmpstr (losses, ==, "AGENT");
}

/* What follows a soft line break keeps its blanks; what is folded does not. */
static void
test_soft_breaks (void)
{
  static const char text[] =
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN:x\r\n"
    "NOTE;ENCODING=QUOTED-\r\n PRINTABLE:Agenda:=0D=0A=\r\n add milk=0D=0A=\r\n\tback=\r\n =0D=0A\r\n"
    " end\r\nPHOTO;BASE64:/9j/4AA=\r\n\r\nTITLE:Ten =\r\n ten\r\nEND:VCARD\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (session, text);
  g_autofree char *body =
    imsg_message_get_body (messages->pdata[0], IMSG_BODY_FORMAT_TEXT, NULL, NULL);

  g_assert_cmpstr (body, ==, "Agenda:\r\n add milk\r\n\tback \r\nend");
  test_assert_string (messages->pdata[0], IMSG_PR_TITLE, "Ten =ten");
}

/* Who a card is of, when it does not say it in FN */
static const struct
{
  const char *path;
  const char *lines;
  const char *name;
} names[] = {
  { "names", "N:Muster;Max;M.;Dr.;jun.\r\nORG:ACME\r\n", "Dr. Max M. Muster jun." },
  { "lists", "N:Public;John;Quinlan,Paul;;Esq.\\, M.D.\r\n", "John Quinlan Paul Public Esq., M.D." },
  { "empty-names", "N:;;;;\r\nORG:ACME;Sales\r\n", "ACME" },
  { "mail", "TEL:1\r\nEMAIL:a@example.org\r\n", "a@example.org" },
  { "nothing", "NOTE:x\r\n", "Contact" },
};

static void
test_name (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strconcat ("BEGIN:VCARD\r\nVERSION:2.1\r\n", names[i].lines, "END:VCARD\r\n", NULL);
  g_autoptr(GPtrArray) messages = import_text (session, text);

  g_assert_cmpstr (imsg_message_get_subject (messages->pdata[0]), ==, names[i].name);
  test_assert_string (messages->pdata[0], IMSG_PR_DISPLAY_NAME, names[i].name);
}

/* A comma that is escaped belongs to the name, out and in. */
static void
test_comma_in_name (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (
    session, "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\nN:Smith\\, Jr.;A,B\r\nEND:VCARD\r\n");
  g_autofree char *text = export_card (messages->pdata[0]);
  g_autoptr(GPtrArray) again = import_text (session, text);

  test_assert_string (again->pdata[0], IMSG_PR_SURNAME, "Smith, Jr.");
  test_assert_string (again->pdata[0], IMSG_PR_GIVEN_NAME, "A B");
}

/* Each card of files that were joined may begin with a byte order mark. */
static void
test_byte_order_mark (void)
{
  static const char text[] = "\xEF\xBB\xBF" "BEGIN:VCARD\r\nFN:Jörg\r\nEND:VCARD\r\n"
                             "\xEF\xBB\xBF" "BEGIN:VCARD\r\nFN:Ann\r\nEND:VCARD\r\n";
  static const char *const encodings[] = { "UTF-8", "UTF-16LE", "UTF-16BE" };

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      gsize size = 0;
      char *encoded = g_convert (text, -1, encodings[i], "UTF-8", NULL, &size, NULL);
      g_autoptr(GBytes) bytes = g_bytes_new_take (encoded, size);
      g_autoptr(GPtrArray) messages = import_bytes (session, bytes);

      g_assert_cmpuint (messages->len, ==, 2);
      g_assert_cmpstr (imsg_message_get_subject (messages->pdata[0]), ==, "Jörg");
    }
}

static void
test_new (void)
{
  static const char text[] =
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann\r\nTEL;VALUE=uri;TYPE=\"home,voice\":tel:+1-2\r\n"
    "ADR;TYPE=work;LABEL=\"On one line\":;;Street;City;;;\r\nANNIVERSARY:20090808T1430-0500\r\n"
    "GENDER:M;Fellow\r\nPHOTO:data:image/png;base64," PNG "\r\nBDAY:--0412\r\n"
    "LANG:de\r\nEND:VCARD\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (session, text);
  IMsgMessage *message = messages->pdata[0];
  g_autofree char *losses = test_list_problems (message);

  test_assert_string (message, IMSG_PR_HOME_TELEPHONE_NUMBER, "+1-2");
  test_assert_string (message, find_tag (message, 0x801B), "On one line");
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message), IMSG_PR_GENDER),
                   ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 1);
  /* a day of no year, a language */
  g_assert_cmpstr (losses, ==, "BDAY LANG");
}

/* As Apple and others write: no year, two notes, the second address preferred, escapes in a label */
static void
test_others (void)
{
  static const char text[] =
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-05-03\r\n"
    "EMAIL:first@example.org\r\nEMAIL;PREF=1:second@example.org\r\n"
    "NOTE:One\r\nNOTE:Two\r\nADR;TYPE=work;LABEL=\"Line\\nTwo^nand ^'three^'\":;;Street;;;;\r\n"
    "TEL;VALUE=uri;TYPE=home:TEL:+33-01\r\nEND:VCARD\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (session, text);
  IMsgMessage *message = messages->pdata[0];
  g_autofree char *body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, NULL);
  g_autofree char *losses = test_list_problems (message);

  g_assert_cmpstr (losses, ==, "BDAY");
  g_assert_cmpuint (find_tag (message, 0x80DE), ==, 0);
  test_assert_string (message, find_tag (message, 0x8083), "second@example.org");
  test_assert_string (message, find_tag (message, 0x8093), "first@example.org");
  g_assert_cmpstr (body, ==, "One\r\n\r\nTwo");
  test_assert_string (message, find_tag (message, 0x801B), "Line\r\nTwo\r\nand \"three\"");
  test_assert_string (message, IMSG_PR_HOME_TELEPHONE_NUMBER, "+33-01");
}

/* Three addresses, two numbers at home, … – what is more is told. */
static void
test_no_room (void)
{
  static const char text[] =
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nEMAIL:1@a\r\nEMAIL:2@a\r\nEMAIL:3@a\r\nEMAIL:4@a\r\n"
    "TEL;TYPE=FAX:1\r\nTEL;TYPE=FAX:2\r\nADR;TYPE=HOME:;;a;;;;\r\nADR;TYPE=HOME:;;b;;;;\r\n"
    "URL:a\r\nURL:b\r\nNICKNAME:a\r\nNICKNAME:b\r\nIMPP:xmpp:a\r\nX-AIM:b\r\n"
    "BDAY:1815-12-10\r\nBDAY:18151210\r\nBDAY:18151211\r\n"
    "FN:Ann\r\nFN;LANGUAGE=ja:アン\r\nORG:One\r\nORG:Two;Unit\r\n"
    "LABEL;TYPE=HOME:a at home\r\nLABEL;TYPE=HOME:b at home\r\n"
    "PHOTO;VALUE=uri:http://example.org/a.png\r\nKEY:http://example.org/key\r\nEND:VCARD\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (session, text);
  g_autofree char *losses = test_list_problems (messages->pdata[0]);

  g_assert_cmpstr (losses, ==, "FN EMAIL TEL ADR URL NICKNAME X-AIM BDAY ORG LABEL PHOTO "
                                "KEY");
  test_assert_string (messages->pdata[0], find_tag (messages->pdata[0], 0x801A), "a at home");
  g_assert_false (imsg_property_object_has_value (messages->pdata[0], IMSG_PR_DEPARTMENT_NAME));
}

static const char group[] =
  "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:1234\r\nFN:Ann\r\nEMAIL:ann@example.org\r\nEND:VCARD\r\n"
  "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:Team\r\nMEMBER:mailto:bo@example.org\r\n"
  "MEMBER:urn:uuid:1234\r\nMEMBER:urn:uuid:nobody\r\nEND:VCARD\r\n";

static void
test_group (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (session, group);
  IMsgMessage *list = messages->pdata[1];
  g_autofree char *losses = test_list_problems (list);
  g_autofree char *text = export_card (list);
  g_autoptr(GVariant) members = imsg_property_object_get_value (
    IMSG_PROPERTY_OBJECT (list), find_tag (list, 0x8055), NULL);

  g_assert_cmpuint (messages->len, ==, 2);
  g_assert_cmpstr (imsg_message_get_message_class (list), ==, "IPM.DistList");
  g_assert_cmpstr (losses, ==, "MEMBER");
  test_assert_string (list, find_tag (list, 0x8053), "Team");
  g_assert_cmpuint (g_variant_n_children (members), ==, 2);
  g_assert_cmpuint (find_tag (list, 0x804C), !=, 0);
  g_assert_nonnull (strstr (text, "\r\nKIND:group\r\n"));
  g_assert_nonnull (strstr (text, "\r\nMEMBER:mailto:bo@example.org\r\n"));
  g_assert_nonnull (strstr (text, "\r\nMEMBER:mailto:ann@example.org\r\n"));
}

/* How a name is read aloud is said; what no line is for is told. */
static void
test_unsaid (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (
    session, "BEGIN:VCARD\r\nFN:Ann\r\nX-PHONETIC-FIRST-NAME:An\r\nEND:VCARD\r\n");
  g_autoptr(IMsgAttachment) file = imsg_message_create_attachment (messages->pdata[0], NULL);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GPtrArray) losses = NULL;

  imsg_attachment_set_file_name (file, "notes.txt", NULL);
  imsg_property_object_set_string (messages->pdata[0], IMSG_PR_OFFICE_LOCATION, "Room 5", NULL);
  imsg_message_export_vcard (messages->pdata[0], memory, NULL, &losses, NULL);
  g_output_stream_write_all (memory, "", 1, NULL, NULL, NULL);
  g_assert_nonnull (strstr (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)),
                            "\r\nX-PHONETIC-FIRST-NAME:An\r\n"));
  g_assert_cmpuint (losses->len, ==, 2);
  g_assert_nonnull (strstr (imsg_problem_get_text (losses->pdata[0]), "Room 5"));
  g_assert_nonnull (strstr (imsg_problem_get_text (losses->pdata[1]), "notes.txt"));
}

/* An entry id that names a person: flags, one-off provider, version, Unicode, the three texts */
static void
add_member (GVariantBuilder *members,
            const char      *name,
            const char      *type,
            const char      *address)
{
  static const guint8 head[24] = { 0,    0,    0,    0,    0x81, 0x2B, 0x1F, 0xA4, 0xBE, 0xA3, 0x10, 0x19,
                                   0x9D, 0x6E, 0x00, 0xDD, 0x01, 0x0F, 0x54, 0x02, 0,    0,    0x01, 0x90 };
  const char *texts[] = { name, type, address };
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, head, sizeof head);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      glong n_units = 0;
      g_autofree gunichar2 *units = g_utf8_to_utf16 (texts[i], -1, NULL, &n_units, NULL);

      for (glong k = 0; k <= n_units; k++)
        {
          guint16 unit = GUINT16_TO_LE (units[k]);

          g_byte_array_append (bytes, (const guint8 *) &unit, 2);
        }
    }
  g_variant_builder_add_value (
    members, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes->data, bytes->len, 1));
}

/* A member whom only Exchange can reach is told, and its name goes to nobody else. */
static void
test_exchange_members (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (
    session, "BEGIN:VCARD\r\nKIND:group\r\nFN:Team\r\nMEMBER:mailto:a@x\r\nEND:VCARD\r\n");
  IMsgMessage *list = messages->pdata[0];
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_auto(GVariantBuilder) members = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aay"));
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(GError) error = NULL;
  const char *text;

  add_member (&members, "", "SMTP", "a%b@example.org");
  add_member (&members, "Bob", "EX", "/o=X/cn=bob");
  imsg_property_object_set_value (IMSG_PROPERTY_OBJECT (list), find_tag (list, 0x8054),
                                  g_variant_builder_end (&members), &error);
  g_assert_no_error (error);
  imsg_message_export_vcard (list, memory, NULL, &losses, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (memory, "", 1, NULL, NULL, NULL);
  text = g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory));
  g_assert_nonnull (strstr (text, "\r\nMEMBER:mailto:a%25b@example.org\r\n"));
  g_assert_null (strstr (text, "Bob"));
  g_assert_cmpuint (losses->len, ==, 1);
  g_assert_cmpstr (imsg_problem_get_where (losses->pdata[0]), ==, "MEMBER");
}

/* More than the two lists may hold goes into a stream, and comes out of it. */
static void
test_large_group (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GString) text = g_string_new ("BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:All\r\n");
  g_autoptr(GPtrArray) messages = NULL;
  g_autofree char *out = NULL;
  guint n_members = 0;

  for (guint i = 0; i < 300; i++)
    g_string_append_printf (text, "MEMBER:mailto:somebody-%u@example.org\r\n", i);
  g_string_append (text, "END:VCARD\r\n");
  messages = import_text (session, text->str);
  g_assert_cmpuint (find_tag (messages->pdata[0], 0x8055), ==, 0);
  g_assert_cmpuint (find_tag (messages->pdata[0], 0x8064), !=, 0);
  out = export_card (messages->pdata[0]);
  for (const char *at = out; (at = strstr (at, "\r\nMEMBER:")) != NULL; at++)
    n_members++;
  g_assert_cmpuint (n_members, ==, 300);
}

/* A million soft line breaks, and twenty thousand members that stand in the same file */
static void
test_many (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GString) text = g_string_new (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:a\r\nNOTE;ENCODING=QUOTED-PRINTABLE:");
  g_autoptr(GPtrArray) messages = NULL;
  g_autofree char *body = NULL;

  for (guint i = 0; i < 1000000; i++)
    g_string_append (text, "x=\n");
  g_string_append (text, "\r\nEND:VCARD\r\n");
  for (guint i = 0; i < 500; i++)
    g_string_append_printf (text, "BEGIN:VCARD\nUID:%u\nFN:a\nEMAIL:%u@x\nEND:VCARD\n", i, i);
  g_string_append (text, "BEGIN:VCARD\nKIND:group\nFN:b\n");
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "MEMBER:urn:uuid:%u\n", i);
  g_string_append (text, "END:VCARD\n");
  messages = import_text (session, text->str);
  g_assert_cmpuint (messages->len, ==, 502);
  body = imsg_message_get_body (messages->pdata[0], IMSG_BODY_FORMAT_TEXT, NULL, NULL);
  g_assert_cmpuint (strlen (body), ==, 1000000);
}

static const struct
{
  const char *name;
  const char *text;
} damaged[] = {
  { "empty", "" },
  { "text", "Dear all,\r\n" },
  { "calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" },
  { "ends", "END:VCARD\r\nFN:x\r\n" },
};

static void
test_damaged (gconstpointer data)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (data, (gssize) strlen (data), NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = imsg_session_import_vcard (session, stream, NULL, &error);

  g_assert_null (messages);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
}

/* Cut anywhere, a card is one with less in it. */
static void
test_cut (void)
{
  for (gsize length = strlen ("BEGIN:VCARD\r\n"); length < strlen (card); length += 7)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autofree char *text = g_strndup (card, length);
      g_autoptr(GPtrArray) messages = import_text (session, text);

      g_assert_cmpuint (messages->len, ==, 1);
    }
}

static void
test_limits (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *large = g_strnfill (16 * 1024 * 1024 + 1, 'A');
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (large, (gssize) strlen (large), NULL);
  g_autoptr(GInputStream) several =
    g_memory_input_stream_new_from_data (group, (gssize) strlen (group), NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (imsg_session_import_vcard (session, stream, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_clear_error (&error);
  imsg_session_set_limit (session, IMSG_LIMIT_IMPORT_PARTS, 1);
  g_assert_null (imsg_session_import_vcard (session, several, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
}

/* What a contact is filed under, and how that is put together ([MS-OXOCNTC] 2.2.1.1.12) */
static const struct
{
  const char *path;
  const char *line;
  const char *name;
  gint64      kind;
} file_as[] = {
  { "none", "", "Dr. Ann Q. Lee", 0x3001 },
  { "empty", "X-EVOLUTION-FILE-AS:\r\n", "Dr. Ann Q. Lee", 0x3001 },
  { "last-first", "X-EVOLUTION-FILE-AS:Lee\\, Ann Q.\r\n", "Lee, Ann Q.", 0x8017 },
  { "company", "X-EVOLUTION-FILE-AS:Engines\r\n", "Engines", 0x3A16 },
  { "company-last-first", "X-EVOLUTION-FILE-AS:Engines\\nLee\\, Ann Q.\r\n",
    "Engines\r\nLee, Ann Q.", 0x8018 },
  { "own", "X-EVOLUTION-FILE-AS:Annie\r\n", "Annie", -1 },
};

static void
test_file_as (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strconcat ("BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lee;Ann;Q.;Dr.;\r\nFN:Dr. Ann Q. Lee\r\n",
                 file_as[i].line, "ORG:Engines\r\nEND:VCARD\r\n", NULL);
  g_autoptr(GPtrArray) messages = import_text (session, text);
  IMsgPropertyObject *contact = messages->pdata[0];
  g_autofree char *name =
    imsg_property_object_get_string (contact, find_tag (messages->pdata[0], 0x8005));
  g_autofree char *written = export_card (messages->pdata[0]);

  g_assert_cmpstr (name, ==, file_as[i].name);
  g_assert_cmpint (imsg_property_object_get_int (contact, find_tag (messages->pdata[0], 0x8006)), ==,
                   file_as[i].kind);
  g_assert_cmpint (strstr (written, "X-EVOLUTION-FILE-AS") != NULL, ==, i > 1);
  g_assert_true (i < 2 || strstr (written, file_as[i].line) != NULL);
}

/* The labels of Apple and Google, and RFC 6350, say who somebody is and what a day is. */
static void
test_relations (void)
{
  static const char text[] =
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lee;Ann;;;\r\nFN:Ann Lee\r\n"
    "item1.X-ABDATE;type=pref:2010-06-01\r\nitem1.X-ABLabel:_$!<Anniversary>!$_\r\n"
    "item2.X-ABRELATEDNAMES:Jo\r\nitem2.X-ABLabel:_$!<Spouse>!$_\r\n"
    "item3.X-ABRELATEDNAMES:Kim\r\nitem3.X-ABLabel:Child\r\n"
    "item4.URL:https://example.org\r\nitem4.X-ABLabel:_$!<HomePage>!$_\r\n"
    "RELATED;TYPE=child;VALUE=TEXT:Pat\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bo\r\n"
    "item1.X-ABDATE:2010-06-01\r\nitem1.X-ABLabel:First kiss\r\n"
    "item2.X-ABRELATEDNAMES:Jo\r\nitem2.X-ABLabel:_$!<Anniversary>!$_\r\n"
    "RELATED;TYPE=spouse:urn:uuid:1\r\nEND:VCARD\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (session, text);
  g_autofree char *losses = test_list_problems (messages->pdata[0]);
  g_autofree char *others = test_list_problems (messages->pdata[1]);
  g_autofree char *written = export_card (messages->pdata[0]);

  g_assert_cmpstr (losses, ==, "");
  test_assert_string (messages->pdata[0], IMSG_PR_SPOUSE_NAME, "Jo");
  g_assert_nonnull (strstr (written, "\r\nX-MS-ANNIVERSARY:2010-06-01\r\n"));
  g_assert_nonnull (strstr (written, "\r\nX-MS-CHILD:Kim\r\nX-MS-CHILD:Pat\r\n"));
  /* what there is no place for is told */
  g_assert_cmpstr (others, ==, "X-ABDATE X-ABLABEL X-ABRELATEDNAMES RELATED");
}

/* What only Outlook writes: field three of four, the picture of the business card, where letters go */
static void
test_outlook_lines (void)
{
  static const char text[] =
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Lee;Ann\r\nX-MS-TEXT:\r\nX-MS-TEXT:\r\nX-MS-TEXT:three\r\n"
    "ADR;WORK;PREF:;;Street 1;Town\r\nADR;HOME:;;Street 2;Town\r\n"
    "X-MS-OL-DEFAULT-POSTAL-ADDRESS:1\r\nX-MS-CARDPICTURE;TYPE=PNG;ENCODING=BASE64:\r\n " PNG
    "\r\n\r\nEND:VCARD\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) messages = import_text (session, text);
  IMsgMessage *message = messages->pdata[0];
  g_autofree char *losses = test_list_problems (message);
  g_autofree char *three =
    imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message), find_tag (message, 0x8051));
  g_autofree char *written = export_card (message);

  g_assert_cmpstr (losses, ==, "");
  g_assert_cmpstr (three, ==, "three");
  g_assert_cmpuint (find_tag (message, 0x804F), ==, 0);
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message),
                                                 find_tag (message, 0x8022)), ==, 1);
  test_assert_string (message, IMSG_PR_STREET_ADDRESS, "Street 2");
  g_assert_nonnull (strstr (written, "\r\nX-MS-TEXT:\r\nX-MS-TEXT:\r\nX-MS-TEXT:three\r\n"));
  g_assert_nonnull (strstr (written, "\r\nX-MS-CARDPICTURE;ENCODING=b;TYPE=PNG:"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/vcard/contact", test_contact);
  g_test_add_func ("/imsg/vcard/old", test_old);
  g_test_add_func ("/imsg/vcard/soft-breaks", test_soft_breaks);
  TEST_ADD_TABLE ("/imsg/vcard/name", names, test_name);
  g_test_add_func ("/imsg/vcard/comma-in-name", test_comma_in_name);
  g_test_add_func ("/imsg/vcard/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/imsg/vcard/new", test_new);
  g_test_add_func ("/imsg/vcard/others", test_others);
  g_test_add_func ("/imsg/vcard/exchange-members", test_exchange_members);
  g_test_add_func ("/imsg/vcard/unsaid", test_unsaid);
  g_test_add_func ("/imsg/vcard/no-room", test_no_room);
  g_test_add_func ("/imsg/vcard/group", test_group);
  g_test_add_func ("/imsg/vcard/large-group", test_large_group);
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/vcard/damaged/", damaged[i].name, NULL);

      g_test_add_data_func (path, damaged[i].text, test_damaged);
    }
  g_test_add_func ("/imsg/vcard/many", test_many);
  g_test_add_func ("/imsg/vcard/cut", test_cut);
  g_test_add_func ("/imsg/vcard/limits", test_limits);
  g_test_add_func ("/imsg/vcard/relations", test_relations);
  g_test_add_func ("/imsg/vcard/outlook-lines", test_outlook_lines);
  TEST_ADD_TABLE ("/imsg/vcard/file-as", file_as, test_file_as);
  return g_test_run ();
}
