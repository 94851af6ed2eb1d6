/* inspector-flag-list.c - the known flags and values of a number, to be ticked and chosen
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-flag-list.h"

#include "inspector-access.h"
#include "inspector-drop-down.h"

#include <glib/gi18n.h>

/* Longer lists of values can be searched */
#define MAX_UNSEARCHED_VALUES 12

struct _InspectorFlagList
{
  GtkWidget  parent_instance;

  GPtrArray *names;     /* (element-type IMsgValueName) */
  GtkLabel  *rest;      /* the bits that have no name; NULL while there are no names */
  guint32    number;    /* with the bits that have no name */
  guint      is_showing : 1;
};

/* What a drop-down chooses among: the values of the bits of one mask, in the order of its list */
typedef struct
{
  guint32 mask;
  GArray *values;  /* of guint32 */
} Choice;

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InspectorFlagList, inspector_flag_list, GTK_TYPE_WIDGET)

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_array_unref (choice->values);
  g_free (choice);
}

static Choice *
get_choice (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "inspector-choice");
}

static void
set_number (InspectorFlagList *self,
            guint32            number)
{
  if (self->is_showing || number == self->number)
    return;
  inspector_flag_list_show_number (self, number, TRUE);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
flag_toggled_cb (GtkCheckButton    *button,
                 InspectorFlagList *self)
{
  const IMsgValueName *name = g_object_get_data (G_OBJECT (button), "inspector-name");
  guint32 bits = imsg_value_name_get_value (name);

  set_number (self, gtk_check_button_get_active (button) ? self->number | bits
                                                         : self->number & ~bits);
}

static void
value_chosen_cb (GtkDropDown       *drop_down,
                 GParamSpec        *pspec,
                 InspectorFlagList *self)
{
  const Choice *choice = get_choice (GTK_WIDGET (drop_down));
  guint selected = gtk_drop_down_get_selected (drop_down);

  /* The last row stands for values that have no name, and changes nothing */
  if (selected < choice->values->len)
    set_number (self, (self->number & ~choice->mask) |
                      g_array_index (choice->values, guint32, selected));
}

static void
show_widget (InspectorFlagList *self,
             GtkWidget         *widget)
{
  const IMsgValueName *name = g_object_get_data (G_OBJECT (widget), "inspector-name");
  const Choice *choice = get_choice (widget);

  if (name != NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (widget),
                                 imsg_value_name_matches (name, self->number));
  else if (choice != NULL)
    {
      guint selected = 0;

      while (selected < choice->values->len &&
             g_array_index (choice->values, guint32, selected) != (self->number & choice->mask))
        selected++;
      gtk_drop_down_set_selected (GTK_DROP_DOWN (widget), selected);
    }
}

static void
show_rest (InspectorFlagList *self)
{
  guint32 rest = self->number;
  gboolean has_choice = FALSE;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->names->len; i++)
    {
      const IMsgValueName *name = g_ptr_array_index (self->names, i);

      if (imsg_value_name_matches (name, self->number))
        rest &= ~imsg_value_name_get_mask (name);
      has_choice |= imsg_value_name_get_mask (name) == G_MAXUINT32;
    }
  if (rest != 0 && !has_choice)
    text = g_strdup_printf (_("Bits without a name, which are kept: 0x%X"), rest);
  gtk_label_set_text (self->rest, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->rest), text != NULL);
}

static void
add_flag (InspectorFlagList   *self,
          const IMsgValueName *name)
{
  GtkWidget *button = gtk_check_button_new ();
  GtkWidget *label = gtk_label_new (imsg_value_name_get_name (name));
  g_autofree char *bit = g_strdup_printf ("0x%X", imsg_value_name_get_value (name));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (button), label);
  gtk_widget_set_tooltip_text (button, bit);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  imsg_value_name_get_name (name), -1);
  g_object_set_data (G_OBJECT (button), "inspector-name", (gpointer) name);
  g_signal_connect_object (button, "toggled", G_CALLBACK (flag_toggled_cb), self, 0);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
}

