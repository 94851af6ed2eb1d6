/* imsg-property-layer.c - changes of a property object, one for each id, in order of arrival
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-object-private.h"

#include <string.h>

/* A recipient or an attachment that is new has ten */
#define N_FEW 12
/* Below this many looking at each is quicker than a table */
#define INDEX_FROM 32

/* Thousands of recipients have a layer each: the first edits are in its own block, which takes less
 * than as many of their own, and a table is made only where it pays. */
struct _IMsgPropertyLayer
{
  IMsgPropertyEdit **edits; /* owned, ascending by sequence; few_places as long as that will do */
  guint              n_edits;
  guint              n_room;
  GHashTable        *index; /* id -> IMsgPropertyEdit; NULL while there are few */
  guint              n_few; /* how many of few were given out; none is twice */
  IMsgPropertyEdit  *few_places[N_FEW];
  IMsgPropertyEdit   few[N_FEW];
};

IMsgPropertyLayer *
_imsg_property_layer_new (void)
{
  IMsgPropertyLayer *self = g_new0 (IMsgPropertyLayer, 1);

  self->edits = self->few_places;
  self->n_room = N_FEW;
  return self;
}

IMsgPropertyEdit *
_imsg_property_layer_new_edit (IMsgPropertyLayer *self)
{
  return self->n_few < N_FEW ? &self->few[self->n_few++] : g_new0 (IMsgPropertyEdit, 1);
}

IMsgPropertyEdit *
_imsg_property_layer_copy_edit (IMsgPropertyLayer      *self,
                                const IMsgPropertyEdit *edit)
{
  IMsgPropertyEdit *copy = _imsg_property_layer_new_edit (self);

  *copy = *edit;
  if (copy->blob != NULL)
    _imsg_blob_ref (copy->blob);
  if (copy->value.bytes != NULL)
    g_bytes_ref (copy->value.bytes);
  if (copy->value.values != NULL)
    g_ptr_array_ref (copy->value.values);
  return copy;
}

static gboolean
is_few (const IMsgPropertyLayer *self,
        const IMsgPropertyEdit  *edit)
{
  return edit >= self->few && edit < self->few + N_FEW;
}

static void
free_edit (IMsgPropertyLayer *self,
           IMsgPropertyEdit  *edit)
{
  _imsg_stored_value_clear (&edit->value);
  g_clear_pointer (&edit->blob, _imsg_blob_unref);
  if (!is_few (self, edit))
    g_free (edit);
}

void
_imsg_property_layer_free (IMsgPropertyLayer *self)
{
  for (guint i = 0; i < self->n_edits; i++)
    free_edit (self, self->edits[i]);
  g_clear_pointer (&self->index, g_hash_table_unref);
  if (self->edits != self->few_places)
    g_free (self->edits);
  g_free (self);
}

guint
_imsg_property_layer_get_length (const IMsgPropertyLayer *self)
{
  return self != NULL ? self->n_edits : 0;
}

IMsgPropertyEdit *
_imsg_property_layer_find (const IMsgPropertyLayer *self,
                           guint                    id)
{
  if (self == NULL)
    return NULL;
  if (self->index != NULL)
    return g_hash_table_lookup (self->index, GUINT_TO_POINTER (id));
  for (guint i = 0; i < self->n_edits; i++)
    if (self->edits[i]->id == id)
      return self->edits[i];
  return NULL;
}

/* How many come before a sequence. */
static guint
count_before (const IMsgPropertyLayer *self,
              guint                    sequence)
{
  guint low = 0;
  guint high = self->n_edits;

  /* New ones come last. */
  if (high > 0 && self->edits[high - 1]->sequence < sequence)
    return high;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->edits[middle]->sequence < sequence)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static guint
get_position (const IMsgPropertyLayer *self,
              const IMsgPropertyEdit  *edit)
{
  guint position = count_before (self, edit->sequence);

  while (self->edits[position] != edit)
    position++;
  return position;
}

static void
take_out (IMsgPropertyLayer *self,
          IMsgPropertyEdit  *edit)
{
  guint position = get_position (self, edit);

  self->n_edits--;
  memmove (&self->edits[position], &self->edits[position + 1],
           (self->n_edits - position) * sizeof *self->edits);
  if (self->index != NULL)
    g_hash_table_remove (self->index, GUINT_TO_POINTER (edit->id));
}

