/* imsg-property-private.h - stored properties: tags, the catalogue, values, streams, names
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-blob-private.h"
#include "imsg-catalog-private.h"
#include "imsg-guid-private.h"
#include "imsg-limits-private.h"
#include "imsg-problem-private.h"
#include "imsg-property-name-private.h"
#include "imsg-property-tag.h"
#include "imsg-storage-private.h"

G_BEGIN_DECLS

#define IMSG_TAG_ID(tag) ((guint) ((guint32) (tag) >> 16))
#define IMSG_TAG_TYPE(tag) ((guint) ((guint32) (tag) & 0xFFFF))
#define IMSG_TAG(type, id) (((guint32) (id) << 16) | (guint32) (type))

/* Of a type: without the multi-valued flag, and whether it has it */
#define IMSG_TYPE_BASE(type) ((type) & ~(guint) IMSG_MULTI_VALUE_FLAG)
#define IMSG_TYPE_IS_LIST(type) (((type) & IMSG_MULTI_VALUE_FLAG) != 0)

/* The largest value of one property that is written in the entry itself */
#define IMSG_INLINE_BYTES 8

/* --- types --- */

typedef enum
{
  IMSG_STORED_INLINE,  /* in the entry: fixed size up to 8 bytes */
  IMSG_STORED_STREAM,  /* one stream */
  IMSG_STORED_STREAMS, /* a stream of lengths and one stream for each value */
  IMSG_STORED_STORAGE, /* PT_OBJECT */
  IMSG_STORED_UNKNOWN, /* kept as it is: the 8 bytes, and a stream if there is one */
} IMsgStoredForm;

IMsgStoredForm  _imsg_type_get_stored_form (guint type);
/* Bytes of one value of a fixed-size type (also an element of a multi-valued one); 0 = variable. */
guint           _imsg_type_get_value_size  (guint type);

/* --- values: GVariant <-> stored bytes --- */

/* What is stored of one property: the value bytes of an inline one (2, 4 or 8), the stream of a
 * stream one, the stream of lengths and the values of a streams one. */
typedef struct
{
  guint32   tag;
  GBytes   *bytes;    /* inline value, stream, or stream of lengths */
  GPtrArray *values;  /* (element-type GBytes) (nullable): values of a streams type, as stored */
} IMsgStoredValue;

/* The value of the type in tag, of the variant type the API promises; never floating. Text drops
 * stored terminators. CORRUPT_DATA when the bytes do not fit the type, NO_SUPPORT for PT_OBJECT. */
GVariant       *_imsg_value_decode         (const IMsgStoredValue  *stored,
                                            guint                   code_page,
                                            gsize                  *n_replaced,
                                            GError                **error);
/* The opposite; *stored gets new references. INVALID_TYPE, BAD_VALUE (wrong variant type, empty
 * list), BAD_CHARWIDTH. A GUID is parsed from its text. */
gboolean        _imsg_value_encode         (guint32                 tag,
                                            GVariant               *value,
                                            guint                   code_page,
                                            IMsgStoredValue        *stored,
                                            GError                **error);
/* The same for one text, not in a variant yet. */
GBytes         *_imsg_value_encode_text    (guint32                 tag,
                                            const char             *text,
                                            gsize                   length,
                                            guint                   code_page,
                                            GError                **error);
void            _imsg_stored_value_clear   (IMsgStoredValue        *stored);
/* The stored bytes of design 5: inline bytes, or the stream, or lengths and then each value. */
GBytes         *_imsg_stored_value_to_raw  (const IMsgStoredValue  *stored);
/* How a character stands in text of one line that would break it, be invisible or turn it round;
 * NULL for one that stands there as it is. */
#define IMSG_ESCAPE_SIZE 12
const char     *_imsg_escape_character     (gunichar                c,
                                            char                    buffer[IMSG_ESCAPE_SIZE]);
/* For a table cell: one line, at most max_chars characters (0 = no bound), controls escaped. */
char           *_imsg_value_to_display     (guint32                 tag,
                                            GVariant               *value,
                                            gsize                   max_chars);

/* --- the property stream ([MS-OXMSG] 2.4) --- */

