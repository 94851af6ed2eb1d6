/* test-body-util.c - what the tests of bodies share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "test-body-util.h"

#include "imsg-storage.h"

#define MAX_DEPTH 16

char *
test_dup_samples (void)
{
  const char *samples = g_getenv ("IMSG_SAMPLES");

  if (samples == NULL || *samples == '\0' || !g_file_test (samples, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("IMSG_SAMPLES names no folder");
      return NULL;
    }
  return g_strdup (samples);
}

static guint
visit_message (IMsgStorage *storage,
               guint        depth,
               const char  *path,
               TestRtfFunc  func,
               gpointer     user_data)
{
  g_autoptr(GBytes) compressed = imsg_storage_read_stream (storage, "__substg1.0_10090102", NULL,
                                                           NULL);
  GListModel *entries = imsg_storage_get_entries (storage);
  guint n = 0;

  if (compressed != NULL && g_bytes_get_size (compressed) > 0)
    {
      func (path, depth == 0, compressed, user_data);
      n++;
    }
  for (guint i = 0; depth < MAX_DEPTH && i < g_list_model_get_n_items (entries); i++)
    {
      g_autoptr(IMsgStorageEntry) entry = g_list_model_get_item (entries, i);
      g_autoptr(IMsgStorage) attachment = NULL;
      g_autoptr(IMsgStorage) embedded = NULL;

      if (!g_str_has_prefix (imsg_storage_entry_get_name (entry), "__attach_version1.0_#"))
        continue;
      attachment = imsg_storage_open_storage (storage, imsg_storage_entry_get_name (entry),
                                              IMSG_STORAGE_READ, NULL);
      if (attachment != NULL)
        embedded = imsg_storage_open_storage (attachment, "__substg1.0_3701000D",
                                              IMSG_STORAGE_READ, NULL);
      if (embedded != NULL)
        n += visit_message (embedded, depth + 1, path, func, user_data);
    }
  return n;
}

static guint
visit_folder (const char  *samples,
              const char  *folder,
              TestRtfFunc  func,
              gpointer     user_data)
{
  g_autofree char *full_path = g_build_filename (samples, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open (full_path, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *full = g_build_filename (samples, path, NULL);
      g_autoptr(GFile) file = g_file_new_for_path (full);
      g_autoptr(IMsgStorage) storage = NULL;

      if (g_file_test (full, G_FILE_TEST_IS_DIR))
        {
          n += visit_folder (samples, path, func, user_data);
          continue;
        }
      storage = imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, NULL);
      if (storage != NULL)
        n += visit_message (storage, 0, path, func, user_data);
    }
  return n;
}

guint
test_foreach_rtf (const char  *folder,
                  TestRtfFunc  func,
                  gpointer     user_data)
{
  g_autofree char *samples = test_dup_samples ();

  return samples != NULL ? visit_folder (samples, folder, func, user_data) : 0;
}
