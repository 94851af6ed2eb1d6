/* inspector-row-page.c - a page with a table of what belongs to a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-row-page.h"

typedef struct
{
  GtkColumnView      *table;      /* NULL once disposed */
  InspectorView      *view;
  IMsgMessage        *message;
  GtkSingleSelection *selection;
  GListModel         *rows;       /* all of them, whatever is searched for */
  GtkSearchBar       *search_bar;
  GtkSearchEntry     *search_entry;
  InspectorRowFilter *filter;
} InspectorRowPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (InspectorRowPage, inspector_row_page, GTK_TYPE_WIDGET)

static void
update (InspectorRowPage *self)
{
  if (INSPECTOR_ROW_PAGE_GET_CLASS (self)->update != NULL)
    INSPECTOR_ROW_PAGE_GET_CLASS (self)->update (self);
}

static void
selected_cb (InspectorRowPage *self)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    inspector_view_set_object (priv->view, inspector_row_page_get_selected (self));
  update (self);
}

static void
drop_message (InspectorRowPage *self)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  gtk_column_view_set_model (priv->table, NULL);
  g_clear_object (&priv->selection);
  if (priv->rows != NULL)
    g_signal_handlers_disconnect_by_func (priv->rows, update, self);
  g_clear_object (&priv->rows);
  g_clear_object (&priv->message);
}

static void
show_message (InspectorRowPage *self)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);
  InspectorRowPageClass *klass = INSPECTOR_ROW_PAGE_GET_CLASS (self);
  InspectorNode *node = inspector_view_get_node (priv->view);
  IMsgMessage *message = NULL;
  g_autoptr(GListModel) filtered = NULL;

  if (node != NULL && inspector_node_get_kind (node) == klass->kind)
    message = inspector_node_get_message (node);
  if (message == priv->message || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  drop_message (self);
  if (message == NULL)
    return;
  priv->message = g_object_ref (message);
  gtk_search_bar_set_search_mode (priv->search_bar, FALSE);
  inspector_row_filter_set_text (priv->filter, "");
  priv->rows = g_object_ref (klass->get_rows (message));
  filtered = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (priv->rows),
                                                      GTK_FILTER (g_object_ref (priv->filter))));
  priv->selection = inspector_row_table_set_model (priv->table, filtered);
  g_signal_connect_object (priv->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (priv->rows, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  update (self);
}

static void
inspector_row_page_map (GtkWidget *widget)
{
  InspectorRowPage *self = INSPECTOR_ROW_PAGE (widget);
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  GTK_WIDGET_CLASS (inspector_row_page_parent_class)->map (widget);
  if (priv->view == NULL)
    return;
  show_message (self);
  if (priv->selection != NULL)
    selected_cb (self);
}

static void
inspector_row_page_dispose (GObject *object)
{
  InspectorRowPage *self = INSPECTOR_ROW_PAGE (object);
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);
  GtkWidget *child = NULL;

  if (priv->table != NULL)
    drop_message (self);
  priv->table = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&priv->filter);
  g_clear_object (&priv->view);

  G_OBJECT_CLASS (inspector_row_page_parent_class)->dispose (object);
}

static void
inspector_row_page_class_init (InspectorRowPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inspector_row_page_dispose;
  GTK_WIDGET_CLASS (klass)->map = inspector_row_page_map;
}

static void
inspector_row_page_init (InspectorRowPage *self)
{
}

void
inspector_row_page_set_table (InspectorRowPage         *self,
                              GtkColumnView            *table,
                              const InspectorRowColumn *columns,
                              guint                     n_columns,
                              GMenuModel               *menu)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  g_return_if_fail (INSPECTOR_IS_ROW_PAGE (self));

  priv->table = table;
  priv->filter = inspector_row_filter_new (columns, n_columns);
  inspector_row_table_add_columns (table, columns, n_columns);
  inspector_row_table_add_menu (table, GTK_WIDGET (self), menu);
}

static void
search_changed_cb (InspectorRowPage *self)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  inspector_row_filter_set_text (priv->filter,
                                 gtk_editable_get_text (GTK_EDITABLE (priv->search_entry)));
}

static void
search_activate_cb (InspectorRowPage *self)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  search_changed_cb (self);
  inspector_row_table_focus_row (priv->table, 0);
}

void
inspector_row_page_set_search (InspectorRowPage *self,
                               GtkSearchBar     *bar,
                               GtkSearchEntry   *entry)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  g_return_if_fail (INSPECTOR_IS_ROW_PAGE (self));

  priv->search_bar = bar;
  priv->search_entry = entry;
  gtk_search_bar_connect_entry (bar, GTK_EDITABLE (entry));
  g_signal_connect_object (entry, "search-changed", G_CALLBACK (search_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "activate", G_CALLBACK (search_activate_cb), self,
                           G_CONNECT_SWAPPED);
}

void
inspector_row_page_start_search (InspectorRowPage *self)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  g_return_if_fail (INSPECTOR_IS_ROW_PAGE (self));

  gtk_search_bar_set_search_mode (priv->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (priv->search_entry));
  gtk_editable_select_region (GTK_EDITABLE (priv->search_entry), 0, -1);
}

void
inspector_row_page_add_key (InspectorRowPage *self,
                            guint             keyval,
                            GdkModifierType   modifiers,
                            const char       *action,
                            GVariant         *parameter)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (keyval, modifiers),
                                            gtk_named_action_new (action));

  gtk_shortcut_set_arguments (shortcut, parameter);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
  gtk_widget_add_controller (GTK_WIDGET (priv->table), controller);
}

void
inspector_row_page_set_view (InspectorRowPage *self,
                             InspectorView    *view)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  g_return_if_fail (INSPECTOR_IS_ROW_PAGE (self));

  g_set_object (&priv->view, view);
  g_signal_connect_object (view, "notify::node", G_CALLBACK (show_message), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

InspectorView *
inspector_row_page_get_view (InspectorRowPage *self)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  return priv->view;
}

IMsgMessage *
inspector_row_page_get_message (InspectorRowPage *self)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  return priv->message;
}

guint
inspector_row_page_get_n_rows (InspectorRowPage *self)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  return priv->rows != NULL ? g_list_model_get_n_items (priv->rows) : 0;
}

gpointer
inspector_row_page_get_selected (InspectorRowPage *self)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);

  return priv->selection != NULL ? gtk_single_selection_get_selected_item (priv->selection) : NULL;
}

void
inspector_row_page_select (InspectorRowPage *self,
                           gpointer          row)
{
  InspectorRowPagePrivate *priv = inspector_row_page_get_instance_private (self);
  guint n_rows;

  g_return_if_fail (INSPECTOR_IS_ROW_PAGE (self));

  /* A search gives way to what somebody goes to */
  gtk_search_bar_set_search_mode (priv->search_bar, FALSE);
  inspector_row_filter_set_text (priv->filter, "");
  n_rows = priv->selection != NULL ? g_list_model_get_n_items (G_LIST_MODEL (priv->selection)) : 0;
  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (priv->selection), i);

      if ((gpointer) item == row)
        {
          gtk_single_selection_set_selected (priv->selection, i);
          inspector_row_table_focus_row (priv->table, i);
          return;
        }
    }
}
