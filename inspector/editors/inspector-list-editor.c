/* inspector-list-editor.c - several values of one type, in their order
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-editor.h"

#include "inspector-access.h"
#include "inspector-value.h"

#include <glib/gi18n.h>

/* Higher lists scroll */
#define MAX_HEIGHT 360

/* --- one of the values: as it is stored, until somebody types --- */

#define INSPECTOR_TYPE_LIST_VALUE (inspector_list_value_get_type ())
G_DECLARE_FINAL_TYPE (InspectorListValue, inspector_list_value, INSPECTOR, LIST_VALUE, GObject)

struct _InspectorListValue
{
  GObject   parent_instance;

  GVariant *value;       /* NULL once it is typed */
  char     *text;        /* NULL until it is shown */
  gboolean  is_invalid;
};

G_DEFINE_FINAL_TYPE (InspectorListValue, inspector_list_value, G_TYPE_OBJECT)

static void
inspector_list_value_finalize (GObject *object)
{
  InspectorListValue *self = INSPECTOR_LIST_VALUE (object);

  g_clear_pointer (&self->value, g_variant_unref);
  g_free (self->text);

  G_OBJECT_CLASS (inspector_list_value_parent_class)->finalize (object);
}

static void
inspector_list_value_class_init (InspectorListValueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inspector_list_value_finalize;
}

static void
inspector_list_value_init (InspectorListValue *self)
{
}

static InspectorListValue *
list_value_new (GVariant   *value,
                const char *text)
{
  InspectorListValue *self = g_object_new (INSPECTOR_TYPE_LIST_VALUE, NULL);

  if (value != NULL)
    self->value = g_variant_ref_sink (value);
  self->text = g_strdup (text);
  return self;
}

static const char *
list_value_get_text (InspectorListValue *self,
                     IMsgPropertyType    type)
{
  if (self->text == NULL)
    self->text = inspector_value_format (type, self->value);
  return self->text;
}

/* --- the editor: only the rows on show have widgets --- */

#define INSPECTOR_TYPE_LIST_EDITOR (inspector_list_editor_get_type ())
G_DECLARE_FINAL_TYPE (InspectorListEditor, inspector_list_editor, INSPECTOR, LIST_EDITOR,
                      InspectorEditor)

struct _InspectorListEditor
{
  InspectorEditor parent_instance;

  GListStore     *values;
  GtkWidget      *list_view;
  GtkWidget      *scroller;
  GtkWidget      *add_button;
  guint           focused;      /* the row that is to have the focus once it is there */
  gboolean        is_editable;
  gboolean        is_binding;
};

G_DEFINE_FINAL_TYPE (InspectorListEditor, inspector_list_editor, INSPECTOR_TYPE_EDITOR)

static IMsgPropertyType
get_base_type (InspectorListEditor *self)
{
  return inspector_value_base_type (inspector_editor_get_value_type (INSPECTOR_EDITOR (self)));
}

static guint
get_n_values (InspectorListEditor *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->values));
}

static GtkListItem *
get_item (GtkWidget *row)
{
  return row != NULL ? g_object_get_data (G_OBJECT (row), "inspector-item") : NULL;
}

/* The row on show at a position; NULL when it is not on show */
static GtkWidget *
find_row (InspectorListEditor *self,
          guint                position)
{
  for (GtkWidget *at = gtk_widget_get_first_child (self->list_view); at != NULL;
       at = gtk_widget_get_next_sibling (at))
    {
      GtkWidget *row = gtk_widget_get_first_child (at);
      GtkListItem *item = get_item (row);

      if (item != NULL && gtk_list_item_get_position (item) == position &&
          gtk_list_item_get_item (item) != NULL)
        return row;
    }
  return NULL;
}

/* Nothing is selected in it: the row may be given another text, and the selection would blink */
static gboolean
focus_row (InspectorListEditor *self,
           guint                position)
{
  GtkWidget *row = find_row (self, position);
  GtkWidget *entry = row != NULL ? gtk_widget_get_first_child (row) : NULL;

  if (entry != NULL && !(gtk_widget_get_state_flags (entry) & GTK_STATE_FLAG_FOCUS_WITHIN))
    gtk_entry_grab_focus_without_selecting (GTK_ENTRY (entry));
  return entry != NULL;
}

