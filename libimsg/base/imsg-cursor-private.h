/* imsg-cursor-private.h - reading little-endian fields, checked before each move
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <string.h>

#include "imsg-error.h"

G_BEGIN_DECLS

typedef struct
{
  const guint8 *bytes;
  gsize         n_bytes;
  gsize         offset;
} IMsgCursor;

static inline gsize
_imsg_cursor_get_n_left (const IMsgCursor *cursor)
{
  return cursor->n_bytes - cursor->offset;
}

void _imsg_cursor_set_error (const IMsgCursor  *cursor,
                             gsize              n_bytes,
                             GError           **error);

/* Hands out the next n_bytes; CORRUPT_DATA when there are fewer. */
static inline gboolean
_imsg_cursor_take (IMsgCursor    *cursor,
                   gsize          n_bytes,
                   const guint8 **bytes,
                   GError       **error)
{
  if (n_bytes > _imsg_cursor_get_n_left (cursor))
    {
      _imsg_cursor_set_error (cursor, n_bytes, error);
      return FALSE;
    }
  *bytes = cursor->bytes + cursor->offset;
  cursor->offset += n_bytes;
  return TRUE;
}

static inline gboolean
_imsg_cursor_read_u8 (IMsgCursor *cursor,
                      guint8     *value,
                      GError    **error)
{
  const guint8 *bytes;

  if (!_imsg_cursor_take (cursor, 1, &bytes, error))
    return FALSE;
  *value = *bytes;
  return TRUE;
}

static inline gboolean
_imsg_cursor_read_u16 (IMsgCursor *cursor,
                       guint16    *value,
                       GError    **error)
{
  const guint8 *bytes;

  if (!_imsg_cursor_take (cursor, 2, &bytes, error))
    return FALSE;
  memcpy (value, bytes, 2);
  *value = GUINT16_FROM_LE (*value);
  return TRUE;
}

static inline gboolean
_imsg_cursor_read_u32 (IMsgCursor *cursor,
                       guint32    *value,
                       GError    **error)
{
  const guint8 *bytes;

  if (!_imsg_cursor_take (cursor, 4, &bytes, error))
    return FALSE;
  memcpy (value, bytes, 4);
  *value = GUINT32_FROM_LE (*value);
  return TRUE;
}

static inline gboolean
_imsg_cursor_read_u64 (IMsgCursor *cursor,
                       guint64    *value,
                       GError    **error)
{
  const guint8 *bytes;

  if (!_imsg_cursor_take (cursor, 8, &bytes, error))
    return FALSE;
  memcpy (value, bytes, 8);
  *value = GUINT64_FROM_LE (*value);
  return TRUE;
}

static inline gboolean
_imsg_cursor_skip (IMsgCursor *cursor,
                   gsize       n_bytes,
                   GError    **error)
{
  const guint8 *bytes;

  return _imsg_cursor_take (cursor, n_bytes, &bytes, error);
}

G_END_DECLS
