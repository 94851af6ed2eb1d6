/* imsg-storage-commit.c - the end of a transaction, and copies elsewhere
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-storage-save-private.h"
#include "imsg-task-private.h"

#include <glib/gi18n-lib.h>

#define SAVE_AS_FLAGS (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED | IMSG_STORAGE_REPLACE | \
                       IMSG_STORAGE_LARGE_SECTORS)

static gboolean
check_not_saving (IMsgStorage  *self,
                  GError      **error)
{
  if (!_imsg_storage_get_root (self)->root->is_saving)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_BUSY, _("The storage “%s” is being saved"),
               imsg_storage_get_name (self));
  return FALSE;
}

/* What a transaction holds has the name it began with, and the parent may have given another since. */
static void
name_own_node (IMsgStorage *self)
{
  if (self->node->is_shared)
    {
      IMsgNode *own = _imsg_node_clone (self->node);

      _imsg_node_unref (self->node);
      self->node = own;
    }
  memcpy (self->node->entry.name, self->units, sizeof self->node->entry.name);
  self->node->entry.n_units = self->n_units;
}

/* A child hands what it holds to its parent, and both go on from there. */
static gboolean
commit_to_parent (IMsgStorage  *self,
                  GError      **error)
{
  g_autoptr(IMsgStorage) parent = g_object_ref (self->parent);
  IMsgMember member;
  gboolean is_replaced;

  if (!self->is_modified)
    return TRUE;
  if (!_imsg_storage_check_writable (parent, error))
    return FALSE;
  _imsg_storage_edit (parent);
  if (!_imsg_node_find (parent->node, self->units, self->n_units, &member))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED,
                   _("The storage “%s” is no longer in its parent"), imsg_storage_get_name (self));
      return FALSE;
    }
  name_own_node (self);
  self->node->is_shared = TRUE;
  is_replaced = _imsg_node_replace (parent->node, self->node);
  g_assert (is_replaced);
  _imsg_storage_set_base (self, self->node);
  _imsg_storage_clear_modified (self);
  _imsg_storage_tell_parent (self);
  _imsg_storage_edited (parent);
  return TRUE;
}

/* Does all but writing a file, if there is one to write. *save: what is to be written. */
static gboolean
begin_commit (IMsgStorage       *self,
              IMsgCommitFlags    flags,
              IMsgStorageSave  **save,
              GError           **error)
{
  *save = NULL;
  if ((flags & ~IMSG_COMMIT_FORCE) != 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS,
                   _("The flags 0x%X make no sense for a commit"), flags & ~IMSG_COMMIT_FORCE);
      return FALSE;
    }
  if (!_imsg_storage_check_writable (self, error) || !check_not_saving (self, error) ||
      !_imsg_storage_publish_streams (self, error))
    return FALSE;
  if (self->base == NULL)
    return TRUE;
  if (self->root == NULL)
    return commit_to_parent (self, error);
  if (!self->is_modified && !self->root->is_new)
    return TRUE;
  if (self->root->file == NULL)
    {
      _imsg_storage_set_base (self, self->node);
      self->root->is_new = FALSE;
      _imsg_storage_clear_modified (self);
      return TRUE;
    }
  *save = _imsg_storage_save_new (self, NULL, 0, (flags & IMSG_COMMIT_FORCE) != 0, error);
  return *save != NULL;
}

/**
 * imsg_storage_commit:
 * @self: a storage
 * @flags: %IMSG_COMMIT_FORCE to write whatever happened to the file
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes the changes last.
 *
 * A root writes a whole new file beside the old one, syncs it, renames it over and syncs the
 * folder: whatever happens, there is the old file or the new one, whole. Mode, owner and small
 * attributes are kept, a symbolic link stays and what it leads to is replaced; of several hard
 * links only this one leads to the new file. A storage in memory just keeps what it holds. A
 * member with a transaction of its own makes its changes part of its parent's; without one there
 * is nothing to do. If nothing was changed nothing is written.
 *
 * When it fails the changes are still there. Cancelled after the new file was put in place, it
 * has succeeded.
 *
 * Fails with %IMSG_ERROR_OBJECT_CHANGED or %IMSG_ERROR_OBJECT_DELETED when somebody else changed
 * or removed the file since it was opened and @flags do not force it, %IMSG_ERROR_COLLISION when
 * a file appeared where there was to be a new one, %IMSG_ERROR_TOO_BIG for what no compound file can
 * hold, %IMSG_ERROR_CORRUPT_DATA when a stream that is to be copied cannot be read,
 * %IMSG_ERROR_NO_ACCESS, %IMSG_ERROR_BUSY while it is being saved, %IMSG_ERROR_CLOSED, or a
 * %G_IO_ERROR.
 *
 * Source: `IStorage::Commit`.
 *
 * Returns: %TRUE if it was done
 * Since: 1.0
 */
