/* mapi-util-value.c - finding, copying, measuring and comparing property values
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-value-private.h"

gsize
mapi_type_element_size (ULONG type)
{
  /* There are no lists of these, only files that say so */
  if ((type & MV_FLAG) != 0 && ((type & ~(ULONG) MVI_FLAG) == PT_BOOLEAN ||
                                (type & ~(ULONG) MVI_FLAG) == PT_ERROR))
    return 0;
  switch (type & ~(ULONG) MVI_FLAG)
    {
    case PT_I2:
    case PT_BOOLEAN:
      return 2;
    case PT_LONG:
    case PT_R4:
    case PT_ERROR:
      return 4;
    case PT_DOUBLE:
    case PT_CURRENCY:
    case PT_APPTIME:
    case PT_I8:
    case PT_SYSTIME:
      return 8;
    case PT_CLSID:
      return sizeof (GUID);
    case PT_STRING8:
    case PT_UNICODE:
      return sizeof (gpointer);
    case PT_BINARY:
      return sizeof (SBinary);
    default:
      return 0;
    }
}

gboolean
mapi_type_is_pointer (ULONG type)
{
  type &= ~(ULONG) MVI_FLAG;
  return type == PT_STRING8 || type == PT_UNICODE || type == PT_BINARY || type == PT_CLSID;
}

LPSPropValue
PpropFindProp (LPSPropValue lpPropArray,
               ULONG        cValues,
               ULONG        ulPropTag)
{
  for (ULONG i = 0; lpPropArray != NULL && i < cValues; i++)
    {
      ULONG tag = lpPropArray[i].ulPropTag;

      if (tag == ulPropTag ||
          (PROP_TYPE (ulPropTag) == PT_UNSPECIFIED && PROP_ID (tag) == PROP_ID (ulPropTag)))
        return &lpPropArray[i];
    }
  return NULL;
}

LPSPropValue
LpValFindProp (ULONG        ulPropTag,
               ULONG        cValues,
               LPSPropValue lpPropArray)
{
  return PpropFindProp (lpPropArray, cValues, PROP_TAG (PT_UNSPECIFIED, PROP_ID (ulPropTag)));
}

/* Copies n bytes into memory linked to object. */
static SCODE
copy_more (ALLOCATEMORE *allocate_more,
           LPVOID        object,
           gconstpointer source,
           gsize         n_bytes,
           LPVOID       *copy)
{
  SCODE scode;

  if (n_bytes > G_MAXUINT32)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  if (source == NULL && n_bytes > 0)
    return MAPI_E_INVALID_PARAMETER;
  scode = allocate_more ((ULONG) n_bytes, object, copy);
  if (SUCCEEDED (scode) && n_bytes > 0)
    memcpy (*copy, source, n_bytes);
  return scode;
}

static gsize
string_bytes (ULONG         type,
              gconstpointer text)
{
  if ((type & ~(ULONG) MVI_FLAG) == PT_STRING8)
    return strlen (text) + 1;
  return (mapi_wide_length (text) + 1) * sizeof (WCHAR);
}

SCODE
PropCopyMore (LPSPropValue  lpSPropValueDest,
              LPSPropValue  lpSPropValueSrc,
              ALLOCATEMORE *lpfAllocMore,
              LPVOID        lpvObject)
{
  ULONG type;
  SPropValue copy;
  SCODE scode = S_OK;

  if (lpSPropValueDest == NULL || lpSPropValueSrc == NULL)
    return MAPI_E_INVALID_PARAMETER;
  copy = *lpSPropValueSrc;
  type = PROP_TYPE (copy.ulPropTag) & ~(ULONG) MV_INSTANCE;
  if (type == PT_NULL)
    {
      *lpSPropValueDest = copy;
      return S_OK;
    }
  if (mapi_type_element_size (type) == 0)
    return MAPI_E_NO_SUPPORT;
  if ((type & MV_FLAG) == 0 && !mapi_type_is_pointer (type))
    {
      *lpSPropValueDest = copy;
      return S_OK;
    }
  if (lpfAllocMore == NULL || lpvObject == NULL)
    return MAPI_E_INVALID_PARAMETER;

  switch (type)
    {
    case PT_STRING8:
    case PT_UNICODE:
      if (copy.Value.lpv == NULL)
        return MAPI_E_INVALID_PARAMETER;
      scode = copy_more (lpfAllocMore, lpvObject, copy.Value.lpv,
                         string_bytes (type, copy.Value.lpv), &copy.Value.lpv);
      break;
    case PT_CLSID:
      scode = copy_more (lpfAllocMore, lpvObject, copy.Value.lpv, sizeof (GUID), &copy.Value.lpv);
      break;
    case PT_BINARY:
      scode = copy_more (lpfAllocMore, lpvObject, copy.Value.bin.lpb, copy.Value.bin.cb,
                         (LPVOID *) &copy.Value.bin.lpb);
      break;
    default:
      scode = copy_more (lpfAllocMore, lpvObject, copy.Value.MVi.lpi,
                         mapi_type_element_size (type) * copy.Value.MVi.cValues,
                         (LPVOID *) &copy.Value.MVi.lpi);
      for (ULONG i = 0; SUCCEEDED (scode) && i < copy.Value.MVi.cValues; i++)
        {
          if (type == PT_MV_BINARY)
            {
              SBinary *item = &copy.Value.MVbin.lpbin[i];

              scode = copy_more (lpfAllocMore, lpvObject, item->lpb, item->cb,
                                 (LPVOID *) &item->lpb);
            }
          else if (type == PT_MV_STRING8 || type == PT_MV_UNICODE)
            {
              LPVOID *item = (LPVOID *) &copy.Value.MVszA.lppszA[i];

              if (*item == NULL)
                return MAPI_E_INVALID_PARAMETER;
              scode = copy_more (lpfAllocMore, lpvObject, *item, string_bytes (type, *item), item);
            }
        }
    }
  if (SUCCEEDED (scode))
    *lpSPropValueDest = copy;
  return scode;
}

