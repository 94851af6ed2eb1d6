/* mapi-copy-private.h - copying to objects of another make
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mapi-object-private.h"

G_BEGIN_DECLS

/* Copies through the destination's interfaces only: SetProps, OpenProperty, ModifyRecipients,
 * CreateAttach. tags are what to copy (included), or what to leave out. */
HRESULT mapi_copy_to_other (MapiObject    *self,
                            IMAPIProp     *destination,
                            const guint32 *tags,
                            gsize          n_tags,
                            gboolean       included,
                            ULONG          flags,
                            GArray        *problems);

G_END_DECLS
