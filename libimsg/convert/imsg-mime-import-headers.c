/* imsg-mime-import-headers.c - the headers of an imported message ([MS-OXCMAIL] 2.2.1)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-entry-id-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"

/* PR_INTERNET_REFERENCES may be cut here: [MS-OXCMAIL] 2.2.1.10 */
#define MAX_REFERENCES 65536

/* PR_TRANSPORT_MESSAGE_HEADERS is cut here: no honest header block comes near. */
#define MAX_HEADER_BLOCK (4 * 1024 * 1024)

/* Headers kept as named properties of one message. */
#define MAX_NAMED_HEADERS 256

/* Headers that other properties stand for, or that must not come in from outside. */
static const char *const unnamed_headers[] = {
  "Received", "Return-Path", "MIME-Version", "Bcc", "Comments", "Subject", "Date", "Message-ID",
  "In-Reply-To", "References", "Thread-Topic", "Thread-Index", "Importance", "X-Priority",
  "X-MSMail-Priority", "Priority", "Sensitivity", "Keywords", "Expires", "Expiry-Date", "Reply-By",
  "X-Message-Flag", "X-Auto-Response-Suppress", "List-Help", "List-Subscribe", "List-Unsubscribe",
  "From", "Sender", "To", "Cc", "Reply-To", "Disposition-Notification-To", "Return-Receipt-To",
  "X-MS-TNEF-Correlator", "X-MS-Has-Attach",
};
static const char *const unnamed_prefixes[] = {
  "Content-", "Resent-", "X-MS-Exchange-Organization-", "X-MS-Exchange-Forest-",
};

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

/* A person's properties. */
typedef struct
{
  guint32 name;
  guint32 address_type;
  guint32 address;
  guint32 smtp;
  guint32 entry_id;
  guint32 search_key;
} PersonTags;

static const PersonTags sender_tags = { IMSG_PR_SENDER_NAME, IMSG_PR_SENDER_ADDRTYPE,
                                        IMSG_PR_SENDER_EMAIL_ADDRESS, 0x5D01001F,
                                        IMSG_PR_SENDER_ENTRYID, IMSG_PR_SENDER_SEARCH_KEY };
static const PersonTags represented_tags = {
  IMSG_PR_SENT_REPRESENTING_NAME, IMSG_PR_SENT_REPRESENTING_ADDRTYPE,
  IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, 0x5D02001F, IMSG_PR_SENT_REPRESENTING_ENTRYID,
  IMSG_PR_SENT_REPRESENTING_SEARCH_KEY
};
static const PersonTags receipt_tags = { 0x402B001F, 0x4029001F,
                                         0x402A001F, 0x5D05001F,
                                         IMSG_PR_READ_RECEIPT_ENTRYID,
                                         IMSG_PR_READ_RECEIPT_SEARCH_KEY };

/* A header as text for people: decoded, unfolded, valid UTF-8. */
static char *
get_header (GMimeMessage *mime,
            const char   *name)
{
  const char *value = g_mime_object_get_header (GMIME_OBJECT (mime), name);
  char *text;

  if (value == NULL)
    return NULL;
  text = g_utf8_make_valid (value, -1);
  g_strdelimit (text, "\r\n\t", ' ');
  g_strstrip (text);
  if (*text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static gboolean
set_text (IMsgMessage *message,
          guint32      tag,
          const char  *text,
          GError     **error)
{
  return text == NULL || *text == '\0' ||
         imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), tag, text, error);
}

static gboolean
set_int (IMsgMessage *message,
         guint32      tag,
         gint64       value,
         GError     **error)
{
  return imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

/* --- people --- */

/* Mailboxes of a list, groups flattened, each with its name in valid UTF-8. */
typedef struct
{
  char *name;
  char *address;
} Person;

static void
person_clear (gpointer data)
{
  Person *person = data;

  g_free (person->name);
  g_free (person->address);
}

static void
collect_people (InternetAddressList *list,
                GArray              *people,
                guint                depth)
{
  for (int i = 0; list != NULL && i < internet_address_list_length (list); i++)
    {
      InternetAddress *address = internet_address_list_get_address (list, i);
      const char *name = internet_address_get_name (address);
      const char *mailbox;
      Person person;

      if (INTERNET_ADDRESS_IS_GROUP (address))
        {
          if (depth < 8)
            collect_people (internet_address_group_get_members (INTERNET_ADDRESS_GROUP (address)),
                            people, depth + 1);
          continue;
        }
      mailbox = internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (address));
      if (mailbox == NULL || *mailbox == '\0')
        continue;
      person.address = g_utf8_make_valid (mailbox, -1);
      person.name = name != NULL && *name != '\0' ? g_utf8_make_valid (name, -1)
                                                   : g_strdup (person.address);
      g_array_append_val (people, person);
    }
}

