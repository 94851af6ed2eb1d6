/* mapi-table.c - IMAPITable
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-table-private.h"

#include <glib/gi18n-lib.h>

#define SELF(iface) ((MapiTable *) (iface))

static const IMAPITableVtbl table_vtbl;

static HRESULT
check (MapiTable *self)
{
  HRESULT hr = mapi_object_check (self->message);

  if (FAILED (hr))
    return hr;
  return imsg_table_is_closed (self->table) ? MAPI_E_INVALID_OBJECT : S_OK;
}

static HRESULT
fail (MapiTable  *self,
      HRESULT     code,
      const char *text)
{
  self->last_result = code;
  g_free (self->last_text);
  self->last_text = g_strdup (text);
  return code;
}

static HRESULT
take_error (MapiTable  *self,
            GError    **error)
{
  HRESULT hr = mapi_error_to_scode (*error);

  fail (self, hr, (*error)->message);
  g_clear_error (error);
  return hr;
}

static gboolean
is_shown_cb (IMsgPropertyObject *row,
             gpointer            user_data)
{
  MapiObject *message = user_data;

  return !message->is_creating && !g_hash_table_contains (
    message->hidden, GUINT_TO_POINTER (imsg_attachment_get_number (IMSG_ATTACHMENT (row))));
}

MapiTable *
mapi_table_new (MapiObject *message,
                IMsgTable  *table,
                ULONG       flags)
{
  MapiTable *self = g_new0 (MapiTable, 1);

  self->iface.lpVtbl = &table_vtbl;
  self->ref_count = 1;
  self->message = message;
  UlAddRef (message);
  self->table = table;
  self->flags = flags & MAPI_UNICODE;
  self->type = TBLTYPE_DYNAMIC;
  self->index_tag = PR_INSTANCE_KEY;
  self->sinks = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) UlRelease);
  self->next_connection = 1;
  g_queue_init (&self->changes);
  self->changes_of_rows = g_hash_table_new (NULL, NULL);
  mapi_table_connect (self);
  g_ptr_array_add (message->tables, self);
  return self;
}

HRESULT
mapi_message_get_table (MapiObject  *message,
                        gboolean     recipients,
                        ULONG        flags,
                        LPMAPITABLE *out)
{
  g_autoptr(GError) error = NULL;
  IMsgTable *table;
  MapiTable *self;
  HRESULT hr = mapi_object_check (message);

  if (out != NULL)
    *out = NULL;
  if (FAILED (hr))
    return hr;
  if (out == NULL)
    return mapi_object_fail (message, MAPI_E_INVALID_PARAMETER, _("The table has nowhere to go"));
  if ((flags & ~(ULONG) (MAPI_UNICODE | MAPI_DEFERRED_ERRORS)) != 0)
    return mapi_object_fail (message, MAPI_E_UNKNOWN_FLAGS, _("Unknown flags for a table"));
  if (recipients)
    table = imsg_message_get_recipient_table (IMSG_MESSAGE (message->object), &error);
  else
    table = imsg_message_get_attachment_table (IMSG_MESSAGE (message->object), &error);
  if (table == NULL)
    return mapi_object_take_error (message, &error);
  if (!recipients)
    imsg_table_set_filter (table, is_shown_cb, message, NULL);
  self = mapi_table_new (message, table, flags);
  self->is_attachments = !recipients;
  *out = &self->iface;
  return S_OK;
}

/* --- IUnknown --- */

static HRESULT
table_query_interface (IMAPITable *iface,
                       REFIID      riid,
                       LPVOID     *object)
{
  if (object == NULL)
    return E_INVALIDARG;
  return mapi_answer_interface (iface, riid, object, &IID_IMAPITable, NULL);
}

static ULONG
table_add_ref (IMAPITable *iface)
{
  return (ULONG) g_atomic_int_add (&SELF (iface)->ref_count, 1) + 1;
}

static void
table_free (MapiTable *self)
{
  CALLERRELEASE *caller_release = self->caller_release;
  ULONG_PTR caller_data = self->caller_data;
  LPTABLEDATA data = self->data;

  mapi_table_disconnect (self);
  g_ptr_array_remove_fast (self->message->tables, self);
  imsg_table_close (self->table);
  g_object_unref (self->table);
  mapi_table_drop_changes (self);
  g_hash_table_unref (self->changes_of_rows);
  g_hash_table_unref (self->sinks);
  g_free (self->order);
  g_free (self->last_text);
  g_clear_pointer (&self->all_columns, g_array_unref);
  UlRelease (self->message);
  g_free (self);
  /* The pointer only names the view. */
  if (caller_release != NULL)
    caller_release (caller_data, data, (LPMAPITABLE) self);
  UlRelease (data);
}

