/* inspector-edit-private.h - objects that may go and come back while steps refer to them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-edit.h"

G_BEGIN_DECLS

/* Removing a row and undoing that makes a new object for the same row. Steps hold the handle, so
 * that they find whichever object stands for the row now. */
typedef struct _InspectorHandle InspectorHandle;

InspectorHandle    *_inspector_handle_get         (IMsgPropertyObject *object);
/* Of a row of the message that is not there yet; the message says where it belongs when it is gone */
InspectorHandle    *_inspector_handle_new_row     (InspectorHandle    *message,
                                                   gboolean            is_recipient);
void                _inspector_handle_set_place   (InspectorHandle    *handle,
                                                   InspectorHandle    *message,
                                                   gboolean            is_recipient);
InspectorHandle    *_inspector_handle_ref         (InspectorHandle    *handle);
void                _inspector_handle_unref       (InspectorHandle    *handle);
IMsgPropertyObject *_inspector_handle_get_object  (InspectorHandle    *handle);
/* (nullable) */
InspectorHandle    *_inspector_handle_get_place   (InspectorHandle    *handle,
                                                   gboolean           *is_recipient);
void                _inspector_handle_set_object  (InspectorHandle    *handle,
                                                   IMsgPropertyObject *object);

G_END_DECLS
