/* imsg-structure-private.h - reading structures into trees of nodes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-structure.h"

G_BEGIN_DECLS

/* Elements of one list that become nodes; the rest is one node. */
#define IMSG_STRUCTURE_MAX_ELEMENTS 1000

/* Structures inside one another: entry ids in entry ids, restrictions in restrictions. */
#define IMSG_STRUCTURE_MAX_DEPTH 25

/* Reads one value after the other from bytes that are not to be trusted. Each call adds a node to
 * the parent, marking the bytes it was read from. When there are too few bytes it adds one node
 * "truncated", and from then on every call fails. */
typedef struct
{
  const guint8 *bytes;
  gsize         n_bytes;
  gsize         offset;
  guint         code_page;
  guint         depth;
  gboolean      has_failed;
} IMsgStructureReader;

typedef enum
{
  IMSG_STRUCTURE_DECIMAL,
  IMSG_STRUCTURE_HEX,
  IMSG_STRUCTURE_SIGNED,
} IMsgStructureNotation;

/* A name for a number of a structure. */
typedef struct
{
  guint32     value;
  const char *name;
} IMsgStructureName;

typedef void (*IMsgStructureParser)  (IMsgStructureReader *reader,
                                      IMsgStructureNode   *parent);

/* Nodes */
IMsgStructureNode *_imsg_structure_node_new     (const char               *name,
                                                 gsize                     offset,
                                                 gsize                     size);
void               _imsg_structure_node_set_value (IMsgStructureNode        *self,
                                                   const char               *format,
                                                   ...) G_GNUC_PRINTF (2, 3);
void               _imsg_structure_node_set_size (IMsgStructureNode        *self,
                                                  gsize                     size);
void               _imsg_structure_node_add     (IMsgStructureNode        *self,
                                                 IMsgStructureNode        *child);

/* Groups: what is read between begin and end lies under one node. */
IMsgStructureNode *_imsg_structure_begin        (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name);
void               _imsg_structure_end          (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *group);

gsize              _imsg_structure_get_n_left   (const IMsgStructureReader *reader);
/* Ends the reading with a node that says why. */
void               _imsg_structure_fail         (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *format,
                                                 ...) G_GNUC_PRINTF (3, 4);

/* Values; FALSE when the bytes ran out. The out pointers may be NULL, and so may names. */
gboolean           _imsg_structure_u8           (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 IMsgStructureNotation     notation,
                                                 guint8                   *value);
gboolean           _imsg_structure_u16          (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 IMsgStructureNotation     notation,
                                                 guint16                  *value);
gboolean           _imsg_structure_u32          (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 IMsgStructureNotation     notation,
                                                 guint32                  *value);
/* A number of n_bytes (1, 2, 4) that stands for one of names, or for several bits of them. */
gboolean           _imsg_structure_enum         (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 guint                     n_bytes,
                                                 const IMsgStructureName  *names,
                                                 gsize                     n_names,
                                                 guint32                  *value);
gboolean           _imsg_structure_flags        (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 guint                     n_bytes,
                                                 const IMsgStructureName  *names,
                                                 gsize                     n_names,
                                                 guint32                  *value);
gboolean           _imsg_structure_filetime     (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name);
/* u32 minutes since 1601 */
gboolean           _imsg_structure_minutes      (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 guint32                  *value);
gboolean           _imsg_structure_guid         (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name);
/* Bytes shown as hex */
gboolean           _imsg_structure_bytes        (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 gsize                     n_bytes);
/* Text of a known size in bytes, and text to its NUL */
gboolean           _imsg_structure_text         (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 gsize                     n_bytes,
                                                 gboolean                  is_utf16);
gboolean           _imsg_structure_text_z       (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 gboolean                  is_utf16);
/* Runs a parser over the next n_bytes only, under a node of its own. */
gboolean           _imsg_structure_inner        (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 gsize                     n_bytes,
                                                 IMsgStructureParser       parser);
/* u32 size, then that many bytes through a parser (NULL: as bytes). */
gboolean           _imsg_structure_sized        (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 const char               *name,
                                                 IMsgStructureParser       parser);
/* Whether count elements of at least least_size bytes can be there; fails when not. */
gboolean           _imsg_structure_check_count  (IMsgStructureReader      *reader,
                                                 IMsgStructureNode        *parent,
                                                 guint32                   count,
                                                 gsize                     least_size);

/* The structures */
void _imsg_structure_parse_conversation_index (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_entry_id           (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_flat_entry_list    (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_redirections       (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_global_object_id   (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_recurrence         (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_task_recurrence    (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_time_zone          (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_zone_definition    (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_report_tag         (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_verb_stream        (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_task_assigners     (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_swapped_to_do      (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_field_definitions  (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_sid                (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_security           (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_restriction        (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_rule_condition     (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_search_key         (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_server_id          (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_source_key         (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_change_list        (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_guid               (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_text               (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_attach_tag         (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_metafile           (IMsgStructureReader *reader, IMsgStructureNode *parent);
void _imsg_structure_parse_retention          (IMsgStructureReader *reader, IMsgStructureNode *parent);

G_END_DECLS
