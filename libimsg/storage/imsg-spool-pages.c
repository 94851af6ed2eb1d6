/* imsg-spool-pages.c - the large form of a spool: pages over a blob
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-spool-pages-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define PAGE_BYTES ((gsize) 64 << 10)
#define PAGES_PER_LEAF 512
#define SLOT_NONE G_MAXUINT32

/* The temporary file, divided into slots of one page. */
typedef struct
{
  gatomicrefcount ref_count;
  GMutex          lock;  /* over uses and free: snapshots die in any thread */
  int             fd;    /* -1 until the first page */
  GArray         *uses;  /* (element-type guint32): the leaves that name each slot */
  GArray         *free;  /* (element-type guint32): slots to use again */
} Store;

/* Where 32 MiB of content are; shared with snapshots until written to. */
typedef struct
{
  gatomicrefcount ref_count;
  guint32         slots[PAGES_PER_LEAF]; /* SLOT_NONE: not written over */
} Leaf;

struct _IMsgSpoolPages
{
  Store     *store;
  IMsgBlob  *base;
  guint64    n_base; /* bytes of base that were not cut off */
  guint64    n_bytes;
  guint64    n_published; /* bytes that a snapshot may show; only in what is written to */
  GPtrArray *leaves; /* (element-type Leaf) (nullable elements) */
};

static Store *
store_new (void)
{
  Store *store = g_new0 (Store, 1);

  g_atomic_ref_count_init (&store->ref_count);
  g_mutex_init (&store->lock);
  store->fd = -1;
  store->uses = g_array_new (FALSE, FALSE, sizeof (guint32));
  store->free = g_array_new (FALSE, FALSE, sizeof (guint32));
  return store;
}

static void
store_unref (Store *store)
{
  if (!g_atomic_ref_count_dec (&store->ref_count))
    return;
  if (store->fd >= 0)
    close (store->fd);
  g_array_unref (store->uses);
  g_array_unref (store->free);
  g_mutex_clear (&store->lock);
  g_free (store);
}

static gboolean
store_open (Store   *store,
            GError **error)
{
  g_autofree char *path = NULL;
  int saved_errno = 0;

  if (store->fd >= 0)
    return TRUE;
#ifdef O_TMPFILE
  store->fd = open (g_get_tmp_dir (), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (store->fd >= 0)
    return TRUE;
#endif
  path = g_build_filename (g_get_tmp_dir (), "imsg-spool-XXXXXX", NULL);
  store->fd = mkostemp (path, O_CLOEXEC);
  saved_errno = errno;
  if (store->fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                   _("No temporary file in “%s”: %s"), g_get_tmp_dir (), g_strerror (saved_errno));
      return FALSE;
    }
  unlink (path);
  return TRUE;
}

/* *is_fresh: nothing was ever written to it, so what is not written reads as zero. */
static guint32
store_take_slot (Store    *store,
                 gboolean *is_fresh)
{
  const guint32 one = 1;
  guint32 slot = 0;

  g_mutex_lock (&store->lock);
  *is_fresh = store->free->len == 0;
  if (*is_fresh)
    {
      slot = store->uses->len;
      g_array_append_val (store->uses, one);
    }
  else
    {
      slot = g_array_index (store->free, guint32, store->free->len - 1);
      g_array_set_size (store->free, store->free->len - 1);
      g_array_index (store->uses, guint32, slot) = 1;
    }
  g_mutex_unlock (&store->lock);
  return slot;
}

static void
drop_slot_locked (Store   *store,
                  guint32  slot)
{
  if (--g_array_index (store->uses, guint32, slot) == 0)
    g_array_append_val (store->free, slot);
}

static void
store_drop_slot (Store   *store,
                 guint32  slot)
{
  g_mutex_lock (&store->lock);
  drop_slot_locked (store, slot);
  g_mutex_unlock (&store->lock);
}

static gboolean
store_is_sole_use (Store   *store,
                   guint32  slot)
{
  gboolean is_sole = FALSE;

  g_mutex_lock (&store->lock);
  is_sole = g_array_index (store->uses, guint32, slot) == 1;
  g_mutex_unlock (&store->lock);
  return is_sole;
}

