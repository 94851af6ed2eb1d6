/* inspector-property-page.h - the properties of the selected object as a table
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_PROPERTY_PAGE (inspector_property_page_get_type ())
G_DECLARE_FINAL_TYPE (InspectorPropertyPage, inspector_property_page, INSPECTOR, PROPERTY_PAGE,
                      GtkWidget)

void inspector_property_page_set_view        (InspectorPropertyPage *self,
                                              InspectorView         *view);
void inspector_property_page_start_search    (InspectorPropertyPage *self);
void inspector_property_page_set_filter      (InspectorPropertyPage *self,
                                              const char            *text);
void inspector_property_page_select          (InspectorPropertyPage *self,
                                              guint32                tag);
void inspector_property_page_sort            (InspectorPropertyPage *self,
                                              const char            *column);
void inspector_property_page_remove_selected (InspectorPropertyPage *self);
void inspector_property_page_revert_selected (InspectorPropertyPage *self);
void inspector_property_page_copy            (InspectorPropertyPage *self,
                                              const char            *form);
void inspector_property_page_paste           (InspectorPropertyPage *self);

G_END_DECLS
