/* imsg-recurrence.c - the pattern of a recurring appointment or task
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-cursor-private.h"
#include "imsg-filetime-private.h"
#include "imsg-recurrence-private.h"

#define MINUTES_PER_DAY 1440
#define EXTENDED_WITH_HIGHLIGHT 0x3009

static void
exception_clear (gpointer data)
{
  IMsgException *exception = data;

  g_free (exception->subject);
  g_free (exception->location);
}

/* A count and that many dates; the count is believed only as far as there are bytes. */
static gboolean
read_dates (IMsgCursor *cursor,
            GArray     *dates,
            GError    **error)
{
  guint32 n_dates;

  if (!_imsg_cursor_read_u32 (cursor, &n_dates, error))
    return FALSE;
  if (n_dates > _imsg_cursor_get_n_left (cursor) / 4)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   "The recurrence claims %u dates, more than its data can hold", n_dates);
      return FALSE;
    }
  for (guint32 i = 0; i < n_dates; i++)
    {
      guint32 date;

      if (!_imsg_cursor_read_u32 (cursor, &date, error))
        return FALSE;
      g_array_append_val (dates, date);
    }
  return TRUE;
}

static gboolean
read_pattern (IMsgCursor     *cursor,
              IMsgRecurrence *self,
              GError        **error)
{
  guint16 reader, writer;
  guint32 sliding;

  if (!_imsg_cursor_read_u16 (cursor, &reader, error) ||
      !_imsg_cursor_read_u16 (cursor, &writer, error) ||
      !_imsg_cursor_read_u16 (cursor, &self->frequency, error) ||
      !_imsg_cursor_read_u16 (cursor, &self->pattern, error) ||
      !_imsg_cursor_read_u16 (cursor, &self->calendar, error) ||
      !_imsg_cursor_read_u32 (cursor, &self->first_date, error) ||
      !_imsg_cursor_read_u32 (cursor, &self->period, error) ||
      !_imsg_cursor_read_u32 (cursor, &sliding, error))
    return FALSE;
  if (self->frequency < IMSG_FREQUENCY_DAILY || self->frequency > IMSG_FREQUENCY_YEARLY)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   "0x%04X is no frequency of a recurrence", self->frequency);
      return FALSE;
    }

  switch (self->pattern)
    {
    case IMSG_PATTERN_DAY:
      break;
    case IMSG_PATTERN_WEEK:
      if (!_imsg_cursor_read_u32 (cursor, &self->days, error))
        return FALSE;
      break;
    case IMSG_PATTERN_MONTH:
    case IMSG_PATTERN_MONTH_END:
    case IMSG_PATTERN_HIJRI_MONTH:
    case IMSG_PATTERN_HIJRI_MONTH_END:
      if (!_imsg_cursor_read_u32 (cursor, &self->day, error))
        return FALSE;
      break;
    case IMSG_PATTERN_MONTH_NTH:
    case IMSG_PATTERN_HIJRI_MONTH_NTH:
      if (!_imsg_cursor_read_u32 (cursor, &self->days, error) ||
          !_imsg_cursor_read_u32 (cursor, &self->nth, error))
        return FALSE;
      break;
    default:
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   "0x%04X is no pattern of a recurrence", self->pattern);
      return FALSE;
    }

  return _imsg_cursor_read_u32 (cursor, &self->end_type, error) &&
         _imsg_cursor_read_u32 (cursor, &self->count, error) &&
         _imsg_cursor_read_u32 (cursor, &self->first_day_of_week, error) &&
         read_dates (cursor, self->deleted, error) && read_dates (cursor, self->modified, error) &&
         _imsg_cursor_read_u32 (cursor, &self->start_date, error) &&
         _imsg_cursor_read_u32 (cursor, &self->end_date, error);
}

/* u16 length + 1, u16 length, 8-bit text */
static gboolean
read_text8 (IMsgCursor *cursor,
            guint       code_page,
            char      **text,
            GError    **error)
{
  guint16 with_end, length;
  const guint8 *bytes;

  if (!_imsg_cursor_read_u16 (cursor, &with_end, error) ||
      !_imsg_cursor_read_u16 (cursor, &length, error) ||
      !_imsg_cursor_take (cursor, length, &bytes, error))
    return FALSE;
  *text = _imsg_code_page_decode (code_page, bytes, length, NULL, NULL);
  return TRUE;
}

/* u16 characters, UTF-16 */
static gboolean
read_text16 (IMsgCursor *cursor,
             char      **text,
             GError    **error)
{
  guint16 n_characters;
  const guint8 *bytes;

  if (!_imsg_cursor_read_u16 (cursor, &n_characters, error) ||
      !_imsg_cursor_take (cursor, (gsize) n_characters * 2, &bytes, error))
    return FALSE;
  g_free (*text);
  *text = _imsg_utf16_decode (bytes, (gsize) n_characters * 2, NULL, NULL);
  return TRUE;
}

