/* test-html.c - charset and text of HTML bodies
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body-private.h"
#include "imsg-html-private.h"
#include "imsg-rtf.h"

#include "test-body-util.h"

/* To text */

static const struct
{
  const char *name;
  const char *html;
  const char *text;
} texts[] = {
  { "empty", "", "" },
  { "plain", "a  b\n c", "a b c\r\n" },
  { "paragraphs", "<p>a</p>\n<p>b</p>", "a\r\n\r\nb\r\n" },
  { "breaks", "a<br>b<BR/>\n c", "a\r\nb\r\nc\r\n" },
  { "blocks", "<div>a</div><div>b</div>c", "a\r\nb\r\nc\r\n" },
  { "inline", "a<b>b</b> <i>c</i>d", "ab cd\r\n" },
  { "head", "<html><head><title>t</title><style>p {x}</style></head><body>a</body></html>", "a\r\n" },
  { "script", "a<script>if (a < b) x();</script>b", "ab\r\n" },
  { "comment", "a<!-- <p>x</p> -->b<!doctype x>c<?php d>e", "abce\r\n" },
  { "conditional", "a<!--[if mso]><p>x</p><![endif]-->b<![if !mso]>c<![endif]>", "abc\r\n" },
  { "references", "&lt;&amp;&gt;&quot;&apos;&eacute;&euro;&#233;&#xE9;&#x1F600;&#150;&nope;&", "<&>\"'é€éé😀–&nope;&\r\n" },
  { "reference-without-end", "&eacute &amp b", "é & b\r\n" },
  { "reference-to-nothing", "&#0;&#xD800;&#99999999999;", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\r\n" },
  { "reference-in-two-halves", "&#55357;&#56832;&#xD83D;&#xde00;&#xD83D;&#65;&#56832;&#xD83D",
    "😀😀\xEF\xBF\xBD" "A\xEF\xBF\xBD\xEF\xBF\xBD\r\n" },
  { "hard-spaces", "a&nbsp;&nbsp;b\xC2\xA0" "c", "a  b c\r\n" },
  { "link", "<a href=\"http://h/?a=1&amp;b\">here</a> x", "here <http://h/?a=1&b> x\r\n" },
  { "link-is-text", "<a href='http://h/'>http://h/</a>", "http://h/\r\n" },
  { "link-mail", "<a href=mailto:a@b>a@b</a>", "a@b\r\n" },
  { "link-anchor", "<a name=x>a</a><a href=\"#x\">b</a>", "ab\r\n" },
  { "link-to-picture", "<a href=\"http://h/\"><img src=x></a>", "<http://h/>\r\n" },
  { "image", "<img src=x alt=\"a &lt; b\">", "[a < b]\r\n" },
  { "list", "<ul><li>a</li><li>b<ol><li>c<li>d</ol></ul>e",
    "* a\r\n* b\r\n    1. c\r\n    2. d\r\n\r\ne\r\n" },
  { "list-of-paragraphs", "<ol><li><p>a</p></li>\n<li><div>b</div><p>c</p></li></ol>",
    "1. a\r\n\r\n2. b\r\n\r\nc\r\n" },
  { "list-of-nothing", "<ul><li><p></p></li><li></ul><p>a", "*\x20\r\n*\x20\r\n\r\na\r\n" },
  { "table", "<table><tr><td>a</td><td>b</td></tr>\n<tr><th>c<th>d</tr></table>",
    "a\tb\r\nc\td\r\n" },
  { "table-of-blocks", "<table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>",
    "a\tb\r\n" },
  { "table-of-paragraphs", "x<table><tr><td><p></p></td><td><p>a</p></td>\n<td><p>b</p></td></tr>\n"
                           "<tr><td><div>c<td><div>d</div></tr></table>y",
    "x\r\na\tb\r\nc\td\r\ny\r\n" },
  { "table-of-more", "<table><tr><td><p>a</p><p>b</p></td><td>c<br>d</td><td><ul><li>e</ul></td></tr>"
                     "</table>",
    "a\r\n\r\nb\r\n\r\nc\r\nd\r\n\r\n* e\r\n" },
  { "table-in-a-table", "<table><tr><td>a</td><td><table><tr><td><p>b</p></td><td>c</td></tr></table>"
                        "</td><td>d</td></tr></table>",
    "a\r\nb\tc\r\nd\r\n" },
  { "preformatted", "<pre>a\n  b\tc</pre>d", "a\r\n  b\tc\r\n\r\nd\r\n" },
  { "rule", "a<hr>b", "a\r\n----------------------------------------\r\nb\r\n" },
  { "unicode", "日本 <p>שלום</p> 😀", "日本\r\n\r\nשלום\r\n\r\n😀\r\n" },
  { "bare-bracket", "a < b <3 <", "a < b <3 <\r\n" },
  { "unclosed-tag", "a<b", "a\r\n" },
  { "unclosed-quote", "<p class=\"x>a</p>b", "a\r\n\r\nb\r\n" },
  { "unclosed-comment", "a<!-- b>c", "ac\r\n" },
  { "attribute-with-bracket", "<p title=\"a>b\">c", "c\r\n" },
  { "odd-attributes", "<p = / a=b =c d= >e<p/><p\f>f", "e\r\n\r\nf\r\n" },
  { "every-name", "&nsubE;&AMP&copy2&notit;&notin;&fjlig;&ThickSpace;&CounterClockwiseContourIntegral;",
    "⫅̸&©2¬it;∉fj\xE2\x81\x9F\xE2\x80\x8A∳\r\n" },
  { "names-that-need-their-end", "&alpha &alpha; &hearts", "&alpha α &hearts\r\n" },
  { "no-reference-in-an-address", "<a href=\"http://h/?a=1&copy=2&reg3&lt;&copy;\">x</a>",
    "x <http://h/?a=1&copy=2&reg3<©>\r\n" },
  { "quotation", "a<blockquote>b<br>c<p>d</blockquote>e",
    "a\r\n\r\n    b\r\n    c\r\n\r\n    d\r\n\r\ne\r\n" },
  { "quoted-mail", "On x wrote:<blockquote type=cite>a<p>b</p><blockquote type=\"CITE\"><ul><li>c</ul>"
                   "</blockquote></blockquote>d",
    "On x wrote:\r\n\r\n> a\r\n>\r\n> b\r\n>\r\n> > * c\r\n\r\nd\r\n" },
  { "quoted-lines", "<blockquote type=cite><pre>a\n\n b</pre></blockquote>", "> a\r\n>\r\n>  b\r\n" },
  { "list-that-goes-on", "<ol start=5><li>a<li value=9>b<li value=x>c</ol><ul><li value=3>d</ul>",
    "5. a\r\n9. b\r\n10. c\r\n\r\n* d\r\n" },
  { "list-of-letters",
    "<ol type=a start=26><li>a<li>b<ol type=I><li value=1949>c</ol></ol>"
    "<ol style=\"margin-top:0cm; List-Style-Type : upper-alpha;x\"><li>d</ol>"
    "<ol type=i><li value=4000>e<li value=4>f</ol><ol type=disc><li>g</ol>",
    "z. a\r\naa. b\r\n    MCMXLIX. c\r\n\r\nA. d\r\n\r\n4000. e\r\niv. f\r\n\r\n1. g\r\n" },
  { "quotations-of-gmail-and-zimbra",
    "<blockquote class=\"gmail_quote\">a<blockquote style='border:none;border-left:solid #CCC 1.0pt'>b"
    "</blockquote></blockquote>-<blockquote id=MAC_OUTLOOK_ATTRIBUTION_BLOCKQUOTE>c</blockquote>",
    "> a\r\n>\r\n> > b\r\n\r\n-\r\n\r\n> c\r\n" },
  { "indentation-of-outlook",
    "<blockquote style='margin-top:0;border-left:none' class=x>a</blockquote>"
    "<blockquote style=\"border-left-color:red; border-left: 0\">b</blockquote>",
    "    a\r\n\r\n    b\r\n" },
  { "line-end-behind-pre", "a<pre>\r\n b</pre>", "a\r\n\r\n b\r\n" },
  { "empty-comments", "<!-->a<!-- x -->b<!--->c", "abc\r\n" },
  { "break-written-as-an-end", "a</br>b", "a\r\nb\r\n" },
  { "title-that-is-empty", "<html><head><title/></head><body>a</body></html>", "a\r\n" },
  { "style-without-end", "<html><head><style>p{}</head><body>a<p>b", "a\r\n\r\nb\r\n" },
  { "script-without-end", "a<script src=x />b<style>p</style>c", "abc\r\n" },
  { "stray-ends", "</p></ul></ol></pre></blockquote></a>a", "a\r\n" },
};

static void
test_text (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  gsize length;
  g_autofree char *text = _imsg_html_to_text (texts[i].html, strlen (texts[i].html), G_MAXSIZE,
                                              &length, NULL);

  g_assert_cmpstr (text, ==, texts[i].text);
  g_assert_cmpuint (length, ==, strlen (text));
}

static void
test_nul_bytes (void)
{
  static const char html[] = "a\0b<p\0 x\0=\0>c<\0&\0;<!\0-->d";
  gsize length;
  g_autofree char *text = _imsg_html_to_text (html, sizeof html - 1, G_MAXSIZE, &length, NULL);

  g_assert_cmpmem (text, 2, "ab", 2);
  g_assert_true (g_str_has_suffix (text, "d\r\n"));
}

/* A megabyte of what is begun again and again; were it quadratic the test would not end in time,
 * and "bench-text" compares how long it takes. */
static void
test_unended (void)
{
  static const char *const units[] = {
    "<", "<!--", "<p a=\"", "<p a='x", "<style>", "<a href=x>", "<ul><li>", "<pre>", "&", "&#",
    "</style", "<table><tr><td>", "\n", "<br>", "<p>", "x<hr>", "<!", "<?", "<li>a", "<p\f", " ",
    "<a href=\"http://h/\">",
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gsize n = (1 << 20) / strlen (units[i]);
      g_autoptr(GString) html = g_string_new (NULL);
      g_autofree char *text = NULL;
      g_autoptr(GBytes) rtf = NULL;
      gsize length;

      for (gsize j = 0; j < n; j++)
        g_string_append (html, units[i]);
      rtf = imsg_rtf_from_html (html->str);
      text = _imsg_html_to_text (html->str, html->len, G_MAXSIZE, &length, NULL);
      g_assert_true (g_utf8_validate (text, (gssize) length, NULL));
    }
}

/* Charsets */

static const struct
{
  const char *name;
  const char *html;
  const char *charset;
} charsets[] = {
  { "none", "<html><head></head>charset=x", NULL },
  { "meta", "<html><head><META charset=\"KOI8-R\">", "KOI8-R" },
  { "http-equiv", "<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>", "gb2312" },
  { "second-meta", "<meta name=x content=y><meta charset = utf-8 >", "utf-8" },
  { "xml", "<?xml version=\"1.0\" encoding=\"iso-8859-2\"?><html>", "iso-8859-2" },
  { "xml-and-meta", "<?xml version='1.0' encoding='utf-8'?><meta charset=koi8-r>", "koi8-r" },
  { "unclosed", "<meta charset=utf-8", "utf-8" },
  { "empty", "<meta charset=\"\">", NULL },
  { "in-a-comment", "<!-- <meta charset=koi8-r> --><meta charset=gbk>", "gbk" },
  { "spoken-of", "<meta name=description content=\"how charset=koi8-r works\"><meta charset=gbk>", "gbk" },
  { "other-element", "<metadata charset=koi8-r><meta/charset=gbk>", "gbk" },
  { "after-the-prolog", NULL, NULL },
};

static void
test_find_charset (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *late = g_strnfill (IMSG_HTML_PROLOG_SIZE + 40, ' ');
  const char *html = charsets[i].html != NULL ? charsets[i].html : late;
  g_autofree char *charset = NULL;

  memcpy (late + IMSG_HTML_PROLOG_SIZE, "<meta charset=koi8-r>", 21);
  charset = _imsg_html_find_charset (html, strlen (html));
  g_assert_cmpstr (charset, ==, charsets[i].charset);
}

#define META(charset) "<html><head><meta charset=" charset "></head><body>"

static const struct
{
  const char *name;
  const char *html;
  gsize       n_bytes; /* 0: up to the NUL */
  guint       declared;
  guint       fallback;
  guint       code_page;
} choices[] = {
  { "bom-wins", "\xEF\xBB\xBF" META ("koi8-r") "\xC3\xA9", 0, 1251, 1251, 65001 },
  { "bom-utf16", "\xFF\xFE<\0p\0", 6, 1252, 1252, 1200 },
  { "bom-utf16be", "\xFE\xFF\0<\0p", 6, 1252, 1252, 1201 },
  { "utf16-by-its-looks", "<\0p\0>\0a\0b\0", 10, 1252, 1252, 1200 },
  { "utf16be-by-its-looks", "\0<\0p\0>\0a\0b", 10, 1252, 1252, 1201 },
  { "declared-wins", META ("iso-8859-2") "\xCF\xD2", 0, 20866, 1252, 20866 },
  { "declared-koi8-u", "\xA4", 0, 21866, 1252, 21866 },
  { "latin-1-is-1252", "\x93q\x94", 0, 28591, 0, 1252 },
  { "ascii-is-1252", "caf\xE9", 0, 20127, 1251, 1252 },
  { "ascii-that-is-utf8", "caf\xC3\xA9", 0, 20127, 1251, 65001 },
  { "meta-when-none-declared", META ("koi8-r") "\xCF\xD2", 0, 0, 1252, 20866 },
  { "meta-when-declared-fails", META ("windows-1252") "caf\xE9", 0, 65001, 932, 1252 },
  { "meta-and-bytes-against-declared", META ("utf-8") "\xC3\xA9", 0, 1252, 1252, 65001 },
  { "utf8-by-its-looks", "caf\xC3\xA9", 0, 0, 1252, 65001 },
  { "fallback", "\xCF\xF0\xE8", 0, 0, 1251, 1251 },
  { "shift-jis-as-iso-2022-jp", "<p>\x93\xFA\x96{</p>", 0, 50220, 932, 50220 },
  { "utf8-as-iso-2022-jp", META ("utf-8") "\xE6\x97\xA5", 0, 50220, 932, 65001 },
  { "utf8-that-932-cannot-read-whole", "資料を", 0, 932, 932, 65001 },
  { "sure-utf8-as-gb2312", "你好，这是一个例子，谢谢", 0, 936, 936, 65001 },
  { "sure-utf8-as-gb2312-in-meta", META ("gb2312") "你好，这是一个例子，谢谢", 0, 0, 936, 65001 },
  { "sure-utf8-as-1252", "<p>Grüße: äöüßÄÖÜ</p>", 0, 1252, 1252, 65001 },
  { "two-of-gbk-that-could-be-utf8", "\xC1\xAA\xCD\xA8", 0, 936, 936, 936 },
  { "iso-2022-jp-undeclared", "\x1B$BF|\x1B(B", 0, 0, 1252, 50220 },
  { "iso-2022-jp-as-1252", "\x1B$BF|\x1B(B", 0, 28591, 1252, 50220 },
  { "gb2312-undeclared", META ("gb2312") "\xC4\xE3\xBA\xC3", 0, 0, 1252, 936 },
  { "gb18030-as-gb2312", META ("gb2312") "\xC4\xE3\x94\x39\xFC\x36", 0, 936, 1252, 936 },
  { "big5-declared", META ("utf-8") "\xA4\xA4\xA4\xE5", 0, 950, 1252, 950 },
  { "euc-kr-in-meta", META ("euc-kr") "\xC7\xD1", 0, 0, 1252, 51949 },
  { "koi8-r-in-meta-over-failing-utf8", META ("koi8-r") "\xF0\xD2\xC9", 0, 65001, 1252, 20866 },
  { "declared-utf16", "caf\xC3\xA9", 0, 1200, 1252, 65001 },
  { "declared-unknown", "\xCF\xF0", 0, 4242, 1251, 1251 },
  { "meta-unknown", META ("nonsense") "\xCF\xF0", 0, 0, 1251, 1251 },
  { "nothing-reads-it", "\x81\x20\xFF\x20", 0, 65001, 932, 65001 },
  { "nothing-known", "caf\xE9", 0, 0, 0, 1252 },
  { "ascii", "<p>a</p>", 0, 0, 1252, 1252 },
  { "utf16-by-most-of-its-looks", "<\0p\0>\0a\0\x1F\x04" "b\0", 12, 1252, 1252, 1200 },
  { "declared-utf16-of-russian", "<\0b\0r\0>\0\x1F\x04\x40\x04\x38\x04\x32\x04\x35\x04\x42\x04", 20, 1200,
    1252, 1200 },
  { "utf16-of-chinese", "<\0b\0r\0>\0\x2D\x4E\x87\x65\x2D\x4E\x87\x65\x2D\x4E\x87\x65", 20, 65001, 1252,
    1200 },
  { "utf16be-of-chinese", "\0<\0b\0r\0>\x4E\x2D\x65\x87\x4E\x2D\x65\x87\x4E\x2D\x65\x87", 20, 936, 1252,
    1201 },
  { "declared-utf16be", "\0<\0b\0r\0>\x04\x1F\x04\x40\x04\x38\x04\x32\x04\x35\x04\x42", 20, 1201, 1252, 1201 },
  { "declared-utf16-with-a-nul", "caf\xE9\0b", 6, 1201, 1252, 1252 },
  { "escapes-declared-utf-8", "\x1B$BF|\x1B(B", 0, 65001, 1252, 50220 },
  { "escapes-declared-932", META ("iso-2022-jp") "\x1B$BF|\x1B(B", 0, 932, 1252, 50220 },
  { "iso-2022-kr-as-949", "\x1B$)C<p>\x0EGQ\x0F", 0, 949, 1252, 50225 },
  { "iso-2022-cn-as-936", META ("gb2312") "\x1B$)A\x0E" "Dc\x0F", 0, 936, 1252, 50227 },
  { "escapes-declared-50221", "\x1B$BF|\x1B(B", 0, 50221, 1252, 50221 },
  { "ebcdic-that-cannot-be", META ("ibm037") "caf\xE9", 0, 0, 1252, 1252 },
  { "utf7-in-meta", META ("utf-7") "a", 0, 0, 1252, 1252 },
  { "iso-2022-jp-in-meta", META ("iso-2022-jp") "a", 0, 0, 1252, 50220 },
  { "meta-over-xml", "<?xml version=\"1.0\" encoding=\"utf-8\"?>" META ("windows-1251") "\xCF", 0, 0, 1252,
    1251 },
};

static void
test_choose (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GPtrArray) trace = g_ptr_array_new_with_free_func (g_free);
  gsize n_bytes = choices[i].n_bytes != 0 ? choices[i].n_bytes : strlen (choices[i].html);
  guint code_page = _imsg_html_choose_code_page ((const guint8 *) choices[i].html, n_bytes,
                                                 "PR_INTERNET_CPID", choices[i].declared,
                                                 choices[i].fallback, trace);

  for (guint k = 0; k < trace->len; k++)
    g_test_message ("%s", (const char *) trace->pdata[k]);
  g_assert_cmpuint (code_page, ==, choices[i].code_page);
  g_assert_cmpuint (trace->len, >, 0);
}

