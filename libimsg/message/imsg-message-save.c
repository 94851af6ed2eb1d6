/* imsg-message-save.c - saving messages and attachments where they are
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-message-save-private.h"

#include <glib/gi18n-lib.h>

#define ALL_SAVE_FLAGS                                                                             \
  (IMSG_SAVE_KEEP_OPEN_READONLY | IMSG_SAVE_KEEP_OPEN_READWRITE | IMSG_SAVE_FORCE_SAVE |           \
   IMSG_SAVE_LAYERED)

gboolean
_imsg_save_flags_check (IMsgSaveFlags   flags,
                        GError        **error)
{
  const guint both = IMSG_SAVE_KEEP_OPEN_READONLY | IMSG_SAVE_KEEP_OPEN_READWRITE;

  if (((guint) flags & ~(guint) ALL_SAVE_FLAGS) != 0)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS, _("0x%08X are no flags for a save"),
                 (guint) flags & ~(guint) ALL_SAVE_FLAGS);
  else if (((guint) flags & both) == both)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                 _("An object is kept open read-only or read/write, not both"));
  else
    return TRUE;
  return FALSE;
}

void
_imsg_message_set_writable (IMsgMessage *self,
                            gboolean     writable)
{
  g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

  g_object_ref (self);
  _imsg_object_list_collect (self->recipients, objects);
  _imsg_object_list_collect (self->attachments, objects);
  for (guint i = 0; i < objects->len; i++)
    {
      IMsgPropertyObject *object = objects->pdata[i];

      _imsg_property_object_set_writable (object, writable);
      if (IMSG_IS_ATTACHMENT (object) && IMSG_ATTACHMENT (object)->embedded != NULL)
        _imsg_message_set_writable (IMSG_ATTACHMENT (object)->embedded, writable);
    }
  _imsg_property_object_set_writable (IMSG_PROPERTY_OBJECT (self), writable);
  g_object_unref (self);
}

/* Access after a save as the flags have it. */
static void
finish_access (IMsgMessage   *self,
               IMsgSaveFlags  flags)
{
  if ((flags & IMSG_SAVE_KEEP_OPEN_READWRITE) != 0)
    return;
  if ((flags & IMSG_SAVE_FORCE_SAVE) != 0 && (flags & IMSG_SAVE_KEEP_OPEN_READONLY) == 0)
    imsg_message_close (self);
  else
    _imsg_message_set_writable (self, FALSE);
}

static gboolean
begin_save (IMsgMessage    *self,
            IMsgSaveFlags   flags,
            GCancellable   *cancellable,
            GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  gboolean deep = (flags & IMSG_SAVE_LAYERED) == 0;

  if (!_imsg_property_object_check (object, error) || !_imsg_save_flags_check (flags, error) ||
      !_imsg_property_object_check_writable (object, error) || !_imsg_message_check_idle (self, error))
    return FALSE;
  if (self->parent == NULL &&
      (object->storage == NULL || (self->open_flags & IMSG_OPEN_AS_TEMPLATE) != 0))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("The message is new and has no file yet: save it as one"));
      return FALSE;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !_imsg_message_prepare_all (self, deep, NULL, error) ||
      !_imsg_property_object_check (object, error))
    return FALSE;
  _imsg_message_stage (self, deep);
  if (self->parent != NULL || _imsg_message_flush_in_place (self, cancellable, error))
    return TRUE;
  _imsg_message_tell_row_ids (self);
  return FALSE;
}

static IMsgCommitFlags
commit_flags (IMsgSaveFlags flags)
{
  return (flags & IMSG_SAVE_FORCE_SAVE) != 0 ? IMSG_COMMIT_FORCE : IMSG_COMMIT_DEFAULT;
}

void
_imsg_message_end_save (IMsgMessage   *self,
                        IMsgSaveFlags  flags)
{
  g_object_ref (self);
  if (self->parent == NULL)
    {
      self->names_unsaved = FALSE;
      _imsg_message_settle (self);
      _imsg_message_tell_row_ids (self);
    }
  finish_access (self, flags);
  _imsg_message_emit_saved (self);
  g_object_unref (self);
}

/**
 * imsg_message_save:
 * @self: a message
 * @flags: how to save
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Saves the message to where it was opened from.
 *
 * What is open in it is saved with it, attachments and embedded messages at any depth; with
 * %IMSG_SAVE_LAYERED only what they have saved themselves. An outermost message writes a complete
 * new file and puts it in the place of the old one: the file is the old or the new, whole. An
 * embedded message is handed to the message around it, whose save writes it.
 *
 * Only what was changed is written, and what says the same thing: display lists of changed
 * recipients, the parts of a changed subject, flags of changed attachments; with
 * %IMSG_SAVE_LAYERED also `PR_LAST_MODIFICATION_TIME`. A message that is new gets its times, class
 * and all that Outlook needs. Afterwards the message can only be read,
 * unless @flags say otherwise. After an error it is open as before, with its changes.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS when it is read-only, %IMSG_ERROR_OBJECT_CHANGED when somebody
 * else changed the file (%IMSG_SAVE_FORCE_SAVE saves nevertheless), %IMSG_ERROR_NO_SUPPORT for a
 * new message that has no file, %IMSG_ERROR_BUSY while another save runs,
 * %IMSG_ERROR_INVALID_FLAGS, %IMSG_ERROR_INVALID_PARAMETER for both flags to keep it open,
 * %IMSG_ERROR_CLOSED once @self is closed, and with I/O errors. Source: `IMAPIProp::SaveChanges`.
 *
 * Returns: whether it was saved
 * Since: 1.0
 */
