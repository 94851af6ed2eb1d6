/* imsg-icalendar-recurrence.c - RRULE, EXDATE and the occurrences that differ
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body.h"
#include "imsg-icalendar-private.h"
#include "imsg-limits-private.h"
#include "imsg-property-tags.h"
#include "imsg-text-lines-private.h"

#include <glib/gi18n-lib.h>

#define DEFAULT_REMINDER_MINUTES 15
#define MAX_REMINDER_MINUTES (366 * 24 * 60)

static GTimeZone *
get_glib_zone (const IMsgTimeZone *zone)
{
  return zone != NULL ? _imsg_time_zone_to_glib (zone) : g_time_zone_new_utc ();
}

/* RFC 5545 3.8.2.4: a rule needs a start, which a task that is only due has not. Tells whether it is
 * a day without an hour. */
static gboolean
add_start (IMsgCalendarExport   *export,
           const IMsgRecurrence *recurrence,
           const IMsgTimeZone   *zone,
           icalcomponent        *component)
{
  icalproperty *start = icalcomponent_get_first_property (component, ICAL_DTSTART_PROPERTY);
  g_autoptr(GTimeZone) local = NULL;
  g_autoptr(GDateTime) first = NULL;

  if (start != NULL)
    return icalproperty_get_dtstart (start).is_date;
  local = get_glib_zone (zone);
  first = _imsg_recurrence_to_date (
    recurrence->start_date + (recurrence->has_times ? recurrence->start_offset : 0), local);
  if (first != NULL)
    icalcomponent_add_property (component,
                                _imsg_calendar_new_time (export, ICAL_DTSTART_PROPERTY, first, zone,
                                                         !recurrence->has_times));
  return !recurrence->has_times;
}

static void
add_end (const IMsgRecurrence *recurrence,
         const IMsgTimeZone   *zone,
         gboolean              is_date,
         GString              *rule)
{
  g_autoptr(GTimeZone) local = NULL;
  g_autoptr(GDateTime) last = NULL;
  g_autoptr(GDateTime) utc = NULL;
  g_autofree char *text = NULL;

  if (recurrence->end_type == IMSG_RECURRENCE_END_COUNT)
    {
      g_string_append_printf (rule, ";COUNT=%u", MAX (recurrence->count, 1));
      return;
    }
  if (recurrence->end_type != IMSG_RECURRENCE_END_DATE ||
      recurrence->end_date == IMSG_RECURRENCE_NO_END)
    return;
  local = get_glib_zone (zone);
  last = _imsg_recurrence_to_date (recurrence->end_date +
                                     (recurrence->has_times ? recurrence->start_offset : 0),
                                   local);
  if (last == NULL)
    return;
  utc = g_date_time_to_utc (last);
  text = is_date ? g_date_time_format (last, "%Y%m%d") : g_date_time_format (utc, "%Y%m%dT%H%M%SZ");
  g_string_append_printf (rule, ";UNTIL=%s", text);
}

/* Deleted occurrences, each once; a moved one is among the deleted dates too, but gets its own
 * component. */
static void
add_exclusions (IMsgCalendarExport   *export,
                const IMsgRecurrence *recurrence,
                const IMsgTimeZone   *zone,
                gboolean              is_date,
                icalcomponent        *component)
{
  g_autoptr(GTimeZone) local = get_glib_zone (zone);
  g_autoptr(GHashTable) known = g_hash_table_new (NULL, NULL);
  guint n_written = 0;

  for (guint i = 0; i < recurrence->exceptions->len; i++)
    {
      guint32 original =
        g_array_index (recurrence->exceptions, IMsgException, i).original_start;

      g_hash_table_add (known, GUINT_TO_POINTER (original - original % IMSG_MINUTES_PER_DAY));
    }
  for (guint i = 0; i < recurrence->deleted->len; i++)
    {
      guint32 date = g_array_index (recurrence->deleted, guint32, i);
      g_autoptr(GDateTime) time = NULL;

      if (!g_hash_table_add (known, GUINT_TO_POINTER (date)))
        continue;
      if (n_written++ == IMSG_MAX_OCCURRENCES)
        {
          _imsg_problem_list_tell (export->losses, "EXDATE", IMSG_ERROR_TOO_BIG,
                                   _("More days are left out than are written"));
          return;
        }
      time = _imsg_recurrence_to_date (date + recurrence->start_offset, local);
      if (time != NULL)
        icalcomponent_add_property (component, _imsg_calendar_new_time (export,
                                                                        ICAL_EXDATE_PROPERTY, time,
                                                                        zone, is_date));
    }
}

