/* imsg-structure-calendar.c - recurrences, time zones, global object ids ([MS-OXOCAL] 2.2.1)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-structure-private.h"

#define MAX_DATES 10000
#define WITH_HIGHLIGHT 0x3009

static const IMsgStructureName frequencies[] = {
  { 0x200A, "daily" }, { 0x200B, "weekly" }, { 0x200C, "monthly" }, { 0x200D, "yearly" },
};

static const IMsgStructureName patterns[] = {
  { 0x0, "day" },         { 0x1, "week" },      { 0x2, "day of the month" },
  { 0x3, "n-th weekday" }, { 0x4, "end of the month" }, { 0xA, "Hijri day of the month" },
  { 0xB, "Hijri n-th weekday" }, { 0xC, "Hijri end of the month" },
};

static const IMsgStructureName calendars[] = {
  { 0x0, "default" },      { 0x1, "Gregorian" },      { 0x2, "Gregorian, US" },
  { 0x3, "Japanese era" }, { 0x4, "Taiwan" },         { 0x5, "Korean" },
  { 0x6, "Hijri" },        { 0x7, "Thai" },           { 0x8, "Hebrew" },
  { 0x9, "Gregorian, Middle East French" },           { 0xA, "Gregorian, Arabic" },
};

static const IMsgStructureName week_days[] = {
  { 0x01, "Sunday" },   { 0x02, "Monday" }, { 0x04, "Tuesday" },  { 0x08, "Wednesday" },
  { 0x10, "Thursday" }, { 0x20, "Friday" }, { 0x40, "Saturday" },
};

static const IMsgStructureName day_numbers[] = {
  { 0, "Sunday" },   { 1, "Monday" }, { 2, "Tuesday" }, { 3, "Wednesday" },
  { 4, "Thursday" }, { 5, "Friday" }, { 6, "Saturday" },
};

static const IMsgStructureName end_types[] = {
  { 0x2021, "on a date" }, { 0x2022, "after a count" }, { 0x2023, "never" }, { 0xFFFFFFFF, "never" },
};

static const IMsgStructureName exception_flags[] = {
  { 0x001, "subject" },   { 0x002, "meeting type" }, { 0x004, "reminder time" },
  { 0x008, "reminder" },  { 0x010, "location" },     { 0x020, "busy status" },
  { 0x040, "attachment" }, { 0x080, "all day" },     { 0x100, "color" }, { 0x200, "body" },
};

static const IMsgStructureName busy_statuses[] = {
  { 0, "free" }, { 1, "tentative" }, { 2, "busy" }, { 3, "out of office" },
  { 4, "working elsewhere" },
};

static gboolean
parse_dates (IMsgStructureReader *reader,
             IMsgStructureNode   *parent,
             const char          *name)
{
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, name);
  guint32 count = 0;
  gboolean is_whole =
    _imsg_structure_u32 (reader, group, "Count", IMSG_STRUCTURE_DECIMAL, &count) &&
    _imsg_structure_check_count (reader, group, count, 4);

  for (guint32 i = 0; i < MIN (count, MAX_DATES) && is_whole; i++)
    is_whole = _imsg_structure_minutes (reader, group, "Date", NULL);
  if (is_whole && count > MAX_DATES)
    is_whole = _imsg_structure_bytes (reader, group, "Not expanded", 4 * (count - MAX_DATES));
  _imsg_structure_end (reader, group);
  return is_whole;
}

static gboolean
parse_pattern (IMsgStructureReader *reader,
               IMsgStructureNode   *parent)
{
  guint32 pattern;

  if (!_imsg_structure_u16 (reader, parent, "Reader version", IMSG_STRUCTURE_HEX, NULL) ||
      !_imsg_structure_u16 (reader, parent, "Writer version", IMSG_STRUCTURE_HEX, NULL) ||
      !_imsg_structure_enum (reader, parent, "Frequency", 2, frequencies,
                             G_N_ELEMENTS (frequencies), NULL) ||
      !_imsg_structure_enum (reader, parent, "Pattern", 2, patterns, G_N_ELEMENTS (patterns),
                             &pattern) ||
      !_imsg_structure_enum (reader, parent, "Calendar", 2, calendars, G_N_ELEMENTS (calendars),
                             NULL) ||
      !_imsg_structure_u32 (reader, parent, "First date", IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u32 (reader, parent, "Period", IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_u32 (reader, parent, "Sliding", IMSG_STRUCTURE_DECIMAL, NULL))
    return FALSE;
  switch (pattern)
    {
    case 0x0:
      return TRUE;
    case 0x2:
    case 0x4:
    case 0xA:
    case 0xC:
      return _imsg_structure_u32 (reader, parent, "Day of the month", IMSG_STRUCTURE_DECIMAL, NULL);
    case 0x1:
      return _imsg_structure_flags (reader, parent, "Days", 4, week_days, G_N_ELEMENTS (week_days),
                                    NULL);
    case 0x3:
    case 0xB:
      return _imsg_structure_flags (reader, parent, "Days", 4, week_days, G_N_ELEMENTS (week_days),
                                    NULL) &&
             _imsg_structure_u32 (reader, parent, "Which (5: the last)", IMSG_STRUCTURE_DECIMAL,
                                  NULL);
    default:
      _imsg_structure_fail (reader, parent, "damaged: pattern 0x%X is unknown", pattern);
      return FALSE;
    }
}

static gboolean
parse_end (IMsgStructureReader *reader,
           IMsgStructureNode   *parent)
{
  return _imsg_structure_enum (reader, parent, "Ends", 4, end_types, G_N_ELEMENTS (end_types),
                               NULL) &&
         _imsg_structure_u32 (reader, parent, "Occurrences", IMSG_STRUCTURE_DECIMAL, NULL) &&
         _imsg_structure_enum (reader, parent, "First day of the week", 4, day_numbers,
                               G_N_ELEMENTS (day_numbers), NULL) &&
         parse_dates (reader, parent, "Deleted occurrences") &&
         parse_dates (reader, parent, "Modified occurrences") &&
         _imsg_structure_minutes (reader, parent, "Start date", NULL) &&
         _imsg_structure_minutes (reader, parent, "End date", NULL);
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

  if (!_imsg_structure_u16 (reader, parent, "Length + 1", IMSG_STRUCTURE_DECIMAL, &with_end) ||
      !_imsg_structure_u16 (reader, parent, "Length", IMSG_STRUCTURE_DECIMAL, &length))
    return FALSE;
  if (with_end != length + 1)
    {
      _imsg_structure_fail (reader, parent, "damaged: lengths %u and %u do not agree", with_end,
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
  static const char *const numbers[] = { NULL,           "Meeting type", "Reminder minutes",
                                         "Reminder set", NULL,           NULL,
                                         "Attachment",   "All day",      "Color" };
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, "Exception");
  gboolean is_whole =
    _imsg_structure_minutes (reader, group, "Start", NULL) &&
    _imsg_structure_minutes (reader, group, "End", NULL) &&
    _imsg_structure_minutes (reader, group, "Original start", NULL) &&
    _imsg_structure_flags (reader, group, "Changed", 2, exception_flags,
                           G_N_ELEMENTS (exception_flags), flags);

  for (guint bit = 0; bit < 9 && is_whole; bit++)
    {
      if ((*flags & (1u << bit)) == 0)
        continue;
      if (bit == 0 || bit == 4)
        is_whole = parse_short_text (reader, group, bit == 0 ? "Subject" : "Location");
      else if (bit == 5)
        is_whole = _imsg_structure_enum (reader, group, "Busy status", 4, busy_statuses,
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

  return _imsg_structure_u16 (reader, parent, "Characters", IMSG_STRUCTURE_DECIMAL,
                              &n_characters) &&
         _imsg_structure_text (reader, parent, name, 2 * (gsize) n_characters, TRUE);
}

static gboolean
parse_extended_exception (IMsgStructureReader *reader,
                          IMsgStructureNode   *parent,
                          guint32              flags,
                          guint32              writer)
{
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, "Extended exception");
  gboolean has_text = (flags & 0x11) != 0;
  gboolean is_whole =
    (writer < WITH_HIGHLIGHT ||
     _imsg_structure_sized (reader, group, "Change highlight", NULL)) &&
    _imsg_structure_sized (reader, group, "Reserved", NULL) &&
    (!has_text || (_imsg_structure_minutes (reader, group, "Start", NULL) &&
                   _imsg_structure_minutes (reader, group, "End", NULL) &&
                   _imsg_structure_minutes (reader, group, "Original start", NULL))) &&
    ((flags & 0x01) == 0 || parse_wide_text (reader, group, "Subject")) &&
    ((flags & 0x10) == 0 || parse_wide_text (reader, group, "Location")) &&
    (!has_text || _imsg_structure_sized (reader, group, "Reserved", NULL));

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
      !_imsg_structure_u32 (reader, parent, "Second reader version", IMSG_STRUCTURE_HEX, NULL) ||
      !_imsg_structure_u32 (reader, parent, "Second writer version", IMSG_STRUCTURE_HEX, &writer) ||
      !_imsg_structure_u32 (reader, parent, "Start (minutes of the day)", IMSG_STRUCTURE_DECIMAL,
                            NULL) ||
      !_imsg_structure_u32 (reader, parent, "End (minutes of the day)", IMSG_STRUCTURE_DECIMAL,
                            NULL) ||
      !_imsg_structure_u16 (reader, parent, "Exceptions", IMSG_STRUCTURE_DECIMAL, &count) ||
      !_imsg_structure_check_count (reader, parent, count, 14))
    return;
  flags = g_new0 (guint32, (gsize) count + 1);
  for (guint i = 0; i < count && is_whole; i++)
    is_whole = parse_exception (reader, parent, &flags[i]);
  is_whole = is_whole && _imsg_structure_sized (reader, parent, "Reserved", NULL);
  for (guint i = 0; i < count && is_whole; i++)
    is_whole = parse_extended_exception (reader, parent, flags[i], writer);
  if (is_whole && _imsg_structure_get_n_left (reader) >= 4)
    _imsg_structure_sized (reader, parent, "Reserved", NULL);
}

/* --- time zones --- */

