/* imsg-recurrence-private.h - the pattern of a recurring appointment or task
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Dates are minutes since 1601-01-01 00:00 in the zone of the appointment. */
#define IMSG_RECURRENCE_NO_END 0x5AE980DFu

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

/* One occurrence that differs; what is absent is as in the series. */
typedef struct
{
  guint32 start;
  guint32 end;
  guint32 original_start;
  guint16 flags;
  char   *subject;  /* nullable */
  char   *location; /* nullable */
  guint32 busy_status;
  guint32 all_day;
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

typedef struct
{
  guint16  frequency; /* IMsgFrequency */
  guint16  pattern;   /* IMsgPatternType */
  guint16  calendar;
  guint32  first_date;
  guint32  period;
  guint32  days;  /* bit 0 Sunday … 6 Saturday */
  guint32  day;   /* of the month */
  guint32  nth;   /* 1 to 4, 5 the last */
  guint32  end_type;
  guint32  count;
  guint32  first_day_of_week;
  guint32  start_date;
  guint32  end_date;
  gboolean has_times; /* what follows is there: an appointment, not a task */
  guint32  start_offset;
  guint32  end_offset;
  GArray  *deleted;    /* (element-type guint32) dates, of moved occurrences too */
  GArray  *modified;   /* (element-type guint32) dates */
  GArray  *exceptions; /* (element-type IMsgException) */
} IMsgRecurrence;

/* [MS-OXOCAL] 2.2.1.44.5; CORRUPT_DATA. 8-bit text is in code_page. */
IMsgRecurrence *_imsg_recurrence_parse      (GBytes                *bytes,
                                             guint                  code_page,
                                             GError               **error);
void            _imsg_recurrence_free       (IMsgRecurrence        *self);
/* The value of an RRULE, but for its end; NULL with NO_SUPPORT for what iCalendar cannot say. */
char           *_imsg_recurrence_to_rrule   (const IMsgRecurrence  *self,
                                             GError               **error);
GDateTime      *_imsg_recurrence_to_date    (guint32                minutes,
                                             GTimeZone             *zone);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgRecurrence, _imsg_recurrence_free)

G_END_DECLS
