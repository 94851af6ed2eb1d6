/* test-attachment.c - attachments of every method
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

static GBytes *
read_data (IMsgAttachment *attachment)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = imsg_attachment_open_stream (attachment, NULL, &error);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();

  g_assert_no_error (error);
  g_output_stream_splice (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
test_by_value (void)
{
  g_autoptr(GBytes) before = test_new_message_bytes (TRUE);
  g_autoptr(GBytes) data = g_bytes_new_static ("new bytes", 9);
  g_autoptr(IMsgMessage) message = test_open_message (before);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  g_autoptr(IMsgAttachment) again = imsg_message_find_attachment (message, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GBytes) read = NULL;
  g_autoptr(GPtrArray) diff = NULL;

  g_assert_true (again == attachment);
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==, IMSG_ATTACHMENT_METHOD_BY_VALUE);
  g_assert_cmpstr (imsg_attachment_get_file_name (attachment), ==, "data.bin");
  g_assert_cmpuint (imsg_attachment_get_size (attachment), ==, 10);
  g_assert_null (imsg_attachment_open_message (attachment, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INTERFACE_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_null (imsg_attachment_open_storage (attachment, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INTERFACE_NOT_SUPPORTED);
  g_clear_error (&error);

  g_assert_true (imsg_attachment_set_bytes (attachment, data, &error));
  g_assert_no_error (error);
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  after = test_save_message (message);
  diff = test_diff_bytes (before, after);
  test_assert_diff (diff, "! /__attach_version1.0_#00000000/__properties_version1.0",
                    "! /__attach_version1.0_#00000000/__substg1.0_37010102", NULL);
  read = read_data (attachment);
  g_assert_true (g_bytes_equal (read, data));
}

/* What a new one has, and that its number is not given again. */
static void
test_create (void)
{
  g_autoptr(GBytes) before = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (before);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) one = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgAttachment) two = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgAttachment) three = NULL;
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (one);
  g_autoptr(GBytes) key_one = imsg_property_object_get_bytes (object, IMSG_PR_RECORD_KEY);
  g_autoptr(GBytes) key_two =
    imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (two), IMSG_PR_RECORD_KEY);
  g_autoptr(GBytes) after = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (imsg_attachment_get_number (one), ==, 1);
  g_assert_cmpuint (imsg_attachment_get_number (two), ==, 2);
  g_assert_false (g_bytes_equal (key_one, key_two));
  g_assert_cmpint (imsg_attachment_get_method (one), ==, IMSG_ATTACHMENT_METHOD_NONE);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_RENDERING_POSITION), ==, -1);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_OBJECT_TYPE), ==, 7);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_ATTACH_NUM), ==, 1);
  g_assert_cmpuint (imsg_property_object_get_attributes (object, IMSG_PR_ATTACH_METHOD, NULL), ==,
                    7);
  g_assert_false (imsg_property_object_delete_value (object, IMSG_PR_ATTACH_METHOD, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_false (imsg_property_object_set_int (object, IMSG_PR_ATTACH_NUM, 5, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_COMPUTED);
  g_clear_error (&error);
  g_assert_null (imsg_attachment_open_stream (one, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpstr (imsg_attachment_get_file_name (one), ==, "attachment-2");

  g_assert_true (imsg_message_delete_attachment (message, 2, &error));
  g_assert_null (imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (two), IMSG_PR_ATTACH_NUM,
                                                 &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED);
  g_clear_error (&error);
  three = imsg_message_create_attachment (message, &error);
  g_assert_cmpuint (imsg_attachment_get_number (three), ==, 3);
  after = test_save_message (message);
  g_clear_object (&message);
  message = test_open_message (after);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 3);
  g_clear_object (&three);
  three = imsg_message_create_attachment (message, &error);
  g_assert_cmpuint (imsg_attachment_get_number (three), ==, 4);
}

static void
test_delete (void)
{
  g_autoptr(GBytes) before = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (before);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  g_autoptr(GInputStream) stream = imsg_attachment_open_stream (attachment, NULL, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GBytes) again = NULL;
  char buffer[4];

  g_assert_true (imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (message),
                                                   IMSG_PR_HASATTACH));
  g_assert_true (imsg_message_delete_attachment (message, 0, &error));
  g_assert_null (imsg_message_find_attachment (message, 0));
  g_assert_cmpint (g_input_stream_read (stream, buffer, 4, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (imsg_attachment_save (attachment, IMSG_SAVE_NONE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED);
  after = test_save_message (message);
  g_assert_false (imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (message),
                                                    IMSG_PR_HASATTACH));
  g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message),
                                                 IMSG_PR_MESSAGE_FLAGS) & 0x10, ==, 0);
  g_clear_object (&message);
  message = test_open_message (after);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==, 0);
}

