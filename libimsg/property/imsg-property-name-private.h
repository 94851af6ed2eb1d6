/* imsg-property-name-private.h - names from and to their stored form
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-guid-private.h"
#include "imsg-property-name.h"

G_BEGIN_DECLS

/* A name that is text, or a number where string is NULL. */
IMsgPropertyName *_imsg_property_name_new      (const IMsgGuid         *set,
                                                guint32                 id,
                                                const char             *string);
const IMsgGuid   *_imsg_property_name_get_guid (const IMsgPropertyName *self);

G_END_DECLS
