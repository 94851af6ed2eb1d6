/* inspector-hex-geometry.c - where the digits and the text of each byte stand
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-hex-geometry.h"

void
inspector_hex_geometry_fit (InspectorHexGeometry *self,
                            guint64               length,
                            int                   width)
{
  self->n_offset_digits = length > G_MAXUINT32 ? 12 : 8;
  self->n_columns = INSPECTOR_HEX_WIDE_LINE;
  if (inspector_hex_geometry_get_width (self) > width)
    self->n_columns = INSPECTOR_HEX_NARROW_LINE;
  /* The text may be scrolled to, but not the digits */
  if (inspector_hex_geometry_get_hex_x (self, self->n_columns - 1) + 2 * self->char_width > width)
    self->n_columns = INSPECTOR_HEX_LEAST_LINE;
}

/* A wider gap stands in the middle of a long line */
int
inspector_hex_geometry_get_hex_x (const InspectorHexGeometry *self,
                                  guint                       column)
{
  guint character = self->n_offset_digits + 2 + 3 * column;

  if (column >= INSPECTOR_HEX_NARROW_LINE)
    character++;
  return INSPECTOR_HEX_MARGIN + (int) character * self->char_width;
}

int
inspector_hex_geometry_get_text_x (const InspectorHexGeometry *self,
                                   guint                       column)
{
  return inspector_hex_geometry_get_hex_x (self, self->n_columns) +
         (int) (1 + column) * self->char_width;
}

int
inspector_hex_geometry_get_width (const InspectorHexGeometry *self)
{
  return inspector_hex_geometry_get_text_x (self, self->n_columns) + INSPECTOR_HEX_MARGIN;
}

/* The byte nearest to a place, which may be behind the last one */
guint64
inspector_hex_geometry_find_offset (const InspectorHexGeometry *self,
                                    double                      x,
                                    double                      y,
                                    gboolean                   *in_text)
{
  guint64 line = MAX (y, 0) / self->line_height;
  guint column = 0;

  *in_text = x >= inspector_hex_geometry_get_text_x (self, 0);
  for (; column + 1 < self->n_columns; column++)
    {
      int next = *in_text
                   ? inspector_hex_geometry_get_text_x (self, column + 1)
                   : inspector_hex_geometry_get_hex_x (self, column + 1) - self->char_width / 2;

      if (x < next)
        break;
    }
  return line * self->n_columns + column;
}
