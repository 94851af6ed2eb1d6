/* imsg-storage-open.c - how a root comes about
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-storage-object-private.h"
#include "imsg-task-private.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#define OPEN_FLAGS (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED)
#define CREATE_FLAGS (OPEN_FLAGS | IMSG_STORAGE_REPLACE | IMSG_STORAGE_LARGE_SECTORS)

static gboolean
check_flags (IMsgStorageFlags   flags,
             guint              allowed,
             GError           **error)
{
  if ((flags & ~allowed) == 0)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS, _("The flags 0x%X make no sense here"),
               flags & ~allowed);
  return FALSE;
}

IMsgDirectory *
_imsg_storage_read_directory (IMsgSource        *source,
                              const IMsgLimits  *limits,
                              GCancellable      *cancellable,
                              GError           **error)
{
  /* The other engine, so that the two can be compared. */
  if (g_strcmp0 (g_getenv ("IMSG_STORAGE_ENGINE"), "gsf") == 0)
    return _imsg_gsf_read (source, limits, cancellable, error);
  return _imsg_compound_read (source, limits, cancellable, error);
}

/* What tells versions of a file with no local path apart; NULL where its backend does not know. */
static char *
query_etag (GFile        *file,
            GCancellable *cancellable)
{
  g_autoptr(GFileInfo) info = NULL;

  if (g_file_peek_path (file) != NULL)
    return NULL;
  info = g_file_query_info (file, G_FILE_ATTRIBUTE_ETAG_VALUE, G_FILE_QUERY_INFO_NONE, cancellable,
                            NULL);
  return info != NULL ? g_strdup (g_file_info_get_etag (info)) : NULL;
}

static gboolean
check_access (GFile             *file,
              IMsgStorageFlags   flags,
              GError           **error)
{
  const char *path = g_file_peek_path (file);

  if ((flags & IMSG_STORAGE_READ_WRITE) == 0 || path == NULL || access (path, W_OK) == 0 ||
      access (path, F_OK) != 0)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS, _("“%s” cannot be written"), path);
  return FALSE;
}

IMsgStorage *
_imsg_storage_open_file_with_limits (GFile             *file,
                                     IMsgStorageFlags   flags,
                                     const IMsgLimits  *limits,
                                     GCancellable      *cancellable,
                                     GError           **error)
{
  g_autoptr(IMsgSource) source = NULL;
  g_autoptr(IMsgDirectory) directory = NULL;
  g_autofree char *etag = NULL;
  IMsgStorage *self = NULL;

  if (!check_flags (flags, OPEN_FLAGS, error) || !check_access (file, flags, error))
    return NULL;
  if ((flags & IMSG_STORAGE_READ_WRITE) != 0)
    etag = query_etag (file, cancellable);
  source = _imsg_source_new_for_file (file, cancellable, error);
  if (source == NULL)
    return NULL;
  directory = _imsg_storage_read_directory (source, limits, cancellable, error);
  if (directory == NULL)
    return NULL;
  self = _imsg_storage_new_root (directory, g_steal_pointer (&source), file, flags, limits);
  self->root->etag = g_steal_pointer (&etag);
  return self;
}

IMsgStorage *
_imsg_storage_open_bytes_with_limits (GBytes            *bytes,
                                      IMsgStorageFlags   flags,
                                      const IMsgLimits  *limits,
                                      GCancellable      *cancellable,
                                      GError           **error)
{
  g_autoptr(IMsgSource) source = NULL;
  g_autoptr(IMsgDirectory) directory = NULL;

  if (!check_flags (flags, OPEN_FLAGS, error))
    return NULL;
  source = _imsg_source_new_for_bytes (bytes);
  directory = _imsg_storage_read_directory (source, limits, cancellable, error);
  if (directory == NULL)
    return NULL;
  return _imsg_storage_new_root (directory, g_steal_pointer (&source), NULL, flags, limits);
}

/**
 * imsg_storage_open_file:
 * @file: a compound file
 * @flags: %IMSG_STORAGE_READ, or %IMSG_STORAGE_READ_WRITE to change it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a compound file.
 *
 * Only the directory is read; small files are held in memory, larger ones opened when they are
 * read. Damage that leaves something to read is told by [method@IMsg.Storage.list_problems].
 *
 * Fails with %IMSG_ERROR_CORRUPT_DATA when it is no compound file, %IMSG_ERROR_TOO_BIG beyond a
 * limit, %IMSG_ERROR_NO_ACCESS when it cannot be written, %IMSG_ERROR_INVALID_FLAGS, or a
 * %G_IO_ERROR.
 *
 * Source: `StgOpenStorage`.
 *
 * Returns: (transfer full): the root of the file
 * Since: 1.0
 */
IMsgStorage *
imsg_storage_open_file (GFile             *file,
                        IMsgStorageFlags   flags,
                        GCancellable      *cancellable,
                        GError           **error)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  return _imsg_storage_open_file_with_limits (file, flags, _imsg_limits_get_default (),
                                              cancellable, error);
}

