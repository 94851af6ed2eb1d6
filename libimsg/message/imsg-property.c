/* imsg-property.c - one property of an object, as a list shows it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-enum-types.h"
#include "imsg-property-object-private.h"

#include <glib/gi18n-lib.h>

/* Characters of a value that a list shows, and bytes read for them */
#define DISPLAY_CHARS 256
#define DISPLAY_BYTES 2048

/**
 * IMsgProperty:
 *
 * One property of an object, as a list shows it.
 *
 * It is a view: it reads from the object when asked, and notifies when the object's property
 * changes. Once the property is deleted or the object closed, its values are gone.
 *
 * Since: 1.0
 */

/**
 * IMsgPropertyOrigin:
 * @IMSG_PROPERTY_ORIGIN_STORED: it is what the file has
 * @IMSG_PROPERTY_ORIGIN_EDITED: it was changed and not saved
 * @IMSG_PROPERTY_ORIGIN_COMPUTED: it is not stored, but follows from other things
 *
 * Where the value of a property comes from.
 *
 * Since: 1.0
 */

struct _IMsgProperty
{
  GObject             parent_instance;

  IMsgPropertyObject *object; /* unowned; NULL once the property or the object is gone */
  guint32             tag;
  char               *name;
  IMsgPropertyName   *property_name;
};

G_DEFINE_FINAL_TYPE (IMsgProperty, imsg_property, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TAG,
  PROP_NAME,
  PROP_TYPE,
  PROP_VALUE,
  PROP_DISPLAY_VALUE,
  PROP_READABLE_VALUE,
  PROP_ATTRIBUTES,
  PROP_ORIGIN,
  PROP_SIZE,
  PROP_DAMAGED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/**
 * imsg_property_get_tag:
 * @self: a property
 *
 * Gives its tag, with the type it is stored as.
 *
 * Returns: the tag
 * Since: 1.0
 */
guint32
imsg_property_get_tag (IMsgProperty *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY (self), 0);

  return self->tag;
}

/**
 * imsg_property_get_property_type:
 * @self: a property
 *
 * Gives the type it is stored as.
 *
 * Returns: (transfer none): the type
 * Since: 1.0
 */
IMsgPropertyType
imsg_property_get_property_type (IMsgProperty *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY (self), IMSG_PROPERTY_TYPE_UNSPECIFIED);

  return IMSG_TAG_TYPE (self->tag);
}

/**
 * imsg_property_get_property_name:
 * @self: a property
 *
 * Gives the name of a named property.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL when it is no named property, or its id
 *   has no name in the file
 * Since: 1.0
 */
IMsgPropertyName *
imsg_property_get_property_name (IMsgProperty *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY (self), NULL);

  if (self->property_name == NULL && self->object != NULL && IMSG_TAG_ID (self->tag) >= 0x8000)
    self->property_name = imsg_property_object_lookup_name (self->object, IMSG_TAG_ID (self->tag));
  return self->property_name;
}

/**
 * imsg_property_get_name:
 * @self: a property
 *
 * Gives the name that people know it by.
 *
 * Of a tagged property that is `PR_SUBJECT` and the like, of a named one the name the catalogue
 * has for it, else the name itself.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL when nobody knows one
 * Since: 1.0
 */
const char *
imsg_property_get_name (IMsgProperty *self)
{
  IMsgPropertyName *property_name;

  g_return_val_if_fail (IMSG_IS_PROPERTY (self), NULL);

  if (IMSG_TAG_ID (self->tag) < 0x8000)
    return imsg_property_tag_get_name (self->tag);
  property_name = imsg_property_get_property_name (self);
  if (self->name == NULL && property_name != NULL)
    {
      const char *known = imsg_property_name_get_known_name (property_name);

      if (known == NULL && imsg_property_name_get_kind (property_name) == IMSG_PROPERTY_NAME_STRING)
        known = imsg_property_name_get_string (property_name);
      self->name = known != NULL ? g_strdup (known) : imsg_property_name_to_text (property_name);
    }
  return self->name;
}

/**
 * imsg_property_get_value:
 * @self: a property
 * @error: return location for an error
 *
 * Reads the value, as [method@PropertyObject.get_value] does.
 *
 * Fails as that does, and with %IMSG_ERROR_CLOSED once the property is gone.
 *
 * Returns: (transfer full): the value
 * Since: 1.0
 */
