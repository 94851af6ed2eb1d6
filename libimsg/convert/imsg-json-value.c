/* imsg-json-value.c - values of properties as JSON, both ways
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "imsg-filetime-private.h"
#include "imsg-json-private.h"

static const struct
{
  const char *text;
  double      number;
} odd_numbers[] = {
  { "NaN", NAN },
  { "Infinity", INFINITY },
  { "-Infinity", -INFINITY },
};

/* --- to JSON --- */

static char *
bytes_to_hex (const guint8 *bytes,
              gsize         n_bytes)
{
  static const char digits[] = "0123456789abcdef";
  char *text = g_malloc (n_bytes * 2 + 1);

  for (gsize i = 0; i < n_bytes; i++)
    {
      text[2 * i] = digits[bytes[i] >> 4];
      text[2 * i + 1] = digits[bytes[i] & 15];
    }
  text[n_bytes * 2] = '\0';
  return text;
}

static gboolean
add_bytes (JsonBuilder *builder,
           GVariant    *value,
           gsize        max_bytes)
{
  gsize n_bytes = 0;
  const guint8 *bytes = g_variant_get_fixed_array (value, &n_bytes, 1);
  g_autofree char *hex = bytes_to_hex (bytes, MIN (n_bytes, max_bytes));

  json_builder_add_string_value (builder, hex);
  return n_bytes > max_bytes;
}

static void
add_double (JsonBuilder *builder,
            double       number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  /* JSON knows no infinities and no "not a number" */
  if (isnan (number))
    json_builder_add_string_value (builder, "NaN");
  else if (isinf (number))
    json_builder_add_string_value (builder, number < 0 ? "-Infinity" : "Infinity");
  /* JSON-GLib puts ".0" behind a number that has no point, also behind an exponent */
  else if (strchr (g_ascii_dtostr (text, sizeof text, number), 'e') != NULL &&
           strchr (text, '.') == NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_double_value (builder, number);
}

static void
add_ticks (JsonBuilder *builder,
           guint64      ticks)
{
  g_autofree char *text = _imsg_filetime_to_rfc3339 (ticks);

  if (text == NULL)
    text = g_strdup_printf ("%" G_GUINT64_FORMAT, ticks);
  json_builder_add_string_value (builder, text);
}

static gboolean
add_single (JsonBuilder *builder,
            GVariant    *value,
            gsize        max_bytes)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    return add_bytes (builder, value, max_bytes);
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      json_builder_add_boolean_value (builder, g_variant_get_boolean (value));
      break;
    case G_VARIANT_CLASS_INT16:
      json_builder_add_int_value (builder, g_variant_get_int16 (value));
      break;
    case G_VARIANT_CLASS_INT32:
      json_builder_add_int_value (builder, g_variant_get_int32 (value));
      break;
    case G_VARIANT_CLASS_UINT32:
      json_builder_add_int_value (builder, g_variant_get_uint32 (value));
      break;
    case G_VARIANT_CLASS_INT64:
      json_builder_add_int_value (builder, g_variant_get_int64 (value));
      break;
    case G_VARIANT_CLASS_UINT64:
      add_ticks (builder, g_variant_get_uint64 (value));
      break;
    case G_VARIANT_CLASS_DOUBLE:
      add_double (builder, g_variant_get_double (value));
      break;
    case G_VARIANT_CLASS_STRING:
      json_builder_add_string_value (builder, g_variant_get_string (value, NULL));
      break;
    default:
      json_builder_add_null_value (builder);
      break;
    }
  return FALSE;
}

gboolean
_imsg_json_add_value (JsonBuilder *builder,
                      GVariant    *value,
                      gsize        max_bytes)
{
  gboolean is_cut = FALSE;

  if (!g_variant_is_container (value) || g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    return add_single (builder, value, max_bytes);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);

      is_cut |= add_single (builder, child, max_bytes);
    }
  json_builder_end_array (builder);
  return is_cut;
}

/* --- from JSON --- */

/* What a backslash and "u" stand for; 0 for anything else. */
static guint
parse_escape (const char *text,
              gsize       n_bytes)
{
  guint code = 0;

  if (n_bytes < 6 || text[0] != '\\' || text[1] != 'u')
    return 0;
  for (gsize i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return 0;
      code = code << 4 | (guint) g_ascii_xdigit_value (text[i]);
    }
  return code;
}

GBytes *
_imsg_json_mend_escapes (GBytes *text)
{
  gsize n_bytes;
  const char *bytes = g_bytes_get_data (text, &n_bytes);
  g_autofree char *mended = NULL;
  const char *c = bytes;

  while ((c = memchr (c, '\\', n_bytes - (gsize) (c - bytes))) != NULL)
    {
      gsize n_left = n_bytes - (gsize) (c - bytes);
      guint code = parse_escape (c, n_left);
      gboolean is_pair = code >> 10 == 0xD800 >> 10 &&
                         parse_escape (c + 6, n_left - 6) >> 10 == 0xDC00 >> 10;
      gboolean is_nul = n_left >= 6 && memcmp (c, "\\u0000", 6) == 0;

      if (is_nul || (code >> 11 == 0xD800 >> 11 && !is_pair))
        {
          if (mended == NULL)
            mended = g_memdup2 (bytes, n_bytes);
          memcpy (mended + (c - bytes), "\\ufffd", 6);
        }
      /* of any other the second character is no beginning */
      c += MIN (n_left, is_pair ? 12 : 2);
    }
  return mended != NULL ? g_bytes_new_take (g_steal_pointer (&mended), n_bytes)
                        : g_bytes_ref (text);
}

