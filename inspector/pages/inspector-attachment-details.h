/* inspector-attachment-details.h - the selected attachment, beside the table of them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_ATTACHMENT_DETAILS (inspector_attachment_details_get_type ())
G_DECLARE_FINAL_TYPE (InspectorAttachmentDetails, inspector_attachment_details, INSPECTOR,
                      ATTACHMENT_DETAILS, GtkWidget)

void inspector_attachment_details_show (InspectorAttachmentDetails *self,
                                        InspectorView              *view,
                                        IMsgAttachment             *attachment);

G_END_DECLS
