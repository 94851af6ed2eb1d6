/* test-mime-util.c - what the tests of e-mail have in common
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-mime-util.h"

IMsgMessage *
mime_create (IMsgSession *session,
             const char  *message_class)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_create_message (session, message_class, &error);

  g_assert_no_error (error);
  return message;
}

static IMsgMessage *
import_bytes (IMsgSession *session,
              const void  *bytes,
              gsize        n_bytes)
{
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (bytes, (gssize) n_bytes, NULL);
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_import_mime (session, stream, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (message);
  return message;
}

IMsgMessage *
mime_import (IMsgSession *session,
             const char  *text)
{
  return import_bytes (session, text, strlen (text));
}

static GBytes *
export_bytes (IMsgMessage          *message,
              IMsgMimeExportFlags   flags,
              GPtrArray           **losses)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;

  imsg_message_export_mime_full (message, memory, flags, NULL, losses, &error);
  g_assert_no_error (error);
  g_output_stream_close (memory, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

char *
mime_export (IMsgMessage          *message,
             IMsgMimeExportFlags   flags,
             GPtrArray           **losses)
{
  g_autoptr(GBytes) bytes = export_bytes (message, flags, losses);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

IMsgMessage *
mime_go_round (IMsgSession *session,
               IMsgMessage *message)
{
  g_autoptr(GBytes) bytes = export_bytes (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);

  return import_bytes (session, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

void
mime_set_string (gpointer    object,
                 guint32     tag,
                 const char *value)
{
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (object), tag, value, &error);
  g_assert_no_error (error);
}

void
mime_set_int (gpointer object,
              guint32  tag,
              gint64   value)
{
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (object), tag, value, &error);
  g_assert_no_error (error);
}

void
mime_set_bytes (gpointer    object,
                guint32     tag,
                const void *bytes,
                gsize       n_bytes)
{
  g_autoptr(GBytes) value = g_bytes_new (bytes, n_bytes);
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (object), tag, value, &error);
  g_assert_no_error (error);
}

void
mime_add_recipient (IMsgMessage       *message,
                    IMsgRecipientType  type,
                    const char        *name,
                    const char        *address)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRecipient) recipient =
    imsg_message_add_recipient (message, type, name, address, &error);

  g_assert_no_error (error);
}

void
mime_set_body (IMsgMessage    *message,
               IMsgBodyFormat  format,
               const char     *content)
{
  g_autoptr(GError) error = NULL;

  imsg_message_set_body (message, format, content, &error);
  g_assert_no_error (error);
}

IMsgAttachment *
mime_attach (IMsgMessage *message,
             const char  *name,
             const char  *mime_type,
             const void  *bytes,
             gsize        n_bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(GBytes) content = g_bytes_new (bytes, n_bytes);

  g_assert_no_error (error);
  imsg_attachment_set_bytes (attachment, content, &error);
  g_assert_no_error (error);
  imsg_attachment_set_file_name (attachment, name, &error);
  g_assert_no_error (error);
  if (mime_type != NULL)
    mime_set_string (attachment, IMSG_PR_ATTACH_MIME_TAG, mime_type);
  return attachment;
}

IMsgAttachment *
mime_get_attachment (IMsgMessage *message,
                     guint        position)
{
  g_autoptr(IMsgAttachment) attachment =
    g_list_model_get_item (imsg_message_get_attachments (message), position);

  g_assert_nonnull (attachment);
  return attachment;
}

void
mime_assert_data (IMsgAttachment *attachment,
                  const void     *bytes,
                  gsize           n_bytes)
{
  g_autoptr(GBytes) data = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                                           IMSG_PR_ATTACH_DATA_BIN);
  gsize n_data;
  const void *found;

  g_assert_nonnull (data);
  found = g_bytes_get_data (data, &n_data);
  g_assert_cmpmem (found, n_data, bytes, n_bytes);
}

void
mime_assert_loss (GPtrArray  *losses,
                  const char *where,
                  const char *text)
{
  guint n_found = 0;

  for (guint i = 0; i < losses->len; i++)
    {
      const IMsgProblem *loss = g_ptr_array_index (losses, i);

      g_test_message ("%s: %s", imsg_problem_get_where (loss), imsg_problem_get_text (loss));
      if (strcmp (imsg_problem_get_where (loss), where) == 0 &&
          strstr (imsg_problem_get_text (loss), text) != NULL)
        n_found++;
    }
  g_assert_cmpuint (n_found, ==, 1);
}
