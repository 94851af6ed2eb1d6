/* mapi-util-number.c - hexadecimal, numbers, text search, FILETIME arithmetic, references
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

void
HexFromBin (LPBYTE pb,
            int    cb,
            LPSTR  sz)
{
  static const char digits[] = "0123456789ABCDEF";

  if (sz == NULL)
    return;
  for (int i = 0; pb != NULL && i < cb; i++)
    {
      *sz++ = digits[pb[i] >> 4];
      *sz++ = digits[pb[i] & 0xF];
    }
  *sz = '\0';
}

BOOL
FBinFromHex (LPSTR  sz,
             LPBYTE pb)
{
  gsize n;

  if (sz == NULL || pb == NULL)
    return FALSE;
  n = strlen (sz);
  if (n % 2 != 0)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      if (g_ascii_xdigit_value (sz[i]) < 0)
        return FALSE;
    }
  for (gsize i = 0; i < n; i += 2)
    *pb++ = (BYTE) (g_ascii_xdigit_value (sz[i]) << 4 | g_ascii_xdigit_value (sz[i + 1]));
  return TRUE;
}

SCODE
ScBinFromHexBounded (LPSTR  sz,
                     LPBYTE pb,
                     ULONG  cb)
{
  if (sz == NULL || (pb == NULL && cb > 0))
    return MAPI_E_INVALID_PARAMETER;
  if (strlen (sz) / 2 > cb)
    return MAPI_E_CALL_FAILED;
  if (*sz == '\0')
    return S_OK;
  return FBinFromHex (sz, pb) ? S_OK : MAPI_E_CALL_FAILED;
}

ULONG
UlFromSzHex (LPCSTR sz)
{
  ULONG value = 0;

  for (; sz != NULL && g_ascii_isxdigit (*sz); sz++)
    value = value << 4 | (ULONG) g_ascii_xdigit_value (*sz);
  return value;
}

UINT
UFromSz (LPCSTR sz)
{
  UINT value = 0;

  for (; sz != NULL && g_ascii_isdigit (*sz); sz++)
    value = value * 10 + (UINT) (*sz - '0');
  return value;
}

LPSTR
SzFindCh (LPCSTR sz,
          USHORT ch)
{
  return sz != NULL && ch <= 0xFF ? strchr (sz, ch) : NULL;
}

LPSTR
SzFindLastCh (LPCSTR sz,
              USHORT ch)
{
  return sz != NULL && ch <= 0xFF ? strrchr (sz, ch) : NULL;
}

LPSTR
SzFindSz (LPCSTR sz,
          LPCSTR szKey)
{
  return sz != NULL && szKey != NULL ? strstr (sz, szKey) : NULL;
}

HRESULT
HrSzFromEntryID (ULONG     cb,
                 LPENTRYID pentry,
                 LPSTR    *psz)
{
  LPVOID buffer;

  if (psz == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *psz = NULL;
  if (pentry == NULL || cb > (G_MAXINT32 - 1) / 2)
    return MAPI_E_INVALID_PARAMETER;
  if (FAILED (MAPIAllocateBuffer (cb * 2 + 1, &buffer)))
    return MAPI_E_NOT_ENOUGH_MEMORY;
  HexFromBin ((LPBYTE) pentry, (int) cb, buffer);
  *psz = buffer;
  return S_OK;
}

HRESULT
HrEntryIDFromSz (LPSTR      sz,
                 ULONG     *pcb,
                 LPENTRYID *ppentry)
{
  LPVOID buffer;
  gsize n;

  if (pcb == NULL || ppentry == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *pcb = 0;
  *ppentry = NULL;
  if (sz == NULL)
    return MAPI_E_INVALID_PARAMETER;
  n = strlen (sz);
  if (n == 0 || n / 2 > G_MAXUINT32)
    return MAPI_E_INVALID_ENTRYID;
  if (FAILED (MAPIAllocateBuffer ((ULONG) (n / 2), &buffer)))
    return MAPI_E_NOT_ENOUGH_MEMORY;
  if (!FBinFromHex (sz, buffer))
    {
      MAPIFreeBuffer (buffer);
      return MAPI_E_INVALID_ENTRYID;
    }
  *pcb = (ULONG) (n / 2);
  *ppentry = buffer;
  return S_OK;
}

FILETIME
FtAddFt (FILETIME Addend1,
         FILETIME Addend2)
{
  return mapi_ticks_to_filetime (mapi_filetime_to_ticks (Addend1) +
                                 mapi_filetime_to_ticks (Addend2));
}

FILETIME
FtSubFt (FILETIME Minuend,
         FILETIME Subtrahend)
{
  return mapi_ticks_to_filetime (mapi_filetime_to_ticks (Minuend) -
                                 mapi_filetime_to_ticks (Subtrahend));
}

FILETIME
FtNegFt (FILETIME ft)
{
  return mapi_ticks_to_filetime (0 - mapi_filetime_to_ticks (ft));
}

FILETIME
FtMulDwDw (DWORD Multiplicand,
           DWORD Multiplier)
{
  return mapi_ticks_to_filetime ((guint64) Multiplicand * Multiplier);
}

FILETIME
FtMulDw (DWORD    Multiplier,
         FILETIME Multiplicand)
{
  return mapi_ticks_to_filetime (mapi_filetime_to_ticks (Multiplicand) * Multiplier);
}

ULONG
UlAddRef (LPVOID lpunk)
{
  IUnknown *unknown = lpunk;

  return unknown != NULL ? unknown->lpVtbl->AddRef (unknown) : 0;
}

ULONG
UlRelease (LPVOID lpunk)
{
  IUnknown *unknown = lpunk;

  return unknown != NULL ? unknown->lpVtbl->Release (unknown) : 0;
}
