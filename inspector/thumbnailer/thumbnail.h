/* thumbnail.h - a message as a small picture
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <cairo.h>
#include <imsg.h>

G_BEGIN_DECLS

/* Pixels of the longer side */
#define THUMBNAIL_SIZE_MIN     32
#define THUMBNAIL_SIZE_DEFAULT 256
#define THUMBNAIL_SIZE_MAX     1024

cairo_surface_t *thumbnail_draw (IMsgMessage *message,
                                 int          size);

G_END_DECLS
