/* inspector-find-bar.h - finds words in a text that is shown
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  INSPECTOR_FIND_FIRST,     /* from where the last match begins: a letter was added */
  INSPECTOR_FIND_NEXT,
  INSPECTOR_FIND_PREVIOUS,
} InspectorFindStep;

#define INSPECTOR_TYPE_FIND_BAR (inspector_find_bar_get_type ())
G_DECLARE_FINAL_TYPE (InspectorFindBar, inspector_find_bar, INSPECTOR, FIND_BAR, AdwBin)

/* Emits "find" with the text, empty once it is closed, and the step; whoever looks then answers */
void     inspector_find_bar_start        (InspectorFindBar  *self);
void     inspector_find_bar_stop         (InspectorFindBar  *self);
void     inspector_find_bar_answer       (InspectorFindBar  *self,
                                          gboolean           found);
/* Selects the match in a text view, going on at the other end; FALSE when there is none */
gboolean inspector_find_bar_find_in_text (GtkTextView       *view,
                                          const char        *text,
                                          InspectorFindStep  step);

G_END_DECLS
