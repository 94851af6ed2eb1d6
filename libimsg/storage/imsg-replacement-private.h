/* imsg-replacement-private.h - a new file that takes the place of an old one, whole or not at all
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Until it is finished there is only a temporary file beside the old one, locked by whoever writes
 * it; what a killed process left behind is known by its lock being free, and removed. */
typedef struct _IMsgReplacement IMsgReplacement;

/* etag: what a file with no local path must still have; may be NULL. */
IMsgReplacement *_imsg_replacement_begin      (GFile            *file,
                                               const char       *etag,
                                               gboolean          may_replace,
                                               GCancellable     *cancellable,
                                               GError          **error);
/* Where to write; it can be sought when the file has a local path. */
GOutputStream   *_imsg_replacement_get_stream (IMsgReplacement  *self);
/* Syncs what was written, so that finishing has only to rename. */
gboolean         _imsg_replacement_sync       (IMsgReplacement  *self,
                                               GCancellable     *cancellable,
                                               GError          **error);
/* Puts it in place. *etag is set where the file's backend has one. */
gboolean         _imsg_replacement_finish     (IMsgReplacement  *self,
                                               char            **etag,
                                               GError          **error);
/* Removes what was not finished. */
void             _imsg_replacement_free       (IMsgReplacement  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgReplacement, _imsg_replacement_free)

/* A seekable stream over a descriptor, which it does not close. */
GOutputStream   *_imsg_descriptor_stream_new  (int               fd);

G_END_DECLS
