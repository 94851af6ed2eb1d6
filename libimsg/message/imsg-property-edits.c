/* imsg-property-edits.c - the changes of a property object
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-message-private.h"
#include "imsg-property-object-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define USUAL_ATTRIBUTES (IMSG_PROPERTY_ATTRIBUTES_READABLE | IMSG_PROPERTY_ATTRIBUTES_WRITEABLE)

/* Values over this size are not compared with what they replace */
#define COMPARE_BYTES 65536

#define N_KNOWN_LONGS 16

/* An edit to be added at once: nothing may come between that hands the layer on, as reading for the
 * first time might, which tells of problems. */
static IMsgPropertyEdit *
begin_edit (IMsgPropertyObject *self)
{
  _imsg_property_object_load (self, NULL);
  if (self->edits == NULL)
    self->edits = _imsg_property_layer_new ();
  return _imsg_property_layer_new_edit (self->edits);
}

static IMsgPropertyEdit *
copy_edit (IMsgPropertyObject     *self,
           const IMsgPropertyEdit *edit)
{
  if (self->edits == NULL)
    self->edits = _imsg_property_layer_new ();
  return _imsg_property_layer_copy_edit (self->edits, edit);
}

/* Takes the edit. */
static void
insert_edit (IMsgPropertyObject *self,
             IMsgPropertyEdit   *edit,
             guint32             tag)
{
  _imsg_property_layer_put (self->edits, edit);
  _imsg_property_object_emit_changed (self, tag);
}

/* Takes the edit; the caller has looked whether it is one. */
static void
add_edit (IMsgPropertyObject *self,
          guint               id,
          IMsgPropertyEdit   *edit)
{
  IMsgPropertySlot slot;
  guint32 tag = edit->tag;
  gboolean drops_object = FALSE;

  edit->id = (guint16) id;
  if (_imsg_property_object_lookup (self, IMSG_TAG (0, id), &slot))
    {
      drops_object = IMSG_TAG_TYPE (slot.tag) == IMSG_PROPERTY_TYPE_OBJECT &&
                     IMSG_TAG_TYPE (tag) != IMSG_PROPERTY_TYPE_OBJECT &&
                     IMSG_PROPERTY_OBJECT_GET_CLASS (self)->drop_object != NULL;
      if (tag == 0)
        tag = slot.tag;
      edit->sequence = slot.edit != NULL ? slot.edit->sequence : self->next_sequence++;
    }
  else
    edit->sequence = self->next_sequence++;
  if (!drops_object)
    {
      insert_edit (self, edit, tag);
      return;
    }
  g_object_ref (self);
  _imsg_property_layer_put (self->edits, edit);
  IMSG_PROPERTY_OBJECT_GET_CLASS (self)->drop_object (self);
  _imsg_property_object_emit_changed (self, tag);
  g_object_unref (self);
}

static guint32
choose_attributes (IMsgPropertyObject *self,
                   guint32             tag,
                   guint32             attributes)
{
  IMsgPropertySlot slot;

  if (attributes != 0)
    return attributes;
  if (_imsg_property_object_lookup (self, IMSG_TAG (0, IMSG_TAG_ID (tag)), &slot))
    return slot.attributes;
  return USUAL_ATTRIBUTES;
}

static IMsgPropertyEdit *
new_edit (IMsgPropertyObject    *self,
          const IMsgStoredValue *value,
          guint32                attributes)
{
  IMsgPropertyEdit *edit = begin_edit (self);

  edit->tag = value->tag;
  edit->id = IMSG_TAG_ID (value->tag);
  edit->attributes = attributes;
  edit->value.tag = value->tag;
  edit->value.bytes = value->bytes != NULL ? g_bytes_ref (value->bytes) : NULL;
  edit->value.values = value->values != NULL ? g_ptr_array_ref (value->values) : NULL;
  return edit;
}

void
_imsg_property_object_put_stored (IMsgPropertyObject    *self,
                                  const IMsgStoredValue *value,
                                  guint32                attributes)
{
  add_edit (self, IMSG_TAG_ID (value->tag),
            new_edit (self, value, choose_attributes (self, value->tag, attributes)));
}

/* The same where nothing has the id yet: no need to look for it. */
static void
put_first (IMsgPropertyObject    *self,
           const IMsgStoredValue *value,
           guint32                attributes)
{
  IMsgPropertyEdit *edit = new_edit (self, value,
                                     attributes != 0 ? attributes : USUAL_ATTRIBUTES);

  edit->sequence = self->next_sequence++;
  insert_edit (self, edit, value->tag);
}

