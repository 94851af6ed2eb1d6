/* imsg-table.c - a live table over recipients, attachments or messages (IMAPITable)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-table-private.h"

#include <glib/gi18n-lib.h>

/**
 * IMsgTable:
 *
 * A view of the recipients or attachments of a message, of the messages of a session, or of any
 * objects that have properties.
 *
 * A table has columns, an order, a restriction and a position of its own, and is live: rows come
 * and go as the objects behind them do. It is also a list of those objects, in its order.
 *
 * ```c
 * g_autoptr(IMsgTable) table = imsg_message_get_recipient_table (message, &error);
 * g_autoptr(IMsgRestriction) carbon = imsg_restriction_parse ("PR_RECIPIENT_TYPE = 2", &error);
 *
 * if (imsg_table_restrict (table, carbon, &error))
 *   g_print ("%u copies\n", imsg_table_get_n_rows (table));
 * ```
 *
 * Source: `IMAPITable`.
 *
 * Since: 1.0
 */

/**
 * IMsgTableFilterFunc:
 * @row: the object
 * @user_data: data of the caller
 *
 * Tells whether an object is a row at all.
 *
 * Returns: whether it is
 * Since: 1.0
 */

static void imsg_table_list_model_init (GListModelInterface *iface);

G_DEFINE_TYPE_WITH_CODE (IMsgTable, imsg_table, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, imsg_table_list_model_init))

enum
{
  SIGNAL_ROW_ADDED,
  SIGNAL_ROW_MODIFIED,
  SIGNAL_ROW_DELETED,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- list model --- */

static GType
imsg_table_get_item_type (GListModel *model)
{
  return IMSG_TYPE_PROPERTY_OBJECT;
}

static guint
imsg_table_get_n_items (GListModel *model)
{
  return (guint) g_sequence_get_length (IMSG_TABLE (model)->visible);
}

static gpointer
imsg_table_get_item (GListModel *model,
                     guint       position)
{
  IMsgTable *self = IMSG_TABLE (model);
  IMsgTableRow *row;

  if (position >= imsg_table_get_n_items (model))
    return NULL;
  row = g_sequence_get (g_sequence_get_iter_at_pos (self->visible, (int) position));
  return g_object_ref (row->object);
}

static void
imsg_table_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imsg_table_get_item_type;
  iface->get_n_items = imsg_table_get_n_items;
  iface->get_item = imsg_table_get_item;
}

/* --- signals --- */

static void
emit_row (IMsgTable    *self,
          guint         signal,
          IMsgTableRow *row)
{
  GSequenceIter *before = g_sequence_iter_prev (row->in_view);
  IMsgTableRow *prior = before != row->in_view ? g_sequence_get (before) : NULL;

  g_signal_emit (self, signals[signal], 0, row->object, prior != NULL ? prior->object : NULL);
}

void
_imsg_table_emit_row_added (IMsgTable    *self,
                            IMsgTableRow *row)
{
  emit_row (self, SIGNAL_ROW_ADDED, row);
}

void
_imsg_table_emit_row_modified (IMsgTable    *self,
                               IMsgTableRow *row)
{
  emit_row (self, SIGNAL_ROW_MODIFIED, row);
}

void
_imsg_table_emit_row_deleted (IMsgTable          *self,
                              IMsgPropertyObject *object,
                              gboolean            removed)
{
  g_signal_emit (self, signals[SIGNAL_ROW_DELETED], 0, object, removed);
}

