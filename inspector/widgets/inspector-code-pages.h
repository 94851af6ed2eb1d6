/* inspector-code-pages.h - the code pages a person may choose from
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Their names, the first of which leaves the choice to the library; (transfer full) */
GListModel *inspector_code_page_list         (void);
guint       inspector_code_page_get_at       (guint position);
guint       inspector_code_page_get_position (guint code_page);

G_END_DECLS
