/* test-body.c - reading and choosing the body of a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "body-message.h"

/* What is there, and what comes of it. H is PR_HTML, h the same id as text. */
static const struct
{
  const char     *name;
  const char     *text;
  const char     *html;
  const char     *rtf;
  int             native_info;  /* 0: none */
  gboolean        is_in_sync;
  int             native;       /* 0: no body */
  const char     *as_text;
  IMsgBodyOrigin  text_origin;
  IMsgBodyOrigin  html_origin;
} cases[] = {
  { "none", NULL, NULL, NULL, 0, FALSE, 0, NULL, 0, 0 },
  { "text", "plain", NULL, NULL, 0, FALSE, IMSG_BODY_FORMAT_TEXT, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_TEXT },
  { "html", NULL, "<p>html</p>", NULL, 0, FALSE, IMSG_BODY_FORMAT_HTML, "html\r\n",
    IMSG_BODY_ORIGIN_HTML, IMSG_BODY_ORIGIN_STORED },
  { "rich", NULL, NULL, RICH, 0, FALSE, IMSG_BODY_FORMAT_RTF, "in rtf\r\n",
    IMSG_BODY_ORIGIN_RTF, IMSG_BODY_ORIGIN_RTF },
  { "from-html", NULL, NULL, FROM_HTML, 0, FALSE, IMSG_BODY_FORMAT_HTML, "in rtf\r\n",
    IMSG_BODY_ORIGIN_RTF, IMSG_BODY_ORIGIN_RTF },
  { "from-text", NULL, NULL, FROM_TEXT, 0, FALSE, IMSG_BODY_FORMAT_TEXT, "in rtf\r\n",
    IMSG_BODY_ORIGIN_RTF, IMSG_BODY_ORIGIN_RTF },
  { "text-and-rich-in-sync", "plain", NULL, RICH, 0, TRUE, IMSG_BODY_FORMAT_RTF, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_RTF },
  { "text-and-rich", "plain", NULL, RICH, 0, FALSE, IMSG_BODY_FORMAT_TEXT, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_RTF },
  { "text-and-from-html", "plain", NULL, FROM_HTML, 0, FALSE, IMSG_BODY_FORMAT_HTML, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_RTF },
  { "text-and-html", "plain", "<p>html</p>", NULL, 0, TRUE, IMSG_BODY_FORMAT_HTML, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_STORED },
  { "rich-and-html-in-sync", NULL, "<p>html</p>", RICH, 0, TRUE, IMSG_BODY_FORMAT_RTF, "html\r\n",
    IMSG_BODY_ORIGIN_HTML, IMSG_BODY_ORIGIN_STORED },
  { "rich-and-html", NULL, "<p>html</p>", RICH, 0, FALSE, IMSG_BODY_FORMAT_HTML, "html\r\n",
    IMSG_BODY_ORIGIN_HTML, IMSG_BODY_ORIGIN_STORED },
  { "all-in-sync", "plain", "<p>html</p>", RICH, 0, TRUE, IMSG_BODY_FORMAT_RTF, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_STORED },
  { "all", "plain", "<p>html</p>", RICH, 0, FALSE, IMSG_BODY_FORMAT_HTML, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_STORED },
  { "native-says-text", "plain", "<p>html</p>", RICH, 1, TRUE, IMSG_BODY_FORMAT_TEXT, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_STORED },
  { "native-says-rtf", "plain", "<p>html</p>", RICH, 2, FALSE, IMSG_BODY_FORMAT_RTF, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_STORED },
  { "native-says-html-in-rtf", "plain", NULL, FROM_HTML, 3, FALSE, IMSG_BODY_FORMAT_HTML, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_RTF },
  { "native-says-html-and-lies", "plain", NULL, NULL, 3, FALSE, IMSG_BODY_FORMAT_TEXT, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_TEXT },
  { "native-says-clear-signed", "plain", NULL, NULL, 4, FALSE, IMSG_BODY_FORMAT_TEXT, "plain",
    IMSG_BODY_ORIGIN_STORED, IMSG_BODY_ORIGIN_TEXT },
  { "empty-text-does-not-count", "", NULL, FROM_TEXT, 0, FALSE, IMSG_BODY_FORMAT_TEXT,
    "in rtf\r\n", IMSG_BODY_ORIGIN_RTF, IMSG_BODY_ORIGIN_RTF },
  { "from-text-before-html", NULL, "<p>html</p>", FROM_TEXT, 0, FALSE, IMSG_BODY_FORMAT_HTML,
    "in rtf\r\n", IMSG_BODY_ORIGIN_RTF, IMSG_BODY_ORIGIN_STORED },
};

