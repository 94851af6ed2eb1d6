/* inspector-recipient-page.c - who a message is for
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-recipient-page.h"

#include "inspector-access.h"
#include "inspector-edit.h"
#include "inspector-property-page.h"
#include "inspector-recipient-dialog.h"
#include "inspector-recipient-list.h"

#include <glib/gi18n.h>

struct _InspectorRecipientPage
{
  InspectorRowPage       parent_instance;

  GtkSearchBar          *row_search_bar;
  GtkSearchEntry        *row_search_entry;
  GtkColumnView         *table;
  GtkDropDown           *kind;
  GMenuModel            *row_menu;
  InspectorPropertyPage *property_page;

  guint                  is_updating : 1;
};

G_DEFINE_FINAL_TYPE (InspectorRecipientPage, inspector_recipient_page, INSPECTOR_TYPE_ROW_PAGE)

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

/* Resolved: an entry ID says who it is, which a mail program needs to send to it */
static char *
dup_state (gpointer item)
{
  return g_strdup (imsg_property_object_has_value (item, IMSG_PR_ENTRYID) ? _("resolved")
                                                                          : _("not resolved"));
}

static const InspectorRowColumn columns[] = {
  { N_("Kind"), dup_kind, FALSE, 6 },
  { N_("Name"), dup_name, TRUE, 10, NULL, 20 },
  { N_("Address"), dup_address, TRUE, 12, NULL, 24 },
  { N_("Address Type"), dup_address_type, FALSE, 5 },
  { N_("State"), dup_state, FALSE, 8 },
};

static IMsgRecipient *
get_selected (InspectorRecipientPage *self)
{
  return inspector_row_page_get_selected (INSPECTOR_ROW_PAGE (self));
}

static InspectorView *
get_view (InspectorRecipientPage *self)
{
  return inspector_row_page_get_view (INSPECTOR_ROW_PAGE (self));
}

/* In the list of To, Cc and Bcc */
static guint
get_kind_position (IMsgRecipient *recipient)
{
  if (recipient == NULL)
    return GTK_INVALID_LIST_POSITION;
  switch (imsg_recipient_get_recipient_type (recipient))
    {
    case IMSG_RECIPIENT_TYPE_CC:
      return 1;
    case IMSG_RECIPIENT_TYPE_BCC:
      return 2;
    case IMSG_RECIPIENT_TYPE_ORIGINATOR:
    case IMSG_RECIPIENT_TYPE_TO:
    default:
      return 0;
    }
}

static void
inspector_recipient_page_update (InspectorRowPage *page)
{
  InspectorRecipientPage *self = INSPECTOR_RECIPIENT_PAGE (page);
  GtkWidget *widget = GTK_WIDGET (self);
  IMsgRecipient *recipient = get_selected (self);
  static const char * const of_row[] = { "recipient.edit", "recipient.remove", "recipient.move" };
  const char *address = recipient != NULL ? imsg_recipient_get_address (recipient) : NULL;
  const char *locked = inspector_view_get_lock_reason (get_view (self));
  const char *reason = locked != NULL      ? locked
                       : recipient == NULL ? _("No recipient is selected.") : NULL;

  inspector_access_enable_action (widget, "recipient.add", locked);
  inspector_access_enable_action (widget, "recipient.paste", locked);
  for (guint i = 0; i < G_N_ELEMENTS (of_row); i++)
    inspector_access_enable_action (widget, of_row[i], reason);
  inspector_access_enable (GTK_WIDGET (self->kind), reason);
  if (reason == NULL && (address == NULL || *address == '\0'))
    reason = _("It has no address.");
  inspector_access_enable_action (widget, "recipient.resolve", reason);
  self->is_updating = TRUE;
  gtk_drop_down_set_selected (self->kind, get_kind_position (recipient));
  self->is_updating = FALSE;
}

static GListModel *
inspector_recipient_page_get_rows (IMsgMessage *message)
{
  return imsg_message_get_recipients (message);
}

static void
set_recipient (InspectorRecipientPage *self,
               IMsgRecipient          *recipient,
               IMsgRecipientType       type)
{
  g_autoptr(GError) error = NULL;

  if (!inspector_edit_set_recipient (inspector_view_get_history (get_view (self)), recipient, type,
                                     imsg_recipient_get_name (recipient),
                                     imsg_recipient_get_address (recipient), &error))
    inspector_view_report (get_view (self), _("The recipient could not be changed."), error);
}

