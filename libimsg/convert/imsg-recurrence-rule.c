/* imsg-recurrence-rule.c - the pattern of a recurrence as an RRULE, and an RRULE as a pattern
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-error.h"
#include "imsg-recurrence-private.h"

#include <glib/gi18n-lib.h>

/* [MS-OXOCAL] 2.2.1.44.1: CalendarType */
#define CALENDAR_HIJRI 0x6
#define CALENDAR_HEBREW 0x8
#define CALENDAR_LUNAR_JAPANESE 0xE

static void
append_days (GString    *rule,
             guint32     days,
             const char *prefix)
{
  static const char *const names[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };
  const char *separator = "";

  g_string_append (rule, ";BYDAY=");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if ((days & (1u << i)) != 0)
      {
        g_string_append_printf (rule, "%s%s%s", separator, prefix, names[i]);
        separator = ",";
      }
}

static gboolean
is_one_day (guint32 days)
{
  return days != 0 && (days & (days - 1)) == 0;
}

/* A month without the day uses its last one: said as the last of the days up to it. */
static void
append_month_day (GString *rule,
                  guint32  day)
{
  if (day >= 31)
    g_string_append (rule, ";BYMONTHDAY=-1");
  else if (day == 30)
    g_string_append (rule, ";BYMONTHDAY=28,29,30;BYSETPOS=-1");
  else if (day == 29)
    g_string_append (rule, ";BYMONTHDAY=28,29;BYSETPOS=-1");
  else
    g_string_append_printf (rule, ";BYMONTHDAY=%u", day);
}

static void
append_nth (GString *rule,
            guint32  days,
            guint32  nth)
{
  int position = nth >= 5 ? -1 : (int) nth;

  if (is_one_day (days))
    {
      g_autofree char *prefix = g_strdup_printf ("%d", position);

      append_days (rule, days, prefix);
    }
  else
    {
      append_days (rule, days, "");
      g_string_append_printf (rule, ";BYSETPOS=%d", position);
    }
}

/* Hijri, Hebrew, and the lunar calendars behind the last that counts months as Gregorian does */
static gboolean
has_other_months (const IMsgRecurrence *self)
{
  return self->calendar == CALENDAR_HIJRI || self->calendar == CALENDAR_HEBREW ||
         self->calendar >= CALENDAR_LUNAR_JAPANESE;
}

char *
_imsg_recurrence_to_rrule (const IMsgRecurrence *self,
                           GError              **error)
{
  static const char *const week_days[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };
  g_autoptr(GString) rule = g_string_new (NULL);
  guint32 interval = MAX (self->period, 1);

  switch (self->pattern)
    {
    case IMSG_PATTERN_DAY:
      g_string_append (rule, "FREQ=DAILY");
      interval = MAX (self->period / IMSG_MINUTES_PER_DAY, 1);
      break;
    case IMSG_PATTERN_WEEK:
      g_string_append (rule, "FREQ=WEEKLY");
      /* every weekday is kept as a daily pattern with days, its period in minutes */
      if (self->frequency == IMSG_FREQUENCY_DAILY)
        interval = 1;
      append_days (rule, self->days, "");
      break;
    case IMSG_PATTERN_MONTH:
    case IMSG_PATTERN_MONTH_END:
    case IMSG_PATTERN_MONTH_NTH:
      if (has_other_months (self))
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                       _("iCalendar cannot say days of the calendar 0x%X"), self->calendar);
          return NULL;
        }
      if (self->frequency == IMSG_FREQUENCY_YEARLY || interval % 12 == 0)
        {
          g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
          g_autoptr(GDateTime) start = _imsg_recurrence_to_date (self->start_date, utc);

          g_string_append (rule, "FREQ=YEARLY");
          if (start != NULL)
            g_string_append_printf (rule, ";BYMONTH=%d", g_date_time_get_month (start));
          interval = MAX (interval / 12, 1);
        }
      else
        g_string_append (rule, "FREQ=MONTHLY");
      if (self->pattern == IMSG_PATTERN_MONTH_NTH)
        append_nth (rule, self->days, self->nth);
      else
        append_month_day (rule, self->pattern == IMSG_PATTERN_MONTH_END ? 31 : self->day);
      break;
    default:
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("iCalendar cannot say the Hijri pattern 0x%X"), self->pattern);
      return NULL;
    }
  if (interval > 1)
    g_string_append_printf (rule, ";INTERVAL=%u", interval);
  if (self->pattern == IMSG_PATTERN_WEEK && self->first_day_of_week < G_N_ELEMENTS (week_days))
    g_string_append_printf (rule, ";WKST=%s", week_days[self->first_day_of_week]);
  return g_string_free (g_steal_pointer (&rule), FALSE);
}

