/* inspector-hex-pane.h - a hex view with what the bytes at its caret mean
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-hex-view.h"

G_BEGIN_DECLS

#define INSPECTOR_TYPE_HEX_PANE (inspector_hex_pane_get_type ())
G_DECLARE_FINAL_TYPE (InspectorHexPane, inspector_hex_pane, INSPECTOR, HEX_PANE, GtkWidget)

GtkWidget           *inspector_hex_pane_new          (void);
InspectorHexView    *inspector_hex_pane_get_view     (InspectorHexPane     *self);
void                 inspector_hex_pane_set_bytes    (InspectorHexPane     *self,
                                                      GBytes               *bytes,
                                                      gboolean              editable);
void                 inspector_hex_pane_set_buffer   (InspectorHexPane     *self,
                                                      InspectorByteBuffer  *buffer,
                                                      gboolean              editable);

G_END_DECLS
