/* imsg-mime-headers.c - the headers of an exported message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-mime-private.h"
#include "imsg-mime-words-private.h"
#include "imsg-property-tags.h"

/* Headers that properties speak for: never taken from PR_TRANSPORT_MESSAGE_HEADERS or from named
 * properties. Content-… and MIME-Version belong to the new structure. */
static const char *const produced_headers[] = {
  "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Thread-Topic", "Thread-Index",
  "Importance", "X-Priority", "X-MSMail-Priority", "Priority", "Sensitivity", "Keywords",
  "Expires", "Expiry-Date", "Reply-By", "X-Message-Flag", "X-Auto-Response-Suppress", "List-Help",
  "List-Subscribe", "List-Unsubscribe", "X-MS-TNEF-Correlator", "X-MS-Has-Attach", "From",
  "Sender", "To", "Cc", "Bcc", "Reply-To", "Disposition-Notification-To", "Return-Receipt-To",
  "MIME-Version",
};

/* What a header of a property that is text is called. */
static const struct
{
  const char *header;
  guint32     tag;
} text_headers[] = {
  { "In-Reply-To", IMSG_PR_IN_REPLY_TO_ID },
  { "References", IMSG_PR_INTERNET_REFERENCES },
  { "Thread-Topic", IMSG_PR_CONVERSATION_TOPIC },
  { "List-Help", IMSG_PR_LIST_HELP },
  { "List-Subscribe", IMSG_PR_LIST_SUBSCRIBE },
  { "List-Unsubscribe", IMSG_PR_LIST_UNSUBSCRIBE },
};

static const struct
{
  const char *header;
  guint32     tag;
} time_headers[] = {
  { "Expires", IMSG_PR_EXPIRY_TIME },
  { "Reply-By", IMSG_PR_REPLY_TIME },
};

static const struct
{
  guint32     bit;
  const char *name;
} suppressed_responses[] = {
  { 0x01, "DR" }, { 0x02, "NDR" }, { 0x04, "RN" }, { 0x08, "NRN" }, { 0x10, "OOF" },
  { 0x20, "AutoReply" },
};

/* A header never holds a line end or NUL, whatever the property holds. */
static char *
clean_value (const char *value)
{
  char *clean = g_strdup (value);

  g_strdelimit (clean, "\r\n", ' ');
  return g_strstrip (clean);
}

static gboolean
is_header_name (const char *name)
{
  if (*name == '\0')
    return FALSE;
  for (; *name != '\0'; name++)
    if (*name <= ' ' || *name >= 0x7F || *name == ':')
      return FALSE;
  return TRUE;
}

