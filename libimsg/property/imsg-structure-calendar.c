/* imsg-structure-calendar.c - recurrences, time zones, global object ids ([MS-OXOCAL] 2.2.1)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-structure-private.h"

#include <glib/gi18n-lib.h>

#define MAX_DATES 10000
#define WITH_HIGHLIGHT 0x3009

static const IMsgStructureName frequencies[] = {
  { 0x200A, N_("daily") }, { 0x200B, N_("weekly") }, { 0x200C, N_("monthly") },
  { 0x200D, N_("yearly") },
};

static const IMsgStructureName patterns[] = {
  { 0x0, N_("day") }, { 0x1, N_("week") }, { 0x2, N_("day of the month") },
  { 0x3, N_("n-th weekday") }, { 0x4, N_("end of the month") },
  { 0xA, N_("Hijri day of the month") }, { 0xB, N_("Hijri n-th weekday") },
  { 0xC, N_("Hijri end of the month") },
};

static const IMsgStructureName calendars[] = {
  { 0x0, N_("default") },      { 0x1, N_("Gregorian") },      { 0x2, N_("Gregorian, US") },
  { 0x3, N_("Japanese era") }, { 0x4, N_("Taiwan") },         { 0x5, N_("Korean") },
  { 0x6, N_("Hijri") },        { 0x7, N_("Thai") },           { 0x8, N_("Hebrew") },
  { 0x9, N_("Gregorian, Middle East French") },           { 0xA, N_("Gregorian, Arabic") },
};

static const IMsgStructureName week_days[] = {
  { 0x01, N_("Sunday") }, { 0x02, N_("Monday") }, { 0x04, N_("Tuesday") },
  { 0x08, N_("Wednesday") }, { 0x10, N_("Thursday") }, { 0x20, N_("Friday") },
  { 0x40, N_("Saturday") },
};

static const IMsgStructureName day_numbers[] = {
  { 0, N_("Sunday") },   { 1, N_("Monday") }, { 2, N_("Tuesday") }, { 3, N_("Wednesday") },
  { 4, N_("Thursday") }, { 5, N_("Friday") }, { 6, N_("Saturday") },
};

static const IMsgStructureName end_types[] = {
  { 0x2021, N_("on a date") }, { 0x2022, N_("after a count") }, { 0x2023, N_("never") },
  { 0xFFFFFFFF, N_("never") },
};

static const IMsgStructureName exception_flags[] = {
  { 0x001, N_("subject") }, { 0x002, N_("meeting type") }, { 0x004, N_("reminder time") },
  { 0x008, N_("reminder") }, { 0x010, N_("location") }, { 0x020, N_("busy status") },
  { 0x040, N_("attachment") }, { 0x080, N_("all day") }, { 0x100, N_("color") },
  { 0x200, N_("body") },
};

static const IMsgStructureName busy_statuses[] = {
  { 0, N_("free") }, { 1, N_("tentative") }, { 2, N_("busy") }, { 3, N_("out of office") },
  { 4, N_("working elsewhere") },
};

static gboolean
parse_dates (IMsgStructureReader *reader,
             IMsgStructureNode   *parent,
             const char          *name)
{
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, name);
  guint32 count = 0;
  gboolean is_whole =
    _imsg_structure_u32 (reader, group, N_("Count"), IMSG_STRUCTURE_DECIMAL, &count) &&
    _imsg_structure_check_count (reader, group, count, 4);

  for (guint32 i = 0; i < MIN (count, MAX_DATES) && is_whole; i++)
    is_whole = _imsg_structure_minutes (reader, group, N_("Date"), NULL);
  if (is_whole && count > MAX_DATES)
    is_whole = _imsg_structure_bytes (reader, group, N_("Not expanded"), 4 * (count - MAX_DATES));
  _imsg_structure_end (reader, group);
  return is_whole;
}

static gboolean
parse_pattern (IMsgStructureReader *reader,
               IMsgStructureNode   *parent)
{
  guint32 pattern;

  if (!_imsg_structure_u16 (reader, parent, N_("Reader version"), IMSG_STRUCTURE_HEX, NULL) ||
      !_imsg_structure_u16 (reader, parent, N_("Writer version"), IMSG_STRUCTURE_HEX, NULL) ||
      !_imsg_structure_enum (reader, parent, N_("Frequency"), 2, frequencies,
                             G_N_ELEMENTS (frequencies), NULL) ||
      !_imsg_structure_enum (reader, parent, N_("Pattern"), 2, patterns, G_N_ELEMENTS (patterns),
                             &pattern) ||
      !_imsg_structure_enum (reader, parent, N_("Calendar"), 2, calendars,
                             G_N_ELEMENTS (calendars), NULL) ||
      !_imsg_structure_u32 (reader, parent, N_("First date"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u32 (reader, parent, N_("Period"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u32 (reader, parent, N_("Sliding"), IMSG_STRUCTURE_DECIMAL, NULL))
    return FALSE;
  switch (pattern)
    {
    case 0x0:
      return TRUE;
    case 0x2:
    case 0x4:
    case 0xA:
    case 0xC:
      return _imsg_structure_u32 (reader, parent, N_("Day of the month"), IMSG_STRUCTURE_DECIMAL,
                                  NULL);
    case 0x1:
      return _imsg_structure_flags (reader, parent, N_("Days"), 4, week_days,
                                    G_N_ELEMENTS (week_days), NULL);
    case 0x3:
    case 0xB:
      return _imsg_structure_flags (reader, parent, N_("Days"), 4, week_days,
                                    G_N_ELEMENTS (week_days), NULL) &&
             _imsg_structure_u32 (reader, parent, N_("Which (5: the last)"),
                                  IMSG_STRUCTURE_DECIMAL, NULL);
    default:
      _imsg_structure_fail (reader, parent, _("damaged: pattern 0x%X is unknown"), pattern);
      return FALSE;
    }
}

static gboolean
parse_end (IMsgStructureReader *reader,
           IMsgStructureNode   *parent)
{
  return _imsg_structure_enum (reader, parent, N_("Ends"), 4, end_types, G_N_ELEMENTS (end_types),
                               NULL) &&
         _imsg_structure_u32 (reader, parent, N_("Occurrences"), IMSG_STRUCTURE_DECIMAL, NULL) &&
         _imsg_structure_enum (reader, parent, N_("First day of the week"), 4, day_numbers,
                               G_N_ELEMENTS (day_numbers), NULL) &&
         parse_dates (reader, parent, N_("Deleted occurrences")) &&
         parse_dates (reader, parent, N_("Modified occurrences")) &&
         _imsg_structure_minutes (reader, parent, N_("Start date"), NULL) &&
         _imsg_structure_minutes (reader, parent, N_("End date"), NULL);
}

void
_imsg_structure_parse_task_recurrence (IMsgStructureReader *reader,
                                       IMsgStructureNode   *parent)
{
  if (parse_pattern (reader, parent))
    parse_end (reader, parent);
}

/* u16 length + 1, u16 length, text */
static gboolean
parse_short_text (IMsgStructureReader *reader,
                  IMsgStructureNode   *parent,
                  const char          *name)
{
  guint16 with_end, length;

  if (!_imsg_structure_u16 (reader, parent, N_("Length + 1"), IMSG_STRUCTURE_DECIMAL, &with_end) ||
      !_imsg_structure_u16 (reader, parent, N_("Length"), IMSG_STRUCTURE_DECIMAL, &length))
    return FALSE;
  if (with_end != length + 1)
    {
      _imsg_structure_fail (reader, parent, _("damaged: lengths %u and %u do not agree"), with_end,
                            length);
      return FALSE;
    }
  return _imsg_structure_text (reader, parent, name, length, FALSE);
}

