/* inspector-hex-view-input.c - keys, pointer and clipboard of a hex view
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-hex-view-private.h"

#include "inspector-value.h"

#include <string.h>

#define MAX_COPIED_BYTES (1024 * 1024)

static void
replace (InspectorHexView *self,
         guint64           offset,
         guint64           n_removed,
         const guint8     *bytes,
         gsize             n_bytes)
{
  inspector_byte_buffer_replace (self->buffer, offset, n_removed, bytes, n_bytes);
}

/* --- actions --- */

static void
toggle_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);

  if (g_str_equal (name, "hex.toggle-insert"))
    {
      _inspector_hex_view_set_inserting (self, !self->is_inserting);
      return;
    }
  self->in_text = !self->in_text;
  self->in_low_digit = FALSE;
  gtk_widget_queue_draw (widget);
}

static void
select_all_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);
  guint64 length = _inspector_hex_view_get_length (self);

  if (length == 0)
    return;
  self->anchor = 0;
  _inspector_hex_view_move_caret (self, length - 1, TRUE);
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
  replace (self, from, n_removed, NULL, 0);
  _inspector_hex_view_move_caret (self, from, FALSE);
}

static void
copy_action (GtkWidget  *widget,
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
  /* What did not go to the clipboard whole is not taken away */
  if (g_str_equal (name, "hex.cut") && n_bytes <= MAX_COPIED_BYTES)
    delete_bytes (self, FALSE);
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
  replace (self, from, n_removed, data, n_bytes);
  _inspector_hex_view_move_caret (self, from + n_bytes, FALSE);
}

static void
pasted_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(InspectorHexView) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  g_autoptr(GBytes) bytes = NULL;

  if (text == NULL || self->buffer == NULL || !self->is_editable)
    return;
  /* In the column of digits, digits are bytes; anything else is text */
  if (!self->in_text)
    bytes = inspector_value_parse_hex (text, NULL);
  if (bytes == NULL)
    bytes = g_bytes_new (text, strlen (text));
  replace_selection (self, bytes);
}

static void
paste_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  InspectorHexView *self = INSPECTOR_HEX_VIEW (widget);

  if (self->is_editable)
    gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, pasted_cb,
                                   g_object_ref (self));
}

static void
undo_action (GtkWidget  *widget,
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
  _inspector_hex_view_move_caret (self, self->caret, FALSE);
}

/* With nothing to undo here, the key is left to the window */
void
_inspector_hex_view_update_actions (InspectorHexView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean can_undo = self->is_editable && self->buffer != NULL &&
                      inspector_byte_buffer_can_undo (self->buffer);
  gboolean can_redo = self->is_editable && self->buffer != NULL &&
                      inspector_byte_buffer_can_redo (self->buffer);

  gtk_widget_action_set_enabled (widget, "hex.undo", can_undo);
  gtk_widget_action_set_enabled (widget, "hex.redo", can_redo);
  gtk_widget_action_set_enabled (widget, "hex.cut", self->is_editable);
  gtk_widget_action_set_enabled (widget, "hex.paste", self->is_editable);
  gtk_widget_action_set_enabled (widget, "hex.toggle-insert", self->is_editable);
}

/* --- typing --- */

static void
type_byte (InspectorHexView *self,
           guint8            byte,
           gboolean          insert)
{
  gboolean is_behind = self->caret >= _inspector_hex_view_get_length (self);

  replace (self, self->caret, insert || is_behind ? 0 : 1, &byte, 1);
}

static void
type_digit (InspectorHexView *self,
            guint8            digit)
{
  guint8 byte = 0;

  inspector_byte_buffer_read (self->buffer, self->caret, &byte, 1);
  if (self->in_low_digit)
    {
      type_byte (self, (byte & 0xF0) | digit, FALSE);
      _inspector_hex_view_move_caret (self, self->caret + 1, FALSE);
      return;
    }
  type_byte (self, digit << 4 | (self->is_inserting ? 0 : byte & 0xF), self->is_inserting);
  _inspector_hex_view_move_caret (self, self->caret, FALSE);
  self->in_low_digit = TRUE;
}

