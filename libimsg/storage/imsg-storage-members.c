/* imsg-storage-members.c - finding members, and opening and making those that are storages
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-filetime-private.h"
#include "imsg-storage-object-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define OPEN_FLAGS (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED)
#define CREATE_FLAGS (OPEN_FLAGS | IMSG_STORAGE_REPLACE)
#define REPLACEMENT_CHARACTER "\xEF\xBF\xBD"

gboolean
_imsg_storage_encode_name (const char *name,
                           gunichar2   units[IMSG_NAME_UNITS],
                           guint      *n_units)
{
  gsize n_ascii = 0;
  guint n = 0;

  if (_imsg_name_is_ascii (name, &n_ascii))
    {
      _imsg_name_widen (name, (guint) n_ascii, units);
      *n_units = (guint) n_ascii;
      return n_ascii > 0;
    }
  for (const char *c = name; *c != '\0';)
    {
      gunichar character = (guchar) *c;

      if (character < 0x80)
        {
          c++;
        }
      else
        {
          character = g_utf8_get_char_validated (c, -1);
          if (character > 0x10FFFF)
            return FALSE;
          c = g_utf8_next_char (c);
        }
      if (n + (character > 0xFFFF) >= IMSG_NAME_UNITS - 1)
        return FALSE;
      if (character > 0xFFFF)
        {
          units[n++] = 0xD800 + ((character - 0x10000) >> 10);
          units[n++] = 0xDC00 + ((character - 0x10000) & 0x3FF);
        }
      else
        units[n++] = character;
    }
  *n_units = n;
  return n > 0;
}

typedef struct
{
  const char *name;
  IMsgMember *member;
  gboolean    is_found;
} FindShown;

static gboolean
find_shown (const IMsgMember *member,
            gpointer          user_data)
{
  FindShown *find = user_data;
  g_autofree char *name = _imsg_name_to_utf8 (member->entry.name, member->entry.n_units);

  if (strcmp (name, find->name) != 0)
    return TRUE;
  *find->member = *member;
  find->is_found = TRUE;
  return FALSE;
}

/* Where a member is that nobody touched, if it has an ASCII name, as all have that messages give:
 * most look-ups are to read it, and want nothing else of its entry. */
static gboolean
find_stored (IMsgStorage           *self,
             const char            *name,
             guint32               *number,
             IMsgStorageEntryKind  *kind,
             guint64               *n_bytes)
{
  gsize n_units = 0;

  if (self->node == NULL || self->node->is_loaded || !_imsg_name_is_ascii (name, &n_units) ||
      !_imsg_node_find_number (self->node, name, (guint) n_units, number))
    return FALSE;
  *kind = _imsg_directory_get_kind (self->node->directory, *number, n_bytes);
  return TRUE;
}

IMsgBlob *
_imsg_storage_get_blob (IMsgStorage  *self,
                        const char   *name,
                        GError      **error)
{
  IMsgStorageEntryKind kind;
  IMsgMember member;
  guint32 number;
  guint64 n_bytes;

  if (find_stored (self, name, &number, &kind, &n_bytes) && kind == IMSG_STORAGE_ENTRY_STREAM)
    return _imsg_directory_open_stream (self->node->directory, number, error);
  if (!_imsg_storage_need (self, name, IMSG_STORAGE_ENTRY_STREAM, &member, error))
    return NULL;
  return _imsg_member_open_blob (&member, error);
}

gboolean
_imsg_storage_find (IMsgStorage *self,
                    const char  *name,
                    IMsgMember  *member)
{
  gunichar2 units[IMSG_NAME_UNITS];
  guint n_units = 0;
  FindShown find = { name, member, FALSE };
  IMsgStorageEntryKind kind;
  guint64 n_bytes;

  if (find_stored (self, name, &member->number, &kind, &n_bytes))
    {
      member->node = NULL;
      member->directory = self->node->directory;
      _imsg_directory_get_entry (member->directory, member->number, &member->entry);
      return TRUE;
    }
  if (_imsg_storage_encode_name (name, units, &n_units) &&
      _imsg_node_find (self->node, units, n_units, member))
    return TRUE;
  /* A name that is no valid UTF-16 can only be asked for as it is shown. */
  if (strstr (name, REPLACEMENT_CHARACTER) != NULL)
    _imsg_node_foreach (self->node, 0, find_shown, &find);
  return find.is_found;
}

