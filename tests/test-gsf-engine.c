/* test-gsf-engine.c - the two engines compared, and the bridge to libgsf in both directions
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "storage-util.h"
#include "test-util.h"

#include <string.h>

#define CLASS_ID "00020d0b-0000-0000-c000-000000000046"

static void
write_bytes (IMsgStorage *storage,
             const char  *name,
             gsize        n_bytes)
{
  guint8 *data = g_malloc0 (MAX (n_bytes, 1));
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < n_bytes; i++)
    data[i] = (i * 7 + (i >> 8)) & 0xFF;
  bytes = g_bytes_new_take (data, n_bytes);
  imsg_storage_write_stream (storage, name, bytes, &error);
  g_assert_no_error (error);
}

/* A stream on each side of each border, a storage with a class, and a stream in it. */
static IMsgStorage *
make_storage (void)
{
  static const gsize sizes[] = { 0, 1, 63, 64, 65, 4095, 4096, 4097, 300000 };
  IMsgStorage *storage = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) child = NULL;
  g_autoptr(GError) error = NULL;

  child = imsg_storage_create_storage (storage, "child", 0, &error);
  g_assert_no_error (error);
  g_assert_true (imsg_storage_set_class_id (child, CLASS_ID, &error));
  write_bytes (child, "inside", 100);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strdup_printf ("s%u", i);

      write_bytes (storage, name, sizes[i]);
    }
  return storage;
}

/* Name, size, class and hash of everything, one a line. */
static void
describe (IMsgStorage *storage,
          const char  *path,
          gboolean     with_classes,
          GString     *text)
{
  GListModel *entries = imsg_storage_get_entries (storage);

  for (guint i = 0; i < g_list_model_get_n_items (entries); i++)
    {
      g_autoptr(IMsgStorageEntry) entry = g_list_model_get_item (entries, i);
      const char *name = imsg_storage_entry_get_name (entry);
      g_autofree char *full = g_strconcat (path, "/", name, NULL);
      g_autoptr(GError) error = NULL;

      if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STREAM)
        {
          g_autoptr(GBytes) bytes = imsg_storage_read_stream (storage, name, NULL, &error);
          g_autofree char *hash = NULL;

          g_assert_no_error (error);
          hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
          g_string_append_printf (text, "%s %" G_GUINT64_FORMAT " %s\n", full,
                                  imsg_storage_entry_get_size (entry), hash);
        }
      else
        {
          g_autoptr(IMsgStorage) child = imsg_storage_open_storage (storage, name, 0, &error);

          g_assert_no_error (error);
          g_string_append_printf (text, "%s %s\n", full,
                                  with_classes ? imsg_storage_entry_get_class_id (entry) : "");
          describe (child, full, with_classes, text);
        }
    }
}

static char *
describe_all (IMsgStorage *storage,
              gboolean     with_classes)
{
  GString *text = g_string_new (NULL);

  describe (storage, "", with_classes, text);
  return g_string_free (text, FALSE);
}

static void
assert_same (IMsgStorage *a,
             IMsgStorage *b,
             gboolean     with_classes)
{
  g_autofree char *text_a = describe_all (a, with_classes);
  g_autofree char *text_b = describe_all (b, with_classes);

  /* Not g_assert_cmpstr(), which would print both. */
  g_assert_cmpuint (strlen (text_a), >, 0);
  g_assert_true (strcmp (text_a, text_b) == 0);
}

static GBytes *
write_whole (IMsgStorage *storage)
{
  g_autoptr(GError) error = NULL;
  GBytes *bytes = imsg_storage_write_to_bytes (storage, NULL, &error);

  g_assert_no_error (error);
  return bytes;
}

#define BLOCK ((gsize) 16384) /* what a source reads at once, and keeps 32 of */

/* A storage in a file that begins in the middle of the last block that is kept, so that each of its
 * blocks and the one of the file that has its bytes share a place; and ends in the middle of one */
