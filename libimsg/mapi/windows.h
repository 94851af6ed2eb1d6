/* windows.h - for programs that begin with it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_WINDOWS_H
#define IMSG_MAPI_WINDOWS_H

#include "objbase.h"
#include "winbase.h"

#endif
