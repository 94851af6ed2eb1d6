/* test-mime-bytes.c - attachments of all sizes to MIME and back
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-mime-util.h"

/* Bytes are encoded this many at a time. */
#define RUN (57 * 16384)

/* The part that is missing is behind the first run. */
#define DAMAGED_BYTES (3 * RUN)

static guint8 *
make_bytes (gsize n_bytes,
            guint seed)
{
  guint8 *bytes = g_malloc (n_bytes + 1);

  for (gsize i = 0; i < n_bytes; i++)
    bytes[i] = (guint8) ((i * 31 + (i >> 8) * 7 + seed) >> 1);
  return bytes;
}

static void
test_sizes (void)
{
  static const gsize sizes[] = { 0, 1, 2, 3, 56, 57, 58, 114, 1024 * 1024,
                                 RUN - 1, RUN, RUN + 1, 2 * RUN, 5 * RUN + 7 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
      g_autoptr(IMsgMessage) back = NULL;
      g_autofree guint8 *bytes = make_bytes (sizes[i], i);

      mime_attach (message, "a.bin", "application/octet-stream", bytes, sizes[i]);
      mime_attach (message, "b.bin", "application/octet-stream", "behind", 6);
      back = mime_go_round (session, message);
      mime_assert_data (mime_get_attachment (back, 0), bytes, sizes[i]);
      mime_assert_data (mime_get_attachment (back, 1), "behind", 6);
    }
}

/* No line of it is longer than 76 characters, no empty one stands in front of a boundary. */
static void
test_lines (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree guint8 *bytes = make_bytes (RUN + 100, 0);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  mime_attach (message, "a.bin", "application/octet-stream", bytes, RUN + 100);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  lines = g_strsplit (text, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (strlen (lines[i]), <=, 76);
      g_assert_null (strchr (lines[i], '\n'));
      if (g_str_has_prefix (lines[i], "--") && g_str_has_suffix (lines[i], "--"))
        g_assert_cmpstr (lines[i - 1], !=, "");
    }
}

