/* mapiutil.h - helpers around MAPI's structures and objects
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_MAPIUTIL_H
#define IMSG_MAPI_MAPIUTIL_H

#include "mapix.h"

#ifndef MAPI_DIM
# define MAPI_DIM 1
#endif

/* --- tables and property objects in memory --- */

DECLARE_MAPI_INTERFACE_PTR (ITableData, LPTABLEDATA);
DECLARE_MAPI_INTERFACE_PTR (IPropData, LPPROPDATA);

typedef void (STDAPICALLTYPE CALLERRELEASE) (ULONG_PTR ulCallerData, LPTABLEDATA lpTblData,
                                             LPMAPITABLE lpVue);

#define TAD_ALL_ROWS 1

#define MAPI_ITABLEDATA_METHODS(IPURE)                                                              \
  MAPIMETHOD (HrGetView) (THIS_ LPSSortOrderSet lpSSortOrderSet, CALLERRELEASE *lpfCallerRelease,   \
                          ULONG_PTR ulCallerData, LPMAPITABLE *lppMAPITable) IPURE;                 \
  MAPIMETHOD (HrModifyRow) (THIS_ LPSRow lpSRow) IPURE;                                             \
  MAPIMETHOD (HrDeleteRow) (THIS_ LPSPropValue lpSPropValue) IPURE;                                 \
  MAPIMETHOD (HrQueryRow) (THIS_ LPSPropValue lpsPropValue, LPSRow *lppSRow, ULONG *lpuliRow)       \
    IPURE;                                                                                          \
  MAPIMETHOD (HrEnumRow) (THIS_ ULONG ulRowNumber, LPSRow *lppSRow) IPURE;                          \
  MAPIMETHOD (HrNotify) (THIS_ ULONG ulFlags, ULONG cValues, LPSPropValue lpSPropValue) IPURE;      \
  MAPIMETHOD (HrInsertRow) (THIS_ ULONG uliRow, LPSRow lpSRow) IPURE;                               \
  MAPIMETHOD (HrModifyRows) (THIS_ ULONG ulFlags, LPSRowSet lpSRowSet) IPURE;                       \
  MAPIMETHOD (HrDeleteRows) (THIS_ ULONG ulFlags, LPSRowSet lprowsetToDelete,                       \
                             ULONG *cRowsDeleted) IPURE;

#undef INTERFACE
#define INTERFACE ITableData
DECLARE_MAPI_INTERFACE_ (ITableData, IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  MAPI_ITABLEDATA_METHODS (PURE)
};

#define IPROP_READONLY ((ULONG) 0x00000001)
#define IPROP_READWRITE ((ULONG) 0x00000002)
#define IPROP_CLEAN ((ULONG) 0x00010000)
#define IPROP_DIRTY ((ULONG) 0x00020000)

#define MAPI_IPROPDATA_METHODS(IPURE)                                                               \
  MAPIMETHOD (HrSetObjAccess) (THIS_ ULONG ulAccess) IPURE;                                         \
  MAPIMETHOD (HrSetPropAccess) (THIS_ LPSPropTagArray lpPropTagArray, ULONG *rgulAccess) IPURE;     \
  MAPIMETHOD (HrGetPropAccess) (THIS_ LPSPropTagArray *lppPropTagArray, ULONG **lprgulAccess)       \
    IPURE;                                                                                          \
  MAPIMETHOD (HrAddObjProps) (THIS_ LPSPropTagArray lppPropTagArray,                                \
                              LPSPropProblemArray *lprgulAccess) IPURE;

#undef INTERFACE
#define INTERFACE IPropData
DECLARE_MAPI_INTERFACE_ (IPropData, IMAPIProp)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  MAPI_IMAPIPROP_METHODS (PURE)
  MAPI_IPROPDATA_METHODS (PURE)
};

/* --- streams --- */

#define SOF_UNIQUEFILENAME ((ULONG) 0x80000000)

#define STGSTRM_RESET ((ULONG) 0x00000000)
#define STGSTRM_CURRENT ((ULONG) 0x10000000)
#define STGSTRM_MODIFY ((ULONG) 0x00000002)
#define STGSTRM_CREATE ((ULONG) 0x00001000)

#define RTF_SYNC_RTF_CHANGED ((ULONG) 0x00000001)
#define RTF_SYNC_BODY_CHANGED ((ULONG) 0x00000002)

#define MAPI_NATIVE_BODY 0x00010000
#define MAPI_NATIVE_BODY_TYPE_RTF 0x00000001
#define MAPI_NATIVE_BODY_TYPE_HTML 0x00000002
#define MAPI_NATIVE_BODY_TYPE_PLAINTEXT 0x00000004

typedef struct
{
  ULONG size;
  ULONG ulFlags;
  ULONG ulInCodePage;
  ULONG ulOutCodePage;
} RTF_WCSINFO;

typedef struct
{
  ULONG size;
  ULONG ulStreamFlags;
} RTF_WCSRETINFO;

EXTERN_C_START

