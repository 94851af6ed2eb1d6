/* test-mime-bodies.c - which parts of an e-mail are its bodies, and what they are in
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-mime-util.h"
#include "test-util.h"

#define PART(boundary, headers, body) "--" boundary "\r\n" headers "\r\n\r\n" body "\r\n"
#define PLAIN(boundary, body) PART (boundary, "Content-Type: text/plain; charset=utf-8", body)
#define HTML(boundary, body) PART (boundary, "Content-Type: text/html; charset=utf-8", body)
#define PDF(boundary) PART (boundary, "Content-Type: application/pdf; name=a.pdf", "%PDF")
#define MULTI(type, boundary, parts) \
  "Content-Type: multipart/" type "; boundary=" boundary "\r\n\r\n" parts "--" boundary "--\r\n"
#define INSIDE(outer, type, boundary, parts) "--" outer "\r\n" MULTI (type, boundary, parts)

/* What an e-mail holds, and what of it is text, HTML ("" for none) and attachment. */
static const struct
{
  const char *name;
  const char *mail;
  const char *plain;
  const char *html;
  const char *attachments; /* names */
} trees[] = {
  { "alternative", MULTI ("alternative", "a", PLAIN ("a", "letter") HTML ("a", "<p>letter")),
    "letter", "<p>letter", "" },

  /* what follows the letter is something else */
  { "disclaimer", MULTI ("mixed", "m", PLAIN ("m", "letter") HTML ("m", "<p>scanned")), "letter",
    "", "ATT00001.htm" },
  { "greeting-of-a-phone",
    MULTI ("mixed", "m", PLAIN ("m", "letter") PDF ("m") HTML ("m", "<i>sent from")), "letter", "",
    "a.pdf;ATT00002.htm" },
  { "forwarded-behind-the-letter",
    MULTI ("mixed", "m", PLAIN ("m", "letter")
           INSIDE ("m", "alternative", "a", PLAIN ("a", "other") HTML ("a", "<p>other"))),
    "letter", "", "ATT00001.htm" },
  { "footer-of-a-list",
    MULTI ("mixed", "m", INSIDE ("m", "alternative", "a", PLAIN ("a", "letter") HTML ("a", "<p>l"))
           PLAIN ("m", "footer")),
    "letter", "<p>l", "ATT00001.txt" },
  { "files-in-the-form",
    MULTI ("alternative", "a", PLAIN ("a", "letter")
           INSIDE ("a", "mixed", "m", HTML ("m", "<p>one") PDF ("m") HTML ("m", "<p>two"))),
    "letter", "<p>one", "a.pdf;ATT00002.htm" },
  { "files-in-both-forms",
    MULTI ("alternative", "a", INSIDE ("a", "mixed", "m", PLAIN ("m", "letter") PDF ("m"))
           INSIDE ("a", "mixed", "n", HTML ("n", "<p>letter") PDF ("n"))),
    "letter", "<p>letter", "a.pdf;a.pdf" },

  /* the same text for readers of other kinds */
  { "html-first", MULTI ("alternative", "a", HTML ("a", "<p>letter") PLAIN ("a", "letter")),
    "letter", "<p>letter", "" },
  { "amp",
    MULTI ("alternative", "a", PLAIN ("a", "letter")
           PART ("a", "Content-Type: text/x-amp-html", "<html amp4email>") HTML ("a", "<p>letter")),
    "letter", "<p>letter", "" },
  { "watch-and-enriched",
    MULTI ("alternative", "a", PLAIN ("a", "letter")
           PART ("a", "Content-Type: text/watch-html", "<b>")
           PART ("a", "Content-Type: text/enriched", "<bold>") HTML ("a", "<p>letter")),
    "letter", "<p>letter", "" },
  { "two-html", MULTI ("alternative", "a", HTML ("a", "<p>poor") HTML ("a", "<p>rich")), "rich\r\n",
    "<p>rich", "" },
  { "two-plain",
    MULTI ("alternative", "a", PLAIN ("a", "letter") PLAIN ("a", "footer") HTML ("a", "<p>letter")),
    "letter", "<p>letter", "ATT00001.txt" },
  { "alternative-in-alternative",
    MULTI ("alternative", "a", PLAIN ("a", "letter")
           INSIDE ("a", "alternative", "b", PLAIN ("b", "again") HTML ("b", "<p>letter"))),
    "letter", "<p>letter", "" },
  { "picture-first",
    MULTI ("related", "r", PART ("r", "Content-Type: image/png; name=a.png\r\nContent-ID: <i>", "x")
           HTML ("r", "<img src=\"cid:i\">")), "", "<img src=\"cid:i\">", "a.png" },
  { "markdown-alone", MULTI ("alternative", "a", PART ("a", "Content-Type: text/markdown", "# l")),
    "", "", "ATT00001.bin" },
  { "named-in-an-alternative",
    MULTI ("alternative", "a", PLAIN ("a", "letter")
           PART ("a", "Content-Type: text/csv; name=t.csv", "1,2") HTML ("a", "<p>letter")),
    "letter", "<p>letter", "t.csv" },

  /* a name makes no file of the first text */
  { "named-html", "Content-Type: text/html; charset=utf-8; name=mail.html\r\n\r\n<p>letter\r\n",
    "letter\r\n", "<p>letter", "" },
  { "named-plain",
    MULTI ("mixed", "m", PART ("m", "Content-Type: text/plain; name=body.txt", "letter") PDF ("m")),
    "letter", "", "a.pdf" },
  { "named-behind-a-file",
    MULTI ("mixed", "m", PDF ("m") PART ("m", "Content-Type: text/plain; name=notes.txt", "notes")),
    "", "", "a.pdf;notes.txt" },
  { "attached-text",
    "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n", "",
    "", "a.txt" },

  /* no multipart at all */
  { "no-boundary", "Content-Type: multipart/alternative\r\n\r\nletter\r\n", "letter\r\n", "", "" },
  { "another-boundary",
    "Content-Type: multipart/mixed; boundary=m\r\n\r\n--n\r\n\r\nletter\r\n--n--\r\n",
    "--n\r\n\r\nletter\r\n--n--\r\n", "", "" },
  { "no-parts", "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m--\r\n", "", "", "" },

  /* no type at all */
  { "type-of-old", "Content-Type: text\r\n\r\nletter", "letter", "", "" },
  { "half-a-type", "Content-Type: text/; charset=utf-8\r\n\r\nl\xc3\xa9tter", "létter", "", "" },
  { "no-type", "Content-Type:\r\n\r\nletter", "letter", "", "" },
  { "html-alone", "Content-Type: html\r\n\r\n<p>letter", "letter\r\n", "<p>letter", "" },
  { "type-in-quotes", "Content-Type: \"text/html\"\r\n\r\n<p>letter", "letter\r\n", "<p>letter",
    "" },
  { "type-of-a-file", "Content-Type: pdf; name=a.pdf\r\n\r\n%PDF", "", "", "a.pdf" },
  { "encoding-with-more",
    "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64;\r\n\r\nbGV0dGVy", "letter", "",
    "" },
  { "encoding-in-quotes",
    "Content-Type: text/plain\r\nContent-Transfer-Encoding: \"base64\"\r\n\r\nbGV0dGVy", "letter",
    "", "" },
  { "encoding-twice",
    "Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nletter", "letter", "", "" },
};

