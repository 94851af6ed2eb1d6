/* imsg-mime-date-private.h - dates as mailers write them into headers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NULL for a NULL text, or one that is no date. */
GDateTime *_imsg_mime_decode_date (const char *text);

G_END_DECLS
