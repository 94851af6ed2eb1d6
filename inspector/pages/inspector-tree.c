/* inspector-tree.c - the session as a tree of messages
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-tree.h"

#include "inspector-access.h"
#include "inspector-drag.h"
#include "inspector-shown-text.h"

#include <string.h>

#define MAX_DEPTH 100
#define MAX_CLICK_DRIFT 8
/* So many nodes are let go between two frames when a search is over */
#define FORGET_STEP 256

struct _InspectorTree
{
  GtkWidget            parent_instance;

  GtkSearchEntry      *search_entry;
  GtkStack            *stack;
  GtkListView         *list_view;

  InspectorView       *view;
  GtkTreeListModel    *tree;
  GtkFilterListModel  *filtered;
  GtkCustomFilter     *filter;
  GtkSingleSelection  *selection;
  char                *folded;    /* what is searched for, case-folded; NULL for nothing */
  GHashTable          *searched;  /* the nodes a search has seen, for its next letter */
  guint                forget_source;
  double               press_x;
  double               press_y;
  guint                click_source;
  gboolean             opens_on_click;
};

enum
{
  SIGNAL_ACTIVATED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InspectorTree, inspector_tree, GTK_TYPE_WIDGET)

static GListModel *
create_children (gpointer item,
                 gpointer user_data)
{
  GListModel *children = inspector_node_get_children (item);

  return children != NULL ? g_object_ref (children) : NULL;
}

static void
forget_searched (InspectorTree *self)
{
  GHashTableIter iter;
  gpointer node = NULL;

  g_hash_table_iter_init (&iter, self->searched);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    inspector_node_forget_haystack (node);
  g_hash_table_remove_all (self->searched);
}

static gboolean
forget_some_cb (gpointer user_data)
{
  InspectorTree *self = user_data;
  GHashTableIter iter;
  gpointer node = NULL;

  g_hash_table_iter_init (&iter, self->searched);
  for (guint i = 0; i < FORGET_STEP && g_hash_table_iter_next (&iter, &node, NULL); i++)
    {
      inspector_node_forget_haystack (node);
      g_hash_table_iter_remove (&iter);
    }
  if (g_hash_table_size (self->searched) > 0)
    return G_SOURCE_CONTINUE;
  self->forget_source = 0;
  return G_SOURCE_REMOVE;
}

/* Ten thousand nodes at once would hold up the letter that ends the search */
static void
forget_searched_later (InspectorTree *self)
{
  if (self->forget_source == 0)
    self->forget_source = g_idle_add (forget_some_cb, self);
}

static gboolean
match_node (InspectorTree *self,
            InspectorNode *node)
{
  if (!g_hash_table_contains (self->searched, node))
    g_hash_table_add (self->searched, g_object_ref (node));
  return inspector_node_matches (node, self->folded);
}

/* A row stays when it matches, when something below it does, or when something above it does */
static gboolean
match_row (gpointer item,
           gpointer user_data)
{
  InspectorTree *self = user_data;
  g_autoptr(GtkTreeListRow) row = g_object_ref (item);

  if (self->folded == NULL)
    return TRUE;

  while (row != NULL)
    {
      g_autoptr(InspectorNode) node = INSPECTOR_NODE (gtk_tree_list_row_get_item (row));
      g_autoptr(GtkTreeListRow) parent = NULL;

      if (node != NULL && match_node (self, node))
        return TRUE;
      parent = gtk_tree_list_row_get_parent (row);
      g_set_object (&row, parent);
    }
  return FALSE;
}

static InspectorNode *
get_row_node (GtkTreeListRow *row)
{
  return row != NULL ? INSPECTOR_NODE (gtk_tree_list_row_get_item (row)) : NULL;
}

static void
items_changed_cb (InspectorTree *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));

  gtk_stack_set_visible_child_name (self->stack,
                                    n_items == 0 && self->folded != NULL &&
                                        gtk_filter_list_model_get_pending (self->filtered) == 0
                                      ? "no-match" : "list");
}

static void
select_position (InspectorTree *self,
                 guint          position)
{
  gtk_single_selection_set_selected (self->selection, position);
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", position);
}

