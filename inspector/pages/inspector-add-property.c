/* inspector-add-property.c - asks for a property to be added
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-add-property.h"

#include "inspector-access.h"
#include "inspector-edit.h"
#include "inspector-value.h"

#include <glib/gi18n.h>

/* The types a new named property may have, in the order of the list */
static const IMsgPropertyType types[] = {
  IMSG_PROPERTY_TYPE_UNICODE, IMSG_PROPERTY_TYPE_LONG, IMSG_PROPERTY_TYPE_BOOLEAN,
  IMSG_PROPERTY_TYPE_SYSTIME, IMSG_PROPERTY_TYPE_BINARY, IMSG_PROPERTY_TYPE_DOUBLE,
  IMSG_PROPERTY_TYPE_I8, IMSG_PROPERTY_TYPE_I2, IMSG_PROPERTY_TYPE_CURRENCY,
  IMSG_PROPERTY_TYPE_CLSID, IMSG_PROPERTY_TYPE_MV_UNICODE, IMSG_PROPERTY_TYPE_MV_LONG,
  IMSG_PROPERTY_TYPE_MV_BINARY,
};

typedef struct
{
  InspectorView      *view;
  IMsgPropertyObject *object;
  AdwMessageDialog   *dialog;
  GtkEditable        *name;
  GtkEditable        *set;
  AdwComboRow        *type;
  GtkLabel           *hint;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->view);
  g_object_unref (question->object);
  g_free (question);
}

/* A name of the catalogue or a tag; with a set, a named property. create: also in the map. */
static gboolean
find_tag (Question  *question,
          gboolean   create,
          guint32   *tag,
          GError   **error)
{
  const char *name = gtk_editable_get_text (question->name);
  const char *set = gtk_editable_get_text (question->set);
  guint selected = MIN (adw_combo_row_get_selected (question->type), G_N_ELEMENTS (types) - 1);
  IMsgPropertyType type = types[selected];
  g_autoptr(IMsgPropertyName) property_name = NULL;
  guint id;

  if (*set != '\0')
    property_name = imsg_property_name_parse (set, name, error);
  else
    {
      property_name = imsg_property_name_from_known_name (name);
      if (property_name == NULL)
        return inspector_value_parse_tag (name, tag, error);
      if (imsg_property_name_get_known_type (property_name) != IMSG_PROPERTY_TYPE_UNSPECIFIED)
        type = imsg_property_name_get_known_type (property_name);
    }
  if (property_name == NULL)
    return FALSE;
  *tag = imsg_property_tag (type, 0x8000);
  if (!create)
    return TRUE;
  id = imsg_property_object_resolve_property_name (question->object, property_name, TRUE, error);
  *tag = imsg_property_tag (type, id);
  return id != 0;
}

static void
typed_cb (Question *question)
{
  g_autoptr(GError) error = NULL;
  guint32 tag = 0;
  gboolean found = find_tag (question, FALSE, &tag, &error);
  gboolean is_empty = *gtk_editable_get_text (question->name) == '\0';
  g_autofree char *text = NULL;

  if (found)
    text = g_strdup_printf ("%s (%s)", inspector_value_type_word (tag & 0xFFFF),
                            imsg_property_type_get_name (tag & 0xFFFF));
  gtk_label_set_text (question->hint, found ? text : is_empty ? "" : error->message);
  adw_message_dialog_set_response_enabled (question->dialog, "add", found);
  gtk_widget_set_sensitive (GTK_WIDGET (question->type),
                            *gtk_editable_get_text (question->set) != '\0');
}

static void
answered_cb (AdwMessageDialog *dialog,
             const char       *response,
             Question         *question)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) empty = NULL;
  guint32 tag = 0;

  if (!g_str_equal (response, "add"))
    return;
  if (find_tag (question, TRUE, &tag, &error))
    {
      if (imsg_property_object_has_value (question->object, tag))
        {
          inspector_view_toast (question->view, _("The object has this property already."));
          inspector_view_reveal (question->view, question->object, tag, "properties");
          return;
        }
      empty = inspector_value_new_empty (tag & 0xFFFF);
      if (empty == NULL)
        g_set_error_literal (&error, IMSG_ERROR, IMSG_ERROR_TYPE_NO_SUPPORT,
                             _("Values of this type cannot be typed."));
      else
        {
          g_variant_ref_sink (empty);
          inspector_edit_set_value (inspector_view_get_history (question->view), question->object,
                                    tag, empty, &error);
        }
    }
  if (error != NULL)
    {
      inspector_view_report (question->view, _("The property could not be added."), error);
      return;
    }
  inspector_history_stop_merging (inspector_view_get_history (question->view));
  inspector_view_reveal (question->view, question->object, tag, "properties");
}

