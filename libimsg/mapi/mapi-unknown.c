/* mapi-unknown.c - IUnknown, as far as all objects have it alike
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

HRESULT
mapi_answer_interface (gpointer  object,
                       REFIID    wanted,
                       LPVOID   *answer,
                       REFIID    own,
                       REFIID    base)
{
  *answer = NULL;
  if (wanted == NULL || (!IsEqualIID (wanted, &IID_IUnknown) && !IsEqualIID (wanted, own) &&
                         (base == NULL || !IsEqualIID (wanted, base))))
    return E_NOINTERFACE;
  UlAddRef (object);
  *answer = object;
  return S_OK;
}
