/* test-faults.c - each call of a save fails in turn, or is the last of its process
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-checker.h"
#include "fault-scenarios.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define N_CALLS_MAX 600
/* Of no user there is, so that a save by root gives the file back to him */
#define OWNER 12345

static const char *const action_names[N_FAULT_ACTIONS] = { "EIO", "ENOSPC", "short", "killed" };

typedef struct
{
  const FaultScenario *scenario;
  char                *folder;
  char                *work;  /* folder of the file */
  char                *spool; /* folder of temporary files */
  GFile               *file;
  GBytes              *old;   /* NULL: there is none */
  FaultPlan           *plan;
  GPtrArray           *rows;  /* (element-type GStrv): call, what it was about, a cell an action */
} Trial;

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

/* As it was before, with a mode, an owner and an attribute that a save keeps */
static void
put_old (Trial *self)
{
  const char *path = g_file_peek_path (self->file);
  gsize n_bytes = 0;
  const char *data = NULL;
  int fd = -1;

  g_unlink (path);
  if (self->old == NULL)
    return;
  data = g_bytes_get_data (self->old, &n_bytes);
  fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  g_assert_cmpint (write (fd, data, n_bytes), ==, n_bytes);
  close (fd);
  if (setxattr (path, "user.note", "kept", 4, 0) != 0)
    g_test_message ("no extended attributes here");
  if (geteuid () == 0)
    g_assert_cmpint (chown (path, OWNER, OWNER), ==, 0);
}

static char *
read_file (Trial *self)
{
  g_autoptr(GError) error = NULL;

  if (!g_file_query_exists (self->file, NULL))
    return g_strdup ("none");
  compound_checker_check_path (g_file_peek_path (self->file), &error);
  g_assert_no_error (error);
  return self->scenario->read (self->file);
}

/* In a process of its own, which may die of it. The result is its exit status. */
static int
save_in_child (Trial      *self,
               const char *text)
{
  int status = 0;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (self->scenario->save (self->file, text, self->plan) ? 0 : 1);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status;
}

static void
set_plan (Trial       *self,
          guint        number,
          FaultAction  action)
{
  memset (self->plan, 0, sizeof *self->plan);
  g_snprintf (self->plan->folder, sizeof self->plan->folder, "%s/", self->folder);
  self->plan->number = number;
  self->plan->action = action;
}

/* Attributes are kept as far as may be; where nothing failed they all are. */
static void
check_surroundings (Trial *self)
{
  const char *path = g_file_peek_path (self->file);
  struct stat info;
  char value[8] = { 0 };

  g_assert_cmpint (stat (path, &info), ==, 0);
  if (self->old == NULL)
    return;
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
  if (geteuid () == 0)
    g_assert_cmpuint (info.st_uid, ==, OWNER);
  if (getxattr (path, "user.note", value, sizeof value) > 0)
    g_assert_cmpstr (value, ==, "kept");
}

static const char *
describe (const char *what)
{
  if (strstr (what, ".imsg-") != NULL)
    return "new file";
  if (g_str_has_prefix (what, "spool"))
    return "spool";
  if (strstr (what, ".msg") != NULL)
    return "file";
  if (strstr (what, "attached.bin") != NULL)
    return "attached file";
  return "folder";
}

static void
note (Trial      *self,
      guint       number,
      const char *cell)
{
  FaultPlan *plan = self->plan;

  if (self->rows->len < number)
    {
      char **row = g_new0 (char *, N_FAULT_ACTIONS + 3);

      row[0] = g_strdup (plan->name);
      row[1] = g_strdup (describe (plan->what));
      for (guint i = 0; i < N_FAULT_ACTIONS; i++)
        row[2 + i] = g_strdup ("-");
      g_ptr_array_add (self->rows, row);
    }
  /* Only what moves bytes can move fewer of them. */
  if (plan->action == FAULT_SHORT && plan->name[0] != 'p')
    return;
  g_free (((char **) self->rows->pdata[number - 1])[2 + plan->action]);
  ((char **) self->rows->pdata[number - 1])[2 + plan->action] = g_strdup (cell);
}

