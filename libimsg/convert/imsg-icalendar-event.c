/* imsg-icalendar-event.c - appointments and meetings as VEVENT ([MS-OXCICAL] 2.1.3.1.1.20)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-icalendar-private.h"
#include "imsg-mime-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

#define APPOINTMENT "PSETID_Appointment"
#define MEETING "PSETID_Meeting"
#define COMMON "PSETID_Common"

/* A global object id: prefix, date of the exception, creation time, zeros, size, data. */
#define GLOBAL_ID_DATE_OFFSET 16
#define GLOBAL_ID_DATA_OFFSET 40

static const char *const busy_names[] = { "FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE" };

static GDateTime *
get_first_time (IMsgMessage   *message,
                const guint32 *ids,
                guint32        common_id,
                guint32        tag)
{
  GDateTime *time = NULL;

  for (guint i = 0; ids[i] != 0 && time == NULL; i++)
    time = _imsg_calendar_get_time (message, APPOINTMENT, ids[i]);
  if (time == NULL)
    time = _imsg_calendar_get_time (message, COMMON, common_id);
  if (time == NULL)
    time = imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (message), tag);
  return time;
}

static gboolean
is_global_id (const guint8 *bytes,
              gsize         n_bytes)
{
  return n_bytes >= IMSG_GLOBAL_ID_MIN_BYTES &&
         memcmp (bytes, IMSG_GLOBAL_ID_PREFIX, IMSG_GLOBAL_ID_PREFIX_BYTES) == 0;
}

/* Some servers store the UID as it is. */
static char *
read_plain_uid (const guint8 *bytes,
                gsize         n_bytes)
{
  const char *end;
  const char *text = (const char *) bytes;

  if (n_bytes > 0 && bytes[n_bytes - 1] == '\0')
    n_bytes--;
  if (n_bytes == 0 || !g_utf8_validate (text, (gssize) n_bytes, &end))
    return NULL;
  for (const char *c = text; c < end; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return NULL;
  return g_strndup (text, n_bytes);
}

/* The UID of elsewhere that Outlook wrapped, else the id itself in hex, its date cleared. */
char *
_imsg_calendar_get_uid (IMsgMessage *message)
{
  static const char wrapper[12] = "vCal-Uid\x01\0\0";
  g_autoptr(GBytes) id = _imsg_calendar_get_bytes (message, MEETING, 0x0023);
  const guint8 *bytes;
  gsize n_bytes;
  GString *uid;

  if (id == NULL)
    id = _imsg_calendar_get_bytes (message, MEETING, 0x0003);
  if (id == NULL)
    return NULL;
  bytes = g_bytes_get_data (id, &n_bytes);
  if (n_bytes > GLOBAL_ID_DATA_OFFSET + sizeof wrapper &&
      memcmp (bytes + GLOBAL_ID_DATA_OFFSET, wrapper, sizeof wrapper) == 0)
    {
      const char *text = (const char *) bytes + GLOBAL_ID_DATA_OFFSET + sizeof wrapper;
      g_autofree char *inner =
        g_strndup (text, n_bytes - GLOBAL_ID_DATA_OFFSET - sizeof wrapper);

      return g_utf8_make_valid (inner, -1);
    }
  if (!is_global_id (bytes, n_bytes))
    {
      char *plain = read_plain_uid (bytes, n_bytes);

      if (plain != NULL)
        return plain;
    }
  uid = g_string_sized_new (2 * n_bytes);
  for (gsize i = 0; i < n_bytes; i++)
    g_string_append_printf (uid, "%02X",
                            is_global_id (bytes, n_bytes) && i >= GLOBAL_ID_DATE_OFFSET &&
                                i < GLOBAL_ID_DATE_OFFSET + 4
                              ? 0
                              : bytes[i]);
  return g_string_free (uid, FALSE);
}

static char *
get_mail_uri (const IMsgAddress *person)
{
  const char *smtp = imsg_address_get_smtp (person);
  char *uri = g_strconcat (smtp != NULL ? "mailto:" : "invalid:nomail", smtp, NULL);

  return g_strdelimit (uri, "\r\n", '_');
}

static void
add_name_parameter (icalproperty      *property,
                    const IMsgAddress *person)
{
  g_autofree char *name = g_strdup (imsg_address_get_name (person));

  if (name == NULL)
    return;
  /* RFC 5545 has no way to write these in a parameter */
  g_strdelimit (name, "\"\r\n\t", ' ');
  icalproperty_add_parameter (property, icalparameter_new_cn (name));
}

static gint64
get_recipient_flags (IMsgRecipient *recipient)
{
  return imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (recipient), IMSG_PR_RECIPIENT_FLAGS);
}