static gboolean
store_write (Store         *store,
             guint64        offset,
             const guint8  *bytes,
             gsize          n_bytes,
             GError       **error)
{
  gsize n_done = 0;

  while (n_done < n_bytes)
    {
      gssize n = pwrite (store->fd, bytes + n_done, n_bytes - n_done, offset + n_done);
      int saved_errno = errno;

      if (n < 0 && saved_errno == EINTR)
        continue;
      if (n <= 0)
        {
          if (n == 0)
            saved_errno = ENOSPC;
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                       _("A temporary file could not be written: %s"), g_strerror (saved_errno));
          return FALSE;
        }
      n_done += n;
    }
  return TRUE;
}

/* Behind the end of the file all is zero: pages are written as far as they hold something. */
static gboolean
store_read (Store    *store,
            guint64   offset,
            guint8   *buffer,
            gsize     n_bytes,
            GError  **error)
{
  gsize n_done = 0;

  while (n_done < n_bytes)
    {
      gssize n = pread (store->fd, buffer + n_done, n_bytes - n_done, offset + n_done);
      int saved_errno = errno;

      if (n < 0 && saved_errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                       _("A temporary file could not be read: %s"), g_strerror (saved_errno));
          return FALSE;
        }
      if (n == 0)
        {
          memset (buffer + n_done, 0, n_bytes - n_done);
          break;
        }
      n_done += n;
    }
  return TRUE;
}

static Leaf *
leaf_new (void)
{
  Leaf *leaf = g_new (Leaf, 1);

  g_atomic_ref_count_init (&leaf->ref_count);
  memset (leaf->slots, 0xFF, sizeof leaf->slots);
  return leaf;
}

static Leaf *
leaf_copy (const Leaf *leaf,
           Store      *store)
{
  Leaf *copy = g_new (Leaf, 1);

  g_atomic_ref_count_init (&copy->ref_count);
  memcpy (copy->slots, leaf->slots, sizeof copy->slots);
  g_mutex_lock (&store->lock);
  for (guint i = 0; i < PAGES_PER_LEAF; i++)
    if (copy->slots[i] != SLOT_NONE)
      g_array_index (store->uses, guint32, copy->slots[i])++;
  g_mutex_unlock (&store->lock);
  return copy;
}

static void
leaf_unref (Leaf  *leaf,
            Store *store)
{
  if (leaf == NULL || !g_atomic_ref_count_dec (&leaf->ref_count))
    return;
  g_mutex_lock (&store->lock);
  for (guint i = 0; i < PAGES_PER_LEAF; i++)
    if (leaf->slots[i] != SLOT_NONE)
      drop_slot_locked (store, leaf->slots[i]);
  g_mutex_unlock (&store->lock);
  g_free (leaf);
}

IMsgSpoolPages *
_imsg_spool_pages_new (IMsgBlob *base)
{
  IMsgSpoolPages *self = g_new0 (IMsgSpoolPages, 1);

  self->store = store_new ();
  self->base = _imsg_blob_ref (base);
  self->n_base = self->n_bytes = _imsg_blob_get_size (base);
  self->leaves = g_ptr_array_new ();
  return self;
}

void
_imsg_spool_pages_free (IMsgSpoolPages *self)
{
  for (guint i = 0; i < self->leaves->len; i++)
    leaf_unref (g_ptr_array_index (self->leaves, i), self->store);
  g_ptr_array_unref (self->leaves);
  _imsg_blob_unref (self->base);
  store_unref (self->store);
  g_free (self);
}

guint64
_imsg_spool_pages_get_size (const IMsgSpoolPages *self)
{
  return self->n_bytes;
}

static Leaf *
get_leaf (const IMsgSpoolPages *self,
          guint64               page)
{
  guint64 i = page / PAGES_PER_LEAF;

  return i < self->leaves->len ? g_ptr_array_index (self->leaves, i) : NULL;
}

static guint32
get_slot (const IMsgSpoolPages *self,
          guint64               page)
{
  const Leaf *leaf = get_leaf (self, page);

  return leaf != NULL ? leaf->slots[page % PAGES_PER_LEAF] : SLOT_NONE;
}

/* A leaf that nobody else sees, to write to. */
static Leaf *
ensure_leaf (IMsgSpoolPages *self,
             guint64         page)
{
  guint i = page / PAGES_PER_LEAF;
  Leaf *leaf = get_leaf (self, page);
  Leaf *own = NULL;

  if (leaf != NULL && g_atomic_ref_count_compare (&leaf->ref_count, 1))
    return leaf;
  own = leaf != NULL ? leaf_copy (leaf, self->store) : leaf_new ();
  leaf_unref (leaf, self->store);
  if (i >= self->leaves->len)
    g_ptr_array_set_size (self->leaves, i + 1);
  g_ptr_array_index (self->leaves, i) = own;
  return own;
}

