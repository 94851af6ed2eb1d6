/* inspector-file-risk.h - attachments that are not what they seem, or that can run
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

/* A sentence for people, or NULL when there is nothing to say */
const char *inspector_file_get_risk              (const char     *file_name,
                                                  const char     *mime_type);

/* The icon of the kind of file, or of the warning about it */
const char *inspector_attachment_get_icon        (IMsgAttachment *attachment);
/* How the content is kept, in a word */
const char *inspector_attachment_get_method_word (IMsgAttachment *attachment);

G_END_DECLS
