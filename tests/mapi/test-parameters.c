/* test-parameters.c - what every method answers to arguments that make no sense
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapi-message.h"

typedef struct
{
  const char *what;
  HRESULT     got;
  HRESULT     expected;
} Answer;

#define CHECK_ANSWERS(answers) check_answers (answers, sizeof answers / sizeof answers[0])

static void
check_answers (const Answer *answers, size_t n)
{
  size_t i;

  for (i = 0; i < n; i++)
    {
      if (answers[i].got != answers[i].expected)
        {
          printf ("# %s: 0x%08X, not 0x%08X\n", answers[i].what, (unsigned) answers[i].got,
                  (unsigned) answers[i].expected);
          test_failed = 1;
        }
    }
}

#define INVALID MAPI_E_INVALID_PARAMETER
#define FLAGS MAPI_E_UNKNOWN_FLAGS
#define NO_INTERFACE MAPI_E_INTERFACE_NOT_SUPPORTED

/* Messages and attachments answer alike. */
static void
check_properties (LPMAPIPROP object)
{
  static SPropTagArray none = { 0, { 0 } };
  static SPropTagArray one = { 1, { PR_DISPLAY_NAME_W } };
  static SPropTagArray null_tag = { 1, { PR_NULL } };
  LPSPropTagArray tags = &none, all = NULL;
  LPMAPINAMEID *names = NULL;
  MAPINAMEID no_set, no_text;
  LPMAPINAMEID bad_set[1] = { &no_set }, bad_text[1] = { &no_text }, missing[1] = { NULL };
  LPSPropValue values = NULL;
  SPropValue object_value, value;
  LPMAPIERROR last = NULL;
  LPUNKNOWN unknown = NULL;
  LPVOID pointer = &value;
  ULONG n = 7;

  memset (&no_set, 0, sizeof no_set);
  no_text = no_set;
  no_text.lpguid = (LPGUID) &PS_PUBLIC_STRINGS;
  no_text.ulKind = MNID_STRING;
  memset (&value, 0, sizeof value);
  value.ulPropTag = PR_DISPLAY_NAME_W;
  value.Value.lpszW = wide ("x");
  object_value = value;
  object_value.ulPropTag = PR_ATTACH_DATA_OBJ;
  {
    Answer answers[] = {
      { "QueryInterface, nowhere to put it",
        object->lpVtbl->QueryInterface (object, &IID_IUnknown, NULL), E_INVALIDARG },
      { "QueryInterface, a table",
        object->lpVtbl->QueryInterface (object, &IID_IMAPITable, &pointer), NO_INTERFACE },
      { "GetLastError, nowhere to put it",
        object->lpVtbl->GetLastError (object, MAPI_E_CALL_FAILED, 0, NULL), INVALID },
      { "GetLastError, flags",
        object->lpVtbl->GetLastError (object, MAPI_E_CALL_FAILED, 1, &last), FLAGS },
      { "SaveChanges, flags", object->lpVtbl->SaveChanges (object, 0x10), FLAGS },
      { "SaveChanges, both",
        object->lpVtbl->SaveChanges (object, KEEP_OPEN_READONLY | KEEP_OPEN_READWRITE), INVALID },
      { "GetProps, no tags", object->lpVtbl->GetProps (object, &none, 0, &n, &values), INVALID },
      { "GetProps, no count", object->lpVtbl->GetProps (object, &one, 0, NULL, &values), INVALID },
      { "GetProps, no array", object->lpVtbl->GetProps (object, &one, 0, &n, NULL), INVALID },
      { "GetProps, flags", object->lpVtbl->GetProps (object, &one, 2, &n, &values), FLAGS },
      { "GetPropList, no array", object->lpVtbl->GetPropList (object, 0, NULL), INVALID },
      { "GetPropList, flags", object->lpVtbl->GetPropList (object, 4, &all), FLAGS },
      { "OpenProperty, no interface",
        object->lpVtbl->OpenProperty (object, PR_DISPLAY_NAME_W, NULL, 0, 0, &unknown), INVALID },
      { "OpenProperty, nowhere to put it",
        object->lpVtbl->OpenProperty (object, PR_DISPLAY_NAME_W, &IID_IStream, 0, 0, NULL),
        INVALID },
      { "OpenProperty, no type",
        object->lpVtbl->OpenProperty (object, PROP_TAG (PT_UNSPECIFIED, 0x3001), &IID_IStream, 0, 0,
                                      &unknown), INVALID },
      { "OpenProperty, flags",
        object->lpVtbl->OpenProperty (object, PR_DISPLAY_NAME_W, &IID_IStream, 0, 0x40, &unknown),
        FLAGS },
      { "OpenProperty, a number",
        object->lpVtbl->OpenProperty (object, PR_OBJECT_TYPE, &IID_IStream, 0, 0, &unknown),
        MAPI_E_NO_SUPPORT },
      { "OpenProperty, a truth",
        object->lpVtbl->OpenProperty (object, PR_HASATTACH, &IID_IStream, 0, 0, &unknown),
        MAPI_E_NO_SUPPORT },
      { "OpenProperty, many texts",
        object->lpVtbl->OpenProperty (object, PROP_TAG (PT_MV_UNICODE, 0x6801), &IID_IStream, 0, 0,
                                      &unknown), MAPI_E_NO_SUPPORT },
      { "OpenProperty, text as a table",
        object->lpVtbl->OpenProperty (object, PR_DISPLAY_NAME_W, &IID_IMAPITable, 0, 0, &unknown),
        NO_INTERFACE },
      { "OpenProperty, not there",
        object->lpVtbl->OpenProperty (object, PR_DISPLAY_NAME_W, &IID_IStream, 0, 0, &unknown),
        MAPI_E_NOT_FOUND },
      { "SetProps, none", object->lpVtbl->SetProps (object, 0, &value, NULL), INVALID },
      { "SetProps, no array", object->lpVtbl->SetProps (object, 1, NULL, NULL), INVALID },
      { "SetProps, an object", object->lpVtbl->SetProps (object, 1, &object_value, NULL), INVALID },
      { "DeleteProps, no array", object->lpVtbl->DeleteProps (object, NULL, NULL), INVALID },
      { "DeleteProps, none", object->lpVtbl->DeleteProps (object, &none, NULL), INVALID },
      { "CopyTo, nothing excluded",
        object->lpVtbl->CopyTo (object, 0, NULL, &none, 0, NULL, &IID_IMAPIProp, object, 0, NULL),
        INVALID },
      { "CopyTo, a null tag",
        object->lpVtbl->CopyTo (object, 0, NULL, &null_tag, 0, NULL, &IID_IMAPIProp, object, 0,
                                NULL), INVALID },
      { "CopyTo, no interface",
        object->lpVtbl->CopyTo (object, 0, NULL, NULL, 0, NULL, NULL, object, 0, NULL), INVALID },
      { "CopyTo, no destination",
        object->lpVtbl->CopyTo (object, 0, NULL, NULL, 0, NULL, &IID_IMAPIProp, NULL, 0, NULL),
        INVALID },
      { "CopyTo, another interface",
        object->lpVtbl->CopyTo (object, 0, NULL, NULL, 0, NULL, &IID_IMAPITable, object, 0, NULL),
        NO_INTERFACE },
      { "CopyTo, everything excluded",
        object->lpVtbl->CopyTo (object, 1, &IID_IUnknown, NULL, 0, NULL, &IID_IMAPIProp, object, 0,
                                NULL), NO_INTERFACE },
      { "CopyTo, flags",
        object->lpVtbl->CopyTo (object, 0, NULL, NULL, 0, NULL, &IID_IMAPIProp, object, 0x10,
                                NULL), FLAGS },
      { "CopyTo, itself",
        object->lpVtbl->CopyTo (object, 0, NULL, NULL, 0, NULL, &IID_IMAPIProp, object, 0, NULL),
        MAPI_E_NO_ACCESS },
      { "CopyProps, no tags",
        object->lpVtbl->CopyProps (object, NULL, 0, NULL, &IID_IMAPIProp, object, 0, NULL),
        INVALID },
      { "CopyProps, nothing included",
        object->lpVtbl->CopyProps (object, &none, 0, NULL, &IID_IMAPIProp, object, 0, NULL),
        INVALID },
      { "CopyProps, a null tag",
        object->lpVtbl->CopyProps (object, &null_tag, 0, NULL, &IID_IMAPIProp, object, 0, NULL),
        INVALID },
      { "CopyProps, itself",
        object->lpVtbl->CopyProps (object, &one, 0, NULL, &IID_IMAPIProp, object, 0, NULL),
        MAPI_E_NO_ACCESS },
      { "GetNamesFromIDs, no ids",
        object->lpVtbl->GetNamesFromIDs (object, &tags, NULL, 0, &n, &names), INVALID },
      { "GetNamesFromIDs, nowhere for ids",
        object->lpVtbl->GetNamesFromIDs (object, NULL, NULL, 0, &n, &names), INVALID },
      { "GetNamesFromIDs, no count",
        object->lpVtbl->GetNamesFromIDs (object, &all, NULL, 0, NULL, &names), INVALID },
      { "GetNamesFromIDs, nowhere for names",
        object->lpVtbl->GetNamesFromIDs (object, &all, NULL, 0, &n, NULL), INVALID },
      { "GetNamesFromIDs, flags",
        object->lpVtbl->GetNamesFromIDs (object, &all, NULL, 8, &n, &names), FLAGS },
      { "GetIDsFromNames, all to be made",
        object->lpVtbl->GetIDsFromNames (object, 0, NULL, MAPI_CREATE, &all), INVALID },
      { "GetIDsFromNames, a count of nothing",
        object->lpVtbl->GetIDsFromNames (object, 1, NULL, 0, &all), INVALID },
      { "GetIDsFromNames, nowhere for ids",
        object->lpVtbl->GetIDsFromNames (object, 1, missing, 0, NULL), INVALID },
      { "GetIDsFromNames, no name",
        object->lpVtbl->GetIDsFromNames (object, 1, missing, 0, &all), INVALID },
      { "GetIDsFromNames, no set",
        object->lpVtbl->GetIDsFromNames (object, 1, bad_set, 0, &all), INVALID },
      { "GetIDsFromNames, no text",
        object->lpVtbl->GetIDsFromNames (object, 1, bad_text, 0, &all), INVALID },
      { "GetIDsFromNames, flags",
        object->lpVtbl->GetIDsFromNames (object, 0, NULL, 1, &all), FLAGS },
    };

    CHECK_ANSWERS (answers);
  }
  CHECK (pointer == NULL && values == NULL && n == 0 && all == NULL && names == NULL &&
         unknown == NULL && last == NULL);
}

