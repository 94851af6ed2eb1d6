/* imsg-types.h - how this library declares its types
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include <gio/gio.h>
#include "imsg-version.h"

G_BEGIN_DECLS

/**
 * IMSG_DECLARE_INTERNAL_TYPE: (skip)
 * @ModuleObjName: the name of the type, as `IMsgPropertyObject`
 * @module_obj_name: the same as in names of functions, `imsg_property_object`
 * @MODULE: the library's part of the name, `IMSG`
 * @OBJ_NAME: the type's part of it, `PROPERTY_OBJECT`
 * @ParentName: the name of the parent
 *
 * Declares a type that can be a parent inside the library only.
 *
 * It is as `G_DECLARE_DERIVABLE_TYPE`, but the structures of instance and class stay private.
 *
 * Since: 1.0
 */
#define IMSG_DECLARE_INTERNAL_TYPE(ModuleObjName, module_obj_name, MODULE, OBJ_NAME, ParentName) \
  IMSG_AVAILABLE_IN_ALL GType module_obj_name##_get_type (void);                                 \
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS                                                               \
  typedef struct _##ModuleObjName ModuleObjName;                                                 \
  typedef struct _##ModuleObjName##Class ModuleObjName##Class;                                   \
  _GLIB_DEFINE_AUTOPTR_CHAINUP (ModuleObjName, ParentName)                                       \
  G_DEFINE_AUTOPTR_CLEANUP_FUNC (ModuleObjName##Class, g_type_class_unref)                       \
  G_GNUC_UNUSED static inline ModuleObjName *MODULE##_##OBJ_NAME (gpointer ptr)                  \
  {                                                                                              \
    return G_TYPE_CHECK_INSTANCE_CAST (ptr, module_obj_name##_get_type (), ModuleObjName);       \
  }                                                                                              \
  G_GNUC_UNUSED static inline gboolean MODULE##_IS_##OBJ_NAME (gpointer ptr)                     \
  {                                                                                              \
    return G_TYPE_CHECK_INSTANCE_TYPE (ptr, module_obj_name##_get_type ());                      \
  }                                                                                              \
  G_GNUC_END_IGNORE_DEPRECATIONS

G_END_DECLS
