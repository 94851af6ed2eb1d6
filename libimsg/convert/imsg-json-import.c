/* imsg-json-import.c - a message from JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body.h"
#include "imsg-json-private.h"
#include "imsg-json.h"
#include "imsg-message-private.h"
#include "imsg-problem-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Levels of JSON that one embedded message takes: message, attachments, attachment; twice that for
 * values and for what stands around the outermost one. */
#define LEVELS_PER_MESSAGE 6

#define CHUNK_BYTES (64 * 1024)

static const char *const recipient_kinds[] = { "originator", "to", "cc", "bcc" };

/* Where in the outermost message it is read, such as "/attachments/0/": of what cannot be taken
 * over, a problem tells there. */
typedef struct
{
  IMsgMessage *root;
  const char  *path;
} Place;

static gboolean read_message (const Place  *place,
                              IMsgMessage  *message,
                              JsonObject   *object,
                              GError      **error);

static gboolean
bad_json (GError     **error,
          const char  *what)
{
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA, _("The JSON holds no message: %s"),
               what);
  return FALSE;
}

/* --- members, of the type wanted or NULL --- */

static const char *
get_string (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static JsonObject *
get_object (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
get_array (JsonObject *object,
           const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
get_element (JsonArray *array,
             guint      index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static guint
get_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static gboolean
is_truncated (JsonObject *property)
{
  JsonNode *node = json_object_get_member (property, "truncated");

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
         json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

/* --- properties --- */

static gboolean
parse_number (const char *text,
              gsize       n_digits,
              guint64    *number)
{
  return text != NULL && g_str_has_prefix (text, "0x") && strlen (text + 2) == n_digits &&
         g_ascii_string_to_unsigned (text + 2, 16, 0, G_MAXUINT32, number, NULL);
}

/* The tag of a property here: a named one gets the id that its name has in this message. */
static gboolean
read_tag (IMsgPropertyObject  *object,
          JsonObject          *property,
          guint32             *tag,
          GError             **error)
{
  JsonObject *named = get_object (property, "named");
  g_autoptr(IMsgPropertyName) name = NULL;
  const char *set = NULL;
  const char *text = NULL;
  guint64 number = 0;
  guint id = 0;

  if (!parse_number (get_string (property, "tag"), 8, &number))
    return bad_json (error, _("a property has no tag"));
  *tag = (guint32) number;
  /* an id of no name in that file may be one of some name here */
  if (named == NULL && imsg_property_tag_get_id (*tag) >= 0x8000)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_UNEXPECTED_ID,
                 _("Property id 0x%04X has no name in this file"), imsg_property_tag_get_id (*tag));
  if (named == NULL)
    return imsg_property_tag_get_id (*tag) < 0x8000;
  set = get_string (named, "set");
  text = get_string (named, "name");
  if (text == NULL)
    text = get_string (named, "id");
  if (set == NULL || text == NULL)
    return bad_json (error, _("a named property has no name"));
  /* A text that looks like a number is text all the same */
  if (get_string (named, "name") != NULL)
    name = imsg_property_name_new_string (set, text);
  else if (g_str_has_prefix (text, "0x"))
    name = imsg_property_name_parse (set, text, NULL);
  if (name == NULL)
    return bad_json (error, _("the name of a named property makes no sense"));
  id = imsg_property_object_resolve_property_name (object, name, TRUE, error);
  *tag = imsg_property_tag (imsg_property_tag_get_property_type (*tag), id);
  return id != 0;
}

/* What the library computes itself, or keeps others from writing, is not taken from the JSON, and
 * no loss. Of what a file has but no message can take, a problem tells. Damage of the JSON itself
 * ends the reading. */
static gboolean
pass_over (const Place  *place,
           guint32       tag,
           GError       *own_error,
           GError      **error)
{
  g_autofree char *where = NULL;

  if (own_error->domain != IMSG_ERROR || own_error->code == IMSG_ERROR_CORRUPT_DATA ||
      own_error->code == IMSG_ERROR_CLOSED)
    {
      g_propagate_error (error, own_error);
      return FALSE;
    }
  if (own_error->code != IMSG_ERROR_COMPUTED && own_error->code != IMSG_ERROR_NO_ACCESS)
    {
      where = g_strdup_printf ("%s0x%08X", place->path, tag);
      _imsg_message_add_problem (place->root, _imsg_problem_new (where, own_error->code, "%s",
                                                                 own_error->message));
    }
  g_error_free (own_error);
  return TRUE;
}

static IMsgPropertyAttributes
read_attributes (JsonObject *property)
{
  static const char *const names[] = { "mandatory", "readable", "writeable", "not-present" };
  JsonArray *array = get_array (property, "attributes");
  IMsgPropertyAttributes attributes = IMSG_PROPERTY_ATTRIBUTES_NONE;

  for (guint i = 0; i < get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      for (guint bit = 0; bit < G_N_ELEMENTS (names); bit++)
        if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
            strcmp (json_node_get_string (node), names[bit]) == 0)
          attributes |= 1u << bit;
    }
  return attributes;
}

/* Files have types that nobody may set: these are put as they were. */
static gboolean
set_value (IMsgPropertyObject  *object,
           guint32              tag,
           GVariant            *value,
           GError             **error)
{
  GError *own_error = NULL;

  if (imsg_property_object_set_value (object, tag, value, &own_error))
    return TRUE;
  if ((g_error_matches (own_error, IMSG_ERROR, IMSG_ERROR_INVALID_TYPE) ||
       g_error_matches (own_error, IMSG_ERROR, IMSG_ERROR_TYPE_NO_SUPPORT)) &&
      _imsg_property_object_put (object, tag, value, 0, NULL))
    {
      g_error_free (own_error);
      return TRUE;
    }
  g_propagate_error (error, own_error);
  return FALSE;
}

static gboolean
read_property (const Place         *place,
               IMsgPropertyObject  *object,
               JsonObject          *property,
               GError             **error)
{
  JsonNode *node = json_object_get_member (property, "value");
  g_autoptr(GVariant) value = NULL;
  GError *own_error = NULL;
  const char *type = NULL;
  guint32 tag = 0;

  if (get_string (property, "tag") == NULL)
    return bad_json (error, _("a property has no tag"));
  if (node == NULL || JSON_NODE_HOLDS_NULL (node) || is_truncated (property))
    return TRUE;
  if (!read_tag (object, property, &tag, &own_error))
    return pass_over (place, tag, own_error, error);
  type = imsg_property_type_get_variant_type (imsg_property_tag_get_property_type (tag));
  if (type == NULL)
    return TRUE;
  value = _imsg_json_parse_value (node, G_VARIANT_TYPE (type));
  if (value == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   _("Property 0x%08X: the JSON value does not fit its type"), tag);
      return FALSE;
    }
  g_variant_ref_sink (value);
  if (set_value (object, tag, value, &own_error) &&
      (get_array (property, "attributes") == NULL ||
       imsg_property_object_set_attributes (object, tag, read_attributes (property), &own_error)))
    return TRUE;
  return pass_over (place, tag, own_error, error);
}

/* The ids of text in Unicode. The same text in 8 bits, which a file may have beside it, may lack
 * characters; as a message has one property of an id, it is left out. */
static GHashTable *
list_unicode_ids (JsonArray *properties)
{
  GHashTable *ids = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < get_length (properties); i++)
    {
      JsonObject *property = get_element (properties, i);
      guint64 tag = 0;

      if (property != NULL && parse_number (get_string (property, "tag"), 8, &tag) &&
          imsg_property_tag_get_property_type ((guint32) tag) == IMSG_PROPERTY_TYPE_UNICODE)
        g_hash_table_add (ids, GUINT_TO_POINTER (imsg_property_tag_get_id ((guint32) tag)));
    }
  return ids;
}

static gboolean
is_twin (GHashTable *unicode_ids,
         JsonObject *property)
{
  guint64 tag = 0;

  return parse_number (get_string (property, "tag"), 8, &tag) &&
         imsg_property_tag_get_property_type ((guint32) tag) == IMSG_PROPERTY_TYPE_STRING8 &&
         g_hash_table_contains (unicode_ids,
                                GUINT_TO_POINTER (imsg_property_tag_get_id ((guint32) tag)));
}

static gboolean
read_properties (const Place         *place,
                 IMsgPropertyObject  *object,
                 JsonObject          *json,
                 GError             **error)
{
  JsonArray *properties = get_array (json, "properties");
  g_autoptr(GHashTable) unicode_ids = list_unicode_ids (properties);

  for (guint i = 0; i < get_length (properties); i++)
    {
      JsonObject *property = get_element (properties, i);

      if (property == NULL)
        return bad_json (error, _("a property is no object"));
      if (!is_twin (unicode_ids, property) && !read_property (place, object, property, error))
        return FALSE;
    }
  return TRUE;
}

/* --- the facts beside the properties, which count where no property says the same --- */

static gboolean
read_fact (IMsgPropertyObject  *object,
           JsonObject          *json,
           const char          *name,
           guint32              tag,
           GError             **error)
{
  const char *value = get_string (json, name);

  if (value == NULL || imsg_property_object_find_tag (object, tag) != 0)
    return TRUE;
  return imsg_property_object_set_string (object, tag, value, error);
}

static gboolean
read_time (IMsgPropertyObject  *object,
           JsonObject          *json,
           const char          *name,
           guint32              tag,
           GError             **error)
{
  JsonNode *node = json_object_get_member (json, name);
  g_autoptr(GVariant) value = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node) ||
      imsg_property_object_find_tag (object, tag) != 0)
    return TRUE;
  value = _imsg_json_parse_value (node, G_VARIANT_TYPE_UINT64);
  if (value == NULL)
    return bad_json (error, _("a time is no time"));
  g_variant_ref_sink (value);
  return imsg_property_object_set_value (object, tag, value, error);
}

