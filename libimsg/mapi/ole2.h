/* ole2.h - for programs that begin with it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_OLE2_H
#define IMSG_MAPI_OLE2_H

#include "objbase.h"

#endif