IMSG_MAPI_API SCODE ScInitMapiUtil (ULONG ulFlags);
IMSG_MAPI_API void DeinitMapiUtil (void);
IMSG_MAPI_API SCODE MAPIReallocateBuffer (LPVOID lpv, ULONG ulSize, LPVOID *lppv);

/* One property of an object */
IMSG_MAPI_API HRESULT HrGetOneProp (LPMAPIPROP lpMapiProp, ULONG ulPropTag, LPSPropValue *lppProp);
IMSG_MAPI_API HRESULT HrSetOneProp (LPMAPIPROP lpMapiProp, LPSPropValue lpProp);
IMSG_MAPI_API BOOL FPropExists (LPMAPIPROP lpMapiProp, ULONG ulPropTag);

/* Arrays of values */
IMSG_MAPI_API LPSPropValue PpropFindProp (LPSPropValue lpPropArray, ULONG cValues,
                                          ULONG ulPropTag);
IMSG_MAPI_API LPSPropValue LpValFindProp (ULONG ulPropTag, ULONG cValues,
                                          LPSPropValue lpPropArray);
IMSG_MAPI_API SCODE PropCopyMore (LPSPropValue lpSPropValueDest, LPSPropValue lpSPropValueSrc,
                                  ALLOCATEMORE *lpfAllocMore, LPVOID lpvObject);
IMSG_MAPI_API ULONG UlPropSize (LPSPropValue lpSPropValue);
IMSG_MAPI_API void GetInstance (LPSPropValue lpPropMv, LPSPropValue lpPropSv, ULONG uliInst);
IMSG_MAPI_API LONG LPropCompareProp (LPSPropValue lpSPropValueA, LPSPropValue lpSPropValueB);
IMSG_MAPI_API BOOL FPropCompareProp (LPSPropValue lpSPropValue1, ULONG ulRelOp,
                                     LPSPropValue lpSPropValue2);
IMSG_MAPI_API BOOL FPropContainsProp (LPSPropValue lpSPropValueDst, LPSPropValue lpSPropValueSrc,
                                      ULONG ulFuzzyLevel);
IMSG_MAPI_API BOOL FEqualNames (LPMAPINAMEID lpName1, LPMAPINAMEID lpName2);
IMSG_MAPI_API SCODE ScCountProps (int cValues, LPSPropValue lpPropArray, ULONG *lpcb);
IMSG_MAPI_API SCODE ScCopyProps (int cValues, LPSPropValue lpPropArray, LPVOID lpvDst,
                                 ULONG *lpcb);
IMSG_MAPI_API SCODE ScRelocProps (int cValues, LPSPropValue lpPropArray, LPVOID lpvBaseOld,
                                  LPVOID lpvBaseNew, ULONG *lpcb);
IMSG_MAPI_API SCODE ScDupPropset (int cValues, LPSPropValue lpPropArray,
                                  LPALLOCATEBUFFER lpAllocateBuffer, LPSPropValue *lppPropArray);

/* Rows and tables */
IMSG_MAPI_API void FreeProws (LPSRowSet lpRows);
IMSG_MAPI_API void FreePadrlist (LPADRLIST lpAdrlist);
IMSG_MAPI_API HRESULT HrQueryAllRows (LPMAPITABLE lpTable, LPSPropTagArray lpPropTags,
                                      LPSRestriction lpRestriction,
                                      LPSSortOrderSet lpSortOrderSet, LONG crowsMax,
                                      LPSRowSet *lppRows);
IMSG_MAPI_API HRESULT HrAddColumns (LPMAPITABLE lptbl, LPSPropTagArray lpproptagColumnsNew,
                                    LPALLOCATEBUFFER lpAllocateBuffer, LPFREEBUFFER lpFreeBuffer);
IMSG_MAPI_API HRESULT HrAddColumnsEx (LPMAPITABLE lptbl, LPSPropTagArray lpproptagColumnsNew,
                                      LPALLOCATEBUFFER lpAllocateBuffer, LPFREEBUFFER lpFreeBuffer,
                                      void (*lpfnFilterColumns) (LPSPropTagArray ptaga));

/* Tables and property objects in memory */
IMSG_MAPI_API SCODE CreateTable (LPCIID lpInterface, ALLOCATEBUFFER *lpAllocateBuffer,
                                 ALLOCATEMORE *lpAllocateMore, FREEBUFFER *lpFreeBuffer,
                                 LPVOID lpvReserved, ULONG ulTableType,
                                 ULONG ulPropTagIndexColumn,
                                 LPSPropTagArray lpSPropTagArrayColumns,
                                 LPTABLEDATA *lppTableData);
IMSG_MAPI_API SCODE CreateIProp (LPCIID lpInterface, ALLOCATEBUFFER *lpAllocateBuffer,
                                 ALLOCATEMORE *lpAllocateMore, FREEBUFFER *lpFreeBuffer,
                                 LPVOID lpvReserved, LPPROPDATA *lppPropData);

/* Notifications */
IMSG_MAPI_API HRESULT HrAllocAdviseSink (LPNOTIFCALLBACK lpfnCallback, LPVOID lpvContext,
                                         LPMAPIADVISESINK *lppAdviseSink);
