/* inspector-drag.c - attachments and messages dragged out, as files that are written when asked for
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-drag.h"

#include "inspector-file-copy.h"
#include "inspector-work.h"

#include <glib/gstdio.h>
#include <string.h>

#define URI_LIST "text/uri-list"
/* On a drag: the window it began in, compared only */
#define ROOT_KEY "inspector-root"

/* Paths of the files that were written, each in a folder of its own, to be removed in the end */
static GPtrArray *written = NULL;

/* --- the content: a list with one file, which is there once somebody wants to have it --- */

#define INSPECTOR_TYPE_FILE_PROVIDER (inspector_file_provider_get_type ())
G_DECLARE_FINAL_TYPE (InspectorFileProvider, inspector_file_provider, INSPECTOR, FILE_PROVIDER,
                      GdkContentProvider)

struct _InspectorFileProvider
{
  GdkContentProvider  parent_instance;

  InspectorFileCopy  *copy;  /* NULL once it is written, or while it is */
  char               *uri;   /* of the file that was written */
};

G_DEFINE_FINAL_TYPE (InspectorFileProvider, inspector_file_provider, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
inspector_file_provider_ref_formats (GdkContentProvider *provider)
{
  static const char *types[] = { URI_LIST };

  return gdk_content_formats_new (types, G_N_ELEMENTS (types));
}

/* The path of the file, in a folder that nobody else may enter */
static gpointer
write_in_thread (IMsgMessage   *snapshot,
                 gpointer       data,
                 GCancellable  *cancellable,
                 GError       **error)
{
  InspectorFileCopy *copy = data;
  g_autofree char *folder = g_dir_make_tmp ("imsg-inspector-XXXXXX", error);
  g_autofree char *path = NULL;
  g_autoptr(GFile) file = NULL;

  if (folder == NULL)
    return NULL;
  path = g_build_filename (folder, inspector_file_copy_get_name (copy), NULL);
  file = g_file_new_for_path (path);
  if (inspector_file_copy_write (copy, file, FALSE, cancellable, error))
    return g_steal_pointer (&path);
  g_rmdir (folder);
  return NULL;
}

static void
list_written_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
write_list (GTask *task)
{
  InspectorFileProvider *self = g_task_get_source_object (task);
  GOutputStream *stream = g_task_get_task_data (task);
  char *list = g_strconcat (self->uri, "\r\n", NULL);

  g_object_set_data_full (G_OBJECT (task), "inspector-list", list, g_free);
  g_output_stream_write_all_async (stream, list, strlen (list), g_task_get_priority (task),
                                   g_task_get_cancellable (task), list_written_cb,
                                   g_object_ref (task));
}

static void
file_written_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  InspectorFileProvider *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autofree char *path = inspector_work_run_finish (result, &error);

  if (path == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (written == NULL)
    written = g_ptr_array_new_with_free_func (g_free);
  self->uri = g_filename_to_uri (path, NULL, NULL);
  g_ptr_array_add (written, g_steal_pointer (&path));
  write_list (task);
}

static void
inspector_file_provider_write_async (GdkContentProvider  *provider,
                                     const char          *mime_type,
                                     GOutputStream       *stream,
                                     int                  io_priority,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  InspectorFileProvider *self = INSPECTOR_FILE_PROVIDER (provider);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, inspector_file_provider_write_async);
  g_task_set_priority (task, io_priority);
  g_task_set_task_data (task, g_object_ref (stream), g_object_unref);
  if (self->uri != NULL)
    write_list (task);
  else if (self->copy != NULL)
    inspector_work_run_async (NULL, write_in_thread, g_steal_pointer (&self->copy),
                              inspector_file_copy_free, g_free, cancellable, file_written_cb,
                              g_object_ref (task));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "The file is being written");
}

static gboolean
inspector_file_provider_write_finish (GdkContentProvider  *provider,
                                      GAsyncResult        *result,
                                      GError             **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
inspector_file_provider_finalize (GObject *object)
{
  InspectorFileProvider *self = INSPECTOR_FILE_PROVIDER (object);

  g_clear_pointer (&self->copy, inspector_file_copy_free);
  g_free (self->uri);

  G_OBJECT_CLASS (inspector_file_provider_parent_class)->finalize (object);
}

static void
inspector_file_provider_class_init (InspectorFileProviderClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inspector_file_provider_finalize;
  provider_class->ref_formats = inspector_file_provider_ref_formats;
  provider_class->write_mime_type_async = inspector_file_provider_write_async;
  provider_class->write_mime_type_finish = inspector_file_provider_write_finish;
}

static void
inspector_file_provider_init (InspectorFileProvider *self)
{
}

/* --- the source --- */

/* Within the application a message is the message itself, which can be embedded as a copy */
static GdkContentProvider *
prepare_cb (GtkDragSource     *source,
            double             x,
            double             y,
            InspectorDragFunc  func)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source));
  IMsgPropertyObject *object = func (widget, x, y);
  InspectorFileCopy *copy = NULL;
  GdkContentProvider *providers[2] = { NULL, NULL };

  if (object == NULL)
    return NULL;
  copy = inspector_file_copy_new (object, NULL);
  if (copy == NULL)
    return NULL;
  providers[0] = g_object_new (INSPECTOR_TYPE_FILE_PROVIDER, NULL);
  INSPECTOR_FILE_PROVIDER (providers[0])->copy = copy;
  if (!IMSG_IS_MESSAGE (object))
    return providers[0];
  providers[1] = gdk_content_provider_new_typed (IMSG_TYPE_MESSAGE, object);
  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

static void
begin_cb (GtkDragSource *source,
          GdkDrag       *drag)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source));

  g_object_set_data (G_OBJECT (drag), ROOT_KEY, gtk_widget_get_root (widget));
}

/* Whether what is dragged was taken from the window */
gboolean
inspector_drag_is_from (GdkDrop   *drop,
                        GtkWidget *window)
{
  GdkDrag *drag = gdk_drop_get_drag (drop);

  return drag != NULL && g_object_get_data (G_OBJECT (drag), ROOT_KEY) == window;
}

void
inspector_drag_add (GtkWidget         *widget,
                    InspectorDragFunc  func)
{
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  g_signal_connect (source, "prepare", G_CALLBACK (prepare_cb), func);
  g_signal_connect (source, "drag-begin", G_CALLBACK (begin_cb), NULL);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (source));
}

/* Whether a drag wrote the file, which goes when the application ends */
gboolean
inspector_drag_wrote (GFile *file)
{
  const char *path = g_file_peek_path (file);

  return written != NULL && path != NULL &&
         g_ptr_array_find_with_equal_func (written, path, g_str_equal, NULL);
}

void
inspector_drag_remove_files (void)
{
  for (guint i = 0; written != NULL && i < written->len; i++)
    {
      const char *path = g_ptr_array_index (written, i);
      g_autofree char *folder = g_path_get_dirname (path);

      g_unlink (path);
      g_rmdir (folder);
    }
  g_clear_pointer (&written, g_ptr_array_unref);
}