void
_imsg_table_emit_changed (IMsgTable *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* --- class --- */

static void
imsg_table_dispose (GObject *object)
{
  imsg_table_close (IMSG_TABLE (object));
  G_OBJECT_CLASS (imsg_table_parent_class)->dispose (object);
}

static void
imsg_table_finalize (GObject *object)
{
  IMsgTable *self = IMSG_TABLE (object);

  g_sequence_free (self->visible);
  g_sequence_free (self->all);
  g_hash_table_unref (self->by_object);
  g_hash_table_unref (self->bookmarks);
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_pointer (&self->known_columns, g_hash_table_unref);
  g_array_unref (self->sort);
  G_OBJECT_CLASS (imsg_table_parent_class)->finalize (object);
}

static void
imsg_table_class_init (IMsgTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imsg_table_dispose;
  object_class->finalize = imsg_table_finalize;

  /**
   * IMsgTable::row-added:
   * @self: the table
   * @row: the new row
   * @prior: (nullable): the row before it
   *
   * A row has come into the table.
   *
   * Since: 1.0
   */
  signals[SIGNAL_ROW_ADDED] =
    g_signal_new ("row-added", IMSG_TYPE_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, IMSG_TYPE_PROPERTY_OBJECT, IMSG_TYPE_PROPERTY_OBJECT);

  /**
   * IMsgTable::row-modified:
   * @self: the table
   * @row: the row
   * @prior: (nullable): the row before it
   *
   * A property of a row has changed.
   *
   * Since: 1.0
   */
  signals[SIGNAL_ROW_MODIFIED] =
    g_signal_new ("row-modified", IMSG_TYPE_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, IMSG_TYPE_PROPERTY_OBJECT, IMSG_TYPE_PROPERTY_OBJECT);

  /**
   * IMsgTable::row-deleted:
   * @self: the table
   * @row: the former row
   * @removed: whether the object itself is gone, rather than restricted away
   *
   * A row has left the table.
   *
   * Since: 1.0
   */
  signals[SIGNAL_ROW_DELETED] =
    g_signal_new ("row-deleted", IMSG_TYPE_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, IMSG_TYPE_PROPERTY_OBJECT, G_TYPE_BOOLEAN);

  /**
   * IMsgTable::changed:
   * @self: the table
   *
   * Many rows have come or gone at once.
   *
   * Since: 1.0
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", IMSG_TYPE_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
imsg_table_init (IMsgTable *self)
{
  self->all = g_sequence_new (NULL);
  self->visible = g_sequence_new (NULL);
  self->by_object = g_hash_table_new (NULL, NULL);
  self->bookmarks = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->sort = g_array_new (FALSE, FALSE, sizeof (IMsgTableSort));
  self->next_bookmark = IMSG_BOOKMARK_END + 1;
  self->salt = (guint64) g_random_int () << 32 | g_random_int ();
}

static IMsgTable *
table_new (IMsgTableKind  kind,
           GObject       *owner,
           GListModel    *source)
{
  IMsgTable *self = g_object_new (IMSG_TYPE_TABLE, NULL);

  self->kind = kind;
  self->owner = g_object_ref (owner);
  self->source = g_object_ref (source);
  _imsg_table_load_rows (self);
  return self;
}

static IMsgTable *
message_table_new (IMsgMessage    *message,
                   IMsgTableKind   kind,
                   GError        **error)
{
  GListModel *source;

  if (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The message is closed"));
      return NULL;
    }
  source = kind == IMSG_TABLE_RECIPIENTS ? imsg_message_get_recipients (message)
                                         : imsg_message_get_attachments (message);
  return table_new (kind, G_OBJECT (message), source);
}

/**
 * imsg_message_get_recipient_table:
 * @self: a message
 * @error: return location for an error
 *
 * Opens a table of the recipients.
 *
 * Fails with `IMSG_ERROR_CLOSED`.
 * Source: `IMessage::GetRecipientTable`.
 *
 * Returns: (transfer full): a new table
 * Since: 1.0
 */
IMsgTable *
imsg_message_get_recipient_table (IMsgMessage  *self,
                                  GError      **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  return message_table_new (self, IMSG_TABLE_RECIPIENTS, error);
}

/**
 * imsg_message_get_attachment_table:
 * @self: a message
 * @error: return location for an error
 *
 * Opens a table of the attachments.
 *
 * Fails with `IMSG_ERROR_CLOSED`.
 * Source: `IMessage::GetAttachmentTable`.
 *
 * Returns: (transfer full): a new table
 * Since: 1.0
 */
IMsgTable *
imsg_message_get_attachment_table (IMsgMessage  *self,
                                   GError      **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  return message_table_new (self, IMSG_TABLE_ATTACHMENTS, error);
}

/**
 * imsg_session_get_message_table:
 * @self: a session
 * @error: return location for an error
 *
 * Opens a table of the messages that are open in a session.
 *
 * Fails with `IMSG_ERROR_CLOSED`.
 *
 * Returns: (transfer full): a new table
 * Since: 1.0
 */
IMsgTable *
imsg_session_get_message_table (IMsgSession  *self,
                                GError      **error)
{
  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);

  if (imsg_session_is_closed (self))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The session is closed"));
      return NULL;
    }
  return table_new (IMSG_TABLE_MESSAGES, G_OBJECT (self), imsg_session_get_messages (self));
}

