/* inspector-value-pane.c - the selected property, to be read closely and edited
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-value-pane-private.h"

#include "inspector-edit.h"
#include "inspector-property-text.h"
#include "inspector-shown-text.h"
#include "inspector-value.h"

#include <glib/gi18n.h>

/* Larger values are not read into memory to be looked at */
#define MAX_EDITED_BYTES INSPECTOR_HEX_MAX_EDITABLE_BYTES
/* While bytes are typed, the tree of their meaning follows up to this size */
#define MAX_LIVE_STRUCTURE_BYTES 65536

enum
{
  SIGNAL_EDIT_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InspectorValuePane, inspector_value_pane, GTK_TYPE_WIDGET)

static guint32
get_tag (InspectorValuePane *self)
{
  return imsg_property_get_tag (self->property);
}

gboolean
_inspector_value_pane_is_too_large (InspectorValuePane *self)
{
  return imsg_property_get_size (self->property) > MAX_EDITED_BYTES;
}

guint
_inspector_value_pane_get_code_page (InspectorValuePane *self)
{
  IMsgMessage *message = inspector_view_get_message (self->view);

  return message != NULL ? imsg_message_get_code_page (message) : 0;
}

void
_inspector_value_pane_show_problem (InspectorValuePane *self,
                                    const char         *text)
{
  gtk_label_set_text (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

/* Why the value cannot be changed; NULL when it can */
static const char *
get_lock_reason (InspectorValuePane *self)
{
  if (imsg_property_object_is_closed (self->object))
    return _("The session was closed.");
  if (!imsg_property_object_is_writable (self->object))
    return _("The message is open for reading only.");
  if (imsg_property_get_origin (self->property) == IMSG_PROPERTY_ORIGIN_COMPUTED)
    return _("This value is computed from others.");
  if (!(imsg_property_get_attributes (self->property) & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE))
    return _("The property is not marked as writable.");
  if (_inspector_value_pane_is_too_large (self))
    return _("The value is too large to be edited here.");
  return NULL;
}

static void
show_facts (InspectorValuePane *self)
{
  g_autofree char *title = inspector_property_dup_title (self->property, FALSE);
  g_autofree char *facts = inspector_property_dup_facts (self->property);

  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->facts, facts);
}

static void
show_attributes (InspectorValuePane *self)
{
  gboolean can_edit = imsg_property_object_is_writable (self->object) &&
                      !imsg_property_object_is_closed (self->object) &&
                      imsg_property_get_origin (self->property) != IMSG_PROPERTY_ORIGIN_COMPUTED;

  inspector_attribute_box_show (self->attribute_box, imsg_property_get_attributes (self->property),
                                can_edit);
}

/* What the value says in words, where the editor does not say it already */
static void
show_words (InspectorValuePane *self)
{
  g_autofree char *readable = imsg_property_dup_readable_value (self->property);
  g_autofree char *display = imsg_property_dup_display_value (self->property);
  g_autofree char *shown = NULL;
  gboolean differs = g_strcmp0 (readable, display) != 0 &&
                     (self->editor == NULL ||
                      inspector_editor_get_value_names (self->editor) == NULL);

  if (differs)
    shown = inspector_dup_shown_text (readable);
  gtk_label_set_text (self->words, differs ? shown : "");
  gtk_widget_set_visible (GTK_WIDGET (self->words), differs);
}

static void
tell_edit (InspectorValuePane *self)
{
  g_signal_emit (self, signals[SIGNAL_EDIT_CHANGED], 0);
}

static void
editor_edited_cb (InspectorValuePane *self)
{
  g_autoptr(GVariant) value = NULL;

  _inspector_value_pane_show_problem (self, NULL);
  if (!self->is_showing)
    tell_edit (self);
  if (self->is_showing || inspector_editor_get_hex_view (self->editor) == NULL)
    return;
  value = inspector_editor_read_value (self->editor, NULL);
  if (value != NULL && g_variant_get_size (value) <= MAX_LIVE_STRUCTURE_BYTES)
    _inspector_value_pane_show_structure (self, value);
}

static void editor_finished_cb (InspectorValuePane *self);

static void
create_editor (InspectorValuePane *self,
               IMsgPropertyType    type)
{
  InspectorHexView *view = NULL;

  self->editor = inspector_editor_new (type);
  adw_bin_set_child (self->editor_bin, GTK_WIDGET (self->editor));
  if (self->editor == NULL)
    return;
  g_signal_connect_object (self->editor, "edited", G_CALLBACK (editor_edited_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->editor, "finished", G_CALLBACK (editor_finished_cb), self,
                           G_CONNECT_SWAPPED);
  view = inspector_editor_get_hex_view (self->editor);
  if (view != NULL)
    g_signal_connect_object (view, "caret-moved",
                             G_CALLBACK (_inspector_value_pane_caret_moved_cb), self, 0);
}

/* (transfer full): of bits and values; ids mean other things under other types */
static GPtrArray *
list_value_names (InspectorValuePane *self)
{
  switch (imsg_property_get_property_type (self->property))
    {
    case IMSG_PROPERTY_TYPE_I2:
    case IMSG_PROPERTY_TYPE_LONG:
    case IMSG_PROPERTY_TYPE_ERROR:
      return imsg_value_name_list (get_tag (self),
                                   imsg_property_get_property_name (self->property));
    default:
      return g_ptr_array_new ();
    }
}

static void
show_editor (InspectorValuePane *self,
             GVariant           *value,
             const GError       *error)
{
  IMsgPropertyType type = imsg_property_get_property_type (self->property);
  gboolean editable = get_lock_reason (self) == NULL;
  const char *draft = NULL;
  g_autoptr(GVariant) read = NULL;
  g_autoptr(GError) refused = NULL;

  if (self->editor == NULL || inspector_editor_get_value_type (self->editor) != type)
    create_editor (self, type);
  if (self->editor != NULL)
    {
      g_autoptr(GPtrArray) names = NULL;
      g_autoptr(GBytes) stored = NULL;

      names = list_value_names (self);
      if (!_inspector_value_pane_is_too_large (self))
        stored = imsg_property_object_get_raw (self->object, get_tag (self), NULL);
      inspector_editor_set_value_names (self->editor, names);
      inspector_editor_set_stored (self->editor, stored,
                                   _inspector_value_pane_get_code_page (self));
      inspector_editor_show_value (self->editor, value, editable);
      draft = inspector_view_get_draft (self->view, self->object, get_tag (self));
      if (draft != NULL)
        {
          inspector_editor_show_draft (self->editor, draft);
          read = inspector_editor_read_value (self->editor, &refused);
        }
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "value.edit-bytes",
                                 editable && imsg_property_tag_is_text (get_tag (self)) &&
                                 (type == IMSG_PROPERTY_TYPE_UNICODE) ==
                                   imsg_property_object_is_unicode (self->object));
  _inspector_value_pane_show_problem (self, refused != NULL ? refused->message
                                            : error != NULL && type != IMSG_PROPERTY_TYPE_OBJECT
                                              ? error->message : NULL);
}

/* Beside the table of attachments, the selected one is told of */
static void
show_no_property (InspectorValuePane *self)
{
  InspectorNode *node = inspector_view_get_node (self->view);
  IMsgPropertyObject *object = inspector_view_get_object (self->view);

  if (node != NULL && inspector_node_get_kind (node) == INSPECTOR_NODE_ATTACHMENTS &&
      object != NULL && IMSG_IS_ATTACHMENT (object))
    {
      inspector_attachment_details_show (self->details, self->view, IMSG_ATTACHMENT (object));
      gtk_stack_set_visible_child_name (self->stack, "attachment");
    }
  else
    gtk_stack_set_visible_child_name (self->stack, "nothing");
}

static void
show_property (InspectorValuePane *self)
{
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) error = NULL;
  const char *reason = NULL;
  IMsgPropertyType type;

  if (self->property == NULL || self->object == NULL)
    {
      show_no_property (self);
      tell_edit (self);
      return;
    }

  self->is_showing = TRUE;
  self->edits_bytes = FALSE;
  type = imsg_property_get_property_type (self->property);
  if (!_inspector_value_pane_is_too_large (self))
    value = imsg_property_get_value (self->property, &error);
  reason = get_lock_reason (self);
  gtk_label_set_text (self->lock_label, reason != NULL ? reason : "");
  gtk_widget_set_visible (self->lock_box, reason != NULL);
  show_facts (self);
  show_attributes (self);
  show_editor (self, value, error);
  gtk_widget_set_visible (GTK_WIDGET (self->editor_bin),
                          !_inspector_value_pane_is_too_large (self));
  show_words (self);
  _inspector_value_pane_show_structure (self, value);
  gtk_widget_set_visible (self->open_button, type == IMSG_PROPERTY_TYPE_OBJECT);
  /* Bytes that the editor shows need not be shown twice */
  gtk_widget_set_visible (GTK_WIDGET (self->bytes_expander),
                          type != IMSG_PROPERTY_TYPE_OBJECT &&
                          (self->editor == NULL || _inspector_value_pane_is_too_large (self) ||
                           inspector_editor_get_hex_view (self->editor) == NULL));
  _inspector_value_pane_load_bytes (self);
  gtk_stack_set_visible_child_name (self->stack, "value");
  self->is_showing = FALSE;
  tell_edit (self);
}

static gboolean
apply (InspectorValuePane  *self,
       GError             **error)
{
  InspectorHistory *history = inspector_view_get_history (self->view);
  g_autoptr(GVariant) value = NULL;
  gboolean done;

  if (self->edits_bytes)
    {
      InspectorByteBuffer *buffer = _inspector_value_pane_get_bytes (self);
      g_autoptr(GBytes) bytes = inspector_byte_buffer_dup_bytes (buffer, 0, G_MAXUINT64);

      self->is_applying = TRUE;
      done = inspector_edit_set_text_bytes (history, self->object, get_tag (self), bytes, error);
      self->is_applying = FALSE;
      return done;
    }

  value = inspector_editor_read_value (self->editor, error);
  if (value == NULL)
    return FALSE;
  self->is_applying = TRUE;
  done = inspector_edit_set_value (history, self->object, get_tag (self), value, error);
  self->is_applying = FALSE;
  return done;
}

gboolean
inspector_value_pane_has_edit (InspectorValuePane *self)
{
  g_return_val_if_fail (INSPECTOR_IS_VALUE_PANE (self), FALSE);

  if (self->property == NULL || self->object == NULL || get_lock_reason (self) != NULL)
    return FALSE;
  if (self->edits_bytes)
    return inspector_byte_buffer_is_modified (_inspector_value_pane_get_bytes (self));
  return self->editor != NULL && inspector_editor_is_edited (self->editor);
}

/* FALSE when what was typed is not valid, which is then said */
static gboolean
apply_edit (InspectorValuePane *self)
{
  g_autoptr(GError) error = NULL;

  if (!inspector_value_pane_has_edit (self))
    return TRUE;
  if (!apply (self, &error))
    {
      _inspector_value_pane_show_problem (self, error->message);
      return FALSE;
    }
  inspector_view_set_draft (self->view, self->object, get_tag (self), NULL);
  inspector_history_stop_merging (inspector_view_get_history (self->view));
  show_property (self);
  return TRUE;
}

static void
editor_finished_cb (InspectorValuePane *self)
{
  apply_edit (self);
}

/* Focus goes back to the row; where the pane covers the table, it makes way */
static void
leave (InspectorValuePane *self)
{
  GtkWidget *flap = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_FLAP);

  if (flap != NULL && adw_flap_get_folded (ADW_FLAP (flap)))
    adw_flap_set_reveal_flap (ADW_FLAP (flap), FALSE);
  inspector_view_return_to_row (self->view);
}

