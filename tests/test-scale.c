/* test-scale.c - large messages stay whole, bounded, and cost no more than their size
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

#define STRING_SET "00020329-0000-0000-c000-000000000046"

static IMsgMessage *
reopen (IMsgMessage *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (message, NULL, &error);
  IMsgMessage *again;

  g_assert_no_error (error);
  again = imsg_message_open_bytes (bytes, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_assert_no_error (error);
  return again;
}

static IMsgMessage *
make_message (IMsgSession *session)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_create_message (session, "IPM.Note", &error);

  g_assert_no_error (error);
  return message;
}

static void
add_rows (IMsgMessage *message,
          gboolean     attachments,
          guint        n)
{
  g_autoptr(GBytes) data = g_bytes_new_static ("data", 4);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Row %u", i);

      if (attachments)
        {
          g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);

          g_assert_no_error (error);
          imsg_attachment_set_file_name (attachment, name, &error);
          g_assert_no_error (error);
          imsg_attachment_set_bytes (attachment, data, &error);
        }
      else
        {
          g_autoptr(IMsgRecipient) recipient =
            imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, name, "a@example.com",
                                        &error);

          g_assert_nonnull (recipient);
        }
      g_assert_no_error (error);
    }
}

static void
test_rows (gconstpointer data)
{
  gboolean attachments = GPOINTER_TO_INT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  g_autoptr(IMsgMessage) again = NULL;
  GListModel *list;

  add_rows (message, attachments, 2000);
  again = reopen (message);
  list = attachments ? imsg_message_get_attachments (again) : imsg_message_get_recipients (again);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2000);
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr(IMsgPropertyObject) object = g_list_model_get_item (list, i);
      g_autofree char *expected = g_strdup_printf ("Row %u", i);

      if (attachments)
        g_assert_cmpstr (imsg_attachment_get_file_name (IMSG_ATTACHMENT (object)), ==, expected);
      else
        g_assert_cmpstr (imsg_recipient_get_name (IMSG_RECIPIENT (object)), ==, expected);
    }
}

/* The session's own account grows with what is in the file, and no faster. */
static void
test_memory (gconstpointer data)
{
  gboolean attachments = GPOINTER_TO_INT (data);
  guint64 before = 0;

  for (guint n = 250; n <= 1000; n *= 2)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) message = make_message (session);
      g_autoptr(IMsgSession) other = imsg_session_new ();
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(IMsgMessage) again = NULL;
      guint64 now;

      add_rows (message, attachments, n);
      bytes = imsg_message_write_to_bytes (message, NULL, NULL);
      again = imsg_session_open_message_from_bytes (other, bytes, IMSG_OPEN_READ_ONLY, NULL, NULL);
      g_assert_nonnull (again);
      g_list_model_get_n_items (imsg_message_get_recipients (again));
      g_list_model_get_n_items (imsg_message_get_attachments (again));
      now = imsg_session_get_memory_use (other);
      g_assert_cmpuint (now, >, 0);
      if (before != 0)
        g_assert_cmpuint (now, <, before * 2 + before / 4);
      before = now;
    }
}

static void
test_named_properties (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  g_autoptr(IMsgMessage) again = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *name = g_strdup_printf ("scale-%u", i);
      guint id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message), STRING_SET,
                                                    name, TRUE, &error);

      g_assert_no_error (error);
      imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message), id << 16 | 0x0003, i, &error);
      g_assert_no_error (error);
    }
  again = reopen (message);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *name = g_strdup_printf ("scale-%u", i);
      guint id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (again), STRING_SET, name,
                                                    FALSE, &error);

      g_assert_no_error (error);
      g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (again),
                                                     id << 16 | 0x0003), ==, i);
    }
}

static void
test_values (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  g_autoptr(IMsgMessage) again = NULL;
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GVariant) read = NULL;
  g_autoptr(GError) error = NULL;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *text = g_strdup_printf ("Value %u", i);

      g_variant_builder_add (&builder, "s", text);
    }
  value = g_variant_ref_sink (g_variant_builder_end (&builder));
  imsg_property_object_set_value (IMSG_PROPERTY_OBJECT (message), 0x6800101F, value, &error);
  g_assert_no_error (error);
  again = reopen (message);
  read = imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (again), 0x6800101F, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_equal (value, read));
}