static void
test_tree (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strconcat ("MIME-Version: 1.0\r\n", trees[row].mail, NULL);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *plain = imsg_property_object_get_string (object, IMSG_PR_BODY);
  g_autoptr(GBytes) bytes = imsg_property_object_get_bytes (object, IMSG_PR_HTML);
  g_autofree char *html =
    bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
  g_autoptr(GString) names = g_string_new (NULL);
  GListModel *attachments = imsg_message_get_attachments (message);

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ";" : "",
                            imsg_attachment_get_file_name (mime_get_attachment (message, i)));
  g_assert_cmpstr (plain != NULL ? plain : "", ==, trees[row].plain);
  g_assert_cmpstr (html != NULL ? g_strchomp (html) : "", ==, trees[row].html);
  g_assert_cmpstr (names->str, ==, trees[row].attachments);
}

/* HTML is in what its part says, else in what it says itself or looks like. */
static const struct
{
  const char *name;
  const char *charset; /* NULL: none */
  const char *html;
  const char *text;
  gint64      code_page;
} pages[] = {
  { "declared", "windows-1251", "<meta charset=utf-8>\xcf\xf0\xe8", "При", 1251 },
  { "meta", NULL, "<meta charset=windows-1251>\xcf\xf0\xe8", "При", 1251 },
  { "meta-and-us-ascii", "us-ascii", "<meta charset=gbk>\xd6\xd0", "中", 936 },
  { "meta-and-unknown", "x-nobody-knows", "<meta charset=koi8-r>\xf0\xd2", "Пр", 20866 },
  { "meta-that-is-wrong", NULL, "<meta charset=utf-8>gr\xfc\xdf", "grüß", 1252 },
  { "escapes", NULL, "<p>\x1b$BF|K\\8l\x1b(B", "日本語", 50220 },
  { "mark", NULL, "\xef\xbb\xbf<p>\xc3\xa9", "é", 65001 },
  { "nothing", NULL, "<p>\xe9", "é", 1252 },
  { "ascii", "us-ascii", "<p>e", "e", 65001 },
  { "latin-1", "iso-8859-1", "<p>\x80\xe9", "€é", 28591 },
  { "utf-8-that-is-none", "utf-8", "<p>gr\xfc\xdf", "grüß", 1252 },
  { "utf-8-in-truth", "windows-1252", "<meta charset=utf-8><p>\xc3\xa9", "é", 65001 },
  { "utf-16-that-is-none", "utf-16", "<p>e", "e", 65001 },
  { "ebcdic", "ibm037", "\x4c\x97\x6e\x51", "é", 65001 },
};

static void
test_page (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text =
    g_strconcat ("Content-Type: text/html", pages[row].charset != NULL ? "; charset=" : "",
                 pages[row].charset != NULL ? pages[row].charset : "", "\r\n\r\n", pages[row].html,
                 NULL);
  g_autoptr(IMsgMessage) message = mime_import (session, text);
  g_autofree char *body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, NULL);

  g_assert_cmpstr (g_strstrip (body), ==, pages[row].text);
  g_assert_cmpint (
    imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message), IMSG_PR_INTERNET_CPID), ==,
    pages[row].code_page);
}

#define ADD_ROWS(path, rows, func) \
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) \
    { \
      g_autofree char *full = g_strconcat ("/imsg/mime-bodies/" path "/", rows[i].name, NULL); \
\
      g_test_add_data_func (full, GUINT_TO_POINTER (i), func); \
    }

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD_ROWS ("tree", trees, test_tree)
  ADD_ROWS ("page", pages, test_page)
  return g_test_run ();
}
