/* imsg-compound-file.c - a compound file once it is open: its entries, and reading its streams
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-compound-name-private.h"
#include "imsg-error.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

typedef struct
{
  IMsgDirectory          *directory; /* keeps file alive */
  const IMsgCompoundFile *file;
  guint32                 entry;
} CompoundBlob;

void
_imsg_compound_file_free (IMsgCompoundFile *self)
{
  g_clear_pointer (&self->source, _imsg_source_unref);
  g_free (self->entries);
  g_free (self->extras);
  g_free (self->runs);
  g_free (self->mini_sectors);
  g_free (self->names);
  g_free (self);
}

void
_imsg_compound_file_get_name (const IMsgCompoundFile *self,
                              guint32                 entry,
                              gunichar2               name[IMSG_NAME_UNITS])
{
  const IMsgCompoundEntry *stored = &self->entries[entry];

  /* An empty name may stand where there are no names at all */
  if (stored->is_property)
    write_property_name (stored->name, name);
  else if (stored->is_wide && stored->n_units > 0)
    memcpy (name, self->names + stored->name, stored->n_units * sizeof *name);
  else
    for (guint i = 0; i < stored->n_units; i++)
      name[i] = self->names[stored->name + i];
  name[stored->n_units] = 0;
}

static void
compound_get_entry (gpointer            engine,
                    guint32             entry,
                    IMsgDirectoryEntry *out)
{
  const IMsgCompoundFile *self = engine;
  const IMsgCompoundEntry *stored = &self->entries[entry];

  _imsg_compound_file_get_name (self, entry, out->name);
  out->n_units = stored->n_units;
  out->kind = stored->is_storage ? IMSG_STORAGE_ENTRY_STORAGE : IMSG_STORAGE_ENTRY_STREAM;
  out->n_bytes = stored->n_bytes;
  if (stored->extra != 0)
    {
      const IMsgCompoundExtra *extra = &self->extras[stored->extra - 1];

      out->class_id = extra->class_id;
      out->state_bits = extra->state_bits;
      out->creation_time = extra->creation_time;
      out->modification_time = extra->modification_time;
    }
  else
    {
      memset (&out->class_id, 0, sizeof out->class_id);
      out->state_bits = 0;
      out->creation_time = 0;
      out->modification_time = 0;
    }
}

/* Looking a name up compares it with half a dozen others: none of them is worth unpacking. */
static inline int
upper_case (guint8 unit)
{
  return unit >= 'a' && unit <= 'z' ? unit - ('a' - 'A') : unit;
}

static int
compound_compare_ascii (gpointer    engine,
                        guint32     entry,
                        const char *name,
                        guint       n_units)
{
  const IMsgCompoundFile *self = engine;
  const IMsgCompoundEntry *stored = &self->entries[entry];
  const guint8 *units = NULL;
  guint32 number = 0;
  guint i = 0;

  if (stored->n_units != n_units)
    return stored->n_units < n_units ? -1 : 1;
  if (stored->is_property && is_property_name (name, n_units, &number))
    return stored->name < number ? -1 : stored->name > number;
  if (!stored->is_property && !stored->is_wide)
    {
      units = self->names + stored->name;
      while (i + 8 <= n_units && memcmp (units + i, name + i, 8) == 0)
        i += 8;
      for (; i < n_units && units[i] < 0x80; i++)
        if (units[i] != (guint8) name[i])
          {
            int order = upper_case (units[i]) - upper_case ((guint8) name[i]);

            if (order != 0)
              return order;
          }
    }
  if (i < n_units)
    {
      gunichar2 whole[IMSG_NAME_UNITS];
      gunichar2 wide[IMSG_NAME_UNITS];

      _imsg_compound_file_get_name (self, entry, whole);
      _imsg_name_widen (name, n_units, wide);
      return _imsg_name_compare (whole, n_units, wide, n_units);
    }
  return 0;
}

