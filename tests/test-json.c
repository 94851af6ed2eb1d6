/* test-json.c - what of a message comes back from its JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

static const char properties_stream[] = "__properties_version1.0";

/* Stores a property as a file may have it, though no program may set it. */
static GBytes *
store (GBytes     *message,
       guint32     tag,
       gboolean    is_inline,
       const char *hex)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) root =
    imsg_storage_open_bytes (message, IMSG_STORAGE_READ_WRITE, NULL, &error);
  g_autoptr(GBytes) properties = imsg_storage_read_stream (root, properties_stream, NULL, &error);
  g_autoptr(GBytes) value = test_bytes_from_hex (hex);
  gsize n_bytes = g_bytes_get_size (value);
  gsize n_terminator = (tag & 0xFFFF) == IMSG_PROPERTY_TYPE_UNICODE ? 2
                       : (tag & 0xFFFF) == IMSG_PROPERTY_TYPE_STRING8;
  guint32 entry[4] = { GUINT32_TO_LE (tag), GUINT32_TO_LE (6),
                       GUINT32_TO_LE ((guint32) (n_bytes + n_terminator)), 0 };
  g_autoptr(GByteArray) array = g_byte_array_new ();
  g_autofree char *name = g_strdup_printf ("__substg1.0_%08X", tag);
  g_autoptr(GBytes) changed = NULL;

  g_assert_no_error (error);
  if (is_inline)
    memcpy (entry + 2, g_bytes_get_data (value, NULL), MIN (n_bytes, 8));
  else
    g_assert_true (imsg_storage_write_stream (root, name, value, &error));
  g_byte_array_append (array, g_bytes_get_data (properties, NULL), g_bytes_get_size (properties));
  g_byte_array_append (array, (const guint8 *) entry, sizeof entry);
  changed = g_byte_array_free_to_bytes (g_steal_pointer (&array));
  g_assert_true (imsg_storage_write_stream (root, properties_stream, changed, &error));
  return imsg_storage_write_to_bytes (root, NULL, &error);
}

static IMsgMessage *
bring_back (IMsgSession *session,
            GBytes      *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) source = test_open_message (bytes);
  g_autofree char *json = imsg_message_to_json (source, IMSG_JSON_COMPLETE, NULL, &error);
  g_autoptr(GInputStream) stream = NULL;
  IMsgMessage *message;

  g_assert_no_error (error);
  stream = g_memory_input_stream_new_from_data (json, strlen (json), NULL);
  message = imsg_session_import_json (session, stream, NULL, &error);
  g_assert_no_error (error);
  imsg_message_close (source);
  return message;
}

static const struct
{
  const char *path;
  guint32     tag;
  gboolean    is_inline;
  const char *hex;
  int         code; /* of the problem that tells of it; -1 where it comes back */
} odd[] = {
  { "server-id", 0x674000FB, FALSE, "01 0100000000001111 0100000000002222 00000000", -1 },
  { "restriction", 0x667900FD, FALSE, "08", -1 },
  { "unknown-type", 0x60021234, TRUE, "6162636465666768", -1 },
  { "null", 0x60040001, TRUE, "0000000000000000", -1 },
  { "no-name", 0x80050102, FALSE, "6162", IMSG_ERROR_UNEXPECTED_ID },
  { "empty-list", 0x60061003, FALSE, "", IMSG_ERROR_BAD_VALUE },
  { "no-id", 0x0000001F, FALSE, "6100", IMSG_ERROR_UNEXPECTED_ID },
};

/* One property that no message can take over does not keep the others from coming back. */
static void
test_odd (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr(GBytes) plain = test_new_message_bytes (TRUE);
  g_autoptr(GBytes) bytes = store (plain, odd[row].tag, odd[row].is_inline, odd[row].hex);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) source = test_open_message (bytes);
  g_autoptr(IMsgMessage) message = bring_back (session, bytes);
  g_autoptr(GPtrArray) problems = imsg_message_list_problems (message);
  g_autoptr(GBytes) stored =
    imsg_property_object_get_raw (IMSG_PROPERTY_OBJECT (source), odd[row].tag, NULL);
  g_autoptr(GBytes) again =
    imsg_property_object_get_raw (IMSG_PROPERTY_OBJECT (message), odd[row].tag, NULL);
  g_autofree char *where = g_strdup_printf ("/0x%08X", odd[row].tag);

  test_assert_string (message, IMSG_PR_SUBJECT, "RE: A subject");
  g_assert_nonnull (stored);
  if (odd[row].code < 0)
    {
      g_assert_cmpuint (problems->len, ==, 0);
      g_assert_true (g_bytes_equal (again, stored));
    }
  else
    {
      g_assert_cmpuint (problems->len, ==, 1);
      g_assert_cmpstr (imsg_problem_get_where (problems->pdata[0]), ==, where);
      g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, odd[row].code);
      g_assert_null (again);
    }
  imsg_session_close (session);
}

/* A file may have a text in both widths; the Unicode is the one that is read. */
static void
test_both_widths (void)
{
  for (guint i = 0; i < 2; i++)
    {
      const char *hex[] = { "AC20", "3F" };
      const guint32 tags[] = { 0x6601001F, 0x6601001E };
      g_autoptr(GBytes) plain = test_new_message_bytes (TRUE);
      g_autoptr(GBytes) first = store (plain, tags[i], FALSE, hex[i]);
      g_autoptr(GBytes) both = store (first, tags[1 - i], FALSE, hex[1 - i]);
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) source = test_open_message (both);
      g_autoptr(IMsgMessage) copy = imsg_session_create_message (session, "IPM.Note", NULL);
      g_autoptr(IMsgMessage) message = bring_back (session, both);

      test_assert_string (source, 0x6601001F, "€");
      test_assert_string (message, 0x6601001F, "€");
      g_assert_true (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source),
                                                   IMSG_PROPERTY_OBJECT (copy), NULL, 0,
                                                   IMSG_COPY_NONE, NULL, NULL, NULL));
      test_assert_string (copy, 0x6601001F, "€");
      imsg_session_close (session);
    }
}

