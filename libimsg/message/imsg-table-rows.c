/* imsg-table-rows.c - the rows of a table: which are seen, in which order, as they come and go
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-tags.h"
#include "imsg-table-private.h"

#include <string.h>

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
clear_sort_keys (IMsgTableRow *row)
{
  for (guint i = 0; i < row->n_sort_keys; i++)
    g_clear_pointer (&row->sort_keys[i], g_variant_unref);
  g_clear_pointer (&row->sort_keys, g_free);
  row->n_sort_keys = 0;
}

/* Text sorts whatever its case. */
static void
read_sort_keys (IMsgTable    *self,
                IMsgTableRow *row)
{
  clear_sort_keys (row);
  row->sort_keys = g_new0 (GVariant *, self->sort->len);
  row->n_sort_keys = self->sort->len;
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
  gint64 position_a, position_b;

  if (self->kind != IMSG_TABLE_ATTACHMENTS)
    return 0;
  position_a = get_number (a, IMSG_PR_RENDERING_POSITION, -1);
  position_b = get_number (b, IMSG_PR_RENDERING_POSITION, -1);
  return position_a < position_b ? -1 : position_a > position_b;
}

/* 0 for rows that stand as the source has them. */
static int
compare_values (IMsgTable    *self,
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
compare_values_cb (gconstpointer a,
                   gconstpointer b,
                   gpointer      user_data)
{
  return compare_values (user_data, *(IMsgTableRow *const *) a, *(IMsgTableRow *const *) b);
}

/* Rows that have left the source come last, as long as they are seen. */
static int
compare_rows (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  IMsgTableRow *row_a = (IMsgTableRow *) a;
  IMsgTableRow *row_b = (IMsgTableRow *) b;
  int order = compare_values (user_data, row_a, row_b);

  if (order != 0)
    return order;
  if (row_a->in_source == NULL || row_b->in_source == NULL)
    return (row_a->in_source == NULL) - (row_b->in_source == NULL);
  return g_sequence_iter_compare (row_a->in_source, row_b->in_source);
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

static IMsgTableRow *
get_row (GSequenceIter *iter)
{
  return g_sequence_get (iter);
}

/* What it comes before: in the order of the source mostly the row that is next there. */
static GSequenceIter *
find_place (IMsgTable    *self,
            IMsgTableRow *row)
{
  if (self->sort->len == 0 && self->kind != IMSG_TABLE_ATTACHMENTS)
    {
      GSequenceIter *next = g_sequence_iter_next (row->in_source);

      if (g_sequence_iter_is_end (next))
        return g_sequence_get_end_iter (self->visible);
      if (get_row (next)->in_view != NULL)
        return get_row (next)->in_view;
    }
  return g_sequence_search (self->visible, row, compare_rows, self);
}

/* Gives the place it comes to. */
static guint
insert_visible (IMsgTable    *self,
                IMsgTableRow *row)
{
  guint place;

  row->in_view = g_sequence_insert_before (find_place (self, row), row);
  place = (guint) g_sequence_iter_get_position (row->in_view);
  if (place < self->position)
    self->position++;
  return place;
}

/* Gives the place it had. */
static guint
take_visible (IMsgTable    *self,
              IMsgTableRow *row)
{
  guint place = (guint) g_sequence_iter_get_position (row->in_view);

  g_sequence_remove (g_steal_pointer (&row->in_view));
  if (place < self->position)
    self->position--;
  return place;
}

/* Bookmarks of a row that goes away stand on the next one from then on. */
static guint
remove_visible (IMsgTable    *self,
                IMsgTableRow *row)
{
  GSequenceIter *after = g_sequence_iter_next (row->in_view);
  IMsgTableRow *next = g_sequence_iter_is_end (after) ? NULL : get_row (after);
  GHashTableIter iter;
  IMsgTableBookmark *bookmark;

  g_hash_table_iter_init (&iter, self->bookmarks);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &bookmark))
    {
      if (bookmark->row != row)
        continue;
      bookmark->row = next;
      bookmark->has_moved = TRUE;
    }
  _imsg_table_forget_columns (self);
  return take_visible (self, row);
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
  while (imsg_table_get_n_rows (self) > self->restriction->number)
    remove_visible (self, get_row (g_sequence_iter_prev (g_sequence_get_end_iter (self->visible))));
}

static void
clear_visible (IMsgTable *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->visible);

  _imsg_table_forget_columns (self);
  while (!g_sequence_iter_is_end (iter))
    {
      GSequenceIter *next = g_sequence_iter_next (iter);

      get_row (iter)->in_view = NULL;
      g_sequence_remove (iter);
      iter = next;
    }
}

