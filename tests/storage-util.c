/* storage-util.c - a storage in a file for tests, and what is asked of it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "storage-util.h"

#include "compound-checker.h"

#include <glib/gstdio.h>
#include <string.h>

IMsgStorage *
storage_create (IMsgStorage *storage,
                const char  *name)
{
  g_autoptr(GError) error = NULL;
  IMsgStorage *child = imsg_storage_create_storage (storage, name, 0, &error);

  g_assert_no_error (error);
  return child;
}

void
storage_write_text (IMsgStorage *storage,
                    const char  *name,
                    const char  *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;

  imsg_storage_write_stream (storage, name, bytes, &error);
  g_assert_no_error (error);
}

static void
write_pattern (IMsgStorage *storage,
               const char  *name,
               gsize        n_bytes)
{
  guint8 *data = g_malloc (n_bytes);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < n_bytes; i++)
    data[i] = (i * 7 + (i >> 8)) & 0xFF;
  bytes = g_bytes_new_take (data, n_bytes);
  imsg_storage_write_stream (storage, name, bytes, &error);
  g_assert_no_error (error);
}

void
storage_assert_text (IMsgStorage *storage,
                     const char  *name,
                     const char  *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = imsg_storage_read_stream (storage, name, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

IMsgStorage *
storage_open_path (const char       *path,
                   IMsgStorageFlags  flags)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  IMsgStorage *storage = imsg_storage_open_file (file, flags, NULL, &error);

  g_assert_no_error (error);
  return storage;
}

void
storage_commit (IMsgStorage *storage)
{
  g_autoptr(GError) error = NULL;

  imsg_storage_commit (storage, IMSG_COMMIT_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (imsg_storage_is_modified (storage));
}

/* Name, kind, hash and attributes of everything, one a line. */
static void
describe (IMsgStorage *storage,
          const char  *path,
          GString     *text)
{
  GListModel *entries = imsg_storage_get_entries (storage);

  for (guint i = 0; i < g_list_model_get_n_items (entries); i++)
    {
      g_autoptr(IMsgStorageEntry) entry = g_list_model_get_item (entries, i);
      const char *name = imsg_storage_entry_get_name (entry);
      g_autofree char *full = g_strconcat (path, "/", name, NULL);
      g_autoptr(GError) error = NULL;

      g_string_append (text, full);
      if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STREAM)
        {
          g_autoptr(GBytes) bytes = imsg_storage_read_stream (storage, name, NULL, &error);
          g_autofree char *hash = bytes != NULL
            ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : g_strdup ("damaged");

          g_string_append_printf (text, " %s\n", hash);
        }
      else
        {
          g_autoptr(IMsgStorage) child = imsg_storage_open_storage (storage, name, 0, &error);

          g_assert_no_error (error);
          /* Streams have no times and no class; rubbish there is not carried over. */
          g_string_append_printf (text, " %s %x %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
                                  imsg_storage_entry_get_class_id (entry),
                                  imsg_storage_entry_get_state_bits (entry),
                                  imsg_storage_entry_get_creation_time (entry),
                                  imsg_storage_entry_get_modification_time (entry));
          describe (child, full, text);
        }
    }
}

char *
storage_describe_path (const char *path)
{
  g_autoptr(IMsgStorage) storage = storage_open_path (path, IMSG_STORAGE_READ);
  GString *text = g_string_new (NULL);
  g_autofree char *class_id = imsg_storage_dup_class_id (storage);

  g_string_append_printf (text, "%s %u\n", class_id, imsg_storage_get_version (storage));
  describe (storage, "", text);
  return g_string_free (text, FALSE);
}

guint
storage_count_files (const char *folder)
{
  GDir *directory = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;
  g_dir_close (directory);
  return n;
}

void
storage_check_structure (const char *path)
{
  g_autoptr(GError) error = NULL;

  compound_checker_check_path (path, &error);
  g_assert_no_error (error);
}

void
storage_fixture_set_up (StorageFixture *fixture,
                        gconstpointer   data)
{
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("imsg-commit-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "file.msg", NULL);
  fixture->file = g_file_new_for_path (fixture->path);
  storage = imsg_storage_create_file (fixture->file, GPOINTER_TO_UINT (data), &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  child = imsg_storage_create_storage (storage, "child", 0, &error);
  storage_write_text (child, "in", "inside");
  storage_write_text (storage, "small", "little");
  write_pattern (storage, "large", STORAGE_LARGE);
  storage_commit (storage);
  storage_check_structure (fixture->path);
}

void
storage_fixture_tear_down (StorageFixture *fixture,
                           gconstpointer   data)
{
  GDir *folder = g_dir_open (fixture->folder, 0, NULL);
  const char *name = NULL;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_dir_close (folder);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_object_unref (fixture->file);
}
