/* memory-file.c - a file with no local path, as those of GVfs are
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "memory-file.h"

#include <string.h>

struct _TestMemoryFile
{
  GObject parent_instance;

  GBytes *bytes; /* NULL: there is no such file */
  gssize  n_room;
  guint   n_versions;
};

/* --- reading: from one end to the other, as through a pipe --- */

#define TEST_TYPE_INPUT (test_input_get_type ())
G_DECLARE_FINAL_TYPE (TestInput, test_input, TEST, INPUT, GFileInputStream)

struct _TestInput
{
  GFileInputStream parent_instance;

  GBytes *bytes;
  gsize   n_read;
};

G_DEFINE_TYPE (TestInput, test_input, G_TYPE_FILE_INPUT_STREAM)

static gssize
test_input_read (GInputStream  *stream,
                 void          *buffer,
                 gsize          n_bytes,
                 GCancellable  *cancellable,
                 GError       **error)
{
  TestInput *self = TEST_INPUT (stream);
  gsize n_here = MIN (n_bytes, g_bytes_get_size (self->bytes) - self->n_read);

  if (n_here > 0)
    memcpy (buffer, (const char *) g_bytes_get_data (self->bytes, NULL) + self->n_read, n_here);
  self->n_read += n_here;
  return n_here;
}

static void
test_input_finalize (GObject *object)
{
  g_bytes_unref (TEST_INPUT (object)->bytes);
  G_OBJECT_CLASS (test_input_parent_class)->finalize (object);
}

static void
test_input_class_init (TestInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = test_input_read;
}

static void
test_input_init (TestInput *self)
{
}

/* --- writing: the file changes when the stream is closed --- */

#define TEST_TYPE_OUTPUT (test_output_get_type ())
G_DECLARE_FINAL_TYPE (TestOutput, test_output, TEST, OUTPUT, GFileOutputStream)

struct _TestOutput
{
  GFileOutputStream parent_instance;

  TestMemoryFile *file;
  GByteArray     *bytes;
};

G_DEFINE_TYPE (TestOutput, test_output, G_TYPE_FILE_OUTPUT_STREAM)

static gssize
test_output_write (GOutputStream  *stream,
                   const void     *buffer,
                   gsize           n_bytes,
                   GCancellable   *cancellable,
                   GError        **error)
{
  TestOutput *self = TEST_OUTPUT (stream);

  if (self->file->n_room >= 0 && self->bytes->len + n_bytes > (gsize) self->file->n_room)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The disk is full");
      return -1;
    }
  g_byte_array_append (self->bytes, buffer, n_bytes);
  return n_bytes;
}

static gboolean
test_output_close (GOutputStream  *stream,
                   GCancellable   *cancellable,
                   GError        **error)
{
  TestOutput *self = TEST_OUTPUT (stream);
  g_autoptr(GBytes) bytes = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  bytes = g_bytes_new (self->bytes->data, self->bytes->len);
  test_memory_file_set_bytes (self->file, bytes);
  return TRUE;
}

static char *
make_etag (TestMemoryFile *file)
{
  return g_strdup_printf ("version %u", file->n_versions);
}

static char *
test_output_get_etag (GFileOutputStream *stream)
{
  return make_etag (TEST_OUTPUT (stream)->file);
}

static void
test_output_finalize (GObject *object)
{
  g_object_unref (TEST_OUTPUT (object)->file);
  g_byte_array_unref (TEST_OUTPUT (object)->bytes);
  G_OBJECT_CLASS (test_output_parent_class)->finalize (object);
}

static void
test_output_class_init (TestOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = test_output_write;
  G_OUTPUT_STREAM_CLASS (klass)->close_fn = test_output_close;
  G_FILE_OUTPUT_STREAM_CLASS (klass)->get_etag = test_output_get_etag;
}

static void
test_output_init (TestOutput *self)
{
  self->bytes = g_byte_array_new ();
}

/* --- the file --- */

static void test_memory_file_init_iface (GFileIface *iface);

G_DEFINE_TYPE_WITH_CODE (TestMemoryFile, test_memory_file, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_FILE, test_memory_file_init_iface))

static GFile *
test_memory_file_dup (GFile *file)
{
  return g_object_ref (file);
}

static guint
test_memory_file_hash (GFile *file)
{
  return g_direct_hash (file);
}

static gboolean
test_memory_file_equal (GFile *a,
                        GFile *b)
{
  return a == b;
}

static gboolean
test_memory_file_is_native (GFile *file)
{
  return FALSE;
}

static char *
test_memory_file_get_path (GFile *file)
{
  return NULL;
}

static char *
test_memory_file_get_basename (GFile *file)
{
  return g_strdup ("file.msg");
}

static char *
test_memory_file_get_uri (GFile *file)
{
  return g_strdup ("memory:///file.msg");
}

