/* imsg-rtf-decompressor.h - RTF out of its compressed form, piece by piece
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include <gio/gio.h>

#include "imsg-problem.h"

G_BEGIN_DECLS

#define IMSG_TYPE_RTF_DECOMPRESSOR (imsg_rtf_decompressor_get_type ())
IMSG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IMsgRtfDecompressor, imsg_rtf_decompressor, IMSG, RTF_DECOMPRESSOR, GObject)

IMSG_AVAILABLE_IN_ALL
IMsgRtfDecompressor *imsg_rtf_decompressor_new           (void);
IMSG_AVAILABLE_IN_ALL
GPtrArray           *imsg_rtf_decompressor_list_problems (IMsgRtfDecompressor *self);

G_END_DECLS
