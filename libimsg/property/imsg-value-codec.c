/* imsg-value-codec.c - values between their GVariant and their stored form
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-property-private.h"

#define GUID_BYTES 16
#define REPLACEMENT "\357\277\275" /* U+FFFD */

#define BASE_TYPE(type) ((type) & ~(guint) IMSG_MULTI_VALUE_FLAG)
#define IS_LIST(type) (((type) & IMSG_MULTI_VALUE_FLAG) != 0)

IMsgStoredForm
_imsg_type_get_stored_form (guint type)
{
  switch (type)
    {
    case IMSG_PROPERTY_TYPE_UNSPECIFIED:
    case IMSG_PROPERTY_TYPE_NULL:
    case IMSG_PROPERTY_TYPE_I2:
    case IMSG_PROPERTY_TYPE_LONG:
    case IMSG_PROPERTY_TYPE_R4:
    case IMSG_PROPERTY_TYPE_DOUBLE:
    case IMSG_PROPERTY_TYPE_CURRENCY:
    case IMSG_PROPERTY_TYPE_APPTIME:
    case IMSG_PROPERTY_TYPE_ERROR:
    case IMSG_PROPERTY_TYPE_BOOLEAN:
    case IMSG_PROPERTY_TYPE_I8:
    case IMSG_PROPERTY_TYPE_SYSTIME:
      return IMSG_STORED_INLINE;
    case IMSG_PROPERTY_TYPE_OBJECT:
      return IMSG_STORED_STORAGE;
    case IMSG_PROPERTY_TYPE_STRING8:
    case IMSG_PROPERTY_TYPE_UNICODE:
    case IMSG_PROPERTY_TYPE_BINARY:
    case IMSG_PROPERTY_TYPE_CLSID: /* fixed, but of more bytes than an entry has room for */
    case IMSG_PROPERTY_TYPE_SVREID:
    case IMSG_PROPERTY_TYPE_SRESTRICTION:
    case IMSG_PROPERTY_TYPE_ACTIONS:
    case IMSG_PROPERTY_TYPE_MV_I2:
    case IMSG_PROPERTY_TYPE_MV_LONG:
    case IMSG_PROPERTY_TYPE_MV_R4:
    case IMSG_PROPERTY_TYPE_MV_DOUBLE:
    case IMSG_PROPERTY_TYPE_MV_CURRENCY:
    case IMSG_PROPERTY_TYPE_MV_APPTIME:
    case IMSG_PROPERTY_TYPE_MV_I8:
    case IMSG_PROPERTY_TYPE_MV_SYSTIME:
    case IMSG_PROPERTY_TYPE_MV_CLSID:
      return IMSG_STORED_STREAM;
    case IMSG_PROPERTY_TYPE_MV_STRING8:
    case IMSG_PROPERTY_TYPE_MV_UNICODE:
    case IMSG_PROPERTY_TYPE_MV_BINARY:
      return IMSG_STORED_STREAMS;
    default:
      return IMSG_STORED_UNKNOWN;
    }
}

guint
_imsg_type_get_value_size (guint type)
{
  switch (_imsg_type_get_stored_form (type))
    {
    case IMSG_STORED_INLINE:
    case IMSG_STORED_STREAM:
      break;
    case IMSG_STORED_STREAMS:
    case IMSG_STORED_STORAGE:
    case IMSG_STORED_UNKNOWN:
    default:
      return 0;
    }

  switch (BASE_TYPE (type))
    {
    case IMSG_PROPERTY_TYPE_I2:
    case IMSG_PROPERTY_TYPE_BOOLEAN:
      return 2;
    case IMSG_PROPERTY_TYPE_LONG:
    case IMSG_PROPERTY_TYPE_R4:
    case IMSG_PROPERTY_TYPE_ERROR:
      return 4;
    case IMSG_PROPERTY_TYPE_CLSID:
      return GUID_BYTES;
    case IMSG_PROPERTY_TYPE_STRING8:
    case IMSG_PROPERTY_TYPE_UNICODE:
    case IMSG_PROPERTY_TYPE_BINARY:
    case IMSG_PROPERTY_TYPE_SVREID:
    case IMSG_PROPERTY_TYPE_SRESTRICTION:
    case IMSG_PROPERTY_TYPE_ACTIONS:
      return 0;
    default: /* PT_NULL and PT_UNSPECIFIED have no value: the 8 bytes are kept as they are */
      return IMSG_INLINE_BYTES;
    }
}

