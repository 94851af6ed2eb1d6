/* compound-work.c - what is measured of compound files: ours, libgsf's and plain reads and writes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-work.h"

#include <fcntl.h>
#include <gsf/gsf.h>
#include <string.h>
#include <unistd.h>

/* The stream that is changed; others are larger */
#define SMALL_STREAM 65536

static guint8 slice[COMPOUND_SLICE];

/* --- ours --- */

static IMsgDirectory *
open_path (const char *path)
{
  g_autoptr(GError) error = NULL;
  IMsgDirectory *directory = compound_open_path (path, &error);

  if (directory == NULL)
    g_error ("%s: %s", path, error->message);
  return directory;
}

/* As the library reads values: where they lie, if they lie together, else in slices */
static void
read_stream (CompoundWork  *work,
             IMsgDirectory *directory,
             guint32        number,
             gsize          n_stored)
{
  const guint8 *data = _imsg_directory_peek_stream (directory, number, slice, sizeof slice);
  g_autoptr(IMsgBlob) blob = NULL;
  guint64 offset = 0;
  gssize n;

  if (data != NULL)
    {
      /* A reader of plain files has a copy too. */
      if (data != slice)
        memcpy (slice, data, MIN (n_stored, sizeof slice));
      work->n_bytes += n_stored;
      return;
    }
  blob = _imsg_directory_open_stream (directory, number, NULL);
  while ((n = _imsg_blob_read (blob, offset, slice, sizeof slice, NULL, NULL)) > 0)
    offset += (guint64) n;
  work->n_bytes += offset;
}

static void
walk_ours (CompoundWork  *work,
           IMsgDirectory *directory,
           gboolean       is_listing,
           guint          n_streams)
{
  g_autoptr(GArray) storages = g_array_new (FALSE, TRUE, sizeof (guint32));

  g_array_set_size (storages, 1);
  for (guint i = 0; i < storages->len; i++)
    {
      guint n_children = 0;
      guint32 first = _imsg_directory_get_children (directory,
                                                    g_array_index (storages, guint32, i),
                                                    &n_children);

      for (guint32 child = first; child < first + n_children; child++)
        {
          guint64 n_bytes = 0;

          if (is_listing)
            {
              IMsgDirectoryEntry entry;

              _imsg_directory_get_entry (directory, child, &entry);
              work->n_bytes += entry.n_units;
            }
          if (_imsg_directory_get_kind (directory, child, &n_bytes) ==
              IMSG_STORAGE_ENTRY_STORAGE)
            {
              g_array_append_val (storages, child);
            }
          else if (n_streams > 0)
            {
              read_stream (work, directory, child, n_bytes);
              n_streams--;
            }
        }
    }
}

void
compound_work_open_ours (gpointer data)
{
  CompoundWork *work = data;

  for (guint i = 0; i < work->paths->len; i++)
    _imsg_directory_unref (open_path (work->paths->pdata[i]));
}

void
compound_work_list_ours (gpointer data)
{
  CompoundWork *work = data;

  for (guint i = 0; i < work->paths->len; i++)
    {
      g_autoptr(IMsgDirectory) directory = open_path (work->paths->pdata[i]);

      walk_ours (work, directory, TRUE, 0);
    }
}

void
compound_work_read_ours (gpointer data)
{
  CompoundWork *work = data;

  for (guint i = 0; i < work->paths->len; i++)
    {
      g_autoptr(IMsgDirectory) directory = open_path (work->paths->pdata[i]);

      walk_ours (work, directory, FALSE, work->n_streams);
    }
}

void
compound_work_write_ours (gpointer data)
{
  CompoundWork *work = data;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < work->n_times; i++)
    {
      g_autoptr(GBytes) bytes = NULL;

      if (work->output == NULL)
        bytes = compound_tree_write (work->tree, 3, &error);
      else
        compound_tree_write_path (work->tree, 3, work->output, &error);
      if (error != NULL)
        g_error ("%s", error->message);
      work->n_bytes += bytes != NULL ? g_bytes_get_size (bytes) : 1;
    }
}

