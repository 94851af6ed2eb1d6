/* inspector-property-page.c - the properties of the selected object as a table
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-property-page.h"

#include "inspector-application.h"
#include "inspector-edit.h"
#include "inspector-property-text.h"
#include "inspector-value.h"

#include <glib/gi18n.h>
#include <string.h>

/* Below these widths, size and attributes give way, then tag and type too */
#define MEDIUM_WIDTH 720
#define NARROW_WIDTH 480

typedef enum
{
  COLUMN_NAME,
  COLUMN_TAG,
  COLUMN_TYPE,
  COLUMN_VALUE,
  COLUMN_SIZE,
  COLUMN_ATTRIBUTES,
  N_COLUMNS
} Column;

struct _InspectorPropertyPage
{
  GtkWidget            parent_instance;

  GtkSearchEntry      *search_entry;
  GtkLabel            *count_label;
  GtkToggleButton     *named_chip;
  GtkToggleButton     *changed_chip;
  GtkToggleButton     *read_only_chip;
  GtkToggleButton     *binary_chip;
  GtkToggleButton     *damaged_chip;
  GtkStack            *stack;
  GtkColumnView       *table;

  InspectorView       *view;
  IMsgPropertyObject  *object;      /* whose properties the table shows */
  GtkColumnViewColumn *columns[N_COLUMNS];
  GtkFilterListModel  *filtered;
  GtkSortListModel    *sorted;
  GtkSingleSelection  *selection;
  GtkCustomFilter     *filter;
  GHashTable          *haystacks;   /* IMsgProperty → its folded text */
  char                *folded;      /* what is searched for; NULL for nothing */
  guint32              wanted_tag;  /* to be selected once the table shows its object */
  guint                is_narrow : 1;
  guint                is_medium : 1;
  guint                is_selecting : 1;
};

G_DEFINE_FINAL_TYPE (InspectorPropertyPage, inspector_property_page, GTK_TYPE_WIDGET)

static const struct { const char *id; const char *title; gboolean expand; } column_info[] = {
  { "name", N_("Name"), TRUE },
  { "tag", N_("Tag"), FALSE },
  { "type", N_("Type"), FALSE },
  { "value", N_("Value"), TRUE },
  { "size", N_("Size"), FALSE },
  { "attributes", N_("Attributes"), FALSE },
};

static gboolean
shows_specification_names (void)
{
  GSettings *settings = inspector_application_get_settings ();

  return settings != NULL && g_settings_get_boolean (settings, "specification-names");
}

/* --- filter --- */

static const char *
get_haystack (InspectorPropertyPage *self,
              IMsgProperty          *property)
{
  char *haystack = g_hash_table_lookup (self->haystacks, property);

  if (haystack == NULL)
    {
      haystack = inspector_property_dup_haystack (property);
      g_hash_table_insert (self->haystacks, g_object_ref (property), haystack);
    }
  return haystack;
}

static gboolean
is_binary (IMsgProperty *property)
{
  IMsgPropertyType type =
    inspector_value_base_type (imsg_property_get_property_type (property));

  return type == IMSG_PROPERTY_TYPE_BINARY || type == IMSG_PROPERTY_TYPE_OBJECT;
}

static gboolean
match_property (gpointer item,
                gpointer user_data)
{
  InspectorPropertyPage *self = user_data;
  IMsgProperty *property = item;

  if (gtk_toggle_button_get_active (self->named_chip) &&
      !imsg_property_tag_is_named (imsg_property_get_tag (property)))
    return FALSE;
  if (gtk_toggle_button_get_active (self->changed_chip) &&
      imsg_property_get_origin (property) != IMSG_PROPERTY_ORIGIN_EDITED)
    return FALSE;
  if (gtk_toggle_button_get_active (self->read_only_chip) &&
      (imsg_property_get_attributes (property) & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE))
    return FALSE;
  if (gtk_toggle_button_get_active (self->binary_chip) && !is_binary (property))
    return FALSE;
  if (gtk_toggle_button_get_active (self->damaged_chip) && !imsg_property_is_damaged (property))
    return FALSE;
  return self->folded == NULL || strstr (get_haystack (self, property), self->folded) != NULL;
}

