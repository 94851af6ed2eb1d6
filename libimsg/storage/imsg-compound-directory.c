/* imsg-compound-directory.c - walking the stored directory of a compound file ([MS-CFB] 2.6)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-compound-name-private.h"
#include "imsg-compound-reader-private.h"
#include "imsg-error.h"
#include "imsg-problem-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

typedef struct
{
  guint32 slot;
  guint32 number;          /* that its name ends with, if it is a property's stream */
  guint16 n_units;         /* of its name */
  guint16 is_property : 1; /* it has the name of a property's stream */
} Member;

/* Buffers of a walk, each with room for all slots */
typedef struct
{
  guint32 *stack;
  Member  *members;
  guint32  n_members;
} Walk;

char *
_imsg_compound_reader_dup_path (const IMsgCompoundReader *self,
                                guint32                   entry)
{
  g_autofree char *path = NULL;

  /* Entries are no deeper than the walk lets them be, so this is short. */
  while (entry != 0)
    {
      gunichar2 units[IMSG_NAME_UNITS];
      g_autofree char *name = NULL;
      char *longer = NULL;

      _imsg_compound_file_get_name (self->file, entry, units);
      name = _imsg_name_to_utf8 (units, self->file->entries[entry].n_units);
      longer = path != NULL ? g_strconcat (name, "/", path, NULL) : g_strdup (name);
      g_free (path);
      path = longer;
      entry = self->places[entry].parent;
    }
  return path != NULL ? g_steal_pointer (&path) : g_strdup ("/");
}

static inline const guint8 *
at_slot (const IMsgCompoundReader *self,
         guint32                   slot)
{
  return self->slots + (gsize) slot * ENTRY_SIZE;
}

static inline void
load_name (const IMsgCompoundReader *self,
           guint32                   slot,
           gunichar2                 name[IMSG_NAME_UNITS])
{
  memcpy (name, at_slot (self, slot), IMSG_NAME_UNITS * sizeof *name);
#if G_BYTE_ORDER == G_BIG_ENDIAN
  for (guint i = 0; i < IMSG_NAME_UNITS; i++)
    name[i] = GUINT16_FROM_LE (name[i]);
#endif
}

/* The length of a name: what its field says where that is true, else up to the NUL. */
static guint
measure_name (IMsgCompoundReader *self,
              guint32             slot)
{
  guint n_bytes = _imsg_get_u16 (at_slot (self, slot) + ENTRY_NAME_SIZE);
  gunichar2 name[IMSG_NAME_UNITS];
  gboolean is_forbidden = FALSE;
  guint n_units = 0;

  if (is_sound_name (at_slot (self, slot), n_bytes))
    return n_bytes / 2 - 1;
  load_name (self, slot, name);
  while (n_units < IMSG_NAME_UNITS - 1 && name[n_units] != 0)
    {
      gunichar2 unit = name[n_units++];

      is_forbidden |= is_forbidden_unit (unit);
    }
  if (n_units * 2 + 2 != n_bytes || name[n_units] != 0)
    {
      _imsg_compound_reader_add_problem (self, "directory",
                                         _("Entry %u has a name that does not end where its length "
                                           "says"), slot);
      if (n_bytes >= 4 && n_bytes / 2 - 1 < n_units)
        n_units = n_bytes / 2 - 1;
    }
  if (is_forbidden)
    _imsg_compound_reader_add_problem (self, "directory",
                                       _("Entry %u has a name with one of / \\ : !"), slot);
  return n_units;
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
      _imsg_compound_reader_add_problem (self, "directory",
                                         _("Entry %u has a link that leads outside the directory"),
                                         from);
      return FALSE;
    }
  if (!_imsg_compound_reader_take (self->visited, slot))
    {
      _imsg_compound_reader_add_problem (self, "directory",
                                         _("Entry %u has a link to an entry that has its place "
                                           "already"), from);
      return FALSE;
    }
  if (at_slot (self, slot)[ENTRY_TYPE] == ENTRY_TYPE_UNUSED)
    {
      _imsg_compound_reader_add_problem (self, "directory",
                                         _("Entry %u has a link to an unused entry"), from);
      return FALSE;
    }
  return TRUE;
}

