/* imsg-message-hand-over.c - what a message that is closed has saved, in another one in its place
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-recipient-private.h"

/* All that is stored of an object and saved in it; its edits stay. */
static void
take_over (IMsgPropertyObject *self,
           IMsgPropertyObject *from)
{
  self->storage = g_steal_pointer (&from->storage);
  self->entries = g_steal_pointer (&from->entries);
  self->n_entries = from->n_entries;
  self->index = g_steal_pointer (&from->index);
  self->staged = g_steal_pointer (&from->staged);
  self->originals = g_steal_pointer (&from->originals);
  self->original_object = g_steal_pointer (&from->original_object);
  self->flushed = g_steal_pointer (&from->flushed);
  self->counts = from->counts;
  self->next_sequence = from->next_sequence;
  self->header = from->header;
  self->is_loaded = from->is_loaded;
  from->n_entries = 0;
  from->next_entry = 0;
}

static IMsgMessage *make_heir (IMsgMessage    *self,
                               IMsgAttachment *parent);

/* A storage that was opened is closed with the object that lent it: what is in it goes on. */
static void
take_over_attachment (IMsgAttachment *self,
                      IMsgAttachment *from)
{
  g_autoptr(IMsgStorage) storage = NULL;

  self->is_saved = from->is_saved;
  self->is_staged = from->is_staged;
  if (from->embedded != NULL)
    self->embedded = make_heir (from->embedded, self);
  if (from->object_storage == NULL || imsg_storage_is_closed (from->object_storage) ||
      !(from->storage_is_new || _imsg_attachment_data_changed (from)))
    return;
  storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  if (!imsg_storage_copy_to (from->object_storage, storage, NULL))
    return;
  self->object_storage = g_steal_pointer (&storage);
  self->storage_is_new = TRUE;
}

static IMsgObjectList *
take_over_list (IMsgMessage     *self,
                IMsgObjectList  *from,
                GType            item_type,
                IMsgObjectMaker  maker)
{
  IMsgObjectList *list = _imsg_object_list_new (item_type, self, maker,
                                                g_array_new (FALSE, FALSE, sizeof (IMsgObjectSlot)));

  for (guint i = 0; i < _imsg_object_list_get_length (from); i++)
    {
      IMsgObjectSlot slot = *_imsg_object_list_get_slot (from, i);
      IMsgPropertyObject *object = slot.object;

      if (object != NULL)
        {
          slot.object = maker (self, &slot);
          take_over (slot.object, object);
          if (IMSG_IS_ATTACHMENT (object))
            take_over_attachment (IMSG_ATTACHMENT (slot.object), IMSG_ATTACHMENT (object));
          slot.object->was_modified = imsg_property_object_is_modified (slot.object);
        }
      _imsg_object_list_append (list, &slot);
    }
  return list;
}

/* What is yet to be cleared from the file; the objects are closed with the message they were in. */
static GArray *
take_over_removals (GArray *from)
{
  GArray *removals = from != NULL ? g_array_copy (from) : NULL;

  for (guint i = 0; removals != NULL && i < removals->len; i++)
    g_array_index (removals, IMsgRemoval, i).slot.object = NULL;
  return removals;
}

static IMsgMessage *
make_heir (IMsgMessage    *self,
           IMsgAttachment *parent)
{
  IMsgMessage *heir = g_object_new (IMSG_TYPE_MESSAGE, NULL);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (heir);

  take_over (object, IMSG_PROPERTY_OBJECT (self));
  object->is_writable = IMSG_PROPERTY_OBJECT (parent)->is_writable;
  heir->parent = parent;
  heir->nesting = self->nesting;
  heir->unicode_state = self->unicode_state;
  heir->is_new = self->is_new;
  heir->was_created = self->was_created;
  heir->next_row_id = self->next_row_id;
  heir->next_attachment = self->next_attachment;
  heir->removals = take_over_removals (self->removals);
  heir->n_recipients_aside = self->n_recipients_aside;
  heir->n_attachments_aside = self->n_attachments_aside;
  heir->structure_changed = self->structure_changed;
  heir->structure_staged = self->structure_staged;
  heir->structure_dirty = self->structure_dirty;
  heir->order_staged = self->order_staged;
  heir->recipients_touched = self->recipients_touched;
  heir->recipients_computed = self->recipients_computed;
  heir->attachments_touched = self->attachments_touched;
  heir->attachments_computed = self->attachments_computed;
  if (self->recipients != NULL)
    {
      heir->recipients = take_over_list (heir, self->recipients, IMSG_TYPE_RECIPIENT,
                                         _imsg_recipient_make);
      heir->attachments = take_over_list (heir, self->attachments, IMSG_TYPE_ATTACHMENT,
                                          _imsg_attachment_make);
    }
  object->was_modified = imsg_property_object_is_modified (object);
  return heir;
}

IMsgMessage *
_imsg_message_hand_over (IMsgMessage *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);

  if (object->is_closing || !self->structure_staged)
    return NULL;
  imsg_message_discard_changes (self);
  if (object->is_closing || self->parent == NULL)
    return NULL;
  return make_heir (self, self->parent);
}