/* Whom an answer goes to: the one that is marked, else the first of those in To, else of all. */
static IMsgAddress *
resolve_answered (IMsgMessage *message)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  guint n_recipients = g_list_model_get_n_items (recipients);
  g_autoptr(IMsgRecipient) found = NULL;
  int rank = -1;

  for (guint i = 0; i < n_recipients && rank < 2; i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);
      IMsgRecipientType type = imsg_recipient_get_recipient_type (recipient);
      int own_rank = (get_recipient_flags (recipient) & IMSG_RECIPIENT_FLAG_ORGANIZER) != 0 ? 2
                     : type == IMSG_RECIPIENT_TYPE_TO                                       ? 1
                                                                                            : 0;

      if (own_rank > rank)
        g_set_object (&found, recipient);
      rank = MAX (rank, own_rank);
    }
  return found != NULL ? imsg_recipient_resolve_address (found) : NULL;
}

/* A secretary, or whoever else sends for the organizer */
static void
add_sent_by (IMsgMessage       *message,
             const IMsgAddress *organizer,
             icalproperty      *property)
{
  g_autoptr(IMsgAddress) sender = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENDER);
  const char *smtp = sender != NULL ? imsg_address_get_smtp (sender) : NULL;
  const char *organizer_smtp = imsg_address_get_smtp (organizer);
  g_autofree char *uri = NULL;

  if (smtp == NULL || organizer_smtp == NULL || g_ascii_strcasecmp (smtp, organizer_smtp) == 0)
    return;
  uri = g_strdelimit (get_mail_uri (sender), "\"\t", '_');
  icalproperty_add_parameter (property, icalparameter_new_sentby (uri));
}

static void
add_organizer (IMsgMessage   *message,
               icalcomponent *event)
{
  gboolean is_answer = _imsg_mime_class_is (message, "IPM.Schedule.Meeting.Resp");
  g_autoptr(IMsgAddress) organizer =
    is_answer ? resolve_answered (message)
              : imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
  g_autofree char *uri = NULL;
  icalproperty *property;

  if (organizer == NULL)
    return;
  uri = get_mail_uri (organizer);
  property = icalproperty_new_organizer (uri);
  add_name_parameter (property, organizer);
  if (!is_answer)
    add_sent_by (message, organizer, property);
  icalcomponent_add_property (event, property);
}

static void
add_attendee (icalcomponent          *event,
              const IMsgAddress      *person,
              IMsgRecipientType       type,
              icalparameter_partstat  status,
              gboolean                wants_answer)
{
  g_autofree char *uri = get_mail_uri (person);
  icalproperty *property = icalproperty_new_attendee (uri);

  add_name_parameter (property, person);
  icalproperty_add_parameter (
    property, icalparameter_new_role (type == IMSG_RECIPIENT_TYPE_CC    ? ICAL_ROLE_OPTPARTICIPANT
                                      : type == IMSG_RECIPIENT_TYPE_BCC ? ICAL_ROLE_NONPARTICIPANT
                                                                        : ICAL_ROLE_REQPARTICIPANT));
  if (type == IMSG_RECIPIENT_TYPE_BCC)
    icalproperty_add_parameter (property, icalparameter_new_cutype (ICAL_CUTYPE_RESOURCE));
  icalproperty_add_parameter (property, icalparameter_new_partstat (status));
  if (wants_answer)
    icalproperty_add_parameter (property, icalparameter_new_rsvp (ICAL_RSVP_TRUE));
  icalcomponent_add_property (event, property);
}

