/* imsg-property-bag.h - properties that belong to no message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-property-object.h"

G_BEGIN_DECLS

#define IMSG_TYPE_PROPERTY_BAG (imsg_property_bag_get_type ())
IMSG_DECLARE_INTERNAL_TYPE (IMsgPropertyBag, imsg_property_bag, IMSG, PROPERTY_BAG, IMsgPropertyObject)

IMSG_AVAILABLE_IN_ALL
IMsgPropertyBag *imsg_property_bag_new (IMsgPropertyBag *names) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
