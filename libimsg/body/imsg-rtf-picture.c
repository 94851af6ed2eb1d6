/* imsg-rtf-picture.c - pictures inside RTF
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-rtf-reader-private.h"

void
_imsg_rtf_picture_begin (IMsgRtfReader *self)
{
  IMsgRtfPicture *picture = &self->picture;

  picture->kind = IMSG_RTF_PICTURE_OTHER;
  if (picture->bytes == NULL)
    picture->bytes = g_byte_array_new ();
  g_byte_array_set_size (picture->bytes, 0);
  picture->width = 0;
  picture->height = 0;
  picture->scale_x = 100;
  picture->scale_y = 100;
  picture->has_high_digit = FALSE;
}

void
_imsg_rtf_picture_add_hex (IMsgRtfReader *self,
                           const guint8  *digits,
                           gsize          n_digits)
{
  IMsgRtfPicture *picture = &self->picture;

  /* Only what HTML can show is kept. */
  if (picture->kind == IMSG_RTF_PICTURE_OTHER)
    return;
  for (gsize i = 0; i < n_digits; i++)
    {
      int digit = g_ascii_xdigit_value (digits[i]);
      guint8 byte;

      if (digit < 0)
        continue;
      picture->has_high_digit = !picture->has_high_digit;
      if (picture->has_high_digit)
        {
          picture->high_digit = digit;
          continue;
        }
      byte = picture->high_digit << 4 | digit;
      g_byte_array_append (picture->bytes, &byte, 1);
    }
}

void
_imsg_rtf_picture_add_binary (IMsgRtfReader *self)
{
  if (self->picture.kind != IMSG_RTF_PICTURE_OTHER)
    g_byte_array_append (self->picture.bytes, self->binary, self->n_binary);
}

/* Whether the bytes begin as the kind says. */
gboolean
_imsg_rtf_picture_is_sound (const IMsgRtfPicture *picture)
{
  switch (picture->kind)
    {
    case IMSG_RTF_PICTURE_PNG:
      return picture->bytes->len > 8 && memcmp (picture->bytes->data, "\x89PNG\r\n\x1A\n", 8) == 0;
    case IMSG_RTF_PICTURE_JPEG:
      return picture->bytes->len > 3 && memcmp (picture->bytes->data, "\xFF\xD8\xFF", 3) == 0;
    default:
      return FALSE;
    }
}
