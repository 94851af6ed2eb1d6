/* imsg-translation.c - where the messages of the library are found in other languages
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <libintl.h>
#include <stdlib.h>

/* Done as the library is loaded, so that a program gets its messages in the language it has set with
 * setlocale () and without doing anything; the locale itself is the program's own. The variable serves
 * the programs of the build folder, and nobody who runs with the rights of somebody else. */
static void __attribute__ ((constructor))
bind_translations (void)
{
  const char *locale_dir = secure_getenv ("IMSG_LOCALE_DIR");

  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}
