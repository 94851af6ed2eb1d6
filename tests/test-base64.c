/* test-base64.c - base64 of whole streams, held against GLib's
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-base64-private.h"

/* Every length around two lines, every place to cut. */
static void
test_there_and_back (void)
{
  /* more than two lines go another way where the processor has one */
  guint8 bytes[300];
  char lines[6 * IMSG_BASE64_LINE_CHARACTERS];
  guint8 decoded[sizeof lines + 4];

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) (i * 167 + 13);
  for (gsize n_bytes = 0; n_bytes <= sizeof bytes; n_bytes++)
    {
      gsize n_characters = _imsg_base64_encode_lines (bytes, n_bytes, lines);
      g_autofree char *expected = g_base64_encode (bytes, n_bytes);
      g_autoptr(GString) joined = g_string_new_len (lines, (gssize) n_characters);

      g_assert_cmpuint (n_characters, ==, strlen (expected) + 2 * ((n_bytes + 56) / 57));
      g_string_replace (joined, "\r\n", "", 0);
      g_assert_cmpstr (joined->str, ==, expected);
      for (gsize cut = 0; cut <= n_characters; cut += n_bytes < 130 ? 1 : 7)
        {
          IMsgBase64Decoder decoder = { 0 };
          gsize n_decoded = _imsg_base64_decode (&decoder, lines, cut, decoded);

          n_decoded += _imsg_base64_decode (&decoder, lines + cut, n_characters - cut,
                                            decoded + n_decoded);
          n_decoded += _imsg_base64_decode_end (&decoder, decoded + n_decoded);
          g_assert_cmpmem (decoded, n_decoded, bytes, n_bytes);
        }
    }
}

static void
test_lines (void)
{
  const guint8 zeros[58] = { 0 };
  char lines[2 * IMSG_BASE64_LINE_CHARACTERS];
  gsize n_characters = _imsg_base64_encode_lines (zeros, sizeof zeros, lines);

  g_assert_cmpmem (lines + 74, n_characters - 74, "AA\r\nAA==\r\n", 10);
}

/* What others write, and what is left of it. */
static const struct
{
  const char *name;
  const char *characters;
  const char *decoded;
} loose[] = {
  { "no-padding", "YWI", "ab" },
  { "one-letter-too-many", "YWJjZ", "abc" },
  { "padding-inside", "YQ==YmM=", "abc" },
  { "white-space", " Y W\tJ\r\nj ", "abc" },
  { "rubbish", "Y!W-J\xff_j*", "abc" },
  { "nothing", "====", "" },
  { "text-behind", "YWI=\r\n-- \r\nYWJj", "ab" },
  { "padding-between-rubbish", "YQ==Ym!M=", "abc" },
};

static void
test_loose (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  const char *characters = loose[row].characters;
  IMsgBase64Decoder decoder = { 0 };
  guint8 decoded[32];
  gsize n_decoded = _imsg_base64_decode (&decoder, characters, strlen (characters), decoded);

  n_decoded += _imsg_base64_decode_end (&decoder, decoded + n_decoded);
  g_assert_cmpmem (decoded, n_decoded, loose[row].decoded, strlen (loose[row].decoded));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/base64/there-and-back", test_there_and_back);
  g_test_add_func ("/imsg/base64/lines", test_lines);
  for (guint i = 0; i < G_N_ELEMENTS (loose); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/base64/loose/", loose[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_loose);
    }
  return g_test_run ();
}