static void
replace_property (icalcomponent *component,
                  icalproperty  *property)
{
  icalproperty_kind kind = icalproperty_isa (property);
  icalproperty *old = icalcomponent_get_first_property (component, kind);

  if (old != NULL)
    {
      icalcomponent_remove_property (component, old);
      icalproperty_free (old);
    }
  icalcomponent_add_property (component, property);
}

static void
remove_properties (icalcomponent     *component,
                   icalproperty_kind  kind)
{
  icalproperty *property;

  while ((property = icalcomponent_get_first_property (component, kind)) != NULL)
    {
      icalcomponent_remove_property (component, property);
      icalproperty_free (property);
    }
}

/* What was emptied is none any more. */
static void
replace_text (icalcomponent     *component,
              icalproperty_kind  kind,
              const char        *text,
              icalproperty      *(*make) (const char *))
{
  remove_properties (component, kind);
  _imsg_calendar_add_text (component, text, make);
}

static void
remove_x (icalcomponent *component,
          const char    *name)
{
  icalproperty *property = icalcomponent_get_first_property (component, ICAL_X_PROPERTY);

  while (property != NULL)
    {
      if (g_strcmp0 (icalproperty_get_x_name (property), name) != 0)
        {
          property = icalcomponent_get_next_property (component, ICAL_X_PROPERTY);
          continue;
        }
      icalcomponent_remove_property (component, property);
      icalproperty_free (property);
      property = icalcomponent_get_first_property (component, ICAL_X_PROPERTY);
    }
}

static void
replace_alarm (const IMsgException *exception,
               icalcomponent       *occurrence)
{
  icalcomponent *alarm = icalcomponent_get_first_component (occurrence, ICAL_VALARM_COMPONENT);
  struct icaltriggertype trigger = { 0 };

  if ((exception->flags & (IMSG_EXCEPTION_REMINDER_SET | IMSG_EXCEPTION_REMINDER_DELTA)) == 0)
    return;
  if ((exception->flags & IMSG_EXCEPTION_REMINDER_SET) != 0 && exception->reminder_set == 0)
    {
      if (alarm != NULL)
        {
          icalcomponent_remove_component (occurrence, alarm);
          icalcomponent_free (alarm);
        }
      return;
    }
  if (alarm == NULL)
    {
      alarm = icalcomponent_new (ICAL_VALARM_COMPONENT);
      icalcomponent_add_property (alarm, icalproperty_new_action (ICAL_ACTION_DISPLAY));
      icalcomponent_add_property (alarm, icalproperty_new_description ("Reminder"));
      icalcomponent_add_component (occurrence, alarm);
    }
  trigger.time = icaltime_null_time ();
  trigger.duration = icaldurationtype_from_int (
    -60 * (int) MIN ((exception->flags & IMSG_EXCEPTION_REMINDER_DELTA) != 0
                       ? exception->reminder_delta
                       : DEFAULT_REMINDER_MINUTES,
                     MAX_REMINDER_MINUTES));
  replace_property (alarm, icalproperty_new_trigger (trigger));
}

/* --- the message that a changed occurrence has in an attachment --- */

/* The attachments that are changed occurrences, by when these are and when they would have been */
typedef struct
{
  GHashTable *by_start;    /* GDateTime, the clock taken for UTC -> IMsgAttachment */
  GHashTable *by_replaced; /* GDateTime -> IMsgAttachment */
} Inners;

