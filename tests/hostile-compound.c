/* hostile-compound.c - compound files made to hurt their reader
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "hostile-compound.h"

#include "imsg-error.h"

#include <string.h>

#define FREE 0xFFFFFFFFu
#define END 0xFFFFFFFEu
#define N_MANY 100000

enum { ROOT, SMALL, LARGE, FOLDER, INNER, N_BASE };
enum { LEFT = 0x44, RIGHT = 0x48, CHILD = 0x4C, START = 0x74, SIZE = 0x78 };

typedef struct
{
  guint8 *data;
  gsize   n_bytes;
  guint   shift;
  guint32 n_sectors;
  guint32 n_fat;
  guint32 directory; /* sectors */
  guint32 mini_fat;
  guint32 mini_stream;
  guint32 large;
  guint32 n_large;
} Image;

static void
put_u16 (guint8  *p,
         guint16  value)
{
  p[0] = value & 0xFF;
  p[1] = value >> 8;
}

static void
put_u32 (guint8  *p,
         guint32  value)
{
  put_u16 (p, value & 0xFFFF);
  put_u16 (p + 2, value >> 16);
}

static guint8 *
at_sector (Image   *self,
           guint32  sector)
{
  return self->data + (((gsize) sector + 1) << self->shift);
}

static void
put_fat (Image   *self,
         guint32  sector,
         guint32  next)
{
  put_u32 (at_sector (self, 0) + 4 * sector, next);
}

static void
put_chain (Image   *self,
           guint32  start,
           guint32  n)
{
  for (guint32 i = 0; i < n; i++)
    put_fat (self, start + i, i + 1 < n ? start + i + 1 : END);
}

static void
put_mini_fat (Image   *self,
              guint32  sector,
              guint32  next)
{
  put_u32 (at_sector (self, self->mini_fat) + 4 * sector, next);
}

static guint8 *
at_slot (Image   *self,
         guint32  slot)
{
  return at_sector (self, self->directory) + 128 * (gsize) slot;
}

static void
put_link (Image   *self,
          guint32  slot,
          guint    which,
          guint32  to)
{
  put_u32 (at_slot (self, slot) + which, to);
}

static void
put_entry (Image      *self,
           guint32     slot,
           const char *name,
           guint       type,
           guint32     start,
           guint32     n_bytes)
{
  guint8 *p = at_slot (self, slot);
  gsize n = strlen (name);

  memset (p, 0, 128);
  for (gsize i = 0; i < n; i++)
    put_u16 (p + 2 * i, (guint8) name[i]);
  put_u16 (p + 0x40, 2 * (n + 1));
  p[0x42] = type;
  p[0x43] = 1;
  put_u32 (p + LEFT, FREE);
  put_u32 (p + RIGHT, FREE);
  put_u32 (p + CHILD, FREE);
  put_u32 (p + START, start);
  put_u32 (p + SIZE, n_bytes);
}

static void
put_content (guint8 *p,
             gsize   n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    p[i] = i & 0xFF;
}