static guint64
read_word (const guint8 *bytes,
           guint         n_bytes)
{
  guint64 word = 0;

  for (guint i = n_bytes; i > 0; i--)
    word = word << 8 | bytes[i - 1];
  return word;
}

static double
read_float (const guint8 *bytes)
{
  guint32 word = (guint32) read_word (bytes, 4);
  float number;

  memcpy (&number, &word, 4);
  return number;
}

static double
read_double (const guint8 *bytes)
{
  guint64 word = read_word (bytes, 8);
  double number;

  memcpy (&number, &word, 8);
  return number;
}

static void
write_word (guint8  *bytes,
            guint64  word,
            guint    n_bytes)
{
  for (guint i = 0; i < n_bytes; i++, word >>= 8)
    bytes[i] = (guint8) word;
}

/* Serialized numbers of a variant and stored ones differ in byte order at most. */
static GVariant *
ref_swapped (GVariant *value)
{
  return G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap (value) : g_variant_ref (value);
}

static GVariant *
decode_guid (const guint8 *bytes)
{
  IMsgGuid guid;
  char text[IMSG_GUID_STRING_SIZE];

  memcpy (guid.bytes, bytes, GUID_BYTES);
  _imsg_guid_print (&guid, text);
  return g_variant_new_string (text);
}

static GVariant *
decode_number (guint         type,
               const guint8 *bytes)
{
  switch (type)
    {
    case IMSG_PROPERTY_TYPE_I2:
      return g_variant_new_int16 ((gint16) read_word (bytes, 2));
    case IMSG_PROPERTY_TYPE_LONG:
      return g_variant_new_int32 ((gint32) read_word (bytes, 4));
    case IMSG_PROPERTY_TYPE_R4:
      return g_variant_new_double (read_float (bytes));
    case IMSG_PROPERTY_TYPE_DOUBLE:
    case IMSG_PROPERTY_TYPE_APPTIME:
      return g_variant_new_double (read_double (bytes));
    case IMSG_PROPERTY_TYPE_ERROR:
      return g_variant_new_uint32 ((guint32) read_word (bytes, 4));
    case IMSG_PROPERTY_TYPE_BOOLEAN:
      return g_variant_new_boolean (read_word (bytes, 2) != 0);
    case IMSG_PROPERTY_TYPE_CURRENCY:
    case IMSG_PROPERTY_TYPE_I8:
      return g_variant_new_int64 ((gint64) read_word (bytes, 8));
    case IMSG_PROPERTY_TYPE_SYSTIME:
      return g_variant_new_uint64 (read_word (bytes, 8));
    default:
      g_assert_not_reached ();
    }
}

static GVariant *
decode_list (guint   type,
             GBytes *bytes)
{
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  gsize n_values = g_bytes_get_size (bytes) / _imsg_type_get_value_size (type);
  g_autoptr(GVariant) as_stored = NULL;

  if (BASE_TYPE (type) == IMSG_PROPERTY_TYPE_R4)
    {
      g_autofree double *numbers = g_new (double, n_values);

      for (gsize i = 0; i < n_values; i++)
        numbers[i] = read_float (data + 4 * i);
      return g_variant_ref_sink (g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, numbers,
                                                            n_values, sizeof (double)));
    }
  if (BASE_TYPE (type) == IMSG_PROPERTY_TYPE_CLSID)
    {
      GVariantBuilder builder;

      g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
      for (gsize i = 0; i < n_values; i++)
        g_variant_builder_add_value (&builder, decode_guid (data + GUID_BYTES * i));
      return g_variant_ref_sink (g_variant_builder_end (&builder));
    }
  as_stored = g_variant_new_from_bytes (G_VARIANT_TYPE (imsg_property_type_get_variant_type (type)),
                                        bytes, TRUE);
  g_variant_ref_sink (as_stored);
  return ref_swapped (as_stored);
}

