/* imsg-json.h - messages as JSON, and JSON as messages
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-session.h"

G_BEGIN_DECLS

typedef enum /*< flags >*/
{
  IMSG_JSON_DEFAULT = 0,
  IMSG_JSON_BODIES = 1 << 0,
  IMSG_JSON_COMPLETE = 1 << 1,
  IMSG_JSON_PRETTY = 1 << 2,
} IMsgJsonFlags;

IMSG_AVAILABLE_IN_ALL
char        *imsg_message_to_json     (IMsgMessage   *self,
                                       IMsgJsonFlags  flags,
                                       GCancellable  *cancellable,
                                       GError       **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgMessage *imsg_session_import_json (IMsgSession   *self,
                                       GInputStream  *stream,
                                       GCancellable  *cancellable,
                                       GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
