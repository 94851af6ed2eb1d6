/* inspector-message-details.c - what an appointment, contact or task is about, by its class
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-message-details.h"

#include "inspector-value.h"
#include "inspector-view.h"

#include <glib/gi18n.h>

/* name: of the catalogue, tagged (PR_…) or named (PidLid…). Of fields with one label after each
 * other, the first that there is counts. */
static const struct
{
  const char *message_class;
  const char *label;
  const char *name;
  gboolean    is_day;   /* midnight UTC of it, wherever one is */
} fields[] = {
  { "IPM.Appointment", N_("Starts"), "PidLidAppointmentStartWhole" },
  { "IPM.Appointment", N_("Ends"), "PidLidAppointmentEndWhole" },
  { "IPM.Appointment", N_("Location"), "PidLidLocation" },
  { "IPM.Appointment", N_("All day"), "PidLidAppointmentSubType" },
  { "IPM.Appointment", N_("Recurrence"), "PidLidRecurrencePattern" },
  { "IPM.Appointment", N_("Show as"), "PidLidBusyStatus" },
  { "IPM.Appointment", N_("Attendees"), "PidLidAllAttendeesString" },
  { "IPM.Schedule.Meeting", N_("Starts"), "PidLidAppointmentStartWhole" },
  { "IPM.Schedule.Meeting", N_("Ends"), "PidLidAppointmentEndWhole" },
  { "IPM.Schedule.Meeting", N_("Location"), "PidLidLocation" },
  { "IPM.Schedule.Meeting", N_("Recurrence"), "PidLidRecurrencePattern" },
  { "IPM.Schedule.Meeting", N_("Attendees"), "PidLidAllAttendeesString" },
  { "IPM.Task", N_("Status"), "PidLidTaskStatus" },
  { "IPM.Task", N_("Done"), "PidLidPercentComplete" },
  { "IPM.Task", N_("Start"), "PidLidTaskStartDate", TRUE },
  { "IPM.Task", N_("Due"), "PidLidTaskDueDate", TRUE },
  { "IPM.Task", N_("Owner"), "PidLidTaskOwner" },
  { "IPM.Contact", N_("Name"), "PR_DISPLAY_NAME" },
  { "IPM.Contact", N_("Company"), "PR_COMPANY_NAME" },
  { "IPM.Contact", N_("Job title"), "PR_TITLE" },
  { "IPM.Contact", N_("Email"), "PidLidEmail1EmailAddress" },
  { "IPM.Contact", N_("Email 2"), "PidLidEmail2EmailAddress" },
  { "IPM.Contact", N_("Business telephone"), "PR_BUSINESS_TELEPHONE_NUMBER" },
  { "IPM.Contact", N_("Home telephone"), "PR_HOME_TELEPHONE_NUMBER" },
  { "IPM.Contact", N_("Mobile telephone"), "PR_MOBILE_TELEPHONE_NUMBER" },
  { "IPM.Contact", N_("Business address"), "PidLidWorkAddress" },
  { "IPM.Contact", N_("Home address"), "PidLidHomeAddress" },
  { "IPM.Contact", N_("Birthday"), "PidLidBirthdayLocal", TRUE },
  { "IPM.Contact", N_("Birthday"), "PR_BIRTHDAY", TRUE },
  { "IPM.StickyNote", N_("Colour"), "PidLidNoteColor" },
  { "IPM.Activity", N_("Type"), "PidLidLogType" },
  { "IPM.Activity", N_("Started"), "PidLidLogStart" },
  { "IPM.Activity", N_("Minutes"), "PidLidLogDuration" },
};

/* Choices in words; a number that has none is shown as the catalogue has it */
static const struct { const char *name; int value; const char *text; } choices[] = {
  { "PidLidBusyStatus", 0, NC_("details", "Free") },
  { "PidLidBusyStatus", 1, NC_("details", "Tentative") },
  { "PidLidBusyStatus", 2, NC_("details", "Busy") },
  { "PidLidBusyStatus", 3, NC_("details", "Out of office") },
  { "PidLidBusyStatus", 4, NC_("details", "Working elsewhere") },
  { "PidLidTaskStatus", 0, NC_("details", "Not started") },
  { "PidLidTaskStatus", 1, NC_("details", "In progress") },
  { "PidLidTaskStatus", 2, NC_("details", "Completed") },
  { "PidLidTaskStatus", 3, NC_("details", "Waiting for somebody else") },
  { "PidLidTaskStatus", 4, NC_("details", "Deferred") },
};

