/* imsg-structure-restriction.c - stored restrictions ([MS-OXCDATA] 2.12)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-structure-private.h"

#include <glib/gi18n-lib.h>

/* The extended coding (PR_EXTENDED_RULE_CONDITION) counts in 32 bits, the coding of rules in 16. */
typedef struct
{
  gboolean is_extended;
} Coding;

static const IMsgStructureName kinds[] = {
  { 0x0, N_("and") }, { 0x1, N_("or") }, { 0x2, N_("not") }, { 0x3, N_("content") },
  { 0x4, N_("property") }, { 0x5, N_("compare") }, { 0x6, N_("bit mask") }, { 0x7, N_("size") },
  { 0x8, N_("exists") }, { 0x9, N_("sub-object") }, { 0xA, N_("comment") }, { 0xB, N_("count") },
  { 0xC, N_("annotation") },
};

static const IMsgStructureName relations[] = {
  { 0, "<" }, { 1, "≤" }, { 2, ">" }, { 3, "≥" }, { 4, "=" }, { 5, "≠" }, { 6, N_("like") },
  { 0x64, N_("member of") },
};

static const IMsgStructureName bit_relations[] = { { 0, N_("is zero") }, { 1, N_("is not zero") } };

static gboolean parse_one (IMsgStructureReader *reader,
                           IMsgStructureNode   *parent,
                           const Coding        *coding);

static gboolean
parse_tag (IMsgStructureReader *reader,
           IMsgStructureNode   *parent,
           const char          *name,
           guint32             *tag)
{
  const guint8 *bytes = reader->bytes + reader->offset;
  IMsgStructureNode *group;
  const char *known;
  guint32 value;

  if (_imsg_structure_get_n_left (reader) < 4)
    return _imsg_structure_u32 (reader, parent, name, IMSG_STRUCTURE_HEX, NULL);
  value = (guint32) bytes[0] | (guint32) bytes[1] << 8 | (guint32) bytes[2] << 16 |
          (guint32) bytes[3] << 24;
  known = imsg_property_tag_get_name (value);
  group = _imsg_structure_begin (reader, parent, name);
  reader->offset += 4;
  if (known != NULL)
    _imsg_structure_node_set_value (group, "0x%08X (%s)", value, known);
  else
    _imsg_structure_node_set_value (group, "0x%08X", value);
  _imsg_structure_end (reader, group);
  if (tag != NULL)
    *tag = value;
  return TRUE;
}

static gboolean
parse_plain_value (IMsgStructureReader *reader,
                   IMsgStructureNode   *parent,
                   guint                type,
                   const Coding        *coding)
{
  guint32 n_bytes;
  guint16 n_short;

  switch (type)
    {
    case IMSG_PROPERTY_TYPE_I2:
      return _imsg_structure_u16 (reader, parent, N_("Value"), IMSG_STRUCTURE_SIGNED, NULL);
    case IMSG_PROPERTY_TYPE_LONG:
    case IMSG_PROPERTY_TYPE_ERROR:
      return _imsg_structure_u32 (reader, parent, N_("Value"), IMSG_STRUCTURE_SIGNED, NULL);
    case IMSG_PROPERTY_TYPE_BOOLEAN:
      return _imsg_structure_u8 (reader, parent, N_("Value"), IMSG_STRUCTURE_DECIMAL, NULL);
    case IMSG_PROPERTY_TYPE_R4:
      return _imsg_structure_bytes (reader, parent, N_("Value"), 4);
    case IMSG_PROPERTY_TYPE_DOUBLE:
    case IMSG_PROPERTY_TYPE_CURRENCY:
    case IMSG_PROPERTY_TYPE_APPTIME:
    case IMSG_PROPERTY_TYPE_I8:
      return _imsg_structure_bytes (reader, parent, N_("Value"), 8);
    case IMSG_PROPERTY_TYPE_SYSTIME:
      return _imsg_structure_filetime (reader, parent, N_("Value"));
    case IMSG_PROPERTY_TYPE_CLSID:
      return _imsg_structure_guid (reader, parent, N_("Value"));
    case IMSG_PROPERTY_TYPE_STRING8:
    case IMSG_PROPERTY_TYPE_UNICODE:
      return _imsg_structure_text_z (reader, parent, N_("Value"),
                                     type == IMSG_PROPERTY_TYPE_UNICODE);
    case IMSG_PROPERTY_TYPE_BINARY:
      if (coding->is_extended)
        return _imsg_structure_u32 (reader, parent, N_("Size"), IMSG_STRUCTURE_DECIMAL, &n_bytes) &&
               _imsg_structure_bytes (reader, parent, N_("Value"), n_bytes);
      return _imsg_structure_u16 (reader, parent, N_("Size"), IMSG_STRUCTURE_DECIMAL, &n_short) &&
             _imsg_structure_bytes (reader, parent, N_("Value"), n_short);
    default:
      _imsg_structure_fail (reader, parent, _("A value of type 0x%04X has no known length"), type);
      return FALSE;
    }
}

