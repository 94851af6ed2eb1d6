/* mapi-table-data.c - ITableData: tables in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-table-private.h"

/* Rows up to which each of a call is told of by itself */
#define ROWS_TOLD 8

typedef struct
{
  ITableData   iface;
  int          ref_count;
  MapiObject  *context;   /* counted: allocators, and the open views; its own properties are none */
  GListStore  *rows;      /* (element-type IMsgPropertyBag), in order of insertion */
  IMsgTable   *order;     /* of rows: what finds the place of one among many */
  GHashTable  *by_index;  /* GBytes of the index value → IMsgPropertyBag, unowned */
  GArray      *columns;   /* (element-type ULONG): those it was made with, then those of rows */
  ULONG        index_tag;
  ULONG        type;
} MapiTableData;

#define SELF(iface) ((MapiTableData *) (iface))

/* The tags a row was made with, in their order; data of the bag */
#define TAGS_KEY "mapi-tags"

static const ITableDataVtbl data_vtbl;

/* --- IUnknown --- */

static HRESULT
data_query_interface (ITableData *iface,
                      REFIID      riid,
                      LPVOID     *object)
{
  if (object == NULL)
    return E_INVALIDARG;
  return mapi_answer_interface (iface, riid, object, &IID_IMAPITableData, NULL);
}

static ULONG
data_add_ref (ITableData *iface)
{
  return (ULONG) g_atomic_int_add (&SELF (iface)->ref_count, 1) + 1;
}

static ULONG
data_release (ITableData *iface)
{
  MapiTableData *self = SELF (iface);
  int before = g_atomic_int_add (&self->ref_count, -1);

  if (before == 1)
    {
      g_hash_table_unref (self->by_index);
      imsg_table_close (self->order);
      g_object_unref (self->order);
      g_object_unref (self->rows);
      g_array_unref (self->columns);
      UlRelease (self->context);
      g_free (self);
    }
  return (ULONG) (before - 1);
}

/* --- rows --- */

static const SPropValue *
find_index_value (MapiTableData *self,
                  const SRow    *row)
{
  for (ULONG i = 0; i < row->cValues; i++)
    {
      if (row->lpProps[i].ulPropTag == self->index_tag)
        return &row->lpProps[i];
    }
  return NULL;
}

/* What the index value is known by; NULL when it is none. */
static GBytes *
make_key (MapiTableData    *self,
          const SPropValue *value)
{
  g_autoptr(GVariant) variant = NULL;
  GVariant *floating = NULL;

  if (value == NULL || value->ulPropTag != self->index_tag ||
      FAILED (mapi_value_to_variant (value, mapi_object_get_code_page (self->context), &floating)))
    return NULL;
  variant = g_variant_ref_sink (floating);
  return g_variant_get_data_as_bytes (variant);
}

static gboolean
is_bad_row (const SRow *row)
{
  return row == NULL || row->cValues == 0 || row->lpProps == NULL;
}

static GArray *
get_row_tags (IMsgPropertyObject *row)
{
  return g_object_get_data (G_OBJECT (row), TAGS_KEY);
}

/* Puts the values into the row in place of those that are there. */
static HRESULT
fill_row (MapiTableData      *self,
          IMsgPropertyObject *bag,
          const SRow         *row)
{
  GArray *tags = g_array_new (FALSE, FALSE, sizeof (ULONG));
  GArray *former = get_row_tags (bag);
  HRESULT hr = S_OK;

  for (ULONG i = 0; i < row->cValues && SUCCEEDED (hr); i++)
    {
      const SPropValue *value = &row->lpProps[i];
      ULONG type = PROP_TYPE (value->ulPropTag);
      g_autoptr(GVariant) variant = NULL;
      g_autoptr(GError) error = NULL;
      GVariant *floating = NULL;

      if (type == PT_ERROR || type == PT_NULL)
        continue;
      hr = mapi_value_to_variant (value, mapi_object_get_code_page (self->context), &floating);
      if (FAILED (hr))
        break;
      variant = g_variant_ref_sink (floating);
      if (!imsg_property_object_set_value (bag, value->ulPropTag, variant, &error))
        hr = mapi_error_to_scode (error);
      else
        g_array_append_val (tags, value->ulPropTag);
    }
  for (guint i = 0; former != NULL && i < former->len && SUCCEEDED (hr); i++)
    {
      ULONG tag = g_array_index (former, ULONG, i);
      gboolean stays = FALSE;

      for (guint j = 0; j < tags->len && !stays; j++)
        stays = PROP_ID (g_array_index (tags, ULONG, j)) == PROP_ID (tag);
      if (!stays)
        imsg_property_object_delete_value (bag, CHANGE_PROP_TYPE (tag, PT_UNSPECIFIED), NULL);
    }
  g_object_set_data_full (G_OBJECT (bag), TAGS_KEY, tags, (GDestroyNotify) g_array_unref);
  return hr;
}

