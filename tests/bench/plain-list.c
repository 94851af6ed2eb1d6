/* plain-list.c - what GTK takes to search a long list when nothing else is done
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plain-list.h"

static GListModel *
create_children (gpointer item,
                 gpointer user_data)
{
  return NULL;
}

static char *
get_text_cb (GtkTreeListRow *row,
             gpointer        user_data)
{
  g_autoptr(GtkStringObject) string = GTK_STRING_OBJECT (gtk_tree_list_row_get_item (row));

  return g_strdup (gtk_string_object_get_string (string));
}

static GListModel *
create_rows (const char * const *texts,
             GtkStringFilter    *filter)
{
  GtkStringList *strings = gtk_string_list_new (texts);
  GtkTreeListModel *tree = gtk_tree_list_model_new (G_LIST_MODEL (strings), FALSE, FALSE,
                                                    create_children, NULL, NULL);

  return G_LIST_MODEL (gtk_filter_list_model_new (G_LIST_MODEL (tree), GTK_FILTER (filter)));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("mail-unread-symbolic"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), box);
  gtk_list_item_set_child (item, expander);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_tree_expander_get_child (expander);
  g_autofree char *text = get_text_cb (row, NULL);

  gtk_tree_expander_set_list_row (expander, row);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_last_child (box)), text);
}

static void
search_changed_cb (GtkSearchEntry  *entry,
                   GtkStringFilter *filter)
{
  gtk_string_filter_set_search (filter, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

GtkWindow *
plain_list_new (const char * const *texts)
{
  GtkExpression *expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                                           G_CALLBACK (get_text_cb), NULL, NULL);
  GtkStringFilter *filter = gtk_string_filter_new (expression);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkSingleSelection *selection = gtk_single_selection_new (create_rows (texts, filter));
  GtkWidget *list = gtk_list_view_new (GTK_SELECTION_MODEL (selection), factory);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *entry = gtk_search_entry_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window = gtk_window_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (entry, "search-changed", G_CALLBACK (search_changed_cb), filter);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), 1100, 720);
  gtk_window_set_child (GTK_WINDOW (window), box);
  return GTK_WINDOW (window);
}
