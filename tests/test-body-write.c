/* test-body-write.c - setting the body of a message, and what becomes of the others
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "body-message.h"

static IMsgMessage *
new_full_message (gboolean unicode)
{
  IMsgMessage *message = new_message (unicode);

  set_string (message, IMSG_PR_BODY, "old");
  set_bytes (message, IMSG_PR_HTML, "<p>old</p>", 10);
  set_rtf (message, FROM_HTML);
  set_int (message, IMSG_PR_NATIVE_BODY_INFO, 3);
  set_int (message, IMSG_PR_INTERNET_CPID, 1252);
  set_int (message, IMSG_PR_MSG_EDITOR_FORMAT, 2);
  set_int (message, IMSG_PR_RTF_SYNC_BODY_CRC, 5);
  imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (message), IMSG_PR_RTF_IN_SYNC, TRUE, NULL);
  return message;
}

static void
assert_set (IMsgMessage    *message,
            IMsgBodyFormat  format,
            const char     *content)
{
  g_autoptr(GError) error = NULL;
  IMsgBodyFormat native = 0;

  imsg_message_set_body (message, format, content, &error);
  g_assert_no_error (error);
  assert_body (message, format, IMSG_BODY_ORIGIN_STORED, content);
  g_assert_true (imsg_message_get_native_body_format (message, &native));
  g_assert_cmpint (native, ==, format);
  g_assert_false (imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (message),
                                                  IMSG_PR_RTF_SYNC_BODY_CRC));
}

static void
test_set_text (void)
{
  g_autoptr(IMsgMessage) message = new_full_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  assert_set (message, IMSG_BODY_FORMAT_TEXT, "new é\r\n");
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_HTML));
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_RTF_COMPRESSED));
  g_assert_false (imsg_property_object_get_boolean (object, IMSG_PR_RTF_IN_SYNC));
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_INTERNET_CPID), ==, 1252);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_MSG_EDITOR_FORMAT), ==, 1);

  /* A page that lacks the characters would lose them on the way out. */
  assert_set (message, IMSG_BODY_FORMAT_TEXT, "日本");
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_INTERNET_CPID), ==, 65001);
}

static void
test_set_html (void)
{
  g_autoptr(IMsgMessage) message = new_full_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GError) error = NULL;
  g_autofree char *html = NULL;

  assert_set (message, IMSG_BODY_FORMAT_HTML, "<p>new 日本 &amp; שלום</p>");
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_RTF_COMPRESSED));
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_INTERNET_CPID), ==, 65001);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_NATIVE_BODY_INFO), ==, 3);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_MSG_EDITOR_FORMAT), ==, 2);
  assert_body (message, IMSG_BODY_FORMAT_TEXT, IMSG_BODY_ORIGIN_STORED, "new 日本 & שלום\r\n");

  imsg_message_set_body (message, IMSG_BODY_FORMAT_HTML, "<meta charset=koi8-r>é", &error);
  g_assert_no_error (error);
  html = imsg_message_get_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error);
  g_assert_cmpstr (html, ==, "<meta charset=utf-8>é");
}

/* HTML that was stored as text becomes bytes, and never both. */
static void
test_set_html_over_text (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);

  set_string (message, IMSG_PR_BODY_HTML, "<p>old</p>");
  assert_set (message, IMSG_BODY_FORMAT_HTML, "<p>new</p>");
  g_assert_cmphex (imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message), IMSG_PR_HTML), ==,
                   IMSG_PR_HTML);
}

static void
test_set_rtf (void)
{
  g_autoptr(IMsgMessage) message = new_full_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  assert_set (message, IMSG_BODY_FORMAT_RTF, RICH);
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_HTML));
  g_assert_true (imsg_property_object_get_boolean (object, IMSG_PR_RTF_IN_SYNC));
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_NATIVE_BODY_INFO), ==, 2);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_MSG_EDITOR_FORMAT), ==, 3);
  assert_body (message, IMSG_BODY_FORMAT_TEXT, IMSG_BODY_ORIGIN_STORED, "in rtf\r\n");

  imsg_message_set_body (message, IMSG_BODY_FORMAT_RTF, FROM_HTML, &error);
  g_assert_no_error (error);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_NATIVE_BODY_INFO), ==, 3);
  imsg_message_set_body (message, IMSG_BODY_FORMAT_RTF, "{\\rtf1 日😀}", &error);
  g_assert_no_error (error);
  text = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &error);
  g_assert_cmpstr (text, ==, "日😀");

  g_assert_false (imsg_message_set_body (message, IMSG_BODY_FORMAT_RTF, "no rtf", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE);
}

