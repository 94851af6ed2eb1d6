/* mapi-rtf.c - compressed RTF as a stream of RTF
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-stream-private.h"

/* Header of compressed RTF: [MS-OXRTFCP] 2.1.3.1 */
#define RTF_HEADER 16
#define MAGIC_COMPRESSED 0x75465A4C
#define MAGIC_UNCOMPRESSED 0x414C454D

#define CODE_PAGE_UTF8 65001

#define INPUT_CHUNK 16384

/* Reads front to back, or takes the whole text; nothing else is offered. */
typedef struct
{
  IStream     iface;
  int         ref_count;
  IStream    *inner;       /* counted */
  GConverter *converter;   /* of one that reads RTF; NULL until the first Read */
  guint8     *input;       /* what the converter has not taken yet: from input_at on */
  ULONG       input_at;
  ULONG       n_input;
  gboolean    has_ended;   /* there is no more input */
  gboolean    is_finished; /* there is no more RTF */
  GBytes     *text;        /* of one that reads the native body */
  gsize       position;
  GByteArray *written;     /* of a writing one; NULL in a reading one */
  gboolean    uncompressed;
  gboolean    is_dirty;
  HRESULT     broken;      /* what Read answers when the data is damaged */
} RtfStream;

#define SELF(iface) ((RtfStream *) (iface))

static HRESULT
write_out (RtfStream *self)
{
  g_autoptr(GBytes) rtf = NULL;
  g_autoptr(GBytes) stored = NULL;
  LARGE_INTEGER start = { .QuadPart = 0 };
  ULARGE_INTEGER size = { .QuadPart = 0 };
  gsize n_bytes;
  gconstpointer data;
  ULONG written = 0;
  HRESULT hr;

  if (self->written == NULL || !self->is_dirty)
    return S_OK;
  rtf = g_bytes_new (self->written->data, self->written->len);
  if (self->uncompressed)
    {
      guint32 header[4] = { GUINT32_TO_LE (self->written->len + RTF_HEADER - 4),
                            GUINT32_TO_LE (self->written->len),
                            GUINT32_TO_LE (MAGIC_UNCOMPRESSED), 0 };
      GByteArray *bytes = g_byte_array_new ();

      g_byte_array_append (bytes, (const guint8 *) header, sizeof header);
      g_byte_array_append (bytes, self->written->data, self->written->len);
      stored = g_byte_array_free_to_bytes (bytes);
    }
  else
    {
      stored = imsg_rtf_compress (rtf);
    }
  data = g_bytes_get_data (stored, &n_bytes);
  hr = self->inner->lpVtbl->Seek (self->inner, start, STREAM_SEEK_SET, NULL);
  if (SUCCEEDED (hr))
    hr = self->inner->lpVtbl->SetSize (self->inner, size);
  if (SUCCEEDED (hr))
    hr = self->inner->lpVtbl->Write (self->inner, data, (ULONG) n_bytes, &written);
  if (SUCCEEDED (hr) && written != n_bytes)
    hr = STG_E_MEDIUMFULL;
  if (SUCCEEDED (hr))
    self->is_dirty = FALSE;
  return hr;
}

static HRESULT
rtf_query_interface (IStream *iface,
                     REFIID   riid,
                     LPVOID  *object)
{
  if (object == NULL)
    return E_POINTER;
  return mapi_answer_interface (iface, riid, object, &IID_IStream, &IID_ISequentialStream);
}

static ULONG
rtf_add_ref (IStream *iface)
{
  return (ULONG) g_atomic_int_add (&SELF (iface)->ref_count, 1) + 1;
}

static ULONG
rtf_release (IStream *iface)
{
  RtfStream *self = SELF (iface);
  int before = g_atomic_int_add (&self->ref_count, -1);

  if (before == 1)
    {
      write_out (self);
      UlRelease (self->inner);
      g_clear_object (&self->converter);
      g_clear_pointer (&self->input, g_free);
      g_clear_pointer (&self->text, g_bytes_unref);
      g_clear_pointer (&self->written, g_byte_array_unref);
      g_free (self);
    }
  return (ULONG) (before - 1);
}

