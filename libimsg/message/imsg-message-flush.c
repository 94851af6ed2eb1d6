/* imsg-message-flush.c - writing the changes of a message and all in it into a storage
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-message-save-private.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"

#include <glib/gi18n-lib.h>

/* What recipients are called while they change places */
#define MOVING_NAME "__recip_moving_#%08X"

/* --- staging --- */

static void
stage_attachments (IMsgMessage *self)
{
  for (guint i = 0;
       self->attachments != NULL && i < _imsg_object_list_get_length (self->attachments); i++)
    {
      IMsgPropertyObject *attachment = _imsg_object_list_get_slot (self->attachments, i)->object;

      if (attachment != NULL)
        _imsg_attachment_stage (IMSG_ATTACHMENT (attachment), TRUE);
    }
}

/* What comes, goes or moves from now on is not what this save has taken. */
static void
mark_staged (IMsgMessage *self)
{
  IMsgObjectList *lists[2] = { self->recipients, self->attachments };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; lists[i] != NULL && j < _imsg_object_list_get_length (lists[i]); j++)
      {
        IMsgObjectSlot *slot = _imsg_object_list_get_slot (lists[i], j);

        slot->place = j;
        if (i == 0 || (slot->object != NULL && IMSG_ATTACHMENT (slot->object)->is_staged))
          slot->is_staged = TRUE;
      }
  for (guint i = 0; self->removals != NULL && i < self->removals->len; i++)
    g_array_index (self->removals, IMsgRemoval, i).is_taken = TRUE;
  self->order_staged |= self->recipients_reordered;
  self->recipients_reordered = FALSE;
  self->structure_staged = TRUE;
  self->structure_dirty = FALSE;
  self->recipients_computed |= self->recipients_touched;
  self->attachments_computed |= self->attachments_touched;
  self->recipients_touched = FALSE;
  self->attachments_touched = FALSE;
}

void
_imsg_message_stage (IMsgMessage *self,
                     gboolean     deep)
{
  _imsg_property_object_stage (IMSG_PROPERTY_OBJECT (self));
  if (deep)
    stage_attachments (self);
  for (guint i = 0; self->recipients != NULL && i < _imsg_object_list_get_length (self->recipients);
       i++)
    {
      IMsgPropertyObject *recipient = _imsg_object_list_get_slot (self->recipients, i)->object;

      if (recipient != NULL)
        _imsg_property_object_stage (recipient);
    }
  mark_staged (self);
}

void
_imsg_attachment_stage (IMsgAttachment *self,
                        gboolean        deep)
{
  _imsg_property_object_stage (IMSG_PROPERTY_OBJECT (self));
  self->is_staged = TRUE;
  if (deep && self->embedded != NULL)
    _imsg_message_stage (self->embedded, TRUE);
}

/* --- what is in it --- */

static IMsgObjectList *
get_list (IMsgMessage *self,
          gboolean     of_attachments)
{
  return of_attachments ? self->attachments : self->recipients;
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const IMsgObjectSlot *left = *(IMsgObjectSlot *const *) a;
  const IMsgObjectSlot *right = *(IMsgObjectSlot *const *) b;

  return left->place < right->place ? -1 : left->place > right->place;
}

GPtrArray *
_imsg_message_collect_slots (IMsgMessage     *self,
                             gboolean         of_attachments,
                             const IMsgFlush *flush)
{
  GPtrArray *slots = g_ptr_array_new ();
  IMsgObjectList *list = get_list (self, of_attachments);

  for (guint i = 0; list != NULL && i < _imsg_object_list_get_length (list); i++)
    {
      IMsgObjectSlot *slot = _imsg_object_list_get_slot (list, i);

      if (flush->with_edits || slot->is_stored || slot->is_staged)
        g_ptr_array_add (slots, slot);
    }
  if (flush->with_edits)
    return slots;
  for (guint i = 0; self->removals != NULL && i < self->removals->len; i++)
    {
      IMsgRemoval *removal = &g_array_index (self->removals, IMsgRemoval, i);

      if ((gboolean) removal->is_attachment == of_attachments && !removal->is_taken)
        g_ptr_array_add (slots, &removal->slot);
    }
  g_ptr_array_sort (slots, compare_places);
  return slots;
}

