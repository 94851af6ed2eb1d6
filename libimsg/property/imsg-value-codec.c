/* imsg-value-codec.c - how values of each type are stored, and read as GVariant
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-property-private.h"

#include <glib/gi18n-lib.h>

#define GUID_BYTES 16
/* Most values are shorter, and are then decoded from the stack */
#define SHORT_VALUE_BYTES 1024
#define REPLACEMENT "\357\277\275" /* U+FFFD */

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

  switch (IMSG_TYPE_BASE (type))
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

/* Values that come again and again, made once: flags, and small numbers that say importance, type
 * or format. One empty binary is kept too: GLib makes and destroys what it knows of "ay" with the
 * first and the last variant of that type. */
#define N_SMALL_NUMBERS 64

static struct
{
  GVariant *booleans[2];
  GVariant *numbers[N_SMALL_NUMBERS];
  GVariant *binary;
} common;

static void
make_common_values (void)
{
  static gsize is_made;

  if (!g_once_init_enter (&is_made))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (common.booleans); i++)
    common.booleans[i] = g_variant_ref_sink (g_variant_new_boolean (i != 0));
  for (gint32 i = 0; i < N_SMALL_NUMBERS; i++)
    common.numbers[i] = g_variant_ref_sink (g_variant_new_int32 (i));
  common.binary = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, NULL, 0,
                                                               TRUE, NULL, NULL));
  g_once_init_leave (&is_made, 1);
}

static GVariant *
decode_long (gint32 number)
{
  make_common_values ();
  return number >= 0 && number < N_SMALL_NUMBERS ? common.numbers[number]
                                                 : g_variant_new_int32 (number);
}

static GVariant *
decode_boolean (gboolean is_true)
{
  make_common_values ();
  return common.booleans[is_true ? 1 : 0];
}

static GVariant *
decode_binary (GBytes *bytes)
{
  make_common_values ();
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
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

/* Floating or not: the caller sinks it. */
static GVariant *
decode_number (guint         type,
               const guint8 *bytes)
{
  switch (type)
    {
    case IMSG_PROPERTY_TYPE_I2:
      return g_variant_new_int16 ((gint16) read_word (bytes, 2));
    case IMSG_PROPERTY_TYPE_LONG:
      return decode_long ((gint32) read_word (bytes, 4));
    case IMSG_PROPERTY_TYPE_R4:
      return g_variant_new_double (read_float (bytes));
    case IMSG_PROPERTY_TYPE_DOUBLE:
    case IMSG_PROPERTY_TYPE_APPTIME:
      return g_variant_new_double (read_double (bytes));
    case IMSG_PROPERTY_TYPE_ERROR:
      return g_variant_new_uint32 ((guint32) read_word (bytes, 4));
    case IMSG_PROPERTY_TYPE_BOOLEAN:
      return decode_boolean (read_word (bytes, 2) != 0);
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

  if (IMSG_TYPE_BASE (type) == IMSG_PROPERTY_TYPE_R4)
    {
      g_autofree double *numbers = g_new (double, n_values);

      for (gsize i = 0; i < n_values; i++)
        numbers[i] = read_float (data + 4 * i);
      return g_variant_ref_sink (g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, numbers,
                                                            n_values, sizeof (double)));
    }
  if (IMSG_TYPE_BASE (type) == IMSG_PROPERTY_TYPE_CLSID)
    {
      GVariantBuilder builder;

      g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
      for (gsize i = 0; i < n_values; i++)
        g_variant_builder_add_value (&builder, decode_guid (data + GUID_BYTES * i));
      return g_variant_ref_sink (g_variant_builder_end (&builder));
    }
  /* Serialized numbers of a variant and stored ones differ in byte order at most. */
  as_stored = g_variant_new_from_bytes (G_VARIANT_TYPE (imsg_property_type_get_variant_type (type)),
                                        bytes, TRUE);
  g_variant_ref_sink (as_stored);
  return G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap (as_stored)
                                      : g_steal_pointer (&as_stored);
}

/* GLib would look through it again to see whether it is UTF-8; our decoders give nothing else. */
static GVariant *
take_text (char  *text,
           gsize  length)
{
  g_autoptr(GBytes) bytes = g_bytes_new_take (text, length + 1);

  return g_variant_new_from_bytes (G_VARIANT_TYPE_STRING, bytes, TRUE);
}

/* Text without the terminators that some writers store. A variant cannot hold a NUL: one inside
 * counts as a character that could not be decoded. */
static char *
decode_characters (guint         type,
                   const guint8 *data,
                   gsize         n_bytes,
                   guint         code_page,
                   gsize        *length_out,
                   gsize        *n_replaced)
{
  g_autofree char *text = NULL;
  gsize length, n = 0;

  if (IMSG_TYPE_BASE (type) == IMSG_PROPERTY_TYPE_UNICODE)
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
      *length_out = clean->len;
      return g_string_free (clean, FALSE);
    }
  *length_out = length;
  return g_steal_pointer (&text);
}

