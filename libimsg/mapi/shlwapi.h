/* shlwapi.h - streams on memory and on files
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_SHLWAPI_H
#define IMSG_MAPI_SHLWAPI_H

#include "objbase.h"

EXTERN_C_START

IMSG_MAPI_API IStream *SHCreateMemStream (const BYTE *pInit, UINT cbInit);
IMSG_MAPI_API HRESULT SHCreateStreamOnFileEx (LPCWSTR pszFile, DWORD grfMode, DWORD dwAttributes,
                                              BOOL fCreate, IStream *pstmTemplate,
                                              IStream **ppstm);

EXTERN_C_END

#endif