/* The position of a node among the rows that are open now */
static guint
find_row (InspectorTree      *self,
          InspectorNodeKind   kind,
          IMsgPropertyObject *object)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->filtered)); i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->filtered), i);
      g_autoptr(InspectorNode) node = get_row_node (row);

      if (inspector_node_get_kind (node) == kind && inspector_node_get_object (node) == object)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

/* Where a node is when its row is not there: the position of what it lies in */
static guint
find_row_around (InspectorTree *self,
                 InspectorNode *node)
{
  InspectorNodeKind kind = inspector_node_get_kind (node);
  IMsgPropertyObject *object = inspector_node_get_object (node);
  guint position = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < MAX_DEPTH && position == GTK_INVALID_LIST_POSITION; i++)
    {
      if (object == NULL || imsg_property_object_is_closed (object))
        break;
      if (kind == INSPECTOR_NODE_RECIPIENTS || kind == INSPECTOR_NODE_ATTACHMENTS)
        {
          kind = INSPECTOR_NODE_MESSAGE;
        }
      else if (kind == INSPECTOR_NODE_ATTACHMENT)
        {
          kind = INSPECTOR_NODE_ATTACHMENTS;
          object = (gpointer) imsg_attachment_get_message (IMSG_ATTACHMENT (object));
        }
      else if (kind == INSPECTOR_NODE_MESSAGE)
        {
          kind = INSPECTOR_NODE_ATTACHMENT;
          object = (gpointer) imsg_message_get_parent (IMSG_MESSAGE (object));
        }
      else
        {
          break;
        }
      position = find_row (self, kind, object);
    }
  return position;
}

static void
selected_cb (InspectorTree *self)
{
  g_autoptr(InspectorNode) node = NULL;
  InspectorNode *former = NULL;

  if (self->view == NULL)
    return;
  node = get_row_node (gtk_single_selection_get_selected_item (self->selection));
  /* A row that a search hides does not take away what is being read, nor does a session that was
   * closed */
  if (node == NULL && (self->folded != NULL ||
                       imsg_session_is_closed (inspector_view_get_session (self->view))))
    return;
  /* One that was folded up leaves the selection to the row it went into */
  former = inspector_view_get_node (self->view);
  if (node == NULL && former != NULL)
    {
      guint position = find_row_around (self, former);

      if (position != GTK_INVALID_LIST_POSITION)
        {
          gtk_single_selection_set_selected (self->selection, position);
          return;
        }
    }
  inspector_view_set_node (self->view, node);
}

static void
expand_row (InspectorTree      *self,
            InspectorNodeKind   kind,
            IMsgPropertyObject *object)
{
  guint position = find_row (self, kind, object);
  g_autoptr(GtkTreeListRow) row = NULL;

  if (position == GTK_INVALID_LIST_POSITION)
    return;
  row = g_list_model_get_item (G_LIST_MODEL (self->filtered), position);
  gtk_tree_list_row_set_expanded (row, TRUE);
}

static void
expand_to (InspectorTree     *self,
           InspectorNodeKind  kind,
           IMsgPropertyObject *object)
{
  g_autoptr(GPtrArray) path = g_ptr_array_new ();
  IMsgMessage *message = NULL;

  if (IMSG_IS_ATTACHMENT (object))
    message = imsg_attachment_get_message (IMSG_ATTACHMENT (object));
  else if (kind == INSPECTOR_NODE_MESSAGE)
    {
      IMsgAttachment *parent = imsg_message_get_parent (IMSG_MESSAGE (object));

      if (parent == NULL)
        return;
      g_ptr_array_add (path, parent);
      message = imsg_attachment_get_message (parent);
    }
  else
    message = IMSG_MESSAGE (object);

  while (message != NULL && path->len < MAX_DEPTH)
    {
      IMsgAttachment *parent = imsg_message_get_parent (message);

      g_ptr_array_add (path, message);
      if (parent == NULL)
        break;
      g_ptr_array_add (path, parent);
      message = imsg_attachment_get_message (parent);
    }

  for (guint i = path->len; i > 0; i--)
    {
      IMsgPropertyObject *step = g_ptr_array_index (path, i - 1);

      if (IMSG_IS_ATTACHMENT (step))
        expand_row (self, INSPECTOR_NODE_ATTACHMENT, step);
      else
        {
          expand_row (self, INSPECTOR_NODE_MESSAGE, step);
          if (i > 1 || kind == INSPECTOR_NODE_ATTACHMENT)
            expand_row (self, INSPECTOR_NODE_ATTACHMENTS, step);
        }
    }
}