static IMsgStorageEntryKind
compound_get_kind (gpointer  engine,
                   guint32   entry,
                   guint64  *n_bytes)
{
  const IMsgCompoundFile *self = engine;
  const IMsgCompoundEntry *stored = &self->entries[entry];

  *n_bytes = stored->n_bytes;
  return stored->is_storage ? IMSG_STORAGE_ENTRY_STORAGE : IMSG_STORAGE_ENTRY_STREAM;
}

static guint32
compound_get_children (gpointer  engine,
                       guint32   storage,
                       guint    *n_children)
{
  const IMsgCompoundFile *self = engine;
  const IMsgCompoundEntry *stored = &self->entries[storage];

  *n_children = stored->is_storage ? stored->n : 0;
  return stored->first;
}

/* Where the byte at offset of a chain is in what the sectors are of (the file without its header,
 * or the mini stream), and how many of the chain's bytes follow there. FALSE past its end. */
static gboolean
locate_in_runs (const IMsgCompoundRun *runs,
                guint32                n_runs,
                guint32                n_sectors,
                guint                  shift,
                guint64                offset,
                guint64               *position,
                guint64               *n_bytes)
{
  guint64 wanted = offset >> shift;
  guint32 low = 0;
  guint32 high = n_runs;
  guint32 n_before = 0;
  guint32 end = 0;

  if (wanted >= n_sectors)
    return FALSE;
  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;

      if (runs[middle].position <= wanted)
        low = middle;
      else
        high = middle;
    }
  n_before = (guint32) wanted - runs[low].position;
  end = low + 1 < n_runs ? runs[low + 1].position : n_sectors;
  *position = ((guint64) (runs[low].sector + n_before) << shift) +
              (offset & ((G_GUINT64_CONSTANT (1) << shift) - 1));
  *n_bytes = ((guint64) end << shift) - offset;
  return TRUE;
}

/* The runs of a stream; one alone is kept in its entry. */
static inline const IMsgCompoundRun *
get_runs (const IMsgCompoundFile  *self,
          const IMsgCompoundEntry *stored,
          IMsgCompoundRun         *only)
{
  if (stored->n != 1)
    return self->runs + stored->first;
  only->position = 0;
  only->sector = stored->first;
  return only;
}

/* The same for a stream and the file's offsets, as far as the stream and the file go. */
static gboolean
locate (const IMsgCompoundFile  *self,
        const IMsgCompoundEntry *stored,
        guint64                  offset,
        guint64                 *file_offset,
        guint64                 *n_bytes)
{
  guint64 position = offset;
  guint64 n_here = 0;
  IMsgCompoundRun only;

  /* Without any sector there is no table of runs either. */
  if (offset >= stored->n_bytes || stored->n == 0 ||
      !locate_in_runs (get_runs (self, stored, &only), stored->n, stored->n_sectors,
                       stored->is_mini ? COMPOUND_MINI_SHIFT : self->sector_shift, offset,
                       &position, n_bytes))
    return FALSE;
  *n_bytes = MIN (*n_bytes, stored->n_bytes - offset);
  if (stored->is_mini)
    {
      guint64 sector = position >> self->sector_shift;

      if (sector >= self->mini_n_sectors)
        return FALSE;
      position &= (G_GUINT64_CONSTANT (1) << self->sector_shift) - 1;
      n_here = (G_GUINT64_CONSTANT (1) << self->sector_shift) - position;
      position += (guint64) self->mini_sectors[sector] << self->sector_shift;
      /* No small stream is longer than a few sectors. */
      for (; n_here < *n_bytes && sector + 1 < self->mini_n_sectors &&
             self->mini_sectors[sector + 1] == self->mini_sectors[sector] + 1; sector++)
        n_here += G_GUINT64_CONSTANT (1) << self->sector_shift;
      *n_bytes = MIN (*n_bytes, n_here);
    }
  *file_offset = position + (G_GUINT64_CONSTANT (1) << self->sector_shift);
  if (*file_offset >= self->n_bytes)
    return FALSE;
  *n_bytes = MIN (*n_bytes, self->n_bytes - *file_offset);
  return TRUE;
}

