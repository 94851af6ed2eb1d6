/* test-copy.c - CopyTo and CopyProps
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapi-message.h"

static void
test_copy (void)
{
  SizedSPropTagArray (2, exclude) = { 2, { PR_BODY_W, PR_IMPORTANCE } };
  SizedSPropTagArray (1, null_tag) = { 1, { PR_NULL } };
  SizedSPropTagArray (2, include) = { 2, { PR_BODY_W, PR_SUBJECT_W } };
  LPSPropProblemArray problems = NULL;
  LPSTORAGE from_storage, to_storage;
  LPMESSAGE from, to;
  LPATTACH attach = NULL;
  LPMAPITABLE table = NULL;
  MAPINAMEID name;
  LPMAPINAMEID names[1] = { &name };
  LPSPropTagArray ids = NULL;
  ULONG number, n = 0;

  from = create_message (NULL, "from.msg", &from_storage);
  set_text (PROP (from), PR_SUBJECT_W, "copied");
  set_text (PROP (from), PR_BODY_W, "body");
  set_long (PROP (from), PR_IMPORTANCE, 2);
  memset (&name, 0, sizeof name);
  name.lpguid = (LPGUID) &PSETID_Common;
  name.Kind.lID = 0x8503;
  CHECK_HR (from->lpVtbl->GetIDsFromNames (from, 1, names, MAPI_CREATE, &ids), S_OK);
  set_long (PROP (from), CHANGE_PROP_TYPE (ids->aulPropTag[0], PT_LONG), 42);
  MAPIFreeBuffer (ids);
  add_recipient (from, MODRECIP_ADD, MAPI_TO, "Anna", 0);
  CHECK_HR (from->lpVtbl->CreateAttach (from, NULL, 0, &number, &attach), S_OK);
  set_text (PROP (attach), PR_ATTACH_LONG_FILENAME_W, "x.txt");
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);

  to = create_message (NULL, "to.msg", &to_storage);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, (LPSPropTagArray) &null_tag, 0, NULL,
                                  &IID_IMessage, to, 0, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, NULL, 0, NULL, NULL, to, 0, NULL),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, NULL, 0, NULL, &IID_IAttachment, to, 0, NULL),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK_HR (from->lpVtbl->CopyTo (from, 1, &IID_IMAPIProp, NULL, 0, NULL, &IID_IMessage, to, 0,
                                  NULL), MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK_HR (from->lpVtbl->CopyProps (from, NULL, 0, NULL, &IID_IMessage, to, 0, NULL),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, (LPSPropTagArray) &exclude, 0, NULL,
                                  &IID_IMessage, to, 0, &problems), S_OK);
  MAPIFreeBuffer (problems);
  CHECK_HR (to->lpVtbl->SaveChanges (to, KEEP_OPEN_READWRITE), S_OK);
  UlRelease (to);
  UlRelease (to_storage);

  to = reopen ("to.msg", TRANSACTED, &to_storage);
  CHECK (has_text (PROP (to), PR_SUBJECT_W, "copied"));
  CHECK (!FPropExists (PROP (to), PR_BODY_W));
  CHECK (get_long (PROP (to), PR_IMPORTANCE) != 2);
  CHECK_HR (to->lpVtbl->GetIDsFromNames (to, 1, names, 0, &ids), S_OK);
  CHECK (get_long (PROP (to), CHANGE_PROP_TYPE (ids->aulPropTag[0], PT_LONG)) == 42);
  MAPIFreeBuffer (ids);
  CHECK_HR (to->lpVtbl->GetRecipientTable (to, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 1);
  UlRelease (table);
  CHECK_HR (to->lpVtbl->GetAttachmentTable (to, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 1);
  UlRelease (table);
  CHECK_HR (from->lpVtbl->CopyProps (from, (LPSPropTagArray) &include, 0, NULL, &IID_IMessage, to,
                                     MAPI_NOREPLACE, NULL), S_OK);
  CHECK (has_text (PROP (to), PR_BODY_W, "body"));
  UlRelease (to);
  UlRelease (to_storage);
  UlRelease (from);
  UlRelease (from_storage);
}

/* What each side gives out is freed as that side allocates. */
static void
test_allocators (void)
{
  SizedSPropTagArray (1, subject) = { 1, { PR_SUBJECT_W } };
  ULONG access[1] = { IPROP_READONLY };
  MAPINAMEID name;
  LPMAPINAMEID names[1] = { &name };
  LPSPropTagArray ids = NULL;
  LPPROPDATA bag = NULL;
  LPSTORAGE storage, own_storage = NULL;
  LPMESSAGE own = NULL;
  LPMESSAGE message = create_message (NULL, "allocators.msg", &storage);
  LPATTACH attach = NULL;
  ULONG number = 0;

  memset (&name, 0, sizeof name);
  name.lpguid = (LPGUID) &PSETID_Common;
  name.Kind.lID = 0x8503;
  CHECK_HR (message->lpVtbl->GetIDsFromNames (message, 1, names, MAPI_CREATE, &ids), S_OK);
  set_long (PROP (message), CHANGE_PROP_TYPE (ids->aulPropTag[0], PT_LONG), 42);
  MAPIFreeBuffer (ids);
  set_text (PROP (message), PR_SUBJECT_W, "copied");
  n_own_blocks = 0;
  CHECK_HR (CreateIProp (&IID_IMAPIPropData, own_allocate, own_allocate_more, own_free, NULL,
                         &bag), S_OK);
  set_text (PROP (bag), PR_SUBJECT_W, "stays");
  CHECK_HR (message->lpVtbl->CopyTo (message, 0, NULL, NULL, 0, NULL, &IID_IMAPIProp, bag,
                                     MAPI_NOREPLACE, NULL), S_OK);
  CHECK_HR (bag->lpVtbl->HrSetPropAccess (bag, (LPSPropTagArray) &subject, access), S_OK);
  CHECK_HR (message->lpVtbl->CopyProps (message, (LPSPropTagArray) &subject, 0, NULL,
                                        &IID_IMAPIProp, bag, 0, NULL), S_OK);
  UlRelease (bag);

  CHECK_HR (StgCreateDocfile (NULL, TRANSACTED | STGM_CREATE | STGM_DELETEONRELEASE, 0,
                              &own_storage), S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, own_allocate, own_allocate_more, own_free,
                            MAPIGetDefaultMalloc (), NULL, own_storage, NULL, 0, MAPI_UNICODE,
                            &own), S_OK);
  CHECK_HR (own->lpVtbl->CreateAttach (own, NULL, 0, &number, &attach), S_OK);
  CHECK_HR (message->lpVtbl->CopyTo (message, 0, NULL, NULL, 0, NULL, &IID_IMAPIProp, attach, 0,
                                     NULL), S_OK);
  CHECK (n_own_blocks == 0);
  UlRelease (attach);
  UlRelease (own);
  UlRelease (own_storage);
  UlRelease (message);
  UlRelease (storage);
}

