/* imsg-mime-people.c - who wrote an exported message, and to whom
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-icalendar-private.h"
#include "imsg-mime-header-private.h"
#include "imsg-mime-mailbox-private.h"
#include "imsg-mime-words-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

/* The part in front of the @ as a header may have it: what is not plain goes in quotes, which it may
 * have already. RFC 5322 3.2.4. */
static char *
quote_local_part (const char *local_part)
{
  gsize length = strlen (local_part);
  gboolean is_quoted = length >= 2 && local_part[0] == '"' && local_part[length - 1] == '"';
  const char *end = local_part + length - is_quoted;
  GString *out;

  if (!is_quoted && strpbrk (local_part, " \t()<>[],:;@\\\"") == NULL)
    return g_strdup (local_part);
  out = g_string_new ("\"");
  for (const char *c = local_part + is_quoted; c < end; c++)
    {
      if (is_quoted && *c == '\\' && c + 1 < end)
        c++;
      if (*c == '"' || *c == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *c);
    }
  g_string_append_c (out, '"');
  return g_string_free (out, FALSE);
}

/* What would end the address would begin another header field or recipient, a colon a group of them:
 * GMime reads what it is given, and groups inside one another by recursion. */
static void
clean_domain (char *domain)
{
  gsize length = strlen (domain);
  gboolean is_literal = length > 2 && domain[0] == '[' && strcspn (domain, "]") == length - 1 &&
                        strchr (domain + 1, '[') == NULL;

  g_strdelimit (domain, is_literal ? " \t<>,;\"\\" : " \t<>,;:()[]\"\\", '_');
}

/* The address alone, of text that may have a name around it; NULL when it is no Internet address. */
static char *
extract_mailbox (const char *smtp)
{
  const char *begin = smtp != NULL ? strrchr (smtp, '<') : NULL;
  const char *end = begin != NULL ? strchr (begin, '>') : NULL;
  g_autofree char *mailbox = NULL;
  g_autofree char *local_part = NULL;
  g_autofree char *quoted = NULL;
  g_autofree char *whole = NULL;
  const char *start;
  gsize length;
  char *at;

  if (smtp == NULL)
    return NULL;
  mailbox = end != NULL ? g_strndup (begin + 1, (gsize) (end - begin - 1)) : g_strdup (smtp);
  g_strdelimit (mailbox, "\r\n", ' ');
  g_strstrip (mailbox);
  /* as Outlook calls somebody without a name */
  length = strlen (mailbox);
  if (length > 2 && mailbox[0] == '\'' && mailbox[length - 1] == '\'')
    {
      mailbox[0] = mailbox[length - 1] = ' ';
      g_strstrip (mailbox);
    }
  start = _imsg_mailbox_skip_scheme (mailbox);
  at = strrchr (mailbox, '@');
  if (at == NULL || at <= start || at[1] == '\0')
    return NULL;
  clean_domain (at + 1);
  local_part = g_strndup (start, (gsize) (at - start));
  quoted = quote_local_part (local_part);
  whole = g_strconcat (quoted, at, NULL);
  return _imsg_mime_to_ascii_address (whole);
}

/* Outlook puts the address in quotes where there is no name: that says nothing more. */
static gboolean
is_address_alone (const char *name,
                  const char *smtp)
{
  gsize length = name != NULL ? strlen (name) : 0;

  if (length > 2 && *name == '\'' && name[length - 1] == '\'')
    {
      name++;
      length -= 2;
    }
  return length == 0 || (length == strlen (smtp) && g_ascii_strncasecmp (name, smtp, length) == 0);
}

/* One of a list. Nobody's address is invented: without one the name goes out as an empty group. */
static void
append_mailbox (GString    *list,
                const char *name,
                const char *smtp)
{
  g_autofree char *phrase = name != NULL ? _imsg_mime_encode_phrase (name) : NULL;

  if (list->len > 0)
    g_string_append (list, ",\n ");
  if (phrase == NULL)
    g_string_append (list, smtp);
  else if (smtp != NULL)
    g_string_append_printf (list, "%s <%s>", phrase, smtp);
  else
    /* an encoded word ends in white space: RFC 2047 5 (3) */
    g_string_append_printf (list, "%s%s:;", phrase, g_str_has_suffix (phrase, "?=") ? " " : "");
}

static gboolean
is_exchange (const IMsgAddress *person)
{
  const char *type = imsg_address_get_address_type (person);

  return type != NULL && g_ascii_strcasecmp (type, "EX") == 0;
}

/* Somebody nobody has looked up is called by the address, maybe with its type in front. */
static gboolean
is_called_by_address (const IMsgAddress *person)
{
  const char *name = imsg_address_get_name (person);
  const char *address = imsg_address_get_address (person);

  return name != NULL && address != NULL && is_exchange (person) &&
         g_str_has_suffix (name, address);
}

/* Of somebody without a name: what the address is. An X.500 name, which no header may have, ends in
 * what tells one person from another. */