static gboolean
has_filter (InspectorPropertyPage *self)
{
  return self->folded != NULL || gtk_toggle_button_get_active (self->named_chip) ||
         gtk_toggle_button_get_active (self->changed_chip) ||
         gtk_toggle_button_get_active (self->read_only_chip) ||
         gtk_toggle_button_get_active (self->binary_chip) ||
         gtk_toggle_button_get_active (self->damaged_chip);
}

static void
update_count (InspectorPropertyPage *self)
{
  GListModel *all = NULL;
  guint n_all;
  guint n_shown;
  g_autofree char *text = NULL;

  if (self->object == NULL)
    {
      gtk_label_set_text (self->count_label, "");
      gtk_stack_set_visible_child_name (self->stack, "nothing");
      return;
    }
  all = imsg_property_object_get_properties (self->object);
  n_all = g_list_model_get_n_items (all);
  n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  text = has_filter (self) ? g_strdup_printf ("%u/%u", n_shown, n_all)
                           : g_strdup_printf ("%u", n_all);
  gtk_label_set_text (self->count_label, text);
  gtk_stack_set_visible_child_name (self->stack,
                                    n_shown == 0 && has_filter (self) ? "no-match" : "table");
}

static void
update_filter (InspectorPropertyPage *self)
{
  if (self->filtered == NULL)
    return;
  gtk_filter_list_model_set_filter (self->filtered,
                                    has_filter (self) ? GTK_FILTER (self->filter) : NULL);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_count (self);
}

static void
search_changed_cb (GtkSearchEntry        *entry,
                   InspectorPropertyPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  g_clear_pointer (&self->folded, g_free);
  if (*text != '\0')
    self->folded = g_utf8_casefold (text, -1);
  update_filter (self);
}

static void
focus_table (InspectorPropertyPage *self)
{
  guint selected = self->selection != NULL ? gtk_single_selection_get_selected (self->selection)
                                           : GTK_INVALID_LIST_POSITION;

  gtk_widget_grab_focus (GTK_WIDGET (self->table));
  if (selected != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->table)),
                                "list.scroll-to-item", "u", selected);
}

static void
stop_search_cb (GtkSearchEntry        *entry,
                InspectorPropertyPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  focus_table (self);
}

static gboolean
is_named (IMsgProperty *property,
          const char   *text)
{
  g_auto(GStrv) names = imsg_property_tag_list_names (imsg_property_get_tag (property));
  g_autofree char *title = inspector_property_dup_title (property, FALSE);

  if (g_ascii_strcasecmp (title, text) == 0)
    return TRUE;
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (names[i], text) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The property that is called so, rather than the first one that has the text somewhere */
static void
search_activate_cb (GtkSearchEntry        *entry,
                    InspectorPropertyPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  guint n_items = self->sorted != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->sorted)) : 0;
  guint chosen = 0;

  for (guint i = 0; i < n_items && *text != '\0'; i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (G_LIST_MODEL (self->sorted), i);

      if (is_named (property, text))
        {
          chosen = i;
          break;
        }
    }
  if (n_items > 0)
    gtk_single_selection_set_selected (self->selection, chosen);
  focus_table (self);
}

static void
chip_toggled_cb (InspectorPropertyPage *self)
{
  update_filter (self);
}

