/* test-rtf-encapsulation.c - HTML and text in RTF, both ways, and RTF of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "imsg-limits-private.h"
#include "imsg-problem-private.h"
#include "imsg-rtf-compression.h"
#include "imsg-rtf-private.h"

#include "test-body-util.h"

#define HEAD "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss\\fcharset0 Arial;}" \
             "{\\f1\\fmodern\\fcharset128 MS Gothic;}{\\f2\\fcharset134 SimSun;}" \
             "{\\f3\\fcharset204 Cyr;}{\\f4\\fnil\\cpg949 K;}{\\f5\\fcharset1252 odd;}}\\uc1\\pard "
#define TEXT_HEAD "{\\rtf1\\ansi\\ansicpg1252\\fromtext \\deff0{\\fonttbl{\\f0\\fcharset0 Arial;}" \
                  "{\\f1\\fcharset204 Courier;}}\\uc1\\pard\\plain\\f0\\fs20 "

/* As Word writes lists: the mark, and behind it the paragraph that says how deep it is */
#define WORD_LIST "{\\rtf1\\ansi{\\fonttbl{\\f0 A;}{\\f3\\fcharset2 Symbol;}}" \
  "{\\listtext\\pard\\plain\\f3 \\'b7\\tab}\\pard\\plain\\li720\\ls1\\ilvl0{\\f0 a\\par " \
  "{\\listtext\\pard\\plain\\f0 o\\tab}}\\pard\\plain\\li1440\\ls1\\ilvl1{\\f0 b\\par " \
  "{\\listtext\\pard\\plain\\f3 \\'b7\\tab}}\\pard\\plain\\li720\\ls1\\ilvl0{\\f0 c\\par}\\pard d}"