static gboolean
parse_exception (IMsgStructureReader *reader,
                 IMsgStructureNode   *parent,
                 guint32             *flags)
{
  static const char *const numbers[] = {
    NULL, N_("Meeting type"), N_("Reminder minutes"), N_("Reminder set"), NULL,
    NULL, N_("Attachment"),   N_("All day"),          N_("Color"),
  };
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Exception"));
  gboolean is_whole =
    _imsg_structure_minutes (reader, group, N_("Start"), NULL) &&
    _imsg_structure_minutes (reader, group, N_("End"), NULL) &&
    _imsg_structure_minutes (reader, group, N_("Original start"), NULL) &&
    _imsg_structure_flags (reader, group, N_("Changed"), 2, exception_flags,
                           G_N_ELEMENTS (exception_flags), flags);

  for (guint bit = 0; bit < 9 && is_whole; bit++)
    {
      if ((*flags & (1u << bit)) == 0)
        continue;
      if (bit == 0 || bit == 4)
        is_whole = parse_short_text (reader, group, bit == 0 ? N_("Subject") : N_("Location"));
      else if (bit == 5)
        is_whole = _imsg_structure_enum (reader, group, N_("Busy status"), 4, busy_statuses,
                                         G_N_ELEMENTS (busy_statuses), NULL);
      else
        is_whole = _imsg_structure_u32 (reader, group, numbers[bit], IMSG_STRUCTURE_DECIMAL, NULL);
    }
  _imsg_structure_end (reader, group);
  return is_whole;
}

