/* imsg-json.c - a message as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-json.h"

#include <json-glib/json-glib.h>

#include "imsg-address.h"
#include "imsg-body.h"
#include "imsg-filetime-private.h"
#include "imsg-json-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

/**
 * IMsgJsonFlags:
 * @IMSG_JSON_DEFAULT: facts, sizes and hashes; long binary values are cut
 * @IMSG_JSON_BODIES: the bodies themselves too
 * @IMSG_JSON_COMPLETE: nothing cut, with the properties of recipients and attachments and the data
 *   of attachments, so that [method@IMsg.Session.import_json] can make the message again
 * @IMSG_JSON_PRETTY: broken into indented lines
 *
 * What the JSON of a message holds.
 *
 * Since: 1.0
 */

/* Binary values longer than this are cut unless everything is asked for. */
#define MAX_SHORT_BYTES 256
/* Stream-stored values larger than this are hashed as they are read. */
#define MAX_HASH_IN_MEMORY (1024 * 1024)
#define COPY_BYTES (64 * 1024)

static const struct
{
  IMsgAttachmentMethod method;
  const char          *name;
} method_names[] = {
  { IMSG_ATTACHMENT_METHOD_NONE, "none" },
  { IMSG_ATTACHMENT_METHOD_BY_VALUE, "by-value" },
  { IMSG_ATTACHMENT_METHOD_BY_REFERENCE, "by-reference" },
  { IMSG_ATTACHMENT_METHOD_BY_REFERENCE_RESOLVE, "by-reference-resolve" },
  { IMSG_ATTACHMENT_METHOD_BY_REFERENCE_ONLY, "by-reference-only" },
  { IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE, "embedded-message" },
  { IMSG_ATTACHMENT_METHOD_OLE, "ole" },
  { IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE, "by-web-reference" },
};

static const char *const recipient_kinds[] = { "originator", "to", "cc", "bcc" };

static const struct
{
  IMsgBodyFormat format;
  const char    *name;
} body_formats[] = {
  { IMSG_BODY_FORMAT_TEXT, "text" },
  { IMSG_BODY_FORMAT_HTML, "html" },
  { IMSG_BODY_FORMAT_RTF, "rtf" },
};

static const char *const body_origins[] = { "stored", "rtf", "html", "text" };

typedef struct
{
  JsonBuilder   *builder;
  IMsgJsonFlags  flags;
  GCancellable  *cancellable;
  GPtrArray     *failures; /* (element-type Failure): what could not be read on the way */
} Writer;

typedef struct
{
  char       *where;
  const char *code; /* static */
  char       *text;
} Failure;

static gboolean add_message (Writer      *self,
                             IMsgMessage *message,
                             const char  *where,
                             GError     **error);

static void
failure_free (gpointer data)
{
  Failure *failure = data;

  g_free (failure->where);
  g_free (failure->text);
  g_free (failure);
}

/* A failure that belongs to one part of the message; cancellation stops everything instead. */
static gboolean
note_failure (Writer     *self,
              const char *where,
              GError     *part_error,
              GError    **error)
{
  Failure *failure = NULL;

  if (g_error_matches (part_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, part_error);
      return FALSE;
    }
  failure = g_new0 (Failure, 1);
  failure->where = g_strdup (where);
  failure->code = part_error->domain == IMSG_ERROR ? imsg_error_code_to_name (part_error->code)
                                                   : "DISK_ERROR";
  failure->text = g_strdup (part_error->message);
  g_ptr_array_add (self->failures, failure);
  g_error_free (part_error);
  return TRUE;
}

static void
add_string (Writer     *self,
            const char *name,
            const char *value)
{
  json_builder_set_member_name (self->builder, name);
  if (value != NULL)
    json_builder_add_string_value (self->builder, value);
  else
    json_builder_add_null_value (self->builder);
}

static void
add_boolean (Writer     *self,
             const char *name,
             gboolean    value)
{
  json_builder_set_member_name (self->builder, name);
  json_builder_add_boolean_value (self->builder, value);
}

static void
add_int (Writer     *self,
         const char *name,
         gint64      value)
{
  json_builder_set_member_name (self->builder, name);
  json_builder_add_int_value (self->builder, value);
}

static void
add_null (Writer     *self,
          const char *name)
{
  json_builder_set_member_name (self->builder, name);
  json_builder_add_null_value (self->builder);
}

/* --- hashes --- */

