/* imsg-blob-clip.c - the part of a damaged stream that can be read
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-blob-private.h"
#include "imsg-error.h"

static gssize
clipped_read (gpointer       source,
              guint64        offset,
              gpointer       buffer,
              gsize          n_bytes,
              GCancellable  *cancellable,
              GError       **error)
{
  return _imsg_blob_read (source, offset, buffer, n_bytes, cancellable, error);
}

static void
clipped_free (gpointer source)
{
  _imsg_blob_unref (source);
}

static const IMsgBlobClass clipped_class = { clipped_read, clipped_free };

/* The readable part is always the first. A failed read is no damage: that is left to be met again,
 * and reported, when the stream is copied. */
IMsgBlob *
_imsg_blob_clip (IMsgBlob *self)
{
  guint64 low = 0;
  guint64 high = _imsg_blob_get_size (self);
  guint64 n_bytes = high;

  while (low < high)
    {
      g_autoptr(GError) error = NULL;
      guint64 middle = high == n_bytes && low == 0 ? high - 1 : low + (high - low) / 2;
      guint8 byte = 0;
      gssize n = _imsg_blob_read (self, middle, &byte, 1, NULL, &error);

      if (n == 1)
        low = middle + 1;
      else if (n == 0 || g_error_matches (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA))
        high = middle;
      else
        return self;
    }
  return low == n_bytes ? self : _imsg_blob_new (&clipped_class, self, low);
}

IMsgBlob *
_imsg_blob_clip_text (IMsgBlob *self,
                      gsize     unit)
{
  guint64 n_bytes = _imsg_blob_get_size (self);
  guint64 n_text = n_bytes;

  while (n_text > 0 && n_bytes % unit == 0)
    {
      guint8 tail[256];
      gsize n_tail = (gsize) MIN (n_text, sizeof tail);
      gsize n_kept = n_tail;

      if (_imsg_blob_read (self, n_text - n_tail, tail, n_tail, NULL, NULL) != (gssize) n_tail)
        break;
      while (n_kept > 0 && tail[n_kept - 1] == 0 && tail[n_kept - unit] == 0)
        n_kept -= unit;
      n_text -= n_tail - n_kept;
      if (n_kept > 0)
        break;
    }
  return n_text == n_bytes ? self : _imsg_blob_new (&clipped_class, self, n_text);
}

GBytes *
_imsg_blob_read_readable (IMsgBlob      *self,
                          guint64        max_bytes,
                          gboolean      *is_cut,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(IMsgBlob) clipped = NULL;
  GBytes *bytes = _imsg_blob_read_all (self, max_bytes, cancellable, &local_error);

  *is_cut = FALSE;
  if (bytes != NULL)
    return bytes;
  if (g_error_matches (local_error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA))
    {
      clipped = _imsg_blob_clip (_imsg_blob_ref (self));
      *is_cut = _imsg_blob_get_size (clipped) > 0;
    }
  if (*is_cut)
    return _imsg_blob_read_all (clipped, max_bytes, cancellable, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}
