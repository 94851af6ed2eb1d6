/* imsg-storage-copy.c - copies within a storage and from one to another
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-storage-object-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Whether self is storage, or lies inside it. */
static gboolean
is_inside (IMsgStorage *self,
           IMsgStorage *storage)
{
  for (; self != NULL; self = self->parent)
    if (self == storage)
      return TRUE;
  return FALSE;
}

static gboolean
refuse_cycle (IMsgStorage  *self,
              GError      **error)
{
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_FOLDER_CYCLE,
               _("The storage “%s” cannot be copied into itself"), imsg_storage_get_name (self));
  return FALSE;
}

static gboolean
check_depth (IMsgStorage       *destination,
             const IMsgMember  *member,
             GError           **error)
{
  guint64 max_depth =
    _imsg_limits_get_storage_depth (&_imsg_storage_get_root (destination)->root->limits);

  /* Of a file that is nested deeper, the first storages over that are there, and empty */
  if (member->directory != NULL && _imsg_directory_get_problems (member->directory)->len > 0)
    max_depth++;
  if (destination->depth + _imsg_member_get_depth (member) <= max_depth)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX,
               g_dngettext (GETTEXT_PACKAGE,
                            "The copy would be over %" PRIu64 " storage deep",
                            "The copy would be over %" PRIu64 " storages deep",
                            max_depth),
               max_depth);
  return FALSE;
}

/* Puts a copy of a member into a storage that was edited, in the place of whatever is there. */
static void
put_copy (IMsgStorage      *destination,
          const IMsgMember *member,
          const gunichar2  *units,
          guint             n_units)
{
  g_autoptr(IMsgStorage) child = NULL;
  IMsgNode *copy = _imsg_node_copy (member);
  IMsgMember old;

  memset (copy->entry.name, 0, sizeof copy->entry.name);
  memcpy (copy->entry.name, units, n_units * sizeof *units);
  copy->entry.n_units = n_units;
  if (!_imsg_node_find (destination->node, units, n_units, &old))
    {
      _imsg_storage_add_member (destination, copy);
      return;
    }
  _imsg_storage_move_streams (destination, units, n_units, NULL);
  child = _imsg_storage_peek_child (destination, units, n_units);
  if (child != NULL)
    {
      g_object_ref (child);
      _imsg_storage_forget_child (destination, child);
    }
  _imsg_node_replace (destination->node, copy);
  _imsg_node_unref (copy);
  if (destination->entries != NULL)
    _imsg_storage_entries_changed (destination->entries,
                                   _imsg_node_get_position (destination->node, units, n_units),
                                   1, 1);
  if (child != NULL)
    _imsg_storage_end (child);
}

/**
 * imsg_storage_copy_entry:
 * @self: a storage
 * @name: the name of a member
 * @destination: where to; may be @self
 * @new_name: (nullable): the name of the copy, or %NULL for the same
 * @error: return location for an error
 *
 * Copies a member, with all that is in it.
 *
 * No bytes are copied: both share them until one is changed. What is written to open read/write
 * streams is part of the copy. Changes of a transaction of its own are not.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND, %IMSG_ERROR_COLLISION when @destination has a member of that
 * name, %IMSG_ERROR_FOLDER_CYCLE when it lies inside the member, %IMSG_ERROR_TOO_COMPLEX when the
 * copy would be nested too deep, %IMSG_ERROR_INVALID_PARAMETER, %IMSG_ERROR_NO_ACCESS,
 * %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::MoveElementTo` with `STGMOVE_COPY`.
 *
 * Returns: %TRUE if it was copied
 * Since: 1.0
 */
gboolean
imsg_storage_copy_entry (IMsgStorage  *self,
                         const char   *name,
                         IMsgStorage  *destination,
                         const char   *new_name,
                         GError      **error)
{
  IMsgDirectoryEntry entry;
  IMsgStorage *child = NULL;
  IMsgMember member;
  IMsgMember other;
  g_autoptr(IMsgNode) held = NULL;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (IMSG_IS_STORAGE (destination), FALSE);

  if (!_imsg_storage_check_open (self, error) ||
      !_imsg_storage_check_writable (destination, error) ||
      !_imsg_storage_publish_streams (self, error) ||
      !_imsg_storage_check_writable (destination, error) ||
      !_imsg_storage_need (self, name, 0, &member, error))
    return FALSE;
  entry = member.entry;
  if (new_name != NULL)
    {
      entry.n_units = _imsg_name_from_utf8 (new_name, entry.name, error);
      if (entry.n_units == 0)
        return FALSE;
    }
  child = _imsg_storage_peek_child (self, member.entry.name, member.entry.n_units);
  if (child != NULL && is_inside (destination, child))
    return refuse_cycle (child, error);
  if (_imsg_node_find (destination->node, entry.name, entry.n_units, &other))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION,
                   _("The storage “%s” has a member “%s” already"),
                   imsg_storage_get_name (destination),
                   new_name != NULL ? new_name : name);
      return FALSE;
    }
  if (!check_depth (destination, &member, error))
    return FALSE;
  /* The source may be the storage that is about to be edited, or above it. */
  held = _imsg_node_copy (&member);
  _imsg_storage_edit (destination);
  _imsg_member_init_node (&member, held);
  put_copy (destination, &member, entry.name, entry.n_units);
  _imsg_storage_edited (destination);
  return TRUE;
}

