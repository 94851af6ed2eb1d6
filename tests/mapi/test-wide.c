/* test-wide.c - a program as it was written for Windows: L"...", TCHAR, the headers it begins with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Built with -fshort-wchar, as C and as C++, for 8-bit and for Unicode TCHAR. */
#define INITGUID
#include <windows.h>
#include <initguid.h>
#define USES_IID_IMessage
#define USES_IID_IMAPITable
#include <mapix.h>
#include <mapiutil.h>
#include <mapitags.h>
#include <mapiguid.h>
#include <imessage.h>
#include <unistd.h>

#include "mapi-test.h"

#ifdef __cplusplus
# define CALL(object, method, ...) (object)->method (__VA_ARGS__)
# define CALL0(object, method) (object)->method ()
#else
# define CALL(object, method, ...) (object)->lpVtbl->method ((object), __VA_ARGS__)
# define CALL0(object, method) (object)->lpVtbl->method (object)
#endif

DEFINE_GUID (CLSID_MailMessage, 0x00020D0B, 0x0000, 0x0000, 0xC0, 0x00, 0x0, 0x00, 0x0, 0x00, 0x00,
             0x46);

enum { NAME, TYPE, N_COLUMNS };
static const SizedSPropTagArray (N_COLUMNS, columns) = {
  N_COLUMNS, { PR_DISPLAY_NAME, PR_RECIPIENT_TYPE }
};

static void
test_strings (void)
{
  WCHAR wide[8] = L"abc";
  char narrow[8];
  SPropValue value;

  CHECK (sizeof (WCHAR) == 2 && sizeof (L"a") == 4);
  CHECK (lstrlenW (L"four") == 4 && lstrlenA (NULL) == 0);
  CHECK (lstrcmpW (lstrcatW (wide, L"DEF"), L"abcDEF") == 0);
  CHECK (lstrcmpiW (wide, L"ABCdef") == 0 && lstrcmpW (wide, L"abd") < 0);
  CHECK (lstrlenA (lstrcpynA (narrow, "much too long", 8)) == 7);
  CHECK (lstrcmp (TEXT ("a"), TEXT ("b")) < 0);
  ZeroMemory (&value, sizeof value);
  FillMemory (narrow, sizeof narrow, 7);
  SecureZeroMemory (narrow, sizeof narrow);
  CHECK (narrow[0] == 0 && narrow[7] == 0 && value.ulPropTag == 0);
  CHECK (MAKELONG (0x1234, 0x5678) == 0x56781234 && HIWORD (0x56781234) == 0x5678);
  CHECK (ARRAYSIZE (wide) == 8);
}

/* The names of the recipients of a message, one after the other */
static void
list_recipients (LPMESSAGE message, LPTSTR names)
{
  LPMAPITABLE table = NULL;
  LPSRowSet rows = NULL;
  ULONG i;

  names[0] = 0;
  CHECK_HR (CALL (message, OpenProperty, PR_MESSAGE_RECIPIENTS, (LPIID) &IID_IMAPITable,
                  fMapiUnicode, 0, (LPUNKNOWN *) &table), S_OK);
  CHECK_HR (HrQueryAllRows (table, (LPSPropTagArray) &columns, NULL, NULL, 0, &rows), S_OK);
  for (i = 0; rows != NULL && i < rows->cRows; i++)
    {
      LPSPropValue values = rows->aRow[i].lpProps;

      if (values[NAME].ulPropTag == PR_DISPLAY_NAME && values[TYPE].Value.l == MAPI_TO)
        lstrcat (names, values[NAME].Value.LPSZ);
    }
  FreeProws (rows);
  UlRelease (table);
}

static void
add_recipients (LPMESSAGE message)
{
  LPADRLIST list = NULL;
  ULONG i;

  CHECK_HR (MAPIAllocateBuffer (CbNewADRLIST (2), (LPVOID *) &list), S_OK);
  ZeroMemory (list, CbNewADRLIST (2));
  list->cEntries = 2;
  for (i = 0; i < list->cEntries; i++)
    {
      LPSPropValue values = NULL;

      CHECK_HR (MAPIAllocateBuffer (2 * sizeof (SPropValue), (LPVOID *) &values), S_OK);
      values[NAME].ulPropTag = PR_DISPLAY_NAME;
      CHECK_HR (MAPIAllocateMore (16, values, (LPVOID *) &values[NAME].Value.LPSZ), S_OK);
      lstrcpy (values[NAME].Value.LPSZ, i == 0 ? TEXT ("Anna") : TEXT ("Bert"));
      values[TYPE].ulPropTag = PR_RECIPIENT_TYPE;
      values[TYPE].Value.l = MAPI_TO;
      list->aEntries[i].cValues = 2;
      list->aEntries[i].rgPropVals = values;
    }
  CHECK_HR (CALL (message, ModifyRecipients, MODRECIP_ADD, list), S_OK);
  FreePadrlist (list);
}

static void
test_message (void)
{
  WCHAR path[MAX_PATH];
  char folder[] = "/tmp/imsg-mapi-XXXXXX", narrow[64];
  TCHAR names[32];
  LPSTORAGE storage = NULL;
  LPMESSAGE message = NULL;
  LPSPropValue subject = NULL;
  SPropValue value;
  CLSID clsid;
  int i;

  CHECK (mkdtemp (folder) != NULL);
  for (i = 0; folder[i] != 0; i++)
    path[i] = (WCHAR) folder[i];
  path[i] = 0;
  lstrcatW (path, L"/wide.msg");
  CHECK_HR (StgCreateDocfile (path, STGM_READWRITE | STGM_TRANSACTED | STGM_CREATE, 0, &storage),
            S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), NULL, storage, NULL, 0, MAPI_UNICODE,
                            &message), S_OK);
#ifdef __cplusplus
  CHECK_HR (WriteClassStg (storage, CLSID_MailMessage), S_OK);
#else
  CHECK_HR (WriteClassStg (storage, &CLSID_MailMessage), S_OK);
#endif
  value.ulPropTag = PR_SUBJECT_W;
  value.Value.lpszW = (LPWSTR) L"Gr\x00fc\x00df \x4f60";
  CHECK_HR (HrSetOneProp ((LPMAPIPROP) message, &value), S_OK);
  add_recipients (message);
  CHECK_HR (CALL (message, SaveChanges, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (CALL (storage, Commit, STGC_DEFAULT), S_OK);
  list_recipients (message, names);
  CHECK (lstrcmp (names, TEXT ("AnnaBert")) == 0);
  CALL0 (message, Release);
  CALL0 (storage, Release);

  CHECK_HR (StgOpenStorage (path, NULL, STGM_TRANSACTED | STGM_READWRITE, NULL, 0, &storage), S_OK);
  CHECK_HR (ReadClassStg (storage, &clsid), S_OK);
  CHECK (memcmp (&clsid, &CLSID_MailMessage, sizeof clsid) == 0);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), NULL, storage, NULL, 0, 0, &message), S_OK);
  CALL0 (storage, Release);
  CHECK_HR (HrGetOneProp ((LPMAPIPROP) message, PR_SUBJECT_W, &subject), S_OK);
  CHECK (subject != NULL && lstrcmpW (subject->Value.lpszW, L"Gr\x00fc\x00df \x4f60") == 0);
  MAPIFreeBuffer (subject);
  CALL0 (message, Release);
  snprintf (narrow, sizeof narrow, "%s/wide.msg", folder);
  unlink (narrow);
  rmdir (folder);
}

int
main (void)
{
  RUN (test_strings);
  RUN (test_message);
  return finish_tests ();
}
