/* test-code-page.c - Windows code pages to and from UTF-8
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"

#include "test-body-util.h"

#define REPLACEMENT "\xEF\xBF\xBD"

/* Each comes back the same when encoded again. */
static const struct
{
  const char *name;
  guint       code_page;
  const char *bytes;
  const char *text;
} vectors[] = {
  { "1252", 1252, "caf\xE9 \x80 \x93q\x94", "café € “q”" },
  { "1252-controls", 1252, "\x81\x8D\x8F\x90\x9D", "\xC2\x81\xC2\x8D\xC2\x8F\xC2\x90\xC2\x9D" },
  { "1250", 1250, "\x8A\xB3\xF8", "Šłř" },
  { "1251", 1251, "\xCF\xF0\xE8\xE2\xE5\xF2", "Привет" },
  { "1253", 1253, "\xC1\xE8\xDE\xED\xE1", "Αθήνα" },
  { "1254", 1254, "\xDDzmir", "İzmir" },
  { "1255", 1255, "\xF9\xEC\xE5\xED", "שלום" },
  { "1255-private", 1255, "\xD9\xFF", "\xEF\xA2\x8D\xEF\xA2\x96" },
  { "1256", 1256, "\xE3\xD1\xCD\xC8\xC7", "مرحبا" },
  { "1257", 1257, "\xC2\xE2\xF0", "Āāš" },
  { "1258", 1258, "Vi\xEA\xF2t", "Vi\xC3\xAA\xCC\xA3t" },
  { "874", 874, "\xCA\xC7\xD1\xCA\xB4\xD5", "สวัสดี" },
  { "437", 437, "\x9B\xE1\xC4", "¢ß─" },
  { "720", 720, "\xA0\x91", "\xD8\xA8\xD9\x91" },
  { "850", 850, "\x81\xD5", "üı" },
  { "852", 852, "\x9F\xE7", "čš" },
  { "855", 855, "\xA0\xA1", "аА" },
  { "857", 857, "\x98\x9E", "İŞ" },
  { "858", 858, "\xD5", "€" },
  { "862", 862, "\x99\x8C", "של" },
  { "866", 866, "\x8F\xE0\xA8", "При" },
  { "20866", 20866, "\xF0\xD2\xC9\xD7\xC5\xD4", "Привет" },
  { "21866", 21866, "\xA4\xA7\xAD", "єїґ" },
  { "28591", 28591, "\x80\xE9", "\xC2\x80é" },
  { "28592", 28592, "\xA9\xB3", "Šł" },
  { "28595", 28595, "\xBF\xE0", "Пр" },
  { "28605", 28605, "\xA4", "€" },
  { "38598", 38598, "\xF9", "ש" },
  { "20127", 20127, "a\xE9", "aé" },
  { "10000", 10000, "\x8E\xDB\xD3", "é€”" },
  { "10007", 10007, "\x80\xDF", "Ая" },
  { "10029", 10029, "\x8A\xFC", "äŁ" },
  { "10081", 10081, "\xDC\xDD", "İı" },
  { "932", 932, "\x93\xFA\x96{\x83\\ \xB1", "日本ソ ｱ" },
  { "932-tilde", 932, "\x81\x60\x81\x61\x87\x40", "～∥①" },
  { "932-single", 932, "\x80\xA0\xFD\xFE\xFF",
    "\xC2\x80\xEF\xA3\xB0\xEF\xA3\xB1\xEF\xA3\xB2\xEF\xA3\xB3" },
  { "932-private", 932, "\xF0\x40", "\xEE\x80\x80" },
  { "936", 936, "\xC4\xE3\xBA\xC3\x80\x81@", "你好€丂" },
  { "949", 949, "\xC7\xD1\xB1\xDB\x81\x41", "한글갂" },
  { "950", 950, "\xA4\xA4\xA4\xE5\xA5\\", "中文功" },
  { "1361", 1361, "\xD0\x65\x8B\x69 \\", "한글 \\" },
  { "51932", 51932, "\xC6\xFC\xA1\xC1\xAD\xA1\x8E\xB1", "日～①ｱ" },
  { "51936", 51936, "\xC4\xE3", "你" },
  { "51949", 51949, "\xC7\xD1", "한" },
  { "54936", 54936, "\xC4\xE3\x94\x39\xFC\x36", "你😀" },
  { "50220", 50220, "a\x1B$B$\"0lF|\x1B(Bb", "aあ一日b" },
  { "50221", 50221, "\x1B(I1\x1B$B0l\x1B(B", "ｱ一" },
  { "50220-nec-row", 50220, "\x1B$B-!\x1B(B", "①" },
  { "50220-ibm-row", 50220, "\x1B$By!\x1B(B", "纊" },
  { "50225", 50225, "\x1B$)Ca\x0EGQ\x0F b", "a한 b" },
  { "50227", 50227, "a\x1B$)A\x0E" "Dc:C\x0F\n~", "a你好\n~" },
  { "50229", 50229, "\x1B$)G\x0E" "DcEF\x0F b\x1B$*H\x1BN!!", "中文 b乂" },
  { "52936", 52936, "a~~~{Dc:C~}b", "a~你好b" },
  { "37", 37, "\xC8\x89\x5A \xF1", "Hi!\xC2\x80" "1" },
  { "500", 500, "\x4A\x5A\x4F", "[]!" },
  { "1140", 1140, "\x9F", "€" },
  { "20273", 20273, "\x4A\xC0", "Ää" },
  { "20424", 20424, "\x41\x42", "אב" },
  { "21025", 21025, "\xB9\xB8", "АЮ" },
  { "65000", 65000, "Hi Mom -+Jjo--+-+2D3eAA-", "Hi Mom -☺-+😀" },
  { "65001", 65001, "é😀", "é😀" },
};