static char *
hash_stream (GInputStream  *stream,
             guint64       *n_bytes,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (COPY_BYTES);
  gssize n_read = 0;

  *n_bytes = 0;
  while ((n_read = g_input_stream_read (stream, buffer, COPY_BYTES, cancellable, error)) > 0)
    {
      g_checksum_update (checksum, buffer, n_read);
      *n_bytes += n_read;
    }
  if (n_read < 0)
    return NULL;
  return g_strdup (g_checksum_get_string (checksum));
}

/* SHA-256 of the stored bytes; large values are not held in memory. */
static char *
hash_property (Writer             *self,
               IMsgPropertyObject *object,
               guint32             tag,
               guint64            *n_bytes,
               GError            **error)
{
  g_autoptr(GBytes) raw = NULL;

  if (*n_bytes > MAX_HASH_IN_MEMORY && !imsg_property_tag_is_multi_valued (tag))
    {
      g_autoptr(GInputStream) stream =
        imsg_property_object_open_stream (object, tag, self->cancellable, NULL);

      if (stream != NULL)
        return hash_stream (stream, n_bytes, self->cancellable, error);
    }
  raw = imsg_property_object_get_raw (object, tag, error);
  if (raw == NULL)
    return NULL;
  *n_bytes = g_bytes_get_size (raw);
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, raw);
}

/* --- properties --- */

static void
add_property_name (Writer       *self,
                   IMsgProperty *property)
{
  const IMsgPropertyName *name = imsg_property_get_property_name (property);

  if (name == NULL)
    return;
  json_builder_set_member_name (self->builder, "named");
  json_builder_begin_object (self->builder);
  add_string (self, "set", imsg_property_name_get_set (name));
  if (imsg_property_name_get_kind (name) == IMSG_PROPERTY_NAME_ID)
    {
      g_autofree char *id = g_strdup_printf ("0x%04X", imsg_property_name_get_id (name));

      add_string (self, "id", id);
    }
  else
    add_string (self, "name", imsg_property_name_get_string (name));
  json_builder_end_object (self->builder);
}

static void
add_attributes (Writer                 *self,
                IMsgPropertyAttributes  attributes)
{
  static const char *const names[] = { "mandatory", "readable", "writeable", "not-present" };

  json_builder_set_member_name (self->builder, "attributes");
  json_builder_begin_array (self->builder);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (attributes & (1u << i))
      json_builder_add_string_value (self->builder, names[i]);
  json_builder_end_array (self->builder);
}

static gboolean
add_property (Writer             *self,
              IMsgPropertyObject *object,
              IMsgProperty       *property,
              const char         *where,
              GError            **error)
{
  guint32 tag = imsg_property_get_tag (property);
  const char *type_name = imsg_property_type_get_name (imsg_property_get_property_type (property));
  g_autofree char *tag_text = g_strdup_printf ("0x%08X", tag);
  g_autofree char *type_text = NULL;
  g_autofree char *hash = NULL;
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) part_error = NULL;
  guint64 n_bytes = imsg_property_get_size (property);

  if (type_name == NULL)
    type_name = type_text = g_strdup_printf ("0x%04X", tag & 0xFFFF);
  json_builder_begin_object (self->builder);
  add_string (self, "tag", tag_text);
  add_string (self, "name", imsg_property_get_name (property));
  add_string (self, "type", type_name);
  add_property_name (self, property);
  add_attributes (self, imsg_property_get_attributes (property));

  /* An object has no value; what it holds is told beside the properties */
  if (imsg_property_get_property_type (property) != IMSG_PROPERTY_TYPE_OBJECT)
    hash = hash_property (self, object, tag, &n_bytes, &part_error);
  if (hash == NULL)
    {
      g_autofree char *part = g_strdup_printf ("%s%s", where, tag_text);

      if (part_error != NULL && !note_failure (self, part, g_steal_pointer (&part_error), error))
        return FALSE;
      add_null (self, "bytes");
      add_null (self, "sha256");
      add_null (self, "value");
      json_builder_end_object (self->builder);
      return TRUE;
    }
  add_int (self, "bytes", n_bytes);
  add_string (self, "sha256", hash);

  /* What does not decode was told as a problem of the message, or is no value at all (an object) */
  json_builder_set_member_name (self->builder, "value");
  value = imsg_property_object_get_value (object, tag, NULL);
  if (value == NULL)
    json_builder_add_null_value (self->builder);
  else if (_imsg_json_add_value (self->builder, value,
                                 self->flags & IMSG_JSON_COMPLETE ? G_MAXSIZE : MAX_SHORT_BYTES))
    add_boolean (self, "truncated", TRUE);
  json_builder_end_object (self->builder);
  return TRUE;
}

