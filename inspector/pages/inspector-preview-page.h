/* inspector-preview-page.h - a look into an attachment, without opening it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_PREVIEW_PAGE (inspector_preview_page_get_type ())
G_DECLARE_FINAL_TYPE (InspectorPreviewPage, inspector_preview_page, INSPECTOR, PREVIEW_PAGE,
                      GtkWidget)

void inspector_preview_page_set_view (InspectorPreviewPage *self,
                                      InspectorView        *view);
void inspector_preview_page_start_search (InspectorPreviewPage *self);

G_END_DECLS