static gboolean
read_sender (IMsgPropertyObject  *object,
             JsonObject          *json,
             const char          *name,
             guint32              name_tag,
             guint32              type_tag,
             guint32              address_tag,
             GError             **error)
{
  JsonObject *address = get_object (json, name);

  return address == NULL ||
         (read_fact (object, address, "name", name_tag, error) &&
          read_fact (object, address, "type", type_tag, error) &&
          read_fact (object, address, "address", address_tag, error));
}

static gboolean
is_same_person (JsonObject *a,
                JsonObject *b)
{
  return a != NULL && b != NULL && g_strcmp0 (get_string (a, "name"), get_string (b, "name")) == 0 &&
         g_strcmp0 (get_string (a, "type"), get_string (b, "type")) == 0 &&
         g_strcmp0 (get_string (a, "address"), get_string (b, "address")) == 0;
}

/* Beside the properties of the message "from" repeats the sender where there is nobody else. */
static gboolean
read_authors (IMsgPropertyObject  *object,
              JsonObject          *json,
              GError             **error)
{
  gboolean is_repeated =
    get_array (json, "properties") != NULL &&
    is_same_person (get_object (json, "sender"), get_object (json, "from"));

  return read_sender (object, json, "sender", IMSG_PR_SENDER_NAME, IMSG_PR_SENDER_ADDRTYPE,
                      IMSG_PR_SENDER_EMAIL_ADDRESS, error) &&
         (is_repeated ||
          read_sender (object, json, "from", IMSG_PR_SENT_REPRESENTING_NAME,
                       IMSG_PR_SENT_REPRESENTING_ADDRTYPE,
                       IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, error));
}

