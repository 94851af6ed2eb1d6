/* imsg-replacement.c - a new file that takes the place of an old one, whole or not at all
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-error.h"
#include "imsg-replacement-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Temporary files have one of few names, so that those left behind are found without reading the
 * folder, which may hold ten thousand messages. */
#define N_NAMES 8
#define N_RANDOM_NAMES 32
#define LINKS_MAX 40
/* Of a file's name, so that the temporary one is not too long in turn: NAME_MAX is 255. */
#define NAME_BYTES_MAX 200
/* Extended attributes that are not small are not carried over. */
#define ATTRIBUTES_MAX (64 << 10)

struct _IMsgReplacement
{
  GOutputStream *stream;
  GFile         *created; /* with no local path and not there before: to be removed again */
  char          *target; /* NULL when the file has no local path */
  char          *path;   /* of the temporary file; NULL once it is gone */
  int            fd;
  struct stat    old;    /* of target, if it exists */
  gboolean       is_there;
  gboolean       may_replace;
};

/* What a link at path leads to at last, whether it exists or not. */
static char *
follow_links (const char  *path,
              GError     **error)
{
  g_autofree char *target = g_strdup (path);

  for (guint i = 0; i < LINKS_MAX; i++)
    {
      g_autofree char *link = NULL;
      g_autofree char *folder = NULL;
      char *next = NULL;
      struct stat info;
      gboolean is_there = lstat (target, &info) == 0;

      if (!is_there && errno != ENOENT)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                       _("“%s” could not be examined: %s"), target, g_strerror (errno));
          return NULL;
        }
      if (!is_there || !S_ISLNK (info.st_mode))
        return g_steal_pointer (&target);
      link = g_file_read_link (target, error);
      if (link == NULL)
        return NULL;
      folder = g_path_get_dirname (target);
      next = g_path_is_absolute (link) ? g_steal_pointer (&link)
                                       : g_build_filename (folder, link, NULL);
      g_free (target);
      target = next;
    }
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (ELOOP),
               _("“%s” could not be resolved: %s"), path, g_strerror (ELOOP));
  return NULL;
}

/* Removes a temporary file that nobody is writing. The lock goes with the process that held it. It
 * is ours, or has been given to the owner of the old file already. */
static void
remove_stale (IMsgReplacement *self,
              const char      *path)
{
  int fd = open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat info;
  struct stat now;

  if (fd < 0)
    return;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode) &&
      (info.st_uid == geteuid () || (self->is_there && info.st_uid == self->old.st_uid)) &&
      info.st_nlink == 1 && flock (fd, LOCK_EX | LOCK_NB) == 0 && lstat (path, &now) == 0 &&
      now.st_dev == info.st_dev && now.st_ino == info.st_ino)
    unlink (path);
  close (fd);
}

/* Makes and locks a temporary file; -1 when that name cannot be had. */
static int
claim (const char *path,
       mode_t      mode)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  struct stat info;

  if (fd < 0)
    return -1;
  /* Whoever has the lock already, or removed the file, took it for a stale one. Where locks do not
   * work at all, nothing is ever taken for stale. */
  if ((flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) || fstat (fd, &info) != 0 ||
      info.st_nlink == 0)
    {
      close (fd);
      errno = EEXIST;
      return -1;
    }
  return fd;
}

static char *
get_temporary_path (const char *target,
                    guint32     number)
{
  g_autofree char *folder = g_path_get_dirname (target);
  g_autofree char *base = g_path_get_basename (target);
  g_autofree char *name = NULL;

  /* Not inside a character: some file systems take only what is UTF-8 */
  if (strlen (base) > NAME_BYTES_MAX)
    *(g_utf8_validate (base, -1, NULL) ? g_utf8_find_prev_char (base, base + NAME_BYTES_MAX + 1)
                                       : base + NAME_BYTES_MAX) = '\0';
  name = g_strdup_printf (".%s.imsg-%06x", base, number);
  return g_build_filename (folder, name, NULL);
}

