/* inspector-file-copy.c - an attachment or a message that a thread writes to a file
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-file-copy.h"

#include "inspector-export.h"

/* What a thread needs of an attachment: its bytes, or a copy of the message in it */
struct _InspectorFileCopy
{
  char         *name;
  GInputStream *stream;
  IMsgMessage  *message;
};

void
inspector_file_copy_free (gpointer data)
{
  InspectorFileCopy *copy = data;

  g_free (copy->name);
  g_clear_object (&copy->stream);
  g_clear_object (&copy->message);
  g_free (copy);
}

char *
inspector_file_copy_dup_name (IMsgPropertyObject *object)
{
  IMsgAttachment *attachment = NULL;
  char *name = NULL;

  if (IMSG_IS_MESSAGE (object))
    return inspector_export_suggest_name (IMSG_MESSAGE (object), "msg");
  attachment = IMSG_ATTACHMENT (object);
  name = imsg_attachment_dup_safe_file_name (attachment);
  if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE &&
      !g_str_has_suffix (name, ".msg"))
    {
      g_autofree char *bare = name;

      name = g_strconcat (bare, ".msg", NULL);
    }
  return name;
}

InspectorFileCopy *
inspector_file_copy_new (IMsgPropertyObject  *object,
                         GError             **error)
{
  InspectorFileCopy *copy = g_new0 (InspectorFileCopy, 1);
  g_autoptr(IMsgMessage) message = NULL;

  copy->name = inspector_file_copy_dup_name (object);
  if (IMSG_IS_MESSAGE (object))
    message = g_object_ref (IMSG_MESSAGE (object));
  else if (imsg_attachment_get_method (IMSG_ATTACHMENT (object)) ==
             IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    message = imsg_attachment_open_message (IMSG_ATTACHMENT (object), NULL, error);
  else
    copy->stream = imsg_attachment_open_stream (IMSG_ATTACHMENT (object), NULL, error);
  if (message != NULL)
    copy->message = imsg_message_dup_snapshot (message, NULL, error);
  if (copy->message == NULL && copy->stream == NULL)
    g_clear_pointer (&copy, inspector_file_copy_free);
  return copy;
}

const char *
inspector_file_copy_get_name (const InspectorFileCopy *copy)
{
  return copy->name;
}

/* In any one thread, and once */
gboolean
inspector_file_copy_write (InspectorFileCopy  *copy,
                           GFile              *file,
                           gboolean            overwrite,
                           GCancellable       *cancellable,
                           GError            **error)
{
  g_autoptr(GFileOutputStream) output = NULL;
  gboolean is_written;

  /* A name that is taken is found out before anything is read */
  output = overwrite ? g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, cancellable, error)
                     : g_file_create (file, G_FILE_CREATE_NONE, cancellable, error);
  if (output == NULL)
    return FALSE;
  if (copy->message != NULL)
    {
      g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (copy->message, cancellable, error);

      is_written = bytes != NULL &&
                   g_output_stream_write_all (G_OUTPUT_STREAM (output),
                                              g_bytes_get_data (bytes, NULL),
                                              g_bytes_get_size (bytes), NULL, cancellable, error);
    }
  else
    is_written = g_output_stream_splice (G_OUTPUT_STREAM (output), copy->stream,
                                         G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE, cancellable,
                                         error) >= 0;
  if (is_written)
    return g_output_stream_close (G_OUTPUT_STREAM (output), cancellable, error);

  /* Half a file is none: what it was to replace stays, and a new one goes */
  if (overwrite)
    {
      g_autoptr(GCancellable) given_up = g_cancellable_new ();

      g_cancellable_cancel (given_up);
      g_output_stream_close (G_OUTPUT_STREAM (output), given_up, NULL);
    }
  else
    {
      g_output_stream_close (G_OUTPUT_STREAM (output), NULL, NULL);
      g_file_delete (file, NULL, NULL);
    }
  return FALSE;
}
