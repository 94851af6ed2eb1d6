/* test-helpers.c - memory, start-up, and the helpers that need no object
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <mapiutil.h>
#include <imessage.h>

#include "mapi-test.h"

static WCHAR wide_text[] = { 'a', 0xE9, 'z', 0 };

static void
test_start_up (void)
{
  MAPIINIT_0 init = { MAPI_INIT_VERSION, MAPI_MULTITHREAD_NOTIFICATIONS | MAPI_NO_COINIT };
  MAPIINIT_0 version = { 1, 0 };
  MAPIINIT_0 flags = { MAPI_INIT_VERSION, 0x2 };

  MAPIUninitialize ();
  CHECK_HR (MAPIInitialize (NULL), S_OK);
  CHECK_HR (MAPIInitialize (&init), S_OK);
  CHECK_HR (MAPIInitialize (&version), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (MAPIInitialize (&flags), MAPI_E_UNKNOWN_FLAGS);
  MAPIUninitialize ();
  MAPIUninitialize ();
  CHECK_HR (ScInitMapiUtil (0), S_OK);
  CHECK_HR (ScInitMapiUtil (1), MAPI_E_UNKNOWN_FLAGS);
  DeinitMapiUtil ();
}

static void
test_buffers (void)
{
  LPVOID base, more, empty, grown;
  int i;

  CHECK_HR (MAPIAllocateBuffer (10, &base), S_OK);
  CHECK (((ULONG_PTR) base & 15) == 0);
  memset (base, 7, 10);
  for (i = 0; i < 100; i++)
    {
      CHECK_HR (MAPIAllocateMore ((ULONG) i, base, &more), S_OK);
      CHECK (((ULONG_PTR) more & 15) == 0);
      memset (more, i, (size_t) i);
    }
  CHECK_HR (MAPIReallocateBuffer (base, 100000, &grown), S_OK);
  CHECK (((BYTE *) grown)[9] == 7);
  CHECK (MAPIFreeBuffer (grown) == 0);
  CHECK_HR (MAPIAllocateBuffer (0, &empty), S_OK);
  CHECK (empty != NULL);
  MAPIFreeBuffer (empty);
  CHECK (MAPIFreeBuffer (NULL) == 0);
  CHECK_HR (MAPIAllocateBuffer (1, NULL), MAPI_E_INVALID_PARAMETER);
  more = &i;
  CHECK_HR (MAPIAllocateMore (1, NULL, &more), MAPI_E_INVALID_PARAMETER);
  CHECK (more == NULL);
  CHECK_HR (MAPIReallocateBuffer (NULL, 5, &grown), S_OK);
  MAPIFreeBuffer (grown);
}

static void
test_task_memory (void)
{
  LPMALLOC malloc_1 = MAPIGetDefaultMalloc ();
  LPMALLOC malloc_2 = NULL;
  LPVOID block;

  CHECK (malloc_1 != NULL);
  CHECK_HR (CoGetMalloc (2, &malloc_2), E_INVALIDARG);
  CHECK_HR (CoGetMalloc (MEMCTX_TASK, &malloc_2), S_OK);
  block = malloc_2->lpVtbl->Alloc (malloc_2, 40);
  CHECK (malloc_2->lpVtbl->GetSize (malloc_2, block) >= 40);
  CHECK (malloc_2->lpVtbl->GetSize (malloc_2, NULL) == (SIZE_T) -1);
  CHECK (malloc_2->lpVtbl->DidAlloc (malloc_2, NULL) == -1);
  block = CoTaskMemRealloc (block, 400);
  malloc_1->lpVtbl->HeapMinimize (malloc_1);
  malloc_1->lpVtbl->Free (malloc_1, block);
  malloc_2->lpVtbl->Release (malloc_2);
  block = CoTaskMemAlloc (0);
  CHECK (block != NULL);
  CHECK (CoTaskMemRealloc (block, 0) == NULL);
  CoTaskMemFree (NULL);
}

static void
test_find (void)
{
  SPropValue values[3];

  memset (values, 0, sizeof values);
  values[0].ulPropTag = PROP_TAG (PT_ERROR, 0x0037);
  values[1].ulPropTag = PR_IMPORTANCE;
  values[2].ulPropTag = PR_SUBJECT_W;
  CHECK (PpropFindProp (values, 3, PR_SUBJECT_W) == &values[2]);
  CHECK (PpropFindProp (values, 3, PR_SUBJECT_A) == NULL);
  CHECK (PpropFindProp (values, 3, CHANGE_PROP_TYPE (PR_SUBJECT_W, PT_UNSPECIFIED)) == values);
  CHECK (PpropFindProp (NULL, 0, PR_SUBJECT_W) == NULL);
  CHECK (LpValFindProp (PR_SUBJECT_A, 3, values) == values);
}

/* Values of every type, held by static data */
static BYTE bytes_1[] = { 1, 2, 3, 4, 5 };
static GUID guids[2] = { { 1, 2, 3, { 4, 5, 6, 7, 8, 9, 10, 11 } }, { 2, 0, 0, { 0 } } };
static char text_1[] = "one", text_2[] = "twenty";
static LPSTR texts[] = { text_1, text_2 };
static LPWSTR wide_texts[] = { wide_text, wide_text + 1 };
static SBinary binaries[] = { { 5, bytes_1 }, { 0, NULL } };
static LONG longs[] = { 1, -2, 3 };
static int16_t shorts[] = { 1, -2 };
static double doubles[] = { 0.5, 1.5 };
static float floats[] = { 0.5f };
static FILETIME times[] = { { 1, 2 }, { 3, 4 } };
static LARGE_INTEGER bigs[2];
static CURRENCY moneys[2];

