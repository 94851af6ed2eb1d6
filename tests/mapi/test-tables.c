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

/* --- restrictions, order, position --- */

#define NUMBER PROP_TAG (PT_LONG, 0x6802)
#define NUMBERS PROP_TAG (PT_MV_LONG, 0x6801)

/* anna (to, 5), Bert (cc, 3), carl (to, no number), Dora (bcc, 1) */
static void
add_four (LPMESSAGE message)
{
  static const struct { const char *name; LONG type; LONG number; } people[] = {
    { "anna", MAPI_TO, 5 }, { "Bert", MAPI_CC, 3 }, { "carl", MAPI_TO, 0 }, { "Dora", MAPI_BCC, 1 },
  };
  SizedADRLIST (4, list);
  SPropValue values[4][4];
  LONG numbers[4][2];
  int i;

  memset (values, 0, sizeof values);
  list.cEntries = 4;
  for (i = 0; i < 4; i++)
    {
      numbers[i][0] = people[i].type;
      numbers[i][1] = people[i].number;
      values[i][0].ulPropTag = PR_DISPLAY_NAME_A;
      values[i][0].Value.lpszA = (LPSTR) people[i].name;
      values[i][1].ulPropTag = PR_RECIPIENT_TYPE;
      values[i][1].Value.l = people[i].type;
      values[i][2].ulPropTag = NUMBERS;
      values[i][2].Value.MVl.cValues = 2;
      values[i][2].Value.MVl.lpl = numbers[i];
      values[i][3].ulPropTag = NUMBER;
      values[i][3].Value.l = people[i].number;
      list.aEntries[i].ulReserved1 = 0;
      list.aEntries[i].cValues = people[i].number != 0 ? 4 : 3;
      list.aEntries[i].rgPropVals = values[i];
    }
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, MODRECIP_ADD, (LPADRLIST) &list), S_OK);
}

/* The initials of the rows from the position to the end, in order; the position stays. */
static const char *
see (LPMAPITABLE table)
{
  static char seen[16];
  SPropTagArray column = { 1, { PR_DISPLAY_NAME_A } };
  LPSRowSet rows = NULL;
  ULONG i;

  memset (seen, 0, sizeof seen);
  CHECK_HR (table->lpVtbl->SetColumns (table, &column, TBL_BATCH), S_OK);
  CHECK_HR (table->lpVtbl->QueryRows (table, 10, TBL_NOADVANCE, &rows), S_OK);
  for (i = 0; rows != NULL && i < rows->cRows; i++)
    seen[i] = rows->aRow[i].lpProps[0].Value.lpszA[0];
  FreeProws (rows);
  return seen;
}

static SPropValue
value_of (ULONG tag, LONG number, const char *text)
{
  SPropValue value;

  memset (&value, 0, sizeof value);
  value.ulPropTag = tag;
  if (text == NULL)
    value.Value.l = number;
  else if (PROP_TYPE (tag) == PT_UNICODE)
    value.Value.lpszW = wide (text);
  else
    value.Value.lpszA = (LPSTR) text;
  return value;
}

