/* inspector-focus.c - the keyboard goes back to where it was when a menu closes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-focus.h"

typedef struct
{
  GtkWindow *window;  /* it owns this */
  GtkWidget *last;    /* (nullable) (weak): what had the focus outside all menus */
  GtkWidget *popover; /* (nullable) (weak): the menu that has it */
  guint      idle_id;
} Focus;

static void
focus_free (gpointer data)
{
  Focus *self = data;

  g_clear_weak_pointer (&self->last);
  g_clear_weak_pointer (&self->popover);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_free (self);
}

static gboolean
return_focus (gpointer user_data)
{
  Focus *self = user_data;
  GtkWidget *focus = gtk_window_get_focus (self->window);

  self->idle_id = 0;
  /* Where it was may be gone by what the item did */
  if (focus != NULL && gtk_widget_get_mapped (focus))
    return G_SOURCE_REMOVE;
  gtk_window_set_focus (self->window, NULL);
  if (self->last == NULL || !gtk_widget_get_mapped (self->last) ||
      !gtk_widget_grab_focus (self->last))
    gtk_widget_child_focus (GTK_WIDGET (self->window), GTK_DIR_TAB_FORWARD);
  return G_SOURCE_REMOVE;
}

static void
popover_closed (GtkPopover *popover,
                gpointer    user_data)
{
  Focus *self = user_data;

  /* Before GTK moves it on to whatever comes next, and before the item does what it is for, which may
   * move it elsewhere */
  if (self->last != NULL && gtk_widget_get_mapped (self->last))
    gtk_widget_grab_focus (self->last);
  if (self->idle_id == 0)
    self->idle_id = g_idle_add (return_focus, self);
}

static void
focus_changed (GtkWindow  *window,
               GParamSpec *pspec,
               gpointer    user_data)
{
  Focus *self = user_data;
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *popover = NULL;

  if (focus == NULL)
    return;
  /* The outermost: a submenu may be a popover in a popover */
  for (GtkWidget *widget = focus; widget != NULL; widget = gtk_widget_get_parent (widget))
    if (GTK_IS_POPOVER (widget))
      popover = widget;
  if (popover == NULL)
    {
      g_set_weak_pointer (&self->last, focus);
      return;
    }
  if (popover == self->popover)
    return;
  if (self->popover != NULL)
    g_signal_handlers_disconnect_by_func (self->popover, popover_closed, self);
  g_set_weak_pointer (&self->popover, popover);
  g_signal_connect (popover, "closed", G_CALLBACK (popover_closed), self);
}

static void
window_destroyed (GtkWidget *window,
                  gpointer   user_data)
{
  Focus *self = user_data;

  if (self->popover != NULL)
    g_signal_handlers_disconnect_by_func (self->popover, popover_closed, self);
  g_signal_handlers_disconnect_by_func (window, focus_changed, self);
  g_clear_handle_id (&self->idle_id, g_source_remove);
}

void
inspector_focus_return_from_menus (GtkWindow *window)
{
  Focus *self = g_new0 (Focus, 1);

  self->window = window;
  g_object_set_data_full (G_OBJECT (window), "inspector-focus", self, focus_free);
  g_signal_connect (window, "notify::focus-widget", G_CALLBACK (focus_changed), self);
  g_signal_connect (window, "destroy", G_CALLBACK (window_destroyed), self);
}