static HRESULT
decompress (RtfStream *self)
{
  g_autoptr(GBytes) compressed = NULL;
  g_autoptr(GError) error = NULL;
  HRESULT hr = mapi_stream_read_all (self->inner, &compressed);

  if (FAILED (hr))
    return hr;
  self->text = imsg_rtf_decompress (compressed, NULL, &error);
  return self->text != NULL ? S_OK : STG_E_READFAULT;
}

static HRESULT
fill_input (RtfStream *self)
{
  HRESULT hr;

  self->input_at = 0;
  self->n_input = 0;
  hr = self->inner->lpVtbl->Read (self->inner, self->input, INPUT_CHUNK, &self->n_input);
  self->has_ended = SUCCEEDED (hr) && self->n_input == 0;
  return hr;
}

/* Decompresses as much as fits. */
static HRESULT
read_rtf (RtfStream *self,
          guint8    *out,
          gsize      n_out,
          gsize     *n_read)
{
  if (self->converter == NULL)
    {
      self->converter = G_CONVERTER (imsg_rtf_decompressor_new ());
      self->input = g_malloc (INPUT_CHUNK);
    }
  while (n_out > *n_read && !self->is_finished)
    {
      gsize n_taken = 0;
      gsize n_given = 0;
      GConverterResult result;

      if (self->input_at == self->n_input && !self->has_ended)
        {
          HRESULT hr = fill_input (self);

          if (FAILED (hr))
            return hr;
        }
      result = g_converter_convert (self->converter, self->input + self->input_at,
                                    self->n_input - self->input_at, out + *n_read, n_out - *n_read,
                                    self->has_ended ? G_CONVERTER_INPUT_AT_END
                                                    : G_CONVERTER_NO_FLAGS,
                                    &n_taken, &n_given, NULL);
      if (result == G_CONVERTER_ERROR)
        return STG_E_READFAULT;
      self->is_finished = result == G_CONVERTER_FINISHED;
      self->input_at += (ULONG) n_taken;
      *n_read += n_given;
    }
  return S_OK;
}

static HRESULT
rtf_read (IStream *iface,
          void    *pv,
          ULONG    cb,
          ULONG   *pcbRead)
{
  RtfStream *self = SELF (iface);
  const char *data;
  gsize n_bytes;
  gsize n = 0;

  if (pcbRead != NULL)
    *pcbRead = 0;
  if (self->written != NULL)
    return STG_E_ACCESSDENIED;
  if (pv == NULL)
    return STG_E_INVALIDPOINTER;
  if (FAILED (self->broken))
    return self->broken;
  if (self->text == NULL)
    self->broken = read_rtf (self, pv, cb, &n);
  else
    {
      data = g_bytes_get_data (self->text, &n_bytes);
      n = MIN (cb, n_bytes - self->position);
      if (n > 0)
        memcpy (pv, data + self->position, n);
      self->position += n;
    }
  if (pcbRead != NULL)
    *pcbRead = (ULONG) n;
  /* What came before the damage is given first. */
  return n > 0 ? S_OK : self->broken;
}

static HRESULT
rtf_write (IStream    *iface,
           const void *pv,
           ULONG       cb,
           ULONG      *pcbWritten)
{
  RtfStream *self = SELF (iface);

  if (pcbWritten != NULL)
    *pcbWritten = 0;
  if (self->written == NULL)
    return STG_E_ACCESSDENIED;
  if (pv == NULL)
    return STG_E_INVALIDPOINTER;
  if ((guint64) self->written->len + cb > imsg_limit_get_default (IMSG_LIMIT_RTF_BYTES))
    return STG_E_MEDIUMFULL;
  g_byte_array_append (self->written, pv, cb);
  self->is_dirty = TRUE;
  if (pcbWritten != NULL)
    *pcbWritten = cb;
  return S_OK;
}

static HRESULT
rtf_seek (IStream        *iface,
          LARGE_INTEGER   dlibMove,
          DWORD           dwOrigin,
          ULARGE_INTEGER *plibNewPosition)
{
  return E_NOTIMPL;
}