typedef struct
{
  IMsgStorage *destination;
  GArray      *run; /* (element-type IMsgMember): those met last, all of one name */
  GError      *error;
} Merge;

static gboolean merge (IMsgNode     *source,
                       IMsgStorage  *destination,
                       GError      **error);

static gboolean
merge_member (Merge            *state,
              const IMsgMember *member)
{
  const IMsgDirectoryEntry *entry = &member->entry;
  g_autoptr(IMsgStorage) below = NULL;
  g_autoptr(IMsgNode) source = NULL;
  g_autofree char *name = NULL;
  IMsgMember old;

  if (entry->kind == IMSG_STORAGE_ENTRY_STREAM ||
      !_imsg_node_find (state->destination->node, entry->name, entry->n_units, &old) ||
      old.entry.kind == IMSG_STORAGE_ENTRY_STREAM)
    {
      put_copy (state->destination, member, entry->name, entry->n_units);
      return TRUE;
    }
  name = _imsg_name_to_utf8 (entry->name, entry->n_units);
  below = imsg_storage_open_storage (state->destination, name, IMSG_STORAGE_READ_WRITE,
                                     &state->error);
  if (below == NULL)
    return FALSE;
  source = _imsg_node_new_for_member (member);
  return merge (source, below, &state->error);
}

/* The last of those that share a name in a damaged file takes the place of what is there; each
 * that is added then comes before it, so that the first is the one that is found again. */
static gboolean
merge_run (Merge *state)
{
  for (guint i = state->run->len; i > 0; i--)
    {
      const IMsgMember *member = &g_array_index (state->run, IMsgMember, i - 1);

      /* Those who heard of the last one may have closed it, or taken a picture of it */
      if (!_imsg_storage_check_open (state->destination, &state->error) ||
          !check_depth (state->destination, member, &state->error))
        return FALSE;
      _imsg_storage_edit (state->destination);
      if (i < state->run->len)
        _imsg_storage_add_member (state->destination, _imsg_node_copy (member));
      else if (!merge_member (state, member))
        return FALSE;
    }
  g_array_set_size (state->run, 0);
  return TRUE;
}

static gboolean
meet_member (const IMsgMember *member,
             gpointer          user_data)
{
  Merge *state = user_data;

  if (state->run->len > 0)
    {
      const IMsgDirectoryEntry *last = &g_array_index (state->run, IMsgMember, 0).entry;

      if (_imsg_name_compare (last->name, last->n_units, member->entry.name,
                              member->entry.n_units) != 0 && !merge_run (state))
        return FALSE;
    }
  g_array_append_vals (state->run, member, 1);
  return TRUE;
}

/* Recursion goes no deeper than storages may nest. */
static gboolean
merge (IMsgNode     *source,
       IMsgStorage  *destination,
       GError      **error)
{
  g_autoptr(GArray) run = g_array_new (FALSE, FALSE, sizeof (IMsgMember));
  Merge state = { destination, run, NULL };
  gboolean is_done = FALSE;

  if (!_imsg_storage_set_class_guid (destination, &source->entry.class_id, error) ||
      !imsg_storage_set_state_bits (destination, source->entry.state_bits, G_MAXUINT32, error))
    return FALSE;
  _imsg_node_foreach (source, 0, meet_member, &state);
  is_done = state.error == NULL && merge_run (&state);
  if (!destination->is_closed)
    _imsg_storage_edited (destination);
  if (!is_done)
    g_propagate_error (error, state.error);
  return is_done;
}

/**
 * imsg_storage_copy_to:
 * @self: a storage
 * @destination: another
 * @error: return location for an error
 *
 * Copies all it holds into another storage.
 *
 * Streams of the same name are replaced, storages of the same name entered, and what else is in
 * @destination stays. It gets the class and the state bits of @self. No bytes are copied. When it
 * fails half-way, what was copied before stays, in the transaction of @destination.
 *
 * Fails with %IMSG_ERROR_FOLDER_CYCLE when @destination is @self or lies inside it,
 * %IMSG_ERROR_TOO_COMPLEX when the copy would be nested too deep, %IMSG_ERROR_NO_ACCESS,
 * %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::CopyTo`.
 *
 * Returns: %TRUE if all was copied
 * Since: 1.0
 */
gboolean
imsg_storage_copy_to (IMsgStorage  *self,
                      IMsgStorage  *destination,
                      GError      **error)
{
  g_autoptr(IMsgNode) source = NULL;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (IMSG_IS_STORAGE (destination), FALSE);

  if (!_imsg_storage_check_open (self, error) ||
      !_imsg_storage_check_writable (destination, error))
    return FALSE;
  if (is_inside (destination, self))
    return refuse_cycle (self, error);
  if (!_imsg_storage_publish_streams (self, error) ||
      !_imsg_storage_check_writable (destination, error))
    return FALSE;
  /* Shared, it stays as it is even when the destination is above it. */
  self->node->is_shared = TRUE;
  source = _imsg_node_ref (self->node);
  return merge (source, destination, error);
}
