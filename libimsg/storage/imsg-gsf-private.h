/* imsg-gsf-private.h - the two directions of the bridge to libgsf
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gsf/gsf.h>

#include "imsg-node-private.h"

G_BEGIN_DECLS

/* libgsf has no locks, and streams share the position of their file: one thread at a time. While
 * it is entered, what it logs about a bad file goes nowhere. */
void       _imsg_gsf_enter          (void);
void       _imsg_gsf_leave          (void);

/* A blob that reads from an input, which it holds. */
IMsgBlob  *_imsg_gsf_blob_new       (GsfInput       *input,
                                     gpointer        owner,
                                     GDestroyNotify  owner_unref);
/* An input that reads from a blob. */
GsfInput  *_imsg_gsf_input_new      (IMsgBlob       *blob,
                                     const char     *name);
/* A container that shows a node, which must be shared, and what is below. */
GsfInfile *_imsg_gsf_infile_new     (IMsgNode       *node);

G_END_DECLS
