/* inspector-window-failure.c - a file that cannot be opened, and what can still be seen of it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-raw-window.h"
#include "inspector-work.h"

#include <glib/gi18n.h>

static char *
dup_file_name (GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);

  return g_filename_display_name (base);
}

static void
storage_opened_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(InspectorWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_storage_open_file_finish (result, &error);
  g_autofree char *name = NULL;

  _inspector_window_end_work (self);
  if (inspector_work_is_cancelled (error) || self->failed_file == NULL)
    return;
  if (storage == NULL)
    {
      inspector_view_report (self->view, _("Its storages and streams cannot be read either."),
                             error);
      return;
    }
  name = dup_file_name (self->failed_file);
  inspector_raw_window_present (GTK_WINDOW (self), storage, name);
}

static void
try_another_way_cb (InspectorWindow *self)
{
  if (self->failed_file == NULL)
    return;
  _inspector_window_start_work (self);
  imsg_storage_open_file_async (self->failed_file, IMSG_STORAGE_READ, self->cancellable,
                                storage_opened_cb, g_object_ref (self));
}

static GtkWidget *
create_button (const char *label,
               gboolean    suggested)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_add_css_class (button, "pill");
  if (suggested)
    gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  return button;
}

/* In place of the content when there is nothing else to show: what, why, and another way */
void
_inspector_window_show_failure (InspectorWindow *self,
                                GFile           *file,
                                const GError    *error)
{
  g_autofree char *name = dup_file_name (file);
  g_autofree char *path = g_file_get_parse_name (file);
  g_autofree char *details = g_strdup_printf ("%s\n%s %d: %s", path,
                                              g_quark_to_string (error->domain), error->code,
                                              error->message);
  g_autofree char *text = g_strdup_printf (_("“%s” could not be opened: %s"), name,
                                           error->message);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  GtkWidget *page = adw_status_page_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *another = create_button (_("_Try Another Way"), TRUE);
  GtkWidget *open = create_button (_("_Open…"), FALSE);
  GtkWidget *expander = gtk_expander_new (_("Details"));
  GtkWidget *label = gtk_label_new (details);
  GtkWidget *old = gtk_stack_get_child_by_name (self->states, "failure");

  g_set_object (&self->failed_file, file);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 60);
  gtk_expander_set_child (GTK_EXPANDER (expander), label);
  gtk_widget_set_halign (expander, GTK_ALIGN_CENTER);
  g_signal_connect_object (another, "clicked", G_CALLBACK (try_another_way_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_tooltip_text (another, _("Show the storages and streams of the file"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (open), "win.open");
  gtk_box_append (GTK_BOX (box), another);
  gtk_box_append (GTK_BOX (box), open);
  gtk_box_append (GTK_BOX (box), expander);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "dialog-warning-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _("This File Cannot Be Opened"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page), escaped);
  adw_status_page_set_child (ADW_STATUS_PAGE (page), box);
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (frame), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (frame), page);
  if (old != NULL)
    gtk_stack_remove (self->states, old);
  gtk_stack_add_named (self->states, frame, "failure");
  gtk_stack_set_visible_child_name (self->states, "failure");
}
