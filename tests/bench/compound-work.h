/* compound-work.h - what is measured of compound files: ours, libgsf's and plain reads and writes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../compound-util.h"

#include "bench-util.h"

G_BEGIN_DECLS

#define COMPOUND_SLICE ((gsize) 1 << 20)

typedef struct
{
  GPtrArray    *paths;      /* (element-type filename) to read */
  CompoundTree *tree;       /* to write */
  guint         n_times;    /* that it is written */
  const char   *output;     /* a file to write; NULL: to memory */
  guint         n_streams;  /* to read of each file at most */
  guint64       n_bytes;    /* gone through, so that none is optimized away */
} CompoundWork;

/* Of every file: nothing but the directory; its names; the first streams */
void compound_work_open_ours   (gpointer data);
void compound_work_list_ours   (gpointer data);
void compound_work_read_ours   (gpointer data);
void compound_work_open_gsf    (gpointer data);
void compound_work_list_gsf    (gpointer data);
void compound_work_read_gsf    (gpointer data);
void compound_work_read_plain  (gpointer data);

/* The tree */
void compound_work_write_ours  (gpointer data);
void compound_work_write_gsf   (gpointer data);
void compound_work_write_plain (gpointer data);

/* The first file again, with one small stream changed, synced to the disk */
void compound_work_change_ours (gpointer data);
void compound_work_change_gsf  (gpointer data);
void compound_work_copy_plain  (gpointer data);

G_END_DECLS
