/* imsg-catalog-private.h - what is known of properties, sets and flags
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-guid-private.h"
#include "imsg-property-name.h"
#include "imsg-property-tag.h"

G_BEGIN_DECLS

/* --- the generated tables; names are offsets into _imsg_catalog_pool, 0 = none --- */

/* A tagged property of rank 1; sorted by tag. */
typedef struct
{
  guint32 tag;
  guint32 name;
  guint32 canonical;
  guint32 aliases; /* n_aliases strings, one after another */
  guint8  n_aliases;
  guint8  scope;   /* 0 mapi, 1 class, then the scopes that messages do not use */
} IMsgCatalogTag;

/* Any name, sorted without case; value is a tag, or an index into _imsg_catalog_named. */
typedef struct
{
  guint32 name;
  guint32 value;
} IMsgCatalogName;

/* Sorted by GUID bytes. */
typedef struct
{
  IMsgGuid guid;
  char     text[IMSG_GUID_STRING_SIZE];
  guint32  name;
} IMsgCatalogSet;

/* A named property; sorted by set, numbers before strings, number, string without case. */
typedef struct
{
  guint32 id;
  guint32 string; /* 0 for a number */
  guint32 canonical;
  guint32 aliases;
  guint16 type;
  guint8  set;
  guint8  n_aliases;
} IMsgCatalogNamed;

/* What a run of _imsg_catalog_flags belongs to; sorted by kind and key. */
typedef struct
{
  guint8  kind; /* 0 tagged: key is an id; 1 named: an index; 2 a field of a structure: its name */
  guint32 key;
  guint16 first;
  guint16 count;
} IMsgCatalogFlagOwner;

typedef struct
{
  guint32     mask;
  guint32     value;
  const char *name;
  gboolean    is_flag; /* set when value & mask; else shown when (value & mask) == value */
} IMsgFlagName;

/* --- lookups, all by binary search --- */

extern const char _imsg_catalog_pool[];
#define _imsg_catalog_string(offset) ((offset) != 0 ? _imsg_catalog_pool + (offset) : NULL)

/* The property of a tag, text in either width; without a type the likeliest of the id. Ids from
 * 0x8000 are found too: who asks for a message leaves them out. */
const IMsgCatalogTag   *_imsg_catalog_find_tag        (guint32                 tag);
/* By any name, "_A" and "_W" forms included; 0 when unknown. */
guint32                 _imsg_catalog_find_tag_name   (const char             *name);
const IMsgCatalogTag   *_imsg_catalog_get_tags        (gsize                  *n_tags);

/* Sets by GUID and by name; NULL when unknown. */
const IMsgCatalogSet   *_imsg_catalog_find_set        (const IMsgGuid         *guid);
const IMsgCatalogSet   *_imsg_catalog_find_set_name   (const char             *name);

const IMsgCatalogNamed *_imsg_catalog_find_named_id   (const IMsgCatalogSet   *set,
                                                       guint32                 id);
/* Ignores case for PS_INTERNET_HEADERS only. */
const IMsgCatalogNamed *_imsg_catalog_find_named_string (const IMsgCatalogSet *set,
                                                         const char           *string);
const IMsgCatalogNamed *_imsg_catalog_find_named_name (const char             *name);
const IMsgCatalogNamed *_imsg_catalog_get_named       (gsize                  *n_named);
const IMsgCatalogSet   *_imsg_catalog_named_get_set   (const IMsgCatalogNamed *named);
/* "PidLidReminderSet", else the first of its other names. */
const char             *_imsg_catalog_named_get_name  (const IMsgCatalogNamed *named);

/* Known flag and enum values of a tagged property (name NULL) or a named one. */
const IMsgFlagName     *_imsg_catalog_get_flags       (guint32                 tag,
                                                       const IMsgPropertyName *name,
                                                       gsize                  *n_flags);
/* The same of a field of a binary structure ("EntryId0"). */
const IMsgFlagName     *_imsg_catalog_get_field_flags (const char             *field,
                                                       gsize                  *n_flags);

G_END_DECLS
