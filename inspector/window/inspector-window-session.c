/* inspector-window-session.c - the part of the window that shows a session
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-access.h"
#include "inspector-edit.h"
#include "inspector-settings.h"
#include "inspector-shown-text.h"

#include <glib/gi18n.h>

#define SIDEBAR_WIDTH 280
#define FOLDING_WIDTH 1000   /* more than a window has whose sidebar is folded */

void
_inspector_window_update_titles (InspectorWindow *self)
{
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (self->view));
  IMsgMessage *message = inspector_view_get_message (self->view);
  guint n_messages = g_list_model_get_n_items (messages);
  gboolean edited = imsg_session_has_unsaved_changes (inspector_view_get_session (self->view));
  g_autofree char *count = NULL;
  g_autofree char *title = NULL;
  const char *subject = NULL;

  /* Of a session that was closed, the last known state stays */
  if (self->leaflet == NULL || imsg_session_is_closed (inspector_view_get_session (self->view)))
    return;

  count = g_strdup_printf (ngettext ("%u message", "%u messages", n_messages), n_messages);
  if (edited)
    {
      g_autofree char *plain = g_steal_pointer (&count);

      /* Translators: how many messages, then that something in them is not saved */
      count = g_strdup_printf (_("%s, edited"), plain);
    }
  adw_window_title_set_subtitle (self->sidebar_title, count);

  if (message != NULL && !imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)))
    subject = imsg_message_get_subject (message);
  if (subject == NULL || *subject == '\0')
    subject = message != NULL ? _("Untitled") : _("Message Inspector");
  title = inspector_dup_shown_text (subject);
  adw_view_switcher_title_set_title (self->switcher_title, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
}

/* The pane shows the value of a property: where none can be selected it would only take room, and
 * where it covers the table it comes when somebody calls it */
static void
update_pane (InspectorWindow *self)
{
  InspectorNode *node = inspector_view_get_node (self->view);
  gboolean has_values = FALSE;

  if (node != NULL)
    {
      switch (inspector_node_get_kind (node))
        {
        case INSPECTOR_NODE_RECIPIENTS:
        case INSPECTOR_NODE_ATTACHMENTS:
          has_values = TRUE;
          break;
        case INSPECTOR_NODE_PROBLEM:
          break;
        case INSPECTOR_NODE_MESSAGE:
        case INSPECTOR_NODE_ATTACHMENT:
        default:
          has_values = g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages),
                                  "properties") == 0;
          break;
        }
    }
  inspector_access_enable (self->pane_button,
                           has_values ? NULL : _("No property can be selected here."));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "view.toggle-pane", has_values);
  adw_flap_set_reveal_flap (self->flap, has_values && self->wants_pane &&
                                        !adw_flap_get_folded (self->flap));
}

static void
pane_folded_cb (InspectorWindow *self)
{
  if (self->flap != NULL)
    update_pane (self);
}

/* Only what a person does beside the table, where there is something to show, is remembered */
static void
pane_revealed_cb (InspectorWindow *self)
{
  GSettings *settings = inspector_settings_get ();

  if (self->flap == NULL || !gtk_widget_get_sensitive (self->pane_button) ||
      adw_flap_get_folded (self->flap))
    return;
  self->wants_pane = adw_flap_get_reveal_flap (self->flap);
  if (settings != NULL)
    g_settings_set_boolean (settings, "show-pane", self->wants_pane);
}

void
_inspector_window_show_kind (InspectorWindow *self)
{
  InspectorNode *node = inspector_view_get_node (self->view);
  gboolean has_pages = FALSE;

  if (self->leaflet == NULL)
    return;

  if (node == NULL)
    gtk_stack_set_visible_child_name (self->kinds, "nothing");
  else
    {
      switch (inspector_node_get_kind (node))
        {
        case INSPECTOR_NODE_RECIPIENTS:
          gtk_stack_set_visible_child_name (self->kinds, "recipients");
          break;
        case INSPECTOR_NODE_ATTACHMENTS:
          gtk_stack_set_visible_child_name (self->kinds, "attachments");
          break;
        case INSPECTOR_NODE_PROBLEM:
          {
            g_autofree char *escaped = g_markup_escape_text (inspector_node_get_title (node), -1);

            adw_status_page_set_description (self->problem_page, escaped);
          }
          gtk_stack_set_visible_child_name (self->kinds, "problem");
          break;
        case INSPECTOR_NODE_ATTACHMENT:
          adw_view_stack_page_set_title (self->message_stack_page, _("Preview"));
          gtk_stack_set_visible_child_name (self->readings, "preview");
          gtk_stack_set_visible_child_name (self->kinds, "object");
          has_pages = TRUE;
          break;
        case INSPECTOR_NODE_MESSAGE:
        default:
          adw_view_stack_page_set_title (self->message_stack_page, _("Message"));
          gtk_stack_set_visible_child_name (self->readings, "message");
          gtk_stack_set_visible_child_name (self->kinds, "object");
          has_pages = TRUE;
          break;
        }
    }
  adw_view_switcher_title_set_view_switcher_enabled (self->switcher_title, has_pages);
  update_pane (self);
  adw_view_switcher_bar_set_reveal (self->switcher_bar, has_pages &&
                                    adw_view_switcher_title_get_title_visible (self->switcher_title));
}

