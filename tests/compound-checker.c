/* compound-checker.c - strict check of the structure of a compound file we wrote
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-checker.h"

#include <string.h>

#define END 0xFFFFFFFEu
#define FREE 0xFFFFFFFFu
#define NO_OWNER 0

typedef struct
{
  const guint8 *data;
  guint64       n_bytes;
  guint         shift;
  guint32       sector_size;
  guint32       n_sectors;
  guint32      *fat;
  guint32       n_fat;     /* numbers */
  guint8       *owned;     /* by sector */
  guint32      *mini_fat;
  guint32       n_mini_fat; /* numbers */
  guint32       n_mini;
  guint8       *mini_owned;
  GArray       *mini_sectors; /* (element-type guint32) sectors of the mini stream */
  GArray       *slots;        /* (element-type guint32) sectors of the directory */
  guint32       n_slots;
  guint8       *seen;
  GError      **error;
} Checker;

static gboolean G_GNUC_PRINTF (2, 3)
fail (Checker    *self,
      const char *format,
      ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (self->error, G_FILE_ERROR, G_FILE_ERROR_INVAL, text);
  return FALSE;
}

static guint32
u16 (const guint8 *p)
{
  return p[0] | p[1] << 8;
}

static guint32
u32 (const guint8 *p)
{
  return u16 (p) | u16 (p + 2) << 16;
}

static guint64
u64 (const guint8 *p)
{
  return u32 (p) | (guint64) u32 (p + 4) << 32;
}

static gboolean
is_filled (const guint8 *p,
           gsize         n_bytes,
           guint8        value)
{
  for (gsize i = 0; i < n_bytes; i++)
    if (p[i] != value)
      return FALSE;
  return TRUE;
}

static const guint8 *
sector_at (Checker *self,
           guint32  sector)
{
  return self->data + (((guint64) sector + 1) << self->shift);
}

static guint32
units (guint64 n_bytes,
       guint32 unit)
{
  return (n_bytes + unit - 1) / unit;
}

static gboolean
own (Checker *self,
     guint8  *owned,
     guint32  n,
     guint32  number,
     const char *what)
{
  if (number >= n)
    return fail (self, "%s: sector %u is outside", what, number);
  if (owned[number] != NO_OWNER)
    return fail (self, "%s: sector %u has two owners", what, number);
  owned[number] = 1;
  return TRUE;
}

static gboolean
check_header (Checker *self)
{
  const guint8 *header = self->data;
  guint major = 0;

  if (self->n_bytes < 512 || memcmp (header, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) != 0)
    return fail (self, "no signature");
  major = u16 (header + 0x1A);
  if (major != 3 && major != 4)
    return fail (self, "major version %u", major);
  self->shift = major == 3 ? 9 : 12;
  self->sector_size = 1u << self->shift;
  if (self->n_bytes % self->sector_size != 0 || self->n_bytes < 3 * self->sector_size)
    return fail (self, "a length of %" G_GUINT64_FORMAT " bytes", self->n_bytes);
  self->n_sectors = (self->n_bytes >> self->shift) - 1;
  if (major == 3 && self->n_bytes > G_GUINT64_CONSTANT (0x80000000))
    return fail (self, "version 3 with over 2 GiB");
  if (!is_filled (header + 8, 16, 0) || u16 (header + 0x18) != 0x3E ||
      u16 (header + 0x1C) != 0xFFFE || u16 (header + 0x1E) != self->shift ||
      u16 (header + 0x20) != 6 || !is_filled (header + 0x22, 6, 0) || u32 (header + 0x34) != 0 ||
      u32 (header + 0x38) != 4096)
    return fail (self, "a fixed field of the header is wrong");
  if (!is_filled (header + 512, self->sector_size - 512, 0))
    return fail (self, "the header is not padded with zeros");
  return TRUE;
}

