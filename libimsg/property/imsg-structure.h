/* imsg-structure.h - what the bytes of a known binary property mean, as a tree
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-property-name.h"

G_BEGIN_DECLS

#define IMSG_TYPE_STRUCTURE_NODE (imsg_structure_node_get_type ())
IMSG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IMsgStructureNode, imsg_structure_node, IMSG, STRUCTURE_NODE, GObject)

IMSG_AVAILABLE_IN_ALL
const char        *imsg_structure_node_get_name     (IMsgStructureNode  *self);
IMSG_AVAILABLE_IN_ALL
const char        *imsg_structure_node_get_value    (IMsgStructureNode  *self);
IMSG_AVAILABLE_IN_ALL
gsize              imsg_structure_node_get_offset   (IMsgStructureNode  *self);
IMSG_AVAILABLE_IN_ALL
gsize              imsg_structure_node_get_size     (IMsgStructureNode  *self);
IMSG_AVAILABLE_IN_ALL
gboolean           imsg_structure_node_is_damaged   (IMsgStructureNode  *self);
IMSG_AVAILABLE_IN_ALL
GListModel        *imsg_structure_node_get_children (IMsgStructureNode  *self);
IMSG_AVAILABLE_IN_ALL
char              *imsg_structure_node_to_text      (IMsgStructureNode  *self);

/* NULL for a property whose bytes have no known structure */
IMSG_AVAILABLE_IN_ALL
IMsgStructureNode *imsg_structure_parse             (guint32                  tag,
                                                     const IMsgPropertyName  *name,
                                                     GBytes                  *bytes,
                                                     guint                    code_page);

G_END_DECLS
