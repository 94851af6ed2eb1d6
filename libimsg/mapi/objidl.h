/* objidl.h - IMalloc, IStream, IStorage, IEnumSTATSTG, ILockBytes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_OBJIDL_H
#define IMSG_MAPI_OBJIDL_H

#include "unknwn.h"

typedef LPOLESTR *SNB;

/* Access modes of storages and streams */
#define STGM_DIRECT 0x00000000
#define STGM_TRANSACTED 0x00010000
#define STGM_SIMPLE 0x08000000
#define STGM_READ 0x00000000
#define STGM_WRITE 0x00000001
#define STGM_READWRITE 0x00000002
#define STGM_SHARE_EXCLUSIVE 0x00000010
#define STGM_SHARE_DENY_WRITE 0x00000020
#define STGM_SHARE_DENY_READ 0x00000030
#define STGM_SHARE_DENY_NONE 0x00000040
#define STGM_PRIORITY 0x00040000
#define STGM_DELETEONRELEASE 0x04000000
#define STGM_NOSCRATCH 0x00100000
#define STGM_CREATE 0x00001000
#define STGM_CONVERT 0x00020000
#define STGM_FAILIFTHERE 0x00000000
#define STGM_NOSNAPSHOT 0x00200000
#define STGM_DIRECT_SWMR 0x00400000

typedef enum tagSTGC
{
  STGC_DEFAULT = 0,
  STGC_OVERWRITE = 1,
  STGC_ONLYIFCURRENT = 2,
  STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE = 4,
  STGC_CONSOLIDATE = 8
} STGC;

typedef enum tagSTGTY
{
  STGTY_STORAGE = 1,
  STGTY_STREAM = 2,
  STGTY_LOCKBYTES = 3,
  STGTY_PROPERTY = 4
} STGTY;

typedef enum tagSTATFLAG
{
  STATFLAG_DEFAULT = 0,
  STATFLAG_NONAME = 1,
  STATFLAG_NOOPEN = 2
} STATFLAG;

typedef enum tagSTREAM_SEEK
{
  STREAM_SEEK_SET = 0,
  STREAM_SEEK_CUR = 1,
  STREAM_SEEK_END = 2
} STREAM_SEEK;

/* With _GNU_SOURCE, which is what C++ has, fcntl.h has a macro of this name. */
#undef LOCK_WRITE
typedef enum tagLOCKTYPE
{
  LOCK_WRITE = 1,
  LOCK_EXCLUSIVE = 2,
  LOCK_ONLYONCE = 4
} LOCKTYPE;

typedef enum tagSTGMOVE
{
  STGMOVE_MOVE = 0,
  STGMOVE_COPY = 1,
  STGMOVE_SHALLOWCOPY = 2
} STGMOVE;

/* 80 bytes; the name is task memory */
typedef struct tagSTATSTG
{
  LPOLESTR       pwcsName;
  DWORD          type;
  ULARGE_INTEGER cbSize;
  FILETIME       mtime;
  FILETIME       ctime;
  FILETIME       atime;
  DWORD          grfMode;
  DWORD          grfLocksSupported;
  CLSID          clsid;
  DWORD          grfStateBits;
  DWORD          reserved;
} STATSTG;

IMSG_MAPI_FORWARD (IStorage);
IMSG_MAPI_FORWARD (IStream);
IMSG_MAPI_FORWARD (IEnumSTATSTG);

#define IMSG_MAPI_IMALLOC_METHODS(IPURE)                                                            \
  STDMETHOD_ (void *, Alloc) (THIS_ SIZE_T cb) IPURE;                                               \
  STDMETHOD_ (void *, Realloc) (THIS_ void *pv, SIZE_T cb) IPURE;                                   \
  STDMETHOD_ (void, Free) (THIS_ void *pv) IPURE;                                                   \
  STDMETHOD_ (SIZE_T, GetSize) (THIS_ void *pv) IPURE;                                              \
  STDMETHOD_ (int, DidAlloc) (THIS_ void *pv) IPURE;                                                \
  STDMETHOD_ (void, HeapMinimize) (THIS) IPURE;

