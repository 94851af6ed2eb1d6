/* inspector-window-export.c - a message in other formats, and what they could not carry
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-export.h"
#include "inspector-work.h"

#include <glib/gi18n.h>

static gpointer
export_in_thread (IMsgMessage   *snapshot,
                  gpointer       data,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr(GPtrArray) losses = NULL;

  if (!inspector_export_message (snapshot, data, cancellable, &losses, error))
    return NULL;
  return losses != NULL ? g_steal_pointer (&losses) : g_ptr_array_new ();
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(InspectorWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) losses = inspector_work_run_finish (result, &error);
  g_autofree char *text = NULL;

  _inspector_window_end_work (self);
  if (inspector_work_is_cancelled (error))
    {
      inspector_view_toast (self->view, _("Exporting was cancelled. Nothing was written."));
      return;
    }
  if (losses == NULL)
    {
      inspector_view_report (self->view, _("The message could not be exported."), error);
      return;
    }
  if (losses->len == 0)
    {
      inspector_view_toast (self->view, _("Exported"));
      return;
    }
  text = g_strdup_printf (ngettext ("Exported. %u thing could not be carried over: %s",
                                    "Exported. %u things could not be carried over, "
                                    "the first of them: %s", losses->len), losses->len,
                          imsg_problem_get_text (g_ptr_array_index (losses, 0)));
  g_clear_pointer (&self->losses, g_ptr_array_unref);
  self->losses = g_steal_pointer (&losses);
  _inspector_window_show_strip (self, text, NULL, _("_Details"), INSPECTOR_STRIP_SHOW_LOSSES, NULL,
                                INSPECTOR_STRIP_NONE);
}

void
_inspector_window_show_losses (InspectorWindow *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  GtkWidget *dialog = NULL;
  GtkWidget *label = NULL;
  GtkWidget *scroller = NULL;

  for (guint i = 0; self->losses != NULL && i < self->losses->len; i++)
    {
      const IMsgProblem *loss = g_ptr_array_index (self->losses, i);
      const char *where = imsg_problem_get_where (loss);

      if (i > 0)
        g_string_append_c (text, '\n');
      if (where != NULL && *where != '\0')
        g_string_append_printf (text, "%s: ", where);
      g_string_append (text, imsg_problem_get_text (loss));
    }
  label = gtk_label_new (text->str);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 300);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);

  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("What Was Lost"),
                                   _("The format has no place for these."));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), scroller);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void ask_where (InspectorWindow *self,
                       IMsgMessage     *message,
                       GFile           *folder,
                       const char      *name);

static void
chosen_cb (GtkNativeDialog *dialog,
           int              response,
           InspectorWindow *self)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  IMsgMessage *message = g_object_get_data (G_OBJECT (dialog), "inspector-message");

  if (response == GTK_RESPONSE_ACCEPT && self->cancellable == NULL)
    {
      g_autoptr(GFile) named = gtk_file_chooser_get_file (chooser);
      g_autoptr(GFile) file = inspector_export_get_chosen_file (chooser);

      /* Nobody said yet that this one may be replaced */
      if (!g_file_equal (file, named) && g_file_query_exists (file, NULL))
        {
          g_autoptr(GFile) folder = g_file_get_parent (file);
          g_autofree char *name = g_file_get_basename (file);

          ask_where (self, message, folder, name);
        }
      else
        {
          _inspector_window_hide_strip (self);
          _inspector_window_start_work (self);
          inspector_work_run_async (message, export_in_thread, g_steal_pointer (&file),
                                    g_object_unref, (GDestroyNotify) g_ptr_array_unref,
                                    self->cancellable, exported_cb, g_object_ref (self));
        }
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/* folder: (nullable) */
static void
ask_where (InspectorWindow *self,
           IMsgMessage     *message,
           GFile           *folder,
           const char      *name)
{
  GtkFileChooserNative *dialog = NULL;

  dialog = gtk_file_chooser_native_new (_("Export Message"), GTK_WINDOW (self),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), _("_Cancel"));
  inspector_export_add_filters (GTK_FILE_CHOOSER (dialog), message, name);
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_object_set_data_full (G_OBJECT (dialog), "inspector-message", g_object_ref (message),
                          g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
_inspector_window_export (InspectorWindow *self)
{
  IMsgMessage *message = inspector_view_get_message (self->view);
  g_autofree char *name = NULL;

  if (message == NULL)
    return;
  _inspector_window_commit (self);
  name = inspector_export_suggest_name (message, "eml");
  ask_where (self, message, NULL, name);
}
