/* tool-property.c - properties and values as a command line writes them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

#define TICKS_PER_SECOND G_GUINT64_CONSTANT (10000000)
/* Seconds from 1601 to 1970 */
#define EPOCH_SECONDS G_GINT64_CONSTANT (11644473600)

static gboolean
parse_hex (const char *text,
           gsize       n_digits,
           guint32    *value)
{
  if (!g_str_has_prefix (text, "0x") && !g_str_has_prefix (text, "0X"))
    return FALSE;
  if (strlen (text + 2) != n_digits || strspn (text + 2, "0123456789abcdefABCDEF") != n_digits)
    return FALSE;
  *value = (guint32) strtoul (text + 2, NULL, 16);
  return TRUE;
}

/* Gives a tag of unknown type the type of what is there already. */
static guint32
complete_type (IMsgPropertyObject *object,
               guint32             tag)
{
  guint32 stored = 0;

  if ((tag & 0xFFFF) != IMSG_PROPERTY_TYPE_UNSPECIFIED)
    return tag;
  stored = imsg_property_object_find_tag (object, tag);
  return stored != 0 ? stored : tag;
}

/* "SET/NAME" or "SET/0xID", or with a colon: a set by its GUID or by its name. */
static IMsgPropertyName *
parse_name (const char  *text,
            GError     **error)
{
  const char *slash = strpbrk (text, "/:");
  g_autofree char *set = NULL;

  if (slash == NULL)
    {
      IMsgPropertyName *known = imsg_property_name_from_known_name (text);

      if (known == NULL)
        g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND,
                     _("“%s” names no property: use a name such as PR_SUBJECT, a tag such as "
                       "0x0037001F, or a set and a name such as PS_PUBLIC_STRINGS/Keywords"),
                     text);
      return known;
    }
  set = g_strndup (text, slash - text);
  return imsg_property_name_parse (set, slash + 1, error);
}

/* A name of the catalogue, a tag, an id, or a named property, each with ":PT_TYPE" if need be. */
gboolean
tool_parse_property (IMsgPropertyObject  *object,
                     const char          *text,
                     gboolean             create,
                     guint32             *tag,
                     GError             **error)
{
  const char *colon = strrchr (text, ':');
  IMsgPropertyType type = IMSG_PROPERTY_TYPE_UNSPECIFIED;
  g_autofree char *bare = NULL;
  g_autoptr(IMsgPropertyName) name = NULL;
  guint32 number = 0;
  guint id = 0;

  if (colon != NULL && !imsg_property_type_from_name (colon + 1, &type))
    {
      /* A colon may be part of a name as well */
      if (g_str_has_prefix (colon + 1, "PT_"))
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_TYPE, _("“%s” is no property type"),
                       colon + 1);
          return FALSE;
        }
      colon = NULL;
    }
  bare = colon != NULL ? g_strndup (text, colon - text) : g_strdup (text);
  if (parse_hex (bare, 8, &number))
    *tag = number;
  else if (parse_hex (bare, 4, &number))
    *tag = number << 16;
  else if ((number = imsg_property_tag_from_name (bare)) != 0)
    *tag = number;
  else
    {
      name = parse_name (bare, error);
      if (name == NULL)
        return FALSE;
      id = imsg_property_object_resolve_property_name (object, name, create, error);
      if (id == 0)
        return FALSE;
      *tag = complete_type (object, (guint32) id << 16);
      if ((*tag & 0xFFFF) == 0)
        *tag |= imsg_property_name_get_known_type (name);
      /* A name of no known type is text, as programs that make up names mean it */
      if ((*tag & 0xFFFF) == 0 && imsg_property_name_get_kind (name) == IMSG_PROPERTY_NAME_STRING)
        *tag |= IMSG_PROPERTY_TYPE_UNICODE;
    }
  if (type != IMSG_PROPERTY_TYPE_UNSPECIFIED)
    *tag = imsg_property_tag_change_type (*tag, type);
  else
    *tag = complete_type (object, *tag);
  return TRUE;
}

/* A type that has no name is its number. */
static char *
describe_type (IMsgPropertyType type)
{
  const char *name = imsg_property_type_get_name (type);

  return name != NULL ? g_strdup (name) : g_strdup_printf ("0x%04X", (guint) type);
}