static void
add_to_index (GHashTable     *index,
              IMsgAttachment *attachment,
              guint32         tag)
{
  GDateTime *time = imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (attachment), tag);

  if (time != NULL && !g_hash_table_contains (index, time))
    g_hash_table_insert (index, time, g_object_ref (attachment));
  else
    g_clear_pointer (&time, g_date_time_unref);
}

static GHashTable *
new_index (void)
{
  return g_hash_table_new_full (g_date_time_hash, g_date_time_equal,
                                (GDestroyNotify) g_date_time_unref, g_object_unref);
}

static void
inners_init (Inners      *self,
             IMsgMessage *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_attachments = g_list_model_get_n_items (attachments);

  self->by_start = new_index ();
  self->by_replaced = new_index ();
  for (guint i = 0; i < n_attachments; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      if (imsg_attachment_get_method (attachment) != IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE ||
          !imsg_attachment_is_hidden (attachment))
        continue;
      add_to_index (self->by_start, attachment, IMSG_PR_EXCEPTION_STARTTIME);
      add_to_index (self->by_replaced, attachment, IMSG_PR_EXCEPTION_REPLACETIME);
    }
}

static void
inners_clear (Inners *self)
{
  g_clear_pointer (&self->by_start, g_hash_table_unref);
  g_clear_pointer (&self->by_replaced, g_hash_table_unref);
}

static IMsgMessage *
open_exception (IMsgCalendarExport  *export,
                const Inners        *inners,
                const IMsgException *exception,
                GDateTime           *original)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) start = _imsg_recurrence_to_date (exception->start, utc);
  IMsgAttachment *attachment = g_hash_table_lookup (inners->by_replaced, original);

  if (attachment == NULL && start != NULL)
    attachment = g_hash_table_lookup (inners->by_start, start);
  return attachment != NULL ? imsg_attachment_open_message (attachment, export->cancellable, NULL)
                            : NULL;
}

/* What weight and class the occurrence has for itself, and what it is about. */
static void
replace_weight (IMsgPropertyObject *inner,
                icalcomponent      *occurrence)
{
  if (imsg_property_object_has_value (inner, IMSG_PR_IMPORTANCE))
    {
      remove_properties (occurrence, ICAL_PRIORITY_PROPERTY);
      remove_x (occurrence, "X-MICROSOFT-CDO-IMPORTANCE");
      _imsg_calendar_add_importance (inner, occurrence);
    }
  if (imsg_property_object_has_value (inner, IMSG_PR_SENSITIVITY))
    {
      remove_properties (occurrence, ICAL_CLASS_PROPERTY);
      _imsg_calendar_add_class (inner, occurrence);
    }
  if (imsg_property_object_resolve_name (inner, IMSG_PS_PUBLIC_STRINGS, "Keywords", FALSE, NULL) != 0)
    {
      remove_properties (occurrence, ICAL_CATEGORIES_PROPERTY);
      _imsg_calendar_add_categories (inner, occurrence);
    }
}

/* The body of the occurrence where it says something, or is another one than that of the series. */
static void
replace_body (IMsgCalendarExport *export,
              IMsgMessage        *inner,
              gboolean            is_other,
              icalcomponent      *occurrence)
{
  g_autofree char *body =
    imsg_message_get_body (inner, IMSG_BODY_FORMAT_TEXT, export->cancellable, NULL);
  g_autofree char *html = _imsg_calendar_get_html (export, inner);
  g_autofree char *lines = body != NULL ? _imsg_text_end_lines (g_strchomp (body), "\n") : NULL;
  gsize n_bytes = (lines != NULL ? strlen (lines) : 0) + (html != NULL ? strlen (html) : 0);

  if (n_bytes > IMSG_MAX_CALENDAR_BYTES - export->n_occurrence_bytes)
    _imsg_problem_list_tell (export->losses, "DESCRIPTION", IMSG_ERROR_TOO_BIG,
                             _("The texts of changed occurrences are too long"));
  else if (n_bytes > 0 || is_other)
    {
      export->n_occurrence_bytes += n_bytes;
      replace_text (occurrence, ICAL_DESCRIPTION_PROPERTY, lines, icalproperty_new_description);
      remove_x (occurrence, "X-ALT-DESC");
      _imsg_calendar_add_html (occurrence, html);
    }
}

