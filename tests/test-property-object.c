/* test-property-object.c - values, streams, attributes and names of a property object
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

#define PSETID_COMMON "00062008-0000-0000-c000-000000000046"

static IMsgMessage *
new_message (gboolean unicode)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (unicode);

  return test_open_message (bytes);
}

/* Saves and opens again; takes the message. */
static IMsgMessage *
reopen (IMsgMessage *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) old = message;
  g_autoptr(GBytes) bytes = NULL;
  IMsgMessage *opened;

  g_assert_true (imsg_message_save (old, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);
  bytes = imsg_message_write_to_bytes (old, NULL, &error);
  g_assert_no_error (error);
  opened = imsg_message_open_bytes (bytes, IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_no_error (error);
  return opened;
}

static const struct
{
  const char *name;
  guint       type;
  const char *value; /* as g_variant_parse() reads it */
} values[] = {
  { "i2", IMSG_PROPERTY_TYPE_I2, "int16 -2" },
  { "long", IMSG_PROPERTY_TYPE_LONG, "int32 -70000" },
  { "r4", IMSG_PROPERTY_TYPE_R4, "1.5" },
  { "double", IMSG_PROPERTY_TYPE_DOUBLE, "-0.1" },
  { "currency", IMSG_PROPERTY_TYPE_CURRENCY, "int64 -12345" },
  { "apptime", IMSG_PROPERTY_TYPE_APPTIME, "45000.25" },
  { "boolean", IMSG_PROPERTY_TYPE_BOOLEAN, "true" },
  { "i8", IMSG_PROPERTY_TYPE_I8, "int64 -9223372036854775808" },
  { "string8", IMSG_PROPERTY_TYPE_STRING8, "'caf\u00e9'" },
  { "unicode", IMSG_PROPERTY_TYPE_UNICODE, "'caf\u00e9'" },
  { "empty-string", IMSG_PROPERTY_TYPE_UNICODE, "''" },
  { "systime", IMSG_PROPERTY_TYPE_SYSTIME, "uint64 133000000000000000" },
  { "clsid", IMSG_PROPERTY_TYPE_CLSID, "'00062008-0000-0000-c000-000000000046'" },
  { "binary", IMSG_PROPERTY_TYPE_BINARY, "[byte 1, 0, 255]" },
  { "empty-binary", IMSG_PROPERTY_TYPE_BINARY, "@ay []" },
  { "mv-i2", IMSG_PROPERTY_TYPE_MV_I2, "[int16 1, -2]" },
  { "mv-long", IMSG_PROPERTY_TYPE_MV_LONG, "[int32 1, -2, 3]" },
  { "mv-double", IMSG_PROPERTY_TYPE_MV_DOUBLE, "[1.0, 2.0]" },
  { "mv-systime", IMSG_PROPERTY_TYPE_MV_SYSTIME, "[uint64 1, 2]" },
  { "mv-unicode", IMSG_PROPERTY_TYPE_MV_UNICODE, "['a', '', '\u00e9']" },
  { "mv-string8", IMSG_PROPERTY_TYPE_MV_STRING8, "['a', '', '\u00e9']" },
  { "mv-clsid", IMSG_PROPERTY_TYPE_MV_CLSID, "['00062008-0000-0000-c000-000000000046']" },
  { "mv-binary", IMSG_PROPERTY_TYPE_MV_BINARY, "[b'', b'x']" },
};

static gboolean
is_text (guint type)
{
  type &= ~0x1000u;
  return type == IMSG_PROPERTY_TYPE_STRING8 || type == IMSG_PROPERTY_TYPE_UNICODE;
}

/* Every type is set, read, saved, and read again, in messages of both widths. */
static void
test_types (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data) >> 1;
  const gboolean unicode = GPOINTER_TO_UINT (data) & 1;
  const guint32 tag = imsg_property_tag (values[i].type, 0x6801);
  g_autoptr(IMsgMessage) message = new_message (unicode);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value = NULL;

  if (values[i].type == IMSG_PROPERTY_TYPE_MV_BINARY)
    {
      GVariantBuilder builder;

      g_variant_builder_init (&builder, G_VARIANT_TYPE ("aay"));
      g_variant_builder_add_value (&builder, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "", 0,
                                                                        1));
      g_variant_builder_add_value (&builder, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "xy",
                                                                        2, 1));
      value = g_variant_ref_sink (g_variant_builder_end (&builder));
    }
  else
    value = g_variant_parse (NULL, values[i].value, NULL, NULL, &error);
  g_assert_no_error (error);

  g_assert_true (imsg_property_object_set_value (IMSG_PROPERTY_OBJECT (message), tag, value,
                                                 &error));
  g_assert_no_error (error);
  for (guint pass = 0; pass < 2; pass++)
    {
      IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
      g_autoptr(GVariant) read = imsg_property_object_get_value (object, tag, &error);
      guint32 found = imsg_property_object_find_tag (object, tag);

      g_assert_no_error (error);
      g_assert_true (g_variant_equal (read, value));
      if (is_text (values[i].type))
        g_assert_true ((found & 1) == (guint32) unicode);
      else
        g_assert_cmphex (found, ==, tag);
      g_assert_cmpuint (imsg_property_object_get_attributes (object, tag, NULL), ==, 6);
      if (pass == 0)
        message = reopen (g_steal_pointer (&message));
    }
}

