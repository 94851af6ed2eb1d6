/* imsg-mime-import-bytes.c - what a MIME part holds, decoded: as bytes and as text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-base64-private.h"
#include "imsg-code-page-private.h"
#include "imsg-error.h"
#include "imsg-mime-import-private.h"
#include "imsg-mime-stream-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define READ_BYTES 65536

/* What somebody on the way put behind it, a notice or the name of a list, is text as it is. */
static gboolean
copy_rest (GMimeStream    *from,
           const char     *rest,
           gsize           n_rest,
           GOutputStream  *to,
           GCancellable   *cancellable,
           GError        **error)
{
  g_autofree char *characters = g_malloc (READ_BYTES);
  ssize_t n_read;

  if (!g_output_stream_write_all (to, "\r\n", 2, NULL, cancellable, error) ||
      !g_output_stream_write_all (to, rest, n_rest, NULL, cancellable, error))
    return FALSE;
  while ((n_read = g_mime_stream_read (from, characters, READ_BYTES)) > 0)
    if (!g_output_stream_write_all (to, characters, (gsize) n_read, NULL, cancellable, error))
      return FALSE;
  return TRUE;
}

static gboolean
decode_base64 (GMimeStream    *from,
               gboolean        is_text,
               GOutputStream  *to,
               GCancellable   *cancellable,
               GError        **error)
{
  g_autofree char *characters = g_malloc (READ_BYTES);
  g_autofree guint8 *bytes = g_malloc (READ_BYTES + 4);
  IMsgBase64Decoder decoder = { 0 };
  ssize_t n_read;
  gsize n_bytes;

  while ((n_read = g_mime_stream_read (from, characters, READ_BYTES)) > 0)
    {
      n_bytes = _imsg_base64_decode (&decoder, characters, (gsize) n_read, bytes);
      if (!g_output_stream_write_all (to, bytes, n_bytes, NULL, cancellable, error))
        return FALSE;
      if (decoder.n_rest > 0)
        return !is_text || copy_rest (from, characters + n_read - decoder.n_rest, decoder.n_rest, to,
                                      cancellable, error);
    }
  n_bytes = _imsg_base64_decode_end (&decoder, bytes);
  return g_output_stream_write_all (to, bytes, n_bytes, NULL, cancellable, error);
}

gboolean
_imsg_mime_decode_part (GMimePart      *part,
                        GOutputStream  *stream,
                        GCancellable   *cancellable,
                        GError        **error)
{
  GMimeDataWrapper *content = g_mime_part_get_content (part);
  GMimeStream *encoded = content != NULL ? g_mime_data_wrapper_get_stream (content) : NULL;
  g_autoptr(GObject) sink = NULL;

  if (encoded == NULL)
    return TRUE;
  if (g_mime_data_wrapper_get_encoding (content) == GMIME_CONTENT_ENCODING_BASE64)
    {
      g_mime_stream_reset (encoded);
      return decode_base64 (encoded, _imsg_mime_is_type (GMIME_OBJECT (part), "text", "plain"),
                            stream, cancellable, error);
    }
  sink = G_OBJECT (_imsg_mime_sink_new (stream, FALSE, cancellable));
  g_mime_data_wrapper_write_to_stream (content, GMIME_STREAM (sink));
  return _imsg_mime_sink_finish (GMIME_STREAM (sink), error);
}

GBytes *
_imsg_mime_read_part (GMimePart  *part,
                      guint64     max_bytes,
                      GError    **error)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  GMimeDataWrapper *content = g_mime_part_get_content (part);

  if (content != NULL)
    {
      gint64 length = g_mime_stream_length (g_mime_data_wrapper_get_stream (content));

      /* no transfer encoding makes its input longer */
      if (length < 0 || (guint64) length > max_bytes + max_bytes / 2)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       _("A body of %" PRId64 " bytes is too long"), length);
          return NULL;
        }
      if (!_imsg_mime_decode_part (part, memory, NULL, error))
        return NULL;
    }
  g_output_stream_close (memory, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* UTF-16 and UTF-32, of either byte order */
static gboolean
is_wide (guint code_page)
{
  return code_page == 1200 || code_page == 1201 || code_page == 12000 || code_page == 12001;
}

/* The page of escapes in what is ASCII otherwise; 0 for none. */
static guint
find_escapes (const char *bytes,
              gsize       n_bytes)
{
  static const struct
  {
    const char *escape;
    guint       code_page;
  } escapes[] = { { "\x1B$B", 50220 }, { "\x1B$@", 50220 }, { "\x1B$)C", 50225 } };

  if (_imsg_ascii_prefix ((const guint8 *) bytes, n_bytes) < n_bytes)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (escapes); i++)
    if (g_strstr_len (bytes, (gssize) n_bytes, escapes[i].escape) != NULL)
      return escapes[i].code_page;
  return 0;
}

/* Whether no more than the end of some character is missing: hardly anything else reads as UTF-8. */
static gboolean
is_mostly_utf8 (const char *bytes,
                gsize       n_bytes)
{
  gsize n_replaced;
  gsize n_high = 0;

  g_free (_imsg_code_page_decode (IMSG_CODE_PAGE_UTF8, bytes, n_bytes, NULL, &n_replaced));
  for (gsize i = 0; i < n_bytes; i++)
    n_high += (guchar) bytes[i] >= 0x80;
  return n_replaced * 2 < n_high;
}

/* Escapes say nothing in any page of plain bytes, and us-ascii with bytes over 127 is a lie told by
 * half of the world's mailers, as is UTF-8 that is none. */
static guint
choose_page (const char *bytes,
             gsize       n_bytes,
             const char *charset)
{
  guint named = charset != NULL ? _imsg_code_page_from_charset (charset) : 0;
  gboolean is_named = named != 0 && named != 20127;
  guint escaped;

  if (is_named && !_imsg_code_page_is_ascii_compatible (named))
    return named;
  escaped = find_escapes (bytes, n_bytes);
  if (escaped != 0)
    return escaped;
  if (is_named)
    named = _imsg_code_page_widen (named);
  if (is_named && _imsg_code_page_is_valid (named, bytes, n_bytes))
    return named;
  if (_imsg_code_page_is_valid (IMSG_CODE_PAGE_UTF8, bytes, n_bytes))
    return IMSG_CODE_PAGE_UTF8;
  return is_named && (named != IMSG_CODE_PAGE_UTF8 || is_mostly_utf8 (bytes, n_bytes))
           ? named
           : IMSG_CODE_PAGE_WINDOWS_1252;
}

char *
_imsg_mime_decode_text (GBytes     *bytes,
                        const char *charset)
{
  gsize n_bytes;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  guint found;

  /* of no bytes there may be no place either */
  if (n_bytes == 0)
    data = "";
  found = choose_page (data, n_bytes, charset);
  /* but for the wide ones, a NUL would only end the text early */
  if (memchr (data, '\0', n_bytes) != NULL && !is_wide (found))
    {
      g_autoptr(GString) clean = g_string_sized_new (n_bytes);

      for (gsize i = 0; i < n_bytes; i++)
        if (data[i] != '\0')
          g_string_append_c (clean, data[i]);
      return _imsg_code_page_decode (found, clean->str, clean->len, NULL, NULL);
    }
  return _imsg_code_page_decode (found, data, n_bytes, NULL, NULL);
}