/* The parser and the parts it made read from one stream, each from its own place. */
static void
test_large_mbox (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(GBytes) mbox = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
      g_autofree guint8 *bytes = make_bytes (100000 * i, i);
      g_autofree char *subject = g_strdup_printf ("Subject %u", i);

      mime_set_string (message, IMSG_PR_SUBJECT, subject);
      mime_attach (message, "a.bin", "application/octet-stream", bytes, 100000 * i);
      imsg_message_export_mbox (message, memory, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  g_output_stream_close (memory, NULL, NULL);
  mbox = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  stream = g_memory_input_stream_new_from_bytes (mbox);
  messages = imsg_session_import_mbox (session, stream, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (messages->len, ==, 5);
  for (guint i = 0; i < messages->len; i++)
    {
      IMsgMessage *message = g_ptr_array_index (messages, i);
      g_autofree guint8 *bytes = make_bytes (100000 * i, i);
      g_autofree char *subject = g_strdup_printf ("Subject %u", i);

      g_assert_cmpstr (imsg_message_get_subject (message), ==, subject);
      mime_assert_data (mime_get_attachment (message, 0), bytes, 100000 * i);
    }
}

/* Where there is no room for all of it the export fails, wherever it was. */
static void
test_full (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree guint8 *bytes = make_bytes (5 * RUN, 0);

  mime_attach (message, "a.bin", "application/octet-stream", bytes, 5 * RUN);
  for (gsize n_room = 1000; n_room < 5 * RUN; n_room += RUN)
    {
      g_autofree guint8 *room = g_malloc (n_room);
      g_autoptr(GOutputStream) memory = g_memory_output_stream_new (room, n_room, NULL, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_false (imsg_message_export_mime (message, memory, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    }
}

/* What can be read of an attachment goes out, and that there was more is told. */
static void
test_damaged (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(IMsgMessage) cut = NULL;
  g_autofree guint8 *bytes = make_bytes (DAMAGED_BYTES, 0);
  g_autoptr(GBytes) whole = NULL;
  g_autoptr(GBytes) part = NULL;
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  const char *found;

  mime_attach (message, "a.bin", "application/octet-stream", bytes, DAMAGED_BYTES);
  mime_attach (message, "b.bin", "application/octet-stream", "behind", 6);
  whole = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  part = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) - 200000);
  cut = imsg_session_open_message_from_bytes (session, part, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_assert_no_error (error);
  text = mime_export (cut, IMSG_MIME_EXPORT_ARCHIVE, &losses);
  mime_assert_loss (losses, "a.bin", "Only the first ");
  found = strstr (text, "b.bin");
  g_assert_nonnull (found);
  g_assert_true (g_str_has_suffix (text, "--\r\n"));
}

/* A file on a network whose reads begin to fail at some time: those of the n-th pass over it, past
 * its first FIRST_BYTES. */
#define FIRST_BYTES 100000

typedef struct
{
  GMemoryInputStream parent_instance;
  guint              n_passes;
  guint              failing_pass;
} FailingStream;

typedef struct
{
  GMemoryInputStreamClass parent_class;
} FailingStreamClass;

static GType failing_stream_get_type (void);
G_DEFINE_TYPE (FailingStream, failing_stream, G_TYPE_MEMORY_INPUT_STREAM)

static gssize
failing_stream_read (GInputStream  *stream,
                     void          *buffer,
                     gsize          n_bytes,
                     GCancellable  *cancellable,
                     GError       **error)
{
  FailingStream *self = (FailingStream *) stream;
  goffset position = g_seekable_tell (G_SEEKABLE (stream));

  if (position == 0)
    self->n_passes++;
  if (self->n_passes >= self->failing_pass && position >= FIRST_BYTES)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The server is gone");
      return -1;
    }
  return G_INPUT_STREAM_CLASS (failing_stream_parent_class)->read_fn (stream, buffer, n_bytes,
                                                                      cancellable, error);
}

static void
failing_stream_class_init (FailingStreamClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = failing_stream_read;
}

static void
failing_stream_init (FailingStream *self)
{
}

/* An e-mail that could not be read to its end is not taken for a shorter one. */
static void
test_failing_reads (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree guint8 *bytes = make_bytes (4 * FIRST_BYTES, 0);
  g_autofree char *text = NULL;
  gboolean is_read = FALSE;

  mime_set_body (message, IMSG_BODY_FORMAT_TEXT, "text");
  mime_attach (message, "a.bin", "application/octet-stream", bytes, 4 * FIRST_BYTES);
  mime_attach (message, "b.bin", "application/octet-stream", "behind", 6);
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  imsg_message_close (message);
  for (guint failing_pass = 1; !is_read; failing_pass++)
    {
      FailingStream *stream = g_object_new (failing_stream_get_type (), NULL);
      g_autoptr(IMsgMessage) back = NULL;
      g_autoptr(GError) error = NULL;

      stream->failing_pass = failing_pass;
      g_memory_input_stream_add_data (G_MEMORY_INPUT_STREAM (stream), text,
                                      (gssize) strlen (text), NULL);
      back = imsg_session_import_mime (session, G_INPUT_STREAM (stream), NULL, &error);
      is_read = failing_pass > stream->n_passes;
      g_object_unref (stream);
      if (is_read)
        mime_assert_data (mime_get_attachment (back, 1), "behind", 6);
      else
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
          g_assert_cmpuint (g_list_model_get_n_items (imsg_session_get_messages (session)), ==, 0);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/mime-bytes/sizes", test_sizes);
  g_test_add_func ("/imsg/mime-bytes/lines", test_lines);
  g_test_add_func ("/imsg/mime-bytes/large-mbox", test_large_mbox);
  g_test_add_func ("/imsg/mime-bytes/full", test_full);
  g_test_add_func ("/imsg/mime-bytes/damaged", test_damaged);
  g_test_add_func ("/imsg/mime-bytes/failing-reads", test_failing_reads);
  return g_test_run ();
}
