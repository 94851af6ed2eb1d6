/* test-samples.c - real files read and copied through the MAPI functions
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#define _XOPEN_SOURCE 700
#include <ftw.h>

#include <mapix.h>
#include <mapiutil.h>
#include <imessage.h>
#include <objbase.h>

#include "mapi-files.h"
#include "mapi-test.h"

static int n_opened, n_refused, n_values, n_objects;

static void read_message (LPMESSAGE message, int depth);

static void
read_values (LPMAPIPROP object)
{
  LPSPropValue values = NULL;
  LPSPropTagArray list = NULL;
  ULONG n = 0, i;
  HRESULT hr = object->lpVtbl->GetProps (object, NULL, MAPI_UNICODE, &n, &values);

  CHECK (SUCCEEDED (hr));
  n_objects++;
  for (i = 0; i < n; i++)
    {
      LPSTREAM stream = NULL;

      n_values++;
      if (values[i].ulPropTag == PR_NULL || PROP_TYPE (values[i].ulPropTag) != PT_ERROR)
        continue;
      CHECK (FAILED (values[i].Value.err));
      if (values[i].Value.err != MAPI_E_NOT_ENOUGH_MEMORY)
        continue;
      /* Too large for GetProps: as a stream, bytes or text */
      hr = object->lpVtbl->OpenProperty (object, CHANGE_PROP_TYPE (values[i].ulPropTag, PT_BINARY),
                                         &IID_IStream, STGM_READ, 0, (LPUNKNOWN *) &stream);
      if (hr == MAPI_E_NOT_FOUND)
        hr = object->lpVtbl->OpenProperty (object,
                                           CHANGE_PROP_TYPE (values[i].ulPropTag, PT_UNICODE),
                                           &IID_IStream, STGM_READ, 0, (LPUNKNOWN *) &stream);
      CHECK_HR (hr, S_OK);
      UlRelease (stream);
    }
  MAPIFreeBuffer (values);
  CHECK_HR (object->lpVtbl->GetPropList (object, 0, &list), S_OK);
  CHECK (list != NULL && list->cValues == n);
  MAPIFreeBuffer (list);
}

static void
read_attachments (LPMESSAGE message, int depth)
{
  static const SizedSPropTagArray (2, columns) = { 2, { PR_ATTACH_NUM, PR_ATTACH_METHOD } };
  LPMAPITABLE table = NULL;
  LPSRowSet rows = NULL;
  ULONG i;

  CHECK_HR (message->lpVtbl->GetAttachmentTable (message, MAPI_UNICODE, &table), S_OK);
  CHECK_HR (HrQueryAllRows (table, (LPSPropTagArray) &columns, NULL, NULL, 0, &rows), S_OK);
  for (i = 0; rows != NULL && i < rows->cRows; i++)
    {
      LPATTACH attach = NULL;
      LPMESSAGE inner = NULL;

      CHECK_HR (message->lpVtbl->OpenAttach (message, rows->aRow[i].lpProps[0].Value.ul, NULL, 0,
                                             &attach), S_OK);
      if (attach == NULL)
        continue;
      read_values ((LPMAPIPROP) attach);
      if (SUCCEEDED (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                                   0, (LPUNKNOWN *) &inner)))
        {
          read_message (inner, depth + 1);
          UlRelease (inner);
        }
      UlRelease (attach);
    }
  FreeProws (rows);
  UlRelease (table);
}

static void
read_message (LPMESSAGE message, int depth)
{
  LPMAPITABLE table = NULL;
  LPSRowSet rows = NULL;
  LPSPropTagArray ids = NULL;
  LPMAPINAMEID *names = NULL;
  ULONG n = 0;

  if (depth > 40)
    return;
  read_values ((LPMAPIPROP) message);
  CHECK_HR (message->lpVtbl->GetNamesFromIDs (message, &ids, NULL, 0, &n, &names), S_OK);
  MAPIFreeBuffer (names);
  MAPIFreeBuffer (ids);
  CHECK_HR (message->lpVtbl->GetRecipientTable (message, MAPI_UNICODE, &table), S_OK);
  CHECK_HR (HrQueryAllRows (table, NULL, NULL, NULL, 0, &rows), S_OK);
  FreeProws (rows);
  UlRelease (table);
  read_attachments (message, depth);
}

static ULONG
count_rows (LPMESSAGE message, ULONG property)
{
  LPMAPITABLE table = NULL;
  ULONG n = 12345;

  if (SUCCEEDED (message->lpVtbl->OpenProperty (message, property, &IID_IMAPITable, 0, 0,
                                                (LPUNKNOWN *) &table)))
    table->lpVtbl->GetRowCount (table, 0, &n);
  UlRelease (table);
  return n;
}

static void
copy_message (LPMESSAGE source)
{
  LPSTORAGE storage = NULL;
  LPMESSAGE message = NULL;
  LPSPropProblemArray problems = NULL;

  CHECK_HR (StgCreateDocfile (NULL, STGM_READWRITE | STGM_TRANSACTED | STGM_CREATE |
                                      STGM_DELETEONRELEASE, 0, &storage), S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), NULL, storage, NULL, 0, MAPI_UNICODE,
                            &message), S_OK);
  CHECK_HR (source->lpVtbl->CopyTo (source, 0, NULL, NULL, 0, NULL, &IID_IMessage, message, 0,
                                    &problems), S_OK);
  MAPIFreeBuffer (problems);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  UlRelease (message);
  message = NULL;
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), NULL, storage, NULL, 0, 0, &message), S_OK);
  if (message != NULL)
    {
      CHECK (count_rows (source, PR_MESSAGE_RECIPIENTS) ==
             count_rows (message, PR_MESSAGE_RECIPIENTS));
      CHECK (count_rows (source, PR_MESSAGE_ATTACHMENTS) ==
             count_rows (message, PR_MESSAGE_ATTACHMENTS));
    }
  UlRelease (message);
  UlRelease (storage);
}

static int
visit (const char *path, const struct stat *status, int type, struct FTW *place)
{
  LPSTORAGE storage = NULL;
  LPMESSAGE message = NULL;
  size_t n = strlen (path);
  int failed_before = test_failed;

  (void) status;
  (void) place;
  if (type != FTW_F || n < 4 || n > 290 || strcmp (path + n - 4, ".msg") != 0)
    return 0;
  test_failed = 0;
  if (SUCCEEDED (StgOpenStorage (wide (path), NULL, STGM_TRANSACTED, NULL, 0, &storage)))
    OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                    MAPIGetDefaultMalloc (), NULL, storage, NULL, 0, 0, &message);
  if (message != NULL)
    {
      n_opened++;
      read_message (message, 0);
      copy_message (message);
      CHECK (UlRelease (message) == 0);
    }
  else
    {
      n_refused++;
    }
  UlRelease (storage);
  if (test_failed)
    printf ("# in %s\n", path);
  test_failed |= failed_before;
  return 0;
}

static void
test_samples (void)
{
  nftw (getenv ("IMSG_SAMPLES"), visit, 20, FTW_PHYS);
  printf ("# %d opened, %d refused, %d objects, %d values\n", n_opened, n_refused, n_objects,
          n_values);
  CHECK (n_opened > 0);
}

int
main (void)
{
  if (getenv ("IMSG_SAMPLES") == NULL)
    {
      printf ("1..0 # SKIP IMSG_SAMPLES is not set\n");
      return 0;
    }
  RUN (test_samples);
  return finish_tests ();
}
