/* inspector-binary-editor.c - bytes in a hex view, from and to files
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-editor.h"

#include "inspector-access.h"
#include "inspector-hex-pane.h"

#include <glib/gi18n.h>

#define INSPECTOR_TYPE_BINARY_EDITOR (inspector_binary_editor_get_type ())
G_DECLARE_FINAL_TYPE (InspectorBinaryEditor, inspector_binary_editor, INSPECTOR, BINARY_EDITOR,
                      InspectorEditor)

struct _InspectorBinaryEditor
{
  InspectorEditor   parent_instance;

  InspectorHexPane *hex_pane;
  GtkWidget        *import_button;
  gboolean          is_editable;
};

G_DEFINE_FINAL_TYPE (InspectorBinaryEditor, inspector_binary_editor, INSPECTOR_TYPE_EDITOR)

static InspectorByteBuffer *
get_buffer (InspectorBinaryEditor *self)
{
  return inspector_hex_view_get_buffer (inspector_hex_pane_get_view (self->hex_pane));
}

static void
changed_cb (InspectorBinaryEditor *self)
{
  inspector_editor_touch (INSPECTOR_EDITOR (self));
}

static void
set_bytes (InspectorBinaryEditor *self,
           GBytes                *bytes)
{
  inspector_hex_pane_set_bytes (self->hex_pane, bytes, self->is_editable);
  g_signal_connect_object (get_buffer (self), "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
inspector_binary_editor_show_value (InspectorEditor *editor,
                                    GVariant        *value,
                                    gboolean         editable)
{
  InspectorBinaryEditor *self = INSPECTOR_BINARY_EDITOR (editor);
  g_autoptr(GBytes) bytes = NULL;

  self->is_editable = editable;
  if (value != NULL)
    bytes = g_variant_get_data_as_bytes (value);
  set_bytes (self, bytes);
  gtk_widget_set_visible (self->import_button, editable);
}

static GVariant *
inspector_binary_editor_read_value (InspectorEditor  *editor,
                                    GError          **error)
{
  InspectorByteBuffer *buffer = get_buffer (INSPECTOR_BINARY_EDITOR (editor));
  g_autoptr(GBytes) bytes = inspector_byte_buffer_dup_bytes (buffer, 0, G_MAXUINT64);

  return g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
}

static void
tell_failure (InspectorBinaryEditor *self,
              const char            *what,
              const GError          *error)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = NULL;

  dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, what,
                                   error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  inspector_access_name_controls (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(InspectorBinaryEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);

  if (bytes == NULL)
    {
      tell_failure (self, _("The File Could Not Be Read"), error);
      return;
    }
  set_bytes (self, bytes);
  inspector_editor_touch (INSPECTOR_EDITOR (self));
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(InspectorBinaryEditor) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    tell_failure (self, _("The File Could Not Be Written"), error);
}

static void
chosen_cb (GtkNativeDialog       *dialog,
           int                    response,
           InspectorBinaryEditor *self)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (chooser);

      if (gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_OPEN)
        g_file_load_bytes_async (file, NULL, imported_cb, g_object_ref (self));
      else
        {
          g_autoptr(GBytes) bytes = NULL;

          bytes = inspector_byte_buffer_dup_bytes (get_buffer (self), 0, G_MAXUINT64);
          g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                               exported_cb, g_object_ref (self));
        }
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
choose (InspectorBinaryEditor *self,
        GtkFileChooserAction   action)
{
  gboolean is_import = action == GTK_FILE_CHOOSER_ACTION_OPEN;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *dialog = NULL;

  dialog = gtk_file_chooser_native_new (is_import ? _("Import Bytes") : _("Export Bytes"),
                                        GTK_WINDOW (root), action,
                                        is_import ? _("_Import") : _("_Export"), _("_Cancel"));
  if (!is_import)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), _("value.bin"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
import_cb (InspectorBinaryEditor *self)
{
  choose (self, GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
export_cb (InspectorBinaryEditor *self)
{
  choose (self, GTK_FILE_CHOOSER_ACTION_SAVE);
}

static InspectorHexView *
inspector_binary_editor_get_hex_view (InspectorEditor *editor)
{
  return inspector_hex_pane_get_view (INSPECTOR_BINARY_EDITOR (editor)->hex_pane);
}

static gboolean
inspector_binary_editor_grab_focus (GtkWidget *widget)
{
  InspectorBinaryEditor *self = INSPECTOR_BINARY_EDITOR (widget);

  return gtk_widget_grab_focus (GTK_WIDGET (inspector_hex_pane_get_view (self->hex_pane)));
}

static void
inspector_binary_editor_class_init (InspectorBinaryEditorClass *klass)
{
  InspectorEditorClass *editor_class = INSPECTOR_EDITOR_CLASS (klass);

  editor_class->show_value = inspector_binary_editor_show_value;
  editor_class->read_value = inspector_binary_editor_read_value;
  editor_class->get_hex_view = inspector_binary_editor_get_hex_view;
  GTK_WIDGET_CLASS (klass)->grab_focus = inspector_binary_editor_grab_focus;
}

static void
inspector_binary_editor_init (InspectorBinaryEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *export_button = gtk_button_new_with_mnemonic (_("_Export…"));

  self->hex_pane = INSPECTOR_HEX_PANE (inspector_hex_pane_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->hex_pane), "card");
  gtk_widget_set_overflow (GTK_WIDGET (self->hex_pane), GTK_OVERFLOW_HIDDEN);
  self->import_button = gtk_button_new_with_mnemonic (_("_Import…"));
  gtk_box_append (GTK_BOX (buttons), self->import_button);
  gtk_box_append (GTK_BOX (buttons), export_button);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->hex_pane));
  gtk_box_append (GTK_BOX (box), buttons);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (self->import_button, "clicked", G_CALLBACK (import_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (export_button, "clicked", G_CALLBACK (export_cb), self,
                           G_CONNECT_SWAPPED);
}
