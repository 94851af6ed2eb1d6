/* mapi-content.c - what streams read and write: memory, files, the library's own streams
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-stream-private.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static gpointer
content_new (const MapiContentClass *klass,
             gsize                   n_bytes,
             gboolean                is_writable)
{
  MapiContent *self = g_malloc0 (n_bytes);

  self->klass = klass;
  self->ref_count = 1;
  self->is_writable = is_writable;
  self->mode = is_writable ? STGM_READWRITE : STGM_READ;
  return self;
}

/* --- memory --- */

typedef struct
{
  MapiContent parent;
  GByteArray *bytes;
} MemoryContent;

static HRESULT
memory_read (MapiContent *content,
             guint64      offset,
             void        *buffer,
             gsize        n_bytes,
             gsize       *n_read)
{
  MemoryContent *self = (MemoryContent *) content;

  *n_read = 0;
  if (offset >= self->bytes->len)
    return S_OK;
  *n_read = MIN (n_bytes, self->bytes->len - offset);
  memcpy (buffer, self->bytes->data + offset, *n_read);
  return S_OK;
}

static HRESULT
memory_set_size (MapiContent *content,
                 guint64      n_bytes)
{
  MemoryContent *self = (MemoryContent *) content;
  guint before = self->bytes->len;

  if (n_bytes > G_MAXINT32)
    return STG_E_MEDIUMFULL;
  g_byte_array_set_size (self->bytes, (guint) n_bytes);
  if (n_bytes > before)
    memset (self->bytes->data + before, 0, n_bytes - before);
  return S_OK;
}

static HRESULT
memory_write (MapiContent *content,
              guint64      offset,
              const void  *bytes,
              gsize        n_bytes)
{
  MemoryContent *self = (MemoryContent *) content;

  if (offset > G_MAXINT32 || n_bytes > G_MAXINT32 - offset)
    return STG_E_MEDIUMFULL;
  if (offset + n_bytes > self->bytes->len)
    memory_set_size (content, offset + n_bytes);
  memcpy (self->bytes->data + offset, bytes, n_bytes);
  return S_OK;
}

static HRESULT
memory_get_size (MapiContent *content,
                 guint64     *n_bytes)
{
  *n_bytes = ((MemoryContent *) content)->bytes->len;
  return S_OK;
}

static void
memory_free (MapiContent *content)
{
  g_byte_array_unref (((MemoryContent *) content)->bytes);
  g_free (content);
}

static const MapiContentClass memory_class = {
  memory_read, memory_write, memory_get_size, memory_set_size, NULL, memory_free, NULL,
};

MapiContent *
mapi_content_new_memory (const void *bytes,
                         gsize       n_bytes)
{
  MemoryContent *self = content_new (&memory_class, sizeof (MemoryContent), TRUE);

  self->bytes = g_byte_array_new ();
  if (n_bytes > 0)
    g_byte_array_append (self->bytes, bytes, (guint) n_bytes);
  return &self->parent;
}

/* --- a stream of the library --- */

typedef struct
{
  MapiContent    parent;
  GInputStream  *input;  /* owned */
  GIOStream     *io;     /* (nullable): owned; input is its input then */
  GSeekable     *seekable; /* unowned: whichever of them seeks */
  guint64        at;     /* where it stands */
  gboolean       is_at;  /* whether that is known */
} GioContent;

static HRESULT
gio_seek (GioContent *self,
          guint64     offset)
{
  g_autoptr(GError) error = NULL;

  if (self->is_at && self->at == offset)
    return S_OK;
  if (offset > G_MAXINT64)
    return STG_E_SEEKERROR;
  if (!g_seekable_seek (self->seekable, (goffset) offset, G_SEEK_SET, NULL, &error))
    return mapi_take_storage_error (&error);
  self->at = offset;
  self->is_at = TRUE;
  return S_OK;
}

static HRESULT
gio_get_size (MapiContent *content,
              guint64     *n_bytes)
{
  GioContent *self = (GioContent *) content;
  g_autoptr(GError) error = NULL;

  self->is_at = FALSE;
  if (!g_seekable_seek (self->seekable, 0, G_SEEK_END, NULL, &error))
    return mapi_take_storage_error (&error);
  *n_bytes = (guint64) g_seekable_tell (self->seekable);
  return S_OK;
}

static HRESULT
gio_read (MapiContent *content,
          guint64      offset,
          void        *buffer,
          gsize        n_bytes,
          gsize       *n_read)
{
  GioContent *self = (GioContent *) content;
  g_autoptr(GError) error = NULL;
  guint64 size;
  HRESULT hr;

  *n_read = 0;
  /* Positions behind the end are legal here, but not to every stream that can seek. */
  if (!self->is_at || self->at != offset)
    {
      hr = gio_get_size (content, &size);
      if (FAILED (hr) || offset >= size)
        return hr;
    }
  hr = gio_seek (self, offset);
  if (FAILED (hr))
    return hr;
  if (!g_input_stream_read_all (self->input, buffer, n_bytes, n_read, NULL, &error))
    {
      self->is_at = FALSE;
      return mapi_take_storage_error (&error);
    }
  self->at += *n_read;
  return S_OK;
}

