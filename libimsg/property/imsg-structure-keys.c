/* imsg-structure-keys.c - keys, ids and the small structures
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-structure-private.h"

#include <glib/gi18n-lib.h>

void
_imsg_structure_parse_guid (IMsgStructureReader *reader,
                            IMsgStructureNode   *parent)
{
  _imsg_structure_guid (reader, parent, "GUID");
}

void
_imsg_structure_parse_text (IMsgStructureReader *reader,
                            IMsgStructureNode   *parent)
{
  gsize n_left = _imsg_structure_get_n_left (reader);

  if (memchr (reader->bytes + reader->offset, 0, n_left) != NULL)
    _imsg_structure_text_z (reader, parent, N_("Text"), FALSE);
  else
    _imsg_structure_text (reader, parent, N_("Text"), n_left, FALSE);
}

/* [MS-OXCDATA] 2.11.1.4: of the server's own, or what the client takes for one */
void
_imsg_structure_parse_server_id (IMsgStructureReader *reader,
                                 IMsgStructureNode   *parent)
{
  static const IMsgStructureName kinds[] = { { 0, N_("of the client") }, { 1, N_("of the server") } };
  guint32 kind;

  if (!_imsg_structure_enum (reader, parent, N_("Kind"), 1, kinds, G_N_ELEMENTS (kinds), &kind))
    return;
  if (kind != 1)
    _imsg_structure_bytes (reader, parent, N_("Data"), _imsg_structure_get_n_left (reader));
  else if (_imsg_structure_bytes (reader, parent, N_("Folder"), 8) &&
           _imsg_structure_bytes (reader, parent, N_("Message"), 8))
    _imsg_structure_u32 (reader, parent, N_("Instance"), IMSG_STRUCTURE_DECIMAL, NULL);
}

/* Any byte may be a colon by chance, but that is not all there is to TYPE:ADDRESS */
static gboolean
is_address (const guint8 *bytes,
            gsize         n_bytes)
{
  const guint8 *colon = memchr (bytes, ':', n_bytes);

  if (colon == NULL || colon == bytes)
    return FALSE;
  if (bytes[n_bytes - 1] == '\0')
    n_bytes--;
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (bytes[i] < ' ' || (bytes[i] > '~' && bytes + i < colon))
        return FALSE;
    }
  return TRUE;
}

/* TYPE:ADDRESS of a person; bytes of a message or an attachment, mostly 16 random ones. */
void
_imsg_structure_parse_search_key (IMsgStructureReader *reader,
                                  IMsgStructureNode   *parent)
{
  gsize n_left = _imsg_structure_get_n_left (reader);

  if (is_address (reader->bytes + reader->offset, n_left))
    _imsg_structure_parse_text (reader, parent);
  else if (n_left == 16)
    _imsg_structure_guid (reader, parent, N_("Key"));
  else
    _imsg_structure_bytes (reader, parent, N_("Key"), n_left);
}

void
_imsg_structure_parse_source_key (IMsgStructureReader *reader,
                                  IMsgStructureNode   *parent)
{
  gsize n_left = _imsg_structure_get_n_left (reader);

  if (n_left < 17 || n_left > 24)
    _imsg_structure_fail (reader, parent,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "damaged: %zu byte makes no key",
                                       "damaged: %zu bytes make no key",
                                       n_left),
                          n_left);
  else if (_imsg_structure_guid (reader, parent, N_("Name space")))
    _imsg_structure_bytes (reader, parent, N_("Counter"), _imsg_structure_get_n_left (reader));
}

void
_imsg_structure_parse_change_list (IMsgStructureReader *reader,
                                   IMsgStructureNode   *parent)
{
  for (guint i = 0;
       i < IMSG_STRUCTURE_MAX_ELEMENTS && _imsg_structure_get_n_left (reader) > 0; i++)
    {
      guint8 size;

      if (!_imsg_structure_u8 (reader, parent, N_("Size"), IMSG_STRUCTURE_DECIMAL, &size) ||
          !_imsg_structure_inner (reader, parent, N_("Change"), size,
                                  _imsg_structure_parse_source_key))
        return;
    }
}

