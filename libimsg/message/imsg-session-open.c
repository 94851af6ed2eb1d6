/* imsg-session-open.c - opening messages in a session
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-message-private.h"
#include "imsg-session-private.h"
#include "imsg-task-private.h"

#include <glib/gi18n-lib.h>

/**
 * IMsgOpenFlags:
 * @IMSG_OPEN_READ_ONLY: for reading only
 * @IMSG_OPEN_MODIFY: for changing as well
 * @IMSG_OPEN_NO_COMMIT: saving leaves the commit of the storage to the caller
 *   (`IMSG_NO_ISTG_COMMIT`)
 * @IMSG_OPEN_BEST_ACCESS: for changing if that can be, else for reading
 * @IMSG_OPEN_AS_TEMPLATE: as a new message with the content of the file, which stays as it is
 * @IMSG_OPEN_UNICODE: a message that is new keeps text as Unicode (`MAPI_UNICODE`)
 *
 * How to open a message.
 *
 * Since: 1.0
 */

static gboolean
check_session (IMsgSession    *self,
               IMsgOpenFlags   flags,
               GError        **error)
{
  if (!imsg_session_is_closed (self))
    return _imsg_open_flags_check (flags, error);
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The session was closed"));
  return FALSE;
}

/**
 * imsg_session_open_message:
 * @self: a session
 * @file: a file
 * @flags: how to open it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a message.
 *
 * The session holds it until it is closed. Only its directory and its list of properties are read;
 * everything else is when it is asked for.
 *
 * Fails with %IMSG_ERROR_CORRUPT_DATA when the file is no message, %IMSG_ERROR_INVALID_FLAGS,
 * %IMSG_ERROR_NO_ACCESS or an I/O error when it cannot be opened in that way,
 * %IMSG_ERROR_TOO_BIG over a limit, %IMSG_ERROR_CLOSED once @self is closed.
 * Source: `OpenIMsgOnIStg`.
 *
 * Returns: (transfer full): the message
 * Since: 1.0
 */
IMsgMessage *
imsg_session_open_message (IMsgSession    *self,
                           GFile          *file,
                           IMsgOpenFlags   flags,
                           GCancellable   *cancellable,
                           GError        **error)
{
  IMsgOpening *opening;

  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_session (self, flags, error))
    return NULL;
  opening = _imsg_opening_read_file (file, flags, _imsg_session_get_limits (self), cancellable,
                                     error);
  return opening != NULL ? _imsg_message_new_opened (self, file, opening, flags, error) : NULL;
}

/* What the worker needs; it sees nothing else. */
typedef struct
{
  GFile         *file;
  IMsgOpenFlags  flags;
  IMsgLimits     limits;
} OpenTask;

static void
open_task_free (gpointer data)
{
  OpenTask *open = data;

  g_object_unref (open->file);
  g_free (open);
}

static void
open_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  OpenTask *open = task_data;
  g_autoptr(GError) error = NULL;
  IMsgOpening *opening =
    _imsg_opening_read_file (open->file, open->flags, &open->limits, cancellable, &error);

  if (opening == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, opening, (GDestroyNotify) _imsg_opening_free);
}

/**
 * imsg_session_open_message_async:
 * @self: a session
 * @file: a file
 * @flags: how to open it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Opens a message, reading the file in another thread.
 *
 * Since: 1.0
 */
