/* mapi-storage-class.c - classes and user types in storages and streams
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-stream-private.h"

HRESULT
WriteClassStg (IStorage *pStg,
               REFCLSID  rclsid)
{
  if (pStg == NULL)
    return E_INVALIDARG;
  if (rclsid == NULL)
    return STG_E_INVALIDPOINTER;
  return pStg->lpVtbl->SetClass (pStg, rclsid);
}

HRESULT
ReadClassStg (IStorage *pStg,
              CLSID    *pclsid)
{
  STATSTG stat;
  HRESULT hr;

  if (pStg == NULL || pclsid == NULL)
    return E_INVALIDARG;
  hr = pStg->lpVtbl->Stat (pStg, &stat, STATFLAG_NONAME);
  if (SUCCEEDED (hr))
    *pclsid = stat.clsid;
  return hr;
}

HRESULT
WriteClassStm (IStream  *pStm,
               REFCLSID  rclsid)
{
  if (pStm == NULL || rclsid == NULL)
    return E_INVALIDARG;
  return pStm->lpVtbl->Write (pStm, rclsid, sizeof *rclsid, NULL);
}

HRESULT
ReadClassStm (IStream *pStm,
              CLSID   *pclsid)
{
  ULONG got = 0;
  HRESULT hr;

  if (pStm == NULL || pclsid == NULL)
    return E_INVALIDARG;
  hr = pStm->lpVtbl->Read (pStm, pclsid, sizeof *pclsid, &got);
  if (SUCCEEDED (hr) && got == sizeof *pclsid)
    return S_OK;
  *pclsid = CLSID_NULL;
  return FAILED (hr) ? hr : STG_E_READFAULT;
}

/* "\001CompObj": [MS-OLEDS] 2.3.8 */
static const WCHAR comp_obj_name[] = { 1, 'C', 'o', 'm', 'p', 'O', 'b', 'j', 0 };

#define COMP_OBJ_RESERVED_1 0xFFFE0001
#define COMP_OBJ_VERSION 0x00000A03
#define COMP_OBJ_RESERVED_2 0xFFFFFFFF
#define COMP_OBJ_UNICODE_MARKER 0x71B239F4
#define FORMAT_IS_STANDARD 0xFFFFFFFF

static void
append_u32 (GByteArray *bytes,
            guint32     value)
{
  guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &little, sizeof little);
}

/* A length that counts the NUL, and the text; a length of 0 for none */
static void
append_text (GByteArray *bytes,
             const char *text,
             gsize       unit)
{
  static const guint8 zeros[2];
  g_autofree gunichar2 *wide = NULL;
  gsize n_units;

  if (text == NULL || *text == '\0')
    {
      append_u32 (bytes, 0);
      return;
    }
  if (unit == 2)
    {
      wide = g_utf8_to_utf16 (text, -1, NULL, NULL, NULL);
      n_units = wide != NULL ? mapi_wide_length (wide) : 0;
      append_u32 (bytes, (guint32) (n_units + 1) * 2);
      g_byte_array_append (bytes, (const guint8 *) wide, (guint) (n_units + 1) * 2);
      return;
    }
  n_units = strlen (text);
  append_u32 (bytes, (guint32) n_units + 1);
  g_byte_array_append (bytes, (const guint8 *) text, (guint) n_units);
  g_byte_array_append (bytes, zeros, 1);
}

static void
append_format (GByteArray *bytes,
               CLIPFORMAT  format)
{
  append_u32 (bytes, format != 0 ? FORMAT_IS_STANDARD : 0);
  if (format != 0)
    append_u32 (bytes, format);
}

HRESULT
WriteFmtUserTypeStg (IStorage   *pstg,
                     CLIPFORMAT  cf,
                     LPOLESTR    lpszUserType)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autofree char *text = NULL;
  g_autofree char *narrow = NULL;
  IStream *stream = NULL;
  CLSID clsid = CLSID_NULL;
  HRESULT hr;

  if (pstg == NULL)
    return E_INVALIDARG;
  if (lpszUserType != NULL)
    text = mapi_wide_to_utf8 (lpszUserType);
  narrow = text != NULL ? g_convert_with_fallback (text, -1, "CP1252", "UTF-8", "?", NULL, NULL,
                                                   NULL) : NULL;
  ReadClassStg (pstg, &clsid);
  append_u32 (bytes, COMP_OBJ_RESERVED_1);
  append_u32 (bytes, COMP_OBJ_VERSION);
  append_u32 (bytes, COMP_OBJ_RESERVED_2);
  g_byte_array_append (bytes, (const guint8 *) &clsid, sizeof clsid);
  append_text (bytes, narrow, 1);
  append_format (bytes, cf);
  append_u32 (bytes, 0);
  append_u32 (bytes, COMP_OBJ_UNICODE_MARKER);
  append_text (bytes, text, 2);
  append_format (bytes, cf);
  append_u32 (bytes, 0);
  hr = pstg->lpVtbl->CreateStream (pstg, comp_obj_name,
                                   STGM_CREATE | STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0,
                                   &stream);
  if (FAILED (hr))
    return hr;
  hr = stream->lpVtbl->Write (stream, bytes->data, bytes->len, NULL);
  if (SUCCEEDED (hr))
    hr = stream->lpVtbl->Commit (stream, STGC_DEFAULT);
  stream->lpVtbl->Release (stream);
  return hr;
}

