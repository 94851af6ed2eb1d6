/* imsg-compound-private.h - what reader and writer of compound files share ([MS-CFB])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-little-endian-private.h"
#include "imsg-storage-engine-private.h"

#include <string.h>

G_BEGIN_DECLS

#define COMPOUND_SIGNATURE "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
#define COMPOUND_SIGNATURE_SIZE 8
#define COMPOUND_BYTE_ORDER 0xFFFE
#define COMPOUND_MINOR_VERSION 0x3E
#define COMPOUND_CUTOFF 4096 /* smaller streams live in the mini stream */
#define COMPOUND_MINI_SHIFT 6

/* The header, as offsets: [MS-CFB] 2.2 */
#define HEADER_SIZE 512
#define HEADER_MINOR_VERSION 0x18
#define HEADER_MAJOR_VERSION 0x1A
#define HEADER_BYTE_ORDER 0x1C
#define HEADER_SECTOR_SHIFT 0x1E
#define HEADER_MINI_SHIFT 0x20
#define HEADER_N_DIRECTORY 0x28
#define HEADER_N_FAT 0x2C
#define HEADER_DIRECTORY 0x30
#define HEADER_CUTOFF 0x38
#define HEADER_MINI_FAT 0x3C
#define HEADER_N_MINI_FAT 0x40
#define HEADER_DIFAT 0x44
#define HEADER_N_DIFAT 0x48
#define HEADER_FAT_SECTORS 0x4C
#define HEADER_N_FAT_SECTORS 109

/* A directory entry, as offsets: [MS-CFB] 2.6.1 */
#define ENTRY_SIZE 128
#define ENTRY_NAME_SIZE 0x40
#define ENTRY_TYPE 0x42
#define ENTRY_COLOUR 0x43
#define ENTRY_LEFT 0x44
#define ENTRY_RIGHT 0x48
#define ENTRY_CHILD 0x4C
#define ENTRY_CLASS_ID 0x50
#define ENTRY_STATE_BITS 0x60
#define ENTRY_CREATION_TIME 0x64
#define ENTRY_MODIFICATION_TIME 0x6C
#define ENTRY_START 0x74
#define ENTRY_N_BYTES 0x78

#define ENTRY_TYPE_UNUSED 0
#define ENTRY_TYPE_STORAGE 1
#define ENTRY_TYPE_STREAM 2
#define ENTRY_TYPE_ROOT 5
#define ENTRY_NONE 0xFFFFFFFF
#define ENTRY_BLACK 1

#define SECTOR_MAX 0xFFFFFFFA /* the largest number of a real sector */
#define SECTOR_DIFAT 0xFFFFFFFC
#define SECTOR_FAT 0xFFFFFFFD
#define SECTOR_END 0xFFFFFFFE
#define SECTOR_FREE 0xFFFFFFFF

/* The sector over these bytes is locked against use: [MS-CFB] 2.3 */
#define RANGE_LOCK_OFFSET G_GUINT64_CONSTANT (0x7FFFFF00)

/* How many units of 2^shift bytes hold n_bytes. */
static inline guint64
_imsg_compound_count_units (guint64 n_bytes,
                            guint   shift)
{
  return (n_bytes >> shift) + ((n_bytes & ((G_GUINT64_CONSTANT (1) << shift) - 1)) != 0);
}

/* --- what the reader keeps of an open file --- */

/* Neighbouring sectors, or mini sectors, of one chain. */
typedef struct
{
  guint32 position; /* of the first, counted in the chain */
  guint32 sector;   /* its number */
} IMsgCompoundRun;

/* The few things few entries have. */
typedef struct
{
  IMsgGuid class_id;
  guint32  state_bits;
  guint64  creation_time;
  guint64  modification_time;
} IMsgCompoundExtra;

/* 32 bytes an entry. The members of a storage have consecutive numbers. */
typedef struct
{
  guint64 n_bytes;    /* of a stream */
  guint32 first;      /* storage: its first member; stream: its first run, or its sector if n is 1 */
  guint32 n;          /* stream: of runs; storage: of members */
  guint32 n_sectors;  /* stream: in its runs */
  guint32 name;       /* where it starts in names, or the number that it ends with */
  guint32 extra;      /* 1 + the place in extras, 0 for none */
  guint8  n_units;
  guint8  is_storage : 1;
  guint8  is_property : 1; /* its name is in no need of keeping: see imsg-compound-name-private.h */
  guint8  is_wide : 1; /* the name has two bytes a unit, not one */
  guint8  is_mini : 1; /* its runs are in the mini stream */
  guint8  is_damaged : 1;
} IMsgCompoundEntry;

typedef struct
{
  IMsgSource        *source;
  const guint8      *data;    /* of the source, if it is in memory */
  guint64            n_bytes; /* of the source */
  IMsgCompoundEntry *entries;
  IMsgCompoundExtra *extras;
  IMsgCompoundRun   *runs;
  guint8            *names;
  guint32            n_entries;
  guint32            n_extras;
  guint32            n_runs;
  guint32            n_names;
  guint32           *mini_sectors; /* those of the mini stream, in its order */
  guint32            mini_n_sectors;
  guint              sector_shift;
} IMsgCompoundFile;

void           _imsg_compound_file_free        (IMsgCompoundFile        *self);
void           _imsg_compound_file_get_name    (const IMsgCompoundFile  *self,
                                                guint32                  entry,
                                                gunichar2                name[IMSG_NAME_UNITS]);
/* How many of a stream's bytes the file really has. */
guint64        _imsg_compound_file_get_n_readable (const IMsgCompoundFile *self,
                                                   guint32                 entry);
/* The engine over it, which takes it. */
IMsgDirectory *_imsg_compound_file_to_directory (IMsgCompoundFile       *self,
                                                 guint                   version,
                                                 GPtrArray              *problems);

G_END_DECLS
