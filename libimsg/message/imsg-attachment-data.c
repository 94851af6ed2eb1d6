/* imsg-attachment-data.c - what an attachment holds: bytes, a reference, a message, a storage
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

static gboolean
is_reference (IMsgAttachmentMethod method)
{
  return method == IMSG_ATTACHMENT_METHOD_BY_REFERENCE ||
         method == IMSG_ATTACHMENT_METHOD_BY_REFERENCE_RESOLVE ||
         method == IMSG_ATTACHMENT_METHOD_BY_REFERENCE_ONLY ||
         method == IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE;
}

/* Opens the storage of the data; NULL without error when there is none. */
static IMsgStorage *
open_data_storage (IMsgAttachment  *self,
                   GError         **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  IMsgStorageEntryKind kind;
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (!IMSG_PROPERTY_OBJECT_GET_CLASS (object)->open (object, error) || object->storage == NULL)
    return NULL;
  _imsg_substg_name (IMSG_TAG_ATTACH_DATA_OBJECT, name);
  if (!_imsg_storage_lookup (object->storage, name, &kind, NULL) ||
      kind != IMSG_STORAGE_ENTRY_STORAGE)
    return NULL;
  return imsg_storage_open_storage (object->storage, name,
                                    imsg_storage_is_writable (object->storage)
                                      ? IMSG_STORAGE_READ_WRITE : IMSG_STORAGE_READ, error);
}

/* Whether a slot of the data property is the object or the bytes; 0 when there is none. */
static guint
get_data_type (IMsgAttachment *self)
{
  IMsgPropertySlot slot;

  if (!_imsg_property_object_lookup (IMSG_PROPERTY_OBJECT (self),
                                     IMSG_TAG (0, IMSG_TAG_ATTACH_DATA_BINARY >> 16), &slot))
    return 0;
  return IMSG_TAG_TYPE (slot.tag);
}

static IMsgAttachmentMethod
look_into (IMsgStorage *storage)
{
  return _imsg_storage_lookup (storage, IMSG_PROPERTIES_STREAM, NULL, NULL)
           ? IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE : IMSG_ATTACHMENT_METHOD_OLE;
}

static IMsgAttachmentMethod
look_at_data (IMsgAttachment *self)
{
  guint type = get_data_type (self);
  g_autoptr(IMsgStorage) storage = NULL;

  if (self->embedded != NULL)
    return IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE;
  if (self->storage_is_new && self->object_storage != NULL)
    return look_into (self->object_storage);
  if (type == IMSG_PROPERTY_TYPE_BINARY)
    return IMSG_ATTACHMENT_METHOD_BY_VALUE;
  if (type != IMSG_PROPERTY_TYPE_OBJECT)
    return IMSG_ATTACHMENT_METHOD_NONE;
  storage = open_data_storage (self, NULL);
  if (storage == NULL)
    return IMSG_ATTACHMENT_METHOD_NONE;
  return look_into (storage);
}

IMsgAttachmentMethod
_imsg_attachment_find_method (IMsgAttachment       *self,
                              IMsgAttachmentMethod  stored)
{
  IMsgAttachmentMethod found;

  if (self->found_method == 0)
    self->found_method = look_at_data (self) + 1;
  found = (IMsgAttachmentMethod) (self->found_method - 1);
  if (found == IMSG_ATTACHMENT_METHOD_NONE)
    return (guint) stored <= IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE ? stored : found;
  if (is_reference (stored))
    return stored;
  /* OLE 1 keeps its object in bytes */
  if (stored == IMSG_ATTACHMENT_METHOD_OLE && found == IMSG_ATTACHMENT_METHOD_BY_VALUE)
    return stored;
  return found;
}

/* Whether the data is other than what the file has. */
static gboolean
has_new_data (IMsgAttachment *self)
{
  return _imsg_property_object_is_edited (IMSG_PROPERTY_OBJECT (self),
                                          IMSG_TAG_ID (IMSG_TAG_ATTACH_DATA_OBJECT)) ||
         (self->embedded != NULL &&
          imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (self->embedded))) ||
         _imsg_attachment_data_changed (self);
}

