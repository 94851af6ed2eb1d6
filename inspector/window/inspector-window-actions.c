/* inspector-window-actions.c - the window's actions, their keys, and when they can be used
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-add-property.h"
#include "inspector-compare-window.h"
#include "inspector-edit.h"
#include "inspector-print.h"
#include "inspector-settings.h"

#include <glib/gi18n.h>

static void
open_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  _inspector_window_choose_files (INSPECTOR_WINDOW (widget));
}

static void
new_message_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  _inspector_window_new_message (INSPECTOR_WINDOW (widget));
}

static void
open_example_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  _inspector_window_open_example (INSPECTOR_WINDOW (widget));
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);
  IMsgMessage *root = _inspector_window_get_root (self);

  _inspector_window_commit (self);
  if (root == NULL)
    return;
  if (g_str_equal (name, "win.save-as"))
    _inspector_window_save_as (self, root);
  else
    _inspector_window_save (self, root, IMSG_SAVE_NONE);
}

static void
save_all_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (self->view));
  g_autoptr(GPtrArray) edited = g_ptr_array_new_with_free_func (g_object_unref);

  _inspector_window_commit (self);
  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(IMsgPropertyObject) message = g_list_model_get_item (messages, i);

      if (imsg_property_object_is_modified (message))
        g_ptr_array_add (edited, g_steal_pointer (&message));
    }
  _inspector_window_save_many (self, edited);
}

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  _inspector_window_export (INSPECTOR_WINDOW (widget));
}

static void
print_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);
  IMsgMessage *message = inspector_view_get_message (self->view);

  if (message != NULL)
    inspector_print_message (GTK_WINDOW (self), self->view, message,
                             inspector_message_page_has_remote (self->message_page));
}

static void
compare_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  inspector_compare_window_present (GTK_WINDOW (self), self->view);
}

static void
close_message_action (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);
  IMsgMessage *root = _inspector_window_get_root (self);

  _inspector_window_commit (self);
  if (root == NULL)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  if (_inspector_window_ask_before (self, root, FALSE))
    return;
  inspector_view_set_node (self->view, NULL);
  imsg_message_close (root);
}

static void
close_session_action (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  _inspector_window_commit (self);
  if (!_inspector_window_ask_before (self, NULL, TRUE))
    _inspector_window_end_session (self);
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
history_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);
  InspectorHistory *history = inspector_view_get_history (self->view);
  g_autoptr(GError) error = NULL;

  _inspector_window_commit (self);
  if (g_str_equal (name, "history.undo"))
    {
      if (!inspector_history_undo (history, &error))
        inspector_view_report (self->view, _("The step could not be undone."), error);
    }
  else if (!inspector_history_redo (history, &error))
    inspector_view_report (self->view, _("The step could not be done again."), error);
  if (self->value_pane != NULL)
    inspector_value_pane_reload (self->value_pane);
}

static void
page_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  _inspector_window_set_page (self, g_variant_get_string (parameter, NULL));
}

static void
toggle_pane_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

static void
back_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  if (adw_flap_get_folded (self->flap) && adw_flap_get_reveal_flap (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  else
    adw_leaflet_set_visible_child (self->leaflet, self->sidebar);
}

static void
find_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  if (g_str_equal (name, "view.find-in-tree"))
    {
      adw_leaflet_set_visible_child (self->leaflet, self->sidebar);
      inspector_tree_start_search (self->tree);
      return;
    }
  if (inspector_view_get_node (self->view) == NULL)
    return;
  adw_leaflet_set_visible_child (self->leaflet, self->content);
  _inspector_window_set_page (self, "properties");
  inspector_property_page_start_search (self->property_page);
}

static void
sort_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  inspector_property_page_sort (self->property_page, g_variant_get_string (parameter, NULL));
}

/* F6: tree, page, pane */
static void
next_region_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *regions[] = { GTK_WIDGET (self->tree), GTK_WIDGET (self->kinds),
                           GTK_WIDGET (self->value_pane) };
  guint current = G_N_ELEMENTS (regions) - 1;

  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    {
      if (focus != NULL && gtk_widget_is_ancestor (focus, regions[i]))
        current = i;
    }
  for (guint i = 1; i <= G_N_ELEMENTS (regions); i++)
    {
      GtkWidget *region = regions[(current + i) % G_N_ELEMENTS (regions)];

      if (gtk_widget_get_mapped (region) && gtk_widget_child_focus (region, GTK_DIR_TAB_FORWARD))
        return;
    }
}