/* --- the other way --- */

#define ALL_DAYS 0x7F

/* The months, month days and so on that a rule names, in arrays that end with a marker */
static guint
count (const short *list)
{
  guint n = 0;

  while (n < ICAL_BY_DAY_SIZE && list[n] != ICAL_RECURRENCE_ARRAY_MAX)
    n++;
  return n;
}

static gboolean
is_unsupported (const struct icalrecurrencetype *rule)
{
  return rule->by_second[0] != ICAL_RECURRENCE_ARRAY_MAX ||
         rule->by_minute[0] != ICAL_RECURRENCE_ARRAY_MAX ||
         rule->by_hour[0] != ICAL_RECURRENCE_ARRAY_MAX ||
         rule->by_year_day[0] != ICAL_RECURRENCE_ARRAY_MAX ||
         rule->by_week_no[0] != ICAL_RECURRENCE_ARRAY_MAX ||
         (rule->rscale != NULL && g_ascii_strcasecmp (rule->rscale, "GREGORIAN") != 0);
}

/* The days of BYDAY as bits; position is what they all have, 0 for none. */
static gboolean
read_days (const struct icalrecurrencetype *rule,
           guint32                         *days,
           int                             *position)
{
  guint n_days = count (rule->by_day);

  *days = 0;
  *position = 0;
  for (guint i = 0; i < n_days; i++)
    {
      int own = icalrecurrencetype_day_position (rule->by_day[i]);
      int day = icalrecurrencetype_day_day_of_week (rule->by_day[i]);

      if (day < ICAL_SUNDAY_WEEKDAY || day > ICAL_SATURDAY_WEEKDAY || (i > 0 && own != *position))
        return FALSE;
      *position = own;
      *days |= 1u << (day - ICAL_SUNDAY_WEEKDAY);
    }
  return TRUE;
}

static gboolean
set_nth (IMsgRecurrence *self,
         guint32         days,
         int             position)
{
  if (position == 0 || position < -1 || position > 4)
    return FALSE;
  self->pattern = IMSG_PATTERN_MONTH_NTH;
  self->days = days;
  self->nth = position == -1 ? 5 : (guint32) position;
  return TRUE;
}

/* 28,29,…,n with BYSETPOS=-1 is how day n is said of months that may be shorter. */
static gboolean
set_last_of_days (IMsgRecurrence *self,
                  const short    *days,
                  guint           n_days)
{
  for (guint i = 0; i < n_days; i++)
    if (days[i] != (short) (28 + i))
      return FALSE;
  self->pattern = IMSG_PATTERN_MONTH;
  self->day = 27 + n_days;
  return n_days <= 4;
}

static gboolean
set_month_pattern (IMsgRecurrence                  *self,
                   const struct icalrecurrencetype *rule,
                   guint                            day,
                   gboolean                        *is_exact)
{
  guint n_month_days = count (rule->by_month_day);
  guint n_positions = count (rule->by_set_pos);
  guint32 days;
  int position;

  if (!read_days (rule, &days, &position))
    return FALSE;
  if (n_month_days == 0 && days != 0)
    {
      /* several days with one position each would be as many occurrences in a month */
      if (position != 0)
        return n_positions == 0 && is_one_day (days) && set_nth (self, days, position);
      return n_positions == 1 && set_nth (self, days, rule->by_set_pos[0]);
    }
  if (days != 0 && days != ALL_DAYS)
    return FALSE;
  if (n_month_days > 1)
    return n_positions == 1 && rule->by_set_pos[0] == -1 &&
           set_last_of_days (self, rule->by_month_day, n_month_days);
  if (n_positions > 0 && rule->by_set_pos[0] != 1 && rule->by_set_pos[0] != -1)
    return FALSE;
  if (n_month_days == 1 && rule->by_month_day[0] < 0)
    {
      self->pattern = IMSG_PATTERN_MONTH_END;
      self->day = 31;
      return rule->by_month_day[0] == -1;
    }
  self->pattern = IMSG_PATTERN_MONTH;
  self->day = n_month_days == 1 ? (guint32) rule->by_month_day[0] : day;
  /* a rule leaves out the months that have no such day, a message takes their last one */
  *is_exact = self->day <= 28;
  return self->day >= 1 && self->day <= 31;
}

