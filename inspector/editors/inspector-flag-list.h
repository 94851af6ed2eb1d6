/* inspector-flag-list.h - the known flags and values of a number, to be ticked and chosen
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>
#include <imsg.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_FLAG_LIST (inspector_flag_list_get_type ())
G_DECLARE_FINAL_TYPE (InspectorFlagList, inspector_flag_list, INSPECTOR, FLAG_LIST, GtkWidget)

GtkWidget *inspector_flag_list_new         (void);
/* (element-type IMsgValueName) */
void       inspector_flag_list_set_names   (InspectorFlagList *self,
                                            GPtrArray         *names);
void       inspector_flag_list_show_number (InspectorFlagList *self,
                                            guint32            number,
                                            gboolean           editable);
guint32    inspector_flag_list_get_number  (InspectorFlagList *self);

G_END_DECLS