GVariant *
imsg_property_get_value (IMsgProperty  *self,
                         GError       **error)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->object != NULL)
    return imsg_property_object_get_value (self->object, self->tag, error);
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("Property 0x%08X is gone"), self->tag);
  return NULL;
}

/* The beginning of a value that is too long to be shown whole; NULL when it is not. */
static GVariant *
read_beginning (IMsgProperty *self)
{
  IMsgPropertySlot slot;
  g_autoptr(IMsgBlob) blob = NULL;
  g_autofree guint8 *bytes = NULL;
  IMsgStoredValue stored = { 0 };
  GVariant *value;
  gssize n_bytes;

  if (_imsg_type_get_stored_form (IMSG_TAG_TYPE (self->tag)) != IMSG_STORED_STREAM ||
      (self->tag & IMSG_MULTI_VALUE_FLAG) != 0 ||
      imsg_property_object_get_value_size (self->object, self->tag) <= 2 * DISPLAY_BYTES ||
      !_imsg_property_object_lookup (self->object, self->tag, &slot))
    return NULL;
  blob = _imsg_property_slot_open (self->object, &slot, NULL);
  if (blob == NULL)
    return NULL;
  bytes = g_malloc (DISPLAY_BYTES);
  n_bytes = _imsg_blob_read (blob, 0, bytes, DISPLAY_BYTES, NULL, NULL);
  if (n_bytes <= 0)
    return NULL;
  stored.tag = slot.tag;
  stored.bytes = g_bytes_new_take (g_steal_pointer (&bytes), (gsize) n_bytes);
  value = _imsg_value_decode (&stored, _imsg_property_object_get_code_page (self->object), NULL,
                              NULL);
  _imsg_stored_value_clear (&stored);
  return value;
}

/**
 * imsg_property_dup_display_value:
 * @self: a property
 *
 * Gives the value as one line of text for a list: long ones cut, controls escaped.
 *
 * Returns: (transfer full): the text; empty when the value cannot be read or is an object
 * Since: 1.0
 */
char *
imsg_property_dup_display_value (IMsgProperty *self)
{
  g_autoptr(GVariant) value = NULL;

  g_return_val_if_fail (IMSG_IS_PROPERTY (self), NULL);

  if (self->object != NULL && !self->object->is_closed)
    value = read_beginning (self);
  if (value == NULL)
    value = imsg_property_get_value (self, NULL);
  return value != NULL ? _imsg_value_to_display (self->tag, value, DISPLAY_CHARS) : g_strdup ("");
}

static gboolean
get_number (GVariant *value,
            guint32  *number)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    *number = (guint32) g_variant_get_int32 (value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT16))
    *number = (guint16) g_variant_get_int16 (value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    *number = g_variant_get_uint32 (value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    *number = g_variant_get_boolean (value);
  else
    return FALSE;
  return TRUE;
}

/* "MSGFLAG_READ | MSGFLAG_HASATTACH | 0x4000": bits without a name stay a number. */
static char *
spell_flags (const IMsgFlagName *flags,
             gsize               n_flags,
             guint32             number)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint32 rest = number;

  for (gsize i = 0; i < n_flags; i++)
    {
      gboolean set = flags[i].is_flag ? flags[i].value != 0 && (number & flags[i].value) == flags[i].value
                                      : (number & flags[i].mask) == flags[i].value;

      if (!set || (flags[i].is_flag && (rest & flags[i].value) == 0))
        continue;
      g_string_append_printf (text, "%s%s", text->len > 0 ? " | " : "", flags[i].name);
      rest &= ~(flags[i].is_flag ? flags[i].value : flags[i].mask);
    }
  if (text->len == 0)
    return NULL;
  if (rest != 0)
    g_string_append_printf (text, " | 0x%X", rest);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * imsg_property_dup_readable_value:
 * @self: a property
 *
 * Gives the value in words where it has any: flags, enumerations and error codes by their names.
 *
 * Returns: (transfer full): the words, else the same as [method@Property.dup_display_value]
 * Since: 1.0
 */
char *
imsg_property_dup_readable_value (IMsgProperty *self)
{
  g_autoptr(GVariant) value = NULL;
  char *text = NULL;
  guint32 number;
  gsize n_flags = 0;

  g_return_val_if_fail (IMSG_IS_PROPERTY (self), NULL);

  switch (IMSG_TAG_TYPE (self->tag))
    {
    case IMSG_PROPERTY_TYPE_I2:
    case IMSG_PROPERTY_TYPE_LONG:
    case IMSG_PROPERTY_TYPE_BOOLEAN:
    case IMSG_PROPERTY_TYPE_ERROR:
      value = imsg_property_get_value (self, NULL);
      break;
    default:
      break;
    }
  if (value != NULL && get_number (value, &number))
    {
      const IMsgFlagName *flags =
        IMSG_TAG_TYPE (self->tag) == IMSG_PROPERTY_TYPE_ERROR
          ? _imsg_catalog_get_field_flags ("SCODE", &n_flags)
          : _imsg_catalog_get_flags (self->tag, imsg_property_get_property_name (self), &n_flags);

      if (flags != NULL)
        text = spell_flags (flags, n_flags, number);
    }
  return text != NULL ? text : imsg_property_dup_display_value (self);
}

/**
 * imsg_property_get_attributes:
 * @self: a property
 *
 * Gives the attributes stored with it.
 *
 * Returns: the attributes
 * Since: 1.0
 */
IMsgPropertyAttributes
imsg_property_get_attributes (IMsgProperty *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY (self), IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT);

  if (self->object == NULL)
    return IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT;
  return imsg_property_object_get_attributes (self->object, self->tag, NULL);
}