void
_imsg_attachment_prepare (IMsgAttachment *self,
                          GArray         *trials)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  IMsgPropertySlot slot;

  if (!has_new_data (self) || !_imsg_property_object_lookup (object, IMSG_PR_ATTACH_SIZE, &slot))
    return;
  if (trials != NULL)
    _imsg_property_object_begin_trial (object, trials);
  _imsg_property_object_drop (object, IMSG_TAG_ID (IMSG_PR_ATTACH_SIZE));
}

guint64
_imsg_attachment_get_data_size (IMsgAttachment *self)
{
  guint type = get_data_type (self);
  guint32 stored_size = 0;
  g_autoptr(IMsgStorage) storage = NULL;

  if (type == IMSG_PROPERTY_TYPE_BINARY)
    return imsg_property_object_get_value_size (IMSG_PROPERTY_OBJECT (self),
                                                IMSG_TAG_ATTACH_DATA_BINARY);
  if (type != IMSG_PROPERTY_TYPE_OBJECT)
    return 0;
  if (!has_new_data (self) &&
      _imsg_property_object_read_stored_long (IMSG_PROPERTY_OBJECT (self), IMSG_PR_ATTACH_SIZE,
                                              &stored_size) && stored_size > 0)
    return stored_size;
  storage = self->object_storage != NULL ? g_object_ref (self->object_storage)
                                         : open_data_storage (self, NULL);
  return storage != NULL ? _imsg_storage_measure (storage) : 0;
}

/**
 * imsg_attachment_open_stream:
 * @self: an attachment
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens the bytes that the attachment holds.
 *
 * They are read as they are asked for, never held whole. It is the stream of
 * `PR_ATTACH_DATA_BIN`, see [method@PropertyObject.open_stream].
 *
 * Fails with %IMSG_ERROR_NOT_FOUND when there is no data,
 * %IMSG_ERROR_INTERFACE_NOT_SUPPORTED when it holds a message or a storage, %IMSG_ERROR_CLOSED
 * once @self is closed. Source: `IMAPIProp::OpenProperty`.
 *
 * Returns: (transfer full): a stream, which is #GSeekable
 * Since: 1.0
 */
GInputStream *
imsg_attachment_open_stream (IMsgAttachment  *self,
                             GCancellable    *cancellable,
                             GError         **error)
{
  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!_imsg_property_object_check (IMSG_PROPERTY_OBJECT (self), error))
    return NULL;
  if (get_data_type (self) == IMSG_PROPERTY_TYPE_OBJECT)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INTERFACE_NOT_SUPPORTED,
                   _("Attachment %u holds no bytes: its method is %d"), self->number,
                   (int) imsg_attachment_get_method (self));
      return NULL;
    }
  return imsg_property_object_open_stream (IMSG_PROPERTY_OBJECT (self),
                                           IMSG_TAG_ATTACH_DATA_BINARY, cancellable, error);
}

/**
 * imsg_attachment_open_message:
 * @self: an attachment
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens the message that the attachment holds.
 *
 * While it is open, opening it again gives the same object. It can be changed when the attachment
 * can, and is saved with it. It lives as long as the attachment does.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND when there is no data,
 * %IMSG_ERROR_INTERFACE_NOT_SUPPORTED when it holds something else, %IMSG_ERROR_NO_ACCESS when it
 * was given as a storage that is not saved yet, %IMSG_ERROR_TOO_BIG when messages are nested deeper
 * than the limit, %IMSG_ERROR_CORRUPT_DATA, %IMSG_ERROR_CLOSED once @self is closed.
 * Source: `IMAPIProp::OpenProperty` with `IID_IMessage`.
 *
 * Returns: (transfer full): the message
 * Since: 1.0
 */
IMsgMessage *
imsg_attachment_open_message (IMsgAttachment  *self,
                              GCancellable    *cancellable,
                              GError         **error)
{
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!_imsg_property_object_check (IMSG_PROPERTY_OBJECT (self), error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (self->embedded != NULL)
    return g_object_ref (self->embedded);
  if (imsg_attachment_get_method (self) == IMSG_ATTACHMENT_METHOD_NONE)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("Attachment %u has no data"),
                   self->number);
      return NULL;
    }
  if (imsg_attachment_get_method (self) != IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INTERFACE_NOT_SUPPORTED,
                   _("Attachment %u holds no message: its method is %d"), self->number,
                   (int) imsg_attachment_get_method (self));
      return NULL;
    }
  if (self->storage_is_new && has_new_data (self))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS,
                   _("Attachment %u is open as a storage"), self->number);
      return NULL;
    }
  storage = open_data_storage (self, &local_error);
  if (storage == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                     _("Attachment %u should hold a message, but has no storage for it"),
                     self->number);
      return NULL;
    }
  self->embedded = _imsg_message_new_embedded (self, storage,
                                               self->parent_instance.is_writable, error);
  return self->embedded != NULL ? g_object_ref (self->embedded) : NULL;
}

