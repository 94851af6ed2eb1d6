/* mapi-value.c - property values between the library's variants and MAPI's structures
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-value-private.h"

/* --- out of the library --- */

static LPSTR
narrow_text (const char           *utf8,
             guint                 code_page,
             const MapiAllocators *allocators,
             gpointer              base)
{
  g_autoptr(GBytes) bytes = imsg_text_encode_lossy (code_page, utf8);
  gsize n_bytes;
  gconstpointer data;
  LPSTR text;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &n_bytes);
  text = mapi_allocate (allocators, base, n_bytes + 1);
  if (text != NULL && n_bytes > 0)
    memcpy (text, data, n_bytes);
  return text;
}

static gboolean
put_binary (GVariant             *variant,
            const MapiAllocators *allocators,
            gpointer              base,
            SBinary              *binary)
{
  gsize n_bytes;
  gconstpointer data = g_variant_get_fixed_array (variant, &n_bytes, 1);

  binary->cb = (ULONG) n_bytes;
  binary->lpb = mapi_allocate (allocators, base, n_bytes);
  if (binary->lpb == NULL || n_bytes > G_MAXUINT32)
    return FALSE;
  if (n_bytes > 0)
    memcpy (binary->lpb, data, n_bytes);
  return TRUE;
}

/* One value of a single-valued type, into the bytes of an element (of a GUID: its bytes). */
static SCODE
put_element (ULONG                 type,
             GVariant             *variant,
             guint                 code_page,
             const MapiAllocators *allocators,
             gpointer              base,
             gpointer              element)
{
  union _PV *value = element;

  switch (type)
    {
    case PT_I2:
      value->i = g_variant_get_int16 (variant);
      return S_OK;
    case PT_LONG:
      value->l = g_variant_get_int32 (variant);
      return S_OK;
    case PT_ERROR:
      value->err = (SCODE) g_variant_get_uint32 (variant);
      return S_OK;
    case PT_R4:
      value->flt = (float) g_variant_get_double (variant);
      return S_OK;
    case PT_DOUBLE:
    case PT_APPTIME:
      value->dbl = g_variant_get_double (variant);
      return S_OK;
    case PT_CURRENCY:
    case PT_I8:
      value->li.QuadPart = g_variant_get_int64 (variant);
      return S_OK;
    case PT_BOOLEAN:
      value->b = g_variant_get_boolean (variant) ? 1 : 0;
      return S_OK;
    case PT_SYSTIME:
      value->ft = mapi_ticks_to_filetime (g_variant_get_uint64 (variant));
      return S_OK;
    case PT_STRING8:
      value->lpszA = narrow_text (g_variant_get_string (variant, NULL), code_page, allocators,
                                  base);
      return value->lpszA != NULL ? S_OK : MAPI_E_NOT_ENOUGH_MEMORY;
    case PT_UNICODE:
      value->lpszW = mapi_utf8_to_wide (g_variant_get_string (variant, NULL), allocators, base);
      return value->lpszW != NULL ? S_OK : MAPI_E_NOT_ENOUGH_MEMORY;
    case PT_BINARY:
      return put_binary (variant, allocators, base, &value->bin) ? S_OK
                                                                 : MAPI_E_NOT_ENOUGH_MEMORY;
    case PT_CLSID:
      return mapi_guid_from_text (g_variant_get_string (variant, NULL), element)
               ? S_OK : MAPI_E_CORRUPT_DATA;
    default:
      return MAPI_E_INVALID_TYPE;
    }
}