/**
 * imsg_property_get_origin:
 * @self: a property
 *
 * Tells where the value comes from.
 *
 * Returns: the origin
 * Since: 1.0
 */
IMsgPropertyOrigin
imsg_property_get_origin (IMsgProperty *self)
{
  IMsgPropertySlot slot;

  g_return_val_if_fail (IMSG_IS_PROPERTY (self), IMSG_PROPERTY_ORIGIN_STORED);

  if (self->object == NULL || self->object->is_closed)
    return IMSG_PROPERTY_ORIGIN_STORED;
  if (!_imsg_property_object_lookup (self->object, self->tag, &slot))
    return IMSG_PROPERTY_ORIGIN_COMPUTED;
  return slot.edit != NULL ? IMSG_PROPERTY_ORIGIN_EDITED : IMSG_PROPERTY_ORIGIN_STORED;
}

/**
 * imsg_property_get_size:
 * @self: a property
 *
 * Tells how many bytes of the file the value takes.
 *
 * Returns: bytes; 0 when it is computed or an object
 * Since: 1.0
 */
guint64
imsg_property_get_size (IMsgProperty *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY (self), 0);

  return self->object != NULL ? imsg_property_object_get_value_size (self->object, self->tag) : 0;
}

/**
 * imsg_property_is_damaged:
 * @self: a property
 *
 * Tells whether the stored value cannot be read.
 *
 * A very large value counts as sound: it is not read for this.
 *
 * Returns: whether it is damaged
 * Since: 1.0
 */