/* Returns FALSE once the save makes fewer calls. */
static gboolean
try_fault (Trial       *self,
           FaultAction  action,
           guint        number)
{
  FaultPlan *plan = self->plan;
  const char *before = self->old != NULL ? "old" : "none";
  g_autofree char *after = NULL;
  g_autofree char *next = NULL;
  g_autofree char *cell = NULL;
  gboolean is_left = FALSE;
  gboolean is_saved = FALSE;
  int status = 0;

  put_old (self);
  set_plan (self, number, action);
  status = save_in_child (self, "new");
  is_saved = WIFEXITED (status) && WEXITSTATUS (status) == 0;
  if (plan->name[0] == '\0')
    {
      /* All went well. */
      g_assert_true (is_saved);
      check_surroundings (self);
      return FALSE;
    }

  after = read_file (self);
  is_left = count_files (self->work) > (strcmp (after, "none") == 0 ? 0 : 1);
  if (action == FAULT_KILL)
    {
      g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
      g_assert_true (strcmp (after, before) == 0 || strcmp (after, "new") == 0);
    }
  else
    {
      g_assert_true (WIFEXITED (status));
      g_assert_cmpstr (after, ==, is_saved ? "new" : before);
      g_assert_true (plan->is_kept);
      if (action == FAULT_SHORT)
        g_assert_true (is_saved);
    }
  cell = g_strconcat (action == FAULT_KILL ? "" : is_saved ? "saved, " : "fails, ", after,
                      is_left ? ", left-over" : "", NULL);
  note (self, number, cell);

  /* Whatever was left behind, the next save has it removed, and succeeds. */
  set_plan (self, 0, 0);
  status = save_in_child (self, "next");
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  next = read_file (self);
  g_assert_cmpstr (next, ==, "next");
  g_assert_cmpuint (count_files (self->work), ==, 1);
  g_assert_cmpuint (count_files (self->spool), ==, 0);
  return TRUE;
}

