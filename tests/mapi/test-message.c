/* test-message.c - sessions, messages, attachments, tables through the MAPI functions
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <mapix.h>
#include <mapiutil.h>
#include <imessage.h>
#include <objbase.h>

#include "mapi-files.h"
#include "mapi-test.h"

#define TRANSACTED (STGM_READWRITE | STGM_TRANSACTED)

static int n_released;
static ULONG released_data;
static LPMESSAGE released_message;

static void
released (ULONG data, LPMESSAGE message)
{
  n_released++;
  released_data = data;
  released_message = message;
}

static LPMESSAGE
open_message (LPMSGSESS session, LPSTORAGE storage, ULONG flags)
{
  LPMESSAGE message = NULL;

  CHECK_HR (OpenIMsgOnIStg (session, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), NULL, storage, released, 77, flags,
                            &message), S_OK);
  return message;
}

static LPMESSAGE
create_message (LPMSGSESS session, const char *name, LPSTORAGE *storage)
{
  LPMESSAGE message;

  CHECK_HR (StgCreateDocfile (path_of (name), TRANSACTED | STGM_CREATE, 0, storage), S_OK);
  message = open_message (session, *storage, MAPI_UNICODE);
  return message;
}

static LPMESSAGE
reopen (const char *name, DWORD mode, LPSTORAGE *storage)
{
  CHECK_HR (StgOpenStorage (path_of (name), NULL, mode, NULL, 0, storage), S_OK);
  return open_message (NULL, *storage, 0);
}

static void
set_text (LPMAPIPROP object, ULONG tag, const char *text)
{
  SPropValue value;

  memset (&value, 0, sizeof value);
  value.ulPropTag = tag;
  if (PROP_TYPE (tag) == PT_UNICODE)
    value.Value.lpszW = wide (text);
  else
    value.Value.lpszA = (LPSTR) text;
  CHECK_HR (HrSetOneProp (object, &value), S_OK);
}

static void
set_long (LPMAPIPROP object, ULONG tag, LONG number)
{
  SPropValue value;

  memset (&value, 0, sizeof value);
  value.ulPropTag = tag;
  value.Value.l = number;
  CHECK_HR (HrSetOneProp (object, &value), S_OK);
}

static int
has_text (LPMAPIPROP object, ULONG tag, const char *text)
{
  LPSPropValue value = NULL;
  int same = 0;

  if (FAILED (HrGetOneProp (object, tag, &value)))
    return 0;
  if (PROP_TYPE (value->ulPropTag) == PT_UNICODE)
    same = same_wide (value->Value.lpszW, wide (text));
  else if (PROP_TYPE (value->ulPropTag) == PT_STRING8)
    same = strcmp (value->Value.lpszA, text) == 0;
  MAPIFreeBuffer (value);
  return same;
}

static LONG
get_long (LPMAPIPROP object, ULONG tag)
{
  LPSPropValue value = NULL;
  LONG number = -12345;

  if (SUCCEEDED (HrGetOneProp (object, tag, &value)))
    number = value->Value.l;
  MAPIFreeBuffer (value);
  return number;
}

#define PROP(p) ((LPMAPIPROP) (p))

/* --- sessions --- */

static void
test_session_parameters (void)
{
  LPMSGSESS session = NULL;

  CHECK_HR (OpenIMsgSession (NULL, 0, &session), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), 0, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), 1, &session), MAPI_E_INVALID_FLAGS);
  CHECK (session == NULL);
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), 1, &session), MAPI_E_UNKNOWN_FLAGS);
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), MAPI_UNICODE, &session), S_OK);
  CHECK (session != NULL);
  CloseIMsgSession (session);
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), 0, &session), S_OK);
  CloseIMsgSession (session);
  CloseIMsgSession (NULL);
}

static void
test_open_parameters (void)
{
  LPMALLOC heap = MAPIGetDefaultMalloc ();
  LPSTORAGE storage = NULL, direct = NULL, empty = NULL;
  LPMESSAGE message = NULL;

  CHECK_HR (StgCreateDocfile (path_of ("parameters.msg"), TRANSACTED | STGM_CREATE, 0, &storage),
            S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                            NULL, NULL, 0, 0, &message), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                            storage, NULL, 0, 0, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, NULL, NULL,
                            storage, NULL, 0, 0, &message), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgOnIStg (NULL, NULL, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL, storage,
                            NULL, 0, 0, &message), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                            storage, NULL, 0, 2, &message), MAPI_E_UNKNOWN_FLAGS);
  CHECK (message == NULL);
  CHECK (UlRelease (storage) == 0);

  CHECK_HR (StgCreateDocfile (path_of ("direct.msg"),
                              STGM_READWRITE | STGM_SHARE_EXCLUSIVE | STGM_CREATE, 0, &direct),
            S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                            direct, NULL, 0, 0, &message), MAPI_E_INVALID_PARAMETER);
  CHECK (UlRelease (direct) == 0);
  CHECK_HR (StgOpenStorage (path_of ("direct.msg"), NULL, STGM_READ | STGM_SHARE_DENY_WRITE, NULL,
                            0, &empty), S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                            empty, NULL, 0, 0, &message), MAPI_E_CORRUPT_DATA);
  CHECK (UlRelease (empty) == 0);
}

/* --- properties --- */

