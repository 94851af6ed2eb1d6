/* imsg-recipient.c - one row of the recipient table
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-enum-types.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"

#include <string.h>

/**
 * IMsgRecipient:
 *
 * One row of the recipient table of a message.
 *
 * ```c
 * g_autoptr(IMsgRecipient) recipient =
 *   imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Ann", "ann@example.com", &error);
 * ```
 *
 * Since: 1.0
 */

/**
 * IMsgRecipientType:
 * @IMSG_RECIPIENT_TYPE_ORIGINATOR: who sent the message (`MAPI_ORIG`)
 * @IMSG_RECIPIENT_TYPE_TO: one it is for (`MAPI_TO`)
 * @IMSG_RECIPIENT_TYPE_CC: one who gets a copy (`MAPI_CC`)
 * @IMSG_RECIPIENT_TYPE_BCC: one who gets a copy unseen, or a resource of a meeting (`MAPI_BCC`)
 *
 * What a recipient is to the message.
 *
 * Since: 1.0
 */

G_DEFINE_FINAL_TYPE (IMsgRecipient, imsg_recipient, IMSG_TYPE_PROPERTY_OBJECT)

enum
{
  PROP_0,
  PROP_ROW_ID,
  PROP_RECIPIENT_TYPE,
  PROP_NAME,
  PROP_ADDRESS,
  PROP_ADDRESS_TYPE,
  PROP_MESSAGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const guint16 computed_ids[] = {
  IMSG_PR_ROWID >> 16,
  0x0FF8, /* PR_MAPPING_SIGNATURE */
  0,
};

static const guint32 offered_tags[] = { IMSG_PR_ROWID, IMSG_PR_OBJECT_TYPE, 0 };

/* Bits of PR_RECIPIENT_TYPE beside the type: MAPI_P1, MAPI_SUBMITTED */
#define TYPE_MASK 0x0F

/**
 * imsg_recipient_get_row_id:
 * @self: a recipient
 *
 * Gives the id of the row (`PR_ROWID`), which no other row has while the message is open.
 *
 * Returns: the row id
 * Since: 1.0
 */
guint32
imsg_recipient_get_row_id (IMsgRecipient *self)
{
  g_return_val_if_fail (IMSG_IS_RECIPIENT (self), 0);

  return self->row_id;
}

/**
 * imsg_recipient_get_message:
 * @self: a recipient
 *
 * Gives the message it is a recipient of.
 *
 * Returns: (transfer none) (nullable): the message; %NULL once closed
 * Since: 1.0
 */
IMsgMessage *
imsg_recipient_get_message (IMsgRecipient *self)
{
  g_return_val_if_fail (IMSG_IS_RECIPIENT (self), NULL);

  return self->message;
}

/**
 * imsg_recipient_get_recipient_type:
 * @self: a recipient
 *
 * Tells what it is to the message (`PR_RECIPIENT_TYPE`, without the bits of a resend).
 *
 * Returns: the type; %IMSG_RECIPIENT_TYPE_TO where nothing is stored
 * Since: 1.0
 */
IMsgRecipientType
imsg_recipient_get_recipient_type (IMsgRecipient *self)
{
  guint32 type = IMSG_RECIPIENT_TYPE_TO;

  g_return_val_if_fail (IMSG_IS_RECIPIENT (self), IMSG_RECIPIENT_TYPE_TO);

  _imsg_property_object_read_stored_long (IMSG_PROPERTY_OBJECT (self), IMSG_PR_RECIPIENT_TYPE,
                                          &type);
  type &= TYPE_MASK;
  return type <= IMSG_RECIPIENT_TYPE_BCC ? (IMsgRecipientType) type : IMSG_RECIPIENT_TYPE_TO;
}

/**
 * imsg_recipient_set_recipient_type:
 * @self: a recipient
 * @type: the type
 * @error: return location for an error
 *
 * Sets what it is to the message.
 *
 * Fails as [method@PropertyObject.set_value] does.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_recipient_set_recipient_type (IMsgRecipient      *self,
                                   IMsgRecipientType   type,
                                   GError            **error)
{
  guint32 stored = 0;

  g_return_val_if_fail (IMSG_IS_RECIPIENT (self), FALSE);
  g_return_val_if_fail ((guint) type <= IMSG_RECIPIENT_TYPE_BCC, FALSE);

  _imsg_property_object_read_stored_long (IMSG_PROPERTY_OBJECT (self), IMSG_PR_RECIPIENT_TYPE,
                                          &stored);
  return imsg_property_object_set_value (
    IMSG_PROPERTY_OBJECT (self), IMSG_PR_RECIPIENT_TYPE,
    g_variant_new_int32 ((gint32) ((stored & ~(guint32) TYPE_MASK) | type)), error);
}

/**
 * imsg_recipient_get_name:
 * @self: a recipient
 *
 * Gives the name people see (`PR_DISPLAY_NAME`).
 *
 * Returns: (transfer none) (nullable): the name; valid until the next call
 * Since: 1.0
 */
const char *
imsg_recipient_get_name (IMsgRecipient *self)
{
  g_return_val_if_fail (IMSG_IS_RECIPIENT (self), NULL);

  return _imsg_property_object_lend_text (
    &self->name,
    imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (self), IMSG_PR_DISPLAY_NAME));
}

