/* imsg-object-list.c - recipients or attachments as a list that makes its items when asked
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-object-list-private.h"

#include <string.h>

struct _IMsgObjectList
{
  GObject          parent_instance;

  IMsgMessage     *message; /* unowned; NULL once it is closed */
  IMsgObjectMaker  maker;
  GArray          *slots;   /* (element-type IMsgObjectSlot), in the order shown */
  guint            first;   /* of them: those before are gone */
  GType            item_type;
  gboolean         is_sorted; /* ascending by number */
  guint32          highest;   /* number there is, or was */
};

enum
{
  PROP_0,
  PROP_N_ITEMS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void imsg_object_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IMsgObjectList, _imsg_object_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      imsg_object_list_model_init))

static GType
imsg_object_list_get_item_type (GListModel *model)
{
  return IMSG_OBJECT_LIST (model)->item_type;
}

static guint
imsg_object_list_get_n_items (GListModel *model)
{
  return _imsg_object_list_get_length (IMSG_OBJECT_LIST (model));
}

static gpointer
imsg_object_list_get_item (GListModel *model,
                           guint       position)
{
  IMsgObjectList *self = IMSG_OBJECT_LIST (model);

  if (position >= _imsg_object_list_get_length (self))
    return NULL;
  return g_object_ref (_imsg_object_list_get (self, position));
}

static void
imsg_object_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imsg_object_list_get_item_type;
  iface->get_n_items = imsg_object_list_get_n_items;
  iface->get_item = imsg_object_list_get_item;
}

static void
changed (IMsgObjectList *self,
         guint           position,
         guint           n_removed,
         guint           n_added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
  if (n_removed != n_added)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

guint
_imsg_object_list_get_length (IMsgObjectList *self)
{
  return self->slots->len - self->first;
}

IMsgObjectSlot *
_imsg_object_list_get_slot (IMsgObjectList *self,
                            guint           position)
{
  return &g_array_index (self->slots, IMsgObjectSlot, self->first + position);
}

IMsgPropertyObject *
_imsg_object_list_get (IMsgObjectList *self,
                       guint           position)
{
  IMsgObjectSlot *slot = _imsg_object_list_get_slot (self, position);

  if (slot->object == NULL)
    slot->object = self->maker (self->message, slot);
  return slot->object;
}

void
_imsg_object_list_collect (IMsgObjectList *self,
                           GPtrArray      *objects)
{
  for (guint i = 0; self != NULL && i < _imsg_object_list_get_length (self); i++)
    {
      IMsgPropertyObject *object = _imsg_object_list_get_slot (self, i)->object;

      if (object != NULL)
        g_ptr_array_add (objects, g_object_ref (object));
    }
}

gboolean
_imsg_object_list_find (IMsgObjectList *self,
                        guint32         number,
                        guint          *position)
{
  guint n_slots = _imsg_object_list_get_length (self);
  guint low = 0, high = n_slots;

  if (!self->is_sorted)
    {
      for (guint i = 0; i < n_slots; i++)
        if (_imsg_object_list_get_slot (self, i)->number == number)
          {
            *position = i;
            return TRUE;
          }
      return FALSE;
    }

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (_imsg_object_list_get_slot (self, middle)->number < number)
        low = middle + 1;
      else
        high = middle;
    }
  *position = low;
  return low < n_slots && _imsg_object_list_get_slot (self, low)->number == number;
}

guint32
_imsg_object_list_find_free (IMsgObjectList *self,
                             guint32         number)
{
  guint position;

  while (number <= self->highest && _imsg_object_list_find (self, number, &position))
    number++;
  return number;
}

void
_imsg_object_list_append (IMsgObjectList       *self,
                          const IMsgObjectSlot *slot)
{
  guint position = _imsg_object_list_get_length (self);

  if (position > 0 && _imsg_object_list_get_slot (self, position - 1)->number >= slot->number)
    self->is_sorted = FALSE;
  self->highest = MAX (self->highest, slot->number);
  g_array_append_vals (self->slots, slot, 1);
  changed (self, position, 0, 1);
}

void
_imsg_object_list_insert (IMsgObjectList       *self,
                          guint                 position,
                          const IMsgObjectSlot *slot)
{
  position = MIN (position, _imsg_object_list_get_length (self));
  g_array_insert_vals (self->slots, self->first + position, slot, 1);
  changed (self, position, 0, 1);
}

static void
forget_gone (IMsgObjectList *self)
{
  if (self->first > 0)
    g_array_remove_range (self->slots, 0, self->first);
  self->first = 0;
}

