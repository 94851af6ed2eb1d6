/* test-storage.c - storages as programs use them: members, streams, lists, copies
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "storage-util.h"

#define CLASS_ID "00020d0b-0000-0000-c000-000000000046"

static void
assert_no_member (IMsgStorage *storage,
                  const char  *name)
{
  g_assert_null (imsg_storage_find_entry (storage, name));
}

static IMsgStorage *
open_child (IMsgStorage      *storage,
            const char       *name,
            IMsgStorageFlags  flags)
{
  g_autoptr(GError) error = NULL;
  IMsgStorage *child = imsg_storage_open_storage (storage, name, flags, &error);

  g_assert_no_error (error);
  return child;
}

/* Names and sizes of all members, storages with what is in them. */
static char *
list (IMsgStorage *storage)
{
  GString *text = g_string_new (NULL);
  GListModel *entries = imsg_storage_get_entries (storage);

  for (guint i = 0; i < g_list_model_get_n_items (entries); i++)
    {
      g_autoptr(IMsgStorageEntry) entry = g_list_model_get_item (entries, i);
      const char *name = imsg_storage_entry_get_name (entry);

      if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STREAM)
        g_string_append_printf (text, "%s:%" G_GUINT64_FORMAT " ", name,
                                imsg_storage_entry_get_size (entry));
      else
        {
          g_autoptr(IMsgStorage) child = open_child (storage, name, IMSG_STORAGE_READ);
          g_autofree char *below = list (child);

          g_string_append_printf (text, "%s(%s) ", name, below);
        }
    }
  return g_string_free (text, FALSE);
}

static void
assert_list (IMsgStorage *storage,
             const char  *expected)
{
  g_autofree char *text = list (storage);

  g_assert_cmpstr (text, ==, expected);
}

static IMsgStorage *
reopen (IMsgStorage      *storage,
        IMsgStorageFlags  flags)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = imsg_storage_write_to_bytes (storage, NULL, &error);
  IMsgStorage *copy = NULL;

  g_assert_no_error (error);
  copy = imsg_storage_open_bytes (bytes, flags, NULL, &error);
  g_assert_no_error (error);
  return copy;
}