static void
test_file (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(GFile) file = test_new_file ("A long name.txt");
  g_autoptr(GFile) missing = test_new_file ("missing");
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) read = NULL;
  g_autofree char *short_name = NULL;

  g_assert_true (g_file_replace_contents (file, "words", 5, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                          NULL, NULL));
  g_assert_false (imsg_attachment_set_file (attachment, missing, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==, IMSG_ATTACHMENT_METHOD_NONE);
  g_assert_true (imsg_attachment_set_file (attachment, file, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_attachment_get_file_name (attachment), ==, "A long name.txt");
  g_assert_cmpstr (imsg_attachment_get_mime_type (attachment), ==, "text/plain");
  short_name = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (attachment),
                                                IMSG_PR_ATTACH_FILENAME);
  g_assert_cmpstr (short_name, ==, "Alongnam.txt");
  read = read_data (attachment);
  g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), "words", 5);
}

static void
test_reference (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) after = NULL;

  g_assert_false (imsg_attachment_set_reference (attachment, IMSG_ATTACHMENT_METHOD_OLE, "x",
                                                 &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
  g_clear_error (&error);
  g_assert_true (imsg_attachment_set_reference (attachment,
                                                IMSG_ATTACHMENT_METHOD_BY_REFERENCE_ONLY,
                                                "\\\\host\\share\\file.doc", &error));
  g_assert_no_error (error);
  after = test_save_message (message);
  g_clear_object (&attachment);
  g_clear_object (&message);
  message = test_open_message (after);
  attachment = imsg_message_find_attachment (message, 0);
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==,
                   IMSG_ATTACHMENT_METHOD_BY_REFERENCE_ONLY);
  g_assert_null (imsg_attachment_open_stream (attachment, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
}

/* Messages in messages, four deep: written, read, changed at the bottom, and only there. */
static void
test_embedded (void)
{
  g_autoptr(GBytes) before = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (before);
  g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) nested = NULL;
  g_autoptr(GBytes) changed = NULL;
  g_autoptr(GPtrArray) diff = NULL;
  IMsgMessage *at = message;

  for (guint i = 0; i < 4; i++)
    {
      IMsgAttachment *attachment = imsg_message_create_attachment (at, &error);
      g_autofree char *subject = g_strdup_printf ("Level %u", i + 1);

      g_assert_no_error (error);
      g_ptr_array_add (held, attachment);
      at = imsg_attachment_create_message (attachment, &error);
      g_assert_no_error (error);
      g_ptr_array_add (held, at);
      g_assert_true (imsg_message_set_subject (at, subject, &error));
      g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
    }
  nested = test_save_message (message);
  g_assert_cmpint (imsg_attachment_get_method (held->pdata[0]), ==,
                   IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE);
  g_assert_true (imsg_message_set_subject (at, "Changed", &error));
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  changed = test_save_message (message);
  diff = test_diff_bytes (nested, changed);
  g_assert_cmpuint (diff->len, ==, 3);
  for (guint i = 0; i < diff->len; i++)
    g_assert_true (g_str_has_prefix (
      diff->pdata[i],
      "! /__attach_version1.0_#00000001/__substg1.0_3701000D/__attach_version1.0_#00000000/"
      "__substg1.0_3701000D/__attach_version1.0_#00000000/__substg1.0_3701000D/"
      "__attach_version1.0_#00000000/__substg1.0_3701000D/__"));

  g_ptr_array_set_size (held, 0);
  g_clear_object (&message);
  message = test_open_message (changed);
  at = message;
  for (guint i = 0; i < 4; i++)
    {
      IMsgAttachment *attachment = imsg_message_find_attachment (at, i == 0 ? 1 : 0);

      g_ptr_array_add (held, attachment);
      at = imsg_attachment_open_message (attachment, NULL, &error);
      g_assert_no_error (error);
      g_ptr_array_add (held, at);
      g_assert_cmpstr (imsg_message_get_message_class (at), ==, "IPM");
    }
  g_assert_cmpstr (imsg_message_get_subject (at), ==, "Changed");
}

/* An embedded message as a file of its own, names and all. */
static void
test_extract (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (attachment, &error);
  g_autoptr(GFile) file = test_new_file ("extracted.msg");
  g_autoptr(IMsgMessage) extracted = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  g_autofree char *class_id = NULL;
  g_autofree char *text = NULL;
  guint id;

  id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (embedded), IMSG_PS_PUBLIC_STRINGS,
                                          "A name", TRUE, &error);
  g_assert_true (imsg_property_object_set_string (
    IMSG_PROPERTY_OBJECT (embedded), imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), "named",
    &error));
  g_assert_true (imsg_message_set_subject (embedded, "Inside", &error));
  g_assert_true (imsg_message_save_as (embedded, file, IMSG_SAVE_NONE, NULL, &error));
  g_assert_no_error (error);
  /* It is still where it was, and still unsaved there */
  g_assert_true (imsg_message_get_parent (embedded) == attachment);
  g_assert_null (imsg_message_get_file (embedded));
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));

  extracted = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (extracted), ==, "Inside");
  id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (extracted), IMSG_PS_PUBLIC_STRINGS,
                                          "A name", FALSE, &error);
  text = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (extracted),
                                          imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id));
  g_assert_cmpstr (text, ==, "named");
  storage = imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, &error);
  class_id = imsg_storage_dup_class_id (storage);
  g_assert_cmpstr (class_id, ==, "00020d0b-0000-0000-c000-000000000046");
  problems = imsg_storage_validate_message (storage, IMSG_VALIDATE_FORMAT, NULL, &error);
  g_assert_no_error (error);
  if (problems->len > 0)
    g_error ("%s", imsg_problem_get_text (problems->pdata[0]));
  g_assert_cmpuint (test_count_problems (extracted), ==, 0);
}