static void
test_every_type (void)
{
  static BYTE bytes[] = { 1, 2, 0, 255 };
  static GUID guids[2] = { { 0x12345678, 2, 3, { 4, 5, 6, 7, 8, 9, 10, 11 } },
                           { 2, 0, 0, { 0 } } };
  static char a[] = "one", b[] = "two";
  static WCHAR w[] = { 'a', 0xE9, 0x263A, 0 };
  static LPSTR texts[] = { a, b };
  static LPWSTR wides[] = { w, w + 1 };
  static SBinary binaries[] = { { 4, bytes }, { 0, bytes } };
  static LONG longs[] = { 1, -2 };
  static int16_t shorts[] = { 1, -2 };
  static double doubles[] = { 0.5, -1.5 };
  static float floats[] = { 0.5f, 2.5f };
  static FILETIME times[] = { { 1, 0x01D00000 }, { 3, 0x01D00001 } };
  static LARGE_INTEGER bigs[2];
  static CURRENCY moneys[2];
  SPropValue values[25];
  static const ULONG types[25] = {
    PT_I2, PT_LONG, PT_R4, PT_DOUBLE, PT_CURRENCY, PT_APPTIME, PT_BOOLEAN, PT_I8, PT_STRING8,
    PT_UNICODE, PT_SYSTIME, PT_CLSID, PT_BINARY, PT_MV_I2, PT_MV_LONG, PT_MV_R4, PT_MV_DOUBLE,
    PT_MV_CURRENCY, PT_MV_APPTIME, PT_MV_I8, PT_MV_STRING8, PT_MV_UNICODE, PT_MV_SYSTIME,
    PT_MV_CLSID, PT_MV_BINARY
  };
  SizedSPropTagArray (25, tags);
  LPSPropProblemArray problems = (LPSPropProblemArray) 1;
  LPSPropValue read = NULL;
  LPSTORAGE storage;
  LPMESSAGE message;
  ULONG n = 0;
  int i, round;

  memset (values, 0, sizeof values);
  tags.cValues = 25;
  for (i = 0; i < 25; i++)
    values[i].ulPropTag = tags.aulPropTag[i] = PROP_TAG (types[i], 0x6800 + i);
  bigs[0].QuadPart = -5;
  bigs[1].QuadPart = 1LL << 40;
  moneys[0].int64 = 12345;
  values[0].Value.i = -2;
  values[1].Value.l = -3;
  values[2].Value.flt = 2.5f;
  values[3].Value.dbl = 3.5;
  values[4].Value.cur = moneys[0];
  values[5].Value.at = 4.5;
  values[6].Value.b = 1;
  values[7].Value.li = bigs[1];
  values[8].Value.lpszA = a;
  values[9].Value.lpszW = w;
  values[10].Value.ft = times[0];
  values[11].Value.lpguid = guids;
  values[12].Value.bin = binaries[0];
  for (i = 13; i < 25; i++)
    values[i].Value.MVi.cValues = 2;
  values[13].Value.MVi.lpi = shorts;
  values[14].Value.MVl.lpl = longs;
  values[15].Value.MVflt.lpflt = floats;
  values[16].Value.MVdbl.lpdbl = doubles;
  values[17].Value.MVcur.lpcur = moneys;
  values[18].Value.MVat.lpat = doubles;
  values[19].Value.MVli.lpli = bigs;
  values[20].Value.MVszA.lppszA = texts;
  values[21].Value.MVszW.lppszW = wides;
  values[22].Value.MVft.lpft = times;
  values[23].Value.MVguid.lpguid = guids;
  values[24].Value.MVbin.lpbin = binaries;

  message = create_message (NULL, "types.msg", &storage);
  CHECK_HR (message->lpVtbl->SetProps (message, 25, values, &problems), S_OK);
  CHECK (problems == NULL);
  for (round = 0; round < 2; round++)
    {
      CHECK_HR (message->lpVtbl->GetProps (message, (LPSPropTagArray) &tags, 0, &n, &read), S_OK);
      CHECK (n == 25);
      for (i = 0; i < 25 && n == 25; i++)
        {
          if (LPropCompareProp (&read[i], &values[i]) != 0)
            printf ("# type 0x%04X, round %d\n", (unsigned) types[i], round);
          CHECK (LPropCompareProp (&read[i], &values[i]) == 0);
        }
      MAPIFreeBuffer (read);
      read = NULL;
      if (round > 0)
        break;
      CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
      CHECK (UlRelease (message) == 0);
      UlRelease (storage);
      message = reopen ("types.msg", STGM_READ | STGM_SHARE_DENY_WRITE, &storage);
    }
  UlRelease (message);
  UlRelease (storage);
}

static void
test_get_props (void)
{
  SizedSPropTagArray (6, tags) = { 6, { PR_SUBJECT_W, PR_BODY_W, PR_NULL, PR_SUBJECT_A,
                                        PROP_TAG (PT_UNSPECIFIED, 0x0037),
                                        PROP_TAG (PT_LONG, 0x0037) } };
  SizedSPropTagArray (1, none) = { 0, { 0 } };
  SizedSPropTagArray (1, binary) = { 1, { PROP_TAG (PT_BINARY, 0x0037) } };
  LPSPropValue values = NULL;
  LPSPropTagArray list = NULL;
  LPMAPIERROR last = NULL;
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "get.msg", &storage);
  ULONG n = 0;

  set_text (PROP (message), PR_SUBJECT_W, "hello");
  CHECK_HR (message->lpVtbl->GetProps (message, (LPSPropTagArray) &tags, MAPI_UNICODE, &n,
                                       &values), MAPI_W_ERRORS_RETURNED);
  CHECK (n == 6);
  CHECK (values[0].ulPropTag == PR_SUBJECT_W && same_wide (values[0].Value.lpszW, wide ("hello")));
  CHECK (values[1].ulPropTag == PROP_TAG (PT_ERROR, 0x1000));
  CHECK (values[1].Value.err == MAPI_E_NOT_FOUND);
  CHECK (values[2].ulPropTag == PR_NULL);
  CHECK (values[3].ulPropTag == PR_SUBJECT_A);
  CHECK_TEXT (values[3].Value.lpszA, "hello");
  CHECK (values[4].ulPropTag == PR_SUBJECT_W);
  CHECK (values[5].ulPropTag == PROP_TAG (PT_ERROR, 0x0037));
  CHECK (values[5].Value.err == MAPI_E_UNEXPECTED_TYPE);
  MAPIFreeBuffer (values);
  CHECK_HR (message->lpVtbl->GetProps (message, (LPSPropTagArray) &binary, 0, &n, &values),
            MAPI_W_ERRORS_RETURNED);
  CHECK (values[0].Value.err == MAPI_E_NOT_FOUND);
  MAPIFreeBuffer (values);
  CHECK_HR (message->lpVtbl->GetProps (message, (LPSPropTagArray) &none, 0, &n, &values),
            MAPI_E_INVALID_PARAMETER);
  CHECK (values == NULL && n == 0);
  CHECK_HR (message->lpVtbl->GetProps (message, NULL, 1, &n, &values), MAPI_E_UNKNOWN_FLAGS);
  CHECK_HR (message->lpVtbl->GetLastError (message, MAPI_E_UNKNOWN_FLAGS, 0, &last), S_OK);
  CHECK (last != NULL && last->lpszError != NULL && last->ulLowLevelError != 0);
  MAPIFreeBuffer (last);
  CHECK_HR (message->lpVtbl->GetProps (message, NULL, 0, &n, &values), S_OK);
  CHECK (PpropFindProp (values, n, PR_SUBJECT_A) != NULL);
  CHECK (PpropFindProp (values, n, PR_MESSAGE_RECIPIENTS) != NULL);
  MAPIFreeBuffer (values);
  CHECK_HR (message->lpVtbl->GetPropList (message, MAPI_UNICODE, &list), S_OK);
  CHECK (list->cValues == n);
  MAPIFreeBuffer (list);
  CHECK (FPropExists (PROP (message), PR_SUBJECT_A) && !FPropExists (PROP (message), PR_BODY_W));
  CHECK (get_long (PROP (message), PR_ACCESS_LEVEL) == MAPI_MODIFY);
  CHECK (get_long (PROP (message), PR_OBJECT_TYPE) == MAPI_MESSAGE);
  CHECK ((get_long (PROP (message), PR_STORE_SUPPORT_MASK) & STORE_UNICODE_OK) != 0);
  UlRelease (message);
  UlRelease (storage);
}