void
imsg_session_open_message_async (IMsgSession         *self,
                                 GFile               *file,
                                 IMsgOpenFlags        flags,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  OpenTask *open;

  g_return_if_fail (IMSG_IS_SESSION (self));
  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imsg_session_open_message_async);
  open = g_new0 (OpenTask, 1);
  open->file = g_object_ref (file);
  open->flags = flags;
  open->limits = *_imsg_session_get_limits (self);
  g_task_set_task_data (task, open, open_task_free);
  if (!check_session (self, flags, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    _imsg_task_run_in_thread (task, open_in_thread);
}

/**
 * imsg_session_open_message_finish:
 * @self: a session
 * @result: the result
 * @error: return location for an error
 *
 * Finishes what [method@IMsg.Session.open_message_async] began.
 *
 * Fails as [method@IMsg.Session.open_message] does; also with %IMSG_ERROR_CLOSED when the session
 * was closed meanwhile.
 *
 * Returns: (transfer full): the message
 * Since: 1.0
 */
IMsgMessage *
imsg_session_open_message_finish (IMsgSession   *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  IMsgOpening *opening;
  OpenTask *open;

  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  opening = g_task_propagate_pointer (G_TASK (result), error);
  open = g_task_get_task_data (G_TASK (result));
  if (opening == NULL)
    return NULL;
  return _imsg_message_new_opened (self, open->file, opening, open->flags, error);
}

/**
 * imsg_session_open_message_from_bytes:
 * @self: a session
 * @bytes: the bytes of a file
 * @flags: how to open it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a message in memory.
 *
 * Saving changes the message, not @bytes; [method@IMsg.Message.write_to_bytes] gives what it has
 * become. Fails as [method@IMsg.Session.open_message] does.
 *
 * Returns: (transfer full): the message
 * Since: 1.0
 */
IMsgMessage *
imsg_session_open_message_from_bytes (IMsgSession    *self,
                                      GBytes         *bytes,
                                      IMsgOpenFlags   flags,
                                      GCancellable   *cancellable,
                                      GError        **error)
{
  IMsgOpening *opening;

  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);
  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_session (self, flags, error))
    return NULL;
  opening = _imsg_opening_read_bytes (bytes, flags, _imsg_session_get_limits (self), cancellable,
                                      error);
  return opening != NULL ? _imsg_message_new_opened (self, NULL, opening, flags, error) : NULL;
}

/**
 * imsg_session_open_message_on_storage:
 * @self: a session
 * @storage: a storage of the caller
 * @flags: how to open it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a message on a storage.
 *
 * The storage stays the caller's: the message keeps a reference, and does not close it. Saving
 * commits it, unless @flags has %IMSG_OPEN_NO_COMMIT. A writable storage with no message in it
 * gives a new one. Members whose names do not begin with `__` are the caller's to use.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS when @flags ask for more than the storage allows, and as
 * [method@IMsg.Session.open_message] does. Source: `OpenIMsgOnIStg`.
 *
 * Returns: (transfer full): the message
 * Since: 1.0
 */
IMsgMessage *
imsg_session_open_message_on_storage (IMsgSession    *self,
                                      IMsgStorage    *storage,
                                      IMsgOpenFlags   flags,
                                      GCancellable   *cancellable,
                                      GError        **error)
{
  IMsgOpening *opening;

  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);
  g_return_val_if_fail (IMSG_IS_STORAGE (storage), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_session (self, flags, error))
    return NULL;
  opening = _imsg_opening_read_storage (storage, flags, _imsg_session_get_limits (self),
                                        cancellable, error);
  return opening != NULL ? _imsg_message_new_opened (self, NULL, opening, flags, error) : NULL;
}

/**
 * imsg_session_create_message:
 * @self: a session
 * @message_class: the message class, such as `IPM.Note`
 * @error: return location for an error
 *
 * Makes a new message, which is not yet on disk: [method@IMsg.Message.save_as] puts it there.
 *
 * Fails with %IMSG_ERROR_BAD_VALUE when @message_class is none, %IMSG_ERROR_CLOSED once @self is
 * closed. Source: `OpenIMsgOnIStg` on an empty storage.
 *
 * Returns: (transfer full): the message
 * Since: 1.0
 */
IMsgMessage *
imsg_session_create_message (IMsgSession  *self,
                             const char   *message_class,
                             GError      **error)
{
  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);
  g_return_val_if_fail (message_class != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_session (self, IMSG_OPEN_READ_ONLY, error))
    return NULL;
  return _imsg_message_new_created (self, message_class, imsg_session_is_unicode (self), error);
}
