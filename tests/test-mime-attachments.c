/* test-mime-attachments.c - attachments of every kind to MIME, and parts of every kind from it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-mime-util.h"
#include "test-util.h"

/* --- objects of other applications --- */

typedef struct
{
  const char *name;
  const char *class_id;
  const char *stream;
  const char *bytes; /* hexadecimal */
  const char *file_name;
  const char *mime_type;
  const char *expected; /* what the part begins with, hexadecimal */
  const char *loss;
} Object;

#define STATIC_METAFILE "00000315-0000-0000-c000-000000000046"
#define STATIC_BITMAP "00000316-0000-0000-c000-000000000046"
#define PACKAGE "0003000c-0000-0000-c000-000000000046"
#define DIB_HEADER "28000000 01000000 01000000 0100 1800 00000000 04000000 00000000 00000000" \
                   "00000000 00000000 "

static const Object objects[] = {
  { "contents-png", PACKAGE, "CONTENTS", "89504E470D0A1A0A00", "Object.png", "image/png",
    "89504E470D0A1A0A00", "the picture inside" },
  { "contents-pdf", PACKAGE, "CONTENTS", "255044462D312E37", "Object.pdf", "application/pdf",
    "255044462D312E37", "the document inside" },
  { "contents-bitmap", PACKAGE, "CONTENTS", DIB_HEADER "0000FF00", "Object.bmp", "image/bmp",
    "424D 3A000000 00000000 36000000 28000000", "the picture inside" },
  /* -1, format 8, no device, aspect 1, index -1, flags 2, 0, 26 × 26, 44 bytes */
  { "presentation-bitmap", STATIC_BITMAP, "\2OlePres000",
    "FFFFFFFF 08000000 04000000 01000000 FFFFFFFF 02000000 00000000 1A000000 1A000000 2C000000"
    DIB_HEADER "0000FF00", "Object.bmp", "image/bmp", "424D 3A000000 00000000 36000000 28000000",
    "the picture inside" },
  { "presentation-metafile", STATIC_METAFILE, "\2OlePres000",
    "FFFFFFFF 03000000 04000000 01000000 FFFFFFFF 02000000 00000000 E8030000 D0070000 12000000"
    "0100 0900 0003 09000000 0000 03000000 0000", "Object.wmf", "image/wmf",
    "D7CDC69A 0000 0000 0000 E803 D007 EC09 00000000 C55A 0100 0900", "the picture inside" },
  /* of an object that can be edited the picture is not the object */
  { "embedded", "00020810-0000-0000-c000-000000000046", "\2OlePres000",
    "FFFFFFFF 03000000 04000000 01000000 FFFFFFFF 02000000 00000000 E8030000 D0070000 12000000"
    "0100 0900 0003 09000000 0000 03000000 0000", "Object.bin", "application/octet-stream",
    "D0CF11E0A1B11AE1", "a file of its bytes" },
  { "package", PACKAGE, "\1Ole10Native",
    "2B000000 0200 6E6F74652E74787400 433A5C6E00 0000 0300 05000000 433A5C7400 05000000 68656C6C6F",
    "note.txt", "text/plain", "68656C6C6F", "the file inside" },
  { "package-cut", PACKAGE, "\1Ole10Native",
    "2B000000 0200 6E6F74652E74787400 433A5C6E00 0000 0300 05000000 433A5C7400 FF000000 68656C6C6F",
    "Object.bin", "application/octet-stream", "D0CF11E0A1B11AE1", "a file of its bytes" },
  { "presentation-cut", STATIC_METAFILE, "\2OlePres000", "FFFFFFFF 03000000 FFFFFF7F 01000000",
    "Object.bin", "application/octet-stream", "D0CF11E0A1B11AE1", "a file of its bytes" },
  { "bitmap-lie", STATIC_BITMAP, "CONTENTS",
    "28000000 FFFFFFFF FFFFFFFF 0100 FFFF 00000000 04000000 00000000 00000000 FFFFFFFF 00000000",
    "Object.bin", "application/octet-stream", "D0CF11E0A1B11AE1", "a file of its bytes" },
};