static gboolean
clear_removed (IMsgMessage      *self,
               gboolean          of_attachments,
               IMsgStorage      *target,
               const IMsgFlush  *flush,
               GError          **error)
{
  for (guint i = 0; self->removals != NULL && i < self->removals->len; i++)
    {
      IMsgRemoval *removal = &g_array_index (self->removals, IMsgRemoval, i);
      char name[IMSG_SUBSTG_NAME_SIZE];

      if ((gboolean) removal->is_attachment != of_attachments || !removal->slot.is_stored ||
          !(flush->with_edits || removal->is_taken))
        continue;
      if (of_attachments)
        _imsg_attachment_name (removal->slot.index, name);
      else
        _imsg_recipient_name (removal->slot.index, name);
      if (!_imsg_storage_clear (target, name, error))
        return FALSE;
      /* Its place may be taken by another from now on */
      if (flush->in_place)
        removal->slot.is_stored = FALSE;
    }
  return TRUE;
}

/* --- recipients --- */

/* Numbers the storages: as they are, and new ones after them, unless the order changed, or there is
 * no number after them: then from 0 up, for readers count them. */
static void
number_recipients (IMsgMessage     *self,
                   GPtrArray       *slots,
                   const IMsgFlush *flush)
{
  gboolean reordered = self->order_staged || (flush->with_edits && self->recipients_reordered);
  guint64 next = self->n_recipients_aside > 0 ? self->next_row_id : 0;

  for (guint i = 0; i < slots->len; i++)
    {
      IMsgObjectSlot *slot = slots->pdata[i];

      if (slot->is_stored)
        next = MAX (next, (guint64) slot->index + 1);
    }
  reordered |= next + slots->len > G_MAXUINT32;
  for (guint i = 0; i < slots->len; i++)
    {
      IMsgObjectSlot *slot = slots->pdata[i];

      if (reordered)
        slot->wanted = i;
      else
        slot->wanted = slot->is_stored ? slot->index : (guint32) next++;
    }
}

/* The recipient of a slot, made when there is none yet. One that went is not found by its row id. */
static IMsgPropertyObject *
need_recipient (IMsgMessage      *self,
                IMsgObjectSlot   *slot,
                IMsgStorage      *target,
                const IMsgFlush  *flush,
                GError          **error)
{
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (slot->object == NULL)
    slot->object = _imsg_recipient_make (self, slot);
  if (!flush->in_place || !slot->is_stored || slot->object->storage != NULL)
    return slot->object;
  _imsg_recipient_name (slot->index, name);
  slot->object->storage = imsg_storage_open_storage (target, name, IMSG_STORAGE_READ_WRITE, error);
  return slot->object->storage != NULL ? slot->object : NULL;
}

/* PR_ROWID is the index of the storage in every file there is. */
static gboolean
put_row_id (IMsgMessage      *self,
            IMsgObjectSlot   *slot,
            IMsgStorage      *target,
            const IMsgFlush  *flush,
            GError          **error)
{
  IMsgPropertyObject *recipient;
  IMsgPropertyLayer *later = NULL;
  guint32 stored = 0;
  gboolean has_stored, is_put;

  if (slot->is_stored && slot->index == slot->wanted)
    return TRUE;
  recipient = need_recipient (self, slot, target, flush, error);
  if (recipient == NULL)
    return FALSE;
  has_stored = _imsg_property_object_read_stored_long (recipient, IMSG_PR_ROWID, &stored);
  /* Copying leaves it out, as it belongs to the place; a new row needs one all the same */
  if (has_stored ? stored == slot->wanted : slot->is_stored)
    return TRUE;
  if (flush->trials != NULL)
    {
      _imsg_property_object_begin_trial (recipient, flush->trials);
      return _imsg_property_object_put_long (recipient, IMSG_PR_ROWID, slot->wanted, 0, error);
    }
  /* What was changed since the save is not handed on with it */
  if (!flush->with_edits)
    later = g_steal_pointer (&recipient->edits);
  recipient->is_being_made = TRUE;
  is_put = _imsg_property_object_put_long (recipient, IMSG_PR_ROWID, slot->wanted, 0, error);
  recipient->is_being_made = FALSE;
  if (!flush->with_edits)
    {
      _imsg_property_object_stage (recipient);
      g_clear_pointer (&recipient->edits, _imsg_property_layer_free);
      recipient->edits = later;
    }
  slot->has_new_row_id |= (guint) is_put;
  return is_put;
}

