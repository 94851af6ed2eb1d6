/* imsg-catalog.c - what is known of properties, sets and flags
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-catalog-private.h"
#include "imsg-catalog-data.h"
#include "imsg-property-name-private.h"

/* MV_INSTANCE: a row of a table shows one of several values under this bit */
#define INSTANCE_FLAG 0x2000
#define UNICODE_TO_STRING8 (IMSG_PROPERTY_TYPE_UNICODE - IMSG_PROPERTY_TYPE_STRING8)

typedef int (*CompareFunc) (gconstpointer key,
                            gconstpointer row);

/* The first row that does not sort before the key. */
static gsize
lower_bound (gconstpointer key,
             gconstpointer rows,
             gsize         n_rows,
             gsize         row_size,
             CompareFunc   compare)
{
  gsize first = 0;

  while (n_rows > 0)
    {
      gsize half = n_rows / 2;

      if (compare (key, (const char *) rows + (first + half) * row_size) > 0)
        {
          first += half + 1;
          n_rows -= half + 1;
        }
      else
        {
          n_rows = half;
        }
    }
  return first;
}

static gconstpointer
find_row (gconstpointer key,
          gconstpointer rows,
          gsize         n_rows,
          gsize         row_size,
          CompareFunc   compare)
{
  gsize at = lower_bound (key, rows, n_rows, row_size, compare);
  const char *row = (const char *) rows + at * row_size;

  return at < n_rows && compare (key, row) == 0 ? row : NULL;
}