static void
test_object (gconstpointer data)
{
  const Object *object = data;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgStorage) storage = imsg_attachment_create_storage (attachment, &error);
  g_autoptr(GBytes) bytes = test_bytes_from_hex (object->bytes);
  g_autoptr(GBytes) expected = test_bytes_from_hex (object->expected);
  g_autoptr(GPtrArray) losses = NULL;
  g_autofree char *text = NULL;
  g_autoptr(IMsgMessage) back = NULL;
  g_autoptr(GBytes) content = NULL;
  IMsgAttachment *part;

  g_assert_no_error (error);
  imsg_storage_set_class_id (storage, object->class_id, &error);
  g_assert_no_error (error);
  imsg_storage_write_stream (storage, object->stream, bytes, &error);
  g_assert_no_error (error);
  mime_set_string (attachment, IMSG_PR_DISPLAY_NAME, "Object");

  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  mime_assert_loss (losses, "Object", object->loss);
  back = mime_import (session, text);
  part = mime_get_attachment (back, 0);
  g_assert_cmpstr (imsg_attachment_get_file_name (part), ==, object->file_name);
  g_assert_cmpstr (imsg_attachment_get_mime_type (part), ==, object->mime_type);
  content = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (part), IMSG_PR_ATTACH_DATA_BIN);
  g_assert_cmpuint (g_bytes_get_size (content), >=, g_bytes_get_size (expected));
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (expected),
                   g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

/* Where there is no storage, the picture that stands for the object is all there is. */
static void
test_rendering (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(GPtrArray) losses = NULL;
  g_autofree char *text = NULL;

  mime_set_string (attachment, IMSG_PR_DISPLAY_NAME, "Object");
  mime_set_int (attachment, IMSG_PR_ATTACH_METHOD, IMSG_ATTACHMENT_METHOD_OLE);
  mime_set_bytes (attachment, IMSG_PR_ATTACH_RENDERING, "\1\0\x09\0\0\3", 6);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  mime_assert_loss (losses, "Object", "Only the picture");
  g_assert_nonnull (strstr (text, "Content-Type: image/wmf; name=Object.wmf"));
}

/* --- what is told of an attachment --- */

static void
test_facts_there_and_back (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(IMsgMessage) back = NULL;
  g_autoptr(GDateTime) time = g_date_time_new_utc (2024, 1, 8, 9, 0, 0);
  g_autoptr(GDateTime) back_time = NULL;
  g_autoptr(GError) error = NULL;
  IMsgAttachment *attachment = mime_attach (message, "résumé.txt", "text/plain", "caf\xe9", 4);

  mime_set_string (attachment, imsg_property_tag_from_name ("PidTagTextAttachmentCharset"),
                   "iso-8859-1");
  mime_set_string (attachment, IMSG_PR_ATTACH_CONTENT_LOCATION, "http://example.org/ü.txt");
  mime_set_string (attachment, IMSG_PR_ATTACH_CONTENT_BASE, "http://example.org/");
  imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (attachment), IMSG_PR_CREATION_TIME,
                                     time, &error);
  g_assert_no_error (error);
  back = mime_go_round (session, message);
  attachment = mime_get_attachment (back, 0);
  mime_assert_data (attachment, "caf\xe9", 4);
  g_assert_cmpstr (imsg_attachment_get_file_name (attachment), ==, "résumé.txt");
  test_assert_string (attachment, imsg_property_tag_from_name ("PidTagTextAttachmentCharset"),
                      "iso-8859-1");
  test_assert_string (attachment, IMSG_PR_ATTACH_CONTENT_LOCATION, "http://example.org/%C3%BC.txt");
  test_assert_string (attachment, IMSG_PR_ATTACH_CONTENT_BASE, "http://example.org/");
  back_time = imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (attachment),
                                                 IMSG_PR_CREATION_TIME);
  g_assert_true (g_date_time_equal (time, back_time));
}

/* What was called something else than its subject keeps that name. */
static void
test_embedded_name (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) inner = imsg_attachment_create_message (attachment, &error);
  g_autoptr(IMsgMessage) back = NULL;

  mime_set_string (inner, IMSG_PR_SUBJECT, "Subject");
  mime_set_string (attachment, IMSG_PR_DISPLAY_NAME, "Weekly report (4 KB)");
  back = mime_go_round (session, message);
  test_assert_string (mime_get_attachment (back, 0), IMSG_PR_DISPLAY_NAME, "Weekly report (4 KB)");
}

static void
test_web_reference (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autofree char *text = NULL;

  imsg_attachment_set_reference (attachment, IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE,
                                 "https://example.org/a?b=c", &error);
  g_assert_no_error (error);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "Content-Type: text/uri-list"));
  g_assert_nonnull (strstr (text, "\r\nhttps://example.org/a?b=c\r\n"));
}