/* Makes room for a storage: a stream with its name is damage that was told of, and nobody reads. */
static gboolean
clear_stream (IMsgStorage  *target,
              const char   *name,
              GError      **error)
{
  IMsgStorageEntryKind kind;

  return !_imsg_storage_lookup (target, name, &kind, NULL) ||
         kind != IMSG_STORAGE_ENTRY_STREAM || _imsg_storage_clear (target, name, error);
}

/* Two steps, so that none runs over another. */
static gboolean
move_storages (GPtrArray        *slots,
               IMsgStorage      *target,
               const IMsgFlush  *flush,
               GError          **error)
{
  for (guint step = 0; step < 2; step++)
    for (guint i = 0; i < slots->len; i++)
      {
        IMsgObjectSlot *slot = slots->pdata[i];
        char moving[IMSG_SUBSTG_NAME_SIZE], name[IMSG_SUBSTG_NAME_SIZE];

        if (!slot->is_stored || slot->index == slot->wanted)
          continue;
        g_snprintf (moving, sizeof moving, MOVING_NAME, slot->wanted);
        _imsg_recipient_name (step == 0 ? slot->index : slot->wanted, name);
        if (step == 0 && flush->in_place && slot->object != NULL)
          {
            /* It is opened again by its new name */
            if (!_imsg_property_object_load (slot->object, error))
              return FALSE;
            g_clear_object (&slot->object->storage);
          }
        if (step == 1 && !clear_stream (target, name, error))
          return FALSE;
        if (!imsg_storage_rename (target, step == 0 ? name : moving, step == 0 ? moving : name,
                                  error))
          return FALSE;
      }
  return TRUE;
}

static IMsgStorage *
open_target (IMsgStorage  *target,
             const char   *name,
             GError      **error)
{
  IMsgStorageEntryKind kind;
  gboolean exists = _imsg_storage_lookup (target, name, &kind, NULL);

  if (exists && kind == IMSG_STORAGE_ENTRY_STORAGE)
    return imsg_storage_open_storage (target, name, IMSG_STORAGE_READ_WRITE, error);
  if (exists && !clear_stream (target, name, error))
    return NULL;
  return imsg_storage_create_storage (target, name, IMSG_STORAGE_READ_WRITE, error);
}

static gboolean
needs_flush (IMsgPropertyObject *object,
             const IMsgFlush    *flush)
{
  return _imsg_property_object_has_staged (object) ||
         (flush->with_edits && _imsg_property_object_has_edits (object));
}

static gboolean
flush_recipient (IMsgObjectSlot   *slot,
                 IMsgStorage      *target,
                 const IMsgFlush  *flush,
                 GError          **error)
{
  g_autoptr(IMsgStorage) storage = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];
  gboolean is_new = !slot->is_stored;

  if (slot->object == NULL || (!is_new && !needs_flush (slot->object, flush)))
    return TRUE;
  if (!_imsg_property_object_load (slot->object, error))
    return FALSE;
  _imsg_recipient_name (slot->wanted, name);
  storage = open_target (target, name, error);
  if (storage == NULL)
    return FALSE;
  if (flush->in_place)
    {
      slot->is_stored = TRUE;
      slot->index = slot->wanted;
      g_set_object (&slot->object->storage, storage);
    }
  return _imsg_property_object_flush (slot->object, storage, IMSG_STREAM_SUBOBJECT, NULL, is_new,
                                      flush, error);
}

/* Clears, numbers and moves the storages. */
static gboolean
arrange_recipients (IMsgMessage      *self,
                    GPtrArray        *slots,
                    IMsgStorage      *target,
                    const IMsgFlush  *flush,
                    GError          **error)
{
  number_recipients (self, slots, flush);
  if (!clear_removed (self, FALSE, target, flush, error))
    return FALSE;
  for (guint i = 0; i < slots->len; i++)
    if (!put_row_id (self, slots->pdata[i], target, flush, error))
      return FALSE;
  if (!move_storages (slots, target, flush, error))
    return FALSE;
  for (guint i = 0; flush->in_place && i < slots->len; i++)
    {
      IMsgObjectSlot *slot = slots->pdata[i];

      if (slot->is_stored)
        slot->index = slot->wanted;
    }
  if (flush->in_place)
    self->order_staged = FALSE;
  return TRUE;
}