/* An answer tells of the one who answers; everything else of those who are asked. */
void
_imsg_calendar_add_attendees (IMsgCalendarExport *export,
                              IMsgMessage        *message,
                              icalcomponent      *event)
{
  static const icalparameter_partstat statuses[] = {
    ICAL_PARTSTAT_NEEDSACTION, ICAL_PARTSTAT_NEEDSACTION, ICAL_PARTSTAT_TENTATIVE,
    ICAL_PARTSTAT_ACCEPTED, ICAL_PARTSTAT_DECLINED,
  };
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  gboolean wants_answer = imsg_property_object_get_boolean (object, IMSG_PR_RESPONSE_REQUESTED);
  GListModel *recipients = imsg_message_get_recipients (message);
  guint n_recipients = g_list_model_get_n_items (recipients);

  if (_imsg_mime_class_is (message, "IPM.Schedule.Meeting.Resp"))
    {
      g_autoptr(IMsgAddress) author =
        imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);

      if (author != NULL)
        add_attendee (event, author, IMSG_RECIPIENT_TYPE_TO,
                      _imsg_mime_class_is (message, "IPM.Schedule.Meeting.Resp.Pos")
                        ? ICAL_PARTSTAT_ACCEPTED
                      : _imsg_mime_class_is (message, "IPM.Schedule.Meeting.Resp.Neg")
                        ? ICAL_PARTSTAT_DECLINED
                        : ICAL_PARTSTAT_TENTATIVE,
                      FALSE);
      return;
    }
  for (guint i = 0; i < n_recipients; i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);
      g_autoptr(IMsgAddress) person = imsg_recipient_resolve_address (recipient);
      gint64 flags = get_recipient_flags (recipient);
      gint64 track = imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (recipient),
                                                   IMSG_PR_RECIPIENT_TRACKSTATUS);

      if (person == NULL ||
          (flags & (IMSG_RECIPIENT_FLAG_ORGANIZER | IMSG_RECIPIENT_FLAG_DELETED)) != 0)
        continue;
      if (imsg_address_get_smtp (person) == NULL)
        _imsg_problem_list_tell (export->losses, "ATTENDEE", IMSG_ERROR_NO_SUPPORT,
                                 _("“%s” has no Internet address"), imsg_address_get_name (person));
      add_attendee (event, person, imsg_recipient_get_recipient_type (recipient),
                    track >= 0 && track < (gint64) G_N_ELEMENTS (statuses)
                      ? statuses[track]
                      : ICAL_PARTSTAT_NEEDSACTION,
                    wants_answer);
    }
}

static void
add_busy_status (IMsgMessage   *message,
                 icalcomponent *event)
{
  static const struct
  {
    guint32     id;
    const char *name;
  } statuses[] = { { 0x8205, "X-MICROSOFT-CDO-BUSYSTATUS" },
                   { 0x8224, "X-MICROSOFT-CDO-INTENDEDSTATUS" } };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      gint64 status = _imsg_calendar_get_int (message, APPOINTMENT, statuses[i].id);

      if (_imsg_calendar_find_tag (message, APPOINTMENT, statuses[i].id) == 0 || status < 0 ||
          status >= (gint64) G_N_ELEMENTS (busy_names))
        continue;
      _imsg_calendar_add_x (event, statuses[i].name, busy_names[status]);
      if (i == 0)
        icalcomponent_add_property (event, icalproperty_new_transp (status == 0
                                                                      ? ICAL_TRANSP_TRANSPARENT
                                                                      : ICAL_TRANSP_OPAQUE));
    }
}

/* A whole day begins at midnight where it was made, which may be another zone, or the same under
 * another rule: the day that it is nearest to. */
static void
to_nearest_day (GDateTime         **time,
                const IMsgTimeZone *zone)
{
  g_autoptr(GTimeZone) glib = zone != NULL ? _imsg_time_zone_to_glib (zone)
                                           : g_time_zone_new_utc ();
  g_autoptr(GDateTime) local = *time != NULL ? g_date_time_to_timezone (*time, glib) : NULL;
  g_autoptr(GDateTime) noon = local != NULL ? g_date_time_add_hours (local, 12) : NULL;
  GDateTime *day = noon != NULL ? g_date_time_new (glib, g_date_time_get_year (noon),
                                                   g_date_time_get_month (noon),
                                                   g_date_time_get_day_of_month (noon), 0, 0, 0)
                                : NULL;

  if (day == NULL)
    return;
  g_date_time_unref (*time);
  *time = day;
}

/* [MS-OXCICAL] 2.1.3.1.1.20.59-60: when the meeting is that another time is proposed for. A message made
 * of a calendar that did not say it has the new time in both places. */
static void
add_original_times (IMsgMessage   *message,
                    GDateTime     *proposed_start,
                    GDateTime     *proposed_end,
                    icalcomponent *event)
{
  g_autoptr(GDateTime) start = _imsg_calendar_get_time (message, APPOINTMENT, 0x820D);
  g_autoptr(GDateTime) end = _imsg_calendar_get_time (message, APPOINTMENT, 0x820E);
  g_autofree char *start_text = NULL;
  g_autofree char *end_text = NULL;

  if (start == NULL || end == NULL || proposed_start == NULL || proposed_end == NULL ||
      (g_date_time_equal (start, proposed_start) && g_date_time_equal (end, proposed_end)))
    return;
  start_text = g_date_time_format (start, "%Y%m%dT%H%M%SZ");
  end_text = g_date_time_format (end, "%Y%m%dT%H%M%SZ");
  _imsg_calendar_add_x (event, "X-MS-OLK-ORIGINALSTART", start_text);
  _imsg_calendar_add_x (event, "X-MS-OLK-ORIGINALEND", end_text);
}

