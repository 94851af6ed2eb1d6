/* inspector-attachment-page.c - what is attached to a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-attachment-page.h"

#include "inspector-access.h"
#include "inspector-drag.h"
#include "inspector-drop-down.h"
#include "inspector-edit.h"
#include "inspector-file-risk.h"
#include "inspector-save-attachments.h"
#include "inspector-work.h"

#include <glib/gi18n.h>

struct _InspectorAttachmentPage
{
  InspectorRowPage  parent_instance;

  GtkStack         *stack;
  GtkSearchBar     *row_search_bar;
  GtkSearchEntry   *row_search_entry;
  GtkColumnView    *table;
  GtkLabel         *drop_label;  /* says what a drop would do */
  GMenuModel       *row_menu;
};

G_DEFINE_FINAL_TYPE (InspectorAttachmentPage, inspector_attachment_page, INSPECTOR_TYPE_ROW_PAGE)

static char *
dup_name (gpointer item)
{
  return g_strdup (imsg_attachment_get_file_name (item));
}

static const char *
get_icon (gpointer item)
{
  return inspector_attachment_get_icon (item);
}

static char *
dup_mime_type (gpointer item)
{
  return g_strdup (imsg_attachment_get_mime_type (item));
}

static char *
dup_size (gpointer item)
{
  return g_format_size (imsg_attachment_get_size (item));
}

static guint64
get_size (gpointer item)
{
  return imsg_attachment_get_size (item);
}

static char *
dup_method (gpointer item)
{
  return g_strdup (inspector_attachment_get_method_word (item));
}

static char *
dup_inline (gpointer item)
{
  if (imsg_attachment_is_inline (item))
    return g_strdup (_("inline"));
  return g_strdup (imsg_attachment_is_hidden (item) ? _("hidden") : "");
}

static char *
dup_risk (gpointer item)
{
  return g_strdup (inspector_file_get_risk (imsg_attachment_get_file_name (item),
                                            imsg_attachment_get_mime_type (item)));
}

static const InspectorRowColumn columns[] = {
  { N_("Name"), dup_name, TRUE, 14, get_icon, 24 },
  { N_("Content Type"), dup_mime_type, FALSE, 8, NULL, 24 },
  { N_("Size"), dup_size, FALSE, 7, NULL, 0, get_size },
  { N_("Method"), dup_method, FALSE, 6, NULL, 16 },
  { N_("Inline"), dup_inline, FALSE, 5 },
  { N_("Warning"), dup_risk, TRUE, 6 },
};

static IMsgAttachment *
get_selected (InspectorAttachmentPage *self)
{
  return inspector_row_page_get_selected (INSPECTOR_ROW_PAGE (self));
}

static InspectorView *
get_view (InspectorAttachmentPage *self)
{
  return inspector_row_page_get_view (INSPECTOR_ROW_PAGE (self));
}

static IMsgMessage *
get_message (InspectorAttachmentPage *self)
{
  return inspector_row_page_get_message (INSPECTOR_ROW_PAGE (self));
}

static GListModel *
inspector_attachment_page_get_rows (IMsgMessage *message)
{
  return imsg_message_get_attachments (message);
}

static void
inspector_attachment_page_update (InspectorRowPage *page)
{
  InspectorAttachmentPage *self = INSPECTOR_ATTACHMENT_PAGE (page);
  GtkWidget *widget = GTK_WIDGET (self);
  guint n_rows = inspector_row_page_get_n_rows (page);
  const char *locked = inspector_view_get_lock_reason (get_view (self));
  const char *no_rows = n_rows > 0 ? NULL : _("There are no attachments.");
  const char *no_row = get_selected (self) != NULL ? NULL
                       : no_rows != NULL           ? no_rows
                                                   : _("No attachment is selected.");
  const char *no_edit = locked != NULL ? locked : no_row;

  gtk_stack_set_visible_child_name (self->stack, n_rows > 0 ? "table" : "nothing");
  inspector_access_enable_action (widget, "attachment.add", locked);
  inspector_access_enable_action (widget, "attachment.embed", locked);
  inspector_access_enable_action (widget, "attachment.embed-open", locked);
  inspector_access_enable_action (widget, "attachment.open", no_row);
  inspector_access_enable_action (widget, "attachment.save", no_row);
  inspector_access_enable_action (widget, "attachment.save-all", no_rows);
  inspector_access_enable_action (widget, "attachment.replace", no_edit);
  inspector_access_enable_action (widget, "attachment.rename", no_edit);
  inspector_access_enable_action (widget, "attachment.remove", no_edit);
}

