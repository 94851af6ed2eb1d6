/* compound-util.c - making, walking and listing compound files in tests
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-util.h"

#include "imsg-error.h"

#include <gsf/gsf.h>
#include <pthread.h>
#include <string.h>

#define SMALL_STACK ((gsize) 512 << 10)
#define OLEFILE_PYTHON "/usr/bin/python3"

static void
clear_writer_entry (gpointer data)
{
  g_clear_pointer (&((CompoundEntry *) data)->blob, _imsg_blob_unref);
}

CompoundTree *
compound_tree_new (void)
{
  CompoundTree *self = g_new0 (CompoundTree, 1);
  CompoundEntry root = { .entry.kind = IMSG_STORAGE_ENTRY_STORAGE };

  self->entries = g_array_new (FALSE, TRUE, sizeof (CompoundEntry));
  g_array_set_clear_func (self->entries, clear_writer_entry);
  g_array_append_val (self->entries, root);
  return self;
}

void
compound_tree_free (CompoundTree *self)
{
  g_array_unref (self->entries);
  g_clear_pointer (&self->listed, g_array_unref);
  g_free (self);
}

const IMsgWriterEntry *
compound_tree_list (CompoundTree *self)
{
  g_clear_pointer (&self->listed, g_array_unref);
  self->listed = g_array_new (FALSE, FALSE, sizeof (IMsgWriterEntry));
  for (guint i = 0; i < self->entries->len; i++)
    {
      const CompoundEntry *entry = &g_array_index (self->entries, CompoundEntry, i);
      IMsgWriterEntry listed = { &entry->entry, entry->blob, NULL, entry->parent };

      g_array_append_val (self->listed, listed);
    }
  return (const IMsgWriterEntry *) (gpointer) self->listed->data;
}

static guint32
tree_add (CompoundTree         *self,
          guint32               parent,
          const char           *name,
          IMsgStorageEntryKind  kind,
          IMsgBlob             *blob)
{
  CompoundEntry entry = { .entry.kind = kind, .parent = parent };
  g_autoptr(GError) error = NULL;

  entry.entry.n_units = _imsg_name_from_utf8 (name, entry.entry.name, &error);
  g_assert_no_error (error);
  entry.blob = blob != NULL ? _imsg_blob_ref (blob) : NULL;
  g_array_append_val (self->entries, entry);
  return self->entries->len - 1;
}

guint32
compound_tree_add_storage (CompoundTree *self,
                           guint32       parent,
                           const char   *name)
{
  return tree_add (self, parent, name, IMSG_STORAGE_ENTRY_STORAGE, NULL);
}

guint32
compound_tree_add_blob (CompoundTree *self,
                        guint32       parent,
                        const char   *name,
                        IMsgBlob     *blob)
{
  return tree_add (self, parent, name, IMSG_STORAGE_ENTRY_STREAM, blob);
}

guint32
compound_tree_add_stream (CompoundTree *self,
                          guint32       parent,
                          const char   *name,
                          gsize         n_bytes,
                          guint         seed)
{
  guint8 *data = g_malloc (MAX (n_bytes, 1));
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgBlob) blob = NULL;
  guint32 state = seed * 2654435761u + 1;

  for (gsize i = 0; i < n_bytes; i++)
    {
      state = state * 1664525u + 1013904223u;
      data[i] = state >> 24;
    }
  bytes = g_bytes_new_take (data, n_bytes);
  blob = _imsg_blob_new_for_bytes (bytes);
  return compound_tree_add_blob (self, parent, name, blob);
}

/* The size of what can be read, and its hash if that is all. */
static char *
hash_blob (IMsgBlob *blob)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr(GError) error = NULL;
  g_autofree guint8 *buffer = g_malloc (100000);
  guint64 offset = 0;
  gssize n = 0;

  while ((n = _imsg_blob_read (blob, offset, buffer, 100000, NULL, &error)) > 0)
    {
      g_checksum_update (checksum, buffer, n);
      offset += n;
    }
  if (n < 0)
    {
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
      return NULL;
    }
  g_assert_cmpuint (offset, ==, _imsg_blob_get_size (blob));
  return g_strdup (g_checksum_get_string (checksum));
}

