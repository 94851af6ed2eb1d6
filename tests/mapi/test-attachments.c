/* test-attachments.c - attachments, and what lies in them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapi-message.h"

static BYTE contents[] = { 'a', 'b', 'c' };

static ULONG
count_table_rows (LPMAPITABLE table)
{
  ULONG n = 99;

  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  return n;
}

static SPropValue
contents_value (void)
{
  SPropValue value;

  memset (&value, 0, sizeof value);
  value.ulPropTag = PR_ATTACH_DATA_BIN;
  value.Value.bin.cb = sizeof contents;
  value.Value.bin.lpb = contents;
  return value;
}

/* A new one is in no table before the message is saved, and one object while it is open. */
static ULONG
add_bytes (LPMESSAGE   message,
           LPMAPITABLE table)
{
  LPATTACH attach = NULL, again = NULL;
  LPSTREAM stream = NULL;
  SPropValue value = contents_value ();
  ULONG number = 99;

  CHECK_HR (message->lpVtbl->CreateAttach (message, &IID_IMessage, 0, &number, &attach),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  CHECK (get_long (PROP (attach), PR_ATTACH_METHOD) == NO_ATTACHMENT);
  CHECK (get_long (PROP (attach), PR_RENDERING_POSITION) == -1);
  CHECK (get_long (PROP (attach), PR_OBJECT_TYPE) == MAPI_ATTACH);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_BIN, &IID_IStream, 0, 0,
                                          (LPUNKNOWN *) &stream), MAPI_E_NOT_FOUND);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_BY_VALUE);
  set_text (PROP (attach), PR_ATTACH_LONG_FILENAME_W, "a file.txt");
  CHECK_HR (HrSetOneProp (PROP (attach), &value), S_OK);
  CHECK (count_table_rows (table) == 0);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, KEEP_OPEN_READWRITE), S_OK);
  CHECK (count_table_rows (table) == 0);
  CHECK_HR (message->lpVtbl->OpenAttach (message, number, NULL, 0, &again), S_OK);
  CHECK (again == attach);
  UlRelease (again);
  CHECK (UlRelease (attach) == 0);
  return number;
}

static ULONG
add_message (LPMESSAGE message)
{
  LPATTACH attach = NULL;
  LPMESSAGE inner = NULL;
  ULONG number = 99;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_EMBEDDED_MSG);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                          MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &inner), S_OK);
  set_text (PROP (inner), PR_SUBJECT_W, "inside");
  CHECK_HR (inner->lpVtbl->SaveChanges (inner, 0), S_OK);
  UlRelease (inner);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);
  return number;
}

static void
add_ole_object (LPMESSAGE message)
{
  LPATTACH attach = NULL;
  LPSTREAM stream = NULL;
  LPSTORAGE ole = NULL;
  ULONG number = 99;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_OLE);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStreamDocfile,
                                          STGM_READWRITE, MAPI_CREATE | MAPI_MODIFY,
                                          (LPUNKNOWN *) &stream), S_OK);
  UlRelease (stream);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0,
                                          MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &ole), S_OK);
  CHECK_HR (WriteClassStg (ole, &IID_IMessage), S_OK);
  CHECK_HR (ole->lpVtbl->CreateStream (ole, wide ("CONTENTS"),
                                       STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &stream),
            S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, contents, sizeof contents, NULL), S_OK);
  UlRelease (stream);
  CHECK_HR (ole->lpVtbl->Commit (ole, STGC_DEFAULT), S_OK);
  UlRelease (ole);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);
}

/* Released unsaved, one is as if it had not been. */
static void
drop_one (LPMESSAGE message)
{
  LPATTACH attach = NULL;
  ULONG number = 99;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->OpenAttach (message, number, NULL, 0, &attach), MAPI_E_NOT_FOUND);
}

