/* imsg-node.c - the tree behind a storage: a directory, and what was changed above it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-node-private.h"

#include <string.h>

IMsgNode *
_imsg_node_new (IMsgStorageEntryKind  kind,
                const gunichar2      *name,
                guint                 n_units)
{
  IMsgNode *self = g_new0 (IMsgNode, 1);

  self->ref_count = 1;
  self->is_loaded = TRUE;
  self->entry.kind = kind;
  self->entry.n_units = n_units;
  memcpy (self->entry.name, name, n_units * sizeof *name);
  return self;
}

IMsgNode *
_imsg_node_new_for_entry (IMsgDirectory *directory,
                          guint32        number)
{
  IMsgNode *self = g_new0 (IMsgNode, 1);

  self->ref_count = 1;
  self->directory = _imsg_directory_ref (directory);
  self->number = number;
  _imsg_directory_get_entry (directory, number, &self->entry);
  self->is_loaded = self->entry.kind == IMSG_STORAGE_ENTRY_STREAM;
  return self;
}

IMsgNode *
_imsg_node_new_for_member (const IMsgMember *member)
{
  return member->node != NULL ? _imsg_node_ref (member->node)
                              : _imsg_node_new_for_entry (member->directory, member->number);
}

IMsgNode *
_imsg_node_ref (IMsgNode *self)
{
  self->ref_count++;
  return self;
}

/* Recursion goes no deeper than storages may nest. */
void
_imsg_node_unref (IMsgNode *self)
{
  if (--self->ref_count > 0)
    return;
  g_clear_pointer (&self->members, _imsg_node_list_free);
  g_clear_pointer (&self->blob, _imsg_blob_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->directory, _imsg_directory_unref);
  g_free (self);
}

static IMsgNodeList *
ensure_members (IMsgNode *self)
{
  if (self->members == NULL)
    self->members = _imsg_node_list_new ();
  return self->members;
}

static IMsgNode *
duplicate (IMsgNode *self)
{
  IMsgNode *duplicate = g_new (IMsgNode, 1);

  *duplicate = *self;
  duplicate->ref_count = 1;
  duplicate->is_shared = FALSE;
  duplicate->members = NULL;
  if (duplicate->directory != NULL)
    _imsg_directory_ref (duplicate->directory);
  if (duplicate->blob != NULL)
    _imsg_blob_ref (duplicate->blob);
  if (duplicate->bytes != NULL)
    g_bytes_ref (duplicate->bytes);
  return duplicate;
}

static gboolean
share_member (IMsgNode *member,
              gpointer  user_data)
{
  member->is_shared = TRUE;
  _imsg_node_list_append (ensure_members (user_data), _imsg_node_ref (member));
  return TRUE;
}

IMsgNode *
_imsg_node_clone (IMsgNode *self)
{
  IMsgNode *clone = duplicate (self);

  if (self->members != NULL)
    _imsg_node_list_foreach (self->members, 0, share_member, clone);
  return clone;
}

static gboolean
copy_member (IMsgNode *member,
             gpointer  user_data)
{
  IMsgMember below = { .node = member };

  _imsg_node_list_append (ensure_members (user_data), _imsg_node_copy (&below));
  return TRUE;
}

IMsgNode *
_imsg_node_copy (const IMsgMember *member)
{
  IMsgNode *copy = NULL;

  if (member->node == NULL)
    return _imsg_node_new_for_entry (member->directory, member->number);
  copy = duplicate (member->node);
  if (member->node->members != NULL)
    _imsg_node_list_foreach (member->node->members, 0, copy_member, copy);
  return copy;
}

void
_imsg_member_init_node (IMsgMember *member,
                        IMsgNode   *node)
{
  member->node = node;
  member->directory = node->directory;
  member->number = node->number;
  member->entry = node->entry;
}

static void
init_entry (IMsgMember    *member,
            IMsgDirectory *directory,
            guint32        number)
{
  member->node = NULL;
  member->directory = directory;
  member->number = number;
  _imsg_directory_get_entry (directory, number, &member->entry);
}

guint
_imsg_node_get_n_members (IMsgNode *self)
{
  guint n_members = 0;

  if (self->is_loaded)
    return self->members != NULL ? _imsg_node_list_get_length (self->members) : 0;
  _imsg_directory_get_children (self->directory, self->number, &n_members);
  return n_members;
}

gboolean
_imsg_node_get_member (IMsgNode   *self,
                       guint       position,
                       IMsgMember *member)
{
  guint n_members = 0;
  guint32 first = 0;

  if (self->is_loaded)
    {
      if (position >= _imsg_node_get_n_members (self))
        return FALSE;
      _imsg_member_init_node (member, _imsg_node_list_get (self->members, position));
      return TRUE;
    }
  first = _imsg_directory_get_children (self->directory, self->number, &n_members);
  if (position >= n_members)
    return FALSE;
  init_entry (member, self->directory, first + position);
  return TRUE;
}

