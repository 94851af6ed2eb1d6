/* fuzz-bytes.c - changes bytes at random, where no fuzzer does it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"

#include <string.h>

static gsize
insert_copy (guint8 *data,
             gsize   n_bytes,
             gsize   n_max,
             gsize   offset)
{
  gsize length = g_random_int_range (1, 64);

  length = MIN (length, MIN (n_bytes - offset, n_max - n_bytes));
  memmove (data + offset + length, data + offset, n_bytes - offset);
  return n_bytes + length;
}

static gsize
change (guint8 *data,
        gsize   n_bytes,
        gsize   n_max)
{
  static const guint32 favourites[] = { 0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF };
  gsize offset = g_random_int () % n_bytes;
  gsize aligned = offset & ~(gsize) 3;
  gsize length = g_random_int_range (1, 64);
  guint32 word = g_random_boolean () ? favourites[g_random_int () % G_N_ELEMENTS (favourites)]
                                     : g_random_int () & 0xFF;

  length = MIN (length, n_bytes - offset);
  switch (g_random_int_range (0, 7))
    {
    case 0:
      data[offset] = g_random_int ();
      return n_bytes;
    case 1:
      data[offset] ^= 1 << g_random_int_range (0, 8);
      return n_bytes;
    case 2:
      if (aligned + sizeof word <= n_bytes)
        memcpy (data + aligned, &word, sizeof word);
      return n_bytes;
    case 3:
      memmove (data + offset, data + offset + length, n_bytes - offset - length);
      return n_bytes - length;
    case 4:
      memmove (data + g_random_int () % (n_bytes - length + 1), data + offset, length);
      return n_bytes;
    case 5:
      return insert_copy (data, n_bytes, n_max, offset);
    default:
      return g_random_int_range (0, 8) == 0 ? offset + 1 : n_bytes;
    }
}

gsize
LLVMFuzzerMutate (guint8 *data,
                  gsize   n_bytes,
                  gsize   n_max)
{
  guint n_changes = g_random_int_range (1, 10);

  if (n_bytes == 0 && n_max > 0)
    data[n_bytes++] = g_random_int ();
  for (guint i = 0; i < n_changes && n_bytes > 0; i++)
    n_bytes = change (data, n_bytes, n_max);
  return n_bytes;
}