static HRESULT
rtf_set_size (IStream        *iface,
              ULARGE_INTEGER  libNewSize)
{
  return E_NOTIMPL;
}

static HRESULT
rtf_copy_to (IStream        *iface,
             IStream        *pstm,
             ULARGE_INTEGER  cb,
             ULARGE_INTEGER *pcbRead,
             ULARGE_INTEGER *pcbWritten)
{
  guint64 n_read = 0;
  guint64 n_written = 0;
  HRESULT hr;

  if (pstm == NULL)
    return STG_E_INVALIDPOINTER;
  hr = mapi_stream_copy (iface, pstm, cb.QuadPart, &n_read, &n_written);
  if (pcbRead != NULL)
    pcbRead->QuadPart = n_read;
  if (pcbWritten != NULL)
    pcbWritten->QuadPart = n_written;
  return hr;
}

static HRESULT
rtf_commit (IStream *iface,
            DWORD    grfCommitFlags)
{
  return write_out (SELF (iface));
}

static HRESULT
rtf_revert (IStream *iface)
{
  return E_NOTIMPL;
}

static HRESULT
rtf_lock_region (IStream        *iface,
                 ULARGE_INTEGER  libOffset,
                 ULARGE_INTEGER  cb,
                 DWORD           dwLockType)
{
  return E_NOTIMPL;
}

static HRESULT
rtf_stat (IStream *iface,
          STATSTG *pstatstg,
          DWORD    grfStatFlag)
{
  return E_NOTIMPL;
}

static HRESULT
rtf_clone (IStream  *iface,
           IStream **ppstm)
{
  if (ppstm != NULL)
    *ppstm = NULL;
  return E_NOTIMPL;
}

static const IStreamVtbl rtf_vtbl = {
  rtf_query_interface,
  rtf_add_ref,
  rtf_release,
  rtf_read,
  rtf_write,
  rtf_seek,
  rtf_set_size,
  rtf_copy_to,
  rtf_commit,
  rtf_revert,
  rtf_lock_region,
  rtf_lock_region,
  rtf_stat,
  rtf_clone,
};

static RtfStream *
rtf_stream_new (IStream *inner)
{
  RtfStream *self = g_new0 (RtfStream, 1);

  self->iface.lpVtbl = &rtf_vtbl;
  self->ref_count = 1;
  self->inner = inner;
  UlAddRef (inner);
  return self;
}

/* Looks at the header and goes back; what is shorter has none. */
static HRESULT
check_header (IStream *stream)
{
  guint32 header[4];
  LARGE_INTEGER back = { .QuadPart = 0 };
  ULONG got = 0;
  HRESULT hr = stream->lpVtbl->Read (stream, header, sizeof header, &got);

  if (FAILED (hr))
    return MapStorageSCode (hr);
  if (got != sizeof header || (GUINT32_FROM_LE (header[2]) != MAGIC_COMPRESSED &&
                               GUINT32_FROM_LE (header[2]) != MAGIC_UNCOMPRESSED))
    return MAPI_E_CORRUPT_DATA;
  back.QuadPart = -(LONGLONG) got;
  hr = stream->lpVtbl->Seek (stream, back, STREAM_SEEK_CUR, NULL);
  return FAILED (hr) ? MapStorageSCode (hr) : S_OK;
}

