/* imsg-table-rows.c - the rows of a table: which are seen, in which order, as they come and go
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-tags.h"
#include "imsg-table-private.h"

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

gboolean
_imsg_table_find_visible (IMsgTable    *self,
                          IMsgTableRow *row,
                          guint        *index)
{
  return row->is_visible && g_ptr_array_find (self->visible, row, index);
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

/* Rows over the count of a counting restriction are not seen. */
static void
cut_to_count (IMsgTable *self)
{
  if (self->restriction == NULL || self->restriction->kind != IMSG_RESTRICTION_COUNT)
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
  cut_to_count (self);
}

/* --- changes --- */

static void
row_changed_cb (IMsgPropertyObject *object,
                guint               tag,
                gpointer            user_data)
{
  IMsgTableRow *row = user_data;
  IMsgTable *self = row->table;
  gboolean was_visible = row->is_visible;
  gboolean passes;
  guint index, place;

  if (self->source == NULL)
    return;
  passes = row_passes (self, row);
  if (!was_visible && !passes)
    return;
  g_object_ref (self);
  if (was_visible && _imsg_table_find_visible (self, row, &index))
    {
      gboolean in_order;

      if (passes)
        read_sort_keys (self, row);
      in_order = passes &&
                 (index == 0 || compare_rows (self, self->visible->pdata[index - 1], row) <= 0) &&
                 (index + 1 == self->visible->len ||
                  compare_rows (self, row, self->visible->pdata[index + 1]) <= 0);
      if (in_order)
        {
          _imsg_table_emit_row_modified (self, index);
        }
      else if (passes)
        {
          /* It moves: the model sees it go and come, the table's user a change. */
          g_ptr_array_remove_index (self->visible, index);
          g_list_model_items_changed (G_LIST_MODEL (self), index, 1, 0);
          place = find_place (self, row);
          g_ptr_array_insert (self->visible, (int) place, row);
          g_list_model_items_changed (G_LIST_MODEL (self), place, 0, 1);
          _imsg_table_emit_row_modified (self, place);
        }
      else
        {
          remove_visible (self, index);
          g_list_model_items_changed (G_LIST_MODEL (self), index, 1, 0);
          _imsg_table_emit_row_deleted (self, row->object, FALSE);
        }
    }
  else if (passes)
    {
      read_sort_keys (self, row);
      place = insert_visible (self, row);
      g_list_model_items_changed (G_LIST_MODEL (self), place, 0, 1);
      _imsg_table_emit_row_added (self, place);
    }
  g_object_unref (self);
}

static IMsgTableRow *
row_new (IMsgTable *self,
         guint      source_index)
{
  IMsgTableRow *row = g_new0 (IMsgTableRow, 1);

  row->table = self;
  row->object = g_list_model_get_item (self->source, source_index);
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

/* Many rows at once are one change of the table. */
static void
change_many (IMsgTable *self,
             GPtrArray *gone)
{
  guint n_before = self->visible->len;
  GHashTableIter iter;
  IMsgTableBookmark *bookmark;

  for (guint i = 0; i < gone->len; i++)
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
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->visible->len);
  _imsg_table_emit_changed (self);
}

static void
remove_one (IMsgTable    *self,
            IMsgTableRow *row)
{
  guint index;

  if (!_imsg_table_find_visible (self, row, &index))
    return;
  remove_visible (self, index);
  g_list_model_items_changed (G_LIST_MODEL (self), index, 1, 0);
  _imsg_table_emit_row_deleted (self, row->object, TRUE);
}

static void
add_one (IMsgTable    *self,
         IMsgTableRow *row)
{
  guint place;

  if (!row_passes (self, row))
    return;
  read_sort_keys (self, row);
  place = insert_visible (self, row);
  g_list_model_items_changed (G_LIST_MODEL (self), place, 0, 1);
  _imsg_table_emit_row_added (self, place);
}

/* Takes rows out of all and gives them back, for they may be visible yet. */
static GPtrArray *
take_rows (IMsgTable *self,
           guint      position,
           guint      n_rows)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func ((GDestroyNotify) _imsg_table_row_free);

  for (guint i = 0; i < n_rows; i++)
    g_ptr_array_add (taken, g_steal_pointer (&self->all->pdata[position + i]));
  if (n_rows > 0)
    {
      g_ptr_array_set_free_func (self->all, NULL);
      g_ptr_array_remove_range (self->all, position, n_rows);
      g_ptr_array_set_free_func (self->all, (GDestroyNotify) _imsg_table_row_free);
    }
  return taken;
}

static void
source_changed_cb (GListModel *source,
                   guint       position,
                   guint       removed,
                   guint       added,
                   gpointer    user_data)
{
  g_autoptr(IMsgTable) self = g_object_ref (user_data);
  g_autoptr(GPtrArray) gone = take_rows (self, position, removed);
  gboolean is_count =
    self->restriction != NULL && self->restriction->kind == IMSG_RESTRICTION_COUNT;

  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (self->all, (int) (position + i), row_new (self, position + i));
  renumber (self, position);

  if (removed + added > 1 || is_count)
    change_many (self, gone);
  else if (removed == 1)
    remove_one (self, gone->pdata[0]);
  else if (added == 1)
    add_one (self, self->all->pdata[position]);
}

void
_imsg_table_load_rows (IMsgTable *self)
{
  guint n_rows = g_list_model_get_n_items (self->source);

  for (guint i = 0; i < n_rows; i++)
    g_ptr_array_add (self->all, row_new (self, i));
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
  for (guint i = 0; self->source != NULL && i < self->all->len; i++)
    {
      IMsgTableRow *row = self->all->pdata[i];

      if (row->is_visible != row_passes (self, row))
        row_changed_cb (row->object, 0, row);
    }
  g_object_unref (self);
}
