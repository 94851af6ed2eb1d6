/* imsg-property-lookup.c - reading the entries of a property object, and finding them again
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-message-private.h"
#include "imsg-property-object-private.h"

#include <stdlib.h>
#include <string.h>

/* Below this many entries looking at each is quicker than an index */
#define INDEX_FROM 32
/* Most property streams are shorter, and are then read on the stack where they lie in pieces */
#define SHORT_STREAM_BYTES 1024

static int
compare_u64 (gconstpointer a,
             gconstpointer b)
{
  guint64 left = *(const guint64 *) a;
  guint64 right = *(const guint64 *) b;

  return left < right ? -1 : left > right;
}

static void
build_index (IMsgPropertyObject *self)
{
  g_clear_pointer (&self->index, g_free);
  if (self->n_entries < INDEX_FROM)
    return;

  self->index = g_new (guint64, self->n_entries);
  for (guint i = 0; i < self->n_entries; i++)
    self->index[i] = (guint64) IMSG_TAG_ID (self->entries[i].tag) << 32 | i;
  qsort (self->index, self->n_entries, sizeof (guint64), compare_u64);
}

void
_imsg_property_object_take_entries (IMsgPropertyObject     *self,
                                    GArray                 *entries,
                                    const IMsgStreamCounts *counts)
{
  g_clear_pointer (&self->entries, g_free);
  self->n_entries = entries != NULL ? entries->len : 0;
  /* They stay as they are from now on: an array would be a second block for each of very many
   * objects, with room for what never comes. */
  if (self->n_entries > 0)
    self->entries = g_memdup2 (entries->data, self->n_entries * sizeof *self->entries);
  g_clear_pointer (&entries, g_array_unref);
  if (counts != NULL)
    self->counts = *counts;
  self->is_loaded = TRUE;
  build_index (self);
}

/* The entries of a sound property stream that is at hand: of most there is nothing to say, so that
 * it need not be known where in the message they are. NULL for any other. */
static GArray *
read_sound_entries (IMsgPropertyObject *self,
                    const IMsgLimits   *limits,
                    IMsgStreamCounts   *counts)
{
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GArray) entries = NULL;
  guint8 buffer[SHORT_STREAM_BYTES];
  gsize n_bytes = 0;
  const guint8 *data = _imsg_storage_peek_stream (self->storage, IMSG_PROPERTIES_STREAM, buffer,
                                                  sizeof buffer, &n_bytes);

  if (data == NULL || n_bytes > limits->values[IMSG_LIMIT_VALUE_BYTES])
    return NULL;
  problems = _imsg_problem_list_new ();
  entries = _imsg_property_stream_parse (data, n_bytes, self->header, counts, "", limits, problems,
                                         NULL);
  return problems->len == 0 ? g_steal_pointer (&entries) : NULL;
}

static GArray *
read_entries (IMsgPropertyObject  *self,
              IMsgStreamCounts    *counts,
              GError             **error)
{
  const IMsgLimits *limits = _imsg_property_object_get_limits (self);
  g_autofree char *path = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(IMsgBlob) blob = NULL;
  g_autoptr(GBytes) bytes = NULL;
  gboolean is_cut = FALSE;
  GArray *entries = read_sound_entries (self, limits, counts);

  if (entries != NULL)
    return entries;
  path = _imsg_property_object_dup_path (self);
  problems = _imsg_problem_list_new ();
  blob = _imsg_storage_get_blob (self->storage, IMSG_PROPERTIES_STREAM, &local_error);
  if (blob != NULL)
    bytes = _imsg_blob_read_readable (blob, limits->values[IMSG_LIMIT_VALUE_BYTES], &is_cut, NULL,
                                      &local_error);
  if (bytes != NULL)
    entries = _imsg_property_stream_read (bytes, self->header, counts, path, limits, problems,
                                          error);
  else
    {
      /* One sub-object that cannot be read leaves the others readable */
      g_ptr_array_add (problems, _imsg_problem_new_error (path, local_error));
      entries = g_array_new (FALSE, FALSE, sizeof (IMsgPropertyEntry));
    }
  for (guint i = 0; i < problems->len; i++)
    _imsg_property_object_add_problem (self, imsg_problem_ref (problems->pdata[i]));
  return entries;
}

gboolean
_imsg_property_object_load (IMsgPropertyObject  *self,
                            GError             **error)
{
  IMsgStreamCounts counts = { 0 };
  GArray *entries = NULL;

  if (self->is_loaded)
    return TRUE;
  if (!IMSG_PROPERTY_OBJECT_GET_CLASS (self)->open (self, error))
    return FALSE;
  if (self->storage != NULL)
    {
      entries = read_entries (self, &counts, error);
      if (entries == NULL)
        return FALSE;
    }
  _imsg_property_object_take_entries (self, entries, &counts);
  return TRUE;
}

