/* imsg-property-values.c - reading and setting the values of a property object
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-message-private.h"
#include "imsg-property-object-private.h"

#include <glib/gi18n-lib.h>

/* Whether what is stored as one type can be given as another. */
gboolean
_imsg_property_tag_satisfies (guint32 stored,
                              guint32 wanted)
{
  if (IMSG_TAG_TYPE (wanted) == IMSG_PROPERTY_TYPE_UNSPECIFIED ||
      IMSG_TAG_TYPE (wanted) == IMSG_TAG_TYPE (stored))
    return TRUE;
  return imsg_property_tag_is_text (stored) && imsg_property_tag_is_text (wanted) &&
         ((stored ^ wanted) & IMSG_MULTI_VALUE_FLAG) == 0;
}

static void
set_not_found (GError  **error,
               guint32   tag)
{
  /* Most who ask for what may be absent do not ask why. */
  if (error != NULL)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("There is no property 0x%08X"), tag);
}

static void
set_unexpected_type (GError  **error,
                     guint32   stored,
                     guint32   wanted)
{
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_UNEXPECTED_TYPE,
               _("Property 0x%04X has the type 0x%04X, not 0x%04X"), IMSG_TAG_ID (stored),
               IMSG_TAG_TYPE (stored), IMSG_TAG_TYPE (wanted));
}

/* What stands in the way of reading a stored property is a problem of the message as well. */
static void
report_damage (IMsgPropertyObject *self,
               guint32             tag,
               const GError       *error)
{
  g_autofree char *path = NULL;
  g_autofree char *where = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (error->domain != IMSG_ERROR || error->code == IMSG_ERROR_TOO_BIG ||
      error->code == IMSG_ERROR_NO_SUPPORT || error->code == IMSG_ERROR_CLOSED)
    return;
  path = _imsg_property_object_dup_path (self);
  _imsg_substg_name (tag, name);
  where = *path != '\0' ? g_strconcat (path, "/", name, NULL) : g_strdup (name);
  _imsg_property_object_add_problem (self, _imsg_problem_new_error (where, error));
}

/* A save may have let go of the storage: it is opened again when something is read. */
static gboolean
need_storage (IMsgPropertyObject  *self,
              GError             **error)
{
  if (self->storage == NULL && !IMSG_PROPERTY_OBJECT_GET_CLASS (self)->open (self, error))
    return FALSE;
  if (self->storage != NULL)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA, _("The storage of the object is gone"));
  return FALSE;
}

gboolean
_imsg_property_slot_read (IMsgPropertyObject      *self,
                          const IMsgPropertySlot  *slot,
                          IMsgStoredValue         *value,
                          GError                 **error)
{
  const IMsgLimits *limits = _imsg_property_object_get_limits (self);
  g_autoptr(GError) local_error = NULL;

  memset (value, 0, sizeof *value);
  if (slot->entry != NULL)
    {
      if (need_storage (self, &local_error) &&
          _imsg_stored_value_read (self->storage, slot->entry, limits, value, &local_error))
        return TRUE;
      report_damage (self, slot->tag, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (slot->edit->is_object)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("Property 0x%08X is an object: it is opened, not read"), slot->tag);
      return FALSE;
    }
  value->tag = slot->tag;
  if (slot->edit->blob != NULL)
    {
      value->bytes = _imsg_blob_read_all (slot->edit->blob, limits->values[IMSG_LIMIT_VALUE_BYTES],
                                          NULL, error);
      return value->bytes != NULL;
    }
  value->bytes = slot->edit->value.bytes != NULL ? g_bytes_ref (slot->edit->value.bytes) : NULL;
  value->values = slot->edit->value.values != NULL ? g_ptr_array_ref (slot->edit->value.values)
                                                   : NULL;
  return TRUE;
}

/* What a stored property has in its stream; text without one is empty, as when it is read. */
static IMsgBlob *
open_stored (IMsgPropertyObject  *self,
             guint32              tag,
             GError             **error)
{
  g_autoptr(GError) missing = NULL;
  g_autoptr(GBytes) empty = NULL;
  IMsgStorageEntryKind kind;
  guint64 n_bytes;
  IMsgBlob *blob;
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (!need_storage (self, error))
    return NULL;
  _imsg_substg_name (tag, name);
  blob = _imsg_storage_get_blob (self->storage, name, &missing);
  if (blob != NULL)
    return blob;
  if (!imsg_property_tag_is_text (tag) ||
      !g_error_matches (missing, IMSG_ERROR, IMSG_ERROR_NOT_FOUND) ||
      _imsg_storage_lookup (self->storage, name, &kind, &n_bytes))
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return NULL;
    }
  empty = g_bytes_new_static (NULL, 0);
  return _imsg_blob_new_for_bytes (empty);
}