gboolean
imsg_property_is_damaged (IMsgProperty *self)
{
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (IMSG_IS_PROPERTY (self), FALSE);

  if (self->object == NULL || self->object->is_closed ||
      IMSG_TAG_TYPE (self->tag) == IMSG_PROPERTY_TYPE_OBJECT)
    return FALSE;
  value = read_beginning (self);
  if (value == NULL)
    value = imsg_property_get_value (self, &error);
  return value == NULL && !g_error_matches (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG) &&
         !g_error_matches (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
}

/* The object's property changed: everything but tag and name may have. */
void
_imsg_property_update (IMsgProperty *self,
                       guint32       tag)
{
  GObject *object = G_OBJECT (self);

  g_object_freeze_notify (object);
  if (self->tag != tag)
    {
      self->tag = tag;
      g_object_notify_by_pspec (object, properties[PROP_TAG]);
      g_object_notify_by_pspec (object, properties[PROP_TYPE]);
    }
  for (guint i = PROP_VALUE; i < N_PROPS; i++)
    g_object_notify_by_pspec (object, properties[i]);
  g_object_thaw_notify (object);
}

void
_imsg_property_disconnect (IMsgProperty *self)
{
  self->object = NULL;
}

static void
imsg_property_finalize (GObject *object)
{
  IMsgProperty *self = IMSG_PROPERTY (object);

  g_free (self->name);
  g_clear_pointer (&self->property_name, imsg_property_name_unref);
  G_OBJECT_CLASS (imsg_property_parent_class)->finalize (object);
}

static void
imsg_property_get_property (GObject    *object,
                            guint       property_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  IMsgProperty *self = IMSG_PROPERTY (object);

  switch (property_id)
    {
    case PROP_TAG:
      g_value_set_uint (value, self->tag);
      break;
    case PROP_NAME:
      g_value_set_string (value, imsg_property_get_name (self));
      break;
    case PROP_TYPE:
      g_value_set_enum (value, (int) imsg_property_get_property_type (self));
      break;
    case PROP_VALUE:
      g_value_take_variant (value, imsg_property_get_value (self, NULL));
      break;
    case PROP_DISPLAY_VALUE:
      g_value_take_string (value, imsg_property_dup_display_value (self));
      break;
    case PROP_READABLE_VALUE:
      g_value_take_string (value, imsg_property_dup_readable_value (self));
      break;
    case PROP_ATTRIBUTES:
      g_value_set_flags (value, imsg_property_get_attributes (self));
      break;
    case PROP_ORIGIN:
      g_value_set_enum (value, imsg_property_get_origin (self));
      break;
    case PROP_SIZE:
      g_value_set_uint64 (value, imsg_property_get_size (self));
      break;
    case PROP_DAMAGED:
      g_value_set_boolean (value, imsg_property_is_damaged (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imsg_property_class_init (IMsgPropertyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = imsg_property_finalize;
  object_class->get_property = imsg_property_get_property;

  /**
   * IMsgProperty:tag: (getter get_tag)
   *
   * The tag.
   *
   * Since: 1.0
   */
  properties[PROP_TAG] = g_param_spec_uint ("tag", NULL, NULL, 0, G_MAXUINT32, 0, flags);

  /**
   * IMsgProperty:name: (getter get_name)
   *
   * The name that people know it by.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * IMsgProperty:type: (getter get_property_type)
   *
   * The type it is stored as; 0 when it is none of [enum@IMsg.PropertyType].
   *
   * Since: 1.0
   */
  properties[PROP_TYPE] = g_param_spec_enum ("type", NULL, NULL, IMSG_TYPE_PROPERTY_TYPE,
                                             IMSG_PROPERTY_TYPE_UNSPECIFIED, flags);

  /**
   * IMsgProperty:value: (getter get_value)
   *
   * The value; %NULL when it cannot be read.
   *
   * Since: 1.0
   */
  properties[PROP_VALUE] =
    g_param_spec_variant ("value", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, flags);

  /**
   * IMsgProperty:display-value: (getter dup_display_value)
   *
   * The value as one line of text.
   *
   * Since: 1.0
   */
  properties[PROP_DISPLAY_VALUE] = g_param_spec_string ("display-value", NULL, NULL, NULL, flags);

  /**
   * IMsgProperty:readable-value: (getter dup_readable_value)
   *
   * The value in words.
   *
   * Since: 1.0
   */
  properties[PROP_READABLE_VALUE] =
    g_param_spec_string ("readable-value", NULL, NULL, NULL, flags);

  /**
   * IMsgProperty:attributes: (getter get_attributes)
   *
   * The attributes stored with it.
   *
   * Since: 1.0
   */
  properties[PROP_ATTRIBUTES] =
    g_param_spec_flags ("attributes", NULL, NULL, IMSG_TYPE_PROPERTY_ATTRIBUTES, 0, flags);

  /**
   * IMsgProperty:origin: (getter get_origin)
   *
   * Where the value comes from.
   *
   * Since: 1.0
   */
  properties[PROP_ORIGIN] = g_param_spec_enum ("origin", NULL, NULL, IMSG_TYPE_PROPERTY_ORIGIN,
                                               IMSG_PROPERTY_ORIGIN_STORED, flags);

  /**
   * IMsgProperty:size: (getter get_size)
   *
   * Bytes of the file the value takes.
   *
   * Since: 1.0
   */
  properties[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * IMsgProperty:damaged: (getter is_damaged)
   *
   * Whether the stored value cannot be read.
   *
   * Since: 1.0
   */
  properties[PROP_DAMAGED] = g_param_spec_boolean ("damaged", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
imsg_property_init (IMsgProperty *self)
{
}

IMsgProperty *
_imsg_property_new (IMsgPropertyObject *object,
                    guint32             tag)
{
  IMsgProperty *self = g_object_new (IMSG_TYPE_PROPERTY, NULL);

  self->object = object;
  self->tag = tag;
  return self;
}
