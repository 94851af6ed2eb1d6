/* mapi-util-object.c - one property of an object, all rows of a table
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

HRESULT
HrGetOneProp (LPMAPIPROP    lpMapiProp,
              ULONG         ulPropTag,
              LPSPropValue *lppProp)
{
  SPropTagArray tags = { 1, { ulPropTag } };
  LPSPropValue values = NULL;
  ULONG n_values = 0;
  HRESULT hr;

  if (lppProp == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppProp = NULL;
  if (lpMapiProp == NULL)
    return MAPI_E_INVALID_PARAMETER;
  hr = lpMapiProp->lpVtbl->GetProps (lpMapiProp, &tags, 0, &n_values, &values);
  if (FAILED (hr))
    return hr;
  if (n_values != 1 || values == NULL)
    hr = MAPI_E_NOT_FOUND;
  else if (PROP_TYPE (values->ulPropTag) == PT_ERROR)
    hr = FAILED (values->Value.err) ? values->Value.err : MAPI_E_NOT_FOUND;
  else
    hr = S_OK;
  if (FAILED (hr))
    {
      MAPIFreeBuffer (values);
      return hr;
    }
  *lppProp = values;
  return S_OK;
}

HRESULT
HrSetOneProp (LPMAPIPROP   lpMapiProp,
              LPSPropValue lpProp)
{
  LPSPropProblemArray problems = NULL;
  HRESULT hr;

  if (lpMapiProp == NULL || lpProp == NULL)
    return MAPI_E_INVALID_PARAMETER;
  hr = lpMapiProp->lpVtbl->SetProps (lpMapiProp, 1, lpProp, &problems);
  if (FAILED (hr))
    return hr;
  hr = S_OK;
  if (problems != NULL && problems->cProblem > 0)
    hr = FAILED (problems->aProblem[0].scode) ? problems->aProblem[0].scode : MAPI_E_CALL_FAILED;
  MAPIFreeBuffer (problems);
  return hr;
}

static gboolean
is_string_type (ULONG type)
{
  return (type & ~(ULONG) MV_FLAG) == PT_STRING8 || (type & ~(ULONG) MV_FLAG) == PT_UNICODE;
}

BOOL
FPropExists (LPMAPIPROP lpMapiProp,
             ULONG      ulPropTag)
{
  LPSPropTagArray tags = NULL;
  ULONG type = PROP_TYPE (ulPropTag);
  BOOL found = FALSE;

  if (lpMapiProp == NULL || FAILED (lpMapiProp->lpVtbl->GetPropList (lpMapiProp, 0, &tags)) ||
      tags == NULL)
    return FALSE;
  for (ULONG i = 0; i < tags->cValues && !found; i++)
    {
      ULONG tag = tags->aulPropTag[i];

      if (PROP_ID (tag) != PROP_ID (ulPropTag))
        continue;
      found = type == PT_UNSPECIFIED || PROP_TYPE (tag) == type ||
              (is_string_type (type) && is_string_type (PROP_TYPE (tag)) &&
               (type & MV_FLAG) == (PROP_TYPE (tag) & MV_FLAG));
    }
  MAPIFreeBuffer (tags);
  return found;
}

void
FreeProws (LPSRowSet lpRows)
{
  if (lpRows == NULL)
    return;
  for (ULONG i = 0; i < lpRows->cRows; i++)
    MAPIFreeBuffer (lpRows->aRow[i].lpProps);
  MAPIFreeBuffer (lpRows);
}

void
FreePadrlist (LPADRLIST lpAdrlist)
{
  FreeProws ((LPSRowSet) lpAdrlist);
}

/* Moves the rows of more to the end of *all, which grows; frees the emptied set. */
static HRESULT
append_rows (LPSRowSet *all,
             gsize     *capacity,
             LPSRowSet  more)
{
  gsize n_rows = (gsize) (*all)->cRows + more->cRows;
  LPVOID grown;

  if (n_rows > *capacity)
    {
      *capacity = MAX (n_rows, *capacity * 2);
      if (CbNewSRowSet (*capacity) > G_MAXUINT32 ||
          FAILED (MAPIReallocateBuffer (*all, (ULONG) CbNewSRowSet (*capacity), &grown)))
        return MAPI_E_NOT_ENOUGH_MEMORY;
      *all = grown;
    }
  memcpy ((*all)->aRow + (*all)->cRows, more->aRow, more->cRows * sizeof (SRow));
  (*all)->cRows = (ULONG) n_rows;
  MAPIFreeBuffer (more);
  return S_OK;
}

/* Rows asked for in one call */
#define ROWS_AT_ONCE 256

