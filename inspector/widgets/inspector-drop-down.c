/* inspector-drop-down.c - drop-downs that are no wider than there is room for
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-drop-down.h"

#include "inspector-shown-text.h"

#include <glib/gi18n.h>
#include <imsg.h>

static void
label_setup_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                gpointer                  user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
label_bind_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  user_data)
{
  GtkWidget *label = gtk_list_item_get_child (item);
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, text);
}

GtkWidget *
inspector_drop_down_new (GtkStringList *words)
{
  GtkWidget *drop_down = NULL;
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  drop_down = gtk_drop_down_new (G_LIST_MODEL (words),
                                 gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL,
                                                              "string"));
  g_signal_connect (factory, "setup", G_CALLBACK (label_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (label_bind_cb), NULL);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (drop_down), factory);
  return drop_down;
}

GtkWidget *
inspector_drop_down_new_for_messages (GListModel *messages)
{
  GtkStringList *titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(IMsgMessage) message = g_list_model_get_item (messages, i);
      const char *subject = imsg_message_get_subject (message);

      gtk_string_list_take (titles, inspector_dup_shown_text (subject != NULL && *subject != '\0'
                                                                ? subject : _("Untitled")));
    }
  return inspector_drop_down_new (titles);
}
