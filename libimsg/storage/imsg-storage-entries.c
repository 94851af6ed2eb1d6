/* imsg-storage-entries.c - the members of a storage as a list that follows edits
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-storage-object-private.h"

struct _IMsgStorageEntries
{
  GObject parent_instance;

  IMsgStorage *storage; /* unowned; NULL once it is gone */
  GSequence   *items;   /* (element-type IMsgStorageEntry) (nullable elements): made when asked for */
};

static void imsg_storage_entries_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IMsgStorageEntries, _imsg_storage_entries, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      imsg_storage_entries_list_model_init))

enum
{
  PROP_0,
  PROP_N_ITEMS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
clear_item (gpointer item)
{
  g_clear_object (&item);
}

static void
imsg_storage_entries_finalize (GObject *object)
{
  IMsgStorageEntries *self = IMSG_STORAGE_ENTRIES (object);

  g_clear_pointer (&self->items, g_sequence_free);

  G_OBJECT_CLASS (_imsg_storage_entries_parent_class)->finalize (object);
}

static void
imsg_storage_entries_get_property (GObject    *object,
                                   guint       property_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  IMsgStorageEntries *self = IMSG_STORAGE_ENTRIES (object);

  switch (property_id)
    {
    case PROP_N_ITEMS:
      g_value_set_uint (value, g_sequence_get_length (self->items));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
_imsg_storage_entries_class_init (IMsgStorageEntriesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = imsg_storage_entries_finalize;
  object_class->get_property = imsg_storage_entries_get_property;

  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
_imsg_storage_entries_init (IMsgStorageEntries *self)
{
  self->items = g_sequence_new (clear_item);
}

static GType
imsg_storage_entries_get_item_type (GListModel *model)
{
  return IMSG_TYPE_STORAGE_ENTRY;
}

static guint
imsg_storage_entries_get_n_items (GListModel *model)
{
  return g_sequence_get_length (IMSG_STORAGE_ENTRIES (model)->items);
}

static gpointer
imsg_storage_entries_get_item (GListModel *model,
                               guint       position)
{
  IMsgStorageEntries *self = IMSG_STORAGE_ENTRIES (model);
  GSequenceIter *iter = NULL;
  IMsgStorageEntry *item = NULL;
  IMsgMember member;

  if (position >= (guint) g_sequence_get_length (self->items))
    return NULL;
  iter = g_sequence_get_iter_at_pos (self->items, position);
  item = g_sequence_get (iter);
  if (item == NULL && self->storage != NULL && self->storage->node != NULL &&
      _imsg_node_get_member (self->storage->node, position, &member))
    {
      item = _imsg_storage_entry_new (&member.entry);
      g_sequence_set (iter, item);
    }
  return item != NULL ? g_object_ref (item) : NULL;
}

static void
imsg_storage_entries_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imsg_storage_entries_get_item_type;
  iface->get_n_items = imsg_storage_entries_get_n_items;
  iface->get_item = imsg_storage_entries_get_item;
}

static void
add_places (IMsgStorageEntries *self,
            GSequenceIter      *before,
            guint               n)
{
  for (guint i = 0; i < n; i++)
    g_sequence_insert_before (before, NULL);
}

IMsgStorageEntries *
_imsg_storage_entries_new (IMsgStorage *storage)
{
  IMsgStorageEntries *self = g_object_new (IMSG_TYPE_STORAGE_ENTRIES, NULL);

  self->storage = storage;
  if (storage->node != NULL)
    add_places (self, g_sequence_get_end_iter (self->items),
                _imsg_node_get_n_members (storage->node));
  return self;
}

void
_imsg_storage_entries_changed (IMsgStorageEntries *self,
                               guint               position,
                               guint               n_removed,
                               guint               n_added)
{
  GSequenceIter *first = g_sequence_get_iter_at_pos (self->items, position);
  GSequenceIter *end = g_sequence_get_iter_at_pos (self->items, position + n_removed);

  g_sequence_remove_range (first, end);
  add_places (self, end, n_added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
  if (n_removed != n_added)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

/* One change for the user is one signal: the range from the one place to the other. */
void
_imsg_storage_entries_moved (IMsgStorageEntries *self,
                             guint               old_position,
                             guint               new_position)
{
  guint first = MIN (old_position, new_position);
  guint n = MAX (old_position, new_position) - first + 1;
  GSequenceIter *old_iter = g_sequence_get_iter_at_pos (self->items, old_position);

  g_sequence_remove (old_iter);
  g_sequence_insert_before (g_sequence_get_iter_at_pos (self->items, new_position), NULL);
  g_list_model_items_changed (G_LIST_MODEL (self), first, n, n);
}

void
_imsg_storage_entries_reset (IMsgStorageEntries *self)
{
  guint n_old = g_sequence_get_length (self->items);
  guint n_new = 0;

  if (self->storage != NULL && self->storage->node != NULL)
    n_new = _imsg_node_get_n_members (self->storage->node);
  if (n_old > 0 || n_new > 0)
    _imsg_storage_entries_changed (self, 0, n_old, n_new);
}

void
_imsg_storage_entries_detach (IMsgStorageEntries *self)
{
  self->storage = NULL;
  _imsg_storage_entries_reset (self);
}