static gboolean
read_exception (IMsgCursor    *cursor,
                guint          code_page,
                IMsgException *exception,
                GError       **error)
{
  guint32 ignored;

  if (!_imsg_cursor_read_u32 (cursor, &exception->start, error) ||
      !_imsg_cursor_read_u32 (cursor, &exception->end, error) ||
      !_imsg_cursor_read_u32 (cursor, &exception->original_start, error) ||
      !_imsg_cursor_read_u16 (cursor, &exception->flags, error))
    return FALSE;
  if ((exception->flags & IMSG_EXCEPTION_SUBJECT) != 0 &&
      !read_text8 (cursor, code_page, &exception->subject, error))
    return FALSE;
  for (guint16 flag = IMSG_EXCEPTION_MEETING_TYPE; flag <= IMSG_EXCEPTION_COLOR; flag <<= 1)
    {
      if ((exception->flags & flag) == 0)
        continue;
      if (flag == IMSG_EXCEPTION_LOCATION)
        {
          if (!read_text8 (cursor, code_page, &exception->location, error))
            return FALSE;
        }
      else if (!_imsg_cursor_read_u32 (cursor,
                                       flag == IMSG_EXCEPTION_BUSY_STATUS ? &exception->busy_status
                                       : flag == IMSG_EXCEPTION_ALL_DAY   ? &exception->all_day
                                                                          : &ignored,
                                       error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
skip_block (IMsgCursor *cursor,
            GError    **error)
{
  guint32 n_bytes;

  return _imsg_cursor_read_u32 (cursor, &n_bytes, error) &&
         _imsg_cursor_skip (cursor, n_bytes, error);
}

/* The same texts once more, in UTF-16: preferred, and worth no error when they are cut off. */
static gboolean
read_extended_exception (IMsgCursor    *cursor,
                         guint32        writer,
                         IMsgException *exception,
                         GError       **error)
{
  guint32 ignored;

  if (writer >= EXTENDED_WITH_HIGHLIGHT && !skip_block (cursor, error))
    return FALSE;
  if (!skip_block (cursor, error))
    return FALSE;
  if ((exception->flags & (IMSG_EXCEPTION_SUBJECT | IMSG_EXCEPTION_LOCATION)) == 0)
    return TRUE;
  for (guint i = 0; i < 3; i++)
    if (!_imsg_cursor_read_u32 (cursor, &ignored, error))
      return FALSE;
  if ((exception->flags & IMSG_EXCEPTION_SUBJECT) != 0 &&
      !read_text16 (cursor, &exception->subject, error))
    return FALSE;
  if ((exception->flags & IMSG_EXCEPTION_LOCATION) != 0 &&
      !read_text16 (cursor, &exception->location, error))
    return FALSE;
  return skip_block (cursor, error);
}

IMsgRecurrence *
_imsg_recurrence_parse (GBytes  *bytes,
                        guint    code_page,
                        GError **error)
{
  g_autoptr(IMsgRecurrence) self = g_new0 (IMsgRecurrence, 1);
  IMsgCursor cursor = { 0 };
  guint32 reader, writer;
  guint16 n_exceptions;

  cursor.bytes = g_bytes_get_data (bytes, &cursor.n_bytes);
  self->deleted = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->modified = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->exceptions = g_array_new (FALSE, TRUE, sizeof (IMsgException));
  g_array_set_clear_func (self->exceptions, exception_clear);

  if (!read_pattern (&cursor, self, error))
    return NULL;
  /* a task ends here */
  if (_imsg_cursor_get_n_left (&cursor) < 18)
    return g_steal_pointer (&self);

  if (!_imsg_cursor_read_u32 (&cursor, &reader, error) ||
      !_imsg_cursor_read_u32 (&cursor, &writer, error) ||
      !_imsg_cursor_read_u32 (&cursor, &self->start_offset, error) ||
      !_imsg_cursor_read_u32 (&cursor, &self->end_offset, error) ||
      !_imsg_cursor_read_u16 (&cursor, &n_exceptions, error))
    return NULL;
  self->has_times = TRUE;
  for (guint i = 0; i < n_exceptions; i++)
    {
      IMsgException exception = { 0 };

      if (!read_exception (&cursor, code_page, &exception, error))
        {
          exception_clear (&exception);
          return NULL;
        }
      g_array_append_val (self->exceptions, exception);
    }
  if (skip_block (&cursor, NULL))
    for (guint i = 0; i < self->exceptions->len; i++)
      if (!read_extended_exception (&cursor, writer,
                                    &g_array_index (self->exceptions, IMsgException, i), NULL))
        break;
  return g_steal_pointer (&self);
}

void
_imsg_recurrence_free (IMsgRecurrence *self)
{
  g_clear_pointer (&self->deleted, g_array_unref);
  g_clear_pointer (&self->modified, g_array_unref);
  g_clear_pointer (&self->exceptions, g_array_unref);
  g_free (self);
}

GDateTime *
_imsg_recurrence_to_date (guint32    minutes,
                          GTimeZone *zone)
{
  g_autoptr(GDateTime) plain =
    _imsg_filetime_to_date_time ((guint64) minutes * 60 * IMSG_TICKS_PER_SECOND);

  if (plain == NULL)
    return NULL;
  return g_date_time_new (zone, g_date_time_get_year (plain), g_date_time_get_month (plain),
                          g_date_time_get_day_of_month (plain), g_date_time_get_hour (plain),
                          g_date_time_get_minute (plain), 0);
}

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
      interval = MAX (self->period / MINUTES_PER_DAY, 1);
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
                   "iCalendar cannot say the Hijri pattern 0x%X", self->pattern);
      return NULL;
    }
  if (interval > 1)
    g_string_append_printf (rule, ";INTERVAL=%u", interval);
  if (self->pattern == IMSG_PATTERN_WEEK && self->first_day_of_week < G_N_ELEMENTS (week_days))
    g_string_append_printf (rule, ";WKST=%s", week_days[self->first_day_of_week]);
  return g_string_free (g_steal_pointer (&rule), FALSE);
}