/* Tags that no row had before become columns that can be chosen. */
static void
add_columns (MapiTableData *self,
             const SRow    *row)
{
  for (ULONG i = 0; i < row->cValues; i++)
    {
      ULONG tag = row->lpProps[i].ulPropTag;
      gboolean is_there = PROP_TYPE (tag) == PT_ERROR || PROP_TYPE (tag) == PT_NULL;

      for (guint j = 0; j < self->columns->len && !is_there; j++)
        is_there = g_array_index (self->columns, ULONG, j) == tag;
      if (!is_there)
        g_array_append_val (self->columns, tag);
    }
}

static HRESULT
insert_row (MapiTableData *self,
            guint          position,
            const SRow    *row,
            GBytes        *key)
{
  g_autoptr(IMsgPropertyBag) bag =
    imsg_property_bag_new (IMSG_PROPERTY_BAG (self->context->object));
  HRESULT hr = fill_row (self, IMSG_PROPERTY_OBJECT (bag), row);

  if (FAILED (hr))
    return hr;
  add_columns (self, row);
  g_hash_table_insert (self->by_index, g_bytes_ref (key), bag);
  g_list_store_insert (self->rows, position, bag);
  return S_OK;
}

static guint
count_rows (MapiTableData *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->rows));
}

/* Views show what was there, is there now, or changed in between; they are told of it once. */
static HRESULT
modify_row (MapiTableData      *self,
            IMsgPropertyObject *bag,
            const SRow         *row)
{
  g_autoptr(GPtrArray) seen_before = mapi_tables_list_seeing (self->context, bag);
  HRESULT hr;

  mapi_message_begin_quiet (self->context);
  hr = fill_row (self, bag, row);
  mapi_message_end_quiet (self->context);
  add_columns (self, row);
  mapi_tables_tell_modified (self->context, bag, seen_before);
  return hr;
}

static HRESULT
put_row (MapiTableData *self,
         const SRow    *row)
{
  g_autoptr(GBytes) key = make_key (self, find_index_value (self, row));
  g_autoptr(IMsgPropertyObject) bag = NULL;

  if (key == NULL)
    return MAPI_E_INVALID_PARAMETER;
  bag = g_hash_table_lookup (self->by_index, key);
  if (bag != NULL)
    g_object_ref (bag);
  return bag != NULL ? modify_row (self, bag, row)
                     : insert_row (self, count_rows (self), row, key);
}

/* All of it can be put, or none is. */
static HRESULT
check_row (MapiTableData *self,
           const SRow    *row)
{
  if (is_bad_row (row) || find_index_value (self, row) == NULL)
    return MAPI_E_INVALID_PARAMETER;
  for (ULONG i = 0; i < row->cValues; i++)
    {
      ULONG type = PROP_TYPE (row->lpProps[i].ulPropTag);
      GVariant *floating = NULL;
      HRESULT hr;

      if (type == PT_ERROR || type == PT_NULL)
        continue;
      hr = mapi_value_to_variant (&row->lpProps[i], mapi_object_get_code_page (self->context),
                                  &floating);
      if (FAILED (hr))
        return hr;
      g_variant_unref (g_variant_ref_sink (floating));
    }
  return S_OK;
}

