/* test-compound-file.c - compound files: what is written is what is read, by us and by others
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-checker.h"
#include "compound-util.h"
#include "imsg-error.h"
#include "imsg-problem.h"
#include "test-util.h"

#include <glib/gstdio.h>
#include <string.h>

/* A sink that takes so many bytes and no more: a full disk. */
#define TEST_TYPE_FULL_SINK (test_full_sink_get_type ())
G_DECLARE_FINAL_TYPE (TestFullSink, test_full_sink, TEST, FULL_SINK, GMemoryOutputStream)

struct _TestFullSink
{
  GMemoryOutputStream parent_instance;

  gsize               n_left;
};

G_DEFINE_TYPE (TestFullSink, test_full_sink, G_TYPE_MEMORY_OUTPUT_STREAM)

static gssize
test_full_sink_write (GOutputStream  *stream,
                      const void     *buffer,
                      gsize           n_bytes,
                      GCancellable   *cancellable,
                      GError        **error)
{
  TestFullSink *self = TEST_FULL_SINK (stream);
  gssize n_written = 0;

  if (n_bytes > 0 && self->n_left == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The disk is full");
      return -1;
    }
  n_written = G_OUTPUT_STREAM_CLASS (test_full_sink_parent_class)
                ->write_fn (stream, buffer, MIN (n_bytes, self->n_left), cancellable, error);
  if (n_written > 0)
    self->n_left -= n_written;
  return n_written;
}

static void
test_full_sink_class_init (TestFullSinkClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = test_full_sink_write;
}

static void
test_full_sink_init (TestFullSink *self)
{
}

static char *
make_folder (void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp ("imsg-compound-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

/* Expects of a file just written that it is sound, and that all readers find the same in it. */
static void
check_written (GBytes *bytes,
               guint   version,
               guint   n_streams)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "file.msg", NULL);
  g_autoptr(IMsgDirectory) directory = NULL;
  g_autoptr(IMsgDirectory) from_file = NULL;
  g_autofree char *ours = NULL;
  g_autofree char *ours_from_file = NULL;
  g_autofree char *theirs = NULL;
  g_autofree char *olefile = NULL;
  guint n_whole = 0;

  compound_checker_check (bytes, &error);
  g_assert_no_error (error);
  directory = compound_open_bytes (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (_imsg_directory_get_version (directory), ==, version);
  g_assert_cmpuint (_imsg_directory_get_problems (directory)->len, ==, 0);
  ours = compound_list (directory, &n_whole);
  g_assert_cmpuint (n_whole, ==, n_streams);
  theirs = compound_list_with_gsf (bytes);
  g_assert_cmpstr (ours, ==, theirs);

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  from_file = compound_open_path (path, &error);
  g_assert_no_error (error);
  ours_from_file = compound_list (from_file, NULL);
  g_assert_cmpstr (ours, ==, ours_from_file);
  olefile = compound_list_with_olefile (path);
  if (olefile != NULL)
    g_assert_cmpstr (ours, ==, olefile);
  else
    g_test_message ("olefile is not there to compare with");
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_sizes (gconstpointer data)
{
  static const gsize sizes[] = { 0, 1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 8192, 100000 };
  guint version = GPOINTER_TO_UINT (data);
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(CompoundTree) again = NULL;
  g_autoptr(IMsgDirectory) directory = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) copy = NULL;
  g_autoptr(GError) error = NULL;
  guint32 folder = compound_tree_add_storage (tree, 0, "Folder");

  compound_tree_add_storage (tree, folder, "Nothing in it");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strdup_printf ("%zu", sizes[i]);

      compound_tree_add_stream (tree, i % 2 == 0 ? 0 : folder, name, sizes[i], i);
    }
  bytes = compound_tree_write (tree, version, &error);
  g_assert_no_error (error);
  check_written (bytes, version, G_N_ELEMENTS (sizes));

  /* Written again from what was read, and once more: now all is in order, so nothing changes */
  directory = compound_open_bytes (bytes, &error);
  g_assert_no_error (error);
  again = compound_tree_new_from_directory (directory);
  copy = compound_tree_write (again, version, &error);
  g_assert_no_error (error);
  check_written (copy, version, G_N_ELEMENTS (sizes));
}