gboolean
inspector_tree_reveal (InspectorTree      *self,
                       InspectorNodeKind   kind,
                       IMsgPropertyObject *object)
{
  guint position;

  g_return_val_if_fail (INSPECTOR_IS_TREE (self), FALSE);

  if (self->filtered == NULL)
    return FALSE;
  if (self->folded != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");

  position = find_row (self, kind, object);
  if (position == GTK_INVALID_LIST_POSITION)
    {
      expand_to (self, kind, object);
      position = find_row (self, kind, object);
    }
  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;
  select_position (self, position);
  return TRUE;
}

static void
session_changed_cb (InspectorTree *self)
{
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (self->view));

  gtk_list_view_set_model (self->list_view, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->filtered);
  g_clear_object (&self->tree);
  g_clear_object (&self->filter);
  forget_searched (self);

  self->tree = gtk_tree_list_model_new (inspector_node_list_messages (messages), FALSE, FALSE,
                                        create_children, NULL, NULL);
  self->filter = NULL;
  self->filtered = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->tree)), NULL);
  /* With a model from the start it would have selected a row before we hear of it */
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->filtered));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filtered, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filtered, "notify::pending", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
}

/* With each further letter only the rows that are left need a look, without the last one only the
 * others; unless something was edited since they were looked at. */
static GtkFilterChange
compare_searches (InspectorTree *self,
                  const char    *before)
{
  if (before == NULL || g_hash_table_size (self->searched) == 0)
    return GTK_FILTER_CHANGE_DIFFERENT;
  return strstr (self->folded, before) != NULL ? GTK_FILTER_CHANGE_MORE_STRICT
         : strstr (before, self->folded) != NULL ? GTK_FILTER_CHANGE_LESS_STRICT
                                                 : GTK_FILTER_CHANGE_DIFFERENT;
}

static void
search_changed_cb (GtkSearchEntry *entry,
                   InspectorTree  *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  g_autofree char *before = NULL;

  if (self->filtered == NULL)
    return;

  before = g_steal_pointer (&self->folded);
  if (*text != '\0')
    {
      self->folded = g_utf8_casefold (text, -1);
      g_clear_handle_id (&self->forget_source, g_source_remove);
    }

  /* Without a filter no row of a long list needs to be made */
  if (self->folded == NULL)
    {
      gtk_filter_list_model_set_filter (self->filtered, NULL);
      g_clear_object (&self->filter);
      forget_searched_later (self);
    }
  else if (self->filter == NULL)
    {
      self->filter = gtk_custom_filter_new (match_row, self, NULL);
      gtk_filter_list_model_set_filter (self->filtered, GTK_FILTER (self->filter));
    }
  else
    gtk_filter_changed (GTK_FILTER (self->filter), compare_searches (self, before));
  items_changed_cb (self);
}

static void
stop_search_cb (GtkSearchEntry *entry,
                InspectorTree  *self)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

static void
clear_search_cb (GtkButton     *button,
                 InspectorTree *self)
{
  stop_search_cb (self->search_entry, self);
}

/* Messages and attachments can be dragged out of the window */
static IMsgPropertyObject *
get_dragged (GtkWidget *expander,
             double     x,
             double     y)
{
  GtkTreeListRow *row = gtk_tree_expander_get_list_row (GTK_TREE_EXPANDER (expander));
  g_autoptr(InspectorNode) node = get_row_node (row);

  if (node == NULL || (inspector_node_get_kind (node) != INSPECTOR_NODE_MESSAGE &&
                       inspector_node_get_kind (node) != INSPECTOR_NODE_ATTACHMENT))
    return NULL;
  return inspector_node_get_object (node);
}