void
_imsg_table_rebuild (IMsgTable *self)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();

  clear_visible (self);
  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->all); !g_sequence_iter_is_end (iter);
       iter = g_sequence_iter_next (iter))
    {
      if (!row_passes (self, get_row (iter)))
        continue;
      read_sort_keys (self, get_row (iter));
      g_ptr_array_add (rows, get_row (iter));
    }
  /* It leaves those that are alike as the source has them */
  g_ptr_array_sort_with_data (rows, compare_values_cb, self);
  for (guint i = 0; i < rows->len; i++)
    {
      IMsgTableRow *row = rows->pdata[i];

      row->in_view = g_sequence_append (self->visible, row);
    }
  cut_to_count (self);
}

/* --- changes --- */

/* Whoever hears of a change may take the row away, or close the table: it is looked up again. */
static IMsgTableRow *
find_visible (IMsgTable          *self,
              IMsgPropertyObject *object)
{
  IMsgTableRow *row = self->source != NULL ? g_hash_table_lookup (self->by_object, object) : NULL;

  return row != NULL && row->in_view != NULL ? row : NULL;
}

static void
tell_modified (IMsgTable          *self,
               IMsgPropertyObject *object)
{
  IMsgTableRow *row = find_visible (self, object);

  if (row != NULL)
    _imsg_table_emit_row_modified (self, row);
}

static void
show_row (IMsgTable    *self,
          IMsgTableRow *row)
{
  g_autoptr(IMsgPropertyObject) object = g_object_ref (row->object);
  guint place;

  read_sort_keys (self, row);
  place = insert_visible (self, row);
  _imsg_table_add_row_columns (self, row);
  g_list_model_items_changed (G_LIST_MODEL (self), place, 0, 1);
  row = find_visible (self, object);
  if (row != NULL)
    _imsg_table_emit_row_added (self, row);
}

static void
hide_row (IMsgTable    *self,
          IMsgTableRow *row,
          gboolean      removed)
{
  g_autoptr(IMsgPropertyObject) object = g_object_ref (row->object);
  guint place = remove_visible (self, row);

  g_list_model_items_changed (G_LIST_MODEL (self), place, 1, 0);
  _imsg_table_emit_row_deleted (self, object, removed);
}

static gboolean
is_in_order (IMsgTable    *self,
             IMsgTableRow *row)
{
  GSequenceIter *prior = g_sequence_iter_prev (row->in_view);
  GSequenceIter *next = g_sequence_iter_next (row->in_view);

  return (prior == row->in_view || compare_rows (get_row (prior), row, self) <= 0) &&
         (g_sequence_iter_is_end (next) || compare_rows (row, get_row (next), self) <= 0);
}

/* The position stays before the row that is to be read next, unless that is the one that moves. */
static void
move_row (IMsgTable    *self,
          IMsgTableRow *row)
{
  guint from = take_visible (self, row);
  guint to = insert_visible (self, row);
  guint first = MIN (from, to);
  guint n_rows = MAX (from, to) - first + 1;

  g_list_model_items_changed (G_LIST_MODEL (self), first, n_rows, n_rows);
}

static GPtrArray *
list_visible (IMsgTable *self)
{
  GPtrArray *rows = g_ptr_array_new ();

  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->visible);
       !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    g_ptr_array_add (rows, get_row (iter));
  return rows;
}

/* All rows are looked at again, without those that are gone: one change of the table, if there is
 * any to be seen. */
static gboolean
change_many (IMsgTable *self,
             GPtrArray *gone)
{
  g_autoptr(GPtrArray) before = list_visible (self);
  g_autoptr(GPtrArray) now = NULL;
  GHashTableIter iter;
  IMsgTableBookmark *bookmark;

  for (guint i = 0; gone != NULL && i < gone->len; i++)
    {
      IMsgTableRow *row = gone->pdata[i];

      if (row->in_view != NULL)
        remove_visible (self, row);
    }
  _imsg_table_rebuild (self);
  now = list_visible (self);
  g_hash_table_iter_init (&iter, self->bookmarks);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &bookmark))
    {
      if (bookmark->row != NULL && bookmark->row->in_view == NULL)
        bookmark->row = NULL;
    }
  self->position = MIN (self->position, now->len);
  if (before->len == now->len &&
      (now->len == 0 || memcmp (before->pdata, now->pdata, now->len * sizeof (gpointer)) == 0))
    return FALSE;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before->len, now->len);
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

  /* Whoever hears that a row went may change its object */
  if (self->source == NULL || row->in_source == NULL)
    return;
  passes = row_passes (self, row);
  if (row->in_view == NULL && !passes)
    return;
  if (is_counting (self))
    {
      /* What becomes of one row decides about others */
      if (!change_many (self, NULL))
        tell_modified (self, object);
    }
  else if (row->in_view == NULL)
    {
      show_row (self, row);
    }
  else if (!passes)
    {
      hide_row (self, row, FALSE);
    }
  else
    {
      _imsg_table_change_row_columns (self, row, tag);
      read_sort_keys (self, row);
      if (!is_in_order (self, row))
        move_row (self, row);
      tell_modified (self, object);
    }
}

