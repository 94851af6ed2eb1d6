/* imsg-mbox-reader.c - the entries of a mailbox file, one after the other
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mbox-private.h"
#include "imsg-mime-import-private.h"

#define BUFFER_BYTES 65536

/* A mailbox file is read once, from its beginning to its end. An entry that a line does not end in
 * is found all the same: only the beginning of a line, and of the one behind it, is looked at. */
struct _IMsgMboxReader
{
  GInputStream *stream;
  char         *buffer;
  gsize         n_bytes;
  gsize         offset;
  gboolean      is_at_end;      /* of the stream: there is no more than in the buffer */
  gboolean      is_at_line;     /* the next byte begins a line */
  gboolean      is_after_empty; /* the line before was empty, or there was none */
  gsize         n_held;         /* characters of that line, which may belong to the file */
  gboolean      has_begun;
  gboolean      is_before_first; /* entry */
  gboolean      is_dated;        /* it begins in a line with a time */
};

IMsgMboxReader *
_imsg_mbox_reader_new (GInputStream *stream)
{
  IMsgMboxReader *self = g_new0 (IMsgMboxReader, 1);

  self->stream = g_object_ref (stream);
  self->buffer = g_malloc (BUFFER_BYTES);
  self->is_at_line = TRUE;
  self->is_after_empty = TRUE;
  self->is_before_first = TRUE;
  return self;
}

void
_imsg_mbox_reader_free (IMsgMboxReader *self)
{
  g_object_unref (self->stream);
  g_free (self->buffer);
  g_free (self);
}

static gboolean
is_from (const char *line,
         gsize       length)
{
  return length >= 5 && memcmp (line, "From ", 5) == 0;
}

/* The end of a line, behind its line feed; NULL where there is none. */
static const char *
find_line_end (const char *line,
               gsize       n_bytes)
{
  const char *end = n_bytes > 0 ? memchr (line, '\n', n_bytes) : NULL;

  return end != NULL ? end + 1 : NULL;
}

/* Whether there is a whole line in the buffer, and the one behind it where that counts. */
static gboolean
has_line (IMsgMboxReader *self)
{
  const char *line = self->buffer + self->offset;
  const char *buffer_end = self->buffer + self->n_bytes;
  const char *end = find_line_end (line, (gsize) (buffer_end - line));

  return end != NULL && (!is_from (line, (gsize) (buffer_end - line)) ||
                         find_line_end (end, (gsize) (buffer_end - end)) != NULL);
}

/* Makes sure of that, if it fits; FALSE at the end, or with an error. */
static gboolean
fill (IMsgMboxReader  *self,
      GCancellable    *cancellable,
      GError         **error)
{
  gsize n_left = self->n_bytes - self->offset;
  gsize n_read;

  if (self->is_at_end || n_left == BUFFER_BYTES || has_line (self))
    return n_left > 0;
  memmove (self->buffer, self->buffer + self->offset, n_left);
  self->offset = 0;
  self->n_bytes = n_left;
  if (!g_input_stream_read_all (self->stream, self->buffer + n_left, BUFFER_BYTES - n_left, &n_read,
                                cancellable, error))
    return FALSE;
  self->n_bytes += n_read;
  self->is_at_end = self->n_bytes < BUFFER_BYTES;
  if (!self->has_begun && self->n_bytes >= 3 && memcmp (self->buffer, "\xef\xbb\xbf", 3) == 0)
    self->offset = 3;
  self->has_begun = TRUE;
  return self->n_bytes > self->offset;
}

/* "9:00" */
static gboolean
has_time (const char *line,
          gsize       length)
{
  for (gsize i = 1; i + 2 < length; i++)
    if (line[i] == ':' && g_ascii_isdigit (line[i - 1]) && g_ascii_isdigit (line[i + 1]) &&
        g_ascii_isdigit (line[i + 2]))
      return TRUE;
  return FALSE;
}

/* "From somewhere" is how a sentence begins as well: what begins an entry has a time where the first
 * one has, and headers, or nothing, behind it. */
static gboolean
is_beginning (IMsgMboxReader *self,
              gsize           length,
              gboolean        is_first)
{
  const char *line = self->buffer + self->offset;
  const char *next = line + length;
  gsize n_next = self->n_bytes - self->offset - length;
  gboolean is_dated;

  if (!self->is_at_line || !self->is_after_empty || !is_from (line, length))
    return FALSE;
  is_dated = has_time (line, length);
  if (is_first)
    {
      self->is_dated = is_dated;
      return TRUE;
    }
  return (is_dated || !self->is_dated) &&
         (n_next == 0 || *next == '\n' || *next == '\r' ||
          (*next == '>' && is_from (next + 1, n_next - 1)) ||
          _imsg_mime_is_header_line (next, n_next));
}

static gboolean
is_quoted_from (const char *line,
                gsize       length)
{
  gsize n_quotes = 0;

  while (n_quotes < length && line[n_quotes] == '>')
    n_quotes++;
  return n_quotes > 0 && is_from (line + n_quotes, length - n_quotes);
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
      const char *end = find_line_end (line, n_left);
      gsize length = end != NULL ? (gsize) (end - line) : n_left;
      gsize n_skipped = 0;
      gboolean is_empty = self->is_at_line && (line[0] == '\n' || (length == 2 && line[0] == '\r'));
      gboolean is_begin = is_beginning (self, length, self->is_before_first);

      if (is_begin && entry != NULL)
        break;
      if (is_begin)
        {
          entry = _imsg_spool_new ();
          self->is_before_first = FALSE;
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
