/* inspector-list-editor.c - several values of one type, in their order
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-editor.h"

#include "inspector-value.h"

#include <glib/gi18n.h>

/* Each value has its widgets; longer lists are shown up to here and not edited */
#define MAX_ROWS 200

#define INSPECTOR_TYPE_LIST_EDITOR (inspector_list_editor_get_type ())
G_DECLARE_FINAL_TYPE (InspectorListEditor, inspector_list_editor, INSPECTOR, LIST_EDITOR,
                      InspectorEditor)

struct _InspectorListEditor
{
  InspectorEditor parent_instance;

  GtkBox         *rows;
  GtkWidget      *add_button;
  GtkLabel       *note;
  gboolean        is_editable;
};

G_DEFINE_FINAL_TYPE (InspectorListEditor, inspector_list_editor, INSPECTOR_TYPE_EDITOR)

static IMsgPropertyType
get_base_type (InspectorListEditor *self)
{
  return inspector_value_base_type (inspector_editor_get_value_type (INSPECTOR_EDITOR (self)));
}

static GtkWidget *
get_entry (GtkWidget *row)
{
  return gtk_widget_get_first_child (row);
}

static void
changed_cb (InspectorListEditor *self)
{
  inspector_editor_touch (INSPECTOR_EDITOR (self));
}

static GtkWidget *
get_row (InspectorListEditor *self,
         guint                index)
{
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows));

  while (row != NULL && index-- > 0)
    row = gtk_widget_get_next_sibling (row);
  return row;
}

static guint
get_index (GtkWidget *row)
{
  guint index = 0;

  while ((row = gtk_widget_get_prev_sibling (row)) != NULL)
    index++;
  return index;
}

/* Adding, removing and moving are changes of their own; applying shows the rows anew */
static void
finish (InspectorListEditor *self,
        guint                focused)
{
  GtkWidget *row = NULL;

  inspector_editor_touch (INSPECTOR_EDITOR (self));
  inspector_editor_finish (INSPECTOR_EDITOR (self));
  row = get_row (self, focused);
  gtk_widget_grab_focus (row != NULL ? get_entry (row) : self->add_button);
}

static void
remove_row_cb (GtkWidget           *button,
               InspectorListEditor *self)
{
  GtkWidget *row = gtk_widget_get_parent (button);
  guint index = get_index (row);

  gtk_widget_grab_focus (self->add_button);
  gtk_box_remove (self->rows, row);
  finish (self, index > 0 ? index - 1 : 0);
}

static void
move_row (InspectorListEditor *self,
          GtkWidget           *row,
          gboolean             down)
{
  GtkWidget *before = gtk_widget_get_prev_sibling (row);
  GtkWidget *after = gtk_widget_get_next_sibling (row);
  guint index = get_index (row);

  if (!self->is_editable || (down ? after : before) == NULL)
    return;
  gtk_box_reorder_child_after (self->rows, row, down ? after
                                                     : gtk_widget_get_prev_sibling (before));
  finish (self, down ? index + 1 : index - 1);
}

static void
raise_row_cb (GtkWidget           *button,
              InspectorListEditor *self)
{
  move_row (self, gtk_widget_get_parent (button), FALSE);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                InspectorListEditor   *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));

  if (!(state & GDK_ALT_MASK) || (keyval != GDK_KEY_Up && keyval != GDK_KEY_Down))
    return FALSE;
  move_row (self, row, keyval == GDK_KEY_Down);
  return TRUE;
}

static void
activate_cb (InspectorListEditor *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "value.apply", NULL);
}

static GtkWidget *
new_button (const char *icon_name,
            const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static GtkWidget *
add_row (InspectorListEditor *self,
         const char          *text)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *raise = new_button ("go-up-symbolic", _("Move Up"));
  GtkWidget *remove = new_button ("list-remove-symbolic", _("Remove Value"));
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (row, keys);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_editable (GTK_EDITABLE (entry), self->is_editable);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Value"), -1);
  gtk_widget_set_visible (raise, self->is_editable);
  gtk_widget_set_visible (remove, self->is_editable);
  gtk_box_append (GTK_BOX (row), entry);
  gtk_box_append (GTK_BOX (row), raise);
  gtk_box_append (GTK_BOX (row), remove);
  gtk_box_append (self->rows, row);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (raise, "clicked", G_CALLBACK (raise_row_cb), self, 0);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (remove_row_cb), self, 0);
  return entry;
}

