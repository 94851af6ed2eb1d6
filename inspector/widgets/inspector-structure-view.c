/* inspector-structure-view.c - a binary value as the tree of its parts
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-structure-view.h"

#include "inspector-access.h"
#include "inspector-shown-text.h"

#include <glib/gi18n.h>

#define MAX_HEIGHT 320
#define MAX_ROWS 16
#define ROW_PADDING 12

struct _InspectorStructureView
{
  GtkWidget           parent_instance;

  GtkListView        *list_view;
  GtkSingleSelection *selection;   /* NULL while there is nothing to show */
};

enum
{
  SIGNAL_SELECTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InspectorStructureView, inspector_structure_view, GTK_TYPE_WIDGET)

static GListModel *
create_children (gpointer item,
                 gpointer user_data)
{
  GListModel *children = imsg_structure_node_get_children (item);

  if (children == NULL || g_list_model_get_n_items (children) == 0)
    return NULL;
  return g_object_ref (children);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          InspectorStructureView   *self)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), label);
  gtk_list_item_set_child (item, expander);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         InspectorStructureView   *self)
{
  GtkWidget *expander = gtk_list_item_get_child (item);
  GtkWidget *label = gtk_tree_expander_get_child (GTK_TREE_EXPANDER (expander));
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  g_autoptr(IMsgStructureNode) node = gtk_tree_list_row_get_item (row);
  const char *value = imsg_structure_node_get_value (node);
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *place = NULL;

  text = g_strdup_printf ("%s%s%s%s", imsg_structure_node_is_damaged (node) ? "⚠ " : "",
                          imsg_structure_node_get_name (node), value != NULL ? ": " : "",
                          value != NULL ? value : "");
  place = g_strdup_printf (ngettext ("Offset 0x%zX, %zu byte", "Offset 0x%zX, %zu bytes",
                                     imsg_structure_node_get_size (node)),
                           imsg_structure_node_get_offset (node),
                           imsg_structure_node_get_size (node));
  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (expander), row);
  shown = inspector_dup_shown_text (text);
  gtk_label_set_text (GTK_LABEL (label), shown);
  gtk_widget_set_tooltip_text (label, place);
  if (gtk_widget_get_parent (expander) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (expander)),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
selected_cb (InspectorStructureView *self)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr(IMsgStructureNode) node = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

  if (node != NULL)
    g_signal_emit (self, signals[SIGNAL_SELECTED], 0,
                   (guint) imsg_structure_node_get_offset (node),
                   (guint) imsg_structure_node_get_size (node));
}

static void
inspector_structure_view_dispose (GObject *object)
{
  InspectorStructureView *self = INSPECTOR_STRUCTURE_VIEW (object);
  GtkWidget *child = NULL;

  if (self->list_view != NULL)
    gtk_list_view_set_model (self->list_view, NULL);
  self->list_view = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (inspector_structure_view_parent_class)->dispose (object);
}

static void
inspector_structure_view_class_init (InspectorStructureViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inspector_structure_view_dispose;

  /* Offset and number of the bytes of the selected part */
  signals[SIGNAL_SELECTED] =
    g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
inspector_structure_view_init (InspectorStructureView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  self->list_view = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list_view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Parts of the value"), -1);
  inspector_access_add_tree_keys (GTK_WIDGET (self->list_view));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list_view));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_HEIGHT);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_widget_add_css_class (scroller, "card");
  gtk_widget_set_overflow (scroller, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_parent (scroller, GTK_WIDGET (self));
}

static guint
count_rows (IMsgStructureNode *node,
            guint              depth)
{
  GListModel *children = imsg_structure_node_get_children (node);
  guint n_children = children != NULL ? g_list_model_get_n_items (children) : 0;
  guint n_rows = n_children;

  for (guint i = 0; i < n_children && n_rows < MAX_ROWS && depth < MAX_ROWS; i++)
    {
      g_autoptr(IMsgStructureNode) child = g_list_model_get_item (children, i);

      n_rows += count_rows (child, depth + 1);
    }
  return n_rows;
}

/* A list does not know its height before its rows are there, and would stay as low as it can be */
static void
set_height (InspectorStructureView *self,
            IMsgStructureNode      *root)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "X");
  guint n_rows = CLAMP (count_rows (root, 0), 2, MAX_ROWS);
  int line_height = 0;

  pango_layout_get_pixel_size (layout, NULL, &line_height);
  gtk_scrolled_window_set_min_content_height (
    GTK_SCROLLED_WINDOW (gtk_widget_get_first_child (GTK_WIDGET (self))),
    MIN ((int) n_rows * (line_height + ROW_PADDING), MAX_HEIGHT));
}

/* root may be NULL */
void
inspector_structure_view_set_root (InspectorStructureView *self,
                                   IMsgStructureNode      *root)
{
  GListModel *children = NULL;
  GtkTreeListModel *tree = NULL;

  g_return_if_fail (INSPECTOR_IS_STRUCTURE_VIEW (self));

  gtk_list_view_set_model (self->list_view, NULL);
  g_clear_object (&self->selection);
  if (root == NULL)
    return;
  set_height (self, root);

  children = imsg_structure_node_get_children (root);
  if (children == NULL || g_list_model_get_n_items (children) == 0)
    {
      GListStore *store = g_list_store_new (IMSG_TYPE_STRUCTURE_NODE);

      g_list_store_append (store, root);
      children = G_LIST_MODEL (store);
    }
  else
    g_object_ref (children);
  tree = gtk_tree_list_model_new (children, FALSE, TRUE, create_children, NULL, NULL);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (tree));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
}

/* Selects the smallest part that the byte is in; FALSE when it is in none */
gboolean
inspector_structure_view_select_byte (InspectorStructureView *self,
                                      guint64                 byte,
                                      gsize                  *offset,
                                      gsize                  *n_bytes)
{
  guint best = GTK_INVALID_LIST_POSITION;
  guint n_rows;

  g_return_val_if_fail (INSPECTOR_IS_STRUCTURE_VIEW (self), FALSE);

  if (self->selection == NULL)
    return FALSE;
  n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), i);
      g_autoptr(IMsgStructureNode) node = gtk_tree_list_row_get_item (row);
      gsize start = imsg_structure_node_get_offset (node);
      gsize size = imsg_structure_node_get_size (node);

      /* Of parts of one size, the innermost comes last */
      if (byte < start || byte - start >= size ||
          (best != GTK_INVALID_LIST_POSITION && size > *n_bytes))
        continue;
      best = i;
      *offset = start;
      *n_bytes = size;
    }
  gtk_single_selection_set_selected (self->selection, best);
  if (best == GTK_INVALID_LIST_POSITION)
    return FALSE;
  gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", best);
  return TRUE;
}
