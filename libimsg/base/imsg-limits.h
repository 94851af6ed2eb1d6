/* imsg-limits.h - the bounds that no input gets past
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-types.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_LIMIT_DIRECTORY_ENTRIES,
  IMSG_LIMIT_NESTING,
  IMSG_LIMIT_PROPERTIES,
  IMSG_LIMIT_RECIPIENTS,
  IMSG_LIMIT_ATTACHMENTS,
  IMSG_LIMIT_RTF_BYTES,
  IMSG_LIMIT_HTML_BYTES,
  IMSG_LIMIT_VALUE_BYTES,
  IMSG_LIMIT_RESTRICTION_NESTING,
  IMSG_LIMIT_IMPORT_PARTS,
  IMSG_LIMIT_HEADER_BYTES,
  IMSG_LIMIT_COPIED_FILE_BYTES,
} IMsgLimit;

/**
 * IMSG_N_LIMITS:
 *
 * How many limits there are; [enum@IMsg.Limit] counts from 0.
 *
 * Since: 1.0
 */
#define IMSG_N_LIMITS (IMSG_LIMIT_COPIED_FILE_BYTES + 1)

IMSG_AVAILABLE_IN_ALL
guint64 imsg_limit_get_default (IMsgLimit limit);

G_END_DECLS
