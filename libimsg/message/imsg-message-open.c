/* imsg-message-open.c - opening and creating messages
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-property-tags.h"
#include "imsg-session-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define ALL_OPEN_FLAGS                                                                            \
  (IMSG_OPEN_MODIFY | IMSG_OPEN_NO_COMMIT | IMSG_OPEN_BEST_ACCESS | IMSG_OPEN_AS_TEMPLATE |       \
   (guint) IMSG_OPEN_UNICODE)

static const IMsgGuid template_class_id = {
  { 0x46, 0xF0, 0x06, 0x00, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 }
};

void
_imsg_opening_free (IMsgOpening *opening)
{
  if (opening->storage != NULL && opening->owns_storage)
    imsg_storage_close (opening->storage);
  g_clear_object (&opening->storage);
  g_clear_pointer (&opening->entries, g_array_unref);
  g_clear_pointer (&opening->problems, g_ptr_array_unref);
  g_free (opening);
}

gboolean
_imsg_open_flags_check (IMsgOpenFlags   flags,
                        GError        **error)
{
  if (((guint) flags & ~ALL_OPEN_FLAGS) == 0)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS,
               _("0x%08X are no flags for opening a message"), (guint) flags & ~ALL_OPEN_FLAGS);
  return FALSE;
}

/* Reads the property stream of a storage that was opened. */
static gboolean
read_message (IMsgOpening       *opening,
              const IMsgLimits  *limits,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autoptr(GPtrArray) storage_problems = NULL;
  g_autoptr(IMsgBlob) blob = NULL;
  g_autoptr(GBytes) bytes = NULL;
  gboolean is_child = imsg_storage_get_parent (opening->storage) != NULL;
  gboolean is_cut = FALSE;

  opening->problems = _imsg_problem_list_new ();
  storage_problems = imsg_storage_list_problems (opening->storage);
  for (guint i = 0; !is_child && storage_problems != NULL && i < storage_problems->len; i++)
    _imsg_problem_list_add (opening->problems, imsg_problem_ref (storage_problems->pdata[i]));

  /* In a storage inside another the header is the short one, unless it has its own names */
  opening->header = IMSG_STREAM_MESSAGE;
  if (is_child && !_imsg_storage_lookup (opening->storage, IMSG_NAMEID_STORAGE, NULL, NULL))
    opening->header = IMSG_STREAM_EMBEDDED;

  if (opening->is_empty)
    return TRUE;
  blob = _imsg_storage_get_blob (opening->storage, IMSG_PROPERTIES_STREAM, error);
  if (blob == NULL)
    return FALSE;
  bytes = _imsg_blob_read_readable (blob, limits->values[IMSG_LIMIT_VALUE_BYTES], &is_cut,
                                    cancellable, error);
  if (bytes == NULL)
    return FALSE;
  opening->entries = _imsg_property_stream_read (bytes, opening->header, &opening->counts, "",
                                                 limits, opening->problems, error);
  return opening->entries != NULL;
}

static gboolean
has_message (IMsgStorage *storage)
{
  IMsgStorageEntryKind kind;

  return _imsg_storage_lookup (storage, IMSG_PROPERTIES_STREAM, &kind, NULL) &&
         kind == IMSG_STORAGE_ENTRY_STREAM;
}

static void
set_no_message (GError **error)
{
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
               _("There is no message in this storage: it has no stream “%s”"),
               IMSG_PROPERTIES_STREAM);
}

/* Takes the storage. */
static IMsgOpening *
finish_reading (IMsgStorage       *storage,
                IMsgOpenFlags      flags,
                const IMsgLimits  *limits,
                GCancellable      *cancellable,
                GError           **error)
{
  g_autoptr(IMsgOpening) opening = NULL;

  if (storage == NULL)
    return NULL;
  opening = g_new0 (IMsgOpening, 1);
  opening->storage = storage;
  opening->owns_storage = TRUE;
  if (!has_message (storage))
    {
      set_no_message (error);
      return NULL;
    }
  if ((flags & IMSG_OPEN_AS_TEMPLATE) != 0)
    {
      g_autoptr(IMsgStorage) copy =
        imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);

      if (!imsg_storage_copy_to (storage, copy, error))
        return NULL;
      imsg_storage_close (storage);
      g_set_object (&opening->storage, copy);
    }
  if (!read_message (opening, limits, cancellable, error))
    return NULL;
  return g_steal_pointer (&opening);
}

