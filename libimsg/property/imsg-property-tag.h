/* imsg-property-tag.h - property tags, types and what the catalogue knows of them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-error.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_PROPERTY_TYPE_UNSPECIFIED = 0x0000,
  IMSG_PROPERTY_TYPE_NULL = 0x0001,
  IMSG_PROPERTY_TYPE_I2 = 0x0002,
  IMSG_PROPERTY_TYPE_LONG = 0x0003,
  IMSG_PROPERTY_TYPE_R4 = 0x0004,
  IMSG_PROPERTY_TYPE_DOUBLE = 0x0005,
  IMSG_PROPERTY_TYPE_CURRENCY = 0x0006,
  IMSG_PROPERTY_TYPE_APPTIME = 0x0007,
  IMSG_PROPERTY_TYPE_ERROR = 0x000A,
  IMSG_PROPERTY_TYPE_BOOLEAN = 0x000B,
  IMSG_PROPERTY_TYPE_OBJECT = 0x000D,
  IMSG_PROPERTY_TYPE_I8 = 0x0014,
  IMSG_PROPERTY_TYPE_STRING8 = 0x001E,
  IMSG_PROPERTY_TYPE_UNICODE = 0x001F,
  IMSG_PROPERTY_TYPE_SYSTIME = 0x0040,
  IMSG_PROPERTY_TYPE_CLSID = 0x0048,
  IMSG_PROPERTY_TYPE_SVREID = 0x00FB,
  IMSG_PROPERTY_TYPE_SRESTRICTION = 0x00FD,
  IMSG_PROPERTY_TYPE_ACTIONS = 0x00FE,
  IMSG_PROPERTY_TYPE_BINARY = 0x0102,
  IMSG_PROPERTY_TYPE_MV_I2 = 0x1002,
  IMSG_PROPERTY_TYPE_MV_LONG = 0x1003,
  IMSG_PROPERTY_TYPE_MV_R4 = 0x1004,
  IMSG_PROPERTY_TYPE_MV_DOUBLE = 0x1005,
  IMSG_PROPERTY_TYPE_MV_CURRENCY = 0x1006,
  IMSG_PROPERTY_TYPE_MV_APPTIME = 0x1007,
  IMSG_PROPERTY_TYPE_MV_I8 = 0x1014,
  IMSG_PROPERTY_TYPE_MV_STRING8 = 0x101E,
  IMSG_PROPERTY_TYPE_MV_UNICODE = 0x101F,
  IMSG_PROPERTY_TYPE_MV_SYSTIME = 0x1040,
  IMSG_PROPERTY_TYPE_MV_CLSID = 0x1048,
  IMSG_PROPERTY_TYPE_MV_BINARY = 0x1102,
} IMsgPropertyType;

typedef enum
{
  IMSG_PROPERTY_ATTRIBUTES_NONE = 0,
  IMSG_PROPERTY_ATTRIBUTES_MANDATORY = 1 << 0,
  IMSG_PROPERTY_ATTRIBUTES_READABLE = 1 << 1,
  IMSG_PROPERTY_ATTRIBUTES_WRITEABLE = 1 << 2,
  IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT = 1 << 3,
} IMsgPropertyAttributes;

/* Flag of the multi-valued types */
#define IMSG_MULTI_VALUE_FLAG 0x1000

/* No type of its own: it keeps the functions about tags apart from the class IMsgProperty */
typedef struct _IMsgPropertyTag IMsgPropertyTag;

IMSG_AVAILABLE_IN_ALL
guint32           imsg_property_tag                 (IMsgPropertyType  type,
                                                     guint             id);
IMSG_AVAILABLE_IN_ALL
guint             imsg_property_tag_get_id          (guint32           tag);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyType  imsg_property_tag_get_property_type (guint32         tag);
IMSG_AVAILABLE_IN_ALL
guint32           imsg_property_tag_change_type     (guint32           tag,
                                                     IMsgPropertyType  type);
IMSG_AVAILABLE_IN_ALL
gboolean          imsg_property_tag_is_named        (guint32           tag);
IMSG_AVAILABLE_IN_ALL
gboolean          imsg_property_tag_is_multi_valued (guint32           tag);
IMSG_AVAILABLE_IN_ALL
gboolean          imsg_property_tag_is_text         (guint32           tag);

/* The catalogue */
IMSG_AVAILABLE_IN_ALL
guint32           imsg_property_tag_from_name       (const char       *name);
IMSG_AVAILABLE_IN_ALL
const char       *imsg_property_tag_get_name        (guint32           tag);
IMSG_AVAILABLE_IN_ALL
const char       *imsg_property_tag_get_canonical_name (guint32        tag);
IMSG_AVAILABLE_IN_ALL
char            **imsg_property_tag_list_names      (guint32           tag);
IMSG_AVAILABLE_IN_ALL
guint32          *imsg_property_tag_list_known      (gsize            *n_tags);

IMSG_AVAILABLE_IN_ALL
const char       *imsg_property_type_get_name       (IMsgPropertyType  type);
IMSG_AVAILABLE_IN_ALL
gboolean          imsg_property_type_from_name      (const char       *name,
                                                     IMsgPropertyType *type);
IMSG_AVAILABLE_IN_ALL
const char       *imsg_property_type_get_variant_type (IMsgPropertyType type);

G_END_DECLS
