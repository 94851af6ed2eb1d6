/* inspector-property-columns.c - the columns of the table of properties
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-property-columns.h"

#include "inspector-property-text.h"
#include "inspector-row-table.h"
#include "inspector-settings.h"
#include "inspector-shown-text.h"
#include "inspector-value.h"

#include <glib/gi18n.h>

/* Below these widths give way: attributes and the extra columns, then the size, then tag and type */
#define WIDE_WIDTH 720
#define MEDIUM_WIDTH 580
#define NARROW_WIDTH 480

typedef enum
{
  COLUMN_NAME,
  COLUMN_TAG,
  COLUMN_TYPE,
  COLUMN_VALUE,
  COLUMN_SIZE,
  COLUMN_ATTRIBUTES,
  COLUMN_NAMED_ID,
  COLUMN_SET,
  COLUMN_OTHER_NAMES,
  COLUMN_STORED_VALUE,
  COLUMN_ORIGIN,
  N_COLUMNS
} Column;

#define FIRST_EXTRA_COLUMN COLUMN_NAMED_ID

struct _InspectorPropertyColumns
{
  GObject              parent_instance;

  GtkColumnView       *table;    /* unowned: it outlives us */
  InspectorView       *view;
  GtkColumnViewColumn *columns[N_COLUMNS];
  GSimpleActionGroup  *actions;  /* an action for each extra column */
  guint                update_source;
  double               width;    /* of the table; 0 as long as it has none */
  guint                is_narrow : 1;
};

G_DEFINE_FINAL_TYPE (InspectorPropertyColumns, inspector_property_columns, G_TYPE_OBJECT)

static const struct
{
  const char *id;
  const char *title;
  gboolean    expands;
  guint       min_chars;
  guint       nat_chars;
} column_info[] = {
  { "name", N_("Name"), TRUE, 10, 24 },
  { "tag", N_("Tag"), FALSE, 10, 10 },
  { "type", N_("Type"), FALSE, 7, 10 },
  { "value", N_("Value"), TRUE, 8, 30 },
  { "size", N_("Size"), FALSE, 5, 7 },
  { "attributes", N_("Attributes"), FALSE, 4, 6 },
  { "named-id", N_("Named ID"), FALSE, 8, 10 },
  { "set", N_("Named Set"), FALSE, 8, 20 },
  { "other-names", N_("Other Names"), FALSE, 8, 24 },
  { "stored-value", N_("Stored Value"), FALSE, 8, 20 },
  { "origin", N_("Origin"), FALSE, 6, 9 },
};

static gboolean
shows_specification_names (void)
{
  GSettings *settings = inspector_settings_get ();

  return settings != NULL && g_settings_get_boolean (settings, "specification-names");
}

/* --- cells --- */

static char *
dup_name_text (InspectorPropertyColumns *self,
               IMsgProperty             *property)
{
  g_autofree char *title = inspector_property_dup_title (property, shows_specification_names ());

  if (!self->is_narrow)
    return g_steal_pointer (&title);
  return g_strdup_printf ("%s · %s", title,
                          inspector_value_type_word (imsg_property_get_property_type (property)));
}

/* Of a column that shows the same whatever is set */
static char *
dup_plain_text (IMsgProperty *property,
                Column        column)
{
  switch (column)
    {
    case COLUMN_NAMED_ID:
      return inspector_property_dup_name_key (property);
    case COLUMN_SET:
      return inspector_property_dup_set (property);
    case COLUMN_OTHER_NAMES:
      return inspector_property_dup_other_names (property);
    case COLUMN_STORED_VALUE:
      return imsg_property_dup_display_value (property);
    case COLUMN_ORIGIN:
      return g_strdup (inspector_property_get_origin_word (property));
    default:
      return inspector_property_dup_line (property);
    }
}

