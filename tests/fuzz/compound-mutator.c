/* compound-mutator.c - mutates what a compound file holds, and writes it anew
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-mutator.h"
#include "fuzz-main.h"

#include "../compound-util.h"

#include <string.h>

/* Bytes changed at random are rarely a compound file still, so a fuzzer that changes the file stays
 * in the container. This one takes the file apart, changes a stream, a property entry or the tree,
 * and puts it together again. */

#define ENTRIES_MAX 400
#define STREAM_MAX ((gsize) 32 << 10)
#define TYPE_UNICODE 0x001F
#define PROPERTIES "__properties_version1.0"

/* Ids that decide about how a message is read, or that hold something which is parsed */
static const guint16 ids[] = {
  0x001A, 0x0037, 0x003D, 0x0070, 0x0E1D, 0x0E07, 0x0E03, 0x1000, 0x1009, 0x1013, 0x10F3, 0x1016,
  0x0E1F, 0x3FDE, 0x3FFD, 0x3705, 0x3701, 0x3707, 0x3704, 0x3703, 0x370E, 0x3712, 0x3716, 0x3714,
  0x007D, 0x0C19, 0x0C1A, 0x0C1E, 0x0C1F, 0x0041, 0x0042, 0x5D01, 0x004F, 0x0050, 0x0071, 0x0C15,
  0x3001, 0x3002, 0x3003, 0x39FE, 0x0FFF, 0x5FF6, 0x3000, 0x0E05, 0x0023, 0x300B, 0x1035, 0x1039,
  0x340D, 0x0039, 0x0E06, 0x0E9A, 0x8000, 0x8001, 0x8002, 0x8003, 0x8004, 0x8005, 0x8006, 0xFFFF,
};
static const guint16 types[] = {
  0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0007, 0x000A, 0x000B, 0x000D, 0x0014, 0x001E, 0x001F,
  0x0040, 0x0048, 0x0102, 0x1002, 0x1003, 0x1004, 0x1005, 0x1006, 0x1007, 0x1014, 0x101E, 0x101F,
  0x1040, 0x1048, 0x1102, 0x0000, 0x0001, 0x00FB, 0x00FD,
};
static const char *const contents[] = {
  "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1{\\*\\htmltag84 <b>}\\htmlrtf {\\b \\htmlrtf0 x\\'e9}",
  "<html><head><meta charset=\"gb2312\"></head><body>a<img src=\"cid:a@b\"></body></html>",
  "Received: from a\r\nSubject: =?utf-8?q?x?=\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n",
  "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20240108T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
  "IPM.Appointment", "IPM.Contact", "IPM.Task", "IPM.StickyNote", "REPORT.IPM.Note.NDR",
  "IPM.Note.SMIME.MultipartSigned", "IPM.DistList", "../../etc/passwd", "SMTP", "EX", "",
};

typedef struct
{
  CompoundTree *tree;
  GRand        *random;
} Mutation;

static CompoundEntry *
get (Mutation *self,
     guint     i)
{
  return &g_array_index (self->tree->entries, CompoundEntry, i);
}

static guint
below (Mutation *self,
       guint     n)
{
  return n > 0 ? g_rand_int (self->random) % n : 0;
}

static gboolean
is_stream (Mutation *self,
           guint     i)
{
  return get (self, i)->entry.kind == IMSG_STORAGE_ENTRY_STREAM;
}

/* An entry of a kind, from a random place on; 0 when there is none, or for the root. */
static guint
pick (Mutation *self,
      gboolean  stream)
{
  guint n = self->tree->entries->len;
  guint from = below (self, n);

  for (guint i = 0; i < n; i++)
    if (is_stream (self, (from + i) % n) == stream)
      return (from + i) % n;
  return 0;
}

static gboolean
has_name (Mutation   *self,
          guint       i,
          const char *name)
{
  const IMsgDirectoryEntry *entry = &get (self, i)->entry;
  guint n = MIN (strlen (name), entry->n_units);

  for (guint j = 0; j < n; j++)
    if (entry->name[j] != (guchar) name[j])
      return FALSE;
  return n == strlen (name);
}

static guint
pick_properties (Mutation *self)
{
  guint n = self->tree->entries->len;
  guint from = below (self, n);

  for (guint i = 0; i < n; i++)
    if (is_stream (self, (from + i) % n) && has_name (self, (from + i) % n, PROPERTIES))
      return (from + i) % n;
  return 0;
}