static gboolean
flush_recipients (IMsgMessage      *self,
                  GPtrArray        *slots,
                  IMsgStorage      *target,
                  gboolean          with_structure,
                  const IMsgFlush  *flush,
                  GError          **error)
{
  if (with_structure && !arrange_recipients (self, slots, target, flush, error))
    return FALSE;
  for (guint i = 0; i < slots->len; i++)
    {
      IMsgObjectSlot *slot = slots->pdata[i];

      if (!with_structure)
        {
          if (!slot->is_stored)
            continue;
          slot->wanted = slot->index;
        }
      if (!flush_recipient (slot, target, flush, error))
        return FALSE;
    }
  return TRUE;
}

/* --- attachments --- */

static gboolean
write_storage (IMsgAttachment  *self,
               IMsgStorage     *target,
               GError         **error)
{
  g_autoptr(IMsgStorage) storage = g_object_ref (self->object_storage);

  if (!imsg_storage_copy_to (storage, target, error))
    return FALSE;
  self->n_written_changes = _imsg_storage_count_changes (storage);
  return TRUE;
}

static gboolean
write_attachment (IMsgAttachment   *self,
                  IMsgStorage      *target,
                  const IMsgFlush  *flush,
                  GError          **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  IMsgPropertySlot slot;
  char name[IMSG_SUBSTG_NAME_SIZE];
  g_autoptr(IMsgStorage) data = NULL;

  if (!_imsg_property_object_flush (object, target, IMSG_STREAM_SUBOBJECT, NULL,
                                    object->storage == NULL ||
                                      (!self->is_saved && flush->in_place), flush, error))
    return FALSE;
  if (!_imsg_property_object_lookup (object, IMSG_TAG_ATTACH_DATA_OBJECT, &slot) ||
      slot.tag != IMSG_TAG_ATTACH_DATA_OBJECT || slot.entry == NULL)
    return TRUE;
  /* What was there before: the property is what it was, what is in it may not be */
  _imsg_substg_name (IMSG_TAG_ATTACH_DATA_OBJECT, name);
  if (self->storage_is_new && _imsg_attachment_data_changed (self))
    {
      if (!_imsg_storage_clear (target, name, error))
        return FALSE;
      data = imsg_storage_create_storage (target, name, IMSG_STORAGE_READ_WRITE, error);
      return data != NULL && write_storage (self, data, error);
    }
  if (self->embedded == NULL)
    return TRUE;
  data = imsg_storage_open_storage (target, name, IMSG_STORAGE_READ_WRITE, error);
  return data != NULL && _imsg_message_flush (self->embedded, data, IMSG_STREAM_EMBEDDED, FALSE,
                                              flush, error);
}

/* Writes a message or storage that is new in the attachment. */
gboolean
_imsg_attachment_flush_object (IMsgPropertyObject  *object,
                               guint32              tag,
                               IMsgStorage         *target,
                               const IMsgFlush     *flush,
                               IMsgPropertyEntry   *entry,
                               GError             **error)
{
  IMsgAttachment *self = IMSG_ATTACHMENT (object);
  g_autoptr(IMsgStorage) data = NULL;
  guint32 size = GUINT32_TO_LE (G_MAXUINT32);
  gboolean is_message = self->embedded != NULL ||
                        (self->object_storage != NULL &&
                         _imsg_storage_lookup (self->object_storage, IMSG_PROPERTIES_STREAM, NULL,
                                               NULL));
  guint32 marker = GUINT32_TO_LE (is_message ? 1 : 4);
  char name[IMSG_SUBSTG_NAME_SIZE];

  memcpy (entry->value, &size, 4);
  memcpy (entry->value + 4, &marker, 4);
  _imsg_substg_name (tag, name);
  if (self->embedded == NULL && self->object_storage == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED,
                   _("The storage of attachment %u was closed before it was saved"), self->number);
      return FALSE;
    }
  /* A message that a save which failed has written already is written over */
  if (self->embedded != NULL && IMSG_PROPERTY_OBJECT (self->embedded)->storage != NULL)
    data = open_target (target, name, error);
  else
    {
      if (!_imsg_storage_clear (target, name, error))
        return FALSE;
      data = imsg_storage_create_storage (target, name, IMSG_STORAGE_READ_WRITE, error);
    }
  if (data == NULL)
    return FALSE;
  if (self->embedded == NULL)
    return write_storage (self, data, error);
  if (flush->in_place)
    g_set_object (&IMSG_PROPERTY_OBJECT (self->embedded)->storage, data);
  return _imsg_message_flush (self->embedded, data, IMSG_STREAM_EMBEDDED, TRUE, flush, error);
}

