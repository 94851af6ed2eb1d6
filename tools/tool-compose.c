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

/* The name before an address: as it is, or in quotes with a backslash before a quote in it. */
static char *
parse_display_name (const char *text)
{
  gsize length = strlen (text);
  g_autoptr(GString) name = g_string_new (NULL);

  if (length < 2 || text[0] != '"' || text[length - 1] != '"')
    return strpbrk (text, "<>") == NULL ? g_strdup (text) : NULL;
  for (const char *at = text + 1; at < text + length - 1; at++)
    {
      if (*at == '"')
        return NULL;
      if (*at == '\\' && at + 1 < text + length - 1)
        at++;
      g_string_append_c (name, *at);
    }
  return g_strdup (name->str);
}

/* Of one person. Only an address of another type than SMTP ("EX:/O=First Org") may have blanks,
 * commas or semicolons in it; between two addresses they would make a third that nobody has. */
static gboolean
is_address (const char *text)
{
  const char *bare = text[0] == '"' ? strrchr (text, '"') + 1 : text;
  gsize type_length = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
  gboolean has_type = type_length > 0 && text[type_length] == ':';

  for (const char *at = text; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return FALSE;
  return *bare != '\0' && strpbrk (bare, has_type ? "<>" : "<>,; ") == NULL;
}

/* "Name <address>" or an address alone. */
gboolean
tool_parse_address (const char  *text,
                    char       **name,
                    char       **address)
{
  g_autofree char *utf8 = g_strstrip (tool_text_argument (text));
  g_autofree char *own_name = NULL;
  g_autofree char *own_address = NULL;
  gsize length = strlen (utf8);
  char *open = strrchr (utf8, '<');

  if (open != NULL && utf8[length - 1] == '>')
    {
      own_address = g_strstrip (g_strndup (open + 1, utf8 + length - 1 - (open + 1)));
      *open = '\0';
      own_name = parse_display_name (g_strstrip (utf8));
    }
  else
    {
      own_address = g_strdup (utf8);
      own_name = g_strdup ("");
    }
  if (own_name == NULL || !is_address (own_address))
    return FALSE;
  *name = g_strdup (*own_name != '\0' ? own_name : own_address);
  *address = g_steal_pointer (&own_address);
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

static gboolean
set_from (IMsgMessage  *message,
          const char   *text,
          GError      **error)
{
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;

  return parse_address (text, &name, &address, error) &&
         imsg_message_set_sender (message, name, address, error);
}

static gboolean
get_body (const char  *argument,
          const char  *file_name,
          char       **text,
          GError     **error)
{
  *text = file_name != NULL ? tool_read_text (file_name, error) : tool_text_argument (argument);
  return file_name == NULL || *text != NULL;
}

/* Setting HTML makes a text of it as well: one that is given takes its place. */
static gboolean
set_bodies (ToolCompose  *self,
            IMsgMessage  *message,
            GError      **error)
{
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;

  if (!get_body (self->text, self->text_file, &text, error) ||
      !get_body (self->html, self->html_file, &html, error))
    return FALSE;
  if (html == NULL)
    return text == NULL || imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT, text, error);
  return imsg_message_set_body (message, IMSG_BODY_FORMAT_HTML, html, error) &&
         (text == NULL || imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message),
                                                           IMSG_PR_BODY, text, error));
}

/* After the parsing. Complains of bad usage. */
gboolean
tool_compose_check (ToolCompose *self)
{
  if (self->text != NULL && self->text_file != NULL)
    tool_usage (_("Either %s or %s can be given, not both"), "--text", "--text-file");
  else if (self->html != NULL && self->html_file != NULL)
    tool_usage (_("Either %s or %s can be given, not both"), "--html", "--html-file");
  else
    return TRUE;
  return FALSE;
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
  if (!set_bodies (self, message, error))
    return FALSE;
  for (char **name = self->attachments; name != NULL && *name != NULL; name++)
    if (!tool_attach (message, *name, error))
      return FALSE;
  return TRUE;
}
