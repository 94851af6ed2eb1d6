/* test-rtf-compression.c - RTF in and out of its compressed form
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-crc-private.h"
#include "imsg-problem-private.h"
#include "imsg-rtf-compression-private.h"
#include "imsg-rtf-decompressor.h"

#include "test-body-util.h"
#include "test-util.h"

static const struct
{
  const char *name;
  const char *hex;
  const char *output;
} vectors[] = {
  { "simple", "2d000000 2b000000 4c5a4675 f1c5c7a7 03000a00 72637067 31323542 320af320 68656c09 "
              "00206277 05b06c64 7d0a800f a0", "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n" },
  { "overlap", "1a000000 1c000000 4c5a4675 e2d44b51 41000420 5758595a 0d6e7d01 0eb0",
    "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}" },
  { "short", "12000000 07000000 4c5a4675 f2e29a7b 0500047d 0d60", "{\\rtf1}" },
  { "empty", "0f000000 00000000 4c5a4675 27d7ca10 010cf0", "" },
  { "empty-as-nul", "10000000 00000000 4c5a4675 c6b6a71f 02000d00", "" },
  { "stored", "13000000 07000000 4d454c41 00000000 7b5c7274 66317d", "{\\rtf1}" },
};

static void
test_vector (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GBytes) compressed = test_bytes_from_hex (vectors[i].hex);
  g_autoptr(GBytes) rtf = imsg_rtf_decompress (compressed, &problems, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpmem (g_bytes_get_data (rtf, NULL), g_bytes_get_size (rtf), vectors[i].output,
                   strlen (vectors[i].output));
}

/* A literal and 260 references of 17 bytes, each to the byte before: past the end of the ring. */
static void
test_ring_wraps (void)
{
  g_autoptr(GByteArray) stream = g_byte_array_new ();
  g_autoptr(GBytes) compressed = NULL;
  g_autoptr(GBytes) rtf = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  static const guint8 head[] = { 0x38, 0x02, 0, 0, 0x45, 0x11, 0, 0, 'L', 'Z', 'F', 'u',
                                 0x13, 0x90, 0x47, 0x60 };
  guint position = 207;
  guint n_tokens = 0;
  guint control_at = 0;
  const char *text;

  g_byte_array_append (stream, head, sizeof head);
  for (guint k = 0; k < 262; k++, n_tokens++)
    {
      guint token = (position - 1) % 4096 << 4 | 15;
      guint8 bytes[2];

      if (n_tokens % 8 == 0)
        {
          control_at = stream->len;
          g_byte_array_append (stream, (const guint8 *) "", 1);
        }
      if (k == 0)
        {
          g_byte_array_append (stream, (const guint8 *) "a", 1);
          position++;
          continue;
        }
      if (k == 261)
        token = position % 4096 << 4;
      bytes[0] = token >> 8;
      bytes[1] = token & 0xFF;
      stream->data[control_at] |= 1 << n_tokens % 8;
      g_byte_array_append (stream, bytes, 2);
      position += 17;
    }
  g_assert_cmpuint (stream->len, ==, 572);
  compressed = g_bytes_new (stream->data, stream->len);
  rtf = imsg_rtf_decompress (compressed, &problems, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (g_bytes_get_size (rtf), ==, 4421);
  text = g_bytes_get_data (rtf, NULL);
  for (guint k = 0; k < 4421; k++)
    g_assert_cmpint (text[k], ==, 'a');
}

/* What is wrong is told; what can be read is read. NULL output: an error. */
static const struct
{
  const char *name;
  const char *hex;
  const char *output;
  guint       n_problems;
} damaged[] = {
  { "no-bytes", "", NULL, 0 },
  { "short-header", "12000000 07000000 4c5a4675 f2e29a", NULL, 0 },
  { "unknown-type", "12000000 07000000 4c5a4676 f2e29a7b 0500047d 0d60", NULL, 0 },
  { "wrong-crc", "12000000 07000000 4c5a4675 f2e29a7c 0500047d 0d60", "{\\rtf1}", 1 },
  { "raw-size-too-small", "12000000 06000000 4c5a4675 f2e29a7b 0500047d 0d60", "{\\rtf1}", 1 },
  { "raw-size-huge", "12000000 ffffffff 4c5a4675 f2e29a7b 0500047d 0d60", "{\\rtf1}", 1 },
  { "size-too-large", "13000000 07000000 4c5a4675 f2e29a7b 0500047d 0d60", "{\\rtf1}", 1 },
  { "size-too-small", "00000000 07000000 4c5a4675 f2e29a7b 0500047d 0d60", "{\\rtf1}", 1 },
  { "tail-ignored", "12000000 07000000 4c5a4675 f2e29a7b 0500047d 0d60 01020304", "{\\rtf1}", 0 },
  { "no-end-marker", "10000000 07000000 4c5a4675 f2e29a7b 0500047d", "{\\rtf1}", 2 },
  { "half-a-reference", "11000000 07000000 4c5a4675 f2e29a7b 0500047d 0d", "{\\rtf1}", 2 },
  { "nothing-after-header", "0c000000 00000000 4c5a4675 00000000", "", 1 },
  { "reference-to-nothing", "11000000 03000000 4c5a4675 00000000 06 61 8000 0cf0", NULL, 9 },
  { "stored-size-12-too-large", "13000000 13000000 4d454c41 00000000 7b5c7274 66317d",
    "{\\rtf1}", 1 },
  { "stored-size-too-small", "13000000 06000000 4d454c41 00000000 7b5c7274 66317d", "{\\rtf1", 1 },
};

static void
test_damaged (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GBytes) compressed = test_bytes_from_hex (damaged[i].hex);
  g_autoptr(GBytes) rtf = imsg_rtf_decompress (compressed, &problems, &error);

  if (damaged[i].n_problems == 9)
    {
      /* An a, two spaces from where the ring is empty, the end: only the checksum is off too. */
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (rtf, NULL), g_bytes_get_size (rtf), "a  ", 3);
      g_assert_cmpuint (problems->len, ==, 3);
      return;
    }
  if (damaged[i].output == NULL)
    {
      g_assert_null (rtf);
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (rtf, NULL), g_bytes_get_size (rtf), damaged[i].output,
                   strlen (damaged[i].output));
  g_assert_cmpuint (problems->len, ==, damaged[i].n_problems);
  for (guint k = 0; k < problems->len; k++)
    g_assert_cmpint (imsg_problem_get_code (problems->pdata[k]), ==, IMSG_ERROR_CORRUPT_DATA);
}