IMsgBlob *
_imsg_property_slot_open (IMsgPropertyObject      *self,
                          const IMsgPropertySlot  *slot,
                          GError                 **error)
{
  IMsgStoredForm form = _imsg_type_get_stored_form (IMSG_TAG_TYPE (slot->tag));

  if (form != IMSG_STORED_STREAM)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("Property 0x%08X is of no type that a stream can hold"), slot->tag);
      return NULL;
    }
  if (slot->entry != NULL)
    {
      g_autoptr(GError) local_error = NULL;
      IMsgBlob *blob = open_stored (self, slot->tag, &local_error);

      if (blob == NULL)
        {
          report_damage (self, slot->tag, local_error);
          g_propagate_error (error, g_steal_pointer (&local_error));
        }
      return blob;
    }
  if (slot->edit->blob != NULL)
    return _imsg_blob_ref (slot->edit->blob);
  return _imsg_blob_new_for_bytes (slot->edit->value.bytes);
}

static GVariant *
decode_slot (IMsgPropertyObject      *self,
             const IMsgPropertySlot  *slot,
             GError                 **error)
{
  IMsgStoredValue stored;
  g_autoptr(GError) local_error = NULL;
  guint type = IMSG_TAG_TYPE (slot->tag) & ~IMSG_MULTI_VALUE_FLAG;
  guint code_page = IMSG_CODE_PAGE_WINDOWS_1252;
  gsize n_replaced = 0;
  GVariant *value = NULL;

  if (slot->entry != NULL)
    value = _imsg_value_decode_inline (slot->entry);
  if (value != NULL)
    return value;
  if (type == IMSG_PROPERTY_TYPE_STRING8)
    code_page = _imsg_property_object_get_code_page (self);
  if (slot->entry != NULL && need_storage (self, NULL))
    {
      const IMsgLimits *limits = _imsg_property_object_get_limits (self);

      value = _imsg_value_decode_stream (self->storage, slot->entry, code_page,
                                         limits->values[IMSG_LIMIT_VALUE_BYTES]);
      if (value != NULL)
        return value;
    }
  if (!_imsg_property_slot_read (self, slot, &stored, error))
    return NULL;
  value = _imsg_value_decode (&stored, code_page, &n_replaced, &local_error);
  if (value == NULL)
    {
      report_damage (self, slot->tag, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
    }
  _imsg_stored_value_clear (&stored);
  return value;
}

GVariant *
_imsg_property_object_read_stored (IMsgPropertyObject  *self,
                                   guint32              tag,
                                   GError             **error)
{
  IMsgPropertySlot slot;

  if (!_imsg_property_object_lookup (self, tag, &slot))
    {
      set_not_found (error, tag);
      return NULL;
    }
  if (!_imsg_property_tag_satisfies (slot.tag, tag))
    {
      set_unexpected_type (error, slot.tag, tag);
      return NULL;
    }
  return decode_slot (self, &slot, error);
}

char *
_imsg_property_object_read_text (IMsgPropertyObject *self,
                                 guint32             tag)
{
  guint code_page = IMSG_CODE_PAGE_WINDOWS_1252;
  IMsgPropertySlot slot;
  gconstpointer data;
  gsize n_bytes;

  if (!_imsg_property_object_lookup (self, tag, &slot) || !imsg_property_tag_is_text (slot.tag) ||
      IMSG_TYPE_IS_LIST (IMSG_TAG_TYPE (slot.tag)) ||
      !_imsg_property_tag_satisfies (slot.tag, tag))
    return NULL;
  if (IMSG_TAG_TYPE (slot.tag) == IMSG_PROPERTY_TYPE_STRING8)
    code_page = _imsg_property_object_get_code_page (self);
  if (slot.entry != NULL)
    return !need_storage (self, NULL)
             ? NULL
             : _imsg_value_read_text (self->storage, slot.entry, code_page,
                                      _imsg_property_object_get_limits (self)->values
                                        [IMSG_LIMIT_VALUE_BYTES]);
  if (slot.edit->value.bytes == NULL)
    return NULL;
  data = g_bytes_get_data (slot.edit->value.bytes, &n_bytes);
  return _imsg_value_decode_text (slot.tag, data, n_bytes, code_page);
}

char *
_imsg_property_object_read_stored_string (IMsgPropertyObject *self,
                                          guint32             tag)
{
  g_autoptr(GVariant) value = NULL;
  char *text = _imsg_property_object_read_text (self, tag);

  if (text != NULL)
    return text;
  value = _imsg_property_object_read_stored (self, tag, NULL);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return NULL;
  return g_variant_dup_string (value, NULL);
}

/* Straight from the entry: no allocation. */
gboolean
_imsg_property_object_read_stored_long (IMsgPropertyObject *self,
                                        guint32             tag,
                                        guint32            *value)
{
  IMsgPropertySlot slot;
  const guint8 *bytes;

  if (!_imsg_property_object_lookup (self, tag, &slot) ||
      IMSG_TAG_TYPE (slot.tag) != IMSG_PROPERTY_TYPE_LONG)
    return FALSE;
  if (slot.entry != NULL)
    bytes = slot.entry->value;
  else if (slot.edit->value.bytes != NULL && g_bytes_get_size (slot.edit->value.bytes) == 4)
    bytes = g_bytes_get_data (slot.edit->value.bytes, NULL);
  else
    return FALSE;
  memcpy (value, bytes, sizeof *value);
  *value = GUINT32_FROM_LE (*value);
  return TRUE;
}

/**
 * imsg_property_object_get_value:
 * @self: a property object
 * @tag: property id in the high 16 bits, type in the low 16
 * @error: return location for an error
 *
 * Reads the value of a property.
 *
 * Text answers to both its types, decoded with the code page of the message where it is stored as
 * 8-bit; type 0 (`PT_UNSPECIFIED`) returns whatever has the id. Values over the limit for one in
 * memory come by [method@PropertyObject.open_stream] only.
 *
 * The type of the variant follows that of the property: PT_I2 `n`, PT_LONG `i`, PT_R4, PT_DOUBLE
 * and PT_APPTIME `d`, PT_CURRENCY and PT_I8 `x`, PT_ERROR `u`, PT_BOOLEAN `b`, text and PT_CLSID
 * `s`, PT_SYSTIME `t`, PT_BINARY `ay`, a multi-valued one an array of that.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND when absent, %IMSG_ERROR_UNEXPECTED_TYPE when it is of another
 * type, %IMSG_ERROR_CORRUPT_DATA when the bytes do not fit the type, %IMSG_ERROR_TOO_BIG over the
 * limit, %IMSG_ERROR_NO_SUPPORT for an object (PT_OBJECT), %IMSG_ERROR_CLOSED once @self is closed.
 * Source: `IMAPIProp::GetProps`; [MS-OXMSG] 2.4.2, [MS-OXCDATA] 2.11.1.
 *
 * Returns: (transfer full): the value, never floating
 * Since: 1.0
 */
GVariant *
imsg_property_object_get_value (IMsgPropertyObject  *self,
                                guint32              tag,
                                GError             **error)
{
  IMsgPropertySlot slot;
  GVariant *value = NULL;
  guint32 offered;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!_imsg_property_object_check (self, error) || !_imsg_property_object_load (self, error))
    return NULL;
  if (_imsg_property_object_lookup (self, tag, &slot))
    {
      if (_imsg_property_tag_satisfies (slot.tag, tag))
        return decode_slot (self, &slot, error);
      set_unexpected_type (error, slot.tag, tag);
      return NULL;
    }

  if (_imsg_property_object_offers (self, IMSG_TAG_ID (tag), &offered))
    {
      if (IMSG_TAG_TYPE (offered) == IMSG_PROPERTY_TYPE_OBJECT)
        {
          if (error != NULL)
            g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                         _("Property 0x%08X is an object: it is opened, not read"), offered);
          return NULL;
        }
      if (IMSG_PROPERTY_OBJECT_GET_CLASS (self)->computes (self, offered))
        value = IMSG_PROPERTY_OBJECT_GET_CLASS (self)->compute (self, offered);
      if (value != NULL && !_imsg_property_tag_satisfies (offered, tag))
        {
          g_clear_pointer (&value, g_variant_unref);
          set_unexpected_type (error, offered, tag);
          return NULL;
        }
    }
  if (value == NULL)
    set_not_found (error, tag);
  return value;
}

