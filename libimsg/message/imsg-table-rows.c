/* imsg-table-rows.c - the rows of a table: which are seen, in which order, as they come and go
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-tags.h"
#include "imsg-table-private.h"

#include <string.h>

/* Of a row that has left the order of the source */
#define NO_SOURCE_INDEX G_MAXUINT

/* --- values for restrictions and sorting --- */

static GVariant *
get_row_value (gpointer row,
               guint32  tag,
               gpointer user_data)
{
  return _imsg_table_dup_value (user_data, row, tag, NULL);
}

static gboolean
has_row_value (gpointer row,
               guint32  tag,
               gpointer user_data)
{
  IMsgTableRow *table_row = row;
  g_autoptr(GVariant) value = NULL;

  if (imsg_property_object_has_value (table_row->object, tag))
    return TRUE;
  value = _imsg_table_dup_value (user_data, row, tag, NULL);
  return value != NULL;
}

static guint64
get_row_size (gpointer row,
              guint32  tag,
              gpointer user_data)
{
  IMsgTableRow *table_row = row;
  g_autoptr(GVariant) value = NULL;

  if (imsg_property_object_has_value (table_row->object, tag))
    return imsg_property_object_get_value_size (table_row->object, tag);
  value = _imsg_table_dup_value (user_data, row, tag, NULL);
  return value != NULL ? g_variant_get_size (value) : 0;
}

const IMsgRowSource _imsg_table_row_source = {
  get_row_value,
  has_row_value,
  get_row_size,
};

/* --- order --- */

static void
clear_sort_keys (IMsgTableRow *row,
                 guint         n_keys)
{
  if (row->sort_keys == NULL)
    return;
  for (guint i = 0; i < n_keys; i++)
    g_clear_pointer (&row->sort_keys[i], g_variant_unref);
  g_clear_pointer (&row->sort_keys, g_free);
}

/* Text sorts whatever its case. */
static void
read_sort_keys (IMsgTable    *self,
                IMsgTableRow *row)
{
  clear_sort_keys (row, self->sort->len);
  row->sort_keys = g_new0 (GVariant *, self->sort->len);
  for (guint i = 0; i < self->sort->len; i++)
    {
      guint32 tag = g_array_index (self->sort, IMsgTableSort, i).tag;
      g_autoptr(GVariant) value = _imsg_table_dup_value (self, row, tag, NULL);

      if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        {
          g_autofree char *folded = g_utf8_casefold (g_variant_get_string (value, NULL), -1);

          row->sort_keys[i] = g_variant_ref_sink (g_variant_new_string (folded));
        }
      else
        {
          row->sort_keys[i] = g_steal_pointer (&value);
        }
    }
}

static gint64
get_number (IMsgTableRow *row,
            guint32       tag,
            gint64        otherwise)
{
  g_autoptr(GVariant) value = imsg_property_object_get_value (row->object, tag, NULL);

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return otherwise;
  return g_variant_get_int32 (value);
}

/* Attachments stand where they are shown, then by number; all else as the source has it. */
static int
compare_by_default (IMsgTable    *self,
                    IMsgTableRow *a,
                    IMsgTableRow *b)
{
  if (self->kind == IMSG_TABLE_ATTACHMENTS)
    {
      gint64 position_a = get_number (a, IMSG_PR_RENDERING_POSITION, -1);
      gint64 position_b = get_number (b, IMSG_PR_RENDERING_POSITION, -1);

      if (position_a != position_b)
        return position_a < position_b ? -1 : 1;
    }
  return a->source_index < b->source_index ? -1 : a->source_index > b->source_index;
}

static int
compare_rows (IMsgTable    *self,
              IMsgTableRow *a,
              IMsgTableRow *b)
{
  for (guint i = 0; i < self->sort->len; i++)
    {
      GVariant *key_a = a->sort_keys[i];
      GVariant *key_b = b->sort_keys[i];
      int order;

      /* Rows without the value come last in both directions. */
      if (key_a == NULL || key_b == NULL)
        {
          if (key_a != key_b)
            return key_a == NULL ? 1 : -1;
          continue;
        }
      order = _imsg_variant_compare (key_a, key_b);
      if (order != 0)
        return g_array_index (self->sort, IMsgTableSort, i).descending ? -order : order;
    }
  return compare_by_default (self, a, b);
}

static int
compare_rows_cb (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  return compare_rows (user_data, *(IMsgTableRow *const *) a, *(IMsgTableRow *const *) b);
}

/* --- which rows --- */