/* A message put into another: named properties keep their names, not their ids. */
static void
test_set_message (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) source = test_open_message (bytes);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, NULL);
  g_autoptr(IMsgMessage) embedded = NULL;
  g_autoptr(IMsgAttachment) inner = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GBytes) data = NULL;
  guint id, other_id;

  imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message), IMSG_PS_PUBLIC_STRINGS,
                                     "First", TRUE, &error);
  id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (source), IMSG_PS_PUBLIC_STRINGS,
                                          "Second", TRUE, &error);
  g_assert_true (imsg_property_object_set_int (
    IMSG_PROPERTY_OBJECT (source), imsg_property_tag (IMSG_PROPERTY_TYPE_LONG, id), 42, &error));
  g_assert_true (imsg_attachment_set_message (attachment, source, NULL, &error));
  g_assert_no_error (error);
  after = test_save_message (message);
  g_clear_object (&attachment);
  g_clear_object (&message);
  message = test_open_message (after);
  attachment = imsg_message_find_attachment (message, 1);
  embedded = imsg_attachment_open_message (attachment, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (embedded), ==, "RE: A subject");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (embedded)), ==, 2);
  inner = imsg_message_find_attachment (embedded, 0);
  data = read_data (inner);
  g_assert_cmpmem (g_bytes_get_data (data, NULL), g_bytes_get_size (data), "some bytes", 10);
  other_id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (embedded),
                                                IMSG_PS_PUBLIC_STRINGS, "Second", FALSE, &error);
  g_assert_cmpuint (other_id, !=, id);
  g_assert_cmpint (imsg_property_object_get_int (
                     IMSG_PROPERTY_OBJECT (embedded),
                     imsg_property_tag (IMSG_PROPERTY_TYPE_LONG, other_id)), ==, 42);

  g_assert_false (imsg_attachment_set_message (inner, message, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_FOLDER_CYCLE);
}

static void
test_nesting (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  IMsgMessage *at = imsg_session_create_message (session, "IPM.Note", NULL);
  guint depth = 0;

  g_ptr_array_add (held, at);
  while (at != NULL)
    {
      IMsgAttachment *attachment = imsg_message_create_attachment (at, &error);

      g_assert_no_error (error);
      g_ptr_array_add (held, attachment);
      at = imsg_attachment_create_message (attachment, &error);
      if (at != NULL)
        {
          g_ptr_array_add (held, at);
          depth++;
        }
    }
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_assert_cmpuint (depth, ==, imsg_limit_get_default (IMSG_LIMIT_NESTING));
}