static void
test_set_nothing (void)
{
  g_autoptr(IMsgMessage) message = new_full_message (TRUE);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (imsg_message_get_native_body_format (message, NULL));
  g_assert_null (imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
}

static void
test_set_in_8_bit (void)
{
  g_autoptr(IMsgMessage) message = new_full_message (FALSE);
  g_autoptr(GError) error = NULL;

  assert_set (message, IMSG_BODY_FORMAT_TEXT, "café");
  g_assert_false (imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT, "日本", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);
  /* A refused change changes nothing. */
  assert_body (message, IMSG_BODY_FORMAT_TEXT, IMSG_BODY_ORIGIN_STORED, "café");

  /* HTML is bytes and takes everything; the text of it is made when asked for. */
  assert_set (message, IMSG_BODY_FORMAT_HTML, "<p>日本</p>");
  assert_body (message, IMSG_BODY_FORMAT_TEXT, IMSG_BODY_ORIGIN_HTML, "日本\r\n");
}

/* The page of a body is often the only word on what the other 8-bit text is in */
static void
test_set_keeps_code_page (void)
{
  const struct
  {
    guint           code_page;
    const char     *subject;
    IMsgBodyFormat  format;
    const char     *content;
  } bodies[] = {
    { 1251, "Привет", IMSG_BODY_FORMAT_HTML, "<p>Привет</p>" },
    { 28592, "Zażółć", IMSG_BODY_FORMAT_TEXT, "„Zażółć”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(IMsgMessage) message = new_message (FALSE);
      g_autoptr(IMsgMessage) again = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *text = NULL;

      set_int (message, IMSG_PR_INTERNET_CPID, bodies[i].code_page);
      set_string (message, IMSG_PR_SUBJECT, bodies[i].subject);
      assert_set (message, bodies[i].format, bodies[i].content);
      bytes = imsg_message_write_to_bytes (message, NULL, &error);
      g_assert_no_error (error);
      again = imsg_message_open_bytes (bytes, 0, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (imsg_message_get_subject (again), ==, bodies[i].subject);
      text = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (again), IMSG_PR_BODY);
      g_assert_nonnull (strstr (text, bodies[i].subject));
    }
}

static void
test_survives_saving (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(IMsgMessage) again = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  assert_set (message, IMSG_BODY_FORMAT_HTML, "<p>日本</p>");
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  again = imsg_message_open_bytes (bytes, 0, NULL, &error);
  g_assert_no_error (error);
  assert_body (again, IMSG_BODY_FORMAT_HTML, IMSG_BODY_ORIGIN_STORED, "<p>日本</p>");
  assert_body (again, IMSG_BODY_FORMAT_TEXT, IMSG_BODY_ORIGIN_STORED, "日本\r\n");
  g_assert_false (imsg_message_set_body (again, IMSG_BODY_FORMAT_TEXT, "x", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  imsg_message_close (again);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imsg/body-write/set-text", test_set_text);
  g_test_add_func ("/imsg/body-write/set-html", test_set_html);
  g_test_add_func ("/imsg/body-write/set-html-over-text", test_set_html_over_text);
  g_test_add_func ("/imsg/body-write/set-rtf", test_set_rtf);
  g_test_add_func ("/imsg/body-write/set-nothing", test_set_nothing);
  g_test_add_func ("/imsg/body-write/set-in-8-bit", test_set_in_8_bit);
  g_test_add_func ("/imsg/body-write/set-keeps-code-page", test_set_keeps_code_page);
  g_test_add_func ("/imsg/body-write/survives-saving", test_survives_saving);
  return body_message_run_tests ();
}
