/* inspector-stream-node.h - a storage or stream of a file, as a row shows it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_STREAM_NODE (inspector_stream_node_get_type ())
G_DECLARE_FINAL_TYPE (InspectorStreamNode, inspector_stream_node, INSPECTOR, STREAM_NODE, GObject)

/* (transfer full): the entries of a storage as nodes; object is (nullable) and has the names of named
 * properties */
GListModel   *inspector_stream_node_list         (IMsgStorage         *storage,
                                                  IMsgPropertyObject  *object);
/* (transfer full) (nullable): NULL for a stream, and for a storage that cannot be opened */
GListModel   *inspector_stream_node_list_children (InspectorStreamNode *self);
const char   *inspector_stream_node_get_name     (InspectorStreamNode *self);
char         *inspector_stream_node_dup_meaning  (InspectorStreamNode *self);
gboolean      inspector_stream_node_is_stream    (InspectorStreamNode *self);
guint64       inspector_stream_node_get_size     (InspectorStreamNode *self);
GInputStream *inspector_stream_node_open         (InspectorStreamNode *self,
                                                  GError             **error);
/* What a raw name stands for in a message; empty when nothing is known of it */
char         *inspector_stream_name_to_meaning   (const char          *name);

G_END_DECLS