static void
test_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgBody) html = NULL;
  IMsgBodyFormat native = 0;

  if (cases[i].text != NULL)
    set_string (message, IMSG_PR_BODY, cases[i].text);
  if (cases[i].html != NULL)
    set_bytes (message, IMSG_PR_HTML, cases[i].html, strlen (cases[i].html));
  if (cases[i].rtf != NULL)
    set_rtf (message, cases[i].rtf);
  if (cases[i].native_info != 0)
    set_int (message, IMSG_PR_NATIVE_BODY_INFO, cases[i].native_info);
  if (cases[i].is_in_sync)
    imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (message), IMSG_PR_RTF_IN_SYNC, TRUE,
                                      NULL);

  g_assert_cmpint (imsg_message_get_native_body_format (message, &native), ==,
                   cases[i].native != 0);
  g_assert_cmpint (native, ==, cases[i].native);
  if (cases[i].as_text == NULL)
    {
      for (int format = IMSG_BODY_FORMAT_TEXT; format <= IMSG_BODY_FORMAT_HTML; format++)
        {
          g_assert_null (imsg_message_get_body (message, format, NULL, &error));
          g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
          g_clear_error (&error);
        }
      return;
    }
  assert_body (message, IMSG_BODY_FORMAT_TEXT, cases[i].text_origin, cases[i].as_text);
  html = imsg_message_read_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (imsg_body_get_origin (html), ==, cases[i].html_origin);
  if (cases[i].rtf != NULL)
    assert_body (message, IMSG_BODY_FORMAT_RTF, IMSG_BODY_ORIGIN_STORED, cases[i].rtf);
}

/* RTF that is known to be older than the text is not what HTML is made of, unless it is the original
 * or what Outlook shows. */
static void
test_stale_rtf (void)
{
  static const struct
  {
    const char     *rtf;
    gint64          native_info;
    IMsgBodyOrigin  origin;
  } messages[] = {
    { RICH, 0, IMSG_BODY_ORIGIN_TEXT },
    { RICH, 1, IMSG_BODY_ORIGIN_TEXT },
    { RICH, 2, IMSG_BODY_ORIGIN_RTF },
    { FROM_HTML, 0, IMSG_BODY_ORIGIN_RTF },
  };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr(IMsgMessage) message = new_message (TRUE);
      g_autoptr(IMsgBody) html = NULL;
      g_autoptr(GError) error = NULL;

      set_rtf (message, messages[i].rtf);
      imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (message), IMSG_PR_RTF_IN_SYNC, FALSE,
                                        NULL);
      set_int (message, IMSG_PR_NATIVE_BODY_INFO, messages[i].native_info);
      html = imsg_message_read_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (imsg_body_get_origin (html), ==, IMSG_BODY_ORIGIN_RTF);
      g_clear_pointer (&html, imsg_body_unref);

      set_string (message, IMSG_PR_BODY, "newer");
      html = imsg_message_read_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (imsg_body_get_origin (html), ==, messages[i].origin);
    }
}

/* PR_HTML in many pages: what it says. */
static const struct
{
  const char *name;
  guint       declared;
  const char *html;
  const char *expected;
  guint       code_page;
} pages[] = {
  { "utf-8", 65001, "\xE6\x97\xA5\xF0\x9F\x98\x80", "日😀", 65001 },
  { "latin-1-as-1252", 28591, "\x93q\x94", "“q”", 1252 },
  { "latin-5-as-1254", 28599, "\x93\xF0\x94", "“ğ”", 1254 },
  { "koi8-r", 20866, "\xF0\xD2\xC9\xD7\xC5\xD4", "Привет", 20866 },
  { "shift-jis-as-50220", 50220, "\x93\xFA\x96{\x8C\xEA", "日本語", 50220 },
  { "iso-2022-jp", 50220, "\x1B$BF|K\\\x1B(B", "日本", 50220 },
  { "gb2312-with-no-page", 0, "<meta charset=gb2312>\xC4\xE3", "<meta charset=gb2312>你", 936 },
  { "utf-8-with-no-page", 0, "\xE6\x97\xA5", "日", 65001 },
  { "bom", 1252, "\xEF\xBB\xBF\xE6\x97\xA5", "日", 65001 },
  { "utf-8-with-a-broken-byte", 65001, "\xD0\x9F\xD1\x80\xD0\xB8\xFF", "При\uFFFD", 65001 },
  { "latin-1-declared-utf-8", 65001, "caf\xE9", "café", 1252 },
  { "shift-jis-cut", 932, "\x93\xFA\x96{\x8C\xEA\x83" "e\x83X\x83g\x93", "日本語テスト\uFFFD", 932 },
  { "hebrew", 1255, "\xF9\xEC\xE5\xED", "שלום", 1255 },
};