static HRESULT
check_rows (MapiTableData *self,
            LPSRowSet      rows)
{
  HRESULT hr = S_OK;

  for (ULONG i = 0; i < rows->cRows && SUCCEEDED (hr); i++)
    hr = check_row (self, &rows->aRow[i]);
  return hr;
}

static HRESULT
data_modify_row (ITableData *iface,
                 LPSRow      lpSRow)
{
  HRESULT hr = check_row (SELF (iface), lpSRow);

  return FAILED (hr) ? hr : put_row (SELF (iface), lpSRow);
}

static HRESULT
data_modify_rows (ITableData *iface,
                  ULONG       ulFlags,
                  LPSRowSet   lpSRowSet)
{
  MapiTableData *self = SELF (iface);
  gboolean batch;
  HRESULT hr;

  if (lpSRowSet == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if (ulFlags != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  hr = check_rows (self, lpSRowSet);
  if (FAILED (hr))
    return hr;
  batch = lpSRowSet->cRows > ROWS_TOLD;
  if (batch)
    mapi_message_begin_batch (self->context);
  for (ULONG i = 0; i < lpSRowSet->cRows && SUCCEEDED (hr); i++)
    hr = put_row (self, &lpSRowSet->aRow[i]);
  if (batch)
    mapi_message_end_batch (self->context);
  return hr;
}

static HRESULT
data_insert_row (ITableData *iface,
                 ULONG       uliRow,
                 LPSRow      lpSRow)
{
  MapiTableData *self = SELF (iface);
  g_autoptr(GBytes) key = NULL;

  if (is_bad_row (lpSRow) || uliRow > count_rows (self))
    return MAPI_E_INVALID_PARAMETER;
  key = make_key (self, find_index_value (self, lpSRow));
  if (key == NULL || g_hash_table_contains (self->by_index, key))
    return MAPI_E_INVALID_PARAMETER;
  return insert_row (self, uliRow, lpSRow, key);
}

static IMsgPropertyObject *
find_row (MapiTableData *self,
          LPSPropValue   value,
          GBytes       **key)
{
  *key = make_key (self, value);
  return *key != NULL ? g_hash_table_lookup (self->by_index, *key) : NULL;
}

static HRESULT
remove_row (MapiTableData *self,
            LPSPropValue   value)
{
  g_autoptr(GBytes) key = NULL;
  IMsgPropertyObject *bag = find_row (self, value, &key);
  guint position;

  if (key == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if (bag == NULL || !imsg_table_get_row_position (self->order, bag, &position))
    return MAPI_E_NOT_FOUND;
  g_hash_table_remove (self->by_index, key);
  g_list_store_remove (self->rows, position);
  return S_OK;
}

static HRESULT
data_delete_row (ITableData   *iface,
                 LPSPropValue  lpSPropValue)
{
  return lpSPropValue == NULL ? MAPI_E_INVALID_PARAMETER
                              : remove_row (SELF (iface), lpSPropValue);
}

static HRESULT
data_delete_rows (ITableData *iface,
                  ULONG       ulFlags,
                  LPSRowSet   lprowsetToDelete,
                  ULONG      *cRowsDeleted)
{
  MapiTableData *self = SELF (iface);
  ULONG n_deleted = 0;
  gboolean batch;

  if (cRowsDeleted != NULL)
    *cRowsDeleted = 0;
  if ((ulFlags & ~(ULONG) TAD_ALL_ROWS) != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  if ((ulFlags & TAD_ALL_ROWS) != 0)
    {
      n_deleted = count_rows (self);
      mapi_message_begin_quiet (self->context);
      g_hash_table_remove_all (self->by_index);
      g_list_store_remove_all (self->rows);
      mapi_message_end_quiet (self->context);
      mapi_tables_tell (self->context, TABLE_RELOAD);
    }
  else
    {
      if (lprowsetToDelete == NULL)
        return MAPI_E_INVALID_PARAMETER;
      for (ULONG i = 0; i < lprowsetToDelete->cRows; i++)
        {
          if (is_bad_row (&lprowsetToDelete->aRow[i]) ||
              find_index_value (self, &lprowsetToDelete->aRow[i]) == NULL)
            return MAPI_E_INVALID_PARAMETER;
        }
      batch = lprowsetToDelete->cRows > ROWS_TOLD;
      if (batch)
        mapi_message_begin_batch (self->context);
      for (ULONG i = 0; i < lprowsetToDelete->cRows; i++)
        {
          const SRow *row = &lprowsetToDelete->aRow[i];

          if (remove_row (self, (LPSPropValue) find_index_value (self, row)) == S_OK)
            n_deleted++;
        }
      if (batch)
        mapi_message_end_batch (self->context);
    }
  if (cRowsDeleted != NULL)
    *cRowsDeleted = n_deleted;
  return S_OK;
}

/* --- reading them --- */

/* The whole row as it was put, all linked to one block. */
static HRESULT
give_row (MapiTableData      *self,
          IMsgPropertyObject *bag,
          LPSRow             *out)
{
  const MapiAllocators *allocators = &self->context->tree->allocators;
  GArray *tags = get_row_tags (bag);
  LPSRow row = mapi_allocate (allocators, NULL, sizeof *row);

  if (row != NULL)
    row->lpProps = mapi_allocate (allocators, row, MAX (tags->len, 1) * sizeof (SPropValue));
  if (row == NULL || row->lpProps == NULL)
    {
      allocators->free_buffer (row);
      return MAPI_E_NOT_ENOUGH_MEMORY;
    }
  row->cValues = tags->len;
  for (guint i = 0; i < tags->len; i++)
    {
      ULONG tag = g_array_index (tags, ULONG, i);
      g_autoptr(GVariant) variant = imsg_property_object_get_value (bag, tag, NULL);
      SCODE scode = MAPI_E_NOT_FOUND;

      if (variant != NULL)
        scode = mapi_value_from_variant (tag, variant, mapi_object_get_code_page (self->context),
                                         allocators, row, &row->lpProps[i]);
      if (FAILED (scode))
        {
          allocators->free_buffer (row);
          return scode;
        }
    }
  *out = row;
  return S_OK;
}

static HRESULT
data_query_row (ITableData   *iface,
                LPSPropValue  lpsPropValue,
                LPSRow       *lppSRow,
                ULONG        *lpuliRow)
{
  MapiTableData *self = SELF (iface);
  g_autoptr(GBytes) key = NULL;
  IMsgPropertyObject *bag;
  guint position;

  if (lppSRow != NULL)
    *lppSRow = NULL;
  if (lppSRow == NULL || lpsPropValue == NULL)
    return MAPI_E_INVALID_PARAMETER;
  bag = find_row (self, lpsPropValue, &key);
  if (key == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if (bag == NULL || !imsg_table_get_row_position (self->order, bag, &position))
    return MAPI_E_NOT_FOUND;
  if (lpuliRow != NULL)
    *lpuliRow = position;
  return give_row (self, bag, lppSRow);
}

static HRESULT
data_enum_row (ITableData *iface,
               ULONG       ulRowNumber,
               LPSRow     *lppSRow)
{
  MapiTableData *self = SELF (iface);
  g_autoptr(IMsgPropertyObject) bag = NULL;

  if (lppSRow == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppSRow = NULL;
  bag = g_list_model_get_item (G_LIST_MODEL (self->rows), ulRowNumber);
  return bag != NULL ? give_row (self, bag, lppSRow) : S_OK;
}

static HRESULT
data_notify (ITableData   *iface,
             ULONG         ulFlags,
             ULONG         cValues,
             LPSPropValue  lpSPropValue)
{
  MapiTableData *self = SELF (iface);

  if (ulFlags != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  if (cValues == 0 || lpSPropValue == NULL)
    return MAPI_E_INVALID_PARAMETER;
  for (ULONG i = 0; i < cValues; i++)
    {
      g_autoptr(GBytes) key = NULL;
      IMsgPropertyObject *found = find_row (self, &lpSPropValue[i], &key);
      g_autoptr(IMsgPropertyObject) bag = NULL;
      g_autoptr(GPtrArray) seeing = NULL;

      if (found == NULL)
        continue;
      bag = g_object_ref (found);
      seeing = mapi_tables_list_seeing (self->context, bag);
      mapi_tables_tell_modified (self->context, bag, seeing);
    }
  return S_OK;
}

static HRESULT
data_get_view (ITableData       *iface,
               LPSSortOrderSet   lpSSortOrderSet,
               CALLERRELEASE    *lpfCallerRelease,
               ULONG_PTR         ulCallerData,
               LPMAPITABLE      *lppMAPITable)
{
  MapiTableData *self = SELF (iface);
  MapiTable *view;
  HRESULT hr = S_OK;

  if (lppMAPITable == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppMAPITable = NULL;
  view = mapi_table_new (self->context, imsg_table_new (G_LIST_MODEL (self->rows)), 0);
  view->type = self->type;
  view->index_tag = self->index_tag;
  view->all_columns = g_array_ref (self->columns);
  imsg_table_set_columns (view->table, (const guint32 *) (gpointer) self->columns->data,
                          self->columns->len, NULL);
  view->has_columns = TRUE;
  if (lpSSortOrderSet != NULL)
    hr = view->iface.lpVtbl->SortTable (&view->iface, lpSSortOrderSet, 0);
  if (FAILED (hr))
    {
      UlRelease (view);
      return hr;
    }
  view->data = iface;
  UlAddRef (iface);
  view->caller_release = lpfCallerRelease;
  view->caller_data = ulCallerData;
  *lppMAPITable = &view->iface;
  return S_OK;
}

static const ITableDataVtbl data_vtbl = {
  data_query_interface,
  data_add_ref,
  data_release,
  data_get_view,
  data_modify_row,
  data_delete_row,
  data_query_row,
  data_enum_row,
  data_notify,
  data_insert_row,
  data_modify_rows,
  data_delete_rows,
};

static gboolean
is_bad_index (ULONG tag)
{
  ULONG type = PROP_TYPE (tag);

  return PROP_ID (tag) == PROP_ID_NULL || (type & MV_FLAG) != 0 || type == PT_UNSPECIFIED ||
         type == PT_NULL || type == PT_ERROR || type == PT_OBJECT;
}

SCODE
CreateTable (LPCIID           lpInterface,
             ALLOCATEBUFFER  *lpAllocateBuffer,
             ALLOCATEMORE    *lpAllocateMore,
             FREEBUFFER      *lpFreeBuffer,
             LPVOID           lpvReserved,
             ULONG            ulTableType,
             ULONG            ulPropTagIndexColumn,
             LPSPropTagArray  lpSPropTagArrayColumns,
             LPTABLEDATA     *lppTableData)
{
  MapiAllocators allocators = { lpAllocateBuffer, lpAllocateMore, lpFreeBuffer };
  MapiTableData *self;

  if (lppTableData != NULL)
    *lppTableData = NULL;
  if (lpAllocateBuffer == NULL || lpAllocateMore == NULL || lpFreeBuffer == NULL ||
      lpvReserved != NULL || lppTableData == NULL || ulTableType > TBLTYPE_DYNAMIC ||
      is_bad_index (ulPropTagIndexColumn) || lpSPropTagArrayColumns == NULL ||
      lpSPropTagArrayColumns->cValues == 0)
    return MAPI_E_INVALID_PARAMETER;
  if (lpInterface != NULL && !IsEqualIID (lpInterface, &IID_IMAPITableData))
    return MAPI_E_INTERFACE_NOT_SUPPORTED;
  self = g_new0 (MapiTableData, 1);
  self->iface.lpVtbl = &data_vtbl;
  self->ref_count = 1;
  self->context = mapi_prop_data_new (&allocators);
  self->rows = g_list_store_new (IMSG_TYPE_PROPERTY_BAG);
  self->order = imsg_table_new (G_LIST_MODEL (self->rows));
  self->by_index = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                          (GDestroyNotify) g_bytes_unref, NULL);
  self->columns = g_array_new (FALSE, FALSE, sizeof (ULONG));
  g_array_append_vals (self->columns, lpSPropTagArrayColumns->aulPropTag,
                       lpSPropTagArrayColumns->cValues);
  self->index_tag = ulPropTagIndexColumn;
  self->type = ulTableType;
  *lppTableData = &self->iface;
  return S_OK;
}
