/* test-samples.c - every sample opens, can be read to the last value, and comes back as it was
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

static guint n_values;

static void read_message (IMsgMessage *message);

/* Every value as a value, as stored bytes, and for display. */
static void
read_properties (IMsgPropertyObject *object)
{
  GListModel *list = imsg_property_object_get_properties (object);
  g_autofree guint32 *tags = NULL;
  gsize n_tags;

  tags = imsg_property_object_list_tags (object, &n_tags);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, n_tags);
  for (gsize i = 0; i < n_tags; i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (list, (guint) i);
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) value = imsg_property_object_get_value (object, tags[i], &error);
      g_autofree char *text = imsg_property_dup_readable_value (property);

      g_assert_cmphex (imsg_property_get_tag (property), ==, tags[i]);
      g_assert_nonnull (text);
      if (value == NULL)
        {
          g_assert_nonnull (error);
          continue;
        }
      n_values++;
      g_assert_false (g_variant_is_floating (value));
      g_assert_true (tags[i] == 0 || imsg_property_object_has_value (object, tags[i]));
      if (imsg_property_get_origin (property) == IMSG_PROPERTY_ORIGIN_STORED)
        {
          g_autoptr(GBytes) raw = imsg_property_object_get_raw (object, tags[i], &error);

          g_assert_no_error (error);
          if (!imsg_property_tag_is_multi_valued (tags[i]))
            g_assert_cmpuint (imsg_property_get_size (property), ==, g_bytes_get_size (raw));
        }
    }
}

static void
read_attachment (IMsgAttachment *attachment)
{
  g_autofree char *safe_name = imsg_attachment_dup_safe_file_name (attachment);
  g_autoptr(GError) error = NULL;

  read_properties (IMSG_PROPERTY_OBJECT (attachment));
  g_assert_nonnull (imsg_attachment_get_file_name (attachment));
  g_assert_null (strchr (safe_name, '/'));
  g_assert_cmpuint (strlen (safe_name), >, 0);
  imsg_attachment_is_inline (attachment);

  if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    {
      g_autoptr(IMsgMessage) embedded = imsg_attachment_open_message (attachment, NULL, &error);
      g_autoptr(IMsgMessage) again = NULL;

      g_assert_no_error (error);
      again = imsg_attachment_open_message (attachment, NULL, &error);
      g_assert_true (again == embedded);
      g_assert_true (imsg_message_get_parent (embedded) == attachment);
      read_message (embedded);
    }
  else if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_BY_VALUE)
    {
      g_autoptr(GInputStream) stream = imsg_attachment_open_stream (attachment, NULL, &error);
      guint64 n_total = 0;
      char buffer[4096];
      gssize n_bytes;

      g_assert_no_error (error);
      while ((n_bytes = g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error)) > 0)
        n_total += (guint64) n_bytes;
      g_assert_no_error (error);
      g_assert_cmpuint (n_total, ==, imsg_attachment_get_size (attachment));
    }
}

static void
read_message (IMsgMessage *message)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  GListModel *attachments = imsg_message_get_attachments (message);
  g_auto(GStrv) trace = imsg_message_get_code_page_trace (message);

  g_assert_nonnull (trace[0]);
  read_properties (IMSG_PROPERTY_OBJECT (message));
  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgPropertyObject) recipient = g_list_model_get_item (recipients, i);

      read_properties (recipient);
    }
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      read_attachment (attachment);
    }
}

static void
test_read (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");
  g_autoptr(IMsgSession) session = imsg_session_new ();

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no folder");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (paths->pdata[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) message = NULL;
      g_autoptr(GPtrArray) problems = NULL;

      if (!g_str_has_suffix (paths->pdata[i], ".msg"))
        continue;
      message = imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, &error);
      if (error != NULL)
        g_error ("%s: %s", (const char *) paths->pdata[i], error->message);
      read_message (message);
      problems = imsg_message_list_problems (message);
      for (guint j = 0; j < problems->len; j++)
        g_test_message ("%s: %s: %s", (const char *) paths->pdata[i],
                        imsg_problem_get_where (problems->pdata[j]),
                        imsg_problem_get_text (problems->pdata[j]));
      g_assert_false (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
    }
  g_test_message ("%u values", n_values);
  imsg_session_close (session);
}

/* Whatever is in them, there is an error or a message that can be read: nothing else. */
static void
test_malformed (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("malformed");
  g_autoptr(IMsgSession) session = imsg_session_new ();

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no folder");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (paths->pdata[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) message =
        imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, &error);

      g_assert_true ((message == NULL) == (error != NULL));
      if (message != NULL)
        {
          GListModel *attachments = imsg_message_get_attachments (message);

          g_assert_nonnull (imsg_message_get_recipients (message));
          for (guint j = 0; j < g_list_model_get_n_items (attachments); j++)
            {
              g_autoptr(IMsgPropertyObject) attachment = g_list_model_get_item (attachments, j);

              read_properties (attachment);
            }
          read_properties (IMSG_PROPERTY_OBJECT (message));
        }
    }
}