/* What lies in the base there, and zero where it has nothing. */
static gboolean
read_base (const IMsgSpoolPages *self,
           guint64               offset,
           guint8               *buffer,
           gsize                 n_bytes,
           GCancellable         *cancellable,
           GError              **error)
{
  gsize n_wanted = offset < self->n_base ? MIN (n_bytes, self->n_base - offset) : 0;
  gsize n_done = 0;

  while (n_done < n_wanted)
    {
      gssize n = _imsg_blob_read (self->base, offset + n_done, buffer + n_done, n_wanted - n_done,
                                  cancellable, error);

      if (n < 0)
        return FALSE;
      if (n == 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                               _("A stream ended before its size"));
          return FALSE;
        }
      n_done += n;
    }
  memset (buffer + n_done, 0, n_bytes - n_done);
  return TRUE;
}

/* Reads no further than one page unless many have the same home. */
static gssize
read_some (const IMsgSpoolPages  *self,
           guint64                offset,
           guint8                *buffer,
           gsize                  n_bytes,
           GCancellable          *cancellable,
           GError               **error)
{
  guint64 page = offset / PAGE_BYTES;
  gsize in_page = offset % PAGE_BYTES;
  guint32 slot = get_slot (self, page);
  gsize n_here = PAGE_BYTES - in_page;

  for (guint64 next = page + 1; n_here < n_bytes; next++)
    {
      guint32 next_slot = get_slot (self, next);

      if (slot == SLOT_NONE ? next_slot != SLOT_NONE : next_slot != slot + (next - page))
        break;
      n_here += PAGE_BYTES;
    }
  n_here = MIN (n_here, n_bytes);
  if (slot == SLOT_NONE)
    return read_base (self, offset, buffer, n_here, cancellable, error) ? (gssize) n_here : -1;
  return store_read (self->store, slot * (guint64) PAGE_BYTES + in_page, buffer, n_here, error)
           ? (gssize) n_here : -1;
}

gssize
_imsg_spool_pages_read (IMsgSpoolPages  *self,
                        guint64          offset,
                        gpointer         buffer,
                        gsize            n_bytes,
                        GCancellable    *cancellable,
                        GError         **error)
{
  gsize n_done = 0;

  if (offset >= self->n_bytes)
    return 0;
  n_bytes = MIN (n_bytes, self->n_bytes - offset);
  n_bytes = MIN (n_bytes, (gsize) G_MAXSSIZE);
  while (n_done < n_bytes)
    {
      gssize n = read_some (self, offset + n_done, (guint8 *) buffer + n_done, n_bytes - n_done,
                            cancellable, error);

      if (n < 0)
        return -1;
      n_done += n;
    }
  return n_done;
}

/* Writes within one page. Bytes no snapshot shows are written where they are; else the page moves
 * to a slot of its own. */
static gboolean
write_page (IMsgSpoolPages  *self,
            guint64          offset,
            const guint8    *bytes,
            gsize            n_bytes,
            GError         **error)
{
  guint64 page = offset / PAGE_BYTES;
  gsize in_page = offset % PAGE_BYTES;
  Leaf *leaf = get_leaf (self, page);
  guint32 old_slot = get_slot (self, page);
  guint32 slot = 0;
  gboolean is_fresh = FALSE;
  g_autofree guint8 *whole = NULL;
  gsize n_whole = n_bytes;

  if (old_slot != SLOT_NONE &&
      (offset >= self->n_published || (g_atomic_ref_count_compare (&leaf->ref_count, 1) &&
                                       store_is_sole_use (self->store, old_slot))))
    return store_write (self->store, old_slot * (guint64) PAGE_BYTES + in_page, bytes, n_bytes,
                        error);

  if (!store_open (self->store, error))
    return FALSE;
  if (n_bytes < PAGE_BYTES)
    {
      guint64 start = page * PAGE_BYTES;
      gsize n_old = start < self->n_bytes ? MIN (PAGE_BYTES, self->n_bytes - start) : 0;

      whole = g_malloc0 (PAGE_BYTES);
      if (n_old > 0 && _imsg_spool_pages_read (self, start, whole, n_old, NULL, error) < 0)
        return FALSE;
      memcpy (whole + in_page, bytes, n_bytes);
      bytes = whole;
      n_whole = MAX (n_old, in_page + n_bytes);
    }
  slot = store_take_slot (self->store, &is_fresh);
  if (!is_fresh)
    n_whole = PAGE_BYTES;
  if (!store_write (self->store, slot * (guint64) PAGE_BYTES, bytes, n_whole, error))
    {
      store_drop_slot (self->store, slot);
      return FALSE;
    }
  leaf = ensure_leaf (self, page);
  if (old_slot != SLOT_NONE)
    store_drop_slot (self->store, old_slot);
  leaf->slots[page % PAGES_PER_LEAF] = slot;
  return TRUE;
}

