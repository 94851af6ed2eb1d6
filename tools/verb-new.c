/* verb-new.c - imsg new: a message made from options
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <gio/gunixoutputstream.h>
#include <string.h>

#include "tool.h"

typedef struct
{
  ToolCompose compose;
  char       *output_name;
  gboolean    force;
  gboolean    ansi;
  char      **assignments;
} New;

static gboolean
write_message (const New    *options,
               IMsgMessage  *message,
               GError      **error)
{
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(GFile) file = NULL;
  gboolean is_good = FALSE;

  /* save_as() says nothing of files that exist, so the file is claimed first */
  if (strcmp (options->output_name, "-") != 0)
    {
      file = g_file_new_for_commandline_arg (options->output_name);
      if (!tool_claim_file (file, options->force, error))
        return FALSE;
      is_good = imsg_message_save_as (message, file, IMSG_SAVE_NONE, NULL, error);
      if (!is_good && !options->force)
        g_file_delete (file, NULL, NULL);
      return is_good;
    }
  stream = g_unix_output_stream_new (1, FALSE);
  return imsg_message_write_to_stream (message, stream, NULL, error);
}

static gboolean
make (New     *options,
      GError **error)
{
  g_autoptr(IMsgSession) session =
    imsg_session_open (options->ansi ? IMSG_SESSION_NONE : IMSG_SESSION_UNICODE, error);
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  gboolean is_good = FALSE;

  if (session == NULL)
    return FALSE;
  message = imsg_session_create_message (session,
                                         options->compose.message_class != NULL
                                           ? options->compose.message_class
                                           : "IPM.Note",
                                         error);
  if (message != NULL && tool_compose_apply (&options->compose, message, error) &&
      tool_assign (IMSG_PROPERTY_OBJECT (message), options->assignments, error))
    {
      problems = imsg_message_list_problems (message);
      is_good = write_message (options, message, error);
    }
  if (is_good)
    tool_tell_problems (options->output_name, problems);
  imsg_session_close (session);
  return is_good;
}

static int
run (New *options)
{
  g_autoptr(GError) error = NULL;

  if (options->output_name == NULL)
    return tool_usage ("%s", _("Say with -o where the message goes"));
  for (char **text = options->assignments; text != NULL && *text != NULL; text++)
    if (strchr (*text, '=') == NULL)
      return tool_usage (_("“%s” is not of the form PROPERTY=VALUE"), *text);
  if (make (options, &error))
    return TOOL_OK;
  tool_tell (NULL, error->message);
  return TOOL_FAILED;
}

int
verb_new (int    argc,
          char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  New options = { .force = FALSE };
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output_name,
      N_("Write to FILE (“-” for standard output); “.oft” makes a template"), N_("FILE") },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &options.force, N_("Replace a file that exists"), NULL },
    { "class", 'c', 0, G_OPTION_ARG_FILENAME, &options.compose.message_class,
      N_("The message class, IPM.Note if nothing else is said"), N_("CLASS") },
    { "ansi", 0, 0, G_OPTION_ARG_NONE, &options.ansi,
      N_("Text as 8-bit strings, for programs that know no Unicode"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.assignments, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (_("[PROPERTY=VALUE…]"), _("Makes a message."), entries);
  tool_compose_add_options (&options.compose, context);
  if (tool_context_parse (context, &argc, &argv) && tool_compose_check (&options.compose))
    result = run (&options);
  tool_compose_clear (&options.compose);
  g_free (options.output_name);
  g_strfreev (options.assignments);
  return result;
}