void
inspector_value_pane_apply (InspectorValuePane *self)
{
  g_return_if_fail (INSPECTOR_IS_VALUE_PANE (self));

  if (apply_edit (self))
    leave (self);
  else
    inspector_value_pane_edit (self);
}

void
inspector_value_pane_commit (InspectorValuePane *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *draft = NULL;

  g_return_if_fail (INSPECTOR_IS_VALUE_PANE (self));

  if (!inspector_value_pane_has_edit (self))
    return;
  if (apply (self, &error))
    {
      inspector_history_stop_merging (inspector_view_get_history (self->view));
      inspector_view_set_draft (self->view, self->object, get_tag (self), NULL);
      show_property (self);
      return;
    }
  /* Nothing typed is dropped, and nothing asks */
  draft = self->edits_bytes ? NULL : inspector_editor_dup_draft (self->editor);
  inspector_view_set_draft (self->view, self->object, get_tag (self), draft);
}

void
inspector_value_pane_revert (InspectorValuePane *self)
{
  g_return_if_fail (INSPECTOR_IS_VALUE_PANE (self));

  if (self->property != NULL && self->object != NULL)
    inspector_view_set_draft (self->view, self->object, get_tag (self), NULL);
  show_property (self);
  leave (self);
}

void
inspector_value_pane_reload (InspectorValuePane *self)
{
  g_return_if_fail (INSPECTOR_IS_VALUE_PANE (self));

  show_property (self);
}

