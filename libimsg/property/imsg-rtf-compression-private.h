/* imsg-rtf-compression-private.h - compressed RTF under a caller's limit
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "imsg-rtf-compression.h"

G_BEGIN_DECLS

#define IMSG_RTF_HEADER_SIZE 16
#define IMSG_RTF_TYPE_COMPRESSED 0x75465A4Cu /* LZFu */
#define IMSG_RTF_TYPE_STORED 0x414C454Du     /* MELA */

/* The start of the dictionary, and the most it can hold */
#define IMSG_RTF_PRESET_SIZE 207
#define IMSG_RTF_RING_SIZE 4096

extern const char _imsg_rtf_preset[IMSG_RTF_PRESET_SIZE + 1];

/* @problems may be NULL. */
GBytes  *_imsg_rtf_decompress (const guint8 *compressed,
                               gsize         n_bytes,
                               guint64       max_bytes,
                               GPtrArray    *problems,
                               GError      **error);
/* What lies behind the contents is not read, and the stream left open. */
GBytes  *_imsg_rtf_decompress_stream (GInputStream  *compressed,
                                      guint64        max_bytes,
                                      GPtrArray     *problems,
                                      GCancellable  *cancellable,
                                      GError       **error);

G_END_DECLS