static GBytes *
write_storage_in_file (IMsgStorage *inner,
                       GFile       *file)
{
  g_autoptr(GBytes) bytes = NULL;
  gsize begin = 0;
  gsize fill = 31 * BLOCK - 20000;

  for (gsize n_tail = 4096; bytes == NULL || g_bytes_get_size (bytes) % BLOCK != 3 * BLOCK / 4;
       n_tail += 512)
    {
      g_clear_pointer (&bytes, g_bytes_unref);
      write_bytes (inner, "tail", n_tail);
      bytes = write_whole (inner);
    }
  for (; begin % (32 * BLOCK) != 31 * BLOCK + BLOCK / 2; fill += 512)
    {
      g_autoptr(IMsgStorage) outer = imsg_storage_new_memory (0);
      g_autoptr(GBytes) whole = NULL;
      g_autoptr(GError) error = NULL;
      const guint8 *data = NULL;
      gsize n_bytes = 0;

      write_bytes (outer, "fill", fill);
      imsg_storage_write_stream (outer, "inner", bytes, &error);
      g_assert_no_error (error);
      whole = write_whole (outer);
      data = g_bytes_get_data (whole, &n_bytes);
      begin = (const guint8 *) memmem (data, n_bytes, g_bytes_get_data (bytes, NULL), 4096) - data;
      g_file_replace_contents (file, (const char *) data, n_bytes, NULL, FALSE,
                               G_FILE_CREATE_NONE, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  return g_steal_pointer (&bytes);
}

/* A storage read out of a stream of another one by libgsf reads the file below at the same time */
static void
test_input_in_a_file (void)
{
  g_autoptr(IMsgStorage) inner = imsg_storage_new_memory (0);
  g_autoptr(GFile) file = test_new_file ("outer.bin");
  g_autoptr(IMsgStorage) outer = NULL;
  g_autoptr(IMsgStorage) opened = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  GsfInfile *infile = NULL;
  GsfInput *input = NULL;

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("s%02u", i);

      write_bytes (inner, name, 5000 + 997 * (i % 5));
    }
  bytes = write_storage_in_file (inner, file);
  outer = imsg_storage_open_file (file, 0, NULL, &error);
  g_assert_no_error (error);
  infile = imsg_storage_open_as_gsf_infile (outer, NULL, &error);
  g_assert_no_error (error);
  input = gsf_infile_child_by_name (infile, "inner");
  opened = imsg_storage_open_gsf_input (input, 0, NULL, &error);
  g_assert_no_error (error);
  assert_same (inner, opened, TRUE);
  g_object_unref (input);
  g_object_unref (infile);
}

static void
test_input (void)
{
  g_autoptr(IMsgStorage) storage = make_storage ();
  g_autoptr(GBytes) bytes = write_whole (storage);
  gsize n_bytes = 0;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  GsfInput *input = gsf_input_memory_new (data, n_bytes, FALSE);
  g_autoptr(IMsgStorage) opened = NULL;
  g_autoptr(GError) error = NULL;

  opened = imsg_storage_open_gsf_input (input, IMSG_STORAGE_READ_WRITE, NULL, &error);
  g_object_unref (input);
  g_assert_no_error (error);
  assert_same (storage, opened, TRUE);
  write_bytes (opened, "new", 10);
  g_assert_true (imsg_storage_commit (opened, 0, NULL, &error));
  g_clear_object (&opened);

  input = gsf_input_memory_new (data, 1000, FALSE);
  opened = imsg_storage_open_gsf_input (input, IMSG_STORAGE_REPLACE, NULL, &error);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS);
  g_clear_error (&error);
  g_object_unref (input);
  input = gsf_input_memory_new ((const guint8 *) "no compound file", 16, FALSE);
  opened = imsg_storage_open_gsf_input (input, 0, NULL, &error);
  g_assert_null (opened);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
  g_object_unref (input);
}

/* Ours, seen by libgsf, seen by us again */
static void
test_infile (void)
{
  g_autoptr(IMsgStorage) storage = make_storage ();
  g_autoptr(IMsgStorage) again = NULL;
  g_autoptr(GError) error = NULL;
  GsfInfile *infile = imsg_storage_open_as_gsf_infile (storage, NULL, &error);
  GsfInput *child = NULL;
  GsfInput *stream = NULL;
  GsfInput *copy = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (gsf_infile_num_children (infile), ==, 10);
  child = gsf_infile_child_by_name (infile, "CHILD");
  g_assert_true (GSF_IS_INFILE (child));
  g_assert_cmpint (gsf_infile_num_children (GSF_INFILE (child)), ==, 1);
  g_assert_cmpstr (gsf_infile_name_by_index (GSF_INFILE (child), 0), ==, "inside");
  stream = gsf_infile_child_by_index (GSF_INFILE (child), 0);
  g_assert_cmpint (gsf_input_size (stream), ==, 100);
  g_assert_cmpuint (gsf_input_read (stream, 10, NULL)[9], ==, 63);
  g_assert_false (gsf_input_seek (stream, 1, G_SEEK_SET));
  copy = gsf_input_dup (stream, NULL);
  g_assert_cmpint (gsf_input_tell (copy), ==, 1);
  g_assert_cmpuint (gsf_input_read (copy, 1, NULL)[0], ==, 7);
  g_assert_null (gsf_input_read (stream, 100, NULL));
  g_assert_null (gsf_infile_child_by_name (infile, "none"));
  g_assert_null (gsf_infile_name_by_index (infile, 10));

  again = imsg_storage_open_gsf_infile (infile, IMSG_STORAGE_READ, NULL, &error);
  g_assert_no_error (error);
  assert_same (storage, again, FALSE);

  /* It shows what was there, whatever happens now. */
  g_assert_true (imsg_storage_remove (storage, "child", &error));
  imsg_storage_close (storage);
  g_assert_cmpint (gsf_infile_num_children (infile), ==, 10);
  g_object_unref (copy);
  g_object_unref (stream);
  g_object_unref (child);
  g_object_unref (infile);
}