static void
test_single_sizes (void)
{
  /* One stream alone, around every boundary: counts of sectors are right with nothing to spare */
  for (guint version = 3; version <= 4; version++)
    for (gsize n_bytes = 0; n_bytes < 70000; n_bytes += n_bytes < 5000 ? 61 : 509)
      {
        g_autoptr(CompoundTree) tree = compound_tree_new ();
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(IMsgDirectory) directory = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *list = NULL;
        guint n_whole = 0;

        compound_tree_add_stream (tree, 0, "Stream", n_bytes, 1);
        bytes = compound_tree_write (tree, version, &error);
        g_assert_no_error (error);
        compound_checker_check (bytes, &error);
        g_assert_no_error (error);
        directory = compound_open_bytes (bytes, &error);
        g_assert_no_error (error);
        list = compound_list (directory, &n_whole);
        g_assert_cmpuint (n_whole, ==, 1);
      }
}

static void
test_empty (gconstpointer data)
{
  guint version = GPOINTER_TO_UINT (data);
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = compound_tree_write (tree, version, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, version == 3 ? 3 * 512 : 3 * 4096);
  check_written (bytes, version, 0);
}

/* Around the sizes at which a first and a second DIFAT sector are needed */
static void
test_difat (void)
{
  static const gsize sizes[] = { 7083000, 7085000, 7300000, 15400000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(CompoundTree) tree = compound_tree_new ();
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GError) error = NULL;

      compound_tree_add_stream (tree, 0, "Large", sizes[i], 1);
      compound_tree_add_stream (tree, 0, "Small", 100, 2);
      bytes = compound_tree_write (tree, 0, &error);
      g_assert_no_error (error);
      check_written (bytes, 3, 2);
    }
}

static void
test_entries (void)
{
  static const char *const names[] = { "__substg1.0_8001001F", "__SUBSTG1.0_80010020", "b", "A",
                                       "aB", "\303\204ther", "\303\244thes", "__nameid_version1.0",
                                       "__properties_version1.0", "\005SummaryInformation",
                                       "\360\237\230\200", "1234567890123456789012345678901" };
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgDirectory) directory = NULL;
  g_autoptr(GError) error = NULL;
  IMsgDirectoryEntry root = { .kind = IMSG_STORAGE_ENTRY_STORAGE };
  IMsgDirectoryEntry entry;
  IMsgDirectoryEntry before;
  guint32 first = 0;
  guint n_children = 0;

  memset (root.class_id.bytes, 0x5A, 16);
  root.state_bits = 77;
  root.modification_time = G_GUINT64_CONSTANT (0x01D0123456789ABC);
  g_array_index (tree->entries, CompoundEntry, 0).entry = root;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      guint32 storage = compound_tree_add_storage (tree, 0, names[i]);
      IMsgDirectoryEntry *made = &g_array_index (tree->entries, CompoundEntry, storage).entry;

      made->creation_time = 1000 + i;
      made->modification_time = 2000 + i;
      made->state_bits = i;
      made->class_id.bytes[15] = i;
    }
  bytes = compound_tree_write (tree, 0, &error);
  g_assert_no_error (error);
  check_written (bytes, 3, 0);

  directory = compound_open_bytes (bytes, &error);
  _imsg_directory_get_entry (directory, 0, &entry);
  g_assert_cmpmem (entry.class_id.bytes, 16, root.class_id.bytes, 16);
  g_assert_cmpuint (entry.state_bits, ==, 77);
  g_assert_cmpuint (entry.modification_time, ==, root.modification_time);
  first = _imsg_directory_get_children (directory, 0, &n_children);
  g_assert_cmpuint (n_children, ==, G_N_ELEMENTS (names));
  for (guint32 child = first; child < first + n_children; child++)
    {
      g_autofree char *name = NULL;
      guint made = 0;

      _imsg_directory_get_entry (directory, child, &entry);
      name = _imsg_name_to_utf8 (entry.name, entry.n_units);
      while (made < G_N_ELEMENTS (names) && strcmp (names[made], name) != 0)
        made++;
      g_assert_cmpuint (made, <, G_N_ELEMENTS (names));
      g_assert_cmpint (entry.kind, ==, IMSG_STORAGE_ENTRY_STORAGE);
      g_assert_cmpuint (entry.creation_time, ==, 1000 + made);
      g_assert_cmpuint (entry.modification_time, ==, 2000 + made);
      g_assert_cmpuint (entry.state_bits, ==, made);
      g_assert_cmpuint (entry.class_id.bytes[15], ==, made);
      if (child > first)
        g_assert_cmpint (_imsg_name_compare (before.name, before.n_units, entry.name,
                                             entry.n_units), <, 0);
      before = entry;
    }
}

