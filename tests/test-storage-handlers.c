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

/* A member whose commit makes its parent close is committed nevertheless */
static void
test_member_committed (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) child =
    imsg_storage_create_storage (root, "child", IMSG_STORAGE_TRANSACTED, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_storage_get_entries (root)), ==, 1);
  storage_write_text (child, "s", "x");
  g_signal_connect_swapped (child, "notify::modified", G_CALLBACK (close_cb), root);
  g_assert_true (imsg_storage_commit (child, 0, NULL, &error));
  g_assert_true (imsg_storage_is_closed (child));
}

static void
write_late_cb (IMsgStorage *storage)
{
  if (!imsg_storage_is_modified (storage))
    storage_write_text (storage, "late", "late");
}

static void
write_again_cb (IMsgStorage *storage)
{
  storage_write_text (storage, "again", "again");
}

/* What is changed by who hears that a save is done waits for the next one */
static void
test_changed_after_save (StorageFixture *fixture,
                         gconstpointer   data)
{
  g_autoptr(IMsgStorage) root = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) child = storage_create (root, "new");
  g_autoptr(IMsgStorage) read = NULL;
  g_autoptr(IMsgStorage) read_child = NULL;
  g_autoptr(GError) error = NULL;

  storage_write_text (child, "s", "x");
  g_signal_connect (child, "notify::modified", G_CALLBACK (write_late_cb), NULL);
  g_signal_connect (root, "notify::file", G_CALLBACK (write_again_cb), NULL);
  g_assert_true (imsg_storage_save_as (root, fixture->file, IMSG_STORAGE_REPLACE, NULL, &error));
  g_assert_true (imsg_storage_is_modified (child));
  g_assert_true (imsg_storage_is_modified (root));
  g_signal_handlers_disconnect_by_func (child, write_late_cb, NULL);
  storage_commit (root);

  read = storage_open_path (fixture->path, IMSG_STORAGE_READ);
  read_child = imsg_storage_open_storage (read, "new", IMSG_STORAGE_READ, &error);
  storage_assert_text (read_child, "late", "late");
  storage_assert_text (read, "again", "again");
}

static void
take_picture_cb (GListModel  *entries,
                 guint        position,
                 guint        n_removed,
                 guint        n_added,
                 IMsgStorage *storage)
{
  g_autoptr(GBytes) bytes = imsg_storage_write_to_bytes (storage, NULL, NULL);

  g_assert_nonnull (bytes);
}

/* A storage may be written while it is being copied to */
static void
test_written_while_copied (void)
{
  g_autoptr(IMsgStorage) source = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) destination = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;

  storage_write_text (source, "a", "1");
  storage_write_text (source, "b", "2");
  g_signal_connect (imsg_storage_get_entries (destination), "items-changed",
                    G_CALLBACK (take_picture_cb), destination);
  g_assert_true (imsg_storage_copy_to (source, destination, &error));
  storage_assert_text (destination, "a", "1");
  storage_assert_text (destination, "b", "2");
}

static void
add_name_cb (GObject    *object,
             GParamSpec *pspec,
             GString    *told)
{
  g_string_append_printf (told, "%s ", pspec->name);
}

/* What a copy changes of storages that are open is told of each of them */
static void
test_copy_told (void)
{
  g_autoptr(IMsgStorage) source = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) destination = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) from = storage_create (source, "child");
  g_autoptr(IMsgStorage) child = storage_create (destination, "child");
  g_autoptr(IMsgStorageEntry) entry = NULL;
  g_autoptr(GString) told = g_string_new (NULL);
  g_autoptr(GString) child_told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  imsg_storage_set_class_id (source, "00020d0b-0000-0000-c000-000000000046", &error);
  imsg_storage_set_class_id (from, "00020d0b-0000-0000-c000-000000000047", &error);
  storage_write_text (from, "s", "x");
  storage_commit (destination);
  g_signal_connect (destination, "notify", G_CALLBACK (add_name_cb), told);
  g_signal_connect (child, "notify", G_CALLBACK (add_name_cb), child_told);
  entry = g_list_model_get_item (imsg_storage_get_entries (destination), 0);
  g_clear_object (&entry);
  g_assert_true (imsg_storage_copy_to (source, destination, &error));
  g_assert_cmpstr (told->str, ==, "class-id modified ");
  g_assert_cmpstr (child_told->str, ==, "class-id modified ");
  entry = g_list_model_get_item (imsg_storage_get_entries (destination), 0);
  g_assert_cmpstr (imsg_storage_entry_get_class_id (entry), ==,
                   "00020d0b-0000-0000-c000-000000000047");
}

static void
drop_cb (GListModel   *entries,
         guint         position,
         guint         n_removed,
         guint         n_added,
         IMsgStorage **storage)
{
  g_autoptr(IMsgStorage) dropped = g_steal_pointer (storage);

  if (dropped != NULL)
    imsg_storage_close (dropped);
}

