/* imsg-compound-reader.c - opening a compound file: header, tables and directory ([MS-CFB])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-compound-private.h"
#include "imsg-compound-reader-private.h"
#include "imsg-error.h"
#include "imsg-problem-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Nothing is believed: counts in the header only ever cause a problem, what is read is bounded by
 * the file's length, and each sector and directory entry is used once. Directory, FAT, mini FAT
 * and mini stream take their sectors before any stream does, so that a stray stream cannot starve
 * them. A read that fails ends the opening with its own error; damage becomes a problem. */

/* How a chain of sectors ends. */
typedef enum
{
  CHAIN_WHOLE,
  CHAIN_ENDS,
  CHAIN_LEADS_TO_NONE,
  CHAIN_MEETS_ANOTHER,
  CHAIN_LEAVES_FILE,
  CHAIN_LEAVES_MINI_STREAM,
} ChainEnd;

/* Translators: each is put behind how many sectors of a chain were found, and says why no more */
static const char *const chain_ends[] = {
  [CHAIN_WHOLE] = NULL,
  [CHAIN_ENDS] = N_("the chain ends"),
  [CHAIN_LEADS_TO_NONE] = N_("the chain leads to a free or reserved sector"),
  [CHAIN_MEETS_ANOTHER] = N_("the chain meets a sector already in use"),
  [CHAIN_LEAVES_FILE] = N_("the chain leads outside the file"),
  [CHAIN_LEAVES_MINI_STREAM] = N_("the chain leads outside the mini stream"),
};

static gboolean
set_corrupt (GError     **error,
             const char  *text)
{
  g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA, text);
  return FALSE;
}

/* Reads whole sectors; what lies behind the end of a file cut short is zero. */
static gboolean
read_sectors (IMsgCompoundReader  *self,
              guint32              sector,
              guint32              n_sectors,
              guint8              *buffer,
              GError             **error)
{
  guint64 offset = ((guint64) sector + 1) << self->shift;
  gsize n_bytes = (gsize) n_sectors << self->shift;
  gssize n_read = _imsg_source_read (self->source, offset, buffer, n_bytes, self->cancellable,
                                     error);

  if (n_read < 0)
    return FALSE;
  memset (buffer + n_read, 0, n_bytes - n_read);
  return TRUE;
}

static gboolean
read_header (IMsgCompoundReader  *self,
             guint8               header[HEADER_SIZE],
             GError             **error)
{
  gssize n_read = _imsg_source_read (self->source, 0, header, HEADER_SIZE, self->cancellable,
                                     error);
  guint major = 0;
  guint shift = 0;
  guint64 n_bytes = _imsg_source_get_size (self->source);
  guint64 n_sectors = 0;

  if (n_read < 0)
    return FALSE;
  if (n_read < COMPOUND_SIGNATURE_SIZE ||
      memcmp (header, COMPOUND_SIGNATURE, COMPOUND_SIGNATURE_SIZE) != 0)
    return set_corrupt (error,
                        _("This is no compound file: it does not begin with the signature of one"));
  if (n_read < HEADER_SIZE)
    return set_corrupt (error, _("The compound file ends inside its header"));

  major = _imsg_get_u16 (header + HEADER_MAJOR_VERSION);
  shift = _imsg_get_u16 (header + HEADER_SECTOR_SHIFT);
  if (!((major == 3 && shift == 9) || (major == 4 && shift == 12)))
    {
      _imsg_compound_reader_add_problem (self, "header",
                                         _("Version %u with sectors of 2^%u bytes is not allowed"),
                                         major, shift);
      if (shift != 9 && shift != 12)
        shift = major == 3 ? 9 : major == 4 ? 12 : 0;
      if (shift == 0)
        return set_corrupt (error,
                            _("The compound file's header has neither a valid version nor a valid "
                              "sector size"));
    }
  if (_imsg_get_u16 (header + HEADER_BYTE_ORDER) != COMPOUND_BYTE_ORDER)
    _imsg_compound_reader_add_problem (self, "header",
                                       _("Byte order mark 0x%04X instead of 0x%04X"),
                                       _imsg_get_u16 (header + HEADER_BYTE_ORDER),
                                       COMPOUND_BYTE_ORDER);
  if (_imsg_get_u16 (header + HEADER_MINI_SHIFT) != COMPOUND_MINI_SHIFT)
    _imsg_compound_reader_add_problem (self, "header",
                                       _("Mini sectors of 2^%u bytes; taken as 64 bytes"),
                                       _imsg_get_u16 (header + HEADER_MINI_SHIFT));
  if (_imsg_get_u32 (header + HEADER_CUTOFF) != COMPOUND_CUTOFF)
    _imsg_compound_reader_add_problem (self, "header",
                                       g_dngettext (GETTEXT_PACKAGE,
                                                    "Mini stream cutoff of %u byte; taken as %d",
                                                    "Mini stream cutoff of %u bytes; taken as %d",
                                                    _imsg_get_u32 (header + HEADER_CUTOFF)),
                                       _imsg_get_u32 (header + HEADER_CUTOFF), COMPOUND_CUTOFF);

  self->shift = shift;
  self->sector_size = 1u << shift;
  if (n_bytes <= self->sector_size)
    return set_corrupt (error, _("The compound file holds nothing but a header"));
  n_sectors = (n_bytes - 1) >> shift;
  self->n_sectors = (guint32) MIN (n_sectors, (guint64) SECTOR_MAX + 1);
  self->claimed = _imsg_compound_reader_new_bits (self->n_sectors);
  return TRUE;
}