static void
test_names (void)
{
  static const struct { const char *a; const char *b; int order; } pairs[] = {
    { "abc", "ABC", 0 },      { "b", "aa", -1 },
    { "abd", "ABC", 1 },      { "\303\244", "\303\204", 0 },
    { "_", "a", 1 },          { "Z", "_", -1 },
    { "\303\237", "S", 1 },   { "\360\237\230\200", "\360\237\230\201", -1 },
  };
  static const char *const bad[] = { "", "a/b", "a\\b", "a:b", "a!b", "\377",
                                     "12345678901234567890123456789012" };
  static const gunichar2 lone[] = { 'a', 0xD800, 'b', 0xDC00 };
  gunichar2 a[IMSG_NAME_UNITS];
  gunichar2 b[IMSG_NAME_UNITS];
  g_autofree char *utf8 = _imsg_name_to_utf8 (lone, G_N_ELEMENTS (lone));

  g_assert_cmpstr (utf8, ==, "a\357\277\275b\357\277\275");
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      guint n_a = _imsg_name_from_utf8 (pairs[i].a, a, NULL);
      guint n_b = _imsg_name_from_utf8 (pairs[i].b, b, NULL);

      g_assert_cmpint (_imsg_name_compare (a, n_a, b, n_b), ==, pairs[i].order);
      g_assert_cmpint (_imsg_name_compare (b, n_b, a, n_a), ==, -pairs[i].order);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpuint (_imsg_name_from_utf8 (bad[i], a, &error), ==, 0);
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
    }
}

static int
get_sign (int order)
{
  return (order > 0) - (order < 0);
}

/* Of the usual name of a property's stream only the number is kept. All come back as they were, in
 * order with the others, and are found in either case. */
