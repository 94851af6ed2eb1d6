/* plain-list.h - what GTK takes to search a long list when nothing else is done
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A window of the size of the inspector's with a search entry above a tree of these texts, each a row
 * of an icon and a label, which is searched by GTK's own filter. Returns (transfer none). */
GtkWindow *plain_list_new (const char * const *texts);

G_END_DECLS