void
inspector_value_pane_edit (InspectorValuePane *self)
{
  g_return_if_fail (INSPECTOR_IS_VALUE_PANE (self));

  if (self->property == NULL)
    return;
  if (self->edits_bytes)
    gtk_widget_grab_focus (GTK_WIDGET (inspector_hex_pane_get_view (self->bytes_pane)));
  else if (self->editor != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->editor));
  else
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
edit_bytes_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  InspectorValuePane *self = INSPECTOR_VALUE_PANE (widget);

  if (self->property == NULL || get_lock_reason (self) != NULL)
    return;
  self->edits_bytes = TRUE;
  gtk_expander_set_expanded (self->bytes_expander, TRUE);
  _inspector_value_pane_load_bytes (self);
  g_signal_connect_object (_inspector_value_pane_get_bytes (self), "changed",
                           G_CALLBACK (tell_edit), self, G_CONNECT_SWAPPED);
  inspector_value_pane_edit (self);
}

static void
bytes_expanded_cb (InspectorValuePane *self)
{
  if (!self->edits_bytes)
    _inspector_value_pane_load_bytes (self);
}

static void
attributes_changed_cb (InspectorValuePane *self)
{
  IMsgPropertyAttributes attributes = inspector_attribute_box_read (self->attribute_box);
  g_autoptr(GError) error = NULL;

  if (self->property == NULL)
    return;
  inspector_value_pane_commit (self);
  if (!inspector_edit_set_attributes (inspector_view_get_history (self->view), self->object,
                                      get_tag (self), attributes, &error))
    inspector_view_report (self->view, _("The attributes could not be changed."), error);
  show_property (self);
}

