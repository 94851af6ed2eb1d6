/* imsg-table-position.c - where a table stands: seeking, finding, bookmarks, reading rows
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-table-private.h"

#include <glib/gi18n-lib.h>

/**
 * IMsgBookmark:
 * @IMSG_BOOKMARK_BEGINNING: before the first row
 * @IMSG_BOOKMARK_CURRENT: the position of the table
 * @IMSG_BOOKMARK_END: behind the last row
 *
 * The bookmarks that every table has.
 *
 * Since: 1.0
 */

/**
 * IMsgTableFindFlags:
 * @IMSG_TABLE_FIND_FORWARD: towards the end
 * @IMSG_TABLE_FIND_BACKWARD: towards the beginning
 *
 * Where [method@IMsg.Table.find] goes.
 *
 * Since: 1.0
 */

/**
 * IMsgTableQueryFlags:
 * @IMSG_TABLE_QUERY_ADVANCE: the position moves behind what was read
 * @IMSG_TABLE_QUERY_NO_ADVANCE: it stays on the first row that was read
 *
 * What [method@IMsg.Table.query_rows] does to the position.
 *
 * Since: 1.0
 */

/* Bookmarks that one table may have */
#define MAX_BOOKMARKS 65536

/**
 * imsg_table_get_n_rows:
 * @self: a table
 *
 * Counts the rows that are seen.
 *
 * Source: `IMAPITable::GetRowCount`.
 *
 * Returns: rows
 * Since: 1.0
 */
guint
imsg_table_get_n_rows (IMsgTable *self)
{
  g_return_val_if_fail (IMSG_IS_TABLE (self), 0);

  return (guint) g_sequence_get_length (self->visible);
}

/**
 * imsg_table_get_position:
 * @self: a table
 *
 * Tells which row is read next.
 *
 * Source: `IMAPITable::QueryPosition`.
 *
 * Returns: its number from 0; the number of rows behind the last one
 * Since: 1.0
 */
guint
imsg_table_get_position (IMsgTable *self)
{
  g_return_val_if_fail (IMSG_IS_TABLE (self), 0);

  return self->position;
}

/**
 * imsg_table_get_row_position:
 * @self: a table
 * @row: an object
 * @position: (out) (optional): where it is seen, from 0
 *
 * Finds the place of a row without looking at the others.
 *
 * Returns: whether @row is seen in the table
 * Since: 1.0
 */
gboolean
imsg_table_get_row_position (IMsgTable          *self,
                             IMsgPropertyObject *row,
                             guint              *position)
{
  IMsgTableRow *table_row;

  g_return_val_if_fail (IMSG_IS_TABLE (self), FALSE);
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (row), FALSE);

  table_row = g_hash_table_lookup (self->by_object, row);
  if (table_row == NULL || table_row->in_view == NULL)
    return FALSE;
  if (position != NULL)
    *position = (guint) g_sequence_iter_get_position (table_row->in_view);
  return TRUE;
}

static gboolean
resolve_bookmark (IMsgTable  *self,
                  guint       bookmark,
                  guint      *position,
                  gboolean   *moved,
                  GError    **error)
{
  IMsgTableBookmark *mark;

  if (moved != NULL)
    *moved = FALSE;
  switch (bookmark)
    {
    case IMSG_BOOKMARK_BEGINNING:
      *position = 0;
      return TRUE;
    case IMSG_BOOKMARK_CURRENT:
      *position = self->position;
      return TRUE;
    case IMSG_BOOKMARK_END:
      *position = imsg_table_get_n_rows (self);
      return TRUE;
    default:
      break;
    }
  mark = g_hash_table_lookup (self->bookmarks, GUINT_TO_POINTER (bookmark));
  if (mark == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_BOOKMARK, _("There is no bookmark %u"),
                   bookmark);
      return FALSE;
    }
  if (mark->row != NULL && mark->row->in_view != NULL)
    *position = (guint) g_sequence_iter_get_position (mark->row->in_view);
  else
    *position = imsg_table_get_n_rows (self);
  if (moved != NULL)
    *moved = mark->has_moved;
  mark->has_moved = FALSE;
  return TRUE;
}