void
_imsg_property_object_put_blob (IMsgPropertyObject *self,
                                guint32             tag,
                                IMsgBlob           *blob,
                                guint32             attributes)
{
  IMsgPropertyEdit *edit = begin_edit (self);

  edit->tag = tag;
  edit->attributes = choose_attributes (self, tag, attributes);
  edit->blob = _imsg_blob_ref (blob);
  add_edit (self, IMSG_TAG_ID (tag), edit);
}

/* A PT_OBJECT property whose content the object writes itself. */
void
_imsg_property_object_put_object (IMsgPropertyObject *self,
                                  guint32             tag)
{
  IMsgPropertyEdit *edit = begin_edit (self);

  edit->tag = tag;
  edit->attributes = USUAL_ATTRIBUTES;
  edit->is_object = TRUE;
  add_edit (self, IMSG_TAG_ID (tag), edit);
}

void
_imsg_property_object_put_attributes (IMsgPropertyObject     *self,
                                      const IMsgPropertySlot *slot,
                                      guint32                 attributes)
{
  IMsgPropertyEdit *edit;

  if (slot->entry == NULL)
    edit = copy_edit (self, slot->edit);
  else
    {
      edit = begin_edit (self);
      edit->tag = slot->tag;
      edit->keeps_value = TRUE;
    }
  edit->attributes = attributes;
  add_edit (self, IMSG_TAG_ID (slot->tag), edit);
}

/* Text in the width of the message. */
static guint32
adapt_width (IMsgPropertyObject *self,
             guint32             tag)
{
  guint type;

  if (!imsg_property_tag_is_text (tag))
    return tag;
  type = imsg_property_object_is_unicode (self) ? IMSG_PROPERTY_TYPE_UNICODE
                                                : IMSG_PROPERTY_TYPE_STRING8;
  return (tag & (0xFFFF0000 | IMSG_MULTI_VALUE_FLAG)) | type;
}

static gboolean
is_unchanged (IMsgPropertyObject     *self,
              const IMsgPropertySlot *slot,
              guint32                 tag,
              GVariant               *value)
{
  g_autoptr(GVariant) present = NULL;

  if (slot->tag != tag || g_variant_get_size (value) > COMPARE_BYTES ||
      imsg_property_object_get_value_size (self, tag) > COMPARE_BYTES)
    return FALSE;
  present = _imsg_property_object_read_stored (self, tag, NULL);
  return present != NULL && g_variant_equal (present, value);
}

gboolean
_imsg_property_object_put (IMsgPropertyObject  *self,
                           guint32              tag,
                           GVariant            *value,
                           guint32              attributes,
                           GError             **error)
{
  IMsgStoredValue stored = { 0 };
  g_autoptr(GVariant) sunk = g_variant_ref_sink (value);
  IMsgPropertySlot slot;

  if (!_imsg_property_object_load (self, error))
    return FALSE;
  tag = adapt_width (self, tag);
  if (!_imsg_value_encode (tag, sunk, _imsg_property_object_get_code_page (self), &stored, error))
    return FALSE;
  stored.tag = tag;
  if (!_imsg_property_object_lookup (self, tag, &slot) && slot.edit == NULL)
    put_first (self, &stored, attributes);
  else if (!is_unchanged (self, &slot, tag, sunk))
    _imsg_property_object_put_stored (self, &stored, attributes);
  _imsg_stored_value_clear (&stored);
  return TRUE;
}

/* Whether nothing has the id yet, so that there is nothing to compare with. */
static gboolean
is_first (IMsgPropertyObject *self,
          guint32             tag)
{
  IMsgPropertySlot slot;

  return !_imsg_property_object_lookup (self, tag, &slot) && slot.edit == NULL;
}

gboolean
_imsg_property_object_put_string (IMsgPropertyObject  *self,
                                  guint32              tag,
                                  const char          *value,
                                  GError             **error)
{
  g_autoptr(GBytes) bytes = NULL;
  guint code_page = IMSG_CODE_PAGE_WINDOWS_1252;

  if (!_imsg_property_object_load (self, error))
    return FALSE;
  tag = adapt_width (self, tag);
  if (!imsg_property_tag_is_text (tag) || (tag & IMSG_MULTI_VALUE_FLAG) != 0 ||
      !is_first (self, tag))
    return _imsg_property_object_put (self, tag, g_variant_new_string (value), 0, error);
  if (IMSG_TAG_TYPE (tag) == IMSG_PROPERTY_TYPE_STRING8)
    code_page = _imsg_property_object_get_code_page (self);
  bytes = _imsg_value_encode_text (tag, value, strlen (value), code_page, error);
  if (bytes == NULL)
    return FALSE;
  put_first (self, &(IMsgStoredValue) { tag, bytes, NULL }, 0);
  return TRUE;
}

