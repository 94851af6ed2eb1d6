/* inspector-property-clipboard.h - copies the selected property, and pastes values and properties
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* form as for inspector_property_dup_copy(); the whole property goes along for a later paste */
void inspector_property_copy        (GtkWidget     *widget,
                                     InspectorView *view,
                                     const char    *form);
/* Text becomes the value of the selected property */
void inspector_property_paste_value (GtkWidget     *widget,
                                     InspectorView *view);
/* A copied property is added to the shown object, or takes the place of the one there */
void inspector_property_paste       (GtkWidget     *widget,
                                     InspectorView *view);

G_END_DECLS
