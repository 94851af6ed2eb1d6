/* verb-convert.c - imsg convert: messages in other formats
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <gio/gunixoutputstream.h>
#include <string.h>

#include "tool.h"

typedef gboolean (*Writer) (IMsgMessage    *message,
                            GOutputStream  *stream,
                            GPtrArray     **losses,
                            GError        **error);

typedef struct
{
  const char *name; /* and ending of the files */
  Writer      write;
  gboolean    joins; /* several of them, one behind the other, are one file */
} Format;

typedef struct
{
  ToolFiles     files;
  const Format *format;
  GHashTable   *results; /* name (by address) -> GFile */
  gboolean      report;

  GMutex        lock;
  ToolFolder   *folder;  /* with -C; under the lock */
} Convert;

static gboolean
write_text (GOutputStream  *stream,
            const char     *text,
            GError        **error)
{
  return g_output_stream_write_all (stream, text, strlen (text), NULL, NULL, error);
}

static gboolean
write_txt (IMsgMessage    *message,
           GOutputStream  *stream,
           GPtrArray     **losses,
           GError        **error)
{
  return imsg_message_export_body (message, IMSG_BODY_FORMAT_TEXT, stream, NULL, losses, error);
}

static gboolean
write_html (IMsgMessage    *message,
            GOutputStream  *stream,
            GPtrArray     **losses,
            GError        **error)
{
  return imsg_message_export_body (message, IMSG_BODY_FORMAT_HTML, stream, NULL, losses, error);
}

static gboolean
write_rtf (IMsgMessage    *message,
           GOutputStream  *stream,
           GPtrArray     **losses,
           GError        **error)
{
  return imsg_message_export_body (message, IMSG_BODY_FORMAT_RTF, stream, NULL, losses, error);
}

static gboolean
write_json (IMsgMessage    *message,
            GOutputStream  *stream,
            GPtrArray     **losses,
            GError        **error)
{
  g_autofree char *json = imsg_message_to_json (message, IMSG_JSON_COMPLETE | IMSG_JSON_BODIES |
                                                           IMSG_JSON_PRETTY, NULL, error);

  return json != NULL && write_text (stream, json, error) && write_text (stream, "\n", error);
}

static gboolean
write_msg (IMsgMessage    *message,
           GOutputStream  *stream,
           GPtrArray     **losses,
           GError        **error)
{
  return imsg_message_write_to_stream (message, stream, NULL, error);
}

static gboolean
write_eml (IMsgMessage    *message,
           GOutputStream  *stream,
           GPtrArray     **losses,
           GError        **error)
{
  return imsg_message_export_mime_full (message, stream, IMSG_MIME_EXPORT_ARCHIVE, NULL, losses,
                                        error);
}

static gboolean
write_mbox (IMsgMessage    *message,
            GOutputStream  *stream,
            GPtrArray     **losses,
            GError        **error)
{
  return imsg_message_export_mbox (message, stream, NULL, losses, error);
}

static gboolean
write_ics (IMsgMessage    *message,
           GOutputStream  *stream,
           GPtrArray     **losses,
           GError        **error)
{
  return imsg_message_export_icalendar (message, stream, NULL, losses, error);
}

static gboolean
write_vcf (IMsgMessage    *message,
           GOutputStream  *stream,
           GPtrArray     **losses,
           GError        **error)
{
  return imsg_message_export_vcard (message, stream, NULL, losses, error);
}

static const Format formats[] = {
  { "eml", write_eml, FALSE },
  { "mbox", write_mbox, TRUE },
  { "txt", write_txt, FALSE },
  { "html", write_html, FALSE },
  { "rtf", write_rtf, FALSE },
  { "ics", write_ics, TRUE },
  { "vcf", write_vcf, TRUE },
  { "json", write_json, FALSE },
  { "msg", write_msg, FALSE },
};

static const Format *
find_format (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_ascii_strcasecmp (formats[i].name, name) == 0)
      return &formats[i];
  return NULL;
}

/* One line of JSON for each message, those without losses too. */
static void
report_losses (ToolReport *report,
               const char *name,
               guint       number,
               GFile      *result,
               GPtrArray  *losses)
{
  g_autofree char *file = tool_quote_json (name);
  g_autofree char *result_name = result != NULL ? g_file_get_parse_name (result) : NULL;
  g_autofree char *quoted_result = result_name != NULL ? tool_quote_json (result_name)
                                                       : g_strdup ("null");

  g_string_append_printf (report->complaints,
                          "{\"file\":%s,\"message\":%u,\"result\":%s,\"losses\":[", file, number,
                          quoted_result);
  for (guint i = 0; i < losses->len; i++)
    {
      const IMsgProblem *loss = g_ptr_array_index (losses, i);
      g_autofree char *where = tool_quote_json (imsg_problem_get_where (loss));
      g_autofree char *text = tool_quote_json (imsg_problem_get_text (loss));

      g_string_append_printf (report->complaints,
                              "%s{\"where\":%s,\"code\":\"%s\",\"text\":%s}", i > 0 ? "," : "",
                              where, imsg_error_code_to_name (imsg_problem_get_code (loss)), text);
    }
  g_string_append (report->complaints, "]}\n");
}