/* The sound file, with room for more entries and behind it more sectors. */
static void
image_init_full (Image   *self,
                 guint    shift,
                 guint32  n_slots,
                 guint32  n_more)
{
  guint32 size = 1u << shift;
  guint32 n_directory = (n_slots * 128 + size - 1) / size;
  guint32 per_sector = size / 4;

  self->shift = shift;
  self->n_large = (5000 + size - 1) / size;
  self->n_fat = 1;
  do
    self->n_sectors = self->n_fat + n_directory + 2 + self->n_large + n_more;
  while (self->n_fat * per_sector < self->n_sectors && self->n_fat++ < FREE);
  self->directory = self->n_fat;
  self->mini_fat = self->directory + n_directory;
  self->mini_stream = self->mini_fat + 1;
  self->large = self->mini_stream + 1;
  self->n_bytes = ((gsize) self->n_sectors + 1) << shift;
  self->data = g_malloc0 (self->n_bytes);

  memcpy (self->data, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
  put_u16 (self->data + 0x18, 0x3E);
  put_u16 (self->data + 0x1A, shift == 9 ? 3 : 4);
  put_u16 (self->data + 0x1C, 0xFFFE);
  put_u16 (self->data + 0x1E, shift);
  put_u16 (self->data + 0x20, 6);
  put_u32 (self->data + 0x28, shift == 9 ? 0 : n_directory);
  put_u32 (self->data + 0x2C, self->n_fat);
  put_u32 (self->data + 0x30, self->directory);
  put_u32 (self->data + 0x38, 4096);
  put_u32 (self->data + 0x3C, self->mini_fat);
  put_u32 (self->data + 0x40, 1);
  put_u32 (self->data + 0x44, END);
  for (guint i = 0; i < 109; i++)
    put_u32 (self->data + 0x4C + 4 * i, i < self->n_fat ? i : FREE);

  memset (at_sector (self, 0), 0xFF, (gsize) self->n_fat * size);
  for (guint32 i = 0; i < self->n_fat; i++)
    put_fat (self, i, 0xFFFFFFFD);
  put_chain (self, self->directory, n_directory);
  put_chain (self, self->mini_fat, 1);
  put_chain (self, self->mini_stream, 1);
  put_chain (self, self->large, self->n_large);
  memset (at_sector (self, self->mini_fat), 0xFF, size);
  put_mini_fat (self, 0, 1);
  put_mini_fat (self, 1, END);
  put_mini_fat (self, 2, 3);
  put_mini_fat (self, 3, END);
  put_content (at_sector (self, self->mini_stream), 100);
  put_content (at_sector (self, self->mini_stream) + 128, 70);
  put_content (at_sector (self, self->large), 5000);

  put_entry (self, ROOT, "Root Entry", 5, self->mini_stream, 256);
  put_entry (self, SMALL, "Small", 2, 0, 100);
  put_entry (self, LARGE, "Large", 2, self->large, 5000);
  put_entry (self, FOLDER, "Folder", 1, 0, 0);
  put_entry (self, INNER, "Inner", 2, 2, 70);
  put_link (self, ROOT, CHILD, SMALL);
  put_link (self, SMALL, LEFT, LARGE);
  put_link (self, SMALL, RIGHT, FOLDER);
  put_link (self, FOLDER, CHILD, INNER);
}

static void
image_init (Image *self)
{
  image_init_full (self, 9, N_BASE, 0);
}

static GBytes *
image_finish (Image *self)
{
  return g_bytes_new_take (self->data, self->n_bytes);
}

/* A shape that is the sound file with a few changes */
#define SHAPE(name, changes)      \
  static GBytes *                 \
  build_##name (void)             \
  {                               \
    Image image = { NULL };       \
    Image *self = &image;         \
    image_init (self);            \
    changes                       \
    return image_finish (self);   \
  }

SHAPE (sound, {})
SHAPE (fat_loop, { put_fat (self, self->large + 3, self->large); })
SHAPE (fat_self_loop, { put_fat (self, self->large + 3, self->large + 3); })
SHAPE (mini_fat_loop, { put_mini_fat (self, 0, 0); })
SHAPE (fat_sector_repeated, {
  put_u32 (self->data + 0x2C, 2);
  put_u32 (self->data + 0x4C + 4, 0);
})
SHAPE (fat_sector_outside, { put_u32 (self->data + 0x4C, 5000); })
SHAPE (no_fat, { put_u32 (self->data + 0x4C, FREE); })
SHAPE (directory_loop, { put_fat (self, self->directory + 1, self->directory); })
SHAPE (mini_stream_loop, {
  put_link (self, ROOT, SIZE, 0x7FFFFFC0);
  put_fat (self, self->mini_stream, self->mini_stream);
})
SHAPE (link_to_itself, { put_link (self, SMALL, LEFT, SMALL); })
SHAPE (link_to_parent, { put_link (self, LARGE, RIGHT, SMALL); })
SHAPE (link_to_root, { put_link (self, LARGE, RIGHT, ROOT); })
SHAPE (link_outside, { put_link (self, LARGE, RIGHT, 12345678); })
SHAPE (link_to_unused, { put_link (self, LARGE, RIGHT, 6); })
SHAPE (child_is_ancestor, { put_link (self, FOLDER, CHILD, FOLDER); })
SHAPE (shared_subtree, {
  put_entry (self, 5, "Fodder", 1, 0, 0);
  put_link (self, 5, CHILD, INNER);
  put_link (self, FOLDER, LEFT, 5);
})
SHAPE (no_child_as_zero, { put_link (self, FOLDER, CHILD, 0); })
SHAPE (out_of_order, {
  put_link (self, SMALL, LEFT, FOLDER);
  put_link (self, SMALL, RIGHT, LARGE);
})
SHAPE (shared_sectors, {
  put_entry (self, 5, "Inner2", 2, self->large, 5000);
  put_link (self, INNER, RIGHT, 5);
})
SHAPE (shared_mini_sectors, { put_link (self, INNER, START, 0); })
SHAPE (stream_on_fat, { put_link (self, LARGE, START, 0); })
SHAPE (stream_on_directory, { put_link (self, LARGE, START, self->directory); })
SHAPE (stream_on_mini_stream, { put_link (self, LARGE, START, self->mini_stream); })
SHAPE (fat_count_most, { put_u32 (self->data + 0x2C, 0xFFFFFFFF); })
SHAPE (fat_count_zero, { put_u32 (self->data + 0x2C, 0); })
SHAPE (difat_count_most, { put_u32 (self->data + 0x48, 0xFFFFFFFF); })
SHAPE (mini_fat_count_most, { put_u32 (self->data + 0x40, 0xFFFFFFFF); })
SHAPE (directory_count_most, { put_u32 (self->data + 0x28, 0xFFFFFFFF); })
SHAPE (sector_shift_0, { put_u16 (self->data + 0x1E, 0); })
SHAPE (sector_shift_31, { put_u16 (self->data + 0x1E, 31); })
SHAPE (sector_shift_most, { put_u16 (self->data + 0x1E, 0xFFFF); })
SHAPE (version_and_shift_bad, {
  put_u16 (self->data + 0x1A, 77);
  put_u16 (self->data + 0x1E, 63);
})
SHAPE (version_4_small_sectors, { put_u16 (self->data + 0x1A, 4); })
SHAPE (mini_shift_0, { put_u16 (self->data + 0x20, 0); })
SHAPE (mini_shift_9, { put_u16 (self->data + 0x20, 9); })
SHAPE (byte_order, { put_u16 (self->data + 0x1C, 0xFEFF); })
SHAPE (cutoff_0, { put_u32 (self->data + 0x38, 0); })
SHAPE (cutoff_most, { put_u32 (self->data + 0x38, 0xFFFFFFFF); })
SHAPE (stream_too_long, { put_link (self, LARGE, SIZE, 0xFFFFFFFF); })
SHAPE (small_stream_too_long, { put_link (self, INNER, SIZE, 4095); })
SHAPE (upper_size_rubbish, { put_link (self, LARGE, SIZE + 4, 0xDEADBEEF); })
SHAPE (mini_stream_too_long, { put_link (self, ROOT, SIZE, 0xFFFFFFFF); })
SHAPE (mini_stream_too_short, { put_link (self, ROOT, SIZE, 64); })
SHAPE (stream_start_free, { put_link (self, LARGE, START, FREE); })
SHAPE (stream_start_outside, { put_link (self, LARGE, START, 70000); })
SHAPE (no_stream_has_sectors, {
  put_link (self, SMALL, START, FREE);
  put_link (self, LARGE, START, FREE);
  put_link (self, INNER, START, FREE);
  put_link (self, ROOT, START, FREE);
})
SHAPE (name_length_0, { put_u16 (at_slot (self, LARGE) + 0x40, 0); })
SHAPE (name_length_odd, { put_u16 (at_slot (self, LARGE) + 0x40, 13); })
SHAPE (name_length_most, { put_u16 (at_slot (self, LARGE) + 0x40, 0xFFFF); })
SHAPE (name_without_nul, {
  memset (at_slot (self, LARGE), 'a', 64);
  put_u16 (at_slot (self, LARGE) + 0x40, 64);
})
SHAPE (name_empty, {
  memset (at_slot (self, LARGE), 0, 64);
  put_u16 (at_slot (self, LARGE) + 0x40, 2);
})
SHAPE (name_lone_surrogate, { put_u16 (at_slot (self, LARGE) + 8, 0xDC00); })
SHAPE (name_forbidden, { put_u16 (at_slot (self, LARGE) + 8, '/'); })
SHAPE (name_twice, { memcpy (at_slot (self, LARGE), "s\0M\0A\0l\0L", 9); })
SHAPE (type_unknown, { at_slot (self, LARGE)[0x42] = 77; })
SHAPE (root_is_storage, { at_slot (self, ROOT)[0x42] = 1; })
SHAPE (root_is_stream, { at_slot (self, ROOT)[0x42] = 2; })
SHAPE (directory_outside, { put_u32 (self->data + 0x30, 123456); })
SHAPE (directory_on_fat, { put_u32 (self->data + 0x30, 0); })
SHAPE (mini_fat_outside, { put_u32 (self->data + 0x3C, 123456); })
SHAPE (signature, { self->data[0] = 'P'; })
SHAPE (cut_in_header, { self->n_bytes = 100; })
SHAPE (cut_behind_header, { self->n_bytes = 512; })
SHAPE (cut_in_directory, { self->n_bytes = 512 * 2 + 100; })
SHAPE (cut_in_stream, { self->n_bytes -= 512 * 4; })
SHAPE (cut_in_last_sector, { self->n_bytes -= 200; })
SHAPE (cut_in_padding, { self->n_bytes -= 100; })

static GBytes *
build_empty (void)
{
  return g_bytes_new_static ("", 0);
}

static GBytes *
build_text (void)
{
  return g_bytes_new_static ("From: somebody\n\nThis is no compound file.\n", 42);
}

static GBytes *
build_tail (void)
{
  Image image = { NULL };

  image_init_full (&image, 9, N_BASE, 1);
  image.n_bytes -= 300;
  return image_finish (&image);
}

/* With sectors enough behind the streams for the mini FAT to have a second one */
static GBytes *
build_mini_fat_chain_loop (void)
{
  Image image = { NULL };

  image_init_full (&image, 9, N_BASE, 60);
  put_link (&image, ROOT, SIZE, 0x7FFFFFC0);
  put_fat (&image, image.mini_fat, image.mini_fat);
  return image_finish (&image);
}

static GBytes *
build_huge_stream_v4 (void)
{
  Image image = { NULL };

  image_init_full (&image, 12, N_BASE, 0);
  put_link (&image, LARGE, SIZE + 4, 0x80000000);
  return image_finish (&image);
}

/* As a linked list in one direction, or as storages one in another. Names are in order. */
static GBytes *
build_many (guint    which,
            guint    type,
            gboolean is_falling)
{
  Image image = { NULL };

  image_init_full (&image, 12, N_BASE + N_MANY, 0);
  for (guint32 i = 0; i < N_MANY; i++)
    {
      g_autofree char *name = g_strdup_printf ("%08u", is_falling ? N_MANY - i : i);

      put_entry (&image, N_BASE + i, name, type, type == 1 ? 0 : END, 0);
      put_link (&image, N_BASE + i, which, i + 1 < N_MANY ? N_BASE + i + 1 : FREE);
    }
  put_link (&image, FOLDER, CHILD, N_BASE);
  return image_finish (&image);
}

static GBytes *
build_right_chain (void)
{
  return build_many (RIGHT, 2, FALSE);
}

static GBytes *
build_left_chain (void)
{
  return build_many (LEFT, 2, TRUE);
}

static GBytes *
build_nested_storages (void)
{
  return build_many (CHILD, 1, FALSE);
}

/* All entries lead to the same one: as many complaints as entries. */
static GBytes *
build_many_bad_links (void)
{
  Image image = { NULL };

  image_init_full (&image, 12, N_BASE + N_MANY, 0);
  for (guint32 i = 0; i < N_MANY; i++)
    {
      put_entry (&image, N_BASE + i, "Same", 2, 77777777, 5000000);
      put_link (&image, N_BASE + i, LEFT, N_BASE);
      put_link (&image, N_BASE + i, RIGHT, i + 1 < N_MANY ? N_BASE + i + 1 : FREE);
    }
  put_link (&image, FOLDER, CHILD, N_BASE);
  return image_finish (&image);
}

/* Over 6.8 MiB, so that a DIFAT sector is needed: the first behind the file's streams. */
static void
make_difat (Image   *self,
            guint32  next)
{
  guint32 difat = 0;

  image_init_full (self, 9, N_BASE, 16000);
  difat = self->n_sectors - 1;
  memset (at_sector (self, difat), 0xFF, 512);
  for (guint32 i = 109; i < self->n_fat; i++)
    put_u32 (at_sector (self, difat) + 4 * (i - 109), i);
  put_u32 (at_sector (self, difat) + 508, next != FREE ? next : difat);
  put_u32 (self->data + 0x44, difat);
  put_u32 (self->data + 0x48, 1);
}

static GBytes *
build_difat_sound (void)
{
  Image image = { NULL };

  make_difat (&image, END);
  return image_finish (&image);
}

static GBytes *
build_difat_loop (void)
{
  Image image = { NULL };
  guint8 *difat = NULL;

  make_difat (&image, FREE);
  difat = at_sector (&image, image.n_sectors - 1);
  put_u32 (difat + 4, 70000);
  for (guint i = 2; i < 127; i++)
    put_u32 (difat + 4 * i, 80000);
  return image_finish (&image);
}

static GBytes *
build_difat_itself (void)
{
  Image image = { NULL };
  guint32 difat = 0;

  make_difat (&image, FREE);
  difat = image.n_sectors - 1;
  put_u32 (at_sector (&image, difat), difat);
  put_u32 (at_sector (&image, difat) + 4, FREE);
  return image_finish (&image);
}

static GBytes *
build_difat_outside (void)
{
  Image image = { NULL };

  make_difat (&image, END);
  put_u32 (image.data + 0x44, 0x00FFFFFF);
  return image_finish (&image);
}

gboolean
hostile_compound_write_sparse (const char  *path,
                               GError     **error)
{
  const goffset n_bytes = 300 << 20;
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileIOStream) stream = g_file_replace_readwrite (file, NULL, FALSE, 0, NULL, error);
  GOutputStream *output = NULL;
  Image image = { NULL };
  guint8 *difat = NULL;
  gboolean is_done = FALSE;

  if (stream == NULL)
    return FALSE;
  image_init_full (&image, 9, N_BASE, 1);
  put_u32 (image.data + 0x2C, n_bytes / 512 / 128);
  for (guint i = 1; i < 109; i++)
    put_u32 (image.data + 0x4C + 4 * i, 1000 + i);
  put_u32 (image.data + 0x44, image.n_sectors - 1);
  put_u32 (image.data + 0x48, 0xFFFFFF);
  difat = at_sector (&image, image.n_sectors - 1);
  for (guint i = 0; i < 127; i++)
    put_u32 (difat + 4 * i, 2000 + i);
  put_u32 (difat + 508, image.n_sectors - 1);
  output = g_io_stream_get_output_stream (G_IO_STREAM (stream));
  is_done = g_output_stream_write_all (output, image.data, image.n_bytes, NULL, NULL, error) &&
            g_seekable_truncate (G_SEEKABLE (stream), n_bytes, NULL, error);
  g_free (image.data);
  return is_done;
}