/* Text without the terminators that some writers store. A variant cannot hold a NUL: one inside
 * counts as a character that could not be decoded. */
static GVariant *
decode_text (guint   type,
             GBytes *bytes,
             guint   code_page,
             gsize  *n_replaced)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  g_autofree char *text = NULL;
  gsize length, n = 0;

  if (BASE_TYPE (type) == IMSG_PROPERTY_TYPE_UNICODE)
    {
      n_bytes &= ~(gsize) 1;
      while (n_bytes > 0 && data[n_bytes - 1] == 0 && data[n_bytes - 2] == 0)
        n_bytes -= 2;
      text = _imsg_utf16_decode (data, n_bytes, &length, &n);
    }
  else
    {
      while (n_bytes > 0 && data[n_bytes - 1] == 0)
        n_bytes--;
      text = _imsg_code_page_decode (code_page, data, n_bytes, &length, &n);
    }
  *n_replaced += n;

  if (memchr (text, '\0', length) != NULL)
    {
      GString *clean = g_string_sized_new (length + 16);

      for (gsize i = 0; i < length; i++)
        if (text[i] != '\0')
          {
            g_string_append_c (clean, text[i]);
          }
        else
          {
            g_string_append (clean, REPLACEMENT);
            ++*n_replaced;
          }
      return g_variant_new_take_string (g_string_free (clean, FALSE));
    }
  return g_variant_new_take_string (g_steal_pointer (&text));
}

static GVariant *
decode_streams (const IMsgStoredValue *stored,
                guint                  code_page,
                gsize                 *n_replaced)
{
  guint type = IMSG_TAG_TYPE (stored->tag);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (imsg_property_type_get_variant_type (type)));
  for (guint i = 0; stored->values != NULL && i < stored->values->len; i++)
    {
      GBytes *value = g_ptr_array_index (stored->values, i);

      if (type == IMSG_PROPERTY_TYPE_MV_BINARY)
        g_variant_builder_add_value (&builder,
                                     g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, value,
                                                               TRUE));
      else
        g_variant_builder_add_value (&builder, decode_text (type, value, code_page, n_replaced));
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

