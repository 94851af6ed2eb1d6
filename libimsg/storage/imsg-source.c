/* imsg-source.c - positioned reads from bytes in memory or from a file
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-error.h"
#include "imsg-storage-engine-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files up to this size are held in memory: one read, and no descriptor. */
#define MEMORY_FILE_MAX ((guint64) 256 << 10)
/* What has no local path, or no length, is held in memory whatever its size, but not beyond this. */
#define STREAMED_FILE_MAX ((guint64) 1 << 30)
/* Descriptors all sources of the process keep open when nobody reads; the oldest is closed first
 * and reopened by path when needed. */
#define OPEN_FILES_MAX 128

/* Reads smaller than a block come from a cache of blocks that each thread has for itself, so that
 * no lock is taken and nothing is held per open file. Each block has one place there: all of half a
 * MiB, as much as most mini streams have, is there at once. */
#define BLOCK_SIZE ((gsize) 16 << 10)
#define N_BLOCKS 32

struct _IMsgSource
{
  gatomicrefcount ref_count;
  GBytes         *bytes; /* NULL for a file read from disk */
  const guint8   *data;  /* of bytes */
  IMsgBlob       *blob;  /* NULL unless read from one */
  guint64         n_bytes;
  char           *identity; /* atomic: written when first asked for */
  char           *path;
  guint64         serial; /* tells sources apart in the caches of blocks, never reused */
  struct stat     info;   /* of the file when it was opened; no mode: of none */

  /* Under open_files.lock */
  int             fd;      /* -1 when closed */
  guint           n_users; /* reads under way */
  GList           link;    /* in open_files.idle while open, unused and not pinned */
  guint           is_pinned : 1;
};

static struct
{
  GMutex lock;
  GQueue idle; /* (element-type IMsgSource), most recently used first, unowned */
  guint  n_open;
} open_files = { .idle = G_QUEUE_INIT };

typedef struct
{
  guint64 serials[N_BLOCKS]; /* 0: empty */
  guint64 numbers[N_BLOCKS];
  guint8  data[N_BLOCKS][BLOCK_SIZE];
} BlockCache;

static GPrivate block_cache = G_PRIVATE_INIT (g_free);

static void
close_idle_files (guint n_left)
{
  while (open_files.n_open > n_left && open_files.idle.tail != NULL)
    {
      IMsgSource *oldest = open_files.idle.tail->data;

      g_queue_unlink (&open_files.idle, &oldest->link);
      close (oldest->fd);
      oldest->fd = -1;
      open_files.n_open--;
    }
}

static int
open_path (const char  *path,
           GError     **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

  if (fd < 0 && (errno == EMFILE || errno == ENFILE))
    {
      g_mutex_lock (&open_files.lock);
      close_idle_files (0);
      g_mutex_unlock (&open_files.lock);
      fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    }
  if (fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 _("“%s” could not be opened: %s"), path, g_strerror (errno));
  return fd;
}

/* The time of the last status change is left out: a new link or mode changes it but no byte. */
static char *
identity_from_stat (const struct stat *info)
{
  return g_strdup_printf ("%" G_GINT64_MODIFIER "x:%" G_GINT64_MODIFIER "x:%" G_GUINT64_FORMAT
                          ":%" G_GINT64_FORMAT ".%09ld",
                          (guint64) info->st_dev, (guint64) info->st_ino, (guint64) info->st_size,
                          (gint64) info->st_mtim.tv_sec, info->st_mtim.tv_nsec);
}

/* Makes sure that a descriptor is of the file first opened, with the bytes it had then. */
static gboolean
check_unchanged (IMsgSource  *self,
                 int          fd,
                 GError     **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("“%s” could not be examined: %s"), self->path, g_strerror (errno));
      return FALSE;
    }
  if (info.st_dev == self->info.st_dev && info.st_ino == self->info.st_ino &&
      (guint64) info.st_size == self->n_bytes &&
      info.st_mtim.tv_sec == self->info.st_mtim.tv_sec &&
      info.st_mtim.tv_nsec == self->info.st_mtim.tv_nsec)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED,
               _("“%s” changed since it was opened"), self->path);
  return FALSE;
}

static int
reopen (IMsgSource  *self,
        GError     **error)
{
  int fd = open_path (self->path, error);

  if (fd >= 0 && !check_unchanged (self, fd, error))
    {
      close (fd);
      fd = -1;
    }
  return fd;
}

