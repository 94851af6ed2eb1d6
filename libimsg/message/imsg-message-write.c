/* imsg-message-write.c - all of a message written to a storage, and copies of it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-message-save-private.h"

#include <glib/gi18n-lib.h>

static const IMsgGuid message_class_id = {
  { 0x0B, 0x0D, 0x02, 0x00, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 }
};
static const IMsgGuid template_class_id = {
  { 0x46, 0xF0, 0x06, 0x00, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 }
};

gboolean
_imsg_message_check_idle (IMsgMessage  *self,
                          GError      **error)
{
  if (!_imsg_message_get_root (self)->is_saving)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_BUSY, _("The message is being saved"));
  return FALSE;
}

gboolean
_imsg_message_prepare_all (IMsgMessage  *self,
                           gboolean      deep,
                           GArray       *trials,
                           GError      **error)
{
  g_autoptr(GPtrArray) attachments = g_ptr_array_new_with_free_func (g_object_unref);

  if (deep)
    _imsg_object_list_collect (self->attachments, attachments);
  for (guint i = 0; i < attachments->len; i++)
    {
      IMsgAttachment *attachment = attachments->pdata[i];
      g_autoptr(IMsgMessage) embedded =
        attachment->embedded != NULL ? g_object_ref (attachment->embedded) : NULL;

      if (embedded != NULL && !_imsg_message_prepare_all (embedded, TRUE, trials, error))
        return FALSE;
      _imsg_attachment_prepare (attachment, trials);
    }
  if (trials != NULL)
    _imsg_property_object_begin_trial (IMSG_PROPERTY_OBJECT (self), trials);
  return _imsg_message_prepare (self, !deep, error);
}

gboolean
_imsg_file_is_template (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  gsize length = name != NULL ? strlen (name) : 0;

  return length > 4 && g_ascii_strcasecmp (name + length - 4, ".oft") == 0;
}

/* What only the outermost message has: its header, class id and names. The class id of a file that
 * has another is left alone, unless it becomes a template or stops being one. */
static gboolean
flush_root (IMsgMessage      *self,
            IMsgStorage      *target,
            GFile            *file,
            const IMsgFlush  *flush,
            GError          **error)
{
  gboolean must_rewrite = self->is_new ||
                          IMSG_PROPERTY_OBJECT (self)->header != IMSG_STREAM_MESSAGE;
  gboolean as_template = file != NULL ? _imsg_file_is_template (file) : self->is_template;
  IMsgMessage *root = _imsg_message_get_root (self);
  IMsgNameMap *names;

  if ((must_rewrite || as_template != (gboolean) self->is_template) &&
      !_imsg_storage_set_class_guid (target, as_template ? &template_class_id : &message_class_id,
                                     error))
    return FALSE;
  if (!_imsg_message_flush (self, target, IMSG_STREAM_MESSAGE, must_rewrite, flush, error))
    return FALSE;

  /* Last, so that names which the flush has made are in it */
  names = must_rewrite ? _imsg_message_get_name_map (self) : root->names;
  if (names == NULL)
    return TRUE;
  root->names_unsaved |= _imsg_name_map_is_modified (names);
  if (!must_rewrite && !root->names_unsaved)
    return TRUE;
  /* The map may have been written before, to another file than this one */
  _imsg_name_map_touch (names);
  return _imsg_name_map_write (names, target, error);
}

/* A message on a storage inside another keeps its short header, and has no names to write. */
gboolean
_imsg_message_flush_in_place (IMsgMessage   *self,
                              GCancellable  *cancellable,
                              GError       **error)
{
  const IMsgFlush flush = { .in_place = TRUE, .cancellable = cancellable };
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);

  if (object->header == IMSG_STREAM_EMBEDDED)
    return _imsg_message_flush (self, object->storage, IMSG_STREAM_EMBEDDED, self->is_new, &flush,
                                error);
  return flush_root (self, object->storage, NULL, &flush, error);
}

void
_imsg_message_lend_progress (IMsgMessage *self,
                             IMsgStorage *storage)
{
  _imsg_storage_set_progress (storage, self->progress, self->progress_data);
}

IMsgStorage *
_imsg_message_write_copy (IMsgMessage   *self,
                          GFile         *file,
                          gboolean       is_export,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(GArray) trials = is_export ? _imsg_property_trials_new () : NULL;
  const IMsgFlush flush = { .with_edits = TRUE, .trials = trials, .cancellable = cancellable };
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  g_autoptr(IMsgStorage) copy = NULL;

  if (!_imsg_property_object_check (object, error) || !_imsg_message_check_idle (self, error) ||
      !_imsg_message_prepare_all (self, TRUE, trials, error) ||
      !_imsg_property_object_check (object, error) ||
      (self->parent != NULL && !_imsg_message_keep_code_page (self, error)))
    return NULL;
  copy = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  if ((object->storage != NULL && !imsg_storage_copy_to (object->storage, copy, error)) ||
      !flush_root (self, copy, file, &flush, error))
    {
      _imsg_message_discard_flush (self);
      _imsg_message_tell_row_ids (self);
      return NULL;
    }
  _imsg_message_lend_progress (self, copy);
  return g_steal_pointer (&copy);
}

IMsgStorage *
_imsg_message_copy_for_writing (IMsgMessage   *self,
                                GFile         *file,
                                GCancellable  *cancellable,
                                GError       **error)
{
  return _imsg_message_write_copy (self, file, TRUE, cancellable, error);
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
 * imsg_message_write_to_stream:
 * @self: a message
 * @stream: where to; it need not be seekable
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes a copy of the message to a stream, unsaved changes included, without holding it in memory.
 *
 * The message itself stays where it is. The stream is neither flushed nor closed. Fails as
 * [method@IMsg.Message.write_to_bytes] does.
 *
 * Returns: whether all was written
 * Since: 1.0
 */
gboolean
imsg_message_write_to_stream (IMsgMessage    *self,
                              GOutputStream  *stream,
                              GCancellable   *cancellable,
                              GError        **error)
{
  g_autoptr(IMsgStorage) copy = NULL;
  gboolean written;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  copy = _imsg_message_copy_for_writing (self, NULL, cancellable, error);
  if (copy == NULL)
    return FALSE;
  written = imsg_storage_write_to_stream (copy, stream, cancellable, error);
  imsg_storage_close (copy);
  return written;
}