static const struct
{
  const char *name;
  const char *rtf;
  const char *html;
} html_vectors[] = {
  { "published",
    "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl\n"
    "{\\f0\\fswiss\\fcharset0 Arial;}{\\f1\\fmodern\\fcharset128 MS Gothic;}}\n"
    "\\uc1\\pard\\plain\\deftab360 \\f0\\fs24\n"
    "{\\*\\htmltag19 <html>}{\\*\\htmltag50 <body>}{\\*\\htmltag64}\\htmlrtf {\\htmlrtf0\n"
    "{\\*\\htmltag148 <b>}\\htmlrtf {\\b \\htmlrtf0 A\\'e9 {\\f1 \\'83e\\'83X}{\\*\\htmltag84 "
    "&nbsp;}\\htmlrtf \\'a0\\htmlrtf0 \\u8364 ?\\htmlrtf }\\htmlrtf0\n"
    "{\\*\\htmltag156 </b>}\\htmlrtf }\\htmlrtf0 \\par\n"
    "{\\*\\mhtmltag84 <img src=\"cid:x\">}{\\*\\htmltag84 <img src=\"a\\'5cb.png\">}\n"
    "{\\*\\htmltag58 </body>}{\\*\\htmltag27 </html>}}",
    "<html><body><b>Aé テス&nbsp;€</b>\r\n<img src=\"a\\b.png\"></body></html>" },
  { "named-characters-in-text", HEAD "\\lquote a\\rquote\\ldblquote b\\rdblquote\\bullet\\endash\\emdash}",
    "‘a’“b”•–—" },
  { "named-characters-in-tag", HEAD "{\\*\\htmltag84 \\lquote\\rdblquote\\emdash\\~\\_}}",
    "&lsquo;&rdquo;&mdash;&nbsp;&shy;" },
  { "spaces-and-hyphens", HEAD "a\\~b\\_c\\-d\\tab e\\line f}", "a&nbsp;b&shy;cd\te\r\nf" },
  { "line-ends-are-nothing", HEAD "a\r\nb{\\*\\htmltag84 <i\r\n>}\\\nc}", "ab<i>\r\nc" },
  { "tag-in-default-page", HEAD "\\f1{\\*\\htmltag84 <a title='\\'e9'>}\\'82\\'a0}", "<a title='é'>あ" },
  { "lead-and-trail-apart", HEAD "{\\f2 \\'c4\\'e3\\'ba\\'c3}{\\f4 \\'c7\\'d1}{\\f3 \\'cf}}", "你好한П" },
  { "raw-bytes-of-a-font", HEAD "{\\f2 \xC4\xE3}}", "你" },
  { "charset-is-a-page", HEAD "{\\f5 \\'e9}}", "é" },
  { "font-that-cannot", HEAD "{\\f1 caf\\'e9 }}", "café " },
  { "unknown-font", HEAD "{\\f99 \\'e9}}", "é" },
  { "font-set-while-skipping", HEAD "\\htmlrtf {\\f1 \\htmlrtf0 \\'82\\'a0\\htmlrtf }\\htmlrtf0 \\'e9}",
    "あé" },
  { "flag-restored-by-brace", HEAD "{\\htmlrtf a}b}", "b" },
  { "tag-while-skipping", HEAD "\\htmlrtf x{\\*\\htmltag84 <b>}y\\htmlrtf0 z}", "<b>z" },
  { "unknown-destination", HEAD "a{\\*\\unknown b{c}\\'41\\bin3 }}}d}e}", "ae" },
  { "binary", HEAD "a\\bin4 }{\\}b}", "ab" },
  { "fallback-of-two", HEAD "\\uc2\\u8364 \\'80xy\\uc0\\u233 z}", "€yéz" },
  { "fallback-ends-at-brace", HEAD "\\uc9{\\u8364 ab}cd}", "€cd" },
  { "fallback-is-a-word", HEAD "\\u8364 \\tab x}", "€x" },
  { "surrogates", HEAD "\\u-10179 ?\\u-8704 ?}", "😀" },
  { "surrogates-in-groups", HEAD "{\\u-10179 ?}{\\u-8704 ?}}", "😀" },
  { "lone-surrogate", HEAD "\\u-10179 ?a\\u-8704 ?}", "\xEF\xBF\xBD" "a\xEF\xBF\xBD" },
  { "utf8-page", "{\\rtf1\\ansi\\ansicpg65001\\fromhtml1 \\deff0 \xC3\xA9\\'c3\\'a9}", "éé" },
  { "utf8-page-of-fonts-with-charsets",
    "{\\rtf1\\ansi\\ansicpg65001\\fromhtml1{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset134 S;}}"
    "\\f0 caf\xC3\xA9\\'c3\\'a9{\\f0\\'e9}{\\f1\\'c1\\'aa}}", "cafééé联" },
  { "mac", "{\\rtf1\\mac\\fromhtml1 \\deff0 \\'8e}", "é" },
  { "pc", "{\\rtf1\\pc\\fromhtml1 \\deff0 \\'82}", "é" },
  { "before-the-brace", "\xEF\xBB\xBF \r\n{\\rtf\\ansi\\fromhtml1 a}", "a" },
  { "picture-and-object", HEAD "a{\\pict\\wmetafile8 0102}{\\object x{\\*\\objdata 01}}b}", "ab" },
  { "list-text", HEAD "{\\listtext 1.\\tab}a{\\pntext *}b}", "ab" },
  { "after-the-end", HEAD "a}b{\\rtf1 c}", "a" },
  { "no-character-over-a-brace", HEAD "{\\f1 \\'83{e}\\'83e}}", "ƒeテ" },
  { "nul-bytes", HEAD "a\\'00b}", "ab" },
  { "tag-for-mail-without-star", HEAD "a{\\mhtmltag84 <img>}b}", "ab" },
  { "page-of-utf-16", "{\\rtf1\\ansicpg1200\\fromhtml1 ab\\'e9}", "abé" },
  { "page-with-escapes", "{\\rtf1\\ansicpg50220\\fromhtml1 \\'82\\'a0}", "あ" },
  { "font-in-utf-16", "{\\rtf1\\ansi\\fromhtml1{\\fonttbl{\\f0\\cpg1200\\fcharset204 A;}}\\f0 a\\'cf}", "aП" },
  { "plain-returns-to-default",
    "{\\rtf1\\ansi\\fromhtml1\\deff3{\\fonttbl{\\f3\\fcharset204 C;}{\\f4\\fcharset161 G;}}"
    "\\'cf\\f4\\'e1\\plain\\'cf}", "ПαП" },
  { "fallback-is-binary", HEAD "\\u8364\\bin3 }}}x}", "€x" },
  { "fallback-is-an-escape-of-two", HEAD "\\uc2\\u26085 \\'93\\'fa\\u26412 \\'96{z}}", "日本z" },
  { "fallback-count-of-a-group", HEAD "{\\uc0\\u233 a}\\u233 ab}", "éaéb" },
  { "deep-flag", HEAD "\\htmlrtf {{{a\\htmlrtf0 b}c}\\htmlrtf0 d{\\htmlrtf1 e}f}g\\htmlrtf0 h}", "bdfh" },
  { "arabic-and-hebrew",
    "{\\rtf1\\ansi\\fromhtml1{\\fonttbl{\\f0\\fcharset178 A;}{\\f1\\fcharset177 H;}}"
    "\\f0\\'e3\\f1\\'f9}", "مש" },
  { "page-of-a-document-only", "{\\rtf1\\ansi\\ansicpg936\\fromhtml1 \\'c4\\'e3\\'ba\xC3}", "你好" },
  { "field", HEAD "{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt y}}}", "y" },
};

static void
test_html (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GBytes) rtf = g_bytes_new_static (html_vectors[i].rtf, strlen (html_vectors[i].rtf));
  g_autoptr(GError) error = NULL;
  g_autofree char *html = imsg_rtf_to_html (rtf, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (imsg_rtf_get_content (rtf), ==, IMSG_RTF_CONTENT_HTML);
  g_assert_cmpstr (html, ==, html_vectors[i].html);
}