static void
test_outfile (gconstpointer data)
{
  gboolean is_zip = GPOINTER_TO_INT (data);
  g_autoptr(IMsgStorage) storage = make_storage ();
  g_autoptr(IMsgStorage) again = NULL;
  g_autoptr(GError) error = NULL;
  GsfOutput *sink = gsf_output_memory_new ();
  GsfOutfile *outfile = is_zip ? gsf_outfile_zip_new (sink, &error) : gsf_outfile_msole_new (sink);
  GsfInput *input = NULL;
  GsfInfile *infile = NULL;

  g_assert_no_error (error);
  imsg_storage_write_to_gsf_outfile (storage, outfile, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (gsf_output_close (GSF_OUTPUT (outfile)));
  g_object_unref (outfile);
  input = gsf_input_memory_new (gsf_output_memory_get_bytes (GSF_OUTPUT_MEMORY (sink)),
                                gsf_output_size (sink), FALSE);
  infile = is_zip ? gsf_infile_zip_new (input, &error) : gsf_infile_msole_new (input, &error);
  g_assert_no_error (error);
  again = imsg_storage_open_gsf_infile (infile, IMSG_STORAGE_READ, NULL, &error);
  g_assert_no_error (error);
  assert_same (storage, again, !is_zip);
  imsg_storage_close (again);
  g_object_unref (infile);
  g_object_unref (input);
  g_object_unref (sink);
}

/* Names of a zip that no storage may have, and two that are one name for a storage */
static void
test_names_of_zip (void)
{
  static const char *const names[] = { "a:b", "README", "readme" };
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  GsfOutput *sink = gsf_output_memory_new ();
  GsfOutfile *outfile = gsf_outfile_zip_new (sink, &error);
  GsfInput *input = NULL;
  GsfInfile *infile = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GsfOutput *member = gsf_outfile_new_child (outfile, names[i], FALSE);

      gsf_output_write (member, 1, (const guint8 *) "x");
      gsf_output_close (member);
      g_object_unref (member);
    }
  gsf_output_close (GSF_OUTPUT (outfile));
  g_object_unref (outfile);
  input = gsf_input_memory_new (gsf_output_memory_get_bytes (GSF_OUTPUT_MEMORY (sink)),
                                gsf_output_size (sink), FALSE);
  infile = gsf_infile_zip_new (input, &error);
  g_assert_no_error (error);
  storage = imsg_storage_open_gsf_infile (infile, IMSG_STORAGE_READ, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_storage_get_entries (storage)), ==, 2);
  problems = imsg_storage_list_problems (storage);
  g_assert_cmpuint (problems->len, ==, 2);
  g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_NO_SUPPORT);
  g_assert_cmpint (imsg_problem_get_code (problems->pdata[1]), ==, IMSG_ERROR_CORRUPT_DATA);
  imsg_storage_close (storage);
  g_object_unref (infile);
  g_object_unref (input);
  g_object_unref (sink);
}

