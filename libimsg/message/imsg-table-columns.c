/* imsg-table-columns.c - the columns of a table and the values in them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment.h"
#include "imsg-property-tags.h"
#include "imsg-recipient.h"
#include "imsg-table-private.h"

#include <glib/gi18n-lib.h>

#define ID_OF(tag) ((guint32) (tag) >> 16)

/* MAPI_MAILUSER */
#define OBJECT_TYPE_MAIL_USER 6

/* What every table of a kind has, in this order */
static const guint32 recipient_columns[] = {
  IMSG_PR_DISPLAY_NAME,
  IMSG_PR_RECIPIENT_TYPE,
  IMSG_PR_ROWID,
  IMSG_PR_INSTANCE_KEY,
};
static const guint32 attachment_columns[] = {
  IMSG_PR_ATTACH_NUM,
  IMSG_PR_INSTANCE_KEY,
  IMSG_PR_RECORD_KEY,
  IMSG_PR_RENDERING_POSITION,
};
static const guint32 message_columns[] = {
  IMSG_PR_INSTANCE_KEY,
  IMSG_PR_SUBJECT,
  IMSG_PR_SENDER_NAME,
  IMSG_PR_CLIENT_SUBMIT_TIME,
  IMSG_PR_MESSAGE_CLASS,
  IMSG_PR_MESSAGE_SIZE,
};

static GVariant *
instance_key (IMsgTable    *self,
              IMsgTableRow *row)
{
  guint64 parts[2] = { GUINT64_TO_LE (self->salt), GUINT64_TO_BE (row->instance) };

  return g_variant_ref_sink (g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, parts, sizeof parts,
                                                        1));
}

static gboolean
type_fits (guint32          tag,
           IMsgPropertyType type)
{
  return (tag & 0xFFFF) == (guint32) type || (tag & 0xFFFF) == IMSG_PROPERTY_TYPE_UNSPECIFIED;
}

GVariant *
_imsg_table_dup_value (IMsgTable     *self,
                       IMsgTableRow  *row,
                       guint32        tag,
                       GError       **error)
{
  GVariant *value;

  /* Rows of anybody's making may have instance keys of theirs. */
  if (ID_OF (tag) == ID_OF (IMSG_PR_INSTANCE_KEY) && type_fits (tag, IMSG_PROPERTY_TYPE_BINARY) &&
      !(self->kind == IMSG_TABLE_OBJECTS && imsg_property_object_has_value (row->object, tag)))
    return instance_key (self, row);
  if (self->kind == IMSG_TABLE_RECIPIENTS && ID_OF (tag) == ID_OF (IMSG_PR_ROWID) &&
      type_fits (tag, IMSG_PROPERTY_TYPE_LONG) && IMSG_IS_RECIPIENT (row->object))
    return g_variant_ref_sink (
      g_variant_new_int32 ((gint32) imsg_recipient_get_row_id (IMSG_RECIPIENT (row->object))));
  if (self->kind == IMSG_TABLE_ATTACHMENTS && ID_OF (tag) == ID_OF (IMSG_PR_ATTACH_NUM) &&
      type_fits (tag, IMSG_PROPERTY_TYPE_LONG))
    return g_variant_ref_sink (
      g_variant_new_int32 ((gint32) imsg_attachment_get_number (IMSG_ATTACHMENT (row->object))));

  if (self->kind == IMSG_TABLE_RECIPIENTS && ID_OF (tag) == ID_OF (IMSG_PR_OBJECT_TYPE) &&
      type_fits (tag, IMSG_PROPERTY_TYPE_LONG))
    {
      value = imsg_property_object_get_value (row->object, tag, NULL);
      return value != NULL ? value
                           : g_variant_ref_sink (g_variant_new_int32 (OBJECT_TYPE_MAIL_USER));
    }
  return imsg_property_object_get_value (row->object, tag, error);
}

