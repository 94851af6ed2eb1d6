/* tool-files.c - the inputs of a verb, and the workers that go through them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

/* Inputs that workers may be ahead of the one whose output is due: bounds what waits in memory. */
#define MAX_AHEAD 64

#define MAX_JOBS 64

#define COPY_BYTES (64 * 1024)

typedef struct
{
  ToolFiles   *files;
  ToolWorker   worker;
  gpointer     user_data;
  guint        n_names;

  GMutex       lock;
  GCond        changed;
  guint        n_taken;   /* inputs that a worker has begun or done */
  guint        n_printed;
  guint        n_waiting; /* workers too far ahead */
  gboolean     is_printing;
  gboolean     is_failed;
  ToolReport **reports;   /* by input; NULL until done */

  GOutputStream *direct;  /* standard output, for the only worker there is; or NULL */
} Run;

int
tool_usage (const char *format,
            ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fprintf (stderr, "%s: %s\n", g_get_prgname (), text);
  fprintf (stderr, _("“%s --help” tells how it is used"), g_get_prgname ());
  fputc ('\n', stderr);
  return TOOL_USAGE;
}

GOptionContext *
tool_context_new (const char         *parameters,
                  const char         *summary,
                  const GOptionEntry *entries)
{
  GOptionContext *context = g_option_context_new (parameters);

  g_option_context_set_summary (context, summary);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  return context;
}

/* GOption wants a short option and its value apart; -j2 is what everybody writes. */
static void
part_jobs (int    argc,
           char **argv)
{
  for (int i = 1; i < argc && strcmp (argv[i], "--") != 0; i++)
    {
      const char *number = g_str_has_prefix (argv[i], "-j") ? argv[i] + 2 : "";
      g_autofree char *option = NULL;

      if (*number == '\0' || strspn (number, "0123456789") != strlen (number))
        continue;
      option = g_strconcat ("--jobs=", number, NULL);
      argv[i] = (char *) g_intern_string (option);
    }
}

/* For a verb with the options of tool_files_add_options(), none of which takes a text. */
gboolean
tool_files_parse (GOptionContext   *context,
                  int              *argc,
                  char           ***argv)
{
  part_jobs (*argc, *argv);
  return tool_context_parse (context, argc, argv);
}

gboolean
tool_context_parse (GOptionContext   *context,
                    int              *argc,
                    char           ***argv)
{
  g_autoptr(GError) error = NULL;

  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  tool_usage ("%s", error->message);
  return FALSE;
}

/* The options stay in the caller's ToolFiles, which must outlive the parsing. */
void
tool_files_add_options (ToolFiles      *self,
                        GOptionContext *context,
                        const char     *operands,
                        gboolean        with_output)
{
  const GOptionEntry entries[] = {
    { "jobs", 'j', 0, G_OPTION_ARG_INT, &self->n_jobs,
      N_("Work on N files at a time; 0 means one for each processor"), N_("N") },
    { "files-from", 0, 0, G_OPTION_ARG_FILENAME, &self->files_from,
      N_("Take further names from FILE (“-” for standard input), one on a line"), N_("FILE") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->names, NULL, operands },
    G_OPTION_ENTRY_NULL
  };
  const GOptionEntry output_entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output_name,
      N_("Write to FILE (“-” for standard output); for one input"), N_("FILE") },
    { "directory", 'C', 0, G_OPTION_ARG_FILENAME, &self->directory,
      N_("Write into the folder DIR, which is made if need be"), N_("DIR") },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &self->force,
      N_("Replace files that exist"), NULL },
    G_OPTION_ENTRY_NULL
  };

  self->n_jobs = 1;
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (with_output)
    g_option_context_add_main_entries (context, output_entries, GETTEXT_PACKAGE);
}

void
tool_files_clear (ToolFiles *self)
{
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->files_from, g_free);
  g_clear_pointer (&self->output_name, g_free);
  g_clear_pointer (&self->directory, g_free);
  g_clear_error (&self->sink_error);
}

