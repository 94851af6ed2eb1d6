/* inspector-value.c - values as an editor shows them, and back
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-value.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define CURRENCY_UNIT 10000

static gboolean
fail (GError     **error,
      const char  *message)
{
  g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE, message);
  return FALSE;
}

IMsgPropertyType
inspector_value_base_type (IMsgPropertyType type)
{
  return type & ~IMSG_MULTI_VALUE_FLAG;
}

/* Decimal, or hexadecimal as the bit pattern of n_bits */
static gboolean
parse_integer (const char  *text,
               guint        n_bits,
               gint64      *value,
               GError     **error)
{
  gint64 minimum = n_bits == 64 ? G_MININT64 : -(G_GINT64_CONSTANT (1) << (n_bits - 1));
  gint64 maximum = n_bits == 64 ? G_MAXINT64 : (G_GINT64_CONSTANT (1) << (n_bits - 1)) - 1;
  guint64 mask = n_bits == 64 ? G_MAXUINT64 : (G_GUINT64_CONSTANT (1) << n_bits) - 1;

  if (g_ascii_strncasecmp (text, "0x", 2) == 0)
    {
      guint64 bits = 0;
      guint64 sign = G_GUINT64_CONSTANT (1) << (n_bits - 1);

      if (!g_ascii_string_to_unsigned (text + 2, 16, 0, mask, &bits, NULL))
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                       _("Type 0x and at most %u hexadecimal digits."), n_bits / 4);
          return FALSE;
        }
      *value = bits & sign ? (gint64) (bits | ~mask) : (gint64) bits;
      return TRUE;
    }

  if (!g_ascii_string_to_signed (text, 10, minimum, maximum, value, NULL))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                   _("Type a whole number from %" PRId64 " to %" PRId64 "."),
                   minimum, maximum);
      return FALSE;
    }
  return TRUE;
}

/* Four decimal places, kept exactly */
static gboolean
parse_currency (const char  *text,
                gint64      *value,
                GError     **error)
{
  const char *message = _("Type an amount with at most four decimal places, such as 12.50.");
  gboolean negative = *text == '-';
  const char *point = NULL;
  g_autofree char *whole = NULL;
  guint64 units = 0;
  guint64 fraction = 0;
  guint64 total = 0;

  if (g_ascii_strncasecmp (text, "0x", 2) == 0)
    return parse_integer (text, 64, value, error);
  if (negative || *text == '+')
    text++;

  point = strchr (text, '.');
  whole = point != NULL ? g_strndup (text, point - text) : g_strdup (text);
  if (!g_ascii_string_to_unsigned (*whole != '\0' ? whole : "0", 10, 0, G_MAXINT64, &units, NULL))
    return fail (error, message);

  if (point != NULL)
    {
      char digits[5] = "0000";
      gsize n_digits = strlen (point + 1);

      if (n_digits > 4 || (n_digits == 0 && *whole == '\0'))
        return fail (error, message);
      memcpy (digits, point + 1, n_digits);
      if (!g_ascii_string_to_unsigned (digits, 10, 0, CURRENCY_UNIT - 1, &fraction, NULL))
        return fail (error, message);
    }

  if (!g_uint64_checked_mul (&total, units, CURRENCY_UNIT) ||
      !g_uint64_checked_add (&total, total, fraction) ||
      total > (guint64) G_MAXINT64 + (negative ? 1 : 0))
    return fail (error, _("The amount is too large."));
  *value = negative ? (gint64) (0 - total) : (gint64) total;
  return TRUE;
}

static gboolean
parse_float (const char  *text,
             double      *value,
             GError     **error)
{
  char *end = NULL;

  errno = 0;
  *value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || (errno == ERANGE && fabs (*value) == HUGE_VAL))
    return fail (error, _("Type a number, such as 0.5 or 1e6."));
  return TRUE;
}