gboolean
_imsg_property_object_put_bytes (IMsgPropertyObject  *self,
                                 guint32              tag,
                                 GBytes              *bytes,
                                 guint32              attributes,
                                 GError             **error)
{
  if (!_imsg_property_object_load (self, error))
    return FALSE;
  if (IMSG_TAG_TYPE (tag) != IMSG_PROPERTY_TYPE_BINARY || !is_first (self, tag))
    return _imsg_property_object_put (self, tag,
                                      g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes,
                                                                TRUE), attributes, error);
  put_first (self, &(IMsgStoredValue) { tag, bytes, NULL }, attributes);
  return TRUE;
}

/* Most numbers are small: those have their bytes once. */
static GBytes *
new_long_bytes (guint32 value)
{
  static GBytes *known[N_KNOWN_LONGS]; /* atomic; never freed */
  guint32 word = GUINT32_TO_LE (value);
  GBytes *bytes = value < N_KNOWN_LONGS ? g_atomic_pointer_get (&known[value]) : NULL;

  if (bytes != NULL)
    return g_bytes_ref (bytes);
  bytes = g_bytes_new (&word, sizeof word);
  if (value < N_KNOWN_LONGS && g_atomic_pointer_compare_and_exchange (&known[value], NULL, bytes))
    g_bytes_ref (bytes);
  return bytes;
}

gboolean
_imsg_property_object_put_long (IMsgPropertyObject  *self,
                                guint32              tag,
                                guint32              value,
                                guint32              attributes,
                                GError             **error)
{
  g_autoptr(GBytes) bytes = NULL;

  if (!_imsg_property_object_load (self, error))
    return FALSE;
  if (IMSG_TAG_TYPE (tag) != IMSG_PROPERTY_TYPE_LONG || !is_first (self, tag))
    return _imsg_property_object_put (self, tag, g_variant_new_int32 ((gint32) value), attributes,
                                      error);
  bytes = new_long_bytes (value);
  put_first (self, &(IMsgStoredValue) { tag, bytes, NULL }, attributes);
  return TRUE;
}

/* Deletes with no question of who may; what is absent stays so. */
void
_imsg_property_object_drop (IMsgPropertyObject *self,
                            guint               id)
{
  IMsgPropertySlot slot;

  if (_imsg_property_object_lookup (self, IMSG_TAG (0, id), &slot))
    add_edit (self, id, begin_edit (self));
}

/* --- who may --- */

static gboolean
check_type (guint32   tag,
            GError  **error)
{
  guint type = IMSG_TAG_TYPE (tag);
  int code = -1;

  if (type == IMSG_PROPERTY_TYPE_OBJECT)
    code = IMSG_ERROR_INVALID_PARAMETER;
  else if (type == IMSG_PROPERTY_TYPE_SVREID || type == IMSG_PROPERTY_TYPE_SRESTRICTION ||
           type == IMSG_PROPERTY_TYPE_ACTIONS || type == 0x0103)
    code = IMSG_ERROR_TYPE_NO_SUPPORT;
  else if (type == IMSG_PROPERTY_TYPE_UNSPECIFIED || type == IMSG_PROPERTY_TYPE_NULL ||
           _imsg_type_get_stored_form (type) == IMSG_STORED_UNKNOWN)
    code = IMSG_ERROR_INVALID_TYPE;
  if (code < 0)
    return TRUE;
  g_set_error (error, IMSG_ERROR, code, _("Property 0x%08X: nothing can be set as type 0x%04X"),
               tag, type);
  return FALSE;
}

static gboolean
check_id (IMsgPropertyObject  *self,
          guint32              tag,
          GError             **error)
{
  guint id = IMSG_TAG_ID (tag);
  IMsgNameMap *names = id >= 0x8000 ? _imsg_property_object_get_name_map (self) : NULL;
  IMsgPropertySlot slot;

  if (id != 0 && id != 0xFFFF &&
      (id < 0x8000 || IMSG_PROPERTY_OBJECT_GET_CLASS (self)->takes_any_id ||
       _imsg_property_object_lookup (self, IMSG_TAG (0, id), &slot) ||
       (names != NULL && _imsg_name_map_lookup (names, id) != NULL)))
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_UNEXPECTED_ID,
               id < 0x8000 || id == 0xFFFF ? _("0x%04X is no property id")
                                           : _("Property id 0x%04X has no name in this file"), id);
  return FALSE;
}