static char *
dup_address_as_name (const IMsgAddress *person)
{
  const char *address = imsg_address_get_address (person);
  const char *last = address != NULL ? strrchr (address, '=') : NULL;

  if (is_exchange (person) && last != NULL)
    address = last + 1;
  return _imsg_mime_clean_value (address != NULL && *address != '\0' ? address : "nobody");
}

/* A list of people as a header has it. */
static void
append_person (IMsgMimeExport    *export,
               GString           *list,
               const IMsgAddress *person,
               const char        *header)
{
  const char *name = imsg_address_get_name (person);
  /* of somebody whom nobody has looked up the name may be the address */
  const char *address = imsg_address_get_smtp (person) == NULL &&
                            imsg_address_get_address (person) == NULL
                          ? name
                          : imsg_address_get_smtp (person);
  g_autofree char *smtp = extract_mailbox (address);
  g_autofree char *clean_name = name != NULL ? _imsg_mime_clean_value (name) : NULL;

  if (smtp != NULL)
    {
      gboolean is_alone = is_address_alone (clean_name, smtp) || is_called_by_address (person);

      append_mailbox (list, is_alone ? NULL : clean_name, smtp);
      return;
    }
  if (clean_name == NULL || *clean_name == '\0' || is_called_by_address (person))
    {
      g_free (clean_name);
      clean_name = dup_address_as_name (person);
    }
  if (imsg_address_get_address_type (person) != NULL)
    /* Translators: a name, and the type of the address there is, such as EX */
    _imsg_mime_add_loss (export, header, _("“%s” has no Internet address (%s)"), clean_name,
                         imsg_address_get_address_type (person));
  else
    _imsg_mime_add_loss (export, header, _("“%s” has no Internet address"), clean_name);
  append_mailbox (list, clean_name, NULL);
}

/* Those of a header the message came with, where properties tell of nobody. */
static void
add_transport_people (GMimeMessage *mime,
                      const char   *header,
                      const char   *block)
{
  g_autofree char *value = _imsg_mime_find_transport_header (block, header);
  g_autoptr(GArray) mailboxes = _imsg_mailbox_array_new ();
  g_autoptr(GString) list = g_string_new (NULL);

  if (value != NULL)
    _imsg_mime_parse_mailboxes (value, mailboxes);
  for (guint i = 0; i < mailboxes->len; i++)
    {
      const IMsgMailbox *mailbox = &g_array_index (mailboxes, IMsgMailbox, i);
      g_autofree char *smtp = extract_mailbox (mailbox->address);

      if (smtp != NULL || mailbox->name != NULL)
        append_mailbox (list, mailbox->name, smtp);
    }
  if (list->len > 0)
    _imsg_mime_add_raw_header (mime, header, list->str);
}

static void
add_person_header (IMsgMimeExport    *export,
                   GMimeMessage      *mime,
                   const char        *header,
                   const IMsgAddress *person)
{
  g_autoptr(GString) list = g_string_new (NULL);

  append_person (export, list, person, header);
  _imsg_mime_add_raw_header (mime, header, list->str);
}

/* Whether the one, of the same name, has an address that the other has not, or a name beside the
 * address of both. */
static gboolean
says_more (const IMsgAddress *person,
           const IMsgAddress *other)
{
  const char *smtp = imsg_address_get_smtp (person);
  const char *other_smtp = imsg_address_get_smtp (other);

  if (smtp == NULL)
    return FALSE;
  if (other_smtp == NULL)
    return g_strcmp0 (imsg_address_get_name (person), imsg_address_get_name (other)) == 0;
  return g_ascii_strcasecmp (smtp, other_smtp) == 0 &&
         is_address_alone (imsg_address_get_name (other), smtp) &&
         !is_address_alone (imsg_address_get_name (person), smtp);
}

static void
add_authors (IMsgMimeExport *export,
             IMsgMessage    *message,
             GMimeMessage   *mime,
             const char     *block)
{
  g_autoptr(IMsgAddress) sender = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENDER);
  g_autoptr(IMsgAddress) represented =
    imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
  const IMsgAddress *author = represented != NULL ? represented : sender;

  if (represented != NULL && sender != NULL && says_more (sender, represented))
    author = sender;

  if (author != NULL)
    add_person_header (export, mime, "From", author);
  else
    add_transport_people (mime, "From", block);

  if (sender != NULL && author != NULL && author != sender &&
      imsg_address_get_smtp (sender) != NULL &&
      (imsg_address_get_smtp (author) == NULL ||
       g_ascii_strcasecmp (imsg_address_get_smtp (sender), imsg_address_get_smtp (author)) != 0))
    add_person_header (export, mime, "Sender", sender);
}

/* The organizer is among those of a meeting, and gets no mail of it. */
static gboolean
is_organizer (IMsgMessage   *message,
              IMsgRecipient *recipient)
{
  static const char *const classes[] = { "IPM.Appointment", "IPM.Schedule.Meeting.Request",
                                         "IPM.Schedule.Meeting.Canceled" };
  gint64 flags =
    imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (recipient), IMSG_PR_RECIPIENT_FLAGS);

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if ((flags & IMSG_RECIPIENT_FLAG_ORGANIZER) != 0 && _imsg_mime_class_is (message, classes[i]))
      return TRUE;
  return FALSE;
}

