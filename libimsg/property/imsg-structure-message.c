/* imsg-structure-message.c - structures of mail: threads, reports, votes, tasks, user fields
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-filetime-private.h"
#include "imsg-structure-private.h"

#include <glib/gi18n-lib.h>

/* A conversation index ends in levels of this size. */
#define LEVEL_BYTES 5

static guint32
read_u32_be (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, 4);
  return GUINT32_FROM_BE (value);
}

/* Six bytes, big-endian: the upper ones of a FILETIME. */
static void
add_thread_time (IMsgStructureReader *reader,
                 IMsgStructureNode   *parent)
{
  const guint8 *bytes = reader->bytes + reader->offset;
  IMsgStructureNode *node = _imsg_structure_node_new (N_("Time"), reader->offset, 6);
  guint64 ticks = (guint64) read_u32_be (bytes) << 32 | (guint64) bytes[4] << 24 |
                  (guint64) bytes[5] << 16;
  g_autofree char *text = _imsg_filetime_to_rfc3339 (ticks);

  _imsg_structure_node_set_value (node, "%s", text != NULL ? text : _("no time"));
  _imsg_structure_node_add (parent, node);
  reader->offset += 6;
}

static void
add_level (IMsgStructureReader *reader,
           IMsgStructureNode   *parent)
{
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Answer"));
  guint32 stored = read_u32_be (reader->bytes + reader->offset);
  guint64 ticks = (guint64) (stored & 0x7FFFFFFF) << ((stored & 0x80000000) != 0 ? 23 : 18);
  IMsgStructureNode *node = _imsg_structure_node_new (N_("Seconds later"), reader->offset, 4);

  _imsg_structure_node_set_value (node, "%" G_GUINT64_FORMAT, ticks / IMSG_TICKS_PER_SECOND);
  _imsg_structure_node_add (group, node);
  reader->offset += 4;
  _imsg_structure_u8 (reader, group, N_("Random and level"), IMSG_STRUCTURE_HEX, NULL);
  _imsg_structure_end (reader, group);
}

void
_imsg_structure_parse_conversation_index (IMsgStructureReader *reader,
                                          IMsgStructureNode   *parent)
{
  if (_imsg_structure_get_n_left (reader) < 22)
    {
      _imsg_structure_fail (reader, parent, _("too short for a conversation index"));
      return;
    }
  add_thread_time (reader, parent);
  _imsg_structure_guid (reader, parent, N_("Thread"));
  for (guint i = 0; i < IMSG_STRUCTURE_MAX_ELEMENTS &&
                    _imsg_structure_get_n_left (reader) >= LEVEL_BYTES; i++)
    add_level (reader, parent);
}

/* How many sizes, each with its bytes, there are from here to the end; 0 when they do not end there. */
static guint
count_sized (const IMsgStructureReader *reader,
             gsize                      n_passed)
{
  const guint8 *bytes = reader->bytes + reader->offset + n_passed;
  gsize n_left = _imsg_structure_get_n_left (reader);
  guint count = 0;

  for (n_left -= MIN (n_left, n_passed); n_left >= 4; count++)
    {
      guint32 size = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (guint32) bytes[3] << 24;

      if (size > n_left - 4)
        return 0;
      bytes += 4 + size;
      n_left -= 4 + size;
    }
  return n_left == 0 ? count : 0;
}

void
_imsg_structure_parse_report_tag (IMsgStructureReader *reader,
                                  IMsgStructureNode   *parent)
{
  static const char cookie[9] = "PCDFEB09";
  gsize n_left = _imsg_structure_get_n_left (reader);
  guint n_pairs = count_sized (reader, sizeof cookie + 4);
  guint32 version;

  if (n_left >= sizeof cookie &&
      memcmp (reader->bytes + reader->offset, cookie, sizeof cookie) != 0)
    {
      _imsg_structure_bytes (reader, parent, N_("Foreign report tag"), n_left);
      return;
    }
  if (!_imsg_structure_text (reader, parent, N_("Cookie"), 9, FALSE) ||
      !_imsg_structure_u32 (reader, parent, N_("Version"), IMSG_STRUCTURE_HEX, &version) ||
      !_imsg_structure_sized (reader, parent, N_("Store"), _imsg_structure_parse_entry_id) ||
      !_imsg_structure_sized (reader, parent, N_("Folder"), _imsg_structure_parse_entry_id) ||
      !_imsg_structure_sized (reader, parent, N_("Message"), _imsg_structure_parse_entry_id))
    return;
  /* Version 1 goes without the search folder, but not with all writers */
  if ((n_pairs != 0 ? n_pairs > 5 : version != 0x00010001) &&
      !_imsg_structure_sized (reader, parent, N_("Search folder"), _imsg_structure_parse_entry_id))
    return;
  if (_imsg_structure_sized (reader, parent, N_("Search key"), NULL))
    _imsg_structure_sized (reader, parent, N_("Subject"), _imsg_structure_parse_text);
}

/* --- votes --- */

