/* fuzz-compound-file.c - compound files of any bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"

#include "../compound-util.h"
#include "../hostile-compound.h"
#include "imsg-error.h"

#include <string.h>

/* Larger shapes are tests of their own: they say nothing new and take the time of others. */
#define SEED_MAX 65536

/* What can be read at all must be written and read back the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, n_bytes);
  g_autoptr(GBytes) copy = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgDirectory) directory = compound_open_bytes (bytes, &error);
  g_autoptr(IMsgDirectory) again = NULL;
  g_autoptr(CompoundTree) tree = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (directory == NULL)
    {
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
      return 0;
    }
  before = compound_list (directory, NULL);
  tree = compound_tree_new_from_directory (directory);
  copy = compound_tree_write (tree, n_bytes % 2 == 0 ? 3 : 4, &error);
  g_assert_no_error (error);
  again = compound_open_bytes (copy, &error);
  g_assert_no_error (error);
  after = compound_list (again, NULL);
  /* Each stream that came through is one of those before. */
  for (const char *line = after; *line != '\0';)
    {
      gsize n = strcspn (line, "\n");
      g_autofree char *one = g_strndup (line, n);

      g_assert_nonnull (strstr (before, one));
      line += n + (line[n] != '\0');
    }
  return 0;
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  guint n = 0;
  const HostileCompound *all = hostile_compound_get_all (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GBytes) bytes = all[i].build ();

      if (g_bytes_get_size (bytes) <= SEED_MAX)
        g_ptr_array_add (seeds, g_steal_pointer (&bytes));
    }
}