/* A NUL anywhere tells a list that "find -print0" or "imsg find -0" made. */
static gboolean
add_names_from (ToolFiles  *self,
                GError    **error)
{
  g_autoptr(GBytes) bytes = tool_read_all (self->files_from, error);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  const char *end = NULL;
  gsize n_bytes = 0;
  char separator;

  if (bytes == NULL)
    return FALSE;
  for (char **name = self->names; name != NULL && *name != NULL; name++)
    g_strv_builder_add (builder, *name);
  end = g_bytes_get_data (bytes, &n_bytes);
  separator = n_bytes > 0 && memchr (end, '\0', n_bytes) != NULL ? '\0' : '\n';
  while (n_bytes > 0)
    {
      const char *name = end;
      g_autofree char *copy = NULL;

      end = memchr (name, separator, n_bytes);
      if (end == NULL)
        end = name + n_bytes;
      copy = g_strndup (name, end - name);
      if (*copy != '\0')
        g_strv_builder_add (builder, copy);
      n_bytes -= end - name;
      if (n_bytes > 0)
        {
          n_bytes--;
          end++;
        }
    }
  g_strfreev (self->names);
  self->names = g_strv_builder_end (builder);
  return TRUE;
}

/* After the parsing: completes the list of names. Complains of bad usage. */
gboolean
tool_files_check (ToolFiles *self)
{
  g_autoptr(GError) error = NULL;
  guint n_standard_inputs = 0;

  if (self->files_from != NULL && !add_names_from (self, &error))
    {
      tool_usage ("%s", error->message);
      return FALSE;
    }
  if (self->names == NULL || self->names[0] == NULL)
    {
      tool_usage ("%s", _("No file is named"));
      return FALSE;
    }
  if (g_strcmp0 (self->files_from, "-") == 0)
    n_standard_inputs++;
  for (char **name = self->names; *name != NULL; name++)
    if (strcmp (*name, "-") == 0)
      n_standard_inputs++;
  if (n_standard_inputs > 1)
    {
      tool_usage ("%s", _("Standard input can be read only once"));
      return FALSE;
    }
  if (self->n_jobs < 0 || self->n_jobs > MAX_JOBS)
    {
      tool_usage (_("The number of jobs lies between 0 and %d"), MAX_JOBS);
      return FALSE;
    }
  if (self->output_name != NULL && self->directory != NULL)
    {
      tool_usage ("%s", _("Either -o or -C can be given, not both"));
      return FALSE;
    }
  if (self->output_name != NULL && self->names[1] != NULL && !self->joins)
    {
      tool_usage ("%s", _("-o is for one input; use -C DIR for several"));
      return FALSE;
    }
  if (self->n_jobs == 0)
    self->n_jobs = CLAMP (g_get_num_processors (), 1, MAX_JOBS);
  return TRUE;
}

static ToolReport *
work (Run         *run,
      IMsgSession *session,
      guint        index)
{
  ToolReport *report = g_new0 (ToolReport, 1);

  report->output = g_string_new (NULL);
  report->complaints = g_string_new (NULL);
  report->direct = run->direct;
  report->spool = -1;
  run->worker (session, run->files->names[index], report, run->user_data);
  return report;
}

static void
print (ToolFiles  *files,
       const char *bytes,
       gsize       n_bytes)
{
  if (files->sink == NULL)
    tool_print (bytes, n_bytes);
  else if (files->sink_error == NULL)
    g_output_stream_write_all (files->sink, bytes, n_bytes, NULL, NULL, &files->sink_error);
}

/* Gives back whether all could be read. */
static gboolean
print_spool (ToolFiles  *files,
             ToolReport *report)
{
  char buffer[COPY_BYTES];
  gssize n_read = 0;

  if (lseek (report->spool, 0, SEEK_SET) == 0)
    while ((n_read = read (report->spool, buffer, sizeof buffer)) > 0)
      print (files, buffer, n_read);
  else
    n_read = -1;
  g_close (report->spool, NULL);
  return n_read == 0;
}