static gboolean
parse_boolean (const char  *text,
               gboolean    *value,
               GError     **error)
{
  static const char * const yes[] = { "true", "yes", "1", NULL };
  static const char * const no[] = { "false", "no", "0", NULL };
  g_autofree char *lower = g_ascii_strdown (text, -1);

  if (!g_strv_contains (yes, lower) && !g_strv_contains (no, lower))
    return fail (error, _("Type true or false."));
  *value = g_strv_contains (yes, lower);
  return TRUE;
}

static char *
parse_guid (const char  *text,
            GError     **error)
{
  g_autofree char *bare = g_ascii_strdown (text, -1);
  gsize length = strlen (bare);

  if (length == 38 && bare[0] == '{' && bare[37] == '}')
    {
      bare[37] = '\0';
      memmove (bare, bare + 1, 37);
    }

  if (!g_uuid_string_is_valid (bare))
    {
      fail (error, _("Type a GUID, such as 00062008-0000-0000-c000-000000000046."));
      return NULL;
    }
  return g_steal_pointer (&bare);
}

GBytes *
inspector_value_parse_hex (const char  *text,
                           GError     **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  int high = -1;

  for (const char *at = text; *at != '\0'; at++)
    {
      int digit = g_ascii_xdigit_value (*at);

      if (digit < 0 && (g_ascii_isspace (*at) || *at == ':' || *at == '-' || *at == ','))
        {
          if (high >= 0)
            break;
          continue;
        }
      if (digit < 0)
        {
          fail (error, _("Type bytes as pairs of hexadecimal digits, such as 01 AF."));
          return NULL;
        }
      if (high < 0)
        high = digit;
      else
        {
          guint8 byte = high << 4 | digit;

          g_byte_array_append (bytes, &byte, 1);
          high = -1;
        }
    }

  if (high >= 0)
    {
      fail (error, _("Type bytes as pairs of hexadecimal digits, such as 01 AF."));
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

char *
inspector_value_format_hex (GBytes *bytes,
                            gsize   max_bytes)
{
  gsize n_bytes = 0;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  gsize n_shown = MIN (n_bytes, max_bytes);
  g_autoptr(GString) text = g_string_sized_new (3 * n_shown + 4);

  for (gsize i = 0; i < n_shown; i++)
    g_string_append_printf (text, i > 0 ? " %02X" : "%02X", data[i]);
  if (n_shown < n_bytes)
    g_string_append (text, " …");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* "0x0037001F", or a name of the catalogue */
gboolean
inspector_value_parse_tag (const char  *text,
                           guint32     *tag,
                           GError     **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  guint64 number = 0;

  if (g_ascii_strncasecmp (stripped, "0x", 2) == 0)
    {
      if (strlen (stripped) != 10 ||
          !g_ascii_string_to_unsigned (stripped + 2, 16, 0x00010001, G_MAXUINT32, &number, NULL))
        return fail (error, _("A tag is 0x and eight hexadecimal digits: four of the property and "
                              "four of its type."));
      *tag = number;
      return TRUE;
    }

  *tag = imsg_property_tag_from_name (stripped);
  if (*tag == 0)
    return fail (error, _("No property of this name is known."));
  return TRUE;
}

GVariant *
inspector_value_parse (IMsgPropertyType   type,
                       const char        *text,
                       GError           **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  gint64 integer = 0;
  guint64 ticks = 0;
  double number = 0;
  gboolean boolean = FALSE;

  g_return_val_if_fail (text != NULL, NULL);

  switch (inspector_value_base_type (type))
    {
    case IMSG_PROPERTY_TYPE_I2:
      return parse_integer (stripped, 16, &integer, error)
               ? g_variant_ref_sink (g_variant_new_int16 (integer)) : NULL;
    case IMSG_PROPERTY_TYPE_LONG:
      return parse_integer (stripped, 32, &integer, error)
               ? g_variant_ref_sink (g_variant_new_int32 (integer)) : NULL;
    case IMSG_PROPERTY_TYPE_I8:
      return parse_integer (stripped, 64, &integer, error)
               ? g_variant_ref_sink (g_variant_new_int64 (integer)) : NULL;
    case IMSG_PROPERTY_TYPE_CURRENCY:
      return parse_currency (stripped, &integer, error)
               ? g_variant_ref_sink (g_variant_new_int64 (integer)) : NULL;
    case IMSG_PROPERTY_TYPE_ERROR:
      return parse_integer (stripped, 32, &integer, error)
               ? g_variant_ref_sink (g_variant_new_uint32 ((guint32) integer)) : NULL;
    case IMSG_PROPERTY_TYPE_R4:
    case IMSG_PROPERTY_TYPE_DOUBLE:
    case IMSG_PROPERTY_TYPE_APPTIME:
      return parse_float (stripped, &number, error)
               ? g_variant_ref_sink (g_variant_new_double (number)) : NULL;
    case IMSG_PROPERTY_TYPE_BOOLEAN:
      return parse_boolean (stripped, &boolean, error)
               ? g_variant_ref_sink (g_variant_new_boolean (boolean)) : NULL;
    case IMSG_PROPERTY_TYPE_STRING8:
    case IMSG_PROPERTY_TYPE_UNICODE:
      return g_variant_ref_sink (g_variant_new_string (text));
    case IMSG_PROPERTY_TYPE_SYSTIME:
      return inspector_value_parse_time (stripped, &ticks, error)
               ? g_variant_ref_sink (g_variant_new_uint64 (ticks)) : NULL;
    case IMSG_PROPERTY_TYPE_CLSID:
      {
        g_autofree char *guid = parse_guid (stripped, error);

        return guid != NULL ? g_variant_ref_sink (g_variant_new_string (guid)) : NULL;
      }
    case IMSG_PROPERTY_TYPE_BINARY:
      {
        g_autoptr(GBytes) bytes = inspector_value_parse_hex (stripped, error);

        return bytes != NULL
                 ? g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes,
                                                                 TRUE))
                 : NULL;
      }
    default:
      fail (error, _("Values of this type cannot be typed."));
      return NULL;
    }
}

static char *
format_currency (gint64 value)
{
  guint64 absolute = value < 0 ? 0 - (guint64) value : (guint64) value;

  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%04u", value < 0 ? "-" : "",
                          absolute / CURRENCY_UNIT, (guint) (absolute % CURRENCY_UNIT));
}