IMSG_MAPI_API HRESULT HrThisThreadAdviseSink (LPMAPIADVISESINK lpAdviseSink,
                                              LPMAPIADVISESINK *lppAdviseSink);
IMSG_MAPI_API HRESULT HrDispatchNotifications (ULONG ulFlags);
IMSG_MAPI_API SCODE ScCountNotifications (int cNotifications, LPNOTIFICATION lpNotifications,
                                          ULONG *lpcb);
IMSG_MAPI_API SCODE ScCopyNotifications (int cNotification, LPNOTIFICATION lpNotifications,
                                         LPVOID lpvDst, ULONG *lpcb);
IMSG_MAPI_API SCODE ScRelocNotifications (int cNotification, LPNOTIFICATION lpNotifications,
                                          LPVOID lpvBaseOld, LPVOID lpvBaseNew, ULONG *lpcb);

/* Streams and storages. File names are 8-bit in OpenStreamOnFile whatever the build. */
IMSG_MAPI_API HRESULT OpenStreamOnFile (LPALLOCATEBUFFER lpAllocateBuffer,
                                        LPFREEBUFFER lpFreeBuffer, ULONG ulFlags,
                                        LPCSTR lpszFileName, LPCSTR lpszPrefix,
                                        LPSTREAM *lppStream);
IMSG_MAPI_API HRESULT OpenStreamOnFileW (LPALLOCATEBUFFER lpAllocateBuffer,
                                         LPFREEBUFFER lpFreeBuffer, ULONG ulFlags,
                                         LPCWSTR lpszFileName, LPCWSTR lpszPrefix,
                                         LPSTREAM *lppStream);
IMSG_MAPI_API HRESULT HrIStorageFromStream (LPUNKNOWN lpUnkIn, LPCIID lpInterface, ULONG ulFlags,
                                            LPSTORAGE *lppStorageOut);
IMSG_MAPI_API HRESULT WrapCompressedRTFStream (LPSTREAM lpCompressedRTFStream, ULONG ulFlags,
                                               LPSTREAM *lpUncompressedRTFStream);
IMSG_MAPI_API HRESULT WrapCompressedRTFStreamEx (LPSTREAM lpCompressedRTFStream,
                                                 const RTF_WCSINFO *pWCSInfo,
                                                 LPSTREAM *lppUncompressedRTFStream,
                                                 RTF_WCSRETINFO *pRetInfo);
IMSG_MAPI_API HRESULT RTFSync (LPMESSAGE lpMessage, ULONG ulFlags, BOOL *lpfMessageUpdated);

/* Text, hexadecimal, numbers */
IMSG_MAPI_API void HexFromBin (LPBYTE pb, int cb, LPSTR sz);
IMSG_MAPI_API BOOL FBinFromHex (LPSTR sz, LPBYTE pb);
IMSG_MAPI_API SCODE ScBinFromHexBounded (LPSTR sz, LPBYTE pb, ULONG cb);
IMSG_MAPI_API ULONG UlFromSzHex (LPCSTR sz);
IMSG_MAPI_API UINT UFromSz (LPCSTR sz);
IMSG_MAPI_API LPSTR SzFindCh (LPCSTR sz, USHORT ch);
IMSG_MAPI_API LPSTR SzFindLastCh (LPCSTR sz, USHORT ch);
IMSG_MAPI_API LPSTR SzFindSz (LPCSTR sz, LPCSTR szKey);
IMSG_MAPI_API HRESULT HrSzFromEntryID (ULONG cb, LPENTRYID pentry, LPSTR *psz);
IMSG_MAPI_API HRESULT HrEntryIDFromSz (LPSTR sz, ULONG *pcb, LPENTRYID *ppentry);

/* 64-bit arithmetic on FILETIME: unsigned, wrapping */
IMSG_MAPI_API FILETIME FtAddFt (FILETIME Addend1, FILETIME Addend2);
IMSG_MAPI_API FILETIME FtSubFt (FILETIME Minuend, FILETIME Subtrahend);
IMSG_MAPI_API FILETIME FtNegFt (FILETIME ft);
IMSG_MAPI_API FILETIME FtMulDwDw (DWORD Multiplicand, DWORD Multiplier);
IMSG_MAPI_API FILETIME FtMulDw (DWORD Multiplier, FILETIME Multiplicand);

/* Miscellaneous */
IMSG_MAPI_API ULONG UlAddRef (LPVOID lpunk);
IMSG_MAPI_API ULONG UlRelease (LPVOID lpunk);
IMSG_MAPI_API SCODE ScCreateConversationIndex (ULONG cbParent, LPBYTE lpbParent,
                                               ULONG *lpcbConvIndex, LPBYTE *lppbConvIndex);

/* Not in MAPI, where only an address book makes them: a one-off entry id, CreateOneOff's way */
IMSG_MAPI_API HRESULT ImsgCreateOneOff (LPTSTR lpszName, LPTSTR lpszAdrType, LPTSTR lpszAddress,
                                        ULONG ulFlags, ULONG *lpcbEntryID,
                                        LPENTRYID *lppEntryID);

EXTERN_C_END

#include "mapival.h"

#endif
