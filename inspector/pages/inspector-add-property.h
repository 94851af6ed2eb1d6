/* inspector-add-property.h - asks for a property to be added
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

void inspector_add_property_present (GtkWindow     *parent,
                                     InspectorView *view);

G_END_DECLS