static void
add_member (IMsgCompoundReader *self,
            guint32             slot,
            Walk               *walk)
{
  guint8 type = at_slot (self, slot)[ENTRY_TYPE];
  Member member = { slot, 0, 0, FALSE };

  if (type != ENTRY_TYPE_STORAGE && type != ENTRY_TYPE_STREAM)
    {
      _imsg_compound_reader_add_problem (self, "directory",
                                         _("Entry %u is neither a storage nor a stream, and left "
                                           "out"), slot);
      return;
    }
  member.is_property = is_property_entry (at_slot (self, slot), &member.number);
  member.n_units = member.is_property ? PROPERTY_NAME_UNITS : measure_name (self, slot);
  if (member.n_units == 0)
    {
      _imsg_compound_reader_add_problem (self, "directory",
                                         _("Entry %u has no name, and is left out"), slot);
      return;
    }
  walk->members[walk->n_members++] = member;
}

/* The members of one storage, in the order of its tree: left, itself, right. */
static void
list_members (IMsgCompoundReader *self,
              guint32             storage_slot,
              Walk               *walk)
{
  guint32 from = storage_slot;
  guint32 slot = _imsg_get_u32 (at_slot (self, storage_slot) + ENTRY_CHILD);
  guint32 n_stack = 0;

  walk->n_members = 0;
  /* Some writers put 0, the root, where there is no member. */
  if (slot == 0)
    return;
  while (TRUE)
    {
      while (visit (self, from, slot))
        {
          walk->stack[n_stack++] = slot;
          from = slot;
          slot = _imsg_get_u32 (at_slot (self, slot) + ENTRY_LEFT);
        }
      if (n_stack == 0)
        break;
      from = walk->stack[--n_stack];
      add_member (self, from, walk);
      slot = _imsg_get_u32 (at_slot (self, from) + ENTRY_RIGHT);
    }
}

static inline guint
upper_case (guint unit)
{
  return unit >= 'a' && unit <= 'z' ? unit - ('a' - 'A') : unit;
}

static int
compare_members (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const Member *member_a = a;
  const Member *member_b = b;
  gunichar2 name_a[IMSG_NAME_UNITS];
  gunichar2 name_b[IMSG_NAME_UNITS];
  const guint8 *bytes_a = at_slot (user_data, member_a->slot);
  const guint8 *bytes_b = at_slot (user_data, member_b->slot);
  guint i = 0;

  if (member_a->is_property && member_b->is_property)
    return member_a->number < member_b->number ? -1 : member_a->number > member_b->number;
  if (member_a->n_units != member_b->n_units)
    return member_a->n_units < member_b->n_units ? -1 : 1;
  /* Names of properties share their first dozen units and differ in a digit. */
  while (i + 4 <= member_a->n_units &&
         load_eight_bytes (bytes_a + 2 * i) == load_eight_bytes (bytes_b + 2 * i))
    i += 4;
  for (; i < member_a->n_units; i++)
    {
      guint unit_a = _imsg_get_u16 (bytes_a + 2 * i);
      guint unit_b = _imsg_get_u16 (bytes_b + 2 * i);

      if (unit_a >= 0x80 || unit_b >= 0x80)
        break;
      unit_a = upper_case (unit_a);
      unit_b = upper_case (unit_b);
      if (unit_a != unit_b)
        return unit_a < unit_b ? -1 : 1;
    }
  if (i == member_a->n_units)
    return 0;
  load_name (user_data, member_a->slot, name_a);
  load_name (user_data, member_b->slot, name_b);
  return _imsg_name_compare (name_a, member_a->n_units, name_b, member_b->n_units);
}

