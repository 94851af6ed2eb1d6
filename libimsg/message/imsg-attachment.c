/* imsg-attachment.c - one attachment of a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-enum-types.h"
#include "imsg-property-tags.h"

#include <string.h>

#define ATT_MHTML_REF 0x4

/**
 * IMsgAttachment:
 *
 * One attachment of a message, as MAPI's `IAttach` is.
 *
 * ```c
 * g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
 *
 * if (attachment == NULL || !imsg_attachment_set_file (attachment, file, NULL, &error))
 *   g_printerr ("%s\n", error->message);
 * ```
 *
 * It holds bytes, a reference to a file, a message, or a storage of an OLE object; see
 * [method@IMsg.Attachment.get_method].
 *
 * Since: 1.0
 */

/**
 * IMsgAttachmentMethod:
 * @IMSG_ATTACHMENT_METHOD_NONE: nothing yet
 * @IMSG_ATTACHMENT_METHOD_BY_VALUE: bytes
 * @IMSG_ATTACHMENT_METHOD_BY_REFERENCE: the path of a file
 * @IMSG_ATTACHMENT_METHOD_BY_REFERENCE_RESOLVE: the path of a file, to become bytes when sent
 * @IMSG_ATTACHMENT_METHOD_BY_REFERENCE_ONLY: the path of a file, and to stay so
 * @IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE: a message
 * @IMSG_ATTACHMENT_METHOD_OLE: an OLE object: a storage, or for OLE 1 bytes
 * @IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE: the address of something online
 *
 * What an attachment holds (`PR_ATTACH_METHOD`).
 *
 * Since: 1.0
 */

/**
 * IMsgSaveFlags:
 * @IMSG_SAVE_NONE: afterwards the object can only be read
 * @IMSG_SAVE_KEEP_OPEN_READONLY: the same, said outright
 * @IMSG_SAVE_KEEP_OPEN_READWRITE: it can be changed further
 * @IMSG_SAVE_FORCE_SAVE: save even over what somebody else changed; without a flag to keep it
 *   open, it is closed
 * @IMSG_SAVE_LAYERED: of attachments and embedded messages take only what they themselves saved,
 *   as MAPI does
 *
 * How to save.
 *
 * Since: 1.0
 */

G_DEFINE_FINAL_TYPE (IMsgAttachment, imsg_attachment, IMSG_TYPE_PROPERTY_OBJECT)

enum
{
  PROP_0,
  PROP_NUMBER,
  PROP_METHOD,
  PROP_MESSAGE,
  PROP_FILE_NAME,
  PROP_MIME_TYPE,
  PROP_CONTENT_ID,
  PROP_SIZE,
  PROP_IS_INLINE,
  PROP_IS_HIDDEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

#define ID(tag) ((guint16) ((tag) >> 16))

static const guint16 computed_ids[] = {
  ID (IMSG_PR_ATTACH_NUM),
  ID (IMSG_PR_ATTACH_SIZE),
  ID (IMSG_PR_RECORD_KEY),
  ID (IMSG_PR_OBJECT_TYPE),
  ID (IMSG_PR_ACCESS),
  ID (IMSG_PR_ACCESS_LEVEL),
  ID (IMSG_PR_STORE_SUPPORT_MASK),
  0x0FF8, /* PR_MAPPING_SIGNATURE */
  0,
};

static const guint32 offered_tags[] = {
  IMSG_PR_ATTACH_NUM, IMSG_PR_ATTACH_SIZE,  IMSG_PR_RECORD_KEY, IMSG_PR_OBJECT_TYPE,
  IMSG_PR_ACCESS,     IMSG_PR_ACCESS_LEVEL, 0,
};

/**
 * imsg_attachment_get_number:
 * @self: an attachment
 *
 * Gives its number, which no other attachment of the message has, or has had while it is open.
 *
 * Returns: the number
 * Since: 1.0
 */
guint32
imsg_attachment_get_number (IMsgAttachment *self)
{
  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), 0);

  return self->number;
}

/**
 * imsg_attachment_get_message:
 * @self: an attachment
 *
 * Gives the message it is attached to; the message in it is
 * [method@IMsg.Attachment.open_message].
 *
 * Returns: (transfer none) (nullable): the message; %NULL once closed
 * Since: 1.0
 */
IMsgMessage *
imsg_attachment_get_message (IMsgAttachment *self)
{
  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), NULL);

  return self->message;
}