static GFile *
test_memory_file_get_parent (GFile *file)
{
  return NULL;
}

static gboolean
check_there (TestMemoryFile  *self,
             GError         **error)
{
  if (self->bytes == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no such file");
  return self->bytes != NULL;
}

static GFileInfo *
test_memory_file_query_info (GFile                *file,
                             const char           *attributes,
                             GFileQueryInfoFlags   flags,
                             GCancellable         *cancellable,
                             GError              **error)
{
  TestMemoryFile *self = TEST_MEMORY_FILE (file);
  g_autofree char *etag = make_etag (self);
  GFileInfo *info = NULL;

  if (!check_there (self, error))
    return NULL;
  info = g_file_info_new ();
  g_file_info_set_attribute_string (info, G_FILE_ATTRIBUTE_ETAG_VALUE, etag);
  g_file_info_set_file_type (info, G_FILE_TYPE_REGULAR);
  g_file_info_set_size (info, (goffset) g_bytes_get_size (self->bytes));
  return info;
}

static GFileInputStream *
test_memory_file_read (GFile         *file,
                       GCancellable  *cancellable,
                       GError       **error)
{
  TestMemoryFile *self = TEST_MEMORY_FILE (file);
  TestInput *stream = NULL;

  if (!check_there (self, error))
    return NULL;
  stream = g_object_new (TEST_TYPE_INPUT, NULL);
  stream->bytes = g_bytes_ref (self->bytes);
  return G_FILE_INPUT_STREAM (stream);
}

static GFileOutputStream *
test_memory_file_replace (GFile             *file,
                          const char        *etag,
                          gboolean           make_backup,
                          GFileCreateFlags   flags,
                          GCancellable      *cancellable,
                          GError           **error)
{
  TestMemoryFile *self = TEST_MEMORY_FILE (file);
  g_autofree char *now = make_etag (self);
  TestOutput *stream = NULL;

  if (etag != NULL && strcmp (etag, now) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG, "The file was changed");
      return NULL;
    }
  stream = g_object_new (TEST_TYPE_OUTPUT, NULL);
  stream->file = g_object_ref (self);
  return G_FILE_OUTPUT_STREAM (stream);
}

static GFileOutputStream *
test_memory_file_create (GFile             *file,
                         GFileCreateFlags   flags,
                         GCancellable      *cancellable,
                         GError           **error)
{
  if (TEST_MEMORY_FILE (file)->bytes == NULL)
    return test_memory_file_replace (file, NULL, FALSE, flags, cancellable, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "The file exists");
  return NULL;
}

static gboolean
test_memory_file_delete (GFile         *file,
                         GCancellable  *cancellable,
                         GError       **error)
{
  TestMemoryFile *self = TEST_MEMORY_FILE (file);

  if (!check_there (self, error))
    return FALSE;
  g_clear_pointer (&self->bytes, g_bytes_unref);
  return TRUE;
}

static void
test_memory_file_init_iface (GFileIface *iface)
{
  iface->dup = test_memory_file_dup;
  iface->hash = test_memory_file_hash;
  iface->equal = test_memory_file_equal;
  iface->is_native = test_memory_file_is_native;
  iface->get_path = test_memory_file_get_path;
  iface->get_basename = test_memory_file_get_basename;
  iface->get_uri = test_memory_file_get_uri;
  iface->get_parse_name = test_memory_file_get_uri;
  iface->get_parent = test_memory_file_get_parent;
  iface->query_info = test_memory_file_query_info;
  iface->read_fn = test_memory_file_read;
  iface->replace = test_memory_file_replace;
  iface->create = test_memory_file_create;
  iface->delete_file = test_memory_file_delete;
}

static void
test_memory_file_finalize (GObject *object)
{
  g_clear_pointer (&TEST_MEMORY_FILE (object)->bytes, g_bytes_unref);
  G_OBJECT_CLASS (test_memory_file_parent_class)->finalize (object);
}

static void
test_memory_file_class_init (TestMemoryFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_memory_file_finalize;
}

static void
test_memory_file_init (TestMemoryFile *self)
{
  self->n_room = -1;
}

TestMemoryFile *
test_memory_file_new (GBytes *bytes)
{
  TestMemoryFile *self = g_object_new (TEST_TYPE_MEMORY_FILE, NULL);

  if (bytes != NULL)
    test_memory_file_set_bytes (self, bytes);
  return self;
}

GBytes *
test_memory_file_get_bytes (TestMemoryFile *self)
{
  return self->bytes;
}

void
test_memory_file_set_bytes (TestMemoryFile *self,
                            GBytes         *bytes)
{
  g_bytes_ref (bytes);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = bytes;
  self->n_versions++;
}

void
test_memory_file_set_room (TestMemoryFile *self,
                           gssize          n_bytes)
{
  self->n_room = n_bytes;
}