/* By name and Internet address; the address of another kind is kept beside, none is made of it. */
static IMsgRecipient *
add_by_facts (IMsgMessage        *message,
              IMsgRecipientType   type,
              JsonObject         *json,
              GError            **error)
{
  const char *name = get_string (json, "name");
  const char *kind = get_string (json, "type");
  const char *address = get_string (json, "address");
  const char *smtp = get_string (json, "smtp");
  gboolean is_smtp = kind == NULL || g_ascii_strcasecmp (kind, "SMTP") == 0;
  g_autoptr(IMsgRecipient) recipient = NULL;

  if (smtp == NULL && is_smtp)
    smtp = address;
  recipient = imsg_message_add_recipient (message, type, name != NULL ? name : address, smtp, error);
  if (recipient == NULL ||
      (!is_smtp && (!imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (recipient),
                                                      IMSG_PR_ADDRTYPE, kind, error) ||
                    (address != NULL &&
                     !imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (recipient),
                                                       IMSG_PR_EMAIL_ADDRESS, address, error)))))
    return NULL;
  return g_steal_pointer (&recipient);
}

/* A row that says who it is by its properties has these and no others, and so has one that nothing
 * says who it is. */
static gboolean
is_by_properties (JsonObject *json)
{
  static const guint32 tags[] = { IMSG_PR_DISPLAY_NAME, IMSG_PR_EMAIL_ADDRESS, IMSG_PR_ENTRYID };
  JsonArray *properties = get_array (json, "properties");

  for (guint i = 0; i < get_length (properties); i++)
    {
      JsonObject *property = get_element (properties, i);
      const char *text = property != NULL ? get_string (property, "tag") : NULL;
      guint64 tag = text != NULL ? g_ascii_strtoull (text, NULL, 16) : 0;

      for (guint k = 0; k < G_N_ELEMENTS (tags); k++)
        if (tag >> 16 == tags[k] >> 16)
          return TRUE;
    }
  return properties != NULL && get_string (json, "name") == NULL &&
         get_string (json, "address") == NULL && get_string (json, "smtp") == NULL;
}