static void
test_message (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "message.msg", &storage);
  LPATTACH attach = (LPATTACH) message;
  LPMAPITABLE table = (LPMAPITABLE) message;
  LPADRLIST none = NULL;
  SPropValue null_value, no_row;
  SizedADRLIST (1, list);
  ULONG number = 0;

  check_properties (PROP (message));
  memset (&null_value, 0, sizeof null_value);
  null_value.ulPropTag = PROP_TAG (PT_NULL, 0x3001);
  memset (&no_row, 0, sizeof no_row);
  no_row.ulPropTag = PR_RECIPIENT_TYPE;
  no_row.Value.l = MAPI_TO;
  list.cEntries = 1;
  list.aEntries[0].ulReserved1 = 0;
  list.aEntries[0].cValues = 1;
  list.aEntries[0].rgPropVals = &null_value;
  {
    Answer answers[] = {
      { "GetAttachmentTable, nowhere to put it",
        message->lpVtbl->GetAttachmentTable (message, 0, NULL), INVALID },
      { "GetAttachmentTable, flags",
        message->lpVtbl->GetAttachmentTable (message, 1, &table), FLAGS },
      { "GetRecipientTable, nowhere to put it",
        message->lpVtbl->GetRecipientTable (message, 0, NULL), INVALID },
      { "GetRecipientTable, flags",
        message->lpVtbl->GetRecipientTable (message, 2, &table), FLAGS },
      { "OpenAttach, nowhere to put it",
        message->lpVtbl->OpenAttach (message, 0, NULL, 0, NULL), INVALID },
      { "OpenAttach, a message",
        message->lpVtbl->OpenAttach (message, 0, &IID_IMessage, 0, &attach), NO_INTERFACE },
      { "OpenAttach, flags", message->lpVtbl->OpenAttach (message, 0, NULL, 2, &attach), FLAGS },
      { "OpenAttach, no such number",
        message->lpVtbl->OpenAttach (message, 77, NULL, 0, &attach), MAPI_E_NOT_FOUND },
      { "CreateAttach, no number",
        message->lpVtbl->CreateAttach (message, NULL, 0, NULL, &attach), INVALID },
      { "CreateAttach, nowhere to put it",
        message->lpVtbl->CreateAttach (message, NULL, 0, &number, NULL), INVALID },
      { "CreateAttach, flags",
        message->lpVtbl->CreateAttach (message, NULL, 1, &number, &attach), FLAGS },
      { "CreateAttach, a message",
        message->lpVtbl->CreateAttach (message, &IID_IMessage, 0, &number, &attach),
        NO_INTERFACE },
      { "DeleteAttach, no such number",
        message->lpVtbl->DeleteAttach (message, 77, 0, NULL, 0), MAPI_E_NOT_FOUND },
      { "DeleteAttach, flags", message->lpVtbl->DeleteAttach (message, 0, 0, NULL, 2), FLAGS },
      { "ModifyRecipients, no list", message->lpVtbl->ModifyRecipients (message, 0, none),
        INVALID },
      { "ModifyRecipients, flag 1",
        message->lpVtbl->ModifyRecipients (message, 1, (LPADRLIST) &list), FLAGS },
      { "ModifyRecipients, two things",
        message->lpVtbl->ModifyRecipients (message, MODRECIP_ADD | MODRECIP_MODIFY,
                                           (LPADRLIST) &list), INVALID },
      { "ModifyRecipients, a null value",
        message->lpVtbl->ModifyRecipients (message, MODRECIP_ADD, (LPADRLIST) &list), INVALID },
      { "SubmitMessage", message->lpVtbl->SubmitMessage (message, 0), MAPI_E_NO_SUPPORT },
      { "SubmitMessage by force", message->lpVtbl->SubmitMessage (message, FORCE_SUBMIT),
        MAPI_E_NO_SUPPORT },
      { "SetReadFlag, flags", message->lpVtbl->SetReadFlag (message, 2), FLAGS },
      { "SetReadFlag, read and unread",
        message->lpVtbl->SetReadFlag (message, SUPPRESS_RECEIPT | CLEAR_READ_FLAG), INVALID },
      { "SetReadFlag, unread and reported",
        message->lpVtbl->SetReadFlag (message, CLEAR_READ_FLAG | GENERATE_RECEIPT_ONLY), INVALID },
      { "SetReadFlag, all three",
        message->lpVtbl->SetReadFlag (message, SUPPRESS_RECEIPT | CLEAR_READ_FLAG |
                                                 GENERATE_RECEIPT_ONLY), INVALID },
    };

    CHECK_ANSWERS (answers);
  }
  CHECK (attach == NULL && table == NULL);
  list.aEntries[0].rgPropVals = &no_row;
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, MODRECIP_MODIFY, (LPADRLIST) &list),
            INVALID);
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, MODRECIP_REMOVE, (LPADRLIST) &list),
            INVALID);
  no_row.ulPropTag = PR_ROWID;
  no_row.Value.l = 12345;
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, MODRECIP_REMOVE, (LPADRLIST) &list),
            MAPI_E_NOT_FOUND);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