/**
 * imsg_table_get_row_value:
 * @self: a table
 * @row: an object that is, or was a moment ago, a row of it
 * @tag: the column
 * @error: return location for an error
 *
 * Reads a value of a row.
 *
 * Beside the properties of the object a row has `PR_INSTANCE_KEY`, 16 bytes that no other row of
 * any table has, `PR_ROWID` when it is a recipient, and `PR_ATTACH_NUM` when it is an attachment.
 *
 * Fails with `IMSG_ERROR_INVALID_PARAMETER` when @row is none of this table, else as
 * [method@IMsg.PropertyObject.get_value] does.
 *
 * Returns: (transfer full): the value, never floating
 * Since: 1.0
 */
GVariant *
imsg_table_get_row_value (IMsgTable           *self,
                          IMsgPropertyObject  *row,
                          guint32              tag,
                          GError             **error)
{
  IMsgTableRow *table_row;

  g_return_val_if_fail (IMSG_IS_TABLE (self), NULL);
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (row), NULL);

  if (imsg_table_is_closed (self))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The table is closed"));
      return NULL;
    }
  table_row = g_hash_table_lookup (self->by_object, row);
  if (table_row == NULL)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                           _("The object is no row of the table"));
      return NULL;
    }
  return _imsg_table_dup_value (self, table_row, tag, error);
}

static const guint32 *
required_columns (IMsgTable *self,
                  gsize     *n_columns)
{
  switch (self->kind)
    {
    case IMSG_TABLE_RECIPIENTS:
      *n_columns = G_N_ELEMENTS (recipient_columns);
      return recipient_columns;
    case IMSG_TABLE_ATTACHMENTS:
      *n_columns = G_N_ELEMENTS (attachment_columns);
      return attachment_columns;
    case IMSG_TABLE_OBJECTS:
      *n_columns = 0;
      return NULL;
    case IMSG_TABLE_MESSAGES:
    default:
      *n_columns = G_N_ELEMENTS (message_columns);
      return message_columns;
    }
}

static int
compare_tags (gconstpointer a,
              gconstpointer b)
{
  guint32 tag_a = *(const guint32 *) a;
  guint32 tag_b = *(const guint32 *) b;

  return tag_a < tag_b ? -1 : tag_a > tag_b;
}

/* The first row that has a property says of which type its column is: FALSE when this one has one of
 * another type, so that the order of the rows matters. */
static gboolean
learn_columns (GHashTable   *known,
               IMsgTableRow *row)
{
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_object_list_tags (row->object, &n_tags);
  gboolean is_alike = TRUE;

  for (gsize i = 0; i < n_tags; i++)
    {
      gpointer id = GUINT_TO_POINTER (ID_OF (tags[i]));
      gpointer tag = g_hash_table_lookup (known, id);

      if (tag == NULL)
        g_hash_table_insert (known, id, GUINT_TO_POINTER (tags[i]));
      else
        is_alike &= GPOINTER_TO_UINT (tag) == tags[i];
    }
  return is_alike;
}

void
_imsg_table_add_row_columns (IMsgTable    *self,
                             IMsgTableRow *row)
{
  if (self->known_columns != NULL && !learn_columns (self->known_columns, row))
    _imsg_table_forget_columns (self);
}

void
_imsg_table_forget_columns (IMsgTable *self)
{
  g_clear_pointer (&self->known_columns, g_hash_table_unref);
}

/* Of a row in view; what went, or is of another type, may be there on another row. */
void
_imsg_table_change_row_columns (IMsgTable    *self,
                                IMsgTableRow *row,
                                guint32       tag)
{
  guint32 stored = imsg_property_object_find_tag (row->object, tag);
  gpointer known;

  if (self->known_columns == NULL)
    return;
  known = g_hash_table_lookup (self->known_columns, GUINT_TO_POINTER (ID_OF (tag)));
  if (stored == 0 || (known != NULL && GPOINTER_TO_UINT (known) != stored))
    _imsg_table_forget_columns (self);
  else if (known == NULL)
    _imsg_table_add_row_columns (self, row);
}

static GHashTable *
know_columns (IMsgTable *self)
{
  g_autoptr(GHashTable) known = NULL;
  gboolean is_alike = TRUE;

  if (self->known_columns != NULL)
    return g_hash_table_ref (self->known_columns);
  known = g_hash_table_new (NULL, NULL);
  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->visible);
       !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    is_alike &= learn_columns (known, g_sequence_get (iter));
  if (is_alike)
    self->known_columns = g_hash_table_ref (known);
  return g_steal_pointer (&known);
}

