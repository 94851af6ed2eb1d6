/* inspector-hex-view-private.h - what the files of the hex view share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-hex-geometry.h"
#include "inspector-hex-view.h"

G_BEGIN_DECLS

struct _InspectorHexView
{
  GtkWidget             parent_instance;

  InspectorByteBuffer  *buffer;
  GtkAdjustment        *adjustments[2];  /* by GtkOrientation */
  InspectorHexGeometry  geometry;
  guint64               caret;
  guint64               anchor;          /* the other end of the selection */
  guint64               mark;
  guint64               n_marked;
  guint                 scroll_policies[2];
  guint                 is_editable : 1;
  guint                 is_inserting : 1;
  guint                 in_text : 1;     /* the caret is in the text column */
  guint                 in_low_digit : 1;
};

/* inspector-hex-view.c */
guint64 _inspector_hex_view_get_length (InspectorHexView *self);
/* Where the caret can stand at most: behind the last byte when bytes can be added there */
guint64 _inspector_hex_view_get_last   (InspectorHexView *self);
double  _inspector_hex_view_get_scroll (InspectorHexView *self,
                                        GtkOrientation    orientation);
void    _inspector_hex_view_move_caret (InspectorHexView *self,
                                        guint64           caret,
                                        gboolean          extend);
void    _inspector_hex_view_set_inserting (InspectorHexView *self,
                                           gboolean          inserting);

/* inspector-hex-view-draw.c */
void    _inspector_hex_view_snapshot   (GtkWidget        *widget,
                                        GtkSnapshot      *snapshot);

/* inspector-hex-view-input.c */
void    _inspector_hex_view_class_add_input (GtkWidgetClass *widget_class);
void    _inspector_hex_view_add_input       (InspectorHexView *self);
void    _inspector_hex_view_update_actions  (InspectorHexView *self);

G_END_DECLS
