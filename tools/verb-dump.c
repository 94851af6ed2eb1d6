/* verb-dump.c - imsg dump: everything there is about messages, as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "tool.h"

static void
dump (IMsgSession *session,
      const char  *name,
      ToolReport  *report,
      gpointer     user_data)
{
  IMsgJsonFlags flags = GPOINTER_TO_UINT (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = tool_open_message (session, name, IMSG_OPEN_READ_ONLY, &error);
  g_autofree char *file_name = tool_quote_json (name);
  g_autofree char *json = NULL;

  if (message != NULL)
    {
      json = imsg_message_to_json (message, flags, NULL, &error);
      imsg_message_close (message);
    }
  if (json == NULL)
    {
      g_autofree char *text = tool_quote_json (error->message);

      g_string_append_printf (report->output,
                              "{\"file\":%s,\"error\":{\"code\":\"%s\",\"text\":%s}}\n",
                              file_name, tool_error_code (error), text);
      tool_fail (report, name, error);
      return;
    }
  /* The name as it was given is the first member of the object */
  g_string_append_printf (report->output, "{%s\"file\":%s,%s\n",
                          flags & IMSG_JSON_PRETTY ? "\n  " : "", file_name, json + 1);
}

int
verb_dump (int    argc,
           char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  ToolFiles files = { NULL };
  gboolean bodies = FALSE;
  gboolean complete = FALSE;
  gboolean pretty = FALSE;
  IMsgJsonFlags flags = IMSG_JSON_DEFAULT;
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "bodies", 'b', 0, G_OPTION_ARG_NONE, &bodies, N_("With the text of the bodies"), NULL },
    { "complete", 'c', 0, G_OPTION_ARG_NONE, &complete,
      N_("With nothing cut, and the properties of recipients and attachments"), NULL },
    { "pretty", 'p', 0, G_OPTION_ARG_NONE, &pretty, N_("In indented lines"), NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (NULL, _("Prints one JSON object a line for each file."), entries);
  tool_files_add_options (&files, context, N_("FILE…"), FALSE);
  if (tool_files_parse (context, &argc, &argv) && tool_files_check (&files))
    {
      flags |= bodies ? IMSG_JSON_BODIES : 0;
      flags |= complete ? IMSG_JSON_COMPLETE : 0;
      flags |= pretty ? IMSG_JSON_PRETTY : 0;
      result = tool_files_run (&files, dump, GUINT_TO_POINTER (flags));
    }
  tool_files_clear (&files);
  return result;
}