static gboolean
open_temporary (IMsgReplacement  *self,
                GError          **error)
{
  /* Nobody else reads what is about to take the place of a private file. */
  mode_t mode = self->is_there ? 0600 : 0666;

  for (guint i = 0; i < N_NAMES + N_RANDOM_NAMES && self->fd < 0; i++)
    {
      g_autofree char *path = NULL;

      path = get_temporary_path (self->target, i < N_NAMES ? i : g_random_int () & 0xFFFFFF);
      if (i < N_NAMES)
        remove_stale (self, path);
      self->fd = claim (path, mode);
      if (self->fd >= 0)
        self->path = g_steal_pointer (&path);
      else if (errno != EEXIST)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                       _("“%s” could not be created: %s"), path, g_strerror (errno));
          return FALSE;
        }
    }
  if (self->fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (EEXIST),
                   _("No temporary file could be made beside “%s”: %s"), self->target, g_strerror (EEXIST));
      return FALSE;
    }
  /* Those of other numbers are from saves that ran at the same time and were killed. */
  for (guint i = 0; i < N_NAMES; i++)
    {
      g_autofree char *path = get_temporary_path (self->target, i);

      if (strcmp (path, self->path) != 0)
        remove_stale (self, path);
    }
  self->stream = _imsg_descriptor_stream_new (self->fd);
  return TRUE;
}

static gboolean
begin_remote (IMsgReplacement  *self,
              GFile            *file,
              const char       *etag,
              GCancellable     *cancellable,
              GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  GFileOutputStream *stream = NULL;

  if (self->may_replace)
    stream = g_file_replace (file, etag, FALSE, G_FILE_CREATE_NONE, cancellable, &local_error);
  else
    stream = g_file_create (file, G_FILE_CREATE_NONE, cancellable, &local_error);
  if (stream != NULL)
    {
      self->stream = G_OUTPUT_STREAM (stream);
      if (!self->may_replace)
        self->created = g_object_ref (file);
      return TRUE;
    }
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG))
    g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED, local_error->message);
  else if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_COLLISION, local_error->message);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

IMsgReplacement *
_imsg_replacement_begin (GFile         *file,
                         const char    *etag,
                         gboolean       may_replace,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(IMsgReplacement) self = g_new0 (IMsgReplacement, 1);
  const char *path = g_file_peek_path (file);

  self->fd = -1;
  self->may_replace = may_replace;
  if (path == NULL)
    return begin_remote (self, file, etag, cancellable, error) ? g_steal_pointer (&self) : NULL;

  self->target = follow_links (path, error);
  if (self->target == NULL)
    return NULL;
  self->is_there = stat (self->target, &self->old) == 0;
  /* Not knowing the old mode is no licence to give the new file another. */
  if (!self->is_there && errno != ENOENT)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("“%s” could not be examined: %s"), self->target, g_strerror (errno));
      return NULL;
    }
  if (self->is_there && !may_replace)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION, _("“%s” exists already"), path);
      return NULL;
    }
  if (self->is_there && !S_ISREG (self->old.st_mode))
    {
      g_set_error (error, G_IO_ERROR,
                   S_ISDIR (self->old.st_mode) ? G_IO_ERROR_IS_DIRECTORY
                                               : G_IO_ERROR_NOT_REGULAR_FILE,
                   _("“%s” is no regular file"), path);
      return NULL;
    }
  return open_temporary (self, error) ? g_steal_pointer (&self) : NULL;
}

GOutputStream *
_imsg_replacement_get_stream (IMsgReplacement *self)
{
  return self->stream;
}

/* As far as we may: a lost attribute is no reason to lose the contents. */
static void
copy_attributes (const char *from,
                 int         to)
{
  g_autofree char *names = NULL;
  g_autofree char *value = NULL;
  gssize n_names = listxattr (from, NULL, 0);

  if (n_names <= 0 || n_names > ATTRIBUTES_MAX)
    return;
  names = g_malloc (n_names);
  value = g_malloc (ATTRIBUTES_MAX);
  n_names = listxattr (from, names, n_names);
  for (const char *name = names; name < names + n_names; name += strlen (name) + 1)
    {
      gssize n_bytes = 0;

      if (!g_str_has_prefix (name, "user.") && strcmp (name, "system.posix_acl_access") != 0)
        continue;
      n_bytes = getxattr (from, name, value, ATTRIBUTES_MAX);
      if (n_bytes >= 0)
        (void) !fsetxattr (to, name, value, n_bytes, 0); /* not every file system has them */
    }
}