static gboolean
needs_attachment_flush (IMsgObjectSlot  *slot,
                        const IMsgFlush *flush)
{
  /* One that went after the save of an embedded message says that it is not modified any more */
  if (slot->object == NULL ||
      (!slot->object->is_deleted && !imsg_property_object_is_modified (slot->object)))
    return FALSE;
  return flush->with_edits || (IMSG_ATTACHMENT (slot->object)->is_staged && slot->is_staged);
}

static gboolean
flush_attachment (IMsgObjectSlot   *slot,
                  IMsgStorage      *target,
                  const IMsgFlush  *flush,
                  GError          **error)
{
  g_autoptr(IMsgStorage) storage = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (!needs_attachment_flush (slot, flush))
    return TRUE;
  if (!_imsg_property_object_load (slot->object, error))
    return FALSE;
  _imsg_attachment_name (slot->index, name);
  storage = open_target (target, name, error);
  if (storage == NULL)
    return FALSE;
  if (flush->in_place)
    {
      slot->is_stored = TRUE;
      g_set_object (&slot->object->storage, storage);
    }
  return write_attachment (IMSG_ATTACHMENT (slot->object), storage, flush, error);
}

/* --- the message --- */

void
_imsg_message_count_members (IMsgMessage      *self,
                             GPtrArray        *recipients,
                             GPtrArray        *attachments,
                             IMsgStreamCounts *counts)
{
  counts->n_recipients = self->n_recipients_aside + recipients->len;
  counts->next_recipient_id = self->n_recipients_aside > 0 ? self->next_row_id : 0;
  for (guint i = 0; i < recipients->len; i++)
    {
      const IMsgObjectSlot *slot = recipients->pdata[i];

      counts->next_recipient_id = MAX (counts->next_recipient_id, slot->wanted + 1);
    }
  counts->n_attachments = self->n_attachments_aside + attachments->len;
  counts->next_attachment_id = self->next_attachment;
}

gboolean
_imsg_message_flush (IMsgMessage       *self,
                     IMsgStorage       *target,
                     IMsgStreamHeader   header,
                     gboolean           must_write,
                     const IMsgFlush   *flush,
                     GError           **error)
{
  g_autoptr(GPtrArray) recipients = _imsg_message_collect_slots (self, FALSE, flush);
  g_autoptr(GPtrArray) attachments = _imsg_message_collect_slots (self, TRUE, flush);
  IMsgStreamCounts counts = IMSG_PROPERTY_OBJECT (self)->counts;
  gboolean with_structure = self->structure_changed &&
                            (flush->with_edits || self->structure_staged);

  if (g_cancellable_set_error_if_cancelled (flush->cancellable, error) ||
      !flush_recipients (self, recipients, target, with_structure, flush, error))
    return FALSE;
  if (with_structure)
    {
      if (!clear_removed (self, TRUE, target, flush, error))
        return FALSE;
      _imsg_message_count_members (self, recipients, attachments, &counts);
    }
  for (guint i = 0; i < attachments->len; i++)
    if (!flush_attachment (attachments->pdata[i], target, flush, error))
      return FALSE;
  if (flush->in_place && with_structure)
    IMSG_PROPERTY_OBJECT (self)->counts = counts;
  return _imsg_property_object_flush (IMSG_PROPERTY_OBJECT (self), target, header, &counts,
                                      must_write || with_structure, flush, error);
}

gboolean
_imsg_attachment_data_changed (IMsgAttachment *self)
{
  return self->object_storage != NULL && !imsg_storage_is_closed (self->object_storage) &&
         imsg_storage_is_modified (self->object_storage);
}