static void
test_set_problems (void)
{
  LPSPropProblemArray problems = NULL;
  SPropValue values[6];
  LONG one[] = { 1 };
  SizedSPropTagArray (2, gone) = { 2, { PR_SUBJECT_W, PR_BODY_W } };
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "problems.msg", &storage);

  memset (values, 0, sizeof values);
  values[0].ulPropTag = PR_ACCESS;
  values[1].ulPropTag = PR_IMPORTANCE;
  values[1].Value.l = 2;
  values[2].ulPropTag = PROP_TAG (PT_LONG, 0x9ABC);
  values[3].ulPropTag = PROP_TAG (0x77, 0x6800);
  values[4].ulPropTag = PR_NULL;
  values[5].ulPropTag = PROP_TAG (PT_ERROR, 0x1000);
  CHECK_HR (message->lpVtbl->SetProps (message, 6, values, &problems), S_OK);
  CHECK (problems != NULL && problems->cProblem == 3);
  if (problems != NULL && problems->cProblem == 3)
    {
      CHECK (problems->aProblem[0].ulIndex == 0);
      CHECK (problems->aProblem[0].scode == MAPI_E_COMPUTED);
      CHECK (problems->aProblem[1].ulIndex == 2);
      CHECK (problems->aProblem[1].scode == MAPI_E_UNEXPECTED_ID);
      CHECK (problems->aProblem[2].scode == MAPI_E_INVALID_TYPE);
    }
  MAPIFreeBuffer (problems);
  CHECK (get_long (PROP (message), PR_IMPORTANCE) == 2);
  CHECK_HR (message->lpVtbl->SetProps (message, 6, values, NULL), S_OK);
  CHECK_HR (message->lpVtbl->SetProps (message, 0, values, NULL), MAPI_E_INVALID_PARAMETER);
  values[1].Value.l = 0;
  values[2].ulPropTag = PR_MESSAGE_RECIPIENTS;
  CHECK_HR (message->lpVtbl->SetProps (message, 3, values, NULL), MAPI_E_INVALID_PARAMETER);
  values[2].ulPropTag = PROP_TAG (PT_MV_LONG, 0x6801);
  values[2].Value.MVl.cValues = 0;
  values[2].Value.MVl.lpl = one;
  CHECK_HR (message->lpVtbl->SetProps (message, 3, values, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK (get_long (PROP (message), PR_IMPORTANCE) == 2);

  set_text (PROP (message), PR_SUBJECT_A, "x");
  CHECK_HR (message->lpVtbl->DeleteProps (message, (LPSPropTagArray) &gone, &problems), S_OK);
  CHECK (problems != NULL && problems->cProblem == 1 && problems->aProblem[0].ulIndex == 1 &&
         problems->aProblem[0].scode == MAPI_E_NOT_FOUND);
  MAPIFreeBuffer (problems);
  CHECK (!FPropExists (PROP (message), PR_SUBJECT_W));
  UlRelease (message);
  UlRelease (storage);
}

static void
test_attributes (void)
{
  SizedSPropTagArray (2, tags) = { 2, { PR_SUBJECT_A, PR_BODY_A } };
  SizedSPropAttrArray (2, set) = { 2, { PROPATTR_READABLE | PROPATTR_MANDATORY, 6 } };
  LPSPropAttrArray attributes = NULL;
  LPSPropProblemArray problems = NULL;
  SPropValue value;
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "attributes.msg", &storage);

  set_text (PROP (message), PR_SUBJECT_W, "fixed");
  CHECK_HR (GetAttribIMsgOnIStg (message, (LPSPropTagArray) &tags, &attributes),
            MAPI_W_ERRORS_RETURNED);
  CHECK (attributes->cValues == 2 && attributes->aPropAttr[0] == 6 &&
         attributes->aPropAttr[1] == PROPATTR_NOT_PRESENT);
  MAPIFreeBuffer (attributes);
  CHECK_HR (SetAttribIMsgOnIStg (message, (LPSPropTagArray) &tags, (LPSPropAttrArray) &set,
                                 &problems), MAPI_W_ERRORS_RETURNED);
  CHECK (problems != NULL && problems->cProblem == 1 && problems->aProblem[0].ulIndex == 1 &&
         problems->aProblem[0].scode == MAPI_E_NOT_FOUND);
  MAPIFreeBuffer (problems);
  memset (&value, 0, sizeof value);
  value.ulPropTag = PR_SUBJECT_W;
  value.Value.lpszW = wide ("other");
  CHECK_HR (HrSetOneProp (PROP (message), &value), MAPI_E_NO_ACCESS);
  tags.cValues = 1;
  CHECK_HR (message->lpVtbl->DeleteProps (message, (LPSPropTagArray) &tags, &problems), S_OK);
  CHECK (problems != NULL && problems->aProblem[0].scode == MAPI_E_NO_ACCESS);
  MAPIFreeBuffer (problems);
  set.cValues = 1;
  set.aPropAttr[0] = PROPATTR_NOT_PRESENT;
  CHECK_HR (SetAttribIMsgOnIStg (message, (LPSPropTagArray) &tags, (LPSPropAttrArray) &set, NULL),
            MAPI_W_ERRORS_RETURNED);
  set.cValues = 2;
  CHECK_HR (SetAttribIMsgOnIStg (message, (LPSPropTagArray) &tags, (LPSPropAttrArray) &set, NULL),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (GetAttribIMsgOnIStg (storage, (LPSPropTagArray) &tags, &attributes),
            MAPI_E_INVALID_OBJECT);
  UlRelease (message);
  UlRelease (storage);
}

static void
test_names (void)
{
  MAPINAMEID number, text, tagged;
  LPMAPINAMEID wanted[3] = { &number, &text, &tagged };
  LPMAPINAMEID *names = NULL;
  LPSPropTagArray ids = NULL, all = NULL;
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "names.msg", &storage);
  WCHAR keywords[] = { 'K', 'e', 'y', 0 };
  ULONG n = 0;

  memset (&number, 0, sizeof number);
  number.lpguid = (LPGUID) &PSETID_Common;
  number.Kind.lID = 0x8503;
  text = number;
  text.lpguid = (LPGUID) &PS_PUBLIC_STRINGS;
  text.ulKind = MNID_STRING;
  text.Kind.lpwstrName = keywords;
  tagged = number;
  tagged.lpguid = (LPGUID) &PS_MAPI;
  tagged.Kind.lID = 0x0037;
  CHECK_HR (message->lpVtbl->GetIDsFromNames (message, 3, wanted, 0, &ids),
            MAPI_W_ERRORS_RETURNED);
  CHECK (ids->aulPropTag[0] == PT_ERROR && ids->aulPropTag[1] == PT_ERROR);
  CHECK (PROP_ID (ids->aulPropTag[2]) == 0x0037);
  MAPIFreeBuffer (ids);
  CHECK_HR (message->lpVtbl->GetIDsFromNames (message, 3, wanted, MAPI_CREATE, &ids), S_OK);
  CHECK (PROP_ID (ids->aulPropTag[0]) >= 0x8000 && PROP_TYPE (ids->aulPropTag[0]) == 0);
  set_long (PROP (message), CHANGE_PROP_TYPE (ids->aulPropTag[0], PT_LONG), 5);
  CHECK_HR (message->lpVtbl->GetNamesFromIDs (message, &ids, NULL, 0, &n, &names), S_OK);
  CHECK (n == 3 && FEqualNames (names[0], &number) && FEqualNames (names[1], &text) &&
         FEqualNames (names[2], &tagged));
  MAPIFreeBuffer (names);
  CHECK_HR (message->lpVtbl->GetNamesFromIDs (message, &all, NULL, MAPI_NO_IDS, &n, &names), S_OK);
  CHECK (n == 1 && all->cValues == 1 && FEqualNames (names[0], &text));
  MAPIFreeBuffer (names);
  MAPIFreeBuffer (all);
  ids->aulPropTag[0] = PROP_TAG (PT_LONG, 0xFFF0);
  CHECK_HR (message->lpVtbl->GetNamesFromIDs (message, &ids, NULL, 0, &n, &names),
            MAPI_W_ERRORS_RETURNED);
  CHECK (names[0] == NULL && PROP_TYPE (ids->aulPropTag[0]) == PT_ERROR);
  MAPIFreeBuffer (names);
  MAPIFreeBuffer (ids);
  CHECK_HR (message->lpVtbl->GetIDsFromNames (message, 0, NULL, MAPI_CREATE, &ids),
            MAPI_E_INVALID_PARAMETER);
  UlRelease (message);
  UlRelease (storage);
}

