/* inspector-window-save.c - saving, and the question before edits are lost
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-access.h"
#include "inspector-edit.h"
#include "inspector-export.h"
#include "inspector-shown-text.h"
#include "inspector-work.h"

#include <glib/gi18n.h>

#define PROGRESS_INTERVAL_MS 100

static void save_next (InspectorWindow *self);

/* --- progress, told on the thread that saves --- */

/* The thread only notes figures; the window, which is not its to touch, looks at them */
typedef struct
{
  gatomicrefcount ref_count;
  gint            per_mille;  /* atomic */
} Progress;

static void
progress_unref (gpointer data)
{
  Progress *progress = data;

  if (g_atomic_ref_count_dec (&progress->ref_count))
    g_free (progress);
}

static void
progress_cb (guint64  n_done,
             guint64  n_total,
             gpointer user_data)
{
  Progress *progress = user_data;

  if (n_total > 0)
    g_atomic_int_set (&progress->per_mille, (gint) (1000.0 * n_done / n_total));
}

typedef struct
{
  InspectorWindow *window;
  Progress        *progress;
} Watch;

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  g_object_unref (watch->window);
  progress_unref (watch->progress);
  g_free (watch);
}

static gboolean
watch_cb (gpointer user_data)
{
  Watch *watch = user_data;

  if (!watch->window->is_saving)
    return G_SOURCE_REMOVE;
  _inspector_window_set_progress (watch->window,
                                  g_atomic_int_get (&watch->progress->per_mille) / 1000.0, NULL);
  return G_SOURCE_CONTINUE;
}

static void
start_saving (InspectorWindow *self,
              IMsgMessage     *message)
{
  Progress *progress = g_new0 (Progress, 1);
  Watch *watch = g_new0 (Watch, 1);

  g_atomic_ref_count_init (&progress->ref_count);
  g_atomic_ref_count_inc (&progress->ref_count);
  watch->window = g_object_ref (self);
  watch->progress = progress;
  imsg_message_set_progress_callback (message, progress_cb, progress, progress_unref);
  self->is_saving = TRUE;
  g_timeout_add_full (G_PRIORITY_DEFAULT, PROGRESS_INTERVAL_MS, watch_cb, watch, watch_free);
  _inspector_window_hide_strip (self);
  _inspector_window_start_work (self);
}

/* Not to choose where to is to give up what was to follow */
static void
give_up (InspectorWindow *self)
{
  self->closes_after_save = FALSE;
  self->ends_session_after_save = FALSE;
  g_clear_object (&self->closing);
  g_queue_clear_full (&self->to_save, g_object_unref);
}

static void
tell_failed_save (InspectorWindow *self,
                  IMsgMessage     *message,
                  const GError    *error)
{
  g_autofree char *text = NULL;

  give_up (self);
  if (inspector_work_is_cancelled (error))
    {
      inspector_view_toast (self->view, _("Saving was cancelled. Nothing was written."));
      return;
    }
  if (g_error_matches (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED))
    {
      _inspector_window_show_strip (self, _("The file changed on disk since it was opened, so "
                                            "nothing was written."), message,
                                    _("_Reload"), INSPECTOR_STRIP_RELOAD, _("_Save Anyway"),
                                    INSPECTOR_STRIP_SAVE_ANYWAY);
      return;
    }
  if (g_error_matches (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED))
    {
      _inspector_window_show_strip (self, _("The file was removed since it was opened. Your "
                                            "changes are still here."), message,
                                    _("_Save Anyway"), INSPECTOR_STRIP_SAVE_ANYWAY,
                                    _("Save _As…"), INSPECTOR_STRIP_SAVE_AS);
      return;
    }
  text = g_strdup_printf (_("The message could not be saved: %s. Your changes are still here."),
                          error->message);
  _inspector_window_show_strip (self, text, message, _("_Try Again"), INSPECTOR_STRIP_TRY_AGAIN,
                                _("Save _As…"), INSPECTOR_STRIP_SAVE_AS);
}

