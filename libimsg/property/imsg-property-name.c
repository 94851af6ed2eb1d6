/* imsg-property-name.c - the name of a named property: a set and a number or text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-catalog-private.h"
#include "imsg-property-name-private.h"

#include <glib/gi18n-lib.h>

/**
 * IMsgPropertyName:
 *
 * The name of a named property.
 *
 * Properties with ids from 0x8000 have a name: a property set, which is a GUID, and in it either
 * a number or text. The name is what stays the same between files; the id is given anew in each.
 *
 * Names are equal when set, kind and number or text are; only the texts of
 * %IMSG_PS_INTERNET_HEADERS are compared without regard to case. A name is immutable and may cross
 * threads.
 *
 * Source: `MAPINAMEID`; [MS-OXMSG] 2.2.3.
 *
 * Since: 1.0
 */
struct _IMsgPropertyName
{
  gatomicrefcount       ref_count;
  IMsgGuid              guid;
  const IMsgCatalogSet *known_set; /* static; NULL for other sets */
  char                 *string;    /* NULL for a number */
  guint32               id;
  char                  set[IMSG_GUID_STRING_SIZE];
};

/**
 * IMsgPropertyNameKind:
 * @IMSG_PROPERTY_NAME_ID: a number
 * @IMSG_PROPERTY_NAME_STRING: text
 *
 * What a property is called within its set.
 *
 * Source: `MNID_ID`, `MNID_STRING`.
 *
 * Since: 1.0
 */

G_DEFINE_BOXED_TYPE (IMsgPropertyName, imsg_property_name,
                     imsg_property_name_ref, imsg_property_name_unref)

static gboolean
find_set (const char *set,
          IMsgGuid   *guid)
{
  const IMsgCatalogSet *known;

  if (_imsg_guid_parse (set, guid))
    return TRUE;
  known = _imsg_catalog_find_set_name (set);
  if (known != NULL)
    *guid = known->guid;
  return known != NULL;
}

static gboolean
ignores_case (const IMsgPropertyName *self)
{
  return strcmp (self->set, IMSG_PS_INTERNET_HEADERS) == 0;
}

/* What the catalogue knows of the name; NULL when nothing. */
static const IMsgCatalogNamed *
find_known (const IMsgPropertyName *self)
{
  if (self->known_set == NULL)
    return NULL;
  return self->string != NULL ? _imsg_catalog_find_named_string (self->known_set, self->string)
                              : _imsg_catalog_find_named_id (self->known_set, self->id);
}

/* A name that is text, or a number where string is NULL. */
IMsgPropertyName *
_imsg_property_name_new (const IMsgGuid *set,
                         guint32         id,
                         const char     *string)
{
  IMsgPropertyName *self = g_new0 (IMsgPropertyName, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->guid = *set;
  self->known_set = _imsg_catalog_find_set (set);
  self->id = string == NULL ? id : 0;
  self->string = g_strdup (string);
  _imsg_guid_print (set, self->set);
  return self;
}

const IMsgGuid *
_imsg_property_name_get_guid (const IMsgPropertyName *self)
{
  return &self->guid;
}

/**
 * imsg_property_name_new_id:
 * @set: a GUID, with or without braces, or the name of a known set (`PSETID_Common`)
 * @id: the number
 *
 * Makes a name that is a number.
 *
 * Returns: (transfer full) (nullable): a name; %NULL when @set is none
 * Since: 1.0
 */
IMsgPropertyName *
imsg_property_name_new_id (const char *set,
                           guint32     id)
{
  IMsgGuid guid;

  g_return_val_if_fail (set != NULL, NULL);

  return find_set (set, &guid) ? _imsg_property_name_new (&guid, id, NULL) : NULL;
}

/**
 * imsg_property_name_new_string:
 * @set: a GUID, with or without braces, or the name of a known set (`PS_PUBLIC_STRINGS`)
 * @name: the text
 *
 * Makes a name that is text.
 *
 * Returns: (transfer full) (nullable): a name; %NULL when @set is none
 * Since: 1.0
 */
IMsgPropertyName *
imsg_property_name_new_string (const char *set,
                               const char *name)
{
  IMsgGuid guid;

  g_return_val_if_fail (set != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (g_utf8_validate (name, -1, NULL), NULL);

  return find_set (set, &guid) ? _imsg_property_name_new (&guid, 0, name) : NULL;
}

/* "0x8233", of one to eight digits. */
static gboolean
parse_number (const char *text,
              guint32    *number)
{
  gsize length = strlen (text);

  if (length < 3 || length > 10 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
    return FALSE;
  *number = 0;
  for (gsize i = 2; i < length; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return FALSE;
      *number = *number << 4 | (guint32) digit;
    }
  return TRUE;
}

/**
 * imsg_property_name_parse:
 * @set: a GUID, with or without braces, or the name of a known set (`PSETID_Common`)
 * @name_or_id: a number in hexadecimal (`0x8233`), or text
 * @error: return location for an error
 *
 * Makes a name of what people write.
 *
 * Fails with `IMSG_ERROR_INVALID_PARAMETER` when @set is neither a GUID nor known, or @name_or_id
 * is empty or no UTF-8.
 *
 * Returns: (transfer full): a name
 * Since: 1.0
 */
IMsgPropertyName *
imsg_property_name_parse (const char  *set,
                          const char  *name_or_id,
                          GError     **error)
{
  IMsgGuid guid;
  guint32 number;

  g_return_val_if_fail (set != NULL, NULL);
  g_return_val_if_fail (name_or_id != NULL, NULL);

  if (!find_set (set, &guid))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                   _("“%s” is neither a GUID nor a known property set"), set);
      return NULL;
    }
  if (name_or_id[0] == '\0' || !g_utf8_validate (name_or_id, -1, NULL))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                           _("The name of a property must be text that is not empty"));
      return NULL;
    }
  if (parse_number (name_or_id, &number))
    return _imsg_property_name_new (&guid, number, NULL);
  return _imsg_property_name_new (&guid, 0, name_or_id);
}

