/* imsg-compound-directory.c - walking the stored directory of a compound file ([MS-CFB] 2.6)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-compound-reader-private.h"
#include "imsg-error.h"
#include "imsg-problem-private.h"

/* A message inside a message costs two storages, the attachment's and the message's own. */
#define STORAGES_PER_LEVEL 2
/* What may nest inside the innermost message: an attached OLE document and its parts. */
#define MORE_LEVELS 32

typedef struct
{
  guint32   slot;
  guint     n_units;
  gunichar2 name[IMSG_NAME_UNITS];
} Member;

char *
_imsg_compound_reader_dup_path (const IMsgCompoundReader *self,
                                guint32                   entry)
{
  /* In the end the file has taken over what was gathered. */
  IMsgCompoundFile file = *self->file;
  g_autofree char *path = NULL;

  if (self->entries != NULL)
    {
      file.entries = (IMsgCompoundEntry *) (gpointer) self->entries->data;
      file.names = (guint8 *) self->names->data;
    }
  /* Entries are no deeper than the walk lets them be, so this is short. */
  while (entry != 0)
    {
      gunichar2 units[IMSG_NAME_UNITS];
      g_autofree char *name = NULL;
      char *longer = NULL;

      _imsg_compound_file_get_name (&file, entry, units);
      name = _imsg_name_to_utf8 (units, file.entries[entry].n_units);
      longer = path != NULL ? g_strconcat (name, "/", path, NULL) : g_strdup (name);
      g_free (path);
      path = longer;
      entry = g_array_index (self->places, IMsgCompoundPlace, entry).parent;
    }
  return path != NULL ? g_steal_pointer (&path) : g_strdup ("/");
}

/* Problems of a slot that is not an entry yet, or never will be. */
static void
add_slot_problem (IMsgCompoundReader *self,
                  guint32             slot,
                  const char         *text)
{
  _imsg_compound_reader_add_problem (self, "directory", "Entry %u %s", slot, text);
}

static void
read_name (IMsgCompoundReader *self,
           guint32             slot,
           Member             *member)
{
  const guint8 *stored = self->slots + (gsize) slot * ENTRY_SIZE;
  guint n_bytes = get_u16 (stored + ENTRY_NAME_SIZE);
  guint n_units = 0;

  while (n_units < IMSG_NAME_UNITS - 1)
    {
      member->name[n_units] = get_u16 (stored + 2 * n_units);
      if (member->name[n_units] == 0)
        break;
      n_units++;
    }
  if (n_units * 2 + 2 != n_bytes || get_u16 (stored + 2 * n_units) != 0)
    {
      add_slot_problem (self, slot, "has a name that does not end where its length says");
      if (n_bytes >= 4 && n_bytes / 2 - 1 < n_units)
        n_units = n_bytes / 2 - 1;
    }
  member->slot = slot;
  member->n_units = n_units;
  member->name[n_units] = 0;
  for (guint i = 0; i < n_units; i++)
    if (member->name[i] < 0x80 && strchr ("/\\:!", member->name[i]) != NULL)
      {
        add_slot_problem (self, slot, "has a name with one of / \\ : !");
        break;
      }
}

/* Whether a link leads to an entry not seen before, which it then is. */
static gboolean
visit (IMsgCompoundReader *self,
       guint32             from,
       guint32             slot)
{
  if (slot == ENTRY_NONE)
    return FALSE;
  if (slot >= self->n_slots)
    {
      add_slot_problem (self, from, "has a link that leads outside the directory");
      return FALSE;
    }
  if ((self->visited[slot >> 3] & (1u << (slot & 7))) != 0)
    {
      add_slot_problem (self, from, "has a link to an entry that has its place already");
      return FALSE;
    }
  self->visited[slot >> 3] |= 1u << (slot & 7);
  if (self->slots[(gsize) slot * ENTRY_SIZE + ENTRY_TYPE] == ENTRY_TYPE_UNUSED)
    {
      add_slot_problem (self, from, "has a link to an unused entry");
      return FALSE;
    }
  return TRUE;
}