static GVariant *
parse_bytes (const char *text)
{
  gsize n_bytes = strlen (text) / 2;
  g_autofree guint8 *bytes = g_malloc (n_bytes + 1);
  g_autoptr(GBytes) owned = NULL;

  if (strlen (text) % 2 != 0)
    return NULL;
  for (gsize i = 0; i < n_bytes; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return NULL;
      bytes[i] = (guint8) (high << 4 | low);
    }
  owned = g_bytes_new_take (g_steal_pointer (&bytes), n_bytes);
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, owned, TRUE);
}

static GVariant *
parse_ticks (const char *text)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) time = NULL;
  const char *dot = strchr (text, '.');
  char *end = NULL;
  guint64 ticks = 0;

  errno = 0;
  ticks = g_ascii_strtoull (text, &end, 10);
  if (errno == 0 && end != text && *end == '\0' && g_ascii_isdigit (*text))
    return g_variant_new_uint64 (ticks);
  time = g_date_time_new_from_iso8601 (text, utc);
  if (time == NULL || !_imsg_filetime_from_date_time (time, &ticks))
    return NULL;
  /* GDateTime knows no more than microseconds */
  ticks -= ticks % IMSG_TICKS_PER_SECOND;
  for (guint64 unit = IMSG_TICKS_PER_SECOND / 10;
       dot != NULL && unit > 0 && g_ascii_isdigit (dot[1]); unit /= 10, dot++)
    ticks += (guint64) (dot[1] - '0') * unit;
  return g_variant_new_uint64 (ticks);
}

static GVariant *
parse_odd_number (const char *text)
{
  double number;
  char *end;

  for (guint i = 0; i < G_N_ELEMENTS (odd_numbers); i++)
    if (strcmp (text, odd_numbers[i].text) == 0)
      return g_variant_new_double (odd_numbers[i].number);
  number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (number) && !g_ascii_isspace (*text)
           ? g_variant_new_double (number)
           : NULL;
}

static GVariant *
parse_text (const char         *text,
            const GVariantType *type)
{
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING))
    return g_variant_new_string (text);
  if (g_variant_type_equal (type, G_VARIANT_TYPE_BYTESTRING))
    return parse_bytes (text);
  if (g_variant_type_equal (type, G_VARIANT_TYPE_UINT64))
    return parse_ticks (text);
  if (g_variant_type_equal (type, G_VARIANT_TYPE_DOUBLE))
    return parse_odd_number (text);
  return NULL;
}

static GVariant *
parse_integer (gint64              number,
               const GVariantType *type)
{
  switch (g_variant_type_peek_string (type)[0])
    {
    case 'n':
      return number >= G_MININT16 && number <= G_MAXINT16 ? g_variant_new_int16 ((gint16) number)
                                                          : NULL;
    case 'i':
      return number >= G_MININT32 && number <= G_MAXINT32 ? g_variant_new_int32 ((gint32) number)
                                                          : NULL;
    case 'u':
      return number >= 0 && number <= G_MAXUINT32 ? g_variant_new_uint32 ((guint32) number) : NULL;
    case 'x':
      return g_variant_new_int64 (number);
    case 't':
      return number >= 0 ? g_variant_new_uint64 ((guint64) number) : NULL;
    case 'd':
      return g_variant_new_double ((double) number);
    default:
      return NULL;
    }
}

static GVariant *
parse_single (JsonNode           *node,
              const GVariantType *type)
{
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return parse_text (json_node_get_string (node), type);
    case G_TYPE_INT64:
      return parse_integer (json_node_get_int (node), type);
    case G_TYPE_DOUBLE:
      return g_variant_type_equal (type, G_VARIANT_TYPE_DOUBLE)
               ? g_variant_new_double (json_node_get_double (node))
               : NULL;
    case G_TYPE_BOOLEAN:
      return g_variant_type_equal (type, G_VARIANT_TYPE_BOOLEAN)
               ? g_variant_new_boolean (json_node_get_boolean (node))
               : NULL;
    default:
      return NULL;
    }
}

GVariant *
_imsg_json_parse_value (JsonNode           *node,
                        const GVariantType *type)
{
  g_autoptr(GVariantBuilder) builder = NULL;
  JsonArray *array = NULL;

  if (!g_variant_type_is_array (type) || g_variant_type_equal (type, G_VARIANT_TYPE_BYTESTRING))
    return parse_single (node, type);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  array = json_node_get_array (node);
  builder = g_variant_builder_new (type);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      GVariant *value = parse_single (json_array_get_element (array, i),
                                      g_variant_type_element (type));

      if (value == NULL)
        return NULL;
      g_variant_builder_add_value (builder, value);
    }
  return g_variant_builder_end (builder);
}
