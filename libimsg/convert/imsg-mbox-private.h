/* imsg-mbox-private.h - the entries of a mailbox file, one after the other
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-blob-private.h"

G_BEGIN_DECLS

typedef struct _IMsgMboxReader IMsgMboxReader;

IMsgMboxReader *_imsg_mbox_reader_new  (GInputStream     *stream);
void            _imsg_mbox_reader_free (IMsgMboxReader   *self);
/* The next entry without its "From " line, its lines unquoted; NULL at the end or with an error. */
IMsgSpool      *_imsg_mbox_reader_next (IMsgMboxReader   *self,
                                        GCancellable     *cancellable,
                                        GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgMboxReader, _imsg_mbox_reader_free)

G_END_DECLS