static int
acquire_fd (IMsgSource  *self,
            GError     **error)
{
  int fd = -1;

  g_mutex_lock (&open_files.lock);
  if (self->fd < 0)
    {
      g_mutex_unlock (&open_files.lock);
      fd = reopen (self, error);
      if (fd < 0)
        return -1;
      g_mutex_lock (&open_files.lock);
      if (self->fd < 0)
        {
          self->fd = fd;
          open_files.n_open++;
        }
      else
        {
          /* Another thread was faster; its descriptor is in the list if it is done with it. */
          close (fd);
          if (self->n_users == 0 && !self->is_pinned)
            g_queue_unlink (&open_files.idle, &self->link);
        }
    }
  else if (self->n_users == 0 && !self->is_pinned)
    g_queue_unlink (&open_files.idle, &self->link);
  self->n_users++;
  fd = self->fd;
  g_mutex_unlock (&open_files.lock);
  return fd;
}

static void
release_fd (IMsgSource *self)
{
  g_mutex_lock (&open_files.lock);
  self->n_users--;
  if (self->n_users == 0 && !self->is_pinned)
    {
      g_queue_push_head_link (&open_files.idle, &self->link);
      close_idle_files (OPEN_FILES_MAX);
    }
  g_mutex_unlock (&open_files.lock);
}

gssize
_imsg_descriptor_read (int           fd,
                       const char   *path,
                       guint64       offset,
                       guint8       *buffer,
                       gsize         n_bytes,
                       GError      **error)
{
  gsize n_read = 0;

  while (n_read < n_bytes)
    {
      gssize n = pread (fd, buffer + n_read, MIN (n_bytes - n_read, 1 << 30), offset + n_read);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                       _("“%s” could not be read: %s"), path, g_strerror (errno));
          return -1;
        }
      if (n == 0)
        break;
      n_read += n;
    }
  return n_read;
}

static IMsgSource *
source_new (GBytes     *bytes,
            guint64     n_bytes,
            const char *path)
{
  static gint64 last_serial; /* atomic */
  IMsgSource *self = g_new0 (IMsgSource, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = bytes;
  if (bytes != NULL)
    self->data = g_bytes_get_data (bytes, NULL);
  self->n_bytes = n_bytes;
  self->path = g_strdup (path);
  self->serial = __atomic_add_fetch (&last_serial, 1, __ATOMIC_RELAXED);
  self->fd = -1;
  self->link.data = self;
  return self;
}

IMsgSource *
_imsg_source_new_for_bytes (GBytes *bytes)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  return source_new (g_bytes_ref (bytes), g_bytes_get_size (bytes), NULL);
}

IMsgSource *
_imsg_source_new_for_blob (IMsgBlob *blob)
{
  GBytes *bytes = _imsg_blob_peek_bytes (blob);
  IMsgSource *self = NULL;

  if (bytes != NULL)
    return _imsg_source_new_for_bytes (bytes);
  self = source_new (NULL, _imsg_blob_get_size (blob), NULL);
  self->blob = _imsg_blob_ref (blob);
  return self;
}

/* Takes fd over. */
static IMsgSource *
source_new_for_regular_file (int                fd,
                             const char        *path,
                             const struct stat *info,
                             GError           **error)
{
  IMsgSource *self = NULL;

  if ((guint64) info->st_size <= MEMORY_FILE_MAX)
    {
      g_autofree guint8 *data = g_malloc (MAX (info->st_size, 1));
      gssize n_read = _imsg_descriptor_read (fd, path, 0, data, info->st_size, error);

      close (fd);
      if (n_read < 0)
        return NULL;
      self = source_new (g_bytes_new_take (g_steal_pointer (&data), n_read), n_read, NULL);
      self->info = *info;
      return self;
    }

  self = source_new (NULL, info->st_size, path);
  self->info = *info;
  g_mutex_lock (&open_files.lock);
  self->fd = fd;
  open_files.n_open++;
  g_queue_push_head_link (&open_files.idle, &self->link);
  close_idle_files (OPEN_FILES_MAX);
  g_mutex_unlock (&open_files.lock);
  return self;
}

