/* imsg-property-set-private.h - document properties, before libgsf reads them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The same property set without the properties whose values cannot be, and those that libgsf does
 * not read; NULL when its tables lead elsewhere. libgsf goes where a property set points, reads what
 * its lengths promise, and prints what it does not expect. */
GBytes *_imsg_property_set_sift (GBytes *bytes);

G_END_DECLS
