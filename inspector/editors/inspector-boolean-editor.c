/* inspector-boolean-editor.c - yes or no
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-editor.h"

#include <glib/gi18n.h>

#define INSPECTOR_TYPE_BOOLEAN_EDITOR (inspector_boolean_editor_get_type ())
G_DECLARE_FINAL_TYPE (InspectorBooleanEditor, inspector_boolean_editor, INSPECTOR, BOOLEAN_EDITOR,
                      InspectorEditor)

struct _InspectorBooleanEditor
{
  InspectorEditor parent_instance;

  GtkSwitch      *toggle;
  GtkLabel       *word;
};

G_DEFINE_FINAL_TYPE (InspectorBooleanEditor, inspector_boolean_editor, INSPECTOR_TYPE_EDITOR)

static void
toggled_cb (InspectorBooleanEditor *self)
{
  gtk_label_set_text (self->word, gtk_switch_get_active (self->toggle) ? _("true") : _("false"));
  inspector_editor_touch (INSPECTOR_EDITOR (self));
}

static void
inspector_boolean_editor_show_value (InspectorEditor *editor,
                                     GVariant        *value,
                                     gboolean         editable)
{
  InspectorBooleanEditor *self = INSPECTOR_BOOLEAN_EDITOR (editor);

  gtk_switch_set_active (self->toggle, value != NULL && g_variant_get_boolean (value));
  gtk_widget_set_sensitive (GTK_WIDGET (self->toggle), editable);
  toggled_cb (self);
}

static GVariant *
inspector_boolean_editor_read_value (InspectorEditor  *editor,
                                     GError          **error)
{
  InspectorBooleanEditor *self = INSPECTOR_BOOLEAN_EDITOR (editor);

  return g_variant_ref_sink (g_variant_new_boolean (gtk_switch_get_active (self->toggle)));
}

static gboolean
inspector_boolean_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (INSPECTOR_BOOLEAN_EDITOR (widget)->toggle));
}

static void
inspector_boolean_editor_class_init (InspectorBooleanEditorClass *klass)
{
  InspectorEditorClass *editor_class = INSPECTOR_EDITOR_CLASS (klass);

  editor_class->show_value = inspector_boolean_editor_show_value;
  editor_class->read_value = inspector_boolean_editor_read_value;
  GTK_WIDGET_CLASS (klass)->grab_focus = inspector_boolean_editor_grab_focus;
}

static void
inspector_boolean_editor_init (InspectorBooleanEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->toggle = GTK_SWITCH (gtk_switch_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Value"), -1);
  self->word = GTK_LABEL (gtk_label_new (NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->toggle));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->word));
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (self->toggle, "notify::active", G_CALLBACK (toggled_cb), self,
                           G_CONNECT_SWAPPED);
}
