/* test-storage-commit.c - transactions: what a commit writes, and what it never breaks
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compound-checker.h"
#include "storage-util.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_edit (StorageFixture *fixture,
           gconstpointer   data)
{
  g_autofree char *before = storage_describe_path (fixture->path);
  g_autofree char *after = NULL;
  g_autofree char *expected = NULL;
  g_autoptr(IMsgStorage) storage = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *buffer = g_malloc (STORAGE_LARGE);
  gsize n_read = 0;
  struct stat info;
  struct stat later;

  g_assert_cmpuint (imsg_storage_get_version (storage), ==,
                    (GPOINTER_TO_UINT (data) & IMSG_STORAGE_LARGE_SECTORS) != 0 ? 4 : 3);
  /* Nothing changed: nothing written */
  stat (fixture->path, &info);
  storage_commit (storage);
  stat (fixture->path, &later);
  g_assert_true (info.st_ino == later.st_ino && info.st_mtim.tv_nsec == later.st_mtim.tv_nsec);

  child = imsg_storage_open_storage (storage, "child", IMSG_STORAGE_READ_WRITE, &error);
  stream = imsg_storage_open_stream (storage, "large", &error);
  storage_write_text (child, "in", "edited");
  g_assert_true (imsg_storage_is_modified (storage));
  g_assert_true (imsg_storage_is_modified (child));
  storage_commit (storage);
  g_assert_false (imsg_storage_is_modified (child));
  g_assert_false (imsg_storage_is_closed (child));
  storage_check_structure (fixture->path);
  g_assert_cmpuint (storage_count_files (fixture->folder), ==, 1);

  /* One value differs, and that is all. */
  after = storage_describe_path (fixture->path);
  {
    g_autofree char *old_hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "inside", -1);
    g_autofree char *new_hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "edited", -1);
    g_auto(GStrv) parts = g_strsplit (before, old_hash, -1);

    expected = g_strjoinv (new_hash, parts);
  }
  g_assert_cmpstr (after, ==, expected);

  /* A stream opened before reads the old file to its end. */
  g_assert_true (g_input_stream_read_all (stream, buffer, STORAGE_LARGE, &n_read, NULL, &error));
  g_assert_cmpuint (n_read, ==, STORAGE_LARGE);
  g_assert_cmpuint ((guint8) buffer[STORAGE_LARGE - 1], ==,
                    ((STORAGE_LARGE - 1) * 7 + ((STORAGE_LARGE - 1) >> 8)) & 0xFF);

  /* And again, from where we are */
  storage_write_text (child, "in", "twice");
  storage_write_text (storage, "new", "stream");
  storage_commit (storage);
  storage_assert_text (child, "in", "twice");
  storage_check_structure (fixture->path);
}

