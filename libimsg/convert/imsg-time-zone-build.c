/* imsg-time-zone-build.c - writing the time zones that appointments carry
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"
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

static void
append_u16 (GByteArray *bytes,
            guint       value)
{
  guint16 stored = GUINT16_TO_LE ((guint16) value);

  g_byte_array_append (bytes, (const guint8 *) &stored, sizeof stored);
}

static void
append_i32 (GByteArray *bytes,
            gint32      value)
{
  gint32 stored = GINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &stored, sizeof stored);
}

/* SYSTEMTIME: u16 year, month, day of week, day, hour, minute, second, millisecond */
static void
append_transition (GByteArray           *bytes,
                   const IMsgTransition *transition)
{
  append_u16 (bytes, transition->year);
  append_u16 (bytes, transition->month);
  append_u16 (bytes, transition->day_of_week);
  append_u16 (bytes, transition->day);
  append_u16 (bytes, transition->hour);
  append_u16 (bytes, transition->minute);
  append_u16 (bytes, 0);
  append_u16 (bytes, 0);
}

static void
append_biases (GByteArray         *bytes,
               const IMsgTimeZone *self)
{
  append_i32 (bytes, self->bias);
  append_i32 (bytes, self->standard_bias);
  append_i32 (bytes, self->daylight_bias);
}

GBytes *
_imsg_time_zone_build_struct (const IMsgTimeZone *self)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  append_biases (bytes, self);
  append_u16 (bytes, self->standard.year);
  append_transition (bytes, &self->standard);
  append_u16 (bytes, self->daylight.year);
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
  append_u16 (bytes, 6 + 2 * (guint) n_characters);
  append_u16 (bytes, DEFINITION_HAS_NAME);
  append_u16 (bytes, (guint) n_characters);
  g_byte_array_append (bytes, g_bytes_get_data (name, NULL), 2 * (guint) n_characters);
  append_u16 (bytes, 1);

  g_byte_array_append (bytes, version, sizeof version);
  append_u16 (bytes, RULE_BYTES);
  append_u16 (bytes, RULE_EFFECTIVE | (is_of_recurrence ? RULE_OF_RECURRENCE : 0));
  append_transition (bytes, &first);
  append_biases (bytes, self);
  append_transition (bytes, &self->standard);
  append_transition (bytes, &self->daylight);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