CompoundTree *
compound_tree_new_from_directory (IMsgDirectory *directory)
{
  CompoundTree *self = compound_tree_new ();
  g_autoptr(GArray) numbers = g_array_new (FALSE, TRUE, sizeof (guint32));

  g_array_set_size (numbers, 1);
  _imsg_directory_get_entry (directory, 0,
                             &g_array_index (self->entries, CompoundEntry, 0).entry);
  for (guint i = 0; i < self->entries->len; i++)
    {
      guint n_children = 0;
      guint32 first = 0;

      if (g_array_index (self->entries, CompoundEntry, i).entry.kind ==
          IMSG_STORAGE_ENTRY_STREAM)
        continue;
      first = _imsg_directory_get_children (directory, g_array_index (numbers, guint32, i),
                                            &n_children);
      for (guint32 child = first; child < first + n_children; child++)
        {
          CompoundEntry entry = { .parent = i };

          _imsg_directory_get_entry (directory, child, &entry.entry);
          if (entry.entry.kind == IMSG_STORAGE_ENTRY_STREAM)
            {
              g_autofree char *hash = NULL;

              entry.blob = _imsg_directory_open_stream (directory, child, NULL);
              hash = entry.blob != NULL ? hash_blob (entry.blob) : NULL;
              if (hash == NULL)
                {
                  g_clear_pointer (&entry.blob, _imsg_blob_unref);
                  continue;
                }
            }
          g_array_append_val (self->entries, entry);
          g_array_append_val (numbers, child);
        }
    }
  return self;
}

static gboolean
tree_write_to (CompoundTree   *self,
               guint           version,
               GOutputStream  *sink,
               GError        **error)
{
  return _imsg_compound_write (compound_tree_list (self), self->entries->len, version, sink, TRUE,
                               NULL, NULL, NULL, error) &&
         g_output_stream_close (sink, NULL, error);
}

GBytes *
compound_tree_write (CompoundTree  *self,
                     guint          version,
                     GError       **error)
{
  g_autoptr(GOutputStream) sink = g_memory_output_stream_new_resizable ();

  if (!tree_write_to (self, version, sink, error))
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (sink));
}

gboolean
compound_tree_write_path (CompoundTree  *self,
                          guint          version,
                          const char    *path,
                          GError       **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileOutputStream) sink = g_file_replace (file, NULL, FALSE, 0, NULL, error);

  return sink != NULL && tree_write_to (self, version, G_OUTPUT_STREAM (sink), error);
}

IMsgDirectory *
compound_open_bytes (GBytes  *bytes,
                     GError **error)
{
  g_autoptr(IMsgSource) source = _imsg_source_new_for_bytes (bytes);

  return _imsg_compound_read (source, NULL, NULL, error);
}

IMsgDirectory *
compound_open_path (const char  *path,
                    GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(IMsgSource) source = _imsg_source_new_for_file (file, NULL, error);

  return source != NULL ? _imsg_compound_read (source, NULL, NULL, error) : NULL;
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
join_sorted (GPtrArray *lines)
{
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

char *
compound_list (IMsgDirectory *directory,
               guint         *n_whole)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GArray) storages = g_array_new (FALSE, TRUE, sizeof (guint32));
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (n_whole != NULL)
    *n_whole = 0;
  g_array_set_size (storages, 1);
  g_ptr_array_add (paths, g_strdup (""));
  for (guint i = 0; i < storages->len; i++)
    {
      guint n_children = 0;
      guint32 first = _imsg_directory_get_children (directory,
                                                    g_array_index (storages, guint32, i),
                                                    &n_children);

      for (guint32 child = first; child < first + n_children; child++)
        {
          IMsgDirectoryEntry entry;
          g_autofree char *name = NULL;
          g_autofree char *path = NULL;

          _imsg_directory_get_entry (directory, child, &entry);
          name = _imsg_name_to_utf8 (entry.name, entry.n_units);
          g_assert_true (g_utf8_validate (name, -1, NULL));
          path = g_strconcat (g_ptr_array_index (paths, i), "/", name, NULL);
          if (entry.kind == IMSG_STORAGE_ENTRY_STORAGE)
            {
              g_array_append_val (storages, child);
              g_ptr_array_add (paths, g_steal_pointer (&path));
            }
          else
            {
              g_autoptr(GError) error = NULL;
              g_autoptr(IMsgBlob) blob = _imsg_directory_open_stream (directory, child,
                                                                      &error);
              g_autofree char *hash = NULL;

              g_assert_no_error (error);
              g_assert_cmpuint (_imsg_blob_get_size (blob), ==, entry.n_bytes);
              hash = hash_blob (blob);
              if (hash != NULL && n_whole != NULL)
                *n_whole += 1;
              g_ptr_array_add (lines, g_strdup_printf ("%s\t%" G_GUINT64_FORMAT "\t%s", path,
                                                       entry.n_bytes, hash != NULL ? hash : ""));
            }
        }
    }
  return join_sorted (lines);
}