/**
 * imsg_attachment_get_method:
 * @self: an attachment
 *
 * Tells what it holds.
 *
 * Where `PR_ATTACH_METHOD` is missing, or disagrees with the data that is there, the data decides.
 *
 * Returns: the method
 * Since: 1.0
 */
IMsgAttachmentMethod
imsg_attachment_get_method (IMsgAttachment *self)
{
  guint32 stored = IMSG_ATTACHMENT_METHOD_NONE;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), IMSG_ATTACHMENT_METHOD_NONE);

  if (self->parent_instance.is_closed)
    return IMSG_ATTACHMENT_METHOD_NONE;
  _imsg_property_object_read_stored_long (IMSG_PROPERTY_OBJECT (self), IMSG_PR_ATTACH_METHOD,
                                          &stored);
  return _imsg_attachment_find_method (self, (IMsgAttachmentMethod) stored);
}

const char *
_imsg_attachment_lend_text (IMsgAttachment     *self,
                            IMsgAttachmentText  which,
                            char               *text)
{
  return _imsg_property_object_lend_text (&self->texts[which], text);
}

/**
 * imsg_attachment_get_mime_type:
 * @self: an attachment
 *
 * Gives the MIME type that is stored (`PR_ATTACH_MIME_TAG`).
 *
 * Returns: (transfer none) (nullable): the type; valid until the next call
 * Since: 1.0
 */
const char *
imsg_attachment_get_mime_type (IMsgAttachment *self)
{
  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), NULL);

  return _imsg_attachment_lend_text (
    self, IMSG_ATTACHMENT_TEXT_MIME_TYPE,
    imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (self), IMSG_PR_ATTACH_MIME_TAG));
}

/**
 * imsg_attachment_get_content_id:
 * @self: an attachment
 *
 * Gives the id by which HTML refers to it (`PR_ATTACH_CONTENT_ID`), without angle brackets.
 *
 * Returns: (transfer none) (nullable): the id; valid until the next call
 * Since: 1.0
 */
const char *
imsg_attachment_get_content_id (IMsgAttachment *self)
{
  char *content_id;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), NULL);

  content_id = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (self),
                                                IMSG_PR_ATTACH_CONTENT_ID);
  if (content_id != NULL && content_id[0] == '<' && g_str_has_suffix (content_id, ">"))
    {
      gsize length = strlen (content_id);

      memmove (content_id, content_id + 1, length - 2);
      content_id[length - 2] = '\0';
    }
  return _imsg_attachment_lend_text (self, IMSG_ATTACHMENT_TEXT_CONTENT_ID, content_id);
}

/**
 * imsg_attachment_get_size:
 * @self: an attachment
 *
 * Tells how large its data is, without reading it.
 *
 * Returns: bytes; of a message or a storage what its streams take; 0 without data
 * Since: 1.0
 */
guint64
imsg_attachment_get_size (IMsgAttachment *self)
{
  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), 0);

  return self->parent_instance.is_closed ? 0 : _imsg_attachment_get_data_size (self);
}

/**
 * imsg_attachment_is_inline:
 * @self: an attachment
 *
 * Tells whether the body of the message shows it.
 *
 * It does when the HTML refers to its content id, when it is marked as such
 * (`ATT_MHTML_REF` in `PR_ATTACH_FLAGS`), and an OLE object with a place in the text
 * (`PR_RENDERING_POSITION`) is shown there.
 *
 * Returns: whether it is part of the body
 * Since: 1.0
 */
gboolean
imsg_attachment_is_inline (IMsgAttachment *self)
{
  IMsgPropertyObject *object;
  const char *content_id;
  guint32 value = 0;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), FALSE);

  object = IMSG_PROPERTY_OBJECT (self);
  if (object->is_closed)
    return FALSE;
  if (_imsg_property_object_read_stored_long (object, IMSG_PR_ATTACH_FLAGS, &value) &&
      (value & ATT_MHTML_REF) != 0)
    return TRUE;
  if (imsg_attachment_get_method (self) == IMSG_ATTACHMENT_METHOD_OLE &&
      _imsg_property_object_read_stored_long (object, IMSG_PR_RENDERING_POSITION, &value) &&
      value != G_MAXUINT32)
    return TRUE;
  content_id = imsg_attachment_get_content_id (self);
  return content_id != NULL && *content_id != '\0' &&
         _imsg_message_refers_to (self->message, content_id);
}

/**
 * imsg_attachment_is_hidden:
 * @self: an attachment
 *
 * Tells whether it is marked not to be listed (`PR_ATTACHMENT_HIDDEN`).
 *
 * Returns: whether it is hidden
 * Since: 1.0
 */