/**
 * imsg_attachment_open_storage:
 * @self: an attachment
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens the storage that the attachment holds: an OLE object, or an embedded message as it lies
 * there.
 *
 * While it is open, opening it again gives the same object. What is changed in it is saved with
 * the message; it needs no commit of its own.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND when there is no data,
 * %IMSG_ERROR_INTERFACE_NOT_SUPPORTED when it holds bytes, %IMSG_ERROR_NO_ACCESS for a message
 * that is open as such, %IMSG_ERROR_CLOSED once @self is closed.
 * Source: `IMAPIProp::OpenProperty` with `IID_IStorage`.
 *
 * Returns: (transfer full): the storage
 * Since: 1.0
 */
IMsgStorage *
imsg_attachment_open_storage (IMsgAttachment  *self,
                              GCancellable    *cancellable,
                              GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  IMsgStorage *storage;
  guint type;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!_imsg_property_object_check (IMSG_PROPERTY_OBJECT (self), error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (self->object_storage != NULL && !imsg_storage_is_closed (self->object_storage))
    return g_object_ref (self->object_storage);
  if (self->embedded != NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS,
                   _("Attachment %u is open as a message"), self->number);
      return NULL;
    }
  type = get_data_type (self);
  if (type != IMSG_PROPERTY_TYPE_OBJECT)
    {
      if (type != 0)
        g_set_error (error, IMSG_ERROR, IMSG_ERROR_INTERFACE_NOT_SUPPORTED,
                     _("Attachment %u holds no storage: its method is %d"), self->number,
                     (int) imsg_attachment_get_method (self));
      else
        g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("Attachment %u has no data"),
                     self->number);
      return NULL;
    }
  storage = open_data_storage (self, &local_error);
  if (storage == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                     _("Attachment %u should hold a storage, but has none"), self->number);
      return NULL;
    }
  g_set_object (&self->object_storage, storage);
  /* What is written to it is written at once */
  if (imsg_storage_is_writable (storage))
    _imsg_property_object_keep_object (IMSG_PROPERTY_OBJECT (self), IMSG_TAG_ATTACH_DATA_OBJECT);
  return storage;
}

/* --- setting --- */

/* Forgets the message and the storage that were open; what they held goes with the property. */
void
_imsg_attachment_drop_data (IMsgAttachment *self)
{
  g_autoptr(IMsgMessage) embedded = g_steal_pointer (&self->embedded);
  g_autoptr(IMsgStorage) storage = g_steal_pointer (&self->object_storage);

  self->found_method = 0;
  if (embedded != NULL)
    {
      IMSG_PROPERTY_OBJECT (embedded)->is_deleted |= self->parent_instance.is_deleted;
      imsg_message_close (embedded);
    }
  if (storage != NULL)
    imsg_storage_close (storage);
  self->storage_is_new = FALSE;
}

static gboolean
may_set (IMsgAttachment  *self,
         GError         **error)
{
  return _imsg_property_object_may_edit (IMSG_PROPERTY_OBJECT (self), IMSG_TAG_ATTACH_DATA_BINARY,
                                         FALSE, error);
}

/* Closes what the attachment holds, for something else to take its place. Whoever hears of that may
 * close the attachment itself. */
static gboolean
make_place (IMsgAttachment        *self,
            IMsgAttachmentMethod   method,
            GError               **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);

  if (!_imsg_property_object_put_long (object, IMSG_PR_ATTACH_METHOD, method, 0, error))
    return FALSE;
  _imsg_attachment_drop_data (self);
  return _imsg_property_object_check (object, error);
}

