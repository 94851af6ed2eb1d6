/* inspector-preferences.c - what a person may choose for all windows
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-preferences.h"

#include "inspector-settings.h"

void
inspector_preferences_present (GtkWindow *parent)
{
  g_autoptr(GtkBuilder) builder = NULL;
  GSettings *settings = inspector_settings_get ();
  GtkWindow *window = NULL;
  static const struct { const char *key; const char *id; const char *property; } bindings[] = {
    { "remember-recent", "recent_switch", "active" },
    { "specification-names", "names_switch", "active" },
    { "body-choice", "body_row", "selected" },
  };

  builder =
    gtk_builder_new_from_resource ("/io/github/libimsg/Inspector/inspector-preferences.ui");
  window = GTK_WINDOW (gtk_builder_get_object (builder, "window"));
  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    {
      GObject *object = gtk_builder_get_object (builder, bindings[i].id);

      if (settings == NULL)
        gtk_widget_set_sensitive (GTK_WIDGET (object), FALSE);
      else
        g_settings_bind (settings, bindings[i].key, object, bindings[i].property,
                         G_SETTINGS_BIND_DEFAULT);
    }
  gtk_window_set_transient_for (window, parent);
  gtk_window_present (window);
}
