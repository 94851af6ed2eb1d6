/* imsg-blob.c - immutable bytes that need not be in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-blob-private.h"
#include "imsg-error.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define FIRST_SLICE ((gsize) 1 << 20)

struct _IMsgBlob
{
  gatomicrefcount      ref_count;
  const IMsgBlobClass *klass;  /* NULL when bytes is set */
  gpointer             source; /* freed by the class */
  GBytes              *bytes;  /* atomic: of a part of whole it is made when asked for */
  GBytes              *whole;  /* what data is a part of, or NULL */
  const guint8        *data;   /* in bytes or in whole; NULL when a class reads */
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
  self->data = g_bytes_get_data (bytes, NULL);
  return self;
}

IMsgBlob *
_imsg_blob_new_for_part (GBytes *whole,
                         gsize   offset,
                         gsize   n_bytes)
{
  IMsgBlob *self = NULL;

  g_assert (offset <= g_bytes_get_size (whole) && n_bytes <= g_bytes_get_size (whole) - offset);
  self = _imsg_blob_new (NULL, NULL, n_bytes);
  self->whole = g_bytes_ref (whole);
  self->data = (const guint8 *) g_bytes_get_data (whole, NULL) + offset;
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
  g_clear_pointer (&self->whole, g_bytes_unref);
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
  GBytes *bytes = g_atomic_pointer_get (&self->bytes);

  if (bytes == NULL && self->whole != NULL)
    {
      gsize offset = self->data - (const guint8 *) g_bytes_get_data (self->whole, NULL);

      bytes = g_bytes_new_from_bytes (self->whole, offset, self->n_bytes);
      if (!g_atomic_pointer_compare_and_exchange (&self->bytes, NULL, bytes))
        {
          /* Another thread was faster. */
          g_bytes_unref (bytes);
          bytes = g_atomic_pointer_get (&self->bytes);
        }
    }
  return bytes;
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
  if (self->data != NULL)
    {
      memcpy (buffer, self->data + offset, n_bytes);
      return n_bytes;
    }
  return self->klass->read (self->source, offset, buffer, n_bytes, cancellable, error);
}

/* Allocates what arrives, not what is promised: a damaged stream may claim far more than it has. */
static GBytes *
read_in_slices (IMsgBlob      *self,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autofree guint8 *data = NULL;
  gsize n_allocated = 0;
  gsize n_done = 0;

  while (n_done < self->n_bytes)
    {
      gssize n = 0;

      if (n_done == n_allocated)
        {
          guint8 *larger = NULL;

          n_allocated = MIN (MAX (n_allocated * 2, FIRST_SLICE), self->n_bytes);
          larger = g_try_realloc (data, n_allocated);
          if (larger == NULL)
            {
              g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_ENOUGH_MEMORY,
                           g_dngettext (GETTEXT_PACKAGE,
                                        "No memory for %" PRIu64 " byte of a stream",
                                        "No memory for %" PRIu64 " bytes of a stream",
                                        self->n_bytes),
                           self->n_bytes);
              return NULL;
            }
          data = larger;
        }
      n = _imsg_blob_read (self, n_done, data + n_done, n_allocated - n_done, cancellable, error);
      if (n < 0)
        return NULL;
      if (n == 0)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "A stream of %" PRIu64 " byte ends after %zu",
                                    "A stream of %" PRIu64 " bytes ends after %zu",
                                    self->n_bytes),
                       self->n_bytes, n_done);
          return NULL;
        }
      n_done += n;
    }
  return g_bytes_new_take (g_steal_pointer (&data), n_done);
}

GBytes *
_imsg_blob_read_all (IMsgBlob      *self,
                     guint64        max_bytes,
                     GCancellable  *cancellable,
                     GError       **error)
{
  if (self->n_bytes > max_bytes || self->n_bytes > G_MAXSSIZE)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   g_dngettext (GETTEXT_PACKAGE,
                                "A stream of %" PRIu64 " byte is over the limit of %" PRIu64,
                                "A stream of %" PRIu64 " bytes is over the limit of %" PRIu64,
                                self->n_bytes),
                   self->n_bytes, max_bytes);
      return NULL;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (self->data != NULL || self->bytes != NULL)
    return g_bytes_ref (_imsg_blob_peek_bytes (self));
  return read_in_slices (self, cancellable, error);
}
