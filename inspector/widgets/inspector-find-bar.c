/* inspector-find-bar.c - finds words in a text that is shown
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-find-bar.h"

#include "inspector-access.h"

#include <glib/gi18n.h>

struct _InspectorFindBar
{
  AdwBin          parent_instance;

  GtkSearchBar   *bar;
  GtkSearchEntry *entry;
  GtkLabel       *answer;
};

enum
{
  SIGNAL_FIND,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InspectorFindBar, inspector_find_bar, ADW_TYPE_BIN)

static void
find (InspectorFindBar  *self,
      InspectorFindStep  step)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (*text == '\0')
    inspector_find_bar_answer (self, TRUE);
  g_signal_emit (self, signals[SIGNAL_FIND], 0, text, step);
}

static void
changed_cb (InspectorFindBar *self)
{
  find (self, INSPECTOR_FIND_FIRST);
}

static void
next_cb (InspectorFindBar *self)
{
  find (self, INSPECTOR_FIND_NEXT);
}

static void
previous_cb (InspectorFindBar *self)
{
  find (self, INSPECTOR_FIND_PREVIOUS);
}

static GtkWidget *
create_button (const char *icon_name,
               const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (button, tooltip);
  return button;
}

static void
inspector_find_bar_class_init (InspectorFindBarClass *klass)
{
  signals[SIGNAL_FIND] =
    g_signal_new ("find", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
}

static void
inspector_find_bar_init (InspectorFindBar *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *previous = create_button ("go-up-symbolic", _("Previous Match (Ctrl+Shift+G)"));
  GtkWidget *next = create_button ("go-down-symbolic", _("Next Match (Ctrl+G)"));

  self->bar = GTK_SEARCH_BAR (gtk_search_bar_new ());
  self->entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  self->answer = GTK_LABEL (gtk_label_new (NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Find in the text"), -1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 8);
  gtk_label_set_ellipsize (self->answer, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->answer), "dim-label");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (box), previous);
  gtk_box_append (GTK_BOX (box), next);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->answer));
  gtk_search_bar_set_child (self->bar, box);
  gtk_search_bar_connect_entry (self->bar, GTK_EDITABLE (self->entry));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->bar));
  inspector_access_name_controls (GTK_WIDGET (self));
  g_signal_connect_object (self->entry, "search-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (next_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "next-match", G_CALLBACK (next_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "previous-match", G_CALLBACK (previous_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (next, "clicked", G_CALLBACK (next_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (previous, "clicked", G_CALLBACK (previous_cb), self, G_CONNECT_SWAPPED);
}

void
inspector_find_bar_start (InspectorFindBar *self)
{
  g_return_if_fail (INSPECTOR_IS_FIND_BAR (self));

  gtk_search_bar_set_search_mode (self->bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}

void
inspector_find_bar_stop (InspectorFindBar *self)
{
  g_return_if_fail (INSPECTOR_IS_FIND_BAR (self));

  gtk_search_bar_set_search_mode (self->bar, FALSE);
}

void
inspector_find_bar_answer (InspectorFindBar *self,
                           gboolean          found)
{
  g_return_if_fail (INSPECTOR_IS_FIND_BAR (self));

  gtk_label_set_text (self->answer, found ? "" : _("Not found"));
  if (found)
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
}

static gboolean
search (const GtkTextIter *from,
        const char        *text,
        gboolean           backward,
        GtkTextIter       *start,
        GtkTextIter       *end)
{
  GtkTextSearchFlags flags = GTK_TEXT_SEARCH_CASE_INSENSITIVE | GTK_TEXT_SEARCH_TEXT_ONLY;

  return backward ? gtk_text_iter_backward_search (from, text, flags, start, end, NULL)
                  : gtk_text_iter_forward_search (from, text, flags, start, end, NULL);
}

gboolean
inspector_find_bar_find_in_text (GtkTextView       *view,
                                 const char        *text,
                                 InspectorFindStep  step)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  gboolean backward = step == INSPECTOR_FIND_PREVIOUS;
  GtkTextIter selected_start;
  GtkTextIter selected_end;
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_selection_bounds (buffer, &selected_start, &selected_end);
  if (!search (step == INSPECTOR_FIND_NEXT ? &selected_end : &selected_start, text, backward,
               &start, &end))
    {
      GtkTextIter edge;

      if (backward)
        gtk_text_buffer_get_end_iter (buffer, &edge);
      else
        gtk_text_buffer_get_start_iter (buffer, &edge);
      if (!search (&edge, text, backward, &start, &end))
        return FALSE;
    }
  gtk_text_buffer_select_range (buffer, &start, &end);
  gtk_text_view_scroll_to_iter (view, &start, 0.1, FALSE, 0, 0);
  return TRUE;
}