static void
test_html_page (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(IMsgBody) body = NULL;
  g_autoptr(GError) error = NULL;

  set_bytes (message, IMSG_PR_HTML, pages[i].html, strlen (pages[i].html));
  if (pages[i].declared != 0)
    set_int (message, IMSG_PR_INTERNET_CPID, pages[i].declared);
  else
    imsg_property_object_delete_value (IMSG_PROPERTY_OBJECT (message), IMSG_PR_INTERNET_CPID, NULL);
  assert_body (message, IMSG_BODY_FORMAT_HTML, IMSG_BODY_ORIGIN_STORED, pages[i].expected);
  body = imsg_message_read_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error);
  g_assert_cmpuint (imsg_body_get_code_page (body), ==, pages[i].code_page);
}

static void
test_read_with_code_page (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgBody) body = NULL;
  g_autofree char *text = NULL;

  set_bytes (message, IMSG_PR_HTML, "\xCF\xF0", 2);
  set_int (message, IMSG_PR_INTERNET_CPID, 1252);
  assert_body (message, IMSG_BODY_FORMAT_HTML, IMSG_BODY_ORIGIN_STORED, "Ïð");
  body = imsg_message_read_body_with_code_page (message, IMSG_BODY_FORMAT_HTML, 1251, NULL, &error);
  g_assert_no_error (error);
  text = imsg_body_dup_text (body);
  g_assert_cmpstr (text, ==, "Пр");
  g_assert_cmpuint (imsg_body_get_code_page (body), ==, 1251);

  g_assert_null (imsg_message_read_body_with_code_page (message, IMSG_BODY_FORMAT_HTML, 4242, NULL,
                                                        &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_UNKNOWN_CODE_PAGE);
  g_clear_error (&error);
  /* Only what is stored: nothing is made of the HTML. */
  g_assert_null (imsg_message_read_body_with_code_page (message, IMSG_BODY_FORMAT_TEXT, 0, NULL,
                                                        &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
}

static void
test_html_as_text (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(IMsgMessage) ansi = new_message (FALSE);

  /* Whatever charset the element names, text is text. */
  set_string (message, IMSG_PR_BODY_HTML, "<meta charset=koi8-r>日");
  assert_body (message, IMSG_BODY_FORMAT_HTML, IMSG_BODY_ORIGIN_STORED, "<meta charset=koi8-r>日");

  set_string (ansi, IMSG_PR_BODY_HTML, "<p>é</p>");
  assert_body (ansi, IMSG_BODY_FORMAT_HTML, IMSG_BODY_ORIGIN_STORED, "<p>é</p>");
}

/* Makes another property of PR_MESSAGE_CODEPAGE. */
static void
hide_code_page (IMsgStorage *storage)
{
  static const guint8 tag[] = { 0x03, 0x00, 0xFD, 0x3F };
  static const guint8 other_tag[] = { 0x03, 0x00, 0x00, 0x68 };
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) properties =
    imsg_storage_read_stream (storage, "__properties_version1.0", NULL, &error);
  g_autoptr(GByteArray) entries = g_bytes_unref_to_array (g_bytes_ref (properties));
  g_autoptr(GBytes) changed = NULL;
  guint8 *found = memmem (entries->data, entries->len, tag, sizeof tag);

  g_assert_nonnull (found);
  memcpy (found, other_tag, sizeof other_tag);
  changed = g_byte_array_free_to_bytes (g_steal_pointer (&entries));
  imsg_storage_write_stream (storage, "__properties_version1.0", changed, &error);
  g_assert_no_error (error);
}

/* HTML as 8-bit text is in the page of the texts, unless that is only the default. */
static void
test_html_as_8_bit_text (void)
{
  static const char html[] = "<meta charset=koi8-r>\xD0\xD2";
  static const struct
  {
    gint64      code_page;
    const char *expected;
    const char *edited;
  } messages[] = {
    { 0, "<meta charset=koi8-r>пр", "<meta charset=koi8-r>é" },
    { 1251, "<meta charset=koi8-r>РТ", "<meta charset=koi8-r>Т" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr(IMsgMessage) message = new_message (FALSE);
      g_autoptr(IMsgMessage) stored = NULL;
      g_autoptr(IMsgStorage) storage = NULL;
      g_autoptr(GBytes) file = NULL;
      g_autoptr(GBytes) bytes = g_bytes_new_static (html, sizeof html - 1);
      g_autoptr(GError) error = NULL;

      set_string (message, IMSG_PR_BODY_HTML, "<meta charset=koi8-r>xx");
      if (messages[i].code_page != 0)
        set_int (message, IMSG_PR_MESSAGE_CODEPAGE, messages[i].code_page);
      file = imsg_message_write_to_bytes (message, NULL, &error);
      g_assert_no_error (error);
      storage = imsg_storage_open_bytes (file, IMSG_STORAGE_READ_WRITE, NULL, &error);
      g_assert_no_error (error);
      imsg_storage_write_stream (storage, "__substg1.0_1013001E", bytes, &error);
      g_assert_no_error (error);
      if (messages[i].code_page == 0)
        hide_code_page (storage);
      stored = imsg_session_open_message_on_storage (imsg_message_get_session (message), storage,
                                                     IMSG_OPEN_MODIFY, NULL, &error);
      g_assert_no_error (error);
      assert_body (stored, IMSG_BODY_FORMAT_HTML, IMSG_BODY_ORIGIN_STORED, messages[i].expected);
      /* What is written is read back, whatever it says. */
      set_string (stored, IMSG_PR_BODY_HTML, messages[i].edited);
      assert_body (stored, IMSG_BODY_FORMAT_HTML, IMSG_BODY_ORIGIN_STORED, messages[i].edited);
    }
}

/* A NUL in the middle ends no body, whatever it is turned into. */
static void
test_nul_inside (void)
{
  static const char html[] = "<p>one\0two</p><p>three</p>";
  static const IMsgBodyFormat formats[] = { IMSG_BODY_FORMAT_TEXT, IMSG_BODY_FORMAT_RTF,
                                            IMSG_BODY_FORMAT_HTML };
  g_autoptr(IMsgMessage) message = new_message (TRUE);

  set_bytes (message, IMSG_PR_HTML, html, sizeof html - 1);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *body = imsg_message_get_body (message, formats[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (strstr (body, "onetwo"));
      g_assert_nonnull (strstr (body, "three"));
    }
}

static void
test_damaged_rtf (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) rtf = g_bytes_new_static (FROM_HTML, strlen (FROM_HTML));
  g_autoptr(GBytes) compressed = imsg_rtf_compress (rtf);
  g_autoptr(GByteArray) damaged = g_bytes_unref_to_array (g_bytes_ref (compressed));
  g_autoptr(IMsgBody) body = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autofree char *html = NULL;

  /* A wrong checksum is told and does no harm. */
  damaged->data[12] ^= 1;
  set_bytes (message, IMSG_PR_RTF_COMPRESSED, damaged->data, damaged->len);
  body = imsg_message_read_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error);
  g_assert_no_error (error);
  html = imsg_body_dup_text (body);
  g_assert_cmpstr (html, ==, "<p>in rtf</p>");
  problems = imsg_body_list_problems (body);
  g_assert_cmpuint (problems->len, ==, 1);

  /* No RTF at all: an error when there is nothing else, a problem when there is. */
  set_bytes (message, IMSG_PR_RTF_COMPRESSED, "rubbish", 7);
  g_assert_null (imsg_message_read_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
  g_assert_false (imsg_message_get_native_body_format (message, NULL));
  set_string (message, IMSG_PR_BODY, "plain");
  g_clear_pointer (&body, imsg_body_unref);
  g_clear_pointer (&problems, g_ptr_array_unref);
  g_clear_error (&error);
  body = imsg_message_read_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (imsg_body_get_origin (body), ==, IMSG_BODY_ORIGIN_TEXT);
  problems = imsg_body_list_problems (body);
  g_assert_cmpuint (problems->len, ==, 1);
}

static void
test_rtf_text_is_seven_bit (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgBody) body = NULL;
  static const char rtf[] = "{\\rtf1\\ansi \xE9}\0";
  g_autoptr(GBytes) bytes = g_bytes_new_static (rtf, sizeof rtf - 1);
  g_autoptr(GBytes) compressed = imsg_rtf_compress (bytes);
  g_autofree char *text = NULL;

  set_bytes (message, IMSG_PR_RTF_COMPRESSED, g_bytes_get_data (compressed, NULL),
             g_bytes_get_size (compressed));
  body = imsg_message_read_body (message, IMSG_BODY_FORMAT_RTF, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (imsg_body_get_bytes (body), bytes));
  text = imsg_body_dup_text (body);
  g_assert_cmpstr (text, ==, "{\\rtf1\\ansi \\'e9}");
}

/* A message with a body, whose property stream then loses its entries: all, or the stream of one. */
static IMsgMessage *
damage_message (const char *missing_stream)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GBytes) file = NULL;
  g_autoptr(GBytes) head = NULL;
  g_autoptr(GBytes) properties = NULL;
  g_autoptr(GError) error = NULL;
  IMsgMessage *damaged;

  if (missing_stream == NULL || g_str_has_suffix (missing_stream, "10090102"))
    set_rtf (message, FROM_HTML);
  else
    set_bytes (message, IMSG_PR_HTML, "<p>html</p>", 11);
  file = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  storage = imsg_storage_open_bytes (file, IMSG_STORAGE_READ_WRITE, NULL, &error);
  g_assert_no_error (error);
  if (missing_stream != NULL)
    imsg_storage_remove (storage, missing_stream, &error);
  else
    {
      properties = imsg_storage_read_stream (storage, "__properties_version1.0", NULL, &error);
      g_assert_no_error (error);
      head = g_bytes_new_from_bytes (properties, 0, 32);
      imsg_storage_write_stream (storage, "__properties_version1.0", head, &error);
    }
  g_assert_no_error (error);
  damaged = imsg_session_open_message_on_storage (imsg_message_get_session (message), storage,
                                                  IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_no_error (error);
  return damaged;
}

