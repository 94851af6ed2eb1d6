/* imsg-property-tag.c - property tags, types and what the catalogue knows of them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-catalog-private.h"
#include "imsg-property-tag.h"

/**
 * IMsgPropertyType:
 * @IMSG_PROPERTY_TYPE_UNSPECIFIED: in requests: whatever type is stored
 * @IMSG_PROPERTY_TYPE_NULL: no value
 * @IMSG_PROPERTY_TYPE_I2: 16-bit signed
 * @IMSG_PROPERTY_TYPE_LONG: 32-bit signed
 * @IMSG_PROPERTY_TYPE_R4: 32-bit floating point
 * @IMSG_PROPERTY_TYPE_DOUBLE: 64-bit floating point
 * @IMSG_PROPERTY_TYPE_CURRENCY: 64-bit signed, in 1/10 000 units
 * @IMSG_PROPERTY_TYPE_APPTIME: floating point, days since 1899-12-30
 * @IMSG_PROPERTY_TYPE_ERROR: an error value (SCODE)
 * @IMSG_PROPERTY_TYPE_BOOLEAN: true or false
 * @IMSG_PROPERTY_TYPE_OBJECT: an object: an embedded message or a storage
 * @IMSG_PROPERTY_TYPE_I8: 64-bit signed
 * @IMSG_PROPERTY_TYPE_STRING8: text in a code page
 * @IMSG_PROPERTY_TYPE_UNICODE: UTF-16 text
 * @IMSG_PROPERTY_TYPE_SYSTIME: FILETIME: 100 ns ticks since 1601-01-01 UTC
 * @IMSG_PROPERTY_TYPE_CLSID: a GUID
 * @IMSG_PROPERTY_TYPE_SVREID: a server's entry identifier
 * @IMSG_PROPERTY_TYPE_SRESTRICTION: a restriction, as rules have them
 * @IMSG_PROPERTY_TYPE_ACTIONS: the actions of a rule
 * @IMSG_PROPERTY_TYPE_BINARY: bytes
 * @IMSG_PROPERTY_TYPE_MV_I2: several %IMSG_PROPERTY_TYPE_I2
 * @IMSG_PROPERTY_TYPE_MV_LONG: several %IMSG_PROPERTY_TYPE_LONG
 * @IMSG_PROPERTY_TYPE_MV_R4: several %IMSG_PROPERTY_TYPE_R4
 * @IMSG_PROPERTY_TYPE_MV_DOUBLE: several %IMSG_PROPERTY_TYPE_DOUBLE
 * @IMSG_PROPERTY_TYPE_MV_CURRENCY: several %IMSG_PROPERTY_TYPE_CURRENCY
 * @IMSG_PROPERTY_TYPE_MV_APPTIME: several %IMSG_PROPERTY_TYPE_APPTIME
 * @IMSG_PROPERTY_TYPE_MV_I8: several %IMSG_PROPERTY_TYPE_I8
 * @IMSG_PROPERTY_TYPE_MV_STRING8: several %IMSG_PROPERTY_TYPE_STRING8
 * @IMSG_PROPERTY_TYPE_MV_UNICODE: several %IMSG_PROPERTY_TYPE_UNICODE
 * @IMSG_PROPERTY_TYPE_MV_SYSTIME: several %IMSG_PROPERTY_TYPE_SYSTIME
 * @IMSG_PROPERTY_TYPE_MV_CLSID: several %IMSG_PROPERTY_TYPE_CLSID
 * @IMSG_PROPERTY_TYPE_MV_BINARY: several %IMSG_PROPERTY_TYPE_BINARY
 *
 * The types of property values, the low half of a tag.
 *
 * Source: `PT_*`; [MS-OXCDATA] 2.11.1.
 *
 * Since: 1.0
 */

/**
 * IMsgPropertyAttributes:
 * @IMSG_PROPERTY_ATTRIBUTES_NONE: none
 * @IMSG_PROPERTY_ATTRIBUTES_MANDATORY: must not be deleted
 * @IMSG_PROPERTY_ATTRIBUTES_READABLE: may be read
 * @IMSG_PROPERTY_ATTRIBUTES_WRITEABLE: may be changed
 * @IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT: there is no such property
 *
 * What may be done with a property.
 *
 * Source: `PROPATTR_*`; [MS-OXMSG] 2.4.2.
 *
 * Since: 1.0
 */

/**
 * IMSG_MULTI_VALUE_FLAG:
 *
 * The bit that turns a type into its multi-valued form (`MV_FLAG`).
 *
 * Since: 1.0
 */