static void
show_rows_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);
  IMsgMessage *message = inspector_view_get_message (self->view);

  if (message != NULL)
    inspector_tree_reveal (self->tree,
                           g_str_equal (name, "view.show-recipients") ? INSPECTOR_NODE_RECIPIENTS
                                                                      : INSPECTOR_NODE_ATTACHMENTS,
                           IMSG_PROPERTY_OBJECT (message));
}

static void
property_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  if (g_str_equal (name, "prop.edit"))
    {
      adw_flap_set_reveal_flap (self->flap, TRUE);
      inspector_value_pane_edit (self->value_pane);
    }
  else if (g_str_equal (name, "prop.add"))
    inspector_add_property_present (GTK_WINDOW (self), self->view);
  else if (g_str_equal (name, "prop.remove"))
    inspector_property_page_remove_selected (self->property_page);
  else if (g_str_equal (name, "prop.revert"))
    inspector_property_page_revert_selected (self->property_page);
  else if (g_str_equal (name, "prop.copy"))
    inspector_property_page_copy (self->property_page, "value");
  else if (g_str_equal (name, "prop.copy-as"))
    inspector_property_page_copy (self->property_page, g_variant_get_string (parameter, NULL));
  else if (g_str_equal (name, "prop.paste"))
    inspector_property_page_paste (self->property_page);
}

static void
value_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  if (g_str_equal (name, "value.apply"))
    inspector_value_pane_apply (self->value_pane);
  else
    inspector_value_pane_revert (self->value_pane);
}

static void
reload_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);
  IMsgMessage *root = _inspector_window_get_root (self);

  if (root == NULL)
    return;
  if (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (root)))
    _inspector_window_show_strip (self, _("Reloading discards what is not saved."), root,
                                  _("_Reload"), INSPECTOR_STRIP_RELOAD, NULL,
                                  INSPECTOR_STRIP_NONE);
  else
    _inspector_window_reload (self, root);
}

static void
help_overlay_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  g_autoptr(GtkBuilder) builder = NULL;
  GtkWindow *overlay = NULL;

  builder = gtk_builder_new_from_resource ("/io/github/libimsg/Inspector/inspector-shortcuts.ui");
  overlay = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));
  gtk_window_set_transient_for (overlay, GTK_WINDOW (widget));
  gtk_window_present (overlay);
}

void
_inspector_window_class_add_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                   *name;
    const char                   *parameter;
    GtkWidgetActionActivateFunc   func;
  } actions[] = {
    { "win.open", NULL, open_action },
    { "win.new-message", NULL, new_message_action },
    { "win.open-example", NULL, open_example_action },
    { "win.import", NULL, open_action },
    { "win.save", NULL, save_action },
    { "win.save-as", NULL, save_action },
    { "win.save-all", NULL, save_all_action },
    { "win.export", NULL, export_action },
    { "win.print", NULL, print_action },
    { "win.compare", NULL, compare_action },
    { "win.close-message", NULL, close_message_action },
    { "win.close-session", NULL, close_session_action },
    { "win.cancel", NULL, cancel_action },
    { "win.show-help-overlay", NULL, help_overlay_action },
    { "history.undo", NULL, history_action },
    { "history.redo", NULL, history_action },
    { "view.page", "s", page_action },
    { "view.toggle-pane", NULL, toggle_pane_action },
    { "view.back", NULL, back_action },
    { "view.find", NULL, find_action },
    { "view.find-in-tree", NULL, find_action },
    { "view.sort", "s", sort_action },
    { "view.next-region", NULL, next_region_action },
    { "view.show-recipients", NULL, show_rows_action },
    { "view.show-attachments", NULL, show_rows_action },
    { "prop.edit", NULL, property_action },
    { "prop.add", NULL, property_action },
    { "prop.remove", NULL, property_action },
    { "prop.revert", NULL, property_action },
    { "prop.copy", NULL, property_action },
    { "prop.copy-as", "s", property_action },
    { "prop.paste", NULL, property_action },
    { "value.apply", NULL, value_action },
    { "value.revert", NULL, value_action },
    { "message.reload", NULL, reload_action },
  };
  GdkModifierType control_shift = GDK_CONTROL_MASK | GDK_SHIFT_MASK;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].func);

  /* Text widgets use these keys too; bound here, theirs come first */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "history.undo",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, control_shift, "history.redo",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "value.apply", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_i, GDK_CONTROL_MASK, "prop.add", NULL);
}

