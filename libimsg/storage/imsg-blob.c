/* imsg-blob.c - immutable bytes that need not be in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-blob-private.h"
#include "imsg-error.h"

#include <string.h>

struct _IMsgBlob
{
  gatomicrefcount      ref_count;
  const IMsgBlobClass *klass;  /* NULL when bytes is set */
  gpointer             source; /* freed by the class */
  GBytes              *bytes;
  guint64              n_bytes;
};

IMsgBlob *
_imsg_blob_new (const IMsgBlobClass *klass,
                gpointer             source,
                guint64              n_bytes)
{
  IMsgBlob *self = g_new0 (IMsgBlob, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->klass = klass;
  self->source = source;
  self->n_bytes = n_bytes;
  return self;
}

IMsgBlob *
_imsg_blob_new_for_bytes (GBytes *bytes)
{
  IMsgBlob *self = _imsg_blob_new (NULL, NULL, g_bytes_get_size (bytes));

  self->bytes = g_bytes_ref (bytes);
  return self;
}

IMsgBlob *
_imsg_blob_new_empty (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("", 0);

  return _imsg_blob_new_for_bytes (bytes);
}

IMsgBlob *
_imsg_blob_ref (IMsgBlob *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
_imsg_blob_unref (IMsgBlob *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->klass != NULL)
    self->klass->free (self->source);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

guint64
_imsg_blob_get_size (const IMsgBlob *self)
{
  return self->n_bytes;
}

GBytes *
_imsg_blob_peek_bytes (IMsgBlob *self)
{
  return self->bytes;
}

gssize
_imsg_blob_read (IMsgBlob      *self,
                 guint64        offset,
                 gpointer       buffer,
                 gsize          n_bytes,
                 GCancellable  *cancellable,
                 GError       **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (offset >= self->n_bytes)
    return 0;
  n_bytes = MIN (n_bytes, self->n_bytes - offset);
  if (self->bytes != NULL)
    {
      memcpy (buffer, (const guint8 *) g_bytes_get_data (self->bytes, NULL) + offset, n_bytes);
      return n_bytes;
    }
  return self->klass->read (self->source, offset, buffer, n_bytes, cancellable, error);
}
