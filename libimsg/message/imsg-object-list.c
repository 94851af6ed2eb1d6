/* imsg-object-list.c - recipients or attachments as a list that makes its items when asked
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-object-list-private.h"

struct _IMsgObjectList
{
  GObject          parent_instance;

  IMsgMessage     *message; /* unowned; NULL once it is closed */
  IMsgObjectMaker  maker;
  GSequence       *slots;   /* (element-type IMsgObjectSlot), in the order shown */
  guint            n_slots;
  GSequenceIter   *last;    /* (nullable): the slot asked for last, and where it is */
  guint            last_position;
  GHashTable      *by_number; /* (nullable): number → its place in slots; once one is looked for */
  GType            item_type;
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

static IMsgObjectSlot *
get_slot (GSequenceIter *iter)
{
  return g_sequence_get (iter);
}

guint
_imsg_object_list_get_length (IMsgObjectList *self)
{
  return self->n_slots;
}

/* Most walk over the list from one end to the other. */
static GSequenceIter *
get_place (IMsgObjectList *self,
           guint           position)
{
  if (self->last != NULL && position == self->last_position + 1)
    self->last = g_sequence_iter_next (self->last);
  else if (self->last != NULL && position + 1 == self->last_position)
    self->last = g_sequence_iter_prev (self->last);
  else if (self->last == NULL || position != self->last_position)
    self->last = g_sequence_get_iter_at_pos (self->slots, (int) position);
  self->last_position = position;
  return self->last;
}

IMsgObjectSlot *
_imsg_object_list_get_slot (IMsgObjectList *self,
                            guint           position)
{
  return get_slot (get_place (self, position));
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

static void
know_number (IMsgObjectList *self,
             GSequenceIter  *iter)
{
  if (self->by_number != NULL)
    g_hash_table_insert (self->by_number, GUINT_TO_POINTER (get_slot (iter)->number), iter);
}

gboolean
_imsg_object_list_find (IMsgObjectList *self,
                        guint32         number,
                        guint          *position)
{
  GSequenceIter *iter;

  if (self->by_number == NULL)
    {
      self->by_number = g_hash_table_new (NULL, NULL);
      for (guint i = 0; i < _imsg_object_list_get_length (self); i++)
        know_number (self, get_place (self, i));
    }
  iter = g_hash_table_lookup (self->by_number, GUINT_TO_POINTER (number));
  if (iter == NULL)
    return FALSE;
  *position = (guint) g_sequence_iter_get_position (iter);
  return TRUE;
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
  _imsg_object_list_insert (self, _imsg_object_list_get_length (self), slot);
}

static void
insert_slot (IMsgObjectList       *self,
             guint                 position,
             const IMsgObjectSlot *slot)
{
  GSequenceIter *next = position == self->n_slots
                          ? g_sequence_get_end_iter (self->slots)
                          : g_sequence_get_iter_at_pos (self->slots, (int) position);

  self->last = NULL;
  self->n_slots++;
  self->highest = MAX (self->highest, slot->number);
  know_number (self, g_sequence_insert_before (next, g_memdup2 (slot, sizeof *slot)));
}

void
_imsg_object_list_insert (IMsgObjectList       *self,
                          guint                 position,
                          const IMsgObjectSlot *slot)
{
  position = MIN (position, _imsg_object_list_get_length (self));
  insert_slot (self, position, slot);
  changed (self, position, 0, 1);
}

IMsgPropertyObject *
_imsg_object_list_remove (IMsgObjectList *self,
                          guint           position)
{
  GSequenceIter *iter = get_place (self, position);
  IMsgPropertyObject *object = get_slot (iter)->object;

  self->last = NULL;
  if (self->by_number != NULL)
    g_hash_table_remove (self->by_number, GUINT_TO_POINTER (get_slot (iter)->number));
  g_sequence_remove (iter);
  self->n_slots--;
  changed (self, position, 1, 0);
  return object;
}

void
_imsg_object_list_move (IMsgObjectList *self,
                        guint           from,
                        guint           to)
{
  GSequenceIter *iter = get_place (self, from);
  guint first = MIN (from, to);
  guint n_slots = MAX (from, to) - first + 1;

  if (from == to)
    return;
  self->last = NULL;
  g_sequence_move (iter, g_sequence_get_iter_at_pos (self->slots,
                                                     (int) (from < to ? to + 1 : to)));
  changed (self, first, n_slots, n_slots);
}

static int
compare_places (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
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
  guint32 before = 0;

  for (guint i = 0; i < n_slots; i++)
    {
      is_ascending &= _imsg_object_list_get_slot (self, i)->place >= before;
      before = _imsg_object_list_get_slot (self, i)->place;
    }
  if (is_ascending)
    return;
  self->last = NULL;
  g_sequence_sort (self->slots, compare_places, NULL);
  changed (self, 0, n_slots, n_slots);
}

void
_imsg_object_list_close (IMsgObjectList *self,
                         gboolean        is_deleted)
{
  GSequence *slots;
  guint n_slots = self->n_slots;

  if (self->message == NULL)
    return;
  g_object_ref (self);
  self->message = NULL;
  slots = g_steal_pointer (&self->slots);
  self->slots = g_sequence_new (g_free);
  self->n_slots = 0;
  self->last = NULL;
  g_clear_pointer (&self->by_number, g_hash_table_unref);
  for (GSequenceIter *iter = g_sequence_get_end_iter (slots); !g_sequence_iter_is_begin (iter);)
    {
      IMsgObjectSlot *slot;

      iter = g_sequence_iter_prev (iter);
      slot = get_slot (iter);
      if (slot->object != NULL)
        {
          slot->object->is_deleted |= is_deleted;
          _imsg_property_object_close (slot->object);
          g_object_unref (slot->object);
        }
    }
  g_sequence_free (slots);
  if (n_slots > 0)
    changed (self, 0, n_slots, 0);
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
  IMsgObjectList *self = IMSG_OBJECT_LIST (object);

  g_sequence_free (self->slots);
  g_clear_pointer (&self->by_number, g_hash_table_unref);
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
  self->slots = g_sequence_new (g_free);
}

IMsgObjectList *
_imsg_object_list_new (GType            item_type,
                       IMsgMessage     *message,
                       IMsgObjectMaker  maker,
                       const GArray    *slots)
{
  IMsgObjectList *self = g_object_new (IMSG_TYPE_OBJECT_LIST, NULL);

  self->item_type = item_type;
  self->message = message;
  self->maker = maker;
  for (guint i = 0; slots != NULL && i < slots->len; i++)
    insert_slot (self, i, &g_array_index (slots, IMsgObjectSlot, i));
  return self;
}
