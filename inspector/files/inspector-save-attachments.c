/* inspector-save-attachments.c - attachments to files
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-save-attachments.h"

#include "inspector-file-copy.h"
#include "inspector-work.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_TRIES 1000

/* --- in a thread --- */

typedef struct
{
  GPtrArray *copies;     /* (element-type InspectorFileCopy) */
  GFile     *target;     /* a file, or the folder for all */
  gboolean   is_folder;
  GError    *first_error; /* of those that could not even be opened */
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  g_ptr_array_unref (save->copies);
  g_clear_object (&save->target);
  g_clear_error (&save->first_error);
  g_free (save);
}

/* Never over a file that is there: "a.txt", "a (2).txt", … */
static gboolean
write_beside (InspectorFileCopy  *copy,
              GFile              *folder,
              GCancellable       *cancellable,
              GError            **error)
{
  const char *name = inspector_file_copy_get_name (copy);
  const char *dot = strrchr (name, '.');
  gsize n_stem = dot != NULL && dot != name ? (gsize) (dot - name) : strlen (name);

  for (guint i = 1; i <= MAX_TRIES; i++)
    {
      g_autofree char *numbered = NULL;
      g_autoptr(GFile) file = NULL;
      g_autoptr(GError) local = NULL;

      numbered = i == 1 ? g_strdup (name)
                        : g_strdup_printf ("%.*s (%u)%s", (int) n_stem, name, i, name + n_stem);
      file = g_file_get_child (folder, numbered);
      if (inspector_file_copy_write (copy, file, FALSE, cancellable, &local))
        return TRUE;
      if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_EXISTS) || i == MAX_TRIES)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  return FALSE;
}

/* How many were saved, plus one: the first error goes on its own way when others were */
static gpointer
save_in_thread (IMsgMessage   *snapshot,
                gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  Save *save = data;
  guint n_saved = 0;

  for (guint i = 0; i < save->copies->len; i++)
    {
      InspectorFileCopy *copy = g_ptr_array_index (save->copies, i);
      GError **place = save->first_error == NULL ? &save->first_error : NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (save->is_folder ? write_beside (copy, save->target, cancellable, place)
                          : inspector_file_copy_write (copy, save->target, TRUE, cancellable,
                                                             place))
        n_saved++;
    }
  if (save->first_error != NULL)
    {
      *error = g_steal_pointer (&save->first_error);
      return NULL;
    }
  return GUINT_TO_POINTER (n_saved + 1);
}

typedef struct
{
  InspectorView *view;
  gboolean       is_folder;
} Told;

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Told *told = user_data;
  g_autoptr(GError) error = NULL;
  guint n_saved = GPOINTER_TO_UINT (inspector_work_run_finish (result, &error));

  inspector_view_end_work (told->view);
  if (inspector_work_is_cancelled (error))
    inspector_view_toast (told->view, _("Saving was cancelled."));
  else if (error != NULL)
    inspector_view_report (told->view, told->is_folder
                                         ? _("Some attachments could not be saved.")
                                         : _("The attachment could not be saved."), error);
  else if (told->is_folder)
    {
      g_autofree char *text = NULL;

      text = g_strdup_printf (ngettext ("%u attachment saved", "%u attachments saved", n_saved - 1),
                              n_saved - 1);
      inspector_view_toast (told->view, text);
    }
  else
    inspector_view_toast (told->view, _("Attachment saved"));
  g_object_unref (told->view);
  g_free (told);
}

static void
add_copy (Save           *save,
          IMsgAttachment *attachment)
{
  InspectorFileCopy *copy = NULL;

  copy = inspector_file_copy_new (IMSG_PROPERTY_OBJECT (attachment),
                                  save->first_error == NULL ? &save->first_error : NULL);
  if (copy != NULL)
    g_ptr_array_add (save->copies, copy);
}

static void
start_saving (InspectorView *view,
              Save          *save)
{
  Told *told = g_new0 (Told, 1);

  told->view = g_object_ref (view);
  told->is_folder = save->is_folder;
  inspector_work_run_async (NULL, save_in_thread, save, save_free, NULL,
                            inspector_view_start_work (view), saved_cb, told);
}

/* --- asking where to --- */

static void
chosen_cb (GtkNativeDialog *dialog,
           int              response,
           InspectorView   *view)
{
  IMsgPropertyObject *object = g_object_get_data (G_OBJECT (dialog), "inspector-object");

  if (response == GTK_RESPONSE_ACCEPT)
    {
      Save *save = g_new0 (Save, 1);

      save->copies = g_ptr_array_new_with_free_func (inspector_file_copy_free);
      save->target = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      save->is_folder = IMSG_IS_MESSAGE (object);
      if (save->is_folder)
        {
          GListModel *attachments = imsg_message_get_attachments (IMSG_MESSAGE (object));

          for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
            {
              g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

              add_copy (save, attachment);
            }
        }
      else
        add_copy (save, IMSG_ATTACHMENT (object));
      start_saving (view, save);
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
ask (GtkFileChooserNative *dialog,
     InspectorView        *view,
     IMsgPropertyObject   *object)
{
  g_object_set_data_full (G_OBJECT (dialog), "inspector-object", g_object_ref (object),
                          g_object_unref);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), view, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
inspector_save_attachment (GtkWindow      *parent,
                           InspectorView  *view,
                           IMsgAttachment *attachment)
{
  g_autofree char *name = inspector_file_copy_dup_name (IMSG_PROPERTY_OBJECT (attachment));
  GtkFileChooserNative *dialog = NULL;

  dialog = gtk_file_chooser_native_new (_("Save Attachment"), parent,
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  ask (dialog, view, IMSG_PROPERTY_OBJECT (attachment));
}

void
inspector_save_all_attachments (GtkWindow     *parent,
                                InspectorView *view,
                                IMsgMessage   *message)
{
  GtkFileChooserNative *dialog = NULL;

  dialog = gtk_file_chooser_native_new (_("Choose a Folder"), parent,
                                        GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Save All"),
                                        _("_Cancel"));
  ask (dialog, view, IMSG_PROPERTY_OBJECT (message));
}