static gboolean
read_recipients (const Place  *place,
                 IMsgMessage  *message,
                 JsonObject   *json,
                 GError      **error)
{
  JsonArray *recipients = get_array (json, "recipients");

  for (guint i = 0; i < get_length (recipients); i++)
    {
      JsonObject *one = get_element (recipients, i);
      g_autoptr(IMsgRecipient) recipient = NULL;
      IMsgRecipientType type = IMSG_RECIPIENT_TYPE_TO;
      g_autofree char *path = g_strdup_printf ("%srecipients/%u/", place->path, i);
      const Place inner = { place->root, path };

      if (one == NULL)
        return bad_json (error, _("a recipient is no object"));
      for (guint kind = 0; kind < G_N_ELEMENTS (recipient_kinds); kind++)
        if (g_strcmp0 (get_string (one, "kind"), recipient_kinds[kind]) == 0)
          type = kind;
      recipient = is_by_properties (one) ? imsg_message_create_recipient (message, error)
                                         : add_by_facts (message, type, one, error);
      if (recipient == NULL ||
          !read_properties (&inner, IMSG_PROPERTY_OBJECT (recipient), one, error) ||
          (imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (recipient),
                                          IMSG_PR_RECIPIENT_TYPE) == 0 &&
           !imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (recipient), IMSG_PR_RECIPIENT_TYPE,
                                          type, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_attachment (const Place  *place,
                 IMsgMessage  *message,
                 JsonObject   *json,
                 GError      **error)
{
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, error);
  JsonObject *inner = get_object (json, "message");
  /* The name beside the properties may be one that was made up for want of one among them */
  const char *name = get_array (json, "properties") == NULL ? get_string (json, "name") : NULL;
  g_autoptr(IMsgMessage) embedded = NULL;

  if (attachment == NULL)
    return FALSE;
  if (inner != NULL)
    {
      embedded = imsg_attachment_create_message (attachment, error);
      if (embedded == NULL || !read_message (place, embedded, inner, error) ||
          !imsg_message_save (embedded, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, error))
        return FALSE;
    }
  if (!read_properties (place, IMSG_PROPERTY_OBJECT (attachment), json, error))
    return FALSE;
  if (name != NULL && !imsg_attachment_set_file_name (attachment, name, error))
    return FALSE;
  return read_fact (IMSG_PROPERTY_OBJECT (attachment), json, "mime_type", IMSG_PR_ATTACH_MIME_TAG,
                    error) &&
         read_fact (IMSG_PROPERTY_OBJECT (attachment), json, "content_id",
                    IMSG_PR_ATTACH_CONTENT_ID, error);
}

static gboolean
read_attachments (const Place  *place,
                  IMsgMessage  *message,
                  JsonObject   *json,
                  GError      **error)
{
  JsonArray *attachments = get_array (json, "attachments");

  for (guint i = 0; i < get_length (attachments); i++)
    {
      JsonObject *one = get_element (attachments, i);
      g_autofree char *path = g_strdup_printf ("%sattachments/%u/", place->path, i);
      const Place inner = { place->root, path };

      if (one == NULL)
        return bad_json (error, _("an attachment is no object"));
      if (!read_attachment (&inner, message, one, error))
        return FALSE;
    }
  return TRUE;
}

/* The best body that the JSON holds, unless one came as a property. */
static gboolean
read_body (IMsgMessage  *message,
           JsonObject   *json,
           GError      **error)
{
  static const struct
  {
    const char     *name;
    IMsgBodyFormat  format;
  } formats[] = {
    { "html", IMSG_BODY_FORMAT_HTML },
    { "text", IMSG_BODY_FORMAT_TEXT },
  };
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  JsonObject *bodies = get_object (json, "bodies");

  if (bodies == NULL || imsg_property_object_find_tag (object, IMSG_PR_BODY) != 0 ||
      imsg_property_object_find_tag (object, IMSG_PR_HTML) != 0 ||
      imsg_property_object_find_tag (object, IMSG_PR_RTF_COMPRESSED) != 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      JsonObject *body = get_object (bodies, formats[i].name);
      const char *content = body != NULL ? get_string (body, "content") : NULL;

      if (content != NULL)
        return imsg_message_set_body (message, formats[i].format, content, error);
    }
  return TRUE;
}

/* Every class that a file may have, also one that no new message would get; a property of the same
 * tag that follows has the last word. */
static gboolean
read_class (IMsgPropertyObject  *object,
            JsonObject          *json,
            GError             **error)
{
  const char *value = get_string (json, "class");

  return value == NULL ||
         imsg_property_object_set_string (object, IMSG_PR_MESSAGE_CLASS, value, error);
}

/* Recurses once for each level of embedding; how deep the text goes was checked before. */
static gboolean
read_message (const Place  *place,
              IMsgMessage  *message,
              JsonObject   *json,
              GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  return read_class (object, json, error) &&
         read_properties (place, object, json, error) &&
         read_fact (object, json, "subject", IMSG_PR_SUBJECT, error) &&
         read_fact (object, json, "message_id", IMSG_PR_INTERNET_MESSAGE_ID, error) &&
         read_authors (object, json, error) &&
         read_time (object, json, "sent", IMSG_PR_CLIENT_SUBMIT_TIME, error) &&
         read_time (object, json, "received", IMSG_PR_MESSAGE_DELIVERY_TIME, error) &&
         read_recipients (place, message, json, error) &&
         read_body (message, json, error) &&
         read_attachments (place, message, json, error);
}

/* --- the text --- */

static GBytes *
read_text (IMsgSession   *session,
           GInputStream  *stream,
           GCancellable  *cancellable,
           GError       **error)
{
  guint64 max_bytes = imsg_session_get_limit (session, IMSG_LIMIT_VALUE_BYTES);
  g_autoptr(GByteArray) text = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (CHUNK_BYTES);
  gssize n_read = 0;

  while ((n_read = g_input_stream_read (stream, buffer, CHUNK_BYTES, cancellable, error)) > 0)
    {
      if (text->len + (guint64) n_read > max_bytes)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "The JSON is longer than %" PRIu64 " byte",
                                    "The JSON is longer than %" PRIu64 " bytes",
                                    max_bytes),
                       max_bytes);
          return NULL;
        }
      g_byte_array_append (text, buffer, n_read);
    }
  if (n_read < 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&text));
}

