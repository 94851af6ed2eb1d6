/* imsg-compound-writer.c - writing a compound file from front to back ([MS-CFB])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-compound-layout-private.h"
#include "imsg-error.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* What is read and written at once, and between two looks whether to go on; a whole number of
 * sectors of either size. */
#define BUFFER_SIZE ((gsize) 256 << 10)

typedef struct
{
  const IMsgCompoundLayout *layout;
  GOutputStream            *sink;      /* NULL: the buffer is the whole file */
  GSeekable                *seekable;  /* the sink, if the header is to go last */
  GCancellable             *cancellable;
  IMsgProgressFunc          progress;
  gpointer                  progress_data;
  guint8                   *buffer;
  gsize                     size;      /* of the buffer, without a sink of what is left of it */
  gsize                     n_filled;
  gsize                     limit;     /* as far as the buffer can be filled without a look */
  guint64                   n_flushed; /* bytes that left the buffer: the file's offset */
} Writer;

/* Where the locked sector begins in the file, whose header is a sector too */
static guint64
get_locked (const IMsgCompoundLayout *layout)
{
  return layout->locked != SECTOR_FREE ? ((guint64) layout->locked + 1) << layout->shift
                                       : G_MAXUINT64;
}

static gboolean
flush (Writer  *self,
       GError **error)
{
  const IMsgCompoundLayout *layout = self->layout;
  guint64 locked = get_locked (layout);

  if (self->sink == NULL)
    {
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      self->buffer += self->n_filled;
      self->size -= self->n_filled;
    }
  else if (self->n_filled > 0 &&
           !g_output_stream_write_all (self->sink, self->buffer, self->n_filled, NULL,
                                       self->cancellable, error))
    {
      return FALSE;
    }
  self->n_flushed += self->n_filled;
  self->n_filled = 0;
  self->limit = MIN (self->size, BUFFER_SIZE);
  if (self->progress != NULL)
    self->progress (self->n_flushed, _imsg_compound_layout_get_n_bytes (layout),
                    self->progress_data);

  /* Nothing goes into the locked sector: when it is reached it is filled with zeros. */
  if (self->n_flushed == locked)
    {
      self->n_filled = (gsize) 1 << layout->shift;
      memset (self->buffer, 0, self->n_filled);
    }
  else if (self->n_flushed < locked)
    self->limit = MIN (self->limit, locked - self->n_flushed);
  return TRUE;
}

/* Room for n_bytes, which divide a sector and start at a multiple of themselves. */
static inline guint8 *
reserve (Writer  *self,
         gsize    n_bytes,
         GError **error)
{
  if (self->n_filled + n_bytes > self->limit && !flush (self, error))
    return NULL;
  self->n_filled += n_bytes;
  return self->buffer + self->n_filled - n_bytes;
}

static gboolean
write_number (Writer   *self,
              guint32   number,
              GError  **error)
{
  guint8 *bytes = reserve (self, sizeof number, error);

  if (bytes == NULL)
    return FALSE;
  _imsg_put_u32 (bytes, number);
  return TRUE;
}

static guint64
get_offset (const Writer *self)
{
  return self->n_flushed + self->n_filled;
}

/* Fills up to a multiple of 2^shift bytes; repeats one byte. */
static gboolean
write_padding (Writer  *self,
               guint    shift,
               guint8   value,
               GError **error)
{
  guint64 unit = G_GUINT64_CONSTANT (1) << shift;
  gsize n_bytes = (unit - (get_offset (self) & (unit - 1))) & (unit - 1);

  while (n_bytes > 0)
    {
      gsize n = MIN (n_bytes, self->limit - self->n_filled);

      if (n == 0)
        {
          if (!flush (self, error))
            return FALSE;
          continue;
        }
      memset (self->buffer + self->n_filled, value, n);
      self->n_filled += n;
      n_bytes -= n;
    }
  return TRUE;
}

static gboolean
write_difat (Writer  *self,
             GError **error)
{
  const IMsgCompoundLayout *layout = self->layout;
  guint n_numbers = (1u << (layout->shift - 2)) - 1;
  guint32 fat_sector = HEADER_N_FAT_SECTORS;

  for (guint32 i = 0; i < layout->difat.n; i++)
    {
      for (guint j = 0; j < n_numbers; j++, fat_sector++)
        if (!write_number (self, fat_sector < layout->fat.n
                                   ? _imsg_compound_layout_get_sector (layout, &layout->fat,
                                                                       fat_sector)
                                   : SECTOR_FREE, error))
          return FALSE;
      if (!write_number (self, i + 1 < layout->difat.n
                                 ? _imsg_compound_layout_get_sector (layout, &layout->difat, i + 1)
                                 : SECTOR_END, error))
        return FALSE;
    }
  return TRUE;
}