typedef struct
{
  GFile           *file;
  IMsgStorageFlags flags;
} OpenData;

static void
open_data_free (gpointer data)
{
  OpenData *open = data;

  g_object_unref (open->file);
  g_free (open);
}

static void
open_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  OpenData *data = task_data;
  GError *error = NULL;
  IMsgStorage *storage = imsg_storage_open_file (data->file, data->flags, cancellable, &error);

  if (storage == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, storage, g_object_unref);
}

/**
 * imsg_storage_open_file_async:
 * @file: a compound file
 * @flags: how to open it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when done
 * @user_data: for @callback
 *
 * Opens a compound file without blocking, see [func@IMsg.Storage.open_file].
 *
 * Since: 1.0
 */
void
imsg_storage_open_file_async (GFile               *file,
                              IMsgStorageFlags     flags,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  OpenData *data = NULL;

  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  data = g_new0 (OpenData, 1);
  data->file = g_object_ref (file);
  data->flags = flags;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, imsg_storage_open_file_async);
  g_task_set_task_data (task, data, open_data_free);
  _imsg_task_run_in_thread (task, open_in_thread);
}

/**
 * imsg_storage_open_file_finish:
 * @result: the result the callback was given
 * @error: return location for an error
 *
 * Finishes [func@IMsg.Storage.open_file_async].
 *
 * Fails as [func@IMsg.Storage.open_file] does.
 *
 * Returns: (transfer full): the root of the file
 * Since: 1.0
 */
IMsgStorage *
imsg_storage_open_file_finish (GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imsg_storage_open_bytes:
 * @bytes: a whole compound file
 * @flags: %IMSG_STORAGE_READ, or %IMSG_STORAGE_READ_WRITE to change it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a compound file in memory.
 *
 * The bytes are not copied and not changed: a commit changes what the storage holds, which
 * [method@IMsg.Storage.write_to_bytes] gives. Fails as [func@IMsg.Storage.open_file] does.
 *
 * Source: `StgOpenStorageOnILockBytes`.
 *
 * Returns: (transfer full): its root
 * Since: 1.0
 */
IMsgStorage *
imsg_storage_open_bytes (GBytes            *bytes,
                         IMsgStorageFlags   flags,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  return _imsg_storage_open_bytes_with_limits (bytes, flags, _imsg_limits_get_default (),
                                               cancellable, error);
}

/* A link that leads nowhere is a place for a file, not a file. */
static gboolean
is_there (GFile *file)
{
  const char *path = g_file_peek_path (file);

  return path != NULL ? access (path, F_OK) == 0 : g_file_query_exists (file, NULL);
}

/**
 * imsg_storage_create_file:
 * @file: where it is to be
 * @flags: %IMSG_STORAGE_REPLACE when a file may be there already, %IMSG_STORAGE_LARGE_SECTORS
 * @error: return location for an error
 *
 * Makes a new, empty storage that its first commit writes to a file.
 *
 * It is always read/write. Until the commit nothing is on disk, and a file to be replaced stays.
 *
 * Fails with %IMSG_ERROR_COLLISION when there is a file and %IMSG_STORAGE_REPLACE was not given,
 * %IMSG_ERROR_INVALID_FLAGS.
 *
 * Source: `StgCreateDocfile`.
 *
 * Returns: (transfer full): the new root
 * Since: 1.0
 */
IMsgStorage *
imsg_storage_create_file (GFile             *file,
                          IMsgStorageFlags   flags,
                          GError           **error)
{
  IMsgStorage *self = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  if (!check_flags (flags, CREATE_FLAGS, error))
    return NULL;
  if ((flags & IMSG_STORAGE_REPLACE) == 0 && is_there (file))
    {
      g_autofree char *name = g_file_get_parse_name (file);

      g_set_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION, _("“%s” exists already"), name);
      return NULL;
    }
  self = _imsg_storage_new_root (NULL, NULL, file, flags | IMSG_STORAGE_READ_WRITE,
                                 _imsg_limits_get_default ());
  self->root->is_replacing = (flags & IMSG_STORAGE_REPLACE) != 0;
  return self;
}

/**
 * imsg_storage_new_memory:
 * @flags: %IMSG_STORAGE_LARGE_SECTORS or 0
 *
 * Makes a new, empty storage in memory; it is always read/write.
 *
 * Source: `StgCreateDocfileOnILockBytes`.
 *
 * Returns: (transfer full): the new root
 * Since: 1.0
 */
IMsgStorage *
imsg_storage_new_memory (IMsgStorageFlags flags)
{
  return _imsg_storage_new_root (NULL, NULL, NULL, flags | IMSG_STORAGE_READ_WRITE,
                                 _imsg_limits_get_default ());
}
