/* imsg-limits-private.h - a set of bounds, as handed down the floors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-limits.h"

G_BEGIN_DECLS

/* Groups of RTF that are open at once and whose state is kept: a million cost 64 MiB. Deeper ones
 * are read with the state of the last. */
#define IMSG_MAX_RTF_GROUPS 1000000

/* A calendar or a card file read whole; one of Outlook's with every attachment in it stays below. */
#define IMSG_MAX_CALENDAR_BYTES (16 * 1024 * 1024)

/* Attachments that one calendar takes in, as they are: as base64 they stay below the limit above. */
#define IMSG_MAX_CALENDAR_ATTACHMENT_BYTES (8 * 1024 * 1024)

/* Rules of the time zones of one calendar: each is written out for every year up to 2035. */
#define IMSG_MAX_ZONE_RULES 256

/* Occurrences of one series that are counted: daily for more than a century. A series that counts
 * more is one without end. */
#define IMSG_MAX_OCCURRENCES 65536

/* Changed occurrences of one series: each is a message in an attachment. Outlook shows 999. */
#define IMSG_MAX_EXCEPTIONS 4096

typedef struct
{
  guint64 values[IMSG_N_LIMITS]; /* by IMsgLimit */
} IMsgLimits;

/* The defaults, for whoever has no session; never freed. */
const IMsgLimits *_imsg_limits_get_default (void);

/* Storages inside one another: each embedded message stands in the storage of its attachment, which
 * makes two a level, and an object of another application may be a tree of its own. */
#define IMSG_OBJECT_STORAGE_DEPTH 32
/* Trees are walked by calls within calls: what a stack of 8 MiB holds many times over */
#define IMSG_NESTING_MAX 1000

static inline guint64
_imsg_limits_get_storage_depth (const IMsgLimits *limits)
{
  return 2 * limits->values[IMSG_LIMIT_NESTING] + IMSG_OBJECT_STORAGE_DEPTH;
}

G_END_DECLS
