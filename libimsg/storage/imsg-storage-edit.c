/* imsg-storage-edit.c - removing, renaming and dating members
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-storage-object-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * imsg_storage_remove:
 * @self: a storage
 * @name: the name of a member
 * @error: return location for an error
 *
 * Removes a member; a storage goes with everything in it.
 *
 * A storage that is open is ended.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND, %IMSG_ERROR_NO_ACCESS, %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::DestroyElement`.
 *
 * Returns: %TRUE if it was removed
 * Since: 1.0
 */
gboolean
imsg_storage_remove (IMsgStorage  *self,
                     const char   *name,
                     GError      **error)
{
  g_autoptr(IMsgStorage) child = NULL;
  IMsgMember member;
  guint position = 0;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!_imsg_storage_check_writable (self, error) ||
      !_imsg_storage_need (self, name, 0, &member, error))
    return FALSE;
  _imsg_storage_edit (self);
  child = _imsg_storage_peek_child (self, member.entry.name, member.entry.n_units);
  if (child != NULL)
    {
      g_object_ref (child);
      _imsg_storage_forget_child (self, child);
    }
  _imsg_storage_move_streams (self, member.entry.name, member.entry.n_units, NULL);
  if (self->entries != NULL)
    position = _imsg_node_get_position (self->node, member.entry.name, member.entry.n_units);
  _imsg_node_remove (self->node, member.entry.name, member.entry.n_units);
  if (self->entries != NULL)
    _imsg_storage_entries_changed (self->entries, position, 1, 0);
  if (child != NULL)
    _imsg_storage_end (child);
  _imsg_storage_edited (self);
  return TRUE;
}

gboolean
_imsg_storage_clear (IMsgStorage  *self,
                     const char   *name,
                     GError      **error)
{
  IMsgMember member;

  if (!_imsg_storage_check_writable (self, error))
    return FALSE;
  return !_imsg_storage_find (self, name, &member) || imsg_storage_remove (self, name, error);
}

/* A child that is open stays open under its new name. */
static void
rename_child (IMsgStorage              *child,
              const IMsgDirectoryEntry *entry)
{
  memcpy (child->units, entry->name, sizeof child->units);
  child->n_units = entry->n_units;
  g_clear_pointer (&child->name, g_free);
}

/* An open storage that has another name now; node is its own, unless it has a transaction: then its
 * own is named by its commit. */
static void
follow_rename (IMsgStorage              *self,
               IMsgStorage              *child,
               IMsgNode                 *node,
               const IMsgDirectoryEntry *entry)
{
  rename_child (child, entry);
  if (child->base == NULL && child->node != node)
    {
      _imsg_node_unref (child->node);
      child->node = _imsg_node_ref (node);
    }
  _imsg_storage_remember_child (self, child);
}

/**
 * imsg_storage_rename:
 * @self: a storage
 * @old_name: the name of a member
 * @new_name: the name it is to have
 * @error: return location for an error
 *
 * Gives a member another name; a change of case only is one.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND, %IMSG_ERROR_COLLISION when another member has the new name,
 * %IMSG_ERROR_INVALID_PARAMETER for a name that cannot be, %IMSG_ERROR_NO_ACCESS,
 * %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::RenameElement`.
 *
 * Returns: %TRUE if it was renamed
 * Since: 1.0
 */
