/* tool-compose.c - the options that write a message: subject, people, body, attachments
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tool.h"

void
tool_compose_add_options (ToolCompose    *self,
                          GOptionContext *context)
{
  /* Names of files' kind keep the bytes as they are, whatever the locale */
  const GOptionEntry entries[] = {
    { "subject", 's', 0, G_OPTION_ARG_FILENAME, &self->subject, N_("The subject"), N_("TEXT") },
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &self->from, N_("Who sends it"), N_("ADDRESS") },
    { "to", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->to,
      N_("Adds a recipient, as in “Ann Lee <ann@example.org>”"), N_("ADDRESS") },
    { "cc", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->cc, N_("Adds one for a copy"),
      N_("ADDRESS") },
    { "bcc", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->bcc, N_("Adds one for a blind copy"),
      N_("ADDRESS") },
    { "text", 't', 0, G_OPTION_ARG_FILENAME, &self->text, N_("The body as plain text"),
      N_("TEXT") },
    { "text-file", 0, 0, G_OPTION_ARG_FILENAME, &self->text_file, N_("The same from a file"),
      N_("FILE") },
    { "html", 0, 0, G_OPTION_ARG_FILENAME, &self->html, N_("The body as HTML"), N_("TEXT") },
    { "html-file", 0, 0, G_OPTION_ARG_FILENAME, &self->html_file, N_("The same from a file"),
      N_("FILE") },
    { "attach", 'a', 0, G_OPTION_ARG_FILENAME_ARRAY, &self->attachments,
      N_("Attaches a file; a message goes in as a message"), N_("FILE") },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

void
tool_compose_clear (ToolCompose *self)
{
  g_free (self->message_class);
  g_free (self->subject);
  g_free (self->from);
  g_strfreev (self->to);
  g_strfreev (self->cc);
  g_strfreev (self->bcc);
  g_free (self->text);
  g_free (self->html);
  g_free (self->text_file);
  g_free (self->html_file);
  g_strfreev (self->attachments);
}

/* "Name <address>" or an address alone. */
gboolean
tool_parse_address (const char  *text,
                    char       **name,
                    char       **address)
{
  g_autofree char *utf8 = tool_text_argument (text);
  char *open = strrchr (utf8, '<');
  char *close = strrchr (utf8, '>');

  if (open == NULL && close == NULL)
    {
      *address = g_strdup (g_strstrip (utf8));
      *name = g_strdup (*address);
    }
  else if (open != NULL && close != NULL && close > open + 1)
    {
      gsize length = 0;

      *address = g_strndup (open + 1, close - open - 1);
      g_strstrip (*address);
      *open = '\0';
      g_strstrip (utf8);
      length = strlen (utf8);
      if (length >= 2 && utf8[0] == '"' && utf8[length - 1] == '"')
        *name = g_strndup (utf8 + 1, length - 2);
      else
        *name = g_strdup (length > 0 ? utf8 : *address);
    }
  else
    return FALSE;
  return TRUE;
}

static gboolean
parse_address (const char  *text,
               char       **name,
               char       **address,
               GError     **error)
{
  if (tool_parse_address (text, name, address))
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE, _("“%s” is no address"), text);
  return FALSE;
}

static gboolean
add_recipients (IMsgMessage        *message,
                IMsgRecipientType   type,
                char              **texts,
                GError            **error)
{
  for (char **text = texts; text != NULL && *text != NULL; text++)
    {
      g_autofree char *name = NULL;
      g_autofree char *address = NULL;
      g_autoptr(IMsgRecipient) recipient = NULL;

      if (!parse_address (*text, &name, &address, error))
        return FALSE;
      recipient = imsg_message_add_recipient (message, type, name, address, error);
      if (recipient == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Who sends is also whom the message comes from, unless somebody says otherwise later. */
static gboolean
set_from (IMsgMessage  *message,
          const char   *text,
          GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;

  return parse_address (text, &name, &address, error) &&
         imsg_property_object_set_string (object, IMSG_PR_SENDER_NAME, name, error) &&
         imsg_property_object_set_string (object, IMSG_PR_SENDER_ADDRTYPE, "SMTP", error) &&
         imsg_property_object_set_string (object, IMSG_PR_SENDER_EMAIL_ADDRESS, address, error) &&
         imsg_property_object_set_string (object, IMSG_PR_SENT_REPRESENTING_NAME, name, error) &&
         imsg_property_object_set_string (object, IMSG_PR_SENT_REPRESENTING_ADDRTYPE, "SMTP",
                                          error) &&
         imsg_property_object_set_string (object, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS,
                                          address, error);
}

static gboolean
set_body (IMsgMessage     *message,
          IMsgBodyFormat   format,
          const char      *argument,
          const char      *file_name,
          GError         **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  if (argument != NULL)
    text = tool_text_argument (argument);
  else if (file_name != NULL)
    {
      bytes = tool_read_all (file_name, error);
      if (bytes == NULL)
        return FALSE;
      text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      if (!g_utf8_validate (text, -1, NULL))
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE, _("%s is no UTF-8 text"),
                       file_name);
          return FALSE;
        }
    }
  else
    return TRUE;
  return imsg_message_set_body (message, format, text, error);
}

static gboolean
attach (IMsgMessage  *message,
        const char   *file_name,
        GError      **error)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (file_name);
  g_autoptr(IMsgMessage) inner = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, NULL);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, error);
  gboolean is_done = FALSE;

  if (attachment == NULL)
    return FALSE;
  if (inner != NULL)
    {
      is_done = imsg_attachment_set_message (attachment, inner, NULL, error);
      imsg_message_close (inner);
    }
  else
    is_done = imsg_attachment_set_file (attachment, file, NULL, error);
  return is_done;
}

gboolean
tool_compose_apply (ToolCompose  *self,
                    IMsgMessage  *message,
                    GError      **error)
{
  g_autofree char *subject = tool_text_argument (self->subject);

  if (subject != NULL && !imsg_message_set_subject (message, subject, error))
    return FALSE;
  if (self->from != NULL && !set_from (message, self->from, error))
    return FALSE;
  if (!add_recipients (message, IMSG_RECIPIENT_TYPE_TO, self->to, error) ||
      !add_recipients (message, IMSG_RECIPIENT_TYPE_CC, self->cc, error) ||
      !add_recipients (message, IMSG_RECIPIENT_TYPE_BCC, self->bcc, error))
    return FALSE;
  if (!set_body (message, IMSG_BODY_FORMAT_TEXT, self->text, self->text_file, error) ||
      !set_body (message, IMSG_BODY_FORMAT_HTML, self->html, self->html_file, error))
    return FALSE;
  for (char **name = self->attachments; name != NULL && *name != NULL; name++)
    if (!attach (message, *name, error))
      return FALSE;
  return TRUE;
}