static void
activate_cb (GtkColumnView           *table,
             guint                    position,
             InspectorAttachmentPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "attachment.open", NULL);
}

/* One step for all of them, or none */
static void
attach_files (InspectorAttachmentPage *self,
              GListModel              *files)
{
  InspectorHistory *history = inspector_view_get_history (get_view (self));
  guint n_files = g_list_model_get_n_items (files);
  g_autoptr(GError) error = NULL;
  g_autofree char *label = NULL;

  if (get_message (self) == NULL)
    return;
  label = g_strdup_printf (ngettext ("Attach %u file", "Attach %u files", n_files), n_files);
  inspector_history_begin_group (history, label);
  for (guint i = 0; i < n_files && error == NULL; i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);

      inspector_edit_add_attachment (history, get_message (self), file, &error);
    }
  if (error == NULL)
    {
      inspector_history_end_group (history);
      return;
    }
  inspector_history_cancel_group (history);
  inspector_view_report (get_view (self), _("The files could not be attached."), error);
}

static void
add_chosen_cb (GtkNativeDialog         *dialog,
               int                      response,
               InspectorAttachmentPage *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      IMsgAttachment *attachment = g_object_get_data (G_OBJECT (dialog), "inspector-attachment");

      if (attachment != NULL)
        {
          g_autoptr(GFile) file = g_list_model_get_item (files, 0);
          g_autoptr(GError) error = NULL;

          if (!inspector_edit_replace_attachment (inspector_view_get_history (get_view (self)),
                                                  attachment, file, &error))
            inspector_view_report (get_view (self), _("The attachment could not be replaced."), error);
        }
      else
        attach_files (self, files);
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
choose_files (InspectorAttachmentPage *self,
              IMsgAttachment          *replaced)
{
  GtkFileChooserNative *dialog = NULL;

  dialog = gtk_file_chooser_native_new (replaced != NULL ? _("Replace Attachment")
                                                         : _("Attach Files"),
                                        GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                        GTK_FILE_CHOOSER_ACTION_OPEN,
                                        replaced != NULL ? _("_Replace") : _("_Attach"),
                                        _("_Cancel"));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), replaced == NULL);
  if (replaced != NULL)
    g_object_set_data_full (G_OBJECT (dialog), "inspector-attachment", g_object_ref (replaced),
                            g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (add_chosen_cb), self, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- messages that are embedded --- */

typedef struct
{
  InspectorAttachmentPage *page;
  IMsgMessage             *message;   /* that is to hold it */
} Embedding;

static void
embed (InspectorAttachmentPage *self,
       IMsgMessage             *message,
       IMsgMessage             *embedded)
{
  g_autoptr(GError) error = NULL;

  if (!inspector_edit_embed_message (inspector_view_get_history (get_view (self)), message,
                                     embedded, &error))
    inspector_view_report (get_view (self), _("The message could not be embedded."), error);
}

/* Nobody else has it before it is handed over */
static gpointer
open_in_thread (IMsgMessage   *snapshot,
                gpointer       file,
                GCancellable  *cancellable,
                GError       **error)
{
  return imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, cancellable, error);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Embedding *embedding = user_data;
  InspectorView *view = get_view (embedding->page);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) embedded = inspector_work_run_finish (result, &error);

  if (view != NULL)
    {
      inspector_view_end_work (view);
      if (embedded != NULL &&
          !imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (embedding->message)))
        embed (embedding->page, embedding->message, embedded);
      else if (error != NULL && !inspector_work_is_cancelled (error))
        inspector_view_report (view, _("The message could not be embedded."), error);
    }
  g_object_unref (embedding->page);
  g_object_unref (embedding->message);
  g_free (embedding);
}

static void
embed_chosen_cb (GtkNativeDialog         *dialog,
                 int                      response,
                 InspectorAttachmentPage *self)
{
  if (response == GTK_RESPONSE_ACCEPT && get_message (self) != NULL)
    {
      Embedding *embedding = g_new0 (Embedding, 1);

      embedding->page = g_object_ref (self);
      embedding->message = g_object_ref (get_message (self));
      inspector_work_run_async (NULL, open_in_thread,
                                gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)),
                                g_object_unref, g_object_unref,
                                inspector_view_start_work (get_view (self)), opened_cb, embedding);
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
session_answered_cb (AdwMessageDialog        *dialog,
                     const char              *response,
                     InspectorAttachmentPage *self)
{
  GtkDropDown *choice = g_object_get_data (G_OBJECT (dialog), "inspector-choice");
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (get_view (self)));
  g_autoptr(IMsgMessage) embedded = NULL;

  if (!g_str_equal (response, "embed") || get_message (self) == NULL)
    return;
  embedded = g_list_model_get_item (messages, gtk_drop_down_get_selected (choice));
  if (embedded != NULL)
    embed (self, get_message (self), embedded);
}

