/* imsg-property-listing.c - which properties an object has, stored, new and computed
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-object-private.h"

/* Computed properties that most lists have beside the stored ones */
#define ROOM_FOR_OFFERED 8

gboolean
_imsg_property_object_is_computed_id (IMsgPropertyObject *self,
                                      guint               id)
{
  const guint16 *ids = IMSG_PROPERTY_OBJECT_GET_CLASS (self)->computed_ids;

  while (ids != NULL && *ids != 0)
    if (*ids++ == id)
      return TRUE;
  return FALSE;
}

gboolean
_imsg_property_object_offers (IMsgPropertyObject *self,
                              guint               id,
                              guint32            *tag)
{
  const guint32 *offered = IMSG_PROPERTY_OBJECT_GET_CLASS (self)->offered_tags;

  for (; offered != NULL && *offered != 0; offered++)
    if (IMSG_TAG_ID (*offered) == id)
      {
        *tag = *offered;
        if (IMSG_TAG_TYPE (*tag) == IMSG_PROPERTY_TYPE_UNICODE &&
            !imsg_property_object_is_unicode (self))
          *tag = IMSG_TAG (IMSG_PROPERTY_TYPE_STRING8, id);
        return TRUE;
      }
  return FALSE;
}

/* Whether an offered property has a value now, or is an object. */
static gboolean
has_computed (IMsgPropertyObject *self,
              guint32             tag)
{
  return IMSG_TAG_TYPE (tag) == IMSG_PROPERTY_TYPE_OBJECT ||
         IMSG_PROPERTY_OBJECT_GET_CLASS (self)->computes (self, tag);
}

static void
collect_edited (IMsgPropertyObject *self,
                GArray             *tags)
{
  IMsgPropertyLayerIter iter;
  IMsgPropertyEdit *edit;

  for (guint i = 0; i < self->n_entries; i++)
    {
      const IMsgPropertyEntry *entry = &self->entries[i];

      edit = _imsg_property_object_find_edit (self, IMSG_TAG_ID (entry->tag));
      if (edit == NULL || edit->keeps_value)
        g_array_append_val (tags, entry->tag);
      else if (edit->tag != 0 && _imsg_property_object_find_position (self, edit->id) == i)
        g_array_append_val (tags, edit->tag);
    }
  _imsg_property_layer_iter_init (&iter, self->edits, self->staged);
  while ((edit = _imsg_property_layer_iter_next (&iter)) != NULL)
    if (_imsg_property_object_is_new (self, edit))
      g_array_append_val (tags, edit->tag);
}

/* (transfer full) (element-type guint32) */
GArray *
_imsg_property_object_collect (IMsgPropertyObject *self,
                               gboolean            with_offered)
{
  const guint32 *offered = IMSG_PROPERTY_OBJECT_GET_CLASS (self)->offered_tags;
  GArray *tags;

  if (!_imsg_property_object_load (self, NULL))
    return g_array_new (FALSE, FALSE, sizeof (guint32));

  tags = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->n_entries + ROOM_FOR_OFFERED);
  if (self->edits != NULL || self->staged != NULL)
    {
      collect_edited (self, tags);
    }
  else
    {
      g_array_set_size (tags, self->n_entries);
      for (guint i = 0; i < self->n_entries; i++)
        g_array_index (tags, guint32, i) = self->entries[i].tag;
    }

  for (; with_offered && offered != NULL && *offered != 0; offered++)
    {
      IMsgPropertySlot slot;
      guint32 tag;

      if (!_imsg_property_object_lookup (self, IMSG_TAG (0, IMSG_TAG_ID (*offered)), &slot) &&
          _imsg_property_object_offers (self, IMSG_TAG_ID (*offered), &tag) &&
          has_computed (self, tag))
        g_array_append_val (tags, tag);
    }
  return tags;
}

/**
 * imsg_property_object_list_tags:
 * @self: a property object
 * @n_tags: (out): how many there are
 *
 * Lists the tags of all properties, computed ones included (`IMAPIProp::GetPropList`).
 *
 * Stored properties come first, in the order of the file; then those that are new; then those
 * that are computed. Text has the type it is stored with.
 *
 * Returns: (transfer full) (array length=n_tags): tags; empty once @self is closed
 * Since: 1.0
 */
guint32 *
imsg_property_object_list_tags (IMsgPropertyObject *self,
                                gsize              *n_tags)
{
  GArray *tags;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);
  g_return_val_if_fail (n_tags != NULL, NULL);

  *n_tags = 0;
  if (!_imsg_property_object_check (self, NULL))
    return g_new0 (guint32, 1);
  tags = _imsg_property_object_collect (self, TRUE);
  *n_tags = tags->len;
  if (tags->len == 0)
    g_array_set_size (tags, 1);
  return (guint32 *) (gpointer) g_array_free (tags, FALSE);
}

/**
 * imsg_property_object_find_tag:
 * @self: a property object
 * @tag: a tag; its type counts only where two properties share the id
 *
 * Finds the tag, type and all, under which a property is stored or computed.
 *
 * Returns: the tag, or 0 when there is no such property
 * Since: 1.0
 */
guint32
imsg_property_object_find_tag (IMsgPropertyObject *self,
                               guint32             tag)
{
  IMsgPropertySlot slot;
  guint32 offered;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), 0);

  if (!_imsg_property_object_check (self, NULL))
    return 0;
  if (_imsg_property_object_lookup (self, tag, &slot))
    return slot.tag;
  if (_imsg_property_object_offers (self, IMSG_TAG_ID (tag), &offered) &&
      has_computed (self, offered))
    return offered;
  return 0;
}

/**
 * imsg_property_object_has_value:
 * @self: a property object
 * @tag: a tag; text answers to both its types, and type 0 to any
 *
 * Tells whether a property is there, stored or computed.
 *
 * Returns: whether [method@PropertyObject.get_value] would find it
 * Since: 1.0
 */
gboolean
imsg_property_object_has_value (IMsgPropertyObject *self,
                                guint32             tag)
{
  guint32 found;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  found = imsg_property_object_find_tag (self, tag);
  return found != 0 && _imsg_property_tag_satisfies (found, tag);
}
