/* inspector-access.c - names that a screen reader says
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-access.h"

static void
set_name (GtkWidget  *widget,
          const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* --- why a control cannot be used --- */

/* Reasons by the name of the action, on the widget that has it; "" for the widget itself */
#define REASONS_KEY "inspector-reasons"
#define WATCHED_KEY "inspector-is-watched"

static void
set_reason (GtkWidget  *widget,
            const char *action,
            const char *reason)
{
  GHashTable *reasons = g_object_get_data (G_OBJECT (widget), REASONS_KEY);

  if (reasons == NULL)
    {
      reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_object_set_data_full (G_OBJECT (widget), REASONS_KEY, reasons,
                              (GDestroyNotify) g_hash_table_unref);
    }
  if (reason != NULL)
    g_hash_table_insert (reasons, g_strdup (action), g_strdup (reason));
  else
    g_hash_table_remove (reasons, action);
}

static const char *
lookup_reason (GtkWidget  *widget,
               const char *action)
{
  GHashTable *reasons = g_object_get_data (G_OBJECT (widget), REASONS_KEY);

  return reasons != NULL ? g_hash_table_lookup (reasons, action) : NULL;
}

/* (nullable) */
static const char *
find_reason (GtkWidget *control)
{
  const char *reason = lookup_reason (control, "");
  const char *action = NULL;

  if (GTK_IS_ACTIONABLE (control))
    action = gtk_actionable_get_action_name (GTK_ACTIONABLE (control));
  if (action == NULL)
    return reason;
  for (GtkWidget *at = control; at != NULL && reason == NULL; at = gtk_widget_get_parent (at))
    reason = lookup_reason (at, action);
  return reason;
}

static gboolean
query_tooltip_cb (GtkWidget  *control,
                  int         x,
                  int         y,
                  gboolean    keyboard_mode,
                  GtkTooltip *tooltip)
{
  const char *reason = gtk_widget_get_sensitive (control) ? NULL : find_reason (control);

  if (reason == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, reason);
  return TRUE;
}

