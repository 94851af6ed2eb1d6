/* imsg-structure-entry-id.c - entry ids and lists of them ([MS-OXCDATA] 2.2)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-structure-private.h"

#include <glib/gi18n-lib.h>

#define HEAD_BYTES 20
#define EPHEMERAL 0x87

#define STORE_OBJECT_BYTES 24
#define FOLDER_BYTES 46
#define MESSAGE_BYTES 70

static const guint8 one_off[16] = { 0x81, 0x2B, 0x1F, 0xA4, 0xBE, 0xA3, 0x10, 0x19,
                                    0x9D, 0x6E, 0x00, 0xDD, 0x01, 0x0F, 0x54, 0x02 };
static const guint8 address_book[16] = { 0xDC, 0xA7, 0x40, 0xC8, 0xC0, 0x42, 0x10, 0x1A,
                                         0xB4, 0xB9, 0x08, 0x00, 0x2B, 0x2F, 0xE1, 0x82 };
static const guint8 contact[16] = { 0xFE, 0x42, 0xAA, 0x0A, 0x18, 0xC7, 0x1A, 0x10,
                                    0xE8, 0x85, 0x0B, 0x65, 0x1C, 0x24, 0x00, 0x00 };
static const guint8 wrapped[16] = { 0xC0, 0x91, 0xAD, 0xD3, 0x51, 0x9D, 0xCF, 0x11,
                                    0xA4, 0xA9, 0x00, 0xAA, 0x00, 0x47, 0xFA, 0xA4 };
static const guint8 store[16] = { 0x38, 0xA1, 0xBB, 0x10, 0x05, 0xE5, 0x10, 0x1A,
                                  0xA1, 0xBB, 0x08, 0x00, 0x2B, 0x2A, 0x56, 0xC2 };

static const IMsgStructureName id_flags[] = {
  { EPHEMERAL, N_("ephemeral") }, { 0x80, N_("short-term") }, { 0x40, N_("not a recipient") },
  { 0x20, N_("valid in this session") }, { 0x10, N_("valid now") },
};

static const IMsgStructureName one_off_flags[] = {
  { 0x0001, N_("no rich text") },       { 0x0002, N_("encoding preference") },
  { 0x0004, "MIME" },               { 0x0008, "HTML" },
  { 0x0010, N_("text and HTML") },      { 0x1000, N_("not to be looked up") },
  { 0x8000, N_("Unicode") },
};

static const IMsgStructureName object_types[] = {
  { 0x000, N_("mail user") }, { 0x001, N_("distribution list") }, { 0x002, N_("forum") },
  { 0x003, N_("agent") }, { 0x004, N_("organization") }, { 0x005, N_("private list") },
  { 0x006, N_("remote mail user") }, { 0x100, N_("container") }, { 0x101, N_("template") },
  { 0x102, N_("one-off template") }, { 0x200, N_("search") },
};

static const IMsgStructureName contact_types[] = {
  { 1, N_("root") }, { 2, N_("sub-root") }, { 3, N_("container") }, { 4, N_("contact") },
  { 5, N_("personal list") },
};

static const IMsgStructureName contact_indexes[] = {
  { 0, N_("e-mail 1") }, { 1, N_("e-mail 2") }, { 2, N_("e-mail 3") }, { 3, N_("fax 1") },
  { 4, N_("fax 2") },    { 5, N_("fax 3") },    { 0xFF, N_("personal list") },
};

static const IMsgStructureName wrapped_types[] = {
  { 0x00, N_("one-off") }, { 0x80, N_("one-off") }, { 0xB0, N_("one-off") },
  { 0xC3, N_("contact, e-mail 1") }, { 0xD3, N_("contact, e-mail 2") },
  { 0xE3, N_("contact, e-mail 3") }, { 0x83, N_("contact, business fax") },
  { 0x93, N_("contact, home fax") }, { 0xA3, N_("contact, primary fax") }, { 0xB3, N_("contact") },
  { 0xB4, N_("personal list") }, { 0xB5, N_("directory user") }, { 0xB6, N_("directory list") },
};

static const IMsgStructureName exchange_types[] = {
  { 1, N_("private folder") },  { 3, N_("public folder") },  { 5, N_("mapped public folder") },
  { 7, N_("private message") }, { 9, N_("public message") }, { 0xB, N_("mapped public message") },
  { 0xC, N_("public folder by name") },
};

static const IMsgStructureName store_types[] = { { 0x0C, N_("private mailbox") },
                                                 { 0x06, N_("public folders") } };

static void
parse_one_off (IMsgStructureReader *reader,
               IMsgStructureNode   *parent)
{
  guint32 flags;
  gboolean is_utf16;

  if (!_imsg_structure_u16 (reader, parent, N_("Version"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_flags (reader, parent, N_("Flags"), 2, one_off_flags,
                              G_N_ELEMENTS (one_off_flags), &flags))
    return;
  is_utf16 = (flags & 0x8000) != 0;
  if (_imsg_structure_text_z (reader, parent, N_("Display name"), is_utf16) &&
      _imsg_structure_text_z (reader, parent, N_("Address type"), is_utf16))
    _imsg_structure_text_z (reader, parent, N_("Address"), is_utf16);
}

static void
parse_address_book (IMsgStructureReader *reader,
                    IMsgStructureNode   *parent)
{
  if (_imsg_structure_u32 (reader, parent, N_("Version"), IMSG_STRUCTURE_DECIMAL, NULL) &&
      _imsg_structure_enum (reader, parent, N_("Type"), 4, object_types,
                            G_N_ELEMENTS (object_types), NULL) &&
      _imsg_structure_get_n_left (reader) > 0)
    _imsg_structure_text_z (reader, parent, N_("X.500 name"), FALSE);
}

static void
parse_contact (IMsgStructureReader *reader,
               IMsgStructureNode   *parent)
{
  guint32 type;

  if (!_imsg_structure_u32 (reader, parent, N_("Version"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_enum (reader, parent, N_("Type"), 4, contact_types,
                             G_N_ELEMENTS (contact_types), &type))
    return;
  if (type < 4)
    {
      if (_imsg_structure_guid (reader, parent, N_("Provider")))
        _imsg_structure_inner (reader, parent, N_("Entry id"), _imsg_structure_get_n_left (reader),
                               _imsg_structure_parse_entry_id);
    }
  else if (_imsg_structure_enum (reader, parent, N_("Address"), 4, contact_indexes,
                                 G_N_ELEMENTS (contact_indexes), NULL))
    _imsg_structure_sized (reader, parent, N_("Entry id"), _imsg_structure_parse_entry_id);
}

static void
parse_wrapped (IMsgStructureReader *reader,
               IMsgStructureNode   *parent)
{
  if (_imsg_structure_enum (reader, parent, N_("Type"), 1, wrapped_types,
                            G_N_ELEMENTS (wrapped_types), NULL))
    _imsg_structure_inner (reader, parent, N_("Entry id"), _imsg_structure_get_n_left (reader),
                           _imsg_structure_parse_entry_id);
}

/* The name of the provider's library fills up to a multiple of 4 with NULs. */
static void
parse_store (IMsgStructureReader *reader,
             IMsgStructureNode   *parent,
             gsize                start)
{
  const char *library;

  if (!_imsg_structure_u8 (reader, parent, N_("Version"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u8 (reader, parent, N_("Flag"), IMSG_STRUCTURE_DECIMAL, NULL))
    return;
  library = (const char *) reader->bytes + reader->offset;
  if (_imsg_structure_get_n_left (reader) < 14 ||
      g_ascii_strncasecmp (library, "emsmdb.dll", 10) != 0)
    {
      if (_imsg_structure_text_z (reader, parent, N_("Provider library"), FALSE))
        _imsg_structure_bytes (reader, parent, N_("Provider data"),
                               _imsg_structure_get_n_left (reader));
      return;
    }
  if (_imsg_structure_text (reader, parent, N_("Provider library"), 14, FALSE) &&
      _imsg_structure_bytes (reader, parent, N_("Padding"), (start - reader->offset) & 3) &&
      _imsg_structure_u32 (reader, parent, N_("Wrapped flags"), IMSG_STRUCTURE_HEX, NULL) &&
      _imsg_structure_guid (reader, parent, N_("Wrapped provider")) &&
      _imsg_structure_enum (reader, parent, N_("Store type"), 4, store_types,
                            G_N_ELEMENTS (store_types), NULL) &&
      _imsg_structure_text_z (reader, parent, N_("Server"), FALSE) &&
      _imsg_structure_get_n_left (reader) > 0)
    _imsg_structure_text_z (reader, parent, N_("Mailbox"), FALSE);
}

static gboolean
parse_exchange_object (IMsgStructureReader *reader,
                       IMsgStructureNode   *parent,
                       const char          *name)
{
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, name);
  gboolean is_whole = _imsg_structure_guid (reader, group, N_("Database")) &&
                      _imsg_structure_bytes (reader, group, N_("Counter"), 6) &&
                      _imsg_structure_u16 (reader, group, N_("Padding"), IMSG_STRUCTURE_HEX, NULL);

  _imsg_structure_end (reader, group);
  return is_whole;
}

static void
parse_exchange (IMsgStructureReader *reader,
                IMsgStructureNode   *parent,
                gboolean             is_message)
{
  if (_imsg_structure_enum (reader, parent, N_("Type"), 2, exchange_types,
                            G_N_ELEMENTS (exchange_types), NULL) &&
      parse_exchange_object (reader, parent, N_("Folder")) && is_message)
    parse_exchange_object (reader, parent, N_("Message"));
}

static gboolean
is_provider (const guint8 *bytes,
             const guint8  provider[16])
{
  return memcmp (bytes + 4, provider, 16) == 0;
}

void
_imsg_structure_parse_entry_id (IMsgStructureReader *reader,
                                IMsgStructureNode   *parent)
{
  gsize start = reader->offset;
  gsize n_bytes = _imsg_structure_get_n_left (reader);
  const guint8 *bytes = reader->bytes + start;

  if (n_bytes < HEAD_BYTES)
    {
      _imsg_structure_fail (reader, parent,
                            g_dngettext (GETTEXT_PACKAGE,
                                         "%zu byte is too few for an entry id",
                                         "%zu bytes are too few for an entry id",
                                         n_bytes),
                            n_bytes);
      return;
    }
  _imsg_structure_flags (reader, parent, N_("Flags"), 4, id_flags, G_N_ELEMENTS (id_flags), NULL);
  _imsg_structure_guid (reader, parent, N_("Provider"));
  if (bytes[0] == EPHEMERAL)
    parse_address_book (reader, parent);
  else if (is_provider (bytes, one_off))
    parse_one_off (reader, parent);
  else if (is_provider (bytes, address_book))
    parse_address_book (reader, parent);
  else if (is_provider (bytes, contact))
    parse_contact (reader, parent);
  else if (is_provider (bytes, wrapped))
    parse_wrapped (reader, parent);
  else if (is_provider (bytes, store))
    parse_store (reader, parent, start);
  else if (n_bytes == STORE_OBJECT_BYTES)
    _imsg_structure_u32 (reader, parent, N_("Node"), IMSG_STRUCTURE_HEX, NULL);
  else if (n_bytes == FOLDER_BYTES || n_bytes == MESSAGE_BYTES)
    parse_exchange (reader, parent, n_bytes == MESSAGE_BYTES);
  else
    _imsg_structure_bytes (reader, parent, N_("Provider data"),
                           _imsg_structure_get_n_left (reader));
}

void
_imsg_structure_parse_flat_entry_list (IMsgStructureReader *reader,
                                       IMsgStructureNode   *parent)
{
  gsize start = reader->offset;
  guint32 count, n_bytes;

  if (!_imsg_structure_u32 (reader, parent, N_("Count"), IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_u32 (reader, parent, N_("Bytes that follow"), IMSG_STRUCTURE_DECIMAL,
                            &n_bytes) ||
      !_imsg_structure_check_count (reader, parent, count, 4))
    return;
  for (guint32 i = 0; i < MIN (count, IMSG_STRUCTURE_MAX_ELEMENTS); i++)
    {
      gsize padding;

      if (!_imsg_structure_sized (reader, parent, N_("Entry id"), _imsg_structure_parse_entry_id))
        return;
      /* the last one may lack its padding */
      padding = (start - reader->offset) & 3;
      if (padding > 0 && _imsg_structure_get_n_left (reader) >= padding)
        _imsg_structure_bytes (reader, parent, N_("Padding"), padding);
    }
}

void
_imsg_structure_parse_redirections (IMsgStructureReader *reader,
                                    IMsgStructureNode   *parent)
{
  guint32 count;

  if (!_imsg_structure_u32 (reader, parent, N_("Count"), IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_u32 (reader, parent, N_("Bytes that follow"), IMSG_STRUCTURE_DECIMAL,
                            NULL) ||
      !_imsg_structure_check_count (reader, parent, count, 16))
    return;
  for (guint32 i = 0; i < MIN (count, IMSG_STRUCTURE_MAX_ELEMENTS); i++)
    {
      IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Redirection"));
      gsize start = reader->offset;
      gboolean is_whole =
        _imsg_structure_u32 (reader, group, N_("Size"), IMSG_STRUCTURE_DECIMAL, NULL) &&
        _imsg_structure_u32 (reader, group, N_("Reason"), IMSG_STRUCTURE_DECIMAL, NULL) &&
        _imsg_structure_filetime (reader, group, N_("Time")) &&
        _imsg_structure_text_z (reader, group, N_("Address"), FALSE);

      if (is_whole)
        {
          gsize padding = (start - reader->offset) & 3;

          if (padding > 0 && _imsg_structure_get_n_left (reader) >= padding)
            _imsg_structure_bytes (reader, group, N_("Padding"), padding);
        }
      _imsg_structure_end (reader, group);
      if (!is_whole)
        return;
    }
}