/* What goes out as something else than it is called is told. */
static void
test_structural_type (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GPtrArray) losses = NULL;
  g_autofree char *text = NULL;

  mime_attach (message, "status", "message/delivery-status", "Action: failed\n", 15);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  mime_assert_loss (losses, "status", "message/delivery-status goes out as");
  g_assert_null (strstr (text, "Content-Type: message/"));
}

/* A type that no header can have, and one that only has blanks around it. */
static void
test_odd_type (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GPtrArray) losses = NULL;
  g_autofree char *text = NULL;

  mime_attach (message, "a.png", "bild/gr\xc3\xbc\xc3\x9f", "x", 1);
  mime_attach (message, "b.png", " image/png ", "x", 1);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  g_assert_nonnull (strstr (text, "\r\nContent-Type: image/png; name=a.png\r\n"));
  g_assert_nonnull (strstr (text, "\r\nContent-Type: image/png; name=b.png\r\n"));
  mime_assert_loss (losses, "a.png", "bild/grüß goes out as image/png");
}

/* A contact that is forwarded is a card to those who have no Outlook. */
static void
test_embedded_contact (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) contact = imsg_attachment_create_message (attachment, &error);
  g_autoptr(IMsgMessage) back = NULL;
  IMsgAttachment *file;
  g_autoptr(GBytes) card = NULL;
  g_autofree char *text = NULL;

  mime_set_string (contact, IMSG_PR_MESSAGE_CLASS, "IPM.Contact");
  mime_set_string (contact, IMSG_PR_SUBJECT, "Jane Röe");
  mime_set_string (contact, IMSG_PR_DISPLAY_NAME, "Jane Röe");
  mime_set_string (contact, IMSG_PR_BUSINESS_TELEPHONE_NUMBER, "+1 555 0100");
  back = mime_go_round (session, message);
  file = mime_get_attachment (back, 0);
  g_assert_cmpstr (imsg_attachment_get_mime_type (file), ==, "text/vcard");
  g_assert_cmpstr (imsg_attachment_get_file_name (file), ==, "Jane Röe.vcf");
  card = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (file), IMSG_PR_ATTACH_DATA_BIN);
  text = g_strndup (g_bytes_get_data (card, NULL), g_bytes_get_size (card));
  g_assert_nonnull (strstr (text, "\nFN:Jane Röe\r\n"));
  g_assert_nonnull (strstr (text, "+1 555 0100\r\n"));
}

/* --- files of a Macintosh --- */

static void
make_macbinary (guint8  bytes[384],
                guint32 n_data)
{
  memset (bytes, 0, 384);
  memcpy (bytes, "\0\5a.doc", 7);
  bytes[85] = (guint8) (n_data >> 8);
  bytes[86] = (guint8) n_data;
  bytes[90] = 3;
  memcpy (bytes + 128, "DATA", 4);
  memcpy (bytes + 256, "RES", 3);
}

static const struct
{
  const char *name;
  guint32     n_data;
  gsize       n_expected;
  guint       n_losses;
} macbinaries[] = {
  { "whole", 4, 4, 1 },
  { "empty-data-fork", 0, 0, 1 },
  { "to-the-end", 256, 256, 1 },
  { "longer-than-it-is", 257, 384, 0 },
};

static void
test_macbinary (gconstpointer data)
{
  static const char encoding[] = "\x2A\x86\x48\x86\xF7\x14\x03\x0B\x01";
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(IMsgMessage) back = NULL;
  g_autoptr(GPtrArray) losses = NULL;
  g_autofree char *text = NULL;
  guint8 bytes[384];
  IMsgAttachment *attachment;

  make_macbinary (bytes, macbinaries[row].n_data);
  attachment = mime_attach (message, "a.doc", "application/msword", bytes, sizeof bytes);
  mime_set_bytes (attachment, IMSG_PR_ATTACH_ENCODING, encoding, strlen (encoding));
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  g_assert_cmpuint (losses->len, ==, macbinaries[row].n_losses);
  back = mime_import (session, text);
  mime_assert_data (mime_get_attachment (back, 0),
                    macbinaries[row].n_losses > 0 ? bytes + 128 : bytes,
                    macbinaries[row].n_expected);
}