static void
check_bytes (LPMESSAGE message)
{
  LPATTACH attach = NULL;
  LPMESSAGE inner = NULL;
  LPSTREAM stream = NULL;
  SPropValue value = contents_value ();
  BYTE read[8];
  ULONG n_read = 0;

  CHECK_HR (message->lpVtbl->OpenAttach (message, 0, NULL, 0, &attach), S_OK);
  CHECK (get_long (PROP (attach), PR_ACCESS_LEVEL) == 0);
  CHECK (has_text (PROP (attach), PR_ATTACH_LONG_FILENAME_W, "a file.txt"));
  CHECK_HR (HrSetOneProp (PROP (attach), &value), MAPI_E_NO_ACCESS);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStream, 0, 0,
                                          (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Read (stream, read, sizeof read, &n_read), S_OK);
  CHECK (n_read == sizeof contents && memcmp (read, contents, sizeof contents) == 0);
  UlRelease (stream);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                          MAPI_BEST_ACCESS, (LPUNKNOWN *) &inner),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  UlRelease (attach);
}

static void
check_message_inside (LPMESSAGE message)
{
  LPATTACH attach = NULL;
  LPMESSAGE inner = NULL;
  LPSTREAM stream = NULL;

  CHECK_HR (message->lpVtbl->OpenAttach (message, 1, NULL, MAPI_BEST_ACCESS, &attach), S_OK);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_BIN, &IID_IStream, 0, 0,
                                          (LPUNKNOWN *) &stream), MAPI_E_NOT_FOUND);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                          MAPI_BEST_ACCESS, (LPUNKNOWN *) &inner), S_OK);
  CHECK (has_text (PROP (inner), PR_SUBJECT_W, "inside"));
  CHECK_HR (message->lpVtbl->CopyTo (message, 0, NULL, NULL, 0, NULL, &IID_IMessage, inner, 0,
                                     NULL), MAPI_E_FOLDER_CYCLE);
  CHECK_HR (message->lpVtbl->CopyTo (message, 0, NULL, NULL, 0, NULL, &IID_IMessage, message, 0,
                                     NULL), MAPI_E_NO_ACCESS);
  UlRelease (inner);
  UlRelease (attach);
}

/* The OLE object is read and deleted, the others are deleted all at once. */
static void
delete_all (LPMESSAGE   message,
            LPMAPITABLE table)
{
  LPATTACH attach = NULL;
  LPSTREAM stream = NULL;
  LPSTORAGE ole = NULL;
  SizedSPropTagArray (1, all) = { 1, { PR_MESSAGE_ATTACHMENTS } };

  CHECK_HR (message->lpVtbl->OpenAttach (message, 2, NULL, 0, &attach), S_OK);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0, 0,
                                          (LPUNKNOWN *) &ole), S_OK);
  CHECK_HR (ole->lpVtbl->OpenStream (ole, wide ("contents"), NULL,
                                     STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream), S_OK);
  UlRelease (stream);
  UlRelease (ole);
  CHECK_HR (message->lpVtbl->DeleteAttach (message, 2, 0, NULL, 0), S_OK);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), MAPI_E_OBJECT_DELETED);
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->DeleteAttach (message, 2, 0, NULL, 0), MAPI_E_NOT_FOUND);
  CHECK (count_table_rows (table) == 2);

  CHECK_HR (message->lpVtbl->OpenAttach (message, 0, NULL, 0, &attach), S_OK);
  CHECK_HR (message->lpVtbl->DeleteProps (message, (LPSPropTagArray) &all, NULL), S_OK);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), MAPI_E_OBJECT_DELETED);
  UlRelease (attach);
  CHECK (count_table_rows (table) == 0);
}

