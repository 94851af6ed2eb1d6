/* inspector-preview-page.c - a look into an attachment, without opening it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-preview-page.h"

#include "inspector-file-risk.h"
#include "inspector-find-bar.h"
#include "inspector-save-attachments.h"
#include "inspector-shown-text.h"
#include "inspector-work.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_TEXT_BYTES 65536
#define MAX_IMAGE_BYTES (16 * 1024 * 1024)
#define MAX_PIXELS (64 * 1024 * 1024)
#define PART_BYTES 65536
#define CODE_PAGE_UTF16LE 1200
#define CODE_PAGE_UTF16BE 1201
#define CODE_PAGE_WESTERN 1252
#define CODE_PAGE_UTF8 65001
/* On a stream: how text of the message is stored */
#define CODE_PAGE_KEY "inspector-code-page"

struct _InspectorPreviewPage
{
  GtkWidget       parent_instance;

  GtkLabel       *title;
  GtkLabel       *facts;
  GtkLabel       *risk;
  GtkLabel       *note;
  GtkWidget      *save_button;
  GtkWidget      *image_button;
  GtkWidget      *message_button;
  InspectorFindBar *find_bar;
  GtkStack       *stack;
  AdwStatusPage  *nothing_page;
  GtkTextView    *text_view;
  GtkPicture     *picture;

  InspectorView  *view;
  IMsgAttachment *attachment;
  GCancellable   *cancellable;   /* of the reading under way */
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

  if (mime_type != NULL && g_ascii_strcasecmp (mime_type, "application/octet-stream") != 0)
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

static void
show_failure (InspectorPreviewPage *self,
              const char           *title,
              const GError         *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  show_nothing (self, title, escaped);
}

static void
stop_reading (InspectorPreviewPage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* --- in a thread --- */

/* What was read of a text */
typedef struct
{
  char     *text;      /* NULL when it is something else */
  gboolean  is_begun;  /* there is more of it */
} Beginning;

static void
beginning_free (gpointer data)
{
  Beginning *beginning = data;

  g_free (beginning->text);
  g_free (beginning);
}

/* Whether these, which are no UTF-8, may be text of a code page */
static gboolean
has_no_control (const guint8 *bytes,
                gsize         n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (bytes[i] < 0x20 && !g_ascii_isspace (bytes[i]) && bytes[i] != 0x1B)
        return FALSE;
    }
  return TRUE;
}

/* (transfer full) (nullable): by the mark at the start, or as what it can be: UTF-8, or text in the
 * code page of the message */
static char *
decode_text (const guint8 *bytes,
             gsize         n_bytes,
             guint         code_page)
{
  g_autoptr(GBytes) part = NULL;
  const char *end = NULL;
  guint wide = n_bytes >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE   ? CODE_PAGE_UTF16LE
               : n_bytes >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF ? CODE_PAGE_UTF16BE : 0;

  if (wide != 0)
    {
      part = g_bytes_new_static (bytes + 2, (n_bytes - 2) & ~(gsize) 1);
      return imsg_text_decode (wide, part);
    }
  if (n_bytes >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0)
    {
      bytes += 3;
      n_bytes -= 3;
    }
  if (memchr (bytes, '\0', n_bytes) != NULL)
    return NULL;
  /* A character may be cut at the end of what was read. Logs and old files have control characters. */
  if (g_utf8_validate ((const char *) bytes, n_bytes, &end) ||
      (const char *) bytes + n_bytes - end < 4)
    return g_strndup ((const char *) bytes, end - (const char *) bytes);
  if (!has_no_control (bytes, n_bytes))
    return NULL;
  part = g_bytes_new_static (bytes, n_bytes);
  return imsg_text_decode (code_page == CODE_PAGE_UTF8 ? CODE_PAGE_WESTERN : code_page, part);
}

static gpointer
read_text (IMsgMessage   *snapshot,
           gpointer       stream,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autofree guint8 *bytes = g_malloc (MAX_TEXT_BYTES + 1);
  guint code_page = GPOINTER_TO_UINT (g_object_get_data (stream, CODE_PAGE_KEY));
  Beginning *beginning = NULL;
  gsize n_read = 0;

  if (!g_input_stream_read_all (stream, bytes, MAX_TEXT_BYTES + 1, &n_read, cancellable, error))
    return NULL;
  beginning = g_new0 (Beginning, 1);
  beginning->is_begun = n_read > MAX_TEXT_BYTES;
  beginning->text = decode_text (bytes, MIN (n_read, MAX_TEXT_BYTES), code_page);
  return beginning;
}

/* No pixel is decoded of an image that has too many */
static void
size_prepared_cb (GdkPixbufLoader *loader,
                  int              width,
                  int              height,
                  gboolean        *is_too_large)
{
  if ((gint64) width * height <= MAX_PIXELS)
    return;
  *is_too_large = TRUE;
  gdk_pixbuf_loader_set_size (loader, 0, 0);
}

static gpointer
read_image (IMsgMessage   *snapshot,
            gpointer       stream,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autofree guchar *part = g_malloc (PART_BYTES);
  g_autoptr(GError) local = NULL;
  GdkPixbuf *pixbuf = NULL;
  gboolean is_too_large = FALSE;
  gboolean is_whole = TRUE;
  gssize n_read = 0;
  gsize n_total = 0;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &is_too_large);
  while (local == NULL && !is_too_large && n_total <= MAX_IMAGE_BYTES &&
         (n_read = g_input_stream_read (stream, part, PART_BYTES, cancellable, &local)) > 0)
    {
      n_total += n_read;
      is_whole = gdk_pixbuf_loader_write (loader, part, n_read, &local);
    }
  if (!gdk_pixbuf_loader_close (loader, local == NULL ? &local : NULL))
    is_whole = FALSE;
  if (is_too_large || n_total > MAX_IMAGE_BYTES)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, _("It is too large."));
      return NULL;
    }
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  /* What came before the damage is shown */
  if (n_read >= 0 && pixbuf != NULL && (is_whole || gdk_pixbuf_get_width (pixbuf) > 0))
    return gdk_texture_new_for_pixbuf (pixbuf);
  if (local == NULL)
    g_set_error_literal (&local, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA, _("It is no image."));
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* --- and what becomes of it --- */

