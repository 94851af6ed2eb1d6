/* inspector-boolean-editor.c - yes or no
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-editor.h"

#include "inspector-value.h"

#include <glib/gi18n.h>

#define INSPECTOR_TYPE_BOOLEAN_EDITOR (inspector_boolean_editor_get_type ())
G_DECLARE_FINAL_TYPE (InspectorBooleanEditor, inspector_boolean_editor, INSPECTOR, BOOLEAN_EDITOR,
                      InspectorEditor)

struct _InspectorBooleanEditor
{
  InspectorEditor parent_instance;

  GtkSwitch      *toggle;
  GtkLabel       *word;
  GtkLabel       *note;     /* about bytes that are neither 0 nor 1 */
};

G_DEFINE_FINAL_TYPE (InspectorBooleanEditor, inspector_boolean_editor, INSPECTOR_TYPE_EDITOR)

/* Programs are meant to store 0 or 1; what else there is stays until somebody touches it */
static void
show_note (InspectorBooleanEditor *self)
{
  GBytes *stored = inspector_editor_get_stored (INSPECTOR_EDITOR (self));
  gsize n_bytes = 0;
  const guint8 *bytes = stored != NULL ? g_bytes_get_data (stored, &n_bytes) : NULL;
  gboolean is_odd = n_bytes > 0 && bytes[0] > 1;
  g_autofree char *text = NULL;

  for (gsize i = 1; i < n_bytes; i++)
    is_odd |= bytes[i] != 0;
  if (is_odd)
    {
      g_autofree char *hex = inspector_value_format_hex (stored, 8);

      text = g_strdup_printf (_("Stored as the bytes %s, which stay until the value is changed."),
                              hex);
    }
  gtk_label_set_text (self->note, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), is_odd);
}

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
  show_note (self);
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
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->toggle = GTK_SWITCH (gtk_switch_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Value"), -1);
  self->word = GTK_LABEL (gtk_label_new (NULL));
  self->note = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->note, 0);
  gtk_label_set_wrap (self->note, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "caption");
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->toggle));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->word));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->note));
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (self->toggle, "notify::active", G_CALLBACK (toggled_cb), self,
                           G_CONNECT_SWAPPED);
}