static gboolean
is_told (GPtrArray         *losses,
         const IMsgProblem *loss)
{
  for (guint i = 0; i < losses->len; i++)
    if (imsg_problem_get_code (losses->pdata[i]) == imsg_problem_get_code (loss) &&
        strcmp (imsg_problem_get_where (losses->pdata[i]), imsg_problem_get_where (loss)) == 0)
      return TRUE;
  return FALSE;
}

/* What the message could not take from its source, and what the result could not from the message.
 * Where both is so, once: the result has it all the same not. */
static void
tell_losses (const Convert *options,
             ToolReport    *report,
             const char    *name,
             guint          number,
             IMsgMessage   *message,
             GFile         *result,
             GPtrArray     *losses)
{
  g_autoptr(GPtrArray) all = imsg_message_list_problems (message);
  guint n_problems = all->len;

  for (guint i = 0; losses != NULL && i < losses->len; i++)
    if (n_problems == 0 || !is_told (all, losses->pdata[i]))
      g_ptr_array_add (all, imsg_problem_ref (losses->pdata[i]));
  if (options->report)
    report_losses (report, name, number, result, all);
  for (guint i = 0; !options->report && i < all->len; i++)
    {
      const IMsgProblem *loss = g_ptr_array_index (all, i);

      tool_complain_problem (report, name, loss);
    }
}

static gboolean
write_all (const Convert  *options,
           const char     *name,
           GPtrArray      *messages,
           GFile          *result,
           GOutputStream  *stream,
           ToolReport     *report,
           GError        **error)
{
  for (guint i = 0; i < messages->len; i++)
    {
      IMsgMessage *message = g_ptr_array_index (messages, i);
      g_autoptr(GPtrArray) losses = NULL;

      if (!options->format->write (message, stream, &losses, error))
        return FALSE;
      tell_losses (options, report, name, i, message, result, losses);
    }
  return TRUE;
}

/* Into a file, or to standard output in its turn. */
static gboolean
write_result (const Convert  *options,
              const char     *name,
              GPtrArray      *messages,
              GFile          *file,
              ToolReport     *report,
              GError        **error)
{
  gboolean force = options->files.force;
  g_autoptr(GOutputStream) stream = NULL;
  gboolean is_good = FALSE;

  if (file != NULL)
    {
      stream = tool_create_file (file, force, error);
      if (stream == NULL)
        return FALSE;
      is_good = write_all (options, name, messages, file, stream, report, error);
      return tool_finish_file (stream, file, is_good, force, error);
    }
  stream = tool_report_begin_result (report, name, error);
  if (stream == NULL)
    return FALSE;
  is_good = write_all (options, name, messages, NULL, stream, report, error);
  return tool_report_end_result (report, stream, is_good, error);
}

/* Each message of an input in a file of its own; the first has the name chosen for the input. */
static void
write_apart (Convert     *options,
             const char  *name,
             GPtrArray   *messages,
             GFile       *first,
             ToolReport  *report)
{
  g_autofree char *result_name = g_file_get_basename (first);

  for (guint i = 0; i < messages->len; i++)
    {
      IMsgMessage *message = g_ptr_array_index (messages, i);
      g_autoptr(GPtrArray) losses = NULL;
      g_autoptr(GFile) file = NULL;
      g_autoptr(GOutputStream) stream = NULL;
      g_autoptr(GError) error = NULL;
      gboolean is_good = FALSE;

      g_mutex_lock (&options->lock);
      file = i == 0 ? g_object_ref (first) : tool_folder_get_file (options->folder, result_name);
      g_mutex_unlock (&options->lock);
      stream = tool_create_file (file, options->files.force, &error);
      if (stream != NULL)
        {
          is_good = options->format->write (message, stream, &losses, &error);
          is_good = tool_finish_file (stream, file, is_good, options->files.force,
                                      is_good ? &error : NULL);
        }
      if (is_good)
        tell_losses (options, report, name, i, message, file, losses);
      else
        tool_fail (report, name, error);
    }
}

static void
convert (IMsgSession *session,
         const char  *name,
         ToolReport  *report,
         gpointer     user_data)
{
  Convert *options = user_data;
  GFile *file = g_hash_table_lookup (options->results, name);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = tool_import_messages (session, name, report, &error);

  if (messages == NULL)
    {
      tool_fail (report, name, error);
      return;
    }
  if (messages->len == 0)
    return;
  if (options->format->joins || messages->len == 1)
    {
      if (!write_result (options, name, messages, file, report, &error))
        tool_fail (report, name, error);
    }
  else if (options->folder != NULL)
    write_apart (options, name, messages, file, report);
  else
    {
      tool_complain (report, name, _("It holds %u messages; -C DIR gives each a file"),
                     messages->len);
      report->is_failed = TRUE;
    }
  for (guint i = 0; i < messages->len; i++)
    imsg_message_close (messages->pdata[i]);
}

