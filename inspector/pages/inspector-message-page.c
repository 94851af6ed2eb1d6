/* inspector-message-page.c - a message as its reader sees it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-message-page.h"

#include "inspector-access.h"
#include "inspector-drag.h"
#include "inspector-edit.h"
#include "inspector-file-risk.h"
#include "inspector-message-body.h"
#include "inspector-message-details.h"
#include "inspector-shown-text.h"

#include <glib/gi18n.h>

#define MAX_TILES 100
#define MAX_NAMED_RECIPIENTS 20
#define MAX_TOLD_PROBLEMS 50

struct _InspectorMessagePage
{
  GtkWidget        parent_instance;

  GtkLabel        *subject;
  GtkWidget       *subject_button;
  GtkPopover      *subject_popover;
  GtkEntry        *subject_entry;
  GtkLabel        *people;
  GtkWidget       *recipients_button;
  GtkLabel        *facts;
  GtkGrid         *details;
  GtkMenuButton   *problems_button;
  GtkLabel        *problems_label;
  GtkWidget       *strip_scroller;
  GtkBox          *attachments;
  InspectorMessageBody *body;

  InspectorView   *view;
  IMsgMessage     *message;        /* what is shown; NULL for nothing */
  InspectorNode   *node;           /* that of the message, which learns of problems */
  GListModel      *lists[2];       /* its recipients and attachments, that a closing lets go of */
  guint            body_source;    /* the body comes after the headers are painted */
  guint            facts_source;
};

G_DEFINE_FINAL_TYPE (InspectorMessagePage, inspector_message_page, GTK_TYPE_WIDGET)

/* --- headers --- */

static char *
dup_person (const char *name,
            const char *address)
{
  g_autofree char *person = NULL;

  if (name == NULL || *name == '\0')
    return inspector_dup_shown_text (address != NULL ? address : "");
  if (address == NULL || *address == '\0' || g_strcmp0 (name, address) == 0)
    return inspector_dup_shown_text (name);
  person = g_strdup_printf ("%s <%s>", name, address);
  return inspector_dup_shown_text (person);
}

static void
append_recipients (InspectorMessagePage *self,
                   GString              *text,
                   IMsgRecipientType     type,
                   const char           *label)
{
  GListModel *recipients = imsg_message_get_recipients (self->message);
  guint n_found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);
      g_autofree char *person = NULL;

      if (imsg_recipient_get_recipient_type (recipient) != type)
        continue;
      n_found++;
      if (n_found > MAX_NAMED_RECIPIENTS)
        continue;
      person = dup_person (imsg_recipient_get_name (recipient),
                           imsg_recipient_get_address (recipient));
      g_string_append_printf (text, "%s%s", n_found == 1 ? label : ", ",
                              *person != '\0' ? person : _("No name"));
    }
  if (n_found > MAX_NAMED_RECIPIENTS)
    g_string_append_printf (text, ngettext (" and %u more", " and %u more",
                                            n_found - MAX_NAMED_RECIPIENTS),
                            n_found - MAX_NAMED_RECIPIENTS);
}

static void
show_people (InspectorMessagePage *self)
{
  g_autofree char *sender = dup_person (imsg_message_get_sender_name (self->message),
                                        imsg_message_get_sender_address (self->message));
  g_autoptr(GString) text = g_string_new (*sender != '\0' ? sender : _("No sender"));

  append_recipients (self, text, IMSG_RECIPIENT_TYPE_TO, "\n→ ");
  append_recipients (self, text, IMSG_RECIPIENT_TYPE_CC, _("\nCc: "));
  append_recipients (self, text, IMSG_RECIPIENT_TYPE_BCC, _("\nBcc: "));
  gtk_label_set_text (self->people, text->str);
}

static void
append_fact (GString    *text,
             const char *fact)
{
  g_autofree char *shown = NULL;

  if (fact == NULL || *fact == '\0')
    return;
  if (text->len > 0)
    g_string_append (text, " · ");
  shown = inspector_dup_shown_text (fact);
  g_string_append (text, shown);
}

