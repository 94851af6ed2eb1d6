/* verb-set.c - imsg set: changes to a message
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
  char      **deletions;
  char      **detachments;
  char      **removals;
  char      **arguments; /* the input, then PROPERTY=VALUE */
} Set;

static gboolean
parse_number (const char  *text,
              guint32     *number,
              GError     **error)
{
  guint64 value = 0;
  GError *own_error = NULL;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &value, &own_error))
    {
      *number = (guint32) value;
      return TRUE;
    }
  g_propagate_error (error, own_error);
  return FALSE;
}

static gboolean
change (Set          *options,
        IMsgMessage  *message,
        GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  guint32 number = 0;

  for (char **text = options->deletions; text != NULL && *text != NULL; text++)
    if (!tool_parse_property (object, *text, FALSE, &number, error) ||
        !imsg_property_object_delete_value (object, number, error))
      return FALSE;
  for (char **text = options->detachments; text != NULL && *text != NULL; text++)
    if (!parse_number (*text, &number, error) ||
        !imsg_message_delete_attachment (message, number, error))
      return FALSE;
  for (char **text = options->removals; text != NULL && *text != NULL; text++)
    if (!parse_number (*text, &number, error) ||
        !imsg_message_remove_recipient (message, number, error))
      return FALSE;
  return tool_compose_apply (&options->compose, message, error) &&
         tool_assign (object, options->arguments + 1, error);
}

static gboolean
write_message (const Set    *options,
               IMsgMessage  *message,
               GError      **error)
{
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(GFile) file = NULL;
  gboolean is_good = FALSE;

  if (options->output_name == NULL)
    return imsg_message_save (message, IMSG_SAVE_NONE, NULL, error);
  if (strcmp (options->output_name, "-") == 0)
    {
      stream = g_unix_output_stream_new (1, FALSE);
      return imsg_message_write_to_stream (message, stream, NULL, error);
    }
  file = g_file_new_for_commandline_arg (options->output_name);
  if (!tool_claim_file (file, options->force, error))
    return FALSE;
  is_good = imsg_message_write_to_file (message, file, NULL, error);
  if (!is_good && !options->force)
    g_file_delete (file, NULL, NULL);
  return is_good;
}

static gboolean
apply (Set     *options,
       GError **error)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  /* With another file as the result the input need not be writable: nothing is committed to it */
  IMsgOpenFlags flags = options->output_name == NULL
                          ? IMSG_OPEN_MODIFY
                          : IMSG_OPEN_MODIFY | IMSG_OPEN_NO_COMMIT;
  gboolean is_good = FALSE;

  message = tool_open_message (session, options->arguments[0], flags, error);
  if (message != NULL && change (options, message, error))
    {
      /* The result is sound: it does not tell any more what the file had not all of */
      problems = imsg_message_list_problems (message);
      is_good = write_message (options, message, error);
    }
  if (is_good)
    tool_tell_problems (options->arguments[0], problems);
  imsg_session_close (session);
  return is_good;
}

static int
run (Set *options)
{
  g_autoptr(GError) error = NULL;

  if (options->arguments == NULL || options->arguments[0] == NULL)
    return tool_usage ("%s", _("No file is named"));
  for (char **text = options->arguments + 1; *text != NULL; text++)
    if (strchr (*text, '=') == NULL)
      return tool_usage (_("“%s” is not of the form PROPERTY=VALUE"), *text);
  if (options->output_name == NULL && tool_is_pipe (options->arguments[0]))
    return tool_usage ("%s", _("A pipe cannot be changed; say with -o where the result goes"));
  if (apply (options, &error))
    return TOOL_OK;
  tool_tell_error (options->arguments[0], error);
  return TOOL_FAILED;
}

int
verb_set (int    argc,
          char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  Set options = { .force = FALSE };
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output_name,
      N_("Write the result to FILE (“-” for standard output) and leave the input as it is"),
      N_("FILE") },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &options.force, N_("Replace a file that exists"), NULL },
    { "delete", 'd', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.deletions,
      N_("Delete a property"), N_("PROPERTY") },
    { "detach", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.detachments,
      N_("Delete attachment N"), N_("N") },
    { "remove-recipient", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.removals,
      N_("Remove the recipient of row N"), N_("N") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.arguments, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (_("FILE [PROPERTY=VALUE…]"),
                              _("Changes a message. A PROPERTY is a name such as PR_SUBJECT or "
                                "PidLidReminderSet, a tag such as 0x0037001F, or a set and a name "
                                "such as PS_PUBLIC_STRINGS/Keywords, each with “:PT_TYPE” if need "
                                "be; a VALUE of @FILE is what is in the file. A property given "
                                "several times gets all the values."),
                              entries);
  tool_compose_add_options (&options.compose, context);
  if (tool_context_parse (context, &argc, &argv) && tool_compose_check (&options.compose))
    result = run (&options);
  tool_compose_clear (&options.compose);
  g_free (options.output_name);
  g_strfreev (options.deletions);
  g_strfreev (options.detachments);
  g_strfreev (options.removals);
  g_strfreev (options.arguments);
  return result;
}
