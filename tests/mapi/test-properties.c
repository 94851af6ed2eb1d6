/* test-properties.c - properties, their names and attributes, streams on them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapi-message.h"

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

/* --- what follows from the rest --- */

static int
same_time (LPMESSAGE message, ULONG tag, ULONG other_tag)
{
  LPSPropValue a = NULL, b = NULL;
  int same = 0;

  if (SUCCEEDED (HrGetOneProp (PROP (message), tag, &a)) &&
      SUCCEEDED (HrGetOneProp (PROP (message), other_tag, &b)))
    same = memcmp (&a->Value.ft, &b->Value.ft, sizeof (FILETIME)) == 0;
  MAPIFreeBuffer (a);
  MAPIFreeBuffer (b);
  return same;
}

static void
test_computed (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "computed.msg", &storage);
  SPropTagArray creation = { 1, { PR_CREATION_TIME } };
  LPSPropProblemArray problems = NULL;
  SPropValue value;

  CHECK (get_long (PROP (message), PR_MESSAGE_FLAGS) == (MSGFLAG_UNSENT | MSGFLAG_UNMODIFIED));
  CHECK (!FPropExists (PROP (message), PR_MESSAGE_SIZE));
  CHECK (!FPropExists (PROP (message), PR_RECORD_KEY));
  set_text (PROP (message), PR_SUBJECT_W, "RE: hello");
  set_text (PROP (message), PR_BODY_W, "one");
  memset (&value, 0, sizeof value);
  value.ulPropTag = PR_RTF_IN_SYNC;
  value.Value.b = TRUE;
  CHECK_HR (HrSetOneProp (PROP (message), &value), S_OK);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK (has_text (PROP (message), PR_SUBJECT_PREFIX_W, "RE: "));
  CHECK (has_text (PROP (message), PR_NORMALIZED_SUBJECT_W, "hello"));
  CHECK (has_text (PROP (message), PR_MESSAGE_CLASS_W, "IPM"));
  CHECK (has_text (PROP (message), PR_DISPLAY_TO_W, ""));
  CHECK (get_long (PROP (message), PR_MESSAGE_SIZE) > 0);
  CHECK (FPropExists (PROP (message), PR_RECORD_KEY));
  CHECK (FPropExists (PROP (message), PR_RTF_IN_SYNC));
  CHECK (same_time (message, PR_CREATION_TIME, PR_LAST_MODIFICATION_TIME));

  /* The time of creation is settled, and text that changes alone is no more in step. */
  value.ulPropTag = PR_CREATION_TIME;
  CHECK_HR (HrSetOneProp (PROP (message), &value), MAPI_E_COMPUTED);
  CHECK_HR (message->lpVtbl->DeleteProps (message, &creation, &problems), S_OK);
  CHECK (problems != NULL && problems->aProblem[0].scode == MAPI_E_COMPUTED);
  MAPIFreeBuffer (problems);
  set_text (PROP (message), PR_BODY_W, "two");
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK ((get_long (PROP (message), PR_MESSAGE_FLAGS) & MSGFLAG_UNMODIFIED) == 0);
  CHECK (!FPropExists (PROP (message), PR_RTF_IN_SYNC));
  CHECK (!same_time (message, PR_CREATION_TIME, PR_LAST_MODIFICATION_TIME));
  set_long (PROP (message), PR_MESSAGE_FLAGS, MSGFLAG_READ | MSGFLAG_HASATTACH);
  CHECK (get_long (PROP (message), PR_MESSAGE_FLAGS) == MSGFLAG_READ);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
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

/* A character that is cut in half is written and read as it is. */
static void
test_half_a_character (void)
{
  static WCHAR halved[] = { 'a', 0xD83D, 0 };
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "halved.msg", &storage);
  LPSPropValue read = NULL;
  SPropValue value;

  memset (&value, 0, sizeof value);
  value.ulPropTag = PR_SUBJECT_W;
  value.Value.lpszW = halved;
  CHECK_HR (HrSetOneProp (PROP (message), &value), S_OK);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
  UlRelease (message);
  UlRelease (storage);
  message = reopen ("halved.msg", STGM_TRANSACTED, &storage);
  CHECK_HR (HrGetOneProp (PROP (message), PR_SUBJECT_W, &read), S_OK);
  CHECK (same_wide (read->Value.lpszW, halved));
  MAPIFreeBuffer (read);
  UlRelease (message);
  UlRelease (storage);
}