gboolean
_imsg_storage_need (IMsgStorage           *self,
                    const char            *name,
                    IMsgStorageEntryKind   kind,
                    IMsgMember            *member,
                    GError               **error)
{
  if (!_imsg_storage_check_open (self, error))
    return FALSE;
  if (_imsg_storage_find (self, name, member) && (kind == 0 || member->entry.kind == kind))
    return TRUE;
  /* Asking for what may be absent is no failure: nothing is looked up if nobody wants to know. */
  if (error != NULL)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND,
                 kind == 0 ? _("The storage “%s” has no member “%s”")
                 : kind == IMSG_STORAGE_ENTRY_STORAGE ? _("The storage “%s” has no storage “%s”")
                                                      : _("The storage “%s” has no stream “%s”"),
                 imsg_storage_get_name (self), name);
  return FALSE;
}

/* --- open children --- */

/* Only ASCII letters need to agree; the rest is for child_equal(). */
static guint
hash_name (const gunichar2 *units,
           guint            n_units)
{
  guint hash = n_units;

  for (guint i = 0; i < n_units; i++)
    {
      gunichar2 unit = units[i];

      hash = hash * 31 + (unit >= 0x80 ? 0x80 : unit >= 'a' && unit <= 'z' ? unit - 0x20 : unit);
    }
  return hash;
}

static guint
child_hash (gconstpointer key)
{
  return ((const IMsgStorage *) key)->name_hash;
}

static gboolean
child_equal (gconstpointer a,
             gconstpointer b)
{
  const IMsgStorage *child_a = a;
  const IMsgStorage *child_b = b;

  return _imsg_name_compare (child_a->units, child_a->n_units, child_b->units,
                             child_b->n_units) == 0;
}

IMsgStorage *
_imsg_storage_peek_child (IMsgStorage     *self,
                          const gunichar2 *units,
                          guint            n_units)
{
  IMsgStorage key;

  if (self->children == NULL)
    return NULL;
  memcpy (key.units, units, n_units * sizeof *units);
  key.n_units = n_units;
  key.name_hash = hash_name (units, n_units);
  return g_hash_table_lookup (self->children, &key);
}

void
_imsg_storage_remember_child (IMsgStorage *self,
                              IMsgStorage *child)
{
  if (self->children == NULL)
    self->children = g_hash_table_new (child_hash, child_equal);
  child->name_hash = hash_name (child->units, child->n_units);
  g_hash_table_add (self->children, child);
}

void
_imsg_storage_forget_child (IMsgStorage *self,
                            IMsgStorage *child)
{
  if (self->children != NULL && g_hash_table_lookup (self->children, child) == child)
    g_hash_table_remove (self->children, child);
}

/* The open children, to walk while handlers may close them. */
static GPtrArray *
list_children (IMsgStorage *self)
{
  GPtrArray *children = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer child = NULL;

  if (self->children == NULL)
    return children;
  g_hash_table_iter_init (&iter, self->children);
  while (g_hash_table_iter_next (&iter, &child, NULL))
    g_ptr_array_add (children, g_object_ref (child));
  return children;
}

void
_imsg_storage_end_children (IMsgStorage *self)
{
  g_autoptr(GPtrArray) children = NULL;

  if (self->children == NULL)
    return;
  children = list_children (self);
  g_clear_pointer (&self->children, g_hash_table_unref);
  for (guint i = 0; i < children->len; i++)
    _imsg_storage_end (g_ptr_array_index (children, i));
}

void
_imsg_storage_end (IMsgStorage *self)
{
  if (self->is_closed)
    return;
  self->is_closed = TRUE;
  _imsg_storage_end_children (self);
  _imsg_storage_end_streams (self);
  g_clear_pointer (&self->node, _imsg_node_unref);
  g_clear_pointer (&self->base, _imsg_node_unref);
  if (self->root != NULL)
    g_clear_pointer (&self->root->source, _imsg_source_unref);
  if (self->entries != NULL)
    _imsg_storage_entries_reset (self->entries);
  _imsg_storage_set_modified (self, FALSE);
  _imsg_storage_notify (self, IMSG_STORAGE_PROP_CLOSED);
}

void
_imsg_storage_set_node (IMsgStorage *self,
                        IMsgNode    *node,
                        gboolean     is_changed)
{
  g_autoptr(GPtrArray) children = list_children (self);

  _imsg_node_ref (node);
  g_clear_pointer (&self->node, _imsg_node_unref);
  self->node = node;
  self->is_attached = FALSE;
  for (guint i = 0; i < children->len; i++)
    {
      IMsgStorage *child = g_ptr_array_index (children, i);
      g_autoptr(IMsgNode) below = NULL;
      IMsgMember member;

      if (child->base != NULL && child->is_modified)
        continue;
      if (!_imsg_node_find (node, child->units, child->n_units, &member) ||
          member.entry.kind != IMSG_STORAGE_ENTRY_STORAGE)
        {
          _imsg_storage_forget_child (self, child);
          _imsg_storage_end (child);
          continue;
        }
      below = _imsg_node_new_for_member (&member);
      if (child->base != NULL)
        {
          below->is_shared = TRUE;
          g_clear_pointer (&child->base, _imsg_node_unref);
          child->base = _imsg_node_ref (below);
        }
      _imsg_storage_set_node (child, below, is_changed);
      child->is_attached = member.node != NULL;
    }
  if (is_changed && self->entries != NULL)
    _imsg_storage_entries_reset (self->entries);
}

