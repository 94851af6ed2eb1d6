/* inspector-hex-view.c - bytes as hexadecimal digits and as text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-hex-view.h"

#include "inspector-value.h"

#include <glib/gi18n.h>

/* Columns, in characters: offset (8 or more), two blanks, the bytes, two blanks, the text. Only
 * lines in sight are laid out, so the cost of a frame does not depend on the size. */

#define WIDE_LINE 16
#define NARROW_LINE 8
#define MARGIN 6
#define MAX_COPIED_BYTES (1024 * 1024)

struct _InspectorHexView
{
  GtkWidget            parent_instance;

  InspectorByteBuffer *buffer;
  GtkAdjustment       *adjustments[2];  /* by GtkOrientation */
  guint64              caret;
  guint64              anchor;          /* the other end of the selection */
  guint64              mark;
  guint64              n_marked;
  int                  char_width;
  int                  line_height;
  guint                n_columns;       /* bytes a line */
  guint                scroll_policies[2];
  guint                is_editable : 1;
  guint                is_inserting : 1;
  guint                in_text : 1;     /* the caret is in the text column */
  guint                in_low_digit : 1;
};

enum
{
  PROP_0,
  PROP_EDITABLE,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  SIGNAL_CARET_MOVED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (InspectorHexView, inspector_hex_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static guint64
get_length (InspectorHexView *self)
{
  return self->buffer != NULL ? inspector_byte_buffer_get_length (self->buffer) : 0;
}

/* The caret may stand behind the last byte when bytes can be added there */
static guint64
get_last (InspectorHexView *self)
{
  guint64 length = get_length (self);

  return self->is_editable || length == 0 ? length : length - 1;
}

static guint
get_offset_digits (InspectorHexView *self)
{
  return get_length (self) > G_MAXUINT32 ? 12 : 8;
}

static int
hex_x (InspectorHexView *self,
       guint             column)
{
  guint character = get_offset_digits (self) + 2 + 3 * column + (column >= NARROW_LINE ? 1 : 0);

  return MARGIN + character * self->char_width;
}

static int
text_x (InspectorHexView *self,
        guint             column)
{
  return hex_x (self, self->n_columns) + (1 + column) * self->char_width;
}

static int
get_content_width (InspectorHexView *self)
{
  return text_x (self, self->n_columns) + MARGIN;
}

static void
measure_font (InspectorHexView *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  g_autoptr(PangoLayout) layout = pango_layout_new (context);

  pango_layout_set_text (layout, "0", 1);
  pango_layout_get_pixel_size (layout, &self->char_width, &self->line_height);
  self->char_width = MAX (self->char_width, 1);
  self->line_height = MAX (self->line_height, 1) + 2;
}

static double
get_scroll (InspectorHexView *self,
            GtkOrientation    orientation)
{
  return self->adjustments[orientation] != NULL
           ? gtk_adjustment_get_value (self->adjustments[orientation]) : 0;
}

static void
update_adjustments (InspectorHexView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  guint64 n_lines = get_last (self) / self->n_columns + 1;

  if (self->adjustments[GTK_ORIENTATION_VERTICAL] != NULL)
    gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_VERTICAL],
                              get_scroll (self, GTK_ORIENTATION_VERTICAL), 0,
                              MAX ((double) n_lines * self->line_height, height),
                              3 * self->line_height, MAX (height - self->line_height, 1), height);
  if (self->adjustments[GTK_ORIENTATION_HORIZONTAL] != NULL)
    gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_HORIZONTAL],
                              get_scroll (self, GTK_ORIENTATION_HORIZONTAL), 0,
                              MAX (get_content_width (self), width), self->char_width, width,
                              width);
}

static void
describe_caret (InspectorHexView *self)
{
  g_autofree char *text = NULL;
  guint8 byte = 0;

  if (self->buffer != NULL &&
      inspector_byte_buffer_read (self->buffer, self->caret, &byte, 1) == 1)
    text = g_strdup_printf (_("Offset 0x%" G_GINT64_MODIFIER "X, byte 0x%02X"), self->caret, byte);
  else
    text = g_strdup_printf (_("Offset 0x%" G_GINT64_MODIFIER "X, the end"), self->caret);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  -1);
}

