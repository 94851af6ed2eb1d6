/* inspector-entry-editor.c - numbers, times and GUIDs, typed in one line
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-editor.h"

#include "inspector-access.h"
#include "inspector-flag-list.h"
#include "inspector-value.h"

#include <glib/gi18n.h>

#define INSPECTOR_TYPE_ENTRY_EDITOR (inspector_entry_editor_get_type ())
G_DECLARE_FINAL_TYPE (InspectorEntryEditor, inspector_entry_editor, INSPECTOR, ENTRY_EDITOR,
                      InspectorEditor)

/* In which way a time is written, in the order of the list */
typedef enum
{
  NOTATION_UTC,
  NOTATION_LOCAL,
  NOTATION_TICKS,
} Notation;

struct _InspectorEntryEditor
{
  InspectorEditor    parent_instance;

  GtkEntry          *entry;
  GtkLabel          *other;      /* the same value in the other notation */
  GtkDropDown       *notation;
  GtkMenuButton     *calendar_button;
  GtkCalendar       *calendar;
  InspectorFlagList *flags;
  guint              is_updating : 1;
};

G_DEFINE_FINAL_TYPE (InspectorEntryEditor, inspector_entry_editor, INSPECTOR_TYPE_EDITOR)

/* (transfer full): what the entry says; NULL when it says nothing that is valid */
static GVariant *
parse_entry (InspectorEntryEditor  *self,
             GError               **error)
{
  return inspector_value_parse (inspector_editor_get_value_type (INSPECTOR_EDITOR (self)),
                                gtk_editable_get_text (GTK_EDITABLE (self->entry)), error);
}

static void
show_other (InspectorEntryEditor *self)
{
  IMsgPropertyType type = inspector_editor_get_value_type (INSPECTOR_EDITOR (self));
  g_autoptr(GVariant) value = parse_entry (self, NULL);
  g_autofree char *other = NULL;
  guint32 bits = 0;

  if (value != NULL)
    other = inspector_value_format_other (type, value);
  gtk_label_set_text (self->other, other != NULL ? other : "");
  gtk_widget_set_visible (GTK_WIDGET (self->other), other != NULL);
  if (value != NULL && inspector_value_get_bits (value, &bits))
    inspector_flag_list_show_number (self->flags, bits,
                                     gtk_editable_get_editable (GTK_EDITABLE (self->entry)));
}

static void
changed_cb (InspectorEntryEditor *self)
{
  show_other (self);
  if (!self->is_updating)
    inspector_editor_touch (INSPECTOR_EDITOR (self));
}

/* The number stays in the notation it is written in */
static void
flags_changed_cb (InspectorEntryEditor *self)
{
  const char *old = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autofree char *text = NULL;

  text = inspector_value_format_bits (inspector_editor_get_value_type (INSPECTOR_EDITOR (self)),
                                      inspector_flag_list_get_number (self->flags),
                                      g_ascii_strncasecmp (old, "0x", 2) == 0);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

static char *
format_time (InspectorEntryEditor *self,
             guint64               ticks)
{
  switch ((Notation) gtk_drop_down_get_selected (self->notation))
    {
    case NOTATION_TICKS:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, ticks);
    case NOTATION_LOCAL:
      return inspector_value_format_time (ticks, TRUE);
    case NOTATION_UTC:
    default:
      return inspector_value_format_time (ticks, FALSE);
    }
}

/* The same time, written in another way, is no edit */
static void
notation_changed_cb (InspectorEntryEditor *self)
{
  g_autoptr(GVariant) value = NULL;
  g_autofree char *text = NULL;

  if (inspector_editor_get_value_type (INSPECTOR_EDITOR (self)) != IMSG_PROPERTY_TYPE_SYSTIME)
    return;
  value = parse_entry (self, NULL);
  if (value == NULL)
    return;
  text = format_time (self, g_variant_get_uint64 (value));
  self->is_updating = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  self->is_updating = FALSE;
}

static void
activate_cb (InspectorEntryEditor *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "value.apply", NULL);
}

/* A day is picked; the time of day stays, to the tick */
static void
day_selected_cb (InspectorEntryEditor *self)
{
  g_autoptr(GDateTime) day = NULL;
  g_autoptr(GVariant) value = NULL;
  g_autofree char *text = NULL;
  guint64 ticks;

  if (self->is_updating)
    return;
  day = gtk_calendar_get_date (self->calendar);
  value = parse_entry (self, NULL);
  ticks = inspector_value_move_to_day (value != NULL ? g_variant_get_uint64 (value) : 0, day,
                                       gtk_drop_down_get_selected (self->notation) ==
                                         NOTATION_LOCAL);
  text = format_time (self, ticks);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

static void
show_day (InspectorEntryEditor *self,
          guint64               ticks)
{
  g_autoptr(GDateTime) time = inspector_value_ticks_to_time (ticks);

  if (time == NULL)
    return;
  self->is_updating = TRUE;
  gtk_calendar_select_day (self->calendar, time);
  self->is_updating = FALSE;
}

static void
inspector_entry_editor_show_value (InspectorEditor *editor,
                                   GVariant        *value,
                                   gboolean         editable)
{
  InspectorEntryEditor *self = INSPECTOR_ENTRY_EDITOR (editor);
  IMsgPropertyType type = inspector_editor_get_value_type (editor);
  GPtrArray *names = inspector_editor_get_value_names (editor);
  gboolean is_time = type == IMSG_PROPERTY_TYPE_SYSTIME;
  g_autofree char *text = NULL;

  if (value != NULL)
    text = is_time ? format_time (self, g_variant_get_uint64 (value))
                   : inspector_value_format (type, value);
  gtk_widget_set_visible (GTK_WIDGET (self->flags), names != NULL);
  if (names != NULL)
    inspector_flag_list_set_names (self->flags, names);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text != NULL ? text : "");
  gtk_editable_set_editable (GTK_EDITABLE (self->entry), editable);
  gtk_widget_set_visible (GTK_WIDGET (self->calendar_button), is_time && editable);
  gtk_widget_set_visible (GTK_WIDGET (self->notation), is_time);
  if (is_time && value != NULL)
    show_day (self, g_variant_get_uint64 (value));
  show_other (self);
}

static GVariant *
inspector_entry_editor_read_value (InspectorEditor  *editor,
                                   GError          **error)
{
  return parse_entry (INSPECTOR_ENTRY_EDITOR (editor), error);
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
  const char *notations[] = { _("UTC"), _("Local time"), _("Ticks"), NULL };

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
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->calendar_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Choose a Day"), -1);
  self->notation = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (notations));
  gtk_widget_set_halign (GTK_WIDGET (self->notation), GTK_ALIGN_START);
  inspector_access_name_drop_down (self->notation, _("Written as"));
  self->flags = INSPECTOR_FLAG_LIST (inspector_flag_list_new ());
  self->other = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->other, 0);
  gtk_label_set_wrap (self->other, TRUE);
  gtk_label_set_selectable (self->other, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->other), "caption");

  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->calendar_button));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->notation));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->other));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->flags));
  adw_bin_set_child (ADW_BIN (self), box);

  g_signal_connect_object (self->entry, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (activate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->calendar, "day-selected", G_CALLBACK (day_selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->notation, "notify::selected", G_CALLBACK (notation_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->flags, "changed", G_CALLBACK (flags_changed_cb), self,
                           G_CONNECT_SWAPPED);
}
