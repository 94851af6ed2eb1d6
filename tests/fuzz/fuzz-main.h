/* fuzz-main.h - what a fuzz target has, whoever runs it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The target; libFuzzer's name for it. */
int  LLVMFuzzerTestOneInput (const guint8 *data,
                             gsize         n_bytes);
/* Inputs made by code, for a run without a corpus: adds GBytes. A target need not have it. */
void fuzz_add_seeds         (GPtrArray    *seeds);

G_END_DECLS
