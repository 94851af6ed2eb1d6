/* inspector-recipient-dialog.h - asks for a recipient's name, address and kind
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* recipient is NULL to add one */
void inspector_recipient_dialog_present (GtkWindow     *parent,
                                         InspectorView *view,
                                         IMsgMessage   *message,
                                         IMsgRecipient *recipient);

G_END_DECLS