gboolean
imsg_attachment_is_hidden (IMsgAttachment *self)
{
  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), FALSE);

  return imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (self),
                                           IMSG_PR_ATTACHMENT_HIDDEN);
}

gboolean
_imsg_attachment_init_new (IMsgAttachment  *self,
                           GError         **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  const guint32 read_only = IMSG_PROPERTY_ATTRIBUTES_READABLE;
  /* Method and position are always there: Outlook marks them mandatory */
  const guint32 mandatory = IMSG_PROPERTY_ATTRIBUTES_MANDATORY | IMSG_PROPERTY_ATTRIBUTES_READABLE |
                            IMSG_PROPERTY_ATTRIBUTES_WRITEABLE;
  g_autoptr(GBytes) key = NULL;
  gboolean is_put;
  IMsgGuid guid;

  object->is_writable = TRUE;
  _imsg_property_object_set_being_made (object, TRUE);
  _imsg_property_object_take_entries (object, NULL, NULL);
  _imsg_guid_random (&guid);
  key = g_bytes_new (guid.bytes, sizeof guid.bytes);
  is_put = _imsg_property_object_put_long (object, IMSG_PR_ATTACH_NUM, self->number, read_only,
                                           error) &&
           _imsg_property_object_put_long (object, IMSG_PR_OBJECT_TYPE, 7, read_only, error) &&
           _imsg_property_object_put_bytes (object, IMSG_PR_RECORD_KEY, key, read_only, error) &&
           _imsg_property_object_put_long (object, IMSG_PR_ATTACH_METHOD, 0, mandatory, error) &&
           _imsg_property_object_put_long (object, IMSG_PR_RENDERING_POSITION, G_MAXUINT32,
                                           mandatory, error);
  _imsg_property_object_set_being_made (object, FALSE);
  return is_put;
}

void
_imsg_attachment_forget_text (IMsgAttachment *self)
{
  for (guint i = PROP_FILE_NAME; i <= PROP_CONTENT_ID; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  if (self->parent_instance.list != NULL)
    _imsg_property_list_reload (self->parent_instance.list);
}

/* --- as a property object --- */

static IMsgMessage *
attachment_get_message (IMsgPropertyObject *object)
{
  return IMSG_ATTACHMENT (object)->message;
}

static gboolean
attachment_open (IMsgPropertyObject  *object,
                 GError             **error)
{
  IMsgAttachment *self = IMSG_ATTACHMENT (object);
  IMsgStorage *outer;
  guint position;
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (object->storage != NULL || self->message == NULL || self->message->attachments == NULL ||
      !_imsg_object_list_find (self->message->attachments, self->number, &position))
    return TRUE;
  outer = IMSG_PROPERTY_OBJECT (self->message)->storage;
  if (!_imsg_object_list_get_slot (self->message->attachments, position)->is_stored ||
      outer == NULL)
    return TRUE;
  _imsg_attachment_name (self->number, name);
  object->storage = imsg_storage_open_storage (
    outer, name, imsg_storage_is_writable (outer) ? IMSG_STORAGE_READ_WRITE : IMSG_STORAGE_READ,
    error);
  return object->storage != NULL;
}

static char *
attachment_dup_path (IMsgPropertyObject *object)
{
  IMsgAttachment *self = IMSG_ATTACHMENT (object);
  g_autofree char *outer = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  _imsg_attachment_name (self->number, name);
  if (self->message != NULL)
    outer = _imsg_property_object_dup_path (IMSG_PROPERTY_OBJECT (self->message));
  return outer != NULL && *outer != '\0' ? g_strconcat (outer, "/", name, NULL) : g_strdup (name);
}

static gboolean
attachment_computes (IMsgPropertyObject *object,
                     guint32             tag)
{
  return TRUE;
}

static GVariant *
attachment_compute (IMsgPropertyObject *object,
                    guint32             tag)
{
  IMsgAttachment *self = IMSG_ATTACHMENT (object);
  gboolean writable = imsg_property_object_is_writable (object);
  guint32 value;

  switch (tag)
    {
    case IMSG_PR_ATTACH_NUM:
      value = self->number;
      break;
    case IMSG_PR_ATTACH_SIZE:
      value = (guint32) MIN (_imsg_attachment_get_data_size (self), G_MAXINT32);
      break;
    case IMSG_PR_OBJECT_TYPE:
      value = 7; /* MAPI_ATTACH */
      break;
    case IMSG_PR_ACCESS:
      value = writable ? 3 : 2;
      break;
    case IMSG_PR_ACCESS_LEVEL:
      value = writable;
      break;
    case IMSG_PR_RECORD_KEY:
      /* The number is what is unique in the message and lasts */
      value = GUINT32_TO_LE (self->number);
      return g_variant_ref_sink (g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, &value,
                                                            sizeof value, 1));
    default:
      return NULL;
    }
  return g_variant_ref_sink (g_variant_new_int32 ((gint32) value));
}