static IMsgStorageFlags
storage_flags (IMsgOpenFlags flags)
{
  if ((flags & IMSG_OPEN_AS_TEMPLATE) != 0)
    return IMSG_STORAGE_READ;
  if ((flags & (IMSG_OPEN_MODIFY | IMSG_OPEN_BEST_ACCESS)) != 0)
    return IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED;
  return IMSG_STORAGE_READ;
}

static gboolean
is_access_error (const GError *error)
{
  return g_error_matches (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);
}

IMsgOpening *
_imsg_opening_read_file (GFile             *file,
                         IMsgOpenFlags      flags,
                         const IMsgLimits  *limits,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_autoptr(GError) local_error = NULL;
  IMsgStorage *storage =
    _imsg_storage_open_file_with_limits (file, storage_flags (flags), limits, cancellable,
                                         &local_error);

  if (storage == NULL && (flags & IMSG_OPEN_BEST_ACCESS) != 0 && is_access_error (local_error))
    {
      g_clear_error (&local_error);
      storage = _imsg_storage_open_file_with_limits (file, IMSG_STORAGE_READ, limits, cancellable,
                                                     &local_error);
    }
  if (storage == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return finish_reading (storage, flags, limits, cancellable, error);
}

IMsgOpening *
_imsg_opening_read_bytes (GBytes            *bytes,
                          IMsgOpenFlags      flags,
                          const IMsgLimits  *limits,
                          GCancellable      *cancellable,
                          GError           **error)
{
  return finish_reading (_imsg_storage_open_bytes_with_limits (bytes, storage_flags (flags), limits,
                                                               cancellable, error),
                         flags, limits, cancellable, error);
}

IMsgOpening *
_imsg_opening_read_storage (IMsgStorage       *storage,
                            IMsgOpenFlags      flags,
                            const IMsgLimits  *limits,
                            GCancellable      *cancellable,
                            GError           **error)
{
  g_autoptr(IMsgOpening) opening = NULL;

  if (imsg_storage_is_closed (storage))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The storage was closed"));
      return NULL;
    }
  if ((flags & IMSG_OPEN_MODIFY) != 0 && !imsg_storage_is_writable (storage))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS,
                   _("The storage is open for reading only"));
      return NULL;
    }
  opening = g_new0 (IMsgOpening, 1);
  opening->storage = g_object_ref (storage);
  opening->is_empty = !has_message (storage);
  if (opening->is_empty &&
      (!imsg_storage_is_writable (storage) || (flags & IMSG_OPEN_AS_TEMPLATE) != 0))
    {
      set_no_message (error);
      return NULL;
    }
  if ((flags & IMSG_OPEN_AS_TEMPLATE) != 0)
    {
      g_autoptr(IMsgStorage) copy =
        imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);

      if (!imsg_storage_copy_to (storage, copy, error))
        return NULL;
      g_set_object (&opening->storage, copy);
      opening->owns_storage = TRUE;
    }
  if (!read_message (opening, limits, cancellable, error))
    return NULL;
  return g_steal_pointer (&opening);
}

static IMsgMessage *
new_message (IMsgSession *session,
             GFile       *file)
{
  IMsgMessage *self = g_object_new (IMSG_TYPE_MESSAGE, NULL);

  self->file = file != NULL ? g_object_ref (file) : NULL;
  if (session != NULL)
    {
      self->limits = g_new (IMsgLimits, 1);
      *self->limits = *_imsg_session_get_limits (session);
      self->default_code_page = imsg_session_get_default_code_page (session);
    }
  return self;
}

/* Into its session, if there is one; the caller gets the reference. */
static IMsgMessage *
adopt (IMsgSession  *session,
       IMsgMessage  *self,
       GError      **error)
{
  if (session == NULL || _imsg_session_adopt (session, self, error))
    return self;
  g_object_unref (self);
  return NULL;
}