static gboolean
is_column_of (const guint32 *columns,
              gsize          n_columns,
              guint32        tag)
{
  for (gsize i = 0; i < n_columns; i++)
    if (ID_OF (columns[i]) == ID_OF (tag))
      return TRUE;
  return FALSE;
}

/* The required ones, then every other property that occurs on any row, by id. What attachments
 * hold is left out: their data is read by stream. */
static GArray *
collect_columns (IMsgTable *self)
{
  gsize n_required;
  const guint32 *required = required_columns (self, &n_required);
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr(GArray) extra = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr(GHashTable) known = NULL;
  GHashTableIter iter;
  gpointer value;

  if (n_required > 0)
    g_array_append_vals (columns, required, (guint) n_required);
  if (self->kind == IMSG_TABLE_MESSAGES)
    return columns;
  known = know_columns (self);
  g_hash_table_iter_init (&iter, known);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      guint32 tag = GPOINTER_TO_UINT (value);

      if (ID_OF (tag) != ID_OF (IMSG_PR_ATTACH_DATA_BIN) &&
          !is_column_of (required, n_required, tag))
        g_array_append_val (extra, tag);
    }
  g_array_sort (extra, compare_tags);
  g_array_append_vals (columns, extra->data, extra->len);
  return columns;
}

/**
 * imsg_table_get_columns:
 * @self: a table
 * @all: whether to list all that there are, not just those chosen
 * @n_tags: (out): how many
 *
 * Lists the columns of a table.
 *
 * As long as none were chosen they are those that a table of its kind must have, then every other
 * property that occurs on a row, by id.
 *
 * Source: `IMAPITable::QueryColumns`.
 *
 * Returns: (transfer full) (array length=n_tags): the tags
 * Since: 1.0
 */
guint32 *
imsg_table_get_columns (IMsgTable *self,
                        gboolean   all,
                        gsize     *n_tags)
{
  g_autoptr(GArray) columns = NULL;

  g_return_val_if_fail (IMSG_IS_TABLE (self), NULL);
  g_return_val_if_fail (n_tags != NULL, NULL);

  if (self->columns != NULL && !all)
    columns = g_array_copy (self->columns);
  else
    columns = collect_columns (self);
  *n_tags = columns->len;
  return (guint32 *) (gpointer) g_array_free (g_steal_pointer (&columns), FALSE);
}

/**
 * imsg_table_set_columns:
 * @self: a table
 * @tags: (array length=n_tags): the columns
 * @n_tags: how many, at least one
 * @error: return location for an error
 *
 * Chooses the columns of a table.
 *
 * Any property may be a column; a row that lacks it has an error there. Position, order and
 * restriction stay as they are.
 *
 * Fails with `IMSG_ERROR_INVALID_PARAMETER` for no columns, `IMSG_ERROR_TOO_COMPLEX` when a
 * multi-valued property should have a row for each value, and `IMSG_ERROR_CLOSED`.
 * Source: `IMAPITable::SetColumns`.
 *
 * Returns: whether it was done
 * Since: 1.0
 */
gboolean
imsg_table_set_columns (IMsgTable      *self,
                        const guint32  *tags,
                        gsize           n_tags,
                        GError        **error)
{
  g_return_val_if_fail (IMSG_IS_TABLE (self), FALSE);

  if (imsg_table_is_closed (self))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The table is closed"));
      return FALSE;
    }
  if (tags == NULL || n_tags == 0 || n_tags > G_MAXUINT16)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                           _("A table has from 1 to 65 535 columns"));
      return FALSE;
    }
  for (gsize i = 0; i < n_tags; i++)
    {
      if ((tags[i] & 0x3000) == 0x3000)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX,
                       _("Column 0x%08X: rows are not multiplied by values"), tags[i]);
          return FALSE;
        }
    }
  if (self->columns == NULL)
    self->columns = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_set_size (self->columns, 0);
  g_array_append_vals (self->columns, tags, (guint) n_tags);
  return TRUE;
}