static gboolean
has_any_message (InspectorWindow *self)
{
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (self->view));

  return g_list_model_get_n_items (messages) > 0;
}

void
_inspector_window_update_actions (InspectorWindow *self)
{
  static const char * const of_session[] = { "view.page", "view.back", "view.find",
                                             "view.find-in-tree", "view.sort", "view.next-region",
                                             "view.show-recipients", "view.show-attachments" };
  GtkWidget *widget = GTK_WIDGET (self);
  InspectorHistory *history = NULL;
  IMsgMessage *root = NULL;
  IMsgProperty *property = NULL;
  IMsgPropertyObject *object = NULL;
  gboolean is_open;
  gboolean has_message;
  gboolean is_idle = self->cancellable == NULL;
  gboolean can_edit;
  gboolean can_add;

  /* The template may still be being built */
  if (self->view == NULL)
    return;

  history = inspector_view_get_history (self->view);
  root = _inspector_window_get_root (self);
  property = inspector_view_get_property (self->view);
  object = inspector_view_get_object (self->view);
  is_open = !imsg_session_is_closed (inspector_view_get_session (self->view));
  has_message = root != NULL && is_open &&
                !imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (root));
  can_edit = is_open && inspector_view_can_edit (self->view);
  can_add = can_edit && object != NULL;

  gtk_widget_action_set_enabled (widget, "win.save", has_message && is_idle);
  gtk_widget_action_set_enabled (widget, "win.save-as", has_message && is_idle);
  gtk_widget_action_set_enabled (widget, "win.save-all",
    is_open && is_idle &&
    imsg_session_has_unsaved_changes (inspector_view_get_session (self->view)));
  gtk_widget_action_set_enabled (widget, "win.export", has_message && is_idle);
  gtk_widget_action_set_enabled (widget, "win.print", has_message);
  gtk_widget_action_set_enabled (widget, "win.compare", is_open && has_any_message (self));
  gtk_widget_action_set_enabled (widget, "win.close-session", has_any_message (self) || !is_open);
  gtk_widget_action_set_enabled (widget, "win.cancel", !is_idle);
  gtk_widget_action_set_enabled (widget, "message.reload",
    has_message && is_idle && imsg_message_get_file (root) != NULL);
  gtk_widget_action_set_enabled (widget, "history.undo", is_open && !self->is_saving &&
    inspector_history_get_undo_label (history) != NULL);
  gtk_widget_action_set_enabled (widget, "history.redo", is_open && !self->is_saving &&
    inspector_history_get_redo_label (history) != NULL);
  gtk_widget_action_set_enabled (widget, "prop.edit", property != NULL);
  gtk_widget_action_set_enabled (widget, "prop.add", can_add);
  gtk_widget_action_set_enabled (widget, "prop.remove", can_edit && property != NULL);
  gtk_widget_action_set_enabled (widget, "prop.revert", can_edit && property != NULL &&
    imsg_property_get_origin (property) == IMSG_PROPERTY_ORIGIN_EDITED);
  gtk_widget_action_set_enabled (widget, "prop.copy", property != NULL);
  gtk_widget_action_set_enabled (widget, "prop.copy-as", property != NULL);
  gtk_widget_action_set_enabled (widget, "prop.paste", can_edit && property != NULL);
  gtk_widget_action_set_enabled (widget, "value.apply", can_edit && property != NULL);
  gtk_widget_action_set_enabled (widget, "value.revert", property != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (of_session); i++)
    gtk_widget_action_set_enabled (widget, of_session[i], self->leaflet != NULL);

  if (self->leaflet == NULL)
    return;
  if (adw_leaflet_get_folded (self->leaflet))
    gtk_button_set_icon_name (GTK_BUTTON (self->save_button), "document-save-symbolic");
  else
    gtk_button_set_label (GTK_BUTTON (self->save_button),
                          root != NULL &&
                          !imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (root))
                            ? _("_Save As…") : _("_Save"));
  if (!has_message)
    gtk_widget_set_tooltip_text (self->save_button, _("Choose a message to save it"));
  else
    gtk_widget_set_tooltip_text (self->save_button, _("Save the Message"));
}