static const struct
{
  guint16     type;
  const char *name;
  const char *variant_type; /* NULL: there is no value */
} types[] = {
  { IMSG_PROPERTY_TYPE_UNSPECIFIED, "PT_UNSPECIFIED", "ay" },
  { IMSG_PROPERTY_TYPE_NULL, "PT_NULL", "ay" },
  { IMSG_PROPERTY_TYPE_I2, "PT_I2", "n" },
  { IMSG_PROPERTY_TYPE_LONG, "PT_LONG", "i" },
  { IMSG_PROPERTY_TYPE_R4, "PT_R4", "d" },
  { IMSG_PROPERTY_TYPE_DOUBLE, "PT_DOUBLE", "d" },
  { IMSG_PROPERTY_TYPE_CURRENCY, "PT_CURRENCY", "x" },
  { IMSG_PROPERTY_TYPE_APPTIME, "PT_APPTIME", "d" },
  { IMSG_PROPERTY_TYPE_ERROR, "PT_ERROR", "u" },
  { IMSG_PROPERTY_TYPE_BOOLEAN, "PT_BOOLEAN", "b" },
  { IMSG_PROPERTY_TYPE_OBJECT, "PT_OBJECT", NULL },
  { IMSG_PROPERTY_TYPE_I8, "PT_I8", "x" },
  { IMSG_PROPERTY_TYPE_STRING8, "PT_STRING8", "s" },
  { IMSG_PROPERTY_TYPE_UNICODE, "PT_UNICODE", "s" },
  { IMSG_PROPERTY_TYPE_SYSTIME, "PT_SYSTIME", "t" },
  { IMSG_PROPERTY_TYPE_CLSID, "PT_CLSID", "s" },
  { IMSG_PROPERTY_TYPE_SVREID, "PT_SVREID", "ay" },
  { IMSG_PROPERTY_TYPE_SRESTRICTION, "PT_SRESTRICTION", "ay" },
  { IMSG_PROPERTY_TYPE_ACTIONS, "PT_ACTIONS", "ay" },
  { IMSG_PROPERTY_TYPE_BINARY, "PT_BINARY", "ay" },
  { IMSG_PROPERTY_TYPE_MV_I2, "PT_MV_I2", "an" },
  { IMSG_PROPERTY_TYPE_MV_LONG, "PT_MV_LONG", "ai" },
  { IMSG_PROPERTY_TYPE_MV_R4, "PT_MV_R4", "ad" },
  { IMSG_PROPERTY_TYPE_MV_DOUBLE, "PT_MV_DOUBLE", "ad" },
  { IMSG_PROPERTY_TYPE_MV_CURRENCY, "PT_MV_CURRENCY", "ax" },
  { IMSG_PROPERTY_TYPE_MV_APPTIME, "PT_MV_APPTIME", "ad" },
  { IMSG_PROPERTY_TYPE_MV_I8, "PT_MV_I8", "ax" },
  { IMSG_PROPERTY_TYPE_MV_STRING8, "PT_MV_STRING8", "as" },
  { IMSG_PROPERTY_TYPE_MV_UNICODE, "PT_MV_UNICODE", "as" },
  { IMSG_PROPERTY_TYPE_MV_SYSTIME, "PT_MV_SYSTIME", "at" },
  { IMSG_PROPERTY_TYPE_MV_CLSID, "PT_MV_CLSID", "as" },
  { IMSG_PROPERTY_TYPE_MV_BINARY, "PT_MV_BINARY", "aay" },
};

/* The other names that MAPI headers have for the same types */
static const struct
{
  const char *name;
  guint16     type;
} type_aliases[] = {
  { "PT_SHORT", IMSG_PROPERTY_TYPE_I2 },
  { "PT_I4", IMSG_PROPERTY_TYPE_LONG },
  { "PT_FLOAT", IMSG_PROPERTY_TYPE_R4 },
  { "PT_R8", IMSG_PROPERTY_TYPE_DOUBLE },
  { "PT_LONGLONG", IMSG_PROPERTY_TYPE_I8 },
  { "PT_TSTRING", IMSG_PROPERTY_TYPE_UNICODE },
  { "PT_GUID", IMSG_PROPERTY_TYPE_CLSID },
  { "PT_SRESTRICT", IMSG_PROPERTY_TYPE_SRESTRICTION },
  { "PT_MV_SHORT", IMSG_PROPERTY_TYPE_MV_I2 },
  { "PT_MV_I4", IMSG_PROPERTY_TYPE_MV_LONG },
  { "PT_MV_FLOAT", IMSG_PROPERTY_TYPE_MV_R4 },
  { "PT_MV_R8", IMSG_PROPERTY_TYPE_MV_DOUBLE },
  { "PT_MV_LONGLONG", IMSG_PROPERTY_TYPE_MV_I8 },
  { "PT_MV_TSTRING", IMSG_PROPERTY_TYPE_MV_UNICODE },
};

