// test-wide-cpp.cpp - the same as C++
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "test-wide.c"
