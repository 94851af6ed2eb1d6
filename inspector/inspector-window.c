/* inspector-window.c - one window, which is one session
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-access.h"
#include "inspector-application.h"
#include "inspector-edit.h"

#include <glib/gi18n.h>

#define PROGRESS_DELAY_MS 500

G_DEFINE_FINAL_TYPE (InspectorWindow, inspector_window, ADW_TYPE_APPLICATION_WINDOW)

/* The top-level message that the selection is in: what Save saves */
IMsgMessage *
_inspector_window_get_root (InspectorWindow *self)
{
  IMsgMessage *message = inspector_view_get_message (self->view);

  while (message != NULL)
    {
      IMsgAttachment *parent = imsg_message_get_parent (message);

      if (parent == NULL)
        break;
      message = imsg_attachment_get_message (parent);
    }
  return message;
}

void
_inspector_window_hide_strip (InspectorWindow *self)
{
  gtk_info_bar_set_revealed (self->strip, FALSE);
  gtk_info_bar_set_revealed (self->start_strip, FALSE);
  g_clear_object (&self->strip_message);
}

static void
show_strip_button (GtkButton  *button,
                   const char *label)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  if (label != NULL)
    gtk_button_set_label (button, label);
}

void
_inspector_window_show_strip (InspectorWindow      *self,
                              const char           *text,
                              IMsgMessage          *message,
                              const char           *first,
                              InspectorStripAction  first_action,
                              const char           *second,
                              InspectorStripAction  second_action)
{
  gboolean on_start = g_strcmp0 (gtk_stack_get_visible_child_name (self->states), "start") == 0;

  g_set_object (&self->strip_message, message);
  self->strip_actions[0] = first_action;
  self->strip_actions[1] = second_action;
  gtk_label_set_text (self->strip_label, text);
  gtk_label_set_text (self->start_strip_label, text);
  show_strip_button (self->strip_first_button, first);
  show_strip_button (self->strip_second_button, second);
  gtk_info_bar_set_revealed (self->strip, !on_start);
  gtk_info_bar_set_revealed (self->start_strip, on_start);
}

static void
copy_unsaved (InspectorWindow *self)
{
  g_auto(GStrv) steps =
    inspector_history_list_unsaved (inspector_view_get_history (self->view));
  g_autofree char *text = g_strjoinv ("\n", steps);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
strip_response_cb (GtkInfoBar      *strip,
                   int              response,
                   InspectorWindow *self)
{
  g_autoptr(IMsgMessage) message = NULL;

  g_set_object (&message, self->strip_message);
  _inspector_window_hide_strip (self);
  if (response != 1 && response != 2)
    return;

  switch (self->strip_actions[response - 1])
    {
    case INSPECTOR_STRIP_SAVE_AS:
      _inspector_window_save_as (self, message);
      break;
    case INSPECTOR_STRIP_TRY_AGAIN:
      _inspector_window_save (self, message, IMSG_SAVE_NONE);
      break;
    case INSPECTOR_STRIP_SAVE_ANYWAY:
      _inspector_window_save (self, message, IMSG_SAVE_FORCE_SAVE);
      break;
    case INSPECTOR_STRIP_RELOAD:
      _inspector_window_reload (self, message);
      break;
    case INSPECTOR_STRIP_COPY_UNSAVED:
      copy_unsaved (self);
      break;
    case INSPECTOR_STRIP_NONE:
    default:
      break;
    }
}

static gboolean
show_progress_cb (gpointer user_data)
{
  InspectorWindow *self = user_data;

  self->progress_source = 0;
  gtk_widget_set_visible (self->progress_box, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->start_progress), TRUE);
  return G_SOURCE_REMOVE;
}

/* Short work shows nothing at all */
void
_inspector_window_start_work (InspectorWindow *self)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  gtk_progress_bar_set_fraction (self->progress, 0);
  if (self->progress_source == 0)
    self->progress_source = g_timeout_add (PROGRESS_DELAY_MS, show_progress_cb, self);
  _inspector_window_update_actions (self);
}