static void
list_infile (GsfInfile  *infile,
             const char *prefix,
             GPtrArray  *lines)
{
  for (int i = 0; i < gsf_infile_num_children (infile); i++)
    {
      GsfInput *child = gsf_infile_child_by_index (infile, i);
      g_autofree char *path = g_strconcat (prefix, "/", gsf_infile_name_by_index (infile, i), NULL);

      g_assert_nonnull (child);
      if (gsf_infile_num_children (GSF_INFILE (child)) >= 0)
        list_infile (GSF_INFILE (child), path, lines);
      else
        {
          g_autofree char *hash = NULL;
          gsize n_bytes = gsf_input_size (child);
          const guint8 *data = n_bytes > 0 ? gsf_input_read (child, n_bytes, NULL) : NULL;

          g_assert_true (n_bytes == 0 || data != NULL);
          hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, n_bytes);
          g_ptr_array_add (lines, g_strdup_printf ("%s\t%" G_GSIZE_FORMAT "\t%s", path, n_bytes,
                                                   hash));
        }
      g_object_unref (child);
    }
}

char *
compound_list_with_gsf (GBytes *bytes)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  gsize n_bytes = 0;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  GsfInput *input = NULL;
  GsfInfile *infile = NULL;

  gsf_init ();
  input = gsf_input_memory_new (data, n_bytes, FALSE);
  infile = gsf_infile_msole_new (input, &error);
  g_assert_no_error (error);
  list_infile (infile, "", lines);
  g_object_unref (infile);
  g_object_unref (input);
  return join_sorted (lines);
}

char *
compound_list_with_olefile (const char *path)
{
  static const char script[] =
    "import os, sys\n"
    "try:\n"
    "    import olefile, hashlib\n"
    "except ImportError:\n"
    "    sys.exit(77)\n"
    "def show(path):\n"
    "    ole = olefile.OleFileIO(path)\n"
    "    lines = []\n"
    "    for name in ole.listdir(streams=True, storages=False):\n"
    "        data = ole.openstream(name).read()\n"
    "        lines.append('/%s\\t%d\\t%s' % ('/'.join(name), len(data),\n"
    "                                      hashlib.sha256(data).hexdigest()))\n"
    "    lines = sorted(line.encode('utf-8', 'replace') for line in lines)\n"
    "    return b'\\n'.join(lines)\n"
    "path = sys.argv[1]\n"
    "if os.path.isdir(path):\n"
    "    files = [os.path.join(d, f) for d, _, names in os.walk(path) for f in names]\n"
    "    result = b'\\n\\f\\n'.join(f.encode() + b'\\n' + show(f) for f in files)\n"
    "else:\n"
    "    result = show(path)\n"
    "sys.stdout.buffer.write(result)\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = NULL;
  char *output = NULL;

  if (!g_file_test (OLEFILE_PYTHON, G_FILE_TEST_IS_EXECUTABLE))
    return NULL;
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, OLEFILE_PYTHON, "-c", script,
                              path, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (g_subprocess_get_exit_status (process) == 77)
    g_clear_pointer (&output, g_free);
  else
    g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  return output;
}

typedef struct
{
  GFunc    func;
  gpointer data;
  gpointer user_data;
} SmallStackCall;

static void *
small_stack_thread (void *data)
{
  SmallStackCall *call = data;

  call->func (call->data, call->user_data);
  return NULL;
}

void
compound_run_on_small_stack (GFunc    func,
                             gpointer data,
                             gpointer user_data)
{
  SmallStackCall call = { func, data, user_data };
  pthread_attr_t attributes;
  pthread_t thread;

  g_assert_cmpint (pthread_attr_init (&attributes), ==, 0);
  g_assert_cmpint (pthread_attr_setstacksize (&attributes, SMALL_STACK), ==, 0);
  g_assert_cmpint (pthread_create (&thread, &attributes, small_stack_thread, &call), ==, 0);
  g_assert_cmpint (pthread_join (thread, NULL), ==, 0);
  pthread_attr_destroy (&attributes);
}
