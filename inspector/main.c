/* main.c - starts the inspector
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int    argc,
      char **argv)
{
  g_autoptr(InspectorApplication) application = NULL;
  const char *locale_dir = NULL;

  setlocale (LC_ALL, "");
  /* The build folder has its own, for programs that run from there */
  locale_dir = g_getenv ("IMSG_LOCALE_DIR");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = inspector_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
