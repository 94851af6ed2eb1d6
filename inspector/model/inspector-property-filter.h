/* inspector-property-filter.h - which properties a search and its chips leave
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>
#include <imsg.h>

G_BEGIN_DECLS

typedef enum
{
  INSPECTOR_CHIP_NAMED = 1 << 0,
  INSPECTOR_CHIP_CHANGED = 1 << 1,
  INSPECTOR_CHIP_READ_ONLY = 1 << 2,
  INSPECTOR_CHIP_BINARY = 1 << 3,
  INSPECTOR_CHIP_DAMAGED = 1 << 4,
} InspectorChips;

#define INSPECTOR_TYPE_PROPERTY_FILTER (inspector_property_filter_get_type ())
G_DECLARE_FINAL_TYPE (InspectorPropertyFilter, inspector_property_filter, INSPECTOR,
                      PROPERTY_FILTER, GtkFilter)

InspectorPropertyFilter *inspector_property_filter_new       (void);
void                     inspector_property_filter_set_text  (InspectorPropertyFilter *self,
                                                              const char              *text);
void                     inspector_property_filter_set_chips (InspectorPropertyFilter *self,
                                                              InspectorChips           chips);
gboolean                 inspector_property_filter_is_empty  (InspectorPropertyFilter *self);

/* The texts that are searched are kept. prepare makes some of those that are missing, for a few
 * milliseconds, and returns whether there are more; position is where it goes on, first 0. */
gboolean                 inspector_property_filter_prepare   (InspectorPropertyFilter *self,
                                                              GListModel              *properties,
                                                              guint                   *position);
void                     inspector_property_filter_forget    (InspectorPropertyFilter *self,
                                                              guint32                  tag);
void                     inspector_property_filter_forget_all (InspectorPropertyFilter *self);

G_END_DECLS
