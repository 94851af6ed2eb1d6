/* inspector-attribute-box.c - the attributes of a property, to be ticked
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-attribute-box.h"

#include <glib/gi18n.h>

#define N_ATTRIBUTES 3

struct _InspectorAttributeBox
{
  GtkWidget       parent_instance;

  GtkCheckButton *checks[N_ATTRIBUTES];
  gboolean        is_showing;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InspectorAttributeBox, inspector_attribute_box, GTK_TYPE_WIDGET)

static const struct
{
  IMsgPropertyAttributes  attribute;
  const char             *word;
} attribute_info[N_ATTRIBUTES] = {
  { IMSG_PROPERTY_ATTRIBUTES_MANDATORY, N_("Mandatory") },
  { IMSG_PROPERTY_ATTRIBUTES_READABLE, N_("Readable") },
  { IMSG_PROPERTY_ATTRIBUTES_WRITEABLE, N_("Writable") },
};

static void
toggled_cb (InspectorAttributeBox *self)
{
  if (!self->is_showing)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
inspector_attribute_box_dispose (GObject *object)
{
  GtkWidget *child = NULL;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (inspector_attribute_box_parent_class)->dispose (object);
}

static void
inspector_attribute_box_class_init (InspectorAttributeBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inspector_attribute_box_dispose;

  /* Somebody ticked or unticked one */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
inspector_attribute_box_init (InspectorAttributeBox *self)
{
  GtkWidget *flow = gtk_flow_box_new ();

  /* They stand in a row where there is room, else below each other */
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (flow), 6);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), N_ATTRIBUTES);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Attributes"), -1);
  for (guint i = 0; i < N_ATTRIBUTES; i++)
    {
      GtkWidget *child = gtk_flow_box_child_new ();

      self->checks[i] =
        GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_(attribute_info[i].word)));
      g_signal_connect_object (self->checks[i], "toggled", G_CALLBACK (toggled_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), GTK_WIDGET (self->checks[i]));
      gtk_flow_box_append (GTK_FLOW_BOX (flow), child);
    }
  gtk_widget_set_parent (flow, GTK_WIDGET (self));
}

void
inspector_attribute_box_show (InspectorAttributeBox  *self,
                              IMsgPropertyAttributes  attributes,
                              gboolean                editable)
{
  g_return_if_fail (INSPECTOR_IS_ATTRIBUTE_BOX (self));

  self->is_showing = TRUE;
  for (guint i = 0; i < N_ATTRIBUTES; i++)
    {
      gtk_check_button_set_active (self->checks[i],
                                   (attributes & attribute_info[i].attribute) != 0);
      gtk_widget_set_sensitive (GTK_WIDGET (self->checks[i]), editable);
    }
  self->is_showing = FALSE;
}

IMsgPropertyAttributes
inspector_attribute_box_read (InspectorAttributeBox *self)
{
  IMsgPropertyAttributes attributes = IMSG_PROPERTY_ATTRIBUTES_NONE;

  g_return_val_if_fail (INSPECTOR_IS_ATTRIBUTE_BOX (self), attributes);

  for (guint i = 0; i < N_ATTRIBUTES; i++)
    {
      if (gtk_check_button_get_active (self->checks[i]))
        attributes |= attribute_info[i].attribute;
    }
  return attributes;
}
