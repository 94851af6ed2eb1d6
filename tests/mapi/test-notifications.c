/* test-notifications.c - programs that change things while they are told of a change
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapi-message.h"

static LPATTACH open_attach;
static LPSTREAM open_again;
static int n_told;

/* --- attachments --- */

static ULONG
create_saved (LPMESSAGE message, LPATTACH *attach)
{
  ULONG number = 99;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, attach), S_OK);
  CHECK_HR ((*attach)->lpVtbl->SaveChanges (*attach, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  return number;
}

static LPMAPITABLE
watch_attachments (LPMESSAGE message, LPNOTIFCALLBACK callback, ULONG_PTR *connection)
{
  LPMAPITABLE table = NULL;
  LPMAPIADVISESINK sink = NULL;

  n_told = 0;
  CHECK_HR (message->lpVtbl->GetAttachmentTable (message, 0, &table), S_OK);
  CHECK_HR (HrAllocAdviseSink (callback, NULL, &sink), S_OK);
  CHECK_HR (table->lpVtbl->Advise (table, fnevTableModified, sink, connection), S_OK);
  UlRelease (sink);
  return table;
}

static LONG
release_attach (LPVOID context, ULONG n, LPNOTIFICATION notifications)
{
  (void) context;
  if (n == 1 && notifications[0].info.tab.ulTableEvent == TABLE_ROW_DELETED)
    {
      n_told++;
      UlRelease (open_attach);
      open_attach = NULL;
    }
  return S_OK;
}

static void
test_release_in_deletion (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "release.msg", &storage);
  ULONG number = create_saved (message, &open_attach);
  ULONG_PTR connection = 0;
  LPMAPITABLE table = watch_attachments (message, release_attach, &connection);

  CHECK_HR (message->lpVtbl->DeleteAttach (message, number, 0, NULL, 0), S_OK);
  CHECK (n_told == 1 && open_attach == NULL);
  CHECK_HR (message->lpVtbl->OpenAttach (message, number, NULL, 0, &open_attach),
            MAPI_E_NOT_FOUND);
  UlRelease (table);
  CHECK (UlRelease (message) == 0);
  UlRelease (storage);
}

static LONG
open_data (LPVOID context, ULONG n, LPNOTIFICATION notifications)
{
  (void) context;
  if (n == 1 && notifications[0].info.tab.ulTableEvent == TABLE_ROW_MODIFIED && n_told++ == 0)
    CHECK_HR (open_attach->lpVtbl->OpenProperty (open_attach, PR_ATTACH_DATA_BIN, &IID_IStream, 0,
                                                 0, (LPUNKNOWN *) &open_again), S_OK);
  return S_OK;
}

/* The last release of a stream is what sets the property; who hears of it may read it at once. */
static void
test_open_in_release (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "reread.msg", &storage);
  LPSTREAM stream = NULL;
  ULONG_PTR connection = 0;
  LPMAPITABLE table;
  char bytes[10];
  ULONG n = 0;

  create_saved (message, &open_attach);
  table = watch_attachments (message, open_data, &connection);
  CHECK_HR (open_attach->lpVtbl->OpenProperty (open_attach, PR_ATTACH_DATA_BIN, &IID_IStream,
                                               STGM_READWRITE, MAPI_CREATE | MAPI_MODIFY,
                                               (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, "written", 7, NULL), S_OK);
  CHECK (UlRelease (stream) == 0);
  CHECK (n_told > 0 && open_again != NULL);
  if (open_again != NULL)
    {
      CHECK_HR (open_again->lpVtbl->Read (open_again, bytes, sizeof bytes, &n), S_OK);
      CHECK (n == 7 && memcmp (bytes, "written", 7) == 0);
      CHECK (UlRelease (open_again) == 0);
    }
  UlRelease (table);
  CHECK (UlRelease (open_attach) == 0);
  CHECK (UlRelease (message) == 0);
  UlRelease (storage);
}

int
main (void)
{
  RUN (test_release_in_deletion);
  RUN (test_open_in_release);
  remove_files ();
  return finish_tests ();
}
