/* fuzz-rtf-compression.c - compressed RTF of any bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"

#include "imsg-problem-private.h"
#include "imsg-rtf-compression-private.h"

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const guint8 stream[] = {
    0x1A, 0, 0, 0, 0x1C, 0, 0, 0, 'L', 'Z', 'F', 'u', 0xE2, 0xD4, 0x4B, 0x51,
    0x41, 0, 4, 0x20, 0x57, 0x58, 0x59, 0x5A, 0x0D, 0x6E, 0x7D, 0x01, 0x0E, 0xB0,
  };

  /* A reference to nearly all of the window before, and to what is not written yet */
  static const guint8 distant[] = {
    0x1A, 0, 0x10, 0, 0x1C, 0, 0, 0, 'L', 'Z', 'F', 'u', 0xE2, 0xD4, 0x4B, 0x7D, 0x01, 0x0E, 0,
  };

  g_ptr_array_add (seeds, g_bytes_new_static (stream, sizeof stream));
  g_ptr_array_add (seeds, g_bytes_new_static (distant, sizeof distant));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GBytes) rtf = _imsg_rtf_decompress (data, n_bytes, 1 << 20, problems, NULL);
  g_autoptr(GBytes) input = g_bytes_new_static (data, n_bytes);
  g_autoptr(GBytes) compressed = imsg_rtf_compress (input);
  g_autoptr(GPtrArray) no_problems = NULL;
  g_autoptr(GBytes) back = imsg_rtf_decompress (compressed, &no_problems, NULL);

  if (rtf != NULL)
    {
      g_assert_cmpuint (g_bytes_get_size (rtf), <=, n_bytes * 8);
      g_assert_cmpuint (g_bytes_get_size (rtf), <=, 1 << 20);
    }
  g_assert_true (g_bytes_equal (input, back));
  g_assert_cmpuint (no_problems->len, ==, 0);
  return 0;
}
