/* verb-find.c - imsg find: the messages that match a condition
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tool.h"

typedef struct
{
  ToolFiles        files;
  IMsgRestriction *restriction;
  gboolean         null_separated;
  gboolean         subjects;
} Find;

static void
find (IMsgSession *session,
      const char  *name,
      ToolReport  *report,
      gpointer     user_data)
{
  Find *options = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = tool_open_message (session, name, IMSG_OPEN_READ_ONLY, &error);

  if (message == NULL)
    {
      tool_fail (report, name, error);
      return;
    }
  if (imsg_restriction_matches (options->restriction, IMSG_PROPERTY_OBJECT (message), &error))
    {
      g_string_append (report->output, name);
      if (options->subjects)
        {
          g_string_append_c (report->output, '\t');
          tool_append_clean (report->output, imsg_message_get_subject (message), FALSE);
        }
      g_string_append_c (report->output, options->null_separated ? '\0' : '\n');
    }
  else if (error != NULL)
    tool_fail (report, name, error);
  imsg_message_close (message);
}

static int
run (Find *options)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *condition = NULL;
  char **names = options->files.names;
  int result = TOOL_OK;

  if (names == NULL || names[0] == NULL)
    return tool_usage ("%s", _("A condition is needed"));
  condition = tool_text_argument (names[0]);
  g_free (names[0]);
  memmove (names, names + 1, g_strv_length (names + 1) * sizeof *names + sizeof *names);
  if (!tool_files_check (&options->files))
    return TOOL_USAGE;
  options->restriction = imsg_restriction_parse (condition, &error);
  if (options->restriction == NULL)
    return tool_usage ("%s", error->message);
  result = tool_files_run (&options->files, find, options);
  imsg_restriction_unref (options->restriction);
  return result;
}

int
verb_find (int    argc,
           char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  Find options = { { NULL } };
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "subjects", 's', 0, G_OPTION_ARG_NONE, &options.subjects,
      N_("Print the subjects beside the names"), NULL },
    { "null", '0', 0, G_OPTION_ARG_NONE, &options.null_separated,
      N_("End each name with a NUL instead of a new line"), NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (NULL,
                              _("Prints the names of the messages that match a condition, such as "
                                "'PR_SUBJECT ~ \"report\" and PR_IMPORTANCE = 2'."),
                              entries);
  tool_files_add_options (&options.files, context, N_("CONDITION FILE…"), FALSE);
  if (tool_files_parse (context, &argc, &argv))
    result = run (&options);
  tool_files_clear (&options.files);
  return result;
}
