/* imsg-node.c - the tree behind a storage: a directory, and what was changed above it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-node-private.h"

#include <string.h>

typedef struct
{
  const gunichar2 *units;
  guint            n_units;
} Name;

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
  g_clear_pointer (&self->members, g_sequence_free);
  g_clear_pointer (&self->blob, _imsg_blob_unref);
  g_clear_pointer (&self->directory, _imsg_directory_unref);
  g_free (self);
}

static void
node_free_func (gpointer data)
{
  _imsg_node_unref (data);
}

static GSequence *
ensure_members (IMsgNode *self)
{
  if (self->members == NULL)
    self->members = g_sequence_new (node_free_func);
  return self->members;
}

IMsgNode *
_imsg_node_clone (IMsgNode *self)
{
  IMsgNode *clone = g_new (IMsgNode, 1);

  *clone = *self;
  clone->ref_count = 1;
  clone->is_shared = FALSE;
  clone->members = NULL;
  if (clone->directory != NULL)
    _imsg_directory_ref (clone->directory);
  if (clone->blob != NULL)
    _imsg_blob_ref (clone->blob);
  if (self->members != NULL)
    {
      GSequenceIter *iter = g_sequence_get_begin_iter (self->members);

      for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
        {
          IMsgNode *member = g_sequence_get (iter);

          member->is_shared = TRUE;
          g_sequence_append (ensure_members (clone), _imsg_node_ref (member));
        }
    }
  return clone;
}

IMsgNode *
_imsg_node_copy (const IMsgMember *member)
{
  IMsgNode *self = member->node;
  IMsgNode *copy = NULL;

  if (self == NULL)
    return _imsg_node_new_for_entry (member->directory, member->number);
  copy = g_new (IMsgNode, 1);
  *copy = *self;
  copy->ref_count = 1;
  copy->is_shared = FALSE;
  copy->members = NULL;
  if (copy->directory != NULL)
    _imsg_directory_ref (copy->directory);
  if (copy->blob != NULL)
    _imsg_blob_ref (copy->blob);
  if (self->members != NULL)
    {
      GSequenceIter *iter = g_sequence_get_begin_iter (self->members);

      for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
        {
          IMsgMember below = { .node = g_sequence_get (iter) };

          g_sequence_append (ensure_members (copy), _imsg_node_copy (&below));
        }
    }
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
    return self->members != NULL ? g_sequence_get_length (self->members) : 0;
  _imsg_directory_get_children (self->directory, self->number, &n_members);
  return n_members;
}

gboolean
_imsg_node_get_member (IMsgNode   *self,
                       guint       position,
                       IMsgMember *member)
{
  guint n_members = 0;
  const guint32 *numbers = NULL;

  if (self->is_loaded)
    {
      if (position >= _imsg_node_get_n_members (self))
        return FALSE;
      _imsg_member_init_node (member, g_sequence_get (
        g_sequence_get_iter_at_pos (self->members, position)));
      return TRUE;
    }
  numbers = _imsg_directory_get_children (self->directory, self->number, &n_members);
  if (position >= n_members)
    return FALSE;
  init_entry (member, self->directory, numbers[position]);
  return TRUE;
}

void
_imsg_node_foreach (IMsgNode       *self,
                    IMsgMemberFunc  func,
                    gpointer        user_data)
{
  IMsgMember member;

  if (!self->is_loaded)
    {
      guint n_members = 0;
      const guint32 *numbers = _imsg_directory_get_children (self->directory, self->number,
                                                             &n_members);

      for (guint i = 0; i < n_members; i++)
        {
          init_entry (&member, self->directory, numbers[i]);
          if (!func (&member, user_data))
            return;
        }
    }
  else if (self->members != NULL)
    {
      GSequenceIter *iter = g_sequence_get_begin_iter (self->members);

      for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
        {
          _imsg_member_init_node (&member, g_sequence_get (iter));
          if (!func (&member, user_data))
            return;
        }
    }
}

/* Compares a member with a name; the name stands in for a node it has not. */
static int
compare_to_name (gconstpointer element,
                 gconstpointer sought,
                 gpointer      user_data)
{
  const Name *name = user_data;
  const IMsgNode *node = element != NULL ? element : sought;
  int order = _imsg_name_compare (node->entry.name, node->entry.n_units, name->units,
                                  name->n_units);

  return element != NULL ? order : -order;
}

static GSequenceIter *
lookup (IMsgNode        *self,
        const gunichar2 *name,
        guint            n_units)
{
  Name sought = { name, n_units };

  return self->members != NULL ? g_sequence_lookup (self->members, NULL, compare_to_name, &sought)
                               : NULL;
}

/* Index of the first entry that is not before the name; is_found when it has the name. */
static guint
bisect (IMsgNode        *self,
        const gunichar2 *name,
        guint            n_units,
        guint32         *number,
        gboolean        *is_found)
{
  guint n_members = 0;
  const guint32 *numbers = _imsg_directory_get_children (self->directory, self->number,
                                                         &n_members);
  guint8 narrow[IMSG_NAME_UNITS];
  gunichar2 all = 0;
  guint low = 0;
  guint high = n_members;

  for (guint i = 0; i < n_units; i++)
    {
      narrow[i] = (guint8) name[i];
      all |= name[i];
    }
  *is_found = FALSE;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = _imsg_directory_compare_name (self->directory, numbers[middle], name,
                                                all < 0x100 ? narrow : NULL, n_units);

      if (order == 0)
        *is_found = TRUE;
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  if (*is_found)
    *number = numbers[low];
  return low;
}