/* What dragging from the session to here does */
static void
ask_for_open_message (InspectorAttachmentPage *self)
{
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (get_view (self)));
  GtkWidget *choice = inspector_drop_down_new_for_messages (messages);
  GtkWidget *dialog = NULL;

  inspector_access_name_drop_down (GTK_DROP_DOWN (choice), _("Message"));
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                   _("Embed an Open Message"), NULL);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), choice);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "embed",
                                    _("_Embed"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "embed");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data (G_OBJECT (dialog), "inspector-choice", choice);
  g_signal_connect_object (dialog, "response", G_CALLBACK (session_answered_cb), self, 0);
  inspector_access_name_controls (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
choose_message (InspectorAttachmentPage *self)
{
  GtkFileChooserNative *dialog = NULL;
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  dialog = gtk_file_chooser_native_new (_("Embed a Message"),
                                        GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                        GTK_FILE_CHOOSER_ACTION_OPEN, _("_Embed"), _("_Cancel"));
  gtk_file_filter_set_name (filter, _("Outlook messages"));
  gtk_file_filter_add_suffix (filter, "msg");
  gtk_file_filter_add_suffix (filter, "oft");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_signal_connect_object (dialog, "response", G_CALLBACK (embed_chosen_cb), self, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
rename_answered_cb (AdwMessageDialog        *dialog,
                    const char              *response,
                    InspectorAttachmentPage *self)
{
  GtkEditable *entry = g_object_get_data (G_OBJECT (dialog), "inspector-entry");
  IMsgAttachment *attachment = g_object_get_data (G_OBJECT (dialog), "inspector-attachment");
  const char *name = gtk_editable_get_text (entry);
  g_autoptr(GError) error = NULL;

  if (!g_str_equal (response, "rename") || *name == '\0' ||
      g_str_equal (name, imsg_attachment_get_file_name (attachment)))
    return;
  if (!inspector_edit_rename_attachment (inspector_view_get_history (get_view (self)), attachment, name,
                                         &error))
    inspector_view_report (get_view (self), _("The attachment could not be renamed."), error);
}

static void
ask_name (InspectorAttachmentPage *self,
          IMsgAttachment          *attachment)
{
  GtkWidget *dialog = NULL;
  GtkWidget *entry = gtk_entry_new ();

  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                   _("Rename Attachment"), NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), imsg_attachment_get_file_name (attachment));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name"),
                                  -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "rename",
                                    _("_Rename"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data (G_OBJECT (dialog), "inspector-entry", entry);
  g_object_set_data_full (G_OBJECT (dialog), "inspector-attachment", g_object_ref (attachment),
                          g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (rename_answered_cb), self, 0);
  inspector_access_name_controls (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
attachment_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  InspectorAttachmentPage *self = INSPECTOR_ATTACHMENT_PAGE (widget);
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GError) error = NULL;

  g_set_object (&attachment, get_selected (self));
  if (get_message (self) == NULL)
    return;
  if (g_str_equal (name, "attachment.add"))
    choose_files (self, NULL);
  else if (g_str_equal (name, "attachment.embed"))
    choose_message (self);
  else if (g_str_equal (name, "attachment.embed-open"))
    ask_for_open_message (self);
  else if (g_str_equal (name, "attachment.save-all"))
    inspector_save_all_attachments (parent, get_view (self), get_message (self));
  else if (attachment == NULL)
    return;
  else if (g_str_equal (name, "attachment.open"))
    inspector_view_reveal (get_view (self), IMSG_PROPERTY_OBJECT (attachment), 0, "message");
  else if (g_str_equal (name, "attachment.save"))
    inspector_save_attachment (parent, get_view (self), attachment);
  else if (g_str_equal (name, "attachment.replace"))
    choose_files (self, attachment);
  else if (g_str_equal (name, "attachment.rename"))
    ask_name (self, attachment);
  else if (!inspector_edit_remove_attachment (inspector_view_get_history (get_view (self)), attachment,
                                              &error))
    inspector_view_report (get_view (self), _("The attachment could not be removed."), error);
}

/* --- drags and drops --- */

static IMsgPropertyObject *
get_dragged (GtkWidget *table,
             double     x,
             double     y)
{
  return inspector_row_table_get_item_at (GTK_COLUMN_VIEW (table), x, y);
}

static gboolean
offers_message (GtkDropTarget *target)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);

  return drop != NULL &&
         gdk_content_formats_contain_gtype (gdk_drop_get_formats (drop), IMSG_TYPE_MESSAGE);
}

