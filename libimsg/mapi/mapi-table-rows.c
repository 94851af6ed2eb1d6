/* mapi-table-rows.c - rows of a table as MAPI's structures, and notifications of their changes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-table-private.h"

ULONG *
mapi_table_dup_columns (MapiTable *self,
                        gboolean   all,
                        gsize     *n_columns)
{
  ULONG *columns;

  if (all && self->all_columns != NULL)
    {
      *n_columns = self->all_columns->len;
      return g_memdup2 (self->all_columns->data, *n_columns * sizeof (ULONG));
    }
  columns = imsg_table_get_columns (self->table, all, n_columns);

  /* Columns that nobody chose come in the width of the table. */
  for (gsize i = 0; i < *n_columns && (all || !self->has_columns); i++)
    columns[i] = mapi_tag_with_width (columns[i], self->flags);
  return columns;
}

/* One column of a row; what is missing or too large is an error slot. */
static void
read_value (MapiTable          *self,
            IMsgPropertyObject *row,
            ULONG               tag,
            gpointer            base,
            SPropValue         *value)
{
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GError) error = NULL;
  ULONG wanted = PROP_TYPE (tag);
  ULONG limit = self->message->tree->value_limit;
  SCODE scode;

  memset (value, 0, sizeof *value);
  if (tag == PR_NULL)
    {
      value->ulPropTag = PR_NULL;
      return;
    }
  if (wanted == PT_UNSPECIFIED)
    {
      ULONG stored_tag = imsg_property_object_find_tag (row, tag);

      if (stored_tag == 0 && PROP_ID (tag) == PROP_ID (PR_INSTANCE_KEY))
        stored_tag = PR_INSTANCE_KEY;
      else if (stored_tag == 0 && (PROP_ID (tag) == PROP_ID (PR_ROWID) ||
                                   PROP_ID (tag) == PROP_ID (PR_ATTACH_NUM)))
        stored_tag = CHANGE_PROP_TYPE (tag, PT_LONG);
      if (stored_tag == 0)
        {
          mapi_value_set_error (value, tag, MAPI_E_NOT_FOUND);
          return;
        }
      tag = mapi_tag_with_width (stored_tag, self->flags);
      wanted = PROP_TYPE (tag);
    }
  if (wanted == PT_OBJECT)
    {
      mapi_value_set_error (value, tag, MAPI_E_NOT_FOUND);
      return;
    }
  if ((mapi_is_text_type (wanted) || wanted == PT_BINARY) && limit != 0 &&
      imsg_property_object_get_value_size (row, tag) > limit)
    {
      mapi_value_set_error (value, tag, MAPI_E_NOT_ENOUGH_MEMORY);
      return;
    }
  variant = imsg_table_get_row_value (self->table, row, tag, &error);
  if (variant != NULL && mapi_is_text_type (wanted) && (wanted & MV_FLAG) == 0 &&
      mapi_text_is_doubtful (tag, variant) &&
      mapi_value_read_text (row, tag, &self->message->tree->allocators, base, value))
    return;
  if (variant == NULL)
    scode = mapi_error_to_scode (error);
  else
    scode = mapi_value_from_variant (tag, variant, mapi_object_get_code_page (self->message),
                                     &self->message->tree->allocators, base, value);
  /* In a table what is of another type is as if it were not there. */
  if (scode == MAPI_E_UNEXPECTED_TYPE)
    scode = MAPI_E_NOT_FOUND;
  if (FAILED (scode))
    mapi_value_set_error (value, tag, scode);
}

LPSPropValue
mapi_table_read_row (MapiTable          *self,
                     IMsgPropertyObject *row,
                     const ULONG        *columns,
                     gsize               n_columns)
{
  LPSPropValue values = mapi_allocate (&self->message->tree->allocators, NULL,
                                       MAX (n_columns, 1) * sizeof (SPropValue));

  for (gsize i = 0; values != NULL && i < n_columns; i++)
    read_value (self, row, columns[i], values, &values[i]);
  return values;
}

