/* inspector-shown-text.h - text of a file, as long as it is fit to be shown in a line or two
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a label shows at the most. */
#define INSPECTOR_SHOWN_CHARACTERS 500

/* Of longer text the beginning and an ellipsis; of NULL NULL. */
char     *inspector_dup_shown_text (const char *text);
/* Whether text cannot be wrapped within any time: it has a word of thousands of bytes, and each line
 * that such a word is broken into shapes the rest of it anew. */
gboolean  inspector_has_endless_word (const char *text);

G_END_DECLS
