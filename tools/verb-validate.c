/* verb-validate.c - imsg validate: messages against the rules
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "tool.h"

typedef struct
{
  ToolFiles files;
  gboolean  format_only;
} Validate;

static void
apply_rules (IMsgStorage       *storage,
             const char        *name,
             const char        *family,
             IMsgValidateFlags  flags,
             ToolReport        *report)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = imsg_storage_validate_message (storage, flags, NULL, &error);

  if (problems == NULL)
    {
      tool_fail (report, name, error);
      return;
    }
  for (guint i = 0; i < problems->len; i++)
    {
      const IMsgProblem *problem = g_ptr_array_index (problems, i);
      g_autofree char *display_name = tool_display_name (name);

      tool_append_clean (report->output, display_name, FALSE);
      g_string_append_printf (report->output, ": %s: ", family);
      tool_append_clean (report->output, imsg_problem_get_where (problem), FALSE);
      g_string_append (report->output, ": ");
      tool_append_clean (report->output, imsg_problem_get_text (problem), FALSE);
      g_string_append_c (report->output, '\n');
      report->is_failed = TRUE;
    }
}

static void
validate (IMsgSession *session,
          const char  *name,
          ToolReport  *report,
          gpointer     user_data)
{
  const Validate *options = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = tool_open_storage (name, &error);
  g_autoptr(GPtrArray) problems = NULL;

  if (storage == NULL)
    {
      tool_fail (report, name, error);
      return;
    }
  apply_rules (storage, name, "format", IMSG_VALIDATE_FORMAT, report);
  if (!options->format_only)
    apply_rules (storage, name, "outlook", IMSG_VALIDATE_OUTLOOK, report);
  problems = imsg_storage_list_problems (storage);
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const IMsgProblem *problem = g_ptr_array_index (problems, i);

      tool_complain_problem (report, name, problem);
      report->is_failed = TRUE;
    }
  imsg_storage_close (storage);
}

int
verb_validate (int    argc,
               char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  Validate options = { { NULL } };
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "format-only", 0, 0, G_OPTION_ARG_NONE, &options.format_only,
      N_("Only the rules of the format, not what Outlook needs beyond them"), NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (NULL,
                              _("Checks messages against the rules of [MS-OXMSG] and of Outlook; "
                                "one line for each breach. Many messages that Outlook wrote break "
                                "some of them."),
                              entries);
  tool_files_add_options (&options.files, context, N_("FILE…"), FALSE);
  if (tool_files_parse (context, &argc, &argv) && tool_files_check (&options.files))
    result = tool_files_run (&options.files, validate, &options);
  tool_files_clear (&options.files);
  return result;
}