/* What has no positioned reads of its own: everything comes to memory, as it arrives. */
static IMsgSource *
source_new_for_stream (GFile         *file,
                       GInputStream  *stream,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr(GByteArray) bytes = NULL;
  g_autofree guint8 *buffer = NULL;
  guint64 n_bytes = 0;

  bytes = g_byte_array_new ();
  buffer = g_malloc (BLOCK_SIZE);
  while (TRUE)
    {
      gssize n = g_input_stream_read (stream, buffer, BLOCK_SIZE, cancellable, error);

      if (n < 0)
        return NULL;
      if (n == 0)
        break;
      if (bytes->len + (guint64) n > STREAMED_FILE_MAX)
        {
          g_autofree char *uri = g_file_get_uri (file);

          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "“%s” has no local path and over %" PRIu64 " byte",
                                    "“%s” has no local path and over %" PRIu64 " bytes",
                                    STREAMED_FILE_MAX),
                       uri, STREAMED_FILE_MAX);
          return NULL;
        }
      g_byte_array_append (bytes, buffer, n);
    }
  n_bytes = bytes->len;
  return source_new (g_byte_array_free_to_bytes (g_steal_pointer (&bytes)), n_bytes, NULL);
}

/* Takes fd over; a pipe can be opened only once. */
static IMsgSource *
source_new_for_pipe (GFile         *file,
                     int            fd,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(GInputStream) stream = g_unix_input_stream_new (fd, TRUE);

  return source_new_for_stream (file, stream, cancellable, error);
}

static IMsgSource *
source_new_for_streamed_file (GFile         *file,
                              GCancellable  *cancellable,
                              GError       **error)
{
  g_autoptr(GFileInputStream) stream = g_file_read (file, cancellable, error);

  return stream == NULL ? NULL
                        : source_new_for_stream (file, G_INPUT_STREAM (stream), cancellable, error);
}

IMsgSource *
_imsg_source_new_for_file (GFile         *file,
                           GCancellable  *cancellable,
                           GError       **error)
{
  const char *path = NULL;
  struct stat info;
  int fd = -1;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  path = g_file_peek_path (file);
  if (path == NULL)
    return source_new_for_streamed_file (file, cancellable, error);

  fd = open_path (path, error);
  if (fd < 0)
    return NULL;
  if (fstat (fd, &info) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("“%s” could not be examined: %s"), path, g_strerror (errno));
      close (fd);
      return NULL;
    }
  if (S_ISREG (info.st_mode))
    return source_new_for_regular_file (fd, path, &info, error);

  if (S_ISDIR (info.st_mode))
    {
      close (fd);
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (EISDIR),
                   _("“%s” could not be read: %s"), path, g_strerror (EISDIR));
      return NULL;
    }
  return source_new_for_pipe (file, fd, cancellable, error);
}

IMsgSource *
_imsg_source_ref (IMsgSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
_imsg_source_unref (IMsgSource *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->path != NULL)
    {
      g_mutex_lock (&open_files.lock);
      if (self->fd >= 0)
        {
          if (!self->is_pinned)
            {
              g_queue_unlink (&open_files.idle, &self->link);
              open_files.n_open--;
            }
          close (self->fd);
        }
      g_mutex_unlock (&open_files.lock);
    }
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->blob, _imsg_blob_unref);
  g_free (self->identity);
  g_free (self->path);
  g_free (self);
}

guint64
_imsg_source_get_size (IMsgSource *self)
{
  return self->n_bytes;
}

guint
_imsg_source_get_n_open (void)
{
  guint n_open;

  g_mutex_lock (&open_files.lock);
  n_open = open_files.n_open;
  g_mutex_unlock (&open_files.lock);
  return n_open;
}

const char *
_imsg_source_get_identity (IMsgSource *self)
{
  char *identity = g_atomic_pointer_get (&self->identity);

  /* Few ask, and it takes as long as reading a small file. */
  if (identity == NULL && self->info.st_mode != 0)
    {
      identity = identity_from_stat (&self->info);
      if (!g_atomic_pointer_compare_and_exchange (&self->identity, NULL, identity))
        {
          g_free (identity);
          identity = g_atomic_pointer_get (&self->identity);
        }
    }
  return identity;
}

GBytes *
_imsg_source_peek_bytes (IMsgSource *self)
{
  return self->bytes;
}

gsize
_imsg_source_get_memory_use (IMsgSource *self)
{
  return sizeof *self + (self->bytes != NULL ? self->n_bytes : 0);
}

const guint8 *
_imsg_source_peek (IMsgSource *self,
                   guint64     offset,
                   gsize       n_bytes)
{
  if (self->data == NULL || offset > self->n_bytes || n_bytes > self->n_bytes - offset)
    return NULL;
  return self->data + offset;
}

