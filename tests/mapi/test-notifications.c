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

/* --- recipients --- */

#define NAME 0
#define TYPE 1

static ULONG row_events[10];
static LONG row_types[10];
static char row_names[10][20];
static BYTE row_keys[10][16];

static LONG
keep_row (LPVOID context, ULONG n, LPNOTIFICATION notifications)
{
  const TABLE_NOTIFICATION *tab = &notifications[0].info.tab;
  const SPropValue *values = tab->row.lpProps;

  (void) context;
  (void) n;
  if (n_told >= 10)
    return S_OK;
  row_events[n_told] = tab->ulTableEvent;
  CHECK (tab->propIndex.ulPropTag == PR_INSTANCE_KEY && tab->propIndex.Value.bin.cb == 16);
  if (tab->propIndex.ulPropTag == PR_INSTANCE_KEY && tab->propIndex.Value.bin.cb == 16)
    memcpy (row_keys[n_told], tab->propIndex.Value.bin.lpb, 16);
  if (values != NULL && PROP_TYPE (values[NAME].ulPropTag) == PT_STRING8)
    snprintf (row_names[n_told], sizeof row_names[0], "%s", values[NAME].Value.lpszA);
  row_types[n_told++] = values != NULL ? values[TYPE].Value.l : -1;
  return S_OK;
}

static LPMAPITABLE
watch_recipients (LPMESSAGE message, LPNOTIFCALLBACK callback, ULONG_PTR *connection)
{
  SizedSPropTagArray (2, columns) = { 2, { PR_DISPLAY_NAME_A, PR_RECIPIENT_TYPE } };
  LPMAPITABLE table = NULL;
  LPMAPIADVISESINK sink = NULL;

  n_told = 0;
  CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->SetColumns (table, (LPSPropTagArray) &columns, 0), S_OK);
  CHECK_HR (HrAllocAdviseSink (callback, NULL, &sink), S_OK);
  CHECK_HR (table->lpVtbl->Advise (table, fnevTableModified, sink, connection), S_OK);
  UlRelease (sink);
  return table;
}

/* A row comes, or changes, as a whole. */
static void
test_whole_rows (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "whole.msg", &storage);
  ULONG_PTR connection = 0;
  LPMAPITABLE table = watch_recipients (message, keep_row, &connection);

  add_recipient (message, MODRECIP_ADD, MAPI_CC, "Anna", 0);
  CHECK (n_told == 1 && row_events[0] == TABLE_ROW_ADDED);
  CHECK_TEXT (row_names[0], "Anna");
  CHECK (row_types[0] == MAPI_CC);
  add_recipient (message, MODRECIP_MODIFY, MAPI_BCC, "Bert", 0);
  CHECK (n_told == 2 && row_events[1] == TABLE_ROW_MODIFIED);
  CHECK_TEXT (row_names[1], "Bert");
  CHECK (row_types[1] == MAPI_BCC);
  add_recipient (message, MODRECIP_REMOVE, MAPI_BCC, "Bert", 0);
  CHECK (n_told == 3 && row_events[2] == TABLE_ROW_DELETED);
  /* By its key a program knows which row is meant, also of one that is gone. */
  CHECK (memcmp (row_keys[0], row_keys[1], 16) == 0 && memcmp (row_keys[0], row_keys[2], 16) == 0);
  UlRelease (table);
  CHECK (UlRelease (message) == 0);
  UlRelease (storage);
}

static LPMESSAGE changed_message;

static LONG
remove_row (LPVOID context, ULONG n, LPNOTIFICATION notifications)
{
  if (notifications[0].info.tab.ulTableEvent == TABLE_ROW_ADDED)
    add_recipient (changed_message, MODRECIP_REMOVE, MAPI_TO, "", 0);
  return keep_row (context, n, notifications);
}

/* A row that goes before a table could tell of it was never there for who watches that one. */
static void
test_row_that_went (void)
{
  LPSTORAGE storage;
  ULONG_PTR connection = 0, other = 0;
  LPMAPITABLE first, second;

  changed_message = create_message (NULL, "went.msg", &storage);
  first = watch_recipients (changed_message, remove_row, &connection);
  second = watch_recipients (changed_message, keep_row, &other);
  add_recipient (changed_message, MODRECIP_ADD, MAPI_TO, "Anna", 0);
  CHECK (n_told == 2 && row_events[0] == TABLE_ROW_DELETED && row_events[1] == TABLE_ROW_ADDED);
  UlRelease (first);
  UlRelease (second);
  CHECK (UlRelease (changed_message) == 0);
  UlRelease (storage);
}