/* Setting the text would ask the display where the pointer is, once for every row */
static gboolean
query_tooltip_cb (GtkListItem *item,
                  int          x,
                  int          y,
                  gboolean     keyboard_mode,
                  GtkTooltip  *tooltip)
{
  g_autoptr(InspectorNode) node = get_row_node (gtk_list_item_get_item (item));
  g_autofree char *sentence = NULL;

  if (node == NULL)
    return FALSE;
  sentence = inspector_node_dup_sentence (node);
  gtk_tooltip_set_text (tooltip, sentence);
  return TRUE;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          InspectorTree            *self)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *title = gtk_label_new (NULL);
  GtkWidget *mark = gtk_image_new ();
  GtkWidget *count = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_single_line_mode (GTK_LABEL (title), TRUE);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), mark);
  gtk_box_append (GTK_BOX (box), count);
  gtk_widget_set_has_tooltip (box, TRUE);
  g_signal_connect_object (box, "query-tooltip", G_CALLBACK (query_tooltip_cb), item,
                           G_CONNECT_SWAPPED);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), box);
  inspector_drag_add (expander, get_dragged);
  gtk_list_item_set_child (item, expander);
}

static void
show_node (InspectorNode *node,
           GParamSpec    *pspec,
           GtkListItem   *item)
{
  GtkWidget *expander = gtk_list_item_get_child (item);
  GtkWidget *box = gtk_tree_expander_get_child (GTK_TREE_EXPANDER (expander));
  GtkWidget *icon = gtk_widget_get_first_child (box);
  GtkWidget *title = gtk_widget_get_next_sibling (icon);
  GtkWidget *mark = gtk_widget_get_next_sibling (title);
  GtkWidget *count = gtk_widget_get_next_sibling (mark);
  g_autofree char *sentence = inspector_node_dup_sentence (node);
  g_autofree char *icon_name = NULL;
  g_autofree char *shown = inspector_dup_shown_text (inspector_node_get_title (node));
  guint n_rows = inspector_node_get_count (node);
  guint n_problems = inspector_node_get_n_problems (node);
  gboolean modified = inspector_node_is_modified (node);

  g_object_get (node, "icon-name", &icon_name, NULL);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), icon_name);
  gtk_label_set_text (GTK_LABEL (title), shown);
  gtk_widget_set_visible (mark, modified || n_problems > 0);
  gtk_image_set_from_icon_name (GTK_IMAGE (mark), n_problems > 0 ? "dialog-warning-symbolic"
                                                                 : "media-record-symbolic");
  gtk_image_set_pixel_size (GTK_IMAGE (mark), n_problems > 0 ? 16 : 10);
  if (n_rows > 0)
    {
      g_autofree char *text = g_strdup_printf ("%u", n_rows);

      gtk_label_set_text (GTK_LABEL (count), text);
    }
  gtk_widget_set_visible (count, n_rows > 0);
  if (gtk_widget_get_parent (expander) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (expander)),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, sentence, -1);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         InspectorTree            *self)
{
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  g_autoptr(InspectorNode) node = get_row_node (row);

  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (gtk_list_item_get_child (item)), row);
  show_node (node, NULL, item);
  g_signal_connect_object (node, "notify", G_CALLBACK (show_node), item, 0);
  g_object_set_data_full (G_OBJECT (item), "inspector-node", g_steal_pointer (&node),
                          g_object_unref);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           InspectorTree            *self)
{
  InspectorNode *node = g_object_get_data (G_OBJECT (item), "inspector-node");

  if (node != NULL)
    g_signal_handlers_disconnect_by_func (node, show_node, item);
  g_object_set_data (G_OBJECT (item), "inspector-node", NULL);
  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (gtk_list_item_get_child (item)), NULL);
}

static void
activate_cb (GtkListView   *list_view,
             guint          position,
             InspectorTree *self)
{
  g_autoptr(GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->filtered), position);

  if (row != NULL && gtk_tree_list_row_is_expandable (row))
    gtk_tree_list_row_set_expanded (row, TRUE);
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

/* --- a click that opens, where there is room only for the tree or for what it shows --- */

static gboolean
click_idle_cb (gpointer user_data)
{
  InspectorTree *self = user_data;

  self->click_source = 0;
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
  return G_SOURCE_REMOVE;
}

/* Whether a row is there, and not the arrow that opens it */
static gboolean
is_row_at (InspectorTree *self,
           double         x,
           double         y)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GtkWidget *list = GTK_WIDGET (self->list_view);
  GtkWidget *picked = NULL;
  double surface_x = 0;
  double surface_y = 0;

  gtk_native_get_surface_transform (native, &surface_x, &surface_y);
  if (!gtk_widget_translate_coordinates (GTK_WIDGET (native), list, x - surface_x, y - surface_y,
                                         &x, &y))
    return FALSE;
  picked = gtk_widget_pick (list, x, y, GTK_PICK_DEFAULT);
  return picked != NULL && picked != list &&
         !g_str_equal (gtk_widget_get_css_name (picked), "expander");
}

