/* inspector-storage-page.c - the storages and streams an object is made of, and the map of names
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-storage-page.h"

#include "inspector-access.h"
#include "inspector-hex-pane.h"
#include "inspector-name-uses.h"
#include "inspector-row-table.h"
#include "inspector-stream-node.h"
#include "inspector-value.h"

#include <glib/gi18n.h>

struct _InspectorStoragePage
{
  GtkWidget           parent_instance;

  GtkColumnView      *streams;
  GtkColumnView      *names;
  InspectorHexPane   *hex_pane;

  InspectorView      *view;
  IMsgPropertyObject *object;
  GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE (InspectorStoragePage, inspector_storage_page, GTK_TYPE_WIDGET)

/* --- the map of names: rows are strings, "id\tname\tkind\tkey\tset\tused by" --- */

static const InspectorRowColumn name_columns[] = {
  { N_("ID"), NULL, FALSE, 6 },
  { N_("Name"), NULL, TRUE, 10 },
  { N_("Kind"), NULL, FALSE, 6 },
  { N_("Number or Text"), NULL, FALSE, 8 },
  { N_("Set"), NULL, TRUE, 10 },
  { N_("Used By"), NULL, FALSE, 10 },
};

static char *
dup_name_row (InspectorNameUses *uses,
              guint              id,
              IMsgPropertyName  *name)
{
  const char *known = imsg_property_name_get_known_name (name);
  const char *set = imsg_property_name_get_set_name (name);
  gboolean is_number = imsg_property_name_get_kind (name) == IMSG_PROPERTY_NAME_ID;
  g_autofree char *used_by = inspector_name_uses_dup_text (uses, id);
  g_autofree char *key = NULL;

  key = is_number ? g_strdup_printf ("0x%04X", imsg_property_name_get_id (name))
                  : inspector_value_to_line (imsg_property_name_get_string (name), 200);
  return g_strdup_printf ("0x%04X\t%s\t%s\t%s\t%s\t%s", id, known != NULL ? known : "",
                          is_number ? _("number") : _("text"), key,
                          set != NULL ? set : imsg_property_name_get_set (name), used_by);
}

static void
show_names (InspectorStoragePage *self)
{
  g_autoptr(GtkStringList) rows = gtk_string_list_new (NULL);
  IMsgMessage *message = inspector_view_get_message (self->view);
  g_autoptr(InspectorNameUses) uses = inspector_name_uses_new (message);
  g_autoptr(GtkSingleSelection) selection = NULL;
  gsize n_ids = 0;
  g_autofree guint *ids = imsg_property_object_list_named_ids (self->object, &n_ids);

  for (gsize i = 0; i < n_ids; i++)
    {
      g_autoptr(IMsgPropertyName) name = imsg_property_object_lookup_name (self->object, ids[i]);

      if (name != NULL)
        gtk_string_list_take (rows, dup_name_row (uses, ids[i], name));
    }
  selection = inspector_row_table_set_model (self->names, G_LIST_MODEL (rows));
}

static void
name_activated_cb (GtkColumnView        *table,
                   guint                 position,
                   InspectorStoragePage *self)
{
  g_autoptr(GtkStringObject) row =
    g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (table)), position);
  g_autofree char *id = row != NULL ? inspector_row_table_dup_text (name_columns, 0, row)
                                : NULL;
  guint64 number = 0;

  if (id != NULL && self->object != NULL &&
      g_ascii_string_to_unsigned (id + 2, 16, 0, G_MAXUINT16, &number, NULL))
    inspector_view_reveal (self->view, self->object, (guint32) number << 16, "properties");
}

/* --- streams --- */

static GListModel *
create_children (gpointer item,
                 gpointer user_data)
{
  return inspector_stream_node_list_children (item);
}

static void
name_setup_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  user_data)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkWidget *text = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (text), 16);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), text);
  gtk_list_item_set_child (item, expander);
}

static void
name_bind_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              gpointer                  user_data)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  g_autoptr(InspectorStreamNode) node = gtk_tree_list_row_get_item (row);
  GtkWidget *text = gtk_tree_expander_get_child (expander);
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (expander));
  g_autofree char *name = inspector_value_to_line (inspector_stream_node_get_name (node), 80);
  g_autofree char *meaning = inspector_stream_node_dup_meaning (node);
  g_autofree char *sentence = g_strdup_printf ("%s, %s", name, meaning);

  gtk_tree_expander_set_list_row (expander, row);
  gtk_inscription_set_text (GTK_INSCRIPTION (text), name);
  if (cell != NULL && gtk_widget_get_parent (cell) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (cell)),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, sentence, -1);
}

static void
text_setup_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  user_data)
{
  GtkWidget *text = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (text), 6);
  gtk_list_item_set_child (item, text);
}

static void
size_setup_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  user_data)
{
  text_setup_cb (factory, item, user_data);
  inspector_row_table_align_number (gtk_list_item_get_child (item));
}

static void
meaning_bind_cb (GtkSignalListItemFactory *factory,
                 GtkListItem              *item,
                 gpointer                  user_data)
{
  g_autoptr(InspectorStreamNode) node = gtk_tree_list_row_get_item (gtk_list_item_get_item (item));
  g_autofree char *meaning = inspector_stream_node_dup_meaning (node);

  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)), meaning);
}

