/* imsg-icalendar-task.c - tasks as VTODO, journal entries as VJOURNAL ([MS-OXCICAL], [MS-OXOTASK])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-icalendar-private.h"
#include "imsg-mime-private.h"
#include "imsg-property-tags.h"

#define TASK "PSETID_Task"
#define LOG "PSETID_Log"

#define STATUS_WAITING 3

/* Tasks that were not imported have no id of their own in the file: the search key or the
 * conversation stands in, so that exporting twice gives one task. */
static char *
get_uid (IMsgMessage *message)
{
  char *own = _imsg_calendar_get_uid (message);
  static const guint32 tags[] = { IMSG_PR_SEARCH_KEY, IMSG_PR_RECORD_KEY,
                                  IMSG_PR_CONVERSATION_INDEX };

  if (own != NULL)
    return own;
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_autoptr(GBytes) key =
        imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (message), tags[i]);

      if (key != NULL && g_bytes_get_size (key) >= 16)
        return g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, key);
    }
  return g_uuid_string_random ();
}

static void
add_stamp (IMsgCalendarExport *export,
           IMsgMessage        *message,
           icalcomponent      *component)
{
  g_autoptr(GDateTime) stamp = imsg_property_object_get_datetime (
    IMSG_PROPERTY_OBJECT (message), IMSG_PR_LAST_MODIFICATION_TIME);

  if (stamp == NULL)
    stamp = g_date_time_new_now_utc ();
  icalcomponent_add_property (component, _imsg_calendar_new_time (export, ICAL_DTSTAMP_PROPERTY,
                                                                  stamp, NULL, FALSE));
}

static void
add_time (IMsgCalendarExport *export,
          IMsgMessage        *message,
          const char         *set,
          guint32             id,
          icalproperty_kind   kind,
          gboolean            is_date,
          icalcomponent      *component)
{
  g_autoptr(GDateTime) time = _imsg_calendar_get_time (message, set, id);

  /* 4501 is how "no date" is stored */
  if (time != NULL && g_date_time_get_year (time) < 4500)
    icalcomponent_add_property (component,
                                _imsg_calendar_new_time (export, kind, time, NULL, is_date));
}

/* The task of a task request is the message embedded in it. */
static IMsgMessage *
open_task (IMsgCalendarExport *export,
           IMsgMessage        *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_attachments = g_list_model_get_n_items (attachments);

  for (guint i = 0; i < n_attachments && _imsg_mime_class_is (message, "IPM.TaskRequest"); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      IMsgMessage *task;

      if (imsg_attachment_get_method (attachment) != IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
        continue;
      task = imsg_attachment_open_message (attachment, export->cancellable, NULL);
      if (task != NULL)
        return task;
    }
  return g_object_ref (message);
}

/* Minutes of work, and the companies it was for */
static void
add_work (IMsgMessage   *task,
          icalcomponent *todo)
{
  static const struct
  {
    guint32     id;
    const char *name;
  } works[] = { { 0x8110, "X-MS-ACTUAL-WORK" }, { 0x8111, "X-MS-ESTIMATED-WORK" } };
  guint32 tag = _imsg_calendar_find_tag (task, "PSETID_Common", 0x8539);
  g_autoptr(GVariant) companies =
    tag != 0 ? imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (task), tag, NULL) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    {
      gint64 minutes = _imsg_calendar_get_int (task, TASK, works[i].id);
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, minutes);

      if (minutes > 0)
        _imsg_calendar_add_x (todo, works[i].name, text);
    }
  if (companies != NULL && g_variant_is_of_type (companies, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_autofree const char **names = g_variant_get_strv (companies, NULL);
      g_autofree char *joined = g_strjoinv ("; ", (char **) names);

      _imsg_calendar_add_x (todo, "X-MS-COMPANIES", joined);
    }
}

