/* imsg-named-values-private.h - setting named properties by set and number
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-message.h"

G_BEGIN_DECLS

/* Each makes the name if need be; NULL text and NULL time set nothing. */
gboolean _imsg_named_set_int     (IMsgMessage  *message,
                                  const char   *set,
                                  guint32       id,
                                  gint64        value,
                                  GError      **error);
gboolean _imsg_named_set_boolean (IMsgMessage  *message,
                                  const char   *set,
                                  guint32       id,
                                  gboolean      value,
                                  GError      **error);
gboolean _imsg_named_set_double  (IMsgMessage  *message,
                                  const char   *set,
                                  guint32       id,
                                  double        value,
                                  GError      **error);
gboolean _imsg_named_set_text    (IMsgMessage  *message,
                                  const char   *set,
                                  guint32       id,
                                  const char   *value,
                                  GError      **error);
gboolean _imsg_named_set_time    (IMsgMessage  *message,
                                  const char   *set,
                                  guint32       id,
                                  GDateTime    *value,
                                  GError      **error);
gboolean _imsg_named_set_bytes   (IMsgMessage  *message,
                                  const char   *set,
                                  guint32       id,
                                  GBytes       *value,
                                  GError      **error);
/* (element-type utf8); nothing for an empty list */
gboolean _imsg_named_set_texts   (IMsgMessage  *message,
                                  const char   *set,
                                  guint32       id,
                                  GPtrArray    *values,
                                  GError      **error);
/* The categories; nothing for an empty list */
gboolean _imsg_named_set_keywords (IMsgMessage  *message,
                                   GPtrArray    *values,
                                   GError      **error);
/* What every item in a folder has: it is read, and it was sent and received when it was made. */
gboolean _imsg_message_set_item_times (IMsgMessage  *message,
                                       GError      **error);

G_END_DECLS