static void
attachment_changed (IMsgPropertyObject *object,
                    guint               id)
{
  GObject *self = G_OBJECT (object);

  switch (IMSG_TAG (0, id))
    {
    case IMSG_PR_ATTACH_LONG_FILENAME & 0xFFFF0000:
    case IMSG_PR_ATTACH_FILENAME & 0xFFFF0000:
    case IMSG_PR_ATTACH_LONG_PATHNAME & 0xFFFF0000:
    case IMSG_PR_ATTACH_PATHNAME & 0xFFFF0000:
    case IMSG_PR_DISPLAY_NAME & 0xFFFF0000:
      g_object_notify_by_pspec (self, properties[PROP_FILE_NAME]);
      break;
    case IMSG_PR_ATTACH_MIME_TAG & 0xFFFF0000:
      g_object_notify_by_pspec (self, properties[PROP_MIME_TYPE]);
      break;
    case IMSG_PR_ATTACH_CONTENT_ID & 0xFFFF0000:
      g_object_notify_by_pspec (self, properties[PROP_CONTENT_ID]);
      g_object_notify_by_pspec (self, properties[PROP_IS_INLINE]);
      break;
    case IMSG_PR_ATTACH_METHOD & 0xFFFF0000:
    case IMSG_TAG_ATTACH_DATA_BINARY & 0xFFFF0000:
      IMSG_ATTACHMENT (object)->found_method = 0;
      _imsg_property_list_recompute (object->list);
      g_object_notify_by_pspec (self, properties[PROP_METHOD]);
      g_object_notify_by_pspec (self, properties[PROP_SIZE]);
      break;
    case IMSG_PR_ATTACHMENT_HIDDEN & 0xFFFF0000:
      g_object_notify_by_pspec (self, properties[PROP_IS_HIDDEN]);
      break;
    case IMSG_PR_ATTACH_FLAGS & 0xFFFF0000:
    case IMSG_PR_RENDERING_POSITION & 0xFFFF0000:
      g_object_notify_by_pspec (self, properties[PROP_IS_INLINE]);
      break;
    default:
      break;
    }
}

static gboolean
attachment_has_changes (IMsgPropertyObject *object)
{
  IMsgAttachment *self = IMSG_ATTACHMENT (object);

  return !self->is_saved ||
         (self->embedded != NULL &&
          imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (self->embedded))) ||
         _imsg_attachment_data_changed (self);
}

static void
attachment_modified_changed (IMsgPropertyObject *object)
{
  IMsgAttachment *self = IMSG_ATTACHMENT (object);

  if (self->message != NULL && !IMSG_PROPERTY_OBJECT (self->message)->is_closed)
    _imsg_property_object_update_modified (IMSG_PROPERTY_OBJECT (self->message));
}

static void
attachment_drop_object (IMsgPropertyObject *object)
{
  _imsg_attachment_drop_data (IMSG_ATTACHMENT (object));
}

static void
attachment_closing (IMsgPropertyObject *object)
{
  _imsg_attachment_drop_data (IMSG_ATTACHMENT (object));
}

static void
attachment_closed (IMsgPropertyObject *object)
{
  IMSG_ATTACHMENT (object)->message = NULL;
}

