/* inspector-property-transfer.h - a property as bytes that another message can take over
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-history.h"

#include <imsg.h>

G_BEGIN_DECLS

#define INSPECTOR_PROPERTY_MIME_TYPE "application/x-imsg-property"
/* Larger values do not go to the clipboard */
#define INSPECTOR_MAX_TRANSFER_BYTES (16 * 1024 * 1024)

/* (transfer full) (nullable): NULL when the value cannot be read or is too large */
GBytes   *inspector_property_to_transfer   (IMsgProperty        *property);
/* One step; a named property gets the id that its name has in the object's message */
gboolean  inspector_property_from_transfer (InspectorHistory    *history,
                                            IMsgPropertyObject  *object,
                                            GBytes              *bytes,
                                            guint32             *tag,
                                            GError             **error);

G_END_DECLS
