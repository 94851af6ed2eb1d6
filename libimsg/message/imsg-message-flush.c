/* imsg-message-flush.c - writing the changes of a message and all in it into a storage
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
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

/* What comes or goes from now on is not what this save has taken. */
static void
mark_staged (IMsgMessage *self)
{
  IMsgObjectList *lists[2] = { self->recipients, self->attachments };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; lists[i] != NULL && j < _imsg_object_list_get_length (lists[i]); j++)
      {
        IMsgObjectSlot *slot = _imsg_object_list_get_slot (lists[i], j);

        if (i == 0 || (slot->object != NULL && IMSG_ATTACHMENT (slot->object)->is_staged))
          slot->is_staged = TRUE;
      }
  self->n_staged_recipients =
    self->removed_recipients != NULL ? self->removed_recipients->len : 0;
  self->n_staged_attachments =
    self->removed_attachments != NULL ? self->removed_attachments->len : 0;
  _imsg_message_forget_removals (self);
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

/* --- recipients --- */

static gboolean
clear_removed (IMsgStorage      *target,
               GArray           *removed,
               guint            *n_staged,
               void            (*make_name) (guint32 index,
                                             char    name[IMSG_SUBSTG_NAME_SIZE]),
               const IMsgFlush  *flush,
               GError          **error)
{
  guint n_removed = removed == NULL ? 0 : flush->with_edits ? removed->len : *n_staged;

  for (guint i = 0; i < n_removed; i++)
    {
      char name[IMSG_SUBSTG_NAME_SIZE];

      make_name (g_array_index (removed, guint32, i), name);
      if (!_imsg_storage_clear (target, name, error))
        return FALSE;
    }
  /* Their places may be taken by others from now on */
  if (flush->in_place && n_removed > 0)
    {
      g_array_remove_range (removed, 0, n_removed);
      *n_staged = 0;
    }
  return TRUE;
}

/* Whether this flush writes what is in the slot: not what came after the save of an embedded
 * message, whose own save has not taken it. */
static gboolean
takes_slot (const IMsgObjectSlot *slot,
            const IMsgFlush      *flush)
{
  return flush->with_edits || slot->is_stored || slot->is_staged;
}

/* What went, but not yet for this flush: it stays where it is, at the end of the array. */
static guint
count_left (GArray          *removed,
            guint            n_staged,
            const IMsgFlush *flush)
{
  return removed == NULL || flush->with_edits ? 0 : removed->len - n_staged;
}

/* One more than the highest index of a recipient that is not in the list, and stays. */
static guint32
get_index_after_left (IMsgMessage     *self,
                      const IMsgFlush *flush)
{
  guint n_left = count_left (self->removed_recipients, self->n_staged_recipients, flush);
  guint32 next = self->n_recipients_aside > 0 ? self->next_row_id : 0;

  for (guint i = 0; i < n_left; i++)
    next = MAX (next, g_array_index (self->removed_recipients, guint32,
                                     self->removed_recipients->len - 1 - i) + 1);
  return next;
}

/* Whether all change places, for which nothing may stay behind. */
static gboolean
takes_order (IMsgMessage     *self,
             const IMsgFlush *flush)
{
  return self->recipients_reordered &&
         count_left (self->removed_recipients, self->n_staged_recipients, flush) == 0;
}

/* Numbers the storages: as they are, and new ones after them, unless the order changed: then from
 * 0 up, for readers count them. */
static void
number_recipients (IMsgMessage     *self,
                   const IMsgFlush *flush)
{
  gboolean reordered = takes_order (self, flush);
  guint32 next = get_index_after_left (self, flush);
  guint32 place = 0;
  guint n_slots = _imsg_object_list_get_length (self->recipients);

  for (guint i = 0; i < n_slots; i++)
    {
      IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->recipients, i);

      if (slot->is_stored)
        next = MAX (next, slot->index + 1);
    }
  for (guint i = 0; i < n_slots; i++)
    {
      IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->recipients, i);

      if (!takes_slot (slot, flush))
        continue;
      if (reordered)
        slot->wanted = place++;
      else
        slot->wanted = slot->is_stored ? slot->index : next++;
    }
}

