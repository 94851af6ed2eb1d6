/* imsg-property-plain-values.c - the values of a property object as plain C values
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-filetime-private.h"
#include "imsg-property-object-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/**
 * imsg_property_object_get_string:
 * @self: a property object
 * @tag: a tag of text, of either width; a GUID is given as text too
 *
 * Reads text.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL when it is absent or cannot be read
 * Since: 1.0
 */
char *
imsg_property_object_get_string (IMsgPropertyObject *self,
                                 guint32             tag)
{
  g_autoptr(GVariant) value = NULL;
  char *text = NULL;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);

  if (!_imsg_property_object_check (self, NULL))
    return NULL;
  text = _imsg_property_object_read_text (self, tag);
  if (text != NULL)
    return text;
  value = imsg_property_object_get_value (self, tag, NULL);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return NULL;
  return g_variant_dup_string (value, NULL);
}

/**
 * imsg_property_object_get_int:
 * @self: a property object
 * @tag: a tag of whole numbers of any size; a time gives its ticks
 *
 * Reads a number.
 *
 * Returns: the number, or 0 when it is absent or cannot be read
 * Since: 1.0
 */
gint64
imsg_property_object_get_int (IMsgPropertyObject *self,
                              guint32             tag)
{
  g_autoptr(GVariant) value = NULL;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), 0);

  value = imsg_property_object_get_value (self, tag, NULL);
  if (value == NULL)
    return 0;
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_INT16:
      return g_variant_get_int16 (value);
    case G_VARIANT_CLASS_INT32:
      return g_variant_get_int32 (value);
    case G_VARIANT_CLASS_UINT32:
      return g_variant_get_uint32 (value);
    case G_VARIANT_CLASS_INT64:
      return g_variant_get_int64 (value);
    case G_VARIANT_CLASS_UINT64:
      return (gint64) g_variant_get_uint64 (value);
    case G_VARIANT_CLASS_BOOLEAN:
      return g_variant_get_boolean (value);
    default:
      return 0;
    }
}

/**
 * imsg_property_object_get_boolean:
 * @self: a property object
 * @tag: a tag of truth values
 *
 * Reads a truth value.
 *
 * Returns: the value, or %FALSE when it is absent or cannot be read
 * Since: 1.0
 */
gboolean
imsg_property_object_get_boolean (IMsgPropertyObject *self,
                                  guint32             tag)
{
  g_autoptr(GVariant) value = NULL;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  value = imsg_property_object_get_value (self, tag, NULL);
  return value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) &&
         g_variant_get_boolean (value);
}

/**
 * imsg_property_object_get_bytes:
 * @self: a property object
 * @tag: a tag of bytes
 *
 * Reads bytes.
 *
 * Returns: (transfer full) (nullable): the bytes, or %NULL when they are absent or cannot be read
 * Since: 1.0
 */
GBytes *
imsg_property_object_get_bytes (IMsgPropertyObject *self,
                                guint32             tag)
{
  g_autoptr(GVariant) value = NULL;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);

  value = imsg_property_object_get_value (self, tag, NULL);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    return NULL;
  return g_variant_get_data_as_bytes (value);
}

/**
 * imsg_property_object_get_datetime:
 * @self: a property object
 * @tag: a tag of times
 *
 * Reads a time, in UTC.
 *
 * 0 and 1 January 4501, which stand for "none", give %NULL.
 *
 * Returns: (transfer full) (nullable): the time, or %NULL when it is absent or cannot be read
 * Since: 1.0
 */
GDateTime *
imsg_property_object_get_datetime (IMsgPropertyObject *self,
                                   guint32             tag)
{
  g_autoptr(GVariant) value = NULL;
  guint64 ticks;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);

  value = imsg_property_object_get_value (self, tag, NULL);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64))
    return NULL;
  ticks = g_variant_get_uint64 (value);
  return _imsg_filetime_is_set (ticks) ? _imsg_filetime_to_date_time (ticks) : NULL;
}