static gboolean
add_properties (Writer             *self,
                IMsgPropertyObject *object,
                const char         *where,
                GError            **error)
{
  GListModel *properties = imsg_property_object_get_properties (object);

  json_builder_set_member_name (self->builder, "properties");
  json_builder_begin_array (self->builder);
  for (guint i = 0; i < g_list_model_get_n_items (properties); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (properties, i);

      if (imsg_property_get_origin (property) == IMSG_PROPERTY_ORIGIN_COMPUTED)
        continue;
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
          !add_property (self, object, property, where, error))
        return FALSE;
    }
  json_builder_end_array (self->builder);
  return TRUE;
}

/* --- people --- */

static void
add_address_members (Writer            *self,
                     const IMsgAddress *address)
{
  /* A recipient of whom the message says nothing is a recipient all the same */
  add_string (self, "name", address != NULL ? imsg_address_get_name (address) : NULL);
  add_string (self, "type", address != NULL ? imsg_address_get_address_type (address) : NULL);
  add_string (self, "address", address != NULL ? imsg_address_get_address (address) : NULL);
  add_string (self, "smtp", address != NULL ? imsg_address_get_smtp (address) : NULL);
}

static void
add_address (Writer            *self,
             const char        *name,
             const IMsgAddress *address)
{
  json_builder_set_member_name (self->builder, name);
  if (address == NULL)
    {
      json_builder_add_null_value (self->builder);
      return;
    }
  json_builder_begin_object (self->builder);
  add_address_members (self, address);
  json_builder_end_object (self->builder);
}

static gboolean
add_recipients (Writer       *self,
                IMsgMessage  *message,
                const char   *where,
                GError      **error)
{
  GListModel *recipients = imsg_message_get_recipients (message);

  json_builder_set_member_name (self->builder, "recipients");
  json_builder_begin_array (self->builder);
  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);
      g_autoptr(IMsgAddress) address = imsg_recipient_resolve_address (recipient);
      IMsgRecipientType type = imsg_recipient_get_recipient_type (recipient);

      json_builder_begin_object (self->builder);
      add_address_members (self, address);
      add_string (self, "kind", recipient_kinds[MIN (type, G_N_ELEMENTS (recipient_kinds) - 1)]);
      if (self->flags & IMSG_JSON_COMPLETE)
        {
          g_autofree char *part = g_strdup_printf ("%srecipients/%u/", where, i);

          if (!add_properties (self, IMSG_PROPERTY_OBJECT (recipient), part, error))
            return FALSE;
        }
      json_builder_end_object (self->builder);
    }
  json_builder_end_array (self->builder);
  return TRUE;
}

/* --- bodies --- */

static gboolean
add_body (Writer          *self,
          IMsgMessage     *message,
          IMsgBodyFormat   format,
          const char      *name,
          const char      *where,
          GError         **error)
{
  g_autoptr(GError) part_error = NULL;
  g_autoptr(IMsgBody) body = imsg_message_read_body (message, format, self->cancellable,
                                                     &part_error);
  GBytes *bytes = NULL;
  g_autofree char *hash = NULL;

  if (body == NULL)
    {
      g_autofree char *part = g_strdup_printf ("%sbodies/%s", where, name);

      add_null (self, name);
      return g_error_matches (part_error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND) ||
             note_failure (self, part, g_steal_pointer (&part_error), error);
    }
  bytes = imsg_body_get_bytes (body);
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  json_builder_set_member_name (self->builder, name);
  json_builder_begin_object (self->builder);
  add_string (self, "origin", body_origins[imsg_body_get_origin (body)]);
  add_int (self, "bytes", g_bytes_get_size (bytes));
  add_string (self, "sha256", hash);
  if (self->flags & IMSG_JSON_BODIES)
    {
      g_autofree char *content = imsg_body_dup_text (body);

      add_string (self, "content", content);
    }
  json_builder_end_object (self->builder);
  return TRUE;
}

static gboolean
add_bodies (Writer       *self,
            IMsgMessage  *message,
            const char   *where,
            GError      **error)
{
  IMsgBodyFormat native = 0;
  const char *native_name = NULL;

  json_builder_set_member_name (self->builder, "bodies");
  json_builder_begin_object (self->builder);
  if (imsg_message_get_native_body_format (message, &native))
    for (guint i = 0; i < G_N_ELEMENTS (body_formats); i++)
      if (body_formats[i].format == native)
        native_name = body_formats[i].name;
  add_string (self, "native", native_name);
  for (guint i = 0; i < G_N_ELEMENTS (body_formats); i++)
    if (!add_body (self, message, body_formats[i].format, body_formats[i].name, where, error))
      return FALSE;
  json_builder_end_object (self->builder);
  return TRUE;
}