/* The parser calls itself for every level, and takes the last of several values for the only one: the
 * depth is bounded, and there is one value, before it sees the text. */
static gboolean
check_shape (const char  *text,
             gsize        length,
             guint64      max_depth,
             GError     **error)
{
  gboolean is_in_string = FALSE;
  gboolean is_ended = FALSE;
  guint64 depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (is_ended && !g_ascii_isspace (text[i]))
        return bad_json (error, _("there is something behind its end"));
      if (is_in_string && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        is_in_string = !is_in_string;
      else if (!is_in_string && (text[i] == '{' || text[i] == '['))
        depth++;
      else if (!is_in_string && (text[i] == '}' || text[i] == ']') && depth > 0)
        is_ended = --depth == 0;
      if (depth > max_depth)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "The JSON is nested deeper than %" PRIu64 " level",
                                    "The JSON is nested deeper than %" PRIu64 " levels",
                                    max_depth),
                       max_depth);
          return FALSE;
        }
    }
  return TRUE;
}

/* What "imsg dump" writes of a file that it cannot read is no message without anything in it. */
static JsonObject *
find_message (JsonNode  *root,
              GError   **error)
{
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root)
                                                                     : NULL;
  JsonObject *message = object != NULL ? get_object (object, "message") : NULL;
  JsonObject *failure = object != NULL && message == NULL ? get_object (object, "error") : NULL;
  const char *text = failure != NULL ? get_string (failure, "text") : NULL;

  if (object == NULL)
    bad_json (error, _("it is no object"));
  else if (failure != NULL)
    bad_json (error, text != NULL ? text : _("it tells of an error"));
  else
    return message != NULL ? message : object;
  return NULL;
}

