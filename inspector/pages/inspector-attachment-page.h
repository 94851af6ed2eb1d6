/* inspector-attachment-page.h - what is attached to a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-row-page.h"

G_BEGIN_DECLS

#define INSPECTOR_TYPE_ATTACHMENT_PAGE (inspector_attachment_page_get_type ())
G_DECLARE_FINAL_TYPE (InspectorAttachmentPage, inspector_attachment_page, INSPECTOR,
                      ATTACHMENT_PAGE, InspectorRowPage)

G_END_DECLS