/* The first position that has an id; n_entries when none has. */
static guint
find_first (IMsgPropertyObject *self,
            guint               id,
            guint              *index_position)
{
  guint low = 0, high;

  if (self->index == NULL)
    {
      for (guint i = 0; i < self->n_entries; i++)
        if (IMSG_TAG_ID (self->entries[i].tag) == id)
          return i;
      return self->n_entries;
    }

  high = self->n_entries;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->index[middle] >> 32 < id)
        low = middle + 1;
      else
        high = middle;
    }
  *index_position = low;
  if (low < self->n_entries && self->index[low] >> 32 == id)
    return (guint32) self->index[low];
  return self->n_entries;
}

guint
_imsg_property_object_find_position (IMsgPropertyObject *self,
                                     guint               id)
{
  guint at = 0;

  return find_first (self, id, &at);
}

/* The next position after one that has the same id; n_entries when there is none. */
static guint
find_next (IMsgPropertyObject *self,
           guint               position,
           guint              *index_position)
{
  guint id = IMSG_TAG_ID (self->entries[position].tag);

  if (self->index == NULL)
    {
      for (guint i = position + 1; i < self->n_entries; i++)
        if (IMSG_TAG_ID (self->entries[i].tag) == id)
          return i;
      return self->n_entries;
    }

  (*index_position)++;
  if (*index_position < self->n_entries && self->index[*index_position] >> 32 == id)
    return (guint32) self->index[*index_position];
  return self->n_entries;
}

static gboolean
is_text_type (guint type)
{
  type &= ~IMSG_MULTI_VALUE_FLAG;
  return type == IMSG_PROPERTY_TYPE_STRING8 || type == IMSG_PROPERTY_TYPE_UNICODE;
}

/* How well a stored type answers to the one asked for; more is better. */
static guint
match_type (guint stored,
            guint wanted)
{
  if (stored == wanted)
    return 4;
  if (is_text_type (stored) && is_text_type (wanted) &&
      (stored & IMSG_MULTI_VALUE_FLAG) == (wanted & IMSG_MULTI_VALUE_FLAG))
    return 3;
  return stored == IMSG_PROPERTY_TYPE_UNICODE ? 2 : 1;
}

const IMsgPropertyEntry *
_imsg_property_object_find_entry (IMsgPropertyObject *self,
                                  guint32             tag)
{
  const IMsgPropertyEntry *best = NULL;
  guint best_match = 0;
  guint at = 0;

  /* Properties are mostly asked for in their order, by their whole tag, which is there once. */
  if (self->next_entry < self->n_entries)
    {
      best = &self->entries[self->next_entry];
      if (best->tag == tag)
        {
          self->next_entry++;
          return best;
        }
      best = NULL;
    }
  for (guint i = find_first (self, IMSG_TAG_ID (tag), &at); i < self->n_entries;
       i = find_next (self, i, &at))
    {
      const IMsgPropertyEntry *entry = &self->entries[i];
      guint match = match_type (IMSG_TAG_TYPE (entry->tag), IMSG_TAG_TYPE (tag));

      if (match > best_match)
        {
          best = entry;
          best_match = match;
          self->next_entry = i + 1;
        }
    }
  return best;
}

IMsgPropertyEdit *
_imsg_property_object_find_edit (IMsgPropertyObject *self,
                                 guint               id)
{
  IMsgPropertyEdit *edit = _imsg_property_layer_find (self->edits, id);

  return edit != NULL ? edit : _imsg_property_layer_find (self->staged, id);
}

/* Whether an edit is the value of a property of which nothing is stored. */
gboolean
_imsg_property_object_is_new (IMsgPropertyObject     *self,
                              const IMsgPropertyEdit *edit)
{
  return edit->tag != 0 && !edit->keeps_value &&
         _imsg_property_object_find_position (self, edit->id) == self->n_entries;
}

gboolean
_imsg_property_object_lookup (IMsgPropertyObject *self,
                              guint32             tag,
                              IMsgPropertySlot   *slot)
{
  memset (slot, 0, sizeof *slot);
  if (!_imsg_property_object_load (self, NULL))
    return FALSE;

  slot->edit = _imsg_property_object_find_edit (self, IMSG_TAG_ID (tag));
  if (slot->edit != NULL && !slot->edit->keeps_value)
    {
      slot->tag = slot->edit->tag;
      slot->attributes = slot->edit->attributes;
      return slot->tag != 0;
    }

  slot->entry = _imsg_property_object_find_entry (self, tag);
  if (slot->entry == NULL)
    return FALSE;
  slot->tag = slot->entry->tag;
  slot->attributes = slot->edit != NULL ? slot->edit->attributes : slot->entry->attributes;
  return TRUE;
}