static void
assert_one_problem (const IMsgBody *body,
                    const char     *part)
{
  g_autoptr(GPtrArray) problems = imsg_body_list_problems (body);

  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_CORRUPT_DATA);
  g_assert_nonnull (strstr (imsg_problem_get_text (problems->pdata[0]), part));
}

/* Damaged entries name no body, but its stream is there: it is offered, and the damage told. */
static void
test_unnamed_stream (void)
{
  g_autoptr(IMsgMessage) message = damage_message (NULL);
  g_autoptr(IMsgBody) body = NULL;
  g_autoptr(GError) error = NULL;
  IMsgBodyFormat format = 0;

  assert_body (message, IMSG_BODY_FORMAT_RTF, IMSG_BODY_ORIGIN_STORED, FROM_HTML);
  assert_body (message, IMSG_BODY_FORMAT_TEXT, IMSG_BODY_ORIGIN_RTF, "in rtf\r\n");
  g_assert_true (imsg_message_get_native_body_format (message, &format));
  g_assert_cmpint (format, ==, IMSG_BODY_FORMAT_HTML);
  body = imsg_message_read_body (message, IMSG_BODY_FORMAT_RTF, NULL, &error);
  g_assert_no_error (error);
  assert_one_problem (body, "no entry names it");

  /* Once there is a body that an entry names, the stream is gone: nobody finds it again. */
  imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT, "new", &error);
  g_assert_no_error (error);
  g_assert_null (imsg_message_read_body_with_code_page (message, IMSG_BODY_FORMAT_RTF, 0, NULL,
                                                        &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (imsg_message_get_native_body_format (message, NULL));
}

/* A body that cannot be set takes nothing away. */
static void
test_unnamed_stream_is_kept (void)
{
  g_autoptr(IMsgMessage) message = damage_message (NULL);
  g_autoptr(IMsgBody) body = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (imsg_message_set_body (message, IMSG_BODY_FORMAT_RTF, "no rtf", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE);
  g_clear_error (&error);
  assert_body (message, IMSG_BODY_FORMAT_TEXT, IMSG_BODY_ORIGIN_RTF, "in rtf\r\n");
  body = imsg_message_read_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &error);
  g_assert_no_error (error);
  assert_one_problem (body, "no entry names it");
}

static void
test_unnamed_stream_is_deleted (void)
{
  g_autoptr(IMsgMessage) message = damage_message (NULL);
  g_autoptr(GError) error = NULL;

  imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (imsg_message_read_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
}

/* An entry whose stream is missing: that body is unreadable, not absent. */
static void
test_missing_stream (void)
{
  static const struct
  {
    const char     *stream;
    IMsgBodyFormat  format;
  } missing[] = {
    { "__substg1.0_10090102", IMSG_BODY_FORMAT_RTF },
    { "__substg1.0_10130102", IMSG_BODY_FORMAT_HTML },
  };

  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    {
      g_autoptr(IMsgMessage) message = damage_message (missing[i].stream);
      g_autoptr(IMsgBody) body = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_null (imsg_message_read_body (message, missing[i].format, NULL, &error));
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
      g_clear_error (&error);
      set_string (message, IMSG_PR_BODY, "plain");
      body = imsg_message_read_body (message, missing[i].format, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (imsg_body_get_origin (body), ==, IMSG_BODY_ORIGIN_TEXT);
      assert_one_problem (body, "stream is missing");
    }
}

/* Somebody who reads the compressed RTF at the same time is not disturbed, and does not disturb. */
static void
test_stream_is_left_alone (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  guint8 start[8];

  set_rtf (message, RICH);
  stream = imsg_property_object_open_stream (IMSG_PROPERTY_OBJECT (message),
                                             IMSG_PR_RTF_COMPRESSED, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (stream, start, sizeof start, NULL, NULL), ==, sizeof start);
  assert_body (message, IMSG_BODY_FORMAT_RTF, IMSG_BODY_ORIGIN_STORED, RICH);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (stream)), ==, sizeof start);
}

/* Bytes of RTF that is stored, and the text that they come out as */
static void
test_rtf_text (void)
{
  static const struct
  {
    const char *rtf;
    gsize       n_bytes;
    const char *text;
  } texts[] = {
#define RTF(bytes) bytes, sizeof bytes - 1
    { RTF ("{\\rtf1\\ansi caf\xE9\\'e9\\\\bin3}"), "{\\rtf1\\ansi caf\\'e9\\'e9\\\\bin3}" },
    { RTF ("{\\rtf1 a{\\pict\\jpegblip\\bin6 \xFF\xD8\xFF\0}\1}b}"),
      "{\\rtf1 a{\\pict\\jpegblip ffd8ff007d01}b}" },
    { RTF ("{\\rtf1{\\pict\\bin2\0\1\\bin-2 \\bin0 x\\binx}}"), "{\\rtf1{\\pict 0001\\bin-2 \\bin0 x\\binx}}" },
    { RTF ("{\\rtf1\\b\0x\0y\\\xE9z\\u-1\0002}"), "{\\rtf1\\b xyz\\u-1 2}" },
    { RTF ("{\\rtf1{\\*\\objdata 00{x}\\bin99 \xE9"), "{\\rtf1{\\*\\objdata 00{x} e9" },
    { RTF ("{\\rtf1{\\pict{}}\\bin2 {}a"), "{\\rtf1{\\pict{}}a" },
    { RTF ("{\\rtf1\\"), "{\\rtf1\\" },
#undef RTF
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(IMsgMessage) message = new_message (TRUE);
      g_autoptr(GBytes) rtf = g_bytes_new_static (texts[i].rtf, texts[i].n_bytes);
      g_autoptr(GBytes) compressed = imsg_rtf_compress (rtf);
      g_autoptr(IMsgBody) body = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *text = NULL;
      gsize n_bytes;
      gconstpointer bytes = g_bytes_get_data (compressed, &n_bytes);

      set_bytes (message, IMSG_PR_RTF_COMPRESSED, bytes, n_bytes);
      body = imsg_message_read_body (message, IMSG_BODY_FORMAT_RTF, NULL, &error);
      g_assert_no_error (error);
      text = imsg_body_dup_text (body);
      g_assert_cmpstr (text, ==, texts[i].text);
    }
}

static void
assert_exported (IMsgMessage    *message,
                 IMsgBodyFormat  format,
                 gconstpointer   expected,
                 gsize           n_expected,
                 guint           n_problems)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;

  imsg_message_export_body (message, format, stream, NULL, &problems, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)),
                   expected, n_expected);
  g_assert_cmpuint (problems->len, ==, n_problems);
}