static inline gboolean
claim (guint64 *bits,
       guint32  n_bits,
       guint32  number)
{
  return number < n_bits && _imsg_compound_reader_take (bits, number);
}

/* Takes FAT sectors as the DIFAT lists them, until the list ends or the FAT covers the file. */
static void
take_fat_sectors (IMsgCompoundReader *self,
                  const guint8       *numbers,
                  guint               n_numbers,
                  guint32             n_most,
                  GArray             *sectors,
                  gboolean           *is_done)
{
  for (guint i = 0; i < n_numbers && !*is_done; i++)
    {
      guint32 sector = _imsg_get_u32 (numbers + 4 * i);

      if (sector == SECTOR_FREE || sectors->len >= n_most)
        {
          *is_done = TRUE;
          break;
        }
      if (!claim (self->claimed, self->n_sectors, sector))
        {
          _imsg_compound_reader_add_problem (self, "FAT",
                                             _("Sector %u of the FAT cannot be sector %u of the "
                                               "file"), sectors->len, sector);
          sector = SECTOR_FREE;
        }
      g_array_append_val (sectors, sector);
    }
}

static gboolean
list_fat_sectors (IMsgCompoundReader  *self,
                  const guint8         header[HEADER_SIZE],
                  GArray              *sectors,
                  GError             **error)
{
  guint n_per_sector = self->sector_size / 4;
  guint32 n_most = (self->n_sectors - 1) / n_per_sector + 1;
  guint32 n_claimed = _imsg_get_u32 (header + HEADER_N_FAT);
  guint32 next = _imsg_get_u32 (header + HEADER_DIFAT);
  g_autofree guint8 *buffer = NULL;
  gboolean is_done = FALSE;

  take_fat_sectors (self, header + HEADER_FAT_SECTORS, HEADER_N_FAT_SECTORS, n_most, sectors,
                    &is_done);
  while (!is_done && sectors->len < n_most)
    {
      if (next > SECTOR_MAX)
        break;
      if (!claim (self->claimed, self->n_sectors, next))
        {
          _imsg_compound_reader_add_problem (self, "FAT",
                                             _("The list of the FAT's sectors cannot go on in "
                                               "sector %u"), next);
          break;
        }
      if (buffer == NULL)
        buffer = g_malloc (self->sector_size);
      if (!read_sectors (self, next, 1, buffer, error))
        return FALSE;
      take_fat_sectors (self, buffer, n_per_sector - 1, n_most, sectors, &is_done);
      next = _imsg_get_u32 (buffer + 4 * (n_per_sector - 1));
    }
  if (sectors->len < n_most && sectors->len != n_claimed)
    _imsg_compound_reader_add_problem (self, "FAT",
                                       g_dngettext (GETTEXT_PACKAGE,
                                                    "The header counts %u sector, %u are listed",
                                                    "The header counts %u sectors, %u are listed",
                                                    n_claimed),
                                       n_claimed, sectors->len);
  return TRUE;
}