static void
clear_filter_cb (InspectorPropertyPage *self)
{
  gtk_toggle_button_set_active (self->named_chip, FALSE);
  gtk_toggle_button_set_active (self->changed_chip, FALSE);
  gtk_toggle_button_set_active (self->read_only_chip, FALSE);
  gtk_toggle_button_set_active (self->binary_chip, FALSE);
  gtk_toggle_button_set_active (self->damaged_chip, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}

/* --- cells --- */

static char *
dup_cell_text (InspectorPropertyPage *self,
               IMsgProperty          *property,
               Column                 column)
{
  switch (column)
    {
    case COLUMN_NAME:
      {
        g_autofree char *title =
          inspector_property_dup_title (property, shows_specification_names ());

        if (self->is_narrow)
          return g_strdup_printf ("%s · %s", title,
                                  inspector_value_type_word (
                                    imsg_property_get_property_type (property)));
        return g_steal_pointer (&title);
      }
    case COLUMN_TAG:
      return g_strdup_printf ("0x%08X", imsg_property_get_tag (property));
    case COLUMN_TYPE:
      {
        IMsgPropertyType type = imsg_property_get_property_type (property);
        const char *name = imsg_property_type_get_name (type);

        if (shows_specification_names () && name != NULL)
          return g_strdup (name);
        return g_strdup (inspector_value_type_word (type));
      }
    case COLUMN_VALUE:
      return inspector_property_dup_line (property);
    case COLUMN_SIZE:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, imsg_property_get_size (property));
    case COLUMN_ATTRIBUTES:
      return inspector_property_dup_attributes (property, FALSE);
    case N_COLUMNS:
    default:
      return NULL;
    }
}

/* The state of a property as an icon; the spoken row says it in words */
static const char *
get_mark (InspectorPropertyPage *self,
          IMsgProperty          *property)
{
  if (imsg_property_is_damaged (property))
    return "dialog-warning-symbolic";
  if (inspector_view_get_draft (self->view, self->object, imsg_property_get_tag (property)) != NULL)
    return "document-edit-symbolic";
  if (imsg_property_get_origin (property) == IMSG_PROPERTY_ORIGIN_EDITED)
    return "media-record-symbolic";
  if (!(imsg_property_get_attributes (property) & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE))
    return "changes-prevent-symbolic";
  return NULL;
}

static GtkWidget *
get_inscription (GtkWidget *child)
{
  return GTK_IS_BOX (child) ? gtk_widget_get_last_child (child) : child;
}

static void
show_cell (IMsgProperty *property,
           GParamSpec   *pspec,
           GtkListItem  *item)
{
  GtkWidget *child = gtk_list_item_get_child (item);
  GtkWidget *cell = get_inscription (child);
  InspectorPropertyPage *self = g_object_get_data (G_OBJECT (item), "inspector-page");
  Column column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (item), "inspector-column"));
  g_autofree char *text = NULL;

  if (self->object == NULL)
    return;
  text = dup_cell_text (self, property, column);
  if (column == COLUMN_NAME)
    {
      const char *mark = get_mark (self, property);
      guint32 tag = imsg_property_get_tag (property);
      gboolean has_draft = inspector_view_get_draft (self->view, self->object, tag) != NULL;
      g_autofree char *sentence = inspector_property_dup_sentence (property, has_draft);
      GtkWidget *icon = gtk_widget_get_first_child (child);
      GtkWidget *row = gtk_widget_get_parent (child) != NULL
                         ? gtk_widget_get_parent (gtk_widget_get_parent (child)) : NULL;

      gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);
      gtk_image_set_from_icon_name (GTK_IMAGE (icon), mark);
      gtk_widget_set_visible (icon, mark != NULL);
      if (row != NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                        sentence, -1);
    }
  else
    gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);

  if (column == COLUMN_ATTRIBUTES)
    {
      g_autofree char *spoken = inspector_property_dup_attributes (property, TRUE);

      gtk_widget_set_tooltip_text (cell, spoken);
      gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                      -1);
    }
  else if (column == COLUMN_TYPE)
    gtk_widget_set_tooltip_text (cell, imsg_property_type_get_name (
                                         imsg_property_get_property_type (property)));
  else if (column == COLUMN_NAME)
    gtk_widget_set_tooltip_text (cell, imsg_property_get_name (property));
}

