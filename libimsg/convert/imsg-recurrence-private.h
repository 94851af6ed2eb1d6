/* imsg-recurrence-private.h - the pattern of a recurring appointment or task
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <libical/ical.h>

G_BEGIN_DECLS

/* Dates are minutes since 1601-01-01 00:00 in the zone of the appointment. */
#define IMSG_RECURRENCE_NO_END 0x5AE980DFu
/* What stands in the count of a series without end */
#define IMSG_RECURRENCE_NO_COUNT 10

#define IMSG_MINUTES_PER_DAY 1440

typedef enum
{
  IMSG_FREQUENCY_DAILY = 0x200A,
  IMSG_FREQUENCY_WEEKLY = 0x200B,
  IMSG_FREQUENCY_MONTHLY = 0x200C,
  IMSG_FREQUENCY_YEARLY = 0x200D,
} IMsgFrequency;

typedef enum
{
  IMSG_PATTERN_DAY = 0x0,
  IMSG_PATTERN_WEEK = 0x1,
  IMSG_PATTERN_MONTH = 0x2,
  IMSG_PATTERN_MONTH_NTH = 0x3,
  IMSG_PATTERN_MONTH_END = 0x4,
  IMSG_PATTERN_HIJRI_MONTH = 0xA,
  IMSG_PATTERN_HIJRI_MONTH_NTH = 0xB,
  IMSG_PATTERN_HIJRI_MONTH_END = 0xC,
} IMsgPatternType;

typedef enum
{
  IMSG_RECURRENCE_END_DATE = 0x2021,
  IMSG_RECURRENCE_END_COUNT = 0x2022,
  IMSG_RECURRENCE_END_NEVER = 0x2023,
} IMsgRecurrenceEnd;

/* One occurrence that differs; what is absent is as in the series. What only a writer cares about
 * is kept so that an unedited recurrence is written back byte for byte. */
typedef struct
{
  guint32 start;
  guint32 end;
  guint32 original_start;
  guint16 flags;
  char   *subject;  /* nullable */
  char   *location; /* nullable */
  guint32 meeting_type;
  guint32 reminder_delta; /* minutes */
  guint32 reminder_set;
  guint32 busy_status;
  guint32 has_attachment;
  guint32 all_day;
  guint32 color;

  GBytes *subject8;  /* nullable: the 8-bit text as it was read */
  GBytes *location8; /* nullable */
  GBytes *highlight; /* nullable: bits of what changed */
  GBytes *reserved1; /* nullable */
  GBytes *reserved2; /* nullable */
} IMsgException;

#define IMSG_EXCEPTION_SUBJECT 0x0001
#define IMSG_EXCEPTION_MEETING_TYPE 0x0002
#define IMSG_EXCEPTION_REMINDER_DELTA 0x0004
#define IMSG_EXCEPTION_REMINDER_SET 0x0008
#define IMSG_EXCEPTION_LOCATION 0x0010
#define IMSG_EXCEPTION_BUSY_STATUS 0x0020
#define IMSG_EXCEPTION_ATTACHMENT 0x0040
#define IMSG_EXCEPTION_ALL_DAY 0x0080
#define IMSG_EXCEPTION_COLOR 0x0100
#define IMSG_EXCEPTION_BODY 0x0200

#define IMSG_RECURRENCE_VERSION 0x3004
#define IMSG_RECURRENCE_READER2_VERSION 0x3006
/* With a change highlight in each extended exception */
#define IMSG_RECURRENCE_WRITER2_VERSION 0x3009

typedef struct
{
  guint16  reader_version;
  guint16  writer_version;
  guint16  frequency; /* IMsgFrequency */
  guint16  pattern;   /* IMsgPatternType */
  guint16  calendar;
  guint32  first_date;
  guint32  period; /* daily: minutes; weekly: weeks; monthly and yearly: months */
  guint32  sliding;
  guint32  days; /* bit 0 Sunday … 6 Saturday */
  guint32  day;  /* of the month */
  guint32  nth;  /* 1 to 4, 5 the last */
  guint32  end_type;
  guint32  count;
  guint32  first_day_of_week;
  guint32  start_date;
  guint32  end_date;
  gboolean has_times; /* what follows is there: an appointment, not a task */
  guint32  reader2_version;
  guint32  writer2_version;
  guint32  start_offset;
  guint32  end_offset;
  GArray  *deleted;    /* (element-type guint32) dates, of moved occurrences too */
  GArray  *modified;   /* (element-type guint32) dates */
  GArray  *exceptions; /* (element-type IMsgException) */
  GBytes  *reserved1;  /* nullable */
  GBytes  *reserved2;  /* nullable */
  GBytes  *tail;       /* nullable: what stands behind all that is known */
} IMsgRecurrence;

/* A daily one without end, of the newest version. */
IMsgRecurrence *_imsg_recurrence_new        (void);
/* [MS-OXOCAL] 2.2.1.44.5; CORRUPT_DATA. 8-bit text is in code_page. */
IMsgRecurrence *_imsg_recurrence_parse      (GBytes                *bytes,
                                             guint                  code_page,
                                             GError               **error);
/* The twin of parse: what was read and not changed comes out byte for byte. */
GBytes         *_imsg_recurrence_build      (const IMsgRecurrence  *self,
                                             guint                  code_page);
void            _imsg_recurrence_free       (IMsgRecurrence        *self);
GDateTime      *_imsg_recurrence_to_date    (guint32                minutes,
                                             GTimeZone             *zone);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgRecurrence, _imsg_recurrence_free)

/* --- imsg-recurrence-occurrences.c --- */

/* Walks over the dates of a pattern in their order, those of deleted and moved occurrences too.
 * Ends by itself: with the pattern's end, else with the last date there is. */
typedef struct
{
  const IMsgRecurrence *recurrence;
  gint64                unit;   /* the day, week or month looked at, counted from the first */
  guint                 within; /* week patterns: the next day of that week */
  guint32               n_found;
} IMsgOccurrences;

void            _imsg_occurrences_init      (IMsgOccurrences       *self,
                                             const IMsgRecurrence  *recurrence);
/* FALSE when there is none left; date is midnight, in minutes since 1601. */
gboolean        _imsg_occurrences_next      (IMsgOccurrences       *self,
                                             guint32               *date);
/* Sets count and end_date to each other's meaning, and first_date to the phase of the pattern. */
void            _imsg_recurrence_complete   (IMsgRecurrence        *self);

/* --- imsg-recurrence-rule.c --- */

/* The value of an RRULE, but for its end; NULL with NO_SUPPORT for what iCalendar cannot say. */
char           *_imsg_recurrence_to_rrule   (const IMsgRecurrence  *self,
                                             GError               **error);
/* The pattern of a rule for a series that starts on start_date, but for its end; NULL with
 * NO_SUPPORT for what a message cannot say. is_exact is FALSE when the rule leaves out months that
 * are too short and the message takes their last day. */
IMsgRecurrence *_imsg_recurrence_from_rrule (const struct icalrecurrencetype *rule,
                                             guint32                          start_date,
                                             gboolean                        *is_exact,
                                             GError                         **error);

/* --- imsg-recurrence-text.c --- */

/* For people, in English as PidLidRecurrencePattern mostly is: "every Tuesday from 10:00 to 10:30". */
char           *_imsg_recurrence_to_text    (const IMsgRecurrence  *self);

G_END_DECLS