static ULONG
table_release (IMAPITable *iface)
{
  MapiTable *self = SELF (iface);
  int before = g_atomic_int_add (&self->ref_count, -1);

  if (before == 1)
    table_free (self);
  return (ULONG) (before - 1);
}

/* --- IMAPITable --- */

static HRESULT
table_get_last_error (IMAPITable  *iface,
                      HRESULT      hResult,
                      ULONG        ulFlags,
                      LPMAPIERROR *lppMAPIError)
{
  MapiTable *self = SELF (iface);
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  return mapi_make_last_error (&self->message->tree->allocators, self->last_result,
                               self->last_text, ulFlags, lppMAPIError);
}

static HRESULT
table_advise (IMAPITable       *iface,
              ULONG             ulEventMask,
              LPMAPIADVISESINK  lpAdviseSink,
              ULONG_PTR        *lpulConnection)
{
  MapiTable *self = SELF (iface);
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  if (ulEventMask != fnevTableModified || lpAdviseSink == NULL || lpulConnection == NULL)
    return fail (self, MAPI_E_INVALID_PARAMETER, _("Advise: tables tell of table events only"));
  UlAddRef (lpAdviseSink);
  g_hash_table_insert (self->sinks, GUINT_TO_POINTER (self->next_connection), lpAdviseSink);
  *lpulConnection = self->next_connection++;
  return S_OK;
}

static HRESULT
table_unadvise (IMAPITable *iface,
                ULONG_PTR   ulConnection)
{
  MapiTable *self = SELF (iface);
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  if (!g_hash_table_remove (self->sinks, (gpointer) ulConnection))
    return fail (self, MAPI_E_INVALID_PARAMETER, _("Unadvise: no such connection"));
  return S_OK;
}