static void
title_visible_cb (InspectorWindow *self)
{
  adw_view_switcher_bar_set_reveal (self->switcher_bar,
    adw_view_switcher_title_get_view_switcher_enabled (self->switcher_title) &&
    adw_view_switcher_title_get_title_visible (self->switcher_title));
}

void
_inspector_window_update_history (InspectorWindow *self)
{
  InspectorHistory *history = inspector_view_get_history (self->view);
  const char *undo = inspector_history_get_undo_label (history);
  const char *redo = inspector_history_get_redo_label (history);
  g_autofree char *undo_text = NULL;
  g_autofree char *redo_text = NULL;

  undo_text = undo != NULL ? g_strdup_printf (_("Undo: %s"), undo)
                           : g_strdup (_("Nothing to Undo"));
  redo_text = redo != NULL ? g_strdup_printf (_("Redo: %s"), redo)
                           : g_strdup (_("Nothing to Redo"));
  if (self->leaflet != NULL)
    {
      gtk_widget_set_tooltip_text (self->undo_button, undo_text);
      gtk_widget_set_tooltip_text (self->redo_button, redo_text);
    }
  _inspector_window_update (self);
}

static void
reveal_cb (InspectorView      *view,
           IMsgPropertyObject *object,
           guint               tag,
           const char         *page,
           InspectorWindow    *self)
{
  if (IMSG_IS_RECIPIENT (object))
    {
      IMsgMessage *message = imsg_recipient_get_message (IMSG_RECIPIENT (object));

      inspector_tree_reveal (self->tree, INSPECTOR_NODE_RECIPIENTS,
                             IMSG_PROPERTY_OBJECT (message));
      inspector_recipient_page_select (self->recipient_page, IMSG_RECIPIENT (object), tag);
    }
  else
    {
      inspector_tree_reveal (self->tree,
                             IMSG_IS_ATTACHMENT (object) ? INSPECTOR_NODE_ATTACHMENT
                                                         : INSPECTOR_NODE_MESSAGE, object);
      if (page != NULL)
        _inspector_window_set_page (self, page);
      /* Of no type: whatever has the id, alone */
      if (tag != 0 && imsg_property_tag_get_property_type (tag) == IMSG_PROPERTY_TYPE_UNSPECIFIED)
        {
          g_autofree char *id = g_strdup_printf ("0x%04X", imsg_property_tag_get_id (tag));

          inspector_property_page_set_filter (self->property_page, id);
        }
      if (tag != 0)
        inspector_property_page_select (self->property_page, tag);
    }
}

static gboolean
is_on_message_page (InspectorWindow    *self,
                    IMsgPropertyObject *object,
                    guint32             tag)
{
  static const guint32 tags[] = { IMSG_PR_SUBJECT, IMSG_PR_BODY, IMSG_PR_HTML,
                                  IMSG_PR_RTF_COMPRESSED };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      if (imsg_property_tag_get_id (tags[i]) == imsg_property_tag_get_id (tag))
        return IMSG_IS_MESSAGE (object) &&
               g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages), "message") == 0;
    }
  return FALSE;
}

void
_inspector_window_show_step (InspectorWindow *self,
                             gpointer         subject,
                             guint32          tag)
{
  IMsgPropertyObject *object = inspector_edit_get_subject (subject);
  gboolean is_recipient = FALSE;
  IMsgMessage *message = inspector_edit_get_place (subject, &is_recipient);

  adw_leaflet_set_visible_child (self->leaflet, self->content);
  if (object != NULL && tag != 0)
    inspector_view_reveal (self->view, object, tag,
                           is_on_message_page (self, object, tag) ? NULL : "properties");
  else if (object != NULL && IMSG_IS_RECIPIENT (object))
    inspector_view_reveal (self->view, object, 0, NULL);
  else if (object != NULL && IMSG_IS_ATTACHMENT (object))
    {
      message = imsg_attachment_get_message (IMSG_ATTACHMENT (object));
      inspector_tree_reveal (self->tree, INSPECTOR_NODE_ATTACHMENTS,
                             IMSG_PROPERTY_OBJECT (message));
      inspector_row_page_select (INSPECTOR_ROW_PAGE (self->attachment_page), object);
    }
  else if (message != NULL)
    inspector_tree_reveal (self->tree, is_recipient ? INSPECTOR_NODE_RECIPIENTS
                                                    : INSPECTOR_NODE_ATTACHMENTS,
                           IMSG_PROPERTY_OBJECT (message));
}

