/* inspector-recipient-page.h - who a message is for
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-row-page.h"

G_BEGIN_DECLS

#define INSPECTOR_TYPE_RECIPIENT_PAGE (inspector_recipient_page_get_type ())
G_DECLARE_FINAL_TYPE (InspectorRecipientPage, inspector_recipient_page, INSPECTOR, RECIPIENT_PAGE,
                      InspectorRowPage)

void inspector_recipient_page_set_view (InspectorRecipientPage *self,
                                        InspectorView          *view);
void inspector_recipient_page_select   (InspectorRecipientPage *self,
                                        IMsgRecipient          *recipient,
                                        guint32                 tag);

G_END_DECLS
