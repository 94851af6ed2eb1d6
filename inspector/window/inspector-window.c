/* inspector-window.c - one window, which is one session
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-access.h"
#include "inspector-edit.h"
#include "inspector-focus.h"
#include "inspector-settings.h"

#include <glib/gi18n.h>
#include <string.h>

#define PROGRESS_DELAY_MS 500
#define PULSE_INTERVAL_MS 100

G_DEFINE_FINAL_TYPE (InspectorWindow, inspector_window, ADW_TYPE_APPLICATION_WINDOW)

/* The top-level message that the selection is in: what Save saves */
IMsgMessage *
_inspector_window_get_root (InspectorWindow *self)
{
  IMsgMessage *message = inspector_view_get_message (self->view);

  return message != NULL ? inspector_object_get_root (IMSG_PROPERTY_OBJECT (message)) : NULL;
}

void
_inspector_window_hide_strip (InspectorWindow *self)
{
  if (self->strip != NULL)
    gtk_info_bar_set_revealed (self->strip, FALSE);
  gtk_info_bar_set_revealed (self->start_strip, FALSE);
  g_clear_object (&self->strip_message);
  self->strip_asks = FALSE;
}

/* Whether something is told, or the page has no place for it */
gboolean
_inspector_window_is_strip_taken (InspectorWindow *self)
{
  const char *state = gtk_stack_get_visible_child_name (self->states);

  if (g_strcmp0 (state, "start") == 0)
    return gtk_info_bar_get_revealed (self->start_strip);
  return self->strip == NULL || g_strcmp0 (state, "session") != 0 ||
         gtk_info_bar_get_revealed (self->strip);
}

static void
show_strip_button (GtkButton  *button,
                   const char *label)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  if (label != NULL)
    inspector_access_set_button (button, NULL, label);
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
  gboolean on_start;

  /* The page of a failure has no strip */
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->states), "failure") == 0)
    gtk_stack_set_visible_child_name (self->states, "start");
  on_start = g_strcmp0 (gtk_stack_get_visible_child_name (self->states), "start") == 0;

  g_set_object (&self->strip_message, message);
  self->strip_asks = FALSE;
  self->strip_actions[0] = first_action;
  self->strip_actions[1] = second_action;
  gtk_label_set_text (self->start_strip_label, text);
  show_strip_button (self->start_strip_first_button, on_start ? first : NULL);
  show_strip_button (self->start_strip_second_button, on_start ? second : NULL);
  gtk_info_bar_set_revealed (self->start_strip, on_start);
  if (self->strip == NULL)
    return;
  gtk_label_set_text (self->strip_label, text);
  show_strip_button (self->strip_first_button, first);
  show_strip_button (self->strip_second_button, second);
  gtk_info_bar_set_revealed (self->strip, !on_start);
}

static void
copy_unsaved (InspectorWindow *self)
{
  g_auto(GStrv) steps =
    inspector_history_list_unsaved (inspector_view_get_history (self->view));
  g_autofree char *text = g_strjoinv ("\n", steps);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

void
_inspector_window_strip_first (GtkInfoBar *strip)
{
  gtk_info_bar_response (strip, 1);
}

void
_inspector_window_strip_second (GtkInfoBar *strip)
{
  gtk_info_bar_response (strip, 2);
}

void
_inspector_window_strip_response (GtkInfoBar      *strip,
                                  int              response,
                                  InspectorWindow *self)
{
  g_autoptr(IMsgMessage) message = NULL;

  g_set_object (&message, self->strip_message);
  _inspector_window_hide_strip (self);
  /* The next start offers again what nobody wants now */
  if (response != 1 && response != 2 && self->strip_actions[0] == INSPECTOR_STRIP_RESTORE)
    g_clear_pointer (&self->recovered, g_ptr_array_unref);
  if ((response != 1 && response != 2) ||
      (message != NULL && imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message))))
    {
      _inspector_window_offer_recovered (self);
      return;
    }

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
      _inspector_window_ask_to_reload (self, message);
      break;
    case INSPECTOR_STRIP_RELOAD_ANYWAY:
      _inspector_window_reload (self, message);
      break;
    case INSPECTOR_STRIP_COPY_UNSAVED:
      copy_unsaved (self);
      break;
    case INSPECTOR_STRIP_SHOW_LOSSES:
      _inspector_window_show_losses (self);
      break;
    case INSPECTOR_STRIP_RESTORE:
      _inspector_window_restore (self);
      break;
    case INSPECTOR_STRIP_FORGET:
      _inspector_window_forget_recovered (self);
      break;
    case INSPECTOR_STRIP_NONE:
    default:
      break;
    }
}

static void
show_progress (InspectorWindow *self,
               gboolean         visible)
{
  gtk_widget_set_visible (self->start_progress_box, visible);
  if (self->progress_box != NULL)
    gtk_widget_set_visible (self->progress_box, visible);
}

