/* imsg-property-flush.c - how the changes of a property object reach its storage
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-object-private.h"

/* The edits that a flush writes; borrowed pointers, NULL when there are none. */
static GHashTable *
gather_edits (IMsgPropertyObject *self,
              const IMsgFlush    *flush)
{
  GHashTable *layers[2] = { self->staged, flush->with_edits ? self->edits : NULL };
  GHashTable *all = NULL;
  GHashTableIter iter;
  gpointer key, edit;

  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    if (layers[1 - i] == NULL || g_hash_table_size (layers[1 - i]) == 0)
      return layers[i] != NULL && g_hash_table_size (layers[i]) > 0 ? g_hash_table_ref (layers[i])
                                                                    : NULL;
  all = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      g_hash_table_iter_init (&iter, layers[i]);
      while (g_hash_table_iter_next (&iter, &key, &edit))
        g_hash_table_replace (all, key, edit);
    }
  return all;
}

/* Keeps what a flush is about to write over, as far as it can be read. */
static void
keep_original (IMsgPropertyObject *self,
               guint               id)
{
  IMsgPropertySlot slot = { 0 };
  IMsgPropertyEdit *original;

  if (self->originals == NULL)
    self->originals = _imsg_property_edits_new ();
  else if (g_hash_table_contains (self->originals, GUINT_TO_POINTER (id)))
    return;

  original = g_new0 (IMsgPropertyEdit, 1);
  slot.entry = _imsg_property_object_find_entry (self, IMSG_TAG (0, id));
  if (slot.entry != NULL)
    {
      slot.tag = slot.entry->tag;
      original->attributes = slot.entry->attributes;
      if (_imsg_type_get_stored_form (IMSG_TAG_TYPE (slot.tag)) == IMSG_STORED_STREAM)
        original->blob = _imsg_property_slot_open (self, &slot, NULL);
      if (original->blob != NULL || _imsg_property_slot_read (self, &slot, &original->value, NULL))
        original->tag = slot.tag;
    }
  g_hash_table_insert (self->originals, GUINT_TO_POINTER (id), original);
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

static int
compare_sequence (gconstpointer a,
                  gconstpointer b)
{
  const IMsgPropertyEdit *left = *(IMsgPropertyEdit *const *) a;
  const IMsgPropertyEdit *right = *(IMsgPropertyEdit *const *) b;

  return left->sequence < right->sequence ? -1 : left->sequence > right->sequence;
}

/* Entries keep their places and their bytes; new ones go to the end. */
static gboolean
write_edits (IMsgPropertyObject  *self,
             IMsgStorage         *target,
             const IMsgFlush     *flush,
             GHashTable          *edits,
             GArray              *entries,
             GError             **error)
{
  g_autoptr(GHashTable) done = NULL;
  g_autoptr(GPtrArray) fresh = NULL;
  GHashTableIter iter;
  gpointer key, value;

  if (self->entries->len > 0)
    done = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < self->entries->len; i++)
    {
      IMsgPropertyEntry entry = g_array_index (self->entries, IMsgPropertyEntry, i);
      IMsgPropertyEdit *edit;

      key = GUINT_TO_POINTER (IMSG_TAG_ID (entry.tag));
      edit = edits != NULL ? g_hash_table_lookup (edits, key) : NULL;
      if (edit == NULL || edit->keeps_value)
        {
          if (edit != NULL)
            entry.attributes = edit->attributes;
          g_array_append_val (entries, entry);
          continue;
        }
      if (flush->in_place)
        keep_original (self, IMSG_TAG_ID (entry.tag));
      if (entry.tag != edit->tag && !clear_streams (target, entry.tag, error))
        return FALSE;
      if (edit->tag != 0 && g_hash_table_add (done, key) &&
          !write_edit (self, target, flush, edit, entries, error))
        return FALSE;
    }
  if (edits == NULL)
    return TRUE;

  fresh = g_ptr_array_sized_new (g_hash_table_size (edits));
  g_hash_table_iter_init (&iter, edits);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (((IMsgPropertyEdit *) value)->tag != 0 && !((IMsgPropertyEdit *) value)->keeps_value &&
        (done == NULL || !g_hash_table_contains (done, key)))
      g_ptr_array_add (fresh, value);
  g_ptr_array_sort (fresh, compare_sequence);
  for (guint i = 0; i < fresh->len; i++)
    {
      IMsgPropertyEdit *edit = fresh->pdata[i];

      if (flush->in_place)
        keep_original (self, IMSG_TAG_ID (edit->tag));
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
  g_autoptr(GHashTable) edits = NULL;
  g_autoptr(GArray) entries = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (!_imsg_property_object_load (self, error))
    return FALSE;
  edits = gather_edits (self, flush);
  if (edits == NULL && !must_write)
    return TRUE;

  entries = g_array_sized_new (FALSE, FALSE, sizeof (IMsgPropertyEntry),
                               self->entries->len +
                                 (edits != NULL ? g_hash_table_size (edits) : 0));
  if (!write_edits (self, target, flush, edits, entries, error))
    return FALSE;
  bytes = _imsg_property_stream_write ((const IMsgPropertyEntry *) (gpointer) entries->data,
                                       entries->len, header, counts);
  if (!imsg_storage_write_stream (target, IMSG_PROPERTIES_STREAM, bytes, error))
    return FALSE;
  g_clear_pointer (&self->flushed, g_array_unref);
  self->flushed = g_steal_pointer (&entries);
  return TRUE;
}

/* What was flushed is safe on disk. */
void
_imsg_property_object_settle (IMsgPropertyObject *self)
{
  g_clear_pointer (&self->staged, g_hash_table_unref);
  g_clear_pointer (&self->originals, g_hash_table_unref);
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