static void
test_appledouble (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
             "--m\r\n\r\ntext\r\n"
             "--m\r\nContent-Type: multipart/appledouble; boundary=a\r\n\r\n"
             "--a\r\nContent-Type: application/applefile; name=photo.jpg\r\n\r\nfork\r\n"
             "--a\r\nContent-Type: image/jpeg; name=photo.jpg\r\n"
             "Content-Disposition: attachment\r\n\r\nJPEG\r\n--a--\r\n--m--\r\n");

  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 1);
  mime_assert_data (mime_get_attachment (message, 0), "JPEG", 4);
}

/* --- messages --- */

/* Some encode a message, which RFC 2046 does not allow. */
static void
test_encoded_message (void)
{
  static const char inner[] = "From: a@example.org\r\nSubject: Inner\r\nMIME-Version: 1.0\r\n"
                              "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\ntext\r\n"
                              "--i\r\nContent-Type: image/png; name=a.png\r\n\r\nPNG\r\n--i--\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *encoded = g_base64_encode ((const guchar *) inner, strlen (inner));
  g_autofree char *mail =
    g_strdup_printf ("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                     "--b\r\nContent-Type: message/rfc822\r\n"
                     "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n"
                     "--b\r\nContent-Type: message/rfc822; name=empty.eml\r\n"
                     "Content-Transfer-Encoding: base64\r\n\r\n\r\n--b--\r\n", encoded);
  g_autoptr(IMsgMessage) message = mime_import (session, mail);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) embedded =
    imsg_attachment_open_message (mime_get_attachment (message, 0), NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (embedded), ==, "Inner");
  mime_assert_data (mime_get_attachment (embedded, 0), "PNG", 3);
  test_assert_string (mime_get_attachment (message, 0), IMSG_PR_DISPLAY_NAME, "Inner");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 2);
}

/* --- pictures inside the HTML --- */

static const struct
{
  const char *name;
  const char *html;
  const char *content_id;
  const char *location;
  gboolean    is_shown;
} references[] = {
  { "content-id", "<img src=\"cid:a%40b\">", "<A@B>", NULL, TRUE },
  { "unquoted", "<img src=cid:a@b>", "a@b", NULL, TRUE },
  { "background", "<body background='CID:a@b'>", "a@b", NULL, TRUE },
  { "css", "<p style=\"background:url(cid:a@b)\">", "a@b", NULL, TRUE },
  { "srcset", "<img srcset='x.png 1x, cid:a@b 2x'>", "a@b", NULL, TRUE },
  { "location", "<img src=\"http://example.org/i.png?a=1&amp;b=2\">", NULL,
    "http://example.org/i.png?a=1&b=2", TRUE },
  { "file-name", "<img src=i.png>", NULL, NULL, TRUE },
  { "other-id", "<img src=\"cid:c@d\">", "a@b", NULL, FALSE },
  { "in-the-text", "<p>cid:a@b</p>", "a@b", NULL, FALSE },
  { "unclosed", "<img src=\"cid:a@b", "a@b", NULL, FALSE },
};

static void
test_reference (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(IMsgMessage) back = NULL;
  g_autofree char *text = NULL;
  IMsgAttachment *image;

  mime_set_body (message, IMSG_BODY_FORMAT_HTML, references[row].html);
  image = mime_attach (message, "i.png", "image/png", "\x89PNG", 4);
  if (references[row].content_id != NULL)
    mime_set_string (image, IMSG_PR_ATTACH_CONTENT_ID, references[row].content_id);
  if (references[row].location != NULL)
    mime_set_string (image, IMSG_PR_ATTACH_CONTENT_LOCATION, references[row].location);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_cmpint (strstr (text, "multipart/related") != NULL, ==, references[row].is_shown);
  g_assert_cmpint (strstr (text, "multipart/mixed") != NULL, ==, !references[row].is_shown);

  back = mime_import (session, text);
  image = mime_get_attachment (back, 0);
  g_assert_cmpint (imsg_attachment_is_hidden (image), ==, references[row].is_shown);
}

/* Other readers know no file names: a picture shown by its own gets a location. */
static void
test_shown_by_name (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree char *text = NULL;

  mime_set_body (message, IMSG_BODY_FORMAT_HTML, "<img src=i.png>");
  mime_attach (message, "i.png", "image/png", "\x89PNG", 4);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "\nContent-Location: i.png\r\n"));
}