/* A message or a storage, in place of what whoever was told of the change has put there. */
static void
put_object (IMsgAttachment *self,
            IMsgMessage    *message,
            IMsgStorage    *storage)
{
  g_autoptr(IMsgMessage) other_message = g_steal_pointer (&self->embedded);
  g_autoptr(IMsgStorage) other_storage = g_steal_pointer (&self->object_storage);

  self->embedded = message != NULL ? g_object_ref (message) : NULL;
  self->object_storage = storage != NULL ? g_object_ref (storage) : NULL;
  self->storage_is_new = storage != NULL;
  self->storage_is_behind = FALSE;
  self->n_written_changes = G_MAXUINT64;
  _imsg_property_object_put_object (IMSG_PROPERTY_OBJECT (self), IMSG_TAG_ATTACH_DATA_OBJECT);
  if (other_message != NULL)
    imsg_message_close (other_message);
  if (other_storage != NULL)
    imsg_storage_close (other_storage);
}

static gboolean
put_message (IMsgAttachment  *self,
             IMsgMessage     *message,
             GError         **error)
{
  if (!make_place (self, IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE, error))
    return FALSE;
  put_object (self, message, NULL);
  return TRUE;
}

static gboolean
put_data (IMsgAttachment  *self,
          IMsgBlob        *blob,
          GError         **error)
{
  if (!make_place (self, IMSG_ATTACHMENT_METHOD_BY_VALUE, error))
    return FALSE;
  _imsg_property_object_put_blob (IMSG_PROPERTY_OBJECT (self), IMSG_TAG_ATTACH_DATA_BINARY, blob,
                                  0);
  return TRUE;
}

gboolean
_imsg_attachment_set_blob (IMsgAttachment  *self,
                           IMsgBlob        *blob,
                           GError         **error)
{
  return may_set (self, error) && put_data (self, blob, error);
}

/**
 * imsg_attachment_set_bytes:
 * @self: an attachment
 * @bytes: the bytes
 * @error: return location for an error
 *
 * Makes the attachment hold bytes.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS when it is read-only, %IMSG_ERROR_CLOSED once it is closed.
 *
 * Returns: whether they were set
 * Since: 1.0
 */
gboolean
imsg_attachment_set_bytes (IMsgAttachment  *self,
                           GBytes          *bytes,
                           GError         **error)
{
  g_autoptr(IMsgBlob) blob = NULL;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!may_set (self, error))
    return FALSE;
  blob = _imsg_blob_new_for_bytes (bytes);
  return put_data (self, blob, error);
}

/**
 * imsg_attachment_set_stream:
 * @self: an attachment
 * @stream: a stream, read to its end
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes the attachment hold the bytes of a stream, however many.
 *
 * When reading fails the attachment stays what it was. Fails as
 * [method@IMsg.Attachment.set_bytes] does, and with the errors of the stream.
 *
 * Returns: whether they were set
 * Since: 1.0
 */
gboolean
imsg_attachment_set_stream (IMsgAttachment  *self,
                            GInputStream    *stream,
                            GCancellable    *cancellable,
                            GError         **error)
{
  g_autoptr(IMsgSpool) spool = NULL;
  g_autoptr(IMsgBlob) blob = NULL;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), FALSE);
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!may_set (self, error))
    return FALSE;
  spool = _imsg_spool_new ();
  if (g_output_stream_splice (G_OUTPUT_STREAM (spool), stream, G_OUTPUT_STREAM_SPLICE_NONE,
                              cancellable, error) < 0)
    return FALSE;
  blob = _imsg_spool_snapshot (spool, error);
  return blob != NULL && put_data (self, blob, error);
}

static gboolean
put_file (IMsgAttachment  *self,
          GFile           *file,
          GCancellable    *cancellable,
          GError         **error)
{
  const IMsgLimits *limits = _imsg_property_object_get_limits (IMSG_PROPERTY_OBJECT (self));
  g_autoptr(IMsgBlob) blob =
    _imsg_blob_new_for_file (file, limits->values[IMSG_LIMIT_COPIED_FILE_BYTES]);
  g_autoptr(GFileInputStream) stream = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (blob != NULL)
    return put_data (self, blob, error);
  stream = g_file_read (file, cancellable, error);
  return stream != NULL &&
         imsg_attachment_set_stream (self, G_INPUT_STREAM (stream), cancellable, error);
}