gboolean
imsg_storage_rename (IMsgStorage  *self,
                     const char   *old_name,
                     const char   *new_name,
                     GError      **error)
{
  g_autoptr(IMsgNode) node = NULL;
  g_autoptr(IMsgStorage) child = NULL;
  IMsgDirectoryEntry entry;
  IMsgMember member;
  IMsgMember other;
  guint old_position = 0;
  guint new_position = 0;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (old_name != NULL, FALSE);
  g_return_val_if_fail (new_name != NULL, FALSE);

  if (!_imsg_storage_check_writable (self, error) ||
      !_imsg_storage_need (self, old_name, 0, &member, error))
    return FALSE;
  memset (&entry, 0, sizeof entry);
  entry.n_units = _imsg_name_from_utf8 (new_name, entry.name, error);
  if (entry.n_units == 0)
    return FALSE;
  if (_imsg_node_find (self->node, entry.name, entry.n_units, &other) &&
      _imsg_name_compare (member.entry.name, member.entry.n_units, entry.name,
                          entry.n_units) != 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION,
                   _("The storage “%s” has a member “%s” already"),
                   imsg_storage_get_name (self), new_name);
      return FALSE;
    }

  _imsg_storage_edit (self);
  node = _imsg_node_ref (_imsg_storage_edit_member (self, member.entry.name,
                                                    member.entry.n_units));
  child = _imsg_storage_peek_child (self, member.entry.name, member.entry.n_units);
  if (child != NULL)
    {
      g_object_ref (child);
      _imsg_storage_forget_child (self, child);
    }
  _imsg_storage_move_streams (self, member.entry.name, member.entry.n_units, new_name);
  old_position = _imsg_node_get_position (self->node, member.entry.name, member.entry.n_units);
  _imsg_node_remove (self->node, member.entry.name, member.entry.n_units);
  memcpy (node->entry.name, entry.name, sizeof entry.name);
  node->entry.n_units = entry.n_units;
  _imsg_node_insert (self->node, _imsg_node_ref (node));
  new_position = _imsg_node_get_position (self->node, entry.name, entry.n_units);
  if (child != NULL)
    follow_rename (self, child, node, &entry);
  if (self->entries != NULL && old_position == new_position)
    _imsg_storage_entries_changed (self->entries, old_position, 1, 1);
  else if (self->entries != NULL)
    _imsg_storage_entries_moved (self->entries, old_position, new_position);
  _imsg_storage_edited (self);
  if (child != NULL)
    _imsg_storage_notify (child, IMSG_STORAGE_PROP_NAME);
  return TRUE;
}

/**
 * imsg_storage_set_entry_times:
 * @self: a storage
 * @name: (nullable): the name of a member, or %NULL for @self
 * @creation_time: ticks of 100 ns since 1601 UTC, 0 to leave what is there
 * @modification_time: likewise
 * @error: return location for an error
 *
 * Sets the times of a storage.
 *
 * Streams have none: for them nothing is done.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND, %IMSG_ERROR_NO_ACCESS, %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::SetElementTimes`.
 *
 * Returns: %TRUE if they were set
 * Since: 1.0
 */
gboolean
imsg_storage_set_entry_times (IMsgStorage  *self,
                              const char   *name,
                              guint64       creation_time,
                              guint64       modification_time,
                              GError      **error)
{
  IMsgNode *node = NULL;
  g_autoptr(IMsgStorage) child = NULL;
  IMsgMember member;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);

  if (!_imsg_storage_check_writable (self, error) ||
      (name != NULL && !_imsg_storage_need (self, name, 0, &member, error)))
    return FALSE;
  if (name != NULL && member.entry.kind == IMSG_STORAGE_ENTRY_STREAM)
    return TRUE;
  if (name != NULL)
    child = _imsg_storage_peek_child (self, member.entry.name, member.entry.n_units);
  if (child != NULL)
    g_object_ref (child);
  /* An open member sees it too, and keeps the node it has. */
  if (child != NULL && child->base == NULL)
    node = _imsg_storage_edit (child);
  else
    node = _imsg_storage_edit (self);
  if (name != NULL && (child == NULL || child->base != NULL))
    node = _imsg_storage_edit_member (self, member.entry.name, member.entry.n_units);
  if (creation_time != 0)
    node->entry.creation_time = creation_time;
  if (modification_time != 0)
    node->entry.modification_time = modification_time;
  if (name != NULL && self->entries != NULL)
    _imsg_storage_entries_changed (self->entries,
                                   _imsg_node_get_position (self->node, member.entry.name,
                                                            member.entry.n_units), 1, 1);
  if (child != NULL && child->base == NULL)
    _imsg_storage_edited (child);
  else
    _imsg_storage_edited (self);
  return TRUE;
}