/**
 * imsg_property_object_get_raw:
 * @self: a property object
 * @tag: a tag; of the type only what tells two properties with one id apart counts
 * @error: return location for an error
 *
 * Reads the bytes of a property as they are stored.
 *
 * A fixed-size value gives its own 2, 4 or 8 bytes, one in a stream the bytes of the stream, and a
 * multi-valued one of text or binaries the stream of lengths followed by each value's stream.
 * What is computed gives the bytes it would be stored as.
 *
 * Fails as [method@PropertyObject.get_value] does, but never over the type.
 * Source: [MS-OXMSG] 2.4.2.
 *
 * Returns: (transfer full): the bytes
 * Since: 1.0
 */
GBytes *
imsg_property_object_get_raw (IMsgPropertyObject  *self,
                              guint32              tag,
                              GError             **error)
{
  IMsgPropertySlot slot;
  IMsgStoredValue stored = { 0 };
  GBytes *raw;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!_imsg_property_object_check (self, error) || !_imsg_property_object_load (self, error))
    return NULL;
  if (_imsg_property_object_lookup (self, tag, &slot))
    {
      if (!_imsg_property_slot_read (self, &slot, &stored, error))
        return NULL;
    }
  else
    {
      g_autoptr(GVariant) value = imsg_property_object_get_value (self, tag & 0xFFFF0000, error);
      guint32 offered;

      if (value == NULL)
        return NULL;
      _imsg_property_object_offers (self, IMSG_TAG_ID (tag), &offered);
      if (!_imsg_value_encode (offered, value, _imsg_property_object_get_code_page (self), &stored,
                               error))
        return NULL;
    }
  raw = _imsg_stored_value_to_raw (&stored);
  _imsg_stored_value_clear (&stored);
  return raw;
}