gboolean
_imsg_property_object_may_edit (IMsgPropertyObject  *self,
                                guint32              tag,
                                gboolean             deleting,
                                GError             **error)
{
  IMsgPropertySlot slot;
  guint id = IMSG_TAG_ID (tag);
  guint needed;

  if (!_imsg_property_object_check_writable (self, error) ||
      !_imsg_property_object_load (self, error))
    return FALSE;
  if (!deleting && (!check_type (tag, error) || !check_id (self, tag, error)))
    return FALSE;
  if (_imsg_property_object_is_computed_id (self, id))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_COMPUTED,
                   _("Property 0x%08X is computed and cannot be changed"), tag);
      return FALSE;
    }
  if (_imsg_property_object_is_written (self, id))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS,
                   _("Property 0x%08X is being written by a stream"), tag);
      return FALSE;
    }
  if (!_imsg_property_object_lookup (self, IMSG_TAG (0, id), &slot))
    return TRUE;

  needed = deleting ? IMSG_PROPERTY_ATTRIBUTES_MANDATORY : IMSG_PROPERTY_ATTRIBUTES_WRITEABLE;
  if (((slot.attributes & needed) != 0) != (guint) deleting)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS,
               deleting ? _("Property 0x%08X is mandatory") : _("Property 0x%08X is read-only"),
               slot.tag);
  return FALSE;
}

gboolean
_imsg_property_object_may_set_string (IMsgPropertyObject  *self,
                                      guint32              tag,
                                      const char          *value,
                                      GError             **error)
{
  g_autoptr(GBytes) bytes = NULL;

  if (!_imsg_property_object_may_edit (self, tag, FALSE, error))
    return FALSE;
  if (imsg_property_object_is_unicode (self))
    return TRUE;
  bytes = _imsg_value_encode_text (IMSG_TAG (IMSG_PROPERTY_TYPE_STRING8, IMSG_TAG_ID (tag)), value,
                                   strlen (value), _imsg_property_object_get_code_page (self), error);
  return bytes != NULL;
}

/**
 * imsg_property_object_delete_value:
 * @self: a property object
 * @tag: a tag; only its id counts
 * @error: return location for an error
 *
 * Deletes a property.
 *
 * Of a message, `PR_MESSAGE_RECIPIENTS` and `PR_MESSAGE_ATTACHMENTS` delete all recipients and
 * attachments.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND when absent, %IMSG_ERROR_COMPUTED for a computed property,
 * %IMSG_ERROR_NO_ACCESS when the object is read-only, the property mandatory, or a stream is
 * writing it, %IMSG_ERROR_CLOSED once @self is closed. Source: `IMAPIProp::DeleteProps`.
 *
 * Returns: whether it was deleted
 * Since: 1.0
 */
gboolean
imsg_property_object_delete_value (IMsgPropertyObject  *self,
                                   guint32              tag,
                                   GError             **error)
{
  IMsgPropertySlot slot;
  guint32 offered;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!_imsg_property_object_check_writable (self, error))
    return FALSE;
  if (_imsg_property_object_offers (self, IMSG_TAG_ID (tag), &offered) &&
      IMSG_TAG_TYPE (offered) == IMSG_PROPERTY_TYPE_OBJECT && IMSG_IS_MESSAGE (self))
    return _imsg_message_delete_all (IMSG_MESSAGE (self), IMSG_TAG_ID (tag), error);
  if (!_imsg_property_object_may_edit (self, tag, TRUE, error))
    return FALSE;
  if (!_imsg_property_object_lookup (self, IMSG_TAG (0, IMSG_TAG_ID (tag)), &slot))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("There is no property 0x%08X"), tag);
      return FALSE;
    }
  _imsg_property_object_drop (self, IMSG_TAG_ID (tag));
  return TRUE;
}

/* --- reverting --- */

static void
revert_id (IMsgPropertyObject *self,
           guint               id)
{
  IMsgPropertySlot slot;
  IMsgPropertyEdit *original;
  guint32 tag;

  _imsg_property_object_lookup (self, IMSG_TAG (0, id), &slot);
  tag = slot.tag != 0 ? slot.tag : IMSG_TAG (0, id);
  if (self->edits != NULL)
    _imsg_property_layer_remove (self->edits, id);
  if (self->staged != NULL)
    _imsg_property_layer_remove (self->staged, id);
  original = _imsg_property_layer_find (self->originals, id);
  if (original != NULL && original->is_object)
    {
      _imsg_property_object_restore_object (self, original->tag, tag);
      _imsg_property_layer_remove (self->originals, id);
    }
  else if (original != NULL)
    {
      /* A save that failed has written over it: what was there goes back as a change */
      add_edit (self, id, copy_edit (self, original));
      return;
    }
  if (_imsg_property_object_lookup (self, IMSG_TAG (0, id), &slot))
    tag = slot.tag;
  _imsg_property_object_emit_changed (self, tag);
}

