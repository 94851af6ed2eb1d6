/* imsg-icalendar.h - appointments, meetings, tasks and journals as iCalendar ([MS-OXCICAL])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-session.h"

G_BEGIN_DECLS

/* Whether the message class is one that iCalendar can carry */
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_message_is_calendar        (IMsgMessage    *self);
/* NO_SUPPORT when it is not; losses (element-type IMsgProblem) */
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_message_export_icalendar   (IMsgMessage    *self,
                                              GOutputStream  *stream,
                                              GCancellable   *cancellable,
                                              GPtrArray     **losses,
                                              GError        **error);
/* "REQUEST", "REPLY", … for the Content-Type of a text/calendar part; NULL when there is none */
IMSG_AVAILABLE_IN_ALL
const char  *imsg_message_get_calendar_method (IMsgMessage   *self);
/* (element-type IMsgMessage): one for each item; the messages stay open in the session */
IMSG_AVAILABLE_IN_ALL
GPtrArray   *imsg_session_import_icalendar   (IMsgSession    *self,
                                              GInputStream   *stream,
                                              GCancellable   *cancellable,
                                              GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
