/* imsg-validate.h - whether a message keeps the rules of its format
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-problem.h"
#include "imsg-storage.h"

G_BEGIN_DECLS

typedef enum /*< flags >*/
{
  IMSG_VALIDATE_FORMAT = 1 << 0,
  IMSG_VALIDATE_OUTLOOK = 1 << 1,
} IMsgValidateFlags;

IMSG_AVAILABLE_IN_ALL
GPtrArray *imsg_storage_validate_message (IMsgStorage        *self,
                                          IMsgValidateFlags   flags,
                                          GCancellable       *cancellable,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
