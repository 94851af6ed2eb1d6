/* imsg-message-settle.c - what a message and all in it are once they were written, or were not
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-message-save-private.h"

/* What was written to it while the file was is for another save. */
static void
settle_storage (IMsgAttachment *self)
{
  g_autoptr(IMsgStorage) storage = g_object_ref (self->object_storage);

  self->storage_is_behind = _imsg_storage_count_changes (storage) != self->n_written_changes;
  if (!self->storage_is_behind)
    imsg_storage_commit (storage, IMSG_COMMIT_DEFAULT, NULL, NULL);
}

static void
settle_attachment (IMsgAttachment *self)
{
  g_autoptr(IMsgMessage) embedded =
    self->embedded != NULL ? g_object_ref (self->embedded) : NULL;

  if (!self->is_staged)
    return;
  self->is_staged = FALSE;
  self->is_saved = TRUE;
  if (self->storage_is_new && self->object_storage != NULL)
    settle_storage (self);
  if (embedded != NULL)
    _imsg_message_settle (embedded);
  _imsg_property_object_settle (IMSG_PROPERTY_OBJECT (self));
  if (self->object_storage != NULL && !self->storage_is_new &&
      imsg_storage_is_writable (self->object_storage))
    _imsg_property_object_keep_object (IMSG_PROPERTY_OBJECT (self), IMSG_TAG_ATTACH_DATA_OBJECT);
}

/* All there is of one kind, in its list and gone from it. */
static GPtrArray *
collect_all_slots (IMsgMessage *self,
                   gboolean     of_attachments)
{
  const IMsgFlush all = { .with_edits = TRUE };
  GPtrArray *slots = _imsg_message_collect_slots (self, of_attachments, &all);

  for (guint i = 0; self->removals != NULL && i < self->removals->len; i++)
    {
      IMsgRemoval *removal = &g_array_index (self->removals, IMsgRemoval, i);

      if ((gboolean) removal->is_attachment == of_attachments)
        g_ptr_array_add (slots, &removal->slot);
    }
  return slots;
}

static void
for_each_child (IMsgMessage *self,
                void       (*recipient_func) (IMsgPropertyObject *object),
                void       (*attachment_func) (IMsgAttachment *attachment))
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GPtrArray) slots = collect_all_slots (self, i == 1);

      for (guint j = 0; j < slots->len; j++)
        {
          IMsgObjectSlot *slot = slots->pdata[j];

          if (slot->object == NULL)
            continue;
          if (i == 0)
            recipient_func (slot->object);
          else
            attachment_func (IMSG_ATTACHMENT (slot->object));
        }
    }
}

void
_imsg_message_settle (IMsgMessage *self)
{
  g_autoptr(GPtrArray) staged = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->structure_staged)
    {
      self->structure_changed = self->structure_dirty;
      self->recipients_computed = FALSE;
      self->attachments_computed = FALSE;
    }
  self->structure_staged = FALSE;
  self->is_new = FALSE;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GPtrArray) slots = collect_all_slots (self, i == 1);

      for (guint j = 0; j < slots->len; j++)
        {
          IMsgObjectSlot *slot = slots->pdata[j];

          if (slot->object != NULL && (i == 0 || slot->is_staged))
            g_ptr_array_add (staged, g_object_ref (slot->object));
          slot->is_staged = FALSE;
        }
    }
  for (guint i = 0; i < staged->len; i++)
    {
      if (IMSG_IS_ATTACHMENT (staged->pdata[i]))
        settle_attachment (staged->pdata[i]);
      else
        _imsg_property_object_settle (staged->pdata[i]);
    }
  _imsg_property_object_settle (IMSG_PROPERTY_OBJECT (self));
  _imsg_message_end_removals (self, TRUE);
}

