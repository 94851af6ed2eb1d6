/* inspector-window-files.c - files that are opened, made and looked after
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-drag.h"
#include "inspector-example.h"
#include "inspector-settings.h"
#include "inspector-work.h"

#include <glib/gi18n.h>

#define MAX_TOLD_FAILURES 5
#define MAX_RECENT 12

static void open_next (InspectorWindow *self);

static void
remember_file (GFile *file)
{
  GSettings *settings = inspector_settings_get ();
  g_autoptr(GFile) folder = g_file_get_parent (file);
  g_autofree char *uri = g_file_get_uri (file);
  g_autofree char *folder_uri = NULL;

  if (settings == NULL || !g_settings_get_boolean (settings, "remember-recent"))
    return;
  gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
  if (folder == NULL)
    return;
  folder_uri = g_file_get_uri (folder);
  g_settings_set_string (settings, "last-folder", folder_uri);
}

static void
note_failure (InspectorWindow *self,
              GFile           *file,
              const GError    *error)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_filename_display_name (base);

  if (inspector_work_is_cancelled (error))
    return;

  self->n_failed++;
  g_set_object (&self->failed_file, file);
  g_clear_error (&self->failure);
  self->failure = g_error_copy (error);
  if (self->n_failed > MAX_TOLD_FAILURES)
    return;
  if (self->failures == NULL)
    self->failures = g_string_new (NULL);
  if (self->failures->len > 0)
    g_string_append_c (self->failures, '\n');
  g_string_append_printf (self->failures, _("“%s” could not be opened: %s"), name, error->message);
}

static gboolean
has_messages (InspectorWindow *self)
{
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (self->view));

  return g_list_model_get_n_items (messages) > 0;
}

static void
finish_opening (InspectorWindow *self)
{
  _inspector_window_end_work (self);
  if (self->n_failed > MAX_TOLD_FAILURES)
    {
      guint n_more = self->n_failed - MAX_TOLD_FAILURES;

      g_string_append_c (self->failures, '\n');
      g_string_append_printf (self->failures,
                              ngettext ("%u more file could not be opened.",
                                        "%u more files could not be opened.", n_more), n_more);
    }
  if (self->n_failed == 1 && self->failure != NULL && !has_messages (self))
    _inspector_window_show_failure (self, self->failed_file, self->failure);
  else if (self->failures != NULL)
    _inspector_window_show_strip (self, self->failures->str, NULL, NULL, INSPECTOR_STRIP_NONE,
                                  NULL, INSPECTOR_STRIP_NONE);
  g_clear_error (&self->failure);
  if (self->failures != NULL)
    g_string_free (self->failures, TRUE);
  self->failures = NULL;
  self->n_failed = 0;
  self->n_opened = 0;
  self->n_to_open = 0;
  g_application_release (g_application_get_default ());
}

void
_inspector_window_show_message (InspectorWindow *self,
                                IMsgMessage     *message)
{
  inspector_tree_reveal (self->tree, INSPECTOR_NODE_MESSAGE, IMSG_PROPERTY_OBJECT (message));
  adw_leaflet_set_visible_child (self->leaflet, self->content);
}

static void
opened (InspectorWindow *self,
        GFile           *file,
        IMsgMessage     *message,
        const GError    *error)
{
  self->n_opened++;
  if (message == NULL)
    note_failure (self, file, error);
  else
    {
      if (self->n_opened <= MAX_RECENT && !inspector_drag_wrote (file))
        remember_file (file);
      if (inspector_view_get_node (self->view) == NULL || self->n_to_open == 1)
        _inspector_window_show_message (self, message);
    }

  if (self->n_to_open > 1)
    {
      g_autofree char *text = g_strdup_printf (_("%u of %u opened"), self->n_opened,
                                               self->n_to_open);

      _inspector_window_set_progress (self, (double) self->n_opened / self->n_to_open, text);
    }
  open_next (self);
}

static void
open_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(InspectorWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GFile) file = g_queue_pop_head (&self->waiting);

  message = imsg_session_open_message_finish (IMSG_SESSION (source), result, &error);
  if (file != NULL)
    opened (self, file, message, error);
}

static gboolean
has_suffix (GFile      *file,
            const char *suffix)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *lower = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  return lower != NULL && g_str_has_suffix (lower, suffix);
}

/* --- mail of other programs, which becomes messages that are not saved --- */

/* (element-type GBytes): each mail as the bytes of a message file. A session of its own, so that
 * the thread shares nothing with the window. */
