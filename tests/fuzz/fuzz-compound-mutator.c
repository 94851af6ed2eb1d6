/* fuzz-compound-mutator.c - what makes a fuzz target of compound files reach past the container
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-mutator.h"
#include "fuzz-main.h"

/* One in so many mutations is of the file's bytes, for what reads the container itself. */
#define BYTES_EVERY 16

gsize
LLVMFuzzerCustomMutator (guint8       *data,
                         gsize         n_bytes,
                         gsize         n_max,
                         unsigned int  seed)
{
  gsize n_out = 0;

  if (seed % BYTES_EVERY != 0)
    n_out = compound_mutate (data, n_bytes, n_max, seed);
  return n_out > 0 ? n_out : LLVMFuzzerMutate (data, n_bytes, n_max);
}

gsize
LLVMFuzzerCustomCrossOver (const guint8 *first,
                           gsize         n_first,
                           const guint8 *second,
                           gsize         n_second,
                           guint8       *out,
                           gsize         n_max,
                           unsigned int  seed)
{
  return compound_cross_over (first, n_first, second, n_second, out, n_max, seed);
}
