/* imsg-value-encode.c - values from GVariant to the bytes that are stored
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-property-private.h"

#include <glib/gi18n-lib.h>

#define GUID_BYTES 16

static void
write_word (guint8  *bytes,
            guint64  word,
            guint    n_bytes)
{
  for (guint i = 0; i < n_bytes; i++, word >>= 8)
    bytes[i] = (guint8) word;
}

/* BAD_VALUE when a number is too large for a PT_R4. */
static gboolean
encode_float (guint32   tag,
              double    number,
              guint8   *bytes,
              GError  **error)
{
  float narrow;
  guint32 word;

  if (isfinite (number) && fabs (number) > FLT_MAX)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                   _("Property 0x%08X: %g is too large for PT_R4"), tag, number);
      return FALSE;
    }
  narrow = (float) number;
  memcpy (&word, &narrow, 4);
  write_word (bytes, word, 4);
  return TRUE;
}

static gboolean
encode_guid (guint32      tag,
             const char  *text,
             guint8      *bytes,
             GError     **error)
{
  IMsgGuid guid;

  if (!_imsg_guid_parse (text, &guid))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE, _("Property 0x%08X: “%s” is no GUID"),
                   tag, text);
      return FALSE;
    }
  memcpy (bytes, guid.bytes, GUID_BYTES);
  return TRUE;
}

/* Nothing, or the 8 bytes that some writer left where there is no value. */
static GBytes *
encode_null (guint32    tag,
             GVariant  *value,
             GError   **error)
{
  gsize n_bytes = g_variant_get_size (value);

  if (n_bytes == IMSG_INLINE_BYTES)
    return g_variant_get_data_as_bytes (value);
  if (n_bytes == 0)
    return g_bytes_new_take (g_malloc0 (IMSG_INLINE_BYTES), IMSG_INLINE_BYTES);
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
               _("Property 0x%08X takes no value, or 8 bytes"), tag);
  return NULL;
}

static GBytes *
encode_number (guint32    tag,
               GVariant  *value,
               GError   **error)
{
  guint type = IMSG_TAG_TYPE (tag);
  guint n_bytes = _imsg_type_get_value_size (type);
  guint8 bytes[GUID_BYTES];
  double number;
  guint64 word;

  switch (type)
    {
    case IMSG_PROPERTY_TYPE_I2:
      word = (guint64) g_variant_get_int16 (value);
      break;
    case IMSG_PROPERTY_TYPE_LONG:
      word = (guint64) g_variant_get_int32 (value);
      break;
    case IMSG_PROPERTY_TYPE_ERROR:
      word = g_variant_get_uint32 (value);
      break;
    case IMSG_PROPERTY_TYPE_BOOLEAN:
      word = g_variant_get_boolean (value);
      break;
    case IMSG_PROPERTY_TYPE_CURRENCY:
    case IMSG_PROPERTY_TYPE_I8:
      word = (guint64) g_variant_get_int64 (value);
      break;
    case IMSG_PROPERTY_TYPE_SYSTIME:
      word = g_variant_get_uint64 (value);
      break;
    case IMSG_PROPERTY_TYPE_DOUBLE:
    case IMSG_PROPERTY_TYPE_APPTIME:
      number = g_variant_get_double (value);
      memcpy (&word, &number, 8);
      break;
    case IMSG_PROPERTY_TYPE_R4:
      return encode_float (tag, g_variant_get_double (value), bytes, error)
               ? g_bytes_new (bytes, n_bytes) : NULL;
    case IMSG_PROPERTY_TYPE_CLSID:
      return encode_guid (tag, g_variant_get_string (value, NULL), bytes, error)
               ? g_bytes_new (bytes, n_bytes) : NULL;
    default:
      g_assert_not_reached ();
    }
  write_word (bytes, word, n_bytes);
  return g_bytes_new (bytes, n_bytes);
}

static GBytes *
encode_list (guint32    tag,
             GVariant  *value,
             GError   **error)
{
  guint type = IMSG_TAG_TYPE (tag);
  guint value_size = _imsg_type_get_value_size (type);
  gsize n_values = g_variant_n_children (value);
  g_autofree guint8 *bytes = g_malloc (n_values * value_size);

  if (IMSG_TYPE_BASE (type) == IMSG_PROPERTY_TYPE_CLSID)
    {
      for (gsize i = 0; i < n_values; i++)
        {
          const char *text;

          g_variant_get_child (value, i, "&s", &text);
          if (!encode_guid (tag, text, bytes + i * GUID_BYTES, error))
            return NULL;
        }
    }
  else if (IMSG_TYPE_BASE (type) == IMSG_PROPERTY_TYPE_R4)
    {
      const double *numbers = g_variant_get_fixed_array (value, &n_values, sizeof (double));

      for (gsize i = 0; i < n_values; i++)
        if (!encode_float (tag, numbers[i], bytes + i * 4, error))
          return NULL;
    }
  else
    {
      g_autoptr(GVariant) swapped = NULL;

      if (G_BYTE_ORDER == G_BIG_ENDIAN)
        value = swapped = g_variant_byteswap (value);
      memcpy (bytes, g_variant_get_fixed_array (value, &n_values, value_size),
              n_values * value_size);
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), n_values * value_size);
}

