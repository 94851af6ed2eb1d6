/* inspector-save-attachments.h - attachments to files
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-view.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void inspector_save_attachment      (GtkWindow       *parent,
                                     InspectorView   *view,
                                     IMsgAttachment  *attachment);
void inspector_save_all_attachments (GtkWindow       *parent,
                                     InspectorView   *view,
                                     IMsgMessage     *message);

G_END_DECLS
