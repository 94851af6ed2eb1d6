/* imsg-body-source-private.h - what a message stores of its body, read
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-limits.h"
#include "imsg-message.h"
#include "imsg-rtf.h"

G_BEGIN_DECLS

/* One reading of a body: what it needs, and what it finds on its way */
typedef struct
{
  IMsgMessage  *message;
  GCancellable *cancellable;
  GPtrArray    *trace;
  GPtrArray    *problems;
  guint         code_page;   /* asked for by the caller, or 0 */
  guint32       told_unnamed; /* the tag whose stream no entry names, once that is told */
} IMsgBodyReading;

void            _imsg_body_reading_init        (IMsgBodyReading  *self,
                                                IMsgMessage      *message,
                                                GCancellable     *cancellable);
void            _imsg_body_reading_clear       (IMsgBodyReading  *self);
void            _imsg_body_reading_add_step    (IMsgBodyReading  *self,
                                                const char       *format,
                                                ...) G_GNUC_PRINTF (2, 3);
guint64         _imsg_body_reading_get_limit   (IMsgBodyReading  *self,
                                                IMsgLimit         limit);

/* Each gives UTF-8, or RTF as it is; NULL without an error when there is nothing to be had, in
 * which case the problems may say why. */
GBytes         *_imsg_body_reading_read_text   (IMsgBodyReading  *self,
                                                guint            *code_page,
                                                GError          **error);
GBytes         *_imsg_body_reading_read_html   (IMsgBodyReading  *self,
                                                guint            *code_page,
                                                GError          **error);
GBytes         *_imsg_body_reading_read_rtf    (IMsgBodyReading  *self,
                                                GError          **error);
/* As it is stored: compressed. */
GInputStream   *_imsg_body_reading_open_rtf    (IMsgBodyReading  *self,
                                                GError          **error);
/* What the RTF holds, by its first bytes. */
IMsgRtfContent  _imsg_body_reading_peek_rtf    (IMsgBodyReading  *self,
                                                GError          **error);
gboolean        _imsg_body_reading_has_content (IMsgBodyReading  *self,
                                                guint32           tag);

/* The names of streams of bodies that no entry names, and their removal: they would be read again
 * one day when nothing else is. */
GPtrArray      *_imsg_body_list_unnamed        (IMsgMessage      *message);
gboolean        _imsg_body_clear_unnamed       (IMsgMessage      *message,
                                                GPtrArray        *names,
                                                GError          **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IMsgBodyReading, _imsg_body_reading_clear)

G_END_DECLS