gboolean
_imsg_source_pin (IMsgSource  *self,
                  GError     **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->path == NULL)
    return TRUE;
  if (acquire_fd (self, error) < 0)
    return FALSE;
  g_mutex_lock (&open_files.lock);
  if (!self->is_pinned)
    {
      self->is_pinned = TRUE;
      open_files.n_open--;
    }
  self->n_users--;
  g_mutex_unlock (&open_files.lock);
  return TRUE;
}

char *
_imsg_source_identify_file (GFile   *file,
                            GError **error)
{
  const char *path = NULL;
  struct stat info;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  path = g_file_peek_path (file);
  if (path == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("A file with no local path has no identity"));
      return NULL;
    }
  if (stat (path, &info) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("“%s” could not be examined: %s"), path, g_strerror (errno));
      return NULL;
    }
  return identity_from_stat (&info);
}

static gssize
read_file (IMsgSource  *self,
           guint64      offset,
           guint8      *buffer,
           gsize        n_bytes,
           GError     **error)
{
  int fd = -1;
  gssize n_read = 0;

  if (self->blob != NULL)
    return _imsg_blob_read (self->blob, offset, buffer, n_bytes, NULL, error);
  fd = acquire_fd (self, error);
  if (fd < 0)
    return -1;
  n_read = _imsg_descriptor_read (fd, self->path, offset, buffer, n_bytes, error);
  /* What was read before the file changed is right; so it is enough to look afterwards */
  if (n_read >= 0 && (gsize) n_read == n_bytes && !check_unchanged (self, fd, error))
    n_read = -1;
  release_fd (self);
  if (n_read >= 0 && (gsize) n_read < n_bytes)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED,
                   g_dngettext (GETTEXT_PACKAGE,
                                "“%s” was cut to %" PRIu64 " byte since it was opened",
                                "“%s” was cut to %" PRIu64 " bytes since it was opened",
                                offset + n_read),
                   self->path, offset + n_read);
      return -1;
    }
  return n_read;
}

/* What a blob reads may come through this cache too, and through this very slot */
static gssize
read_aside (IMsgSource  *self,
            guint64      offset,
            gpointer     buffer,
            gsize        n_bytes,
            GError     **error)
{
  g_autofree guint8 *block = g_malloc (n_bytes);
  gssize n_read = read_file (self, offset, block, n_bytes, error);

  if (n_read > 0)
    memcpy (buffer, block, n_read);
  return n_read;
}

static const guint8 *
get_block (IMsgSource  *self,
           guint64      number,
           GError     **error)
{
  BlockCache *cache = g_private_get (&block_cache);
  guint64 offset = number * BLOCK_SIZE;
  gsize n_bytes = MIN (BLOCK_SIZE, self->n_bytes - offset);
  guint slot = number % N_BLOCKS;

  if (cache == NULL)
    {
      cache = g_malloc (sizeof *cache);
      memset (cache->serials, 0, sizeof cache->serials);
      g_private_set (&block_cache, cache);
    }
  if (cache->serials[slot] == self->serial && cache->numbers[slot] == number)
    return cache->data[slot];
  if (self->blob != NULL)
    {
      if (read_aside (self, offset, cache->data[slot], n_bytes, error) < 0)
        return NULL;
    }
  else
    {
      cache->serials[slot] = 0;
      if (read_file (self, offset, cache->data[slot], n_bytes, error) < 0)
        return NULL;
    }
  cache->serials[slot] = self->serial;
  cache->numbers[slot] = number;
  return cache->data[slot];
}

gssize
_imsg_source_read (IMsgSource    *self,
                   guint64        offset,
                   gpointer       buffer,
                   gsize          n_bytes,
                   GCancellable  *cancellable,
                   GError       **error)
{
  gsize n_done = 0;

  if (cancellable != NULL && g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (offset >= self->n_bytes)
    return 0;
  n_bytes = MIN (n_bytes, self->n_bytes - offset);
  n_bytes = MIN (n_bytes, (gsize) G_MAXSSIZE);
  if (self->data != NULL)
    {
      memcpy (buffer, self->data + offset, n_bytes);
      return n_bytes;
    }
  if (n_bytes >= BLOCK_SIZE)
    return read_file (self, offset, buffer, n_bytes, error);

  while (n_done < n_bytes)
    {
      guint64 position = offset + n_done;
      const guint8 *block = get_block (self, position / BLOCK_SIZE, error);
      gsize skip = position % BLOCK_SIZE;
      gsize n = MIN (n_bytes - n_done, BLOCK_SIZE - skip);

      if (block == NULL)
        return -1;
      memcpy ((guint8 *) buffer + n_done, block + skip, n);
      n_done += n;
    }
  return n_done;
}