/**
 * imsg_session_import_json:
 * @self: a session
 * @stream: JSON text in UTF-8
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Makes a message from the JSON that [method@IMsg.Message.to_json] writes.
 *
 * With `IMSG_JSON_COMPLETE` the JSON holds all there is but OLE objects, which are left out; from
 * less, the message has what was there: values that were cut are left out too. Named properties are
 * found by their names. JSON of the same form from elsewhere needs no more than the members it has
 * something to say in. Of a property that no message can take the message has a problem.
 *
 * Fails with `IMSG_ERROR_CORRUPT_DATA` when the text is no JSON, no message or more than one,
 * `IMSG_ERROR_TOO_BIG` over a limit of the session, `IMSG_ERROR_CLOSED` once @self is closed, and
 * with `G_IO_ERROR` codes.
 *
 * Returns: (transfer full): a new message, open in the session
 * Since: 1.0
 */
IMsgMessage *
imsg_session_import_json (IMsgSession   *self,
                          GInputStream  *stream,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(GBytes) text = NULL;
  g_autoptr(GBytes) mended = NULL;
  g_autoptr(JsonParser) parser = NULL;
  g_autoptr(GError) json_error = NULL;
  IMsgMessage *message = NULL;
  JsonObject *object = NULL;
  const char *bytes = NULL;
  gsize n_bytes = 0;

  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);

  text = read_text (self, stream, cancellable, error);
  if (text == NULL)
    return NULL;
  bytes = g_bytes_get_data (text, &n_bytes);
  if (n_bytes == 0 || !g_utf8_validate (bytes, n_bytes, NULL))
    {
      bad_json (error, _("it is no UTF-8 text"));
      return NULL;
    }
  if (!check_shape (bytes, n_bytes,
                    (imsg_session_get_limit (self, IMSG_LIMIT_NESTING) + 1) * LEVELS_PER_MESSAGE,
                    error))
    return NULL;
  mended = _imsg_json_mend_escapes (text);
  bytes = g_bytes_get_data (mended, NULL);
  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, bytes, n_bytes, &json_error))
    {
      bad_json (error, json_error->message);
      return NULL;
    }
  object = find_message (json_parser_get_root (parser), error);
  if (object == NULL)
    return NULL;
  message = imsg_session_create_message (self, "IPM.Note", error);
  if (message != NULL && !read_message (&(Place) { message, "/" }, message, object, error))
    {
      imsg_message_close (message);
      g_clear_object (&message);
    }
  return message;
}
