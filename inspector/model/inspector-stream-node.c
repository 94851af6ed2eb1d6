/* inspector-stream-node.c - a storage or stream of a file, as a row shows it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-stream-node.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <string.h>

#define PROPERTY_PREFIX "__substg1.0_"
#define MAP_NAME "__nameid_version1.0"

struct _InspectorStreamNode
{
  GObject           parent_instance;

  IMsgStorage        *storage;   /* the one that the entry is in */
  IMsgStorageEntry   *entry;
  IMsgPropertyObject *object;    /* (nullable): whose names of properties count */
};

G_DEFINE_FINAL_TYPE (InspectorStreamNode, inspector_stream_node, G_TYPE_OBJECT)

static void
inspector_stream_node_finalize (GObject *object)
{
  InspectorStreamNode *self = INSPECTOR_STREAM_NODE (object);

  g_clear_object (&self->storage);
  g_clear_object (&self->entry);
  g_clear_object (&self->object);

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

/* The data is a node of no entry, with what all of a list have */
static gpointer
entry_to_node (gpointer item,
               gpointer user_data)
{
  InspectorStreamNode *list = user_data;
  InspectorStreamNode *self = g_object_new (INSPECTOR_TYPE_STREAM_NODE, NULL);

  self->entry = item;
  self->storage = g_object_ref (list->storage);
  g_set_object (&self->object, list->object);
  return self;
}

GListModel *
inspector_stream_node_list (IMsgStorage        *storage,
                            IMsgPropertyObject *object)
{
  InspectorStreamNode *list = g_object_new (INSPECTOR_TYPE_STREAM_NODE, NULL);

  list->storage = g_object_ref (storage);
  g_set_object (&list->object, object);
  return G_LIST_MODEL (gtk_map_list_model_new (g_object_ref (imsg_storage_get_entries (storage)),
                                               entry_to_node, list, g_object_unref));
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
  return child != NULL ? inspector_stream_node_list (child, self->object) : NULL;
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

/* The tag in the name of a stream of a property; 0 for none */
static guint32
parse_tag (const char *name)
{
  g_autofree char *digits = NULL;
  guint64 number = 0;

  if (!g_str_has_prefix (name, PROPERTY_PREFIX) || strlen (name) < strlen (PROPERTY_PREFIX) + 8)
    return 0;
  digits = g_strndup (name + strlen (PROPERTY_PREFIX), 8);
  return g_ascii_string_to_unsigned (digits, 16, 0, G_MAXUINT32, &number, NULL) ? (guint32) number
                                                                               : 0;
}

/* What the streams of the map of names hold, which are no properties: [MS-OXMSG] 2.2.3 */
static const char *
get_map_meaning (const char *name)
{
  guint id = imsg_property_tag_get_id (parse_tag (name));

  switch (id)
    {
    case 0:
      return "";
    case 2:
      return _("sets of the names");
    case 3:
      return _("ids and the names they stand for");
    case 4:
      return _("names that are text");
    default:
      return _("names with one hash");
    }
}

/* (transfer full) (nullable): of a property whose id the message gave to a name */
static char *
dup_property_name (InspectorStreamNode *self,
                   guint32              tag)
{
  guint id = imsg_property_tag_get_id (tag);
  g_autoptr(IMsgPropertyName) name = NULL;
  const char *known = NULL;

  if (id < 0x8000 || self->object == NULL)
    return NULL;
  name = imsg_property_object_lookup_name (self->object, id);
  if (name == NULL)
    return NULL;
  known = imsg_property_name_get_known_name (name);
  return known != NULL ? g_strdup (known) : imsg_property_name_to_text (name);
}

char *
inspector_stream_node_dup_meaning (InspectorStreamNode *self)
{
  const char *name = inspector_stream_node_get_name (self);
  g_autofree char *property = NULL;

  if (g_strcmp0 (imsg_storage_get_name (self->storage), MAP_NAME) == 0)
    return g_strdup (get_map_meaning (name));
  property = dup_property_name (self, parse_tag (name));
  if (property == NULL)
    return inspector_stream_name_to_meaning (name);
  return name[strlen (PROPERTY_PREFIX) + 8] == '-'
           ? g_strdup_printf (_("one value of %s"), property) : g_steal_pointer (&property);
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
  guint32 tag = parse_tag (name);

  if (tag != 0)
    {
      const char *known = imsg_property_tag_get_name (tag);
      g_autofree char *digits = g_strdup_printf ("%08X", tag);

      if (name[strlen (PROPERTY_PREFIX) + 8] == '-')
        return g_strdup_printf (_("one value of %s"), known != NULL ? known : digits);
      return g_strdup (known != NULL ? known : "");
    }
  if (g_str_equal (name, "__properties_version1.0"))
    return g_strdup (_("property entries and fixed-size values"));
  if (g_str_equal (name, MAP_NAME))
    return g_strdup (_("map of named properties"));
  if (g_str_has_prefix (name, "__recip_version1.0_#"))
    return g_strdup (_("a recipient"));
  if (g_str_has_prefix (name, "__attach_version1.0_#"))
    return g_strdup (_("an attachment"));
  return g_strdup ("");
}
