/* imsg-property-bag.c - properties that belong to no message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-message-private.h"
#include "imsg-property-bag.h"

/**
 * IMsgPropertyBag:
 *
 * Properties that belong to no message: a place to gather values, or the row of a table that is in
 * memory only.
 *
 * Nothing is computed and nothing is saved; text is Unicode.
 *
 * ```c
 * g_autoptr(IMsgPropertyBag) bag = imsg_property_bag_new (NULL);
 *
 * imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (bag), IMSG_PR_SUBJECT, "draft", &error);
 * ```
 *
 * Source: `IPropData`.
 *
 * Since: 1.0
 */

struct _IMsgPropertyBag
{
  IMsgPropertyObject parent_instance;

  IMsgMessage *names;       /* owned: whose named-property map is that of the bag; NULL until
                             * needed */
  guint        owns_names : 1; /* no other bag has lent them */
};

struct _IMsgPropertyBagClass
{
  IMsgPropertyObjectClass parent_class;
};

G_DEFINE_FINAL_TYPE (IMsgPropertyBag, imsg_property_bag, IMSG_TYPE_PROPERTY_OBJECT)

static IMsgMessage *
property_bag_get_message (IMsgPropertyObject *object)
{
  IMsgPropertyBag *self = IMSG_PROPERTY_BAG (object);

  if (self->names == NULL && !object->is_closed)
    {
      self->names = _imsg_message_new_created (NULL, "IPM", TRUE, NULL);
      self->owns_names = TRUE;
    }
  return self->names;
}

static gboolean
property_bag_open (IMsgPropertyObject  *object,
                   GError             **error)
{
  return TRUE;
}

static char *
property_bag_dup_path (IMsgPropertyObject *object)
{
  return g_strdup ("");
}

static void
imsg_property_bag_dispose (GObject *object)
{
  IMsgPropertyBag *self = IMSG_PROPERTY_BAG (object);

  G_OBJECT_CLASS (imsg_property_bag_parent_class)->dispose (object);
  if (self->names != NULL && self->owns_names)
    imsg_message_close (self->names);
  g_clear_object (&self->names);
}

static void
imsg_property_bag_class_init (IMsgPropertyBagClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  IMsgPropertyObjectClass *property_class = &klass->parent_class;
  static const guint16 no_ids[] = { 0 };
  static const guint32 no_tags[] = { 0 };

  object_class->dispose = imsg_property_bag_dispose;
  property_class->get_message = property_bag_get_message;
  property_class->open = property_bag_open;
  property_class->dup_path = property_bag_dup_path;
  property_class->takes_any_id = TRUE;
  property_class->computed_ids = no_ids;
  property_class->offered_tags = no_tags;
}

static void
imsg_property_bag_init (IMsgPropertyBag *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);

  object->is_writable = TRUE;
  _imsg_property_object_take_entries (object, NULL, NULL);
}

/**
 * imsg_property_bag_new: (constructor)
 * @names: (nullable): a bag whose named properties the new one shares; it must outlive the new one
 *
 * Makes an empty bag.
 *
 * Returns: (transfer full): the bag
 * Since: 1.0
 */
IMsgPropertyBag *
imsg_property_bag_new (IMsgPropertyBag *names)
{
  IMsgMessage *shared;
  IMsgPropertyBag *self;

  g_return_val_if_fail (names == NULL || IMSG_IS_PROPERTY_BAG (names), NULL);

  self = g_object_new (IMSG_TYPE_PROPERTY_BAG, NULL);
  shared = names != NULL ? property_bag_get_message (IMSG_PROPERTY_OBJECT (names)) : NULL;
  g_set_object (&self->names, shared);
  return self;
}