static GArray *
list_people (InternetAddressList *list)
{
  GArray *people = g_array_new (FALSE, FALSE, sizeof (Person));

  g_array_set_clear_func (people, person_clear);
  collect_people (list, people, 0);
  return people;
}

static gboolean
set_person (IMsgMessage      *message,
            const PersonTags *tags,
            const Person     *person,
            GError          **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GBytes) entry_id = _imsg_one_off_build (person->name, "SMTP", person->address, TRUE, 0);
  g_autoptr(GBytes) search_key = _imsg_search_key_build ("SMTP", person->address);

  return imsg_property_object_set_string (object, tags->name, person->name, error) &&
         imsg_property_object_set_string (object, tags->address_type, "SMTP", error) &&
         imsg_property_object_set_string (object, tags->address, person->address, error) &&
         imsg_property_object_set_string (object, tags->smtp, person->address, error) &&
         imsg_property_object_set_bytes (object, tags->entry_id, entry_id, error) &&
         imsg_property_object_set_bytes (object, tags->search_key, search_key, error);
}

static gboolean
add_recipients (IMsgMessage         *message,
                InternetAddressList *list,
                IMsgRecipientType    type,
                GError             **error)
{
  g_autoptr(GArray) people = list_people (list);

  for (guint i = 0; i < people->len; i++)
    {
      const Person *person = &g_array_index (people, Person, i);
      g_autoptr(IMsgRecipient) recipient =
        imsg_message_add_recipient (message, type, person->name, person->address, error);

      if (recipient == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
set_reply_to (IMsgMessage         *message,
              InternetAddressList *list,
              GError             **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GArray) people = list_people (list);
  g_autoptr(GPtrArray) entry_ids =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GString) names = g_string_new (NULL);
  g_autoptr(GBytes) entries = NULL;

  if (people->len == 0)
    return TRUE;
  for (guint i = 0; i < people->len; i++)
    {
      const Person *person = &g_array_index (people, Person, i);

      g_ptr_array_add (entry_ids,
                       _imsg_one_off_build (person->name, "SMTP", person->address, TRUE, 0));
      g_string_append_printf (names, "%s%s", i > 0 ? "; " : "", person->name);
    }
  entries = _imsg_flat_entry_list_build (entry_ids);
  return imsg_property_object_set_bytes (object, IMSG_PR_REPLY_RECIPIENT_ENTRIES, entries, error) &&
         imsg_property_object_set_string (object, IMSG_PR_REPLY_RECIPIENT_NAMES, names->str, error);
}

static gboolean
import_receipts (IMsgMessage  *message,
                 GMimeMessage *mime,
                 GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *read = get_header (mime, "Disposition-Notification-To");

  if (read != NULL)
    {
      InternetAddressList *list = internet_address_list_parse (NULL, read);
      g_autoptr(GArray) people = list_people (list);

      g_clear_object (&list);
      if (!imsg_property_object_set_boolean (object, IMSG_PR_READ_RECEIPT_REQUESTED, TRUE, error) ||
          !imsg_property_object_set_boolean (object, IMSG_PR_NON_RECEIPT_NOTIFICATION_REQUESTED,
                                             TRUE, error))
        return FALSE;
      if (people->len > 0 &&
          !set_person (message, &receipt_tags, &g_array_index (people, Person, 0), error))
        return FALSE;
    }
  return g_mime_object_get_header (GMIME_OBJECT (mime), "Return-Receipt-To") == NULL ||
         imsg_property_object_set_boolean (object, IMSG_PR_ORIGINATOR_DELIVERY_REPORT_REQUESTED,
                                           TRUE, error);
}

/* "Name:;" is how somebody without an Internet address goes out: the name is worth keeping. */
static gboolean
import_nameless_author (IMsgMessage         *message,
                        InternetAddressList *list,
                        GError             **error)
{
  InternetAddress *first = list != NULL && internet_address_list_length (list) > 0
                             ? internet_address_list_get_address (list, 0)
                             : NULL;
  const char *name = first != NULL && INTERNET_ADDRESS_IS_GROUP (first)
                       ? internet_address_get_name (first)
                       : NULL;
  g_autofree char *valid = name != NULL ? g_utf8_make_valid (name, -1) : NULL;

  return set_text (message, IMSG_PR_SENT_REPRESENTING_NAME, valid, error) &&
         set_text (message, IMSG_PR_SENDER_NAME, valid, error);
}

static gboolean
import_people (IMsgMessage  *message,
               GMimeMessage *mime,
               GError      **error)
{
  g_autoptr(GArray) authors = list_people (g_mime_message_get_from (mime));
  g_autoptr(GArray) senders = list_people (g_mime_message_get_sender (mime));
  const GArray *sender = senders->len > 0 ? senders : authors;

  if (authors->len == 0 &&
      !import_nameless_author (message, g_mime_message_get_from (mime), error))
    return FALSE;
  if (authors->len > 0 &&
      !set_person (message, &represented_tags, &g_array_index (authors, Person, 0), error))
    return FALSE;
  if (sender->len > 0 &&
      !set_person (message, &sender_tags, &g_array_index (sender, Person, 0), error))
    return FALSE;
  return add_recipients (message, g_mime_message_get_to (mime), IMSG_RECIPIENT_TYPE_TO, error) &&
         add_recipients (message, g_mime_message_get_cc (mime), IMSG_RECIPIENT_TYPE_CC, error) &&
         add_recipients (message, g_mime_message_get_bcc (mime), IMSG_RECIPIENT_TYPE_BCC, error) &&
         set_reply_to (message, g_mime_message_get_reply_to (mime), error) &&
         import_receipts (message, mime, error);
}

/* --- time --- */

/* The topmost Received header ends in the time the message arrived. */
static GDateTime *
get_received_time (GMimeMessage *mime)
{
  const char *received = g_mime_object_get_header (GMIME_OBJECT (mime), "Received");
  const char *semicolon = received != NULL ? strrchr (received, ';') : NULL;

  return semicolon != NULL ? g_mime_utils_header_decode_date (semicolon + 1) : NULL;
}

static gboolean
set_date_header (IMsgMessage  *message,
                 GMimeMessage *mime,
                 const char   *header,
                 guint32       tag,
                 GError      **error)
{
  const char *value = g_mime_object_get_header (GMIME_OBJECT (mime), header);
  g_autoptr(GDateTime) time = value != NULL ? g_mime_utils_header_decode_date (value) : NULL;

  return time == NULL ||
         imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (message), tag, time, error);
}