static gboolean
pulse_cb (gpointer user_data)
{
  InspectorWindow *self = user_data;
  GtkProgressBar *bars[] = { self->start_progress, self->progress };

  for (guint i = 0; i < G_N_ELEMENTS (bars); i++)
    {
      if (bars[i] != NULL && gtk_progress_bar_get_fraction (bars[i]) == 0)
        gtk_progress_bar_pulse (bars[i]);
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
show_progress_cb (gpointer user_data)
{
  InspectorWindow *self = user_data;

  show_progress (self, TRUE);
  self->progress_source = g_timeout_add (PULSE_INTERVAL_MS, pulse_cb, self);
  return G_SOURCE_REMOVE;
}

/* Short work shows nothing at all */
static void
work_cb (InspectorView   *view,
         GCancellable    *cancellable,
         InspectorWindow *self)
{
  g_set_object (&self->cancellable, cancellable);
  if (cancellable == NULL)
    {
      g_clear_handle_id (&self->progress_source, g_source_remove);
      show_progress (self, FALSE);
    }
  else if (self->progress_source == 0)
    {
      _inspector_window_set_progress (self, 0, NULL);
      self->progress_source = g_timeout_add (PROGRESS_DELAY_MS, show_progress_cb, self);
    }
  _inspector_window_update_actions (self);
}

void
_inspector_window_start_work (InspectorWindow *self)
{
  inspector_view_start_work (self->view);
}

void
_inspector_window_set_progress (InspectorWindow *self,
                                double           fraction,
                                const char      *text)
{
  GtkProgressBar *bars[] = { self->start_progress, self->progress };

  for (guint i = 0; i < G_N_ELEMENTS (bars); i++)
    {
      if (bars[i] == NULL)
        continue;
      gtk_progress_bar_set_fraction (bars[i], fraction);
      gtk_progress_bar_set_show_text (bars[i], text != NULL);
      gtk_progress_bar_set_text (bars[i], text);
    }
}

void
_inspector_window_end_work (InspectorWindow *self)
{
  inspector_view_end_work (self->view);
  _inspector_window_offer_recovered (self);
}

void
_inspector_window_update (InspectorWindow *self)
{
  IMsgMessage *root = _inspector_window_get_root (self);

  _inspector_window_update_titles (self);
  if (self->lock_icon != NULL)
    gtk_widget_set_visible (self->lock_icon,
                            root != NULL &&
                              !imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (root)) &&
                              !imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (root)));
  _inspector_window_update_actions (self);
}

static void
node_changed_cb (InspectorWindow *self)
{
  _inspector_window_show_kind (self);
  _inspector_window_update (self);
  _inspector_window_watch_file (self);
}

static gboolean
update_idle_cb (gpointer user_data)
{
  InspectorWindow *self = user_data;

  self->update_source = 0;
  inspector_history_drop (inspector_view_get_history (self->view), inspector_edit_is_gone);
  inspector_view_forget_closed_drafts (self->view);
  _inspector_window_update (self);
  _inspector_window_offer_recovered (self);
  return G_SOURCE_REMOVE;
}

static void
messages_changed_cb (InspectorWindow *self)
{
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (self->view));
  gboolean has_messages = g_list_model_get_n_items (messages) > 0;

  if (has_messages)
    _inspector_window_ensure_session (self);
  if (has_messages || !imsg_session_is_closed (self->session))
    gtk_stack_set_visible_child_name (self->states, has_messages ? "session" : "start");
  if (!has_messages && !imsg_session_is_closed (self->session))
    inspector_view_set_node (self->view, NULL);
  /* Thousands may come one after the other */
  if (self->update_source == 0)
    self->update_source = g_idle_add (update_idle_cb, self);
}

/* By other code: what is on the screen stays, nothing can be done to it any more */
static void
session_closed_cb (InspectorWindow *self,
                   IMsgSession     *session)
{
  if (session != inspector_view_get_session (self->view))
    return;

  _inspector_window_ensure_session (self);
  gtk_stack_set_visible_child_name (self->states, "session");
  gtk_widget_add_css_class (GTK_WIDGET (self->kinds), "dim-label");
  inspector_message_page_lock (self->message_page);
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
  if (self->kinds != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->kinds), "dim-label");
  messages_changed_cb (self);
  _inspector_window_update (self);
}

void
_inspector_window_end_session (InspectorWindow *self)
{
  _inspector_window_hide_strip (self);
  inspector_view_renew_session (self->view);
}

/* Ctrl+Z shows what it undid */
static void
history_moved_cb (InspectorHistory *history,
                  gpointer          subject,
                  guint             tag,
                  InspectorWindow  *self)
{
  if (self->leaflet != NULL)
    _inspector_window_show_step (self, subject, tag);
}