static gboolean
is_produced (const char *name)
{
  if (g_ascii_strncasecmp (name, "Content-", 8) == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (produced_headers); i++)
    if (g_ascii_strcasecmp (name, produced_headers[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Adds a header as it stands: encoded already, its lines folded with LF. */
static void
add_raw_header (GMimeMessage *mime,
                const char   *name,
                const char   *value)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list (GMIME_OBJECT (mime));
  g_autofree char *raw = g_strconcat (" ", value, "\n", NULL);

  g_mime_header_list_append (headers, name, "", NULL);
  g_mime_header_set_raw_value (
    g_mime_header_list_get_header_at (headers, g_mime_header_list_get_count (headers) - 1), raw);
}

static void
add_header (GMimeMessage *mime,
            const char   *name,
            const char   *value)
{
  g_autofree char *clean = clean_value (value);
  g_autofree char *encoded = *clean != '\0' ? _imsg_mime_encode_text (clean) : NULL;

  if (encoded != NULL)
    add_raw_header (mime, name, encoded);
}

static gboolean
has_header (GMimeMessage *mime,
            const char   *name)
{
  return g_mime_header_list_contains (g_mime_object_get_header_list (GMIME_OBJECT (mime)), name);
}

static void
add_date_header (GMimeMessage *mime,
                 const char   *name,
                 GDateTime    *date)
{
  g_autofree char *text = g_mime_utils_header_format_date (date);

  g_mime_object_append_header (GMIME_OBJECT (mime), name, text, NULL);
}

/* --- the headers the message came with --- */

typedef void (*HeaderFunc) (const char *name,
                            const char *value,
                            gpointer    user_data);

/* Calls func for each header of a block, its continuation lines kept as they are; stops at the
 * empty line, past which a block may hold the headers of parts. */
static void
foreach_header (const char *block,
                HeaderFunc  func,
                gpointer    user_data)
{
  const char *line = block;

  while (line != NULL && *line != '\0' && *line != '\n' && *line != '\r')
    {
      const char *end = strchr (line, '\n');
      const char *colon;

      while (end != NULL && (end[1] == ' ' || end[1] == '\t'))
        end = strchr (end + 1, '\n');
      colon = memchr (line, ':', end != NULL ? (gsize) (end - line) : strlen (line));
      if (colon != NULL)
        {
          g_autofree char *name = g_strndup (line, (gsize) (colon - line));
          g_autofree char *value =
            end != NULL ? g_strndup (colon + 1, (gsize) (end - colon - 1)) : g_strdup (colon + 1);

          if (is_header_name (name))
            func (name, value, user_data);
        }
      line = end != NULL ? end + 1 : NULL;
    }
}

typedef struct
{
  const char *name;
  char       *value;
} FindHeader;

static void
find_header_cb (const char *name,
                const char *value,
                gpointer    user_data)
{
  FindHeader *find = user_data;

  if (find->value == NULL && g_ascii_strcasecmp (name, find->name) == 0)
    find->value = clean_value (value);
}

static char *
find_transport_header (const char *block,
                       const char *name)
{
  FindHeader find = { name, NULL };

  if (block != NULL)
    foreach_header (block, find_header_cb, &find);
  return find.value;
}

static void
add_transport_header_cb (const char *name,
                         const char *value,
                         gpointer    user_data)
{
  g_autoptr(GString) lines = NULL;

  if (is_produced (name))
    return;
  if (!g_str_is_ascii (value))
    {
      add_header (user_data, name, value);
      return;
    }
  /* folded as it came; lines end in LF here, the whole output gets CR LF */
  lines = g_string_new (value);
  g_string_replace (lines, "\r", "", 0);
  add_raw_header (user_data, name, g_strchug (lines->str));
}

/* --- people --- */

/* The address alone, of text that may have a name around it; NULL when it is no Internet address. */
static char *
extract_mailbox (const char *smtp)
{
  const char *begin = smtp != NULL ? strrchr (smtp, '<') : NULL;
  const char *end = begin != NULL ? strchr (begin, '>') : NULL;
  char *mailbox;
  const char *at;

  if (smtp == NULL)
    return NULL;
  mailbox = end != NULL ? g_strndup (begin + 1, (gsize) (end - begin - 1)) : g_strdup (smtp);
  g_strdelimit (mailbox, "\r\n", ' ');
  g_strstrip (mailbox);
  at = strrchr (mailbox, '@');
  if (at == NULL || at == mailbox || at[1] == '\0')
    g_clear_pointer (&mailbox, g_free);
  return mailbox;
}

/* A list of people as a header has it. Nobody's address is invented: without one the name goes out
 * as an empty group. */
static void
append_person (IMsgMimeExport    *export,
               GString           *list,
               const IMsgAddress *person,
               const char        *header)
{
  const char *name = imsg_address_get_name (person);
  g_autofree char *smtp = extract_mailbox (imsg_address_get_smtp (person));
  g_autofree char *clean_name = name != NULL ? clean_value (name) : NULL;
  g_autofree char *phrase = NULL;

  if (list->len > 0)
    g_string_append (list, ",\n ");
  if (smtp != NULL)
    {
      gboolean is_name_alike = clean_name == NULL || *clean_name == '\0' ||
                               g_ascii_strcasecmp (clean_name, smtp) == 0;

      /* what would end the address would begin another header field or recipient */
      g_strdelimit (smtp, " \t<>,;\"\\", '_');
      if (is_name_alike)
        g_string_append (list, smtp);
      else
        {
          phrase = _imsg_mime_encode_phrase (clean_name);
          g_string_append_printf (list, "%s <%s>", phrase, smtp);
        }
      return;
    }
  if (clean_name == NULL || *clean_name == '\0')
    {
      g_free (clean_name);
      clean_name = clean_value (imsg_address_get_address (person) != NULL
                                  ? imsg_address_get_address (person)
                                  : "nobody");
    }
  _imsg_mime_add_loss (export, header, "“%s” has no Internet address (%s)", clean_name,
                       imsg_address_get_address_type (person) != NULL
                         ? imsg_address_get_address_type (person)
                         : "no address type");
  phrase = _imsg_mime_encode_phrase (clean_name);
  /* an encoded word ends in white space: RFC 2047 5 (3) */
  g_string_append_printf (list, "%s%s:;", phrase, g_str_has_suffix (phrase, "?=") ? " " : "");
}

static void
add_person_header (IMsgMimeExport    *export,
                   GMimeMessage      *mime,
                   const char        *header,
                   const IMsgAddress *person)
{
  g_autoptr(GString) list = g_string_new (NULL);

  append_person (export, list, person, header);
  add_raw_header (mime, header, list->str);
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

  if (author != NULL && represented != NULL && sender != NULL &&
      imsg_address_get_smtp (represented) == NULL && imsg_address_get_smtp (sender) != NULL &&
      g_strcmp0 (imsg_address_get_name (represented), imsg_address_get_name (sender)) == 0)
    author = sender;

  if (author != NULL)
    add_person_header (export, mime, "From", author);
  else if (block != NULL)
    {
      g_autofree char *from = find_transport_header (block, "From");

      if (from != NULL)
        add_header (mime, "From", from);
    }

  if (sender != NULL && author != NULL && author != sender &&
      imsg_address_get_smtp (sender) != NULL &&
      (imsg_address_get_smtp (author) == NULL ||
       g_ascii_strcasecmp (imsg_address_get_smtp (sender), imsg_address_get_smtp (author)) != 0))
    add_person_header (export, mime, "Sender", sender);
}

static void
add_recipients (IMsgMimeExport *export,
                IMsgMessage    *message,
                GMimeMessage   *mime)
{
  static const char *const headers[] = { NULL, "To", "Cc", "Bcc" };
  /* a copy made when a message is sent again; not shown to anybody */
  const guint32 resend_copy = 0x10000000;
  GListModel *recipients = imsg_message_get_recipients (message);
  guint n_recipients = g_list_model_get_n_items (recipients);
  gboolean is_sent = (export->flags & IMSG_MIME_EXPORT_SEND) != 0;
  GString *lists[G_N_ELEMENTS (headers)] = { NULL };
  gboolean has_any = FALSE;

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
          type >= G_N_ELEMENTS (headers) || (is_sent && type == IMSG_RECIPIENT_TYPE_BCC))
        continue;
      append_person (export, lists[type], person, headers[type]);
    }
  for (guint i = 1; i < G_N_ELEMENTS (headers); i++)
    {
      if (lists[i]->len > 0)
        add_raw_header (mime, headers[i], lists[i]->str);
      has_any = has_any || lists[i]->len > 0;
      g_string_free (lists[i], TRUE);
    }
  if (!has_any && is_sent)
    add_raw_header (mime, "To", "undisclosed-recipients:;");
}

static void
add_answers (IMsgMimeExport *export,
             IMsgMessage    *message,
             GMimeMessage   *mime)
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
      add_raw_header (mime, "Reply-To", list->str);
    }

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

