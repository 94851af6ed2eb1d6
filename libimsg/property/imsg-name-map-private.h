/* imsg-name-map-private.h - the map of names as its two halves see it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-property-private.h"

G_BEGIN_DECLS

#define IMSG_NAME_ENTRY_BYTES 8
#define IMSG_FIRST_NAMED_ID 0x8000
/* 0xFFFE and 0xFFFF are no ids of properties. */
#define IMSG_MAX_NAMES 0x7FFE
/* GUID indexes that stand for a set without its being stored; the stored ones follow. */
#define IMSG_INDEX_PS_MAPI 1
#define IMSG_INDEX_PS_PUBLIC_STRINGS 2
#define IMSG_FIRST_STORED_INDEX 3
/* A name of this many bytes of UTF-16 is never refused: the protocols stop at 255 characters. Longer
 * ones are read as long as all of them together fit into the string stream, so that a small file
 * cannot make one long text the name of every property. */
#define IMSG_SHORT_NAME_BYTES 1024

struct _IMsgNameMap
{
  gatomicrefcount ref_count;
  GPtrArray      *names;   /* (element-type IMsgPropertyName), by property index; NULL unreadable */
  GHashTable     *indexes; /* name of names, borrowed -> its property index; of equals the first */
  GHashTable     *sets;    /* (nullable): GUID -> its index; made when the first name is added */
  GByteArray     *entries; /* the three streams as they are, damage included */
  GByteArray     *guids;
  GByteArray     *strings;
  /* What unreadable names refer to past the end of the streams. New GUIDs and strings leave these
   * places out, or such a name would turn into that of another property. */
  GHashTable     *reserved_sets;    /* (nullable): GUID indexes */
  GArray         *reserved_strings; /* (nullable) (element-type guint32): offsets, ascending */
  guint           next_reserved;    /* the first of those that the stream has not reached */
  guint           needs_write : 1;
  guint           is_unreadable : 1; /* a stream could not be read: nothing may be added */
};

/* One entry of the entry stream, and of a bucket */
typedef struct
{
  guint32 name;  /* a number; an offset into the string stream; in a bucket the CRC of text */
  guint16 field; /* GUID index << 1 | kind */
  guint16 index;
} IMsgNameEntry;

IMsgNameMap *_imsg_name_map_alloc        (void);
/* Makes the streams whole, and ready for more: what a tail was cut from stays as it is. */
void         _imsg_name_map_prepare      (IMsgNameMap         *self);
/* Appends zeros up to a multiple. */
void         _imsg_name_map_pad          (GByteArray          *stream,
                                          guint                boundary);
void         _imsg_name_map_append_entry (GByteArray          *stream,
                                          const IMsgNameEntry *entry);
/* The set of a GUID index; FALSE when there is no such. */
gboolean     _imsg_name_map_get_guid     (IMsgNameMap         *self,
                                          guint                guid_index,
                                          IMsgGuid            *guid);

G_END_DECLS
