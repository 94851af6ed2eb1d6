/* test-session.c - sessions, and how messages in and out of them live
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapi-message.h"

static void
test_session_parameters (void)
{
  LPMSGSESS session = NULL;

  CHECK_HR (OpenIMsgSession (NULL, 0, &session), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), 0, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), 1, &session), MAPI_E_INVALID_FLAGS);
  CHECK (session == NULL);
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), 1, &session), MAPI_E_UNKNOWN_FLAGS);
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), MAPI_UNICODE, &session), S_OK);
  CHECK (session != NULL);
  CloseIMsgSession (session);
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), 0, &session), S_OK);
  CloseIMsgSession (session);
  CloseIMsgSession (NULL);
}

static void
test_open_parameters (void)
{
  LPMALLOC heap = MAPIGetDefaultMalloc ();
  LPSTORAGE storage = NULL, direct = NULL, empty = NULL;
  LPMESSAGE message = NULL;

  CHECK_HR (StgCreateDocfile (path_of ("parameters.msg"), TRANSACTED | STGM_CREATE, 0, &storage),
            S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                            NULL, NULL, 0, 0, &message), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                            storage, NULL, 0, 0, NULL), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, NULL, NULL,
                            storage, NULL, 0, 0, &message), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgOnIStg (NULL, NULL, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL, storage,
                            NULL, 0, 0, &message), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                            storage, NULL, 0, 2, &message), MAPI_E_UNKNOWN_FLAGS);
  CHECK (message == NULL);
  CHECK (UlRelease (storage) == 0);

  CHECK_HR (StgCreateDocfile (path_of ("direct.msg"),
                              STGM_READWRITE | STGM_SHARE_EXCLUSIVE | STGM_CREATE, 0, &direct),
            S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                            direct, NULL, 0, 0, &message), MAPI_E_INVALID_PARAMETER);
  CHECK (UlRelease (direct) == 0);
  CHECK_HR (StgOpenStorage (path_of ("direct.msg"), NULL, STGM_READ | STGM_SHARE_DENY_WRITE, NULL,
                            0, &empty), S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, heap, NULL,
                            empty, NULL, 0, 0, &message), MAPI_E_CORRUPT_DATA);
  CHECK (UlRelease (empty) == 0);
}

/* --- saving --- */

static void
test_no_commit (void)
{
  LPSTORAGE storage, other;
  LPMESSAGE message, second;

  message = create_message (NULL, "commit.msg", &storage);
  set_text (PROP (message), PR_SUBJECT_W, "first");
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (storage->lpVtbl->Commit (storage, STGC_DEFAULT), S_OK);
  UlRelease (message);
  UlRelease (storage);

  CHECK_HR (StgOpenStorage (path_of ("commit.msg"), NULL, TRANSACTED, NULL, 0, &storage), S_OK);
  message = open_message (NULL, storage, IMSG_NO_ISTG_COMMIT);
  set_text (PROP (message), PR_SUBJECT_W, "second");
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  second = reopen ("commit.msg", STGM_TRANSACTED, &other);
  CHECK (has_text (PROP (second), PR_SUBJECT_W, "first"));
  UlRelease (second);
  UlRelease (other);
  CHECK_HR (storage->lpVtbl->Commit (storage, STGC_DEFAULT), S_OK);
  second = reopen ("commit.msg", STGM_TRANSACTED, &other);
  CHECK (has_text (PROP (second), PR_SUBJECT_W, "second"));
  CHECK (get_long (PROP (second), PR_ACCESS_LEVEL) == 0);
  CHECK_HR (second->lpVtbl->SaveChanges (second, 0), MAPI_E_NO_ACCESS);
  UlRelease (other);
  UlRelease (second);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READONLY | KEEP_OPEN_READWRITE),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0x100), MAPI_E_UNKNOWN_FLAGS);
  UlRelease (message);
  UlRelease (storage);
}

