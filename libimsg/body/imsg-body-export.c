/* imsg-body-export.c - the body of a message into a stream
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-body-source-private.h"

#include "imsg-body.h"
#include "imsg-code-page-private.h"
#include "imsg-html-private.h"
#include "imsg-problem-private.h"
#include "imsg-rtf-decompressor.h"

static void
move_problems (GPtrArray *from,
               GPtrArray *to)
{
  for (guint i = 0; i < from->len; i++)
    _imsg_problem_list_add (to, imsg_problem_ref (from->pdata[i]));
}

/* Stored RTF goes piece by piece; FALSE with no error when there is none, or nothing else. */
static gboolean
export_stored_rtf (IMsgMessage    *message,
                   GOutputStream  *stream,
                   GCancellable   *cancellable,
                   GPtrArray      *problems,
                   GError        **error)
{
  g_auto(IMsgBodyReading) reading = { 0 };
  g_autoptr(IMsgRtfDecompressor) decompressor = NULL;
  g_autoptr(GInputStream) compressed = NULL;
  g_autoptr(GInputStream) rtf = NULL;
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GError) local_error = NULL;

  _imsg_body_reading_init (&reading, message, cancellable);
  if (_imsg_body_reading_peek_rtf (&reading, &local_error) != IMSG_RTF_CONTENT_NONE)
    {
      g_ptr_array_set_size (reading.problems, 0);
      compressed = _imsg_body_reading_open_rtf (&reading, &local_error);
    }
  if (compressed == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  decompressor = imsg_rtf_decompressor_new ();
  rtf = g_converter_input_stream_new (compressed, G_CONVERTER (decompressor));
  if (g_output_stream_splice (stream, rtf, G_OUTPUT_STREAM_SPLICE_NONE, cancellable, error) < 0)
    return FALSE;
  found = imsg_rtf_decompressor_list_problems (decompressor);
  move_problems (reading.problems, problems);
  move_problems (found, problems);
  return TRUE;
}

static gboolean
export_body (IMsgMessage     *message,
             IMsgBodyFormat   format,
             GOutputStream   *stream,
             GCancellable    *cancellable,
             GPtrArray       *problems,
             GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(IMsgBody) body = NULL;
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (format == IMSG_BODY_FORMAT_RTF)
    {
      if (export_stored_rtf (message, stream, cancellable, problems, &local_error))
        return TRUE;
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  body = imsg_message_read_body (message, format, cancellable, error);
  if (body == NULL)
    return FALSE;
  found = imsg_body_list_problems (body);
  move_problems (found, problems);
  /* HTML that names the page it was stored in would be read as that, and it is UTF-8 now. Where it
   * names none it stays to the letter what Outlook shows as its source. */
  if (format == IMSG_BODY_FORMAT_HTML)
    bytes = _imsg_html_declare_utf8 (imsg_body_get_bytes (body));
  else
    bytes = g_bytes_ref (imsg_body_get_bytes (body));
  return g_output_stream_write_all (stream, g_bytes_get_data (bytes, NULL),
                                    g_bytes_get_size (bytes), NULL, cancellable, error);
}

/**
 * imsg_message_export_body:
 * @self: a message
 * @format: the format wanted
 * @stream: where the body goes; it is not closed
 * @cancellable: (nullable): a cancellable
 * @problems: (out) (optional) (transfer container) (element-type IMsgProblem): return location
 *   for what is wrong with what the body was made from
 * @error: return location for an error
 *
 * Writes the body of a message in a format to a stream.
 *
 * It writes what [method@IMsg.Message.read_body] reads, text and HTML as UTF-8. HTML that names
 * another charset is made to name that one; otherwise it is the same to the letter. RTF that the
 * message stores is decompressed on the way, however much it is: it takes no memory, and
 * `IMSG_LIMIT_RTF_BYTES` does not cut it.
 *
 * Fails as that does, and with the errors of @stream.
 *
 * Returns: whether all of it was written
 * Since: 1.0
 */
gboolean
imsg_message_export_body (IMsgMessage     *self,
                          IMsgBodyFormat   format,
                          GOutputStream   *stream,
                          GCancellable    *cancellable,
                          GPtrArray      **problems,
                          GError         **error)
{
  g_autoptr(GPtrArray) list = NULL;
  gboolean is_written;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (format >= IMSG_BODY_FORMAT_TEXT && format <= IMSG_BODY_FORMAT_HTML, FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (problems != NULL)
    *problems = NULL;
  list = _imsg_problem_list_new ();
  is_written = export_body (self, format, stream, cancellable, list, error);
  if (problems != NULL && is_written)
    *problems = g_steal_pointer (&list);
  return is_written;
}
