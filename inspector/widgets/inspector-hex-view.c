/* inspector-hex-view.c - bytes as hexadecimal digits and as text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-hex-view-private.h"

#include <glib/gi18n.h>
#include <inttypes.h>

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

guint64
_inspector_hex_view_get_length (InspectorHexView *self)
{
  return self->buffer != NULL ? inspector_byte_buffer_get_length (self->buffer) : 0;
}

guint64
_inspector_hex_view_get_last (InspectorHexView *self)
{
  guint64 length = _inspector_hex_view_get_length (self);

  return self->is_editable || length == 0 ? length : length - 1;
}

double
_inspector_hex_view_get_scroll (InspectorHexView *self,
                                GtkOrientation    orientation)
{
  return self->adjustments[orientation] != NULL
           ? gtk_adjustment_get_value (self->adjustments[orientation]) : 0;
}

static void
update_adjustments (InspectorHexView *self)
{
  GtkAdjustment *horizontal = self->adjustments[GTK_ORIENTATION_HORIZONTAL];
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  int line_height = self->geometry.line_height;
  double n_lines = _inspector_hex_view_get_last (self) / self->geometry.n_columns + 1;

  if (vertical != NULL)
    gtk_adjustment_configure (vertical, gtk_adjustment_get_value (vertical), 0,
                              MAX (n_lines * line_height, height), 3 * line_height,
                              MAX (height - line_height, 1), height);
  if (horizontal != NULL)
    gtk_adjustment_configure (horizontal, gtk_adjustment_get_value (horizontal), 0,
                              MAX (inspector_hex_geometry_get_width (&self->geometry), width),
                              self->geometry.char_width, width, width);
}

static void
measure_font (InspectorHexView *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  g_autoptr(PangoLayout) layout = pango_layout_new (context);
  int char_width = 0;
  int line_height = 0;

  pango_layout_set_text (layout, "0", 1);
  pango_layout_get_pixel_size (layout, &char_width, &line_height);
  self->geometry.char_width = MAX (char_width, 1);
  self->geometry.line_height = MAX (line_height, 1) + 2;
}

/* A screen reader hears where the caret is. Not every one asks a text box for its value text, so
 * it is the description too. */
static void
describe_caret (InspectorHexView *self)
{
  g_autofree char *text = NULL;
  guint64 offset = 0;
  guint64 n_selected = 0;
  guint8 byte = 0;

  inspector_hex_view_get_selection (self, &offset, &n_selected);
  if (self->caret != self->anchor)
    text = g_strdup_printf (ngettext ("Offset 0x%" PRIX64 ", %" PRIu64 " byte selected",
                                      "Offset 0x%" PRIX64 ", %" PRIu64 " bytes selected",
                                      n_selected),
                            offset, n_selected);
  else if (self->buffer != NULL &&
           inspector_byte_buffer_read (self->buffer, self->caret, &byte, 1) == 1)
    text = g_strdup_printf (_("Offset 0x%" PRIX64 ", byte 0x%02X"), self->caret, byte);
  else
    text = g_strdup_printf (_("Offset 0x%" PRIX64 ", the end"), self->caret);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
show_caret (InspectorHexView *self)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double top = (double) (self->caret / self->geometry.n_columns) * self->geometry.line_height;

  if (vertical != NULL)
    gtk_adjustment_clamp_page (vertical, top, top + self->geometry.line_height);
}

void
_inspector_hex_view_move_caret (InspectorHexView *self,
                                guint64           caret,
                                gboolean          extend)
{
  self->caret = MIN (caret, _inspector_hex_view_get_last (self));
  if (!extend)
    self->anchor = self->caret;
  self->in_low_digit = FALSE;
  show_caret (self);
  describe_caret (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[SIGNAL_CARET_MOVED], 0);
}

void
_inspector_hex_view_set_inserting (InspectorHexView *self,
                                   gboolean          inserting)
{
  self->is_inserting = inserting;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[SIGNAL_CARET_MOVED], 0);
}

static void
buffer_changed_cb (InspectorByteBuffer *buffer,
                   InspectorHexView    *self)
{
  self->caret = MIN (self->caret, _inspector_hex_view_get_last (self));
  self->anchor = MIN (self->anchor, _inspector_hex_view_get_last (self));
  update_adjustments (self);
  _inspector_hex_view_update_actions (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
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
  guint64 length = _inspector_hex_view_get_length (self);

  measure_font (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      InspectorHexGeometry wide = self->geometry;

      inspector_hex_geometry_fit (&wide, length, G_MAXINT);
      *minimum = 12 * wide.char_width;
      *natural = inspector_hex_geometry_get_width (&wide);
    }
  else
    {
      guint64 n_lines = length / self->geometry.n_columns + 1;

      *minimum = 2 * self->geometry.line_height;
      *natural = (int) CLAMP (n_lines, 4, 16) * self->geometry.line_height;
    }
}

static void
inspector_hex_view_size_allocate (GtkWidget *widget,
                                  int        width,
                                  int        height,
                                  int        baseline)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);

  inspector_hex_geometry_fit (&self->geometry, _inspector_hex_view_get_length (self), width);
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

  object_class->dispose = inspector_hex_view_dispose;
  object_class->get_property = inspector_hex_view_get_property;
  object_class->set_property = inspector_hex_view_set_property;
  widget_class->snapshot = _inspector_hex_view_snapshot;
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

  _inspector_hex_view_class_add_input (widget_class);
  gtk_widget_class_set_css_name (widget_class, "hexview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TEXT_BOX);
}

static void
inspector_hex_view_init (InspectorHexView *self)
{
  self->geometry = (InspectorHexGeometry) { 1, 1, INSPECTOR_HEX_WIDE_LINE, 8 };
  gtk_widget_add_css_class (GTK_WIDGET (self), "monospace");
  gtk_widget_add_css_class (GTK_WIDGET (self), "view");
  /* Offsets and digits read the same way in every language */
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "text");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Bytes"), -1);
  _inspector_hex_view_add_input (self);
  _inspector_hex_view_update_actions (self);
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
  _inspector_hex_view_move_caret (self, 0, FALSE);
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

  self->is_editable = editable && (_inspector_hex_view_get_length (self) <=
                                   INSPECTOR_HEX_MAX_EDITABLE_BYTES);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_READ_ONLY,
                                  !self->is_editable, -1);
  _inspector_hex_view_update_actions (self);
  _inspector_hex_view_move_caret (self, self->caret, FALSE);
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
  guint64 length;

  g_return_if_fail (INSPECTOR_IS_HEX_VIEW (self));

  length = _inspector_hex_view_get_length (self);
  *offset = MIN (self->caret, self->anchor);
  *n_bytes = MIN (MAX (self->caret, self->anchor) - *offset + 1, length - *offset);
}

void
inspector_hex_view_select (InspectorHexView *self,
                           guint64           offset,
                           guint64           n_bytes)
{
  g_return_if_fail (INSPECTOR_IS_HEX_VIEW (self));

  _inspector_hex_view_move_caret (self, offset + MAX (n_bytes, 1) - 1, FALSE);
  self->anchor = self->caret;
  _inspector_hex_view_move_caret (self, offset, TRUE);
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