static GVariant *
decode_text (guint         type,
             const guint8 *data,
             gsize         n_bytes,
             guint         code_page,
             gsize        *n_replaced)
{
  gsize length = 0;
  char *text = decode_characters (type, data, n_bytes, code_page, &length, n_replaced);

  return take_text (text, length);
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
        g_variant_builder_add_value (&builder, decode_binary (value));
      else
        g_variant_builder_add_value (&builder,
                                     decode_text (type, g_bytes_get_data (value, NULL),
                                                  g_bytes_get_size (value), code_page,
                                                  n_replaced));
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

GVariant *
_imsg_value_decode_inline (const IMsgPropertyEntry *entry)
{
  guint type = IMSG_TAG_TYPE (entry->tag);

  if (_imsg_type_get_stored_form (type) != IMSG_STORED_INLINE ||
      type == IMSG_PROPERTY_TYPE_NULL || type == IMSG_PROPERTY_TYPE_UNSPECIFIED)
    return NULL;
  return g_variant_ref_sink (decode_number (type, entry->value));
}

GVariant *
_imsg_value_decode_stream (IMsgStorage             *storage,
                           const IMsgPropertyEntry *entry,
                           guint                    code_page,
                           guint64                  max_bytes)
{
  guint type = IMSG_TAG_TYPE (entry->tag);
  char name[IMSG_SUBSTG_NAME_SIZE];
  guint8 buffer[SHORT_VALUE_BYTES];
  gsize n_bytes = 0, n_replaced = 0;
  const guint8 *data;

  if (type != IMSG_PROPERTY_TYPE_UNICODE && type != IMSG_PROPERTY_TYPE_STRING8 &&
      type != IMSG_PROPERTY_TYPE_BINARY)
    return NULL;
  _imsg_substg_name (entry->tag, name);
  data = _imsg_storage_peek_stream (storage, name, buffer, sizeof buffer, &n_bytes);
  if (data == NULL || n_bytes > max_bytes)
    return NULL;
  if (type == IMSG_PROPERTY_TYPE_BINARY)
    {
      g_autoptr(GBytes) bytes = NULL;

      /* Long ones are better not copied: they can be a part of the file's own bytes. */
      if (n_bytes > SHORT_VALUE_BYTES)
        return NULL;
      bytes = g_bytes_new (data, n_bytes);
      return g_variant_ref_sink (decode_binary (bytes));
    }
  return g_variant_ref_sink (decode_text (type, data, n_bytes, code_page, &n_replaced));
}

char *
_imsg_value_decode_text (guint32       tag,
                         const guint8 *data,
                         gsize         n_bytes,
                         guint         code_page)
{
  gsize length = 0, n_replaced = 0;

  return decode_characters (IMSG_TAG_TYPE (tag), data, n_bytes, code_page, &length, &n_replaced);
}

char *
_imsg_value_read_text (IMsgStorage             *storage,
                       const IMsgPropertyEntry *entry,
                       guint                    code_page,
                       guint64                  max_bytes)
{
  char name[IMSG_SUBSTG_NAME_SIZE];
  guint8 buffer[SHORT_VALUE_BYTES];
  gsize n_bytes = 0;
  const guint8 *data;

  _imsg_substg_name (entry->tag, name);
  data = _imsg_storage_peek_stream (storage, name, buffer, sizeof buffer, &n_bytes);
  if (data == NULL || n_bytes > max_bytes)
    return NULL;
  return _imsg_value_decode_text (entry->tag, data, n_bytes, code_page);
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
                   _("Property 0x%08X is an object: it has no value"), stored->tag);
      return NULL;
    }
  if (type == IMSG_PROPERTY_TYPE_NULL || type == IMSG_PROPERTY_TYPE_UNSPECIFIED)
    value_size = 0;
  if (value_size != 0 &&
      (IMSG_TYPE_IS_LIST (type) ? n_bytes % value_size != 0 : n_bytes != value_size))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   g_dngettext (GETTEXT_PACKAGE,
                                "Property 0x%08X: %zu byte is stored for a type of %u",
                                "Property 0x%08X: %zu bytes are stored for a type of %u",
                                n_bytes),
                   stored->tag, n_bytes, value_size);
      return NULL;
    }

  if (form == IMSG_STORED_STREAMS)
    return decode_streams (stored, code_page, n_replaced);
  if (imsg_property_tag_is_text (stored->tag))
    return g_variant_ref_sink (decode_text (type, g_bytes_get_data (stored->bytes, NULL), n_bytes,
                                            code_page, n_replaced));
  if (type == IMSG_PROPERTY_TYPE_CLSID)
    return g_variant_ref_sink (decode_guid (g_bytes_get_data (stored->bytes, NULL)));
  if (value_size != 0 && IMSG_TYPE_IS_LIST (type))
    return decode_list (type, stored->bytes);
  if (value_size != 0)
    return g_variant_ref_sink (decode_number (type, g_bytes_get_data (stored->bytes, NULL)));
  return g_variant_ref_sink (decode_binary (stored->bytes));
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
