/* right-to-left.c - preloaded into a GTK program: lays it out as for Arabic or Hebrew
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _GNU_SOURCE
# define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <gmodule.h>
#include <gtk/gtk.h>

static void
startup_cb (GApplication *application,
            gpointer      user_data)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
}

/* Ours comes first, for the dynamic linker looks here first */
G_MODULE_EXPORT int
g_application_run (GApplication  *application,
                   int            argc,
                   char         **argv)
{
  int (*run) (GApplication *application, int argc, char **argv) = NULL;

  *(void **) &run = dlsym (RTLD_NEXT, "g_application_run");
  g_signal_connect_after (application, "startup", G_CALLBACK (startup_cb), NULL);
  return run (application, argc, argv);
}