static void
saved (InspectorWindow *self,
       IMsgMessage     *message,
       gboolean         done,
       const GError    *error)
{
  imsg_message_set_progress_callback (message, NULL, NULL, NULL);
  self->is_saving = FALSE;
  _inspector_window_end_work (self);
  if (!done)
    {
      tell_failed_save (self, message, error);
      self->strip_asks = self->strip_message == message;
      return;
    }

  inspector_edit_note_save (message);
  if (self->closing == message)
    {
      inspector_view_set_node (self->view, NULL);
      imsg_message_close (message);
      g_clear_object (&self->closing);
    }
  if (!imsg_session_has_unsaved_changes (inspector_view_get_session (self->view)))
    inspector_history_mark_saved (inspector_view_get_history (self->view));
  _inspector_window_watch_file (self);
  _inspector_window_note_own_change (self);
  _inspector_window_update (self);
  if (g_queue_is_empty (&self->to_save) && !self->closes_after_save)
    inspector_view_toast (self->view, _("Saved"));
  save_next (self);
}

static void
save_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(InspectorWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean done = imsg_message_save_finish (IMSG_MESSAGE (source), result, &error);

  saved (self, IMSG_MESSAGE (source), done, error);
}

static void
save_as_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(InspectorWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean done = imsg_message_save_as_finish (IMSG_MESSAGE (source), result, &error);

  saved (self, IMSG_MESSAGE (source), done, error);
}

static void
save_to (InspectorWindow *self,
         IMsgMessage     *message,
         GFile           *file)
{
  start_saving (self, message);
  imsg_message_save_as_async (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, self->cancellable,
                              save_as_cb, g_object_ref (self));
}

/* What was restored after a crash came from a file: NULL for other messages */
static GFile *
get_original (IMsgMessage *message)
{
  return imsg_message_get_file (message) == NULL
           ? g_object_get_data (G_OBJECT (message), "inspector-original") : NULL;
}

static void
original_answered_cb (AdwMessageDialog *dialog,
                      const char       *response,
                      InspectorWindow  *self)
{
  IMsgMessage *message = g_object_get_data (G_OBJECT (dialog), "inspector-message");

  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  if (g_str_equal (response, "replace") && !self->is_saving &&
      !imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)))
    save_to (self, message, get_original (message));
  else if (g_str_equal (response, "save-as"))
    _inspector_window_save_as (self, message);
  else
    give_up (self);
}

static void
ask_for_original (InspectorWindow *self,
                  IMsgMessage     *message)
{
  GtkWidget *dialog = NULL;
  g_autofree char *name = g_file_get_parse_name (get_original (message));
  g_autofree char *text = NULL;

  text = g_strdup_printf (_("This message was restored after the application ended. It came from "
                            "“%s”, which may have changed since."), name);
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Replace the Original File?"), text);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "save-as",
                                    _("Save _As…"), "replace", _("_Replace"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "replace",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save-as");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "inspector-message", g_object_ref (message),
                          g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (original_answered_cb), self, 0);
  inspector_access_name_controls (dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
_inspector_window_save (InspectorWindow *self,
                        IMsgMessage     *message,
                        IMsgSaveFlags    flags)
{
  if (message == NULL || self->is_saving)
    return;
  if (get_original (message) != NULL)
    {
      ask_for_original (self, message);
      return;
    }
  if (imsg_message_get_file (message) == NULL ||
      !imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (message)))
    {
      _inspector_window_save_as (self, message);
      return;
    }
  start_saving (self, message);
  imsg_message_save_async (message, flags | IMSG_SAVE_KEEP_OPEN_READWRITE, self->cancellable,
                           save_cb, g_object_ref (self));
}

/* After the dialog that asked is gone: it would outlive the window it belongs to */
static gboolean
close_idle_cb (gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (user_data));
  return G_SOURCE_REMOVE;
}