static gboolean
parse_wide_text (IMsgStructureReader *reader,
                 IMsgStructureNode   *parent,
                 const char          *name)
{
  guint16 n_characters;

  return _imsg_structure_u16 (reader, parent, N_("Characters"), IMSG_STRUCTURE_DECIMAL,
                              &n_characters) &&
         _imsg_structure_text (reader, parent, name, 2 * (gsize) n_characters, TRUE);
}

static gboolean
parse_extended_exception (IMsgStructureReader *reader,
                          IMsgStructureNode   *parent,
                          guint32              flags,
                          guint32              writer)
{
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Extended exception"));
  gboolean has_text = (flags & 0x11) != 0;
  gboolean is_whole =
    (writer < WITH_HIGHLIGHT ||
     _imsg_structure_sized (reader, group, N_("Change highlight"), NULL)) &&
    _imsg_structure_sized (reader, group, N_("Reserved"), NULL) &&
    (!has_text || (_imsg_structure_minutes (reader, group, N_("Start"), NULL) &&
                   _imsg_structure_minutes (reader, group, N_("End"), NULL) &&
                   _imsg_structure_minutes (reader, group, N_("Original start"), NULL))) &&
    ((flags & 0x01) == 0 || parse_wide_text (reader, group, N_("Subject"))) &&
    ((flags & 0x10) == 0 || parse_wide_text (reader, group, N_("Location"))) &&
    (!has_text || _imsg_structure_sized (reader, group, N_("Reserved"), NULL));

  _imsg_structure_end (reader, group);
  return is_whole;
}