static gboolean
load_fat (Checker *self)
{
  const guint8 *header = self->data;
  guint32 per_sector = self->sector_size / 4;
  guint32 n_fat = u32 (header + 0x2C);
  guint32 n_difat = u32 (header + 0x48);
  guint32 difat = u32 (header + 0x44);
  g_autoptr(GArray) fat_sectors = g_array_new (FALSE, FALSE, 4);
  g_autoptr(GArray) difat_sectors = g_array_new (FALSE, FALSE, 4);

  if (n_fat != units (self->n_sectors, per_sector))
    return fail (self, "%u FAT sectors for %u sectors", n_fat, self->n_sectors);
  if (n_difat != (n_fat > 109 ? units (n_fat - 109, per_sector - 1) : 0))
    return fail (self, "%u DIFAT sectors for %u FAT sectors", n_difat, n_fat);
  for (guint i = 0; i < 109 + n_difat * (per_sector - 1); i++)
    {
      guint32 sector = 0;

      if (i < 109)
        sector = u32 (header + 0x4C + 4 * i);
      else
        {
          guint in_sector = (i - 109) % (per_sector - 1);

          if (in_sector == 0 && i > 109)
            difat = u32 (sector_at (self, difat) + 4 * (per_sector - 1));
          if (in_sector == 0)
            {
              if (!own (self, self->owned, self->n_sectors, difat, "DIFAT"))
                return FALSE;
              g_array_append_val (difat_sectors, difat);
            }
          sector = u32 (sector_at (self, difat) + 4 * in_sector);
        }
      if (i >= n_fat)
        {
          if (sector != FREE)
            return fail (self, "DIFAT number %u is not free", i);
          continue;
        }
      if (!own (self, self->owned, self->n_sectors, sector, "FAT"))
        return FALSE;
      g_array_append_val (fat_sectors, sector);
    }
  if (n_difat > 0)
    difat = u32 (sector_at (self, difat) + 4 * (per_sector - 1));
  if (difat != END)
    return fail (self, "the DIFAT does not end");

  self->n_fat = n_fat * per_sector;
  self->fat = g_new (guint32, self->n_fat);
  for (guint i = 0; i < self->n_fat; i++)
    self->fat[i] = u32 (sector_at (self, g_array_index (fat_sectors, guint32, i / per_sector)) +
                        4 * (i % per_sector));
  for (guint i = 0; i < n_fat; i++)
    if (self->fat[g_array_index (fat_sectors, guint32, i)] != 0xFFFFFFFD)
      return fail (self, "a FAT sector is not marked as one");
  for (guint i = 0; i < n_difat; i++)
    if (self->fat[g_array_index (difat_sectors, guint32, i)] != 0xFFFFFFFC)
      return fail (self, "a DIFAT sector is not marked as one");
  return TRUE;
}

/* Exactly n sectors, or any number when n is FREE. */
static GArray *
own_chain (Checker    *self,
           guint32     start,
           guint32     n,
           const char *what)
{
  g_autoptr(GArray) sectors = g_array_new (FALSE, FALSE, 4);

  for (guint32 sector = start; sector != END; sector = self->fat[sector])
    {
      if (!own (self, self->owned, self->n_sectors, sector, what))
        return NULL;
      g_array_append_val (sectors, sector);
    }
  if (n != FREE && sectors->len != n)
    {
      fail (self, "%s: %u sectors instead of %u", what, sectors->len, n);
      return NULL;
    }
  return g_steal_pointer (&sectors);
}

static const guint8 *
slot_at (Checker *self,
         guint32  slot)
{
  guint32 per_sector = self->sector_size / 128;

  return sector_at (self, g_array_index (self->slots, guint32, slot / per_sector)) +
         128 * (slot % per_sector);
}

static gboolean
load_mini_fat (Checker *self)
{
  const guint8 *root = slot_at (self, 0);
  guint64 n_bytes = u64 (root + 0x78);
  guint32 per_sector = self->sector_size / 4;
  guint32 n_table = 0;
  g_autoptr(GArray) sectors = NULL;

  if (n_bytes % 64 != 0)
    return fail (self, "the mini stream has %" G_GUINT64_FORMAT " bytes", n_bytes);
  self->n_mini = n_bytes / 64;
  n_table = units (self->n_mini, per_sector);
  if (u32 (self->data + 0x40) != n_table)
    return fail (self, "%u mini FAT sectors instead of %u", u32 (self->data + 0x40), n_table);
  sectors = own_chain (self, u32 (self->data + 0x3C), n_table, "mini FAT");
  if (sectors == NULL)
    return FALSE;
  self->mini_sectors = own_chain (self, u32 (root + 0x74), units (n_bytes, self->sector_size),
                                  "mini stream");
  if (self->mini_sectors == NULL)
    return FALSE;
  self->n_mini_fat = n_table * per_sector;
  self->mini_fat = g_new (guint32, self->n_mini_fat);
  for (guint i = 0; i < self->n_mini_fat; i++)
    self->mini_fat[i] = u32 (sector_at (self, g_array_index (sectors, guint32, i / per_sector)) +
                             4 * (i % per_sector));
  self->mini_owned = g_malloc0 (self->n_mini + 1);
  if (self->mini_sectors->len > 0)
    {
      guint32 last = g_array_index (self->mini_sectors, guint32, self->mini_sectors->len - 1);
      guint32 n_used = n_bytes % self->sector_size;

      if (n_used != 0 &&
          !is_filled (sector_at (self, last) + n_used, self->sector_size - n_used, 0))
        return fail (self, "the mini stream is not padded with zeros");
    }
  return TRUE;
}

