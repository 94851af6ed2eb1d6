/* imsg-session.h - a message session: knows every message opened in it, and closes them all
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-limits.h"
#include "imsg-message.h"

G_BEGIN_DECLS

typedef enum /*< flags >*/
{
  IMSG_SESSION_NONE = 0,
  IMSG_SESSION_UNICODE = 0x80000000,
} IMsgSessionFlags;

#define IMSG_TYPE_SESSION (imsg_session_get_type ())
IMSG_AVAILABLE_IN_ALL
GType imsg_session_get_type (void);
typedef struct
{
  GObjectClass parent_class;
} IMsgSessionClass;
G_GNUC_UNUSED static inline IMsgSession *
IMSG_SESSION (gpointer ptr)
{
  return G_TYPE_CHECK_INSTANCE_CAST (ptr, imsg_session_get_type (), IMsgSession);
}
G_GNUC_UNUSED static inline gboolean
IMSG_IS_SESSION (gpointer ptr)
{
  return G_TYPE_CHECK_INSTANCE_TYPE (ptr, imsg_session_get_type ());
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgSession, g_object_unref)

IMSG_AVAILABLE_IN_ALL
IMsgSession *imsg_session_new                      (void);
IMSG_AVAILABLE_IN_ALL
IMsgSession *imsg_session_open                     (IMsgSessionFlags      flags,
                                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;

IMSG_AVAILABLE_IN_ALL
IMsgMessage *imsg_session_open_message             (IMsgSession          *self,
                                                    GFile                *file,
                                                    IMsgOpenFlags         flags,
                                                    GCancellable         *cancellable,
                                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
void         imsg_session_open_message_async       (IMsgSession          *self,
                                                    GFile                *file,
                                                    IMsgOpenFlags         flags,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
IMSG_AVAILABLE_IN_ALL
IMsgMessage *imsg_session_open_message_finish      (IMsgSession          *self,
                                                    GAsyncResult         *result,
                                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgMessage *imsg_session_open_message_from_bytes  (IMsgSession          *self,
                                                    GBytes               *bytes,
                                                    IMsgOpenFlags         flags,
                                                    GCancellable         *cancellable,
                                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgMessage *imsg_session_open_message_on_storage  (IMsgSession          *self,
                                                    IMsgStorage          *storage,
                                                    IMsgOpenFlags         flags,
                                                    GCancellable         *cancellable,
                                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgMessage *imsg_session_create_message           (IMsgSession          *self,
                                                    const char           *message_class,
                                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;

IMSG_AVAILABLE_IN_ALL
GListModel  *imsg_session_get_messages             (IMsgSession          *self);
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_session_is_unicode               (IMsgSession          *self);
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_session_is_closed                (IMsgSession          *self);
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_session_has_unsaved_changes      (IMsgSession          *self);
IMSG_AVAILABLE_IN_ALL
guint64      imsg_session_get_memory_use           (IMsgSession          *self);
IMSG_AVAILABLE_IN_ALL
guint        imsg_session_get_n_open_files         (IMsgSession          *self);
IMSG_AVAILABLE_IN_ALL
guint64      imsg_session_get_limit                (IMsgSession          *self,
                                                    IMsgLimit             limit);
IMSG_AVAILABLE_IN_ALL
void         imsg_session_set_limit                (IMsgSession          *self,
                                                    IMsgLimit             limit,
                                                    guint64               value);
IMSG_AVAILABLE_IN_ALL
guint        imsg_session_get_default_code_page    (IMsgSession          *self);
IMSG_AVAILABLE_IN_ALL
void         imsg_session_set_default_code_page    (IMsgSession          *self,
                                                    guint                 code_page);
IMSG_AVAILABLE_IN_ALL
void         imsg_session_close                    (IMsgSession          *self);

G_END_DECLS
