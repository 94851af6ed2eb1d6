/* compound-checker.h - strict check of the structure of a compound file we wrote
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads on its own, without the library. What many readers forgive is an error here: each sector
 * and mini sector is owned exactly once, tables are exact, trees are in order, balanced and black,
 * padding is as [MS-CFB] has it. */
gboolean compound_checker_check      (GBytes      *file,
                                      GError     **error);
gboolean compound_checker_check_path (const char  *path,
                                      GError     **error);

G_END_DECLS