/**
 * imsg_table_new:
 * @rows: a list of [class@IMsg.PropertyObject]
 *
 * Opens a table of any objects that have properties.
 *
 * It has the columns that are chosen, else those that occur on its rows. It follows the list and
 * the objects in it. Source: `CreateTable`.
 *
 * Returns: (transfer full): a new table
 * Since: 1.0
 */
IMsgTable *
imsg_table_new (GListModel *rows)
{
  g_return_val_if_fail (G_IS_LIST_MODEL (rows), NULL);
  g_return_val_if_fail (g_type_is_a (g_list_model_get_item_type (rows), IMSG_TYPE_PROPERTY_OBJECT),
                        NULL);

  return table_new (IMSG_TABLE_OBJECTS, G_OBJECT (rows), rows);
}

/**
 * imsg_table_is_closed:
 * @self: a table
 *
 * Tells whether the table, or what it shows, is closed.
 *
 * Returns: whether it is
 * Since: 1.0
 */
gboolean
imsg_table_is_closed (IMsgTable *self)
{
  g_return_val_if_fail (IMSG_IS_TABLE (self), TRUE);

  if (self->owner == NULL)
    return TRUE;
  if (self->kind == IMSG_TABLE_MESSAGES)
    return imsg_session_is_closed (IMSG_SESSION (self->owner));
  if (self->kind == IMSG_TABLE_OBJECTS)
    return FALSE;
  return imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (self->owner));
}

gboolean
_imsg_table_check_open (IMsgTable  *self,
                        GError    **error)
{
  if (!imsg_table_is_closed (self))
    return TRUE;
  g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The table is closed"));
  return FALSE;
}

/**
 * imsg_table_close:
 * @self: a table
 *
 * Lets go of what the table shows; every other call fails with `IMSG_ERROR_CLOSED` then.
 *
 * Since: 1.0
 */
void
imsg_table_close (IMsgTable *self)
{
  guint n_rows;
  GDestroyNotify destroy;

  g_return_if_fail (IMSG_IS_TABLE (self));

  if (self->source == NULL)
    return;
  n_rows = imsg_table_get_n_rows (self);
  g_clear_signal_handler (&self->source_handler, self->source);
  g_clear_object (&self->source);
  g_hash_table_remove_all (self->bookmarks);
  self->position = 0;
  _imsg_table_clear_rows (self);
  g_clear_pointer (&self->restriction, imsg_restriction_unref);
  g_clear_object (&self->owner);
  destroy = g_steal_pointer (&self->filter_destroy);
  self->filter = NULL;
  if (destroy != NULL)
    destroy (self->filter_data);
  if (n_rows > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_rows, 0);
}

/* --- restriction, order, filter --- */

/* The view is made anew: bookmarks are gone, the position is the beginning. */
static void
start_over (IMsgTable *self)
{
  guint n_before = imsg_table_get_n_rows (self);
  guint n_now;

  g_hash_table_remove_all (self->bookmarks);
  self->position = 0;
  _imsg_table_rebuild (self);
  n_now = imsg_table_get_n_rows (self);
  if (n_before > 0 || n_now > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, n_now);
}

gboolean
_imsg_table_check_restriction (IMsgTable        *self,
                               IMsgRestriction  *restriction,
                               GError          **error)
{
  if (!imsg_restriction_check (restriction, error))
    return FALSE;
  if (self->kind != IMSG_TABLE_MESSAGES &&
      _imsg_restriction_contains (restriction, IMSG_RESTRICTION_SUB_OBJECT))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX,
                           _("Only messages have recipients and attachments"));
      return FALSE;
    }
  return TRUE;
}