/* A file of HTML names no page that it is not in; where it names none, nothing is put in. */
static void
test_export_html (void)
{
  static const struct
  {
    const char *html;
    guint       code_page;
    const char *exported;
  } files[] = {
    { "<html><head></head><p>\xE9", 1252, "<html><head></head><p>é" },
    { "<meta charset=koi8-r><p>\xCF", 20866, "<meta charset=utf-8><p>о" },
    { "<meta charset=UTF8><p>é", 65001, "<meta charset=UTF8><p>é" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(IMsgMessage) message = new_message (TRUE);

      set_bytes (message, IMSG_PR_HTML, files[i].html, strlen (files[i].html));
      set_int (message, IMSG_PR_INTERNET_CPID, files[i].code_page);
      assert_exported (message, IMSG_BODY_FORMAT_HTML, files[i].exported,
                       strlen (files[i].exported), 0);
    }
}

/* RTF over the limit is cut when it is read into memory, and goes out whole as a stream. */
static void
test_export (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(GString) rtf = g_string_new (RICH);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(IMsgBody) body = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (imsg_message_export_body (message, IMSG_BODY_FORMAT_RTF, stream, NULL, &problems,
                                            &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (problems);

  set_string (message, IMSG_PR_BODY, "plain");
  assert_exported (message, IMSG_BODY_FORMAT_TEXT, "plain", 5, 0);
  for (guint i = 0; i < 20000; i++)
    g_string_insert (rtf, rtf->len - 1, "\\par more");
  set_rtf (message, rtf->str);
  imsg_session_set_limit (imsg_message_get_session (message), IMSG_LIMIT_RTF_BYTES, 1000);
  body = imsg_message_read_body (message, IMSG_BODY_FORMAT_RTF, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (imsg_body_get_bytes (body)), ==, 1000);
  problems = imsg_body_list_problems (body);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_TOO_BIG);
  assert_exported (message, IMSG_BODY_FORMAT_RTF, rtf->str, rtf->len, 0);

  /* No RTF at all: what there is otherwise goes out, and the problem is told. */
  set_bytes (message, IMSG_PR_RTF_COMPRESSED, "rubbish", 7);
  assert_exported (message, IMSG_BODY_FORMAT_TEXT, "plain", 5, 0);
}

static void
add_attachment (IMsgMessage *message,
                const char  *name,
                gint64       position)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);

  g_assert_no_error (error);
  imsg_attachment_set_file_name (attachment, name, &error);
  g_assert_no_error (error);
  imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (attachment), IMSG_PR_RENDERING_POSITION,
                                position, &error);
  g_assert_no_error (error);
}