/* --- time, thread, weight --- */

/* The instant of a property, in the zone of the header it came with where that is the same. */
static void
add_date (IMsgMimeExport *export,
          IMsgMessage    *message,
          GMimeMessage   *mime,
          const char     *block)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  static const guint32 tags[] = { IMSG_PR_CLIENT_SUBMIT_TIME, IMSG_PR_MESSAGE_DELIVERY_TIME,
                                  IMSG_PR_CREATION_TIME };
  g_autofree char *text = find_transport_header (block, "Date");
  g_autoptr(GDateTime) header = text != NULL ? g_mime_utils_header_decode_date (text) : NULL;
  g_autoptr(GDateTime) date = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tags) && date == NULL; i++)
    {
      if (i == 2 && header != NULL)
        break;
      date = imsg_property_object_get_datetime (object, tags[i]);
    }
  if (header != NULL && (date == NULL || g_date_time_to_unix (date) == g_date_time_to_unix (header)))
    g_mime_message_set_date (mime, header);
  else if (date != NULL)
    g_mime_message_set_date (mime, date);
}

static void
add_thread (IMsgMessage  *message,
            GMimeMessage *mime,
            const char   *block)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *message_id = _imsg_mime_get_text (message, IMSG_PR_INTERNET_MESSAGE_ID);
  g_autoptr(GBytes) index = imsg_property_object_get_bytes (object, IMSG_PR_CONVERSATION_INDEX);

  if (message_id == NULL)
    message_id = find_transport_header (block, "Message-ID");
  if (message_id != NULL)
    {
      g_autofree char *clean = clean_value (message_id);
      gsize length = strlen (clean);

      if (length > 2 && clean[0] == '<' && clean[length - 1] == '>')
        {
          clean[length - 1] = '\0';
          g_mime_message_set_message_id (mime, clean + 1);
        }
      else if (length > 0)
        g_mime_message_set_message_id (mime, clean);
    }
  for (guint i = 0; i < G_N_ELEMENTS (text_headers); i++)
    {
      g_autofree char *text = _imsg_mime_get_text (message, text_headers[i].tag);

      if (text != NULL)
        add_header (mime, text_headers[i].header, text);
    }
  if (index != NULL && g_bytes_get_size (index) > 0)
    {
      g_autofree char *text = g_base64_encode (g_bytes_get_data (index, NULL),
                                               g_bytes_get_size (index));

      add_header (mime, "Thread-Index", text);
    }
}