/* FAT numbers of n sectors beginning with the first not written yet. What they hold is a mark, or
 * SECTOR_FREE for a chain. */
static gboolean
write_fat_part (Writer   *self,
                guint32  *sector,
                guint32   n,
                guint32   mark,
                GError  **error)
{
  guint32 locked = self->layout->locked;

  for (guint32 i = 0; i < n; i++)
    {
      guint32 next = mark;

      if (*sector == locked)
        {
          if (!write_number (self, SECTOR_END, error))
            return FALSE;
          *sector += 1;
        }
      if (mark == SECTOR_FREE)
        next = i + 1 == n ? SECTOR_END : *sector + 1 == locked ? *sector + 2 : *sector + 1;
      if (!write_number (self, next, error))
        return FALSE;
      *sector += 1;
    }
  return TRUE;
}

static gboolean
write_fat (Writer  *self,
           GError **error)
{
  const IMsgCompoundLayout *layout = self->layout;
  guint32 sector = 0;

  if (!write_fat_part (self, &sector, layout->difat.n, SECTOR_DIFAT, error) ||
      !write_fat_part (self, &sector, layout->fat.n, SECTOR_FAT, error) ||
      !write_fat_part (self, &sector, layout->directory.n, SECTOR_FREE, error) ||
      !write_fat_part (self, &sector, layout->mini_fat.n, SECTOR_FREE, error) ||
      !write_fat_part (self, &sector, layout->mini_stream.n, SECTOR_FREE, error))
    return FALSE;
  for (guint i = 1; i < layout->n_entries; i++)
    {
      guint64 n_bytes = layout->nodes[i].n_bytes;

      if (n_bytes >= COMPOUND_CUTOFF &&
          !write_fat_part (self, &sector, _imsg_compound_count_units (n_bytes, layout->shift),
                           SECTOR_FREE, error))
        return FALSE;
    }
  return write_padding (self, layout->shift, 0xFF, error);
}

static gboolean
write_directory_entry (Writer   *self,
                       guint     i,
                       GError  **error)
{
  static const char root_name[] = "Root Entry";
  const IMsgCompoundLayout *layout = self->layout;
  const IMsgWriterEntry *writer_entry = &layout->entries[i];
  const IMsgDirectoryEntry *entry = writer_entry->entry;
  const IMsgCompoundNode *node = &layout->nodes[i];
  gboolean is_stream = _imsg_compound_entry_is_stream (writer_entry);
  guint n_units = i == 0 ? sizeof root_name - 1 : entry->n_units;
  guint8 *bytes = reserve (self, ENTRY_SIZE, error);

  if (bytes == NULL)
    return FALSE;
  memset (bytes, 0, ENTRY_SIZE);
  if (i == 0 || G_BYTE_ORDER != G_LITTLE_ENDIAN)
    for (guint j = 0; j < n_units; j++)
      _imsg_put_u16 (bytes + 2 * j, i == 0 ? (guint8) root_name[j] : entry->name[j]);
  else
    memcpy (bytes, entry->name, 2 * n_units);
  _imsg_put_u16 (bytes + ENTRY_NAME_SIZE, 2 * (n_units + 1));
  bytes[ENTRY_TYPE] = i == 0 ? ENTRY_TYPE_ROOT :
                      is_stream ? ENTRY_TYPE_STREAM : ENTRY_TYPE_STORAGE;
  bytes[ENTRY_COLOUR] = ENTRY_BLACK;
  _imsg_put_u32 (bytes + ENTRY_LEFT, node->left);
  _imsg_put_u32 (bytes + ENTRY_RIGHT, node->right);
  _imsg_put_u32 (bytes + ENTRY_CHILD, node->child);
  _imsg_put_u32 (bytes + ENTRY_STATE_BITS, entry->state_bits);
  /* A stream has no class and no times, the root no creation time. */
  if (!is_stream)
    {
      memcpy (bytes + ENTRY_CLASS_ID, entry->class_id.bytes, sizeof entry->class_id.bytes);
      if (i != 0)
        _imsg_put_u64 (bytes + ENTRY_CREATION_TIME, entry->creation_time);
      _imsg_put_u64 (bytes + ENTRY_MODIFICATION_TIME, entry->modification_time);
    }
  _imsg_put_u32 (bytes + ENTRY_START, node->start);
  _imsg_put_u64 (bytes + ENTRY_N_BYTES, i == 0 ? (guint64) layout->n_mini << COMPOUND_MINI_SHIFT
                                               : node->n_bytes);
  return TRUE;
}