/* A type the name or the first bytes give away; NULL when it is nothing certain. */
static char *
guess_mime_type (GFile *file)
{
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE,
                                                 G_FILE_QUERY_INFO_NONE, NULL, NULL);
  const char *type = info != NULL ? g_file_info_get_content_type (info) : NULL;

  return type != NULL ? g_content_type_get_mime_type (type) : NULL;
}

/**
 * imsg_attachment_set_file:
 * @self: an attachment
 * @file: a file
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes the attachment hold the bytes of a file, and have its name and type.
 *
 * A file of up to %IMSG_LIMIT_COPIED_FILE_BYTES (16 MiB) is copied now, and not needed afterwards.
 *
 * A larger one, if it is a regular file of a local file system, is kept open, and read when the
 * message is saved to a file: copying a gigabyte twice takes twice as long. It may be removed,
 * renamed or replaced by another before. Changed in place before that, it makes the save, and
 * whatever else reads it, fail with %IMSG_ERROR_OBJECT_CHANGED: the message on disk is what it was,
 * the changes are still there, and the file can be set once more. Where the file system shares
 * blocks between files (as Btrfs and XFS do) a copy is made that way, and nothing of this matters;
 * nor does it with a file that was changed within the last two seconds, which is copied. Set the
 * limit of the session to %G_MAXUINT64, before the message is opened or made, to have every file
 * copied at once.
 *
 * Fails as [method@IMsg.Attachment.set_stream] does.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_attachment_set_file (IMsgAttachment  *self,
                          GFile           *file,
                          GCancellable    *cancellable,
                          GError         **error)
{
  IMsgPropertyObject *object = NULL;
  g_autofree char *base_name = NULL;
  g_autofree char *name = NULL;
  g_autofree char *mime_type = NULL;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  object = IMSG_PROPERTY_OBJECT (self);
  if (!may_set (self, error) || !put_file (self, file, cancellable, error))
    return FALSE;
  base_name = g_file_get_basename (file);
  name = base_name != NULL ? g_filename_display_name (base_name) : NULL;
  if (name != NULL && !imsg_attachment_set_file_name (self, name, error))
    return FALSE;
  mime_type = guess_mime_type (file);
  return mime_type == NULL ||
         imsg_property_object_set_string (object, IMSG_PR_ATTACH_MIME_TAG, mime_type, error);
}

/**
 * imsg_attachment_set_reference:
 * @self: an attachment
 * @method: one of the methods of reference
 * @path: a path as Windows has it, or an address for
 *   %IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE
 * @error: return location for an error
 *
 * Makes the attachment refer to a file or an address, with no data of its own.
 *
 * Fails with %IMSG_ERROR_INVALID_PARAMETER when @method is none of reference, and as
 * [method@IMsg.Attachment.set_bytes] does.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_attachment_set_reference (IMsgAttachment        *self,
                               IMsgAttachmentMethod   method,
                               const char            *path,
                               GError               **error)
{
  IMsgPropertyObject *object;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), FALSE);
  g_return_val_if_fail (path != NULL && g_utf8_validate (path, -1, NULL), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  object = IMSG_PROPERTY_OBJECT (self);
  if (!is_reference (method))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                   _("%d is no method of reference"), (int) method);
      return FALSE;
    }
  if (!may_set (self, error) ||
      !imsg_property_object_set_string (object, IMSG_PR_ATTACH_LONG_PATHNAME, path, error) ||
      !make_place (self, method, error))
    return FALSE;
  _imsg_property_object_drop (object, IMSG_TAG_ATTACH_DATA_BINARY >> 16);
  return TRUE;
}

/**
 * imsg_attachment_create_message:
 * @self: an attachment
 * @error: return location for an error
 *
 * Makes the attachment hold a new, empty message.
 *
 * What it held before is gone. Fails with %IMSG_ERROR_TOO_BIG when messages are nested deeper than
 * the limit, and as [method@IMsg.Attachment.set_bytes] does.
 * Source: `IMAPIProp::OpenProperty` for `IID_IMessage` with `MAPI_CREATE`.
 *
 * Returns: (transfer full): the message
 * Since: 1.0
 */
IMsgMessage *
imsg_attachment_create_message (IMsgAttachment  *self,
                                GError         **error)
{
  g_autoptr(IMsgMessage) message = NULL;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!may_set (self, error))
    return NULL;
  message = _imsg_message_new_embedded (self, NULL, TRUE, error);
  if (message == NULL || !put_message (self, message, error))
    return NULL;
  return g_steal_pointer (&message);
}