/* The integer of any of the integer types; FALSE for the others */
static gboolean
get_integer (GVariant *value,
             guint64  *bits,
             guint    *n_digits)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_INT16:
      *bits = (guint16) g_variant_get_int16 (value);
      *n_digits = 4;
      return TRUE;
    case G_VARIANT_CLASS_INT32:
      *bits = (guint32) g_variant_get_int32 (value);
      *n_digits = 8;
      return TRUE;
    case G_VARIANT_CLASS_UINT32:
      *bits = g_variant_get_uint32 (value);
      *n_digits = 8;
      return TRUE;
    case G_VARIANT_CLASS_INT64:
      *bits = (guint64) g_variant_get_int64 (value);
      *n_digits = 16;
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
inspector_value_get_bits (GVariant *value,
                          guint32  *bits)
{
  guint64 all_bits = 0;
  guint n_digits = 0;

  if (!get_integer (value, &all_bits, &n_digits) || n_digits > 8)
    return FALSE;
  *bits = (guint32) all_bits;
  return TRUE;
}

char *
inspector_value_format_bits (IMsgPropertyType type,
                             guint32          bits,
                             gboolean         hexadecimal)
{
  gboolean is_short = inspector_value_base_type (type) == IMSG_PROPERTY_TYPE_I2;

  if (hexadecimal || type == IMSG_PROPERTY_TYPE_ERROR)
    return g_strdup_printf ("0x%0*X", is_short ? 4 : 8, bits);
  return is_short ? g_strdup_printf ("%d", (gint16) bits) : g_strdup_printf ("%d", (gint32) bits);
}