static void
show_facts (InspectorMessagePage *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self->message);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GDateTime) time = imsg_message_get_sent_time (self->message);
  gint64 flags = imsg_property_object_get_int (object, IMSG_PR_MESSAGE_FLAGS);

  if (time == NULL)
    time = imsg_message_get_received_time (self->message);
  if (time != NULL)
    {
      g_autoptr(GDateTime) local = g_date_time_to_local (time);
      g_autofree char *shown = g_date_time_format (local, "%c %Z");

      append_fact (text, shown);
    }
  if (imsg_property_object_has_value (object, IMSG_PR_IMPORTANCE))
    {
      gint64 importance = imsg_property_object_get_int (object, IMSG_PR_IMPORTANCE);

      append_fact (text, importance == 2 ? _("high importance")
                                         : importance == 0 ? _("low importance") : NULL);
    }
  if (imsg_property_object_get_int (object, IMSG_PR_SENSITIVITY) > 0)
    append_fact (text, _("sensitive"));
  if (flags & 0x8)
    append_fact (text, _("draft"));
  append_fact (text, imsg_message_get_message_class (self->message));
  gtk_label_set_text (self->facts, text->str);
}

static void
show_details (InspectorMessagePage *self)
{
  g_autoptr(GPtrArray) details = inspector_message_list_details (self->message);
  GtkWidget *child = NULL;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->details))) != NULL)
    gtk_grid_remove (self->details, child);
  for (guint i = 0; i < details->len; i++)
    {
      const InspectorDetail *detail = g_ptr_array_index (details, i);
      GtkWidget *label = gtk_label_new (detail->label);
      g_autofree char *shown = inspector_dup_shown_text (detail->text);
      GtkWidget *text = gtk_label_new (shown);

      gtk_widget_add_css_class (label, "dim-label");
      gtk_label_set_xalign (GTK_LABEL (label), 1);
      gtk_widget_set_valign (label, GTK_ALIGN_START);
      gtk_label_set_xalign (GTK_LABEL (text), 0);
      gtk_label_set_wrap (GTK_LABEL (text), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_selectable (GTK_LABEL (text), TRUE);
      gtk_grid_attach (self->details, label, 0, i, 1, 1);
      gtk_grid_attach (self->details, text, 1, i, 1, 1);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->details), details->len > 0);
}

static void
show_problems (InspectorMessagePage *self)
{
  g_autoptr(GPtrArray) problems = imsg_message_list_problems (self->message);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *label = NULL;
  guint n_problems = problems != NULL ? problems->len : 0;

  gtk_widget_set_visible (GTK_WIDGET (self->problems_button), n_problems > 0);
  for (guint i = 0; i < MIN (n_problems, MAX_TOLD_PROBLEMS); i++)
    {
      const IMsgProblem *problem = g_ptr_array_index (problems, i);

      g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "", imsg_problem_get_where (problem),
                              imsg_problem_get_text (problem));
    }
  label = g_strdup_printf (ngettext ("⚠ %u problem", "⚠ %u problems", n_problems), n_problems);
  gtk_menu_button_set_label (self->problems_button, label);
  gtk_label_set_text (self->problems_label, text->str);
}

static void
tile_clicked_cb (GtkButton            *button,
                 InspectorMessagePage *self)
{
  IMsgAttachment *attachment = g_object_get_data (G_OBJECT (button), "inspector-attachment");

  inspector_view_reveal (self->view, IMSG_PROPERTY_OBJECT (attachment), 0, "message");
}

static IMsgPropertyObject *
get_dragged (GtkWidget *tile,
             double     x,
             double     y)
{
  return g_object_get_data (G_OBJECT (tile), "inspector-attachment");
}

static GtkWidget *
create_tile (InspectorMessagePage *self,
             IMsgAttachment       *attachment)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  const char *name = imsg_attachment_get_file_name (attachment);
  const char *risk = inspector_file_get_risk (name, imsg_attachment_get_mime_type (attachment));
  g_autofree char *size = g_format_size (imsg_attachment_get_size (attachment));
  g_autofree char *text = g_strdup_printf ("%s · %s", name, size);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *size_label = gtk_label_new (size);
  const char *icon = risk != NULL ? "dialog-warning-symbolic"
                     : imsg_attachment_get_method (attachment) ==
                           IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE
                         ? "mail-unread-symbolic" : "mail-attachment-symbolic";

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_widget_add_css_class (size_label, "numeric");
  gtk_widget_add_css_class (size_label, "caption");
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), size_label);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_set_tooltip_text (button, risk != NULL ? risk : text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (risk != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    risk, -1);
  g_object_set_data_full (G_OBJECT (button), "inspector-attachment", g_object_ref (attachment),
                          g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (tile_clicked_cb), self, 0);
  inspector_drag_add (button, get_dragged);
  return button;
}