static void
test_attachment (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "attachment.msg", &storage);
  LPATTACH attach = NULL;
  ULONG number;

  CHECK_HR (message->lpVtbl->CreateAttach (message, &IID_IAttachment, MAPI_DEFERRED_ERRORS, &number,
                                           &attach), S_OK);
  check_properties (PROP (attach));
  UlRelease (attach);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

static void
check_table (LPMAPITABLE table, HRESULT bookmarks)
{
  static SPropTagArray none = { 0, { 0 } };
  static SPropTagArray instances = { 1, { MVI_PROP (PROP_TAG (PT_MV_LONG, 0x6801)) } };
  SizedSSortOrderSet (1, categories) = { 1, 1, 0, { { PR_DISPLAY_NAME_W, TABLE_SORT_ASCEND } } };
  SizedSSortOrderSet (1, combined) = { 1, 0, 0, { { PR_DISPLAY_NAME_W, TABLE_SORT_COMBINE } } };
  LPVOID pointer = table;
  LPSPropTagArray columns = NULL;
  LPSRowSet rows = NULL;
  LPBYTE state = NULL;
  LPMAPIERROR last = NULL;
  ULONG_PTR connection = 0;
  BOOKMARK bookmark = 0;
  ULONG a, b, c;
  SRestriction exists;

  memset (&exists, 0, sizeof exists);
  exists.rt = RES_EXIST;
  exists.res.resExist.ulPropTag = PR_DISPLAY_NAME_W;
  {
    Answer answers[] = {
      { "QueryInterface, nowhere to put it",
        table->lpVtbl->QueryInterface (table, &IID_IUnknown, NULL), E_INVALIDARG },
      { "QueryInterface, properties",
        table->lpVtbl->QueryInterface (table, &IID_IMAPIProp, &pointer), NO_INTERFACE },
      { "GetLastError, nowhere to put it",
        table->lpVtbl->GetLastError (table, MAPI_E_CALL_FAILED, 0, NULL), INVALID },
      { "GetLastError, flags",
        table->lpVtbl->GetLastError (table, MAPI_E_CALL_FAILED, 2, &last), FLAGS },
      { "Advise, no sink", table->lpVtbl->Advise (table, fnevTableModified, NULL, &connection),
        INVALID },
      { "Advise, no event", table->lpVtbl->Advise (table, 0, NULL, &connection), INVALID },
      { "Unadvise, no connection", table->lpVtbl->Unadvise (table, 99), INVALID },
      { "GetStatus, no status", table->lpVtbl->GetStatus (table, NULL, &a), INVALID },
      { "GetStatus, no type", table->lpVtbl->GetStatus (table, &a, NULL), INVALID },
      { "SetColumns, no array", table->lpVtbl->SetColumns (table, NULL, 0), INVALID },
      { "SetColumns, none", table->lpVtbl->SetColumns (table, &none, 0), INVALID },
      { "SetColumns, flags", table->lpVtbl->SetColumns (table, &instances, 8), FLAGS },
      { "SetColumns, instances", table->lpVtbl->SetColumns (table, &instances, TBL_BATCH),
        MAPI_E_TOO_COMPLEX },
      { "QueryColumns, no array", table->lpVtbl->QueryColumns (table, 0, NULL), INVALID },
      { "QueryColumns, flags", table->lpVtbl->QueryColumns (table, 2, &columns), FLAGS },
      { "GetRowCount, no count", table->lpVtbl->GetRowCount (table, 0, NULL), INVALID },
      { "GetRowCount, flags", table->lpVtbl->GetRowCount (table, 1, &a), FLAGS },
      { "SeekRow, no bookmark", table->lpVtbl->SeekRow (table, 77, 0, NULL),
        MAPI_E_INVALID_BOOKMARK },
      { "SeekRowApprox, parts of nothing", table->lpVtbl->SeekRowApprox (table, 0, 0), INVALID },
      { "QueryPosition, no row", table->lpVtbl->QueryPosition (table, NULL, &b, &c), INVALID },
      { "QueryPosition, no part", table->lpVtbl->QueryPosition (table, &a, NULL, &c), INVALID },
      { "QueryPosition, no whole", table->lpVtbl->QueryPosition (table, &a, &b, NULL), INVALID },
      { "FindRow, nothing", table->lpVtbl->FindRow (table, NULL, BOOKMARK_BEGINNING, 0), INVALID },
      { "FindRow, flags", table->lpVtbl->FindRow (table, &exists, BOOKMARK_BEGINNING, 2), FLAGS },
      { "FindRow, no bookmark", table->lpVtbl->FindRow (table, &exists, 77, 0),
        MAPI_E_INVALID_BOOKMARK },
      { "Restrict, flags", table->lpVtbl->Restrict (table, &exists, 4), FLAGS },
      { "CreateBookmark, nowhere to put it", table->lpVtbl->CreateBookmark (table, NULL), INVALID },
      { "CreateBookmark", table->lpVtbl->CreateBookmark (table, &bookmark), bookmarks },
      { "FreeBookmark, unknown", table->lpVtbl->FreeBookmark (table, 7777),
        MAPI_E_INVALID_BOOKMARK },
      { "FreeBookmark, the beginning", table->lpVtbl->FreeBookmark (table, BOOKMARK_BEGINNING),
        S_OK },
      { "FreeBookmark, the position", table->lpVtbl->FreeBookmark (table, BOOKMARK_CURRENT), S_OK },
      { "FreeBookmark, the end", table->lpVtbl->FreeBookmark (table, BOOKMARK_END), S_OK },
      { "SortTable, no order", table->lpVtbl->SortTable (table, NULL, 0), INVALID },
      { "SortTable, flags", table->lpVtbl->SortTable (table, (LPSSortOrderSet) &categories, 4),
        FLAGS },
      { "SortTable, categories",
        table->lpVtbl->SortTable (table, (LPSSortOrderSet) &categories, 0), MAPI_E_TOO_COMPLEX },
      { "SortTable, combined", table->lpVtbl->SortTable (table, (LPSSortOrderSet) &combined, 0),
        MAPI_E_TOO_COMPLEX },
      { "QuerySortOrder, nowhere to put it", table->lpVtbl->QuerySortOrder (table, NULL),
        INVALID },
      { "QueryRows, none", table->lpVtbl->QueryRows (table, 0, 0, &rows), INVALID },
      { "QueryRows, nowhere to put them", table->lpVtbl->QueryRows (table, 1, 0, NULL), INVALID },
      { "QueryRows, flags", table->lpVtbl->QueryRows (table, 1, 2, &rows), FLAGS },
      { "ExpandRow", table->lpVtbl->ExpandRow (table, 0, NULL, 1, 0, &rows, &a),
        MAPI_E_NO_SUPPORT },
      { "CollapseRow", table->lpVtbl->CollapseRow (table, 0, NULL, 0, &a), MAPI_E_NO_SUPPORT },
      { "WaitForCompletion, no status", table->lpVtbl->WaitForCompletion (table, 0, 0, NULL),
        S_OK },
      { "GetCollapseState", table->lpVtbl->GetCollapseState (table, 0, 0, NULL, &a, &state),
        MAPI_E_NO_SUPPORT },
      { "SetCollapseState", table->lpVtbl->SetCollapseState (table, 0, 0, NULL, &bookmark),
        MAPI_E_NO_SUPPORT },
      { "Abort", table->lpVtbl->Abort (table), S_OK },
    };

    CHECK_ANSWERS (answers);
  }
  CHECK (pointer == NULL && rows == NULL && columns == NULL && state == NULL && last == NULL);
}