/* What else the occurrence has for itself. */
static void
add_inner (IMsgCalendarExport *export,
           IMsgMessage        *inner,
           icalcomponent      *occurrence)
{
  replace_weight (IMSG_PROPERTY_OBJECT (inner), occurrence);
  if (g_list_model_get_n_items (imsg_message_get_recipients (inner)) > 0)
    {
      remove_properties (occurrence, ICAL_ATTENDEE_PROPERTY);
      _imsg_calendar_add_attendees (export, inner, occurrence);
    }
  _imsg_calendar_add_attachments (export, inner, occurrence);
}

/* An occurrence of its own: the series with what differs put over it. */
static void
add_exception (IMsgCalendarExport  *export,
               const Inners        *inners,
               const IMsgException *exception,
               const IMsgTimeZone  *zone,
               gboolean             is_date,
               icalcomponent       *model)
{
  static const char *const busy[] = { "FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE" };
  g_autoptr(GTimeZone) local = get_glib_zone (zone);
  g_autoptr(GDateTime) start = _imsg_recurrence_to_date (exception->start, local);
  g_autoptr(GDateTime) end = _imsg_recurrence_to_date (exception->end, local);
  g_autoptr(GDateTime) original = _imsg_recurrence_to_date (exception->original_start, local);
  g_autoptr(IMsgMessage) inner = NULL;
  icalcomponent *occurrence;

  if (start == NULL || end == NULL || original == NULL)
    return;
  inner = open_exception (export, inners, exception, original);
  occurrence = icalcomponent_new_clone (model);
  icalcomponent_add_property (occurrence,
                              _imsg_calendar_new_time (export, ICAL_RECURRENCEID_PROPERTY, original,
                                                       zone, is_date));
  if ((exception->flags & IMSG_EXCEPTION_ALL_DAY) != 0)
    is_date = exception->all_day != 0;
  replace_property (occurrence, _imsg_calendar_new_time (export, ICAL_DTSTART_PROPERTY, start, zone,
                                                         is_date));
  replace_property (occurrence, _imsg_calendar_new_time (export, ICAL_DTEND_PROPERTY, end, zone,
                                                         is_date));
  if ((exception->flags & IMSG_EXCEPTION_SUBJECT) != 0)
    replace_text (occurrence, ICAL_SUMMARY_PROPERTY, exception->subject, icalproperty_new_summary);
  if ((exception->flags & IMSG_EXCEPTION_LOCATION) != 0)
    replace_text (occurrence, ICAL_LOCATION_PROPERTY, exception->location,
                  icalproperty_new_location);
  if ((exception->flags & IMSG_EXCEPTION_BUSY_STATUS) != 0 &&
      exception->busy_status < G_N_ELEMENTS (busy))
    {
      replace_property (occurrence, icalproperty_new_transp (exception->busy_status == 0
                                                               ? ICAL_TRANSP_TRANSPARENT
                                                               : ICAL_TRANSP_OPAQUE));
      remove_x (occurrence, "X-MICROSOFT-CDO-BUSYSTATUS");
      _imsg_calendar_add_x (occurrence, "X-MICROSOFT-CDO-BUSYSTATUS", busy[exception->busy_status]);
    }
  if ((exception->flags & IMSG_EXCEPTION_MEETING_TYPE) != 0 &&
      (exception->meeting_type & IMSG_STATE_CANCELED) != 0)
    replace_property (occurrence, icalproperty_new_status (ICAL_STATUS_CANCELLED));
  replace_alarm (exception, occurrence);
  if (inner != NULL)
    {
      replace_body (export, inner, (exception->flags & IMSG_EXCEPTION_BODY) != 0, occurrence);
      add_inner (export, inner, occurrence);
    }
  icalcomponent_add_component (export->calendar, occurrence);
}