ULONG
UlPropSize (LPSPropValue lpSPropValue)
{
  ULONG type;
  gsize size = 0;

  if (lpSPropValue == NULL)
    return 0;
  type = PROP_TYPE (lpSPropValue->ulPropTag) & ~(ULONG) MV_INSTANCE;
  switch (type)
    {
    case PT_STRING8:
    case PT_UNICODE:
      size = lpSPropValue->Value.lpv != NULL ? string_bytes (type, lpSPropValue->Value.lpv) : 0;
      break;
    case PT_BINARY:
      size = lpSPropValue->Value.bin.cb;
      break;
    case PT_MV_STRING8:
    case PT_MV_UNICODE:
      for (ULONG i = 0; i < lpSPropValue->Value.MVszA.cValues; i++)
        {
          if (lpSPropValue->Value.MVszA.lppszA[i] != NULL)
            size += string_bytes (type, lpSPropValue->Value.MVszA.lppszA[i]);
        }
      break;
    case PT_MV_BINARY:
      for (ULONG i = 0; i < lpSPropValue->Value.MVbin.cValues; i++)
        size += lpSPropValue->Value.MVbin.lpbin[i].cb;
      break;
    default:
      size = mapi_type_element_size (type);
      if ((type & MV_FLAG) != 0)
        size *= lpSPropValue->Value.MVi.cValues;
    }
  return (ULONG) MIN (size, G_MAXUINT32);
}

void
GetInstance (LPSPropValue lpPropMv,
             LPSPropValue lpPropSv,
             ULONG        uliInst)
{
  ULONG type;

  if (lpPropMv == NULL || lpPropSv == NULL)
    return;
  type = PROP_TYPE (lpPropMv->ulPropTag) & ~(ULONG) MV_INSTANCE;
  if ((type & MV_FLAG) == 0 || uliInst >= lpPropMv->Value.MVi.cValues)
    {
      mapi_value_set_error (lpPropSv, lpPropMv->ulPropTag, MAPI_E_NOT_FOUND);
      return;
    }
  lpPropSv->ulPropTag = PROP_TAG (type & ~(ULONG) MVI_FLAG, PROP_ID (lpPropMv->ulPropTag));
  lpPropSv->dwAlignPad = 0;
  switch (type)
    {
    case PT_MV_CLSID:
      lpPropSv->Value.lpguid = &lpPropMv->Value.MVguid.lpguid[uliInst];
      break;
    default:
      memset (&lpPropSv->Value, 0, sizeof lpPropSv->Value);
      memcpy (&lpPropSv->Value,
              (const char *) lpPropMv->Value.MVi.lpi + uliInst * mapi_type_element_size (type),
              mapi_type_element_size (type));
    }
}

static LONG
compare_bytes (gconstpointer a,
               gsize         n_a,
               gconstpointer b,
               gsize         n_b)
{
  gsize n = MIN (n_a, n_b);
  int order = n > 0 ? memcmp (a, b, n) : 0;

  if (order != 0)
    return order < 0 ? -1 : 1;
  return n_a < n_b ? -1 : n_a > n_b;
}

static LONG
compare_wide (const WCHAR *a,
              const WCHAR *b)
{
  gsize i = 0;

  while (a[i] != 0 && a[i] == b[i])
    i++;
  return a[i] < b[i] ? -1 : a[i] > b[i];
}

#define COMPARE(a, b) ((a) < (b) ? -1 : (a) > (b))