gboolean
_imsg_spool_pages_write (IMsgSpoolPages  *self,
                         guint64          offset,
                         gconstpointer    bytes,
                         gsize            n_bytes,
                         GError         **error)
{
  gsize n_done = 0;

  while (n_done < n_bytes)
    {
      guint64 position = offset + n_done;
      gsize n = MIN (n_bytes - n_done, PAGE_BYTES - position % PAGE_BYTES);

      if (!write_page (self, position, (const guint8 *) bytes + n_done, n, error))
        return FALSE;
      n_done += n;
      self->n_bytes = MAX (self->n_bytes, position + n);
    }
  return TRUE;
}

gboolean
_imsg_spool_pages_truncate (IMsgSpoolPages  *self,
                            guint64          n_bytes,
                            GError         **error)
{
  if (n_bytes < self->n_bytes)
    {
      guint64 n_pages = (n_bytes + PAGE_BYTES - 1) / PAGE_BYTES;
      guint n_leaves = (n_pages + PAGES_PER_LEAF - 1) / PAGES_PER_LEAF;

      /* What is cut off must read as zero should the stream grow again. */
      if (n_bytes % PAGE_BYTES != 0 && get_slot (self, n_bytes / PAGE_BYTES) != SLOT_NONE)
        {
          g_autofree guint8 *zeros = g_malloc0 (PAGE_BYTES);
          gsize n_tail = MIN (n_pages * PAGE_BYTES, self->n_bytes) - n_bytes;

          if (!write_page (self, n_bytes, zeros, n_tail, error))
            return FALSE;
        }
      for (guint64 page = n_pages; page < (guint64) self->leaves->len * PAGES_PER_LEAF &&
                                   page % PAGES_PER_LEAF != 0; page++)
        if (get_slot (self, page) != SLOT_NONE)
          {
            Leaf *leaf = ensure_leaf (self, page);

            store_drop_slot (self->store, leaf->slots[page % PAGES_PER_LEAF]);
            leaf->slots[page % PAGES_PER_LEAF] = SLOT_NONE;
          }
      for (guint i = n_leaves; i < self->leaves->len; i++)
        leaf_unref (g_ptr_array_index (self->leaves, i), self->store);
      if (n_leaves < self->leaves->len)
        g_ptr_array_set_size (self->leaves, n_leaves);
      self->n_base = MIN (self->n_base, n_bytes);
    }
  self->n_bytes = n_bytes;
  return TRUE;
}

/* --- what a snapshot is --- */

static gssize
snapshot_read (gpointer       source,
               guint64        offset,
               gpointer       buffer,
               gsize          n_bytes,
               GCancellable  *cancellable,
               GError       **error)
{
  return _imsg_spool_pages_read (source, offset, buffer, n_bytes, cancellable, error);
}

static void
snapshot_free (gpointer source)
{
  _imsg_spool_pages_free (source);
}

static const IMsgBlobClass snapshot_class = { snapshot_read, snapshot_free };

IMsgBlob *
_imsg_spool_pages_snapshot (IMsgSpoolPages *self)
{
  IMsgSpoolPages *snapshot = g_new0 (IMsgSpoolPages, 1);

  self->n_published = MAX (self->n_published, self->n_bytes);
  g_atomic_ref_count_inc (&self->store->ref_count);
  snapshot->store = self->store;
  snapshot->base = _imsg_blob_ref (self->base);
  snapshot->n_base = self->n_base;
  snapshot->n_bytes = self->n_bytes;
  snapshot->leaves = g_ptr_array_new ();
  for (guint i = 0; i < self->leaves->len; i++)
    {
      Leaf *leaf = g_ptr_array_index (self->leaves, i);

      if (leaf != NULL)
        g_atomic_ref_count_inc (&leaf->ref_count);
      g_ptr_array_add (snapshot->leaves, leaf);
    }
  return _imsg_blob_new (&snapshot_class, snapshot, snapshot->n_bytes);
}
