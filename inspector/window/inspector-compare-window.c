/* inspector-compare-window.c - two messages side by side, property by property
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-compare-window.h"

#include "inspector-access.h"
#include "inspector-comparison.h"
#include "inspector-drop-down.h"
#include "inspector-row-table.h"
#include "inspector-work.h"

#include <glib/gi18n.h>

typedef struct
{
  GPtrArray       *messages;   /* of IMsgMessage, in the order of the two lists */
  GtkDropDown     *sides[2];
  GtkCheckButton  *all_check;
  GtkColumnView   *table;
  GtkLabel        *count;
  GCancellable    *cancellable;  /* of the comparison under way */
} Compare;

static void
compare_free (gpointer data)
{
  Compare *compare = data;

  g_ptr_array_unref (compare->messages);
  g_clear_object (&compare->cancellable);
  g_free (compare);
}

static const InspectorRowColumn columns[] = {
  { N_("Difference"), NULL, FALSE, 8 },
  { N_("Property"), NULL, TRUE, 10 },
  { N_("First"), NULL, TRUE, 10 },
  { N_("Second"), NULL, TRUE, 10 },
};

static IMsgMessage *
get_side (Compare *compare,
          guint    side)
{
  guint selected = gtk_drop_down_get_selected (compare->sides[side]);

  return selected < compare->messages->len ? g_ptr_array_index (compare->messages, selected) : NULL;
}

/* What the worker is given, and what it finds */
typedef struct
{
  IMsgMessage   *second;
  gboolean       with_equal;
  GtkStringList *rows;
  guint          n_different;
} Comparing;

static void
comparing_free (gpointer data)
{
  Comparing *comparing = data;

  g_clear_object (&comparing->second);
  g_clear_object (&comparing->rows);
  g_free (comparing);
}

static gpointer
compare_in_thread (IMsgMessage   *snapshot,
                   gpointer       data,
                   GCancellable  *cancellable,
                   GError       **error)
{
  Comparing *asked = data;
  Comparing *found = g_new0 (Comparing, 1);

  found->rows = gtk_string_list_new (NULL);
  found->n_different = inspector_compare_messages (snapshot, asked->second, asked->with_equal,
                                                   found->rows, cancellable);
  /* Its storage goes where it was used */
  g_clear_object (&asked->second);
  return found;
}

static void
stop_comparing (Compare *compare)
{
  if (compare->cancellable != NULL)
    g_cancellable_cancel (compare->cancellable);
  g_clear_object (&compare->cancellable);
}

static void
compared_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GtkWidget) window = user_data;
  Compare *compare = g_object_get_data (G_OBJECT (window), "inspector-compare");
  g_autoptr(GtkSingleSelection) selection = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  Comparing *found = inspector_work_run_finish (result, &error);

  /* Cancelled when the window went, or another pair was chosen */
  if (found == NULL)
    {
      if (!inspector_work_is_cancelled (error))
        gtk_label_set_text (compare->count, error->message);
      return;
    }
  selection = inspector_row_table_set_model (compare->table, G_LIST_MODEL (found->rows));
  text = g_strdup_printf (ngettext ("%u difference", "%u differences", found->n_different),
                          found->n_different);
  gtk_label_set_text (compare->count, text);
  comparing_free (found);
}

static void
update (GtkWidget *window)
{
  Compare *compare = g_object_get_data (G_OBJECT (window), "inspector-compare");
  IMsgMessage *first = get_side (compare, 0);
  IMsgMessage *second = get_side (compare, 1);
  g_autoptr(GError) error = NULL;
  Comparing *comparing = NULL;

  stop_comparing (compare);
  if (first == NULL || second == NULL ||
      imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (first)) ||
      imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (second)))
    return;
  comparing = g_new0 (Comparing, 1);
  comparing->with_equal = gtk_check_button_get_active (compare->all_check);
  comparing->second = imsg_message_dup_snapshot (second, NULL, &error);
  if (comparing->second == NULL)
    {
      gtk_label_set_text (compare->count, error->message);
      comparing_free (comparing);
      return;
    }
  compare->cancellable = g_cancellable_new ();
  inspector_work_run_async (first, compare_in_thread, comparing, comparing_free, comparing_free,
                            compare->cancellable, compared_cb, g_object_ref (window));
}

static void
destroyed_cb (GtkWidget *window)
{
  stop_comparing (g_object_get_data (G_OBJECT (window), "inspector-compare"));
}

static void
collect_messages (Compare    *compare,
                  GListModel *messages)
{
  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(IMsgMessage) message = g_list_model_get_item (messages, i);

      g_ptr_array_add (compare->messages, g_steal_pointer (&message));
    }
}

void
inspector_compare_window_present (GtkWindow     *parent,
                                  InspectorView *view)
{
  Compare *compare = g_new0 (Compare, 1);
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (view));
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  g_object_set_data_full (G_OBJECT (window), "inspector-compare", compare, compare_free);
  compare->messages = g_ptr_array_new_with_free_func (g_object_unref);
  collect_messages (compare, messages);
  for (guint i = 0; i < 2; i++)
    {
      compare->sides[i] = GTK_DROP_DOWN (inspector_drop_down_new_for_messages (messages));
      gtk_widget_set_hexpand (GTK_WIDGET (compare->sides[i]), TRUE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (compare->sides[i]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      i == 0 ? _("First message") : _("Second message"), -1);
      gtk_drop_down_set_selected (compare->sides[i], MIN (i, compare->messages->len - 1));
      gtk_box_append (GTK_BOX (line), GTK_WIDGET (compare->sides[i]));
      g_signal_connect_object (compare->sides[i], "notify::selected", G_CALLBACK (update), window,
                               G_CONNECT_SWAPPED);
    }
  gtk_box_set_homogeneous (GTK_BOX (line), TRUE);
  g_object_set (line, "margin-start", 6, "margin-end", 6, "margin-top", 6, "margin-bottom", 6,
                NULL);
  compare->all_check = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_("Show what is equal")));
  compare->count = GTK_LABEL (gtk_label_new (NULL));
  compare->table = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (compare->table), "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (compare->table), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Differences"), -1);
  inspector_row_table_add_columns (compare->table, columns, G_N_ELEMENTS (columns));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (compare->table));
  gtk_widget_set_vexpand (scroller, TRUE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), GTK_WIDGET (compare->count));
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (compare->all_check));
  gtk_box_append (GTK_BOX (box), scroller);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), _("Compare Messages"));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 600);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  g_signal_connect_object (compare->all_check, "toggled", G_CALLBACK (update), window,
                           G_CONNECT_SWAPPED);
  g_signal_connect (window, "destroy", G_CALLBACK (destroyed_cb), NULL);
  update (window);
  inspector_access_add_close_keys (GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
}