gboolean
imsg_message_save (IMsgMessage    *self,
                   IMsgSaveFlags   flags,
                   GCancellable   *cancellable,
                   GError        **error)
{
  IMsgStorage *storage;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!begin_save (self, flags, cancellable, error))
    return FALSE;
  storage = IMSG_PROPERTY_OBJECT (self)->storage;
  if (self->parent == NULL && (self->open_flags & IMSG_OPEN_NO_COMMIT) == 0)
    {
      gboolean committed;

      _imsg_message_lend_progress (self, storage);
      committed = imsg_storage_commit (storage, commit_flags (flags), cancellable, error);
      _imsg_storage_set_progress (storage, NULL, NULL);
      if (!committed)
        {
          _imsg_message_discard_flush (self);
          return FALSE;
        }
    }
  _imsg_message_end_save (self, flags);
  return TRUE;
}

static void
committed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IMsgMessage *self = g_task_get_source_object (task);
  IMsgSaveFlags flags = GPOINTER_TO_UINT (g_task_get_task_data (task));
  g_autoptr(GError) error = NULL;
  gboolean committed = imsg_storage_commit_finish (IMSG_STORAGE (source), result, &error);

  self->is_saving = FALSE;
  _imsg_storage_set_progress (IMSG_STORAGE (source), NULL, NULL);
  if (IMSG_PROPERTY_OBJECT (self)->is_closed)
    {
      if (self->owns_storage)
        imsg_storage_close (IMSG_STORAGE (source));
    }
  else if (committed)
    _imsg_message_end_save (self, flags);
  else
    _imsg_message_discard_flush (self);

  /* A save that is done is done, even if it was cancelled just then */
  if (committed)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imsg_message_save_async:
 * @self: a message
 * @flags: how to save
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Saves the message, writing the file in another thread.
 *
 * What is saved is the message as it is now: it can be changed further meanwhile.
 *
 * Since: 1.0
 */
void
imsg_message_save_async (IMsgMessage         *self,
                         IMsgSaveFlags        flags,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  IMsgStorage *storage;

  g_return_if_fail (IMSG_IS_MESSAGE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imsg_message_save_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, GUINT_TO_POINTER (flags), NULL);
  if (!begin_save (self, flags, cancellable, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (self->parent != NULL || (self->open_flags & IMSG_OPEN_NO_COMMIT) != 0)
    {
      _imsg_message_end_save (self, flags);
      g_task_return_boolean (task, TRUE);
      return;
    }
  storage = IMSG_PROPERTY_OBJECT (self)->storage;
  _imsg_message_lend_progress (self, storage);
  self->is_saving = TRUE;
  imsg_storage_commit_async (storage, commit_flags (flags), cancellable, committed_cb,
                             g_steal_pointer (&task));
}

/**
 * imsg_message_save_finish:
 * @self: a message
 * @result: the result
 * @error: return location for an error
 *
 * Finishes what [method@IMsg.Message.save_async] began.
 *
 * Fails as [method@IMsg.Message.save] does.
 *
 * Returns: whether it was saved
 * Since: 1.0
 */
gboolean
imsg_message_save_finish (IMsgMessage   *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * imsg_attachment_save:
 * @self: an attachment
 * @flags: how to save
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Hands the changes of the attachment to the message it is attached to, whose save writes them.
 *
 * The message in it is taken along, with %IMSG_SAVE_LAYERED only as far as it has saved itself.
 * Who saves messages without %IMSG_SAVE_LAYERED needs no save of attachments.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS when it is read-only, %IMSG_ERROR_OBJECT_DELETED,
 * %IMSG_ERROR_BUSY while the message is saved, %IMSG_ERROR_INVALID_FLAGS,
 * %IMSG_ERROR_INVALID_PARAMETER for both flags to keep it open, %IMSG_ERROR_CLOSED once @self is
 * closed. Source: `IMAPIProp::SaveChanges`.
 *
 * Returns: whether they were handed over
 * Since: 1.0
 */
gboolean
imsg_attachment_save (IMsgAttachment  *self,
                      IMsgSaveFlags    flags,
                      GCancellable    *cancellable,
                      GError         **error)
{
  IMsgPropertyObject *object;
  gboolean deep = (flags & IMSG_SAVE_LAYERED) == 0;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  object = IMSG_PROPERTY_OBJECT (self);
  if (!_imsg_property_object_check (object, error) || !_imsg_save_flags_check (flags, error) ||
      !_imsg_property_object_check_writable (object, error) ||
      !_imsg_message_check_idle (self->message, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (deep && self->embedded != NULL &&
      !_imsg_message_prepare_all (self->embedded, TRUE, NULL, error))
    return FALSE;
  _imsg_attachment_prepare (self, NULL);
  if (!_imsg_property_object_check (object, error))
    return FALSE;
  _imsg_attachment_stage (self, deep);
  if ((flags & IMSG_SAVE_KEEP_OPEN_READWRITE) == 0)
    {
      if (self->embedded != NULL)
        _imsg_message_set_writable (self->embedded, FALSE);
      _imsg_property_object_set_writable (object, FALSE);
    }
  return TRUE;
}