static GdkDragAction
enter_cb (GtkDropTarget           *target,
          double                   x,
          double                   y,
          InspectorAttachmentPage *self)
{
  gboolean can_edit = inspector_view_can_edit (get_view (self));

  gtk_label_set_text (self->drop_label,
                      !can_edit ? inspector_view_get_lock_reason (get_view (self))
                      : offers_message (target) ? _("Drop to embed a copy of the message")
                                                : _("Drop to attach the files"));
  gtk_widget_set_visible (GTK_WIDGET (self->drop_label), TRUE);
  return can_edit ? GDK_ACTION_COPY : 0;
}

static void
leave_cb (InspectorAttachmentPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->drop_label), FALSE);
}

static gboolean
drop_cb (GtkDropTarget           *target,
         const GValue            *value,
         double                   x,
         double                   y,
         InspectorAttachmentPage *self)
{
  leave_cb (self);
  if (!inspector_view_can_edit (get_view (self)) || get_message (self) == NULL)
    return FALSE;
  if (G_VALUE_HOLDS (value, IMSG_TYPE_MESSAGE))
    embed (self, get_message (self), g_value_get_object (value));
  else
    {
      g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);

      for (GSList *item = g_value_get_boxed (value); item != NULL; item = item->next)
        g_list_store_append (files, item->data);
      attach_files (self, G_LIST_MODEL (files));
    }
  return TRUE;
}

static void
add_drop_target (InspectorAttachmentPage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  /* A message of the session is a file for others, and for us what it is */
  GType types[] = { IMSG_TYPE_MESSAGE, GDK_TYPE_FILE_LIST };

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect_object (target, "enter", G_CALLBACK (enter_cb), self, 0);
  g_signal_connect_object (target, "leave", G_CALLBACK (leave_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
inspector_attachment_page_class_init (InspectorAttachmentPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  InspectorRowPageClass *page_class = INSPECTOR_ROW_PAGE_CLASS (klass);
  static const char * const actions[] = { "attachment.add", "attachment.embed",
                                          "attachment.embed-open", "attachment.open",
                                          "attachment.save", "attachment.save-all",
                                          "attachment.replace", "attachment.rename",
                                          "attachment.remove" };

  page_class->kind = INSPECTOR_NODE_ATTACHMENTS;
  page_class->get_rows = inspector_attachment_page_get_rows;
  page_class->update = inspector_attachment_page_update;

  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-attachment-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InspectorAttachmentPage, stack);
  gtk_widget_class_bind_template_child (widget_class, InspectorAttachmentPage, row_search_bar);
  gtk_widget_class_bind_template_child (widget_class, InspectorAttachmentPage, row_search_entry);
  gtk_widget_class_bind_template_child (widget_class, InspectorAttachmentPage, table);
  gtk_widget_class_bind_template_child (widget_class, InspectorAttachmentPage, drop_label);
  gtk_widget_class_bind_template_child (widget_class, InspectorAttachmentPage, row_menu);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, attachment_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_m, GDK_CONTROL_MASK, "attachment.add",
                                       NULL);
}

static void
inspector_attachment_page_init (InspectorAttachmentPage *self)
{
  InspectorRowPage *page = INSPECTOR_ROW_PAGE (self);

  gtk_widget_init_template (GTK_WIDGET (self));
  inspector_row_page_set_table (page, self->table, columns, G_N_ELEMENTS (columns), self->row_menu);
  inspector_row_page_set_search (page, self->row_search_bar, self->row_search_entry);
  inspector_row_page_add_key (page, GDK_KEY_Delete, 0, "attachment.remove", NULL);
  inspector_row_page_add_key (page, GDK_KEY_F2, 0, "attachment.rename", NULL);
  inspector_drag_add (GTK_WIDGET (self->table), get_dragged);
  add_drop_target (self);
}