/* Moves those on the side where there are fewer, so that all can go one by one from either end. */
static void
remove_slot (IMsgObjectList *self,
             guint           position)
{
  if (position >= _imsg_object_list_get_length (self) / 2)
    {
      g_array_remove_index (self->slots, self->first + position);
      return;
    }
  if (position > 0)
    memmove (_imsg_object_list_get_slot (self, 1), _imsg_object_list_get_slot (self, 0),
             position * sizeof (IMsgObjectSlot));
  self->first++;
  if (self->first > _imsg_object_list_get_length (self))
    forget_gone (self);
}

IMsgPropertyObject *
_imsg_object_list_remove (IMsgObjectList *self,
                          guint           position)
{
  IMsgPropertyObject *object = _imsg_object_list_get_slot (self, position)->object;

  remove_slot (self, position);
  changed (self, position, 1, 0);
  return object;
}

void
_imsg_object_list_move (IMsgObjectList *self,
                        guint           from,
                        guint           to)
{
  IMsgObjectSlot slot = *_imsg_object_list_get_slot (self, from);
  guint first = MIN (from, to);
  guint n_slots = MAX (from, to) - first + 1;

  if (from == to)
    return;
  self->is_sorted = FALSE;
  g_array_remove_index (self->slots, self->first + from);
  g_array_insert_val (self->slots, self->first + to, slot);
  changed (self, first, n_slots, n_slots);
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const IMsgObjectSlot *left = a;
  const IMsgObjectSlot *right = b;

  return left->place < right->place ? -1 : left->place > right->place;
}

void
_imsg_object_list_sort (IMsgObjectList *self)
{
  guint n_slots = _imsg_object_list_get_length (self);
  gboolean is_ascending = TRUE;

  for (guint i = 1; i < n_slots; i++)
    is_ascending &= compare_places (_imsg_object_list_get_slot (self, i - 1),
                                    _imsg_object_list_get_slot (self, i)) <= 0;
  if (is_ascending)
    return;
  forget_gone (self);
  g_array_sort (self->slots, compare_places);
  self->is_sorted = TRUE;
  for (guint i = 1; i < n_slots; i++)
    self->is_sorted &= _imsg_object_list_get_slot (self, i - 1)->number <
                       _imsg_object_list_get_slot (self, i)->number;
  changed (self, 0, n_slots, n_slots);
}

void
_imsg_object_list_close (IMsgObjectList *self,
                         gboolean        is_deleted)
{
  g_autoptr(GArray) slots = NULL;

  if (self->message == NULL)
    return;
  g_object_ref (self);
  self->message = NULL;
  forget_gone (self);
  slots = g_steal_pointer (&self->slots);
  self->slots = g_array_new (FALSE, FALSE, sizeof (IMsgObjectSlot));
  for (guint i = slots->len; i > 0; i--)
    {
      IMsgObjectSlot *slot = &g_array_index (slots, IMsgObjectSlot, i - 1);

      if (slot->object != NULL)
        {
          slot->object->is_deleted |= is_deleted;
          _imsg_property_object_close (slot->object);
          g_object_unref (slot->object);
        }
    }
  if (slots->len > 0)
    changed (self, 0, slots->len, 0);
  g_object_unref (self);
}

static void
imsg_object_list_dispose (GObject *object)
{
  _imsg_object_list_close (IMSG_OBJECT_LIST (object), FALSE);
  G_OBJECT_CLASS (_imsg_object_list_parent_class)->dispose (object);
}

static void
imsg_object_list_finalize (GObject *object)
{
  g_array_unref (IMSG_OBJECT_LIST (object)->slots);
  G_OBJECT_CLASS (_imsg_object_list_parent_class)->finalize (object);
}

static void
imsg_object_list_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (property_id == PROP_N_ITEMS)
    g_value_set_uint (value, _imsg_object_list_get_length (IMSG_OBJECT_LIST (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

static void
_imsg_object_list_class_init (IMsgObjectListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imsg_object_list_dispose;
  object_class->finalize = imsg_object_list_finalize;
  object_class->get_property = imsg_object_list_get_property;

  properties[PROP_N_ITEMS] =
    g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
_imsg_object_list_init (IMsgObjectList *self)
{
  self->is_sorted = TRUE;
}

IMsgObjectList *
_imsg_object_list_new (GType            item_type,
                       IMsgMessage     *message,
                       IMsgObjectMaker  maker,
                       GArray          *slots)
{
  IMsgObjectList *self = g_object_new (IMSG_TYPE_OBJECT_LIST, NULL);

  self->item_type = item_type;
  self->message = message;
  self->maker = maker;
  self->slots = slots;
  if (slots->len > 0)
    self->highest = _imsg_object_list_get_slot (self, slots->len - 1)->number;
  return self;
}