static gboolean
check_class (const char  *message_class,
             GError     **error)
{
  gsize length = strlen (message_class);
  gboolean valid = length > 0 && length < 256 && message_class[length - 1] != '.';

  for (gsize i = 0; valid && i < length; i++)
    valid = (guchar) message_class[i] >= 0x20 && (guchar) message_class[i] < 0x7F;
  if (!valid)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                 _("“%s” is no message class: 1 to 255 ASCII characters with no dot at the end"),
                 message_class);
  return valid;
}

/* Puts what every new message has. */
static gboolean
init_new (IMsgMessage  *self,
          const char   *message_class,
          gboolean      unicode,
          GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);

  if (!object->is_loaded)
    _imsg_property_object_take_entries (object, NULL, NULL);
  object->is_writable = TRUE;
  self->is_new = TRUE;
  self->was_created = TRUE;
  self->unicode_state = unicode ? 2 : 1;
  /* STORE_UNICODE_OK and what Outlook writes beside it; attributes as it writes them */
  if (!_imsg_property_object_put_long (object, IMSG_PR_STORE_SUPPORT_MASK,
                                       unicode ? 0x00040E79 : 0x00000E79,
                                       IMSG_PROPERTY_ATTRIBUTES_READABLE, error))
    return FALSE;
  if (message_class != NULL &&
      (!check_class (message_class, error) ||
       !_imsg_property_object_put_string (object, IMSG_PR_MESSAGE_CLASS, message_class, error)))
    return FALSE;
  /* MSGFLAG_UNSENT | MSGFLAG_UNMODIFIED */
  return _imsg_property_object_put_long (object, IMSG_PR_MESSAGE_FLAGS, 0xA, 0, error);
}

/* Makes the object of what was read, perhaps in another thread. Takes the opening. */
IMsgMessage *
_imsg_message_new_opened (IMsgSession    *session,
                          GFile          *file,
                          IMsgOpening    *opening,
                          IMsgOpenFlags   flags,
                          GError        **error)
{
  g_autoptr(IMsgOpening) taken = opening;
  g_autoptr(IMsgMessage) self =
    new_message (session, (flags & IMSG_OPEN_AS_TEMPLATE) == 0 ? file : NULL);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  IMsgGuid class_id;

  self->open_flags = flags;
  self->owns_storage = taken->owns_storage;
  object->storage = g_steal_pointer (&taken->storage);
  object->header = taken->header;
  object->is_writable = imsg_storage_is_writable (object->storage) &&
                        (taken->is_empty || (flags & (IMSG_OPEN_MODIFY | IMSG_OPEN_BEST_ACCESS |
                                                      IMSG_OPEN_AS_TEMPLATE)) != 0);
  _imsg_property_object_take_entries (object, g_steal_pointer (&taken->entries), &taken->counts);
  if (taken->problems != NULL && taken->problems->len > 0)
    self->problems = g_steal_pointer (&taken->problems);
  _imsg_storage_get_class_guid (object->storage, &class_id);
  self->is_template = _imsg_guid_equal (&class_id, &template_class_id);

  if (taken->is_empty)
    {
      gboolean unicode = (flags & (guint) IMSG_OPEN_UNICODE) != 0 ||
                         (session != NULL && imsg_session_is_unicode (session));

      if (!init_new (self, NULL, unicode, error))
        return NULL;
    }
  else if ((flags & IMSG_OPEN_AS_TEMPLATE) != 0)
    {
      guint32 message_flags = 0;

      self->is_template = FALSE;
      self->is_new = TRUE;
      self->was_created = TRUE;
      _imsg_message_get_name_map (self);
      _imsg_property_object_read_stored_long (object, IMSG_PR_MESSAGE_FLAGS, &message_flags);
      if (!_imsg_property_object_put_long (object, IMSG_PR_MESSAGE_FLAGS, message_flags | 0xA, 0,
                                           error))
        return NULL;
    }
  object->was_modified = imsg_property_object_is_modified (object);
  return adopt (session, g_steal_pointer (&self), error);
}

/* --- new ones --- */

IMsgMessage *
_imsg_message_new_created (IMsgSession  *session,
                           const char   *message_class,
                           gboolean      unicode,
                           GError      **error)
{
  g_autoptr(IMsgMessage) self = new_message (session, NULL);

  if (!init_new (self, message_class, unicode, error))
    return NULL;
  IMSG_PROPERTY_OBJECT (self)->was_modified = TRUE;
  return adopt (session, g_steal_pointer (&self), error);
}