/* The ids of what is in either layer, in order of arrival. */
static GArray *
list_ids (const IMsgPropertyLayer *upper,
          const IMsgPropertyLayer *lower)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint));
  IMsgPropertyLayerIter iter;
  IMsgPropertyEdit *edit;

  _imsg_property_layer_iter_init (&iter, upper, lower);
  while ((edit = _imsg_property_layer_iter_next (&iter)) != NULL)
    {
      guint id = edit->id;

      g_array_append_val (ids, id);
    }
  return ids;
}

/**
 * imsg_property_object_revert_value:
 * @self: a property object
 * @tag: a tag, of which only the id counts, or 0 for all properties
 * @error: return location for an error
 *
 * Discards what was changed since the last save.
 *
 * Recipients and attachments that were added or removed are no properties, and stay so.
 *
 * Fails with %IMSG_ERROR_CLOSED once @self is closed.
 *
 * Returns: whether it was done; to revert what was not changed is no failure
 * Since: 1.0
 */
gboolean
imsg_property_object_revert_value (IMsgPropertyObject  *self,
                                   guint32              tag,
                                   GError             **error)
{
  g_autoptr(GArray) ids = NULL;
  guint id = IMSG_TAG_ID (tag);

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!_imsg_property_object_check (self, error))
    return FALSE;

  if (tag == 0)
    ids = list_ids (self->edits, self->staged);
  else
    {
      ids = g_array_new (FALSE, FALSE, sizeof id);
      if (_imsg_property_object_is_edited (self, id))
        g_array_append_val (ids, id);
    }

  g_object_ref (self);
  /* From the last on, as what comes after one that goes has to move up. */
  for (guint i = ids->len; i > 0 && !self->is_closed; i--)
    {
      IMsgPropertySlot slot;

      id = g_array_index (ids, guint, i - 1);
      if (_imsg_property_object_lookup (self, IMSG_TAG (0, id), &slot) &&
          slot.edit != NULL && slot.edit->is_object)
        IMSG_PROPERTY_OBJECT_GET_CLASS (self)->drop_object (self);
      revert_id (self, id);
    }
  g_object_unref (self);
  return TRUE;
}

/**
 * imsg_property_object_discard_edits:
 * @self: a property object
 *
 * Discards what was changed and not saved in any layer: what the object has handed to the one
 * around it stays.
 *
 * Source: the last `Release` of an `IMAPIProp` without `SaveChanges`.
 *
 * Since: 1.0
 */
void
imsg_property_object_discard_edits (IMsgPropertyObject *self)
{
  g_autoptr(GArray) ids = NULL;

  g_return_if_fail (IMSG_IS_PROPERTY_OBJECT (self));

  if (self->is_closed || self->edits == NULL)
    return;
  ids = list_ids (self->edits, NULL);
  g_object_ref (self);
  for (guint i = ids->len; i > 0 && self->edits != NULL; i--)
    {
      guint id = g_array_index (ids, guint, i - 1);
      IMsgPropertyEdit *edit = _imsg_property_layer_find (self->edits, id);
      guint32 tag;

      /* What an object property holds is not in the edit; the object keeps it. */
      if (edit == NULL || edit->is_object)
        continue;
      tag = edit->tag != 0 ? edit->tag : IMSG_TAG (0, id);
      _imsg_property_layer_remove (self->edits, id);
      _imsg_property_object_emit_changed (self, tag);
    }
  if (!self->is_closed)
    _imsg_property_object_update_modified (self);
  g_object_unref (self);
}

/* --- the way to the storage --- */

gboolean
_imsg_property_object_has_edits (IMsgPropertyObject *self)
{
  return _imsg_property_layer_get_length (self->edits) > 0;
}

gboolean
_imsg_property_object_has_staged (IMsgPropertyObject *self)
{
  return _imsg_property_layer_get_length (self->staged) > 0;
}

gboolean
_imsg_property_object_is_edited (IMsgPropertyObject *self,
                                 guint               id)
{
  return _imsg_property_object_find_edit (self, id) != NULL;
}

void
_imsg_property_object_stage (IMsgPropertyObject *self)
{
  IMsgPropertyLayer *edits;

  if (!_imsg_property_object_has_edits (self))
    return;
  edits = g_steal_pointer (&self->edits);
  if (self->staged == NULL)
    self->staged = edits;
  else
    _imsg_property_layer_merge (self->staged, edits);
}
