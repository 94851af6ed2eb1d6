/* imsg-message-save.c - saving messages, and copies of them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-session-private.h"

#include <glib/gi18n-lib.h>

#define ALL_SAVE_FLAGS                                                                             \
  (IMSG_SAVE_KEEP_OPEN_READONLY | IMSG_SAVE_KEEP_OPEN_READWRITE | IMSG_SAVE_FORCE_SAVE |           \
   IMSG_SAVE_LAYERED)

static const IMsgGuid message_class_id = {
  { 0x0B, 0x0D, 0x02, 0x00, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 }
};
static const IMsgGuid template_class_id = {
  { 0x46, 0xF0, 0x06, 0x00, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 }
};

static gboolean
check_flags (IMsgSaveFlags   flags,
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

static gboolean
check_idle (IMsgMessage  *self,
            GError      **error)
{
  if (!_imsg_message_get_root (self)->is_saving)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_BUSY, _("The message is being saved"));
  return FALSE;
}

/* Brings in step what follows from changes, in it and in the messages inside; a save as MAPI's,
 * which is not deep, also says when it was. */
static gboolean
prepare (IMsgMessage  *self,
         gboolean      deep,
         GError      **error)
{
  for (guint i = 0; deep && self->attachments != NULL &&
                    i < _imsg_object_list_get_length (self->attachments); i++)
    {
      IMsgPropertyObject *object = _imsg_object_list_get_slot (self->attachments, i)->object;

      if (object != NULL && IMSG_ATTACHMENT (object)->embedded != NULL &&
          !prepare (IMSG_ATTACHMENT (object)->embedded, TRUE, error))
        return FALSE;
    }
  return _imsg_message_prepare (self, !deep, error);
}

static void
set_writable (IMsgMessage *self,
              gboolean     writable)
{
  IMsgObjectList *lists[2] = { self->recipients, self->attachments };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; lists[i] != NULL && j < _imsg_object_list_get_length (lists[i]); j++)
      {
        IMsgPropertyObject *object = _imsg_object_list_get_slot (lists[i], j)->object;

        if (object == NULL)
          continue;
        _imsg_property_object_set_writable (object, writable);
        if (i == 1 && IMSG_ATTACHMENT (object)->embedded != NULL)
          set_writable (IMSG_ATTACHMENT (object)->embedded, writable);
      }
  _imsg_property_object_set_writable (IMSG_PROPERTY_OBJECT (self), writable);
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
    set_writable (self, FALSE);
}

/* --- roots --- */

static gboolean
is_template_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  gsize length = name != NULL ? strlen (name) : 0;

  return length > 4 && g_ascii_strcasecmp (name + length - 4, ".oft") == 0;
}

/* What only the outermost message has: class id and names. The class id of a file that has
 * another is left alone, unless it becomes a template or stops being one. */
static gboolean
flush_root (IMsgMessage      *self,
            IMsgStorage      *target,
            GFile            *file,
            const IMsgFlush  *flush,
            GError          **error)
{
  gboolean is_new = self->is_new || self->parent != NULL;
  gboolean as_template = file != NULL ? is_template_name (file) : self->is_template;
  IMsgMessage *root = _imsg_message_get_root (self);
  IMsgNameMap *names;

  if ((is_new || as_template != (gboolean) self->is_template) &&
      !_imsg_storage_set_class_guid (target, as_template ? &template_class_id : &message_class_id,
                                     error))
    return FALSE;
  if (!_imsg_message_flush (self, target, IMSG_STREAM_MESSAGE, is_new, flush, error))
    return FALSE;

  /* Last, so that names which the flush has made are in it */
  names = is_new ? _imsg_message_get_name_map (self) : root->names;
  if (names == NULL)
    return TRUE;
  root->names_unsaved |= _imsg_name_map_is_modified (names);
  if (!is_new && !root->names_unsaved)
    return TRUE;
  /* The map may have been written before, to another file than this one */
  _imsg_name_map_touch (names);
  return _imsg_name_map_write (names, target, error);
}