static void
trial_init (Trial               *self,
            const FaultScenario *scenario,
            const char          *folder)
{
  g_autofree char *path = NULL;
  g_autofree char *plan_path = g_strconcat (folder, ".plan", NULL);
  int fd = open (plan_path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  char *data = NULL;
  gsize n_bytes = 0;

  self->scenario = scenario;
  self->folder = g_strdup (folder);
  self->work = g_build_filename (folder, "work", NULL);
  self->spool = g_build_filename (folder, "spool", NULL);
  g_mkdir (self->work, 0700);
  path = g_build_filename (self->work, "file.msg", NULL);
  self->file = g_file_new_for_path (path);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_assert_cmpint (ftruncate (fd, sizeof *self->plan), ==, 0);
  self->plan = mmap (NULL, sizeof *self->plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_true (self->plan != MAP_FAILED);
  close (fd);
  g_setenv (FAULT_PLAN_VARIABLE, plan_path, TRUE);
  if (scenario->is_new)
    return;
  set_plan (self, 0, 0);
  g_assert_cmpint (save_in_child (self, "old"), ==, 0);
  g_assert_true (g_file_get_contents (path, &data, &n_bytes, NULL));
  self->old = g_bytes_new_take (data, n_bytes);
}

static void
trial_clear (Trial *self)
{
  g_autofree char *attached = g_build_filename (self->folder, "attached.bin", NULL);

  munmap (self->plan, sizeof *self->plan);
  g_unlink (g_getenv (FAULT_PLAN_VARIABLE));
  g_unsetenv (FAULT_PLAN_VARIABLE);
  g_file_delete (self->file, NULL, NULL);
  g_assert_cmpint (g_rmdir (self->work), ==, 0);
  /* What a killed process had attached */
  g_unlink (attached);
  g_clear_object (&self->file);
  g_clear_pointer (&self->old, g_bytes_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self->folder);
  g_free (self->work);
  g_free (self->spool);
}

static void
try_action (Trial       *self,
            FaultAction  action)
{
  guint n = 0;

  while (n < N_CALLS_MAX && try_fault (self, action, n + 1))
    n++;
  /* All calls were met, and there were some. */
  g_assert_cmpuint (n, <, N_CALLS_MAX);
  g_assert_cmpuint (n, >, 10);
}

typedef struct
{
  const FaultScenario *scenario;
  FaultAction          action;
} Case;

static void
test_faults (gconstpointer data)
{
  const Case *one = data;
  Trial trial = { NULL };

  g_autofree char *folder = g_path_get_dirname (g_get_tmp_dir ());

  trial_init (&trial, one->scenario, folder);
  try_action (&trial, one->action);
  for (guint i = 0; i < trial.rows->len; i++)
    {
      char **row = trial.rows->pdata[i];

      g_test_message ("%u %s %s: %s", i + 1, row[0], row[1], row[2 + one->action]);
    }
  trial_clear (&trial);
}

/* One row for calls in a row that are the same in all they lead to */
static void
print_table (Trial *self)
{
  guint first = 0;

  g_print ("\n### %s\n\n| call | of the | EIO | ENOSPC | short | killed |\n"
           "|---|---|---|---|---|---|\n", self->scenario->title);
  for (guint i = 0; i < self->rows->len; i++)
    {
      char **row = self->rows->pdata[i];
      g_autofree char *numbers = NULL;

      if (i + 1 < self->rows->len &&
          g_strv_equal ((const char *const *) row, (const char *const *) self->rows->pdata[i + 1]))
        continue;
      numbers = i == first ? g_strdup_printf ("%u", i + 1)
                           : g_strdup_printf ("%u-%u", first + 1, i + 1);
      first = i + 1;
      g_print ("| %s %s | %s | %s | %s | %s | %s |\n", numbers, row[0], row[1], row[2], row[3],
               row[4], row[5]);
    }
}

static void
print_tables (const char *folder)
{
  guint n = 0;
  const FaultScenario *all = fault_scenario_get_all (&n);

  for (guint i = 0; i < n; i++)
    {
      Trial trial = { NULL };

      trial_init (&trial, &all[i], folder);
      for (guint action = 0; action < N_FAULT_ACTIONS; action++)
        try_action (&trial, action);
      print_table (&trial);
      trial_clear (&trial);
    }
}

int
main (int    argc,
      char **argv)
{
  const char *base = g_getenv ("TMPDIR");
  g_autofree char *folder = g_build_filename (base != NULL ? base : "/tmp", "imsg-faults-XXXXXX",
                                              NULL);
  g_autofree char *spool = NULL;
  g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func (g_free);
  guint n = 0;
  const FaultScenario *all = fault_scenario_get_all (&n);
  int result = 0;

  /* Before anybody asks GLib for it: what is spooled comes there too. */
  g_assert_nonnull (g_mkdtemp (folder));
  spool = g_build_filename (folder, "spool", NULL);
  g_assert_cmpint (g_mkdir (spool, 0700), ==, 0);
  g_setenv ("TMPDIR", spool, TRUE);
  if (argc > 1 && strcmp (argv[1], "--table") == 0)
    print_tables (folder);
  else
    {
      g_test_init (&argc, &argv, NULL);
      for (guint i = 0; i < n; i++)
        for (guint action = 0; action < N_FAULT_ACTIONS; action++)
          {
            g_autofree char *path =
              g_strdup_printf ("/imsg/faults/%s/%s", all[i].name, action_names[action]);
            Case *one = g_new (Case, 1);

            *one = (Case) { &all[i], action };
            g_ptr_array_add (cases, one);
            g_test_add_data_func (path, one, test_faults);
          }
      result = g_test_run ();
    }
  g_rmdir (spool);
  g_rmdir (folder);
  return result;
}
