/* initguid.h - from here on DEFINE_GUID defines
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INITGUID
# define INITGUID
#endif
#include "guiddef.h"
