/* imsg-mime-stream-private.h - GMime streams over those of GIO
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <gmime/gmime.h>

G_BEGIN_DECLS

/* Reads from a stream that can be sought, from some place in it. */
GMimeStream *_imsg_mime_source_new      (GInputStream   *stream,
                                         gint64          start,
                                         GCancellable   *cancellable);
/* FALSE with the first error of it, or of a stream made of it, instead of any other. */
gboolean     _imsg_mime_source_check    (GMimeStream    *source,
                                         GError        **error);

/* Writes to a stream through a buffer; with has_crlf each line that ends in LF ends in CR LF then.
 * The first error ends all writing, and is kept for the end. */
GMimeStream *_imsg_mime_sink_new        (GOutputStream  *stream,
                                         gboolean        has_crlf,
                                         GCancellable   *cancellable);
/* Bytes that go out as they are; FALSE once there was an error. */
gboolean     _imsg_mime_sink_write_raw  (GMimeStream    *sink,
                                         const char     *bytes,
                                         gsize           n_bytes);
/* Takes an error that was not met in writing. */
void         _imsg_mime_sink_fail       (GMimeStream    *sink,
                                         GError         *error);
/* Writes what is buffered; FALSE with the error when there was one. */
gboolean     _imsg_mime_sink_finish     (GMimeStream    *sink,
                                         GError        **error);

G_END_DECLS