/**
 * imsg_property_object_set_string:
 * @self: a property object
 * @tag: a tag of text, of either width, or of a GUID
 * @value: (nullable): the text, or %NULL to delete the property
 * @error: return location for an error
 *
 * Sets text.
 *
 * Fails as [method@PropertyObject.set_value] and [method@PropertyObject.delete_value] do; to
 * delete what is absent is no failure.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_property_object_set_string (IMsgPropertyObject  *self,
                                 guint32              tag,
                                 const char          *value,
                                 GError             **error)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  if (value != NULL)
    {
      g_return_val_if_fail (g_utf8_validate (value, -1, NULL), FALSE);
      return _imsg_property_object_may_edit (self, tag, FALSE, error) &&
             _imsg_property_object_put_string (self, tag, value, error);
    }
  if (!_imsg_property_object_check_writable (self, error))
    return FALSE;
  if (imsg_property_object_find_tag (self, tag) == 0)
    return TRUE;
  return imsg_property_object_delete_value (self, tag, error);
}

/**
 * imsg_property_object_set_int:
 * @self: a property object
 * @tag: a tag of whole numbers; its type says how many bits there are
 * @value: the number; for PT_SYSTIME ticks
 * @error: return location for an error
 *
 * Sets a number.
 *
 * Fails as [method@PropertyObject.set_value] does, and with %IMSG_ERROR_BAD_VALUE when the number
 * does not fit.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_property_object_set_int (IMsgPropertyObject  *self,
                              guint32              tag,
                              gint64               value,
                              GError             **error)
{
  g_autoptr(GVariant) variant = NULL;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  switch (IMSG_TAG_TYPE (tag))
    {
    case IMSG_PROPERTY_TYPE_I2:
      if (value >= G_MININT16 && value <= G_MAXUINT16)
        variant = g_variant_new_int16 ((gint16) value);
      break;
    case IMSG_PROPERTY_TYPE_LONG:
      if (value >= G_MININT32 && value <= (gint64) G_MAXUINT32)
        variant = g_variant_new_int32 ((gint32) value);
      break;
    case IMSG_PROPERTY_TYPE_ERROR:
      if (value >= 0 && value <= (gint64) G_MAXUINT32)
        variant = g_variant_new_uint32 ((guint32) value);
      break;
    case IMSG_PROPERTY_TYPE_I8:
    case IMSG_PROPERTY_TYPE_CURRENCY:
      variant = g_variant_new_int64 (value);
      break;
    case IMSG_PROPERTY_TYPE_SYSTIME:
      variant = g_variant_new_uint64 ((guint64) value);
      break;
    case IMSG_PROPERTY_TYPE_BOOLEAN:
      variant = g_variant_new_boolean (value != 0);
      break;
    default:
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_UNEXPECTED_TYPE,
                   _("Property 0x%08X is of no type for whole numbers"), tag);
      return FALSE;
    }
  if (variant == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                   _("%" PRId64 " does not fit property 0x%08X"), value, tag);
      return FALSE;
    }
  return imsg_property_object_set_value (self, tag, g_steal_pointer (&variant), error);
}

/**
 * imsg_property_object_set_boolean:
 * @self: a property object
 * @tag: a tag of truth values
 * @value: the value
 * @error: return location for an error
 *
 * Sets a truth value.
 *
 * Fails as [method@PropertyObject.set_value] does.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_property_object_set_boolean (IMsgPropertyObject  *self,
                                  guint32              tag,
                                  gboolean             value,
                                  GError             **error)
{
  return imsg_property_object_set_value (self, tag, g_variant_new_boolean (value != FALSE), error);
}

/**
 * imsg_property_object_set_bytes:
 * @self: a property object
 * @tag: a tag of bytes
 * @value: the bytes
 * @error: return location for an error
 *
 * Sets bytes.
 *
 * Fails as [method@PropertyObject.set_value] does.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_property_object_set_bytes (IMsgPropertyObject  *self,
                                guint32              tag,
                                GBytes              *value,
                                GError             **error)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  return _imsg_property_object_may_edit (self, tag, FALSE, error) &&
         _imsg_property_object_put_bytes (self, tag, value, 0, error);
}

/**
 * imsg_property_object_set_datetime:
 * @self: a property object
 * @tag: a tag of times
 * @value: the time, of any zone; not before 1601
 * @error: return location for an error
 *
 * Sets a time.
 *
 * Fails as [method@PropertyObject.set_value] does, and with %IMSG_ERROR_BAD_VALUE for a time
 * before 1601.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_property_object_set_datetime (IMsgPropertyObject  *self,
                                   guint32              tag,
                                   GDateTime           *value,
                                   GError             **error)
{
  guint64 ticks;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!_imsg_filetime_from_date_time (value, &ticks))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                   _("A time before 1601 has no place in property 0x%08X"), tag);
      return FALSE;
    }
  return imsg_property_object_set_value (self, tag, g_variant_new_uint64 (ticks), error);
}
