/* imsg-vcard.h - contacts and distribution lists as vCard ([MS-OXVCARD])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-session.h"

G_BEGIN_DECLS

/* Whether the message class is a contact or a distribution list */
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_message_is_contact         (IMsgMessage    *self);
/* NO_SUPPORT when it is not; losses (element-type IMsgProblem) */
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_message_export_vcard       (IMsgMessage    *self,
                                              GOutputStream  *stream,
                                              GCancellable   *cancellable,
                                              GPtrArray     **losses,
                                              GError        **error);
/* (element-type IMsgMessage): one for each card; the messages stay open in the session */
IMSG_AVAILABLE_IN_ALL
GPtrArray   *imsg_session_import_vcard       (IMsgSession    *self,
                                              GInputStream   *stream,
                                              GCancellable   *cancellable,
                                              GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
