/* imsg-time-zone-build.c - writing the time zones that appointments carry
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-little-endian-private.h"
#include "imsg-time-zone-private.h"

#define DEFINITION_MAJOR 2
#define DEFINITION_MINOR 1
#define DEFINITION_HAS_NAME 0x0002
#define RULE_BYTES 0x3E
#define RULE_OF_RECURRENCE 0x0001
#define RULE_EFFECTIVE 0x0002

/* The key names of Windows stay under 256 characters. */
#define MAX_NAME_CHARACTERS 255

/* From when the one rule holds: always, as far as Outlook is concerned */
#define FIRST_YEAR 1601

/* SYSTEMTIME: u16 year, month, day of week, day, hour, minute, second, millisecond */
static void
append_transition (GByteArray           *bytes,
                   const IMsgTransition *transition)
{
  _imsg_append_u16 (bytes, transition->year);
  _imsg_append_u16 (bytes, transition->month);
  _imsg_append_u16 (bytes, transition->day_of_week);
  _imsg_append_u16 (bytes, transition->day);
  _imsg_append_u16 (bytes, transition->hour);
  _imsg_append_u16 (bytes, transition->minute);
  _imsg_append_u16 (bytes, 0);
  _imsg_append_u16 (bytes, 0);
}

static void
append_biases (GByteArray         *bytes,
               const IMsgTimeZone *self)
{
  _imsg_append_u32 (bytes, (guint32) self->bias);
  _imsg_append_u32 (bytes, (guint32) self->standard_bias);
  _imsg_append_u32 (bytes, (guint32) self->daylight_bias);
}

GBytes *
_imsg_time_zone_build_struct (const IMsgTimeZone *self)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  append_biases (bytes, self);
  _imsg_append_u16 (bytes, self->standard.year);
  append_transition (bytes, &self->standard);
  _imsg_append_u16 (bytes, self->daylight.year);
  append_transition (bytes, &self->daylight);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

GBytes *
_imsg_time_zone_build_definition (const IMsgTimeZone *self,
                                  gboolean            is_of_recurrence)
{
  static const IMsgTransition first = { .year = FIRST_YEAR, .month = 1, .day = 1 };
  static const guint8 version[2] = { DEFINITION_MAJOR, DEFINITION_MINOR };
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autofree char *id = _imsg_time_zone_get_id (self);
  g_autoptr(GBytes) name = _imsg_utf16_encode (id, strlen (id));
  gsize n_characters = MIN (g_bytes_get_size (name) / 2, MAX_NAME_CHARACTERS);

  g_byte_array_append (bytes, version, sizeof version);
  _imsg_append_u16 (bytes, 6 + 2 * (guint) n_characters);
  _imsg_append_u16 (bytes, DEFINITION_HAS_NAME);
  _imsg_append_u16 (bytes, (guint) n_characters);
  g_byte_array_append (bytes, g_bytes_get_data (name, NULL), 2 * (guint) n_characters);
  _imsg_append_u16 (bytes, 1);

  g_byte_array_append (bytes, version, sizeof version);
  _imsg_append_u16 (bytes, RULE_BYTES);
  _imsg_append_u16 (bytes, RULE_EFFECTIVE | (is_of_recurrence ? RULE_OF_RECURRENCE : 0));
  append_transition (bytes, &first);
  append_biases (bytes, self);
  append_transition (bytes, &self->standard);
  append_transition (bytes, &self->daylight);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
