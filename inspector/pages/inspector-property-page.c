/* inspector-property-page.c - the properties of the selected object as a table
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-property-page.h"

#include "inspector-access.h"
#include "inspector-edit.h"
#include "inspector-property-clipboard.h"
#include "inspector-property-columns.h"
#include "inspector-property-filter.h"
#include "inspector-property-text.h"
#include "inspector-row-table.h"
#include "inspector-settings.h"

#include <glib/gi18n.h>

#define N_CHIPS 5

struct _InspectorPropertyPage
{
  GtkWidget                 parent_instance;

  GtkSearchEntry           *search_entry;
  GtkLabel                 *count_label;
  GtkToggleButton          *named_chip;
  GtkToggleButton          *changed_chip;
  GtkToggleButton          *read_only_chip;
  GtkToggleButton          *binary_chip;
  GtkToggleButton          *damaged_chip;
  GtkStack                 *stack;
  GtkColumnView            *table;
  GMenuModel               *row_menu;

  InspectorView            *view;
  IMsgPropertyObject       *object;      /* whose properties the table shows */
  InspectorPropertyColumns *columns;
  InspectorPropertyFilter  *filter;
  GtkFilterListModel       *filtered;
  GtkSortListModel         *sorted;
  GtkSingleSelection       *selection;
  guint                     prepare_source;
  guint                     prepared;    /* how far the texts for the search have come */
  guint32                   wanted_tag;  /* to be selected once the table shows its object */
  guint                     is_clearing : 1;
  guint                     is_waiting : 1;  /* a search, for the texts */
};

G_DEFINE_FINAL_TYPE (InspectorPropertyPage, inspector_property_page, GTK_TYPE_WIDGET)

/* --- filter --- */

static InspectorChips
get_chips (InspectorPropertyPage *self)
{
  GtkToggleButton *buttons[N_CHIPS] = { self->named_chip, self->changed_chip, self->read_only_chip,
                                        self->binary_chip, self->damaged_chip };
  InspectorChips chips = 0;

  for (guint i = 0; i < N_CHIPS; i++)
    {
      if (gtk_toggle_button_get_active (buttons[i]))
        chips |= 1 << i;
    }
  return chips;
}

static void
update_count (InspectorPropertyPage *self)
{
  guint n_all;
  guint n_shown;
  gboolean is_filtered = !inspector_property_filter_is_empty (self->filter);
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;

  if (self->object == NULL)
    {
      gtk_label_set_text (self->count_label, "");
      gtk_stack_set_visible_child_name (self->stack, "nothing");
      return;
    }
  n_all = g_list_model_get_n_items (imsg_property_object_get_properties (self->object));
  n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  text = is_filtered ? g_strdup_printf ("%u/%u", n_shown, n_all) : g_strdup_printf ("%u", n_all);
  spoken = g_strdup_printf (ngettext ("%u of %u property is shown", "%u of %u properties are shown",
                                      n_all), n_shown, n_all);
  gtk_label_set_text (self->count_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->count_label), spoken);
  gtk_stack_set_visible_child_name (self->stack, n_shown == 0 && is_filtered ? "no-match"
                                                                             : "table");
}

static gboolean prepare_cb (gpointer user_data);

static void
set_search (InspectorPropertyPage *self,
            const char            *text)
{
  self->is_waiting = FALSE;
  inspector_property_filter_set_text (self->filter, text);
  update_count (self);
}

/* Thousands of texts that are not made yet would hold up the key that was pressed, so it waits for
 * them, and the window does not */
static void
search_changed_cb (GtkSearchEntry        *entry,
                   InspectorPropertyPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  if (self->prepare_source == 0 || *text == '\0')
    {
      set_search (self, text);
      return;
    }
  if (self->is_waiting)
    return;
  self->is_waiting = TRUE;
  g_source_remove (self->prepare_source);
  self->prepare_source = g_idle_add (prepare_cb, self);
}

static void
chip_toggled_cb (InspectorPropertyPage *self)
{
  if (self->is_clearing || self->filter == NULL)
    return;
  inspector_property_filter_set_chips (self->filter, get_chips (self));
  update_count (self);
}

static void
clear_filter_cb (InspectorPropertyPage *self)
{
  GtkToggleButton *buttons[N_CHIPS] = { self->named_chip, self->changed_chip, self->read_only_chip,
                                        self->binary_chip, self->damaged_chip };

  self->is_clearing = TRUE;
  for (guint i = 0; i < N_CHIPS; i++)
    gtk_toggle_button_set_active (buttons[i], FALSE);
  self->is_clearing = FALSE;
  inspector_property_filter_set_chips (self->filter, 0);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  set_search (self, "");
}