/* --- streams --- */

static void
test_streams (void)
{
  static char chunk[100000];
  LPSTREAM stream = NULL, again = NULL;
  LPUNKNOWN object = NULL;
  LPSPropValue value = NULL;
  STATSTG stat;
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "streams.msg", &storage);
  SPropValue one;
  ULONG done = 0;

  memset (chunk, 'x', sizeof chunk);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_BODY_A, &IID_IStream, 0, 0,
                                           (LPUNKNOWN *) &stream), MAPI_E_NOT_FOUND);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_IMPORTANCE, &IID_IStream, 0, 0,
                                           (LPUNKNOWN *) &stream), MAPI_E_NO_SUPPORT);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_BODY_A, &IID_IStorage, 0, 0,
                                           (LPUNKNOWN *) &stream), MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_BODY_A, NULL, 0, 0, &object),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PROP_TAG (PT_UNSPECIFIED, 0x1000),
                                           &IID_IStream, 0, 0, &object),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_BODY_A, &IID_IStream, 0, 0x4000, &object),
            MAPI_E_UNKNOWN_FLAGS);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_BODY_A, &IID_IStream, STGM_READWRITE,
                                           MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &stream),
            S_OK);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_BODY_A, &IID_IStream, 0, 0,
                                           (LPUNKNOWN *) &again), S_OK);
  CHECK (again == stream);
  UlRelease (again);
  CHECK_HR (stream->lpVtbl->Write (stream, chunk, sizeof chunk, &done), S_OK);
  CHECK (done == sizeof chunk);
  memset (&one, 0, sizeof one);
  one.ulPropTag = PR_BODY_A;
  one.Value.lpszA = (LPSTR) "no";
  CHECK_HR (HrSetOneProp (PROP (message), &one), MAPI_E_NO_ACCESS);
  /* Released without Commit, it still counts. */
  CHECK (UlRelease (stream) == 0);
  CHECK_HR (HrGetOneProp (PROP (message), PR_BODY_A, &value), MAPI_E_NOT_ENOUGH_MEMORY);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_BODY_W, &IID_IStream, 0, 0,
                                           (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Stat (stream, &stat, STATFLAG_NONAME), S_OK);
  CHECK (stat.cbSize.QuadPart == 2 * sizeof chunk && stat.type == STGTY_STREAM);
  CHECK_HR (stream->lpVtbl->Write (stream, chunk, 1, NULL), STG_E_ACCESSDENIED);
  UlRelease (stream);
  CHECK_HR (message->lpVtbl->OpenProperty (message, CHANGE_PROP_TYPE (PR_BODY_A, PT_BINARY),
                                           &IID_IStream, 0, 0, (LPUNKNOWN *) &stream),
            MAPI_E_NOT_FOUND);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
  CHECK_HR (HrSetOneProp (PROP (message), &one), MAPI_E_NO_ACCESS);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_BODY_A, &IID_IStream, 0, MAPI_MODIFY,
                                           (LPUNKNOWN *) &stream), MAPI_E_NO_ACCESS);
  UlRelease (message);
  UlRelease (storage);
}

static void
test_rtf (void)
{
  static const char rtf[] = "{\\rtf1\\ansi hello}";
  char text[64];
  LPSTREAM inner = NULL, outer = NULL;
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "rtf.msg", &storage);
  BOOL updated = TRUE;
  ULONG done = 0;
  BYTE junk[16] = { 0 };
  SPropValue value;

  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_RTF_COMPRESSED, &IID_IStream,
                                           STGM_READWRITE, MAPI_CREATE | MAPI_MODIFY,
                                           (LPUNKNOWN *) &inner), S_OK);
  CHECK_HR (WrapCompressedRTFStream (inner, MAPI_MODIFY, &outer), S_OK);
  CHECK_HR (outer->lpVtbl->Write (outer, rtf, sizeof rtf - 1, &done), S_OK);
  CHECK_HR (outer->lpVtbl->Read (outer, text, 1, &done), STG_E_ACCESSDENIED);
  CHECK_HR (outer->lpVtbl->Revert (outer), E_NOTIMPL);
  CHECK_HR (outer->lpVtbl->Commit (outer, 0), S_OK);
  CHECK_HR (inner->lpVtbl->Commit (inner, 0), S_OK);
  UlRelease (outer);
  UlRelease (inner);
  CHECK_HR (RTFSync (message, RTF_SYNC_RTF_CHANGED, &updated), S_OK);
  CHECK (!updated);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_RTF_COMPRESSED, &IID_IStream, STGM_READ, 0,
                                           (LPUNKNOWN *) &inner), S_OK);
  CHECK_HR (WrapCompressedRTFStream (inner, STORE_UNCOMPRESSED_RTF, &outer), S_OK);
  UlRelease (inner);
  CHECK_HR (outer->lpVtbl->Read (outer, text, sizeof text, &done), S_OK);
  CHECK (done == sizeof rtf - 1 && memcmp (text, rtf, done) == 0);
  CHECK_HR (outer->lpVtbl->Read (outer, text, sizeof text, &done), S_OK);
  CHECK (done == 0);
  UlRelease (outer);
  memset (&value, 0, sizeof value);
  value.ulPropTag = PROP_TAG (PT_BINARY, 0x6801);
  value.Value.bin.cb = sizeof junk;
  value.Value.bin.lpb = junk;
  CHECK_HR (HrSetOneProp (PROP (message), &value), S_OK);
  CHECK_HR (message->lpVtbl->OpenProperty (message, value.ulPropTag, &IID_IStream, 0, 0,
                                           (LPUNKNOWN *) &inner), S_OK);
  CHECK_HR (WrapCompressedRTFStream (inner, 0, &outer), MAPI_E_CORRUPT_DATA);
  UlRelease (inner);
  UlRelease (message);
  UlRelease (storage);
}

/* Much RTF, read a little at a time: what comes out is what went in, from the start to the end. */
static void
test_large_rtf (void)
{
  static char rtf[300000];
  char text[777];
  LPSTREAM inner = NULL, outer = NULL;
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "large-rtf.msg", &storage);
  ULONG at, done = 0;

  for (at = 0; at < sizeof rtf; at++)
    rtf[at] = (char) ('a' + at * at % 7919 % 23);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_RTF_COMPRESSED, &IID_IStream,
                                           STGM_READWRITE, MAPI_CREATE | MAPI_MODIFY,
                                           (LPUNKNOWN *) &inner), S_OK);
  CHECK_HR (WrapCompressedRTFStream (inner, MAPI_MODIFY, &outer), S_OK);
  CHECK_HR (outer->lpVtbl->Write (outer, rtf, sizeof rtf, &done), S_OK);
  CHECK_HR (outer->lpVtbl->Commit (outer, 0), S_OK);
  CHECK_HR (inner->lpVtbl->Commit (inner, 0), S_OK);
  UlRelease (outer);
  UlRelease (inner);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_RTF_COMPRESSED, &IID_IStream, STGM_READ, 0,
                                           (LPUNKNOWN *) &inner), S_OK);
  CHECK_HR (WrapCompressedRTFStream (inner, 0, &outer), S_OK);
  UlRelease (inner);
  for (at = 0; at < sizeof rtf; at += done)
    {
      CHECK_HR (outer->lpVtbl->Read (outer, text, sizeof text, &done), S_OK);
      CHECK (done > 0 && done <= sizeof rtf - at && memcmp (text, rtf + at, done) == 0);
      if (done == 0)
        break;
    }
  CHECK_HR (outer->lpVtbl->Read (outer, text, sizeof text, &done), S_OK);
  CHECK (done == 0);
  UlRelease (outer);
  UlRelease (message);
  UlRelease (storage);
}