void
_imsg_structure_parse_recurrence (IMsgStructureReader *reader,
                                  IMsgStructureNode   *parent)
{
  g_autofree guint32 *flags = NULL;
  guint32 writer;
  guint16 count;
  gboolean is_whole = TRUE;

  if (!parse_pattern (reader, parent) || !parse_end (reader, parent) ||
      _imsg_structure_get_n_left (reader) == 0 ||
      !_imsg_structure_u32 (reader, parent, N_("Second reader version"), IMSG_STRUCTURE_HEX,
                            NULL) ||
      !_imsg_structure_u32 (reader, parent, N_("Second writer version"), IMSG_STRUCTURE_HEX,
                            &writer) ||
      !_imsg_structure_u32 (reader, parent, N_("Start (minutes of the day)"),
                            IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u32 (reader, parent, N_("End (minutes of the day)"), IMSG_STRUCTURE_DECIMAL,
                            NULL) ||
      !_imsg_structure_u16 (reader, parent, N_("Exceptions"), IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_check_count (reader, parent, count, 14))
    return;
  flags = g_new0 (guint32, (gsize) count + 1);
  for (guint i = 0; i < count && is_whole; i++)
    is_whole = parse_exception (reader, parent, &flags[i]);
  is_whole = is_whole && _imsg_structure_sized (reader, parent, N_("Reserved"), NULL);
  for (guint i = 0; i < count && is_whole; i++)
    is_whole = parse_extended_exception (reader, parent, flags[i], writer);
  if (is_whole && _imsg_structure_get_n_left (reader) >= 4)
    _imsg_structure_sized (reader, parent, N_("Reserved"), NULL);
}

/* --- time zones --- */

/* SYSTEMTIME, 16 bytes */
static gboolean
parse_system_time (IMsgStructureReader *reader,
                   IMsgStructureNode   *parent,
                   const char          *name)
{
  static const char *const fields[] = {
    N_("Day"), N_("Hour"), N_("Minute"), N_("Seconds"), N_("Milliseconds"),
  };
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, name);
  gboolean is_whole =
    _imsg_structure_u16 (reader, group, N_("Year"), IMSG_STRUCTURE_DECIMAL, NULL) &&
    _imsg_structure_u16 (reader, group, N_("Month"), IMSG_STRUCTURE_DECIMAL, NULL) &&
    _imsg_structure_enum (reader, group, N_("Weekday"), 2, day_numbers, G_N_ELEMENTS (day_numbers),
                          NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fields) && is_whole; i++)
    is_whole = _imsg_structure_u16 (reader, group, fields[i], IMSG_STRUCTURE_DECIMAL, NULL);
  _imsg_structure_end (reader, group);
  return is_whole;
}

static gboolean
parse_biases (IMsgStructureReader *reader,
              IMsgStructureNode   *parent)
{
  return _imsg_structure_u32 (reader, parent, N_("Bias (minutes)"), IMSG_STRUCTURE_SIGNED, NULL) &&
         _imsg_structure_u32 (reader, parent, N_("Standard bias"), IMSG_STRUCTURE_SIGNED, NULL) &&
         _imsg_structure_u32 (reader, parent, N_("Daylight bias"), IMSG_STRUCTURE_SIGNED, NULL);
}

void
_imsg_structure_parse_time_zone (IMsgStructureReader *reader,
                                 IMsgStructureNode   *parent)
{
  if (parse_biases (reader, parent) &&
      _imsg_structure_u16 (reader, parent, N_("Standard year"), IMSG_STRUCTURE_DECIMAL, NULL) &&
      parse_system_time (reader, parent, N_("Standard date")) &&
      _imsg_structure_u16 (reader, parent, N_("Daylight year"), IMSG_STRUCTURE_DECIMAL, NULL))
    parse_system_time (reader, parent, N_("Daylight date"));
}

static void
parse_zone_rule (IMsgStructureReader *reader,
                 IMsgStructureNode   *parent)
{
  static const IMsgStructureName rule_flags[] = {
    { 1, N_("for the recurrence") }, { 2, N_("effective") },
  };

  if (_imsg_structure_flags (reader, parent, N_("Flags"), 2, rule_flags, G_N_ELEMENTS (rule_flags),
                             NULL) &&
      parse_system_time (reader, parent, N_("Holds from")) && parse_biases (reader, parent) &&
      parse_system_time (reader, parent, N_("Standard date")))
    parse_system_time (reader, parent, N_("Daylight date"));
}

