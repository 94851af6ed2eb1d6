/* test-storage-file.c - the files that storages are saved to, and what is around them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "storage-util.h"
#include "test-util.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_create (StorageFixture *fixture,
             gconstpointer   data)
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
  storage_commit (storage);
  storage_check_structure (path);

  empty = imsg_storage_create_file (fixture->file, IMSG_STORAGE_REPLACE, &error);
  imsg_storage_close (empty);
  g_object_unref (empty);
  {
    g_autoptr(IMsgStorage) seen = storage_open_path (fixture->path, IMSG_STORAGE_READ);

    storage_assert_text (seen, "small", "little");
  }
  empty = imsg_storage_create_file (fixture->file, IMSG_STORAGE_REPLACE, &error);
  storage_commit (empty);
  {
    g_autoptr(IMsgStorage) seen = storage_open_path (fixture->path, IMSG_STORAGE_READ);

    g_assert_cmpuint (g_list_model_get_n_items (imsg_storage_get_entries (seen)), ==, 0);
  }
}

static void
test_save_as (StorageFixture *fixture,
              gconstpointer   data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "copy.msg", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(IMsgStorage) storage = storage_open_path (fixture->path, IMSG_STORAGE_READ);
  g_autofree char *before = storage_describe_path (fixture->path);
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
  after = storage_describe_path (path);
  g_assert_cmpstr (before, ==, after);
  storage_check_structure (path);

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
  storage_write_text (storage, "small", "on");
  storage_commit (storage);
  storage_check_structure (fixture->path);
  old = storage_describe_path (path);
  g_assert_cmpstr (before, ==, old);
}

/* Links, mode, and what is beside the file */
static void
test_surroundings (StorageFixture *fixture,
                   gconstpointer   data)
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
  storage = storage_open_path (link, IMSG_STORAGE_READ_WRITE);
  storage_write_text (storage, "small", "through the link");
  storage_commit (storage);
  g_assert_cmpint (lstat (link, &info), ==, 0);
  g_assert_true (S_ISLNK (info.st_mode));
  g_assert_cmpint (lstat (fixture->path, &info), ==, 0);
  g_assert_true (S_ISREG (info.st_mode));
  g_assert_cmphex (info.st_mode & 07777, ==, 0604);
  g_clear_object (&storage);
  storage = storage_open_path (fixture->path, IMSG_STORAGE_READ);
  storage_assert_text (storage, "small", "through the link");

  created = imsg_storage_create_file (dangling_file, 0, &error);
  g_assert_no_error (error);
  storage_commit (created);
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
  g_assert_cmpuint (storage_count_files (fixture->folder), ==, 5);
}

/* The disk fills up in the middle. */
static void
test_no_space (StorageFixture *fixture,
               gconstpointer   data)
{
  g_autofree char *before = storage_describe_path (fixture->path);
  g_autofree char *after = NULL;
  g_autoptr(IMsgStorage) storage = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  g_autoptr(GError) error = NULL;
  struct rlimit old_limit;
  struct rlimit limit;

  storage_write_text (storage, "small", "edited");
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old_limit);
  limit = old_limit;
  limit.rlim_cur = STORAGE_LARGE / 2;
  setrlimit (RLIMIT_FSIZE, &limit);
  g_assert_false (imsg_storage_commit (storage, 0, NULL, &error));
  setrlimit (RLIMIT_FSIZE, &old_limit);
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_IO_ERROR);
  g_assert_cmpuint (storage_count_files (fixture->folder), ==, 1);
  after = storage_describe_path (fixture->path);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (imsg_storage_is_modified (storage));
  storage_assert_text (storage, "small", "edited");
  storage_commit (storage);
  storage_check_structure (fixture->path);
}