#define N_VALUES 27
static SPropValue values[N_VALUES];

static void
fill_values (void)
{
  static const ULONG types[N_VALUES] = {
    PT_I2, PT_LONG, PT_R4, PT_DOUBLE, PT_CURRENCY, PT_APPTIME, PT_ERROR, PT_BOOLEAN, PT_I8,
    PT_STRING8, PT_UNICODE, PT_SYSTIME, PT_CLSID, PT_BINARY, PT_MV_I2, PT_MV_LONG, PT_MV_R4,
    PT_MV_DOUBLE, PT_MV_CURRENCY, PT_MV_APPTIME, PT_MV_I8, PT_MV_STRING8, PT_MV_UNICODE,
    PT_MV_SYSTIME, PT_MV_CLSID, PT_MV_BINARY, PT_NULL
  };
  ULONG i;

  memset (values, 0, sizeof values);
  for (i = 0; i < N_VALUES; i++)
    values[i].ulPropTag = PROP_TAG (types[i], 0x6800 + i);
  bigs[0].QuadPart = -5;
  bigs[1].QuadPart = 1LL << 40;
  moneys[0].int64 = 12345;
  values[0].Value.i = -2;
  values[1].Value.l = -3;
  values[2].Value.flt = 2.5f;
  values[3].Value.dbl = 3.5;
  values[4].Value.cur = moneys[0];
  values[5].Value.at = 4.5;
  values[6].Value.err = MAPI_E_NOT_FOUND;
  values[7].Value.b = 1;
  values[8].Value.li = bigs[1];
  values[9].Value.lpszA = text_1;
  values[10].Value.lpszW = wide_text;
  values[11].Value.ft = times[0];
  values[12].Value.lpguid = guids;
  values[13].Value.bin = binaries[0];
  values[14].Value.MVi.cValues = 2;
  values[14].Value.MVi.lpi = shorts;
  values[15].Value.MVl.cValues = 3;
  values[15].Value.MVl.lpl = longs;
  values[16].Value.MVflt.cValues = 1;
  values[16].Value.MVflt.lpflt = floats;
  values[17].Value.MVdbl.cValues = 2;
  values[17].Value.MVdbl.lpdbl = doubles;
  values[18].Value.MVcur.cValues = 2;
  values[18].Value.MVcur.lpcur = moneys;
  values[19].Value.MVat.cValues = 2;
  values[19].Value.MVat.lpat = doubles;
  values[20].Value.MVli.cValues = 2;
  values[20].Value.MVli.lpli = bigs;
  values[21].Value.MVszA.cValues = 2;
  values[21].Value.MVszA.lppszA = texts;
  values[22].Value.MVszW.cValues = 2;
  values[22].Value.MVszW.lppszW = wide_texts;
  values[23].Value.MVft.cValues = 2;
  values[23].Value.MVft.lpft = times;
  values[24].Value.MVguid.cValues = 2;
  values[24].Value.MVguid.lpguid = guids;
  values[25].Value.MVbin.cValues = 2;
  values[25].Value.MVbin.lpbin = binaries;
}

