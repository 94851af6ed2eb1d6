/* inspector-preview-page.c - a look into an attachment, without opening it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-preview-page.h"

#include "inspector-file-risk.h"
#include "inspector-save-attachments.h"

#include <glib/gi18n.h>

#define MAX_TEXT_BYTES 65536
#define MAX_IMAGE_BYTES (16 * 1024 * 1024)

struct _InspectorPreviewPage
{
  GtkWidget       parent_instance;

  GtkLabel       *title;
  GtkLabel       *facts;
  GtkLabel       *risk;
  GtkWidget      *save_button;
  GtkWidget      *image_button;
  GtkWidget      *message_button;
  GtkStack       *stack;
  AdwStatusPage  *nothing_page;
  GtkTextView    *text_view;
  GtkPicture     *picture;

  InspectorView  *view;
  IMsgAttachment *attachment;
};

G_DEFINE_FINAL_TYPE (InspectorPreviewPage, inspector_preview_page, GTK_TYPE_WIDGET)

static const char *
get_method_word (IMsgAttachment *attachment)
{
  switch (imsg_attachment_get_method (attachment))
    {
    case IMSG_ATTACHMENT_METHOD_BY_VALUE:
      return _("stored in the message");
    case IMSG_ATTACHMENT_METHOD_BY_REFERENCE:
    case IMSG_ATTACHMENT_METHOD_BY_REFERENCE_RESOLVE:
    case IMSG_ATTACHMENT_METHOD_BY_REFERENCE_ONLY:
      return _("a reference to a file");
    case IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE:
      return _("a reference to the web");
    case IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE:
      return _("an embedded message");
    case IMSG_ATTACHMENT_METHOD_OLE:
      return _("an OLE object");
    case IMSG_ATTACHMENT_METHOD_NONE:
    default:
      return _("no content");
    }
}

static gboolean
is_image (IMsgAttachment *attachment)
{
  const char *mime_type = imsg_attachment_get_mime_type (attachment);
  g_autofree char *guessed = NULL;

  if (mime_type != NULL)
    return g_str_has_prefix (mime_type, "image/");
  guessed = g_content_type_guess (imsg_attachment_get_file_name (attachment), NULL, 0, NULL);
  return guessed != NULL && g_str_has_prefix (guessed, "image/");
}

static void
show_nothing (InspectorPreviewPage *self,
              const char           *title,
              const char           *description)
{
  adw_status_page_set_title (self->nothing_page, title);
  adw_status_page_set_description (self->nothing_page, description);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

/* The beginning as text, when that is what it is */
static void
show_beginning (InspectorPreviewPage *self)
{
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = NULL;
  const char *end = NULL;
  gsize n_read = 0;

  stream = imsg_attachment_open_stream (self->attachment, NULL, &error);
  if (stream == NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      show_nothing (self, _("No Preview"), escaped);
      return;
    }
  bytes = g_malloc (MAX_TEXT_BYTES + 1);
  if (!g_input_stream_read_all (stream, bytes, MAX_TEXT_BYTES, &n_read, NULL, &error))
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      show_nothing (self, _("The Content Cannot Be Read"), escaped);
      return;
    }
  bytes[n_read] = '\0';
  /* A character may be cut at the end of what was read */
  if (n_read == 0 || (!g_utf8_validate (bytes, n_read, &end) && bytes + n_read - end >= 4) ||
      memchr (bytes, '\0', n_read) != NULL)
    {
      show_nothing (self, _("No Preview"), _("The Storage page shows the bytes."));
      return;
    }
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), bytes,
                            end != NULL ? end - bytes : (gssize) n_read);
  gtk_stack_set_visible_child_name (self->stack, "text");
}