static gboolean
copy_ownership (IMsgReplacement  *self,
                GError          **error)
{
  mode_t mode = self->old.st_mode & 07777;
  struct stat info;

  if (fstat (self->fd, &info) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("“%s” could not be examined: %s"), self->path, g_strerror (errno));
      return FALSE;
    }
  if ((info.st_uid != self->old.st_uid || info.st_gid != self->old.st_gid) &&
      fchown (self->fd, self->old.st_uid, self->old.st_gid) != 0 &&
      (info.st_gid == self->old.st_gid || fchown (self->fd, -1, self->old.st_gid) != 0))
    {
      /* Another owner: nothing must run as him, and another group gets no more than anybody. */
      mode &= ~(mode_t) (S_ISUID | S_ISGID);
      if (info.st_gid != self->old.st_gid)
        mode = (mode & ~(mode_t) S_IRWXG) | ((mode & S_IRWXO) << 3);
    }
  if (fchmod (self->fd, mode) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("“%s” could not be given the mode of the file it replaces: %s"), self->path,
                   g_strerror (errno));
      return FALSE;
    }
  copy_attributes (self->target, self->fd);
  return TRUE;
}

gboolean
_imsg_replacement_sync (IMsgReplacement  *self,
                        GCancellable     *cancellable,
                        GError          **error)
{
  int result = 0;

  if (self->target == NULL)
    return g_output_stream_flush (self->stream, cancellable, error);
  if (self->is_there && !copy_ownership (self, error))
    return FALSE;
  do
    result = fsync (self->fd);
  while (result != 0 && errno == EINTR);
  if (result != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("“%s” could not be written to disk: %s"), self->path, g_strerror (errno));
      return FALSE;
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* rename() that fails where there is a file already */
static int
rename_to_nothing (const char *from,
                   const char *to)
{
#ifdef RENAME_NOREPLACE
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != ENOSYS && errno != EINVAL)
    return -1;
#endif
  if (link (from, to) == 0)
    return unlink (from);
  if (errno == EEXIST)
    return -1;
  if (access (to, F_OK) == 0)
    {
      errno = EEXIST;
      return -1;
    }
  return rename (from, to);
}

/* The new file is in place, and whole; should the folder not reach the disk, the old one is back
 * after a loss of power, and whole too. So this is no reason to call the save a failure. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

gboolean
_imsg_replacement_finish (IMsgReplacement  *self,
                          char            **etag,
                          GError          **error)
{
  int result = 0;

  if (self->target == NULL)
    {
      if (!g_output_stream_close (self->stream, NULL, error))
        return FALSE;
      *etag = g_file_output_stream_get_etag (G_FILE_OUTPUT_STREAM (self->stream));
      g_clear_object (&self->stream);
      g_clear_object (&self->created);
      return TRUE;
    }
  result = self->may_replace ? rename (self->path, self->target)
                             : rename_to_nothing (self->path, self->target);
  if (result != 0)
    {
      if (errno == EEXIST)
        g_set_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION, _("“%s” exists already"),
                     self->target);
      else
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                     _("“%s” could not be replaced: %s"), self->target, g_strerror (errno));
      return FALSE;
    }
  g_clear_pointer (&self->path, g_free);
  sync_folder (self->target);
  return TRUE;
}

void
_imsg_replacement_free (IMsgReplacement *self)
{
  if (self->path != NULL)
    unlink (self->path);
  if (self->target == NULL && self->stream != NULL)
    {
      g_autoptr(GCancellable) cancelled = g_cancellable_new ();

      /* Closed so, a stream that replaces a file leaves the old one in place. */
      g_cancellable_cancel (cancelled);
      g_output_stream_close (self->stream, cancelled, NULL);
      if (self->created != NULL)
        g_file_delete (self->created, NULL, NULL);
    }
  g_clear_object (&self->created);
  g_clear_object (&self->stream);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->target);
  g_free (self->path);
  g_free (self);
}
