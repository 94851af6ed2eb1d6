/* mapi-lock-bytes.c - ILockBytes in memory, and storages in byte arrays and streams
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-storage-private.h"

typedef struct
{
  ILockBytes   iface;
  int          ref_count;
  MapiContent *content;
} MapiLockBytes;

#define SELF(iface) ((MapiLockBytes *) (iface))

static HRESULT
lock_bytes_query_interface (ILockBytes *iface,
                            REFIID      riid,
                            LPVOID     *object)
{
  if (object == NULL)
    return E_POINTER;
  return mapi_answer_interface (iface, riid, object, &IID_ILockBytes, NULL);
}

static ULONG
lock_bytes_add_ref (ILockBytes *iface)
{
  return (ULONG) g_atomic_int_add (&SELF (iface)->ref_count, 1) + 1;
}

static ULONG
lock_bytes_release (ILockBytes *iface)
{
  MapiLockBytes *self = SELF (iface);
  int before = g_atomic_int_add (&self->ref_count, -1);

  if (before == 1)
    {
      mapi_content_unref (self->content);
      g_free (self);
    }
  return (ULONG) (before - 1);
}

static HRESULT
lock_bytes_read_at (ILockBytes     *iface,
                    ULARGE_INTEGER  ulOffset,
                    void           *pv,
                    ULONG           cb,
                    ULONG          *pcbRead)
{
  MapiContent *content = SELF (iface)->content;
  gsize n_read = 0;
  HRESULT hr;

  if (pcbRead != NULL)
    *pcbRead = 0;
  if (pv == NULL)
    return STG_E_INVALIDPOINTER;
  hr = content->klass->read (content, ulOffset.QuadPart, pv, cb, &n_read);
  if (pcbRead != NULL)
    *pcbRead = (ULONG) n_read;
  return hr;
}

static HRESULT
lock_bytes_write_at (ILockBytes     *iface,
                     ULARGE_INTEGER  ulOffset,
                     const void     *pv,
                     ULONG           cb,
                     ULONG          *pcbWritten)
{
  MapiContent *content = SELF (iface)->content;
  HRESULT hr;

  if (pcbWritten != NULL)
    *pcbWritten = 0;
  if (pv == NULL)
    return STG_E_INVALIDPOINTER;
  if (cb == 0)
    return S_OK;
  hr = content->klass->write (content, ulOffset.QuadPart, pv, cb);
  if (SUCCEEDED (hr) && pcbWritten != NULL)
    *pcbWritten = cb;
  return hr;
}

static HRESULT
lock_bytes_flush (ILockBytes *iface)
{
  return S_OK;
}

static HRESULT
lock_bytes_set_size (ILockBytes     *iface,
                     ULARGE_INTEGER  cb)
{
  MapiContent *content = SELF (iface)->content;

  return content->klass->set_size (content, cb.QuadPart);
}

static HRESULT
lock_bytes_lock_region (ILockBytes     *iface,
                        ULARGE_INTEGER  libOffset,
                        ULARGE_INTEGER  cb,
                        DWORD           dwLockType)
{
  return STG_E_INVALIDFUNCTION;
}

static HRESULT
lock_bytes_stat (ILockBytes *iface,
                 STATSTG    *pstatstg,
                 DWORD       grfStatFlag)
{
  MapiContent *content = SELF (iface)->content;
  guint64 size;

  if (pstatstg == NULL)
    return STG_E_INVALIDPOINTER;
  memset (pstatstg, 0, sizeof *pstatstg);
  content->klass->get_size (content, &size);
  pstatstg->type = STGTY_LOCKBYTES;
  pstatstg->cbSize.QuadPart = size;
  return S_OK;
}

static const ILockBytesVtbl lock_bytes_vtbl = {
  lock_bytes_query_interface,
  lock_bytes_add_ref,
  lock_bytes_release,
  lock_bytes_read_at,
  lock_bytes_write_at,
  lock_bytes_flush,
  lock_bytes_set_size,
  lock_bytes_lock_region,
  lock_bytes_lock_region,
  lock_bytes_stat,
};

HRESULT
CreateILockBytesOnHGlobal (HGLOBAL      hGlobal,
                           BOOL         fDeleteOnRelease,
                           ILockBytes **pplkbyt)
{
  MapiLockBytes *self;

  if (pplkbyt == NULL)
    return E_INVALIDARG;
  *pplkbyt = NULL;
  if (hGlobal != NULL)
    return E_INVALIDARG;
  self = g_new0 (MapiLockBytes, 1);
  self->iface.lpVtbl = &lock_bytes_vtbl;
  self->ref_count = 1;
  self->content = mapi_content_new_memory (NULL, 0);
  *pplkbyt = &self->iface;
  return S_OK;
}

/* --- storages in them --- */