static void
kind_chosen_cb (InspectorRecipientPage *self)
{
  IMsgRecipient *recipient = get_selected (self);
  guint selected = gtk_drop_down_get_selected (self->kind);

  if (self->is_updating || recipient == NULL || selected > 2)
    return;
  set_recipient (self, recipient, IMSG_RECIPIENT_TYPE_TO + selected);
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
  InspectorView *view = get_view (self);
  InspectorHistory *history = inspector_view_get_history (view);
  IMsgMessage *message = inspector_row_page_get_message (INSPECTOR_ROW_PAGE (self));
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(GError) error = NULL;

  g_set_object (&recipient, get_selected (self));
  if (message == NULL)
    return;
  if (g_str_equal (name, "recipient.add"))
    inspector_recipient_dialog_present (parent, view, message, NULL);
  else if (recipient == NULL)
    return;
  else if (g_str_equal (name, "recipient.edit"))
    inspector_recipient_dialog_present (parent, view, message, recipient);
  else if (g_str_equal (name, "recipient.resolve"))
    {
      if (!inspector_edit_resolve_recipient (history, recipient, &error))
        inspector_view_report (view, _("The recipient could not be resolved."), error);
    }
  else if (g_str_equal (name, "recipient.remove"))
    {
      if (!inspector_edit_remove_recipient (history, recipient, &error))
        inspector_view_report (view, _("The recipient could not be removed."), error);
    }
  else if (!inspector_edit_move_recipient (history, recipient, g_variant_get_int32 (parameter),
                                           &error))
    inspector_view_toast (view, error->message);
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
  IMsgMessage *message = inspector_row_page_get_message (INSPECTOR_ROW_PAGE (self));
  InspectorView *view = get_view (self);
  InspectorHistory *history = NULL;

  if (message == NULL)
    return;
  people = inspector_recipient_list_parse (text != NULL ? text : "");
  if (people->len == 0)
    {
      inspector_view_toast (view, _("There is no address on the clipboard."));
      return;
    }
  history = inspector_view_get_history (view);
  inspector_history_begin_group (history, _("Paste recipients"));
  for (guint i = 0; i < people->len && error == NULL; i++)
    {
      const InspectorPerson *person = g_ptr_array_index (people, i);

      inspector_edit_add_recipient (history, message, IMSG_RECIPIENT_TYPE_TO, person->name,
                                    person->address, &error);
    }
  if (error != NULL)
    {
      inspector_history_cancel_group (history);
      inspector_view_report (view, _("The recipients could not be added."), error);
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
inspector_recipient_page_class_init (InspectorRecipientPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  InspectorRowPageClass *page_class = INSPECTOR_ROW_PAGE_CLASS (klass);

  page_class->kind = INSPECTOR_NODE_RECIPIENTS;
  page_class->get_rows = inspector_recipient_page_get_rows;
  page_class->update = inspector_recipient_page_update;

  g_type_ensure (INSPECTOR_TYPE_PROPERTY_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-recipient-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InspectorRecipientPage, row_search_bar);
  gtk_widget_class_bind_template_child (widget_class, InspectorRecipientPage, row_search_entry);
  gtk_widget_class_bind_template_child (widget_class, InspectorRecipientPage, table);
  gtk_widget_class_bind_template_child (widget_class, InspectorRecipientPage, kind);
  gtk_widget_class_bind_template_child (widget_class, InspectorRecipientPage, row_menu);
  gtk_widget_class_bind_template_child (widget_class, InspectorRecipientPage, property_page);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_chosen_cb);
  gtk_widget_class_install_action (widget_class, "recipient.add", NULL, recipient_action);
  gtk_widget_class_install_action (widget_class, "recipient.edit", NULL, recipient_action);
  gtk_widget_class_install_action (widget_class, "recipient.resolve", NULL, recipient_action);
  gtk_widget_class_install_action (widget_class, "recipient.remove", NULL, recipient_action);
  gtk_widget_class_install_action (widget_class, "recipient.move", "i", recipient_action);
  gtk_widget_class_install_action (widget_class, "recipient.paste", NULL, paste_action);
}

static void
inspector_recipient_page_init (InspectorRecipientPage *self)
{
  InspectorRowPage *page = INSPECTOR_ROW_PAGE (self);

  gtk_widget_init_template (GTK_WIDGET (self));
  inspector_access_name_drop_down (self->kind, _("Kind"));
  inspector_row_page_set_table (page, self->table, columns, G_N_ELEMENTS (columns), self->row_menu);
  inspector_row_page_set_search (page, self->row_search_bar, self->row_search_entry);
  inspector_row_page_add_key (page, GDK_KEY_Delete, 0, "recipient.remove", NULL);
  inspector_row_page_add_key (page, GDK_KEY_F2, 0, "recipient.edit", NULL);
  inspector_row_page_add_key (page, GDK_KEY_v, GDK_CONTROL_MASK, "recipient.paste", NULL);
  inspector_row_page_add_key (page, GDK_KEY_Up, GDK_ALT_MASK, "recipient.move",
                              g_variant_new_int32 (-1));
  inspector_row_page_add_key (page, GDK_KEY_Down, GDK_ALT_MASK, "recipient.move",
                              g_variant_new_int32 (1));
}

void
inspector_recipient_page_set_view (InspectorRecipientPage *self,
                                   InspectorView          *view)
{
  g_return_if_fail (INSPECTOR_IS_RECIPIENT_PAGE (self));

  inspector_property_page_set_view (self->property_page, view);
  inspector_row_page_set_view (INSPECTOR_ROW_PAGE (self), view);
}

void
inspector_recipient_page_select (InspectorRecipientPage *self,
                                 IMsgRecipient          *recipient,
                                 guint32                 tag)
{
  g_return_if_fail (INSPECTOR_IS_RECIPIENT_PAGE (self));

  inspector_row_page_select (INSPECTOR_ROW_PAGE (self), recipient);
  if (tag != 0)
    inspector_property_page_select (self->property_page, tag);
}
