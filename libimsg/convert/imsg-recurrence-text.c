/* imsg-recurrence-text.c - a recurrence in words
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-recurrence-private.h"

#define MASK_WEEKDAYS 0x3E
#define MASK_WEEKEND 0x41
#define MASK_ALL 0x7F

static const char *const day_names[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                         "Thursday", "Friday", "Saturday" };
static const char *const nth_names[] = { "first", "second", "third", "fourth", "last" };

static void
append_day_names (GString *text,
                  guint32  days)
{
  guint n_left = 0;

  if (days == MASK_WEEKDAYS || days == MASK_WEEKEND || days == MASK_ALL)
    {
      g_string_append (text, days == MASK_WEEKDAYS  ? "weekday"
                             : days == MASK_WEEKEND ? "weekend day"
                                                    : "day");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (day_names); i++)
    n_left += (days >> i) & 1;
  for (guint i = 0; i < G_N_ELEMENTS (day_names); i++)
    if ((days & (1u << i)) != 0)
      {
        n_left--;
        g_string_append (text, day_names[i]);
        g_string_append (text, n_left > 1 ? ", " : n_left == 1 ? " and " : "");
      }
}

static void
append_unit (GString    *text,
             const char *prefix,
             guint32     period,
             const char *unit)
{
  g_string_append (text, prefix);
  if (period <= 1)
    g_string_append (text, unit);
  else
    g_string_append_printf (text, "%u %ss", period, unit);
}

static void
append_month_pattern (GString              *text,
                      const IMsgRecurrence *self)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) start = _imsg_recurrence_to_date (self->start_date, utc);
  guint32 period = MAX (self->period, 1);

  if (self->pattern == IMSG_PATTERN_MONTH_NTH)
    {
      g_string_append_printf (text, "the %s ", nth_names[CLAMP (self->nth, 1, 5) - 1]);
      append_day_names (text, self->days);
    }
  else if (self->pattern == IMSG_PATTERN_MONTH_END || self->day > 31)
    g_string_append (text, "the last day");
  else
    g_string_append_printf (text, "day %u", self->day);
  if (period % 12 != 0)
    {
      append_unit (text, " of every ", period, "month");
      return;
    }
  if (start != NULL)
    {
      static const char *const months[] = { "January",   "February", "March",    "April",
                                            "May",       "June",     "July",     "August",
                                            "September", "October",  "November", "December" };

      g_string_append_printf (text, " of %s", months[g_date_time_get_month (start) - 1]);
    }
  append_unit (text, " every ", period / 12, "year");
}

char *
_imsg_recurrence_to_text (const IMsgRecurrence *self)
{
  GString *text = g_string_new (NULL);

  switch (self->pattern)
    {
    case IMSG_PATTERN_DAY:
      append_unit (text, "every ", self->period / IMSG_MINUTES_PER_DAY, "day");
      break;
    case IMSG_PATTERN_WEEK:
      if (self->frequency != IMSG_FREQUENCY_DAILY && self->period > 1)
        g_string_append_printf (text, "every %u weeks on ", self->period);
      else
        g_string_append (text, "every ");
      append_day_names (text, self->days);
      break;
    default:
      append_month_pattern (text, self);
    }
  if (self->has_times)
    g_string_append_printf (text, " from %02u:%02u to %02u:%02u", self->start_offset / 60 % 24,
                            self->start_offset % 60, self->end_offset / 60 % 24,
                            self->end_offset % 60);
  return g_string_free (text, FALSE);
}