/* One element; a and b point at it (of a GUID at its bytes). */
static LONG
compare_element (ULONG         type,
                 gconstpointer a,
                 gconstpointer b)
{
  const union _PV *x = a;
  const union _PV *y = b;

  switch (type & ~(ULONG) MVI_FLAG)
    {
    case PT_I2:
      return COMPARE (x->i, y->i);
    case PT_LONG:
    case PT_ERROR:
      return COMPARE (x->l, y->l);
    case PT_BOOLEAN:
      return COMPARE (x->b != 0, y->b != 0);
    case PT_R4:
      return COMPARE (x->flt, y->flt);
    case PT_DOUBLE:
    case PT_APPTIME:
      return COMPARE (x->dbl, y->dbl);
    case PT_CURRENCY:
    case PT_I8:
      return COMPARE (x->li.QuadPart, y->li.QuadPart);
    case PT_SYSTIME:
      return COMPARE (mapi_filetime_to_ticks (x->ft), mapi_filetime_to_ticks (y->ft));
    case PT_STRING8:
      return COMPARE (g_strcmp0 (x->lpszA, y->lpszA), 0);
    case PT_UNICODE:
      if (x->lpszW == NULL || y->lpszW == NULL)
        return COMPARE (x->lpszW != NULL, y->lpszW != NULL);
      return compare_wide (x->lpszW, y->lpszW);
    case PT_BINARY:
      return compare_bytes (x->bin.lpb, x->bin.cb, y->bin.lpb, y->bin.cb);
    default:
      return 0;
    }
}

LONG
LPropCompareProp (LPSPropValue lpSPropValueA,
                  LPSPropValue lpSPropValueB)
{
  ULONG type_a, type_b;
  gsize size;

  if (lpSPropValueA == NULL || lpSPropValueB == NULL)
    return COMPARE (lpSPropValueA != NULL, lpSPropValueB != NULL);
  type_a = PROP_TYPE (lpSPropValueA->ulPropTag) & ~(ULONG) MV_INSTANCE;
  type_b = PROP_TYPE (lpSPropValueB->ulPropTag) & ~(ULONG) MV_INSTANCE;
  if (type_a != type_b)
    return COMPARE (type_a, type_b);
  if (type_a == PT_CLSID)
    return compare_bytes (lpSPropValueA->Value.lpguid, sizeof (GUID), lpSPropValueB->Value.lpguid,
                          sizeof (GUID));
  if ((type_a & MV_FLAG) == 0)
    return compare_element (type_a, &lpSPropValueA->Value, &lpSPropValueB->Value);

  /* Tuples: element by element, the shorter one first */
  size = mapi_type_element_size (type_a);
  for (ULONG i = 0; i < MIN (lpSPropValueA->Value.MVi.cValues, lpSPropValueB->Value.MVi.cValues);
       i++)
    {
      const char *a = (const char *) lpSPropValueA->Value.MVi.lpi + i * size;
      const char *b = (const char *) lpSPropValueB->Value.MVi.lpi + i * size;
      union _PV x, y;
      LONG order;

      if (type_a == PT_MV_CLSID)
        {
          order = compare_bytes (a, size, b, size);
        }
      else
        {
          memcpy (&x, a, size);
          memcpy (&y, b, size);
          order = compare_element (type_a, &x, &y);
        }
      if (order != 0)
        return order;
    }
  return COMPARE (lpSPropValueA->Value.MVi.cValues, lpSPropValueB->Value.MVi.cValues);
}

BOOL
FPropCompareProp (LPSPropValue lpSPropValue1,
                  ULONG        ulRelOp,
                  LPSPropValue lpSPropValue2)
{
  LONG order;

  if (lpSPropValue1 == NULL || lpSPropValue2 == NULL ||
      PROP_TYPE (lpSPropValue1->ulPropTag) != PROP_TYPE (lpSPropValue2->ulPropTag))
    return FALSE;
  order = LPropCompareProp (lpSPropValue1, lpSPropValue2);
  switch (ulRelOp)
    {
    case RELOP_LT:
      return order < 0;
    case RELOP_LE:
      return order <= 0;
    case RELOP_GT:
      return order > 0;
    case RELOP_GE:
      return order >= 0;
    case RELOP_EQ:
      return order == 0;
    case RELOP_NE:
      return order != 0;
    default:
      return FALSE;
    }
}

/* 8-bit text for comparing is UTF-8 when both texts are; else each of their bytes is a letter. */
static char *
decode_narrow (const char *text,
               gboolean    is_utf8)
{
  g_autoptr(GBytes) bytes = NULL;

  if (is_utf8)
    return g_strdup (text);
  bytes = g_bytes_new_static (text, strlen (text));
  return imsg_text_decode (1252, bytes);
}