/**
 * imsg_attachment_set_message:
 * @self: an attachment
 * @message: a message, of this file or any other
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes the attachment hold a copy of a message, with all that is in it.
 *
 * Named properties keep their names. What @message has not saved is copied as well. What cannot be
 * copied of it, since its file is damaged, becomes a problem of the message that @self is in.
 *
 * Fails with %IMSG_ERROR_FOLDER_CYCLE when @self is inside @message, %IMSG_ERROR_TOO_BIG when
 * messages are nested deeper than the limit, and as [method@IMsg.Attachment.set_bytes] does.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_attachment_set_message (IMsgAttachment  *self,
                             IMsgMessage     *message,
                             GCancellable    *cancellable,
                             GError         **error)
{
  g_autoptr(IMsgMessage) copy = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autofree char *subject = NULL;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), FALSE);
  g_return_val_if_fail (IMSG_IS_MESSAGE (message), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!_imsg_property_object_check (IMSG_PROPERTY_OBJECT (message), error) ||
      !may_set (self, error))
    return FALSE;
  for (IMsgMessage *outer = self->message; outer != NULL;
       outer = outer->parent != NULL ? outer->parent->message : NULL)
    if (outer == message)
      {
        g_set_error (error, IMSG_ERROR, IMSG_ERROR_FOLDER_CYCLE,
                     _("A message cannot be put into itself"));
        return FALSE;
      }
  /* Before what the attachment holds goes: the message may be in it */
  subject = g_strdup (imsg_message_get_subject (message));
  copy = _imsg_message_new_embedded (self, NULL, TRUE, error);
  if (copy == NULL ||
      !imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (message), IMSG_PROPERTY_OBJECT (copy),
                                     NULL, 0, IMSG_COPY_NONE, cancellable, &problems, error) ||
      !put_message (self, copy, error))
    return FALSE;
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    if (imsg_problem_get_code (problems->pdata[i]) != IMSG_ERROR_COMPUTED)
      _imsg_message_add_problem (self->message, imsg_problem_ref (problems->pdata[i]));
  return subject == NULL ||
         imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (self), IMSG_PR_DISPLAY_NAME,
                                          subject, error);
}

/**
 * imsg_attachment_create_storage:
 * @self: an attachment
 * @error: return location for an error
 *
 * Makes the attachment hold a new, empty storage, for an OLE object.
 *
 * Fails as [method@IMsg.Attachment.set_bytes] does.
 * Source: `IMAPIProp::OpenProperty` for `IID_IStorage` with `MAPI_CREATE`.
 *
 * Returns: (transfer full): the storage
 * Since: 1.0
 */
IMsgStorage *
imsg_attachment_create_storage (IMsgAttachment  *self,
                                GError         **error)
{
  g_autoptr(IMsgStorage) storage = NULL;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!may_set (self, error) || !make_place (self, IMSG_ATTACHMENT_METHOD_OLE, error))
    return NULL;
  storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  put_object (self, NULL, storage);
  return g_steal_pointer (&storage);
}

/**
 * imsg_attachment_set_storage:
 * @self: an attachment
 * @storage: a storage
 * @error: return location for an error
 *
 * Makes the attachment hold a copy of a storage: its members, class and state bits.
 *
 * It becomes an OLE object, unless it is an embedded message whose storage that is.
 *
 * Fails as [method@IMsg.Attachment.set_bytes] does, and as [method@IMsg.Storage.copy_to] does; the
 * attachment is what it was then.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_attachment_set_storage (IMsgAttachment  *self,
                             IMsgStorage     *storage,
                             GError         **error)
{
  g_autoptr(IMsgStorage) copy = NULL;
  guint32 method = 0;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), FALSE);
  g_return_val_if_fail (IMSG_IS_STORAGE (storage), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!may_set (self, error))
    return FALSE;
  copy = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  _imsg_property_object_read_stored_long (IMSG_PROPERTY_OBJECT (self), IMSG_PR_ATTACH_METHOD,
                                          &method);
  if (method != IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    method = IMSG_ATTACHMENT_METHOD_OLE;
  if (!imsg_storage_copy_to (storage, copy, error) || !make_place (self, method, error))
    return FALSE;
  put_object (self, NULL, copy);
  return TRUE;
}