void
_imsg_property_layer_put (IMsgPropertyLayer *self,
                          IMsgPropertyEdit  *edit)
{
  IMsgPropertyEdit *old = _imsg_property_layer_find (self, edit->id);
  guint position;

  /* An id that is edited again keeps its place, and none of the others moves. */
  if (old != NULL && old->sequence == edit->sequence)
    {
      self->edits[get_position (self, old)] = edit;
      if (self->index != NULL)
        g_hash_table_insert (self->index, GUINT_TO_POINTER (edit->id), edit);
      free_edit (self, old);
      return;
    }
  if (old != NULL)
    {
      take_out (self, old);
      free_edit (self, old);
    }
  if (self->n_edits == self->n_room)
    {
      gboolean is_own = self->edits == self->few_places;

      self->n_room *= 2;
      self->edits = g_renew (IMsgPropertyEdit *, is_own ? NULL : self->edits, self->n_room);
      if (is_own)
        memcpy (self->edits, self->few_places, sizeof self->few_places);
    }
  position = count_before (self, edit->sequence);
  memmove (&self->edits[position + 1], &self->edits[position],
           (self->n_edits - position) * sizeof *self->edits);
  self->edits[position] = edit;
  self->n_edits++;

  if (self->index != NULL)
    g_hash_table_insert (self->index, GUINT_TO_POINTER (edit->id), edit);
  else if (self->n_edits == INDEX_FROM)
    {
      self->index = g_hash_table_new (NULL, NULL);
      for (guint i = 0; i < self->n_edits; i++)
        g_hash_table_insert (self->index, GUINT_TO_POINTER (self->edits[i]->id), self->edits[i]);
    }
}

void
_imsg_property_layer_remove (IMsgPropertyLayer *self,
                             guint              id)
{
  IMsgPropertyEdit *edit = _imsg_property_layer_find (self, id);

  if (edit == NULL)
    return;
  take_out (self, edit);
  free_edit (self, edit);
}

void
_imsg_property_layer_merge (IMsgPropertyLayer *self,
                            IMsgPropertyLayer *upper)
{
  for (guint i = 0; i < upper->n_edits; i++)
    {
      IMsgPropertyEdit *edit = _imsg_property_layer_new_edit (self);

      *edit = *upper->edits[i];
      _imsg_property_layer_put (self, edit);
      /* What it holds has moved. */
      memset (upper->edits[i], 0, sizeof *upper->edits[i]);
    }
  _imsg_property_layer_free (upper);
}

IMsgPropertyLayer *
_imsg_property_layer_copy (const IMsgPropertyLayer *self)
{
  IMsgPropertyLayer *copy = self != NULL ? _imsg_property_layer_new () : NULL;

  for (guint i = 0; i < _imsg_property_layer_get_length (self); i++)
    _imsg_property_layer_put (copy, _imsg_property_layer_copy_edit (copy, self->edits[i]));
  return copy;
}

void
_imsg_property_layer_iter_init (IMsgPropertyLayerIter   *iter,
                                const IMsgPropertyLayer *upper,
                                const IMsgPropertyLayer *lower)
{
  iter->upper = upper;
  iter->lower = lower;
  iter->i_upper = iter->i_lower = 0;
}

IMsgPropertyEdit *
_imsg_property_layer_iter_next (IMsgPropertyLayerIter *iter)
{
  for (;;)
    {
      gboolean has_upper = iter->i_upper < _imsg_property_layer_get_length (iter->upper);
      gboolean has_lower = iter->i_lower < _imsg_property_layer_get_length (iter->lower);
      IMsgPropertyEdit *upper = has_upper ? iter->upper->edits[iter->i_upper] : NULL;
      IMsgPropertyEdit *lower = has_lower ? iter->lower->edits[iter->i_lower] : NULL;

      if (lower == NULL || (upper != NULL && upper->sequence < lower->sequence))
        {
          iter->i_upper++;
          return upper;
        }
      iter->i_lower++;
      if (_imsg_property_layer_find (iter->upper, lower->id) == NULL)
        return lower;
    }
}
