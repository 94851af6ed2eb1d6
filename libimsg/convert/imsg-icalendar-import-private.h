/* imsg-icalendar-import-private.h - the parts of an import from iCalendar
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libical/ical.h>

#include "imsg-icalendar.h"
#include "imsg-named-values-private.h"
#include "imsg-recurrence-private.h"
#include "imsg-time-zone-private.h"

G_BEGIN_DECLS

#define IMSG_SET_APPOINTMENT "PSETID_Appointment"
#define IMSG_SET_MEETING "PSETID_Meeting"
#define IMSG_SET_COMMON "PSETID_Common"
#define IMSG_SET_TASK "PSETID_Task"
#define IMSG_SET_LOG "PSETID_Log"

/* 1601 and 4500, in seconds since 1970: what a message can hold */
#define IMSG_FIRST_SECOND G_GINT64_CONSTANT (-11644473600)
#define IMSG_LAST_SECOND G_GINT64_CONSTANT (79839129600)

/* The class of a changed occurrence, in an attachment of its series */
#define IMSG_CLASS_EXCEPTION "IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}"

/* What an import of one message carries along. */
typedef struct
{
  IMsgMessage        *message;
  icalcomponent      *calendar;
  icalproperty_method method;
  GHashTable         *zones;      /* TZID -> IMsgCalendarZone, of the whole calendar */
  const char         *own_zone;   /* nullable: TZID of times that name none */
  const char         *only_zone;  /* nullable: TZID that the calendar defines, when it is one only */
  GCancellable       *cancellable;
  guint               n_losses;   /* of what the calendar's own properties say */
} IMsgCalendarImport;

/* A zone as the calendar defines it, or one that is known by its name. */
typedef struct
{
  icaltimezone *defined; /* nullable: owned by the calendar */
  GTimeZone    *clocks;  /* nullable: when it is only named */
  IMsgTimeZone *known;   /* nullable: what it goes by today, when it is only named */
  GPtrArray    *rules;   /* (element-type IMsgTimeZone), one for each year that was asked for */
} IMsgCalendarZone;

/* A point in time as a property tells it. */
typedef struct
{
  GDateTime              *utc;
  const IMsgCalendarZone *named;   /* nullable: UTC; unowned */
  const IMsgTimeZone     *zone;    /* the rule of it for the year; nullable: UTC; unowned */
  guint32                 minutes; /* on the clocks of the zone, since 1601 */
  gboolean                is_date; /* or from midnight to midnight, and said to be all day */
} IMsgCalendarTime;

/* The components that are one item: a series, or one that stands alone, and what differs from it. */
typedef struct
{
  icalcomponent *main;
  GPtrArray     *occurrences; /* (element-type icalcomponent), unowned */
  guint          position;    /* of the main one in the calendar */
} IMsgCalendarItem;

/* --- imsg-icalendar-import.c --- */

/* Tells a loss: a problem of the message. */
void     _imsg_calendar_import_add_loss   (IMsgCalendarImport  *import,
                                           const char          *where,
                                           const char          *format,
                                           ...) G_GNUC_PRINTF (3, 4);

/* --- imsg-icalendar-import-old.c --- */

/* vCalendar 1.0 as iCalendar, its transfer encodings undone; anything else as it is. */
GBytes  *_imsg_calendar_modernize         (GBytes              *bytes);

/* --- imsg-icalendar-import-time.c --- */

void     _imsg_calendar_zone_free         (gpointer             data);
/* FALSE for a property that is absent, or no time that a message can hold. */
gboolean _imsg_calendar_import_read_time  (IMsgCalendarImport  *import,
                                           icalproperty        *property,
                                           IMsgCalendarTime    *time);
/* The same of an X- property. */
gboolean _imsg_calendar_import_read_x_time (IMsgCalendarImport *import,
                                            icalcomponent      *component,
                                            const char         *name,
                                            IMsgCalendarTime   *time);
/* A time on a clock, in minutes since 1601; FALSE for what is out of reach. */
gboolean _imsg_calendar_read_clock        (struct icaltimetype  value,
                                           guint32             *minutes);
/* A time on the clocks of another's zone, in minutes since 1601. FALSE (told) when these clocks have
 * no such time: they may be behind those of UTC in the first hours of 1601, and end with 9999. */
gboolean _imsg_calendar_time_get_minutes_in (IMsgCalendarImport      *import,
                                             const char              *where,
                                             const IMsgCalendarTime  *time,
                                             const IMsgCalendarTime  *series,
                                             guint32                 *minutes);
/* Takes the rule that the zone of a time has in another year, and the moment when the clocks show the
 * time by that; FALSE when it is the same. */