GBytes *
_imsg_value_encode_text (guint32      tag,
                         const char  *text,
                         gsize        length,
                         guint        code_page,
                         GError     **error)
{
  GBytes *bytes = NULL;

  if (IMSG_TYPE_BASE (IMSG_TAG_TYPE (tag)) == IMSG_PROPERTY_TYPE_UNICODE)
    bytes = _imsg_utf16_encode (text, length);
  else
    bytes = _imsg_code_page_encode (code_page, text, length, error);
  if (bytes == NULL)
    g_prefix_error (error, _("Property 0x%08X: "), tag);
  return bytes;
}

/* n_terminator NUL bytes come after it. */
static GBytes *
encode_text (guint32    tag,
             GVariant  *value,
             guint      code_page,
             guint      n_terminator,
             GError   **error)
{
  gsize length;
  const char *text = g_variant_get_string (value, &length);
  g_autoptr(GBytes) bytes = _imsg_value_encode_text (tag, text, length, code_page, error);
  guint8 *terminated;
  gsize n_bytes;

  if (bytes == NULL || n_terminator == 0)
    return g_steal_pointer (&bytes);

  n_bytes = g_bytes_get_size (bytes);
  terminated = g_malloc0 (n_bytes + n_terminator);
  if (n_bytes > 0)
    memcpy (terminated, g_bytes_get_data (bytes, NULL), n_bytes);
  return g_bytes_new_take (terminated, n_bytes + n_terminator);
}

/* Lengths count the terminator of text, which is stored here as it is not in single values. */
static gboolean
encode_streams (guint32           tag,
                GVariant         *value,
                guint             code_page,
                IMsgStoredValue  *stored,
                GError          **error)
{
  guint type = IMSG_TAG_TYPE (tag);
  guint record_size = type == IMSG_PROPERTY_TYPE_MV_BINARY ? 8 : 4;
  gsize n_values = g_variant_n_children (value);
  g_autofree guint8 *lengths = g_malloc0 (n_values * record_size);
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (gsize i = 0; i < n_values; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);
      GBytes *bytes;

      if (type == IMSG_PROPERTY_TYPE_MV_BINARY)
        bytes = g_variant_get_data_as_bytes (child);
      else
        bytes = encode_text (tag, child, code_page,
                             type == IMSG_PROPERTY_TYPE_MV_UNICODE ? 2 : 1, error);
      if (bytes == NULL)
        return FALSE;
      g_ptr_array_add (values, bytes);
      write_word (lengths + i * record_size, g_bytes_get_size (bytes), 4);
    }
  stored->bytes = g_bytes_new_take (g_steal_pointer (&lengths), n_values * record_size);
  stored->values = g_steal_pointer (&values);
  return TRUE;
}

gboolean
_imsg_value_encode (guint32           tag,
                    GVariant         *value,
                    guint             code_page,
                    IMsgStoredValue  *stored,
                    GError          **error)
{
  guint type = IMSG_TAG_TYPE (tag);
  const char *variant_type = imsg_property_type_get_variant_type ((IMsgPropertyType) type);
  guint value_size = _imsg_type_get_value_size (type);

  memset (stored, 0, sizeof *stored);
  stored->tag = tag;

  if (variant_type == NULL || type == IMSG_PROPERTY_TYPE_UNSPECIFIED)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_TYPE,
                   _("Property 0x%08X: no value can be given to this type"), tag);
      return FALSE;
    }
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE (variant_type)))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                   _("Property 0x%08X takes a value of type “%s”, not “%s”"), tag, variant_type,
                   g_variant_get_type_string (value));
      return FALSE;
    }
  /* Types that are not known are bytes, whatever the flag says. */
  if (variant_type[0] == 'a' && strcmp (variant_type, "ay") != 0 &&
      g_variant_n_children (value) == 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                   _("Property 0x%08X takes a list of at least one value"), tag);
      return FALSE;
    }

  if (_imsg_type_get_stored_form (type) == IMSG_STORED_STREAMS)
    return encode_streams (tag, value, code_page, stored, error);

  if (imsg_property_tag_is_text (tag))
    stored->bytes = encode_text (tag, value, code_page, 0, error);
  else if (type == IMSG_PROPERTY_TYPE_NULL)
    stored->bytes = encode_null (tag, value, error);
  else if (value_size == 0)
    stored->bytes = g_variant_get_data_as_bytes (value);
  else if (IMSG_TYPE_IS_LIST (type))
    stored->bytes = encode_list (tag, value, error);
  else
    stored->bytes = encode_number (tag, value, error);
  return stored->bytes != NULL;
}
