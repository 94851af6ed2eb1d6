/* inspector-row-table.c - a plain table over recipients, attachments and the like
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-row-table.h"

#include "inspector-shown-text.h"

#include <glib/gi18n.h>

/* What a factory knows of its column: all of the columns, for the spoken row, and which it is */
typedef struct
{
  const InspectorRowColumn *columns;
  guint                     n_columns;
  guint                     index;
} Cell;

char *
inspector_row_table_dup_text (const InspectorRowColumn *columns,
                              guint                     index,
                              gpointer                  item)
{
  g_auto(GStrv) parts = NULL;

  if (columns[index].text != NULL)
    return columns[index].text (item);
  parts = g_strsplit (gtk_string_object_get_string (item), "\t", -1);
  return g_strdup (g_strv_length (parts) > index ? parts[index] : "");
}

void
inspector_row_table_align_number (GtkWidget *inscription)
{
  gtk_widget_set_direction (inscription, GTK_TEXT_DIR_LTR);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (inscription), 1);
  gtk_widget_add_css_class (inscription, "numeric");
}

/* The text in full, made for the one cell that the pointer rests on */
static gboolean
query_tooltip_cb (GtkWidget  *text,
                  int         x,
                  int         y,
                  gboolean    keyboard_mode,
                  GtkTooltip *tooltip)
{
  const char *shown = gtk_inscription_get_text (GTK_INSCRIPTION (text));

  if (shown == NULL || *shown == '\0')
    return FALSE;
  gtk_tooltip_set_text (tooltip, shown);
  return TRUE;
}

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
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (text), cell->columns[cell->index].natural_chars);
  gtk_widget_set_has_tooltip (text, TRUE);
  g_signal_connect (text, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  if (cell->columns[cell->index].number != NULL)
    inspector_row_table_align_number (text);
  if (cell->columns[cell->index].icon != NULL)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

      gtk_widget_set_hexpand (text, TRUE);
      gtk_box_append (GTK_BOX (box), gtk_image_new ());
      gtk_box_append (GTK_BOX (box), text);
      text = box;
    }
  gtk_list_item_set_child (item, text);
  inspector_row_table_mark_cell (item);
}

static void
show_cell (GtkListItem *item,
           const Cell  *cell)
{
  GtkWidget *child = gtk_list_item_get_child (item);
  gpointer object = gtk_list_item_get_item (item);
  g_autofree char *text = inspector_row_table_dup_text (cell->columns, cell->index, object);
  g_autofree char *shown = inspector_dup_shown_text (text);
  GtkWidget *parent = gtk_widget_get_parent (child);
  GtkWidget *inscription = GTK_IS_BOX (child) ? gtk_widget_get_last_child (child) : child;
  g_autoptr(GString) sentence = NULL;

  gtk_inscription_set_text (GTK_INSCRIPTION (inscription), shown);
  if (inscription != child)
    gtk_image_set_from_icon_name (GTK_IMAGE (gtk_widget_get_first_child (child)),
                                  cell->columns[cell->index].icon (object));
  if (cell->index != 0 || parent == NULL || gtk_widget_get_parent (parent) == NULL)
    return;

  sentence = g_string_new (NULL);
  for (guint i = 0; i < cell->n_columns; i++)
    {
      g_autofree char *part = inspector_row_table_dup_text (cell->columns, i, object);
      g_autofree char *spoken = inspector_dup_shown_text (part);

      if (spoken != NULL && *spoken != '\0')
        g_string_append_printf (sentence, "%s%s", sentence->len > 0 ? ", " : "", spoken);
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

  return inspector_row_table_dup_text (cell->columns, cell->index, item);
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const Cell *cell = user_data;
  guint64 first = cell->columns[cell->index].number ((gpointer) a);
  guint64 second = cell->columns[cell->index].number ((gpointer) b);

  return first < second ? GTK_ORDERING_SMALLER
                        : first > second ? GTK_ORDERING_LARGER : GTK_ORDERING_EQUAL;
}

/* (transfer full) */
static GtkSorter *
create_sorter (const Cell *cell)
{
  Cell *copy = g_memdup2 (cell, sizeof *cell);
  GtkExpression *expression = NULL;

  if (cell->columns[cell->index].number != NULL)
    return GTK_SORTER (gtk_custom_sorter_new (compare_numbers, copy, g_free));
  expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (sort_text_cb),
                                            copy, (GClosureNotify) (void (*) (void)) g_free);
  return GTK_SORTER (gtk_string_sorter_new (expression));
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
      Cell *cell = g_new (Cell, 1);

      cell->columns = columns;
      cell->n_columns = n_columns;
      cell->index = i;
      g_object_set_data_full (G_OBJECT (factory), "inspector-cell", cell, g_free);
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), cell);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), cell);
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), cell);
      column = gtk_column_view_column_new (_(columns[i].title), factory);
      sorter = create_sorter (cell);
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

/* --- the menu of a row --- */

void
inspector_row_table_mark_cell (GtkListItem *item)
{
  g_object_set_data (G_OBJECT (gtk_list_item_get_child (item)), "inspector-list-item", item);
}