static void
add_cb (InspectorListEditor *self)
{
  IMsgPropertyType type = get_base_type (self);
  g_autoptr(GVariant) empty = g_variant_ref_sink (inspector_value_new_empty (type));
  g_autofree char *text = inspector_value_format (type, empty);

  finish (self, get_index (gtk_widget_get_parent (add_row (self, text))));
}

static void
clear_rows (InspectorListEditor *self)
{
  GtkWidget *row = NULL;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_box_remove (self->rows, row);
}

static void
inspector_list_editor_show_value (InspectorEditor *editor,
                                  GVariant        *value,
                                  gboolean         editable)
{
  InspectorListEditor *self = INSPECTOR_LIST_EDITOR (editor);
  gsize n_values = value != NULL ? g_variant_n_children (value) : 0;
  gboolean is_cut = n_values > MAX_ROWS;

  clear_rows (self);
  self->is_editable = editable && !is_cut;
  for (gsize i = 0; i < MIN (n_values, MAX_ROWS); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);
      g_autofree char *text = inspector_value_format (get_base_type (self), child);

      add_row (self, text);
    }
  gtk_widget_set_visible (self->add_button, self->is_editable);
  gtk_widget_set_visible (GTK_WIDGET (self->note), is_cut);
}

static GVariant *
inspector_list_editor_read_value (InspectorEditor  *editor,
                                  GError          **error)
{
  InspectorListEditor *self = INSPECTOR_LIST_EDITOR (editor);
  IMsgPropertyType type = inspector_editor_get_value_type (editor);
  const char *variant_type = imsg_property_type_get_variant_type (type);
  g_auto(GVariantBuilder) builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (variant_type));
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      const char *text = gtk_editable_get_text (GTK_EDITABLE (get_entry (row)));
      g_autoptr(GVariant) value = inspector_value_parse (get_base_type (self), text, error);

      if (value == NULL)
        {
          gtk_widget_add_css_class (get_entry (row), "error");
          return NULL;
        }
      gtk_widget_remove_css_class (get_entry (row), "error");
      g_variant_builder_add_value (&builder, value);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* The texts of the rows, as an array of strings */
static char *
inspector_list_editor_dup_draft (InspectorEditor *editor)
{
  InspectorListEditor *self = INSPECTOR_LIST_EDITOR (editor);
  g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);
  g_autoptr(GVariant) texts = NULL;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    g_variant_builder_add (&builder, "s", gtk_editable_get_text (GTK_EDITABLE (get_entry (row))));
  texts = g_variant_ref_sink (g_variant_builder_end (&builder));
  return g_variant_print (texts, TRUE);
}

static void
inspector_list_editor_show_draft (InspectorEditor *editor,
                                  const char      *draft)
{
  InspectorListEditor *self = INSPECTOR_LIST_EDITOR (editor);
  g_autoptr(GVariant) texts = g_variant_parse (G_VARIANT_TYPE_STRING_ARRAY, draft, NULL, NULL,
                                               NULL);

  if (texts == NULL)
    return;
  clear_rows (self);
  for (gsize i = 0; i < g_variant_n_children (texts); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (texts, i);

      add_row (self, g_variant_get_string (child, NULL));
    }
  inspector_editor_touch (editor);
}

static gboolean
inspector_list_editor_grab_focus (GtkWidget *widget)
{
  InspectorListEditor *self = INSPECTOR_LIST_EDITOR (widget);
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows));

  return gtk_widget_grab_focus (row != NULL ? get_entry (row) : self->add_button);
}

static void
inspector_list_editor_class_init (InspectorListEditorClass *klass)
{
  InspectorEditorClass *editor_class = INSPECTOR_EDITOR_CLASS (klass);

  editor_class->show_value = inspector_list_editor_show_value;
  editor_class->read_value = inspector_list_editor_read_value;
  editor_class->dup_draft = inspector_list_editor_dup_draft;
  editor_class->show_draft = inspector_list_editor_show_draft;
  GTK_WIDGET_CLASS (klass)->grab_focus = inspector_list_editor_grab_focus;
}

static void
inspector_list_editor_init (InspectorListEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->rows = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  self->add_button = gtk_button_new_with_mnemonic (_("_Add Value"));
  gtk_widget_set_halign (self->add_button, GTK_ALIGN_START);
  self->note = GTK_LABEL (gtk_label_new (_("The list is too long to be edited here; these are its "
                                           "first values.")));
  gtk_label_set_wrap (self->note, TRUE);
  gtk_label_set_xalign (self->note, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "caption");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->rows));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->note));
  gtk_box_append (GTK_BOX (box), self->add_button);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (self->add_button, "clicked", G_CALLBACK (add_cb), self,
                           G_CONNECT_SWAPPED);
}