static const struct
{
  const char *name;
  const char *html;
  const char *declared;
} declarations[] = {
  { "other", "<meta charset=\"gb2312\"><p>", "<meta charset=\"utf-8\"><p>" },
  { "none", "<html>\n<head lang=x><p>", NULL },
  { "the-same", "<meta charset=UTF8><?xml encoding=\"koi8-r\"?>", NULL },
  { "unknown", "<meta charset=x-nothing>", "<meta charset=utf-8>" },
  { "xml-and-meta", "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><meta content=\"text/html; "
                    "charset=iso-8859-1\" http-equiv=x /><p>",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><meta content=\"text/html; charset=utf-8\" http-equiv=x "
    "/><p>" },
  { "the-second", "<meta charset=utf-8><META CHARSET=koi8-r>", "<meta charset=utf-8><META CHARSET=utf-8>" },
  { "empty", "", NULL },
};

static void
test_declare (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GBytes) html = g_bytes_new_static (declarations[i].html, strlen (declarations[i].html));
  g_autoptr(GBytes) declared = _imsg_html_declare_utf8 (html);
  const char *expected = declarations[i].declared;

  if (expected == NULL)
    g_assert_true (declared == html);
  else
    g_assert_cmpmem (g_bytes_get_data (declared, NULL), g_bytes_get_size (declared), expected,
                     strlen (expected));
}