static void
test_attachments (void)
{
  LPMAPITABLE table = NULL;
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "attachments.msg", &storage);

  CHECK_HR (message->lpVtbl->GetAttachmentTable (message, 0, &table), S_OK);
  CHECK (add_bytes (message, table) != add_message (message));
  add_ole_object (message);
  drop_one (message);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK (count_table_rows (table) == 3);
  UlRelease (table);
  UlRelease (message);
  UlRelease (storage);

  message = reopen ("attachments.msg", TRANSACTED, &storage);
  CHECK_HR (message->lpVtbl->GetAttachmentTable (message, MAPI_UNICODE, &table), S_OK);
  CHECK (count_table_rows (table) == 3);
  check_bytes (message);
  check_message_inside (message);
  delete_all (message, table);
  UlRelease (table);
  UlRelease (message);
  UlRelease (storage);
}

/* What needs a store is refused, or done to the message alone. */
static void
test_store_methods (void)
{
  LPMAPITABLE table = NULL;
  LPSTORAGE storage;
  BOOKMARK bookmark = 0;
  LPMESSAGE message = create_message (NULL, "store-methods.msg", &storage);

  CHECK_HR (message->lpVtbl->GetAttachmentTable (message, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->CreateBookmark (table, &bookmark), MAPI_E_NO_SUPPORT);
  UlRelease (table);
  CHECK_HR (message->lpVtbl->SubmitMessage (message, 0), MAPI_E_NO_SUPPORT);
  CHECK_HR (message->lpVtbl->SetReadFlag (message, SUPPRESS_RECEIPT | CLEAR_READ_FLAG),
            MAPI_E_INVALID_PARAMETER);
  CHECK_HR (message->lpVtbl->SetReadFlag (message, 0), S_OK);
  CHECK ((get_long (PROP (message), PR_MESSAGE_FLAGS) & MSGFLAG_READ) != 0);
  UlRelease (message);
  UlRelease (storage);
}

/* --- what was not saved --- */

static ULONG
count_rows (LPMESSAGE message, HRESULT (*get_table) (LPMESSAGE, ULONG, LPMAPITABLE *))
{
  LPMAPITABLE table = NULL;
  ULONG n = 99;

  CHECK_HR (get_table (message, 0, &table), S_OK);
  CHECK_HR (table->lpVtbl->GetRowCount (table, 0, &n), S_OK);
  UlRelease (table);
  return n;
}

#define RECIPIENTS(message) count_rows (message, (message)->lpVtbl->GetRecipientTable)
#define ATTACHMENTS(message) count_rows (message, (message)->lpVtbl->GetAttachmentTable)

static void
add_attachment (LPMESSAGE message, const char *name)
{
  LPATTACH attach = NULL;
  ULONG number;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  set_text (PROP (attach), PR_DISPLAY_NAME_W, name);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);
}

static LPMESSAGE
open_inner (LPATTACH attach, ULONG flags)
{
  LPMESSAGE inner = NULL;

  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0, flags,
                                          (LPUNKNOWN *) &inner), S_OK);
  return inner;
}

/* Adds to the message, takes from it, changes it. */
static void
change_everything (LPMESSAGE message)
{
  SizedSPropTagArray (2, all) = { 2, { PR_MESSAGE_RECIPIENTS, PR_MESSAGE_ATTACHMENTS } };

  set_text (PROP (message), PR_SUBJECT_W, "unsaved");
  add_recipient (message, MODRECIP_ADD, MAPI_CC, "Unsaved", 0);
  add_attachment (message, "unsaved");
  CHECK_HR (message->lpVtbl->DeleteProps (message, (LPSPropTagArray) &all, NULL), S_OK);
  add_recipient (message, MODRECIP_ADD, MAPI_CC, "Unsaved", 0);
  add_attachment (message, "unsaved");
}

/* An embedded message that is released unsaved is what its last save made it, whether that save
 * has come to the file or only to the attachment. */
