/* imsg-body.h - the body of a message in one of its formats
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-message.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_BODY_FORMAT_TEXT = 1,
  IMSG_BODY_FORMAT_RTF = 2,
  IMSG_BODY_FORMAT_HTML = 3,
} IMsgBodyFormat;

/* What a body was made from */
typedef enum
{
  IMSG_BODY_ORIGIN_STORED,
  IMSG_BODY_ORIGIN_RTF,
  IMSG_BODY_ORIGIN_HTML,
  IMSG_BODY_ORIGIN_TEXT,
} IMsgBodyOrigin;

#define IMSG_TYPE_BODY (imsg_body_get_type ())

typedef struct _IMsgBody IMsgBody;

IMSG_AVAILABLE_IN_ALL
GType           imsg_body_get_type            (void);
IMSG_AVAILABLE_IN_ALL
IMsgBody       *imsg_body_ref                 (IMsgBody        *self);
IMSG_AVAILABLE_IN_ALL
void            imsg_body_unref               (IMsgBody        *self);
IMSG_AVAILABLE_IN_ALL
IMsgBodyFormat  imsg_body_get_format          (const IMsgBody  *self);
IMSG_AVAILABLE_IN_ALL
IMsgBodyOrigin  imsg_body_get_origin          (const IMsgBody  *self);
/* Text and HTML as UTF-8; RTF decompressed, byte for byte */
IMSG_AVAILABLE_IN_ALL
GBytes         *imsg_body_get_bytes           (const IMsgBody  *self);
/* UTF-8 text; of RTF its 7-bit form, bytes over 127 as \'xx */
IMSG_AVAILABLE_IN_ALL
char           *imsg_body_dup_text            (const IMsgBody  *self);
IMSG_AVAILABLE_IN_ALL
guint           imsg_body_get_code_page       (const IMsgBody  *self);
IMSG_AVAILABLE_IN_ALL
char          **imsg_body_get_trace           (const IMsgBody  *self);
IMSG_AVAILABLE_IN_ALL
GPtrArray      *imsg_body_list_problems       (const IMsgBody  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgBody, imsg_body_unref)

/* NOT_FOUND when the message has no body that could give the format */
IMSG_AVAILABLE_IN_ALL
char           *imsg_message_get_body         (IMsgMessage     *self,
                                               IMsgBodyFormat   format,
                                               GCancellable    *cancellable,
                                               GError         **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgBody       *imsg_message_read_body        (IMsgMessage     *self,
                                               IMsgBodyFormat   format,
                                               GCancellable    *cancellable,
                                               GError         **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
void            imsg_message_read_body_async  (IMsgMessage         *self,
                                               IMsgBodyFormat       format,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
IMSG_AVAILABLE_IN_ALL
IMsgBody       *imsg_message_read_body_finish (IMsgMessage     *self,
                                               GAsyncResult    *result,
                                               GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* Only what is stored in that format, nothing converted; code_page 0 = choose */
IMSG_AVAILABLE_IN_ALL
IMsgBody       *imsg_message_read_body_with_code_page (IMsgMessage     *self,
                                                       IMsgBodyFormat   format,
                                                       guint            code_page,
                                                       GCancellable    *cancellable,
                                                       GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stored RTF passes through in constant memory */
IMSG_AVAILABLE_IN_ALL
gboolean        imsg_message_export_body      (IMsgMessage     *self,
                                               IMsgBodyFormat   format,
                                               GOutputStream   *stream,
                                               GCancellable    *cancellable,
                                               GPtrArray      **problems,
                                               GError         **error);
/* The best body by [MS-OXBBODY]; FALSE when there is none */
IMSG_AVAILABLE_IN_ALL
gboolean        imsg_message_get_native_body_format (IMsgMessage     *self,
                                                     IMsgBodyFormat  *format);
IMSG_AVAILABLE_IN_ALL
gboolean        imsg_message_set_body         (IMsgMessage     *self,
                                               IMsgBodyFormat   format,
                                               const char      *content,
                                               GError         **error);

G_END_DECLS