static void
save_next (InspectorWindow *self)
{
  g_autoptr(IMsgMessage) message = g_queue_pop_head (&self->to_save);

  if (message != NULL)
    {
      _inspector_window_save (self, message, IMSG_SAVE_NONE);
      return;
    }
  if (self->closes_after_save)
    {
      self->may_close = TRUE;
      g_idle_add_full (G_PRIORITY_LOW, close_idle_cb, g_object_ref (self), g_object_unref);
    }
  else if (self->ends_session_after_save)
    {
      self->ends_session_after_save = FALSE;
      _inspector_window_end_session (self);
    }
}

void
_inspector_window_save_many (InspectorWindow *self,
                             GPtrArray       *messages)
{
  for (guint i = 0; i < messages->len; i++)
    g_queue_push_tail (&self->to_save, g_object_ref (g_ptr_array_index (messages, i)));
  if (!self->is_saving)
    save_next (self);
}

/* --- under another name --- */

static void
save_as_chosen_cb (GtkNativeDialog *dialog,
                   int              response,
                   InspectorWindow *self)
{
  IMsgMessage *message = g_object_get_data (G_OBJECT (dialog), "inspector-message");

  if (response == GTK_RESPONSE_ACCEPT && !self->is_saving)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      save_to (self, message, file);
    }
  else
    give_up (self);
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
_inspector_window_save_as (InspectorWindow *self,
                           IMsgMessage     *message)
{
  GtkFileChooserNative *dialog = NULL;
  GFile *original = NULL;
  g_autofree char *name = NULL;

  if (message == NULL)
    return;
  original = imsg_message_get_file (message) != NULL ? imsg_message_get_file (message)
                                                     : get_original (message);
  dialog = gtk_file_chooser_native_new (_("Save Message"), GTK_WINDOW (self),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  name = inspector_export_suggest_name (message, "msg");
  if (original != NULL)
    gtk_file_chooser_set_file (GTK_FILE_CHOOSER (dialog), original, NULL);
  else
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_object_set_data_full (G_OBJECT (dialog), "inspector-message", g_object_ref (message),
                          g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (save_as_chosen_cb), self, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- the question before edits are lost --- */

static void
asked_cb (AdwMessageDialog *dialog,
          const char       *response,
          InspectorWindow  *self)
{
  GPtrArray *checks = g_object_get_data (G_OBJECT (dialog), "inspector-checks");
  IMsgMessage *only = g_object_get_data (G_OBJECT (dialog), "inspector-only");
  gboolean end_session =
    GPOINTER_TO_INT (g_object_get_data (G_OBJECT (dialog), "inspector-end-session"));
  g_autoptr(GPtrArray) chosen = g_ptr_array_new_with_free_func (g_object_unref);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  if (g_str_equal (response, "cancel"))
    return;

  if (g_str_equal (response, "save"))
    {
      for (guint i = 0; i < checks->len; i++)
        {
          GtkCheckButton *check = g_ptr_array_index (checks, i);

          if (gtk_check_button_get_active (check))
            g_ptr_array_add (chosen,
                             g_object_ref (g_object_get_data (G_OBJECT (check),
                                                              "inspector-message")));
        }
    }

  if (only != NULL)
    {
      if (chosen->len > 0)
        {
          g_set_object (&self->closing, only);
          _inspector_window_save_many (self, chosen);
        }
      else
        {
          inspector_view_set_node (self->view, NULL);
          imsg_message_close (only);
        }
      return;
    }
  self->closes_after_save = !end_session;
  self->ends_session_after_save = end_session;
  _inspector_window_save_many (self, chosen);
}

/* A row of the list of messages with changes; the check button in it has the message. NULL where only
 * what was typed and is not valid would be lost. */
static GtkCheckButton *
append_message_row (GtkListBox   *list,
                    IMsgMessage  *message,
                    char        **drafts)
{
  const char *subject = imsg_message_get_subject (message);
  g_autofree char *shown = inspector_dup_shown_text (subject);
  g_autofree char *title =
    g_markup_escape_text (shown != NULL && *shown != '\0' ? shown : _("Untitled"), -1);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  gtk_list_box_append (list, row);
  if (drafts[0] != NULL)
    {
      g_autofree char *names = g_strjoinv (", ", drafts);
      g_autofree char *subtitle = g_markup_printf_escaped (_("Not applied: %s"), names);

      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
    }
  if (!imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)))
    return NULL;

  check = gtk_check_button_new ();
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (check), "inspector-message", g_object_ref (message),
                          g_object_unref);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  return GTK_CHECK_BUTTON (check);
}