static void
text_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(InspectorPreviewPage) self = user_data;
  g_autoptr(GError) error = NULL;
  Beginning *beginning = inspector_work_run_finish (result, &error);
  const char *text = beginning != NULL ? beginning->text : NULL;

  if (inspector_work_is_cancelled (error))
    return;
  if (beginning == NULL)
    show_failure (self, _("The Content Cannot Be Read"), error);
  else if (text == NULL || *text == '\0')
    show_nothing (self, _("No Preview"), _("The Storage page shows the bytes."));
  else
    {
      gtk_widget_set_visible (GTK_WIDGET (self->note), beginning->is_begun);
      gtk_text_view_set_wrap_mode (self->text_view, inspector_has_endless_word (text)
                                                      ? GTK_WRAP_NONE : GTK_WRAP_WORD_CHAR);
      gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), text, -1);
      gtk_stack_set_visible_child_name (self->stack, "text");
    }
  g_clear_pointer (&beginning, beginning_free);
}

static void
image_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(InspectorPreviewPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = inspector_work_run_finish (result, &error);

  if (inspector_work_is_cancelled (error) || self->attachment == NULL)
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    show_nothing (self, _("The Image Is Too Large"), _("Save it to look at it elsewhere."));
  else if (texture == NULL)
    show_failure (self, _("The Image Cannot Be Shown"), error);
  else
    {
      gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
      gtk_picture_set_alternative_text (self->picture,
                                        imsg_attachment_get_file_name (self->attachment));
      gtk_stack_set_visible_child_name (self->stack, "image");
    }
}

static void
start_reading (InspectorPreviewPage *self,
               InspectorWorkFunc     func,
               GDestroyNotify        result_free,
               GAsyncReadyCallback   callback)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = NULL;
  guint code_page = imsg_message_get_code_page (imsg_attachment_get_message (self->attachment));

  stop_reading (self);
  stream = imsg_attachment_open_stream (self->attachment, NULL, &error);
  if (stream == NULL)
    {
      show_failure (self, _("No Preview"), error);
      return;
    }
  g_object_set_data (G_OBJECT (stream), CODE_PAGE_KEY, GUINT_TO_POINTER (code_page));
  show_nothing (self, _("Loading…"), NULL);
  self->cancellable = g_cancellable_new ();
  inspector_work_run_async (NULL, func, g_steal_pointer (&stream), g_object_unref, result_free,
                            self->cancellable, callback, g_object_ref (self));
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
  stop_reading (self);
  inspector_find_bar_stop (self->find_bar);
  g_set_object (&self->attachment, attachment);
  gtk_picture_set_paintable (self->picture, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
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
    start_reading (self, read_text, beginning_free, text_read_cb);
  else
    show_nothing (self, is_message ? _("Embedded Message") : _("No Preview"), NULL);
}

static void
image_clicked_cb (InspectorPreviewPage *self)
{
  if (self->attachment != NULL)
    start_reading (self, read_image, g_object_unref, image_read_cb);
}

/* Only text can be searched */
static void
find_cb (InspectorFindBar     *bar,
         const char           *text,
         guint                 step,
         InspectorPreviewPage *self)
{
  if (*text != '\0')
    inspector_find_bar_answer (bar, g_strcmp0 (gtk_stack_get_visible_child_name (self->stack),
                                               "text") == 0 &&
                                    inspector_find_bar_find_in_text (self->text_view, text, step));
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

  stop_reading (self);
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

  g_type_ensure (INSPECTOR_TYPE_FIND_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-preview-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, InspectorPreviewPage, name)
  BIND (title);
  BIND (facts);
  BIND (risk);
  BIND (note);
  BIND (save_button);
  BIND (image_button);
  BIND (message_button);
  BIND (find_bar);
  BIND (stack);
  BIND (nothing_page);
  BIND (text_view);
  BIND (picture);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, find_cb);
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

void
inspector_preview_page_start_search (InspectorPreviewPage *self)
{
  g_return_if_fail (INSPECTOR_IS_PREVIEW_PAGE (self));

  inspector_find_bar_start (self->find_bar);
}
