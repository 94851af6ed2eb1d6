/* mapi-util-flat.c - property values and notifications in one flat block
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-value-private.h"

/* A block is the array, then the data of its elements in order, each piece aligned to 8; of an
 * array of text or binaries first the pointers, then what they point to. */
#define ALIGN(n) (((n) + 7) & ~(gsize) 7)

/* A walk over a block that may only measure it: with no room nothing is written. */
typedef struct
{
  char *room; /* where the block begins; NULL to measure only */
  gsize used;
} FlatBlock;

static gpointer
flat_put (FlatBlock    *block,
          gconstpointer data,
          gsize         n_bytes)
{
  char *place = NULL;

  if (block->room != NULL)
    {
      place = block->room + block->used;
      if (n_bytes > 0)
        memcpy (place, data, n_bytes);
    }
  block->used += ALIGN (n_bytes);
  return place;
}

static gboolean
text_size (ULONG         type,
           gconstpointer text,
           gsize        *n_bytes)
{
  if (text == NULL)
    return FALSE;
  *n_bytes = (type & ~(ULONG) MVI_FLAG) == PT_STRING8
               ? strlen (text) + 1
               : (mapi_wide_length (text) + 1) * sizeof (WCHAR);
  return TRUE;
}

/* What a value that is no list points to */
static SCODE
flat_put_single (FlatBlock        *block,
                 ULONG             type,
                 const SPropValue *value,
                 SPropValue       *out)
{
  gsize n_bytes;
  gpointer place;

  if (!mapi_type_is_pointer (type))
    return S_OK;
  if (type == PT_BINARY)
    {
      if (value->Value.bin.lpb == NULL && value->Value.bin.cb > 0)
        return MAPI_E_INVALID_PARAMETER;
      place = flat_put (block, value->Value.bin.lpb, value->Value.bin.cb);
      if (out != NULL)
        out->Value.bin.lpb = place;
      return S_OK;
    }
  if (type == PT_CLSID)
    n_bytes = sizeof (GUID);
  else if (!text_size (type, value->Value.lpv, &n_bytes))
    return MAPI_E_INVALID_PARAMETER;
  if (value->Value.lpv == NULL)
    return MAPI_E_INVALID_PARAMETER;
  place = flat_put (block, value->Value.lpv, n_bytes);
  if (out != NULL)
    out->Value.lpv = place;
  return S_OK;
}

/* What element i of a list of binaries or texts points to */
static SCODE
flat_put_element (FlatBlock        *block,
                  ULONG             type,
                  const SPropValue *value,
                  ULONG             i,
                  SPropValue       *out)
{
  const char *text;
  gsize n_bytes;
  gpointer place;

  if (type == PT_MV_BINARY)
    {
      const SBinary *binary = &value->Value.MVbin.lpbin[i];

      if (binary->lpb == NULL && binary->cb > 0)
        return MAPI_E_INVALID_PARAMETER;
      place = flat_put (block, binary->lpb, binary->cb);
      if (out != NULL)
        out->Value.MVbin.lpbin[i].lpb = place;
      return S_OK;
    }
  text = value->Value.MVszA.lppszA[i];
  if (!text_size (type, text, &n_bytes))
    return MAPI_E_INVALID_PARAMETER;
  place = flat_put (block, text, n_bytes);
  if (out != NULL)
    out->Value.MVszA.lppszA[i] = place;
  return S_OK;
}

/* Puts what the value points to into the block; out (when not measuring) is the copy of the value
 * there. */
static SCODE
flat_put_value (FlatBlock        *block,
                const SPropValue *value,
                SPropValue       *out)
{
  ULONG type = PROP_TYPE (value->ulPropTag) & ~(ULONG) MV_INSTANCE;
  gsize size = mapi_type_element_size (type);
  SCODE result = S_OK;
  gpointer place;

  if (type == PT_NULL || type == PT_OBJECT)
    return S_OK;
  if (size == 0)
    return MAPI_E_INVALID_PARAMETER;
  if ((type & MV_FLAG) == 0)
    return flat_put_single (block, type, value, out);

  if (value->Value.MVi.lpi == NULL)
    return MAPI_E_INVALID_PARAMETER;
  place = flat_put (block, value->Value.MVi.lpi, size * value->Value.MVi.cValues);
  if (out != NULL)
    out->Value.MVi.lpi = place;
  if (type == PT_MV_CLSID || !mapi_type_is_pointer (type))
    return S_OK;
  for (ULONG i = 0; result == S_OK && i < value->Value.MVi.cValues; i++)
    result = flat_put_element (block, type, value, i, out);
  return result;
}