/* A picture beside the page it is shown in, as a web page that was sent has it. */
static void
test_relative_reference (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(IMsgMessage) back = NULL;
  IMsgAttachment *image;

  mime_set_body (message, IMSG_BODY_FORMAT_HTML, "<img src=\"a.png\">");
  mime_set_string (message, IMSG_PR_BODY_CONTENT_ID, "page@example.org");
  mime_set_string (message, IMSG_PR_BODY_CONTENT_LOCATION, "http://example.org/news/page.htm");
  image = mime_attach (message, "image.png", "image/png", "\x89PNG", 4);
  mime_set_string (image, IMSG_PR_ATTACH_CONTENT_LOCATION, "http://example.org/news/a.png");

  back = mime_go_round (session, message);
  test_assert_string (back, IMSG_PR_BODY_CONTENT_ID, "page@example.org");
  test_assert_string (back, IMSG_PR_BODY_CONTENT_LOCATION, "http://example.org/news/page.htm");
  g_assert_true (imsg_attachment_is_hidden (mime_get_attachment (back, 0)));
}

/* Without a location of its own the HTML has that of what is around it. */
static void
test_location_of_related (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n"
             "Content-Location: http://example.org/news/\r\n\r\n--b\r\n"
             "Content-Type: text/html\r\n\r\n<img src=\"a.png\">\r\n"
             "--b\r\nContent-Type: image/png; name=image.png\r\n"
             "Content-Location: http://example.org/news/a.png\r\n\r\nPNG\r\n--b--\r\n");

  test_assert_string (message, IMSG_PR_BODY_CONTENT_LOCATION, "http://example.org/news/");
  g_assert_true (imsg_attachment_is_hidden (mime_get_attachment (message, 0)));
}

/* It is called as its subject is, in whatever charset that is; the first of two. */
static void
test_embedded_subject (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
             "Content-Type: message/rfc822\r\n\r\nSubject: =?ks_c_5601-1987?B?jGO55g==?=\r\n"
             "Subject: other\r\n\r\nx\r\n--b--\r\n");

  test_assert_string (mime_get_attachment (message, 0), IMSG_PR_DISPLAY_NAME, "똠방");
}

/* A document that is shown nowhere stays in the list, however it was put there. */
static void
test_related_document (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
             "Content-Type: text/html\r\n\r\n<a href=\"cid:a@b\">x</a><img src=\"cid:gone\">\r\n"
             "--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-ID: <a@b>\r\n\r\n%PDF\r\n"
             "--b\r\nContent-Type: image/png; name=i.png\r\nContent-ID: <c@d>\r\n\r\nPNG\r\n"
             "--b--\r\n");

  g_assert_false (imsg_attachment_is_hidden (mime_get_attachment (message, 0)));
  g_assert_false (imsg_attachment_is_hidden (mime_get_attachment (message, 1)));
}

/* --- names --- */