static void
add_times (IMsgCalendarExport *export,
           IMsgMessage        *message,
           const IMsgTimeZone *zone,
           icalcomponent      *event)
{
  static const guint32 starts[] = { 0x820D, 0 };
  static const guint32 ends[] = { 0x820E, 0 };
  static const guint32 proposed_starts[] = { 0x8250, 0x820D, 0 };
  static const guint32 proposed_ends[] = { 0x8251, 0x820E, 0 };
  gboolean is_counter = g_strcmp0 (imsg_message_get_calendar_method (message), "COUNTER") == 0;
  gboolean is_all_day = _imsg_calendar_get_int (message, APPOINTMENT, 0x8215) != 0;
  g_autoptr(GDateTime) start = get_first_time (message, is_counter ? proposed_starts : starts,
                                               0x8516, IMSG_PR_START_DATE);
  g_autoptr(GDateTime) end = get_first_time (message, is_counter ? proposed_ends : ends, 0x8517,
                                             IMSG_PR_END_DATE);

  if (!is_counter && _imsg_calendar_get_int (message, APPOINTMENT, 0x8257) != 0)
    _imsg_problem_list_tell (export->losses, "METHOD", IMSG_ERROR_NO_SUPPORT,
                             _("A refusal cannot propose another time"));
  if (is_counter)
    add_original_times (message, start, end, event);
  if (is_all_day)
    {
      to_nearest_day (&start, zone);
      to_nearest_day (&end, zone);
    }
  if (start != NULL)
    icalcomponent_add_property (event, _imsg_calendar_new_time (export, ICAL_DTSTART_PROPERTY,
                                                                start, zone, is_all_day));
  /* a day of no length is one whole day, which needs no end */
  if (end != NULL && (start == NULL || g_date_time_compare (end, start) >= (is_all_day ? 1 : 0)))
    icalcomponent_add_property (event, _imsg_calendar_new_time (export, ICAL_DTEND_PROPERTY, end,
                                                                zone, is_all_day));
}

static void
add_stamp (IMsgCalendarExport *export,
           IMsgMessage        *message,
           icalcomponent      *event)
{
  gboolean is_response = _imsg_mime_class_is (message, "IPM.Schedule.Meeting.Resp");
  g_autoptr(GDateTime) stamp = _imsg_calendar_get_time (message, MEETING,
                                                        is_response ? 0x0001 : 0x001A);

  if (stamp == NULL)
    stamp = imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (message),
                                               IMSG_PR_LAST_MODIFICATION_TIME);
  if (stamp == NULL)
    stamp = imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (message),
                                               IMSG_PR_CLIENT_SUBMIT_TIME);
  if (stamp == NULL)
    stamp = g_date_time_new_now_utc ();
  icalcomponent_add_property (event, _imsg_calendar_new_time (export, ICAL_DTSTAMP_PROPERTY, stamp,
                                                              NULL, FALSE));
}

/* The day of an occurrence is in its id, the hour beside it: that of the pattern, else its own. */
static GDateTime *
get_occurrence_in_id (IMsgMessage        *message,
                      const IMsgTimeZone *zone)
{
  g_autoptr(GBytes) id = _imsg_calendar_get_bytes (message, MEETING, 0x0003);
  gsize n_bytes = 0;
  const guint8 *bytes = id != NULL ? g_bytes_get_data (id, &n_bytes) : NULL;
  const guint8 *date;
  g_autoptr(GTimeZone) glib = NULL;
  g_autoptr(GDateTime) start = NULL;
  g_autoptr(GDateTime) local = NULL;
  guint32 clock;

  if (n_bytes == 0 || !is_global_id (bytes, n_bytes))
    return NULL;
  date = bytes + GLOBAL_ID_DATE_OFFSET;
  if ((date[0] | date[1]) == 0 ||
      !g_date_valid_dmy (date[3], date[2], (GDateYear) (date[0] << 8 | date[1])))
    return NULL;
  glib = zone != NULL ? _imsg_time_zone_to_glib (zone) : g_time_zone_new_utc ();
  start = _imsg_calendar_get_time (message, APPOINTMENT, 0x820D);
  local = start != NULL ? g_date_time_to_timezone (start, glib) : NULL;
  clock = (guint32) _imsg_calendar_get_int (message, MEETING, 0x000E);
  if (_imsg_calendar_find_tag (message, MEETING, 0x000E) == 0 && local != NULL)
    clock = (guint32) (g_date_time_get_hour (local) << 12 | g_date_time_get_minute (local) << 6 |
                       g_date_time_get_second (local));
  return g_date_time_new (glib, date[0] << 8 | date[1], date[2], date[3], (int) (clock >> 12 & 0x1F),
                          (int) (clock >> 6 & 0x3F), (int) (clock & 0x3F));
}

