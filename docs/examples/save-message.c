/* save-message.c - copies a message into a new .msg file, through a session
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The classic job of MAPI's documentation. Only the way to a path is not Windows' own.
 *
 *   cc save-message.c $(pkg-config --cflags --libs libimsg-mapi-1)
 */
#include <stdio.h>
#include <string.h>

#define INITGUID
#include <initguid.h>
#include <mapix.h>
#include <mapiutil.h>
#include <imessage.h>
#include <objbase.h>

#ifdef __cplusplus
# define CALL(object, method) (object)->method (
# define CALL0(object, method) (object)->method ()
# define IID_REF(iid) iid
#else
# define CALL(object, method) (object)->lpVtbl->method ((object),
# define CALL0(object, method) (object)->lpVtbl->method (object)
# define IID_REF(iid) &iid
#endif

DEFINE_OLEGUID (CLSID_MailMessage, 0x00020D0B, 0, 0);

/* A path as the functions want it; of ASCII is enough here. */
static void
widen (const char *path, WCHAR *wide, size_t n)
{
  size_t i;

  for (i = 0; path[i] != '\0' && i + 1 < n; i++)
    wide[i] = (WCHAR) (unsigned char) path[i];
  wide[i] = 0;
}

static HRESULT
open_source (const char *path, LPMESSAGE *message)
{
  WCHAR wide[1024];
  LPSTORAGE storage = NULL;
  HRESULT hr;

  widen (path, wide, 1024);
  hr = StgOpenStorage (wide, NULL, STGM_TRANSACTED | STGM_READ, NULL, 0, &storage);
  if (FAILED (hr))
    return hr;
  hr = OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                       MAPIGetDefaultMalloc (), NULL, storage, NULL, 0, 0, message);
  /* The message holds the storage. */
  CALL0 (storage, Release);
  return hr;
}

/* What the new message computes for itself is nothing that it lacks. */
static void
print_problems (LPSPropProblemArray problems)
{
  ULONG i;

  for (i = 0; problems != NULL && i < problems->cProblem; i++)
    {
      if (problems->aProblem[i].scode != MAPI_E_COMPUTED)
        printf ("property 0x%08X stays behind: 0x%08X\n",
                (unsigned) problems->aProblem[i].ulPropTag,
                (unsigned) problems->aProblem[i].scode);
    }
}

static HRESULT
save_message (LPMESSAGE source, const char *path)
{
  SizedSPropTagArray (7, excluded) = {
    6, { PR_ACCESS, PR_RTF_SYNC_BODY_COUNT, PR_RTF_SYNC_BODY_CRC, PR_RTF_SYNC_BODY_TAG,
         PR_RTF_SYNC_PREFIX_COUNT, PR_RTF_SYNC_TRAILING_COUNT, PR_BODY }
  };
  LPMALLOC heap = MAPIGetDefaultMalloc ();
  LPSPropProblemArray problems = NULL;
  LPMSGSESS session = NULL;
  LPSTORAGE storage = NULL;
  LPMESSAGE message = NULL;
  WCHAR wide[1024];
  HRESULT hr;

  /* The plain text is made from the RTF again, where there is one. */
  if (FPropExists ((LPMAPIPROP) source, PR_RTF_COMPRESSED))
    excluded.cValues = 7;
  widen (path, wide, 1024);
  hr = StgCreateDocfile (wide, STGM_READWRITE | STGM_TRANSACTED | STGM_CREATE, 0, &storage);
  if (FAILED (hr))
    return hr;
  hr = OpenIMsgSession (heap, 0, &session);
  if (SUCCEEDED (hr))
    hr = OpenIMsgOnIStg (session, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                         storage, NULL, 0, MAPI_UNICODE, &message);
  if (SUCCEEDED (hr))
    hr = WriteClassStg (storage, IID_REF (CLSID_MailMessage));
  if (SUCCEEDED (hr))
    hr = CALL (source, CopyTo) 0, NULL, (LPSPropTagArray) &excluded, 0, NULL, &IID_IMessage,
               message, 0, &problems);
  if (SUCCEEDED (hr))
    {
      print_problems (problems);
      MAPIFreeBuffer (problems);
      hr = CALL (message, SaveChanges) KEEP_OPEN_READWRITE);
    }
  if (SUCCEEDED (hr))
    hr = CALL (storage, Commit) STGC_DEFAULT);
  if (message != NULL)
    CALL0 (message, Release);
  CALL0 (storage, Release);
  CloseIMsgSession (session);
  return hr;
}

int
main (int argc, char **argv)
{
  LPMESSAGE source = NULL;
  HRESULT hr;

  if (argc != 3)
    {
      fprintf (stderr, "Usage: %s FROM.msg TO.msg\n", argv[0]);
      return 2;
    }
  hr = MAPIInitialize (NULL);
  if (SUCCEEDED (hr))
    hr = open_source (argv[1], &source);
  if (SUCCEEDED (hr))
    {
      hr = save_message (source, argv[2]);
      CALL0 (source, Release);
    }
  MAPIUninitialize ();
  if (FAILED (hr))
    fprintf (stderr, "%s: 0x%08X\n", argv[0], (unsigned) hr);
  return FAILED (hr);
}