/* u8 count, then that many bytes or UTF-16 units */
static gboolean
parse_counted_text (IMsgStructureReader *reader,
                    IMsgStructureNode   *parent,
                    const char          *name,
                    gboolean             is_utf16)
{
  guint8 count;

  return _imsg_structure_u8 (reader, parent, N_("Length"), IMSG_STRUCTURE_DECIMAL, &count) &&
         _imsg_structure_text (reader, parent, name, is_utf16 ? 2 * (gsize) count : count,
                               is_utf16);
}

static gboolean
parse_vote (IMsgStructureReader *reader,
            IMsgStructureNode   *parent)
{
  static const IMsgStructureName verb_types[] = {
    { 0, N_("reply") }, { 1, N_("reply to all") }, { 2, N_("forward") }, { 3, N_("post") },
    { 4, N_("vote") },
  };
  static const IMsgStructureName sending[] = { { 1, N_("at once") }, { 2, N_("ask") } };
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Option"));
  gboolean is_whole =
    _imsg_structure_enum (reader, group, N_("Type"), 4, verb_types, G_N_ELEMENTS (verb_types),
                          NULL) &&
    parse_counted_text (reader, group, N_("Name"), FALSE) &&
    parse_counted_text (reader, group, N_("Message class"), FALSE) &&
    parse_counted_text (reader, group, N_("Form"), FALSE) &&
    parse_counted_text (reader, group, N_("Name again, or prefix"), FALSE) &&
    _imsg_structure_u32 (reader, group, N_("Internal"), IMSG_STRUCTURE_HEX, NULL) &&
    _imsg_structure_u8 (reader, group, N_("Internal"), IMSG_STRUCTURE_HEX, NULL) &&
    _imsg_structure_u32 (reader, group, N_("English headers"), IMSG_STRUCTURE_DECIMAL, NULL) &&
    _imsg_structure_u32 (reader, group, N_("Internal"), IMSG_STRUCTURE_HEX, NULL) &&
    _imsg_structure_enum (reader, group, N_("Sending"), 4, sending, G_N_ELEMENTS (sending), NULL) &&
    _imsg_structure_u32 (reader, group, N_("Internal"), IMSG_STRUCTURE_HEX, NULL) &&
    _imsg_structure_u32 (reader, group, N_("Verb"), IMSG_STRUCTURE_DECIMAL, NULL) &&
    _imsg_structure_u32 (reader, group, N_("Internal"), IMSG_STRUCTURE_HEX, NULL);

  _imsg_structure_end (reader, group);
  return is_whole;
}