static void
test_revert (StorageFixture *fixture,
             gconstpointer   data)
{
  g_autofree char *before = storage_describe_path (fixture->path);
  g_autofree char *after = NULL;
  g_autoptr(IMsgStorage) storage = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  child = imsg_storage_open_storage (storage, "child", IMSG_STORAGE_READ_WRITE, &error);
  storage_write_text (child, "in", "edited");
  imsg_storage_remove (storage, "large", &error);
  stream = imsg_storage_replace_stream (storage, "s", &error);
  g_assert_true (imsg_storage_revert (storage, &error));
  g_assert_false (imsg_storage_is_modified (storage));
  g_assert_true (imsg_storage_is_closed (child));
  g_assert_false (imsg_storage_is_closed (storage));
  g_assert_cmpint (g_output_stream_write (stream, "x", 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  storage_assert_text (storage, "small", "little");
  storage_write_text (storage, "small", "after");
  imsg_storage_close (storage);
  after = storage_describe_path (fixture->path);
  g_assert_cmpstr (before, ==, after);
}

static void
test_nested (StorageFixture *fixture,
             gconstpointer   data)
{
  const IMsgStorageFlags transacted = IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED;
  g_autoptr(IMsgStorage) storage = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(IMsgStorage) below = NULL;
  g_autoptr(IMsgStorage) direct = NULL;
  g_autoptr(IMsgStorage) seen = NULL;
  g_autoptr(GError) error = NULL;

  child = imsg_storage_open_storage (storage, "child", transacted, &error);
  g_assert_no_error (error);
  g_assert_null (imsg_storage_open_storage (storage, "child", IMSG_STORAGE_READ_WRITE, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  below = imsg_storage_create_storage (child, "below", transacted, &error);
  direct = imsg_storage_create_storage (child, "direct", 0, &error);
  storage_write_text (below, "s", "deep");
  storage_write_text (direct, "d", "direct");
  storage_write_text (child, "in", "edited");
  g_assert_false (imsg_storage_is_modified (storage));

  /* The parent's commit does not take what the child has not committed. */
  storage_write_text (storage, "small", "first");
  storage_commit (storage);
  g_assert_true (imsg_storage_is_modified (child));
  {
    g_autofree char *text = storage_describe_path (fixture->path);

    g_assert_null (strstr (text, "/child/direct"));
  }

  storage_commit (child);
  g_assert_true (imsg_storage_is_modified (storage));
  g_assert_true (imsg_storage_is_modified (below));
  storage_commit (storage);
  {
    g_autofree char *text = storage_describe_path (fixture->path);

    g_assert_nonnull (strstr (text, "/child/direct/d"));
    g_assert_null (strstr (text, "/child/below/s"));
  }
  storage_commit (below);
  g_assert_true (imsg_storage_is_modified (child));
  /* Reverted one level up, it is gone again; and its children with it. */
  g_assert_true (imsg_storage_revert (child, &error));
  g_assert_true (imsg_storage_is_closed (below));
  g_assert_false (imsg_storage_is_modified (child));
  g_assert_false (imsg_storage_is_modified (storage));
  below = (g_object_unref (below), imsg_storage_open_storage (child, "below", transacted, &error));
  g_assert_null (imsg_storage_read_stream (below, "s", NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* Later edits of a committed child do not leak into what it committed. */
  storage_write_text (child, "in", "one");
  storage_commit (child);
  storage_write_text (child, "in", "two");
  storage_commit (storage);
  seen = storage_open_path (fixture->path, IMSG_STORAGE_READ);
  {
    g_autoptr(IMsgStorage) seen_child = imsg_storage_open_storage (seen, "child", 0, &error);

    storage_assert_text (seen_child, "in", "one");
  }
  storage_assert_text (child, "in", "two");

  /* Renamed by its parent, it still knows where it belongs; removed, it is ended. */
  g_assert_true (imsg_storage_rename (storage, "child", "renamed", &error));
  storage_commit (child);
  storage_commit (storage);
  {
    g_autofree char *text = storage_describe_path (fixture->path);

    g_assert_nonnull (strstr (text, "/renamed/in"));
    g_assert_null (strstr (text, "/child"));
  }
  g_assert_true (imsg_storage_remove (storage, "renamed", &error));
  g_assert_false (imsg_storage_commit (child, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
}

static void
test_streams_at_commit (StorageFixture *fixture,
                        gconstpointer   data)
{
  g_autoptr(IMsgStorage) storage = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) seen = NULL;
  g_autoptr(GIOStream) edited = NULL;
  g_autoptr(GOutputStream) replaced = NULL;
  g_autoptr(GError) error = NULL;

  edited = imsg_storage_edit_stream (storage, "small", FALSE, &error);
  replaced = imsg_storage_replace_stream (storage, "other", &error);
  g_output_stream_write_all (g_io_stream_get_output_stream (edited), "LIT", 3, NULL, NULL, &error);
  g_output_stream_write_all (replaced, "half", 4, NULL, NULL, &error);
  storage_commit (storage);
  seen = storage_open_path (fixture->path, IMSG_STORAGE_READ);
  storage_assert_text (seen, "small", "LITtle");
  g_assert_null (imsg_storage_find_entry (seen, "other"));
  g_assert_true (g_output_stream_close (replaced, NULL, &error));
  g_assert_true (imsg_storage_is_modified (storage));
  storage_assert_text (storage, "other", "half");
}

/* A link or a mode that somebody else gives a file is no change of it */
static void
test_another_status (StorageFixture *fixture,
                     gconstpointer   data)
{
  g_autoptr(IMsgStorage) storage = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autofree char *other = g_strconcat (fixture->path, ".link", NULL);

  g_assert_cmpint (link (fixture->path, other), ==, 0);
  storage_write_text (storage, "small", "one");
  storage_commit (storage);
  g_assert_cmpint (g_chmod (fixture->path, 0640), ==, 0);
  storage_write_text (storage, "small", "two");
  storage_commit (storage);
  g_assert_cmpint (g_unlink (other), ==, 0);
}

static void
test_changed (StorageFixture *fixture,
              gconstpointer   data)
{
  g_autoptr(IMsgStorage) one = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) two = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) three = NULL;
  g_autoptr(GError) error = NULL;

  imsg_storage_remove (one, "large", &error);
  imsg_storage_remove (two, "large", &error);
  storage_write_text (one, "small", "one");
  storage_write_text (two, "small", "two");
  storage_commit (one);
  three = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_assert_false (imsg_storage_commit (two, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);
  g_assert_true (imsg_storage_is_modified (two));
  storage_assert_text (two, "small", "two");

  /* The file three has is small, held in memory, and can be forced over anything. */
  storage_write_text (three, "small", "three");
  storage_write_text (one, "small", "again");
  storage_commit (one);
  g_assert_false (imsg_storage_commit (three, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);
  g_assert_true (imsg_storage_commit (three, IMSG_COMMIT_FORCE, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (imsg_storage_commit (three, 1 << 7, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS);
  g_clear_error (&error);
  storage_check_structure (fixture->path);

  g_unlink (fixture->path);
  storage_write_text (three, "small", "back");
  g_assert_false (imsg_storage_commit (three, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED);
  g_clear_error (&error);
  g_assert_true (imsg_storage_commit (three, IMSG_COMMIT_FORCE, NULL, &error));
  storage_check_structure (fixture->path);
}

static void
test_cancelled (StorageFixture *fixture,
                gconstpointer   data)
{
  g_autofree char *before = storage_describe_path (fixture->path);
  g_autofree char *after = NULL;
  g_autoptr(IMsgStorage) storage = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  storage_write_text (storage, "small", "edited");
  g_cancellable_cancel (cancellable);
  g_assert_false (imsg_storage_commit (storage, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (imsg_storage_write_to_bytes (storage, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (imsg_storage_open_file (fixture->file, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (storage_count_files (fixture->folder), ==, 1);
  after = storage_describe_path (fixture->path);
  g_assert_cmpstr (before, ==, after);
  storage_commit (storage);
}

static void
result_cb (GObject      *source_object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **where = user_data;

  *where = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
test_async (StorageFixture *fixture,
            gconstpointer   data)
{
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(IMsgStorage) seen = NULL;
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) saved = NULL;
  g_autoptr(GAsyncResult) refused = NULL;
  g_autoptr(GAsyncResult) last = NULL;
  g_autoptr(GError) error = NULL;

  imsg_storage_open_file_async (fixture->file, IMSG_STORAGE_READ_WRITE, NULL, result_cb, &opened);
  storage = imsg_storage_open_file_finish (wait_for (&opened), &error);
  g_assert_no_error (error);

  storage_write_text (storage, "small", "saved");
  imsg_storage_commit_async (storage, 0, NULL, result_cb, &saved);
  /* Meanwhile it is still ours to change, and not to save. */
  storage_write_text (storage, "small", "not yet");
  imsg_storage_commit_async (storage, 0, NULL, result_cb, &refused);
  g_assert_false (imsg_storage_revert (storage, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_null (saved);
  g_assert_false (imsg_storage_commit_finish (storage, wait_for (&refused), &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (imsg_storage_commit_finish (storage, wait_for (&saved), &error));
  g_assert_no_error (error);
  g_assert_true (imsg_storage_is_modified (storage));
  storage_assert_text (storage, "small", "not yet");
  seen = storage_open_path (fixture->path, IMSG_STORAGE_READ);
  storage_assert_text (seen, "small", "saved");

  /* Reverted, it is as saved. */
  g_assert_true (imsg_storage_revert (storage, &error));
  storage_assert_text (storage, "small", "saved");
  storage_write_text (storage, "small", "last");
  imsg_storage_commit_async (storage, 0, NULL, result_cb, &last);
  imsg_storage_close (storage);
  g_assert_true (imsg_storage_commit_finish (storage, wait_for (&last), &error));
  seen = (g_object_unref (seen), storage_open_path (fixture->path, IMSG_STORAGE_READ));
  storage_assert_text (seen, "small", "last");
  storage_check_structure (fixture->path);
}

static void
test_memory (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (IMSG_STORAGE_LARGE_SECTORS);
  g_autoptr(IMsgStorage) child = imsg_storage_create_storage (storage, "child", 0, NULL);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  storage_write_text (child, "s", "one");
  storage_commit (storage);
  storage_write_text (child, "s", "two");
  g_assert_true (imsg_storage_revert (storage, &error));
  g_assert_true (imsg_storage_is_closed (child));
  child = (g_object_unref (child),
           imsg_storage_open_storage (storage, "child", IMSG_STORAGE_READ_WRITE, &error));
  storage_assert_text (child, "s", "one");
  bytes = imsg_storage_write_to_bytes (storage, NULL, &error);
  g_assert_true (compound_checker_check (bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (imsg_storage_get_version (storage), ==, 4);
}

/* A transaction goes on under the name that its storage was given meanwhile, whatever became of the
 * old name */
static void
test_renamed (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(IMsgStorage) again = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  child = imsg_storage_create_storage (root, "A", IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED,
                                       &error);
  g_assert_no_error (error);
  storage_commit (child);
  g_assert_true (imsg_storage_rename (root, "A", "B", &error));
  storage_write_text (child, "first", "1");
  g_assert_true (imsg_storage_revert (child, &error));
  storage_write_text (root, "A", "precious");
  storage_write_text (child, "second", "2");
  storage_commit (child);
  storage_assert_text (root, "A", "precious");
  bytes = imsg_storage_write_to_bytes (root, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (child);
  again = imsg_storage_open_bytes (bytes, 0, NULL, &error);
  g_assert_no_error (error);
  child = imsg_storage_open_storage (again, "B", 0, &error);
  g_assert_no_error (error);
  storage_assert_text (child, "second", "2");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                         \
  g_test_add ("/imsg/storage/commit/" name, StorageFixture, NULL, storage_fixture_set_up, func, \
              storage_fixture_tear_down)

  ADD ("edit/version-3", test_edit);
  g_test_add ("/imsg/storage/commit/edit/version-4", StorageFixture,
              GUINT_TO_POINTER (IMSG_STORAGE_LARGE_SECTORS), storage_fixture_set_up, test_edit,
              storage_fixture_tear_down);
  ADD ("revert", test_revert);
  ADD ("nested", test_nested);
  ADD ("streams", test_streams_at_commit);
  ADD ("changed", test_changed);
  ADD ("another-status", test_another_status);
  ADD ("cancelled", test_cancelled);
  ADD ("async", test_async);
  g_test_add_func ("/imsg/storage/commit/memory", test_memory);
  g_test_add_func ("/imsg/storage/commit/renamed", test_renamed);
  return g_test_run ();
}