/**
 * imsg_table_restrict:
 * @self: a table
 * @restriction: (nullable): what rows must meet, or %NULL for all rows
 * @error: return location for an error
 *
 * Chooses the rows of a table.
 *
 * Bookmarks are lost and the position becomes the beginning. After an error everything is as it
 * was.
 *
 * Fails with `IMSG_ERROR_TOO_COMPLEX` and `IMSG_ERROR_CLOSED`.
 * Source: `IMAPITable::Restrict`.
 *
 * Returns: whether it was done
 * Since: 1.0
 */
gboolean
imsg_table_restrict (IMsgTable        *self,
                     IMsgRestriction  *restriction,
                     GError          **error)
{
  g_return_val_if_fail (IMSG_IS_TABLE (self), FALSE);

  if (!_imsg_table_check_open (self, error))
    return FALSE;
  if (restriction != NULL && !_imsg_table_check_restriction (self, restriction, error))
    return FALSE;
  g_clear_pointer (&self->restriction, imsg_restriction_unref);
  if (restriction != NULL)
    self->restriction = imsg_restriction_ref (restriction);
  start_over (self);
  return TRUE;
}

/**
 * imsg_table_sort:
 * @self: a table
 * @tags: (array length=n_tags): the properties to sort by, the first one first
 * @n_tags: how many; 0 for the default order
 * @descending: (array length=n_descending) (nullable): which of them descend
 * @n_descending: how many @descending has; the others ascend
 * @error: return location for an error
 *
 * Chooses the order of a table.
 *
 * Text sorts whatever its case; rows without the property come last in both directions. Bookmarks
 * are lost and the position becomes the beginning.
 *
 * Fails with `IMSG_ERROR_TOO_COMPLEX` for multi-valued properties and `IMSG_ERROR_CLOSED`.
 * Source: `IMAPITable::SortTable`.
 *
 * Returns: whether it was done
 * Since: 1.0
 */
gboolean
imsg_table_sort (IMsgTable       *self,
                 const guint32   *tags,
                 gsize            n_tags,
                 const gboolean  *descending,
                 gsize            n_descending,
                 GError         **error)
{
  g_autoptr(GArray) sort = NULL;

  g_return_val_if_fail (IMSG_IS_TABLE (self), FALSE);
  g_return_val_if_fail (tags != NULL || n_tags == 0, FALSE);

  if (!_imsg_table_check_open (self, error))
    return FALSE;
  sort = g_array_new (FALSE, FALSE, sizeof (IMsgTableSort));
  for (gsize i = 0; i < n_tags; i++)
    {
      IMsgTableSort item = { tags[i], descending != NULL && i < n_descending && descending[i] };

      if ((tags[i] & IMSG_MULTI_VALUE_FLAG) != 0)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX,
                       _("0x%08X: rows are not sorted by several values"), tags[i]);
          return FALSE;
        }
      g_array_append_val (sort, item);
    }
  g_array_unref (self->sort);
  self->sort = g_steal_pointer (&sort);
  start_over (self);
  return TRUE;
}

/**
 * imsg_table_set_filter:
 * @self: a table
 * @filter: (nullable) (scope notified) (closure user_data) (destroy destroy): tells what is a row
 * @user_data: data for it
 * @destroy: (nullable): frees the data
 *
 * Hides objects from a table, whatever it is restricted to.
 *
 * Since: 1.0
 */
void
imsg_table_set_filter (IMsgTable           *self,
                       IMsgTableFilterFunc  filter,
                       gpointer             user_data,
                       GDestroyNotify       destroy)
{
  g_return_if_fail (IMSG_IS_TABLE (self));

  if (self->filter_destroy != NULL)
    self->filter_destroy (self->filter_data);
  self->filter = filter;
  self->filter_data = user_data;
  self->filter_destroy = destroy;
  if (self->source != NULL)
    start_over (self);
}
