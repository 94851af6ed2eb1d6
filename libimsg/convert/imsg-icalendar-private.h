/* imsg-icalendar-private.h - the parts of an export to iCalendar
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libical/ical.h>

#include "imsg-icalendar.h"
#include "imsg-problem-private.h"
#include "imsg-recurrence-private.h"
#include "imsg-time-zone-private.h"

G_BEGIN_DECLS

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
  GHashTable    *zones; /* TZIDs that have their VTIMEZONE in the calendar */
} IMsgCalendarExport;

IMsgCalendarKind _imsg_calendar_get_kind     (IMsgMessage         *message);

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
/* The zone of the recurrence, else of the start, else the one the recurrence's description has. */
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
/* The event of a calendar into a message: class, times, place, people. is_whole is FALSE when the
 * calendar says more than went in (a recurrence) or is not for a message; then it has to be kept. */
gboolean         _imsg_calendar_import       (IMsgMessage         *message,
                                              const char          *text,
                                              gboolean            *is_whole,
                                              GError             **error);

G_END_DECLS
