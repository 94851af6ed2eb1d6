/* fuzz-main.h - what a fuzz target has, whoever runs it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The target; libFuzzer's name for it. */
int      LLVMFuzzerTestOneInput    (const guint8  *data,
                                    gsize          n_bytes);
/* Called once before it. "--write-seeds=FOLDER" writes the seeds there, and ends the program. */
int      LLVMFuzzerInitialize      (int           *argc,
                                    char        ***argv);
/* Inputs made by code, for a run without a corpus: adds GBytes. A target need not have it. */
void     fuzz_add_seeds            (GPtrArray     *seeds);
/* Those, or some random ones for a target that has none. */
void     fuzz_collect_seeds        (GPtrArray     *seeds);

/* Changes bytes in place, to at most n_max; returns how many there are. libFuzzer brings one, else
 * it is ours. */
gsize    LLVMFuzzerMutate          (guint8        *data,
                                    gsize          n_bytes,
                                    gsize          n_max);
/* A target may have these, and then is mutated by them. */
gsize    LLVMFuzzerCustomMutator   (guint8        *data,
                                    gsize          n_bytes,
                                    gsize          n_max,
                                    unsigned int   seed);
gsize    LLVMFuzzerCustomCrossOver (const guint8  *first,
                                    gsize          n_first,
                                    const guint8  *second,
                                    gsize          n_second,
                                    guint8        *out,
                                    gsize          n_max,
                                    unsigned int   seed);

G_END_DECLS