static HRESULT
read_lock_bytes (ILockBytes  *lock_bytes,
                 guint64      n_bytes,
                 GBytes     **out)
{
  g_autofree guint8 *data = NULL;
  ULARGE_INTEGER at;
  HRESULT hr = S_OK;

  *out = NULL;
  if (n_bytes > imsg_limit_get_default (IMSG_LIMIT_VALUE_BYTES))
    return STG_E_INSUFFICIENTMEMORY;
  data = g_try_malloc (n_bytes + 1);
  if (data == NULL)
    return STG_E_INSUFFICIENTMEMORY;
  for (at.QuadPart = 0; at.QuadPart < n_bytes;)
    {
      ULONG got = 0;

      hr = lock_bytes->lpVtbl->ReadAt (lock_bytes, at, data + at.QuadPart,
                                       (ULONG) MIN (n_bytes - at.QuadPart, G_MAXINT32), &got);
      if (FAILED (hr) || got == 0)
        break;
      at.QuadPart += got;
    }
  if (FAILED (hr))
    return hr;
  *out = g_bytes_new_take (g_steal_pointer (&data), at.QuadPart);
  return S_OK;
}

static LPSTORAGE
adopt_root (IMsgStorage *storage,
            DWORD        mode,
            ILockBytes  *lock_bytes,
            IStream     *stream)
{
  MapiStorage *self = mapi_storage_new (storage, mode);

  self->is_root = TRUE;
  self->lock_bytes = lock_bytes;
  UlAddRef (lock_bytes);
  self->stream = stream;
  UlAddRef (stream);
  return &self->iface;
}

HRESULT
StgCreateDocfileOnILockBytes (ILockBytes  *plkbyt,
                              DWORD        grfMode,
                              DWORD        reserved,
                              IStorage   **ppstgOpen)
{
  ULARGE_INTEGER size = { .QuadPart = 0 };
  HRESULT hr;

  if (ppstgOpen == NULL)
    return STG_E_INVALIDPOINTER;
  *ppstgOpen = NULL;
  if (plkbyt == NULL)
    return STG_E_INVALIDPOINTER;
  if (reserved != 0)
    return STG_E_INVALIDPARAMETER;
  if ((grfMode & STGM_DELETEONRELEASE) != 0)
    return STG_E_INVALIDFLAG;
  hr = mapi_storage_check_create_mode (grfMode & ~(DWORD) STGM_SIMPLE);
  if (FAILED (hr))
    return hr;
  if ((grfMode & STGM_CREATE) == 0)
    return STG_E_FILEALREADYEXISTS;
  *ppstgOpen = adopt_root (imsg_storage_new_memory (0), grfMode, plkbyt, NULL);
  hr = plkbyt->lpVtbl->SetSize (plkbyt, size);
  /* What is there is an empty storage from the start. */
  if (SUCCEEDED (hr))
    hr = (*ppstgOpen)->lpVtbl->Commit (*ppstgOpen, STGC_DEFAULT);
  if (FAILED (hr))
    {
      (*ppstgOpen)->lpVtbl->Release (*ppstgOpen);
      *ppstgOpen = NULL;
    }
  return hr;
}

/* The bytes as a storage; a damaged one is told from bytes of another kind. */
static HRESULT
open_bytes (GBytes       *bytes,
            gboolean      writes,
            IMsgStorage **storage)
{
  g_autoptr(GError) error = NULL;
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);

  if (n_bytes < sizeof mapi_storage_signature ||
      memcmp (data, mapi_storage_signature, sizeof mapi_storage_signature) != 0)
    return STG_E_FILEALREADYEXISTS;
  *storage = imsg_storage_open_bytes (bytes, writes ? IMSG_STORAGE_READ_WRITE : IMSG_STORAGE_READ,
                                      NULL, &error);
  return *storage != NULL ? S_OK : mapi_take_storage_error (&error);
}

HRESULT
StgOpenStorageOnILockBytes (ILockBytes  *plkbyt,
                            IStorage    *pstgPriority,
                            DWORD        grfMode,
                            SNB          snbExclude,
                            DWORD        reserved,
                            IStorage   **ppstgOpen)
{
  g_autoptr(GBytes) bytes = NULL;
  IMsgStorage *storage = NULL;
  gboolean transacted = (grfMode & STGM_TRANSACTED) != 0;
  STATSTG stat;
  HRESULT hr;

  if (ppstgOpen == NULL)
    return STG_E_INVALIDPOINTER;
  *ppstgOpen = NULL;
  if (plkbyt == NULL)
    return STG_E_INVALIDPOINTER;
  if (pstgPriority != NULL || snbExclude != NULL || reserved != 0)
    return STG_E_INVALIDPARAMETER;
  hr = mapi_storage_check_open_mode (grfMode & ~(DWORD) STGM_SIMPLE);
  if (FAILED (hr))
    return hr;
  hr = plkbyt->lpVtbl->Stat (plkbyt, &stat, STATFLAG_NONAME);
  if (SUCCEEDED (hr))
    hr = read_lock_bytes (plkbyt, stat.cbSize.QuadPart, &bytes);
  if (SUCCEEDED (hr))
    hr = open_bytes (bytes, (grfMode & 3) != STGM_READ || transacted, &storage);
  if (SUCCEEDED (hr))
    *ppstgOpen = adopt_root (storage, grfMode, plkbyt, NULL);
  return hr;
}

