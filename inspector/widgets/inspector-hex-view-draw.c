/* inspector-hex-view-draw.c - paints the lines of a hex view that are in sight
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-hex-view-private.h"

/* Only lines in sight are laid out, so the cost of a frame does not depend on the size. */
typedef struct
{
  GtkSnapshot *snapshot;
  PangoLayout *layout;
  GdkRGBA      color;
  GdkRGBA      dim;
  GdkRGBA      selection;
  GdkRGBA      mark;
} Painter;

static void
draw_text (Painter       *painter,
           const char    *text,
           int            x,
           int            y,
           const GdkRGBA *color)
{
  pango_layout_set_text (painter->layout, text, -1);
  gtk_snapshot_save (painter->snapshot);
  gtk_snapshot_translate (painter->snapshot, &GRAPHENE_POINT_INIT (x, y + 1));
  gtk_snapshot_append_layout (painter->snapshot, painter->layout, color);
  gtk_snapshot_restore (painter->snapshot);
}

static void
fill (Painter       *painter,
      const GdkRGBA *color,
      int            x,
      int            y,
      int            width,
      int            height)
{
  gtk_snapshot_append_color (painter->snapshot, color,
                             &GRAPHENE_RECT_INIT (x, y, width, height));
}

/* Bytes of one line that lie in a range, painted behind both columns */
static void
draw_range (InspectorHexView *self,
            Painter          *painter,
            guint64           line,
            int               y,
            guint64           start,
            guint64           end,
            const GdkRGBA    *color)
{
  const InspectorHexGeometry *geometry = &self->geometry;
  guint64 line_start = line * geometry->n_columns;
  guint64 first = MAX (start, line_start);
  guint64 last = MIN (end, line_start + geometry->n_columns);
  int hex_x;
  int end_x;

  if (first >= last)
    return;

  first -= line_start;
  last -= line_start + 1;
  hex_x = inspector_hex_geometry_get_hex_x (geometry, first);
  end_x = inspector_hex_geometry_get_hex_x (geometry, last) + 2 * geometry->char_width;
  fill (painter, color, hex_x - 2, y, end_x - hex_x + 4, geometry->line_height);
  fill (painter, color, inspector_hex_geometry_get_text_x (geometry, first), y,
        (last - first + 1) * geometry->char_width, geometry->line_height);
}

static void
draw_line (InspectorHexView *self,
           Painter          *painter,
           guint64           line,
           int               y)
{
  static const char digits[] = "0123456789ABCDEF";
  const InspectorHexGeometry *geometry = &self->geometry;
  guint8 bytes[INSPECTOR_HEX_WIDE_LINE];
  char hex[3 * INSPECTOR_HEX_WIDE_LINE + 2];
  char text[INSPECTOR_HEX_WIDE_LINE + 1];
  char offset_text[20];
  guint64 offset = line * geometry->n_columns;
  gsize n_bytes = inspector_byte_buffer_read (self->buffer, offset, bytes, geometry->n_columns);
  char *at = hex;

  g_snprintf (offset_text, sizeof offset_text, "%0*" G_GINT64_MODIFIER "X",
              (int) geometry->n_offset_digits, offset);
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (i == INSPECTOR_HEX_NARROW_LINE)
        *at++ = ' ';
      *at++ = digits[bytes[i] >> 4];
      *at++ = digits[bytes[i] & 0xF];
      *at++ = ' ';
      text[i] = g_ascii_isprint (bytes[i]) ? bytes[i] : '.';
    }
  *at = '\0';
  text[n_bytes] = '\0';

  draw_text (painter, offset_text, INSPECTOR_HEX_MARGIN, y, &painter->dim);
  draw_text (painter, hex, inspector_hex_geometry_get_hex_x (geometry, 0), y, &painter->color);
  draw_text (painter, text, inspector_hex_geometry_get_text_x (geometry, 0), y, &painter->color);
}

static void
draw_caret (InspectorHexView *self,
            Painter          *painter,
            int               y)
{
  const InspectorHexGeometry *geometry = &self->geometry;
  guint column = self->caret % geometry->n_columns;
  gboolean focused = gtk_widget_has_focus (GTK_WIDGET (self));
  int hex = inspector_hex_geometry_get_hex_x (geometry, column) +
            (self->in_low_digit ? geometry->char_width : 0);
  int text = inspector_hex_geometry_get_text_x (geometry, column);
  int active = self->in_text ? text : hex;
  int passive = self->in_text ? hex : text;
  int bottom = y + geometry->line_height;

  if (focused)
    fill (painter, &painter->color, active - 1, y, self->is_inserting ? 2 : 1,
          geometry->line_height);
  fill (painter, &painter->color, active, bottom - 2, geometry->char_width, 2);
  fill (painter, &painter->color, passive, bottom - 1, geometry->char_width, 1);
}

static void
choose_colors (Painter         *painter,
               GtkStyleContext *style)
{
  gtk_style_context_get_color (style, &painter->color);
  painter->dim = painter->color;
  painter->dim.alpha *= 0.75;
  if (!gtk_style_context_lookup_color (style, "accent_bg_color", &painter->selection))
    painter->selection = painter->color;
  painter->selection.alpha = 0.35;
  if (!gtk_style_context_lookup_color (style, "warning_bg_color", &painter->mark))
    painter->mark = painter->color;
  painter->mark.alpha = 0.4;
}

void
_inspector_hex_view_snapshot (GtkWidget   *widget,
                              GtkSnapshot *snapshot)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);
  const InspectorHexGeometry *geometry = &self->geometry;
  g_autoptr(PangoLayout) layout = NULL;
  Painter painter = { .snapshot = snapshot, };
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double scroll_x = _inspector_hex_view_get_scroll (self, GTK_ORIENTATION_HORIZONTAL);
  double scroll_y = _inspector_hex_view_get_scroll (self, GTK_ORIENTATION_VERTICAL);
  guint64 selected_from = MIN (self->caret, self->anchor);
  guint64 selected_to = MAX (self->caret, self->anchor) + 1;
  guint64 n_lines;

  if (self->buffer == NULL)
    return;

  layout = gtk_widget_create_pango_layout (widget, NULL);
  painter.layout = layout;
  choose_colors (&painter, gtk_widget_get_style_context (widget));
  n_lines = _inspector_hex_view_get_last (self) / geometry->n_columns + 1;

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (-scroll_x, 0));
  for (guint64 line = scroll_y / geometry->line_height; line < n_lines; line++)
    {
      int y = (double) line * geometry->line_height - scroll_y;

      if (y > height)
        break;
      if (self->n_marked > 0)
        draw_range (self, &painter, line, y, self->mark, self->mark + self->n_marked,
                    &painter.mark);
      if (self->caret != self->anchor)
        draw_range (self, &painter, line, y, selected_from, selected_to, &painter.selection);
      draw_line (self, &painter, line, y);
      if (line == self->caret / geometry->n_columns)
        draw_caret (self, &painter, y);
    }
  gtk_snapshot_pop (snapshot);
}