static void
focus_table (InspectorPropertyPage *self)
{
  guint selected = self->selection != NULL ? gtk_single_selection_get_selected (self->selection)
                                           : GTK_INVALID_LIST_POSITION;

  inspector_row_table_focus_row (self->table, selected);
}

static void
stop_search_cb (GtkSearchEntry        *entry,
                InspectorPropertyPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  set_search (self, "");
  focus_table (self);
}

static gboolean
is_named (IMsgProperty *property,
          const char   *text)
{
  g_auto(GStrv) names = imsg_property_tag_list_names (imsg_property_get_tag (property));
  g_autofree char *title = inspector_property_dup_title (property, FALSE);

  if (g_ascii_strcasecmp (title, text) == 0)
    return TRUE;
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (names[i], text) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The property that is called so, rather than the first one that has the text somewhere */
static void
search_activate_cb (GtkSearchEntry        *entry,
                    InspectorPropertyPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  guint n_items = 0;
  guint chosen = 0;

  /* The entry waits a little before it tells of a change, and the texts may be missing: who goes
   * to a row wants to be there with the next key */
  set_search (self, text);
  if (self->sorted != NULL)
    n_items = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));
  for (guint i = 0; i < n_items && *text != '\0'; i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (G_LIST_MODEL (self->sorted), i);

      if (is_named (property, text))
        {
          chosen = i;
          break;
        }
    }
  if (n_items > 0)
    gtk_single_selection_set_selected (self->selection, chosen);
  focus_table (self);
}

/* --- what is shown --- */

static void
selected_cb (InspectorPropertyPage *self)
{
  IMsgProperty *property = gtk_single_selection_get_selected_item (self->selection);

  if (self->view != NULL && inspector_view_get_object (self->view) == self->object &&
      gtk_widget_get_mapped (GTK_WIDGET (self)))
    inspector_view_set_property (self->view, property);
}

static gboolean
prepare_cb (gpointer user_data)
{
  InspectorPropertyPage *self = user_data;

  if (inspector_property_filter_prepare (self->filter,
                                         imsg_property_object_get_properties (self->object),
                                         &self->prepared))
    return G_SOURCE_CONTINUE;
  self->prepare_source = 0;
  inspector_view_note_reading (self->view);
  if (self->is_waiting)
    set_search (self, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  return G_SOURCE_REMOVE;
}

/* The first letter of a search should not have to wait for all the values */
static void
prepare_search (InspectorPropertyPage *self)
{
  self->prepared = 0;
  if (self->prepare_source == 0)
    self->prepare_source = g_idle_add_full (self->is_waiting ? G_PRIORITY_DEFAULT_IDLE
                                                             : G_PRIORITY_LOW,
                                            prepare_cb, self, NULL);
}

static void
property_changed_cb (IMsgPropertyObject    *object,
                     guint                  tag,
                     InspectorPropertyPage *self)
{
  inspector_property_filter_forget (self->filter, tag);
  prepare_search (self);
}

static gboolean
find_and_select (InspectorPropertyPage *self,
                 guint32                tag)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sorted)); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (G_LIST_MODEL (self->sorted), i);

      if (imsg_property_tag_get_id (imsg_property_get_tag (property)) ==
          imsg_property_tag_get_id (tag))
        {
          gtk_single_selection_set_selected (self->selection, i);
          gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->table)),
                                      "list.scroll-to-item", "u", i);
          return TRUE;
        }
    }
  return FALSE;
}

/* A filter gives way to what somebody goes to */
static void
select_tag (InspectorPropertyPage *self,
            guint32                tag)
{
  if (find_and_select (self, tag) || inspector_property_filter_is_empty (self->filter) ||
      imsg_property_object_find_tag (self->object, tag) == 0)
    return;
  clear_filter_cb (self);
  find_and_select (self, tag);
}

static void
drop_model (InspectorPropertyPage *self)
{
  g_clear_handle_id (&self->prepare_source, g_source_remove);
  gtk_column_view_set_model (self->table, NULL);
  if (self->object != NULL)
    g_signal_handlers_disconnect_by_func (self->object, property_changed_cb, self);
  inspector_property_filter_forget_all (self->filter);
  g_clear_object (&self->selection);
  g_clear_object (&self->sorted);
  g_clear_object (&self->filtered);
  g_clear_object (&self->object);
}

