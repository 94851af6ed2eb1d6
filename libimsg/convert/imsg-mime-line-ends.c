/* imsg-mime-line-ends.c - e-mail whose lines end as no e-mail's do
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-mime-import-private.h"

/* How far the first lines are looked at. */
#define START_BYTES 4096

#define COPY_BYTES 65536

typedef enum
{
  LINE_ENDS_USUAL,  /* LF, or CR LF */
  LINE_ENDS_CR,     /* old Macintosh */
  LINE_ENDS_CRCRLF, /* a file with CR LF that was taken for one with LF */
} LineEnds;

/* By the lines of the headers, as each of them ends: GMime would find one header, or no end of
 * them. */
static LineEnds
look_at_lines (const char *start,
               gsize       n_bytes)
{
  gsize n_cr = 0;
  gsize n_lf = 0;
  gsize n_crcrlf = 0;

  for (gsize i = 0; i < n_bytes; i++)
    {
      n_cr += start[i] == '\r';
      n_lf += start[i] == '\n';
      n_crcrlf += start[i] == '\n' && i >= 2 && start[i - 1] == '\r' && start[i - 2] == '\r';
    }
  if (n_lf > 0)
    return n_crcrlf == n_lf ? LINE_ENDS_CRCRLF : LINE_ENDS_USUAL;
  return n_cr > 1 ? LINE_ENDS_CR : LINE_ENDS_USUAL;
}

/* Copies with a LF for each CR, or with one CR less in front of each LF. n_held are the CR before
 * that are not written yet. */
static void
mend (LineEnds    ends,
      const char *bytes,
      gsize       n_bytes,
      gsize      *n_held,
      GString    *out)
{
  for (gsize i = 0; i < n_bytes; i++)
    {
      char c = bytes[i];

      if (ends == LINE_ENDS_CR)
        {
          g_string_append_c (out, c == '\r' ? '\n' : c);
          continue;
        }
      if (c == '\r')
        {
          (*n_held)++;
          continue;
        }
      if (c == '\n' && *n_held > 1)
        (*n_held)--;
      for (; *n_held > 0; (*n_held)--)
        g_string_append_c (out, '\r');
      g_string_append_c (out, c);
    }
}

static IMsgBlob *
copy_mended (GInputStream  *stream,
             LineEnds       ends,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
  g_autofree char *buffer = g_malloc (COPY_BYTES);
  g_autoptr(GString) out = g_string_sized_new (COPY_BYTES);
  gsize n_held = 0;
  gssize n_read;

  while ((n_read = g_input_stream_read (stream, buffer, COPY_BYTES, cancellable, error)) > 0)
    {
      g_string_truncate (out, 0);
      mend (ends, buffer, (gsize) n_read, &n_held, out);
      if (!g_output_stream_write_all (G_OUTPUT_STREAM (spool), out->str, out->len, NULL, cancellable,
                                      error))
        return NULL;
    }
  /* a CR behind the last line is nothing of it */
  return n_read == 0 ? _imsg_spool_snapshot (spool, error) : NULL;
}

GInputStream *
_imsg_mime_mend_line_ends (GInputStream  *stream,
                           GCancellable  *cancellable,
                           GError       **error)
{
  GSeekable *seekable = G_SEEKABLE (stream);
  g_autoptr(IMsgBlob) mended = NULL;
  char start[START_BYTES];
  gsize n_bytes;
  LineEnds ends;

  if (!g_input_stream_read_all (stream, start, sizeof start, &n_bytes, cancellable, error) ||
      !g_seekable_seek (seekable, 0, G_SEEK_SET, cancellable, error))
    return NULL;
  ends = look_at_lines (start, n_bytes);
  if (ends == LINE_ENDS_USUAL)
    return g_object_ref (stream);
  mended = copy_mended (stream, ends, cancellable, error);
  return mended != NULL ? _imsg_blob_open_stream (mended) : NULL;
}
