/* imsg-recurrence-occurrences.c - the dates on which a recurrence comes about
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-limits-private.h"
#include "imsg-recurrence-private.h"

/* Days are counted from 1601-01-01, which was a Monday. */
#define FIRST_YEAR 1601
#define LAST_DAY (IMSG_RECURRENCE_NO_END / IMSG_MINUTES_PER_DAY)
#define MINUTES_PER_WEEK (7 * IMSG_MINUTES_PER_DAY)
#define N_MONTHS (12 * 2900)

static gint64
day_of_month_start (gint64 month)
{
  GDate date;
  GDate first;

  g_date_clear (&date, 1);
  g_date_clear (&first, 1);
  g_date_set_dmy (&first, 1, 1, FIRST_YEAR);
  g_date_set_dmy (&date, 1, (GDateMonth) (month % 12 + 1), (GDateYear) (FIRST_YEAR + month / 12));
  return (gint64) g_date_get_julian (&date) - g_date_get_julian (&first);
}

static gint64
month_of_day (gint64 day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, 1, FIRST_YEAR);
  g_date_add_days (&date, (guint) day);
  return 12 * ((gint64) g_date_get_year (&date) - FIRST_YEAR) + g_date_get_month (&date) - 1;
}

static guint
weekday_of_day (gint64 day)
{
  return (guint) ((day + 1) % 7);
}

static gint64
get_start_day (const IMsgRecurrence *self)
{
  return MIN (self->start_date / IMSG_MINUTES_PER_DAY, LAST_DAY);
}

/* The first day of the week that a day is in; before 1601 by up to six days. */
static gint64
get_week_start (const IMsgRecurrence *self,
                gint64                day)
{
  return day - (weekday_of_day (day) + 7 - self->first_day_of_week % 7) % 7;
}

static gint64
get_period (const IMsgRecurrence *self)
{
  if (self->pattern == IMSG_PATTERN_DAY)
    return MAX (self->period / IMSG_MINUTES_PER_DAY, 1);
  /* every weekday is kept as a daily pattern with days, its period in minutes */
  if (self->frequency == IMSG_FREQUENCY_DAILY)
    return 1;
  return MAX (self->period, 1);
}

void
_imsg_occurrences_init (IMsgOccurrences      *self,
                        const IMsgRecurrence *recurrence)
{
  self->recurrence = recurrence;
  self->unit = 0;
  self->within = 0;
  self->n_found = 0;
}

/* The day of the pattern in a month of n_days that begins with first, or -1. */
static gint64
find_day_of_month (const IMsgRecurrence *recurrence,
                   gint64                first,
                   guint                 n_days)
{
  gint64 found = -1;
  guint n_matches = 0;

  if (recurrence->pattern == IMSG_PATTERN_MONTH_END)
    return first + n_days - 1;
  if (recurrence->pattern == IMSG_PATTERN_MONTH)
    return first + MIN (MAX (recurrence->day, 1), n_days) - 1;
  for (guint i = 0; i < n_days; i++)
    if ((recurrence->days & (1u << weekday_of_day (first + i))) != 0)
      {
        found = first + i;
        if (++n_matches == MAX (recurrence->nth, 1) && recurrence->nth < 5)
          return found;
      }
  return recurrence->nth >= 5 ? found : -1;
}

/* The next day that is looked at: -1 for none in this unit, past the last one at the end. */
static gint64
take_day (IMsgOccurrences *self)
{
  const IMsgRecurrence *recurrence = self->recurrence;
  gint64 start = get_start_day (recurrence);
  gint64 period = get_period (recurrence);
  gint64 first;

  switch (recurrence->pattern)
    {
    case IMSG_PATTERN_DAY:
      return start + period * self->unit++;
    case IMSG_PATTERN_WEEK:
      first = get_week_start (recurrence, start) + 7 * period * self->unit + self->within;
      if (++self->within == 7)
        {
          self->within = 0;
          self->unit++;
        }
      if (first > LAST_DAY)
        return first;
      return first >= 0 && (recurrence->days & (1u << weekday_of_day (first))) != 0 ? first : -1;
    case IMSG_PATTERN_MONTH:
    case IMSG_PATTERN_MONTH_NTH:
    case IMSG_PATTERN_MONTH_END:
      {
        gint64 month = month_of_day (start) + period * self->unit++;

        if (month >= N_MONTHS)
          return LAST_DAY + 1;
        first = day_of_month_start (month);
        return find_day_of_month (recurrence, first,
                                  (guint) (day_of_month_start (month + 1) - first));
      }
    default:
      return LAST_DAY + 1;
    }
}

gboolean
_imsg_occurrences_next (IMsgOccurrences *self,
                        guint32         *date)
{
  const IMsgRecurrence *recurrence = self->recurrence;
  gint64 day;

  if (recurrence->end_type == IMSG_RECURRENCE_END_COUNT && self->n_found >= recurrence->count)
    return FALSE;
  do
    day = take_day (self);
  while (day < get_start_day (recurrence));
  if (day >= LAST_DAY || (recurrence->end_type == IMSG_RECURRENCE_END_DATE &&
                          day * IMSG_MINUTES_PER_DAY > recurrence->end_date))
    return FALSE;
  self->n_found++;
  *date = (guint32) (day * IMSG_MINUTES_PER_DAY);
  return TRUE;
}

static guint32
get_phase (const IMsgRecurrence *self)
{
  gint64 start = get_start_day (self);
  gint64 period = get_period (self);

  if (self->pattern == IMSG_PATTERN_DAY)
    return (guint32) (start * IMSG_MINUTES_PER_DAY % (period * IMSG_MINUTES_PER_DAY));
  if (self->pattern == IMSG_PATTERN_WEEK)
    {
      gint64 cycle = period * MINUTES_PER_WEEK;
      gint64 minutes = get_week_start (self, start) * IMSG_MINUTES_PER_DAY % cycle;

      return (guint32) (minutes < 0 ? minutes + cycle : minutes);
    }
  return (guint32) (day_of_month_start (month_of_day (start) % period) * IMSG_MINUTES_PER_DAY);
}

void
_imsg_recurrence_complete (IMsgRecurrence *self)
{
  IMsgOccurrences occurrences;
  guint32 date = self->start_date;

  self->first_date = get_phase (self);
  if (self->end_type == IMSG_RECURRENCE_END_DATE ||
      (self->end_type == IMSG_RECURRENCE_END_COUNT && self->count <= IMSG_MAX_OCCURRENCES))
    {
      _imsg_occurrences_init (&occurrences, self);
      while (occurrences.n_found < IMSG_MAX_OCCURRENCES &&
             _imsg_occurrences_next (&occurrences, &date))
        ;
      if (self->end_type == IMSG_RECURRENCE_END_DATE)
        {
          self->count = occurrences.n_found;
          return;
        }
      self->end_date = date;
      if (occurrences.n_found == self->count)
        return;
    }
  /* it counts too far, or time ends before it does */
  self->end_type = IMSG_RECURRENCE_END_NEVER;
  self->count = IMSG_RECURRENCE_NO_COUNT;
  self->end_date = IMSG_RECURRENCE_NO_END;
}