static IMsgTableRow *
row_new (IMsgTable          *self,
         IMsgPropertyObject *object)
{
  IMsgTableRow *row = g_new0 (IMsgTableRow, 1);

  row->table = self;
  row->object = g_object_ref (object);
  row->instance = self->next_instance++;
  row->handler = g_signal_connect (row->object, "property-changed", G_CALLBACK (row_changed_cb),
                                   row);
  g_hash_table_insert (self->by_object, row->object, row);
  return row;
}

static void
row_free (IMsgTableRow *row)
{
  g_clear_signal_handler (&row->handler, row->object);
  clear_sort_keys (row);
  /* A list may have an object twice */
  if (g_hash_table_lookup (row->table->by_object, row->object) == row)
    g_hash_table_remove (row->table->by_object, row->object);
  g_object_unref (row->object);
  g_free (row);
}

void
_imsg_table_clear_rows (IMsgTable *self)
{
  clear_visible (self);
  while (!g_sequence_is_empty (self->all))
    {
      GSequenceIter *first = g_sequence_get_begin_iter (self->all);
      IMsgTableRow *row = get_row (first);

      g_sequence_remove (first);
      row_free (row);
    }
}

/* Takes rows out of the source's order; they may be visible yet, and may come back. */
static GPtrArray *
take_rows (IMsgTable *self,
           guint      position,
           guint      n_rows)
{
  GPtrArray *taken = g_ptr_array_sized_new (n_rows);
  GSequenceIter *iter = g_sequence_get_iter_at_pos (self->all, (int) position);

  for (guint i = 0; i < n_rows; i++)
    {
      GSequenceIter *next = g_sequence_iter_next (iter);
      IMsgTableRow *row = get_row (iter);

      g_sequence_remove (iter);
      row->in_source = NULL;
      row->is_taken = TRUE;
      g_ptr_array_add (taken, row);
      iter = next;
    }
  return taken;
}

/* The row of an object that only changed its place in the source is the same row. */
static void
add_rows (IMsgTable *self,
          guint      position,
          guint      n_rows)
{
  GSequenceIter *next = g_sequence_get_iter_at_pos (self->all, (int) position);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr(IMsgPropertyObject) object = g_list_model_get_item (self->source, position + i);
      IMsgTableRow *row = g_hash_table_lookup (self->by_object, object);

      if (row == NULL || !row->is_taken)
        row = row_new (self, object);
      row->is_taken = FALSE;
      row->in_source = g_sequence_insert_before (next, row);
    }
}

/* Whoever hears that they went finds them by their objects until they are freed, and may bring
 * those back: as other rows. */
static GPtrArray *
keep_gone (GPtrArray *taken)
{
  GPtrArray *gone = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);

  for (guint i = 0; i < taken->len; i++)
    {
      IMsgTableRow *row = taken->pdata[i];

      if (row->is_taken)
        g_ptr_array_add (gone, row);
      row->is_taken = FALSE;
    }
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
  guint n_before, n_now;

  if (self->source == NULL)
    return;
  /* Whoever heard of this before may have changed the source again, and that was told first */
  n_before = (guint) g_sequence_get_length (self->all);
  n_now = g_list_model_get_n_items (source);
  if (position + removed > n_before || n_before - removed + added != n_now)
    {
      position = 0;
      removed = n_before;
      added = n_now;
    }
  taken = take_rows (self, position, removed);
  add_rows (self, position, added);
  gone = keep_gone (taken);

  if (removed + added > 1 || is_counting (self))
    {
      change_many (self, gone);
    }
  else if (removed == 1)
    {
      IMsgTableRow *row = gone->pdata[0];

      if (row->in_view != NULL)
        hide_row (self, row, TRUE);
    }
  else if (added == 1)
    {
      IMsgTableRow *row = get_row (g_sequence_get_iter_at_pos (self->all, (int) position));

      if (row_passes (self, row))
        show_row (self, row);
    }
}

void
_imsg_table_load_rows (IMsgTable *self)
{
  add_rows (self, 0, g_list_model_get_n_items (self->source));
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
  /* Whoever hears of a row may take others away */
  for (int i = 0;
       self->source != NULL && !is_counting (self) && i < g_sequence_get_length (self->all); i++)
    {
      IMsgTableRow *row = get_row (g_sequence_get_iter_at_pos (self->all, i));
      g_autoptr(IMsgPropertyObject) object = g_object_ref (row->object);

      if ((row->in_view != NULL) != row_passes (self, row))
        row_changed_cb (object, 0, row);
    }
  g_object_unref (self);
}
