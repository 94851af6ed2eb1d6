/* inspector-edit.h - every change of a message, as a step that can be undone
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-history.h"

#include <imsg.h>

G_BEGIN_DECLS

/* Values */
gboolean inspector_edit_set_value        (InspectorHistory        *history,
                                          IMsgPropertyObject      *object,
                                          guint32                  tag,
                                          GVariant                *value,
                                          GError                 **error);
gboolean inspector_edit_set_text_bytes   (InspectorHistory        *history,
                                          IMsgPropertyObject      *object,
                                          guint32                  tag,
                                          GBytes                  *bytes,
                                          GError                 **error);
gboolean inspector_edit_delete_value     (InspectorHistory        *history,
                                          IMsgPropertyObject      *object,
                                          guint32                  tag,
                                          GError                 **error);
gboolean inspector_edit_revert_value     (InspectorHistory        *history,
                                          IMsgPropertyObject      *object,
                                          guint32                  tag,
                                          GError                 **error);
gboolean inspector_edit_revert_all       (InspectorHistory        *history,
                                          IMsgPropertyObject      *object,
                                          GError                 **error);
gboolean inspector_edit_set_attributes   (InspectorHistory        *history,
                                          IMsgPropertyObject      *object,
                                          guint32                  tag,
                                          IMsgPropertyAttributes   attributes,
                                          GError                 **error);
gboolean inspector_edit_set_subject      (InspectorHistory        *history,
                                          IMsgMessage             *message,
                                          const char              *subject,
                                          GError                 **error);

/* Recipients */
gboolean inspector_edit_add_recipient    (InspectorHistory        *history,
                                          IMsgMessage             *message,
                                          IMsgRecipientType        type,
                                          const char              *name,
                                          const char              *address,
                                          GError                 **error);
gboolean inspector_edit_set_recipient    (InspectorHistory        *history,
                                          IMsgRecipient           *recipient,
                                          IMsgRecipientType        type,
                                          const char              *name,
                                          const char              *address,
                                          GError                 **error);
gboolean inspector_edit_resolve_recipient (InspectorHistory       *history,
                                          IMsgRecipient           *recipient,
                                          GError                 **error);
gboolean inspector_edit_remove_recipient (InspectorHistory        *history,
                                          IMsgRecipient           *recipient,
                                          GError                 **error);
gboolean inspector_edit_move_recipient   (InspectorHistory        *history,
                                          IMsgRecipient           *recipient,
                                          int                      n_rows,
                                          GError                 **error);

/* Attachments */
gboolean inspector_edit_add_attachment   (InspectorHistory        *history,
                                          IMsgMessage             *message,
                                          GFile                   *file,
                                          GError                 **error);
gboolean inspector_edit_embed_message    (InspectorHistory        *history,
                                          IMsgMessage             *message,
                                          IMsgMessage             *embedded,
                                          GError                 **error);
gboolean inspector_edit_replace_attachment (InspectorHistory      *history,
                                          IMsgAttachment          *attachment,
                                          GFile                   *file,
                                          GError                 **error);
gboolean inspector_edit_rename_attachment (InspectorHistory       *history,
                                          IMsgAttachment          *attachment,
                                          const char              *file_name,
                                          GError                 **error);
gboolean inspector_edit_remove_attachment (InspectorHistory       *history,
                                          IMsgAttachment          *attachment,
                                          GError                 **error);

/* After a save of the message, what was stored before is no longer what its file holds */
void     inspector_edit_note_save        (IMsgMessage             *message);
/* Whether what a step is about was closed, or the message it was removed from */
gboolean inspector_edit_is_gone          (gpointer                 subject);
/* The object a step is about, if it is still (or again) there; (nullable) (transfer none) */
IMsgPropertyObject *inspector_edit_get_subject (gpointer           subject);
/* The message that the row a step is about is in, or was; (nullable) (transfer none) */
IMsgMessage *inspector_edit_get_place    (gpointer                 subject,
                                          gboolean                *is_recipient);

G_END_DECLS
