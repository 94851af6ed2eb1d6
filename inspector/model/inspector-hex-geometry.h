/* inspector-hex-geometry.h - where the digits and the text of each byte stand
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define INSPECTOR_HEX_WIDE_LINE 16
#define INSPECTOR_HEX_NARROW_LINE 8
#define INSPECTOR_HEX_LEAST_LINE 4
#define INSPECTOR_HEX_MARGIN 6

/* A line, in characters: offset, two blanks, the bytes, two blanks, the text. All in pixels from
 * the corner of the content, of which what is scrolled away is a part. */
typedef struct
{
  int   char_width;
  int   line_height;
  guint n_columns;        /* bytes a line */
  guint n_offset_digits;
} InspectorHexGeometry;

/* As many bytes a line as the width has room for */
void    inspector_hex_geometry_fit         (InspectorHexGeometry       *self,
                                            guint64                     length,
                                            int                         width);
int     inspector_hex_geometry_get_hex_x   (const InspectorHexGeometry *self,
                                            guint                       column);
int     inspector_hex_geometry_get_text_x  (const InspectorHexGeometry *self,
                                            guint                       column);
int     inspector_hex_geometry_get_width   (const InspectorHexGeometry *self);
guint64 inspector_hex_geometry_find_offset (const InspectorHexGeometry *self,
                                            double                      x,
                                            double                      y,
                                            gboolean                   *in_text);

G_END_DECLS
