/* imessage.h - message sessions, and messages on storages
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_IMESSAGE_H
#define IMSG_MAPI_IMESSAGE_H

#include "mapidefs.h"

typedef struct _MSGSESS *LPMSGSESS;

/* Called when the last reference to a top-level message is gone; the pointer only names it. */
typedef void (STDAPICALLTYPE MSGCALLRELEASE) (ULONG ulCallerData, LPMESSAGE lpMessage);

/* The same with room for a pointer */
typedef void (STDAPICALLTYPE IMSGCALLRELEASEPTR) (ULONG_PTR ulCallerData, LPMESSAGE lpMessage);

#define IMSG_NO_ISTG_COMMIT ((ULONG) 0x00000001)

#define PROPATTR_MANDATORY ((ULONG) 0x00000001)
#define PROPATTR_READABLE ((ULONG) 0x00000002)
#define PROPATTR_WRITEABLE ((ULONG) 0x00000004)
#define PROPATTR_NOT_PRESENT ((ULONG) 0x00000008)

typedef struct _SPropAttrArray
{
  ULONG cValues;
  ULONG aPropAttr[MAPI_DIM];
} SPropAttrArray, *LPSPropAttrArray;

#define CbNewSPropAttrArray(n) (offsetof (SPropAttrArray, aPropAttr) + (n) * sizeof (ULONG))
#define CbSPropAttrArray(p) CbNewSPropAttrArray ((SIZE_T) (p)->cValues)
#define SizedSPropAttrArray(n, name)                                                                \
  struct _SPropAttrArray_##name                                                                     \
  {                                                                                                 \
    ULONG cValues;                                                                                  \
    ULONG aPropAttr[n];                                                                             \
  } name

EXTERN_C_START

IMSG_MAPI_API SCODE OpenIMsgSession (LPMALLOC lpMalloc, ULONG ulFlags, LPMSGSESS *lppMsgSess);
IMSG_MAPI_API void CloseIMsgSession (LPMSGSESS lpMsgSess);
IMSG_MAPI_API SCODE OpenIMsgOnIStg (LPMSGSESS lpMsgSess, LPALLOCATEBUFFER lpAllocateBuffer,
                                    LPALLOCATEMORE lpAllocateMore, LPFREEBUFFER lpFreeBuffer,
                                    LPMALLOC lpMalloc, LPVOID lpMapiSup, LPSTORAGE lpStg,
                                    MSGCALLRELEASE *lpfMsgCallRelease, ULONG ulCallerData,
                                    ULONG ulFlags, LPMESSAGE *lppMsg);
IMSG_MAPI_API HRESULT GetAttribIMsgOnIStg (LPVOID lpObject, LPSPropTagArray lpPropTagArray,
                                           LPSPropAttrArray *lppPropAttrArray);
IMSG_MAPI_API HRESULT SetAttribIMsgOnIStg (LPVOID lpObject, LPSPropTagArray lpPropTags,
                                           LPSPropAttrArray lpPropAttrs,
                                           LPSPropProblemArray *lppPropProblems);
IMSG_MAPI_API SCODE MapStorageSCode (SCODE StgSCode);

/* Beyond MAPI: a pointer does not fit ulCallerData here, so the callback may take one; and the
 * bytes above which a value comes by OpenProperty only (65536 at first, 0 = none). */
IMSG_MAPI_API SCODE ImsgOpenIMsgOnIStgPtr (LPMSGSESS lpMsgSess, LPALLOCATEBUFFER lpAllocateBuffer,
                                           LPALLOCATEMORE lpAllocateMore,
                                           LPFREEBUFFER lpFreeBuffer, LPMALLOC lpMalloc,
                                           LPVOID lpMapiSup, LPSTORAGE lpStg,
                                           IMSGCALLRELEASEPTR *lpfMsgCallRelease,
                                           ULONG_PTR ulCallerData, ULONG ulFlags,
                                           LPMESSAGE *lppMsg);
IMSG_MAPI_API void ImsgSetValueLimit (LPMSGSESS lpMsgSess, ULONG cbLimit);

EXTERN_C_END

#endif