/* Each repeats what the series says; all together they stay below the size of a calendar. */
static void
add_exceptions (IMsgCalendarExport   *export,
                IMsgMessage          *message,
                const IMsgRecurrence *recurrence,
                const IMsgTimeZone   *zone,
                gboolean              is_date,
                icalcomponent        *series)
{
  icalcomponent *model;
  Inners inners;
  char *text;
  guint n_written;

  if (recurrence->exceptions->len == 0)
    return;
  model = icalcomponent_new_clone (series);
  remove_properties (model, ICAL_ATTACH_PROPERTY);
  remove_properties (model, ICAL_RRULE_PROPERTY);
  remove_properties (model, ICAL_EXDATE_PROPERTY);
  text = icalcomponent_as_ical_string_r (model);
  n_written = (guint) MIN (IMSG_MAX_CALENDAR_BYTES / MAX (strlen (text), 1), IMSG_MAX_EXCEPTIONS);
  icalmemory_free_buffer (text);
  inners_init (&inners, message);
  for (guint i = 0; i < MIN (recurrence->exceptions->len, n_written) &&
                    !g_cancellable_is_cancelled (export->cancellable);
       i++)
    add_exception (export, &inners, &g_array_index (recurrence->exceptions, IMsgException, i), zone,
                   is_date, model);
  inners_clear (&inners);
  icalcomponent_free (model);
  if (recurrence->exceptions->len > n_written)
    _imsg_problem_list_tell (export->losses, "RECURRENCE-ID", IMSG_ERROR_TOO_BIG,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "%u occurrence is changed, %u are written",
                                          "%u occurrences are changed, %u are written",
                                          recurrence->exceptions->len),
                             recurrence->exceptions->len, n_written);
}

void
_imsg_calendar_add_recurrence (IMsgCalendarExport *export,
                               IMsgMessage        *message,
                               const char         *set,
                               guint32             id,
                               const IMsgTimeZone *zone,
                               icalcomponent      *component)
{
  g_autoptr(GBytes) bytes = _imsg_calendar_get_bytes (message, set, id);
  g_autoptr(IMsgRecurrence) recurrence = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *rule = NULL;
  gboolean is_date;
  g_autoptr(GString) whole = NULL;
  struct icalrecurrencetype parsed;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return;
  recurrence = _imsg_recurrence_parse (bytes, imsg_message_get_code_page (message), &error);
  if (recurrence != NULL)
    rule = _imsg_recurrence_to_rrule (recurrence, &error);
  if (rule == NULL)
    {
      _imsg_problem_list_add (export->losses, _imsg_problem_new_error ("RRULE", error));
      return;
    }
  if (recurrence->sliding != 0)
    {
      _imsg_problem_list_tell (export->losses, "RRULE", IMSG_ERROR_NO_SUPPORT,
                               _("iCalendar cannot say that the next one waits for this one"));
      return;
    }
  is_date = add_start (export, recurrence, zone, component);
  whole = g_string_new (rule);
  add_end (recurrence, zone, is_date, whole);
  parsed = icalrecurrencetype_from_string (whole->str);
  if (parsed.freq == ICAL_NO_RECURRENCE)
    {
      _imsg_problem_list_tell (export->losses, "RRULE", IMSG_ERROR_CORRUPT_DATA,
                               _("The recurrence makes no rule: %s"), whole->str);
      return;
    }
  icalcomponent_add_property (component, icalproperty_new_rrule (parsed));
  add_exclusions (export, recurrence, zone, is_date, component);
  add_exceptions (export, message, recurrence, zone, is_date, component);
}
