/* imsg-mime.h - messages to and from MIME ([MS-OXCMAIL])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-session.h"

G_BEGIN_DECLS

/* What the .eml is for: to keep (all that can be kept), or to send (no Bcc, no trace headers) */
typedef enum
{
  IMSG_MIME_EXPORT_ARCHIVE = 0,
  IMSG_MIME_EXPORT_SEND = 1 << 0,
} IMsgMimeExportFlags;

IMSG_AVAILABLE_IN_ALL
gboolean     imsg_message_export_mime        (IMsgMessage          *self,
                                              GOutputStream        *stream,
                                              GCancellable         *cancellable,
                                              GError              **error);
/* losses (element-type IMsgProblem): what MIME cannot carry */
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_message_export_mime_full   (IMsgMessage          *self,
                                              GOutputStream        *stream,
                                              IMsgMimeExportFlags   flags,
                                              GCancellable         *cancellable,
                                              GPtrArray           **losses,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
void         imsg_message_export_mime_async  (IMsgMessage          *self,
                                              GOutputStream        *stream,
                                              IMsgMimeExportFlags   flags,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_message_export_mime_finish (IMsgMessage          *self,
                                              GAsyncResult         *result,
                                              GPtrArray           **losses,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
IMsgMessage *imsg_session_import_mime        (IMsgSession          *self,
                                              GInputStream         *stream,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* Each message of an mbox; the messages stay open in the session */
IMSG_AVAILABLE_IN_ALL
GPtrArray   *imsg_session_import_mbox        (IMsgSession          *self,
                                              GInputStream         *stream,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* One message of an mbox, with its "From " line and quoting (mboxrd) */
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_message_export_mbox        (IMsgMessage          *self,
                                              GOutputStream        *stream,
                                              GCancellable         *cancellable,
                                              GPtrArray           **losses,
                                              GError              **error);

G_END_DECLS