/* An OLE object: a tree of storages that is copied as it is, and can be changed in place. */
static void
test_ole (void)
{
  g_autoptr(GBytes) before = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (before);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_attachment_create_storage (attachment, &error);
  g_autoptr(IMsgStorage) again = NULL;
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(GBytes) one = g_bytes_new_static ("one", 3);
  g_autoptr(GBytes) two = g_bytes_new_static ("two!", 4);
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GBytes) read = NULL;
  g_autofree char *class_id = NULL;

  g_assert_no_error (error);
  g_assert_true (imsg_storage_set_class_id (storage, "0003000c-0000-0000-c000-000000000046",
                                            &error));
  g_assert_true (imsg_storage_write_stream (storage, "CONTENTS", one, &error));
  child = imsg_storage_create_storage (storage, "Inner", IMSG_STORAGE_READ_WRITE, &error);
  g_assert_true (imsg_storage_write_stream (child, "Deep", two, &error));
  again = imsg_attachment_open_storage (attachment, NULL, &error);
  g_assert_true (again == storage);
  g_clear_pointer (&after, g_bytes_unref);
  after = test_save_message (message);
  /* Still the same storage, and what is written to it now is saved by the next save */
  g_assert_true (imsg_storage_write_stream (storage, "CONTENTS", two, &error));
  g_assert_no_error (error);
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  g_clear_pointer (&after, g_bytes_unref);
  after = test_save_message (message);
  g_clear_object (&again);
  g_clear_object (&child);
  g_clear_object (&storage);
  g_clear_object (&attachment);
  g_clear_object (&message);

  message = test_open_message (after);
  attachment = imsg_message_find_attachment (message, 1);
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==, IMSG_ATTACHMENT_METHOD_OLE);
  storage = imsg_attachment_open_storage (attachment, NULL, &error);
  g_assert_no_error (error);
  class_id = imsg_storage_dup_class_id (storage);
  g_assert_cmpstr (class_id, ==, "0003000c-0000-0000-c000-000000000046");
  read = imsg_storage_read_stream (storage, "CONTENTS", NULL, &error);
  g_assert_true (g_bytes_equal (read, two));
  g_assert_true (imsg_storage_write_stream (storage, "CONTENTS", one, &error));
  g_assert_no_error (error);
  g_clear_pointer (&after, g_bytes_unref);
  g_assert_true (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  after = imsg_message_write_to_bytes (message, NULL, &error);
  g_clear_object (&storage);
  g_clear_object (&attachment);
  g_clear_object (&message);
  message = test_open_message (after);
  attachment = imsg_message_find_attachment (message, 1);
  storage = imsg_attachment_open_storage (attachment, NULL, &error);
  g_clear_pointer (&read, g_bytes_unref);
  read = imsg_storage_read_stream (storage, "CONTENTS", NULL, &error);
  g_assert_true (g_bytes_equal (read, one));
  child = imsg_storage_open_storage (storage, "Inner", IMSG_STORAGE_READ, &error);
  g_assert_no_error (error);
}

/* One kind of data takes the place of another. */
static void
test_replace_data (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(GBytes) data = g_bytes_new_static ("x", 1);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (attachment, &error);
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GPtrArray) diff = NULL;

  g_assert_no_error (error);
  after = test_save_message (message);
  diff = test_diff_bytes (bytes, after);
  g_assert_cmpstr (diff->pdata[diff->len - 1], ==,
                   "- /__attach_version1.0_#00000000/__substg1.0_37010102");
  g_assert_true (imsg_attachment_set_bytes (attachment, data, &error));
  g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (embedded)));
  g_clear_pointer (&after, g_bytes_unref);
  after = test_save_message (message);
  g_clear_pointer (&diff, g_ptr_array_unref);
  diff = test_diff_bytes (bytes, after);
  test_assert_diff (diff, "! /__attach_version1.0_#00000000/__properties_version1.0",
                    "! /__attach_version1.0_#00000000/__substg1.0_37010102", NULL);
}

/* --- names --- */