/**
 * IMsgPropertyTag:
 *
 * Where bindings find what there is to know about tags, as in `IMsg.PropertyTag.get_name (tag)`.
 *
 * A tag itself is a plain number of 32 bits: the id in the high 16, the type in the low.
 *
 * Since: 1.0
 */

/**
 * imsg_property_tag:
 * @type: the type of the value
 * @id: which property, 0 to 0xFFFF
 *
 * Makes a tag of its halves.
 *
 * Source: `PROP_TAG`.
 *
 * Returns: the tag: @id in the high 16 bits, @type in the low ones
 * Since: 1.0
 */
guint32
imsg_property_tag (IMsgPropertyType type,
                   guint            id)
{
  return (guint32) id << 16 | ((guint32) type & 0xFFFF);
}

/**
 * imsg_property_tag_get_id:
 * @tag: a property tag
 *
 * Tells which property a tag is about.
 *
 * Source: `PROP_ID`.
 *
 * Returns: the high half
 * Since: 1.0
 */
guint
imsg_property_tag_get_id (guint32 tag)
{
  return tag >> 16;
}

/**
 * imsg_property_tag_get_property_type:
 * @tag: a property tag
 *
 * Tells the type of a tag; files may hold types that the enumeration does not list.
 *
 * Source: `PROP_TYPE`.
 *
 * Returns: the low half
 * Since: 1.0
 */
IMsgPropertyType
imsg_property_tag_get_property_type (guint32 tag)
{
  return (IMsgPropertyType) (tag & 0xFFFF);
}

/**
 * imsg_property_tag_change_type:
 * @tag: a property tag
 * @type: another type
 *
 * Makes the tag of the same property with another type.
 *
 * Source: `CHANGE_PROP_TYPE`.
 *
 * Returns: the tag
 * Since: 1.0
 */
guint32
imsg_property_tag_change_type (guint32          tag,
                               IMsgPropertyType type)
{
  return (tag & 0xFFFF0000) | ((guint32) type & 0xFFFF);
}

/**
 * imsg_property_tag_is_named:
 * @tag: a property tag
 *
 * Tells whether the id stands for a name: ids from 0x8000 mean what the file's own table of names
 * says.
 *
 * Returns: %TRUE for a named property
 * Since: 1.0
 */
gboolean
imsg_property_tag_is_named (guint32 tag)
{
  return tag >= 0x80000000;
}

/**
 * imsg_property_tag_is_multi_valued:
 * @tag: a property tag
 *
 * Tells whether the value is a list.
 *
 * Returns: %TRUE for a multi-valued type
 * Since: 1.0
 */
gboolean
imsg_property_tag_is_multi_valued (guint32 tag)
{
  return (tag & IMSG_MULTI_VALUE_FLAG) != 0;
}

/**
 * imsg_property_tag_is_text:
 * @tag: a property tag
 *
 * Tells whether the value is text, or a list of texts, of either width.
 *
 * Returns: %TRUE for `PT_STRING8`, `PT_UNICODE` and their multi-valued forms
 * Since: 1.0
 */
gboolean
imsg_property_tag_is_text (guint32 tag)
{
  guint type = tag & 0xFFFF & ~IMSG_MULTI_VALUE_FLAG;

  return type == IMSG_PROPERTY_TYPE_STRING8 || type == IMSG_PROPERTY_TYPE_UNICODE;
}