static void
test_unsaved_embedded (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "unsaved.msg", &storage), inner;
  LPATTACH attach = NULL;
  ULONG number = 0;
  int round;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_EMBEDDED_MSG);
  inner = open_inner (attach, MAPI_CREATE | MAPI_MODIFY);
  set_text (PROP (inner), PR_SUBJECT_W, "saved");
  add_recipient (inner, MODRECIP_ADD, MAPI_TO, "Anna", 0);
  add_recipient (inner, MODRECIP_ADD, MAPI_TO, "Bert", 0);
  add_attachment (inner, "kept");
  CHECK_HR (inner->lpVtbl->SaveChanges (inner, KEEP_OPEN_READWRITE), S_OK);
  for (round = 0; round < 3; round++)
    {
      change_everything (inner);
      UlRelease (inner);
      inner = open_inner (attach, MAPI_MODIFY);
      CHECK (has_text (PROP (inner), PR_SUBJECT_W, "saved"));
      CHECK (RECIPIENTS (inner) == 2 && ATTACHMENTS (inner) == 1);
      if (round == 1)
        {
          UlRelease (inner);
          CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
          UlRelease (attach);
          CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
          UlRelease (message);
          CHECK (UlRelease (storage) == 0);
          message = reopen ("unsaved.msg", TRANSACTED, &storage);
          CHECK_HR (message->lpVtbl->OpenAttach (message, number, NULL, MAPI_MODIFY, &attach),
                    S_OK);
          inner = open_inner (attach, MAPI_MODIFY);
        }
    }
  UlRelease (inner);
  UlRelease (attach);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

/* While it is open and unsaved, the saves around it leave its changes out. */
static void
test_level_skipped (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "skipped.msg", &storage), inner;
  LPATTACH attach = NULL;
  LPMAPITABLE table = NULL;
  LPSRowSet rows = NULL;
  ULONG number = 0;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_EMBEDDED_MSG);
  inner = open_inner (attach, MAPI_CREATE | MAPI_MODIFY);
  add_recipient (inner, MODRECIP_ADD, MAPI_TO, "Anna", 0);
  CHECK_HR (inner->lpVtbl->SaveChanges (inner, KEEP_OPEN_READWRITE), S_OK);
  add_recipient (inner, MODRECIP_ADD, MAPI_TO, "Bert", 0);
  add_attachment (inner, "skipped");
  set_text (PROP (inner), PR_SUBJECT_W, "skipped");
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  UlRelease (inner);
  UlRelease (attach);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);

  message = reopen ("skipped.msg", TRANSACTED, &storage);
  CHECK_HR (message->lpVtbl->OpenAttach (message, number, NULL, MAPI_MODIFY, &attach), S_OK);
  inner = open_inner (attach, MAPI_MODIFY);
  CHECK (!FPropExists (PROP (inner), PR_SUBJECT_W));
  CHECK (ATTACHMENTS (inner) == 0);
  CHECK_HR (inner->lpVtbl->GetRecipientTable (inner, MAPI_UNICODE, &table), S_OK);
  CHECK_HR (HrQueryAllRows (table, NULL, NULL, NULL, 0, &rows), S_OK);
  CHECK (rows->cRows == 1 && same_wide (rows->aRow[0].lpProps[0].Value.lpszW, wide ("Anna")));
  FreeProws (rows);
  UlRelease (table);
  UlRelease (inner);
  UlRelease (attach);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

/* --- storages --- */

static LPSTORAGE
open_ole (LPATTACH attach, ULONG flags)
{
  LPSTORAGE ole = NULL;

  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0, flags,
                                          (LPUNKNOWN *) &ole), S_OK);
  return ole;
}

static void
write_value (LPSTORAGE ole, const char *text)
{
  LPSTREAM stream = NULL;

  CHECK_HR (ole->lpVtbl->CreateStream (ole, wide ("value"),
                                       STGM_READWRITE | STGM_SHARE_EXCLUSIVE | STGM_CREATE, 0, 0,
                                       &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, text, (ULONG) strlen (text), NULL), S_OK);
  UlRelease (stream);
}

