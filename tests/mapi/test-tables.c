/* test-tables.c - recipients, and tables of them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapi-message.h"

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

int
main (void)
{
  RUN (test_recipients);
  remove_files ();
  return finish_tests ();
}
