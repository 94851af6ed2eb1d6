/* test-compound-hostile.c - damaged and malicious compound files: answered, never obeyed
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-checker.h"
#include "compound-util.h"
#include "hostile-compound.h"
#include "imsg-problem.h"
#include "test-util.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_MUTATIONS 2000

static void
print_problems (IMsgDirectory *directory)
{
  GPtrArray *problems = _imsg_directory_get_problems (directory);

  for (guint i = 0; i < MIN (problems->len, 3); i++)
    g_test_message ("%s: %s", imsg_problem_get_where (g_ptr_array_index (problems, i)),
                    imsg_problem_get_text (g_ptr_array_index (problems, i)));
}

static gboolean
has_problem (IMsgDirectory *directory,
             const char    *where)
{
  GPtrArray *problems = _imsg_directory_get_problems (directory);

  for (guint i = 0; i < problems->len; i++)
    if (strcmp (imsg_problem_get_where (g_ptr_array_index (problems, i)), where) == 0)
      return TRUE;
  return FALSE;
}

static void
check_hostile (gpointer data,
               gpointer user_data)
{
  const HostileCompound *hostile = data;
  g_autoptr(GBytes) bytes = hostile->build ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgDirectory) directory = compound_open_bytes (bytes, &error);
  g_autofree char *list = NULL;
  guint n_whole = 0;

  if (hostile->code != HOSTILE_OPENS)
    {
      g_assert_error (error, IMSG_ERROR, hostile->code);
      g_assert_null (directory);
      return;
    }
  g_assert_no_error (error);
  print_problems (directory);
  if (hostile->where != NULL)
    g_assert_true (has_problem (directory, hostile->where));
  else
    g_assert_cmpuint (_imsg_directory_get_problems (directory)->len, ==, 0);
  list = compound_list (directory, &n_whole);
  g_assert_cmpuint (n_whole, ==, hostile->n_whole);
}

static void
test_hostile (gconstpointer data)
{
  compound_run_on_small_stack (check_hostile, (gpointer) data, NULL);
}

static void
check_nested (gpointer data,
              gpointer user_data)
{
  g_autoptr(GBytes) bytes = hostile_compound_find ("nested_storages")->build ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgDirectory) directory = compound_open_bytes (bytes, &error);
  GPtrArray *problems = NULL;
  g_autofree char *list = NULL;
  guint n_whole = 0;

  g_assert_no_error (error);
  problems = _imsg_directory_get_problems (directory);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpint (imsg_problem_get_code (g_ptr_array_index (problems, 0)), ==,
                   IMSG_ERROR_TOO_COMPLEX);
  list = compound_list (directory, &n_whole);
  g_assert_cmpuint (n_whole, ==, 2);
}

static void
test_nested (void)
{
  compound_run_on_small_stack (check_nested, NULL, NULL);
}

static void
check_sparse (gpointer data,
              gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgDirectory) directory = compound_open_path (data, &error);
  g_autofree char *list = NULL;
  guint n_whole = 0;

  g_assert_no_error (error);
  g_assert_true (has_problem (directory, "FAT"));
  list = compound_list (directory, &n_whole);
  g_assert_cmpuint (n_whole, ==, 3);
}

static void
test_sparse (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("imsg-hostile-XXXXXX", &error);
  g_autofree char *path = NULL;

  g_assert_no_error (error);
  path = g_build_filename (folder, "sparse", NULL);
  if (!hostile_compound_write_sparse (path, &error))
    {
      g_test_skip (error->message);
      g_unlink (path);
      g_rmdir (folder);
      return;
    }
  compound_run_on_small_stack (check_sparse, path, NULL);
  g_unlink (path);
  g_rmdir (folder);
}

/* What is still readable of a damaged file can be written, and that file is sound. */
static void
test_salvage (void)
{
  guint n = 0;
  const HostileCompound *all = hostile_compound_get_all (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GBytes) bytes = all[i].build ();
      g_autoptr(IMsgDirectory) directory = NULL;
      g_autoptr(CompoundTree) tree = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) copy = NULL;

      /* Equal names and forbidden characters are written as they are. */
      if (strstr (all[i].name, "chain") != NULL || strstr (all[i].name, "many") != NULL ||
          strcmp (all[i].name, "name_twice") == 0)
        continue;
      directory = compound_open_bytes (bytes, NULL);
      if (directory == NULL)
        continue;
      tree = compound_tree_new_from_directory (directory);
      copy = compound_tree_write (tree, 3, &error);
      g_assert_no_error (error);
      if (!compound_checker_check (copy, &error))
        g_error ("%s: %s", all[i].name, error->message);
    }
}

