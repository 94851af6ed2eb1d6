/* imsg-cursor.c - what is told where the bytes of a cursor end
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-cursor-private.h"

#include <glib/gi18n-lib.h>

void
_imsg_cursor_set_error (const IMsgCursor  *cursor,
                        gsize              n_bytes,
                        GError           **error)
{
  if (error == NULL)
    return;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
               g_dngettext (GETTEXT_PACKAGE,
                            "The data ends at byte %zu, where %zu byte was expected at %zu",
                            "The data ends at byte %zu, where %zu bytes were expected at %zu",
                            n_bytes),
               cursor->n_bytes, n_bytes, cursor->offset);
}
