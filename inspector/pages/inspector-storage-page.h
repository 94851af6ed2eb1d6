/* inspector-storage-page.h - the storages and streams an object is made of, and the map of names
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_STORAGE_PAGE (inspector_storage_page_get_type ())
G_DECLARE_FINAL_TYPE (InspectorStoragePage, inspector_storage_page, INSPECTOR, STORAGE_PAGE,
                      GtkWidget)

void inspector_storage_page_set_view (InspectorStoragePage *self,
                                      InspectorView        *view);

/* For an offset or bytes of the stream that is shown */
void inspector_storage_page_start_search (InspectorStoragePage *self);

G_END_DECLS