/* The item of the first cell in a row, a frame of a cell, or a cell */
static GtkListItem *
get_item (GtkWidget *widget)
{
  GtkListItem *item = NULL;

  for (guint depth = 0; widget != NULL && item == NULL && depth < 3; depth++)
    {
      item = g_object_get_data (G_OBJECT (widget), "inspector-list-item");
      widget = gtk_widget_get_first_child (widget);
    }
  return item;
}

/* The position of the row under a widget inside the table */
static guint
find_row (GtkWidget *table,
          GtkWidget *widget)
{
  for (; widget != NULL && widget != table; widget = gtk_widget_get_parent (widget))
    {
      GtkListItem *item = get_item (widget);

      if (item != NULL)
        return gtk_list_item_get_position (item);
    }
  return GTK_INVALID_LIST_POSITION;
}

gpointer
inspector_row_table_get_item_at (GtkColumnView *table,
                                 double         x,
                                 double         y)
{
  GtkWidget *widget = GTK_WIDGET (table);
  GtkSelectionModel *model = gtk_column_view_get_model (table);
  guint position = find_row (widget, gtk_widget_pick (widget, x, y, GTK_PICK_DEFAULT));
  g_autoptr(GObject) item = NULL;

  if (model == NULL || position == GTK_INVALID_LIST_POSITION)
    return NULL;
  /* The model holds it */
  item = g_list_model_get_item (G_LIST_MODEL (model), position);
  return item;
}

static gboolean
focus_row_cb (GtkWidget     *table,
              GdkFrameClock *clock,
              gpointer       user_data)
{
  GtkWidget *list = gtk_widget_get_last_child (table);
  guint position = GPOINTER_TO_UINT (user_data);

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkListItem *item = get_item (row);

      if (item != NULL && gtk_list_item_get_position (item) == position)
        {
          gtk_widget_grab_focus (row);
          return G_SOURCE_REMOVE;
        }
    }
  return G_SOURCE_REMOVE;
}

void
inspector_row_table_focus_row (GtkColumnView *table,
                               guint          position)
{
  GtkWidget *list = gtk_widget_get_last_child (GTK_WIDGET (table));
  GtkSelectionModel *model = gtk_column_view_get_model (table);

  gtk_widget_grab_focus (list);
  if (model == NULL || position >= g_list_model_get_n_items (G_LIST_MODEL (model)))
    return;
  gtk_widget_activate_action (list, "list.scroll-to-item", "u", position);
  focus_row_cb (GTK_WIDGET (table), NULL, GUINT_TO_POINTER (position));
  /* A row far away has no widget before the next frame */
  if (gtk_widget_has_focus (list))
    gtk_widget_add_tick_callback (GTK_WIDGET (table), focus_row_cb, GUINT_TO_POINTER (position),
                                  NULL);
}

static void
secondary_pressed_cb (GtkGestureClick *gesture,
                      int              n_press,
                      double           x,
                      double           y,
                      GtkPopover      *popover)
{
  GtkWidget *table = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkSelectionModel *model = gtk_column_view_get_model (GTK_COLUMN_VIEW (table));
  guint position = find_row (table, gtk_widget_pick (table, x, y, GTK_PICK_DEFAULT));
  double parent_x = 0;
  double parent_y = 0;

  if (position == GTK_INVALID_LIST_POSITION || model == NULL)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_selection_model_select_item (model, position, TRUE);
  gtk_widget_translate_coordinates (table, gtk_widget_get_parent (GTK_WIDGET (popover)), x, y,
                                    &parent_x, &parent_y);
  gtk_popover_set_pointing_to (popover, &(GdkRectangle) { parent_x, parent_y, 1, 1 });
  gtk_popover_popup (popover);
}

/* Below the row that has the focus */
static gboolean
menu_key_cb (GtkWidget *table,
             GVariant  *arguments,
             gpointer   user_data)
{
  GtkPopover *popover = user_data;
  GtkRoot *root = gtk_widget_get_root (table);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (popover));
  graphene_rect_t bounds;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, table) ||
      !gtk_widget_compute_bounds (focus, parent, &bounds))
    return FALSE;
  gtk_popover_set_pointing_to (popover,
                               &(GdkRectangle) { bounds.origin.x + 24, bounds.origin.y,
                                                 1, bounds.size.height });
  gtk_popover_popup (popover);
  return TRUE;
}

void
inspector_row_table_add_menu (GtkColumnView *table,
                              GtkWidget     *parent,
                              GMenuModel    *menu)
{
  GtkWidget *popover = gtk_popover_menu_new_from_model (menu);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  gtk_widget_set_parent (popover, parent);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (secondary_pressed_cb), popover, 0);
  gtk_widget_add_controller (GTK_WIDGET (table), GTK_EVENT_CONTROLLER (click));
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (shortcuts),
    gtk_shortcut_new (gtk_alternative_trigger_new (
                        gtk_keyval_trigger_new (GDK_KEY_Menu, 0),
                        gtk_keyval_trigger_new (GDK_KEY_F10, GDK_SHIFT_MASK)),
                      gtk_callback_action_new (menu_key_cb, g_object_ref (popover),
                                               g_object_unref)));
  gtk_widget_add_controller (GTK_WIDGET (table), shortcuts);
}