/* "0x0037001F" and nothing else; 0 is no tag. */
static guint32
parse_tag (const char *text)
{
  guint32 tag = 0;

  if (strlen (text) != 10 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
    return 0;
  for (guint i = 2; i < 10; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return 0;
      tag = tag << 4 | (guint32) digit;
    }
  return tag;
}

/**
 * imsg_property_tag_from_name:
 * @name: `PR_SUBJECT`, `PidTagSubject`, or another name in use; or `0x0037001F`
 *
 * Finds a tag by any of its names, ignoring case.
 *
 * Text comes as `PT_UNICODE`; a name with `_A` appended asks for `PT_STRING8`, with `_W` for
 * `PT_UNICODE`.
 *
 * Returns: the tag; 0 when no property is called so
 * Since: 1.0
 */
guint32
imsg_property_tag_from_name (const char *name)
{
  guint32 tag;

  g_return_val_if_fail (name != NULL, 0);

  tag = parse_tag (name);
  return tag != 0 ? tag : _imsg_catalog_find_tag_name (name);
}

static const IMsgCatalogTag *
find_known (guint32 tag)
{
  return imsg_property_tag_is_named (tag) ? NULL : _imsg_catalog_find_tag (tag);
}

/**
 * imsg_property_tag_get_name:
 * @tag: a property tag; `PT_UNSPECIFIED` asks for the likeliest property of its id
 *
 * Gives the name that MAPI headers have for a tag, as `PR_SUBJECT`; the two types of text share it.
 *
 * Ids from 0x8000 have their names in the file, see
 * [method@IMsg.PropertyObject.lookup_name].
 *
 * Returns: (nullable): the name; %NULL when unknown
 * Since: 1.0
 */
const char *
imsg_property_tag_get_name (guint32 tag)
{
  const IMsgCatalogTag *known = find_known (tag);

  return known != NULL ? _imsg_catalog_string (known->name) : NULL;
}

/**
 * imsg_property_tag_get_canonical_name:
 * @tag: a property tag; `PT_UNSPECIFIED` asks for the likeliest property of its id
 *
 * Gives the name that the protocol documents have for a tag, as `PidTagSubject`.
 *
 * Source: [MS-OXPROPS].
 *
 * Returns: (nullable): the name; %NULL when it has none
 * Since: 1.0
 */
const char *
imsg_property_tag_get_canonical_name (guint32 tag)
{
  const IMsgCatalogTag *known = find_known (tag);

  return known != NULL ? _imsg_catalog_string (known->canonical) : NULL;
}

/**
 * imsg_property_tag_list_names:
 * @tag: a property tag
 *
 * Lists every name of a tag, the one to show first.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names; empty when unknown
 * Since: 1.0
 */
char **
imsg_property_tag_list_names (guint32 tag)
{
  const IMsgCatalogTag *known = find_known (tag);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  if (known != NULL)
    {
      const char *alias = _imsg_catalog_pool + known->aliases;

      if (known->name != 0)
        g_strv_builder_add (names, _imsg_catalog_string (known->name));
      if (known->canonical != 0)
        g_strv_builder_add (names, _imsg_catalog_string (known->canonical));
      for (guint i = 0; i < known->n_aliases; i++, alias += strlen (alias) + 1)
        g_strv_builder_add (names, alias);
    }
  return g_strv_builder_end (names);
}

/**
 * imsg_property_tag_list_known:
 * @n_tags: (out): return location for the number of tags
 *
 * Lists the tags that the catalogue knows for ids below 0x8000, text as `PT_UNICODE` where it has
 * such a form.
 *
 * Returns: (transfer full) (array length=n_tags): the tags, ascending; free with g_free()
 * Since: 1.0
 */
guint32 *
imsg_property_tag_list_known (gsize *n_tags)
{
  gsize n_rows;
  const IMsgCatalogTag *rows = _imsg_catalog_get_tags (&n_rows);
  guint32 *tags;

  g_return_val_if_fail (n_tags != NULL, NULL);

  while (n_rows > 0 && imsg_property_tag_is_named (rows[n_rows - 1].tag))
    n_rows--;
  tags = g_new (guint32, n_rows);
  for (gsize i = 0; i < n_rows; i++)
    tags[i] = rows[i].tag;
  *n_tags = n_rows;
  return tags;
}

/**
 * imsg_property_type_get_name:
 * @type: a type
 *
 * Gives the MAPI name of a type, as `PT_LONG`.
 *
 * Returns: (nullable): the name; %NULL for a type that MAPI does not have
 * Since: 1.0
 */
const char *
imsg_property_type_get_name (IMsgPropertyType type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == (guint) type)
      return types[i].name;
  return NULL;
}

/**
 * imsg_property_type_from_name:
 * @name: a name: `PT_LONG`, in either case, or another that MAPI headers have (`PT_I4`)
 * @type: (out): return location for the type
 *
 * Finds a type by its name.
 *
 * Returns: %FALSE when no type is called so
 * Since: 1.0
 */
gboolean
imsg_property_type_from_name (const char       *name,
                              IMsgPropertyType *type)
{
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (type != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (types[i].name, name) == 0)
      {
        *type = (IMsgPropertyType) types[i].type;
        return TRUE;
      }
  for (gsize i = 0; i < G_N_ELEMENTS (type_aliases); i++)
    if (g_ascii_strcasecmp (type_aliases[i].name, name) == 0)
      {
        *type = (IMsgPropertyType) type_aliases[i].type;
        return TRUE;
      }
  return FALSE;
}

/**
 * imsg_property_type_get_variant_type:
 * @type: a type
 *
 * Gives the [struct@GLib.Variant] type that carries its values, as a type string: `i` for
 * `PT_LONG`, `s` for text and GUIDs, `t` for times in 100 ns ticks since 1601, `ay` for bytes and
 * for types that are not known.
 *
 * Returns: (nullable): the type string; %NULL for `PT_OBJECT`, which has no value
 * Since: 1.0
 */
const char *
imsg_property_type_get_variant_type (IMsgPropertyType type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == (guint) type)
      return types[i].variant_type;
  return "ay";
}
