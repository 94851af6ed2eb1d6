/* inspector-example.h - a message to try things on
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

/* (transfer full): a new message of the session, in no file */
IMsgMessage *inspector_example_create (IMsgSession  *session,
                                       GError      **error);

G_END_DECLS