/* --- attachments --- */

static gboolean
add_attachment_data (Writer          *self,
                     IMsgAttachment  *attachment,
                     const char      *where,
                     GError         **error)
{
  g_autoptr(GError) part_error = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autofree char *hash = NULL;
  guint64 n_bytes = 0;

  stream = imsg_attachment_open_stream (attachment, self->cancellable, &part_error);
  if (stream != NULL)
    hash = hash_stream (stream, &n_bytes, self->cancellable, &part_error);
  if (hash == NULL)
    {
      add_null (self, "size");
      add_null (self, "sha256");
      return note_failure (self, where, g_steal_pointer (&part_error), error);
    }
  add_int (self, "size", n_bytes);
  add_string (self, "sha256", hash);
  return TRUE;
}

static gboolean
add_embedded_message (Writer          *self,
                      IMsgAttachment  *attachment,
                      const char      *where,
                      GError         **error)
{
  g_autoptr(GError) part_error = NULL;
  g_autoptr(IMsgMessage) message = NULL;

  json_builder_set_member_name (self->builder, "message");
  message = imsg_attachment_open_message (attachment, self->cancellable, &part_error);
  if (message == NULL)
    {
      json_builder_add_null_value (self->builder);
      return note_failure (self, where, g_steal_pointer (&part_error), error);
    }
  return add_message (self, message, where, error);
}

static gboolean
add_attachment (Writer          *self,
                IMsgAttachment  *attachment,
                const char      *where,
                GError         **error)
{
  IMsgAttachmentMethod method = imsg_attachment_get_method (attachment);
  const char *method_name = "none";

  for (guint i = 0; i < G_N_ELEMENTS (method_names); i++)
    if (method_names[i].method == method)
      method_name = method_names[i].name;
  json_builder_begin_object (self->builder);
  add_int (self, "number", imsg_attachment_get_number (attachment));
  add_string (self, "method", method_name);
  add_string (self, "name", imsg_attachment_get_file_name (attachment));
  add_string (self, "mime_type", imsg_attachment_get_mime_type (attachment));
  add_string (self, "content_id", imsg_attachment_get_content_id (attachment));
  add_boolean (self, "inline", imsg_attachment_is_inline (attachment));
  add_boolean (self, "hidden", imsg_attachment_is_hidden (attachment));
  if (method == IMSG_ATTACHMENT_METHOD_BY_VALUE)
    {
      if (!add_attachment_data (self, attachment, where, error))
        return FALSE;
    }
  else
    {
      add_null (self, "size");
      add_null (self, "sha256");
    }
  if (method == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE &&
      !add_embedded_message (self, attachment, where, error))
    return FALSE;
  if ((self->flags & IMSG_JSON_COMPLETE) &&
      !add_properties (self, IMSG_PROPERTY_OBJECT (attachment), where, error))
    return FALSE;
  json_builder_end_object (self->builder);
  return TRUE;
}

static gboolean
add_attachments (Writer       *self,
                 IMsgMessage  *message,
                 const char   *where,
                 GError      **error)
{
  GListModel *attachments = imsg_message_get_attachments (message);

  json_builder_set_member_name (self->builder, "attachments");
  json_builder_begin_array (self->builder);
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      g_autofree char *part = g_strdup_printf ("%sattachments/%u/", where,
                                               imsg_attachment_get_number (attachment));

      if (!add_attachment (self, attachment, part, error))
        return FALSE;
    }
  json_builder_end_array (self->builder);
  return TRUE;
}

/* --- the message --- */

static void
add_time (Writer      *self,
          const char  *name,
          IMsgMessage *message,
          guint32      tag)
{
  g_autoptr(GVariant) value =
    imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (message), tag, NULL);
  g_autofree char *text = NULL;

  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64) &&
      _imsg_filetime_is_set (g_variant_get_uint64 (value)))
    text = _imsg_filetime_to_rfc3339 (g_variant_get_uint64 (value));
  add_string (self, name, text);
}