char *
inspector_value_format (IMsgPropertyType  type,
                        GVariant         *value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_val_if_fail (value != NULL, NULL);

  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_INT16:
      return g_strdup_printf ("%d", g_variant_get_int16 (value));
    case G_VARIANT_CLASS_INT32:
      return g_strdup_printf ("%d", g_variant_get_int32 (value));
    case G_VARIANT_CLASS_UINT32:
      return g_strdup_printf ("0x%08X", g_variant_get_uint32 (value));
    case G_VARIANT_CLASS_INT64:
      return inspector_value_base_type (type) == IMSG_PROPERTY_TYPE_CURRENCY
               ? format_currency (g_variant_get_int64 (value))
               : g_strdup_printf ("%" G_GINT64_FORMAT, g_variant_get_int64 (value));
    case G_VARIANT_CLASS_UINT64:
      return inspector_value_format_time (g_variant_get_uint64 (value), FALSE);
    case G_VARIANT_CLASS_DOUBLE:
      if (inspector_value_base_type (type) == IMSG_PROPERTY_TYPE_R4)
        return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.9g",
                                          g_variant_get_double (value)));
      return g_strdup (g_ascii_dtostr (buffer, sizeof buffer, g_variant_get_double (value)));
    case G_VARIANT_CLASS_BOOLEAN:
      return g_strdup (g_variant_get_boolean (value) ? "true" : "false");
    case G_VARIANT_CLASS_STRING:
      return g_variant_dup_string (value, NULL);
    case G_VARIANT_CLASS_ARRAY:
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
        {
          g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes (value);

          return inspector_value_format_hex (bytes, G_MAXSIZE);
        }
      return g_variant_print (value, FALSE);
    default:
      return g_variant_print (value, FALSE);
    }
}

char *
inspector_value_format_other (IMsgPropertyType  type,
                              GVariant         *value)
{
  guint64 bits = 0;
  guint n_digits = 0;

  g_return_val_if_fail (value != NULL, NULL);

  if (get_integer (value, &bits, &n_digits))
    return g_strdup_printf ("0x%0*" G_GINT64_MODIFIER "X", n_digits, bits);

  switch (inspector_value_base_type (type))
    {
    case IMSG_PROPERTY_TYPE_SYSTIME:
      {
        guint64 ticks = g_variant_get_uint64 (value);
        g_autofree char *local = inspector_value_format_time (ticks, TRUE);

        return g_strdup_printf (_("Local time %s · ticks 0x%016" PRIX64), local,
                                ticks);
      }
    case IMSG_PROPERTY_TYPE_CLSID:
      {
        g_autoptr(IMsgPropertyName) name = NULL;
        const char *set = NULL;

        name = imsg_property_name_new_id (g_variant_get_string (value, NULL), 0);
        set = name != NULL ? imsg_property_name_get_set_name (name) : NULL;
        return g_strdup (set);
      }
    default:
      return NULL;
    }
}

GVariant *
inspector_value_new_empty (IMsgPropertyType type)
{
  const char *variant_type = imsg_property_type_get_variant_type (type);

  if (variant_type == NULL)
    return NULL;
  if (inspector_value_base_type (type) == type && type == IMSG_PROPERTY_TYPE_CLSID)
    return g_variant_new_string ("00000000-0000-0000-0000-000000000000");

  switch (variant_type[0])
    {
    case 'n':
      return g_variant_new_int16 (0);
    case 'i':
      return g_variant_new_int32 (0);
    case 'u':
      return g_variant_new_uint32 (0);
    case 'x':
      return g_variant_new_int64 (0);
    case 't':
      return g_variant_new_uint64 (inspector_value_get_now ());
    case 'd':
      return g_variant_new_double (0);
    case 'b':
      return g_variant_new_boolean (FALSE);
    case 's':
      return g_variant_new_string ("");
    case 'a':
      return g_variant_new_array (G_VARIANT_TYPE (variant_type + 1), NULL, 0);
    default:
      return NULL;
    }
}