/* 32 messages inside one another, and one more. */
static void
test_nesting (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  IMsgMessage *at = message;
  guint depth = 0;

  while (depth < 40)
    {
      IMsgAttachment *attachment = imsg_message_create_attachment (at, &error);
      IMsgMessage *inner;

      g_assert_no_error (error);
      g_ptr_array_add (held, attachment);
      inner = imsg_attachment_create_message (attachment, &error);
      if (inner == NULL)
        break;
      g_ptr_array_add (held, inner);
      at = inner;
      depth++;
    }
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_assert_cmpuint (depth, ==, imsg_limit_get_default (IMSG_LIMIT_NESTING));
}

/* A property stream with n entries, each of an id of its own. */
static GBytes *
make_stream (guint n)
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 entry[16] = { 0 };

  g_byte_array_set_size (bytes, 32);
  memset (bytes->data, 0, 32);
  for (guint i = 0; i < n; i++)
    {
      guint32 tag = GUINT32_TO_LE (i << 16 | 3);

      memcpy (entry, &tag, 4);
      g_byte_array_append (bytes, entry, sizeof entry);
    }
  return g_byte_array_free_to_bytes (bytes);
}

static void
test_property_limit (void)
{
  for (guint n = 65536; n <= 65537; n++)
    {
      g_autoptr(IMsgStorage) storage =
        imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
      g_autoptr(GBytes) stream = make_stream (n);
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) message = NULL;

      imsg_storage_write_stream (storage, "__properties_version1.0", stream, &error);
      g_assert_no_error (error);
      message = imsg_message_open_on_storage (storage, IMSG_OPEN_READ_ONLY, NULL, &error);
      if (n == 65536)
        g_assert_no_error (error);
      else
        g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
    }
}

/* --- files of other programs: a size that is twice as large may take twice as long --- */

typedef GPtrArray *(*ImportFunc) (IMsgSession   *session,
                                  GInputStream  *stream,
                                  GCancellable  *cancellable,
                                  GError       **error);

static double
time_import (GString    *text,
             ImportFunc  import)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
  g_autoptr(GTimer) timer = g_timer_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = import (session, stream, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (messages->len, >=, 1);
  return g_timer_elapsed (timer, NULL);
}

/* An attachment in a calendar, its base64 in one line */
static GString *
make_long_line (guint n)
{
  GString *text = g_string_new ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20240115T100000Z\n"
                                "ATTACH;VALUE=BINARY;ENCODING=BASE64:");

  for (guint i = 0; i < n; i++)
    g_string_append (text, "QUJD");
  g_string_append (text, "\nEND:VEVENT\nEND:VCALENDAR\n");
  return text;
}

static GString *
make_card_of_mails (guint n)
{
  GString *text = g_string_new ("BEGIN:VCARD\nNOTE:x\n");

  for (guint i = 0; i < n; i++)
    g_string_append (text, "EMAIL:a@x\n");
  g_string_append (text, "END:VCARD\n");
  return text;
}

/* Members that are all the one card, which says late what its address is */
static GString *
make_group (guint n)
{
  GString *text = g_string_new ("BEGIN:VCARD\nUID:1\n");

  for (guint i = 0; i < n; i++)
    g_string_append (text, "X-A:1\n");
  g_string_append (text, "EMAIL:a@x\nEND:VCARD\nBEGIN:VCARD\nKIND:group\nFN:b\n");
  for (guint i = 0; i < n; i++)
    g_string_append (text, "MEMBER:urn:uuid:1\n");
  g_string_append (text, "END:VCARD\n");
  return text;
}

static const struct
{
  const char *path;
  GString    *(*make) (guint n);
  ImportFunc  import;
  guint       n;
} imports[] = {
  { "long-line", make_long_line, imsg_session_import_icalendar, 1 << 19 },
  { "mails-of-a-card", make_card_of_mails, imsg_session_import_vcard, 10000 },
  { "members-of-one-card", make_group, imsg_session_import_vcard, 10000 },
};

static void
test_import (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GString) one = imports[i].make (imports[i].n);
  g_autoptr(GString) four = imports[i].make (4 * imports[i].n);
  double first = time_import (one, imports[i].import);
  double second = time_import (four, imports[i].import);

  /* a walk over everything for each of them would be sixteen times as long */
  g_assert_cmpfloat (second, <, 8 * first + 0.5);
}

