/* inspector-application.c - the application: windows, files from outside, preferences
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-application.h"

#include "inspector-drag.h"
#include "inspector-preferences.h"
#include "inspector-settings.h"
#include "inspector-window.h"

#include <glib/gi18n.h>
#include <imsg.h>

struct _InspectorApplication
{
  AdwApplication parent_instance;

  guint          has_offered : 1;
};

G_DEFINE_FINAL_TYPE (InspectorApplication, inspector_application, ADW_TYPE_APPLICATION)

static InspectorWindow *
new_window (GApplication *application)
{
  InspectorWindow *window = inspector_window_new (GTK_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* What a crash left behind is offered once, in the first window */
static void
offer_recovery (GApplication    *application,
                InspectorWindow *window)
{
  InspectorApplication *self = INSPECTOR_APPLICATION (application);

  if (self->has_offered)
    return;
  self->has_offered = TRUE;
  inspector_window_offer_recovery (window);
}

static void
inspector_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window != NULL)
    gtk_window_present (window);
  else
    offer_recovery (application, new_window (application));
}

static void
inspector_application_open (GApplication  *application,
                            GFile        **files,
                            int            n_files,
                            const char    *hint)
{
  GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (application));
  InspectorWindow *window = NULL;

  /* One window is one session: files from outside join the session in front */
  if (active != NULL && INSPECTOR_IS_WINDOW (active))
    window = INSPECTOR_WINDOW (active);
  else
    window = inspector_window_new (GTK_APPLICATION (application));
  inspector_window_open_files (window, files, n_files);
  gtk_window_present (GTK_WINDOW (window));
  offer_recovery (application, window);
}

static void
new_window_activated (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  new_window (G_APPLICATION (user_data));
}

static void
preferences_activated (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  GtkWindow *parent = gtk_application_get_active_window (GTK_APPLICATION (user_data));

  inspector_preferences_present (parent);
}

static void
about_activated (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  static const char * const developers[] = { "The libimsg developers", NULL };
  GtkWindow *parent = gtk_application_get_active_window (GTK_APPLICATION (user_data));
  GtkWidget *about = adw_about_window_new ();

  g_object_set (about,
                "transient-for", parent,
                "application-name", _("Message Inspector"),
                "application-icon", INSPECTOR_APPLICATION_ID,
                "version", PACKAGE_VERSION,
                "developers", developers,
                "developer-name", _("The libimsg developers"),
                "license-type", GTK_LICENSE_LGPL_2_1,
                "comments", _("Reads, edits and converts Outlook messages."),
                /* Translators: put your names here, one a line */
                "translator-credits", _("translator-credits"),
                NULL);
  gtk_window_present (GTK_WINDOW (about));
}

static void
quit_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  GList *windows = g_list_copy_deep (gtk_application_get_windows (GTK_APPLICATION (user_data)),
                                     (GCopyFunc) (void (*) (void)) g_object_ref, NULL);

  /* Each window asks about its own edits; the last one to close ends the application. One may take
   * others along. */
  for (GList *item = windows; item != NULL; item = item->next)
    gtk_window_close (GTK_WINDOW (item->data));
  g_list_free_full (windows, g_object_unref);
}

static const GActionEntry application_actions[] = {
  { "new-window", new_window_activated, NULL, NULL, NULL },
  { "preferences", preferences_activated, NULL, NULL, NULL },
  { "about", about_activated, NULL, NULL, NULL },
  { "quit", quit_activated, NULL, NULL, NULL },
};

static const struct { const char *action; const char *accels[3]; } accelerators[] = {
  { "app.quit", { "<Control>q", NULL } },
  { "app.new-window", { "<Control><Alt>n", NULL } },
  { "app.preferences", { "<Control>comma", NULL } },
  { "win.show-help-overlay", { "<Control>question", NULL } },
  { "win.open", { "<Control>o", NULL } },
  { "win.new-message", { "<Control>n", NULL } },
  { "win.save", { "<Control>s", NULL } },
  { "win.save-as", { "<Control><Shift>s", NULL } },
  { "win.close-message", { "<Control>w", NULL } },
  { "win.close-session", { "<Control><Shift>w", NULL } },
  { "win.print", { "<Control>p", NULL } },
  { "view.page::message", { "<Alt>1", NULL } },
  { "view.page::properties", { "<Alt>2", NULL } },
  { "view.page::storage", { "<Alt>3", NULL } },
  { "view.toggle-pane", { "F9", NULL } },
  { "view.back", { "<Alt>Left", NULL } },
  { "view.find", { "<Control>f", NULL } },
  { "view.find-in-tree", { "<Control><Shift>f", NULL } },
  { "view.next-region", { "F6", NULL } },
  { "message.reload", { "F5", NULL } },
};

static void
inspector_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (inspector_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), application_actions,
                                   G_N_ELEMENTS (application_actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accelerators[i].action,
                                           (const char **) accelerators[i].accels);
  gtk_window_set_default_icon_name (INSPECTOR_APPLICATION_ID);
  /* Texts that can be copied are everywhere here; each that gets the focus would be marked */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
}

static void
inspector_application_shutdown (GApplication *application)
{
  inspector_drag_remove_files ();

  G_APPLICATION_CLASS (inspector_application_parent_class)->shutdown (application);
}

static void
inspector_application_class_init (InspectorApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = inspector_application_startup;
  application_class->shutdown = inspector_application_shutdown;
  application_class->activate = inspector_application_activate;
  application_class->open = inspector_application_open;
}

static void
inspector_application_init (InspectorApplication *self)
{
  g_set_prgname (INSPECTOR_APPLICATION_ID);
  g_set_application_name (_("Message Inspector"));
}

InspectorApplication *
inspector_application_new (void)
{
  return g_object_new (INSPECTOR_TYPE_APPLICATION,
                       "application-id", INSPECTOR_APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/io/github/libimsg/Inspector",
                       NULL);
}