/* Reads the sectors of a table, neighbours at once; SECTOR_FREE stands for one that is missing. */
static gboolean
load_table (IMsgCompoundReader  *self,
            const guint32       *sectors,
            guint32              n_sectors,
            guint32            **table,
            guint32             *n_numbers,
            GError             **error)
{
  gsize n_bytes = (gsize) n_sectors << self->shift;
  guint8 *bytes = g_try_malloc (MAX (n_bytes, 1));

  if (bytes == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_ENOUGH_MEMORY,
                   g_dngettext (GETTEXT_PACKAGE,
                                "No memory for a sector table of %zu byte",
                                "No memory for a sector table of %zu bytes",
                                n_bytes),
                   n_bytes);
      return FALSE;
    }
  *table = (guint32 *) (gpointer) bytes;
  *n_numbers = MIN ((guint64) n_sectors * (self->sector_size / 4), (guint64) SECTOR_MAX + 1);
  for (guint32 i = 0; i < n_sectors;)
    {
      guint32 n = 1;

      if (sectors[i] == SECTOR_FREE)
        memset (bytes + ((gsize) i << self->shift), 0xFF, self->sector_size);
      else
        {
          while (i + n < n_sectors && sectors[i + n] == sectors[i] + n)
            n++;
          if (!read_sectors (self, sectors[i], n, bytes + ((gsize) i << self->shift), error))
            return FALSE;
        }
      i += n;
    }
#if G_BYTE_ORDER == G_BIG_ENDIAN
  for (guint32 i = 0; i < *n_numbers; i++)
    (*table)[i] = GUINT32_FROM_LE ((*table)[i]);
#endif
  return TRUE;
}

static gboolean
load_fat (IMsgCompoundReader  *self,
          const guint8         header[HEADER_SIZE],
          GError             **error)
{
  g_autoptr(GArray) sectors = g_array_new (FALSE, FALSE, sizeof (guint32));

  return list_fat_sectors (self, header, sectors, error) &&
         load_table (self, (const guint32 *) (gpointer) sectors->data, sectors->len, &self->fat,
                     &self->n_fat, error);
}

/* What chains of sectors, or of mini sectors, go by. */
typedef struct
{
  const guint32 *table;
  guint64       *claimed;
  guint32        n_table;
  guint32        n_sectors;
  ChainEnd       leaves; /* those that are here */
} Allocation;

static Allocation
get_allocation (const IMsgCompoundReader *self,
                gboolean                  is_mini)
{
  if (is_mini)
    return (Allocation) { self->mini_fat, self->mini_claimed, self->n_mini_fat,
                          self->n_mini_sectors, CHAIN_LEAVES_MINI_STREAM };
  return (Allocation) { self->fat, self->claimed, self->n_fat, self->n_sectors,
                        CHAIN_LEAVES_FILE };
}

/* Claims up to n_wanted sectors that are neighbours and follow one another in their chain. How many
 * there were. */
static inline guint32
claim_run (const Allocation *allocation,
           guint32           sector,
           guint64           n_wanted)
{
  guint32 n = 0;

  if (n_wanted == 0 || !claim (allocation->claimed, allocation->n_sectors, sector))
    return 0;
  for (n = 1; n < n_wanted && sector < allocation->n_table &&
              allocation->table[sector] == sector + 1 &&
              claim (allocation->claimed, allocation->n_sectors, sector + 1); n++)
    sector++;
  return n;
}

static void
add_run (IMsgCompoundReader *self,
         guint32             position,
         guint32             sector)
{
  IMsgCompoundFile *file = self->file;

  if (file->n_runs == self->n_runs_room)
    {
      self->n_runs_room = MAX (2 * self->n_runs_room, 64);
      file->runs = g_renew (IMsgCompoundRun, file->runs, self->n_runs_room);
    }
  file->runs[file->n_runs].position = position;
  file->runs[file->n_runs++].sector = sector;
}

