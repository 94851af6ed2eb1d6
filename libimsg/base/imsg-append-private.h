/* imsg-append-private.h - writing little-endian fields behind one another
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

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