SCODE
mapi_value_from_variant (ULONG                  tag,
                         GVariant              *variant,
                         guint                  code_page,
                         const MapiAllocators  *allocators,
                         gpointer               base,
                         SPropValue            *value)
{
  ULONG type = PROP_TYPE (tag);
  const char *variant_type = imsg_property_type_get_variant_type ((IMsgPropertyType) type);
  gsize size = mapi_type_element_size (type);
  gsize n_items;
  SCODE scode;
  char *items;

  memset (value, 0, sizeof *value);
  value->ulPropTag = tag;
  if (size == 0 || variant_type == NULL)
    return MAPI_E_INVALID_TYPE;
  if (strcmp (g_variant_get_type_string (variant), variant_type) != 0)
    return MAPI_E_UNEXPECTED_TYPE;
  if ((type & MV_FLAG) == 0)
    {
      if (type == PT_CLSID)
        {
          value->Value.lpguid = mapi_allocate (allocators, base, sizeof (GUID));
          if (value->Value.lpguid == NULL)
            return MAPI_E_NOT_ENOUGH_MEMORY;
          return put_element (type, variant, code_page, allocators, base, value->Value.lpguid);
        }
      return put_element (type, variant, code_page, allocators, base, &value->Value);
    }

  n_items = g_variant_n_children (variant);
  if (n_items == 0)
    return MAPI_E_NOT_FOUND;
  items = mapi_allocate (allocators, base, n_items * size);
  if (items == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  value->Value.MVi.cValues = (ULONG) n_items;
  value->Value.MVi.lpi = (gpointer) items;
  for (gsize i = 0; i < n_items; i++)
    {
      g_autoptr(GVariant) item = g_variant_get_child_value (variant, i);

      if ((type & ~(ULONG) MV_FLAG) == PT_CLSID)
        {
          scode = put_element (PT_CLSID, item, code_page, allocators, base, items + i * size);
        }
      else
        {
          union _PV element;

          memset (&element, 0, sizeof element);
          scode = put_element (type & ~(ULONG) MV_FLAG, item, code_page, allocators, base,
                               &element);
          memcpy (items + i * size, &element, size);
        }
      if (FAILED (scode))
        return scode;
    }
  return S_OK;
}

/* --- into the library --- */

static SCODE
take_element (ULONG          type,
              gconstpointer  element,
              guint          code_page,
              GVariant     **variant)
{
  union _PV value;
  char guid_text[MAPI_GUID_TEXT_SIZE];
  g_autofree char *text = NULL;

  memset (&value, 0, sizeof value);
  if (type != PT_CLSID)
    memcpy (&value, element, mapi_type_element_size (type));
  switch (type)
    {
    case PT_I2:
      *variant = g_variant_new_int16 (value.i);
      return S_OK;
    case PT_LONG:
      *variant = g_variant_new_int32 (value.l);
      return S_OK;
    case PT_R4:
      *variant = g_variant_new_double (value.flt);
      return S_OK;
    case PT_DOUBLE:
    case PT_APPTIME:
      *variant = g_variant_new_double (value.dbl);
      return S_OK;
    case PT_CURRENCY:
    case PT_I8:
      *variant = g_variant_new_int64 (value.li.QuadPart);
      return S_OK;
    case PT_BOOLEAN:
      *variant = g_variant_new_boolean (value.b != 0);
      return S_OK;
    case PT_SYSTIME:
      *variant = g_variant_new_uint64 (mapi_filetime_to_ticks (value.ft));
      return S_OK;
    case PT_STRING8:
      if (value.lpszA == NULL)
        return MAPI_E_INVALID_PARAMETER;
      {
        g_autoptr(GBytes) bytes = g_bytes_new_static (value.lpszA, strlen (value.lpszA));

        text = imsg_text_decode (code_page, bytes);
      }
      *variant = g_variant_new_string (text);
      return S_OK;
    case PT_UNICODE:
      if (value.lpszW == NULL)
        return MAPI_E_INVALID_PARAMETER;
      text = mapi_wide_to_utf8 (value.lpszW);
      *variant = g_variant_new_string (text);
      return S_OK;
    case PT_BINARY:
      if (value.bin.lpb == NULL && value.bin.cb > 0)
        return MAPI_E_INVALID_PARAMETER;
      *variant = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, value.bin.lpb, value.bin.cb, 1);
      return S_OK;
    case PT_CLSID:
      if (element == NULL)
        return MAPI_E_INVALID_PARAMETER;
      mapi_guid_to_text (element, guid_text);
      *variant = g_variant_new_string (guid_text);
      return S_OK;
    default:
      return MAPI_E_INVALID_TYPE;
    }
}

SCODE
mapi_value_to_variant (const SPropValue  *value,
                       guint              code_page,
                       GVariant         **variant)
{
  ULONG type = PROP_TYPE (value->ulPropTag);
  gsize size = mapi_type_element_size (type);
  const char *variant_type = imsg_property_type_get_variant_type ((IMsgPropertyType) type);
  GVariantBuilder builder;
  SCODE scode;

  *variant = NULL;
  if (type == PT_PTR || type == PT_SVREID || type == PT_SRESTRICTION || type == PT_ACTIONS)
    return MAPI_E_TYPE_NO_SUPPORT;
  if (size == 0 || type == PT_ERROR || variant_type == NULL)
    return MAPI_E_INVALID_TYPE;
  if ((type & MV_FLAG) == 0)
    return take_element (type, type == PT_CLSID ? (gconstpointer) value->Value.lpguid
                                                : (gconstpointer) &value->Value,
                         code_page, variant);
  if (value->Value.MVi.cValues == 0 || value->Value.MVi.lpi == NULL)
    return MAPI_E_INVALID_PARAMETER;
  g_variant_builder_init (&builder, G_VARIANT_TYPE (variant_type));
  for (ULONG i = 0; i < value->Value.MVi.cValues; i++)
    {
      GVariant *item;

      scode = take_element (type & ~(ULONG) MV_FLAG,
                            (const char *) value->Value.MVi.lpi + i * size, code_page, &item);
      if (FAILED (scode))
        {
          g_variant_builder_clear (&builder);
          return scode;
        }
      g_variant_builder_add_value (&builder, item);
    }
  *variant = g_variant_builder_end (&builder);
  return S_OK;
}

