/* imsg-rtf-compression.c - RTF out of its compressed form
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-rtf-compression-private.h"

#include "imsg-limits-private.h"
#include "imsg-problem-private.h"
#include "imsg-rtf-decompressor.h"

#include <glib/gi18n-lib.h>

#define PLACE "PR_RTF_COMPRESSED"

#define FIRST_OUTPUT_SIZE 16384

const char _imsg_rtf_preset[] =
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
  "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
  "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

G_STATIC_ASSERT (sizeof _imsg_rtf_preset == IMSG_RTF_PRESET_SIZE + 1);

/* All that comes out of a stream, up to the limit. */
static GByteArray *
read_all (GInputStream  *stream,
          gsize          max_bytes,
          gboolean      *was_cut,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr(GByteArray) out = g_byte_array_new ();
  gsize room = FIRST_OUTPUT_SIZE;
  gsize n_out = 0;

  *was_cut = FALSE;
  for (;;)
    {
      gssize n;

      /* One byte more than the limit allows tells whether there is more. */
      if (n_out == out->len)
        g_byte_array_set_size (out, MIN (max_bytes + 1, out->len + room));
      room = MAX (room, out->len);
      n = g_input_stream_read (stream, out->data + n_out, out->len - n_out, cancellable, error);
      if (n < 0)
        return NULL;
      n_out += n;
      *was_cut = n_out > max_bytes;
      if (n == 0 || *was_cut)
        break;
    }
  g_byte_array_set_size (out, MIN (n_out, max_bytes));
  return g_steal_pointer (&out);
}

GBytes *
_imsg_rtf_decompress_stream (GInputStream  *compressed,
                             guint64        max_bytes,
                             GPtrArray     *problems,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_autoptr(IMsgRtfDecompressor) decompressor = imsg_rtf_decompressor_new ();
  g_autoptr(GInputStream) stream =
    g_converter_input_stream_new (compressed, G_CONVERTER (decompressor));
  g_autoptr(GPtrArray) found = NULL;
  gsize max_out = MIN (max_bytes, G_MAXUINT / 4);
  gboolean was_cut;
  GByteArray *rtf;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  rtf = read_all (stream, max_out, &was_cut, cancellable, error);
  if (rtf == NULL)
    return NULL;
  found = imsg_rtf_decompressor_list_problems (decompressor);
  for (guint i = 0; problems != NULL && i < found->len; i++)
    _imsg_problem_list_add (problems, imsg_problem_ref (found->pdata[i]));
  if (was_cut && problems != NULL)
    _imsg_problem_list_tell (problems, PLACE, IMSG_ERROR_TOO_BIG,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "Cut off at the limit of %zu byte",
                                          "Cut off at the limit of %zu bytes",
                                          max_out),
                             max_out);
  return g_byte_array_free_to_bytes (rtf);
}

GBytes *
_imsg_rtf_decompress (const guint8 *compressed,
                      gsize         n_bytes,
                      guint64       max_bytes,
                      GPtrArray    *problems,
                      GError      **error)
{
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (compressed, (gssize) n_bytes, NULL);

  return _imsg_rtf_decompress_stream (stream, max_bytes, problems, NULL, error);
}

/**
 * imsg_rtf_decompress:
 * @compressed: the value of `PR_RTF_COMPRESSED`, with its header of 16 bytes
 * @problems: (out) (optional) (transfer container) (element-type IMsgProblem): return location
 *   for what is wrong with it
 * @error: return location for an error
 *
 * Decompresses RTF, from the compressed (`LZFu`) or the stored (`MELA`) form.
 *
 * The bytes are those that were compressed, a NUL at their end included. Wrong sizes, a wrong
 * checksum, a missing end and references to nothing are listed in @problems and do not keep what
 * can be read from being read. The result is never longer than 8 times @compressed, and not longer
 * than `IMSG_LIMIT_RTF_BYTES`.
 *
 * Fails with `IMSG_ERROR_CORRUPT_DATA` when there is no header or its type is unknown.
 * Source: `WrapCompressedRTFStream`; [MS-OXRTFCP].
 *
 * Returns: (transfer full): the RTF
 * Since: 1.0
 */
GBytes *
imsg_rtf_decompress (GBytes     *compressed,
                     GPtrArray **problems,
                     GError    **error)
{
  g_autoptr(GPtrArray) list = NULL;
  gsize n_bytes;
  const guint8 *bytes;
  GBytes *rtf;

  g_return_val_if_fail (compressed != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  list = _imsg_problem_list_new ();
  bytes = g_bytes_get_data (compressed, &n_bytes);
  rtf = _imsg_rtf_decompress (bytes, n_bytes,
                              _imsg_limits_get_default ()->values[IMSG_LIMIT_RTF_BYTES], list,
                              error);
  if (problems != NULL)
    *problems = g_steal_pointer (&list);
  return rtf;
}