static void
cell_setup_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               InspectorPropertyPage    *self)
{
  static const guint min_chars[N_COLUMNS] = { 10, 10, 7, 8, 5, 4 };
  static const guint nat_chars[N_COLUMNS] = { 24, 10, 10, 30, 7, 6 };
  Column column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "inspector-column"));
  GtkWidget *cell = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), min_chars[column]);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (cell), nat_chars[column]);
  if (column == COLUMN_TAG || column == COLUMN_ATTRIBUTES)
    gtk_widget_add_css_class (cell, "monospace");
  if (column == COLUMN_SIZE)
    {
      gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), 1);
      gtk_widget_add_css_class (cell, "numeric");
    }
  g_object_set_data (G_OBJECT (item), "inspector-page", self);
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
}

static void
cell_bind_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              InspectorPropertyPage    *self)
{
  IMsgProperty *property = gtk_list_item_get_item (item);

  show_cell (property, NULL, item);
  g_signal_connect_object (property, "notify::display-value", G_CALLBACK (show_cell), item, 0);
  /* Held until unbinding: by then the row may have let go of it */
  g_object_set_data_full (G_OBJECT (item), "inspector-bound", g_object_ref (property),
                          g_object_unref);
}

static void
cell_unbind_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                InspectorPropertyPage    *self)
{
  IMsgProperty *property = g_object_get_data (G_OBJECT (item), "inspector-bound");

  g_signal_handlers_disconnect_by_func (property, show_cell, item);
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
  Column column = GPOINTER_TO_UINT (user_data);

  switch (column)
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
  if (GPOINTER_TO_UINT (user_data) == COLUMN_NAME)
    return inspector_property_dup_title (property, FALSE);
  return inspector_property_dup_line (property);
}

static GtkSorter *
create_sorter (Column column)
{
  GtkExpression *expression = NULL;

  if (column != COLUMN_NAME && column != COLUMN_VALUE)
    return GTK_SORTER (gtk_custom_sorter_new (compare_properties, GUINT_TO_POINTER (column), NULL));

  expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                            G_CALLBACK (sort_text_cb), GUINT_TO_POINTER (column),
                                            NULL);
  return GTK_SORTER (gtk_string_sorter_new (expression));
}

static void
add_columns (InspectorPropertyPage *self)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr(GtkSorter) sorter = create_sorter (i);

      g_object_set_data (G_OBJECT (factory), "inspector-column", GUINT_TO_POINTER (i));
      g_signal_connect_object (factory, "setup", G_CALLBACK (cell_setup_cb), self, 0);
      g_signal_connect_object (factory, "bind", G_CALLBACK (cell_bind_cb), self, 0);
      g_signal_connect_object (factory, "unbind", G_CALLBACK (cell_unbind_cb), self, 0);
      self->columns[i] = gtk_column_view_column_new (_(column_info[i].title), factory);
      gtk_column_view_column_set_expand (self->columns[i], column_info[i].expand);
      gtk_column_view_column_set_resizable (self->columns[i], TRUE);
      gtk_column_view_column_set_sorter (self->columns[i], sorter);
      gtk_column_view_append_column (self->table, self->columns[i]);
      g_object_unref (self->columns[i]);
    }
}

/* --- what is shown --- */

static void
selected_cb (InspectorPropertyPage *self)
{
  IMsgProperty *property = gtk_single_selection_get_selected_item (self->selection);

  if (self->view != NULL && inspector_view_get_object (self->view) == self->object &&
      gtk_widget_get_mapped (GTK_WIDGET (self)))
    inspector_view_set_property (self->view, property);
}

static void
property_changed_cb (InspectorPropertyPage *self)
{
  g_hash_table_remove_all (self->haystacks);
}

static void
select_tag (InspectorPropertyPage *self,
            guint32                tag)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sorted)); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (G_LIST_MODEL (self->sorted), i);

      if (imsg_property_get_tag (property) >> 16 == tag >> 16)
        {
          gtk_single_selection_set_selected (self->selection, i);
          gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->table)),
                                      "list.scroll-to-item", "u", i);
          return;
        }
    }
}

static void
drop_model (InspectorPropertyPage *self)
{
  gtk_column_view_set_model (self->table, NULL);
  if (self->object != NULL)
    g_signal_handlers_disconnect_by_func (self->object, property_changed_cb, self);
  g_hash_table_remove_all (self->haystacks);
  g_clear_object (&self->selection);
  g_clear_object (&self->sorted);
  g_clear_object (&self->filtered);
  g_clear_object (&self->object);
}

