/* imsg-mime-stream-private.h - GMime streams over those of GIO
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <gmime/gmime.h>

G_BEGIN_DECLS

/* Reads from a seekable stream as GMime asks, so that an attachment is never whole in memory. */
GMimeStream *_imsg_mime_source_new      (GInputStream   *stream);

/* Writes to a stream and keeps the first error; everything after it is refused. */
GMimeStream *_imsg_mime_sink_new        (GOutputStream  *stream,
                                         GCancellable   *cancellable);
gboolean     _imsg_mime_sink_take_error (GMimeStream    *sink,
                                         GError        **error);

G_END_DECLS