static void
show_caret (InspectorHexView *self)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double top = (double) (self->caret / self->n_columns) * self->line_height;

  if (vertical != NULL)
    gtk_adjustment_clamp_page (vertical, top, top + self->line_height);
}

static void
move_caret (InspectorHexView *self,
            guint64           caret,
            gboolean          extend)
{
  self->caret = MIN (caret, get_last (self));
  if (!extend)
    self->anchor = self->caret;
  self->in_low_digit = FALSE;
  show_caret (self);
  describe_caret (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[SIGNAL_CARET_MOVED], 0);
}

static void
draw_text (InspectorHexView *self,
           GtkSnapshot      *snapshot,
           PangoLayout      *layout,
           const char       *text,
           int               x,
           int               y,
           const GdkRGBA    *color)
{
  pango_layout_set_text (layout, text, -1);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y + 1));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
fill (GtkSnapshot   *snapshot,
      const GdkRGBA *color,
      int            x,
      int            y,
      int            width,
      int            height)
{
  gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (x, y, width, height));
}

/* Bytes of one line that lie in a range, painted behind both columns */
static void
draw_range (InspectorHexView *self,
            GtkSnapshot      *snapshot,
            guint64           line,
            int               y,
            guint64           start,
            guint64           end,
            const GdkRGBA    *color)
{
  guint64 line_start = line * self->n_columns;
  guint64 first = MAX (start, line_start);
  guint64 last = MIN (end, line_start + self->n_columns);

  if (first >= last)
    return;

  first -= line_start;
  last -= line_start + 1;
  fill (snapshot, color, hex_x (self, first) - 2, y,
        hex_x (self, last) - hex_x (self, first) + 2 * self->char_width + 4, self->line_height);
  fill (snapshot, color, text_x (self, first), y, (last - first + 1) * self->char_width,
        self->line_height);
}

static void
draw_line (InspectorHexView *self,
           GtkSnapshot      *snapshot,
           PangoLayout      *layout,
           guint64           line,
           int               y,
           const GdkRGBA    *color,
           const GdkRGBA    *dim)
{
  guint8 bytes[WIDE_LINE];
  char hex[3 * WIDE_LINE + 2];
  char text[WIDE_LINE + 1];
  char offset_text[20];
  guint64 offset = line * self->n_columns;
  gsize n_bytes = inspector_byte_buffer_read (self->buffer, offset, bytes, self->n_columns);
  char *at = hex;

  g_snprintf (offset_text, sizeof offset_text, "%0*" G_GINT64_MODIFIER "X",
              (int) get_offset_digits (self), offset);
  for (gsize i = 0; i < n_bytes; i++)
    {
      static const char digits[] = "0123456789ABCDEF";

      if (i == NARROW_LINE)
        *at++ = ' ';
      *at++ = digits[bytes[i] >> 4];
      *at++ = digits[bytes[i] & 0xF];
      *at++ = ' ';
      text[i] = g_ascii_isprint (bytes[i]) ? bytes[i] : '.';
    }
  *at = '\0';
  text[n_bytes] = '\0';

  draw_text (self, snapshot, layout, offset_text, MARGIN, y, dim);
  draw_text (self, snapshot, layout, hex, hex_x (self, 0), y, color);
  draw_text (self, snapshot, layout, text, text_x (self, 0), y, color);
}

static void
draw_caret (InspectorHexView *self,
            GtkSnapshot      *snapshot,
            int               y,
            const GdkRGBA    *color)
{
  guint column = self->caret % self->n_columns;
  gboolean focused = gtk_widget_has_focus (GTK_WIDGET (self));
  int hex = hex_x (self, column) + (self->in_low_digit ? self->char_width : 0);
  int text = text_x (self, column);
  int active = self->in_text ? text : hex;
  int passive = self->in_text ? hex : text;

  if (focused)
    fill (snapshot, color, active - 1, y, self->is_inserting ? 2 : 1, self->line_height);
  fill (snapshot, color, active, y + self->line_height - 2, self->char_width, 2);
  fill (snapshot, color, passive, y + self->line_height - 1, self->char_width, 1);
}

