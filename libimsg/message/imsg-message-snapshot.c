/* imsg-message-snapshot.c - a message as it was at one moment, for another thread to read
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-message-private.h"

/**
 * imsg_message_dup_snapshot:
 * @self: a message
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Copies the message as it is now, unsaved changes included, for reading.
 *
 * The copy belongs to no session and shares nothing that changes with @self, so one other thread
 * can read, convert or write it while @self is used, changed and closed here. No contents are
 * copied: it costs what the directory of the message does, however large its attachments are. An
 * embedded message becomes an outermost one. The copy lives until its last reference is gone.
 *
 * Fails with %IMSG_ERROR_BUSY while a save runs, %IMSG_ERROR_CLOSED once @self is closed.
 *
 * Returns: (transfer full): the copy, which cannot be changed
 * Since: 1.0
 */
IMsgMessage *
imsg_message_dup_snapshot (IMsgMessage   *self,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autoptr(IMsgStorage) copy = NULL;
  IMsgOpening *opening;
  IMsgMessage *snapshot;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  copy = _imsg_message_copy_for_writing (self, NULL, cancellable, error);
  if (copy == NULL)
    return NULL;
  _imsg_storage_set_progress (copy, NULL, NULL);
  opening = _imsg_opening_read_storage (copy, IMSG_OPEN_READ_ONLY, _imsg_message_get_limits (self),
                                        cancellable, error);
  if (opening == NULL)
    return NULL;
  opening->owns_storage = TRUE;
  snapshot = _imsg_message_new_opened (NULL, NULL, opening, IMSG_OPEN_READ_ONLY, error);
  if (snapshot == NULL)
    return NULL;
  if (snapshot->limits == NULL)
    snapshot->limits = g_memdup2 (_imsg_message_get_limits (self), sizeof (IMsgLimits));
  snapshot->code_page_override = self->code_page_override;
  snapshot->default_code_page = _imsg_message_get_root (self)->default_code_page;
  return snapshot;
}
