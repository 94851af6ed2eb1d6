/* inspector-property-filter.c - which properties a search and its chips leave
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-property-filter.h"

#include "inspector-property-text.h"
#include "inspector-value.h"

#include <string.h>

/* How long the main loop may be held for texts that nobody waits for */
#define PREPARE_US 4000

struct _InspectorPropertyFilter
{
  GtkFilter       parent_instance;

  GHashTable     *haystacks;  /* IMsgProperty → its folded text */
  char           *folded;     /* what is searched for; NULL for nothing */
  InspectorChips  chips;
};

G_DEFINE_FINAL_TYPE (InspectorPropertyFilter, inspector_property_filter, GTK_TYPE_FILTER)

static const char *
get_haystack (InspectorPropertyFilter *self,
              IMsgProperty            *property)
{
  char *haystack = g_hash_table_lookup (self->haystacks, property);

  if (haystack == NULL)
    {
      haystack = inspector_property_dup_haystack (property);
      g_hash_table_insert (self->haystacks, g_object_ref (property), haystack);
    }
  return haystack;
}

static gboolean
is_binary (IMsgProperty *property)
{
  IMsgPropertyType type = inspector_value_base_type (imsg_property_get_property_type (property));

  return type == IMSG_PROPERTY_TYPE_BINARY || type == IMSG_PROPERTY_TYPE_OBJECT;
}

static gboolean
inspector_property_filter_match (GtkFilter *filter,
                                 gpointer   item)
{
  InspectorPropertyFilter *self = INSPECTOR_PROPERTY_FILTER (filter);
  IMsgProperty *property = IMSG_PROPERTY (item);

  if ((self->chips & INSPECTOR_CHIP_NAMED) &&
      !imsg_property_tag_is_named (imsg_property_get_tag (property)))
    return FALSE;
  if ((self->chips & INSPECTOR_CHIP_CHANGED) &&
      imsg_property_get_origin (property) != IMSG_PROPERTY_ORIGIN_EDITED)
    return FALSE;
  if ((self->chips & INSPECTOR_CHIP_READ_ONLY) &&
      (imsg_property_get_attributes (property) & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE))
    return FALSE;
  if ((self->chips & INSPECTOR_CHIP_BINARY) && !is_binary (property))
    return FALSE;
  if ((self->chips & INSPECTOR_CHIP_DAMAGED) && !imsg_property_is_damaged (property))
    return FALSE;
  return self->folded == NULL || strstr (get_haystack (self, property), self->folded) != NULL;
}

static GtkFilterMatch
inspector_property_filter_get_strictness (GtkFilter *filter)
{
  return inspector_property_filter_is_empty (INSPECTOR_PROPERTY_FILTER (filter))
           ? GTK_FILTER_MATCH_ALL : GTK_FILTER_MATCH_SOME;
}

static void
inspector_property_filter_finalize (GObject *object)
{
  InspectorPropertyFilter *self = INSPECTOR_PROPERTY_FILTER (object);

  g_clear_pointer (&self->haystacks, g_hash_table_unref);
  g_clear_pointer (&self->folded, g_free);

  G_OBJECT_CLASS (inspector_property_filter_parent_class)->finalize (object);
}

static void
inspector_property_filter_class_init (InspectorPropertyFilterClass *klass)
{
  GtkFilterClass *filter_class = GTK_FILTER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inspector_property_filter_finalize;
  filter_class->match = inspector_property_filter_match;
  filter_class->get_strictness = inspector_property_filter_get_strictness;
}

static void
inspector_property_filter_init (InspectorPropertyFilter *self)
{
  self->haystacks = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
}

InspectorPropertyFilter *
inspector_property_filter_new (void)
{
  return g_object_new (INSPECTOR_TYPE_PROPERTY_FILTER, NULL);
}

/* A longer text looks only at what the shorter one left, and the other way round */
void
inspector_property_filter_set_text (InspectorPropertyFilter *self,
                                    const char              *text)
{
  g_autofree char *old = NULL;
  GtkFilterChange change = GTK_FILTER_CHANGE_DIFFERENT;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_FILTER (self));

  old = g_steal_pointer (&self->folded);
  if (text != NULL && *text != '\0')
    self->folded = g_utf8_casefold (text, -1);
  if (g_strcmp0 (old, self->folded) == 0)
    return;

  if (old == NULL || (self->folded != NULL && strstr (self->folded, old) != NULL))
    change = GTK_FILTER_CHANGE_MORE_STRICT;
  else if (self->folded == NULL || strstr (old, self->folded) != NULL)
    change = GTK_FILTER_CHANGE_LESS_STRICT;
  gtk_filter_changed (GTK_FILTER (self), change);
}

void
inspector_property_filter_set_chips (InspectorPropertyFilter *self,
                                     InspectorChips           chips)
{
  InspectorChips old;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_FILTER (self));

  old = self->chips;
  if (old == chips)
    return;
  self->chips = chips;
  if ((old & chips) == old)
    gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_MORE_STRICT);
  else if ((old & chips) == chips)
    gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_LESS_STRICT);
  else
    gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

gboolean
inspector_property_filter_is_empty (InspectorPropertyFilter *self)
{
  g_return_val_if_fail (INSPECTOR_IS_PROPERTY_FILTER (self), TRUE);

  return self->folded == NULL && self->chips == 0;
}

gboolean
inspector_property_filter_prepare (InspectorPropertyFilter *self,
                                   GListModel              *properties,
                                   guint                   *position)
{
  gint64 end = g_get_monotonic_time () + PREPARE_US;
  guint n_items;

  g_return_val_if_fail (INSPECTOR_IS_PROPERTY_FILTER (self), FALSE);

  n_items = g_list_model_get_n_items (properties);
  while (*position < n_items && g_get_monotonic_time () < end)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (properties, (*position)++);

      get_haystack (self, property);
    }
  return *position < n_items;
}

void
inspector_property_filter_forget (InspectorPropertyFilter *self,
                                  guint32                  tag)
{
  GHashTableIter iter;
  gpointer property = NULL;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_FILTER (self));

  g_hash_table_iter_init (&iter, self->haystacks);
  while (g_hash_table_iter_next (&iter, &property, NULL))
    {
      if (imsg_property_tag_get_id (imsg_property_get_tag (property)) ==
          imsg_property_tag_get_id (tag))
        g_hash_table_iter_remove (&iter);
    }
}

void
inspector_property_filter_forget_all (InspectorPropertyFilter *self)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_FILTER (self));

  g_hash_table_remove_all (self->haystacks);
}