static void
test_copy (void)
{
  LPVOID base;
  ULONG i;
  SPropValue object;

  fill_values ();
  MAPIAllocateBuffer (N_VALUES * sizeof (SPropValue), &base);
  for (i = 0; i < N_VALUES; i++)
    {
      LPSPropValue copy = (LPSPropValue) base + i;

      CHECK_HR (PropCopyMore (copy, &values[i], MAPIAllocateMore, base), S_OK);
      CHECK (LPropCompareProp (copy, &values[i]) == 0);
      if (PROP_TYPE (values[i].ulPropTag) >= PT_STRING8 &&
          PROP_TYPE (values[i].ulPropTag) != PT_SYSTIME &&
          PROP_TYPE (values[i].ulPropTag) != PT_BINARY)
        CHECK ((values[i].ulPropTag & MV_FLAG) != 0
                 ? copy->Value.MVi.lpi != values[i].Value.MVi.lpi
                 : copy->Value.lpv != values[i].Value.lpv);
    }
  MAPIFreeBuffer (base);
  memset (&object, 0, sizeof object);
  object.ulPropTag = PR_ATTACH_DATA_OBJ;
  CHECK_HR (PropCopyMore (&object, &object, MAPIAllocateMore, NULL), MAPI_E_NO_SUPPORT);
}

