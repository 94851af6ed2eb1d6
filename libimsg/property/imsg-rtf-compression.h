/* imsg-rtf-compression.h - compressed RTF, as PR_RTF_COMPRESSED holds it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-problem.h"

G_BEGIN_DECLS

IMSG_AVAILABLE_IN_ALL
GBytes *imsg_rtf_decompress (GBytes     *compressed,
                             GPtrArray **problems,
                             GError    **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GBytes *imsg_rtf_compress   (GBytes     *rtf) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