static void
test_tables (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "tables.msg", &storage);
  LPMAPITABLE table = NULL;

  CHECK_HR (message->lpVtbl->GetRecipientTable (message, MAPI_DEFERRED_ERRORS, &table), S_OK);
  check_table (table, S_OK);
  UlRelease (table);
  CHECK_HR (message->lpVtbl->GetAttachmentTable (message, MAPI_UNICODE, &table), S_OK);
  check_table (table, MAPI_E_NO_SUPPORT);
  UlRelease (table);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

/* Everything that writes, on a message that can only be read */
static void
test_read_only (void)
{
  static SPropTagArray subject = { 1, { PR_SUBJECT_W } };
  SizedSPropAttrArray (1, attributes) = { 1, { PROPATTR_READABLE } };
  SizedADRLIST (1, list) = { 0, { { 0, 0, NULL } } };
  LPSTORAGE storage, other_storage;
  LPMESSAGE message = create_message (NULL, "read-only.msg", &storage), other;
  LPATTACH attach = NULL;
  LPUNKNOWN unknown = NULL;
  SPropValue value;
  ULONG number = 0;

  set_text (PROP (message), PR_SUBJECT_W, "fixed");
  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  set_text (PROP (attach), PR_DISPLAY_NAME_W, "fixed");
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);

  message = reopen ("read-only.msg", STGM_TRANSACTED, &storage);
  other = create_message (NULL, "other.msg", &other_storage);
  memset (&value, 0, sizeof value);
  value.ulPropTag = PR_SUBJECT_W;
  value.Value.lpszW = wide ("changed");
  {
    Answer answers[] = {
      { "SetProps", message->lpVtbl->SetProps (message, 1, &value, NULL), MAPI_E_NO_ACCESS },
      { "DeleteProps", message->lpVtbl->DeleteProps (message, &subject, NULL), MAPI_E_NO_ACCESS },
      { "SaveChanges", message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE),
        MAPI_E_NO_ACCESS },
      { "SaveChanges by force", message->lpVtbl->SaveChanges (message, FORCE_SAVE),
        MAPI_E_NO_ACCESS },
      { "OpenProperty to write",
        message->lpVtbl->OpenProperty (message, PR_SUBJECT_W, &IID_IStream, STGM_READWRITE,
                                       MAPI_MODIFY, &unknown), MAPI_E_NO_ACCESS },
      { "OpenProperty to create",
        message->lpVtbl->OpenProperty (message, PR_BODY_W, &IID_IStream, 0, MAPI_CREATE, &unknown),
        MAPI_E_NO_ACCESS },
      { "CopyTo to it",
        other->lpVtbl->CopyTo (other, 0, NULL, NULL, 0, NULL, &IID_IMessage, message, 0, NULL),
        MAPI_E_NO_ACCESS },
      { "CopyProps out of it, moving",
        message->lpVtbl->CopyProps (message, &subject, 0, NULL, &IID_IMessage, other, MAPI_MOVE,
                                    NULL), MAPI_E_NO_ACCESS },
      { "CreateAttach", message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach),
        MAPI_E_NO_ACCESS },
      { "OpenAttach to write",
        message->lpVtbl->OpenAttach (message, number, NULL, MAPI_MODIFY, &attach),
        MAPI_E_NO_ACCESS },
      { "DeleteAttach", message->lpVtbl->DeleteAttach (message, number, 0, NULL, 0),
        MAPI_E_NO_ACCESS },
      { "ModifyRecipients", message->lpVtbl->ModifyRecipients (message, 0, (LPADRLIST) &list),
        MAPI_E_NO_ACCESS },
      { "SetReadFlag", message->lpVtbl->SetReadFlag (message, 0), MAPI_E_NO_ACCESS },
      { "SetAttribIMsgOnIStg",
        SetAttribIMsgOnIStg (message, &subject, (LPSPropAttrArray) &attributes, NULL),
        MAPI_E_NO_ACCESS },
      { "OpenAttach as it can",
        message->lpVtbl->OpenAttach (message, number, NULL, MAPI_BEST_ACCESS, &attach), S_OK },
    };

    CHECK_ANSWERS (answers);
  }
  CHECK (get_long (PROP (message), PR_ACCESS) == MAPI_ACCESS_READ);
  if (attach != NULL)
    {
      CHECK (get_long (PROP (attach), PR_ACCESS_LEVEL) == 0);
      CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), MAPI_E_NO_ACCESS);
      CHECK_HR (attach->lpVtbl->SetProps (attach, 1, &value, NULL), MAPI_E_NO_ACCESS);
    }
  UlRelease (attach);
  UlRelease (message);
  UlRelease (other);
  CHECK (UlRelease (storage) == 0);
  CHECK (UlRelease (other_storage) == 0);
}

