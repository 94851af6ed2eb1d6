/* imsg-structure.c - what the bytes of a known binary property mean, as a tree
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-structure-private.h"

#include <glib/gi18n-lib.h>

/**
 * IMsgStructureNode:
 *
 * One field of the structure that a binary property holds.
 *
 * A node has a name, a value for people, the place of the bytes it was read from, and the fields
 * inside it. [func@IMsg.structure_parse] makes a tree of them. Damage is a node too: what could be
 * read stays, and the last node says what is wrong. Names, and the words in values, are those of the
 * language that the program had set when the structure was parsed.
 *
 * ```c
 * g_autoptr(GBytes) bytes = imsg_property_object_get_bytes (object, IMSG_PR_SENDER_ENTRYID);
 * g_autoptr(IMsgStructureNode) tree =
 *   imsg_structure_parse (IMSG_PR_SENDER_ENTRYID, NULL, bytes, 1252);
 * g_autofree char *text = imsg_structure_node_to_text (tree);
 *
 * g_print ("%s", text);
 * ```
 *
 * Since: 1.0
 */
struct _IMsgStructureNode
{
  GObject parent_instance;

  char       *name;  /* NULL: a note about damage, not a field */
  char       *value; /* NULL: only its children have values */
  gsize       offset;
  gsize       n_bytes;
  GListStore *children; /* (element-type IMsgStructureNode) (nullable) */
};

G_DEFINE_TYPE (IMsgStructureNode, imsg_structure_node, G_TYPE_OBJECT)

enum
{
  PROP_NAME = 1,
  PROP_VALUE,
  PROP_OFFSET,
  PROP_SIZE,
  PROP_DAMAGED,
  PROP_CHILDREN,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
imsg_structure_node_finalize (GObject *object)
{
  IMsgStructureNode *self = IMSG_STRUCTURE_NODE (object);

  g_free (self->name);
  g_free (self->value);
  g_clear_object (&self->children);
  G_OBJECT_CLASS (imsg_structure_node_parent_class)->finalize (object);
}

static void
imsg_structure_node_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  IMsgStructureNode *self = IMSG_STRUCTURE_NODE (object);