static int
has_value (LPSTORAGE ole, const char *text)
{
  char read[32] = "";
  LPSTREAM stream = NULL;
  ULONG n = 0;

  if (FAILED (ole->lpVtbl->OpenStream (ole, wide ("value"), NULL, STGM_READ | STGM_SHARE_EXCLUSIVE,
                                       0, &stream)))
    return 0;
  CHECK_HR (stream->lpVtbl->Read (stream, read, sizeof read - 1, &n), S_OK);
  UlRelease (stream);
  return strcmp (read, text) == 0;
}

/* What the attachment with that number holds, seen by whoever only reads */
static int
holds_value (LPMESSAGE message, ULONG number, const char *text)
{
  LPATTACH attach = NULL;
  LPSTORAGE ole;
  int same;

  CHECK_HR (message->lpVtbl->OpenAttach (message, number, NULL, 0, &attach), S_OK);
  ole = open_ole (attach, 0);
  same = ole != NULL && has_value (ole, text);
  UlRelease (ole);
  UlRelease (attach);
  return same;
}

/* The storage's commit, the attachment's save, the message's: without one of them nothing comes. */
static void
test_ole_levels (void)
{
  static const struct { int commit, save; const char *after; } rounds[] = {
    { 0, 0, "first" }, { 0, 1, "first" }, { 1, 0, "first" }, { 1, 1, "other" },
  };
  LPSTORAGE storage, ole;
  LPMESSAGE message = create_message (NULL, "levels.msg", &storage), nested = NULL;
  LPATTACH attach = NULL;
  LPSTREAM stream = NULL;
  STATSTG stat;
  ULONG number = 0, i;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_OLE);
  ole = open_ole (attach, MAPI_CREATE | MAPI_MODIFY);
  CHECK_HR (ole->lpVtbl->Stat (ole, &stat, STATFLAG_DEFAULT), S_OK);
  CHECK (stat.grfMode == (STGM_READWRITE | STGM_TRANSACTED | STGM_SHARE_EXCLUSIVE));
  CoTaskMemFree (stat.pwcsName);
  CHECK_HR (WriteClassStg (ole, &IID_IStream), S_OK);
  write_value (ole, "first");
  CHECK_HR (ole->lpVtbl->Commit (ole, STGC_DEFAULT), S_OK);
  write_value (ole, "reverted");
  CHECK_HR (ole->lpVtbl->Revert (ole), S_OK);
  CHECK (has_value (ole, "first"));
  UlRelease (ole);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK (holds_value (message, number, "first"));
  for (i = 0; i < sizeof rounds / sizeof rounds[0]; i++)
    {
      CHECK_HR (message->lpVtbl->OpenAttach (message, number, NULL, MAPI_MODIFY, &attach), S_OK);
      ole = open_ole (attach, MAPI_MODIFY);
      CHECK (has_value (ole, "first"));
      write_value (ole, "other");
      if (rounds[i].commit)
        CHECK_HR (ole->lpVtbl->Commit (ole, STGC_DEFAULT), S_OK);
      UlRelease (ole);
      if (rounds[i].save)
        CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
      UlRelease (attach);
      CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
      CHECK (holds_value (message, number, rounds[i].after));
    }
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);

  message = reopen ("levels.msg", TRANSACTED, &storage);
  CHECK (holds_value (message, number, "other"));
  CHECK_HR (message->lpVtbl->OpenAttach (message, number, NULL, MAPI_MODIFY, &attach), S_OK);
  /* Nobody should, and nothing must come of it: a message on that storage. */
  ole = open_ole (attach, MAPI_MODIFY);
  nested = open_message (NULL, ole, 0);
  set_text (PROP (nested), PR_SUBJECT_W, "nested");
  CHECK_HR (nested->lpVtbl->SaveChanges (nested, KEEP_OPEN_READWRITE), S_OK);
  UlRelease (ole);
  UlRelease (attach);
  UlRelease (message);
  UlRelease (storage);
  UlRelease (nested);
  CHECK (stream == NULL);
}