static void
imsg_attachment_finalize (GObject *object)
{
  IMsgAttachment *self = IMSG_ATTACHMENT (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (imsg_attachment_parent_class)->finalize (object);
}

static void
imsg_attachment_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  IMsgAttachment *self = IMSG_ATTACHMENT (object);

  switch (property_id)
    {
    case PROP_NUMBER:
      g_value_set_uint (value, self->number);
      break;
    case PROP_METHOD:
      g_value_set_enum (value, imsg_attachment_get_method (self));
      break;
    case PROP_MESSAGE:
      g_value_set_object (value, self->message);
      break;
    case PROP_FILE_NAME:
      g_value_set_string (value, imsg_attachment_get_file_name (self));
      break;
    case PROP_MIME_TYPE:
      g_value_set_string (value, imsg_attachment_get_mime_type (self));
      break;
    case PROP_CONTENT_ID:
      g_value_set_string (value, imsg_attachment_get_content_id (self));
      break;
    case PROP_SIZE:
      g_value_set_uint64 (value, imsg_attachment_get_size (self));
      break;
    case PROP_IS_INLINE:
      g_value_set_boolean (value, imsg_attachment_is_inline (self));
      break;
    case PROP_IS_HIDDEN:
      g_value_set_boolean (value, imsg_attachment_is_hidden (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imsg_attachment_class_init (IMsgAttachmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  IMsgPropertyObjectClass *property_class = &klass->parent_class;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = imsg_attachment_finalize;
  object_class->get_property = imsg_attachment_get_property;
  property_class->get_message = attachment_get_message;
  property_class->open = attachment_open;
  property_class->dup_path = attachment_dup_path;
  property_class->computed_ids = computed_ids;
  property_class->offered_tags = offered_tags;
  property_class->computes = attachment_computes;
  property_class->compute = attachment_compute;
  property_class->changed = attachment_changed;
  property_class->has_changes = attachment_has_changes;
  property_class->modified_changed = attachment_modified_changed;
  property_class->flush_object = _imsg_attachment_flush_object;
  property_class->drop_object = attachment_drop_object;
  property_class->closing = attachment_closing;
  property_class->closed = attachment_closed;

  /**
   * IMsgAttachment:number: (getter get_number)
   *
   * Its number in the message.
   *
   * Since: 1.0
   */
  properties[PROP_NUMBER] = g_param_spec_uint ("number", NULL, NULL, 0, G_MAXUINT32, 0, flags);

  /**
   * IMsgAttachment:method: (getter get_method)
   *
   * What it holds.
   *
   * Since: 1.0
   */
  properties[PROP_METHOD] =
    g_param_spec_enum ("method", NULL, NULL, IMSG_TYPE_ATTACHMENT_METHOD,
                       IMSG_ATTACHMENT_METHOD_NONE, flags);

  /**
   * IMsgAttachment:message: (getter get_message)
   *
   * The message it is attached to.
   *
   * Since: 1.0
   */
  properties[PROP_MESSAGE] =
    g_param_spec_object ("message", NULL, NULL, IMSG_TYPE_MESSAGE, flags);

  /**
   * IMsgAttachment:file-name: (getter get_file_name)
   *
   * The best name there is.
   *
   * Since: 1.0
   */
  properties[PROP_FILE_NAME] = g_param_spec_string ("file-name", NULL, NULL, NULL, flags);

  /**
   * IMsgAttachment:mime-type: (getter get_mime_type)
   *
   * The MIME type that is stored.
   *
   * Since: 1.0
   */
  properties[PROP_MIME_TYPE] = g_param_spec_string ("mime-type", NULL, NULL, NULL, flags);

  /**
   * IMsgAttachment:content-id: (getter get_content_id)
   *
   * The id by which HTML refers to it.
   *
   * Since: 1.0
   */
  properties[PROP_CONTENT_ID] = g_param_spec_string ("content-id", NULL, NULL, NULL, flags);

  /**
   * IMsgAttachment:size: (getter get_size)
   *
   * How large its data is.
   *
   * Since: 1.0
   */
  properties[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * IMsgAttachment:is-inline: (getter is_inline)
   *
   * Whether the body shows it.
   *
   * Since: 1.0
   */
  properties[PROP_IS_INLINE] = g_param_spec_boolean ("is-inline", NULL, NULL, FALSE, flags);

  /**
   * IMsgAttachment:is-hidden: (getter is_hidden)
   *
   * Whether it is marked not to be listed.
   *
   * Since: 1.0
   */
  properties[PROP_IS_HIDDEN] = g_param_spec_boolean ("is-hidden", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
imsg_attachment_init (IMsgAttachment *self)
{
}

IMsgPropertyObject *
_imsg_attachment_make (IMsgMessage          *message,
                       const IMsgObjectSlot *slot)
{
  IMsgAttachment *self = g_object_new (IMSG_TYPE_ATTACHMENT, NULL);

  self->message = message;
  self->number = slot->number;
  self->is_saved = slot->is_stored;
  IMSG_PROPERTY_OBJECT (self)->is_writable = IMSG_PROPERTY_OBJECT (message)->is_writable;
  return IMSG_PROPERTY_OBJECT (self);
}