static gboolean
bad_value (guint32      tag,
           const char  *text,
           GError     **error)
{
  g_autofree char *type = describe_type (tag & 0xFFFF);

  g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE, _("“%s” is no value of type %s"), text,
               type);
  return FALSE;
}

static gboolean
parse_integer (const char *text,
               gint64      min,
               gint64      max,
               gint64     *value)
{
  const char *digits = text + strspn (text, "+-");
  gboolean is_hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
  char *end = NULL;

  errno = 0;
  *value = g_ascii_strtoll (text, &end, is_hex ? 16 : 10);
  return errno == 0 && end != text && *end == '\0' && *value >= min && *value <= max;
}

/* RFC 3339 text, or ticks of 100 ns since 1601. */
static gboolean
parse_time (const char *text,
            guint64    *ticks)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) time = NULL;
  const char *dot = NULL;
  char *end = NULL;
  gint64 seconds = 0;

  errno = 0;
  *ticks = g_ascii_strtoull (text, &end, 10);
  if (errno == 0 && end != text && *end == '\0' && *text != '-')
    return TRUE;
  time = g_date_time_new_from_iso8601 (text, utc);
  if (time == NULL)
    return FALSE;
  seconds = g_date_time_to_unix (time) + EPOCH_SECONDS;
  if (seconds < 0)
    return FALSE;
  *ticks = (guint64) seconds * TICKS_PER_SECOND;
  /* GDateTime knows no more than microseconds */
  dot = strchr (text, '.');
  for (guint64 unit = TICKS_PER_SECOND / 10; dot != NULL && g_ascii_isdigit (dot[1]) && unit > 0;
       unit /= 10, dot++)
    *ticks += (guint64) (dot[1] - '0') * unit;
  return TRUE;
}

static GVariant *
new_bytes (GBytes *bytes)
{
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

static GVariant *
parse_bytes (const char *text)
{
  g_autoptr(GByteArray) array = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;

  for (const char *at = text; *at != '\0'; at++)
    {
      guint8 byte = 0;

      if (g_ascii_isspace (*at))
        continue;
      if (!g_ascii_isxdigit (at[0]) || !g_ascii_isxdigit (at[1]))
        return NULL;
      byte = (guint8) (g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1]));
      g_byte_array_append (array, &byte, 1);
      at++;
    }
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&array));
  return new_bytes (bytes);
}

static gboolean
parse_boolean (const char *text,
               gboolean   *value)
{
  static const char *const yes[] = { "true", "yes", "1", NULL };
  static const char *const no[] = { "false", "no", "0", NULL };
  g_autofree char *folded = g_ascii_strdown (text, -1);

  *value = g_strv_contains (yes, folded);
  return *value || g_strv_contains (no, folded);
}

/* One value of the type that its variant class stands for. */
static GVariant *
parse_one (guint32              tag,
           const GVariantType  *variant_type,
           const char          *text,
           GError             **error)
{
  gint64 integer = 0;
  guint64 ticks = 0;
  gboolean boolean = FALSE;
  GVariant *bytes = NULL;
  double number = 0;
  char *end = NULL;

  switch (g_variant_type_peek_string (variant_type)[0])
    {
    case 's':
      return g_variant_new_string (text);
    case 'b':
      if (parse_boolean (text, &boolean))
        return g_variant_new_boolean (boolean);
      break;
    case 'n':
      if (parse_integer (text, G_MININT16, G_MAXUINT16, &integer))
        return g_variant_new_int16 ((gint16) integer);
      break;
    case 'i':
      if (parse_integer (text, G_MININT32, G_MAXUINT32, &integer))
        return g_variant_new_int32 ((gint32) integer);
      break;
    case 'u':
      if (parse_integer (text, 0, G_MAXUINT32, &integer))
        return g_variant_new_uint32 ((guint32) integer);
      break;
    case 'x':
      if (parse_integer (text, G_MININT64, G_MAXINT64, &integer))
        return g_variant_new_int64 (integer);
      break;
    case 't':
      if (parse_time (text, &ticks))
        return g_variant_new_uint64 (ticks);
      break;
    case 'd':
      number = g_ascii_strtod (text, &end);
      if (end != text && *end == '\0')
        return g_variant_new_double (number);
      break;
    default:
      bytes = parse_bytes (text);
      if (bytes != NULL)
        return bytes;
      break;
    }
  bad_value (tag, text, error);
  return NULL;
}