void
_inspector_window_set_progress (InspectorWindow *self,
                                double           fraction,
                                const char      *text)
{
  gtk_progress_bar_set_fraction (self->progress, fraction);
  gtk_progress_bar_set_fraction (self->start_progress, fraction);
  gtk_progress_bar_set_show_text (self->progress, text != NULL);
  gtk_progress_bar_set_text (self->progress, text);
}

void
_inspector_window_end_work (InspectorWindow *self)
{
  g_clear_handle_id (&self->progress_source, g_source_remove);
  g_clear_object (&self->cancellable);
  gtk_widget_set_visible (self->progress_box, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->start_progress), FALSE);
  _inspector_window_update_actions (self);
}

static void
update_titles (InspectorWindow *self)
{
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (self->view));
  IMsgMessage *message = inspector_view_get_message (self->view);
  guint n_messages = g_list_model_get_n_items (messages);
  gboolean edited = imsg_session_has_unsaved_changes (inspector_view_get_session (self->view));
  g_autofree char *count = NULL;
  const char *subject = NULL;

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
  adw_view_switcher_title_set_title (self->switcher_title, subject);
  gtk_window_set_title (GTK_WINDOW (self), subject);
}

static void
show_kind (InspectorWindow *self)
{
  InspectorNode *node = inspector_view_get_node (self->view);
  gboolean has_pages = FALSE;

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
          adw_status_page_set_description (self->problem_page, inspector_node_get_title (node));
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
_inspector_window_update (InspectorWindow *self)
{
  IMsgMessage *root = _inspector_window_get_root (self);

  update_titles (self);
  gtk_widget_set_visible (self->lock_icon,
                          root != NULL &&
                          !imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (root)));
  _inspector_window_update_actions (self);
}

static void
node_changed_cb (InspectorWindow *self)
{
  show_kind (self);
  _inspector_window_update (self);
  _inspector_window_watch_file (self);
}

static void
messages_changed_cb (InspectorWindow *self)
{
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (self->view));
  gboolean has_messages = g_list_model_get_n_items (messages) > 0;

  gtk_stack_set_visible_child_name (self->states, has_messages ? "session" : "start");
  if (!has_messages)
    inspector_view_set_node (self->view, NULL);
  _inspector_window_update (self);
}

/* By other code: what is on the screen stays, nothing can be done to it any more */
static void
session_closed_cb (InspectorWindow *self,
                   IMsgSession     *session)
{
  if (session != inspector_view_get_session (self->view))
    return;

  gtk_stack_set_visible_child_name (self->states, "session");
  gtk_widget_add_css_class (GTK_WIDGET (self->kinds), "dim-label");
  _inspector_window_show_strip (self,
                                _("This session was closed. This is its last known state."), NULL,
                                _("_Copy Unsaved Steps"), INSPECTOR_STRIP_COPY_UNSAVED, NULL,
                                INSPECTOR_STRIP_NONE);
  _inspector_window_update_actions (self);
}

static void
session_changed_cb (InspectorWindow *self)
{
  GListModel *messages = NULL;

  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_func (imsg_session_get_messages (self->session),
                                            messages_changed_cb, self);
      g_signal_handlers_disconnect_by_data (self->session, self);
    }
  g_set_object (&self->session, inspector_view_get_session (self->view));
  messages = imsg_session_get_messages (self->session);
  g_signal_connect_object (messages, "items-changed", G_CALLBACK (messages_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "closed", G_CALLBACK (session_closed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::has-unsaved-changes",
                           G_CALLBACK (_inspector_window_update), self, G_CONNECT_SWAPPED);
  gtk_widget_remove_css_class (GTK_WIDGET (self->kinds), "dim-label");
  messages_changed_cb (self);
}

void
_inspector_window_end_session (InspectorWindow *self)
{
  _inspector_window_hide_strip (self);
  inspector_view_renew_session (self->view);
}

static void
history_changed_cb (InspectorWindow *self)
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
  gtk_widget_set_tooltip_text (self->undo_button, undo_text);
  gtk_widget_set_tooltip_text (self->redo_button, redo_text);
  _inspector_window_update (self);
}

