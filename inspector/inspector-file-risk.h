/* inspector-file-risk.h - attachments that are not what they seem, or that can run
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A sentence for people, or NULL when there is nothing to say */
const char *inspector_file_get_risk (const char *file_name,
                                     const char *mime_type);

G_END_DECLS