static gboolean
read_rule (IMsgRecurrence                  *self,
           const struct icalrecurrencetype *rule,
           GDateTime                       *start,
           gboolean                        *is_exact)
{
  static const guint8 month_lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  guint interval = (guint) MAX (rule->interval, 1);
  guint month = (guint) g_date_time_get_month (start);
  guint day = (guint) g_date_time_get_day_of_month (start);
  guint n_months = count (rule->by_month);
  guint32 days;
  int position;

  if (is_unsupported (rule) ||
      (n_months > 0 && rule->freq != ICAL_YEARLY_RECURRENCE && n_months != 12))
    return FALSE;
  switch ((int) rule->freq)
    {
    case ICAL_DAILY_RECURRENCE:
    case ICAL_WEEKLY_RECURRENCE:
      if (!read_days (rule, &days, &position) || position != 0 || count (rule->by_set_pos) > 0 ||
          count (rule->by_month_day) > 0)
        return FALSE;
      if (rule->freq == ICAL_DAILY_RECURRENCE && (days == 0 || days == ALL_DAYS))
        {
          if (interval > G_MAXUINT32 / IMSG_MINUTES_PER_DAY)
            return FALSE;
          self->period = interval * IMSG_MINUTES_PER_DAY;
          return TRUE;
        }
      if (rule->freq == ICAL_DAILY_RECURRENCE && interval > 1)
        return FALSE;
      self->frequency = IMSG_FREQUENCY_WEEKLY;
      self->pattern = IMSG_PATTERN_WEEK;
      self->days = days != 0 ? days : 1u << (g_date_time_get_day_of_week (start) % 7);
      self->period = interval;
      return TRUE;
    case ICAL_MONTHLY_RECURRENCE:
      self->frequency = IMSG_FREQUENCY_MONTHLY;
      self->period = interval;
      return set_month_pattern (self, rule, day, is_exact);
    case ICAL_YEARLY_RECURRENCE:
      if (n_months > 1 || (n_months == 1 && rule->by_month[0] != (short) month) ||
          interval > G_MAXUINT16 ||
          (n_months == 0 && (count (rule->by_day) > 0 || count (rule->by_month_day) > 0)))
        return FALSE;
      self->frequency = IMSG_FREQUENCY_YEARLY;
      self->period = 12 * interval;
      if (!set_month_pattern (self, rule, day, is_exact))
        return FALSE;
      *is_exact = *is_exact || self->day <= month_lengths[month - 1];
      return TRUE;
    default:
      return FALSE;
    }
}

IMsgRecurrence *
_imsg_recurrence_from_rrule (const struct icalrecurrencetype *rule,
                             guint32                          start_date,
                             gboolean                        *is_exact,
                             GError                         **error)
{
  g_autoptr(IMsgRecurrence) self = _imsg_recurrence_new ();
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) start = _imsg_recurrence_to_date (start_date, utc);

  *is_exact = TRUE;
  self->start_date = start_date;
  if (start == NULL || !read_rule (self, rule, start, is_exact))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                           _("A message has no pattern for this rule"));
      return NULL;
    }
  if (rule->week_start >= ICAL_SUNDAY_WEEKDAY && rule->week_start <= ICAL_SATURDAY_WEEKDAY)
    self->first_day_of_week = (guint32) (rule->week_start - ICAL_SUNDAY_WEEKDAY);
  else
    self->first_day_of_week = 1;
  return g_steal_pointer (&self);
}
