/* inspector-recipient-page.c - who a message is for
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-recipient-page.h"

#include "inspector-edit.h"
#include "inspector-property-page.h"
#include "inspector-recipient-dialog.h"
#include "inspector-recipient-list.h"
#include "inspector-row-table.h"

#include <glib/gi18n.h>

struct _InspectorRecipientPage
{
  GtkWidget              parent_instance;

  GtkColumnView         *table;
  InspectorPropertyPage *property_page;

  InspectorView         *view;
  IMsgMessage           *message;
  GtkSingleSelection    *selection;
};

G_DEFINE_FINAL_TYPE (InspectorRecipientPage, inspector_recipient_page, GTK_TYPE_WIDGET)

static char *
dup_kind (gpointer item)
{
  return g_strdup (inspector_recipient_type_word (imsg_recipient_get_recipient_type (item)));
}

static char *
dup_name (gpointer item)
{
  return g_strdup (imsg_recipient_get_name (item));
}

static char *
dup_address (gpointer item)
{
  return g_strdup (imsg_recipient_get_address (item));
}

static char *
dup_address_type (gpointer item)
{
  return g_strdup (imsg_recipient_get_address_type (item));
}

static const InspectorRowColumn columns[] = {
  { N_("Kind"), dup_kind, FALSE, 6 },
  { N_("Name"), dup_name, TRUE, 8 },
  { N_("Address"), dup_address, TRUE, 8 },
  { N_("Address Type"), dup_address_type, FALSE, 5 },
};

static IMsgRecipient *
get_selected (InspectorRecipientPage *self)
{
  gpointer item = self->selection != NULL
                    ? gtk_single_selection_get_selected_item (self->selection) : NULL;

  return item != NULL ? IMSG_RECIPIENT (item) : NULL;
}

static void
update_actions (InspectorRecipientPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean can_edit = self->view != NULL && inspector_view_can_edit (self->view);
  gboolean has_row = can_edit && get_selected (self) != NULL;

  gtk_widget_action_set_enabled (widget, "recipient.add", can_edit);
  gtk_widget_action_set_enabled (widget, "recipient.paste", can_edit);
  gtk_widget_action_set_enabled (widget, "recipient.edit", has_row);
  gtk_widget_action_set_enabled (widget, "recipient.remove", has_row);
  gtk_widget_action_set_enabled (widget, "recipient.move", has_row);
}

static void
selected_cb (InspectorRecipientPage *self)
{
  IMsgRecipient *recipient = get_selected (self);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    inspector_view_set_object (self->view,
                               recipient != NULL ? IMSG_PROPERTY_OBJECT (recipient) : NULL);
  update_actions (self);
}

static void
drop_message (InspectorRecipientPage *self)
{
  gtk_column_view_set_model (self->table, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->message);
}

static void
show_message (InspectorRecipientPage *self)
{
  InspectorNode *node = inspector_view_get_node (self->view);
  IMsgMessage *message = NULL;

  if (node != NULL && inspector_node_get_kind (node) == INSPECTOR_NODE_RECIPIENTS)
    message = inspector_node_get_message (node);
  if (message == self->message || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  drop_message (self);
  if (message == NULL)
    return;
  self->message = g_object_ref (message);
  self->selection = inspector_row_table_set_model (self->table,
                                                   imsg_message_get_recipients (message));
  g_object_ref (self->selection);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
  update_actions (self);
}

static void
activate_cb (GtkColumnView          *table,
             guint                   position,
             InspectorRecipientPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "recipient.edit", NULL);
}

static void
recipient_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  InspectorRecipientPage *self = INSPECTOR_RECIPIENT_PAGE (widget);
  InspectorHistory *history = inspector_view_get_history (self->view);
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(GError) error = NULL;

  g_set_object (&recipient, get_selected (self));
  if (self->message == NULL)
    return;
  if (g_str_equal (name, "recipient.add"))
    inspector_recipient_dialog_present (parent, self->view, self->message, NULL);
  else if (recipient == NULL)
    return;
  else if (g_str_equal (name, "recipient.edit"))
    inspector_recipient_dialog_present (parent, self->view, self->message, recipient);
  else if (g_str_equal (name, "recipient.remove"))
    {
      if (!inspector_edit_remove_recipient (history, recipient, &error))
        inspector_view_report (self->view, _("The recipient could not be removed."), error);
    }
  else if (!inspector_edit_move_recipient (history, recipient, g_variant_get_int32 (parameter),
                                           &error))
    inspector_view_toast (self->view, error->message);
  else
    inspector_recipient_page_select (self, recipient, 0);
}

static void
pasted_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(InspectorRecipientPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_autoptr(GPtrArray) people = NULL;
  InspectorHistory *history = NULL;

  if (text == NULL || self->message == NULL)
    return;
  people = inspector_recipient_list_parse (text);
  if (people->len == 0)
    {
      inspector_view_toast (self->view, _("There is no address on the clipboard."));
      return;
    }
  history = inspector_view_get_history (self->view);
  inspector_history_begin_group (history, _("Paste recipients"));
  for (guint i = 0; i < people->len && error == NULL; i++)
    {
      const InspectorPerson *person = g_ptr_array_index (people, i);

      inspector_edit_add_recipient (history, self->message, IMSG_RECIPIENT_TYPE_TO, person->name,
                                    person->address, &error);
    }
  if (error != NULL)
    {
      inspector_history_cancel_group (history);
      inspector_view_report (self->view, _("The recipients could not be added."), error);
    }
  else
    inspector_history_end_group (history);
}

static void
paste_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, pasted_cb,
                                 g_object_ref (widget));
}

static void
inspector_recipient_page_map (GtkWidget *widget)
{
  InspectorRecipientPage *self = INSPECTOR_RECIPIENT_PAGE (widget);

  GTK_WIDGET_CLASS (inspector_recipient_page_parent_class)->map (widget);
  if (self->view == NULL)
    return;
  show_message (self);
  if (self->selection != NULL)
    selected_cb (self);
}

static void
inspector_recipient_page_dispose (GObject *object)
{
  InspectorRecipientPage *self = INSPECTOR_RECIPIENT_PAGE (object);
  GtkWidget *child = NULL;

  if (self->table != NULL)
    drop_message (self);
  self->table = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (inspector_recipient_page_parent_class)->dispose (object);
}

static void
inspector_recipient_page_class_init (InspectorRecipientPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_recipient_page_dispose;
  widget_class->map = inspector_recipient_page_map;

  g_type_ensure (INSPECTOR_TYPE_PROPERTY_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-recipient-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InspectorRecipientPage, table);
  gtk_widget_class_bind_template_child (widget_class, InspectorRecipientPage, property_page);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "recipient.add", NULL, recipient_action);
  gtk_widget_class_install_action (widget_class, "recipient.edit", NULL, recipient_action);
  gtk_widget_class_install_action (widget_class, "recipient.remove", NULL, recipient_action);
  gtk_widget_class_install_action (widget_class, "recipient.move", "i", recipient_action);
  gtk_widget_class_install_action (widget_class, "recipient.paste", NULL, paste_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "recipient.move",
                                       "i", -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "recipient.move",
                                       "i", 1);
}

static gboolean
table_key_cb (GtkEventControllerKey  *controller,
              guint                   keyval,
              guint                   keycode,
              GdkModifierType         state,
              InspectorRecipientPage *self)
{
  if (keyval != GDK_KEY_Delete)
    return FALSE;
  gtk_widget_activate_action (GTK_WIDGET (self), "recipient.remove", NULL);
  return TRUE;
}

static void
inspector_recipient_page_init (InspectorRecipientPage *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  inspector_row_table_add_columns (self->table, columns, G_N_ELEMENTS (columns));
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (table_key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->table), keys);
}

void
inspector_recipient_page_set_view (InspectorRecipientPage *self,
                                   InspectorView          *view)
{
  g_return_if_fail (INSPECTOR_IS_RECIPIENT_PAGE (self));

  g_set_object (&self->view, view);
  inspector_property_page_set_view (self->property_page, view);
  g_signal_connect_object (view, "notify::node", G_CALLBACK (show_message), self,
                           G_CONNECT_SWAPPED);
  update_actions (self);
}

void
inspector_recipient_page_select (InspectorRecipientPage *self,
                                 IMsgRecipient          *recipient,
                                 guint32                 tag)
{
  GListModel *model = NULL;

  g_return_if_fail (INSPECTOR_IS_RECIPIENT_PAGE (self));

  if (self->selection == NULL)
    return;
  model = G_LIST_MODEL (self->selection);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(IMsgRecipient) item = g_list_model_get_item (model, i);

      if (item == recipient)
        gtk_single_selection_set_selected (self->selection, i);
    }
  if (tag != 0)
    inspector_property_page_select (self->property_page, tag);
}
