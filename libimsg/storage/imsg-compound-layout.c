/* imsg-compound-layout.c - where everything goes in a compound file to be written ([MS-CFB])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-compound-layout-private.h"
#include "imsg-error.h"

#include <glib/gi18n-lib.h>

/* [MS-CFB] 2.6: as many entries as a directory of version 3 may have */
#define ENTRIES_MAX_V3 0x00FFFFFF

static gboolean
check_entries (const IMsgWriterEntry  *entries,
               guint                   n_entries,
               GError                **error)
{
  const char *wrong = NULL;
  guint i = 0;

  if (n_entries == 0 || _imsg_compound_entry_is_stream (&entries[0]))
    /* Translators: put behind “Entry 1 of 2 cannot be written:” */
    wrong = _("the first is not the root");
  for (i = 1; i < n_entries && wrong == NULL; i++)
    {
      const IMsgWriterEntry *entry = &entries[i];

      if (entry->parent >= i || _imsg_compound_entry_is_stream (&entries[entry->parent]))
        wrong = _("its parent is no storage before it");
      else if (entry->entry->n_units == 0 || entry->entry->n_units >= IMSG_NAME_UNITS)
        wrong = _("its name does not have 1 to 31 units");
      else if (!_imsg_compound_entry_is_stream (entry) &&
               (entry->blob != NULL || entry->data != NULL))
        wrong = _("a storage holds no bytes");
    }
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
               _("Entry %u of %u cannot be written: %s"), i > 0 ? i - 1 : 0, n_entries, wrong);
  return FALSE;
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const IMsgWriterEntry *entries = user_data;
  const IMsgDirectoryEntry *entry_a = entries[*(const guint32 *) a].entry;
  const IMsgDirectoryEntry *entry_b = entries[*(const guint32 *) b].entry;

  return _imsg_name_compare (entry_a->name, entry_a->n_units, entry_b->name, entry_b->n_units);
}

/* Halves a sorted list into a balanced tree; as deep as the list's logarithm. */
static guint32
make_tree (IMsgCompoundLayout *self,
           const guint32      *members,
           guint32             n_members)
{
  guint32 middle = n_members / 2;
  IMsgCompoundNode *node = NULL;

  if (n_members == 0)
    return ENTRY_NONE;
  node = &self->nodes[members[middle]];
  node->left = make_tree (self, members, middle);
  node->right = make_tree (self, members + middle + 1, n_members - middle - 1);
  return members[middle];
}

/* Groups the entries by storage, sorts each group, and links it as a tree. */
static void
make_trees (IMsgCompoundLayout *self)
{
  g_autofree guint32 *ends = g_new0 (guint32, self->n_entries + 1);
  g_autofree guint32 *members = g_new (guint32, self->n_entries);
  guint32 n_before = 0;

  for (guint i = 1; i < self->n_entries; i++)
    ends[self->entries[i].parent]++;
  for (guint i = 0; i < self->n_entries; i++)
    {
      guint32 n = ends[i];

      ends[i] = n_before;
      n_before += n;
    }
  for (guint i = 1; i < self->n_entries; i++)
    members[ends[self->entries[i].parent]++] = i;

  n_before = 0;
  for (guint i = 0; i < self->n_entries; i++)
    {
      guint32 n = ends[i] - n_before;
      gboolean is_sorted = TRUE;

      for (guint32 j = n_before + 1; j < ends[i] && is_sorted; j++)
        is_sorted = compare_entries (&members[j - 1], &members[j],
                                     (gpointer) self->entries) <= 0;
      if (!is_sorted)
        g_qsort_with_data (members + n_before, n, sizeof *members, compare_entries,
                           (gpointer) self->entries);
      self->nodes[i].child = make_tree (self, members + n_before, n);
      n_before = ends[i];
    }
}

static guint32
take_sectors (IMsgCompoundLayout *self,
              guint32             n)
{
  guint32 start = self->n_sectors;

  if (n == 0)
    return SECTOR_END;
  if (start == self->locked)
    start++;
  self->n_sectors = start + n;
  if (start < self->locked && self->n_sectors > self->locked)
    self->n_sectors++;
  return start;
}

static void
take_part (IMsgCompoundLayout *self,
           IMsgCompoundPart   *part,
           guint64             n)
{
  part->n = (guint32) n;
  part->start = take_sectors (self, part->n);
}

