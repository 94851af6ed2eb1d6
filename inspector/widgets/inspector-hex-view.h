/* inspector-hex-view.h - bytes as hexadecimal digits and as text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "inspector-byte-buffer.h"

G_BEGIN_DECLS

/* Larger content is shown but not edited */
#define INSPECTOR_HEX_MAX_EDITABLE_BYTES (64 * 1024 * 1024)

#define INSPECTOR_TYPE_HEX_VIEW (inspector_hex_view_get_type ())
G_DECLARE_FINAL_TYPE (InspectorHexView, inspector_hex_view, INSPECTOR, HEX_VIEW, GtkWidget)

void                 inspector_hex_view_set_buffer    (InspectorHexView     *self,
                                                       InspectorByteBuffer  *buffer);
InspectorByteBuffer *inspector_hex_view_get_buffer    (InspectorHexView     *self);
void                 inspector_hex_view_set_editable  (InspectorHexView     *self,
                                                       gboolean              editable);
gboolean             inspector_hex_view_is_inserting  (InspectorHexView     *self);
guint64              inspector_hex_view_get_caret     (InspectorHexView     *self);
void                 inspector_hex_view_get_selection (InspectorHexView     *self,
                                                       guint64              *offset,
                                                       guint64              *n_bytes);
void                 inspector_hex_view_select        (InspectorHexView     *self,
                                                       guint64               offset,
                                                       guint64               n_bytes);
void                 inspector_hex_view_mark          (InspectorHexView     *self,
                                                       guint64               offset,
                                                       guint64               n_bytes);

G_END_DECLS