static void
test_vector (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  gsize n_bytes = strlen (vectors[i].bytes);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) encoded = NULL;
  gsize length = 0;
  gsize n_replaced = 9;
  g_autofree char *text = _imsg_code_page_decode (vectors[i].code_page, vectors[i].bytes, n_bytes,
                                                  &length, &n_replaced);

  g_assert_cmpstr (text, ==, vectors[i].text);
  g_assert_cmpuint (length, ==, strlen (text));
  g_assert_cmpuint (n_replaced, ==, 0);
  g_assert_true (_imsg_code_page_is_valid (vectors[i].code_page, vectors[i].bytes, n_bytes));

  encoded = _imsg_code_page_encode (vectors[i].code_page, text, length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (encoded, NULL), g_bytes_get_size (encoded),
                   vectors[i].bytes, n_bytes);
}

static const struct
{
  const char *name;
  guint       code_page;
  const char *bytes;
  gsize       n_bytes;
  const char *text;
  gsize       n_replaced;
} damaged[] = {
  { "932-lead-at-end", 932, "a\x93", 2, "a" REPLACEMENT, 1 },
  { "932-bad-trail", 932, "\x93<b>", 4, REPLACEMENT "<b>", 1 },
  { "936-lead-then-line", 936, "\xC4\r\nx", 4, REPLACEMENT "\r\nx", 1 },
  { "936-is-gb18030", 936, "\xC4\xE3\x94\x39\xFC\x36\xA8\xBF" "a", 9, "你😀ǹa", 0 },
  { "51936-is-gb18030", 51936, "\x81\x30\x84\x36", 4, "¥", 0 },
  { "936-half-of-four", 936, "\x94\x39\xFC", 3, NULL, 0 },
  { "936-four-of-nothing", 936, "\x94\x39\xFC" "a", 4, NULL, 0 },
  { "950-is-big5-hkscs", 950, "\xA4\xA4\x9D\xEF\x8B\xFA\x88\x62" "a", 9, "中嘅𠂇Ê̄a", 0 },
  { "950-of-eten", 950, "\xC6\xA1\xC7\x55\xC7\xF2\xC7\xF3\xA4\xA4", 10, "①のヶА中", 0 },
  { "950-of-its-user", 950, "\xC6\xCF\xC6\xA1\xC8\xF4", 6, "\xEF\x9B\x9F①\xEF\xA0\xBE", 0 },
  { "950-of-nothing", 950, "\x81\x40\x81" "a", 4, NULL, 1 },
  { "949-unassigned", 949, "\xC9\xFE", 2, NULL, 0 },
  { "874-private-is-kept", 874, "\xDB", 1, "\xEF\xA3\x81", 0 },
  { "28596-unassigned", 28596, "\xA1", 1, REPLACEMENT, 1 },
  { "gb18030-half-of-four", 54936, "\x94\x39\xFC", 3, NULL, 0 },
  { "utf8-truncated", 65001, "a\xE2\x82", 3, "a" REPLACEMENT, 1 },
  { "utf8-surrogate", 65001, "\xED\xA0\x80", 3, REPLACEMENT REPLACEMENT REPLACEMENT, 3 },
  { "utf8-overlong", 65001, "\xC0\xAF", 2, REPLACEMENT REPLACEMENT, 2 },
  { "utf7-high-byte", 65000, "a\xE9", 2, "a" REPLACEMENT, 1 },
  { "utf7-bare-plus", 65000, "1 + 1", 5, "1 + 1", 0 },
  { "iso-2022-jp-is-shift-jis", 50220, "\x93\xFA\x96{\x83\x0A", 6, "日本" REPLACEMENT "\n", 1 },
  { "iso-2022-jp-half-a-pair", 50220, "\x1B$B0", 4, REPLACEMENT, 1 },
  { "iso-2022-jp-line-resets", 50220, "\x1B$B0l\nab", 8, "一\nab", 0 },
  { "iso-2022-jp-unknown-escape", 50220, "\x1B%Gx", 4, "\x1B%Gx", 0 },
  { "iso-2022-jp-supplement", 50220, "\x1B$(D0!\x1B(B", 9, "丂", 0 },
  { "iso-2022-kr-half-a-pair", 50225, "\x0EG", 2, REPLACEMENT, 1 },
  { "iso-2022-jp-of-all", 50220, "\x1B$ADc\x1B$(CGQ\x1B$B0l\x1B(Bz\x82\xA0", 22, "你한一zあ", 0 },
  { "iso-2022-cn-of-all", 50227, "\x1B$)A\x0E" "Dc\x1B$)GDc\x1B$*H\x1BN!!\x1B$+I\x1BO!!\n!!", 32,
    "你中乂丨\n!!", 0 },
  { "iso-2022-cn-is-gbk", 50227, "\xC4\xE3\x81@", 4, "你丂", 0 },
  { "iso-2022-cn-announces-nothing", 50229, "\x0E" "Dc\x1B!", 5, "中\x1B" REPLACEMENT, 1 },
  { "iso-2022-cn-half-a-pair", 50227, "\x0E" "D", 2, REPLACEMENT, 1 },
  { "hz-half-a-pair", 52936, "~{D", 3, REPLACEMENT, 1 },
  { "unknown-page-is-1252", 4242, "\xE9", 1, "é", 0 },
  { "utf32", 12000, "\x00\xF6\x01\x00" "a\0\0\0" "\x00\xD8\0\0" "\xFF\xFF\xFF\xFF" "b", 17,
    "😀a" REPLACEMENT REPLACEMENT, 2 },
  { "utf32be", 12001, "\0\0\x20\xAC", 4, "€", 0 },
  { "utf16-lone-surrogate", 1200, "\x3D\xD8" "a\0", 4, REPLACEMENT "a", 1 },
  { "utf16-odd-byte", 1200, "a\0b", 3, "a", 0 },
  { "utf16be", 1201, "\0a\x20\xAC", 4, "a€", 0 },
};