static void
sort_members (IMsgCompoundReader *self,
              guint32             storage,
              Walk               *walk)
{
  Member *members = walk->members;
  gboolean is_sorted = TRUE;
  guint n_same = 0;

  for (guint i = 1; i < walk->n_members && is_sorted; i++)
    is_sorted = compare_members (&members[i - 1], &members[i], self) < 0;
  if (is_sorted)
    return;

  /* Stable, so that of two with the same name the first in the tree stays first */
  g_qsort_with_data (members, walk->n_members, sizeof *members, compare_members, self);
  for (guint i = 1; i < walk->n_members; i++)
    if (compare_members (&members[i - 1], &members[i], self) == 0)
      n_same++;
  if (self->problems->len < IMSG_MAX_PROBLEMS)
    {
      g_autofree char *path = _imsg_compound_reader_dup_path (self, storage);

      if (n_same > 0)
        _imsg_compound_reader_add_problem (self, path,
                                           g_dngettext (GETTEXT_PACKAGE,
                                                        "%u member has the name of another one",
                                                        "%u members have the name of another one",
                                                        n_same),
                                           n_same);
      else
        _imsg_compound_reader_add_problem (self, path,
                                           _("The members of the storage are not in order"));
    }
}

/* Keeps a name, and returns where. */
static guint32
add_name (IMsgCompoundReader *self,
          const Member       *member,
          gboolean           *is_wide)
{
  IMsgCompoundFile *file = self->file;
  guint8 bytes[IMSG_NAME_UNITS];
  gunichar2 name[IMSG_NAME_UNITS];
  gunichar2 all = 0;
  guint32 at = file->n_names;

  if (file->n_names + sizeof name > self->n_names_room)
    {
      self->n_names_room = MAX (2 * self->n_names_room, 2048);
      file->names = g_realloc (file->names, self->n_names_room);
    }
  load_name (self, member->slot, name);
  /* Over all units, so that it takes a few wide instructions */
  for (guint i = 0; i < IMSG_NAME_UNITS; i++)
    {
      all |= name[i];
      bytes[i] = (guint8) name[i];
    }
  *is_wide = all > 0xFF;
  if (*is_wide)
    memcpy (file->names + file->n_names, name, sizeof name);
  else
    memcpy (file->names + file->n_names, bytes, sizeof bytes);
  file->n_names += (guint) member->n_units << *is_wide;
  return at;
}

static guint32
add_extra (IMsgCompoundReader *self,
           const guint8       *stored)
{
  IMsgCompoundFile *file = self->file;
  IMsgCompoundExtra *extra = NULL;

  if ((_imsg_get_u64 (stored + ENTRY_CLASS_ID) | _imsg_get_u64 (stored + ENTRY_CLASS_ID + 8) |
       _imsg_get_u32 (stored + ENTRY_STATE_BITS) | _imsg_get_u64 (stored + ENTRY_CREATION_TIME) |
       _imsg_get_u64 (stored + ENTRY_MODIFICATION_TIME)) == 0)
    return 0;
  if (file->n_extras == self->n_extras_room)
    {
      self->n_extras_room = MAX (2 * self->n_extras_room, 8);
      file->extras = g_renew (IMsgCompoundExtra, file->extras, self->n_extras_room);
    }
  extra = &file->extras[file->n_extras++];
  memcpy (extra->class_id.bytes, stored + ENTRY_CLASS_ID, sizeof extra->class_id.bytes);
  extra->state_bits = _imsg_get_u32 (stored + ENTRY_STATE_BITS);
  extra->creation_time = _imsg_get_u64 (stored + ENTRY_CREATION_TIME);
  extra->modification_time = _imsg_get_u64 (stored + ENTRY_MODIFICATION_TIME);
  return file->n_extras;
}

