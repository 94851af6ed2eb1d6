/* inspector-property-columns.h - the columns of the table of properties
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_PROPERTY_COLUMNS (inspector_property_columns_get_type ())
G_DECLARE_FINAL_TYPE (InspectorPropertyColumns, inspector_property_columns, INSPECTOR,
                      PROPERTY_COLUMNS, GObject)

/* Adds them to the table, which must outlive them */
InspectorPropertyColumns *inspector_property_columns_new        (GtkColumnView            *table);
void                      inspector_property_columns_set_view   (InspectorPropertyColumns *self,
                                                                 InspectorView            *view);
/* By the id of a column; FALSE when there is none of that id */
gboolean                  inspector_property_columns_sort       (InspectorPropertyColumns *self,
                                                                 const char               *id,
                                                                 GtkSortType               order);
/* What does not fit into the width is hidden */
void                      inspector_property_columns_set_width  (InspectorPropertyColumns *self,
                                                                 double                    width);
/* "columns.named-id" and so on: which of the extra columns are shown; to be inserted in a widget
 * around the table */
GActionGroup             *inspector_property_columns_get_actions (InspectorPropertyColumns *self);

G_END_DECLS