static gboolean
focus_row_cb (GtkWidget     *widget,
              GdkFrameClock *clock,
              gpointer       user_data)
{
  InspectorListEditor *self = INSPECTOR_LIST_EDITOR (widget);

  focus_row (self, self->focused);
  return G_SOURCE_REMOVE;
}

static void
focus_value (InspectorListEditor *self,
             guint                position)
{
  if (position >= get_n_values (self))
    {
      gtk_widget_grab_focus (self->add_button);
      return;
    }
  gtk_widget_activate_action (self->list_view, "list.scroll-to-item", "u", position);
  self->focused = position;
  /* A row far away has no widget before the next frame */
  if (!focus_row (self, position))
    gtk_widget_add_tick_callback (GTK_WIDGET (self), focus_row_cb, NULL, NULL);
}

/* Adding, removing and moving are changes of their own; applying shows the rows anew */
static void
finish (InspectorListEditor *self,
        guint                focused)
{
  inspector_editor_touch (INSPECTOR_EDITOR (self));
  inspector_editor_finish (INSPECTOR_EDITOR (self));
  focus_value (self, focused);
}

static void
changed_cb (GtkEditable         *entry,
            InspectorListEditor *self)
{
  GtkListItem *item = get_item (gtk_widget_get_parent (GTK_WIDGET (entry)));
  InspectorListValue *value = gtk_list_item_get_item (item);

  if (self->is_binding || value == NULL)
    return;
  g_clear_pointer (&value->value, g_variant_unref);
  g_free (value->text);
  value->text = g_strdup (gtk_editable_get_text (entry));
  inspector_editor_touch (INSPECTOR_EDITOR (self));
}

static void
remove_value_cb (GtkWidget           *button,
                 InspectorListEditor *self)
{
  guint position = gtk_list_item_get_position (get_item (gtk_widget_get_parent (button)));

  gtk_widget_grab_focus (self->add_button);
  g_list_store_remove (self->values, position);
  finish (self, position > 0 ? position - 1 : 0);
}

static void
move_value (InspectorListEditor *self,
            guint                position,
            gboolean             down)
{
  guint target = down ? position + 1 : position - 1;
  g_autoptr(InspectorListValue) value = NULL;

  if (!self->is_editable || target >= get_n_values (self))
    return;
  value = g_list_model_get_item (G_LIST_MODEL (self->values), position);
  g_list_store_remove (self->values, position);
  g_list_store_insert (self->values, target, value);
  finish (self, target);
}

static void
raise_value_cb (GtkWidget           *button,
                InspectorListEditor *self)
{
  move_value (self, gtk_list_item_get_position (get_item (gtk_widget_get_parent (button))), FALSE);
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
  move_value (self, gtk_list_item_get_position (get_item (row)), keyval == GDK_KEY_Down);
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
  inspector_access_name_controls (button);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          InspectorListEditor      *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *raise = new_button ("go-up-symbolic", _("Move Up"));
  GtkWidget *remove = new_button ("list-remove-symbolic", _("Remove Value"));
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (row, keys);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Value"), -1);
  gtk_box_append (GTK_BOX (row), entry);
  gtk_box_append (GTK_BOX (row), raise);
  gtk_box_append (GTK_BOX (row), remove);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, 0);
  g_signal_connect_object (entry, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (raise, "clicked", G_CALLBACK (raise_value_cb), self, 0);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (remove_value_cb), self, 0);
  g_object_set_data (G_OBJECT (row), "inspector-item", item);
  /* The entry has the focus, not the row around it */
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, row);
}

static void
mark_row (GtkWidget          *row,
          InspectorListValue *value)
{
  GtkWidget *entry = gtk_widget_get_first_child (row);

  if (value->is_invalid)
    gtk_widget_add_css_class (entry, "error");
  else
    gtk_widget_remove_css_class (entry, "error");
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         InspectorListEditor      *self)
{
  InspectorListValue *value = gtk_list_item_get_item (item);
  GtkWidget *row = gtk_list_item_get_child (item);
  GtkWidget *entry = gtk_widget_get_first_child (row);
  GtkWidget *raise = gtk_widget_get_next_sibling (entry);

  self->is_binding = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (entry), list_value_get_text (value, get_base_type (self)));
  self->is_binding = FALSE;
  gtk_editable_set_editable (GTK_EDITABLE (entry), self->is_editable);
  gtk_widget_set_visible (raise, self->is_editable);
  gtk_widget_set_visible (gtk_widget_get_next_sibling (raise), self->is_editable);
  mark_row (row, value);
}