static void
open_clicked_cb (InspectorValuePane *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;

  if (!IMSG_IS_ATTACHMENT (self->object))
    return;
  message = imsg_attachment_open_message (IMSG_ATTACHMENT (self->object), NULL, &error);
  if (message != NULL)
    inspector_view_reveal (self->view, IMSG_PROPERTY_OBJECT (message), 0, NULL);
  else
    inspector_view_report (self->view, _("The object could not be opened as a message."), error);
}

static void
value_changed_cb (InspectorValuePane *self)
{
  if (!self->is_applying && !inspector_value_pane_has_edit (self))
    show_property (self);
}

static void
drop_property (InspectorValuePane *self)
{
  if (self->property != NULL)
    g_signal_handlers_disconnect_by_func (self->property, value_changed_cb, self);
  g_clear_object (&self->property);
  g_clear_object (&self->object);
}

static void
property_selected_cb (InspectorValuePane *self)
{
  IMsgProperty *property = inspector_view_get_property (self->view);

  if (property == self->property)
    return;
  if (self->property != NULL && !imsg_property_object_is_closed (self->object))
    inspector_value_pane_commit (self);
  drop_property (self);
  if (property != NULL)
    {
      self->property = g_object_ref (property);
      g_set_object (&self->object, inspector_view_get_object (self->view));
      g_signal_connect_object (property, "notify::display-value", G_CALLBACK (value_changed_cb),
                               self, G_CONNECT_SWAPPED);
    }
  show_property (self);
}

static void
object_selected_cb (InspectorValuePane *self)
{
  if (self->property == NULL)
    show_property (self);
}

static void
inspector_value_pane_dispose (GObject *object)
{
  InspectorValuePane *self = INSPECTOR_VALUE_PANE (object);
  GtkWidget *child = NULL;

  drop_property (self);
  self->editor = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (inspector_value_pane_parent_class)->dispose (object);
}

static void
inspector_value_pane_class_init (InspectorValuePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_value_pane_dispose;

  signals[SIGNAL_EDIT_CHANGED] =
    g_signal_new ("edit-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  g_type_ensure (INSPECTOR_TYPE_ATTACHMENT_DETAILS);
  g_type_ensure (INSPECTOR_TYPE_ATTRIBUTE_BOX);
  g_type_ensure (INSPECTOR_TYPE_HEX_PANE);
  g_type_ensure (INSPECTOR_TYPE_STRUCTURE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-value-pane.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, InspectorValuePane, name)
  BIND (stack);
  BIND (title);
  BIND (facts);
  BIND (lock_box);
  BIND (lock_label);
  BIND (editor_bin);
  BIND (problem);
  BIND (words);
  BIND (open_button);
  BIND (attribute_box);
  BIND (details);
  BIND (structure_expander);
  BIND (structure_view);
  BIND (bytes_expander);
  BIND (bytes_pane);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, attributes_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, bytes_expanded_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_clicked_cb);
  gtk_widget_class_install_action (widget_class, "value.edit-bytes", NULL, edit_bytes_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "value.revert", NULL);
}

/* A text view takes Ctrl+Return as a line break, so this one key goes before it */
static void
add_apply_shortcut (InspectorValuePane *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Return, GDK_CONTROL_MASK),
                      gtk_named_action_new ("value.apply")));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
inspector_value_pane_init (InspectorValuePane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_apply_shortcut (self);
  g_signal_connect_object (self->structure_view, "selected",
                           G_CALLBACK (_inspector_value_pane_structure_selected_cb), self, 0);
  g_signal_connect_object (inspector_hex_pane_get_view (self->bytes_pane), "caret-moved",
                           G_CALLBACK (_inspector_value_pane_caret_moved_cb), self, 0);
}

void
inspector_value_pane_set_view (InspectorValuePane *self,
                               InspectorView      *view)
{
  g_return_if_fail (INSPECTOR_IS_VALUE_PANE (self));

  g_set_object (&self->view, view);
  g_signal_connect_object (view, "notify::property", G_CALLBACK (property_selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "notify::object", G_CALLBACK (object_selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "notify::node", G_CALLBACK (object_selected_cb), self,
                           G_CONNECT_SWAPPED);
  show_property (self);
}