static void
test_changed_underneath (void)
{
  LPSTORAGE storage_1, storage_2;
  LPMESSAGE message_1, message_2;

  message_1 = create_message (NULL, "changed.msg", &storage_1);
  CHECK_HR (message_1->lpVtbl->SaveChanges (message_1, 0), S_OK);
  UlRelease (message_1);
  UlRelease (storage_1);
  message_1 = reopen ("changed.msg", TRANSACTED, &storage_1);
  message_2 = reopen ("changed.msg", TRANSACTED, &storage_2);
  set_text (PROP (message_1), PR_SUBJECT_W, "one");
  set_text (PROP (message_2), PR_SUBJECT_W, "two");
  CHECK_HR (message_1->lpVtbl->SaveChanges (message_1, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (message_2->lpVtbl->SaveChanges (message_2, KEEP_OPEN_READWRITE),
            MAPI_E_OBJECT_CHANGED);
  CHECK_HR (message_2->lpVtbl->SaveChanges (message_2, KEEP_OPEN_READWRITE | FORCE_SAVE), S_OK);
  UlRelease (message_1);
  UlRelease (message_2);
  UlRelease (storage_1);
  UlRelease (storage_2);
  message_1 = reopen ("changed.msg", STGM_TRANSACTED, &storage_1);
  CHECK (has_text (PROP (message_1), PR_SUBJECT_W, "two"));
  UlRelease (message_1);
  UlRelease (storage_1);
}

/* --- lives --- */

static void
test_release_order (void)
{
  LPSTORAGE storage;
  LPMESSAGE message;
  LPATTACH attach = NULL;
  LPMAPITABLE table = NULL;
  LPSTREAM stream = NULL;
  ULONG number;
  int order;

  for (order = 0; order < 4; order++)
    {
      n_released = 0;
      message = create_message (NULL, "order.msg", &storage);
      CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
      CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
      CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_BIN, &IID_IStream, 0,
                                              MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &stream),
                S_OK);
      if (order % 2)
        UlRelease (storage);
      UlRelease (message);
      CHECK (n_released == 0);
      if (order < 2)
        {
          UlRelease (attach);
          UlRelease (table);
          CHECK (n_released == 0);
          UlRelease (stream);
        }
      else
        {
          UlRelease (stream);
          UlRelease (attach);
          CHECK (n_released == 0);
          UlRelease (table);
        }
      CHECK (n_released == 1 && released_data == 77 && released_message == message);
      if (order % 2 == 0)
        CHECK (UlRelease (storage) == 0);
    }
}

static void
test_close_session (void)
{
  LPMSGSESS session = NULL;
  LPSTORAGE storage, storage_2;
  LPMESSAGE message, message_2, inner = NULL, unrelated;
  LPATTACH attach = NULL;
  LPMAPITABLE table = NULL;
  LPSTREAM stream = NULL;
  LPSPropValue values = NULL;
  LPVOID object = NULL;
  ULONG number, n;
  LPSTORAGE storage_3;

  n_released = 0;
  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), MAPI_UNICODE, &session), S_OK);
  message = create_message (session, "close-1.msg", &storage);
  message_2 = create_message (session, "close-2.msg", &storage_2);
  unrelated = create_message (NULL, "close-3.msg", &storage_3);
  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                          MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &inner), S_OK);
  CHECK_HR (inner->lpVtbl->OpenProperty (inner, PR_BODY_W, &IID_IStream, 0,
                                         MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
  UlRelease (message_2);
  CHECK (n_released == 1);
  CloseIMsgSession (session);
  CHECK (n_released == 2);
  CHECK_HR (message->lpVtbl->GetProps (message, NULL, 0, &n, &values), MAPI_E_INVALID_OBJECT);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), MAPI_E_INVALID_OBJECT);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), MAPI_E_INVALID_OBJECT);
  CHECK_HR (inner->lpVtbl->GetPropList (inner, 0, (LPSPropTagArray *) &object),
            MAPI_E_INVALID_OBJECT);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), MAPI_E_INVALID_OBJECT);
  CHECK_HR (stream->lpVtbl->Write (stream, "x", 1, &n), MAPI_E_INVALID_OBJECT);
  CHECK_HR (message->lpVtbl->QueryInterface (message, &IID_IMAPIProp, &object), S_OK);
  UlRelease (object);
  CHECK (has_text (PROP (unrelated), PR_MESSAGE_CLASS_A, "x") == 0);
  CHECK_HR (unrelated->lpVtbl->SaveChanges (unrelated, 0), S_OK);
  UlRelease (message);
  UlRelease (stream);
  UlRelease (table);
  UlRelease (inner);
  UlRelease (attach);
  CHECK (n_released == 2);
  CHECK (UlRelease (storage) == 0);
  CHECK (UlRelease (storage_2) == 0);
  UlRelease (unrelated);
  CHECK (n_released == 3);
  UlRelease (storage_3);
}

