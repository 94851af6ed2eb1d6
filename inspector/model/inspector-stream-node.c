/* inspector-stream-node.c - a storage or stream of a file, as a row shows it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-stream-node.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <string.h>

struct _InspectorStreamNode
{
  GObject           parent_instance;

  IMsgStorage      *storage;   /* the one that the entry is in */
  IMsgStorageEntry *entry;
};

G_DEFINE_FINAL_TYPE (InspectorStreamNode, inspector_stream_node, G_TYPE_OBJECT)

static void
inspector_stream_node_finalize (GObject *object)
{
  InspectorStreamNode *self = INSPECTOR_STREAM_NODE (object);

  g_clear_object (&self->storage);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (inspector_stream_node_parent_class)->finalize (object);
}

static void
inspector_stream_node_class_init (InspectorStreamNodeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inspector_stream_node_finalize;
}

static void
inspector_stream_node_init (InspectorStreamNode *self)
{
}

static gpointer
entry_to_node (gpointer item,
               gpointer user_data)
{
  InspectorStreamNode *self = g_object_new (INSPECTOR_TYPE_STREAM_NODE, NULL);

  self->entry = item;
  self->storage = g_object_ref (user_data);
  return self;
}

GListModel *
inspector_stream_node_list (IMsgStorage *storage)
{
  return G_LIST_MODEL (gtk_map_list_model_new (g_object_ref (imsg_storage_get_entries (storage)),
                                               entry_to_node, g_object_ref (storage),
                                               g_object_unref));
}

GListModel *
inspector_stream_node_list_children (InspectorStreamNode *self)
{
  g_autoptr(IMsgStorage) child = NULL;

  g_return_val_if_fail (INSPECTOR_IS_STREAM_NODE (self), NULL);

  if (inspector_stream_node_is_stream (self))
    return NULL;
  child = imsg_storage_open_storage (self->storage, inspector_stream_node_get_name (self),
                                     IMSG_STORAGE_READ, NULL);
  return child != NULL ? inspector_stream_node_list (child) : NULL;
}

const char *
inspector_stream_node_get_name (InspectorStreamNode *self)
{
  g_return_val_if_fail (INSPECTOR_IS_STREAM_NODE (self), NULL);

  return imsg_storage_entry_get_name (self->entry);
}

gboolean
inspector_stream_node_is_stream (InspectorStreamNode *self)
{
  g_return_val_if_fail (INSPECTOR_IS_STREAM_NODE (self), FALSE);

  return imsg_storage_entry_get_kind (self->entry) == IMSG_STORAGE_ENTRY_STREAM;
}

guint64
inspector_stream_node_get_size (InspectorStreamNode *self)
{
  g_return_val_if_fail (INSPECTOR_IS_STREAM_NODE (self), 0);

  return imsg_storage_entry_get_size (self->entry);
}

char *
inspector_stream_node_dup_meaning (InspectorStreamNode *self)
{
  return inspector_stream_name_to_meaning (inspector_stream_node_get_name (self));
}

GInputStream *
inspector_stream_node_open (InspectorStreamNode  *self,
                            GError              **error)
{
  g_return_val_if_fail (INSPECTOR_IS_STREAM_NODE (self), NULL);

  return imsg_storage_open_stream (self->storage, inspector_stream_node_get_name (self), error);
}

/* [MS-OXMSG] 2.2 */
char *
inspector_stream_name_to_meaning (const char *name)
{
  guint64 number = 0;

  if (g_str_has_prefix (name, "__substg1.0_") && strlen (name) >= 20)
    {
      g_autofree char *digits = g_strndup (name + 12, 8);
      const char *known = NULL;

      if (!g_ascii_string_to_unsigned (digits, 16, 0, G_MAXUINT32, &number, NULL))
        return g_strdup ("");
      known = imsg_property_tag_get_name ((guint32) number);
      if (name[20] == '-')
        return g_strdup_printf (_("one value of %s"), known != NULL ? known : digits);
      return g_strdup (known != NULL ? known : "");
    }
  if (g_str_equal (name, "__properties_version1.0"))
    return g_strdup (_("property entries and fixed-size values"));
  if (g_str_equal (name, "__nameid_version1.0"))
    return g_strdup (_("map of named properties"));
  if (g_str_has_prefix (name, "__recip_version1.0_#"))
    return g_strdup (_("a recipient"));
  if (g_str_has_prefix (name, "__attach_version1.0_#"))
    return g_strdup (_("an attachment"));
  return g_strdup ("");
}