static gboolean
row_passes (IMsgTable    *self,
            IMsgTableRow *row)
{
  if (self->filter != NULL && !self->filter (row->object, self->filter_data))
    return FALSE;
  return self->restriction == NULL ||
         _imsg_restriction_evaluate (self->restriction, &_imsg_table_row_source, row, self);
}

/* Rows mostly are where they were, or where others left: from there the search goes both ways. */
gboolean
_imsg_table_find_visible (IMsgTable    *self,
                          IMsgTableRow *row,
                          guint        *index)
{
  guint n_rows = self->visible->len;
  guint below, above;

  if (!row->is_visible || n_rows == 0)
    return FALSE;
  above = MIN (row->last_index, n_rows - 1);
  below = above + 1;
  while (below > 0 || above < n_rows)
    {
      if (below > 0 && self->visible->pdata[--below] == row)
        {
          *index = row->last_index = below;
          return TRUE;
        }
      if (above < n_rows && self->visible->pdata[above++] == row)
        {
          *index = row->last_index = above - 1;
          return TRUE;
        }
    }
  return FALSE;
}

static guint
find_place (IMsgTable    *self,
            IMsgTableRow *row)
{
  guint low = 0;
  guint high = self->visible->len;

  /* Rows mostly come at the end. */
  if (high > 0 && compare_rows (self, row, self->visible->pdata[high - 1]) >= 0)
    return high;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_rows (self, row, self->visible->pdata[middle]) < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

static guint
insert_visible (IMsgTable    *self,
                IMsgTableRow *row)
{
  guint place = find_place (self, row);

  g_ptr_array_insert (self->visible, (int) place, row);
  row->is_visible = TRUE;
  row->last_index = place;
  if (place < self->position)
    self->position++;
  return place;
}

/* Bookmarks of a row that goes away stand on the next one from then on. */
static void
remove_visible (IMsgTable *self,
                guint      index)
{
  IMsgTableRow *row = self->visible->pdata[index];
  GHashTableIter iter;
  IMsgTableBookmark *bookmark;

  g_ptr_array_remove_index (self->visible, index);
  row->is_visible = FALSE;
  if (index < self->position)
    self->position--;
  g_hash_table_iter_init (&iter, self->bookmarks);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &bookmark))
    {
      if (bookmark->row != row)
        continue;
      bookmark->row = index < self->visible->len ? self->visible->pdata[index] : NULL;
      bookmark->has_moved = TRUE;
    }
}

static gboolean
is_counting (IMsgTable *self)
{
  return self->restriction != NULL && self->restriction->kind == IMSG_RESTRICTION_COUNT;
}

/* Rows over the count of a counting restriction are not seen. */
static void
cut_to_count (IMsgTable *self)
{
  if (!is_counting (self))
    return;
  while (self->visible->len > self->restriction->number)
    remove_visible (self, self->visible->len - 1);
}

void
_imsg_table_rebuild (IMsgTable *self)
{
  g_ptr_array_set_size (self->visible, 0);
  for (guint i = 0; i < self->all->len; i++)
    {
      IMsgTableRow *row = self->all->pdata[i];

      row->is_visible = row_passes (self, row);
      if (!row->is_visible)
        continue;
      read_sort_keys (self, row);
      g_ptr_array_add (self->visible, row);
    }
  g_ptr_array_sort_with_data (self->visible, compare_rows_cb, self);
  for (guint i = 0; i < self->visible->len; i++)
    ((IMsgTableRow *) self->visible->pdata[i])->last_index = i;
  cut_to_count (self);
}

/* --- changes --- */

/* Whoever hears of a change may take the row away, or close the table: it is looked up again. */
static gboolean
find_object (IMsgTable          *self,
             IMsgPropertyObject *object,
             guint              *index)
{
  IMsgTableRow *row =
    self->source != NULL ? g_hash_table_lookup (self->by_object, object) : NULL;

  return row != NULL && _imsg_table_find_visible (self, row, index);
}

static void
tell_modified (IMsgTable          *self,
               IMsgPropertyObject *object)
{
  guint index;

  if (find_object (self, object, &index))
    _imsg_table_emit_row_modified (self, index);
}

static void
show_row (IMsgTable    *self,
          IMsgTableRow *row)
{
  g_autoptr(IMsgPropertyObject) object = g_object_ref (row->object);
  guint place;

  read_sort_keys (self, row);
  place = insert_visible (self, row);
  g_list_model_items_changed (G_LIST_MODEL (self), place, 0, 1);
  if (find_object (self, object, &place))
    _imsg_table_emit_row_added (self, place);
}