/* As the tooltip does; GTK says its text only */
static void
describe (GtkWidget *control)
{
  const char *text = gtk_widget_get_sensitive (control) ? NULL : find_reason (control);

  if (text == NULL)
    text = gtk_widget_get_tooltip_text (control);
  if (text != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    text, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

static void
watch_control (GtkWidget *control)
{
  if (g_object_get_data (G_OBJECT (control), WATCHED_KEY) != NULL)
    return;
  g_object_set_data (G_OBJECT (control), WATCHED_KEY, control);
  g_signal_connect (control, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  g_signal_connect (control, "notify::sensitive", G_CALLBACK (describe), NULL);
  g_signal_connect (control, "notify::tooltip-text", G_CALLBACK (describe), NULL);
  gtk_widget_set_has_tooltip (control, TRUE);
  if (!gtk_widget_get_sensitive (control))
    describe (control);
}

void
inspector_access_enable (GtkWidget  *widget,
                         const char *reason)
{
  set_reason (widget, "", reason);
  watch_control (widget);
  gtk_widget_set_sensitive (widget, reason == NULL);
  describe (widget);
}

void
inspector_access_enable_action (GtkWidget  *widget,
                                const char *action,
                                const char *reason)
{
  set_reason (widget, action, reason);
  gtk_widget_action_set_enabled (widget, action, reason == NULL);
}

/* --- names --- */

/* A button with text says that text, and GTK would say the one with the underscore before it; a
 * text without has no label that points at the button, and has to be said. The button that closes
 * a strip has only a picture. */
static void
name_button (GtkWidget *button)
{
  static const char close_name[] = "Close";   /* GTK's own word, which GTK translates */
  const char *tooltip = gtk_widget_get_tooltip_text (button);
  const char *label = GTK_IS_BUTTON (button) ? gtk_button_get_label (GTK_BUTTON (button)) : NULL;

  if (label != NULL && gtk_button_get_use_underline (GTK_BUTTON (button)))
    gtk_accessible_reset_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL);
  else if (label != NULL)
    set_name (button, label);
  else if (tooltip != NULL)
    set_name (button, tooltip);
  else if (gtk_widget_get_ancestor (button, GTK_TYPE_INFO_BAR) != NULL &&
           gtk_widget_has_css_class (button, "close"))
    set_name (button, g_dgettext ("gtk40", close_name));
}

void
inspector_access_set_button (GtkButton  *button,
                             const char *icon_name,
                             const char *label)
{
  g_auto(GStrv) parts = NULL;
  g_autofree char *name = NULL;

  if (icon_name == NULL)
    {
      gtk_button_set_label (button, label);
      name_button (GTK_WIDGET (button));
      return;
    }
  parts = g_strsplit (label, "_", -1);
  name = g_strjoinv ("", parts);
  gtk_button_set_icon_name (button, icon_name);
  set_name (GTK_WIDGET (button), name);
}

static void
name_expander (GtkExpander *expander)
{
  const char *label = gtk_expander_get_label (expander);

  if (label != NULL)
    set_name (GTK_WIDGET (expander), label);
}

void
inspector_access_name_controls (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget))
    {
      name_button (widget);
      watch_control (widget);
    }
  else if (GTK_IS_EXPANDER (widget))
    name_expander (GTK_EXPANDER (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    inspector_access_name_controls (child);
}

void
inspector_access_name_drop_down (GtkDropDown *drop_down,
                                 const char  *name)
{
  set_name (GTK_WIDGET (drop_down), name);
  set_name (gtk_widget_get_first_child (GTK_WIDGET (drop_down)), name);
}

static gboolean
open_row (GtkTreeListRow *row)
{
  if (!gtk_tree_list_row_is_expandable (row) || gtk_tree_list_row_get_expanded (row))
    return FALSE;
  gtk_tree_list_row_set_expanded (row, TRUE);
  return TRUE;
}

/* To select a row leaves the focus where it was, and the arrows would go on from there */
static void
focus_selected (GtkWidget *list)
{
  GtkWidget *rows = GTK_IS_COLUMN_VIEW (list) ? gtk_widget_get_last_child (list) : list;

  for (GtkWidget *row = gtk_widget_get_first_child (rows); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      if (gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_SELECTED)
        gtk_widget_grab_focus (row);
    }
}

/* A row that is closed goes to the one it is in */
static gboolean
close_row (GtkWidget          *list,
           GtkSingleSelection *selection,
           GtkTreeListRow     *row)
{
  g_autoptr(GtkTreeListRow) parent = NULL;

  if (gtk_tree_list_row_get_expanded (row))
    {
      gtk_tree_list_row_set_expanded (row, FALSE);
      return TRUE;
    }
  parent = gtk_tree_list_row_get_parent (row);
  if (parent == NULL)
    return FALSE;
  gtk_single_selection_set_selected (selection, gtk_tree_list_row_get_position (parent));
  focus_selected (list);
  return TRUE;
}

static gboolean
tree_key_cb (GtkEventControllerKey *controller,
             guint                  keyval,
             guint                  keycode,
             GdkModifierType        state,
             gpointer               user_data)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  gboolean is_mirrored = gtk_widget_get_direction (list) == GTK_TEXT_DIR_RTL;
  guint open_key = is_mirrored ? GDK_KEY_Left : GDK_KEY_Right;
  guint close_key = is_mirrored ? GDK_KEY_Right : GDK_KEY_Left;
  g_autoptr(GtkSelectionModel) model = NULL;
  gpointer row = NULL;

  if ((keyval != open_key && keyval != close_key) ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)))
    return FALSE;
  g_object_get (list, "model", &model, NULL);
  if (!GTK_IS_SINGLE_SELECTION (model))
    return FALSE;
  row = gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (model));
  if (row == NULL || !GTK_IS_TREE_LIST_ROW (row))
    return FALSE;
  return keyval == open_key ? open_row (row) : close_row (list, GTK_SINGLE_SELECTION (model),
                                                            row);
}

void
inspector_access_add_tree_keys (GtkWidget *list)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (tree_key_cb), NULL);
  gtk_widget_add_controller (list, keys);
}

void
inspector_access_add_close_keys (GtkWindow *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcut *close = NULL;

  close = gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Escape|<Control>w"),
                            gtk_named_action_new ("window.close"));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), close);
  gtk_widget_add_controller (GTK_WIDGET (window), keys);
}