static void
show_attachment (InspectorPreviewPage *self)
{
  InspectorNode *node = inspector_view_get_node (self->view);
  IMsgAttachment *attachment = NULL;
  g_autofree char *size = NULL;
  g_autofree char *facts = NULL;
  const char *mime_type = NULL;
  const char *risk = NULL;
  gboolean is_message;
  gboolean has_bytes;

  if (node != NULL && inspector_node_get_kind (node) == INSPECTOR_NODE_ATTACHMENT)
    attachment = IMSG_ATTACHMENT (inspector_node_get_object (node));
  if (attachment == self->attachment || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  g_set_object (&self->attachment, attachment);
  gtk_picture_set_paintable (self->picture, NULL);
  if (attachment == NULL)
    return;

  mime_type = imsg_attachment_get_mime_type (attachment);
  size = g_format_size_full (imsg_attachment_get_size (attachment), G_FORMAT_SIZE_LONG_FORMAT);
  facts = g_strdup_printf ("%s · %s · %s", mime_type != NULL ? mime_type : _("unknown type"), size,
                           get_method_word (attachment));
  risk = inspector_file_get_risk (imsg_attachment_get_file_name (attachment), mime_type);
  is_message = imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE;
  has_bytes = imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_BY_VALUE;
  gtk_label_set_text (self->title, imsg_attachment_get_file_name (attachment));
  gtk_label_set_text (self->facts, facts);
  gtk_label_set_text (self->risk, risk != NULL ? risk : "");
  gtk_widget_set_visible (GTK_WIDGET (self->risk), risk != NULL);
  gtk_widget_set_visible (self->message_button, is_message);
  gtk_widget_set_visible (self->image_button, has_bytes && is_image (attachment));
  gtk_widget_set_visible (self->save_button, is_message || has_bytes);
  if (has_bytes && is_image (attachment))
    show_nothing (self, _("Image"), _("Pictures are shown when you ask for it."));
  else if (has_bytes)
    show_beginning (self);
  else
    show_nothing (self, is_message ? _("Embedded Message") : _("No Preview"), NULL);
}

static void
image_clicked_cb (InspectorPreviewPage *self)
{
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *escaped = NULL;

  if (self->attachment == NULL)
    return;
  if (imsg_attachment_get_size (self->attachment) > MAX_IMAGE_BYTES)
    {
      show_nothing (self, _("The Image Is Too Large"), _("Save it to look at it elsewhere."));
      return;
    }
  stream = imsg_attachment_open_stream (self->attachment, NULL, &error);
  if (stream != NULL &&
      g_output_stream_splice (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL,
                              &error) >= 0)
    {
      bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
      texture = gdk_texture_new_from_bytes (bytes, &error);
    }
  if (texture == NULL)
    {
      escaped = g_markup_escape_text (error->message, -1);
      show_nothing (self, _("The Image Cannot Be Shown"), escaped);
      return;
    }
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_picture_set_alternative_text (self->picture,
                                    imsg_attachment_get_file_name (self->attachment));
  gtk_stack_set_visible_child_name (self->stack, "image");
}

static void
save_clicked_cb (InspectorPreviewPage *self)
{
  if (self->attachment != NULL)
    inspector_save_attachment (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->view,
                               self->attachment);
}

static void
message_clicked_cb (InspectorPreviewPage *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;

  if (self->attachment == NULL)
    return;
  message = imsg_attachment_open_message (self->attachment, NULL, &error);
  if (message != NULL)
    inspector_view_reveal (self->view, IMSG_PROPERTY_OBJECT (message), 0, "message");
  else
    inspector_view_report (self->view, _("The message could not be opened."), error);
}

static void
inspector_preview_page_map (GtkWidget *widget)
{
  InspectorPreviewPage *self = INSPECTOR_PREVIEW_PAGE (widget);

  GTK_WIDGET_CLASS (inspector_preview_page_parent_class)->map (widget);
  if (self->view == NULL)
    return;
  show_attachment (self);
  if (self->attachment != NULL)
    inspector_view_set_property (self->view, NULL);
}

static void
inspector_preview_page_dispose (GObject *object)
{
  InspectorPreviewPage *self = INSPECTOR_PREVIEW_PAGE (object);
  GtkWidget *child = NULL;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->attachment);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (inspector_preview_page_parent_class)->dispose (object);
}

static void
inspector_preview_page_class_init (InspectorPreviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_preview_page_dispose;
  widget_class->map = inspector_preview_page_map;

  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-preview-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, InspectorPreviewPage, name)
  BIND (title);
  BIND (facts);
  BIND (risk);
  BIND (save_button);
  BIND (image_button);
  BIND (message_button);
  BIND (stack);
  BIND (nothing_page);
  BIND (text_view);
  BIND (picture);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, image_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, message_clicked_cb);
}

static void
inspector_preview_page_init (InspectorPreviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
inspector_preview_page_set_view (InspectorPreviewPage *self,
                                 InspectorView        *view)
{
  g_return_if_fail (INSPECTOR_IS_PREVIEW_PAGE (self));

  g_set_object (&self->view, view);
  g_signal_connect_object (view, "notify::node", G_CALLBACK (show_attachment), self,
                           G_CONNECT_SWAPPED);
}