#undef INTERFACE
#define INTERFACE IMalloc
DECLARE_INTERFACE_ (IMalloc, IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  IMSG_MAPI_IMALLOC_METHODS (PURE)
};
typedef interface IMalloc *LPMALLOC;

#define IMSG_MAPI_ISEQUENTIALSTREAM_METHODS(IPURE)                                                  \
  STDMETHOD (Read) (THIS_ void *pv, ULONG cb, ULONG *pcbRead) IPURE;                                \
  STDMETHOD (Write) (THIS_ const void *pv, ULONG cb, ULONG *pcbWritten) IPURE;

#undef INTERFACE
#define INTERFACE ISequentialStream
DECLARE_INTERFACE_ (ISequentialStream, IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  IMSG_MAPI_ISEQUENTIALSTREAM_METHODS (PURE)
};

#define IMSG_MAPI_ISTREAM_METHODS(IPURE)                                                            \
  STDMETHOD (Seek) (THIS_ LARGE_INTEGER dlibMove, DWORD dwOrigin, ULARGE_INTEGER *plibNewPosition)  \
    IPURE;                                                                                          \
  STDMETHOD (SetSize) (THIS_ ULARGE_INTEGER libNewSize) IPURE;                                      \
  STDMETHOD (CopyTo) (THIS_ interface IStream *pstm, ULARGE_INTEGER cb, ULARGE_INTEGER *pcbRead,    \
                      ULARGE_INTEGER *pcbWritten) IPURE;                                            \
  STDMETHOD (Commit) (THIS_ DWORD grfCommitFlags) IPURE;                                            \
  STDMETHOD (Revert) (THIS) IPURE;                                                                  \
  STDMETHOD (LockRegion) (THIS_ ULARGE_INTEGER libOffset, ULARGE_INTEGER cb, DWORD dwLockType)      \
    IPURE;                                                                                          \
  STDMETHOD (UnlockRegion) (THIS_ ULARGE_INTEGER libOffset, ULARGE_INTEGER cb, DWORD dwLockType)    \
    IPURE;                                                                                          \
  STDMETHOD (Stat) (THIS_ STATSTG *pstatstg, DWORD grfStatFlag) IPURE;                              \
  STDMETHOD (Clone) (THIS_ interface IStream **ppstm) IPURE;

#undef INTERFACE
#define INTERFACE IStream
DECLARE_INTERFACE_ (IStream, ISequentialStream)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  IMSG_MAPI_ISEQUENTIALSTREAM_METHODS (PURE)
  IMSG_MAPI_ISTREAM_METHODS (PURE)
};
typedef interface IStream *LPSTREAM;

#define IMSG_MAPI_IENUMSTATSTG_METHODS(IPURE)                                                       \
  STDMETHOD (Next) (THIS_ ULONG celt, STATSTG *rgelt, ULONG *pceltFetched) IPURE;                   \
  STDMETHOD (Skip) (THIS_ ULONG celt) IPURE;                                                        \
  STDMETHOD (Reset) (THIS) IPURE;                                                                   \
  STDMETHOD (Clone) (THIS_ interface IEnumSTATSTG **ppenum) IPURE;

#undef INTERFACE
#define INTERFACE IEnumSTATSTG
DECLARE_INTERFACE_ (IEnumSTATSTG, IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  IMSG_MAPI_IENUMSTATSTG_METHODS (PURE)
};
typedef interface IEnumSTATSTG *LPENUMSTATSTG;