/* Ctrl+Z shows what it undid */
static void
history_moved_cb (InspectorHistory *history,
                  gpointer          subject,
                  guint             tag,
                  InspectorWindow  *self)
{
  IMsgPropertyObject *object = inspector_edit_get_subject (subject);

  if (object != NULL && tag != 0)
    inspector_view_reveal (self->view, object, tag, NULL);
}

static void
report_cb (InspectorView   *view,
           const char      *what,
           const GError    *error,
           InspectorWindow *self)
{
  g_autofree char *text = NULL;

  text = error != NULL ? g_strdup_printf ("%s %s", what, error->message) : g_strdup (what);
  _inspector_window_show_strip (self, text, NULL, NULL, INSPECTOR_STRIP_NONE, NULL,
                                INSPECTOR_STRIP_NONE);
}

static void
toast_cb (InspectorView   *view,
          const char      *text,
          InspectorWindow *self)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

void
_inspector_window_set_page (InspectorWindow *self,
                            const char      *page)
{
  adw_view_stack_set_visible_child_name (self->pages, page);
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

/* The first step into a property from the message page is a step back away, so both are shown */
static void
folded_cb (InspectorWindow *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);

  if (self->flap == NULL)
    return;
  adw_flap_set_fold_policy (self->flap, folded ? ADW_FLAP_FOLD_POLICY_ALWAYS
                                               : ADW_FLAP_FOLD_POLICY_AUTO);
  _inspector_window_update_actions (self);
}