static void
inspector_hex_view_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  g_autoptr(PangoLayout) layout = NULL;
  GdkRGBA color;
  GdkRGBA dim;
  GdkRGBA selection;
  GdkRGBA mark;
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double scroll = get_scroll (self, GTK_ORIENTATION_VERTICAL);
  guint64 selected_from = MIN (self->caret, self->anchor);
  guint64 selected_to = MAX (self->caret, self->anchor) + 1;
  guint64 first;
  guint64 n_lines;

  if (self->buffer == NULL)
    return;

  gtk_style_context_get_color (style, &color);
  dim = color;
  dim.alpha *= 0.75;
  if (!gtk_style_context_lookup_color (style, "accent_bg_color", &selection))
    selection = color;
  selection.alpha = 0.35;
  if (!gtk_style_context_lookup_color (style, "warning_bg_color", &mark))
    mark = color;
  mark.alpha = 0.4;

  layout = gtk_widget_create_pango_layout (widget, NULL);
  first = scroll / self->line_height;
  n_lines = get_last (self) / self->n_columns + 1;

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (-get_scroll (self, GTK_ORIENTATION_HORIZONTAL), 0));
  for (guint64 line = first; line < n_lines; line++)
    {
      int y = (double) line * self->line_height - scroll;

      if (y > height)
        break;
      if (self->n_marked > 0)
        draw_range (self, snapshot, line, y, self->mark, self->mark + self->n_marked, &mark);
      if (self->caret != self->anchor)
        draw_range (self, snapshot, line, y, selected_from, selected_to, &selection);
      draw_line (self, snapshot, layout, line, y, &color, &dim);
      if (line == self->caret / self->n_columns)
        draw_caret (self, snapshot, y, &color);
    }
  gtk_snapshot_pop (snapshot);
}

static void
inspector_hex_view_measure (GtkWidget      *widget,
                            GtkOrientation  orientation,
                            int             for_size,
                            int            *minimum,
                            int            *natural,
                            int            *minimum_baseline,
                            int            *natural_baseline)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);

  measure_font (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      guint n_columns = self->n_columns;

      *minimum = 12 * self->char_width;
      self->n_columns = WIDE_LINE;
      *natural = get_content_width (self);
      self->n_columns = n_columns;
    }
  else
    {
      *minimum = 2 * self->line_height;
      *natural = (CLAMP (get_length (self) / self->n_columns + 1, 4, 16)) * self->line_height;
    }
}

static void
inspector_hex_view_size_allocate (GtkWidget *widget,
                                  int        width,
                                  int        height,
                                  int        baseline)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);

  self->n_columns = WIDE_LINE;
  if (get_content_width (self) > width)
    self->n_columns = NARROW_LINE;
  update_adjustments (self);
}

static void
inspector_hex_view_css_changed (GtkWidget         *widget,
                                GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (inspector_hex_view_parent_class)->css_changed (widget, change);
  measure_font (INSPECTOR_HEX_VIEW (widget));
  gtk_widget_queue_resize (widget);
}

static void
toggle_insert (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);

  self->is_inserting = !self->is_inserting;
  gtk_widget_queue_draw (widget);
  g_signal_emit (self, signals[SIGNAL_CARET_MOVED], 0);
}

static void
copy_selection (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  guint64 offset = 0;
  guint64 n_bytes = 0;

  if (self->buffer == NULL)
    return;
  inspector_hex_view_get_selection (self, &offset, &n_bytes);
  bytes = inspector_byte_buffer_dup_bytes (self->buffer, offset, MIN (n_bytes, MAX_COPIED_BYTES));
  text = inspector_value_format_hex (bytes, MAX_COPIED_BYTES);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
replace_selection (InspectorHexView *self,
                   GBytes           *bytes)
{
  gsize n_bytes = 0;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  guint64 from = MIN (self->caret, self->anchor);
  guint64 n_removed = MAX (self->caret, self->anchor) - from + 1;

  if (self->caret == self->anchor)
    n_removed = self->is_inserting ? 0 : n_bytes;
  inspector_byte_buffer_replace (self->buffer, from, n_removed, data, n_bytes);
  move_caret (self, from + n_bytes, FALSE);
}

static void
paste_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(InspectorHexView) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  g_autoptr(GBytes) bytes = NULL;

  if (text == NULL || self->buffer == NULL || !self->is_editable)
    return;
  bytes = inspector_value_parse_hex (text, NULL);
  if (bytes == NULL)
    bytes = g_bytes_new (text, strlen (text));
  replace_selection (self, bytes);
}