/* The mode stands before the reserved arguments in CreateStream, after one in OpenStream. */
#define IMSG_MAPI_ISTORAGE_METHODS(IPURE)                                                           \
  STDMETHOD (CreateStream) (THIS_ const OLECHAR *pwcsName, DWORD grfMode, DWORD reserved1,          \
                            DWORD reserved2, IStream **ppstm) IPURE;                                \
  STDMETHOD (OpenStream) (THIS_ const OLECHAR *pwcsName, void *reserved1, DWORD grfMode,            \
                          DWORD reserved2, IStream **ppstm) IPURE;                                  \
  STDMETHOD (CreateStorage) (THIS_ const OLECHAR *pwcsName, DWORD grfMode, DWORD reserved1,         \
                             DWORD reserved2, interface IStorage **ppstg) IPURE;                    \
  STDMETHOD (OpenStorage) (THIS_ const OLECHAR *pwcsName, interface IStorage *pstgPriority,         \
                           DWORD grfMode, SNB snbExclude, DWORD reserved,                           \
                           interface IStorage **ppstg) IPURE;                                       \
  STDMETHOD (CopyTo) (THIS_ DWORD ciidExclude, const IID *rgiidExclude, SNB snbExclude,             \
                      interface IStorage *pstgDest) IPURE;                                          \
  STDMETHOD (MoveElementTo) (THIS_ const OLECHAR *pwcsName, interface IStorage *pstgDest,           \
                             const OLECHAR *pwcsNewName, DWORD grfFlags) IPURE;                     \
  STDMETHOD (Commit) (THIS_ DWORD grfCommitFlags) IPURE;                                            \
  STDMETHOD (Revert) (THIS) IPURE;                                                                  \
  STDMETHOD (EnumElements) (THIS_ DWORD reserved1, void *reserved2, DWORD reserved3,                \
                            IEnumSTATSTG **ppenum) IPURE;                                           \
  STDMETHOD (DestroyElement) (THIS_ const OLECHAR *pwcsName) IPURE;                                 \
  STDMETHOD (RenameElement) (THIS_ const OLECHAR *pwcsOldName, const OLECHAR *pwcsNewName) IPURE;   \
  STDMETHOD (SetElementTimes) (THIS_ const OLECHAR *pwcsName, const FILETIME *pctime,               \
                               const FILETIME *patime, const FILETIME *pmtime) IPURE;               \
  STDMETHOD (SetClass) (THIS_ REFCLSID clsid) IPURE;                                                \
  STDMETHOD (SetStateBits) (THIS_ DWORD grfStateBits, DWORD grfMask) IPURE;                         \
  STDMETHOD (Stat) (THIS_ STATSTG *pstatstg, DWORD grfStatFlag) IPURE;

#undef INTERFACE
#define INTERFACE IStorage
DECLARE_INTERFACE_ (IStorage, IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  IMSG_MAPI_ISTORAGE_METHODS (PURE)
};
typedef interface IStorage *LPSTORAGE;

#define IMSG_MAPI_ILOCKBYTES_METHODS(IPURE)                                                         \
  STDMETHOD (ReadAt) (THIS_ ULARGE_INTEGER ulOffset, void *pv, ULONG cb, ULONG *pcbRead) IPURE;     \
  STDMETHOD (WriteAt) (THIS_ ULARGE_INTEGER ulOffset, const void *pv, ULONG cb, ULONG *pcbWritten)  \
    IPURE;                                                                                          \
  STDMETHOD (Flush) (THIS) IPURE;                                                                   \
  STDMETHOD (SetSize) (THIS_ ULARGE_INTEGER cb) IPURE;                                              \
  STDMETHOD (LockRegion) (THIS_ ULARGE_INTEGER libOffset, ULARGE_INTEGER cb, DWORD dwLockType)      \
    IPURE;                                                                                          \
  STDMETHOD (UnlockRegion) (THIS_ ULARGE_INTEGER libOffset, ULARGE_INTEGER cb, DWORD dwLockType)    \
    IPURE;                                                                                          \
  STDMETHOD (Stat) (THIS_ STATSTG *pstatstg, DWORD grfStatFlag) IPURE;

