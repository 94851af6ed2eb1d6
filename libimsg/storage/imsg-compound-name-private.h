/* imsg-compound-name-private.h - names as a compound file stores them ([MS-CFB] 2.6.1)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-compound-private.h"

G_BEGIN_DECLS

/* "__substg1.0_" and a number of eight hexadecimal digits: the stream of a property's value, which
 * nearly all entries of a message are ([MS-OXMSG] 2.1.3). Such names are told from one another, put
 * in order and kept by that number alone. */
#define PROPERTY_NAME_START "__substg1.0_"
#define PROPERTY_NAME_START_UNITS 12
#define PROPERTY_NAME_UNITS 20

#define EACH_BYTE G_GUINT64_CONSTANT (0x0101010101010101)
#define EACH_UNIT G_GUINT64_CONSTANT (0x0001000100010001)

static inline guint64
load_eight_bytes (const guint8 *bytes)
{
  guint64 value = 0;

  memcpy (&value, bytes, sizeof value);
  return value;
}

/* Four units in the order of the file, the first of them lowest, as four bytes. */
static inline guint64
pack_four_units (guint64 units)
{
  units = (units | units >> 8) & G_GUINT64_CONSTANT (0x0000FFFF0000FFFF);
  return (units | units >> 16) & G_GUINT64_CONSTANT (0x00000000FFFFFFFF);
}

/* Whether eight bytes, none above 0x7F, are digits or capital letters of a hexadecimal number. A
 * sum's topmost bit tells whether its byte is at least what the addend lacks to 0x80. */
static inline gboolean
are_hexadecimal (guint64 bytes)
{
  guint64 digits = (bytes + EACH_BYTE * (0x80 - '0')) & ~(bytes + EACH_BYTE * (0x80 - '9' - 1));
  guint64 letters = (bytes + EACH_BYTE * (0x80 - 'A')) & ~(bytes + EACH_BYTE * (0x80 - 'F' - 1));

  return ((digits | letters) & (EACH_BYTE << 7)) == EACH_BYTE << 7;
}

/* The number that eight hexadecimal digits make, the first of them in the lowest byte. */
static inline guint32
get_number (guint64 digits)
{
  guint64 nibbles = (digits & EACH_BYTE * 0xF) + (digits >> 6 & EACH_BYTE) * 9;

  nibbles = GUINT64_SWAP_LE_BE (nibbles);
  nibbles = (nibbles | nibbles >> 4) & G_GUINT64_CONSTANT (0x00FF00FF00FF00FF);
  nibbles = (nibbles | nibbles >> 8) & G_GUINT64_CONSTANT (0x0000FFFF0000FFFF);
  return (guint32) (nibbles | nibbles >> 16);
}

/* Whether this entry has the name of a property's stream, and with which number. */
static inline gboolean
is_property_entry (const guint8 *entry,
                   guint32      *number)
{
  static const guint8 start[24] = { '_', 0, '_', 0, 's', 0, 'u', 0, 'b', 0, 's', 0, 't', 0, 'g', 0,
                                    '1', 0, '.', 0, '0', 0, '_', 0 };
  guint64 low = GUINT64_FROM_LE (load_eight_bytes (entry + sizeof start));
  guint64 high = GUINT64_FROM_LE (load_eight_bytes (entry + sizeof start + 8));
  guint64 digits = pack_four_units (low) | pack_four_units (high) << 32;

  if (_imsg_get_u16 (entry + ENTRY_NAME_SIZE) != 2 * (PROPERTY_NAME_UNITS + 1) ||
      _imsg_get_u16 (entry + 2 * PROPERTY_NAME_UNITS) != 0 ||
      ((low | high) & ~(EACH_UNIT * 0x7F)) != 0 || memcmp (entry + 16, start + 16, 8) != 0 ||
      memcmp (entry + 8, start + 8, 8) != 0 || memcmp (entry, start, 8) != 0 ||
      !are_hexadecimal (digits))
    return FALSE;
  *number = get_number (digits);
  return TRUE;
}

/* The same for a name that someone asks for. */
static inline gboolean
is_property_name (const char *name,
                  guint       n_units,
                  guint32    *number)
{
  guint64 digits = 0;

  if (n_units != PROPERTY_NAME_UNITS ||
      memcmp (name, PROPERTY_NAME_START, PROPERTY_NAME_START_UNITS) != 0)
    return FALSE;
  digits = GUINT64_FROM_LE (
    load_eight_bytes ((const guint8 *) name + PROPERTY_NAME_START_UNITS));
  if ((digits & (EACH_BYTE << 7)) != 0 || !are_hexadecimal (digits))
    return FALSE;
  *number = get_number (digits);
  return TRUE;
}

static inline void
write_property_name (guint32    number,
                     gunichar2 *name)
{
  for (guint i = 0; i < PROPERTY_NAME_START_UNITS; i++)
    name[i] = PROPERTY_NAME_START[i];
  for (guint i = PROPERTY_NAME_START_UNITS; i < PROPERTY_NAME_UNITS; i++, number <<= 4)
    name[i] = "0123456789ABCDEF"[number >> 28];
}

static inline gboolean
is_forbidden_unit (guint unit)
{
  const guint64 below_64 = G_GUINT64_CONSTANT (1) << '/' | G_GUINT64_CONSTANT (1) << ':' |
                           G_GUINT64_CONSTANT (1) << '!';

  return unit < 64 ? (below_64 >> unit & 1) != 0 : unit == '\\';
}

/* Not 0 when one of four units is this one. The byte order does not matter: each is looked at by
 * itself. */
static inline guint64
find_unit (guint64 units,
           guint64 unit)
{
  units ^= GUINT64_TO_LE (EACH_UNIT * unit);
  return (units - EACH_UNIT) & ~units & (EACH_UNIT << 15);
}

/* Not 0 when one of four units is NUL or forbidden. */
static inline guint64
find_bad_unit (guint64 units)
{
  return find_unit (units, 0) | find_unit (units, '/') | find_unit (units, ':') |
         find_unit (units, '!') | find_unit (units, '\\');
}

/* Whether all is well with a name, which is so of nearly all: its NUL is where its length says, and
 * none of its units is forbidden. */
static inline gboolean
is_sound_name (const guint8 *name,
               guint         n_bytes)
{
  guint64 bad = 0;
  guint at = 0;

  if (n_bytes < 4 || n_bytes > 2 * IMSG_NAME_UNITS || (n_bytes & 1) != 0 ||
      _imsg_get_u16 (name + n_bytes - 2) != 0)
    return FALSE;
  if (n_bytes >= 10)
    {
      for (; at + 8 < n_bytes - 2; at += 8)
        bad |= find_bad_unit (load_eight_bytes (name + at));
      bad |= find_bad_unit (load_eight_bytes (name + n_bytes - 10));
    }
  for (; at < n_bytes - 2 && n_bytes < 10; at += 2)
    {
      guint unit = _imsg_get_u16 (name + at);

      bad |= unit == 0 || is_forbidden_unit (unit);
    }
  return bad == 0;
}

G_END_DECLS
