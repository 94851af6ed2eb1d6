/* imsg-message-discard.c - letting go of what was changed in a message and not saved
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-property-tags.h"

/* It, and all that is open in it */
static void
set_deleted (IMsgPropertyObject *object,
             gboolean            is_deleted)
{
  IMsgMessage *embedded = IMSG_IS_ATTACHMENT (object) ? IMSG_ATTACHMENT (object)->embedded : NULL;
  g_autoptr(GPtrArray) inner = g_ptr_array_new_with_free_func (g_object_unref);

  object->is_deleted = is_deleted;
  if (embedded == NULL)
    return;
  IMSG_PROPERTY_OBJECT (embedded)->is_deleted = is_deleted;
  _imsg_object_list_collect (embedded->recipients, inner);
  _imsg_object_list_collect (embedded->attachments, inner);
  for (guint i = 0; i < inner->len; i++)
    set_deleted (inner->pdata[i], is_deleted);
}

static void
close_removed (IMsgPropertyObject *object)
{
  _imsg_property_object_mark_deleted (object);
  g_object_unref (object);
}

static void
keep_removal (IMsgMessage       *self,
              const IMsgRemoval *removal)
{
  if (self->removals == NULL)
    self->removals = g_array_new (FALSE, FALSE, sizeof (IMsgRemoval));
  g_array_append_vals (self->removals, removal, 1);
}

/* What the file has is read again if it comes back; changes that a save has handed on are not in
 * the file yet, so the object that has them waits. */
void
_imsg_message_take_removed (IMsgMessage    *self,
                            IMsgObjectList *list,
                            guint           position)
{
  IMsgRemoval removal = { *_imsg_object_list_get_slot (list, position), position,
                          list == self->attachments, FALSE };
  IMsgPropertyObject *object = _imsg_object_list_remove (list, position);
  gboolean waits = object != NULL && (!removal.slot.is_stored ||
                                      _imsg_property_object_has_staged (object));

  removal.slot.object = NULL;
  /* Who was told that it went may have closed the message */
  if (!IMSG_PROPERTY_OBJECT (self)->is_closing &&
      (removal.slot.is_stored || removal.slot.is_staged))
    {
      if (waits)
        {
          set_deleted (object, TRUE);
          removal.slot.object = g_steal_pointer (&object);
        }
      keep_removal (self, &removal);
    }
  if (object != NULL)
    close_removed (object);
}

void
_imsg_message_end_removals (IMsgMessage *self,
                            gboolean     only_taken)
{
  g_autoptr(GArray) removals = g_steal_pointer (&self->removals);
  g_autoptr(GPtrArray) objects = g_ptr_array_new ();

  for (guint i = 0; removals != NULL && i < removals->len; i++)
    {
      IMsgRemoval *removal = &g_array_index (removals, IMsgRemoval, i);

      if (only_taken && !removal->is_taken)
        keep_removal (self, removal);
      else if (removal->slot.object != NULL)
        g_ptr_array_add (objects, removal->slot.object);
    }
  for (guint i = 0; i < objects->len; i++)
    close_removed (objects->pdata[i]);
}

static gboolean
holds_object (const IMsgPropertyLayer *layer)
{
  IMsgPropertyEdit *edit =
    _imsg_property_layer_find (layer, IMSG_TAG_ID (IMSG_TAG_ATTACH_DATA_OBJECT));

  return edit != NULL && edit->is_object;
}

void
_imsg_attachment_forget_unsaved (IMsgAttachment *self)
{
  const guint id = IMSG_TAG_ID (IMSG_TAG_ATTACH_DATA_OBJECT);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  gboolean in_edits = holds_object (object->edits);
  gboolean in_staged = holds_object (object->staged);

  if (self->embedded != NULL || self->object_storage != NULL || !(in_edits || in_staged))
    return;
  if (in_edits)
    _imsg_property_layer_remove (object->edits, id);
  if (in_staged)
    _imsg_property_layer_remove (object->staged, id);
  self->found_method = 0;
  _imsg_property_object_put_long (
    object, IMSG_PR_ATTACH_METHOD,
    _imsg_attachment_find_method (self, IMSG_ATTACHMENT_METHOD_NONE), 0, NULL);
  _imsg_property_object_emit_changed (object, IMSG_TAG_ATTACH_DATA_OBJECT);
}

/* A save of the attachment handed changes to a message that was not saved then. */
static void
unstage_attachment (IMsgAttachment *attachment)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);

  if (holds_object (object->staged))
    _imsg_attachment_drop_data (attachment);
  g_clear_pointer (&object->staged, _imsg_property_layer_free);
  attachment->is_staged = FALSE;
  _imsg_property_object_update_modified (object);
}

static void
discard_in_attachment (IMsgAttachment *attachment,
                       IMsgObjectList *list)
{
  guint position;

  imsg_attachment_discard_changes (attachment);
  if (attachment->embedded != NULL)
    imsg_message_discard_changes (attachment->embedded);
  if (attachment->is_staged &&
      _imsg_object_list_find (list, attachment->number, &position) &&
      !_imsg_object_list_get_slot (list, position)->is_staged)
    unstage_attachment (attachment);
}