static char *
dup_cell_text (InspectorPropertyColumns *self,
               IMsgProperty             *property,
               Column                    column)
{
  IMsgPropertyType type = imsg_property_get_property_type (property);

  switch (column)
    {
    case COLUMN_NAME:
      return dup_name_text (self, property);
    case COLUMN_TAG:
      return g_strdup_printf ("0x%08X", imsg_property_get_tag (property));
    case COLUMN_TYPE:
      if (shows_specification_names () && imsg_property_type_get_name (type) != NULL)
        return g_strdup (imsg_property_type_get_name (type));
      return g_strdup (inspector_value_type_word (type));
    case COLUMN_SIZE:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, imsg_property_get_size (property));
    case COLUMN_ATTRIBUTES:
      return inspector_property_dup_attributes (property, FALSE);
    default:
      return dup_plain_text (property, column);
    }
}

static gboolean
has_draft (InspectorPropertyColumns *self,
           IMsgProperty             *property)
{
  IMsgPropertyObject *object = inspector_view_get_object (self->view);

  return object != NULL &&
         inspector_view_get_draft (self->view, object, imsg_property_get_tag (property)) != NULL;
}

/* The state of a property as an icon; the spoken row says it in words */
static const char *
get_mark (InspectorPropertyColumns *self,
          IMsgProperty             *property)
{
  if (imsg_property_is_damaged (property))
    return "dialog-warning-symbolic";
  if (has_draft (self, property))
    return "document-edit-symbolic";
  if (imsg_property_get_origin (property) == IMSG_PROPERTY_ORIGIN_EDITED)
    return "media-record-symbolic";
  if (!(imsg_property_get_attributes (property) & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE))
    return "changes-prevent-symbolic";
  return NULL;
}

static void
show_name_cell (InspectorPropertyColumns *self,
                IMsgProperty             *property,
                GtkWidget                *box)
{
  GtkWidget *icon = gtk_widget_get_first_child (box);
  GtkWidget *row = gtk_widget_get_parent (box) != NULL
                     ? gtk_widget_get_parent (gtk_widget_get_parent (box)) : NULL;
  const char *mark = get_mark (self, property);
  g_autofree char *sentence =
    inspector_property_dup_sentence (property, has_draft (self, property));

  gtk_image_set_from_icon_name (GTK_IMAGE (icon), mark);
  gtk_widget_set_visible (icon, mark != NULL);
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                    -1);
}

/* (transfer full) (nullable) */
static char *
dup_tooltip (InspectorPropertyColumns *self,
             IMsgProperty             *property,
             Column                    column)
{
  switch (column)
    {
    case COLUMN_NAME:
      return g_strdup (imsg_property_get_name (property));
    case COLUMN_TYPE:
      return g_strdup (imsg_property_type_get_name (imsg_property_get_property_type (property)));
    case COLUMN_ATTRIBUTES:
      return inspector_property_dup_attributes (property, TRUE);
    case COLUMN_SET:
    case COLUMN_OTHER_NAMES:
    case COLUMN_STORED_VALUE:
      return dup_cell_text (self, property, column);
    case COLUMN_ORIGIN:
    case COLUMN_TAG:
    case COLUMN_VALUE:
    case COLUMN_SIZE:
    case COLUMN_NAMED_ID:
    case N_COLUMNS:
    default:
      return NULL;
    }
}

static void
show_cell (GtkListItem *item)
{
  IMsgProperty *property = gtk_list_item_get_item (item);
  GtkWidget *child = gtk_list_item_get_child (item);
  GtkWidget *cell = GTK_IS_BOX (child) ? gtk_widget_get_last_child (child) : child;
  InspectorPropertyColumns *self = g_object_get_data (G_OBJECT (item), "inspector-columns");
  Column column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (item), "inspector-column"));
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;

  if (property == NULL || self->view == NULL)
    return;
  text = dup_cell_text (self, property, column);
  shown = inspector_dup_shown_text (text);
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), shown);

  if (column == COLUMN_NAME)
    show_name_cell (self, property, child);
  else if (column == COLUMN_ATTRIBUTES)
    {
      g_autofree char *spoken = inspector_property_dup_attributes (property, TRUE);

      gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                      -1);
    }
}