/* --- editing --- */

/* Members got nodes of their own: those that open children look at are the ones to keep. */
static void
attach_children (IMsgStorage *self)
{
  GHashTableIter iter;
  gpointer key = NULL;

  if (self->children == NULL)
    return;
  g_hash_table_iter_init (&iter, self->children);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      IMsgStorage *child = key;

      if (child->base == NULL)
        child->is_attached = _imsg_node_replace (self->node, child->node);
    }
}

IMsgNode *
_imsg_storage_edit (IMsgStorage *self)
{
  IMsgNode *above = self->base == NULL ? _imsg_storage_edit (self->parent) : NULL;

  if (self->node->is_shared)
    {
      IMsgNode *own = _imsg_node_clone (self->node);

      _imsg_node_unref (self->node);
      self->node = own;
      self->is_attached = FALSE;
    }
  if (above != NULL && !self->is_attached)
    self->is_attached = _imsg_node_replace (above, self->node);
  if (!self->node->is_loaded)
    {
      _imsg_node_load (self->node);
      attach_children (self);
    }
  self->n_changes++;
  if (!self->is_modified)
    self->is_modified = self->is_news = TRUE;
  return self->node;
}

static gboolean
has_news (IMsgStorage *self)
{
  while (!self->is_news)
    {
      if (self->parent == NULL || self->base != NULL)
        return FALSE;
      self = self->parent;
    }
  return TRUE;
}

void
_imsg_storage_edited (IMsgStorage *self)
{
  g_autoptr(IMsgStorage) storage = NULL;

  if (!has_news (self))
    return;
  storage = g_object_ref (self);
  while (storage != NULL)
    {
      g_autoptr(IMsgStorage) told = g_steal_pointer (&storage);

      if (told->parent != NULL && told->base == NULL)
        storage = g_object_ref (told->parent);
      if (told->is_news)
        {
          told->is_news = FALSE;
          _imsg_storage_notify (told, IMSG_STORAGE_PROP_MODIFIED);
        }
    }
}

IMsgNode *
_imsg_storage_edit_member (IMsgStorage     *self,
                           const gunichar2 *units,
                           guint            n_units)
{
  g_autoptr(IMsgNode) own = NULL;
  IMsgMember member;

  if (!_imsg_node_find (self->node, units, n_units, &member))
    return NULL;
  if (!member.node->is_shared)
    return member.node;
  own = _imsg_node_clone (member.node);
  _imsg_node_replace (self->node, own);
  return own;
}

/* Takes member. */
void
_imsg_storage_add_member (IMsgStorage *self,
                          IMsgNode    *member)
{
  const IMsgDirectoryEntry *entry = &member->entry;

  _imsg_node_insert (self->node, member);
  if (self->entries != NULL)
    _imsg_storage_entries_changed (self->entries,
                                   _imsg_node_get_position (self->node, entry->name,
                                                            entry->n_units), 0, 1);
}

/* --- the API --- */

/**
 * imsg_storage_find_entry:
 * @self: a storage
 * @name: a name
 *
 * Looks a member up by name, without case.
 *
 * Returns: (transfer full) (nullable): what is known of it, or %NULL when there is none or @self
 *   is closed
 * Since: 1.0
 */
IMsgStorageEntry *
imsg_storage_find_entry (IMsgStorage *self,
                         const char  *name)
{
  IMsgMember member;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (self->is_closed || !_imsg_storage_find (self, name, &member))
    return NULL;
  return _imsg_storage_entry_new (&member.entry);
}

static IMsgStorage *
child_new (IMsgStorage      *self,
           const IMsgMember *member,
           IMsgStorageFlags  flags)
{
  IMsgStorage *child = g_object_new (IMSG_TYPE_STORAGE, NULL);

  child->parent = g_object_ref (self);
  child->node = _imsg_node_new_for_member (member);
  child->is_attached = member->node != NULL;
  child->depth = self->depth + 1;
  child->n_units = member->entry.n_units;
  memcpy (child->units, member->entry.name, sizeof child->units);
  child->is_writable = (flags & IMSG_STORAGE_READ_WRITE) != 0;
  if ((flags & IMSG_STORAGE_TRANSACTED) != 0)
    {
      child->node->is_shared = TRUE;
      child->base = _imsg_node_ref (child->node);
    }
  _imsg_storage_remember_child (self, child);
  return child;
}