static gboolean
write_directory (Writer  *self,
                 GError **error)
{
  const IMsgCompoundLayout *layout = self->layout;
  guint32 n_slots = layout->directory.n << (layout->shift - 7);

  for (guint i = 0; i < layout->n_entries; i++)
    if (!write_directory_entry (self, i, error))
      return FALSE;
  for (guint32 i = layout->n_entries; i < n_slots; i++)
    {
      guint8 *bytes = reserve (self, ENTRY_SIZE, error);

      if (bytes == NULL)
        return FALSE;
      memset (bytes, 0, ENTRY_SIZE);
      memset (bytes + ENTRY_LEFT, 0xFF, ENTRY_CLASS_ID - ENTRY_LEFT);
    }
  return TRUE;
}

static gboolean
write_mini_fat (Writer  *self,
                GError **error)
{
  const IMsgCompoundLayout *layout = self->layout;
  guint32 mini_sector = 0;

  for (guint i = 1; i < layout->n_entries; i++)
    {
      guint64 n_bytes = layout->nodes[i].n_bytes;
      guint n = 0;

      if (n_bytes >= COMPOUND_CUTOFF)
        continue;
      n = _imsg_compound_count_units (n_bytes, COMPOUND_MINI_SHIFT);
      for (guint j = 0; j < n; j++)
        {
          mini_sector++;
          if (!write_number (self, j + 1 < n ? mini_sector : SECTOR_END, error))
            return FALSE;
        }
    }
  return write_padding (self, layout->shift, 0xFF, error);
}

static gboolean
write_stream (Writer   *self,
              guint     i,
              guint     shift,
              GError  **error)
{
  const IMsgWriterEntry *entry = &self->layout->entries[i];
  guint64 n_bytes = self->layout->nodes[i].n_bytes;
  guint64 offset = 0;

  while (offset < n_bytes)
    {
      gsize n = MIN (n_bytes - offset, self->limit - self->n_filled);
      gssize n_read = 0;

      if (n == 0)
        {
          if (!flush (self, error))
            return FALSE;
          continue;
        }
      if (entry->data != NULL)
        {
          memcpy (self->buffer + self->n_filled, entry->data + offset, n);
          n_read = (gssize) n;
        }
      else
        {
          n_read = _imsg_blob_read (entry->blob, offset, self->buffer + self->n_filled, n,
                                    self->cancellable, error);
        }
      if (n_read < 0)
        return FALSE;
      if (n_read == 0)
        {
          g_autofree char *name = _imsg_name_to_utf8 (entry->entry->name, entry->entry->n_units);

          g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "Stream %s ends after %" PRIu64 " of %" PRIu64 " byte",
                                    "Stream %s ends after %" PRIu64 " of %" PRIu64 " bytes",
                                    n_bytes),
                       name, offset, n_bytes);
          return FALSE;
        }
      self->n_filled += n_read;
      offset += n_read;
    }
  return write_padding (self, shift, 0, error);
}

static gboolean
write_streams (Writer   *self,
               gboolean  is_small,
               GError  **error)
{
  const IMsgCompoundLayout *layout = self->layout;
  guint shift = is_small ? COMPOUND_MINI_SHIFT : layout->shift;

  for (guint i = 1; i < layout->n_entries; i++)
    {
      guint64 n_bytes = layout->nodes[i].n_bytes;

      if (n_bytes > 0 && (n_bytes < COMPOUND_CUTOFF) == is_small &&
          !write_stream (self, i, shift, error))
        return FALSE;
    }
  return write_padding (self, layout->shift, 0, error);
}

static void
make_header (const IMsgCompoundLayout *layout,
             guint8                    header[HEADER_SIZE])
{
  gboolean is_v4 = layout->shift == 12;

  memset (header, 0, HEADER_SIZE);
  memcpy (header, COMPOUND_SIGNATURE, COMPOUND_SIGNATURE_SIZE);
  _imsg_put_u16 (header + HEADER_MINOR_VERSION, COMPOUND_MINOR_VERSION);
  _imsg_put_u16 (header + HEADER_MAJOR_VERSION, is_v4 ? 4 : 3);
  _imsg_put_u16 (header + HEADER_BYTE_ORDER, COMPOUND_BYTE_ORDER);
  _imsg_put_u16 (header + HEADER_SECTOR_SHIFT, layout->shift);
  _imsg_put_u16 (header + HEADER_MINI_SHIFT, COMPOUND_MINI_SHIFT);
  _imsg_put_u32 (header + HEADER_N_DIRECTORY, is_v4 ? layout->directory.n : 0);
  _imsg_put_u32 (header + HEADER_N_FAT, layout->fat.n);
  _imsg_put_u32 (header + HEADER_DIRECTORY, layout->directory.start);
  _imsg_put_u32 (header + HEADER_CUTOFF, COMPOUND_CUTOFF);
  _imsg_put_u32 (header + HEADER_MINI_FAT, layout->mini_fat.start);
  _imsg_put_u32 (header + HEADER_N_MINI_FAT, layout->mini_fat.n);
  _imsg_put_u32 (header + HEADER_DIFAT, layout->difat.start);
  _imsg_put_u32 (header + HEADER_N_DIFAT, layout->difat.n);
  for (guint32 i = 0; i < HEADER_N_FAT_SECTORS; i++)
    _imsg_put_u32 (header + HEADER_FAT_SECTORS + 4 * i,
                   i < layout->fat.n ? _imsg_compound_layout_get_sector (layout, &layout->fat, i)
                                     : SECTOR_FREE);
}