static void
add_entry (IMsgCompoundReader *self,
           guint32             parent,
           const Member       *member)
{
  const guint8 *stored = at_slot (self, member->slot);
  gboolean is_storage = stored[ENTRY_TYPE] != ENTRY_TYPE_STREAM;
  gboolean is_wide = FALSE;
  guint32 number = self->file->n_entries++;
  guint32 name = member->is_property ? member->number : add_name (self, member, &is_wide);

  self->places[number] = (IMsgCompoundPlace) { member->slot, parent };
  self->file->entries[number] = (IMsgCompoundEntry) {
    .n_bytes = is_storage ? 0 : _imsg_compound_reader_get_size (self, stored),
    .name = name,
    .extra = add_extra (self, stored),
    .n_units = member->n_units,
    .is_storage = is_storage,
    .is_property = member->is_property,
    .is_wide = is_wide,
  };
}

static gboolean
add_root (IMsgCompoundReader  *self,
          GError             **error)
{
  guint8 type = self->slots[ENTRY_TYPE];
  Member root = { 0, 0, 0, FALSE };

  if (type != ENTRY_TYPE_ROOT && type != ENTRY_TYPE_STORAGE)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                           _("The compound file's directory does not begin with a root"));
      return FALSE;
    }
  if (type != ENTRY_TYPE_ROOT)
    _imsg_compound_reader_add_problem (self, "directory",
                                       _("Entry %u is a storage where the root should be"), 0);
  root.n_units = measure_name (self, 0);
  add_entry (self, 0, &root);
  _imsg_compound_reader_take (self->visited, 0);
  return TRUE;
}

/* A path is as long as it is deep, so none is made that nobody is told. */
static void
tell_nesting (IMsgCompoundReader *self,
              guint32             storage)
{
  g_autofree char *path = NULL;

  if (self->problems->len >= IMSG_MAX_PROBLEMS)
    return;
  path = _imsg_compound_reader_dup_path (self, storage);
  _imsg_problem_list_tell (self->problems, path, IMSG_ERROR_TOO_COMPLEX,
                           _("Storages nested over %" PRIu64 " deep are not read"),
                           self->n_levels_max);
}

static gboolean
walk_storages (IMsgCompoundReader  *self,
               Walk                *walk,
               GError             **error)
{
  IMsgCompoundFile *file = self->file;
  guint64 n_levels_max = self->n_levels_max;
  guint64 level = 0;
  guint32 level_end = 1;

  for (guint32 i = 0; i < file->n_entries; i++)
    {
      if (i == level_end)
        {
          level++;
          level_end = file->n_entries;
        }
      if (!file->entries[i].is_storage)
        continue;
      file->entries[i].first = file->n_entries;
      if (level > n_levels_max)
        {
          tell_nesting (self, i);
          continue;
        }
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      list_members (self, self->places[i].slot, walk);
      if ((guint64) file->n_entries + walk->n_members > self->n_entries_max)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "The directory has more than %" PRIu64 " entry",
                                    "The directory has more than %" PRIu64 " entries",
                                    self->n_entries_max),
                       self->n_entries_max);
          return FALSE;
        }
      sort_members (self, i, walk);
      for (guint32 j = 0; j < walk->n_members; j++)
        add_entry (self, i, &walk->members[j]);
      file->entries[i].n = walk->n_members;
    }
  return TRUE;
}

/* Storages are taken level by level, so that members get consecutive numbers and the depth needs
 * no bookkeeping. */
gboolean
_imsg_compound_reader_walk (IMsgCompoundReader  *self,
                            GError             **error)
{
  g_autofree guint32 *stack = g_new (guint32, self->n_slots);
  g_autofree Member *members = g_new (Member, self->n_slots);
  Walk walk = { stack, members, 0 };

  self->visited = _imsg_compound_reader_new_bits (self->n_slots);
  self->places = g_new (IMsgCompoundPlace, self->n_slots);
  self->file->entries = g_new (IMsgCompoundEntry, self->n_slots);
  return add_root (self, error) && walk_storages (self, &walk, error);
}