/* Every kind of pointer that can be held when the session goes answers the same to every call. */
static void
test_close_everything (void)
{
  const LARGE_INTEGER start = { .QuadPart = 0 };
  const ULARGE_INTEGER none = { .QuadPart = 0 };
  LPMSGSESS session = NULL;
  LPSTORAGE storage, other_storage, ole = NULL, sub = NULL, new_storage = NULL;
  LPMESSAGE message, inner = NULL, other;
  LPATTACH attach = NULL, outer = NULL, new_attach = NULL;
  LPSTREAM data = NULL, body = NULL, clone = NULL, new_stream = NULL;
  IEnumSTATSTG *elements = NULL, *copy = NULL;
  LPMAPITABLE attachments = NULL, recipients = NULL;
  SPropTagArray one = { 1, { PR_SUBJECT_W } };
  LPSPropTagArray tags = NULL;
  LPSPropAttrArray attributes = NULL;
  LPSPropValue values = NULL;
  LPMAPIERROR last = NULL;
  LPSRowSet rows = NULL;
  LPUNKNOWN unknown = NULL;
  STATSTG stat;
  ULONG number, n;
  size_t i;

  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), MAPI_UNICODE, &session), S_OK);
  CHECK_HR (StgCreateDocfile (path_of ("everything.msg"), TRANSACTED | STGM_CREATE, 0, &storage),
            S_OK);
  n_released = 0;
  message = open_message (session, storage, 0);
  CHECK ((get_long (PROP (message), PR_STORE_SUPPORT_MASK) & STORE_UNICODE_OK) != 0);
  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0,
                                          MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &ole), S_OK);
  CHECK_HR (ole->lpVtbl->CreateStream (ole, wide ("x"), STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0,
                                       &data), S_OK);
  CHECK_HR (ole->lpVtbl->CreateStorage (ole, wide ("y"), STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0,
                                        0, &sub), S_OK);
  CHECK_HR (ole->lpVtbl->EnumElements (ole, 0, NULL, 0, &elements), S_OK);
  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &outer), S_OK);
  CHECK_HR (outer->lpVtbl->OpenProperty (outer, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                         MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &inner), S_OK);
  CHECK_HR (inner->lpVtbl->OpenProperty (inner, PR_BODY_W, &IID_IStream, 0,
                                         MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &body), S_OK);
  CHECK_HR (body->lpVtbl->Clone (body, &clone), S_OK);
  CHECK_HR (message->lpVtbl->GetAttachmentTable (message, 0, &attachments), S_OK);
  CHECK_HR (inner->lpVtbl->GetRecipientTable (inner, 0, &recipients), S_OK);
  other = create_message (NULL, "unrelated.msg", &other_storage);
  CloseIMsgSession (session);
  CHECK (n_released == 1);
  {
    const HRESULT answers[] = {
      message->lpVtbl->GetLastError (message, 0, 0, &last),
      message->lpVtbl->SaveChanges (message, 0),
      message->lpVtbl->GetProps (message, NULL, 0, &n, &values),
      message->lpVtbl->GetPropList (message, 0, &tags),
      message->lpVtbl->OpenProperty (message, PR_BODY_W, &IID_IStream, 0, 0, &unknown),
      message->lpVtbl->DeleteProps (message, &one, NULL),
      message->lpVtbl->CopyTo (message, 0, NULL, NULL, 0, NULL, &IID_IMessage, other, 0, NULL),
      other->lpVtbl->CopyTo (other, 0, NULL, NULL, 0, NULL, &IID_IMessage, message, 0, NULL),
      message->lpVtbl->GetIDsFromNames (message, 0, NULL, 0, &tags),
      message->lpVtbl->GetAttachmentTable (message, 0, &attachments),
      message->lpVtbl->CreateAttach (message, NULL, 0, &number, &new_attach),
      message->lpVtbl->OpenAttach (message, 0, NULL, 0, &new_attach),
      message->lpVtbl->DeleteAttach (message, 0, 0, NULL, 0),
      message->lpVtbl->ModifyRecipients (message, 0, NULL),
      message->lpVtbl->SubmitMessage (message, 0),
      message->lpVtbl->SetReadFlag (message, 0),
      GetAttribIMsgOnIStg (message, &one, &attributes),
      attach->lpVtbl->GetProps (attach, NULL, 0, &n, &values),
      attach->lpVtbl->SaveChanges (attach, 0),
      inner->lpVtbl->SaveChanges (inner, KEEP_OPEN_READWRITE),
      recipients->lpVtbl->QueryRows (recipients, 1, 0, &rows),
      recipients->lpVtbl->SetColumns (recipients, &one, 0),
      recipients->lpVtbl->Restrict (recipients, NULL, 0),
      recipients->lpVtbl->SeekRow (recipients, BOOKMARK_BEGINNING, 0, NULL),
      recipients->lpVtbl->Abort (recipients),
      recipients->lpVtbl->WaitForCompletion (recipients, 0, 0, NULL),
      body->lpVtbl->Write (body, "x", 1, NULL),
      body->lpVtbl->SetSize (body, none),
      body->lpVtbl->Commit (body, 0),
      body->lpVtbl->CopyTo (body, clone, none, NULL, NULL),
      clone->lpVtbl->Read (clone, &stat, 1, NULL),
      clone->lpVtbl->Seek (clone, start, STREAM_SEEK_SET, NULL),
      clone->lpVtbl->Stat (clone, &stat, STATFLAG_NONAME),
      clone->lpVtbl->Clone (clone, &new_stream),
      data->lpVtbl->Write (data, "x", 1, NULL),
      data->lpVtbl->Revert (data),
      sub->lpVtbl->Stat (sub, &stat, STATFLAG_NONAME),
      sub->lpVtbl->Commit (sub, STGC_DEFAULT),
      ole->lpVtbl->CreateStream (ole, wide ("z"), STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0,
                                 &new_stream),
      ole->lpVtbl->OpenStorage (ole, wide ("y"), NULL, STGM_READ | STGM_SHARE_EXCLUSIVE, NULL, 0,
                                &new_storage),
      ole->lpVtbl->CopyTo (ole, 0, NULL, NULL, other_storage),
      ole->lpVtbl->MoveElementTo (ole, wide ("x"), other_storage, wide ("z"), STGMOVE_COPY),
      ole->lpVtbl->Commit (ole, STGC_DEFAULT),
      ole->lpVtbl->Revert (ole),
      ole->lpVtbl->EnumElements (ole, 0, NULL, 0, &copy),
      ole->lpVtbl->DestroyElement (ole, wide ("x")),
      ole->lpVtbl->RenameElement (ole, wide ("x"), wide ("z")),
      ole->lpVtbl->SetElementTimes (ole, NULL, NULL, NULL, NULL),
      ole->lpVtbl->SetClass (ole, &IID_IMessage),
      ole->lpVtbl->SetStateBits (ole, 1, 1),
      ole->lpVtbl->Stat (ole, &stat, STATFLAG_NONAME),
      elements->lpVtbl->Next (elements, 1, &stat, NULL),
      elements->lpVtbl->Skip (elements, 1),
      elements->lpVtbl->Reset (elements),
      elements->lpVtbl->Clone (elements, &copy),
    };

    for (i = 0; i < sizeof answers / sizeof answers[0]; i++)
      {
        if (answers[i] != MAPI_E_INVALID_OBJECT)
          printf ("# call %u: 0x%08X\n", (unsigned) i, (unsigned) answers[i]);
        CHECK (answers[i] == MAPI_E_INVALID_OBJECT);
      }
  }
  CHECK (UlRelease (storage) == 0);
  UlRelease (message);
  UlRelease (attach);
  UlRelease (elements);
  UlRelease (clone);
  UlRelease (body);
  UlRelease (attachments);
  UlRelease (inner);
  UlRelease (recipients);
  UlRelease (sub);
  UlRelease (ole);
  UlRelease (data);
  UlRelease (outer);
  CHECK (n_released == 1);
  UlRelease (other);
  CHECK (UlRelease (other_storage) == 0);
}

