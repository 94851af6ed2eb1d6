/* test-util.c - what several tests need
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
list_folder (GPtrArray  *paths,
             const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      char *member = g_build_filename (path, name, NULL);

      if (g_file_test (member, G_FILE_TEST_IS_DIR))
        {
          list_folder (paths, member);
          g_free (member);
        }
      else
        g_ptr_array_add (paths, member);
    }
  g_clear_pointer (&dir, g_dir_close);
}

GPtrArray *
test_list_samples (const char *below)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *samples = g_getenv ("IMSG_SAMPLES");
  g_autofree char *path = samples != NULL ? g_build_filename (samples, below, NULL) : NULL;

  if (path != NULL)
    list_folder (paths, path);
  g_ptr_array_sort (paths, compare_strings);
  return paths;
}

GFile *
test_get_sample (const char *path)
{
  const char *samples = g_getenv ("IMSG_SAMPLES");
  g_autofree char *full = samples != NULL ? g_build_filename (samples, path, NULL) : NULL;

  if (full == NULL || !g_file_test (full, G_FILE_TEST_EXISTS))
    return NULL;
  return g_file_new_for_path (full);
}

GFile *
test_new_file (const char *name)
{
  g_autofree char *path = NULL;

  if (folder == NULL)
    folder = g_dir_make_tmp ("imsg-test-XXXXXX", NULL);
  g_assert_nonnull (folder);
  path = g_build_filename (folder, name, NULL);
  return g_file_new_for_path (path);
}

GBytes *
test_read_file (GFile *file)
{
  GError *error = NULL;
  GBytes *bytes = g_file_load_bytes (file, NULL, NULL, &error);

  g_assert_no_error (error);
  return bytes;
}

void
test_remove_files (void)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (folder == NULL)
    return;
  list_folder (paths, folder);
  for (guint i = 0; i < paths->len; i++)
    g_remove (paths->pdata[i]);
  g_rmdir (folder);
  g_clear_pointer (&folder, g_free);
}

/* --- comparing --- */

/* Path -> bytes of every stream, class id of every storage. */
static void
collect (IMsgStorage *storage,
         const char  *prefix,
         GHashTable  *members)
{
  GListModel *entries = imsg_storage_get_entries (storage);
  guint n_entries = g_list_model_get_n_items (entries);
  char *class_id = imsg_storage_dup_class_id (storage);

  g_hash_table_insert (members, g_strconcat (prefix, "/", NULL),
                       g_bytes_new_take (class_id, class_id != NULL ? strlen (class_id) : 0));
  for (guint i = 0; i < n_entries; i++)
    {
      g_autoptr(IMsgStorageEntry) entry = g_list_model_get_item (entries, i);
      const char *name = imsg_storage_entry_get_name (entry);
      g_autofree char *path = g_strconcat (prefix, "/", name, NULL);
      g_autoptr(GError) error = NULL;

      if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STORAGE)
        {
          g_autoptr(IMsgStorage) child =
            imsg_storage_open_storage (storage, name, IMSG_STORAGE_READ, &error);

          g_assert_no_error (error);
          collect (child, path, members);
        }
      else
        {
          GBytes *bytes = imsg_storage_read_stream (storage, name, NULL, &error);

          /* A damaged stream is the same as a damaged stream */
          if (bytes == NULL)
            bytes = g_bytes_new (error->message, strlen (error->message));
          g_hash_table_insert (members, g_steal_pointer (&path), bytes);
        }
    }
}

static GPtrArray *
diff_storages (IMsgStorage *a,
               IMsgStorage *b)
{
  g_autoptr(GHashTable) left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                      (GDestroyNotify) g_bytes_unref);
  g_autoptr(GHashTable) right = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                       (GDestroyNotify) g_bytes_unref);
  GPtrArray *diff = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key, value;

  collect (a, "", left);
  collect (b, "", right);
  g_hash_table_iter_init (&iter, left);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      GBytes *other = g_hash_table_lookup (right, key);

      if (other == NULL)
        g_ptr_array_add (diff, g_strconcat ("- ", key, NULL));
      else if (!g_bytes_equal (value, other))
        g_ptr_array_add (diff, g_strconcat ("! ", key, NULL));
    }
  g_hash_table_iter_init (&iter, right);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!g_hash_table_contains (left, key))
      g_ptr_array_add (diff, g_strconcat ("+ ", key, NULL));
  g_ptr_array_sort (diff, compare_strings);
  return diff;
}