/* Counts what sectors of a given size would be needed. FALSE when no such file can be. */
static gboolean
count_parts (const IMsgCompoundLayout *self,
             guint                     shift,
             guint32                   locked,
             guint64                   n_own,
             guint64                   n_mini,
             guint64                  *n_fat,
             guint64                  *n_difat,
             guint64                  *n_sectors)
{
  guint64 n_numbers = G_GUINT64_CONSTANT (1) << (shift - 2);
  guint64 n_others = n_own;
  guint64 n_fat_before = 0;

  n_others += _imsg_compound_count_units ((guint64) self->n_entries * ENTRY_SIZE, shift);
  n_others += _imsg_compound_count_units (n_mini * 4, shift);
  n_others += _imsg_compound_count_units (n_mini << COMPOUND_MINI_SHIFT, shift);
  if (n_others > SECTOR_MAX || n_mini > SECTOR_MAX)
    return FALSE;

  /* The FAT covers itself too: grow it until it does */
  *n_fat = 0;
  *n_difat = 0;
  do
    {
      n_fat_before = *n_fat;
      *n_sectors = n_others + *n_fat + *n_difat;
      if (*n_sectors > locked)
        *n_sectors += 1;
      *n_fat = (*n_sectors + n_numbers - 1) / n_numbers;
      *n_difat = *n_fat <= HEADER_N_FAT_SECTORS
                   ? 0
                   : (*n_fat - HEADER_N_FAT_SECTORS + n_numbers - 2) / (n_numbers - 1);
    }
  while (*n_fat != n_fat_before);
  return *n_sectors <= SECTOR_MAX;
}

static gboolean
place (IMsgCompoundLayout *self,
       guint               shift,
       guint64             n_mini)
{
  guint64 n_own = 0;
  guint64 n_fat = 0;
  guint64 n_difat = 0;
  guint64 n_sectors = 0;
  guint32 mini_sector = 0;
  guint32 locked = shift == 12 ? (guint32) (RANGE_LOCK_OFFSET >> 12) - 1 : SECTOR_FREE;

  for (guint i = 1; i < self->n_entries; i++)
    {
      guint64 n_bytes = self->nodes[i].n_bytes;

      if (n_bytes >= COMPOUND_CUTOFF)
        n_own += _imsg_compound_count_units (n_bytes, shift);
      if (n_own > SECTOR_MAX)
        return FALSE;
    }
  if (!count_parts (self, shift, locked, n_own, n_mini, &n_fat, &n_difat, &n_sectors))
    return FALSE;
  if (shift == 9 && (n_sectors >= (RANGE_LOCK_OFFSET >> 9) - 1 || self->n_entries > ENTRIES_MAX_V3))
    return FALSE;

  self->shift = shift;
  self->locked = locked < n_sectors ? locked : SECTOR_FREE;
  self->n_sectors = 0;
  self->n_mini = (guint32) n_mini;
  take_part (self, &self->difat, n_difat);
  take_part (self, &self->fat, n_fat);
  take_part (self, &self->directory,
             _imsg_compound_count_units ((guint64) self->n_entries * ENTRY_SIZE, shift));
  take_part (self, &self->mini_fat, _imsg_compound_count_units (n_mini * 4, shift));
  take_part (self, &self->mini_stream,
             _imsg_compound_count_units (n_mini << COMPOUND_MINI_SHIFT, shift));
  self->nodes[0].start = self->mini_stream.start;
  for (guint i = 1; i < self->n_entries; i++)
    {
      const IMsgWriterEntry *entry = &self->entries[i];
      IMsgCompoundNode *node = &self->nodes[i];
      guint64 n_bytes = node->n_bytes;

      if (!_imsg_compound_entry_is_stream (entry))
        node->start = 0;
      else if (n_bytes == 0)
        node->start = SECTOR_END;
      else if (n_bytes < COMPOUND_CUTOFF)
        {
          node->start = mini_sector;
          mini_sector += _imsg_compound_count_units (n_bytes, COMPOUND_MINI_SHIFT);
        }
      else
        node->start = take_sectors (self, _imsg_compound_count_units (n_bytes, shift));
    }
  g_assert (self->n_sectors == n_sectors);
  return TRUE;
}

gboolean
_imsg_compound_layout_init (IMsgCompoundLayout     *self,
                            const IMsgWriterEntry  *entries,
                            guint                   n_entries,
                            guint                   major_version,
                            GError                **error)
{
  guint64 n_mini = 0;

  memset (self, 0, sizeof *self);
  if (!check_entries (entries, n_entries, error))
    return FALSE;

  self->entries = entries;
  self->n_entries = n_entries;
  self->nodes = g_new (IMsgCompoundNode, n_entries);
  self->nodes[0].left = ENTRY_NONE;
  self->nodes[0].right = ENTRY_NONE;
  make_trees (self);
  for (guint i = 1; i < n_entries; i++)
    {
      guint64 n_bytes = entries[i].data != NULL ? entries[i].entry->n_bytes :
                        entries[i].blob != NULL ? _imsg_blob_get_size (entries[i].blob) : 0;

      self->nodes[i].n_bytes = n_bytes;
      if (n_bytes < COMPOUND_CUTOFF)
        n_mini += _imsg_compound_count_units (n_bytes, COMPOUND_MINI_SHIFT);
    }
  if ((major_version == 4 || !place (self, 9, n_mini)) && !place (self, 12, n_mini))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                           _("A compound file cannot be this big"));
      return FALSE;
    }
  return TRUE;
}

void
_imsg_compound_layout_clear (IMsgCompoundLayout *self)
{
  g_clear_pointer (&self->nodes, g_free);
}