/* Somebody of whom a file says nothing but that there is one */
static void
test_nobody (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) source = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgRecipient) nobody = imsg_message_create_recipient (source, &error);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(IMsgRecipient) back = NULL;

  imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (nobody), IMSG_PR_RECIPIENT_TYPE,
                                IMSG_RECIPIENT_TYPE_CC, &error);
  bytes = imsg_message_write_to_bytes (source, NULL, &error);
  g_assert_no_error (error);
  message = bring_back (session, bytes);
  back = g_list_model_get_item (imsg_message_get_recipients (message), 0);
  g_assert_nonnull (back);
  g_assert_cmpint (imsg_recipient_get_recipient_type (back), ==, IMSG_RECIPIENT_TYPE_CC);
  g_assert_null (imsg_recipient_get_name (back));
  g_assert_null (imsg_recipient_get_address (back));
  imsg_session_close (session);
}

/* The message that an attachment is has its own part in the JSON: nothing is missing. */
static void
test_object (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, NULL);
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) inner = test_open_message (bytes);
  g_autoptr(GError) error = NULL;
  g_autofree char *json = NULL;

  g_assert_true (imsg_attachment_set_message (attachment, inner, NULL, &error));
  json = imsg_message_to_json (message, IMSG_JSON_COMPLETE, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (json, "0x3701000D"));
  g_assert_nonnull (strstr (json, "\"problems\":[]"));
  imsg_session_close (session);
}

static IMsgMessage *
read_json (IMsgSession *session,
           const char  *json)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (json, -1, NULL);
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_import_json (session, stream, NULL, &error);

  g_assert_no_error (error);
  return message;
}

static const struct
{
  const char *path;
  const char *json;
  const char *text;
} escapes[] = {
  { "pair", "\\ud83d\\ude00", "😀" },
  { "high-half", "a\\ud83db", "a\xef\xbf\xbd" "b" },
  { "low-half", "a\\ude00b", "a\xef\xbf\xbd" "b" },
  { "halves-apart", "\\ud83d \\ude00", "\xef\xbf\xbd \xef\xbf\xbd" },
  { "two-high-halves", "\\uD83D\\uD83D\\uDE00", "\xef\xbf\xbd😀" },
  { "nul", "a\\u0000b", "a\xef\xbf\xbd" "b" },
  { "no-escape", "a\\\\ud83db", "a\\ud83db" },
  { "at-the-end", "\\ud83d", "\xef\xbf\xbd" },
};

/* Other programs write halves of characters, which is JSON, and no text that there is here. */
static void
test_escape (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *json = g_strdup_printf (
    "{\"subject\":\"%s\",\"properties\":[{\"tag\":\"0x1000001F\",\"value\":\"%s\"}]}",
    escapes[row].json, escapes[row].json);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = read_json (session, json);

  test_assert_string (message, IMSG_PR_SUBJECT, escapes[row].text);
  test_assert_string (message, IMSG_PR_BODY, escapes[row].text);
  imsg_session_close (session);
}

/* An id that had no name gets none of those that others have here. */
static void
test_no_name_behind_a_name (void)
{
  static const char json[] =
    "{\"properties\":[{\"tag\":\"0x8005001F\",\"named\":{\"set\":\""
    "00020329-0000-0000-c000-000000000046\",\"name\":\"one\"},\"value\":\"named\"},"
    "{\"tag\":\"0x8000001F\",\"value\":\"of nobody\"}]}";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = read_json (session, json);
  g_autoptr(GPtrArray) problems = imsg_message_list_problems (message);
  guint id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message),
                                                IMSG_PS_PUBLIC_STRINGS, "one", FALSE, NULL);

  test_assert_string (message, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), "named");
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpstr (imsg_problem_get_where (problems->pdata[0]), ==, "/0x8000001F");
  g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_UNEXPECTED_ID);
  imsg_session_close (session);
}

/* One message is what is asked for: neither the last of several nor an empty one. */
static const struct
{
  const char *path;
  const char *text;
  const char *message; /* of the error */
} refused[] = {
  { "two", "{\"message\":{\"subject\":\"a\"}}\n{\"message\":{\"subject\":\"b}\"}}\n",
    "The JSON holds no message: there is something behind its end" },
  { "failure", "{\"file\":\"a.msg\",\"error\":{\"code\":\"NOT_FOUND\",\"text\":\"No such file\"}}",
    "The JSON holds no message: No such file" },
  { "failure-of-no-words", "{\"error\":{}}", "The JSON holds no message: it tells of an error" },
};

static void
test_refused (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (refused[row].text, strlen (refused[row].text), NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (imsg_session_import_json (session, stream, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
  g_assert_cmpstr (error->message, ==, refused[row].message);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST_ADD_TABLE ("/imsg/json/odd", odd, test_odd)
  TEST_ADD_TABLE ("/imsg/json/refused", refused, test_refused)
  g_test_add_func ("/imsg/json/both-widths", test_both_widths);
  g_test_add_func ("/imsg/json/nobody", test_nobody);
  g_test_add_func ("/imsg/json/object", test_object);
  TEST_ADD_TABLE ("/imsg/json/escape", escapes, test_escape)
  g_test_add_func ("/imsg/json/no-name-behind-a-name", test_no_name_behind_a_name);
  return g_test_run ();
}
