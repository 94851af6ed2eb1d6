/* verb-show.c - imsg show: messages for reading
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "tool.h"

typedef struct
{
  ToolFiles files;
  gboolean  properties;
  gboolean  headers_only;
  gboolean  with_names; /* several files: each is announced */
} Show;

static void
add_line (GString    *output,
          const char *label,
          const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  /* Translators: a header of a printed message, as in "Subject: Quarterly report" */
  g_string_append_printf (output, _("%s: "), label);
  tool_append_clean (output, value, FALSE);
  g_string_append_c (output, '\n');
}

/* Who sent it is told apart only where somebody else is named as the author. */
static void
add_senders (GString     *output,
             IMsgMessage *message)
{
  g_autoptr(IMsgAddress) author =
    imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
  g_autoptr(IMsgAddress) sender =
    imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENDER);
  g_autofree char *author_text = author != NULL ? imsg_address_to_text (author) : NULL;
  g_autofree char *sender_text = sender != NULL ? imsg_address_to_text (sender) : NULL;

  add_line (output, _("From"), author_text);
  if (g_strcmp0 (author_text, sender_text) != 0)
    add_line (output, _("Sender"), sender_text);
}

static void
add_recipients (GString           *output,
                const char        *label,
                IMsgMessage       *message,
                IMsgRecipientType  type)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);
      g_autoptr(IMsgAddress) address = NULL;
      g_autofree char *text = NULL;

      if (imsg_recipient_get_recipient_type (recipient) != type)
        continue;
      address = imsg_recipient_resolve_address (recipient);
      text = address != NULL ? imsg_address_to_text (address) : NULL;
      if (text == NULL || *text == '\0')
        continue;
      if (line->len > 0)
        g_string_append (line, ", ");
      g_string_append (line, text);
    }
  add_line (output, label, line->str);
}

static void
add_time (GString    *output,
          const char *label,
          GDateTime  *time)
{
  g_autoptr(GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;
  g_autofree char *text = local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S %z") : NULL;

  add_line (output, label, text);
}

static void
add_attachments (GString     *output,
                 IMsgMessage *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      const char *mime_type = imsg_attachment_get_mime_type (attachment);
      g_autoptr(GString) line = g_string_new (imsg_attachment_get_file_name (attachment));

      switch (imsg_attachment_get_method (attachment))
        {
        case IMSG_ATTACHMENT_METHOD_BY_VALUE:
          {
            g_autofree char *size = g_format_size (imsg_attachment_get_size (attachment));

            g_string_append_printf (line, " (%s%s%s)", mime_type != NULL ? mime_type : "",
                                    mime_type != NULL ? ", " : "", size);
            break;
          }
        case IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE:
          g_string_append_printf (line, " (%s)", _("a message"));
          break;
        case IMSG_ATTACHMENT_METHOD_OLE:
          g_string_append_printf (line, " (%s)", _("an OLE object"));
          break;
        case IMSG_ATTACHMENT_METHOD_NONE:
          g_string_append_printf (line, " (%s)", _("no data"));
          break;
        default:
          g_string_append_printf (line, " (%s)", _("a reference"));
          break;
        }
      if (imsg_attachment_is_hidden (attachment) || imsg_attachment_is_inline (attachment))
        g_string_append_printf (line, " [%s]", _("inline"));
      add_line (output, _("Attachment"), line->str);
    }
}

static void
add_body (GString     *output,
          IMsgMessage *message,
          const char  *name,
          ToolReport  *report)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &error);

  if (text == NULL)
    {
      if (!g_error_matches (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND))
        tool_complain (report, name, _("no body can be shown: %s"), error->message);
      return;
    }
  g_string_append_c (output, '\n');
  tool_append_clean (output, text, TRUE);
  if (output->str[output->len - 1] != '\n')
    g_string_append_c (output, '\n');
}

static void
add_properties (GString            *output,
                IMsgPropertyObject *object,
                const char         *title)
{
  GListModel *properties = imsg_property_object_get_properties (object);

  g_string_append_printf (output, "\n%s:\n", title);
  for (guint i = 0; i < g_list_model_get_n_items (properties); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (properties, i);
      g_autofree char *label = tool_describe_property (property);
      g_autofree char *value = imsg_property_dup_display_value (property);

      g_string_append_printf (output, "  0x%08X ", imsg_property_get_tag (property));
      tool_append_clean (output, label, FALSE);
      g_string_append (output, " = ");
      tool_append_clean (output, value, FALSE);
      g_string_append_c (output, '\n');
    }
}

static void
add_all_properties (GString     *output,
                    IMsgMessage *message)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  GListModel *attachments = imsg_message_get_attachments (message);

  add_properties (output, IMSG_PROPERTY_OBJECT (message), _("Properties"));
  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgPropertyObject) recipient = g_list_model_get_item (recipients, i);
      g_autofree char *title = g_strdup_printf (_("Properties of recipient %u"), i);

      add_properties (output, recipient, title);
    }
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgPropertyObject) attachment = g_list_model_get_item (attachments, i);
      g_autofree char *title = g_strdup_printf (_("Properties of attachment %u"), i);

      add_properties (output, attachment, title);
    }
}

static void
show (IMsgSession *session,
      const char  *name,
      ToolReport  *report,
      gpointer     user_data)
{
  const Show *options = user_data;
  GString *output = report->output;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = tool_open_message (session, name, IMSG_OPEN_READ_ONLY, &error);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GDateTime) sent = NULL;
  g_autoptr(GDateTime) received = NULL;

  if (message == NULL)
    {
      tool_fail (report, name, error);
      return;
    }
  if (options->with_names)
    {
      g_autofree char *display_name = tool_display_name (name);

      g_string_append (output, "==> ");
      tool_append_clean (output, display_name, FALSE);
      g_string_append (output, " <==\n");
    }
  add_line (output, _("Subject"), imsg_message_get_subject (message));
  add_senders (output, message);
  add_recipients (output, _("To"), message, IMSG_RECIPIENT_TYPE_TO);
  add_recipients (output, _("Cc"), message, IMSG_RECIPIENT_TYPE_CC);
  add_recipients (output, _("Bcc"), message, IMSG_RECIPIENT_TYPE_BCC);
  sent = imsg_message_get_sent_time (message);
  received = imsg_message_get_received_time (message);
  add_time (output, _("Sent"), sent);
  add_time (output, _("Received"), received);
  add_line (output, _("Class"), imsg_message_get_message_class (message));
  add_attachments (output, message);
  if (!options->headers_only)
    add_body (output, message, name, report);
  if (options->properties)
    add_all_properties (output, message);
  if (options->with_names)
    g_string_append_c (output, '\n');

  problems = imsg_message_list_problems (message);
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const IMsgProblem *problem = g_ptr_array_index (problems, i);

      tool_complain_problem (report, name, problem);
    }
  imsg_message_close (message);
}

int
verb_show (int    argc,
           char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  Show options = { { NULL } };
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "properties", 'p', 0, G_OPTION_ARG_NONE, &options.properties,
      N_("With all properties, those of recipients and attachments too"), NULL },
    { "headers", 0, 0, G_OPTION_ARG_NONE, &options.headers_only,
      N_("Without the body"), NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (NULL, _("Prints messages for reading."), entries);
  tool_files_add_options (&options.files, context, N_("FILE…"), FALSE);
  if (tool_files_parse (context, &argc, &argv) && tool_files_check (&options.files))
    {
      options.with_names = options.files.names[1] != NULL;
      result = tool_files_run (&options.files, show, &options);
    }
  tool_files_clear (&options.files);
  return result;
}
