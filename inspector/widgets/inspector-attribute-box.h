/* inspector-attribute-box.h - the attributes of a property, to be ticked
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>
#include <imsg.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_ATTRIBUTE_BOX (inspector_attribute_box_get_type ())
G_DECLARE_FINAL_TYPE (InspectorAttributeBox, inspector_attribute_box, INSPECTOR, ATTRIBUTE_BOX,
                      GtkWidget)

void                   inspector_attribute_box_show (InspectorAttributeBox  *self,
                                                     IMsgPropertyAttributes  attributes,
                                                     gboolean                editable);
IMsgPropertyAttributes inspector_attribute_box_read (InspectorAttributeBox  *self);

G_END_DECLS