static GByteArray *
read_stream (Mutation *self,
             guint     i)
{
  g_autoptr(GBytes) bytes = _imsg_blob_read_all (get (self, i)->blob, STREAM_MAX, NULL, NULL);
  GByteArray *array = g_byte_array_new ();

  if (bytes != NULL)
    g_byte_array_append (array, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return array;
}

/* Takes array. */
static void
write_stream (Mutation   *self,
              guint       i,
              GByteArray *array)
{
  g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes (array);

  g_clear_pointer (&get (self, i)->blob, _imsg_blob_unref);
  get (self, i)->blob = _imsg_blob_new_for_bytes (bytes);
}

static guint32
get_tag (Mutation *self)
{
  return (guint32) ids[below (self, G_N_ELEMENTS (ids))] << 16 |
         types[below (self, G_N_ELEMENTS (types))];
}

static void
set_name (Mutation   *self,
          guint       i,
          const char *name)
{
  IMsgDirectoryEntry *entry = &get (self, i)->entry;

  memset (entry->name, 0, sizeof entry->name);
  entry->n_units = _imsg_name_from_utf8 (name, entry->name, NULL);
}

static char *
make_name (Mutation *self)
{
  switch (below (self, 7))
    {
    case 0:
      return g_strdup_printf ("__recip_version1.0_#%08X", below (self, 4));
    case 1:
      return g_strdup_printf ("__attach_version1.0_#%08X", below (self, 4));
    case 2:
      return g_strdup_printf ("__substg1.0_%08X-%08X", get_tag (self), below (self, 3));
    case 3:
      return g_strdup_printf ("__substg1.0_%08X", 0x00020102 + (below (self, 6) << 16));
    case 4:
      return g_strdup (below (self, 2) == 0 ? PROPERTIES : "__nameid_version1.0");
    case 5:
      return g_strdup (below (self, 2) == 0 ? "__substg1.0_3701000D" : "__substg1.0_37010102");
    default:
      return g_strdup_printf ("__substg1.0_%08X", get_tag (self));
    }
}

static void
change_stream (Mutation *self)
{
  guint i = pick (self, TRUE);
  GByteArray *bytes = NULL;
  gsize n_bytes = 0;
  gsize n_max = 0;

  if (i == 0)
    return;
  bytes = read_stream (self, i);
  n_bytes = bytes->len;
  n_max = n_bytes + 128;
  g_byte_array_set_size (bytes, n_max);
  memset (bytes->data + n_bytes, 0, n_max - n_bytes);
  g_byte_array_set_size (bytes, LLVMFuzzerMutate (bytes->data, n_bytes, n_max));
  write_stream (self, i, bytes);
}

static gsize
get_header (Mutation *self,
            guint     i)
{
  guint parent = get (self, i)->parent;

  if (parent == 0)
    return 32;
  return has_name (self, parent, "__recip") || has_name (self, parent, "__attach") ? 8 : 24;
}

static void
put_word (GByteArray *bytes,
          gsize       offset,
          guint32     word)
{
  word = GUINT32_TO_LE (word);
  if (offset + sizeof word <= bytes->len)
    memcpy (bytes->data + offset, &word, sizeof word);
}

static void
change_entry (Mutation   *self,
              GByteArray *bytes,
              gsize       n_header)
{
  static const guint32 words[] = { 0, 1, 2, 5, 7, 0xFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
                                   1200, 65001, 932, 1252 };
  guint n_entries = bytes->len > n_header ? (bytes->len - n_header) / 16 : 0;
  gsize at = n_header + (gsize) 16 * below (self, n_entries);
  guint8 copy[16] = { 0 };

  if (n_entries == 0)
    {
      g_byte_array_append (bytes, copy, sizeof copy);
      return;
    }
  switch (below (self, 7))
    {
    case 0:
      put_word (bytes, at, get_tag (self));
      break;
    case 1:
      bytes->data[at] = types[below (self, G_N_ELEMENTS (types))] & 0xFF;
      break;
    case 2:
      put_word (bytes, at + 4, g_rand_int (self->random));
      break;
    case 3:
      put_word (bytes, at + 8 + (gsize) 4 * below (self, 2),
                words[below (self, G_N_ELEMENTS (words))]);
      break;
    case 4:
      put_word (bytes, at + 8, below (self, 300));
      break;
    case 5:
      memcpy (copy, bytes->data + at, sizeof copy);
      g_byte_array_append (bytes, copy, sizeof copy);
      break;
    default:
      g_byte_array_remove_range (bytes, at, 16);
      break;
    }
}

static void
change_property (Mutation *self)
{
  guint i = pick_properties (self);
  GByteArray *bytes = NULL;

  if (i == 0)
    return;
  bytes = read_stream (self, i);
  if (below (self, 8) == 0)
    put_word (bytes, (gsize) 4 * below (self, 8), below (self, 4) == 0 ? 0xFFFFFFFF : below (self, 9));
  else
    change_entry (self, bytes, get_header (self, i));
  write_stream (self, i, bytes);
}

static guint
append (Mutation            *self,
        const CompoundEntry *entry,
        guint                parent)
{
  CompoundEntry copy = *entry;

  if (copy.blob != NULL)
    _imsg_blob_ref (copy.blob);
  copy.parent = parent;
  g_array_append_val (self->tree->entries, copy);
  return self->tree->entries->len - 1;
}

/* A property with its entry and its stream, and something in it that fits neither too badly */
static void
add_property (Mutation *self)
{
  guint properties = pick_properties (self);
  CompoundEntry stream = { .entry.kind = IMSG_STORAGE_ENTRY_STREAM };
  guint32 tag = get_tag (self);
  GByteArray *bytes = NULL;
  GByteArray *content = g_byte_array_new ();
  guint32 entry[4] = { GUINT32_TO_LE (tag), GUINT32_TO_LE (6), 0, 0 };
  g_autofree char *name = g_strdup_printf ("__substg1.0_%08X", tag);
  guint i = pick (self, TRUE);

  if (properties == 0)
    {
      g_byte_array_unref (content);
      return;
    }
  if (below (self, 2) == 0 && i != 0)
    {
      g_byte_array_unref (content);
      content = read_stream (self, i);
    }
  else
    {
      const char *text = contents[below (self, G_N_ELEMENTS (contents))];
      gboolean is_wide = (tag & 0xFFF) == TYPE_UNICODE;

      for (; *text != '\0'; text++)
        g_byte_array_append (content, (const guint8[]) { *text, 0 }, is_wide ? 2 : 1);
    }
  entry[2] = GUINT32_TO_LE (content->len + ((tag & 0xFFFF) == TYPE_UNICODE ? 2 : 0));
  bytes = read_stream (self, properties);
  g_byte_array_append (bytes, (const guint8 *) entry, sizeof entry);
  write_stream (self, properties, bytes);
  i = append (self, &stream, get (self, properties)->parent);
  set_name (self, i, name);
  write_stream (self, i, content);
}

static void
rename_entry (Mutation *self)
{
  guint i = below (self, self->tree->entries->len);
  g_autofree char *name = make_name (self);

  if (i != 0)
    set_name (self, i, name);
}

/* Everything in storage i of from, into parent */
static void
copy_below (Mutation     *self,
            CompoundTree *from,
            guint         i,
            guint         parent)
{
  guint n = from->entries->len;
  g_autofree guint32 *copies = g_new0 (guint32, n);

  copies[i] = append (self, &g_array_index (from->entries, CompoundEntry, i), parent);
  for (guint j = i + 1; j < n && self->tree->entries->len < ENTRIES_MAX; j++)
    {
      const CompoundEntry *entry = &g_array_index (from->entries, CompoundEntry, j);

      if (copies[entry->parent] != 0)
        copies[j] = append (self, entry, copies[entry->parent]);
    }
}

/* A storage or stream once more, elsewhere: also into itself, which makes it deeper */
static void
copy_entry (Mutation *self)
{
  guint i = below (self, self->tree->entries->len);
  guint parent = pick (self, FALSE);
  guint n = self->tree->entries->len;

  if (i == 0)
    return;
  copy_below (self, self->tree, i, parent);
  if (below (self, 2) == 0)
    {
      g_autofree char *name = make_name (self);

      set_name (self, n, name);
    }
}

static void
remove_entry (Mutation *self)
{
  guint gone = below (self, self->tree->entries->len);
  CompoundTree *old = self->tree;

  if (gone == 0)
    return;
  self->tree = compound_tree_new ();
  get (self, 0)->entry = g_array_index (old->entries, CompoundEntry, 0).entry;
  {
    g_autofree guint32 *places = g_new0 (guint32, old->entries->len);

    for (guint i = 1; i < old->entries->len; i++)
      {
        const CompoundEntry *entry = &g_array_index (old->entries, CompoundEntry, i);

        if (i != gone && (entry->parent == 0 || places[entry->parent] != 0))
          places[i] = append (self, entry, places[entry->parent]);
      }
  }
  compound_tree_free (old);
}

/* Over or under the size at which streams move out of the mini stream, and to nothing */
static void
resize_stream (Mutation *self)
{
  static const gsize sizes[] = { 0, 1, 7, 8, 16, 24, 32, 63, 64, 65, 4095, 4096, 4097, 8192 };
  guint i = pick (self, TRUE);
  GByteArray *bytes = NULL;
  gsize old = 0;

  if (i == 0)
    return;
  bytes = read_stream (self, i);
  old = bytes->len;
  g_byte_array_set_size (bytes, sizes[below (self, G_N_ELEMENTS (sizes))]);
  for (gsize j = old; j < bytes->len; j++)
    bytes->data[j] = old > 0 ? bytes->data[j - old] : 0;
  write_stream (self, i, bytes);
}

static void
swap_streams (Mutation *self)
{
  guint i = pick (self, TRUE);
  guint j = pick (self, TRUE);
  IMsgBlob *blob = get (self, i)->blob;

  get (self, i)->blob = get (self, j)->blob;
  get (self, j)->blob = blob;
}

static CompoundTree *
take_apart (const guint8 *data,
            gsize         n_bytes)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, n_bytes);
  g_autoptr(IMsgDirectory) directory = compound_open_bytes (bytes, NULL);
  CompoundTree *tree = NULL;

  if (directory == NULL)
    return NULL;
  tree = compound_tree_new_from_directory (directory);
  if (tree->entries->len <= ENTRIES_MAX)
    return tree;
  compound_tree_free (tree);
  return NULL;
}

