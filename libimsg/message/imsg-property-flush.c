/* imsg-property-flush.c - how the changes of a property object reach its storage
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-object-private.h"

/* The layer above the staged one, where the flush writes that too; NULL is an empty one. */
static const IMsgPropertyLayer *
get_upper (IMsgPropertyObject *self,
           const IMsgFlush    *flush)
{
  return flush->with_edits ? self->edits : NULL;
}

void
_imsg_property_object_keep_object (IMsgPropertyObject *self,
                                   guint32             tag)
{
  g_autoptr(IMsgStorage) copy = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (self->original_object != NULL)
    return;
  _imsg_substg_name (tag, name);
  storage = imsg_storage_open_storage (self->storage, name, IMSG_STORAGE_READ, NULL);
  copy = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  if (storage != NULL && imsg_storage_copy_to (storage, copy, NULL))
    self->original_object = g_steal_pointer (&copy);
}

static IMsgPropertyEdit *
new_original (IMsgPropertyObject *self,
              guint               id)
{
  IMsgPropertyEdit *original;

  if (self->originals == NULL)
    self->originals = _imsg_property_layer_new ();
  original = _imsg_property_layer_new_edit (self->originals);
  original->id = (guint16) id;
  original->sequence = _imsg_property_layer_get_length (self->originals);
  return original;
}

/* Keeps the attributes that a flush is about to change. */
static void
keep_attributes (IMsgPropertyObject      *self,
                 const IMsgPropertyEntry *entry)
{
  guint id = IMSG_TAG_ID (entry->tag);
  IMsgPropertyEdit *original;

  if (_imsg_property_layer_find (self->originals, id) != NULL)
    return;
  original = new_original (self, id);
  original->tag = entry->tag;
  original->attributes = entry->attributes;
  original->keeps_value = TRUE;
  _imsg_property_layer_put (self->originals, original);
}

/* Keeps what a flush is about to write over, as far as it can be read. */
static void
keep_original (IMsgPropertyObject *self,
               guint               id)
{
  const IMsgPropertyEdit *known = _imsg_property_layer_find (self->originals, id);
  IMsgPropertySlot slot = { 0 };
  IMsgPropertyEdit *original;

  if (known != NULL && !known->keeps_value)
    return;
  original = new_original (self, id);
  slot.entry = _imsg_property_object_find_entry (self, IMSG_TAG (0, id));
  if (slot.entry != NULL)
    {
      slot.tag = slot.entry->tag;
      original->attributes = slot.entry->attributes;
      if (IMSG_TAG_TYPE (slot.tag) == IMSG_PROPERTY_TYPE_OBJECT)
        {
          _imsg_property_object_keep_object (self, slot.tag);
          original->is_object = self->original_object != NULL;
        }
      else if (_imsg_type_get_stored_form (IMSG_TAG_TYPE (slot.tag)) == IMSG_STORED_STREAM)
        original->blob = _imsg_property_slot_open (self, &slot, NULL);
      if (original->is_object || original->blob != NULL ||
          _imsg_property_slot_read (self, &slot, &original->value, NULL))
        original->tag = slot.tag;
    }
  _imsg_property_layer_put (self->originals, original);
}

/* Removes all streams of a property. */
static gboolean
clear_streams (IMsgStorage  *target,
               guint32       tag,
               GError      **error)
{
  char name[IMSG_SUBSTG_NAME_SIZE];

  switch (_imsg_type_get_stored_form (IMSG_TAG_TYPE (tag)))
    {
    case IMSG_STORED_INLINE:
      return TRUE;
    case IMSG_STORED_STREAMS:
      for (guint32 i = 0; i < G_MAXUINT32; i++)
        {
          _imsg_substg_value_name (tag, i, name);
          if (!_imsg_storage_lookup (target, name, NULL, NULL))
            break;
          if (!_imsg_storage_clear (target, name, error))
            return FALSE;
        }
      break;
    case IMSG_STORED_STREAM:
    case IMSG_STORED_STORAGE:
    case IMSG_STORED_UNKNOWN:
    default:
      break;
    }
  _imsg_substg_name (tag, name);
  return _imsg_storage_clear (target, name, error);
}

void
_imsg_property_object_restore_object (IMsgPropertyObject *self,
                                      guint32             tag,
                                      guint32             written)
{
  g_autoptr(IMsgStorage) original = g_steal_pointer (&self->original_object);
  g_autoptr(IMsgStorage) storage = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  _imsg_substg_name (tag, name);
  if ((written != tag && !clear_streams (self->storage, written, NULL)) ||
      !_imsg_storage_clear (self->storage, name, NULL))
    return;
  storage = imsg_storage_create_storage (self->storage, name, IMSG_STORAGE_READ_WRITE, NULL);
  if (storage != NULL)
    imsg_storage_copy_to (original, storage, NULL);
}

static gboolean
write_edit (IMsgPropertyObject      *self,
            IMsgStorage             *target,
            const IMsgFlush         *flush,
            const IMsgPropertyEdit  *edit,
            GArray                  *entries,
            GError                 **error)
{
  IMsgPropertyEntry entry = { edit->tag, edit->attributes, { 0 } };
  gboolean written;

  if (edit->is_object)
    written = IMSG_PROPERTY_OBJECT_GET_CLASS (self)->flush_object (self, edit->tag, target, flush,
                                                                   &entry, error);
  else if (edit->blob != NULL)
    written = _imsg_stored_blob_write (target, edit->tag, edit->blob, &entry, error);
  else
    written = _imsg_stored_value_write (target, &edit->value, &entry, error);
  if (written)
    g_array_append_val (entries, entry);
  return written;
}