/* --- notifications --- */

/* The sinks may come and go meanwhile: those that went are not called any more. */
static void
tell (MapiTable    *self,
      NOTIFICATION *notification)
{
  guint n_connections = 0;
  g_autofree gpointer *connections = g_hash_table_get_keys_as_array (self->sinks, &n_connections);

  UlAddRef (self);
  for (guint i = 0; i < n_connections; i++)
    {
      IMAPIAdviseSink *sink = g_hash_table_lookup (self->sinks, connections[i]);

      if (sink == NULL)
        continue;
      UlAddRef (sink);
      sink->lpVtbl->OnNotify (sink, 1, notification);
      UlRelease (sink);
    }
  UlRelease (self);
}

static gboolean
has_sinks (MapiTable *self)
{
  return g_hash_table_size (self->sinks) > 0;
}

static gboolean
nobody_listens (MapiTable *self)
{
  if (self->message->is_quiet)
    return TRUE;
  if (self->message->batching)
    self->has_missed = TRUE;
  return self->message->batching || !has_sinks (self) || self->message->tree->is_dead;
}

/* What a row is known by, and the one before it, in one block; NULL without memory */
static LPSPropValue
read_keys (MapiTable          *self,
           IMsgPropertyObject *row,
           IMsgPropertyObject *prior)
{
  LPSPropValue keys =
    mapi_allocate (&self->message->tree->allocators, NULL, 2 * sizeof (SPropValue));

  if (keys == NULL)
    return NULL;
  read_value (self, row, self->index_tag, keys, &keys[0]);
  keys[1].ulPropTag = PR_NULL;
  if (prior != NULL)
    read_value (self, prior, self->index_tag, keys, &keys[1]);
  return keys;
}

/* Takes the keys. */
static void
tell_row (MapiTable          *self,
          ULONG               event,
          IMsgPropertyObject *row,
          LPSPropValue        keys)
{
  FREEBUFFER *free_buffer = self->message->tree->allocators.free_buffer;
  g_autofree ULONG *columns = NULL;
  gsize n_columns = 0;
  NOTIFICATION notification;
  LPSPropValue values = NULL;

  if (keys == NULL || nobody_listens (self))
    {
      free_buffer (keys);
      return;
    }
  memset (&notification, 0, sizeof notification);
  notification.ulEventType = fnevTableModified;
  notification.info.tab.ulTableEvent = event;
  notification.info.tab.propIndex = keys[0];
  notification.info.tab.propPrior = keys[1];
  if (event != TABLE_ROW_DELETED)
    {
      columns = mapi_table_dup_columns (self, FALSE, &n_columns);
      values = mapi_table_read_row (self, row, columns, n_columns);
      if (values != NULL)
        {
          notification.info.tab.row.cValues = (ULONG) n_columns;
          notification.info.tab.row.lpProps = values;
        }
    }
  tell (self, &notification);
  free_buffer (keys);
  free_buffer (values);
}

/* --- changes that are told of later --- */

/* What is to be told of one row */
typedef struct
{
  IMsgPropertyObject *row;   /* owned */
  IMsgPropertyObject *prior; /* (nullable): owned */
  ULONG               event;
  LPSPropValue        keys;  /* (nullable): of a row that goes, which cannot be asked later */
  FREEBUFFER         *free_buffer;
} RowChange;

static void
row_change_free (gpointer data)
{
  RowChange *change = data;

  g_object_unref (change->row);
  g_clear_object (&change->prior);
  change->free_buffer (change->keys);
  g_free (change);
}

static void
drop_change (MapiTable *self,
             RowChange *change)
{
  g_hash_table_remove (self->changes_of_rows, change->row);
  g_queue_remove (&self->changes, change);
  row_change_free (change);
}