static void
sync_path (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  fsync (fd);
  close (fd);
}

void
compound_work_change_ours (gpointer data)
{
  CompoundWork *work = data;
  g_autoptr(IMsgDirectory) directory = open_path (work->paths->pdata[0]);
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  guint n_children = 0;
  guint32 first = _imsg_directory_get_children (directory, 0, &n_children);

  for (guint32 child = first; child < first + n_children; child++)
    {
      IMsgDirectoryEntry entry;
      g_autofree char *name = NULL;
      g_autoptr(IMsgBlob) blob = NULL;

      _imsg_directory_get_entry (directory, child, &entry);
      name = _imsg_name_to_utf8 (entry.name, entry.n_units);
      blob = _imsg_directory_open_stream (directory, child, NULL);
      if (entry.n_bytes > SMALL_STREAM)
        compound_tree_add_blob (tree, 0, name, blob);
      else
        compound_tree_add_stream (tree, 0, name, entry.n_bytes, 99);
    }
  if (!compound_tree_write_path (tree, 3, work->output, NULL))
    g_error ("%s: cannot be written", work->output);
  sync_path (work->output);
}

/* --- libgsf's --- */

static void
read_gsf (CompoundWork *work,
          GsfInput     *input)
{
  while (gsf_input_remaining (input) > 0)
    {
      gsize n_bytes = MIN ((gsize) gsf_input_remaining (input), 65536);

      if (gsf_input_read (input, n_bytes, slice) == NULL)
        break;
      work->n_bytes += n_bytes;
    }
}

static void
walk_gsf (CompoundWork *work,
          GsfInfile    *infile,
          gboolean      is_listing,
          guint        *n_streams)
{
  int n = gsf_infile_num_children (infile);

  for (int i = 0; i < n && (is_listing || *n_streams > 0); i++)
    {
      GsfInput *child = NULL;

      if (is_listing)
        work->n_bytes += strlen (gsf_infile_name_by_index (infile, i));
      child = gsf_infile_child_by_index (infile, i);
      if (gsf_infile_num_children (GSF_INFILE (child)) >= 0)
        {
          walk_gsf (work, GSF_INFILE (child), is_listing, n_streams);
        }
      else if (*n_streams > 0)
        {
          read_gsf (work, child);
          --*n_streams;
        }
      g_object_unref (child);
    }
}

static GsfInfile *
open_gsf (const char *path)
{
  GsfInput *input = gsf_input_mmap_new (path, NULL);
  GsfInfile *infile = NULL;

  if (input == NULL)
    input = gsf_input_stdio_new (path, NULL);
  infile = gsf_infile_msole_new (input, NULL);
  g_object_unref (input);
  return infile;
}

static void
go_through_gsf (CompoundWork *work,
                gboolean      is_listing,
                guint         n_streams)
{
  for (guint i = 0; i < work->paths->len; i++)
    {
      GsfInfile *infile = open_gsf (work->paths->pdata[i]);
      guint n_left = n_streams;

      if (infile == NULL)
        continue;
      if (is_listing || n_left > 0)
        walk_gsf (work, infile, is_listing, &n_left);
      g_object_unref (infile);
    }
}

void
compound_work_open_gsf (gpointer data)
{
  go_through_gsf (data, FALSE, 0);
}

void
compound_work_list_gsf (gpointer data)
{
  go_through_gsf (data, TRUE, 0);
}

void
compound_work_read_gsf (gpointer data)
{
  CompoundWork *work = data;

  go_through_gsf (work, FALSE, work->n_streams);
}

static void
write_blob_gsf (GsfOutput *output,
                IMsgBlob  *blob)
{
  guint64 offset = 0;
  gssize n;

  while ((n = _imsg_blob_read (blob, offset, slice, sizeof slice, NULL, NULL)) > 0)
    {
      gsf_output_write (output, (gsize) n, slice);
      offset += (guint64) n;
    }
}

