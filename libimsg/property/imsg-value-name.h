/* imsg-value-name.h - names of flags and of enumerated values
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-property-name.h"

G_BEGIN_DECLS

#define IMSG_TYPE_VALUE_NAME (imsg_value_name_get_type ())
typedef struct _IMsgValueName IMsgValueName;

IMSG_AVAILABLE_IN_ALL
GType       imsg_value_name_get_type  (void);
IMSG_AVAILABLE_IN_ALL
GPtrArray  *imsg_value_name_list      (guint32                  tag,
                                       const IMsgPropertyName  *name);
IMSG_AVAILABLE_IN_ALL
const char *imsg_value_name_get_name  (const IMsgValueName     *self);
IMSG_AVAILABLE_IN_ALL
guint32     imsg_value_name_get_mask  (const IMsgValueName     *self);
IMSG_AVAILABLE_IN_ALL
guint32     imsg_value_name_get_value (const IMsgValueName     *self);
IMSG_AVAILABLE_IN_ALL
gboolean    imsg_value_name_is_flag   (const IMsgValueName     *self);
IMSG_AVAILABLE_IN_ALL
gboolean    imsg_value_name_matches   (const IMsgValueName     *self,
                                       guint32                  number);

G_END_DECLS