static void
test_widths (void)
{
  g_autoptr(IMsgMessage) message = new_message (FALSE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  const guint32 string8 = imsg_property_tag_change_type (IMSG_PR_SUBJECT,
                                                         IMSG_PROPERTY_TYPE_STRING8);
  const guint32 any = imsg_property_tag_change_type (IMSG_PR_SUBJECT,
                                                     IMSG_PROPERTY_TYPE_UNSPECIFIED);
  const guint32 wrong = imsg_property_tag_change_type (IMSG_PR_SUBJECT, IMSG_PROPERTY_TYPE_LONG);
  const guint32 tags[] = { IMSG_PR_SUBJECT, string8, any };
  g_autoptr(GError) error = NULL;

  g_assert_false (imsg_property_object_is_unicode (object));
  g_assert_cmphex (imsg_property_object_find_tag (object, IMSG_PR_SUBJECT), ==, string8);
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_autoptr(GVariant) value = imsg_property_object_get_value (object, tags[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (g_variant_get_string (value, NULL), ==, "RE: A subject");
      g_assert_true (imsg_property_object_has_value (object, tags[i]));
    }
  g_assert_null (imsg_property_object_get_value (object, wrong, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_UNEXPECTED_TYPE);
  g_clear_error (&error);
  g_assert_false (imsg_property_object_has_value (object, wrong));
  g_assert_null (imsg_property_object_get_value (object, 0x68010003, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
}

static const struct
{
  const char *name;
  guint32     tag;
  const char *value;
  int         code;
} refused[] = {
  { "computed", IMSG_PR_DISPLAY_TO, "'x'", IMSG_ERROR_COMPUTED },
  { "store-mask", IMSG_PR_STORE_SUPPORT_MASK, "0", IMSG_ERROR_COMPUTED },
  { "normalized-subject", IMSG_PR_NORMALIZED_SUBJECT, "'x'", IMSG_ERROR_COMPUTED },
  { "object", IMSG_PR_MESSAGE_RECIPIENTS, "0", IMSG_ERROR_INVALID_PARAMETER },
  { "id-0", 0x00000003, "0", IMSG_ERROR_UNEXPECTED_ID },
  { "id-ffff", 0xFFFF0003, "0", IMSG_ERROR_UNEXPECTED_ID },
  { "no-name", 0x80500003, "0", IMSG_ERROR_UNEXPECTED_ID },
  { "unspecified", 0x68010000, "0", IMSG_ERROR_INVALID_TYPE },
  { "unknown-type", 0x68010999, "0", IMSG_ERROR_INVALID_TYPE },
  { "server-id", 0x680100FB, "0", IMSG_ERROR_TYPE_NO_SUPPORT },
  { "wrong-variant", 0x68010003, "'x'", IMSG_ERROR_BAD_VALUE },
  { "no-values", 0x68011003, "@ai []", IMSG_ERROR_BAD_VALUE },
};

static void
test_refused (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(GError) error = NULL;

  g_assert_false (imsg_property_object_set_value (IMSG_PROPERTY_OBJECT (message), refused[i].tag,
                                                  g_variant_new_parsed (refused[i].value), &error));
  g_assert_error (error, IMSG_ERROR, refused[i].code);
  g_assert_false (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
}

static void
test_plain (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GDateTime) time = g_date_time_new_utc (2026, 11, 24, 1, 2, 3.5);
  g_autoptr(GDateTime) read_time = NULL;
  g_autoptr(GBytes) bytes = g_bytes_new_static ("abc", 3);
  g_autoptr(GBytes) read_bytes = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_BODY, "words", &error));
  g_assert_true (imsg_property_object_set_int (object, IMSG_PR_IMPORTANCE, 2, &error));
  g_assert_true (imsg_property_object_set_boolean (object, IMSG_PR_READ_RECEIPT_REQUESTED, TRUE,
                                                   &error));
  g_assert_true (imsg_property_object_set_bytes (object, IMSG_PR_CONVERSATION_INDEX, bytes,
                                                 &error));
  g_assert_true (imsg_property_object_set_datetime (object, IMSG_PR_CLIENT_SUBMIT_TIME, time,
                                                    &error));
  g_assert_no_error (error);
  text = imsg_property_object_get_string (object, IMSG_PR_BODY);
  g_assert_cmpstr (text, ==, "words");
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_IMPORTANCE), ==, 2);
  g_assert_true (imsg_property_object_get_boolean (object, IMSG_PR_READ_RECEIPT_REQUESTED));
  read_bytes = imsg_property_object_get_bytes (object, IMSG_PR_CONVERSATION_INDEX);
  g_assert_true (g_bytes_equal (read_bytes, bytes));
  read_time = imsg_property_object_get_datetime (object, IMSG_PR_CLIENT_SUBMIT_TIME);
  g_assert_true (g_date_time_equal (read_time, time));

  g_assert_false (imsg_property_object_set_int (object, IMSG_PR_IMPORTANCE, G_MAXINT64, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE);
  g_clear_error (&error);
  g_assert_false (imsg_property_object_set_int (object, IMSG_PR_BODY, 1, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_UNEXPECTED_TYPE);
  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_BODY, NULL, NULL));
  g_assert_null (imsg_property_object_get_string (object, IMSG_PR_BODY));
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_BODY), ==, 0);
  g_assert_null (imsg_property_object_get_bytes (object, IMSG_PR_BODY));
  g_assert_null (imsg_property_object_get_datetime (object, IMSG_PR_BODY));
}