/* A name in the form that is at hand */
typedef struct
{
  const gunichar2 *units; /* NULL for ASCII */
  const char      *ascii;
  guint            n_units;
} Name;

static int
compare_stored (IMsgNode   *self,
                guint32     number,
                const Name *name)
{
  if (name->units != NULL)
    return _imsg_directory_compare_name (self->directory, number, name->units, name->n_units);
  return _imsg_directory_compare_ascii (self->directory, number, name->ascii, name->n_units);
}

/* Index of the first entry that is not before the name; is_found when it has the name. Streams are
 * mostly asked for in their order: the one after the last that was found is looked at first. */
static guint
bisect (IMsgNode   *self,
        const Name *name,
        guint32    *number,
        gboolean   *is_found)
{
  guint n_members = 0;
  guint32 first = _imsg_directory_get_children (self->directory, self->number, &n_members);
  guint low = 0;
  guint high = n_members;

  *is_found = FALSE;
  if (self->next_member < n_members)
    {
      guint next = self->next_member;
      int order = compare_stored (self, first + next, name);

      /* Of two with the same name the first counts */
      if (order == 0 && (next == 0 || compare_stored (self, first + next - 1, name) != 0))
        {
          *is_found = TRUE;
          *number = first + next;
          self->next_member++;
          return next;
        }
      if (order < 0)
        low = next + 1;
      else
        high = next + (order == 0);
    }
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = compare_stored (self, first + middle, name);

      if (order == 0)
        *is_found = TRUE;
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  if (*is_found)
    {
      *number = first + low;
      self->next_member = low + 1;
    }
  return low;
}

gboolean
_imsg_node_find (IMsgNode        *self,
                 const gunichar2 *units,
                 guint            n_units,
                 IMsgMember      *member)
{
  Name name = { units, NULL, n_units };
  gboolean is_found = FALSE;
  guint32 number = 0;

  if (self->is_loaded)
    {
      IMsgNode *node =
        self->members != NULL ? _imsg_node_list_find (self->members, units, n_units) : NULL;

      if (node != NULL)
        _imsg_member_init_node (member, node);
      return node != NULL;
    }
  bisect (self, &name, &number, &is_found);
  if (is_found)
    init_entry (member, self->directory, number);
  return is_found;
}

gboolean
_imsg_node_find_number (IMsgNode   *self,
                        const char *name,
                        guint       n_units,
                        guint32    *number)
{
  Name ascii = { NULL, name, n_units };
  gboolean is_found = FALSE;

  g_assert (!self->is_loaded);
  bisect (self, &ascii, number, &is_found);
  return is_found;
}

guint
_imsg_node_get_position (IMsgNode        *self,
                         const gunichar2 *units,
                         guint            n_units)
{
  Name name = { units, NULL, n_units };
  gboolean is_found = FALSE;
  guint32 number = 0;

  if (!self->is_loaded)
    return bisect (self, &name, &number, &is_found);
  return self->members != NULL ? _imsg_node_list_get_position (self->members, units, n_units) : 0;
}

typedef struct
{
  IMsgMemberFunc func;
  gpointer       user_data;
} Foreach;

static gboolean
call_for_node (IMsgNode *node,
               gpointer  user_data)
{
  Foreach *foreach = user_data;
  IMsgMember member;

  _imsg_member_init_node (&member, node);
  return foreach->func (&member, foreach->user_data);
}

static guint
find_first_of_length (IMsgNode *self,
                      guint     n_units)
{
  gunichar2 lowest[IMSG_NAME_UNITS] = { 0 };

  return _imsg_node_get_position (self, lowest, MIN (n_units, IMSG_NAME_UNITS));
}

void
_imsg_node_foreach (IMsgNode       *self,
                    guint           min_units,
                    IMsgMemberFunc  func,
                    gpointer        user_data)
{
  guint first = min_units > 0 ? find_first_of_length (self, min_units) : 0;
  IMsgMember member;

  if (!self->is_loaded)
    {
      guint n_members = 0;
      guint32 number = _imsg_directory_get_children (self->directory, self->number, &n_members);

      for (guint i = first; i < n_members; i++)
        {
          init_entry (&member, self->directory, number + i);
          if (!func (&member, user_data))
            return;
        }
    }
  else if (self->members != NULL)
    {
      Foreach foreach = { func, user_data };

      _imsg_node_list_foreach (self->members, first, call_for_node, &foreach);
    }
}