GPtrArray *
test_diff_bytes (GBytes *a,
                 GBytes *b)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) left = imsg_storage_open_bytes (a, IMSG_STORAGE_READ, NULL, &error);
  g_autoptr(IMsgStorage) right = NULL;

  g_assert_no_error (error);
  right = imsg_storage_open_bytes (b, IMSG_STORAGE_READ, NULL, &error);
  g_assert_no_error (error);
  return diff_storages (left, right);
}

void
test_assert_diff (GPtrArray  *diff,
                  const char *first,
                  ...)
{
  va_list args;
  guint i = 0;

  va_start (args, first);
  for (const char *expected = first; expected != NULL; expected = va_arg (args, const char *))
    {
      g_assert_cmpuint (i, <, diff->len);
      g_assert_cmpstr (diff->pdata[i], ==, expected);
      i++;
    }
  va_end (args);
  if (i < diff->len)
    g_error ("Not expected: %s", (const char *) diff->pdata[i]);
}

guint
test_count_problems (IMsgMessage *message)
{
  g_autoptr(GPtrArray) problems = imsg_message_list_problems (message);

  return problems->len;
}

/* --- a message to begin with --- */

IMsgMessage *
test_open_message (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_message_open_bytes (bytes, IMSG_OPEN_MODIFY, NULL, &error);

  g_assert_no_error (error);
  return message;
}

GBytes *
test_save_message (IMsgMessage *message)
{
  g_autoptr(GError) error = NULL;
  GBytes *bytes;

  g_assert_true (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  return bytes;
}

guint32
test_find_named (IMsgMessage *message,
                 const char  *set,
                 guint32      id)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (set, id);
  guint property = imsg_property_object_resolve_property_name (object, name, FALSE, NULL);

  return property == 0 ? 0
                       : imsg_property_object_find_tag (object, imsg_property_tag (0, property));
}

void
test_assert_string (gpointer    object,
                    guint32     tag,
                    const char *expected)
{
  g_autofree char *value = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (object), tag);

  g_assert_cmpstr (value, ==, expected);
}

char *
test_list_problems (IMsgMessage *message)
{
  g_autoptr(GPtrArray) problems = imsg_message_list_problems (message);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            imsg_problem_get_where (problems->pdata[i]));
  return g_string_free (text, FALSE);
}

GBytes *
test_bytes_from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (const char *at = hex; *at != '\0'; at++)
    if (*at != ' ')
      {
        int high = g_ascii_xdigit_value (at[0]);
        int low = g_ascii_xdigit_value (at[1]);
        guint8 byte = (guint8) (high << 4 | low);

        g_assert_true (high >= 0 && low >= 0);
        g_byte_array_append (bytes, &byte, 1);
        at++;
      }
  return g_byte_array_free_to_bytes (bytes);
}

GBytes *
test_new_message_bytes (gboolean unicode)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) session =
    imsg_session_open (unicode ? IMSG_SESSION_UNICODE : IMSG_SESSION_NONE, &error);
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(IMsgRecipient) ann = NULL;
  g_autoptr(IMsgRecipient) bob = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GBytes) data = g_bytes_new_static ("some bytes", 10);
  GBytes *bytes;

  g_assert_no_error (error);
  message = imsg_session_create_message (session, "IPM.Note", &error);
  g_assert_no_error (error);
  g_assert_true (imsg_message_set_subject (message, "RE: A subject", &error));
  g_assert_true (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), IMSG_PR_BODY,
                                                  "Text\r\n", &error));
  ann = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Ann", "ann@example.com",
                                    &error);
  g_assert_no_error (error);
  bob = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_CC, "Bob", "bob@example.com",
                                    &error);
  g_assert_no_error (error);
  attachment = imsg_message_create_attachment (message, &error);
  g_assert_no_error (error);
  g_assert_true (imsg_attachment_set_file_name (attachment, "data.bin", &error));
  g_assert_true (imsg_attachment_set_bytes (attachment, data, &error));
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  return bytes;
}

void
test_run_until (gboolean *done)
{
  while (!*done)
    g_main_context_iteration (NULL, TRUE);
}
