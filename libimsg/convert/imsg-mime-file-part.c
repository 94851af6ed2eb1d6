/* imsg-mime-file-part.c - a MIME part that is written from a stream, past GMime's encoders
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-base64-private.h"
#include "imsg-mime-private.h"
#include "imsg-mime-stream-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Lines that are read, encoded and written at a time: in large writes a file takes half as long. */
#define LINES 16384

/* One is written while another is read and encoded */
#define N_BLOCKS 2

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

/* What was read, as it goes out */
typedef struct
{
  char    *room;       /* a line end and lines, or the bytes; NULL until needed */
  char    *characters; /* in room */
  gsize    n_characters;
  gsize    n_bytes; /* that were read */
  GError  *error;
} Block;

typedef struct
{
  IMsgMimeFilePart *part;
  guint8           *bytes;
  GAsyncQueue      *free; /* (element-type Block): to be filled; or &no_more */
  GAsyncQueue      *full; /* (element-type Block) */
  Block             blocks[N_BLOCKS];
  gsize             n_wanted; /* bytes of a block that is not the last; whole lines */
  gboolean          is_base64;
  gboolean          is_begun;
} Reading;

static Block no_more;

static void
reading_clear (Reading *reading)
{
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      g_free (reading->blocks[i].room);
      g_clear_error (&reading->blocks[i].error);
    }
  g_clear_pointer (&reading->free, g_async_queue_unref);
  g_clear_pointer (&reading->full, g_async_queue_unref);
  g_free (reading->bytes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

/* The line end behind the last line belongs to the boundary that follows: each run of lines begins
 * with the end of the one before. */
static void
encode_block (Reading *reading,
              Block   *block)
{
  gsize n_characters = _imsg_base64_encode_lines (reading->bytes, block->n_bytes, block->room + 2);

  memcpy (block->room, "\r\n", 2);
  block->characters = reading->is_begun ? block->room : block->room + 2;
  block->n_characters = n_characters == 0 ? 0
                                          : n_characters - (reading->is_begun ? 0 : 2);
}

static void
fill_block (Reading *reading,
            Block   *block)
{
  IMsgMimeFilePart *part = reading->part;

  if (block->room == NULL)
    block->room = g_malloc (reading->is_base64 ? 2 + reading->n_wanted / IMSG_BASE64_LINE_BYTES *
                                                       IMSG_BASE64_LINE_CHARACTERS
                                               : reading->n_wanted);
  g_input_stream_read_all (part->stream,
                           reading->is_base64 ? reading->bytes : (guint8 *) block->room,
                           reading->n_wanted, &block->n_bytes, part->cancellable, &block->error);
  block->characters = block->room;
  block->n_characters = block->n_bytes;
  if (reading->is_base64)
    encode_block (reading, block);
  reading->is_begun = TRUE;
}

static gboolean
is_last (const Reading *reading,
         const Block   *block)
{
  return block->error != NULL || block->n_bytes < reading->n_wanted;
}

static gpointer
fill_blocks (gpointer data)
{
  Reading *reading = data;
  Block *block = NULL;

  while ((block = g_async_queue_pop (reading->free)) != &no_more)
    {
      /* The writer may take it as soon as it is in the queue. */
      gboolean is_end = FALSE;

      fill_block (reading, block);
      is_end = is_last (reading, block);
      g_async_queue_push (reading->full, block);
      if (is_end)
        break;
    }
  return NULL;
}

/* Large files take as long to be written as to be read and encoded: the next block is, in a thread
 * of its own, while one is written. */
static gboolean
write_rest (Reading     *reading,
            GMimeStream *sink,
            guint64     *n_all,
            GError     **error)
{
  GThread *thread = NULL;
  Block *block = NULL;
  gboolean is_written = TRUE;
  gboolean is_end = FALSE;

  reading->free = g_async_queue_new ();
  reading->full = g_async_queue_new ();
  for (guint i = 0; i < N_BLOCKS; i++)
    g_async_queue_push (reading->free, &reading->blocks[i]);
  thread = g_thread_try_new ("imsg-base64", fill_blocks, reading, NULL);
  while (is_written && !is_end)
    {
      if (thread == NULL)
        {
          block = &reading->blocks[0];
          fill_block (reading, block);
        }
      else
        block = g_async_queue_pop (reading->full);
      is_end = is_last (reading, block);
      is_written = _imsg_mime_sink_write_raw (sink, block->characters, block->n_characters);
      *n_all += block->n_bytes;
      if (is_end)
        *error = g_steal_pointer (&block->error);
      else if (thread != NULL)
        g_async_queue_push (reading->free, block);
    }
  g_async_queue_push_front (reading->free, &no_more);
  if (thread != NULL)
    g_thread_join (thread);
  return is_written;
}

/* A line more than there is, so that what is short is seen to end with its only block */
static gsize
count_wanted (guint64 n_bytes)
{
  return (gsize) MIN (n_bytes / IMSG_BASE64_LINE_BYTES + 1, LINES) * IMSG_BASE64_LINE_BYTES;
}

static gboolean
write_content (IMsgMimeFilePart *self,
               GMimeStream      *sink)
{
  g_auto(Reading) reading = { self };
  Block *first = &reading.blocks[0];
  GError *error = NULL;
  GSeekable *seekable = G_SEEKABLE (self->stream);
  guint64 n_all = 0;
  gboolean is_written;

  /* who opens a stream twice has one stream, with one position */
  if (g_seekable_seek (seekable, 0, G_SEEK_END, self->cancellable, &error))
    reading.n_wanted = count_wanted ((guint64) g_seekable_tell (seekable));
  if (error != NULL || !g_seekable_seek (seekable, 0, G_SEEK_SET, self->cancellable, &error))
    {
      take_read_error (self, 0, error, sink);
      return TRUE;
    }
  reading.is_base64 = GMIME_PART (self)->encoding == GMIME_CONTENT_ENCODING_BASE64;
  if (reading.is_base64)
    reading.bytes = g_malloc (reading.n_wanted);
  fill_block (&reading, first);
  n_all = first->n_bytes;
  is_written = _imsg_mime_sink_write_raw (sink, first->characters, first->n_characters);
  error = g_steal_pointer (&first->error);
  if (is_written && error == NULL && !is_last (&reading, first))
    is_written = write_rest (&reading, sink, &n_all, &error);
  if (!is_written)
    g_clear_error (&error);
  else if (error != NULL)
    take_read_error (self, n_all, error, sink);
  return is_written;
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
