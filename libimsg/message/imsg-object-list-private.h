/* imsg-object-list-private.h - recipients or attachments as a list that makes its items when asked
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-property-object-private.h"

G_BEGIN_DECLS

#define IMSG_TYPE_OBJECT_LIST (_imsg_object_list_get_type ())
G_DECLARE_FINAL_TYPE (IMsgObjectList, _imsg_object_list, IMSG, OBJECT_LIST, GObject)

/* One place in the list. */
typedef struct
{
  guint32             number;    /* what the item is known by: row id or attachment number */
  guint32             index;     /* of its storage */
  guint32             wanted;    /* index the save under way gives it */
  guint32             place;     /* in the order that the file has, or the last save has taken */
  guint               is_stored : 1; /* there is a storage of that index */
  guint               is_staged : 1; /* a save of the message has taken it, as it then was */
  guint               has_new_row_id : 1; /* nobody was told of yet */
  IMsgPropertyObject *object;    /* NULL until asked for */
} IMsgObjectSlot;

typedef IMsgPropertyObject *(*IMsgObjectMaker) (IMsgMessage          *message,
                                                const IMsgObjectSlot *slot);

/* Takes slots (element-type IMsgObjectSlot), ascending by number. */
IMsgObjectList     *_imsg_object_list_new        (GType                 item_type,
                                                  IMsgMessage          *message,
                                                  IMsgObjectMaker       maker,
                                                  GArray               *slots);
guint               _imsg_object_list_get_length (IMsgObjectList       *self);
IMsgObjectSlot     *_imsg_object_list_get_slot   (IMsgObjectList       *self,
                                                  guint                 position);
/* The item of a place, made when there is none yet; borrowed. */
IMsgPropertyObject *_imsg_object_list_get        (IMsgObjectList       *self,
                                                  guint                 position);
/* Adds a reference to each item there is. What tells others of changes goes through these: whoever
 * hears of one may take items away, or all of them. */
void                _imsg_object_list_collect    (IMsgObjectList       *self,
                                                  GPtrArray            *objects);
/* FALSE when there is no such number. */
gboolean            _imsg_object_list_find       (IMsgObjectList       *self,
                                                  guint32               number,
                                                  guint                *position);
/* The first number from this one on that nothing has: a damaged file may use the highest. */
guint32             _imsg_object_list_find_free (IMsgObjectList       *self,
                                                 guint32               number);
/* Takes the object of the slot. */
void                _imsg_object_list_append     (IMsgObjectList       *self,
                                                  const IMsgObjectSlot *slot);
/* The item that was there, if any: the caller's. */
IMsgPropertyObject *_imsg_object_list_remove     (IMsgObjectList       *self,
                                                  guint                 position);
/* Puts a slot back where it was; takes its object. */
void                _imsg_object_list_insert     (IMsgObjectList       *self,
                                                  guint                 position,
                                                  const IMsgObjectSlot *slot);
void                _imsg_object_list_move       (IMsgObjectList       *self,
                                                  guint                 from,
                                                  guint                 to);
/* By their places. */
void                _imsg_object_list_sort       (IMsgObjectList       *self);
/* Closes the items, newest first; the list is empty from now on. */
void                _imsg_object_list_close      (IMsgObjectList       *self,
                                                  gboolean              is_deleted);

G_END_DECLS