static gboolean
check_member_flags (IMsgStorage       *self,
                    IMsgStorageFlags   flags,
                    guint              allowed,
                    GError           **error)
{
  if ((flags & ~allowed) != 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS,
                   _("The flags 0x%X make no sense for a member"), flags & ~allowed);
      return FALSE;
    }
  return (flags & IMSG_STORAGE_READ_WRITE) == 0 || _imsg_storage_check_writable (self, error);
}

/**
 * imsg_storage_open_storage:
 * @self: a storage
 * @name: the name of a member
 * @flags: %IMSG_STORAGE_READ_WRITE to change it, %IMSG_STORAGE_TRANSACTED for a transaction of
 *   its own
 * @error: return location for an error
 *
 * Opens a storage that is a member.
 *
 * Opened again while it is open, it is the same object; it can be changed once somebody opened it
 * so. It holds its parent.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND when there is no storage of that name, %IMSG_ERROR_NO_ACCESS
 * when @self is read-only, or the member is open with a transaction and @flags ask for none (or
 * the other way round), %IMSG_ERROR_INVALID_FLAGS, %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::OpenStorage`.
 *
 * Returns: (transfer full): the member
 * Since: 1.0
 */
IMsgStorage *
imsg_storage_open_storage (IMsgStorage       *self,
                           const char        *name,
                           IMsgStorageFlags   flags,
                           GError           **error)
{
  g_autoptr(IMsgStorage) child = NULL;
  IMsgMember member;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (!_imsg_storage_need (self, name, IMSG_STORAGE_ENTRY_STORAGE, &member, error) ||
      !check_member_flags (self, flags, OPEN_FLAGS, error))
    return NULL;
  child = _imsg_storage_peek_child (self, member.entry.name, member.entry.n_units);
  if (child == NULL)
    return child_new (self, &member, flags);
  g_object_ref (child);
  if ((child->base != NULL) != ((flags & IMSG_STORAGE_TRANSACTED) != 0))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS,
                   child->base != NULL ?
                     _("The storage “%s” is open already, with a transaction of its own") :
                     _("The storage “%s” is open already, without a transaction of its own"),
                   imsg_storage_get_name (child));
      return NULL;
    }
  if ((flags & IMSG_STORAGE_READ_WRITE) != 0 && !child->is_writable)
    {
      child->is_writable = TRUE;
      _imsg_storage_notify (child, IMSG_STORAGE_PROP_WRITABLE);
    }
  return g_steal_pointer (&child);
}

/**
 * imsg_storage_create_storage:
 * @self: a storage
 * @name: a name
 * @flags: as for [method@IMsg.Storage.open_storage], or %IMSG_STORAGE_REPLACE when a member of
 *   that name may go; %IMSG_STORAGE_READ_WRITE is implied
 * @error: return location for an error
 *
 * Makes a new, empty storage as a member and opens it.
 *
 * The creation is part of the transaction of @self, whatever @flags say. It has the present time
 * as its times.
 *
 * Fails with %IMSG_ERROR_COLLISION when there is a member of that name, %IMSG_ERROR_TOO_COMPLEX
 * when it would be nested too deep, %IMSG_ERROR_INVALID_PARAMETER for a name that cannot be,
 * %IMSG_ERROR_NO_ACCESS, %IMSG_ERROR_INVALID_FLAGS, %IMSG_ERROR_OBJECT_DELETED when a handler
 * removes it at once, %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::CreateStorage`.
 *
 * Returns: (transfer full): the new member
 * Since: 1.0
 */