HRESULT
WrapCompressedRTFStream (LPSTREAM  lpCompressedRTFStream,
                         ULONG     ulFlags,
                         LPSTREAM *lpUncompressedRTFStream)
{
  RtfStream *self;
  HRESULT hr;

  if (lpUncompressedRTFStream == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lpUncompressedRTFStream = NULL;
  if (lpCompressedRTFStream == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if ((ulFlags & ~(ULONG) (MAPI_MODIFY | STORE_UNCOMPRESSED_RTF)) != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  if ((ulFlags & MAPI_MODIFY) == 0)
    {
      hr = check_header (lpCompressedRTFStream);
      if (FAILED (hr))
        return hr;
    }
  self = rtf_stream_new (lpCompressedRTFStream);
  if ((ulFlags & MAPI_MODIFY) != 0)
    {
      self->written = g_byte_array_new ();
      self->uncompressed = (ulFlags & STORE_UNCOMPRESSED_RTF) != 0;
    }
  *lpUncompressedRTFStream = &self->iface;
  return S_OK;
}

/* The text that was put into the RTF, in the code page that it came in */
static HRESULT
open_native (LPSTREAM           compressed,
             const RTF_WCSINFO *info,
             LPSTREAM          *out,
             RTF_WCSRETINFO    *result)
{
  RtfStream *self = rtf_stream_new (compressed);
  g_autofree char *native = NULL;
  guint code_page = info->ulOutCodePage != 0 ? info->ulOutCodePage : info->ulInCodePage;
  HRESULT hr = decompress (self);

  if (FAILED (hr))
    {
      UlRelease (self);
      return MAPI_E_CORRUPT_DATA;
    }
  result->ulStreamFlags = MAPI_NATIVE_BODY_TYPE_RTF;
  switch (imsg_rtf_get_content (self->text))
    {
    case IMSG_RTF_CONTENT_HTML:
      native = imsg_rtf_to_html (self->text, NULL, NULL);
      if (native != NULL)
        result->ulStreamFlags = MAPI_NATIVE_BODY_TYPE_HTML;
      break;
    case IMSG_RTF_CONTENT_TEXT:
      native = imsg_rtf_to_text (self->text, NULL, NULL);
      if (native != NULL)
        result->ulStreamFlags = MAPI_NATIVE_BODY_TYPE_PLAINTEXT;
      break;
    default:
      break;
    }
  if (native != NULL)
    {
      g_bytes_unref (self->text);
      if (code_page == 0 || code_page == CODE_PAGE_UTF8)
        self->text = g_bytes_new (native, strlen (native));
      else
        self->text = imsg_text_encode_lossy (code_page, native);
    }
  *out = &self->iface;
  return S_OK;
}

HRESULT
WrapCompressedRTFStreamEx (LPSTREAM           lpCompressedRTFStream,
                           const RTF_WCSINFO *pWCSInfo,
                           LPSTREAM          *lppUncompressedRTFStream,
                           RTF_WCSRETINFO    *pRetInfo)
{
  HRESULT hr;

  if (lppUncompressedRTFStream == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppUncompressedRTFStream = NULL;
  if (lpCompressedRTFStream == NULL || pWCSInfo == NULL || pRetInfo == NULL ||
      pWCSInfo->size != sizeof *pWCSInfo || pRetInfo->size != sizeof *pRetInfo)
    return MAPI_E_INVALID_PARAMETER;
  pRetInfo->ulStreamFlags = 0;
  if ((pWCSInfo->ulFlags & MAPI_NATIVE_BODY) == 0)
    return WrapCompressedRTFStream (lpCompressedRTFStream, pWCSInfo->ulFlags,
                                    lppUncompressedRTFStream);
  if ((pWCSInfo->ulFlags & MAPI_MODIFY) != 0)
    return MAPI_E_INVALID_PARAMETER;
  if ((pWCSInfo->ulFlags & ~(ULONG) (MAPI_NATIVE_BODY | STORE_UNCOMPRESSED_RTF)) != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  hr = check_header (lpCompressedRTFStream);
  if (FAILED (hr))
    return hr;
  return open_native (lpCompressedRTFStream, pWCSInfo, lppUncompressedRTFStream, pRetInfo);
}

HRESULT
RTFSync (LPMESSAGE  lpMessage,
         ULONG      ulFlags,
         BOOL      *lpfMessageUpdated)
{
  if (lpMessage == NULL || lpfMessageUpdated == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if ((ulFlags & ~(ULONG) (RTF_SYNC_RTF_CHANGED | RTF_SYNC_BODY_CHANGED)) != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  /* Bodies are never made from one another behind the caller's back. */
  *lpfMessageUpdated = FALSE;
  return S_OK;
}