static void
test_identity (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "identity.msg", &storage);
  LPVOID unknown = NULL, prop = NULL, again = NULL, none = message;

  CHECK_HR (message->lpVtbl->QueryInterface (message, &IID_IUnknown, &unknown), S_OK);
  CHECK_HR (message->lpVtbl->QueryInterface (message, &IID_IMAPIProp, &prop), S_OK);
  CHECK_HR (((LPUNKNOWN) prop)->lpVtbl->QueryInterface ((LPUNKNOWN) prop, &IID_IUnknown, &again),
            S_OK);
  CHECK (unknown == again);
  CHECK_HR (message->lpVtbl->QueryInterface (message, &IID_IAttachment, &none),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK (none == NULL);
  CHECK_HR (message->lpVtbl->QueryInterface (message, &IID_IMessage, NULL), E_INVALIDARG);
  CHECK (UlAddRef (message) == 5);
  UlRelease (message);
  UlRelease (unknown);
  UlRelease (prop);
  UlRelease (again);
  CHECK (UlRelease (message) == 0);
  UlRelease (storage);
}

/* --- the allocators of the caller --- */

static void
test_allocators (void)
{
  LPSTORAGE storage = NULL;
  LPMESSAGE message = NULL;
  LPMAPITABLE table = NULL;
  LPSPropValue values = NULL;
  LPSPropTagArray tags = NULL;
  LPSRowSet rows = NULL;
  ULONG n, i;

  CHECK_HR (StgCreateDocfile (NULL, TRANSACTED | STGM_CREATE | STGM_DELETEONRELEASE, 0, &storage),
            S_OK);
  CHECK_HR (OpenIMsgOnIStg (NULL, own_allocate, own_allocate_more, own_free,
                            MAPIGetDefaultMalloc (), NULL, storage, NULL, 0, 0, &message), S_OK);
  add_recipient (message, MODRECIP_ADD, MAPI_TO, "a", 0);
  n_own_blocks = 0;
  CHECK_HR (message->lpVtbl->GetProps (message, NULL, 0, &n, &values), S_OK);
  CHECK (n_own_blocks == 1);
  own_free (values);
  CHECK_HR (message->lpVtbl->GetPropList (message, 0, &tags), S_OK);
  own_free (tags);
  CHECK_HR (message->lpVtbl->GetRecipientTable (message, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->QueryRows (table, 5, 0, &rows), S_OK);
  CHECK (n_own_blocks == 2 && rows->cRows == 1);
  for (i = 0; i < rows->cRows; i++)
    own_free (rows->aRow[i].lpProps);
  own_free (rows);
  CHECK (n_own_blocks == 0);
  UlRelease (table);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

/* A message that is saved before it is filled is as whole as one that is filled first. */
static void
test_filled_later (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "later.msg", &storage);
  SizedSPropTagArray (1, time) = { 1, { PR_LAST_MODIFICATION_TIME } };

  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  set_text (PROP (message), PR_SUBJECT_W, "RE: later");
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  /* Nobody's deletion leaves a message without the time of its last save. */
  CHECK_HR (message->lpVtbl->DeleteProps (message, (LPSPropTagArray) &time, NULL), S_OK);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
  UlRelease (message);
  UlRelease (storage);
  message = reopen ("later.msg", STGM_TRANSACTED, &storage);
  CHECK (has_text (PROP (message), PR_SUBJECT_PREFIX_W, "RE: "));
  CHECK (has_text (PROP (message), PR_NORMALIZED_SUBJECT_W, "later"));
  CHECK (has_text (PROP (message), PR_CONVERSATION_TOPIC_W, "later"));
  CHECK (FPropExists (PROP (message), PR_CONVERSATION_INDEX));
  CHECK (FPropExists (PROP (message), PR_LAST_MODIFICATION_TIME));
  UlRelease (message);
  UlRelease (storage);
}

/* --- where a message can live --- */

static HRESULT
open_on (LPSTORAGE storage, LPMESSAGE *message)
{
  return OpenIMsgOnIStg (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                         MAPIGetDefaultMalloc (), NULL, storage, NULL, 0, MAPI_UNICODE, message);
}

static void
write_subject (LPSTORAGE storage, const char *subject)
{
  LPMESSAGE message = NULL;

  CHECK_HR (open_on (storage, &message), S_OK);
  set_text (PROP (message), PR_SUBJECT_W, subject);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

static void
check_subject (LPSTORAGE storage, const char *subject)
{
  LPMESSAGE message = NULL;

  CHECK_HR (open_on (storage, &message), S_OK);
  UlRelease (storage);
  CHECK (has_text (PROP (message), PR_SUBJECT_W, subject));
  CHECK (get_long (PROP (message), PR_ACCESS_LEVEL) == 0);
  UlRelease (message);
}

static void
test_storages_of_many_makes (void)
{
  ILockBytes *bytes = NULL;
  LPSTREAM stream = NULL;
  LPSTORAGE storage = NULL;
  STGOPTIONS options = { 1, 0, 4096, NULL };

  CHECK_HR (CreateILockBytesOnHGlobal (NULL, TRUE, &bytes), S_OK);
  CHECK_HR (StgCreateDocfileOnILockBytes (bytes, STGM_CREATE | TRANSACTED, 0, &storage), S_OK);
  write_subject (storage, "in bytes");
  CHECK_HR (StgOpenStorageOnILockBytes (bytes, NULL, STGM_READ | STGM_SHARE_EXCLUSIVE, NULL, 0,
                                        &storage), S_OK);
  check_subject (storage, "in bytes");
  CHECK (UlRelease (bytes) == 0);

  CHECK_HR (CreateStreamOnHGlobal (NULL, TRUE, &stream), S_OK);
  CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) stream, NULL, STGSTRM_CREATE | STGSTRM_MODIFY,
                                  &storage), S_OK);
  write_subject (storage, "in a stream");
  CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) stream, &IID_IStream, STGSTRM_RESET, &storage),
            S_OK);
  check_subject (storage, "in a stream");
  CHECK (UlRelease (stream) == 0);

  CHECK_HR (StgCreateStorageEx (path_of ("large.msg"), TRANSACTED | STGM_CREATE, STGFMT_DOCFILE, 0,
                                &options, NULL, &IID_IStorage, (void **) &storage), S_OK);
  write_subject (storage, "in large sectors");
  CHECK_HR (StgOpenStorage (path_of ("large.msg"), NULL, STGM_READ | STGM_SHARE_DENY_WRITE, NULL,
                            0, &storage), S_OK);
  check_subject (storage, "in large sectors");
}

