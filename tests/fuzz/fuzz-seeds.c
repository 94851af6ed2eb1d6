/* fuzz-seeds.c - the inputs a fuzz target starts from, and what it is set to before the first
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"

#include <stdlib.h>

#define N_RANDOM_SEEDS 64

__attribute__ ((weak)) void
fuzz_add_seeds (GPtrArray *seeds)
{
}

/* What a target without seeds of its own starts from: lengths and numbers of all sizes */
static void
add_random_seeds (GPtrArray *seeds)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (1);

  for (guint i = 0; i < N_RANDOM_SEEDS; i++)
    {
      gsize n_bytes = g_rand_int_range (random, 1, 1 << (i % 10 + 2));
      guint8 *data = g_malloc0 (n_bytes);

      for (gsize j = 0; j < n_bytes; j++)
        data[j] = i % 2 == 0 || j % 4 == 0 ? g_rand_int (random) : 0;
      g_ptr_array_add (seeds, g_bytes_new_take (data, n_bytes));
    }
}

void
fuzz_collect_seeds (GPtrArray *seeds)
{
  guint n = seeds->len;

  fuzz_add_seeds (seeds);
  if (seeds->len == n)
    add_random_seeds (seeds);
}

static int
write_seeds (const char *folder)
{
  g_autoptr(GPtrArray) seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  fuzz_collect_seeds (seeds);
  g_mkdir_with_parents (folder, 0777);
  for (guint i = 0; i < seeds->len; i++)
    {
      g_autofree char *name = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, seeds->pdata[i]);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr(GError) error = NULL;
      gsize n_bytes = 0;
      const char *data = g_bytes_get_data (seeds->pdata[i], &n_bytes);

      if (!g_file_set_contents (path, n_bytes > 0 ? data : "", (gssize) n_bytes, &error))
        {
          g_printerr ("%s\n", error->message);
          return 1;
        }
    }
  g_print ("%u seeds\n", seeds->len);
  return 0;
}

/* Ends the program in the way fuzzers take for a finding; GLib's own is a trap, which they miss. */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  g_log_writer_standard_streams (level, fields, n_fields, user_data);
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0)
    abort ();
  return G_LOG_WRITER_HANDLED;
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  /* Nothing in an input may make the library complain. */
  g_log_set_writer_func (write_log, NULL, NULL);

  for (int i = 1; i < *argc; i++)
    if (g_str_has_prefix ((*argv)[i], "--write-seeds="))
      exit (write_seeds (strchr ((*argv)[i], '=') + 1));
  return 0;
}