static const struct
{
  const char *name;
  const char *safe;
} file_names[] = {
  { "plain.txt", "plain.txt" },
  { "../../etc/passwd", "_.._etc_passwd" },
  { "C:\\Windows\\x.exe", "C__Windows_x.exe" },
  { "/abs", "_abs" },
  { "..", "attachment" },
  { ".hidden", "hidden" },
  { "con", "_con" },
  { "NUL.txt", "_NUL.txt" },
  { "com1", "_com1" },
  { "a\x01" "b\x7F" "c", "abc" },
  { "cod\xE2\x80\xAE" "txt.exe", "codtxt.exe" },
  { "trailing. . ", "trailing" },
  { "what?*|<>\"", "what______" },
  { "line\nbreak", "linebreak" },
  { "", "attachment-1.bin" },
};

static void
test_safe_names (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);
  g_autofree char *long_name = g_strnfill (1000, 'x');
  g_autofree char *longer = g_strconcat (long_name, ".pdf", NULL);
  g_autofree char *cut = NULL;

  g_assert_true (imsg_property_object_delete_value (object, IMSG_PR_ATTACH_FILENAME, NULL));
  g_assert_true (imsg_property_object_delete_value (object, IMSG_PR_DISPLAY_NAME, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (file_names); i++)
    {
      g_autofree char *safe = NULL;

      g_assert_true (imsg_property_object_set_string (object, IMSG_PR_ATTACH_LONG_FILENAME,
                                                      file_names[i].name, NULL));
      safe = imsg_attachment_dup_safe_file_name (attachment);
      g_assert_cmpstr (safe, ==, file_names[i].safe);
    }
  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_ATTACH_LONG_FILENAME, longer,
                                                  NULL));
  cut = imsg_attachment_dup_safe_file_name (attachment);
  g_assert_cmpuint (strlen (cut), ==, 200);
  g_assert_true (g_str_has_suffix (cut, ".pdf"));
}

static void
test_inline (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(GBytes) html = g_bytes_new_static ("<img src=\"cid:pic%40here\">", 26);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);

  g_assert_false (imsg_attachment_is_inline (attachment));
  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_ATTACH_CONTENT_ID, "<pic@here>",
                                                  NULL));
  g_assert_cmpstr (imsg_attachment_get_content_id (attachment), ==, "pic@here");
  g_assert_false (imsg_attachment_is_inline (attachment));
  g_assert_true (imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message), IMSG_PR_HTML, html,
                                                 NULL));
  g_assert_true (imsg_attachment_is_inline (attachment));
  g_assert_true (imsg_property_object_delete_value (object, IMSG_PR_ATTACH_CONTENT_ID, NULL));
  g_assert_false (imsg_attachment_is_inline (attachment));
  g_assert_true (imsg_property_object_set_int (object, IMSG_PR_ATTACH_FLAGS, 4, NULL));
  g_assert_true (imsg_attachment_is_inline (attachment));
  g_assert_false (imsg_attachment_is_hidden (attachment));
  g_assert_true (imsg_property_object_set_boolean (object, IMSG_PR_ATTACHMENT_HIDDEN, TRUE, NULL));
  g_assert_true (imsg_attachment_is_hidden (attachment));
}

/* Data through a stream, larger than what is held in memory. */
static void
test_large (void)
{
  const gsize n_bytes = 5 << 20;
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(GFile) file = test_new_file ("large.msg");
  g_autofree guint8 *pattern = g_malloc (n_bytes);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) read = NULL;

  for (gsize i = 0; i < n_bytes; i++)
    pattern[i] = (guint8) (i * 7 + (i >> 12));
  stream = g_memory_input_stream_new_from_data (pattern, (gssize) n_bytes, NULL);
  g_assert_true (imsg_attachment_set_stream (attachment, stream, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);
  read = read_data (attachment);
  g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), pattern, n_bytes);
}