void
_imsg_structure_parse_verb_stream (IMsgStructureReader *reader,
                                   IMsgStructureNode   *parent)
{
  guint32 count;

  if (!_imsg_structure_u16 (reader, parent, N_("Version"), IMSG_STRUCTURE_HEX, NULL) ||
      !_imsg_structure_u32 (reader, parent, N_("Count"), IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_check_count (reader, parent, count, 37))
    return;
  count = MIN (count, IMSG_STRUCTURE_MAX_ELEMENTS);
  for (guint32 i = 0; i < count; i++)
    if (!parse_vote (reader, parent))
      return;
  if (!_imsg_structure_u16 (reader, parent, N_("Second version"), IMSG_STRUCTURE_HEX, NULL))
    return;
  for (guint32 i = 0; i < count; i++)
    {
      IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Unicode names"));
      gboolean is_whole = parse_counted_text (reader, group, N_("Name"), TRUE) &&
                          parse_counted_text (reader, group, N_("Name again, or prefix"), TRUE);

      _imsg_structure_end (reader, group);
      if (!is_whole)
        return;
    }
}

/* --- tasks --- */

static void
parse_task_assigner (IMsgStructureReader *reader,
                     IMsgStructureNode   *parent)
{
  if (_imsg_structure_sized (reader, parent, N_("Entry id"), _imsg_structure_parse_entry_id) &&
      _imsg_structure_get_n_left (reader) > 0 &&
      _imsg_structure_text_z (reader, parent, N_("Name"), FALSE) &&
      _imsg_structure_get_n_left (reader) > 0)
    _imsg_structure_text_z (reader, parent, N_("Unicode name"), TRUE);
}

void
_imsg_structure_parse_task_assigners (IMsgStructureReader *reader,
                                      IMsgStructureNode   *parent)
{
  guint32 count;

  if (!_imsg_structure_u32 (reader, parent, N_("Count"), IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_check_count (reader, parent, count, 4))
    return;
  for (guint32 i = 0; i < MIN (count, IMSG_STRUCTURE_MAX_ELEMENTS); i++)
    if (!_imsg_structure_sized (reader, parent, N_("Assigner"), parse_task_assigner))
      return;
}

void
_imsg_structure_parse_swapped_to_do (IMsgStructureReader *reader,
                                     IMsgStructureNode   *parent)
{
  static const IMsgStructureName valid[] = {
    { 0x01, N_("item flags") }, { 0x08, N_("start") },    { 0x10, N_("due") },
    { 0x20, N_("text") },       { 0x40, N_("reminder") }, { 0x80, N_("reminder time") },
  };

  if (_imsg_structure_u32 (reader, parent, N_("Version"), IMSG_STRUCTURE_DECIMAL, NULL) &&
      _imsg_structure_flags (reader, parent, N_("Valid"), 4, valid, G_N_ELEMENTS (valid), NULL) &&
      _imsg_structure_u32 (reader, parent, N_("Item flags"), IMSG_STRUCTURE_HEX, NULL) &&
      _imsg_structure_text (reader, parent, N_("Flag text"), 512, TRUE) &&
      _imsg_structure_minutes (reader, parent, N_("Start"), NULL) &&
      _imsg_structure_minutes (reader, parent, N_("Due"), NULL) &&
      _imsg_structure_minutes (reader, parent, N_("Reminder"), NULL))
    _imsg_structure_u32 (reader, parent, N_("Reminder set"), IMSG_STRUCTURE_DECIMAL, NULL);
}

/* --- user fields --- */

/* u8 length, or 0xFF and u16; then bytes or UTF-16 units */
static gboolean
parse_packed_text (IMsgStructureReader *reader,
                   IMsgStructureNode   *parent,
                   const char          *name,
                   gboolean             is_utf16)
{
  guint8 short_length;
  guint16 length;

  if (!_imsg_structure_u8 (reader, parent, N_("Length"), IMSG_STRUCTURE_DECIMAL, &short_length))
    return FALSE;
  length = short_length;
  if (short_length == 0xFF &&
      !_imsg_structure_u16 (reader, parent, N_("Long length"), IMSG_STRUCTURE_DECIMAL, &length))
    return FALSE;
  return _imsg_structure_text (reader, parent, name, is_utf16 ? 2 * (gsize) length : length,
                               is_utf16);
}

static gboolean
parse_skip_blocks (IMsgStructureReader *reader,
                   IMsgStructureNode   *parent)
{
  for (guint i = 0; i < IMSG_STRUCTURE_MAX_ELEMENTS; i++)
    {
      guint32 size;

      if (!_imsg_structure_u32 (reader, parent, N_("Block size"), IMSG_STRUCTURE_DECIMAL, &size))
        return FALSE;
      if (size == 0)
        return TRUE;
      if (!_imsg_structure_bytes (reader, parent, N_("Block"), size))
        return FALSE;
    }
  return FALSE;
}

static gboolean
parse_field (IMsgStructureReader *reader,
             IMsgStructureNode   *parent,
             guint16              version)
{
  static const IMsgStructureName field_flags[] = {
    { 0x01, N_("user field") }, { 0x02, N_("required") }, { 0x04, N_("printed") },
    { 0x08, N_("calculated") }, { 0x10, N_("combination") }, { 0x20, N_("first non-empty") },
    { 0x40, N_("always set") },
  };
  static const IMsgStructureName variant_types[] = {
    { 3, N_("integer") }, { 5, N_("floating-point number") }, { 6, N_("currency") },
    { 7, N_("date") },    { 8, N_("text") },                  { 11, N_("yes or no") },
    { 0x2008, N_("keywords") },
  };
  static const char *const texts[] = {
    N_("Name"), N_("Formula"), N_("Validation rule"), N_("Validation text"), N_("Error"),
  };
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Field"));
  guint16 n_characters;
  gboolean is_whole =
    _imsg_structure_flags (reader, group, N_("Flags"), 4, field_flags, G_N_ELEMENTS (field_flags),
                           NULL) &&
    _imsg_structure_enum (reader, group, N_("Type"), 2, variant_types,
                          G_N_ELEMENTS (variant_types), NULL) &&
    _imsg_structure_u32 (reader, group, N_("Dispatch id"), IMSG_STRUCTURE_HEX, NULL) &&
    _imsg_structure_u16 (reader, group, N_("Characters"), IMSG_STRUCTURE_DECIMAL, &n_characters) &&
    _imsg_structure_text (reader, group, N_("Unicode name"), 2 * (gsize) n_characters, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (texts) && is_whole; i++)
    is_whole = parse_packed_text (reader, group, texts[i], FALSE);
  if (is_whole && version >= 0x0103)
    is_whole = _imsg_structure_u32 (reader, group, N_("Kind"), IMSG_STRUCTURE_DECIMAL, NULL) &&
               parse_skip_blocks (reader, group);
  _imsg_structure_end (reader, group);
  return is_whole;
}

void
_imsg_structure_parse_field_definitions (IMsgStructureReader *reader,
                                         IMsgStructureNode   *parent)
{
  guint16 version;
  guint32 count;

  if (!_imsg_structure_u16 (reader, parent, N_("Version"), IMSG_STRUCTURE_HEX, &version) ||
      !_imsg_structure_u32 (reader, parent, N_("Count"), IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_check_count (reader, parent, count, 17))
    return;
  for (guint32 i = 0; i < MIN (count, IMSG_STRUCTURE_MAX_ELEMENTS); i++)
    if (!parse_field (reader, parent, version))
      return;
}