typedef enum
{
  IMSG_STREAM_MESSAGE = 32,
  IMSG_STREAM_EMBEDDED = 24,
  IMSG_STREAM_SUBOBJECT = 8,
} IMsgStreamHeader; /* the value is the header's size */

typedef struct
{
  guint32 next_recipient_id;
  guint32 next_attachment_id;
  guint32 n_recipients;
  guint32 n_attachments;
} IMsgStreamCounts;

/* One entry, as stored; 16 bytes. */
typedef struct
{
  guint32 tag;
  guint32 attributes;
  guint8  value[IMSG_INLINE_BYTES]; /* the value, or a size and a reserved word */
} IMsgPropertyEntry;

/* What _imsg_value_decode() gives for numbers, which are in their entry; NULL for any other. */
GVariant       *_imsg_value_decode_inline  (const IMsgPropertyEntry  *entry);
/* The same for text and short binaries, without the detour over bytes; NULL for any other, and
 * where it takes that detour to say what is wrong. */
GVariant       *_imsg_value_decode_stream  (IMsgStorage              *storage,
                                            const IMsgPropertyEntry  *entry,
                                            guint                     code_page,
                                            guint64                   max_bytes);

/* The text of PT_UNICODE or PT_STRING8, as the variant would have it. */
char           *_imsg_value_decode_text    (guint32                   tag,
                                            const guint8             *data,
                                            gsize                     n_bytes,
                                            guint                     code_page);
/* The same of a stream; NULL where _imsg_value_decode_stream() gives that. */
char           *_imsg_value_read_text      (IMsgStorage              *storage,
                                            const IMsgPropertyEntry  *entry,
                                            guint                     code_page,
                                            guint64                   max_bytes);

#define IMSG_PROPERTIES_STREAM "__properties_version1.0"
#define IMSG_NAMEID_STORAGE "__nameid_version1.0"

/* Reads a whole property stream: entries in their order, of duplicates (by tag) the first. What is
 * odd becomes a problem (where = path of the storage). Fails only when over a limit.
 * (element-type IMsgPropertyEntry) */
GArray         *_imsg_property_stream_read  (GBytes                  *bytes,
                                             IMsgStreamHeader         header,
                                             IMsgStreamCounts        *counts,
                                             const char              *where,
                                             const IMsgLimits        *limits,
                                             GPtrArray               *problems,
                                             GError                 **error);
GArray         *_imsg_property_stream_parse (const guint8            *data,
                                             gsize                    n_bytes,
                                             IMsgStreamHeader         header,
                                             IMsgStreamCounts        *counts,
                                             const char              *where,
                                             const IMsgLimits        *limits,
                                             GPtrArray               *problems,
                                             GError                 **error);
GBytes         *_imsg_property_stream_write (const IMsgPropertyEntry *entries,
                                             gsize                    n_entries,
                                             IMsgStreamHeader         header,
                                             const IMsgStreamCounts  *counts);

/* "__substg1.0_PPPPTTTT", "-NNNNNNNN", "__recip_version1.0_#", "__attach_version1.0_#" */
#define IMSG_SUBSTG_NAME_SIZE 30
void            _imsg_substg_name           (guint32                  tag,
                                             char                     name[IMSG_SUBSTG_NAME_SIZE]);
void            _imsg_substg_value_name     (guint32                  tag,
                                             guint32                  index,
                                             char                     name[IMSG_SUBSTG_NAME_SIZE]);
void            _imsg_recipient_name        (guint32                  index,
                                             char                     name[IMSG_SUBSTG_NAME_SIZE]);
void            _imsg_attachment_name       (guint32                  index,
                                             char                     name[IMSG_SUBSTG_NAME_SIZE]);

typedef enum
{
  IMSG_ELEMENT_FOREIGN, /* none of ours: kept as it is */
  IMSG_ELEMENT_PROPERTIES,
  IMSG_ELEMENT_SUBSTG,       /* tag */
  IMSG_ELEMENT_SUBSTG_VALUE, /* tag and index */
  IMSG_ELEMENT_RECIPIENT,    /* index */
  IMSG_ELEMENT_ATTACHMENT,   /* index */
  IMSG_ELEMENT_NAMEID,
} IMsgElementKind;