static void
add_member (IMsgCompoundReader *self,
            guint32             slot,
            GArray             *members)
{
  guint8 type = self->slots[(gsize) slot * ENTRY_SIZE + ENTRY_TYPE];
  Member member;

  if (type != ENTRY_TYPE_STORAGE && type != ENTRY_TYPE_STREAM)
    {
      add_slot_problem (self, slot, "is neither a storage nor a stream, and left out");
      return;
    }
  read_name (self, slot, &member);
  if (member.n_units == 0)
    {
      add_slot_problem (self, slot, "has no name, and is left out");
      return;
    }
  g_array_append_val (members, member);
}

/* The members of one storage, in the order of its tree: left, itself, right. */
static void
list_members (IMsgCompoundReader *self,
              guint32             storage_slot,
              GArray             *stack,
              GArray             *members)
{
  const guint8 *slots = self->slots;
  guint32 from = storage_slot;
  guint32 slot = get_u32 (slots + (gsize) storage_slot * ENTRY_SIZE + ENTRY_CHILD);

  g_array_set_size (members, 0);
  g_array_set_size (stack, 0);
  /* Some writers put 0, the root, where there is no member. */
  if (slot == 0)
    return;
  while (TRUE)
    {
      while (visit (self, from, slot))
        {
          g_array_append_val (stack, slot);
          from = slot;
          slot = get_u32 (slots + (gsize) slot * ENTRY_SIZE + ENTRY_LEFT);
        }
      if (stack->len == 0)
        break;
      from = g_array_index (stack, guint32, stack->len - 1);
      g_array_set_size (stack, stack->len - 1);
      add_member (self, from, members);
      slot = get_u32 (slots + (gsize) from * ENTRY_SIZE + ENTRY_RIGHT);
    }
}

static int
compare_members (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const Member *member_a = a;
  const Member *member_b = b;

  return _imsg_name_compare (member_a->name, member_a->n_units, member_b->name,
                             member_b->n_units);
}

static void
sort_members (IMsgCompoundReader *self,
              guint32             storage,
              GArray             *members)
{
  Member *member = (Member *) (gpointer) members->data;
  gboolean is_sorted = TRUE;
  guint n_same = 0;

  for (guint i = 1; i < members->len && is_sorted; i++)
    is_sorted = compare_members (&member[i - 1], &member[i], NULL) < 0;
  if (is_sorted)
    return;

  /* Stable, so that of two with the same name the first in the tree stays first */
  g_qsort_with_data (member, members->len, sizeof *member, compare_members, NULL);
  for (guint i = 1; i < members->len; i++)
    if (compare_members (&member[i - 1], &member[i], NULL) == 0)
      n_same++;
  if (self->problems->len < IMSG_MAX_PROBLEMS)
    {
      g_autofree char *path = _imsg_compound_reader_dup_path (self, storage);

      if (n_same > 0)
        _imsg_compound_reader_add_problem (self, path, "%u members have the name of another one",
                                           n_same);
      else
        _imsg_compound_reader_add_problem (self, path, "Its members are not in order");
    }
}

static guint32
add_name (IMsgCompoundReader *self,
          const gunichar2    *name,
          guint               n_units,
          gboolean           *is_wide)
{
  guint32 place = self->names->len;
  gunichar2 all = 0;

  for (guint i = 0; i < n_units; i++)
    all |= name[i];
  *is_wide = all > 0xFF;
  if (*is_wide)
    g_array_append_vals (self->names, name, 2 * n_units);
  else
    {
      guint8 bytes[IMSG_NAME_UNITS];

      for (guint i = 0; i < n_units; i++)
        bytes[i] = (guint8) name[i];
      g_array_append_vals (self->names, bytes, n_units);
    }
  return place;
}