static void
set_values (InspectorListEditor *self,
            GPtrArray           *values)
{
  /* The row that has the focus gets another text, with whatever is selected in it */
  if (gtk_widget_get_state_flags (self->list_view) & GTK_STATE_FLAG_FOCUS_WITHIN)
    gtk_widget_grab_focus (self->add_button);
  g_list_store_splice (self->values, 0, get_n_values (self), values->pdata, values->len);
  gtk_widget_set_visible (self->scroller, values->len > 0);
}

static void
add_cb (InspectorListEditor *self)
{
  g_autoptr(InspectorListValue) value =
    list_value_new (inspector_value_new_empty (get_base_type (self)), NULL);

  g_list_store_append (self->values, value);
  finish (self, get_n_values (self) - 1);
}

static void
inspector_list_editor_show_value (InspectorEditor *editor,
                                  GVariant        *value,
                                  gboolean         editable)
{
  InspectorListEditor *self = INSPECTOR_LIST_EDITOR (editor);
  gsize n_values = value != NULL ? g_variant_n_children (value) : 0;
  g_autoptr(GPtrArray) values = g_ptr_array_new_full (n_values, g_object_unref);

  self->is_editable = editable;
  for (gsize i = 0; i < n_values; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);

      g_ptr_array_add (values, list_value_new (child, NULL));
    }
  set_values (self, values);
  gtk_widget_set_visible (self->add_button, self->is_editable);
}

/* (transfer full) (nullable): as it is stored, where nobody typed */
static GVariant *
read_one (InspectorListEditor  *self,
          InspectorListValue   *value,
          GError              **error)
{
  return value->value != NULL ? g_variant_ref (value->value)
                              : inspector_value_parse (get_base_type (self), value->text, error);
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
  for (guint i = 0; i < get_n_values (self); i++)
    {
      g_autoptr(InspectorListValue) item = g_list_model_get_item (G_LIST_MODEL (self->values), i);
      g_autoptr(GVariant) value = read_one (self, item, error);

      if (item->is_invalid != (value == NULL))
        {
          GtkWidget *row = find_row (self, i);

          item->is_invalid = value == NULL;
          if (row != NULL)
            mark_row (row, item);
        }
      if (value == NULL)
        {
          gtk_widget_activate_action (self->list_view, "list.scroll-to-item", "u", i);
          return NULL;
        }
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

  for (guint i = 0; i < get_n_values (self); i++)
    {
      g_autoptr(InspectorListValue) item = g_list_model_get_item (G_LIST_MODEL (self->values), i);

      g_variant_builder_add (&builder, "s", list_value_get_text (item, get_base_type (self)));
    }
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
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func (g_object_unref);

  if (texts == NULL)
    return;
  for (gsize i = 0; i < g_variant_n_children (texts); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (texts, i);

      g_ptr_array_add (values, list_value_new (NULL, g_variant_get_string (child, NULL)));
    }
  set_values (self, values);
  inspector_editor_touch (editor);
}

static gboolean
inspector_list_editor_grab_focus (GtkWidget *widget)
{
  focus_value (INSPECTOR_LIST_EDITOR (widget), 0);
  return TRUE;
}

static void
inspector_list_editor_dispose (GObject *object)
{
  g_clear_object (&INSPECTOR_LIST_EDITOR (object)->values);

  G_OBJECT_CLASS (inspector_list_editor_parent_class)->dispose (object);
}

static void
inspector_list_editor_class_init (InspectorListEditorClass *klass)
{
  InspectorEditorClass *editor_class = INSPECTOR_EDITOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_list_editor_dispose;
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
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkNoSelection *selection = NULL;

  self->values = g_list_store_new (INSPECTOR_TYPE_LIST_VALUE);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->values)));
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  self->list_view = gtk_list_view_new (GTK_SELECTION_MODEL (selection), factory);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list_view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Values"), -1);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scroller), MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->list_view);
  self->add_button = gtk_button_new_with_mnemonic (_("_Add Value"));
  gtk_widget_set_halign (self->add_button, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), self->scroller);
  gtk_box_append (GTK_BOX (box), self->add_button);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (self->add_button, "clicked", G_CALLBACK (add_cb), self,
                           G_CONNECT_SWAPPED);
}