#undef INTERFACE
#define INTERFACE ILockBytes
DECLARE_INTERFACE_ (ILockBytes, IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  IMSG_MAPI_ILOCKBYTES_METHODS (PURE)
};
typedef interface ILockBytes *LPLOCKBYTES;

EXTERN_C IMSG_MAPI_API const IID IID_IMalloc;
EXTERN_C IMSG_MAPI_API const IID IID_ILockBytes;
EXTERN_C IMSG_MAPI_API const IID IID_IStorage;
EXTERN_C IMSG_MAPI_API const IID IID_IStream;
EXTERN_C IMSG_MAPI_API const IID IID_ISequentialStream;
EXTERN_C IMSG_MAPI_API const IID IID_IEnumSTATSTG;
EXTERN_C IMSG_MAPI_API const IID IID_IRootStorage;
EXTERN_C IMSG_MAPI_API const IID IID_IPropertyStorage;
EXTERN_C IMSG_MAPI_API const IID IID_IPropertySetStorage;
EXTERN_C IMSG_MAPI_API const IID IID_IDirectWriterLock;
EXTERN_C IMSG_MAPI_API const FMTID FMTID_SummaryInformation;

#if defined(COBJMACROS) && !defined(IMSG_MAPI_CLASSES)
# define IMalloc_QueryInterface(p, a, b) (p)->lpVtbl->QueryInterface (p, a, b)
# define IMalloc_AddRef(p) (p)->lpVtbl->AddRef (p)
# define IMalloc_Release(p) (p)->lpVtbl->Release (p)
# define IMalloc_Alloc(p, a) (p)->lpVtbl->Alloc (p, a)
# define IMalloc_Realloc(p, a, b) (p)->lpVtbl->Realloc (p, a, b)
# define IMalloc_Free(p, a) (p)->lpVtbl->Free (p, a)
# define IMalloc_GetSize(p, a) (p)->lpVtbl->GetSize (p, a)
# define IMalloc_DidAlloc(p, a) (p)->lpVtbl->DidAlloc (p, a)
# define IMalloc_HeapMinimize(p) (p)->lpVtbl->HeapMinimize (p)

# define ISequentialStream_QueryInterface(p, a, b) (p)->lpVtbl->QueryInterface (p, a, b)
# define ISequentialStream_AddRef(p) (p)->lpVtbl->AddRef (p)
# define ISequentialStream_Release(p) (p)->lpVtbl->Release (p)
# define ISequentialStream_Read(p, a, b, c) (p)->lpVtbl->Read (p, a, b, c)
# define ISequentialStream_Write(p, a, b, c) (p)->lpVtbl->Write (p, a, b, c)

# define IStream_QueryInterface(p, a, b) (p)->lpVtbl->QueryInterface (p, a, b)
# define IStream_AddRef(p) (p)->lpVtbl->AddRef (p)
# define IStream_Release(p) (p)->lpVtbl->Release (p)
# define IStream_Read(p, a, b, c) (p)->lpVtbl->Read (p, a, b, c)
# define IStream_Write(p, a, b, c) (p)->lpVtbl->Write (p, a, b, c)
# define IStream_Seek(p, a, b, c) (p)->lpVtbl->Seek (p, a, b, c)
# define IStream_SetSize(p, a) (p)->lpVtbl->SetSize (p, a)
# define IStream_CopyTo(p, a, b, c, d) (p)->lpVtbl->CopyTo (p, a, b, c, d)
# define IStream_Commit(p, a) (p)->lpVtbl->Commit (p, a)
# define IStream_Revert(p) (p)->lpVtbl->Revert (p)
# define IStream_LockRegion(p, a, b, c) (p)->lpVtbl->LockRegion (p, a, b, c)
# define IStream_UnlockRegion(p, a, b, c) (p)->lpVtbl->UnlockRegion (p, a, b, c)
# define IStream_Stat(p, a, b) (p)->lpVtbl->Stat (p, a, b)
# define IStream_Clone(p, a) (p)->lpVtbl->Clone (p, a)