static HRESULT
table_get_status (IMAPITable *iface,
                  ULONG      *lpulTableStatus,
                  ULONG      *lpulTableType)
{
  HRESULT hr = check (SELF (iface));

  if (FAILED (hr))
    return hr;
  if (lpulTableStatus == NULL || lpulTableType == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lpulTableStatus = TBLSTAT_COMPLETE;
  *lpulTableType = SELF (iface)->type;
  return S_OK;
}

static HRESULT
check_batch_flags (MapiTable *self,
                   ULONG      flags)
{
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  return (flags & ~(TBL_ASYNC | TBL_BATCH)) == 0 ? S_OK
                                                 : fail (self, MAPI_E_UNKNOWN_FLAGS,
                                                         _("Unknown flags for a table"));
}

static HRESULT
table_set_columns (IMAPITable      *iface,
                   LPSPropTagArray  lpPropTagArray,
                   ULONG            ulFlags)
{
  MapiTable *self = SELF (iface);
  g_autoptr(GError) error = NULL;
  HRESULT hr = check_batch_flags (self, ulFlags);

  if (FAILED (hr))
    return hr;
  if (lpPropTagArray == NULL || lpPropTagArray->cValues == 0)
    return fail (self, MAPI_E_INVALID_PARAMETER, _("SetColumns: no columns"));
  if (!imsg_table_set_columns (self->table, lpPropTagArray->aulPropTag, lpPropTagArray->cValues,
                               &error))
    return take_error (self, &error);
  self->has_columns = TRUE;
  return S_OK;
}

static HRESULT
table_query_columns (IMAPITable      *iface,
                     ULONG            ulFlags,
                     LPSPropTagArray *lpPropTagArray)
{
  MapiTable *self = SELF (iface);
  g_autofree ULONG *columns = NULL;
  gsize n_columns = 0;
  LPSPropTagArray tags;
  HRESULT hr = check (self);

  if (lpPropTagArray != NULL)
    *lpPropTagArray = NULL;
  if (FAILED (hr))
    return hr;
  if (lpPropTagArray == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if ((ulFlags & ~TBL_ALL_COLUMNS) != 0)
    return fail (self, MAPI_E_UNKNOWN_FLAGS, _("QueryColumns: unknown flags"));
  columns = mapi_table_dup_columns (self, (ulFlags & TBL_ALL_COLUMNS) != 0, &n_columns);
  tags = mapi_allocate (&self->message->tree->allocators, NULL, CbNewSPropTagArray (n_columns));
  if (tags == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  tags->cValues = (ULONG) n_columns;
  memcpy (tags->aulPropTag, columns, n_columns * sizeof (ULONG));
  *lpPropTagArray = tags;
  return S_OK;
}

static HRESULT
table_get_row_count (IMAPITable *iface,
                     ULONG       ulFlags,
                     ULONG      *lpulCount)
{
  MapiTable *self = SELF (iface);
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  if (lpulCount == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if (ulFlags != 0)
    return fail (self, MAPI_E_UNKNOWN_FLAGS, _("GetRowCount: unknown flags"));
  *lpulCount = imsg_table_get_n_rows (self->table);
  return S_OK;
}

static HRESULT
table_seek_row (IMAPITable *iface,
                BOOKMARK    bkOrigin,
                LONG        lRowCount,
                LONG       *lplRowsSought)
{
  MapiTable *self = SELF (iface);
  g_autoptr(GError) error = NULL;
  gboolean has_moved = FALSE;
  int n_moved = 0;
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  if (bkOrigin > G_MAXUINT)
    return fail (self, MAPI_E_INVALID_BOOKMARK, _("SeekRow: no such bookmark"));
  if (!imsg_table_seek (self->table, (guint) bkOrigin, lRowCount, &n_moved, &has_moved, &error))
    return take_error (self, &error);
  if (lplRowsSought != NULL)
    *lplRowsSought = n_moved;
  return has_moved ? MAPI_W_POSITION_CHANGED : S_OK;
}

static HRESULT
table_seek_row_approx (IMAPITable *iface,
                       ULONG       ulNumerator,
                       ULONG       ulDenominator)
{
  MapiTable *self = SELF (iface);
  guint n_rows;
  guint64 target;
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  if (ulDenominator == 0)
    return fail (self, MAPI_E_INVALID_PARAMETER, _("SeekRowApprox: a part of nothing"));
  n_rows = imsg_table_get_n_rows (self->table);
  target = ulNumerator >= ulDenominator ? n_rows : (guint64) n_rows * ulNumerator / ulDenominator;
  imsg_table_seek (self->table, IMSG_BOOKMARK_BEGINNING, (int) MIN (target, G_MAXINT), NULL, NULL,
                   NULL);
  return S_OK;
}

static HRESULT
table_query_position (IMAPITable *iface,
                      ULONG      *lpulRow,
                      ULONG      *lpulNumerator,
                      ULONG      *lpulDenominator)
{
  MapiTable *self = SELF (iface);
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  if (lpulRow == NULL || lpulNumerator == NULL || lpulDenominator == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lpulRow = imsg_table_get_position (self->table);
  *lpulNumerator = *lpulRow;
  *lpulDenominator = MAX (imsg_table_get_n_rows (self->table), 1);
  return S_OK;
}

static HRESULT
convert_restriction (MapiTable        *self,
                     LPSRestriction    restriction,
                     IMsgRestriction **out)
{
  HRESULT hr = mapi_restriction_convert (restriction, mapi_object_get_code_page (self->message),
                                         out);

  return FAILED (hr) ? fail (self, hr, _("The restriction cannot be evaluated")) : hr;
}

static HRESULT
table_find_row (IMAPITable     *iface,
                LPSRestriction  lpRestriction,
                BOOKMARK        bkOrigin,
                ULONG           ulFlags)
{
  MapiTable *self = SELF (iface);
  g_autoptr(IMsgRestriction) restriction = NULL;
  g_autoptr(GError) error = NULL;
  gboolean has_moved = FALSE;
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  if (lpRestriction == NULL)
    return fail (self, MAPI_E_INVALID_PARAMETER, _("FindRow: nothing to find"));
  if ((ulFlags & ~DIR_BACKWARD) != 0)
    return fail (self, MAPI_E_UNKNOWN_FLAGS, _("FindRow: unknown flags"));
  if (bkOrigin > G_MAXUINT)
    return fail (self, MAPI_E_INVALID_BOOKMARK, _("FindRow: no such bookmark"));
  hr = convert_restriction (self, lpRestriction, &restriction);
  if (FAILED (hr))
    return hr;
  if (!imsg_table_find (self->table, restriction, (guint) bkOrigin,
                        (ulFlags & DIR_BACKWARD) != 0 ? IMSG_TABLE_FIND_BACKWARD
                                                      : IMSG_TABLE_FIND_FORWARD,
                        &has_moved, &error))
    return take_error (self, &error);
  return has_moved ? MAPI_W_POSITION_CHANGED : S_OK;
}

static HRESULT
table_restrict (IMAPITable     *iface,
                LPSRestriction  lpRestriction,
                ULONG           ulFlags)
{
  MapiTable *self = SELF (iface);
  g_autoptr(IMsgRestriction) restriction = NULL;
  g_autoptr(GError) error = NULL;
  HRESULT hr = check_batch_flags (self, ulFlags);

  if (SUCCEEDED (hr))
    hr = convert_restriction (self, lpRestriction, &restriction);
  if (FAILED (hr))
    return hr;
  if (!imsg_table_restrict (self->table, restriction, &error))
    return take_error (self, &error);
  return S_OK;
}

static HRESULT
table_create_bookmark (IMAPITable *iface,
                       BOOKMARK   *lpbkPosition)
{
  MapiTable *self = SELF (iface);
  g_autoptr(GError) error = NULL;
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  if (lpbkPosition == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if (self->is_attachments)
    return fail (self, MAPI_E_NO_SUPPORT, _("Attachment tables have no bookmarks"));
  *lpbkPosition = imsg_table_create_bookmark (self->table, &error);
  return *lpbkPosition != 0 ? S_OK : take_error (self, &error);
}

static HRESULT
table_free_bookmark (IMAPITable *iface,
                     BOOKMARK    bkPosition)
{
  MapiTable *self = SELF (iface);
  g_autoptr(GError) error = NULL;
  HRESULT hr = check (self);

  if (FAILED (hr))
    return hr;
  if (bkPosition > G_MAXUINT ||
      !imsg_table_free_bookmark (self->table, (guint) bkPosition, &error))
    return fail (self, MAPI_E_INVALID_BOOKMARK, _("FreeBookmark: no such bookmark"));
  return S_OK;
}

static HRESULT
table_sort_table (IMAPITable      *iface,
                  LPSSortOrderSet  lpSortCriteria,
                  ULONG            ulFlags)
{
  MapiTable *self = SELF (iface);
  g_autofree guint32 *tags = NULL;
  g_autofree gboolean *descending = NULL;
  g_autoptr(GError) error = NULL;
  gsize n_bytes;
  HRESULT hr = check_batch_flags (self, ulFlags);

  if (FAILED (hr))
    return hr;
  if (lpSortCriteria == NULL)
    return fail (self, MAPI_E_INVALID_PARAMETER, _("SortTable: no order"));
  if (lpSortCriteria->cCategories > 0)
    return fail (self, MAPI_E_TOO_COMPLEX, _("SortTable: there are no categories"));
  tags = g_new (guint32, lpSortCriteria->cSorts);
  descending = g_new (gboolean, lpSortCriteria->cSorts);
  for (ULONG i = 0; i < lpSortCriteria->cSorts; i++)
    {
      if (lpSortCriteria->aSort[i].ulOrder > TABLE_SORT_DESCEND)
        return fail (self, MAPI_E_TOO_COMPLEX, _("SortTable: there are no categories"));
      tags[i] = lpSortCriteria->aSort[i].ulPropTag;
      descending[i] = lpSortCriteria->aSort[i].ulOrder == TABLE_SORT_DESCEND;
    }
  if (!imsg_table_sort (self->table, tags, lpSortCriteria->cSorts, descending,
                        lpSortCriteria->cSorts, &error))
    return take_error (self, &error);
  n_bytes = CbSSortOrderSet (lpSortCriteria);
  g_free (self->order);
  self->order = g_memdup2 (lpSortCriteria, n_bytes);
  return S_OK;
}

static HRESULT
table_query_sort_order (IMAPITable      *iface,
                        LPSSortOrderSet *lppSortCriteria)
{
  MapiTable *self = SELF (iface);
  gsize n_bytes = self->order != NULL ? CbSSortOrderSet (self->order) : CbNewSSortOrderSet (0);
  LPSSortOrderSet order;
  HRESULT hr = check (self);

  if (lppSortCriteria != NULL)
    *lppSortCriteria = NULL;
  if (FAILED (hr))
    return hr;
  if (lppSortCriteria == NULL)
    return MAPI_E_INVALID_PARAMETER;
  order = mapi_allocate (&self->message->tree->allocators, NULL, n_bytes);
  if (order == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  if (self->order != NULL)
    memcpy (order, self->order, n_bytes);
  *lppSortCriteria = order;
  return S_OK;
}

static HRESULT
table_query_rows (IMAPITable *iface,
                  LONG        lRowCount,
                  ULONG       ulFlags,
                  LPSRowSet  *lppRows)
{
  MapiTable *self = SELF (iface);
  const MapiAllocators *allocators = &self->message->tree->allocators;
  g_autoptr(GPtrArray) rows = NULL;
  g_autofree ULONG *columns = NULL;
  g_autoptr(GError) error = NULL;
  gsize n_columns = 0;
  LPSRowSet set;
  HRESULT hr = check (self);

  if (lppRows != NULL)
    *lppRows = NULL;
  if (FAILED (hr))
    return hr;
  if (lppRows == NULL || lRowCount == 0)
    return fail (self, MAPI_E_INVALID_PARAMETER, _("QueryRows: no rows, or nowhere to put them"));
  if ((ulFlags & ~TBL_NOADVANCE) != 0)
    return fail (self, MAPI_E_UNKNOWN_FLAGS, _("QueryRows: unknown flags"));
  rows = imsg_table_query_rows (self->table, lRowCount,
                                (ulFlags & TBL_NOADVANCE) != 0 ? IMSG_TABLE_QUERY_NO_ADVANCE
                                                               : IMSG_TABLE_QUERY_ADVANCE,
                                &error);
  if (rows == NULL)
    return take_error (self, &error);
  columns = mapi_table_dup_columns (self, FALSE, &n_columns);
  set = mapi_allocate (allocators, NULL, CbNewSRowSet ((SIZE_T) rows->len));
  for (guint i = 0; set != NULL && i < rows->len; i++)
    {
      LPSPropValue values = mapi_table_read_row (self, rows->pdata[i], columns, n_columns);

      if (values == NULL)
        {
          for (ULONG j = 0; j < set->cRows; j++)
            allocators->free_buffer (set->aRow[j].lpProps);
          allocators->free_buffer (set);
          set = NULL;
          break;
        }
      set->aRow[i].cValues = (ULONG) n_columns;
      set->aRow[i].lpProps = values;
      set->cRows = i + 1;
    }
  if (set == NULL)
    return fail (self, MAPI_E_NOT_ENOUGH_MEMORY, _("QueryRows: no memory"));
  *lppRows = set;
  return S_OK;
}

static HRESULT
table_abort (IMAPITable *iface)
{
  return check (SELF (iface));
}

static HRESULT
no_categories (MapiTable *self)
{
  HRESULT hr = check (self);

  return FAILED (hr) ? hr : fail (self, MAPI_E_NO_SUPPORT, _("There are no categories"));
}

static HRESULT
table_expand_row (IMAPITable *iface,
                  ULONG       cbInstanceKey,
                  LPBYTE      pbInstanceKey,
                  ULONG       ulRowCount,
                  ULONG       ulFlags,
                  LPSRowSet  *lppRows,
                  ULONG      *lpulMoreRows)
{
  return no_categories (SELF (iface));
}

static HRESULT
table_collapse_row (IMAPITable *iface,
                    ULONG       cbInstanceKey,
                    LPBYTE      pbInstanceKey,
                    ULONG       ulFlags,
                    ULONG      *lpulRowCount)
{
  return no_categories (SELF (iface));
}

static HRESULT
table_wait_for_completion (IMAPITable *iface,
                           ULONG       ulFlags,
                           ULONG       ulTimeout,
                           ULONG      *lpulTableStatus)
{
  HRESULT hr = check (SELF (iface));

  if (SUCCEEDED (hr) && lpulTableStatus != NULL)
    *lpulTableStatus = TBLSTAT_COMPLETE;
  return hr;
}

static HRESULT
table_get_collapse_state (IMAPITable *iface,
                          ULONG       ulFlags,
                          ULONG       cbInstanceKey,
                          LPBYTE      lpbInstanceKey,
                          ULONG      *lpcbCollapseState,
                          LPBYTE     *lppbCollapseState)
{
  return no_categories (SELF (iface));
}

static HRESULT
table_set_collapse_state (IMAPITable *iface,
                          ULONG       ulFlags,
                          ULONG       cbCollapseState,
                          LPBYTE      pbCollapseState,
                          BOOKMARK   *lpbkLocation)
{
  return no_categories (SELF (iface));
}

static const IMAPITableVtbl table_vtbl = {
  table_query_interface,
  table_add_ref,
  table_release,
  table_get_last_error,
  table_advise,
  table_unadvise,
  table_get_status,
  table_set_columns,
  table_query_columns,
  table_get_row_count,
  table_seek_row,
  table_seek_row_approx,
  table_query_position,
  table_find_row,
  table_restrict,
  table_create_bookmark,
  table_free_bookmark,
  table_sort_table,
  table_query_sort_order,
  table_query_rows,
  table_abort,
  table_expand_row,
  table_collapse_row,
  table_wait_for_completion,
  table_get_collapse_state,
  table_set_collapse_state,
};
