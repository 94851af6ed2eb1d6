/* inspector-preload.c - preloaded into the inspector for a walk: what no person can do in the window
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * IMSG_WALK_DIRECTION=rtl lays it out as for Arabic or Hebrew. The signal SIGUSR1 closes its
 * sessions as other code would. */
#ifndef _GNU_SOURCE
# define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <glib-unix.h>
#include <gmodule.h>
#include <gtk/gtk.h>
#include <imsg.h>

static GPtrArray *sessions = NULL;  /* unowned: those that live, made by the main thread */
static GThread *main_thread = NULL;

static void
session_gone_cb (gpointer  data,
                 GObject  *session)
{
  g_ptr_array_remove (sessions, session);
}

static gboolean
close_sessions (gpointer user_data)
{
  for (guint i = 0; i < sessions->len; i++)
    imsg_session_close (g_ptr_array_index (sessions, i));
  return G_SOURCE_CONTINUE;
}

static void
startup_cb (GApplication *application,
            gpointer      user_data)
{
  if (g_strcmp0 (g_getenv ("IMSG_WALK_DIRECTION"), "rtl") == 0)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
}

/* Ours come first, for the dynamic linker looks here first */
G_MODULE_EXPORT IMsgSession *
imsg_session_new (void)
{
  IMsgSession *(*new_session) (void) = NULL;
  IMsgSession *session = NULL;

  *(void **) &new_session = dlsym (RTLD_NEXT, "imsg_session_new");
  session = new_session ();
  if (g_thread_self () == main_thread)
    {
      g_ptr_array_add (sessions, session);
      g_object_weak_ref (G_OBJECT (session), session_gone_cb, NULL);
    }
  return session;
}

G_MODULE_EXPORT int
g_application_run (GApplication  *application,
                   int            argc,
                   char         **argv)
{
  int (*run) (GApplication *application, int argc, char **argv) = NULL;

  /* The processes that show HTML live in a sandbox without this file, and would tell of it */
  g_unsetenv ("LD_PRELOAD");
  sessions = g_ptr_array_new ();
  main_thread = g_thread_self ();
  g_unix_signal_add (SIGUSR1, close_sessions, NULL);
  *(void **) &run = dlsym (RTLD_NEXT, "g_application_run");
  g_signal_connect_after (application, "startup", G_CALLBACK (startup_cb), NULL);
  return run (application, argc, argv);
}
