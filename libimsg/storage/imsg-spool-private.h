/* imsg-spool-private.h - what the read/write view of a spool needs of it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-blob-private.h"

G_BEGIN_DECLS

/* Reads at the spool's position and moves it. */
gssize _imsg_spool_read (IMsgSpool     *self,
                         gpointer       buffer,
                         gsize          n_bytes,
                         GCancellable  *cancellable,
                         GError       **error);

G_END_DECLS
