/* mapi-restriction.c - SRestriction as the library's restrictions
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-object-private.h"

static HRESULT convert (LPSRestriction    restriction,
                        guint             code_page,
                        guint64           depth,
                        IMsgRestriction **out);

static HRESULT
convert_children (LPSRestriction  children,
                  ULONG           n_children,
                  guint           code_page,
                  guint64         depth,
                  GPtrArray      *converted)
{
  if (children == NULL && n_children > 0)
    return MAPI_E_INVALID_PARAMETER;
  for (ULONG i = 0; i < n_children; i++)
    {
      IMsgRestriction *child = NULL;
      HRESULT hr = convert (&children[i], code_page, depth + 1, &child);

      if (FAILED (hr))
        return hr;
      g_ptr_array_add (converted, child);
    }
  return S_OK;
}

/* A value in a restriction; its tag gives the type only. */
static HRESULT
convert_value (LPSPropValue   value,
               guint          code_page,
               GVariant     **variant)
{
  SCODE scode;

  if (value == NULL)
    return MAPI_E_INVALID_PARAMETER;
  scode = mapi_value_to_variant (value, code_page, variant);
  if (scode == MAPI_E_INVALID_TYPE || scode == MAPI_E_TYPE_NO_SUPPORT)
    return MAPI_E_TOO_COMPLEX;
  return scode;
}

static HRESULT
convert_leaf (LPSRestriction    restriction,
              guint             code_page,
              IMsgRestriction **out)
{
  GVariant *variant = NULL;
  HRESULT hr;

  switch (restriction->rt)
    {
    case RES_CONTENT:
      hr = convert_value (restriction->res.resContent.lpProp, code_page, &variant);
      if (SUCCEEDED (hr))
        *out = imsg_restriction_new_content (
          restriction->res.resContent.ulPropTag,
          (IMsgFuzzyLevel) restriction->res.resContent.ulFuzzyLevel,
          restriction->res.resContent.lpProp->ulPropTag, variant);
      return hr;
    case RES_PROPERTY:
      hr = convert_value (restriction->res.resProperty.lpProp, code_page, &variant);
      if (SUCCEEDED (hr))
        *out = imsg_restriction_new_property (
          restriction->res.resProperty.ulPropTag,
          (IMsgRelation) restriction->res.resProperty.relop,
          restriction->res.resProperty.lpProp->ulPropTag, variant);
      return hr;
    case RES_COMPAREPROPS:
      *out = imsg_restriction_new_compare (
        restriction->res.resCompareProps.ulPropTag1,
        (IMsgRelation) restriction->res.resCompareProps.relop,
        restriction->res.resCompareProps.ulPropTag2);
      return S_OK;
    case RES_BITMASK:
      if (restriction->res.resBitMask.relBMR > BMR_NEZ)
        return MAPI_E_TOO_COMPLEX;
      *out = imsg_restriction_new_bit_mask (restriction->res.resBitMask.ulPropTag,
                                            restriction->res.resBitMask.relBMR == BMR_NEZ,
                                            restriction->res.resBitMask.ulMask);
      return S_OK;
    case RES_SIZE:
      *out = imsg_restriction_new_size (restriction->res.resSize.ulPropTag,
                                        (IMsgRelation) restriction->res.resSize.relop,
                                        restriction->res.resSize.cb);
      return S_OK;
    case RES_EXIST:
      *out = imsg_restriction_new_exist (restriction->res.resExist.ulPropTag);
      return S_OK;
    default:
      return MAPI_E_TOO_COMPLEX;
    }
}

/* Recursive down to the limit that the library has for the result. */
static HRESULT
convert (LPSRestriction    restriction,
         guint             code_page,
         guint64           depth,
         IMsgRestriction **out)
{
  g_autoptr(GPtrArray) children =
    g_ptr_array_new_with_free_func ((GDestroyNotify) imsg_restriction_unref);
  HRESULT hr;

  if (depth > imsg_limit_get_default (IMSG_LIMIT_RESTRICTION_NESTING))
    return MAPI_E_TOO_COMPLEX;
  switch (restriction->rt)
    {
    case RES_AND:
    case RES_OR:
      hr = convert_children (restriction->res.resAnd.lpRes, restriction->res.resAnd.cRes,
                             code_page, depth, children);
      if (FAILED (hr))
        return hr;
      *out = restriction->rt == RES_AND
               ? imsg_restriction_new_and ((IMsgRestriction **) children->pdata, children->len)
               : imsg_restriction_new_or ((IMsgRestriction **) children->pdata, children->len);
      return S_OK;
    case RES_NOT:
    case RES_COUNT:
      hr = convert_children (restriction->res.resNot.lpRes, 1, code_page, depth, children);
      if (FAILED (hr))
        return hr;
      *out = restriction->rt == RES_NOT
               ? imsg_restriction_new_not (children->pdata[0])
               : imsg_restriction_new_count (restriction->res.resCount.ulCount,
                                             children->pdata[0]);
      return S_OK;
    case RES_COMMENT:
    case RES_ANNOTATION:
      if (restriction->res.resComment.lpRes != NULL)
        {
          hr = convert_children (restriction->res.resComment.lpRes, 1, code_page, depth, children);
          if (FAILED (hr))
            return hr;
        }
      *out = imsg_restriction_new_comment (children->len > 0 ? children->pdata[0] : NULL);
      return S_OK;
    default:
      return convert_leaf (restriction, code_page, out);
    }
}

HRESULT
mapi_restriction_convert (LPSRestriction    restriction,
                          guint             code_page,
                          IMsgRestriction **out)
{
  *out = NULL;
  return restriction != NULL ? convert (restriction, code_page, 1, out) : S_OK;
}