/**
 * imsg_recipient_get_address:
 * @self: a recipient
 *
 * Gives the address, as it is stored.
 *
 * An Internet address is preferred (`PR_SMTP_ADDRESS`); of people inside an Exchange organisation
 * there may be an X.500 name only, which [method@IMsg.Recipient.resolve_address] can make more of.
 *
 * Returns: (transfer none) (nullable): the address; valid until the next call
 * Since: 1.0
 */
const char *
imsg_recipient_get_address (IMsgRecipient *self)
{
  IMsgPropertyObject *object;
  char *address;

  g_return_val_if_fail (IMSG_IS_RECIPIENT (self), NULL);

  object = IMSG_PROPERTY_OBJECT (self);
  address = imsg_property_object_get_string (object, IMSG_PR_SMTP_ADDRESS);
  if (address == NULL || *address == '\0')
    {
      g_free (address);
      address = imsg_property_object_get_string (object, IMSG_PR_EMAIL_ADDRESS);
    }
  return _imsg_property_object_lend_text (&self->address, address);
}

/**
 * imsg_recipient_get_address_type:
 * @self: a recipient
 *
 * Gives the kind of the stored address (`PR_ADDRTYPE`): `SMTP`, `EX`, `FAX` …
 *
 * Returns: (transfer none) (nullable): the kind; valid until the next call
 * Since: 1.0
 */
const char *
imsg_recipient_get_address_type (IMsgRecipient *self)
{
  g_return_val_if_fail (IMSG_IS_RECIPIENT (self), NULL);

  return _imsg_property_object_lend_text (
    &self->address_type,
    imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (self), IMSG_PR_ADDRTYPE));
}

