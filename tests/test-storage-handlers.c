/* test-storage-handlers.c - what those who hear of a change may do to the storage meanwhile
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "storage-util.h"

typedef struct
{
  IMsgStorage *root;
  IMsgStorage *other;
  IMsgStorage *child;
} Fixture;

static void
close_cb (IMsgStorage *victim)
{
  imsg_storage_close (victim);
}

/* Bytes that no stream has brought yet: what publishes them tells of a change */
static GIOStream *
write_unpublished (IMsgStorage *storage)
{
  g_autoptr(GError) error = NULL;
  GIOStream *stream = imsg_storage_edit_stream (storage, "s", TRUE, &error);

  g_assert_no_error (error);
  storage_commit (storage);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), "hello", 5, NULL, NULL, &error);
  g_assert_no_error (error);
  return stream;
}

static gboolean
replace_child (Fixture  *fixture,
               GError  **error)
{
  g_autoptr(IMsgStorage) again = NULL;

  g_signal_connect_swapped (fixture->child, "notify::closed", G_CALLBACK (close_cb), fixture->root);
  again = imsg_storage_create_storage (fixture->root, "child", IMSG_STORAGE_REPLACE, error);
  return again != NULL;
}

static gboolean
copy_to (Fixture  *fixture,
         GError  **error)
{
  storage_write_text (fixture->root, "a", "x");
  storage_write_text (fixture->root, "b", "x");
  g_signal_connect_swapped (imsg_storage_get_entries (fixture->other), "items-changed",
                            G_CALLBACK (close_cb), fixture->other);
  return imsg_storage_copy_to (fixture->root, fixture->other, error);
}

static gboolean
copy_entry (Fixture  *fixture,
            GError  **error)
{
  g_autoptr(GIOStream) stream = write_unpublished (fixture->root);

  g_signal_connect_swapped (fixture->root, "notify::modified", G_CALLBACK (close_cb),
                            fixture->other);
  return imsg_storage_copy_entry (fixture->root, "s", fixture->other, NULL, error);
}

static gboolean
commit (Fixture  *fixture,
        GError  **error)
{
  g_autoptr(GIOStream) stream = write_unpublished (fixture->root);

  g_signal_connect_swapped (fixture->root, "notify::modified", G_CALLBACK (close_cb),
                            fixture->root);
  return imsg_storage_commit (fixture->root, 0, NULL, error);
}

static gboolean
write_to_bytes (Fixture  *fixture,
                GError  **error)
{
  g_autoptr(GIOStream) stream = write_unpublished (fixture->root);
  g_autoptr(GBytes) bytes = NULL;

  g_signal_connect_swapped (fixture->root, "notify::modified", G_CALLBACK (close_cb),
                            fixture->root);
  bytes = imsg_storage_write_to_bytes (fixture->root, NULL, error);
  return bytes != NULL;
}

static const struct
{
  const char  *path;
  gboolean   (*call) (Fixture  *fixture,
                      GError  **error);
} calls[] = {
  { "replace-child", replace_child },
  { "copy-to", copy_to },
  { "copy-entry", copy_entry },
  { "commit", commit },
  { "write-to-bytes", write_to_bytes },
};

/* What a handler closes cannot be gone on with, and the call says so */
static void
test_closed (gconstpointer data)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) other = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) child = imsg_storage_create_storage (root, "child", 0, &error);
  Fixture fixture = { root, other, child };

  g_assert_no_error (error);
  g_assert_false (calls[GPOINTER_TO_SIZE (data)].call (&fixture, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
}

static void
open_cb (GListModel   *entries,
         guint         position,
         guint         n_removed,
         guint         n_added,
         IMsgStorage **opened)
{
  IMsgStorage *root = g_object_get_data (G_OBJECT (entries), "root");

  if (n_added > 0 && *opened == NULL)
    *opened = imsg_storage_open_storage (root, "new", IMSG_STORAGE_READ_WRITE, NULL);
}

/* A storage that is opened while it is being created is the one that was created */
static void
test_opened (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  GListModel *entries = imsg_storage_get_entries (root);
  g_autoptr(IMsgStorage) opened = NULL;
  g_autoptr(IMsgStorage) created = NULL;
  g_autoptr(GError) error = NULL;

  g_object_set_data (G_OBJECT (entries), "root", root);
  g_signal_connect (entries, "items-changed", G_CALLBACK (open_cb), &opened);
  created = imsg_storage_create_storage (root, "new", 0, &error);
  g_assert_no_error (error);
  g_assert_true (created == opened);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/storage-handlers/closed/", calls[i].path, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_closed);
    }
  g_test_add_func ("/imsg/storage-handlers/opened", test_opened);

  return g_test_run ();
}