static void
show_object (InspectorPropertyPage *self)
{
  IMsgPropertyObject *object = inspector_view_get_object (self->view);
  GListModel *list = NULL;

  /* A page that nobody sees does no work */
  if (self->object == object || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  drop_model (self);
  if (object == NULL)
    {
      if (self->is_waiting)
        set_search (self, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
      update_count (self);
      return;
    }
  self->object = g_object_ref (object);
  g_signal_connect_object (object, "property-changed", G_CALLBACK (property_changed_cb), self, 0);
  list = imsg_property_object_get_properties (object);
  self->filtered = gtk_filter_list_model_new (g_object_ref (list),
                                              GTK_FILTER (g_object_ref (self->filter)));
  self->sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->filtered)),
                                          g_object_ref (gtk_column_view_get_sorter (self->table)));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->sorted)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filtered, "items-changed", G_CALLBACK (update_count), self,
                           G_CONNECT_SWAPPED);
  update_count (self);
  prepare_search (self);
  if (self->wanted_tag != 0)
    select_tag (self, self->wanted_tag);
  self->wanted_tag = 0;
}

static void
row_activated_cb (GtkColumnView         *table,
                  guint                  position,
                  InspectorPropertyPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "prop.edit", NULL);
}

static void
update_actions (InspectorPropertyPage *self)
{
  const char *locked = inspector_view_get_lock_reason (self->view);
  IMsgPropertyObject *object = inspector_view_get_object (self->view);
  const char *reason = locked != NULL ? locked : object == NULL ? _("No row is selected.") : NULL;

  inspector_access_enable_action (GTK_WIDGET (self), "prop.paste-property", reason);
  if (reason == NULL && !imsg_property_object_is_modified (object))
    reason = _("The properties are as they are stored.");
  inspector_access_enable_action (GTK_WIDGET (self), "prop.revert-all", reason);
}

static void
return_to_row_cb (InspectorPropertyPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    focus_table (self);
}

static void
width_changed_cb (InspectorPropertyPage *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->table));

  inspector_property_columns_set_width (self->columns, gtk_adjustment_get_page_size (adjustment));
}

static void
revert_all_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  InspectorPropertyPage *self = INSPECTOR_PROPERTY_PAGE (widget);
  g_autoptr(GError) error = NULL;

  if (self->object != NULL &&
      !inspector_edit_revert_all (inspector_view_get_history (self->view), self->object, &error))
    inspector_view_report (self->view, _("The properties could not be reverted."), error);
}

static void
paste_property_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  InspectorPropertyPage *self = INSPECTOR_PROPERTY_PAGE (widget);

  if (self->view != NULL && inspector_view_can_edit (self->view) && self->object != NULL)
    inspector_property_paste (widget, self->view);
}

static void
inspector_property_page_map (GtkWidget *widget)
{
  InspectorPropertyPage *self = INSPECTOR_PROPERTY_PAGE (widget);

  GTK_WIDGET_CLASS (inspector_property_page_parent_class)->map (widget);
  if (self->view == NULL)
    return;
  show_object (self);
  if (self->selection != NULL)
    selected_cb (self);
}

static void
inspector_property_page_dispose (GObject *object)
{
  InspectorPropertyPage *self = INSPECTOR_PROPERTY_PAGE (object);
  GtkWidget *child = NULL;

  if (self->table != NULL)
    drop_model (self);
  self->table = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->columns);
  g_clear_object (&self->filter);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (inspector_property_page_parent_class)->dispose (object);
}

static void
inspector_property_page_class_init (InspectorPropertyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_property_page_dispose;
  widget_class->map = inspector_property_page_map;

  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-property-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, named_chip);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, changed_chip);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, read_only_chip);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, binary_chip);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, damaged_chip);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, stack);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, table);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, row_menu);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, chip_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);

  gtk_widget_class_install_action (widget_class, "prop.revert-all", NULL, revert_all_action);
  gtk_widget_class_install_action (widget_class, "prop.paste-property", NULL,
                                   paste_property_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "prop.edit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "prop.remove", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "prop.copy",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "prop.paste",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v,
                                       GDK_CONTROL_MASK | GDK_SHIFT_MASK, "prop.paste-property",
                                       NULL);
}

/* Letters start a search. What the entry does on its own would take Delete and the menu key too. */
static gboolean
table_key_cb (GtkEventControllerKey *controller,
              guint                  keyval,
              guint                  keycode,
              GdkModifierType        state,
              InspectorPropertyPage *self)
{
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (self->search_entry));

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) ||
      !g_unichar_isgraph (gdk_keyval_to_unicode (keyval)) ||
      !gtk_event_controller_key_forward (controller, GTK_WIDGET (text)))
    return FALSE;
  gtk_text_grab_focus_without_selecting (GTK_TEXT (text));
  return TRUE;
}

