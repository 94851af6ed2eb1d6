// save-message-cpp.cpp - the example of the documentation, as C++
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "../../docs/examples/save-message.c"
