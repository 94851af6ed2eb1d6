/* imsg-mime-headers.c - the headers of an exported message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-language-private.h"
#include "imsg-mime-date-private.h"
#include "imsg-mime-header-private.h"
#include "imsg-property-tags.h"

const IMsgMimeTextHeader _imsg_mime_text_headers[] = {
  { "In-Reply-To", IMSG_PR_IN_REPLY_TO_ID },
  { "References", IMSG_PR_INTERNET_REFERENCES },
  { "Thread-Topic", IMSG_PR_CONVERSATION_TOPIC },
  { "List-Help", IMSG_PR_LIST_HELP },
  { "List-Subscribe", IMSG_PR_LIST_SUBSCRIBE },
  { "List-Unsubscribe", IMSG_PR_LIST_UNSUBSCRIBE },
  { NULL, 0 },
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
  g_autofree char *text = _imsg_mime_find_transport_header (block, "Date");
  g_autoptr(GDateTime) header = _imsg_mime_decode_date (text);
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

/* "<a@b><c@d>": where there is white space between them a line can be folded. */
static char *
separate_ids (const char *ids)
{
  GString *out = g_string_sized_new (strlen (ids));

  for (const char *c = ids; *c != '\0'; c++)
    {
      g_string_append_c (out, *c);
      if (*c == '>' && c[1] == '<')
        g_string_append_c (out, ' ');
    }
  return g_string_free (out, FALSE);
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
    message_id = _imsg_mime_find_transport_header (block, "Message-ID");
  if (message_id != NULL)
    {
      g_autofree char *clean = _imsg_mime_clean_value (message_id);
      gsize length = strlen (clean);

      if (length > 2 && clean[0] == '<' && clean[length - 1] == '>')
        {
          clean[length - 1] = '\0';
          g_mime_message_set_message_id (mime, clean + 1);
        }
      else if (length > 0)
        g_mime_message_set_message_id (mime, clean);
    }
  for (const IMsgMimeTextHeader *header = _imsg_mime_text_headers; header->name != NULL; header++)
    {
      g_autofree char *text = _imsg_mime_get_text (message, header->tag);

      /* what a message answers may have been known to its transport only */
      if (text == NULL && header->tag != IMSG_PR_CONVERSATION_TOPIC)
        text = _imsg_mime_find_transport_header (block, header->name);
      if (text != NULL && header->tag == IMSG_PR_INTERNET_REFERENCES)
        {
          g_autofree char *ids = separate_ids (text);

          _imsg_mime_add_header (mime, header->name, ids);
        }
      else if (text != NULL)
        _imsg_mime_add_header (mime, header->name, text);
    }
  if (index != NULL && g_bytes_get_size (index) > 0)
    {
      g_autofree char *text = g_base64_encode (g_bytes_get_data (index, NULL),
                                               g_bytes_get_size (index));

      _imsg_mime_add_header (mime, "Thread-Index", text);
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
          _imsg_mime_add_header (mime, "Importance", importance == 0 ? "Low" : "High");
          _imsg_mime_add_header (mime, "X-Priority", importance == 0 ? "5" : "1");
        }
    }
  if (imsg_property_object_has_value (object, IMSG_PR_PRIORITY))
    {
      gint64 priority = imsg_property_object_get_int (object, IMSG_PR_PRIORITY);

      if (priority == -1 || priority == 1)
        _imsg_mime_add_header (mime, "Priority", priority == 1 ? "urgent" : "non-urgent");
    }
  if (sensitivity > 0 && sensitivity < (gint64) G_N_ELEMENTS (sensitivities))
    _imsg_mime_add_header (mime, "Sensitivity", sensitivities[sensitivity]);
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
  _imsg_mime_add_header (mime, "X-Auto-Response-Suppress", names->str);
}