static void
detail_free (gpointer data)
{
  InspectorDetail *detail = data;

  g_free (detail->label);
  g_free (detail->text);
  g_free (detail);
}

static guint32
find_tag (IMsgMessage *message,
          const char  *name)
{
  g_autoptr(IMsgPropertyName) property_name = NULL;
  guint id;

  if (g_str_has_prefix (name, "PR_"))
    return imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message),
                                          imsg_property_tag_from_name (name));

  property_name = imsg_property_name_from_known_name (name);
  if (property_name == NULL)
    return 0;
  id = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), property_name,
                                                   FALSE, NULL);
  if (id == 0)
    return 0;
  return imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message),
                                        imsg_property_tag (IMSG_PROPERTY_TYPE_UNSPECIFIED, id));
}

static char *
dup_choice (const char *name,
            int         value)
{
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    if (choices[i].value == value && strcmp (choices[i].name, name) == 0)
      return g_strdup (g_dpgettext2 (NULL, "details", choices[i].text));
  return NULL;
}

static char *
dup_text (IMsgMessage *message,
          const char  *name,
          guint32      tag,
          gboolean     is_day)
{
  g_autofree char *choice = NULL;
  g_autoptr(GVariant) value = NULL;
  g_autoptr(IMsgProperty) property = NULL;

  value = imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (message), tag, NULL);
  if (value == NULL)
    return NULL;

  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_UINT64:
      {
        g_autoptr(GDateTime) utc = inspector_value_ticks_to_time (g_variant_get_uint64 (value));
        g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

        if (is_day)
          return utc != NULL ? g_date_time_format (utc, "%x") : NULL;
        return local != NULL ? g_date_time_format (local, "%c") : NULL;
      }
    case G_VARIANT_CLASS_DOUBLE:
      /* The one fraction that is shown is how much of a task is done */
      return g_strdup_printf ("%.0f %%", g_variant_get_double (value) * 100);
    case G_VARIANT_CLASS_BOOLEAN:
      return g_strdup (g_variant_get_boolean (value) ? _("yes") : _("no"));
    case G_VARIANT_CLASS_STRING:
      return g_variant_dup_string (value, NULL);
    case G_VARIANT_CLASS_INT32:
      choice = dup_choice (name, g_variant_get_int32 (value));
      if (choice != NULL)
        return g_steal_pointer (&choice);
      G_GNUC_FALLTHROUGH;
    default:
      property = inspector_object_find_property (IMSG_PROPERTY_OBJECT (message), tag);
      return property != NULL ? imsg_property_dup_readable_value (property) : NULL;
    }
}

GPtrArray *
inspector_message_list_details (IMsgMessage *message)
{
  GPtrArray *details = g_ptr_array_new_with_free_func (detail_free);
  const char *message_class = imsg_message_get_message_class (message);
  const char *last_label = NULL;

  for (guint i = 0; message_class != NULL && i < G_N_ELEMENTS (fields); i++)
    {
      guint32 tag;
      g_autofree char *text = NULL;
      InspectorDetail *detail = NULL;

      if (g_ascii_strncasecmp (message_class, fields[i].message_class,
                               strlen (fields[i].message_class)) != 0 ||
          g_strcmp0 (fields[i].label, last_label) == 0)
        continue;
      tag = find_tag (message, fields[i].name);
      text = tag != 0 ? dup_text (message, fields[i].name, tag, fields[i].is_day) : NULL;
      if (text == NULL || *text == '\0')
        continue;
      last_label = fields[i].label;
      detail = g_new (InspectorDetail, 1);
      detail->label = g_strdup (_(fields[i].label));
      detail->text = g_steal_pointer (&text);
      g_ptr_array_add (details, detail);
    }
  return details;
}