/* What the caller puts beside the message stays, and is committed with it. */
static void
test_own_elements (void)
{
  LPSTORAGE storage, sub = NULL;
  LPSTREAM stream = NULL;
  LPMESSAGE message = create_message (NULL, "own.msg", &storage);
  CLSID clsid;
  char text[8];
  ULONG n = 0;

  CHECK_HR (storage->lpVtbl->CreateStream (storage, wide ("MyData"),
                                           STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &stream),
            S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, "mine", 4, NULL), S_OK);
  UlRelease (stream);
  CHECK_HR (storage->lpVtbl->CreateStorage (storage, wide ("MySub"),
                                            STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &sub),
            S_OK);
  CHECK_HR (WriteClassStg (sub, &IID_IStream), S_OK);
  UlRelease (sub);
  set_text (PROP (message), PR_SUBJECT_W, "one");
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
  CHECK_HR (ReadClassStg (storage, &clsid), S_OK);
  CHECK (clsid.Data1 == 0x00020D0B);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);

  message = reopen ("own.msg", TRANSACTED, &storage);
  set_text (PROP (message), PR_SUBJECT_W, "two");
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);

  message = reopen ("own.msg", STGM_TRANSACTED, &storage);
  CHECK (has_text (PROP (message), PR_SUBJECT_W, "two"));
  CHECK_HR (storage->lpVtbl->OpenStream (storage, wide ("mydata"), NULL,
                                         STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Read (stream, text, sizeof text, &n), S_OK);
  CHECK (n == 4 && memcmp (text, "mine", 4) == 0);
  UlRelease (stream);
  CHECK_HR (storage->lpVtbl->OpenStorage (storage, wide ("MySub"), NULL,
                                          STGM_READ | STGM_SHARE_EXCLUSIVE, NULL, 0, &sub), S_OK);
  CHECK_HR (ReadClassStg (sub, &clsid), S_OK);
  CHECK (IsEqualCLSID (&clsid, &IID_IStream));
  UlRelease (sub);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

int
main (void)
{
  RUN (test_session_parameters);
  RUN (test_open_parameters);
  RUN (test_no_commit);
  RUN (test_changed_underneath);
  RUN (test_release_order);
  RUN (test_close_session);
  RUN (test_close_everything);
  RUN (test_identity);
  RUN (test_storages_of_many_makes);
  RUN (test_own_elements);
  RUN (test_allocators);
  RUN (test_filled_later);
  remove_files ();
  return finish_tests ();
}
