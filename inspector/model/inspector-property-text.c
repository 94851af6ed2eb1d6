/* inspector-property-text.c - what is said of a property in lists, searches and copies
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-property-text.h"

#include "inspector-value.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_LINE_CHARS 120

static const char *
skip_prefix (const char *name)
{
  static const char * const prefixes[] = { "PidTag", "PidLid", "PidName", "dispid" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      if (g_str_has_prefix (name, prefixes[i]) && name[strlen (prefixes[i])] != '\0')
        return name + strlen (prefixes[i]);
    }
  return name;
}

/* "PidTagNormalizedSubject" → "Normalized subject"; abbreviations stay as they are */
char *
inspector_property_dup_plain_name (const char *canonical_name)
{
  const char *name = skip_prefix (canonical_name);
  g_autoptr(GString) plain = g_string_new (NULL);

  for (const char *at = name; *at != '\0'; at++)
    {
      gboolean begins_word = g_ascii_isupper (*at) && at > name &&
                             (!g_ascii_isupper (at[-1]) || g_ascii_islower (at[1]));

      if (*at == '_')
        g_string_append_c (plain, ' ');
      else if (begins_word)
        {
          g_string_append_c (plain, ' ');
          g_string_append_c (plain, g_ascii_isupper (at[1]) ? *at : g_ascii_tolower (*at));
        }
      else
        g_string_append_c (plain, *at);
    }
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

static char *
dup_named_title (IMsgPropertyName *name,
                 gboolean          specification_names)
{
  const char *known = imsg_property_name_get_known_name (name);

  if (known != NULL)
    return specification_names ? g_strdup (known) : inspector_property_dup_plain_name (known);
  if (imsg_property_name_get_kind (name) == IMSG_PROPERTY_NAME_STRING)
    return g_strdup (imsg_property_name_get_string (name));
  return imsg_property_name_to_text (name);
}

char *
inspector_property_dup_title (IMsgProperty *property,
                              gboolean      specification_names)
{
  guint32 tag = imsg_property_get_tag (property);
  IMsgPropertyName *name = imsg_property_get_property_name (property);
  const char *canonical = imsg_property_tag_get_canonical_name (tag);
  const char *known = imsg_property_tag_get_name (tag);

  if (name != NULL)
    return dup_named_title (name, specification_names);
  if (specification_names && known != NULL)
    return g_strdup (known);
  if (canonical != NULL && *canonical != '\0')
    return inspector_property_dup_plain_name (canonical);
  if (known != NULL)
    return g_strdup (known);
  return g_strdup (_("Unknown"));
}

char *
inspector_property_dup_line (IMsgProperty *property)
{
  g_autofree char *text = NULL;

  if (imsg_property_is_damaged (property))
    return g_strdup (_("cannot be read"));
  text = imsg_property_dup_readable_value (property);
  return inspector_value_to_line (text, MAX_LINE_CHARS);
}

char *
inspector_property_dup_attributes (IMsgProperty *property,
                                   gboolean      spoken)
{
  IMsgPropertyAttributes attributes = imsg_property_get_attributes (property);
  const char *parts[4] = { NULL, };
  guint n_parts = 0;

  if (attributes & IMSG_PROPERTY_ATTRIBUTES_MANDATORY)
    parts[n_parts++] = spoken ? _("mandatory") : "M";
  if (attributes & IMSG_PROPERTY_ATTRIBUTES_READABLE)
    parts[n_parts++] = spoken ? _("readable") : "R";
  if (attributes & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE)
    parts[n_parts++] = spoken ? _("writable") : "W";
  return g_strjoinv (spoken ? ", " : "", (char **) parts);
}

/* The row as it is spoken, with its state in words */
char *
inspector_property_dup_sentence (IMsgProperty *property,
                                 gboolean      has_draft)
{
  g_autofree char *title = inspector_property_dup_title (property, FALSE);
  g_autofree char *line = inspector_property_dup_line (property);
  const char *type = inspector_value_type_word (imsg_property_get_property_type (property));

  if (has_draft)
    /* Translators: name, type and value of a property, spoken */
    return g_strdup_printf (_("%s, %s, %s, not applied yet"), title, type, line);
  if (imsg_property_get_origin (property) == IMSG_PROPERTY_ORIGIN_EDITED)
    /* Translators: name, type and value of a property, spoken */
    return g_strdup_printf (_("%s, %s, %s, changed"), title, type, line);
  if (!(imsg_property_get_attributes (property) & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE))
    /* Translators: name, type and value of a property, spoken */
    return g_strdup_printf (_("%s, %s, %s, read-only"), title, type, line);
  return g_strdup_printf (_("%s, %s, %s"), title, type, line);
}

/* Most text is ASCII, where folding is cheap */
static char *
fold (const char *text)
{
  return g_str_is_ascii (text) ? g_ascii_strdown (text, -1) : g_utf8_casefold (text, -1);
}

/* As MAPI calls it, or its number, which is written to the place given */
static const char *
get_type_name (IMsgPropertyType type,
               char             number[static 7])
{
  const char *name = imsg_property_type_get_name (type);

  if (name == NULL)
    g_snprintf (number, 7, "0x%04X", type & 0xFFFF);
  return name != NULL ? name : number;
}

/* Whether the value may have words beside its number */
static gboolean
may_have_words (IMsgPropertyType type)
{
  return type == IMSG_PROPERTY_TYPE_I2 || type == IMSG_PROPERTY_TYPE_LONG ||
         type == IMSG_PROPERTY_TYPE_BOOLEAN || type == IMSG_PROPERTY_TYPE_ERROR;
}

char *
inspector_property_dup_haystack (IMsgProperty *property)
{
  g_autoptr(GString) text = g_string_new (NULL);
  IMsgPropertyName *name = imsg_property_get_property_name (property);
  g_autofree char *title = inspector_property_dup_title (property, FALSE);
  g_autofree char *display = imsg_property_dup_display_value (property);
  char number[7];
  g_auto(GStrv) names = imsg_property_tag_list_names (imsg_property_get_tag (property));

  g_string_append_printf (text, "%s\n0x%08X\n%s\n%s\n", title, imsg_property_get_tag (property),
                          inspector_value_type_word (imsg_property_get_property_type (property)),
                          get_type_name (imsg_property_get_property_type (property), number));
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    g_string_append_printf (text, "%s\n", names[i]);
  if (name != NULL)
    {
      g_autofree char *full = imsg_property_name_to_text (name);
      const char *known = imsg_property_name_get_known_name (name);
      const char *set = imsg_property_name_get_set_name (name);

      g_string_append_printf (text, "%s\n%s\n%s\n%s\n", full, imsg_property_name_get_set (name),
                              known != NULL ? known : "", set != NULL ? set : "");
    }
  g_string_append (text, display);
  if (may_have_words (imsg_property_get_property_type (property)))
    {
      g_autofree char *readable = imsg_property_dup_readable_value (property);

      g_string_append_printf (text, "\n%s", readable);
    }
  return fold (text->str);
}

const char *
inspector_property_get_origin_word (IMsgProperty *property)
{
  switch (imsg_property_get_origin (property))
    {
    case IMSG_PROPERTY_ORIGIN_EDITED:
      return _("changed");
    case IMSG_PROPERTY_ORIGIN_COMPUTED:
      return _("computed");
    case IMSG_PROPERTY_ORIGIN_STORED:
    default:
      return _("stored");
    }
}

/* What is known of the property beside its value, in a few lines */
char *
inspector_property_dup_facts (IMsgProperty *property)
{
  guint32 tag = imsg_property_get_tag (property);
  IMsgPropertyType type = imsg_property_get_property_type (property);
  IMsgPropertyName *name = imsg_property_get_property_name (property);
  g_autofree char *size = g_format_size (imsg_property_get_size (property));
  g_autofree char *names = inspector_property_dup_other_names (property);
  char number[7];
  g_autoptr(GString) facts = g_string_new (NULL);

  g_string_append_printf (facts, "0x%08X · %s (%s) · %s", tag, inspector_value_type_word (type),
                          get_type_name (type, number), size);
  if (name != NULL)
    {
      g_autofree char *key = inspector_property_dup_name_key (property);
      const char *set = imsg_property_name_get_set_name (name);

      g_string_append_printf (facts, "\n%s%s%s · %s", imsg_property_name_get_set (name),
                              set != NULL ? " · " : "", set != NULL ? set : "", key);
    }
  if (*names != '\0')
    g_string_append_printf (facts, "\n%s", names);
  switch (imsg_property_get_origin (property))
    {
    case IMSG_PROPERTY_ORIGIN_EDITED:
      g_string_append_printf (facts, "\n• %s", _("changed, not saved yet"));
      break;
    case IMSG_PROPERTY_ORIGIN_COMPUTED:
      g_string_append_printf (facts, "\n%s", _("computed"));
      break;
    case IMSG_PROPERTY_ORIGIN_STORED:
    default:
      break;
    }
  return g_string_free (g_steal_pointer (&facts), FALSE);
}

/* The number or the text that a named property has in its set; empty for others */
char *
inspector_property_dup_name_key (IMsgProperty *property)
{
  IMsgPropertyName *name = imsg_property_get_property_name (property);

  if (name == NULL)
    return g_strdup ("");
  if (imsg_property_name_get_kind (name) == IMSG_PROPERTY_NAME_ID)
    return g_strdup_printf ("0x%04X", imsg_property_name_get_id (name));
  return inspector_value_to_line (imsg_property_name_get_string (name), MAX_LINE_CHARS);
}

char *
inspector_property_dup_set (IMsgProperty *property)
{
  IMsgPropertyName *name = imsg_property_get_property_name (property);
  const char *set = name != NULL ? imsg_property_name_get_set_name (name) : NULL;

  if (name == NULL)
    return g_strdup ("");
  return g_strdup (set != NULL ? set : imsg_property_name_get_set (name));
}

/* All the names that books and headers have for it */
char *
inspector_property_dup_other_names (IMsgProperty *property)
{
  IMsgPropertyName *name = imsg_property_get_property_name (property);
  g_auto(GStrv) names = NULL;

  if (name != NULL)
    return g_strdup (imsg_property_name_get_known_name (name) != NULL
                       ? imsg_property_name_get_known_name (name) : "");
  names = imsg_property_tag_list_names (imsg_property_get_tag (property));
  return names != NULL ? g_strjoinv (", ", names) : g_strdup ("");
}

static GBytes *
dup_bytes (IMsgProperty *property)
{
  g_autoptr(GVariant) value = imsg_property_get_value (property, NULL);

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    return NULL;
  return g_variant_get_data_as_bytes (value);
}

static void
append_json_string (GString    *json,
                    const char *text)
{
  g_string_append_c (json, '"');
  for (const char *at = text; *at != '\0'; at++)
    {
      guchar byte = *at;

      if (byte == '"' || byte == '\\')
        g_string_append_printf (json, "\\%c", byte);
      else if (byte < 0x20)
        g_string_append_printf (json, "\\u%04x", byte);
      else
        g_string_append_c (json, byte);
    }
  g_string_append_c (json, '"');
}

static char *
dup_json (IMsgProperty *property)
{
  g_autoptr(GString) json = g_string_new (NULL);
  guint32 tag = imsg_property_get_tag (property);
  const char *name = imsg_property_tag_get_name (tag);
  IMsgPropertyName *property_name = imsg_property_get_property_name (property);
  g_autofree char *value = inspector_property_dup_copy (property, "value");
  char number[7];

  g_string_append_printf (json, "{\"tag\":\"0x%08X\",\"name\":", tag);
  if (name != NULL)
    append_json_string (json, name);
  else
    g_string_append (json, "null");
  g_string_append_printf (json, ",\"type\":\"%s\"",
                          get_type_name (imsg_property_get_property_type (property), number));
  if (property_name != NULL)
    {
      g_string_append_printf (json, ",\"named\":{\"set\":\"%s\",",
                              imsg_property_name_get_set (property_name));
      if (imsg_property_name_get_kind (property_name) == IMSG_PROPERTY_NAME_ID)
        g_string_append_printf (json, "\"id\":\"0x%04X\"}",
                                imsg_property_name_get_id (property_name));
      else
        {
          g_string_append (json, "\"name\":");
          append_json_string (json, imsg_property_name_get_string (property_name));
          g_string_append_c (json, '}');
        }
    }
  g_string_append (json, ",\"value\":");
  append_json_string (json, value != NULL ? value : "");
  g_string_append_c (json, '}');
  return g_string_free (g_steal_pointer (&json), FALSE);
}

static char *
dup_value (IMsgProperty *property)
{
  IMsgPropertyType type = imsg_property_get_property_type (property);
  g_autoptr(GVariant) value = imsg_property_get_value (property, NULL);

  if (value == NULL)
    return NULL;
  if (type & IMSG_MULTI_VALUE_FLAG)
    {
      g_autoptr(GString) lines = g_string_new (NULL);

      for (gsize i = 0; i < g_variant_n_children (value); i++)
        {
          g_autoptr(GVariant) child = g_variant_get_child_value (value, i);
          g_autofree char *text = inspector_value_format (inspector_value_base_type (type), child);

          g_string_append_printf (lines, i > 0 ? "\n%s" : "%s", text);
        }
      return g_string_free (g_steal_pointer (&lines), FALSE);
    }
  return inspector_value_format (type, value);
}

char *
inspector_property_dup_copy (IMsgProperty *property,
                             const char   *form)
{
  guint32 tag = imsg_property_get_tag (property);
  char number[7];

  if (g_str_equal (form, "value"))
    return dup_value (property);
  if (g_str_equal (form, "tag"))
    return g_strdup_printf ("0x%08X", tag);
  if (g_str_equal (form, "c"))
    {
      const char *name = imsg_property_tag_get_name (tag);

      return name != NULL ? g_strdup (name)
                          : g_strdup_printf ("PROP_TAG (%s, 0x%04X)",
                                             get_type_name (tag & 0xFFFF, number), tag >> 16);
    }
  if (g_str_equal (form, "hex"))
    {
      g_autoptr(GBytes) bytes = dup_bytes (property);

      return bytes != NULL ? inspector_value_format_hex (bytes, G_MAXSIZE) : NULL;
    }
  if (g_str_equal (form, "json"))
    return dup_json (property);
  if (g_str_equal (form, "row"))
    {
      g_autofree char *title = inspector_property_dup_title (property, TRUE);
      g_autofree char *line = inspector_property_dup_line (property);

      return g_strdup_printf ("%s\t0x%08X\t%s\t%s", title, tag,
                              get_type_name (tag & 0xFFFF, number), line);
    }
  return NULL;
}
