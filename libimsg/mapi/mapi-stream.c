/* mapi-stream.c - IStream
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-stream-private.h"

typedef struct
{
  IStream      iface;
  int          ref_count;
  MapiContent *content;
  guint64      position;
} MapiStream;

#define SELF(iface) ((MapiStream *) (iface))

/* Bytes copied in one go */
#define COPY_CHUNK 65536

static LPSTREAM stream_new_at (MapiContent *content,
                               guint64      position);

MapiContent *
mapi_content_ref (MapiContent *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
mapi_content_unref (MapiContent *self)
{
  void (*closed) (MapiContent *content, gpointer user_data);
  gpointer closed_data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  /* Sinks that hear of what is written here may take a stream on it again. */
  g_atomic_int_set (&self->ref_count, 1);
  mapi_content_flush (self);
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  self->is_closing = TRUE;
  g_free (self->name);
  /* What closes the library's stream comes before whoever waits for that. */
  closed = self->closed;
  closed_data = self->closed_data;
  if (closed != NULL && self->klass->end != NULL && !self->is_reverted)
    self->klass->end (self);
  if (closed != NULL)
    closed (self, closed_data);
  self->klass->free (self);
}

HRESULT
mapi_content_flush (MapiContent *self)
{
  HRESULT hr = S_OK;

  if (!self->is_reverted && self->is_dirty && self->klass->flush != NULL)
    hr = self->klass->flush (self);
  if (SUCCEEDED (hr) && !self->is_reverted && self->is_dirty && self->written != NULL)
    hr = self->written (self, self->closed_data);
  if (SUCCEEDED (hr))
    self->is_dirty = FALSE;
  return hr;
}

void
mapi_content_revert (MapiContent *self,
                     HRESULT      code)
{
  self->is_reverted = TRUE;
  self->dead_code = code;
}

static HRESULT
check_alive (MapiStream *self)
{
  if (!self->content->is_reverted)
    return S_OK;
  return self->content->dead_code != 0 ? self->content->dead_code : STG_E_REVERTED;
}

static HRESULT
check_writable (MapiStream *self)
{
  HRESULT hr = check_alive (self);

  if (FAILED (hr))
    return hr;
  return self->content->is_writable && self->content->klass->write != NULL ? S_OK
                                                                            : STG_E_ACCESSDENIED;
}

/* --- IUnknown --- */

static HRESULT
stream_query_interface (IStream *iface,
                        REFIID   riid,
                        LPVOID  *object)
{
  if (object == NULL)
    return E_POINTER;
  return mapi_answer_interface (iface, riid, object, &IID_IStream, &IID_ISequentialStream);
}

static ULONG
stream_add_ref (IStream *iface)
{
  return (ULONG) g_atomic_int_add (&SELF (iface)->ref_count, 1) + 1;
}

static ULONG
stream_release (IStream *iface)
{
  MapiStream *self = SELF (iface);
  int before = g_atomic_int_add (&self->ref_count, -1);

  if (before == 1)
    {
      if (self->content->primary == iface)
        self->content->primary = NULL;
      mapi_content_unref (self->content);
      g_free (self);
    }
  return (ULONG) (before - 1);
}

/* --- ISequentialStream --- */

static HRESULT
stream_read (IStream *iface,
             void    *pv,
             ULONG    cb,
             ULONG   *pcbRead)
{
  MapiStream *self = SELF (iface);
  gsize n_read = 0;
  HRESULT hr;

  if (pcbRead != NULL)
    *pcbRead = 0;
  hr = check_alive (self);
  if (FAILED (hr))
    return hr;
  if (pv == NULL)
    return STG_E_INVALIDPOINTER;
  if ((self->content->mode & 3) == STGM_WRITE)
    return STG_E_ACCESSDENIED;
  if (cb == 0)
    return S_OK;
  hr = self->content->klass->read (self->content, self->position, pv, cb, &n_read);
  self->position += n_read;
  if (pcbRead != NULL)
    *pcbRead = (ULONG) n_read;
  return hr;
}

static HRESULT
stream_write (IStream    *iface,
              const void *pv,
              ULONG       cb,
              ULONG      *pcbWritten)
{
  MapiStream *self = SELF (iface);
  HRESULT hr;

  if (pcbWritten != NULL)
    *pcbWritten = 0;
  hr = check_alive (self);
  if (FAILED (hr))
    return hr;
  if (pv == NULL)
    return STG_E_INVALIDPOINTER;
  hr = check_writable (self);
  if (FAILED (hr) || cb == 0)
    return hr;
  hr = self->content->klass->write (self->content, self->position, pv, cb);
  if (FAILED (hr))
    return hr;
  self->content->is_dirty = TRUE;
  self->position += cb;
  if (pcbWritten != NULL)
    *pcbWritten = cb;
  return S_OK;
}

/* --- IStream --- */

static HRESULT
stream_seek (IStream        *iface,
             LARGE_INTEGER   dlibMove,
             DWORD           dwOrigin,
             ULARGE_INTEGER *plibNewPosition)
{
  MapiStream *self = SELF (iface);
  guint64 base = 0;
  HRESULT hr = check_alive (self);

  if (FAILED (hr))
    return hr;
  switch (dwOrigin)
    {
    case STREAM_SEEK_SET:
      break;
    case STREAM_SEEK_CUR:
      base = self->position;
      break;
    case STREAM_SEEK_END:
      hr = self->content->klass->get_size (self->content, &base);
      if (FAILED (hr))
        return hr;
      break;
    default:
      return STG_E_INVALIDFUNCTION;
    }
  if (dwOrigin == STREAM_SEEK_SET)
    {
      /* Unsigned by the documentation; no stream is that long. */
      if (dlibMove.QuadPart < 0)
        return STG_E_INVALIDFUNCTION;
      base = (guint64) dlibMove.QuadPart;
    }
  else if (dlibMove.QuadPart < 0 && base < 0 - (guint64) dlibMove.QuadPart)
    {
      return STG_E_INVALIDFUNCTION;
    }
  else
    {
      base += (guint64) dlibMove.QuadPart;
    }
  self->position = base;
  if (plibNewPosition != NULL)
    plibNewPosition->QuadPart = base;
  return S_OK;
}

static HRESULT
stream_set_size (IStream        *iface,
                 ULARGE_INTEGER  libNewSize)
{
  MapiStream *self = SELF (iface);
  HRESULT hr = check_writable (self);

  if (FAILED (hr))
    return hr;
  if (libNewSize.QuadPart > G_MAXINT64)
    return STG_E_INVALIDFUNCTION;
  hr = self->content->klass->set_size (self->content, libNewSize.QuadPart);
  if (SUCCEEDED (hr))
    self->content->is_dirty = TRUE;
  return hr;
}

HRESULT
mapi_stream_copy (LPSTREAM  source,
                  LPSTREAM  destination,
                  guint64   n_bytes,
                  guint64  *n_read,
                  guint64  *n_written)
{
  g_autofree char *chunk = g_malloc (COPY_CHUNK);
  guint64 done = 0;
  HRESULT hr = S_OK;

  *n_read = 0;
  *n_written = 0;
  while (done < n_bytes)
    {
      ULONG n = (ULONG) MIN (n_bytes - done, COPY_CHUNK);
      ULONG got = 0;
      ULONG put = 0;

      hr = source->lpVtbl->Read (source, chunk, n, &got);
      if (FAILED (hr) || got == 0)
        break;
      *n_read += got;
      hr = destination->lpVtbl->Write (destination, chunk, got, &put);
      *n_written += put;
      if (FAILED (hr))
        break;
      if (put < got)
        {
          hr = STG_E_MEDIUMFULL;
          break;
        }
      done += got;
    }
  return FAILED (hr) ? hr : S_OK;
}

HRESULT
mapi_stream_read_all (LPSTREAM   stream,
                      GBytes   **bytes)
{
  g_autoptr(GByteArray) all = g_byte_array_new ();
  guint64 limit = imsg_limit_get_default (IMSG_LIMIT_VALUE_BYTES);
  g_autofree guint8 *chunk = g_malloc (COPY_CHUNK);

  *bytes = NULL;
  for (;;)
    {
      ULONG got = 0;
      HRESULT hr = stream->lpVtbl->Read (stream, chunk, COPY_CHUNK, &got);

      if (FAILED (hr))
        return hr;
      if (got == 0)
        break;
      if ((guint64) all->len + got > MIN (limit, G_MAXUINT / 2))
        return STG_E_INSUFFICIENTMEMORY;
      g_byte_array_append (all, chunk, got);
    }
  *bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  return S_OK;
}

/* Streams over one content may overlap: then the source is read whole first. */
static HRESULT
copy_within (MapiStream *self,
             LPSTREAM    destination,
             guint64     n_bytes,
             guint64    *n_read,
             guint64    *n_written)
{
  g_autoptr(GByteArray) all = g_byte_array_new ();
  guint64 size;
  ULONG got = 0;
  ULONG put = 0;
  HRESULT hr = self->content->klass->get_size (self->content, &size);

  if (FAILED (hr))
    return hr;
  if (self->position >= size)
    return S_OK;
  n_bytes = MIN (n_bytes, size - self->position);
  if (n_bytes > G_MAXINT32)
    return STG_E_INSUFFICIENTMEMORY;
  g_byte_array_set_size (all, (guint) n_bytes);
  hr = stream_read (&self->iface, all->data, all->len, &got);
  *n_read = got;
  if (SUCCEEDED (hr) && got > 0)
    hr = destination->lpVtbl->Write (destination, all->data, got, &put);
  *n_written = put;
  return hr;
}

static HRESULT
stream_copy_to (IStream        *iface,
                IStream        *pstm,
                ULARGE_INTEGER  cb,
                ULARGE_INTEGER *pcbRead,
                ULARGE_INTEGER *pcbWritten)
{
  MapiStream *self = SELF (iface);
  guint64 n_read = 0;
  guint64 n_written = 0;
  HRESULT hr = check_alive (self);

  if (pcbRead != NULL)
    pcbRead->QuadPart = 0;
  if (pcbWritten != NULL)
    pcbWritten->QuadPart = 0;
  if (FAILED (hr))
    return hr;
  if (pstm == NULL)
    return STG_E_INVALIDPOINTER;
  if (mapi_stream_peek_content (pstm) == self->content)
    hr = copy_within (self, pstm, cb.QuadPart, &n_read, &n_written);
  else
    hr = mapi_stream_copy (iface, pstm, cb.QuadPart, &n_read, &n_written);
  if (pcbRead != NULL)
    pcbRead->QuadPart = n_read;
  if (pcbWritten != NULL)
    pcbWritten->QuadPart = n_written;
  return hr;
}

static HRESULT
stream_commit (IStream *iface,
               DWORD    grfCommitFlags)
{
  HRESULT hr = check_alive (SELF (iface));

  return FAILED (hr) ? hr : mapi_content_flush (SELF (iface)->content);
}

static HRESULT
stream_revert (IStream *iface)
{
  return check_alive (SELF (iface));
}

static HRESULT
stream_lock_region (IStream        *iface,
                    ULARGE_INTEGER  libOffset,
                    ULARGE_INTEGER  cb,
                    DWORD           dwLockType)
{
  HRESULT hr = check_alive (SELF (iface));

  return FAILED (hr) ? hr : STG_E_INVALIDFUNCTION;
}

static HRESULT
stream_stat (IStream *iface,
             STATSTG *pstatstg,
             DWORD    grfStatFlag)
{
  MapiStream *self = SELF (iface);
  guint64 size;
  HRESULT hr = check_alive (self);

  if (FAILED (hr))
    return hr;
  if (pstatstg == NULL)
    return STG_E_INVALIDPOINTER;
  if (grfStatFlag > STATFLAG_NOOPEN)
    return STG_E_INVALIDFLAG;
  hr = self->content->klass->get_size (self->content, &size);
  if (FAILED (hr))
    return hr;
  memset (pstatstg, 0, sizeof *pstatstg);
  pstatstg->type = STGTY_STREAM;
  pstatstg->cbSize.QuadPart = size;
  pstatstg->grfMode = self->content->mode;
  pstatstg->mtime = self->content->modified;
  pstatstg->ctime = self->content->created;
  pstatstg->atime = self->content->accessed;
  if (grfStatFlag != STATFLAG_NONAME && self->content->name != NULL)
    {
      pstatstg->pwcsName =
        mapi_task_memdup (self->content->name,
                          (mapi_wide_length (self->content->name) + 1) * sizeof (WCHAR));
      if (pstatstg->pwcsName == NULL)
        return STG_E_INSUFFICIENTMEMORY;
    }
  return S_OK;
}

static HRESULT
stream_clone (IStream  *iface,
              IStream **ppstm)
{
  MapiStream *self = SELF (iface);
  HRESULT hr;

  if (ppstm == NULL)
    return STG_E_INVALIDPOINTER;
  *ppstm = NULL;
  hr = check_alive (self);
  if (FAILED (hr))
    return hr;
  *ppstm = stream_new_at (mapi_content_ref (self->content), self->position);
  return S_OK;
}

static const IStreamVtbl stream_vtbl = {
  stream_query_interface,
  stream_add_ref,
  stream_release,
  stream_read,
  stream_write,
  stream_seek,
  stream_set_size,
  stream_copy_to,
  stream_commit,
  stream_revert,
  stream_lock_region,
  stream_lock_region,
  stream_stat,
  stream_clone,
};

static LPSTREAM
stream_new_at (MapiContent *content,
               guint64      position)
{
  MapiStream *self = g_new0 (MapiStream, 1);

  self->iface.lpVtbl = &stream_vtbl;
  self->ref_count = 1;
  self->content = content;
  self->position = position;
  return &self->iface;
}

LPSTREAM
mapi_stream_new (MapiContent *content)
{
  LPSTREAM stream = stream_new_at (content, 0);

  content->primary = stream;
  return stream;
}

MapiContent *
mapi_stream_peek_content (LPSTREAM stream)
{
  return stream->lpVtbl == &stream_vtbl ? SELF (stream)->content : NULL;
}
