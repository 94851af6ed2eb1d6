/* imsg-language-private.h - what Windows and the Internet call a language
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "en-US" for 0x0409 ([MS-LCID]); NULL for one that is not known. */
const char *_imsg_language_get_tag   (guint32     locale_id);
/* The locale of the first tag of a list, without regard to case; a language without its country is
 * that of its first country. 0 when it is not known. */
guint32     _imsg_language_find_locale (const char *tags);

G_END_DECLS