/* Made for the one cell that the pointer rests on, not for each that is bound */
static gboolean
query_tooltip_cb (GtkListItem *item,
                  int          x,
                  int          y,
                  gboolean     keyboard_mode,
                  GtkTooltip  *tooltip)
{
  IMsgProperty *property = gtk_list_item_get_item (item);
  InspectorPropertyColumns *self = g_object_get_data (G_OBJECT (item), "inspector-columns");
  Column column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (item), "inspector-column"));
  g_autofree char *text = property != NULL ? dup_tooltip (self, property, column) : NULL;

  g_autofree char *shown = inspector_dup_shown_text (text);

  if (shown == NULL || *shown == '\0')
    return FALSE;
  gtk_tooltip_set_text (tooltip, shown);
  return TRUE;
}

static void
cell_setup_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               InspectorPropertyColumns *self)
{
  Column column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "inspector-column"));
  GtkWidget *cell = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), column_info[column].min_chars);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (cell), column_info[column].nat_chars);
  if (column == COLUMN_TAG || column == COLUMN_ATTRIBUTES || column == COLUMN_NAMED_ID)
    {
      gtk_widget_add_css_class (cell, "monospace");
      /* Tags read the same way in every language */
      gtk_widget_set_direction (cell, GTK_TEXT_DIR_LTR);
    }
  if (column == COLUMN_SIZE)
    inspector_row_table_align_number (cell);
  gtk_widget_set_has_tooltip (cell, TRUE);
  g_signal_connect_object (cell, "query-tooltip", G_CALLBACK (query_tooltip_cb), item,
                           G_CONNECT_SWAPPED);
  g_object_set_data (G_OBJECT (item), "inspector-columns", self);
  g_object_set_data (G_OBJECT (item), "inspector-column", GUINT_TO_POINTER (column));
  if (column == COLUMN_NAME)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
      GtkWidget *icon = gtk_image_new ();

      gtk_image_set_pixel_size (GTK_IMAGE (icon), 12);
      gtk_widget_set_hexpand (cell, TRUE);
      gtk_box_append (GTK_BOX (box), icon);
      gtk_box_append (GTK_BOX (box), cell);
      cell = box;
    }
  gtk_list_item_set_child (item, cell);
  inspector_row_table_mark_cell (item);
}

static void
cell_bind_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              InspectorPropertyColumns *self)
{
  IMsgProperty *property = gtk_list_item_get_item (item);
  Column column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (item), "inspector-column"));

  show_cell (item);
  g_signal_connect_object (property, "notify::display-value", G_CALLBACK (show_cell), item,
                           G_CONNECT_SWAPPED);
  if (column == COLUMN_NAME && self->view != NULL)
    g_signal_connect_object (self->view, "draft-changed", G_CALLBACK (show_cell), item,
                             G_CONNECT_SWAPPED);
  /* Held until unbinding: by then the row may have let go of it */
  g_object_set_data_full (G_OBJECT (item), "inspector-bound", g_object_ref (property),
                          g_object_unref);
}

static void
cell_unbind_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                InspectorPropertyColumns *self)
{
  IMsgProperty *property = g_object_get_data (G_OBJECT (item), "inspector-bound");

  g_signal_handlers_disconnect_by_func (property, show_cell, item);
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_func (self->view, show_cell, item);
  g_object_set_data (G_OBJECT (item), "inspector-bound", NULL);
}

/* --- order --- */

static int
compare_numbers (guint64 a,
                 guint64 b)
{
  return a < b ? GTK_ORDERING_SMALLER : a > b ? GTK_ORDERING_LARGER : GTK_ORDERING_EQUAL;
}

static int
compare_properties (gconstpointer a,
                    gconstpointer b,
                    gpointer      user_data)
{
  IMsgProperty *first = (IMsgProperty *) a;
  IMsgProperty *second = (IMsgProperty *) b;

  switch ((Column) GPOINTER_TO_UINT (user_data))
    {
    case COLUMN_TAG:
      return compare_numbers (imsg_property_get_tag (first), imsg_property_get_tag (second));
    case COLUMN_TYPE:
      return compare_numbers (imsg_property_get_property_type (first),
                              imsg_property_get_property_type (second));
    case COLUMN_SIZE:
      return compare_numbers (imsg_property_get_size (first), imsg_property_get_size (second));
    case COLUMN_ATTRIBUTES:
      return compare_numbers (imsg_property_get_attributes (first),
                              imsg_property_get_attributes (second));
    case COLUMN_NAME:
    case COLUMN_VALUE:
    case COLUMN_NAMED_ID:
    case COLUMN_SET:
    case COLUMN_OTHER_NAMES:
    case COLUMN_STORED_VALUE:
    case COLUMN_ORIGIN:
    case N_COLUMNS:
    default:
      return GTK_ORDERING_EQUAL;
    }
}

