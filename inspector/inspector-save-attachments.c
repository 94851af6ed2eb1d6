/* inspector-save-attachments.c - attachments to files
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-save-attachments.h"

#include <glib/gi18n.h>

#define MAX_TRIES 1000

gboolean
inspector_write_attachment (IMsgAttachment  *attachment,
                            GFile           *file,
                            gboolean         overwrite,
                            GError         **error)
{
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GFileOutputStream) output = NULL;

  if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    {
      g_autoptr(IMsgMessage) message = imsg_attachment_open_message (attachment, NULL, error);
      g_autoptr(GBytes) bytes = NULL;
      gsize n_bytes = 0;
      const char *data = NULL;

      if (message == NULL)
        return FALSE;
      bytes = imsg_message_write_to_bytes (message, NULL, error);
      if (bytes == NULL)
        return FALSE;
      data = g_bytes_get_data (bytes, &n_bytes);
      stream = g_memory_input_stream_new_from_data (data, n_bytes, NULL);
      output = overwrite ? g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error)
                         : g_file_create (file, G_FILE_CREATE_NONE, NULL, error);
      return output != NULL &&
             g_output_stream_splice (G_OUTPUT_STREAM (output), stream,
                                     G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) >= 0;
    }

  stream = imsg_attachment_open_stream (attachment, NULL, error);
  if (stream == NULL)
    return FALSE;
  output = overwrite ? g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error)
                     : g_file_create (file, G_FILE_CREATE_NONE, NULL, error);
  return output != NULL &&
         g_output_stream_splice (G_OUTPUT_STREAM (output), stream,
                                 G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE |
                                   G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) >= 0;
}

static char *
dup_name (IMsgAttachment *attachment)
{
  char *name = imsg_attachment_dup_safe_file_name (attachment);

  if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE &&
      !g_str_has_suffix (name, ".msg"))
    {
      g_autofree char *bare = name;

      name = g_strconcat (bare, ".msg", NULL);
    }
  return name;
}

typedef struct
{
  GtkFileChooserNative *dialog;
  InspectorView        *view;
  IMsgAttachment       *attachment;  /* or all of a message */
  IMsgMessage          *message;
} Save;

static void
save_free (Save *save)
{
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (save->dialog));
  g_object_unref (save->dialog);
  g_object_unref (save->view);
  g_clear_object (&save->attachment);
  g_clear_object (&save->message);
  g_free (save);
}

static void
save_chosen_cb (GtkNativeDialog *dialog,
                int              response,
                gpointer         user_data)
{
  Save *save = user_data;
  g_autoptr(GError) error = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (inspector_write_attachment (save->attachment, file, TRUE, &error))
        inspector_view_toast (save->view, _("Attachment saved"));
      else
        inspector_view_report (save->view, _("The attachment could not be saved."), error);
    }
  save_free (save);
}

void
inspector_save_attachment (GtkWindow      *parent,
                           InspectorView  *view,
                           IMsgAttachment *attachment)
{
  Save *save = g_new0 (Save, 1);
  g_autofree char *name = dup_name (attachment);

  save->view = g_object_ref (view);
  save->attachment = g_object_ref (attachment);
  save->dialog = gtk_file_chooser_native_new (_("Save Attachment"), parent,
                                              GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"),
                                              _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (save->dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (save->dialog), TRUE);
  g_signal_connect (save->dialog, "response", G_CALLBACK (save_chosen_cb), save);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (save->dialog));
}

/* Never over a file that is there: "a.txt", "a (2).txt", … */
static gboolean
write_beside (IMsgAttachment  *attachment,
              GFile           *folder,
              GError         **error)
{
  g_autofree char *name = dup_name (attachment);
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
      if (inspector_write_attachment (attachment, file, FALSE, &local))
        return TRUE;
      if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_EXISTS) || i == MAX_TRIES)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  return FALSE;
}

static void
save_all_chosen_cb (GtkNativeDialog *dialog,
                    int              response,
                    gpointer         user_data)
{
  Save *save = user_data;
  GListModel *attachments = imsg_message_get_attachments (save->message);
  g_autoptr(GError) first_error = NULL;
  guint n_saved = 0;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *text = NULL;

      for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
        {
          g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

          if (write_beside (attachment, folder, first_error == NULL ? &first_error : NULL))
            n_saved++;
        }
      text = g_strdup_printf (ngettext ("%u attachment saved", "%u attachments saved", n_saved),
                              n_saved);
      if (first_error == NULL)
        inspector_view_toast (save->view, text);
      else
        inspector_view_report (save->view, _("Some attachments could not be saved."), first_error);
    }
  save_free (save);
}

void
inspector_save_all_attachments (GtkWindow     *parent,
                                InspectorView *view,
                                IMsgMessage   *message)
{
  Save *save = g_new0 (Save, 1);

  save->view = g_object_ref (view);
  save->message = g_object_ref (message);
  save->dialog = gtk_file_chooser_native_new (_("Choose a Folder"), parent,
                                              GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Save All"),
                                              _("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (save->dialog), TRUE);
  g_signal_connect (save->dialog, "response", G_CALLBACK (save_all_chosen_cb), save);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (save->dialog));
}