static GtkWidget *
save_dialog_new (InspectorWindow *self,
                 GtkWidget       *list,
                 gboolean         can_save)
{
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (self),
                            can_save ? _("Save Changes?") : _("Discard What Was Typed?"),
                            can_save ? _("Changes that are not saved will be lost.")
                                     : _("It is not valid, and cannot be saved."));
  AdwMessageDialog *message_dialog = ADW_MESSAGE_DIALOG (dialog);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Messages with changes"), -1);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 300);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);

  adw_message_dialog_set_extra_child (message_dialog, scroller);
  adw_message_dialog_add_responses (message_dialog, "cancel", _("_Cancel"), "discard",
                                    _("_Discard"), NULL);
  adw_message_dialog_set_response_appearance (message_dialog, "discard",
                                              ADW_RESPONSE_DESTRUCTIVE);
  if (can_save)
    {
      adw_message_dialog_add_response (message_dialog, "save", _("_Save"));
      adw_message_dialog_set_response_appearance (message_dialog, "save", ADW_RESPONSE_SUGGESTED);
    }
  adw_message_dialog_set_default_response (message_dialog, can_save ? "save" : "cancel");
  adw_message_dialog_set_close_response (message_dialog, "cancel");
  return dialog;
}

/* Asks when something is not saved or not applied: of one message, or of all. FALSE when there is
 * nothing to ask. */
gboolean
_inspector_window_ask_before (InspectorWindow *self,
                              IMsgMessage     *message,
                              gboolean         end_session)
{
  IMsgSession *session = inspector_view_get_session (self->view);
  GListModel *messages = imsg_session_get_messages (session);
  g_autoptr(GPtrArray) checks = NULL;
  g_autoptr(GtkWidget) list = NULL;
  GtkWidget *dialog = NULL;
  gboolean asks = FALSE;

  if (imsg_session_is_closed (session))
    return FALSE;

  checks = g_ptr_array_new ();
  list = g_object_ref_sink (gtk_list_box_new ());
  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(IMsgMessage) item = g_list_model_get_item (messages, i);
      g_auto(GStrv) drafts = NULL;
      GtkCheckButton *check = NULL;

      if (message != NULL && message != item)
        continue;
      drafts = inspector_view_list_drafts (self->view, item);
      if (drafts[0] == NULL && !imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (item)))
        continue;
      asks = TRUE;
      check = append_message_row (GTK_LIST_BOX (list), item, drafts);
      if (check != NULL)
        g_ptr_array_add (checks, check);
    }
  if (!asks)
    return FALSE;

  dialog = save_dialog_new (self, list, checks->len > 0);
  g_object_set_data_full (G_OBJECT (dialog), "inspector-checks", g_steal_pointer (&checks),
                          (GDestroyNotify) g_ptr_array_unref);
  if (message != NULL)
    g_object_set_data_full (G_OBJECT (dialog), "inspector-only", g_object_ref (message),
                            g_object_unref);
  g_object_set_data (G_OBJECT (dialog), "inspector-end-session", GINT_TO_POINTER (end_session));
  g_signal_connect_object (dialog, "response", G_CALLBACK (asked_cb), self, 0);
  inspector_access_name_controls (dialog);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}
