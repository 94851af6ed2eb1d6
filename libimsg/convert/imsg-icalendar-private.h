/* imsg-icalendar-private.h - the parts of an export to iCalendar
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libical/ical.h>

#include "imsg-icalendar.h"
#include "imsg-problem-private.h"
#include "imsg-recurrence-private.h"
#include "imsg-time-zone-private.h"

G_BEGIN_DECLS

/* The beginning of every global object id: [MS-OXOCAL] 2.2.1.27. Behind it the date of an occurrence,
 * and at least so many bytes in all. */
#define IMSG_GLOBAL_ID_PREFIX "\x04\x00\x00\x00\x82\x00\xE0\x00\x74\xC5\xB7\x10\x1A\x82\xE0\x08"
#define IMSG_GLOBAL_ID_PREFIX_BYTES 16
#define IMSG_GLOBAL_ID_MIN_BYTES 40

/* Bits of PidLidAppointmentStateFlags ([MS-OXOCAL] 2.2.1.10) */
#define IMSG_STATE_MEETING 0x1
#define IMSG_STATE_RECEIVED 0x2
#define IMSG_STATE_CANCELED 0x4

/* Bits of PR_RECIPIENT_FLAGS ([MS-OXOCAL] 2.2.4.10.1) */
#define IMSG_RECIPIENT_FLAG_SENDABLE 0x1
#define IMSG_RECIPIENT_FLAG_ORGANIZER 0x2
#define IMSG_RECIPIENT_FLAG_DELETED 0x20 /* from one occurrence */

typedef enum
{
  IMSG_CALENDAR_NONE,
  IMSG_CALENDAR_EVENT,
  IMSG_CALENDAR_TODO,
  IMSG_CALENDAR_JOURNAL,
} IMsgCalendarKind;

/* What an export carries along. */
typedef struct
{
  GPtrArray     *losses; /* (element-type IMsgProblem) */
  GCancellable  *cancellable;
  icalcomponent *calendar;
  GHashTable    *zones;   /* TZIDs that have their VTIMEZONE in the calendar */
  gboolean       is_part; /* of a mail, which carries the attachments itself */
  gsize          n_attachment_bytes;
  gsize          n_occurrence_bytes; /* of what changed occurrences have for themselves */
} IMsgCalendarExport;

/* Named properties by set and number: 0, NULL, FALSE where absent. */
guint32          _imsg_calendar_find_tag     (IMsgMessage         *message,
                                              const char          *set,
                                              guint32              id);
char            *_imsg_calendar_get_text     (IMsgMessage         *message,
                                              const char          *set,
                                              guint32              id);
gint64           _imsg_calendar_get_int      (IMsgMessage         *message,
                                              const char          *set,
                                              guint32              id);
GDateTime       *_imsg_calendar_get_time     (IMsgMessage         *message,
                                              const char          *set,
                                              guint32              id);
GBytes          *_imsg_calendar_get_bytes    (IMsgMessage         *message,
                                              const char          *set,
                                              guint32              id);

/* Times. A zone of NULL is UTC. */
icalproperty    *_imsg_calendar_new_time     (IMsgCalendarExport  *export,
                                              icalproperty_kind    kind,
                                              GDateTime           *time,
                                              const IMsgTimeZone  *zone,
                                              gboolean             is_date);
/* The zone of the recurrence, as far as there is one, else of the start. */
IMsgTimeZone    *_imsg_calendar_get_zone     (IMsgMessage         *message);

/* Text, weight, categories, alarm: what events and tasks have in common. */
void             _imsg_calendar_add_common   (IMsgCalendarExport  *export,
                                              IMsgMessage         *message,
                                              icalcomponent       *component);
void             _imsg_calendar_add_event    (IMsgCalendarExport  *export,
                                              IMsgMessage         *message);
void             _imsg_calendar_add_todo     (IMsgCalendarExport  *export,
                                              IMsgMessage         *message);
void             _imsg_calendar_add_journal  (IMsgCalendarExport  *export,
                                              IMsgMessage         *message);
/* RRULE, EXDATE and a component for each occurrence that differs. */
void             _imsg_calendar_add_recurrence (IMsgCalendarExport  *export,
                                                IMsgMessage         *message,
                                                const char          *set,
                                                guint32              id,
                                                const IMsgTimeZone  *zone,
                                                icalcomponent       *component);
/* Attachments as ATTACH, as far as they may; what cannot be is told. */
void             _imsg_calendar_add_attachments (IMsgCalendarExport  *export,
                                                 IMsgMessage         *message,
                                                 icalcomponent       *component);
void             _imsg_calendar_add_importance (IMsgPropertyObject  *object,
                                                icalcomponent       *component);
void             _imsg_calendar_add_class    (IMsgPropertyObject  *object,
                                              icalcomponent       *component);
void             _imsg_calendar_add_categories (IMsgPropertyObject  *object,
                                                icalcomponent       *component);
/* HTML that is the message's own, beside the text; NULL when it is made of that. */
char            *_imsg_calendar_get_html     (IMsgCalendarExport  *export,
                                              IMsgMessage         *message);
void             _imsg_calendar_add_html     (icalcomponent       *component,
                                              const char          *html);
/* A text, its controls left out; nothing for NULL or "". */
void             _imsg_calendar_add_text     (icalcomponent       *component,
                                              const char          *text,
                                              icalproperty        *(*make) (const char *));
void             _imsg_calendar_add_x        (icalcomponent       *component,
                                              const char          *name,
                                              const char          *value);
/* The UID of elsewhere that was wrapped, else the global object id in hex; NULL without any. */
char            *_imsg_calendar_get_uid      (IMsgMessage         *message);
/* Who takes part: of an answer the one who gives it. */
void             _imsg_calendar_add_attendees (IMsgCalendarExport  *export,
                                               IMsgMessage         *message,
                                               icalcomponent       *event);
/* A calendar that is a part of a mail: without the attachments. Else as
 * imsg_message_export_icalendar(). */
gboolean         _imsg_message_export_calendar_part (IMsgMessage    *self,
                                                     GOutputStream  *stream,
                                                     GCancellable   *cancellable,
                                                     GPtrArray     **losses,
                                                     GError        **error);
/* The item of a calendar into a message: class, times, place, people, recurrence. method is what the
 * mail around it says where it says none itself, or NULL. is_whole is FALSE when the calendar says more than went in (told as problems of the message) or is not for a
 * message; then it has to be kept. */
gboolean         _imsg_calendar_import       (IMsgMessage         *message,
                                              const char          *text,
                                              const char          *method,
                                              gboolean            *is_whole,
                                              GError             **error);

G_END_DECLS