static SCODE
flat_put_values (FlatBlock        *block,
                 const SPropValue *values,
                 ULONG             n_values,
                 SPropValue      **out)
{
  SPropValue *copies = flat_put (block, values, n_values * sizeof (SPropValue));

  for (ULONG i = 0; i < n_values; i++)
    {
      SCODE scode = flat_put_value (block, &values[i], copies != NULL ? &copies[i] : NULL);

      if (FAILED (scode))
        return scode;
    }
  if (out != NULL)
    *out = copies;
  return S_OK;
}

static SCODE
report_size (const FlatBlock *block,
             ULONG           *lpcb)
{
  if (block->used > G_MAXUINT32)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  if (lpcb != NULL)
    *lpcb = (ULONG) block->used;
  return S_OK;
}

SCODE
ScCountProps (int          cValues,
              LPSPropValue lpPropArray,
              ULONG       *lpcb)
{
  FlatBlock block = { NULL, 0 };
  SCODE scode;

  if (cValues < 0 || (lpPropArray == NULL && cValues > 0))
    return MAPI_E_INVALID_PARAMETER;
  for (int i = 0; i < cValues; i++)
    {
      ULONG tag = lpPropArray[i].ulPropTag;

      if (PROP_ID (tag) == PROP_ID_NULL || PROP_ID (tag) == PROP_ID_INVALID)
        return MAPI_E_INVALID_PARAMETER;
      if ((tag & MV_FLAG) != 0 && lpPropArray[i].Value.MVi.cValues == 0)
        return MAPI_E_INVALID_PARAMETER;
    }
  scode = flat_put_values (&block, lpPropArray, (ULONG) cValues, NULL);
  return FAILED (scode) ? scode : report_size (&block, lpcb);
}

SCODE
ScCopyProps (int          cValues,
             LPSPropValue lpPropArray,
             LPVOID       lpvDst,
             ULONG       *lpcb)
{
  FlatBlock block = { lpvDst, 0 };
  SCODE scode;

  if (cValues < 0 || lpvDst == NULL || (lpPropArray == NULL && cValues > 0))
    return MAPI_E_INVALID_PARAMETER;
  scode = flat_put_values (&block, lpPropArray, (ULONG) cValues, NULL);
  return FAILED (scode) ? scode : report_size (&block, lpcb);
}