/* The offset of a stream whose bytes lie together, as those of most do: all of them, and inside the
 * file. FALSE where they do not, or one would have to look further. */
static inline gboolean
locate_whole (const IMsgCompoundFile  *self,
              const IMsgCompoundEntry *stored,
              guint64                 *file_offset)
{
  guint shift = self->sector_shift;
  guint64 position = 0;
  guint64 first = 0;
  guint64 last = 0;

  if (stored->n != 1)
    return FALSE;
  position = stored->first;
  if (!stored->is_mini)
    {
      if ((guint64) stored->n_sectors << shift < stored->n_bytes)
        return FALSE;
      *file_offset = (position + 1) << shift;
      return *file_offset + stored->n_bytes <= self->n_bytes;
    }
  if ((guint64) stored->n_sectors << COMPOUND_MINI_SHIFT < stored->n_bytes)
    return FALSE;
  position <<= COMPOUND_MINI_SHIFT;
  first = position >> shift;
  last = (position + stored->n_bytes - 1) >> shift;
  if (last >= self->mini_n_sectors)
    return FALSE;
  for (guint64 i = first; i < last; i++)
    if (self->mini_sectors[i + 1] != self->mini_sectors[i] + 1)
      return FALSE;
  *file_offset = ((guint64) self->mini_sectors[first] + 1) << shift;
  *file_offset += position & ((G_GUINT64_CONSTANT (1) << shift) - 1);
  return *file_offset + stored->n_bytes <= self->n_bytes;
}

guint64
_imsg_compound_file_get_n_readable (const IMsgCompoundFile *self,
                                    guint32                 entry)
{
  const IMsgCompoundEntry *stored = &self->entries[entry];
  guint64 offset = 0;
  guint64 file_offset = 0;
  guint64 n_here = 0;

  while (locate (self, stored, offset, &file_offset, &n_here))
    offset += n_here;
  return offset;
}

/* As many bytes as there are, up to n_bytes; -1 when the source cannot be read. */
static gssize
read_chain (const IMsgCompoundFile   *self,
            const IMsgCompoundEntry  *stored,
            guint64                   offset,
            guint8                   *buffer,
            gsize                     n_bytes,
            GCancellable             *cancellable,
            GError                  **error)
{
  gsize n_done = 0;

  while (n_done < n_bytes)
    {
      guint64 file_offset = 0;
      guint64 n_here = 0;
      gssize n = 0;

      if (!locate (self, stored, offset + n_done, &file_offset, &n_here))
        break;
      n_here = MIN (n_bytes - n_done, n_here);
      if (self->data != NULL)
        {
          memcpy (buffer + n_done, self->data + file_offset, n_here);
          n_done += n_here;
          continue;
        }
      n = _imsg_source_read (self->source, file_offset, buffer + n_done,
                             n_here, cancellable, error);
      if (n < 0)
        return -1;
      n_done += n;
    }
  return n_done;
}

static gssize
compound_blob_read (gpointer       source,
                    guint64        offset,
                    gpointer       buffer,
                    gsize          n_bytes,
                    GCancellable  *cancellable,
                    GError       **error)
{
  CompoundBlob *blob = source;
  const IMsgCompoundFile *self = blob->file;
  const IMsgCompoundEntry *stored = &self->entries[blob->entry];
  gssize n_done = 0;

  n_bytes = MIN (n_bytes, (gsize) G_MAXSSIZE);
  n_done = read_chain (self, stored, offset, buffer, n_bytes, cancellable, error);
  if (n_done == 0 && n_bytes > 0 && offset < stored->n_bytes)
    {
      gunichar2 units[IMSG_NAME_UNITS];
      g_autofree char *name = NULL;

      _imsg_compound_file_get_name (self, blob->entry, units);
      name = _imsg_name_to_utf8 (units, stored->n_units);
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   g_dngettext (GETTEXT_PACKAGE,
                                "Stream %s: its chain of sectors ends after %" PRIu64 " of "
                                  "%" PRIu64 " byte",
                                "Stream %s: its chain of sectors ends after %" PRIu64 " of "
                                  "%" PRIu64 " bytes",
                                stored->n_bytes),
                   name, _imsg_compound_file_get_n_readable (self, blob->entry), stored->n_bytes);
      return -1;
    }
  return n_done;
}