static void
test_damaged (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  gsize n_replaced = 0;
  gsize length = 0;
  g_autofree char *text = _imsg_code_page_decode (damaged[i].code_page, damaged[i].bytes,
                                                  damaged[i].n_bytes, &length, &n_replaced);

  g_assert_true (g_utf8_validate_len (text, length, NULL));
  if (damaged[i].text == NULL)
    {
      g_assert_cmpuint (n_replaced, >, 0);
      return;
    }
  g_assert_cmpstr (text, ==, damaged[i].text);
  g_assert_cmpuint (n_replaced, ==, damaged[i].n_replaced);
  g_assert_cmpint (_imsg_code_page_is_valid (damaged[i].code_page, damaged[i].bytes,
                                             damaged[i].n_bytes), ==, n_replaced == 0);
}

static void
test_nul_is_kept (void)
{
  static const guint pages[] = { 1252, 932, 65001, 50220, 65000, 52936 };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gsize length;
      g_autofree char *text = _imsg_code_page_decode (pages[i], "a\0b", 3, &length, NULL);

      g_assert_cmpmem (text, length, "a\0b", 3);
    }
}

static void
test_no_place (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  gsize n_replaced = 0;

  g_assert_null (_imsg_code_page_encode (1252, "aд", 3, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);
  g_clear_error (&error);
  g_assert_null (_imsg_code_page_encode (4242, "a", 1, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_UNKNOWN_CODE_PAGE);
  g_clear_error (&error);
  g_assert_null (_imsg_code_page_encode (932, "¥", 2, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);

  g_clear_error (&error);
  g_assert_null (_imsg_code_page_encode (950, "\xEF\x9A\xB1", 3, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);
  g_clear_error (&error);
  g_assert_null (_imsg_code_page_encode (50220, "\x1B$B", 3, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);

  bytes = _imsg_code_page_encode_lossy (37, "Hé日i", strlen ("Hé日i"), &n_replaced);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\xC8\x51\x6F\x89", 4);
  g_assert_cmpuint (n_replaced, ==, 1);
  g_clear_pointer (&bytes, g_bytes_unref);
  bytes = _imsg_code_page_encode (12001, "a€", 4, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\0\0\0a\0\0\x20\xAC", 8);
  g_clear_pointer (&bytes, g_bytes_unref);

  bytes = _imsg_code_page_encode_lossy (932, "日😀é\\", strlen ("日😀é\\"), &n_replaced);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\x93\xFA??\\", 5);
  g_assert_cmpuint (n_replaced, ==, 2);
}

/* Whatever the page, every text of bytes comes out as UTF-8; a long one of rubbish too. */
static void
test_every_page (void)
{
  g_autofree guint8 *all = g_malloc (65536 * 2);
  gsize n_pages = 0;

  for (guint i = 0; i < 65536; i++)
    {
      all[i * 2] = i >> 8;
      all[i * 2 + 1] = i & 0xFF;
    }
  for (guint page = 0; page < 65536; page++)
    {
      gsize length;
      g_autofree char *text = NULL;

      if (!_imsg_code_page_is_known (page))
        continue;
      n_pages++;
      text = _imsg_code_page_decode (page, all, 65536 * 2, &length, NULL);
      /* In units of four bytes there is no NUL among these. */
      g_assert_true (memchr (text, 0, length) != NULL || page == 12000 || page == 12001);
      for (gsize k = 0; k < length; k += strlen (text + k) + 1)
        g_assert_true (g_utf8_validate (text + k, -1, NULL));
      g_assert_nonnull (_imsg_code_page_get_charset (page));
      g_assert_cmpuint (_imsg_code_page_from_charset (_imsg_code_page_get_charset (page)), !=, 0);
    }
  g_assert_cmpuint (n_pages, >, 80);
}

/* Each thread keeps a few converters open: one that is let go in the middle of a text is opened anew. */
static void
test_many_converters (void)
{
  static const guint others[] = { 932, 949, 950, 1361, 51932, 51950, 54936 };

  for (guint i = 0; i <= G_N_ELEMENTS (others); i++)
    {
      g_autofree char *text = NULL;

      for (guint k = 0; k < i; k++)
        g_free (_imsg_code_page_decode (others[k], "\xB0\xA1", 2, NULL, NULL));
      text = _imsg_code_page_decode (936, "\xC4\xE3\x94\x39\xFC\x36\xC4\xE3", 8, NULL, NULL);
      g_assert_cmpstr (text, ==, "你😀你");
    }
}

/* Were it quadratic the test would not end in time, and "bench-text" compares how long it takes. */
static void
test_rubbish (void)
{
  gsize n_bytes = 4 << 20;
  g_autofree guint8 *rubbish = g_malloc (n_bytes);
  static const guint pages[] = { 932, 936, 949, 950, 1361, 51932, 54936, 50220, 50227, 65001,
                                65000 };

  memset (rubbish, 0xFF, n_bytes);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gsize length;
      g_autofree char *text = _imsg_code_page_decode (pages[i], rubbish, n_bytes, &length, NULL);

      g_assert_cmpuint (length, >=, n_bytes);
      g_assert_cmpuint (length, <=, n_bytes * 3);
    }
}

static void
test_names (void)
{
  g_assert_cmpuint (_imsg_code_page_from_charset ("UTF-8"), ==, 65001);
  g_assert_cmpuint (_imsg_code_page_from_charset ("ISO_8859-1"), ==, 28591);
  g_assert_cmpuint (_imsg_code_page_from_charset ("latin1"), ==, 28591);
  g_assert_cmpuint (_imsg_code_page_from_charset ("Windows-1252"), ==, 1252);
  g_assert_cmpuint (_imsg_code_page_from_charset ("cp850"), ==, 850);
  g_assert_cmpuint (_imsg_code_page_from_charset ("x-sjis"), ==, 932);
  g_assert_cmpuint (_imsg_code_page_from_charset ("ks_c_5601-1987"), ==, 949);
  g_assert_cmpuint (_imsg_code_page_from_charset ("GB2312"), ==, 936);
  g_assert_cmpuint (_imsg_code_page_from_charset ("iso-2022-jp"), ==, 50220);
  g_assert_cmpuint (_imsg_code_page_from_charset ("iso-2022-jp-2004"), ==, 50220);
  g_assert_cmpuint (_imsg_code_page_from_charset ("_iso-2022-jp$ESC"), ==, 50221);
  g_assert_cmpuint (_imsg_code_page_from_charset ("csISO2022CN"), ==, 50227);
  g_assert_cmpuint (_imsg_code_page_from_charset ("Big5-HKSCS"), ==, 950);
  g_assert_cmpuint (_imsg_code_page_from_charset ("ISO-8859-6-I"), ==, 28596);
  g_assert_cmpuint (_imsg_code_page_from_charset ("8859_1"), ==, 28591);
  g_assert_cmpuint (_imsg_code_page_from_charset ("x-windows-949"), ==, 949);
  g_assert_cmpuint (_imsg_code_page_from_charset ("x-Johab"), ==, 1361);
  g_assert_cmpuint (_imsg_code_page_from_charset ("csUTF8"), ==, 65001);
  g_assert_cmpuint (_imsg_code_page_from_charset ("koi8-r"), ==, 20866);
  g_assert_cmpuint (_imsg_code_page_from_charset ("us-ascii"), ==, 20127);
  g_assert_cmpuint (_imsg_code_page_from_charset ("nonsense"), ==, 0);
  g_assert_cmpuint (_imsg_code_page_from_charset ("cp99999999999999999999"), ==, 0);
  g_assert_cmpuint (_imsg_code_page_from_charset (""), ==, 0);
  g_assert_cmpstr (_imsg_code_page_get_charset (1252), ==, "windows-1252");
  g_assert_cmpstr (_imsg_code_page_get_charset (50220), ==, "iso-2022-jp");
  g_assert_null (_imsg_code_page_get_charset (1));
}

/* Signs of JIS that other systems have other characters for are written as those of Windows. */
static void
test_japanese_signs (void)
{
  static const char text[] = "〜−—‖¢£¬";
  static const char windows[] = "～－―∥￠￡￢";
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = _imsg_code_page_encode (932, text, sizeof text - 1, &error);
  g_autofree char *back = NULL;

  g_assert_no_error (error);
  back = _imsg_code_page_decode (932, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL,
                                 NULL);
  g_assert_cmpstr (back, ==, windows);
}

/* A letter with its tone is written as both, as Windows does */
static void
test_vietnamese (void)
{
  const char text[] = "Tiếng Việt, ậ Ỡ đ";
  const guint8 expected[] = "Ti\xEA\xECng Vi\xEA\xF2t, \xE2\xF2 \xD5\xDE \xF0";
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = _imsg_code_page_encode (1258, text, strlen (text), &error);
  g_autofree char *again = NULL;
  g_autofree char *composed = NULL;

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   sizeof expected - 1);
  again = _imsg_code_page_decode (1258, expected, sizeof expected - 1, NULL, NULL);
  composed = g_utf8_normalize (again, -1, G_NORMALIZE_DEFAULT_COMPOSE);
  g_assert_cmpstr (composed, ==, text);

  /* A tilde with an accent on it is no tone */
  g_assert_null (_imsg_code_page_encode (1258, "ṍ", strlen ("ṍ"), &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);
}

static void
test_families (void)
{
  g_assert_cmpuint (_imsg_code_page_from_locale (0x0411), ==, 932);
  g_assert_cmpuint (_imsg_code_page_from_locale (0x0407), ==, 1252);
  g_assert_cmpuint (_imsg_code_page_from_locale (0x0804), ==, 936);
  g_assert_cmpuint (_imsg_code_page_from_locale (0x0404), ==, 950);
  g_assert_cmpuint (_imsg_code_page_from_locale (0x3801), ==, 1256);
  g_assert_cmpuint (_imsg_code_page_from_locale (0x0019), ==, 1251);
  g_assert_cmpuint (_imsg_code_page_from_locale (0x10411), ==, 932);
  /* Chinese of no country, and the Serbian of today */
  g_assert_cmpuint (_imsg_code_page_from_locale (0x0004), ==, 936);
  g_assert_cmpuint (_imsg_code_page_from_locale (0x7C04), ==, 950);
  g_assert_cmpuint (_imsg_code_page_from_locale (0x241A), ==, 1250);
  g_assert_cmpuint (_imsg_code_page_from_locale (0x281A), ==, 1251);
  g_assert_cmpuint (_imsg_code_page_get_ansi (50220), ==, 932);
  g_assert_cmpuint (_imsg_code_page_get_ansi (20866), ==, 1251);
  g_assert_cmpuint (_imsg_code_page_get_ansi (54936), ==, 936);
  g_assert_cmpuint (_imsg_code_page_get_ansi (65001), ==, 0);
  g_assert_cmpuint (_imsg_code_page_get_ansi (1), ==, 0);
  g_assert_true (_imsg_code_page_is_double_byte (932));
  g_assert_false (_imsg_code_page_is_double_byte (1252));
  g_assert_false (_imsg_code_page_is_double_byte (65001));
}

static void
test_utf16 (void)
{
  const char *text = "aé€😀";
  g_autoptr(GBytes) bytes = _imsg_utf16_encode (text, strlen (text));
  g_autofree char *back = NULL;
  gsize length;
  gsize n_replaced;

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                   "a\0\xE9\0\xAC\x20\x3D\xD8\0\xDE", 10);
  back = _imsg_utf16_decode (g_bytes_get_data (bytes, NULL), 10, &length, &n_replaced);
  g_assert_cmpstr (back, ==, text);
  g_assert_cmpuint (length, ==, strlen (text));
  g_assert_cmpuint (n_replaced, ==, 0);
}

static void
test_make_valid (void)
{
  g_autofree char *good = _imsg_text_make_valid ("é", 2);
  g_autofree char *bad = _imsg_text_make_valid ("\xE9t\xE9", 3);

  g_assert_cmpstr (good, ==, "é");
  g_assert_cmpstr (bad, ==, "été");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/code-page/vector/", vectors[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_vector);
    }
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/code-page/damaged/", damaged[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_damaged);
    }
  g_test_add_func ("/imsg/code-page/nul-is-kept", test_nul_is_kept);
  g_test_add_func ("/imsg/code-page/no-place", test_no_place);
  g_test_add_func ("/imsg/code-page/every-page", test_every_page);
  g_test_add_func ("/imsg/code-page/many-converters", test_many_converters);
  g_test_add_func ("/imsg/code-page/rubbish", test_rubbish);
  g_test_add_func ("/imsg/code-page/names", test_names);
  g_test_add_func ("/imsg/code-page/japanese-signs", test_japanese_signs);
  g_test_add_func ("/imsg/code-page/vietnamese", test_vietnamese);
  g_test_add_func ("/imsg/code-page/families", test_families);
  g_test_add_func ("/imsg/code-page/utf16", test_utf16);
  g_test_add_func ("/imsg/code-page/make-valid", test_make_valid);
  return g_test_run ();
}