/**
 * imsg_property_object_get_value_size:
 * @self: a property object
 * @tag: a tag
 *
 * Tells how many bytes of the file a property's value takes, without reading it.
 *
 * Returns: bytes; 0 when it is absent, computed or an object
 * Since: 1.0
 */
guint64
imsg_property_object_get_value_size (IMsgPropertyObject *self,
                                     guint32             tag)
{
  IMsgPropertySlot slot;
  IMsgStoredValue stored;
  guint64 n_bytes = 0;
  char name[IMSG_SUBSTG_NAME_SIZE];

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), 0);

  if (!_imsg_property_object_check (self, NULL) ||
      !_imsg_property_object_lookup (self, tag, &slot))
    return 0;

  switch (_imsg_type_get_stored_form (IMSG_TAG_TYPE (slot.tag)))
    {
    case IMSG_STORED_INLINE:
      return _imsg_type_get_value_size (IMSG_TAG_TYPE (slot.tag));
    case IMSG_STORED_STREAM:
      if (slot.entry == NULL)
        return slot.edit->blob != NULL ? _imsg_blob_get_size (slot.edit->blob)
                                       : g_bytes_get_size (slot.edit->value.bytes);
      _imsg_substg_name (slot.tag, name);
      if (!need_storage (self, NULL) ||
          !_imsg_storage_lookup (self->storage, name, NULL, &n_bytes))
        return 0;
      return n_bytes;
    case IMSG_STORED_STORAGE:
      return 0;
    case IMSG_STORED_STREAMS:
    case IMSG_STORED_UNKNOWN:
    default:
      if (!_imsg_property_slot_read (self, &slot, &stored, NULL))
        return 0;
      n_bytes = stored.bytes != NULL ? g_bytes_get_size (stored.bytes) : 0;
      for (guint i = 0; stored.values != NULL && i < stored.values->len; i++)
        n_bytes += g_bytes_get_size (stored.values->pdata[i]);
      _imsg_stored_value_clear (&stored);
      return n_bytes;
    }
}

/**
 * imsg_property_object_set_value:
 * @self: a property object
 * @tag: the tag, type and all
 * @value: the value; a floating one is consumed
 * @error: return location for an error
 *
 * Sets a property.
 *
 * There is one value for an id: one of another type is replaced, type and all. Text is stored in
 * the width of the message whichever the tag has: in a Unicode message as `PT_UNICODE`, in another
 * as `PT_STRING8` in its code page. Setting what is there already changes nothing.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS when the object or the property is read-only or a stream is
 * writing the property, %IMSG_ERROR_COMPUTED for a computed one, %IMSG_ERROR_INVALID_TYPE for an
 * unknown type, %IMSG_ERROR_TYPE_NO_SUPPORT for one that is never stored, %IMSG_ERROR_BAD_VALUE
 * when the variant does not fit the type, %IMSG_ERROR_BAD_CHARWIDTH when the code page has no
 * place for a character, %IMSG_ERROR_UNEXPECTED_ID for an id that cannot be used or, from 0x8000,
 * has no name, %IMSG_ERROR_INVALID_PARAMETER for an object, %IMSG_ERROR_CLOSED once @self is
 * closed. Source: `IMAPIProp::SetProps`.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_property_object_set_value (IMsgPropertyObject  *self,
                                guint32              tag,
                                GVariant            *value,
                                GError             **error)
{
  g_autoptr(GVariant) sunk = NULL;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  sunk = g_variant_ref_sink (value);
  return _imsg_property_object_may_edit (self, tag, FALSE, error) &&
         _imsg_property_object_put (self, tag, sunk, 0, error);
}