static void
mutate (GRand  *random,
        guint8 *data,
        gsize   n_bytes)
{
  static const guint32 favourites[] = { 0, 1, 2, 5, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFA, 0xFFFFFFFC,
                                        0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF, 4095, 4096 };
  guint n = g_rand_int_range (random, 1, 8);

  for (guint i = 0; i < n; i++)
    {
      /* Most of the structure is where words are aligned, and near the beginning. */
      gsize n_near = g_rand_boolean (random) ? MIN (n_bytes, 4096) : n_bytes;
      gsize offset = (g_rand_int (random) % n_near) & ~(gsize) 3;
      guint32 word = 0;

      if (offset + 4 > n_bytes)
        continue;
      switch (g_rand_int_range (random, 0, 4))
        {
        case 0:
          data[offset + g_rand_int_range (random, 0, 4)] = g_rand_int (random);
          break;
        case 1:
          data[offset + g_rand_int_range (random, 0, 4)] ^= 1 << g_rand_int_range (random, 0, 8);
          break;
        case 2:
          word = favourites[g_rand_int_range (random, 0, G_N_ELEMENTS (favourites))];
          memcpy (data + offset, &word, 4);
          break;
        default:
          word = g_rand_int_range (random, 0, 200);
          memcpy (data + offset, &word, 4);
          break;
        }
    }
}

static void
check_mutations (gpointer data,
                 gpointer user_data)
{
  GPtrArray *files = data;
  g_autoptr(GRand) random = g_rand_new_with_seed (20240607);
  guint n_opened = 0;

  for (guint i = 0; i < N_MUTATIONS; i++)
    {
      GBytes *file = g_ptr_array_index (files, i % files->len);
      gsize n_bytes = g_bytes_get_size (file);
      guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), n_bytes);
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(IMsgDirectory) directory = NULL;
      g_autoptr(GError) error = NULL;

      mutate (random, copy, n_bytes);
      if (g_rand_int_range (random, 0, 10) == 0)
        n_bytes = g_rand_int_range (random, 0, n_bytes);
      bytes = g_bytes_new_take (copy, n_bytes);
      directory = compound_open_bytes (bytes, &error);
      if (directory == NULL)
        g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
      else
        {
          g_free (compound_list (directory, NULL));
          n_opened++;
        }
    }
  g_test_message ("%u of %d opened", n_opened, N_MUTATIONS);
  g_assert_cmpuint (n_opened, >, N_MUTATIONS / 10);
}

static void
add_small_samples (GPtrArray *files)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");

  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *content = NULL;
      gsize n_bytes = 0;

      if (g_file_get_contents (paths->pdata[i], &content, &n_bytes, NULL) && n_bytes <= 32768)
        g_ptr_array_add (files, g_bytes_new_take (g_steal_pointer (&content), n_bytes));
    }
}

static void
test_mutations (void)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint version = 3; version <= 4; version++)
    {
      g_autoptr(CompoundTree) tree = compound_tree_new ();
      GBytes *bytes = NULL;
      guint32 storage = 0;

      for (guint i = 0; i < 5; i++)
        {
          g_autofree char *name = g_strdup_printf ("__attach_version1.0_#%08X", i);

          storage = compound_tree_add_storage (tree, i % 2 == 0 ? 0 : storage, name);
          compound_tree_add_stream (tree, storage, "__substg1.0_0037001F", 30 * i, i);
          compound_tree_add_stream (tree, storage, "__substg1.0_37010102", 3000 * i, i);
        }
      bytes = compound_tree_write (tree, version, NULL);
      g_assert_true (compound_checker_check (bytes, NULL));
      g_ptr_array_add (files, bytes);
    }
  add_small_samples (files);
  compound_run_on_small_stack (check_mutations, files, NULL);
}

int
main (int   argc,
      char *argv[])
{
  guint n = 0;
  const HostileCompound *all = hostile_compound_get_all (&n);

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/compound-file/hostile/", all[i].name, NULL);

      if (strcmp (all[i].name, "nested_storages") == 0)
        g_test_add_func (path, test_nested);
      else
        g_test_add_data_func (path, &all[i], test_hostile);
    }
  g_test_add_func ("/imsg/compound-file/hostile/sparse_difat", test_sparse);
  g_test_add_func ("/imsg/compound-file/salvage", test_salvage);
  g_test_add_func ("/imsg/compound-file/mutations", test_mutations);
  return g_test_run ();
}
