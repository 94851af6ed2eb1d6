/* mapi-init.c - starting and stopping, which nothing here depends on
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

#define KNOWN_INIT_FLAGS                                                                            \
  (MAPI_MULTITHREAD_NOTIFICATIONS | MAPI_NO_COINIT | MAPI_NT_SERVICE | 0x40000000)

static int n_initialized;

HRESULT
MAPIInitialize (LPVOID lpMapiInit)
{
  const MAPIINIT_0 *init = lpMapiInit;

  if (init != NULL && init->ulVersion != MAPI_INIT_VERSION)
    return MAPI_E_INVALID_PARAMETER;
  if (init != NULL && (init->ulFlags & ~(ULONG) KNOWN_INIT_FLAGS) != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  g_atomic_int_inc (&n_initialized);
  return S_OK;
}

void
MAPIUninitialize (void)
{
  int n;

  do
    {
      n = g_atomic_int_get (&n_initialized);
      if (n == 0)
        return;
    }
  while (!g_atomic_int_compare_and_exchange (&n_initialized, n, n - 1));
}

SCODE
ScInitMapiUtil (ULONG ulFlags)
{
  return ulFlags == 0 ? S_OK : MAPI_E_UNKNOWN_FLAGS;
}

void
DeinitMapiUtil (void)
{
}

HRESULT
CoInitialize (LPVOID pvReserved)
{
  return pvReserved == NULL ? S_OK : E_INVALIDARG;
}

HRESULT
CoInitializeEx (LPVOID pvReserved,
                DWORD  dwCoInit)
{
  return CoInitialize (pvReserved);
}

void
CoUninitialize (void)
{
}

HRESULT
OleInitialize (LPVOID pvReserved)
{
  return CoInitialize (pvReserved);
}

void
OleUninitialize (void)
{
}