/* The series that one occurrence belongs to, when the message is of that alone. */
static gboolean
add_replaced (IMsgCalendarExport *export,
              IMsgMessage        *message,
              const IMsgTimeZone *zone,
              icalcomponent      *event)
{
  g_autoptr(GDateTime) replaced = _imsg_calendar_get_time (message, APPOINTMENT, 0x8228);
  gboolean is_date = _imsg_calendar_get_int (message, APPOINTMENT, 0x8215) != 0;

  if (replaced == NULL)
    replaced = get_occurrence_in_id (message, zone);
  if (replaced == NULL)
    return FALSE;
  if (is_date)
    to_nearest_day (&replaced, zone);
  icalcomponent_add_property (
    event, _imsg_calendar_new_time (export, ICAL_RECURRENCEID_PROPERTY, replaced, zone,
                                    is_date));
  return TRUE;
}

/* What only Outlook and its like ask for ([MS-OXCICAL] 2.1.3.1.1.20.26 and behind). */
static void
add_microsoft (IMsgMessage   *message,
               icalcomponent *event)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  if (imsg_property_object_has_value (object, IMSG_PR_OWNER_APPT_ID))
    {
      g_autofree char *id = g_strdup_printf (
        "%" G_GINT64_FORMAT, imsg_property_object_get_int (object, IMSG_PR_OWNER_APPT_ID));

      _imsg_calendar_add_x (event, "X-MICROSOFT-CDO-OWNERAPPTID", id);
    }
  if (_imsg_calendar_find_tag (message, APPOINTMENT, 0x825A) != 0)
    _imsg_calendar_add_x (event, "X-MICROSOFT-DISALLOW-COUNTER",
                          _imsg_calendar_get_int (message, APPOINTMENT, 0x825A) != 0 ? "TRUE"
                                                                                     : "FALSE");
  if (_imsg_calendar_find_tag (message, APPOINTMENT, 0x8215) != 0)
    _imsg_calendar_add_x (event, "X-MICROSOFT-CDO-ALLDAYEVENT",
                          _imsg_calendar_get_int (message, APPOINTMENT, 0x8215) != 0 ? "TRUE"
                                                                                     : "FALSE");
}

void
_imsg_calendar_add_event (IMsgCalendarExport *export,
                          IMsgMessage        *message)
{
  icalcomponent *event = icalcomponent_new (ICAL_VEVENT_COMPONENT);
  g_autoptr(IMsgTimeZone) zone = _imsg_calendar_get_zone (message);
  g_autofree char *uid = _imsg_calendar_get_uid (message);
  g_autofree char *location = _imsg_calendar_get_text (message, APPOINTMENT, 0x8208);
  gint64 state = _imsg_calendar_get_int (message, APPOINTMENT, 0x8217);

  if (uid == NULL)
    uid = g_uuid_string_random ();
  icalcomponent_add_property (event, icalproperty_new_uid (uid));
  add_stamp (export, message, event);
  add_times (export, message, zone, event);
  _imsg_calendar_add_common (export, message, event);
  _imsg_calendar_add_text (event, location, icalproperty_new_location);
  icalcomponent_add_property (
    event, icalproperty_new_sequence (
             (int) CLAMP (_imsg_calendar_get_int (message, APPOINTMENT, 0x8201), 0, G_MAXINT)));
  if ((state & IMSG_STATE_CANCELED) != 0 ||
      _imsg_mime_class_is (message, "IPM.Schedule.Meeting.Canceled"))
    icalcomponent_add_property (event, icalproperty_new_status (ICAL_STATUS_CANCELLED));
  add_busy_status (message, event);
  add_microsoft (message, event);
  /* an appointment of one's own has neither */
  if ((state & IMSG_STATE_MEETING) != 0 || _imsg_mime_class_is (message, "IPM.Schedule.Meeting"))
    {
      add_organizer (message, event);
      _imsg_calendar_add_attendees (export, message, event);
    }
  icalcomponent_add_component (export->calendar, event);
  if (!add_replaced (export, message, zone, event))
    _imsg_calendar_add_recurrence (export, message, APPOINTMENT, 0x8216, zone, event);
}
