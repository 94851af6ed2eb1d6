/* imsg-property-object.h - an object that is a set of properties (IMAPIProp)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-problem.h"
#include "imsg-property.h"
#include "imsg-storage.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_COPY_NONE = 0,
  IMSG_COPY_MOVE = 1 << 0,
  IMSG_COPY_NO_REPLACE = 1 << 1,
} IMsgCopyFlags;

#define IMSG_TYPE_PROPERTY_OBJECT (imsg_property_object_get_type ())
IMSG_DECLARE_INTERNAL_TYPE (IMsgPropertyObject, imsg_property_object, IMSG, PROPERTY_OBJECT, GObject)

/* Values */
IMSG_AVAILABLE_IN_ALL
GVariant      *imsg_property_object_get_value      (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    GError                  **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GBytes        *imsg_property_object_get_raw        (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    GError                  **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_set_value      (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    GVariant                 *value,
                                                    GError                  **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_delete_value   (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    GError                  **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_has_value      (IMsgPropertyObject       *self,
                                                    guint32                   tag);
/* The tag as stored (type and all) of whatever has the id; 0 when absent */
IMSG_AVAILABLE_IN_ALL
guint32        imsg_property_object_find_tag       (IMsgPropertyObject       *self,
                                                    guint32                   tag);
IMSG_AVAILABLE_IN_ALL
guint32       *imsg_property_object_list_tags      (IMsgPropertyObject       *self,
                                                    gsize                    *n_tags);
IMSG_AVAILABLE_IN_ALL
guint64        imsg_property_object_get_value_size (IMsgPropertyObject       *self,
                                                    guint32                   tag);

/* Plain values: absent and unreadable are NULL, 0, FALSE */
IMSG_AVAILABLE_IN_ALL
char          *imsg_property_object_get_string     (IMsgPropertyObject       *self,
                                                    guint32                   tag);
IMSG_AVAILABLE_IN_ALL
gint64         imsg_property_object_get_int        (IMsgPropertyObject       *self,
                                                    guint32                   tag);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_get_boolean    (IMsgPropertyObject       *self,
                                                    guint32                   tag);
IMSG_AVAILABLE_IN_ALL
GBytes        *imsg_property_object_get_bytes      (IMsgPropertyObject       *self,
                                                    guint32                   tag);
IMSG_AVAILABLE_IN_ALL
GDateTime     *imsg_property_object_get_datetime   (IMsgPropertyObject       *self,
                                                    guint32                   tag);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_set_string     (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    const char               *value,
                                                    GError                  **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_set_int        (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    gint64                    value,
                                                    GError                  **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_set_boolean    (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    gboolean                  value,
                                                    GError                  **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_set_bytes      (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    GBytes                   *value,
                                                    GError                  **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_set_datetime   (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    GDateTime                *value,
                                                    GError                  **error);

/* Streams */
IMSG_AVAILABLE_IN_ALL
GInputStream  *imsg_property_object_open_stream    (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    GCancellable             *cancellable,
                                                    GError                  **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GOutputStream *imsg_property_object_replace_stream (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    GCancellable             *cancellable,
                                                    GError                  **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GIOStream     *imsg_property_object_edit_stream    (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    gboolean                  create,
                                                    GCancellable             *cancellable,
                                                    GError                  **error) G_GNUC_WARN_UNUSED_RESULT;

/* Attributes */
IMSG_AVAILABLE_IN_ALL
IMsgPropertyAttributes imsg_property_object_get_attributes (IMsgPropertyObject      *self,
                                                            guint32                  tag,
                                                            GError                 **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_set_attributes (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    IMsgPropertyAttributes    attributes,
                                                    GError                  **error);

/* Named properties */
IMSG_AVAILABLE_IN_ALL
guint          imsg_property_object_resolve_name   (IMsgPropertyObject       *self,
                                                    const char               *set,
                                                    const char               *name_or_id,
                                                    gboolean                  create,
                                                    GError                  **error);
IMSG_AVAILABLE_IN_ALL
guint          imsg_property_object_resolve_property_name (IMsgPropertyObject      *self,
                                                           const IMsgPropertyName  *name,
                                                           gboolean                 create,
                                                           GError                 **error);
IMSG_AVAILABLE_IN_ALL
IMsgPropertyName *imsg_property_object_lookup_name (IMsgPropertyObject       *self,
                                                    guint                     id);
IMSG_AVAILABLE_IN_ALL
guint         *imsg_property_object_list_named_ids (IMsgPropertyObject       *self,
                                                    gsize                    *n_ids);

/* Copying */
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_copy_to        (IMsgPropertyObject       *self,
                                                    IMsgPropertyObject       *destination,
                                                    const guint32            *excluded,
                                                    gsize                     n_excluded,
                                                    IMsgCopyFlags             flags,
                                                    GCancellable             *cancellable,
                                                    GPtrArray               **problems,
                                                    GError                  **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_copy_properties (IMsgPropertyObject      *self,
                                                     IMsgPropertyObject      *destination,
                                                     const guint32           *included,
                                                     gsize                    n_included,
                                                     IMsgCopyFlags            flags,
                                                     GCancellable            *cancellable,
                                                     GPtrArray              **problems,
                                                     GError                 **error);

/* State */
IMSG_AVAILABLE_IN_ALL
GListModel    *imsg_property_object_get_properties (IMsgPropertyObject       *self);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_is_writable    (IMsgPropertyObject       *self);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_is_modified    (IMsgPropertyObject       *self);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_is_closed      (IMsgPropertyObject       *self);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_is_unicode     (IMsgPropertyObject       *self);
/* Discards what was not saved of one property, or of all (tag 0) */
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_property_object_revert_value   (IMsgPropertyObject       *self,
                                                    guint32                   tag,
                                                    GError                  **error);
IMSG_AVAILABLE_IN_ALL
void           imsg_property_object_discard_edits  (IMsgPropertyObject       *self);
IMSG_AVAILABLE_IN_ALL
IMsgStorage   *imsg_property_object_get_storage    (IMsgPropertyObject       *self);

G_END_DECLS