gboolean
imsg_storage_commit (IMsgStorage      *self,
                     IMsgCommitFlags   flags,
                     GCancellable     *cancellable,
                     GError          **error)
{
  g_autoptr(IMsgStorageSave) save = NULL;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  if (!begin_commit (self, flags, &save, error))
    return FALSE;
  if (save == NULL)
    return TRUE;
  if (!_imsg_storage_save_run (save, cancellable, error))
    return FALSE;
  _imsg_storage_save_apply (save, self);
  return TRUE;
}

static void
save_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GError *error = NULL;

  if (_imsg_storage_save_run (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Back in the thread that uses the storage. */
static void
saved_cb (GObject      *source_object,
          GAsyncResult *result,
          gpointer      user_data)
{
  IMsgStorage *self = IMSG_STORAGE (source_object);
  g_autoptr(GTask) outer = user_data;
  GError *error = NULL;

  self->root->is_saving = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (outer, error);
      return;
    }
  _imsg_storage_save_apply (g_task_get_task_data (G_TASK (result)), self);
  g_task_return_boolean (outer, TRUE);
}

/**
 * imsg_storage_commit_async:
 * @self: a storage
 * @flags: see [method@IMsg.Storage.commit]
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when done
 * @user_data: for @callback
 *
 * Makes the changes last, without blocking.
 *
 * What is written is what @self holds when this is called; it can be changed meanwhile, and such
 * changes wait for another commit.
 *
 * Since: 1.0
 */
void
imsg_storage_commit_async (IMsgStorage         *self,
                           IMsgCommitFlags      flags,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) outer = NULL;
  g_autoptr(GTask) inner = NULL;
  IMsgStorageSave *save = NULL;
  GError *error = NULL;

  g_return_if_fail (IMSG_IS_STORAGE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  outer = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (outer, imsg_storage_commit_async);
  g_task_set_check_cancellable (outer, FALSE);
  if (!begin_commit (self, flags, &save, &error))
    {
      g_task_return_error (outer, error);
      return;
    }
  if (save == NULL)
    {
      g_task_return_boolean (outer, TRUE);
      return;
    }
  self->root->is_saving = TRUE;
  inner = g_task_new (self, cancellable, saved_cb, g_steal_pointer (&outer));
  g_task_set_source_tag (inner, imsg_storage_commit_async);
  /* Cancelled after the rename, it is done nevertheless. */
  g_task_set_check_cancellable (inner, FALSE);
  g_task_set_task_data (inner, save, (GDestroyNotify) _imsg_storage_save_free);
  _imsg_task_run_in_thread (inner, save_in_thread);
}

/**
 * imsg_storage_commit_finish:
 * @self: a storage
 * @result: the result the callback was given
 * @error: return location for an error
 *
 * Finishes [method@IMsg.Storage.commit_async].
 *
 * Fails as [method@IMsg.Storage.commit] does.
 *
 * Returns: %TRUE if it was done
 * Since: 1.0
 */
gboolean
imsg_storage_commit_finish (IMsgStorage   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * imsg_storage_revert:
 * @self: a storage
 * @error: return location for an error
 *
 * Drops all changes since its transaction began or was last committed.
 *
 * Everything that was opened from @self is ended. A member without a transaction of its own has
 * nothing to revert: nothing is done.
 *
 * Fails with %IMSG_ERROR_BUSY while it is being saved, %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::Revert`.
 *
 * Returns: %TRUE if it was done
 * Since: 1.0
 */
gboolean
imsg_storage_revert (IMsgStorage  *self,
                     GError      **error)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);

  if (!_imsg_storage_check_open (self, error) || !check_not_saving (self, error))
    return FALSE;
  if (self->base == NULL)
    return TRUE;
  _imsg_storage_end_streams (self);
  _imsg_storage_end_children (self);
  if (self->is_closed || !self->is_modified)
    return TRUE;
  _imsg_storage_set_node (self, self->base, TRUE);
  _imsg_storage_set_modified (self, FALSE);
  _imsg_storage_notify (self, IMSG_STORAGE_PROP_CLASS_ID);
  return TRUE;
}

/**
 * imsg_storage_save_as:
 * @self: a root
 * @file: where to
 * @flags: %IMSG_STORAGE_REPLACE when there may be a file, %IMSG_STORAGE_LARGE_SECTORS,
 *   %IMSG_STORAGE_READ_WRITE to make a read-only storage read/write
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes what it holds to another file, and goes on with that.
 *
 * The file is written as [method@IMsg.Storage.commit] does it. The old file, if any, is left as
 * it is; all changes count as committed.
 *
 * Fails with %IMSG_ERROR_COLLISION when there is a file and @flags do not allow to replace it,
 * %IMSG_ERROR_NO_SUPPORT when @self is a member of another storage, %IMSG_ERROR_INVALID_FLAGS,
 * %IMSG_ERROR_BUSY while it is being saved, and as [method@IMsg.Storage.write_to_stream] does.
 *
 * Returns: %TRUE if it was done
 * Since: 1.0
 */
gboolean
imsg_storage_save_as (IMsgStorage       *self,
                      GFile             *file,
                      IMsgStorageFlags   flags,
                      GCancellable      *cancellable,
                      GError           **error)
{
  g_autoptr(IMsgStorageSave) save = NULL;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  if (!_imsg_storage_check_open (self, error) || !check_not_saving (self, error))
    return FALSE;
  if (self->root == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("“%s” is a member of another storage: only a copy of it can be saved"),
                   imsg_storage_get_name (self));
      return FALSE;
    }
  if ((flags & ~SAVE_AS_FLAGS) != 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS,
                   _("The flags 0x%X make no sense for saving"), flags & ~SAVE_AS_FLAGS);
      return FALSE;
    }
  save = _imsg_storage_save_new (self, file, flags, FALSE, error);
  if (save == NULL || !_imsg_storage_save_run (save, cancellable, error))
    return FALSE;
  if ((flags & IMSG_STORAGE_READ_WRITE) != 0 && !self->is_writable)
    {
      self->is_writable = TRUE;
      _imsg_storage_notify (self, IMSG_STORAGE_PROP_WRITABLE);
    }
  _imsg_storage_save_apply (save, self);
  return TRUE;
}

/**
 * imsg_storage_write_to_stream:
 * @self: a storage
 * @stream: where to
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes what it holds, as a compound file, to a stream.
 *
 * The storage stays as it is, and so does its file. A member becomes the root of what is written.
 * The stream is neither flushed nor closed; it need not be seekable, and is written from front to
 * back where it stands.
 *
 * Fails with %IMSG_ERROR_TOO_BIG for what no compound file can hold, %IMSG_ERROR_CORRUPT_DATA or
 * %IMSG_ERROR_OBJECT_CHANGED when a stream that is to be copied cannot be read,
 * %IMSG_ERROR_NOT_ENOUGH_MEMORY, %IMSG_ERROR_CLOSED, or a %G_IO_ERROR.
 *
 * Returns: %TRUE if all was written
 * Since: 1.0
 */
gboolean
imsg_storage_write_to_stream (IMsgStorage    *self,
                              GOutputStream  *stream,
                              GCancellable   *cancellable,
                              GError        **error)
{
  g_autoptr(IMsgStorageSave) save = NULL;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  if (!_imsg_storage_check_open (self, error))
    return FALSE;
  save = _imsg_storage_save_new (self, NULL, 0, TRUE, error);
  return save != NULL && _imsg_storage_save_write (save, stream, FALSE, cancellable, error);
}

/**
 * imsg_storage_write_to_bytes:
 * @self: a storage
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes what it holds, as a compound file, to memory.
 *
 * Fails as [method@IMsg.Storage.write_to_stream] does.
 *
 * Returns: (transfer full): the whole file
 * Since: 1.0
 */
GBytes *
imsg_storage_write_to_bytes (IMsgStorage   *self,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_autoptr(IMsgStorageSave) save = NULL;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  if (!_imsg_storage_check_open (self, error))
    return NULL;
  save = _imsg_storage_save_new (self, NULL, 0, TRUE, error);
  return save != NULL ? _imsg_storage_save_write_to_bytes (save, cancellable, error) : NULL;
}
