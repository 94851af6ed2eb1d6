/* imsg-property-list.c - the properties of an object as a list that follows its changes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-object-private.h"

#define IMSG_TYPE_PROPERTY_LIST (_imsg_property_list_get_type ())
GType _imsg_property_list_get_type (void);

struct _IMsgPropertyList
{
  GObject             parent_instance;

  IMsgPropertyObject *object; /* unowned; NULL once it is closed */
  GArray             *tags;   /* (element-type guint32) */
  GPtrArray          *items;  /* (element-type IMsgProperty), NULL where none was asked for */
};

typedef struct
{
  GObjectClass parent_class;
} IMsgPropertyListClass;

static inline IMsgPropertyList *
IMSG_PROPERTY_LIST (gpointer ptr)
{
  return G_TYPE_CHECK_INSTANCE_CAST (ptr, IMSG_TYPE_PROPERTY_LIST, IMsgPropertyList);
}

enum
{
  PROP_0,
  PROP_N_ITEMS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void imsg_property_list_model_init (GListModelInterface *iface);

G_DEFINE_TYPE_WITH_CODE (IMsgPropertyList, _imsg_property_list, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, imsg_property_list_model_init))

static GType
imsg_property_list_get_item_type (GListModel *model)
{
  return IMSG_TYPE_PROPERTY;
}

/* The tags are collected when somebody first looks. */
static void
ensure_tags (IMsgPropertyList *self)
{
  if (self->tags != NULL || self->object == NULL)
    return;
  self->tags = _imsg_property_object_collect (self->object, TRUE);
  self->items = g_ptr_array_new_with_free_func (NULL);
  g_ptr_array_set_size (self->items, (int) self->tags->len);
}

static guint
imsg_property_list_get_n_items (GListModel *model)
{
  IMsgPropertyList *self = IMSG_PROPERTY_LIST (model);

  ensure_tags (self);
  return self->tags != NULL ? self->tags->len : 0;
}

static gpointer
imsg_property_list_get_item (GListModel *model,
                             guint       position)
{
  IMsgPropertyList *self = IMSG_PROPERTY_LIST (model);

  ensure_tags (self);
  if (self->tags == NULL || position >= self->tags->len)
    return NULL;
  if (self->items->pdata[position] == NULL)
    self->items->pdata[position] =
      _imsg_property_new (self->object, g_array_index (self->tags, guint32, position));
  return g_object_ref (self->items->pdata[position]);
}

static void
imsg_property_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imsg_property_list_get_item_type;
  iface->get_n_items = imsg_property_list_get_n_items;
  iface->get_item = imsg_property_list_get_item;
}

static void
drop_item (gpointer item)
{
  if (item == NULL)
    return;
  _imsg_property_disconnect (item);
  g_object_unref (item);
}

