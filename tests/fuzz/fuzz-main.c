/* fuzz-main.c - runs a fuzz target without libFuzzer: over files, and over mutations of them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"

#include <pthread.h>
#include <string.h>

/* Files over this are read, but not mutated: it would be one of them for thousands of others. */
#define MUTATED_MAX ((gsize) 128 << 10)
#define GROWTH_MAX ((gsize) 16 << 10)
/* Threads of programs have small stacks. */
#define STACK_SIZE ((gsize) 512 << 10)

#pragma weak LLVMFuzzerCustomMutator

static int n_mutations = 0;
static int seed = 1;
static gboolean with_samples = FALSE;
static char **paths = NULL;

static const GOptionEntry options[] = {
  { "mutations", 'm', 0, G_OPTION_ARG_INT, &n_mutations, "Also try N mutations", "N" },
  { "seed", 's', 0, G_OPTION_ARG_INT, &seed, "Of the mutations", "N" },
  { "samples", 0, 0, G_OPTION_ARG_NONE, &with_samples, "Add the folder IMSG_SAMPLES names", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, "", "[FILE OR FOLDER…]" },
  { NULL },
};

static void
add_path (GPtrArray  *inputs,
          const char *path)
{
  GDir *folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  if (folder == NULL)
    {
      char *content = NULL;
      gsize n_bytes = 0;
      g_autoptr(GError) error = NULL;

      if (g_file_get_contents (path, &content, &n_bytes, &error))
        g_ptr_array_add (inputs, g_bytes_new_take (content, n_bytes));
      else
        g_printerr ("%s\n", error->message);
      return;
    }
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      add_path (inputs, inside);
    }
  g_dir_close (folder);
}

/* A copy of exactly that length, so that a read past its end is seen by a memory checker. */
static void
run_one (const guint8 *data,
         gsize         n_bytes)
{
  guint8 *copy = g_malloc (MAX (n_bytes, 1));

  if (n_bytes > 0)
    memcpy (copy, data, n_bytes);
  LLVMFuzzerTestOneInput (copy, n_bytes);
  g_free (copy);
}

/* As a fuzzer does it: where the target has a mutator of its own, that, and now and then the bytes
 * as they are. */
static gsize
mutate (guint8 *data,
        gsize   n_bytes,
        gsize   n_max)
{
  if (LLVMFuzzerCustomMutator != NULL && g_random_int_range (0, 4) != 0)
    return LLVMFuzzerCustomMutator (data, n_bytes, n_max, g_random_int ());
  return LLVMFuzzerMutate (data, n_bytes, n_max);
}

static void *
run_all (void *data)
{
  GPtrArray *inputs = data;
  g_autoptr(GPtrArray) mutated = g_ptr_array_new ();
  g_autofree guint8 *buffer = g_malloc (MUTATED_MAX + GROWTH_MAX);

  g_random_set_seed (seed);
  for (guint i = 0; i < inputs->len; i++)
    {
      GBytes *input = g_ptr_array_index (inputs, i);
      gsize n_bytes = g_bytes_get_size (input);

      run_one (g_bytes_get_data (input, NULL), n_bytes);
      if (n_bytes > 0 && n_bytes <= MUTATED_MAX)
        g_ptr_array_add (mutated, input);
    }
  for (int i = 0; i < n_mutations && mutated->len > 0; i++)
    {
      GBytes *input = g_ptr_array_index (mutated, i % mutated->len);
      gsize n_bytes = g_bytes_get_size (input);

      memcpy (buffer, g_bytes_get_data (input, NULL), n_bytes);
      run_one (buffer, mutate (buffer, n_bytes, n_bytes + GROWTH_MAX));
    }
  return NULL;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GOptionContext) context = g_option_context_new ("— run a fuzz target over inputs");
  g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GError) error = NULL;
  pthread_attr_t attributes;
  pthread_t thread;

  LLVMFuzzerInitialize (&argc, &argv);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  g_ptr_array_add (inputs, g_bytes_new_static ("", 0));
  fuzz_collect_seeds (inputs);
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    add_path (inputs, paths[i]);
  if (with_samples && g_getenv ("IMSG_SAMPLES") != NULL)
    add_path (inputs, g_getenv ("IMSG_SAMPLES"));

  if (pthread_attr_init (&attributes) != 0 ||
      pthread_attr_setstacksize (&attributes, STACK_SIZE) != 0 ||
      pthread_create (&thread, &attributes, run_all, inputs) != 0 ||
      pthread_join (thread, NULL) != 0)
    return 1;
  pthread_attr_destroy (&attributes);
  g_strfreev (paths);
  g_print ("%u inputs, %d mutations\n", inputs->len, n_mutations);
  return 0;
}