static void
test_restrictions (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "restrictions.msg", &storage);
  LPMAPITABLE table = NULL;
  SPropValue two = value_of (PR_RECIPIENT_TYPE, 2, NULL), five = value_of (NUMBER, 5, NULL);
  SPropValue three = value_of (PROP_TAG (PT_LONG, 0x6801), 3, NULL);
  SPropValue r = value_of (PR_DISPLAY_NAME_A, 0, "R"), be = value_of (PR_DISPLAY_NAME_A, 0, "be");
  SPropValue bert = value_of (PR_DISPLAY_NAME_W, 0, "Bert");
  SRestriction not_five, has_name, deep[300];
  size_t i;

  memset (&not_five, 0, sizeof not_five);
  not_five.rt = RES_PROPERTY;
  not_five.res.resProperty.relop = RELOP_NE;
  not_five.res.resProperty.ulPropTag = NUMBER;
  not_five.res.resProperty.lpProp = &five;
  memset (&has_name, 0, sizeof has_name);
  has_name.rt = RES_EXIST;
  has_name.res.resExist.ulPropTag = PR_DISPLAY_NAME_A;
  memset (deep, 0, sizeof deep);
  for (i = 0; i < 299; i++)
    {
      deep[i].rt = RES_NOT;
      deep[i].res.resNot.lpRes = &deep[i + 1];
    }
  deep[299] = has_name;
  {
    /* The members of the union as they are, in the order of the structures */
    const struct
    {
      const char  *what;
      SRestriction restriction;
      HRESULT      expected;
      const char  *seen;
    } cases[] = {
#define LEAF(kind, member, a, b, c) { kind, { .member = { a, b, c } } }
      { "less", LEAF (RES_PROPERTY, resProperty, RELOP_LT, PR_RECIPIENT_TYPE, &two), S_OK, "ac" },
      { "at most", LEAF (RES_PROPERTY, resProperty, RELOP_LE, PR_RECIPIENT_TYPE, &two), S_OK,
        "aBc" },
      { "more", LEAF (RES_PROPERTY, resProperty, RELOP_GT, PR_RECIPIENT_TYPE, &two), S_OK, "D" },
      { "at least", LEAF (RES_PROPERTY, resProperty, RELOP_GE, PR_RECIPIENT_TYPE, &two), S_OK,
        "BD" },
      { "equal", LEAF (RES_PROPERTY, resProperty, RELOP_EQ, PR_RECIPIENT_TYPE, &two), S_OK, "B" },
      { "expression", LEAF (RES_PROPERTY, resProperty, RELOP_RE, PR_RECIPIENT_TYPE, &two),
        MAPI_E_TOO_COMPLEX, NULL },
      { "other type", LEAF (RES_PROPERTY, resProperty, RELOP_EQ, PR_RECIPIENT_TYPE, &bert),
        MAPI_E_TOO_COMPLEX, NULL },
      { "absent", not_five, S_OK, "BD" },
      { "not absent", { RES_NOT, { .resNot = { 0, &not_five } } }, S_OK, "ac" },
      { "any of many", LEAF (RES_PROPERTY, resProperty, RELOP_EQ, NUMBERS, &three), S_OK, "BD" },
      { "and nothing", { RES_AND, { .resAnd = { 0, NULL } } }, S_OK, "aBcD" },
      { "or nothing", { RES_OR, { .resOr = { 0, NULL } } }, S_OK, "" },
      { "exists", LEAF (RES_EXIST, resExist, 0, NUMBER, 0), S_OK, "aBD" },
      { "an object", LEAF (RES_EXIST, resExist, 0, PR_ATTACH_DATA_OBJ, 0), MAPI_E_TOO_COMPLEX,
        NULL },
      { "bits", LEAF (RES_BITMASK, resBitMask, BMR_NEZ, NUMBER, 4), S_OK, "a" },
      { "no bits", LEAF (RES_BITMASK, resBitMask, BMR_EQZ, NUMBER, 4), S_OK, "BD" },
      { "bits of text", LEAF (RES_BITMASK, resBitMask, BMR_EQZ, PR_DISPLAY_NAME_A, 4),
        MAPI_E_TOO_COMPLEX, NULL },
      { "size", LEAF (RES_SIZE, resSize, RELOP_EQ, NUMBER, 4), S_OK, "aBD" },
      { "two properties",
        LEAF (RES_COMPAREPROPS, resCompareProps, RELOP_LT, PR_RECIPIENT_TYPE, NUMBER), S_OK, "aB" },
      { "two types",
        LEAF (RES_COMPAREPROPS, resCompareProps, RELOP_LT, PR_RECIPIENT_TYPE, PR_DISPLAY_NAME_A),
        MAPI_E_TOO_COMPLEX, NULL },
      { "case", LEAF (RES_CONTENT, resContent, FL_SUBSTRING, PR_DISPLAY_NAME_A, &r), S_OK, "" },
      { "no case",
        LEAF (RES_CONTENT, resContent, FL_SUBSTRING | FL_IGNORECASE, PR_DISPLAY_NAME_A, &r), S_OK,
        "BcD" },
      { "prefix", LEAF (RES_CONTENT, resContent, FL_PREFIX | FL_LOOSE, PR_DISPLAY_NAME_A, &be),
        S_OK, "B" },
      { "whole", LEAF (RES_CONTENT, resContent, FL_FULLSTRING, PR_DISPLAY_NAME_A, &bert), S_OK,
        "B" },
      { "content of a number",
        LEAF (RES_CONTENT, resContent, FL_SUBSTRING, PR_DISPLAY_NAME_A, &two), MAPI_E_TOO_COMPLEX,
        NULL },
      { "comment", { RES_COMMENT, { .resComment = { 0, NULL, NULL } } }, S_OK, "aBcD" },
      { "annotation", { RES_ANNOTATION, { .resAnnotation = { 0, &not_five, NULL } } }, S_OK,
        "BD" },
      { "of a folder", { RES_SUBRESTRICTION, { .resSub = { 0, &has_name } } }, MAPI_E_TOO_COMPLEX,
        NULL },
      { "count", { RES_COUNT, { .resCount = { 2, &has_name } } }, S_OK, "aB" },
      { "deep", deep[100], S_OK, "" },
      { "too deep", deep[0], MAPI_E_TOO_COMPLEX, NULL },
#undef LEAF
    };

    add_four (message);
    CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
      {
        SRestriction restriction = cases[i].restriction;
        int before = test_failed;

        test_failed = 0;
        CHECK_HR (table->lpVtbl->Restrict (table, NULL, 0), S_OK);
        CHECK_HR (table->lpVtbl->Restrict (table, &restriction, 0), cases[i].expected);
        /* What is refused leaves the table as it was. */
        CHECK_TEXT (see (table), cases[i].seen != NULL ? cases[i].seen : "aBcD");
        if (test_failed)
          printf ("# restriction: %s\n", cases[i].what);
        test_failed |= before;
      }
  }
  UlRelease (table);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

