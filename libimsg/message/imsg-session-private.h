/* imsg-session-private.h - what messages tell their session
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-limits-private.h"
#include "imsg-session.h"

G_BEGIN_DECLS

/* Takes a new reference; FALSE with CLOSED once the session is closed. */
gboolean          _imsg_session_adopt           (IMsgSession  *self,
                                                 IMsgMessage  *message,
                                                 GError      **error);
/* A message closed itself. */
void              _imsg_session_forget          (IMsgSession  *self,
                                                 IMsgMessage  *message);
void              _imsg_session_finish_closing  (IMsgSession  *self);
/* A message of its list became modified, or is so no more. */
void              _imsg_session_count_unsaved   (IMsgSession  *self,
                                                 gboolean      is_modified);
const IMsgLimits *_imsg_session_get_limits      (IMsgSession  *self);

G_END_DECLS