/* One value for an id, whatever its type; and no streams left behind. */
static void
test_one_value (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  const char *const texts[] = { "one", "two", "three", NULL };

  g_assert_true (imsg_property_object_set_value (IMSG_PROPERTY_OBJECT (message), 0x6801101F,
                                                 g_variant_new_strv (texts, -1), &error));
  g_assert_no_error (error);
  message = reopen (g_steal_pointer (&message));
  storage = g_object_ref (imsg_property_object_get_storage (IMSG_PROPERTY_OBJECT (message)));
  {
    g_autoptr(IMsgStorageEntry) entry =
      imsg_storage_find_entry (storage, "__substg1.0_6801101F-00000002");

    g_assert_nonnull (entry);
  }
  g_assert_true (imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message), 0x68010003, 7,
                                               &error));
  g_assert_cmphex (imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message), 0x68010000), ==,
                   0x68010003);
  g_clear_object (&storage);
  message = reopen (g_steal_pointer (&message));
  storage = g_object_ref (imsg_property_object_get_storage (IMSG_PROPERTY_OBJECT (message)));
  {
    g_autoptr(IMsgStorageEntry) lengths = imsg_storage_find_entry (storage,
                                                                   "__substg1.0_6801101F");
    g_autoptr(IMsgStorageEntry) value =
      imsg_storage_find_entry (storage, "__substg1.0_6801101F-00000000");

    g_assert_null (lengths);
    g_assert_null (value);
  }
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message), 0x68010003), ==,
                   7);
}