/**
 * imsg_property_name_from_known_name:
 * @known_name: `PidLidReminderSet`, `dispidReminderSet`, or another name in use, in either case
 *
 * Finds a named property that the catalogue knows.
 *
 * Source: [MS-OXPROPS].
 *
 * Returns: (transfer full) (nullable): its name; %NULL when unknown
 * Since: 1.0
 */
IMsgPropertyName *
imsg_property_name_from_known_name (const char *known_name)
{
  const IMsgCatalogNamed *named;

  g_return_val_if_fail (known_name != NULL, NULL);

  named = _imsg_catalog_find_named_name (known_name);
  if (named == NULL)
    return NULL;
  return _imsg_property_name_new (&_imsg_catalog_named_get_set (named)->guid, named->id,
                                  _imsg_catalog_string (named->string));
}

/**
 * imsg_property_name_ref:
 * @self: a name
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 * Since: 1.0
 */
IMsgPropertyName *
imsg_property_name_ref (IMsgPropertyName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * imsg_property_name_unref:
 * @self: (transfer full): a name
 *
 * Drops a reference.
 *
 * Since: 1.0
 */
void
imsg_property_name_unref (IMsgPropertyName *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    {
      g_free (self->string);
      g_free (self);
    }
}

/**
 * imsg_property_name_get_set:
 * @self: a name
 *
 * Tells the property set.
 *
 * Returns: its GUID: lower case, hyphens, no braces
 * Since: 1.0
 */
const char *
imsg_property_name_get_set (const IMsgPropertyName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->set;
}

/**
 * imsg_property_name_get_set_name:
 * @self: a name
 *
 * Tells what the property set is called, as `PSETID_Common`.
 *
 * Returns: (nullable): its name; %NULL when unknown
 * Since: 1.0
 */
const char *
imsg_property_name_get_set_name (const IMsgPropertyName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->known_set != NULL ? _imsg_catalog_string (self->known_set->name) : NULL;
}

/**
 * imsg_property_name_get_kind:
 * @self: a name
 *
 * Tells whether the name is a number or text.
 *
 * Returns: the kind
 * Since: 1.0
 */
IMsgPropertyNameKind
imsg_property_name_get_kind (const IMsgPropertyName *self)
{
  g_return_val_if_fail (self != NULL, IMSG_PROPERTY_NAME_ID);

  return self->string != NULL ? IMSG_PROPERTY_NAME_STRING : IMSG_PROPERTY_NAME_ID;
}

/**
 * imsg_property_name_get_id:
 * @self: a name
 *
 * Tells the number.
 *
 * Returns: the number; 0 when the name is text
 * Since: 1.0
 */
guint32
imsg_property_name_get_id (const IMsgPropertyName *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->id;
}

/**
 * imsg_property_name_get_string:
 * @self: a name
 *
 * Tells the text.
 *
 * Returns: (nullable): the text; %NULL when the name is a number
 * Since: 1.0
 */
const char *
imsg_property_name_get_string (const IMsgPropertyName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->string;
}

/**
 * imsg_property_name_get_known_name:
 * @self: a name
 *
 * Tells what the documents call the property, as `PidLidReminderSet`.
 *
 * Returns: (nullable): the name; %NULL when the catalogue does not know it
 * Since: 1.0
 */
const char *
imsg_property_name_get_known_name (const IMsgPropertyName *self)
{
  const IMsgCatalogNamed *known;

  g_return_val_if_fail (self != NULL, NULL);

  known = find_known (self);
  return known != NULL ? _imsg_catalog_named_get_name (known) : NULL;
}

/**
 * imsg_property_name_get_known_type:
 * @self: a name
 *
 * Tells the type that the documents give the property.
 *
 * Returns: the type; %IMSG_PROPERTY_TYPE_UNSPECIFIED when the catalogue does not know it
 * Since: 1.0
 */
IMsgPropertyType
imsg_property_name_get_known_type (const IMsgPropertyName *self)
{
  const IMsgCatalogNamed *known;

  g_return_val_if_fail (self != NULL, IMSG_PROPERTY_TYPE_UNSPECIFIED);

  known = find_known (self);
  return known != NULL ? (IMsgPropertyType) known->type : IMSG_PROPERTY_TYPE_UNSPECIFIED;
}

/**
 * imsg_property_name_list_known:
 *
 * Lists the named properties that the catalogue knows, by the names that
 * [func@IMsg.PropertyName.from_known_name] takes.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names, in the order of their sets
 * Since: 1.0
 */
char **
imsg_property_name_list_known (void)
{
  gsize n_named = 0;
  const IMsgCatalogNamed *named = _imsg_catalog_get_named (&n_named);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; i < n_named; i++)
    {
      const char *name = _imsg_catalog_named_get_name (&named[i]);

      if (name != NULL)
        g_strv_builder_add (builder, name);
    }
  return g_strv_builder_end (builder);
}