/* Opened for changing, not changed, and written: every storage and stream is what it was. */
static void
test_unchanged (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no folder");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (paths->pdata[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) before = test_read_file (file);
      g_autoptr(IMsgMessage) message =
        imsg_message_open_bytes (before, IMSG_OPEN_MODIFY, NULL, &error);
      g_autoptr(GBytes) after = NULL;
      g_autoptr(GPtrArray) diff = NULL;

      g_assert_no_error (error);
      read_message (message);
      g_assert_true (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
      g_assert_no_error (error);
      after = imsg_message_write_to_bytes (message, NULL, &error);
      g_assert_no_error (error);
      diff = test_diff_bytes (before, after);
      if (diff->len > 0)
        g_error ("%s: %s", (const char *) paths->pdata[i], (const char *) diff->pdata[0]);
    }
}

/* One edit of one value changes that value and the list of properties, nothing else. */
static void
test_one_edit (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no folder");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (paths->pdata[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) before = test_read_file (file);
      g_autoptr(IMsgMessage) message =
        imsg_message_open_bytes (before, IMSG_OPEN_MODIFY, NULL, &error);
      IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
      g_autoptr(GBytes) after = NULL;
      g_autoptr(GPtrArray) diff = NULL;
      gboolean had_it, unicode;

      g_assert_no_error (error);
      unicode = imsg_property_object_is_unicode (object);
      had_it = imsg_property_object_has_value (object, IMSG_PR_CONVERSATION_TOPIC);
      if (!imsg_property_object_set_string (object, IMSG_PR_CONVERSATION_TOPIC, "Other words",
                                            &error))
        g_error ("%s: %s", (const char *) paths->pdata[i], error->message);
      g_assert_true (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
      g_assert_no_error (error);
      g_assert_false (imsg_property_object_is_modified (object));
      after = imsg_message_write_to_bytes (message, NULL, &error);
      g_assert_no_error (error);
      diff = test_diff_bytes (before, after);
      for (guint j = 0; j < diff->len; j++)
        {
          const char *path = diff->pdata[j];

          if (g_str_equal (path, "! /__properties_version1.0") ||
              g_str_equal (path + 1, unicode ? " /__substg1.0_0070001F"
                                             : " /__substg1.0_0070001E"))
            continue;
          g_error ("%s: %s", (const char *) paths->pdata[i], path);
        }
      g_assert_cmpuint (diff->len, ==, 2);
      g_assert_true (had_it == (((const char *) diff->pdata[1])[0] == '!'));
    }
}

/* Samples with some bytes changed: read, edited, copied and saved; errors are fine, no more. */
static void
test_mutated (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");
  g_autoptr(GRand) random = g_rand_new_with_seed (7);
  guint n_opened = 0;

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no folder");
      return;
    }
  for (guint i = 0; i < 400; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (
        paths->pdata[g_rand_int_range (random, 0, (gint32) paths->len)]);
      g_autoptr(GBytes) sound = test_read_file (file);
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) message = NULL;
      g_autoptr(IMsgMessage) copy = NULL;
      g_autoptr(GBytes) damaged = NULL;
      g_autoptr(GBytes) written = NULL;
      gsize n_bytes;
      guint8 *data = g_bytes_unref_to_data (g_steal_pointer (&sound), &n_bytes);

      for (guint j = 0; j < 10 && n_bytes > 1024; j++)
        {
          guint at = (guint) g_rand_int_range (random, 512, (gint32) MIN (n_bytes - 4, G_MAXINT32));

          memset (data + at, g_rand_int_range (random, 0, 256), j % 3 == 0 ? 4 : 1);
        }
      damaged = g_bytes_new_take (data, n_bytes);
      message = imsg_session_open_message_from_bytes (session, damaged, IMSG_OPEN_MODIFY, NULL,
                                                      NULL);
      if (message == NULL)
        continue;
      n_opened++;
      copy = imsg_session_create_message (session, "IPM.Note", NULL);
      imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (message), IMSG_PROPERTY_OBJECT (copy),
                                    NULL, 0, IMSG_COPY_NONE, NULL, NULL, NULL);
      written = imsg_message_write_to_bytes (copy, NULL, NULL);
      imsg_message_set_subject (message, "Edited", NULL);
      imsg_message_remove_recipient (message, 0, NULL);
      imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, NULL);
      imsg_property_object_revert_value (IMSG_PROPERTY_OBJECT (message), 0, NULL);
    }
  g_assert_cmpuint (n_opened, >, 100);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/samples/read", test_read);
  g_test_add_func ("/imsg/samples/malformed", test_malformed);
  g_test_add_func ("/imsg/samples/unchanged", test_unchanged);
  g_test_add_func ("/imsg/samples/one-edit", test_one_edit);
  g_test_add_func ("/imsg/samples/mutated", test_mutated);
  status = g_test_run ();
  test_remove_files ();
  return status;
}