/* The only recipient's name, as it is in a table */
static int
has_recipient (LPMESSAGE message, const char *name)
{
  SizedSPropTagArray (1, columns) = { 1, { PR_DISPLAY_NAME_A } };
  LPMAPITABLE table = NULL;
  LPSRowSet rows = NULL;
  int same;

  CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
  CHECK_HR (HrQueryAllRows (table, (LPSPropTagArray) &columns, NULL, NULL, 0, &rows), S_OK);
  same = rows->cRows == 1 && rows->aRow[0].lpProps[0].ulPropTag == PR_DISPLAY_NAME_A &&
         strcmp (rows->aRow[0].lpProps[0].Value.lpszA, name) == 0;
  FreeProws (rows);
  UlRelease (table);
  return same;
}

/* 8-bit text of an 8-bit message keeps its bytes, also those that its code page does not know or
 * has twice. */
static void
test_narrow_text (void)
{
  static const struct
  {
    LONG        code_page;
    const char *text;
  } texts[] = {
    { 949, "a\xC9\xA1z" }, { 932, "\xFA\x54" }, { 65001, "\xFF\xFE" }, { 1252, "caf\xE9" },
  };
  size_t i;

  for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
    {
      LPSTORAGE storage = NULL;
      LPMESSAGE message;
      SPropValue values[2];
      SizedADRLIST (1, list) = { 1, { { 0, 2, values } } };

      CHECK_HR (StgCreateDocfile (path_of ("narrow.msg"), TRANSACTED | STGM_CREATE, 0, &storage),
                S_OK);
      message = open_message (NULL, storage, 0);
      set_long (PROP (message), PR_MESSAGE_CODEPAGE, texts[i].code_page);
      set_text (PROP (message), PR_COMMENT_A, texts[i].text);
      memset (values, 0, sizeof values);
      values[0].ulPropTag = PR_RECIPIENT_TYPE;
      values[0].Value.l = MAPI_TO;
      values[1].ulPropTag = PR_DISPLAY_NAME_A;
      values[1].Value.lpszA = (LPSTR) texts[i].text;
      CHECK_HR (message->lpVtbl->ModifyRecipients (message, 0, (LPADRLIST) &list), S_OK);
      CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
      UlRelease (message);
      UlRelease (storage);
      message = reopen ("narrow.msg", STGM_TRANSACTED, &storage);
      CHECK (has_text (PROP (message), PR_COMMENT_A, texts[i].text));
      CHECK (has_recipient (message, texts[i].text));
      UlRelease (message);
      UlRelease (storage);
    }
}

/* What cannot be kept, or must not be had, is refused by whatever way. */
static void
test_refusals (void)
{
  static WCHAR japanese[] = { 0x65E5, 0x672C, 0 };
  SizedSPropTagArray (1, tags) = { 1, { PR_COMMENT_A } };
  SizedSPropAttrArray (1, hidden) = { 1, { PROPATTR_WRITEABLE } };
  LPSTORAGE storage = NULL;
  LPMESSAGE message;
  LPSTREAM stream = NULL;
  SPropValue value;

  CHECK_HR (StgCreateDocfile (path_of ("refusals.msg"), TRANSACTED | STGM_CREATE, 0, &storage),
            S_OK);
  message = open_message (NULL, storage, 0);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_BODY_W, &IID_IStream, 0,
                                           MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, japanese, 4, NULL), S_OK);
  CHECK_HR (stream->lpVtbl->Commit (stream, 0), STG_E_CANTSAVE);
  UlRelease (stream);
  set_text (PROP (message), PR_COMMENT_A, "hidden");
  CHECK_HR (SetAttribIMsgOnIStg (message, (LPSPropTagArray) &tags, (LPSPropAttrArray) &hidden,
                                 NULL), S_OK);
  CHECK_HR (message->lpVtbl->OpenProperty (message, PR_COMMENT_A, &IID_IStream, 0, 0,
                                           (LPUNKNOWN *) &stream), MAPI_E_NO_ACCESS);
  memset (&value, 0, sizeof value);
  value.ulPropTag = CHANGE_PROP_TYPE (PR_MESSAGE_FLAGS, PT_I2);
  CHECK_HR (HrSetOneProp (PROP (message), &value), MAPI_E_UNEXPECTED_TYPE);
  UlRelease (message);
  UlRelease (storage);
}

int
main (void)
{
  RUN (test_every_type);
  RUN (test_get_props);
  RUN (test_set_problems);
  RUN (test_attributes);
  RUN (test_names);
  RUN (test_computed);
  RUN (test_streams);
  RUN (test_rtf);
  RUN (test_large_rtf);
  RUN (test_half_a_character);
  RUN (test_narrow_text);
  RUN (test_refusals);
  remove_files ();
  return finish_tests ();
}