/* Follows a chain whose first n_run sectors are claimed, for up to n_wanted sectors, and appends
 * what it found as runs. Tells why there are fewer, if so. */
static ChainEnd
follow_on (IMsgCompoundReader *self,
           const Allocation   *allocation,
           guint32             sector,
           guint32             n_run,
           guint64             n_wanted,
           guint32            *n_found)
{
  guint32 n = 0;

  while (n_run > 0)
    {
      add_run (self, n, sector);
      n += n_run;
      sector += n_run - 1;
      sector = sector < allocation->n_table ? allocation->table[sector] : SECTOR_FREE;
      n_run = claim_run (allocation, sector, n_wanted - n);
    }
  *n_found = n;
  return n == n_wanted ? CHAIN_WHOLE :
         sector == SECTOR_END ? CHAIN_ENDS :
         sector > SECTOR_MAX ? CHAIN_LEADS_TO_NONE :
         sector < allocation->n_sectors ? CHAIN_MEETS_ANOTHER : allocation->leaves;
}

static ChainEnd
follow_chain (IMsgCompoundReader *self,
              guint32             sector,
              guint64             n_wanted,
              guint32            *n_found)
{
  const Allocation allocation = get_allocation (self, FALSE);

  return follow_on (self, &allocation, sector, claim_run (&allocation, sector, n_wanted), n_wanted,
                    n_found);
}

static void
tell_chain (IMsgCompoundReader *self,
            const char         *where,
            gboolean            is_mini,
            guint32             n_found,
            guint64             n_wanted,
            ChainEnd            why)
{
  _imsg_compound_reader_add_problem (self, where,
                                     is_mini ?
                                       /* Translators: then why no more are */
                                       _("Mini sectors found: %u of %" PRIu64 "; %s") :
                                       /* Translators: then why no more are */
                                       _("Sectors found: %u of %" PRIu64 "; %s"),
                                     n_found, n_wanted, _(chain_ends[why]));
}

/* The directory, as it is stored. */
static gboolean
load_directory (IMsgCompoundReader  *self,
                const guint8         header[HEADER_SIZE],
                GError             **error)
{
  guint n_per_sector = self->sector_size / ENTRY_SIZE;
  guint64 n_most = self->n_entries_max / n_per_sector + 1;
  guint32 first_run = self->file->n_runs;
  guint32 n_found = 0;
  const IMsgCompoundRun *run = NULL;
  ChainEnd why = follow_chain (self, _imsg_get_u32 (header + HEADER_DIRECTORY), n_most + 1,
                               &n_found);

  if (n_found > n_most)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   g_dngettext (GETTEXT_PACKAGE,
                                "The directory has room for more than %" PRIu64 " entry",
                                "The directory has room for more than %" PRIu64 " entries",
                                self->n_entries_max),
                   self->n_entries_max);
      return FALSE;
    }
  if (why != CHAIN_WHOLE && why != CHAIN_ENDS)
    _imsg_compound_reader_add_problem (self, "directory",
                                       /* Translators: then why no more are */
                                       _("Sectors found: %u; %s"), n_found, _(chain_ends[why]));
  if (n_found == 0)
    return set_corrupt (error, _("The compound file has no directory"));

  run = &self->file->runs[first_run];
  if (self->file->n_runs == first_run + 1)
    self->slots = _imsg_source_peek (self->source, ((guint64) run->sector + 1) << self->shift,
                                     (gsize) n_found << self->shift);
  if (self->slots == NULL)
    {
      self->slot_memory = g_malloc ((gsize) n_found << self->shift);
      self->slots = self->slot_memory;
      for (guint i = first_run; i < self->file->n_runs; i++, run++)
        {
          guint32 end = i + 1 < self->file->n_runs ? run[1].position : n_found;

          if (!read_sectors (self, run->sector, end - run->position,
                             self->slot_memory + ((gsize) run->position << self->shift), error))
            return FALSE;
        }
    }
  self->file->n_runs = first_run;
  self->n_slots = n_found * n_per_sector;
  return TRUE;
}