IMsgMessage *
_imsg_message_new_embedded (IMsgAttachment  *parent,
                            IMsgStorage     *storage,
                            gboolean         writable,
                            GError         **error)
{
  const IMsgLimits *limits = _imsg_property_object_get_limits (IMSG_PROPERTY_OBJECT (parent));
  g_autoptr(IMsgMessage) self = NULL;
  guint nesting = parent->message->nesting + 1;
  IMsgPropertyObject *object;

  if (nesting > limits->values[IMSG_LIMIT_NESTING])
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   _("Messages are nested more than %" PRIu64 " deep"),
                   limits->values[IMSG_LIMIT_NESTING]);
      return NULL;
    }
  if (storage != NULL && !has_message (storage))
    {
      set_no_message (error);
      return NULL;
    }
  self = g_object_new (IMSG_TYPE_MESSAGE, NULL);
  object = IMSG_PROPERTY_OBJECT (self);
  object->header = IMSG_STREAM_EMBEDDED;
  self->parent = parent;
  self->nesting = nesting;
  if (storage == NULL)
    {
      if (!init_new (self, NULL, _imsg_message_is_unicode (parent->message), error))
        return NULL;
    }
  else
    {
      object->storage = g_object_ref (storage);
      object->is_writable = writable;
      if (!_imsg_property_object_load (object, error))
        return NULL;
    }
  object->was_modified = imsg_property_object_is_modified (object);
  return g_steal_pointer (&self);
}

/**
 * imsg_message_open_file:
 * @file: a file
 * @flags: how to open it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a message with no session: it closes when it is let go of.
 *
 * Fails as [method@IMsg.Session.open_message] does.
 *
 * Returns: (transfer full): a message
 * Since: 1.0
 */
IMsgMessage *
imsg_message_open_file (GFile          *file,
                        IMsgOpenFlags   flags,
                        GCancellable   *cancellable,
                        GError        **error)
{
  IMsgOpening *opening;

  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!_imsg_open_flags_check (flags, error))
    return NULL;
  opening = _imsg_opening_read_file (file, flags, _imsg_limits_get_default (), cancellable, error);
  return opening != NULL ? _imsg_message_new_opened (NULL, file, opening, flags, error) : NULL;
}

/**
 * imsg_message_open_bytes:
 * @bytes: the bytes of a file
 * @flags: how to open it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a message in memory with no session.
 *
 * Saving changes the message, not @bytes; [method@IMsg.Message.write_to_bytes] gives what it has
 * become. Fails as [method@IMsg.Session.open_message] does.
 *
 * Returns: (transfer full): a message
 * Since: 1.0
 */
IMsgMessage *
imsg_message_open_bytes (GBytes         *bytes,
                         IMsgOpenFlags   flags,
                         GCancellable   *cancellable,
                         GError        **error)
{
  IMsgOpening *opening;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!_imsg_open_flags_check (flags, error))
    return NULL;
  opening = _imsg_opening_read_bytes (bytes, flags, _imsg_limits_get_default (), cancellable,
                                      error);
  return opening != NULL ? _imsg_message_new_opened (NULL, NULL, opening, flags, error) : NULL;
}

/**
 * imsg_message_open_on_storage:
 * @storage: a storage of the caller
 * @flags: how to open it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a message on a storage with no session.
 *
 * Fails as [method@IMsg.Session.open_message_on_storage] does.
 *
 * Returns: (transfer full): a message
 * Since: 1.0
 */
IMsgMessage *
imsg_message_open_on_storage (IMsgStorage    *storage,
                              IMsgOpenFlags   flags,
                              GCancellable   *cancellable,
                              GError        **error)
{
  IMsgOpening *opening;

  g_return_val_if_fail (IMSG_IS_STORAGE (storage), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!_imsg_open_flags_check (flags, error))
    return NULL;
  opening = _imsg_opening_read_storage (storage, flags, _imsg_limits_get_default (), cancellable,
                                        error);
  return opening != NULL ? _imsg_message_new_opened (NULL, NULL, opening, flags, error) : NULL;
}