/* --- recipients and tables --- */

static void
add_recipient (LPMESSAGE message, ULONG flags, LONG type, const char *name, LONG row_id)
{
  SPropValue values[4];
  SizedADRLIST (1, list);

  memset (values, 0, sizeof values);
  values[0].ulPropTag = PR_DISPLAY_NAME_W;
  values[0].Value.lpszW = wide (name);
  values[1].ulPropTag = PR_RECIPIENT_TYPE;
  values[1].Value.l = type;
  values[2].ulPropTag = PR_SMTP_ADDRESS_A;
  values[2].Value.lpszA = (LPSTR) "someone@example.org";
  values[3].ulPropTag = PR_ROWID;
  values[3].Value.l = row_id;
  list.cEntries = 1;
  list.aEntries[0].ulReserved1 = 0;
  list.aEntries[0].cValues = flags == MODRECIP_ADD || flags == 0 ? 3 : 4;
  list.aEntries[0].rgPropVals = values;
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, flags, (LPADRLIST) &list), S_OK);
}

static int n_events;
static ULONG events[20];

static LONG
table_changed (LPVOID context, ULONG n, LPNOTIFICATION notifications)
{
  ULONG i;

  (void) context;
  for (i = 0; i < n && n_events < 20; i++)
    events[n_events++] = notifications[i].info.tab.ulTableEvent;
  return S_OK;
}

static void
test_recipients (void)
{
  SizedSPropTagArray (3, columns) = { 3, { PR_DISPLAY_NAME_W, PR_RECIPIENT_TYPE, PR_ROWID } };
  SizedSSortOrderSet (1, order) = { 1, 0, 0, { { PR_DISPLAY_NAME_W, TABLE_SORT_ASCEND } } };
  LPMAPITABLE table = NULL, other = NULL;
  LPMAPIADVISESINK sink = NULL;
  LPSRowSet rows = NULL;
  LPSPropTagArray list = NULL;
  LPSSortOrderSet sorted = NULL;
  SRestriction restriction;
  SPropValue constant;
  BOOKMARK bookmark = 0;
  ULONG_PTR connection = 0;
  ULONG n = 0, row = 0, top = 0, bottom = 0;
  LONG sought = 0;
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "recipients.msg", &storage);

  CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 0);
  CHECK_HR (table->lpVtbl->QueryRows (table, 10, 0, &rows), S_OK);
  CHECK (rows->cRows == 0);
  FreeProws (rows);
  CHECK_HR (HrAllocAdviseSink (table_changed, NULL, &sink), S_OK);
  CHECK_HR (table->lpVtbl->Advise (table, fnevObjectCreated, sink, &connection),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (table->lpVtbl->Advise (table, fnevTableModified, sink, &connection), S_OK);
  UlRelease (sink);
  n_events = 0;
  add_recipient (message, MODRECIP_ADD, MAPI_TO, "dora", 0);
  CHECK (n_events >= 1 && events[0] == TABLE_ROW_ADDED);
  add_recipient (message, MODRECIP_ADD, MAPI_CC, "Anna", 0);
  add_recipient (message, MODRECIP_ADD, MAPI_BCC, "bert", 0);
  CHECK_HR (HrQueryAllRows (table, (LPSPropTagArray) &columns, NULL, (LPSSortOrderSet) &order, 0,
                            &rows), S_OK);
  CHECK (rows->cRows == 3);
  CHECK (same_wide (rows->aRow[0].lpProps[0].Value.lpszW, wide ("Anna")));
  CHECK (rows->aRow[0].lpProps[1].Value.l == MAPI_CC);
  n_events = 0;
  add_recipient (message, MODRECIP_MODIFY, MAPI_TO, "Carl", rows->aRow[0].lpProps[2].Value.l);
  CHECK (n_events >= 1);
  n_events = 0;
  add_recipient (message, MODRECIP_REMOVE, MAPI_TO, "x", rows->aRow[1].lpProps[2].Value.l);
  CHECK (n_events == 1 && events[0] == TABLE_ROW_DELETED);
  FreeProws (rows);
  CHECK_HR (HrQueryAllRows (table, NULL, NULL, NULL, 1, &rows), MAPI_E_TABLE_TOO_BIG);
  CHECK (rows == NULL);
  CHECK_HR (HrQueryAllRows (table, NULL, NULL, NULL, 2, &rows), S_OK);
  CHECK (rows->cRows == 2);
  CHECK (same_wide (rows->aRow[0].lpProps[0].Value.lpszW, wide ("Carl")));
  /* Rows go straight back, errors in them and all. */
  n_events = 0;
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, 0, (LPADRLIST) rows), S_OK);
  CHECK (n_events == 1 && events[0] == TABLE_CHANGED);
  FreeProws (rows);
  CHECK_HR (table->lpVtbl->Unadvise (table, connection), S_OK);
  CHECK_HR (table->lpVtbl->Unadvise (table, connection), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, 1, NULL), MAPI_E_UNKNOWN_FLAGS);
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, MODRECIP_ADD | MODRECIP_REMOVE, NULL),
            MAPI_E_INVALID_PARAMETER);

  memset (&restriction, 0, sizeof restriction);
  memset (&constant, 0, sizeof constant);
  restriction.rt = RES_PROPERTY;
  restriction.res.resProperty.relop = RELOP_EQ;
  restriction.res.resProperty.ulPropTag = PR_RECIPIENT_TYPE;
  restriction.res.resProperty.lpProp = &constant;
  constant.ulPropTag = PR_RECIPIENT_TYPE;
  constant.Value.l = MAPI_TO;
  CHECK_HR (table->lpVtbl->Restrict (table, &restriction, 0), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 2);
  constant.Value.l = MAPI_BCC;
  CHECK_HR (table->lpVtbl->FindRow (table, &restriction, BOOKMARK_BEGINNING, 0),
            MAPI_E_NOT_FOUND);
  constant.ulPropTag = PR_DISPLAY_NAME_A;
  constant.Value.lpszA = (LPSTR) "x";
  CHECK_HR (table->lpVtbl->Restrict (table, &restriction, 0), MAPI_E_TOO_COMPLEX);
  restriction.rt = RES_SUBRESTRICTION;
  CHECK_HR (table->lpVtbl->Restrict (table, &restriction, 0), MAPI_E_TOO_COMPLEX);
  CHECK_HR (table->lpVtbl->Restrict (table, NULL, 0), S_OK);
  CHECK_HR (table->lpVtbl->CreateBookmark (table, &bookmark), S_OK);
  CHECK (bookmark > 2);
  CHECK_HR (table->lpVtbl->SeekRow (table, BOOKMARK_END, -100, &sought), S_OK);
  CHECK (sought == -2);
  CHECK_HR (table->lpVtbl->FreeBookmark (table, bookmark), S_OK);
  CHECK_HR (table->lpVtbl->SeekRow (table, bookmark, 0, NULL), MAPI_E_INVALID_BOOKMARK);
  CHECK_HR (table->lpVtbl->SeekRowApprox (table, 1, 0), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (table->lpVtbl->SeekRowApprox (table, 1, 2), S_OK);
  CHECK_HR (table->lpVtbl->QueryPosition (table, &row, &top, &bottom), S_OK);
  CHECK (row == 1 && top == 1 && bottom == 2);
  CHECK_HR (table->lpVtbl->QuerySortOrder (table, &sorted), S_OK);
  CHECK (sorted->cSorts == 1 && sorted->aSort[0].ulPropTag == PR_DISPLAY_NAME_W);
  MAPIFreeBuffer (sorted);
  CHECK_HR (table->lpVtbl->QueryColumns (table, 0, &list), S_OK);
  CHECK (list->cValues == 3);
  MAPIFreeBuffer (list);
  CHECK_HR (table->lpVtbl->ExpandRow (table, 0, NULL, 0, 0, &rows, &n), MAPI_E_NO_SUPPORT);
  CHECK_HR (table->lpVtbl->Abort (table), S_OK);
  CHECK_HR (table->lpVtbl->GetStatus (table, &row, &top), S_OK);
  CHECK (row == TBLSTAT_COMPLETE && top == TBLTYPE_DYNAMIC);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_MESSAGE_RECIPIENTS, &IID_IMAPITable,
                                           MAPI_UNICODE, 0, (LPUNKNOWN *) &other), S_OK);
  UlRelease (other);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK (has_text (PROP (message), PR_DISPLAY_TO_W, "Carl; dora") ||
         has_text (PROP (message), PR_DISPLAY_TO_W, "dora; Carl"));
  CHECK (has_text (PROP (message), PR_DISPLAY_CC_W, ""));
  UlRelease (table);
  UlRelease (message);
  UlRelease (storage);
}