/* Of what happens to a row one after the other, only what came of it counts. */
static void
gather (MapiTable          *self,
        ULONG               event,
        IMsgPropertyObject *row,
        IMsgPropertyObject *prior)
{
  RowChange *change = g_hash_table_lookup (self->changes_of_rows, row);

  if (change == NULL)
    {
      change = g_new0 (RowChange, 1);
      change->row = g_object_ref (row);
      change->event = event;
      change->free_buffer = self->message->tree->allocators.free_buffer;
      g_hash_table_insert (self->changes_of_rows, row, change);
      g_queue_push_tail (&self->changes, change);
    }
  else if (event == TABLE_ROW_DELETED && change->event == TABLE_ROW_ADDED)
    {
      drop_change (self, change);
      return;
    }
  else if (event == TABLE_ROW_ADDED)
    {
      change->event = TABLE_ROW_MODIFIED;
    }
  else if (change->event != TABLE_ROW_ADDED)
    {
      change->event = event;
    }
  g_set_object (&change->prior, prior);
  change->free_buffer (change->keys);
  change->keys = change->event == TABLE_ROW_DELETED ? read_keys (self, row, prior) : NULL;
}

/* A sink may change more: what is still to be told is looked at anew each time. */
static void
tell_gathered (GPtrArray *tables)
{
  for (guint i = 0; i < tables->len; i++)
    {
      MapiTable *self = tables->pdata[i];
      RowChange *change;

      while ((change = g_queue_pop_head (&self->changes)) != NULL)
        {
          g_hash_table_remove (self->changes_of_rows, change->row);
          tell_row (self, change->event, change->row,
                    change->keys != NULL ? g_steal_pointer (&change->keys)
                                         : read_keys (self, change->row, change->prior));
          row_change_free (change);
        }
    }
}

static void
take_event (MapiTable          *self,
            ULONG               event,
            IMsgPropertyObject *row,
            IMsgPropertyObject *prior)
{
  RowChange *change;

  if (nobody_listens (self))
    return;
  change = g_hash_table_lookup (self->changes_of_rows, row);
  if (self->message->is_gathering || (change != NULL && event != TABLE_ROW_DELETED))
    {
      gather (self, event, row, prior);
      return;
    }
  if (change != NULL)
    {
      gboolean is_known = change->event != TABLE_ROW_ADDED;

      drop_change (self, change);
      if (!is_known)
        return;
    }
  tell_row (self, event, row, read_keys (self, row, prior));
}

void
mapi_table_drop_changes (MapiTable *self)
{
  g_hash_table_remove_all (self->changes_of_rows);
  g_queue_clear_full (&self->changes, row_change_free);
}

static void
row_added_cb (IMsgTable          *table,
              IMsgPropertyObject *row,
              IMsgPropertyObject *prior,
              gpointer            user_data)
{
  take_event (user_data, TABLE_ROW_ADDED, row, prior);
}

static void
row_modified_cb (IMsgTable          *table,
                 IMsgPropertyObject *row,
                 IMsgPropertyObject *prior,
                 gpointer            user_data)
{
  take_event (user_data, TABLE_ROW_MODIFIED, row, prior);
}

static void
row_deleted_cb (IMsgTable          *table,
                IMsgPropertyObject *row,
                gboolean            removed,
                gpointer            user_data)
{
  take_event (user_data, TABLE_ROW_DELETED, row, NULL);
}

static void
tell_event (MapiTable *self,
            ULONG      event)
{
  NOTIFICATION notification;

  if (nobody_listens (self))
    return;
  memset (&notification, 0, sizeof notification);
  notification.ulEventType = fnevTableModified;
  notification.info.tab.ulTableEvent = event;
  notification.info.tab.propIndex.ulPropTag = PR_NULL;
  notification.info.tab.propPrior.ulPropTag = PR_NULL;
  tell (self, &notification);
}

static void
changed_cb (IMsgTable *table,
            gpointer   user_data)
{
  tell_event (user_data, TABLE_CHANGED);
}

void
mapi_table_connect (MapiTable *self)
{
  g_signal_connect (self->table, "row-added", G_CALLBACK (row_added_cb), self);
  g_signal_connect (self->table, "row-modified", G_CALLBACK (row_modified_cb), self);
  g_signal_connect (self->table, "row-deleted", G_CALLBACK (row_deleted_cb), self);
  g_signal_connect (self->table, "changed", G_CALLBACK (changed_cb), self);
}

