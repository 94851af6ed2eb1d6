/* imsg-message.h - a message on a storage (IMessage)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-attachment.h"

G_BEGIN_DECLS

typedef enum /*< flags >*/
{
  IMSG_OPEN_READ_ONLY = 0,
  IMSG_OPEN_MODIFY = 1 << 0,
  IMSG_OPEN_NO_COMMIT = 1 << 1,
  IMSG_OPEN_BEST_ACCESS = 1 << 4,
  IMSG_OPEN_AS_TEMPLATE = 1 << 8,
  IMSG_OPEN_UNICODE = 0x80000000,
} IMsgOpenFlags;

#define IMSG_TYPE_MESSAGE (imsg_message_get_type ())
IMSG_AVAILABLE_IN_ALL
GType imsg_message_get_type (void);
typedef struct _IMsgMessageClass IMsgMessageClass;
G_GNUC_UNUSED static inline IMsgMessage *
IMSG_MESSAGE (gpointer ptr)
{
  return G_TYPE_CHECK_INSTANCE_CAST (ptr, imsg_message_get_type (), IMsgMessage);
}
G_GNUC_UNUSED static inline gboolean
IMSG_IS_MESSAGE (gpointer ptr)
{
  return G_TYPE_CHECK_INSTANCE_TYPE (ptr, imsg_message_get_type ());
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgMessage, g_object_unref)

typedef struct _IMsgSession IMsgSession;

/* Messages with no session */
IMSG_AVAILABLE_IN_ALL
IMsgMessage  *imsg_message_open_file         (GFile                *file,
                                              IMsgOpenFlags         flags,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgMessage  *imsg_message_open_bytes        (GBytes               *bytes,
                                              IMsgOpenFlags         flags,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgMessage  *imsg_message_open_on_storage   (IMsgStorage          *storage,
                                              IMsgOpenFlags         flags,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* About itself */
IMSG_AVAILABLE_IN_ALL
IMsgSession  *imsg_message_get_session       (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
GFile        *imsg_message_get_file          (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
IMsgAttachment *imsg_message_get_parent      (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
const char   *imsg_message_get_subject       (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
gboolean      imsg_message_set_subject       (IMsgMessage          *self,
                                              const char           *subject,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
const char   *imsg_message_get_message_class (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
const char   *imsg_message_get_sender_name   (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
const char   *imsg_message_get_sender_address (IMsgMessage         *self);
IMSG_AVAILABLE_IN_ALL
gboolean      imsg_message_set_sender        (IMsgMessage          *self,
                                              const char           *name,
                                              const char           *address,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
GDateTime    *imsg_message_get_sent_time     (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
GDateTime    *imsg_message_get_received_time (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
gboolean      imsg_message_is_template       (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
GPtrArray    *imsg_message_list_problems     (IMsgMessage          *self);

/* Code page of 8-bit text */
IMSG_AVAILABLE_IN_ALL
guint         imsg_message_get_code_page     (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
gboolean      imsg_message_set_code_page     (IMsgMessage          *self,
                                              guint                 code_page,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
char        **imsg_message_get_code_page_trace (IMsgMessage        *self);

/* Recipients */
IMSG_AVAILABLE_IN_ALL
GListModel    *imsg_message_get_recipients   (IMsgMessage          *self);
IMSG_AVAILABLE_IN_ALL
IMsgRecipient *imsg_message_add_recipient    (IMsgMessage          *self,
                                              IMsgRecipientType     type,
                                              const char           *name,
                                              const char           *address,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
IMsgRecipient *imsg_message_create_recipient (IMsgMessage          *self,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_message_remove_recipient (IMsgMessage          *self,
                                              guint32               row_id,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_message_move_recipient   (IMsgMessage          *self,
                                              guint32               row_id,
                                              guint                 position,
                                              GError              **error);

/* Attachments */
IMSG_AVAILABLE_IN_ALL
GListModel     *imsg_message_get_attachments   (IMsgMessage        *self);
IMSG_AVAILABLE_IN_ALL
IMsgAttachment *imsg_message_find_attachment   (IMsgMessage        *self,
                                                guint32             number);
IMSG_AVAILABLE_IN_ALL
IMsgAttachment *imsg_message_create_attachment (IMsgMessage        *self,
                                                GError            **error);
IMSG_AVAILABLE_IN_ALL
gboolean        imsg_message_delete_attachment (IMsgMessage        *self,
                                                guint32             number,
                                                GError            **error);

/* Saving */
IMSG_AVAILABLE_IN_ALL
void            imsg_message_discard_changes   (IMsgMessage        *self);
IMSG_AVAILABLE_IN_ALL
gboolean      imsg_message_save              (IMsgMessage          *self,
                                              IMsgSaveFlags         flags,
                                              GCancellable         *cancellable,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
void          imsg_message_save_async        (IMsgMessage          *self,
                                              IMsgSaveFlags         flags,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
IMSG_AVAILABLE_IN_ALL
gboolean      imsg_message_save_finish       (IMsgMessage          *self,
                                              GAsyncResult         *result,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean      imsg_message_save_as           (IMsgMessage          *self,
                                              GFile                *file,
                                              IMsgSaveFlags         flags,
                                              GCancellable         *cancellable,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
void          imsg_message_save_as_async     (IMsgMessage          *self,
                                              GFile                *file,
                                              IMsgSaveFlags         flags,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
IMSG_AVAILABLE_IN_ALL
gboolean      imsg_message_save_as_finish    (IMsgMessage          *self,
                                              GAsyncResult         *result,
                                              GError              **error);
/* A copy as bytes or elsewhere; the message itself stays what it was */
IMSG_AVAILABLE_IN_ALL
gboolean      imsg_message_write_to_stream   (IMsgMessage          *self,
                                              GOutputStream        *stream,
                                              GCancellable         *cancellable,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
GBytes       *imsg_message_write_to_bytes    (IMsgMessage          *self,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
gboolean      imsg_message_write_to_file     (IMsgMessage          *self,
                                              GFile                *file,
                                              GCancellable         *cancellable,
                                              GError              **error);
/* A copy that another thread can read */
IMSG_AVAILABLE_IN_ALL
IMsgMessage  *imsg_message_dup_snapshot      (IMsgMessage          *self,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * IMsgProgressCallback:
 * @n_done: bytes done
 * @n_total: bytes in all
 * @user_data: data of the caller
 *
 * Tells how far a save has come; called on the thread that saves.
 *
 * Since: 1.0
 */
typedef void (*IMsgProgressCallback)         (guint64               n_done,
                                              guint64               n_total,
                                              gpointer              user_data);
IMSG_AVAILABLE_IN_ALL
void          imsg_message_set_progress_callback (IMsgMessage          *self,
                                                  IMsgProgressCallback  callback,
                                                  gpointer              user_data,
                                                  GDestroyNotify        destroy);
IMSG_AVAILABLE_IN_ALL
void          imsg_message_close             (IMsgMessage          *self);

G_END_DECLS
