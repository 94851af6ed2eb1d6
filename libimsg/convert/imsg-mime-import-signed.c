/* imsg-mime-import-signed.c - signed e-mail, its bytes kept ([MS-OXOSMIME] 2.1.3)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-attachment-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-mime-stream-private.h"
#include "imsg-property-tags.h"

#define READ_BYTES 65536

/* A stream read by lines, from some place in it; a line that is longer than the buffer comes in
 * pieces. */
typedef struct
{
  GInputStream *stream;
  GCancellable *cancellable;
  char         *buffer;
  gsize         n_bytes;
  gsize         offset;
} LineReader;

/* The next line with its end, or the first of it; NULL at the end, or with an error. */
static const char *
read_line (LineReader  *reader,
           gsize       *length,
           GError     **error)
{
  const char *end;
  gsize n_left = reader->n_bytes - reader->offset;

  end = memchr (reader->buffer + reader->offset, '\n', n_left);
  if (end == NULL && n_left < READ_BYTES)
    {
      gsize n_read;

      memmove (reader->buffer, reader->buffer + reader->offset, n_left);
      reader->offset = 0;
      if (!g_input_stream_read_all (reader->stream, reader->buffer + n_left, READ_BYTES - n_left,
                                    &n_read, reader->cancellable, error))
        return NULL;
      reader->n_bytes = n_left = n_left + n_read;
      end = memchr (reader->buffer, '\n', n_left);
    }
  if (n_left == 0)
    return NULL;
  *length = end != NULL ? (gsize) (end - reader->buffer) + 1 - reader->offset : n_left;
  reader->offset += *length;
  return reader->buffer + reader->offset - *length;
}

static gboolean
is_empty (const char *line,
          gsize       length)
{
  return (length == 1 && line[0] == '\n') || (length == 2 && memcmp (line, "\r\n", 2) == 0);
}

/* "--boundary--" and white space */
static gboolean
is_end (const char *line,
        gsize       length,
        const char *boundary)
{
  gsize n_boundary = strlen (boundary);

  if (length < n_boundary + 4 || memcmp (line, "--", 2) != 0 ||
      memcmp (line + 2, boundary, n_boundary) != 0 ||
      memcmp (line + 2 + n_boundary, "--", 2) != 0)
    return FALSE;
  for (gsize i = n_boundary + 4; i < length; i++)
    if (!g_ascii_isspace (line[i]))
      return FALSE;
  return TRUE;
}

/* Where the last header begins, of the message or of its content; -1 when it is not known. */
static gint64
find_last_header (GMimeMessage *mime,
                  GMimeObject  *content)
{
  GMimeObject *const objects[] = { GMIME_OBJECT (mime), content };
  gint64 last = -1;

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      GMimeHeaderList *headers = g_mime_object_get_header_list (objects[i]);
      int n_headers = g_mime_header_list_get_count (headers);

      for (int j = 0; j < n_headers; j++)
        last = MAX (last, g_mime_header_get_offset (g_mime_header_list_get_header_at (headers, j)));
    }
  return last;
}

/* Copies what lies between the headers and the end of the multipart, as it is but for its line
 * ends. GMime would write what it understood, and white space behind a boundary inside is signed
 * as well. FALSE without an error when the place is not to be found. */
static gboolean
copy_body (IMsgMimeImport *import,
           gint64          last_header,
           const char     *boundary,
           GMimeStream    *sink,
           GError        **error)
{
  g_autofree char *buffer = g_malloc (READ_BYTES);
  LineReader reader = { import->stream, import->cancellable, buffer, 0, 0 };
  const char *line;
  gsize length;
  gboolean is_in_headers = TRUE;
  gboolean is_at_start = TRUE;

  if (last_header < 0 || !g_seekable_seek (G_SEEKABLE (import->stream), last_header, G_SEEK_SET,
                                           import->cancellable, error))
    return FALSE;
  while ((line = read_line (&reader, &length, error)) != NULL)
    {
      if (is_in_headers)
        is_in_headers = !is_empty (line, length);
      else if (g_mime_stream_write (sink, line, length) < 0 ||
               (is_at_start && is_end (line, length, boundary)))
        return TRUE;
      is_at_start = line[length - 1] == '\n';
    }
  return FALSE;
}

static IMsgBlob *
copy_entity (IMsgMimeImport *import,
             GMimeMessage   *mime,
             GMimeObject    *content,
             GError        **error)
{
  const char *boundary = g_mime_multipart_get_boundary (GMIME_MULTIPART (content));
  g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
  /* signatures are made over CR LF line ends */
  g_autoptr(GObject) sink = G_OBJECT (_imsg_mime_sink_new (G_OUTPUT_STREAM (spool), TRUE,
                                                           import->cancellable));
  GError *copy_error = NULL;

  g_mime_header_list_write_to_stream (g_mime_object_get_header_list (content), NULL,
                                      GMIME_STREAM (sink));
  g_mime_stream_write_string (GMIME_STREAM (sink), "\n");
  if (boundary == NULL || !copy_body (import, find_last_header (mime, content), boundary,
                                      GMIME_STREAM (sink), &copy_error))
    {
      if (copy_error == NULL)
        return _imsg_mime_write_object (content, import->cancellable, error);
      g_propagate_error (error, copy_error);
      return NULL;
    }
  return _imsg_mime_sink_finish (GMIME_STREAM (sink), error) ? _imsg_spool_snapshot (spool, error)
                                                             : NULL;
}

/* The signed entity as the one attachment, and its bodies for display. */
gboolean
_imsg_mime_import_signed (IMsgMimeImport *import,
                          IMsgMessage    *message,
                          GMimeMessage   *mime,
                          GMimeObject    *content,
                          GError        **error)
{
  g_autoptr(IMsgBlob) blob = copy_entity (import, mime, content, error);
  g_autoptr(IMsgAttachment) attachment = NULL;

  if (blob == NULL)
    return FALSE;
  if (g_mime_multipart_get_count (GMIME_MULTIPART (content)) > 0)
    {
      GMimeObject *shown = g_mime_multipart_get_part (GMIME_MULTIPART (content), 0);

      if (!_imsg_mime_import_content (import, message, shown, error))
        return FALSE;
    }
  /* what is attached inside the signature stays inside it */
  for (guint n = g_list_model_get_n_items (imsg_message_get_attachments (message)); n > 0; n--)
    {
      g_autoptr(IMsgAttachment) inner =
        g_list_model_get_item (imsg_message_get_attachments (message), n - 1);

      if (!imsg_message_delete_attachment (message, imsg_attachment_get_number (inner), error))
        return FALSE;
    }

  attachment = imsg_message_create_attachment (message, error);
  return attachment != NULL && _imsg_attachment_set_blob (attachment, blob, error) &&
         imsg_attachment_set_file_name (attachment, "smime.p7m", error) &&
         imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (attachment),
                                          IMSG_PR_ATTACH_MIME_TAG, "multipart/signed", error);
}