/* The n-th attachment by its position stands at the n-th place. */
static void
test_placed_attachments (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autofree char *html = NULL;

  set_rtf (message, "{\\rtf1 a\\objattph\\'20b\\objattph\\'20c}");
  add_attachment (message, "two & more.txt", 7);
  add_attachment (message, "nowhere.txt", -1);
  add_attachment (message, "one.txt", 3);
  assert_body (message, IMSG_BODY_FORMAT_TEXT, IMSG_BODY_ORIGIN_RTF,
               "a[one.txt] b[two & more.txt] c");
  html = imsg_message_get_body (message, IMSG_BODY_FORMAT_HTML, NULL, NULL);
  g_assert_nonnull (strstr (html, "[one.txt]"));
  g_assert_nonnull (strstr (html, "[two &amp; more.txt]"));
  g_clear_pointer (&html, g_free);

  /* Other numbers: the places mean nothing. */
  add_attachment (message, "three.txt", 5);
  assert_body (message, IMSG_BODY_FORMAT_TEXT, IMSG_BODY_ORIGIN_RTF,
               "a b c\r\n[one.txt]\r\n[three.txt]\r\n[two & more.txt]");
  html = imsg_message_get_body (message, IMSG_BODY_FORMAT_HTML, NULL, NULL);
  g_assert_nonnull (strstr (html, "<p>[one.txt]</p>\r\n<p>[three.txt]</p>"));
}