static const struct
{
  const char *name;
  const char *headers;
  const char *expected;
} names[] = {
  { "plain", "Content-Disposition: attachment; filename=a.txt", "a.txt" },
  { "name-only", "Content-Type: application/x; name=\"a b.bin\"", "a b.bin" },
  { "description", "Content-Type: application/x\r\nContent-Description: =?utf-8?Q?=C3=BC?=.bin",
    "ü.bin" },
  { "rfc-2231", "Content-Disposition: attachment; filename*=iso-8859-1'de'%FCber.txt", "über.txt" },
  { "continued", "Content-Disposition: attachment; filename*0=\"a long \";\r\n filename*1=\"name\";"
                 "\r\n filename*2=.txt", "a long name.txt" },
  { "continued-and-encoded", "Content-Disposition: attachment;\r\n filename*0*=utf-8''%C3%BC;\r\n"
                             " filename*1=\"b%20er\";\r\n filename*2*=%2Etxt", "üb%20er.txt" },
  { "rfc-2047", "Content-Disposition: attachment; filename=\"=?utf-8?B?w7xiZXIudHh0?=\"",
    "über.txt" },
  { "rfc-2047-padded", "Content-Disposition: attachment;\r\n"
                       " filename=\"=?utf-8?B?w6k=?=\r\n =?utf-8?B?dMOp?= =?utf-8?B?LnBkZg==?=\"",
    "été.pdf" },
  { "rfc-2047-cut-in-a-character",
    "Content-Type: application/x; name=\"=?utf-8?B?w6nD?= =?utf-8?Q?=A9=2Epdf?=\"", "éé.pdf" },
  { "rfc-2047-of-windows",
    "Content-Disposition: attachment; filename=\"=?shift_jis?B?h0CHii5wZGY=?=\"", "①㈱.pdf" },
  { "rfc-2231-of-windows",
    "Content-Disposition: attachment; filename*=shift_jis'ja'%87%40%87%8A.pdf", "①㈱.pdf" },
  { "rfc-2231-in-pieces", "Content-Type: application/x; name*1*=%40%87%8A;\r\n name*2=.pdf;\r\n"
                          " name*0*=shift_jis''%87", "①㈱.pdf" },
  { "words-in-pieces", "Content-Disposition: attachment;\r\n filename*0=\"=?utf-8?B?w7xiZXI\";\r\n"
    " filename*1=\"udHh0?=\"", "über.txt" },
  { "quoted-words-in-pieces", "Content-Disposition: attachment;\r\n"
    " filename*0=\"=?utf-8?Q?=C3=BCb\"; filename*1=\"er.txt?=\"", "über.txt" },
  { "text-in-pieces", "Content-Disposition: attachment; filename*0=\"a \"; filename*1=b.txt",
    "a b.txt" },
  { "single-quotes", "Content-Disposition: attachment; filename='a b.pdf'", "a b.pdf" },
  { "rfc-2231-without-charset", "Content-Disposition: attachment; filename*=''%FCber.txt",
    "über.txt" },
  { "rfc-2231-empty", "Content-Disposition: attachment; filename*=; filename*0*=\"\"",
    "ATT00001.bin" },
  { "raw-utf-8", "Content-Disposition: attachment; filename=\"\xc3\xbc.txt\"", "ü.txt" },
  { "path", "Content-Disposition: attachment; filename=\"C:\\\\dir\\\\..\\\\x.txt\"", "x.txt" },
  { "path-in-quotes", "Content-Disposition: attachment; filename=\"C:\\docs\\report.pdf\"",
    "report.pdf" },
  { "quoted-quotes", "Content-Disposition: attachment; filename=\"a \\\"b\\\".txt\"", "a b.txt" },
  { "type-only", "Content-Type: application/pdf\r\nContent-Disposition: attachment",
    "ATT00001.pdf" },
  { "type-of-a-card", "Content-Type: text/x-vcard\r\nContent-Disposition: attachment",
    "ATT00001.vcf" },
  { "type-of-a-calendar", "Content-Type: application/ics", "ATT00001.ics" },
  { "type-of-a-signature", "Content-Type: application/pkcs7-signature", "ATT00001.p7s" },
  { "description-without-extension", "Content-Type: application/pdf\r\n"
                                     "Content-Description: The report", "The report.pdf" },
  { "dots", "Content-Disposition: attachment; filename=\" ..a.txt. \"", "a.txt" },
  { "controls", "Content-Disposition: attachment; filename*=utf-8''a%01%E2%80%AEtxt.%3Cexe%3E",
    "atxt.exe" },
  { "nothing-left", "Content-Disposition: attachment; filename=\"../..\"", "ATT00001.bin" },
  { "none", "Content-Disposition: attachment", "ATT00001.bin" },
};

static void
test_name (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  gboolean has_type = strstr (names[row].headers, "Content-Type") != NULL;
  g_autofree char *text = g_strdup_printf (
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n%s%s\r\n\r\nx\r\n"
    "--b--\r\n", has_type ? "" : "Content-Type: application/x\r\n", names[row].headers);
  g_autoptr(IMsgMessage) message = mime_import (session, text);

  g_assert_cmpstr (imsg_attachment_get_file_name (mime_get_attachment (message, 0)), ==,
                   names[row].expected);
}

/* --- parts of other kinds --- */

static const struct
{
  const char *name;
  const char *parameters;
  const char *url; /* NULL: kept as it came */
} externals[] = {
  { "url", "access-type=URL; url=\"http://example.org/\r\n a/b\"", "http://example.org/a/b" },
  { "ftp", "access-type=anon-ftp; site=example.org; directory=\"pub/x y\"; name=a.txt",
    "ftp://example.org/pub/x%20y/a.txt" },
  { "mail", "access-type=mail-server; server=\"list@example.org\"", "mailto:list@example.org" },
  { "other", "access-type=content-id; name=a.txt", NULL },
};