void
mapi_table_disconnect (MapiTable *self)
{
  g_signal_handlers_disconnect_by_data (self->table, self);
}

/* --- batches --- */

/* The open tables, counted: they may go while their sinks are called. */
static GPtrArray *
list_tables (MapiObject *self)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func ((GDestroyNotify) UlRelease);

  for (guint i = 0; i < self->tables->len; i++)
    {
      UlAddRef (self->tables->pdata[i]);
      g_ptr_array_add (tables, self->tables->pdata[i]);
    }
  return tables;
}

void
mapi_message_begin_quiet (MapiObject *self)
{
  self->is_quiet = TRUE;
}

void
mapi_message_end_quiet (MapiObject *self)
{
  self->is_quiet = FALSE;
}

void
mapi_message_begin_gathering (MapiObject *self)
{
  self->is_gathering = TRUE;
}

void
mapi_message_end_gathering (MapiObject *self)
{
  g_autoptr(GPtrArray) tables = list_tables (self);

  self->is_gathering = FALSE;
  tell_gathered (tables);
}

void
mapi_message_begin_batch (MapiObject *self)
{
  self->batching = TRUE;
  for (guint i = 0; i < self->tables->len; i++)
    ((MapiTable *) self->tables->pdata[i])->has_missed = FALSE;
}

void
mapi_message_end_batch (MapiObject *self)
{
  g_autoptr(GPtrArray) tables = list_tables (self);

  self->batching = FALSE;
  for (guint i = 0; i < tables->len; i++)
    {
      MapiTable *table = tables->pdata[i];

      if (table->has_missed)
        tell_event (table, TABLE_CHANGED);
      table->has_missed = FALSE;
    }
}

void
mapi_message_refresh_tables (MapiObject *self)
{
  g_autoptr(GPtrArray) tables = list_tables (self);

  for (guint i = 0; i < tables->len; i++)
    {
      MapiTable *table = tables->pdata[i];

      if (table->is_attachments)
        imsg_table_refresh (table->table);
    }
}

/* --- rows that somebody else keeps --- */

GPtrArray *
mapi_tables_list_seeing (MapiObject         *message,
                         IMsgPropertyObject *row)
{
  GPtrArray *tables = list_tables (message);

  for (guint i = tables->len; i > 0; i--)
    {
      MapiTable *self = tables->pdata[i - 1];

      if (nobody_listens (self) || !imsg_table_get_row_position (self->table, row, NULL))
        g_ptr_array_remove_index (tables, i - 1);
    }
  return tables;
}

void
mapi_tables_tell_modified (MapiObject         *message,
                           IMsgPropertyObject *row,
                           GPtrArray          *seen_before)
{
  g_autoptr(GPtrArray) tables = list_tables (message);

  for (guint i = 0; i < tables->len; i++)
    {
      MapiTable *self = tables->pdata[i];
      gboolean was_seen = g_ptr_array_find (seen_before, self, NULL);
      g_autoptr(IMsgPropertyObject) prior = NULL;
      guint position = 0;

      if (nobody_listens (self))
        continue;
      if (imsg_table_get_row_position (self->table, row, &position))
        {
          if (position > 0)
            prior = g_list_model_get_item (G_LIST_MODEL (self->table), position - 1);
          gather (self, was_seen ? TABLE_ROW_MODIFIED : TABLE_ROW_ADDED, row, prior);
        }
      else if (was_seen)
        {
          gather (self, TABLE_ROW_DELETED, row, NULL);
        }
    }
  tell_gathered (tables);
}

void
mapi_tables_tell (MapiObject *message,
                  ULONG       event)
{
  g_autoptr(GPtrArray) tables = list_tables (message);

  for (guint i = 0; i < tables->len; i++)
    tell_event (tables->pdata[i], event);
}