static IMsgStreamHeader
get_header (IMsgMessage *self)
{
  return IMSG_PROPERTY_OBJECT (self)->header;
}

/* A message on a storage inside another keeps its short header, and has no names to write. */
static gboolean
flush_in_place (IMsgMessage   *self,
                GCancellable  *cancellable,
                GError       **error)
{
  const IMsgFlush flush = { TRUE, FALSE, cancellable };
  IMsgStorage *storage = IMSG_PROPERTY_OBJECT (self)->storage;

  if (get_header (self) == IMSG_STREAM_EMBEDDED)
    return _imsg_message_flush (self, storage, IMSG_STREAM_EMBEDDED, self->is_new, &flush, error);
  return flush_root (self, storage, NULL, &flush, error);
}

/* A copy of the whole message as a file would have it, in memory; large streams by reference. */
static IMsgStorage *
make_copy (IMsgMessage   *self,
           GFile         *file,
           GCancellable  *cancellable,
           GError       **error)
{
  const IMsgFlush flush = { FALSE, TRUE, cancellable };
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  g_autoptr(IMsgStorage) copy =
    imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);

  if (object->storage != NULL && !imsg_storage_copy_to (object->storage, copy, error))
    return NULL;
  if (!flush_root (self, copy, file, &flush, error))
    return NULL;
  return g_steal_pointer (&copy);
}

static gboolean
begin_save (IMsgMessage    *self,
            IMsgSaveFlags   flags,
            GCancellable   *cancellable,
            GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  gboolean deep = (flags & IMSG_SAVE_LAYERED) == 0;

  if (!_imsg_property_object_check (object, error) || !check_flags (flags, error) ||
      !_imsg_property_object_check_writable (object, error) || !check_idle (self, error))
    return FALSE;
  if (self->parent == NULL && object->storage == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("The message is new and has no file yet: save it as one"));
      return FALSE;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !prepare (self, deep, error))
    return FALSE;
  _imsg_message_stage (self, deep);
  return self->parent != NULL || flush_in_place (self, cancellable, error);
}

static IMsgCommitFlags
commit_flags (IMsgSaveFlags flags)
{
  return (flags & IMSG_SAVE_FORCE_SAVE) != 0 ? IMSG_COMMIT_FORCE : IMSG_COMMIT_DEFAULT;
}

static void
end_save (IMsgMessage   *self,
          IMsgSaveFlags  flags)
{
  g_object_ref (self);
  if (self->parent == NULL)
    {
      self->names_unsaved = FALSE;
      _imsg_message_settle (self);
    }
  finish_access (self, flags);
  _imsg_message_emit_saved (self);
  g_object_unref (self);
}

static void
set_progress (IMsgMessage *self,
              IMsgStorage *storage)
{
  _imsg_storage_set_progress (storage, self->progress, self->progress_data);
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
      set_progress (self, storage);
      if (!imsg_storage_commit (storage, commit_flags (flags), cancellable, error))
        {
          _imsg_message_discard_flush (self);
          return FALSE;
        }
    }
  end_save (self, flags);
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
  if (IMSG_PROPERTY_OBJECT (self)->is_closed)
    {
      if (self->owns_storage)
        imsg_storage_close (IMSG_STORAGE (source));
    }
  else if (committed)
    end_save (self, flags);
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
      end_save (self, flags);
      g_task_return_boolean (task, TRUE);
      return;
    }
  storage = IMSG_PROPERTY_OBJECT (self)->storage;
  set_progress (self, storage);
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

/* --- to another file --- */

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
      !check_flags (flags, error) || !check_idle (self, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error) || !prepare (self, TRUE, error))
    return NULL;
  copy = make_copy (self, file, cancellable, error);
  if (copy == NULL)
    {
      _imsg_message_discard_flush (self);
      return NULL;
    }
  set_progress (self, copy);
  save = g_new0 (SaveAs, 1);
  save->file = g_object_ref (file);
  save->flags = flags;
  save->copy = copy;
  return save;
}