/**
 * imsg_table_seek:
 * @self: a table
 * @bookmark: where to start: an [enum@IMsg.Bookmark], or one that was made
 * @n_rows: rows to move, negative towards the beginning
 * @n_moved: (out) (optional): rows moved, less than asked for at the ends
 * @bookmark_moved: (out) (optional): whether the row of the bookmark is gone, and the next one was
 *   taken
 * @error: return location for an error
 *
 * Moves the position.
 *
 * Fails with `IMSG_ERROR_INVALID_BOOKMARK` and `IMSG_ERROR_CLOSED`.
 * Source: `IMAPITable::SeekRow`.
 *
 * Returns: whether it was done
 * Since: 1.0
 */
gboolean
imsg_table_seek (IMsgTable  *self,
                 guint       bookmark,
                 int         n_rows,
                 int        *n_moved,
                 gboolean   *bookmark_moved,
                 GError    **error)
{
  guint start;
  gint64 target;

  g_return_val_if_fail (IMSG_IS_TABLE (self), FALSE);

  if (!_imsg_table_check_open (self, error) ||
      !resolve_bookmark (self, bookmark, &start, bookmark_moved, error))
    return FALSE;
  target = CLAMP ((gint64) start + n_rows, 0, (gint64) imsg_table_get_n_rows (self));
  self->position = (guint) target;
  if (n_moved != NULL)
    *n_moved = (int) (target - start);
  return TRUE;
}

/**
 * imsg_table_find:
 * @self: a table
 * @restriction: what the row must meet
 * @bookmark: where to start
 * @flags: where to go
 * @bookmark_moved: (out) (optional): whether the row of the bookmark is gone, and the next one was
 *   taken
 * @error: return location for an error
 *
 * Moves the position to the next row that meets a restriction.
 *
 * Forwards the row at @bookmark is the first one looked at, backwards the one before it. When there
 * is none the position stays.
 *
 * Fails with `IMSG_ERROR_NOT_FOUND`, `IMSG_ERROR_TOO_COMPLEX`, `IMSG_ERROR_INVALID_BOOKMARK` and
 * `IMSG_ERROR_CLOSED`.
 * Source: `IMAPITable::FindRow`.
 *
 * Returns: whether there was one
 * Since: 1.0
 */
gboolean
imsg_table_find (IMsgTable           *self,
                 IMsgRestriction     *restriction,
                 guint                bookmark,
                 IMsgTableFindFlags   flags,
                 gboolean            *bookmark_moved,
                 GError             **error)
{
  gboolean backward = (flags & IMSG_TABLE_FIND_BACKWARD) != 0;
  GSequenceIter *iter;
  guint start;

  g_return_val_if_fail (IMSG_IS_TABLE (self), FALSE);
  g_return_val_if_fail (restriction != NULL, FALSE);

  if (!_imsg_table_check_open (self, error) ||
      !_imsg_table_check_restriction (self, restriction, error) ||
      !resolve_bookmark (self, bookmark, &start, bookmark_moved, error))
    return FALSE;
  iter = g_sequence_get_iter_at_pos (self->visible, (int) start);
  while (backward ? !g_sequence_iter_is_begin (iter) : !g_sequence_iter_is_end (iter))
    {
      if (backward)
        iter = g_sequence_iter_prev (iter);
      if (_imsg_restriction_evaluate (restriction, &_imsg_table_row_source, g_sequence_get (iter),
                                      self))
        {
          self->position = (guint) g_sequence_iter_get_position (iter);
          return TRUE;
        }
      if (!backward)
        iter = g_sequence_iter_next (iter);
    }
  g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("No row meets the condition"));
  return FALSE;
}

/**
 * imsg_table_create_bookmark:
 * @self: a table
 * @error: return location for an error
 *
 * Marks the row at the position.
 *
 * A bookmark stays with its row; when that goes away it stands on the next one.
 *
 * Fails with `IMSG_ERROR_UNABLE_TO_COMPLETE` over 65 536 bookmarks and `IMSG_ERROR_CLOSED`.
 * Source: `IMAPITable::CreateBookmark`.
 *
 * Returns: the bookmark, greater than `IMSG_BOOKMARK_END`; 0 on error
 * Since: 1.0
 */
