/* test-data.c - tables and property objects that are in memory only
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapi-message.h"

#define KEY_TAG PR_INSTANCE_KEY

static int n_blocks;

static SCODE
counted_allocate (ULONG n_bytes, LPVOID *buffer)
{
  n_blocks++;
  return MAPIAllocateBuffer (n_bytes, buffer);
}

static ULONG
counted_free (LPVOID buffer)
{
  if (buffer != NULL)
    n_blocks--;
  return MAPIFreeBuffer (buffer);
}

/* --- property objects --- */

static LPPROPDATA
create_bag (void)
{
  LPPROPDATA bag = NULL;

  CHECK_HR (CreateIProp (&IID_IMAPIPropData, counted_allocate, MAPIAllocateMore, counted_free, NULL,
                         &bag), S_OK);
  return bag;
}

static void
test_bag_parameters (void)
{
  LPPROPDATA bag = (LPPROPDATA) 1;
  LPVOID object = NULL;

  CHECK_HR (CreateIProp (&IID_IMessage, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, NULL,
                         &bag), MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK (bag == NULL);
  CHECK_HR (CreateIProp (NULL, NULL, MAPIAllocateMore, MAPIFreeBuffer, NULL, &bag),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (CreateIProp (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, NULL, NULL),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (CreateIProp (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, NULL, &bag),
            S_OK);
  CHECK_HR (bag->lpVtbl->QueryInterface (bag, &IID_IMAPIProp, &object), S_OK);
  CHECK (object == bag);
  UlRelease (object);
  CHECK_HR (bag->lpVtbl->QueryInterface (bag, &IID_IMessage, &object),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK (UlRelease (bag) == 0);
}

static void
test_bag_values (void)
{
  LPPROPDATA bag = create_bag ();
  LPSPropTagArray list = NULL;
  LPSPropValue values = NULL;
  LPSTREAM stream = NULL;
  SPropTagArray objects[1] = { { 1, { PR_MESSAGE_ATTACHMENTS } } };
  ULONG n = 99;

  CHECK_HR (bag->lpVtbl->GetProps (bag, NULL, 0, &n, &values), S_OK);
  CHECK (n == 0 && values == NULL);
  set_text (PROP (bag), PR_SUBJECT_A, "one");
  set_text (PROP (bag), PR_DISPLAY_NAME_W, "two");
  /* Nothing is computed here, so nothing is refused for that. */
  set_long (PROP (bag), PR_ACCESS, 77);
  set_long (PROP (bag), PROP_TAG (PT_LONG, 0x8765), 5);
  CHECK (get_long (PROP (bag), PR_ACCESS) == 77);
  CHECK (has_text (PROP (bag), PR_SUBJECT_W, "one"));
  CHECK (has_text (PROP (bag), PR_DISPLAY_NAME_A, "two"));
  CHECK_HR (bag->lpVtbl->OpenProperty (bag, PR_BODY_A, &IID_IStream, 0, MAPI_CREATE | MAPI_MODIFY,
                                       (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, "text", 4, NULL), S_OK);
  CHECK_HR (stream->lpVtbl->Commit (stream, 0), S_OK);
  UlRelease (stream);
  CHECK (has_text (PROP (bag), PR_BODY_W, "text"));
  CHECK_HR (bag->lpVtbl->SaveChanges (bag, 0), S_OK);
  set_text (PROP (bag), PR_SUBJECT_A, "still to be written");
  CHECK_HR (bag->lpVtbl->HrAddObjProps (bag, objects, NULL), S_OK);
  CHECK_HR (bag->lpVtbl->GetPropList (bag, 0, &list), S_OK);
  CHECK (list->cValues == 6 && list->aulPropTag[5] == PR_MESSAGE_ATTACHMENTS);
  counted_free (list);
  objects[0].aulPropTag[0] = PR_SUBJECT_W;
  CHECK_HR (bag->lpVtbl->HrAddObjProps (bag, objects, NULL), MAPI_E_INVALID_TYPE);
  CHECK (UlRelease (bag) == 0);
}

static void
test_bag_access (void)
{
  LPPROPDATA bag = create_bag ();
  SizedSPropTagArray (2, tags) = { 2, { PR_SUBJECT_W, PR_IMPORTANCE } };
  LPSPropTagArray asked = (LPSPropTagArray) &tags, all = NULL;
  ULONG access[2] = { IPROP_READONLY | IPROP_CLEAN, IPROP_READWRITE | IPROP_CLEAN };
  ULONG both[2] = { IPROP_READONLY | IPROP_READWRITE, IPROP_CLEAN };
  ULONG *got = NULL;
  SPropValue value;

  set_text (PROP (bag), PR_SUBJECT_W, "fixed");
  set_long (PROP (bag), PR_IMPORTANCE, 1);
  CHECK_HR (bag->lpVtbl->HrGetPropAccess (bag, &asked, &got), S_OK);
  CHECK (got[0] == IPROP_DIRTY && got[1] == IPROP_DIRTY);
  counted_free (got);
  CHECK_HR (bag->lpVtbl->HrSetPropAccess (bag, asked, both), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (bag->lpVtbl->HrSetPropAccess (bag, asked, access), S_OK);
  CHECK_HR (bag->lpVtbl->HrGetPropAccess (bag, &asked, &got), S_OK);
  CHECK (got[0] == IPROP_READONLY && got[1] == IPROP_READWRITE);
  counted_free (got);
  memset (&value, 0, sizeof value);
  value.ulPropTag = PR_SUBJECT_W;
  value.Value.lpszW = wide ("x");
  CHECK_HR (HrSetOneProp (PROP (bag), &value), MAPI_E_NO_ACCESS);
  tags.cValues = 1;
  tags.aulPropTag[0] = PR_IMPORTANCE;
  CHECK_HR (bag->lpVtbl->DeleteProps (bag, asked, NULL), S_OK);
  CHECK_HR (bag->lpVtbl->HrGetPropAccess (bag, &asked, &got), S_OK);
  CHECK (got[0] == 0);
  counted_free (got);
  /* Asked for all there is, what was deleted is among it. */
  CHECK_HR (bag->lpVtbl->HrGetPropAccess (bag, &all, &got), S_OK);
  CHECK (all->cValues == 2 && got[0] == IPROP_READONLY && got[1] == IPROP_DIRTY);
  counted_free (all);
  counted_free (got);
  CHECK_HR (bag->lpVtbl->HrSetObjAccess (bag, 3), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (bag->lpVtbl->HrSetObjAccess (bag, IPROP_READONLY), S_OK);
  value.ulPropTag = PR_BODY_W;
  CHECK_HR (HrSetOneProp (PROP (bag), &value), MAPI_E_NO_ACCESS);
  CHECK_HR (bag->lpVtbl->HrSetPropAccess (bag, asked, access), MAPI_E_NO_ACCESS);
  CHECK_HR (bag->lpVtbl->HrSetObjAccess (bag, IPROP_READWRITE), S_OK);
  CHECK_HR (HrSetOneProp (PROP (bag), &value), S_OK);
  CHECK (UlRelease (bag) == 0);
}

/* Out of a message and into another, with what is large and what has a name */
static void
test_bag_copies (void)
{
  static char body[70000];
  LPPROPDATA bag = create_bag ();
  LPSTORAGE storage, other_storage;
  LPMESSAGE message = create_message (NULL, "bag-from.msg", &storage);
  LPMESSAGE other = create_message (NULL, "bag-to.msg", &other_storage);
  SizedSPropTagArray (1, excluded) = { 1, { PR_MESSAGE_CLASS_W } };
  MAPINAMEID name;
  LPMAPINAMEID names[1] = { &name };
  LPSPropTagArray ids = NULL;
  LPSTREAM stream = NULL;
  STATSTG stat;

  n_blocks = 0;
  memset (body, 'x', sizeof body - 1);
  memset (&name, 0, sizeof name);
  name.lpguid = (LPGUID) &PSETID_Common;
  name.Kind.lID = 0x8503;
  CHECK_HR (message->lpVtbl->GetIDsFromNames (message, 1, names, MAPI_CREATE, &ids), S_OK);
  set_long (PROP (message), CHANGE_PROP_TYPE (ids->aulPropTag[0], PT_LONG), 42);
  MAPIFreeBuffer (ids);
  set_text (PROP (message), PR_SUBJECT_W, "by a bag");
  set_text (PROP (message), PR_BODY_A, body);
  add_recipient (message, MODRECIP_ADD, MAPI_TO, "Anna", 0);
  CHECK_HR (message->lpVtbl->CopyTo (message, 0, NULL, NULL, 0, NULL, &IID_IMAPIProp, bag, 0, NULL),
            S_OK);
  CHECK_HR (bag->lpVtbl->CopyTo (bag, 0, NULL, (LPSPropTagArray) &excluded, 0, NULL, &IID_IMAPIProp,
                                 other, 0, NULL), S_OK);
  CHECK (has_text (PROP (other), PR_SUBJECT_W, "by a bag"));
  CHECK_HR (other->lpVtbl->GetIDsFromNames (other, 1, names, 0, &ids), S_OK);
  CHECK (get_long (PROP (other), CHANGE_PROP_TYPE (ids->aulPropTag[0], PT_LONG)) == 42);
  MAPIFreeBuffer (ids);
  CHECK_HR (other->lpVtbl->OpenProperty (other, PR_BODY_A, &IID_IStream, 0, 0,
                                         (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Stat (stream, &stat, STATFLAG_NONAME), S_OK);
  CHECK (stat.cbSize.QuadPart == sizeof body - 1);
  UlRelease (stream);
  CHECK (UlRelease (bag) == 0);
  UlRelease (message);
  UlRelease (other);
  CHECK (UlRelease (storage) == 0);
  CHECK (UlRelease (other_storage) == 0);
  CHECK (n_blocks == 0);
}

/* --- tables --- */

typedef struct
{
  SRow       row;
  SPropValue values[3];
} Row;

static BYTE keys[40];

/* A row with a key, a name, and a number */
static LPSRow
make_row (Row *row, BYTE key, const char *name, LONG number)
{
  memset (row, 0, sizeof *row);
  keys[key] = key;
  row->values[0].ulPropTag = KEY_TAG;
  row->values[0].Value.bin.cb = 1;
  row->values[0].Value.bin.lpb = &keys[key];
  row->values[1].ulPropTag = PR_DISPLAY_NAME_A;
  row->values[1].Value.lpszA = (LPSTR) name;
  row->values[2].ulPropTag = PR_IMPORTANCE;
  row->values[2].Value.l = number;
  row->row.cValues = 3;
  row->row.lpProps = row->values;
  return &row->row;
}

static int n_events;
static ULONG events[40];
static BYTE event_key;

static LONG
noted (LPVOID context, ULONG n, LPNOTIFICATION notifications)
{
  ULONG i;

  (void) context;
  for (i = 0; i < n && n_events < 40; i++)
    {
      events[n_events++] = notifications[i].info.tab.ulTableEvent;
      if (notifications[i].info.tab.propIndex.ulPropTag == KEY_TAG)
        event_key = notifications[i].info.tab.propIndex.Value.bin.lpb[0];
    }
  return S_OK;
}

static int n_views_gone;

static void
view_gone (ULONG_PTR data, LPTABLEDATA table, LPMAPITABLE view)
{
  (void) view;
  CHECK (data == 4711);
  n_views_gone++;
  UlRelease (table);
}

static LPTABLEDATA
create_table (ULONG index_tag)
{
  SizedSPropTagArray (2, columns) = { 2, { KEY_TAG, PR_DISPLAY_NAME_A } };
  LPTABLEDATA data = NULL;

  CHECK_HR (CreateTable (NULL, counted_allocate, MAPIAllocateMore, counted_free, NULL,
                         TBLTYPE_KEYSET, index_tag, (LPSPropTagArray) &columns, &data), S_OK);
  return data;
}

static void
test_table_parameters (void)
{
  SPropTagArray columns = { 1, { KEY_TAG } }, none = { 0, { 0 } };
  LPTABLEDATA data = (LPTABLEDATA) 1;
  LPMAPITABLE view = NULL;
  LPVOID object = NULL;
  LPSRow row = NULL;
  SPropValue wrong;
  Row spare;
  ULONG n = 0;

  CHECK_HR (CreateTable (&IID_IMAPITable, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, NULL,
                         0, KEY_TAG, &columns, &data), MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK (data == NULL);
  CHECK_HR (CreateTable (NULL, NULL, MAPIAllocateMore, MAPIFreeBuffer, NULL, 0, KEY_TAG, &columns,
                         &data), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (CreateTable (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, NULL, 0, KEY_TAG,
                         &none, &data), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (CreateTable (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, NULL, 0,
                         PROP_TAG (PT_MV_LONG, 0x6801), &columns, &data),
            MAPI_E_INVALID_PARAMETER);
  data = create_table (KEY_TAG);
  CHECK_HR (data->lpVtbl->QueryInterface (data, &IID_IMAPITable, &object),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  memset (&wrong, 0, sizeof wrong);
  wrong.ulPropTag = PR_IMPORTANCE;
  CHECK_HR (data->lpVtbl->HrGetView (data, NULL, NULL, 0, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (data->lpVtbl->HrModifyRow (data, NULL), MAPI_E_INVALID_PARAMETER);
  make_row (&spare, 1, "x", 1)->lpProps[0].ulPropTag = PR_RECORD_KEY;
  CHECK_HR (data->lpVtbl->HrModifyRow (data, &spare.row), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (data->lpVtbl->HrInsertRow (data, 1, make_row (&spare, 1, "x", 1)),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (data->lpVtbl->HrDeleteRow (data, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (data->lpVtbl->HrDeleteRow (data, &spare.values[0]), MAPI_E_NOT_FOUND);
  CHECK_HR (data->lpVtbl->HrQueryRow (data, &wrong, &row, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (data->lpVtbl->HrQueryRow (data, &spare.values[0], &row, NULL), MAPI_E_NOT_FOUND);
  CHECK_HR (data->lpVtbl->HrEnumRow (data, 0, &row), S_OK);
  CHECK (row == NULL);
  CHECK_HR (data->lpVtbl->HrNotify (data, 1, 1, &spare.values[0]), MAPI_E_UNKNOWN_FLAGS);
  CHECK_HR (data->lpVtbl->HrModifyRows (data, 0, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (data->lpVtbl->HrDeleteRows (data, 0, NULL, &n), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (data->lpVtbl->HrDeleteRows (data, TAD_ALL_ROWS, NULL, &n), S_OK);
  CHECK (n == 0 && view == NULL);
  CHECK (UlRelease (data) == 0);
}

static void
test_table_rows (void)
{
  SizedSSortOrderSet (1, by_name) = { 1, 0, 0, { { PR_DISPLAY_NAME_A, TABLE_SORT_ASCEND } } };
  LPTABLEDATA data = create_table (KEY_TAG);
  LPMAPITABLE view = NULL, sorted = NULL;
  LPSPropTagArray columns = NULL;
  LPSRowSet rows = NULL;
  LPSRow row = NULL;
  ULONG n = 0, status, type;
  Row spare;

  CHECK_HR (data->lpVtbl->HrGetView (data, NULL, NULL, 0, &view), S_OK);
  CHECK_HR (data->lpVtbl->HrModifyRow (data, make_row (&spare, 1, "Carl", 1)), S_OK);
  CHECK_HR (data->lpVtbl->HrModifyRow (data, make_row (&spare, 2, "Anna", 2)), S_OK);
  CHECK_HR (data->lpVtbl->HrInsertRow (data, 0, make_row (&spare, 3, "Bert", 3)), S_OK);
  CHECK_HR (data->lpVtbl->HrInsertRow (data, 3, make_row (&spare, 3, "Bert", 3)),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (data->lpVtbl->HrGetView (data, (LPSSortOrderSet) &by_name, NULL, 0, &sorted), S_OK);
  CHECK_HR (view->lpVtbl->GetStatus (view, &status, &type), S_OK);
  CHECK (status == TBLSTAT_COMPLETE && type == TBLTYPE_KEYSET);

  CHECK_HR (view->lpVtbl->QueryRows (view, 10, 0, &rows), S_OK);
  CHECK (rows->cRows == 3 && rows->aRow[0].cValues == 2);
  CHECK_TEXT (rows->aRow[0].lpProps[1].Value.lpszA, "Bert");
  CHECK_TEXT (rows->aRow[1].lpProps[1].Value.lpszA, "Carl");
  CHECK (rows->aRow[0].lpProps[0].ulPropTag == KEY_TAG &&
         rows->aRow[0].lpProps[0].Value.bin.lpb[0] == 3);
  for (n = 0; n < rows->cRows; n++)
    counted_free (rows->aRow[n].lpProps);
  counted_free (rows);
  CHECK_HR (sorted->lpVtbl->QueryRows (sorted, 1, 0, &rows), S_OK);
  CHECK_TEXT (rows->aRow[0].lpProps[1].Value.lpszA, "Anna");
  counted_free (rows->aRow[0].lpProps);
  counted_free (rows);

  /* New tags of rows can be chosen in open views, and are there in later ones. */
  CHECK_HR (view->lpVtbl->QueryColumns (view, 0, &columns), S_OK);
  CHECK (columns->cValues == 2);
  counted_free (columns);
  CHECK_HR (view->lpVtbl->QueryColumns (view, TBL_ALL_COLUMNS, &columns), S_OK);
  CHECK (columns->cValues == 3 && columns->aulPropTag[2] == PR_IMPORTANCE);
  counted_free (columns);
  CHECK_HR (sorted->lpVtbl->QueryColumns (sorted, 0, &columns), S_OK);
  CHECK (columns->cValues == 3);
  counted_free (columns);

  /* Rows come back as they were put, in one block. */
  make_row (&spare, 1, "", 0);
  CHECK_HR (data->lpVtbl->HrQueryRow (data, &spare.values[0], &row, &n), S_OK);
  CHECK (n == 1 && row->cValues == 3 && row->lpProps[1].ulPropTag == PR_DISPLAY_NAME_A);
  CHECK_TEXT (row->lpProps[1].Value.lpszA, "Carl");
  CHECK (row->lpProps[2].Value.l == 1);
  counted_free (row);
  CHECK_HR (data->lpVtbl->HrEnumRow (data, 2, &row), S_OK);
  CHECK_TEXT (row->lpProps[1].Value.lpszA, "Anna");
  counted_free (row);
  /* What replaces a row replaces all of it. */
  make_row (&spare, 1, "Zoe", 0)->cValues = 2;
  CHECK_HR (data->lpVtbl->HrModifyRow (data, &spare.row), S_OK);
  CHECK_HR (data->lpVtbl->HrQueryRow (data, &spare.values[0], &row, NULL), S_OK);
  CHECK (row->cValues == 2);
  counted_free (row);
  /* What cannot be put as a whole leaves the row as it was. */
  make_row (&spare, 1, "half", 0);
  spare.values[2].ulPropTag = PR_BODY_A;
  spare.values[2].Value.lpszA = NULL;
  CHECK_HR (data->lpVtbl->HrModifyRow (data, &spare.row), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (data->lpVtbl->HrQueryRow (data, &spare.values[0], &row, NULL), S_OK);
  CHECK_TEXT (row->lpProps[1].Value.lpszA, "Zoe");
  counted_free (row);
  CHECK_HR (data->lpVtbl->HrDeleteRow (data, &spare.values[0]), S_OK);
  CHECK_HR (sorted->lpVtbl->GetRowCount (sorted, 0, &n), S_OK);
  CHECK (n == 2);
  UlRelease (view);
  UlRelease (sorted);
  CHECK (UlRelease (data) == 0);
  CHECK (n_blocks == 0);
}

static void
test_table_views (void)
{
  LPTABLEDATA data = create_table (KEY_TAG);
  LPMAPITABLE view = NULL;
  LPMAPIADVISESINK sink = NULL;
  ULONG_PTR connection = 0;
  SizedSRowSet (10, many);
  SRestriction restriction;
  SPropValue two;
  BOOKMARK bookmark = 0;
  Row rows[10], spare;
  ULONG i, n = 0;

  n_views_gone = 0;
  CHECK_HR (data->lpVtbl->HrGetView (data, NULL, view_gone, 4711, &view), S_OK);
  CHECK_HR (HrAllocAdviseSink (noted, NULL, &sink), S_OK);
  CHECK_HR (view->lpVtbl->Advise (view, fnevTableModified, sink, &connection), S_OK);
  UlRelease (sink);
  memset (&restriction, 0, sizeof restriction);
  memset (&two, 0, sizeof two);
  two.ulPropTag = PR_IMPORTANCE;
  two.Value.l = 2;
  restriction.rt = RES_PROPERTY;
  restriction.res.resProperty.relop = RELOP_GE;
  restriction.res.resProperty.ulPropTag = PR_IMPORTANCE;
  restriction.res.resProperty.lpProp = &two;
  CHECK_HR (view->lpVtbl->Restrict (view, &restriction, 0), S_OK);

  /* One event for each row, and only for rows that the view shows, or showed. */
  n_events = 0;
  CHECK_HR (data->lpVtbl->HrModifyRow (data, make_row (&spare, 1, "a", 1)), S_OK);
  CHECK (n_events == 0);
  CHECK_HR (data->lpVtbl->HrModifyRow (data, make_row (&spare, 1, "b", 2)), S_OK);
  CHECK (n_events == 1 && events[0] == TABLE_ROW_ADDED && event_key == 1);
  CHECK_HR (data->lpVtbl->HrModifyRow (data, make_row (&spare, 1, "c", 3)), S_OK);
  CHECK (n_events == 2 && events[1] == TABLE_ROW_MODIFIED);
  CHECK_HR (data->lpVtbl->HrNotify (data, 0, 1, &spare.values[0]), S_OK);
  CHECK (n_events == 3 && events[2] == TABLE_ROW_MODIFIED);
  CHECK_HR (data->lpVtbl->HrModifyRow (data, make_row (&spare, 1, "d", 1)), S_OK);
  CHECK (n_events == 4 && events[3] == TABLE_ROW_DELETED);
  CHECK_HR (view->lpVtbl->Restrict (view, NULL, 0), S_OK);

  /* Up to eight rows are told of one by one, more as one change; all or none. */
  for (i = 0; i < 10; i++)
    many.aRow[i] = *make_row (&rows[i], (BYTE) (10 + i), "x", 1);
  many.cRows = 8;
  n_events = 0;
  CHECK_HR (data->lpVtbl->HrModifyRows (data, 0, (LPSRowSet) &many), S_OK);
  CHECK (n_events == 8 && events[7] == TABLE_ROW_ADDED);
  many.cRows = 10;
  n_events = 0;
  CHECK_HR (data->lpVtbl->HrModifyRows (data, 0, (LPSRowSet) &many), S_OK);
  CHECK (n_events == 1 && events[0] == TABLE_CHANGED);
  rows[0].values[1].Value.lpszA = (LPSTR) "changed";
  rows[9].values[0].ulPropTag = PR_RECORD_KEY;
  CHECK_HR (data->lpVtbl->HrModifyRows (data, 0, (LPSRowSet) &many), MAPI_E_INVALID_PARAMETER);
  CHECK (n_events == 1);
  rows[9].values[0].ulPropTag = KEY_TAG;
  CHECK_HR (view->lpVtbl->CreateBookmark (view, &bookmark), S_OK);
  CHECK_HR (view->lpVtbl->GetRowCount (view, 0, &n), S_OK);
  CHECK (n == 11);
  many.cRows = 2;
  keys[30] = 30;
  rows[1].values[0].Value.bin.lpb = &keys[30];
  n_events = 0;
  CHECK_HR (data->lpVtbl->HrDeleteRows (data, 0, (LPSRowSet) &many, &n), S_OK);
  CHECK (n == 1 && n_events == 1 && events[0] == TABLE_ROW_DELETED && event_key == 10);
  n_events = 0;
  CHECK_HR (data->lpVtbl->HrDeleteRows (data, TAD_ALL_ROWS, NULL, &n), S_OK);
  CHECK (n == 10 && n_events == 1 && events[0] == TABLE_RELOAD);

  /* The caller lets go of the data when the view is gone. */
  CHECK (n_views_gone == 0);
  UlRelease (view);
  CHECK (n_views_gone == 1);
}

int
main (void)
{
  RUN (test_bag_parameters);
  RUN (test_bag_values);
  RUN (test_bag_access);
  RUN (test_bag_copies);
  RUN (test_table_parameters);
  RUN (test_table_rows);
  RUN (test_table_views);
  remove_files ();
  return finish_tests ();
}
