/* imsg-property-name.h - the name of a named property: a set and a number or text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-property-tag.h"
#include "imsg-property-tags.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_PROPERTY_NAME_ID = 0,
  IMSG_PROPERTY_NAME_STRING = 1,
} IMsgPropertyNameKind;

#define IMSG_TYPE_PROPERTY_NAME (imsg_property_name_get_type ())

typedef struct _IMsgPropertyName IMsgPropertyName;

IMSG_AVAILABLE_IN_ALL
GType                 imsg_property_name_get_type        (void);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyName     *imsg_property_name_new_id          (const char              *set,
                                                          guint32                  id);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyName     *imsg_property_name_new_string      (const char              *set,
                                                          const char              *name);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyName     *imsg_property_name_parse           (const char              *set,
                                                          const char              *name_or_id,
                                                          GError                 **error);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyName     *imsg_property_name_ref             (IMsgPropertyName        *self);
IMSG_AVAILABLE_IN_ALL
void                  imsg_property_name_unref           (IMsgPropertyName        *self);

IMSG_AVAILABLE_IN_ALL
const char           *imsg_property_name_get_set         (const IMsgPropertyName  *self);
IMSG_AVAILABLE_IN_ALL
const char           *imsg_property_name_get_set_name    (const IMsgPropertyName  *self);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyNameKind  imsg_property_name_get_kind        (const IMsgPropertyName  *self);
IMSG_AVAILABLE_IN_ALL
guint32               imsg_property_name_get_id          (const IMsgPropertyName  *self);
IMSG_AVAILABLE_IN_ALL
const char           *imsg_property_name_get_string      (const IMsgPropertyName  *self);
IMSG_AVAILABLE_IN_ALL
const char           *imsg_property_name_get_known_name  (const IMsgPropertyName  *self);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyType      imsg_property_name_get_known_type  (const IMsgPropertyName  *self);
IMSG_AVAILABLE_IN_ALL
char                 *imsg_property_name_to_text         (const IMsgPropertyName  *self);
IMSG_AVAILABLE_IN_ALL
gboolean              imsg_property_name_equal           (const IMsgPropertyName  *a,
                                                          const IMsgPropertyName  *b);
IMSG_AVAILABLE_IN_ALL
guint                 imsg_property_name_hash            (const IMsgPropertyName  *self);
/* "PidLidReminderSet", "dispidReminderSet": a known named property by any of its names */
IMSG_AVAILABLE_IN_ALL
IMsgPropertyName     *imsg_property_name_from_known_name (const char              *known_name);
IMSG_AVAILABLE_IN_ALL
char                **imsg_property_name_list_known      (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgPropertyName, imsg_property_name_unref)

G_END_DECLS