/* Hands @n_in bytes in and takes @n_out bytes out at a time; all that comes out. */
static GBytes *
convert_in_pieces (GConverter  *converter,
                   GBytes      *compressed,
                   gsize        n_in,
                   gsize        n_out,
                   GError     **error)
{
  g_autoptr(GByteArray) all = g_byte_array_new ();
  g_autofree guint8 *out = g_malloc (n_out);
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (compressed, &n_bytes);
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize at = 0;
  gsize n_offered = n_in;

  while (result != G_CONVERTER_FINISHED)
    {
      gsize n = MIN (n_offered, n_bytes - at);
      gsize n_read = 0;
      gsize n_written = 0;
      g_autoptr(GError) local_error = NULL;

      result = g_converter_convert (converter, bytes + at, n, out, n_out,
                                    at + n == n_bytes ? G_CONVERTER_INPUT_AT_END
                                                      : G_CONVERTER_NO_FLAGS,
                                    &n_read, &n_written, &local_error);
      if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
        {
          g_assert_cmpuint (at + n, <, n_bytes);
          n_offered += n_in;
          continue;
        }
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      g_assert_true (result == G_CONVERTER_FINISHED || n_read > 0 || n_written > 0);
      n_offered = n_in;
      at += n_read;
      g_byte_array_append (all, out, n_written);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

/* However small the pieces, the same comes out, and the same is found wrong. */
static void
assert_same_in_pieces (GBytes *compressed)
{
  static const gsize sizes[] = { 1, 2, 7, 16, 17, 18, 1000, 40000, 100000 };
  g_autoptr(IMsgRtfDecompressor) decompressor = imsg_rtf_decompressor_new ();
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) whole = imsg_rtf_decompress (compressed, &problems, &error);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GError) piece_error = NULL;
      g_autoptr(GPtrArray) piece_problems = NULL;
      g_autoptr(GBytes) pieces = NULL;

      g_converter_reset (G_CONVERTER (decompressor));
      pieces = convert_in_pieces (G_CONVERTER (decompressor), compressed, sizes[i],
                                  sizes[G_N_ELEMENTS (sizes) - 1 - i], &piece_error);
      if (whole == NULL)
        {
          g_assert_error (piece_error, error->domain, error->code);
          g_assert_cmpstr (piece_error->message, ==, error->message);
          continue;
        }
      g_assert_no_error (piece_error);
      g_assert_true (g_bytes_equal (whole, pieces));
      piece_problems = imsg_rtf_decompressor_list_problems (decompressor);
      g_assert_cmpuint (piece_problems->len, ==, problems->len);
      for (guint k = 0; k < problems->len; k++)
        g_assert_cmpstr (imsg_problem_get_text (piece_problems->pdata[k]), ==,
                         imsg_problem_get_text (problems->pdata[k]));
    }
}