#define OPENS(name, where, n_whole) { #name, build_##name, HOSTILE_OPENS, where, n_whole }
#define FAILS(name) { #name, build_##name, IMSG_ERROR_CORRUPT_DATA, NULL, 0 }

static const HostileCompound all[] = {
  OPENS (sound, NULL, 3),
  OPENS (fat_loop, "Large", 2),
  OPENS (fat_self_loop, "Large", 2),
  OPENS (mini_fat_loop, "Small", 2),
  OPENS (fat_sector_repeated, NULL, 3),
  OPENS (fat_sector_outside, "FAT", 1),
  OPENS (no_fat, "FAT", 1),
  OPENS (directory_loop, "directory", 3),
  OPENS (mini_fat_chain_loop, "mini FAT", 3),
  OPENS (mini_stream_loop, "mini stream", 3),
  OPENS (link_to_itself, "directory", 2),
  OPENS (link_to_parent, "directory", 3),
  OPENS (link_to_root, "directory", 3),
  OPENS (link_outside, "directory", 3),
  OPENS (link_to_unused, "directory", 3),
  OPENS (child_is_ancestor, "directory", 2),
  OPENS (shared_subtree, "directory", 3),
  OPENS (no_child_as_zero, NULL, 2),
  OPENS (out_of_order, "/", 3),
  OPENS (shared_sectors, "Folder/Inner2", 3),
  OPENS (shared_mini_sectors, "Folder/Inner", 2),
  OPENS (stream_on_fat, "Large", 2),
  OPENS (stream_on_directory, "Large", 2),
  OPENS (stream_on_mini_stream, "Large", 2),
  OPENS (fat_count_most, NULL, 3),
  OPENS (fat_count_zero, NULL, 3),
  OPENS (difat_count_most, NULL, 3),
  OPENS (mini_fat_count_most, NULL, 3),
  OPENS (directory_count_most, NULL, 3),
  OPENS (sector_shift_0, "header", 3),
  OPENS (sector_shift_31, "header", 3),
  OPENS (sector_shift_most, "header", 3),
  FAILS (version_and_shift_bad),
  OPENS (version_4_small_sectors, "header", 3),
  OPENS (mini_shift_0, "header", 3),
  OPENS (mini_shift_9, "header", 3),
  OPENS (byte_order, "header", 3),
  OPENS (cutoff_0, "header", 3),
  OPENS (cutoff_most, "header", 3),
  OPENS (stream_too_long, "Large", 2),
  OPENS (small_stream_too_long, "Folder/Inner", 2),
  OPENS (upper_size_rubbish, NULL, 3),
  OPENS (huge_stream_v4, "Large", 2),
  OPENS (mini_stream_too_long, "mini stream", 3),
  OPENS (mini_stream_too_short, "Small", 1),
  OPENS (stream_start_free, "Large", 2),
  OPENS (stream_start_outside, "Large", 2),
  OPENS (no_stream_has_sectors, "Large", 0),
  OPENS (name_length_0, "directory", 3),
  OPENS (name_length_odd, "directory", 3),
  OPENS (name_length_most, "directory", 3),
  OPENS (name_without_nul, "directory", 3),
  OPENS (name_empty, "directory", 2),
  OPENS (name_lone_surrogate, NULL, 3),
  OPENS (name_forbidden, "directory", 3),
  OPENS (name_twice, "/", 3),
  OPENS (type_unknown, "directory", 2),
  OPENS (root_is_storage, "directory", 3),
  FAILS (root_is_stream),
  FAILS (directory_outside),
  FAILS (directory_on_fat),
  OPENS (mini_fat_outside, "mini FAT", 1),
  FAILS (signature),
  FAILS (empty),
  FAILS (text),
  FAILS (cut_in_header),
  FAILS (cut_behind_header),
  OPENS (cut_in_directory, "directory", 0),
  OPENS (cut_in_stream, "Large", 2),
  OPENS (cut_in_last_sector, "Large", 2),
  OPENS (cut_in_padding, NULL, 3),
  OPENS (tail, NULL, 3),
  OPENS (right_chain, NULL, 2 + N_MANY),
  OPENS (left_chain, NULL, 2 + N_MANY),
  OPENS (nested_storages, NULL, 2),
  OPENS (many_bad_links, "directory", 2),
  OPENS (difat_sound, NULL, 3),
  OPENS (difat_loop, "FAT", 3),
  OPENS (difat_itself, "FAT", 3),
  OPENS (difat_outside, "FAT", 3),
};

const HostileCompound *
hostile_compound_get_all (guint *n)
{
  *n = G_N_ELEMENTS (all);
  return all;
}

const HostileCompound *
hostile_compound_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (strcmp (all[i].name, name) == 0)
      return &all[i];
  return NULL;
}