static void
show_attachments (InspectorMessagePage *self)
{
  GListModel *attachments = imsg_message_get_attachments (self->message);
  GtkWidget *child = NULL;
  guint n_shown = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->attachments))) != NULL)
    gtk_box_remove (self->attachments, child);
  for (guint i = 0; i < g_list_model_get_n_items (attachments) && n_shown < MAX_TILES; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      if (imsg_attachment_is_hidden (attachment) || imsg_attachment_is_inline (attachment))
        continue;
      gtk_box_append (self->attachments, create_tile (self, attachment));
      n_shown++;
    }
  gtk_widget_set_visible (self->strip_scroller, n_shown > 0);
}

static gboolean
body_idle_cb (gpointer user_data)
{
  InspectorMessagePage *self = user_data;

  self->body_source = 0;
  inspector_message_body_reload (self->body);
  return G_SOURCE_REMOVE;
}

static void
show_headers (InspectorMessagePage *self)
{
  const char *subject = imsg_message_get_subject (self->message);
  g_autofree char *shown =
    inspector_dup_shown_text (subject != NULL && *subject != '\0' ? subject : _("Untitled"));

  gtk_label_set_text (self->subject, shown);
  inspector_access_enable (self->subject_button, inspector_view_get_lock_reason (self->view));
  inspector_access_enable (self->recipients_button, NULL);
  show_people (self);
  show_facts (self);
  show_details (self);
  show_problems (self);
}

static gboolean
facts_idle_cb (gpointer user_data)
{
  InspectorMessagePage *self = user_data;

  self->facts_source = 0;
  if (self->message != NULL && !imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (self->message)))
    {
      show_headers (self);
      show_attachments (self);
    }
  return G_SOURCE_REMOVE;
}

static void
property_changed_cb (InspectorMessagePage *self,
                     guint                 tag)
{
  guint id = tag >> 16 != 0 ? tag >> 16 : tag;

  if (self->facts_source == 0)
    self->facts_source = g_idle_add (facts_idle_cb, self);
  if (self->body_source == 0 &&
      (id == IMSG_PR_BODY >> 16 || id == IMSG_PR_HTML >> 16 || id == IMSG_PR_RTF_COMPRESSED >> 16))
    self->body_source = g_idle_add (body_idle_cb, self);
}

static void
rows_changed_cb (InspectorMessagePage *self)
{
  if (self->facts_source == 0)
    self->facts_source = g_idle_add (facts_idle_cb, self);
}

static void
drop_message (InspectorMessagePage *self)
{
  g_clear_handle_id (&self->body_source, g_source_remove);
  g_clear_handle_id (&self->facts_source, g_source_remove);
  if (self->message == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->message, self);
  for (guint i = 0; i < G_N_ELEMENTS (self->lists); i++)
    {
      g_signal_handlers_disconnect_by_func (self->lists[i], rows_changed_cb, self);
      g_clear_object (&self->lists[i]);
    }
  if (self->node != NULL)
    g_signal_handlers_disconnect_by_func (self->node, rows_changed_cb, self);
  g_clear_object (&self->node);
  g_clear_object (&self->message);
}