/* --- attachments --- */

static void
test_attachments (void)
{
  LPATTACH attach = NULL, again = NULL, none = NULL;
  LPMESSAGE inner = NULL;
  LPMAPITABLE table = NULL;
  LPSTREAM stream = NULL;
  LPSTORAGE storage, ole = NULL;
  SPropValue value;
  ULONG number = 99, second = 99, third = 99, n = 0;
  BYTE bytes[] = { 'a', 'b', 'c' };
  BYTE read[8];
  BOOKMARK bookmark_dummy = 0;
  SizedSPropTagArray (1, all) = { 1, { PR_MESSAGE_ATTACHMENTS } };
  LPMESSAGE message = create_message (NULL, "attachments.msg", &storage);

  CHECK_HR (message->lpVtbl->GetAttachmentTable (message, 0, &table), S_OK);
  CHECK_HR (message->lpVtbl->CreateAttach (message, &IID_IMessage, 0, &number, &attach),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  CHECK (get_long (PROP (attach), PR_ATTACH_METHOD) == NO_ATTACHMENT);
  CHECK (get_long (PROP (attach), PR_RENDERING_POSITION) == -1);
  CHECK (get_long (PROP (attach), PR_OBJECT_TYPE) == MAPI_ATTACH);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_BIN, &IID_IStream, 0, 0,
                                          (LPUNKNOWN *) &stream), MAPI_E_NOT_FOUND);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_BY_VALUE);
  set_text (PROP (attach), PR_ATTACH_LONG_FILENAME_W, "a file.txt");
  memset (&value, 0, sizeof value);
  value.ulPropTag = PR_ATTACH_DATA_BIN;
  value.Value.bin.cb = 3;
  value.Value.bin.lpb = bytes;
  CHECK_HR (HrSetOneProp (PROP (attach), &value), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 0);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 0);
  CHECK_HR (message->lpVtbl->OpenAttach (message, number, NULL, 0, &again), S_OK);
  CHECK (again == attach);
  UlRelease (again);
  CHECK (UlRelease (attach) == 0);

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &second, &attach), S_OK);
  CHECK (second != number);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_EMBEDDED_MSG);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                          MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &inner), S_OK);
  set_text (PROP (inner), PR_SUBJECT_W, "inside");
  CHECK_HR (inner->lpVtbl->SaveChanges (inner, 0), S_OK);
  UlRelease (inner);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &third, &attach), S_OK);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_OLE);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStreamDocfile,
                                          STGM_READWRITE, MAPI_CREATE | MAPI_MODIFY,
                                          (LPUNKNOWN *) &stream),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0,
                                          MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &ole), S_OK);
  CHECK_HR (WriteClassStg (ole, &IID_IMessage), S_OK);
  CHECK_HR (ole->lpVtbl->CreateStream (ole, wide ("CONTENTS"),
                                       STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &stream),
            S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, bytes, 3, NULL), S_OK);
  UlRelease (stream);
  CHECK_HR (ole->lpVtbl->Commit (ole, STGC_DEFAULT), S_OK);
  UlRelease (ole);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);

  /* Released unsaved, one is as if it had not been. */
  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &n, &attach), S_OK);
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->OpenAttach (message, n, NULL, 0, &none), MAPI_E_NOT_FOUND);

  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 3);
  UlRelease (table);
  UlRelease (message);
  UlRelease (storage);

  message = reopen ("attachments.msg", TRANSACTED, &storage);
  CHECK_HR (message->lpVtbl->GetAttachmentTable (message, MAPI_UNICODE, &table), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 3);
  CHECK_HR (table->lpVtbl->CreateBookmark (table, &bookmark_dummy),
            MAPI_E_NO_SUPPORT);
  CHECK_HR (message->lpVtbl->OpenAttach (message, 0, NULL, 0, &attach), S_OK);
  CHECK (get_long (PROP (attach), PR_ACCESS_LEVEL) == 0);
  CHECK (has_text (PROP (attach), PR_ATTACH_LONG_FILENAME_W, "a file.txt"));
  CHECK_HR (HrSetOneProp (PROP (attach), &value), MAPI_E_NO_ACCESS);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStream, 0, 0,
                                          (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Read (stream, read, sizeof read, &n), S_OK);
  CHECK (n == 3 && memcmp (read, bytes, 3) == 0);
  UlRelease (stream);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                          MAPI_BEST_ACCESS, (LPUNKNOWN *) &inner),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->OpenAttach (message, 1, NULL, MAPI_BEST_ACCESS, &attach), S_OK);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_BIN, &IID_IStream, 0, 0,
                                          (LPUNKNOWN *) &stream), MAPI_E_NOT_FOUND);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                          MAPI_BEST_ACCESS, (LPUNKNOWN *) &inner), S_OK);
  CHECK (has_text (PROP (inner), PR_SUBJECT_W, "inside"));
  CHECK_HR (message->lpVtbl->CopyTo (message, 0, NULL, NULL, 0, NULL, &IID_IMessage, inner, 0,
                                     NULL), MAPI_E_FOLDER_CYCLE);
  CHECK_HR (message->lpVtbl->CopyTo (message, 0, NULL, NULL, 0, NULL, &IID_IMessage, message, 0,
                                     NULL), MAPI_E_NO_ACCESS);
  UlRelease (inner);
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->OpenAttach (message, 2, NULL, 0, &attach), S_OK);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0, 0,
                                          (LPUNKNOWN *) &ole), S_OK);
  CHECK_HR (ole->lpVtbl->OpenStream (ole, wide ("contents"), NULL,
                                     STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream), S_OK);
  UlRelease (stream);
  UlRelease (ole);
  CHECK_HR (message->lpVtbl->DeleteAttach (message, 2, 0, NULL, 0), S_OK);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), MAPI_E_OBJECT_DELETED);
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->DeleteAttach (message, 2, 0, NULL, 0), MAPI_E_NOT_FOUND);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 2);
  CHECK_HR (message->lpVtbl->OpenAttach (message, 0, NULL, 0, &attach), S_OK);
  CHECK_HR (message->lpVtbl->DeleteProps (message, (LPSPropTagArray) &all, NULL), S_OK);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), MAPI_E_OBJECT_DELETED);
  UlRelease (attach);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 0);
  UlRelease (table);
  CHECK_HR (message->lpVtbl->SubmitMessage (message, 0), MAPI_E_NO_SUPPORT);
  CHECK_HR (message->lpVtbl->SetReadFlag (message, SUPPRESS_RECEIPT | CLEAR_READ_FLAG),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (message->lpVtbl->SetReadFlag (message, 0), S_OK);
  CHECK ((get_long (PROP (message), PR_MESSAGE_FLAGS) & MSGFLAG_READ) != 0);
  UlRelease (message);
  UlRelease (storage);
}

