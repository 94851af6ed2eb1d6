/* imsg-filetime-private.h - FILETIME: 100 ns ticks since 1601-01-01 UTC
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define IMSG_TICKS_PER_SECOND G_GUINT64_CONSTANT (10000000)

/* What Outlook writes for "no time": 4501-01-01 00:00 UTC */
#define IMSG_FILETIME_NONE G_GUINT64_CONSTANT (0x0CB34557A3DD4000)

guint64    _imsg_filetime_now            (void);
GDateTime *_imsg_filetime_to_date_time   (guint64    ticks);
gboolean   _imsg_filetime_from_date_time (GDateTime *date_time,
                                          guint64   *ticks);
char      *_imsg_filetime_to_rfc3339     (guint64    ticks);
gboolean   _imsg_filetime_is_set         (guint64    ticks);

G_END_DECLS