static gboolean
import_times (IMsgMessage  *message,
              GMimeMessage *mime,
              GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  GDateTime *sent = g_mime_message_get_date (mime);
  g_autoptr(GDateTime) received = get_received_time (mime);
  GDateTime *delivered = received != NULL ? received : sent;

  if (sent != NULL &&
      !imsg_property_object_set_datetime (object, IMSG_PR_CLIENT_SUBMIT_TIME, sent, error))
    return FALSE;
  if (delivered != NULL &&
      !imsg_property_object_set_datetime (object, IMSG_PR_MESSAGE_DELIVERY_TIME, delivered, error))
    return FALSE;
  return set_date_header (message, mime, "Expiry-Date", IMSG_PR_EXPIRY_TIME, error) &&
         set_date_header (message, mime, "Expires", IMSG_PR_EXPIRY_TIME, error) &&
         set_date_header (message, mime, "Reply-By", IMSG_PR_REPLY_TIME, error);
}

/* --- thread and weight --- */

static gboolean
import_thread (IMsgMessage  *message,
               GMimeMessage *mime,
               GError      **error)
{
  g_autofree char *id = get_header (mime, "Message-ID");
  g_autofree char *index = get_header (mime, "Thread-Index");

  if (!set_text (message, IMSG_PR_INTERNET_MESSAGE_ID, id, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (text_headers); i++)
    {
      g_autofree char *text = get_header (mime, text_headers[i].header);

      if (text != NULL && strlen (text) > MAX_REFERENCES)
        *(g_utf8_find_prev_char (text, text + MAX_REFERENCES)) = '\0';
      if (!set_text (message, text_headers[i].tag, text, error))
        return FALSE;
    }
  if (index != NULL)
    {
      gsize n_bytes;
      guint8 *decoded = g_base64_decode (index, &n_bytes);
      g_autoptr(GBytes) bytes = g_bytes_new_take (decoded, n_bytes);

      if (n_bytes >= 22 &&
          !imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message),
                                           IMSG_PR_CONVERSATION_INDEX, bytes, error))
        return FALSE;
    }
  return TRUE;
}

