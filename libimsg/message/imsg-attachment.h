/* imsg-attachment.h - one attachment of a message (IAttach)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-recipient.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_ATTACHMENT_METHOD_NONE = 0,
  IMSG_ATTACHMENT_METHOD_BY_VALUE = 1,
  IMSG_ATTACHMENT_METHOD_BY_REFERENCE = 2,
  IMSG_ATTACHMENT_METHOD_BY_REFERENCE_RESOLVE = 3,
  IMSG_ATTACHMENT_METHOD_BY_REFERENCE_ONLY = 4,
  IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE = 5,
  IMSG_ATTACHMENT_METHOD_OLE = 6,
  IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE = 7,
} IMsgAttachmentMethod;

typedef enum
{
  IMSG_SAVE_NONE = 0,
  IMSG_SAVE_KEEP_OPEN_READONLY = 1 << 0,
  IMSG_SAVE_KEEP_OPEN_READWRITE = 1 << 1,
  IMSG_SAVE_FORCE_SAVE = 1 << 2,
  IMSG_SAVE_LAYERED = 1 << 16,
} IMsgSaveFlags;

#define IMSG_TYPE_ATTACHMENT (imsg_attachment_get_type ())
IMSG_DECLARE_INTERNAL_TYPE (IMsgAttachment, imsg_attachment, IMSG, ATTACHMENT, IMsgPropertyObject)

IMSG_AVAILABLE_IN_ALL
guint32               imsg_attachment_get_number       (IMsgAttachment        *self);
IMSG_AVAILABLE_IN_ALL
IMsgAttachmentMethod  imsg_attachment_get_method       (IMsgAttachment        *self);
IMSG_AVAILABLE_IN_ALL
IMsgMessage          *imsg_attachment_get_message      (IMsgAttachment        *self);
/* The best name there is, never NULL; for a disk use dup_safe_file_name */
IMSG_AVAILABLE_IN_ALL
const char           *imsg_attachment_get_file_name    (IMsgAttachment        *self);
IMSG_AVAILABLE_IN_ALL
char                 *imsg_attachment_dup_safe_file_name (IMsgAttachment      *self);
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_attachment_set_file_name    (IMsgAttachment        *self,
                                                        const char            *file_name,
                                                        GError               **error);
IMSG_AVAILABLE_IN_ALL
const char           *imsg_attachment_get_mime_type    (IMsgAttachment        *self);
IMSG_AVAILABLE_IN_ALL
const char           *imsg_attachment_get_content_id   (IMsgAttachment        *self);
IMSG_AVAILABLE_IN_ALL
guint64               imsg_attachment_get_size         (IMsgAttachment        *self);
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_attachment_is_inline        (IMsgAttachment        *self);
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_attachment_is_hidden        (IMsgAttachment        *self);

IMSG_AVAILABLE_IN_ALL
GInputStream         *imsg_attachment_open_stream      (IMsgAttachment        *self,
                                                        GCancellable          *cancellable,
                                                        GError               **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgMessage          *imsg_attachment_open_message     (IMsgAttachment        *self,
                                                        GCancellable          *cancellable,
                                                        GError               **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgStorage          *imsg_attachment_open_storage     (IMsgAttachment        *self,
                                                        GCancellable          *cancellable,
                                                        GError               **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_attachment_set_file         (IMsgAttachment        *self,
                                                        GFile                 *file,
                                                        GCancellable          *cancellable,
                                                        GError               **error);
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_attachment_set_bytes        (IMsgAttachment        *self,
                                                        GBytes                *bytes,
                                                        GError               **error);
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_attachment_set_stream       (IMsgAttachment        *self,
                                                        GInputStream          *stream,
                                                        GCancellable          *cancellable,
                                                        GError               **error);
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_attachment_set_reference    (IMsgAttachment        *self,
                                                        IMsgAttachmentMethod   method,
                                                        const char            *path,
                                                        GError               **error);
/* A new, empty embedded message; set_message embeds a copy of another */
IMSG_AVAILABLE_IN_ALL
IMsgMessage          *imsg_attachment_create_message   (IMsgAttachment        *self,
                                                        GError               **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_attachment_set_message      (IMsgAttachment        *self,
                                                        IMsgMessage           *message,
                                                        GCancellable          *cancellable,
                                                        GError               **error);
IMSG_AVAILABLE_IN_ALL
IMsgStorage          *imsg_attachment_create_storage   (IMsgAttachment        *self,
                                                        GError               **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_attachment_set_storage      (IMsgAttachment        *self,
                                                        IMsgStorage           *storage,
                                                        GError               **error);
IMSG_AVAILABLE_IN_ALL
void                  imsg_attachment_discard_changes  (IMsgAttachment        *self);
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_attachment_save             (IMsgAttachment        *self,
                                                        IMsgSaveFlags          flags,
                                                        GCancellable          *cancellable,
                                                        GError               **error);

G_END_DECLS