static void
test_from_text (void)
{
  gsize length;
  gsize text_length;
  g_autofree char *html = _imsg_html_from_text ("a <b> & \"c\"\r\n  d", 17, G_MAXSIZE, &length,
                                                NULL);
  g_autofree char *text = _imsg_html_to_text (html, length, G_MAXSIZE, &text_length, NULL);

  g_assert_nonnull (strstr (html, "a &lt;b&gt; &amp; &quot;c&quot;\r\n  d"));
  g_assert_nonnull (strstr (text, "a <b> & \"c\"\r\n  d\r\n"));
}

#define ADD_TABLE(table, prefix, func)                                              \
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)                                  \
    {                                                                               \
      g_autofree char *path = g_strconcat ("/imsg/html/" prefix "/", table[i].name, NULL); \
                                                                                    \
      g_test_add_data_func (path, GUINT_TO_POINTER (i), func);                      \
    }

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_TABLE (texts, "text", test_text)
  ADD_TABLE (charsets, "find-charset", test_find_charset)
  ADD_TABLE (choices, "choose", test_choose)
  ADD_TABLE (declarations, "declare", test_declare)
  g_test_add_func ("/imsg/html/nul-bytes", test_nul_bytes);
  g_test_add_func ("/imsg/html/unended", test_unended);
  g_test_add_func ("/imsg/html/from-text", test_from_text);
  return g_test_run ();
}