/* Whom a report went to, which is who sent the message it is about; FALSE where nobody knows. */
static gboolean
add_receiver (IMsgMimeExport *export,
              IMsgMessage    *message,
              GMimeMessage   *mime,
              const char     *block)
{
  g_autoptr(IMsgAddress) receiver =
    imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_RECEIVED_BY);

  if (receiver != NULL)
    add_person_header (export, mime, "To", receiver);
  else
    add_transport_people (mime, "To", block);
  return g_mime_object_get_header (GMIME_OBJECT (mime), "To") != NULL;
}

static void
add_recipients (IMsgMimeExport *export,
                IMsgMessage    *message,
                GMimeMessage   *mime,
                const char     *block)
{
  static const char *const headers[] = { NULL, "To", "Cc", "Bcc" };
  /* a copy made when a message is sent again; not shown to anybody */
  const guint32 resend_copy = 0x10000000;
  GListModel *recipients = imsg_message_get_recipients (message);
  guint n_recipients = g_list_model_get_n_items (recipients);
  gboolean is_sent = (export->flags & IMSG_MIME_EXPORT_SEND) != 0;
  GString *lists[G_N_ELEMENTS (headers)] = { NULL };
  gboolean has_any = FALSE;
  guint n_blind = 0;

  if (_imsg_mime_is_delivery_report (message) && add_receiver (export, message, mime, block))
    return;
  for (guint i = 1; i < G_N_ELEMENTS (headers); i++)
    lists[i] = g_string_new (NULL);
  for (guint i = 0; i < n_recipients; i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);
      g_autoptr(IMsgAddress) person = imsg_recipient_resolve_address (recipient);
      IMsgRecipientType type = imsg_recipient_get_recipient_type (recipient);
      guint32 stored = (guint32) imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (recipient),
                                                               IMSG_PR_RECIPIENT_TYPE);

      if (person == NULL || (stored & resend_copy) != 0 || type == IMSG_RECIPIENT_TYPE_ORIGINATOR ||
          type >= G_N_ELEMENTS (headers) || (is_sent && is_organizer (message, recipient)))
        continue;
      if (is_sent && type == IMSG_RECIPIENT_TYPE_BCC)
        {
          n_blind++;
          continue;
        }
      append_person (export, lists[type], person, headers[type]);
    }
  for (guint i = 1; i < G_N_ELEMENTS (headers); i++)
    {
      if (lists[i]->len > 0)
        _imsg_mime_add_raw_header (mime, headers[i], lists[i]->str);
      has_any = has_any || lists[i]->len > 0;
      g_string_free (lists[i], TRUE);
    }
  if (n_blind > 0)
    _imsg_mime_add_loss (export, "Bcc",
                         g_dngettext (GETTEXT_PACKAGE,
                                      "%u blind recipient is not named in what is sent",
                                      "%u blind recipients are not named in what is sent",
                                      n_blind),
                         n_blind);
  if (!has_any && is_sent)
    _imsg_mime_add_raw_header (mime, "To", "undisclosed-recipients:;");
}

static void
add_answers (IMsgMimeExport *export,
             IMsgMessage    *message,
             GMimeMessage   *mime,
             const char     *block)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GPtrArray) reply_to = imsg_message_list_reply_to (message);
  g_autoptr(IMsgAddress) receipt = NULL;
  g_autoptr(IMsgAddress) author = NULL;

  if (reply_to->len > 0)
    {
      g_autoptr(GString) list = g_string_new (NULL);

      for (guint i = 0; i < reply_to->len; i++)
        append_person (export, list, g_ptr_array_index (reply_to, i), "Reply-To");
      _imsg_mime_add_raw_header (mime, "Reply-To", list->str);
    }
  else
    add_transport_people (mime, "Reply-To", block);

  author = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
  if (imsg_property_object_get_boolean (object, IMSG_PR_READ_RECEIPT_REQUESTED))
    {
      receipt = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_READ_RECEIPT);
      if (receipt == NULL || imsg_address_get_smtp (receipt) == NULL)
        {
          g_clear_pointer (&receipt, imsg_address_unref);
          receipt = author != NULL ? imsg_address_ref (author) : NULL;
        }
      if (receipt != NULL && imsg_address_get_smtp (receipt) != NULL)
        add_person_header (export, mime, "Disposition-Notification-To", receipt);
    }
  if (imsg_property_object_get_boolean (object, IMSG_PR_ORIGINATOR_DELIVERY_REPORT_REQUESTED) &&
      author != NULL && imsg_address_get_smtp (author) != NULL)
    add_person_header (export, mime, "Return-Receipt-To", author);
}

void
_imsg_mime_add_people (IMsgMimeExport *export,
                       IMsgMessage    *message,
                       GMimeMessage   *mime,
                       const char     *block)
{
  add_authors (export, message, mime, block);
  add_recipients (export, message, mime, block);
  add_answers (export, message, mime, block);
}