static const struct
{
  const char *name;
  const char *rtf;
  const char *text;
} text_vectors[] = {
  { "published",
    TEXT_HEAD "a\\tab b\\{\\}\\\\\\par {\\f1 \\'cf\\'f0}\\u-10179 ?\\u-8704 ?\\line c\\~d\\par }",
    "a\tb{}\\\r\nПр😀\r\nc\xC2\xA0" "d\r\n" },
  { "destinations", TEXT_HEAD "a{\\*\\x b}{\\pntext c}{\\info{\\title d}}e}", "ae" },
  { "of-html", HEAD "{\\*\\htmltag64 <p>}a{\\*\\htmltag72 </p>}{\\*\\htmltag64 <p>}b &amp; c}",
    "a\r\n\r\nb & c\r\n" },
  { "of-rich-text",
    "{\\rtf1\\ansi{\\fonttbl\\f0 Arial;\\f1\\fcharset204 C;}\\pard one\\par two\\tab\\b three\\b0"
    "{\\v hidden}{\\f1 \\'cf}\\par {\\field{\\*\\fldinst{HYPERLINK \"http://x/\"}}{\\fldrslt link}}"
    "\\objattph\\'20}",
    "one\r\ntwo\tthreeП\r\nlink <http://x/>[attachment 1] " },
  { "rich-table", "{\\rtf1\\trowd\\intbl a\\cell b\\cell\\row\\pard c}", "a\tb\t\r\nc" },
  { "rich-list", "{\\rtf1{\\listtext\\'b7\\tab}a\\par}", "·\ta\r\n" },
  { "rich-list-in-a-list", WORD_LIST, "•\ta\r\n    o\tb\r\n•\tc\r\nd" },
  { "symbol-fonts",
    "{\\rtf1\\ansi{\\fonttbl{\\f0 A;}{\\f3\\fcharset2 Symbol;}{\\f4\\fcharset2 Wingdings;}{\\f5 Symbol;}}"
    "\\f0 a\\f3 a\\'ae\\u-3913 ?{\\f4 J!}\\f5 b}", "aα→•☺!b" },
  { "text-with-its-reading",
    "{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0\\fcharset128 M;}}\\f0 {\\field{\\*\\fldinst{EQ \\\\* jc2 \\\\* \"Font:(M,x\" "
    "\\\\* hps10 \\\\o\\\\ad(\\\\s\\\\up 9(\\'82\\'a9),\\'8a\\'bf)}}{\\fldrslt }}x", "漢(か)x" },
  { "equations",
    "{\\rtf1\\ansi{\\field{\\*\\fldinst EQ \\\\o\\\\ac(O;1)}{\\fldrslt}}{\\field{\\*\\fldinst eq \\\\b (a\\\\,\"b)))}{\\fldrslt x}}"
    "{\\field{\\*\\fldinst EQUAL (a)}{\\fldrslt y}}{\\field{\\*\\fldinst EQ \\\\}{\\fldrslt z}}", "O1a,\"byz" },
  { "symbol-fonts-of-text", "{\\rtf1\\ansi\\fromtext{\\fonttbl{\\f3\\fcharset2 Symbol;}}\\f3 a}", "a" },
  { "link-into-the-text",
    "{\\rtf1\\ansi{\\field{\\*\\fldinst HYPERLINK \\\\l \"_Toc1\"}{\\fldrslt here}}}", "here" },
  { "link-with-an-odd-switch",
    "{\\rtf1\\ansi{\\field{\\*\\fldinst HYPERLINK \\\\\\'ac \"s\" \"x\"}{\\fldrslt y}}}", "y <x>" },
  { "link-to-a-share",
    "{\\rtf1\\ansi{\\field{\\*\\fldinst{HYPERLINK \"\\\\\\\\\\\\\\\\srv\\\\\\\\share\"}}"
    "{\\fldrslt files}}}", "files <\\\\srv\\share>" },
  { "symbols",
    "{\\rtf1\\ansi{\\fonttbl\\f0 Arial;}a {\\field{\\*\\fldinst SYMBOL 74 \\\\f \"Wingdings\" \\\\s 11}"
    "{\\fldrslt\\f14}} {\\field{\\*\\fldinst SYMBOL 8364 \\\\u}{\\fldrslt x}} b}", "a ☺ € b" },
  { "rich-double-byte",
    "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fcharset0 A;}{\\f13\\fcharset128 M;}}"
    "\\loch\\af0\\hich\\af0\\dbch\\af13 \\'82\\'a0\\hich\\af0 x}", "あx" },
  { "marks-of-html-in-rich-text",
    "{\\rtf1\\ansi\\fromhtml0 {\\*\\htmltag64 <p>}one\\htmlrtf\\par\\htmlrtf0 two}", "one\r\ntwo" },
  { "text-box",
    "{\\rtf1\\ansi a {\\shp{\\*\\shpinst\\shpleft10{\\sp{\\sn x}{\\sv y}}{\\shptxt\\pard boxed\\par}}"
    "{\\shprslt{\\*\\do\\dptxbx{\\dptxbxtext boxed\\par}}}}b}", "a boxed\r\nb" },
  { "text-box-that-is-there-twice",
    "{\\rtf1\\ansi a{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv y}}{\\shptxt b}}{\\shprslt b}}"
    "{\\shp{\\*\\shpinst}{\\shprslt c}}{\\*\\shpgrp\\shpinst{\\shp{\\*\\shpinst{\\shptxt d}}}}}", "abcd" },
  { "two-forms-of-a-text",
    "{\\rtf1\\ansi a {\\upr{???{?}}{\\*\\ud{\\u1055 ?\\u1056 ?}}} b{\\upr}c\\upr d}", "a ПР bcd" },
  { "deleted-text", "{\\rtf1\\ansi a{\\deleted b}c}", "abc" },
  { "table-in-a-cell",
    "{\\rtf1\\ansi\\trowd\\intbl a{\\itap2 b\\nestcell{\\*\\nesttableprops\\trowd\\nestrow}"
    "{\\nonesttables\\par}c\\nestcell{\\*\\nesttableprops\\trowd\\nestrow}{\\nonesttables\\par}}\\cell\\row}",
    "ab\t\r\nc\t\r\n\t\r\n" },
};