static gboolean
write_file (Writer  *self,
            GError **error)
{
  const IMsgCompoundLayout *layout = self->layout;
  GSeekable *seekable = self->seekable;
  guint8 header[HEADER_SIZE];
  goffset base = 0;

  make_header (layout, header);
  if (seekable != NULL)
    base = g_seekable_tell (seekable);

  /* An incomplete file must not look like one: its header stays empty until the end. */
  self->n_filled = (gsize) 1 << layout->shift;
  memset (self->buffer, 0, self->n_filled);
  if (seekable == NULL)
    memcpy (self->buffer, header, HEADER_SIZE);

  if (!write_difat (self, error) || !write_fat (self, error) || !write_directory (self, error) ||
      !write_mini_fat (self, error) || !write_streams (self, TRUE, error) ||
      !write_streams (self, FALSE, error) || !flush (self, error))
    return FALSE;
  g_assert (self->n_flushed == _imsg_compound_layout_get_n_bytes (layout));
  if (seekable == NULL)
    return TRUE;
  return g_seekable_seek (seekable, base, G_SEEK_SET, self->cancellable, error) &&
         g_output_stream_write_all (self->sink, header, HEADER_SIZE, NULL, self->cancellable,
                                    error) &&
         g_seekable_seek (seekable, base + self->n_flushed, G_SEEK_SET, self->cancellable, error);
}

/* Takes the writer's layout, sink, buffer and what it tells as they are. */
static gboolean
write_layout (Writer  *self,
              GError **error)
{
  self->limit = MIN (MIN (self->size, BUFFER_SIZE), get_locked (self->layout));
  return write_file (self, error);
}

gboolean
_imsg_compound_write (const IMsgWriterEntry  *entries,
                      guint                   n_entries,
                      guint                   major_version,
                      GOutputStream          *sink,
                      gboolean                header_last,
                      IMsgProgressFunc        progress,
                      gpointer                progress_data,
                      GCancellable           *cancellable,
                      GError                **error)
{
  g_auto(IMsgCompoundLayout) layout = { NULL };
  g_autofree guint8 *buffer = NULL;
  Writer writer = {
    .layout = &layout, .sink = sink, .cancellable = cancellable, .progress = progress,
    .progress_data = progress_data
  };

  g_return_val_if_fail (entries != NULL, FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (sink), FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !_imsg_compound_layout_init (&layout, entries, n_entries, major_version, error))
    return FALSE;
  if (header_last && G_IS_SEEKABLE (sink) && g_seekable_can_seek (G_SEEKABLE (sink)))
    writer.seekable = G_SEEKABLE (sink);
  writer.size = MIN (BUFFER_SIZE, _imsg_compound_layout_get_n_bytes (&layout));
  writer.buffer = buffer = g_malloc (writer.size);
  return write_layout (&writer, error);
}

GBytes *
_imsg_compound_write_to_bytes (const IMsgWriterEntry  *entries,
                               guint                   n_entries,
                               guint                   major_version,
                               IMsgProgressFunc        progress,
                               gpointer                progress_data,
                               GCancellable           *cancellable,
                               GError                **error)
{
  g_auto(IMsgCompoundLayout) layout = { NULL };
  g_autofree guint8 *data = NULL;
  Writer writer = {
    .layout = &layout, .cancellable = cancellable, .progress = progress,
    .progress_data = progress_data
  };
  guint64 n_bytes = 0;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !_imsg_compound_layout_init (&layout, entries, n_entries, major_version, error))
    return NULL;
  n_bytes = _imsg_compound_layout_get_n_bytes (&layout);
  data = n_bytes <= G_MAXSSIZE ? g_try_malloc (n_bytes) : NULL;
  if (data == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_ENOUGH_MEMORY,
                   g_dngettext (GETTEXT_PACKAGE,
                                "No memory for %" PRIu64 " byte of a stream",
                                "No memory for %" PRIu64 " bytes of a stream",
                                n_bytes),
                   n_bytes);
      return NULL;
    }
  writer.buffer = data;
  writer.size = n_bytes;
  if (!write_layout (&writer, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), n_bytes);
}
