/* inspector-node.h - what a row of the session tree stands for
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

typedef enum
{
  INSPECTOR_NODE_MESSAGE,
  INSPECTOR_NODE_RECIPIENTS,
  INSPECTOR_NODE_ATTACHMENTS,
  INSPECTOR_NODE_ATTACHMENT,
  INSPECTOR_NODE_PROBLEM,
} InspectorNodeKind;

#define INSPECTOR_TYPE_NODE (inspector_node_get_type ())
G_DECLARE_FINAL_TYPE (InspectorNode, inspector_node, INSPECTOR, NODE, GObject)

InspectorNode      *inspector_node_new             (InspectorNodeKind   kind,
                                                    IMsgPropertyObject *object);
InspectorNodeKind   inspector_node_get_kind        (InspectorNode      *self);
IMsgPropertyObject *inspector_node_get_object      (InspectorNode      *self);
IMsgMessage        *inspector_node_get_message     (InspectorNode      *self);
const char         *inspector_node_get_title       (InspectorNode      *self);
char               *inspector_node_dup_sentence    (InspectorNode      *self);
guint               inspector_node_get_count       (InspectorNode      *self);
gboolean            inspector_node_is_modified     (InspectorNode      *self);
guint               inspector_node_get_n_problems  (InspectorNode      *self);
void                inspector_node_refresh_problems (InspectorNode     *self);
GListModel         *inspector_node_get_children    (InspectorNode      *self);
gboolean            inspector_node_equal           (InspectorNode      *self,
                                                    InspectorNode      *other);
gboolean            inspector_node_matches         (InspectorNode      *self,
                                                    const char         *folded);
void                inspector_node_forget_haystack (InspectorNode      *self);
GListModel         *inspector_node_list_messages   (GListModel         *messages);

G_END_DECLS
