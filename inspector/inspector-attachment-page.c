/* inspector-attachment-page.c - what is attached to a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-attachment-page.h"

#include "inspector-edit.h"
#include "inspector-file-risk.h"
#include "inspector-row-table.h"
#include "inspector-save-attachments.h"

#include <glib/gi18n.h>

struct _InspectorAttachmentPage
{
  GtkWidget           parent_instance;

  GtkStack           *stack;
  GtkColumnView      *table;

  InspectorView      *view;
  IMsgMessage        *message;
  GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE (InspectorAttachmentPage, inspector_attachment_page, GTK_TYPE_WIDGET)

static char *
dup_name (gpointer item)
{
  const char *name = imsg_attachment_get_file_name (item);
  const char *risk = inspector_file_get_risk (name, imsg_attachment_get_mime_type (item));

  return risk != NULL ? g_strdup_printf ("⚠ %s", name) : g_strdup (name);
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

static char *
dup_remark (gpointer item)
{
  const char *risk = inspector_file_get_risk (imsg_attachment_get_file_name (item),
                                              imsg_attachment_get_mime_type (item));

  if (risk != NULL)
    return g_strdup (risk);
  if (imsg_attachment_get_method (item) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    return g_strdup (_("embedded message"));
  if (imsg_attachment_get_method (item) == IMSG_ATTACHMENT_METHOD_OLE)
    return g_strdup (_("OLE object"));
  if (imsg_attachment_is_inline (item))
    return g_strdup (_("inline"));
  return g_strdup (imsg_attachment_is_hidden (item) ? _("hidden") : "");
}

static const InspectorRowColumn columns[] = {
  { N_("Name"), dup_name, TRUE, 10 },
  { N_("Content Type"), dup_mime_type, FALSE, 8 },
  { N_("Size"), dup_size, FALSE, 7 },
  { N_("Remark"), dup_remark, TRUE, 6 },
};

static IMsgAttachment *
get_selected (InspectorAttachmentPage *self)
{
  gpointer item = self->selection != NULL
                    ? gtk_single_selection_get_selected_item (self->selection) : NULL;

  return item != NULL ? IMSG_ATTACHMENT (item) : NULL;
}

static void
update (InspectorAttachmentPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean can_edit = self->view != NULL && inspector_view_can_edit (self->view);
  guint n_items = self->selection != NULL
                    ? g_list_model_get_n_items (G_LIST_MODEL (self->selection)) : 0;
  IMsgAttachment *attachment = get_selected (self);

  gtk_stack_set_visible_child_name (self->stack, n_items > 0 ? "table" : "nothing");
  gtk_widget_action_set_enabled (widget, "attachment.add", can_edit);
  gtk_widget_action_set_enabled (widget, "attachment.save", attachment != NULL);
  gtk_widget_action_set_enabled (widget, "attachment.save-all", n_items > 0);
  gtk_widget_action_set_enabled (widget, "attachment.replace", can_edit && attachment != NULL);
  gtk_widget_action_set_enabled (widget, "attachment.rename", can_edit && attachment != NULL);
  gtk_widget_action_set_enabled (widget, "attachment.remove", can_edit && attachment != NULL);
}

static void
selected_cb (InspectorAttachmentPage *self)
{
  IMsgAttachment *attachment = get_selected (self);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    inspector_view_set_object (self->view,
                               attachment != NULL ? IMSG_PROPERTY_OBJECT (attachment) : NULL);
  update (self);
}

static void
drop_message (InspectorAttachmentPage *self)
{
  gtk_column_view_set_model (self->table, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->message);
}

static void
show_message (InspectorAttachmentPage *self)
{
  InspectorNode *node = inspector_view_get_node (self->view);
  IMsgMessage *message = NULL;

  if (node != NULL && inspector_node_get_kind (node) == INSPECTOR_NODE_ATTACHMENTS)
    message = inspector_node_get_message (node);
  if (message == self->message || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  drop_message (self);
  if (message == NULL)
    return;
  self->message = g_object_ref (message);
  self->selection = inspector_row_table_set_model (self->table,
                                                   imsg_message_get_attachments (message));
  g_object_ref (self->selection);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  update (self);
}

static void
activate_cb (GtkColumnView           *table,
             guint                    position,
             InspectorAttachmentPage *self)
{
  IMsgAttachment *attachment = get_selected (self);

  if (attachment != NULL)
    inspector_view_reveal (self->view, IMSG_PROPERTY_OBJECT (attachment), 0, "message");
}

/* One step for all of them, or none */
static void
attach_files (InspectorAttachmentPage *self,
              GListModel              *files)
{
  InspectorHistory *history = inspector_view_get_history (self->view);
  guint n_files = g_list_model_get_n_items (files);
  g_autoptr(GError) error = NULL;
  g_autofree char *label = NULL;

  if (self->message == NULL)
    return;
  label = g_strdup_printf (ngettext ("Attach %u file", "Attach %u files", n_files), n_files);
  inspector_history_begin_group (history, label);
  for (guint i = 0; i < n_files && error == NULL; i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);

      inspector_edit_add_attachment (history, self->message, file, &error);
    }
  if (error == NULL)
    {
      inspector_history_end_group (history);
      return;
    }
  inspector_history_cancel_group (history);
  inspector_view_report (self->view, _("The files could not be attached."), error);
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

          if (!inspector_edit_replace_attachment (inspector_view_get_history (self->view),
                                                  attachment, file, &error))
            inspector_view_report (self->view, _("The attachment could not be replaced."), error);
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
  if (!inspector_edit_rename_attachment (inspector_view_get_history (self->view), attachment, name,
                                         &error))
    inspector_view_report (self->view, _("The attachment could not be renamed."), error);
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
  if (self->message == NULL)
    return;
  if (g_str_equal (name, "attachment.add"))
    choose_files (self, NULL);
  else if (g_str_equal (name, "attachment.save-all"))
    inspector_save_all_attachments (parent, self->view, self->message);
  else if (attachment == NULL)
    return;
  else if (g_str_equal (name, "attachment.save"))
    inspector_save_attachment (parent, self->view, attachment);
  else if (g_str_equal (name, "attachment.replace"))
    choose_files (self, attachment);
  else if (g_str_equal (name, "attachment.rename"))
    ask_name (self, attachment);
  else if (!inspector_edit_remove_attachment (inspector_view_get_history (self->view), attachment,
                                              &error))
    inspector_view_report (self->view, _("The attachment could not be removed."), error);
}