static void
page_changed_cb (InspectorWindow *self)
{
  GSettings *settings = inspector_application_get_settings ();
  const char *page = adw_view_stack_get_visible_child_name (self->pages);

  if (self->view == NULL || page == NULL)
    return;
  if (settings != NULL)
    g_settings_set_string (settings, "page", page);
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
save_state (InspectorWindow *self)
{
  GSettings *settings = inspector_application_get_settings ();
  int width = 0;
  int height = 0;

  if (settings == NULL)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set (settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (settings, "is-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
}

static void
restore_state (InspectorWindow *self)
{
  GSettings *settings = inspector_application_get_settings ();
  g_autofree char *page = NULL;
  int width = 0;
  int height = 0;

  if (settings == NULL)
    return;
  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (settings, "is-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  page = g_settings_get_string (settings, "page");
  if (adw_view_stack_get_child_by_name (self->pages, page) != NULL)
    _inspector_window_set_page (self, page);
  g_settings_bind (settings, "show-pane", self->flap, "reveal-flap", G_SETTINGS_BIND_DEFAULT);
}

static gboolean
inspector_window_close_request (GtkWindow *window)
{
  InspectorWindow *self = INSPECTOR_WINDOW (window);

  inspector_value_pane_commit (self->value_pane);
  if (!self->may_close && _inspector_window_ask_before (self, NULL, FALSE))
    return TRUE;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  save_state (self);
  return GTK_WINDOW_CLASS (inspector_window_parent_class)->close_request (window);
}

static void
inspector_window_dispose (GObject *object)
{
  InspectorWindow *self = INSPECTOR_WINDOW (object);

  g_clear_handle_id (&self->progress_source, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->monitor);
  g_clear_object (&self->monitored);
  g_clear_object (&self->strip_message);
  g_clear_object (&self->closing);
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_queue_clear_full (&self->to_save, g_object_unref);
  if (self->view != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->view, self);
      g_signal_handlers_disconnect_by_data (inspector_view_get_history (self->view), self);
    }
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      g_signal_handlers_disconnect_by_func (imsg_session_get_messages (self->session),
                                            messages_changed_cb, self);
      imsg_session_close (self->session);
    }
  g_clear_object (&self->session);

  G_OBJECT_CLASS (inspector_window_parent_class)->dispose (object);
}

static void
inspector_window_finalize (GObject *object)
{
  InspectorWindow *self = INSPECTOR_WINDOW (object);

  g_clear_object (&self->view);
  if (self->failures != NULL)
    g_string_free (self->failures, TRUE);

  G_OBJECT_CLASS (inspector_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, InspectorWindow, name)
  BIND (toasts);
  BIND (states);
  BIND (leaflet);
  BIND (sidebar);
  BIND (content);
  BIND (sidebar_title);
  BIND (switcher_title);
  BIND (switcher_bar);
  BIND (undo_button);
  BIND (redo_button);
  BIND (pane_button);
  BIND (save_button);
  BIND (lock_icon);
  BIND (progress_box);
  BIND (progress);
  BIND (start_progress);
  BIND (start_strip);
  BIND (start_strip_label);
  BIND (start_page);
  BIND (strip);
  BIND (strip_label);
  BIND (strip_first_button);
  BIND (strip_second_button);
  BIND (flap);
  BIND (kinds);
  BIND (pages);
  BIND (message_stack_page);
  BIND (readings);
  BIND (problem_page);
  BIND (recent_list);
  BIND (recent_popover);
  BIND (tree);
  BIND (message_page);
  BIND (preview_page);
  BIND (property_page);
  BIND (storage_page);
  BIND (recipient_page);
  BIND (attachment_page);
  BIND (value_pane);
#undef BIND
}

static void
inspector_window_class_init (InspectorWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = inspector_window_dispose;
  object_class->finalize = inspector_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = inspector_window_close_request;

  g_type_ensure (INSPECTOR_TYPE_TREE);
  g_type_ensure (INSPECTOR_TYPE_MESSAGE_PAGE);
  g_type_ensure (INSPECTOR_TYPE_PREVIEW_PAGE);
  g_type_ensure (INSPECTOR_TYPE_PROPERTY_PAGE);
  g_type_ensure (INSPECTOR_TYPE_STORAGE_PAGE);
  g_type_ensure (INSPECTOR_TYPE_RECIPIENT_PAGE);
  g_type_ensure (INSPECTOR_TYPE_ATTACHMENT_PAGE);
  g_type_ensure (INSPECTOR_TYPE_VALUE_PANE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/libimsg/Inspector/inspector-window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, strip_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, tree_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, recent_map_cb);
  gtk_widget_class_bind_template_callback (widget_class, recent_activated_cb);
  _inspector_window_class_add_actions (widget_class);
}

static void
inspector_window_init (InspectorWindow *self)
{
  InspectorHistory *history = NULL;

  g_queue_init (&self->waiting);
  g_queue_init (&self->to_save);
  gtk_widget_init_template (GTK_WIDGET (self));
  restore_state (self);

  self->view = inspector_view_new ();
  history = inspector_view_get_history (self->view);
  inspector_tree_set_view (self->tree, self->view);
  inspector_message_page_set_view (self->message_page, self->view);
  inspector_preview_page_set_view (self->preview_page, self->view);
  inspector_property_page_set_view (self->property_page, self->view);
  inspector_storage_page_set_view (self->storage_page, self->view);
  inspector_recipient_page_set_view (self->recipient_page, self->view);
  inspector_row_page_set_view (INSPECTOR_ROW_PAGE (self->attachment_page), self->view);
  inspector_value_pane_set_view (self->value_pane, self->view);

  g_signal_connect_object (self->view, "notify::session", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "notify::node", G_CALLBACK (node_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "notify::property",
                           G_CALLBACK (_inspector_window_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "report", G_CALLBACK (report_cb), self, 0);
  g_signal_connect_object (self->view, "toast", G_CALLBACK (toast_cb), self, 0);
  g_signal_connect_object (self->view, "reveal", G_CALLBACK (reveal_cb), self, 0);
  g_signal_connect_object (history, "changed", G_CALLBACK (history_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (history, "moved", G_CALLBACK (history_moved_cb), self, 0);
  g_signal_connect_object (self->switcher_title, "notify::title-visible",
                           G_CALLBACK (title_visible_cb), self, G_CONNECT_SWAPPED);
  _inspector_window_add_drop (self);
  inspector_access_name_controls (GTK_WIDGET (self));
  session_changed_cb (self);
  show_kind (self);
  history_changed_cb (self);
  folded_cb (self);
}

InspectorWindow *
inspector_window_new (GtkApplication *application)
{
  return g_object_new (INSPECTOR_TYPE_WINDOW, "application", application, NULL);
}