/* What the content is written in, and what it is beside its type. */
static void
add_content_facts (IMsgMessage  *message,
                   GMimeMessage *mime)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  const char *language = _imsg_language_get_tag (
    (guint32) imsg_property_object_get_int (object, IMSG_PR_MESSAGE_LOCALE_ID));
  const char *message_class = imsg_message_get_message_class (message);
  g_autofree char *content_class =
    message_class != NULL ? _imsg_mime_class_to_content (message_class) : NULL;
  g_autoptr(GBytes) correlator =
    imsg_property_object_get_bytes (object, IMSG_PR_TNEF_CORRELATION_KEY);

  if (language != NULL)
    _imsg_mime_add_header (mime, "Content-Language", language);
  if (content_class == NULL)
    content_class = _imsg_mime_dup_named_header (message, "Content-Class");
  if (content_class != NULL)
    _imsg_mime_add_header (mime, "Content-Class", content_class);
  if (correlator != NULL)
    {
      g_autofree char *key = g_strndup (g_bytes_get_data (correlator, NULL),
                                        g_bytes_get_size (correlator));

      if (g_str_is_ascii (key))
        _imsg_mime_add_header (mime, "X-MS-TNEF-Correlator", key);
    }
}

/* What the organization that received it thought of it; nobody else is to believe that. */
static void
add_organization (IMsgMessage  *message,
                  GMimeMessage *mime)
{
  static const struct
  {
    const char *header;
    guint32     tag;
  } headers[] = {
    { "X-MS-Exchange-Organization-SCL", IMSG_PR_CONTENT_FILTER_SCL },
    { "X-MS-Exchange-Organization-SenderIdResult", IMSG_PR_SENDER_ID_STATUS },
    { "X-MS-Exchange-Organization-PRD", IMSG_PR_PURPORTED_SENDER_DOMAIN },
    { "X-MS-Exchange-Organization-AutoForwarded", IMSG_PR_AUTO_FORWARDED },
  };
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      guint type = headers[i].tag & 0xFFFF;
      g_autofree char *text = NULL;

      if (!imsg_property_object_has_value (object, headers[i].tag) ||
          _imsg_mime_has_header (mime, headers[i].header))
        continue;
      if (type == IMSG_PROPERTY_TYPE_UNICODE)
        text = imsg_property_object_get_string (object, headers[i].tag);
      else if (type == IMSG_PROPERTY_TYPE_BOOLEAN)
        text = imsg_property_object_get_boolean (object, headers[i].tag) ? g_strdup ("true") : NULL;
      else
        text = g_strdup_printf ("%" G_GINT64_FORMAT,
                                imsg_property_object_get_int (object, headers[i].tag));
      if (text != NULL)
        _imsg_mime_add_header (mime, headers[i].header, text);
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
    _imsg_mime_add_transport_headers (block, mime);

  _imsg_mime_add_people (export, message, mime, block);
  if (subject != NULL)
    _imsg_mime_add_header (mime, "Subject", subject);
  add_date (export, message, mime, block);
  add_thread (message, mime, block);
  add_weight (message, mime);
  add_suppressed_responses (message, mime);
  _imsg_mime_add_named (message, mime);
  add_content_facts (message, mime);
  for (guint i = 0; i < G_N_ELEMENTS (time_headers); i++)
    {
      g_autoptr(GDateTime) time = imsg_property_object_get_datetime (object, time_headers[i].tag);

      if (time != NULL)
        _imsg_mime_add_date_header (mime, time_headers[i].header, time);
    }
  if (is_archive)
    {
      add_organization (message, mime);
      _imsg_mime_add_named_headers (message, mime);
    }
  if (has_real_attachment (message))
    _imsg_mime_add_header (mime, "X-MS-Has-Attach", "yes");
  /* Outlook opens such a file to be written on and sent */
  if (is_archive && export->depth == 0 &&
      (imsg_property_object_get_int (object, IMSG_PR_MESSAGE_FLAGS) & IMSG_MESSAGE_FLAG_UNSENT) != 0)
    _imsg_mime_add_header (mime, "X-Unsent", "1");
}