/* "@FILE" stands for what is in the file, "@@" for an "@". */
static GVariant *
parse_text (guint32              tag,
            const GVariantType  *variant_type,
            const char          *text,
            GError             **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *utf8 = NULL;

  if (text[0] != '@' || text[1] == '@')
    utf8 = tool_text_argument (text[0] == '@' ? text + 1 : text);
  else if (g_variant_type_equal (variant_type, G_VARIANT_TYPE_BYTESTRING))
    {
      bytes = tool_read_all (text + 1, error);
      return bytes != NULL ? new_bytes (bytes) : NULL;
    }
  else
    utf8 = tool_read_text (text + 1, error);
  if (utf8 == NULL)
    return NULL;
  return parse_one (tag, variant_type, utf8, error);
}

/* One text for a single value, one for each of a multi-valued property. */
GVariant *
tool_parse_value (guint32   tag,
                  char    **texts,
                  GError  **error)
{
  const char *type = imsg_property_type_get_variant_type (tag & 0xFFFF);
  g_autoptr(GVariantBuilder) builder = NULL;

  /* What is not said to be of any type could be text or a number */
  if (type == NULL || (tag & 0xFFFF) == IMSG_PROPERTY_TYPE_UNSPECIFIED)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_TYPE,
                   _("Property 0x%08X has no type that values can be written in; "
                     "add one, as in 0x%04X:PT_UNICODE"), tag, tag >> 16);
      return NULL;
    }
  if (!imsg_property_tag_is_multi_valued (tag))
    {
      if (texts[1] != NULL)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                       _("Property 0x%08X is given twice and holds one value"), tag);
          return NULL;
        }
      return parse_text (tag, G_VARIANT_TYPE (type), texts[0], error);
    }
  builder = g_variant_builder_new (G_VARIANT_TYPE (type));
  for (char **text = texts; *text != NULL; text++)
    {
      GVariant *value = parse_text (tag, g_variant_type_element (G_VARIANT_TYPE (type)), *text,
                                    error);

      if (value == NULL)
        return NULL;
      g_variant_builder_add_value (builder, value);
    }
  return g_variant_builder_end (builder);
}

/* Sets each "PROPERTY=VALUE"; a property given several times gets all the values. */
gboolean
tool_assign (IMsgPropertyObject  *object,
             char               **assignments,
             GError             **error)
{
  g_autoptr(GArray) tags = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr(GHashTable) texts =
    g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, (GDestroyNotify) g_ptr_array_unref);

  for (char **assignment = assignments; assignment != NULL && *assignment != NULL; assignment++)
    {
      const char *equals = strchr (*assignment, '=');
      g_autofree char *property = g_strndup (*assignment, equals - *assignment);
      GPtrArray *values = NULL;
      guint32 tag = 0;

      if (!tool_parse_property (object, property, TRUE, &tag, error))
        return FALSE;
      values = g_hash_table_lookup (texts, GUINT_TO_POINTER (tag));
      if (values == NULL)
        {
          values = g_ptr_array_new ();
          g_hash_table_insert (texts, GUINT_TO_POINTER (tag), values);
          g_array_append_val (tags, tag);
        }
      g_ptr_array_add (values, (char *) equals + 1);
    }
  for (guint i = 0; i < tags->len; i++)
    {
      guint32 tag = g_array_index (tags, guint32, i);
      GPtrArray *values = g_hash_table_lookup (texts, GUINT_TO_POINTER (tag));
      g_autoptr(GVariant) value = NULL;

      g_ptr_array_add (values, NULL);
      value = tool_parse_value (tag, (char **) values->pdata, error);
      if (value == NULL)
        return FALSE;
      g_variant_ref_sink (value);
      if (!imsg_property_object_set_value (object, tag, value, error))
        return FALSE;
    }
  return TRUE;
}

/* The best name there is: of the catalogue, of the named property, or none. */
char *
tool_describe_property (IMsgProperty *property)
{
  const char *name = imsg_property_get_name (property);
  IMsgPropertyName *property_name = imsg_property_get_property_name (property);

  if (name != NULL)
    return g_strdup (name);
  if (property_name != NULL)
    return imsg_property_name_to_text (property_name);
  return describe_type (imsg_property_get_property_type (property));
}