/* --- text as it is stored --- */

/* Half a surrogate pair becomes U+FFFD, and 8-bit text is not always encoded as it was. */
gboolean
mapi_text_is_doubtful (ULONG     tag,
                       GVariant *variant)
{
  if (PROP_TYPE (tag) == PT_UNICODE)
    return strstr (g_variant_get_string (variant, NULL), "\xEF\xBF\xBD") != NULL;
  return PROP_TYPE (tag) == PT_STRING8 && !g_str_is_ascii (g_variant_get_string (variant, NULL));
}

gboolean
mapi_value_read_text (IMsgPropertyObject   *object,
                      ULONG                 tag,
                      const MapiAllocators *allocators,
                      gpointer              base,
                      SPropValue           *value)
{
  ULONG type = PROP_TYPE (tag);
  g_autoptr(GBytes) raw = NULL;
  const guint8 *data;
  gsize n_bytes;
  guint8 *text;

  if ((type != PT_STRING8 && type != PT_UNICODE) ||
      PROP_TYPE (imsg_property_object_find_tag (object, tag)) != type)
    return FALSE;
  raw = imsg_property_object_get_raw (object, tag, NULL);
  if (raw == NULL)
    return FALSE;
  data = g_bytes_get_data (raw, &n_bytes);
  text = mapi_allocate (allocators, base, n_bytes + sizeof (WCHAR));
  if (text == NULL)
    return FALSE;
  if (n_bytes > 0)
    memcpy (text, data, n_bytes);
  value->ulPropTag = tag;
  if (type == PT_STRING8)
    {
      value->Value.lpszA = (LPSTR) text;
      return TRUE;
    }
  value->Value.lpszW = (LPWSTR) (gpointer) text;
  for (gsize i = 0; i < n_bytes / sizeof (WCHAR); i++)
    value->Value.lpszW[i] = GUINT16_FROM_LE (value->Value.lpszW[i]);
  value->Value.lpszW[n_bytes / sizeof (WCHAR)] = 0;
  return TRUE;
}

GBytes *
mapi_value_get_raw_text (const SPropValue *value,
                         guint             code_page,
                         gboolean          is_unicode)
{
  ULONG type = PROP_TYPE (value->ulPropTag);

  if (type == PT_STRING8 && !is_unicode && value->Value.lpszA != NULL &&
      !g_str_is_ascii (value->Value.lpszA))
    {
      g_autoptr(GBytes) raw = g_bytes_new (value->Value.lpszA, strlen (value->Value.lpszA));
      g_autofree char *text = imsg_text_decode (code_page, raw);
      g_autoptr(GBytes) encoded = imsg_text_encode (code_page, text, NULL);

      return encoded != NULL && g_bytes_equal (raw, encoded) ? NULL : g_steal_pointer (&raw);
    }
  if (type == PT_UNICODE && is_unicode && value->Value.lpszW != NULL)
    {
      g_autofree char *text = mapi_wide_to_utf8_strict (value->Value.lpszW);
      gsize n_units = mapi_wide_length (value->Value.lpszW);
      g_autofree guint16 *units = NULL;

      if (text != NULL)
        return NULL;
      units = g_new (guint16, n_units);
      for (gsize i = 0; i < n_units; i++)
        units[i] = GUINT16_TO_LE (value->Value.lpszW[i]);
      return g_bytes_new_take (g_steal_pointer (&units), n_units * sizeof (guint16));
    }
  return NULL;
}

gboolean
mapi_object_set_raw (IMsgPropertyObject  *object,
                     ULONG                tag,
                     GBytes              *raw,
                     GError             **error)
{
  g_autoptr(GOutputStream) stream =
    imsg_property_object_replace_stream (object, tag, NULL, error);
  gsize n_bytes;
  const void *data = g_bytes_get_data (raw, &n_bytes);

  return stream != NULL &&
         g_output_stream_write_all (stream, data, n_bytes, NULL, NULL, error) &&
         g_output_stream_close (stream, NULL, error);
}