static gboolean
check_stream (Checker *self,
              guint32  slot)
{
  const guint8 *entry = slot_at (self, slot);
  g_autofree char *what = g_strdup_printf ("stream %u", slot);
  guint32 start = u32 (entry + 0x74);
  guint64 n_bytes = u64 (entry + 0x78);

  if (u32 (entry + 0x4C) != FREE || !is_filled (entry + 0x50, 16, 0) ||
      !is_filled (entry + 0x64, 16, 0))
    return fail (self, "%s has a child, a class or a time", what);
  if (n_bytes == 0)
    return start == END || fail (self, "%s is empty but starts at %u", what, start);
  if (n_bytes >= 4096)
    {
      g_autoptr(GArray) sectors = own_chain (self, start, units (n_bytes, self->sector_size), what);
      guint32 n_used = n_bytes % self->sector_size;

      if (sectors == NULL)
        return FALSE;
      if (n_used != 0 &&
          !is_filled (sector_at (self, g_array_index (sectors, guint32, sectors->len - 1)) +
                        n_used, self->sector_size - n_used, 0))
        return fail (self, "%s is not padded with zeros", what);
      return TRUE;
    }
  for (guint32 i = 0, mini = start; i < units (n_bytes, 64); i++, mini = self->mini_fat[mini])
    {
      gboolean is_last = i + 1 == units (n_bytes, 64);
      guint64 offset = (guint64) mini * 64;

      if (!own (self, self->mini_owned, self->n_mini, mini, what))
        return FALSE;
      if (is_last != (self->mini_fat[mini] == END))
        return fail (self, "%s ends elsewhere than its size says", what);
      if (is_last && n_bytes % 64 != 0 &&
          !is_filled (sector_at (self, g_array_index (self->mini_sectors, guint32,
                                                      offset >> self->shift)) +
                        (offset & (self->sector_size - 1)) + n_bytes % 64,
                      64 - n_bytes % 64, 0))
        return fail (self, "%s is not padded with zeros", what);
    }
  return TRUE;
}

static gboolean
check_entry (Checker *self,
             guint32  slot)
{
  const guint8 *entry = slot_at (self, slot);
  guint n_name = u16 (entry + 0x40);
  guint type = entry[0x42];

  if (n_name < 4 || n_name > 64 || n_name % 2 != 0 ||
      !is_filled (entry + n_name - 2, 64 - n_name + 2, 0))
    return fail (self, "entry %u: its name's length is %u", slot, n_name);
  for (guint i = 0; i < n_name / 2 - 1; i++)
    if (u16 (entry + 2 * i) == 0)
      return fail (self, "entry %u: a NUL in its name", slot);
  if (entry[0x43] != 1)
    return fail (self, "entry %u is not black", slot);
  if (slot == 0)
    {
      if (type != 5 || n_name != 22 ||
          memcmp (entry, "R\0o\0o\0t\0 \0E\0n\0t\0r\0y\0", 20) != 0 ||
          u32 (entry + 0x44) != FREE || u32 (entry + 0x48) != FREE || u64 (entry + 0x64) != 0)
        return fail (self, "the root entry is not as it must be");
      return TRUE;
    }
  if (type == 2)
    return check_stream (self, slot);
  if (type != 1)
    return fail (self, "entry %u has type %u", slot, type);
  if (u32 (entry + 0x74) != 0 || u64 (entry + 0x78) != 0)
    return fail (self, "storage %u has bytes", slot);
  return TRUE;
}

static guint32
upper (guint32 unit)
{
  return unit >= 0xD800 && unit < 0xE000 ? unit : g_unichar_toupper (unit);
}

static gboolean
is_before (const guint8 *a,
           const guint8 *b)
{
  guint n_a = u16 (a + 0x40);
  guint n_b = u16 (b + 0x40);

  if (n_a != n_b)
    return n_a < n_b;
  for (guint i = 0; i < n_a / 2; i++)
    if (upper (u16 (a + 2 * i)) != upper (u16 (b + 2 * i)))
      return upper (u16 (a + 2 * i)) < upper (u16 (b + 2 * i));
  return FALSE;
}