/* The streams of an entry that nobody touched, of what is inside it as well. */
static guint64
measure_entry (IMsgDirectory *directory,
               guint32        number)
{
  g_autoptr(GArray) storages = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint64 n_total = 0;

  g_array_append_val (storages, number);
  while (storages->len > 0)
    {
      guint n_members = 0;
      guint32 first =
        _imsg_directory_get_children (directory,
                                      g_array_index (storages, guint32, storages->len - 1),
                                      &n_members);

      g_array_set_size (storages, storages->len - 1);
      for (guint32 member = first; member < first + n_members; member++)
        {
          guint64 n_bytes = 0;

          if (_imsg_directory_get_kind (directory, member, &n_bytes) ==
              IMSG_STORAGE_ENTRY_STORAGE)
            g_array_append_val (storages, member);
          else
            n_total += n_bytes;
        }
    }
  return n_total;
}

static gboolean
add_size (IMsgNode *member,
          gpointer  user_data)
{
  guint64 *n_total = user_data;

  *n_total += _imsg_node_measure (member);
  return TRUE;
}

/* Recursion goes no deeper than storages may nest. */
guint64
_imsg_node_measure (IMsgNode *self)
{
  guint64 n_total = 0;

  if (self->entry.kind == IMSG_STORAGE_ENTRY_STREAM)
    return self->entry.n_bytes;
  if (!self->is_loaded)
    return measure_entry (self->directory, self->number);
  if (self->members != NULL)
    _imsg_node_list_foreach (self->members, 0, add_size, &n_total);
  return n_total;
}

static gboolean
load_member (const IMsgMember *member,
             gpointer          user_data)
{
  _imsg_node_list_append (user_data, _imsg_node_new_for_member (member));
  return TRUE;
}

void
_imsg_node_load (IMsgNode *self)
{
  IMsgNodeList *members = NULL;

  if (self->is_loaded)
    return;
  members = _imsg_node_list_new ();
  _imsg_node_foreach (self, 0, load_member, members);
  self->members = members;
  self->is_loaded = TRUE;
}

/* Takes member. */
void
_imsg_node_insert (IMsgNode *self,
                   IMsgNode *member)
{
  g_assert (self->is_loaded && !self->is_shared);
  _imsg_node_list_insert (ensure_members (self), member);
}

gboolean
_imsg_node_remove (IMsgNode        *self,
                   const gunichar2 *units,
                   guint            n_units)
{
  g_assert (self->is_loaded && !self->is_shared);
  return self->members != NULL && _imsg_node_list_remove (self->members, units, n_units);
}

/* Takes a reference. */
gboolean
_imsg_node_replace (IMsgNode *self,
                    IMsgNode *member)
{
  g_assert (self->is_loaded && !self->is_shared);
  return self->members != NULL && _imsg_node_list_replace (self->members, member);
}

/* Takes one of the two. */
static void
set_content (IMsgNode *self,
             IMsgBlob *blob,
             GBytes   *bytes,
             guint64   n_bytes)
{
  g_assert (!self->is_shared);
  g_clear_pointer (&self->blob, _imsg_blob_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->directory, _imsg_directory_unref);
  self->blob = blob;
  self->bytes = bytes;
  self->entry.n_bytes = n_bytes;
}

void
_imsg_node_set_blob (IMsgNode *self,
                     IMsgBlob *blob)
{
  set_content (self, _imsg_blob_ref (blob), NULL, _imsg_blob_get_size (blob));
}

void
_imsg_node_set_bytes (IMsgNode *self,
                      GBytes   *bytes)
{
  set_content (self, NULL, g_bytes_ref (bytes), g_bytes_get_size (bytes));
}

gboolean
_imsg_node_is_written (const IMsgNode *self)
{
  return self->blob != NULL || self->bytes != NULL;
}

IMsgBlob *
_imsg_member_open_blob (const IMsgMember  *member,
                        GError           **error)
{
  if (member->node != NULL && member->node->blob != NULL)
    return _imsg_blob_ref (member->node->blob);
  if (member->node != NULL && member->node->bytes != NULL)
    return _imsg_blob_new_for_bytes (member->node->bytes);
  if (member->directory == NULL)
    return _imsg_blob_new_empty ();
  return _imsg_directory_open_stream (member->directory, member->number, error);
}

static gboolean
measure_depth (const IMsgMember *member,
               gpointer          user_data)
{
  guint *depth = user_data;
  /* Not inside MAX (), which would measure it twice, and twice again on each level below */
  guint below = _imsg_member_get_depth (member);

  *depth = MAX (*depth, below);
  return TRUE;
}

guint
_imsg_member_get_depth (const IMsgMember *member)
{
  guint depth = 0;

  if (member->entry.kind == IMSG_STORAGE_ENTRY_STREAM)
    return 0;
  if (member->node != NULL)
    _imsg_node_foreach (member->node, 0, measure_depth, &depth);
  else
    {
      g_autoptr(IMsgNode) node = _imsg_node_new_for_entry (member->directory, member->number);

      _imsg_node_foreach (node, 0, measure_depth, &depth);
    }
  return depth + 1;
}
