/* afl-mutator.c - the mutator of compound files as AFL++ loads it (AFL_CUSTOM_MUTATOR_LIBRARY)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-mutator.h"

#include <string.h>

#define EXPORT __attribute__ ((visibility ("default")))

typedef struct
{
  GRand  *random;
  guint8 *out;
  gsize   n_out;
} AflMutator;

EXPORT void *afl_custom_init   (void          *afl,
                                unsigned int   seed);
EXPORT void  afl_custom_deinit (AflMutator    *self);
EXPORT gsize afl_custom_fuzz   (AflMutator    *self,
                                guint8        *data,
                                gsize          n_bytes,
                                guint8       **out,
                                guint8        *second,
                                gsize          n_second,
                                gsize          n_max);

void *
afl_custom_init (void         *afl,
                 unsigned int  seed)
{
  AflMutator *self = g_new0 (AflMutator, 1);

  self->random = g_rand_new_with_seed (seed);
  return self;
}

void
afl_custom_deinit (AflMutator *self)
{
  g_rand_free (self->random);
  g_free (self->out);
  g_free (self);
}

gsize
afl_custom_fuzz (AflMutator  *self,
                 guint8      *data,
                 gsize        n_bytes,
                 guint8     **out,
                 guint8      *second,
                 gsize        n_second,
                 gsize        n_max)
{
  guint32 seed = g_rand_int (self->random);
  gsize n_result = 0;

  if (self->n_out < n_max)
    {
      self->out = g_realloc (self->out, n_max);
      self->n_out = n_max;
    }
  *out = self->out;
  if (second != NULL && g_rand_int_range (self->random, 0, 8) == 0)
    n_result = compound_cross_over (data, n_bytes, second, n_second, self->out, n_max, seed);
  else if (n_bytes <= n_max)
    {
      memcpy (self->out, data, n_bytes);
      n_result = compound_mutate (self->out, n_bytes, n_max, seed);
    }
  /* 0: AFL++ goes on with its own mutations. */
  return n_result;
}