static void
test_text (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GBytes) rtf = g_bytes_new_static (text_vectors[i].rtf, strlen (text_vectors[i].rtf));
  g_autoptr(GError) error = NULL;
  g_autofree char *text = imsg_rtf_to_text (rtf, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, text_vectors[i].text);
}

static void
test_published_sum (void)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA1, html_vectors[0].rtf, -1);

  g_assert_cmpuint (strlen (html_vectors[0].rtf), ==, 525);
  g_assert_cmpstr (sum, ==, "c9c81ccd3cf5bfd41deaa30ebe57a85f425ffa01");
}

static const struct
{
  const char     *name;
  const char     *rtf;
  IMsgRtfContent  content;
} contents[] = {
  { "nothing", "", IMSG_RTF_CONTENT_NONE },
  { "html", "<html>", IMSG_RTF_CONTENT_NONE },
  { "rtf", "{\\rtf1}", IMSG_RTF_CONTENT_RICH_TEXT },
  { "half", "{\\rt", IMSG_RTF_CONTENT_NONE },
  { "fromhtml-bare", "{\\rtf1\\fromhtml x}", IMSG_RTF_CONTENT_RICH_TEXT },
  { "fromhtml0", "{\\rtf1\\fromhtml0 x}", IMSG_RTF_CONTENT_RICH_TEXT },
  { "fromhtml10", "{\\rtf1\\fromhtml10 x}", IMSG_RTF_CONTENT_RICH_TEXT },
  { "fromhtml1", "{\\rtf1\\fromhtml1}", IMSG_RTF_CONTENT_HTML },
  { "tenth-token", "{\\rtf1\\a\\b\\c\\d\\e\\f\\g\\fromtext}", IMSG_RTF_CONTENT_TEXT },
  { "eleventh-token", "{\\rtf1\\a\\b\\c\\d\\e\\f\\g\\h\\fromtext}", IMSG_RTF_CONTENT_RICH_TEXT },
  { "after-text", "{\\rtf1 x\\fromhtml1}", IMSG_RTF_CONTENT_RICH_TEXT },
  { "after-symbol", "{\\rtf1\\*\\fromhtml1}", IMSG_RTF_CONTENT_RICH_TEXT },
};

static void
test_content (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GBytes) rtf = g_bytes_new_static (contents[i].rtf, strlen (contents[i].rtf));

  g_assert_cmpint (imsg_rtf_get_content (rtf), ==, contents[i].content);
}

/* Broken RTF: what was there before it broke comes out, and nothing else happens. */
static const struct
{
  const char *name;
  const char *rtf;
  const char *html;
  guint       n_problems;
} damaged[] = {
  { "cut-in-text", HEAD "abc", "abc", 1 },
  { "cut-in-tag", HEAD "a{\\*\\htmltag84 <b", "a<b", 1 },
  { "cut-in-backslash", HEAD "a\\", "a", 1 },
  { "cut-in-hexadecimal", HEAD "a\\'e", "ae", 1 },
  { "cut-in-word", HEAD "a\\htmlr", "a", 1 },
  { "cut-in-skipped-group", HEAD "a{\\*\\x {{", "a", 1 },
  { "cut-in-binary", HEAD "a\\bin999 xyz", "a", 1 },
  { "binary-huge", HEAD "a\\bin99999999999999 xyz}", "a", 1 },
  { "not-hexadecimal", HEAD "a\\'zzb}", "azzb", 0 },
  { "brace-too-many", HEAD "a}}\r\n", "a", 0 },
  { "text-after-the-end", HEAD "a}}b}", "a", 1 },
  { "long-word", HEAD "\\abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz1 a}", "a", 0 },
  { "huge-numbers", HEAD "\\f99999999999\\uc-5\\u99999999999 ?\\u-99999 ?a}",
    "\xEF\xBF\xBD?\xEF\xBF\xBD?a", 1 },
  { "unknown-page", "{\\rtf1\\ansicpg4242\\fromhtml1 \\'e9}", "é", 0 },
  { "fonts-never-end", "{\\rtf1\\fromhtml1{\\fonttbl{\\f0 A;}\\f1 B; a", "", 1 },
  { "lead-without-trail", HEAD "{\\f1 \\'82\\'a0\\'82}}", "あ\xEF\xBF\xBD", 1 },
};

