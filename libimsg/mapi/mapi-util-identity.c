/* mapi-util-identity.c - conversation indexes and one-off entry ids
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

/* 6 bytes of time, a GUID, then 5 bytes for each reply */
#define INDEX_HEADER 22
#define INDEX_REPLY 5

/* The reply's time: 31 bits above bit 18 of the difference, or above bit 23 when it is too long */
#define SHORT_SHIFT 18
#define LONG_SHIFT 23
#define LONG_SCALE 0x80000000U

static guint64
now_in_ticks (void)
{
  return (guint64) g_get_real_time () * 10 + G_GUINT64_CONSTANT (116444736000000000);
}

static void
put_big_endian (LPBYTE  out,
                guint64 value,
                guint   n_bytes)
{
  for (guint i = 0; i < n_bytes; i++)
    out[i] = (BYTE) (value >> (8 * (n_bytes - 1 - i)));
}

static guint64
get_big_endian (const BYTE *in,
                guint       n_bytes)
{
  guint64 value = 0;

  for (guint i = 0; i < n_bytes; i++)
    value = value << 8 | in[i];
  return value;
}

/* The time that an index has come to: its header's and its replies' added up */
static guint64
index_ticks (const BYTE *parent,
             ULONG       n_bytes)
{
  guint64 ticks = get_big_endian (parent, 6) << 16;

  for (ULONG at = INDEX_HEADER; at < n_bytes; at += INDEX_REPLY)
    {
      guint64 step = get_big_endian (parent + at, 4);

      if ((step & LONG_SCALE) != 0)
        ticks += (step & ~(guint64) LONG_SCALE) << LONG_SHIFT;
      else
        ticks += step << SHORT_SHIFT;
    }
  return ticks;
}

SCODE
ScCreateConversationIndex (ULONG   cbParent,
                           LPBYTE  lpbParent,
                           ULONG  *lpcbConvIndex,
                           LPBYTE *lppbConvIndex)
{
  gboolean is_reply;
  guint64 now = now_in_ticks ();
  LPVOID buffer;
  LPBYTE index;
  ULONG n_bytes;

  if (lpcbConvIndex == NULL || lppbConvIndex == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lpcbConvIndex = 0;
  *lppbConvIndex = NULL;
  is_reply = lpbParent != NULL && cbParent >= INDEX_HEADER && cbParent <= G_MAXINT32 &&
             (cbParent - INDEX_HEADER) % INDEX_REPLY == 0;
  n_bytes = is_reply ? cbParent + INDEX_REPLY : INDEX_HEADER;
  if (FAILED (MAPIAllocateBuffer (n_bytes, &buffer)))
    return MAPI_E_NOT_ENOUGH_MEMORY;
  index = buffer;
  if (is_reply)
    {
      guint64 parent_ticks = index_ticks (lpbParent, cbParent);
      guint64 since = now > parent_ticks ? now - parent_ticks : 0;
      guint64 step = since >> SHORT_SHIFT;

      if (step >= LONG_SCALE)
        step = ((since >> LONG_SHIFT) & (LONG_SCALE - 1)) | LONG_SCALE;
      memcpy (index, lpbParent, cbParent);
      put_big_endian (index + cbParent, step, 4);
      index[cbParent + 4] = (BYTE) g_random_int_range (0, 256);
    }
  else
    {
      GUID guid = { 0 };
      g_autofree char *text = g_uuid_string_random ();

      mapi_guid_from_text (text, &guid);
      put_big_endian (index, now >> 16, 6);
      memcpy (index + 6, &guid, sizeof guid);
    }
  *lpcbConvIndex = n_bytes;
  *lppbConvIndex = index;
  return S_OK;
}

/* --- one-off entry ids: [MS-OXCDATA] 2.2.5.1 --- */

static void
append_text (GByteArray *bytes,
             LPCTSTR     text,
             gboolean    wide)
{
  static const guint8 zeros[2];
  gsize n_bytes = 0;

  if (text != NULL)
    n_bytes = wide ? mapi_wide_length ((const WCHAR *) (gconstpointer) text) * sizeof (WCHAR)
                   : strlen ((const char *) text);
  if (n_bytes > 0)
    g_byte_array_append (bytes, (const guint8 *) text, (guint) n_bytes);
  g_byte_array_append (bytes, zeros, wide ? 2 : 1);
}

HRESULT
ImsgCreateOneOff (LPTSTR     lpszName,
                  LPTSTR     lpszAdrType,
                  LPTSTR     lpszAddress,
                  ULONG      ulFlags,
                  ULONG     *lpcbEntryID,
                  LPENTRYID *lppEntryID)
{
  static const MAPIUID provider = { MAPI_ONE_OFF_UID };
  static const guint8 flags_and_uid_pad[4];
  gboolean wide = (ulFlags & MAPI_UNICODE) != 0;
  g_autoptr(GByteArray) bytes = NULL;
  guint16 words[2] = { 0, 0 };
  LPVOID buffer;

  if (lpcbEntryID == NULL || lppEntryID == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lpcbEntryID = 0;
  *lppEntryID = NULL;
  if (lpszAdrType == NULL || lpszAddress == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if ((ulFlags & ~(ULONG) (MAPI_UNICODE | MAPI_SEND_NO_RICH_INFO)) != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  if (wide)
    words[1] |= MAPI_ONE_OFF_UNICODE;
  if ((ulFlags & MAPI_SEND_NO_RICH_INFO) != 0)
    words[1] |= MAPI_ONE_OFF_NO_RICH_INFO;
  words[1] = GUINT16_TO_LE (words[1]);

  bytes = g_byte_array_new ();
  g_byte_array_append (bytes, flags_and_uid_pad, sizeof flags_and_uid_pad);
  g_byte_array_append (bytes, provider.ab, sizeof provider.ab);
  g_byte_array_append (bytes, (const guint8 *) words, sizeof words);
  append_text (bytes, lpszName, wide);
  append_text (bytes, lpszAdrType, wide);
  append_text (bytes, lpszAddress, wide);
  if (FAILED (MAPIAllocateBuffer (bytes->len, &buffer)))
    return MAPI_E_NOT_ENOUGH_MEMORY;
  memcpy (buffer, bytes->data, bytes->len);
  *lpcbEntryID = bytes->len;
  *lppEntryID = buffer;
  return S_OK;
}