#define FIND(key, table, compare) \
  find_row ((key), table, table##_count, sizeof table[0], (compare))

static int
compare_tag (gconstpointer key,
             gconstpointer row)
{
  guint32 a = *(const guint32 *) key;
  guint32 b = ((const IMsgCatalogTag *) row)->tag;

  return (a > b) - (a < b);
}

static int
compare_name (gconstpointer key,
              gconstpointer row)
{
  return g_ascii_strcasecmp (key, _imsg_catalog_pool + ((const IMsgCatalogName *) row)->name);
}

static int
compare_set_name (gconstpointer key,
                  gconstpointer row)
{
  const IMsgCatalogSet *set = &_imsg_catalog_sets[*(const guint8 *) row];

  return g_ascii_strcasecmp (key, _imsg_catalog_pool + set->name);
}

static int
compare_set (gconstpointer key,
             gconstpointer row)
{
  return memcmp (((const IMsgGuid *) key)->bytes, ((const IMsgCatalogSet *) row)->guid.bytes, 16);
}

typedef struct
{
  const char *string; /* NULL for a number */
  guint32     id;
  guint8      set;
} NamedKey;

static int
compare_named (gconstpointer key,
               gconstpointer row)
{
  const NamedKey *a = key;
  const IMsgCatalogNamed *b = row;

  if (a->set != b->set)
    return a->set > b->set ? 1 : -1;
  if ((a->string != NULL) != (b->string != 0))
    return a->string != NULL ? 1 : -1;
  if (a->string != NULL)
    return g_ascii_strcasecmp (a->string, _imsg_catalog_pool + b->string);
  return (a->id > b->id) - (a->id < b->id);
}

typedef struct
{
  const char *field; /* NULL for the other kinds */
  guint32     key;
  guint8      kind;
} OwnerKey;

static int
compare_owner (gconstpointer key,
               gconstpointer row)
{
  const OwnerKey *a = key;
  const IMsgCatalogFlagOwner *b = row;

  if (a->kind != b->kind)
    return a->kind > b->kind ? 1 : -1;
  if (a->field != NULL)
    return g_ascii_strcasecmp (a->field, _imsg_catalog_pool + b->key);
  return (a->key > b->key) - (a->key < b->key);
}

static guint32
other_width (guint32 tag)
{
  switch (tag & 0xFFFF & ~IMSG_MULTI_VALUE_FLAG)
    {
    case IMSG_PROPERTY_TYPE_STRING8:
      return tag + UNICODE_TO_STRING8;
    case IMSG_PROPERTY_TYPE_UNICODE:
      return tag - UNICODE_TO_STRING8;
    default:
      return tag;
    }
}

const IMsgCatalogTag *
_imsg_catalog_find_tag (guint32 tag)
{
  const IMsgCatalogTag *best;
  guint32 other;

  if ((tag & 0xFFFF) != IMSG_PROPERTY_TYPE_UNSPECIFIED)
    {
      tag &= ~(guint32) INSTANCE_FLAG;
      best = FIND (&tag, _imsg_catalog_tags, compare_tag);
      other = other_width (tag);
      return best != NULL || other == tag ? best : FIND (&other, _imsg_catalog_tags, compare_tag);
    }

  best = NULL;
  for (gsize i = lower_bound (&tag, _imsg_catalog_tags, _imsg_catalog_tags_count,
                              sizeof _imsg_catalog_tags[0], compare_tag);
       i < _imsg_catalog_tags_count && _imsg_catalog_tags[i].tag >> 16 == tag >> 16; i++)
    if (best == NULL || _imsg_catalog_tags[i].scope < best->scope)
      best = &_imsg_catalog_tags[i];
  return best;
}

/* Of "PR_SUBJECT_W" the width that the suffix asks for; 0 when it is about no text. */
static guint32
find_with_suffix (const char *name)
{
  gsize length = strlen (name);
  g_autofree char *stem = NULL;
  const IMsgCatalogName *row;
  gboolean want_unicode;

  if (length < 3 || name[length - 2] != '_')
    return 0;
  want_unicode = g_ascii_toupper (name[length - 1]) == 'W';
  if (!want_unicode && g_ascii_toupper (name[length - 1]) != 'A')
    return 0;

  stem = g_strndup (name, length - 2);
  row = FIND (stem, _imsg_catalog_tag_names, compare_name);
  if (row == NULL || other_width (row->value) == row->value)
    return 0;
  return MAX (row->value, other_width (row->value)) - (want_unicode ? 0 : UNICODE_TO_STRING8);
}

guint32
_imsg_catalog_find_tag_name (const char *name)
{
  const IMsgCatalogName *row = FIND (name, _imsg_catalog_tag_names, compare_name);

  return row != NULL ? row->value : find_with_suffix (name);
}

const IMsgCatalogTag *
_imsg_catalog_get_tags (gsize *n_tags)
{
  *n_tags = _imsg_catalog_tags_count;
  return _imsg_catalog_tags;
}

const IMsgCatalogSet *
_imsg_catalog_find_set (const IMsgGuid *guid)
{
  return FIND (guid, _imsg_catalog_sets, compare_set);
}

const IMsgCatalogSet *
_imsg_catalog_find_set_name (const char *name)
{
  const guint8 *row = FIND (name, _imsg_catalog_set_names, compare_set_name);

  return row != NULL ? &_imsg_catalog_sets[*row] : NULL;
}

const IMsgCatalogNamed *
_imsg_catalog_find_named_id (const IMsgCatalogSet *set,
                             guint32               id)
{
  NamedKey key = { .id = id, .set = (guint8) (set - _imsg_catalog_sets) };

  return FIND (&key, _imsg_catalog_named, compare_named);
}

const IMsgCatalogNamed *
_imsg_catalog_find_named_string (const IMsgCatalogSet *set,
                                 const char           *string)
{
  NamedKey key = { .string = string, .set = (guint8) (set - _imsg_catalog_sets) };
  const IMsgCatalogNamed *row = FIND (&key, _imsg_catalog_named, compare_named);

  if (row == NULL || strcmp (set->text, IMSG_PS_INTERNET_HEADERS) == 0)
    return row;
  return strcmp (_imsg_catalog_pool + row->string, string) == 0 ? row : NULL;
}

const IMsgCatalogNamed *
_imsg_catalog_find_named_name (const char *name)
{
  const IMsgCatalogName *row = FIND (name, _imsg_catalog_named_names, compare_name);

  return row != NULL ? &_imsg_catalog_named[row->value] : NULL;
}

const IMsgCatalogNamed *
_imsg_catalog_get_named (gsize *n_named)
{
  *n_named = _imsg_catalog_named_count;
  return _imsg_catalog_named;
}

const IMsgCatalogSet *
_imsg_catalog_named_get_set (const IMsgCatalogNamed *named)
{
  return &_imsg_catalog_sets[named->set];
}

const char *
_imsg_catalog_named_get_name (const IMsgCatalogNamed *named)
{
  return _imsg_catalog_string (named->canonical != 0 ? named->canonical : named->aliases);
}

static const IMsgFlagName *
find_flags (const OwnerKey *key,
            gsize          *n_flags)
{
  const IMsgCatalogFlagOwner *owner = FIND (key, _imsg_catalog_flag_owners, compare_owner);

  *n_flags = owner != NULL ? owner->count : 0;
  return owner != NULL ? &_imsg_catalog_flags[owner->first] : NULL;
}

const IMsgFlagName *
_imsg_catalog_get_flags (guint32                 tag,
                         const IMsgPropertyName *name,
                         gsize                  *n_flags)
{
  OwnerKey key = { .key = tag >> 16 };

  if (name != NULL)
    {
      const IMsgCatalogSet *set = _imsg_catalog_find_set (_imsg_property_name_get_guid (name));
      const IMsgCatalogNamed *named = NULL;

      if (set != NULL)
        named = imsg_property_name_get_kind (name) == IMSG_PROPERTY_NAME_ID
                  ? _imsg_catalog_find_named_id (set, imsg_property_name_get_id (name))
                  : _imsg_catalog_find_named_string (set, imsg_property_name_get_string (name));
      key.kind = 1;
      key.key = named != NULL ? (guint32) (named - _imsg_catalog_named) : G_MAXUINT32;
    }
  else if (imsg_property_tag_is_named (tag))
    {
      *n_flags = 0;
      return NULL;
    }
  return find_flags (&key, n_flags);
}

const IMsgFlagName *
_imsg_catalog_get_field_flags (const char *field,
                               gsize      *n_flags)
{
  OwnerKey key = { .field = field, .kind = 2 };

  return find_flags (&key, n_flags);
}