gboolean
_imsg_node_find (IMsgNode        *self,
                 const gunichar2 *name,
                 guint            n_units,
                 IMsgMember      *member)
{
  gboolean is_found = FALSE;
  guint32 number = 0;

  if (self->is_loaded)
    {
      GSequenceIter *iter = lookup (self, name, n_units);

      if (iter != NULL)
        _imsg_member_init_node (member, g_sequence_get (iter));
      return iter != NULL;
    }
  bisect (self, name, n_units, &number, &is_found);
  if (is_found)
    init_entry (member, self->directory, number);
  return is_found;
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
      const guint32 *numbers =
        _imsg_directory_get_children (directory,
                                      g_array_index (storages, guint32, storages->len - 1),
                                      &n_members);

      g_array_set_size (storages, storages->len - 1);
      for (guint i = 0; i < n_members; i++)
        {
          guint64 n_bytes = 0;

          if (_imsg_directory_get_kind (directory, numbers[i], &n_bytes) ==
              IMSG_STORAGE_ENTRY_STORAGE)
            g_array_append_val (storages, numbers[i]);
          else
            n_total += n_bytes;
        }
    }
  return n_total;
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
    {
      GSequenceIter *iter = g_sequence_get_begin_iter (self->members);

      for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
        n_total += _imsg_node_measure (g_sequence_get (iter));
    }
  return n_total;
}

guint
_imsg_node_get_position (IMsgNode        *self,
                         const gunichar2 *name,
                         guint            n_units)
{
  Name sought = { name, n_units };
  GSequenceIter *iter = NULL;

  if (!self->is_loaded)
    {
      gboolean is_found = FALSE;
      guint32 number = 0;

      return bisect (self, name, n_units, &number, &is_found);
    }
  if (self->members == NULL)
    return 0;
  iter = lookup (self, name, n_units);
  if (iter == NULL)
    iter = g_sequence_search (self->members, NULL, compare_to_name, &sought);
  return g_sequence_iter_get_position (iter);
}

static gboolean
load_member (const IMsgMember *member,
             gpointer          user_data)
{
  GSequence *members = user_data;

  g_sequence_append (members, _imsg_node_new_for_member (member));
  return TRUE;
}

void
_imsg_node_load (IMsgNode *self)
{
  GSequence *members = NULL;

  if (self->is_loaded)
    return;
  members = g_sequence_new (node_free_func);
  _imsg_node_foreach (self, load_member, members);
  self->members = members;
  self->is_loaded = TRUE;
}

static int
compare_nodes (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  const IMsgNode *node_a = a;
  const IMsgNode *node_b = b;

  return _imsg_name_compare (node_a->entry.name, node_a->entry.n_units, node_b->entry.name,
                             node_b->entry.n_units);
}

/* Takes member. */
guint
_imsg_node_insert (IMsgNode *self,
                   IMsgNode *member)
{
  GSequenceIter *iter = NULL;

  g_assert (self->is_loaded && !self->is_shared);
  iter = g_sequence_insert_sorted (ensure_members (self), member, compare_nodes, NULL);
  return g_sequence_iter_get_position (iter);
}

gboolean
_imsg_node_remove (IMsgNode        *self,
                   const gunichar2 *name,
                   guint            n_units)
{
  GSequenceIter *iter = NULL;

  g_assert (self->is_loaded && !self->is_shared);
  iter = lookup (self, name, n_units);
  if (iter != NULL)
    g_sequence_remove (iter);
  return iter != NULL;
}

/* Takes a reference. */
gboolean
_imsg_node_replace (IMsgNode *self,
                    IMsgNode *member)
{
  GSequenceIter *iter = NULL;

  g_assert (self->is_loaded && !self->is_shared);
  iter = lookup (self, member->entry.name, member->entry.n_units);
  if (iter == NULL)
    return FALSE;
  if (g_sequence_get (iter) != member)
    g_sequence_set (iter, _imsg_node_ref (member));
  return TRUE;
}

void
_imsg_node_set_blob (IMsgNode *self,
                     IMsgBlob *blob)
{
  g_assert (!self->is_shared);
  _imsg_blob_ref (blob);
  g_clear_pointer (&self->blob, _imsg_blob_unref);
  self->blob = blob;
  self->entry.n_bytes = _imsg_blob_get_size (blob);
  g_clear_pointer (&self->directory, _imsg_directory_unref);
}

IMsgBlob *
_imsg_member_open_blob (const IMsgMember  *member,
                        GError           **error)
{
  if (member->node != NULL && member->node->blob != NULL)
    return _imsg_blob_ref (member->node->blob);
  if (member->directory == NULL)
    return _imsg_blob_new_empty ();
  return _imsg_directory_open_stream (member->directory, member->number, error);
}

static gboolean
measure_depth (const IMsgMember *member,
               gpointer          user_data)
{
  guint *depth = user_data;

  *depth = MAX (*depth, _imsg_member_get_depth (member));
  return TRUE;
}

guint
_imsg_member_get_depth (const IMsgMember *member)
{
  guint depth = 0;

  if (member->entry.kind == IMSG_STORAGE_ENTRY_STREAM)
    return 0;
  if (member->node != NULL)
    _imsg_node_foreach (member->node, measure_depth, &depth);
  else
    {
      g_autoptr(IMsgNode) node = _imsg_node_new_for_entry (member->directory, member->number);

      _imsg_node_foreach (node, measure_depth, &depth);
    }
  return depth + 1;
}