/* PR_ROWID is the index of the storage in every file there is. */
static gboolean
put_row_id (IMsgMessage     *self,
            guint            position,
            const IMsgFlush *flush,
            GError         **error)
{
  IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->recipients, position);
  IMsgPropertyObject *recipient;
  guint32 stored = 0;
  gboolean has_stored, is_put;

  if (!takes_slot (slot, flush) || (slot->is_stored && slot->index == slot->wanted))
    return TRUE;
  recipient = _imsg_object_list_get (self->recipients, position);
  has_stored = _imsg_property_object_read_stored_long (recipient, IMSG_PR_ROWID, &stored);
  /* Copying leaves it out, as it belongs to the place; a new row needs one all the same */
  if (has_stored ? stored == slot->wanted : slot->is_stored)
    return TRUE;
  if (flush->trials != NULL)
    _imsg_property_object_begin_trial (recipient, flush->trials);
  else
    recipient->is_being_made = TRUE;
  is_put = _imsg_property_object_put_long (recipient, IMSG_PR_ROWID, slot->wanted, 0, error);
  if (flush->trials != NULL)
    return is_put;
  recipient->is_being_made = FALSE;
  if (!is_put)
    return FALSE;
  slot->has_new_row_id = TRUE;
  if (!flush->with_edits)
    _imsg_property_object_stage (recipient);
  return TRUE;
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
move_storages (IMsgMessage      *self,
               IMsgStorage      *target,
               const IMsgFlush  *flush,
               GError          **error)
{
  guint n_slots = _imsg_object_list_get_length (self->recipients);

  for (guint step = 0; step < 2; step++)
    for (guint i = 0; i < n_slots; i++)
      {
        IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->recipients, i);
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
flush_recipient (IMsgMessage      *self,
                 IMsgObjectSlot   *slot,
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

static gboolean
flush_recipients (IMsgMessage      *self,
                  IMsgStorage      *target,
                  gboolean          with_structure,
                  const IMsgFlush  *flush,
                  GError          **error)
{
  guint n_slots;

  if (self->recipients == NULL)
    return TRUE;
  n_slots = _imsg_object_list_get_length (self->recipients);
  if (with_structure)
    {
      number_recipients (self, flush);
      if (!clear_removed (target, self->removed_recipients, &self->n_staged_recipients,
                          _imsg_recipient_name, flush, error))
        return FALSE;
      for (guint i = 0; i < n_slots; i++)
        if (!put_row_id (self, i, flush, error))
          return FALSE;
      if (!move_storages (self, target, flush, error))
        return FALSE;
    }
  for (guint i = 0; i < n_slots; i++)
    {
      IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->recipients, i);

      if (!takes_slot (slot, flush))
        continue;
      if (!with_structure)
        {
          if (!slot->is_stored)
            continue;
          slot->wanted = slot->index;
        }
      else if (flush->in_place && slot->is_stored)
        slot->index = slot->wanted;
      if (!flush_recipient (self, slot, target, flush, error))
        return FALSE;
    }
  if (with_structure && flush->in_place && takes_order (self, flush))
    self->recipients_reordered = FALSE;
  return TRUE;
}

/* --- attachments --- */

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
      return data != NULL && imsg_storage_copy_to (self->object_storage, data, error);
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
    return imsg_storage_copy_to (self->object_storage, data, error);
  if (flush->in_place)
    g_set_object (&IMSG_PROPERTY_OBJECT (self->embedded)->storage, data);
  return _imsg_message_flush (self->embedded, data, IMSG_STREAM_EMBEDDED, TRUE, flush, error);
}

static gboolean
flush_attachment (IMsgMessage      *self,
                  guint             position,
                  IMsgStorage      *target,
                  const IMsgFlush  *flush,
                  GError          **error)
{
  IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->attachments, position);
  IMsgAttachment *attachment = IMSG_ATTACHMENT (slot->object);
  g_autoptr(IMsgStorage) storage = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (attachment == NULL || !imsg_property_object_is_modified (slot->object) ||
      (!flush->with_edits && !(attachment->is_staged && slot->is_staged)))
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
  return write_attachment (attachment, storage, flush, error);
}

/* --- the message --- */

/* What the header of the property stream says, after this flush. */
static void
count_members (IMsgMessage      *self,
               gboolean          with_structure,
               const IMsgFlush  *flush,
               IMsgStreamCounts *counts)
{
  *counts = IMSG_PROPERTY_OBJECT (self)->counts;
  if (self->recipients == NULL || !with_structure)
    return;

  counts->n_recipients =
    self->n_recipients_aside +
    count_left (self->removed_recipients, self->n_staged_recipients, flush);
  counts->next_recipient_id = get_index_after_left (self, flush);
  for (guint i = 0; i < _imsg_object_list_get_length (self->recipients); i++)
    {
      IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->recipients, i);

      if (!takes_slot (slot, flush))
        continue;
      counts->n_recipients++;
      counts->next_recipient_id = MAX (counts->next_recipient_id, slot->wanted + 1);
    }

  counts->n_attachments =
    self->n_attachments_aside +
    count_left (self->removed_attachments, self->n_staged_attachments, flush);
  counts->next_attachment_id = self->next_attachment;
  for (guint i = 0; i < _imsg_object_list_get_length (self->attachments); i++)
    {
      IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->attachments, i);

      if (slot->is_stored || flush->with_edits ||
          (slot->object != NULL && IMSG_ATTACHMENT (slot->object)->is_staged && slot->is_staged))
        counts->n_attachments++;
    }
}