/* Not a gesture: that of the row takes the click away from any other */
static gboolean
event_cb (GtkEventControllerLegacy *controller,
          GdkEvent                 *event,
          InspectorTree            *self)
{
  double x = 0;
  double y = 0;

  if (!self->opens_on_click || !gdk_event_get_position (event, &x, &y))
    return FALSE;
  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_BUTTON_PRESS:
    case GDK_TOUCH_BEGIN:
      self->press_x = x;
      self->press_y = y;
      break;
    case GDK_BUTTON_RELEASE:
    case GDK_TOUCH_END:
      if (gdk_event_get_event_type (event) == GDK_BUTTON_RELEASE &&
          gdk_button_event_get_button (event) != GDK_BUTTON_PRIMARY)
        break;
      if (ABS (x - self->press_x) <= MAX_CLICK_DRIFT &&
          ABS (y - self->press_y) <= MAX_CLICK_DRIFT && is_row_at (self, x, y) &&
          self->click_source == 0)
        self->click_source = g_idle_add (click_idle_cb, self);
      break;
    default:
      break;
    }
  return FALSE;
}

static void
inspector_tree_dispose (GObject *object)
{
  InspectorTree *self = INSPECTOR_TREE (object);
  GtkWidget *child = NULL;

  g_clear_handle_id (&self->click_source, g_source_remove);
  g_clear_handle_id (&self->forget_source, g_source_remove);
  if (self->list_view != NULL)
    gtk_list_view_set_model (self->list_view, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  self->list_view = NULL;
  g_clear_object (&self->selection);
  g_clear_object (&self->filtered);
  g_clear_object (&self->tree);
  g_clear_object (&self->filter);
  g_clear_object (&self->view);
  g_clear_pointer (&self->folded, g_free);
  g_hash_table_remove_all (self->searched);

  G_OBJECT_CLASS (inspector_tree_parent_class)->dispose (object);
}

static void
inspector_tree_finalize (GObject *object)
{
  g_hash_table_unref (INSPECTOR_TREE (object)->searched);

  G_OBJECT_CLASS (inspector_tree_parent_class)->finalize (object);
}

static void
inspector_tree_class_init (InspectorTreeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_tree_dispose;
  G_OBJECT_CLASS (klass)->finalize = inspector_tree_finalize;

  /* A row was activated: somebody wants to see it */
  signals[SIGNAL_ACTIVATED] =
    g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/libimsg/Inspector/inspector-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, InspectorTree, search_entry);
  gtk_widget_class_bind_template_child (widget_class, InspectorTree, stack);
  gtk_widget_class_bind_template_child (widget_class, InspectorTree, list_view);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
inspector_tree_init (InspectorTree *self)
{
  GtkEventController *clicks = gtk_event_controller_legacy_new ();

  self->searched = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  inspector_access_add_tree_keys (GTK_WIDGET (self->list_view));
  gtk_event_controller_set_propagation_phase (clicks, GTK_PHASE_CAPTURE);
  g_signal_connect (clicks, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list_view), clicks);
}

void
inspector_tree_set_view (InspectorTree *self,
                         InspectorView *view)
{
  g_return_if_fail (INSPECTOR_IS_TREE (self));

  g_set_object (&self->view, view);
  g_signal_connect_object (view, "notify::session", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (inspector_view_get_history (view), "changed",
                           G_CALLBACK (forget_searched), self, G_CONNECT_SWAPPED);
  session_changed_cb (self);
}

void
inspector_tree_focus_row (InspectorTree *self)
{
  guint position = GTK_INVALID_LIST_POSITION;

  g_return_if_fail (INSPECTOR_IS_TREE (self));

  if (self->selection != NULL)
    position = gtk_single_selection_get_selected (self->selection);
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", position);
}

void
inspector_tree_start_search (InspectorTree *self)
{
  g_return_if_fail (INSPECTOR_IS_TREE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
inspector_tree_set_opens_on_click (InspectorTree *self,
                                   gboolean       opens_on_click)
{
  g_return_if_fail (INSPECTOR_IS_TREE (self));

  self->opens_on_click = opens_on_click;
}