static void
changed_range (IMsgPropertyList *self,
               guint             position,
               guint             n_removed,
               guint             n_added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
  if (n_removed != n_added)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

/* Puts what differs in place of what was there, between the ends that are the same. */
static void
replace_tags (IMsgPropertyList *self,
              GArray           *tags)
{
  const guint32 *old_tags = (const guint32 *) (gpointer) self->tags->data;
  const guint32 *new_tags = (const guint32 *) (gpointer) tags->data;
  guint n_old = self->tags->len, n_new = tags->len;
  guint first = 0, n_same_end = 0;
  g_autoptr(GArray) previous = NULL;
  g_autoptr(GPtrArray) dropped = g_ptr_array_new_with_free_func (drop_item);

  while (first < n_old && first < n_new && old_tags[first] == new_tags[first])
    first++;
  while (n_same_end < n_old - first && n_same_end < n_new - first &&
         old_tags[n_old - 1 - n_same_end] == new_tags[n_new - 1 - n_same_end])
    n_same_end++;

  previous = self->tags;
  self->tags = tags;
  n_old -= first + n_same_end;
  n_new -= first + n_same_end;
  if (n_old == 0 && n_new == 0)
    return;
  for (guint i = 0; i < n_old; i++)
    g_ptr_array_add (dropped, self->items->pdata[first + i]);
  if (n_old > 0)
    g_ptr_array_remove_range (self->items, first, n_old);
  for (guint i = 0; i < n_new; i++)
    g_ptr_array_insert (self->items, (int) (first + i), NULL);
  changed_range (self, first, n_old, n_new);
}

void
_imsg_property_list_reload (IMsgPropertyList *self)
{
  if (self->tags == NULL || self->object == NULL)
    return;
  g_object_ref (self);
  replace_tags (self, _imsg_property_object_collect (self->object, TRUE));
  for (guint i = 0; i < self->items->len; i++)
    if (self->items->pdata[i] != NULL)
      _imsg_property_update (self->items->pdata[i], g_array_index (self->tags, guint32, i));
  g_object_unref (self);
}

/* Computed ones come last. */
void
_imsg_property_list_recompute (IMsgPropertyList *self)
{
  guint i;

  if (self == NULL || self->tags == NULL || self->object == NULL)
    return;
  g_object_ref (self);
  i = self->tags->len;
  while (i > 0)
    {
      guint32 tag = g_array_index (self->tags, guint32, --i);
      IMsgPropertySlot slot;

      if (_imsg_property_object_lookup (self->object, tag, &slot))
        break;
      if (self->items->pdata[i] != NULL)
        _imsg_property_update (self->items->pdata[i], tag);
      /* Whoever was told may have changed more, or closed the object */
      i = self->object != NULL ? MIN (i, self->tags->len) : 0;
    }
  g_object_unref (self);
}

/* A property was set, deleted or reverted. */
void
_imsg_property_list_changed (IMsgPropertyList *self,
                             guint             id)
{
  guint32 tag, found;
  guint32 offered;
  guint position = 0, n_same = 0;

  if (self->tags == NULL || self->object == NULL)
    return;
  for (guint i = 0; i < self->tags->len; i++)
    if (IMSG_TAG_ID (g_array_index (self->tags, guint32, i)) == id && n_same++ == 0)
      position = i;

  found = imsg_property_object_find_tag (self->object, IMSG_TAG (0, id));
  tag = n_same > 0 ? g_array_index (self->tags, guint32, position) : 0;
  if (n_same != (guint) (found != 0) || tag != found ||
      _imsg_property_object_offers (self->object, id, &offered))
    {
      _imsg_property_list_reload (self);
      return;
    }
  g_object_ref (self);
  if (n_same > 0 && self->items->pdata[position] != NULL)
    _imsg_property_update (self->items->pdata[position], found);
  g_object_unref (self);
}

/* The object is closed: the list is empty from now on. */
void
_imsg_property_list_disconnect (IMsgPropertyList *self)
{
  guint n_items = self->tags != NULL ? self->tags->len : 0;

  if (self->object == NULL)
    return;
  g_object_ref (self);
  self->object = NULL;
  if (n_items > 0)
    {
      g_autoptr(GPtrArray) dropped = g_steal_pointer (&self->items);

      self->items = g_ptr_array_new ();
      g_array_set_size (self->tags, 0);
      g_ptr_array_set_free_func (dropped, drop_item);
      changed_range (self, 0, n_items, 0);
    }
  g_object_unref (self);
}

gsize
_imsg_property_list_get_memory_use (IMsgPropertyList *self)
{
  return sizeof *self + (self->tags != NULL ? self->tags->len * 80 : 0);
}

static void
imsg_property_list_dispose (GObject *object)
{
  _imsg_property_list_disconnect (IMSG_PROPERTY_LIST (object));
  G_OBJECT_CLASS (_imsg_property_list_parent_class)->dispose (object);
}

static void
imsg_property_list_finalize (GObject *object)
{
  IMsgPropertyList *self = IMSG_PROPERTY_LIST (object);

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->tags, g_array_unref);
  G_OBJECT_CLASS (_imsg_property_list_parent_class)->finalize (object);
}

static void
imsg_property_list_get_property (GObject    *object,
                                 guint       property_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  if (property_id == PROP_N_ITEMS)
    g_value_set_uint (value, g_list_model_get_n_items (G_LIST_MODEL (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

static void
_imsg_property_list_class_init (IMsgPropertyListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imsg_property_list_dispose;
  object_class->finalize = imsg_property_list_finalize;
  object_class->get_property = imsg_property_list_get_property;

  properties[PROP_N_ITEMS] =
    g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
_imsg_property_list_init (IMsgPropertyList *self)
{
}

IMsgPropertyList *
_imsg_property_list_new (IMsgPropertyObject *object)
{
  IMsgPropertyList *self = g_object_new (IMSG_TYPE_PROPERTY_LIST, NULL);

  self->object = object->is_closed ? NULL : object;
  return self;
}
