/* inspector-window-watch.c - the file of the message that is looked at, when others change it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-work.h"

#include <glib/gi18n.h>

/* --- reloading --- */

typedef struct
{
  InspectorWindow *window;
  IMsgMessage     *message;
} Reload;

static void
reload_free (Reload *reload)
{
  g_object_unref (reload->window);
  g_object_unref (reload->message);
  g_free (reload);
}

static void
reloaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Reload *reload = user_data;
  InspectorWindow *self = reload->window;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;

  message = imsg_session_open_message_finish (IMSG_SESSION (source), result, &error);
  _inspector_window_end_work (self);
  if (message != NULL)
    {
      inspector_view_set_node (self->view, NULL);
      imsg_message_close (reload->message);
      _inspector_window_show_message (self, message);
    }
  else if (!inspector_work_is_cancelled (error))
    inspector_view_report (self->view, _("The message could not be reloaded. Your changes are "
                                         "still here."), error);
  reload_free (reload);
}

/* The message as the file has it now takes the place of this one, once it is there: with a file
 * that is gone or damaged, what is edited stays */
void
_inspector_window_reload (InspectorWindow *self,
                          IMsgMessage     *message)
{
  Reload *reload = NULL;

  if (message == NULL || imsg_message_get_file (message) == NULL)
    return;
  reload = g_new0 (Reload, 1);
  reload->window = g_object_ref (self);
  reload->message = g_object_ref (message);
  _inspector_window_start_work (self);
  imsg_session_open_message_async (inspector_view_get_session (self->view),
                                   imsg_message_get_file (message), IMSG_OPEN_BEST_ACCESS,
                                   self->cancellable, reloaded_cb, reload);
}

void
_inspector_window_ask_to_reload (InspectorWindow *self,
                                 IMsgMessage     *message)
{
  g_auto(GStrv) drafts = NULL;

  if (message == NULL)
    return;
  _inspector_window_commit (self);
  drafts = inspector_view_list_drafts (self->view, message);
  if (drafts[0] != NULL || imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)))
    _inspector_window_show_strip (self, _("Reloading discards what is not saved."), message,
                                  _("_Reload"), INSPECTOR_STRIP_RELOAD_ANYWAY, NULL,
                                  INSPECTOR_STRIP_NONE);
  else
    _inspector_window_reload (self, message);
}

/* --- watching --- */

static void
tell_deleted (InspectorWindow *self,
              IMsgMessage     *root)
{
  _inspector_window_show_strip (self, _("The file of this message was deleted."), root,
                                _("_Save As…"), INSPECTOR_STRIP_SAVE_AS, NULL,
                                INSPECTOR_STRIP_NONE);
}

static void
tell_changed (InspectorWindow *self,
              IMsgMessage     *root)
{
  _inspector_window_show_strip (self, _("The file of this message changed on disk."), root,
                                _("_Reload"), INSPECTOR_STRIP_RELOAD, _("_Save Anyway"),
                                INSPECTOR_STRIP_SAVE_ANYWAY);
}

/* What a save that failed asks is not taken away by what is heard of the file later: each answer
 * looks at the file again */
static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(InspectorWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);
  IMsgMessage *root = self->view != NULL ? _inspector_window_get_root (self) : NULL;
  const char *etag = NULL;

  if (root == NULL || self->is_saving || self->monitored == NULL ||
      !g_file_equal (G_FILE (source), self->monitored))
    return;
  if (info == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) && !self->strip_asks &&
          self->file_etag != NULL)
        tell_deleted (self, root);
      g_clear_pointer (&self->file_etag, g_free);
      self->is_file_gone = TRUE;
      return;
    }
  etag = g_file_info_get_etag (info);
  /* The first look after opening or saving only learns what the file is like */
  if ((self->file_etag != NULL || self->is_file_gone) &&
      g_strcmp0 (self->file_etag, etag) != 0 && !self->strip_asks)
    tell_changed (self, root);
  g_free (self->file_etag);
  self->file_etag = g_strdup (etag);
  self->is_file_gone = FALSE;
}

static void
look (InspectorWindow *self)
{
  g_file_query_info_async (self->monitored, G_FILE_ATTRIBUTE_ETAG_VALUE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, NULL, looked_cb, g_object_ref (self));
}

static void
file_changed_cb (GFileMonitor      *monitor,
                 GFile             *file,
                 GFile             *other,
                 GFileMonitorEvent  event,
                 InspectorWindow   *self)
{
  if (self->monitored != NULL && !self->is_saving &&
      (event == G_FILE_MONITOR_EVENT_DELETED || event == G_FILE_MONITOR_EVENT_CREATED ||
       event == G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT ||
       event == G_FILE_MONITOR_EVENT_RENAMED || event == G_FILE_MONITOR_EVENT_MOVED_OUT ||
       event == G_FILE_MONITOR_EVENT_MOVED_IN))
    look (self);
}

/* What the file is like now is how we left it */
void
_inspector_window_note_own_change (InspectorWindow *self)
{
  g_clear_pointer (&self->file_etag, g_free);
  self->is_file_gone = FALSE;
  if (self->monitored != NULL)
    look (self);
}

/* Only the message that is looked at, for a session may hold thousands */
void
_inspector_window_watch_file (InspectorWindow *self)
{
  IMsgMessage *root = _inspector_window_get_root (self);
  GFile *file = root != NULL ? imsg_message_get_file (root) : NULL;

  if (file == self->monitored ||
      (file != NULL && self->monitored != NULL && g_file_equal (file, self->monitored)))
    return;

  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_set_object (&self->monitored, file);
  g_clear_pointer (&self->file_etag, g_free);
  self->is_file_gone = FALSE;
  if (file == NULL)
    return;
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (file_changed_cb), self, 0);
  look (self);
}
