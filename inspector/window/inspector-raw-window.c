/* inspector-raw-window.c - the storages and streams of a file that is no message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-raw-window.h"

#include "inspector-access.h"
#include "inspector-hex-pane.h"
#include "inspector-row-table.h"
#include "inspector-stream-node.h"
#include "inspector-value.h"

#include <glib/gi18n.h>

#define MAX_NAME_CHARS 80

typedef struct
{
  IMsgStorage        *storage;
  GtkSingleSelection *selection;
  GtkWidget          *hex_pane;  /* of the window */
} Raw;

static void
raw_free (gpointer data)
{
  Raw *raw = data;

  g_signal_handlers_disconnect_by_data (raw->selection, raw);
  g_object_unref (raw->selection);
  imsg_storage_close (raw->storage);
  g_object_unref (raw->storage);
  g_free (raw);
}

static char *
dup_name (gpointer item)
{
  return inspector_value_to_line (inspector_stream_node_get_name (item), MAX_NAME_CHARS);
}

static char *
dup_meaning (gpointer item)
{
  return inspector_stream_node_dup_meaning (item);
}

static char *
dup_size (gpointer item)
{
  if (!inspector_stream_node_is_stream (item))
    return g_strdup ("");
  return g_strdup_printf ("%" G_GUINT64_FORMAT, inspector_stream_node_get_size (item));
}

static const InspectorRowColumn columns[] = {
  { N_("Name"), dup_name, TRUE, 24 },
  { N_("Meaning"), dup_meaning, TRUE, 16 },
  { N_("Size"), dup_size, FALSE, 8 },
};

static GListModel *
create_children (gpointer item,
                 gpointer user_data)
{
  return inspector_stream_node_list_children (item);
}

static void
selected_cb (Raw *raw)
{
  InspectorStreamNode *node = gtk_single_selection_get_selected_item (raw->selection);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(InspectorByteBuffer) buffer = NULL;

  if (node != NULL && inspector_stream_node_is_stream (node))
    stream = inspector_stream_node_open (node, NULL);
  if (stream != NULL && G_IS_SEEKABLE (stream))
    buffer = inspector_byte_buffer_new_for_stream (stream, inspector_stream_node_get_size (node));
  /* A storage has no bytes of its own */
  gtk_widget_set_visible (raw->hex_pane, stream != NULL);
  if (buffer == NULL)
    buffer = inspector_byte_buffer_new (NULL);
  inspector_hex_pane_set_buffer (INSPECTOR_HEX_PANE (raw->hex_pane), buffer, FALSE);
}

void
inspector_raw_window_present (GtkWindow   *parent,
                              IMsgStorage *storage,
                              const char  *title)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *paned = gtk_paned_new (GTK_ORIENTATION_VERTICAL);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *table = gtk_column_view_new (NULL);
  Raw *raw = g_new0 (Raw, 1);

  raw->storage = g_object_ref (storage);
  raw->hex_pane = inspector_hex_pane_new ();
  gtk_widget_add_css_class (table, "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (table), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Streams"), -1);
  inspector_row_table_add_columns (GTK_COLUMN_VIEW (table), columns, G_N_ELEMENTS (columns));
  raw->selection = inspector_row_table_set_model (GTK_COLUMN_VIEW (table), G_LIST_MODEL (
    gtk_tree_list_model_new (inspector_stream_node_list (storage, NULL), TRUE, TRUE, create_children,
                             NULL, NULL)));
  g_signal_connect_swapped (raw->selection, "notify::selected-item", G_CALLBACK (selected_cb),
                            raw);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), table);
  gtk_paned_set_start_child (GTK_PANED (paned), scroller);
  gtk_paned_set_end_child (GTK_PANED (paned), raw->hex_pane);
  gtk_paned_set_position (GTK_PANED (paned), 260);
  gtk_widget_set_vexpand (paned, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), paned);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), title);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 600);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  g_object_set_data_full (G_OBJECT (window), "inspector-raw", raw, raw_free);
  selected_cb (raw);
  inspector_access_add_close_keys (GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
}