static void
show_message (InspectorMessagePage *self)
{
  InspectorNode *node = inspector_view_get_node (self->view);
  IMsgMessage *message = NULL;

  if (node != NULL && inspector_node_get_kind (node) == INSPECTOR_NODE_MESSAGE)
    message = IMSG_MESSAGE (inspector_node_get_object (node));
  if (message == self->message || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  drop_message (self);
  inspector_message_body_set_message (self->body, message);
  if (message == NULL)
    return;
  self->message = g_object_ref (message);
  self->node = g_object_ref (node);
  g_signal_connect_object (node, "notify::title", G_CALLBACK (rows_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "property-changed", G_CALLBACK (property_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "notify::code-page", G_CALLBACK (rows_changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->lists[0] = g_object_ref (imsg_message_get_recipients (message));
  self->lists[1] = g_object_ref (imsg_message_get_attachments (message));
  for (guint i = 0; i < G_N_ELEMENTS (self->lists); i++)
    g_signal_connect_object (self->lists[i], "items-changed", G_CALLBACK (rows_changed_cb), self,
                             G_CONNECT_SWAPPED);
  show_headers (self);
  show_attachments (self);
}

static void
subject_shown_cb (InspectorMessagePage *self)
{
  const char *subject = self->message != NULL ? imsg_message_get_subject (self->message) : NULL;

  gtk_editable_set_text (GTK_EDITABLE (self->subject_entry), subject != NULL ? subject : "");
}

static void
subject_apply_cb (InspectorMessagePage *self)
{
  g_autoptr(GError) error = NULL;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->subject_entry));

  gtk_popover_popdown (self->subject_popover);
  if (self->message == NULL || g_strcmp0 (text, imsg_message_get_subject (self->message)) == 0)
    return;
  if (!inspector_edit_set_subject (inspector_view_get_history (self->view), self->message, text,
                                   &error))
    inspector_view_report (self->view, _("The subject could not be changed."), error);
}

static void
recipients_clicked_cb (InspectorMessagePage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (self->message != NULL)
    gtk_widget_activate_action (widget, "view.show-recipients", NULL);
}

static void
inspector_message_page_map (GtkWidget *widget)
{
  InspectorMessagePage *self = INSPECTOR_MESSAGE_PAGE (widget);

  GTK_WIDGET_CLASS (inspector_message_page_parent_class)->map (widget);
  if (self->view == NULL)
    return;
  show_message (self);
  /* No property is selected here */
  if (self->message != NULL)
    inspector_view_set_property (self->view, NULL);
}

static void
inspector_message_page_dispose (GObject *object)
{
  InspectorMessagePage *self = INSPECTOR_MESSAGE_PAGE (object);
  GtkWidget *child = NULL;

  drop_message (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (inspector_message_page_parent_class)->dispose (object);
}

static void
inspector_message_page_class_init (InspectorMessagePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_message_page_dispose;
  widget_class->map = inspector_message_page_map;

  g_type_ensure (INSPECTOR_TYPE_MESSAGE_BODY);
  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-message-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, InspectorMessagePage, name)
  BIND (subject);
  BIND (subject_button);
  BIND (subject_popover);
  BIND (subject_entry);
  BIND (people);
  BIND (recipients_button);
  BIND (facts);
  BIND (details);
  BIND (problems_button);
  BIND (problems_label);
  BIND (strip_scroller);
  BIND (attachments);
  BIND (body);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, subject_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, subject_apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, recipients_clicked_cb);
}

static void
inspector_message_page_init (InspectorMessagePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
inspector_message_page_set_view (InspectorMessagePage *self,
                                 InspectorView        *view)
{
  g_return_if_fail (INSPECTOR_IS_MESSAGE_PAGE (self));

  g_set_object (&self->view, view);
  inspector_message_body_set_view (self->body, view);
  g_signal_connect_object (view, "notify::node", G_CALLBACK (show_message), self,
                           G_CONNECT_SWAPPED);
}

void
inspector_message_page_lock (InspectorMessagePage *self)
{
  g_return_if_fail (INSPECTOR_IS_MESSAGE_PAGE (self));

  inspector_access_enable (self->subject_button, inspector_view_get_lock_reason (self->view));
  inspector_access_enable (self->recipients_button, inspector_view_get_lock_reason (self->view));
  inspector_message_body_lock (self->body);
}

void
inspector_message_page_start_search (InspectorMessagePage *self)
{
  g_return_if_fail (INSPECTOR_IS_MESSAGE_PAGE (self));

  inspector_message_body_start_search (self->body);
}

gboolean
inspector_message_page_has_remote (InspectorMessagePage *self)
{
  g_return_val_if_fail (INSPECTOR_IS_MESSAGE_PAGE (self), FALSE);

  return inspector_message_body_has_remote (self->body);
}
