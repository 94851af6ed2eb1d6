/* fuzz-storage.c - any compound file, its tree changed, saved and opened again
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"
#include "imsg-storage.h"

#include "../compound-util.h"

#include <string.h>

#define ENTRIES_MAX 200
#define N_CHANGES 12

/* Streams on both sides of the mini stream's cutoff, in storages inside one another */
void
fuzz_add_seeds (GPtrArray *seeds)
{
  for (guint version = 3; version <= 4; version++)
    {
      g_autoptr(CompoundTree) tree = compound_tree_new ();
      guint32 outer = compound_tree_add_storage (tree, 0, "Outer");
      guint32 inner = compound_tree_add_storage (tree, outer, "Inner");

      compound_tree_add_stream (tree, 0, "small", 100, 1);
      compound_tree_add_stream (tree, outer, "large", 5000, 2);
      compound_tree_add_stream (tree, inner, "empty", 0, 3);
      compound_tree_add_stream (tree, inner, "edge", 4096, 4);
      g_ptr_array_add (seeds, compound_tree_write (tree, version, NULL));
    }
}

static char *
pick_name (GRand       *random,
           IMsgStorage *storage)
{
  GListModel *entries = imsg_storage_get_entries (storage);
  guint n = g_list_model_get_n_items (entries);
  g_autoptr(IMsgStorageEntry) entry = NULL;

  if (n == 0 || g_rand_int_range (random, 0, 8) == 0)
    return g_strdup_printf ("new %d", g_rand_int_range (random, 0, 4));
  entry = g_list_model_get_item (entries, g_rand_int_range (random, 0, (int) n));
  return g_strdup (imsg_storage_entry_get_name (entry));
}

/* Each may fail, with an error: names twice, names that are none, storages where streams are. */
static void
change (GRand       *random,
        IMsgStorage *storage)
{
  g_autofree char *name = pick_name (random, storage);
  g_autofree char *other = pick_name (random, storage);
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  gboolean done = TRUE;

  switch (g_rand_int_range (random, 0, 8))
    {
    case 0:
      done = imsg_storage_remove (storage, name, &error);
      break;
    case 1:
      done = imsg_storage_rename (storage, name, other, &error);
      break;
    case 2:
      bytes = g_bytes_new_take (g_malloc0 (5000), g_rand_int_range (random, 0, 5000));
      done = imsg_storage_write_stream (storage, name, bytes, &error);
      break;
    case 3:
      done = imsg_storage_copy_entry (storage, name, storage, other, &error);
      break;
    case 4:
      bytes = imsg_storage_read_stream (storage, name, NULL, &error);
      done = bytes != NULL;
      break;
    case 5:
      stream = imsg_storage_edit_stream (storage, name, TRUE, &error);
      done = stream != NULL;
      if (done)
        {
          g_seekable_seek (G_SEEKABLE (stream), g_rand_int_range (random, 0, 9000), G_SEEK_SET, NULL,
                           NULL);
          g_output_stream_write_all (g_io_stream_get_output_stream (stream), name, strlen (name),
                                     NULL, NULL, NULL);
          g_io_stream_close (stream, NULL, NULL);
        }
      break;
    case 6:
      child = imsg_storage_create_storage (storage, name, IMSG_STORAGE_READ_WRITE, &error);
      done = child != NULL;
      break;
    default:
      child = imsg_storage_open_storage (storage, name,
                                         IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED, &error);
      done = child != NULL;
      if (done)
        {
          change (random, child);
          if (g_rand_boolean (random))
            imsg_storage_commit (child, 0, NULL, NULL);
          else
            imsg_storage_revert (child, NULL);
        }
      break;
    }
  g_assert_true (done == (error == NULL));
}

static char *
list (GBytes *file)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgDirectory) directory = compound_open_bytes (file, &error);
  guint n_whole = 0;

  g_assert_no_error (error);
  return compound_list (directory, &n_whole);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, n_bytes);
  g_autoptr(GRand) random = g_rand_new_with_seed (g_bytes_hash (bytes));
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_storage_open_bytes (
    bytes, IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED, NULL, &error);
  g_autoptr(IMsgStorage) again = NULL;
  g_autoptr(GBytes) saved = NULL;
  g_autoptr(GBytes) resaved = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GPtrArray) problems_after = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (storage == NULL)
    {
      g_assert_nonnull (error);
      return 0;
    }
  if (g_list_model_get_n_items (imsg_storage_get_entries (storage)) > ENTRIES_MAX)
    return 0;
  problems = imsg_storage_list_problems (storage);
  for (guint i = 0; i < N_CHANGES; i++)
    change (random, storage);
  if (g_rand_boolean (random))
    imsg_storage_revert (storage, NULL);
  g_assert_true (imsg_storage_commit (storage, 0, NULL, NULL));
  saved = imsg_storage_write_to_bytes (storage, NULL, &error);
  g_assert_no_error (error);
  /* What was saved is sound, and saved again it is the same. */
  again = imsg_storage_open_bytes (saved, IMSG_STORAGE_READ, NULL, &error);
  g_assert_no_error (error);
  problems_after = imsg_storage_list_problems (again);
  /* Names that are there twice, or are none, are kept. */
  if (problems->len == 0)
    g_assert_cmpuint (problems_after->len, ==, 0);
  resaved = imsg_storage_write_to_bytes (again, NULL, &error);
  g_assert_no_error (error);
  before = list (saved);
  after = list (resaved);
  g_assert_cmpstr (before, ==, after);
  return 0;
}