/* The functions, which have no object to answer for them */
static void
test_functions (void)
{
  static SPropTagArray one = { 1, { PR_SUBJECT_W } };
  static SPropTagArray none = { 0, { 0 } };
  SizedSPropAttrArray (1, attributes) = { 1, { PROPATTR_READABLE } };
  LPSPropAttrArray array = NULL;
  LPSTORAGE storage, null_storage = NULL;
  LPMESSAGE message = create_message (NULL, "functions.msg", &storage);
  LPVOID block = NULL;
  LPMALLOC heap = NULL;
  LPSTREAM stream = NULL;
  LPMAPIADVISESINK sink = NULL;
  BOOL updated = FALSE;
  MAPIINIT_0 wrong_version = { 1, 0 }, wrong_flags = { 0, 2 };
  Answer answers[] = {
    { "GetAttribIMsgOnIStg, no object", GetAttribIMsgOnIStg (NULL, &one, &array), INVALID },
    { "GetAttribIMsgOnIStg, no tags", GetAttribIMsgOnIStg (message, NULL, &array), INVALID },
    { "GetAttribIMsgOnIStg, none", GetAttribIMsgOnIStg (message, &none, &array), INVALID },
    { "GetAttribIMsgOnIStg, nowhere to put it", GetAttribIMsgOnIStg (message, &one, NULL),
      INVALID },
    { "SetAttribIMsgOnIStg, no object",
      SetAttribIMsgOnIStg (NULL, &one, (LPSPropAttrArray) &attributes, NULL), INVALID },
    { "SetAttribIMsgOnIStg, no tags",
      SetAttribIMsgOnIStg (message, NULL, (LPSPropAttrArray) &attributes, NULL), INVALID },
    { "SetAttribIMsgOnIStg, no attributes", SetAttribIMsgOnIStg (message, &one, NULL, NULL),
      INVALID },
    { "SetAttribIMsgOnIStg, another count",
      SetAttribIMsgOnIStg (message, &none, (LPSPropAttrArray) &attributes, NULL), INVALID },
    { "SetAttribIMsgOnIStg, a storage",
      SetAttribIMsgOnIStg (storage, &one, (LPSPropAttrArray) &attributes, NULL),
      MAPI_E_INVALID_OBJECT },
    { "MAPIInitialize, version", MAPIInitialize (&wrong_version), INVALID },
    { "MAPIInitialize, flags", MAPIInitialize (&wrong_flags), FLAGS },
    { "ScInitMapiUtil, flags", ScInitMapiUtil (1), FLAGS },
    { "MAPIAllocateBuffer, nowhere to put it", MAPIAllocateBuffer (1, NULL), INVALID },
    { "MAPIAllocateMore, no base", MAPIAllocateMore (1, NULL, &block), INVALID },
    { "MAPIAllocateMore, nowhere to put it", MAPIAllocateMore (1, message, NULL), INVALID },
    { "CoGetMalloc, context", CoGetMalloc (2, &heap), E_INVALIDARG },
    { "RTFSync, no message", RTFSync (NULL, 0, &updated), INVALID },
    { "RTFSync, no answer", RTFSync (message, 0, NULL), INVALID },
    { "RTFSync, flags", RTFSync (message, 4, &updated), FLAGS },
    { "WrapCompressedRTFStream, no stream", WrapCompressedRTFStream (NULL, 0, &stream), INVALID },
    { "HrAllocAdviseSink, no callback", HrAllocAdviseSink (NULL, NULL, &sink), INVALID },
    { "StgOpenStorage, no name", StgOpenStorage (NULL, NULL, TRANSACTED, NULL, 0, &null_storage),
      STG_E_INVALIDNAME },
    { "StgOpenStorage, nowhere to put it",
      StgOpenStorage (path_of ("x"), NULL, TRANSACTED, NULL, 0, NULL), STG_E_INVALIDPOINTER },
    { "StgCreateDocfile, reserved",
      StgCreateDocfile (path_of ("x"), TRANSACTED, 1, &null_storage), STG_E_INVALIDPARAMETER },
    { "WriteClassStg, no storage", WriteClassStg (NULL, &IID_IMessage), E_INVALIDARG },
    { "WriteClassStg, no class", WriteClassStg (storage, NULL), STG_E_INVALIDPOINTER },
    { "ReadClassStg, no storage", ReadClassStg (NULL, (CLSID *) &attributes), E_INVALIDARG },
    { "ReadClassStg, no class", ReadClassStg (storage, NULL), E_INVALIDARG },
  };

  CHECK_ANSWERS (answers);
  CHECK (array == NULL && block == NULL && heap == NULL && stream == NULL && sink == NULL &&
         null_storage == NULL);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

static int
has_only_recipient (LPMESSAGE message, const char *name)
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

/* ModifyRecipients does all it is asked, or nothing. */
static void
test_refused_recipients (void)
{
  static WCHAR japanese[] = { 0x65E5, 0x672C, 0 };
  static const ULONG calls[] = { 0, MODRECIP_ADD, MODRECIP_MODIFY };
  const ULONG too_many = 65537;
  LPADRLIST many = calloc (1, CbNewADRLIST (too_many));
  LPSTORAGE storage = NULL;
  LPMESSAGE message;
  SPropValue values[3];
  ULONG i;

  CHECK_HR (StgCreateDocfile (path_of ("refused.msg"), TRANSACTED | STGM_CREATE, 0, &storage),
            S_OK);
  message = open_message (NULL, storage, 0);
  add_recipient (message, MODRECIP_ADD, MAPI_TO, "Anna", 0);
  memset (values, 0, sizeof values);
  values[0].ulPropTag = PR_RECIPIENT_TYPE;
  values[0].Value.l = MAPI_TO;
  values[1].ulPropTag = PR_ROWID;
  many->cEntries = 2;
  for (i = 0; i < too_many; i++)
    many->aEntries[i] = (ADRENTRY) { 0, 2, values };
  many->aEntries[1].cValues = 3;
  for (i = 0; i < 3; i++)
    {
      values[2].ulPropTag = PR_DISPLAY_NAME_W;
      values[2].Value.lpszW = japanese;
      CHECK_HR (message->lpVtbl->ModifyRecipients (message, calls[i], many),
                MAPI_E_BAD_CHARWIDTH);
      CHECK (has_only_recipient (message, "Anna"));
      values[2].ulPropTag = PROP_TAG (PT_LONG, 0x8123);
      CHECK_HR (message->lpVtbl->ModifyRecipients (message, calls[i], many), MAPI_E_UNEXPECTED_ID);
      CHECK (has_only_recipient (message, "Anna"));
    }
  many->cEntries = too_many;
  many->aEntries[1].cValues = 2;
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, 0, many), MAPI_E_TOO_BIG);
  many->cEntries--;
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, MODRECIP_ADD, many), MAPI_E_TOO_BIG);
  CHECK (has_only_recipient (message, "Anna"));
  free (many);
  UlRelease (message);
  UlRelease (storage);
}

int
main (void)
{
  RUN (test_message);
  RUN (test_attachment);
  RUN (test_tables);
  RUN (test_read_only);
  RUN (test_functions);
  RUN (test_refused_recipients);
  remove_files ();
  return finish_tests ();
}
