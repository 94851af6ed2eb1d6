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

int
main (void)
{
  RUN (test_copy);
  remove_files ();
  return finish_tests ();
}