static void
test_property_names (void)
{
  static const char *const names[] = {
    "__substg1.0_00000000", "__substg1.0_0037001F", "__substg1.0_0037001G", "__substg1.0_003A001F",
    "__substg1.0_00e1001f", "__substg1.0_80000102", "__substg1.0_9999/AAA", "__substg1.0_A0000003",
    "__substg1.0_FFFFFFFF", "__substg1.1_0037001F", "__SUBSTG1.0_0E040000", "__substg1.0_0037001",
    "__substg1.0_0037001F0", "__substg1.0_1000101F-00000000", NULL,
  };
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgDirectory) directory = NULL;
  g_autoptr(GError) error = NULL;
  IMsgDirectoryEntry before = { 0 };
  guint n_children = 0;
  guint n_found = 0;
  guint32 first = 0;

  for (guint i = 0; names[i] != NULL; i++)
    if (strchr (names[i], '/') == NULL)
      compound_tree_add_stream (tree, 0, names[i], 20 + i, i);
  bytes = compound_tree_write (tree, 0, &error);
  g_assert_no_error (error);
  directory = compound_open_bytes (bytes, &error);
  g_assert_no_error (error);
  first = _imsg_directory_get_children (directory, 0, &n_children);
  g_assert_cmpuint (n_children, ==, G_N_ELEMENTS (names) - 2);
  for (guint32 child = first; child < first + n_children; child++)
    {
      IMsgDirectoryEntry entry;
      g_autofree char *name = NULL;

      _imsg_directory_get_entry (directory, child, &entry);
      name = _imsg_name_to_utf8 (entry.name, entry.n_units);
      g_assert_true (g_strv_contains (names, name));
      g_assert_cmpstr (names[entry.n_bytes - 20], ==, name);
      if (child > first)
        g_assert_cmpint (_imsg_name_compare (before.name, before.n_units, entry.name,
                                             entry.n_units), <, 0);
      before = entry;
      for (guint i = 0; names[i] != NULL; i++)
        {
          g_autofree char *lower = g_ascii_strdown (names[i], -1);
          gunichar2 units[IMSG_NAME_UNITS];
          gsize n_units = strlen (names[i]);
          int order = 0;

          _imsg_name_widen (names[i], n_units, units);
          order = get_sign (_imsg_name_compare (entry.name, entry.n_units, units, n_units));
          g_assert_cmpint (get_sign (_imsg_directory_compare_ascii (directory, child, names[i],
                                                                    n_units)), ==, order);
          g_assert_cmpint (get_sign (_imsg_directory_compare_ascii (directory, child, lower,
                                                                    n_units)), ==, order);
          n_found += order == 0;
        }
    }
  g_assert_cmpuint (n_found, ==, n_children);
}

static void
test_many (void)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgDirectory) directory = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *list = NULL;
  guint n_whole = 0;

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *name = g_strdup_printf ("__recip_version1.0_#%08X", 2999 - i);
      guint32 storage = compound_tree_add_storage (tree, 0, name);

      for (guint j = 0; j < 7; j++)
        {
          g_autofree char *stream = g_strdup_printf ("__substg1.0_%04X001F", 0x3000 + j * 7 % 5);

          compound_tree_add_stream (tree, storage, j < 5 ? stream : j == 5 ? "x" : "y", 20, i + j);
        }
    }
  bytes = compound_tree_write (tree, 0, &error);
  g_assert_no_error (error);
  compound_checker_check (bytes, &error);
  g_assert_no_error (error);
  directory = compound_open_bytes (bytes, &error);
  g_assert_no_error (error);
  list = compound_list (directory, &n_whole);
  g_assert_cmpuint (n_whole, ==, 21000);
}

static void
test_invalid_entries (void)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(CompoundTree) tree = compound_tree_new ();
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GError) error = NULL;
      guint32 stream = compound_tree_add_stream (tree, 0, "Stream", 10, 1);
      CompoundEntry *entry = &g_array_index (tree->entries, CompoundEntry, stream);

      if (i == 0)
        entry->entry.n_units = 0;
      else if (i == 1)
        entry->entry.n_units = 32;
      else if (i == 2)
        entry->parent = 1;
      else if (i == 3)
        entry->entry.kind = IMSG_STORAGE_ENTRY_STORAGE;
      else
        g_array_index (tree->entries, CompoundEntry, 0).entry.kind = IMSG_STORAGE_ENTRY_STREAM;
      bytes = compound_tree_write (tree, 0, &error);
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
      g_assert_null (bytes);
    }
}

static IMsgDirectory *
open_with_limit (GBytes     *bytes,
                 IMsgLimit   limit,
                 guint64     value,
                 GError    **error)
{
  g_autoptr(IMsgSource) source = _imsg_source_new_for_bytes (bytes);
  IMsgLimits limits = *_imsg_limits_get_default ();

  limits.values[limit] = value;
  return _imsg_compound_read (source, &limits, NULL, error);
}