/* 0 low, 1 normal, 2 high; -1 when no header says. */
static int
find_importance (GMimeMessage *mime)
{
  static const struct
  {
    const char *header;
    const char *low;
    const char *high;
  } words[] = { { "Importance", "low", "high" }, { "X-MSMail-Priority", "low", "high" },
                { "Priority", "non-urgent", "urgent" } };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *value = get_header (mime, words[i].header);
      g_autofree char *number = i == 0 ? NULL : get_header (mime, "X-Priority");

      if (i == 1 && number != NULL && g_ascii_isdigit (*number))
        return *number <= '2' ? 2 : *number >= '4' ? 0 : 1;
      if (value == NULL)
        continue;
      return g_ascii_strcasecmp (value, words[i].high) == 0  ? 2
             : g_ascii_strcasecmp (value, words[i].low) == 0 ? 0
                                                             : 1;
    }
  return -1;
}

static gboolean
import_weight (IMsgMessage  *message,
               GMimeMessage *mime,
               GError      **error)
{
  static const char *const sensitivities[] = { "Normal", "Personal", "Private",
                                               "Company-Confidential" };
  g_autofree char *sensitivity = get_header (mime, "Sensitivity");
  g_autofree char *priority = get_header (mime, "Priority");
  int importance = find_importance (mime);

  if (importance >= 0 && !set_int (message, IMSG_PR_IMPORTANCE, importance, error))
    return FALSE;
  if (priority != NULL &&
      !set_int (message, IMSG_PR_PRIORITY,
                g_ascii_strcasecmp (priority, "urgent") == 0       ? 1
                : g_ascii_strcasecmp (priority, "non-urgent") == 0 ? -1
                                                                   : 0,
                error))
    return FALSE;
  for (guint i = 1; sensitivity != NULL && i < G_N_ELEMENTS (sensitivities); i++)
    if (g_ascii_strcasecmp (sensitivity, sensitivities[i]) == 0)
      return set_int (message, IMSG_PR_SENSITIVITY, i, error);
  return TRUE;
}

/* A flag for follow-up: [MS-OXCMAIL] 2.2.1.17 */
static gboolean
import_message_flag (IMsgMessage  *message,
                     GMimeMessage *mime,
                     GError      **error)
{
  g_autofree char *text = get_header (mime, "X-Message-Flag");
  g_autoptr(IMsgPropertyName) name = NULL;
  guint id;

  if (text == NULL)
    return TRUE;
  name = imsg_property_name_new_id ("PSETID_Common", 0x8530);
  id = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name, TRUE,
                                                   error);
  return id != 0 &&
         set_text (message, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), text, error) &&
         set_int (message, IMSG_PR_FLAG_STATUS, 2, error);
}

static gboolean
import_suppressed_responses (IMsgMessage  *message,
                             GMimeMessage *mime,
                             GError      **error)
{
  static const char *const names[] = { "DR", "NDR", "RN", "NRN", "OOF", "AutoReply" };
  g_autofree char *value = get_header (mime, "X-Auto-Response-Suppress");
  g_auto(GStrv) words = NULL;
  guint32 bits = 0;

  if (value == NULL)
    return TRUE;
  words = g_strsplit_set (value, ", ", 32);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (words[i], "All") == 0)
        bits = G_MAXUINT32;
      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        if (g_ascii_strcasecmp (words[i], names[j]) == 0)
          bits |= 1u << j;
    }
  return set_int (message, IMSG_PR_AUTO_RESPONSE_SUPPRESS, (gint32) bits, error);
}

/* --- named properties --- */