/* The same storage as the bytes of a compound file */
/* Whether a file says that it has attachments: by its flags and by the property for that alone. */
static int
tells_of_attachments (const char *name)
{
  LPSTORAGE storage;
  LPMESSAGE message = reopen (name, STGM_TRANSACTED, &storage);
  int by_flags = (get_long (PROP (message), PR_MESSAGE_FLAGS) & MSGFLAG_HASATTACH) != 0;
  LPSTREAM stream = NULL;
  BYTE entry[16];
  int by_property = -1;

  CHECK_HR (storage->lpVtbl->OpenStream (storage, wide ("__properties_version1.0"), NULL,
                                         STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Read (stream, entry, 16, NULL), S_OK);
  CHECK_HR (stream->lpVtbl->Read (stream, entry, 16, NULL), S_OK);
  while (stream->lpVtbl->Read (stream, entry, 16, NULL) == S_OK && by_property < 0)
    if (entry[0] == 0x0B && entry[1] == 0 && entry[2] == 0x1B && entry[3] == 0x0E)
      by_property = entry[8];
  CHECK (by_flags == by_property);
  UlRelease (stream);
  UlRelease (message);
  UlRelease (storage);
  return by_flags;
}

/* An attachment counts from its own save on, and then the message's. */
static void
test_flag_of_attachments (void)
{
  LPSTORAGE storage;
  LPMESSAGE message = create_message (NULL, "flag.msg", &storage);
  LPATTACH attach = NULL;
  ULONG number = 0;

  set_text (PROP (message), PR_SUBJECT_W, "flagged");
  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK (!tells_of_attachments ("flag.msg"));
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK (tells_of_attachments ("flag.msg"));
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->DeleteAttach (message, number, 0, NULL, 0), S_OK);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);
  CHECK (!tells_of_attachments ("flag.msg"));
  UlRelease (message);
  UlRelease (storage);
}

/* Savers look into a message, release it, and take it as the storage that it is. */
static void
test_message_then_storage (void)
{
  LPSTORAGE storage, inside = NULL;
  LPMESSAGE message = create_message (NULL, "then-storage.msg", &storage);
  LPATTACH attach = NULL;
  LPMESSAGE inner = NULL;
  ULONG number = 0;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_EMBEDDED_MSG);
  /* One that is not there yet can be made, and not be opened. */
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                          MAPI_MODIFY, (LPUNKNOWN *) &inner), MAPI_E_NOT_FOUND);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                          MAPI_CREATE | MAPI_MODIFY, (LPUNKNOWN *) &inner), S_OK);
  set_text (PROP (inner), PR_SUBJECT_W, "inside");
  CHECK_HR (inner->lpVtbl->SaveChanges (inner, KEEP_OPEN_READWRITE), S_OK);
  set_text (PROP (inner), PR_SUBJECT_W, "never saved");
  CHECK (UlRelease (inner) == 0);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, KEEP_OPEN_READWRITE), S_OK);
  CHECK_HR (message->lpVtbl->SaveChanges (message, KEEP_OPEN_READWRITE), S_OK);

  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0, 0,
                                          (LPUNKNOWN *) &inner), S_OK);
  CHECK (has_text (PROP (inner), PR_SUBJECT_W, "inside"));
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0, 0,
                                          (LPUNKNOWN *) &inside), MAPI_E_NO_ACCESS);
  CHECK (UlRelease (inner) == 0);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0, 0,
                                          (LPUNKNOWN *) &inside), S_OK);
  CHECK (inside != NULL && UlRelease (inside) == 0);
  UlRelease (attach);
  UlRelease (message);
  UlRelease (storage);
}