static void
test_pieces (void)
{
  g_autofree guint8 *text = g_malloc (300000);

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr(GBytes) compressed = test_bytes_from_hex (vectors[i].hex);

      assert_same_in_pieces (compressed);
    }
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr(GBytes) compressed = test_bytes_from_hex (damaged[i].hex);

      assert_same_in_pieces (compressed);
    }
  /* Many windows full, of every length of reference and of distances up to a whole ring */
  for (guint n_kinds = 1; n_kinds <= 64; n_kinds *= 8)
    {
      g_autoptr(GBytes) rtf = NULL;
      g_autoptr(GBytes) compressed = NULL;
      guint32 seed = 1;

      for (gsize i = 0; i < 300000; i++)
        {
          seed = seed * 1664525 + 1013904223;
          text[i] = i >= 4000 && seed >> 30 != 0 ? text[i - 4000 + (seed >> 24) % 8]
                                                 : 'a' + (seed >> 16) % n_kinds;
        }
      rtf = g_bytes_new (text, 300000);
      compressed = imsg_rtf_compress (rtf);
      assert_same_in_pieces (compressed);
    }
}

/* Over a stream: the contents are read and no byte after them is missed. */
static void
test_stream (void)
{
  g_autofree char *text = g_strnfill (1 << 20, 'x');
  g_autoptr(GBytes) rtf = g_bytes_new (text, 1 << 20);
  g_autoptr(GBytes) compressed = imsg_rtf_compress (rtf);
  g_autoptr(GInputStream) base = g_memory_input_stream_new_from_bytes (compressed);
  g_autoptr(IMsgRtfDecompressor) decompressor = imsg_rtf_decompressor_new ();
  g_autoptr(GInputStream) stream = g_converter_input_stream_new (base, G_CONVERTER (decompressor));
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GBytes) back = NULL;
  g_autoptr(GError) error = NULL;

  g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  back = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
  g_assert_true (g_bytes_equal (rtf, back));
  problems = imsg_rtf_decompressor_list_problems (decompressor);
  g_assert_cmpuint (problems->len, ==, 0);
}

static void
assert_round_trip (const guint8 *bytes,
                   gsize         n_bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GBytes) rtf = g_bytes_new (bytes, n_bytes);
  g_autoptr(GBytes) compressed = imsg_rtf_compress (rtf);
  g_autoptr(GBytes) back = imsg_rtf_decompress (compressed, &problems, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_true (g_bytes_equal (rtf, back));
}

static void
test_round_trip (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);
  gsize n_bytes = 100000;
  g_autofree guint8 *bytes = g_malloc (n_bytes);

  for (guint alphabet = 1; alphabet <= 256; alphabet *= 2)
    {
      for (gsize k = 0; k < n_bytes; k++)
        bytes[k] = g_rand_int_range (rand, 0, alphabet);
      for (gsize n = 0; n < 40; n++)
        assert_round_trip (bytes, n);
      assert_round_trip (bytes, n_bytes);
    }
  for (gsize k = 0; k < n_bytes; k++)
    bytes[k] = _imsg_rtf_preset[k % 200];
  assert_round_trip (bytes, n_bytes);
}