/* A copy of a storage is what the attachment holds, until that is discarded. */
/* A message whose attachment says in the file that it takes 252 bytes. */
static IMsgMessage *
new_with_stored_size (void)
{
  static const guint8 entry[16] = { 0x03, 0, 0x20, 0x0E, 6, 0, 0, 0, 252 };
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) root =
    imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED, NULL, &error);
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GByteArray) entries = g_byte_array_new ();
  g_autoptr(GBytes) old_stream = NULL;
  g_autoptr(GBytes) new_stream = NULL;
  g_autoptr(GBytes) changed = NULL;

  g_assert_no_error (error);
  storage = imsg_storage_open_storage (root, "__attach_version1.0_#00000000",
                                       IMSG_STORAGE_READ_WRITE, &error);
  g_assert_no_error (error);
  old_stream = imsg_storage_read_stream (storage, "__properties_version1.0", NULL, &error);
  g_assert_no_error (error);
  g_byte_array_append (entries, g_bytes_get_data (old_stream, NULL),
                       (guint) g_bytes_get_size (old_stream));
  g_byte_array_append (entries, entry, sizeof entry);
  new_stream = g_bytes_new (entries->data, entries->len);
  g_assert_true (imsg_storage_write_stream (storage, "__properties_version1.0", new_stream, &error));
  g_assert_true (imsg_storage_commit (root, IMSG_COMMIT_DEFAULT, NULL, &error));
  changed = imsg_storage_write_to_bytes (root, NULL, &error);
  g_assert_no_error (error);
  return test_open_message (changed);
}

/* The size that a file says holds as long as the data does. */
static void
test_size_follows (void)
{
  g_autoptr(IMsgMessage) message = new_with_stored_size ();
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);
  g_autoptr(IMsgMessage) inner = NULL;
  g_autoptr(GBytes) data = g_bytes_new_static ("four", 4);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_ATTACH_SIZE), ==, 252);
  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_DISPLAY_NAME, "name", &error));
  g_bytes_unref (test_save_message (message));
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_ATTACH_SIZE), ==, 252);

  g_assert_true (imsg_attachment_set_bytes (attachment, data, &error));
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  {
    g_autoptr(IMsgMessage) read = test_open_message (bytes);
    g_autoptr(IMsgAttachment) read_attachment = imsg_message_find_attachment (read, 0);

    g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (read_attachment),
                                                   IMSG_PR_ATTACH_SIZE), ==, 4);
  }
  inner = imsg_attachment_create_message (attachment, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (imsg_attachment_get_size (attachment), !=, 252);
  g_bytes_unref (test_save_message (message));
  g_assert_cmpuint (imsg_attachment_get_size (attachment), >, 100);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_ATTACH_SIZE), ==,
                   (gint) imsg_attachment_get_size (attachment));
}

/* A message with HTML in its RTF alone shows what that refers to; RTF of other text nothing. */
static void
test_inline_in_rtf (void)
{
  static const struct
  {
    const char *rtf;
    gboolean    is_inline;
  } bodies[] = {
    { "{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag84 <img src=\"cid:picture@x\r\n.example\">}}",
      TRUE },
    { "{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag84 <img src=cid:picture@x.example>}}", TRUE },
    { "{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag84 <img src=\"cid:other@x.example\">}}", FALSE },
    { "{\\rtf1\\ansi\\fromtext cid:picture@x.example}", FALSE },
  };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (attachment),
                                                  IMSG_PR_ATTACH_CONTENT_ID, "picture@x.example",
                                                  &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(GBytes) rtf = g_bytes_new_static (bodies[i].rtf, strlen (bodies[i].rtf));
      g_autoptr(GBytes) compressed = imsg_rtf_compress (rtf);

      g_assert_true (imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message),
                                                     IMSG_PR_RTF_COMPRESSED, compressed, &error));
      g_assert_cmpint (imsg_attachment_is_inline (attachment), ==, bodies[i].is_inline);
    }
}

static void
test_discard (void)
{
  g_autoptr(GBytes) before = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (before);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, NULL);
  g_autoptr(IMsgStorage) source =
    imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(IMsgMessage) embedded = NULL;
  g_autoptr(GBytes) one = g_bytes_new_static ("one", 3);
  g_autoptr(GBytes) read = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_storage_write_stream (source, "CONTENTS", one, &error));
  g_assert_true (imsg_attachment_set_storage (attachment, source, &error));
  g_assert_no_error (error);
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==, IMSG_ATTACHMENT_METHOD_OLE);
  g_assert_true (imsg_storage_remove (source, "CONTENTS", &error));
  g_assert_true (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);

  /* A message in its place, and not in its place */
  embedded = imsg_attachment_create_message (attachment, &error);
  g_assert_no_error (error);
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==,
                   IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE);
  imsg_attachment_discard_changes (attachment);
  g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (embedded)));
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==, IMSG_ATTACHMENT_METHOD_OLE);
  g_assert_false (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  storage = imsg_attachment_open_storage (attachment, NULL, &error);
  g_assert_no_error (error);
  read = imsg_storage_read_stream (storage, "CONTENTS", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, one));
}