static void
paste_clipboard (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);

  if (self->is_editable)
    gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, paste_cb,
                                   g_object_ref (self));
}

static void
undo_edit (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);

  if (self->buffer == NULL)
    return;
  if (g_str_equal (name, "hex.undo"))
    inspector_byte_buffer_undo (self->buffer);
  else
    inspector_byte_buffer_redo (self->buffer);
  move_caret (self, self->caret, FALSE);
}

static void
type_byte (InspectorHexView *self,
           guint8            byte,
           gboolean          insert)
{
  guint64 n_removed = insert || self->caret >= get_length (self) ? 0 : 1;

  inspector_byte_buffer_replace (self->buffer, self->caret, n_removed, &byte, 1);
}

static gboolean
type_character (InspectorHexView *self,
                gunichar          character)
{
  int digit = character < 128 ? g_ascii_xdigit_value (character) : -1;
  guint8 byte = 0;

  if (!self->is_editable || self->buffer == NULL || character < 32 || character == 127)
    return FALSE;

  if (self->in_text)
    {
      char utf8[6];
      int n_bytes = g_unichar_to_utf8 (character, utf8);

      for (int i = 0; i < n_bytes; i++)
        {
          type_byte (self, utf8[i], self->is_inserting);
          move_caret (self, self->caret + 1, FALSE);
        }
      return TRUE;
    }
  if (digit < 0)
    return FALSE;

  inspector_byte_buffer_read (self->buffer, self->caret, &byte, 1);
  if (self->in_low_digit)
    {
      type_byte (self, (byte & 0xF0) | digit, FALSE);
      move_caret (self, self->caret + 1, FALSE);
    }
  else
    {
      guint8 low = self->is_inserting ? 0 : byte & 0xF;

      type_byte (self, digit << 4 | low, self->is_inserting);
      move_caret (self, self->caret, FALSE);
      self->in_low_digit = TRUE;
    }
  return TRUE;
}

static void
delete_bytes (InspectorHexView *self,
              gboolean          backward)
{
  guint64 from = MIN (self->caret, self->anchor);
  guint64 n_removed = MAX (self->caret, self->anchor) - from + 1;

  if (self->caret == self->anchor && backward)
    {
      if (from == 0)
        return;
      from--;
    }
  inspector_byte_buffer_replace (self->buffer, from, n_removed, NULL, 0);
  move_caret (self, from, FALSE);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                InspectorHexView      *self)
{
  gboolean extend = (state & GDK_SHIFT_MASK) != 0;
  gboolean control = (state & GDK_CONTROL_MASK) != 0;
  guint64 page = MAX (gtk_widget_get_height (GTK_WIDGET (self)) / self->line_height - 1, 1) *
                 self->n_columns;
  guint64 line_start = self->caret - self->caret % self->n_columns;

  if (state & GDK_ALT_MASK)
    return FALSE;

  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      move_caret (self, self->caret - MIN (self->caret, 1), extend);
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      move_caret (self, self->caret + 1, extend);
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      if (self->caret >= self->n_columns)
        move_caret (self, self->caret - self->n_columns, extend);
      return TRUE;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      if (self->caret + self->n_columns <= get_last (self))
        move_caret (self, self->caret + self->n_columns, extend);
      return TRUE;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      move_caret (self, self->caret - MIN (self->caret, page), extend);
      return TRUE;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      move_caret (self, self->caret + page, extend);
      return TRUE;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      move_caret (self, control ? 0 : line_start, extend);
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      move_caret (self, control ? get_last (self) : line_start + self->n_columns - 1, extend);
      return TRUE;
    case GDK_KEY_BackSpace:
    case GDK_KEY_Delete:
    case GDK_KEY_KP_Delete:
      if (!self->is_editable || get_length (self) == 0)
        return FALSE;
      delete_bytes (self, keyval == GDK_KEY_BackSpace);
      return TRUE;
    default:
      if (control)
        return FALSE;
      return type_character (self, gdk_keyval_to_unicode (keyval));
    }
}

