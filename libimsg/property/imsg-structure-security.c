/* imsg-structure-security.c - SIDs and security descriptors ([MS-DTYP] 2.4)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-structure-private.h"

#include <glib/gi18n-lib.h>

#define MAX_SUB_AUTHORITIES 15

static const IMsgStructureName control_flags[] = {
  { 0x0001, N_("owner defaulted") }, { 0x0002, N_("group defaulted") }, { 0x0004, "DACL" },
  { 0x0008, N_("DACL defaulted") }, { 0x0010, "SACL" }, { 0x0020, N_("SACL defaulted") },
  { 0x0400, N_("DACL inherited") }, { 0x0800, N_("SACL inherited") },
  { 0x1000, N_("DACL protected") }, { 0x2000, N_("SACL protected") },
  { 0x8000, N_("self-relative") },
};

static const IMsgStructureName ace_types[] = {
  { 0, N_("allowed") }, { 1, N_("denied") }, { 2, N_("audit") }, { 3, N_("alarm") },
  { 5, N_("allowed, object") }, { 6, N_("denied, object") }, { 7, N_("audit, object") },
};

static const IMsgStructureName ace_flags[] = {
  { 0x01, N_("for objects inside") }, { 0x02, N_("for containers inside") },
  { 0x04, N_("not further") }, { 0x08, N_("inherit only") }, { 0x10, N_("inherited") },
};

static const IMsgStructureName information_flags[] = {
  { 1, N_("owner") }, { 2, N_("group") }, { 4, "DACL" }, { 8, "SACL" },
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

  if (!_imsg_structure_u8 (reader, parent, N_("Revision"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u8 (reader, parent, N_("Sub-authorities"), IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_bytes (reader, parent, N_("Authority"), 6))
    return;
  if (count > MAX_SUB_AUTHORITIES)
    {
      _imsg_structure_fail (reader, parent,
                            g_dngettext (GETTEXT_PACKAGE,
                                         "damaged: %u sub-authority",
                                         "damaged: %u sub-authorities",
                                         count),
                            count);
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

      if (!_imsg_structure_u32 (reader, parent, N_("Sub-authority"), IMSG_STRUCTURE_DECIMAL,
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
  if (_imsg_structure_u32 (reader, parent, N_("Rights"), IMSG_STRUCTURE_HEX, NULL))
    _imsg_structure_inner (reader, parent, N_("Who"), _imsg_structure_get_n_left (reader),
                           _imsg_structure_parse_sid);
}

static gboolean
is_sid (const IMsgStructureReader *reader,
        gsize                      offset)
{
  gsize n_left = _imsg_structure_get_n_left (reader);

  return offset + 8 <= n_left &&
         8 + 4 * (gsize) reader->bytes[reader->offset + offset + 1] <= n_left - offset;
}

/* Two GUIDs may stand before the SID. Some writers leave out of the flags that they are there. */
static void
parse_object_ace (IMsgStructureReader *reader,
                  IMsgStructureNode   *parent)
{
  static const IMsgStructureName present[] = {
    { 1, N_("kind of object") }, { 2, N_("kind of object that inherits") },
  };
  guint32 flags;

  if (!_imsg_structure_u32 (reader, parent, N_("Rights"), IMSG_STRUCTURE_HEX, NULL) ||
      !_imsg_structure_flags (reader, parent, N_("Present"), 4, present, G_N_ELEMENTS (present),
                              &flags))
    return;
  if (!is_sid (reader, 16 * ((flags & 1) + (flags >> 1 & 1))) && is_sid (reader, 32))
    flags = 3;
  if (((flags & 1) == 0 || _imsg_structure_guid (reader, parent, N_("Kind of object"))) &&
      ((flags & 2) == 0 ||
       _imsg_structure_guid (reader, parent, N_("Kind of object that inherits"))))
    _imsg_structure_inner (reader, parent, N_("Who"), _imsg_structure_get_n_left (reader),
                           _imsg_structure_parse_sid);
}

static gboolean
is_object_ace (guint32 type)
{
  return (type >= 5 && type <= 8) || type == 0x0B || type == 0x0C || type == 0x0F || type == 0x10;
}

static void
parse_acl (IMsgStructureReader *reader,
           IMsgStructureNode   *parent)
{
  guint16 count;

  if (!_imsg_structure_u8 (reader, parent, N_("Revision"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u8 (reader, parent, N_("Reserved"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u16 (reader, parent, N_("Size"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u16 (reader, parent, N_("Entries"), IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_u16 (reader, parent, N_("Reserved"), IMSG_STRUCTURE_DECIMAL, NULL))
    return;
  for (guint i = 0; i < MIN (count, IMSG_STRUCTURE_MAX_ELEMENTS); i++)
    {
      IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Entry"));
      guint32 type = 0;
      guint16 size;
      gboolean is_whole =
        _imsg_structure_enum (reader, group, N_("Type"), 1, ace_types, G_N_ELEMENTS (ace_types),
                              &type) &&
        _imsg_structure_flags (reader, group, N_("Flags"), 1, ace_flags, G_N_ELEMENTS (ace_flags),
                               NULL) &&
        _imsg_structure_u16 (reader, group, N_("Size"), IMSG_STRUCTURE_DECIMAL, &size);

      if (is_whole && size < 8)
        {
          _imsg_structure_fail (reader, group,
                                g_dngettext (GETTEXT_PACKAGE,
                                             "damaged: an entry of %u byte",
                                             "damaged: an entry of %u bytes",
                                             size),
                                size);
          is_whole = FALSE;
        }
      is_whole = is_whole && _imsg_structure_inner (reader, group, N_("Content"), size - 4u,
                                                    is_object_ace (type) ? parse_object_ace
                                                                         : parse_ace);
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
    { N_("Owner offset"), N_("Owner"), _imsg_structure_parse_sid },
    { N_("Group offset"), N_("Group"), _imsg_structure_parse_sid },
    { N_("SACL offset"), "SACL", parse_acl },
    { N_("DACL offset"), "DACL", parse_acl },
  };
  gsize start = reader->offset;
  guint32 offsets[G_N_ELEMENTS (parts)];

  if (!_imsg_structure_u8 (reader, parent, N_("Revision"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u8 (reader, parent, N_("Reserved"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_flags (reader, parent, N_("Control"), 2, control_flags,
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
          _imsg_structure_fail (&part, parent, _("damaged: “%s” lies outside"), _(parts[i].name));
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
  if (!_imsg_structure_u16 (reader, parent, N_("Header size"), IMSG_STRUCTURE_DECIMAL,
                            &header_size) ||
      !_imsg_structure_u16 (reader, parent, N_("Version"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_flags (reader, parent, N_("Holds"), 4, information_flags,
                              G_N_ELEMENTS (information_flags), NULL))
    return;
  if (header_size < 8)
    {
      _imsg_structure_fail (reader, parent,
                            g_dngettext (GETTEXT_PACKAGE,
                                         "damaged: a header of %u byte",
                                         "damaged: a header of %u bytes",
                                         header_size),
                            header_size);
      return;
    }
  if (header_size > 8 && !_imsg_structure_bytes (reader, parent, N_("Named rights"),
                                                 header_size - 8u))
    return;
  _imsg_structure_inner (reader, parent, N_("Descriptor"), _imsg_structure_get_n_left (reader),
                         parse_descriptor);
}
