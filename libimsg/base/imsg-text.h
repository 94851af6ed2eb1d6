/* imsg-text.h - text in Windows code pages
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-error.h"

G_BEGIN_DECLS

IMSG_AVAILABLE_IN_ALL
char   *imsg_text_decode       (guint        code_page,
                                GBytes      *bytes);
IMSG_AVAILABLE_IN_ALL
GBytes *imsg_text_encode       (guint        code_page,
                                const char  *text,
                                GError     **error);
IMSG_AVAILABLE_IN_ALL
GBytes *imsg_text_encode_lossy (guint        code_page,
                                const char  *text);

G_END_DECLS
