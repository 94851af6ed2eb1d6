/* inspector-window-actions.c - the window's actions, their keys, and when they can be used
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-access.h"
#include "inspector-add-property.h"
#include "inspector-compare-window.h"
#include "inspector-print.h"

#include <glib/gi18n.h>
#include <string.h>

/* What an action does. The detail is its parameter, or else what its name has after the dot. */
typedef void (*PlainFunc)    (InspectorWindow *self);
typedef void (*DetailedFunc) (InspectorWindow *self,
                              const char      *detail);

static void
save (InspectorWindow *self,
      const char      *detail)
{
  IMsgMessage *root = _inspector_window_get_root (self);

  _inspector_window_commit (self);
  if (root == NULL)
    return;
  if (g_str_equal (detail, "save-as"))
    _inspector_window_save_as (self, root);
  else
    _inspector_window_save (self, root, IMSG_SAVE_NONE);
}

static void
save_all (InspectorWindow *self)
{
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
print (InspectorWindow *self)
{
  IMsgMessage *message = inspector_view_get_message (self->view);

  _inspector_window_commit (self);
  if (message != NULL)
    inspector_print_message (GTK_WINDOW (self), self->view, message,
                             inspector_message_page_has_remote (self->message_page));
}

static void
compare (InspectorWindow *self)
{
  _inspector_window_commit (self);
  inspector_compare_window_present (GTK_WINDOW (self), self->view);
}

static void
close_message (InspectorWindow *self)
{
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
close_session (InspectorWindow *self)
{
  _inspector_window_commit (self);
  if (!_inspector_window_ask_before (self, NULL, TRUE))
    _inspector_window_end_session (self);
}

static void
cancel (InspectorWindow *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
move_in_history (InspectorWindow *self,
                 const char      *detail)
{
  InspectorHistory *history = inspector_view_get_history (self->view);
  g_autoptr(GError) error = NULL;

  _inspector_window_commit (self);
  if (g_str_equal (detail, "undo"))
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
toggle_pane (InspectorWindow *self)
{
  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

static void
go_back (InspectorWindow *self)
{
  if (adw_flap_get_folded (self->flap) && adw_flap_get_reveal_flap (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  else
    {
      adw_leaflet_set_visible_child (self->leaflet, self->sidebar);
      inspector_tree_focus_row (self->tree);
    }
}

static void
find_in_tree (InspectorWindow *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->sidebar);
  inspector_tree_start_search (self->tree);
}

/* In whatever is shown */
static void
find (InspectorWindow *self)
{
  InspectorNode *node = inspector_view_get_node (self->view);
  InspectorNodeKind kind = node != NULL ? inspector_node_get_kind (node) : INSPECTOR_NODE_PROBLEM;
  const char *page = adw_view_stack_get_visible_child_name (self->pages);

  if (kind == INSPECTOR_NODE_PROBLEM)
    return;
  adw_leaflet_set_visible_child (self->leaflet, self->content);
  if (kind == INSPECTOR_NODE_RECIPIENTS)
    inspector_row_page_start_search (INSPECTOR_ROW_PAGE (self->recipient_page));
  else if (kind == INSPECTOR_NODE_ATTACHMENTS)
    inspector_row_page_start_search (INSPECTOR_ROW_PAGE (self->attachment_page));
  else if (g_strcmp0 (page, "storage") == 0)
    inspector_storage_page_start_search (self->storage_page);
  else if (g_strcmp0 (page, "properties") == 0)
    inspector_property_page_start_search (self->property_page);
  else if (kind == INSPECTOR_NODE_MESSAGE)
    inspector_message_page_start_search (self->message_page);
  else
    inspector_preview_page_start_search (self->preview_page);
}

static void
sort (InspectorWindow *self,
      const char      *column)
{
  inspector_property_page_sort (self->property_page, column);
}

/* F6: tree, page, pane */
static void
go_to_next_region (InspectorWindow *self)
{
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
show_rows (InspectorWindow *self,
           const char      *detail)
{
  IMsgMessage *message = inspector_view_get_message (self->view);

  if (message != NULL)
    inspector_tree_reveal (self->tree,
                           g_str_equal (detail, "show-recipients") ? INSPECTOR_NODE_RECIPIENTS
                                                                   : INSPECTOR_NODE_ATTACHMENTS,
                           IMSG_PROPERTY_OBJECT (message));
}

static void
edit_property (InspectorWindow *self)
{
  adw_flap_set_reveal_flap (self->flap, TRUE);
  inspector_value_pane_edit (self->value_pane);
}

static void
add_property (InspectorWindow *self)
{
  inspector_add_property_present (GTK_WINDOW (self), self->view);
}

static void
remove_property (InspectorWindow *self)
{
  inspector_property_page_remove_selected (self->property_page);
}

static void
revert_property (InspectorWindow *self)
{
  inspector_property_page_revert_selected (self->property_page);
}

static void
copy_property (InspectorWindow *self,
               const char      *form)
{
  inspector_property_page_copy (self->property_page, g_str_equal (form, "copy") ? "value" : form);
}

static void
paste_property (InspectorWindow *self)
{
  inspector_property_page_paste (self->property_page);
}

static void
apply_value (InspectorWindow *self)
{
  inspector_value_pane_apply (self->value_pane);
}

static void
revert_value (InspectorWindow *self)
{
  inspector_value_pane_revert (self->value_pane);
}

static void
reload (InspectorWindow *self)
{
  _inspector_window_ask_to_reload (self, _inspector_window_get_root (self));
}

static void
show_help_overlay (InspectorWindow *self)
{
  g_autoptr(GtkBuilder) builder = NULL;
  GtkWindow *overlay = NULL;

  builder = gtk_builder_new_from_resource ("/io/github/libimsg/Inspector/inspector-shortcuts.ui");
  overlay = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));
  gtk_window_set_transient_for (overlay, GTK_WINDOW (self));
  gtk_window_present (overlay);
}

static const struct
{
  const char   *name;
  PlainFunc     plain;
  DetailedFunc  detailed;
  const char   *parameter;  /* type of it; NULL for none */
} actions[] = {
  { "win.open", _inspector_window_choose_files },
  { "win.new-message", _inspector_window_new_message },
  { "win.new-from-template", _inspector_window_choose_template },
  { "win.open-example", _inspector_window_open_example },
  { "win.import", _inspector_window_choose_files },
  { "win.save", NULL, save },
  { "win.save-as", NULL, save },
  { "win.save-all", save_all },
  { "win.export", _inspector_window_export },
  { "win.print", print },
  { "win.compare", compare },
  { "win.close-message", close_message },
  { "win.close-session", close_session },
  { "win.cancel", cancel },
  { "win.show-help-overlay", show_help_overlay },
  { "history.undo", NULL, move_in_history },
  { "history.redo", NULL, move_in_history },
  { "view.page", NULL, _inspector_window_set_page, "s" },
  { "view.toggle-pane", toggle_pane },
  { "view.back", go_back },
  { "view.find", find },
  { "view.find-in-tree", find_in_tree },
  { "view.sort", NULL, sort, "s" },
  { "view.next-region", go_to_next_region },
  { "view.show-recipients", NULL, show_rows },
  { "view.show-attachments", NULL, show_rows },
  { "prop.edit", edit_property },
  { "prop.add", add_property },
  { "prop.remove", remove_property },
  { "prop.revert", revert_property },
  { "prop.copy", NULL, copy_property },
  { "prop.copy-as", NULL, copy_property, "s" },
  { "prop.paste", paste_property },
  { "value.apply", apply_value },
  { "value.revert", revert_value },
  { "message.reload", reload },
};

static void
activate_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  InspectorWindow *self = INSPECTOR_WINDOW (widget);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (!g_str_equal (actions[i].name, name))
        continue;
      if (actions[i].plain != NULL)
        actions[i].plain (self);
      else
        actions[i].detailed (self, parameter != NULL ? g_variant_get_string (parameter, NULL)
                                                     : strchr (name, '.') + 1);
      return;
    }
}

void
_inspector_window_class_add_actions (GtkWidgetClass *widget_class)
{
  GdkModifierType control_shift = GDK_CONTROL_MASK | GDK_SHIFT_MASK;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     activate_action);

  /* Text widgets use these keys too; bound here, theirs come first */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "history.undo",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, control_shift, "history.redo",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "value.apply", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_i, GDK_CONTROL_MASK, "prop.add", NULL);
}

static guint
count_messages (InspectorWindow *self)
{
  return g_list_model_get_n_items (
    imsg_session_get_messages (inspector_view_get_session (self->view)));
}

/* --- why an action cannot be used, in words; NULL when it can --- */

static const char *
get_message_reason (InspectorWindow *self,
                    IMsgMessage     *root)
{
  if (imsg_session_is_closed (inspector_view_get_session (self->view)))
    return _("The session was closed.");
  if (root == NULL || imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (root)))
    return _("No message is selected.");
  return NULL;
}