static guint32
add_extra (IMsgCompoundReader *self,
           const guint8       *stored)
{
  IMsgCompoundExtra extra = { 0 };

  if (memcmp (stored + ENTRY_CLASS_ID, (const guint8[ENTRY_START - ENTRY_CLASS_ID]) { 0 },
              ENTRY_START - ENTRY_CLASS_ID) == 0)
    return 0;
  memcpy (extra.class_id.bytes, stored + ENTRY_CLASS_ID, sizeof extra.class_id.bytes);
  extra.state_bits = get_u32 (stored + ENTRY_STATE_BITS);
  extra.creation_time = get_u64 (stored + ENTRY_CREATION_TIME);
  extra.modification_time = get_u64 (stored + ENTRY_MODIFICATION_TIME);
  g_array_append_val (self->extras, extra);
  return self->extras->len;
}

static void
add_entry (IMsgCompoundReader *self,
           guint32             parent,
           const Member       *member)
{
  const guint8 *stored = self->slots + (gsize) member->slot * ENTRY_SIZE;
  IMsgCompoundPlace place = { member->slot, parent };
  IMsgCompoundEntry entry = { 0 };
  gboolean is_wide = FALSE;

  entry.n_units = member->n_units;
  entry.name = add_name (self, member->name, member->n_units, &is_wide);
  entry.is_wide = is_wide;
  entry.extra = add_extra (self, stored);
  entry.is_storage = stored[ENTRY_TYPE] != ENTRY_TYPE_STREAM;
  if (!entry.is_storage)
    entry.n_bytes = self->shift == 9 ? get_u32 (stored + ENTRY_N_BYTES)
                                     : get_u64 (stored + ENTRY_N_BYTES);
  g_array_append_val (self->entries, entry);
  g_array_append_val (self->places, place);
}

static gboolean
add_root (IMsgCompoundReader  *self,
          GError             **error)
{
  guint8 type = self->slots[ENTRY_TYPE];
  Member root = { 0 };

  if (type != ENTRY_TYPE_ROOT && type != ENTRY_TYPE_STORAGE)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                           "The compound file's directory does not begin with a root");
      return FALSE;
    }
  if (type != ENTRY_TYPE_ROOT)
    add_slot_problem (self, 0, "is a storage where the root should be");
  read_name (self, 0, &root);
  add_entry (self, 0, &root);
  self->visited[0] |= 1;
  return TRUE;
}

/* Storages are taken level by level, so that members get consecutive numbers and the depth needs
 * no bookkeeping. */
gboolean
_imsg_compound_reader_walk (IMsgCompoundReader  *self,
                            GError             **error)
{
  g_autoptr(GArray) stack = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr(GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));
  guint64 n_levels_max = self->n_levels_max * STORAGES_PER_LEVEL + MORE_LEVELS;
  guint64 level = 0;
  guint32 level_end = 1;

  self->visited = g_malloc0 ((self->n_slots >> 3) + 1);
  if (!add_root (self, error))
    return FALSE;
  for (guint32 i = 0; i < self->entries->len; i++)
    {
      guint32 first = self->entries->len;

      if (i == level_end)
        {
          level++;
          level_end = self->entries->len;
        }
      if (!g_array_index (self->entries, IMsgCompoundEntry, i).is_storage)
        continue;
      if (level > n_levels_max)
        {
          g_autofree char *path = _imsg_compound_reader_dup_path (self, i);

          _imsg_problem_list_add (self->problems,
                                  _imsg_problem_new (path, IMSG_ERROR_TOO_COMPLEX,
                                                     "Storages nested over %" G_GUINT64_FORMAT
                                                     " deep are not read", n_levels_max));
          continue;
        }
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      list_members (self, g_array_index (self->places, IMsgCompoundPlace, i).slot, stack, members);
      if ((guint64) self->entries->len + members->len > self->n_entries_max)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       "The directory has more than %" G_GUINT64_FORMAT " entries",
                       self->n_entries_max);
          return FALSE;
        }
      sort_members (self, i, members);
      for (guint j = 0; j < members->len; j++)
        add_entry (self, i, &g_array_index (members, Member, j));
      g_array_index (self->entries, IMsgCompoundEntry, i).first = first;
      g_array_index (self->entries, IMsgCompoundEntry, i).n = members->len;
    }
  return TRUE;
}