static void
test_flat (void)
{
  ULONG counted = 0, copied = 0, i;
  LPVOID block, moved;
  LPSPropValue copy;
  SPropValue bad;

  fill_values ();
  CHECK_HR (ScCountProps (N_VALUES - 1, values, &counted), S_OK);
  CHECK (counted > (N_VALUES - 1) * sizeof (SPropValue) && counted % 8 == 0);
  MAPIAllocateBuffer (counted, &block);
  CHECK_HR (ScCopyProps (N_VALUES - 1, values, block, &copied), S_OK);
  CHECK (counted == copied);
  copy = (LPSPropValue) block;
  for (i = 0; i < N_VALUES - 1; i++)
    CHECK (LPropCompareProp (&copy[i], &values[i]) == 0);

  /* To base 0, through other memory, and to its new place */
  CHECK_HR (ScRelocProps (N_VALUES - 1, copy, block, NULL, &copied), S_OK);
  CHECK (copied == counted);
  CHECK ((ULONG_PTR) copy[9].Value.lpszA < counted);
  MAPIAllocateBuffer (counted, &moved);
  memcpy (moved, block, counted);
  MAPIFreeBuffer (block);
  copy = (LPSPropValue) moved;
  CHECK_HR (ScRelocProps (N_VALUES - 1, copy, NULL, moved, &copied), S_OK);
  CHECK (copied == counted);
  for (i = 0; i < N_VALUES - 1; i++)
    CHECK (LPropCompareProp (&copy[i], &values[i]) == 0);
  MAPIFreeBuffer (moved);

  CHECK_HR (ScDupPropset (N_VALUES - 1, values, MAPIAllocateBuffer, &copy), S_OK);
  CHECK (LPropCompareProp (&copy[25], &values[25]) == 0);
  MAPIFreeBuffer (copy);

  memset (&bad, 0, sizeof bad);
  bad.ulPropTag = PR_NULL;
  CHECK_HR (ScCountProps (1, &bad, NULL), MAPI_E_INVALID_PARAMETER);
  bad.ulPropTag = PROP_TAG (PT_LONG, 0xFFFF);
  CHECK_HR (ScCountProps (1, &bad, NULL), MAPI_E_INVALID_PARAMETER);
  bad.ulPropTag = PROP_TAG (PT_MV_LONG, 0x6800);
  CHECK_HR (ScCountProps (1, &bad, NULL), MAPI_E_INVALID_PARAMETER);
  bad.ulPropTag = PROP_TAG (0x77, 0x6800);
  CHECK_HR (ScCountProps (1, &bad, NULL), MAPI_E_INVALID_PARAMETER);
  bad.ulPropTag = PR_SUBJECT_A;
  CHECK_HR (ScCountProps (1, &bad, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (ScCountProps (0, NULL, &counted), S_OK);
  CHECK (counted == 0);
}

static void
test_measure (void)
{
  SPropValue one;

  fill_values ();
  CHECK (UlPropSize (&values[0]) == 2 && UlPropSize (&values[1]) == 4);
  CHECK (UlPropSize (&values[9]) == 4 && UlPropSize (&values[10]) == 8);
  CHECK (UlPropSize (&values[12]) == 16 && UlPropSize (&values[13]) == 5);
  CHECK (UlPropSize (&values[15]) == 12 && UlPropSize (&values[21]) == 4 + 7);
  CHECK (UlPropSize (&values[25]) == 5);
  GetInstance (&values[15], &one, 1);
  CHECK (one.ulPropTag == PROP_TAG (PT_LONG, PROP_ID (values[15].ulPropTag)));
  CHECK (one.Value.l == -2);
  GetInstance (&values[21], &one, 1);
  CHECK (one.Value.lpszA == text_2);
  GetInstance (&values[24], &one, 1);
  CHECK (PROP_TYPE (one.ulPropTag) == PT_CLSID && one.Value.lpguid == &guids[1]);
  GetInstance (&values[25], &one, 0);
  CHECK (one.Value.bin.lpb == bytes_1);
}

static void
test_compare (void)
{
  SPropValue a, b;
  WCHAR abc[] = { 'A', 'b', 'c', 0 };
  WCHAR bc[] = { 'B', 'C', 0 };

  memset (&a, 0, sizeof a);
  b = a;
  a.ulPropTag = b.ulPropTag = PR_IMPORTANCE;
  a.Value.l = -1;
  b.Value.l = 1;
  CHECK (LPropCompareProp (&a, &b) < 0 && LPropCompareProp (&b, &a) > 0);
  CHECK (FPropCompareProp (&a, RELOP_LT, &b) && FPropCompareProp (&a, RELOP_NE, &b));
  CHECK (!FPropCompareProp (&a, RELOP_GE, &b) && !FPropCompareProp (&a, RELOP_RE, &a));
  b.ulPropTag = PR_SUBJECT_A;
  b.Value.lpszA = text_1;
  CHECK (!FPropCompareProp (&a, RELOP_NE, &b) && LPropCompareProp (&a, &b) < 0);
  a.ulPropTag = b.ulPropTag = PR_SUBJECT_W;
  a.Value.lpszW = abc;
  b.Value.lpszW = bc;
  CHECK (!FPropContainsProp (&a, &b, FL_SUBSTRING));
  CHECK (FPropContainsProp (&a, &b, FL_SUBSTRING | FL_IGNORECASE));
  CHECK (!FPropContainsProp (&a, &b, FL_PREFIX | FL_IGNORECASE));
  CHECK (FPropContainsProp (&a, &a, FL_FULLSTRING) && FPropContainsProp (&a, &a, 0x77));
  b.Value.lpszW = abc;
  abc[0] = 0xC9;
  a.Value.lpszW = bc;
  bc[0] = 'e', bc[1] = 0;
  CHECK (FPropContainsProp (&b, &a, FL_PREFIX | FL_LOOSE));
  CHECK (!FPropContainsProp (&b, &a, FL_PREFIX | FL_IGNORECASE));
  /* What is no UTF-8 has a letter in each byte. */
  a.ulPropTag = b.ulPropTag = PR_SUBJECT_A;
  a.Value.lpszA = (LPSTR) "caf\xE9";
  b.Value.lpszA = (LPSTR) "caf\xE8";
  CHECK (!FPropContainsProp (&a, &b, FL_FULLSTRING | FL_IGNORECASE));
  b.Value.lpszA = (LPSTR) "CAF\xC9";
  CHECK (FPropContainsProp (&a, &b, FL_FULLSTRING | FL_IGNORECASE));
}

static void
test_names (void)
{
  MAPINAMEID a, b;
  GUID set;

  memset (&a, 0, sizeof a);
  memset (&b, 0xFF, sizeof b);
  set = PS_PUBLIC_STRINGS;
  a.lpguid = &set;
  b.lpguid = (LPGUID) &PS_PUBLIC_STRINGS;
  a.ulKind = b.ulKind = MNID_ID;
  a.Kind.lID = b.Kind.lID = 7;
  CHECK (FEqualNames (&a, &b));
  b.Kind.lID = 8;
  CHECK (!FEqualNames (&a, &b));
  a.ulKind = b.ulKind = MNID_STRING;
  a.Kind.lpwstrName = b.Kind.lpwstrName = wide_text;
  CHECK (FEqualNames (&a, &b));
  b.Kind.lpwstrName = wide_text + 1;
  CHECK (!FEqualNames (&a, &b));
}

static void
test_hex (void)
{
  char text[11];
  BYTE bytes[5] = { 0 };
  char odd[] = "123", bad[] = "12G4", fine[] = "0a0B", longer[] = "0102030405";
  LPSTR sz;
  ULONG cb;
  LPENTRYID entry;

  HexFromBin (bytes_1, 5, text);
  CHECK_TEXT (text, "0102030405");
  CHECK (FBinFromHex (text, bytes) && memcmp (bytes, bytes_1, 5) == 0);
  CHECK (!FBinFromHex (odd, bytes) && !FBinFromHex (bad, bytes));
  CHECK (FBinFromHex (fine, bytes) && bytes[0] == 10 && bytes[1] == 11);
  CHECK_HR (ScBinFromHexBounded (longer, bytes, 4), MAPI_E_CALL_FAILED);
  CHECK_HR (ScBinFromHexBounded (longer, bytes, 5), S_OK);
  CHECK_HR (ScBinFromHexBounded (bad, bytes, 5), MAPI_E_CALL_FAILED);
  CHECK (UlFromSzHex ("5g5h") == 5 && UlFromSzHex ("fF") == 255 && UlFromSzHex ("x") == 0);
  CHECK (UFromSz ("12a") == 12 && UFromSz (" 12") == 0 && UFromSz ("-1") == 0);
  CHECK_HR (HrSzFromEntryID (5, (LPENTRYID) bytes_1, &sz), S_OK);
  CHECK_TEXT (sz, "0102030405");
  CHECK_HR (HrEntryIDFromSz (sz, &cb, &entry), S_OK);
  CHECK (cb == 5 && memcmp (entry, bytes_1, 5) == 0);
  MAPIFreeBuffer (sz);
  MAPIFreeBuffer (entry);
  CHECK_HR (HrEntryIDFromSz (odd, &cb, &entry), MAPI_E_INVALID_ENTRYID);
}

static void
test_text_search (void)
{
  static const char text[] = "a,b,c";

  CHECK (SzFindCh (text, ',') == text + 1 && SzFindLastCh (text, ',') == text + 3);
  CHECK (SzFindCh (text, 'x') == NULL && SzFindCh (NULL, 'x') == NULL);
  CHECK (SzFindSz (text, "b,") == text + 2 && SzFindSz (text, NULL) == NULL);
}

static void
test_filetime (void)
{
  FILETIME a = { 0xFFFFFFFF, 0 }, one = { 1, 0 }, sum;

  sum = FtAddFt (a, one);
  CHECK (sum.dwLowDateTime == 0 && sum.dwHighDateTime == 1);
  sum = FtSubFt (sum, one);
  CHECK (sum.dwLowDateTime == 0xFFFFFFFF && sum.dwHighDateTime == 0);
  sum = FtNegFt (one);
  CHECK (sum.dwLowDateTime == 0xFFFFFFFF && sum.dwHighDateTime == 0xFFFFFFFF);
  sum = FtMulDwDw (0x80000000, 4);
  CHECK (sum.dwLowDateTime == 0 && sum.dwHighDateTime == 2);
  sum = FtMulDw (2, a);
  CHECK (sum.dwLowDateTime == 0xFFFFFFFE && sum.dwHighDateTime == 1);
}

static void
test_identity (void)
{
  static const BYTE one_off[] = {
    0, 0, 0, 0, 0x81, 0x2B, 0x1F, 0xA4, 0xBE, 0xA3, 0x10, 0x19, 0x9D, 0x6E, 0x00, 0xDD, 0x01, 0x0F,
    0x54, 0x02, 0, 0, 1, 0, 'A', ' ', 'B', 0, 'S', 'M', 'T', 'P', 0, 'a', '@', 'b', 0
  };
  static char name[] = "A B", type[] = "SMTP", address[] = "a@b";
  ULONG cb = 0, cb_reply = 0, cb_again = 0;
  LPBYTE index = NULL, reply = NULL, again = NULL;
  LPENTRYID entry = NULL;

  CHECK_HR (ScCreateConversationIndex (0, NULL, &cb, &index), S_OK);
  CHECK (cb == 22 && index[0] == 1);
  CHECK_HR (ScCreateConversationIndex (cb, index, &cb_reply, &reply), S_OK);
  CHECK (cb_reply == 27 && memcmp (index, reply, 22) == 0 && reply[22] == 0);
  CHECK_HR (ScCreateConversationIndex (cb - 1, index, &cb_again, &again), S_OK);
  CHECK (cb_again == 22 && memcmp (index + 6, again + 6, 16) != 0);
  MAPIFreeBuffer (index);
  MAPIFreeBuffer (reply);
  MAPIFreeBuffer (again);

  CHECK_HR (ImsgCreateOneOff ((LPTSTR) name, (LPTSTR) type, (LPTSTR) address,
                              MAPI_SEND_NO_RICH_INFO, &cb, &entry), S_OK);
  CHECK (cb == sizeof one_off && memcmp (entry, one_off, cb) == 0);
  MAPIFreeBuffer (entry);
  CHECK_HR (ImsgCreateOneOff (NULL, NULL, (LPTSTR) address, 0, &cb, &entry),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (ImsgCreateOneOff (NULL, (LPTSTR) type, (LPTSTR) address, 1, &cb, &entry),
            MAPI_E_UNKNOWN_FLAGS);
}

static void
test_validity (void)
{
  SPropValue good, bad;
  SRow row;
  SizedSPropTagArray (2, tags) = { 2, { PR_NULL, PR_SUBJECT_W } };
  SizedSSortOrderSet (1, order) = { 1, 0, 0, { { PR_SUBJECT_W, TABLE_SORT_DESCEND } } };
  SRestriction restriction;

  memset (&good, 0, sizeof good);
  good.ulPropTag = PR_IMPORTANCE;
  bad = good;
  bad.ulPropTag = PROP_TAG (0x99, 0x1000);
  CHECK (!FBadPropTag (PR_SUBJECT_W) && FBadPropTag (bad.ulPropTag));
  CHECK (!FBadProp (&good) && FBadProp (&bad) && FBadProp (NULL));
  row.cValues = 1;
  row.lpProps = &good;
  CHECK (!FBadRow (&row) && FBadRow (NULL));
  row.lpProps = &bad;
  CHECK (FBadRow (&row));
  CHECK (!FBadColumnSet ((LPSPropTagArray) &tags));
  tags.aulPropTag[1] = PROP_TAG (PT_ERROR, 0x37);
  CHECK (FBadColumnSet ((LPSPropTagArray) &tags));
  CHECK (!FBadSortOrderSet ((LPSSortOrderSet) &order));
  order.aSort[0].ulOrder = 77;
  CHECK (FBadSortOrderSet ((LPSSortOrderSet) &order));
  memset (&restriction, 0, sizeof restriction);
  restriction.rt = RES_EXIST;
  restriction.res.resExist.ulPropTag = PR_SUBJECT_W;
  CHECK (!FBadRestriction (&restriction));
  restriction.rt = RES_AND;
  restriction.res.resAnd.cRes = 1;
  restriction.res.resAnd.lpRes = NULL;
  CHECK (FBadRestriction (&restriction));
  restriction.res.resAnd.lpRes = &restriction; /* a circle */
  CHECK (FBadRestriction (&restriction));
  CHECK (!FBadPropVal (&good) && FBadRgPropVal (&bad, 1));
}

static int n_called;
static ULONG last_event;

static LONG
notify (LPVOID context, ULONG n, LPNOTIFICATION notifications)
{
  n_called += (int) n;
  last_event = notifications[0].info.tab.ulTableEvent;
  *(int *) context += 1;
  return S_OK;
}

static void
test_sinks (void)
{
  LPMAPIADVISESINK sink = NULL, wrapper = NULL;
  LPVOID object = NULL;
  NOTIFICATION notification;
  SPropValue column;
  int context = 0;
  ULONG counted, copied;
  LPVOID block;

  CHECK_HR (HrAllocAdviseSink (NULL, NULL, &sink), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (HrAllocAdviseSink (notify, &context, &sink), S_OK);
  CHECK_HR (sink->lpVtbl->QueryInterface (sink, &IID_IMAPIAdviseSink, &object), S_OK);
  CHECK (object == sink);
  UlRelease (object);
  CHECK_HR (sink->lpVtbl->QueryInterface (sink, &IID_IMessage, &object),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK (object == NULL);

  memset (&notification, 0, sizeof notification);
  memset (&column, 0, sizeof column);
  column.ulPropTag = PR_DISPLAY_NAME_A;
  column.Value.lpszA = text_1;
  notification.ulEventType = fnevTableModified;
  notification.info.tab.ulTableEvent = TABLE_ROW_ADDED;
  notification.info.tab.propIndex.ulPropTag = PR_INSTANCE_KEY;
  notification.info.tab.propIndex.Value.bin.cb = 5;
  notification.info.tab.propIndex.Value.bin.lpb = bytes_1;
  notification.info.tab.propPrior.ulPropTag = PR_NULL;
  notification.info.tab.row.cValues = 1;
  notification.info.tab.row.lpProps = &column;
  CHECK (sink->lpVtbl->OnNotify (sink, 1, &notification) == S_OK);
  CHECK (context == 1 && last_event == TABLE_ROW_ADDED);

  CHECK_HR (HrThisThreadAdviseSink (sink, &wrapper), S_OK);
  wrapper->lpVtbl->OnNotify (wrapper, 1, &notification);
  CHECK (context == 1);
  CHECK_HR (HrDispatchNotifications (1), MAPI_E_UNKNOWN_FLAGS);
  CHECK_HR (HrDispatchNotifications (0), S_OK);
  CHECK (context == 2);
  CHECK (UlRelease (wrapper) == 0);
  CHECK (UlAddRef (sink) == 2 && UlRelease (sink) == 1);

  CHECK_HR (ScCountNotifications (1, &notification, &counted), S_OK);
  MAPIAllocateBuffer (counted, &block);
  CHECK_HR (ScCopyNotifications (1, &notification, block, &copied), S_OK);
  CHECK (counted == copied);
  CHECK_TEXT (((LPNOTIFICATION) block)->info.tab.row.lpProps->Value.lpszA, "one");
  CHECK_HR (ScRelocNotifications (1, (LPNOTIFICATION) block, block, NULL, NULL), S_OK);
  CHECK_HR (ScRelocNotifications (1, (LPNOTIFICATION) block, NULL, block, NULL), S_OK);
  CHECK_TEXT (((LPNOTIFICATION) block)->info.tab.row.lpProps->Value.lpszA, "one");
  MAPIFreeBuffer (block);
  notification.ulEventType = 0x12345;
  CHECK_HR (ScCountNotifications (1, &notification, &counted), MAPI_E_INVALID_PARAMETER);
  CHECK (UlRelease (sink) == 0);
}

/* Errors come with their texts, and events about no row with keys that are all zero. */
static void
test_flat_notifications (void)
{
  static char text[] = "what went wrong", component[] = "who";
  NOTIFICATION notifications[2], *copies;
  MAPIERROR error;
  LPVOID block = NULL, moved = NULL;
  ULONG counted = 0, copied = 0;

  memset (notifications, 0, sizeof notifications);
  memset (&error, 0, sizeof error);
  error.lpszError = (LPTSTR) text;
  error.lpszComponent = (LPTSTR) component;
  notifications[0].ulEventType = fnevTableModified;
  notifications[0].info.tab.ulTableEvent = TABLE_CHANGED;
  notifications[1].ulEventType = fnevCriticalError;
  notifications[1].info.err.scode = MAPI_E_DISK_ERROR;
  notifications[1].info.err.lpMAPIError = &error;
  CHECK_HR (ScCountNotifications (2, notifications, &counted), S_OK);
  MAPIAllocateBuffer (counted, &block);
  CHECK_HR (ScCopyNotifications (2, notifications, block, &copied), S_OK);
  CHECK (counted == copied);
  MAPIAllocateBuffer (counted, &moved);
  memcpy (moved, block, counted);
  copies = moved;
  CHECK_HR (ScRelocNotifications (2, copies, block, moved, NULL), S_OK);
  MAPIFreeBuffer (block);
  CHECK (copies[0].info.tab.ulTableEvent == TABLE_CHANGED);
  CHECK (copies[1].info.err.lpMAPIError != NULL);
  if (copies[1].info.err.lpMAPIError != NULL)
    {
      CHECK_TEXT ((char *) copies[1].info.err.lpMAPIError->lpszError, "what went wrong");
      CHECK_TEXT ((char *) copies[1].info.err.lpMAPIError->lpszComponent, "who");
    }
  MAPIFreeBuffer (moved);
}

static void
test_storage_codes (void)
{
  static const struct
  {
    SCODE storage;
    SCODE mapi;
  } codes[] = {
    { S_OK, S_OK }, { S_FALSE, S_OK }, { STG_S_CONVERTED, S_OK },
    { MAPI_E_NOT_FOUND, MAPI_E_NOT_FOUND }, { E_OUTOFMEMORY, MAPI_E_NOT_ENOUGH_MEMORY },
    { E_NOTIMPL, MAPI_E_NO_SUPPORT }, { STG_E_FILENOTFOUND, MAPI_E_NOT_FOUND },
    { STG_E_ACCESSDENIED, MAPI_E_NO_ACCESS }, { STG_E_MEDIUMFULL, MAPI_E_NOT_ENOUGH_DISK },
    { STG_E_INVALIDHEADER, MAPI_E_CORRUPT_DATA }, { STG_E_NOTCURRENT, MAPI_E_OBJECT_CHANGED },
    { STG_E_REVERTED, MAPI_E_OBJECT_DELETED }, { STG_E_INUSE, MAPI_E_BUSY },
    { STG_E_UNKNOWN, MAPI_E_CALL_FAILED }, { E_UNEXPECTED, MAPI_E_CALL_FAILED },
    { STG_E_DOCFILETOOLARGE, MAPI_E_TOO_BIG }, { STG_E_INVALIDFLAG, MAPI_E_UNKNOWN_FLAGS },
  };
  size_t i;

  for (i = 0; i < sizeof codes / sizeof codes[0]; i++)
    CHECK_HR (MapStorageSCode (codes[i].storage), codes[i].mapi);
}

int
main (void)
{
  RUN (test_start_up);
  RUN (test_buffers);
  RUN (test_task_memory);
  RUN (test_find);
  RUN (test_copy);
  RUN (test_flat);
  RUN (test_measure);
  RUN (test_compare);
  RUN (test_names);
  RUN (test_hex);
  RUN (test_text_search);
  RUN (test_filetime);
  RUN (test_identity);
  RUN (test_validity);
  RUN (test_sinks);
  RUN (test_flat_notifications);
  RUN (test_storage_codes);
  return finish_tests ();
}
