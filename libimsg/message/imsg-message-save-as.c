/* imsg-message-save-as.c - saving messages as other files
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-message-save-private.h"
#include "imsg-task-private.h"

typedef struct
{
  GFile         *file;
  IMsgSaveFlags  flags;
  IMsgStorage   *copy;
} SaveAs;

static void
save_as_free (gpointer data)
{
  SaveAs *save = data;

  g_object_unref (save->file);
  if (save->copy != NULL)
    imsg_storage_close (save->copy);
  g_clear_object (&save->copy);
  g_free (save);
}

static SaveAs *
begin_save_as (IMsgMessage    *self,
               GFile          *file,
               IMsgSaveFlags   flags,
               GCancellable   *cancellable,
               GError        **error)
{
  SaveAs *save;
  IMsgStorage *copy;

  if (!_imsg_property_object_check (IMSG_PROPERTY_OBJECT (self), error) ||
      !_imsg_save_flags_check (flags, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  copy = _imsg_message_write_copy (self, file, self->parent != NULL, cancellable, error);
  if (copy == NULL)
    return NULL;
  save = g_new0 (SaveAs, 1);
  save->file = g_object_ref (file);
  save->flags = flags;
  save->copy = copy;
  return save;
}

/* What was staged has been written, and the message lives in the new file from now on; an embedded one
 * stays where it is. */
static void
end_save_as (IMsgMessage *self,
             SaveAs      *save)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  g_autoptr(IMsgStorage) old_storage = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  gboolean writable = (save->flags & IMSG_SAVE_KEEP_OPEN_READWRITE) != 0;
  gboolean owned_old = self->owns_storage;

  if (self->parent != NULL)
    return;
  storage = g_steal_pointer (&save->copy);
  old_storage = object->storage != NULL ? g_object_ref (object->storage) : NULL;
  _imsg_storage_set_progress (storage, NULL, NULL);
  _imsg_message_rebind (self, storage);
  self->owns_storage = TRUE;
  self->open_flags &= ~(guint) (IMSG_OPEN_NO_COMMIT | IMSG_OPEN_AS_TEMPLATE);
  self->is_template = _imsg_file_is_template (save->file);
  object->header = IMSG_STREAM_MESSAGE;
  if (old_storage != NULL && owned_old)
    imsg_storage_close (old_storage);
  _imsg_message_set_file (self, save->file);
  if (writable)
    _imsg_message_set_writable (self, TRUE);
  _imsg_message_end_save (self, save->flags);
}

/**
 * imsg_message_save_as:
 * @self: a message
 * @file: where to
 * @flags: how to save
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Saves the message, with all that is in it, as another file, over what is there.
 *
 * A name that ends in `.oft` makes a template. The message lives in the new file from then on, and
 * can be changed if @flags has %IMSG_SAVE_KEEP_OPEN_READWRITE; storages of OLE that are open are
 * closed. Of an embedded message a file of its own is made, and the message stays where it is.
 *
 * Fails as [method@IMsg.Message.save] does.
 *
 * Returns: whether it was saved
 * Since: 1.0
 */
gboolean
imsg_message_save_as (IMsgMessage    *self,
                      GFile          *file,
                      IMsgSaveFlags   flags,
                      GCancellable   *cancellable,
                      GError        **error)
{
  SaveAs *save;
  gboolean saved;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  save = begin_save_as (self, file, flags, cancellable, error);
  if (save == NULL)
    return FALSE;
  saved = imsg_storage_save_as (save->copy, file, IMSG_STORAGE_REPLACE, cancellable, error);
  if (saved)
    {
      if (self->parent == NULL)
        _imsg_message_stage (self, TRUE);
      end_save_as (self, save);
    }
  else
    _imsg_message_discard_flush (self);
  save_as_free (save);
  return saved;
}

static void
save_as_in_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  SaveAs *save = task_data;
  g_autoptr(GError) error = NULL;

  if (imsg_storage_save_as (save->copy, save->file, IMSG_STORAGE_REPLACE, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
saved_as_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IMsgMessage *self = IMSG_MESSAGE (source);
  SaveAs *save = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  gboolean saved = g_task_propagate_boolean (G_TASK (result), &error);

  self->is_saving = FALSE;
  if (!IMSG_PROPERTY_OBJECT (self)->is_closed)
    {
      if (saved)
        end_save_as (self, save);
      else
        _imsg_message_discard_flush (self);
    }
  if (saved)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imsg_message_save_as_async:
 * @self: a message
 * @file: where to
 * @flags: how to save
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Saves the message as another file, writing it in another thread.
 *
 * What is saved is the message as it is now: it can be changed further meanwhile, and its changes are
 * unsaved then.
 *
 * Since: 1.0
 */
void
imsg_message_save_as_async (IMsgMessage         *self,
                            GFile               *file,
                            IMsgSaveFlags        flags,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) writing = NULL;
  g_autoptr(GError) error = NULL;
  SaveAs *save;

  g_return_if_fail (IMSG_IS_MESSAGE (self));
  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imsg_message_save_as_async);
  g_task_set_check_cancellable (task, FALSE);
  save = begin_save_as (self, file, flags, cancellable, &error);
  if (save == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  /* What is changed from now on is not in the copy */
  if (self->parent == NULL)
    _imsg_message_stage (self, TRUE);
  self->is_saving = TRUE;
  writing = g_task_new (self, cancellable, saved_as_cb, g_steal_pointer (&task));
  g_task_set_source_tag (writing, save_as_in_thread);
  g_task_set_check_cancellable (writing, FALSE);
  g_task_set_task_data (writing, save, save_as_free);
  _imsg_task_run_in_thread (writing, save_as_in_thread);
}

/**
 * imsg_message_save_as_finish:
 * @self: a message
 * @result: the result
 * @error: return location for an error
 *
 * Finishes what [method@IMsg.Message.save_as_async] began.
 *
 * Fails as [method@IMsg.Message.save_as] does.
 *
 * Returns: whether it was saved
 * Since: 1.0
 */
gboolean
imsg_message_save_as_finish (IMsgMessage   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