/* What a member of a message storage is, by its name, in either case. */
IMsgElementKind _imsg_element_parse_name    (const char              *name,
                                             guint32                 *tag,
                                             guint32                 *index);

/* Reads what is stored for an entry from its storage. Text without a stream is empty, as is a value
 * of a list without one; anything else without a stream is NOT_FOUND. TOO_BIG over limits,
 * NO_SUPPORT for PT_OBJECT, and what reading the stream fails with. */
gboolean        _imsg_stored_value_read     (IMsgStorage             *storage,
                                             const IMsgPropertyEntry *entry,
                                             const IMsgLimits        *limits,
                                             IMsgStoredValue         *stored,
                                             GError                 **error);
/* Adds problems for an entry whose stream is missing or disagrees with its size; reads lengths of
 * lists, no values. */
void            _imsg_property_entry_check  (IMsgStorage             *storage,
                                             const IMsgPropertyEntry *entry,
                                             const char              *where,
                                             GPtrArray               *problems);
/* Bytes that are stored for an entry, as _imsg_stored_value_to_raw() has them, without reading
 * more than the lengths of a list. */
guint64         _imsg_property_entry_get_size (IMsgStorage             *storage,
                                               const IMsgPropertyEntry *entry);
/* Removes the streams of an entry; TRUE when there are none. */
gboolean        _imsg_stored_value_remove   (IMsgStorage             *storage,
                                             guint32                  tag,
                                             GError                 **error);
/* Writes streams for it (removing stale value streams) and fills in entry->tag and value. */
gboolean        _imsg_stored_value_write    (IMsgStorage             *storage,
                                             const IMsgStoredValue   *stored,
                                             IMsgPropertyEntry       *entry,
                                             GError                 **error);
/* The same for one stream whose bytes are not in memory. INVALID_TYPE unless the type is stored in
 * one stream. */
gboolean        _imsg_stored_blob_write     (IMsgStorage             *storage,
                                             guint32                  tag,
                                             IMsgBlob                *blob,
                                             IMsgPropertyEntry       *entry,
                                             GError                 **error);

/* --- the named-property map ([MS-OXMSG] 2.2.3): one for a file, shared by all objects in it --- */

typedef struct _IMsgNameMap IMsgNameMap;

IMsgNameMap            *_imsg_name_map_new         (void);
/* From __nameid_version1.0 of a root storage; a missing or damaged one gives what can be read. */
IMsgNameMap            *_imsg_name_map_read        (IMsgStorage             *root,
                                                    const IMsgLimits        *limits,
                                                    GPtrArray               *problems);
IMsgNameMap            *_imsg_name_map_ref         (IMsgNameMap             *self);
void                    _imsg_name_map_unref       (IMsgNameMap             *self);
/* Borrowed; NULL when the id has no name. Ids below 0x8000 give PS_MAPI names only through
 * imsg_property_object_lookup_name(). */
const IMsgPropertyName *_imsg_name_map_lookup      (IMsgNameMap             *self,
                                                    guint                    id);
/* The id, or 0 with NOT_FOUND; with create TOO_BIG at the ceiling of 0x7FFE names. */
guint                   _imsg_name_map_resolve     (IMsgNameMap             *self,
                                                    const IMsgPropertyName  *name,
                                                    gboolean                 create,
                                                    GError                 **error);
/* Ids with names, ascending; free with g_free(). */
guint                  *_imsg_name_map_list        (IMsgNameMap             *self,
                                                    gsize                   *n_ids);
/* TRUE when names were added since it was read or written. */
gboolean                _imsg_name_map_is_modified (IMsgNameMap             *self);
/* Has the next write write it all, for a root that it was not read from. */
void                    _imsg_name_map_touch       (IMsgNameMap             *self);
/* Writes storage and hash buckets into root, keeping existing entries and ids. */
gboolean                _imsg_name_map_write       (IMsgNameMap             *self,
                                                    IMsgStorage             *root,
                                                    GError                 **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgNameMap, _imsg_name_map_unref)

G_END_DECLS