IMsgStorage *
imsg_storage_create_storage (IMsgStorage       *self,
                             const char        *name,
                             IMsgStorageFlags   flags,
                             GError           **error)
{
  gunichar2 units[IMSG_NAME_UNITS];
  guint n_units = 0;
  IMsgNode *node = NULL;
  IMsgMember member;
  guint64 max_depth = 0;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  flags |= IMSG_STORAGE_READ_WRITE;
  if (!_imsg_storage_check_writable (self, error) ||
      !check_member_flags (self, flags, CREATE_FLAGS, error))
    return NULL;
  n_units = _imsg_name_from_utf8 (name, units, error);
  if (n_units == 0)
    return NULL;
  max_depth = _imsg_limits_get_storage_depth (&_imsg_storage_get_root (self)->root->limits);
  if (self->depth + 1 > max_depth)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX,
                   g_dngettext (GETTEXT_PACKAGE,
                                "“%s” would be over %" PRIu64 " storage deep",
                                "“%s” would be over %" PRIu64 " storages deep",
                                max_depth),
                   name, max_depth);
      return NULL;
    }
  if ((flags & IMSG_STORAGE_REPLACE) != 0 &&
      _imsg_node_find (self->node, units, n_units, &member) &&
      (!imsg_storage_remove (self, name, error) || !_imsg_storage_check_writable (self, error)))
    return NULL;
  if (_imsg_node_find (self->node, units, n_units, &member))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION,
                   _("The storage “%s” has a member “%s” already"),
                   imsg_storage_get_name (self), name);
      return NULL;
    }
  node = _imsg_node_new (IMSG_STORAGE_ENTRY_STORAGE, units, n_units);
  node->entry.creation_time = node->entry.modification_time = _imsg_filetime_now ();
  _imsg_storage_edit (self);
  _imsg_storage_add_member (self, node);
  _imsg_storage_edited (self);
  if (!_imsg_storage_check_open (self, error))
    return NULL;
  if (!_imsg_node_find (self->node, units, n_units, &member) ||
      member.entry.kind != IMSG_STORAGE_ENTRY_STORAGE)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED,
                   _("The storage “%s” is no longer in its parent"), name);
      return NULL;
    }
  /* Who heard of it may have opened it */
  return imsg_storage_open_storage (self, name, flags & OPEN_FLAGS, error);
}

typedef struct
{
  IMsgStorageForeachFunc func;
  gpointer               user_data;
} Foreach;

static gboolean
foreach_member (const IMsgMember *member,
                gpointer          user_data)
{
  Foreach *foreach = user_data;
  char name[IMSG_NAME_UNITS];
  guint i = 0;

  while (i < member->entry.n_units && member->entry.name[i] > 0 && member->entry.name[i] < 0x80)
    {
      name[i] = member->entry.name[i];
      i++;
    }
  if (i < member->entry.n_units)
    {
      g_autofree char *wide = _imsg_name_to_utf8 (member->entry.name, member->entry.n_units);

      return foreach->func (wide, member->entry.kind, member->entry.n_bytes, foreach->user_data);
    }
  name[i] = '\0';
  return foreach->func (name, member->entry.kind, member->entry.n_bytes, foreach->user_data);
}

void
_imsg_storage_foreach (IMsgStorage            *self,
                       guint                   min_units,
                       IMsgStorageForeachFunc  func,
                       gpointer                user_data)
{
  Foreach foreach = { func, user_data };

  if (self->node != NULL)
    _imsg_node_foreach (self->node, min_units, foreach_member, &foreach);
}

gboolean
_imsg_storage_lookup (IMsgStorage          *self,
                      const char           *name,
                      IMsgStorageEntryKind *kind,
                      guint64              *n_bytes)
{
  IMsgStorageEntryKind stored_kind;
  IMsgMember member;
  guint32 number;
  guint64 n_stored;

  if (find_stored (self, name, &number, &stored_kind, &n_stored))
    {
      member.entry.kind = stored_kind;
      member.entry.n_bytes = n_stored;
    }
  else if (self->node == NULL || !_imsg_storage_find (self, name, &member))
    return FALSE;
  if (kind != NULL)
    *kind = member.entry.kind;
  if (n_bytes != NULL)
    *n_bytes = member.entry.n_bytes;
  return TRUE;
}

guint64
_imsg_storage_measure (IMsgStorage *self)
{
  return self->node != NULL ? _imsg_node_measure (self->node) : 0;
}

const guint8 *
_imsg_storage_peek_stream (IMsgStorage *self,
                           const char  *name,
                           guint8      *buffer,
                           gsize        n_buffer,
                           gsize       *n_bytes)
{
  IMsgStorageEntryKind kind;
  IMsgMember member;
  guint32 number;

  if (find_stored (self, name, &number, &kind, n_bytes))
    return kind == IMSG_STORAGE_ENTRY_STREAM
             ? _imsg_directory_peek_stream (self->node->directory, number, buffer, n_buffer)
             : NULL;
  if (self->node == NULL || !_imsg_storage_find (self, name, &member) ||
      member.entry.kind != IMSG_STORAGE_ENTRY_STREAM || member.directory == NULL ||
      (member.node != NULL && _imsg_node_is_written (member.node)))
    return NULL;
  *n_bytes = member.entry.n_bytes;
  return _imsg_directory_peek_stream (member.directory, member.number, buffer, n_buffer);
}
