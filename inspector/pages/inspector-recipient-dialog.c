/* inspector-recipient-dialog.c - asks for a recipient's name, address and kind
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-recipient-dialog.h"

#include "inspector-access.h"
#include "inspector-edit.h"

#include <glib/gi18n.h>

typedef struct
{
  InspectorView *view;
  IMsgMessage   *message;
  IMsgRecipient *recipient;
  GtkEditable   *name;
  GtkEditable   *address;
  AdwComboRow   *kind;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->view);
  g_object_unref (question->message);
  g_clear_object (&question->recipient);
  g_free (question);
}

static void
answered_cb (AdwMessageDialog *dialog,
             const char       *response,
             Question         *question)
{
  static const IMsgRecipientType types[] = { IMSG_RECIPIENT_TYPE_TO, IMSG_RECIPIENT_TYPE_CC,
                                             IMSG_RECIPIENT_TYPE_BCC };
  IMsgRecipientType type = types[MIN (adw_combo_row_get_selected (question->kind), 2)];
  InspectorHistory *history = inspector_view_get_history (question->view);
  const char *name = gtk_editable_get_text (question->name);
  const char *address = gtk_editable_get_text (question->address);
  g_autoptr(GError) error = NULL;

  if (!g_str_equal (response, "apply"))
    return;
  if (question->recipient == NULL)
    inspector_edit_add_recipient (history, question->message, type, name, address, &error);
  else
    inspector_edit_set_recipient (history, question->recipient, type, name, address, &error);
  if (error != NULL)
    inspector_view_report (question->view, _("The recipient could not be changed."), error);
}

static void
typed_cb (Question *question)
{
  GtkWidget *dialog = g_object_get_data (G_OBJECT (question->name), "inspector-dialog");
  const char *address = gtk_editable_get_text (question->address);
  const char *name = gtk_editable_get_text (question->name);

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "apply",
                                           *address != '\0' || *name != '\0');
}

static GtkWidget *
add_entry (GtkWidget  *list,
           const char *title,
           const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  return row;
}

void
inspector_recipient_dialog_present (GtkWindow     *parent,
                                    InspectorView *view,
                                    IMsgMessage   *message,
                                    IMsgRecipient *recipient)
{
  const char *kinds[] = { _("To"), _("Cc"), _("Bcc"), NULL };
  g_autoptr(GtkStringList) model = gtk_string_list_new (kinds);
  GtkWidget *dialog = NULL;
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *kind = adw_combo_row_new ();
  Question *question = g_new0 (Question, 1);

  question->view = g_object_ref (view);
  question->message = g_object_ref (message);
  g_set_object (&question->recipient, recipient);
  dialog = adw_message_dialog_new (parent, recipient != NULL ? _("Edit Recipient")
                                                             : _("Add Recipient"), NULL);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  question->name = GTK_EDITABLE (add_entry (list, _("Name"), recipient != NULL
                                            ? imsg_recipient_get_name (recipient) : NULL));
  question->address = GTK_EDITABLE (add_entry (list, _("Address"), recipient != NULL
                                               ? imsg_recipient_get_address (recipient) : NULL));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (kind), _("Kind"));
  adw_combo_row_set_model (ADW_COMBO_ROW (kind), G_LIST_MODEL (model));
  if (recipient != NULL)
    adw_combo_row_set_selected (ADW_COMBO_ROW (kind),
                                CLAMP ((int) imsg_recipient_get_recipient_type (recipient) - 1, 0,
                                       2));
  gtk_list_box_append (GTK_LIST_BOX (list), kind);
  question->kind = ADW_COMBO_ROW (kind);

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), list);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "apply",
                                    recipient != NULL ? _("_Change") : _("_Add"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "apply",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "apply");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data (G_OBJECT (question->name), "inspector-dialog", dialog);
  g_object_set_data_full (G_OBJECT (dialog), "inspector-question", question, question_free);
  g_signal_connect_swapped (question->name, "changed", G_CALLBACK (typed_cb), question);
  g_signal_connect_swapped (question->address, "changed", G_CALLBACK (typed_cb), question);
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), question);
  typed_cb (question);
  inspector_access_name_controls (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}