/* Reads at *at and moves it; FALSE behind the end. */
static gboolean
take_u32 (const guint8 *data,
          gsize         n_bytes,
          gsize        *at,
          guint32      *value)
{
  if (n_bytes - *at < 4)
    return FALSE;
  memcpy (value, data + *at, 4);
  *value = GUINT32_FROM_LE (*value);
  *at += 4;
  return TRUE;
}

static gboolean
take_bytes (gsize    n_bytes,
            gsize   *at,
            guint32  n,
            gsize   *begin)
{
  if (n > n_bytes - *at)
    return FALSE;
  *begin = *at;
  *at += n;
  return TRUE;
}

/* Behind the format a string nobody needs, then perhaps the same in Unicode: [MS-OLEDS] 2.3.8 */
static char *
take_unicode_type (const guint8 *data,
                   gsize         n_bytes,
                   gsize         at)
{
  guint32 n = 0, marker = 0;
  g_autofree gunichar2 *wide = NULL;
  gsize begin;

  if (!take_u32 (data, n_bytes, &at, &n) || !take_bytes (n_bytes, &at, n, &begin) ||
      !take_u32 (data, n_bytes, &at, &marker) || marker != COMP_OBJ_UNICODE_MARKER ||
      !take_u32 (data, n_bytes, &at, &n) || n < 2 || !take_bytes (n_bytes, &at, n, &begin))
    return NULL;
  wide = g_new (gunichar2, n / 2);
  memcpy (wide, data + begin, n / 2 * 2);
  for (guint32 i = 0; i < n / 2; i++)
    wide[i] = GUINT16_FROM_LE (wide[i]);
  wide[n / 2 - 1] = 0;
  return mapi_wide_to_utf8 ((const WCHAR *) wide);
}

HRESULT
ReadFmtUserTypeStg (IStorage   *pstg,
                    CLIPFORMAT *pcf,
                    LPOLESTR   *lplpszUserType)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  g_autofree char *unicode = NULL;
  const guint8 *data;
  IStream *stream = NULL;
  gsize n_bytes, begin;
  gsize at = 28; /* behind the header and the class */
  guint32 n = 0, format = 0, value = 0;
  HRESULT hr;

  if (pcf != NULL)
    *pcf = 0;
  if (lplpszUserType != NULL)
    *lplpszUserType = NULL;
  if (pstg == NULL)
    return E_INVALIDARG;
  hr = pstg->lpVtbl->OpenStream (pstg, comp_obj_name, NULL, STGM_READ | STGM_SHARE_EXCLUSIVE, 0,
                                 &stream);
  if (FAILED (hr))
    return hr;
  hr = mapi_stream_read_all (stream, &bytes);
  stream->lpVtbl->Release (stream);
  if (FAILED (hr))
    return hr;
  data = g_bytes_get_data (bytes, &n_bytes);
  if (n_bytes < at || !take_u32 (data, n_bytes, &at, &n) || !take_bytes (n_bytes, &at, n, &begin) ||
      !take_u32 (data, n_bytes, &at, &format))
    return STG_E_READFAULT;
  text = g_convert_with_fallback ((const char *) data + begin, n > 0 ? (gssize) n - 1 : 0, "UTF-8",
                                  "CP1252", "?", NULL, NULL, NULL);
  if (format == FORMAT_IS_STANDARD || format == 0xFFFFFFFE)
    {
      if (!take_u32 (data, n_bytes, &at, &value))
        return STG_E_READFAULT;
      if (pcf != NULL)
        *pcf = (CLIPFORMAT) value;
    }
  unicode = take_unicode_type (data, n_bytes, at);
  if (lplpszUserType != NULL)
    *lplpszUserType = mapi_utf8_to_task_wide (unicode != NULL ? unicode
                                              : text != NULL  ? text : "");
  return S_OK;
}
