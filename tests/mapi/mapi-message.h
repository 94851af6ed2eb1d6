/* mapi-message.h - messages for the tests: made, opened again, filled
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef MAPI_MESSAGE_H
#define MAPI_MESSAGE_H

#include <stddef.h>

#include <mapix.h>
#include <mapiutil.h>
#include <imessage.h>
#include <objbase.h>

#include "mapi-files.h"
#include "mapi-test.h"

#define PROP(p) ((LPMAPIPROP) (p))

#define TRANSACTED (STGM_READWRITE | STGM_TRANSACTED)

static int n_released __attribute__ ((unused));
static ULONG released_data __attribute__ ((unused));
static LPMESSAGE released_message __attribute__ ((unused));

static inline void
released (ULONG data, LPMESSAGE message)
{
  n_released++;
  released_data = data;
  released_message = message;
}

/* --- allocators of a program's own: their blocks are none of MAPIAllocateBuffer --- */

typedef struct OwnBlock
{
  struct OwnBlock *linked;
  double           contents[];
} OwnBlock;

static int n_own_blocks __attribute__ ((unused));

#define OWN_BLOCK(buffer) ((OwnBlock *) ((char *) (buffer) - offsetof (OwnBlock, contents)))

static inline SCODE
own_allocate (ULONG n_bytes, LPVOID *buffer)
{
  OwnBlock *block = (OwnBlock *) calloc (1, sizeof *block + n_bytes);

  n_own_blocks++;
  *buffer = block->contents;
  return S_OK;
}

static inline SCODE
own_allocate_more (ULONG n_bytes, LPVOID base, LPVOID *buffer)
{
  OwnBlock *block = (OwnBlock *) calloc (1, sizeof *block + n_bytes);

  block->linked = OWN_BLOCK (base)->linked;
  OWN_BLOCK (base)->linked = block;
  *buffer = block->contents;
  return S_OK;
}

static inline ULONG
own_free (LPVOID buffer)
{
  OwnBlock *block = buffer != NULL ? OWN_BLOCK (buffer) : NULL;

  n_own_blocks -= buffer != NULL;
  while (block != NULL)
    {
      OwnBlock *linked = block->linked;

      free (block);
      block = linked;
    }
  return 0;
}

static inline LPMESSAGE
open_message (LPMSGSESS session, LPSTORAGE storage, ULONG flags)
{
  LPMESSAGE message = NULL;

  CHECK_HR (OpenIMsgOnIStg (session, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), NULL, storage, released, 77, flags,
                            &message), S_OK);
  return message;
}

static inline LPMESSAGE
create_message (LPMSGSESS session, const char *name, LPSTORAGE *storage)
{
  LPMESSAGE message;

  CHECK_HR (StgCreateDocfile (path_of (name), TRANSACTED | STGM_CREATE, 0, storage), S_OK);
  message = open_message (session, *storage, MAPI_UNICODE);
  return message;
}

static inline LPMESSAGE
reopen (const char *name, DWORD mode, LPSTORAGE *storage)
{
  CHECK_HR (StgOpenStorage (path_of (name), NULL, mode, NULL, 0, storage), S_OK);
  return open_message (NULL, *storage, 0);
}

static inline void
set_text (LPMAPIPROP object, ULONG tag, const char *text)
{
  SPropValue value;

  memset (&value, 0, sizeof value);
  value.ulPropTag = tag;
  if (PROP_TYPE (tag) == PT_UNICODE)
    value.Value.lpszW = wide (text);
  else
    value.Value.lpszA = (LPSTR) text;
  CHECK_HR (HrSetOneProp (object, &value), S_OK);
}

static inline void
set_long (LPMAPIPROP object, ULONG tag, LONG number)
{
  SPropValue value;

  memset (&value, 0, sizeof value);
  value.ulPropTag = tag;
  value.Value.l = number;
  CHECK_HR (HrSetOneProp (object, &value), S_OK);
}

static inline int
has_text (LPMAPIPROP object, ULONG tag, const char *text)
{
  LPSPropValue value = NULL;
  int same = 0;

  if (FAILED (HrGetOneProp (object, tag, &value)))
    return 0;
  if (PROP_TYPE (value->ulPropTag) == PT_UNICODE)
    same = same_wide (value->Value.lpszW, wide (text));
  else if (PROP_TYPE (value->ulPropTag) == PT_STRING8)
    same = strcmp (value->Value.lpszA, text) == 0;
  MAPIFreeBuffer (value);
  return same;
}

static inline LONG
get_long (LPMAPIPROP object, ULONG tag)
{
  LPSPropValue value = NULL;
  LONG number = -12345;

  if (SUCCEEDED (HrGetOneProp (object, tag, &value)))
    number = value->Value.l;
  MAPIFreeBuffer (value);
  return number;
}

static inline void
add_recipient (LPMESSAGE message, ULONG flags, LONG type, const char *name, LONG row_id)
{
  SPropValue values[4];
  SizedADRLIST (1, list);

  memset (values, 0, sizeof values);
  values[0].ulPropTag = PR_DISPLAY_NAME_W;
  values[0].Value.lpszW = wide (name);
  values[1].ulPropTag = PR_RECIPIENT_TYPE;
  values[1].Value.l = type;
  values[2].ulPropTag = PR_SMTP_ADDRESS_A;
  values[2].Value.lpszA = (LPSTR) "someone@example.org";
  values[3].ulPropTag = PR_ROWID;
  values[3].Value.l = row_id;
  list.cEntries = 1;
  list.aEntries[0].ulReserved1 = 0;
  list.aEntries[0].cValues = flags == MODRECIP_ADD || flags == 0 ? 3 : 4;
  list.aEntries[0].rgPropVals = values;
  CHECK_HR (message->lpVtbl->ModifyRecipients (message, flags, (LPADRLIST) &list), S_OK);
}

#endif
