/* imsg-crc-private.h - the checksum of compressed RTF and of names of properties
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CRC-32 (reflected 0xEDB88320) that begins with 0 and is not inverted at its end: [MS-OXRTFCP]
 * 2.1.3.2, [MS-OXMSG] 2.2.3.2.2 */
guint32 _imsg_crc          (const guint8 *bytes,
                            gsize         n_bytes);
guint32 _imsg_crc_continue (guint32       crc,
                            const guint8 *bytes,
                            gsize         n_bytes);

G_END_DECLS