/* The sectors of the last chain, one by one, in place of its runs. */
static guint32 *
take_runs (IMsgCompoundReader *self,
           guint32             first_run,
           guint32             n_sectors)
{
  guint32 *sectors = g_new (guint32, MAX (n_sectors, 1));

  for (guint i = first_run, n = 0; i < self->file->n_runs; i++)
    {
      const IMsgCompoundRun *run = &self->file->runs[i];
      guint32 end = i + 1 < self->file->n_runs ? run[1].position : n_sectors;

      for (guint32 sector = run->sector; n < end; n++)
        sectors[n] = sector++;
    }
  self->file->n_runs = first_run;
  return sectors;
}

/* The mini FAT is read no further than the mini stream goes, and the mini stream is what the root
 * entry says. */
static gboolean
load_mini_stream (IMsgCompoundReader  *self,
                  const guint8         header[HEADER_SIZE],
                  GError             **error)
{
  guint64 n_bytes = _imsg_compound_reader_get_size (self, self->slots);
  guint64 n_wanted = _imsg_compound_count_units (n_bytes, self->shift);
  guint64 n_mini = _imsg_compound_count_units (n_bytes, COMPOUND_MINI_SHIFT);
  guint64 n_table = 0;
  guint32 n_found = 0;
  guint32 first_run = self->file->n_runs;
  g_autofree guint32 *sectors = NULL;
  ChainEnd why = CHAIN_WHOLE;

  if (n_bytes == 0)
    return TRUE;

  /* No more mini sectors than the file could hold */
  n_mini = MIN (n_mini, (guint64) self->n_sectors << (self->shift - COMPOUND_MINI_SHIFT));
  n_mini = MIN (n_mini, (guint64) SECTOR_MAX + 1);
  n_table = _imsg_compound_count_units (n_mini * 4, self->shift);
  why = follow_chain (self, _imsg_get_u32 (header + HEADER_MINI_FAT), n_table, &n_found);
  if (why != CHAIN_WHOLE)
    tell_chain (self, "mini FAT", FALSE, n_found, n_table, why);
  sectors = take_runs (self, first_run, n_found);
  if (!load_table (self, sectors, n_found, &self->mini_fat, &self->n_mini_fat, error))
    return FALSE;

  why = follow_chain (self, _imsg_get_u32 (self->slots + ENTRY_START), n_wanted, &n_found);
  if (why != CHAIN_WHOLE)
    tell_chain (self, "mini stream", FALSE, n_found, n_wanted, why);
  self->file->mini_sectors = take_runs (self, first_run, n_found);
  self->file->mini_n_sectors = n_found;
  self->n_mini_sectors = (guint32) MIN (n_mini, (guint64) n_found << (self->shift - 6));
  self->mini_claimed = _imsg_compound_reader_new_bits (self->n_mini_sectors);
  return TRUE;
}

/* Most streams are one run, which takes no table. */
static void
map_stream (IMsgCompoundReader *self,
            guint32             number,
            const Allocation    allocations[2])
{
  IMsgCompoundEntry *entry = &self->file->entries[number];
  guint32 sector = _imsg_get_u32 (_imsg_compound_reader_get_slot (self, number) + ENTRY_START);
  const Allocation *allocation = NULL;
  guint64 n_wanted = 0;
  ChainEnd why = CHAIN_WHOLE;

  entry->is_mini = entry->n_bytes < COMPOUND_CUTOFF;
  allocation = &allocations[entry->is_mini];
  n_wanted = _imsg_compound_count_units (entry->n_bytes,
                                         entry->is_mini ? COMPOUND_MINI_SHIFT : self->shift);
  entry->n_sectors = claim_run (allocation, sector, n_wanted);
  if (entry->n_sectors == n_wanted)
    {
      entry->first = sector;
      entry->n = n_wanted > 0;
      return;
    }
  entry->first = self->file->n_runs;
  why = follow_on (self, allocation, sector, entry->n_sectors, n_wanted, &entry->n_sectors);
  entry->n = self->file->n_runs - entry->first;
  if (entry->n == 1)
    entry->first = self->file->runs[--self->file->n_runs].sector;
  entry->is_damaged = why != CHAIN_WHOLE;
  if (entry->is_damaged && self->problems->len < IMSG_MAX_PROBLEMS)
    {
      g_autofree char *path = _imsg_compound_reader_dup_path (self, number);

      tell_chain (self, path, entry->is_mini, entry->n_sectors, n_wanted, why);
    }
}

