/* test-places.c - files of all kinds, and what becomes of them while they are open
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <imsg.h>

#include "memory-file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Small files are held in memory while they are open, large ones are read when needed. */
#define SMALL ((gsize) 1000)
#define LARGE ((gsize) 3000000)
/* A user there need not be */
#define OTHER 12345

typedef struct
{
  char  *folder;
  char  *path;
  GFile *file;
} Fixture;

static GBytes *
make_message (gsize n_bytes)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autofree char *data = g_strnfill (n_bytes, 'x');
  g_autoptr(GBytes) content = g_bytes_new (data, n_bytes);
  GBytes *bytes = NULL;

  imsg_message_set_subject (message, "old", &error);
  imsg_attachment_set_bytes (attachment, content, &error);
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
write_file (const char *path,
            gsize       n_bytes)
{
  g_autoptr(GBytes) bytes = make_message (n_bytes);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                       &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("imsg-places-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "file.msg", NULL);
  fixture->file = g_file_new_for_path (fixture->path);
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

      g_remove (path);
    }
  g_dir_close (folder);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_object_unref (fixture->file);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static IMsgMessage *
open_message (IMsgSession *session,
              GFile       *file)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_open_message (session, file, IMSG_OPEN_MODIFY, NULL, &error);

  g_assert_no_error (error);
  return message;
}

static char *
read_subject (GFile *file)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);

  g_assert_no_error (error);
  return g_strdup (imsg_message_get_subject (message));
}

/* --- what somebody else does to an open file --- */

static void
remove_file (const char *path)
{
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
replace_file (const char *path)
{
  g_autofree char *other = g_strconcat (path, ".new", NULL);

  write_file (other, SMALL);
  g_assert_cmpint (g_rename (other, path), ==, 0);
}

static void
truncate_file (const char *path)
{
  g_assert_cmpint (truncate (path, 600), ==, 0);
}

static void
empty_file (const char *path)
{
  g_assert_cmpint (truncate (path, 0), ==, 0);
}

static void
overwrite_file (const char *path)
{
  int fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);
  char zeros[4096] = { 0 };

  g_assert_cmpint (pwrite (fd, zeros, sizeof zeros, 512), ==, sizeof zeros);
  g_assert_cmpint (ftruncate (fd, LARGE * 2), ==, 0);
  close (fd);
}

static const struct
{
  const char *name;
  gsize       n_bytes;
  void      (*change) (const char *path);
  gboolean    is_read; /* the attachment still comes whole */
  int         code;    /* of saving */
} changes[] = {
  { "removed-small", SMALL, remove_file, TRUE, IMSG_ERROR_OBJECT_DELETED },
  { "removed-large", LARGE, remove_file, TRUE, IMSG_ERROR_OBJECT_DELETED },
  { "replaced-small", SMALL, replace_file, TRUE, IMSG_ERROR_OBJECT_CHANGED },
  { "replaced-large", LARGE, replace_file, TRUE, IMSG_ERROR_OBJECT_CHANGED },
  { "truncated-small", SMALL, truncate_file, TRUE, IMSG_ERROR_OBJECT_CHANGED },
  { "truncated-large", LARGE, truncate_file, FALSE, IMSG_ERROR_OBJECT_CHANGED },
  { "emptied-small", SMALL, empty_file, TRUE, IMSG_ERROR_OBJECT_CHANGED },
  { "emptied-large", LARGE, empty_file, FALSE, IMSG_ERROR_OBJECT_CHANGED },
  { "overwritten-small", SMALL, overwrite_file, TRUE, IMSG_ERROR_OBJECT_CHANGED },
  { "overwritten-large", LARGE, overwrite_file, FALSE, IMSG_ERROR_OBJECT_CHANGED },
};

static void
test_changed (Fixture       *fixture,
              gconstpointer  data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *subject = NULL;

  write_file (fixture->path, changes[i].n_bytes);
  message = open_message (session, fixture->file);
  attachment = g_list_model_get_item (imsg_message_get_attachments (message), 0);
  changes[i].change (fixture->path);

  bytes = imsg_property_object_get_raw (IMSG_PROPERTY_OBJECT (attachment),
                                        IMSG_PR_ATTACH_DATA_BIN, &error);
  if (changes[i].is_read)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, changes[i].n_bytes);
    }
  else
    g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);

  imsg_message_set_subject (message, "new", &error);
  g_assert_no_error (error);
  g_assert_false (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, changes[i].code);
  g_clear_error (&error);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "new");
  /* Saved nevertheless, where all of it can still be read */
  if (!changes[i].is_read)
    return;
  imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE | IMSG_SAVE_FORCE_SAVE, NULL, &error);
  g_assert_no_error (error);
  subject = read_subject (fixture->file);
  g_assert_cmpstr (subject, ==, "new");
}