static void
test_damaged (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GBytes) rtf = g_bytes_new_static (damaged[i].rtf, strlen (damaged[i].rtf));
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *html = imsg_rtf_to_html (rtf, &problems, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (html, ==, damaged[i].html);
  g_assert_cmpuint (problems->len, ==, damaged[i].n_problems);
}

static void
test_no_rtf (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("plain text", 10);
  g_autoptr(GError) error = NULL;

  g_assert_null (imsg_rtf_to_html (bytes, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
  g_clear_error (&error);
  g_assert_null (imsg_rtf_to_text (bytes, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
}

#define RICH_HEAD "{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset0 Ari\"al;}{\\f1 Times;}{\\f2\\fcharset2 Symbol;}}" \
                  "{\\colortbl;\\red255\\green0\\blue10;}\\f0\\pard "
#define PNG_HEX "89504e470d0a1a0a 0000000d"
#define PNG_BASE64 "iVBORw0KGgoAAAAN"

/* What must be in the HTML, in this order */
static const struct
{
  const char *name;
  const char *rtf;
  const char *html;
} rich_vectors[] = {
  { "alignment", RICH_HEAD "\\qc a\\par}", "<p style=\"text-align:center;\"><span style=\"font-family:'Arial';\">a" },
  { "emphasis", RICH_HEAD "{\\b bold}{\\i\\ul both}}", "<b>bold</b>*<i><u>both</u></i>" },
  { "color-and-size", RICH_HEAD "\\cf1\\fs20 small}", "font-size:10pt;color:#ff000a;\">small" },
  { "escaped", RICH_HEAD "a<b>&}", "a&lt;b&gt;&amp;" },
  { "table", RICH_HEAD "\\trowd\\intbl x\\cell y\\cell\\row\\pard z}",
    "<table*<tr><td>*x*</td><td>*y*</td></tr>*</table>*<p>*z" },
  { "link", RICH_HEAD "{\\field{\\*\\fldinst HYPERLINK \"http://h/?a&b\" \\\\o \"tip\"}{\\fldrslt good}}}",
    "<a href=\"http://h/?a&amp;b\">*good*</a>" },
  { "link-of-script", RICH_HEAD "{\\field{\\*\\fldinst HYPERLINK \"javascript:x\"}{\\fldrslt bad}}}",
    "<p><span style=\"font-family:'Arial';\">bad" },
  { "picture",
    RICH_HEAD "{\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn abcdef}}}\\picscalex50\\picscaley100"
    "\\picwgoal600\\pichgoal300\\pngblip\r\n" PNG_HEX "}}{\\nonshppict{\\pict\\wmetafile8 0102}}z}",
    "<img alt=\"\" src=\"data:image/png;base64," PNG_BASE64 "\" width=\"20\" height=\"20\">z" },
  { "picture-without-a-shape", RICH_HEAD "{\\nonshppict{\\pict\\pngblip " PNG_HEX "}}z}",
    "base64," PNG_BASE64 "\">z" },
  { "picture-in-binary", RICH_HEAD "{\\pict\\jpegblip\\bin4 \xFF\xD8\xFF}}z}",
    "data:image/jpeg;base64,/9j/fQ==\">z" },
  { "picture-of-a-shape",
    RICH_HEAD "{\\shp{\\*\\shpinst{\\sp{\\sn pib}{\\sv {\\pict\\pngblip " PNG_HEX "}}}}"
    "{\\shprslt\\par{\\pict\\wmetafile8 01}\\par}}z}", "<p><span*\"><img*base64," PNG_BASE64 "\">z</span></p>" },
  { "picture-of-a-shape-as-it-looks",
    RICH_HEAD "{\\shp{\\*\\shpinst{\\sp{\\sn pib}{\\sv {\\pict\\wmetafile8 01}}}}"
    "{\\shprslt{\\pict\\wmetafile8 01}}}z}", "\">[picture]z</span></p>" },
  { "picture-of-another-kind", RICH_HEAD "{\\pict\\wmetafile8 0102}z}", "[picture]z" },
  { "picture-that-is-none", RICH_HEAD "{\\pict\\pngblip 0102}z}", "[picture]z" },
  { "bullets",
    RICH_HEAD "{\\listtext\\f2\\'b7\\tab}\\ilvl0\\li720 a\\par{\\listtext\\f2\\'b7\\tab}b\\par"
    "\\pard\\ilvl1{\\listtext o\\tab}c\\par\\pard d\\par}",
    "<ul><li><p>*a*</p>\r\n</li>\r\n<li><p*b*</p>\r\n<ul><li><p>*c*</p>\r\n</li></ul>\r\n</li></ul>\r\n<p>*d" },
  { "list-in-a-list", WORD_LIST,
    "<ul><li><p*a*</p>\r\n<ul><li><p*b*</p>\r\n</li></ul>\r\n</li>\r\n<li><p*c*</p>\r\n</li></ul>\r\n<p>*d" },
  { "item-of-nothing", RICH_HEAD "{\\listtext 1.\\tab}\\par{\\listtext 2.\\tab}}",
    "<li value=\"1\"><p><br></p>\r\n</li>\r\n<li value=\"2\"></li></ol>" },
  { "numbers", RICH_HEAD "{\\pntext 3.\\tab}a\\par{\\pntext (4)\\tab}b\\par}",
    "<ol><li value=\"3\"><p>*a*<li value=\"4\"><p>*b*</li></ol>" },
  { "letters", RICH_HEAD "{\\listtext b)\\tab}a\\par}",
    "<ol style=\"list-style-type:none\"><li><p>*b)\t*a*</li></ol>" },
  { "numbers-of-parts", RICH_HEAD "{\\listtext 2.1\\tab}a\\par}", "none\"><li><p>*2.1\t*a*</li></ol>" },
  { "number-alone", RICH_HEAD "{\\listtext 7\\tab}a\\par}", "<ol><li value=\"7\"><p>*a*</li></ol>" },
  { "other-list", RICH_HEAD "{\\listtext 1.}a\\par{\\listtext\\'b7}b\\par}", "</li></ol>\r\n<ul><li>" },
  { "passed-levels", RICH_HEAD "\\ilvl2{\\listtext\\'b7}a\\par}", "<ul><li><ul><li><ul><li><p>*a*</li></ul>\r\n</li></ul>\r\n</li></ul>" },
  { "list-in-a-cell", RICH_HEAD "\\trowd\\intbl{\\listtext 1.\\tab}x\\cell\\row}", "<td>*1.\t*x*</td>" },
  { "object", RICH_HEAD "a{\\object\\objemb{\\*\\objclass W}{\\*\\objdata 01}{\\result b}}c}", "abc" },
  { "place-of-attachment", RICH_HEAD "a\\objattph\\'20}", "a[attachment 1]" },
};

/* A star stands for whatever is between. */
static void
assert_has (const char *text,
            const char *pattern)
{
  g_auto(GStrv) parts = g_strsplit (pattern, "*", -1);
  const char *at = text;

  for (char **part = parts; *part != NULL; part++)
    {
      const char *found = strstr (at, *part);

      if (found == NULL)
        g_error ("%s is not in %s", *part, at);
      at = found + strlen (*part);
    }
}

static void
test_rich_html (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GBytes) rtf = g_bytes_new_static (rich_vectors[i].rtf, strlen (rich_vectors[i].rtf));
  g_autofree char *html = imsg_rtf_to_html (rtf, NULL, NULL);

  assert_has (html, rich_vectors[i].html);
  g_assert_null (strstr (html, "javascript"));
  g_assert_true (g_str_has_suffix (html, "</body></html>\r\n"));
}

/* A picture that would go over the limit is told in a word. */
static void
test_picture_limit (void)
{
  static const char source[] = RICH_HEAD "{\\pict\\pngblip " PNG_HEX PNG_HEX PNG_HEX "}z}";
  gsize limit = 0;

  for (gsize length = 0; limit < 2000; limit++)
    {
      g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
      g_autofree char *html = _imsg_rtf_to_html ((const guint8 *) source, strlen (source), limit,
                                                 &length, problems, NULL);

      if (strstr (html, "base64") == NULL)
        continue;
      g_assert_cmpuint (length, <=, limit + 100);
      break;
    }
  g_assert_cmpuint (limit, >, 100);
  g_assert_cmpuint (limit, <, 2000);
}

/* What is encapsulated comes back the same, line ends as CR LF. */
static const struct
{
  const char *name;
  const char *html;
} round_trips[] = {
  { "empty", "" },
  { "page", "<!DOCTYPE html>\r\n<html><head><title>a & b</title><style>p {color:red}\\</style></head>"
            "\r\n<body>\r\n<p>one<br>two</p>\r\n<!-- a {comment} -->x &nbsp; &amp; &eacute; &#8364; &x;"
            "\r\n</body></html>" },
  { "braces", "a{b}c\\d" },
  { "characters", "<p title=\"日本\">é€😀\tשלום" "\xC2\xA0" "</p>" },
  { "spaces", " a  b <b> c </b> \r\n\r\n  d" },
  { "broken", "a < b <p attr=\"unclosed>text</p><!-- never ends <" },
  { "lone-bracket", "<" },
  { "script", "<script>if (a < b) { x = \"</p>\"; }</script>y" },
};

static void
test_round_trip (gconstpointer data)
{
  const char *html = round_trips[GPOINTER_TO_UINT (data)].html;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) rtf = imsg_rtf_from_html (html);
  g_autoptr(GBytes) text_rtf = imsg_rtf_from_text (html);
  g_autofree char *html_back = imsg_rtf_to_html (rtf, &problems, &error);
  g_autofree char *text_back = imsg_rtf_to_text (text_rtf, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpstr (html_back, ==, html);
  g_assert_cmpstr (text_back, ==, html);
  g_assert_cmpint (imsg_rtf_get_content (rtf), ==, IMSG_RTF_CONTENT_HTML);
  g_assert_cmpint (imsg_rtf_get_content (text_rtf), ==, IMSG_RTF_CONTENT_TEXT);
}

/* Readers of RTF alone see the words, and where lines end. */
static void
test_readable_as_rtf (void)
{
  g_autoptr(GBytes) rtf = imsg_rtf_from_html ("<title>t</title><p>a <b>b</b>&amp;c</p>\n<p>d</p>");
  g_autofree char *source = g_strndup (g_bytes_get_data (rtf, NULL), g_bytes_get_size (rtf));
  g_autoptr(GString) plain = g_string_new (source);
  g_autoptr(GBytes) plain_bytes = NULL;
  g_autofree char *text = NULL;

  /* A reader that knows neither word ignores both. */
  g_string_replace (plain, "\\fromhtml1", "", 0);
  g_string_replace (plain, "\\htmlrtf0 ", "{}", 0);
  g_string_replace (plain, "\\htmlrtf", "{}", 0);
  plain_bytes = g_bytes_new (plain->str, plain->len);
  text = imsg_rtf_to_text (plain_bytes, NULL, NULL);
  g_strdelimit (text, "\r\n", '|');
  g_assert_true (strstr (text, "b&c||") != NULL || strstr (text, "b &c||") != NULL);
  g_assert_null (strstr (text, "t"));
}

static char *
repeat (const char *head,
        const char *unit,
        gsize       n,
        const char *tail)
{
  GString *out = g_string_new (head);

  for (gsize i = 0; i < n; i++)
    g_string_append (out, unit);
  g_string_append (out, tail);
  return g_string_free (out, FALSE);
}

static void
check_conversions (const char *rtf)
{
  g_autoptr(GBytes) bytes = g_bytes_new (rtf, strlen (rtf));
  g_autofree char *html = imsg_rtf_to_html (bytes, NULL, NULL);
  g_autofree char *text = imsg_rtf_to_text (bytes, NULL, NULL);

  g_assert_nonnull (html);
  g_assert_nonnull (text);
}

/* At the bound all is well; past it the text is still there, and the loss of formatting told. */
static void
test_nesting_limit (void)
{
  for (gsize n = IMSG_MAX_RTF_GROUPS - 1; n <= IMSG_MAX_RTF_GROUPS; n++)
    {
      g_autofree char *open = repeat (HEAD, "{", n, "x");
      g_autofree char *closed = repeat (open, "}", n + 1, "");
      g_autoptr(GBytes) rtf = g_bytes_new (closed, strlen (closed));
      g_autoptr(GPtrArray) problems = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *html = imsg_rtf_to_html (rtf, &problems, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (html, ==, "x");
      g_assert_cmpuint (problems->len, ==, n < IMSG_MAX_RTF_GROUPS ? 0 : 1);
      if (problems->len > 0)
        g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_TOO_COMPLEX);
    }
}

static void
test_deep_nesting (void)
{
  g_autofree char *open = repeat (HEAD, "{a", 100000, "");
  g_autofree char *closed = repeat (open, "}", 100001, "");
  g_autofree char *tags = repeat (HEAD, "{\\*\\htmltag84 {", 100000, "x");
  g_autofree char *rich = repeat ("{\\rtf1 ", "{\\b{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt ", 50000,
                                  "x");
  g_autofree char *past_bound = repeat (HEAD, "{", IMSG_MAX_RTF_GROUPS + 10, "");
  g_autofree char *past_bound_closed = repeat (past_bound, "}", IMSG_MAX_RTF_GROUPS + 10, "end}");
  g_autoptr(GBytes) bytes = g_bytes_new (past_bound_closed, strlen (past_bound_closed));
  g_autofree char *html = imsg_rtf_to_html (bytes, NULL, NULL);

  g_assert_cmpstr (html, ==, "end");
  check_conversions (open);
  check_conversions (closed);
  check_conversions (tags);
  check_conversions (rich);
}

/* More than a megabyte of what is begun again and again; were it quadratic the test would not end in
 * time, and "bench-text" compares how long it takes. */
static void
test_repeated (void)
{
  static const char *const units[] = {
    "{\\f1 \\'82\\'a0}", "\\u8364 ?", "{\\*\\htmltag84 <p>}a\\par ", "\\htmlrtf x\\htmlrtf0 y",
    "{\\*\\x ", "\\'82", "{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt y}}",
    "{\\*\\htmltag84 <!--}", "{\\*\\htmltag84 <a href=\"}", "{\\*\\htmltag84 <style>}", "<", "&",
    "\\bin1 x", "{\\fonttbl{\\f1 x;}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autofree char *rtf = repeat (HEAD, units[i], 1600000 / strlen (units[i]), "}");

      check_conversions (rtf);
    }
}

static void
test_limit (void)
{
  static const char source[] = HEAD "abcdéfgh}";

  for (gsize limit = 0; limit < 12; limit++)
    {
      g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
      gsize length;
      g_autofree char *html = _imsg_rtf_to_html ((const guint8 *) source, strlen (source), limit,
                                                 &length, problems, NULL);

      g_assert_cmpuint (length, <=, limit);
      g_assert_true (g_utf8_validate (html, -1, NULL));
      g_assert_cmpuint (problems->len, ==, length == strlen ("abcdÃ©fgh") ? 0 : 1);
    }
}

/* Other decoders' results, where two of them agree: the sum of the text without white space. */
typedef struct
{
  GHashTable *sums; /* path -> JsonObject */
  guint       n_equal;
} Agreement;

static char *
sum_without_space (const char *text)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (!g_unichar_isspace (character) && character != 0x85 &&
          !(character >= 0x1C && character <= 0x1F) && character != 0x0B)
        g_checksum_update (checksum, (const guchar *) at, g_utf8_next_char (at) - at);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static void
check_sample (const char *path,
              gboolean    is_outermost,
              GBytes     *compressed,
              gpointer    user_data)
{
  Agreement *agreement = user_data;
  JsonObject *expected = g_hash_table_lookup (agreement->sums, path);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) rtf = imsg_rtf_decompress (compressed, NULL, NULL);
  g_autoptr(GBytes) again = NULL;
  g_autofree char *html = NULL;
  g_autofree char *text = NULL;
  g_autofree char *back = NULL;
  g_autofree char *sum = NULL;

  if (rtf == NULL || imsg_rtf_get_content (rtf) == IMSG_RTF_CONTENT_NONE)
    return;
  html = imsg_rtf_to_html (rtf, NULL, &error);
  g_assert_no_error (error);
  text = imsg_rtf_to_text (rtf, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (html, -1, NULL));
  g_assert_true (g_utf8_validate (text, -1, NULL));

  again = imsg_rtf_from_html (html);
  back = imsg_rtf_to_html (again, NULL, &error);
  g_assert_no_error (error);
  if (imsg_rtf_get_content (rtf) == IMSG_RTF_CONTENT_HTML)
    g_assert_cmpstr (back, ==, html);

  if (!is_outermost || expected == NULL)
    return;
  if (strcmp (json_object_get_string_member (expected, "mode"), "html") == 0)
    sum = sum_without_space (html);
  else
    sum = sum_without_space (text);
  if (strcmp (sum, json_object_get_string_member (expected, "sha256")) != 0)
    g_error ("%s: two other decoders agree on something else", path);
  agreement->n_equal++;
}

static void
test_samples (void)
{
  g_autofree char *samples = test_dup_samples ();
  g_autofree char *list_path = NULL;
  g_autofree char *list = NULL;
  g_auto(GStrv) lines = NULL;
  Agreement agreement = { NULL, 0 };
  guint n_expected = 0;

  if (samples == NULL)
    return;
  agreement.sums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) json_object_unref);
  list_path = g_build_filename (samples, "deencapsulated.jsonl", NULL);
  if (g_file_get_contents (list_path, &list, NULL, NULL))
    lines = g_strsplit (list, "\n", -1);
  for (char **line = lines; line != NULL && *line != NULL && **line != '\0'; line++)
    {
      g_autoptr(JsonNode) node = json_from_string (*line, NULL);
      JsonObject *object = json_node_dup_object (node);

      g_hash_table_insert (agreement.sums,
                           g_strdup (json_object_get_string_member (object, "file")), object);
      n_expected++;
    }
  g_assert_cmpuint (test_foreach_rtf ("msg", check_sample, &agreement), >, 0);
  test_foreach_rtf ("malformed", check_sample, &agreement);
  g_test_message ("%u of %u agree", agreement.n_equal, n_expected);
  g_assert_cmpuint (agreement.n_equal, ==, n_expected);
  g_hash_table_unref (agreement.sums);
}