static void
test_limit_entries (void)
{
  for (guint version = 3; version <= 4; version++)
    for (guint n = 1; n < 70; n++)
      {
        g_autoptr(CompoundTree) tree = compound_tree_new ();
        g_autoptr(IMsgDirectory) at_limit = NULL;
        g_autoptr(IMsgDirectory) past_limit = NULL;
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) error = NULL;

        for (guint i = 0; i < n; i++)
          {
            g_autofree char *name = g_strdup_printf ("%u", i);

            compound_tree_add_stream (tree, 0, name, 1, i);
          }
        bytes = compound_tree_write (tree, version, NULL);
        at_limit = open_with_limit (bytes, IMSG_LIMIT_DIRECTORY_ENTRIES, n + 1, &error);
        g_assert_no_error (error);
        g_assert_nonnull (at_limit);
        past_limit = open_with_limit (bytes, IMSG_LIMIT_DIRECTORY_ENTRIES, n, &error);
        g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
        g_assert_null (past_limit);
      }
}

/* Two storages a message, and as many more as are left to an attached document: 32 */
static void
test_limit_nesting (void)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(GError) error = NULL;
  guint32 storage = 0;

  for (guint depth = 1; depth <= 2 * 5 + 32 + 1; depth++)
    {
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(IMsgDirectory) directory = NULL;
      GPtrArray *problems = NULL;

      storage = compound_tree_add_storage (tree, storage, "S");
      bytes = compound_tree_write (tree, 0, &error);
      g_assert_no_error (error);
      directory = open_with_limit (bytes, IMSG_LIMIT_NESTING, 5, &error);
      g_assert_no_error (error);
      problems = _imsg_directory_get_problems (directory);
      if (depth <= 2 * 5 + 32)
        g_assert_cmpuint (problems->len, ==, 0);
      else
        {
          g_assert_cmpuint (problems->len, ==, 1);
          g_assert_cmpint (imsg_problem_get_code (g_ptr_array_index (problems, 0)), ==,
                           IMSG_ERROR_TOO_COMPLEX);
        }
    }
}

static void
test_full_disk (void)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(GBytes) bytes = NULL;
  gsize n_bytes = 0;

  compound_tree_add_stream (tree, 0, "Small", 100, 1);
  compound_tree_add_stream (tree, 0, "Large", 600000, 2);
  bytes = compound_tree_write (tree, 0, NULL);
  n_bytes = g_bytes_get_size (bytes);

  /* The header is written once more, so that all but that many bytes is one too few */
  for (gsize n_left = 0; n_left <= n_bytes + 512; n_left += n_left + 5000 < n_bytes ? 4999 : 73)
    {
      g_autoptr(TestFullSink) sink = g_object_new (TEST_TYPE_FULL_SINK, "realloc-function",
                                                   g_realloc, "destroy-function", g_free, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgDirectory) directory = NULL;
      g_autoptr(GBytes) partial = NULL;
      gboolean is_written = FALSE;

      sink->n_left = n_left;
      is_written = _imsg_compound_write (compound_tree_list (tree), tree->entries->len, 0,
                                         G_OUTPUT_STREAM (sink), TRUE, NULL, NULL, NULL, &error);
      g_assert_cmpint (is_written, ==, n_left >= n_bytes + 512);
      if (is_written)
        continue;
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
      g_clear_error (&error);
      g_output_stream_close (G_OUTPUT_STREAM (sink), NULL, NULL);
      partial = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (sink));
      if (n_left >= n_bytes)
        continue;
      directory = compound_open_bytes (partial, &error);
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
    }
}

typedef struct
{
  GCancellable *cancellable;
  guint64       cancel_at;
  guint64       n_done;
  guint64       n_total;
  guint         n_calls;
} Progress;

static void
progress_cb (guint64  n_done,
             guint64  n_total,
             gpointer user_data)
{
  Progress *progress = user_data;

  g_assert_cmpuint (n_done, >=, progress->n_done);
  g_assert_cmpuint (n_done, <=, n_total);
  progress->n_done = n_done;
  progress->n_total = n_total;
  progress->n_calls++;
  if (n_done >= progress->cancel_at)
    g_cancellable_cancel (progress->cancellable);
}

