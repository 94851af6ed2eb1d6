/* inspector-entry-editor.c - numbers, times and GUIDs, typed in one line
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-editor.h"

#include "inspector-value.h"

#include <glib/gi18n.h>

#define INSPECTOR_TYPE_ENTRY_EDITOR (inspector_entry_editor_get_type ())
G_DECLARE_FINAL_TYPE (InspectorEntryEditor, inspector_entry_editor, INSPECTOR, ENTRY_EDITOR,
                      InspectorEditor)

struct _InspectorEntryEditor
{
  InspectorEditor parent_instance;

  GtkEntry       *entry;
  GtkLabel       *other;      /* the same value in the other notation */
  GtkMenuButton  *calendar_button;
  GtkCalendar    *calendar;
  guint           is_picking : 1;
};

G_DEFINE_FINAL_TYPE (InspectorEntryEditor, inspector_entry_editor, INSPECTOR_TYPE_EDITOR)

static void
show_other (InspectorEntryEditor *self)
{
  IMsgPropertyType type = inspector_editor_get_value_type (INSPECTOR_EDITOR (self));
  g_autoptr(GVariant) value = NULL;
  g_autofree char *other = NULL;

  value = inspector_value_parse (type, gtk_editable_get_text (GTK_EDITABLE (self->entry)), NULL);
  if (value != NULL)
    other = inspector_value_format_other (type, value);
  gtk_label_set_text (self->other, other != NULL ? other : "");
  gtk_widget_set_visible (GTK_WIDGET (self->other), other != NULL);
}

static void
changed_cb (InspectorEntryEditor *self)
{
  show_other (self);
  inspector_editor_touch (INSPECTOR_EDITOR (self));
}

static void
activate_cb (InspectorEntryEditor *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "value.apply", NULL);
}

/* A day is picked; the time of day stays */
static void
day_selected_cb (InspectorEntryEditor *self)
{
  g_autoptr(GDateTime) day = NULL;
  g_autofree char *date = NULL;
  g_autofree char *text = NULL;
  const char *old = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (self->is_picking)
    return;
  day = gtk_calendar_get_date (self->calendar);
  date = g_date_time_format (day, "%Y-%m-%d");
  text = g_strconcat (date, strlen (old) > 10 && old[4] == '-' ? old + 10 : " 00:00:00 Z", NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

static void
inspector_entry_editor_show_value (InspectorEditor *editor,
                                   GVariant        *value,
                                   gboolean         editable)
{
  InspectorEntryEditor *self = INSPECTOR_ENTRY_EDITOR (editor);
  IMsgPropertyType type = inspector_editor_get_value_type (editor);
  g_autofree char *text = value != NULL ? inspector_value_format (type, value) : g_strdup ("");
  gboolean is_time = type == IMSG_PROPERTY_TYPE_SYSTIME;

  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_editable_set_editable (GTK_EDITABLE (self->entry), editable);
  gtk_widget_set_visible (GTK_WIDGET (self->calendar_button), is_time && editable);
  if (is_time && value != NULL)
    {
      g_autoptr(GDateTime) time = inspector_value_ticks_to_time (g_variant_get_uint64 (value));

      self->is_picking = TRUE;
      if (time != NULL)
        gtk_calendar_select_day (self->calendar, time);
      self->is_picking = FALSE;
    }
  show_other (self);
}

static GVariant *
inspector_entry_editor_read_value (InspectorEditor  *editor,
                                   GError          **error)
{
  InspectorEntryEditor *self = INSPECTOR_ENTRY_EDITOR (editor);

  return inspector_value_parse (inspector_editor_get_value_type (editor),
                                gtk_editable_get_text (GTK_EDITABLE (self->entry)), error);
}

static char *
inspector_entry_editor_dup_draft (InspectorEditor *editor)
{
  InspectorEntryEditor *self = INSPECTOR_ENTRY_EDITOR (editor);

  return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static void
inspector_entry_editor_show_draft (InspectorEditor *editor,
                                   const char      *draft)
{
  gtk_editable_set_text (GTK_EDITABLE (INSPECTOR_ENTRY_EDITOR (editor)->entry), draft);
}

static gboolean
inspector_entry_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (INSPECTOR_ENTRY_EDITOR (widget)->entry));
}

static void
inspector_entry_editor_class_init (InspectorEntryEditorClass *klass)
{
  InspectorEditorClass *editor_class = INSPECTOR_EDITOR_CLASS (klass);

  editor_class->show_value = inspector_entry_editor_show_value;
  editor_class->read_value = inspector_entry_editor_read_value;
  editor_class->dup_draft = inspector_entry_editor_dup_draft;
  editor_class->show_draft = inspector_entry_editor_show_draft;
  GTK_WIDGET_CLASS (klass)->grab_focus = inspector_entry_editor_grab_focus;
}

static void
inspector_entry_editor_init (InspectorEntryEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *popover = gtk_popover_new ();

  self->entry = GTK_ENTRY (gtk_entry_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Value"), -1);
  self->calendar = GTK_CALENDAR (gtk_calendar_new ());
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (self->calendar));
  self->calendar_button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->calendar_button, "x-office-calendar-symbolic");
  gtk_menu_button_set_popover (self->calendar_button, popover);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->calendar_button), _("Choose a Day"));
  self->other = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->other, 0);
  gtk_label_set_wrap (self->other, TRUE);
  gtk_label_set_selectable (self->other, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->other), "caption");

  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->calendar_button));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->other));
  adw_bin_set_child (ADW_BIN (self), box);

  g_signal_connect_object (self->entry, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (activate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->calendar, "day-selected", G_CALLBACK (day_selected_cb), self,
                           G_CONNECT_SWAPPED);
}