/* Returns whether the input was a failure. */
static gboolean
print_report (ToolFiles  *files,
              ToolReport *report)
{
  gboolean is_failed = report->is_failed;

  print (files, report->output->str, report->output->len);
  if (report->spool >= 0 && !print_spool (files, report))
    is_failed = TRUE;
  if (report->complaints->len > 0)
    {
      fflush (stdout);
      fwrite (report->complaints->str, 1, report->complaints->len, stderr);
    }
  g_string_free (report->output, TRUE);
  g_string_free (report->complaints, TRUE);
  g_free (report);
  return is_failed;
}

/* Prints what is done and due. Whoever has done a file prints it, unless another is printing: that
 * one goes on with it. A thread for printing would only have to be woken. */
static void
print_due_locked (Run *run)
{
  ToolReport *report = NULL;

  if (run->is_printing)
    return;
  run->is_printing = TRUE;
  while (run->n_printed < run->n_names && (report = run->reports[run->n_printed]) != NULL)
    {
      gboolean is_failed = FALSE;

      g_mutex_unlock (&run->lock);
      is_failed = print_report (run->files, report);
      g_mutex_lock (&run->lock);
      run->is_failed |= is_failed;
      run->n_printed++;
      if (run->n_waiting > 0)
        g_cond_broadcast (&run->changed);
    }
  run->is_printing = FALSE;
}

static gpointer
work_in_thread (gpointer data)
{
  Run *run = data;
  g_autoptr(IMsgSession) session = imsg_session_new ();

  g_mutex_lock (&run->lock);
  while (run->n_taken < run->n_names)
    {
      ToolReport *report = NULL;
      guint index = 0;

      if (run->n_taken >= run->n_printed + MAX_AHEAD)
        {
          run->n_waiting++;
          g_cond_wait (&run->changed, &run->lock);
          run->n_waiting--;
          continue;
        }
      index = run->n_taken++;
      g_mutex_unlock (&run->lock);
      report = work (run, session, index);
      g_mutex_lock (&run->lock);
      run->reports[index] = report;
      print_due_locked (run);
    }
  g_mutex_unlock (&run->lock);
  imsg_session_close (session);
  return NULL;
}

static gboolean
run_threads (Run *run)
{
  g_autofree ToolReport **reports = g_new0 (ToolReport *, run->n_names);
  GThread *threads[MAX_JOBS];
  guint n_threads = MIN ((guint) run->files->n_jobs, run->n_names);

  g_mutex_init (&run->lock);
  g_cond_init (&run->changed);
  run->reports = reports;
  /* This thread is one of them. */
  for (guint i = 1; i < n_threads; i++)
    threads[i] = g_thread_new ("worker", work_in_thread, run);
  work_in_thread (run);
  for (guint i = 1; i < n_threads; i++)
    g_thread_join (threads[i]);
  g_cond_clear (&run->changed);
  g_mutex_clear (&run->lock);
  return run->is_failed;
}

int
tool_files_run (ToolFiles  *self,
                ToolWorker  worker,
                gpointer    user_data)
{
  Run run = { .files = self, .worker = worker, .user_data = user_data };
  gboolean is_failed = FALSE;

  run.n_names = g_strv_length (self->names);
  if (self->n_jobs > 1 && run.n_names > 1)
    is_failed = run_threads (&run);
  else
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(GOutputStream) standard_output = g_unix_output_stream_new (1, FALSE);

      /* What fails halfway must not be in a file of several results */
      run.direct = self->sink == NULL ? standard_output : NULL;
      for (guint i = 0; i < run.n_names; i++)
        is_failed |= print_report (self, work (&run, session, i));
      imsg_session_close (session);
    }
  return is_failed ? TOOL_FAILED : TOOL_OK;
}
