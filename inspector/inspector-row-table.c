/* inspector-row-table.c - a plain table over recipients, attachments and the like
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-row-table.h"

#include <glib/gi18n.h>

/* What a factory knows of its column: all of the columns, for the spoken row, and which it is */
typedef struct
{
  const InspectorRowColumn *columns;
  guint                     n_columns;
  guint                     index;
} Cell;

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  user_data)
{
  const Cell *cell = user_data;
  GtkWidget *text = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (text), cell->columns[cell->index].min_chars);
  gtk_list_item_set_child (item, text);
}

static void
show_cell (GtkListItem *item,
           const Cell  *cell)
{
  GtkWidget *child = gtk_list_item_get_child (item);
  gpointer object = gtk_list_item_get_item (item);
  g_autofree char *text = cell->columns[cell->index].text (object);
  GtkWidget *parent = gtk_widget_get_parent (child);
  g_autoptr(GString) sentence = NULL;

  gtk_inscription_set_text (GTK_INSCRIPTION (child), text);
  gtk_widget_set_tooltip_text (child, text);
  if (cell->index != 0 || parent == NULL || gtk_widget_get_parent (parent) == NULL)
    return;

  sentence = g_string_new (NULL);
  for (guint i = 0; i < cell->n_columns; i++)
    {
      g_autofree char *part = cell->columns[i].text (object);

      if (part != NULL && *part != '\0')
        g_string_append_printf (sentence, "%s%s", sentence->len > 0 ? ", " : "", part);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (parent)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, sentence->str, -1);
}

static void
changed_cb (GtkListItem *item)
{
  show_cell (item, g_object_get_data (G_OBJECT (item), "inspector-cell"));
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  user_data)
{
  GObject *object = gtk_list_item_get_item (item);

  show_cell (item, user_data);
  g_object_set_data (G_OBJECT (item), "inspector-cell", user_data);
  /* Property objects tell what changed in them; other items stay as they are */
  if (g_signal_lookup ("property-changed", G_OBJECT_TYPE (object)) != 0)
    g_signal_connect_object (object, "property-changed", G_CALLBACK (changed_cb), item,
                             G_CONNECT_SWAPPED);
  /* Held until unbinding: by then the row may have let go of it */
  g_object_set_data_full (G_OBJECT (item), "inspector-bound", g_object_ref (object),
                          g_object_unref);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           gpointer                  user_data)
{
  GObject *object = g_object_get_data (G_OBJECT (item), "inspector-bound");

  g_signal_handlers_disconnect_by_func (object, changed_cb, item);
  g_object_set_data (G_OBJECT (item), "inspector-bound", NULL);
}

static char *
sort_text_cb (gpointer item,
              gpointer user_data)
{
  const Cell *cell = user_data;

  return cell->columns[cell->index].text (item);
}

void
inspector_row_table_add_columns (GtkColumnView            *table,
                                 const InspectorRowColumn *columns,
                                 guint                     n_columns)
{
  for (guint i = 0; i < n_columns; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr(GtkColumnViewColumn) column = NULL;
      g_autoptr(GtkSorter) sorter = NULL;
      GtkExpression *expression = NULL;
      Cell *cell = g_new (Cell, 1);

      cell->columns = columns;
      cell->n_columns = n_columns;
      cell->index = i;
      g_object_set_data_full (G_OBJECT (factory), "inspector-cell", cell, g_free);
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), cell);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), cell);
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), cell);
      column = gtk_column_view_column_new (_(columns[i].title), factory);
      expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                                G_CALLBACK (sort_text_cb), g_memdup2 (cell,
                                                                                      sizeof *cell),
                                                (GClosureNotify) (void (*) (void)) g_free);
      sorter = GTK_SORTER (gtk_string_sorter_new (expression));
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_column_set_expand (column, columns[i].expand);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_append_column (table, column);
    }
}

GtkSingleSelection *
inspector_row_table_set_model (GtkColumnView *table,
                               GListModel    *model)
{
  GtkSortListModel *sorted = NULL;
  GtkSingleSelection *selection = NULL;

  if (model == NULL)
    {
      gtk_column_view_set_model (table, NULL);
      return NULL;
    }
  sorted = gtk_sort_list_model_new (g_object_ref (model),
                                    g_object_ref (gtk_column_view_get_sorter (table)));
  selection = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  gtk_column_view_set_model (table, GTK_SELECTION_MODEL (selection));
  return selection;
}
