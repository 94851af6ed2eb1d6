/* imsg-structure-security.c - SIDs and security descriptors ([MS-DTYP] 2.4)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-structure-private.h"

#define MAX_SUB_AUTHORITIES 15

static const IMsgStructureName control_flags[] = {
  { 0x0001, "owner defaulted" }, { 0x0002, "group defaulted" }, { 0x0004, "DACL" },
  { 0x0008, "DACL defaulted" },  { 0x0010, "SACL" },            { 0x0020, "SACL defaulted" },
  { 0x0400, "DACL inherited" },  { 0x0800, "SACL inherited" },  { 0x1000, "DACL protected" },
  { 0x2000, "SACL protected" },  { 0x8000, "self-relative" },
};

static const IMsgStructureName ace_types[] = {
  { 0, "allowed" }, { 1, "denied" }, { 2, "audit" }, { 3, "alarm" },
  { 5, "allowed, object" }, { 6, "denied, object" }, { 7, "audit, object" },
};

static const IMsgStructureName ace_flags[] = {
  { 0x01, "for objects inside" }, { 0x02, "for containers inside" }, { 0x04, "not further" },
  { 0x08, "inherit only" },       { 0x10, "inherited" },
};

static const IMsgStructureName information_flags[] = {
  { 1, "owner" }, { 2, "group" }, { 4, "DACL" }, { 8, "SACL" },
};

void
_imsg_structure_parse_sid (IMsgStructureReader *reader,
                           IMsgStructureNode   *parent)
{
  gsize start = reader->offset;
  const guint8 *bytes = reader->bytes + start;
  g_autoptr(GString) text = NULL;
  guint64 authority = 0;
  guint8 count;

  if (!_imsg_structure_u8 (reader, parent, "Revision", IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u8 (reader, parent, "Sub-authorities", IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_bytes (reader, parent, "Authority", 6))
    return;
  if (count > MAX_SUB_AUTHORITIES)
    {
      _imsg_structure_fail (reader, parent, "damaged: %u sub-authorities", count);
      return;
    }
  for (guint i = 2; i < 8; i++)
    authority = authority << 8 | bytes[i];
  text = g_string_new (NULL);
  g_string_append_printf (text, authority >> 32 != 0 ? "S-%u-0x%" G_GINT64_MODIFIER "X"
                                                     : "S-%u-%" G_GUINT64_FORMAT,
                          bytes[0], authority);
  for (guint i = 0; i < count; i++)
    {
      guint32 sub_authority;

      if (!_imsg_structure_u32 (reader, parent, "Sub-authority", IMSG_STRUCTURE_DECIMAL,
                                &sub_authority))
        return;
      g_string_append_printf (text, "-%u", sub_authority);
    }
  _imsg_structure_node_set_value (parent, "%s", text->str);
}

static void
parse_ace (IMsgStructureReader *reader,
           IMsgStructureNode   *parent)
{
  if (_imsg_structure_u32 (reader, parent, "Rights", IMSG_STRUCTURE_HEX, NULL))
    _imsg_structure_inner (reader, parent, "Who", _imsg_structure_get_n_left (reader),
                           _imsg_structure_parse_sid);
}

static void
parse_acl (IMsgStructureReader *reader,
           IMsgStructureNode   *parent)
{
  guint16 count;

  if (!_imsg_structure_u8 (reader, parent, "Revision", IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u8 (reader, parent, "Reserved", IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u16 (reader, parent, "Size", IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u16 (reader, parent, "Entries", IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_u16 (reader, parent, "Reserved", IMSG_STRUCTURE_DECIMAL, NULL))
    return;
  for (guint i = 0; i < MIN (count, IMSG_STRUCTURE_MAX_ELEMENTS); i++)
    {
      IMsgStructureNode *group = _imsg_structure_begin (reader, parent, "Entry");
      guint16 size;
      gboolean is_whole =
        _imsg_structure_enum (reader, group, "Type", 1, ace_types, G_N_ELEMENTS (ace_types),
                              NULL) &&
        _imsg_structure_flags (reader, group, "Flags", 1, ace_flags, G_N_ELEMENTS (ace_flags),
                               NULL) &&
        _imsg_structure_u16 (reader, group, "Size", IMSG_STRUCTURE_DECIMAL, &size);

      if (is_whole && size < 8)
        {
          _imsg_structure_fail (reader, group, "damaged: an entry of %u bytes", size);
          is_whole = FALSE;
        }
      is_whole = is_whole && _imsg_structure_inner (reader, group, "Content", size - 4u, parse_ace);
      _imsg_structure_end (reader, group);
      if (!is_whole)
        return;
    }
}

/* The parts lie where the offsets say, in any order: each is read on its own. */
static void
parse_descriptor (IMsgStructureReader *reader,
                  IMsgStructureNode   *parent)
{
  static const struct
  {
    const char          *offset_name;
    const char          *name;
    IMsgStructureParser  parser;
  } parts[] = {
    { "Owner offset", "Owner", _imsg_structure_parse_sid },
    { "Group offset", "Group", _imsg_structure_parse_sid },
    { "SACL offset", "SACL", parse_acl },
    { "DACL offset", "DACL", parse_acl },
  };
  gsize start = reader->offset;
  guint32 offsets[G_N_ELEMENTS (parts)];

  if (!_imsg_structure_u8 (reader, parent, "Revision", IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u8 (reader, parent, "Reserved", IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_flags (reader, parent, "Control", 2, control_flags,
                              G_N_ELEMENTS (control_flags), NULL))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!_imsg_structure_u32 (reader, parent, parts[i].offset_name, IMSG_STRUCTURE_HEX,
                              &offsets[i]))
      return;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      IMsgStructureReader part = *reader;
      IMsgStructureNode *node;

      if (offsets[i] == 0)
        continue;
      if (offsets[i] >= reader->n_bytes - start)
        {
          part.offset = part.n_bytes;
          _imsg_structure_fail (&part, parent, "damaged: %s lies outside", parts[i].name);
          continue;
        }
      part.offset = start + offsets[i];
      node = _imsg_structure_begin (&part, parent, parts[i].name);
      parts[i].parser (&part, node);
      _imsg_structure_end (&part, node);
    }
  reader->offset = reader->n_bytes;
}

void
_imsg_structure_parse_security (IMsgStructureReader *reader,
                                IMsgStructureNode   *parent)
{
  guint16 header_size;

  /* a bare descriptor begins with its revision, a header with its size */
  if (_imsg_structure_get_n_left (reader) > 0 && reader->bytes[reader->offset] == 1)
    {
      parse_descriptor (reader, parent);
      return;
    }
  if (!_imsg_structure_u16 (reader, parent, "Header size", IMSG_STRUCTURE_DECIMAL, &header_size) ||
      !_imsg_structure_u16 (reader, parent, "Version", IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_flags (reader, parent, "Holds", 4, information_flags,
                              G_N_ELEMENTS (information_flags), NULL))
    return;
  if (header_size < 8)
    {
      _imsg_structure_fail (reader, parent, "damaged: a header of %u bytes", header_size);
      return;
    }
  if (header_size > 8 && !_imsg_structure_bytes (reader, parent, "Named rights", header_size - 8u))
    return;
  _imsg_structure_inner (reader, parent, "Descriptor", _imsg_structure_get_n_left (reader),
                         parse_descriptor);
}