static void
test_smime_has_none (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);

  set_string (message, IMSG_PR_BODY, "plain");
  g_assert_true (imsg_message_get_native_body_format (message, NULL));
  set_string (message, IMSG_PR_MESSAGE_CLASS, "IPM.Note.SMIME");
  g_assert_false (imsg_message_get_native_body_format (message, NULL));
}

static void
test_closed_and_cancelled (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  set_string (message, IMSG_PR_BODY, "plain");
  g_cancellable_cancel (cancellable);
  g_assert_null (imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  imsg_message_close (message);
  g_assert_null (imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT, "x", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
}

/* Setting */


/* Samples */

/* The sum of a text with every stretch of white space as one space, and none at its ends. */
static char *
sum_folded (const char *text)
{
  g_autoptr(GString) out = g_string_new (NULL);
  gboolean has_space = FALSE;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (g_unichar_isspace (character) || character == 0x85)
        {
          has_space = TRUE;
          continue;
        }
      if (has_space && out->len > 0)
        g_string_append_c (out, ' ');
      has_space = FALSE;
      g_string_append_unichar (out, character);
    }
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, out->str, out->len);
}

/* Two readers that know no code pages agree with one another on 8-bit text, and not with us. */
static gboolean
is_read_as_latin_1 (IMsgMessage *message,
                    const char  *sum)
{
  guint32 tag = imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message), IMSG_PR_BODY);
  g_autoptr(GBytes) raw = imsg_property_object_get_raw (IMSG_PROPERTY_OBJECT (message), tag, NULL);
  g_autofree char *latin = NULL;
  g_autofree char *latin_sum = NULL;
  gsize n_bytes;
  const char *bytes;

  if (raw == NULL || (tag & 0xFFFF) != IMSG_PROPERTY_TYPE_STRING8)
    return FALSE;
  bytes = g_bytes_get_data (raw, &n_bytes);
  while (n_bytes > 0 && bytes[n_bytes - 1] == '\0')
    n_bytes--;
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&latin, g_free);
      g_clear_pointer (&latin_sum, g_free);
      latin = g_convert (bytes, n_bytes, "UTF-8", i == 0 ? "ISO-8859-1" : "CP1252", NULL, NULL,
                         NULL);
      latin_sum = latin != NULL ? sum_folded (latin) : NULL;
      if (g_strcmp0 (latin_sum, sum) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
test_samples (void)
{
  const char *samples = g_getenv ("IMSG_SAMPLES");
  g_autofree char *list_path = NULL;
  g_autofree char *list = NULL;
  g_auto(GStrv) lines = NULL;
  guint n_read = 0;
  guint n_compared = 0;
  guint n_equal = 0;
  guint n_latin_1 = 0;

  if (samples == NULL || *samples == '\0')
    {
      g_test_skip ("IMSG_SAMPLES names no folder");
      return;
    }
  list_path = g_build_filename (samples, "facts.jsonl", NULL);
  g_assert_true (g_file_get_contents (list_path, &list, NULL, NULL));
  lines = g_strsplit (list, "\n", -1);
  for (char **line = lines; *line != NULL && **line != '\0'; line++)
    {
      g_autoptr(JsonNode) node = json_from_string (*line, NULL);
      JsonObject *facts = json_node_get_object (node);
      g_autofree char *path = g_build_filename (samples,
                                                json_object_get_string_member (facts, "file"), NULL);
      g_autoptr(GFile) file = g_file_new_for_path (path);
      g_autoptr(IMsgMessage) message = imsg_message_open_file (file, 0, NULL, NULL);
      g_autofree char *text = NULL;

      if (message == NULL)
        continue;
      n_read++;
      for (int format = IMSG_BODY_FORMAT_TEXT; format <= IMSG_BODY_FORMAT_HTML; format++)
        {
          g_autoptr(IMsgBody) body = imsg_message_read_body (message, format, NULL, NULL);
          g_autofree char *content = NULL;

          if (body == NULL)
            continue;
          content = imsg_body_dup_text (body);
          g_assert_true (g_utf8_validate (content, -1, NULL));
        }
      text = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, NULL);
      if (text != NULL && json_object_has_member (facts, "text_sha256"))
        {
          const char *expected = json_object_get_string_member (facts, "text_sha256");
          g_autofree char *sum = sum_folded (text);

          n_compared++;
          if (strcmp (sum, expected) == 0)
            n_equal++;
          else if (is_read_as_latin_1 (message, expected))
            n_latin_1++;
          else
            g_test_message ("%s differs", path);
        }
      imsg_message_close (message);
    }
  g_test_message ("%u messages, text of %u compared, %u equal, %u read as Latin-1 by others", n_read,
                  n_compared, n_equal, n_latin_1);
  g_assert_cmpuint (n_read, >, 100);
  g_assert_cmpuint (n_compared, >, 100);
  g_assert_cmpuint (n_equal + n_latin_1, ==, n_compared);
  g_assert_cmpuint (n_latin_1 * 20, <, n_compared);
}