static gpointer
import_in_thread (IMsgMessage   *snapshot,
                  gpointer       data,
                  GCancellable  *cancellable,
                  GError       **error)
{
  GFile *file = data;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream = G_INPUT_STREAM (g_file_read (file, cancellable, error));
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) imported = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (stream == NULL)
    return NULL;
  if (has_suffix (file, ".mbox"))
    {
      g_clear_pointer (&messages, g_ptr_array_unref);
      messages = imsg_session_import_mbox (session, stream, cancellable, error);
    }
  else
    {
      IMsgMessage *message = imsg_session_import_mime (session, stream, cancellable, error);

      if (message == NULL)
        return NULL;
      g_ptr_array_add (messages, message);
    }
  if (messages == NULL)
    return NULL;
  if (messages->len == 0)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("There is no mail in it."));
      return NULL;
    }
  for (guint i = 0; i < messages->len; i++)
    {
      IMsgMessage *message = g_ptr_array_index (messages, i);
      GBytes *bytes = imsg_message_write_to_bytes (message, cancellable, error);

      if (bytes == NULL)
        return NULL;
      g_ptr_array_add (imported, bytes);
      imsg_message_close (message);
    }
  imsg_session_close (session);
  return g_steal_pointer (&imported);
}

/* One at a time, for an mbox may hold thousands */
static gboolean
add_imported_cb (gpointer user_data)
{
  InspectorWindow *self = user_data;
  g_autoptr(GBytes) bytes = g_queue_pop_head (&self->imported);
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;

  if (bytes == NULL)
    return G_SOURCE_REMOVE;
  message = _inspector_window_open_unsaved (self, bytes, &error);
  if (!g_queue_is_empty (&self->imported))
    {
      if (message == NULL)
        note_failure (self, g_queue_peek_head (&self->waiting), error);
      else if (inspector_view_get_node (self->view) == NULL)
        _inspector_window_show_message (self, message);
      return G_SOURCE_CONTINUE;
    }
  file = g_queue_pop_head (&self->waiting);
  opened (self, file, message, error);
  return G_SOURCE_REMOVE;
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(InspectorWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) imported = inspector_work_run_finish (result, &error);

  if (imported == NULL)
    {
      g_autoptr(GFile) file = g_queue_pop_head (&self->waiting);

      opened (self, file, NULL, error);
      return;
    }
  for (guint i = 0; i < imported->len; i++)
    g_queue_push_tail (&self->imported, g_bytes_ref (g_ptr_array_index (imported, i)));
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, add_imported_cb, g_object_ref (self), g_object_unref);
}

static void
open_next (InspectorWindow *self)
{
  GFile *file = NULL;

  if (self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable))
    g_queue_clear_full (&self->waiting, g_object_unref);

  file = g_queue_peek_head (&self->waiting);
  if (file == NULL)
    {
      finish_opening (self);
      return;
    }
  if (has_suffix (file, ".eml") || has_suffix (file, ".mbox") || has_suffix (file, ".mht"))
    inspector_work_run_async (NULL, import_in_thread, g_object_ref (file), g_object_unref,
                              (GDestroyNotify) g_ptr_array_unref, self->cancellable, imported_cb,
                              g_object_ref (self));
  else
    /* What was saved to a file that is about to go would be lost */
    imsg_session_open_message_async (inspector_view_get_session (self->view), file,
                                     inspector_drag_wrote (file) ? IMSG_OPEN_AS_TEMPLATE
                                                                 : IMSG_OPEN_BEST_ACCESS,
                                     self->cancellable, open_cb, g_object_ref (self));
}

void
inspector_window_open_files (InspectorWindow  *self,
                             GFile           **files,
                             int               n_files)
{
  gboolean is_opening;

  g_return_if_fail (INSPECTOR_IS_WINDOW (self));

  if (n_files == 0)
    return;
  if (imsg_session_is_closed (inspector_view_get_session (self->view)))
    _inspector_window_end_session (self);

  is_opening = self->n_to_open > 0;
  for (int i = 0; i < n_files; i++)
    g_queue_push_tail (&self->waiting, g_object_ref (files[i]));
  self->n_to_open += n_files;
  if (is_opening)
    return;

  _inspector_window_hide_strip (self);
  _inspector_window_start_work (self);
  g_application_hold (g_application_get_default ());
  open_next (self);
}

static void
chosen_cb (GtkNativeDialog *dialog,
           int              response,
           InspectorWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GListModel) list = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint i = 0; i < g_list_model_get_n_items (list); i++)
        g_ptr_array_add (files, g_list_model_get_item (list, i));
      inspector_window_open_files (self, (GFile **) files->pdata, files->len);
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
add_filter (GtkFileChooser *chooser,
            const char     *name,
            const char     *suffixes[])
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (; *suffixes != NULL; suffixes++)
    gtk_file_filter_add_suffix (filter, *suffixes);
  gtk_file_chooser_add_filter (chooser, filter);
}

