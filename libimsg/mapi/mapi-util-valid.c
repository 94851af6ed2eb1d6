/* mapi-util-valid.c - whether structures make sense
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-value-private.h"

ULONG
FBadPropTag (ULONG ulPropTag)
{
  ULONG type = PROP_TYPE (ulPropTag) & ~(ULONG) MVI_FLAG;

  switch (type)
    {
    case PT_UNSPECIFIED:
    case PT_NULL:
    case PT_OBJECT:
    case PT_PTR:
    case PT_SVREID:
    case PT_SRESTRICTION:
    case PT_ACTIONS:
      return FALSE;
    default:
      return mapi_type_element_size (type) == 0;
    }
}

ULONG
FBadProp (LPSPropValue lpprop)
{
  if (lpprop == NULL || FBadPropTag (lpprop->ulPropTag))
    return TRUE;
  if (PROP_TYPE (lpprop->ulPropTag) == PT_NULL || PROP_TYPE (lpprop->ulPropTag) == PT_OBJECT)
    return FALSE;
  return FAILED (ScCountProps (1, lpprop, NULL));
}

ULONG
FBadRow (LPSRow lprow)
{
  if (lprow == NULL || (lprow->cValues > 0 && lprow->lpProps == NULL))
    return TRUE;
  for (ULONG i = 0; i < lprow->cValues; i++)
    {
      if (FBadProp (&lprow->lpProps[i]))
        return TRUE;
    }
  return FALSE;
}

BOOL
FBadRowSet (LPSRowSet lpRowSet)
{
  if (lpRowSet == NULL)
    return TRUE;
  for (ULONG i = 0; i < lpRowSet->cRows; i++)
    {
      if (FBadRow (&lpRowSet->aRow[i]))
        return TRUE;
    }
  return FALSE;
}

static gboolean
restriction_is_bad (LPSRestriction restriction,
                    guint64        depth)
{
  LPSRestriction children = NULL;
  ULONG n_children = 0;

  if (restriction == NULL || depth > imsg_limit_get_default (IMSG_LIMIT_RESTRICTION_NESTING))
    return TRUE;
  switch (restriction->rt)
    {
    case RES_AND:
    case RES_OR:
      n_children = restriction->res.resAnd.cRes;
      children = restriction->res.resAnd.lpRes;
      break;
    case RES_NOT:
    case RES_SUBRESTRICTION:
    case RES_COUNT:
      n_children = 1;
      children = restriction->res.resNot.lpRes;
      break;
    case RES_CONTENT:
    case RES_PROPERTY:
      return (restriction->rt == RES_PROPERTY && restriction->res.resProperty.relop > RELOP_RE) ||
             FBadPropTag (restriction->res.resProperty.ulPropTag) ||
             FBadProp (restriction->res.resProperty.lpProp);
    case RES_COMPAREPROPS:
      return restriction->res.resCompareProps.relop > RELOP_RE ||
             FBadPropTag (restriction->res.resCompareProps.ulPropTag1) ||
             FBadPropTag (restriction->res.resCompareProps.ulPropTag2);
    case RES_BITMASK:
      return restriction->res.resBitMask.relBMR > BMR_NEZ ||
             FBadPropTag (restriction->res.resBitMask.ulPropTag);
    case RES_SIZE:
      return restriction->res.resSize.relop > RELOP_RE ||
             FBadPropTag (restriction->res.resSize.ulPropTag);
    case RES_EXIST:
      return FBadPropTag (restriction->res.resExist.ulPropTag);
    case RES_COMMENT:
    case RES_ANNOTATION:
      n_children = restriction->res.resComment.lpRes != NULL ? 1 : 0;
      children = restriction->res.resComment.lpRes;
      if (restriction->res.resComment.cValues > 0 && restriction->res.resComment.lpProp == NULL)
        return TRUE;
      break;
    default:
      return TRUE;
    }
  if (n_children > 0 && children == NULL)
    return TRUE;
  for (ULONG i = 0; i < n_children; i++)
    {
      if (restriction_is_bad (&children[i], depth + 1))
        return TRUE;
    }
  return FALSE;
}

ULONG
FBadRestriction (LPSRestriction lpres)
{
  return restriction_is_bad (lpres, 1);
}

ULONG
FBadSortOrderSet (LPSSortOrderSet lpsos)
{
  if (lpsos == NULL || lpsos->cCategories > lpsos->cSorts ||
      lpsos->cExpanded > lpsos->cCategories)
    return TRUE;
  for (ULONG i = 0; i < lpsos->cSorts; i++)
    {
      if (FBadPropTag (lpsos->aSort[i].ulPropTag) ||
          (lpsos->aSort[i].ulOrder != TABLE_SORT_ASCEND &&
           lpsos->aSort[i].ulOrder != TABLE_SORT_DESCEND &&
           lpsos->aSort[i].ulOrder != TABLE_SORT_COMBINE &&
           lpsos->aSort[i].ulOrder != TABLE_SORT_CATEG_MAX &&
           lpsos->aSort[i].ulOrder != TABLE_SORT_CATEG_MIN))
        return TRUE;
    }
  return FALSE;
}

ULONG
FBadColumnSet (LPSPropTagArray lpptaCols)
{
  if (lpptaCols == NULL)
    return TRUE;
  for (ULONG i = 0; i < lpptaCols->cValues; i++)
    {
      ULONG tag = lpptaCols->aulPropTag[i];

      if (FBadPropTag (tag) || PROP_TYPE (tag) == PT_ERROR)
        return TRUE;
    }
  return FALSE;
}

BOOL
FBadEntryList (LPENTRYLIST lpEntryList)
{
  if (lpEntryList == NULL || (lpEntryList->cValues > 0 && lpEntryList->lpbin == NULL))
    return TRUE;
  for (ULONG i = 0; i < lpEntryList->cValues; i++)
    {
      if (lpEntryList->lpbin[i].lpb == NULL || lpEntryList->lpbin[i].cb == 0)
        return TRUE;
    }
  return FALSE;
}

BOOL
FBadRglpszW (LPWSTR *lppszW,
             ULONG   cStrings)
{
  if (lppszW == NULL)
    return TRUE;
  for (ULONG i = 0; i < cStrings; i++)
    {
      if (lppszW[i] == NULL)
        return TRUE;
    }
  return FALSE;
}

BOOL
FBadRglpNameID (LPMAPINAMEID *lppNameId,
                ULONG         cNames)
{
  if (lppNameId == NULL)
    return TRUE;
  for (ULONG i = 0; i < cNames; i++)
    {
      LPMAPINAMEID name = lppNameId[i];

      if (name == NULL || name->lpguid == NULL || name->ulKind > MNID_STRING ||
          (name->ulKind == MNID_STRING && name->Kind.lpwstrName == NULL))
        return TRUE;
    }
  return FALSE;
}