static void
test_progress_and_cancel (void)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  const guint64 cancel_at[] = { G_MAXUINT64, 0, 1000000, 2500000 };

  compound_tree_add_stream (tree, 0, "Large", 3000000, 2);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (cancel_at); i++)
    {
      const IMsgWriterEntry *entries = compound_tree_list (tree);
      g_autoptr(GOutputStream) sink = g_memory_output_stream_new_resizable ();
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = NULL;
      Progress progress = { cancellable, cancel_at[i / 2] };

      if (i % 2 == 0)
        _imsg_compound_write (entries, tree->entries->len, 0, sink, TRUE, progress_cb,
                              &progress, cancellable, &error);
      else
        bytes = _imsg_compound_write_to_bytes (entries, tree->entries->len, 0, progress_cb,
                                               &progress, cancellable, &error);
      if (i / 2 > 0)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_assert_cmpuint (progress.n_done, <, progress.n_total);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (progress.n_calls, >, 10);
      g_assert_cmpuint (progress.n_done, ==, progress.n_total);
      g_assert_cmpuint (progress.n_total, ==, bytes != NULL ? g_bytes_get_size (bytes) :
                        g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (sink)));
    }
}

/* A sink that cannot seek gets the header first; what comes before in the sink stays. A stream in
 * memory needs no blob, nor a file in memory a sink. */
static void
test_sinks (void)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) converted = NULL;
  g_autoptr(GBytes) behind = NULL;
  g_autoptr(GBytes) tail = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GOutputStream) base = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) later = g_memory_output_stream_new_resizable ();
  g_autoptr(GConverter) same = G_CONVERTER (g_charset_converter_new ("ISO-8859-1", "ISO-8859-1",
                                                                     NULL));
  g_autoptr(GOutputStream) sink = g_converter_output_stream_new (base, same);
  g_autoptr(GBytes) memory = NULL;
  IMsgWriterEntry in_memory[2] = { { NULL } };
  const IMsgWriterEntry *entries = NULL;
  IMsgDirectoryEntry large;

  compound_tree_add_stream (tree, 0, "Large", 300000, 2);
  bytes = compound_tree_write (tree, 0, &error);
  g_assert_no_error (error);

  g_assert_false (G_IS_SEEKABLE (sink));
  entries = compound_tree_list (tree);
  _imsg_compound_write (entries, 2, 0, sink, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (sink, NULL, &error);
  g_assert_no_error (error);
  converted = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (base));
  g_assert_true (g_bytes_equal (bytes, converted));

  g_output_stream_write_all (later, "before", 6, NULL, NULL, NULL);
  g_assert_true (_imsg_compound_write (entries, 2, 0, later, TRUE, NULL, NULL, NULL, NULL));
  g_output_stream_close (later, NULL, NULL);
  behind = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (later));
  tail = g_bytes_new_from_bytes (behind, 6, g_bytes_get_size (behind) - 6);
  g_assert_true (g_bytes_equal (bytes, tail));

  large = *entries[1].entry;
  large.n_bytes = _imsg_blob_get_size (entries[1].blob);
  in_memory[0] = entries[0];
  in_memory[1].entry = &large;
  in_memory[1].data = g_bytes_get_data (_imsg_blob_peek_bytes (entries[1].blob), NULL);
  memory = _imsg_compound_write_to_bytes (in_memory, 2, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, memory));
}

static void
check_sample (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgDirectory) directory = compound_open_path (path, &error);
  g_autoptr(CompoundTree) tree = NULL;
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  g_autofree char *content = NULL;
  g_autoptr(GBytes) bytes = NULL;
  gsize n_bytes = 0;

  g_assert_no_error (error);
  g_file_get_contents (path, &content, &n_bytes, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new_take (g_steal_pointer (&content), n_bytes);
  ours = compound_list (directory, NULL);
  theirs = compound_list_with_gsf (bytes);
  g_assert_cmpstr (ours, ==, theirs);

  tree = compound_tree_new_from_directory (directory);
  for (guint version = 3; version <= 4; version++)
    {
      g_autoptr(GBytes) copy = compound_tree_write (tree, version, &error);
      g_autoptr(IMsgDirectory) again = NULL;
      g_autofree char *list = NULL;

      g_assert_no_error (error);
      compound_checker_check (copy, &error);
      g_assert_no_error (error);
      again = compound_open_bytes (copy, &error);
      g_assert_no_error (error);
      list = compound_list (again, NULL);
      g_assert_cmpstr (ours, ==, list);
    }
}