  switch (property_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_VALUE:
      g_value_set_string (value, self->value);
      break;
    case PROP_OFFSET:
      g_value_set_uint64 (value, self->offset);
      break;
    case PROP_SIZE:
      g_value_set_uint64 (value, self->n_bytes);
      break;
    case PROP_DAMAGED:
      g_value_set_boolean (value, imsg_structure_node_is_damaged (self));
      break;
    case PROP_CHILDREN:
      g_value_set_object (value, self->children);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imsg_structure_node_class_init (IMsgStructureNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = imsg_structure_node_finalize;
  object_class->get_property = imsg_structure_node_get_property;

  /**
   * IMsgStructureNode:name:
   *
   * What the field is called; %NULL for a note about damage.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  /**
   * IMsgStructureNode:value:
   *
   * The value, for people; %NULL when only the fields inside have one.
   *
   * Since: 1.0
   */
  properties[PROP_VALUE] = g_param_spec_string ("value", NULL, NULL, NULL, flags);
  /**
   * IMsgStructureNode:offset:
   *
   * The first byte it was read from.
   *
   * Since: 1.0
   */
  properties[PROP_OFFSET] = g_param_spec_uint64 ("offset", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  /**
   * IMsgStructureNode:size:
   *
   * How many bytes it was read from.
   *
   * Since: 1.0
   */
  properties[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  /**
   * IMsgStructureNode:damaged:
   *
   * Whether this is a note about damage rather than a field.
   *
   * Since: 1.0
   */
  properties[PROP_DAMAGED] = g_param_spec_boolean ("damaged", NULL, NULL, FALSE, flags);
  /**
   * IMsgStructureNode:children:
   *
   * The fields inside; %NULL when there are none.
   *
   * Since: 1.0
   */
  properties[PROP_CHILDREN] =
    g_param_spec_object ("children", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
imsg_structure_node_init (IMsgStructureNode *self)
{
}

IMsgStructureNode *
_imsg_structure_node_new (const char *name,
                          gsize       offset,
                          gsize       size)
{
  IMsgStructureNode *self = g_object_new (IMSG_TYPE_STRUCTURE_NODE, NULL);

  self->name = name != NULL ? g_strdup (_(name)) : NULL;
  self->offset = offset;
  self->n_bytes = size;
  return self;
}

void
_imsg_structure_node_set_value (IMsgStructureNode *self,
                                const char        *format,
                                ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_free (self->value);
  self->value = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

void
_imsg_structure_node_set_size (IMsgStructureNode *self,
                               gsize              size)
{
  self->n_bytes = size;
}

/* Takes the child. */
void
_imsg_structure_node_add (IMsgStructureNode *self,
                          IMsgStructureNode *child)
{
  if (self->children == NULL)
    self->children = g_list_store_new (IMSG_TYPE_STRUCTURE_NODE);
  g_list_store_append (self->children, child);
  g_object_unref (child);
}

/**
 * imsg_structure_node_get_name:
 * @self: a node
 *
 * Tells what the field is called.
 *
 * Returns: (nullable): the name, or %NULL for a note about damage
 * Since: 1.0
 */
const char *
imsg_structure_node_get_name (IMsgStructureNode *self)
{
  g_return_val_if_fail (IMSG_IS_STRUCTURE_NODE (self), NULL);

  return self->name;
}

/**
 * imsg_structure_node_get_value:
 * @self: a node
 *
 * Gets the value, for people.
 *
 * Returns: (nullable): the value, or %NULL when only the fields inside have one
 * Since: 1.0
 */
const char *
imsg_structure_node_get_value (IMsgStructureNode *self)
{
  g_return_val_if_fail (IMSG_IS_STRUCTURE_NODE (self), NULL);

  return self->value;
}

/**
 * imsg_structure_node_get_offset:
 * @self: a node
 *
 * Tells the first byte it was read from.
 *
 * Returns: an offset into the value
 * Since: 1.0
 */
gsize
imsg_structure_node_get_offset (IMsgStructureNode *self)
{
  g_return_val_if_fail (IMSG_IS_STRUCTURE_NODE (self), 0);

  return self->offset;
}

/**
 * imsg_structure_node_get_size:
 * @self: a node
 *
 * Tells how many bytes it was read from.
 *
 * Returns: a number of bytes
 * Since: 1.0
 */
gsize
imsg_structure_node_get_size (IMsgStructureNode *self)
{
  g_return_val_if_fail (IMSG_IS_STRUCTURE_NODE (self), 0);

  return self->n_bytes;
}

/**
 * imsg_structure_node_is_damaged:
 * @self: a node
 *
 * Tells whether this is a note about damage rather than a field.
 *
 * Returns: %TRUE for a note
 * Since: 1.0
 */
gboolean
imsg_structure_node_is_damaged (IMsgStructureNode *self)
{
  g_return_val_if_fail (IMSG_IS_STRUCTURE_NODE (self), FALSE);

  return self->name == NULL;
}

/**
 * imsg_structure_node_get_children:
 * @self: a node
 *
 * Gets the fields inside.
 *
 * Returns: (transfer none) (nullable): a list of [class@IMsg.StructureNode], or %NULL for none
 * Since: 1.0
 */
GListModel *
imsg_structure_node_get_children (IMsgStructureNode *self)
{
  g_return_val_if_fail (IMSG_IS_STRUCTURE_NODE (self), NULL);

  return G_LIST_MODEL (self->children);
}

static void
append_text (IMsgStructureNode *self,
             guint              depth,
             GString           *text)
{
  guint n_children = self->children != NULL
                       ? g_list_model_get_n_items (G_LIST_MODEL (self->children))
                       : 0;

  g_string_append_printf (text, "%*s%s%s%s\n", (int) depth * 2, "",
                          self->name != NULL ? self->name : "⚠",
                          self->value != NULL ? ": " : "", self->value != NULL ? self->value : "");
  for (guint i = 0; i < n_children; i++)
    {
      g_autoptr(IMsgStructureNode) child =
        g_list_model_get_item (G_LIST_MODEL (self->children), i);

      append_text (child, depth + 1, text);
    }
}

/**
 * imsg_structure_node_to_text:
 * @self: a node
 *
 * Writes the tree, a field a line, inner fields indented.
 *
 * Returns: (transfer full): the text
 * Since: 1.0
 */
char *
imsg_structure_node_to_text (IMsgStructureNode *self)
{
  GString *text;

  g_return_val_if_fail (IMSG_IS_STRUCTURE_NODE (self), NULL);

  text = g_string_new (NULL);
  append_text (self, 0, text);
  return g_string_free (text, FALSE);
}

/* --- which property holds what --- */

typedef struct
{
  const char          *name;
  IMsgStructureParser  parser;
  const guint16       *ids; /* ends in 0 */
} TaggedStructure;

#define IDS(...) ((const guint16[]) { __VA_ARGS__, 0 })

static const TaggedStructure tagged[] = {
  { N_("Conversation index"), _imsg_structure_parse_conversation_index, IDS (0x0071) },
  { N_("Entry id"), _imsg_structure_parse_entry_id,
    IDS (0x003F, 0x0041, 0x0043, 0x0045, 0x0046, 0x004C, 0x005B, 0x005E, 0x0C19, 0x0E09, 0x0E0A,
         0x0E0B, 0x0FFB, 0x0FFF, 0x1012, 0x300F, 0x3010, 0x3A12, 0x3FF9, 0x3FFB, 0x5FF7, 0x35E0,
         0x35E2, 0x35E3, 0x35E4, 0x35E5, 0x35E6, 0x35E7, 0x36D0, 0x36D1, 0x36D2, 0x36D3, 0x36D4,
         0x36D5, 0x36D7, 0x6740) },
  { N_("Entry list"), _imsg_structure_parse_flat_entry_list, IDS (0x004F, 0x3A01) },
  { N_("Redirection history"), _imsg_structure_parse_redirections, IDS (0x002C) },
  { N_("Report tag"), _imsg_structure_parse_report_tag, IDS (0x0031) },
  { N_("Swapped to-do data"), _imsg_structure_parse_swapped_to_do, IDS (0x0E2D) },
  { N_("Security identifier"), _imsg_structure_parse_sid,
    IDS (0x0C24, 0x0E4D, 0x0E4E, 0x0E53, 0x0E55, 0x0E58, 0x0E59) },
  { N_("Security descriptor"), _imsg_structure_parse_security, IDS (0x0E27, 0x0F00) },
  { N_("Restriction"), _imsg_structure_parse_restriction, IDS (0x0E9A) },
  { N_("Restriction"), _imsg_structure_parse_rule_condition, IDS (0x6679) },
  { N_("Search key"), _imsg_structure_parse_search_key,
    IDS (0x300B, 0x0C1D, 0x003B, 0x0051, 0x0052, 0x0053, 0x4061) },
  { N_("Source key"), _imsg_structure_parse_source_key, IDS (0x65E0, 0x65E1, 0x65E2) },
  { N_("Change list"), _imsg_structure_parse_change_list, IDS (0x65E3) },
  { "GUID", _imsg_structure_parse_guid,
    IDS (0x0FF8, 0x3414, 0x3013, 0x3018, 0x3019, 0x0C25, 0x0C2C, 0x0C2D, 0x3D01, 0x0E40, 0x0E41) },
  { N_("Text"), _imsg_structure_parse_text, IDS (0x007F, 0x0047) },
  { N_("Attachment tag"), _imsg_structure_parse_attach_tag, IDS (0x370A, 0x3702) },
  { N_("Windows metafile"), _imsg_structure_parse_metafile, IDS (0x3709) },
  { N_("Retention"), _imsg_structure_parse_retention, IDS (0x301B) },
};

typedef struct
{
  const char          *name;
  IMsgStructureParser  parser;
  const char          *set;
  const guint16       *ids; /* ends in 0 */
} NamedStructure;

static const NamedStructure named[] = {
  { N_("Global object id"), _imsg_structure_parse_global_object_id, "PSETID_Meeting",
    IDS (0x0003, 0x0023) },
  { N_("Recurrence"), _imsg_structure_parse_recurrence, "PSETID_Appointment", IDS (0x8216) },
  { N_("Recurrence"), _imsg_structure_parse_task_recurrence, "PSETID_Task", IDS (0x8116) },
  { N_("Time zone"), _imsg_structure_parse_time_zone, "PSETID_Appointment", IDS (0x8233) },
  { N_("Time zone definition"), _imsg_structure_parse_zone_definition, "PSETID_Appointment",
    IDS (0x825E, 0x825F, 0x8260) },
  { N_("Entry id"), _imsg_structure_parse_entry_id, "PSETID_Appointment", IDS (0x8237) },
  { N_("Verb stream"), _imsg_structure_parse_verb_stream, "PSETID_Common", IDS (0x8520) },
  { N_("Field definitions"), _imsg_structure_parse_field_definitions, "PSETID_Common",
    IDS (0x8540) },
  { N_("Contact links"), _imsg_structure_parse_flat_entry_list, "PSETID_Common", IDS (0x8585) },
  { N_("Entry id"), _imsg_structure_parse_entry_id, "PSETID_Common",
    IDS (0x85BD, 0x85C6, 0x85C7) },
  { N_("Task assigners"), _imsg_structure_parse_task_assigners, "PSETID_Task", IDS (0x8117) },
  { N_("Entry id"), _imsg_structure_parse_entry_id, "PSETID_Address",
    IDS (0x8085, 0x8095, 0x80A5, 0x80B5, 0x80C5, 0x80D5) },
  { N_("Entry id"), _imsg_structure_parse_entry_id, "PSETID_Sharing",
    IDS (0x8A09, 0x8A15, 0x8A29, 0x8A2D, 0x8A2E, 0x8A5C) },
};

static gboolean
has_id (const guint16 *ids,
        guint          id)
{
  for (; *ids != 0; ids++)
    if (*ids == id)
      return TRUE;
  return FALSE;
}

static IMsgStructureParser
find_parser (guint32                  tag,
             const IMsgPropertyName  *name,
             const char             **kind)
{
  if (imsg_property_tag_get_property_type (tag) == IMSG_PROPERTY_TYPE_SVREID)
    {
      *kind = N_("Server id");
      return _imsg_structure_parse_server_id;
    }
  if (name == NULL)
    {
      for (guint i = 0; i < G_N_ELEMENTS (tagged); i++)
        if (has_id (tagged[i].ids, imsg_property_tag_get_id (tag)))
          {
            *kind = tagged[i].name;
            return tagged[i].parser;
          }
      return NULL;
    }
  if (imsg_property_name_get_kind (name) != IMSG_PROPERTY_NAME_ID)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    if (g_strcmp0 (imsg_property_name_get_set_name (name), named[i].set) == 0 &&
        has_id (named[i].ids, imsg_property_name_get_id (name)))
      {
        *kind = named[i].name;
        return named[i].parser;
      }
  return NULL;
}

/**
 * imsg_structure_parse:
 * @tag: the tag of the property
 * @name: (nullable): its name, for a named property
 * @bytes: its value
 * @code_page: the code page of 8-bit text in it
 *
 * Reads the structure that a binary property holds, by what is known of that property.
 *
 * Entry ids, conversation index, recurrence, time zones, global object id, report tag, voting
 * options, security descriptor and more; [MS-OXCDATA], [MS-OXOCAL], [MS-OXOMSG] say how they are
 * laid out. Lists are expanded up to 1 000 elements, structures inside one another 25 deep.
 *
 * Returns: (transfer full) (nullable): the tree, or %NULL when no structure is known for the
 *   property
 * Since: 1.0
 */
IMsgStructureNode *
imsg_structure_parse (guint32                 tag,
                      const IMsgPropertyName *name,
                      GBytes                 *bytes,
                      guint                   code_page)
{
  IMsgStructureReader reader = { .code_page = code_page };
  IMsgStructureParser parser;
  IMsgStructureNode *root;
  const char *kind;

  g_return_val_if_fail (bytes != NULL, NULL);

  parser = find_parser (tag, name, &kind);
  if (parser == NULL)
    return NULL;
  reader.bytes = g_bytes_get_data (bytes, &reader.n_bytes);
  root = _imsg_structure_node_new (kind, 0, reader.n_bytes);
  if (reader.n_bytes == 0)
    return root;
  parser (&reader, root);
  if (_imsg_structure_get_n_left (&reader) > 0)
    _imsg_structure_bytes (&reader, root, N_("Trailing data"), _imsg_structure_get_n_left (&reader));
  return root;
}
