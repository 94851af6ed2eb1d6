/* compound-mutator.h - mutates what a compound file holds, and writes it anew
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In place, to at most n_max bytes; 0 when data is no compound file, or would become too long. */
gsize compound_mutate     (guint8        *data,
                           gsize          n_bytes,
                           gsize          n_max,
                           unsigned int   seed);
/* The first with something of the second in it */
gsize compound_cross_over (const guint8  *first,
                           gsize          n_first,
                           const guint8  *second,
                           gsize          n_second,
                           guint8        *out,
                           gsize          n_max,
                           unsigned int   seed);

G_END_DECLS