/* One storage's tree, in order; balanced means as low as its number of members allows. */
static gboolean
check_tree (Checker *self,
            guint32  storage)
{
  struct { guint32 slot; guint depth; } stack[64];
  guint n_stack = 0;
  guint depth = 0;
  guint deepest = 0;
  guint n_members = 0;
  guint lowest = 0;
  const guint8 *before = NULL;
  guint32 slot = u32 (slot_at (self, storage) + 0x4C);

  while (slot != FREE || n_stack > 0)
    {
      while (slot != FREE)
        {
          if (slot >= self->n_slots || self->seen[slot] || n_stack == G_N_ELEMENTS (stack))
            return fail (self, "storage %u: its tree is outside, met twice or too deep at %u",
                         storage, slot);
          self->seen[slot] = 1;
          stack[n_stack].slot = slot;
          stack[n_stack++].depth = ++depth;
          deepest = MAX (deepest, depth);
          slot = u32 (slot_at (self, slot) + 0x44);
        }
      slot = stack[--n_stack].slot;
      depth = stack[n_stack].depth;
      if (before != NULL && !is_before (before, slot_at (self, slot)))
        return fail (self, "storage %u: entry %u is out of order", storage, slot);
      before = slot_at (self, slot);
      n_members++;
      slot = u32 (before + 0x48);
    }
  while ((1u << lowest) <= n_members)
    lowest++;
  if (deepest > lowest)
    return fail (self, "storage %u: %u levels for %u members", storage, deepest, n_members);
  return TRUE;
}

static gboolean
check_directory (Checker *self)
{
  guint32 n_counted = u32 (self->data + 0x28);

  self->slots = own_chain (self, u32 (self->data + 0x30), FREE, "directory");
  if (self->slots == NULL)
    return FALSE;
  if (self->slots->len == 0 || n_counted != (self->shift == 9 ? 0 : self->slots->len))
    return fail (self, "%u of %u directory sectors counted", n_counted, self->slots->len);
  self->n_slots = self->slots->len * (self->sector_size / 128);
  self->seen = g_malloc0 (self->n_slots);
  self->seen[0] = 1;
  if (!load_mini_fat (self))
    return FALSE;
  for (guint32 i = 0; i < self->n_slots; i++)
    {
      const guint8 *entry = slot_at (self, i);

      if (entry[0x42] == 0)
        {
          if (!is_filled (entry, 0x44, 0) || !is_filled (entry + 0x44, 12, 0xFF) ||
              !is_filled (entry + 0x50, 0x30, 0))
            return fail (self, "unused entry %u is not blank", i);
          if (i + self->sector_size / 128 <= self->n_slots &&
              i % (self->sector_size / 128) == 0)
            return fail (self, "a directory sector without entries");
          continue;
        }
      if (!check_entry (self, i) || (entry[0x42] != 2 && !check_tree (self, i)))
        return FALSE;
    }
  for (guint32 i = 0; i < self->n_slots; i++)
    if ((slot_at (self, i)[0x42] != 0) != self->seen[i])
      return fail (self, "entry %u is in no storage", i);
  return TRUE;
}

static gboolean
check_ownership (Checker *self)
{
  guint32 locked = self->shift == 12 ? 0x7FFFFF00u / 4096 - 1 : FREE;

  for (guint32 i = 0; i < self->n_fat; i++)
    {
      if (i == locked && i < self->n_sectors)
        {
          if (self->owned[i] != NO_OWNER || self->fat[i] != END ||
              !is_filled (sector_at (self, i), self->sector_size, 0))
            return fail (self, "the range lock sector is in use");
        }
      else if (i < self->n_sectors && self->owned[i] == NO_OWNER)
        return fail (self, "sector %u has no owner", i);
      else if (i >= self->n_sectors && self->fat[i] != FREE)
        return fail (self, "FAT number %u behind the end is not free", i);
    }
  for (guint32 i = 0; i < self->n_mini_fat; i++)
    {
      if (i < self->n_mini && self->mini_owned[i] == NO_OWNER)
        return fail (self, "mini sector %u has no owner", i);
      if (i >= self->n_mini && self->mini_fat[i] != FREE)
        return fail (self, "mini FAT number %u behind the end is not free", i);
    }
  return TRUE;
}

gboolean
compound_checker_check (GBytes  *file,
                        GError **error)
{
  Checker self = { NULL };
  gsize n_bytes = 0;
  gboolean is_good = FALSE;

  self.data = g_bytes_get_data (file, &n_bytes);
  self.n_bytes = n_bytes;
  self.error = error;
  if (check_header (&self))
    {
      self.owned = g_malloc0 (self.n_sectors);
      is_good = load_fat (&self) && check_directory (&self) && check_ownership (&self);
    }
  g_free (self.fat);
  g_free (self.owned);
  g_free (self.mini_fat);
  g_free (self.mini_owned);
  g_free (self.seen);
  g_clear_pointer (&self.mini_sectors, g_array_unref);
  g_clear_pointer (&self.slots, g_array_unref);
  return is_good;
}

gboolean
compound_checker_check_path (const char  *path,
                             GError     **error)
{
  g_autoptr(GMappedFile) mapped = g_mapped_file_new (path, FALSE, error);
  g_autoptr(GBytes) bytes = NULL;

  if (mapped == NULL)
    return FALSE;
  bytes = g_mapped_file_get_bytes (mapped);
  return compound_checker_check (bytes, error);
}