static guint64
offset_at (InspectorHexView *self,
           double            x,
           double            y,
           gboolean         *in_text)
{
  double scrolled_x = x + get_scroll (self, GTK_ORIENTATION_HORIZONTAL);
  guint64 line = MAX (y + get_scroll (self, GTK_ORIENTATION_VERTICAL), 0) / self->line_height;
  guint column = 0;

  *in_text = scrolled_x >= text_x (self, 0);
  while (column + 1 < self->n_columns &&
         scrolled_x >= (*in_text ? text_x (self, column + 1)
                                 : hex_x (self, column + 1) - self->char_width / 2))
    column++;
  return line * self->n_columns + column;
}

static void
pressed_cb (GtkGestureClick  *gesture,
            int               n_press,
            double            x,
            double            y,
            InspectorHexView *self)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  gboolean in_text = FALSE;
  guint64 offset = offset_at (self, x, y, &in_text);

  self->in_text = in_text;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  move_caret (self, offset, (state & GDK_SHIFT_MASK) != 0);
}

static void
drag_update_cb (GtkGestureDrag   *gesture,
                double            dx,
                double            dy,
                InspectorHexView *self)
{
  double x = 0;
  double y = 0;
  gboolean in_text = FALSE;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  move_caret (self, offset_at (self, x + dx, y + dy, &in_text), TRUE);
}

static void
buffer_changed_cb (InspectorByteBuffer *buffer,
                   InspectorHexView    *self)
{
  self->caret = MIN (self->caret, get_last (self));
  self->anchor = MIN (self->anchor, get_last (self));
  update_adjustments (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_adjustment (InspectorHexView *self,
                GtkOrientation    orientation,
                GtkAdjustment    *adjustment)
{
  if (self->adjustments[orientation] != NULL)
    g_signal_handlers_disconnect_by_func (self->adjustments[orientation],
                                          G_CALLBACK (gtk_widget_queue_draw), self);
  g_set_object (&self->adjustments[orientation], adjustment);
  if (adjustment != NULL)
    g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (gtk_widget_queue_draw), self,
                             G_CONNECT_SWAPPED);
}

static void
inspector_hex_view_dispose (GObject *object)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (object);

  g_clear_object (&self->buffer);
  g_clear_object (&self->adjustments[0]);
  g_clear_object (&self->adjustments[1]);

  G_OBJECT_CLASS (inspector_hex_view_parent_class)->dispose (object);
}

