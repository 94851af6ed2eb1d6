/* inspector-attachment-details.c - the selected attachment, beside the table of them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-attachment-details.h"

#include "inspector-access.h"
#include "inspector-file-risk.h"
#include "inspector-save-attachments.h"

#include <glib/gi18n.h>

struct _InspectorAttachmentDetails
{
  GtkWidget       parent_instance;

  GtkImage       *icon;
  GtkLabel       *name;
  GtkLabel       *facts;
  GtkWidget      *risk_box;
  GtkLabel       *risk;
  GtkWidget      *open_button;

  InspectorView  *view;
  IMsgAttachment *attachment;
};

G_DEFINE_FINAL_TYPE (InspectorAttachmentDetails, inspector_attachment_details, GTK_TYPE_WIDGET)

static char *
dup_facts (IMsgAttachment *attachment)
{
  g_autoptr(GString) facts = g_string_new (inspector_attachment_get_method_word (attachment));
  g_autofree char *size = g_format_size_full (imsg_attachment_get_size (attachment),
                                              G_FORMAT_SIZE_LONG_FORMAT);
  const char *mime_type = imsg_attachment_get_mime_type (attachment);
  const char *content_id = imsg_attachment_get_content_id (attachment);

  g_string_append_printf (facts, "\n%s", size);
  if (mime_type != NULL)
    g_string_append_printf (facts, "\n%s", mime_type);
  if (content_id != NULL)
    {
      g_string_append_c (facts, '\n');
      g_string_append_printf (facts, _("Content ID %s"), content_id);
    }
  if (imsg_attachment_is_inline (attachment))
    g_string_append_printf (facts, "\n%s", _("shown inside the text"));
  if (imsg_attachment_is_hidden (attachment))
    g_string_append_printf (facts, "\n%s", _("hidden"));
  return g_string_free (g_steal_pointer (&facts), FALSE);
}

static void
update (InspectorAttachmentDetails *self)
{
  IMsgAttachment *attachment = self->attachment;
  g_autofree char *facts = NULL;
  const char *risk = NULL;

  if (attachment == NULL || imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (attachment)))
    return;
  facts = dup_facts (attachment);
  risk = inspector_file_get_risk (imsg_attachment_get_file_name (attachment),
                                  imsg_attachment_get_mime_type (attachment));
  gtk_image_set_from_icon_name (self->icon, inspector_attachment_get_icon (attachment));
  gtk_label_set_text (self->name, imsg_attachment_get_file_name (attachment));
  gtk_label_set_text (self->facts, facts);
  gtk_label_set_text (self->risk, risk != NULL ? risk : "");
  gtk_widget_set_visible (self->risk_box, risk != NULL);
  gtk_button_set_label (GTK_BUTTON (self->open_button),
                        imsg_attachment_get_method (attachment) ==
                          IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE ? _("_Open the Message")
                                                                  : _("_Preview and Properties"));
  inspector_access_name_controls (GTK_WIDGET (self));
}

static void
save_clicked_cb (InspectorAttachmentDetails *self)
{
  if (self->attachment != NULL)
    inspector_save_attachment (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->view,
                               self->attachment);
}

static void
open_clicked_cb (InspectorAttachmentDetails *self)
{
  if (self->attachment != NULL)
    inspector_view_reveal (self->view, IMSG_PROPERTY_OBJECT (self->attachment), 0, "message");
}

static void
drop_attachment (InspectorAttachmentDetails *self)
{
  if (self->attachment != NULL)
    g_signal_handlers_disconnect_by_func (self->attachment, update, self);
  g_clear_object (&self->attachment);
  g_clear_object (&self->view);
}

static void
inspector_attachment_details_dispose (GObject *object)
{
  GtkWidget *child = NULL;

  drop_attachment (INSPECTOR_ATTACHMENT_DETAILS (object));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (inspector_attachment_details_parent_class)->dispose (object);
}

static void
inspector_attachment_details_class_init (InspectorAttachmentDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_attachment_details_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-attachment-details.ui");
#define BIND(child) \
  gtk_widget_class_bind_template_child (widget_class, InspectorAttachmentDetails, child)
  BIND (icon);
  BIND (name);
  BIND (facts);
  BIND (risk_box);
  BIND (risk);
  BIND (open_button);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_clicked_cb);
}

static void
inspector_attachment_details_init (InspectorAttachmentDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
inspector_attachment_details_show (InspectorAttachmentDetails *self,
                                   InspectorView              *view,
                                   IMsgAttachment             *attachment)
{
  g_return_if_fail (INSPECTOR_IS_ATTACHMENT_DETAILS (self));

  drop_attachment (self);
  self->view = g_object_ref (view);
  self->attachment = g_object_ref (attachment);
  g_signal_connect_object (attachment, "property-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}
