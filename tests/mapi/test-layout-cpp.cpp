// test-layout-cpp.cpp - the layouts as C++ sees them
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "test-layout.c"