static void
size_bind_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              gpointer                  user_data)
{
  g_autoptr(InspectorStreamNode) node = gtk_tree_list_row_get_item (gtk_list_item_get_item (item));
  g_autofree char *size = NULL;

  if (inspector_stream_node_is_stream (node))
    size = g_strdup_printf ("%" G_GUINT64_FORMAT, inspector_stream_node_get_size (node));
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)), size);
}

static void
add_stream_column (InspectorStoragePage *self,
                   const char           *title,
                   GCallback             setup,
                   GCallback             bind,
                   gboolean              expand)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", bind, NULL);
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_expand (column, expand);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (self->streams, column);
}

static void
stream_selected_cb (InspectorStoragePage *self)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr(InspectorStreamNode) node = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(InspectorByteBuffer) buffer = NULL;
  g_autoptr(GError) error = NULL;

  if (node != NULL && inspector_stream_node_is_stream (node))
    {
      stream = inspector_stream_node_open (node, &error);
      if (stream == NULL)
        inspector_view_report (self->view, _("The stream cannot be read."), error);
      else if (G_IS_SEEKABLE (stream))
        buffer = inspector_byte_buffer_new_for_stream (stream,
                                                       inspector_stream_node_get_size (node));
    }
  /* A storage has no bytes of its own */
  gtk_widget_set_visible (GTK_WIDGET (self->hex_pane), stream != NULL);
  if (buffer == NULL)
    buffer = inspector_byte_buffer_new (NULL);
  inspector_hex_pane_set_buffer (self->hex_pane, buffer, FALSE);
}

static void
drop_object (InspectorStoragePage *self)
{
  gtk_column_view_set_model (self->streams, NULL);
  gtk_column_view_set_model (self->names, NULL);
  inspector_hex_pane_set_bytes (self->hex_pane, NULL, FALSE);
  g_clear_object (&self->selection);
  g_clear_object (&self->object);
}

static void
show_object (InspectorStoragePage *self)
{
  IMsgPropertyObject *object = inspector_view_get_object (self->view);
  IMsgStorage *storage = NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  /* Names come with edits; what is stored only with a save */
  if (object == self->object && object != NULL)
    show_names (self);
  if (object == self->object)
    return;

  drop_object (self);
  if (object == NULL)
    return;
  self->object = g_object_ref (object);
  show_names (self);
  storage = imsg_property_object_get_storage (object);
  if (storage == NULL)
    return;
  self->selection =
    gtk_single_selection_new (G_LIST_MODEL (gtk_tree_list_model_new (
      inspector_stream_node_list (storage, object), FALSE, FALSE, create_children, NULL, NULL)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (stream_selected_cb), self, G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->streams, GTK_SELECTION_MODEL (self->selection));
  stream_selected_cb (self);
}

static void
inspector_storage_page_map (GtkWidget *widget)
{
  InspectorStoragePage *self = INSPECTOR_STORAGE_PAGE (widget);

  GTK_WIDGET_CLASS (inspector_storage_page_parent_class)->map (widget);
  if (self->view == NULL)
    return;
  show_object (self);
  inspector_view_set_property (self->view, NULL);
}

static void
inspector_storage_page_dispose (GObject *object)
{
  InspectorStoragePage *self = INSPECTOR_STORAGE_PAGE (object);
  GtkWidget *child = NULL;

  if (self->streams != NULL)
    drop_object (self);
  self->streams = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (inspector_storage_page_parent_class)->dispose (object);
}

static void
inspector_storage_page_class_init (InspectorStoragePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_storage_page_dispose;
  widget_class->map = inspector_storage_page_map;

  g_type_ensure (INSPECTOR_TYPE_HEX_PANE);
  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-storage-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InspectorStoragePage, streams);
  gtk_widget_class_bind_template_child (widget_class, InspectorStoragePage, names);
  gtk_widget_class_bind_template_child (widget_class, InspectorStoragePage, hex_pane);
  gtk_widget_class_bind_template_callback (widget_class, name_activated_cb);
}

static void
inspector_storage_page_init (InspectorStoragePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_stream_column (self, _("Name"), G_CALLBACK (name_setup_cb), G_CALLBACK (name_bind_cb), TRUE);
  add_stream_column (self, _("Meaning"), G_CALLBACK (text_setup_cb), G_CALLBACK (meaning_bind_cb),
                     TRUE);
  add_stream_column (self, _("Size"), G_CALLBACK (size_setup_cb), G_CALLBACK (size_bind_cb), FALSE);
  inspector_access_add_tree_keys (GTK_WIDGET (self->streams));
  inspector_row_table_add_columns (self->names, name_columns, G_N_ELEMENTS (name_columns));
}

void
inspector_storage_page_set_view (InspectorStoragePage *self,
                                 InspectorView        *view)
{
  g_return_if_fail (INSPECTOR_IS_STORAGE_PAGE (self));

  g_set_object (&self->view, view);
  g_signal_connect_object (view, "notify::object", G_CALLBACK (show_object), self,
                           G_CONNECT_SWAPPED);
}

void
inspector_storage_page_start_search (InspectorStoragePage *self)
{
  g_return_if_fail (INSPECTOR_IS_STORAGE_PAGE (self));

  gtk_widget_activate_action (GTK_WIDGET (self->hex_pane), "hex.go-to", NULL);
}