static gboolean
map_streams (IMsgCompoundReader  *self,
             GError             **error)
{
  const Allocation allocations[2] = { get_allocation (self, FALSE), get_allocation (self, TRUE) };

  for (guint32 i = 1; i < self->file->n_entries; i++)
    {
      if (!self->file->entries[i].is_storage)
        map_stream (self, i, allocations);
      if ((i & 0xFFF) == 0 && g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/* A file may end inside its last sector; what a stream has behind the end is missing. */
static void
report_cut_streams (IMsgCompoundReader *self)
{
  guint64 n_bytes = _imsg_source_get_size (self->source);

  if ((n_bytes & (self->sector_size - 1)) == 0)
    return;
  for (guint32 i = 1;
       i < self->file->n_entries && self->problems->len < IMSG_MAX_PROBLEMS; i++)
    {
      const IMsgCompoundEntry *entry = &self->file->entries[i];
      guint64 n_readable = 0;

      if (entry->is_storage || entry->is_damaged || entry->n_bytes == 0)
        continue;
      n_readable = _imsg_compound_file_get_n_readable (self->file, i);
      if (n_readable < entry->n_bytes)
        {
          g_autofree char *path = _imsg_compound_reader_dup_path (self, i);

          _imsg_compound_reader_add_problem (self, path,
                                             _("Bytes found: %" PRIu64 " of %" PRIu64
                                               "; the file ends"),
                                             n_readable, entry->n_bytes);
        }
    }
}

/* Lets go of the room that nothing filled. */
static void
trim_file (IMsgCompoundReader *self)
{
  IMsgCompoundFile *file = self->file;

  file->entries = g_renew (IMsgCompoundEntry, file->entries, file->n_entries);
  file->extras = g_renew (IMsgCompoundExtra, file->extras, file->n_extras);
  file->runs = g_renew (IMsgCompoundRun, file->runs, file->n_runs);
  file->names = g_realloc (file->names, file->n_names);
  file->sector_shift = self->shift;
}

static void
reader_clear (IMsgCompoundReader *self)
{
  g_clear_pointer (&self->file, _imsg_compound_file_free);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_free (self->places);
  g_free (self->fat);
  g_free (self->mini_fat);
  g_free (self->claimed);
  g_free (self->mini_claimed);
  g_free (self->slot_memory);
  g_free (self->visited);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IMsgCompoundReader, reader_clear)

IMsgDirectory *
_imsg_compound_read (IMsgSource        *source,
                     const IMsgLimits  *limits,
                     GCancellable      *cancellable,
                     GError           **error)
{
  g_auto(IMsgCompoundReader) self = { NULL };
  guint8 header[HEADER_SIZE];

  g_return_val_if_fail (source != NULL, NULL);

  if (limits == NULL)
    limits = _imsg_limits_get_default ();
  self.source = source;
  self.cancellable = cancellable;
  self.n_entries_max = limits->values[IMSG_LIMIT_DIRECTORY_ENTRIES];
  self.n_levels_max = _imsg_limits_get_storage_depth (limits);
  self.problems = _imsg_problem_list_new ();
  self.file = g_new0 (IMsgCompoundFile, 1);
  self.file->source = _imsg_source_ref (source);
  self.file->n_bytes = _imsg_source_get_size (source);
  self.file->data = _imsg_source_peek (source, 0, self.file->n_bytes);

  if (!read_header (&self, header, error) || !load_fat (&self, header, error) ||
      !load_directory (&self, header, error) || !load_mini_stream (&self, header, error) ||
      !_imsg_compound_reader_walk (&self, error) || !map_streams (&self, error))
    return NULL;
  trim_file (&self);
  report_cut_streams (&self);
  return _imsg_compound_file_to_directory (g_steal_pointer (&self.file), self.shift == 9 ? 3 : 4,
                                           g_steal_pointer (&self.problems));
}