static guint
for_each_sample (const char *kind,
                 void      (*func) (const char *path))
{
  g_autoptr(GPtrArray) paths = test_list_samples (kind);

  for (guint i = 0; i < paths->len; i++)
    func (paths->pdata[i]);
  return paths->len;
}

static void
test_samples (void)
{
  if (for_each_sample ("msg", check_sample) == 0)
    g_test_skip ("IMSG_SAMPLES names no samples");
}

static void
check_malformed (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgDirectory) directory = compound_open_path (path, &error);
  g_autofree char *list = NULL;

  if (directory == NULL)
    g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
  else
    list = compound_list (directory, NULL);
}

static void
test_malformed_samples (void)
{
  if (for_each_sample ("malformed", check_malformed) == 0)
    g_test_skip ("IMSG_SAMPLES names no samples");
}

/* One run of olefile over all samples, for starting it costs more than reading them */
static void
test_samples_with_olefile (void)
{
  const char *samples = g_getenv ("IMSG_SAMPLES");
  g_autofree char *folder = samples != NULL ? g_build_filename (samples, "msg", NULL) : NULL;
  g_autofree char *theirs = folder != NULL ? compound_list_with_olefile (folder) : NULL;
  g_auto(GStrv) files = NULL;

  if (theirs == NULL || *theirs == '\0')
    {
      g_test_skip ("There are no samples, or no olefile");
      return;
    }
  files = g_strsplit (theirs, "\n\f\n", -1);
  for (guint i = 0; files[i] != NULL; i++)
    {
      char *list = strchr (files[i], '\n');
      g_autoptr(IMsgDirectory) directory = NULL;
      g_autofree char *ours = NULL;

      g_assert_nonnull (list);
      *list++ = '\0';
      directory = compound_open_path (files[i], NULL);
      g_assert_nonnull (directory);
      ours = compound_list (directory, NULL);
      g_assert_cmpstr (ours, ==, list);
    }
  g_assert_cmpuint (g_strv_length (files), >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/imsg/compound-file/sizes/v3", GUINT_TO_POINTER (3), test_sizes);
  g_test_add_data_func ("/imsg/compound-file/sizes/v4", GUINT_TO_POINTER (4), test_sizes);
  g_test_add_func ("/imsg/compound-file/sizes/single", test_single_sizes);
  g_test_add_data_func ("/imsg/compound-file/empty/v3", GUINT_TO_POINTER (3), test_empty);
  g_test_add_data_func ("/imsg/compound-file/empty/v4", GUINT_TO_POINTER (4), test_empty);
  g_test_add_func ("/imsg/compound-file/difat", test_difat);
  g_test_add_func ("/imsg/compound-file/entries", test_entries);
  g_test_add_func ("/imsg/compound-file/names", test_names);
  g_test_add_func ("/imsg/compound-file/names/properties", test_property_names);
  g_test_add_func ("/imsg/compound-file/many", test_many);
  g_test_add_func ("/imsg/compound-file/invalid-entries", test_invalid_entries);
  g_test_add_func ("/imsg/compound-file/limit/entries", test_limit_entries);
  g_test_add_func ("/imsg/compound-file/limit/nesting", test_limit_nesting);
  g_test_add_func ("/imsg/compound-file/full-disk", test_full_disk);
  g_test_add_func ("/imsg/compound-file/progress-and-cancel", test_progress_and_cancel);
  g_test_add_func ("/imsg/compound-file/sinks", test_sinks);
  g_test_add_func ("/imsg/compound-file/samples/gsf", test_samples);
  g_test_add_func ("/imsg/compound-file/samples/olefile", test_samples_with_olefile);
  g_test_add_func ("/imsg/compound-file/samples/malformed", test_malformed_samples);
  return g_test_run ();
}