/* What a killed process left is removed; what a living one writes is not. */
static void
test_left_over (StorageFixture *fixture,
                gconstpointer   data)
{
  g_autofree char *stale = g_build_filename (fixture->folder, ".file.msg.imsg-000000", NULL);
  g_autofree char *alive = g_build_filename (fixture->folder, ".file.msg.imsg-000001", NULL);
  g_autofree char *foreign = g_build_filename (fixture->folder, ".file.msg.other-000000", NULL);
  g_autoptr(IMsgStorage) storage = storage_open_path (fixture->path, IMSG_STORAGE_READ_WRITE);
  int fd = -1;

  g_file_set_contents (stale, "half", 4, NULL);
  g_file_set_contents (alive, "half", 4, NULL);
  g_file_set_contents (foreign, "whole", 5, NULL);
  fd = open (alive, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  storage_write_text (storage, "small", "edited");
  storage_commit (storage);
  g_assert_false (g_file_test (stale, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (alive, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (foreign, G_FILE_TEST_EXISTS));
  close (fd);
  storage_write_text (storage, "small", "again");
  storage_commit (storage);
  g_assert_false (g_file_test (alive, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (storage_count_files (fixture->folder), ==, 2);
}

/* A long name is cut for the temporary file, but not inside a character */
static void
test_long_name (StorageFixture *fixture,
                gconstpointer   data)
{
  g_autoptr(GString) name = g_string_new (NULL);
  g_autofree char *path = NULL;
  g_autofree char *stale_name = NULL;
  g_autofree char *stale = NULL;
  g_autoptr(IMsgStorage) storage = NULL;

  for (guint i = 0; i < 77; i++)
    g_string_append (name, "件");
  path = g_build_filename (fixture->folder, name->str, NULL);
  stale_name = g_strdup_printf (".%.*s.imsg-000000", 66 * 3, name->str);
  stale = g_build_filename (fixture->folder, stale_name, NULL);
  g_assert_cmpint (g_rename (fixture->path, path), ==, 0);
  g_file_set_contents (stale, "half", 4, NULL);
  storage = storage_open_path (path, IMSG_STORAGE_READ_WRITE);
  storage_write_text (storage, "small", "edited");
  storage_commit (storage);
  g_assert_false (g_file_test (stale, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rename (path, fixture->path), ==, 0);
}

/* Every sample, opened and saved: all that was in it is in it still, and nothing else. */
static void
test_samples (StorageFixture *fixture,
              gconstpointer   data)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("");
  guint n_files = 0;

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no samples");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = paths->pdata[i];
      g_autoptr(GFile) file = g_file_new_for_path (path);
      g_autoptr(IMsgStorage) storage = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      g_autoptr(GPtrArray) problems = NULL;

      if (g_str_has_suffix (path, ".msg"))
        storage = imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, NULL);
      if (storage == NULL)
        continue;
      before = storage_describe_path (path);
      problems = imsg_storage_list_problems (storage);
      imsg_storage_save_as (storage, fixture->file, IMSG_STORAGE_REPLACE, NULL, &error);
      g_assert_no_error (error);
      after = storage_describe_path (fixture->path);
      /* Not g_assert_cmpstr(), which would print both. */
      if (strstr (before, "damaged") == NULL && strcmp (before, after) != 0)
        g_error ("%s is not what it was", path);
      if (problems->len == 0)
        storage_check_structure (fixture->path);
      n_files++;
    }
  g_test_message ("%u files", n_files);
  g_assert_cmpuint (n_files, >, 0);
}

/* A stream that appends can seek, but writes at its end whatever the position */
static void
test_append (StorageFixture *fixture,
             gconstpointer   data)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) read = NULL;
  g_autoptr(GFileOutputStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  storage_write_text (storage, "s", "text");
  g_assert_true (g_file_delete (fixture->file, NULL, &error));
  stream = g_file_append_to (fixture->file, G_FILE_CREATE_NONE, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (imsg_storage_write_to_stream (storage, G_OUTPUT_STREAM (stream), NULL, &error));
  g_assert_true (g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, &error));
  read = storage_open_path (fixture->path, IMSG_STORAGE_READ);
  storage_assert_text (read, "s", "text");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                      \
  g_test_add ("/imsg/storage/file/" name, StorageFixture, NULL, storage_fixture_set_up, func,   \
              storage_fixture_tear_down)

  ADD ("create", test_create);
  ADD ("save-as", test_save_as);
  ADD ("surroundings", test_surroundings);
  ADD ("no-space", test_no_space);
  ADD ("left-over", test_left_over);
  ADD ("long-name", test_long_name);
  ADD ("append", test_append);
  ADD ("samples", test_samples);
  return g_test_run ();
}
