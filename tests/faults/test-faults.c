/* test-faults.c - each call of a save fails in turn, or is the last of its process
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <imsg.h>

#include "compound-checker.h"
#include "fault-calls.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE ((gsize) 700000) /* over what a source holds in memory: the save reads the old file */
#define N_CALLS_MAX 400

static const char *action_names[N_FAULT_ACTIONS] = { "EIO", "ENOSPC", "short", "killed" };

static void
write_text (IMsgStorage *storage,
            const char  *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;

  imsg_storage_write_stream (storage, "text", bytes, &error);
  g_assert_no_error (error);
}

static IMsgStorage *
open_file (GFile            *file,
           IMsgStorageFlags  flags)
{
  g_autoptr(GError) error = NULL;
  IMsgStorage *storage = imsg_storage_open_file (file, flags, NULL, &error);

  g_assert_no_error (error);
  return storage;
}

static void
make_old (GFile *file)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_storage_create_file (file, IMSG_STORAGE_REPLACE, &error);
  guint8 *data = g_malloc (LARGE);
  g_autoptr(GBytes) bytes = NULL;

  g_assert_no_error (error);
  for (gsize i = 0; i < LARGE; i++)
    data[i] = (i * 7 + (i >> 8)) & 0xFF;
  bytes = g_bytes_new_take (data, LARGE);
  g_assert_true (imsg_storage_write_stream (storage, "large", bytes, &error));
  write_text (storage, "old");
  imsg_storage_commit (storage, 0, NULL, &error);
  g_assert_no_error (error);
}

/* What the file has in it; that it is whole is asserted. */
static char *
read_text (GFile *file)
{
  g_autoptr(IMsgStorage) storage = open_file (file, IMSG_STORAGE_READ);
  g_autoptr(GBytes) large = NULL;
  g_autoptr(GBytes) text = NULL;
  g_autoptr(GError) error = NULL;
  const guint8 *data = NULL;

  compound_checker_check_path (g_file_peek_path (file), &error);
  g_assert_no_error (error);
  large = imsg_storage_read_stream (storage, "large", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (large), ==, LARGE);
  data = g_bytes_get_data (large, NULL);
  for (gsize i = 0; i < LARGE; i += 101)
    g_assert_cmpuint (data[i], ==, (i * 7 + (i >> 8)) & 0xFF);
  text = imsg_storage_read_stream (storage, "text", NULL, &error);
  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
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

/* In a process of its own, which may die of it. */
static void
save_in_child (GFile     *file,
               FaultPlan *plan)
{
  g_autoptr(IMsgStorage) storage = open_file (file, IMSG_STORAGE_READ_WRITE);
  g_autoptr(GBytes) text = NULL;

  write_text (storage, "new");
  fault_arm (plan);
  plan->is_saved = imsg_storage_commit (storage, 0, NULL, NULL);
  fault_arm (NULL);
  text = imsg_storage_read_stream (storage, "text", NULL, NULL);
  plan->is_kept = imsg_storage_is_modified (storage) != plan->is_saved && text != NULL &&
                  g_bytes_get_size (text) == 3 &&
                  memcmp (g_bytes_get_data (text, NULL), "new", 3) == 0;
  _exit (0);
}

/* Returns FALSE once the save makes fewer calls. */
static gboolean
try_fault (GFile       *file,
           const char  *folder,
           FaultPlan   *plan,
           FaultAction  action,
           guint        number)
{
  g_autofree char *after = NULL;
  g_autofree char *next = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_left = FALSE;
  int status = 0;
  pid_t child = 0;

  make_old (file);
  memset (plan, 0, sizeof *plan);
  plan->number = number;
  plan->action = action;
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    save_in_child (file, plan);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (plan->name == NULL)
    return FALSE;

  after = read_text (file);
  is_left = count_files (folder) > 1;
  if (action == FAULT_KILL)
    g_assert_true (WIFSIGNALED (status));
  else
    {
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
      g_assert_cmpstr (after, ==, plan->is_saved ? "new" : "old");
      g_assert_true (plan->is_kept);
      if (action == FAULT_SHORT)
        g_assert_true (plan->is_saved);
    }
  g_assert_true (strcmp (after, "old") == 0 || strcmp (after, "new") == 0);
  g_test_message ("| %3u | %-8s | %-6s | %-6s | %s | %-4s |", number, plan->name,
                  action_names[action],
                  action == FAULT_KILL ? "-" : plan->is_saved ? "saved" : "failed", after,
                  is_left ? "yes" : "no");

  /* Whatever was left behind, the next save has it removed, and succeeds. */
  storage = open_file (file, IMSG_STORAGE_READ_WRITE);
  write_text (storage, "next");
  imsg_storage_commit (storage, 0, NULL, &error);
  g_assert_no_error (error);
  next = read_text (file);
  g_assert_cmpstr (next, ==, "next");
  g_assert_cmpuint (count_files (folder), ==, 1);
  return TRUE;
}

static void
test_faults (gconstpointer data)
{
  FaultAction action = GPOINTER_TO_UINT (data);
  g_autofree char *folder = g_dir_make_tmp ("imsg-faults-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "file.msg", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  FaultPlan *plan = mmap (NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                          -1, 0);
  guint n = 0;

  g_assert_true (plan != MAP_FAILED);
  g_test_message ("| no. | call     | fault  | commit | the file is | left over |");
  while (n < N_CALLS_MAX && try_fault (file, folder, plan, action, n + 1))
    n++;
  /* All calls were met, and there were some. */
  g_assert_cmpuint (n, <, N_CALLS_MAX);
  g_assert_cmpuint (n, >, 10);
  munmap (plan, sizeof *plan);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < N_FAULT_ACTIONS; i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/storage/faults/", action_names[i], NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_faults);
    }
  return g_test_run ();
}