/* Texts are collated once each, by the string sorter */
static char *
sort_text_cb (IMsgProperty *property,
              gpointer      user_data)
{
  Column column = GPOINTER_TO_UINT (user_data);

  return column == COLUMN_NAME ? inspector_property_dup_title (property, FALSE)
                               : dup_plain_text (property, column);
}

static GtkSorter *
create_sorter (Column column)
{
  GtkExpression *expression = NULL;

  if (column == COLUMN_TAG || column == COLUMN_TYPE || column == COLUMN_SIZE ||
      column == COLUMN_ATTRIBUTES)
    return GTK_SORTER (gtk_custom_sorter_new (compare_properties, GUINT_TO_POINTER (column), NULL));

  expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                            G_CALLBACK (sort_text_cb), GUINT_TO_POINTER (column),
                                            NULL);
  return GTK_SORTER (gtk_string_sorter_new (expression));
}

/* --- which are shown --- */

static gboolean
is_extra_shown (InspectorPropertyColumns *self,
                Column                    column)
{
  g_autoptr(GVariant) state =
    g_action_group_get_action_state (G_ACTION_GROUP (self->actions), column_info[column].id);

  return state != NULL && g_variant_get_boolean (state);
}

static void
update_columns (InspectorPropertyColumns *self)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      gboolean visible = TRUE;

      if (i >= FIRST_EXTRA_COLUMN)
        visible = !self->is_narrow && is_extra_shown (self, i);
      else if (i == COLUMN_TAG || i == COLUMN_TYPE)
        visible = !self->is_narrow;
      else if (i == COLUMN_SIZE)
        visible = self->width >= MEDIUM_WIDTH;
      else if (i == COLUMN_ATTRIBUTES)
        visible = self->width >= WIDE_WIDTH;
      gtk_column_view_column_set_visible (self->columns[i], visible);
    }
}

static gboolean
update_columns_cb (gpointer user_data)
{
  InspectorPropertyColumns *self = user_data;

  self->update_source = 0;
  update_columns (self);
  /* The names say the type where it has no column, so their cells are made anew */
  gtk_column_view_column_set_visible (self->columns[COLUMN_NAME], FALSE);
  gtk_column_view_column_set_visible (self->columns[COLUMN_NAME], TRUE);
  return G_SOURCE_REMOVE;
}

static void
extra_toggled_cb (GSimpleAction            *action,
                  GVariant                 *state,
                  InspectorPropertyColumns *self)
{
  GSettings *settings = inspector_settings_get ();
  const char *shown[N_COLUMNS + 1] = { NULL, };
  guint n_shown = 0;

  g_simple_action_set_state (action, state);
  update_columns (self);
  for (guint i = FIRST_EXTRA_COLUMN; i < N_COLUMNS; i++)
    {
      if (is_extra_shown (self, i))
        shown[n_shown++] = column_info[i].id;
    }
  if (settings != NULL)
    g_settings_set_strv (settings, "extra-columns", shown);
}

static void
add_actions (InspectorPropertyColumns *self)
{
  GSettings *settings = inspector_settings_get ();
  g_auto(GStrv) shown = NULL;

  if (settings != NULL)
    shown = g_settings_get_strv (settings, "extra-columns");
  for (guint i = FIRST_EXTRA_COLUMN; i < N_COLUMNS; i++)
    {
      gboolean is_shown = shown != NULL &&
                          g_strv_contains ((const char * const *) shown, column_info[i].id);
      g_autoptr(GSimpleAction) action =
        g_simple_action_new_stateful (column_info[i].id, NULL, g_variant_new_boolean (is_shown));

      g_signal_connect_object (action, "change-state", G_CALLBACK (extra_toggled_cb), self, 0);
      g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
    }
}

