/* inspector-value-pane-bytes.c - the bytes of the selected property, and what they are made of
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-value-pane-private.h"

InspectorByteBuffer *
_inspector_value_pane_get_bytes (InspectorValuePane *self)
{
  return inspector_hex_view_get_buffer (inspector_hex_pane_get_view (self->bytes_pane));
}

/* However large it is, only what is looked at is read */
static void
load_stream (InspectorValuePane *self)
{
  g_autoptr(InspectorByteBuffer) buffer = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  stream = imsg_property_object_open_stream (self->object, imsg_property_get_tag (self->property),
                                             NULL, &error);
  if (stream == NULL)
    {
      _inspector_value_pane_show_problem (self, error->message);
      return;
    }
  buffer = inspector_byte_buffer_new_for_stream (stream, imsg_property_get_size (self->property));
  inspector_hex_pane_set_buffer (self->bytes_pane, buffer, FALSE);
}

void
_inspector_value_pane_load_bytes (InspectorValuePane *self)
{
  g_autoptr(GBytes) bytes = NULL;

  if (self->property == NULL || !gtk_expander_get_expanded (self->bytes_expander) ||
      !gtk_widget_get_visible (GTK_WIDGET (self->bytes_expander)))
    return;
  if (_inspector_value_pane_is_too_large (self))
    {
      load_stream (self);
      return;
    }
  bytes = imsg_property_object_get_raw (self->object, imsg_property_get_tag (self->property), NULL);
  inspector_hex_pane_set_bytes (self->bytes_pane, bytes, self->edits_bytes);
}

/* The view where the bytes of the value can be marked */
static InspectorHexView *
get_hex_view (InspectorValuePane *self)
{
  InspectorHexView *view = NULL;

  if (self->editor != NULL && gtk_widget_get_visible (GTK_WIDGET (self->editor_bin)))
    view = inspector_editor_get_hex_view (self->editor);
  return view != NULL ? view : inspector_hex_pane_get_view (self->bytes_pane);
}

void
_inspector_value_pane_show_structure (InspectorValuePane *self,
                                      GVariant           *value)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgStructureNode) root = NULL;

  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    {
      bytes = g_variant_get_data_as_bytes (value);
      root = imsg_structure_parse (imsg_property_get_tag (self->property),
                                   imsg_property_get_property_name (self->property), bytes,
                                   _inspector_value_pane_get_code_page (self));
    }
  inspector_structure_view_set_root (self->structure_view, root);
  gtk_widget_set_visible (self->structure_expander, root != NULL);
}

/* The part of the structure that the caret is in */
void
_inspector_value_pane_caret_moved_cb (InspectorHexView   *view,
                                      InspectorValuePane *self)
{
  gsize offset = 0;
  gsize n_bytes = 0;

  if (self->is_showing || self->is_marking || view != get_hex_view (self))
    return;
  self->is_marking = TRUE;
  if (inspector_structure_view_select_byte (self->structure_view,
                                            inspector_hex_view_get_caret (view), &offset, &n_bytes))
    inspector_hex_view_mark (view, offset, n_bytes);
  else
    inspector_hex_view_mark (view, 0, 0);
  self->is_marking = FALSE;
}

void
_inspector_value_pane_structure_selected_cb (InspectorStructureView *structure_view,
                                             guint                   offset,
                                             guint                   n_bytes,
                                             InspectorValuePane     *self)
{
  InspectorHexView *view = get_hex_view (self);

  if (self->is_marking)
    return;
  self->is_marking = TRUE;
  if (gtk_widget_is_ancestor (GTK_WIDGET (view), GTK_WIDGET (self->bytes_pane)))
    gtk_expander_set_expanded (self->bytes_expander, TRUE);
  inspector_hex_view_select (view, offset, 1);
  inspector_hex_view_mark (view, offset, n_bytes);
  self->is_marking = FALSE;
}