static void
test_empty (void)
{
  g_autoptr(GBytes) rtf = g_bytes_new (NULL, 0);
  g_autoptr(GBytes) compressed = imsg_rtf_compress (rtf);
  g_autoptr(GBytes) expected = test_bytes_from_hex (vectors[3].hex);

  g_assert_true (g_bytes_equal (compressed, expected));
}

/* Text of RTF comes out much smaller: this is no stored form in disguise. */
static void
test_compresses (void)
{
  g_autoptr(GString) text = g_string_new ("{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 ");
  g_autoptr(GBytes) rtf = NULL;
  g_autoptr(GBytes) compressed = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "{\\*\\htmltag84 <b>}row %u{\\*\\htmltag92 </b>}\\par\r\n", i);
  rtf = g_bytes_new (text->str, text->len);
  compressed = imsg_rtf_compress (rtf);
  g_assert_cmpuint (g_bytes_get_size (compressed) * 3, <, text->len);
  assert_round_trip ((const guint8 *) text->str, text->len);
}

static void
test_limit (void)
{
  g_autofree char *text = g_strnfill (100000, 'a');
  g_autoptr(GBytes) rtf = g_bytes_new (text, 100000);
  g_autoptr(GBytes) compressed = imsg_rtf_compress (rtf);
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (compressed, &n_bytes);

  for (gsize limit = 99999; limit <= 100000; limit++)
    {
      g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
      g_autoptr(GBytes) out = _imsg_rtf_decompress (bytes, n_bytes, limit, problems, NULL);

      g_assert_cmpuint (g_bytes_get_size (out), ==, limit);
      g_assert_cmpuint (problems->len, ==, limit == 100000 ? 0 : 1);
      if (problems->len > 0)
        g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_TOO_BIG);
    }
}

static void
test_preset (void)
{
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA1,
                                                      (const guint8 *) _imsg_rtf_preset,
                                                      IMSG_RTF_PRESET_SIZE);

  g_assert_cmpstr (sum, ==, "731ca204118c4bb072e214dd2eda58dbbcb7d286");
  g_assert_cmphex (_imsg_crc ((const guint8 *) _imsg_rtf_preset, IMSG_RTF_PRESET_SIZE), ==,
                   0x06F44644);
}

static void
check_sample (const char *path,
              gboolean    is_outermost,
              GBytes     *compressed,
              gpointer    user_data)
{
  guint *n_compressed = user_data;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) rtf = imsg_rtf_decompress (compressed, &problems, &error);
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GBytes) back = NULL;
  const char *bytes = g_bytes_get_data (compressed, NULL);

  g_assert_no_error (error);
  /* What Outlook compressed has no fault; what others stored has a wrong size throughout. */
  if (memcmp (bytes + 8, "LZFu", 4) == 0)
    {
      g_assert_cmpuint (problems->len, ==, 0);
      (*n_compressed)++;
    }
  again = imsg_rtf_compress (rtf);
  g_clear_pointer (&problems, g_ptr_array_unref);
  back = imsg_rtf_decompress (again, &problems, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_true (g_bytes_equal (rtf, back));
}

static void
test_samples (void)
{
  guint n_compressed = 0;
  guint n = test_foreach_rtf ("msg", check_sample, &n_compressed);

  if (g_test_failed () || n == 0)
    return;
  g_test_message ("%u bodies, %u of them compressed", n, n_compressed);
  g_assert_cmpuint (n_compressed, >, 100);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/rtf-compression/vector/", vectors[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_vector);
    }
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/rtf-compression/damaged/", damaged[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_damaged);
    }
  g_test_add_func ("/imsg/rtf-compression/preset", test_preset);
  g_test_add_func ("/imsg/rtf-compression/ring-wraps", test_ring_wraps);
  g_test_add_func ("/imsg/rtf-compression/round-trip", test_round_trip);
  g_test_add_func ("/imsg/rtf-compression/empty", test_empty);
  g_test_add_func ("/imsg/rtf-compression/compresses", test_compresses);
  g_test_add_func ("/imsg/rtf-compression/limit", test_limit);
  g_test_add_func ("/imsg/rtf-compression/pieces", test_pieces);
  g_test_add_func ("/imsg/rtf-compression/stream", test_stream);
  g_test_add_func ("/imsg/rtf-compression/samples", test_samples);
  return g_test_run ();
}
