/* inspector-byte-buffer.h - bytes that can be edited without being copied
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_BYTE_BUFFER (inspector_byte_buffer_get_type ())
G_DECLARE_FINAL_TYPE (InspectorByteBuffer, inspector_byte_buffer, INSPECTOR, BYTE_BUFFER, GObject)

InspectorByteBuffer *inspector_byte_buffer_new            (GBytes               *bytes);
InspectorByteBuffer *inspector_byte_buffer_new_for_stream (GInputStream         *stream,
                                                           guint64               n_bytes);

guint64              inspector_byte_buffer_get_length     (InspectorByteBuffer  *self);
gsize                inspector_byte_buffer_read           (InspectorByteBuffer  *self,
                                                           guint64               offset,
                                                           guint8               *bytes,
                                                           gsize                 n_bytes);
gboolean             inspector_byte_buffer_find           (InspectorByteBuffer  *self,
                                                           const guint8         *pattern,
                                                           gsize                 n_pattern,
                                                           guint64               from,
                                                           guint64               to,
                                                           guint64              *offset);
GBytes              *inspector_byte_buffer_dup_bytes      (InspectorByteBuffer  *self,
                                                           guint64               offset,
                                                           guint64               n_bytes);

void                 inspector_byte_buffer_replace        (InspectorByteBuffer  *self,
                                                           guint64               offset,
                                                           guint64               n_removed,
                                                           const guint8         *bytes,
                                                           gsize                 n_inserted);
gboolean             inspector_byte_buffer_is_modified    (InspectorByteBuffer  *self);
gboolean             inspector_byte_buffer_can_undo       (InspectorByteBuffer  *self);
gboolean             inspector_byte_buffer_can_redo       (InspectorByteBuffer  *self);
void                 inspector_byte_buffer_undo           (InspectorByteBuffer  *self);
void                 inspector_byte_buffer_redo           (InspectorByteBuffer  *self);
const char          *inspector_byte_buffer_get_problem    (InspectorByteBuffer  *self);

G_END_DECLS