static void
show_object (InspectorPropertyPage *self)
{
  IMsgPropertyObject *object = inspector_view_get_object (self->view);
  GListModel *list = NULL;

  /* A page that nobody sees does no work */
  if (self->object == object || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  drop_model (self);
  if (object == NULL)
    {
      update_count (self);
      return;
    }
  self->object = g_object_ref (object);
  g_signal_connect_object (object, "property-changed", G_CALLBACK (property_changed_cb), self,
                           G_CONNECT_SWAPPED);
  list = imsg_property_object_get_properties (object);
  self->filtered = gtk_filter_list_model_new (g_object_ref (list), NULL);
  if (has_filter (self))
    gtk_filter_list_model_set_filter (self->filtered, GTK_FILTER (self->filter));
  self->sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->filtered)),
                                          g_object_ref (gtk_column_view_get_sorter (self->table)));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->sorted)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filtered, "items-changed", G_CALLBACK (update_count), self,
                           G_CONNECT_SWAPPED);
  update_count (self);
  if (self->wanted_tag != 0)
    select_tag (self, self->wanted_tag);
  self->wanted_tag = 0;
}

static void
row_activated_cb (GtkColumnView         *table,
                  guint                  position,
                  InspectorPropertyPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "prop.edit", NULL);
}

static void
inspector_property_page_map (GtkWidget *widget)
{
  InspectorPropertyPage *self = INSPECTOR_PROPERTY_PAGE (widget);

  GTK_WIDGET_CLASS (inspector_property_page_parent_class)->map (widget);
  if (self->view == NULL)
    return;
  show_object (self);
  if (self->selection != NULL)
    selected_cb (self);
}

static gboolean
update_columns_cb (gpointer user_data)
{
  InspectorPropertyPage *self = INSPECTOR_PROPERTY_PAGE (user_data);

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      gboolean is_first = i == COLUMN_NAME || i == COLUMN_VALUE;
      gboolean is_second = i == COLUMN_TAG || i == COLUMN_TYPE;

      gtk_column_view_column_set_visible (self->columns[i],
                                          is_first || (!self->is_narrow &&
                                                       (is_second || !self->is_medium)));
    }
  return G_SOURCE_REMOVE;
}

/* Columns cannot change while sizes are given out, so that happens right after */
static void
width_changed_cb (InspectorPropertyPage *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->table));
  double width = gtk_adjustment_get_page_size (adjustment);
  gboolean is_narrow = width < NARROW_WIDTH;
  gboolean is_medium = width < MEDIUM_WIDTH;

  if (width < 1 || (is_narrow == self->is_narrow && is_medium == self->is_medium))
    return;
  self->is_narrow = is_narrow;
  self->is_medium = is_medium;
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_columns_cb, g_object_ref (self), g_object_unref);
}

static void
inspector_property_page_dispose (GObject *object)
{
  InspectorPropertyPage *self = INSPECTOR_PROPERTY_PAGE (object);
  GtkWidget *child = NULL;

  if (self->table != NULL)
    drop_model (self);
  self->table = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->filter);
  g_clear_object (&self->view);
  g_clear_pointer (&self->haystacks, g_hash_table_unref);
  g_clear_pointer (&self->folded, g_free);

  G_OBJECT_CLASS (inspector_property_page_parent_class)->dispose (object);
}

static void
inspector_property_page_class_init (InspectorPropertyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_property_page_dispose;
  widget_class->map = inspector_property_page_map;

  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-property-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, named_chip);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, changed_chip);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, read_only_chip);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, binary_chip);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, damaged_chip);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, stack);
  gtk_widget_class_bind_template_child (widget_class, InspectorPropertyPage, table);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, chip_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "prop.edit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "prop.remove", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "prop.copy",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "prop.paste",
                                       NULL);
}

