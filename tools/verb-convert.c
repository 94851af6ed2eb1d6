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
} Format;

typedef struct
{
  ToolFiles     files;
  const Format *format;
  GHashTable   *results; /* name (by address) -> GFile, with -C */
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
  g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (message, NULL, error);

  return bytes != NULL &&
         g_output_stream_write_all (stream, g_bytes_get_data (bytes, NULL),
                                    g_bytes_get_size (bytes), NULL, NULL, error);
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
  { "eml", write_eml },
  { "mbox", write_mbox },
  { "txt", write_txt },
  { "html", write_html },
  { "rtf", write_rtf },
  { "ics", write_ics },
  { "vcf", write_vcf },
  { "json", write_json },
  { "msg", write_msg },
};

static const Format *
find_format (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_ascii_strcasecmp (formats[i].name, name) == 0)
      return &formats[i];
  return NULL;
}

/* Into a file, or into the report (which goes to standard output in its turn). */
static gboolean
write_result (const Convert  *options,
              IMsgMessage    *message,
              GFile          *file,
              ToolReport     *report,
              GPtrArray     **losses,
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
      is_good = options->format->write (message, stream, losses, error);
      return tool_finish_file (stream, file, is_good, force, error);
    }
  stream = g_memory_output_stream_new_resizable ();
  if (!options->format->write (message, stream, losses, error) ||
      !g_output_stream_close (stream, NULL, error))
    return FALSE;
  g_string_append_len (report->output,
                       g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                       g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)));
  return TRUE;
}

static void
convert (IMsgSession *session,
         const char  *name,
         ToolReport  *report,
         gpointer     user_data)
{
  const Convert *options = user_data;
  GFile *file = g_hash_table_lookup (options->results, name);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(IMsgMessage) message = tool_import_message (session, name, &error);

  if (message == NULL || !write_result (options, message, file, report, &losses, &error))
    tool_fail (report, name, error);
  for (guint i = 0; losses != NULL && i < losses->len; i++)
    {
      const IMsgProblem *loss = g_ptr_array_index (losses, i);

      tool_complain (report, name, "%s: %s", imsg_problem_get_where (loss),
                     imsg_problem_get_text (loss));
    }
  if (message != NULL)
    imsg_message_close (message);
}

/* Names are chosen before the workers start, so that they do not depend on which is first. */
static gboolean
choose_results (Convert  *options,
                GError  **error)
{
  const ToolFiles *files = &options->files;
  g_autoptr(GFile) directory = NULL;
  g_autoptr(ToolFolder) folder = NULL;

  if (files->output_name != NULL && strcmp (files->output_name, "-") != 0)
    g_hash_table_insert (options->results, files->names[0],
                         g_file_new_for_commandline_arg (files->output_name));
  if (files->directory == NULL)
    return TRUE;
  directory = g_file_new_for_commandline_arg (files->directory);
  if (!tool_make_directory (directory, error))
    return FALSE;
  folder = tool_folder_new (directory, files->force);
  for (char **name = files->names; *name != NULL; name++)
    {
      g_autofree char *stem = tool_stem (*name);
      g_autofree char *result_name = g_strconcat (stem, ".", options->format->name, NULL);

      g_hash_table_insert (options->results, *name, tool_folder_get_file (folder, result_name));
    }
  return TRUE;
}

static int
run (Convert    *options,
     const char *format_name)
{
  g_autoptr(GError) error = NULL;
  const char *dot = options->files.output_name != NULL ? strrchr (options->files.output_name, '.')
                                                       : NULL;

  /* The ending of the result tells the format, if nothing else does */
  if (format_name == NULL)
    format_name = dot != NULL ? dot + 1 : NULL;
  if (format_name == NULL)
    return tool_usage ("%s", _("Say with --to which format is wanted"));
  options->format = find_format (format_name);
  if (options->format == NULL)
    return tool_usage (_("“%s” is no format: it is eml, mbox, txt, html, rtf, ics, vcf, json or msg"),
                       format_name);
  if (options->files.names[1] != NULL && options->files.directory == NULL &&
      strcmp (options->format->name, "mbox") != 0)
    return tool_usage ("%s", _("Say with -C which folder the results go into"));
  if (!choose_results (options, &error))
    return tool_usage ("%s", error->message);
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
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (NULL,
                              _("Turns messages into other formats. The input may be a message, "
                                "MIME (.eml) or JSON; one result without -o or -C goes to "
                                "standard output."),
                              entries);
  tool_files_add_options (&options.files, context, TRUE);
  if (tool_context_parse (context, &argc, &argv) && tool_files_check (&options.files))
    {
      options.results = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL,
                                               g_object_unref);
      result = run (&options, format_name);
      g_hash_table_unref (options.results);
    }
  tool_files_clear (&options.files);
  return result;
}