static void
test_external (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup_printf (
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    "Content-Type: message/external-body; %s\r\n\r\nContent-Type: text/plain\r\n\r\n--b--\r\n",
    externals[row].parameters);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  IMsgAttachment *attachment = mime_get_attachment (message, 0);
  g_autofree char *expected = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (externals[row].url != NULL)
    {
      expected = g_strdup_printf ("[InternetShortcut]\r\nURL=%s\r\n", externals[row].url);
      mime_assert_data (attachment, expected, strlen (expected));
      g_assert_true (g_str_has_suffix (imsg_attachment_get_file_name (attachment), ".url"));
      return;
    }
  bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                          IMSG_PR_ATTACH_DATA_BIN);
  expected = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_nonnull (strstr (expected, "access-type=content-id"));
}

/* A piece of a message keeps the headers that say which. */
static void
test_partial (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "MIME-Version: 1.0\r\nContent-Type: message/partial; id=\"x@y\"; number=1; total=2\r\n"
             "\r\nSubject: inner\r\n\r\nfirst half\r\n");
  IMsgAttachment *attachment = mime_get_attachment (message, 0);
  g_autoptr(GBytes) bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                                            IMSG_PR_ATTACH_DATA_BIN);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (imsg_attachment_get_mime_type (attachment), ==, "message/partial");
  g_assert_nonnull (strstr (text, "number=1"));
  g_assert_nonnull (strstr (text, "first half"));
}

/* winmail.dat is kept as it came, with what tells that it belongs to this message. */
static void
test_winmail (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "MIME-Version: 1.0\r\nX-MS-TNEF-Correlator: <key@example.org>\r\n"
             "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
             "Content-Type: application/ms-tnef; name=\"winmail.dat\"\r\n"
             "Content-Transfer-Encoding: base64\r\n\r\neJ8+IgEA\r\n--b--\r\n");
  IMsgAttachment *attachment = mime_get_attachment (message, 0);
  g_autofree char *text = NULL;

  mime_assert_data (attachment, "\x78\x9f\x3e\x22\1\0", 6);
  g_assert_cmpstr (imsg_attachment_get_mime_type (attachment), ==, "application/ms-tnef");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "X-MS-TNEF-Correlator: <key@example.org>\r\n"));
  g_assert_nonnull (strstr (text, "Content-Type: application/ms-tnef"));
}

/* --- files inside a text --- */

static const struct
{
  const char *name;
  const char *text;
  const char *rest;
  const char *file_name; /* NULL: it stays text */
  const char *content;
} inside[] = {
  { "uu", "before\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\nafter\r\n", "before\r\nafter", "a.txt",
    "abc" },
  { "uu-two-lines", "begin 600 b\n\"86( \n!8P  \n`\nend\n", "", "b", "abc" },
  { "uu-blanks-lost", "begin 644 a.txt\r\n#   !\r\n!80\r\n \r\nend\r\n", "", "a.txt",
    "\0\0\1a" },
  { "uu-path", "begin 644 /etc/passwd\r\n#86)C\r\n`\r\nend\r\n", "", "passwd", "abc" },
  { "uu-no-end", "begin 644 a.txt\r\n#86)C\r\n", "begin 644 a.txt\r\n#86)C", NULL, NULL },
  { "uu-prose", "begin 200 words\r\nthat are no file\r\nend\r\n",
    "begin 200 words\r\nthat are no file\r\nend", NULL, NULL },
  { "yenc", "x\r\n=ybegin line=128 size=3 name=a b.bin\r\n\x8b\x8c=\x7d\r\n=yend size=3\r\ny\r\n",
    "x\r\ny", "a b.bin", "ab\x13" },
  { "yenc-wrong-size", "=ybegin line=128 size=2 name=a\r\n\x8b\x8c\x8d\r\n=yend size=2\r\n", NULL,
    NULL, NULL },
};

static void
test_inside (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strconcat ("Subject: x\r\n\r\n", inside[row].text, NULL);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  GListModel *attachments = imsg_message_get_attachments (message);
  g_autofree char *body = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message),
                                                           IMSG_PR_BODY);

  if (inside[row].rest != NULL)
    g_assert_cmpstr (g_strchomp (body), ==, inside[row].rest);
  g_assert_cmpuint (g_list_model_get_n_items (attachments), ==, inside[row].file_name != NULL);
  if (inside[row].file_name == NULL)
    return;
  g_assert_cmpstr (imsg_attachment_get_file_name (mime_get_attachment (message, 0)), ==,
                   inside[row].file_name);
  mime_assert_data (mime_get_attachment (message, 0), inside[row].content,
                    MAX (strlen (inside[row].content), row == 2 ? 4 : 0));
}