static void
test_docfile (void)
{
  LPSTORAGE storage, ole = NULL, scratch = NULL, inside = NULL;
  LPMESSAGE message = create_message (NULL, "docfile.msg", &storage);
  const LARGE_INTEGER start = { .QuadPart = 0 };
  const ULARGE_INTEGER all = { .QuadPart = 0x7FFFFFFF }, nothing = { .QuadPart = 0 };
  LPATTACH attach = NULL;
  LPSTREAM stream = NULL, bytes = NULL;
  LPMESSAGE wrong = NULL;
  CLSID clsid;
  ULONG number = 0;

  CHECK_HR (message->lpVtbl->CreateAttach (message, NULL, 0, &number, &attach), S_OK);
  set_long (PROP (attach), PR_ATTACH_METHOD, ATTACH_OLE);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStreamDocfile, 0, 0,
                                          (LPUNKNOWN *) &stream), MAPI_E_NOT_FOUND);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_BIN, &IID_IStreamDocfile, 0, 0,
                                          (LPUNKNOWN *) &stream), MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK_HR (CreateStreamOnHGlobal (NULL, TRUE, &bytes), S_OK);
  CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) bytes, NULL, STGSTRM_CREATE | STGSTRM_MODIFY,
                                  &scratch), S_OK);
  CHECK_HR (WriteClassStg (scratch, &IID_IStream), S_OK);
  write_value (scratch, "in a file");
  CHECK_HR (scratch->lpVtbl->Commit (scratch, STGC_DEFAULT), S_OK);
  UlRelease (scratch);

  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStreamDocfile,
                                          STGM_READWRITE, MAPI_CREATE | MAPI_MODIFY,
                                          (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, "no file", 7, NULL), S_OK);
  CHECK (FAILED (stream->lpVtbl->Commit (stream, 0)));
  CHECK_HR (stream->lpVtbl->SetSize (stream, nothing), S_OK);
  CHECK_HR (stream->lpVtbl->Seek (stream, start, STREAM_SEEK_SET, NULL), S_OK);
  CHECK_HR (bytes->lpVtbl->Seek (bytes, start, STREAM_SEEK_SET, NULL), S_OK);
  CHECK_HR (bytes->lpVtbl->CopyTo (bytes, stream, all, NULL, NULL), S_OK);
  CHECK_HR (stream->lpVtbl->Commit (stream, 0), S_OK);
  UlRelease (stream);
  UlRelease (bytes);
  CHECK_HR (attach->lpVtbl->SaveChanges (attach, 0), S_OK);
  UlRelease (attach);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);

  message = reopen ("docfile.msg", STGM_TRANSACTED, &storage);
  CHECK (holds_value (message, number, "in a file"));
  CHECK_HR (message->lpVtbl->OpenAttach (message, number, NULL, 0, &attach), S_OK);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStreamDocfile, 0, 0,
                                          (LPUNKNOWN *) &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, "x", 1, NULL), STG_E_ACCESSDENIED);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0, 0,
                                          (LPUNKNOWN *) &ole), MAPI_E_NO_ACCESS);
  CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) stream, NULL, STGSTRM_RESET, &inside), S_OK);
  CHECK (has_value (inside, "in a file"));
  CHECK_HR (ReadClassStg (inside, &clsid), S_OK);
  CHECK (IsEqualCLSID (&clsid, &IID_IStream));
  UlRelease (inside);
  UlRelease (stream);
  CHECK_HR (attach->lpVtbl->OpenProperty (attach, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0, 0,
                                          (LPUNKNOWN *) &wrong), MAPI_E_INTERFACE_NOT_SUPPORTED);
  UlRelease (attach);
  UlRelease (message);
  CHECK (UlRelease (storage) == 0);
}

int
main (void)
{
  RUN (test_attachments);
  RUN (test_store_methods);
  RUN (test_ole_levels);
  RUN (test_flag_of_attachments);
  RUN (test_message_then_storage);
  RUN (test_docfile);
  RUN (test_unsaved_embedded);
  RUN (test_level_skipped);
  remove_files ();
  return finish_tests ();
}