static const char *
get_file_reason (InspectorWindow *self,
                 IMsgMessage     *root)
{
  const char *reason = get_message_reason (self, root);

  if (reason == NULL && self->cancellable != NULL)
    return _("Other work is under way.");
  return reason;
}

/* What is typed and not applied yet is applied by saving. A message that may not be written, or
 * has no file, is saved under another name. */
static const char *
get_save_reason (InspectorWindow *self,
                 IMsgMessage     *root)
{
  const char *reason = get_file_reason (self, root);

  if (reason == NULL && imsg_message_get_file (root) != NULL &&
      imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (root)) &&
      !imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (root)) &&
      (self->value_pane == NULL || !inspector_value_pane_has_edit (self->value_pane)))
    return _("There is nothing to save.");
  return reason;
}

static const char *
get_history_reason (InspectorWindow *self,
                    const char      *label,
                    const char      *nothing)
{
  if (imsg_session_is_closed (inspector_view_get_session (self->view)))
    return _("The session was closed.");
  if (self->is_saving)
    return _("The message is being saved.");
  return label == NULL ? nothing : NULL;
}

static void
update_property_actions (InspectorWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  IMsgProperty *property = inspector_view_get_property (self->view);
  const char *locked = inspector_view_get_lock_reason (self->view);
  const char *absent = property != NULL ? NULL : _("No property is selected.");
  const char *reason = locked != NULL ? locked : absent;
  gboolean is_edited = property != NULL &&
                       imsg_property_get_origin (property) == IMSG_PROPERTY_ORIGIN_EDITED;

  inspector_access_enable_action (widget, "prop.edit", absent);
  inspector_access_enable_action (widget, "prop.add",
                                  locked != NULL ? locked
                                  : inspector_view_get_object (self->view) == NULL
                                    ? _("No row is selected.") : NULL);
  inspector_access_enable_action (widget, "prop.remove", reason);
  inspector_access_enable_action (widget, "prop.revert",
                                  reason != NULL ? reason
                                  : is_edited    ? NULL : _("The property is as it is stored."));
  inspector_access_enable_action (widget, "prop.copy", absent);
  inspector_access_enable_action (widget, "prop.copy-as", absent);
  inspector_access_enable_action (widget, "prop.paste", reason);
  inspector_access_enable_action (widget, "value.apply", reason);
  inspector_access_enable_action (widget, "value.revert", absent);
}