/* --- files with no local path --- */

static void
assert_memory_subject (TestMemoryFile *file,
                       const char     *expected)
{
  g_autofree char *subject = read_subject (G_FILE (file));

  g_assert_cmpstr (subject, ==, expected);
}

static void
test_remote (void)
{
  g_autoptr(GBytes) bytes = make_message (LARGE);
  g_autoptr(TestMemoryFile) file = test_memory_file_new (bytes);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = open_message (session, G_FILE (file));
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      imsg_message_set_subject (message, i == 0 ? "first" : "second", &error);
      imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
      g_assert_no_error (error);
      assert_memory_subject (file, i == 0 ? "first" : "second");
    }
  imsg_message_set_subject (message, "third", &error);
  test_memory_file_set_bytes (file, bytes);
  g_assert_false (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);
  assert_memory_subject (file, "old");
  imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE | IMSG_SAVE_FORCE_SAVE, NULL, &error);
  g_assert_no_error (error);
  assert_memory_subject (file, "third");
}

static void
test_remote_full (void)
{
  g_autoptr(GBytes) bytes = make_message (LARGE);
  g_autoptr(TestMemoryFile) file = test_memory_file_new (bytes);
  g_autoptr(TestMemoryFile) new_file = test_memory_file_new (NULL);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = open_message (session, G_FILE (file));
  g_autoptr(GError) error = NULL;

  test_memory_file_set_room (file, LARGE / 2);
  test_memory_file_set_room (new_file, LARGE / 2);
  imsg_message_set_subject (message, "new", &error);
  g_assert_false (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_true (g_bytes_equal (test_memory_file_get_bytes (file), bytes));
  g_assert_false (imsg_message_save_as (message, G_FILE (new_file), IMSG_SAVE_KEEP_OPEN_READWRITE,
                                        NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_null (test_memory_file_get_bytes (new_file));

  test_memory_file_set_room (new_file, -1);
  imsg_message_save_as (message, G_FILE (new_file), IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  assert_memory_subject (new_file, "new");
}

/* Nothing can be saved there. */
static void
test_resource (void)
{
  g_autoptr(GFile) file = g_file_new_for_uri ("resource:///org/example/none.msg");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GBytes) bytes = make_message (SMALL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, &error);

  g_assert_null (message);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  message = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (imsg_message_save_as (message, file, IMSG_SAVE_NONE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

/* --- what belongs to a file besides its bytes --- */

static void
save_text (GFile      *file,
           const char *subject)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = open_message (session, file);
  g_autoptr(GError) error = NULL;

  imsg_message_set_subject (message, subject, &error);
  imsg_message_save (message, IMSG_SAVE_NONE, NULL, &error);
  g_assert_no_error (error);
}

static void
test_attributes (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *large = g_strnfill (1500, 'v');
  char value[2000] = { 0 };

  write_file (fixture->path, SMALL);
  if (setxattr (fixture->path, "user.note", "kept", 4, 0) != 0)
    {
      g_test_skip ("no extended attributes here");
      return;
    }
  g_assert_cmpint (setxattr (fixture->path, "user.large", large, strlen (large), 0), ==, 0);
  save_text (fixture->file, "new");
  g_assert_cmpint (getxattr (fixture->path, "user.note", value, sizeof value), ==, 4);
  g_assert_cmpmem (value, 4, "kept", 4);
  g_assert_cmpint (getxattr (fixture->path, "user.large", value, sizeof value), ==, strlen (large));
  g_assert_cmpmem (value, strlen (large), large, strlen (large));
}

static void
test_owner (Fixture       *fixture,
            gconstpointer  data)
{
  static const mode_t modes[] = { 0600, 0640, 0444, 0666, 0704 };
  struct stat info;

  if (geteuid () != 0)
    {
      g_test_skip ("only root gives files away");
      return;
    }
  write_file (fixture->path, SMALL);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_assert_cmpint (chown (fixture->path, OTHER, OTHER + 1), ==, 0);
      g_assert_cmpint (g_chmod (fixture->path, modes[i]), ==, 0);
      save_text (fixture->file, "new");
      g_assert_cmpint (stat (fixture->path, &info), ==, 0);
      g_assert_cmpuint (info.st_uid, ==, OTHER);
      g_assert_cmpuint (info.st_gid, ==, OTHER + 1);
      g_assert_cmphex (info.st_mode & 07777, ==, modes[i]);
    }
}

/* 0, or the code of the G_IO_ERROR */
static int
become_other_and_save (GFile *file)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;

  if (setgid (OTHER) != 0 || setuid (OTHER) != 0)
    return 200;
  message = imsg_session_open_message (session, file, IMSG_OPEN_MODIFY, NULL, &error);
  if (message == NULL)
    return 201;
  imsg_message_set_subject (message, "new", NULL);
  if (imsg_message_save (message, IMSG_SAVE_NONE, NULL, &error))
    return 0;
  return error->domain == G_IO_ERROR ? error->code : 202;
}

/* In a process of its own, as there is no way back. */
static int
save_as_other (GFile *file)
{
  int status = 0;
  pid_t child = fork ();

  if (child == 0)
    _exit (become_other_and_save (file));
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

/* Who cannot give the new file to the old group gives it no more than to anybody. */
static void
test_other_owner (Fixture       *fixture,
                  gconstpointer  data)
{
  struct stat info;

  if (geteuid () != 0)
    {
      g_test_skip ("only root can become another");
      return;
    }
  write_file (fixture->path, SMALL);
  g_assert_cmpint (g_chmod (fixture->path, 0676), ==, 0);
  g_assert_cmpint (chown (fixture->folder, OTHER, OTHER), ==, 0);
  g_assert_cmpint (save_as_other (fixture->file), ==, 0);
  g_assert_cmpint (stat (fixture->path, &info), ==, 0);
  g_assert_cmpuint (info.st_uid, ==, OTHER);
  g_assert_cmphex (info.st_mode & 07777, ==, 0666);
}

static void
test_read_only_folder (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *subject = NULL;

  if (geteuid () != 0)
    {
      g_test_skip ("only root can become another");
      return;
    }
  write_file (fixture->path, SMALL);
  g_assert_cmpint (g_chmod (fixture->path, 0666), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  g_assert_cmpint (save_as_other (fixture->file), ==, G_IO_ERROR_PERMISSION_DENIED);
  subject = read_subject (fixture->file);
  g_assert_cmpstr (subject, ==, "old");
}

/* --- links --- */

static void
test_links (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *first = g_build_filename (fixture->folder, "first", NULL);
  g_autofree char *second = g_build_filename (fixture->folder, "second", NULL);
  g_autofree char *loop = g_build_filename (fixture->folder, "loop", NULL);
  g_autoptr(GFile) first_file = g_file_new_for_path (first);
  g_autoptr(GFile) loop_file = g_file_new_for_path (loop);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autofree char *subject = NULL;
  struct stat info;

  write_file (fixture->path, SMALL);
  g_assert_cmpint (symlink ("second", first), ==, 0);
  g_assert_cmpint (symlink (fixture->path, second), ==, 0);
  g_assert_cmpint (symlink ("loop", loop), ==, 0);
  save_text (first_file, "new");
  g_assert_true (lstat (first, &info) == 0 && S_ISLNK (info.st_mode));
  g_assert_true (lstat (second, &info) == 0 && S_ISLNK (info.st_mode));
  g_assert_true (lstat (fixture->path, &info) == 0 && S_ISREG (info.st_mode));
  subject = read_subject (fixture->file);
  g_assert_cmpstr (subject, ==, "new");

  message = open_message (session, fixture->file);
  g_assert_false (imsg_message_save_as (message, loop_file, IMSG_SAVE_NONE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
}

/* Of two names of a file only the one that was opened leads to the new one. */
static void
test_hard_link (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other.msg", NULL);
  g_autoptr(GFile) other_file = g_file_new_for_path (other);
  g_autofree char *subject = NULL;
  g_autofree char *other_subject = NULL;

  write_file (fixture->path, SMALL);
  g_assert_cmpint (link (fixture->path, other), ==, 0);
  save_text (fixture->file, "new");
  subject = read_subject (fixture->file);
  other_subject = read_subject (other_file);
  g_assert_cmpstr (subject, ==, "new");
  g_assert_cmpstr (other_subject, ==, "old");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/places/changed/", changes[i].name, NULL);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_changed, tear_down);
    }
  g_test_add_func ("/imsg/places/remote", test_remote);
  g_test_add_func ("/imsg/places/remote-full", test_remote_full);
  g_test_add_func ("/imsg/places/resource", test_resource);

#define ADD(name, func) g_test_add ("/imsg/places/" name, Fixture, NULL, set_up, func, tear_down)

  ADD ("attributes", test_attributes);
  ADD ("owner", test_owner);
  ADD ("other-owner", test_other_owner);
  ADD ("read-only-folder", test_read_only_folder);
  ADD ("links", test_links);
  ADD ("hard-link", test_hard_link);
  return g_test_run ();
}
