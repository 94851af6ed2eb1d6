/* imsg-limits-private.h - a set of bounds, as handed down the floors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-limits.h"

G_BEGIN_DECLS

/* Groups of RTF that are open at once and whose state is kept: a million cost 64 MiB. Deeper ones
 * are read with the state of the last. */
#define IMSG_MAX_RTF_GROUPS 1000000

typedef struct
{
  guint64 values[IMSG_N_LIMITS]; /* by IMsgLimit */
} IMsgLimits;

/* The defaults, for whoever has no session; never freed. */
const IMsgLimits *_imsg_limits_get_default (void);

G_END_DECLS