static void
write_tree_gsf (CompoundWork *work)
{
  GsfOutput *sink =
    work->output != NULL ? gsf_output_stdio_new (work->output, NULL) : gsf_output_memory_new ();
  guint n = work->tree->entries->len;
  g_autofree GsfOutput **outputs = g_new0 (GsfOutput *, n);

  outputs[0] = GSF_OUTPUT (gsf_outfile_msole_new (sink));
  for (guint i = 1; i < n; i++)
    {
      CompoundEntry *entry = &g_array_index (work->tree->entries, CompoundEntry, i);
      g_autofree char *name = _imsg_name_to_utf8 (entry->entry.name, entry->entry.n_units);

      outputs[i] = gsf_outfile_new_child (GSF_OUTFILE (outputs[entry->parent]), name,
                                          entry->blob == NULL);
      if (entry->blob != NULL)
        {
          write_blob_gsf (outputs[i], entry->blob);
          gsf_output_close (outputs[i]);
        }
    }
  for (guint i = n; i-- > 0;)
    {
      if (!gsf_output_is_closed (outputs[i]))
        gsf_output_close (outputs[i]);
      g_object_unref (outputs[i]);
    }
  if (!gsf_output_is_closed (sink))
    gsf_output_close (sink);
  g_object_unref (sink);
}

void
compound_work_write_gsf (gpointer data)
{
  CompoundWork *work = data;

  for (guint i = 0; i < work->n_times; i++)
    write_tree_gsf (work);
}

void
compound_work_change_gsf (gpointer data)
{
  CompoundWork *work = data;
  GsfInfile *infile = open_gsf (work->paths->pdata[0]);
  GsfOutput *sink = gsf_output_stdio_new (work->output, NULL);
  GsfOutfile *outfile = gsf_outfile_msole_new (sink);

  for (int i = 0; i < gsf_infile_num_children (infile); i++)
    {
      GsfInput *child = gsf_infile_child_by_index (infile, i);
      GsfOutput *output = gsf_outfile_new_child (outfile, gsf_input_name (child), FALSE);

      if (gsf_input_size (child) > SMALL_STREAM)
        gsf_input_copy (child, output);
      else
        gsf_output_write (output, (gsize) gsf_input_size (child), slice);
      gsf_output_close (output);
      g_object_unref (output);
      g_object_unref (child);
    }
  gsf_output_close (GSF_OUTPUT (outfile));
  g_object_unref (outfile);
  if (!gsf_output_is_closed (sink))
    gsf_output_close (sink);
  g_object_unref (sink);
  g_object_unref (infile);
  sync_path (work->output);
}

/* --- plain --- */

void
compound_work_read_plain (gpointer data)
{
  CompoundWork *work = data;

  for (guint i = 0; i < work->paths->len; i++)
    {
      int fd = open (work->paths->pdata[i], O_RDONLY | O_CLOEXEC);
      gssize n = 0;

      while ((n = read (fd, slice, sizeof slice)) > 0)
        work->n_bytes += (guint64) n;
      close (fd);
    }
}

/* As many bytes as the streams have */
void
compound_work_write_plain (gpointer data)
{
  CompoundWork *work = data;
  int fd = open (work->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  for (guint i = 1; i < work->tree->entries->len; i++)
    {
      IMsgBlob *blob = g_array_index (work->tree->entries, CompoundEntry, i).blob;
      guint64 offset = 0;
      gssize n;

      while ((n = _imsg_blob_read (blob, offset, slice, sizeof slice, NULL, NULL)) > 0)
        {
          if (write (fd, slice, (gsize) n) != n)
            g_error ("%s: cannot be written", work->output);
          offset += (guint64) n;
        }
    }
  close (fd);
}

void
compound_work_copy_plain (gpointer data)
{
  CompoundWork *work = data;

  bench_copy (work->paths->pdata[0], work->output, TRUE);
}