static void
add_journal_end (IMsgMessage   *message,
                 icalcomponent *journal)
{
  g_autoptr(GDateTime) end = _imsg_calendar_get_time (message, LOG, 0x8708);
  g_autofree char *text = end != NULL ? g_date_time_format (end, "%Y%m%dT%H%M%SZ") : NULL;

  _imsg_calendar_add_x (journal, "X-MS-LOG-END", text);
}

void
_imsg_calendar_add_todo (IMsgCalendarExport *export,
                         IMsgMessage        *message)
{
  static const icalproperty_status statuses[] = {
    ICAL_STATUS_NEEDSACTION, ICAL_STATUS_INPROCESS, ICAL_STATUS_COMPLETED, ICAL_STATUS_NEEDSACTION,
    ICAL_STATUS_CANCELLED,
  };
  static const struct
  {
    const char *set;
    guint32     id;
    const char *name;
  } extras[] = {
    { TASK, 0x811F, "X-MS-OWNER" },
    { "PSETID_Common", 0x8534, "X-MS-MILEAGE" },
    { "PSETID_Common", 0x8535, "X-MS-BILLING" },
  };
  g_autoptr(IMsgMessage) task = open_task (export, message);
  icalcomponent *todo = icalcomponent_new (ICAL_VTODO_COMPONENT);
  g_autofree char *uid = get_uid (task);
  gint64 status = _imsg_calendar_get_int (task, TASK, 0x8101);
  guint32 percent_tag = _imsg_calendar_find_tag (task, TASK, 0x8102);

  icalcomponent_add_property (todo, icalproperty_new_uid (uid));
  add_stamp (export, task, todo);
  add_time (export, task, TASK, 0x8104, ICAL_DTSTART_PROPERTY, TRUE, todo);
  add_time (export, task, TASK, 0x8105, ICAL_DUE_PROPERTY, TRUE, todo);
  add_time (export, task, TASK, 0x810F, ICAL_COMPLETED_PROPERTY, FALSE, todo);
  if (_imsg_calendar_find_tag (task, TASK, 0x8101) != 0 && status >= 0 &&
      status < (gint64) G_N_ELEMENTS (statuses))
    icalcomponent_add_property (todo, icalproperty_new_status (statuses[status]));
  if (percent_tag != 0)
    {
      g_autoptr(GVariant) percent =
        imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (task), percent_tag, NULL);

      if (percent != NULL && g_variant_is_of_type (percent, G_VARIANT_TYPE_DOUBLE))
        icalcomponent_add_property (todo, icalproperty_new_percentcomplete (
                                            (int) (CLAMP (g_variant_get_double (percent), 0.0, 1.0) *
                                                     100 + 0.5)));
    }
  _imsg_calendar_add_common (export, task, todo);
  for (guint i = 0; i < G_N_ELEMENTS (extras); i++)
    {
      g_autofree char *text = _imsg_calendar_get_text (task, extras[i].set, extras[i].id);

      _imsg_calendar_add_x (todo, extras[i].name, text);
    }
  add_work (task, todo);
  /* waiting for somebody has no status in iCalendar */
  if (status == STATUS_WAITING)
    _imsg_calendar_add_x (todo, "X-MS-TASK-STATUS", "3");
  icalcomponent_add_component (export->calendar, todo);
  _imsg_calendar_add_recurrence (export, task, TASK, 0x8116, NULL, todo);
}

void
_imsg_calendar_add_journal (IMsgCalendarExport *export,
                            IMsgMessage        *message)
{
  icalcomponent *journal = icalcomponent_new (ICAL_VJOURNAL_COMPONENT);
  g_autofree char *uid = get_uid (message);
  g_autofree char *type = _imsg_calendar_get_text (message, LOG, 0x8700);

  icalcomponent_add_property (journal, icalproperty_new_uid (uid));
  add_stamp (export, message, journal);
  add_time (export, message, LOG, 0x8706, ICAL_DTSTART_PROPERTY, FALSE, journal);
  _imsg_calendar_add_common (export, message, journal);
  _imsg_calendar_add_x (journal, "X-MS-LOG-TYPE", type);
  add_journal_end (message, journal);
  icalcomponent_add_component (export->calendar, journal);
}