/* A stream holds its storage while it tells of what was written */
static void
test_dropped_while_published (void)
{
  IMsgStorage *storage = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream = write_unpublished (storage);

  g_signal_connect (imsg_storage_get_entries (storage), "items-changed", G_CALLBACK (drop_cb),
                    &storage);
  g_output_stream_flush (g_io_stream_get_output_stream (stream), NULL, NULL);
  g_assert_null (storage);
  g_assert_false (g_output_stream_flush (g_io_stream_get_output_stream (stream), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
drop_writable_cb (IMsgStorage  *child,
                  GParamSpec   *pspec,
                  IMsgStorage **dropped)
{
  g_clear_object (dropped);
}

/* A member lives as long as something is done to it, whoever else lets it go */
static void
test_member_dropped (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  IMsgStorage *child = storage_create (root, "child");
  g_autoptr(IMsgStorage) again = NULL;
  g_autoptr(GError) error = NULL;
  gulong handler = g_signal_connect (imsg_storage_get_entries (root), "items-changed",
                                     G_CALLBACK (drop_cb), &child);

  g_assert_true (imsg_storage_set_entry_times (root, "child", 1, 2, &error));
  g_assert_null (child);
  g_signal_handler_disconnect (imsg_storage_get_entries (root), handler);

  child = imsg_storage_open_storage (root, "child", IMSG_STORAGE_READ, &error);
  g_assert_no_error (error);
  g_signal_connect (child, "notify::writable", G_CALLBACK (drop_writable_cb), &child);
  again = imsg_storage_open_storage (root, "child", IMSG_STORAGE_READ_WRITE, &error);
  g_assert_null (child);
  g_assert_cmpstr (imsg_storage_get_name (again), ==, "child");
}

static void
create_again_cb (GListModel  *entries,
                 guint        position,
                 guint        n_removed,
                 guint        n_added,
                 IMsgStorage *storage)
{
  if (n_removed == 1 && n_added == 0)
    storage_write_text (storage, "a", "precious");
}

/* What takes the place of a member that is being replaced stays */
static void
test_created_again (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) created = NULL;
  g_autoptr(GError) error = NULL;

  storage_write_text (storage, "a", "old");
  g_signal_connect (imsg_storage_get_entries (storage), "items-changed",
                    G_CALLBACK (create_again_cb), storage);
  created = imsg_storage_create_storage (storage, "a", IMSG_STORAGE_REPLACE, &error);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION);
  storage_assert_text (storage, "a", "precious");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_storage_get_entries (storage)), ==, 1);
}

/* The list of a storage shows what became of a member, though that is closed when it is told */
static void
test_closed_when_told (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) child = storage_create (root, "child");
  g_autoptr(IMsgStorageEntry) entry = NULL;
  g_autoptr(GError) error = NULL;

  entry = g_list_model_get_item (imsg_storage_get_entries (root), 0);
  g_clear_object (&entry);
  g_signal_connect (child, "notify::class-id", G_CALLBACK (close_cb), NULL);
  g_assert_true (imsg_storage_set_class_id (child, "00020d0b-0000-0000-c000-000000000046", &error));
  entry = g_list_model_get_item (imsg_storage_get_entries (root), 0);
  g_assert_cmpstr (imsg_storage_entry_get_class_id (entry), ==,
                   "00020d0b-0000-0000-c000-000000000046");
}

/* A save in sectors of another size tells of it */
static void
test_version_told (StorageFixture *fixture,
                   gconstpointer   data)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  g_autoptr(GString) told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  storage_write_text (storage, "s", "x");
  g_signal_connect (storage, "notify", G_CALLBACK (add_name_cb), told);
  g_assert_true (imsg_storage_save_as (storage, fixture->file,
                                       IMSG_STORAGE_REPLACE | IMSG_STORAGE_LARGE_SECTORS, NULL,
                                       &error));
  g_assert_cmpstr (told->str, ==, "modified version file ");
}

static void
add_with_file (const char *path,
               void      (*test) (StorageFixture *fixture,
                                  gconstpointer   data))
{
  g_test_add (path, StorageFixture, NULL, storage_fixture_set_up, test, storage_fixture_tear_down);
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
  g_test_add_func ("/imsg/storage-handlers/member-committed", test_member_committed);
  add_with_file ("/imsg/storage-handlers/changed-after-save", test_changed_after_save);
  g_test_add_func ("/imsg/storage-handlers/written-while-copied", test_written_while_copied);
  g_test_add_func ("/imsg/storage-handlers/copy-told", test_copy_told);
  g_test_add_func ("/imsg/storage-handlers/dropped-while-published", test_dropped_while_published);
  g_test_add_func ("/imsg/storage-handlers/member-dropped", test_member_dropped);
  g_test_add_func ("/imsg/storage-handlers/created-again", test_created_again);
  g_test_add_func ("/imsg/storage-handlers/closed-when-told", test_closed_when_told);
  add_with_file ("/imsg/storage-handlers/version-told", test_version_told);

  return g_test_run ();
}