/**
 * imsg_property_name_to_text:
 * @self: a name
 *
 * Writes the name for people: the set, by name or GUID, a colon, and the number in hexadecimal or
 * the text; as `PSETID_Common:0x8503`.
 *
 * Returns: (transfer full): the text
 * Since: 1.0
 */
char *
imsg_property_name_to_text (const IMsgPropertyName *self)
{
  const char *set;

  g_return_val_if_fail (self != NULL, NULL);

  set = imsg_property_name_get_set_name (self);
  if (set == NULL)
    set = self->set;
  if (self->string != NULL)
    return g_strconcat (set, ":", self->string, NULL);
  return g_strdup_printf ("%s:0x%04X", set, self->id);
}

/**
 * imsg_property_name_equal:
 * @a: a name
 * @b: another
 *
 * Compares two names.
 *
 * Returns: whether they name the same property
 * Since: 1.0
 */
gboolean
imsg_property_name_equal (const IMsgPropertyName *a,
                          const IMsgPropertyName *b)
{
  g_return_val_if_fail (a != NULL, FALSE);
  g_return_val_if_fail (b != NULL, FALSE);

  if (a == b)
    return TRUE;
  if (!_imsg_guid_equal (&a->guid, &b->guid) || (a->string == NULL) != (b->string == NULL))
    return FALSE;
  if (a->string == NULL)
    return a->id == b->id;
  return (ignores_case (a) ? g_ascii_strcasecmp (a->string, b->string)
                           : strcmp (a->string, b->string)) == 0;
}

/**
 * imsg_property_name_hash:
 * @self: a name
 *
 * Hashes a name so that equal ones agree.
 *
 * Returns: the hash
 * Since: 1.0
 */
guint
imsg_property_name_hash (const IMsgPropertyName *self)
{
  guint hash;

  g_return_val_if_fail (self != NULL, 0);

  hash = _imsg_guid_hash (&self->guid) * 33;
  if (self->string == NULL)
    return hash ^ self->id;
  if (!ignores_case (self))
    return hash ^ g_str_hash (self->string);
  for (const char *at = self->string; *at != '\0'; at++)
    hash = hash * 33 + (guchar) g_ascii_tolower (*at);
  return hash;
}