/* What came goes, and what stays is as it was. */
static void
discard_in_list (IMsgObjectList *list)
{
  g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);
  guint i = _imsg_object_list_get_length (list);

  while (i > 0)
    {
      IMsgObjectSlot *slot = _imsg_object_list_get_slot (list, --i);

      if (!slot->is_stored && !slot->is_staged)
        {
          IMsgPropertyObject *object = _imsg_object_list_remove (list, i);

          if (object != NULL)
            close_removed (object);
        }
      i = MIN (i, _imsg_object_list_get_length (list));
    }
  _imsg_object_list_collect (list, objects);
  for (i = objects->len; i > 0; i--)
    {
      if (IMSG_IS_ATTACHMENT (objects->pdata[i - 1]))
        discard_in_attachment (objects->pdata[i - 1], list);
      else
        imsg_property_object_discard_edits (objects->pdata[i - 1]);
    }
}

/* What was written to the storage of an OLE object goes. One that lies in the file is closed, as is
 * one that the file has something newer of than it goes back to. */
static void
discard_in_storage (IMsgAttachment *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);

  if (self->storage_is_new && self->storage_is_behind)
    {
      _imsg_attachment_drop_data (self);
      if (!object->is_closed)
        _imsg_property_object_emit_changed (object, IMSG_TAG_ATTACH_DATA_OBJECT);
    }
  else if (self->storage_is_new)
    imsg_storage_revert (self->object_storage, NULL);
  else if (object->original_object != NULL)
    {
      _imsg_attachment_drop_data (self);
      if (object->is_closed)
        return;
      _imsg_property_object_restore_object (object, IMSG_TAG_ATTACH_DATA_OBJECT,
                                            IMSG_TAG_ATTACH_DATA_OBJECT);
      _imsg_property_object_emit_changed (object, IMSG_TAG_ATTACH_DATA_OBJECT);
    }
}

/**
 * imsg_attachment_discard_changes:
 * @self: an attachment
 *
 * Discards what was changed in the attachment and not saved in any layer: its properties, what was
 * written to the storage in it, and a message or storage that is new in it.
 *
 * Source: the last `Release` of an `IAttach` without `SaveChanges`.
 *
 * Since: 1.0
 */
void
imsg_attachment_discard_changes (IMsgAttachment *self)
{
  IMsgPropertyObject *object;

  g_return_if_fail (IMSG_IS_ATTACHMENT (self));

  object = IMSG_PROPERTY_OBJECT (self);
  if (object->is_closed)
    return;
  /* What a save has handed on is held by the same objects, so it stays with what came since. */
  if (holds_object (object->edits) && !holds_object (object->staged))
    {
      g_object_ref (self);
      _imsg_attachment_drop_data (self);
      if (object->edits != NULL)
        _imsg_property_layer_remove (object->edits, IMSG_TAG_ID (IMSG_TAG_ATTACH_DATA_OBJECT));
      _imsg_property_object_emit_changed (object, IMSG_TAG_ATTACH_DATA_OBJECT);
      g_object_unref (self);
    }
  else if (_imsg_attachment_data_changed (self) && !self->is_staged)
    {
      g_object_ref (self);
      discard_in_storage (self);
      g_object_unref (self);
    }
  imsg_property_object_discard_edits (object);
}

/* What no save has taken away is where it was. */
static void
bring_back (IMsgMessage *self)
{
  g_autoptr(GArray) removals = g_steal_pointer (&self->removals);
  guint n_removals = removals != NULL ? removals->len : 0;

  for (guint i = 0; i < n_removals; i++)
    if (g_array_index (removals, IMsgRemoval, i).is_taken)
      keep_removal (self, &g_array_index (removals, IMsgRemoval, i));
  for (guint i = n_removals; i > 0; i--)
    {
      IMsgRemoval *removal = &g_array_index (removals, IMsgRemoval, i - 1);

      if (removal->is_taken)
        continue;
      if (IMSG_PROPERTY_OBJECT (self)->is_closing)
        {
          if (removal->slot.object != NULL)
            close_removed (removal->slot.object);
          continue;
        }
      if (removal->slot.object != NULL)
        set_deleted (removal->slot.object, FALSE);
      _imsg_object_list_insert (removal->is_attachment ? self->attachments : self->recipients,
                                removal->position, &removal->slot);
    }
}

/**
 * imsg_message_discard_changes:
 * @self: a message
 *
 * Discards what was changed in the message, and in the messages inside it, and not saved in any
 * layer.
 *
 * Properties are again what they were, recipients and attachments that came are gone, those that
 * went are back, as other objects if they were open. What a save has handed to the attachment
 * around the message stays.
 *
 * Source: the last `Release` of an `IMessage` without `SaveChanges`.
 *
 * Since: 1.0
 */
void
imsg_message_discard_changes (IMsgMessage *self)
{
  g_return_if_fail (IMSG_IS_MESSAGE (self));

  if (IMSG_PROPERTY_OBJECT (self)->is_closing)
    return;
  g_object_ref (self);
  imsg_property_object_discard_edits (IMSG_PROPERTY_OBJECT (self));
  if (self->recipients != NULL)
    {
      discard_in_list (self->recipients);
      discard_in_list (self->attachments);
      bring_back (self);
      _imsg_object_list_sort (self->recipients);
      self->structure_dirty = FALSE;
      self->recipients_reordered = FALSE;
      self->recipients_touched = FALSE;
      self->attachments_touched = FALSE;
      if (!self->structure_staged)
        self->structure_changed = FALSE;
      _imsg_property_object_update_modified (IMSG_PROPERTY_OBJECT (self));
    }
  g_object_unref (self);
}
