/* inspector-file-copy.h - an attachment or a message that a thread writes to a file
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

/* What a thread needs of an attachment or a message, taken while it is there */
typedef struct _InspectorFileCopy InspectorFileCopy;

InspectorFileCopy *inspector_file_copy_new      (IMsgPropertyObject       *object,
                                                 GError                  **error);
void               inspector_file_copy_free     (gpointer                  copy);
/* A name that no disk minds, with the right ending */
char              *inspector_file_copy_dup_name (IMsgPropertyObject       *object);
const char        *inspector_file_copy_get_name (const InspectorFileCopy  *copy);
/* In any one thread, and once; whole or not at all */
gboolean           inspector_file_copy_write    (InspectorFileCopy        *copy,
                                                 GFile                    *file,
                                                 gboolean                  overwrite,
                                                 GCancellable             *cancellable,
                                                 GError                  **error);

G_END_DECLS
