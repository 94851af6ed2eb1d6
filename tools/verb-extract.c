/* verb-extract.c - imsg extract: attachments become files
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <gio/gunixoutputstream.h>
#include <string.h>

#include "tool.h"

typedef struct
{
  ToolFiles files;
  int       number; /* of the one attachment wanted, -1 for all */
  gboolean  list;
  gboolean  recursive;
  GFile    *directory;
  GHashTable *folders; /* name (by address) -> GFile, when there are several inputs */
} Extract;

typedef struct
{
  const Extract *options;
  ToolFolder    *folder;
  ToolReport    *report;
  const char    *name; /* of the input */
} Job;

static void extract_message (Job         *job,
                             IMsgMessage *message,
                             const char  *path,
                             gboolean     is_list);

static gboolean
write_message (Job            *job,
               IMsgAttachment *attachment,
               GOutputStream  *stream,
               GError        **error)
{
  g_autoptr(IMsgMessage) message = imsg_attachment_open_message (attachment, NULL, error);
  g_autoptr(GPtrArray) problems = NULL;

  if (message == NULL)
    return FALSE;
  /* The file that is written is sound: it does not tell what the message had not all of */
  problems = imsg_message_list_problems (message);
  for (guint i = 0; i < problems->len; i++)
    tool_complain_problem (job->report, job->name, problems->pdata[i]);
  return imsg_message_write_to_stream (message, stream, NULL, error);
}

static gboolean
write_attachment (Job             *job,
                  IMsgAttachment  *attachment,
                  GOutputStream   *stream,
                  GError         **error)
{
  g_autoptr(GInputStream) data = NULL;
  g_autoptr(IMsgStorage) storage = NULL;

  switch (imsg_attachment_get_method (attachment))
    {
    case IMSG_ATTACHMENT_METHOD_BY_VALUE:
      data = imsg_attachment_open_stream (attachment, NULL, error);
      return data != NULL &&
             g_output_stream_splice (stream, data, G_OUTPUT_STREAM_SPLICE_NONE, NULL, error) >= 0;
    case IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE:
      return write_message (job, attachment, stream, error);
    case IMSG_ATTACHMENT_METHOD_OLE:
      storage = imsg_attachment_open_storage (attachment, NULL, error);
      return storage != NULL && imsg_storage_write_to_stream (storage, stream, NULL, error);
    case IMSG_ATTACHMENT_METHOD_NONE:
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("Attachment %u holds no data"),
                   imsg_attachment_get_number (attachment));
      return FALSE;
    default:
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("Attachment %u is a reference and holds no data"),
                   imsg_attachment_get_number (attachment));
      return FALSE;
    }
}

static gboolean
is_reference (IMsgAttachment *attachment)
{
  switch (imsg_attachment_get_method (attachment))
    {
    case IMSG_ATTACHMENT_METHOD_BY_VALUE:
    case IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE:
    case IMSG_ATTACHMENT_METHOD_OLE:
      return FALSE;
    default:
      return TRUE;
    }
}

/* The name that the file gets: safe, and ending as what is in it. */
static char *
file_name_for (IMsgAttachment *attachment)
{
  g_autofree char *name = imsg_attachment_dup_safe_file_name (attachment);

  if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    {
      g_autofree char *folded = g_ascii_strdown (name, -1);

      if (!g_str_has_suffix (folded, ".msg"))
        return g_strconcat (name, ".msg", NULL);
    }
  return g_steal_pointer (&name);
}

static gboolean
write_to_file (Job             *job,
               IMsgAttachment  *attachment,
               GFile           *file,
               GError         **error)
{
  gboolean force = job->options->files.force;
  g_autoptr(GOutputStream) stream = tool_create_file (file, force, error);
  gboolean is_good = FALSE;

  if (stream == NULL)
    return FALSE;
  is_good = write_attachment (job, attachment, stream, error);
  return tool_finish_file (stream, file, is_good, force, error);
}

static gboolean
extract_to_output (Job             *job,
                   IMsgAttachment  *attachment,
                   GError         **error)
{
  const char *output_name = job->options->files.output_name;
  g_autoptr(GFile) file = NULL;

  if (strcmp (output_name, "-") == 0)
    {
      g_autoptr(GOutputStream) stream = g_unix_output_stream_new (1, FALSE);

      return write_attachment (job, attachment, stream, error);
    }
  file = g_file_new_for_commandline_arg (output_name);
  return write_to_file (job, attachment, file, error);
}

static void
list_attachment (Job            *job,
                 IMsgAttachment *attachment,
                 const char     *path)
{
  g_autofree char *name = file_name_for (attachment);

  g_string_append_printf (job->report->output, "%s%u\t%" G_GUINT64_FORMAT "\t", path,
                          imsg_attachment_get_number (attachment),
                          imsg_attachment_get_size (attachment));
  tool_append_clean (job->report->output, name, FALSE);
  g_string_append_c (job->report->output, '\n');
}

