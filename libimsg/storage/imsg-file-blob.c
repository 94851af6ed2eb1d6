/* imsg-file-blob.c - a file of somebody else as a blob, without copying it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-error.h"
#include "imsg-storage-engine-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
# include <linux/fs.h>
# include <sys/ioctl.h>
#endif

/* A file changed as lately as this could change again and keep its time: FAT counts in steps of
 * two seconds, others as the clock ticks. */
#define UNSETTLED_US (2 * G_USEC_PER_SEC)

typedef struct
{
  char           *path;
  int             fd;
  guint64         n_bytes;
  struct timespec modified;
  guint           is_clone : 1; /* ours alone: nobody changes it */
} HeldFile;

/* What was read before the file changed is right; so it is enough to look afterwards. The time of
 * the last status change is left out: removing or renaming the file changes that but no byte. */
static gboolean
check_unchanged (const HeldFile  *self,
                 GError         **error)
{
  struct stat info;

  if (self->is_clone)
    return TRUE;
  if (fstat (self->fd, &info) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("“%s” could not be examined: %s"), self->path, g_strerror (errno));
      return FALSE;
    }
  if ((guint64) info.st_size == self->n_bytes && info.st_mtim.tv_sec == self->modified.tv_sec &&
      info.st_mtim.tv_nsec == self->modified.tv_nsec)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED,
               _("“%s” was changed after it was attached and before it was saved"), self->path);
  return FALSE;
}

static gssize
held_read (gpointer       source,
           guint64        offset,
           gpointer       buffer,
           gsize          n_bytes,
           GCancellable  *cancellable,
           GError       **error)
{
  const HeldFile *self = source;
  gssize n_read = _imsg_descriptor_read (self->fd, self->path, offset, buffer, n_bytes, error);

  return n_read < 0 || check_unchanged (self, error) ? n_read : -1;
}

static void
held_free (gpointer source)
{
  HeldFile *self = source;

  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self);
}

static const IMsgBlobClass held_class = { held_read, held_free };

/* A file without a name that shares its blocks with fd, where the file system can do that; -1
 * where not. */
static int
clone_into (const char *folder,
            int         fd)
{
#if defined (FICLONE) && defined (O_TMPFILE)
  int clone = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (clone < 0 || ioctl (clone, FICLONE, fd) == 0)
    return clone;
  close (clone);
#endif
  return -1;
}

/* Both must be of one file system, and that may be the one of the temporary files or that of the
 * file. */
static void
try_clone (HeldFile *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  struct stat info;
  int clone = clone_into (g_get_tmp_dir (), self->fd);

  if (clone < 0)
    clone = clone_into (folder, self->fd);
  if (clone < 0)
    return;
  if (fstat (clone, &info) != 0)
    {
      close (clone);
      return;
    }
  close (self->fd);
  self->fd = clone;
  self->n_bytes = (guint64) info.st_size;
  self->is_clone = TRUE;
}

/* Of another computer, a file that is removed there is gone for who has it open here as well, and
 * its times come late. */
static gboolean
is_remote (GFile *file)
{
  g_autoptr(GFileInfo) info =
    g_file_query_filesystem_info (file, G_FILE_ATTRIBUTE_FILESYSTEM_REMOTE, NULL, NULL);

  return info == NULL ||
         g_file_info_get_attribute_boolean (info, G_FILE_ATTRIBUTE_FILESYSTEM_REMOTE);
}

static gboolean
is_settled (const struct stat *info)
{
  gint64 modified_us = info->st_mtim.tv_sec * G_USEC_PER_SEC + info->st_mtim.tv_nsec / 1000;

  return ABS (g_get_real_time () - modified_us) > UNSETTLED_US;
}

IMsgBlob *
_imsg_blob_new_for_file (GFile   *file,
                         guint64  max_copied)
{
  const char *path = g_file_peek_path (file);
  HeldFile *self = NULL;
  struct stat info;

  /* Looked at first: opening a pipe would wait for who writes to it. */
  if (path == NULL || stat (path, &info) != 0 || !S_ISREG (info.st_mode) ||
      (guint64) info.st_size <= max_copied || is_remote (file))
    return NULL;
  self = g_new0 (HeldFile, 1);
  self->path = g_strdup (path);
  self->fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (self->fd >= 0 && fstat (self->fd, &info) == 0 && S_ISREG (info.st_mode))
    {
      self->n_bytes = (guint64) info.st_size;
      self->modified = info.st_mtim;
      try_clone (self);
      if (self->n_bytes > max_copied && (self->is_clone || is_settled (&info)))
        return _imsg_blob_new (&held_class, self, self->n_bytes);
    }
  held_free (self);
  return NULL;
}
