/* imsg-compound-layout-private.h - where everything goes in a compound file to be written
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-compound-private.h"

G_BEGIN_DECLS

/* A chain of sectors that follow one another, but for the locked one. */
typedef struct
{
  guint32 start; /* SECTOR_END when there are none */
  guint32 n;
} IMsgCompoundPart;

/* The links of an entry in its storage's tree, and where its bytes are. */
typedef struct
{
  guint64 n_bytes; /* of a stream: what its blob has, which need not be looked at again */
  guint32 left;
  guint32 right;
  guint32 child;
  guint32 start; /* a sector, or a mini sector */
} IMsgCompoundNode;

/* The parts lie in the file in this order, then come the streams that have sectors of their own;
 * those, and the small ones in the mini stream, in the order of the entries. */
typedef struct
{
  const IMsgWriterEntry *entries; /* unowned */
  IMsgCompoundNode      *nodes;   /* by entry */
  guint                  n_entries;
  guint                  shift;
  IMsgCompoundPart       difat;
  IMsgCompoundPart       fat;
  IMsgCompoundPart       directory;
  IMsgCompoundPart       mini_fat;
  IMsgCompoundPart       mini_stream;
  guint32                n_mini;    /* mini sectors in use */
  guint32                n_sectors; /* without the header's */
  guint32                locked;    /* the sector locked against use; SECTOR_FREE: none is */
} IMsgCompoundLayout;

gboolean _imsg_compound_layout_init  (IMsgCompoundLayout     *self,
                                      const IMsgWriterEntry  *entries,
                                      guint                   n_entries,
                                      guint                   major_version,
                                      GError                **error);
void     _imsg_compound_layout_clear (IMsgCompoundLayout     *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IMsgCompoundLayout, _imsg_compound_layout_clear)

static inline gboolean
_imsg_compound_entry_is_stream (const IMsgWriterEntry *entry)
{
  return entry->entry->kind == IMSG_STORAGE_ENTRY_STREAM;
}

static inline guint64
_imsg_compound_layout_get_n_bytes (const IMsgCompoundLayout *self)
{
  return ((guint64) self->n_sectors + 1) << self->shift;
}

/* The number of the sector at an index of a part. */
static inline guint32
_imsg_compound_layout_get_sector (const IMsgCompoundLayout *self,
                                  const IMsgCompoundPart   *part,
                                  guint32                   i)
{
  guint32 sector = part->start + i;

  return part->start < self->locked && sector >= self->locked ? sector + 1 : sector;
}

G_END_DECLS
