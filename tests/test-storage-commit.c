/* test-storage-commit.c - transactions: what a commit writes, and what it never breaks
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <imsg.h>

#include "compound-checker.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE ((gsize) 700000) /* over what a source holds in memory */

typedef struct
{
  char  *folder;
  char  *path;
  GFile *file;
} Fixture;

static void
write_text (IMsgStorage *storage,
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

static void
assert_text (IMsgStorage *storage,
             const char  *name,
             const char  *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = imsg_storage_read_stream (storage, name, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static IMsgStorage *
open_path (const char       *path,
           IMsgStorageFlags  flags)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  IMsgStorage *storage = imsg_storage_open_file (file, flags, NULL, &error);

  g_assert_no_error (error);
  return storage;
}

static void
commit (IMsgStorage *storage)
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

static char *
describe_path (const char *path)
{
  g_autoptr(IMsgStorage) storage = open_path (path, IMSG_STORAGE_READ);
  GString *text = g_string_new (NULL);
  g_autofree char *class_id = imsg_storage_dup_class_id (storage);

  g_string_append_printf (text, "%s %u\n", class_id, imsg_storage_get_version (storage));
  describe (storage, "", text);
  return g_string_free (text, FALSE);
}

static guint
count_files (const char *folder)
{
  GDir *directory = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;
  g_dir_close (directory);
  return n;
}

static void
check_structure (const char *path)
{
  g_autoptr(GError) error = NULL;

  compound_checker_check_path (path, &error);
  g_assert_no_error (error);
}

/* A file with a small and a large stream and a storage in it. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
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
  write_text (child, "in", "inside");
  write_text (storage, "small", "little");
  write_pattern (storage, "large", LARGE);
  commit (storage);
  check_structure (fixture->path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
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

static void
test_edit (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *before = describe_path (fixture->path);
  g_autofree char *after = NULL;
  g_autofree char *expected = NULL;
  g_autoptr(IMsgStorage) storage = open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *buffer = g_malloc (LARGE);
  gsize n_read = 0;
  struct stat info;
  struct stat later;

  g_assert_cmpuint (imsg_storage_get_version (storage), ==,
                    (GPOINTER_TO_UINT (data) & IMSG_STORAGE_LARGE_SECTORS) != 0 ? 4 : 3);
  /* Nothing changed: nothing written */
  stat (fixture->path, &info);
  commit (storage);
  stat (fixture->path, &later);
  g_assert_true (info.st_ino == later.st_ino && info.st_mtim.tv_nsec == later.st_mtim.tv_nsec);

  child = imsg_storage_open_storage (storage, "child", IMSG_STORAGE_READ_WRITE, &error);
  stream = imsg_storage_open_stream (storage, "large", &error);
  write_text (child, "in", "edited");
  g_assert_true (imsg_storage_is_modified (storage));
  g_assert_true (imsg_storage_is_modified (child));
  commit (storage);
  g_assert_false (imsg_storage_is_modified (child));
  g_assert_false (imsg_storage_is_closed (child));
  check_structure (fixture->path);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);

  /* One value differs, and that is all. */
  after = describe_path (fixture->path);
  {
    g_autofree char *old_hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "inside", -1);
    g_autofree char *new_hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "edited", -1);
    g_auto(GStrv) parts = g_strsplit (before, old_hash, -1);

    expected = g_strjoinv (new_hash, parts);
  }
  g_assert_cmpstr (after, ==, expected);

  /* A stream opened before reads the old file to its end. */
  g_assert_true (g_input_stream_read_all (stream, buffer, LARGE, &n_read, NULL, &error));
  g_assert_cmpuint (n_read, ==, LARGE);
  g_assert_cmpuint ((guint8) buffer[LARGE - 1], ==,
                    ((LARGE - 1) * 7 + ((LARGE - 1) >> 8)) & 0xFF);

  /* And again, from where we are */
  write_text (child, "in", "twice");
  write_text (storage, "new", "stream");
  commit (storage);
  assert_text (child, "in", "twice");
  check_structure (fixture->path);
}

