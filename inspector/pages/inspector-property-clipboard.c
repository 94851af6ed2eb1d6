/* inspector-property-clipboard.c - copies the selected property, and pastes values and properties
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-property-clipboard.h"

#include "inspector-edit.h"
#include "inspector-property-text.h"
#include "inspector-property-transfer.h"
#include "inspector-value.h"

#include <glib/gi18n.h>

/* What a paste is about, until the clipboard has answered */
typedef struct
{
  InspectorView      *view;
  IMsgPropertyObject *object;
  IMsgProperty       *property;  /* NULL when a whole property is pasted */
} Paste;

static Paste *
paste_new (InspectorView *view,
           IMsgProperty  *property)
{
  Paste *paste = g_new0 (Paste, 1);

  paste->view = g_object_ref (view);
  paste->object = g_object_ref (inspector_view_get_object (view));
  g_set_object (&paste->property, property);
  return paste;
}

static void
paste_free (Paste *paste)
{
  g_object_unref (paste->view);
  g_object_unref (paste->object);
  g_clear_object (&paste->property);
  g_free (paste);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Paste, paste_free)

void
inspector_property_copy (GtkWidget     *widget,
                         InspectorView *view,
                         const char    *form)
{
  IMsgProperty *property = inspector_view_get_property (view);
  GdkContentProvider *providers[2] = { NULL, };
  g_autoptr(GdkContentProvider) all = NULL;
  g_autoptr(GBytes) whole = NULL;
  g_autofree char *text = NULL;
  guint n_providers = 0;

  text = property != NULL ? inspector_property_dup_copy (property, form) : NULL;
  if (text == NULL)
    {
      inspector_view_toast (view, _("There is nothing to copy in this form."));
      return;
    }
  providers[n_providers++] = gdk_content_provider_new_typed (G_TYPE_STRING, text);
  whole = inspector_property_to_transfer (property);
  if (whole != NULL)
    providers[n_providers++] =
      gdk_content_provider_new_for_bytes (INSPECTOR_PROPERTY_MIME_TYPE, whole);
  all = gdk_content_provider_new_union (providers, n_providers);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), all);
}

static void
value_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Paste) paste = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_autoptr(GVariant) value = NULL;

  if (text != NULL)
    value = inspector_value_parse (imsg_property_get_property_type (paste->property), text, &error);
  if (value == NULL ||
      !inspector_edit_set_value (inspector_view_get_history (paste->view), paste->object,
                                 imsg_property_get_tag (paste->property), value, &error))
    inspector_view_report (paste->view, _("The value could not be pasted."), error);
}

void
inspector_property_paste_value (GtkWidget     *widget,
                                InspectorView *view)
{
  IMsgProperty *property = inspector_view_get_property (view);

  if (property != NULL && inspector_view_get_object (view) != NULL)
    gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, value_read_cb,
                                   paste_new (view, property));
}

static void
apply_property (Paste  *paste,
                GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  guint32 tag = 0;

  if (inspector_property_from_transfer (inspector_view_get_history (paste->view), paste->object,
                                        bytes, &tag, &error))
    inspector_view_reveal (paste->view, paste->object, tag, "properties");
  else
    inspector_view_report (paste->view, _("The property could not be pasted."), error);
}

static void
bytes_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Paste) paste = user_data;
  g_autoptr(GBytes) bytes = NULL;

  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, NULL) < 0)
    return;
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (source));
  apply_property (paste, bytes);
}

static void
property_read_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(Paste) paste = user_data;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();

  stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, NULL);
  if (stream == NULL)
    {
      inspector_view_toast (paste->view, _("There is no property on the clipboard."));
      return;
    }
  g_output_stream_splice_async (memory, stream,
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE |
                                  G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, bytes_read_cb, g_steal_pointer (&paste));
}

void
inspector_property_paste (GtkWidget     *widget,
                          InspectorView *view)
{
  const char *mime_types[] = { INSPECTOR_PROPERTY_MIME_TYPE, NULL };

  gdk_clipboard_read_async (gtk_widget_get_clipboard (widget), mime_types, G_PRIORITY_DEFAULT, NULL,
                            property_read_cb, paste_new (view, NULL));
}