/* The message lives in the new file from now on; an embedded one stays where it is. */
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
    {
      _imsg_message_discard_flush (self);
      return;
    }
  storage = g_steal_pointer (&save->copy);
  old_storage = object->storage != NULL ? g_object_ref (object->storage) : NULL;
  _imsg_message_stage (self, TRUE);
  _imsg_message_rebind (self, storage);
  self->owns_storage = TRUE;
  self->open_flags &= ~(guint) IMSG_OPEN_NO_COMMIT;
  self->is_template = is_template_name (save->file);
  object->header = IMSG_STREAM_MESSAGE;
  if (old_storage != NULL && owned_old)
    imsg_storage_close (old_storage);
  _imsg_message_set_file (self, save->file);
  if (writable)
    set_writable (self, TRUE);
  end_save (self, save->flags);
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
    end_save_as (self, save);
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
 * Do not change the message meanwhile: a change made then is lost.
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
  self->is_saving = TRUE;
  writing = g_task_new (self, cancellable, saved_as_cb, g_steal_pointer (&task));
  g_task_set_source_tag (writing, save_as_in_thread);
  g_task_set_check_cancellable (writing, FALSE);
  g_task_set_task_data (writing, save, save_as_free);
  g_task_run_in_thread (writing, save_as_in_thread);
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

/* --- copies --- */

IMsgStorage *
_imsg_message_copy_for_writing (IMsgMessage   *self,
                                GFile         *file,
                                GCancellable  *cancellable,
                                GError       **error)
{
  IMsgStorage *copy;

  if (!_imsg_property_object_check (IMSG_PROPERTY_OBJECT (self), error) ||
      !check_idle (self, error) || !prepare (self, TRUE, error))
    return NULL;
  copy = make_copy (self, file, cancellable, error);
  _imsg_message_discard_flush (self);
  if (copy != NULL)
    set_progress (self, copy);
  return copy;
}

/**
 * imsg_message_write_to_bytes:
 * @self: a message
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes a copy of the message as the bytes of a file, unsaved changes included.
 *
 * The message itself stays where it is, its changes unsaved.
 *
 * Fails with %IMSG_ERROR_BUSY while a save runs, %IMSG_ERROR_CLOSED once @self is closed, and with
 * I/O errors.
 *
 * Returns: (transfer full): the bytes
 * Since: 1.0
 */
GBytes *
imsg_message_write_to_bytes (IMsgMessage   *self,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_autoptr(IMsgStorage) copy = NULL;
  GBytes *bytes;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  copy = _imsg_message_copy_for_writing (self, NULL, cancellable, error);
  if (copy == NULL)
    return NULL;
  bytes = imsg_storage_write_to_bytes (copy, cancellable, error);
  imsg_storage_close (copy);
  return bytes;
}

/**
 * imsg_message_write_to_file:
 * @self: a message
 * @file: where to
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes a copy of the message to a file, over what is there, unsaved changes included.
 *
 * The message itself stays where it is. Fails as [method@IMsg.Message.write_to_bytes] does.
 *
 * Returns: whether it was written
 * Since: 1.0
 */
gboolean
imsg_message_write_to_file (IMsgMessage   *self,
                            GFile         *file,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr(IMsgStorage) copy = NULL;
  gboolean written;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  copy = _imsg_message_copy_for_writing (self, file, cancellable, error);
  if (copy == NULL)
    return FALSE;
  written = imsg_storage_save_as (copy, file, IMSG_STORAGE_REPLACE, cancellable, error);
  imsg_storage_close (copy);
  return written;
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
  if (!_imsg_property_object_check (object, error) || !check_flags (flags, error) ||
      !_imsg_property_object_check_writable (object, error) ||
      !check_idle (self->message, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (deep && self->embedded != NULL && !prepare (self->embedded, TRUE, error))
    return FALSE;
  _imsg_attachment_stage (self, deep);
  if ((flags & IMSG_SAVE_KEEP_OPEN_READWRITE) == 0)
    {
      if (self->embedded != NULL)
        set_writable (self->embedded, FALSE);
      _imsg_property_object_set_writable (object, FALSE);
    }
  return TRUE;
}
