/* imsg-mbox-reader.c - the entries of a mailbox file, one after the other
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mbox-private.h"

#define BUFFER_BYTES 65536

/* A mailbox file is read once, from its beginning to its end. An entry that a line does not end in
 * is found all the same: only the beginning of a line is looked at. */
struct _IMsgMboxReader
{
  GInputStream *stream;
  char         *buffer;
  gsize         n_bytes;
  gsize         offset;
  gboolean      is_at_line;    /* the next byte begins a line */
  gboolean      is_after_empty; /* the line before was empty, or there was none */
  gsize         n_held;        /* characters of that line, which may belong to the file */
};

IMsgMboxReader *
_imsg_mbox_reader_new (GInputStream *stream)
{
  IMsgMboxReader *self = g_new0 (IMsgMboxReader, 1);

  self->stream = g_object_ref (stream);
  self->buffer = g_malloc (BUFFER_BYTES);
  self->is_at_line = TRUE;
  self->is_after_empty = TRUE;
  return self;
}

void
_imsg_mbox_reader_free (IMsgMboxReader *self)
{
  g_object_unref (self->stream);
  g_free (self->buffer);
  g_free (self);
}

/* Makes sure that there is a whole line, if it fits; FALSE at the end, or with an error. */
static gboolean
fill (IMsgMboxReader  *self,
      GCancellable    *cancellable,
      GError         **error)
{
  gsize n_left = self->n_bytes - self->offset;
  gsize n_read;

  if (n_left > 0 && (memchr (self->buffer + self->offset, '\n', n_left) != NULL ||
                     n_left == BUFFER_BYTES))
    return TRUE;
  memmove (self->buffer, self->buffer + self->offset, n_left);
  self->offset = 0;
  self->n_bytes = n_left;
  if (!g_input_stream_read_all (self->stream, self->buffer + n_left, BUFFER_BYTES - n_left, &n_read,
                                cancellable, error))
    return FALSE;
  self->n_bytes += n_read;
  return self->n_bytes > 0;
}

static gboolean
is_quoted_from (const char *line,
                gsize       length)
{
  gsize n_quotes = 0;

  while (n_quotes < length && line[n_quotes] == '>')
    n_quotes++;
  return n_quotes > 0 && length - n_quotes >= 5 && memcmp (line + n_quotes, "From ", 5) == 0;
}

/* What stands in front of the first entry belongs to nobody. */
static gboolean
write_bytes (IMsgSpool     *entry,
             const char    *bytes,
             gsize          n_bytes,
             GCancellable  *cancellable,
             GError       **error)
{
  return entry == NULL || g_output_stream_write_all (G_OUTPUT_STREAM (entry), bytes, n_bytes, NULL,
                                                     cancellable, error);
}

IMsgSpool *
_imsg_mbox_reader_next (IMsgMboxReader  *self,
                        GCancellable    *cancellable,
                        GError         **error)
{
  g_autoptr(IMsgSpool) entry = NULL;
  GError *local_error = NULL;

  while (fill (self, cancellable, &local_error))
    {
      const char *line = self->buffer + self->offset;
      gsize n_left = self->n_bytes - self->offset;
      const char *end = memchr (line, '\n', n_left);
      gsize length = end != NULL ? (gsize) (end - line) + 1 : n_left;
      gsize n_skipped = 0;
      gboolean is_empty = self->is_at_line && (line[0] == '\n' || (length == 2 && line[0] == '\r'));
      gboolean is_begin = self->is_at_line && self->is_after_empty && length >= 5 &&
                          memcmp (line, "From ", 5) == 0;

      if (is_begin && entry != NULL)
        break;
      if (is_begin)
        {
          entry = _imsg_spool_new ();
          n_skipped = length;
        }
      else if (self->is_at_line && is_quoted_from (line, length))
        n_skipped = 1;
      /* the empty line in front of the next entry, or the end, is no part of this one */
      if (!is_begin && self->n_held > 0 &&
          !write_bytes (entry, &"\r\n"[2 - self->n_held], self->n_held, cancellable, error))
        return NULL;
      self->n_held = is_empty ? length : 0;
      if (!is_empty &&
          !write_bytes (entry, line + n_skipped, length - n_skipped, cancellable, error))
        return NULL;
      self->offset += length;
      self->is_at_line = end != NULL;
      self->is_after_empty = is_empty;
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return g_steal_pointer (&entry);
}