/* 0 when it is no file, or too long. */
static gsize
put_together (Mutation *self,
              guint8   *out,
              gsize     n_max)
{
  guint version = below (self, 16) == 0 ? 4 : 3;
  g_autoptr(GBytes) bytes = compound_tree_write (self->tree, version, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) > n_max)
    return 0;
  memcpy (out, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return g_bytes_get_size (bytes);
}

static void
change (Mutation *self)
{
  static void (*const changes[]) (Mutation *self) = {
    change_stream, change_stream, change_stream, change_property, change_property, add_property,
    add_property, rename_entry, copy_entry, remove_entry, resize_stream, swap_streams,
  };

  if (self->tree->entries->len < ENTRIES_MAX)
    changes[below (self, G_N_ELEMENTS (changes))](self);
  else
    remove_entry (self);
}

gsize
compound_mutate (guint8       *data,
                 gsize         n_bytes,
                 gsize         n_max,
                 unsigned int  seed)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (seed);
  Mutation mutation = { take_apart (data, n_bytes), random };
  guint n_changes = g_rand_int_range (random, 1, 5);
  gsize n_out = 0;

  if (mutation.tree == NULL)
    return 0;
  for (guint i = 0; i < n_changes; i++)
    change (&mutation);
  n_out = put_together (&mutation, data, n_max);
  compound_tree_free (mutation.tree);
  return n_out;
}

gsize
compound_cross_over (const guint8 *first,
                     gsize         n_first,
                     const guint8 *second,
                     gsize         n_second,
                     guint8       *out,
                     gsize         n_max,
                     unsigned int  seed)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (seed);
  g_autoptr(CompoundTree) other = take_apart (second, n_second);
  Mutation mutation = { take_apart (first, n_first), random };
  gsize n_out = 0;

  if (mutation.tree == NULL)
    return 0;
  if (other != NULL && other->entries->len > 1)
    copy_below (&mutation, other, 1 + below (&mutation, other->entries->len - 1),
                pick (&mutation, FALSE));
  n_out = put_together (&mutation, out, n_max);
  compound_tree_free (mutation.tree);
  return n_out;
}