/* What libgsf writes of text, numbers, times, a list, and properties with names of their own */
static GBytes *
new_property_set (gboolean is_second)
{
  GsfDocMetaData *properties = gsf_doc_meta_data_new ();
  GsfOutput *sink = gsf_output_memory_new ();
  GsfDocPropVector *parts = gsf_docprop_vector_new ();
  const struct
  {
    const char *name;
    const char *text;
    int         number;
  } rows[] = {
    { GSF_META_NAME_TITLE, "A title", 0 },
    { GSF_META_NAME_CREATOR, "Grüße", 0 },
    { GSF_META_NAME_COMPANY, "A company", 0 },
    { GSF_META_NAME_PAGE_COUNT, NULL, 7 },
    { GSF_META_NAME_LINE_COUNT, NULL, 300 },
    { "A name of its own", "and its text", 0 },
    { "Another", NULL, 12 },
  };
  GBytes *bytes = NULL;
  GValue *list = g_new0 (GValue, 1);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GValue *value = g_new0 (GValue, 1);

      g_value_init (value, rows[i].text != NULL ? G_TYPE_STRING : G_TYPE_INT);
      if (rows[i].text != NULL)
        g_value_set_string (value, rows[i].text);
      else
        g_value_set_int (value, rows[i].number);
      gsf_doc_meta_data_insert (properties, g_strdup (rows[i].name), value);
      if (rows[i].text != NULL)
        gsf_docprop_vector_append (parts, value);
    }
  g_value_init (list, GSF_DOCPROP_VECTOR_TYPE);
  g_value_take_object (list, parts);
  gsf_doc_meta_data_insert (properties, g_strdup (GSF_META_NAME_DOCUMENT_PARTS), list);
  g_assert_true (gsf_doc_meta_data_write_to_msole (properties, sink, is_second));
  bytes = g_bytes_new (gsf_output_memory_get_bytes (GSF_OUTPUT_MEMORY (sink)),
                       gsf_output_size (sink));
  g_object_unref (sink);
  g_object_unref (properties);
  return bytes;
}

/* Whatever a property set says there are properties or an error, and nothing is printed or logged */
static void
test_bad_document_properties (void)
{
  const guint8 odd[] = { 0x00, 0x01, 0x04, 0x1E, 0x20, 0x40, 0x47, 0x7F, 0x80, 0xFF };
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  guint n_read = 0;

  for (guint which = 0; which < 2; which++)
    {
      g_autoptr(GBytes) whole = new_property_set (which);
      gsize n_bytes = g_bytes_get_size (whole);

      for (gsize i = 0; i < n_bytes * G_N_ELEMENTS (odd); i++)
        {
          g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (whole, NULL), n_bytes);
          g_autoptr(GBytes) bytes = NULL;
          g_autoptr(GError) error = NULL;
          GsfDocMetaData *properties = NULL;

          data[i / G_N_ELEMENTS (odd)] = odd[i % G_N_ELEMENTS (odd)];
          if (g_test_rand_bit ())
            data[g_test_rand_int_range (48, n_bytes)] = odd[i * 7 % G_N_ELEMENTS (odd)];
          bytes = g_bytes_new_take (g_steal_pointer (&data), n_bytes);
          imsg_storage_write_stream (storage, which ? "\005DocumentSummaryInformation"
                                                    : "\005SummaryInformation", bytes, &error);
          g_assert_no_error (error);
          properties = imsg_storage_read_document_properties (storage, NULL, &error);
          if (properties == NULL)
            g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
          n_read += properties != NULL;
          g_clear_object (&properties);
        }
      imsg_storage_remove (storage, which ? "\005DocumentSummaryInformation"
                                          : "\005SummaryInformation", NULL);
    }
  g_assert_cmpuint (n_read, >, 0);
}