/* All the known names, for the completion */
static GtkTreeModel *
create_names (void)
{
  GtkListStore *store = gtk_list_store_new (1, G_TYPE_STRING);
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_tag_list_known (&n_tags);
  g_auto(GStrv) named = imsg_property_name_list_known ();

  for (gsize i = 0; i < n_tags; i++)
    gtk_list_store_insert_with_values (store, NULL, -1, 0, imsg_property_tag_get_name (tags[i]),
                                       -1);
  for (guint i = 0; named[i] != NULL; i++)
    gtk_list_store_insert_with_values (store, NULL, -1, 0, named[i], -1);
  return GTK_TREE_MODEL (store);
}

static gboolean
match_name (GtkEntryCompletion *completion,
            const char         *key,
            GtkTreeIter        *iter,
            gpointer            user_data)
{
  g_autofree char *name = NULL;
  g_autofree char *folded = NULL;

  gtk_tree_model_get (gtk_entry_completion_get_model (completion), iter, 0, &name, -1);
  folded = name != NULL ? g_utf8_casefold (name, -1) : NULL;
  return folded != NULL && strstr (folded, key) != NULL;
}

static GtkWidget *
add_entry (GtkWidget  *box,
           const char *title,
           const char *placeholder)
{
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *entry = gtk_entry_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), entry);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), entry);
  return entry;
}

void
inspector_add_property_present (GtkWindow     *parent,
                                InspectorView *view)
{
  Question *question = NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *list = gtk_list_box_new ();
  g_autoptr(GtkStringList) words = gtk_string_list_new (NULL);
  g_autoptr(GtkEntryCompletion) completion = gtk_entry_completion_new ();
  g_autoptr(GtkTreeModel) names = create_names ();

  g_return_if_fail (inspector_view_get_object (view) != NULL);

  question = g_new0 (Question, 1);
  question->view = g_object_ref (view);
  question->object = g_object_ref (inspector_view_get_object (view));
  question->dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, _("Add Property"), NULL));
  question->name = GTK_EDITABLE (add_entry (box, _("Name or tag"),
                                            "PR_KEYWORD, PidLidLocation, 0x0037001F"));
  question->set = GTK_EDITABLE (add_entry (box, _("Set, for a new named property"),
                                           "PS_PUBLIC_STRINGS"));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    gtk_string_list_append (words, inspector_value_type_word (types[i]));
  question->type = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (question->type), _("Type"));
  adw_combo_row_set_model (question->type, G_LIST_MODEL (words));
  gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (question->type));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_box_append (GTK_BOX (box), list);
  question->hint = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (question->hint, TRUE);
  gtk_label_set_xalign (question->hint, 0);
  gtk_widget_add_css_class (GTK_WIDGET (question->hint), "caption");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (question->hint));

  gtk_entry_completion_set_model (completion, names);
  gtk_entry_completion_set_text_column (completion, 0);
  gtk_entry_completion_set_minimum_key_length (completion, 3);
  gtk_entry_completion_set_match_func (completion, match_name, NULL, NULL);
  gtk_entry_set_completion (GTK_ENTRY (question->name), completion);

  adw_message_dialog_set_extra_child (question->dialog, box);
  adw_message_dialog_add_responses (question->dialog, "cancel", _("_Cancel"), "add", _("_Add"),
                                    NULL);
  adw_message_dialog_set_response_appearance (question->dialog, "add", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (question->dialog, "add");
  adw_message_dialog_set_close_response (question->dialog, "cancel");
  g_object_set_data_full (G_OBJECT (question->dialog), "inspector-question", question,
                          question_free);
  g_signal_connect_swapped (question->name, "changed", G_CALLBACK (typed_cb), question);
  g_signal_connect_swapped (question->set, "changed", G_CALLBACK (typed_cb), question);
  g_signal_connect_swapped (question->type, "notify::selected", G_CALLBACK (typed_cb), question);
  g_signal_connect (question->dialog, "response", G_CALLBACK (answered_cb), question);
  typed_cb (question);
  inspector_access_name_controls (GTK_WIDGET (question->dialog));
  gtk_window_present (GTK_WINDOW (question->dialog));
}