static void
inspector_hex_view_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (object);

  switch (prop_id)
    {
    case PROP_EDITABLE:
      g_value_set_boolean (value, self->is_editable);
      break;
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[prop_id == PROP_VADJUSTMENT]);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->scroll_policies[prop_id == PROP_VSCROLL_POLICY]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inspector_hex_view_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (object);

  switch (prop_id)
    {
    case PROP_EDITABLE:
      inspector_hex_view_set_editable (self, g_value_get_boolean (value));
      break;
    case PROP_HADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      self->scroll_policies[prop_id == PROP_VSCROLL_POLICY] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inspector_hex_view_class_init (InspectorHexViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GdkModifierType control_shift = GDK_CONTROL_MASK | GDK_SHIFT_MASK;

  object_class->dispose = inspector_hex_view_dispose;
  object_class->get_property = inspector_hex_view_get_property;
  object_class->set_property = inspector_hex_view_set_property;
  widget_class->snapshot = inspector_hex_view_snapshot;
  widget_class->measure = inspector_hex_view_measure;
  widget_class->size_allocate = inspector_hex_view_size_allocate;
  widget_class->css_changed = inspector_hex_view_css_changed;

  g_object_class_install_property (object_class, PROP_EDITABLE,
    g_param_spec_boolean ("editable", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  signals[SIGNAL_CARET_MOVED] =
    g_signal_new ("caret-moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "hex.toggle-insert", NULL, toggle_insert);
  gtk_widget_class_install_action (widget_class, "hex.copy", NULL, copy_selection);
  gtk_widget_class_install_action (widget_class, "hex.paste", NULL, paste_clipboard);
  gtk_widget_class_install_action (widget_class, "hex.undo", NULL, undo_edit);
  gtk_widget_class_install_action (widget_class, "hex.redo", NULL, undo_edit);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Insert, 0, "hex.toggle-insert", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "hex.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "hex.paste",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "hex.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, control_shift, "hex.redo", NULL);

  gtk_widget_class_set_css_name (widget_class, "hexview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TEXT_BOX);
}

static void
inspector_hex_view_init (InspectorHexView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->n_columns = WIDE_LINE;
  self->line_height = 1;
  self->char_width = 1;
  gtk_widget_add_css_class (GTK_WIDGET (self), "monospace");
  gtk_widget_add_css_class (GTK_WIDGET (self), "view");
  /* Offsets and digits read the same way in every language */
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "text");

  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, 0);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (drag_update_cb), self, 0);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Bytes"), -1);
}

GtkWidget *
inspector_hex_view_new (void)
{
  return g_object_new (INSPECTOR_TYPE_HEX_VIEW, NULL);
}

void
inspector_hex_view_set_buffer (InspectorHexView    *self,
                               InspectorByteBuffer *buffer)
{
  g_return_if_fail (INSPECTOR_IS_HEX_VIEW (self));

  if (self->buffer != NULL)
    g_signal_handlers_disconnect_by_func (self->buffer, buffer_changed_cb, self);
  if (!g_set_object (&self->buffer, buffer) && buffer == NULL)
    return;
  if (buffer != NULL)
    g_signal_connect_object (buffer, "changed", G_CALLBACK (buffer_changed_cb), self, 0);

  self->n_marked = 0;
  if (self->adjustments[GTK_ORIENTATION_VERTICAL] != NULL)
    gtk_adjustment_set_value (self->adjustments[GTK_ORIENTATION_VERTICAL], 0);
  move_caret (self, 0, FALSE);
  update_adjustments (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

InspectorByteBuffer *
inspector_hex_view_get_buffer (InspectorHexView *self)
{
  g_return_val_if_fail (INSPECTOR_IS_HEX_VIEW (self), NULL);

  return self->buffer;
}

void
inspector_hex_view_set_editable (InspectorHexView *self,
                                 gboolean          editable)
{
  g_return_if_fail (INSPECTOR_IS_HEX_VIEW (self));

  self->is_editable = editable && get_length (self) <= INSPECTOR_HEX_MAX_EDITABLE_BYTES;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_READ_ONLY,
                                  !self->is_editable, -1);
  move_caret (self, self->caret, FALSE);
}

gboolean
inspector_hex_view_is_inserting (InspectorHexView *self)
{
  g_return_val_if_fail (INSPECTOR_IS_HEX_VIEW (self), FALSE);

  return self->is_inserting;
}

guint64
inspector_hex_view_get_caret (InspectorHexView *self)
{
  g_return_val_if_fail (INSPECTOR_IS_HEX_VIEW (self), 0);

  return self->caret;
}

void
inspector_hex_view_get_selection (InspectorHexView *self,
                                  guint64          *offset,
                                  guint64          *n_bytes)
{
  g_return_if_fail (INSPECTOR_IS_HEX_VIEW (self));

  *offset = MIN (self->caret, self->anchor);
  *n_bytes = MIN (MAX (self->caret, self->anchor) - *offset + 1, get_length (self) - *offset);
}

void
inspector_hex_view_select (InspectorHexView *self,
                           guint64           offset,
                           guint64           n_bytes)
{
  g_return_if_fail (INSPECTOR_IS_HEX_VIEW (self));

  move_caret (self, offset + MAX (n_bytes, 1) - 1, FALSE);
  self->anchor = self->caret;
  move_caret (self, offset, TRUE);
}

/* Shows which bytes a part of the value is made of */
void
inspector_hex_view_mark (InspectorHexView *self,
                         guint64           offset,
                         guint64           n_bytes)
{
  g_return_if_fail (INSPECTOR_IS_HEX_VIEW (self));

  self->mark = offset;
  self->n_marked = n_bytes;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