GVariant *
_imsg_value_decode (const IMsgStoredValue  *stored,
                    guint                   code_page,
                    gsize                  *n_replaced,
                    GError                **error)
{
  guint type = IMSG_TAG_TYPE (stored->tag);
  guint value_size = _imsg_type_get_value_size (type);
  IMsgStoredForm form = _imsg_type_get_stored_form (type);
  gsize n_bytes = stored->bytes != NULL ? g_bytes_get_size (stored->bytes) : 0;
  gsize unused;

  if (n_replaced == NULL)
    n_replaced = &unused;
  *n_replaced = 0;

  if (form == IMSG_STORED_STORAGE)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   "Property 0x%08X is an object: it has no value", stored->tag);
      return NULL;
    }
  if (type == IMSG_PROPERTY_TYPE_NULL || type == IMSG_PROPERTY_TYPE_UNSPECIFIED)
    value_size = 0;
  if (value_size != 0 && (IS_LIST (type) ? n_bytes % value_size != 0 : n_bytes != value_size))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   "Property 0x%08X: %" G_GSIZE_FORMAT " bytes are stored for a type of %u",
                   stored->tag, n_bytes, value_size);
      return NULL;
    }

  if (form == IMSG_STORED_STREAMS)
    return decode_streams (stored, code_page, n_replaced);
  if (imsg_property_tag_is_text (stored->tag))
    return g_variant_ref_sink (decode_text (type, stored->bytes, code_page, n_replaced));
  if (type == IMSG_PROPERTY_TYPE_CLSID)
    return g_variant_ref_sink (decode_guid (g_bytes_get_data (stored->bytes, NULL)));
  if (value_size != 0 && IS_LIST (type))
    return decode_list (type, stored->bytes);
  if (value_size != 0)
    return g_variant_ref_sink (decode_number (type, g_bytes_get_data (stored->bytes, NULL)));
  return g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, stored->bytes,
                                                       TRUE));
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
                   "Property 0x%08X: %g is too large for PT_R4", tag, number);
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
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                   "Property 0x%08X: “%s” is no GUID", tag, text);
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
               "Property 0x%08X takes no value, or 8 bytes", tag);
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

  if (BASE_TYPE (type) == IMSG_PROPERTY_TYPE_CLSID)
    {
      for (gsize i = 0; i < n_values; i++)
        {
          const char *text;

          g_variant_get_child (value, i, "&s", &text);
          if (!encode_guid (tag, text, bytes + i * GUID_BYTES, error))
            return NULL;
        }
    }
  else if (BASE_TYPE (type) == IMSG_PROPERTY_TYPE_R4)
    {
      const double *numbers = g_variant_get_fixed_array (value, &n_values, sizeof (double));

      for (gsize i = 0; i < n_values; i++)
        if (!encode_float (tag, numbers[i], bytes + i * 4, error))
          return NULL;
    }
  else
    {
      g_autoptr(GVariant) stored = ref_swapped (value);

      memcpy (bytes, g_variant_get_fixed_array (stored, &n_values, value_size),
              n_values * value_size);
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), n_values * value_size);
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
  g_autoptr(GBytes) bytes = NULL;
  guint8 *terminated;
  gsize n_bytes;

  if (BASE_TYPE (IMSG_TAG_TYPE (tag)) == IMSG_PROPERTY_TYPE_UNICODE)
    bytes = _imsg_utf16_encode (text, length);
  else
    bytes = _imsg_code_page_encode (code_page, text, length, error);
  if (bytes == NULL)
    {
      g_prefix_error (error, "Property 0x%08X: ", tag);
      return NULL;
    }
  if (n_terminator == 0)
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
                   "Property 0x%08X: no value can be given to this type", tag);
      return FALSE;
    }
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE (variant_type)))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                   "Property 0x%08X takes a value of type “%s”, not “%s”",
                   tag, variant_type, g_variant_get_type_string (value));
      return FALSE;
    }
  /* Types that are not known are bytes, whatever the flag says. */
  if (variant_type[0] == 'a' && strcmp (variant_type, "ay") != 0 && g_variant_n_children (value) == 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                   "Property 0x%08X takes a list of at least one value", tag);
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
  else if (IS_LIST (type))
    stored->bytes = encode_list (tag, value, error);
  else
    stored->bytes = encode_number (tag, value, error);
  return stored->bytes != NULL;
}

void
_imsg_stored_value_clear (IMsgStoredValue *stored)
{
  g_clear_pointer (&stored->bytes, g_bytes_unref);
  g_clear_pointer (&stored->values, g_ptr_array_unref);
}

GBytes *
_imsg_stored_value_to_raw (const IMsgStoredValue *stored)
{
  gsize n_total, at = 0;
  guint8 *raw;

  if (stored->values == NULL || stored->values->len == 0)
    return g_bytes_ref (stored->bytes);

  n_total = g_bytes_get_size (stored->bytes);
  for (guint i = 0; i < stored->values->len; i++)
    n_total += g_bytes_get_size (g_ptr_array_index (stored->values, i));

  raw = g_malloc (n_total);
  for (guint i = 0; i <= stored->values->len; i++)
    {
      GBytes *part = i == 0 ? stored->bytes : g_ptr_array_index (stored->values, i - 1);
      gsize n_bytes;
      const guint8 *data = g_bytes_get_data (part, &n_bytes);

      if (n_bytes > 0)
        memcpy (raw + at, data, n_bytes);
      at += n_bytes;
    }
  return g_bytes_new_take (raw, n_total);
}