static void
compound_blob_free (gpointer source)
{
  CompoundBlob *blob = source;

  _imsg_directory_unref (blob->directory);
  g_free (blob);
}

static const IMsgBlobClass compound_blob_class = { compound_blob_read, compound_blob_free };

static IMsgBlob *
compound_open_stream (gpointer        engine,
                      IMsgDirectory  *directory,
                      guint32         stream,
                      GError        **error)
{
  IMsgCompoundFile *self = engine;
  const IMsgCompoundEntry *stored = &self->entries[stream];
  guint64 file_offset = 0;
  CompoundBlob *blob = NULL;

  g_return_val_if_fail (stream < self->n_entries && !stored->is_storage, NULL);

  if (stored->n_bytes == 0)
    return _imsg_blob_new_empty ();
  if (self->data != NULL && locate_whole (self, stored, &file_offset))
    return _imsg_blob_new_for_part (_imsg_source_peek_bytes (self->source), file_offset,
                                    stored->n_bytes);
  blob = g_new (CompoundBlob, 1);
  blob->directory = _imsg_directory_ref (directory);
  blob->file = self;
  blob->entry = stream;
  return _imsg_blob_new (&compound_blob_class, blob, stored->n_bytes);
}

static const guint8 *
compound_peek_stream (gpointer  engine,
                      guint32   stream,
                      guint8   *buffer,
                      gsize     n_buffer)
{
  const IMsgCompoundFile *self = engine;
  const IMsgCompoundEntry *stored = &self->entries[stream];
  gsize n_bytes = stored->n_bytes;
  guint64 file_offset = 0;
  gssize n_read = 0;

  if (!locate_whole (self, stored, &file_offset))
    return n_bytes <= n_buffer &&
           read_chain (self, stored, 0, buffer, n_bytes, NULL, NULL) == (gssize) n_bytes ? buffer
                                                                                         : NULL;
  if (self->data != NULL)
    return self->data + file_offset;
  if (n_bytes > n_buffer)
    return NULL;
  n_read = _imsg_source_read (self->source, file_offset, buffer, n_bytes, NULL, NULL);
  return n_read == (gssize) n_bytes ? buffer : NULL;
}

static void
compound_free (gpointer engine)
{
  _imsg_compound_file_free (engine);
}

static gsize
compound_get_memory_use (gpointer engine)
{
  const IMsgCompoundFile *self = engine;

  return sizeof *self + self->n_entries * sizeof *self->entries +
         self->n_extras * sizeof *self->extras + self->n_runs * sizeof *self->runs +
         self->mini_n_sectors * sizeof *self->mini_sectors +
         self->n_names;
}

static const IMsgEngineClass compound_class = {
  .get_entry = compound_get_entry,
  .get_children = compound_get_children,
  .open_stream = compound_open_stream,
  .free = compound_free,
  .get_memory_use = compound_get_memory_use,
  .compare_ascii = compound_compare_ascii,
  .get_kind = compound_get_kind,
  .peek_stream = compound_peek_stream,
};

IMsgDirectory *
_imsg_compound_file_to_directory (IMsgCompoundFile *self,
                                  guint             version,
                                  GPtrArray        *problems)
{
  return _imsg_directory_new (&compound_class, self, version, problems);
}