#define ADD_TABLE(table, prefix, func)                                              \
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)                                  \
    {                                                                               \
      g_autofree char *path = g_strconcat ("/imsg/rtf-encapsulation/" prefix "/",   \
                                           table[i].name, NULL);                    \
                                                                                    \
      g_test_add_data_func (path, GUINT_TO_POINTER (i), func);                      \
    }

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_TABLE (html_vectors, "html", test_html)
  ADD_TABLE (text_vectors, "text", test_text)
  ADD_TABLE (contents, "content", test_content)
  ADD_TABLE (damaged, "damaged", test_damaged)
  ADD_TABLE (rich_vectors, "rich-html", test_rich_html)
  ADD_TABLE (round_trips, "round-trip", test_round_trip)
  g_test_add_func ("/imsg/rtf-encapsulation/published-sum", test_published_sum);
  g_test_add_func ("/imsg/rtf-encapsulation/no-rtf", test_no_rtf);
  g_test_add_func ("/imsg/rtf-encapsulation/picture-limit", test_picture_limit);
  g_test_add_func ("/imsg/rtf-encapsulation/readable-as-rtf", test_readable_as_rtf);
  g_test_add_func ("/imsg/rtf-encapsulation/deep-nesting", test_deep_nesting);
  g_test_add_func ("/imsg/rtf-encapsulation/nesting-limit", test_nesting_limit);
  g_test_add_func ("/imsg/rtf-encapsulation/repeated", test_repeated);
  g_test_add_func ("/imsg/rtf-encapsulation/limit", test_limit);
  g_test_add_func ("/imsg/rtf-encapsulation/samples", test_samples);
  return g_test_run ();
}