static HRESULT
gio_set_size (MapiContent *content,
              guint64      n_bytes)
{
  GioContent *self = (GioContent *) content;
  g_autoptr(GError) error = NULL;

  self->is_at = FALSE;
  if (self->io == NULL || !g_seekable_can_truncate (self->seekable))
    return STG_E_INVALIDFUNCTION;
  if (!g_seekable_truncate (self->seekable, (goffset) n_bytes, NULL, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

static HRESULT
gio_write (MapiContent *content,
           guint64      offset,
           const void  *bytes,
           gsize        n_bytes)
{
  GioContent *self = (GioContent *) content;
  GOutputStream *output;
  g_autoptr(GError) error = NULL;
  guint64 size;
  HRESULT hr;

  if (self->io == NULL)
    return STG_E_ACCESSDENIED;
  output = g_io_stream_get_output_stream (self->io);
  if (!self->is_at || self->at != offset)
    {
      hr = gio_get_size (content, &size);
      if (SUCCEEDED (hr) && offset > size)
        hr = gio_set_size (content, offset);
      if (FAILED (hr))
        return hr;
    }
  hr = gio_seek (self, offset);
  if (FAILED (hr))
    return hr;
  if (!g_output_stream_write_all (output, bytes, n_bytes, NULL, NULL, &error))
    {
      self->is_at = FALSE;
      return mapi_take_storage_error (&error);
    }
  self->at += n_bytes;
  return S_OK;
}

static HRESULT
gio_flush (MapiContent *content)
{
  GioContent *self = (GioContent *) content;
  g_autoptr(GError) error = NULL;

  if (self->io == NULL)
    return S_OK;
  if (!g_output_stream_flush (g_io_stream_get_output_stream (self->io), NULL, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

static void
gio_end (MapiContent *content)
{
  GioContent *self = (GioContent *) content;

  if (self->io != NULL)
    g_io_stream_close (self->io, NULL, NULL);
}

static void
gio_free (MapiContent *content)
{
  GioContent *self = (GioContent *) content;

  if (!content->is_reverted)
    gio_end (content);
  g_object_unref (self->input);
  g_clear_object (&self->io);
  g_free (self);
}

static const MapiContentClass gio_class = {
  gio_read, gio_write, gio_get_size, gio_set_size, gio_flush, gio_free, gio_end,
};

MapiContent *
mapi_content_new_input (GInputStream *stream)
{
  GioContent *self = content_new (&gio_class, sizeof (GioContent), FALSE);

  self->input = stream;
  self->seekable = G_SEEKABLE (stream);
  return &self->parent;
}

MapiContent *
mapi_content_new_io (GIOStream *stream)
{
  GioContent *self = content_new (&gio_class, sizeof (GioContent), TRUE);

  self->io = stream;
  self->input = g_object_ref (g_io_stream_get_input_stream (stream));
  if (G_IS_SEEKABLE (stream))
    self->seekable = G_SEEKABLE (stream);
  else
    self->seekable = G_SEEKABLE (g_io_stream_get_output_stream (stream));
  return &self->parent;
}

/* --- a file --- */

typedef struct
{
  MapiContent parent;
  int         fd;
  char       *delete_path; /* (nullable) */
} FileContent;

static HRESULT
code_from_errno (int error_number)
{
  switch (error_number)
    {
    case ENOSPC:
    case EFBIG:
    case EDQUOT:
      return STG_E_MEDIUMFULL;
    case EACCES:
    case EPERM:
    case EROFS:
    case EBADF:
      return STG_E_ACCESSDENIED;
    default:
      return STG_E_WRITEFAULT;
    }
}

static HRESULT
file_read (MapiContent *content,
           guint64      offset,
           void        *buffer,
           gsize        n_bytes,
           gsize       *n_read)
{
  FileContent *self = (FileContent *) content;

  *n_read = 0;
  while (*n_read < n_bytes && offset + *n_read <= G_MAXINT64)
    {
      ssize_t n = pread (self->fd, (char *) buffer + *n_read, n_bytes - *n_read,
                         (off_t) (offset + *n_read));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return STG_E_READFAULT;
      if (n == 0)
        break;
      *n_read += (gsize) n;
    }
  return S_OK;
}

static HRESULT
file_write (MapiContent *content,
            guint64      offset,
            const void  *bytes,
            gsize        n_bytes)
{
  FileContent *self = (FileContent *) content;
  gsize done = 0;

  if (offset > G_MAXINT64 - n_bytes)
    return STG_E_MEDIUMFULL;
  while (done < n_bytes)
    {
      ssize_t n = pwrite (self->fd, (const char *) bytes + done, n_bytes - done,
                          (off_t) (offset + done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return code_from_errno (errno);
      done += (gsize) n;
    }
  return S_OK;
}

static HRESULT
file_get_size (MapiContent *content,
               guint64     *n_bytes)
{
  struct stat status;

  if (fstat (((FileContent *) content)->fd, &status) != 0)
    return STG_E_READFAULT;
  *n_bytes = (guint64) status.st_size;
  return S_OK;
}

static HRESULT
file_set_size (MapiContent *content,
               guint64      n_bytes)
{
  if (ftruncate (((FileContent *) content)->fd, (off_t) n_bytes) != 0)
    return code_from_errno (errno);
  return S_OK;
}

static HRESULT
file_flush (MapiContent *content)
{
  return fsync (((FileContent *) content)->fd) == 0 || errno == EINVAL ? S_OK
                                                                      : code_from_errno (errno);
}

static void
file_free (MapiContent *content)
{
  FileContent *self = (FileContent *) content;

  close (self->fd);
  if (self->delete_path != NULL)
    unlink (self->delete_path);
  g_free (self->delete_path);
  g_free (self);
}

static const MapiContentClass file_class = {
  file_read, file_write, file_get_size, file_set_size, file_flush, file_free, NULL,
};

MapiContent *
mapi_content_new_file (int         fd,
                       gboolean    is_writable,
                       const char *delete_path)
{
  FileContent *self = content_new (&file_class, sizeof (FileContent), is_writable);

  self->fd = fd;
  self->delete_path = g_strdup (delete_path);
  return &self->parent;
}
