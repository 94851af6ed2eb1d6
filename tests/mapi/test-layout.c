/* test-layout.c - sizes, offsets and macros, as C99 and as C++11
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#define COBJMACROS
#include <windows.h>
#include <mapix.h>
#include <imessage.h>
#include <mapiutil.h>
#include <mapival.h>
#include <shlwapi.h>

#include "mapi-test.h"

#define SIZE(type, n) { #type, sizeof (type), n }
#define OFFSET(type, member, n) { #type "." #member, offsetof (type, member), n }

static const struct
{
  const char *what;
  size_t      is;
  size_t      should;
} layouts[] = {
  SIZE (BYTE, 1), SIZE (BOOL, 4), SIZE (WORD, 2), SIZE (USHORT, 2), SIZE (CLIPFORMAT, 2),
  SIZE (ULONG, 4), SIZE (DWORD, 4), SIZE (UINT, 4), SIZE (LCID, 4), SIZE (LONG, 4),
  SIZE (SCODE, 4), SIZE (HRESULT, 4), SIZE (LONGLONG, 8), SIZE (ULONGLONG, 8),
  SIZE (ULONG_PTR, 8), SIZE (LONG_PTR, 8), SIZE (SIZE_T, 8), SIZE (BOOKMARK, 8),
  SIZE (LHANDLE, 8), SIZE (HGLOBAL, 8), SIZE (WCHAR, 2), SIZE (OLECHAR, 2), SIZE (FILETIME, 8),
  SIZE (LARGE_INTEGER, 8), SIZE (ULARGE_INTEGER, 8), SIZE (CURRENCY, 8), SIZE (GUID, 16),
  SIZE (MAPIUID, 16), SIZE (SBinary, 16), SIZE (SShortArray, 16), SIZE (SGuidArray, 16),
  SIZE (SLargeIntegerArray, 16), SIZE (__UPV, 16), SIZE (SPropValue, 24),
  OFFSET (SPropValue, ulPropTag, 0), OFFSET (SPropValue, dwAlignPad, 4),
  OFFSET (SPropValue, Value, 8), SIZE (SPropTagArray, 8), OFFSET (SPropTagArray, aulPropTag, 4),
  SIZE (SPropAttrArray, 8), OFFSET (SPropAttrArray, aPropAttr, 4), SIZE (SPropProblem, 12),
  SIZE (SPropProblemArray, 16), OFFSET (SPropProblemArray, aProblem, 4), SIZE (ADRENTRY, 16),
  SIZE (SRow, 16), OFFSET (SRow, cValues, 4), OFFSET (SRow, lpProps, 8), SIZE (ADRLIST, 24),
  OFFSET (ADRLIST, aEntries, 8), SIZE (SRowSet, 24), OFFSET (SRowSet, aRow, 8),
  SIZE (SSortOrder, 8), SIZE (SSortOrderSet, 20), OFFSET (SSortOrderSet, aSort, 12),
  SIZE (MAPINAMEID, 24), OFFSET (MAPINAMEID, ulKind, 8), OFFSET (MAPINAMEID, Kind, 16),
  SIZE (MAPIERROR, 32), OFFSET (MAPIERROR, lpszError, 8), OFFSET (MAPIERROR, lpszComponent, 16),
  OFFSET (MAPIERROR, ulLowLevelError, 24), OFFSET (MAPIERROR, ulContext, 28), SIZE (ENTRYID, 5),
  OFFSET (ENTRYID, ab, 4), SIZE (FLATENTRY, 8), OFFSET (FLATENTRY, abEntry, 4),
  SIZE (FLATENTRYLIST, 12), OFFSET (FLATENTRYLIST, abEntries, 8), SIZE (ENTRYLIST, 16),
  SIZE (MTSID, 8), SIZE (FLATMTSIDLIST, 12), SIZE (SRestriction, 32),
  OFFSET (SRestriction, res, 8), SIZE (SAndRestriction, 16), SIZE (SNotRestriction, 16),
  SIZE (SContentRestriction, 16), OFFSET (SContentRestriction, lpProp, 8),
  SIZE (SComparePropsRestriction, 12), SIZE (SBitMaskRestriction, 12), SIZE (SSizeRestriction, 12),
  SIZE (SExistRestriction, 12), SIZE (SCommentRestriction, 24),
  OFFSET (SCommentRestriction, lpProp, 16), SIZE (NOTIFICATION, 88),
  OFFSET (NOTIFICATION, info, 8), SIZE (TABLE_NOTIFICATION, 80),
  OFFSET (TABLE_NOTIFICATION, propIndex, 8), OFFSET (TABLE_NOTIFICATION, propPrior, 32),
  OFFSET (TABLE_NOTIFICATION, row, 56), OFFSET (TABLE_NOTIFICATION, ulPad, 72),
  SIZE (ERROR_NOTIFICATION, 32), SIZE (NEWMAIL_NOTIFICATION, 56), SIZE (OBJECT_NOTIFICATION, 72),
  SIZE (STATUS_OBJECT_NOTIFICATION, 32), SIZE (EXTENDED_NOTIFICATION, 16), SIZE (STATSTG, 80),
  OFFSET (STATSTG, type, 8), OFFSET (STATSTG, cbSize, 16), OFFSET (STATSTG, mtime, 24),
  OFFSET (STATSTG, grfMode, 48), OFFSET (STATSTG, clsid, 56), OFFSET (STATSTG, grfStateBits, 72),
  SIZE (STGOPTIONS, 16), SIZE (MAPIINIT_0, 8), SIZE (RTF_WCSINFO, 16), SIZE (RTF_WCSRETINFO, 8),
};

static void
test_layouts (void)
{
  size_t i;

  for (i = 0; i < sizeof layouts / sizeof layouts[0]; i++)
    {
      if (layouts[i].is != layouts[i].should)
        printf ("# %s\n", layouts[i].what);
      CHECK (layouts[i].is == layouts[i].should);
    }
}

static void
test_size_macros (void)
{
  SPropTagArray tags = { 3, { 0 } };
  ADRLIST list = { 2, { { 0, 0, NULL } } };
  FLATENTRY entry = { 20, { 0 } };

  CHECK (CbNewSPropTagArray (3) == 16 && CbSPropTagArray (&tags) == 16);
  CHECK (CbNewSPropAttrArray (3) == 16);
  CHECK (CbNewSPropProblemArray (2) == 28);
  CHECK (CbNewADRLIST (2) == 40 && CbADRLIST (&list) == 40);
  CHECK (CbNewSRowSet (2) == 40);
  CHECK (CbNewSSortOrderSet (2) == 28);
  CHECK (CbNewENTRYID (20) == 24 && CbENTRYID (20) == 24);
  CHECK (CbNewFLATENTRY (20) == 24 && CbFLATENTRY (&entry) == 24);
  CHECK (CbNewFLATENTRYLIST (20) == 28);
  CHECK (CbNewMTSID (4) == 8 && CbNewFLATMTSIDLIST (4) == 12);
}

static const SizedSPropTagArray (3, columns) = { 3, { PR_SUBJECT_W, PR_BODY_A, PR_NULL } };

static void
test_tag_macros (void)
{
  SizedSSortOrderSet (1, order) = { 1, 0, 0, { { PR_SUBJECT, TABLE_SORT_ASCEND } } };
  SizedADRLIST (2, recipients);
  LPSPropTagArray tags = (LPSPropTagArray) &columns;

  recipients.cEntries = 2;
  CHECK (recipients.cEntries == 2 && order.cSorts == 1);
  CHECK (tags->cValues == 3 && tags->aulPropTag[2] == PR_NULL);
  CHECK (PROP_TAG (PT_UNICODE, 0x0037) == 0x0037001F && PR_SUBJECT_W == 0x0037001F);
  CHECK (PR_SUBJECT_A == 0x0037001E);
#ifdef UNICODE
  CHECK (PR_SUBJECT == PR_SUBJECT_W && PT_TSTRING == PT_UNICODE && fMapiUnicode == 0x80000000);
  CHECK (sizeof (TCHAR) == 2);
#else
  CHECK (PR_SUBJECT == PR_SUBJECT_A && PT_TSTRING == PT_STRING8 && fMapiUnicode == 0);
  CHECK (sizeof (TCHAR) == 1);
#endif
  CHECK (PROP_ID (PR_BODY) == 0x1000 && PROP_TYPE (PR_HASATTACH) == PT_BOOLEAN);
  CHECK (CHANGE_PROP_TYPE (PR_BODY, PT_BINARY) == 0x10000102);
  CHECK (MVI_PROP (0x0037001F) == 0x0037301F && PT_MV_BINARY == 0x1102);
  CHECK (PR_NULL == 1);
}

static void
test_codes (void)
{
  CHECK ((ULONG) MAPI_E_NOT_FOUND == 0x8004010F && FAILED (MAPI_E_NOT_FOUND));
  CHECK ((ULONG) MAPI_E_INVALID_PARAMETER == 0x80070057);
  CHECK (MAPI_W_ERRORS_RETURNED == 0x00040380 && SUCCEEDED (MAPI_W_ERRORS_RETURNED));
  CHECK (MAPI_E_INVALID_FLAGS == MAPI_E_UNKNOWN_FLAGS);
  CHECK (HR_FAILED (E_FAIL) && HR_SUCCEEDED (hrSuccess) && GetScode (S_OK) == SUCCESS_SUCCESS);
  CHECK (MAKE_MAPI_E (0x10F) == MAPI_E_NOT_FOUND && HRESULT_CODE (STG_E_REVERTED) == 0x102);
  CHECK (HRESULT_FACILITY (STG_E_REVERTED) == FACILITY_STORAGE);
  CHECK (HRESULT_SEVERITY (STG_E_REVERTED) == 1);
}

static void
test_integers (void)
{
  LARGE_INTEGER li;
  ULARGE_INTEGER uli;

  LISet32 (li, -1);
  CHECK (li.QuadPart == -1 && li.HighPart == -1);
  ULISet32 (uli, 0xFFFFFFFF);
  CHECK (uli.QuadPart == 0xFFFFFFFF && uli.u.HighPart == 0);
}

int
main (void)
{
  RUN (test_layouts);
  RUN (test_size_macros);
  RUN (test_tag_macros);
  RUN (test_codes);
  RUN (test_integers);
  return finish_tests ();
}