static gboolean
import_keywords (IMsgMessage  *message,
                 GMimeMessage *mime,
                 GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *value = get_header (mime, "Keywords");
  g_auto(GStrv) words = NULL;
  GVariantBuilder builder;
  guint n_words = 0;
  guint id;

  if (value == NULL)
    return TRUE;
  words = g_strsplit_set (value, ",;", 256);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; words[i] != NULL; i++)
    if (*g_strstrip (words[i]) != '\0')
      {
        g_variant_builder_add (&builder, "s", words[i]);
        n_words++;
      }
  if (n_words == 0)
    {
      g_variant_builder_clear (&builder);
      return TRUE;
    }
  id = imsg_property_object_resolve_name (object, IMSG_PS_PUBLIC_STRINGS, "Keywords", TRUE, error);
  if (id == 0)
    {
      g_variant_builder_clear (&builder);
      return FALSE;
    }
  return imsg_property_object_set_value (
    object, imsg_property_tag (IMSG_PROPERTY_TYPE_MV_UNICODE, id), g_variant_builder_end (&builder),
    error);
}

static gboolean
is_unnamed (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (unnamed_headers); i++)
    if (g_ascii_strcasecmp (name, unnamed_headers[i]) == 0)
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (unnamed_prefixes); i++)
    if (g_ascii_strncasecmp (name, unnamed_prefixes[i], strlen (unnamed_prefixes[i])) == 0)
      return TRUE;
  return FALSE;
}

/* Every other header becomes a property named like it; of one that occurs twice the first. */
static gboolean
import_named_headers (IMsgMessage  *message,
                      GMimeMessage *mime,
                      GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  GMimeHeaderList *headers = g_mime_object_get_header_list (GMIME_OBJECT (mime));
  int n_headers = g_mime_header_list_get_count (headers);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < n_headers && g_hash_table_size (seen) < MAX_NAMED_HEADERS; i++)
    {
      GMimeHeader *header = g_mime_header_list_get_header_at (headers, i);
      const char *name = g_mime_header_get_name (header);
      const char *value = g_mime_header_get_value (header);
      g_autoptr(IMsgPropertyName) property = NULL;
      g_autofree char *text = NULL;
      guint id;

      if (name == NULL || value == NULL || is_unnamed (name) || !g_str_is_ascii (name) ||
          !g_hash_table_add (seen, g_ascii_strdown (name, -1)))
        continue;
      text = g_utf8_make_valid (value, -1);
      property = imsg_property_name_new_string (IMSG_PS_INTERNET_HEADERS, name);
      id = imsg_property_object_resolve_property_name (object, property, TRUE, error);
      if (id == 0 ||
          !imsg_property_object_set_string (
            object, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), g_strstrip (text), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
import_header_block (IMsgMessage  *message,
                     GMimeMessage *mime,
                     GError      **error)
{
  g_autofree char *block = g_mime_object_get_headers (GMIME_OBJECT (mime), NULL);
  g_autoptr(GString) lines = NULL;

  if (block == NULL || *block == '\0')
    return TRUE;
  if (strlen (block) > MAX_HEADER_BLOCK)
    block[MAX_HEADER_BLOCK] = '\0';
  lines = g_string_new (NULL);
  for (const char *c = block; *c != '\0'; c++)
    if (*c == '\n')
      g_string_append (lines, "\r\n");
    else if (*c != '\r')
      g_string_append_c (lines, *c);
  g_string_append (lines, "\r\n");
  g_free (block);
  block = g_utf8_make_valid (lines->str, (gssize) lines->len);
  return imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message),
                                          IMSG_PR_TRANSPORT_MESSAGE_HEADERS, block, error);
}

gboolean
_imsg_mime_import_headers (IMsgMimeImport *import,
                           IMsgMessage    *message,
                           GMimeMessage   *mime,
                           GError        **error)
{
  const char *stored = g_mime_message_get_subject (mime);
  g_autofree char *subject = stored != NULL ? g_utf8_make_valid (stored, -1) : NULL;

  if (subject != NULL)
    {
      g_strdelimit (subject, "\r\n\t", ' ');
      if (!imsg_message_set_subject (message, g_strstrip (subject), error))
        return FALSE;
    }
  return import_people (message, mime, error) && import_times (message, mime, error) &&
         import_thread (message, mime, error) && import_weight (message, mime, error) &&
         import_suppressed_responses (message, mime, error) &&
         import_message_flag (message, mime, error) &&
         import_keywords (message, mime, error) && import_named_headers (message, mime, error) &&
         import_header_block (message, mime, error);
}
