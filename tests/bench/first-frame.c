/* first-frame.c - preloaded into a GTK program: tells when its first frame was painted, and ends it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _GNU_SOURCE
# define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <gmodule.h>
#include <gtk/gtk.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
after_paint_cb (GdkFrameClock *clock,
                gpointer       user_data)
{
  printf ("painted %" G_GINT64_FORMAT "\n", g_get_monotonic_time ());
  fflush (stdout);
  _exit (EXIT_SUCCESS);
}

static gboolean
map_hook (GSignalInvocationHint *hint,
          guint                  n_values,
          const GValue          *values,
          gpointer               user_data)
{
  GtkWidget *widget = g_value_get_object (&values[0]);

  if (!GTK_IS_WINDOW (widget))
    return TRUE;
  g_signal_connect (gtk_widget_get_frame_clock (widget), "after-paint",
                    G_CALLBACK (after_paint_cb), NULL);
  return FALSE;
}

static void
startup_cb (GApplication *application,
            gpointer      user_data)
{
  g_type_class_unref (g_type_class_ref (GTK_TYPE_WIDGET));
  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, map_hook, NULL, NULL);
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