/* --- saving --- */

static void
test_no_commit (void)
{
  LPSTORAGE storage, other;
  LPMESSAGE message, second;

  message = create_message (NULL, "commit.msg", &storage);
  set_text (PROP (message), PR_SUBJECT_W, "first");
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (storage->lpVtbl->Commit (storage, STGC_DEFAULT), S_OK);
  UlRelease (message);
  UlRelease (storage);

  CHECK_HR (StgOpenStorage (path_of ("commit.msg"), NULL, TRANSACTED, NULL, 0, &storage), S_OK);
  message = open_message (NULL, storage, IMSG_NO_ISTG_COMMIT);
  set_text (PROP (message), PR_SUBJECT_W, "second");
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  second = reopen ("commit.msg", STGM_TRANSACTED, &other);
  CHECK (has_text (PROP (second), PR_SUBJECT_W, "first"));
  UlRelease (second);
  UlRelease (other);
  CHECK_HR (storage->lpVtbl->Commit (storage, STGC_DEFAULT), S_OK);
  second = reopen ("commit.msg", STGM_TRANSACTED, &other);
  CHECK (has_text (PROP (second), PR_SUBJECT_W, "second"));
  CHECK (get_long (PROP (second), PR_ACCESS_LEVEL) == 0);
  CHECK_HR (second->lpVtbl->SaveChanges (second, 0), MAPI_E_NO_ACCESS);
  UlRelease (other);
  UlRelease (second);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READONLY | KEEP_OPEN_READWRITE),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0x100), MAPI_E_UNKNOWN_FLAGS);
  UlRelease (message);
  UlRelease (storage);
}

static void
test_changed_underneath (void)
{
  LPSTORAGE storage_1, storage_2;
  LPMESSAGE message_1, message_2;

  message_1 = create_message (NULL, "changed.msg", &storage_1);
  CHECK_HR (message_1->lpVtbl->SaveChanges (message_1, 0), S_OK);
  UlRelease (message_1);
  UlRelease (storage_1);
  message_1 = reopen ("changed.msg", TRANSACTED, &storage_1);
  message_2 = reopen ("changed.msg", TRANSACTED, &storage_2);
  set_text (PROP (message_1), PR_SUBJECT_W, "one");
  set_text (PROP (message_2), PR_SUBJECT_W, "two");
  CHECK_HR (message_1->lpVtbl->SaveChanges (message_1, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (message_2->lpVtbl->SaveChanges (message_2, KEEP_OPEN_READWRITE),
            MAPI_E_OBJECT_CHANGED);
  CHECK_HR (message_2->lpVtbl->SaveChanges (message_2, KEEP_OPEN_READWRITE | FORCE_SAVE), S_OK);
  UlRelease (message_1);
  UlRelease (message_2);
  UlRelease (storage_1);
  UlRelease (storage_2);
  message_1 = reopen ("changed.msg", STGM_TRANSACTED, &storage_1);
  CHECK (has_text (PROP (message_1), PR_SUBJECT_W, "two"));
  UlRelease (message_1);
  UlRelease (storage_1);
}

/* --- lives --- */

static void
test_release_order (void)
{
  LPSTORAGE storage;
  LPMESSAGE message;
  LPATTACH attach = NULL;
  LPMAPITABLE table = NULL;
  LPSTREAM stream = NULL;
  ULONG number;
  int order;

  for (order = 0; order < 4; order++)
    {
      n_released = 0;
      message = create_message (NULL, "order.msg", &storage);
      CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
      CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
      CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_BIN, &IID_IStream, 0,
                                              MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &stream),
                S_OK);
      if (order % 2)
        UlRelease (storage);
      UlRelease (message);
      CHECK (n_released == 0);
      if (order < 2)
        {
          UlRelease (attach);
          UlRelease (table);
          CHECK (n_released == 0);
          UlRelease (stream);
        }
      else
        {
          UlRelease (stream);
          UlRelease (attach);
          CHECK (n_released == 0);
          UlRelease (table);
        }
      CHECK (n_released == 1 && released_data == 77 && released_message == message);
      if (order % 2 == 0)
        CHECK (UlRelease (storage) == 0);
    }
}

static void
test_close_session (void)
{
  LPMSGSESS session = NULL;
  LPSTORAGE storage, storage_2;
  LPMESSAGE message, message_2, inner = NULL, unrelated;
  LPATTACH attach = NULL;
  LPMAPITABLE table = NULL;
  LPSTREAM stream = NULL;
  LPSPropValue values = NULL;
  LPVOID object = NULL;
  ULONG number, n;
  LPSTORAGE storage_3;

  n_released = 0;
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), MAPI_UNICODE, &session), S_OK);
  message = create_message (session, "close-1.msg", &storage);
  message_2 = create_message (session, "close-2.msg", &storage_2);
  unrelated = create_message (NULL, "close-3.msg", &storage_3);
  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                          MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &inner), S_OK);
  CHECK_HR (inner->lpVtbl->OpenProperty (inner, PR_BODY_W, &IID_IStream, 0,
                                         MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
  UlRelease (message_2);
  CHECK (n_released == 1);
  CloseIMsgSession (session);
  CHECK (n_released == 2);
  CHECK_HR (message->lpVtbl->GetProps (message, NULL, 0, &n, &values), MAPI_E_INVALID_OBJECT);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), MAPI_E_INVALID_OBJECT);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), MAPI_E_INVALID_OBJECT);
  CHECK_HR (inner->lpVtbl->GetPropList (inner, 0, (LPSPropTagArray *) &object),
            MAPI_E_INVALID_OBJECT);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), MAPI_E_INVALID_OBJECT);
  CHECK_HR (stream->lpVtbl->Write (stream, "x", 1, &n), MAPI_E_INVALID_OBJECT);
  CHECK_HR (message->lpVtbl->QueryInterface (message, &IID_IMAPIProp, &object), S_OK);
  UlRelease (object);
  CHECK (has_text (PROP (unrelated), PR_MESSAGE_CLASS_A, "x") == 0);
  CHECK_HR (unrelated->lpVtbl->SaveChanges (unrelated, 0), S_OK);
  UlRelease (message);
  UlRelease (stream);
  UlRelease (table);
  UlRelease (inner);
  UlRelease (attach);
  CHECK (n_released == 2);
  CHECK (UlRelease (storage) == 0);
  CHECK (UlRelease (storage_2) == 0);
  UlRelease (unrelated);
  CHECK (n_released == 3);
  UlRelease (storage_3);
}