static void
add_type_ahead (InspectorPropertyPage *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (table_key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->table), keys);
}

static void
inspector_property_page_init (InspectorPropertyPage *self)
{
  GtkAdjustment *adjustment = NULL;

  self->filter = inspector_property_filter_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->columns = inspector_property_columns_new (self->table);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns",
                                  inspector_property_columns_get_actions (self->columns));
  inspector_row_table_add_menu (self->table, GTK_WIDGET (self), self->row_menu);
  add_type_ahead (self);
  adjustment = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->table));
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (width_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
inspector_property_page_set_view (InspectorPropertyPage *self,
                                  InspectorView         *view)
{
  GSettings *settings = inspector_settings_get ();
  g_autofree char *column = NULL;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  g_set_object (&self->view, view);
  inspector_property_columns_set_view (self->columns, view);
  g_signal_connect_object (view, "return-to-row", G_CALLBACK (return_to_row_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "notify::object", G_CALLBACK (show_object), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "notify::object", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (inspector_view_get_history (view), "changed",
                           G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  update_count (self);
  update_actions (self);
  if (settings != NULL)
    column = g_settings_get_string (settings, "sort-column");
  if (column != NULL && *column != '\0')
    inspector_property_columns_sort (self->columns, column,
                                     g_settings_get_boolean (settings, "sort-descending")
                                       ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

void
inspector_property_page_start_search (InspectorPropertyPage *self)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
inspector_property_page_set_filter (InspectorPropertyPage *self,
                                    const char            *text)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
}

void
inspector_property_page_select (InspectorPropertyPage *self,
                                guint32                tag)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  if (self->selection != NULL && self->object == inspector_view_get_object (self->view))
    select_tag (self, tag);
  else
    self->wanted_tag = tag;
}

/* The column by its id; again for the other direction; "stored" for no order at all */
void
inspector_property_page_sort (InspectorPropertyPage *self,
                              const char            *column)
{
  GSettings *settings = inspector_settings_get ();
  g_autofree char *old = NULL;
  gboolean descending = FALSE;
  gboolean is_column;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  if (settings != NULL)
    {
      old = g_settings_get_string (settings, "sort-column");
      descending = g_str_equal (old, column) && !g_settings_get_boolean (settings,
                                                                         "sort-descending");
    }
  is_column = inspector_property_columns_sort (self->columns, column,
                                               descending ? GTK_SORT_DESCENDING
                                                          : GTK_SORT_ASCENDING);
  if (settings != NULL)
    {
      g_settings_set_string (settings, "sort-column", is_column ? column : "");
      g_settings_set_boolean (settings, "sort-descending", descending);
    }
}

static void
edit_selected (InspectorPropertyPage *self,
               gboolean             (*edit) (InspectorHistory    *history,
                                             IMsgPropertyObject  *object,
                                             guint32              tag,
                                             GError             **error),
               const char            *failure)
{
  IMsgPropertyObject *object = inspector_view_get_object (self->view);
  IMsgProperty *property = inspector_view_get_property (self->view);
  g_autoptr(GError) error = NULL;

  if (property != NULL && object != NULL &&
      !edit (inspector_view_get_history (self->view), object, imsg_property_get_tag (property),
             &error))
    inspector_view_report (self->view, failure, error);
}

void
inspector_property_page_remove_selected (InspectorPropertyPage *self)
{
  guint position = GTK_INVALID_LIST_POSITION;
  guint n_items;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  if (self->selection != NULL)
    position = gtk_single_selection_get_selected (self->selection);
  edit_selected (self, inspector_edit_delete_value, _("The property could not be removed."));

  /* The row that takes the place is where the keyboard is now */
  if (self->selection == NULL || position == GTK_INVALID_LIST_POSITION)
    return;
  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  if (gtk_single_selection_get_selected_item (self->selection) == NULL && n_items > 0)
    gtk_single_selection_set_selected (self->selection, MIN (position, n_items - 1));
}

void
inspector_property_page_revert_selected (InspectorPropertyPage *self)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  edit_selected (self, inspector_edit_revert_value, _("The property could not be reverted."));
}

void
inspector_property_page_copy (InspectorPropertyPage *self,
                              const char            *form)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  inspector_property_copy (GTK_WIDGET (self), self->view, form);
}

void
inspector_property_page_paste (InspectorPropertyPage *self)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  inspector_property_paste_value (GTK_WIDGET (self), self->view);
}
