/* hostile-compound.h - compound files made to hurt their reader
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define HOSTILE_OPENS (-1)

/* Each is built upon a sound file of five entries: streams Small (100 bytes), Large (5 000) and
 * Folder/Inner (70), every byte of which is the low byte of its offset. */
typedef struct
{
  const char *name;
  GBytes   *(*build) (void);
  int         code;    /* of the error opening must give, or HOSTILE_OPENS */
  const char *where;   /* of a problem the directory must have; NULL: none at all */
  guint       n_whole; /* of the streams found, how many can be read to their end */
} HostileCompound;

const HostileCompound *hostile_compound_get_all      (guint       *n);
const HostileCompound *hostile_compound_find         (const char  *name);
/* 300 MB, nearly all of them a hole, with a DIFAT sector that leads to itself. */
gboolean               hostile_compound_write_sparse (const char  *path,
                                                      GError     **error);

G_END_DECLS