static GMenuModel *
create_header_menu (void)
{
  GMenu *menu = g_menu_new ();

  for (guint i = FIRST_EXTRA_COLUMN; i < N_COLUMNS; i++)
    {
      g_autofree char *action = g_strconcat ("columns.", column_info[i].id, NULL);

      g_menu_append (menu, _(column_info[i].title), action);
    }
  return G_MENU_MODEL (menu);
}

static void
add_columns (InspectorPropertyColumns *self)
{
  g_autoptr(GMenuModel) menu = create_header_menu ();

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr(GtkSorter) sorter = create_sorter (i);

      g_object_set_data (G_OBJECT (factory), "inspector-column", GUINT_TO_POINTER (i));
      g_signal_connect_object (factory, "setup", G_CALLBACK (cell_setup_cb), self, 0);
      g_signal_connect_object (factory, "bind", G_CALLBACK (cell_bind_cb), self, 0);
      g_signal_connect_object (factory, "unbind", G_CALLBACK (cell_unbind_cb), self, 0);
      self->columns[i] = gtk_column_view_column_new (_(column_info[i].title), factory);
      gtk_column_view_column_set_expand (self->columns[i], column_info[i].expands);
      gtk_column_view_column_set_resizable (self->columns[i], TRUE);
      gtk_column_view_column_set_sorter (self->columns[i], sorter);
      gtk_column_view_column_set_header_menu (self->columns[i], menu);
      gtk_column_view_append_column (self->table, self->columns[i]);
    }
}

static void
inspector_property_columns_dispose (GObject *object)
{
  InspectorPropertyColumns *self = INSPECTOR_PROPERTY_COLUMNS (object);

  g_clear_handle_id (&self->update_source, g_source_remove);
  for (guint i = 0; i < N_COLUMNS; i++)
    g_clear_object (&self->columns[i]);
  g_clear_object (&self->actions);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (inspector_property_columns_parent_class)->dispose (object);
}

static void
inspector_property_columns_class_init (InspectorPropertyColumnsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inspector_property_columns_dispose;
}

static void
inspector_property_columns_init (InspectorPropertyColumns *self)
{
  self->actions = g_simple_action_group_new ();
}

InspectorPropertyColumns *
inspector_property_columns_new (GtkColumnView *table)
{
  InspectorPropertyColumns *self = g_object_new (INSPECTOR_TYPE_PROPERTY_COLUMNS, NULL);

  self->table = table;
  add_actions (self);
  add_columns (self);
  update_columns (self);
  return self;
}

void
inspector_property_columns_set_view (InspectorPropertyColumns *self,
                                     InspectorView            *view)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_COLUMNS (self));

  g_set_object (&self->view, view);
}

gboolean
inspector_property_columns_sort (InspectorPropertyColumns *self,
                                 const char               *id,
                                 GtkSortType               order)
{
  g_return_val_if_fail (INSPECTOR_IS_PROPERTY_COLUMNS (self), FALSE);

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      if (!g_str_equal (column_info[i].id, id))
        continue;
      gtk_column_view_sort_by_column (self->table, self->columns[i], order);
      return TRUE;
    }
  gtk_column_view_sort_by_column (self->table, NULL, order);
  return FALSE;
}

/* Columns cannot change while sizes are given out, so that happens right after */
void
inspector_property_columns_set_width (InspectorPropertyColumns *self,
                                      double                    width)
{
  double old = self->width;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_COLUMNS (self));

  if (width < 1)
    return;
  self->width = width;
  if (old >= 1 && (width < NARROW_WIDTH) == (old < NARROW_WIDTH) &&
      (width < MEDIUM_WIDTH) == (old < MEDIUM_WIDTH) && (width < WIDE_WIDTH) == (old < WIDE_WIDTH))
    return;
  self->is_narrow = width < NARROW_WIDTH;
  if (self->update_source == 0)
    self->update_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_columns_cb, self, NULL);
}

GActionGroup *
inspector_property_columns_get_actions (InspectorPropertyColumns *self)
{
  g_return_val_if_fail (INSPECTOR_IS_PROPERTY_COLUMNS (self), NULL);

  return G_ACTION_GROUP (self->actions);
}