/* SYSTEMTIME, 16 bytes */
static gboolean
parse_system_time (IMsgStructureReader *reader,
                   IMsgStructureNode   *parent,
                   const char          *name)
{
  static const char *const fields[] = { "Day", "Hour", "Minute", "Second", "Millisecond" };
  IMsgStructureNode *group = _imsg_structure_begin (reader, parent, name);
  gboolean is_whole =
    _imsg_structure_u16 (reader, group, "Year", IMSG_STRUCTURE_DECIMAL, NULL) &&
    _imsg_structure_u16 (reader, group, "Month", IMSG_STRUCTURE_DECIMAL, NULL) &&
    _imsg_structure_enum (reader, group, "Weekday", 2, day_numbers, G_N_ELEMENTS (day_numbers),
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
  return _imsg_structure_u32 (reader, parent, "Bias (minutes)", IMSG_STRUCTURE_SIGNED, NULL) &&
         _imsg_structure_u32 (reader, parent, "Standard bias", IMSG_STRUCTURE_SIGNED, NULL) &&
         _imsg_structure_u32 (reader, parent, "Daylight bias", IMSG_STRUCTURE_SIGNED, NULL);
}

void
_imsg_structure_parse_time_zone (IMsgStructureReader *reader,
                                 IMsgStructureNode   *parent)
{
  if (parse_biases (reader, parent) &&
      _imsg_structure_u16 (reader, parent, "Standard year", IMSG_STRUCTURE_DECIMAL, NULL) &&
      parse_system_time (reader, parent, "Standard date") &&
      _imsg_structure_u16 (reader, parent, "Daylight year", IMSG_STRUCTURE_DECIMAL, NULL))
    parse_system_time (reader, parent, "Daylight date");
}

static void
parse_zone_rule (IMsgStructureReader *reader,
                 IMsgStructureNode   *parent)
{
  static const IMsgStructureName rule_flags[] = { { 1, "for the recurrence" }, { 2, "effective" } };

  if (_imsg_structure_flags (reader, parent, "Flags", 2, rule_flags, G_N_ELEMENTS (rule_flags),
                             NULL) &&
      parse_system_time (reader, parent, "Holds from") && parse_biases (reader, parent) &&
      parse_system_time (reader, parent, "Standard date"))
    parse_system_time (reader, parent, "Daylight date");
}

void
_imsg_structure_parse_zone_definition (IMsgStructureReader *reader,
                                       IMsgStructureNode   *parent)
{
  static const IMsgStructureName content_flags[] = { { 1, "GUID" }, { 2, "name" } };
  guint8 major;
  guint16 n_rules;
  guint32 content;

  if (!_imsg_structure_u8 (reader, parent, "Major version", IMSG_STRUCTURE_DECIMAL, &major) ||
      !_imsg_structure_u8 (reader, parent, "Minor version", IMSG_STRUCTURE_DECIMAL, NULL))
    return;
  if (major != 2)
    {
      _imsg_structure_fail (reader, parent, "Version %u is unknown", major);
      return;
    }
  if (!_imsg_structure_u16 (reader, parent, "Header size", IMSG_STRUCTURE_DECIMAL, NULL) ||
      !_imsg_structure_flags (reader, parent, "Holds", 2, content_flags,
                              G_N_ELEMENTS (content_flags), &content) ||
      ((content & 1) != 0 && !_imsg_structure_guid (reader, parent, "GUID")) ||
      ((content & 2) != 0 && !parse_wide_text (reader, parent, "Name")) ||
      !_imsg_structure_u16 (reader, parent, "Rules", IMSG_STRUCTURE_DECIMAL, &n_rules) ||
      !_imsg_structure_check_count (reader, parent, n_rules, 4))
    return;
  for (guint i = 0; i < MIN (n_rules, IMSG_STRUCTURE_MAX_ELEMENTS); i++)
    {
      IMsgStructureNode *group = _imsg_structure_begin (reader, parent, "Rule");
      guint16 size;
      gboolean is_whole =
        _imsg_structure_u8 (reader, group, "Major version", IMSG_STRUCTURE_DECIMAL, NULL) &&
        _imsg_structure_u8 (reader, group, "Minor version", IMSG_STRUCTURE_DECIMAL, NULL) &&
        _imsg_structure_u16 (reader, group, "Size", IMSG_STRUCTURE_DECIMAL, &size) &&
        _imsg_structure_inner (reader, group, "Content", size, parse_zone_rule);

      _imsg_structure_end (reader, group);
      if (!is_whole)
        return;
    }
}

/* --- identity --- */

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
      _imsg_structure_text (reader, parent, "Foreign id", _imsg_structure_get_n_left (reader),
                            FALSE);
      return;
    }
  _imsg_structure_bytes (reader, parent, "Magic", 16);
  /* big-endian, unlike everything around it */
  date = _imsg_structure_node_new ("Date of the exception", reader->offset, 4);
  if (bytes[16] == 0 && bytes[17] == 0)
    _imsg_structure_node_set_value (date, "none: the series");
  else
    _imsg_structure_node_set_value (date, "%04u-%02u-%02u", bytes[16] << 8 | bytes[17], bytes[18],
                                    bytes[19]);
  _imsg_structure_node_add (parent, date);
  reader->offset += 4;
  if (!_imsg_structure_filetime (reader, parent, "Created") ||
      !_imsg_structure_bytes (reader, parent, "Reserved", 8) ||
      !_imsg_structure_u32 (reader, parent, "Size", IMSG_STRUCTURE_DECIMAL, &size))
    return;
  if (size > sizeof text_id && size <= _imsg_structure_get_n_left (reader) &&
      memcmp (reader->bytes + reader->offset, text_id, sizeof text_id) == 0)
    {
      _imsg_structure_bytes (reader, parent, "Text id", sizeof text_id);
      _imsg_structure_text_z (reader, parent, "UID", FALSE);
    }
  else
    _imsg_structure_bytes (reader, parent, "Data", size);
}