/* "FAX:1234" is an address of a type; one with an @ before any colon is not. */
char *
_imsg_address_split (const char  *address,
                     const char **rest)
{
  gsize length = strspn (address, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

  *rest = address;
  if (length == 0 || address[length] != ':' || address[length + 1] == '\0')
    return g_strdup ("SMTP");
  *rest = address + length + 1;
  return g_strndup (address, length);
}

/* Puts what an address is stored as; the one-off entry id keeps Outlook from losing it. */
static gboolean
put_address (IMsgRecipient  *self,
             const char     *name,
             const char     *address,
             GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  const char *rest;
  g_autofree char *type = _imsg_address_split (address, &rest);
  gboolean unicode = imsg_property_object_is_unicode (object);
  g_autoptr(GBytes) entry_id =
    _imsg_one_off_build (name, type, rest, unicode, _imsg_property_object_get_code_page (object));
  g_autoptr(GBytes) search_key = _imsg_search_key_build (type, rest);

  if (!_imsg_property_object_put_string (object, IMSG_PR_DISPLAY_NAME, name, error) ||
      !_imsg_property_object_put_string (object, IMSG_PR_ADDRTYPE, type, error) ||
      !_imsg_property_object_put_string (object, IMSG_PR_EMAIL_ADDRESS, rest, error))
    return FALSE;
  if (strcmp (type, "SMTP") != 0)
    _imsg_property_object_drop (object, IMSG_PR_SMTP_ADDRESS >> 16);
  else if (!_imsg_property_object_put_string (object, IMSG_PR_SMTP_ADDRESS, rest, error))
    return FALSE;
  return _imsg_property_object_put_bytes (object, IMSG_PR_ENTRYID, entry_id, 0, error) &&
         _imsg_property_object_put_bytes (object, IMSG_PR_SEARCH_KEY, search_key, 0, error);
}

/* Whether all that an address is stored as may be set: after that nothing fails halfway. */
static gboolean
check_address (IMsgRecipient  *self,
               const char     *name,
               const char     *address,
               GError        **error)
{
  const char *rest;
  g_autofree char *type = _imsg_address_split (address, &rest);
  const struct
  {
    guint32     tag;
    const char *text;
  } texts[] = {
    { IMSG_PR_DISPLAY_NAME, name },
    { IMSG_PR_ADDRTYPE, type },
    { IMSG_PR_EMAIL_ADDRESS, rest },
    { IMSG_PR_SMTP_ADDRESS, rest },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!_imsg_property_object_may_set_string (IMSG_PROPERTY_OBJECT (self), texts[i].tag,
                                               texts[i].text, error))
      return FALSE;
  return TRUE;
}

/**
 * imsg_recipient_set_address:
 * @self: a recipient
 * @name: (nullable): the name people see; %NULL for the address
 * @address: an Internet address, or another with its type before it (`FAX:1234`)
 * @error: return location for an error
 *
 * Sets name and address, and all that is stored with them.
 *
 * What other programs keep beside them, such as the id in an address book, is replaced or dropped.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS when it or one of them is read-only, %IMSG_ERROR_BAD_CHARWIDTH
 * when the code page of an 8-bit message has no place for a character, %IMSG_ERROR_CLOSED once @self
 * is closed. It is what it was then.
 *
 * Returns: whether they were set
 * Since: 1.0
 */
gboolean
imsg_recipient_set_address (IMsgRecipient  *self,
                            const char     *name,
                            const char     *address,
                            GError        **error)
{
  static const guint32 stale[] = { IMSG_PR_RECIPIENT_ENTRYID, IMSG_PR_RECIPIENT_DISPLAY_NAME,
                                   IMSG_PR_TRANSMITABLE_DISPLAY_NAME };
  IMsgPropertyObject *object;

  g_return_val_if_fail (IMSG_IS_RECIPIENT (self), FALSE);
  g_return_val_if_fail (address != NULL && g_utf8_validate (address, -1, NULL), FALSE);
  g_return_val_if_fail (name == NULL || g_utf8_validate (name, -1, NULL), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  object = IMSG_PROPERTY_OBJECT (self);
  if (name == NULL || *name == '\0')
    name = address;
  if (!check_address (self, name, address, error) || !put_address (self, name, address, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (stale); i++)
    _imsg_property_object_drop (object, IMSG_TAG_ID (stale[i]));
  return TRUE;
}

gboolean
_imsg_recipient_init_new (IMsgRecipient      *self,
                          IMsgRecipientType   type,
                          const char         *name,
                          const char         *address,
                          guint32             index,
                          GError            **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  gboolean is_put;

  _imsg_property_object_set_being_made (object, TRUE);
  /* MAPI_MAILUSER, DT_MAILUSER */
  is_put = _imsg_property_object_put_long (object, IMSG_PR_ROWID, index, 0, error) &&
           _imsg_property_object_put_long (object, IMSG_PR_RECIPIENT_TYPE, type, 0, error) &&
           _imsg_property_object_put_long (object, IMSG_PR_OBJECT_TYPE, 6, 0, error) &&
           _imsg_property_object_put_long (object, IMSG_PR_DISPLAY_TYPE, 0, 0, error);
  if (is_put && address == NULL)
    is_put = _imsg_property_object_put_string (object, IMSG_PR_DISPLAY_NAME, name, error);
  else if (is_put)
    is_put = put_address (self, name != NULL && *name != '\0' ? name : address, address, error);
  _imsg_property_object_set_being_made (object, FALSE);
  return is_put;
}

void
_imsg_recipient_forget_text (IMsgRecipient *self)
{
  for (guint i = PROP_NAME; i <= PROP_ADDRESS_TYPE; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  if (self->parent_instance.list != NULL)
    _imsg_property_list_reload (self->parent_instance.list);
}

/* --- as a property object --- */

static IMsgMessage *
recipient_get_message (IMsgPropertyObject *object)
{
  /* Asked for with every value: a class knows its own objects without a check. */
  return ((IMsgRecipient *) object)->message;
}

/* Where its storage is now: a save may have given it another index. */
static gboolean
recipient_open (IMsgPropertyObject  *object,
                GError             **error)
{
  IMsgRecipient *self = IMSG_RECIPIENT (object);
  IMsgStorage *outer;
  IMsgObjectSlot *slot;
  guint position;
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (object->storage != NULL || self->message == NULL || self->message->recipients == NULL ||
      !_imsg_object_list_find (self->message->recipients, self->row_id, &position))
    return TRUE;
  slot = _imsg_object_list_get_slot (self->message->recipients, position);
  outer = IMSG_PROPERTY_OBJECT (self->message)->storage;
  if (!slot->is_stored || outer == NULL)
    return TRUE;
  _imsg_recipient_name (slot->index, name);
  object->storage = imsg_storage_open_storage (
    outer, name, imsg_storage_is_writable (outer) ? IMSG_STORAGE_READ_WRITE : IMSG_STORAGE_READ,
    error);
  return object->storage != NULL;
}

static char *
recipient_dup_path (IMsgPropertyObject *object)
{
  IMsgRecipient *self = IMSG_RECIPIENT (object);
  g_autofree char *outer = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  _imsg_recipient_name (self->row_id, name);
  if (self->message != NULL)
    outer = _imsg_property_object_dup_path (IMSG_PROPERTY_OBJECT (self->message));
  return outer != NULL && *outer != '\0' ? g_strconcat (outer, "/", name, NULL) : g_strdup (name);
}

static gboolean
recipient_computes (IMsgPropertyObject *object,
                    guint32             tag)
{
  return TRUE;
}

static GVariant *
recipient_compute (IMsgPropertyObject *object,
                   guint32             tag)
{
  gint32 value = tag == IMSG_PR_ROWID ? (gint32) IMSG_RECIPIENT (object)->row_id : 6;

  return g_variant_ref_sink (g_variant_new_int32 (value));
}

static void
recipient_changed (IMsgPropertyObject *object,
                   guint               id)
{
  IMsgRecipient *self = IMSG_RECIPIENT (object);
  int property = 0;

  switch (IMSG_TAG (0, id))
    {
    case IMSG_PR_RECIPIENT_TYPE & 0xFFFF0000:
      property = PROP_RECIPIENT_TYPE;
      break;
    case IMSG_PR_DISPLAY_NAME & 0xFFFF0000:
      property = PROP_NAME;
      break;
    case IMSG_PR_EMAIL_ADDRESS & 0xFFFF0000:
    case IMSG_PR_SMTP_ADDRESS & 0xFFFF0000:
      property = PROP_ADDRESS;
      break;
    case IMSG_PR_ADDRTYPE & 0xFFFF0000:
      property = PROP_ADDRESS_TYPE;
      break;
    default:
      break;
    }
  if (self->message != NULL)
    _imsg_message_recipient_changed (self->message, id);
  if (property != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
recipient_modified_changed (IMsgPropertyObject *object)
{
  IMsgRecipient *self = IMSG_RECIPIENT (object);

  if (self->message != NULL && !IMSG_PROPERTY_OBJECT (self->message)->is_closed)
    _imsg_property_object_update_modified (IMSG_PROPERTY_OBJECT (self->message));
}

static void
recipient_closed (IMsgPropertyObject *object)
{
  IMSG_RECIPIENT (object)->message = NULL;
}

static void
imsg_recipient_finalize (GObject *object)
{
  IMsgRecipient *self = IMSG_RECIPIENT (object);

  g_free (self->name);
  g_free (self->address);
  g_free (self->address_type);
  G_OBJECT_CLASS (imsg_recipient_parent_class)->finalize (object);
}

static void
imsg_recipient_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  IMsgRecipient *self = IMSG_RECIPIENT (object);

  switch (property_id)
    {
    case PROP_ROW_ID:
      g_value_set_uint (value, self->row_id);
      break;
    case PROP_RECIPIENT_TYPE:
      g_value_set_enum (value, imsg_recipient_get_recipient_type (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, imsg_recipient_get_name (self));
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, imsg_recipient_get_address (self));
      break;
    case PROP_ADDRESS_TYPE:
      g_value_set_string (value, imsg_recipient_get_address_type (self));
      break;
    case PROP_MESSAGE:
      g_value_set_object (value, self->message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imsg_recipient_class_init (IMsgRecipientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  IMsgPropertyObjectClass *property_class = &klass->parent_class;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = imsg_recipient_finalize;
  object_class->get_property = imsg_recipient_get_property;
  property_class->get_message = recipient_get_message;
  property_class->open = recipient_open;
  property_class->dup_path = recipient_dup_path;
  property_class->computed_ids = computed_ids;
  property_class->offered_tags = offered_tags;
  property_class->computes = recipient_computes;
  property_class->compute = recipient_compute;
  property_class->changed = recipient_changed;
  property_class->modified_changed = recipient_modified_changed;
  property_class->closed = recipient_closed;

  /**
   * IMsgRecipient:row-id: (getter get_row_id)
   *
   * The id of the row.
   *
   * Since: 1.0
   */
  properties[PROP_ROW_ID] = g_param_spec_uint ("row-id", NULL, NULL, 0, G_MAXUINT32, 0, flags);

  /**
   * IMsgRecipient:recipient-type: (getter get_recipient_type)
   *
   * What it is to the message.
   *
   * Since: 1.0
   */
  properties[PROP_RECIPIENT_TYPE] =
    g_param_spec_enum ("recipient-type", NULL, NULL, IMSG_TYPE_RECIPIENT_TYPE,
                       IMSG_RECIPIENT_TYPE_TO, flags);

  /**
   * IMsgRecipient:name: (getter get_name)
   *
   * The name people see.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * IMsgRecipient:address: (getter get_address)
   *
   * The address, as it is stored.
   *
   * Since: 1.0
   */
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);

  /**
   * IMsgRecipient:address-type: (getter get_address_type)
   *
   * The kind of the stored address.
   *
   * Since: 1.0
   */
  properties[PROP_ADDRESS_TYPE] = g_param_spec_string ("address-type", NULL, NULL, NULL, flags);

  /**
   * IMsgRecipient:message: (getter get_message)
   *
   * The message it is a recipient of.
   *
   * Since: 1.0
   */
  properties[PROP_MESSAGE] =
    g_param_spec_object ("message", NULL, NULL, IMSG_TYPE_MESSAGE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
imsg_recipient_init (IMsgRecipient *self)
{
}

IMsgPropertyObject *
_imsg_recipient_make (IMsgMessage          *message,
                      const IMsgObjectSlot *slot)
{
  IMsgRecipient *self = g_object_new (IMSG_TYPE_RECIPIENT, NULL);

  self->message = message;
  self->row_id = slot->number;
  IMSG_PROPERTY_OBJECT (self)->is_writable = IMSG_PROPERTY_OBJECT (message)->is_writable;
  return IMSG_PROPERTY_OBJECT (self);
}
