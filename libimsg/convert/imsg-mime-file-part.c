/* imsg-mime-file-part.c - a MIME part that is written from a stream, past GMime's encoders
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-base64-private.h"
#include "imsg-mime-private.h"
#include "imsg-mime-stream-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Lines that are read, encoded and written at a time: they stay in the second cache. */
#define LINES 4096
#define READ_BYTES (LINES * IMSG_BASE64_LINE_BYTES)

/* GMime encodes byte by byte, in slices of 4 KiB, and filters each slice for its line ends; here
 * base64 comes with its line ends, and what is no base64 stays as it is. */
typedef struct
{
  GMimePart     parent_instance;

  GInputStream *stream;
  GCancellable *cancellable;
  GPtrArray    *losses; /* (element-type IMsgProblem) */
  char         *where;
} IMsgMimeFilePart;

typedef struct
{
  GMimePartClass parent_class;
} IMsgMimeFilePartClass;

static GType _imsg_mime_file_part_get_type (void);
G_DEFINE_TYPE (IMsgMimeFilePart, _imsg_mime_file_part, GMIME_TYPE_PART)

/* What can be read goes out; that there was more is told. */
static void
take_read_error (IMsgMimeFilePart *self,
                 guint64           n_bytes,
                 GError           *error,
                 GMimeStream      *sink)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      _imsg_mime_sink_fail (sink, error);
      return;
    }
  _imsg_problem_list_tell (self->losses, self->where, IMSG_ERROR_CORRUPT_DATA,
                           g_dngettext (GETTEXT_PACKAGE,
                                        "Only the first %" PRIu64 " byte goes out: %s",
                                        "Only the first %" PRIu64 " bytes go out: %s",
                                        n_bytes),
                           n_bytes, error->message);
  g_error_free (error);
}

/* The line end behind the last line belongs to the boundary that follows: each run of lines begins
 * with the end of the one before. */
static gboolean
write_lines (GMimeStream  *sink,
             const guint8 *bytes,
             gsize         n_bytes,
             char         *buffer,
             gboolean      is_first)
{
  gsize n_characters = _imsg_base64_encode_lines (bytes, n_bytes, buffer + 2);

  if (n_characters == 0)
    return TRUE;
  memcpy (buffer, "\r\n", 2);
  return is_first ? _imsg_mime_sink_write_raw (sink, buffer + 2, n_characters - 2)
                  : _imsg_mime_sink_write_raw (sink, buffer, n_characters);
}

static gboolean
write_content (IMsgMimeFilePart *self,
               GMimeStream      *sink)
{
  gboolean is_base64 = GMIME_PART (self)->encoding == GMIME_CONTENT_ENCODING_BASE64;
  g_autofree guint8 *bytes = g_malloc (READ_BYTES);
  g_autofree char *lines = is_base64 ? g_malloc (2 + LINES * IMSG_BASE64_LINE_CHARACTERS) : NULL;
  GError *error = NULL;
  guint64 n_all = 0;
  gsize n_read;

  /* who opens a stream twice has one stream, with one position */
  if (!g_seekable_seek (G_SEEKABLE (self->stream), 0, G_SEEK_SET, self->cancellable, &error))
    {
      take_read_error (self, 0, error, sink);
      return TRUE;
    }
  do
    {
      gboolean is_written;

      g_input_stream_read_all (self->stream, bytes, READ_BYTES, &n_read, self->cancellable, &error);
      is_written = is_base64 ? write_lines (sink, bytes, n_read, lines, n_all == 0)
                             : _imsg_mime_sink_write_raw (sink, (const char *) bytes, n_read);
      if (!is_written)
        {
          g_clear_error (&error);
          return FALSE;
        }
      n_all += n_read;
    }
  while (error == NULL && n_read == READ_BYTES);

  if (error != NULL)
    take_read_error (self, n_all, error, sink);
  return TRUE;
}

static ssize_t
imsg_mime_file_part_write_to_stream (GMimeObject        *object,
                                     GMimeFormatOptions *options,
                                     gboolean            content_only,
                                     GMimeStream        *stream)
{
  IMsgMimeFilePart *self = (IMsgMimeFilePart *) object;
  gint64 start = g_mime_stream_tell (stream);

  if (!content_only &&
      (g_mime_header_list_write_to_stream (g_mime_object_get_header_list (object), options,
                                           stream) < 0 ||
       g_mime_stream_write_string (stream, "\n") < 0))
    return -1;
  if (!write_content (self, stream) ||
      (content_only && !_imsg_mime_sink_write_raw (stream, "\r\n", 2)))
    return -1;
  return (ssize_t) (g_mime_stream_tell (stream) - start);
}

static void
imsg_mime_file_part_finalize (GObject *object)
{
  IMsgMimeFilePart *self = (IMsgMimeFilePart *) object;

  g_clear_object (&self->stream);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->losses, g_ptr_array_unref);
  g_free (self->where);
  G_OBJECT_CLASS (_imsg_mime_file_part_parent_class)->finalize (object);
}

static void
_imsg_mime_file_part_class_init (IMsgMimeFilePartClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imsg_mime_file_part_finalize;
  GMIME_OBJECT_CLASS (klass)->write_to_stream = imsg_mime_file_part_write_to_stream;
}

static void
_imsg_mime_file_part_init (IMsgMimeFilePart *self)
{
}

GMimePart *
_imsg_mime_file_part_new (IMsgMimeExport       *export,
                          const char           *mime_type,
                          GMimeContentEncoding  encoding,
                          GInputStream         *stream,
                          const char           *where)
{
  IMsgMimeFilePart *self = g_object_new (_imsg_mime_file_part_get_type (), NULL);
  g_autoptr(GObject) type = G_OBJECT (g_mime_content_type_parse (NULL, mime_type));

  self->stream = g_object_ref (stream);
  g_set_object (&self->cancellable, export->cancellable);
  self->losses = g_ptr_array_ref (export->losses);
  self->where = g_strdup (where);
  g_mime_object_set_content_type (GMIME_OBJECT (self), GMIME_CONTENT_TYPE (type));
  g_mime_part_set_content_encoding (GMIME_PART (self), encoding);
  return GMIME_PART (self);
}