HRESULT
StgIsStorageILockBytes (ILockBytes *plkbyt)
{
  guint8 start[sizeof mapi_storage_signature];
  ULARGE_INTEGER at = { .QuadPart = 0 };
  ULONG got = 0;
  HRESULT hr;

  if (plkbyt == NULL)
    return STG_E_INVALIDPOINTER;
  hr = plkbyt->lpVtbl->ReadAt (plkbyt, at, start, sizeof start, &got);
  if (FAILED (hr))
    return hr;
  return got == sizeof start && memcmp (start, mapi_storage_signature, sizeof start) == 0
           ? S_OK : S_FALSE;
}

/* Where in a stream the storage begins: where it stands, or at its start. */
static HRESULT
find_start (LPSTREAM  stream,
            gboolean  is_current,
            guint64  *start)
{
  const LARGE_INTEGER nothing = { .QuadPart = 0 };
  ULARGE_INTEGER position = { .QuadPart = 0 };
  HRESULT hr = stream->lpVtbl->Seek (stream, nothing,
                                     is_current ? STREAM_SEEK_CUR : STREAM_SEEK_SET, &position);

  *start = position.QuadPart;
  return hr;
}

HRESULT
HrIStorageFromStream (LPUNKNOWN  lpUnkIn,
                      LPCIID     lpInterface,
                      ULONG      ulFlags,
                      LPSTORAGE *lppStorageOut)
{
  gboolean modifies = (ulFlags & (STGSTRM_MODIFY | STGSTRM_CREATE)) != 0;
  DWORD mode = modifies ? STGM_READWRITE | STGM_TRANSACTED : STGM_READ | STGM_SHARE_DENY_WRITE;
  g_autoptr(GBytes) bytes = NULL;
  LPVOID object = NULL;
  IMsgStorage *storage = NULL;
  guint64 start = 0;
  HRESULT hr;

  if (lppStorageOut == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppStorageOut = NULL;
  if (lpUnkIn == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if ((ulFlags & ~(ULONG) (STGSTRM_MODIFY | STGSTRM_CREATE | STGSTRM_CURRENT)) != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  if (lpInterface != NULL && IsEqualIID (lpInterface, &IID_ILockBytes))
    {
      hr = lpUnkIn->lpVtbl->QueryInterface (lpUnkIn, &IID_ILockBytes, &object);
      if (FAILED (hr))
        return MAPI_E_INTERFACE_NOT_SUPPORTED;
      if ((ulFlags & STGSTRM_CREATE) != 0)
        hr = StgCreateDocfileOnILockBytes (object, mode | STGM_CREATE, 0, lppStorageOut);
      else
        hr = StgOpenStorageOnILockBytes (object, NULL, mode, NULL, 0, lppStorageOut);
      UlRelease (object);
      return hr;
    }
  if (lpInterface != NULL && !IsEqualIID (lpInterface, &IID_IStream))
    return MAPI_E_INTERFACE_NOT_SUPPORTED;
  hr = lpUnkIn->lpVtbl->QueryInterface (lpUnkIn, &IID_IStream, &object);
  if (FAILED (hr))
    return MAPI_E_INTERFACE_NOT_SUPPORTED;
  /* What is only read from where it stands need not be able to seek. */
  if (modifies || (ulFlags & STGSTRM_CURRENT) == 0)
    hr = find_start (object, (ulFlags & STGSTRM_CURRENT) != 0, &start);
  if ((ulFlags & STGSTRM_CREATE) != 0)
    {
      if (SUCCEEDED (hr))
        storage = imsg_storage_new_memory (0);
    }
  else
    {
      if (SUCCEEDED (hr))
        hr = mapi_stream_read_all (object, &bytes);
      if (SUCCEEDED (hr))
        hr = open_bytes (bytes, modifies, &storage);
    }
  /* A storage for reading keeps the stream too, as programs expect of it. */
  if (SUCCEEDED (hr))
    {
      *lppStorageOut = adopt_root (storage, mode, NULL, object);
      mapi_storage_peek (*lppStorageOut)->stream_start = start;
    }
  UlRelease (object);
  return hr;
}