static void
add_weight (IMsgMessage  *message,
            GMimeMessage *mime)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  static const char *const sensitivities[] = { NULL, "Personal", "Private",
                                               "Company-Confidential" };
  gint64 sensitivity = imsg_property_object_get_int (object, IMSG_PR_SENSITIVITY);

  if (imsg_property_object_has_value (object, IMSG_PR_IMPORTANCE))
    {
      gint64 importance = imsg_property_object_get_int (object, IMSG_PR_IMPORTANCE);

      if (importance == 0 || importance == 2)
        {
          add_header (mime, "Importance", importance == 0 ? "Low" : "High");
          add_header (mime, "X-Priority", importance == 0 ? "5" : "1");
        }
    }
  if (imsg_property_object_has_value (object, IMSG_PR_PRIORITY))
    {
      gint64 priority = imsg_property_object_get_int (object, IMSG_PR_PRIORITY);

      if (priority == -1 || priority == 1)
        add_header (mime, "Priority", priority == 1 ? "urgent" : "non-urgent");
    }
  if (sensitivity > 0 && sensitivity < (gint64) G_N_ELEMENTS (sensitivities))
    add_header (mime, "Sensitivity", sensitivities[sensitivity]);
}

static void
add_suppressed_responses (IMsgMessage  *message,
                          GMimeMessage *mime)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GString) names = NULL;
  guint32 bits;

  if (!imsg_property_object_has_value (object, IMSG_PR_AUTO_RESPONSE_SUPPRESS))
    return;
  bits = (guint32) imsg_property_object_get_int (object, IMSG_PR_AUTO_RESPONSE_SUPPRESS);
  if (bits == 0)
    return;
  names = g_string_new (bits == G_MAXUINT32 ? "All" : "");
  for (guint i = 0; i < G_N_ELEMENTS (suppressed_responses) && bits != G_MAXUINT32; i++)
    if ((bits & suppressed_responses[i].bit) != 0)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "",
                              suppressed_responses[i].name);
  add_header (mime, "X-Auto-Response-Suppress", names->str);
}

/* --- named properties --- */

static guint32
find_named (IMsgMessage *message,
            const char  *set,
            const char  *name)
{
  guint id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message), set, name, FALSE,
                                                NULL);

  return id != 0 ? imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message),
                                                  imsg_property_tag (0, id))
                 : 0;
}