static void
update_save_button (InspectorWindow *self,
                    IMsgMessage     *root)
{
  gboolean saves_as = root != NULL &&
                      !imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (root));

  gtk_widget_set_tooltip_text (self->save_button, saves_as ? _("Save Under Another Name")
                                                           : _("Save the Message"));
  inspector_access_set_button (GTK_BUTTON (self->save_button),
                               adw_leaflet_get_folded (self->leaflet) ? "document-save-symbolic"
                                                                      : NULL,
                               saves_as ? _("_Save As…") : _("_Save"));
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
  const char *no_file = NULL;
  gboolean is_open;
  gboolean is_idle = self->cancellable == NULL;

  /* The template may still be being built */
  if (self->view == NULL)
    return;

  history = inspector_view_get_history (self->view);
  root = _inspector_window_get_root (self);
  is_open = !imsg_session_is_closed (inspector_view_get_session (self->view));
  no_file = get_file_reason (self, root);

  inspector_access_enable_action (widget, "win.save", get_save_reason (self, root));
  inspector_access_enable_action (widget, "win.save-as", no_file);
  gtk_widget_action_set_enabled (widget, "win.save-all",
    is_open && is_idle &&
    imsg_session_has_unsaved_changes (inspector_view_get_session (self->view)));
  inspector_access_enable_action (widget, "win.export", no_file);
  inspector_access_enable_action (widget, "win.print", get_message_reason (self, root));
  inspector_access_enable_action (widget, "win.compare",
                                  !is_open                     ? _("The session was closed.")
                                  : count_messages (self) < 2 ? _("Only one message is open.")
                                                              : NULL);
  gtk_widget_action_set_enabled (widget, "win.close-session",
                                 count_messages (self) > 0 || !is_open);
  gtk_widget_action_set_enabled (widget, "win.cancel", !is_idle);
  gtk_widget_action_set_enabled (widget, "message.reload",
                                 no_file == NULL && imsg_message_get_file (root) != NULL);
  inspector_access_enable_action (widget, "history.undo",
    get_history_reason (self, inspector_history_get_undo_label (history), _("Nothing to Undo")));
  inspector_access_enable_action (widget, "history.redo",
    get_history_reason (self, inspector_history_get_redo_label (history), _("Nothing to Redo")));
  update_property_actions (self);
  for (guint i = 0; i < G_N_ELEMENTS (of_session); i++)
    gtk_widget_action_set_enabled (widget, of_session[i], self->leaflet != NULL);
  if (self->leaflet != NULL)
    update_save_button (self, root);
  else
    gtk_widget_action_set_enabled (widget, "view.toggle-pane", FALSE);
}