static void
report_cb (InspectorView   *view,
           const char      *what,
           const GError    *error,
           InspectorWindow *self)
{
  g_autofree char *text = NULL;
  const char *stop = g_utf8_find_prev_char (what, what + strlen (what));

  /* A message of the library is no whole sentence */
  if (error != NULL)
    text = g_strconcat (what, " ", error->message,
                        g_str_has_suffix (error->message, stop) ? "" : stop, NULL);
  else
    text = g_strdup (what);
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
  GtkWidget *focus = NULL;
  gboolean was_in_pane;

  if (self->pages == NULL)
    return;
  focus = gtk_window_get_focus (GTK_WINDOW (self));
  was_in_pane = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->value_pane));
  adw_view_stack_set_visible_child_name (self->pages, page);
  /* The stack takes the focus along from one page to another, but not from a pane that goes */
  if (was_in_pane && !adw_flap_get_reveal_flap (self->flap))
    gtk_widget_child_focus (adw_view_stack_get_visible_child (self->pages), GTK_DIR_TAB_FORWARD);
}

static void
save_state (InspectorWindow *self)
{
  GSettings *settings = inspector_settings_get ();
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
  GSettings *settings = inspector_settings_get ();
  int width = 0;
  int height = 0;

  if (settings == NULL)
    return;
  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (settings, "is-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static gboolean
inspector_window_close_request (GtkWindow *window)
{
  InspectorWindow *self = INSPECTOR_WINDOW (window);

  _inspector_window_commit (self);
  if (!self->may_close && _inspector_window_ask_before (self, NULL, FALSE))
    return TRUE;

  /* Whatever was not saved now is not wanted */
  inspector_recovery_discard (self->recovery);
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
  g_clear_handle_id (&self->update_source, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->monitor);
  g_clear_object (&self->monitored);
  g_clear_pointer (&self->file_etag, g_free);
  g_clear_object (&self->strip_message);
  g_clear_object (&self->closing);
  g_clear_object (&self->recovery);
  g_clear_object (&self->failed_file);
  g_clear_error (&self->failure);
  g_clear_pointer (&self->recovered, g_ptr_array_unref);
  g_clear_pointer (&self->losses, g_ptr_array_unref);
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_queue_clear_full (&self->imported, (GDestroyNotify) g_bytes_unref);
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
  _inspector_window_drop_session (self);

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
inspector_window_class_init (InspectorWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = inspector_window_dispose;
  object_class->finalize = inspector_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = inspector_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/libimsg/Inspector/inspector-window.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, InspectorWindow, name)
  BIND (toasts);
  BIND (states);
  BIND (start_menu_button);
  BIND (start_progress_box);
  BIND (start_progress);
  BIND (start_strip);
  BIND (start_strip_label);
  BIND (start_strip_first_button);
  BIND (start_strip_second_button);
  BIND (start_page);
#undef BIND
  gtk_widget_class_bind_template_callback_full (widget_class, "strip_first_cb",
                                                G_CALLBACK (_inspector_window_strip_first));
  gtk_widget_class_bind_template_callback_full (widget_class, "strip_second_cb",
                                                G_CALLBACK (_inspector_window_strip_second));
  gtk_widget_class_bind_template_callback_full (widget_class, "strip_response_cb",
                                                G_CALLBACK (_inspector_window_strip_response));
  _inspector_window_class_add_actions (widget_class);
}

static void
inspector_window_init (InspectorWindow *self)
{
  InspectorHistory *history = NULL;

  g_queue_init (&self->waiting);
  g_queue_init (&self->imported);
  g_queue_init (&self->to_save);
  gtk_widget_init_template (GTK_WIDGET (self));
  restore_state (self);
  inspector_focus_return_from_menus (GTK_WINDOW (self));

  self->view = inspector_view_new ();
  self->recovery = inspector_recovery_new (self->view);
  history = inspector_view_get_history (self->view);
  g_signal_connect_object (self->view, "notify::session", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "notify::node", G_CALLBACK (node_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "notify::property",
                           G_CALLBACK (_inspector_window_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "report", G_CALLBACK (report_cb), self, 0);
  g_signal_connect_object (self->view, "work", G_CALLBACK (work_cb), self, 0);
  g_signal_connect_object (self->view, "toast", G_CALLBACK (toast_cb), self, 0);
  g_signal_connect_object (history, "changed", G_CALLBACK (_inspector_window_update_history), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (history, "moved", G_CALLBACK (history_moved_cb), self, 0);
  gtk_menu_button_set_create_popup_func (self->start_menu_button, _inspector_window_create_menu,
                                         NULL, NULL);
  _inspector_window_add_drop (self);
  inspector_access_name_controls (GTK_WIDGET (self));
  session_changed_cb (self);
}

InspectorWindow *
inspector_window_new (GtkApplication *application)
{
  return g_object_new (INSPECTOR_TYPE_WINDOW, "application", application, NULL);
}