static void
extract_attachment (Job            *job,
                    IMsgAttachment *attachment)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  if (job->options->files.output_name != NULL)
    {
      if (!extract_to_output (job, attachment, &error))
        tool_fail (job->report, job->name, error);
      return;
    }
  if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_NONE)
    {
      tool_complain (job->report, job->name, _("attachment %u holds no data: %s"),
                     imsg_attachment_get_number (attachment),
                     imsg_attachment_get_file_name (attachment));
      return;
    }
  if (is_reference (attachment))
    {
      tool_complain (job->report, job->name, _("attachment %u is a reference and holds no data: %s"),
                     imsg_attachment_get_number (attachment),
                     imsg_attachment_get_file_name (attachment));
      return;
    }
  name = file_name_for (attachment);
  file = tool_folder_get_file (job->folder, name);
  if (!tool_make_directory (job->folder->directory, &error) ||
      !write_to_file (job, attachment, file, &error))
    {
      tool_fail (job->report, job->name, error);
      return;
    }
  path = g_file_get_parse_name (file);
  tool_append_clean (job->report->output, path, FALSE);
  g_string_append_c (job->report->output, '\n');
}

static void
descend (Job            *job,
         IMsgAttachment *attachment,
         const char     *path,
         gboolean        is_list)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_attachment_open_message (attachment, NULL, &error);
  g_autofree char *inner = g_strdup_printf ("%s%u/", path, imsg_attachment_get_number (attachment));

  if (message != NULL)
    extract_message (job, message, inner, is_list);
  else
    tool_fail (job->report, job->name, error);
}

/* Recurses once for each level of embedding, which the library bounds. */
static void
extract_message (Job         *job,
                 IMsgMessage *message,
                 const char  *path,
                 gboolean     is_list)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  gboolean is_found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      if (job->options->number >= 0 &&
          (guint) job->options->number != imsg_attachment_get_number (attachment))
        continue;
      is_found = TRUE;
      if (is_list)
        list_attachment (job, attachment, path);
      else
        extract_attachment (job, attachment);
      if (job->options->recursive &&
          imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
        descend (job, attachment, path, is_list);
    }
  if (job->options->number >= 0 && !is_found)
    {
      tool_complain (job->report, job->name, _("there is no attachment %d"), job->options->number);
      job->report->is_failed = TRUE;
    }
}

static void
extract (IMsgSession *session,
         const char  *name,
         ToolReport  *report,
         gpointer     user_data)
{
  const Extract *options = user_data;
  Job job = { options, NULL, report, name };
  g_autoptr(ToolFolder) folder = NULL;
  g_autoptr(GFile) directory = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = tool_open_message (session, name, IMSG_OPEN_READ_ONLY, &error);

  if (message == NULL)
    {
      tool_fail (report, name, error);
      return;
    }
  if (options->folders != NULL)
    directory = g_object_ref (g_hash_table_lookup (options->folders, name));
  else
    directory = g_object_ref (options->directory);
  folder = tool_folder_new (directory, options->files.force);
  job.folder = folder;
  extract_message (&job, message, "", options->list);
  imsg_message_close (message);
}

/* Chosen before the workers start, so that the result does not depend on which is first. */
static void
choose_folders (Extract *options)
{
  g_autoptr(ToolFolder) parent = tool_folder_new (options->directory, options->files.force);

  options->folders = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_object_unref);
  for (char **name = options->files.names; *name != NULL; name++)
    {
      g_autofree char *stem = tool_stem (*name);

      g_hash_table_insert (options->folders, *name, tool_folder_get_file (parent, stem));
    }
}

static int
run (Extract *options)
{
  int result = TOOL_OK;

  if (options->files.output_name != NULL && options->number < 0)
    return tool_usage ("%s", _("-o is for one attachment: say which with --number"));
  if (options->number >= 0 && options->recursive)
    return tool_usage ("%s", _("Either --number or --recursive can be given, not both"));
  options->directory = g_file_new_for_commandline_arg (options->files.directory != NULL
                                                         ? options->files.directory
                                                         : ".");
  if (options->files.names[1] != NULL)
    choose_folders (options);
  result = tool_files_run (&options->files, extract, options);
  g_clear_pointer (&options->folders, g_hash_table_unref);
  g_object_unref (options->directory);
  return result;
}

int
verb_extract (int    argc,
              char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  Extract options = { .number = -1 };
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "number", 'n', 0, G_OPTION_ARG_INT, &options.number, N_("Only attachment N"), N_("N") },
    { "list", 'l', 0, G_OPTION_ARG_NONE, &options.list,
      N_("Print number, size and name instead"), NULL },
    { "recursive", 'r', 0, G_OPTION_ARG_NONE, &options.recursive,
      N_("Also what is attached to messages inside the message"), NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (NULL,
                              _("Writes the attachments of messages to files and prints their "
                                "names. Of several messages each gets a folder of its own."),
                              entries);
  tool_files_add_options (&options.files, context, N_("FILE…"), TRUE);
  if (tool_files_parse (context, &argc, &argv) && tool_files_check (&options.files))
    result = run (&options);
  tool_files_clear (&options.files);
  return result;
}
