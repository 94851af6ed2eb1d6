/* imsg-property.h - one property of an object, as a list shows it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-property-name.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_PROPERTY_ORIGIN_STORED,
  IMSG_PROPERTY_ORIGIN_EDITED,
  IMSG_PROPERTY_ORIGIN_COMPUTED,
} IMsgPropertyOrigin;

#define IMSG_TYPE_PROPERTY (imsg_property_get_type ())
IMSG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IMsgProperty, imsg_property, IMSG, PROPERTY, GObject)

IMSG_AVAILABLE_IN_ALL
guint32                 imsg_property_get_tag           (IMsgProperty  *self);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyType        imsg_property_get_property_type (IMsgProperty  *self);
IMSG_AVAILABLE_IN_ALL
const char             *imsg_property_get_name          (IMsgProperty  *self);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyName       *imsg_property_get_property_name (IMsgProperty  *self);
IMSG_AVAILABLE_IN_ALL
GVariant               *imsg_property_get_value         (IMsgProperty  *self,
                                                         GError       **error);
IMSG_AVAILABLE_IN_ALL
char                   *imsg_property_dup_display_value (IMsgProperty  *self);
IMSG_AVAILABLE_IN_ALL
char                   *imsg_property_dup_readable_value (IMsgProperty *self);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyAttributes  imsg_property_get_attributes    (IMsgProperty  *self);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyOrigin      imsg_property_get_origin        (IMsgProperty  *self);
IMSG_AVAILABLE_IN_ALL
guint64                 imsg_property_get_size          (IMsgProperty  *self);
IMSG_AVAILABLE_IN_ALL
gboolean                imsg_property_is_damaged        (IMsgProperty  *self);

G_END_DECLS