static void
inspector_property_page_init (InspectorPropertyPage *self)
{
  GtkAdjustment *adjustment = NULL;

  self->haystacks = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->filter = gtk_custom_filter_new (match_property, self, NULL);
  add_columns (self);
  gtk_search_entry_set_key_capture_widget (self->search_entry, GTK_WIDGET (self->table));
  adjustment = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->table));
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (width_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
inspector_property_page_set_view (InspectorPropertyPage *self,
                                  InspectorView         *view)
{
  GSettings *settings = inspector_application_get_settings ();
  g_autofree char *column = NULL;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  g_set_object (&self->view, view);
  g_signal_connect_object (view, "notify::object", G_CALLBACK (show_object), self,
                           G_CONNECT_SWAPPED);
  update_count (self);
  if (settings != NULL)
    column = g_settings_get_string (settings, "sort-column");
  if (column != NULL && *column != '\0')
    inspector_property_page_sort (self, column);
}

void
inspector_property_page_start_search (InspectorPropertyPage *self)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
inspector_property_page_set_filter (InspectorPropertyPage *self,
                                    const char            *text)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
}

void
inspector_property_page_select (InspectorPropertyPage *self,
                                guint32                tag)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  if (self->selection != NULL && self->object == inspector_view_get_object (self->view))
    select_tag (self, tag);
  else
    self->wanted_tag = tag;
}

/* The column by its id; again for the other direction; "stored" for no order at all */
void
inspector_property_page_sort (InspectorPropertyPage *self,
                              const char            *column)
{
  GSettings *settings = inspector_application_get_settings ();

  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  if (settings != NULL)
    g_settings_set_string (settings, "sort-column", g_str_equal (column, "stored") ? "" : column);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      if (g_str_equal (column_info[i].id, column))
        {
          gtk_column_view_sort_by_column (self->table, self->columns[i], GTK_SORT_ASCENDING);
          return;
        }
    }
  gtk_column_view_sort_by_column (self->table, NULL, GTK_SORT_ASCENDING);
}

void
inspector_property_page_remove_selected (InspectorPropertyPage *self)
{
  IMsgProperty *property = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  property = inspector_view_get_property (self->view);
  if (property == NULL || inspector_view_get_object (self->view) == NULL)
    return;
  if (!inspector_edit_delete_value (inspector_view_get_history (self->view),
                                    inspector_view_get_object (self->view),
                                    imsg_property_get_tag (property), &error))
    inspector_view_report (self->view, _("The property could not be removed."), error);
}

void
inspector_property_page_revert_selected (InspectorPropertyPage *self)
{
  IMsgProperty *property = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  property = inspector_view_get_property (self->view);
  if (property == NULL || inspector_view_get_object (self->view) == NULL)
    return;
  if (!inspector_edit_revert_value (inspector_view_get_history (self->view),
                                    inspector_view_get_object (self->view),
                                    imsg_property_get_tag (property), &error))
    inspector_view_report (self->view, _("The property could not be reverted."), error);
}

void
inspector_property_page_copy (InspectorPropertyPage *self,
                              const char            *form)
{
  IMsgProperty *property = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  property = inspector_view_get_property (self->view);
  text = property != NULL ? inspector_property_dup_copy (property, form) : NULL;
  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  else
    inspector_view_toast (self->view, _("There is nothing to copy in this form."));
}

static void
pasted_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(InspectorPropertyPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_autoptr(GVariant) value = NULL;
  IMsgProperty *property = NULL;

  property = self->view != NULL ? inspector_view_get_property (self->view) : NULL;
  if (property == NULL || self->object == NULL)
    return;
  if (text != NULL)
    value = inspector_value_parse (imsg_property_get_property_type (property), text, &error);
  if (value == NULL ||
      !inspector_edit_set_value (inspector_view_get_history (self->view), self->object,
                                 imsg_property_get_tag (property), value, &error))
    inspector_view_report (self->view, _("The value could not be pasted."), error);
}

void
inspector_property_page_paste (InspectorPropertyPage *self)
{
  g_return_if_fail (INSPECTOR_IS_PROPERTY_PAGE (self));

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, pasted_cb,
                                 g_object_ref (self));
}