static ULONG
count_attachments (LPMESSAGE message)
{
  LPMAPITABLE table = NULL;
  ULONG n = 99;

  CHECK_HR (message->lpVtbl->GetAttachmentTable (message, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  UlRelease (table);
  return n;
}

static LPATTACH
create_attach (LPMESSAGE message, const char *name)
{
  LPATTACH attach = NULL;
  ULONG number = 0;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  set_text (PROP (attach), PR_DISPLAY_NAME_W, name);
  return attach;
}

/* An attachment is part of the message from its first save on. */
static void
test_unsaved_attachments (void)
{
  LPSTORAGE from_storage, to_storage;
  LPMESSAGE from = create_message (NULL, "unsaved-from.msg", &from_storage);
  LPMESSAGE to = create_message (NULL, "unsaved-to.msg", &to_storage);
  LPATTACH unsaved = create_attach (from, "unsaved");
  LPATTACH saved = create_attach (from, "saved");
  LPATTACH copy = NULL;

  CHECK_HR (saved->lpVtbl->SaveChanges (saved, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, NULL, 0, NULL, &IID_IMessage, to, 0, NULL), S_OK);
  CHECK_HR (to->lpVtbl->SaveChanges (to, KEEP_OPEN_READWRITE), S_OK);
  CHECK (count_attachments (to) == 1);
  CHECK_HR (to->lpVtbl->OpenAttach (to, 1, NULL, 0, &copy), S_OK);
  if (copy != NULL)
    {
      CHECK (has_text (PROP (copy), PR_DISPLAY_NAME_W, "saved"));
      UlRelease (copy);
    }
  UlRelease (unsaved);
  UlRelease (saved);
  UlRelease (from);
  UlRelease (from_storage);
  UlRelease (to);
  UlRelease (to_storage);
}

/* What was moved away is gone, also for who has it open. */
static void
test_moved_attachments (void)
{
  LPSTORAGE from_storage, to_storage;
  LPMESSAGE from = create_message (NULL, "moved-from.msg", &from_storage);
  LPMESSAGE to = create_message (NULL, "moved-to.msg", &to_storage);
  LPATTACH attach = create_attach (from, "moved");
  LPATTACH again = NULL;
  SPropValue *value = NULL;

  CHECK_HR (attach->lpVtbl->SaveChanges (attach, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (from->lpVtbl->SaveChanges (from, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, NULL, 0, NULL, &IID_IMessage, to, MAPI_MOVE,
                                  NULL), S_OK);
  CHECK_HR (from->lpVtbl->OpenAttach (from, 0, NULL, 0, &again), MAPI_E_NOT_FOUND);
  CHECK_HR (HrGetOneProp (PROP (attach), PR_DISPLAY_NAME_W, &value), MAPI_E_OBJECT_DELETED);
  UlRelease (attach);
  UlRelease (from);
  UlRelease (from_storage);
  UlRelease (to);
  UlRelease (to_storage);
}

static void
check_message_inside (LPATTACH attach)
{
  LPMESSAGE inner = NULL;

  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0, 0,
                                          (LPUNKNOWN *) &inner), S_OK);
  if (inner != NULL)
    {
      CHECK (has_text (PROP (inner), PR_SUBJECT_W, "inside"));
      UlRelease (inner);
    }
}

/* What an attachment holds is one property, however its tag says that it is to be had. */
static void
test_data_of_attachments (void)
{
  static const ULONG tags[] = { PR_ATTACH_DATA_OBJ, PR_ATTACH_DATA_BIN,
                                PROP_TAG (PT_UNSPECIFIED, 0x3701) };
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "data.msg", &storage);
  LPATTACH from = create_attach (message, "from");
  LPATTACH bytes = create_attach (message, "bytes");
  LPMESSAGE inner = NULL;
  SPropValue value;
  ULONG i;

  set_long (PROP (from), PR_ATTACH_METHOD, ATTACH_EMBEDDED_MSG);
  CHECK_HR (from->lpVtbl->OpenProperty (from, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                        MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &inner), S_OK);
  set_text (PROP (inner), PR_SUBJECT_W, "inside");
  CHECK_HR (inner->lpVtbl->SaveChanges (inner, 0), S_OK);
  UlRelease (inner);
  for (i = 0; i < 3; i++)
    {
      SizedSPropTagArray (2, included) = { 2, { PR_ATTACH_METHOD, 0 } };
      LPATTACH to = create_attach (message, "to");
      LPSPropProblemArray problems = NULL;

      included.aulPropTag[1] = tags[i];
      CHECK_HR (from->lpVtbl->CopyProps (from, (LPSPropTagArray) &included, 0, NULL,
                                         &IID_IAttachment, to, 0, &problems), S_OK);
      CHECK (problems == NULL);
      MAPIFreeBuffer (problems);
      check_message_inside (to);
      UlRelease (to);
    }
  /* Bytes that are there are not replaced by a message either. */
  memset (&value, 0, sizeof value);
  value.ulPropTag = PR_ATTACH_DATA_BIN;
  value.Value.bin.cb = 2;
  value.Value.bin.lpb = (LPBYTE) "hi";
  CHECK_HR (HrSetOneProp (PROP (bytes), &value), S_OK);
  CHECK_HR (from->lpVtbl->CopyTo (from, 0, NULL, NULL, 0, NULL, &IID_IAttachment, bytes,
                                  MAPI_NOREPLACE, NULL), S_OK);
  CHECK (FPropExists (PROP (bytes), PR_ATTACH_DATA_BIN));
  UlRelease (from);
  UlRelease (bytes);
  UlRelease (message);
  UlRelease (storage);
}

/* What came over only in part is not moved away. */
static void
test_moved_in_part (void)
{
  static WCHAR japanese[] = { 0x65E5, 0x672C, 0 };
  SizedSPropTagArray (1, recipients) = { 1, { PR_MESSAGE_RECIPIENTS } };
  LPSTORAGE from_storage, to_storage = NULL;
  LPMESSAGE from = create_message (NULL, "part-from.msg", &from_storage);
  LPMESSAGE to;
  LPSPropProblemArray problems = NULL;
  LPMAPITABLE table = NULL;
  SPropValue values[2];
  SizedADRLIST (1, list) = { 1, { { 0, 2, values } } };
  ULONG n = 0;

  memset (values, 0, sizeof values);
  values[0].ulPropTag = PR_DISPLAY_NAME_W;
  values[0].Value.lpszW = japanese;
  values[1].ulPropTag = PR_RECIPIENT_TYPE;
  values[1].Value.l = MAPI_TO;
  CHECK_HR (from->lpVtbl->ModifyRecipients (from, 0, (LPADRLIST) &list), S_OK);
  CHECK_HR (StgCreateDocfile (path_of ("part-to.msg"), TRANSACTED | STGM_CREATE, 0, &to_storage),
            S_OK);
  to = open_message (NULL, to_storage, 0);
  CHECK_HR (from->lpVtbl->CopyProps (from, (LPSPropTagArray) &recipients, 0, NULL, &IID_IMessage,
                                     to, MAPI_MOVE, &problems), S_OK);
  CHECK (problems != NULL && problems->cProblem == 1 &&
         problems->aProblem[0].scode == MAPI_E_BAD_CHARWIDTH);
  MAPIFreeBuffer (problems);
  CHECK_HR (from->lpVtbl->GetRecipientTable (from, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  CHECK (n == 1);
  UlRelease (table);
  UlRelease (from);
  UlRelease (from_storage);
  UlRelease (to);
  UlRelease (to_storage);
}

int
main (void)
{
  RUN (test_copy);
  RUN (test_allocators);
  RUN (test_unsaved_attachments);
  RUN (test_moved_attachments);
  RUN (test_data_of_attachments);
  RUN (test_moved_in_part);
  remove_files ();
  return finish_tests ();
}