static void
hide_row (IMsgTable    *self,
          IMsgTableRow *row,
          guint         index,
          gboolean      removed)
{
  g_autoptr(IMsgPropertyObject) object = g_object_ref (row->object);

  remove_visible (self, index);
  g_list_model_items_changed (G_LIST_MODEL (self), index, 1, 0);
  _imsg_table_emit_row_deleted (self, object, removed);
}

static gboolean
is_in_order (IMsgTable    *self,
             IMsgTableRow *row,
             guint         index)
{
  return (index == 0 || compare_rows (self, self->visible->pdata[index - 1], row) <= 0) &&
         (index + 1 == self->visible->len ||
          compare_rows (self, row, self->visible->pdata[index + 1]) <= 0);
}

/* The position stays before the row that is to be read next, unless that is the one that moves. */
static void
move_row (IMsgTable    *self,
          IMsgTableRow *row,
          guint         index)
{
  guint place, first, n_rows;

  g_ptr_array_remove_index (self->visible, index);
  if (index < self->position)
    self->position--;
  place = find_place (self, row);
  g_ptr_array_insert (self->visible, (int) place, row);
  row->last_index = place;
  if (place < self->position)
    self->position++;
  first = MIN (index, place);
  n_rows = MAX (index, place) - first + 1;
  g_list_model_items_changed (G_LIST_MODEL (self), first, n_rows, n_rows);
}

/* All rows are looked at again, without those that are gone: one change of the table, if there is
 * any to be seen. */
static gboolean
change_many (IMsgTable *self,
             GPtrArray *gone)
{
  g_autoptr(GPtrArray) before = g_ptr_array_copy (self->visible, NULL, NULL);
  GHashTableIter iter;
  IMsgTableBookmark *bookmark;

  for (guint i = 0; gone != NULL && i < gone->len; i++)
    {
      guint index;

      if (_imsg_table_find_visible (self, gone->pdata[i], &index))
        remove_visible (self, index);
    }
  _imsg_table_rebuild (self);
  g_hash_table_iter_init (&iter, self->bookmarks);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &bookmark))
    {
      if (bookmark->row != NULL && !bookmark->row->is_visible)
        bookmark->row = NULL;
    }
  self->position = MIN (self->position, self->visible->len);
  if (before->len == self->visible->len &&
      (before->len == 0 ||
       memcmp (before->pdata, self->visible->pdata, before->len * sizeof (gpointer)) == 0))
    return FALSE;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before->len, self->visible->len);
  _imsg_table_emit_changed (self);
  return TRUE;
}

static void
row_changed_cb (IMsgPropertyObject *object,
                guint               tag,
                gpointer            user_data)
{
  IMsgTableRow *row = user_data;
  g_autoptr(IMsgTable) self = g_object_ref (row->table);
  gboolean passes;
  guint index;

  /* Whoever hears that a row went may change its object */
  if (self->source == NULL || row->source_index == NO_SOURCE_INDEX)
    return;
  passes = row_passes (self, row);
  if (!row->is_visible && !passes)
    return;
  if (is_counting (self))
    {
      /* What becomes of one row decides about others */
      if (!change_many (self, NULL))
        tell_modified (self, object);
    }
  else if (!row->is_visible)
    {
      show_row (self, row);
    }
  else if (_imsg_table_find_visible (self, row, &index))
    {
      if (!passes)
        {
          hide_row (self, row, index, FALSE);
          return;
        }
      read_sort_keys (self, row);
      if (!is_in_order (self, row, index))
        move_row (self, row, index);
      tell_modified (self, object);
    }
}

static IMsgTableRow *
row_new (IMsgTable          *self,
         IMsgPropertyObject *object,
         guint               source_index)
{
  IMsgTableRow *row = g_new0 (IMsgTableRow, 1);

  row->table = self;
  row->object = g_object_ref (object);
  row->source_index = source_index;
  row->instance = self->next_instance++;
  row->handler = g_signal_connect (row->object, "property-changed", G_CALLBACK (row_changed_cb),
                                   row);
  g_hash_table_insert (self->by_object, row->object, row);
  return row;
}

void
_imsg_table_row_free (IMsgTableRow *row)
{
  g_clear_signal_handler (&row->handler, row->object);
  clear_sort_keys (row, row->table->sort->len);
  /* A list may have an object twice */
  if (g_hash_table_lookup (row->table->by_object, row->object) == row)
    g_hash_table_remove (row->table->by_object, row->object);
  g_object_unref (row->object);
  g_free (row);
}