void
_imsg_structure_parse_zone_definition (IMsgStructureReader *reader,
                                       IMsgStructureNode   *parent)
{
  static const IMsgStructureName content_flags[] = { { 1, "GUID" }, { 2, N_("name") } };
  guint8 major;
  guint16 n_rules;
  guint32 content;

  if (!_imsg_structure_u8 (reader, parent, N_("Major version"), IMSG_STRUCTURE_DECIMAL, &major) ||
      !_imsg_structure_u8 (reader, parent, N_("Minor version"), IMSG_STRUCTURE_DECIMAL, NULL))
    return;
  if (major != 2)
    {
      _imsg_structure_fail (reader, parent, _("Version %u is unknown"), major);
      return;
    }
  if (!_imsg_structure_u16 (reader, parent, N_("Header size"), IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_flags (reader, parent, N_("Holds"), 2, content_flags,
                              G_N_ELEMENTS (content_flags), &content) ||
      ((content & 1) != 0 && !_imsg_structure_guid (reader, parent, "GUID")) ||
      ((content & 2) != 0 && !parse_wide_text (reader, parent, N_("Name"))) ||
      !_imsg_structure_u16 (reader, parent, N_("Rules"), IMSG_STRUCTURE_DECIMAL, &n_rules) ||
      !_imsg_structure_check_count (reader, parent, n_rules, 4))
    return;
  for (guint i = 0; i < MIN (n_rules, IMSG_STRUCTURE_MAX_ELEMENTS); i++)
    {
      IMsgStructureNode *group = _imsg_structure_begin (reader, parent, N_("Rule"));
      guint16 size;
      gboolean is_whole =
        _imsg_structure_u8 (reader, group, N_("Major version"), IMSG_STRUCTURE_DECIMAL, NULL) &&
        _imsg_structure_u8 (reader, group, N_("Minor version"), IMSG_STRUCTURE_DECIMAL, NULL) &&
        _imsg_structure_u16 (reader, group, N_("Size"), IMSG_STRUCTURE_DECIMAL, &size) &&
        _imsg_structure_inner (reader, group, N_("Content"), size, parse_zone_rule);

      _imsg_structure_end (reader, group);
      if (!is_whole)
        return;
    }
}

/* --- identity --- */

static gboolean
is_printable (const guint8 *bytes,
              gsize         n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    if (!g_ascii_isprint (bytes[i]))
      return FALSE;
  return TRUE;
}

void
_imsg_structure_parse_global_object_id (IMsgStructureReader *reader,
                                        IMsgStructureNode   *parent)
{
  static const guint8 magic[16] = { 0x04, 0x00, 0x00, 0x00, 0x82, 0x00, 0xE0, 0x00,
                                    0x74, 0xC5, 0xB7, 0x10, 0x1A, 0x82, 0xE0, 0x08 };
  static const char text_id[12] = "vCal-Uid\x01\0\0";
  const guint8 *bytes = reader->bytes + reader->offset;
  IMsgStructureNode *date;
  guint32 size;

  if (_imsg_structure_get_n_left (reader) < 40 || memcmp (bytes, magic, 16) != 0)
    {
      gsize n_left = _imsg_structure_get_n_left (reader);

      if (is_printable (bytes, n_left))
        _imsg_structure_text (reader, parent, N_("Foreign id"), n_left, FALSE);
      else
        _imsg_structure_bytes (reader, parent, N_("Foreign id"), n_left);
      return;
    }
  _imsg_structure_bytes (reader, parent, N_("Magic"), 16);
  /* big-endian, unlike everything around it */
  date = _imsg_structure_node_new (N_("Date of the exception"), reader->offset, 4);
  if (bytes[16] == 0 && bytes[17] == 0)
    _imsg_structure_node_set_value (date, "%s", _("none: the series"));
  else
    _imsg_structure_node_set_value (date, "%04u-%02u-%02u", bytes[16] << 8 | bytes[17], bytes[18],
                                    bytes[19]);
  _imsg_structure_node_add (parent, date);
  reader->offset += 4;
  if (!_imsg_structure_filetime (reader, parent, N_("Created")) ||
      !_imsg_structure_bytes (reader, parent, N_("Reserved"), 8) ||
      !_imsg_structure_u32 (reader, parent, N_("Size"), IMSG_STRUCTURE_DECIMAL, &size))
    return;
  if (size > sizeof text_id && size <= _imsg_structure_get_n_left (reader) &&
      memcmp (reader->bytes + reader->offset, text_id, sizeof text_id) == 0)
    {
      _imsg_structure_bytes (reader, parent, N_("Text id"), sizeof text_id);
      _imsg_structure_text (reader, parent, "UID", size - sizeof text_id, FALSE);
    }
  else
    _imsg_structure_bytes (reader, parent, N_("Data"), size);
}