static void
test_positions (void)
{
  SizedSSortOrderSet (2, order) = { 1, 0, 0, { { NUMBER, TABLE_SORT_DESCEND },
                                               { PR_DISPLAY_NAME_A, TABLE_SORT_ASCEND } } };
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "positions.msg", &storage);
  LPMAPITABLE table = NULL;
  LPSRowSet rows = NULL;
  SPropValue to = value_of (PR_RECIPIENT_TYPE, MAPI_TO, NULL);
  SPropTagArray id = { 1, { PR_ROWID } };
  SizedADRLIST (1, gone);
  SRestriction is_to;
  BOOKMARK bookmark = 0, other = 0;
  LONG moved = 0;

  memset (&is_to, 0, sizeof is_to);
  is_to.rt = RES_PROPERTY;
  is_to.res.resProperty.relop = RELOP_EQ;
  is_to.res.resProperty.ulPropTag = PR_RECIPIENT_TYPE;
  is_to.res.resProperty.lpProp = &to;
  add_four (message);
  CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
  /* Rows without the value come last, whichever way. */
  CHECK_HR (table->lpVtbl->SortTable (table, (LPSSortOrderSet) &order, 0), S_OK);
  CHECK_TEXT (see (table), "aBDc");
  order.aSort[0].ulOrder = TABLE_SORT_ASCEND;
  CHECK_HR (table->lpVtbl->SortTable (table, (LPSSortOrderSet) &order, TBL_BATCH), S_OK);
  CHECK_TEXT (see (table), "DBac");
  order.aSort[0] = order.aSort[1];
  CHECK_HR (table->lpVtbl->SortTable (table, (LPSSortOrderSet) &order, TBL_ASYNC), S_OK);
  CHECK_TEXT (see (table), "aBcD");

  CHECK_HR (table->lpVtbl->QueryRows (table, 2, 0, &rows), S_OK);
  CHECK (rows->cRows == 2);
  FreeProws (rows);
  CHECK_TEXT (see (table), "cD");
  /* Backward they are read forward all the same, and the position is behind the last of them. */
  CHECK_HR (table->lpVtbl->QueryRows (table, -2, 0, &rows), S_OK);
  CHECK (rows->cRows == 2 && rows->aRow[0].lpProps[0].Value.lpszA[0] == 'a');
  FreeProws (rows);
  CHECK_TEXT (see (table), "cD");
  CHECK_HR (table->lpVtbl->QueryRows (table, -1, TBL_NOADVANCE, &rows), S_OK);
  CHECK (rows->cRows == 1 && rows->aRow[0].lpProps[0].Value.lpszA[0] == 'B');
  FreeProws (rows);
  CHECK_TEXT (see (table), "BcD");
  CHECK_HR (table->lpVtbl->CreateBookmark (table, &bookmark), S_OK);
  CHECK_HR (table->lpVtbl->SeekRow (table, BOOKMARK_END, -1, &moved), S_OK);
  CHECK (moved == -1);
  CHECK_TEXT (see (table), "D");
  CHECK_HR (table->lpVtbl->SeekRow (table, bookmark, 1, &moved), S_OK);
  CHECK_TEXT (see (table), "cD");

  CHECK_HR (table->lpVtbl->FindRow (table, &is_to, BOOKMARK_CURRENT, DIR_BACKWARD), S_OK);
  CHECK_TEXT (see (table), "aBcD");
  CHECK_HR (table->lpVtbl->FindRow (table, &is_to, BOOKMARK_CURRENT, DIR_BACKWARD),
            MAPI_E_NOT_FOUND);
  CHECK_TEXT (see (table), "aBcD");
  CHECK_HR (table->lpVtbl->FindRow (table, &is_to, BOOKMARK_CURRENT, 0), S_OK);
  CHECK_TEXT (see (table), "aBcD");
  CHECK_HR (table->lpVtbl->FindRow (table, &is_to, bookmark, 0), S_OK);
  CHECK_TEXT (see (table), "cD");
  CHECK_HR (table->lpVtbl->FindRow (table, &is_to, BOOKMARK_END, DIR_BACKWARD), S_OK);
  CHECK_TEXT (see (table), "cD");

  /* The row of the bookmark goes: it stands on the next one, and says so once. */
  CHECK_HR (table->lpVtbl->SetColumns (table, &id, 0), S_OK);
  CHECK_HR (table->lpVtbl->SeekRow (table, bookmark, 0, NULL), S_OK);
  CHECK_HR (table->lpVtbl->QueryRows (table, 1, 0, &rows), S_OK);
  gone.cEntries = 1;
  gone.aEntries[0].ulReserved1 = 0;
  gone.aEntries[0].cValues = 1;
  gone.aEntries[0].rgPropVals = rows->aRow[0].lpProps;
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, MODRECIP_REMOVE, (LPADRLIST) &gone), S_OK);
  FreeProws (rows);
  CHECK_HR (table->lpVtbl->SeekRow (table, bookmark, 0, NULL), MAPI_W_POSITION_CHANGED);
  CHECK_TEXT (see (table), "cD");
  CHECK_HR (table->lpVtbl->SeekRow (table, bookmark, 0, NULL), S_OK);
  CHECK_HR (table->lpVtbl->FreeBookmark (table, bookmark), S_OK);
  CHECK_HR (table->lpVtbl->FreeBookmark (table, bookmark), MAPI_E_INVALID_BOOKMARK);
  CHECK_HR (table->lpVtbl->CreateBookmark (table, &other), S_OK);
  CHECK_HR (table->lpVtbl->Restrict (table, NULL, 0), S_OK);
  CHECK_HR (table->lpVtbl->SeekRow (table, other, 0, NULL), MAPI_E_INVALID_BOOKMARK);
  UlRelease (table);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

int
main (void)
{
  RUN (test_recipients);
  RUN (test_restrictions);
  RUN (test_positions);
  remove_files ();
  return finish_tests ();
}