static void
renumber (IMsgTable *self,
          guint      from)
{
  for (guint i = from; i < self->all->len; i++)
    ((IMsgTableRow *) self->all->pdata[i])->source_index = i;
}

/* Takes rows out of the source's order; they may be visible yet, and may come back. */
static GPtrArray *
take_rows (IMsgTable *self,
           guint      position,
           guint      n_rows)
{
  GPtrArray *taken = g_ptr_array_sized_new (n_rows);

  for (guint i = 0; i < n_rows; i++)
    {
      IMsgTableRow *row = g_steal_pointer (&self->all->pdata[position + i]);

      row->source_index = NO_SOURCE_INDEX;
      if (self->sort->len == 0)
        row->last_index = position + i;
      g_ptr_array_add (taken, row);
    }
  if (n_rows > 0)
    {
      g_ptr_array_set_free_func (self->all, NULL);
      g_ptr_array_remove_range (self->all, position, n_rows);
      g_ptr_array_set_free_func (self->all, (GDestroyNotify) _imsg_table_row_free);
    }
  return taken;
}

/* The row of an object that only changed its place in the source is the same row. */
static void
add_row (IMsgTable *self,
         guint      source_index)
{
  g_autoptr(IMsgPropertyObject) object = g_list_model_get_item (self->source, source_index);
  IMsgTableRow *row = g_hash_table_lookup (self->by_object, object);

  if (row == NULL || row->source_index != NO_SOURCE_INDEX)
    row = row_new (self, object, source_index);
  row->source_index = source_index;
  g_ptr_array_insert (self->all, (int) source_index, row);
}

static GPtrArray *
keep_gone (GPtrArray *taken)
{
  GPtrArray *gone = g_ptr_array_new_with_free_func ((GDestroyNotify) _imsg_table_row_free);

  for (guint i = 0; i < taken->len; i++)
    if (((IMsgTableRow *) taken->pdata[i])->source_index == NO_SOURCE_INDEX)
      g_ptr_array_add (gone, taken->pdata[i]);
  return gone;
}

static void
source_changed_cb (GListModel *source,
                   guint       position,
                   guint       removed,
                   guint       added,
                   gpointer    user_data)
{
  g_autoptr(IMsgTable) self = g_object_ref (user_data);
  g_autoptr(GPtrArray) taken = NULL;
  g_autoptr(GPtrArray) gone = NULL;
  guint n_now, index;

  if (self->source == NULL)
    return;
  /* Whoever heard of this before may have changed the source again, and that was told first */
  n_now = g_list_model_get_n_items (source);
  if (position + removed > self->all->len || self->all->len - removed + added != n_now)
    {
      position = 0;
      removed = self->all->len;
      added = n_now;
    }
  taken = take_rows (self, position, removed);
  for (guint i = 0; i < added; i++)
    add_row (self, position + i);
  renumber (self, position);
  gone = keep_gone (taken);

  if (removed + added > 1 || is_counting (self))
    change_many (self, gone);
  else if (removed == 1 && _imsg_table_find_visible (self, gone->pdata[0], &index))
    hide_row (self, gone->pdata[0], index, TRUE);
  else if (added == 1 && row_passes (self, self->all->pdata[position]))
    show_row (self, self->all->pdata[position]);
}

void
_imsg_table_load_rows (IMsgTable *self)
{
  guint n_rows = g_list_model_get_n_items (self->source);

  for (guint i = 0; i < n_rows; i++)
    add_row (self, i);
  _imsg_table_rebuild (self);
  self->source_handler = g_signal_connect (self->source, "items-changed",
                                           G_CALLBACK (source_changed_cb), self);
}

/**
 * imsg_table_refresh:
 * @self: a table
 *
 * Looks at all rows again.
 *
 * Rows whose properties change are looked at by themselves; this is for a filter that has come to
 * answer otherwise.
 *
 * Since: 1.0
 */
void
imsg_table_refresh (IMsgTable *self)
{
  g_return_if_fail (IMSG_IS_TABLE (self));

  if (self->source == NULL)
    return;
  g_object_ref (self);
  if (is_counting (self))
    change_many (self, NULL);
  for (guint i = 0; self->source != NULL && !is_counting (self) && i < self->all->len; i++)
    {
      IMsgTableRow *row = self->all->pdata[i];
      g_autoptr(IMsgPropertyObject) object = g_object_ref (row->object);

      if (row->is_visible != row_passes (self, row))
        row_changed_cb (object, 0, row);
    }
  g_object_unref (self);
}