static gboolean
drop_cb (GtkDropTarget           *target,
         const GValue            *value,
         double                   x,
         double                   y,
         InspectorAttachmentPage *self)
{
  GSList *list = g_value_get_boxed (value);
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);

  if (!inspector_view_can_edit (self->view))
    return FALSE;
  for (GSList *item = list; item != NULL; item = item->next)
    g_list_store_append (files, item->data);
  attach_files (self, G_LIST_MODEL (files));
  return TRUE;
}

static gboolean
table_key_cb (GtkEventControllerKey   *controller,
              guint                    keyval,
              guint                    keycode,
              GdkModifierType          state,
              InspectorAttachmentPage *self)
{
  if (keyval == GDK_KEY_Delete)
    gtk_widget_activate_action (GTK_WIDGET (self), "attachment.remove", NULL);
  else if (keyval == GDK_KEY_F2)
    gtk_widget_activate_action (GTK_WIDGET (self), "attachment.rename", NULL);
  else
    return FALSE;
  return TRUE;
}

static void
inspector_attachment_page_map (GtkWidget *widget)
{
  InspectorAttachmentPage *self = INSPECTOR_ATTACHMENT_PAGE (widget);

  GTK_WIDGET_CLASS (inspector_attachment_page_parent_class)->map (widget);
  if (self->view == NULL)
    return;
  show_message (self);
  update (self);
}

static void
inspector_attachment_page_dispose (GObject *object)
{
  InspectorAttachmentPage *self = INSPECTOR_ATTACHMENT_PAGE (object);
  GtkWidget *child = NULL;

  if (self->table != NULL)
    drop_message (self);
  self->table = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (inspector_attachment_page_parent_class)->dispose (object);
}

static void
inspector_attachment_page_class_init (InspectorAttachmentPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char * const actions[] = { "attachment.add", "attachment.save",
                                          "attachment.save-all", "attachment.replace",
                                          "attachment.rename", "attachment.remove" };

  G_OBJECT_CLASS (klass)->dispose = inspector_attachment_page_dispose;
  widget_class->map = inspector_attachment_page_map;

  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-attachment-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InspectorAttachmentPage, stack);
  gtk_widget_class_bind_template_child (widget_class, InspectorAttachmentPage, table);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, attachment_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_m, GDK_CONTROL_MASK, "attachment.add",
                                       NULL);
}

static void
inspector_attachment_page_init (InspectorAttachmentPage *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  inspector_row_table_add_columns (self->table, columns, G_N_ELEMENTS (columns));
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (table_key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->table), keys);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

void
inspector_attachment_page_set_view (InspectorAttachmentPage *self,
                                    InspectorView           *view)
{
  g_return_if_fail (INSPECTOR_IS_ATTACHMENT_PAGE (self));

  g_set_object (&self->view, view);
  g_signal_connect_object (view, "notify::node", G_CALLBACK (show_message), self,
                           G_CONNECT_SWAPPED);
  update (self);
}