gboolean _imsg_calendar_time_take_rule    (IMsgCalendarTime    *time,
                                           int                  year);
void     _imsg_calendar_time_clear        (IMsgCalendarTime    *time);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IMsgCalendarTime, _imsg_calendar_time_clear)
/* Start and end, by DTEND (or DUE), DURATION or what RFC 5545 says of neither. */
gboolean _imsg_calendar_import_read_span  (IMsgCalendarImport  *import,
                                           icalcomponent       *component,
                                           IMsgCalendarTime    *start,
                                           IMsgCalendarTime    *end);

/* --- imsg-icalendar-import-text.c --- */

/* Subject, body, weight, class, categories, contacts, attachments: what all components have. */
gboolean _imsg_calendar_import_common     (IMsgCalendarImport  *import,
                                           icalcomponent       *component,
                                           GError             **error);
icalproperty *_imsg_calendar_import_find_x_property (icalcomponent *component,
                                                     const char    *name);
/* The value of an X- property, NULL when there is none. */
const char *_imsg_calendar_import_find_x  (icalcomponent       *component,
                                           const char          *name);
/* The value of one of Microsoft's properties, by any of the names it goes by: "BUSYSTATUS". */
const char *_imsg_calendar_import_find_microsoft (icalcomponent *component,
                                                  const char    *name);
/* REPLY or COUNTER */
gboolean _imsg_calendar_import_is_answer  (IMsgCalendarImport  *import);
/* Tells of each property that no part of the import takes. */
void     _imsg_calendar_import_tell_rest  (IMsgCalendarImport  *import,
                                           icalcomponent       *component);

/* --- imsg-icalendar-import-people.c --- */

gboolean _imsg_calendar_import_people     (IMsgCalendarImport  *import,
                                           icalcomponent       *event,
                                           GError             **error);

/* --- imsg-icalendar-import-event.c --- */

const char *_imsg_calendar_choose_event_class (icalproperty_method  method,
                                               icalcomponent       *event);
gboolean _imsg_calendar_import_event      (IMsgCalendarImport      *import,
                                           const IMsgCalendarItem  *item,
                                           const char              *message_class,
                                           GError                 **error);
/* The UID as the ids of the message, a changed occurrence's date in it. */
gboolean _imsg_calendar_import_uid        (IMsgCalendarImport  *import,
                                           icalcomponent       *component,
                                           GError             **error);
/* What an event of its own and a changed occurrence have in common; without a start no times. */
gboolean _imsg_calendar_import_event_values (IMsgCalendarImport     *import,
                                             icalcomponent          *event,
                                             const IMsgCalendarTime *start,
                                             const IMsgCalendarTime *end,
                                             GError                **error);
/* When the first alarm rings that can be kept; NULL (told) when there is none. Those of events ring
 * before the start. */
GDateTime *_imsg_calendar_import_find_alarm (IMsgCalendarImport      *import,
                                             icalcomponent           *component,
                                             const IMsgCalendarTime  *start,
                                             const IMsgCalendarTime  *end);
/* The same in minutes before the start; FALSE when there is none. */
gboolean _imsg_calendar_import_read_alarm (IMsgCalendarImport  *import,
                                           icalcomponent       *component,
                                           const IMsgCalendarTime *start,
                                           const IMsgCalendarTime *end,
                                           gint64              *minutes);
gint64   _imsg_calendar_import_read_busy  (icalcomponent       *event);

/* --- imsg-icalendar-import-recurrence.c --- */

/* The series that a component is; NULL when it is none, or none that a message can hold (told). */
IMsgRecurrence *_imsg_calendar_import_read_recurrence (IMsgCalendarImport      *import,
                                                       const IMsgCalendarItem  *item,
                                                       const IMsgCalendarTime  *start,
                                                       const IMsgCalendarTime  *end);
/* The pattern with its changed occurrences, and what a series of appointments has beside it. */
gboolean _imsg_calendar_import_series     (IMsgCalendarImport      *import,
                                           const IMsgCalendarItem  *item,
                                           IMsgRecurrence          *recurrence,
                                           const IMsgCalendarTime  *start,
                                           const IMsgCalendarTime  *end,
                                           GError                 **error);

/* --- imsg-icalendar-import-task.c --- */

gboolean _imsg_calendar_import_task       (IMsgCalendarImport      *import,
                                           const IMsgCalendarItem  *item,
                                           GError                 **error);
gboolean _imsg_calendar_import_journal    (IMsgCalendarImport      *import,
                                           const IMsgCalendarItem  *item,
                                           GError                 **error);

G_END_DECLS