static void
test_document_properties (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;
  GsfDocMetaData *properties = gsf_doc_meta_data_new ();
  GsfOutput *sink = gsf_output_memory_new ();
  GValue *title = g_new0 (GValue, 1);
  g_autoptr(GBytes) bytes = NULL;

  g_assert_null (imsg_storage_read_document_properties (storage, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_value_init (title, G_TYPE_STRING);
  g_value_set_string (title, "A title");
  gsf_doc_meta_data_insert (properties, g_strdup (GSF_META_NAME_TITLE), title);
  g_assert_true (gsf_doc_meta_data_write_to_msole (properties, sink, FALSE));
  g_object_unref (properties);
  bytes = g_bytes_new (gsf_output_memory_get_bytes (GSF_OUTPUT_MEMORY (sink)),
                       gsf_output_size (sink));
  g_object_unref (sink);
  imsg_storage_write_stream (storage, "\005SummaryInformation", bytes, &error);
  properties = imsg_storage_read_document_properties (storage, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_value_get_string (gsf_doc_prop_get_val (
                     gsf_doc_meta_data_lookup (properties, GSF_META_NAME_TITLE))), ==, "A title");
  g_object_unref (properties);

  /* Cut anywhere in its tables it is damaged, and libgsf does not see it. */
  for (gsize n_bytes = 0; n_bytes < g_bytes_get_size (bytes); n_bytes += 5)
    {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (bytes, 0, n_bytes);

      imsg_storage_write_stream (storage, "\005SummaryInformation", part, NULL);
      g_assert_null (imsg_storage_read_document_properties (storage, NULL, &error));
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
      g_clear_error (&error);
    }
}

static void
compare_engines (GBytes *bytes)
{
  g_autoptr(IMsgStorage) ours = imsg_storage_open_bytes (bytes, 0, NULL, NULL);
  g_autoptr(IMsgStorage) theirs = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;

  g_setenv ("IMSG_STORAGE_ENGINE", "gsf", TRUE);
  theirs = imsg_storage_open_bytes (bytes, 0, NULL, &error);
  g_unsetenv ("IMSG_STORAGE_ENGINE");
  problems = ours != NULL ? imsg_storage_list_problems (ours) : NULL;
  /* libgsf is not shown what is damaged. */
  if (ours == NULL || problems->len > 0)
    {
      g_assert_null (theirs);
      g_assert_nonnull (error);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (imsg_storage_get_version (ours), ==, imsg_storage_get_version (theirs));
  assert_same (ours, theirs, TRUE);
}

/* As deep as storages may be, both engines read what is at the bottom */
static void
test_deep (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) storage = g_object_ref (root);
  g_autoptr(GBytes) bytes = NULL;
  guint n_levels = 2 * imsg_limit_get_default (IMSG_LIMIT_NESTING) + 32;

  for (guint i = 0; i < n_levels; i++)
    {
      IMsgStorage *below = storage_create (storage, "below");

      g_object_unref (storage);
      storage = below;
    }
  write_bytes (storage, "bottom", 10);
  bytes = write_whole (root);
  compare_engines (bytes);
}

/* libgsf calls itself for each member and for those of the storages in it: too many together are
 * refused, though no storage has too many */
static void
test_many_on_the_way (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (0);
  g_autoptr(IMsgStorage) below = storage_create (root, "below");
  g_autoptr(IMsgStorage) opened = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 4500; i++)
    {
      g_autofree char *name = g_strdup_printf ("s%u", i);

      write_bytes (root, name, 0);
      write_bytes (below, name, 0);
    }
  bytes = write_whole (root);
  g_setenv ("IMSG_STORAGE_ENGINE", "gsf", TRUE);
  opened = imsg_storage_open_bytes (bytes, 0, NULL, &error);
  g_unsetenv ("IMSG_STORAGE_ENGINE");
  g_assert_null (opened);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX);
}

static void
test_engines (void)
{
  g_autoptr(IMsgStorage) storage = make_storage ();
  g_autoptr(GBytes) bytes = write_whole (storage);

  compare_engines (bytes);
}

static void
test_samples (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("");
  guint n_files = 0;

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no samples");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *data = NULL;
      g_autoptr(GBytes) bytes = NULL;
      gsize n_bytes = 0;

      if (!g_str_has_suffix (paths->pdata[i], ".msg") ||
          !g_file_get_contents (paths->pdata[i], &data, &n_bytes, NULL))
        continue;
      bytes = g_bytes_new_take (g_steal_pointer (&data), n_bytes);
      compare_engines (bytes);
      n_files++;
    }
  g_test_message ("%u files", n_files);
  g_assert_cmpuint (n_files, >, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imsg/gsf/input", test_input);
  g_test_add_func ("/imsg/gsf/input-in-a-file", test_input_in_a_file);
  g_test_add_func ("/imsg/gsf/infile", test_infile);
  g_test_add_data_func ("/imsg/gsf/outfile/compound", GINT_TO_POINTER (FALSE), test_outfile);
  g_test_add_data_func ("/imsg/gsf/outfile/zip", GINT_TO_POINTER (TRUE), test_outfile);
  g_test_add_func ("/imsg/gsf/names-of-zip", test_names_of_zip);
  g_test_add_func ("/imsg/gsf/document-properties", test_document_properties);
  g_test_add_func ("/imsg/gsf/bad-document-properties", test_bad_document_properties);
  g_test_add_func ("/imsg/gsf/engines", test_engines);
  g_test_add_func ("/imsg/gsf/deep", test_deep);
  g_test_add_func ("/imsg/gsf/many-on-the-way", test_many_on_the_way);
  g_test_add_func ("/imsg/gsf/samples", test_samples);
  return g_test_run ();
}