void
_imsg_message_tell_row_ids (IMsgMessage *self)
{
  g_autoptr(GPtrArray) recipients = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) attachments = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; self->recipients != NULL && i < _imsg_object_list_get_length (self->recipients);
       i++)
    {
      IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->recipients, i);

      if (slot->has_new_row_id && slot->object != NULL)
        g_ptr_array_add (recipients, g_object_ref (slot->object));
      slot->has_new_row_id = FALSE;
    }
  _imsg_object_list_collect (self->attachments, attachments);
  for (guint i = 0; i < recipients->len; i++)
    if (!imsg_property_object_is_closed (recipients->pdata[i]))
      _imsg_property_object_emit_changed (recipients->pdata[i], IMSG_PR_ROWID);
  for (guint i = 0; i < attachments->len; i++)
    {
      if (IMSG_ATTACHMENT (attachments->pdata[i])->embedded != NULL)
        _imsg_message_tell_row_ids (IMSG_ATTACHMENT (attachments->pdata[i])->embedded);
    }
}

static void
discard_attachment (IMsgAttachment *self)
{
  _imsg_property_object_discard_flush (IMSG_PROPERTY_OBJECT (self));
  if (self->embedded != NULL)
    _imsg_message_discard_flush (self->embedded);
}

void
_imsg_message_discard_flush (IMsgMessage *self)
{
  for_each_child (self, _imsg_property_object_discard_flush, discard_attachment);
  _imsg_property_object_discard_flush (IMSG_PROPERTY_OBJECT (self));
}

/* --- living on another storage --- */

static void
rebind_recipient (IMsgPropertyObject *object)
{
  g_clear_object (&object->storage);
}

/* A message that is newer than what was written has no storage yet. */
static void
rebind_attachment (IMsgAttachment *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  const IMsgPropertyEdit *newer =
    _imsg_property_layer_find (object->edits, IMSG_TAG_ID (IMSG_TAG_ATTACH_DATA_OBJECT));
  g_autoptr(IMsgStorage) data = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  g_clear_object (&object->storage);
  /* A storage of OLE that was open stays one of its own: what is written to it later is copied */
  if (self->object_storage != NULL && !self->storage_is_new)
    g_clear_object (&self->object_storage);
  if (self->embedded == NULL || (newer != NULL && newer->is_object) ||
      !IMSG_PROPERTY_OBJECT_GET_CLASS (object)->open (object, NULL) || object->storage == NULL)
    return;
  _imsg_substg_name (IMSG_TAG_ATTACH_DATA_OBJECT, name);
  data = imsg_storage_open_storage (object->storage, name,
                                    imsg_storage_is_writable (object->storage)
                                      ? IMSG_STORAGE_READ_WRITE : IMSG_STORAGE_READ, NULL);
  _imsg_message_rebind (self->embedded, data);
}

void
_imsg_message_rebind (IMsgMessage *self,
                      IMsgStorage *storage)
{
  const IMsgFlush flush = { .with_edits = FALSE };
  g_autoptr(GPtrArray) recipients = _imsg_message_collect_slots (self, FALSE, &flush);
  g_autoptr(GPtrArray) attachments = _imsg_message_collect_slots (self, TRUE, &flush);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);

  /* What was written there is what the next save begins with. */
  if (self->structure_changed)
    _imsg_message_count_members (self, recipients, attachments, &object->counts);
  g_set_object (&object->storage, storage);
  for (guint i = 0; i < recipients->len; i++)
    {
      IMsgObjectSlot *slot = recipients->pdata[i];

      slot->is_stored = TRUE;
      slot->index = slot->wanted;
    }
  for (guint i = 0; i < attachments->len; i++)
    ((IMsgObjectSlot *) attachments->pdata[i])->is_stored = TRUE;
  for (guint i = 0; self->removals != NULL && i < self->removals->len; i++)
    {
      IMsgRemoval *removal = &g_array_index (self->removals, IMsgRemoval, i);

      if (removal->is_taken)
        removal->slot.is_stored = FALSE;
    }
  self->order_staged = FALSE;
  for_each_child (self, rebind_recipient, rebind_attachment);
}