/* Text for comparing: decomposed without its marks, folded. */
static char *
fold_text (const char *utf8,
           ULONG       fuzzy_level)
{
  g_autofree char *text = g_strdup (utf8);

  if ((fuzzy_level & (FL_IGNORENONSPACE | FL_LOOSE)) != 0)
    {
      g_autofree char *decomposed = g_utf8_normalize (text, -1, G_NORMALIZE_NFD);
      GString *bare = g_string_new (NULL);

      for (const char *p = decomposed; *p != '\0'; p = g_utf8_next_char (p))
        {
          gunichar c = g_utf8_get_char (p);

          if (g_unichar_type (c) != G_UNICODE_NON_SPACING_MARK)
            g_string_append_unichar (bare, c);
        }
      g_free (text);
      text = g_string_free (bare, FALSE);
    }
  if ((fuzzy_level & (FL_IGNORECASE | FL_LOOSE)) != 0)
    return g_utf8_casefold (text, -1);
  return g_steal_pointer (&text);
}

static gboolean
contains (gconstpointer haystack,
          gsize         n_haystack,
          gconstpointer needle,
          gsize         n_needle,
          ULONG         how)
{
  if (how == FL_PREFIX)
    return n_haystack >= n_needle &&
           (n_needle == 0 || memcmp (haystack, needle, n_needle) == 0);
  if (how == FL_SUBSTRING)
    return n_needle == 0 || memmem (haystack, n_haystack, needle, n_needle) != NULL;
  return compare_bytes (haystack, n_haystack, needle, n_needle) == 0;
}

BOOL
FPropContainsProp (LPSPropValue lpSPropValueDst,
                   LPSPropValue lpSPropValueSrc,
                   ULONG        ulFuzzyLevel)
{
  ULONG how = ulFuzzyLevel & 0xFFFF;
  ULONG type;
  g_autofree char *text_dst = NULL;
  g_autofree char *text_src = NULL;
  g_autofree char *folded_dst = NULL;
  g_autofree char *folded_src = NULL;

  if (lpSPropValueDst == NULL || lpSPropValueSrc == NULL)
    return FALSE;
  type = PROP_TYPE (lpSPropValueDst->ulPropTag);
  if (type != PROP_TYPE (lpSPropValueSrc->ulPropTag))
    return FALSE;
  if (type == PT_BINARY)
    return contains (lpSPropValueDst->Value.bin.lpb, lpSPropValueDst->Value.bin.cb,
                     lpSPropValueSrc->Value.bin.lpb, lpSPropValueSrc->Value.bin.cb, how);
  if (lpSPropValueDst->Value.lpv == NULL || lpSPropValueSrc->Value.lpv == NULL)
    return FALSE;
  if (type == PT_STRING8)
    {
      const char *narrow_dst = lpSPropValueDst->Value.lpszA;
      const char *narrow_src = lpSPropValueSrc->Value.lpszA;
      gboolean is_utf8 = g_utf8_validate (narrow_dst, -1, NULL) &&
                         g_utf8_validate (narrow_src, -1, NULL);

      text_dst = decode_narrow (narrow_dst, is_utf8);
      text_src = decode_narrow (narrow_src, is_utf8);
    }
  else if (type == PT_UNICODE)
    {
      text_dst = mapi_wide_to_utf8 (lpSPropValueDst->Value.lpszW);
      text_src = mapi_wide_to_utf8 (lpSPropValueSrc->Value.lpszW);
    }
  else
    {
      return FALSE;
    }
  if ((ulFuzzyLevel & 0xFFFF0000) == 0)
    return contains (text_dst, strlen (text_dst), text_src, strlen (text_src), how);
  folded_dst = fold_text (text_dst, ulFuzzyLevel);
  folded_src = fold_text (text_src, ulFuzzyLevel);
  return contains (folded_dst, strlen (folded_dst), folded_src, strlen (folded_src), how);
}

BOOL
FEqualNames (LPMAPINAMEID lpName1,
             LPMAPINAMEID lpName2)
{
  if (lpName1 == NULL || lpName2 == NULL || lpName1->lpguid == NULL || lpName2->lpguid == NULL)
    return FALSE;
  if (!mapi_guid_equal (lpName1->lpguid, lpName2->lpguid) || lpName1->ulKind != lpName2->ulKind)
    return FALSE;
  if (lpName1->ulKind == MNID_ID)
    return lpName1->Kind.lID == lpName2->Kind.lID;
  if (lpName1->Kind.lpwstrName == NULL || lpName2->Kind.lpwstrName == NULL)
    return FALSE;
  return compare_wide (lpName1->Kind.lpwstrName, lpName2->Kind.lpwstrName) == 0;
}

void
mapi_value_set_error (SPropValue *value,
                      ULONG       tag,
                      SCODE       scode)
{
  memset (value, 0, sizeof *value);
  value->ulPropTag = PROP_TAG (PT_ERROR, PROP_ID (tag));
  value->Value.err = scode;
}