static void
test_members (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) child = storage_create (root, "Child");
  g_autoptr(IMsgStorage) again = NULL;
  g_autoptr(IMsgStorage) copy = NULL;
  g_autoptr(IMsgStorageEntry) entry = NULL;
  g_autoptr(GError) error = NULL;

  storage_write_text (root, "bb", "two");
  storage_write_text (root, "a", "one");
  storage_write_text (child, "x", "below");
  /* Shorter names come first */
  assert_list (root, "a:3 bb:3 Child(x:5 ) ");
  storage_assert_text (root, "BB", "two");
  again = open_child (root, "CHILD", IMSG_STORAGE_READ);
  g_assert_true (again == child);
  g_assert_true (imsg_storage_get_parent (child) == root);
  g_assert_cmpstr (imsg_storage_get_name (child), ==, "Child");

  entry = imsg_storage_find_entry (root, "child");
  g_assert_cmpuint (imsg_storage_entry_get_creation_time (entry), >, 0);
  g_assert_null (imsg_storage_read_stream (root, "child", NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (imsg_storage_open_storage (root, "a", 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (imsg_storage_create_storage (root, "A", 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION);
  g_clear_error (&error);

  copy = reopen (root, IMSG_STORAGE_READ);
  assert_list (copy, "a:3 bb:3 Child(x:5 ) ");
  storage_assert_text (copy, "a", "one");
}

static const struct
{
  const char *path;
  const char *name;
} bad_names[] = {
  { "empty", "" },
  { "long", "12345678901234567890123456789012" },
  { "slash", "a/b" },
  { "backslash", "a\\b" },
  { "colon", "a:b" },
  { "exclamation", "a!b" },
  { "not-utf8", "a\xFF" },
};

static void
test_bad_name (gconstpointer data)
{
  const char *name = data;
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(GBytes) bytes = g_bytes_new_static ("", 0);
  g_autoptr(GError) error = NULL;

  storage_write_text (root, "old", "x");
  g_assert_false (imsg_storage_write_stream (root, name, bytes, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
  g_clear_error (&error);
  g_assert_null (imsg_storage_create_storage (root, name, 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
  g_clear_error (&error);
  g_assert_null (imsg_storage_replace_stream (root, name, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
  g_clear_error (&error);
  g_assert_false (imsg_storage_rename (root, "old", name, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
  assert_no_member (root, name);
  assert_list (root, "old:1 ");
}

static void
test_good_names (void)
{
  static const char *names[] = {
    "1234567890123456789012345678901",
    "\001CompObj",
    "Übergröße",
    "\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80"
    "\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80"
    "\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80" "x",
  };
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) copy = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    storage_write_text (root, names[i], names[i]);
  copy = reopen (root, IMSG_STORAGE_READ);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    storage_assert_text (copy, names[i], names[i]);
  storage_assert_text (copy, "ÜBERGRÖßE", "Übergröße");
}

static void
test_remove (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) child = storage_create (root, "child");
  g_autoptr(IMsgStorage) below = storage_create (child, "below");
  g_autoptr(IMsgStorage) replaced = NULL;
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  storage_write_text (root, "a", "one");
  stream = imsg_storage_replace_stream (root, "a", &error);
  g_assert_true (imsg_storage_remove (root, "A", &error));
  /* What is written to a removed stream does not bring it back. */
  g_assert_false (g_output_stream_close (stream, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  assert_no_member (root, "a");

  replaced = imsg_storage_create_storage (root, "child", IMSG_STORAGE_REPLACE, &error);
  g_assert_no_error (error);
  g_assert_true (imsg_storage_is_closed (child));
  g_assert_true (imsg_storage_is_closed (below));
  g_assert_true (replaced != child);
  assert_list (root, "child() ");
  g_assert_true (imsg_storage_remove (root, "child", &error));
  g_assert_false (imsg_storage_remove (root, "child", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  assert_list (root, "");
}

static void
test_rename (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) child = storage_create (root, "child");
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  storage_write_text (child, "x", "below");
  storage_write_text (root, "a", "one");
  g_assert_true (imsg_storage_rename (root, "child", "z", &error));
  g_assert_cmpstr (imsg_storage_get_name (child), ==, "z");
  storage_write_text (child, "y", "after");
  assert_list (root, "a:3 z(x:5 y:5 ) ");
  g_assert_true (imsg_storage_rename (root, "z", "Z", &error));
  assert_list (root, "a:3 Z(x:5 y:5 ) ");
  g_assert_false (imsg_storage_rename (root, "a", "z", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION);
  g_clear_error (&error);
  g_assert_false (imsg_storage_rename (root, "q", "r", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);

  stream = imsg_storage_edit_stream (root, "a", FALSE, &error);
  g_assert_true (imsg_storage_rename (root, "a", "renamed", &error));
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), "ONE", 3, NULL, NULL, &error);
  g_assert_true (g_io_stream_close (stream, NULL, &error));
  storage_assert_text (root, "renamed", "ONE");
  assert_no_member (root, "a");
}

static void
test_streams (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(GInputStream) input = NULL;
  g_autoptr(GOutputStream) output = NULL;
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  char buffer[16] = "";

  storage_write_text (root, "s", "old");
  input = imsg_storage_open_stream (root, "s", &error);
  output = imsg_storage_replace_stream (root, "s", &error);
  g_output_stream_write_all (output, "newer", 5, NULL, NULL, &error);
  storage_assert_text (root, "s", "old");
  g_assert_true (g_output_stream_flush (output, NULL, &error));
  storage_assert_text (root, "s", "newer");
  g_assert_true (g_output_stream_close (output, NULL, &error));
  /* A reader keeps what was there when it began. */
  g_assert_cmpint (g_input_stream_read (input, buffer, 16, NULL, &error), ==, 3);
  g_assert_cmpmem (buffer, 3, "old", 3);

  stream = imsg_storage_edit_stream (root, "s", FALSE, &error);
  g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_END, NULL, &error);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), "!", 1, NULL, NULL, &error);
  g_assert_true (g_io_stream_close (stream, NULL, &error));
  storage_assert_text (root, "s", "newer!");

  g_assert_null (imsg_storage_edit_stream (root, "none", FALSE, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_clear_object (&stream);
  stream = imsg_storage_edit_stream (root, "none", TRUE, &error);
  g_assert_no_error (error);
  storage_assert_text (root, "none", "");
  g_assert_null (imsg_storage_open_stream (root, "absent", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
}

static void
test_closed (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) child = storage_create (root, "child");
  g_autoptr(IMsgStorage) below = storage_create (child, "below");
  g_autoptr(GListModel) entries = g_object_ref (imsg_storage_get_entries (child));
  g_autoptr(GInputStream) input = NULL;
  g_autoptr(GOutputStream) output = NULL;
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr(GError) error = NULL;
  char buffer[4];

  storage_write_text (below, "s", "text");
  input = imsg_storage_open_stream (below, "s", &error);
  output = imsg_storage_replace_stream (below, "t", &error);
  stream = imsg_storage_edit_stream (below, "s", FALSE, &error);
  g_assert_no_error (error);
  imsg_storage_close (root);
  imsg_storage_close (root);
  g_assert_true (imsg_storage_is_closed (below));
  g_assert_cmpuint (g_list_model_get_n_items (entries), ==, 0);

  g_assert_cmpint (g_input_stream_read (input, buffer, 4, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_cmpint (g_output_stream_write (output, "x", 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, 4, NULL,
                                        &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);

#define ASSERT_CLOSED(call)                             \
  G_STMT_START                                          \
    {                                                   \
      g_assert_true (!(call));                          \
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED); \
      g_clear_error (&error);                           \
    }                                                   \
  G_STMT_END

  ASSERT_CLOSED (imsg_storage_read_stream (below, "s", NULL, &error));
  ASSERT_CLOSED (imsg_storage_write_stream (below, "s", bytes, &error));
  ASSERT_CLOSED (imsg_storage_open_stream (below, "s", &error));
  ASSERT_CLOSED (imsg_storage_replace_stream (below, "s", &error));
  ASSERT_CLOSED (imsg_storage_edit_stream (below, "s", TRUE, &error));
  ASSERT_CLOSED (imsg_storage_open_storage (child, "below", 0, &error));
  ASSERT_CLOSED (imsg_storage_create_storage (child, "new", 0, &error));
  ASSERT_CLOSED (imsg_storage_remove (child, "below", &error));
  ASSERT_CLOSED (imsg_storage_rename (child, "below", "b", &error));
  ASSERT_CLOSED (imsg_storage_set_class_id (child, CLASS_ID, &error));
  ASSERT_CLOSED (imsg_storage_set_state_bits (child, 1, 1, &error));
  ASSERT_CLOSED (imsg_storage_set_entry_times (child, NULL, 1, 1, &error));
  ASSERT_CLOSED (imsg_storage_copy_to (child, root, &error));
  ASSERT_CLOSED (imsg_storage_copy_entry (child, "below", root, NULL, &error));
  ASSERT_CLOSED (imsg_storage_commit (root, 0, NULL, &error));
  ASSERT_CLOSED (imsg_storage_revert (root, &error));
  ASSERT_CLOSED (imsg_storage_write_to_bytes (root, NULL, &error));
  ASSERT_CLOSED (imsg_storage_open_as_gsf_infile (root, NULL, &error));
  g_assert_null (imsg_storage_find_entry (child, "below"));
  g_assert_null (imsg_storage_dup_class_id (child));

  g_clear_object (&input);
  g_clear_object (&output);
  g_clear_object (&stream);
  g_assert_finalize_object (g_steal_pointer (&below));
  g_assert_finalize_object (g_steal_pointer (&child));
  g_assert_finalize_object (g_steal_pointer (&root));
}

static void
test_read_only (void)
{
  g_autoptr(IMsgStorage) memory = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) root = NULL;
  g_autoptr(IMsgStorage) child = storage_create (memory, "child");
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr(GError) error = NULL;

  storage_write_text (memory, "s", "text");
  root = reopen (memory, IMSG_STORAGE_READ);
#define ASSERT_NO_ACCESS(call)                             \
  G_STMT_START                                             \
    {                                                      \
      g_assert_true (!(call));                             \
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS); \
      g_clear_error (&error);                              \
    }                                                      \
  G_STMT_END

  g_assert_false (imsg_storage_is_writable (root));
  ASSERT_NO_ACCESS (imsg_storage_write_stream (root, "s", bytes, &error));
  ASSERT_NO_ACCESS (imsg_storage_replace_stream (root, "s", &error));
  ASSERT_NO_ACCESS (imsg_storage_edit_stream (root, "s", FALSE, &error));
  ASSERT_NO_ACCESS (imsg_storage_create_storage (root, "new", 0, &error));
  ASSERT_NO_ACCESS (imsg_storage_open_storage (root, "child", IMSG_STORAGE_READ_WRITE, &error));
  ASSERT_NO_ACCESS (imsg_storage_remove (root, "s", &error));
  ASSERT_NO_ACCESS (imsg_storage_rename (root, "s", "t", &error));
  ASSERT_NO_ACCESS (imsg_storage_set_class_id (root, NULL, &error));
  ASSERT_NO_ACCESS (imsg_storage_copy_to (memory, root, &error));
  ASSERT_NO_ACCESS (imsg_storage_commit (root, 0, NULL, &error));
  g_assert_null (imsg_storage_open_bytes (bytes, IMSG_STORAGE_REPLACE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS);
}

static void
test_attributes (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) child = storage_create (root, "child");
  g_autoptr(IMsgStorage) copy = NULL;
  g_autoptr(IMsgStorage) copied_child = NULL;
  g_autoptr(IMsgStorageEntry) entry = NULL;
  g_autofree char *class_id = NULL;
  g_autofree char *root_class_id = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (imsg_storage_dup_class_id (root));
  g_assert_true (imsg_storage_set_class_id (root, CLASS_ID, &error));
  g_assert_true (imsg_storage_set_class_id (child, CLASS_ID, &error));
  g_assert_false (imsg_storage_set_class_id (child, "no guid", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
  g_clear_error (&error);
  g_assert_true (imsg_storage_set_state_bits (child, 0xFF, 0x0F, &error));
  g_assert_true (imsg_storage_set_state_bits (child, 0, 0x01, &error));
  g_assert_cmphex (imsg_storage_get_state_bits (child), ==, 0x0E);
  g_assert_true (imsg_storage_set_entry_times (root, "child", 11, 22, &error));
  g_assert_true (imsg_storage_set_entry_times (child, NULL, 0, 33, &error));
  g_assert_true (imsg_storage_set_entry_times (root, NULL, 0, 44, &error));
  g_assert_no_error (error);

  copy = reopen (root, IMSG_STORAGE_READ);
  root_class_id = imsg_storage_dup_class_id (copy);
  g_assert_cmpstr (root_class_id, ==, CLASS_ID);
  copied_child = open_child (copy, "child", IMSG_STORAGE_READ);
  class_id = imsg_storage_dup_class_id (copied_child);
  g_assert_cmpstr (class_id, ==, CLASS_ID);
  entry = imsg_storage_find_entry (copy, "child");
  g_assert_cmpstr (imsg_storage_entry_get_class_id (entry), ==, CLASS_ID);
  g_assert_cmphex (imsg_storage_entry_get_state_bits (entry), ==, 0x0E);
  g_assert_cmpuint (imsg_storage_entry_get_creation_time (entry), ==, 11);
  g_assert_cmpuint (imsg_storage_entry_get_modification_time (entry), ==, 33);
}

typedef struct
{
  guint position;
  guint n_removed;
  guint n_added;
  guint n_calls;
} Change;

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       n_removed,
                  guint       n_added,
                  Change     *change)
{
  Change seen = { position, n_removed, n_added, change->n_calls + 1 };

  *change = seen;
}

static void
assert_change (Change *change,
               guint   position,
               guint   n_removed,
               guint   n_added)
{
  g_assert_cmpuint (change->n_calls, ==, 1);
  g_assert_cmpuint (change->position, ==, position);
  g_assert_cmpuint (change->n_removed, ==, n_removed);
  g_assert_cmpuint (change->n_added, ==, n_added);
  change->n_calls = 0;
}

static void
test_entries (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  GListModel *entries = imsg_storage_get_entries (root);
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(IMsgStorageEntry) entry = NULL;
  g_autoptr(IMsgStorageEntry) again = NULL;
  g_autoptr(IMsgStorageEntry) later = NULL;
  g_autoptr(GError) error = NULL;
  Change change = { 0 };

  g_signal_connect (entries, "items-changed", G_CALLBACK (items_changed_cb), &change);
  g_assert_true (g_list_model_get_item_type (entries) == IMSG_TYPE_STORAGE_ENTRY);
  storage_write_text (root, "b", "1");
  assert_change (&change, 0, 0, 1);
  storage_write_text (root, "a", "1");
  assert_change (&change, 0, 0, 1);
  child = storage_create (root, "c");
  assert_change (&change, 2, 0, 1);
  entry = g_list_model_get_item (entries, 1);
  again = g_list_model_get_item (entries, 1);
  g_assert_true (entry == again);
  storage_write_text (root, "b", "12");
  assert_change (&change, 1, 1, 1);
  later = g_list_model_get_item (entries, 1);
  g_assert_cmpuint (imsg_storage_entry_get_size (later), ==, 2);
  g_assert_true (imsg_storage_rename (root, "a", "d", &error));
  assert_change (&change, 0, 3, 3);
  again = (g_object_unref (again), g_list_model_get_item (entries, 0));
  g_assert_true (again == later);
  g_assert_true (imsg_storage_set_class_id (child, CLASS_ID, &error));
  assert_change (&change, 1, 1, 1);
  g_assert_true (imsg_storage_remove (root, "c", &error));
  assert_change (&change, 1, 1, 0);
  g_assert_true (imsg_storage_commit (root, 0, NULL, &error));
  g_assert_cmpuint (change.n_calls, ==, 0);
  storage_write_text (root, "e", "");
  assert_change (&change, 2, 0, 1);
  g_assert_true (imsg_storage_revert (root, &error));
  g_assert_cmpuint (change.n_calls, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (entries), ==, 2);
  g_assert_null (g_list_model_get_item (entries, 2));
}

static void
test_copy (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) other = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) file = NULL;
  g_autoptr(IMsgStorage) child = storage_create (root, "child");
  g_autoptr(IMsgStorage) below = storage_create (child, "below");
  g_autoptr(IMsgStorage) other_child = storage_create (other, "CHILD");
  g_autoptr(GIOStream) stream = NULL;
  g_autofree char *class_id = NULL;
  g_autoptr(GError) error = NULL;

  storage_write_text (below, "s", "deep");
  storage_write_text (child, "t", "text");
  storage_write_text (other_child, "kept", "k");
  storage_write_text (other_child, "t", "old");
  g_assert_true (imsg_storage_set_class_id (child, CLASS_ID, &error));

  /* Into itself, or below itself */
  g_assert_false (imsg_storage_copy_entry (root, "child", below, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_FOLDER_CYCLE);
  g_clear_error (&error);
  g_assert_false (imsg_storage_copy_to (root, below, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_FOLDER_CYCLE);
  g_clear_error (&error);
  g_assert_false (imsg_storage_copy_to (root, root, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_FOLDER_CYCLE);
  g_clear_error (&error);
  g_assert_false (imsg_storage_copy_entry (root, "child", root, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION);
  g_clear_error (&error);

  g_assert_true (imsg_storage_copy_entry (root, "child", root, "twin", &error));
  assert_list (root, "twin(t:4 below(s:4 ) ) child(t:4 below(s:4 ) ) ");
  storage_write_text (below, "s", "changed");
  assert_list (root, "twin(t:4 below(s:4 ) ) child(t:4 below(s:7 ) ) ");
  /* A parent's copy inside its own member is no cycle: it is the other way round. */
  g_assert_true (imsg_storage_copy_entry (child, "below", root, NULL, &error));

  /* What is written to an open stream goes along. */
  stream = imsg_storage_edit_stream (below, "s", FALSE, &error);
  g_seekable_truncate (G_SEEKABLE (stream), 2, NULL, &error);
  g_assert_true (imsg_storage_copy_to (root, other, &error));
  g_assert_no_error (error);
  assert_list (other, "twin(t:4 below(s:4 ) ) below(s:7 ) CHILD(t:4 kept:1 below(s:2 ) ) ");
  storage_assert_text (other_child, "t", "text");
  class_id = imsg_storage_dup_class_id (other_child);
  g_assert_cmpstr (class_id, ==, CLASS_ID);

  /* From a file, without touching it */
  file = reopen (other, IMSG_STORAGE_READ);
  g_assert_true (imsg_storage_copy_entry (file, "child", root, "from", &error));
  imsg_storage_close (file);
  {
    g_autoptr(IMsgStorage) from = open_child (root, "from", IMSG_STORAGE_READ);

    storage_assert_text (from, "kept", "k");
  }
}

static void
test_nesting (void)
{
  g_autoptr(GPtrArray) storages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(IMsgStorage) other = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) inner = storage_create (other, "inner");
  g_autoptr(IMsgStorage) copy = NULL;
  /* two storages for each message inside another, and an object of another application */
  guint max = 2 * imsg_limit_get_default (IMSG_LIMIT_NESTING) + 32;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (storages, imsg_storage_new_memory (0));
  for (guint i = 0; i < max; i++)
    g_ptr_array_add (storages, storage_create (g_ptr_array_index (storages, i), "x"));
  g_assert_null (imsg_storage_create_storage (g_ptr_array_index (storages, max), "x", 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX);
  g_clear_error (&error);
  g_assert_false (imsg_storage_copy_entry (other, "inner", g_ptr_array_index (storages, max), NULL,
                                           &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX);
  g_clear_error (&error);
  g_assert_true (imsg_storage_copy_entry (other, "inner", g_ptr_array_index (storages, max - 1),
                                          NULL, &error));
  storage_write_text (g_ptr_array_index (storages, max), "s", "deep");
  copy = reopen (g_ptr_array_index (storages, 0), IMSG_STORAGE_READ);
  {
    g_autoptr(GPtrArray) problems = imsg_storage_list_problems (copy);

    g_assert_cmpuint (problems->len, ==, 0);
  }
  /* The depth of what is copied is measured once, not twice for each level */
  g_assert_true (imsg_storage_remove (other, "inner", &error));
  g_assert_true (imsg_storage_copy_to (copy, other, &error));
  g_assert_true (imsg_storage_copy_entry (other, "x", g_ptr_array_index (storages, 0), "y", &error));
  g_assert_no_error (error);
}

/* Twenty thousand members: made in the worst order, found, changed under an open list, removed. */
static void
test_many (void)
{
  enum { N = 20000 };
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) copy = NULL;
  g_autoptr(GError) error = NULL;
  char name[32];

  g_assert_cmpuint (g_list_model_get_n_items (imsg_storage_get_entries (root)), ==, 0);
  for (guint i = 0; i < N; i++)
    {
      g_autoptr(IMsgStorage) child = NULL;

      g_snprintf (name, sizeof name, "__recip_version1.0_#%08X", (i * 7919) % N);
      child = storage_create (root, name);
      storage_write_text (child, "s", name);
    }
  copy = reopen (root, IMSG_STORAGE_READ_WRITE);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_storage_get_entries (copy)), ==, N);
  for (guint i = 0; i < N; i++)
    {
      g_autoptr(IMsgStorage) child = NULL;

      g_snprintf (name, sizeof name, "__RECIP_version1.0_#%08x", i);
      child = open_child (copy, name, IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
      storage_write_text (child, "t", "more");
      g_assert_true (imsg_storage_commit (child, 0, NULL, &error));
    }
  for (guint i = 0; i < N; i++)
    {
      g_snprintf (name, sizeof name, "__recip_version1.0_#%08X", (i * 7919) % N);
      g_assert_true (imsg_storage_remove (copy, name, &error));
    }
  g_assert_cmpuint (g_list_model_get_n_items (imsg_storage_get_entries (copy)), ==, 0);
}

/* What a list followed is what somebody else finds who opens the storage. */
static void
check_order (IMsgStorage *storage,
             guint        n_members)
{
  g_autoptr(IMsgStorage) copy = reopen (storage, IMSG_STORAGE_READ);
  GListModel *followed = imsg_storage_get_entries (storage);
  GListModel *found = imsg_storage_get_entries (copy);

  g_assert_cmpuint (g_list_model_get_n_items (followed), ==, n_members);
  g_assert_cmpuint (g_list_model_get_n_items (found), ==, n_members);
  for (guint i = 0; i < n_members; i++)
    {
      g_autoptr(IMsgStorageEntry) ours = g_list_model_get_item (followed, i);
      g_autoptr(IMsgStorageEntry) theirs = g_list_model_get_item (found, i);

      g_assert_cmpstr (imsg_storage_entry_get_name (ours), ==,
                       imsg_storage_entry_get_name (theirs));
    }
}

/* Short names first, then by upper-cased letters, whatever order members come and go in. */
static void
test_order (void)
{
  enum { N = 3000 };
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;
  char name[32], new_name[32];

  imsg_storage_get_entries (root);
  for (guint i = 0; i < N; i++)
    {
      g_snprintf (name, sizeof name, "%c%0*u", i % 2 == 0 ? 'm' : 'N', 4 + (int) (i % 5),
                  (i * 1009) % N);
      storage_write_text (root, name, name);
    }
  check_order (root, N);
  for (guint i = 0; i < N; i += 3)
    {
      g_snprintf (name, sizeof name, "%c%0*u", i % 2 == 0 ? 'm' : 'N', 4 + (int) (i % 5),
                  (i * 1009) % N);
      g_snprintf (new_name, sizeof new_name, "r%0*u", 4 + (int) (i % 7), i);
      g_assert_true (i % 6 == 0 ? imsg_storage_remove (root, name, &error)
                                : imsg_storage_rename (root, name, new_name, &error));
      g_assert_no_error (error);
    }
  check_order (root, N - N / 6);
}

/* A handler may close what it hears of. */
static void
close_cb (IMsgStorage *storage)
{
  imsg_storage_close (storage);
}

static void
test_close_in_handler (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr(GError) error = NULL;

  g_signal_connect (root, "notify::modified", G_CALLBACK (close_cb), NULL);
  g_assert_true (imsg_storage_write_stream (root, "s", bytes, &error));
  g_assert_true (imsg_storage_is_closed (root));

  g_object_unref (root);
  root = imsg_storage_new_memory (0);
  g_signal_connect (root, "notify::modified", G_CALLBACK (close_cb), NULL);
  g_assert_null (imsg_storage_create_storage (root, "child", 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
}

/* A child keeps its parent, and what it holds, alive. */
static void
test_lifetime (void)
{
  IMsgStorage *root = imsg_storage_new_memory (0);
  IMsgStorage *child = storage_create (root, "child");
  g_autoptr(GListModel) entries = g_object_ref (imsg_storage_get_entries (root));

  g_object_add_weak_pointer (G_OBJECT (root), (gpointer *) &root);
  g_object_unref (root);
  g_assert_nonnull (root);
  storage_write_text (child, "s", "text");
  assert_list (root, "child(s:4 ) ");
  g_assert_finalize_object (child);
  g_assert_null (root);
  g_assert_cmpuint (g_list_model_get_n_items (entries), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imsg/storage/members", test_members);
  for (guint i = 0; i < G_N_ELEMENTS (bad_names); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/storage/bad-name/", bad_names[i].path, NULL);

      g_test_add_data_func (path, bad_names[i].name, test_bad_name);
    }
  g_test_add_func ("/imsg/storage/good-names", test_good_names);
  g_test_add_func ("/imsg/storage/remove", test_remove);
  g_test_add_func ("/imsg/storage/rename", test_rename);
  g_test_add_func ("/imsg/storage/streams", test_streams);
  g_test_add_func ("/imsg/storage/closed", test_closed);
  g_test_add_func ("/imsg/storage/read-only", test_read_only);
  g_test_add_func ("/imsg/storage/attributes", test_attributes);
  g_test_add_func ("/imsg/storage/entries", test_entries);
  g_test_add_func ("/imsg/storage/copy", test_copy);
  g_test_add_func ("/imsg/storage/nesting", test_nesting);
  g_test_add_func ("/imsg/storage/many", test_many);
  g_test_add_func ("/imsg/storage/order", test_order);
  g_test_add_func ("/imsg/storage/close-in-handler", test_close_in_handler);
  g_test_add_func ("/imsg/storage/lifetime", test_lifetime);
  return g_test_run ();
}