static void
add_keywords (IMsgMessage  *message,
              GMimeMessage *mime)
{
  guint32 tag = find_named (message, IMSG_PS_PUBLIC_STRINGS, "Keywords");
  g_autoptr(GVariant) value = NULL;
  g_autofree const char **keywords = NULL;
  g_autofree char *joined = NULL;

  if (tag == 0)
    return;
  value = imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (message), tag, NULL);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return;
  keywords = g_variant_get_strv (value, NULL);
  joined = g_strjoinv (", ", (char **) keywords);
  add_header (mime, "Keywords", joined);
}

/* What a message is flagged for, while it is flagged. */
static void
add_message_flag (IMsgMessage  *message,
                  GMimeMessage *mime)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id ("PSETID_Common", 0x8530);
  guint id = imsg_property_object_resolve_property_name (object, name, FALSE, NULL);
  guint32 tag = id != 0 ? imsg_property_object_find_tag (object, imsg_property_tag (0, id)) : 0;
  g_autofree char *text = tag != 0 ? imsg_property_object_get_string (object, tag) : NULL;

  if (text != NULL && imsg_property_object_get_int (object, IMSG_PR_FLAG_STATUS) == 2)
    add_header (mime, "X-Message-Flag", text);
}

/* Headers kept as named properties when the message was received; those that came along in
 * PR_TRANSPORT_MESSAGE_HEADERS are there already. */
static void
add_named_headers (IMsgMessage  *message,
                   GMimeMessage *mime)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  gsize n_ids;
  g_autofree guint *ids = imsg_property_object_list_named_ids (object, &n_ids);

  for (gsize i = 0; i < n_ids; i++)
    {
      g_autoptr(IMsgPropertyName) name = imsg_property_object_lookup_name (object, ids[i]);
      g_autofree char *value = NULL;
      const char *header;
      guint32 tag;

      if (name == NULL || imsg_property_name_get_kind (name) != IMSG_PROPERTY_NAME_STRING ||
          strcmp (imsg_property_name_get_set (name), IMSG_PS_INTERNET_HEADERS) != 0)
        continue;
      header = imsg_property_name_get_string (name);
      tag = imsg_property_object_find_tag (object, imsg_property_tag (0, ids[i]));
      if (tag == 0 || !is_header_name (header) || is_produced (header) || has_header (mime, header))
        continue;
      value = imsg_property_object_get_string (object, tag);
      if (value != NULL)
        add_header (mime, header, value);
    }
}

static gboolean
has_real_attachment (IMsgMessage *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_attachments = g_list_model_get_n_items (attachments);

  for (guint i = 0; i < n_attachments; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      if (!imsg_attachment_is_hidden (attachment) && !imsg_attachment_is_inline (attachment))
        return TRUE;
    }
  return FALSE;
}

void
_imsg_mime_fill_headers (IMsgMimeExport *export,
                         IMsgMessage    *message,
                         GMimeMessage   *mime)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  gboolean is_archive = (export->flags & IMSG_MIME_EXPORT_SEND) == 0;
  g_autofree char *block = _imsg_mime_get_text (message, IMSG_PR_TRANSPORT_MESSAGE_HEADERS);
  g_autofree char *subject = _imsg_mime_get_text (message, IMSG_PR_SUBJECT);

  /* trace headers first, as a mail server puts them on top */
  if (is_archive && block != NULL)
    foreach_header (block, add_transport_header_cb, mime);

  add_authors (export, message, mime, block);
  add_recipients (export, message, mime);
  add_answers (export, message, mime);
  if (subject != NULL)
    add_header (mime, "Subject", subject);
  add_date (export, message, mime, block);
  add_thread (message, mime, block);
  add_weight (message, mime);
  add_suppressed_responses (message, mime);
  add_keywords (message, mime);
  add_message_flag (message, mime);
  for (guint i = 0; i < G_N_ELEMENTS (time_headers); i++)
    {
      g_autoptr(GDateTime) time = imsg_property_object_get_datetime (object, time_headers[i].tag);

      if (time != NULL)
        add_date_header (mime, time_headers[i].header, time);
    }
  if (is_archive)
    add_named_headers (message, mime);
  if (has_real_attachment (message))
    add_header (mime, "X-MS-Has-Attach", "yes");
}