static gboolean
parse_value (IMsgStructureReader *reader,
             IMsgStructureNode   *parent,
             const Coding        *coding)
{
  guint32 tag, count;
  guint type;

  if (!parse_tag (reader, parent, N_("Value of"), &tag))
    return FALSE;
  type = imsg_property_tag_get_property_type (tag);
  if ((type & IMSG_MULTI_VALUE_FLAG) == 0)
    return parse_plain_value (reader, parent, type, coding);
  if (!_imsg_structure_u32 (reader, parent, N_("Count"), IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_check_count (reader, parent, count, 1))
    return FALSE;
  if (count > IMSG_STRUCTURE_MAX_ELEMENTS)
    {
      _imsg_structure_fail (reader, parent,
                            g_dngettext (GETTEXT_PACKAGE,
                                         "not expanded: %u value",
                                         "not expanded: %u values",
                                         count),
                            count);
      return FALSE;
    }
  for (guint32 i = 0; i < count; i++)
    if (!parse_plain_value (reader, parent, type & ~(guint) IMSG_MULTI_VALUE_FLAG, coding))
      return FALSE;
  return TRUE;
}

static gboolean
parse_children (IMsgStructureReader *reader,
                IMsgStructureNode   *parent,
                const Coding        *coding)
{
  guint32 count;
  guint16 short_count;

  if (coding->is_extended)
    {
      if (!_imsg_structure_u32 (reader, parent, N_("Count"), IMSG_STRUCTURE_DECIMAL, &count))
        return FALSE;
    }
  else
    {
      if (!_imsg_structure_u16 (reader, parent, N_("Count"), IMSG_STRUCTURE_DECIMAL, &short_count))
        return FALSE;
      count = short_count;
    }
  if (!_imsg_structure_check_count (reader, parent, count, 1))
    return FALSE;
  for (guint32 i = 0; i < MIN (count, IMSG_STRUCTURE_MAX_ELEMENTS); i++)
    if (!parse_one (reader, parent, coding))
      return FALSE;
  /* where the rest ends cannot be told without reading it */
  if (count > IMSG_STRUCTURE_MAX_ELEMENTS)
    _imsg_structure_fail (reader, parent, _("not expanded: %u more"),
                          count - IMSG_STRUCTURE_MAX_ELEMENTS);
  return count <= IMSG_STRUCTURE_MAX_ELEMENTS;
}

static gboolean
parse_comment (IMsgStructureReader *reader,
               IMsgStructureNode   *parent,
               const Coding        *coding)
{
  guint8 count, is_present;

  if (!_imsg_structure_u8 (reader, parent, N_("Count"), IMSG_STRUCTURE_DECIMAL, &count))
    return FALSE;
  for (guint i = 0; i < count; i++)
    if (!parse_value (reader, parent, coding))
      return FALSE;
  return _imsg_structure_u8 (reader, parent, N_("Has a restriction"), IMSG_STRUCTURE_DECIMAL,
                             &is_present) &&
         (is_present == 0 || parse_one (reader, parent, coding));
}

static gboolean
parse_relation (IMsgStructureReader *reader,
                IMsgStructureNode   *parent)
{
  return _imsg_structure_enum (reader, parent, N_("Relation"), 1, relations,
                               G_N_ELEMENTS (relations), NULL);
}

static gboolean
parse_fields (IMsgStructureReader *reader,
              IMsgStructureNode   *group,
              const Coding        *coding,
              guint32              kind)
{
  switch (kind)
    {
    case 0x0:
    case 0x1:
      return parse_children (reader, group, coding);
    case 0x2:
      return parse_one (reader, group, coding);
    case 0x3:
      return _imsg_structure_u32 (reader, group, N_("Fuzzy level"), IMSG_STRUCTURE_HEX, NULL) &&
             parse_tag (reader, group, N_("Property"), NULL) && parse_value (reader, group, coding);
    case 0x4:
      return parse_relation (reader, group) && parse_tag (reader, group, N_("Property"), NULL) &&
             parse_value (reader, group, coding);
    case 0x5:
      return parse_relation (reader, group) && parse_tag (reader, group, N_("First property"),
                                                          NULL) &&
             parse_tag (reader, group, N_("Second property"), NULL);
    case 0x6:
      return _imsg_structure_enum (reader, group, N_("Relation"), 1, bit_relations,
                                   G_N_ELEMENTS (bit_relations), NULL) &&
             parse_tag (reader, group, N_("Property"), NULL) &&
             _imsg_structure_u32 (reader, group, N_("Mask"), IMSG_STRUCTURE_HEX, NULL);
    case 0x7:
      return parse_relation (reader, group) && parse_tag (reader, group, N_("Property"), NULL) &&
             _imsg_structure_u32 (reader, group, N_("Size"), IMSG_STRUCTURE_DECIMAL, NULL);
    case 0x8:
      return parse_tag (reader, group, N_("Property"), NULL);
    case 0x9:
      return parse_tag (reader, group, N_("Objects"), NULL) && parse_one (reader, group, coding);
    case 0xA:
    case 0xC:
      return parse_comment (reader, group, coding);
    case 0xB:
      return _imsg_structure_u32 (reader, group, N_("Count"), IMSG_STRUCTURE_DECIMAL, NULL) &&
             parse_one (reader, group, coding);
    default:
      _imsg_structure_fail (reader, group, _("damaged: 0x%X is no kind of restriction"), kind);
      return FALSE;
    }
}

static gboolean
parse_one (IMsgStructureReader *reader,
           IMsgStructureNode   *parent,
           const Coding        *coding)
{
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Restriction"));
  gboolean is_whole = FALSE;
  guint32 kind;

  if (++reader->depth > IMSG_STRUCTURE_MAX_DEPTH)
    _imsg_structure_fail (reader, group, _("not expanded: nested too deep"));
  else
    is_whole = _imsg_structure_enum (reader, group, N_("Kind"), 1, kinds, G_N_ELEMENTS (kinds),
                                     &kind) &&
               parse_fields (reader, group, coding, kind);
  reader->depth--;
  _imsg_structure_end (reader, group);
  return is_whole;
}

/* u16 names; then ids, a size, and for each its kind, set, and number or text */
static gboolean
parse_names (IMsgStructureReader *reader,
             IMsgStructureNode   *parent)
{
  guint16 count;

  if (!_imsg_structure_u16 (reader, parent, N_("Named properties"), IMSG_STRUCTURE_DECIMAL, &count))
    return FALSE;
  if (count == 0)
    return TRUE;
  return _imsg_structure_bytes (reader, parent, N_("Ids"), 2 * (gsize) count) &&
         _imsg_structure_sized (reader, parent, N_("Names"), NULL);
}

void
_imsg_structure_parse_restriction (IMsgStructureReader *reader,
                                   IMsgStructureNode   *parent)
{
  Coding coding = { TRUE };

  if (parse_names (reader, parent))
    parse_one (reader, parent, &coding);
}

void
_imsg_structure_parse_rule_condition (IMsgStructureReader *reader,
                                      IMsgStructureNode   *parent)
{
  Coding coding = { FALSE };

  parse_one (reader, parent, &coding);
}
