/* imsg-body-private.h - making bodies, and what a message stores of them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-body.h"

G_BEGIN_DECLS

/* Every argument is taken; @trace and @problems may be NULL. */
IMsgBody *_imsg_body_new              (IMsgBodyFormat  format,
                                       IMsgBodyOrigin  origin,
                                       GBytes         *bytes,
                                       guint           code_page,
                                       GPtrArray      *trace,
                                       GPtrArray      *problems);

/* Tells that what was made of a property was cut; @problems may be NULL. */
void      _imsg_body_tell_cut         (GPtrArray      *problems,
                                       const char     *place,
                                       gsize           max_bytes);

/* The page HTML bytes are in, and why: a BOM, @declared (0 for none; @who says so, as it stands
 * before a colon), the meta element, UTF-8 by its looks, @fallback. Adds a line to @trace for each
 * step. */
guint     _imsg_html_choose_code_page (const guint8   *html,
                                       gsize           n_bytes,
                                       const char     *who,
                                       guint           declared,
                                       guint           fallback,
                                       GPtrArray      *trace);

G_END_DECLS