/* Bytes set as a property take the place of the message, open as it is, and can be saved again. */
static void
test_bytes_over_message (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) outer = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(IMsgAttachment) made = imsg_message_create_attachment (outer, NULL);
  g_autoptr(IMsgMessage) inner = imsg_attachment_create_message (made, NULL);
  g_autoptr(GBytes) data = g_bytes_new_static ("bytes", 5);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) saved = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(IMsgMessage) embedded = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_set_subject (inner, "inner", &error));
  bytes = imsg_message_write_to_bytes (outer, NULL, &error);
  g_assert_no_error (error);
  message = test_open_message (bytes);
  attachment = imsg_message_find_attachment (message, 0);
  embedded = imsg_attachment_open_message (attachment, NULL, &error);
  g_assert_no_error (error);

  g_assert_true (imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                                 IMSG_PR_ATTACH_DATA_BIN, data, &error));
  g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (embedded)));
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==, IMSG_ATTACHMENT_METHOD_BY_VALUE);
  g_bytes_unref (test_save_message (message));
  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (attachment),
                                                  IMSG_PR_DISPLAY_NAME, "name", &error));
  saved = test_save_message (message);
  {
    g_autoptr(IMsgMessage) read = test_open_message (saved);
    g_autoptr(IMsgAttachment) read_attachment = imsg_message_find_attachment (read, 0);
    g_autoptr(GBytes) read_bytes = read_data (read_attachment);

    g_assert_true (g_bytes_equal (read_bytes, data));
  }
}

/* What was written to an OLE object since the last save goes with the other changes. */
static void
test_discard_storage (void)
{
  g_autoptr(GFile) file = test_new_file ("discard-storage.msg");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) created = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) ole = imsg_message_create_attachment (created, &error);
  g_autoptr(IMsgStorage) storage = imsg_attachment_create_storage (ole, &error);
  g_autoptr(GBytes) old = g_bytes_new_static ("old", 3);
  g_autoptr(GBytes) new = g_bytes_new_static ("new", 3);
  g_autoptr(IMsgMessage) opened = NULL;

  imsg_storage_write_stream (storage, "Contents", old, &error);
  imsg_message_save_as (created, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  opened = imsg_message_open_file (file, IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < 2; i++)
    {
      IMsgMessage *message = i == 0 ? created : opened;
      g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
      g_autoptr(IMsgStorage) changed = imsg_attachment_open_storage (attachment, NULL, &error);
      g_autoptr(IMsgStorage) again = NULL;
      g_autoptr(GBytes) contents = NULL;

      imsg_storage_write_stream (changed, "Contents", new, &error);
      g_assert_no_error (error);
      g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
      imsg_message_discard_changes (message);
      g_assert_false (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
      again = imsg_attachment_open_storage (attachment, NULL, &error);
      contents = imsg_storage_read_stream (again, "Contents", NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (contents, old));
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/attachment/by-value", test_by_value);
  g_test_add_func ("/imsg/attachment/create", test_create);
  g_test_add_func ("/imsg/attachment/delete", test_delete);
  g_test_add_func ("/imsg/attachment/file", test_file);
  g_test_add_func ("/imsg/attachment/reference", test_reference);
  g_test_add_func ("/imsg/attachment/embedded", test_embedded);
  g_test_add_func ("/imsg/attachment/extract", test_extract);
  g_test_add_func ("/imsg/attachment/set-message", test_set_message);
  g_test_add_func ("/imsg/attachment/nesting", test_nesting);
  g_test_add_func ("/imsg/attachment/ole", test_ole);
  g_test_add_func ("/imsg/attachment/replace-data", test_replace_data);
  g_test_add_func ("/imsg/attachment/bytes-over-message", test_bytes_over_message);
  g_test_add_func ("/imsg/attachment/safe-names", test_safe_names);
  g_test_add_func ("/imsg/attachment/inline", test_inline);
  g_test_add_func ("/imsg/attachment/inline-in-rtf", test_inline_in_rtf);
  g_test_add_func ("/imsg/attachment/size-follows", test_size_follows);
  g_test_add_func ("/imsg/attachment/discard", test_discard);
  g_test_add_func ("/imsg/attachment/large", test_large);
  g_test_add_func ("/imsg/attachment/discard-storage", test_discard_storage);
  status = g_test_run ();
  test_remove_files ();
  return status;
}