static void
test_revert (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *before = describe_path (fixture->path);
  g_autofree char *after = NULL;
  g_autoptr(IMsgStorage) storage = open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  child = imsg_storage_open_storage (storage, "child", IMSG_STORAGE_READ_WRITE, &error);
  write_text (child, "in", "edited");
  imsg_storage_remove (storage, "large", &error);
  stream = imsg_storage_replace_stream (storage, "s", &error);
  g_assert_true (imsg_storage_revert (storage, &error));
  g_assert_false (imsg_storage_is_modified (storage));
  g_assert_true (imsg_storage_is_closed (child));
  g_assert_false (imsg_storage_is_closed (storage));
  g_assert_cmpint (g_output_stream_write (stream, "x", 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  assert_text (storage, "small", "little");
  write_text (storage, "small", "after");
  imsg_storage_close (storage);
  after = describe_path (fixture->path);
  g_assert_cmpstr (before, ==, after);
}

static void
test_nested (Fixture       *fixture,
             gconstpointer  data)
{
  const IMsgStorageFlags transacted = IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED;
  g_autoptr(IMsgStorage) storage = open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
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
  write_text (below, "s", "deep");
  write_text (direct, "d", "direct");
  write_text (child, "in", "edited");
  g_assert_false (imsg_storage_is_modified (storage));

  /* The parent's commit does not take what the child has not committed. */
  write_text (storage, "small", "first");
  commit (storage);
  g_assert_true (imsg_storage_is_modified (child));
  {
    g_autofree char *text = describe_path (fixture->path);

    g_assert_null (strstr (text, "/child/direct"));
  }

  commit (child);
  g_assert_true (imsg_storage_is_modified (storage));
  g_assert_true (imsg_storage_is_modified (below));
  commit (storage);
  {
    g_autofree char *text = describe_path (fixture->path);

    g_assert_nonnull (strstr (text, "/child/direct/d"));
    g_assert_null (strstr (text, "/child/below/s"));
  }
  commit (below);
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
  write_text (child, "in", "one");
  commit (child);
  write_text (child, "in", "two");
  commit (storage);
  seen = open_path (fixture->path, IMSG_STORAGE_READ);
  {
    g_autoptr(IMsgStorage) seen_child = imsg_storage_open_storage (seen, "child", 0, &error);

    assert_text (seen_child, "in", "one");
  }
  assert_text (child, "in", "two");

  /* Renamed by its parent, it still knows where it belongs; removed, it is ended. */
  g_assert_true (imsg_storage_rename (storage, "child", "renamed", &error));
  commit (child);
  commit (storage);
  {
    g_autofree char *text = describe_path (fixture->path);

    g_assert_nonnull (strstr (text, "/renamed/in"));
    g_assert_null (strstr (text, "/child"));
  }
  g_assert_true (imsg_storage_remove (storage, "renamed", &error));
  g_assert_false (imsg_storage_commit (child, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
}

static void
test_streams_at_commit (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(IMsgStorage) storage = open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) seen = NULL;
  g_autoptr(GIOStream) edited = NULL;
  g_autoptr(GOutputStream) replaced = NULL;
  g_autoptr(GError) error = NULL;

  edited = imsg_storage_edit_stream (storage, "small", FALSE, &error);
  replaced = imsg_storage_replace_stream (storage, "other", &error);
  g_output_stream_write_all (g_io_stream_get_output_stream (edited), "LIT", 3, NULL, NULL, &error);
  g_output_stream_write_all (replaced, "half", 4, NULL, NULL, &error);
  commit (storage);
  seen = open_path (fixture->path, IMSG_STORAGE_READ);
  assert_text (seen, "small", "LITtle");
  g_assert_null (imsg_storage_find_entry (seen, "other"));
  g_assert_true (g_output_stream_close (replaced, NULL, &error));
  g_assert_true (imsg_storage_is_modified (storage));
  assert_text (storage, "other", "half");
}

static void
test_changed (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(IMsgStorage) one = open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) two = open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) three = NULL;
  g_autoptr(GError) error = NULL;

  imsg_storage_remove (one, "large", &error);
  imsg_storage_remove (two, "large", &error);
  write_text (one, "small", "one");
  write_text (two, "small", "two");
  commit (one);
  three = open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_assert_false (imsg_storage_commit (two, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);
  g_assert_true (imsg_storage_is_modified (two));
  assert_text (two, "small", "two");

  /* The file three has is small, held in memory, and can be forced over anything. */
  write_text (three, "small", "three");
  write_text (one, "small", "again");
  commit (one);
  g_assert_false (imsg_storage_commit (three, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);
  g_assert_true (imsg_storage_commit (three, IMSG_COMMIT_FORCE, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (imsg_storage_commit (three, 1 << 7, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS);
  g_clear_error (&error);
  check_structure (fixture->path);

  g_unlink (fixture->path);
  write_text (three, "small", "back");
  g_assert_false (imsg_storage_commit (three, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED);
  g_clear_error (&error);
  g_assert_true (imsg_storage_commit (three, IMSG_COMMIT_FORCE, NULL, &error));
  check_structure (fixture->path);
}

static void
test_create (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "new.msg", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(IMsgStorage) empty = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (imsg_storage_create_file (fixture->file, 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION);
  g_clear_error (&error);

  /* An empty one is written too; but not over what appeared meanwhile. */
  storage = imsg_storage_create_file (file, 0, &error);
  g_file_set_contents (path, "mine", 4, &error);
  g_assert_false (imsg_storage_commit (storage, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION);
  g_clear_error (&error);
  g_unlink (path);
  commit (storage);
  check_structure (path);

  empty = imsg_storage_create_file (fixture->file, IMSG_STORAGE_REPLACE, &error);
  imsg_storage_close (empty);
  g_object_unref (empty);
  {
    g_autoptr(IMsgStorage) seen = open_path (fixture->path, IMSG_STORAGE_READ);

    assert_text (seen, "small", "little");
  }
  empty = imsg_storage_create_file (fixture->file, IMSG_STORAGE_REPLACE, &error);
  commit (empty);
  {
    g_autoptr(IMsgStorage) seen = open_path (fixture->path, IMSG_STORAGE_READ);

    g_assert_cmpuint (g_list_model_get_n_items (imsg_storage_get_entries (seen)), ==, 0);
  }
}

static void
test_save_as (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "copy.msg", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(IMsgStorage) storage = open_path (fixture->path, IMSG_STORAGE_READ);
  g_autofree char *before = describe_path (fixture->path);
  g_autofree char *after = NULL;
  g_autofree char *old = NULL;
  g_autoptr(IMsgStorage) child = imsg_storage_open_storage (storage, "child", 0, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (imsg_storage_save_as (child, file, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
  g_clear_error (&error);
  g_assert_true (imsg_storage_save_as (storage, file, 0, NULL, &error));
  g_assert_true (g_file_equal (imsg_storage_get_file (storage), file));
  g_assert_false (imsg_storage_is_writable (storage));
  after = describe_path (path);
  g_assert_cmpstr (before, ==, after);
  check_structure (path);

  g_assert_false (imsg_storage_save_as (storage, fixture->file, 0, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION);
  g_clear_error (&error);
  g_assert_false (imsg_storage_save_as (storage, fixture->file, 1 << 9, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS);
  g_clear_error (&error);
  g_assert_true (imsg_storage_save_as (storage, fixture->file, IMSG_STORAGE_REPLACE |
                                       IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_LARGE_SECTORS, NULL,
                                       &error));
  g_assert_true (imsg_storage_is_writable (storage));
  g_assert_cmpuint (imsg_storage_get_version (storage), ==, 4);
  write_text (storage, "small", "on");
  commit (storage);
  check_structure (fixture->path);
  old = describe_path (path);
  g_assert_cmpstr (before, ==, old);
}

/* Links, mode, and what is beside the file */
static void
test_surroundings (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *link = g_build_filename (fixture->folder, "link.msg", NULL);
  g_autofree char *dangling = g_build_filename (fixture->folder, "dangling.msg", NULL);
  g_autofree char *fifo = g_build_filename (fixture->folder, "fifo", NULL);
  g_autofree char *target = g_build_filename (fixture->folder, "target.msg", NULL);
  g_autoptr(GFile) dangling_file = g_file_new_for_path (dangling);
  g_autoptr(GFile) fifo_file = g_file_new_for_path (fifo);
  g_autoptr(GFile) folder = g_file_new_for_path (fixture->folder);
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(IMsgStorage) created = NULL;
  g_autoptr(GError) error = NULL;
  struct stat info;
  mode_t mask = umask (027);

  g_assert_cmpint (symlink ("file.msg", link), ==, 0);
  g_assert_cmpint (symlink ("target.msg", dangling), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (g_chmod (fixture->path, 0604), ==, 0);
  storage = open_path (link, IMSG_STORAGE_READ_WRITE);
  write_text (storage, "small", "through the link");
  commit (storage);
  g_assert_cmpint (lstat (link, &info), ==, 0);
  g_assert_true (S_ISLNK (info.st_mode));
  g_assert_cmpint (lstat (fixture->path, &info), ==, 0);
  g_assert_true (S_ISREG (info.st_mode));
  g_assert_cmphex (info.st_mode & 07777, ==, 0604);
  g_clear_object (&storage);
  storage = open_path (fixture->path, IMSG_STORAGE_READ);
  assert_text (storage, "small", "through the link");

  created = imsg_storage_create_file (dangling_file, 0, &error);
  g_assert_no_error (error);
  commit (created);
  g_assert_cmpint (lstat (dangling, &info), ==, 0);
  g_assert_true (S_ISLNK (info.st_mode));
  g_assert_cmpint (lstat (target, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 07777, ==, 0640);
  umask (mask);

  g_assert_false (imsg_storage_save_as (created, fifo_file, IMSG_STORAGE_REPLACE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  g_assert_false (imsg_storage_save_as (created, folder, IMSG_STORAGE_REPLACE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_cmpuint (count_files (fixture->folder), ==, 5);
}

/* The disk fills up in the middle. */
static void
test_no_space (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *before = describe_path (fixture->path);
  g_autofree char *after = NULL;
  g_autoptr(IMsgStorage) storage = open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(GError) error = NULL;
  struct rlimit old_limit;
  struct rlimit limit;

  write_text (storage, "small", "edited");
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old_limit);
  limit = old_limit;
  limit.rlim_cur = LARGE / 2;
  setrlimit (RLIMIT_FSIZE, &limit);
  g_assert_false (imsg_storage_commit (storage, 0, NULL, &error));
  setrlimit (RLIMIT_FSIZE, &old_limit);
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_IO_ERROR);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  after = describe_path (fixture->path);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (imsg_storage_is_modified (storage));
  assert_text (storage, "small", "edited");
  commit (storage);
  check_structure (fixture->path);
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *before = describe_path (fixture->path);
  g_autofree char *after = NULL;
  g_autoptr(IMsgStorage) storage = open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  write_text (storage, "small", "edited");
  g_cancellable_cancel (cancellable);
  g_assert_false (imsg_storage_commit (storage, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (imsg_storage_write_to_bytes (storage, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (imsg_storage_open_file (fixture->file, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  after = describe_path (fixture->path);
  g_assert_cmpstr (before, ==, after);
  commit (storage);
}

/* What a killed process left is removed; what a living one writes is not. */
static void
test_left_over (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *stale = g_build_filename (fixture->folder, ".file.msg.imsg-000000", NULL);
  g_autofree char *alive = g_build_filename (fixture->folder, ".file.msg.imsg-000001", NULL);
  g_autofree char *foreign = g_build_filename (fixture->folder, ".file.msg.other-000000", NULL);
  g_autoptr(IMsgStorage) storage = open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  int fd = -1;

  g_file_set_contents (stale, "half", 4, NULL);
  g_file_set_contents (alive, "half", 4, NULL);
  g_file_set_contents (foreign, "whole", 5, NULL);
  fd = open (alive, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  write_text (storage, "small", "edited");
  commit (storage);
  g_assert_false (g_file_test (stale, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (alive, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (foreign, G_FILE_TEST_EXISTS));
  close (fd);
  write_text (storage, "small", "again");
  commit (storage);
  g_assert_false (g_file_test (alive, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (fixture->folder), ==, 2);
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
test_async (Fixture       *fixture,
            gconstpointer  data)
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

  write_text (storage, "small", "saved");
  imsg_storage_commit_async (storage, 0, NULL, result_cb, &saved);
  /* Meanwhile it is still ours to change, and not to save. */
  write_text (storage, "small", "not yet");
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
  assert_text (storage, "small", "not yet");
  seen = open_path (fixture->path, IMSG_STORAGE_READ);
  assert_text (seen, "small", "saved");

  /* Reverted, it is as saved. */
  g_assert_true (imsg_storage_revert (storage, &error));
  assert_text (storage, "small", "saved");
  write_text (storage, "small", "last");
  imsg_storage_commit_async (storage, 0, NULL, result_cb, &last);
  imsg_storage_close (storage);
  g_assert_true (imsg_storage_commit_finish (storage, wait_for (&last), &error));
  seen = (g_object_unref (seen), open_path (fixture->path, IMSG_STORAGE_READ));
  assert_text (seen, "small", "last");
  check_structure (fixture->path);
}

static void
test_memory (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (IMSG_STORAGE_LARGE_SECTORS);
  g_autoptr(IMsgStorage) child = imsg_storage_create_storage (storage, "child", 0, NULL);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  write_text (child, "s", "one");
  commit (storage);
  write_text (child, "s", "two");
  g_assert_true (imsg_storage_revert (storage, &error));
  g_assert_true (imsg_storage_is_closed (child));
  child = (g_object_unref (child),
           imsg_storage_open_storage (storage, "child", IMSG_STORAGE_READ_WRITE, &error));
  assert_text (child, "s", "one");
  bytes = imsg_storage_write_to_bytes (storage, NULL, &error);
  g_assert_true (compound_checker_check (bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (imsg_storage_get_version (storage), ==, 4);
}

/* Every sample, opened and saved: all that was in it is in it still, and nothing else. */
static void
test_samples (Fixture       *fixture,
              gconstpointer  data)
{
  const char *samples = g_getenv ("IMSG_SAMPLES");
  g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);
  guint n_files = 0;

  if (samples == NULL)
    {
      g_test_skip ("IMSG_SAMPLES is not set");
      return;
    }
  g_ptr_array_add (folders, g_strdup (samples));
  for (guint i = 0; i < folders->len; i++)
    {
      GDir *folder = g_dir_open (g_ptr_array_index (folders, i), 0, NULL);
      const char *name = NULL;

      while ((name = g_dir_read_name (folder)) != NULL)
        {
          g_autofree char *path = g_build_filename (g_ptr_array_index (folders, i), name, NULL);
          g_autoptr(GFile) file = g_file_new_for_path (path);
          g_autoptr(IMsgStorage) storage = NULL;
          g_autoptr(GError) error = NULL;
          g_autofree char *before = NULL;
          g_autofree char *after = NULL;
          g_autoptr(GPtrArray) problems = NULL;

          if (g_file_test (path, G_FILE_TEST_IS_DIR))
            {
              g_ptr_array_add (folders, g_steal_pointer (&path));
              continue;
            }
          if (!g_str_has_suffix (name, ".msg"))
            continue;
          storage = imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, NULL);
          if (storage == NULL)
            continue;
          before = describe_path (path);
          problems = imsg_storage_list_problems (storage);
          imsg_storage_save_as (storage, fixture->file, IMSG_STORAGE_REPLACE, NULL, &error);
          g_assert_no_error (error);
          after = describe_path (fixture->path);
          /* Not g_assert_cmpstr(), which would print both. */
          if (strstr (before, "damaged") == NULL && strcmp (before, after) != 0)
            g_error ("%s is not what it was", path);
          if (problems->len == 0)
            check_structure (fixture->path);
          n_files++;
        }
      g_dir_close (folder);
    }
  g_test_message ("%u files", n_files);
  g_assert_cmpuint (n_files, >, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) \
  g_test_add ("/imsg/storage/commit/" name, Fixture, NULL, set_up, func, tear_down)

  ADD ("edit/version-3", test_edit);
  g_test_add ("/imsg/storage/commit/edit/version-4", Fixture,
              GUINT_TO_POINTER (IMSG_STORAGE_LARGE_SECTORS), set_up, test_edit, tear_down);
  ADD ("revert", test_revert);
  ADD ("nested", test_nested);
  ADD ("streams", test_streams_at_commit);
  ADD ("changed", test_changed);
  ADD ("create", test_create);
  ADD ("save-as", test_save_as);
  ADD ("surroundings", test_surroundings);
  ADD ("no-space", test_no_space);
  ADD ("cancelled", test_cancelled);
  ADD ("left-over", test_left_over);
  ADD ("async", test_async);
  g_test_add_func ("/imsg/storage/commit/memory", test_memory);
  ADD ("samples", test_samples);
  return g_test_run ();
}