void
_inspector_window_choose_files (InspectorWindow *self)
{
  static const char *messages[] = { "msg", "oft", "eml", "mbox", NULL };
  static const char *outlook[] = { "msg", "oft", NULL };
  static const char *mail[] = { "eml", "mbox", NULL };
  GtkFileChooserNative *dialog = NULL;
  GtkFileChooser *chooser = NULL;
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new ();
  GSettings *settings = inspector_settings_get ();
  g_autofree char *folder_uri = NULL;

  dialog = gtk_file_chooser_native_new (_("Open Messages"), GTK_WINDOW (self),
                                        GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  chooser = GTK_FILE_CHOOSER (dialog);
  gtk_file_chooser_set_select_multiple (chooser, TRUE);
  add_filter (chooser, _("Messages and mail"), messages);
  add_filter (chooser, _("Outlook messages"), outlook);
  add_filter (chooser, _("Internet mail"), mail);
  gtk_file_filter_set_name (all, _("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, all);
  if (settings != NULL)
    folder_uri = g_settings_get_string (settings, "last-folder");
  if (folder_uri != NULL && *folder_uri != '\0')
    {
      g_autoptr(GFile) folder = g_file_new_for_uri (folder_uri);

      gtk_file_chooser_set_current_folder (chooser, folder, NULL);
    }
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
_inspector_window_fill_recent (InspectorWindow *self)
{
  GtkWidget *row = NULL;
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  g_autofree char *application = g_strdup (g_get_application_name ());
  guint n_shown = 0;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->recent_list))) != NULL &&
         GTK_IS_LIST_BOX_ROW (row))
    gtk_list_box_remove (self->recent_list, row);

  for (GList *item = items; item != NULL && n_shown < MAX_RECENT; item = item->next)
    {
      GtkRecentInfo *info = item->data;
      GtkWidget *label = NULL;

      if (!gtk_recent_info_has_application (info, application))
        continue;
      label = gtk_label_new (gtk_recent_info_get_display_name (info));
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
      gtk_widget_set_tooltip_text (label, gtk_recent_info_get_uri_display (info));
      row = gtk_list_box_row_new ();
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
      g_object_set_data_full (G_OBJECT (row), "inspector-uri",
                              g_strdup (gtk_recent_info_get_uri (info)), g_free);
      gtk_list_box_append (self->recent_list, row);
      n_shown++;
    }
  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);
}

void
_inspector_window_new_message (InspectorWindow *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;

  if (imsg_session_is_closed (inspector_view_get_session (self->view)))
    _inspector_window_end_session (self);
  message = imsg_session_create_message (inspector_view_get_session (self->view), "IPM.Note",
                                         &error);
  if (message == NULL)
    {
      inspector_view_report (self->view, _("A new message could not be made."), error);
      return;
    }
  _inspector_window_show_message (self, message);
}

static void
template_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(InspectorWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_open_message_finish (IMSG_SESSION (source), result,
                                                                     &error);

  _inspector_window_end_work (self);
  if (message != NULL)
    _inspector_window_show_message (self, message);
  else if (!inspector_work_is_cancelled (error))
    inspector_view_report (self->view, _("A new message could not be made."), error);
}

static void
template_chosen_cb (GtkNativeDialog *dialog,
                    int              response,
                    InspectorWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT && self->cancellable == NULL)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (imsg_session_is_closed (inspector_view_get_session (self->view)))
        _inspector_window_end_session (self);
      _inspector_window_start_work (self);
      imsg_session_open_message_async (inspector_view_get_session (self->view), file,
                                       IMSG_OPEN_AS_TEMPLATE, self->cancellable, template_cb,
                                       g_object_ref (self));
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/* Any message serves as a template: the new one has its content, and no file yet */
void
_inspector_window_choose_template (InspectorWindow *self)
{
  static const char *templates[] = { "oft", "msg", NULL };
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_("New From Template"), GTK_WINDOW (self),
                                 GTK_FILE_CHOOSER_ACTION_OPEN, _("_New"), _("_Cancel"));

  add_filter (GTK_FILE_CHOOSER (dialog), _("Templates and messages"), templates);
  g_signal_connect_object (dialog, "response", G_CALLBACK (template_chosen_cb), self, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
_inspector_window_open_example (InspectorWindow *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;

  message = inspector_example_create (inspector_view_get_session (self->view), &error);
  if (message == NULL)
    {
      inspector_view_report (self->view, _("The example could not be made."), error);
      return;
    }
  _inspector_window_show_message (self, message);
}
