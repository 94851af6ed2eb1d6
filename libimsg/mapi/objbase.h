/* objbase.h - task memory, compound files, and what stores classes in them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_OBJBASE_H
#define IMSG_MAPI_OBJBASE_H

#include "objidl.h"

typedef enum tagMEMCTX
{
  MEMCTX_TASK = 1,
  MEMCTX_SHARED = 2,
  MEMCTX_MACSYSTEM = 3,
  MEMCTX_UNKNOWN = -1,
  MEMCTX_SAME = -2
} MEMCTX;

/* Taken by CoInitializeEx, and of no effect */
typedef enum tagCOINIT
{
  COINIT_MULTITHREADED = 0x0,
  COINIT_APARTMENTTHREADED = 0x2,
  COINIT_DISABLE_OLE1DDE = 0x4,
  COINIT_SPEED_OVER_MEMORY = 0x8
} COINIT;

#define STGFMT_STORAGE 0
#define STGFMT_DOCUMENT 0
#define STGFMT_NATIVE 1
#define STGFMT_FILE 3
#define STGFMT_ANY 4
#define STGFMT_DOCFILE 5

#define STGOPTIONS_VERSION 1
#define FILE_FLAG_NO_BUFFERING 0x20000000

/* 16 bytes; the template is read from version 2 on only */
typedef struct tagSTGOPTIONS
{
  USHORT       usVersion;
  USHORT       reserved;
  ULONG        ulSectorSize;
  const WCHAR *pwcsTemplateFile;
} STGOPTIONS;

EXTERN_C_START

/* COM itself: nothing has to be started here. */
IMSG_MAPI_API HRESULT CoInitialize (LPVOID pvReserved);
IMSG_MAPI_API HRESULT CoInitializeEx (LPVOID pvReserved, DWORD dwCoInit);
IMSG_MAPI_API void CoUninitialize (void);
IMSG_MAPI_API HRESULT OleInitialize (LPVOID pvReserved);
IMSG_MAPI_API void OleUninitialize (void);

IMSG_MAPI_API HRESULT CoGetMalloc (DWORD dwMemContext, LPMALLOC *ppMalloc);
IMSG_MAPI_API LPVOID CoTaskMemAlloc (SIZE_T cb);
IMSG_MAPI_API LPVOID CoTaskMemRealloc (LPVOID pv, SIZE_T cb);
IMSG_MAPI_API void CoTaskMemFree (LPVOID pv);

IMSG_MAPI_API HRESULT StgCreateDocfile (const WCHAR *pwcsName, DWORD grfMode, DWORD reserved,
                                        IStorage **ppstgOpen);
IMSG_MAPI_API HRESULT StgOpenStorage (const WCHAR *pwcsName, IStorage *pstgPriority, DWORD grfMode,
                                      SNB snbExclude, DWORD reserved, IStorage **ppstgOpen);
IMSG_MAPI_API HRESULT StgCreateStorageEx (const WCHAR *pwcsName, DWORD grfMode, DWORD stgfmt,
                                          DWORD grfAttrs, STGOPTIONS *pStgOptions,
                                          PSECURITY_DESCRIPTOR pSecurityDescriptor, REFIID riid,
                                          void **ppObjectOpen);
IMSG_MAPI_API HRESULT StgOpenStorageEx (const WCHAR *pwcsName, DWORD grfMode, DWORD stgfmt,
                                        DWORD grfAttrs, STGOPTIONS *pStgOptions,
                                        PSECURITY_DESCRIPTOR pSecurityDescriptor, REFIID riid,
                                        void **ppObjectOpen);
IMSG_MAPI_API HRESULT StgIsStorageFile (const WCHAR *pwcsName);
IMSG_MAPI_API HRESULT StgSetTimes (const WCHAR *pwcsName, const FILETIME *pctime,
                                   const FILETIME *patime, const FILETIME *pmtime);

IMSG_MAPI_API HRESULT CreateILockBytesOnHGlobal (HGLOBAL hGlobal, BOOL fDeleteOnRelease,
                                                 ILockBytes **pplkbyt);
IMSG_MAPI_API HRESULT StgCreateDocfileOnILockBytes (ILockBytes *plkbyt, DWORD grfMode,
                                                    DWORD reserved, IStorage **ppstgOpen);
IMSG_MAPI_API HRESULT StgOpenStorageOnILockBytes (ILockBytes *plkbyt, IStorage *pstgPriority,
                                                  DWORD grfMode, SNB snbExclude, DWORD reserved,
                                                  IStorage **ppstgOpen);
IMSG_MAPI_API HRESULT StgIsStorageILockBytes (ILockBytes *plkbyt);
IMSG_MAPI_API HRESULT CreateStreamOnHGlobal (HGLOBAL hGlobal, BOOL fDeleteOnRelease,
                                             IStream **ppstm);

IMSG_MAPI_API HRESULT WriteClassStg (IStorage *pStg, REFCLSID rclsid);
IMSG_MAPI_API HRESULT ReadClassStg (IStorage *pStg, CLSID *pclsid);
IMSG_MAPI_API HRESULT WriteClassStm (IStream *pStm, REFCLSID rclsid);
IMSG_MAPI_API HRESULT ReadClassStm (IStream *pStm, CLSID *pclsid);
IMSG_MAPI_API HRESULT WriteFmtUserTypeStg (IStorage *pstg, CLIPFORMAT cf, LPOLESTR lpszUserType);
IMSG_MAPI_API HRESULT ReadFmtUserTypeStg (IStorage *pstg, CLIPFORMAT *pcf, LPOLESTR *lplpszUserType);

EXTERN_C_END

/* All zero, under three names */
EXTERN_C IMSG_MAPI_API const GUID GUID_NULL;
EXTERN_C IMSG_MAPI_API const IID IID_NULL;
EXTERN_C IMSG_MAPI_API const CLSID CLSID_NULL;

#endif
