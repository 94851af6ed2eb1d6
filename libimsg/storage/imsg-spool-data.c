/* imsg-spool-data.c - bytes written in any order, in memory and then in pages of a file
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-spool-pages-private.h"
#include "imsg-stream-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Up to here in memory; a message has few streams that are larger. */
#define MEMORY_MAX ((guint64) 1 << 20)
/* More sectors of 4 KiB than a compound file can have */
#define STREAM_MAX ((guint64) 1 << 44)
#define BUFFER_MIN 256

/* Shared with the snapshots that show its first bytes. */
typedef struct
{
  gatomicrefcount ref_count;
  gsize           n_allocated;
  guint8          data[];
} Buffer;

struct _IMsgSpoolData
{
  guint64         n_bytes;     /* while in memory */
  guint64         n_published; /* bytes of buffer that a snapshot may show */
  Buffer         *buffer;      /* NULL while empty */
  IMsgSpoolPages *pages;       /* NULL while in memory */
};

static Buffer *
buffer_new (gsize n_allocated)
{
  Buffer *buffer = g_malloc (sizeof *buffer + n_allocated);

  g_atomic_ref_count_init (&buffer->ref_count);
  buffer->n_allocated = n_allocated;
  return buffer;
}

static void
buffer_unref (gpointer data)
{
  Buffer *buffer = data;

  if (g_atomic_ref_count_dec (&buffer->ref_count))
    g_free (buffer);
}

IMsgSpoolData *
_imsg_spool_data_new (void)
{
  return g_new0 (IMsgSpoolData, 1);
}

static void
reset (IMsgSpoolData *self)
{
  g_clear_pointer (&self->buffer, buffer_unref);
  g_clear_pointer (&self->pages, _imsg_spool_pages_free);
  self->n_bytes = 0;
  self->n_published = 0;
}

void
_imsg_spool_data_free (IMsgSpoolData *self)
{
  reset (self);
  g_free (self);
}

gboolean
_imsg_spool_data_set_blob (IMsgSpoolData  *self,
                           IMsgBlob       *blob,
                           GCancellable   *cancellable,
                           GError        **error)
{
  guint64 n_bytes = _imsg_blob_get_size (blob);
  g_autoptr(GBytes) bytes = NULL;
  gsize n_read = 0;
  gconstpointer data = NULL;

  if (n_bytes > MEMORY_MAX)
    {
      reset (self);
      self->pages = _imsg_spool_pages_new (blob);
      return TRUE;
    }
  bytes = _imsg_blob_read_all (blob, MEMORY_MAX, cancellable, error);
  if (bytes == NULL)
    return FALSE;
  reset (self);
  data = g_bytes_get_data (bytes, &n_read);
  return n_read == 0 || _imsg_spool_data_write (self, 0, data, n_read, error);
}

guint64
_imsg_spool_data_get_size (const IMsgSpoolData *self)
{
  return self->pages != NULL ? _imsg_spool_pages_get_size (self->pages) : self->n_bytes;
}

IMsgBlob *
_imsg_spool_data_snapshot (IMsgSpoolData *self)
{
  g_autoptr(GBytes) bytes = NULL;

  if (self->pages != NULL)
    return _imsg_spool_pages_snapshot (self->pages);
  if (self->n_bytes == 0)
    return _imsg_blob_new_empty ();
  g_atomic_ref_count_inc (&self->buffer->ref_count);
  self->n_published = MAX (self->n_published, self->n_bytes);
  bytes = g_bytes_new_with_free_func (self->buffer->data, self->n_bytes, buffer_unref,
                                      self->buffer);
  return _imsg_blob_new_for_bytes (bytes);
}

static void
move_to_pages (IMsgSpoolData *self)
{
  g_autoptr(IMsgBlob) blob = _imsg_spool_data_snapshot (self);

  reset (self);
  self->pages = _imsg_spool_pages_new (blob);
}

/* Makes the bytes from start on, up to n_bytes, safe to change: nobody else sees them. Those after
 * the last are zero. */
static void
prepare_buffer (IMsgSpoolData *self,
                guint64        start,
                guint64        n_bytes)
{
  gboolean is_shared = self->buffer != NULL && start < self->n_published &&
                       !g_atomic_ref_count_compare (&self->buffer->ref_count, 1);

  if (self->buffer == NULL || is_shared || n_bytes > self->buffer->n_allocated)
    {
      gsize n_allocated = self->buffer != NULL ? self->buffer->n_allocated : BUFFER_MIN;
      Buffer *buffer = NULL;

      while (n_allocated < n_bytes)
        n_allocated *= 2;
      buffer = buffer_new (n_allocated);
      if (self->buffer != NULL)
        memcpy (buffer->data, self->buffer->data, self->n_bytes);
      g_clear_pointer (&self->buffer, buffer_unref);
      self->buffer = buffer;
      self->n_published = 0;
    }
  if (n_bytes > self->n_bytes)
    {
      memset (self->buffer->data + self->n_bytes, 0, n_bytes - self->n_bytes);
      self->n_bytes = n_bytes;
    }
}

static gboolean
check_size (guint64   offset,
            guint64   n_bytes,
            GError  **error)
{
  if (offset <= STREAM_MAX && n_bytes <= STREAM_MAX - offset)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _("No stream can be that long"));
  return FALSE;
}

gboolean
_imsg_spool_data_write (IMsgSpoolData  *self,
                        guint64         offset,
                        gconstpointer   bytes,
                        gsize           n_bytes,
                        GError        **error)
{
  if (n_bytes == 0)
    return TRUE;
  if (!check_size (offset, n_bytes, error))
    return FALSE;
  if (self->pages == NULL && offset + n_bytes > MEMORY_MAX)
    move_to_pages (self);
  if (self->pages != NULL)
    return _imsg_spool_pages_write (self->pages, offset, bytes, n_bytes, error);

  prepare_buffer (self, MIN (offset, self->n_bytes), offset + n_bytes);
  memcpy (self->buffer->data + offset, bytes, n_bytes);
  return TRUE;
}

gssize
_imsg_spool_data_read (IMsgSpoolData  *self,
                       guint64         offset,
                       gpointer        buffer,
                       gsize           n_bytes,
                       GCancellable   *cancellable,
                       GError        **error)
{
  if (self->pages != NULL)
    return _imsg_spool_pages_read (self->pages, offset, buffer, n_bytes, cancellable, error);
  if (offset >= self->n_bytes)
    return 0;
  n_bytes = MIN (n_bytes, self->n_bytes - offset);
  memcpy (buffer, self->buffer->data + offset, n_bytes);
  return n_bytes;
}

gboolean
_imsg_spool_data_truncate (IMsgSpoolData  *self,
                           guint64         n_bytes,
                           GError        **error)
{
  if (!check_size (0, n_bytes, error))
    return FALSE;
  if (self->pages == NULL && n_bytes > MEMORY_MAX)
    move_to_pages (self);
  if (self->pages != NULL)
    return _imsg_spool_pages_truncate (self->pages, n_bytes, error);
  if (n_bytes > self->n_bytes)
    prepare_buffer (self, self->n_bytes, n_bytes);
  self->n_bytes = n_bytes;
  return TRUE;
}
