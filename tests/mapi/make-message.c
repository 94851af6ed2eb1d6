/* make-message.c - makes a message with recipients and attachments, for test-example.py
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <mapix.h>
#include <mapiutil.h>
#include <imessage.h>
#include <objbase.h>

#include "mapi-files.h"
#include "mapi-test.h"

static void
set_text (LPMAPIPROP object, ULONG tag, const char *text)
{
  SPropValue value;

  memset (&value, 0, sizeof value);
  value.ulPropTag = tag;
  value.Value.lpszA = (LPSTR) text;
  CHECK_HR (HrSetOneProp (object, &value), S_OK);
}

int
main (int argc, char **argv)
{
  LPSTORAGE storage = NULL;
  LPMESSAGE message = NULL;
  LPATTACH attach = NULL;
  LPSTREAM stream = NULL;
  SPropValue values[4];
  SizedADRLIST (1, list);
  ULONG number;

  if (argc != 2)
    return 2;
  CHECK_HR (StgCreateDocfile (wide (argv[1]), STGM_READWRITE | STGM_TRANSACTED | STGM_CREATE, 0,
                              &storage), S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), NULL, storage, NULL, 0, MAPI_UNICODE,
                            &message), S_OK);
  set_text ((LPMAPIPROP) message, PR_MESSAGE_CLASS_A, "IPM.Note");
  set_text ((LPMAPIPROP) message, PR_SUBJECT_A, "RE: the example");
  set_text ((LPMAPIPROP) message, PR_BODY_A, "the body");
  memset (values, 0, sizeof values);
  values[0].ulPropTag = PR_DISPLAY_NAME_A;
  values[0].Value.lpszA = (LPSTR) "Anna Example";
  values[1].ulPropTag = PR_RECIPIENT_TYPE;
  values[1].Value.l = MAPI_TO;
  values[2].ulPropTag = PR_ADDRTYPE_A;
  values[2].Value.lpszA = (LPSTR) "SMTP";
  values[3].ulPropTag = PR_EMAIL_ADDRESS_A;
  values[3].Value.lpszA = (LPSTR) "anna@example.org";
  list.cEntries = 1;
  list.aEntries[0].ulReserved1 = 0;
  list.aEntries[0].cValues = 4;
  list.aEntries[0].rgPropVals = values;
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, MODRECIP_ADD, (LPADRLIST) &list), S_OK);
  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  values[0].ulPropTag = PR_ATTACH_METHOD;
  values[0].Value.l = ATTACH_BY_VALUE;
  CHECK_HR (attach->lpVtbl->SetProps (attach, 1, values, NULL), S_OK);
  set_text ((LPMAPIPROP) attach, PR_ATTACH_LONG_FILENAME_A, "notes.txt");
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_BIN, &IID_IStream, 0,
                                          MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, "attached bytes", 14, NULL), S_OK);
  UlRelease (stream);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
  UlRelease (message);
  UlRelease (storage);
  return test_failed;
}