guint
imsg_table_create_bookmark (IMsgTable  *self,
                            GError    **error)
{
  IMsgTableBookmark *mark;
  GSequenceIter *iter;

  g_return_val_if_fail (IMSG_IS_TABLE (self), 0);

  if (!_imsg_table_check_open (self, error))
    return 0;
  if (g_hash_table_size (self->bookmarks) >= MAX_BOOKMARKS || self->next_bookmark == G_MAXUINT)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_UNABLE_TO_COMPLETE,
                           _("The table has no room for more bookmarks"));
      return 0;
    }
  mark = g_new0 (IMsgTableBookmark, 1);
  iter = g_sequence_get_iter_at_pos (self->visible, (int) self->position);
  if (!g_sequence_iter_is_end (iter))
    mark->row = g_sequence_get (iter);
  g_hash_table_insert (self->bookmarks, GUINT_TO_POINTER (self->next_bookmark), mark);
  return self->next_bookmark++;
}

/**
 * imsg_table_free_bookmark:
 * @self: a table
 * @bookmark: a bookmark
 * @error: return location for an error
 *
 * Forgets a bookmark; those that every table has stay.
 *
 * Fails with `IMSG_ERROR_INVALID_BOOKMARK` and `IMSG_ERROR_CLOSED`.
 * Source: `IMAPITable::FreeBookmark`.
 *
 * Returns: whether it was done
 * Since: 1.0
 */
gboolean
imsg_table_free_bookmark (IMsgTable  *self,
                          guint       bookmark,
                          GError    **error)
{
  g_return_val_if_fail (IMSG_IS_TABLE (self), FALSE);

  if (!_imsg_table_check_open (self, error))
    return FALSE;
  if (bookmark <= IMSG_BOOKMARK_END ||
      g_hash_table_remove (self->bookmarks, GUINT_TO_POINTER (bookmark)))
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_BOOKMARK, _("There is no bookmark %u"),
               bookmark);
  return FALSE;
}

/**
 * imsg_table_query_rows:
 * @self: a table
 * @n_rows: rows to read, not 0; negative ones are those before the position
 * @flags: what becomes of the position
 * @error: return location for an error
 *
 * Reads rows at the position, in the order of the table.
 *
 * At the ends there are fewer rows, or none, and no error.
 *
 * Fails with `IMSG_ERROR_INVALID_PARAMETER` and `IMSG_ERROR_CLOSED`.
 * Source: `IMAPITable::QueryRows`.
 *
 * Returns: (transfer container) (element-type IMsgPropertyObject): the objects of the rows
 * Since: 1.0
 */
GPtrArray *
imsg_table_query_rows (IMsgTable            *self,
                       int                   n_rows,
                       IMsgTableQueryFlags   flags,
                       GError              **error)
{
  GPtrArray *rows;
  GSequenceIter *iter;
  guint start, end;

  g_return_val_if_fail (IMSG_IS_TABLE (self), NULL);

  if (!_imsg_table_check_open (self, error))
    return NULL;
  if (n_rows == 0)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER, _("No rows asked for"));
      return NULL;
    }
  start = self->position;
  if (n_rows < 0)
    {
      start = (guint) MAX ((gint64) self->position + n_rows, 0);
      end = self->position;
    }
  else
    {
      end = (guint) MIN ((guint64) start + (guint) n_rows, imsg_table_get_n_rows (self));
    }
  rows = g_ptr_array_new_full (end - start, g_object_unref);
  iter = g_sequence_get_iter_at_pos (self->visible, (int) start);
  for (guint i = start; i < end; i++, iter = g_sequence_iter_next (iter))
    g_ptr_array_add (rows, g_object_ref (((IMsgTableRow *) g_sequence_get (iter))->object));
  self->position = (flags & IMSG_TABLE_QUERY_NO_ADVANCE) != 0 ? start : end;
  return rows;
}
