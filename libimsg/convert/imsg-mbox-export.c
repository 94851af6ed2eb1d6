/* imsg-mbox-export.c - a message as one entry of an mbox
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-blob-private.h"
#include "imsg-mime-private.h"

#define COPY_BYTES 65536

/* The longest run of '>' that is followed when a line is checked for being "From " quoted. */
#define MAX_QUOTES 64

/* Copies MIME to an mbox: CR LF becomes LF, and each line that is "From " behind any number of
 * '>' gets one more (mboxrd), so that the quoting can be undone exactly. */
typedef struct
{
  char     start[MAX_QUOTES + 5]; /* the beginning of a line that may still be such a one */
  gsize    n_start;
  gboolean is_at_start;
  gboolean has_cr;
} Quoter;

static gboolean
may_be_from (const char *start,
             gsize       n_start)
{
  gsize n_quotes = 0;

  while (n_quotes < n_start && start[n_quotes] == '>')
    n_quotes++;
  return n_quotes <= MAX_QUOTES && n_start - n_quotes <= 5 &&
         strncmp (start + n_quotes, "From ", n_start - n_quotes) == 0;
}

static gboolean
is_from (const char *start,
         gsize       n_start)
{
  return n_start >= 5 && memcmp (start + n_start - 5, "From ", 5) == 0;
}

static void
quote (Quoter     *quoter,
       const char *bytes,
       gsize       n_bytes,
       GString    *out)
{
  for (gsize i = 0; i < n_bytes; i++)
    {
      char c = bytes[i];

      if (quoter->has_cr && c != '\n')
        g_string_append_c (out, '\r');
      quoter->has_cr = c == '\r';
      if (quoter->has_cr)
        {
          g_string_append_len (out, quoter->start, (gssize) quoter->n_start);
          quoter->n_start = 0;
          quoter->is_at_start = FALSE;
          continue;
        }
      if (!quoter->is_at_start)
        {
          g_string_append_c (out, c);
          quoter->is_at_start = c == '\n';
          continue;
        }
      quoter->start[quoter->n_start++] = c;
      if (is_from (quoter->start, quoter->n_start))
        g_string_append_c (out, '>');
      else if (quoter->n_start < sizeof quoter->start &&
               may_be_from (quoter->start, quoter->n_start))
        continue;
      g_string_append_len (out, quoter->start, (gssize) quoter->n_start);
      quoter->n_start = 0;
      quoter->is_at_start = c == '\n';
    }
}

/**
 * imsg_message_export_mbox:
 * @self: a message
 * @stream: where to write
 * @cancellable: (nullable): cancels it
 * @losses: (out) (optional) (transfer container) (element-type IMsgProblem): what MIME cannot
 *   carry
 * @error: return location for an error
 *
 * Writes the message as one entry of an mbox: a `From ` line, the message with LF line ends, lines
 * that look like the beginning of another entry quoted (the mboxrd form), and an empty line.
 *
 * Fails as [method@IMsg.Message.export_mime_full] does.
 *
 * Returns: %TRUE when all was written
 * Since: 1.0
 */
gboolean
imsg_message_export_mbox (IMsgMessage    *self,
                          GOutputStream  *stream,
                          GCancellable   *cancellable,
                          GPtrArray     **losses,
                          GError        **error)
{
  g_autoptr(GPtrArray) told = NULL;
  g_autoptr(IMsgSpool) spool = NULL;
  g_autoptr(IMsgBlob) blob = NULL;
  g_autoptr(IMsgAddress) author = NULL;
  g_autoptr(GDateTime) sent = NULL;
  g_autofree char *date = NULL;
  g_autofree char *address = NULL;
  g_autofree char *buffer = NULL;
  g_autoptr(GString) out = NULL;
  Quoter quoter = { .is_at_start = TRUE };
  guint64 offset = 0;
  gssize n_read;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (losses != NULL)
    *losses = NULL;
  spool = _imsg_spool_new ();
  if (!imsg_message_export_mime_full (self, G_OUTPUT_STREAM (spool), IMSG_MIME_EXPORT_ARCHIVE,
                                      cancellable, &told, error) ||
      (blob = _imsg_spool_snapshot (spool, error)) == NULL)
    return FALSE;

  author = imsg_message_resolve_address (self, IMSG_ADDRESS_ROLE_SENDER);
  address = g_strdup (author != NULL && imsg_address_get_smtp (author) != NULL
                        ? imsg_address_get_smtp (author)
                        : "MAILER-DAEMON");
  g_strdelimit (address, " \t\r\n", '_');
  sent = imsg_message_get_sent_time (self);
  if (sent == NULL)
    sent = g_date_time_new_from_unix_utc (0);
  date = g_strdup_printf ("From %s %.3s %.3s %2d %02d:%02d:%02d %d\n", address,
                          "MonTueWedThuFriSatSun" + 3 * (g_date_time_get_day_of_week (sent) - 1),
                          "JanFebMarAprMayJunJulAugSepOctNovDec" +
                            3 * (g_date_time_get_month (sent) - 1),
                          g_date_time_get_day_of_month (sent), g_date_time_get_hour (sent),
                          g_date_time_get_minute (sent), g_date_time_get_second (sent),
                          g_date_time_get_year (sent));
  if (!g_output_stream_write_all (stream, date, strlen (date), NULL, cancellable, error))
    return FALSE;

  buffer = g_malloc (COPY_BYTES);
  out = g_string_sized_new (COPY_BYTES);
  while ((n_read = _imsg_blob_read (blob, offset, buffer, COPY_BYTES, cancellable, error)) > 0)
    {
      offset += (guint64) n_read;
      g_string_truncate (out, 0);
      quote (&quoter, buffer, (gsize) n_read, out);
      if (!g_output_stream_write_all (stream, out->str, out->len, NULL, cancellable, error))
        return FALSE;
    }
  if (n_read < 0)
    return FALSE;
  g_string_truncate (out, 0);
  g_string_append_len (out, quoter.start, (gssize) quoter.n_start);
  g_string_append (out, quoter.is_at_start && quoter.n_start == 0 ? "\n" : "\n\n");
  if (!g_output_stream_write_all (stream, out->str, out->len, NULL, cancellable, error))
    return FALSE;
  if (losses != NULL)
    *losses = g_steal_pointer (&told);
  return TRUE;
}