/* A series of which each occurrence is changed has as many messages in it. */
static GString *
make_series (guint n)
{
  GString *text = g_string_new ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20240101T100000Z\n"
                                "RRULE:FREQ=DAILY\nEND:VEVENT\n");

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GDateTime) first = g_date_time_new_utc (2024, 1, 1, 10, 0, 0);
      g_autoptr(GDateTime) day = g_date_time_add_days (first, (int) i);
      g_autofree char *id = g_date_time_format (day, "%Y%m%dT%H%M%SZ");

      g_string_append_printf (text, "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:%s\nDTSTART:%s\n"
                                    "SUMMARY:%u\nEND:VEVENT\n", id, id, i);
    }
  g_string_append (text, "END:VCALENDAR\n");
  return text;
}

static double
time_export (guint n)
{
  g_autoptr(GString) text = make_series (n);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = imsg_session_import_icalendar (session, stream, NULL, &error);
  g_autoptr(GTimer) timer = NULL;

  g_assert_no_error (error);
  timer = g_timer_new ();
  imsg_message_export_icalendar (messages->pdata[0], out, NULL, &losses, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (losses->len, ==, 0);
  return g_timer_elapsed (timer, NULL);
}

static void
test_export_series (void)
{
  double first = time_export (400);
  double second = time_export (1600);

  g_assert_cmpfloat (second, <, 8 * first + 0.5);
}

/* --- changes one by one, with a table that is told of each --- */

static void
look_up_cb (IMsgTable          *table,
            IMsgPropertyObject *row,
            IMsgPropertyObject *prior,
            guint              *n_told)
{
  gsize n_columns = 0;
  g_autofree guint32 *columns = imsg_table_get_columns (table, FALSE, &n_columns);
  guint position = 0;

  g_assert_cmpuint (n_columns, >, 4);
  g_assert_true (imsg_table_get_row_position (table, row, &position));
  g_assert_true ((position == 0) == (prior == NULL));
  *n_told += 1;
}

static double
time_changes (guint n)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgTable) table = imsg_message_get_recipient_table (message, &error);
  g_autoptr(GTimer) timer = g_timer_new ();
  guint n_told = 0;

  g_assert_no_error (error);
  g_signal_connect (table, "row-added", G_CALLBACK (look_up_cb), &n_told);
  g_signal_connect (table, "row-modified", G_CALLBACK (look_up_cb), &n_told);
  add_rows (message, FALSE, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(IMsgPropertyObject) row = g_list_model_get_item (recipients, i);

      imsg_property_object_set_string (row, IMSG_PR_EMAIL_ADDRESS, "b@example.com", &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (n_told, ==, 2 * n);
  while (g_list_model_get_n_items (recipients) > 0)
    {
      g_autoptr(IMsgRecipient) first = g_list_model_get_item (recipients, 0);

      imsg_message_remove_recipient (message, imsg_recipient_get_row_id (first), &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (imsg_table_get_n_rows (table), ==, 0);
  return g_timer_elapsed (timer, NULL);
}

static void
test_changes (void)
{
  double first = time_changes (2000);
  double second = time_changes (8000);

  g_assert_cmpfloat (second, <, 8 * first + 0.5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/imsg/scale/rows/recipients", GINT_TO_POINTER (FALSE), test_rows);
  g_test_add_data_func ("/imsg/scale/rows/attachments", GINT_TO_POINTER (TRUE), test_rows);
  g_test_add_data_func ("/imsg/scale/memory/recipients", GINT_TO_POINTER (FALSE), test_memory);
  g_test_add_data_func ("/imsg/scale/memory/attachments", GINT_TO_POINTER (TRUE), test_memory);
  g_test_add_func ("/imsg/scale/named-properties", test_named_properties);
  g_test_add_func ("/imsg/scale/values-of-one-property", test_values);
  g_test_add_func ("/imsg/scale/nesting", test_nesting);
  g_test_add_func ("/imsg/scale/limits/properties", test_property_limit);
  g_test_add_func ("/imsg/scale/export-series", test_export_series);
  g_test_add_func ("/imsg/scale/changes", test_changes);
  TEST_ADD_TABLE ("/imsg/scale/import", imports, test_import);
  return g_test_run ();
}