/* Names are chosen before the workers start, so that they do not depend on which is first. */
static gboolean
choose_results (Convert  *options,
                GError  **error)
{
  const ToolFiles *files = &options->files;
  g_autoptr(GFile) directory = NULL;

  if (files->output_name != NULL && strcmp (files->output_name, "-") != 0 && files->names[1] == NULL)
    g_hash_table_insert (options->results, files->names[0],
                         g_file_new_for_commandline_arg (files->output_name));
  if (files->directory == NULL)
    return TRUE;
  directory = g_file_new_for_commandline_arg (files->directory);
  if (!tool_make_directory (directory, error))
    return FALSE;
  options->folder = tool_folder_new (directory, files->force);
  for (char **name = files->names; *name != NULL; name++)
    {
      g_autofree char *stem = tool_stem (*name);
      g_autofree char *result_name = g_strconcat (stem, ".", options->format->name, NULL);

      g_hash_table_insert (options->results, *name, tool_folder_get_file (options->folder, result_name));
    }
  return TRUE;
}

/* The format that is asked for, else the one that the name of the result tells. */
static gboolean
choose_format (Convert    *options,
               const char *format_name)
{
  const char *dot = options->files.output_name != NULL ? strrchr (options->files.output_name, '.')
                                                       : NULL;

  if (format_name == NULL)
    format_name = dot != NULL ? dot + 1 : NULL;
  if (format_name == NULL)
    {
      tool_usage ("%s", _("Say with --to which format is wanted"));
      return FALSE;
    }
  options->format = find_format (format_name);
  if (options->format == NULL)
    {
      tool_usage (_("“%s” is no format: it is eml, mbox, txt, html, rtf, ics, vcf, json or msg"),
                  format_name);
      return FALSE;
    }
  options->files.joins = options->format->joins;
  return TRUE;
}

/* All inputs into one file, in their order; what failed is left out of it. */
static int
run_joined (Convert *options)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (options->files.output_name);
  g_autoptr(GError) error = NULL;
  gboolean force = options->files.force;
  int result;

  options->files.sink = tool_create_file (file, force, &error);
  if (options->files.sink == NULL)
    {
      tool_tell (NULL, error->message);
      return TOOL_FAILED;
    }
  result = tool_files_run (&options->files, convert, options);
  if (options->files.sink_error != NULL)
    g_propagate_error (&error, g_steal_pointer (&options->files.sink_error));
  if (!tool_finish_file (options->files.sink, file, error == NULL, force,
                         error == NULL ? &error : NULL))
    {
      tool_tell (NULL, error->message);
      result = TOOL_FAILED;
    }
  g_clear_object (&options->files.sink);
  return result;
}

static int
run (Convert *options)
{
  const ToolFiles *files = &options->files;
  g_autoptr(GError) error = NULL;

  if (files->names[1] != NULL && files->directory == NULL && !options->format->joins)
    return tool_usage ("%s", _("Say with -C which folder the results go into"));
  if (!choose_results (options, &error))
    return tool_usage ("%s", error->message);
  if (files->names[1] != NULL && files->output_name != NULL &&
      strcmp (files->output_name, "-") != 0)
    return run_joined (options);
  return tool_files_run (&options->files, convert, options);
}

int
verb_convert (int    argc,
              char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  Convert options = { { NULL } };
  g_autofree char *format_name = NULL;
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "to", 't', 0, G_OPTION_ARG_STRING, &format_name,
      N_("The format wanted: eml, mbox, txt, html, rtf, ics, vcf, json or msg"), N_("FORMAT") },
    { "report", 'r', 0, G_OPTION_ARG_NONE, &options.report,
      N_("Tell what was lost as JSON on standard error, one line for each message"), NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (NULL,
                              _("Turns messages into other formats. The input may be a message, "
                                "MIME (.eml), a mailbox (.mbox), a calendar (.ics), cards (.vcf) or "
                                "JSON; one result without -o or -C goes to standard output."),
                              entries);
  tool_files_add_options (&options.files, context, N_("FILE…"), TRUE);
  g_mutex_init (&options.lock);
  if (tool_files_parse (context, &argc, &argv) && choose_format (&options, format_name) &&
      tool_files_check (&options.files))
    {
      options.results = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL,
                                               g_object_unref);
      result = run (&options);
      g_hash_table_unref (options.results);
    }
  g_clear_pointer (&options.folder, tool_folder_free);
  g_mutex_clear (&options.lock);
  tool_files_clear (&options.files);
  return result;
}