/* Entries keep their places and their bytes; new ones go to the end. */
static gboolean
write_edits (IMsgPropertyObject  *self,
             IMsgStorage         *target,
             const IMsgFlush     *flush,
             GArray              *entries,
             GError             **error)
{
  const IMsgPropertyLayer *upper = get_upper (self, flush);
  IMsgPropertyLayerIter iter;
  IMsgPropertyEdit *edit;

  for (guint i = 0; i < self->n_entries; i++)
    {
      IMsgPropertyEntry entry = self->entries[i];
      guint id = IMSG_TAG_ID (entry.tag);

      edit = _imsg_property_layer_find (upper, id);
      if (edit == NULL)
        edit = _imsg_property_layer_find (self->staged, id);
      if (edit == NULL || edit->keeps_value)
        {
          if (edit != NULL && flush->in_place)
            keep_attributes (self, &entry);
          if (edit != NULL)
            entry.attributes = edit->attributes;
          g_array_append_val (entries, entry);
          continue;
        }
      if (flush->in_place)
        keep_original (self, id);
      if (entry.tag != edit->tag && !clear_streams (target, entry.tag, error))
        return FALSE;
      /* Where two have the id the first makes place for it. */
      if (edit->tag != 0 && _imsg_property_object_find_position (self, id) == i &&
          !write_edit (self, target, flush, edit, entries, error))
        return FALSE;
    }

  _imsg_property_layer_iter_init (&iter, upper, self->staged);
  while ((edit = _imsg_property_layer_iter_next (&iter)) != NULL)
    {
      if (!_imsg_property_object_is_new (self, edit))
        continue;
      if (flush->in_place)
        keep_original (self, edit->id);
      if (!write_edit (self, target, flush, edit, entries, error))
        return FALSE;
    }
  return TRUE;
}

/* Writes the changes into a storage that holds what the file has; with none, and nothing that
 * must_write, the storage is not touched. */
gboolean
_imsg_property_object_flush (IMsgPropertyObject      *self,
                             IMsgStorage             *target,
                             IMsgStreamHeader         header,
                             const IMsgStreamCounts  *counts,
                             gboolean                 must_write,
                             const IMsgFlush         *flush,
                             GError                 **error)
{
  guint n_edits = _imsg_property_layer_get_length (self->staged) +
                  _imsg_property_layer_get_length (get_upper (self, flush));
  g_autoptr(GArray) entries = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (!_imsg_property_object_load (self, error))
    return FALSE;
  if (n_edits == 0 && !must_write)
    return TRUE;

  entries = g_array_sized_new (FALSE, FALSE, sizeof (IMsgPropertyEntry),
                               self->n_entries + n_edits);
  if (!write_edits (self, target, flush, entries, error))
    return FALSE;
  bytes = _imsg_property_stream_write ((const IMsgPropertyEntry *) (gpointer) entries->data,
                                       entries->len, header, counts);
  if (!_imsg_storage_put_stream (target, IMSG_PROPERTIES_STREAM, NULL, bytes, error))
    return FALSE;
  g_clear_pointer (&self->flushed, g_array_unref);
  if (flush->trials == NULL)
    self->flushed = g_steal_pointer (&entries);
  return TRUE;
}

/* What was flushed is safe on disk. */
void
_imsg_property_object_settle (IMsgPropertyObject *self)
{
  g_clear_pointer (&self->staged, _imsg_property_layer_free);
  g_clear_pointer (&self->originals, _imsg_property_layer_free);
  g_clear_object (&self->original_object);
  if (self->flushed != NULL)
    _imsg_property_object_take_entries (self, g_steal_pointer (&self->flushed), NULL);
  if (self->list != NULL)
    _imsg_property_list_reload (self->list);
  _imsg_property_object_update_modified (self);
}

/* The flush went into a copy, or did not get to the disk. */
void
_imsg_property_object_discard_flush (IMsgPropertyObject *self)
{
  g_clear_pointer (&self->flushed, g_array_unref);
}

/* --- for a copy only --- */

typedef struct
{
  IMsgPropertyObject *object;
  IMsgPropertyLayer  *edits; /* those it had before */
} Trial;

static void
end_trial (gpointer data)
{
  Trial *trial = data;

  g_clear_pointer (&trial->object->edits, _imsg_property_layer_free);
  trial->object->edits = trial->edits;
  trial->object->is_being_made = FALSE;
  g_object_unref (trial->object);
}

GArray *
_imsg_property_trials_new (void)
{
  GArray *trials = g_array_new (FALSE, FALSE, sizeof (Trial));

  g_array_set_clear_func (trials, end_trial);
  return trials;
}

void
_imsg_property_object_begin_trial (IMsgPropertyObject *self,
                                   GArray             *trials)
{
  Trial trial = { self, self->edits };

  if (self->is_being_made)
    return;
  g_object_ref (self);
  self->edits = _imsg_property_layer_copy (self->edits);
  self->is_being_made = TRUE;
  g_array_append_val (trials, trial);
}