static gboolean
type_character (InspectorHexView *self,
                gunichar          character)
{
  int digit = character < 128 ? g_ascii_xdigit_value (character) : -1;
  char utf8[6];
  int n_bytes;

  if (!self->is_editable || self->buffer == NULL || character < 32 || character == 127)
    return FALSE;
  if (!self->in_text && digit < 0)
    return FALSE;
  if (!self->in_text)
    {
      type_digit (self, digit);
      return TRUE;
    }

  n_bytes = g_unichar_to_utf8 (character, utf8);
  for (int i = 0; i < n_bytes; i++)
    {
      type_byte (self, utf8[i], self->is_inserting);
      _inspector_hex_view_move_caret (self, self->caret + 1, FALSE);
    }
  return TRUE;
}

/* Where a key takes the caret; FALSE when it is no such key */
static gboolean
find_target (InspectorHexView *self,
             guint             keyval,
             gboolean          control,
             guint64          *target)
{
  guint n_columns = self->geometry.n_columns;
  int n_lines = gtk_widget_get_height (GTK_WIDGET (self)) / self->geometry.line_height;
  guint64 page = (guint64) MAX (n_lines - 1, 1) * n_columns;
  guint64 last = _inspector_hex_view_get_last (self);
  guint64 line_start = self->caret - self->caret % n_columns;

  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      *target = self->caret - MIN (self->caret, 1);
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      *target = self->caret + 1;
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      *target = self->caret >= n_columns ? self->caret - n_columns : self->caret;
      return TRUE;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      *target = self->caret + n_columns <= last ? self->caret + n_columns : self->caret;
      return TRUE;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      *target = self->caret - MIN (self->caret, page);
      return TRUE;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      *target = self->caret + page;
      return TRUE;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      *target = control ? 0 : line_start;
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      *target = control ? last : line_start + n_columns - 1;
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                InspectorHexView      *self)
{
  gboolean control = (state & GDK_CONTROL_MASK) != 0;
  guint64 target = 0;

  if (state & GDK_ALT_MASK)
    return FALSE;
  if (find_target (self, keyval, control, &target))
    {
      _inspector_hex_view_move_caret (self, target, (state & GDK_SHIFT_MASK) != 0);
      return TRUE;
    }
  if (keyval == GDK_KEY_BackSpace || keyval == GDK_KEY_Delete || keyval == GDK_KEY_KP_Delete)
    {
      if (!self->is_editable || _inspector_hex_view_get_length (self) == 0)
        return FALSE;
      delete_bytes (self, keyval == GDK_KEY_BackSpace);
      return TRUE;
    }
  return !control && type_character (self, gdk_keyval_to_unicode (keyval));
}

/* --- pointer --- */

static guint64
offset_at (InspectorHexView *self,
           double            x,
           double            y,
           gboolean         *in_text)
{
  x += _inspector_hex_view_get_scroll (self, GTK_ORIENTATION_HORIZONTAL);
  y += _inspector_hex_view_get_scroll (self, GTK_ORIENTATION_VERTICAL);
  return inspector_hex_geometry_find_offset (&self->geometry, x, y, in_text);
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
  _inspector_hex_view_move_caret (self, offset, (state & GDK_SHIFT_MASK) != 0);
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
  _inspector_hex_view_move_caret (self, offset_at (self, x + dx, y + dy, &in_text), TRUE);
}

void
_inspector_hex_view_class_add_input (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                  *name;
    GtkWidgetActionActivateFunc  func;
    guint                        keyval;
    GdkModifierType              modifiers;
  } actions[] = {
    { "hex.toggle-insert", toggle_action, GDK_KEY_Insert, 0 },
    { "hex.toggle-column", toggle_action, GDK_KEY_t, GDK_CONTROL_MASK },
    { "hex.select-all", select_all_action, GDK_KEY_a, GDK_CONTROL_MASK },
    { "hex.cut", copy_action, GDK_KEY_x, GDK_CONTROL_MASK },
    { "hex.copy", copy_action, GDK_KEY_c, GDK_CONTROL_MASK },
    { "hex.paste", paste_action, GDK_KEY_v, GDK_CONTROL_MASK },
    { "hex.undo", undo_action, GDK_KEY_z, GDK_CONTROL_MASK },
    { "hex.redo", undo_action, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].func);
      gtk_widget_class_add_binding_action (widget_class, actions[i].keyval, actions[i].modifiers,
                                           actions[i].name, NULL);
    }
}

void
_inspector_hex_view_add_input (InspectorHexView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, 0);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (drag_update_cb), self, 0);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