static void
test_identity (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "identity.msg", &storage);
  LPVOID unknown = NULL, prop = NULL, again = NULL, none = message;

  CHECK_HR (message->lpVtbl->QueryInterface (message, &IID_IUnknown, &unknown), S_OK);
  CHECK_HR (message->lpVtbl->QueryInterface (message, &IID_IMAPIProp, &prop), S_OK);
  CHECK_HR (((LPUNKNOWN) prop)->lpVtbl->QueryInterface ((LPUNKNOWN) prop, &IID_IUnknown, &again),
            S_OK);
  CHECK (unknown == again);
  CHECK_HR (message->lpVtbl->QueryInterface (message, &IID_IAttachment, &none),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK (none == NULL);
  CHECK_HR (message->lpVtbl->QueryInterface (message, &IID_IMessage, NULL), E_INVALIDARG);
  CHECK (UlAddRef (message) == 5);
  UlRelease (message);
  UlRelease (unknown);
  UlRelease (prop);
  UlRelease (again);
  CHECK (UlRelease (message) == 0);
  UlRelease (storage);
}

/* --- the allocators of the caller --- */

static int n_own_blocks;

static SCODE
own_allocate (ULONG n_bytes, LPVOID *buffer)
{
  n_own_blocks++;
  return MAPIAllocateBuffer (n_bytes, buffer);
}

static ULONG
own_free (LPVOID buffer)
{
  if (buffer != NULL)
    n_own_blocks--;
  return MAPIFreeBuffer (buffer);
}

static void
test_allocators (void)
{
  LPSTORAGE storage = NULL;
  LPMESSAGE message = NULL;
  LPMAPITABLE table = NULL;
  LPSPropValue values = NULL;
  LPSPropTagArray tags = NULL;
  LPSRowSet rows = NULL;
  ULONG n, i;

  CHECK_HR (StgCreateDocfile (NULL, TRANSACTED | STGM_CREATE | STGM_DELETEONRELEASE, 0, &storage),
            S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, own_allocate, MAPIAllocateMore, own_free,
                            MAPIGetDefaultMalloc (), NULL, storage, NULL, 0, 0, &message), S_OK);
  add_recipient (message, MODRECIP_ADD, MAPI_TO, "a", 0);
  n_own_blocks = 0;
  CHECK_HR (message->lpVtbl->GetProps (message, NULL, 0, &n, &values), S_OK);
  CHECK (n_own_blocks == 1);
  own_free (values);
  CHECK_HR (message->lpVtbl->GetPropList (message, 0, &tags), S_OK);
  own_free (tags);
  CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->QueryRows (table, 5, 0, &rows), S_OK);
  CHECK (n_own_blocks == 2 && rows->cRows == 1);
  for (i = 0; i < rows->cRows; i++)
    own_free (rows->aRow[i].lpProps);
  own_free (rows);
  CHECK (n_own_blocks == 0);
  UlRelease (table);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

/* --- copying --- */

static void
test_copy (void)
{
  SizedSPropTagArray (2, exclude) = { 2, { PR_BODY_W, PR_IMPORTANCE } };
  SizedSPropTagArray (1, null_tag) = { 1, { PR_NULL } };
  SizedSPropTagArray (2, include) = { 2, { PR_BODY_W, PR_SUBJECT_W } };
  LPSPropProblemArray problems = NULL;
  LPSTORAGE from_storage, to_storage;
  LPMESSAGE from, to;
  LPATTACH attach = NULL;
  LPMAPITABLE table = NULL;
  MAPINAMEID name;
  LPMAPINAMEID names[1] = { &name };
  LPSPropTagArray ids = NULL;
  ULONG number, n = 0;

  from = create_message (NULL, "from.msg", &from_storage);
  set_text (PROP (from), PR_SUBJECT_W, "copied");
  set_text (PROP (from), PR_BODY_W, "body");
  set_long (PROP (from), PR_IMPORTANCE, 2);
  memset (&name, 0, sizeof name);
  name.lpguid = (LPGUID) &PSETID_Common;
  name.Kind.lID = 0x8503;
  CHECK_HR (from->lpVtbl->GetIDsFromNames (from, 1, names, MAPI_CREATE, &ids), S_OK);
  set_long (PROP (from), CHANGE_PROP_TYPE (ids->aulPropTag[0], PT_LONG), 42);
  MAPIFreeBuffer (ids);
  add_recipient (from, MODRECIP_ADD, MAPI_TO, "Anna", 0);
  CHECK_HR (from->lpVtbl->CreateAttach (from, NULL, 0, &number, &attach), S_OK);
  set_text (PROP (attach), PR_ATTACH_LONG_FILENAME_W, "x.txt");
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);

  to = create_message (NULL, "to.msg", &to_storage);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, (LPSPropTagArray) &null_tag, 0, NULL,
                                  &IID_IMessage, to, 0, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, NULL, 0, NULL, NULL, to, 0, NULL),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, NULL, 0, NULL, &IID_IAttachment, to, 0, NULL),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK_HR (from->lpVtbl->CopyTo (from, 1, &IID_IMAPIProp, NULL, 0, NULL, &IID_IMessage, to, 0,
                                  NULL), MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK_HR (from->lpVtbl->CopyProps (from, NULL, 0, NULL, &IID_IMessage, to, 0, NULL),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, (LPSPropTagArray) &exclude, 0, NULL,
                                  &IID_IMessage, to, 0, &problems), S_OK);
  MAPIFreeBuffer (problems);
  CHECK_HR (to->lpVtbl->SaveChanges (to, KEEP_OPEN_READWRITE), S_OK);
  UlRelease (to);
  UlRelease (to_storage);

  to = reopen ("to.msg", TRANSACTED, &to_storage);
  CHECK (has_text (PROP (to), PR_SUBJECT_W, "copied"));
  CHECK (!FPropExists (PROP (to), PR_BODY_W));
  CHECK (get_long (PROP (to), PR_IMPORTANCE) != 2);
  CHECK_HR (to->lpVtbl->GetIDsFromNames (to, 1, names, 0, &ids), S_OK);
  CHECK (get_long (PROP (to), CHANGE_PROP_TYPE (ids->aulPropTag[0], PT_LONG)) == 42);
  MAPIFreeBuffer (ids);
  CHECK_HR (to->lpVtbl->GetRecipientTable (to, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 1);
  UlRelease (table);
  CHECK_HR (to->lpVtbl->GetAttachmentTable (to, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 1);
  UlRelease (table);
  CHECK_HR (from->lpVtbl->CopyProps (from, (LPSPropTagArray) &include, 0, NULL, &IID_IMessage, to,
                                     MAPI_NOREPLACE, NULL), S_OK);
  CHECK (has_text (PROP (to), PR_BODY_W, "body"));
  UlRelease (to);
  UlRelease (to_storage);
  UlRelease (from);
  UlRelease (from_storage);
}

int
main (void)
{
  RUN (test_session_parameters);
  RUN (test_open_parameters);
  RUN (test_every_type);
  RUN (test_get_props);
  RUN (test_set_problems);
  RUN (test_attributes);
  RUN (test_names);
  RUN (test_streams);
  RUN (test_rtf);
  RUN (test_large_rtf);
  RUN (test_recipients);
  RUN (test_attachments);
  RUN (test_no_commit);
  RUN (test_changed_underneath);
  RUN (test_release_order);
  RUN (test_close_session);
  RUN (test_identity);
  RUN (test_allocators);
  RUN (test_copy);
  remove_files ();
  return finish_tests ();
}