void
_imsg_structure_parse_retention (IMsgStructureReader *reader,
                                 IMsgStructureNode   *parent)
{
  if (_imsg_structure_u32 (reader, parent, N_("Days"), IMSG_STRUCTURE_DECIMAL, NULL))
    _imsg_structure_filetime (reader, parent, N_("Start"));
}

/* The bytes of an ASN.1 object identifier, without its tag and length. */
void
_imsg_structure_parse_attach_tag (IMsgStructureReader *reader,
                                  IMsgStructureNode   *parent)
{
  static const struct
  {
    guint8      bytes[11];
    gsize       n_bytes;
    const char *meaning;
  } known[] = {
    { { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0A, 0x01 }, 9, "TNEF" },
    { { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0A, 0x03, 0x01 }, 10, "OLE 1" },
    { { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0A, 0x03, 0x01, 0x01 }, 11, "OLE 1 storage" },
    { { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0A, 0x03, 0x02 }, 10, "OLE 2" },
    { { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0A, 0x03, 0x02, 0x01 }, 11, "OLE 2 storage" },
    { { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0A, 0x03 }, 9, "OLE" },
    { { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0A, 0x04 }, 9, "MIME" },
    { { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0B, 0x01 }, 9, "MacBinary" },
  };
  gsize n_left = _imsg_structure_get_n_left (reader);
  const guint8 *bytes = reader->bytes + reader->offset;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].n_bytes == n_left && memcmp (known[i].bytes, bytes, n_left) == 0)
      {
        _imsg_structure_node_set_value (parent, "%s", _(known[i].meaning));
        break;
      }
  _imsg_structure_bytes (reader, parent, N_("Object identifier"), n_left);
}

static gboolean
parse_record (IMsgStructureReader *reader,
              IMsgStructureNode   *parent,
              gboolean            *is_last)
{
  static const IMsgStructureName functions[] = {
    { 0x0000, N_("end") }, { 0x0201, N_("background color") }, { 0x0209, N_("text color") },
    { 0x0B41, N_("stretch bitmap") }, { 0x020B, N_("window origin") },
    { 0x020C, N_("window extent") }, { 0x0F43, N_("stretch bitmap") },
  };
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Record"));
  guint32 n_words, function;
  gboolean is_whole =
    _imsg_structure_u32 (reader, group, N_("Words"), IMSG_STRUCTURE_DECIMAL, &n_words) &&
    _imsg_structure_enum (reader, group, N_("Function"), 2, functions, G_N_ELEMENTS (functions),
                          &function);

  if (is_whole && n_words < 3)
    {
      _imsg_structure_fail (reader, group,
                            g_dngettext (GETTEXT_PACKAGE,
                                         "damaged: a record of %u word",
                                         "damaged: a record of %u words",
                                         n_words),
                            n_words);
      is_whole = FALSE;
    }
  if (is_whole && n_words > 3)
    is_whole = _imsg_structure_bytes (reader, group, N_("Parameters"), 2 * ((gsize) n_words - 3));
  _imsg_structure_end (reader, group);
  *is_last = is_whole && function == 0;
  return is_whole;
}

void
_imsg_structure_parse_metafile (IMsgStructureReader *reader,
                                IMsgStructureNode   *parent)
{
  static const guint8 placeable[4] = { 0xD7, 0xCD, 0xC6, 0x9A };
  gboolean is_last = FALSE;

  if (_imsg_structure_get_n_left (reader) >= 22 &&
      memcmp (reader->bytes + reader->offset, placeable, 4) == 0)
    _imsg_structure_bytes (reader, parent, N_("Placeable header"), 22);
  if (!_imsg_structure_u16 (reader, parent, N_("Type"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u16 (reader, parent, N_("Header words"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u16 (reader, parent, N_("Version"), IMSG_STRUCTURE_HEX, NULL) ||
      !_imsg_structure_u32 (reader, parent, N_("File words"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u16 (reader, parent, N_("Objects"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u32 (reader, parent, N_("Largest record"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u16 (reader, parent, N_("Parameters"), IMSG_STRUCTURE_DECIMAL, NULL))
    return;
  for (guint i = 0; i < IMSG_STRUCTURE_MAX_ELEMENTS && !is_last; i++)
    if (!parse_record (reader, parent, &is_last))
      return;
}