/* --- text/enriched --- */

static const struct
{
  const char *name;
  const char *type;
  const char *text;
  const char *html; /* of the body element */
} enriched[] = {
  { "commands", "enriched", "<bold>a <italic>b</italic></bold> c", "<b>a <i>b</i></b> c" },
  { "line-ends", "enriched", "a\nb\n\nc", "a b<br>\r\nc" },
  { "no-fill", "enriched", "<nofill>a\nb</nofill>", "a<br>\r\nb" },
  { "literal", "enriched", "<<bold> & >", "&lt;bold&gt; &amp; &gt;" },
  { "colour", "enriched", "<color><param>ffff,0000,8080</param>x</color>",
    "<span style=\"color:#ff0080\">x</span>" },
  { "hostile-font", "enriched", "<fontfamily><param>x\"><script></param>y</fontfamily>",
    "<span style=\"font-family:xscript\">y</span>" },
  { "unknown", "enriched", "<x-new><param>gone</param>kept</x-new>", "kept" },
  { "unclosed", "enriched", "<bold>a<italic>b", "<b>a<i>b</i></b>" },
  { "crossed", "enriched", "<bold>a<italic>b</bold>c</italic>", "<b>a<i>b</i></b>c" },
  { "richtext", "richtext", "<bold>a</bold><nl>b<lt>c\nd", "<b>a</b><br>\r\nb&lt;c d" },
};

static void
test_enriched (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup_printf (
    "MIME-Version: 1.0\r\nContent-Type: text/%s; charset=utf-8\r\n\r\n%s", enriched[row].type,
    enriched[row].text);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autoptr(GError) error = NULL;
  g_autofree char *html = imsg_message_get_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error);
  g_autofree char *expected = g_strdup_printf ("<body>\r\n%s\r\n</body>", enriched[row].html);

  g_assert_no_error (error);
  g_test_message ("%s", html);
  g_assert_nonnull (strstr (html, expected));
}

#define ADD_ROWS(path, rows, func) \
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) \
    { \
      g_autofree char *full = g_strconcat ("/imsg/mime-attachments/" path "/", rows[i].name, NULL); \
\
      g_test_add_data_func (full, GUINT_TO_POINTER (i), func); \
    }

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/mime-attachments/object/", objects[i].name, NULL);

      g_test_add_data_func (path, &objects[i], test_object);
    }
  g_test_add_func ("/imsg/mime-attachments/rendering", test_rendering);
  g_test_add_func ("/imsg/mime-attachments/facts-there-and-back", test_facts_there_and_back);
  g_test_add_func ("/imsg/mime-attachments/embedded-name", test_embedded_name);
  g_test_add_func ("/imsg/mime-attachments/web-reference", test_web_reference);
  g_test_add_func ("/imsg/mime-attachments/structural-type", test_structural_type);
  g_test_add_func ("/imsg/mime-attachments/odd-type", test_odd_type);
  g_test_add_func ("/imsg/mime-attachments/embedded-subject", test_embedded_subject);
  g_test_add_func ("/imsg/mime-attachments/embedded-contact", test_embedded_contact);
  ADD_ROWS ("macbinary", macbinaries, test_macbinary)
  g_test_add_func ("/imsg/mime-attachments/appledouble", test_appledouble);
  g_test_add_func ("/imsg/mime-attachments/encoded-message", test_encoded_message);
  ADD_ROWS ("reference", references, test_reference)
  g_test_add_func ("/imsg/mime-attachments/shown-by-name", test_shown_by_name);
  g_test_add_func ("/imsg/mime-attachments/relative-reference", test_relative_reference);
  g_test_add_func ("/imsg/mime-attachments/location-of-related", test_location_of_related);
  g_test_add_func ("/imsg/mime-attachments/related-document", test_related_document);
  ADD_ROWS ("name", names, test_name)
  ADD_ROWS ("external", externals, test_external)
  g_test_add_func ("/imsg/mime-attachments/partial", test_partial);
  g_test_add_func ("/imsg/mime-attachments/winmail", test_winmail);
  ADD_ROWS ("inside", inside, test_inside)
  ADD_ROWS ("enriched", enriched, test_enriched)
  return g_test_run ();
}