SCODE
ScDupPropset (int              cValues,
              LPSPropValue     lpPropArray,
              LPALLOCATEBUFFER lpAllocateBuffer,
              LPSPropValue    *lppPropArray)
{
  ULONG n_bytes;
  LPVOID copy;
  SCODE scode;

  if (lppPropArray == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppPropArray = NULL;
  if (lpAllocateBuffer == NULL)
    return MAPI_E_INVALID_PARAMETER;
  scode = ScCountProps (cValues, lpPropArray, &n_bytes);
  if (FAILED (scode))
    return scode;
  scode = lpAllocateBuffer (n_bytes, &copy);
  if (FAILED (scode))
    return scode;
  scode = ScCopyProps (cValues, lpPropArray, copy, NULL);
  if (SUCCEEDED (scode))
    *lppPropArray = copy;
  return scode;
}

/* A pointer of a block that moved from one base to another, and where its target is now: pointers
 * hold the old address until they are moved. */
typedef struct
{
  gsize    delta;
  gboolean follow_moved; /* the new address is the real one, else the old */
} Move;

/* Moves *pointer and gives the address at which its target can be read. */
static gpointer
move_pointer (const Move *move,
              gpointer    pointer)
{
  gpointer old, moved;

  memcpy (&old, pointer, sizeof old);
  if (old == NULL)
    return NULL;
  moved = (gpointer) ((gsize) old + move->delta);
  memcpy (pointer, &moved, sizeof moved);
  return move->follow_moved ? moved : old;
}

static SCODE
move_value (const Move *move,
            SPropValue *value)
{
  ULONG type = PROP_TYPE (value->ulPropTag) & ~(ULONG) MV_INSTANCE;
  char *items;

  if (type == PT_NULL || type == PT_OBJECT)
    return S_OK;
  if (mapi_type_element_size (type) == 0)
    return MAPI_E_INVALID_PARAMETER;
  if ((type & MV_FLAG) == 0)
    {
      if (type == PT_BINARY)
        move_pointer (move, &value->Value.bin.lpb);
      else if (mapi_type_is_pointer (type))
        move_pointer (move, &value->Value.lpv);
      return S_OK;
    }
  items = move_pointer (move, &value->Value.MVi.lpi);
  if (items == NULL || type == PT_MV_CLSID || !mapi_type_is_pointer (type))
    return S_OK;
  for (ULONG i = 0; i < value->Value.MVi.cValues; i++)
    {
      if (type == PT_MV_BINARY)
        move_pointer (move, &((SBinary *) (gpointer) items)[i].lpb);
      else
        move_pointer (move, &((gpointer *) (gpointer) items)[i]);
    }
  return S_OK;
}

static gsize
flat_size (int               n_values,
           const SPropValue *values)
{
  FlatBlock block = { NULL, 0 };

  flat_put_values (&block, values, (ULONG) n_values, NULL);
  return block.used;
}

SCODE
ScRelocProps (int          cValues,
              LPSPropValue lpPropArray,
              LPVOID       lpvBaseOld,
              LPVOID       lpvBaseNew,
              ULONG       *lpcb)
{
  Move move = { (gsize) lpvBaseNew - (gsize) lpvBaseOld, lpvBaseNew == (LPVOID) lpPropArray };
  gsize n_bytes = 0;

  if (cValues < 0 || (lpPropArray == NULL && cValues > 0))
    return MAPI_E_INVALID_PARAMETER;
  /* The values can be measured while their pointers are real: before or after the move. */
  if (lpcb != NULL && !move.follow_moved)
    n_bytes = flat_size (cValues, lpPropArray);
  for (int i = 0; i < cValues; i++)
    {
      SCODE scode = move_value (&move, &lpPropArray[i]);

      if (FAILED (scode))
        return scode;
    }
  if (lpcb != NULL)
    {
      if (move.follow_moved)
        n_bytes = flat_size (cValues, lpPropArray);
      *lpcb = (ULONG) n_bytes;
    }
  return S_OK;
}

/* --- notifications --- */

static SCODE
put_bytes (FlatBlock     *block,
           ULONG          n_bytes,
           gconstpointer  data,
           gpointer       out)
{
  gpointer place;

  if (n_bytes == 0 || data == NULL)
    return S_OK;
  place = flat_put (block, data, n_bytes);
  if (out != NULL)
    memcpy (out, &place, sizeof place);
  return S_OK;
}

/* The key of a row; events about no row have none, which some leave all zero. */
static gboolean
is_key (const SPropValue *value)
{
  return value->ulPropTag != 0;
}

static void
put_text (FlatBlock *block,
          ULONG      flags,
          LPTSTR     text,
          LPTSTR    *out)
{
  gsize n_bytes = 0;

  if (text != NULL)
    text_size ((flags & MAPI_UNICODE) != 0 ? PT_UNICODE : PT_STRING8, text, &n_bytes);
  put_bytes (block, (ULONG) n_bytes, text, out);
}

static SCODE
put_error_notification (FlatBlock                *block,
                        const ERROR_NOTIFICATION *in,
                        ERROR_NOTIFICATION       *out)
{
  const MAPIERROR *error = in->lpMAPIError;
  LPMAPIERROR copy = NULL;

  put_bytes (block, in->cbEntryID, in->lpEntryID, out != NULL ? &out->lpEntryID : NULL);
  if (error == NULL)
    return S_OK;
  put_bytes (block, sizeof *error, error, out != NULL ? &copy : NULL);
  put_text (block, in->ulFlags, error->lpszError, copy != NULL ? &copy->lpszError : NULL);
  put_text (block, in->ulFlags, error->lpszComponent,
            copy != NULL ? &copy->lpszComponent : NULL);
  if (out != NULL)
    out->lpMAPIError = copy;
  return S_OK;
}

static SCODE
put_table_notification (FlatBlock                *block,
                        const TABLE_NOTIFICATION *in,
                        TABLE_NOTIFICATION       *out)
{
  SPropValue *values = NULL;
  SCODE scode = S_OK;

  if (is_key (&in->propIndex))
    scode = flat_put_value (block, &in->propIndex, out != NULL ? &out->propIndex : NULL);
  if (SUCCEEDED (scode) && is_key (&in->propPrior))
    scode = flat_put_value (block, &in->propPrior, out != NULL ? &out->propPrior : NULL);
  if (FAILED (scode) || in->row.cValues == 0 || in->row.lpProps == NULL)
    return scode;
  scode = flat_put_values (block, in->row.lpProps, in->row.cValues, &values);
  if (out != NULL)
    out->row.lpProps = values;
  return scode;
}

static SCODE
put_object_notification (FlatBlock                 *block,
                         const OBJECT_NOTIFICATION *in,
                         OBJECT_NOTIFICATION       *out)
{
  put_bytes (block, in->cbEntryID, in->lpEntryID, out != NULL ? &out->lpEntryID : NULL);
  put_bytes (block, in->cbParentID, in->lpParentID, out != NULL ? &out->lpParentID : NULL);
  put_bytes (block, in->cbOldID, in->lpOldID, out != NULL ? &out->lpOldID : NULL);
  put_bytes (block, in->cbOldParentID, in->lpOldParentID,
             out != NULL ? &out->lpOldParentID : NULL);
  if (in->lpPropTagArray == NULL)
    return S_OK;
  return put_bytes (block, (ULONG) CbSPropTagArray (in->lpPropTagArray), in->lpPropTagArray,
                    out != NULL ? &out->lpPropTagArray : NULL);
}

static SCODE
put_notification (FlatBlock          *block,
                  const NOTIFICATION *in,
                  NOTIFICATION       *out)
{
  SPropValue *values = NULL;
  SCODE scode;

  switch (in->ulEventType)
    {
    case fnevTableModified:
      return put_table_notification (block, &in->info.tab, out != NULL ? &out->info.tab : NULL);
    case fnevCriticalError:
      return put_error_notification (block, &in->info.err, out != NULL ? &out->info.err : NULL);
    case fnevNewMail:
      put_bytes (block, in->info.newmail.cbEntryID, in->info.newmail.lpEntryID,
                 out != NULL ? &out->info.newmail.lpEntryID : NULL);
      put_bytes (block, in->info.newmail.cbParentID, in->info.newmail.lpParentID,
                 out != NULL ? &out->info.newmail.lpParentID : NULL);
      put_text (block, in->info.newmail.ulFlags, in->info.newmail.lpszMessageClass,
                out != NULL ? &out->info.newmail.lpszMessageClass : NULL);
      return S_OK;
    case fnevObjectCreated:
    case fnevObjectDeleted:
    case fnevObjectModified:
    case fnevObjectMoved:
    case fnevObjectCopied:
    case fnevSearchComplete:
      return put_object_notification (block, &in->info.obj, out != NULL ? &out->info.obj : NULL);
    case fnevStatusObjectModified:
      put_bytes (block, in->info.statobj.cbEntryID, in->info.statobj.lpEntryID,
                 out != NULL ? &out->info.statobj.lpEntryID : NULL);
      if (in->info.statobj.cValues == 0 || in->info.statobj.lpPropVals == NULL)
        return S_OK;
      scode = flat_put_values (block, in->info.statobj.lpPropVals, in->info.statobj.cValues,
                               &values);
      if (out != NULL)
        out->info.statobj.lpPropVals = values;
      return scode;
    case fnevExtended:
      return put_bytes (block, in->info.ext.cb, in->info.ext.pbEventParameters,
                        out != NULL ? &out->info.ext.pbEventParameters : NULL);
    default:
      return MAPI_E_INVALID_PARAMETER;
    }
}

static SCODE
put_notifications (FlatBlock          *block,
                   int                 n_notifications,
                   const NOTIFICATION *notifications,
                   ULONG              *lpcb)
{
  NOTIFICATION *copies;

  if (n_notifications < 0 || (notifications == NULL && n_notifications > 0))
    return MAPI_E_INVALID_PARAMETER;
  copies = flat_put (block, notifications, (gsize) n_notifications * sizeof (NOTIFICATION));
  for (int i = 0; i < n_notifications; i++)
    {
      SCODE scode = put_notification (block, &notifications[i],
                                      copies != NULL ? &copies[i] : NULL);

      if (FAILED (scode))
        return scode;
    }
  return report_size (block, lpcb);
}

SCODE
ScCountNotifications (int            cNotifications,
                      LPNOTIFICATION lpNotifications,
                      ULONG         *lpcb)
{
  FlatBlock block = { NULL, 0 };

  return put_notifications (&block, cNotifications, lpNotifications, lpcb);
}

SCODE
ScCopyNotifications (int            cNotification,
                     LPNOTIFICATION lpNotifications,
                     LPVOID         lpvDst,
                     ULONG         *lpcb)
{
  FlatBlock block = { lpvDst, 0 };

  if (lpvDst == NULL)
    return MAPI_E_INVALID_PARAMETER;
  return put_notifications (&block, cNotification, lpNotifications, lpcb);
}

static SCODE
move_values (const Move  *move,
             LPSPropValue values,
             ULONG        n_values)
{
  SCODE scode = S_OK;

  for (ULONG i = 0; values != NULL && i < n_values && SUCCEEDED (scode); i++)
    scode = move_value (move, &values[i]);
  return scode;
}

static SCODE
move_notification (const Move   *move,
                   NOTIFICATION *item)
{
  SCODE scode = S_OK;
  LPMAPIERROR error;

  switch (item->ulEventType)
    {
    case fnevTableModified:
      if (is_key (&item->info.tab.propIndex))
        scode = move_value (move, &item->info.tab.propIndex);
      if (SUCCEEDED (scode) && is_key (&item->info.tab.propPrior))
        scode = move_value (move, &item->info.tab.propPrior);
      if (FAILED (scode))
        return scode;
      return move_values (move, move_pointer (move, &item->info.tab.row.lpProps),
                          item->info.tab.row.cValues);
    case fnevCriticalError:
      move_pointer (move, &item->info.err.lpEntryID);
      error = move_pointer (move, &item->info.err.lpMAPIError);
      if (error != NULL)
        {
          move_pointer (move, &error->lpszError);
          move_pointer (move, &error->lpszComponent);
        }
      return S_OK;
    case fnevNewMail:
      move_pointer (move, &item->info.newmail.lpEntryID);
      move_pointer (move, &item->info.newmail.lpParentID);
      move_pointer (move, &item->info.newmail.lpszMessageClass);
      return S_OK;
    case fnevObjectCreated:
    case fnevObjectDeleted:
    case fnevObjectModified:
    case fnevObjectMoved:
    case fnevObjectCopied:
    case fnevSearchComplete:
      move_pointer (move, &item->info.obj.lpEntryID);
      move_pointer (move, &item->info.obj.lpParentID);
      move_pointer (move, &item->info.obj.lpOldID);
      move_pointer (move, &item->info.obj.lpOldParentID);
      move_pointer (move, &item->info.obj.lpPropTagArray);
      return S_OK;
    case fnevStatusObjectModified:
      move_pointer (move, &item->info.statobj.lpEntryID);
      return move_values (move, move_pointer (move, &item->info.statobj.lpPropVals),
                          item->info.statobj.cValues);
    case fnevExtended:
      move_pointer (move, &item->info.ext.pbEventParameters);
      return S_OK;
    default:
      return MAPI_E_INVALID_PARAMETER;
    }
}

SCODE
ScRelocNotifications (int            cNotification,
                      LPNOTIFICATION lpNotifications,
                      LPVOID         lpvBaseOld,
                      LPVOID         lpvBaseNew,
                      ULONG         *lpcb)
{
  Move move = { (gsize) lpvBaseNew - (gsize) lpvBaseOld,
                lpvBaseNew == (LPVOID) lpNotifications };
  FlatBlock block = { NULL, 0 };

  if (cNotification < 0 || (lpNotifications == NULL && cNotification > 0))
    return MAPI_E_INVALID_PARAMETER;
  if (!move.follow_moved)
    put_notifications (&block, cNotification, lpNotifications, lpcb);
  for (int i = 0; i < cNotification; i++)
    {
      SCODE scode = move_notification (&move, &lpNotifications[i]);

      if (FAILED (scode))
        return scode;
    }
  if (move.follow_moved)
    put_notifications (&block, cNotification, lpNotifications, lpcb);
  return S_OK;
}