#define ADD_TABLE(table, prefix, func)                                              \
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)                                  \
    {                                                                               \
      g_autofree char *path = g_strconcat ("/imsg/body/" prefix "/", table[i].name, NULL); \
                                                                                    \
      g_test_add_data_func (path, GUINT_TO_POINTER (i), func);                      \
    }

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_TABLE (cases, "best", test_case)
  ADD_TABLE (pages, "html-page", test_html_page)
  g_test_add_func ("/imsg/body/read-with-code-page", test_read_with_code_page);
  g_test_add_func ("/imsg/body/stale-rtf", test_stale_rtf);
  g_test_add_func ("/imsg/body/html-as-text", test_html_as_text);
  g_test_add_func ("/imsg/body/html-as-8-bit-text", test_html_as_8_bit_text);
  g_test_add_func ("/imsg/body/nul-inside", test_nul_inside);
  g_test_add_func ("/imsg/body/damaged-rtf", test_damaged_rtf);
  g_test_add_func ("/imsg/body/rtf-text-is-seven-bit", test_rtf_text_is_seven_bit);
  g_test_add_func ("/imsg/body/unnamed-stream", test_unnamed_stream);
  g_test_add_func ("/imsg/body/unnamed-stream-is-kept", test_unnamed_stream_is_kept);
  g_test_add_func ("/imsg/body/unnamed-stream-is-deleted", test_unnamed_stream_is_deleted);
  g_test_add_func ("/imsg/body/rtf-text-of-bytes", test_rtf_text);
  g_test_add_func ("/imsg/body/missing-stream", test_missing_stream);
  g_test_add_func ("/imsg/body/stream-is-left-alone", test_stream_is_left_alone);
  g_test_add_func ("/imsg/body/export", test_export);
  g_test_add_func ("/imsg/body/export-html", test_export_html);
  g_test_add_func ("/imsg/body/placed-attachments", test_placed_attachments);
  g_test_add_func ("/imsg/body/smime-has-none", test_smime_has_none);
  g_test_add_func ("/imsg/body/closed-and-cancelled", test_closed_and_cancelled);
  g_test_add_func ("/imsg/body/samples", test_samples);
  return body_message_run_tests ();
}