gboolean
_imsg_message_flush (IMsgMessage       *self,
                     IMsgStorage       *target,
                     IMsgStreamHeader   header,
                     gboolean           must_write,
                     const IMsgFlush   *flush,
                     GError           **error)
{
  IMsgStreamCounts counts;
  gboolean with_structure = self->structure_changed &&
                            (flush->with_edits || self->structure_staged);

  if (g_cancellable_set_error_if_cancelled (flush->cancellable, error) ||
      !flush_recipients (self, target, with_structure, flush, error))
    return FALSE;
  if (with_structure &&
      !clear_removed (target, self->removed_attachments, &self->n_staged_attachments,
                      _imsg_attachment_name, flush, error))
    return FALSE;
  count_members (self, with_structure, flush, &counts);
  for (guint i = 0;
       self->attachments != NULL && i < _imsg_object_list_get_length (self->attachments); i++)
    if (!flush_attachment (self, i, target, flush, error))
      return FALSE;
  if (flush->in_place && with_structure)
    IMSG_PROPERTY_OBJECT (self)->counts = counts;
  return _imsg_property_object_flush (IMSG_PROPERTY_OBJECT (self), target, header, &counts,
                                      must_write || with_structure, flush, error);
}

/* --- after it --- */

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
    imsg_storage_commit (self->object_storage, IMSG_COMMIT_DEFAULT, NULL, NULL);
  if (embedded != NULL)
    _imsg_message_settle (embedded);
  _imsg_property_object_settle (IMSG_PROPERTY_OBJECT (self));
  if (self->object_storage != NULL && !self->storage_is_new &&
      imsg_storage_is_writable (self->object_storage))
    _imsg_property_object_keep_object (IMSG_PROPERTY_OBJECT (self), IMSG_TAG_ATTACH_DATA_OBJECT);
}

static void
for_each_child (IMsgMessage *self,
                void       (*recipient_func) (IMsgPropertyObject *object),
                void       (*attachment_func) (IMsgAttachment *attachment))
{
  IMsgObjectList *lists[2] = { self->recipients, self->attachments };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; lists[i] != NULL && j < _imsg_object_list_get_length (lists[i]); j++)
      {
        IMsgPropertyObject *object = _imsg_object_list_get_slot (lists[i], j)->object;

        if (object == NULL)
          continue;
        if (i == 0)
          recipient_func (object);
        else
          attachment_func (IMSG_ATTACHMENT (object));
      }
}

/* What was staged is on disk. */
void
_imsg_message_settle (IMsgMessage *self)
{
  g_autoptr(GPtrArray) staged = g_ptr_array_new_with_free_func (g_object_unref);
  IMsgObjectList *lists[2] = { self->recipients, self->attachments };

  if (self->structure_staged)
    {
      self->structure_changed = self->structure_dirty;
      self->recipients_computed = FALSE;
      self->attachments_computed = FALSE;
    }
  self->structure_staged = FALSE;
  self->is_new = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; lists[i] != NULL && j < _imsg_object_list_get_length (lists[i]); j++)
      {
        IMsgObjectSlot *slot = _imsg_object_list_get_slot (lists[i], j);

        if (slot->object != NULL && (i == 0 || slot->is_staged))
          g_ptr_array_add (staged, g_object_ref (slot->object));
        slot->is_staged = FALSE;
      }
  for (guint i = 0; i < staged->len; i++)
    {
      if (IMSG_IS_ATTACHMENT (staged->pdata[i]))
        settle_attachment (staged->pdata[i]);
      else
        _imsg_property_object_settle (staged->pdata[i]);
    }
  _imsg_property_object_settle (IMSG_PROPERTY_OBJECT (self));
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

static void
rebind_attachment (IMsgAttachment *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  g_autoptr(IMsgStorage) data = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  g_clear_object (&object->storage);
  /* A storage of OLE that was open stays one of its own: what is written to it later is copied */
  if (self->object_storage != NULL && !self->storage_is_new)
    g_clear_object (&self->object_storage);
  if (self->embedded == NULL || !IMSG_PROPERTY_OBJECT_GET_CLASS (object)->open (object, NULL) ||
      object->storage == NULL)
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
  const IMsgFlush flush = { .with_edits = TRUE };
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  IMsgStreamCounts counts;

  /* What was written there is what the next save begins with. */
  count_members (self, self->structure_changed, &flush, &counts);
  object->counts = counts;
  g_set_object (&object->storage, storage);
  for (guint i = 0; self->recipients != NULL && i < _imsg_object_list_get_length (self->recipients);
       i++)
    {
      IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->recipients, i);

      slot->is_stored = TRUE;
      slot->index = slot->wanted;
    }
  for (guint i = 0;
       self->attachments != NULL && i < _imsg_object_list_get_length (self->attachments); i++)
    _imsg_object_list_get_slot (self->attachments, i)->is_stored = TRUE;
  if (self->removed_recipients != NULL)
    g_array_set_size (self->removed_recipients, 0);
  if (self->removed_attachments != NULL)
    g_array_set_size (self->removed_attachments, 0);
  self->n_staged_recipients = 0;
  self->n_staged_attachments = 0;
  self->recipients_reordered = FALSE;
  for_each_child (self, rebind_recipient, rebind_attachment);
}

gboolean
_imsg_attachment_data_changed (IMsgAttachment *self)
{
  return self->object_storage != NULL && !imsg_storage_is_closed (self->object_storage) &&
         imsg_storage_is_modified (self->object_storage);
}