/* The first step into a property from the message page is a step back away, so both are shown */
static void
folded_cb (InspectorWindow *self)
{
  gboolean folded;

  if (self->flap == NULL)
    return;
  folded = adw_leaflet_get_folded (self->leaflet);
  adw_flap_set_fold_policy (self->flap, folded ? ADW_FLAP_FOLD_POLICY_ALWAYS
                                               : ADW_FLAP_FOLD_POLICY_AUTO);
  inspector_tree_set_opens_on_click (self->tree, folded);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->strip_box),
                                  folded ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  /* Beside the content it has one width, whatever its title says */
  adw_clamp_set_maximum_size (ADW_CLAMP (self->sidebar), folded ? FOLDING_WIDTH : SIDEBAR_WIDTH);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (self->sidebar),
                                      folded ? FOLDING_WIDTH : SIDEBAR_WIDTH);
  _inspector_window_update_actions (self);
}

static void
page_changed_cb (InspectorWindow *self)
{
  GSettings *settings = inspector_settings_get ();
  const char *page = self->pages != NULL ? adw_view_stack_get_visible_child_name (self->pages)
                                         : NULL;

  if (page == NULL)
    return;
  if (settings != NULL)
    g_settings_set_string (settings, "page", page);
  update_pane (self);
  _inspector_window_update_actions (self);
}

static void
tree_activated_cb (InspectorTree   *tree,
                   InspectorWindow *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->content);
}

static void
recent_map_cb (GtkWidget       *popover,
               InspectorWindow *self)
{
  _inspector_window_fill_recent (self);
}

static void
recent_activated_cb (GtkListBox      *list,
                     GtkListBoxRow   *row,
                     InspectorWindow *self)
{
  const char *uri = g_object_get_data (G_OBJECT (row), "inspector-uri");
  g_autoptr(GFile) file = g_file_new_for_uri (uri);

  gtk_popover_popdown (self->recent_popover);
  inspector_window_open_files (self, &file, 1);
}

static void
restore_state (InspectorWindow *self)
{
  GSettings *settings = inspector_settings_get ();
  g_autofree char *page = NULL;

  self->wants_pane = settings == NULL || g_settings_get_boolean (settings, "show-pane");
  if (settings == NULL)
    return;
  page = g_settings_get_string (settings, "page");
  if (adw_view_stack_get_child_by_name (self->pages, page) != NULL)
    _inspector_window_set_page (self, page);
}

static const struct
{
  const char *name;
  gsize       offset;
} children[] = {
#define CHILD(name) { #name, G_STRUCT_OFFSET (InspectorWindow, name) }
  CHILD (leaflet),
  CHILD (sidebar),
  CHILD (content),
  CHILD (sidebar_title),
  CHILD (switcher_title),
  CHILD (switcher_bar),
  CHILD (undo_button),
  CHILD (redo_button),
  CHILD (pane_button),
  CHILD (save_button),
  CHILD (lock_icon),
  CHILD (progress_box),
  CHILD (progress),
  CHILD (strip),
  CHILD (strip_box),
  CHILD (strip_label),
  CHILD (strip_first_button),
  CHILD (strip_second_button),
  CHILD (flap),
  CHILD (kinds),
  CHILD (pages),
  CHILD (message_stack_page),
  CHILD (readings),
  CHILD (problem_page),
  CHILD (menu_button),
  CHILD (recent_list),
  CHILD (recent_popover),
  CHILD (tree),
  CHILD (message_page),
  CHILD (preview_page),
  CHILD (property_page),
  CHILD (storage_page),
  CHILD (recipient_page),
  CHILD (attachment_page),
  CHILD (value_pane),
#undef CHILD
};