static void
add_choice (InspectorFlagList *self,
            guint32            mask)
{
  GtkStringList *words = gtk_string_list_new (NULL);
  GtkWidget *drop_down = NULL;
  Choice *choice = g_new0 (Choice, 1);

  choice->mask = mask;
  choice->values = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < self->names->len; i++)
    {
      const IMsgValueName *name = g_ptr_array_index (self->names, i);
      guint32 value = imsg_value_name_get_value (name);

      if (imsg_value_name_is_flag (name) || imsg_value_name_get_mask (name) != mask)
        continue;
      g_array_append_val (choice->values, value);
      gtk_string_list_append (words, imsg_value_name_get_name (name));
    }
  gtk_string_list_append (words, _("another value"));

  drop_down = inspector_drop_down_new (words);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (drop_down),
                                   choice->values->len > MAX_UNSEARCHED_VALUES);
  inspector_access_name_drop_down (GTK_DROP_DOWN (drop_down), _("Meaning"));
  g_object_set_data_full (G_OBJECT (drop_down), "inspector-choice", choice, choice_free);
  g_signal_connect_object (drop_down, "notify::selected", G_CALLBACK (value_chosen_cb), self, 0);
  gtk_widget_set_parent (drop_down, GTK_WIDGET (self));
}

static void
drop_children (InspectorFlagList *self)
{
  GtkWidget *child = NULL;

  self->rest = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}

static void
inspector_flag_list_dispose (GObject *object)
{
  InspectorFlagList *self = INSPECTOR_FLAG_LIST (object);

  drop_children (self);
  g_clear_pointer (&self->names, g_ptr_array_unref);

  G_OBJECT_CLASS (inspector_flag_list_parent_class)->dispose (object);
}

static void
inspector_flag_list_class_init (InspectorFlagListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inspector_flag_list_dispose;

  /* Somebody ticked or chose */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
inspector_flag_list_init (InspectorFlagList *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Flags"), -1);
}

GtkWidget *
inspector_flag_list_new (void)
{
  return g_object_new (INSPECTOR_TYPE_FLAG_LIST, NULL);
}

void
inspector_flag_list_set_names (InspectorFlagList *self,
                               GPtrArray         *names)
{
  guint32 chosen_bits = 0;
  gboolean has_flags = FALSE;

  g_return_if_fail (INSPECTOR_IS_FLAG_LIST (self));

  drop_children (self);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  self->names = g_ptr_array_ref (names);
  for (guint i = 0; i < names->len; i++)
    has_flags |= imsg_value_name_is_flag (g_ptr_array_index (names, i));

  for (guint i = 0; i < names->len; i++)
    {
      const IMsgValueName *name = g_ptr_array_index (names, i);
      guint32 mask = imsg_value_name_get_mask (name);

      /* Beside flags, a value of all the bits is only the word for no flag at all */
      if (imsg_value_name_is_flag (name) || (has_flags && mask == G_MAXUINT32) ||
          (chosen_bits & mask) == mask)
        continue;
      add_choice (self, mask);
      chosen_bits |= mask;
    }
  for (guint i = 0; i < names->len; i++)
    {
      if (imsg_value_name_is_flag (g_ptr_array_index (names, i)))
        add_flag (self, g_ptr_array_index (names, i));
    }
  self->rest = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->rest, 0);
  gtk_label_set_wrap (self->rest, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->rest), "caption");
  gtk_widget_set_parent (GTK_WIDGET (self->rest), GTK_WIDGET (self));
}

void
inspector_flag_list_show_number (InspectorFlagList *self,
                                 guint32            number,
                                 gboolean           editable)
{
  g_return_if_fail (INSPECTOR_IS_FLAG_LIST (self));

  self->is_showing = TRUE;
  self->number = number;
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      show_widget (self, child);
      gtk_widget_set_sensitive (child, editable || child == GTK_WIDGET (self->rest));
    }
  if (self->rest != NULL)
    show_rest (self);
  self->is_showing = FALSE;
}

guint32
inspector_flag_list_get_number (InspectorFlagList *self)
{
  g_return_val_if_fail (INSPECTOR_IS_FLAG_LIST (self), 0);

  return self->number;
}