HRESULT
HrQueryAllRows (LPMAPITABLE     lpTable,
                LPSPropTagArray lpPropTags,
                LPSRestriction  lpRestriction,
                LPSSortOrderSet lpSortOrderSet,
                LONG            crowsMax,
                LPSRowSet      *lppRows)
{
  LPSRowSet all;
  LPVOID buffer;
  gsize capacity = ROWS_AT_ONCE;
  HRESULT hr = S_OK;

  if (lppRows == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppRows = NULL;
  if (lpTable == NULL || crowsMax < 0)
    return MAPI_E_INVALID_PARAMETER;
  if (lpPropTags != NULL)
    hr = lpTable->lpVtbl->SetColumns (lpTable, lpPropTags, TBL_BATCH);
  if (SUCCEEDED (hr) && lpRestriction != NULL)
    hr = lpTable->lpVtbl->Restrict (lpTable, lpRestriction, TBL_BATCH);
  if (SUCCEEDED (hr) && lpSortOrderSet != NULL)
    hr = lpTable->lpVtbl->SortTable (lpTable, lpSortOrderSet, TBL_BATCH);
  if (SUCCEEDED (hr))
    hr = lpTable->lpVtbl->SeekRow (lpTable, BOOKMARK_BEGINNING, 0, NULL);
  if (FAILED (hr))
    return hr;
  if (FAILED (MAPIAllocateBuffer ((ULONG) CbNewSRowSet (capacity), &buffer)))
    return MAPI_E_NOT_ENOUGH_MEMORY;
  all = buffer;
  all->cRows = 0;

  for (;;)
    {
      LPSRowSet more = NULL;

      hr = lpTable->lpVtbl->QueryRows (lpTable, ROWS_AT_ONCE, 0, &more);
      if (FAILED (hr) || more == NULL)
        break;
      if (more->cRows == 0)
        {
          FreeProws (more);
          hr = S_OK;
          break;
        }
      if (crowsMax > 0 && (gsize) all->cRows + more->cRows > (gsize) crowsMax)
        hr = MAPI_E_TABLE_TOO_BIG;
      else
        hr = append_rows (&all, &capacity, more);
      if (FAILED (hr))
        {
          FreeProws (more);
          break;
        }
    }
  if (FAILED (hr))
    {
      FreeProws (all);
      return hr;
    }
  *lppRows = all;
  return S_OK;
}

HRESULT
HrAddColumns (LPMAPITABLE      lptbl,
              LPSPropTagArray  lpproptagColumnsNew,
              LPALLOCATEBUFFER lpAllocateBuffer,
              LPFREEBUFFER     lpFreeBuffer)
{
  return HrAddColumnsEx (lptbl, lpproptagColumnsNew, lpAllocateBuffer, lpFreeBuffer, NULL);
}

HRESULT
HrAddColumnsEx (LPMAPITABLE      lptbl,
                LPSPropTagArray  lpproptagColumnsNew,
                LPALLOCATEBUFFER lpAllocateBuffer,
                LPFREEBUFFER     lpFreeBuffer,
                void             (*lpfnFilterColumns) (LPSPropTagArray ptaga))
{
  g_autoptr(GHashTable) seen = NULL;
  LPSPropTagArray former = NULL;
  LPSPropTagArray merged;
  LPVOID buffer;
  gsize n_tags;
  ULONG n = 0;
  HRESULT hr;

  if (lptbl == NULL || lpproptagColumnsNew == NULL || lpAllocateBuffer == NULL ||
      lpFreeBuffer == NULL)
    return MAPI_E_INVALID_PARAMETER;
  hr = lptbl->lpVtbl->QueryColumns (lptbl, 0, &former);
  if (FAILED (hr))
    return hr;
  if (lpfnFilterColumns != NULL)
    lpfnFilterColumns (former);
  n_tags = (gsize) former->cValues + lpproptagColumnsNew->cValues;
  if (CbNewSPropTagArray (n_tags) > G_MAXUINT32 ||
      FAILED (lpAllocateBuffer ((ULONG) CbNewSPropTagArray (n_tags), &buffer)))
    {
      lpFreeBuffer (former);
      return MAPI_E_NOT_ENOUGH_MEMORY;
    }
  merged = buffer;
  seen = g_hash_table_new (NULL, NULL);
  for (ULONG i = 0; i < lpproptagColumnsNew->cValues; i++)
    {
      ULONG tag = lpproptagColumnsNew->aulPropTag[i];

      if (g_hash_table_add (seen, GUINT_TO_POINTER (tag)) || tag == PR_NULL)
        merged->aulPropTag[n++] = tag;
    }
  for (ULONG i = 0; i < former->cValues; i++)
    {
      ULONG tag = former->aulPropTag[i];

      if (tag != PR_NULL && g_hash_table_add (seen, GUINT_TO_POINTER (tag)))
        merged->aulPropTag[n++] = tag;
    }
  merged->cValues = n;
  hr = lptbl->lpVtbl->SetColumns (lptbl, merged, TBL_BATCH);
  lpFreeBuffer (merged);
  lpFreeBuffer (former);
  return hr;
}
