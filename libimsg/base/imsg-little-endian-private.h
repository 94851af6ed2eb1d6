/* imsg-little-endian-private.h - the fields of the formats, all of which are little-endian
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

static inline guint16
_imsg_get_u16 (const guint8 *bytes)
{
  guint16 value = 0;

  memcpy (&value, bytes, sizeof value);
  return GUINT16_FROM_LE (value);
}

static inline guint32
_imsg_get_u32 (const guint8 *bytes)
{
  guint32 value = 0;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline guint64
_imsg_get_u64 (const guint8 *bytes)
{
  guint64 value = 0;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_LE (value);
}

static inline void
_imsg_put_u16 (guint8  *bytes,
              guint16  value)
{
  value = GUINT16_TO_LE (value);
  memcpy (bytes, &value, sizeof value);
}

static inline void
_imsg_put_u32 (guint8  *bytes,
              guint32  value)
{
  value = GUINT32_TO_LE (value);
  memcpy (bytes, &value, sizeof value);
}

static inline void
_imsg_put_u64 (guint8  *bytes,
              guint64  value)
{
  value = GUINT64_TO_LE (value);
  memcpy (bytes, &value, sizeof value);
}

static inline void
_imsg_append_u16 (GByteArray *bytes,
                  guint       value)
{
  guint16 stored = GUINT16_TO_LE ((guint16) value);

  g_byte_array_append (bytes, (const guint8 *) &stored, sizeof stored);
}

static inline void
_imsg_append_u32 (GByteArray *bytes,
                  guint32     value)
{
  guint32 stored = GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &stored, sizeof stored);
}

G_END_DECLS