/* Recurses once for each level of embedding, which the library bounds. */
static gboolean
add_message (Writer       *self,
             IMsgMessage  *message,
             const char   *where,
             GError      **error)
{
  g_autoptr(IMsgAddress) from =
    imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
  g_autoptr(IMsgAddress) sender =
    imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENDER);
  g_autofree char *message_id =
    imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message), IMSG_PR_INTERNET_MESSAGE_ID);

  json_builder_begin_object (self->builder);
  add_string (self, "class", imsg_message_get_message_class (message));
  add_string (self, "subject", imsg_message_get_subject (message));
  add_string (self, "message_id", message_id);
  add_address (self, "from", from != NULL ? from : sender);
  add_address (self, "sender", sender);
  add_time (self, "sent", message, IMSG_PR_CLIENT_SUBMIT_TIME);
  add_time (self, "received", message, IMSG_PR_MESSAGE_DELIVERY_TIME);
  if (!add_recipients (self, message, where, error) ||
      !add_bodies (self, message, where, error) ||
      !add_attachments (self, message, where, error) ||
      !add_properties (self, IMSG_PROPERTY_OBJECT (message), where, error))
    return FALSE;
  json_builder_end_object (self->builder);
  return TRUE;
}

static void
add_problem (Writer     *self,
             const char *where,
             const char *code,
             const char *text)
{
  json_builder_begin_object (self->builder);
  add_string (self, "where", where);
  add_string (self, "code", code);
  add_string (self, "text", text);
  json_builder_end_object (self->builder);
}

/* Last, because reading is what finds them. */
static void
add_problems (Writer      *self,
              IMsgMessage *message)
{
  g_autoptr(GPtrArray) problems = imsg_message_list_problems (message);

  json_builder_set_member_name (self->builder, "problems");
  json_builder_begin_array (self->builder);
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const IMsgProblem *problem = g_ptr_array_index (problems, i);

      add_problem (self, imsg_problem_get_where (problem),
                   imsg_error_code_to_name (imsg_problem_get_code (problem)),
                   imsg_problem_get_text (problem));
    }
  for (guint i = 0; i < self->failures->len; i++)
    {
      const Failure *failure = g_ptr_array_index (self->failures, i);

      add_problem (self, failure->where, failure->code, failure->text);
    }
  json_builder_end_array (self->builder);
}

static void
add_format (Writer      *self,
            IMsgMessage *message)
{
  IMsgStorage *storage = imsg_property_object_get_storage (IMSG_PROPERTY_OBJECT (message));
  guint version = storage != NULL ? imsg_storage_get_version (storage) : 0;

  json_builder_set_member_name (self->builder, "format");
  json_builder_begin_object (self->builder);
  add_string (self, "encoding",
              imsg_property_object_is_unicode (IMSG_PROPERTY_OBJECT (message)) ? "unicode"
                                                                               : "ansi");
  add_int (self, "code_page", imsg_message_get_code_page (message));
  if (version != 0)
    add_int (self, "compound_version", version);
  else
    add_null (self, "compound_version");
  json_builder_end_object (self->builder);
}

/* JSON-GLib 1.6 leaves U+001F as it is, which no strict reader takes. */
static char *
escape_last_control (const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text, "\x1F", -1);

  return g_strjoinv ("\\u001f", parts);
}

/**
 * imsg_message_to_json:
 * @self: a message
 * @flags: what to put in
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Describes a message as one JSON object.
 *
 * The object has the members `format`, `message` and `problems`. A message inside another stands
 * in its attachment, to any depth. Each stored property has its tag, names, type, attributes, the
 * number and SHA-256 of its stored bytes, and its value: text as text, times as RFC 3339 text, bytes
 * as hexadecimal digits, lists as arrays. A part that cannot be read is `null` and is told among the
 * problems; so the call fails only with `G_IO_ERROR_CANCELLED`, or `IMSG_ERROR_CLOSED` once @self is
 * closed. The `code` of a problem is for programs, its `text` is in the language of the user.
 *
 * Returns: (transfer full): JSON text in UTF-8, on one line unless `IMSG_JSON_PRETTY` is among the
 *   flags
 * Since: 1.0
 */
char *
imsg_message_to_json (IMsgMessage    *self,
                      IMsgJsonFlags   flags,
                      GCancellable   *cancellable,
                      GError        **error)
{
  g_autoptr(JsonBuilder) builder = NULL;
  g_autoptr(JsonGenerator) generator = NULL;
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GPtrArray) failures = NULL;
  g_autofree char *text = NULL;
  Writer writer = { 0 };

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  if (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (self)))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The message is closed"));
      return NULL;
    }
  builder = json_builder_new_immutable ();
  failures = g_ptr_array_new_with_free_func (failure_free);
  writer = (Writer) { builder, flags, cancellable, failures };

  json_builder_begin_object (builder);
  add_format (&writer, self);
  json_builder_set_member_name (builder, "message");
  if (!add_message (&writer, self, "/", error))
    return NULL;
  add_problems (&writer, self);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  generator = json_generator_new ();
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, (flags & IMSG_JSON_PRETTY) != 0);
  text = json_generator_to_data (generator, NULL);
  return escape_last_control (text);
}