static void
test_attributes (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GError) error = NULL;
  const IMsgPropertyAttributes locked =
    IMSG_PROPERTY_ATTRIBUTES_MANDATORY | IMSG_PROPERTY_ATTRIBUTES_READABLE;

  g_assert_cmpuint (imsg_property_object_get_attributes (object, IMSG_PR_SUBJECT, NULL), ==, 6);
  g_assert_cmpuint (imsg_property_object_get_attributes (object, 0x68010003, NULL), ==,
                    IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT);
  g_assert_true (imsg_property_object_set_attributes (object, IMSG_PR_SUBJECT, locked, &error));
  g_assert_true (imsg_property_object_is_modified (object));
  message = reopen (g_steal_pointer (&message));
  object = IMSG_PROPERTY_OBJECT (message);
  g_assert_cmpuint (imsg_property_object_get_attributes (object, IMSG_PR_SUBJECT, NULL), ==,
                    locked);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "RE: A subject");
  g_assert_false (imsg_message_set_subject (message, "x", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_false (imsg_property_object_delete_value (object, IMSG_PR_SUBJECT, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_null (imsg_property_object_replace_stream (object, IMSG_PR_SUBJECT, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_false (imsg_property_object_set_attributes (object, 0x68010003, locked, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (imsg_property_object_set_attributes (
    object, IMSG_PR_SUBJECT, IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
}

static void
test_names (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(IMsgPropertyName) name = NULL;
  g_autoptr(IMsgPropertyName) tagged = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  g_autoptr(GError) error = NULL;
  g_autofree guint *ids = NULL;
  guint id, other;
  gsize n_ids;

  g_assert_cmpuint (imsg_property_object_resolve_name (object, PSETID_COMMON, "0x8503", FALSE,
                                                       &error), ==, 0);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  id = imsg_property_object_resolve_name (object, PSETID_COMMON, "0x8503", TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (id, >=, 0x8000);
  other = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (attachment),
                                             IMSG_PS_PUBLIC_STRINGS, "Keywords", TRUE, &error);
  g_assert_cmpuint (other, ==, id + 1);
  g_assert_true (imsg_property_object_set_boolean (
    object, imsg_property_tag (IMSG_PROPERTY_TYPE_BOOLEAN, id), TRUE, &error));
  g_assert_no_error (error);
  message = reopen (g_steal_pointer (&message));
  object = IMSG_PROPERTY_OBJECT (message);
  g_assert_cmpuint (imsg_property_object_resolve_name (object, PSETID_COMMON, "0x8503", FALSE,
                                                       &error), ==, id);
  g_assert_true (imsg_property_object_get_boolean (
    object, imsg_property_tag (IMSG_PROPERTY_TYPE_BOOLEAN, id)));
  name = imsg_property_object_lookup_name (object, id);
  g_assert_cmphex (imsg_property_name_get_id (name), ==, 0x8503);
  g_assert_null (imsg_property_object_lookup_name (object, 0x9000));
  tagged = imsg_property_object_lookup_name (object, 0x0037);
  g_assert_cmphex (imsg_property_name_get_id (tagged), ==, 0x0037);
  g_assert_cmpuint (imsg_property_object_resolve_property_name (object, tagged, FALSE, NULL), ==,
                    0x0037);
  ids = imsg_property_object_list_named_ids (object, &n_ids);
  g_assert_cmpuint (n_ids, ==, 2);
}

static void
test_read_only (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_message_open_bytes (bytes, IMSG_OPEN_READ_ONLY, NULL, &error);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  g_assert_false (imsg_property_object_is_writable (object));
  g_assert_false (imsg_message_set_subject (message, "x", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_false (imsg_property_object_delete_value (object, IMSG_PR_SUBJECT, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_null (imsg_property_object_replace_stream (object, IMSG_PR_BODY, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_cmpuint (imsg_property_object_resolve_name (object, PSETID_COMMON, "0x8503", TRUE,
                                                       &error), ==, 0);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_null (imsg_message_create_attachment (message, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_false (imsg_message_save (message, IMSG_SAVE_NONE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_ACCESS_LEVEL), ==, 0);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_ACCESS), ==, 2);
}

/* --- streams --- */

static void
test_streams (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GInputStream) again = NULL;
  g_autoptr(GOutputStream) writing = NULL;
  g_autoptr(GOutputStream) same = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  char buffer[16];

  stream = imsg_property_object_open_stream (object, IMSG_PR_BODY, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (stream, buffer, 4, NULL, &error), ==, 4);
  g_assert_cmpmem (buffer, 4, "T\0e\0", 4);
  again = imsg_property_object_open_stream (object, IMSG_PR_BODY, NULL, &error);
  g_assert_true (again == stream);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (again)), ==, 4);
  g_clear_object (&again);
  g_clear_object (&stream);
  stream = imsg_property_object_open_stream (
    object, imsg_property_tag_change_type (IMSG_PR_BODY, IMSG_PROPERTY_TYPE_STRING8), NULL,
    &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (stream, buffer, 16, NULL, &error), ==, 6);
  g_assert_cmpmem (buffer, 6, "Text\r\n", 6);
  g_assert_null (imsg_property_object_open_stream (object, IMSG_PR_IMPORTANCE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
  g_clear_error (&error);
  g_assert_null (imsg_property_object_open_stream (object, 0x68010102, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);

  writing = imsg_property_object_replace_stream (object, IMSG_PR_BODY, NULL, &error);
  g_assert_no_error (error);
  same = imsg_property_object_replace_stream (object, IMSG_PR_BODY, NULL, &error);
  g_assert_true (same == writing);
  g_clear_object (&same);
  g_assert_true (g_output_stream_write_all (writing, "N\0e\0w\0", 6, NULL, NULL, &error));
  text = imsg_property_object_get_string (object, IMSG_PR_BODY);
  g_assert_cmpstr (text, ==, "Text\r\n");
  g_assert_false (imsg_property_object_set_string (object, IMSG_PR_BODY, "x", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_false (imsg_property_object_delete_value (object, IMSG_PR_BODY, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_true (g_output_stream_close (writing, NULL, &error));
  g_clear_pointer (&text, g_free);
  text = imsg_property_object_get_string (object, IMSG_PR_BODY);
  g_assert_cmpstr (text, ==, "New");
  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_BODY, "x", &error));
}

/* A stream in an 8-bit message may carry Unicode, as long as the code page has the characters. */
static void
test_stream_widths (void)
{
  g_autoptr(IMsgMessage) message = new_message (FALSE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  stream = imsg_property_object_replace_stream (object, IMSG_PR_BODY, NULL, &error);
  g_assert_true (g_output_stream_write_all (stream, "\xE9\x00", 2, NULL, NULL, &error));
  g_assert_true (g_output_stream_close (stream, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmphex (imsg_property_object_find_tag (object, IMSG_PR_BODY), ==, 0x1000001E);
  text = imsg_property_object_get_string (object, IMSG_PR_BODY);
  g_assert_cmpstr (text, ==, "é");
  g_clear_object (&stream);
  stream = imsg_property_object_replace_stream (object, IMSG_PR_BODY, NULL, &error);
  g_assert_true (g_output_stream_write_all (stream, "\xE5\x65", 2, NULL, NULL, &error));
  g_assert_false (g_output_stream_close (stream, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);
  g_assert_cmpint (imsg_property_object_get_value_size (object, IMSG_PR_BODY), ==, 1);
}

static void
test_edit_stream (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  char buffer[4];

  g_assert_null (imsg_property_object_edit_stream (object, 0x68010102, FALSE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  stream = imsg_property_object_edit_stream (object, 0x68010102, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (stream), "abcd", 4, NULL,
                                            NULL, &error));
  g_assert_true (g_io_stream_close (stream, NULL, &error));
  g_clear_object (&stream);
  stream = imsg_property_object_edit_stream (object, 0x68010102, FALSE, NULL, &error);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, 2, NULL,
                                        &error), ==, 2);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (stream), "XY", 2, NULL,
                                            NULL, &error));
  g_assert_true (g_io_stream_close (stream, NULL, &error));
  message = reopen (g_steal_pointer (&message));
  bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (message), 0x68010102);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "abXY", 4);
}

/* --- signals, the list, reverting --- */

static void
note_change (IMsgPropertyObject *object,
             guint               tag,
             GString            *log)
{
  g_string_append_printf (log, "%08x ", tag);
}

static void
note_items (GListModel *list,
            guint       position,
            guint       n_removed,
            guint       n_added,
            GString    *log)
{
  g_string_append_printf (log, "-%u+%u ", n_removed, n_added);
}

static void
test_changes (void)
{
  g_autoptr(GString) all = g_string_new (NULL);
  g_autoptr(GString) body = g_string_new (NULL);
  g_autoptr(GString) items = g_string_new (NULL);
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  GListModel *list = imsg_property_object_get_properties (object);
  g_autoptr(IMsgProperty) property = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  guint n_items = g_list_model_get_n_items (list), position = 0;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(IMsgProperty) candidate = g_list_model_get_item (list, i);

      if (imsg_property_get_tag (candidate) == IMSG_PR_BODY)
        {
          property = g_object_ref (candidate);
          position = i;
        }
    }
  g_assert_nonnull (property);
  g_assert_cmpstr (imsg_property_get_name (property), ==, "PR_BODY");
  g_assert_cmpint (imsg_property_get_origin (property), ==, IMSG_PROPERTY_ORIGIN_STORED);
  g_signal_connect (object, "property-changed", G_CALLBACK (note_change), all);
  g_signal_connect (object, "property-changed::1000001f", G_CALLBACK (note_change), body);
  g_signal_connect (list, "items-changed", G_CALLBACK (note_items), items);

  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_BODY, "Other", &error));
  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_BODY, "Other", &error));
  g_assert_true (imsg_property_object_set_int (object, IMSG_PR_IMPORTANCE, 2, &error));
  g_assert_cmpstr (all->str, ==, "1000001f 00170003 ");
  g_assert_cmpstr (body->str, ==, "1000001f ");
  g_assert_cmpstr (items->str, ==, "-0+1 ");
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, n_items + 1);
  g_assert_cmpint (imsg_property_get_origin (property), ==, IMSG_PROPERTY_ORIGIN_EDITED);
  text = imsg_property_dup_display_value (property);
  g_assert_nonnull (strstr (text, "Other"));
  {
    g_autoptr(IMsgProperty) same = g_list_model_get_item (list, position);

    g_assert_true (same == property);
  }

  g_assert_true (imsg_property_object_revert_value (object, IMSG_PR_BODY, &error));
  g_assert_cmpint (imsg_property_get_origin (property), ==, IMSG_PROPERTY_ORIGIN_STORED);
  g_assert_true (imsg_property_object_is_modified (object));
  g_assert_true (imsg_property_object_revert_value (object, 0, &error));
  g_assert_false (imsg_property_object_is_modified (object));
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, n_items);
  g_assert_true (imsg_property_object_delete_value (object, IMSG_PR_BODY, &error));
  g_assert_cmpstr (items->str, ==, "-0+1 -1+0 -1+0 ");
  g_assert_null (imsg_property_object_get_string (object, IMSG_PR_BODY));
  g_assert_false (imsg_property_object_delete_value (object, IMSG_PR_BODY, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
}

static void
count_notify (GObject    *object,
              GParamSpec *pspec,
              guint      *count)
{
  (*count)++;
}

static void
test_notify (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  guint n_subject = 0, n_modified = 0;
  g_autofree char *subject = NULL;

  g_signal_connect (message, "notify::subject", G_CALLBACK (count_notify), &n_subject);
  g_signal_connect (message, "notify::modified", G_CALLBACK (count_notify), &n_modified);
  g_assert_true (imsg_message_set_subject (message, "One", NULL));
  g_assert_true (imsg_message_set_subject (message, "Two", NULL));
  g_assert_true (imsg_message_set_subject (message, "Two", NULL));
  g_assert_cmpuint (n_subject, ==, 2);
  g_assert_cmpuint (n_modified, ==, 1);
  g_object_get (message, "subject", &subject, NULL);
  g_assert_cmpstr (subject, ==, "Two");
}

static void
test_readable_error (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  GListModel *list = imsg_property_object_get_properties (object);
  g_autoptr(GError) error = NULL;
  gboolean found = FALSE;

  g_assert_true (imsg_property_object_set_value (object, 0x6600000A,
                                                 g_variant_new_uint32 (0x8004010F), &error));
  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (list, i);
      g_autofree char *text = NULL;

      if (imsg_property_get_tag (property) != 0x6600000A)
        continue;
      text = imsg_property_dup_readable_value (property);
      g_assert_cmpstr (text, ==, "MAPI_E_NOT_FOUND");
      found = TRUE;
    }
  g_assert_true (found);
}

static void
test_readable (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  GListModel *list = imsg_property_object_get_properties (IMSG_PROPERTY_OBJECT (message));
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (list, i);
      g_autofree char *text = imsg_property_dup_readable_value (property);

      if (imsg_property_get_tag (property) != IMSG_PR_MESSAGE_FLAGS)
        continue;
      found = TRUE;
      g_assert_nonnull (strstr (text, "MSGFLAG_UNSENT"));
      g_assert_nonnull (strstr (text, "MSGFLAG_HASATTACH"));
      g_assert_null (strstr (text, "MSGFLAG_READ"));
    }
  g_assert_true (found);
}

/* Thousands of properties take time in step with their number. */
static void
test_many (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GError) error = NULL;
  gsize n_tags;

  for (guint id = 0x4000; id < 0x7000; id++)
    if (!imsg_property_object_set_int (object, imsg_property_tag (IMSG_PROPERTY_TYPE_LONG, id), id,
                                       &error))
      g_error ("%s", error->message);
  message = reopen (g_steal_pointer (&message));
  object = IMSG_PROPERTY_OBJECT (message);
  g_free (imsg_property_object_list_tags (object, &n_tags));
  g_assert_cmpuint (n_tags, >, 0x3000);
  for (guint id = 0x4000; id < 0x7000; id++)
    g_assert_cmpint (imsg_property_object_get_int (
                       object, imsg_property_tag (IMSG_PROPERTY_TYPE_LONG, id)), ==, id);
}

#define N_NEW 100 /* enough for a look-up that is not one after the other */

static guint32
new_tag (guint i)
{
  /* Descending ids: order of arrival is not that of the ids */
  return imsg_property_tag (IMSG_PROPERTY_TYPE_LONG, 0x6800 + N_NEW - i);
}

/* The tags of N_NEW, in the order in which an object lists them */
static GArray *
list_new (IMsgMessage *message)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint32));
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_object_list_tags (IMSG_PROPERTY_OBJECT (message),
                                                             &n_tags);

  for (gsize i = 0; i < n_tags; i++)
    if (tags[i] >> 16 > 0x6800 && tags[i] >> 16 <= 0x6800 + N_NEW)
      g_array_append_val (found, tags[i]);
  return found;
}

/* New properties stand in the order in which they came; one that is set again keeps its place, one
 * that was deleted meanwhile comes last. */
static void
test_order (void)
{
  g_autoptr(IMsgMessage) message = new_message (TRUE);
  g_autoptr(GError) error = NULL;
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GArray) before = NULL;
  g_autoptr(GArray) after = NULL;

  for (guint i = 0; i < N_NEW; i++)
    g_assert_true (imsg_property_object_set_value (object, new_tag (i), g_variant_new_int32 (1),
                                                   &error));
  g_assert_true (imsg_property_object_set_value (object, new_tag (3), g_variant_new_int32 (2),
                                                 &error));
  g_assert_true (imsg_property_object_delete_value (object, new_tag (5), &error));
  g_assert_true (imsg_property_object_delete_value (object, new_tag (N_NEW - 2), &error));
  g_assert_true (imsg_property_object_set_value (object, new_tag (5), g_variant_new_int32 (3),
                                                 &error));
  before = list_new (message);
  g_assert_cmpuint (before->len, ==, N_NEW - 1);
  for (guint i = 0; i < 5; i++)
    g_assert_cmphex (g_array_index (before, guint32, i), ==, new_tag (i));
  g_assert_cmphex (g_array_index (before, guint32, 5), ==, new_tag (6));
  g_assert_cmphex (g_array_index (before, guint32, N_NEW - 3), ==, new_tag (N_NEW - 1));
  g_assert_cmphex (g_array_index (before, guint32, N_NEW - 2), ==, new_tag (5));

  g_assert_true (imsg_property_object_revert_value (object, new_tag (7), &error));
  g_array_remove_index (before, 6);
  message = reopen (g_steal_pointer (&message));
  object = IMSG_PROPERTY_OBJECT (message);
  after = list_new (message);
  g_assert_cmpmem (before->data, before->len * sizeof (guint32), after->data,
                   after->len * sizeof (guint32));
  g_assert_cmpint (imsg_property_object_get_int (object, new_tag (3)), ==, 2);
  g_assert_cmpint (imsg_property_object_get_int (object, new_tag (5)), ==, 3);

  for (guint i = 0; i < N_NEW; i++)
    g_assert_true (imsg_property_object_set_value (object, new_tag (i), g_variant_new_int32 (4),
                                                   &error));
  g_assert_true (imsg_property_object_revert_value (object, 0, &error));
  g_assert_false (imsg_property_object_is_modified (object));
  g_assert_cmpint (imsg_property_object_get_int (object, new_tag (3)), ==, 2);
  g_assert_false (imsg_property_object_has_value (object, new_tag (7)));
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (values); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imsg/property-object/types/%s/%s",
                                               values[i / 2].name, i & 1 ? "unicode" : "ansi");

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_types);
    }
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imsg/property-object/refused/%s", refused[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/imsg/property-object/widths", test_widths);
  g_test_add_func ("/imsg/property-object/plain", test_plain);
  g_test_add_func ("/imsg/property-object/one-value", test_one_value);
  g_test_add_func ("/imsg/property-object/attributes", test_attributes);
  g_test_add_func ("/imsg/property-object/names", test_names);
  g_test_add_func ("/imsg/property-object/read-only", test_read_only);
  g_test_add_func ("/imsg/property-object/streams", test_streams);
  g_test_add_func ("/imsg/property-object/stream-widths", test_stream_widths);
  g_test_add_func ("/imsg/property-object/edit-stream", test_edit_stream);
  g_test_add_func ("/imsg/property-object/changes", test_changes);
  g_test_add_func ("/imsg/property-object/notify", test_notify);
  g_test_add_func ("/imsg/property-object/readable", test_readable);
  g_test_add_func ("/imsg/property-object/readable-error", test_readable_error);
  g_test_add_func ("/imsg/property-object/many", test_many);
  g_test_add_func ("/imsg/property-object/order", test_order);
  status = g_test_run ();
  test_remove_files ();
  return status;
}
