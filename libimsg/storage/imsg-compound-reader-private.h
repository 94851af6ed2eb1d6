/* imsg-compound-reader-private.h - what is known while a compound file is being opened
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-compound-private.h"

G_BEGIN_DECLS

/* Where an entry came from. */
typedef struct
{
  guint32 slot;   /* its place in the stored directory */
  guint32 parent; /* its storage, as a number of the new directory */
} IMsgCompoundPlace;

typedef struct
{
  IMsgSource        *source; /* unowned */
  GCancellable      *cancellable; /* unowned */
  IMsgCompoundFile  *file; /* filled as things are found */
  GPtrArray         *problems;
  guint64            n_entries_max;
  guint64            n_levels_max; /* of storages inside one another */
  guint              shift;
  guint              sector_size;

  guint32            n_sectors; /* in the file, the last one perhaps cut */
  guint64           *claimed; /* a bit a sector */
  guint32           *fat;
  guint32            n_fat;
  guint32            n_mini_sectors;
  guint64           *mini_claimed;
  guint32           *mini_fat;
  guint32            n_mini_fat;

  const guint8      *slots; /* the directory as stored: slot_memory, or a part of the source */
  guint8            *slot_memory;
  guint32            n_slots;
  guint64           *visited; /* a bit a slot */

  IMsgCompoundPlace *places; /* by entry of the file */
  guint32            n_runs_room; /* what the file's arrays have room for; entries: n_slots */
  guint32            n_extras_room;
  guint32            n_names_room;
} IMsgCompoundReader;

static inline const guint8 *
_imsg_compound_reader_get_slot (const IMsgCompoundReader *self,
                                guint32                   entry)
{
  return self->slots + (gsize) self->places[entry].slot * ENTRY_SIZE;
}

/* Of a stream; the upper half is rubbish in files of version 3 */
static inline guint64
_imsg_compound_reader_get_size (const IMsgCompoundReader *self,
                                const guint8             *slot)
{
  return self->shift == 9 ? _imsg_get_u32 (slot + ENTRY_N_BYTES)
                          : _imsg_get_u64 (slot + ENTRY_N_BYTES);
}

/* Bits for so many numbers, none of them taken */
static inline guint64 *
_imsg_compound_reader_new_bits (guint32 n_bits)
{
  return g_new0 (guint64, (n_bits >> 6) + 1);
}

/* FALSE if the number was taken before. */
static inline gboolean
_imsg_compound_reader_take (guint64 *bits,
                            guint32  number)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (number & 63);
  guint64 word = bits[number >> 6];

  bits[number >> 6] = word | bit;
  return (word & bit) == 0;
}

/* Where, a format and its arguments. */
#define _imsg_compound_reader_add_problem(self, where, ...) \
  _imsg_problem_list_tell ((self)->problems, (where), IMSG_ERROR_CORRUPT_DATA, __VA_ARGS__)

/* Names from the root down, with slashes. */
char     *_imsg_compound_reader_dup_path (const IMsgCompoundReader  *self,
                                          guint32                    entry);
/* Walks the stored directory and fills the file's entries, extras and names, and places. */
gboolean  _imsg_compound_reader_walk     (IMsgCompoundReader        *self,
                                          GError                   **error);

G_END_DECLS