# define IEnumSTATSTG_QueryInterface(p, a, b) (p)->lpVtbl->QueryInterface (p, a, b)
# define IEnumSTATSTG_AddRef(p) (p)->lpVtbl->AddRef (p)
# define IEnumSTATSTG_Release(p) (p)->lpVtbl->Release (p)
# define IEnumSTATSTG_Next(p, a, b, c) (p)->lpVtbl->Next (p, a, b, c)
# define IEnumSTATSTG_Skip(p, a) (p)->lpVtbl->Skip (p, a)
# define IEnumSTATSTG_Reset(p) (p)->lpVtbl->Reset (p)
# define IEnumSTATSTG_Clone(p, a) (p)->lpVtbl->Clone (p, a)

# define IStorage_QueryInterface(p, a, b) (p)->lpVtbl->QueryInterface (p, a, b)
# define IStorage_AddRef(p) (p)->lpVtbl->AddRef (p)
# define IStorage_Release(p) (p)->lpVtbl->Release (p)
# define IStorage_CreateStream(p, a, b, c, d, e) (p)->lpVtbl->CreateStream (p, a, b, c, d, e)
# define IStorage_OpenStream(p, a, b, c, d, e) (p)->lpVtbl->OpenStream (p, a, b, c, d, e)
# define IStorage_CreateStorage(p, a, b, c, d, e) (p)->lpVtbl->CreateStorage (p, a, b, c, d, e)
# define IStorage_OpenStorage(p, a, b, c, d, e, f) (p)->lpVtbl->OpenStorage (p, a, b, c, d, e, f)
# define IStorage_CopyTo(p, a, b, c, d) (p)->lpVtbl->CopyTo (p, a, b, c, d)
# define IStorage_MoveElementTo(p, a, b, c, d) (p)->lpVtbl->MoveElementTo (p, a, b, c, d)
# define IStorage_Commit(p, a) (p)->lpVtbl->Commit (p, a)
# define IStorage_Revert(p) (p)->lpVtbl->Revert (p)
# define IStorage_EnumElements(p, a, b, c, d) (p)->lpVtbl->EnumElements (p, a, b, c, d)
# define IStorage_DestroyElement(p, a) (p)->lpVtbl->DestroyElement (p, a)
# define IStorage_RenameElement(p, a, b) (p)->lpVtbl->RenameElement (p, a, b)
# define IStorage_SetElementTimes(p, a, b, c, d) (p)->lpVtbl->SetElementTimes (p, a, b, c, d)
# define IStorage_SetClass(p, a) (p)->lpVtbl->SetClass (p, a)
# define IStorage_SetStateBits(p, a, b) (p)->lpVtbl->SetStateBits (p, a, b)
# define IStorage_Stat(p, a, b) (p)->lpVtbl->Stat (p, a, b)

# define ILockBytes_QueryInterface(p, a, b) (p)->lpVtbl->QueryInterface (p, a, b)
# define ILockBytes_AddRef(p) (p)->lpVtbl->AddRef (p)
# define ILockBytes_Release(p) (p)->lpVtbl->Release (p)
# define ILockBytes_ReadAt(p, a, b, c, d) (p)->lpVtbl->ReadAt (p, a, b, c, d)
# define ILockBytes_WriteAt(p, a, b, c, d) (p)->lpVtbl->WriteAt (p, a, b, c, d)
# define ILockBytes_Flush(p) (p)->lpVtbl->Flush (p)
# define ILockBytes_SetSize(p, a) (p)->lpVtbl->SetSize (p, a)
# define ILockBytes_LockRegion(p, a, b, c) (p)->lpVtbl->LockRegion (p, a, b, c)
# define ILockBytes_UnlockRegion(p, a, b, c) (p)->lpVtbl->UnlockRegion (p, a, b, c)
# define ILockBytes_Stat(p, a, b) (p)->lpVtbl->Stat (p, a, b)
#endif

#endif