/* --- sinks --- */

static LPMAPITABLE unadvised_table;
static ULONG_PTR connections[2];

static LONG
unadvise_other (LPVOID context, ULONG n, LPNOTIFICATION notifications)
{
  ULONG_PTR other = connections[context == &connections[0]];

  (void) n;
  (void) notifications;
  n_told++;
  CHECK_HR (unadvised_table->lpVtbl->Unadvise (unadvised_table, other), S_OK);
  return S_OK;
}

/* Of two that unadvise one another only the first is called: the other's context may be gone. */
static void
test_unadvise_in_notification (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "unadvise.msg", &storage);
  int i;

  CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &unadvised_table), S_OK);
  for (i = 0; i < 2; i++)
    {
      LPMAPIADVISESINK sink = NULL;

      CHECK_HR (HrAllocAdviseSink (unadvise_other, &connections[i], &sink), S_OK);
      CHECK_HR (unadvised_table->lpVtbl->Advise (unadvised_table, fnevTableModified, sink,
                                                 &connections[i]), S_OK);
      UlRelease (sink);
    }
  n_told = 0;
  add_recipient (message, MODRECIP_ADD, MAPI_TO, "Anna", 0);
  CHECK (n_told == 1);
  UlRelease (unadvised_table);
  CHECK (UlRelease (message) == 0);
  UlRelease (storage);
}

/* --- rows of ITableData --- */

static LPTABLEDATA table_data;

static LONG
delete_row (LPVOID context, ULONG n, LPNOTIFICATION notifications)
{
  SPropValue key = notifications[0].info.tab.propIndex;

  (void) context;
  (void) n;
  if (n_told < 10)
    row_events[n_told++] = notifications[0].info.tab.ulTableEvent;
  if (notifications[0].info.tab.ulTableEvent == TABLE_ROW_MODIFIED)
    CHECK_HR (table_data->lpVtbl->HrDeleteRow (table_data, &key), S_OK);
  return S_OK;
}

/* The first view's sink deletes the row; both are told of that once. */
static void
test_delete_in_modification (void)
{
  SizedSPropTagArray (1, columns) = { 1, { PR_ROWID } };
  LPMAPITABLE views[2] = { NULL, NULL };
  ULONG_PTR connection = 0;
  SPropValue values[2];
  SRow row = { 0, 2, NULL };
  int i;

  memset (values, 0, sizeof values);
  values[0].ulPropTag = PR_ROWID;
  values[1].ulPropTag = PR_IMPORTANCE;
  row.lpProps = values;
  CHECK_HR (CreateTable (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, NULL,
                         TBLTYPE_DYNAMIC, PR_ROWID, (LPSPropTagArray) &columns, &table_data),
            S_OK);
  CHECK_HR (table_data->lpVtbl->HrModifyRow (table_data, &row), S_OK);
  for (i = 0; i < 2; i++)
    {
      LPMAPIADVISESINK sink = NULL;

      CHECK_HR (table_data->lpVtbl->HrGetView (table_data, NULL, NULL, 0, &views[i]), S_OK);
      CHECK_HR (HrAllocAdviseSink (delete_row, NULL, &sink), S_OK);
      CHECK_HR (views[i]->lpVtbl->Advise (views[i], fnevTableModified, sink, &connection), S_OK);
      UlRelease (sink);
    }
  n_told = 0;
  CHECK_HR (table_data->lpVtbl->HrNotify (table_data, 0, 1, values), S_OK);
  CHECK (n_told == 3 && row_events[0] == TABLE_ROW_MODIFIED &&
         row_events[1] == TABLE_ROW_DELETED && row_events[2] == TABLE_ROW_DELETED);
  values[1].Value.l = 1;
  CHECK_HR (table_data->lpVtbl->HrModifyRow (table_data, &row), S_OK);
  n_told = 0;
  values[1].Value.l = 2;
  CHECK_HR (table_data->lpVtbl->HrModifyRow (table_data, &row), S_OK);
  CHECK (n_told == 3 && row_events[0] == TABLE_ROW_MODIFIED);
  for (i = 0; i < 2; i++)
    UlRelease (views[i]);
  UlRelease (table_data);
}

int
main (void)
{
  RUN (test_release_in_deletion);
  RUN (test_open_in_release);
  RUN (test_whole_rows);
  RUN (test_row_that_went);
  RUN (test_unadvise_in_notification);
  RUN (test_delete_in_modification);
  remove_files ();
  return finish_tests ();
}