static GtkBuilder *
create_builder (InspectorWindow *self)
{
  g_autoptr(GtkBuilderScope) scope = gtk_builder_cscope_new ();
  g_autoptr(GError) error = NULL;
  GtkBuilder *builder = gtk_builder_new ();

  g_type_ensure (INSPECTOR_TYPE_TREE);
  g_type_ensure (INSPECTOR_TYPE_MESSAGE_PAGE);
  g_type_ensure (INSPECTOR_TYPE_PREVIEW_PAGE);
  g_type_ensure (INSPECTOR_TYPE_PROPERTY_PAGE);
  g_type_ensure (INSPECTOR_TYPE_STORAGE_PAGE);
  g_type_ensure (INSPECTOR_TYPE_RECIPIENT_PAGE);
  g_type_ensure (INSPECTOR_TYPE_ATTACHMENT_PAGE);
  g_type_ensure (INSPECTOR_TYPE_VALUE_PANE);
  gtk_builder_cscope_add_callback_symbols (GTK_BUILDER_CSCOPE (scope),
    "strip_response_cb", G_CALLBACK (_inspector_window_strip_response),
    "strip_first_cb", G_CALLBACK (_inspector_window_strip_first),
    "strip_second_cb", G_CALLBACK (_inspector_window_strip_second),
    "folded_cb", G_CALLBACK (folded_cb),
    "page_changed_cb", G_CALLBACK (page_changed_cb),
    "tree_activated_cb", G_CALLBACK (tree_activated_cb),
    "recent_map_cb", G_CALLBACK (recent_map_cb),
    "recent_activated_cb", G_CALLBACK (recent_activated_cb),
    NULL);
  gtk_builder_set_scope (builder, scope);
  gtk_builder_set_translation_domain (builder, GETTEXT_PACKAGE);
  gtk_builder_set_current_object (builder, G_OBJECT (self));
  if (!gtk_builder_add_from_resource (builder, "/io/github/libimsg/Inspector/inspector-session.ui",
                                      &error))
    g_error ("The session cannot be built: %s", error->message);
  return builder;
}

void
_inspector_window_ensure_session (InspectorWindow *self)
{
  g_autoptr(GtkBuilder) builder = NULL;

  if (self->leaflet != NULL)
    return;

  builder = create_builder (self);
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    G_STRUCT_MEMBER (GObject *, self, children[i].offset) =
      gtk_builder_get_object (builder, children[i].name);
  gtk_stack_add_named (self->states, GTK_WIDGET (self->leaflet), "session");
  restore_state (self);

  inspector_tree_set_view (self->tree, self->view);
  inspector_message_page_set_view (self->message_page, self->view);
  inspector_preview_page_set_view (self->preview_page, self->view);
  inspector_property_page_set_view (self->property_page, self->view);
  inspector_storage_page_set_view (self->storage_page, self->view);
  inspector_recipient_page_set_view (self->recipient_page, self->view);
  inspector_row_page_set_view (INSPECTOR_ROW_PAGE (self->attachment_page), self->view);
  inspector_value_pane_set_view (self->value_pane, self->view);
  g_signal_connect_object (self->value_pane, "edit-changed",
                           G_CALLBACK (_inspector_window_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "reveal", G_CALLBACK (reveal_cb), self, 0);
  g_signal_connect_object (self->flap, "notify::reveal-flap", G_CALLBACK (pane_revealed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->flap, "notify::folded", G_CALLBACK (pane_folded_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->switcher_title, "notify::title-visible",
                           G_CALLBACK (title_visible_cb), self, G_CONNECT_SWAPPED);
  gtk_menu_button_set_create_popup_func (self->menu_button, _inspector_window_create_menu, NULL,
                                         NULL);
  inspector_access_name_controls (GTK_WIDGET (self->leaflet));
  _inspector_window_show_kind (self);
  _inspector_window_update_history (self);
  folded_cb (self);
}

/* The widgets are going, and tell of it */
void
_inspector_window_drop_session (InspectorWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    G_STRUCT_MEMBER (GObject *, self, children[i].offset) = NULL;
}

void
_inspector_window_commit (InspectorWindow *self)
{
  if (self->value_pane != NULL)
    inspector_value_pane_commit (self->value_pane);
}

/* Menus are made when they are first opened */
void
_inspector_window_create_menu (GtkMenuButton *button,
                               gpointer       user_data)
{
  g_autoptr(GtkBuilder) builder = NULL;

  if (gtk_menu_button_get_menu_model (button) != NULL)
    return;
  builder = gtk_builder_new_from_resource ("/io/github/libimsg/Inspector/inspector-menu.ui");
  gtk_menu_button_set_menu_model (button,
                                  G_MENU_MODEL (gtk_builder_get_object (builder, "primary_menu")));
}
